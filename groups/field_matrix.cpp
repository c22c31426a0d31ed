#include <groups/field_matrix.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// The sum of a[k] * b[k * stride] over k < terms. In a prime field it is reduced once: 2^32 terms fit 64 bits.
field_element dot(const finite_field& field, const field_element* a, const field_element* b, std::size_t terms,
                  std::size_t stride) {
  if (field.is_prime_field()) {
    std::uint64_t sum = 0;
    for (std::size_t k = 0; k < terms; ++k) sum += std::uint64_t{a[k]} * b[k * stride];
    return static_cast<field_element>(sum % field.order());
  }
  field_element sum = 0;
  for (std::size_t k = 0; k < terms; ++k) sum = field.add(sum, field.multiply(a[k], b[k * stride]));
  return sum;
}

/// Rows brought to echelon form by Gauss's elimination in the first `pivot_columns` columns.
class elimination {
 public:
  elimination(const finite_field& field, std::size_t columns, std::vector<field_element> entries)
      : field_(field), columns_(columns), rows_(entries.size() / columns), entries_(std::move(entries)) {}

  /// Above the pivots too when `reduce_above`, with pivots 1; otherwise pivots stay as they are.
  void run(std::size_t pivot_columns, bool reduce_above) {
    for (std::size_t column = 0; column < pivot_columns && rank_ < rows_; ++column) {
      std::size_t pivot = rank_;
      while (pivot < rows_ && at(pivot, column) == 0) ++pivot;
      if (pivot == rows_) continue;
      if (pivot != rank_) {
        std::swap_ranges(row(pivot), row(pivot) + columns_, row(rank_));
        odd_ = !odd_;
      }
      const field_element inverse = field_.inverse(at(rank_, column));
      if (reduce_above) {
        for (std::size_t j = column; j < columns_; ++j) at(rank_, j) = field_.multiply(at(rank_, j), inverse);
      }
      for (std::size_t i = reduce_above ? 0 : rank_ + 1; i < rows_; ++i) {
        if (i == rank_ || at(i, column) == 0) continue;
        const field_element factor =
            field_.negate(reduce_above ? at(i, column) : field_.multiply(at(i, column), inverse));
        for (std::size_t j = column; j < columns_; ++j) {
          at(i, j) = field_.add(at(i, j), field_.multiply(factor, at(rank_, j)));
        }
      }
      ++rank_;
    }
  }

  field_element& at(std::size_t i, std::size_t j) { return entries_[i * columns_ + j]; }
  std::size_t rank() const { return rank_; }
  bool odd() const { return odd_; }

 private:
  field_element* row(std::size_t i) { return entries_.data() + i * columns_; }

  const finite_field& field_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<field_element> entries_;
  std::size_t rank_ = 0;
  bool odd_ = false;  // number of row exchanges
};

}  // namespace

field_matrix::field_matrix(std::shared_ptr<const finite_field> field, std::size_t rows, std::size_t columns,
                           std::vector<field_element> entries)
    : field_(std::move(field)), rows_(rows), columns_(columns), entries_(std::move(entries)) {}

field_matrix field_matrix::identity(std::shared_ptr<const finite_field> field, std::size_t dimension) {
  std::vector<field_element> entries(dimension * dimension, 0);
  for (std::size_t i = 0; i < dimension; ++i) entries[i * dimension + i] = 1;
  return {std::move(field), dimension, dimension, std::move(entries)};
}

field_matrix field_matrix::operator*(const field_matrix& right) const {
  std::vector<field_element> product(rows_ * right.columns_);
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < right.columns_; ++j) {
      product[i * right.columns_ + j] =
          dot(*field_, entries_.data() + i * columns_, right.entries_.data() + j, columns_, right.columns_);
    }
  }
  return {field_, rows_, right.columns_, std::move(product)};
}

field_matrix field_matrix::inverse() const {
  if (rows_ != columns_) throw domain_error(fmt::format("a {} x {} matrix has no inverse", rows_, columns_));
  if (rows_ == 0) return *this;
  const std::size_t n = rows_;
  std::vector<field_element> beside(2 * n * n, 0);  // the identity stands to the right of the matrix
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(entries_.begin() + static_cast<std::ptrdiff_t>(i * n), n,
                beside.begin() + static_cast<std::ptrdiff_t>(2 * i * n));
    beside[2 * i * n + n + i] = 1;
  }
  elimination gauss(*field_, 2 * n, std::move(beside));
  gauss.run(n, true);
  if (gauss.rank() < n) {
    throw domain_error(
        fmt::format("singular matrix {}: its determinant is 0 in {}", to_string(*this), to_string(*field_)));
  }
  std::vector<field_element> entries(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) entries[i * n + j] = gauss.at(i, n + j);
  }
  return {field_, n, n, std::move(entries)};
}

field_element field_matrix::determinant() const {
  if (rows_ != columns_) throw domain_error(fmt::format("a {} x {} matrix has no determinant", rows_, columns_));
  if (rows_ == 0) return 1;
  elimination gauss(*field_, columns_, entries_);
  gauss.run(columns_, false);
  if (gauss.rank() < rows_) return 0;
  field_element product = 1;
  for (std::size_t i = 0; i < rows_; ++i) product = field_->multiply(product, gauss.at(i, i));
  return gauss.odd() ? field_->negate(product) : product;
}

field_matrix field_matrix::transpose() const {
  std::vector<field_element> entries(entries_.size());
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < columns_; ++j) entries[j * rows_ + i] = (*this)(i, j);
  }
  return {field_, columns_, rows_, std::move(entries)};
}

field_matrix field_matrix::frobenius(std::uint64_t times) const {
  field_matrix out = *this;
  for (auto& entry : out.entries_) entry = field_->frobenius(entry, times);
  return out;
}

bool field_matrix::is_identity() const noexcept {
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < columns_; ++j) {
      if ((*this)(i, j) != static_cast<field_element>(i == j)) return false;
    }
  }
  return rows_ == columns_;
}

bool field_matrix::operator==(const field_matrix& other) const noexcept {
  const auto order = [](const field_matrix& m) { return m.field_ ? m.field_->order() : 0; };
  return rows_ == other.rows_ && columns_ == other.columns_ && order(*this) == order(other) &&
         entries_ == other.entries_;
}

std::size_t field_matrix::hash() const noexcept {
  const std::string_view bytes(reinterpret_cast<const char*>(entries_.data()), entries_.size() * sizeof(field_element));
  return std::hash<std::string_view>{}(bytes) ^ rows_ ^ (std::size_t{field_ ? field_->order() : 0} << 8);
}

std::vector<field_element> operator*(std::span<const field_element> v, const field_matrix& m) {
  std::vector<field_element> out(m.columns());
  for (std::size_t j = 0; j < m.columns(); ++j) {
    out[j] = dot(m.field(), v.data(), m.entries().data() + j, m.rows(), m.columns());
  }
  return out;
}

field_matrix make_field_matrix(std::shared_ptr<const finite_field> field, std::size_t rows, std::size_t columns,
                               std::span<const std::uint32_t> entries) {
  if (field == nullptr) throw domain_error("a matrix needs a field: make_finite_field(q) gives one");
  if (rows == 0 || columns == 0 || entries.size() % rows != 0 || entries.size() / rows != columns) {
    throw domain_error(fmt::format("a {} x {} matrix cannot have {} entries", rows, columns, entries.size()));
  }
  const auto bad =
      std::find_if(entries.begin(), entries.end(), [&](std::uint32_t entry) { return entry >= field->order(); });
  if (bad != entries.end()) {
    const auto at = static_cast<std::size_t>(bad - entries.begin());
    throw domain_error(fmt::format("row {}, column {}: entry {} is no element of {}, which are 0..{}", at / columns,
                                   at % columns, *bad, to_string(*field), field->order() - 1));
  }
  return {std::move(field), rows, columns, {entries.begin(), entries.end()}};
}

std::size_t rank(const field_matrix& m) {
  if (m.rows() == 0) return 0;
  elimination gauss(m.field(), m.columns(), {m.entries().begin(), m.entries().end()});
  gauss.run(m.columns(), false);
  return gauss.rank();
}

std::string to_string(const field_matrix& m) {
  std::string out = "[";
  for (std::size_t i = 0; i < m.rows(); ++i) {
    out += i == 0 ? "[" : ",[";
    for (std::size_t j = 0; j < m.columns(); ++j) {
      if (j > 0) out += ',';
      out += std::to_string(m(i, j));
    }
    out += ']';
  }
  return out + "]";
}

}  // namespace cosetta::groups
