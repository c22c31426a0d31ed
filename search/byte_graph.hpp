// A Cayley graph of permutations of at most 256 points, compiled to byte rows (kernels/byte_rows.hpp), and the exact ball around home in
// it. A row holds the places of the labels; generator p takes a label from place p[i] to place i. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/byte_rows.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::search {

using byte_row = std::vector<std::uint8_t>;

struct byte_graph {
  static constexpr std::uint32_t absent = 0xffffffff;

  explicit byte_graph(const graphs::graph_definition& graph);

  std::size_t n, stride, generators;
  std::vector<std::uint8_t> forward;    // a table of `stride` bytes for each generator
  std::vector<std::uint8_t> backward;   // and for its inverse
  std::vector<std::uint32_t> inverses;  // numbers of generators, or absent
  bool is_odd;                          // all generators are odd permutations: levels alternate between two halves
  const kernels::byte_row_kernels& kernels;

  byte_row home() const;
  void move(const std::uint8_t* from, std::size_t generator, std::uint8_t* to) const {
    const kernels::moved_row what{0, static_cast<std::uint32_t>(generator)};
    kernels.move(from, forward.data(), stride, &what, 1, to, nullptr);
  }
};

inline bool equal_rows(const std::uint8_t* a, const std::uint8_t* b, std::size_t stride) noexcept {
  std::uint64_t differ = 0;
  for (std::size_t i = 0; i < stride; i += 8) {
    std::uint64_t x, y;
    __builtin_memcpy(&x, a + i, 8);
    __builtin_memcpy(&y, b + i, 8);
    differ |= x ^ y;
  }
  return differ == 0;
}

/// Rows within some radius of home, by distance; whole spheres. `tables`: those of the generators lead from home outwards.
class byte_ball {
 public:
  /// The greatest ball of at most max(most, 1) rows and radius 254. Throws groups::stopped_error. Precondition: most < 2^31.
  byte_ball(const byte_graph& graph, const std::vector<std::uint8_t>& tables, std::size_t most, const run_context& context);

  static constexpr std::size_t bytes_of_a_row(std::size_t stride) noexcept { return stride + 4 * sizeof(std::uint32_t) + 4; }

  std::size_t size() const noexcept { return distances_.size(); }
  const std::uint8_t* operator[](std::size_t i) const noexcept { return rows_.data() + i * stride_; }
  unsigned distance(std::size_t i) const noexcept { return distances_[i]; }
  unsigned radius() const noexcept { return distances_.back(); }
  /// The generator by which row i was reached, from the row before().
  std::size_t last_move(std::size_t i) const noexcept { return steps_[i].generator; }
  std::size_t before(std::size_t i) const noexcept { return steps_[i].from; }
  /// Its number, or byte_graph::absent. `key`: that of kernels::byte_row_kernels.
  std::uint32_t find(const std::uint8_t* row, std::uint64_t key) const noexcept;
  void prefetch(std::uint64_t key) const noexcept { __builtin_prefetch(&table_[key & mask_]); }

  /// The arrays, for a copy of it elsewhere: row i begins at byte i * stride; a row's number is in the first slot from slot `key & mask` on,
  /// round the end, whose row it is; slots without a row hold byte_graph::absent.
  const std::vector<std::uint8_t>& rows() const noexcept { return rows_; }
  const std::vector<std::uint8_t>& distances() const noexcept { return distances_; }
  const std::vector<std::uint32_t>& slots() const noexcept { return table_; }

 private:
  struct step {
    std::uint32_t from;
    std::uint32_t generator;
  };
  std::size_t slot(const std::uint8_t* row, std::uint64_t key) const noexcept;

  std::size_t stride_;
  std::uint64_t mask_;
  std::vector<std::uint8_t> rows_;
  std::vector<std::uint8_t> distances_;
  std::vector<step> steps_;
  std::vector<std::uint32_t> table_;
};

}  // namespace cosetta::search
