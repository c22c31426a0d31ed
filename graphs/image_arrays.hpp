// Image arrays and known facts that several sections of the catalogue are made of. Internal to graphs/.
#pragma once

#include <graphs/catalogue_sections.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

namespace cosetta::graphs {

using images = std::vector<groups::point>;

inline images identity_images(std::int64_t n) {
  images p(static_cast<std::size_t>(n));
  std::iota(p.begin(), p.end(), groups::point{0});
  return p;
}

/// first, first + 1, ..., last
inline images range(std::int64_t first, std::int64_t last) {
  images points(static_cast<std::size_t>(last - first + 1));
  std::iota(points.begin(), points.end(), static_cast<groups::point>(first));
  return points;
}

/// The cycle through the given distinct points of 0..n-1.
inline groups::permutation cycle(std::int64_t n, const images& points) {
  images p = identity_images(n);
  for (std::size_t j = 0; j < points.size(); ++j) p[points[j]] = points[(j + 1) % points.size()];
  return groups::permutation(p);
}

inline groups::permutation swap(std::int64_t n, std::int64_t i, std::int64_t j) {
  return cycle(n, {static_cast<groups::point>(i), static_cast<groups::point>(j)});
}

/// The disjoint transpositions (first first+1)(first+2 first+3)..., at most `count` of those that fit.
inline images disjoint_swaps(std::int64_t n, std::int64_t first, std::int64_t count) {
  images p = identity_images(n);
  for (std::int64_t t = 0; t < count && first + 2 * t + 1 < n; ++t) {
    std::swap(p[static_cast<std::size_t>(first + 2 * t)], p[static_cast<std::size_t>(first + 2 * t + 1)]);
  }
  return p;
}

/// The array of a permutation as a name: "(1, 2, 0)".
std::string array_name(const groups::permutation& p);

inline parameter degree_parameter(std::int64_t least) {
  return required_integer("n", least, "number of points");
}

/// Facts of S_n, A_n and the hyperoctahedral group for the first argument n; S_n with a diameter given by a formula.
std::function<known_facts(const arguments&)> symmetric(std::function<std::int64_t(std::int64_t)> diameter = {});
known_facts alternating(const arguments& a);
known_facts hyperoctahedral(const arguments& a);

}  // namespace cosetta::graphs
