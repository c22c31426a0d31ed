// Centres, abelian invariants, simplicity, exponents: against lists of all elements, and known groups, large ones too.
#include <groups/orbit.hpp>
#include <groups/series.hpp>
#include <groups/standard_groups.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>

#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/enumerated_group.hpp>
#include <tests/seeded.hpp>

namespace structure_test {
namespace {

using namespace cosetta::groups;
using namespace cosetta::tests;

using gens = generating_set<permutation>;

gens power(const gens& g, int times) {
  auto out = g;
  for (int i = 1; i < times; ++i) out = direct_product(out, g);
  return out;
}

/// The same group acting on copies of its points all at once.
gens diagonal(const gens& g, std::size_t copies) {
  gens out;
  for (std::size_t k = 0; k < g.size(); ++k) {
    std::vector<point> images;
    for (std::size_t c = 0; c < copies; ++c) {
      for (point p = 0; p < g[k].degree(); ++p) images.push_back(g[k][p] + static_cast<point>(c * g[k].degree()));
    }
    out.add(g.names()[k], permutation(images));
  }
  return out;
}

/// On its own elements by right multiplication.
gens regular(const gens& g) {
  const auto all = orbit(g.elements(), permutation(g[0].degree()), on_right{});
  gens out;
  for (std::size_t k = 0; k < g.size(); ++k) out.add(g.names()[k], action_on(all, g[k], on_right{}));
  return out;
}

gens sylow_of_symmetric(std::uint64_t p, int levels) {
  auto out = cyclic_group(p);
  for (int i = 1; i < levels; ++i) out = wreath_product(out, cyclic_group(p));
  return out;
}

void check_central(const permutation_group& g, const permutation_group& z) {
  CHECK(is_subgroup(g, z));
  for (const auto& x : z.generators()) {
    for (const auto& y : g.generators()) CHECK(commute(x, y));
  }
}

std::vector<mpz_class> invariants(const gens& g) {
  return abelian_invariants(permutation_group(g));
}

TEST_CASE("small groups have the centre, the abelian quotient and the exponent of their elements", "[structure]") {
  const auto s = seed(101);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& small : small_groups(rng, 100)) {
    const permutation_group g(small.generators, small.degree);
    const auto& elements = small.elements;
    std::size_t central = 0;
    mpz_class exponent = 1;
    for (const auto& x : elements) {
      exponent = lcm(exponent, order(x));
      if (std::all_of(small.generators.begin(), small.generators.end(),
                      [&](const permutation& y) { return x * y == y * x; }))
        ++central;
    }
    const auto z = centre(g);
    CHECK(z.order() == static_cast<unsigned long>(central));
    check_central(g, z);
    CHECK(is_abelian(g) == (central == elements.size()));
    const bool cyclic = std::any_of(elements.begin(), elements.end(), [&](const permutation& x) {
      return order(x) == static_cast<unsigned long>(elements.size());
    });
    CHECK(is_cyclic(g) == cyclic);
    if (const auto found = exponent_from_bounds(g)) CHECK(*found == exponent);

    // The number of cosets x G' with x^k in G' is the product of gcd(k, d) over the invariants d, for every k.
    const auto derived = derived_subgroup(g);
    const auto d = abelian_invariants(g);
    for (unsigned long k = 1; k <= 36; ++k) {
      std::size_t count = 0;
      for (const auto& x : elements) count += derived.contains(x.pow(k)) ? 1 : 0;
      mpz_class expected = derived.order();
      for (const auto& factor : d) expected *= gcd(factor, mpz_class(k));
      CHECK(expected == static_cast<unsigned long>(count));
    }
    CHECK(std::is_sorted(d.begin(), d.end()));
    CHECK(std::accumulate(d.begin(), d.end(), mpz_class(1), std::multiplies<>()) * derived.order() == g.order());
  }
}

TEST_CASE("small groups are simple when the closure of every element is the whole", "[structure]") {
  const auto s = seed(102);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  auto supply = small_groups(rng, 60, 400);
  for (const auto& g :
       {alternating_group(5), alternating_group(6), regular(alternating_group(5)), diagonal(alternating_group(5), 3),
        cyclic_group(7), cyclic_group(9), power(cyclic_group(2), 2), symmetric_group(5), alternating_group(4)}) {
    supply.push_back({g.elements(), g[0].degree(), enumerate(g.elements(), g[0].degree())});
  }
  for (const auto& small : supply) {
    const permutation_group g(small.generators, small.degree);
    bool simple = small.elements.size() > 1;
    element_set done{permutation(small.degree)};
    for (const auto& x : small.elements) {
      if (!simple || done.contains(x)) continue;
      const auto found = conjugates(x, small.elements);
      done.insert(found.begin(), found.end());
      const std::vector<permutation> spanning(found.begin(), found.end());
      simple = enumerate(spanning, small.degree).size() == small.elements.size();
    }
    CHECK(is_simple(g) == std::optional(simple));
  }
}

TEST_CASE("centres without lists of elements", "[structure]") {
  CHECK(centre(permutation_group(power(cyclic_group(2), 200))).order() == mpz_class(1) << 200);
  CHECK(centre(permutation_group(power(symmetric_group(3), 60))).order() == 1);
  CHECK(centre(permutation_group(power(dihedral_group(4), 40))).order() == mpz_class(1) << 40);
  CHECK(centre(permutation_group(diagonal(dihedral_group(4), 40))).order() == 2);
  CHECK(centre(permutation_group(direct_product(diagonal(dihedral_group(8), 10), power(dihedral_group(4), 10))))
            .order() == 2048);
  CHECK(centre(permutation_group(sylow_of_symmetric(2, 8))).order() == 2);
  CHECK(centre(permutation_group(sylow_of_symmetric(3, 4))).order() == 3);
  CHECK(centre(permutation_group(wreath_product(cyclic_group(6), symmetric_group(30)))).order() == 6);
  CHECK(centre(permutation_group(symmetric_group(2000))).order() == 1);
  CHECK(centre(permutation_group(direct_product(symmetric_group(50), cyclic_group(12)))).order() == 12);
  // The centralizer of a regular group is another copy of it: its centre has to be told from it.
  CHECK(centre(permutation_group(regular(direct_product(symmetric_group(4), cyclic_group(6))))).order() == 6);
  CHECK(centre(permutation_group(regular(dihedral_group(50)))).order() == 2);

  // The vectors of sum zero in C_3^n under S_n: the diagonal (1, ..., 1) is one of them when 3 divides n.
  for (const std::uint64_t blocks : {6, 7}) {
    const auto wreath = wreath_product(cyclic_group(3), symmetric_group(blocks));
    std::vector<permutation> generators, base;
    for (const auto& x : wreath.elements()) (order(x) == 3 ? base : generators).push_back(x);
    REQUIRE(base.size() == 1);
    generators.push_back(commutator_of(base[0], generators[0]));
    const permutation_group g(generators, wreath[0].degree());
    INFO(blocks << " blocks");
    CHECK(g.order() * 3 == permutation_group(wreath).order());
    const auto z = centre(g);
    check_central(g, z);
    CHECK(z.order() == (blocks == 6 ? 3 : 1));
  }

  // Subdirect products: the centre is a proper subgroup of what the orbits allow.
  const auto s = seed(103);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  const permutation_group host(
      direct_product(power(dihedral_group(4), 3), direct_product(cyclic_group(12), cyclic_group(18))));
  for (int round = 0; round < 20; ++round) {
    std::vector<permutation> generators;
    for (int i = 0; i < 3; ++i) generators.push_back(host.random(rng));
    const auto elements = enumerate(generators, host.degree(), 20000);
    if (elements.empty()) continue;
    std::size_t central = 0;
    for (const auto& x : elements) {
      central += std::all_of(generators.begin(), generators.end(), [&](const permutation& y) { return commute(x, y); })
                     ? 1
                     : 0;
    }
    CHECK(centre(permutation_group(generators, host.degree())).order() == static_cast<unsigned long>(central));
  }
}

TEST_CASE("abelian invariants of known groups", "[structure]") {
  CHECK(invariants(power(cyclic_group(2), 200)) == std::vector<mpz_class>(200, 2));
  CHECK(invariants(direct_product(cyclic_group(12), cyclic_group(18))) == std::vector<mpz_class>{2, 3, 4, 9});
  CHECK(invariants(direct_product(power(cyclic_group(9), 2), direct_product(cyclic_group(27), cyclic_group(3)))) ==
        std::vector<mpz_class>{3, 9, 9, 27});
  CHECK(invariants(cyclic_group(1)).empty());
  CHECK(invariants(alternating_group(4)) == std::vector<mpz_class>{3});
  CHECK(invariants(symmetric_group(500)) == std::vector<mpz_class>{2});
  CHECK(invariants(alternating_group(500)).empty());
  CHECK(invariants(sylow_of_symmetric(2, 7)) == std::vector<mpz_class>(7, 2));
  CHECK(invariants(power(symmetric_group(3), 30)) == std::vector<mpz_class>(30, 2));
  CHECK(invariants(wreath_product(cyclic_group(8), symmetric_group(20))) == std::vector<mpz_class>{2, 8});
  CHECK(invariants(wreath_product(symmetric_group(5), cyclic_group(9))) == std::vector<mpz_class>{2, 9});
  CHECK(is_cyclic(permutation_group(direct_product(cyclic_group(8), cyclic_group(9)))));
  CHECK_FALSE(is_cyclic(permutation_group(direct_product(cyclic_group(8), cyclic_group(6)))));
  CHECK_FALSE(is_cyclic(permutation_group(symmetric_group(100))));
}

TEST_CASE("simple groups and groups that are nearly simple", "[structure]") {
  for (const std::uint64_t n : {24, 23, 22, 12, 11, 21}) CHECK(is_simple(permutation_group(mathieu_group(n))) == true);
  for (const std::uint64_t n : {20, 10, 9}) CHECK(is_simple(permutation_group(mathieu_group(n))) == false);
  CHECK(is_simple(permutation_group(alternating_group(1000))) == true);
  CHECK(is_simple(permutation_group(symmetric_group(1000))) == false);
  CHECK(is_simple(permutation_group(cyclic_group(1))) == false);
  CHECK(is_simple(permutation_group(cyclic_group(101))) == true);
  CHECK(is_simple(permutation_group()) == false);
  CHECK(is_simple(permutation_group(diagonal(mathieu_group(12), 3))) == true);
  CHECK(is_simple(permutation_group(direct_product(mathieu_group(12), mathieu_group(11)))) == false);
  CHECK(is_simple(permutation_group(wreath_product(alternating_group(5), alternating_group(5)))) == false);
  // Socle T^k with a perfect top group: the case that only a search settles.
  CHECK(is_simple(permutation_group(product_action_wreath_product(alternating_group(5), alternating_group(5)))) ==
        false);
  // Both sides of a simple group on itself: order n^2, primitive, perfect.
  const auto a5 = alternating_group(5).elements();
  const auto all = orbit(a5, permutation(5), on_right{});
  std::vector<permutation> both;
  for (const auto& x : a5) {
    both.push_back(action_on(all, x, on_right{}));
    both.push_back(action_on(all, x, on_left_inverse{}));
  }
  const permutation_group holomorph(both, 60);
  CHECK(holomorph.order() == 3600);
  CHECK(is_perfect(holomorph));
  CHECK(is_simple(holomorph) == false);
}

TEST_CASE("what comes from a Monte Carlo group does not pass for proven", "[structure]") {
  chain_options options;
  options.wanted = certainty::monte_carlo;
  const permutation_group g(wreath_product(symmetric_group(4), symmetric_group(5)), options);
  const permutation_group proven(g.generators(), g.degree());
  for (const auto& [h, expected] : {std::pair{derived_subgroup(g), derived_subgroup(proven)},
                                    std::pair{stabilizer(g, 3), stabilizer(proven, 3)},
                                    std::pair{stabilizer(g, std::vector<point>{3, 9, 14}),
                                              stabilizer(proven, std::vector<point>{3, 9, 14})}}) {
    CHECK(h.proof() == certainty::monte_carlo);
    CHECK(expected.proof() == certainty::proven);
    CHECK(are_equal(h, expected));
  }
  CHECK(abelian_invariants(g) == abelian_invariants(proven));
  CHECK(centre(g).order() == 1);
  CHECK(is_simple(g) == false);
  CHECK(is_simple(permutation_group(mathieu_group(23), options)) == true);
}

TEST_CASE("exponents from bounds", "[structure]") {
  CHECK(exponent_from_bounds(permutation_group(symmetric_group(10))) == mpz_class(2520));
  CHECK(exponent_from_bounds(permutation_group(alternating_group(9))) == mpz_class(1260));
  CHECK(exponent_from_bounds(permutation_group(alternating_group(10))) == mpz_class(2520));
  CHECK(exponent_from_bounds(permutation_group(direct_product(cyclic_group(12), cyclic_group(18)))) == mpz_class(36));
  CHECK(exponent_from_bounds(permutation_group(sylow_of_symmetric(2, 6))) == mpz_class(64));
  CHECK(exponent_from_bounds(permutation_group()) == mpz_class(1));
}

}  // namespace

}  // namespace structure_test
