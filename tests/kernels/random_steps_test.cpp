// Steps of walks: the scalar variant against the definition, word by word, and all variants against the scalar one.
#include <kernels/random_steps.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/seeded.hpp>

namespace cosetta::kernels {
namespace random_steps_test {
namespace {

constexpr std::uint32_t none = 0xffffffff;

/// Rows that lack the partner of each generator; the last lacks nothing.
step_rules rules_with_partners(const std::vector<std::uint32_t>& partner) {
  const auto n = static_cast<std::uint32_t>(partner.size());
  std::vector<std::vector<std::uint32_t>> rows(n + 1);
  for (std::uint32_t last = 0; last <= n; ++last) {
    for (std::uint32_t g = 0; g < n; ++g) {
      if (last == n || g != partner[last]) rows[last].push_back(g);
    }
  }
  return step_rules(std::move(rows));
}

std::vector<std::uint32_t> random_partners(std::uint32_t n, std::mt19937_64& random) {
  std::vector<std::uint32_t> out(n);
  for (auto& p : out) p = random() % 4 == 0 ? none : static_cast<std::uint32_t>(random() % n);
  return out;
}

struct chosen_steps {
  std::vector<std::uint32_t> moves, last;  // of the lanes that are asked for
  bool operator==(const chosen_steps&) const = default;
};

chosen_steps choose(instruction_set set, const step_rules& rules, philox_key key, std::uint64_t first, std::size_t lanes, std::uint32_t from, std::uint32_t steps,
                    std::vector<std::uint32_t> last) {
  std::vector<std::uint32_t> moves(steps * walk_lanes, none);
  choose_steps_for(set)(rules, key, first, lanes, from, steps, last.data(), moves.data());
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (i % walk_lanes >= lanes) moves[i] = 0;
  }
  last.resize(lanes);
  return {std::move(moves), std::move(last)};
}

template <class Test>
void for_each_variant(const Test& test) {
  for (const auto set : all_instruction_sets()) {
    if (!is_supported(set)) continue;
    INFO("instruction set " << to_string(set));
    test(set);
  }
}

TEST_CASE("random steps: each is drawn by its own word", "[kernels][random_steps]") {
  std::mt19937_64 random(tests::seed(21));
  for (const std::uint32_t n : {1U, 2U, 3U, 18U, 40U}) {
    const auto partners = random_partners(n, random);
    if (n == 1 && partners[0] == 0) continue;
    const auto rules = rules_with_partners(partners);
    const philox_key key = philox_key_of(random());
    const std::uint64_t first = (std::uint64_t{1} << 32) - 5;  // walks on both sides of 2^32
    std::vector<std::uint32_t> last(walk_lanes, n);
    const auto got = choose(instruction_set::scalar, rules, key, first, 11, 8, 7, last);
    for (std::size_t lane = 0; lane < 11; ++lane) {
      std::uint32_t before = n;
      for (std::uint32_t j = 0; j < 7; ++j) {
        const auto walk = first + lane;
        const auto block = philox4x32({static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), (8 + j) / 4, 0}, key);
        std::vector<std::uint32_t> choices;
        for (std::uint32_t g = 0; g < n; ++g) {
          if (before == n || partners[before] != g) choices.push_back(g);
        }
        // None of these few words is among those that are rejected.
        const auto expected = choices[std::uint64_t{block[j % 4]} * choices.size() >> 32];
        REQUIRE(got.moves[j * walk_lanes + lane] == expected);
        before = expected;
      }
      CHECK(got.last[lane] == before);
    }
  }
}

TEST_CASE("random steps: all variants are the scalar one", "[kernels][random_steps]") {
  const auto seed = tests::seed(22);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (std::size_t round = 0; round < tests::repeats(200); ++round) {
    const auto n = static_cast<std::uint32_t>(round % 4 == 0 ? 28 + random() % 8 : 2 + random() % 20);  // tables of 32 rows, and more
    std::vector<std::uint32_t> partners(n, none);
    if (round % 3 != 0) partners = random_partners(n, random);
    auto rules = rules_with_partners(partners);
    if (round % 10 == 9) {  // rows that lack several, as where two names stand for one element
      std::vector<std::vector<std::uint32_t>> rows(n + 1);
      for (auto& row : rows) {
        while (row.empty()) {
          for (std::uint32_t g = 0; g < n; ++g) {
            if (random() % 3 != 0) row.push_back(g);
          }
        }
      }
      rules = step_rules(std::move(rows));
    }
    const auto key = philox_key_of(random());
    const std::uint64_t first = round % 2 == 0 ? random() : (std::uint64_t{1} << 32) - random() % 20;
    const std::size_t lanes = 1 + random() % walk_lanes;
    const auto from = static_cast<std::uint32_t>(random() % 100 * 4), steps = static_cast<std::uint32_t>(1 + random() % 40);
    std::vector<std::uint32_t> last(walk_lanes);
    for (auto& row : last) row = static_cast<std::uint32_t>(random() % (n + 1));
    const auto expected = choose(instruction_set::scalar, rules, key, first, lanes, from, steps, last);
    for_each_variant([&](instruction_set set) { REQUIRE(choose(set, rules, key, first, lanes, from, steps, last) == expected); });
  }
}

TEST_CASE("random steps: words that are rejected are replaced alike", "[kernels][random_steps]") {
  // 2^32 mod 1999 and 2^32 mod 2000 are large, and still one word in three million is rejected: these are some.
  constexpr std::uint32_t n = 2000;
  const auto key = philox_key_of(20261128);
  std::vector<std::uint32_t> partners(n);
  std::iota(partners.begin(), partners.end(), 0U);
  const auto rules = rules_with_partners(partners), uniform = rules_with_partners(std::vector<std::uint32_t>(n, none));
  struct rejection {
    std::uint32_t walk, step, bound;
  };
  for (const auto& r : {rejection{59, 1357, n}, {390, 214, n - 1}, {487, 628, n - 1}, {552, 303, n}, {1014, 118, n}, {2631, 1964, n - 1}}) {
    INFO("walk " << r.walk << " step " << r.step);
    const auto block = philox4x32({r.walk, 0, r.step / 4, 0}, key);
    REQUIRE(block[r.step % 4] * r.bound < (0U - r.bound) % r.bound);
    const auto& chosen = r.bound == n ? uniform : rules;
    const auto first = r.walk / 16 * std::uint64_t{16}, lane = r.walk % std::uint64_t{16};
    const std::uint32_t from = r.step / 4 * 4, steps = r.step % 4 + 1;
    const std::vector<std::uint32_t> last(walk_lanes, 7);
    const auto expected = choose(instruction_set::scalar, chosen, key, first, walk_lanes, from, steps, last);
    const auto second = philox4x32({r.walk, 0, r.step, 1}, key);
    if (r.bound == n) CHECK(expected.moves[(steps - 1) * walk_lanes + lane] == std::uint64_t{second[0]} * n >> 32);
    for_each_variant([&](instruction_set set) { REQUIRE(choose(set, chosen, key, first, walk_lanes, from, steps, last) == expected); });
  }
}

TEST_CASE("random steps: products of small permutations", "[kernels][random_steps]") {
  const auto seed = tests::seed(23);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (std::size_t round = 0; round < tests::repeats(50); ++round) {
    const std::size_t degree = 1 + random() % small_degree, n = 1 + random() % 20;
    std::vector<byte_images> images(n);
    for (auto& p : images) {
      std::iota(p.begin(), p.end(), std::uint8_t{0});
      std::shuffle(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(degree), random);
    }
    const std::size_t lanes = 1 + random() % walk_lanes;
    const auto steps = static_cast<std::uint32_t>(random() % 20);
    std::vector<std::uint32_t> moves(steps * walk_lanes);
    for (auto& g : moves) g = static_cast<std::uint32_t>(random() % n);
    std::vector<byte_images> start(walk_lanes, images[0]);
    auto expected = start;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      for (std::uint32_t j = 0; j < steps; ++j) {
        const auto before = expected[lane];
        for (std::size_t k = 0; k < small_degree; ++k) expected[lane][k] = before[images[moves[j * walk_lanes + lane]][k]];
      }
    }
    for_each_variant([&](instruction_set set) {
      auto here = start;
      take_steps_for(set)(images.data(), moves.data(), lanes, steps, here.data());
      REQUIRE(here == expected);
    });
  }
}

}  // namespace
}  // namespace random_steps_test
}  // namespace cosetta::kernels
