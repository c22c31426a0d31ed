// Section 3 of the catalogue: puzzles whose moves follow from a rule. Stickers of the N x N x N cube are numbered as in
// Santa 2023: faces U, F, R, B, L, D = 0..5, index = face * N^2 + row * N + column.
#include <graphs/image_arrays.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::graphs {

namespace {

using groups::permutation;
using groups::point;
class cube {
 public:
  explicit cube(std::int64_t n) : n_(n) {}

  std::int64_t stickers() const { return 6 * n_ * n_; }

  /// The quarter turn of layer s about an axis: 'f' from the front, 'r' from the right, 'd' from below.
  permutation turn(char axis, std::int64_t s) const {
    images p = identity_images(stickers());
    const std::int64_t last = n_ - 1;
    for (std::int64_t k = 0; k < n_; ++k) {
      switch (axis) {
        case 'f':
          ring(p, {at(U, last - s, k), at(L, last - k, last - s), at(D, s, last - k), at(R, k, s)});
          break;
        case 'r':
          ring(p, {at(U, k, last - s), at(F, k, last - s), at(D, k, last - s), at(B, last - k, s)});
          break;
        default:
          ring(p, {at(F, last - s, k), at(L, last - s, k), at(B, last - s, k), at(R, last - s, k)});
      }
    }
    const face near = axis == 'f' ? F : axis == 'r' ? R : D;
    const face far = axis == 'f' ? B : axis == 'r' ? L : U;
    if (s == 0) turn_face(p, near, false);
    if (s == last) turn_face(p, far, true);
    return permutation(p);
  }

  state colours() const {
    state labels;
    for (std::uint64_t f = 0; f < 6; ++f) labels.insert(labels.end(), static_cast<std::size_t>(n_ * n_), f);
    return labels;
  }

 private:
  enum face { U, F, R, B, L, D };

  point at(face f, std::int64_t row, std::int64_t column) const {
    return static_cast<point>(f * n_ * n_ + row * n_ + column);
  }
  static void ring(images& p, const std::array<point, 4>& stickers) {
    for (std::size_t i = 0; i < 4; ++i) p[stickers[i]] = stickers[(i + 1) % 4];
  }
  /// p[X(r, c)] = X(c, N-1-r), or its inverse.
  void turn_face(images& p, face f, bool plus) const {
    for (std::int64_t r = 0; r < n_; ++r) {
      for (std::int64_t c = 0; c < n_; ++c) {
        const point from = at(f, r, c);
        const point to = at(f, c, n_ - 1 - r);
        (plus ? p[from] : p[to]) = plus ? to : from;
      }
    }
  }

  std::int64_t n_;
};

/// Every non-trivial choice of {0, cw, ccw} for the layers of one axis.
void add_axial_turns(const cube& c, std::int64_t n, char axis, char letter, graph_builder& out) {
  std::int64_t combinations = 1;
  for (std::int64_t s = 0; s < n; ++s) combinations *= 3;
  for (std::int64_t code = 1; code < combinations; ++code) {
    permutation product(static_cast<std::size_t>(c.stickers()));
    std::string name = fmt::format("axis_{}", letter);
    std::int64_t rest = code;
    for (std::int64_t s = 0; s < n; ++s, rest /= 3) {
      if (rest % 3 == 0) continue;
      const auto layer = c.turn(axis, s);
      product = product * (rest % 3 == 1 ? layer : layer.inverse());
      name += fmt::format("_s{}_{}", s, rest % 3 == 1 ? "cw" : "ccw");
    }
    out.add(name, product);
  }
}

void build_fixed_corner_cube(bool half_turns, graph_builder& out) {
  const cube c(2);
  const std::pair<std::string, permutation> turns[] = {
      {"f0", c.turn('f', 0)}, {"r1", c.turn('r', 0)}, {"d0", c.turn('d', 0)}};
  for (const auto& [name, p] : turns) {
    out.add(name, p);
    out.add(name + "'", p.inverse());
    if (half_turns) out.add(name + "^2", p * p);
  }
}

void build_rubik_cube(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const std::string& metric = a.text(1);
  constexpr std::array known{"QSTM", "QTM", "HTM", "ATM", "fixed_QTM", "fixed_HTM"};
  a.require(std::find(known.begin(), known.end(), metric) != known.end(),
            fmt::format("metric '{}' is unknown; there are {}", metric, fmt::join(known, ", ")));
  a.require(n <= 1000, "N is above the limit of 1000");
  const bool fixed = metric.starts_with("fixed");
  a.require(!fixed || n == 2, "the metrics with a fixed corner are for N = 2");
  a.require(metric != "ATM" || n <= 8, "the axial metric has 3(3^N-1) generators; N is above the limit of 8");
  const cube c(n);
  out.central = c.colours();
  if (fixed) return build_fixed_corner_cube(metric == "fixed_HTM", out);
  if (metric == "ATM") {
    for (const auto& [axis, letter] : {std::pair{'r', 'X'}, std::pair{'d', 'Y'}, std::pair{'f', 'Z'}})
      add_axial_turns(c, n, axis, letter, out);
    return;
  }
  for (const char axis : {'f', 'r', 'd'}) {
    for (std::int64_t s = 0; s < n; ++s) {
      if (metric != "QSTM" && n % 2 == 1 && s == n / 2) continue;
      const auto p = c.turn(axis, s);
      const auto name = fmt::format("{}{}", axis, s);
      out.add(name, p);
      out.add(name + (metric == "QSTM" ? "_inv" : "'"), p.inverse());
      if (metric == "HTM") out.add(name + "^2", p * p);
    }
  }
}

void build_globe(const arguments& a, graph_builder& out) {
  const auto rows = a.integer(0) + 1;
  const auto b = a.integer(1);
  a.require(rows <= 1 << 20 && b <= 1 << 20, "too large");
  out.check_degree(2 * b * rows);
  const auto width = 2 * b;
  const auto at = [width](std::int64_t row, std::int64_t column) {
    return static_cast<std::size_t>(row * width + column % width);
  };
  for (std::int64_t y = 0; y < rows; ++y) {
    images p = identity_images(width * rows);
    for (std::int64_t c = 0; c < width; ++c) p[at(y, c)] = static_cast<point>(at(y, c + 1));
    out.add(fmt::format("r{}", y), permutation(p));
    out.add(fmt::format("r{}_inv", y), permutation(p).inverse());
  }
  for (std::int64_t c = 0; c < width; ++c) {
    images p = identity_images(width * rows);
    for (std::int64_t i = 0; i < rows / 2; ++i) {
      for (std::int64_t t = 0; t < b; ++t) std::swap(p[at(i, c + t)], p[at(rows - 1 - i, c + b - 1 - t)]);
    }
    out.add(fmt::format("f{}", c), permutation(p));
  }
}

struct ring_sizes {
  std::int64_t left, left_gap, right, right_gap;
};

/// Santa 2023's wreaths: all four sizes follow from the number of points.
ring_sizes santa_rings(std::int64_t n) {
  const std::int64_t right = (n + 2) / 2;
  return {n + 2 - right, right / 3, right, right / 3 + 1};
}

void build_hungarian_rings(const arguments& a, graph_builder& out) {
  const auto given = [&](std::size_t i) { return a.integer(i) >= 0; };
  a.require(given(1) == given(2) && given(2) == given(3),
            "give all of L,li,R,ri, or n alone for the rings of Santa 2023");
  const ring_sizes s =
      given(1) ? ring_sizes{a.integer(0), a.integer(1), a.integer(2), a.integer(3)} : santa_rings(a.integer(0));
  a.require(s.left >= 2 && s.right >= 2, "each ring needs at least two points");
  a.require((s.left_gap == 0) == (s.right_gap == 0), "li and ri are both 0 (one crossing) or both positive (two)");
  // CayleyPy asks for at most half a ring; the longer way round is as good a description of the same puzzle.
  a.require(s.left_gap < s.left && s.right_gap < s.right, "li must be less than L and ri less than R");
  const bool two = s.left_gap > 0;
  out.check_degree(s.left);
  out.check_degree(s.right);
  const auto n = s.left + s.right - (two ? 2 : 1);
  out.check_degree(n);
  images p = identity_images(n);
  for (std::int64_t i = 0; i < s.left; ++i) p[static_cast<std::size_t>(i)] = static_cast<point>((i + 1) % s.left);
  const permutation left(p);
  images order{0};
  const std::int64_t second = two ? s.left + s.right - s.right_gap - 1 : n;
  for (std::int64_t i = s.left; i < second; ++i) order.push_back(static_cast<point>(i));
  if (two) order.push_back(static_cast<point>(s.left_gap));
  for (std::int64_t i = second; i < n; ++i) order.push_back(static_cast<point>(i));
  p = identity_images(n);
  for (std::size_t j = 0; j < order.size(); ++j) p[order[j]] = order[(j + 1) % order.size()];
  const permutation right(p);
  out.add("L", left);
  out.add("R", right);
  if (left.inverse() != left) out.add("-L", left.inverse());
  if (right.inverse() != right) out.add("-R", right.inverse());
}

/// A 2x2x2 cube that is a tetrahedron by shape: the half turns of its six layers are named by the edges of the
/// tetrahedron, opposite layers turned together are half turns of the whole, and a third turn of the whole about a
/// vertex is the product of a quarter turn of the whole about two axes. Published growth: 1 17 54 84 92 40.
void build_mini_pyramorphix(const arguments&, graph_builder& out) {
  const cube c(2);
  const auto half = [&](char axis, std::int64_t s) { return c.turn(axis, s) * c.turn(axis, s); };
  const auto whole = [&](char axis) { return c.turn(axis, 0) * c.turn(axis, 1); };
  const struct {
    const char *near, *far;
    char axis;
  } axes[] = {{"M_DF", "M_RL", 'f'}, {"M_LF", "M_RD", 'r'}, {"M_DL", "M_FR", 'd'}};
  for (const auto& [near, far, axis] : axes) {
    out.add(near, half(axis, 0));
    out.add(far, half(axis, 1));
  }
  for (const auto& [near, far, axis] : axes) out.add(std::string(near) + "v", whole(axis) * whole(axis));
  const permutation third = whole('f') * whole('r');
  const permutation turns[] = {third, third, third, third};
  const char* names[] = {"M_Fv", "M_Dv", "M_Lv", "M_Rv"};
  const permutation conjugator[] = {permutation(third.degree()), whole('f') * whole('f'), whole('r') * whole('r'),
                                    whole('d') * whole('d')};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto turn = conjugator[i].inverse() * turns[i] * conjugator[i];
    out.add(names[i], turn);
    out.add(std::string(names[i]) + "i", turn.inverse());
  }
}

}  // namespace

std::vector<family> puzzle_families() {
  std::vector<family> f;
  f.push_back(
      {"rubik_cube",
       section::puzzles,
       {required_integer("N", 2, "layers"),
        optional_text("metric", "QSTM", "QSTM, QTM, HTM, ATM; fixed_QTM, fixed_HTM (N = 2 with a fixed corner)")},
       "The N x N x N cube by stickers. `f_s`, `r_t`, `d_s`: quarter turns of layer s from the front, the right, "
       "below. "
       "QSTM: all layers; QTM: without the middle layer of odd N; HTM: QTM and half turns; ATM: any turns about one "
       "axis "
       "at once. The central state is the colour of each sticker.",
       "",
       "6N (QSTM) `f0`, `f0_inv`, ...; QTM `f0`, `f0'`, ...; HTM also `f0^2`; ATM `axis_X_s0_cw_s1_ccw`",
       "2x2x2: 88179840 states, diameter 14 (QTM), 11 (HTM); fixed corner 3674160; 3x3x3: 20 (HTM), 26 (QTM)",
       {"cube"},
       "rubik_cube:2,metric=fixed_HTM",
       build_rubik_cube,
       [](const arguments& a) {
         if (a.integer(0) != 2) return known_facts{};
         const bool quarter = a.text(1).ends_with("QTM") || a.text(1) == "QSTM";
         return known_facts{mpz_class(a.text(1).starts_with("fixed") ? 3674160 : 88179840),
                            mpz_class(quarter ? 14 : 11)};
       }});
  f.push_back(
      {"globe",
       section::puzzles,
       {required_integer("a", 1, "number of rows less one"), required_integer("b", 1, "half the number of columns")},
       "a + 1 rows of 2b positions, y * 2b + c. `r_y` turns a row; `f_c` turns half of the globe over: for i < "
       "floor((a+1)/2) "
       "and t < b it swaps (i, c+t) with (a-i, c+b-1-t).",
       "",
       "`r0`, `r0_inv`, ..., `f0`, ..., `f{2b-1}`",
       "",
       {"globe_puzzle"},
       "globe:1,2",
       build_globe,
       {}});
  f.push_back({"hungarian_rings",
               section::puzzles,
               {required_integer(
                    "L", 2, "points of the left ring; alone: all points, with the proportions of Santa 2023's wreaths"),
                optional_integer("li", -1, -1, "points of the left ring between the crossings; 0: one crossing"),
                optional_integer("R", -1, -1, "points of the right ring"),
                optional_integer("ri", -1, -1, "the same as li, on the right")},
               "Two rings that share one point or two.",
               "",
               "`L`, `R`, `-L`, `-R`; a ring of two points has no inverse turn",
               "",
               {"wreath"},
               "hungarian_rings:4,1,4,1",
               build_hungarian_rings,
               {}});
  f.push_back({"mini_pyramorphix",
               section::puzzles,
               {},
               "The pyramorphix (a 2x2x2 cube of tetrahedral shape) with turns of the whole puzzle as moves.",
               "order 288",
               "17: six half turns `M_DF`, ..., three half turns and eight third turns of the whole `M_DFv`, `M_Fv`, "
               "`M_Fvi`, ...",
               "growth 1 17 54 84 92 40",
               {},
               "mini_pyramorphix",
               build_mini_pyramorphix,
               [](const arguments&) {
                 return known_facts{mpz_class(288), mpz_class(5)};
               }});
  return f;
}

}  // namespace cosetta::graphs
