// Homomorphisms: that they are, kernels, images, preimages; actions; refusals.
#include <groups/backtrack.hpp>
#include <groups/homomorphism.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/random_groups.hpp>
#include <tests/seeded.hpp>

namespace homomorphism_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::tests::for_each_small_group;
using cosetta::tests::random_permutation;
using cosetta::tests::rubik_cube;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

void require_laws(const homomorphism& f, std::mt19937_64& random) {
  const auto& g = f.source();
  REQUIRE(f.kernel().order() * f.image().order() == g.order());
  REQUIRE(f.is_injective() == (f.kernel().order() == 1));
  REQUIRE(f.is_surjective(f.image()));
  for (const auto& s : f.kernel().generators()) REQUIRE((g.contains(s) && f(s).is_identity()));
  for (std::size_t i = 0; i < g.generators().size(); ++i) REQUIRE(f(g.generators()[i]) == f.generator_images()[i]);
  for (int round = 0; round < 10; ++round) {
    const auto a = g.random(random);
    const auto b = g.random(random);
    REQUIRE(f(a * b) == f(a) * f(b));
    REQUIRE(f.image().contains(f(a)));
    const auto h = f.image().random(random);
    const auto x = f.preimage(h);
    REQUIRE(x);
    REQUIRE(g.contains(*x));
    REQUIRE(f(*x) == h);
  }
  // Of a subgroup forth and back: with the kernel.
  const permutation_group h({g.random(random)}, g.degree());
  const auto there = f.image(h);
  const auto back = f.preimage(there);
  REQUIRE(back.order() == there.order() * f.kernel().order());
  for (const auto& s : h.generators()) REQUIRE(back.contains(s));
  REQUIRE(f.image(back).order() == there.order());
}

}  // namespace

TEST_CASE("random images of random groups", "[groups][homomorphism]") {
  int accepted = 0, refused = 0;
  for_each_small_group(0x40a0, 200, [&](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    // Conjugation by anything, powers of the identity, random elements: some are homomorphisms.
    std::vector<permutation> images;
    const auto c = random_permutation(random, g.degree());
    const int kind = std::max(0, static_cast<int>(random() % 5) - 2);
    for (const auto& s : g.generators()) {
      images.push_back(kind == 2 ? c.inverse() * s * c : kind == 0 ? all[random() % all.size()] : sign(s) > 0 ? permutation(2) : transposition(2, 0, 1));
    }
    const std::size_t degree = kind == 1 ? 2 : g.degree();
    // A homomorphism iff the pairs are as many as the elements.
    std::vector<permutation> pairs;
    for (std::size_t i = 0; i < images.size(); ++i) {
      auto both = g.generators()[i].images();
      for (point p = 0; p < degree; ++p) both.push_back(static_cast<point>(g.degree()) + images[i][p]);
      pairs.emplace_back(both);
    }
    const bool expected = cosetta::tests::closure(pairs, g.degree() + degree, 2000 * 2000).size() == all.size();
    if (expected) {
      ++accepted;
      require_laws(make_homomorphism(g, images, degree), random);
    } else {
      ++refused;
      REQUIRE_THROWS_AS(make_homomorphism(g, images, degree), domain_error);
    }
  });
  CHECK(accepted > 20);
  CHECK(refused > 10);
}

TEST_CASE("actions are homomorphisms", "[groups][homomorphism]") {
  const auto s = cosetta::tests::seed(0xac7);
  INFO("seed " << s);
  std::mt19937_64 random(s);

  // Rubik's cube on its corner facelets, and from there on its corners: S_8, with kernel 3^7.
  const auto cube = rubik_cube();
  const auto corners = action_on_orbit(cube, 0);
  require_laws(corners, random);
  CHECK(corners.image().order() == mpz_class("88179840"));
  const auto systems = minimal_block_systems(corners.image().generators());
  REQUIRE(systems.size() == 1);
  const auto blocks = action_on_blocks(corners.image(), systems[0]);
  require_laws(blocks, random);
  CHECK(blocks.image().order() == 40320);
  CHECK(blocks.kernel().order() == 2187);
  const auto both = compose(corners, blocks);
  require_laws(both, random);
  CHECK(both.kernel().order() == cube.order() / 40320);

  // M_12 on unordered pairs: faithful on 66 points.
  const permutation_group m12(mathieu_group(12));
  const auto pairs = orbit(m12.generators(), std::vector<point>{0, 1}, on_sets{});
  const auto on_pairs = action_homomorphism(m12, pairs, on_sets{});
  require_laws(on_pairs, random);
  CHECK(on_pairs.target_degree() == 66);
  CHECK(on_pairs.is_injective());

  // S_4 on its three pairs of pairs: S_3, with Klein's four-group as kernel.
  const permutation_group s4(symmetric_group(4));
  const auto splits = orbit(s4.generators(), std::vector<std::vector<point>>{{0, 1}, {2, 3}}, on_sets_of_sets{});
  const auto to_s3 = action_homomorphism(s4, splits, on_sets_of_sets{});
  require_laws(to_s3, random);
  CHECK(to_s3.kernel().order() == 4);
  CHECK(to_s3.is_surjective(permutation_group(symmetric_group(3))));
}

TEST_CASE("homomorphisms of natural symmetric groups", "[groups][homomorphism]") {
  const auto s = cosetta::tests::seed(0x5149);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const permutation_group s12(symmetric_group(12));
  std::vector<permutation> signs;
  for (const auto& g : s12.generators()) signs.push_back(sign(g) > 0 ? permutation(2) : transposition(2, 0, 1));
  const auto f = make_homomorphism(s12, signs, 2);
  require_laws(f, random);
  CHECK(f.kernel().order() == s12.order() / 2);
  require_laws(make_homomorphism(s12, s12.generators(), 12), random);
  require_laws(make_homomorphism(s12, {permutation(0), permutation(0)}, 0), random);
}

TEST_CASE("the outer automorphism of S_6", "[groups][homomorphism]") {
  // On the six ways to split the fifteen transposition pairs: S_6 acts on its transitive subgroups PGL(2,5).
  const permutation_group s6(symmetric_group(6));
  const auto x = parse_permutation("(0 1 2 3 4)", 6);
  const auto y = parse_permutation("(0 5)(1 4)", 6);
  const permutation_group psl({x, y}, 6);
  REQUIRE(psl.order() == 60);
  const auto listed = elements(psl);
  const auto conjugates = orbit(s6.generators(), [&] { auto all = listed; std::sort(all.begin(), all.end()); return all; }(),
                                on_sets_by<by_conjugation>{});
  REQUIRE(conjugates.size() == 6);
  const auto f = action_homomorphism(s6, conjugates, on_sets_by<by_conjugation>{});
  CHECK(f.is_injective());
  CHECK(f.is_surjective(s6));
  CHECK(cycle_type(f(transposition(6, 0, 1))) == std::vector<std::size_t>{2, 2, 2});
}

TEST_CASE("what is no homomorphism is refused with a reason", "[groups][homomorphism]") {
  const permutation_group s4(symmetric_group(4));  // (0 1 2 3), (0 1)
  const permutation one(3);
  CHECK_THROWS_MATCHES(make_homomorphism(s4, {one}, 3), domain_error, message_with("1 images for 2 generators"));
  CHECK_THROWS_MATCHES(make_homomorphism(s4, {one, permutation(4)}, 3), domain_error, message_with("image of generator 1 has degree 4"));
  CHECK_THROWS_MATCHES(make_homomorphism(s4, {parse_permutation("(0 1 2)"), one}, 3), domain_error, message_with("generator 0 has order 4"));
  CHECK_THROWS_MATCHES(make_homomorphism(s4, {transposition(3, 0, 1), one}, 3), domain_error, message_with("identity goes to (0 1)"));
  const auto f = make_homomorphism(s4, {transposition(3, 0, 1), transposition(3, 0, 1)}, 3);
  CHECK_THROWS_AS(f(permutation(5)), domain_error);
  CHECK_FALSE(f.preimage(transposition(3, 1, 2)));
  CHECK_FALSE(f.preimage(permutation(4)));
  CHECK_THROWS_AS(f.preimage(permutation_group(symmetric_group(3))), domain_error);
  const permutation_group v4({parse_permutation("(0 1)(2 3)"), parse_permutation("(0 2)(1 3)")}, 4);
  CHECK_THROWS_AS(make_homomorphism(v4, v4.generators(), 4)(transposition(4, 0, 1)), domain_error);
}

}  // namespace homomorphism_test
