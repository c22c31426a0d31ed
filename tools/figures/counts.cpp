#include <kernels/error.hpp>
#include <tools/figures/counts.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

using conjecture::shape_kind;

double quotient(const mpz_class& a, const mpz_class& b) {
  mpq_class out(a, b);
  out.canonicalize();
  return out.get_d();
}

/// 1 - F, where 1 - F by itself would lose its digits.
double upper_tail(shape_kind kind, conjecture::shape_parameters p, double x) {
  switch (kind) {
    case shape_kind::gaussian:
      return shape_cdf(kind, p, 2 * p.location - x);
    case shape_kind::gumbel:
      return -std::expm1(-std::exp(-(x - p.location) / p.scale));
    case shape_kind::reflected_gumbel:
      return std::exp(-std::exp((x - p.location) / p.scale));
    case shape_kind::skew_normal:
      break;
  }
  return 1 - shape_cdf(kind, p, x);
}

}  // namespace

growth_curve make_curve(std::string name, const std::vector<std::uint64_t>& layers, bool complete) {
  growth_curve out{std::move(name), {}, complete};
  for (const auto n : layers) out.layers.emplace_back(std::to_string(n));
  return out;
}

double log10_of(const mpz_class& count) {
  long exponent = 0;
  const double mantissa = mpz_get_d_2exp(&exponent, count.get_mpz_t());
  return std::log10(mantissa) + static_cast<double>(exponent) * std::log10(2.0);
}

double scaled(const mpz_class& value, long exponent) {
  if (exponent <= 0) return value.get_d();
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(exponent));
  return quotient(value, power);
}

std::string count_text(const mpz_class& count) {
  const std::string digits = mpz_class(abs(count)).get_str();
  constexpr std::size_t most = 13;
  if (digits.size() > most) return fmt::format("{}{}.{} \xC2\xB7 10^{}", count < 0 ? "-" : "", digits[0], digits.substr(1, 4), digits.size() - 1);
  std::string out = count < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits.size() > 4 && (digits.size() - i) % 3 == 0) out += "\xE2\x80\x89";  // a thin space
    out += digits[i];
  }
  return out;
}

long unit_exponent(double log10_greatest) { return log10_greatest < 6 ? 0 : static_cast<long>(log10_greatest / 3 + 1e-12) * 3; }

long unit_exponent(const mpz_class& greatest) { return greatest > 0 ? unit_exponent(log10_of(greatest)) : 0; }

curve_summary summarise(const growth_curve& curve) {
  if (curve.layers.empty()) throw domain_error(fmt::format("{}: a growth with no layers has no picture", curve.name));
  curve_summary out;
  const auto& greatest = *std::max_element(curve.layers.begin(), curve.layers.end());
  for (std::size_t k = 0; k < curve.layers.size(); ++k) {
    if (curve.layers[k] < 0) throw domain_error(fmt::format("{}: the number of states at distance {} is negative", curve.name, k));
  }
  if (greatest == 0) throw domain_error(fmt::format("{}: all layers are empty", curve.name));
  for (const auto& layer : curve.layers) {
    out.states += layer;
    out.relative.push_back(quotient(layer, greatest));
  }
  double total = 0, second = 0, third = 0;
  for (std::size_t k = 0; k < out.relative.size(); ++k) total += out.relative[k], out.mean += out.relative[k] * static_cast<double>(k);
  out.mean /= total;
  for (std::size_t k = 0; k < out.relative.size(); ++k) {
    const double d = static_cast<double>(k) - out.mean;
    second += out.relative[k] * d * d;
    third += out.relative[k] * d * d * d;
  }
  out.deviation = std::sqrt(second / total);
  out.skewness = second > 0 ? third / total / std::pow(second / total, 1.5) : 0;
  return out;
}

double log10_share(shape_kind kind, const conjecture::shape_parameters& p, double x, double width) {
  const double low = x - width / 2, high = x + width / 2;
  const double middle = shape_cdf(kind, p, x);
  const double share = middle < 0.5 ? shape_cdf(kind, p, high) - shape_cdf(kind, p, low) : upper_tail(kind, p, low) - upper_tail(kind, p, high);
  const double lost = kind == shape_kind::skew_normal ? 1e-13 : 0;
  return share > lost ? std::log10(share) : -std::numeric_limits<double>::infinity();
}

}  // namespace cosetta::figures
