// Searches along a stabilizer chain against brute force over all elements, and against theorems where groups are large.
#include <groups/backtrack.hpp>
#include <groups/backtrack_search.hpp>
#include <groups/orbit.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/random_groups.hpp>
#include <tests/seeded.hpp>

namespace backtrack_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;
using cosetta::tests::for_each_small_group;
using cosetta::tests::random_permutation;
using cosetta::tests::rubik_cube;

std::vector<point> random_set(std::mt19937_64& random, std::size_t degree) {
  std::vector<point> out;
  for (point p = 0; p < degree; ++p) {
    if (random() % 2 == 0) out.push_back(p);
  }
  return out;
}

std::vector<point> image_of(const std::vector<point>& set, const permutation& g) {
  return on_sets{}(set, g);
}

/// The group consists of the listed elements.
void require_group(const permutation_group& g, const std::vector<permutation>& listed) {
  REQUIRE(g.order() == listed.size());
  for (const auto& x : listed) REQUIRE(g.contains(x));
}

template <class Property>
std::vector<permutation> filtered(const std::vector<permutation>& all, const Property& property) {
  std::vector<permutation> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), property);
  return out;
}

bool commuting(const permutation& a, const permutation& b) {
  return a * b == b * a;
}

}  // namespace

TEST_CASE("centralizers of elements, against brute force", "[groups][backtrack]") {
  for_each_small_group(0xce47, 60, [](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    for (int round = 0; round < 4; ++round) {
      // Elements outside the group, too.
      const auto x = round < 3 ? all[random() % all.size()] : random_permutation(random, g.degree());
      require_group(centralizer(g, x), filtered(all, [&](const auto& c) { return commuting(c, x); }));
    }
  });
}

TEST_CASE("centralizers of subgroups, against brute force", "[groups][backtrack]") {
  for_each_small_group(0xce48, 30, [](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    const std::vector<permutation> generators{all[random() % all.size()], all[random() % all.size()]};
    const permutation_group h(generators, g.degree());
    require_group(centralizer(g, h),
                  filtered(all, [&](const auto& c) { return commuting(c, generators[0]) && commuting(c, generators[1]); }));
    CHECK(centralizer(g, permutation_group({}, g.degree())).order() == g.order());
  });
}

TEST_CASE("conjugating elements, against brute force", "[groups][backtrack]") {
  for_each_small_group(0xc09, 60, [](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    for (int round = 0; round < 8; ++round) {
      const auto x = round % 4 != 3 ? all[random() % all.size()] : random_permutation(random, g.degree());
      auto y = all[random() % all.size()];
      if (round % 2 == 0) {  // of the same cycle type, perhaps by an element outside
        const auto c = round % 4 == 0 ? all[random() % all.size()] : random_permutation(random, g.degree());
        y = c.inverse() * x * c;
      }
      const bool expected = std::any_of(all.begin(), all.end(), [&](const auto& c) { return x * c == c * y; });
      const auto found = conjugating_element(g, x, y);
      REQUIRE(found.has_value() == expected);
      REQUIRE(is_conjugate(g, x, y) == expected);
      if (!found) continue;
      REQUIRE(g.contains(*found));
      REQUIRE(found->inverse() * x * *found == y);
    }
  });
}

TEST_CASE("set stabilizers and transporters, against brute force", "[groups][backtrack]") {
  for_each_small_group(0x5e7, 60, [](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    const auto set = random_set(random, g.degree());
    require_group(set_stabilizer(g, set), filtered(all, [&](const auto& c) { return image_of(set, c) == set; }));
    for (int round = 0; round < 4; ++round) {
      auto other = image_of(set, random_permutation(random, g.degree()));
      if (round == 0) other = image_of(set, all[random() % all.size()]);
      const bool expected = std::any_of(all.begin(), all.end(), [&](const auto& c) { return image_of(set, c) == other; });
      const auto found = set_transporter(g, set, other);
      REQUIRE(found.has_value() == expected);
      if (!found) continue;
      REQUIRE(g.contains(*found));
      REQUIRE(image_of(set, *found) == other);
    }
  });
}

TEST_CASE("natural symmetric and alternating groups need no search", "[groups][backtrack]") {
  const auto s = cosetta::tests::seed(0x61a7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const bool alternating : {false, true}) {
    // Eight points of eleven are moved; listed, the group is answered by the general search.
    std::vector<permutation> generators;
    const std::vector<point> points{0, 2, 3, 4, 6, 7, 8, 10};
    const auto natural = alternating ? alternating_group(8) : symmetric_group(8);
    for (const auto& g : natural.elements()) {
      std::vector<point> images(11);
      std::iota(images.begin(), images.end(), point{0});
      for (std::size_t i = 0; i < 8; ++i) images[points[i]] = points[g[i]];
      generators.emplace_back(images);
    }
    const permutation_group g(generators, 11);
    REQUIRE(g.giant());
    const auto all = elements(g);
    REQUIRE(all.size() == (alternating ? 20160 : 40320));
    for (int round = 0; round < 12; ++round) {
      INFO("round " << round << (alternating ? ", alternating" : ", symmetric"));
      const auto x = round % 3 != 2 ? g.random(random) : random_permutation(random, 11);
      require_group(centralizer(g, x), filtered(all, [&](const auto& c) { return commuting(c, x); }));
      const auto c = round % 2 == 0 ? random_permutation(random, 11) : g.random(random);
      const auto y = round % 4 < 2 ? c.inverse() * x * c : g.random(random);
      const auto found = conjugating_element(g, x, y);
      REQUIRE(found.has_value() == std::any_of(all.begin(), all.end(), [&](const auto& d) { return x * d == d * y; }));
      if (found) {
        REQUIRE(g.contains(*found));
        REQUIRE(x * *found == *found * y);
      }
      const auto set = random_set(random, 11);
      require_group(set_stabilizer(g, set), filtered(all, [&](const auto& d) { return image_of(set, d) == set; }));
      const auto other = round % 2 == 0 ? image_of(set, g.random(random)) : random_set(random, 11);
      const auto moved = set_transporter(g, set, other);
      REQUIRE(moved.has_value() == std::any_of(all.begin(), all.end(), [&](const auto& d) { return image_of(set, d) == other; }));
      if (moved) {
        REQUIRE(g.contains(*moved));
        REQUIRE(image_of(set, *moved) == other);
      }
    }
  }
  // The two classes of 9-cycles of A_9, and the odd permutations that join them.
  const permutation_group a9(alternating_group(9));
  const auto x = parse_permutation("(0 1 2 3 4 5 6 7 8)");
  const auto odd = transposition(9, 0, 1);
  CHECK_FALSE(is_conjugate(a9, x, odd * x * odd));
  CHECK(is_conjugate(permutation_group(symmetric_group(9)), x, odd * x * odd));
  // The centralizer of an involution without fixed points in S_2000, from its cycles alone: 2^1000 1000!.
  std::vector<point> images(2000);
  for (point p = 0; p < 2000; ++p) images[p] = p ^ 1;
  mpz_class expected, power;
  mpz_fac_ui(expected.get_mpz_t(), 1000);
  mpz_ui_pow_ui(power.get_mpz_t(), 2, 1000);
  const auto c = centralizer(permutation_group(symmetric_group(2000)), permutation(images));
  CHECK(*c.options().known_order == expected * power);
}

TEST_CASE("searches in large groups", "[groups][backtrack]") {
  const auto s = cosetta::tests::seed(0xb16);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const std::vector<permutation_group> large{permutation_group(mathieu_group(24)), permutation_group(mathieu_group(12)),
                                             rubik_cube()};
  for (const auto& g : large) {
    INFO("degree " << g.degree());
    for (int round = 0; round < 20; ++round) {
      auto x = g.random(random);
      if (round % 2 == 1) x = x.pow(order(x) / (order(x) % 2 == 0 ? 2 : 1));
      const auto c = centralizer(g, x);
      REQUIRE(c.contains(x));
      for (const auto& t : c.generators()) REQUIRE((g.contains(t) && commuting(t, x)));
      REQUIRE(g.order() % c.order() == 0);
      const auto h = g.random(random);
      const auto y = h.inverse() * x * h;
      const auto d = conjugating_element(g, x, y);
      REQUIRE(d);
      REQUIRE(g.contains(*d));
      REQUIRE(d->inverse() * x * *d == y);
      // Conjugates have conjugate centralizers.
      REQUIRE(centralizer(g, y).order() == c.order());
    }
  }
  // M_24 has three orbits of sets of eight points: the octads, the sets that meet an octad in seven, the others. What an
  // involution with eight fixed points fixes is an octad (Conway, Sloane, Sphere packings, lattices and groups, 10).
  const auto& m24 = large[0];
  std::set<std::string> indices;
  const auto add_set = [&](const std::vector<point>& points) {
    const auto stabilizer = set_stabilizer(m24, points);
    for (const auto& t : stabilizer.generators()) REQUIRE((m24.contains(t) && image_of(points, t) == points));
    indices.insert(mpz_class(m24.order() / stabilizer.order()).get_str());
  };
  std::vector<point> octad;
  while (octad.size() != 8) {
    auto x = m24.random(random);
    x = order(x) % 2 == 0 ? x.pow(order(x) / 2) : permutation(24);
    octad.clear();
    for (point p = 0; p < 24; ++p) {
      if (x[p] == p) octad.push_back(p);
    }
  }
  add_set(octad);
  for (int round = 0; round < 40; ++round) {
    std::vector<point> points(24);
    std::iota(points.begin(), points.end(), point{0});
    std::shuffle(points.begin(), points.end(), random);
    points.resize(8);
    std::sort(points.begin(), points.end());
    add_set(points);
  }
  CHECK(759 + 97152 + 637560 == 735471);  // of 24 over 8
  CHECK(indices == std::set<std::string>{"759", "97152", "637560"});
}

TEST_CASE("signs tie orbits together", "[groups][backtrack]") {
  // Six copies of S_9, all signs equal: one even generator of each, and one odd for all.
  constexpr std::size_t copies = 6, n = 9;
  const auto placed = [](const permutation& g, std::size_t copy, std::vector<point> images) {
    for (point p = 0; p < n; ++p) images[copy * n + p] = static_cast<point>(copy * n + g[p]);
    return images;
  };
  const auto one = permutation(copies * n).images();
  std::vector<permutation> generators;
  auto all_odd = one;
  const auto even = alternating_group(n);
  for (std::size_t c = 0; c < copies; ++c) {
    for (const auto& g : even.elements()) generators.emplace_back(placed(g, c, one));
    all_odd = placed(transposition(n, 0, 1), c, all_odd);
  }
  generators.emplace_back(all_odd);
  const permutation_group g(generators, copies * n);
  mpz_class alternating, expected;
  mpz_fac_ui(alternating.get_mpz_t(), n);
  alternating /= 2;
  mpz_pow_ui(expected.get_mpz_t(), alternating.get_mpz_t(), copies);
  expected *= 2;
  REQUIRE(g.order() == expected);

  // Of the cycle types 5 + 3 + 1 only even permutations commute with the element, of 5 + 2 + 2 odd ones, too.
  const auto rigid = parse_permutation("(0 1 2 3 4)(5 6 7)", n);
  const auto pliable = parse_permutation("(0 1 2 3 4)(5 6)(7 8)", n);
  const auto swap = transposition(n, 0, 5);
  for (std::size_t rigid_copies = 0; rigid_copies <= copies; ++rigid_copies) {
    INFO("rigid " << rigid_copies);
    auto x = one, y = one;
    for (std::size_t c = 0; c < copies; ++c) {
      const auto& part = c < rigid_copies ? rigid : pliable;
      x = placed(part, c, x);
      y = placed(c == 0 ? swap * part * swap : part, c, y);
    }
    const auto c = centralizer(g, permutation(x));
    // 15 each; 40 each, where half are odd: all signs even, or, without a rigid one, all odd.
    mpz_class order = 1;
    for (std::size_t i = 0; i < copies; ++i) order *= i < rigid_copies ? 15 : 20;
    CHECK(c.order() == (rigid_copies == 0 ? mpz_class(2 * order) : order));
    // An odd conjugation on the first copy: the others can follow only where they are pliable.
    CHECK(is_conjugate(g, permutation(x), permutation(y)) == (rigid_copies <= 1));
  }
}

TEST_CASE("the subgroup with a property", "[groups][backtrack]") {
  for_each_small_group(0x9409, 20, [](auto& random, const permutation_group& g, const std::vector<permutation>& all) {
    const auto x = all[random() % all.size()];
    const permutation_group h({x}, g.degree());
    // The normalizer of <x>, which has no function of its own.
    const auto normalizes = [&](const permutation& c) { return h.contains(c.inverse() * x * c); };
    require_group(subgroup_with(g, normalizes), filtered(all, normalizes));
  });
}

TEST_CASE("elements are listed by rank", "[groups][backtrack]") {
  const permutation_group g(mathieu_group(11));
  const auto all = elements(g);
  REQUIRE(all.size() == 7920);
  CHECK(all[0].is_identity());
  bool ranked = true;
  for (std::size_t i = 0; i < all.size(); ++i) ranked = ranked && g.rank64(all[i]) == i;
  CHECK(ranked);
  CHECK_THROWS_AS(elements(g, 7919), resource_error);
  CHECK(elements(permutation_group()).size() == 1);
}

TEST_CASE("searches refuse what does not fit", "[groups][backtrack]") {
  const permutation_group g(mathieu_group(11));
  CHECK_THROWS_AS(centralizer(g, permutation(12)), domain_error);
  CHECK_THROWS_AS(centralizer(g, permutation_group(mathieu_group(12))), domain_error);
  CHECK_THROWS_AS(conjugating_element(g, permutation(11), permutation(12)), domain_error);
  CHECK_THROWS_AS(set_stabilizer(g, std::vector<point>{0, 11}), domain_error);
  CHECK_FALSE(set_transporter(g, std::vector<point>{0, 1}, std::vector<point>{0}));
  CHECK(set_transporter(g, std::vector<point>{0, 0, 1}, std::vector<point>{1, 0}));
}

TEST_CASE("a search ends when it is told to", "[groups][backtrack]") {
  chain_options options;
  const permutation_group m24(mathieu_group(24));
  std::stop_source stop;
  options.control.stop = stop.get_token();
  options.known_order = m24.order();
  const permutation_group g(m24.generators(), 24, options);
  g.chain();
  stop.request_stop();
  std::size_t tests = 0;
  CHECK_THROWS_AS(subgroup_with(g, [&tests](const permutation&) { return ++tests, false; }), stopped_error);
  CHECK(tests < 10000);
}

}  // namespace backtrack_test
