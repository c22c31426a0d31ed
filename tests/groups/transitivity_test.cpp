// Transitivity, regularity, primitivity, suborbits: against all elements of small groups, and known groups.
#include <groups/orbit.hpp>
#include <groups/standard_groups.hpp>
#include <groups/transitivity.hpp>
#include <kernels/error.hpp>

#include <map>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/enumerated_group.hpp>
#include <tests/seeded.hpp>

namespace transitivity_test {
namespace {

using namespace cosetta::groups;
using namespace cosetta::tests;
using cosetta::domain_error;

/// The largest k for which (0, ..., k - 1) goes to every k-tuple of distinct points.
std::size_t enumerated_transitivity(const small_group& g) {
  std::size_t tuples = 1, k = 0;
  for (; k < g.degree; ++k) {
    tuples *= g.degree - k;
    std::set<std::vector<point>> images;
    for (const auto& x : g.elements) {
      auto all = x.images();
      all.resize(k + 1);
      images.insert(std::move(all));
    }
    if (images.size() != tuples) break;
  }
  return k;
}

TEST_CASE("actions of small groups, by all their elements", "[transitivity]") {
  const auto s = seed(91);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  auto supply = small_groups(rng, 80);
  // Transitive constituents, since random subgroups are mostly intransitive.
  for (std::size_t i = 0; i < 40; ++i) {
    const auto all = orbits(supply[i].generators, supply[i].degree);
    const auto& o = all[rng() % all.size()];
    small_group g{restrict_to(supply[i].generators, o), o.size(), {}};
    g.elements = enumerate(g.generators, g.degree);
    supply.push_back(std::move(g));
  }
  for (const auto& small : supply) {
    const permutation_group g(small.generators, small.degree);
    const auto fixes_none = [](const permutation& x) {
      if (x.is_identity()) return true;
      for (point p = 0; p < x.degree(); ++p) {
        if (x[p] == p) return false;
      }
      return true;
    };
    const bool semiregular = std::all_of(small.elements.begin(), small.elements.end(), fixes_none);
    const auto k = enumerated_transitivity(small);
    CHECK(transitivity(g) == k);
    CHECK(is_transitive(g) == (k > 0));
    CHECK(is_semiregular(g) == semiregular);
    CHECK(is_regular(g) == (semiregular && k > 0));
    CHECK(is_primitive(g) == (k > 0 && is_primitive(small.generators)));
    CHECK(orbits(g) == orbits(small.generators, small.degree));
    // Suborbits: where the elements that fix p take each point.
    const auto p = static_cast<point>(rng() % small.degree);
    std::set<std::set<point>> expected;
    for (point q = 0; q < small.degree; ++q) {
      std::set<point> orbit;
      for (const auto& x : small.elements) {
        if (x[p] == p) orbit.insert(x[q]);
      }
      expected.insert(orbit);
    }
    std::set<std::set<point>> found;
    for (const auto& o : suborbits(g, p)) found.insert({o.begin(), o.end()});
    CHECK(found == expected);
    if (k > 0) CHECK(permutation_rank(g) == expected.size());
  }
}

TEST_CASE("multiply transitive groups", "[transitivity]") {
  const std::map<int, std::size_t> mathieu{{24, 5}, {23, 4}, {22, 3}, {12, 5}, {11, 4},
                                           {10, 3}, {9, 2},  {21, 2}, {20, 1}};
  for (const auto& [n, k] : mathieu) {
    INFO("M" << n);
    CHECK(transitivity(permutation_group(mathieu_group(static_cast<std::uint64_t>(n)))) == k);
  }
  for (std::uint64_t n = 1; n <= 12; ++n) {
    INFO("n = " << n);
    CHECK(transitivity(permutation_group(symmetric_group(n))) == n);
    if (n >= 3) CHECK(transitivity(permutation_group(alternating_group(n))) == n - 2);
    if (n >= 4) CHECK(transitivity(permutation_group(cyclic_group(n))) == 1);
  }
  CHECK(transitivity(permutation_group(symmetric_group(5000))) == 5000);
  CHECK(transitivity(permutation_group(direct_product(symmetric_group(20), cyclic_group(1)))) == 0);
  chain_options repeated;
  repeated.base_prefix = {3, 3, 5};
  CHECK(transitivity(permutation_group(mathieu_group(11), repeated)) == 4);
}

TEST_CASE("primitive and imprimitive groups, and their ranks", "[transitivity]") {
  CHECK(is_primitive(permutation_group(mathieu_group(22))));
  CHECK(is_primitive(permutation_group(symmetric_group(1000))));
  CHECK(is_primitive(permutation_group(product_action_wreath_product(symmetric_group(6), symmetric_group(2)))));
  CHECK_FALSE(is_primitive(permutation_group(wreath_product(symmetric_group(6), symmetric_group(2)))));
  CHECK_FALSE(is_primitive(permutation_group(mathieu_group(20))));
  CHECK_FALSE(is_primitive(permutation_group(direct_product(symmetric_group(4), symmetric_group(4)))));
  CHECK(permutation_rank(permutation_group(product_action_wreath_product(symmetric_group(6), symmetric_group(3)))) ==
        4);
  CHECK(permutation_rank(permutation_group(wreath_product(symmetric_group(6), symmetric_group(2)))) == 3);
  CHECK(permutation_rank(permutation_group(cyclic_group(30))) == 30);
  CHECK(permutation_rank(permutation_group(symmetric_group(2000))) == 2);
}

TEST_CASE("actions on few points, as GAP 4.12 has them", "[transitivity]") {
  const permutation_group none, one(std::vector{permutation(1)}, 1), two(std::vector{permutation(2)}, 2);
  CHECK(is_transitive(none));
  CHECK(transitivity(none) == 0);
  CHECK(is_primitive(none));
  CHECK(is_regular(none));
  CHECK(transitivity(one) == 1);
  CHECK(is_regular(one));
  CHECK(is_primitive(one));
  CHECK(permutation_rank(one) == 1);
  CHECK_FALSE(is_transitive(two));
  CHECK(transitivity(two) == 0);
  CHECK(is_semiregular(two));
  CHECK_FALSE(is_regular(two));
  CHECK_FALSE(is_primitive(two));
  CHECK_THROWS_AS(permutation_rank(two), domain_error);
  CHECK_THROWS_AS(suborbits(two, 2), domain_error);
}

}  // namespace

}  // namespace transitivity_test
