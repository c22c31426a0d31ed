// Compiled generators (kernels/transition.hpp) as flat arrays on a device, and how a thread applies them to a state in its registers.
//
// Moves are sorted by generator, target word and source word, and `starts` says where the moves of each such triple begin: every index
// into the state is then known to the compiler, and all threads of a block read the same entry at the same time. A product modulo m
// takes no division: with q = floor(c 2^64 / m) kept beside c, c x - floor(q x / 2^64) m lies in [0, 2m) for every x < 2^64 (Shoup).
#pragma once

#include <kernels/cuda/grid.hpp>
#include <kernels/transition.hpp>

#include <vector>

// An array with an index that the compiler does not know lies in memory, and not in registers.
#if defined(__CUDACC__)
#define COSETTA_UNROLL _Pragma("unroll")
#else
#define COSETTA_UNROLL
#endif

namespace cosetta::kernels {

namespace grid {

/// Precondition: r < 64.
COSETTA_GRID inline std::uint64_t rotate_left(std::uint64_t x, unsigned r) {
#if defined(__CUDA_ARCH__)
  // Two shifts of pairs of words that take r modulo 32, where shifts of 64 bits are four.
  const auto low = static_cast<std::uint32_t>(r < 32 ? x : x >> 32), high = static_cast<std::uint32_t>(r < 32 ? x >> 32 : x);
  return __funnelshift_l(high, low, r) | static_cast<std::uint64_t>(__funnelshift_l(low, high, r)) << 32;
#else
  return x << r | x >> (-r & 63U);
#endif
}

}  // namespace grid

struct alignas(16) grid_move {
  std::uint64_t mask;  // in the target word
  std::uint64_t rotation;
};
struct grid_field {
  std::uint64_t constant;
  std::uint32_t target, shift;
  std::uint32_t first, end;  // of its terms
};
struct grid_term {
  std::uint64_t coefficient, quotient;
  std::uint32_t word, shift;
};
struct grid_point {
  std::uint64_t mask;
  std::uint32_t word, shift;
  std::uint64_t images;  // where they begin
};

/// The generators as a kernel sees them; without any, the images of a state are the state itself.
struct grid_generators {
  std::uint32_t count;
  std::uint32_t fields_count, points_count;  // of all generators together
  std::uint32_t moves_count;
  const std::uint32_t* starts;        // count * W * W + 1
  const std::uint32_t* field_starts;  // count + 1
  const std::uint32_t* point_starts;  // count + 1
  const grid_move* moves;
  const grid_field* fields;
  const grid_term* terms;
  const grid_point* points;
  const std::uint32_t* images;
  std::uint64_t modulus, field_mask;

  /// Of shared memory for a copy of `moves` and `starts`.
  COSETTA_GRID std::uint32_t near_bytes(std::uint32_t words) const {
    return (moves_count * static_cast<std::uint32_t>(sizeof(grid_move)) + (count * words * words + 1) * 4 + 15) / 16 * 16;
  }
  /// Copies them there, by all threads of a block.
  COSETTA_GRID void copy_near(unsigned char* to, std::uint32_t words, std::uint32_t thread, std::uint32_t threads) const {
    auto* near_moves = reinterpret_cast<grid_move*>(to);
    for (std::uint32_t i = thread; i < moves_count; i += threads) near_moves[i] = moves[i];
    auto* near_starts = reinterpret_cast<std::uint32_t*>(near_moves + moves_count);
    for (std::uint32_t i = thread; i <= count * words * words; i += threads) near_starts[i] = starts[i];
  }
  struct move_list {
    const grid_move* moves;
    const std::uint32_t* starts;
  };
  COSETTA_GRID move_list far_list() const { return {moves, starts}; }
  /// What copy_near() left at `at`.
  COSETTA_GRID move_list near_list(const unsigned char* at) const {
    const auto* near_moves = reinterpret_cast<const grid_move*>(at);
    return {near_moves, reinterpret_cast<const std::uint32_t*>(near_moves + moves_count)};
  }

  /// y = the image of x under generator g. Precondition: `from` is near_list() or far_list().
  template <unsigned W>
  COSETTA_GRID void apply(const move_list& from, std::uint32_t g, const std::uint64_t (&x)[W], std::uint64_t (&y)[W]) const {
    const std::uint32_t* start = from.starts + g * W * W;
    std::uint32_t i = start[0];
    COSETTA_UNROLL
    for (unsigned target = 0; target < W; ++target) {
      std::uint64_t word = 0;
      COSETTA_UNROLL
      for (unsigned source = 0; source < W; ++source) {
        for (const std::uint32_t end = start[target * W + source + 1]; i < end; ++i) {
          const auto move = from.moves[i];
          const auto r = static_cast<unsigned>(move.rotation);
          word |= grid::rotate_left(x[source], r) & move.mask;
        }
      }
      y[target] = word;
    }
    if (fields_count != 0) add_fields(g, x, y);
    if (points_count != 0) add_points(g, x, y);
  }

  template <unsigned W>
  COSETTA_GRID void add_fields(std::uint32_t g, const std::uint64_t (&x)[W], std::uint64_t (&y)[W]) const {
    const bool power_of_two = (modulus & (modulus - 1)) == 0;
    for (std::uint32_t f = field_starts[g]; f < field_starts[g + 1]; ++f) {
      const auto field = fields[f];
      auto sum = field.constant;
      for (std::uint32_t t = field.first; t < field.end; ++t) {
        const auto term = terms[t];
        const auto value = word_of(x, term.word) >> term.shift & field_mask;
        auto product = term.coefficient * value;
        if (power_of_two) {
          sum += product;  // modulo 2^64, which the modulus divides
          continue;
        }
        product -= grid::high_product(term.quotient, value) * modulus;
        if (product >= modulus) product -= modulus;
        sum += product;
        if (sum >= modulus) sum -= modulus;
      }
      if (power_of_two) sum &= modulus - 1;
      add_to(y, field.target, sum << field.shift);
    }
  }

  template <unsigned W>
  COSETTA_GRID void add_points(std::uint32_t g, const std::uint64_t (&x)[W], std::uint64_t (&y)[W]) const {
    for (std::uint32_t p = point_starts[g]; p < point_starts[g + 1]; ++p) {
      const auto point = points[p];
      const auto value = word_of(x, point.word) >> point.shift & point.mask;
      add_to(y, point.word, std::uint64_t{images[point.images + value]} << point.shift);
    }
  }

  template <unsigned W>
  COSETTA_GRID static std::uint64_t word_of(const std::uint64_t (&x)[W], std::uint32_t index) {
    auto out = x[0];
    COSETTA_UNROLL
    for (unsigned w = 1; w < W; ++w) out = w == index ? x[w] : out;
    return out;
  }
  template <unsigned W>
  COSETTA_GRID static void add_to(std::uint64_t (&y)[W], std::uint32_t index, std::uint64_t bits) {
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; ++w) y[w] |= w == index ? bits : 0;
  }
};

/// The arrays of grid_generators.
class device_transitions {
 public:
  device_transitions(backend& on, const std::vector<transition>& transitions, std::size_t words);

  const grid_generators& view() const noexcept { return view_; }
  std::size_t bytes() const noexcept;

 private:
  device_array<std::uint32_t> starts_, field_starts_, point_starts_, images_;
  device_array<grid_move> moves_;
  device_array<grid_field> fields_;
  device_array<grid_term> terms_;
  device_array<grid_point> points_;
  grid_generators view_{};
};

}  // namespace cosetta::kernels
