#include <groups/coefficient_ring.hpp>
#include <groups/field_matrix.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cosetta::groups {

void check_vector_bits(std::size_t bits) {
  if (bits > 128) {
    throw resource_error(fmt::format("vectors of {} bits are too long for a stabilizer chain, which packs them into 128: take a smaller "
                                     "dimension, field or modulus",
                                     bits));
  }
}

void residue_ring::invert(const element* a, std::size_t n, element* out) const {
  // Rows [A | 1] to triangular form by Euclid's algorithm on pairs of rows, as pivots need not be units; then units.
  const std::size_t width = 2 * n;
  std::vector<std::uint64_t> m(n * width, 0);
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(a + i * n, n, &m[i * width]);
    m[i * width + n + i] = 1;
  }
  const auto subtract = [&](std::size_t from, std::size_t row, std::uint64_t factor) {
    for (std::size_t j = 0; j < width; ++j) {
      auto& entry = m[from * width + j];
      entry = (entry + (modulus_ - factor) * m[row * width + j]) % modulus_;
    }
  };
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t r = c + 1; r < n; ++r) {
      while (m[r * width + c] != 0) {
        const auto quotient = m[c * width + c] / m[r * width + c];
        if (quotient != 0) subtract(c, r, quotient);
        std::swap_ranges(&m[c * width], &m[c * width] + width, &m[r * width]);
      }
    }
    // The inverse of the pivot, by Euclid again.
    std::int64_t r0 = static_cast<std::int64_t>(modulus_), r1 = static_cast<std::int64_t>(m[c * width + c]), t0 = 0, t1 = 1;
    while (r1 != 0) {
      const auto q = r0 / r1;
      r0 = std::exchange(r1, r0 - q * r1);
      t0 = std::exchange(t1, t0 - q * t1);
    }
    if (r0 != 1) throw domain_error(fmt::format("a singular matrix modulo {} has no inverse", modulus_));
    const auto unit = static_cast<std::uint64_t>(t0 < 0 ? t0 + static_cast<std::int64_t>(modulus_) : t0);
    for (std::size_t j = 0; j < width; ++j) m[c * width + j] = m[c * width + j] * unit % modulus_;
    for (std::size_t r = 0; r < c; ++r) {
      if (const auto factor = m[r * width + c]; factor != 0) subtract(r, c, factor);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) out[i * n + j] = static_cast<element>(m[i * width + n + j]);
  }
}

void field_ring::invert(const element* a, std::size_t n, element* out) const {
  const auto inverse = field_matrix(field_, n, n, std::vector<field_element>(a, a + n * n)).inverse();
  std::copy(inverse.entries().begin(), inverse.entries().end(), out);
}

}  // namespace cosetta::groups
