#include <tools/conjecture/chance.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

/// The binary logarithm of a natural number of any size.
double log2_of(const mpz_class& value) noexcept {
  if (sgn(value) <= 0) return 0;
  long exponent = 0;
  const double mantissa = mpz_get_d_2exp(&exponent, value.get_mpz_t());
  return static_cast<double>(exponent) + std::log2(mantissa);
}

/// What the polynomial through the k rows before row i says of it, by Lagrange.
mpq_class extrapolated(const std::vector<fit_row>& rows, std::size_t i, std::size_t k) {
  mpq_class out = 0;
  for (std::size_t a = i - k; a < i; ++a) {
    mpq_class term(rows[a].value);
    for (std::size_t b = i - k; b < i; ++b) {
      if (b == a) continue;
      mpq_class factor(rows[i].n - rows[b].n, rows[a].n - rows[b].n);
      factor.canonicalize();
      term *= factor;
    }
    out += term;
  }
  return out;
}

/// log2 of the number of values that extrapolation errors of order k range over.
double range_bits(const std::vector<fit_row>& rows, std::size_t k) {
  mpq_class least, greatest;
  for (std::size_t i = k; i < rows.size(); ++i) {
    const mpq_class off = rows[i].value - extrapolated(rows, i, k);
    if (i == k || off < least) least = off;
    if (i == k || off > greatest) greatest = off;
  }
  const mpq_class range = greatest - least + 1;
  const mpz_class whole = range.get_num() / range.get_den();
  return log2_of(whole);
}

}  // namespace

chance_model::chance_model(const std::vector<fit_row>& rows) {
  const double least = std::log2(3.0);
  double smooth = 1e300, random = 1e300;
  for (std::size_t k = 0; k <= 3 && k + 3 <= rows.size(); ++k) {
    const double bits = range_bits(rows, k);
    if (k == 0) random = std::max(bits, least);
    smooth = std::min(smooth, bits);
  }
  smooth = std::max(smooth, least);
  for (const auto& row : rows) {
    const mpz_class size = abs(row.value) + 3;
    smooth_.push_back(std::min(smooth, log2_of(size)));
    random_.push_back(std::min(random, log2_of(size)));
  }
  for (auto* bits : {&smooth_, &random_}) {
    std::sort(bits->begin(), bits->end());
    std::partial_sum(bits->begin(), bits->end(), bits->begin());
    bits->insert(bits->begin(), 0.0);
  }
}

double chance_model::chance(std::size_t held_out) const noexcept { return std::exp2(-smooth_bits(held_out)); }

double chance_of_even(std::size_t rows, std::size_t period, std::size_t degree) noexcept {
  constexpr double pi = 3.14159265358979323846;
  const double size = static_cast<double>(std::max<std::size_t>(rows, 2));
  double chance = 0;
  for (std::size_t q = 2; q <= period; ++q) {
    std::size_t phi = 0;
    for (std::size_t a = 1; a <= q; ++a) phi += std::gcd(a, q) == 1;
    chance += static_cast<double>(phi) / (static_cast<double>(q) * (size - 1));
  }
  if (period == 2) chance = 3 * pi * pi / (size * size * size);
  return std::pow(std::min(1.0, chance), static_cast<double>(degree));
}

std::string chance_text(double chance) {
  if (chance >= 1) return "certain";
  if (chance >= 0.01) return fmt::format("{:.2g} %", 100 * chance);
  return chance > 1e-9 ? fmt::format("1 in {:.0f}", 1 / chance) : "1 in 10^9";
}

}  // namespace cosetta::conjecture
