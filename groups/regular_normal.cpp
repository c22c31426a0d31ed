#include <groups/backtrack_search.hpp>
#include <groups/orbit.hpp>
#include <groups/random_elements.hpp>
#include <groups/regular_normal.hpp>
#include <groups/stabilizer_chain.hpp>

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

namespace cosetta::groups {

namespace {

/// Cycles of one length, more than 1: as the elements of regular groups have.
bool is_semiregular(const permutation& x) {
  const auto n = x.degree();
  std::vector<bool> seen(n, false);
  std::size_t length = 0;
  for (point p = 0; p < n; ++p) {
    if (seen[p]) continue;
    std::size_t k = 0;
    for (auto q = p; !seen[q]; q = x[q]) seen[q] = true, ++k;
    if (k == 1 || (length != 0 && k != length)) return false;
    length = k;
  }
  return true;
}

/// The permutation that takes 0 to p and commutes with all elements; nothing where there is none. Precondition: the
/// elements are transitive.
std::optional<permutation> commuting_with(const std::vector<permutation>& elements, std::size_t degree, point p) {
  constexpr auto none = ~point{0};
  std::vector<point> images(degree, none), queue{0};
  queue.reserve(degree);
  images[0] = p;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const auto& x : elements) {
      const auto q = x[queue[next]];
      const auto image = x[images[queue[next]]];
      if (images[q] == none) {
        images[q] = image;
        queue.push_back(q);
      } else if (images[q] != image) {
        return std::nullopt;
      }
    }
  }
  return permutation(images);
}

/// Elements of the normal closure of x that are transitive together, all of them semiregular; none where that fails.
std::vector<permutation> transitive_conjugates(const permutation& x, random_elements& conjugators, const group_control& control) {
  const auto n = x.degree();
  const int tries = 4 * static_cast<int>(std::bit_width(n)) + 8;
  std::vector<permutation> out{x};
  point_partition orbits(n);
  orbits.join(x);
  const auto is_transitive = [&] {
    for (point p = 0; p < n; ++p) {
      if (orbits.leader(p) != 0) return false;
    }
    return true;
  };
  for (int t = 0; !is_transitive(); ++t) {
    control.check();
    if (t == tries) return {};
    const auto& c = conjugators.next();
    auto y = c.inverse() * x * c;
    if (!is_semiregular(y * out.back()) && y * out.back() != permutation(n)) return {};
    bool joins = false;
    for (point p = 0; !joins && p < n; ++p) joins = orbits.leader(p) != orbits.leader(y[p]);
    if (!joins) continue;
    orbits.join(y);
    out.push_back(std::move(y));
  }
  return out;
}

/// Generators of a transitive group that commutes with the transitive elements; none where these are not regular.
std::vector<permutation> transitive_centralizer(const std::vector<permutation>& elements, std::size_t degree, std::mt19937_64& rng,
                                                const group_control& control) {
  std::vector<permutation> out;
  point_partition orbits(degree);
  for (;;) {
    std::vector<point> open;
    for (point p = 0; p < degree; ++p) {
      if (orbits.leader(p) != 0) open.push_back(p);
    }
    if (open.empty()) return out;
    control.check();
    auto c = commuting_with(elements, degree, open[rng() % open.size()]);
    if (!c) return {};
    orbits.join(*c);
    out.push_back(std::move(*c));
  }
}

}  // namespace

std::optional<mpz_class> order_by_regular_normal_subgroup(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed,
                                                          const group_control& control) {
  if (degree < 2 || generators.empty()) return std::nullopt;
  if (!is_transitive(generators, degree)) {
    // Fixed points do not matter; a second orbit does.
    auto all = orbits(generators, degree);
    std::erase_if(all, [](const auto& o) { return o.size() == 1; });
    if (all.size() != 1) return std::nullopt;
    return order_by_regular_normal_subgroup(restrict_to(generators, all[0]), all[0].size(), seed, control);
  }
  std::mt19937_64 rng(seed);
  random_elements random(generators, degree, seed), conjugators(generators, degree, seed + 1);

  const auto order_by = [&](const permutation& x) -> std::optional<mpz_class> {
    if (!is_semiregular(x)) return std::nullopt;
    const auto normal = transitive_conjugates(x, conjugators, control);
    if (normal.empty()) return std::nullopt;
    const auto commuting = transitive_centralizer(normal, degree, rng, control);
    if (commuting.empty()) return std::nullopt;
    for (const auto& g : generators) {
      const auto inverse = g.inverse();
      for (const auto& y : normal) {
        const auto image = inverse * y * g;
        const bool inside = std::all_of(commuting.begin(), commuting.end(), [&](const auto& c) { return image * c == c * image; });
        if (!inside) return std::nullopt;
      }
    }
    std::vector<permutation> stabilizer;
    for (const auto& g : generators) {
      const auto n = commuting_with(commuting, degree, g[0]);
      if (!n) return std::nullopt;
      if (auto h = g * n->inverse(); !h.is_identity()) stabilizer.push_back(std::move(h));
    }
    chain_options options;
    options.seed = seed;
    options.control = control;
    options.control.observer = nullptr;
    return stabilizer_chain(stabilizer, degree, options).order() * static_cast<unsigned long>(degree);
  };

  constexpr std::size_t most_generators = 8;
  const auto some = generators.first(std::min(generators.size(), most_generators));
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (auto order = order_by(some[i])) return order;
    for (std::size_t j = 0; j < i; ++j) {
      if (auto order = order_by(commutator(some[i], some[j]))) return order;
      if (auto order = order_by(some[i] * some[j])) return order;
    }
  }
  constexpr int tries = 8;
  for (int t = 0; t < tries; ++t) {
    control.check();
    const auto x = random.next();
    const auto y = random.next();
    if (auto order = order_by(x)) return order;
    if (auto order = order_by(commutator(x, y))) return order;
  }
  return std::nullopt;
}

}  // namespace cosetta::groups
