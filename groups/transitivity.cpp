#include <groups/orbit.hpp>
#include <groups/subgroups.hpp>
#include <groups/transitivity.hpp>
#include <kernels/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// A generator that fixes a point and moves another settles it without an order.
bool generator_fixes_some_points(const permutation_group& g) {
  return std::any_of(g.generators().begin(), g.generators().end(), [](const permutation& x) {
    if (x.is_identity()) return false;
    for (point p = 0; p < x.degree(); ++p) {
      if (x[p] == p) return true;
    }
    return false;
  });
}

}  // namespace

std::vector<std::vector<point>> orbits(const permutation_group& g) {
  return orbits(g.generators(), g.degree());
}

bool is_transitive(const permutation_group& g) {
  return is_transitive(g.generators(), g.degree());
}

std::size_t transitivity(const permutation_group& g) {
  const std::size_t n = g.degree();
  if (!is_transitive(g)) return 0;
  if (n < 3) return n;
  if (g.giant()) return g.giant()->alternating ? n - 2 : n;
  // k-transitive: the stabilizer of any k - 1 points is transitive on the others. A base point that is in the base
  // already stands for nothing.
  const auto& chain = g.chain();
  std::size_t k = 0;
  std::vector<bool> fixed(n, false);
  for (std::size_t level = 0; level < chain.length(); ++level) {
    const auto b = chain.base()[level];
    if (fixed[b]) continue;
    if (chain.orbit(level).size() != n - k) return k;
    fixed[b] = true;
    ++k;
  }
  return n - k == 1 ? n : k;
}

bool is_semiregular(const permutation_group& g) {
  const auto all = orbits(g);
  const auto size = all.empty() ? 0 : all[0].size();
  if (std::any_of(all.begin(), all.end(), [size](const auto& o) { return o.size() != size; })) return false;
  if (size <= 1) return true;
  return !generator_fixes_some_points(g) && g.order() == static_cast<unsigned long>(size);
}

bool is_regular(const permutation_group& g) {
  return is_transitive(g) && is_semiregular(g);
}

bool is_primitive(const permutation_group& g) {
  if (g.degree() <= 1) return true;
  if (!is_transitive(g)) return false;
  return g.giant() || is_primitive(g.generators());
}

std::vector<std::vector<point>> suborbits(const permutation_group& g, point p) {
  const auto fixing = stabilizer(g, p);
  return orbits(fixing);
}

std::size_t permutation_rank(const permutation_group& g) {
  if (!is_transitive(g)) {
    throw domain_error(fmt::format("the rank of an intransitive group on {} points: use one orbit", g.degree()));
  }
  return g.degree() == 0 ? 0 : suborbits(g, 0).size();
}

}  // namespace cosetta::groups
