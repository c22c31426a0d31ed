#include <groups/giant_search.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

namespace cosetta::groups {

namespace {

constexpr point undefined_image = ~point{0};

std::vector<bool> marked(std::span<const point> points, std::size_t degree) {
  std::vector<bool> out(degree, false);
  for (const auto p : points) out[p] = true;
  return out;
}

/// Cycles of x, by length, among the points that are open; closes them.
std::map<std::size_t, std::vector<std::vector<point>>> cycles_among(const permutation& x, std::vector<bool> open) {
  std::map<std::size_t, std::vector<std::vector<point>>> out;
  for (point p = 0; p < x.degree(); ++p) {
    if (!open[p]) continue;
    std::vector<point> cycle;
    for (auto q = p; open[q]; q = x[q]) {
      open[q] = false;
      cycle.push_back(q);
    }
    out[cycle.size()].push_back(std::move(cycle));
  }
  return out;
}

permutation cycle_of(const std::vector<point>& points, std::size_t degree) {
  return make_permutation_from_cycles(std::span(&points, 1), degree);
}

void add_symmetric(known_subgroup& k, const std::vector<point>& points, std::size_t degree) {
  if (points.size() < 2) return;
  k.generators.push_back(cycle_of(points, degree));
  if (points.size() > 2) k.generators.push_back(transposition(degree, points[0], points[1]));
  mpz_class factorial;
  mpz_fac_ui(factorial.get_mpz_t(), points.size());
  k.order *= factorial;
}

/// The even elements: Schreier generators for the transversal {1, s}, s odd.
known_subgroup even_half(known_subgroup k) {
  const auto odd = std::find_if(k.generators.begin(), k.generators.end(), [](const permutation& g) { return sign(g) < 0; });
  if (odd == k.generators.end()) return k;
  const auto s = *odd;
  const auto back = s.inverse();
  known_subgroup out;
  out.order = k.order / 2;
  const auto add = [&out](permutation g) {
    if (!g.is_identity()) out.generators.push_back(std::move(g));
  };
  for (const auto& g : k.generators) {
    if (sign(g) > 0) {
      add(g);
      add(s * g * back);
    } else {
      add(g * back);
      add(s * g);
    }
  }
  return out;
}

known_subgroup centralizer_in_symmetric(const giant_structure& giant, const permutation& x) {
  const auto n = x.degree();
  // Beside a point outside, which must stay where it is, its whole cycle stays.
  auto open = marked(giant.points, n);
  for (point p = 0; p < n; ++p) {
    if (!std::binary_search(giant.points.begin(), giant.points.end(), p)) {
      for (auto q = x[p]; q != p; q = x[q]) open[q] = false;
    }
  }
  known_subgroup k;
  for (const auto& [length, cycles] : cycles_among(x, std::move(open))) {
    const auto m = cycles.size();
    if (length > 1) k.generators.push_back(cycle_of(cycles[0], n));
    const auto move_cycles = [&](std::size_t count) {  // 0 -> 1 -> ... -> count - 1 -> 0
      std::vector<point> images(n);
      std::iota(images.begin(), images.end(), point{0});
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < length; ++j) images[cycles[i][j]] = cycles[(i + 1) % count][j];
      }
      k.generators.emplace_back(images);
    };
    if (m > 1) move_cycles(2);
    if (m > 2) move_cycles(m);
    mpz_class factorial, power;
    mpz_fac_ui(factorial.get_mpz_t(), m);
    mpz_ui_pow_ui(power.get_mpz_t(), length, m);
    k.order *= factorial * power;
  }
  return k;
}

/// c, or c * s for an odd s of the group, whichever lies in the giant.
std::optional<permutation> made_even(const giant_structure& giant, permutation c, const known_subgroup& right) {
  if (!giant.alternating || sign(c) > 0) return c;
  for (const auto& s : right.generators) {
    if (sign(s) < 0) return c * s;
  }
  return std::nullopt;
}

known_subgroup set_stabilizer_in_symmetric(const giant_structure& giant, std::span<const point> set, std::size_t degree) {
  std::vector<point> inside, outside;
  std::set_intersection(giant.points.begin(), giant.points.end(), set.begin(), set.end(), std::back_inserter(inside));
  std::set_difference(giant.points.begin(), giant.points.end(), set.begin(), set.end(), std::back_inserter(outside));
  known_subgroup k;
  add_symmetric(k, inside, degree);
  add_symmetric(k, outside, degree);
  return k;
}

}  // namespace

known_subgroup giant_centralizer(const giant_structure& giant, const permutation& x) {
  auto k = centralizer_in_symmetric(giant, x);
  return giant.alternating ? even_half(std::move(k)) : k;
}

std::optional<permutation> giant_conjugating_element(const giant_structure& giant, const permutation& x, const permutation& y) {
  const auto n = x.degree();
  const auto moved = marked(giant.points, n);
  std::vector<point> images(n, undefined_image);
  std::vector<bool> open_x(n, true), open_y(n, true);
  // A point outside stays: the cycle of x through it goes onto the cycle of y through it.
  for (point p = 0; p < n; ++p) {
    if (moved[p]) continue;
    auto a = p, b = p;
    do {
      if (images[a] != undefined_image && images[a] != b) return std::nullopt;
      if (images[a] == undefined_image && !open_y[b]) return std::nullopt;
      if (moved[a] != moved[b] || (!moved[a] && a != b)) return std::nullopt;
      images[a] = b;
      open_x[a] = open_y[b] = false;
      a = x[a], b = y[b];
    } while (a != p);
    if (b != p) return std::nullopt;
  }
  const auto cycles_x = cycles_among(x, std::move(open_x));
  const auto cycles_y = cycles_among(y, std::move(open_y));
  if (cycles_x.size() != cycles_y.size()) return std::nullopt;
  for (auto i = cycles_x.begin(), j = cycles_y.begin(); i != cycles_x.end(); ++i, ++j) {
    if (i->first != j->first || i->second.size() != j->second.size()) return std::nullopt;
    for (std::size_t c = 0; c < i->second.size(); ++c) {
      for (std::size_t k = 0; k < i->first; ++k) images[i->second[c][k]] = j->second[c][k];
    }
  }
  return made_even(giant, permutation(images), centralizer_in_symmetric(giant, y));
}

known_subgroup giant_set_stabilizer(const giant_structure& giant, std::span<const point> set, std::size_t degree) {
  auto k = set_stabilizer_in_symmetric(giant, set, degree);
  return giant.alternating ? even_half(std::move(k)) : k;
}

std::optional<permutation> giant_set_transporter(const giant_structure& giant, std::span<const point> from,
                                                 std::span<const point> to, std::size_t degree) {
  const auto in_from = marked(from, degree);
  const auto in_to = marked(to, degree);
  const auto moved = marked(giant.points, degree);
  std::vector<point> images(degree);
  std::vector<point> sources[2], targets[2];
  for (point p = 0; p < degree; ++p) {
    images[p] = p;
    if (moved[p]) {
      sources[in_from[p] ? 1 : 0].push_back(p);
      targets[in_to[p] ? 1 : 0].push_back(p);
    } else if (in_from[p] != in_to[p]) {
      return std::nullopt;
    }
  }
  for (const int side : {0, 1}) {
    if (sources[side].size() != targets[side].size()) return std::nullopt;
    for (std::size_t i = 0; i < sources[side].size(); ++i) images[sources[side][i]] = targets[side][i];
  }
  return made_even(giant, permutation(images), set_stabilizer_in_symmetric(giant, to, degree));
}

}  // namespace cosetta::groups
