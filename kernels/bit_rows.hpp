// The hot loop of a sweep over rows of bits that generators permute and rotate: a layer of a Cayley graph whose vertices are
// cut into cosets of a cyclic group of order m, one row of m bits for each coset.
//
// Generator g moves bit t of row `sources[r * generators + g]` to bit (t + rotations[r * generators + g]) mod m of row r.
// A row takes 8, 16 or 32 bits, or whole words; the bits beyond m are always 0.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

inline constexpr std::uint32_t max_row_modulus = 1u << 16;

/// Bits that a row of m bits takes: the least of 8, 16, 32, 64, 128, 192, ... that is enough.
constexpr std::size_t row_stride(std::uint32_t m) noexcept {
  return m <= 8 ? 8 : m <= 16 ? 16 : m <= 32 ? 32 : (std::size_t{m} + 63) / 64 * 64;
}

struct bit_rows {
  std::uint32_t modulus;           // m, 2..max_row_modulus
  unsigned generators;             // 1..255
  const std::uint32_t* sources;    // one row after the other, `generators` each
  const std::uint16_t* rotations;  // the same
};

inline constexpr std::uint8_t row_changed = 1;  // new bits
inline constexpr std::uint8_t row_full = 2;     // all m bits

struct bit_row_kernels {
  instruction_set set;

  /// The rows `rows[0], ..., rows[count - 1]` of `next` become those of `ball` and all that the generators bring there
  /// from `ball`. Bit r of `changed` says that row r has bits in `ball` that the layer before lacked; others need not be
  /// looked at. marks[i] receives the flags of row rows[i]. Returns the number of new bits.
  /// Preconditions: the arrays do not overlap, `marks` has room for `count` bytes.
  std::uint64_t (*advance)(const bit_rows& graph, const std::uint64_t* ball, std::uint64_t* next,
                           const std::uint64_t* changed, const std::uint32_t* rows, std::size_t count,
                           std::uint8_t* marks);
};

/// The kernels in one variant. Precondition: is_supported(set).
const bit_row_kernels& bit_row_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
