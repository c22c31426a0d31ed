#include <groups/growing_chain.hpp>
#include <groups/orbit.hpp>
#include <groups/prime_factors.hpp>
#include <groups/random_elements.hpp>
#include <groups/subgroups.hpp>
#include <groups/supports.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

void check_same_degree(const permutation_group& g, std::size_t degree, const char* what) {
  if (g.degree() == degree) return;
  throw domain_error(
      fmt::format("a group of degree {} and {} of degree {}: give both the same degree", g.degree(), what, degree));
}

permutation_group with_known_order(const permutation_group& g, std::vector<permutation> generators, mpz_class order) {
  chain_options options = g.options();
  options.base_prefix.clear();
  options.known_order = std::move(order);
  if (generators.empty()) generators.emplace_back(g.degree());
  return permutation_group(std::move(generators), g.degree(), std::move(options));
}

/// Sym or Alt on the points: a cycle of them all, or of all but the first, and the shortest cycle.
permutation_group natural_group(const permutation_group& g, const giant_structure& natural) {
  const auto& points = natural.points;
  const std::size_t least = natural.alternating ? 3 : 2;
  if (points.size() < least) return trivial_subgroup(g);
  std::vector<permutation> generators;
  const auto add_cycle = [&](std::size_t from, std::size_t to) {
    const std::vector<point> cycle(points.begin() + static_cast<std::ptrdiff_t>(from),
                                   points.begin() + static_cast<std::ptrdiff_t>(to));
    generators.push_back(make_permutation_from_cycles(std::span(&cycle, 1), g.degree()));
  };
  if (points.size() > least) add_cycle(natural.alternating && points.size() % 2 == 0 ? 1 : 0, points.size());
  add_cycle(0, least);
  return with_known_order(g, std::move(generators), natural.order());
}

bool moves(const permutation_group& g, point p) {
  return std::any_of(g.generators().begin(), g.generators().end(), [p](const permutation& x) { return x[p] != p; });
}

/// The stabilizer of the first `level` base points of a chain of g, each conjugated by `by`.
permutation_group tail(const permutation_group& g, const stabilizer_chain& chain, std::size_t level,
                       const std::optional<permutation>& by = std::nullopt) {
  auto generators = chain.strong_generators(level);
  if (by) {
    const auto inverse = by->inverse();
    for (auto& x : generators) x = inverse * x * *by;
  }
  mpz_class order = 1;
  for (std::size_t i = level; i < chain.length(); ++i) order *= static_cast<unsigned long>(chain.orbit(i).size());
  // A Monte Carlo order is a lower bound only: handed on as known, it would pass for proven.
  if (chain.proof() == certainty::proven) return with_known_order(g, std::move(generators), std::move(order));
  return subgroup(g, std::move(generators));
}

/// The stabilizer of the points, by a chain whose base begins with them: uniformly random elements of the group fill it
/// until its order is right (randomized base change: Seress, 2003, 5.4).
permutation_group with_base(const permutation_group& g, const std::vector<point>& points) {
  const auto& chain = g.chain();
  growing_chain other(g.degree(), points);
  std::vector<permutation> fixing;
  std::mt19937_64 rng(g.options().seed);
  while (other.order() < chain.order()) {  // a Monte Carlo order may be surpassed
    g.options().control.check();
    const auto rest = other.insert(chain.random(rng));
    if (rest && std::all_of(points.begin(), points.end(), [&](point p) { return (*rest)[p] == p; }))
      fixing.push_back(*rest);
  }
  mpz_class order = chain.order();
  for (std::size_t i = 0; i < points.size(); ++i) order /= static_cast<unsigned long>(other.orbit_size(i));
  if (chain.proof() == certainty::proven) return with_known_order(g, std::move(fixing), std::move(order));
  return subgroup(g, std::move(fixing));
}

/// All commutators that are not trivial, each once. Quadratic in the numbers of generators.
std::vector<permutation> generator_commutators(const permutation_group& g, const permutation_group& h) {
  const auto &x = g.generators(), &y = h.generators();
  const supports moved_by_x(x), moved_by_y(y);
  std::vector<permutation> out;
  std::unordered_set<permutation> seen;
  for (std::size_t i = 0; i < x.size(); ++i) {
    g.options().control.check();
    for (std::size_t j = 0; j < y.size(); ++j) {
      if (!moved_by_x.meet(i, moved_by_y, j) || commute(x[i], y[j])) continue;
      if (auto c = commutator(x[i], y[j]); seen.insert(c).second) out.push_back(std::move(c));
    }
  }
  return out;
}

constexpr std::size_t first_generators = 4;  // random elements: so few generate most normal subgroups that one meets
constexpr std::size_t most_slots = 20;

/// At most `most_slots` products of the elements, or the elements themselves where they are few.
std::vector<permutation> spread(const std::vector<permutation>& elements, std::uint64_t seed) {
  if (elements.size() <= most_slots) return elements;
  std::vector<permutation> out(most_slots, permutation(elements[0].degree()));
  std::mt19937_64 rng(seed);
  for (const auto& x : elements) {
    for (int copy = 0; copy < 3; ++copy) {
      auto& slot = out[rng() % most_slots];
      slot = slot * x;
    }
  }
  return out;
}

/// What the generators span, by a Monte Carlo chain. That is a proof of what it says to be inside, and of an order that
/// is known to be a bound.
permutation_group sketch(const permutation_group& g, std::vector<permutation> generators) {
  chain_options options = g.options();
  options.base_prefix.clear();
  options.known_order.reset();
  options.wanted = certainty::monte_carlo;
  return permutation_group(std::move(generators), g.degree(), options);
}

/// The normal closure of elements of a group of prime power order, by central extensions: before y, its commutators
/// with the generators of g and its p-th power are added, until they are trivial, so that each group M on the way is
/// normal in g and y raises its order by the factor p (growing_chain.hpp). No step is random, and all of it proves the
/// order.
class central_closure {
 public:
  central_closure(const permutation_group& g, unsigned long prime)
      : g_(g), prime_(prime), chain_(g.degree(), g.base()) {
    for (const auto& x : g.generators()) {
      if (!x.is_identity()) conjugators_.push_back({x, x.inverse()});
    }
  }

  void add(const permutation& start) {
    if (chain_.contains(start)) return;
    std::vector<waiting> pending{{start, start.inverse(), 0}};  // each waits for those after it
    while (!pending.empty()) {
      auto& top = pending.back();
      if (auto before = missing(top)) {
        auto inverse = before->inverse();
        pending.push_back({std::move(*before), std::move(inverse), 0});
        continue;
      }
      chain_.insert(top.y);
      pending.pop_back();
      g_.options().control.check();
    }
  }

  mpz_class order() const { return chain_.order(); }
  permutation random(std::mt19937_64& rng) const { return chain_.random(rng); }

 private:
  struct waiting {
    permutation y, inverse;
    std::size_t tested;  // conjugators whose commutators with y are in the group
  };
  struct conjugator {
    permutation x, inverse;
  };

  /// What has to be in the group before y.
  std::optional<permutation> missing(waiting& w) {
    for (; w.tested < conjugators_.size(); ++w.tested) {
      const auto& [x, inverse] = conjugators_[w.tested];
      if (auto c = w.inverse * inverse * w.y * x; !chain_.contains(c)) return c;
    }
    if (auto power = w.y.pow(prime_); !chain_.contains(power)) return power;
    return std::nullopt;
  }

  const permutation_group& g_;
  unsigned long prime_;
  growing_chain chain_;
  std::vector<conjugator> conjugators_;
};

/// The same, with few generators: random elements, until their chain meets the order.
permutation_group normal_closure_in_p_group(const permutation_group& g, unsigned long prime,
                                            const std::vector<permutation>& elements) {
  central_closure closed(g, prime);
  for (const auto& x : elements) closed.add(x);
  if (closed.order() == g.order()) return g;
  std::mt19937_64 rng(g.options().seed);
  std::vector<permutation> generators;
  for (;;) {
    g.options().control.check();
    const std::size_t more = std::max(first_generators, generators.size());
    for (std::size_t i = 0; i < more; ++i) generators.push_back(closed.random(rng));
    if (sketch(g, generators).order() == closed.order()) {
      return with_known_order(g, std::move(generators), closed.order());
    }
  }
}

/// The closure of `elements` under conjugation by `conjugators`. `inside`: it lies in g, which normalizes it.
permutation_group closure(const permutation_group& g, std::span<const permutation> conjugators,
                          const std::vector<permutation>& elements, bool inside) {
  if (elements.empty()) return trivial_subgroup(g);
  if (inside && !g.giant() && g.proof() == certainty::proven) {
    const auto primes = prime_factors(g.order());
    if (primes.size() == 1) return normal_closure_in_p_group(g, primes[0].prime, elements);
  }
  random_normal_elements source(conjugators, spread(elements, g.options().seed), g.options().seed);
  std::vector<std::pair<permutation, permutation>> both_ways;
  for (const auto& c : conjugators) {
    if (!c.is_identity()) both_ways.emplace_back(c.inverse(), c);
  }
  std::vector<permutation> generators;
  for (std::size_t i = 0; i < first_generators; ++i) generators.push_back(source.next());
  for (std::size_t more = first_generators;; more *= 2) {
    g.options().control.check();
    const auto found = sketch(g, generators);
    if (inside && found.order() == g.order()) return g;
    std::vector<permutation> missing;
    const auto test = [&](const permutation& x) {
      if (!found.contains(x)) missing.push_back(x);
      return missing.size() < more;
    };
    const bool whole = std::all_of(elements.begin(), elements.end(), test) &&
                       std::all_of(generators.begin(), generators.end(), [&](const permutation& x) {
                         return std::all_of(both_ways.begin(), both_ways.end(),
                                            [&](const auto& c) { return test(c.first * x * c.second); });
                       });
    if (whole && missing.empty()) return subgroup(g, std::move(generators));
    for (const auto& x : missing) source.add(x);
    generators.push_back(missing.front());
    for (std::size_t i = 0; i < more; ++i) {
      const auto& x = source.next();
      if (!found.contains(x)) generators.push_back(x);
    }
  }
}

/// The normal subgroups of giants, of eight points or more, are 1, Alt and Sym.
permutation_group giant_closure(const permutation_group& g, std::span<const permutation> elements) {
  auto natural = *g.giant();
  natural.alternating =
      std::all_of(elements.begin(), elements.end(), [](const permutation& x) { return sign(x) == 1; });
  return natural.alternating == g.giant()->alternating ? g : natural_group(g, natural);
}

}  // namespace

bool commute(const permutation& x, const permutation& y) {
  for (point p = 0; p < x.degree(); ++p) {
    if (y[x[p]] != x[y[p]]) return false;
  }
  return true;
}

permutation_group subgroup(const permutation_group& g, std::vector<permutation> generators) {
  chain_options options = g.options();
  options.base_prefix.clear();
  options.known_order.reset();
  if (generators.empty()) generators.emplace_back(g.degree());
  return permutation_group(std::move(generators), g.degree(), std::move(options));
}

permutation_group trivial_subgroup(const permutation_group& g) {
  return with_known_order(g, {}, 1);
}

permutation_group stabilizer(const permutation_group& g, point p) {
  return stabilizer(g, std::span(&p, 1));
}

permutation_group stabilizer(const permutation_group& g, std::span<const point> points) {
  std::vector<point> moved;
  for (const auto p : points) {
    if (p >= g.degree()) {
      throw domain_error(fmt::format("stabilizer of point {}: the group has the points 0..{}", p,
                                     g.degree() == 0 ? 0 : g.degree() - 1));
    }
    if (moves(g, p) && std::find(moved.begin(), moved.end(), p) == moved.end()) moved.push_back(p);
  }
  if (moved.empty()) return g;
  if (g.giant()) {
    auto natural = *g.giant();
    std::sort(moved.begin(), moved.end());
    std::erase_if(natural.points, [&](point p) { return std::binary_search(moved.begin(), moved.end(), p); });
    return natural_group(g, natural);
  }
  const auto& chain = g.chain();
  if (moved.size() == 1) {
    // A point in the first orbit costs no change of base: its stabilizer is conjugate to that of the base point.
    if (const auto at = chain.position(0, moved[0])) return tail(g, chain, 1, chain.transversal(0, *at));
  }
  if (moved.size() <= chain.length() && std::is_permutation(moved.begin(), moved.end(), chain.base().begin())) {
    return tail(g, chain, moved.size());
  }
  return with_base(g, moved);
}

bool is_subgroup(const permutation_group& g, const permutation_group& h) {
  return g.degree() == h.degree() &&
         std::all_of(h.generators().begin(), h.generators().end(), [&](const permutation& x) { return g.contains(x); });
}

bool are_equal(const permutation_group& g, const permutation_group& h) {
  return is_subgroup(g, h) && g.order() == h.order();
}

mpz_class index(const permutation_group& g, const permutation_group& h) {
  check_same_degree(g, h.degree(), "a subgroup");
  for (const auto& x : h.generators()) {
    if (g.contains(x)) continue;
    throw domain_error(
        fmt::format("index of a group that is not a subgroup: {} is not in the larger one", to_cycles(x)));
  }
  return g.order() / h.order();
}

bool is_normal(const permutation_group& g, const permutation_group& h) {
  check_same_degree(g, h.degree(), "a subgroup");
  for (const auto& x : h.generators()) {
    for (const auto& c : g.generators()) {
      if (!h.contains(c.inverse() * x * c)) return false;
    }
  }
  return true;
}

permutation_group normal_closure(const permutation_group& g, std::span<const permutation> elements) {
  std::vector<permutation> nontrivial;
  for (const auto& x : elements) {
    check_same_degree(g, x.degree(), "an element");
    if (!x.is_identity()) nontrivial.push_back(x);
  }
  if (nontrivial.empty()) return trivial_subgroup(g);
  if (g.giant()) {
    auto whole = *g.giant();
    whole.alternating = false;
    const auto natural = [&](const permutation& x) { return whole.contains(x); };
    if (std::all_of(nontrivial.begin(), nontrivial.end(), natural)) return giant_closure(g, nontrivial);
  }
  const auto inside =
      std::all_of(nontrivial.begin(), nontrivial.end(), [&](const permutation& x) { return g.contains(x); });
  return closure(g, g.generators(), nontrivial, inside);
}

permutation_group normal_closure(const permutation_group& g, const permutation_group& h) {
  check_same_degree(g, h.degree(), "a subgroup");
  return normal_closure(g, h.generators());
}

permutation_group commutator_subgroup(const permutation_group& g, const permutation_group& h) {
  check_same_degree(g, h.degree(), "another");
  // It is normal in <g, h>, which is often one of them.
  if (is_subgroup(g, h)) return commutator_subgroup(g, g, h);
  if (is_subgroup(h, g)) return commutator_subgroup(h, g, h);
  auto both = g.generators();
  both.insert(both.end(), h.generators().begin(), h.generators().end());
  return closure(g, both, generator_commutators(g, h), false);
}

permutation_group commutator_subgroup(const permutation_group& whole, const permutation_group& g,
                                      const permutation_group& h) {
  const auto commutators = generator_commutators(g, h);
  if (whole.giant() && !commutators.empty()) return giant_closure(whole, commutators);
  return closure(whole, whole.generators(), commutators, true);
}

}  // namespace cosetta::groups
