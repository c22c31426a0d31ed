// The steps of random walks, sixteen walks at a time: which generator each walk takes, by counters (philox.hpp), and the products
// of the generators that were taken, for permutations of at most 64 points.
//
// Step j of walk i takes word j mod 4 of the block at counter (i mod 2^32, i / 2^32, j / 4, 0); should uniform_below reject that word
// (less than one in 2^32 / generators), it takes the words of the blocks at (.., .., j, 1), (.., .., j, 2), ... in order. So a step is
// a function of (key, i, j) and of what the step before leaves to choose from, and lanes, threads and variants change nothing: AVX-512 makes
// four steps of sixteen walks in ten rounds on sixteen lanes, AVX2 on twice eight, and the scalar variant is what the others are proved against.
#pragma once

#include <kernels/byte_permutation.hpp>
#include <kernels/instruction_set.hpp>
#include <kernels/philox.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::kernels {

inline constexpr std::size_t walk_lanes = 16;

/// What a walk may take after each of `generators` generators (row g), and at its start (the last row): increasing numbers.
/// Where a row lacks at most one number, drawing from it is drawing r below its size and adding one from the lacking number on.
class step_rules {
 public:
  /// Preconditions: one row for each generator and one more, of numbers below `generators`; no row is empty that a walk comes to.
  explicit step_rules(std::vector<std::vector<std::uint32_t>> rows);

  std::uint32_t generators() const noexcept { return static_cast<std::uint32_t>(rows_.size() - 1); }
  std::span<const std::uint32_t> row(std::size_t last) const noexcept { return rows_[last]; }
  /// All rows hold all numbers.
  bool is_uniform() const noexcept { return lacking_ == 0; }
  /// No row lacks more than one number.
  bool is_skip() const noexcept { return lacking_ <= 1; }
  /// The number that each row lacks, or generators(). Padded to 32 entries. Precondition: is_skip().
  const std::uint32_t* skipped() const noexcept { return skipped_.data(); }

 private:
  std::vector<std::vector<std::uint32_t>> rows_;
  std::vector<std::uint32_t> skipped_;
  std::size_t lacking_ = 0;  // numbers, in the row that lacks most
};

/// Steps from, ..., from + steps - 1 of walks first, ..., first + lanes - 1: step j of walk i goes to moves[(j - from) * walk_lanes + i - first].
/// `last` holds the row of each lane before these steps, and after them. Entries of further lanes hold anything: `last` any row at first.
/// Preconditions: from is a multiple of 4; lanes <= walk_lanes, which is how many entries `last` has; from + steps < 2^32.
using choose_steps_function = void (*)(const step_rules& rules, philox_key key, std::uint64_t first, std::size_t lanes, std::uint32_t from, std::uint32_t steps,
                                       std::uint32_t* last, std::uint32_t* moves);
/// Precondition: is_supported(set).
choose_steps_function choose_steps_for(instruction_set set) noexcept;

using byte_images = std::array<std::uint8_t, small_degree>;

/// states[i][k] = states[i][images[g][k]] for the generators g of lane i, in the order of the steps (as `moves` above).
using take_steps_function = void (*)(const byte_images* images, const std::uint32_t* moves, std::size_t lanes, std::uint32_t steps, byte_images* states);
/// Precondition: is_supported(set).
take_steps_function take_steps_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
