// Conjugacy classes: the laws, brute force, published numbers, partitions.
#include <groups/backtrack.hpp>
#include <groups/class_search.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/group_products.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/random_groups.hpp>

namespace conjugacy_classes_test {
namespace {

using namespace cosetta::groups;
using cosetta::resource_error;
using cosetta::tests::for_each_small_group;
using cosetta::tests::rubik_cube;

void require_laws(const permutation_group& g, const std::vector<conjugacy_class>& classes) {
  mpz_class sum = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto& c = classes[i];
    REQUIRE(g.contains(c.representative));
    REQUIRE(order(c.representative) == c.element_order);
    REQUIRE(c.size * c.centralizer_order == g.order());
    sum += c.size;
    if (i == 0) {
      REQUIRE(c.representative.is_identity());
    } else {
      const auto& before = classes[i - 1];
      REQUIRE((before.element_order < c.element_order ||
               (before.element_order == c.element_order &&
                (before.size < c.size || (before.size == c.size && before.representative < c.representative)))));
    }
  }
  REQUIRE(sum == g.order());
}

/// By element order and size: how many.
std::map<std::pair<unsigned long, std::string>, int> profile(const std::vector<conjugacy_class>& classes) {
  std::map<std::pair<unsigned long, std::string>, int> out;
  for (const auto& c : classes) ++out[{c.element_order.get_ui(), c.size.get_str()}];
  return out;
}

std::vector<conjugacy_class> searched(const permutation_group& g) {
  auto found = class_search(g, default_class_limit, std::nullopt).run();
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("classes of small groups, against brute force", "[groups][classes]") {
  for_each_small_group(0xc1a55, 60, [](auto&, const permutation_group& g, const std::vector<permutation>& all) {
    std::vector<permutation> open = all;
    std::map<std::pair<unsigned long, std::string>, int> expected;
    while (!open.empty()) {
      const auto x = open.back();
      std::vector<permutation> conjugates;
      for (const auto& c : all) conjugates.push_back(c.inverse() * x * c);
      std::sort(conjugates.begin(), conjugates.end());
      conjugates.erase(std::unique(conjugates.begin(), conjugates.end()), conjugates.end());
      std::erase_if(open, [&](const auto& y) { return std::binary_search(conjugates.begin(), conjugates.end(), y); });
      ++expected[{order(x).get_ui(), std::to_string(conjugates.size())}];
    }
    const auto classes = conjugacy_classes(g);
    require_laws(g, classes);
    REQUIRE(profile(classes) == expected);
    // Small groups are listed; the search that larger ones need says the same.
    REQUIRE(profile(searched(g)) == expected);
    REQUIRE(number_of_classes(g) == classes.size());
    mpz_class exponent_of_all = 1;
    for (const auto& x : all) exponent_of_all = lcm(exponent_of_all, order(x));
    REQUIRE(exponent(g) == exponent_of_all);
  });
}

TEST_CASE("classes of larger groups", "[groups][classes]") {
  struct record {
    permutation_group g;
    std::size_t classes;
    unsigned long exponent;
  };
  // Conway et al., Atlas of finite groups, 1985; the products by multiplication, S_4 wr S_3 by Specht's count: 5 types of
  // colours give 5 cycles of each length, the coefficient of x^3 in prod (1 - x^k)^-5, 5*7 + 25 + 5 = 65.
  const std::vector<record> records{
      {permutation_group(mathieu_group(11)), 10, 1320},
      {permutation_group(mathieu_group(12)), 15, 1320},
      {permutation_group(mathieu_group(22)), 12, 9240},
      {permutation_group(mathieu_group(23)), 17, 212520},
      {permutation_group(mathieu_group(24)), 26, 212520},
      {direct_product(permutation_group(mathieu_group(11)), permutation_group(mathieu_group(12))), 150, 1320},
      {direct_product(permutation_group(alternating_group(9)), permutation_group(symmetric_group(10))), 18 * 42, 2520},
      {wreath_product(permutation_group(symmetric_group(4)), permutation_group(symmetric_group(3))), 65, 72},
      {product_action_wreath_product(permutation_group(symmetric_group(4)), permutation_group(symmetric_group(3))), 65, 72},
  };
  for (const auto& r : records) {
    INFO("degree " << r.g.degree() << ", order " << r.g.order().get_str());
    const auto classes = conjugacy_classes(r.g);
    require_laws(r.g, classes);
    CHECK(classes.size() == r.classes);
    CHECK(exponent(r.g) == r.exponent);
    CHECK(conjugacy_classes(r.g) == classes);
    for (const auto& c : classes) {
      if (c.centralizer_order < 200) CHECK(centralizer(r.g, c.representative).order() == c.centralizer_order);
    }
  }
}

TEST_CASE("classes of wreath products with a cyclic top", "[groups][classes]") {
  // K wr C_p, p prime, K with k classes: (k^p - k) / p + k orbits of rotation on the vectors of classes, and k classes in
  // each of the other p - 1 cosets of the base group. Cycles of points and blocks alone tell few of them apart.
  struct record {
    std::size_t n, p, classes;
  };
  for (const auto& [n, p, classes] : {record{4, 5, 649}, record{3, 5, 63}, record{3, 7, 333}, record{5, 3, 133}}) {
    INFO("S_" << n << " wr C_" << p);
    const auto g = wreath_product(permutation_group(symmetric_group(n)), permutation_group(cyclic_group(p)));
    const auto found = conjugacy_classes(g);
    require_laws(g, found);
    CHECK(found.size() == classes);
  }
}

TEST_CASE("powers of an element may differ in the orbitals that they use", "[groups][classes]") {
  // The regular action of the group of order 21: an element of order 3 and its inverse have equal cycles. Listed groups
  // and searched ones agree.
  for (const std::size_t p : {7, 13, 31}) {
    std::vector<point> shift(3 * p), turn(3 * p);
    const std::size_t r = p == 7 ? 2 : p == 13 ? 3 : 5;  // of order 3 modulo p
    for (std::size_t i = 0; i < p; ++i) {
      std::size_t power = 1;
      for (std::size_t j = 0; j < 3; ++j, power = power * r % p) {
        shift[j * p + i] = static_cast<point>(j * p + (i + power) % p);
        turn[j * p + i] = static_cast<point>((j + 1) % 3 * p + i);
      }
    }
    const permutation_group g({permutation(shift), permutation(turn)}, 3 * p);
    const auto found = searched(g);
    CHECK(profile(found) == profile(conjugacy_classes(g)));
  }
}

TEST_CASE("pairwise, representatives are not conjugate", "[groups][classes]") {
  const permutation_group g(mathieu_group(12));
  const auto classes = conjugacy_classes(g);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(is_conjugate(g, classes[i].representative, classes[j].representative));
  }
}

TEST_CASE("classes of natural symmetric and alternating groups", "[groups][classes]") {
  // OEIS A000041 and A000702.
  const std::map<std::size_t, std::pair<unsigned long, unsigned long>> counts{
      {8, {22, 14}}, {9, {30, 18}}, {10, {42, 24}}, {11, {56, 31}}, {12, {77, 43}}, {20, {627, 324}}};
  for (const auto& [n, expected] : counts) {
    INFO("n = " << n);
    for (const bool alternating : {false, true}) {
      const permutation_group g(alternating ? alternating_group(n) : symmetric_group(n));
      REQUIRE(g.giant());
      const auto classes = conjugacy_classes(g);
      require_laws(g, classes);
      CHECK(classes.size() == (alternating ? expected.second : expected.first));
      CHECK(number_of_classes(g) == classes.size());
      mpz_class found = 1;
      for (const auto& c : classes) found = lcm(found, c.element_order);
      CHECK(exponent(g) == found);
      if (n > 9) continue;
      for (const auto& c : classes) CHECK(centralizer(g, c.representative).order() == c.centralizer_order);
    }
  }
  // Without listing them: p(200).
  CHECK(number_of_classes(permutation_group(symmetric_group(200))) == mpz_class("3972999029388"));
  CHECK_THROWS_AS(conjugacy_classes(permutation_group(symmetric_group(200))), resource_error);
}

TEST_CASE("commutative groups are their own classes", "[groups][classes]") {
  const auto g = direct_product(permutation_group(cyclic_group(12)), permutation_group(cyclic_group(90)));
  const auto classes = conjugacy_classes(g);
  require_laws(g, classes);
  CHECK(classes.size() == 1080);
  CHECK(exponent(g) == 180);
  CHECK(conjugacy_classes(permutation_group()).size() == 1);
}

TEST_CASE("too many classes are refused, and early", "[groups][classes]") {
  CHECK_THROWS_AS(conjugacy_classes(permutation_group(mathieu_group(24)), 25), resource_error);
  CHECK(conjugacy_classes(permutation_group(mathieu_group(24)), 26).size() == 26);
  CHECK_THROWS_AS(conjugacy_classes(direct_product(permutation_group(cyclic_group(300)), permutation_group(cyclic_group(300)))), resource_error);
  // C_2 wr S_100 has some 10^15 classes.
  const auto g = wreath_product(permutation_group(cyclic_group(2)), permutation_group(symmetric_group(100)));
  CHECK_THROWS_AS(conjugacy_classes(g), resource_error);
}

TEST_CASE("a search that finds no more classes gives up", "[groups][classes]") {
  const auto g = wreath_product(permutation_group(symmetric_group(4)), permutation_group(cyclic_group(5)));
  CHECK_THROWS_AS(class_search(g, default_class_limit, std::nullopt, 1).run(), resource_error);
  CHECK_FALSE(class_search(g, default_class_limit, 1).run().has_value());
}

TEST_CASE("the exponent of Rubik's cube needs no classes", "[groups][classes]") {
  CHECK(exponent(rubik_cube()) == 55440);
}

TEST_CASE("classes of intransitive and imprimitive actions, by search", "[groups][classes]") {
  // Sym(8) on its points and on ordered pairs, in either order: blocks of an orbit that does not begin at 0.
  const permutation_group s8(symmetric_group(8));
  for (const bool points_first : {true, false}) {
    std::vector<permutation> images;
    for (const auto& g : s8.generators()) {
      std::vector<point> image;
      const auto points = [&] {
        const auto begin = static_cast<point>(image.size());
        for (point i = 0; i < 8; ++i) image.push_back(begin + g[i]);
      };
      const auto pairs = [&] {
        const auto begin = static_cast<point>(image.size());
        const auto number = [](point i, point j) { return i * 7 + (j > i ? j - 1 : j); };
        for (point i = 0; i < 8; ++i) {
          for (point j = 0; j < 8; ++j) {
            if (i != j) image.push_back(begin + number(g[i], g[j]));
          }
        }
      };
      points_first ? (points(), pairs()) : (pairs(), points());
      images.emplace_back(image);
    }
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      chain_options options;
      options.seed = seed;
      const permutation_group g(images, 64, options);
      class_search search(g, 100, std::nullopt);
      const auto classes = search.run();
      REQUIRE(classes);
      CHECK(classes->size() == 22);
      mpz_class elements = 0;
      for (const auto& c : *classes) elements += c.size;
      CHECK(elements == 40320);
    }
  }
}

}  // namespace conjugacy_classes_test
