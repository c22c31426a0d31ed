// Stabilizers, containment, normal closures and commutator subgroups: against lists of all elements, by their laws on
// large groups, for giants of large degree, and refusals.
#include <groups/orbit.hpp>
#include <groups/series.hpp>
#include <groups/standard_groups.hpp>
#include <groups/subgroups.hpp>
#include <kernels/error.hpp>

#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/enumerated_group.hpp>
#include <tests/seeded.hpp>

namespace subgroups_test {
namespace {

using namespace cosetta::groups;
using namespace cosetta::tests;
using cosetta::domain_error;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

generating_set<permutation> power(const generating_set<permutation>& g, int times) {
  auto out = g;
  for (int i = 1; i < times; ++i) out = direct_product(out, g);
  return out;
}

/// Exactly these elements.
void check_is(const permutation_group& h, const element_set& expected) {
  CHECK(h.order() == static_cast<unsigned long>(expected.size()));
  CHECK(h.proof() == certainty::proven);
  for (const auto& x : h.generators()) CHECK(expected.contains(x));
}

void check_normal_closure(const permutation_group& g, const std::vector<permutation>& elements,
                          const permutation_group& closure) {
  CHECK(is_subgroup(g, closure));
  CHECK(is_normal(g, closure));
  for (const auto& x : elements) CHECK(closure.contains(x));
  CHECK(g.order() % closure.order() == 0);
}

TEST_CASE("stabilizers of small groups are the elements that fix the points", "[subgroups]") {
  const auto s = seed(71);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& small : small_groups(rng, 40)) {
    const permutation_group g(small.generators, small.degree);
    REQUIRE(g.order() == static_cast<unsigned long>(small.elements.size()));
    for (std::size_t k = 0; k <= 3; ++k) {
      std::vector<point> points;
      for (std::size_t i = 0; i < k; ++i) points.push_back(static_cast<point>(rng() % small.degree));
      element_set expected;
      for (const auto& x : small.elements) {
        if (std::all_of(points.begin(), points.end(), [&](point p) { return x[p] == p; })) expected.insert(x);
      }
      check_is(stabilizer(g, points), expected);
      if (k == 1) {
        check_is(stabilizer(g, points[0]), expected);
        CHECK(g.order() == point_orbit(small.generators, small.degree, points[0]).size() * expected.size());
      }
    }
  }
}

TEST_CASE("stabilizers in large groups: orders by orbit lengths, level by level", "[subgroups]") {
  for (const auto& generators :
       {mathieu_group(24), wreath_product(symmetric_group(5), symmetric_group(8)), power(dihedral_group(4), 20),
        direct_product(symmetric_group(12), alternating_group(9)), symmetric_group(30), alternating_group(31)}) {
    const permutation_group g(generators);
    auto h = g;
    std::vector<point> points;
    for (const point p : {3, 17, 0, 5, 17, 20, 9}) {
      const auto before = h.order();
      const auto moved = point_orbit(h.generators(), g.degree(), p).size();
      h = stabilizer(h, p);
      CHECK(h.order() * static_cast<unsigned long>(moved) == before);
      points.push_back(p);
      const auto at_once = stabilizer(g, points);
      CHECK(are_equal(h, at_once));
      CHECK(is_subgroup(g, h));
      CHECK(index(g, h) * h.order() == g.order());
    }
  }
}

TEST_CASE("giants: stabilizers and closures at degree 2000 need no chain", "[subgroups]") {
  const permutation_group s(symmetric_group(2000)), a(alternating_group(2000));
  std::vector<point> points;
  for (point p = 0; p < 1990; ++p) points.push_back(p);
  CHECK(stabilizer(s, 5).order() == symmetric_group_order(1999));
  CHECK(stabilizer(a, 5).order() == alternating_group_order(1999));
  CHECK(stabilizer(s, points).order() == symmetric_group_order(10));
  CHECK(stabilizer(a, points).order() == alternating_group_order(10));
  for (point p = 1990; p < 1998; ++p) points.push_back(p);
  CHECK(stabilizer(s, points).order() == 2);
  CHECK(stabilizer(a, points).order() == 1);
  CHECK(index(s, a) == 2);
  CHECK(is_normal(s, a));
  CHECK_FALSE(is_normal(s, stabilizer(s, 0)));
  const auto swap = transposition(2000, 3, 4);
  CHECK(are_equal(normal_closure(s, std::vector{swap}), s));
  CHECK(are_equal(normal_closure(s, std::vector{swap * transposition(2000, 7, 8)}), a));
  CHECK(are_equal(normal_closure(a, std::vector{swap}), s));
  CHECK(are_equal(commutator_subgroup(s, a), a));
  CHECK(normal_closure(s, std::vector{permutation(2000)}).order() == 1);
  CHECK_FALSE(are_equal(s, a));
  CHECK_FALSE(is_subgroup(a, s));
}

TEST_CASE("normal closures and commutator subgroups of small groups", "[subgroups]") {
  const auto s = seed(72);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& small : small_groups(rng, 40, 400)) {
    const permutation_group g(small.generators, small.degree);
    const std::vector<permutation> all(small.elements.begin(), small.elements.end());
    const std::vector<permutation> chosen{all[rng() % all.size()], all[rng() % all.size()].pow(2)};
    element_set classes;
    for (const auto& x : chosen) classes.merge(conjugates(x, small.elements));
    const std::vector<permutation> spanning(classes.begin(), classes.end());
    const auto closure = normal_closure(g, chosen);
    check_is(closure, enumerate(spanning, small.degree));
    check_normal_closure(g, chosen, closure);
    check_is(derived_subgroup(g), commutators(small.elements, small.generators, small.degree));
    check_is(commutator_subgroup(g, closure),
             commutators(enumerate(spanning, small.degree), small.generators, small.degree));
    CHECK(are_equal(commutator_subgroup(g, closure), commutator_subgroup(closure, g)));

    // Normality of any subgroup, by the definition.
    const auto h = subgroup(g, chosen);
    const auto h_elements = enumerate(chosen, small.degree);
    const bool normal = std::all_of(all.begin(), all.end(), [&](const permutation& c) {
      return std::all_of(chosen.begin(), chosen.end(),
                         [&](const permutation& x) { return h_elements.contains(c.inverse() * x * c); });
    });
    CHECK(is_normal(g, h) == normal);
    CHECK(is_normal(g, h) == are_equal(h, closure));
  }
}

TEST_CASE("subgroups that do not contain one another", "[subgroups]") {
  const permutation_group a(std::vector{transposition(4, 0, 1)}, 4), b(std::vector{transposition(4, 1, 2)}, 4);
  CHECK(commutator_subgroup(a, b).order() == 3);
  CHECK(normal_closure(a, b).order() ==
        6);  // elements outside the group: the subgroup that they and their conjugates span
  CHECK(normal_closure(a, std::vector{transposition(4, 2, 3)}).order() == 2);
  CHECK_FALSE(is_subgroup(a, b));
  CHECK_FALSE(is_subgroup(a, permutation_group(symmetric_group(3))));
}

TEST_CASE("normal closures in groups with many factors", "[subgroups]") {
  const permutation_group s3(power(symmetric_group(3), 40));
  CHECK(derived_subgroup(s3).order() == [] {
    mpz_class x;
    mpz_ui_pow_ui(x.get_mpz_t(), 3, 40);
    return x;
  }());
  const permutation_group d4(power(dihedral_group(4), 30));
  CHECK(derived_subgroup(d4).order() == mpz_class(1) << 30);
  std::vector<permutation> one{d4.generators()[0]};
  CHECK(normal_closure(d4, one).order() == 4);
  const permutation_group wreath(wreath_product(cyclic_group(2), symmetric_group(60)));
  const auto derived = derived_subgroup(wreath);
  CHECK(derived.order() * 4 == wreath.order());
  check_normal_closure(wreath, {}, derived);
}

TEST_CASE("trivial subgroups keep the degree", "[subgroups]") {
  const permutation_group g(mathieu_group(11));
  const auto trivial = trivial_subgroup(g);
  CHECK(trivial.order() == 1);
  CHECK(trivial.degree() == 11);
  CHECK(index(g, trivial) == 7920);
  CHECK(is_normal(g, trivial));
  CHECK(derived_subgroup(trivial).order() == 1);
  CHECK(stabilizer(trivial, 3).order() == 1);
  const permutation_group no_points;
  CHECK(derived_subgroup(no_points).order() == 1);
  CHECK(stabilizer(no_points, std::vector<point>{}).order() == 1);
}

TEST_CASE("subgroups refuse what they cannot answer", "[subgroups]") {
  const permutation_group g(mathieu_group(11)), other(symmetric_group(4));
  CHECK_THROWS_MATCHES(stabilizer(g, 11), domain_error, message_with("point 11"));
  CHECK_THROWS_MATCHES(index(g, other), domain_error, message_with("degree"));
  CHECK_THROWS_MATCHES(index(g, permutation_group(symmetric_group(11))), domain_error, message_with("not a subgroup"));
  CHECK_THROWS_MATCHES(is_normal(g, other), domain_error, message_with("degree"));
  CHECK_THROWS_MATCHES(commutator_subgroup(g, other), domain_error, message_with("degree"));
  CHECK_THROWS_MATCHES(normal_closure(g, std::vector{permutation(4)}), domain_error, message_with("degree"));
}

TEST_CASE("closures stop when they are told", "[subgroups]") {
  std::stop_source stop;
  const permutation_group parent(wreath_product(symmetric_group(5), symmetric_group(20)));
  chain_options options;
  options.known_order = parent.order();
  options.control.stop = stop.get_token();
  const permutation_group g(parent.generators(), parent.degree(), options);
  g.order();
  stop.request_stop();
  CHECK_THROWS_AS(derived_subgroup(g), stopped_error);
}

}  // namespace

}  // namespace subgroups_test
