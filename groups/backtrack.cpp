#include <groups/backtrack.hpp>
#include <groups/backtrack_search.hpp>
#include <groups/giant_search.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

void check_degree(const permutation_group& g, const permutation& x, const char* what) {
  if (x.degree() == g.degree()) return;
  throw domain_error(fmt::format("{} has degree {}, the group {}: give both the same degree", what, x.degree(), g.degree()));
}

std::vector<point> as_set(const permutation_group& g, std::span<const point> points) {
  std::vector<point> out(points.begin(), points.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (!out.empty() && out.back() >= g.degree()) {
    throw domain_error(fmt::format("point {} is outside 0..{}", out.back(), static_cast<long>(g.degree()) - 1));
  }
  return out;
}

std::vector<point> complement(std::span<const point> set, std::size_t degree) {
  std::vector<point> all(degree), out;
  std::iota(all.begin(), all.end(), point{0});
  std::set_difference(all.begin(), all.end(), set.begin(), set.end(), std::back_inserter(out));
  return out;
}

/// A subgroup of g as a group. What rests on a Monte Carlo chain is Monte Carlo, too.
permutation_group subgroup_of(const permutation_group& g, known_subgroup k) {
  chain_options options;
  options.control = g.options().control;
  options.seed = g.options().seed;
  options.row_bytes = g.options().row_bytes;
  if (g.proof() == certainty::proven) {
    options.known_order = std::move(k.order);
  } else {
    options.wanted = certainty::monte_carlo;
  }
  return permutation_group(std::move(k.generators), g.degree(), std::move(options));
}

bool commutes_with_all(const permutation& x, const std::vector<permutation>& generators) {
  return std::all_of(generators.begin(), generators.end(), [&x](const permutation& s) { return s * x == x * s; });
}

struct any_property {
  const std::function<bool(const permutation&)>& test;
  std::size_t length;
  bool candidate(std::size_t, point) const noexcept { return true; }
  std::optional<point> forced(std::size_t, const permutation&) const noexcept { return std::nullopt; }
  bool consistent(std::size_t, const permutation&) const noexcept { return true; }
  std::size_t settled() const noexcept { return length; }
  bool accepts(const permutation& g) const { return test(g); }
};

}  // namespace

permutation_group centralizer(const permutation_group& g, const permutation& x) {
  check_degree(g, x, "the element");
  if (g.giant()) return subgroup_of(g, giant_centralizer(*g.giant(), x));
  if (commutes_with_all(x, g.generators())) return g;
  const search_chain chain(g, conjugation_property::preferred_base(g, x));
  const conjugation_property property(chain, x);
  return subgroup_of(g, backtrack_search(chain, property, g.options().control).subgroup());
}

permutation_group centralizer(const permutation_group& g, const permutation_group& h) {
  if (h.degree() != g.degree()) {
    throw domain_error(fmt::format("the groups have degrees {} and {}: give both the same degree", g.degree(), h.degree()));
  }
  auto c = g;
  for (const auto& s : h.generators()) c = centralizer(c, s);
  return c;
}

std::optional<permutation> conjugating_element(const permutation_group& g, const permutation& x, const permutation& y) {
  check_degree(g, x, "the first element");
  check_degree(g, y, "the second element");
  if (x == y) return permutation(g.degree());
  if (g.giant()) return giant_conjugating_element(*g.giant(), x, y);
  if (cycle_type(x) != cycle_type(y)) return std::nullopt;
  const search_chain chain(g, conjugation_property::preferred_base(g, x));
  conjugation_property property(chain, x);
  property.set_target(y);
  // What the search for the centralizer of y costs, it saves many times over where the answer is no.
  const auto right = centralizer(g, y);
  return backtrack_search(chain, property, g.options().control).element({right.generators(), right.order()});
}

bool is_conjugate(const permutation_group& g, const permutation& x, const permutation& y) {
  return conjugating_element(g, x, y).has_value();
}

permutation_group set_stabilizer(const permutation_group& g, std::span<const point> points) {
  auto set = as_set(g, points);
  if (g.giant()) return subgroup_of(g, giant_set_stabilizer(*g.giant(), set, g.degree()));
  if (2 * set.size() > g.degree()) set = complement(set, g.degree());
  const search_chain chain(g, set);
  const set_property property(chain, set, set);
  return subgroup_of(g, backtrack_search(chain, property, g.options().control).subgroup());
}

std::optional<permutation> set_transporter(const permutation_group& g, std::span<const point> from, std::span<const point> to) {
  auto first = as_set(g, from);
  auto second = as_set(g, to);
  if (first == second) return permutation(g.degree());
  if (first.size() != second.size()) return std::nullopt;
  if (g.giant()) return giant_set_transporter(*g.giant(), first, second, g.degree());
  const auto right = set_stabilizer(g, second);
  if (2 * first.size() > g.degree()) {
    first = complement(first, g.degree());
    second = complement(second, g.degree());
  }
  const search_chain chain(g, first);
  const set_property property(chain, first, second);
  return backtrack_search(chain, property, g.options().control).element({right.generators(), right.order()});
}

permutation_group subgroup_with(const permutation_group& g, const std::function<bool(const permutation&)>& property) {
  const search_chain chain(g, {});
  const any_property any{property, chain.length()};
  return subgroup_of(g, backtrack_search(chain, any, g.options().control).subgroup());
}

std::vector<permutation> elements(const permutation_group& g, std::size_t limit) {
  if (g.order() > limit) {
    throw resource_error(fmt::format("the group has {} elements, more than the {} to be listed; raise the limit, or unrank those that are needed",
                                     g.order().get_str(), limit));
  }
  const auto count = g.order().get_ui();
  std::vector<permutation> out;
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % 4096 == 0) g.options().control.check();
    out.push_back(g.unrank64(i));
  }
  return out;
}

}  // namespace cosetta::groups
