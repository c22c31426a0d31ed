#include <kernels/error.hpp>
#include <tools/figures/axis.hpp>
#include <tools/figures/counts.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

using conjecture::shape_kind;

constexpr double limit_height = 420;

/// Mean 0 and deviation 1.
std::optional<conjecture::shape_parameters> standard(shape_kind kind) {
  const double beta = std::sqrt(6.0) / std::numbers::pi;
  switch (kind) {
    case shape_kind::gaussian:
      return conjecture::shape_parameters{0, 1, 0};
    case shape_kind::gumbel:
      return conjecture::shape_parameters{-std::numbers::egamma * beta, beta, 0};
    case shape_kind::reflected_gumbel:
      return conjecture::shape_parameters{std::numbers::egamma * beta, beta, 0};
    case shape_kind::skew_normal:
      break;
  }
  return std::nullopt;
}

struct normal_curve {
  std::vector<std::pair<double, double>> points;  // (deviations from the mean, density); of log scale its logarithm
  std::vector<std::size_t> distances;
  curve_summary summary;
};

normal_curve normalise(const growth_curve& curve, axis_scale scale) {
  normal_curve out{{}, {}, summarise(curve)};
  const auto& s = out.summary;
  if (!curve.complete) throw domain_error(fmt::format("{}: the growth is not complete, and has no shape yet: raise the limits, or leave it out", curve.name));
  if (s.deviation == 0) throw domain_error(fmt::format("{}: all states are at one distance, which has no shape: leave it out", curve.name));
  double total = 0;
  for (const double r : s.relative) total += r;
  const double log_states = log10_of(s.states);
  for (std::size_t k = 0; k < curve.layers.size(); ++k) {
    if (curve.layers[k] == 0 && scale == axis_scale::logarithmic) continue;
    const double density = scale == axis_scale::logarithmic ? log10_of(curve.layers[k]) - log_states + std::log10(s.deviation) : s.relative[k] / total * s.deviation;
    out.points.emplace_back((static_cast<double>(k) - s.mean) / s.deviation, density);
    out.distances.push_back(k);
  }
  return out;
}

/// A few curves have colours of their own; many go from light to dark in their order.
std::string curve_colour(std::size_t i, std::size_t count) {
  if (count <= palette.size()) return std::string(palette[i]);
  const double t = static_cast<double>(i) / static_cast<double>(count - 1);
  const auto mix = [&](double a, double b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(0x9E, 0x00), mix(0xCF, 0x2A), mix(0xEE, 0x50));
}

struct extent {
  double left = -3, right = 3, low = 0, high = 0.5;
};

extent extent_of(const std::vector<normal_curve>& curves, bool logarithmic) {
  extent e;
  if (logarithmic) e.low = 0, e.high = -0.3;
  for (const auto& c : curves) {
    for (const auto& [x, y] : c.points) {
      e.left = std::min(e.left, x), e.right = std::max(e.right, x);
      e.low = std::min(e.low, y), e.high = std::max(e.high, y);
    }
  }
  e.left -= 0.2, e.right += 0.2;
  logarithmic ? (e.low -= 0.3, e.high += 0.3) : (e.high *= 1.06);
  return e;
}

std::string reference(shape_kind kind, const conjecture::shape_parameters& p, const axis& x, const axis& y, bool logarithmic, std::string_view dashes) {
  constexpr double width = 1e-3;
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i <= 480; ++i) {
    const double at = x.low + (x.high - x.low) * i / 480;
    const double log_density = log10_share(kind, p, at, width) - std::log10(width);
    const double value = logarithmic ? log_density : std::pow(10.0, log_density);
    if (value >= y.low && value <= y.high) points.emplace_back(x.place(at), y.place(value));
  }
  return polyline(points, {faint_ink, 2, dashes}, "fit");
}

}  // namespace

std::string limit_shape_figure(std::span<const growth_curve> curves, const caption& text, const growth_style& style) {
  if (curves.empty()) throw domain_error("a picture of limit shapes takes one growth or more");
  if (curves.size() > max_shape_curves) throw domain_error(fmt::format("{} growths in one picture: at most {}: take a smaller range, or a step", curves.size(), max_shape_curves));
  const bool logarithmic = style.scale == axis_scale::logarithmic;
  std::vector<normal_curve> normal;
  for (const auto& curve : curves) normal.push_back(normalise(curve, style.scale));

  picture out(text, fmt::format("Limit shape: {}{}", curves.front().name, curves.size() > 1 ? " to " + curves.back().name : ""));
  out.description = fmt::format("Shares of the distances of {} graphs, with mean 0, deviation 1 and area 1.", curves.size());
  std::vector<legend_entry> entries;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto colour = curve_colour(i, curves.size());
    const auto label = curves.size() <= 8 ? with_minus_signs(fmt::format("{}: mean {:.3f}, sd {:.3f}, skewness {:.3f}", curves[i].name, normal[i].summary.mean, normal[i].summary.deviation, normal[i].summary.skewness))
                                          : curves[i].name;
    entries.push_back({line(-18, 0, 18, 0, {colour, 1}) + mark(i, 0, 0, 4.5, colour, false, "", ""), label});
  }
  std::size_t references = 0;
  std::string lines;
  for (const auto kind : style.shapes) {
    if (!standard(kind)) continue;
    entries.push_back({line(-18, 0, 18, 0, {faint_ink, 2, dash_patterns[references % 4]}), fmt::format("{}, mean 0 and sd 1", to_string(kind))});
    ++references;
  }
  out.body += legend(entries, out.y);
  out.y += 14;
  const auto e = extent_of(normal, logarithmic);
  const auto x = linear_axis(e.left, e.right, plot_left, plot_right, 12);
  const auto y = logarithmic ? logarithmic_axis(e.low, e.high, out.y + limit_height, out.y) : linear_axis(0, e.high, out.y + limit_height, out.y, 8);
  out.body += panel(x, y, "(distance \xE2\x88\x92 mean) / sd", "share \xC3\x97 sd");
  references = 0;
  for (const auto kind : style.shapes) {
    if (const auto p = standard(kind)) out.body += reference(kind, *p, x, y, logarithmic, dash_patterns[references++ % 4]);
  }
  for (std::size_t i = 0; i < normal.size(); ++i) {
    const auto colour = curve_colour(i, normal.size());
    std::vector<std::pair<double, double>> points;
    std::string marks;
    for (std::size_t j = 0; j < normal[i].points.size(); ++j) {
      const auto [px, py] = normal[i].points[j];
      points.emplace_back(x.place(px), y.place(py));
      const auto k = normal[i].distances[j];
      marks += mark(i, points.back().first, points.back().second, curves.size() > 8 ? 2.6 : 3.4, colour, false, fmt::format("{}, distance {}: {} states", curves[i].name, k, curves[i].layers[k].get_str()));
    }
    out.body += polyline(points, {colour, 1}) + "<g class=\"marks\">\n" + marks + "</g>\n";
  }
  out.y += limit_height + axis_height;
  return out.finish();
}

}  // namespace cosetta::figures
