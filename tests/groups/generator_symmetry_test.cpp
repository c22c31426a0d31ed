#include <groups/generator_symmetry.hpp>
#include <groups/standard_groups.hpp>

#include <tests/groups/random_groups.hpp>

#include <set>

namespace cosetta::groups {
namespace generator_symmetry_test {
namespace {

/// All of Sym(n) tried one by one; those that fix the points that no generator moves.
std::set<permutation> tried(const std::vector<permutation>& generators) {
  const std::size_t n = generators.front().degree();
  const std::set<permutation> members(generators.begin(), generators.end());
  std::set<permutation> out;
  std::vector<point> images(n);
  std::iota(images.begin(), images.end(), point{0});
  do {
    const permutation w(images);
    bool keeps = true;
    for (point p = 0; p < n && keeps; ++p) {
      if (w[p] != p) keeps = std::ranges::any_of(generators, [p](const auto& g) { return g[p] != p; });
    }
    const auto back = w.inverse();
    for (std::size_t i = 0; i < generators.size() && keeps; ++i) keeps = members.contains(back * generators[i] * w);
    if (keeps) out.insert(w);
  } while (std::ranges::next_permutation(images).found);
  return out;
}

void compare(const std::vector<permutation>& generators) {
  const auto found = symmetries_of(generators, 100000, 10000000);
  REQUIRE(found.complete);
  REQUIRE(found.elements.front().is_identity());
  const std::set<permutation> distinct(found.elements.begin(), found.elements.end());
  REQUIRE(distinct.size() == found.elements.size());
  REQUIRE(distinct == tried(generators));
}

TEST_CASE("symmetries of random generating sets, against all permutations") {
  const auto s = tests::seed(20261203);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  std::size_t symmetric = 0;
  for (int i = 0; i < 150; ++i) {
    const std::size_t n = 1 + random() % 6;
    std::set<permutation> set;
    while (set.size() < 1 + random() % 3) {
      auto g = tests::random_permutation(random, n);
      if (random() % 2 == 0 && n > 2) g = transposition(n, 0, static_cast<point>(1 + random() % (n - 1)));
      set.insert(g);
      if (random() % 2 == 0) set.insert(g.inverse());
      if (set.size() > 4 || n < 3) break;
    }
    if (i % 3 == 0 && n > 2) {  // with a symmetry put in
      const auto w = tests::random_permutation(random, n);
      const std::vector<permutation> some(set.begin(), set.end());
      auto x = some.front();
      for (int k = 0; k < 3; ++k) set.insert(x = w.inverse() * x * w);
    }
    std::vector<permutation> generators(set.begin(), set.end());
    std::shuffle(generators.begin(), generators.end(), random);
    INFO("case " << i << ", degree " << n << ", " << generators.size() << " generators");
    compare(generators);
    symmetric += symmetries_of(generators, 100000, 1000000).elements.size() > 1 ? 1 : 0;
  }
  CHECK(symmetric > 20);
}

TEST_CASE("symmetries of well-known generating sets") {
  const auto cycle = parse_permutation("(0,1,2,3,4,5,6)", 7), swap = parse_permutation("(0,1)", 7);
  const std::vector<permutation> lrx{cycle, cycle.inverse(), swap};
  compare(lrx);
  CHECK(symmetries_of(lrx, 512, 4096).elements.size() == 2);
  CHECK(symmetries_of(std::vector{cycle, swap}, 512, 4096).elements.size() == 1);
  std::vector<permutation> coxeter, star, all, pancake;
  for (point i = 0; i < 6; ++i) {
    coxeter.push_back(transposition(7, i, i + 1));
    star.push_back(transposition(7, 0, i + 1));
    for (point j = i + 1; j < 7; ++j) all.push_back(transposition(7, i, j));
    std::vector<point> images(7);
    for (point k = 0; k < 7; ++k) images[k] = k < i + 2 ? i + 1 - k : k;
    pancake.emplace_back(images);
  }
  for (const auto* set : {&coxeter, &star, &all, &pancake}) compare(*set);
  CHECK(symmetries_of(coxeter, 512, 4096).elements.size() == 2);
  CHECK(symmetries_of(star, 10000, 1000000).elements.size() == 720);
  CHECK(symmetries_of(all, 10000, 10000000).elements.size() == 5040);
  CHECK(symmetries_of(pancake, 512, 4096).elements.size() == 1);
}

TEST_CASE("a search for symmetries that is cut off says so, and all it has are some") {
  std::vector<permutation> all;
  for (point i = 0; i < 9; ++i) {
    for (point j = i + 1; j < 9; ++j) all.push_back(transposition(9, i, j));
  }
  const std::set<permutation> members(all.begin(), all.end());
  for (const std::size_t most : {1U, 2U, 100U}) {
    for (const std::size_t budget : {0U, 1U, 50U, 4096U}) {
      const auto some = symmetries_of(all, most, budget);
      INFO(most << " " << budget);
      CHECK_FALSE(some.complete);
      REQUIRE_FALSE(some.elements.empty());
      CHECK(some.elements.front().is_identity());
      CHECK(std::set<permutation>(some.elements.begin(), some.elements.end()).size() == some.elements.size());
      for (const auto& w : some.elements) {
        for (const auto& g : all) REQUIRE(members.contains(w.inverse() * g * w));
      }
    }
  }
}

}  // namespace
}  // namespace generator_symmetry_test
}  // namespace cosetta::groups
