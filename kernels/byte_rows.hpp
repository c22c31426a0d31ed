// Rows of bytes that generators move, in batches: the states of a beam. A row holds the places of n labels, padded to its stride with
// row[i] = i; a generator is a table of `stride` bytes, the identity beyond n, and takes row[i] to table[row[i]]. One `vpermb` for rows of
// up to 64 bytes on AVX-512 VBMI. A key is a 64-bit sum of products of the row's words (Black et al., UMAC, 1999: NH), equal in all
// variants; it says where to look and proves nothing.
#pragma once

#include <kernels/instruction_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

/// 16, 32, 64, 128, 192 or 256: the stride of rows of n bytes. Precondition: n <= 256.
constexpr std::size_t byte_row_stride(std::size_t n) noexcept {
  return n <= 16 ? 16 : n <= 32 ? 32 : (n + 63) / 64 * 64;
}

/// Of keys: random odd numbers, one for each word of a row (splitmix64).
inline constexpr auto byte_row_constants = [] {
  std::array<std::uint64_t, 32> out{};
  std::uint64_t at = 0;
  for (auto& c : out) {
    at += 0x9e3779b97f4a7c15;
    std::uint64_t z = at;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    c = (z ^ z >> 31) | 1;
  }
  return out;
}();

/// Row number `row`, moved by table number `move`.
struct moved_row {
  std::uint32_t row, move;
};

struct byte_row_kernels {
  instruction_set set;
  /// out row i = rows[what[i].row] moved by what[i].move; keys[i] its key, unless `keys` is null. `out` overlaps nothing.
  void (*move)(const std::uint8_t* rows, const std::uint8_t* tables, std::size_t stride, const moved_row* what, std::size_t count, std::uint8_t* out,
               std::uint64_t* keys);
};

/// The kernels in one variant. Precondition: is_supported(set).
const byte_row_kernels& byte_row_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
