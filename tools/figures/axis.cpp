#include <tools/figures/axis.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

/// The least of 1, 2, 5 times a power of ten that gives no more than `wanted` steps.
double round_step(double span, std::size_t wanted) {
  const double least = span / static_cast<double>(std::max<std::size_t>(wanted, 1));
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string tick_label(double value, double step) {
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  auto out = fmt::format("{:.{}f}", std::abs(value) < step / 1e6 ? 0.0 : value, decimals);
  return with_minus_signs(std::move(out));
}

}  // namespace

axis linear_axis(double low, double high, double from, double to, std::size_t wanted, bool whole) {
  axis out{low, high, from, to, {}};
  double step = round_step(high - low, wanted);
  if (whole) step = std::max(1.0, step);
  const auto first = static_cast<long>(std::ceil(low / step - 1e-9)), last = static_cast<long>(std::floor(high / step + 1e-9));
  for (long i = first; i <= last; ++i) out.ticks.push_back({static_cast<double>(i) * step, tick_label(static_cast<double>(i) * step, step)});
  return out;
}

axis logarithmic_axis(double low, double high, double from, double to) {
  constexpr std::size_t wanted = 8;
  axis out{low, high, from, to, {}};
  const auto step = static_cast<long>(std::max(1.0, round_step(high - low, wanted)));
  const bool few = high - low < 2;
  const auto inside = [&](double v) { return v >= low - 1e-9 && v <= high + 1e-9; };
  for (auto k = static_cast<long>(std::floor(low)); k <= static_cast<long>(std::ceil(high)); ++k) {
    if (k % step == 0 && inside(static_cast<double>(k))) out.ticks.push_back({static_cast<double>(k), power_of_ten(k)});
    if (step > 1) continue;
    for (int i = 2; i <= 9; ++i) {
      const double v = static_cast<double>(k) + std::log10(i);
      if (inside(v)) out.ticks.push_back({v, few && (i == 2 || i == 5) ? fmt::format("{}\xC2\xB7{}", i, power_of_ten(k)) : ""});
    }
  }
  return out;
}

std::string panel(const axis& x, const axis& y, const std::string& x_title, const std::string& y_title) {
  std::string out = "<g class=\"axes\">\n";
  for (const auto& t : y.ticks) {
    const double at = y.place(t.value);
    if (t.label.empty()) {
      out += line(x.from - 3, at, x.from, at, {ink, 1});
      continue;
    }
    out += line(x.from, at, x.to, at, {grid_ink, 1});
    out += line(x.from - 6, at, x.from, at, {ink, 1});
    out += words(x.from - 9, at + 5, t.label, {.anchor = "end", .klass = "tick-y"});
  }
  for (const auto& t : x.ticks) {
    const double at = x.place(t.value);
    if (!x_title.empty()) {
      out += line(at, y.from, at, y.from + 6, {ink, 1});
      out += words(at, y.from + 22, t.label, {.anchor = "middle", .klass = "tick-x"});
    } else {
      out += line(at, y.from, at, y.from + 4, {ink, 1});
    }
  }
  out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{}\"/>\n", number(x.from), number(y.to), number(x.to - x.from), number(y.from - y.to), ink);
  if (!x_title.empty()) out += words((x.from + x.to) / 2, y.from + axis_height, x_title, {.anchor = "middle"});
  if (!y_title.empty()) out += words(24, (y.from + y.to) / 2, y_title, {.anchor = "middle", .turned = -90});
  return out + "</g>\n";
}

}  // namespace cosetta::figures
