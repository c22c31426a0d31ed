// Matrices over a finite field GF(q), q = p^k <= 2^16.
//
// Entries are elements of the field as integers 0..q-1 (see finite_field.hpp), row by row. Vectors are rows and a
// matrix acts on them from the right, v * M, as in GAP: so v * (A * B) = (v * A) * B, first A, then B, like
// permutations. Matrices over the rings Z/m and Z are groups::matrix.
#pragma once

#include <groups/finite_field.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cosetta::groups {

class field_matrix {
 public:
  /// The matrix without rows, over no field.
  field_matrix() = default;
  /// Trusts its arguments; `make_field_matrix` checks. `entries` row by row.
  field_matrix(std::shared_ptr<const finite_field> field, std::size_t rows, std::size_t columns,
               std::vector<field_element> entries);

  static field_matrix identity(std::shared_ptr<const finite_field> field, std::size_t dimension);

  /// Precondition: not the matrix over no field.
  const finite_field& field() const noexcept { return *field_; }
  const std::shared_ptr<const finite_field>& shared_field() const noexcept { return field_; }
  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  field_element operator()(std::size_t row, std::size_t column) const noexcept {
    return entries_[row * columns_ + column];
  }
  std::span<const field_element> entries() const noexcept { return entries_; }
  std::span<const field_element> row(std::size_t i) const noexcept { return entries().subspan(i * columns_, columns_); }

  /// The matrix product *this * right. Preconditions: inner dimensions and fields agree.
  field_matrix operator*(const field_matrix& right) const;

  /// By Gauss's elimination, O(n^3). Throws domain_error when the matrix is singular or not square.
  field_matrix inverse() const;
  /// Throws domain_error when the matrix is not square.
  field_element determinant() const;
  field_matrix transpose() const;
  /// Each entry to the power p^times.
  field_matrix frobenius(std::uint64_t times = 1) const;
  bool is_identity() const noexcept;

  bool operator==(const field_matrix& other) const noexcept;
  std::size_t hash() const noexcept;

 private:
  std::shared_ptr<const finite_field> field_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<field_element> entries_;
};

/// The row vector v * M. Precondition: v.size() == M.rows().
std::vector<field_element> operator*(std::span<const field_element> v, const field_matrix& m);

/// Checks the shape and that every entry is an element of the field. Throws domain_error.
field_matrix make_field_matrix(std::shared_ptr<const finite_field> field, std::size_t rows, std::size_t columns,
                               std::span<const std::uint32_t> entries);

/// The rank over the field: 0..min(rows, columns).
std::size_t rank(const field_matrix& m);

/// "[[1,2],[0,1]]": the entries as integers 0..q-1.
std::string to_string(const field_matrix& m);

}  // namespace cosetta::groups

template <>
struct std::hash<cosetta::groups::field_matrix> {
  std::size_t operator()(const cosetta::groups::field_matrix& m) const noexcept { return m.hash(); }
};
