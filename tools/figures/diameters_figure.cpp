#include <kernels/error.hpp>
#include <tools/figures/axis.hpp>
#include <tools/figures/counts.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

using conjecture::fit_row;

constexpr double table_height = 330, residual_height = 120, between = 34;

/// The parabola of least squares through the exact rows, or what there is for fewer: coefficients of (n - centre)^i.
struct parabola {
  double centre = 0;
  std::array<double, 3> coefficients{};
  double at(double n) const noexcept { return coefficients[0] + (n - centre) * (coefficients[1] + (n - centre) * coefficients[2]); }
};

std::optional<parabola> least_squares(const std::vector<fit_row>& rows) {
  constexpr std::size_t size = 3, least = 5;  // with fewer, the differences say nothing
  parabola out;
  std::size_t count = 0;
  for (const auto& r : rows) {
    if (r.exact) out.centre += static_cast<double>(r.n), ++count;
  }
  if (count < least) return std::nullopt;
  out.centre /= static_cast<double>(count);
  std::array<std::array<double, size + 1>, size> a{};
  for (const auto& r : rows) {
    if (!r.exact) continue;
    const double t = static_cast<double>(r.n) - out.centre;
    const std::array<double, size> powers{1, t, t * t};
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) a[i][j] += powers[i] * powers[j];
      a[i][size] += powers[i] * r.value.get_d();
    }
  }
  for (std::size_t c = 0; c < size; ++c) {  // positive definite: no pivots needed
    for (std::size_t i = 0; i < size; ++i) {
      if (i == c) continue;
      const double factor = a[i][c] / a[c][c];
      for (std::size_t j = c; j <= size; ++j) a[i][j] -= factor * a[c][j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) out.coefficients[i] = a[i][size] / a[i][i];
  return std::isfinite(out.coefficients[2]) ? std::optional(out) : std::nullopt;
}

struct residual {
  const fit_row* row;
  double value;
};

struct diameter_plot {
  const diameter_table& table;
  std::vector<fit_row> rows;  // by parameter
  bool logarithmic = false;
  std::size_t period = 1;
  std::vector<fit_row> formula;     // its values
  std::optional<parabola> smooth;   // where there is no formula
  std::vector<residual> residuals;
  long unit = 0, residual_unit = 0;
  axis x, y, below;

  double on_axis(const mpz_class& value) const { return logarithmic ? log10_of(value) : scaled(value, unit); }
  std::size_t residue(long n) const { return static_cast<std::size_t>(((n % static_cast<long>(period)) + static_cast<long>(period)) % static_cast<long>(period)); }
};

void find_residuals(diameter_plot& p) {
  std::map<long, const mpz_class*> said;
  for (const auto& v : p.formula) said[v.n] = &v.value;
  for (const auto& row : p.rows) {
    if (p.table.formula) {
      if (const auto at = said.find(row.n); at != said.end()) p.residuals.push_back({&row, mpz_class(row.value - *at->second).get_d()});
    } else if (p.smooth) {
      p.residuals.push_back({&row, row.value.get_d() - p.smooth->at(static_cast<double>(row.n))});
    }
  }
}

diameter_plot prepare_table(const diameter_table& table, axis_scale scale) {
  if (table.rows.empty()) throw domain_error(fmt::format("no values of {}: there is nothing to draw", table.measure));
  diameter_plot p{table, table.rows, scale == axis_scale::logarithmic, 1, {}, {}, {}, 0, 0, {}, {}, {}};
  std::ranges::sort(p.rows, {}, &fit_row::n);
  for (std::size_t i = 0; i < p.rows.size(); ++i) {
    if (i > 0 && p.rows[i].n == p.rows[i - 1].n) throw domain_error(fmt::format("two rows have {} = {}: one value for each", table.parameter, p.rows[i].n));
    if (p.logarithmic && p.rows[i].value <= 0) throw domain_error(fmt::format("{} = {} has the value {}, which has no place on a logarithmic axis", table.parameter, p.rows[i].n, p.rows[i].value.get_str()));
  }
  p.period = table.period != 0 ? table.period : table.formula ? std::max<std::size_t>(table.formula->period, 1) : 1;
  if (table.formula) p.formula = formula_values(*table.formula, p.rows);
  if (p.logarithmic) std::erase_if(p.formula, [](const fit_row& v) { return v.value <= 0; });
  if (!table.formula && !p.logarithmic) p.smooth = least_squares(p.rows);
  find_residuals(p);
  return p;
}

void place_table_axes(diameter_plot& p, double top) {
  double low = p.on_axis(p.rows.front().value), high = low;
  const auto take = [&](double v) { low = std::min(low, v), high = std::max(high, v); };
  for (const auto& r : p.rows) take(p.on_axis(r.value));
  for (const auto& v : p.formula) take(p.on_axis(v.value));
  const double bottom = top + table_height;
  if (p.logarithmic) {
    const double margin = std::max(0.15, 0.03 * (high - low));
    p.y = logarithmic_axis(low - margin, high + margin, bottom, top);
  } else {
    if (low >= 0 && low <= 0.6 * high) low = 0;
    const double margin = high > low ? 0.06 * (high - low) : 1;
    p.y = linear_axis(low == 0 ? 0 : low - margin, high + margin, bottom, top, 8, p.unit == 0);
  }
  const double first = static_cast<double>(p.rows.front().n), last = static_cast<double>(p.rows.back().n);
  const double margin = std::max(0.5, 0.03 * (last - first));
  p.x = linear_axis(first - margin, last + margin, plot_left, plot_right, 14, true);
  if (p.residuals.empty()) return;
  double most = 0, least = 0;
  for (const auto& r : p.residuals) least = std::min(least, r.value), most = std::max(most, r.value);
  p.residual_unit = most - least > 0 ? unit_exponent(std::log10(std::max(most, -least))) : 0;
  const double unit = std::pow(10.0, static_cast<double>(p.residual_unit));
  least /= unit, most /= unit;
  const bool whole = p.table.formula.has_value() && p.residual_unit == 0;
  const double room = std::max({0.15 * (most - least), whole ? 0.6 : 1e-3, most == least ? 1.0 : 0.0});
  p.below = linear_axis(least - room, most + room, bottom + between + residual_height, bottom + between, 4, whole);
}

/// What a class of the parameter looks like.
struct class_look {
  std::size_t shape;
  std::string_view colour;
};
class_look class_look_of(std::size_t residue) { return {residue, palette[residue % palette.size()]}; }

constexpr std::size_t upwards = 2, downwards = 4;  // of the mark shapes

/// Of a row: a bound points to where the value may be.
class_look look_of(const diameter_plot& p, const fit_row& r) {
  auto out = class_look_of(p.residue(r.n));
  if (!r.exact) out.shape = r.upper ? downwards : upwards;
  return out;
}

/// Long recurrences end with a whole term.
std::string shortened_formula(const std::string& text) {
  constexpr std::size_t most = 150;
  if (text.size() <= most) return text;
  const auto comma = text.rfind(", ", most);
  const auto sum = std::max(text.rfind(" + ", most) + 1, text.rfind(" - ", most) + 1);  // 0 where there is none
  if (comma != std::string::npos) return text.substr(0, comma) + ", ...";
  return sum > 1 ? text.substr(0, sum + 1) + " ..." : text.substr(0, most) + " ...";
}

/// As much as fits beside the panel.
std::string shortened(const std::string& measure) {
  const auto lines = wrapped(measure, text_size, table_height - 40, 1);
  return lines.empty() ? "" : lines.front();
}

std::string unit_markup(long unit) { return unit == 0 ? "" : " / " + power_of_ten(unit); }

std::string marks_of(const diameter_plot& p) {
  std::string out = "<g class=\"marks\">\n";
  for (const auto& r : p.rows) {
    const auto look = look_of(p, r);
    out += mark(look.shape, p.x.place(static_cast<double>(r.n)), p.y.place(p.on_axis(r.value)), 5, look.colour, !r.exact,
                fmt::format("{} = {}: {}{}", p.table.parameter, r.n, r.exact ? "" : r.upper ? "<= " : ">= ", r.value.get_str()));
  }
  return out + "</g>\n";
}

std::string residual_panel(const diameter_plot& p) {
  auto out = panel(p.x, p.below, escape(p.table.parameter), "difference" + unit_markup(p.residual_unit));
  out += line(p.x.from, p.below.place(0), p.x.to, p.below.place(0), {faint_ink, 1.5, p.table.formula ? "" : dash_patterns[1]});
  out += "<g class=\"residuals\">\n";
  const double unit = std::pow(10.0, static_cast<double>(p.residual_unit));
  for (const auto& r : p.residuals) {
    const auto look = look_of(p, *r.row);
    out += mark(look.shape, p.x.place(static_cast<double>(r.row->n)), p.below.place(r.value / unit), 4.5, look.colour, !r.row->exact,
                fmt::format("{} = {}: difference {:.6g}", p.table.parameter, r.row->n, r.value), "residual");
  }
  return out + "</g>\n";
}

std::vector<legend_entry> table_legend(const diameter_plot& p) {
  std::vector<legend_entry> out;
  const auto& name = p.table.parameter;
  if (p.table.formula) {
    const auto& f = *p.table.formula;
    out.push_back({line(-18, 0, 18, 0, {faint_ink, 1.5}), fmt::format("{}, for {} >= {}; {}, {} more {} held out and agree{}", shortened_formula(f.text), name, f.from, f.fixed_by == 1 ? std::string("1 point fixes it") : fmt::format("{} points fix it", f.fixed_by),
                                                                         f.held_out, f.held_out == 1 ? "was" : "were", f.held_out == 1 ? "s" : "")});
  } else if (p.smooth) {
    out.push_back({line(-18, 0, 18, 0, {faint_ink, 1.5, dash_patterns[1]}), "parabola of least squares (no formula)"});
  }
  for (std::size_t c = 0; c < p.period; ++c) {
    const auto here = [&](const fit_row& r) { return r.exact && p.residue(r.n) == c; };
    if (std::ranges::none_of(p.rows, here)) continue;
    const auto look = class_look_of(c);
    const auto which = p.period == 1 ? p.table.measure + ", proven" : p.period == 2 ? fmt::format("{} {}", name, c == 0 ? "even" : "odd") : fmt::format("{} = {} mod {}", name, c, p.period);
    out.push_back({mark(look.shape, 0, 0, 5, look.colour, false, "", ""), which});
  }
  for (const bool upper : {false, true}) {
    if (std::ranges::none_of(p.rows, [&](const fit_row& r) { return !r.exact && r.upper == upper; })) continue;
    const auto colour = p.period == 1 ? class_look_of(0).colour : ink;
    out.push_back({mark(upper ? downwards : upwards, 0, 0, 5, colour, true, "", ""), fmt::format("{} bound, not fitted: the value is at {} this", upper ? "upper" : "lower", upper ? "most" : "least")});
  }
  return out;
}

}  // namespace

bool has_differences(const diameter_table& table, axis_scale scale) { return !prepare_table(table, scale).residuals.empty(); }

std::string diameters_figure(const diameter_table& table, const caption& text, axis_scale scale) {
  auto p = prepare_table(table, scale);
  picture out(text, fmt::format("{} against {}", table.measure, table.parameter));
  out.description = fmt::format("{} values of {} along {}{}.", p.rows.size(), table.measure, table.parameter, table.formula ? ", with the formula " + table.formula->text : "");
  out.body += legend(table_legend(p), out.y);
  out.y += 12;
  if (!p.logarithmic) p.unit = unit_exponent(std::ranges::max(p.rows, {}, &fit_row::value).value);
  place_table_axes(p, out.y);
  const bool two = !p.residuals.empty();
  out.body += panel(p.x, p.y, two ? "" : escape(table.parameter), escape(shortened(table.measure)) + unit_markup(p.unit));
  std::vector<std::pair<double, double>> points;
  for (const auto& v : p.formula) points.emplace_back(p.x.place(static_cast<double>(v.n)), p.y.place(p.on_axis(v.value)));
  if (p.smooth) {
    for (int i = 0; i <= 200; ++i) {
      const double n = p.x.low + (p.x.high - p.x.low) * i / 200, v = p.smooth->at(n) / std::pow(10.0, static_cast<double>(p.unit));
      if (v >= p.y.low && v <= p.y.high) points.emplace_back(p.x.place(n), p.y.place(v));
    }
  }
  out.body += polyline(points, {faint_ink, 1.5, table.formula ? "" : dash_patterns[1]}, "fit");
  out.body += marks_of(p);
  out.y += table_height + axis_height;
  if (two) {
    out.body += residual_panel(p);
    out.y += between + residual_height;
  }
  return out.finish();
}

}  // namespace cosetta::figures
