// Random walks as kernels of grids: a thread takes the steps of a walk, by the counters of kernels/random_steps.hpp, and multiplies
// the generators that it took, permutations of at most 256 points. Moves and states are those of the CPU, bit by bit.
//
// A state lies in shared memory, word w of thread t's at [w][t]: whatever byte a thread reads, it reads from a bank of its own. A
// generator's image is four 16-bit offsets into that for each four points, so that a product costs for four points a load of eight bytes,
// four loads of one, a store of four, and some ten integer instructions; different generators of few lie in different banks. Two states a
// thread: one is read, the other written.
//
// On an H100: a step is n (1.75 cycles of the shared memory's 128 bytes) / 32 cycles of a multiprocessor, with a quarter of a Philox
// block, some 20 integer instructions: (1.75 n + 12) / 32 cycles, which at 132 multiprocessors of 1.7 GHz is 2e11 steps a second for
// 12 points, 7e10 for 54. Moves leave at a byte a step (two where there are more than 256 generators), a 32-bit word for four
// steps, coalesced, so memory is idle: 7e10 bytes a second of 3.3e12.
//
// Walks longer than a launch is to last are cut: `rows` and `last` carry them on.
#pragma once

#include <kernels/cuda/grid.hpp>
#include <kernels/cuda/philox_grid.hpp>

namespace cosetta::kernels {

/// Steps from, ..., from + steps - 1 of walks first, ..., first + walks - 1. `Near`: images and skipped numbers lie in shared memory.
template <bool Near>
struct walk_steps {
  static constexpr std::uint32_t most_threads = 128;
  static constexpr std::uint32_t lanes = most_threads;  // of the layout of states: launches have as many threads
  static constexpr std::uint32_t most_points = 256;
  static constexpr int phases = 3;
  using shared_data = nothing_shared;
  struct thread_data {};

  std::uint64_t first;
  std::uint32_t walks;
  std::uint32_t from;  // a multiple of 4
  std::uint32_t steps;
  grid::walk_key key;

  std::uint32_t words;            // of a state: its points by four, the last ones fixed
  std::uint32_t generators;       // at most 2^16
  const std::uint64_t* images;    // [words][generators], as image_word() makes them
  const std::uint32_t* skipped;   // what rows of step_rules lack; null: nothing is
  const std::uint32_t* row_begin;  // where rows lack more than one: where each begins in row_numbers, and the end; else null
  const std::uint32_t* row_numbers;

  std::uint32_t* rows;     // states, `words` a walk; those of walks that are carried on (from > 0) are read
  std::uint32_t* last;     // of each walk, the generator before
  std::uint32_t* moves;    // null, or four bytes a word: word (j - from) / 4 of walk i at [(j - from) / 4 * walks + i - first]
  std::uint64_t* wide_moves;  // the same with 16 bits a move
  std::uint32_t* trail;    // null, or the state after step j: word w at [((j - from) * words + w) * walks + i - first]

  COSETTA_GRID static std::uint32_t offset_of(std::uint32_t point) { return point / 4 * lanes * 4 + point % 4; }
  /// Of four points' images.
  COSETTA_GRID static std::uint64_t image_word(const std::uint8_t* image) {
    return offset_of(image[0]) | std::uint64_t{offset_of(image[1])} << 16 | std::uint64_t{offset_of(image[2])} << 32 | std::uint64_t{offset_of(image[3])} << 48;
  }
  static std::uint32_t table_bytes(std::uint32_t words, std::uint32_t generators) { return words * generators * 8 + (generators + 4) / 4 * 16; }
  static std::uint32_t extra_bytes(std::uint32_t words, std::uint32_t generators) { return 2 * words * lanes * 4 + (Near ? table_bytes(words, generators) : 0); }

  COSETTA_GRID std::uint32_t* states(const grid_place& at) const { return reinterpret_cast<std::uint32_t*>(at.extra); }
  COSETTA_GRID std::uint64_t* near_images(const grid_place& at) const { return reinterpret_cast<std::uint64_t*>(at.extra + 2 * words * lanes * 4); }
  COSETTA_GRID std::uint32_t* near_skipped(const grid_place& at) const { return reinterpret_cast<std::uint32_t*>(near_images(at) + words * generators); }

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const std::uint32_t tiles = (walks + lanes - 1) / lanes;
    return at.block >= tiles ? 0 : (tiles - at.block + at.blocks - 1) / at.blocks;
  }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const {
    if constexpr (Near) {
      for (std::uint32_t i = at.thread; i < words * generators; i += at.threads) near_images(at)[i] = images[i];
      for (std::uint32_t i = at.thread; skipped != nullptr && i <= generators; i += at.threads) near_skipped(at)[i] = skipped[i];
    }
  }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint32_t begin = (at.block + round * at.blocks) * lanes;
    const std::uint32_t count = walks - begin < lanes ? walks - begin : lanes;
    if constexpr (Phase == 0) {
      enter_states(at, begin, count);
    } else if constexpr (Phase == 1) {
      if (at.thread < count) walk(at, begin + at.thread);
    } else {
      auto* const now = states(at) + (steps % 2) * words * lanes;
      for (std::uint32_t i = at.thread; i < count * words; i += lanes) rows[std::uint64_t{begin} * words + i] = now[i % words * lanes + i / words];
    }
  }

  COSETTA_GRID void enter_states(const grid_place& at, std::uint32_t begin, std::uint32_t count) const {
    auto* const now = states(at);
    if (from == 0) {
      for (std::uint32_t w = 0; w < words; ++w) now[w * lanes + at.thread] = 0x03020100U + 0x04040404U * w;
    } else {
      for (std::uint32_t i = at.thread; i < count * words; i += lanes) now[i % words * lanes + i / words] = rows[std::uint64_t{begin} * words + i];
    }
  }

  COSETTA_GRID std::uint32_t choose(const grid_place& at, std::uint64_t walk, std::uint32_t step, std::uint32_t word, std::uint32_t before) const {
    if (row_begin != nullptr) {
      const std::uint32_t begin = row_begin[before];
      return row_numbers[begin + grid::step_below(key, walk, step, word, row_begin[before + 1] - begin)];
    }
    if (skipped == nullptr) return grid::step_below(key, walk, step, word, generators);
    const std::uint32_t skip = Near ? near_skipped(at)[before] : skipped[before];
    const std::uint32_t r = grid::step_below(key, walk, step, word, skip < generators ? generators - 1 : generators);
    return r + (r >= skip);
  }

  /// after[k] = before[image[k]]
  COSETTA_GRID void multiply(const grid_place& at, std::uint32_t g, const std::uint32_t* before, std::uint32_t* after) const {
    const auto* const image = (Near ? near_images(at) : images) + g;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(before);
#if defined(__CUDA_ARCH__)
#pragma unroll 4
#endif
    for (std::uint32_t w = 0; w < words; ++w) {
      const std::uint64_t offsets = image[w * generators];
      const auto low = static_cast<std::uint32_t>(offsets), high = static_cast<std::uint32_t>(offsets >> 32);
      const std::uint32_t a = bytes[low & 0xffff], b = bytes[low >> 16], c = bytes[high & 0xffff], d = bytes[high >> 16];
      after[w * lanes] = a | b << 8 | c << 16 | d << 24;
    }
  }

  COSETTA_GRID void walk(const grid_place& at, std::uint32_t i) const {
    const std::uint64_t number = first + i;
    auto *before = states(at) + at.thread, *after = before + words * lanes;
    std::uint32_t g = from == 0 ? generators : last[i];
    for (std::uint32_t j = 0; j < steps; j += 4) {
      const auto block = grid::philox(static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32), (from + j) / 4, 0, key.low, key.high);
      std::uint64_t taken = 0;
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
      for (std::uint32_t t = 0; t < 4; ++t) {
        if (j + t >= steps) break;
        g = choose(at, number, from + j + t, block.word[t], g);
        taken |= std::uint64_t{g} << 16 * t;
        multiply(at, g, before, after);
        if (trail != nullptr) {
          for (std::uint32_t w = 0; w < words; ++w) trail[(std::uint64_t{j + t} * words + w) * walks + i] = after[w * lanes];
        }
        auto* const swapped = before;
        before = after, after = swapped;
      }
      const std::uint64_t place = std::uint64_t{j / 4} * walks + i;
      if (moves != nullptr) moves[place] = static_cast<std::uint32_t>((taken & 0xff) | (taken >> 8 & 0xff00) | (taken >> 16 & 0xff0000) | (taken >> 24 & 0xff000000));
      if (wide_moves != nullptr) wide_moves[place] = taken;
    }
    last[i] = g;
  }
};

using walk_steps_near = walk_steps<true>;
using walk_steps_far = walk_steps<false>;

}  // namespace cosetta::kernels
