#include <kernels/error.hpp>
#include <tools/conjecture/shape_fit.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

using std::numbers::egamma;
using std::numbers::pi;

double normal_cdf(double x) noexcept { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Owen's T for 0 <= a <= 1, by Gauss and Legendre with ten points: 12 digits there.
double owen_small(double h, double a) noexcept {
  constexpr std::array<double, 5> node{0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717};
  constexpr std::array<double, 5> weight{0.2955242247147529, 0.2692667193099963, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881};
  double sum = 0;
  for (std::size_t i = 0; i < node.size(); ++i) {
    for (const double sign : {-1.0, 1.0}) {
      const double x = 0.5 * a * (1 + sign * node[i]);
      sum += weight[i] * std::exp(-0.5 * h * h * (1 + x * x)) / (1 + x * x);
    }
  }
  return 0.5 * a * sum / (2 * pi);
}

/// Owen (1956): T(h, a) for |a| > 1 by T(a h, 1 / a).
double owen_t(double h, double a) noexcept {
  if (a < 0) return -owen_t(h, -a);
  h = std::abs(h);
  if (a <= 1) return owen_small(h, a);
  const double p = normal_cdf(h), q = normal_cdf(a * h);
  return 0.5 * (p + q) - p * q - owen_small(a * h, 1 / a);
}

using shares = std::vector<double>;

std::vector<double> expected_shares(shape_kind kind, const shape_parameters& p, std::size_t layers) {
  std::vector<double> out(layers);
  double below = shape_cdf(kind, p, -0.5);
  for (std::size_t k = 0; k < layers; ++k) {
    const double upto = shape_cdf(kind, p, static_cast<double>(k) + 0.5);
    out[k] = upto - below;
    below = upto;
  }
  return out;
}

double squares(shape_kind kind, const shape_parameters& p, const shares& share) {
  const auto expected = expected_shares(kind, p, share.size());
  double sum = 0;
  for (std::size_t k = 0; k < share.size(); ++k) sum += (share[k] - expected[k]) * (share[k] - expected[k]);
  return sum;
}

shape_parameters from_moments(shape_kind kind, const shape_report& m) {
  const double beta = m.sd * std::sqrt(6.0) / pi;
  switch (kind) {
    case shape_kind::gumbel:
      return {m.mean - egamma * beta, beta, 0};
    case shape_kind::reflected_gumbel:
      return {m.mean + egamma * beta, beta, 0};
    case shape_kind::skew_normal: {
      // Skewness is at most 0.9953; what is beyond takes a slant that is still finite.
      const double skew = std::clamp(m.skewness, -0.98, 0.98);
      const double r = std::pow(std::abs(skew), 2.0 / 3), q = std::pow((4 - pi) / 2, 2.0 / 3);
      const double delta = std::copysign(std::sqrt(pi / 2 * r / (r + q)), skew);
      const double omega = m.sd / std::sqrt(1 - 2 * delta * delta / pi);
      return {m.mean - omega * delta * std::sqrt(2 / pi), omega, delta / std::sqrt(1 - delta * delta)};
    }
    case shape_kind::gaussian:
      break;
  }
  return {m.mean, m.sd, 0};
}

std::array<double, 3> as_vector(const shape_parameters& p) noexcept { return {p.location, std::log(p.scale), p.slant}; }
shape_parameters as_parameters(const std::array<double, 3>& v) noexcept { return {v[0], std::exp(v[1]), v[2]}; }

/// Solves the symmetric system by Gauss with pivots; false where it is singular.
bool solve(std::array<std::array<double, 4>, 3> a, std::size_t size, std::array<double, 3>& x) noexcept {
  for (std::size_t c = 0; c < size; ++c) {
    std::size_t r = c;
    for (std::size_t i = c; i < size; ++i) {
      if (std::abs(a[i][c]) > std::abs(a[r][c])) r = i;
    }
    if (!(std::abs(a[r][c]) > 1e-300)) return false;
    std::swap(a[r], a[c]);
    for (std::size_t i = 0; i < size; ++i) {
      if (i == c) continue;
      const double factor = a[i][c] / a[c][c];
      for (std::size_t j = c; j <= size; ++j) a[i][j] -= factor * a[c][j];
    }
    // Columns of the right-hand side sit at index `size`.
  }
  for (std::size_t i = 0; i < size; ++i) x[i] = a[i][size] / a[i][i];
  return true;
}

/// Levenberg and Marquardt with derivatives by central differences; the scale by its logarithm, so that it stays positive.
shape_parameters least_squares(shape_kind kind, const shape_parameters& start, const shares& share, std::size_t size) {
  auto at = as_vector(start);
  double value = squares(kind, start, share), damping = 1e-3;
  for (int round = 0; round < 200 && damping < 1e12; ++round) {
    const auto here = expected_shares(kind, as_parameters(at), share.size());
    std::array<std::vector<double>, 3> slope;
    for (std::size_t i = 0; i < size; ++i) {
      auto up = at, down = at;
      const double step = 1e-5 * std::max(1.0, std::abs(at[i]));
      up[i] += step;
      down[i] -= step;
      slope[i] = expected_shares(kind, as_parameters(up), share.size());
      const auto low = expected_shares(kind, as_parameters(down), share.size());
      for (std::size_t k = 0; k < share.size(); ++k) slope[i][k] = (slope[i][k] - low[k]) / (2 * step);
    }
    std::array<std::array<double, 4>, 3> normal{};
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) normal[i][j] = std::inner_product(slope[i].begin(), slope[i].end(), slope[j].begin(), 0.0);
      for (std::size_t k = 0; k < share.size(); ++k) normal[i][size] += slope[i][k] * (share[k] - here[k]);
      normal[i][i] *= 1 + damping;
    }
    std::array<double, 3> move{};
    if (!solve(normal, size, move)) break;
    auto next = at;
    for (std::size_t i = 0; i < size; ++i) next[i] += move[i];
    next[2] = std::clamp(next[2], -50.0, 50.0);
    const double then = squares(kind, as_parameters(next), share);
    if (then < value) {
      const bool still = value - then < 1e-15 * value;
      at = next;
      value = then;
      damping = std::max(damping / 10, 1e-12);
      if (still) break;
    } else {
      damping *= 10;
    }
  }
  return as_parameters(at);
}

double kolmogorov_distance(shape_kind kind, const shape_parameters& p, const shares& share) {
  double below = 0, worst = 0;
  for (std::size_t k = 0; k < share.size(); ++k) {
    below += share[k];
    worst = std::max(worst, std::abs(below - shape_cdf(kind, p, static_cast<double>(k) + 0.5)));
  }
  return worst;
}

/// Layers at both ends, and what the shape puts beyond them, are pooled until 10^-4 is expected there.
double chi_square(shape_kind kind, const shape_parameters& p, const shares& share) {
  constexpr double least = 1e-4;
  auto expected = expected_shares(kind, p, share.size());
  auto got = share;
  expected.front() += shape_cdf(kind, p, -0.5);
  expected.back() += 1 - shape_cdf(kind, p, static_cast<double>(share.size()) - 0.5);
  std::size_t first = 0, last = share.size() - 1;
  for (; first < last && expected[first] < least; ++first) {
    expected[first + 1] += expected[first];
    got[first + 1] += got[first];
  }
  for (; last > first && expected[last] < least; --last) {
    expected[last - 1] += expected[last];
    got[last - 1] += got[last];
  }
  double sum = 0;
  for (std::size_t k = first; k <= last; ++k) sum += (got[k] - expected[k]) * (got[k] - expected[k]) / std::max(expected[k], 1e-12);
  return sum;
}

shape_report moments_of(const shares& share) {
  shape_report out;
  for (std::size_t k = 0; k < share.size(); ++k) out.mean += share[k] * static_cast<double>(k);
  double second = 0, third = 0, fourth = 0;
  for (std::size_t k = 0; k < share.size(); ++k) {
    const double d = static_cast<double>(k) - out.mean;
    second += share[k] * d * d;
    third += share[k] * d * d * d;
    fourth += share[k] * d * d * d * d;
  }
  out.sd = std::sqrt(second);
  out.skewness = third / (second * out.sd);
  out.excess = fourth / (second * second) - 3;
  return out;
}

std::string text_of(const shape_report& report) {
  std::string out = fmt::format("mean {:.3f}, sd {:.3f}, skewness {:.3f}, excess {:.3f}\n", report.mean, report.sd, report.skewness, report.excess);
  for (const auto& f : report.fits) {
    const auto slant = f.kind == shape_kind::skew_normal ? fmt::format(", slant {:.2f}", f.fitted.slant) : std::string();
    out += fmt::format("{:<17} Kolmogorov distance {:.4f}, chi-square {:.4g}, location {:.3f}, scale {:.3f}{}\n", to_string(f.kind), f.kolmogorov, f.chi_square, f.fitted.location,
                       f.fitted.scale, slant);
  }
  return out + fmt::format("nearest: {}\n", to_string(report.best));
}

}  // namespace

std::string_view to_string(shape_kind kind) noexcept {
  switch (kind) {
    case shape_kind::gaussian:
      return "Gaussian";
    case shape_kind::gumbel:
      return "Gumbel";
    case shape_kind::reflected_gumbel:
      return "reflected Gumbel";
    case shape_kind::skew_normal:
      return "skew-normal";
  }
  return "?";
}

double shape_cdf(shape_kind kind, const shape_parameters& p, double x) {
  const double z = (x - p.location) / p.scale;
  switch (kind) {
    case shape_kind::gumbel:
      return std::exp(-std::exp(-z));
    case shape_kind::reflected_gumbel:
      return -std::expm1(-std::exp(z));
    case shape_kind::skew_normal:
      return std::clamp(normal_cdf(z) - 2 * owen_t(z, p.slant), 0.0, 1.0);
    case shape_kind::gaussian:
      break;
  }
  return normal_cdf(z);
}

shape_report fit_shapes(const std::vector<double>& layers) {
  const auto filled = std::count_if(layers.begin(), layers.end(), [](double x) { return x > 0; });
  if (std::any_of(layers.begin(), layers.end(), [](double x) { return !(x >= 0) || std::isinf(x); })) throw domain_error("a layer has a negative number of states, or none that is finite");
  if (filled < 4) throw domain_error(fmt::format("{} layers that are not empty: a shape takes at least 4", filled));
  const double greatest = *std::max_element(layers.begin(), layers.end());  // sums of huge counts stay finite
  shares share;
  double total = 0;
  for (const double x : layers) total += x / greatest;
  for (const double x : layers) share.push_back(x / greatest / total);
  shape_report out = moments_of(share);
  for (const auto kind : {shape_kind::gaussian, shape_kind::gumbel, shape_kind::reflected_gumbel, shape_kind::skew_normal}) {
    shape_fit f;
    f.kind = kind;
    f.parameters = kind == shape_kind::skew_normal ? 3 : 2;
    f.by_moments = from_moments(kind, out);
    f.fitted = least_squares(kind, f.by_moments, share, f.parameters);
    f.kolmogorov_by_moments = kolmogorov_distance(kind, f.by_moments, share);
    f.kolmogorov = kolmogorov_distance(kind, f.fitted, share);
    f.chi_square = chi_square(kind, f.fitted, share);
    f.rms = std::sqrt(squares(kind, f.fitted, share) / static_cast<double>(share.size()));
    out.fits.push_back(f);
  }
  std::stable_sort(out.fits.begin(), out.fits.end(), [](const shape_fit& a, const shape_fit& b) { return a.kolmogorov < b.kolmogorov; });
  const auto two = std::find_if(out.fits.begin(), out.fits.end(), [](const shape_fit& f) { return f.parameters == 2; });
  const auto three = std::find_if(out.fits.begin(), out.fits.end(), [](const shape_fit& f) { return f.parameters == 3; });
  out.best = three->kolmogorov < 0.5 * two->kolmogorov ? three->kind : two->kind;
  out.text = text_of(out);
  return out;
}

}  // namespace cosetta::conjecture
