// Small random groups with all their elements, for comparison with brute force; and Rubik's cube.
#pragma once

#include <groups/permutation_group.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <unordered_set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace cosetta::tests {

inline groups::permutation random_permutation(std::mt19937_64& random, std::size_t degree) {
  std::vector<groups::point> images(degree);
  std::iota(images.begin(), images.end(), groups::point{0});
  std::shuffle(images.begin(), images.end(), random);
  return groups::permutation(images);
}

/// All products of generators, by breadth-first search; empty when there are more than `limit`.
inline std::vector<groups::permutation> closure(const std::vector<groups::permutation>& generators, std::size_t degree, std::size_t limit) {
  std::vector<groups::permutation> out{groups::permutation(degree)};
  std::unordered_set<groups::permutation> seen{out[0]};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& s : generators) {
      auto next = out[i] * s;
      if (!seen.insert(next).second) continue;
      if (out.size() == limit) return {};
      out.push_back(std::move(next));
    }
  }
  return out;
}

/// Calls test(random, group, elements) for `count` random groups of degree at most ten and order at most 2000. Powers of
/// random permutations, and permutations of few points, give small and intransitive groups more often.
template <class Test>
void for_each_small_group(std::uint64_t fallback, int count, const Test& test) {
  const auto s = seed(fallback);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int done = 0; done < count;) {
    const std::size_t degree = 1 + random() % 10;
    std::vector<groups::permutation> generators;
    for (std::size_t i = 0, n = random() % 4; i < n; ++i) {
      auto g = random_permutation(random, degree);
      generators.push_back(g.pow(mpz_class(static_cast<unsigned long>(1 + random() % 3))));
    }
    const auto all = closure(generators, degree, 2000);
    if (all.empty()) continue;
    INFO("degree " << degree << ", order " << all.size() << ", generators " << generators.size());
    test(random, groups::permutation_group(generators, degree), all);
    ++done;
  }
}

/// Singmaster's six turns on 48 facelets, numbered as in GAP's manual.
inline groups::permutation_group rubik_cube() {
  std::vector<groups::permutation> turns;
  for (const char* turn :
       {"(1,3,8,6)(2,5,7,4)(9,33,25,17)(10,34,26,18)(11,35,27,19)", "(9,11,16,14)(10,13,15,12)(1,17,41,40)(4,20,44,37)(6,22,46,35)",
        "(17,19,24,22)(18,21,23,20)(6,25,43,16)(7,28,42,13)(8,30,41,11)", "(25,27,32,30)(26,29,31,28)(3,38,43,19)(5,36,45,21)(8,33,48,24)",
        "(33,35,40,38)(34,37,39,36)(3,9,46,32)(2,12,47,29)(1,14,48,27)", "(41,43,48,46)(42,45,47,44)(14,22,30,38)(15,23,31,39)(16,24,32,40)"}) {
    turns.push_back(groups::parse_permutation(turn, 48, 1));
  }
  return groups::permutation_group(turns, 48);
}

}  // namespace cosetta::tests
