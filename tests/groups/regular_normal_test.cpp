// Orders by a regular normal subgroup, against known orders and brute force.
#include <groups/group_products.hpp>
#include <groups/permutation_group.hpp>
#include <groups/regular_normal.hpp>
#include <groups/standard_groups.hpp>

#include <array>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/random_groups.hpp>

namespace regular_normal_test {
namespace {

using namespace cosetta::groups;
using cosetta::tests::for_each_small_group;

std::optional<mpz_class> order_of(const std::vector<permutation>& generators) {
  return order_by_regular_normal_subgroup(generators, generators[0].degree(), 1, {});
}

/// i -> k * i + c modulo n
permutation affine(std::size_t n, std::size_t k, std::size_t c) {
  std::vector<point> images(n);
  for (std::size_t i = 0; i < n; ++i) images[i] = static_cast<point>((k * i + c) % n);
  return permutation(images);
}

}  // namespace

TEST_CASE("groups with a regular normal subgroup", "[groups][regular_normal]") {
  for (const std::size_t n : {3, 4, 9, 10, 12, 101, 256, 1000}) {
    INFO("dihedral, degree " << n);
    CHECK(order_of({affine(n, 1, 1), affine(n, n - 1, 0)}) == mpz_class(static_cast<unsigned long>(2 * n)));
    CHECK(order_of({affine(n, n - 1, 1), affine(n, n - 1, 0)}) == mpz_class(static_cast<unsigned long>(2 * n)));
  }
  CHECK(order_of({affine(101, 1, 1), affine(101, 2, 0)}) == mpz_class(10100));
  CHECK(order_of({affine(101, 2, 1), affine(101, 4, 5)}) == mpz_class(10100));
  CHECK(order_of({affine(64, 1, 1), affine(64, 3, 0), affine(64, 63, 0)}) == mpz_class(2048));
  CHECK(order_of({parse_permutation("(1 2 3 4 5)", 8), parse_permutation("(2 5)(3 4)", 8)}) == mpz_class(10));
  // AGL(2,3): translations and GL(2,3) on pairs.
  std::vector<permutation> plane;
  for (const auto& [a, b, c, d, s] : std::vector<std::array<int, 5>>{{1, 0, 0, 1, 1}, {1, 1, 0, 1, 0}, {1, 0, 1, 1, 0}, {2, 0, 0, 1, 0}}) {
    std::vector<point> images(9);
    for (int x = 0; x < 3; ++x) {
      for (int y = 0; y < 3; ++y) images[static_cast<std::size_t>(3 * x + y)] = static_cast<point>(3 * ((a * x + c * y + s) % 3) + (b * x + d * y) % 3);
    }
    plane.emplace_back(images);
  }
  CHECK(order_of(plane) == mpz_class(432));
  // A_5 on its elements from both sides: the regular normal subgroup is not abelian.
  const permutation_group a5(alternating_group(5));
  std::vector<permutation> both;
  for (const auto& g : a5.generators()) {
    std::vector<point> left(60), right(60);
    for (std::uint64_t i = 0; i < 60; ++i) {
      left[i] = static_cast<point>(a5.rank64(g * a5.unrank64(i)));
      right[i] = static_cast<point>(a5.rank64(a5.unrank64(i) * g));
    }
    both.emplace_back(left);
    both.emplace_back(right);
  }
  CHECK(order_of(both) == mpz_class(3600));
}

TEST_CASE("without a regular normal subgroup there is no answer, and never a wrong one", "[groups][regular_normal]") {
  CHECK_FALSE(order_of(mathieu_group(11).elements()));
  CHECK_FALSE(order_of(symmetric_group(6).elements()));
  CHECK_FALSE(order_of({transposition(4, 0, 1), transposition(4, 2, 3)}));
  CHECK_FALSE(order_of({permutation(std::size_t{3})}));
  int answers = 0;
  for_each_small_group(0x7e9, 150, [&answers](auto&, const permutation_group& g, const std::vector<permutation>& all) {
    const auto order = order_by_regular_normal_subgroup(g.generators(), g.degree(), 1, {});
    if (order) ++answers;
    if (order) CHECK(*order == static_cast<unsigned long>(all.size()));
  });
  CHECK(answers > 0);
}

TEST_CASE("large degree and short base: the order is proven in seconds", "[groups][regular_normal]") {
  constexpr std::size_t p = 100003;  // prime; 2 generates the units
  const permutation_group dihedral({affine(p, 1, 1), affine(p, p - 1, 0)}, p);
  CHECK(dihedral.order() == 2 * p);
  CHECK(dihedral.proof() == certainty::proven);
  const permutation_group reflections({affine(p - 1, p - 2, 1), affine(p - 1, p - 2, 0)}, p - 1);
  CHECK(reflections.order() == 2 * (p - 1));
  const permutation_group whole({affine(p, 1, 1), affine(p, 2, 0)}, p);
  CHECK(whole.order() == mpz_class("10000500006"));
  CHECK(whole.proof() == certainty::proven);
}

}  // namespace regular_normal_test
