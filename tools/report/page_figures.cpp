// The pictures of a page: what tools/figures draws, and a histogram.
#include <kernels/error.hpp>
#include <tools/figures/axis.hpp>
#include <tools/figures/figures.hpp>
#include <tools/report/markup.hpp>
#include <tools/report/page_parts.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::report {

namespace {

/// A row with spheres that a figure can take.
const conjecture::graph_row* grown(const sweep_report& r, std::size_t graph) {
  const auto& g = r.graphs[graph].graph;
  return g.layers.size() >= 2 ? &g : nullptr;
}

std::string growth_figures(const report_table& t, const sweep_report& r, const page_source& source, const std::string& id) {
  std::vector<figures::growth_curve> complete;
  std::size_t with_layers = 0;
  for (const auto i : t.table.graphs) {
    const auto* g = grown(r, i);
    if (g == nullptr) continue;
    ++with_layers;
    if (g->status == search::status::exact && g->layers.size() >= 4) complete.push_back(figures::make_curve(r.graphs[i].member.label, g->layers));
  }
  if (with_layers == 0) return "<p>No growth curves: the sweep did not keep the sphere sizes (<code>\"measures\": [\"growth\"]</code> in its specification does).</p>\n";
  if (complete.empty()) return "<p>No growth curves: no growth with four spheres or more is complete.</p>\n";
  if (complete.size() > figures::max_shape_curves) complete.erase(complete.begin(), complete.end() - static_cast<std::ptrdiff_t>(figures::max_shape_curves));
  const auto& last = complete.back();
  const std::string name = html_escaped(last.name);
  std::string out = figure_html(figures::growth_figure(last, {"", source.command, id + "growth"}), fmt::format("Sphere sizes of {}, the last growth of the table that is complete.", name));
  out += figure_html(figures::growth_figure(last, {"", source.command, id + "growthlog"}, {.scale = figures::axis_scale::logarithmic}), "The same on a logarithmic scale.");
  out += figure_html(figures::limit_shape_figure(complete, {fmt::format("Limit shape of {}", t.table.name), source.command, id + "shape"}),
                     fmt::format("{} of the table, each moved and scaled to mean 0 and deviation 1.", plural(complete.size(), "growth")));
  return out;
}

/// Numbers that grow as factorials do are read on a logarithmic scale.
figures::axis_scale scale_of(const std::vector<conjecture::fit_row>& rows) {
  const auto [low, high] = std::ranges::minmax(rows, {}, &conjecture::fit_row::value);
  return low.value > 0 && high.value > 1000 * low.value ? figures::axis_scale::logarithmic : figures::axis_scale::linear;
}

constexpr double bars_height = 300, bars_left = 96, bars_right = 776;

std::string rectangle(double x, double y, double width, double height, bool open, const std::string& says) {
  const auto look = open ? fmt::format("fill=\"#ffffff\" stroke=\"{}\"", figures::palette[0]) : fmt::format("fill=\"{}\"", figures::palette[0]);
  return fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}><title>{}</title></rect>\n", figures::number(x), figures::number(y), figures::number(width),
                     figures::number(height), look, figures::escape(says));
}

/// Values along the axis; those that lie far apart side by side, with their names.
figures::axis values_axis(const distribution& d, bool side_by_side) {
  constexpr std::size_t named = 16;
  if (!side_by_side) return figures::linear_axis(d.values.begin()->first.get_d() - 0.75, d.values.rbegin()->first.get_d() + 0.75, bars_left, bars_right, 14, true);
  figures::axis out{-0.75, static_cast<double>(d.values.size()) - 0.25, bars_left, bars_right, {}};
  const auto every = (d.values.size() + named - 1) / named;
  std::size_t i = 0;
  for (const auto& [value, here] : d.values) {
    const auto text = value.get_str();
    constexpr std::size_t widest = 8;
    if (i % every == 0) out.ticks.push_back({static_cast<double>(i), text.size() <= widest ? text : fmt::format("{:.1e}", value.get_d())});
    ++i;
  }
  return out;
}

}  // namespace

std::string figures_html(const report_table& t, const sweep_report& r, const page_source& source, const std::string& id) {
  try {
    figures::diameter_table rows;
    rows.parameter = t.table.along;
    rows.measure = measure_words(r.measure);
    rows.rows = t.table.rows;
    if (t.formula() != nullptr) rows.formula = *t.formula();
    const auto title = fmt::format("{} of {}", capitalized(rows.measure), t.table.name);
    const auto scale = scale_of(t.table.rows);
    const auto left = !figures::has_differences(rows, scale) ? std::string() : fmt::format(", and what is left when {} is taken away", rows.formula ? "the formula" : "the parabola of least squares");
    std::string out = figure_html(figures::diameters_figure(rows, {title, source.command, id + "values"}, scale),
                                  fmt::format("{} of {} along {}{}.{}", html_escaped(capitalized(rows.measure)), html_escaped(t.table.name), html_escaped(t.table.along), left,
                                              t.proven() < t.table.rows.size() ? " Open triangles are lower bounds." : ""));
    return out + growth_figures(t, r, source, id);
  } catch (const domain_error& e) {
    return fmt::format("<p>No picture: {}.</p>\n", html_escaped(e.what()));
  }
}

std::string distribution_figure(const distribution& d, const sweep_report& r, const page_source& source, const std::string& id) {
  constexpr double widest_range = 200;
  const auto words = measure_words(r.measure);
  const bool side_by_side = d.values.rbegin()->first.get_d() - d.values.begin()->first.get_d() > widest_range;
  figures::picture out({fmt::format("{} of {} on {}", capitalized(words), plural(d.graphs - d.unknown, "graph"), plural(d.degree, "point")), source.command, id + "bars"}, "");
  out.description = fmt::format("A bar for each value of the {}, as high as the number of graphs that have it.", words);
  std::size_t most = 1;
  for (const auto& [value, here] : d.values) most = std::max(most, here.proven + here.bounds);
  const double top = out.y + 8;
  const auto x = values_axis(d, side_by_side);
  const auto y = figures::linear_axis(0, 1.06 * static_cast<double>(most), top + bars_height, top, 7, true);
  out.body += figures::panel(x, y, figures::escape(words), "graphs");
  const double width = std::max(1.0, 0.8 * (x.place(1) - x.place(0)));
  std::size_t number = 0;
  for (const auto& [value, here] : d.values) {
    const double at = x.place(side_by_side ? static_cast<double>(number) : value.get_d()) - width / 2;
    const double proven = y.place(static_cast<double>(here.proven)), all = y.place(static_cast<double>(here.proven + here.bounds));
    const auto says = [&](std::size_t count, const char* what) { return fmt::format("{} {}{}: {}", words, what, value.get_str(), plural(count, "graph")); };
    if (here.proven > 0) out.body += rectangle(at, proven, width, y.place(0) - proven, false, says(here.proven, ""));
    if (here.bounds > 0) out.body += rectangle(at, all, width, proven - all, true, says(here.bounds, "at least "));
    ++number;
  }
  out.y = top + bars_height + 56;
  return out.finish();
}

}  // namespace cosetta::report
