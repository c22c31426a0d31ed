#include <graphs/puzzle_cuts.hpp>
#include <graphs/puzzle_geometry.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace cosetta::graphs {
namespace {

// ------------------------------------------------------------------------------------------------------ geometry

// Far above rounding (about 1e-15 a step), far below the distance of distinct points (about 1e-3).
constexpr double tolerance = 1e-9;

struct point {
  double x = 0;
  double y = 0;
  double z = 0;
};

point operator+(point a, point b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
point operator-(point a, point b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
point operator-(point a) {
  return {-a.x, -a.y, -a.z};
}
point operator*(double s, point a) {
  return {s * a.x, s * a.y, s * a.z};
}
double dot(point a, point b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
point cross(point a, point b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double length(point a) {
  return std::sqrt(dot(a, a));
}
point unit(point a) {
  return (1 / length(a)) * a;
}
bool same(point a, point b) {
  return length(a - b) < tolerance;
}

// Rodrigues' formula; counter-clockwise as seen from the tip of the unit vector `direction`.
point rotated(point p, point direction, double angle) {
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return c * p + s * cross(direction, p) + (1 - c) * dot(direction, p) * direction;
}

point spherical(double height, double turns) {
  const double radius = std::sqrt(1 - height * height);
  const double angle = 2 * std::numbers::pi * turns;
  return {radius * std::cos(angle), radius * std::sin(angle), height};
}

using polygon = std::vector<point>;  // convex, corners in cyclic order

point centroid(const polygon& cell) {
  const point sum = std::accumulate(cell.begin(), cell.end(), point{});
  return (1.0 / static_cast<double>(cell.size())) * sum;
}

// The parts of a convex cell above and below the plane dot(normal, x) = distance; an empty one where there is none.
// A corner on the plane belongs to both, so a plane that only touches the cell leaves it whole.
std::pair<polygon, polygon> split(const polygon& cell, point normal, double distance) {
  polygon above, below;
  bool has_above = false;
  bool has_below = false;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const point a = cell[i];
    const point b = cell[(i + 1) % cell.size()];
    const double height_a = dot(normal, a) - distance;
    const double height_b = dot(normal, b) - distance;
    if (height_a > -tolerance) above.push_back(a);
    if (height_a < tolerance) below.push_back(a);
    has_above = has_above || height_a > tolerance;
    has_below = has_below || height_a < -tolerance;
    if (std::abs(height_a) > tolerance && std::abs(height_b) > tolerance && height_a * height_b < 0) {
      const point crossing = a + (height_a / (height_a - height_b)) * (b - a);
      above.push_back(crossing);
      below.push_back(crossing);
    }
  }
  if (!has_above) above.clear();
  if (!has_below) below.clear();
  return {std::move(above), std::move(below)};
}

// ---------------------------------------------------------------------------------------------------- the solids

struct grip {
  char family;
  point direction;
  std::string name;
};

struct solid {
  std::vector<point> normals;      // of the faces, all at distance 1
  std::vector<std::string> names;  // of the faces
  std::vector<polygon> faces;
  std::vector<grip> grips;
};

// Faces in opposite pairs: the given normal, then its negative.
void add_pairs(solid& body, const std::vector<point>& normals, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < normals.size(); ++i) {
    body.normals.push_back(unit(normals[i]));
    body.normals.push_back(unit(-normals[i]));
  }
  body.names = names;
}

std::vector<point> ring(double height, double first_turn) {
  std::vector<point> result;
  for (int i = 0; i < 5; ++i) result.push_back(spherical(height, first_turn + i / 5.0));
  return result;
}

std::vector<point> icosahedron_normals() {
  std::vector<point> normals = ring(redicosa_depth, 0.1);
  const std::vector<point> second = ring(astrominx_depth, 0.1);
  normals.insert(normals.end(), second.begin(), second.end());
  return normals;
}

// Names of faces: the cube's are Singmaster's; the octahedron's, the dodecahedron's and the tetrahedron's those in use
// for the FTO (a vertex in front), the megaminx (F in front of U) and the pyraminx.
solid face_planes(char shape) {
  solid body;
  if (shape == 't') {
    const double height = -1.0 / 3;
    body.normals = {{0, 0, -1}, spherical(-height, 0), spherical(-height, 1.0 / 3), spherical(-height, 2.0 / 3)};
    body.names = {"D", "F", "BR", "BL"};
  } else if (shape == 'c') {
    add_pairs(body, {{0, 0, 1}, {1, 0, 0}, {0, -1, 0}}, {"U", "D", "F", "B", "L", "R"});
  } else if (shape == 'o') {
    add_pairs(body, {{1, -1, 1}, {1, 1, -1}, {1, -1, -1}, {1, 1, 1}}, {"U", "D", "F", "B", "L", "BR", "R", "BL"});
  } else if (shape == 'd') {
    std::vector<point> upper = ring(1 / std::sqrt(5.0), 0);
    upper.insert(upper.begin(), point{0, 0, 1});
    add_pairs(body, upper, {"U", "D", "F", "B", "R", "DL", "BR", "FL", "BL", "FR", "L", "DR"});
  } else {
    std::vector<std::string> letters;
    for (char letter = 'A'; letter < 'U'; ++letter) letters.emplace_back(1, letter);
    add_pairs(body, icosahedron_normals(), letters);
  }
  return body;
}

// Each face is a large square in its plane, trimmed by the planes of the other faces.
polygon trimmed_face(const solid& body, std::size_t face) {
  const point normal = body.normals[face];
  const point helper = std::abs(normal.x) < 0.5 ? point{1, 0, 0} : point{0, 1, 0};
  const point u = 100 * unit(cross(normal, helper));
  const point v = cross(normal, u);
  polygon cell = {normal + u + v, normal - u + v, normal - u - v, normal + u - v};
  for (std::size_t other = 0; other < body.normals.size(); ++other)
    if (other != face) cell = split(cell, body.normals[other], 1).second;
  return cell;
}

// U_F_R where the faces' names have several letters, UFR otherwise.
std::string joined_names(const solid& body, point touched) {
  const bool plain = std::all_of(body.names.begin(), body.names.end(), [](const auto& n) { return n.size() == 1; });
  std::string result;
  for (std::size_t f = 0; f < body.normals.size(); ++f) {
    if (std::abs(dot(body.normals[f], touched) - 1) > tolerance) continue;
    if (!plain && !result.empty()) result += '_';
    result += body.names[f];
  }
  return result;
}

// The grip at a point of the surface; a tetrahedron's vertices are called by the places that the faces leave free.
void add_grip(solid& body, char family, point touched) {
  const point direction = unit(touched);
  for (const grip& g : body.grips)
    if (g.family == family && same(g.direction, direction)) return;
  std::string name = joined_names(body, touched);
  if (body.normals.size() == 4 && family == 'v') {
    constexpr std::array<std::string_view, 4> places = {"U", "B", "L", "R"};  // opposite D, F, BR, BL
    for (std::size_t f = 0; f < 4; ++f)
      if (same(direction, -body.normals[f])) name = places[f];
  }
  body.grips.push_back({family, direction, std::move(name)});
}

solid make_solid(char shape) {
  solid body = face_planes(shape);
  for (std::size_t f = 0; f < body.normals.size(); ++f) {
    body.faces.push_back(trimmed_face(body, f));
    add_grip(body, 'f', body.normals[f]);
  }
  for (const polygon& face : body.faces)
    for (const point& corner : face) add_grip(body, 'v', corner);
  for (const polygon& face : body.faces)
    for (std::size_t i = 0; i < face.size(); ++i) add_grip(body, 'e', 0.5 * (face[i] + face[(i + 1) % face.size()]));
  return body;
}

// ------------------------------------------------------------------------------------------------- axes and slabs

struct axis {
  point direction;
  std::string near_name, far_name;  // of the grips at the tips of direction and -direction
  int order = 0;                    // of the smallest rotation that keeps the solid
  std::vector<double> offsets;      // of the planes, in decreasing order

  // 0 for the outermost slab at the tip of direction.
  std::size_t slab_of(point p) const {
    const double height = dot(p, direction);
    return static_cast<std::size_t>(
        std::count_if(offsets.begin(), offsets.end(), [height](double offset) { return height < offset; }));
  }
};

int rotation_order(const solid& body, point direction) {
  for (int order = 5; order > 1; --order) {
    const auto stays = [&](point n) {
      const point image = rotated(n, direction, 2 * std::numbers::pi / order);
      return std::any_of(body.normals.begin(), body.normals.end(), [&](point m) { return same(m, image); });
    };
    if (std::all_of(body.normals.begin(), body.normals.end(), stays)) return order;
  }
  throw std::logic_error("puzzle_geometry: an axis without a rotation");
}

std::string grip_name(const solid& body, point direction) {
  for (const grip& g : body.grips)
    if (same(g.direction, direction)) return g.name;
  throw std::logic_error("puzzle_geometry: an axis without a grip");
}

void add_planes(axis& target, double sign, const cut_rule& rule) {
  for (int i = 0; i < rule.count; ++i) {
    const double offset = sign * (rule.first + i * rule.step);
    const auto known = [offset](double other) { return std::abs(offset - other) < tolerance; };
    if (std::none_of(target.offsets.begin(), target.offsets.end(), known)) target.offsets.push_back(offset);
  }
}

// Opposite grips share an axis and its planes: one rule gives an axis the planes of both.
std::vector<axis> make_axes(const solid& body, const puzzle_cuts& row) {
  std::vector<axis> axes;
  for (const cut_rule& rule : row.cuts) {
    for (const grip& g : body.grips) {
      if (rule.count == 0 || g.family != rule.family) continue;
      const auto parallel = [&g](const axis& a) { return length(cross(a.direction, g.direction)) < tolerance; };
      auto found = std::find_if(axes.begin(), axes.end(), parallel);
      if (found == axes.end()) {
        axes.push_back({g.direction, g.name, grip_name(body, -g.direction), rotation_order(body, g.direction), {}});
        found = std::prev(axes.end());
      }
      add_planes(*found, dot(found->direction, g.direction), rule);
    }
  }
  for (axis& a : axes) std::sort(a.offsets.begin(), a.offsets.end(), std::greater<>());
  return axes;
}

// ------------------------------------------------------------------------------------------------------- stickers

struct sticker {
  point centre;
  std::uint32_t face;
  std::vector<std::size_t> slabs;  // one for each axis; equal for the stickers of one piece, which is convex
};

std::vector<polygon> cut_face(const polygon& face, const std::vector<axis>& axes) {
  std::vector<polygon> cells = {face};
  for (const axis& a : axes) {
    for (const double offset : a.offsets) {
      std::vector<polygon> next;
      for (const polygon& cell : cells) {
        auto [above, below] = split(cell, a.direction, offset);
        if (!above.empty()) next.push_back(std::move(above));
        if (!below.empty()) next.push_back(std::move(below));
      }
      cells = std::move(next);
    }
  }
  return cells;
}

std::vector<sticker> make_stickers(const solid& body, const std::vector<axis>& axes) {
  std::vector<sticker> stickers;
  for (std::size_t f = 0; f < body.faces.size(); ++f) {
    for (const polygon& cell : cut_face(body.faces[f], axes)) {
      sticker s{centroid(cell), static_cast<std::uint32_t>(f), {}};
      for (const axis& a : axes) s.slabs.push_back(a.slab_of(s.centre));
      stickers.push_back(std::move(s));
    }
  }
  return stickers;
}

// Finds a sticker by its centre: sorted along a direction in which distinct centres have distinct heights, mostly.
class sticker_index {
 public:
  explicit sticker_index(const std::vector<sticker>& stickers) : stickers_(stickers) {
    for (std::size_t i = 0; i < stickers.size(); ++i)
      by_height_.emplace_back(dot(skew, stickers[i].centre), static_cast<std::uint32_t>(i));
    std::sort(by_height_.begin(), by_height_.end());
  }

  std::uint32_t at(point centre) const {
    const double height = dot(skew, centre);
    const std::pair lowest{height - 2 * tolerance, std::uint32_t{0}};
    auto it = std::lower_bound(by_height_.begin(), by_height_.end(), lowest);
    for (; it != by_height_.end() && it->first < height + 2 * tolerance; ++it)
      if (same(stickers_[it->second].centre, centre)) return it->second;
    throw std::logic_error("puzzle_geometry: a turn carries a sticker to where there is none");
  }

 private:
  static constexpr point skew = {0.8190170, 0.4643819, 0.3369742};  // near unit length, along no symmetry

  const std::vector<sticker>& stickers_;
  std::vector<std::pair<double, std::uint32_t>> by_height_;
};

// ---------------------------------------------------------------------------------------------------------- moves

using image_array = std::vector<std::uint32_t>;

void require_bijection(const image_array& move) {
  std::vector<bool> hit(move.size(), false);
  for (const std::uint32_t image : move) {
    if (image >= move.size() || hit[image]) throw std::logic_error("puzzle_geometry: a turn is not a bijection");
    hit[image] = true;
  }
}

// The whole puzzle, clockwise as seen from the tip of the axis.
image_array whole_turn(const std::vector<sticker>& stickers, const sticker_index& index, const axis& a) {
  image_array images;
  for (const sticker& s : stickers)
    images.push_back(index.at(rotated(s.centre, a.direction, -2 * std::numbers::pi / a.order)));
  require_bijection(images);
  return images;
}

image_array inverse(const image_array& move) {
  image_array result(move.size());
  for (std::uint32_t i = 0; i < move.size(); ++i) result[move[i]] = i;
  return result;
}

image_array slab_turn(const std::vector<sticker>& stickers, const image_array& turn, std::size_t k, std::size_t slab) {
  image_array images(turn.size());
  for (std::uint32_t i = 0; i < images.size(); ++i) images[i] = stickers[i].slabs[k] == slab ? turn[i] : i;
  require_bijection(images);
  return images;
}

std::vector<image_array> whole_turns(const std::vector<sticker>& stickers, const std::vector<axis>& axes) {
  const sticker_index index(stickers);
  std::vector<image_array> turns;
  for (const axis& a : axes) turns.push_back(whole_turn(stickers, index, a));
  return turns;
}

void add_moves(puzzle_geometry_result& result, const std::vector<sticker>& stickers, const std::vector<axis>& axes,
               const std::vector<image_array>& turns) {
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const image_array opposite = inverse(turns[k]);
    const std::size_t slabs = axes[k].offsets.size() + 1;
    for (std::size_t slab = 0; slab < slabs; ++slab) {
      if (2 * slab + 1 == slabs) continue;
      const bool near = 2 * slab < slabs;
      const std::size_t depth = near ? slab : slabs - 1 - slab;
      const std::string& name = near ? axes[k].near_name : axes[k].far_name;
      result.names.push_back(depth == 0 ? name : std::to_string(depth + 1) + name);
      result.moves.push_back(slab_turn(stickers, near ? turns[k] : opposite, k, slab));
    }
  }
}

// Stickers that every move fixes leave the list, the moves and the turns of the whole puzzle, which preserve their set.
void drop_fixed(std::vector<sticker>& stickers, std::vector<image_array>& moves, std::vector<image_array>& turns) {
  constexpr std::uint32_t gone = ~std::uint32_t{0};
  image_array new_place(stickers.size(), gone);
  std::vector<sticker> kept;
  for (std::uint32_t i = 0; i < stickers.size(); ++i) {
    if (std::all_of(moves.begin(), moves.end(), [i](const image_array& m) { return m[i] == i; })) continue;
    new_place[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(stickers[i]));
  }
  for (std::vector<image_array>* list : {&moves, &turns}) {
    for (image_array& images : *list) {
      image_array shorter(kept.size());
      for (std::uint32_t i = 0; i < images.size(); ++i)
        if (new_place[i] != gone) shorter[new_place[i]] = new_place[images[i]];
      images = std::move(shorter);
    }
  }
  stickers = std::move(kept);
}

// -------------------------------------------------------------------------------------------------- central state

// The least sticker of each sticker's orbit, by union-find with halving of paths.
image_array orbit_names(std::size_t degree, const std::vector<image_array>& generators) {
  image_array parent(degree);
  std::iota(parent.begin(), parent.end(), std::uint32_t{0});
  const auto root = [&parent](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const image_array& move : generators) {
    for (std::uint32_t i = 0; i < degree; ++i) {
      const auto [low, high] = std::minmax({root(i), root(move[i])});
      parent[high] = low;
    }
  }
  for (std::uint32_t i = 0; i < degree; ++i) parent[i] = root(i);
  return parent;
}

// Pieces of the same colours look the same, but only those that can change places are worth confusing: hence the
// orbit. It also tells apart the two hands of a piece, such as the two wings of one edge of the 4x4x4. The slabs that
// do not turn count as if they did, by the turns of the whole puzzle (so PuzzleGeometry: the four triangles of a
// helicopter's face share a label, though each is in another orbit of the moves).
image_array central_state(const std::vector<sticker>& stickers, std::vector<image_array> moves,
                          const std::vector<image_array>& turns) {
  moves.insert(moves.end(), turns.begin(), turns.end());
  const image_array orbits = orbit_names(stickers.size(), moves);
  std::map<std::vector<std::size_t>, std::uint32_t> piece_colours;  // a bit for each face
  for (const sticker& s : stickers) piece_colours[s.slabs] |= std::uint32_t{1} << s.face;
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> labels;
  image_array result;
  for (std::size_t i = 0; i < stickers.size(); ++i) {
    const std::array<std::uint32_t, 3> look = {orbits[i], piece_colours[stickers[i].slabs], stickers[i].face};
    result.push_back(labels.emplace(look, static_cast<std::uint32_t>(labels.size())).first->second);
  }
  return result;
}

}  // namespace

puzzle_geometry_result make_puzzle(std::string_view name) {
  const auto named = [name](const puzzle_cuts& r) { return r.name == name; };
  const auto table = puzzle_table();
  const auto row = std::find_if(table.begin(), table.end(), named);
  if (row == table.end())
    throw std::invalid_argument("make_puzzle: no puzzle \"" + std::string(name) + "\" (known_puzzles lists the names)");
  const solid body = make_solid(row->shape);
  const std::vector<axis> axes = make_axes(body, *row);
  std::vector<sticker> stickers = make_stickers(body, axes);
  std::vector<image_array> turns = whole_turns(stickers, axes);
  puzzle_geometry_result result;
  add_moves(result, stickers, axes, turns);
  drop_fixed(stickers, result.moves, turns);
  result.colours = central_state(stickers, result.moves, turns);
  return result;
}

}  // namespace cosetta::graphs
