// The store of the conjecture laboratory: one SQLite file, that a process killed at any moment leaves whole.
//
// `graph` holds the mathematics, one row for each canonical key; `provenance` how each row was found; `member` the places of the sweeps. Rows are
// written in transactions of whole graphs, with write-ahead logging. Orders and counts of states are decimal text, since SQLite's integers
// stop at 2^63; layers are JSON text. The file says who it belongs to (application_id) and its schema's version (user_version).
#pragma once

#include <tools/conjecture/records.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

inline constexpr int store_version = 2;  // 2: searches

/// One graph of a sweep, finished; or, with no graph, a place of the sweep whose graph is there already.
struct finished_graph {
  member_row member;
  std::optional<stored_graph> graph;
};

struct sweep_summary {
  std::string name;
  std::uint64_t graphs = 0, exact = 0;
};

class database;

class store {
 public:
  enum class access { create, read };  // `create` also writes to a store that is there

  /// Throws parse_error for what is no store: a damaged file, one of another program, a newer schema; backend_error where it cannot be opened.
  store(const std::string& path, access how);
  ~store();
  store(store&&) noexcept;
  store& operator=(store&&) noexcept;

  const std::string& path() const noexcept;

  /// In one transaction. An exact row stays when a lower bound comes. Throws backend_error, and domain_error where two exact rows of one key
  /// contradict each other.
  void put(std::span<const finished_graph> graphs);

  std::optional<stored_graph> find(std::string_view key) const;
  /// Calls `visit` for all rows, in no order.
  void for_each_graph(const std::function<void(const stored_graph&)>& visit) const;
  std::optional<member_row> find_member(std::string_view sweep, std::string_view label) const;
  std::vector<sweep_summary> sweeps() const;
  /// The graphs of a sweep by position; of all sweeps, by name, where it is empty.
  void for_each_listed(std::string_view sweep, const std::function<void(const listed_graph&)>& visit) const;
  std::vector<listed_graph> listed(std::string_view sweep) const;

  /// Takes the places out of a sweep that are not named: an edited specification has left them behind. Their graphs stay.
  void retain(std::string_view sweep, const std::vector<std::string>& labels);

  /// Takes in all of another store, in one transaction. Of two rows of a key the exact one stays, and of two lower bounds the larger. Throws
  /// domain_error where exact rows contradict each other, or a place of a sweep has two graphs.
  void merge(const store& other);

  /// The mathematics as text, in the order of keys and places: equal for two stores exactly when that is equal.
  std::string content() const;

  /// For search_store.hpp.
  const database& connection() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::conjecture
