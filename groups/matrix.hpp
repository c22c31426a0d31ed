// Matrices over Z/m, 2 <= m < 2^63, and over Z (modulus 0).
//
// Entries are kept reduced: 0 <= entry < m, or, over Z, as two's complement of a signed 64-bit number; over Z a result
// that leaves 64 bits throws. No product modulo m can overflow, whatever m: terms are reduced one by one in 128 bits.
// An element acts on a state from the left, new = G * S, as in CayleyPy; the state need not be square.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cosetta::groups {

inline constexpr std::uint64_t max_modulus = (std::uint64_t{1} << 63) - 1;

class matrix {
 public:
  matrix() = default;
  /// Trusts its arguments; `make_matrix` checks and reduces. `entries` row by row.
  matrix(std::size_t rows, std::size_t columns, std::uint64_t modulus, std::vector<std::uint64_t> entries);

  static matrix identity(std::size_t dimension, std::uint64_t modulus);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  std::uint64_t modulus() const noexcept { return modulus_; }
  std::uint64_t operator()(std::size_t row, std::size_t column) const noexcept {
    return entries_[row * columns_ + column];
  }
  std::span<const std::uint64_t> entries() const noexcept { return entries_; }

  /// The matrix product *this * right. Preconditions: inner dimensions and moduli agree.
  /// Throws domain_error when an entry over Z leaves 64 bits.
  matrix operator*(const matrix& right) const;

  /// Throws domain_error when the determinant is no unit (of Z/m, or of Z).
  matrix inverse() const;
  bool is_identity() const noexcept;

  bool operator==(const matrix&) const = default;
  std::size_t hash() const noexcept;

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::uint64_t modulus_ = 0;
  std::vector<std::uint64_t> entries_;
};

/// Checks the shape and the modulus and reduces signed entries into [0, m). Throws domain_error.
matrix make_matrix(std::size_t rows, std::size_t columns, std::uint64_t modulus, std::span<const std::int64_t> entries);

__extension__ using wide_unsigned = unsigned __int128;

/// a + b and a * b modulo m for a, b < m < 2^63.
constexpr std::uint64_t add_mod(std::uint64_t a, std::uint64_t b, std::uint64_t m) noexcept {
  const std::uint64_t sum = a + b;
  return sum >= m ? sum - m : sum;
}
constexpr std::uint64_t multiply_mod(std::uint64_t a, std::uint64_t b, std::uint64_t m) noexcept {
  return static_cast<std::uint64_t>(static_cast<wide_unsigned>(a) * b % m);
}

/// "[[1,1],[0,1]]"; entries over Z with their sign.
std::string to_string(const matrix& a);

}  // namespace cosetta::groups

template <>
struct std::hash<cosetta::groups::matrix> {
  std::size_t operator()(const cosetta::groups::matrix& a) const noexcept { return a.hash(); }
};
