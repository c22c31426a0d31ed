#include <kernels/error.hpp>
#include <tools/figures/axis.hpp>
#include <tools/figures/counts.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

using conjecture::shape_kind;

constexpr double growth_height = 380;

struct line_look {
  std::string_view colour, dashes;
};

line_look shape_look(shape_kind kind) {
  switch (kind) {
    case shape_kind::gaussian:
      return {palette[1], dash_patterns[1]};
    case shape_kind::reflected_gumbel:
      return {palette[2], ""};
    case shape_kind::gumbel:
      return {palette[3], dash_patterns[2]};
    case shape_kind::skew_normal:
      return {palette[6], dash_patterns[3]};
  }
  return {ink, ""};
}

std::string parameters_text(const conjecture::shape_fit& f) {
  switch (f.kind) {
    case shape_kind::gaussian:
      return fmt::format("mean {:.3f}, sd {:.3f}", f.fitted.location, f.fitted.scale);
    case shape_kind::skew_normal:
      return fmt::format("\xCE\xBE {:.3f}, \xCF\x89 {:.3f}, \xCE\xB1 {:.2f}", f.fitted.location, f.fitted.scale, f.fitted.slant);
    default:
      return fmt::format("\xCE\xBC {:.3f}, \xCE\xB2 {:.3f}", f.fitted.location, f.fitted.scale);
  }
}

/// Of a growth: where its counts lie on the axis, as logarithms or in units of a power of ten.
struct growth_plot {
  const growth_curve& curve;
  const growth_style& style;
  curve_summary summary;
  std::vector<conjecture::shape_fit> fits;  // in the order of style.shapes
  double greatest_log = 0;                  // of the greatest layer
  long unit = 0;
  axis x, y;

  bool logarithmic() const { return style.scale == axis_scale::logarithmic; }
  /// log10 of a number of states, as the axis has it.
  double on_axis(double log10_states) const { return logarithmic() ? log10_states : std::pow(10.0, log10_states - static_cast<double>(unit)); }
};

std::string moments_text(const curve_summary& s) {
  if (s.deviation == 0) return fmt::format("mean {:.3f}, sd 0", s.mean);
  return fmt::format("mean {:.3f}, sd {:.3f}, skewness {:.3f}", s.mean, s.deviation, s.skewness == 0 ? 0 : s.skewness);
}

growth_plot prepare_growth(const growth_curve& curve, const growth_style& style) {
  growth_plot out{curve, style, summarise(curve), {}, 0, 0, {}, {}};
  const auto filled = std::count_if(out.summary.relative.begin(), out.summary.relative.end(), [](double r) { return r > 0; });
  if (curve.complete && filled >= 4) {
    const auto report = conjecture::fit_shapes(out.summary.relative);
    for (const auto kind : style.shapes) {
      const auto found = std::ranges::find(report.fits, kind, &conjecture::shape_fit::kind);
      if (found != report.fits.end()) out.fits.push_back(*found);
    }
  }
  out.greatest_log = log10_of(*std::max_element(curve.layers.begin(), curve.layers.end()));
  out.unit = out.logarithmic() ? 0 : unit_exponent(out.greatest_log);
  return out;
}

/// log10 of the states that a fit expects at distance x.
double expected_log(const growth_plot& plot, const conjecture::shape_fit& fit, double x) { return log10_share(fit.kind, fit.fitted, x) + log10_of(plot.summary.states); }

void place_growth_axes(growth_plot& plot, double top) {
  const double last = static_cast<double>(plot.curve.layers.size() - 1);
  const double margin = std::max(0.5, last * 0.02);
  plot.x = linear_axis(-margin, last + margin, plot_left, plot_right, 14, true);
  double peak = plot.greatest_log;
  for (const auto& fit : plot.fits) {
    for (double x = 0; x <= last; x += std::max(0.05, last / 400)) peak = std::max(peak, expected_log(plot, fit, x));
  }
  if (plot.logarithmic()) {
    plot.y = logarithmic_axis(-0.15, std::max(1.0, peak) + 0.15 + 0.02 * peak, top + growth_height, top);
  } else {
    plot.y = linear_axis(0, plot.on_axis(peak) * 1.06, top + growth_height, top, 8, plot.unit == 0);
  }
}

std::vector<std::pair<double, double>> curve_of(const growth_plot& plot, const conjecture::shape_fit& fit) {
  std::vector<std::pair<double, double>> points;
  const double step = (plot.x.high - plot.x.low) / 480;
  for (int i = 0; i <= 480; ++i) {
    const double x = plot.x.low + i * step, y = plot.on_axis(expected_log(plot, fit, x));
    if (y >= plot.y.low && y <= plot.y.high) points.emplace_back(plot.x.place(x), plot.y.place(y));
  }
  return points;
}

std::string data_marks(const growth_plot& plot) {
  const auto& layers = plot.curve.layers;
  std::vector<std::pair<double, double>> points;
  std::string marks;
  const double apart = (plot_right - plot_left) / static_cast<double>(layers.size());
  const double radius = std::clamp(apart * 0.3, 1.6, 4.5);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    if (layers[k] == 0 && plot.logarithmic()) continue;
    const double x = plot.x.place(static_cast<double>(k));
    const double y = plot.y.place(layers[k] == 0 ? 0 : plot.on_axis(log10_of(layers[k])));
    points.emplace_back(x, y);
    marks += mark(0, x, y, radius, palette[0], !plot.curve.complete && k + 1 == layers.size(), fmt::format("distance {}: {} states", k, layers[k].get_str()));
  }
  return polyline(points, {palette[0], apart < 12 ? 1.4 : 0.7}) + "<g class=\"marks\">\n" + marks + "</g>\n";
}

std::vector<legend_entry> growth_legend(const growth_plot& plot, bool named) {
  const auto sample_line = [](const line_look& s) { return line(-18, 0, 18, 0, {s.colour, 2, s.dashes}); };
  const auto& s = plot.summary;
  const auto last = plot.curve.layers.size() - 1;
  const std::string where = named ? plot.curve.name + ": " : "", states = count_text(s.states) + (s.states == 1 ? " state" : " states");
  const auto text = plot.curve.complete ? with_minus_signs(fmt::format("{}{}, diameter {}, {}", where, states, last, moments_text(s)))
                                        : fmt::format("{}{} up to distance {}; there may be more", where, states, last);
  std::vector<legend_entry> out{{line(-18, 0, 18, 0, {palette[0], 0.7}) + mark(0, 0, 0, 4.5, palette[0], false, "", ""), text}};
  for (const auto& f : plot.fits) {
    out.push_back({sample_line(shape_look(f.kind)), fmt::format("{}: {}; Kolmogorov distance {:.4f}", to_string(f.kind), with_minus_signs(parameters_text(f)), f.kolmogorov)});
  }
  if (plot.fits.empty() && !plot.style.shapes.empty()) {
    out.push_back({"", plot.curve.complete ? "Fewer than four layers: no shape is fitted." : "Not the whole growth: no shape is fitted."});
  }
  return out;
}

}  // namespace

std::string growth_figure(const growth_curve& curve, const caption& text, const growth_style& style) {
  auto plot = prepare_growth(curve, style);
  picture out(text, curve.name.empty() ? "Sphere sizes" : "Sphere sizes of " + curve.name);
  out.description = fmt::format("Number of states at each distance from the central state{}: {} layers.", plot.logarithmic() ? ", logarithmic" : "", curve.layers.size());
  out.body += legend(growth_legend(plot, !curve.name.empty() && !text.title.empty()), out.y);
  out.y += 12;
  place_growth_axes(plot, out.y);
  const auto unit = plot.unit == 0 ? "" : " (in units of " + power_of_ten(plot.unit) + "<tspan dy=\"" + number(raised) + "\">)</tspan>";
  out.body += panel(plot.x, plot.y, "distance from the central state", "states at this distance" + unit);
  for (const auto& fit : plot.fits) {
    const auto look = shape_look(fit.kind);
    out.body += polyline(curve_of(plot, fit), {look.colour, 2, look.dashes}, "fit");
  }
  out.body += data_marks(plot);
  out.y += growth_height + axis_height;
  return out.finish();
}

}  // namespace cosetta::figures
