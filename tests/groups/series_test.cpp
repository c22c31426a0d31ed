// Derived and lower central series: against lists of all elements, and known series of large groups.
#include <groups/series.hpp>
#include <groups/standard_groups.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>

#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/enumerated_group.hpp>
#include <tests/seeded.hpp>

namespace series_test {
namespace {

using namespace cosetta::groups;
using namespace cosetta::tests;

std::vector<mpz_class> orders(const std::vector<permutation_group>& series) {
  std::vector<mpz_class> out;
  for (const auto& g : series) out.push_back(g.order());
  return out;
}

/// Sizes from all elements; the step takes the last term, with generators of the whole group.
template <class Step>
std::vector<mpz_class> enumerated_series(const element_set& g, const Step& step) {
  std::vector<mpz_class> out{static_cast<unsigned long>(g.size())};
  for (auto term = step(g); term.size() != out.back(); term = step(term)) {
    out.emplace_back(static_cast<unsigned long>(term.size()));
  }
  return out;
}

generating_set<permutation> sylow_of_symmetric(std::uint64_t p, int levels) {
  auto out = cyclic_group(p);
  for (int i = 1; i < levels; ++i) out = wreath_product(out, cyclic_group(p));
  return out;
}

TEST_CASE("series of small groups are what the commutators of all elements give", "[series]") {
  const auto s = seed(81);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& small : small_groups(rng, 60, 400)) {
    const permutation_group g(small.generators, small.degree);
    const auto derived = enumerated_series(small.elements, [&](const element_set& h) {
      return commutators(h, std::vector<permutation>(h.begin(), h.end()), small.degree);
    });
    const auto central = enumerated_series(
        small.elements, [&](const element_set& h) { return commutators(h, small.generators, small.degree); });
    CHECK(orders(derived_series(g)) == derived);
    CHECK(orders(lower_central_series(g)) == central);
    CHECK(is_solvable(g) == (derived.back() == 1));
    CHECK(is_nilpotent(g) == (central.back() == 1));
    CHECK(is_perfect(g) == (derived.size() == 1));
    CHECK(derived_length(g) == (derived.back() == 1 ? std::optional(derived.size() - 1) : std::nullopt));
    CHECK(nilpotency_class(g) == (central.back() == 1 ? std::optional(central.size() - 1) : std::nullopt));
    for (const auto& term : derived_series(g)) CHECK(is_normal(g, term));
    const auto terms = derived_series(g);
    for (std::size_t i = 1; i < terms.size(); ++i) {
      // Abelian quotients: the commutators of the generators are in the next term.
      for (const auto& x : terms[i - 1].generators()) {
        for (const auto& y : terms[i - 1].generators()) CHECK(terms[i].contains(commutator_of(x, y)));
      }
    }
  }
}

TEST_CASE("Sylow subgroups of symmetric groups: derived length k and class p^(k-1)", "[series]") {
  for (const auto& [p, k] : {std::pair{2, 6}, std::pair{3, 4}, std::pair{5, 3}, std::pair{7, 2}}) {
    const permutation_group g(sylow_of_symmetric(static_cast<std::uint64_t>(p), k));
    CHECK(is_nilpotent(g));
    CHECK(is_solvable(g));
    CHECK(derived_length(g) == static_cast<std::size_t>(k));
    std::size_t expected = 1;
    for (int i = 1; i < k; ++i) expected *= static_cast<std::size_t>(p);
    CHECK(nilpotency_class(g) == expected);
    const auto series = lower_central_series(g);
    for (std::size_t i = 1; i < series.size(); ++i) {
      CHECK(is_subgroup(series[i - 1], series[i]));
      CHECK(series[i].proof() == certainty::proven);
    }
  }
}

TEST_CASE("series of known groups", "[series]") {
  CHECK(orders(derived_series(permutation_group(symmetric_group(4)))) == std::vector<mpz_class>{24, 12, 4, 1});
  CHECK(orders(lower_central_series(permutation_group(symmetric_group(4)))) == std::vector<mpz_class>{24, 12});
  CHECK(orders(derived_series(permutation_group(symmetric_group(5)))) == std::vector<mpz_class>{120, 60});
  CHECK(orders(derived_series(permutation_group(mathieu_group(24)))) == std::vector<mpz_class>{244823040});
  CHECK(orders(derived_series(permutation_group(mathieu_group(10)))) == std::vector<mpz_class>{720, 360});
  CHECK(orders(derived_series(permutation_group(mathieu_group(9)))) == std::vector<mpz_class>{72, 18, 9, 1});

  const permutation_group giant(symmetric_group(3000));
  CHECK_FALSE(is_solvable(giant));
  CHECK_FALSE(is_nilpotent(giant));
  CHECK_FALSE(is_perfect(giant));
  CHECK(is_perfect(permutation_group(alternating_group(3000))));
  CHECK(derived_series(giant).size() == 2);
  CHECK_FALSE(derived_length(giant));
  CHECK_FALSE(nilpotency_class(giant));

  // Nilpotent without being a p-group, and its opposite: commuting prime parts that span no p-groups do not occur.
  const permutation_group mixed(direct_product(sylow_of_symmetric(2, 3), sylow_of_symmetric(3, 2)));
  CHECK(is_nilpotent(mixed));
  CHECK(nilpotency_class(mixed) == 4);
  CHECK_FALSE(is_nilpotent(permutation_group(direct_product(symmetric_group(3), cyclic_group(5)))));
  CHECK_FALSE(is_nilpotent(permutation_group(alternating_group(5))));

  const permutation_group trivial(std::vector{permutation(3)}, 3), no_points;
  for (const auto& g : {trivial, no_points}) {
    CHECK(derived_length(g) == 0);
    CHECK(nilpotency_class(g) == 0);
    CHECK(is_perfect(g));
    CHECK(is_solvable(g));
    CHECK(derived_series(g).size() == 1);
  }
}

}  // namespace

}  // namespace series_test
