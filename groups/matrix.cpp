#include <groups/matrix.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <gmpxx.h>

namespace cosetta::groups {

namespace {

mpz_class to_mpz(std::uint64_t entry, std::uint64_t modulus) {
  mpz_class value;
  if (modulus == 0) {
    const auto signed_entry = static_cast<std::int64_t>(entry);
    mpz_set_si(value.get_mpz_t(), signed_entry);
  } else {
    mpz_set_ui(value.get_mpz_t(), entry);
  }
  return value;
}

/// An identity that is carried along while a square matrix is brought to the identity by row operations, over Z or Z/m.
/// Euclid's algorithm between rows takes the place of division, so that m need not be prime: the matrix is invertible
/// iff every pivot that remains is a unit.
class row_reduction {
 public:
  explicit row_reduction(const matrix& a)
      : n_(a.rows()), modulus_(to_mpz(a.modulus(), a.modulus())), rows_(n_, std::vector<mpz_class>(2 * n_)) {
    if (a.modulus() != 0) mpz_set_ui(modulus_.get_mpz_t(), a.modulus());
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) rows_[i][j] = to_mpz(a(i, j), a.modulus());
      rows_[i][n_ + i] = 1;
    }
  }

  /// False when the matrix has no inverse.
  bool run() {
    for (std::size_t column = 0; column < n_; ++column) {
      for (std::size_t below = column + 1; below < n_; ++below) {
        while (rows_[below][column] != 0) {
          subtract(column, below, rows_[column][column] / rows_[below][column]);
          std::swap(rows_[column], rows_[below]);
        }
      }
      if (!normalise(column)) return false;
      for (std::size_t above = 0; above < column; ++above) subtract(above, column, rows_[above][column]);
    }
    return true;
  }

  const mpz_class& inverse_entry(std::size_t i, std::size_t j) const { return rows_[i][n_ + j]; }

 private:
  void reduce(mpz_class& value) const {
    if (modulus_ != 0) mpz_mod(value.get_mpz_t(), value.get_mpz_t(), modulus_.get_mpz_t());
  }
  void subtract(std::size_t from, std::size_t row, const mpz_class factor) {
    for (std::size_t j = 0; j < 2 * n_; ++j) {
      rows_[from][j] -= factor * rows_[row][j];
      reduce(rows_[from][j]);
    }
  }
  bool normalise(std::size_t row) {
    const mpz_class pivot = rows_[row][row];
    mpz_class unit;
    if (modulus_ == 0) {
      if (abs(pivot) != 1) return false;
      unit = pivot;
    } else if (mpz_invert(unit.get_mpz_t(), pivot.get_mpz_t(), modulus_.get_mpz_t()) == 0) {
      return false;
    }
    for (auto& entry : rows_[row]) {
      entry *= unit;
      reduce(entry);
    }
    return true;
  }

  std::size_t n_;
  mpz_class modulus_;
  std::vector<std::vector<mpz_class>> rows_;
};

std::uint64_t dot_over_integers(const matrix& a, const matrix& b, std::size_t i, std::size_t j) {
  mpz_class sum = 0;
  for (std::size_t k = 0; k < a.columns(); ++k) sum += to_mpz(a(i, k), 0) * to_mpz(b(k, j), 0);
  if (!sum.fits_slong_p()) {
    throw domain_error("an integer matrix entry left 64 bits: give the group a modulus, or a smaller depth");
  }
  return static_cast<std::uint64_t>(sum.get_si());
}

}  // namespace

matrix::matrix(std::size_t rows, std::size_t columns, std::uint64_t modulus, std::vector<std::uint64_t> entries)
    : rows_(rows), columns_(columns), modulus_(modulus), entries_(std::move(entries)) {}

matrix matrix::identity(std::size_t dimension, std::uint64_t modulus) {
  std::vector<std::uint64_t> entries(dimension * dimension, 0);
  for (std::size_t i = 0; i < dimension; ++i) entries[i * dimension + i] = 1;
  return {dimension, dimension, modulus, std::move(entries)};
}

matrix matrix::operator*(const matrix& right) const {
  std::vector<std::uint64_t> product(rows_ * right.columns_, 0);
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < right.columns_; ++j) {
      auto& entry = product[i * right.columns_ + j];
      if (modulus_ == 0) {
        entry = dot_over_integers(*this, right, i, j);
        continue;
      }
      for (std::size_t k = 0; k < columns_; ++k) {
        entry = add_mod(entry, multiply_mod((*this)(i, k), right(k, j), modulus_), modulus_);
      }
    }
  }
  return {rows_, right.columns_, modulus_, std::move(product)};
}

matrix matrix::inverse() const {
  const auto refuse = [&] {
    return domain_error(fmt::format("singular matrix {}: its determinant has no inverse {}", to_string(*this),
                                    modulus_ == 0 ? "over Z" : fmt::format("modulo {}", modulus_)));
  };
  if (rows_ != columns_) throw domain_error(fmt::format("a {} x {} matrix has no inverse", rows_, columns_));
  row_reduction reduction(*this);
  if (!reduction.run()) throw refuse();
  std::vector<std::uint64_t> entries(rows_ * columns_);
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < columns_; ++j) {
      const auto& entry = reduction.inverse_entry(i, j);
      if (modulus_ == 0 && !entry.fits_slong_p()) {
        throw domain_error(fmt::format("the inverse of {} has an entry beyond 64 bits", to_string(*this)));
      }
      entries[i * columns_ + j] =
          modulus_ == 0 ? static_cast<std::uint64_t>(entry.get_si()) : static_cast<std::uint64_t>(entry.get_ui());
    }
  }
  return {rows_, columns_, modulus_, std::move(entries)};
}

bool matrix::is_identity() const noexcept {
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t j = 0; j < columns_; ++j) {
      if ((*this)(i, j) != static_cast<std::uint64_t>(i == j)) return false;
    }
  }
  return rows_ == columns_;
}

std::size_t matrix::hash() const noexcept {
  const std::string_view bytes(reinterpret_cast<const char*>(entries_.data()), entries_.size() * sizeof(std::uint64_t));
  return std::hash<std::string_view>{}(bytes) ^ rows_ ^ (modulus_ << 8);
}

matrix make_matrix(std::size_t rows, std::size_t columns, std::uint64_t modulus,
                   std::span<const std::int64_t> entries) {
  if (rows == 0 || columns == 0 || entries.size() % rows != 0 || entries.size() / rows != columns) {
    throw domain_error(fmt::format("a {} x {} matrix cannot have {} entries", rows, columns, entries.size()));
  }
  if (modulus == 1 || modulus > max_modulus) {
    throw domain_error(fmt::format("modulus {} is outside 2..2^63-1 (0: no modulus)", modulus));
  }
  std::vector<std::uint64_t> reduced(entries.size());
  std::transform(entries.begin(), entries.end(), reduced.begin(), [&](std::int64_t entry) {
    if (modulus == 0) return static_cast<std::uint64_t>(entry);
    const auto m = static_cast<std::int64_t>(modulus);
    const std::int64_t remainder = entry % m;
    return static_cast<std::uint64_t>(remainder < 0 ? remainder + m : remainder);
  });
  return {rows, columns, modulus, std::move(reduced)};
}

std::string to_string(const matrix& a) {
  std::string out = "[";
  for (std::size_t i = 0; i < a.rows(); ++i) {
    out += i == 0 ? "[" : ",[";
    for (std::size_t j = 0; j < a.columns(); ++j) {
      if (j > 0) out += ',';
      out += a.modulus() == 0 ? std::to_string(static_cast<std::int64_t>(a(i, j))) : std::to_string(a(i, j));
    }
    out += ']';
  }
  return out + "]";
}

}  // namespace cosetta::groups
