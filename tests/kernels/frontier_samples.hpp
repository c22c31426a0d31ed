// What the tests of the frontier kernels share.
#pragma once

#include <kernels/frontier.hpp>

#include <cstdint>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

namespace cosetta::tests {

using state = std::vector<std::uint64_t>;

constexpr std::uint64_t canary = 0xc0ffee0ddba11u;

template <class Test>
void for_each_variant(const Test& test) {
  for (const auto set : kernels::all_instruction_sets()) {
    if (!kernels::is_supported(set)) continue;
    INFO("instruction set " << to_string(set));
    const auto& variant = kernels::frontier_kernels_for(set);
    REQUIRE(variant.set == set);
    test(variant);
  }
}

inline std::vector<state> random_states(std::mt19937_64& random, std::size_t words, std::size_t lanes) {
  std::vector<state> states(lanes, state(words));
  for (auto& s : states) {
    for (auto& word : s) {
      const auto kind = random() % 8;
      word = kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : random();
    }
  }
  return states;
}

}  // namespace cosetta::tests
