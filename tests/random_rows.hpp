// Rows of kernels::byte_rows that hold random permutations.
#pragma once

#include <kernels/byte_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace cosetta::tests {

/// `count` rows of n shuffled bytes, padded to the stride of n by what is there at home.
inline std::vector<std::uint8_t> random_rows(std::size_t n, std::size_t count, std::mt19937_64& random) {
  const std::size_t stride = kernels::byte_row_stride(n);
  std::vector<std::uint8_t> rows(count * stride);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = rows.begin() + static_cast<std::ptrdiff_t>(i * stride);
    std::iota(at, at + static_cast<std::ptrdiff_t>(stride), std::uint8_t{0});
    std::shuffle(at, at + static_cast<std::ptrdiff_t>(n), random);
  }
  return rows;
}

}  // namespace cosetta::tests
