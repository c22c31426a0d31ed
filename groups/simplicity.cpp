#include <groups/blocks.hpp>
#include <groups/orbit.hpp>
#include <groups/prime_factors.hpp>
#include <groups/random_elements.hpp>
#include <groups/series.hpp>
#include <groups/simplicity.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::groups {

namespace {

constexpr int affine_tries = 1000;
constexpr int closure_tries = 50;

permutation_group image(const permutation_group& g, std::vector<permutation> generators) {
  chain_options options = g.options();
  options.base_prefix.clear();
  options.known_order.reset();
  const auto degree = generators.front().degree();
  return permutation_group(std::move(generators), degree, options);
}

/// A faithful action on fewer points: on an orbit, or on blocks; g itself when it is primitive. Nothing when a kernel
/// shows a proper normal subgroup. Precondition: g is not trivial.
std::optional<permutation_group> faithful_primitive(permutation_group g) {
  for (;;) {
    g.options().control.check();
    std::vector<point> smallest;
    for (auto& o : orbits(g.generators(), g.degree())) {
      if (o.size() > 1 && (smallest.empty() || o.size() < smallest.size())) smallest = std::move(o);
    }
    if (smallest.size() < g.degree()) {
      auto on_orbit = image(g, restrict_to(g.generators(), smallest));
      if (on_orbit.order() != g.order()) return std::nullopt;
      g = std::move(on_orbit);
    }
    if (g.giant()) return g;
    const auto systems = minimal_block_systems(g.generators());
    if (systems.empty()) return g;
    auto on_blocks = image(g, block_action(g.generators(), systems.back()));
    if (on_blocks.order() != g.order()) return std::nullopt;
    g = std::move(on_blocks);
  }
}

std::size_t fixed_points(const permutation& x) {
  std::size_t out = 0;
  for (point p = 0; p < x.degree(); ++p) out += x[p] == p ? 1 : 0;
  return out;
}

bool is_power_of(std::size_t n, unsigned long p) {
  while (n % p == 0) n /= p;
  return n == 1;
}

mpz_class general_linear_order(unsigned long dimension, unsigned long q) {
  mpz_class whole, part, out = 1;
  mpz_ui_pow_ui(whole.get_mpz_t(), q, dimension);
  for (unsigned long i = 0; i < dimension; ++i) {
    mpz_ui_pow_ui(part.get_mpz_t(), q, i);
    out *= whole - part;
  }
  return out;
}

/// Whether a perfect primitive group has an abelian normal subgroup.
std::optional<bool> is_affine(const permutation_group& g) {
  const auto factors = prime_factors(mpz_class(static_cast<unsigned long>(g.degree())));
  if (factors.size() != 1 || factors[0].exponent == 1) return false;  // AGL(1,r) is solvable
  const auto r = factors[0].prime;
  const auto linear = general_linear_order(factors[0].exponent, r);
  const mpz_class stabilizer_order = g.order() / static_cast<unsigned long>(g.degree());
  if (!mpz_divisible_p(linear.get_mpz_t(), stabilizer_order.get_mpz_t())) return false;
  if (!is_perfect(stabilizer(g, 0))) return false;
  random_elements source(g.generators(), g.degree(), g.options().seed);
  const auto spans_translations = [&](const permutation& x) {
    const auto& c = source.next();
    return !x.is_identity() && fixed_points(x) == 0 && x.pow(r).is_identity() && commute(x, c.inverse() * x * c) &&
           is_abelian(normal_closure(g, std::span(&x, 1)));
  };
  for (int i = 0; i < affine_tries; ++i) {
    g.options().control.check();
    const auto x = source.next();
    if (const auto fixed = fixed_points(x); fixed != 0 && !is_power_of(fixed, r)) return false;
    const mpz_class m = order(x);
    for (const auto& factor : prime_factors(m)) {
      // Translations are powers of elements whose linear part has the eigenvalue 1, and quotients of conjugates that
      // have the same linear part.
      const auto y = x.pow(m / factor.prime);
      if (factor.prime == r && spans_translations(y)) return true;
      const auto c = source.next();
      if (spans_translations(y.inverse() * (c.inverse() * y * c))) return true;
    }
  }
  return std::nullopt;
}

/// A proper normal subgroup is sought among the closures of random elements of prime order.
bool has_visible_normal_subgroup(const permutation_group& g) {
  random_elements source(g.generators(), g.degree(), g.options().seed + 1);
  for (int i = 0; i < closure_tries; ++i) {
    g.options().control.check();
    const auto x = source.next();
    const mpz_class m = order(x);
    for (const auto& factor : prime_factors(m)) {
      const auto y = x.pow(m / factor.prime);
      if (normal_closure(g, std::span(&y, 1)).order() != g.order()) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<bool> is_simple(const permutation_group& given) {
  if (is_abelian(given)) {
    const auto factors = prime_factors(given.order());
    return factors.size() == 1 && factors[0].exponent == 1;
  }
  const auto reduced = faithful_primitive(given);
  if (!reduced) return false;
  const auto& g = *reduced;
  if (g.giant()) return g.giant()->alternating;
  if (!is_perfect(g)) return false;
  const auto affine = is_affine(g);
  if (!affine) return std::nullopt;
  if (*affine) return false;

  const mpz_class n = static_cast<unsigned long>(g.degree());
  const auto factors = prime_factors(n);
  const bool may_be_square = g.order() == n * n;
  const bool may_permute_factors = [&] {
    mpz_class least;
    mpz_ui_pow_ui(least.get_mpz_t(), 60, 6);
    return g.order() >= least && std::all_of(factors.begin(), factors.end(), [&](const prime_power& f) {
             mpz_class fifth;
             mpz_ui_pow_ui(fifth.get_mpz_t(), f.prime, 5);
             return mpz_divisible_p(g.order().get_mpz_t(), fifth.get_mpz_t()) != 0;
           });
  }();
  if (!may_be_square && !may_permute_factors) return true;
  if (has_visible_normal_subgroup(g)) return false;
  return std::nullopt;
}

}  // namespace cosetta::groups
