#include <groups/orbit.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <gmpxx.h>

namespace cosetta::groups {

namespace {

using vector_mod = std::vector<std::uint64_t>;

/// The inverse of a modulo m; nothing where a is no unit.
std::optional<std::uint64_t> inverse_mod(std::uint64_t a, std::uint64_t m) {
  mpz_class value;
  mpz_class modulus;
  mpz_set_ui(value.get_mpz_t(), a);
  mpz_set_ui(modulus.get_mpz_t(), m);
  if (mpz_invert(value.get_mpz_t(), value.get_mpz_t(), modulus.get_mpz_t()) == 0) return std::nullopt;
  return mpz_get_ui(value.get_mpz_t());
}

}  // namespace

vector_mod on_vectors::operator()(const vector_mod& x, const matrix& g) const {
  const auto m = g.modulus();
  const auto columns = g.columns();
  if (m == 0) {  // the matrix product sees overflow
    const auto image = matrix(1, x.size(), 0, x) * g;
    return {image.entries().begin(), image.entries().end()};
  }
  vector_mod out(columns, 0);
  const std::uint64_t* row = g.entries().data();
  // One reduction an entry suffices as long as the whole sum fits 64 bits.
  const bool narrow = static_cast<wide_unsigned>(m - 1) * (m - 1) * std::max<std::size_t>(x.size(), 1) <=
                      static_cast<wide_unsigned>(~std::uint64_t{0});
  for (const auto entry : x) {
    if (entry != 0) {
      for (std::size_t j = 0; j < columns; ++j) {
        out[j] = narrow ? out[j] + entry * row[j] : add_mod(out[j], multiply_mod(entry, row[j], m), m);
      }
    }
    row += columns;
  }
  if (narrow) {
    for (auto& entry : out) entry %= m;
  }
  return out;
}

vector_mod on_lines::operator()(const vector_mod& x, const matrix& g) const {
  return normalised(on_vectors{}(x, g), g.modulus());
}

vector_mod on_lines::normalised(vector_mod x, std::uint64_t modulus) {
  const auto first = std::find_if(x.begin(), x.end(), [](auto entry) { return entry != 0; });
  if (first == x.end() || *first == 1) return x;
  const auto factor = inverse_mod(*first, modulus);
  if (!factor) {
    throw domain_error(fmt::format("entry {} of a vector is {}, no unit modulo {}: lines need a prime modulus",
                                   first - x.begin(), *first, modulus));
  }
  for (auto& entry : x) entry = multiply_mod(entry, *factor, modulus);
  return x;
}

std::vector<std::uint32_t> schreier_tree::path(std::size_t i) const {
  std::vector<std::uint32_t> out;
  for (; i != 0; i = parents_[i]) out.push_back(generators_[i]);
  std::reverse(out.begin(), out.end());
  return out;
}

word schreier_tree::path_word(std::size_t i) const {
  word out;
  for (; i != 0; i = parents_[i]) out.push_back(static_cast<std::int32_t>(generators_[i]) + 1);
  std::reverse(out.begin(), out.end());
  return out;
}

void throw_orbit_limit(std::size_t limit, std::size_t generators) {
  throw resource_error(fmt::format(
      "an orbit under {} generators has more than the {} elements that it may have: raise the limit (at most {}), or "
      "act on something smaller",
      generators, limit, max_orbit_size));
}

void check_orbit_limit(std::size_t limit) {
  if (limit <= max_orbit_size) return;
  throw domain_error(fmt::format("orbit limit {} is above {}, the most that an orbit's table can index: lower it",
                                 limit, max_orbit_size));
}

void throw_leaves_orbit(std::size_t index, std::size_t size) {
  throw domain_error(fmt::format(
      "element {} of an orbit of {} is taken out of it: act with an element of the group that made the orbit", index,
      size));
}

void check_degrees(std::span<const permutation> generators, std::size_t degree) {
  for (std::size_t g = 0; g < generators.size(); ++g) {
    if (generators[g].degree() == degree) continue;
    throw domain_error(fmt::format("generator {} has degree {}, expected {}: give all generators the same degree", g,
                                   generators[g].degree(), degree));
  }
}

point_orbit::point_orbit(std::span<const permutation> generators, std::size_t degree, point seed)
    : generators_(generators.begin(), generators.end()), positions_(degree, absent) {
  check_degrees(generators, degree);
  if (seed >= degree) {
    throw domain_error(fmt::format("point {} has no orbit on {} points: points are 0, ..., degree - 1", seed, degree));
  }
  const auto reach = [&](point x, std::uint32_t parent, std::uint32_t generator) {
    if (positions_[x] != absent) return;
    positions_[x] = static_cast<std::uint32_t>(points_.size());
    points_.push_back(x);
    tree_.add(parent, generator);
  };
  reach(seed, 0, 0);
  for (std::uint32_t i = 0; i < points_.size(); ++i) {
    const point x = points_[i];
    for (std::uint32_t g = 0; g < generators_.size(); ++g) reach(generators_[g][x], i, g);
  }
}

std::vector<std::uint32_t> orbit_labels(std::span<const permutation> generators, std::size_t degree) {
  check_degrees(generators, degree);
  constexpr std::uint32_t none = 0xffffffff;
  std::vector<std::uint32_t> labels(degree, none);
  std::vector<point> queue;
  std::uint32_t count = 0;
  for (point first = 0; first < degree; ++first) {
    if (labels[first] != none) continue;
    queue.assign(1, first);
    labels[first] = count;
    while (!queue.empty()) {
      const point x = queue.back();
      queue.pop_back();
      for (const auto& g : generators) {
        const point y = g[x];
        if (labels[y] != none) continue;
        labels[y] = count;
        queue.push_back(y);
      }
    }
    ++count;
  }
  return labels;
}

std::vector<std::vector<point>> orbits(std::span<const permutation> generators, std::size_t degree) {
  const auto labels = orbit_labels(generators, degree);
  std::vector<std::vector<point>> out;
  for (point x = 0; x < degree; ++x) {
    if (labels[x] == out.size()) out.emplace_back();
    out[labels[x]].push_back(x);
  }
  return out;
}

std::vector<point> orbit_representatives(std::span<const permutation> generators, std::size_t degree) {
  const auto labels = orbit_labels(generators, degree);
  std::vector<point> out;
  for (point x = 0; x < degree; ++x) {
    if (labels[x] == out.size()) out.push_back(x);
  }
  return out;
}

bool is_transitive(std::span<const permutation> generators, std::size_t degree) {
  check_degrees(generators, degree);
  return degree <= 1 || point_orbit(generators, degree, 0).size() == degree;
}

std::vector<permutation> restrict_to(std::span<const permutation> generators, std::span<const point> points) {
  std::vector<point> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    throw domain_error(fmt::format("point {} occurs twice in the set to restrict to: give each point once", *twice));
  }
  const std::size_t degree = generators.empty() ? 0 : generators.front().degree();
  check_degrees(generators, degree);
  std::vector<permutation> out;
  if (generators.empty()) return out;
  if (!sorted.empty() && sorted.back() >= degree) {
    throw domain_error(fmt::format("cannot restrict to point {}: the generators act on {} points, counted from 0",
                                   sorted.back(), degree));
  }
  constexpr std::uint32_t outside = 0xffffffff;
  std::vector<std::uint32_t> position(degree, outside);
  for (std::uint32_t i = 0; i < sorted.size(); ++i) position[sorted[i]] = i;
  std::vector<point> images(sorted.size());
  for (std::size_t g = 0; g < generators.size(); ++g) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      images[i] = position[generators[g][sorted[i]]];
      if (images[i] == outside) {
        throw domain_error(fmt::format(
            "generator {} takes point {} to {}, out of the set of {} points to restrict to: give a union of orbits", g,
            sorted[i], generators[g][sorted[i]], sorted.size()));
      }
    }
    out.emplace_back(images);
  }
  return out;
}

}  // namespace cosetta::groups
