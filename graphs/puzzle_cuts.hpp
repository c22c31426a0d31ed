// The puzzles that puzzle_geometry cuts, as data: a solid and the planes that cut it. Internal to graphs/.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace cosetta::graphs {

// `count` distances first, first + step, ... of planes perpendicular to each normal of a family:
// 'f' faces, 'v' vertices, 'e' edge midpoints.
struct cut_rule {
  char family = 'f';
  double first = 0;
  double step = 0;
  int count = 0;
};

struct puzzle_cuts {
  std::string_view name;
  char shape;  // initial of tetrahedron, cube, octahedron, dodecahedron, icosahedron
  std::array<cut_rule, 3> cuts;
  std::string_view remark = {};
};

inline constexpr double astrominx_depth = 0.18759247408507987;  // sqrt((5 - 2 sqrt(5)) / 15): through the face centres
inline constexpr double redicosa_depth = 0.79465447229176611;   // sqrt((5 + 2 sqrt(5)) / 15): through the face centres

/// Sorted by name.
std::span<const puzzle_cuts> puzzle_table() noexcept;

}  // namespace cosetta::graphs
