// Rings of matrix entries as the chain templates use them: Z/m with m < 2^31, and GF(q).
#pragma once

#include <groups/finite_field.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace cosetta::groups {

class residue_ring {
 public:
  using element = std::uint32_t;
  using accumulator = std::uint64_t;
  static constexpr std::uint64_t max_modulus = std::uint64_t{1} << 31;

  explicit residue_ring(std::uint64_t modulus) : modulus_(modulus) {}
  std::uint64_t modulus() const noexcept { return modulus_; }
  std::size_t bits() const noexcept { return static_cast<std::size_t>(std::bit_width(modulus_ - 1)); }

  void add_multiple(accumulator* sum, element c, const element* row, std::size_t n) const noexcept {
    // Sums stay below m + m^2 < 2^63.
    for (std::size_t j = 0; j < n; ++j) sum[j] = lowered(sum[j]) + std::uint64_t{c} * row[j];
  }
  void reduce(const accumulator* sum, element* out, std::size_t n) const noexcept {
    for (std::size_t j = 0; j < n; ++j) out[j] = static_cast<element>(sum[j] % modulus_);
  }
  /// Throws domain_error when the matrix is singular.
  void invert(const element* a, std::size_t n, element* out) const;

 private:
  std::uint64_t lowered(std::uint64_t s) const noexcept { return s < safe ? s : s % modulus_; }
  static constexpr std::uint64_t safe = std::uint64_t{1} << 62;
  std::uint64_t modulus_;
};

class field_ring {
 public:
  using element = field_element;
  using accumulator = field_element;

  explicit field_ring(std::shared_ptr<const finite_field> field) : field_(std::move(field)) {}
  const finite_field& field() const noexcept { return *field_; }
  std::size_t bits() const noexcept { return static_cast<std::size_t>(std::bit_width(field_->order() - 1)); }

  void add_multiple(accumulator* sum, element c, const element* row, std::size_t n) const noexcept {
    const auto& f = *field_;
    if (c == 1) {
      for (std::size_t j = 0; j < n; ++j) sum[j] = f.add(sum[j], row[j]);
    } else {
      for (std::size_t j = 0; j < n; ++j) sum[j] = f.add(sum[j], f.multiply(c, row[j]));
    }
  }
  void reduce(const accumulator* sum, element* out, std::size_t n) const noexcept {
    for (std::size_t j = 0; j < n; ++j) out[j] = sum[j];
  }
  /// Throws domain_error when the matrix is singular.
  void invert(const element* a, std::size_t n, element* out) const;

 private:
  std::shared_ptr<const finite_field> field_;
};

/// Throws resource_error when a packed vector would not fit.
void check_vector_bits(std::size_t bits);

}  // namespace cosetta::groups
