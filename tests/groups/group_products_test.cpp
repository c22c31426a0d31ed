// Products of groups: their orders, against chains that do not know them; the relations that define them.
#include <groups/conjugacy_classes.hpp>
#include <groups/group_products.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/random_groups.hpp>

namespace group_products_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;
using cosetta::tests::for_each_small_group;

mpz_class order_without_hint(const permutation_group& g) {
  return permutation_group(g.generators(), g.degree()).order();
}

permutation_group named(const generating_set<permutation>& g) {
  return permutation_group(g);
}

/// The action of h on n by conjugation, both in one symmetric group.
std::vector<std::vector<permutation>> conjugation(const permutation_group& n, const permutation_group& h) {
  std::vector<std::vector<permutation>> out;
  for (const auto& t : h.generators()) {
    out.emplace_back();
    for (const auto& s : n.generators()) out.back().push_back(t.inverse() * s * t);
  }
  return out;
}

void require_semidirect(const permutation_group& n, const permutation_group& h, const std::vector<std::vector<permutation>>& action,
                        const permutation_group& product) {
  REQUIRE(product.order() == n.order() * h.order());
  REQUIRE(order_without_hint(product) == product.order());
  const auto& generators = product.generators();
  const auto k = n.generators().size();
  REQUIRE(generators.size() == k + h.generators().size());
  const permutation_group normal({generators.begin(), generators.begin() + static_cast<std::ptrdiff_t>(k)}, product.degree());
  REQUIRE(normal.order() == n.order());
  for (std::size_t i = 0; i < h.generators().size(); ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const auto& t = generators[k + i];
      const auto moved = t.inverse() * generators[j] * t;
      REQUIRE(normal.contains(moved));
      // The image under the right regular action: what it does to the identity, which is element 0.
      REQUIRE(n.unrank64(moved[0]) == action[i][j]);
    }
  }
}

}  // namespace

TEST_CASE("direct and wreath products have the orders that they should", "[groups][products]") {
  std::vector<permutation_group> small;
  for_each_small_group(0xd14, 6, [&](auto&, const permutation_group& g, const std::vector<permutation>&) { small.push_back(g); });
  for (const auto& g : small) {
    for (const auto& h : small) {
      const auto direct = direct_product(g, h);
      CHECK(direct.degree() == g.degree() + h.degree());
      CHECK(direct.order() == g.order() * h.order());
      CHECK(order_without_hint(direct) == direct.order());
      if (g.degree() * h.degree() > 40) continue;
      const auto wreath = wreath_product(g, h);
      CHECK(order_without_hint(wreath) == wreath.order());
    }
  }
  const auto product = product_action_wreath_product(named(symmetric_group(5)), named(symmetric_group(3)));
  CHECK(product.degree() == 125);
  CHECK(product.order() == 120 * 120 * 120 * 6);
  CHECK(order_without_hint(product) == product.order());
  CHECK(product_action_wreath_product(permutation_group({}, 1), named(symmetric_group(3))).order() == 1);
  CHECK(direct_product(permutation_group({}, 2), permutation_group({}, 1)).order() == 1);
  CHECK_THROWS_AS(product_action_wreath_product(named(symmetric_group(30)), named(symmetric_group(30))), resource_error);
}

TEST_CASE("semidirect products", "[groups][products]") {
  const auto c7 = named(cyclic_group(7));
  const auto c3 = named(cyclic_group(3));
  const auto& r = c7.generators()[0];
  // 7:3, by r -> r^2.
  const std::vector<std::vector<permutation>> squares{{r.pow(2)}};
  const auto frobenius = semidirect_product(c7, c3, squares);
  require_semidirect(c7, c3, squares, frobenius);
  CHECK(number_of_classes(frobenius) == 5);
  // By the trivial action: direct.
  const std::vector<std::vector<permutation>> trivial{{r}};
  const auto direct = semidirect_product(c7, c3, trivial);
  require_semidirect(c7, c3, trivial, direct);
  CHECK(number_of_classes(direct) == 21);
  // V_4 : S_3 by conjugation is S_4; its classes tell.
  const permutation_group v4({parse_permutation("(0 1)(2 3)"), parse_permutation("(0 2)(1 3)")}, 4);
  const permutation_group s3({parse_permutation("(0 1 2)", 4), parse_permutation("(0 1)", 4)}, 4);
  const auto action = conjugation(v4, s3);
  const auto s4 = semidirect_product(v4, s3, action);
  require_semidirect(v4, s3, action, s4);
  CHECK(number_of_classes(s4) == 5);
  // An action that is not faithful, of a group on a nonabelian one.
  const auto a5 = named(alternating_group(5));
  const auto c4 = named(cyclic_group(4));
  const std::vector<std::vector<permutation>> by_odd = conjugation(a5, permutation_group({transposition(5, 0, 1)}, 5));
  const auto mixed = semidirect_product(a5, c4, by_odd);
  require_semidirect(a5, c4, by_odd, mixed);
}

TEST_CASE("what is no action by automorphisms is refused", "[groups][products]") {
  const auto c7 = named(cyclic_group(7));
  const auto c3 = named(cyclic_group(3));
  const auto& r = c7.generators()[0];
  using rows = std::vector<std::vector<permutation>>;
  CHECK_THROWS_AS(semidirect_product(c7, c3, rows{}), domain_error);
  CHECK_THROWS_AS(semidirect_product(c7, c3, rows{{r.pow(3)}}), domain_error);              // of order 6
  CHECK_THROWS_AS(semidirect_product(c7, c3, rows{{permutation(7)}}), domain_error);        // not injective
  CHECK_THROWS_AS(semidirect_product(c7, c3, rows{{transposition(7, 0, 1)}}), domain_error);  // not in c7
  CHECK_THROWS_AS(semidirect_product(c7, c3, rows{{r, r}}), domain_error);
  CHECK_THROWS_AS(semidirect_product(named(symmetric_group(12)), c3, rows{{}}), resource_error);
}

}  // namespace group_products_test
