// The scores of a level's children by a network, on a grid: children are written as rows, chunk by chunk, the network reads them (dense_grid.hpp), and
// what it says becomes the scores of the candidates, which are counted as those of tables are (beam_score_grid.hpp).
#pragma once

#include <kernels/cuda/beam_grid.hpp>

namespace cosetta::kernels {

/// What a network says, in steps: 0 for `low` and below, the last one for what is beyond it or no number. The same number on the host and on a device:
/// a difference and a product, which no fused operation can stand for.
struct score_steps {
  static constexpr std::uint32_t last = 65'534;
  float low = 0, steps = 0;  // of one

  COSETTA_GRID std::uint32_t operator()(float said) const {
    const float step = (said - low) * steps;
    return step < static_cast<float>(last) ? static_cast<std::uint32_t>(step > 0 ? step : 0.0F) : last;
  }
};

/// The children that a network is asked about, in the order of their candidates: all of each parent, or all but the one that undoes its last move,
/// where each parent has such a one.
struct asked_children {
  std::uint32_t generators;
  std::uint32_t each;               // of a parent: `generators`, or one less
  std::uint64_t reciprocal;         // of `each`
  const std::uint16_t* last_moves;  // of parents; absent: none
  const std::uint32_t* inverses;    // of generators
  std::uint32_t first, count;       // of a chunk

  static constexpr std::uint32_t absent = 0xffff;
  struct child {
    std::uint32_t parent, generator;
    std::uint32_t back;    // the generator that undoes the parent's last move; not one of them: there is none
    bool is_first;         // of its parent
  };
  COSETTA_GRID child operator[](std::uint32_t i) const {
    const std::uint32_t number = first + i, parent = grid::quotient(number, reciprocal), k = number - parent * each;
    const std::uint32_t last = last_moves[parent], back = last == absent ? ~0U : inverses[last];
    return {parent, each < generators && k >= back ? k + 1 : k, back, k == 0};
  }
};

/// Writes them as rows, sixteen bytes each thread.
struct write_asked {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  asked_children asked;
  beam_moves moves;
  std::uint64_t reciprocal;  // of the number of sixteen bytes in a row
  const std::uint8_t* rows;
  std::uint8_t* out;

  COSETTA_GRID std::uint32_t pieces() const { return moves.stride / 16; }
  COSETTA_GRID std::uint64_t items() const { return std::uint64_t{asked.count} * pieces(); }
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>((items() + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const { moves.copy_tables(at); }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint64_t item = round * at.total() + at.global();
    if (item >= items()) return;
    const std::uint32_t i = grid::quotient(static_cast<std::uint32_t>(item), reciprocal), piece = static_cast<std::uint32_t>(item) - i * pieces();
    const auto c = asked[i];
    const auto x = grid::load_sixteen(rows + std::uint64_t{c.parent} * moves.stride + 16 * piece);
    const std::uint8_t* table = moves.place_tables(at) + c.generator * moves.stride;
    reinterpret_cast<grid::sixteen_bytes*>(out)[item] = {move_word(x.low, table), move_word(x.high, table)};
  }
};

/// What was said of them becomes scores; candidates that undo the last move have none.
struct tell_asked {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  struct shared_data {
    score_histogram::bins bins;
  };
  struct thread_data {};

  asked_children asked;
  const float* said;
  score_steps steps;
  std::uint32_t shift;  // of steps
  std::uint16_t* scores;
  score_histogram histogram;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>((asked.count + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place& at, shared_data& shared, thread_data&) const { histogram.clear(at, shared.bins); }
  COSETTA_GRID void leave(const grid_place& at, shared_data& shared, thread_data&) const { histogram.flush(at, shared.bins); }
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint64_t i = round * at.total() + at.global();
    if (i >= asked.count) return;
    const auto c = asked[static_cast<std::uint32_t>(i)];
    auto* const of_parent = scores + std::uint64_t{c.parent} * asked.generators;
    if (c.is_first && c.back < asked.generators) of_parent[c.back] = static_cast<std::uint16_t>(asked_children::absent);
    if (c.generator == c.back) return;
    const std::uint32_t score = steps(said[i]) >> shift;
    of_parent[c.generator] = static_cast<std::uint16_t>(score);
    histogram.add(shared.bins, score);
  }
};

}  // namespace cosetta::kernels
