#include <groups/growing_chain.hpp>
#include <groups/orbit.hpp>
#include <groups/prime_factors.hpp>
#include <groups/random_elements.hpp>
#include <groups/series.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>
#include <groups/supports.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::groups {

namespace {

/// Exponents of the cyclic factors of the p-part of the abelian quotient G / M, of order p^length.
/// A chain of A = M <z_i>, z_i the p-parts of the generators, is built from below: M = A^(p^k) M < ... < A^p M < A. The
/// index of A^(p^(k+1)) M in A^(p^k) M is p to the number of factors of order above p^k.
std::vector<unsigned long> factor_exponents(const permutation_group& g, growing_chain& chain, const mpz_class& index,
                                            const prime_power& part) {
  const mpz_class p = part.prime;
  mpz_class rest;
  mpz_remove(rest.get_mpz_t(), index.get_mpz_t(), p.get_mpz_t());
  std::vector<std::vector<permutation>> powers;  // powers[k]: the z_i^(p^k) that are not in M
  auto& z = powers.emplace_back();
  for (const auto& x : g.generators()) {
    if (auto y = x.pow(rest); !chain.contains(y)) z.push_back(std::move(y));
  }
  while (!powers.back().empty()) {
    std::vector<permutation> next;
    for (const auto& y : powers.back()) {
      if (auto power = y.pow(p); !chain.contains(power)) next.push_back(std::move(power));
    }
    powers.push_back(std::move(next));
  }
  std::vector<unsigned long> above(powers.size(), 0);  // factors of order above p^k
  for (std::size_t k = powers.size(); k-- > 0;) {
    g.options().control.check();
    for (const auto& y : powers[k]) above[k] += chain.insert(y) ? 1 : 0;
  }
  std::vector<unsigned long> out;
  for (unsigned long k = 1; k < above.size(); ++k) out.insert(out.end(), above[k - 1] - above[k], k);
  return out;
}

mpz_class lcm_of_orders(const permutation_group& g) {
  mpz_class out = 1;
  for (const auto& x : g.generators()) out = lcm(out, order(x));
  return out;
}

constexpr int exponent_tries = 400;

}  // namespace

bool is_abelian(const permutation_group& g) {
  const auto& x = g.generators();
  const supports moved(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (moved.meet(i, moved, j) && !commute(x[i], x[j])) return false;
    }
  }
  return true;
}

bool is_cyclic(const permutation_group& g) {
  return is_abelian(g) && lcm_of_orders(g) == g.order();
}

std::vector<mpz_class> abelian_invariants(const permutation_group& g) {
  std::vector<mpz_class> out;
  if (g.giant()) {
    if (!g.giant()->alternating) out.emplace_back(2);
    return out;
  }
  const auto derived = derived_subgroup(g);
  const mpz_class index = g.order() / derived.order();
  std::optional<growing_chain> chain;
  for (const auto& part : prime_factors(index)) {
    std::vector<unsigned long> exponents{1};
    if (part.exponent > 1) {
      if (!chain) chain.emplace(derived.chain(), g.degree());
      exponents = factor_exponents(g, *chain, index, part);
    }
    for (const auto e : exponents) {
      mpz_ui_pow_ui(out.emplace_back().get_mpz_t(), part.prime, e);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<mpz_class> exponent_from_bounds(const permutation_group& g) {
  if (g.giant()) return exponent(*g.giant());
  if (is_abelian(g)) return lcm_of_orders(g);
  std::size_t longest = 1;
  for (const auto& o : orbits(g.generators(), g.degree())) longest = std::max(longest, o.size());
  // An element of order p^k has a cycle of that length.
  mpz_class bound = 1;
  for (const auto& [p, exponent] : prime_factors(g.order())) {
    mpz_class power = p;
    for (unsigned long k = 1; k <= exponent && power <= static_cast<unsigned long>(longest); ++k, power *= p)
      bound *= p;
  }
  mpz_class found = 1;
  random_elements source(g.generators(), g.degree(), g.options().seed);
  for (int i = 0; i < exponent_tries && found != bound; ++i) found = lcm(found, order(source.next()));
  if (found != bound) return std::nullopt;
  return found;
}

}  // namespace cosetta::groups
