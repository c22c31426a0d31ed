// The distances of all states of a graph from its central state, on disk, for graphs whose states are numbered: by a coset
// tower, by a split index, by the rows of a matrix group (state_numbering.hpp).
//
// Two kinds. `residues`, for inverse-closed graphs: two bit planes hold each distance modulo 3. Neighbours differ by at most
// 1, so a neighbour whose residue is one less is one step closer: a distance is read off by walking down to the central
// state (Cooperman and Finkelstein, "New methods for using Cayley graphs in interconnection networks", 1992). `depths`, for
// directed graphs and for small ones: one byte a state.
//
// The file: 40 bytes (16 of magic, format version and length of the description as 32-bit, offset of the table and checksum
// of the description as 64-bit numbers, all little-endian), the description in JSON, and from a page boundary on the table:
// the low plane and the high one, or the bytes. It is made under another name and renamed when it is whole, and read by
// mapping it into memory. The index is not stored but built again, and must come out the same.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>
#include <search/state_numbering.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

class distance_table {
 public:
  enum class kind { residues, depths };
  static constexpr unsigned format_version = 1;
  static constexpr unsigned not_reached = 3;

  /// Builds the index of the graph again and checks all of the file, which takes one pass over it. Throws domain_error where
  /// the file cannot be opened or is of another graph, index or version, parse_error where it is no table or damaged,
  /// groups::stopped_error.
  static distance_table open(const std::string& path, const graphs::graph_definition& graph, const run_context& context = {});
  distance_table(distance_table&&) noexcept;
  distance_table& operator=(distance_table&&) noexcept;
  ~distance_table();

  kind stored() const noexcept { return kind_; }
  /// Sizes of the spheres.
  const std::vector<std::uint64_t>& layers() const noexcept { return layers_; }

  /// The distance of a state from the central state; nothing for what is no state of this graph. Costs finding its number,
  /// and for `residues` that of each neighbour on the way down.
  std::optional<std::uint64_t> distance(const graphs::state& s) const;
  /// Where the distance of a state is kept.
  std::optional<std::uint64_t> index(const graphs::state& s) const;
  /// The distance modulo 3 that is kept there; not_reached where there is none. Precondition: index < index_size().
  unsigned residue(std::uint64_t index) const noexcept;
  std::uint64_t index_size() const noexcept { return index_size_; }

 private:
  struct mapping;
  distance_table(const graphs::graph_definition& graph, std::unique_ptr<mapping> file);

  graphs::graph_definition graph_;
  std::unique_ptr<mapping> file_;
  state_numbers numbers_;
  kind kind_ = kind::residues;
  std::vector<std::uint64_t> layers_;
  std::uint64_t index_size_ = 0;
  const std::uint8_t* table_ = nullptr;
};

/// Writes a table. The file is begun before the run, so that a place where nothing can be written is known at once, and
/// takes its name when `finish` is through; without that nothing stays.
class distance_table_writer {
 public:
  /// Throws domain_error when the file cannot be made.
  explicit distance_table_writer(std::string path);
  distance_table_writer(const distance_table_writer&) = delete;
  distance_table_writer& operator=(const distance_table_writer&) = delete;
  ~distance_table_writer();

  struct contents {
    const numbering_layout& layout;
    const std::vector<std::uint64_t>& layers;
    distance_table::kind kind;
    const void* table;  // of `kind`, for layout.size states
  };
  /// Throws backend_error when the disk is full.
  void finish(const graphs::graph_definition& graph, const contents& c);

 private:
  std::string path_, temporary_;
  int descriptor_ = -1;
};

}  // namespace cosetta::search
