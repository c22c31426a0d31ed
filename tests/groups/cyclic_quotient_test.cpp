#include <groups/cyclic_quotient.hpp>
#include <groups/standard_groups.hpp>

#include <tests/groups/random_groups.hpp>

#include <map>
#include <numeric>

namespace cosetta::groups {
namespace cyclic_quotient_test {
namespace {

/// The period of the Cayley digraph, and the class of each element modulo it: with levels by breadth-first search, the gcd
/// of level(x) + 1 - level(x s) over all edges. |G / M| is this number, for a homomorphism that sends every generator to 1
/// is a colouring that goes up by 1 along every edge.
struct coloured_graph {
  std::uint64_t period = 0;
  std::map<permutation, std::uint64_t> level;
};
coloured_graph colour(const std::vector<permutation>& generators, std::size_t degree) {
  coloured_graph out;
  std::vector<permutation> queue{permutation(degree)};
  out.level[queue[0]] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto at = out.level[queue[i]];
    for (const auto& s : generators) {
      auto next = queue[i] * s;
      const auto [entry, fresh] = out.level.emplace(next, at + 1);
      out.period = std::gcd(out.period, at + 1 - entry->second);
      if (fresh) queue.push_back(std::move(next));
    }
  }
  return out;
}

void compare(const permutation_group& group, const std::vector<permutation>& generators, std::uint32_t largest) {
  const cyclic_quotient quotient(group, generators, largest);
  const auto graph = colour(generators, group.degree());
  std::uint64_t expected = 1;
  for (std::uint64_t m = 2; m <= largest; ++m) {
    if (graph.period % m == 0) expected = m;
  }
  REQUIRE(quotient.modulus() == expected);
  for (const auto& [x, level] : graph.level) REQUIRE(quotient(x) == level % expected);
}

TEST_CASE("cyclic quotients are the periods of Cayley graphs") {
  int coloured = 0;
  tests::for_each_small_group(20261202, 150, [&](std::mt19937_64& random, const permutation_group& group, const std::vector<permutation>& all) {
    if (group.generators().empty()) return;
    auto generators = group.generators();
    if (random() % 2 == 0) {
      for (const auto& g : group.generators()) generators.push_back(g.inverse());
    }
    if (random() % 2 == 0) {  // conjugates: a colouring is likely
      const auto& s = all[random() % all.size()];
      generators = {s};
      for (int i = 0; i < 2; ++i) {
        const auto& t = all[random() % all.size()];
        generators.push_back(t.inverse() * s * t);
      }
    }
    const permutation_group generated(generators, group.degree());
    for (const std::uint32_t largest : {1U, 2U, 5U, 16U}) compare(generated, generators, largest);
    coloured += cyclic_quotient(generated, generators, 16).modulus() > 2 ? 1 : 0;
  });
  CHECK(coloured > 10);
}

TEST_CASE("cyclic quotients: signs, powers and signs that are none") {
  const auto turn = cyclic_group(12);
  for (const std::uint32_t largest : {1U, 2U, 4U, 11U, 12U, 16U}) compare(permutation_group(turn), {turn[0]}, largest);
  const auto cycle = parse_permutation("(0,1,2,3,4,5,6,7)", 8), swap = parse_permutation("(0,1)", 8);
  const std::vector<permutation> lrx{cycle, cycle.inverse(), swap};
  CHECK(cyclic_quotient(permutation_group(lrx, 8), lrx, 16).modulus() == 2);
  const std::vector<permutation> mixed{cycle, cycle * swap, swap};
  CHECK(cyclic_quotient(permutation_group(mixed, 8), mixed, 16).modulus() == 1);
  // Bipartite though all generators are even: S_4 on two copies of its points.
  const std::vector<permutation> doubled{parse_permutation("(0,1)(4,5)", 8), parse_permutation("(1,2)(5,6)", 8), parse_permutation("(2,3)(6,7)", 8)};
  compare(permutation_group(doubled, 8), doubled, 16);
  CHECK(cyclic_quotient(permutation_group(doubled, 8), doubled, 16).modulus() == 2);
}

}  // namespace
}  // namespace cyclic_quotient_test
}  // namespace cosetta::groups
