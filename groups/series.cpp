#include <groups/prime_factors.hpp>
#include <groups/series.hpp>
#include <groups/subgroups.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::groups {

namespace {

bool is_trivial(const permutation_group& g) {
  return std::all_of(g.generators().begin(), g.generators().end(),
                     [](const permutation& x) { return x.is_identity(); });
}

template <class Step>
std::vector<permutation_group> descending_series(const permutation_group& g, const Step& step) {
  std::vector<permutation_group> series{g};
  while (!is_trivial(series.back())) {
    auto next = step(series.back());
    if (next.order() == series.back().order()) break;
    series.push_back(std::move(next));
  }
  return series;
}

/// The factor of x whose order is a power of p, in the cyclic group of x.
permutation prime_part(const permutation& x, unsigned long p) {
  mpz_class rest = order(x);
  while (mpz_divisible_ui_p(rest.get_mpz_t(), p)) mpz_divexact_ui(rest.get_mpz_t(), rest.get_mpz_t(), p);
  return x.pow(rest);
}

}  // namespace

permutation_group derived_subgroup(const permutation_group& g) {
  return commutator_subgroup(g, g);
}

std::vector<permutation_group> derived_series(const permutation_group& g) {
  return descending_series(g, [&g](const permutation_group& h) { return commutator_subgroup(g, h, h); });
}

std::vector<permutation_group> lower_central_series(const permutation_group& g) {
  return descending_series(g, [&g](const permutation_group& h) { return commutator_subgroup(g, g, h); });
}

bool is_perfect(const permutation_group& g) {
  if (is_trivial(g)) return true;
  if (g.giant()) return g.giant()->alternating;
  const auto odd = [](const permutation& x) { return sign(x) == -1; };
  if (std::any_of(g.generators().begin(), g.generators().end(), odd)) return false;
  return derived_subgroup(g).order() == g.order();
}

bool is_solvable(const permutation_group& g) {
  if (g.giant()) return false;
  // Burnside: a group whose order has at most two prime divisors is solvable.
  if (prime_factors(g.order()).size() <= 2) return true;
  return is_trivial(derived_series(g).back());
}

bool is_nilpotent(const permutation_group& g) {
  if (g.giant()) return false;
  const auto primes = prime_factors(g.order());
  if (primes.size() <= 1) return true;
  // A nilpotent group is the direct product of its Sylow subgroups, which the prime parts of the generators span.
  std::vector<std::vector<permutation>> parts;
  for (const auto& [p, exponent] : primes) {
    auto& part = parts.emplace_back();
    for (const auto& x : g.generators()) {
      if (auto y = prime_part(x, p); !y.is_identity()) part.push_back(std::move(y));
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (const auto& x : parts[i]) {
        for (const auto& y : parts[j]) {
          if (!commute(x, y)) return false;
        }
      }
    }
  }
  return std::all_of(parts.begin(), parts.end(), [&](const std::vector<permutation>& part) {
    const auto spanned = subgroup(g, part);
    return !spanned.giant() && prime_factors(spanned.order()).size() <= 1;
  });
}

std::optional<std::size_t> derived_length(const permutation_group& g) {
  if (g.giant()) return std::nullopt;
  const auto series = derived_series(g);
  if (!is_trivial(series.back())) return std::nullopt;
  return series.size() - 1;
}

std::optional<std::size_t> nilpotency_class(const permutation_group& g) {
  if (!is_nilpotent(g)) return std::nullopt;
  return lower_central_series(g).size() - 1;
}

}  // namespace cosetta::groups
