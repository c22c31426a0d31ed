// Equivalent orbits: against trying every image of one point, on copies, on actions with equal cycle types that are not
// isomorphic, and on sizes where trying every image would be slow.
#include <groups/orbit.hpp>
#include <groups/orbit_equivalence.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace orbit_equivalence_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using points = std::vector<point>;
using generator_list = std::vector<permutation>;

points shuffled(std::mt19937_64& random, std::size_t degree) {
  points images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), random);
  return images;
}

/// The actions side by side: generator i acts as actions[0][i], actions[1][i], ... on consecutive points.
generator_list side_by_side(const std::vector<generator_list>& actions) {
  generator_list out;
  for (std::size_t g = 0; g < actions.front().size(); ++g) {
    points images;
    for (const auto& action : actions) {
      const auto offset = static_cast<point>(images.size());
      for (const auto x : action[g].images()) images.push_back(offset + x);
    }
    out.emplace_back(images);
  }
  return out;
}

/// All generators renumbered by one permutation.
generator_list conjugated(const generator_list& generators, const permutation& by) {
  generator_list out;
  for (const auto& g : generators) out.push_back(by.inverse() * g * by);
  return out;
}

bool commutes(const generator_list& generators, const points& from, const points& to) {
  std::map<point, point> image;
  for (std::size_t i = 0; i < from.size(); ++i) image[from[i]] = to[i];
  for (const auto& g : generators) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (image.at(g[from[i]]) != g[to[i]]) return false;
    }
  }
  return true;
}

/// The smallest image of the first point of `from` that extends; every one is tried.
std::optional<points> brute_isomorphism(const generator_list& generators, const points& from, const points& to) {
  if (from.size() != to.size()) return std::nullopt;
  for (const auto b : to) {
    std::map<point, point> image{{from[0], b}};
    points queue{from[0]};
    bool good = true;
    for (std::size_t i = 0; i < queue.size() && good; ++i) {
      for (const auto& g : generators) {
        const auto [at, fresh] = image.emplace(g[queue[i]], g[image.at(queue[i])]);
        if (fresh) queue.push_back(at->first);
        good = good && at->second == g[image.at(queue[i])];
      }
    }
    if (!good) continue;
    points out;
    for (const auto x : from) out.push_back(image.at(x));
    return out;
  }
  return std::nullopt;
}

void check_classes(const generator_list& generators, std::size_t degree, const std::vector<orbit_class>& classes) {
  std::vector<points> seen;
  point last = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto& members = classes[c].orbits;
    REQUIRE_FALSE(members.empty());
    REQUIRE(std::is_sorted(members[0].begin(), members[0].end()));
    if (c > 0) REQUIRE(members[0][0] > last);
    last = members[0][0];
    for (const auto& member : members) {
      REQUIRE(commutes(generators, members[0], member));
      auto sorted = member;
      std::sort(sorted.begin(), sorted.end());
      seen.push_back(sorted);
    }
  }
  std::sort(seen.begin(), seen.end());
  REQUIRE(seen == orbits(generators, degree));
}

generator_list parsed(const std::vector<std::string>& texts, std::size_t degree) {
  generator_list out;
  for (const auto& text : texts) out.push_back(parse_permutation(text, degree));
  return out;
}

}  // namespace

TEST_CASE("equivalent orbits agree with trying every image", "[groups][orbit_equivalence]") {
  const auto s = cosetta::tests::seed(0xe9041);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 150; ++round) {
    // Small actions of one free group, some of them copies, in a random numbering.
    const std::size_t width = 1 + random() % 3;
    std::vector<generator_list> actions;
    for (std::size_t part = 0; part < 2 + random() % 5; ++part) {
      if (part > 0 && random() % 2 == 0) {
        const auto& copied = actions[random() % part];
        actions.push_back(conjugated(copied, permutation(shuffled(random, copied[0].degree()))));
        continue;
      }
      const std::size_t n = 1 + random() % 5;
      auto& action = actions.emplace_back();
      for (std::size_t g = 0; g < width; ++g) action.emplace_back(shuffled(random, n));
    }
    auto generators = side_by_side(actions);
    const auto degree = generators[0].degree();
    generators = conjugated(generators, permutation(shuffled(random, degree)));
    if (round % 5 == 0) generators.push_back(permutation(degree));
    if (round % 7 == 0) generators.push_back(generators.front());
    const auto classes = equivalent_orbits(generators, degree);
    check_classes(generators, degree, classes);
    const auto all = orbits(generators, degree);
    for (const auto& from : all) {
      for (const auto& to : all) {
        const auto expected = brute_isomorphism(generators, from, to);
        REQUIRE(orbit_isomorphism(generators, degree, from, to) == expected);
      }
    }
    for (std::size_t c = 0; c < classes.size(); ++c) {
      for (const auto& member : classes[c].orbits) {
        REQUIRE(brute_isomorphism(generators, classes[c].orbits[0], [&] {
                  auto sorted = member;
                  std::sort(sorted.begin(), sorted.end());
                  return sorted;
                }()) == member);
      }
      for (std::size_t d = 0; d < c; ++d) {
        REQUIRE_FALSE(brute_isomorphism(generators, classes[d].orbits[0], classes[c].orbits[0]));
      }
    }
  }
}

TEST_CASE("fixed points are equivalent, and no points have no orbits", "[groups][orbit_equivalence]") {
  CHECK(equivalent_orbits({}, 0).empty());
  CHECK(equivalent_orbits({}, 3) == std::vector<orbit_class>{{{{0}, {1}, {2}}}});
  CHECK(equivalent_orbits(generator_list{permutation(2)}, 2) == std::vector<orbit_class>{{{{0}, {1}}}});
  CHECK(equivalent_orbits(parsed({"(1 2)(3 4)"}, 6), 6) == std::vector<orbit_class>{{{{0}, {5}}}, {{{1, 2}, {3, 4}}}});
  CHECK(equivalent_orbits(parsed({"(1 2)", "(3 4)"}, 5), 5) ==
        std::vector<orbit_class>{{{{0}}}, {{{1, 2}}}, {{{3, 4}}}});
}

TEST_CASE("regular actions of a cyclic group are equivalent through any power", "[groups][orbit_equivalence]") {
  // c on one side, c^2 on the other: x -> 2x.
  const auto classes = equivalent_orbits(parsed({"(0 1 2 3 4)(5 7 9 6 8)"}, 10), 10);
  REQUIRE(classes.size() == 1);
  CHECK(classes[0].orbits == std::vector<points>{{0, 1, 2, 3, 4}, {5, 7, 9, 6, 8}});
  // But not where the two sides move by themselves.
  CHECK(equivalent_orbits(parsed({"(0 1 2 3 4)", "(5 6 7 8 9)"}, 10), 10).size() == 2);
}

TEST_CASE("points and lines of the plane of order 2 are not equivalent", "[groups][orbit_equivalence]") {
  // A Gassmann triple: every element of PSL(3,2) has the same cycle type on points and lines, so counting refutes
  // nothing, yet a stabilizer of a point fixes no line.
  const auto on_seven = parsed({"(0 1 2 3 4 5 6)", "(1 2)(3 6)"}, 7);
  const auto lines = orbit(on_seven, points{0, 1, 3}, on_sets{});
  REQUIRE(lines.size() == 7);
  generator_list on_lines_of_plane;
  for (const auto& g : on_seven) on_lines_of_plane.push_back(action_on(lines, g, on_sets{}));
  const auto both = side_by_side({on_seven, on_lines_of_plane, on_seven, on_lines_of_plane});
  const auto classes = equivalent_orbits(both, 28);
  check_classes(both, 28, classes);
  REQUIRE(classes.size() == 2);
  CHECK(classes[0].orbits[1] == points{14, 15, 16, 17, 18, 19, 20});
  CHECK(classes[1].orbits[1] == points{21, 22, 23, 24, 25, 26, 27});
}

TEST_CASE("the two actions of S_6 on six points are not equivalent", "[groups][orbit_equivalence]") {
  // The other one: six synthematic totals, found as the orbit of one.
  const auto s6 = parsed({"(0 1 2 3 4 5)", "(0 1)"}, 6);
  using syntheme = std::vector<points>;
  const std::vector<syntheme> total{{{0, 1}, {2, 3}, {4, 5}},
                                    {{0, 2}, {1, 4}, {3, 5}},
                                    {{0, 3}, {1, 5}, {2, 4}},
                                    {{0, 4}, {1, 3}, {2, 5}},
                                    {{0, 5}, {1, 2}, {3, 4}}};
  using on_totals = on_sets_by<on_sets_of_sets>;
  const auto totals = orbit(s6, total, on_totals{});
  REQUIRE(totals.size() == 6);
  generator_list twisted;
  for (const auto& g : s6) twisted.push_back(action_on(totals, g, on_totals{}));
  const auto classes = equivalent_orbits(side_by_side({s6, twisted, s6}), 18);
  REQUIRE(classes.size() == 2);
  CHECK(classes[0].orbits.size() == 2);
}

TEST_CASE("cosets of different subgroups of one order are not equivalent", "[groups][orbit_equivalence]") {
  // C_2^3 modulo each of its seven subgroups of order 2, each twice: xor by a generator, up to xor by the subgroup.
  std::vector<generator_list> actions;
  for (point twice = 0; twice < 14; ++twice) {
    const point h = 1 + twice % 7;
    std::map<point, point> number;
    for (point x = 0; x < 8; ++x) number.emplace(std::min(x, x ^ h), static_cast<point>(number.size()));
    auto& action = actions.emplace_back();
    for (const point g : {1U, 2U, 4U}) {
      points images(number.size());
      for (const auto& [x, i] : number) images[i] = number.at(std::min(x ^ g, x ^ g ^ h));
      action.emplace_back(images);
    }
  }
  const auto generators = side_by_side(actions);
  const auto classes = equivalent_orbits(generators, 56);
  check_classes(generators, 56, classes);
  REQUIRE(classes.size() == 7);
  for (const auto& c : classes) CHECK(c.orbits.size() == 2);
}

TEST_CASE("many orbits and long orbits take little time", "[groups][orbit_equivalence]") {
  const auto s = cosetta::tests::seed(0x10946);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  {
    // 25 orbits of 24 points under 30 generators; five kinds.
    std::vector<generator_list> actions;
    for (int part = 0; part < 25; ++part) {
      if (part >= 5) {
        actions.push_back(conjugated(actions[part % 5], permutation(shuffled(random, 24))));
        continue;
      }
      auto& action = actions.emplace_back();
      for (int g = 0; g < 30; ++g) action.emplace_back(shuffled(random, 24));
    }
    const auto generators = side_by_side(actions);
    const auto classes = equivalent_orbits(generators, 600);
    check_classes(generators, 600, classes);
    CHECK(classes.size() == 5);
  }
  for (const bool equal : {true, false}) {
    // A long cycle and one transposition far from where the search begins: contradictions come late, and for every
    // candidate in a different place.
    const std::size_t n = 2000;
    points cycle(n);
    for (point i = 0; i < n; ++i) cycle[i] = static_cast<point>((i + 1) % n);
    const permutation c(cycle);
    const generator_list first{c, transposition(n, 999, 1000)};
    const generator_list second =
        equal ? conjugated(first, permutation(shuffled(random, n))) : generator_list{c, transposition(n, 999, 1001)};
    const auto generators = side_by_side({first, second});
    const auto classes = equivalent_orbits(generators, 2 * n);
    check_classes(generators, 2 * n, classes);
    CHECK(classes.size() == (equal ? 1 : 2));
  }
  {
    // A regular action beside one that is not equivalent: no invariant tells points of one orbit apart.
    const std::size_t n = 2048;
    generator_list first, second;
    for (point bit = 1; bit < n; bit *= 2) {
      points images(n);
      for (point x = 0; x < n; ++x) images[x] = x ^ bit;
      first.emplace_back(images);
      second.emplace_back(images);
    }
    // Another involution without fixed points that acts as one of the generators on one side only.
    first.push_back(first[0]);
    second.push_back(first[1]);
    const auto generators = side_by_side({first, second, first});
    const auto classes = equivalent_orbits(generators, 3 * n);
    CHECK(classes.size() == 2);
  }
}

TEST_CASE("what is no orbit has no isomorphism", "[groups][orbit_equivalence]") {
  const auto generators = parsed({"(0 1 2)(3 4 5)"}, 7);
  CHECK(orbit_isomorphism(generators, 7, points{2, 0, 1}, points{3, 4, 5}) == points{3, 4, 5});
  CHECK_FALSE(orbit_isomorphism(generators, 7, points{0, 1, 2}, points{6}));
  const auto message = Catch::Predicate<std::exception>(
      [](const std::exception& e) { return std::string(e.what()).find("is not an orbit") != std::string::npos; });
  for (const auto& bad : std::vector<points>{{}, {0, 1}, {0, 1, 2, 3, 4, 5}, {7}, {0, 0, 1, 2}}) {
    CHECK_THROWS_MATCHES(orbit_isomorphism(generators, 7, bad, points{3, 4, 5}), domain_error, message);
    CHECK_THROWS_MATCHES(orbit_isomorphism(generators, 7, points{3, 4, 5}, bad), domain_error, message);
  }
  CHECK_THROWS_AS(equivalent_orbits(generators, 6), domain_error);
}

}  // namespace orbit_equivalence_test
