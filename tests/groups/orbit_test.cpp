// Orbits: the laws of every action, closure, transversals and words, the flat case of points, known sizes, refusals.
#include <groups/orbit.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace orbit_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;
using points = std::vector<point>;
using set_of_sets = std::vector<points>;
using entries = std::vector<std::uint64_t>;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

points shuffled(std::mt19937_64& random, std::size_t degree) {
  points images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), random);
  return images;
}

permutation random_permutation(std::mt19937_64& random, std::size_t degree) {
  return permutation(shuffled(random, degree));
}

std::vector<permutation> symmetric_generators(std::size_t degree) {
  points cycle(degree);
  for (point i = 0; i < degree; ++i) cycle[i] = static_cast<point>((i + 1) % degree);
  return {permutation(cycle), transposition(degree, 0, 1)};
}

/// A product of random elementary matrices and a unit on the diagonal: invertible over every ring.
matrix random_invertible(std::mt19937_64& random, std::size_t n, std::uint64_t modulus) {
  auto out = matrix::identity(n, modulus);
  for (int step = 0; step < 6; ++step) {
    const std::size_t i = random() % n;
    const std::size_t j = (i + 1 + random() % (n - 1)) % n;
    std::vector<std::int64_t> flat(n * n, 0);
    for (std::size_t k = 0; k < n; ++k) flat[k * n + k] = k == i && random() % 2 == 0 ? -1 : 1;
    flat[i * n + j] = static_cast<std::int64_t>(random() % 5) - 2;
    out = out * make_matrix(n, n, modulus, flat);
  }
  return out;
}

entries random_vector(std::mt19937_64& random, std::size_t n, std::uint64_t modulus) {
  entries out(n);
  for (auto& entry : out) entry = modulus == 0 ? random() % 9 - 4 : random() % modulus;
  return out;
}

template <class X, class Element, class Action>
void check_laws(const X& x, const Element& a, const Element& b, const Element& one, const Action& act) {
  static_assert(group_action<Action, Element, X>);
  REQUIRE(act(x, one) == x);
  REQUIRE(act(act(x, a), b) == act(x, a * b));
  REQUIRE(act(act(x, a), a.inverse()) == x);
}

/// Everything that a result promises, for any action.
template <class X, class Element, class Action>
void check_orbit(const orbit_result<X, Element>& found, const X& seed, const std::vector<Element>& generators,
                 const Action& act, const Element& one) {
  REQUIRE(found.size() >= 1);
  REQUIRE(found[0] == seed);
  REQUIRE(found.generators() == generators);
  generating_set<Element> named;
  for (std::size_t g = 0; g < generators.size(); ++g) named.add("g" + std::to_string(g), generators[g]);
  std::size_t last_length = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found.find(found[i]) != i) FAIL("element " << i << " is not found where it is");
    for (const auto& g : generators) {
      if (!found.contains(act(found[i], g))) FAIL("not closed at " << i);
      if (!found.contains(act(found[i], g.inverse()))) FAIL("not closed under inverses at " << i);
    }
    const auto w = found.transversal_word(i);
    if (w.size() < last_length) FAIL("element " << i << " is out of breadth-first order");
    last_length = w.size();
    if (i > 0) {
      const auto p = found.tree().parent(i);
      REQUIRE(p < i);
      REQUIRE(act(found[p], generators[found.tree().generator(i)]) == found[i]);
      REQUIRE(found.transversal_word(p).size() + 1 == w.size());
    }
    if (generators.empty()) continue;
    if (evaluate(w, named, one) != found.transversal(i)) FAIL("word and element of " << i << " differ");
    if (act(seed, found.transversal(i)) != found[i]) FAIL("transversal " << i);
  }
}

template <class X, class Element, class Action>
void check_orbit_of(const X& seed, const std::vector<Element>& generators, const Action& act, const Element& one) {
  check_orbit(orbit(generators, seed, act), seed, generators, act, one);
}

}  // namespace

TEST_CASE("every action is an action from the right", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0xac7104);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 6 + random() % 90;
    const auto a = random_permutation(random, n);
    const auto b = random_permutation(random, n);
    const permutation one(n);
    auto tuple = shuffled(random, n);
    tuple.resize(5);
    auto set = tuple;
    std::sort(set.begin(), set.end());
    set_of_sets sets{{tuple[0], tuple[1]}, {tuple[2]}, {tuple[3], tuple[4]}};
    for (auto& inner : sets) std::sort(inner.begin(), inner.end());
    std::sort(sets.begin(), sets.end());
    check_laws(tuple[0], a, b, one, on_points{});
    check_laws(tuple, a, b, one, on_tuples{});
    check_laws(std::array<point, 3>{tuple[0], tuple[0], tuple[1]}, a, b, one, on_tuples{});
    check_laws(set, a, b, one, on_sets{});
    check_laws(sets, a, b, one, on_sets_of_sets{});
    check_laws(sets, a, b, one, on_tuples_by<on_sets>{});
    points colours(n);
    for (auto& colour : colours) colour = static_cast<point>(random() % 3);
    check_laws(colours, a, b, one, on_positions{});
    check_laws(std::string(n - 1, 'x') + "y", a, b, one, on_positions{});
    const auto x = random_permutation(random, n);
    check_laws(x, a, b, one, on_right{});
    check_laws(x, a, b, one, on_left_inverse{});
    check_laws(x, a, b, one, by_conjugation{});
    std::vector<permutation> coset{x, a * x};
    std::sort(coset.begin(), coset.end());
    check_laws(coset, a, b, one, on_sets_by<on_right>{});
  }
}

TEST_CASE("matrices act on row vectors, lines and matrices from the right", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0x3a781c);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint64_t modulus : {0ULL, 2ULL, 7ULL, 12ULL, 65536ULL, 4294967291ULL, 9223372036854775783ULL}) {
    INFO("modulus " << modulus);
    for (int round = 0; round < 30; ++round) {
      const std::size_t n = 2 + random() % 4;
      const auto a = random_invertible(random, n, modulus);
      const auto b = random_invertible(random, n, modulus);
      const auto one = matrix::identity(n, modulus);
      const auto x = random_vector(random, n, modulus);
      check_laws(x, a, b, one, on_vectors{});
      // As the product of matrices, whatever the modulus.
      const auto product = matrix(1, n, modulus, x) * a;
      REQUIRE(on_vectors{}(x, a) == entries(product.entries().begin(), product.entries().end()));
      check_laws(matrix(1, n, modulus, x), a, b, one, on_right{});
      check_laws(b, a, b, one, by_conjugation{});
      check_laws(b, a, b, one, on_left_inverse{});
      if (modulus == 2 || modulus == 7 || modulus > 65536) {
        check_laws(on_lines::normalised(x, modulus), a, b, one, on_lines{});
      }
    }
  }
  CHECK(on_lines::normalised({0, 3, 5}, 7) == entries{0, 1, 4});
  CHECK(on_lines::normalised({0, 0}, 7) == entries{0, 0});
  CHECK_THROWS_MATCHES(on_lines::normalised({0, 4, 1}, 12), domain_error, message_with("no unit modulo 12"));
}

TEST_CASE("the moves of puzzle states are on_positions of inverses", "[groups][orbit]") {
  std::mt19937_64 random(5);
  const auto p = random_permutation(random, 20);
  const auto state = shuffled(random, 20);
  points moved(20);
  for (std::size_t i = 0; i < 20; ++i) moved[i] = state[p[i]];
  CHECK(on_positions{}(state, p.inverse()) == moved);
}

TEST_CASE("an orbit is closed, and its transversal leads from the seed", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0x04b17);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 12; ++round) {
    const std::size_t n = 2 + random() % 5;
    std::vector<permutation> generators(1 + random() % 3, permutation(n));
    for (auto& g : generators) g = random_permutation(random, n);
    if (round % 3 == 0) generators.push_back(permutation(n));
    if (round % 4 == 0) generators.push_back(generators.front());
    const permutation one(n);
    check_orbit_of(point{0}, generators, on_points{}, one);
    check_orbit_of(points{0, 1}, generators, on_tuples{}, one);
    check_orbit_of(points{0, 1}, generators, on_sets{}, one);
    check_orbit_of(set_of_sets{{0}, {1}}, generators, on_sets_of_sets{}, one);
    check_orbit_of(shuffled(random, n), generators, on_positions{}, one);
    check_orbit_of(random_permutation(random, n), generators, on_right{}, one);
    check_orbit_of(random_permutation(random, n), generators, by_conjugation{}, one);
  }
  for (const std::uint64_t modulus : {3ULL, 4ULL}) {
    const std::vector<matrix> generators{random_invertible(random, 3, modulus), random_invertible(random, 3, modulus)};
    check_orbit_of(entries{0, 1, 1}, generators, on_vectors{}, matrix::identity(3, modulus));
    check_orbit_of(generators[0], generators, by_conjugation{}, matrix::identity(3, modulus));
  }
}

TEST_CASE("without generators an orbit is its seed", "[groups][orbit]") {
  const std::vector<permutation> none;
  const auto alone = orbit(none, points{3, 1}, on_tuples{});
  CHECK(alone.size() == 1);
  CHECK(alone.contains({3, 1}));
  CHECK_FALSE(alone.contains({1, 3}));
  CHECK(alone.transversal_word(0).empty());
  const point_orbit flat(none, 5, 3);
  CHECK(flat.points() == points{3});
  CHECK(flat.transversal(0) == permutation(5));
}

TEST_CASE("orbits have the known sizes", "[groups][orbit]") {
  const auto s7 = symmetric_generators(7);
  CHECK(orbit(s7, points{0, 1, 2}, on_sets{}).size() == 35);
  CHECK(orbit(s7, points{0, 1, 2}, on_tuples{}).size() == 210);
  CHECK(orbit(s7, points{0, 0, 2}, on_tuples{}).size() == 42);
  CHECK(orbit(s7, set_of_sets{{0, 1}, {2, 3}, {4, 5}}, on_sets_of_sets{}).size() == 105);
  CHECK(orbit(s7, points{0, 0, 0, 1, 1, 2, 2}, on_positions{}).size() == 210);
  CHECK(orbit(s7, permutation(7), on_right{}).size() == 5040);
  CHECK(orbit(s7, parse_permutation("(0 1 2)(3 4)", 7), by_conjugation{}).size() == 420);
  // The classes of A_5: 1, 12, 12, 15, 20.
  const std::vector<permutation> a5{parse_permutation("(0 1 2 3 4)"), parse_permutation("(0 1 2)", 5)};
  const auto all = orbit(a5, permutation(5), on_right{});
  REQUIRE(all.size() == 60);
  std::multiset<std::size_t> sizes;
  std::set<permutation> seen;
  for (const auto& x : all.elements()) {
    if (seen.contains(x)) continue;
    const auto conjugates = orbit(a5, x, by_conjugation{});
    seen.insert(conjugates.elements().begin(), conjugates.elements().end());
    sizes.insert(conjugates.size());
  }
  CHECK(sizes == std::multiset<std::size_t>{1, 12, 12, 15, 20});
  // SL(3,5) on vectors and on the projective plane; SL(2, Z/12) on unimodular rows: 12^2 (1 - 1/4)(1 - 1/9).
  const std::vector<matrix> sl35{make_matrix(3, 3, 5, std::vector<std::int64_t>{1, 1, 0, 0, 1, 0, 0, 0, 1}),
                                 make_matrix(3, 3, 5, std::vector<std::int64_t>{0, 1, 0, 0, 0, 1, 1, 0, 0})};
  CHECK(orbit(sl35, entries{1, 0, 0}, on_vectors{}).size() == 124);
  CHECK(orbit(sl35, entries{1, 0, 0}, on_lines{}).size() == 31);
  const std::vector<matrix> sl2{make_matrix(2, 2, 12, std::vector<std::int64_t>{1, 1, 0, 1}),
                                make_matrix(2, 2, 12, std::vector<std::int64_t>{1, 0, 1, 1})};
  CHECK(orbit(sl2, entries{1, 0}, on_vectors{}).size() == 96);
  CHECK(orbit(sl2, matrix::identity(2, 12), on_right{}).size() == 1152);
}

TEST_CASE("an orbit stops at its limit", "[groups][orbit]") {
  const auto s6 = symmetric_generators(6);
  CHECK(orbit(s6, permutation(6), on_right{}, 720).size() == 720);
  CHECK_THROWS_MATCHES(orbit(s6, permutation(6), on_right{}, 719), resource_error,
                       message_with("more than the 719 elements"));
  CHECK_THROWS_AS(orbit(s6, point{0}, on_points{}, 0), resource_error);
  CHECK_THROWS_MATCHES(orbit(s6, point{0}, on_points{}, max_orbit_size + 1), domain_error, message_with("lower it"));
  // Over Z the shear has an infinite orbit.
  const std::vector<matrix> shear{make_matrix(2, 2, 0, std::vector<std::int64_t>{1, 1, 0, 1})};
  CHECK_THROWS_AS(orbit(shear, entries{1, 0}, on_vectors{}, 1000), resource_error);
  CHECK(orbit(shear, entries{0, 1}, on_vectors{}, 1000).size() == 1);
}

TEST_CASE("the action on an orbit is a homomorphism", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0xac7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const auto s6 = symmetric_generators(6);
  const auto pairs = orbit(s6, points{0, 1}, on_sets{});
  REQUIRE(pairs.size() == 15);
  for (int round = 0; round < 40; ++round) {
    const auto a = random_permutation(random, 6);
    const auto b = random_permutation(random, 6);
    const auto image = action_on(pairs, a, on_sets{});
    REQUIRE(make_permutation(image.images()) == image);
    REQUIRE(image * action_on(pairs, b, on_sets{}) == action_on(pairs, a * b, on_sets{}));
    REQUIRE(pairs[image[3]] == on_sets{}(pairs[3], a));
  }
  CHECK(action_on(pairs, permutation(6), on_sets{}).is_identity());
  const auto half = orbit(std::vector<permutation>{parse_permutation("(0 1 2)", 6)}, point{0}, on_points{});
  CHECK_THROWS_MATCHES(action_on(half, s6[0], on_points{}), domain_error, message_with("taken out"));
}

TEST_CASE("the orbit of a point is the flat case of an orbit", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0xf1a7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::size_t n : {1UL, 2UL, 7UL, 64UL, 65UL, 300UL}) {
    std::vector<permutation> generators;
    for (int g = 0; g < 3; ++g) generators.push_back(random_permutation(random, n).pow(6));
    const auto seed = static_cast<point>(random() % n);
    const point_orbit flat(generators, n, seed);
    const auto general = orbit(generators, seed, on_points{});
    REQUIRE(flat.points() == general.elements());
    REQUIRE(flat.degree() == n);
    for (std::size_t i = 0; i < flat.size(); ++i) {
      REQUIRE(flat.find(flat[i]) == i);
      REQUIRE(flat.transversal_word(i) == general.transversal_word(i));
      REQUIRE(flat.transversal(i)[seed] == flat[i]);
    }
    for (point x = 0; x < n; ++x) REQUIRE(flat.contains(x) == general.contains(x));
    CHECK_FALSE(flat.contains(static_cast<point>(n)));
    CHECK_FALSE(flat.find(static_cast<point>(n)));
  }
}

TEST_CASE("orbits partition the points", "[groups][orbit]") {
  const auto s = cosetta::tests::seed(0x9a471);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = random() % 40;
    std::vector<permutation> generators(random() % 4, permutation(n));
    for (auto& g : generators) {
      g = random_permutation(random, n).pow(static_cast<int>(1 + random() % 12));
      if (n > 4 && random() % 2 == 0) {
        const auto i = static_cast<point>(random() % (n - 1));
        g = transposition(n, i, i + 1);
      }
    }
    const auto found = orbits(generators, n);
    const auto labels = orbit_labels(generators, n);
    const auto representatives = orbit_representatives(generators, n);
    REQUIRE(found.size() == representatives.size());
    std::size_t total = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      REQUIRE(std::is_sorted(found[i].begin(), found[i].end()));
      REQUIRE(found[i].front() == representatives[i]);
      if (i > 0) REQUIRE(representatives[i - 1] < representatives[i]);
      auto one = point_orbit(generators, n, found[i].back()).points();
      std::sort(one.begin(), one.end());
      REQUIRE(one == found[i]);
      for (const auto x : found[i]) REQUIRE(labels[x] == i);
      total += found[i].size();
      const auto restricted = restrict_to(generators, found[i]);
      REQUIRE(restricted.size() == generators.size());
      REQUIRE(is_transitive(restricted, found[i].size()));
      for (std::size_t g = 0; g < generators.size(); ++g) {
        REQUIRE(make_permutation(restricted[g].images()) == restricted[g]);
        for (std::size_t x = 0; x < found[i].size(); ++x) {
          REQUIRE(found[i][restricted[g][x]] == generators[g][found[i][x]]);
        }
      }
    }
    REQUIRE(total == n);
    REQUIRE(is_transitive(generators, n) == (found.size() <= 1));
  }
  CHECK(orbits(std::vector<permutation>{}, 3) == set_of_sets{{0}, {1}, {2}});
  CHECK(orbits(std::vector<permutation>{}, 0).empty());
  CHECK(orbit_representatives(std::vector<permutation>{}, 0).empty());
  CHECK(is_transitive(std::vector<permutation>{}, 0));
  CHECK(is_transitive(std::vector<permutation>{}, 1));
  CHECK_FALSE(is_transitive(std::vector<permutation>{}, 2));
}

TEST_CASE("a restriction takes any union of orbits, in any order", "[groups][orbit]") {
  const std::vector<permutation> generators{parse_permutation("(0 4)(1 2)(5 6 7)"), permutation(8)};
  const auto both = restrict_to(generators, points{7, 4, 0, 5, 6});
  REQUIRE(both.size() == 2);
  CHECK(to_cycles(both[0]) == "(0 1)(2 3 4)");
  CHECK(both[1] == permutation(5));
  CHECK(restrict_to(generators, points{}).front().degree() == 0);
  CHECK(restrict_to(generators, points{3}).front() == permutation(1));
  CHECK(restrict_to(std::vector<permutation>{}, points{3}).empty());
  CHECK_THROWS_MATCHES(restrict_to(generators, points{0, 1, 2}), domain_error, message_with("takes point 0 to 4"));
  CHECK_THROWS_MATCHES(restrict_to(generators, points{3, 0, 3, 4}), domain_error, message_with("3 occurs twice"));
  CHECK_THROWS_MATCHES(restrict_to(generators, points{8}), domain_error, message_with("point 8"));
}

TEST_CASE("what does not fit the degree is refused", "[groups][orbit]") {
  const std::vector<permutation> mixed{permutation(5), permutation(6)};
  CHECK_THROWS_MATCHES(orbits(mixed, 5), domain_error, message_with("generator 1 has degree 6, expected 5"));
  CHECK_THROWS_MATCHES(point_orbit(mixed, 6, 0), domain_error, message_with("generator 0 has degree 5, expected 6"));
  CHECK_THROWS_MATCHES(is_transitive(mixed, 5), domain_error, message_with("generator 1"));
  CHECK_THROWS_MATCHES(point_orbit(std::vector<permutation>{}, 4, 4), domain_error, message_with("point 4"));
  CHECK_THROWS_MATCHES(restrict_to(mixed, points{0}), domain_error, message_with("generator 1"));
}

}  // namespace orbit_test
