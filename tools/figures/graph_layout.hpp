// Places for the vertices of a small graph: on circles by their distance, in an order with few crossings. Orders come from barycentre
// passes (Sugiyama, Tagawa and Toda, 1981, here on circles) from several beginnings, then from exchanges and moves within a circle; the
// one with the fewest crossings and edges over vertices stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cosetta::figures {

struct point {
  double x = 0, y = 0;
};

struct circle_layout {
  std::vector<point> places;   // around (0, 0)
  std::vector<double> radii;   // of the circles; the first is 0
  double unit = 1;             // neighbours on a circle are this far apart or farther
  std::size_t crossings = 0;   // of the edges as straight lines
};

/// circle[v] is the number of the circle of v; only vertex 0 is on circle 0, and none is empty. Edges are pairs of different vertices, in
/// any direction; equal ones count once. `radius` is that of the outermost circle, unless the unit would be greater than `greatest_unit`.
circle_layout lay_out(const std::vector<std::uint32_t>& circle, std::vector<std::pair<std::uint32_t, std::uint32_t>> edges, double radius, double greatest_unit);

/// From p to the nearest point of the segment from a to b, which are different.
double segment_distance(const point& p, const point& a, const point& b) noexcept;

}  // namespace cosetta::figures
