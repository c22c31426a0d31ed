// The order bound is a theorem, so it never lies below the order; and it is exact where it was made for.
#include <groups/order_bound.hpp>
#include <groups/permutation_group.hpp>
#include <groups/standard_groups.hpp>

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/plain_group.hpp>
#include <tests/seeded.hpp>

namespace order_bound_test {
namespace {

using namespace cosetta::groups;
using cosetta::tests::group_supply;
using cosetta::tests::image_list;
using cosetta::tests::plain_group;

std::optional<mpz_class> bound_of(const std::vector<permutation>& generators, std::uint64_t seed = 1) {
  return order_bound(generators, generators[0].degree(), seed, group_control{});
}

std::optional<mpz_class> bound_of(const generating_set<permutation>& g) {
  return bound_of(g.elements());
}

}  // namespace

TEST_CASE("the order bound is never below the order", "[groups][order_bound]") {
  const auto s = cosetta::tests::seed(0xb0d);
  INFO("seed " << s);
  group_supply supply(s);
  int exact = 0, bounded = 0;
  for (int i = 0; i < 500; ++i) {
    const auto g = supply.next();
    if (g.generators.empty()) continue;
    INFO(g.text());
    const auto order = plain_group(g.generators, g.degree).order();
    const auto bound = bound_of(g.permutations(), supply.rng()());
    if (!bound) continue;
    REQUIRE(*bound >= order);
    REQUIRE(*bound % order == 0);
    ++bounded;
    exact += *bound == order;
  }
  CHECK(bounded > 300);
  CHECK(exact > 150);
}

TEST_CASE("the order bound is exact for products and wreath products", "[groups][order_bound]") {
  const auto s20 = symmetric_group(20), c50 = cyclic_group(50);
  CHECK(bound_of(direct_product(s20, s20)) == symmetric_group_order(20) * symmetric_group_order(20));
  CHECK(bound_of(wreath_product(cyclic_group(2), s20)) == (symmetric_group_order(20) << 20));
  CHECK(bound_of(wreath_product(symmetric_group(5), alternating_group(9))) == wreath_product_order(120, 9, alternating_group_order(9)));
  // The top lies in wreath products larger than itself.
  CHECK(bound_of(wreath_product(symmetric_group(3), c50)) == wreath_product_order(6, 50, 50));
  CHECK(bound_of(wreath_product(cyclic_group(2), wreath_product(cyclic_group(2), c50))) == (mpz_class(50) << 150));
  CHECK(bound_of(direct_product(dihedral_group(10), direct_product(c50, dihedral_group(12)))) == 20 * 50 * 24);
}

TEST_CASE("the order bound sees links by abelian quotients", "[groups][order_bound]") {
  // Pairs of equal sign in S_20 x S_20.
  const auto n = std::size_t{40};
  std::vector<permutation> linked;
  for (point i = 0; i + 2 < 20; ++i) {
    linked.push_back(parse_permutation("(" + std::to_string(i) + " " + std::to_string(i + 1) + ")(20 21)", n));
    linked.push_back(parse_permutation("(0 1)(" + std::to_string(20 + i) + " " + std::to_string(21 + i) + ")", n));
  }
  linked.push_back(parse_permutation("(18 19)(38 39)", n));
  CHECK(bound_of(linked) == symmetric_group_order(20) * symmetric_group_order(20) / 2);

  // Signed permutations with an even number of signs.
  CHECK(bound_of(coxeter_group(coxeter_type::d, 12)) == coxeter_group_order(coxeter_type::d, 12));
  CHECK(bound_of(coxeter_group(coxeter_type::b, 12)) == coxeter_group_order(coxeter_type::b, 12));

  // The turns of the 2x2x2 and 3x3x3 cubes' corners: 8 corners of three facelets whose twists sum to nothing.
  const image_list turn = cosetta::tests::cycle_list_of(24, {{0, 3, 6, 9}, {1, 4, 7, 10}, {2, 5, 8, 11}});
  const image_list twist = cosetta::tests::cycle_list_of(24, {{0, 12, 3, 15}, {1, 13, 4, 16}, {2, 14, 5, 17}, {18, 19, 20}, {21, 23, 22}});
  const image_list shift = cosetta::tests::cycle_list_of(
      24, {{0, 3, 6, 9, 12, 15, 18, 21}, {1, 4, 7, 10, 13, 16, 19, 22}, {2, 5, 8, 11, 14, 17, 20, 23}});
  const plain_group corners({turn, twist, shift}, 24);
  CHECK(bound_of({permutation(turn), permutation(twist), permutation(shift)}) == corners.order());
  CHECK(corners.order() == symmetric_group_order(8) * 2187);
}

TEST_CASE("primitive groups have no order bound", "[groups][order_bound]") {
  CHECK_FALSE(bound_of(mathieu_group(24)));
  CHECK_FALSE(bound_of(mathieu_group(11)));
  CHECK(bound_of(symmetric_group(12)) == symmetric_group_order(12));
  // Fixed points add nothing, equivalent orbits are counted once.
  std::vector<permutation> twice;
  const auto s12 = symmetric_group(12);
  for (const auto& g : s12.elements()) {
    auto images = g.images();
    for (point p = 0; p < 12; ++p) images.push_back(12 + g[p]);
    images.push_back(24);
    twice.emplace_back(images);
  }
  CHECK(bound_of(twice) == symmetric_group_order(12));
  CHECK(bound_of({permutation(std::size_t{5})}) == 1);
}

TEST_CASE("the order bound stops when it is told to", "[groups][order_bound]") {
  std::stop_source source;
  source.request_stop();
  group_control control;
  control.stop = source.get_token();
  const auto g = wreath_product(symmetric_group(5), symmetric_group(9));
  CHECK_THROWS_AS(order_bound(g.elements(), 45, 1, control), stopped_error);
}

}  // namespace order_bound_test
