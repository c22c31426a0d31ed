// Which shape a growth has: the distribution of the distance of a random state, as layers give it, against distributions that papers
// compare it with. A distance k stands for the interval from k - 1/2 to k + 1/2, so a shape with distribution function F gives it
// F(k + 1/2) - F(k - 1/2). Each shape is fitted by moments and then by least squares on the shares of the layers (Levenberg and
// Marquardt); figures say how far it is off. Gumbel's is the limit of maxima, F(x) = exp(-exp(-(x - mu) / beta)), skewed to the
// right by 1.14; reflected, 1 - exp(-exp((x - mu) / beta)), to the left. The skew-normal one is Azzalini's (1985), with Owen's T.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

enum class shape_kind { gaussian, gumbel, reflected_gumbel, skew_normal };

std::string_view to_string(shape_kind kind) noexcept;

struct shape_parameters {
  double location = 0;  // mean, mu, or xi of the skew-normal
  double scale = 1;     // sd, beta, or omega
  double slant = 0;     // alpha of the skew-normal
};

/// The distribution function.
double shape_cdf(shape_kind kind, const shape_parameters& p, double x);

struct shape_fit {
  shape_kind kind = shape_kind::gaussian;
  shape_parameters by_moments, fitted;
  double kolmogorov_by_moments = 1;  // greatest difference of the distribution functions at k + 1/2
  double kolmogorov = 1;             // of the fit by least squares
  double chi_square = 0;             // sum of (share - expected)^2 / expected; layers with less than 10^-4 expected are taken together at each end
  double rms = 0;                    // root of the mean square of share - expected
  std::size_t parameters = 2;
};

struct shape_report {
  double mean = 0, sd = 0, skewness = 0, excess = 0;  // of the distances
  std::vector<shape_fit> fits;                        // the least Kolmogorov distance first
  /// The two-parameter shape with the least Kolmogorov distance; the skew-normal one only where its distance is less than half of that.
  shape_kind best = shape_kind::gaussian;
  std::string text;  // a line for each, and the verdict
};

/// layers[k] is the number of states at distance k. Throws domain_error for less than four layers that are not empty, or negative ones.
shape_report fit_shapes(const std::vector<double>& layers);

}  // namespace cosetta::conjecture
