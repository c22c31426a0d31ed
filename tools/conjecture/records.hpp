// What the conjecture laboratory knows of a graph: plain structures. What is mathematics, the same on every machine and in every run, is kept
// apart from how it was found.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmpxx.h>

namespace cosetta::conjecture {

enum class measure : std::uint32_t { diameter, growth, last_layer, moments, order, transitive, girth };
inline constexpr measure all_measures[] = {measure::diameter, measure::growth,     measure::last_layer, measure::moments,
                                           measure::order,    measure::transitive, measure::girth};

std::string_view to_string(measure m) noexcept;
std::optional<measure> measure_from(std::string_view name) noexcept;

class measure_set {
 public:
  bool contains(measure m) const noexcept { return (bits_ & bit(m)) != 0; }
  bool contains_all(measure_set other) const noexcept { return (bits_ & other.bits_) == other.bits_; }
  void insert(measure m) noexcept { bits_ |= bit(m); }
  void insert(measure_set other) noexcept { bits_ |= other.bits_; }
  void erase(measure m) noexcept { bits_ &= ~bit(m); }
  /// Whether spheres have to be counted.
  bool needs_growth() const noexcept;
  bool operator==(const measure_set&) const = default;

 private:
  static std::uint32_t bit(measure m) noexcept { return std::uint32_t{1} << static_cast<std::uint32_t>(m); }
  std::uint32_t bits_ = 0;
};

/// "diameter,girth", in the order of all_measures; and back: throws parse_error.
std::string to_string(measure_set measures);
measure_set parse_measures(std::string_view text);

/// The larger last layers are only counted.
inline constexpr std::size_t max_kept_last_layer = 1000;

/// A graph and its measures. States, generators and the central state are in the labelling of the key.
struct graph_row {
  std::string key;         // canonical_set.hpp; "m..." for matrices, "s..." with a central state
  bool identified = true;  // the key is that of the set up to relabelling
  std::string kind;        // cayley, schreier
  std::size_t degree = 0;
  bool inverse_closed = false;
  std::string generators;  // JSON: image arrays, or matrices as rows; of a closed set of a canonical key one of each inverse pair
  std::string central;     // JSON, or empty where it is the identity

  measure_set asked;  // what was looked for; what has no value here has none (girth of a tree), or a limit came first
  search::status status = search::status::exact;  // exact, or lower_bound: the layers are exact but not all
  std::optional<std::uint64_t> diameter;          // a lower bound where the status says so
  std::optional<mpz_class> states;                // in the layers
  std::vector<std::uint64_t> layers;              // empty unless asked for
  std::optional<std::uint64_t> last_sphere;       // states of the last layer
  std::optional<std::vector<graphs::state>> last_layer;  // ascending; where exact and not above max_kept_last_layer
  std::optional<search::distance_moments> moments;       // where exact
  std::optional<mpz_class> order;                        // of the group
  std::optional<bool> transitive;                        // on the points
  std::optional<std::uint64_t> girth;  // exact Cayley graphs: of the simple undirected graph, or of directed cycles where the set is not closed
};

/// How a row was found.
struct provenance_row {
  std::string version, command, engine;
  double seconds = 0;
  std::size_t peak_bytes = 0;
  unsigned threads = 1;
  std::string stopped_by;  // of a lower bound: time, memory, states
  std::uint64_t memory_limit = 0, state_limit = 0;  // that it had; 0: none
  double time_limit = 0;
};

/// A place in a sweep.
struct member_row {
  std::string sweep, label;
  std::uint64_t position = 0;
  std::string spec;                                              // what names the graph; "" for listed generators
  std::vector<std::pair<std::string, std::int64_t>> parameters;  // of a family
  std::string key;
  std::vector<groups::point> relabelling;  // point i of this graph is point relabelling[i] of the row's; empty: the same

  bool operator==(const member_row&) const = default;
};

struct stored_graph {
  graph_row graph;
  provenance_row provenance;
};

struct listed_graph {
  member_row member;
  graph_row graph;
  provenance_row provenance;
};

}  // namespace cosetta::conjecture
