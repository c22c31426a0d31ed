// Axes with ticks at round numbers: linear ones, and logarithmic ones, whose values are given as decimal logarithms, so that counts of
// any size have a place.
#pragma once

#include <tools/figures/svg.hpp>

#include <string>
#include <vector>

namespace cosetta::figures {

inline constexpr double plot_left = 104, plot_right = 776;  // of every panel
inline constexpr double axis_height = 42;                   // below a panel, for labels and title

struct tick {
  double value = 0;
  std::string label;  // markup; empty: a minor tick
};

struct axis {
  double low = 0, high = 1;      // values at the ends
  double from = 0, to = 1;       // their pixels
  std::vector<tick> ticks;       // all within the ends

  double place(double value) const noexcept { return from + (value - low) / (high - low) * (to - from); }
};

/// The ends are taken as they are; some `wanted` ticks, at integers only where `whole`.
axis linear_axis(double low, double high, double from, double to, std::size_t wanted, bool whole = false);
/// Powers of ten; between them minor ticks where each power has its label, with labels 2 and 5 where there are few powers.
axis logarithmic_axis(double low, double high, double from, double to);

/// Lines of a grid, the ticks and their labels, the frame and the titles, for a panel with y.to above y.from. Titles are markup.
std::string panel(const axis& x, const axis& y, const std::string& x_title, const std::string& y_title);

}  // namespace cosetta::figures
