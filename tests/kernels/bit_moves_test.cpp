// Compiled bit moves in every variant against moves bit by bit.
#include <kernels/bit_moves.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace bit_moves_test {
namespace {

using namespace cosetta::kernels;
using words = std::vector<std::uint64_t>;

words random_words(std::size_t n, std::mt19937_64& random) {
  words out(n);
  for (auto& w : out) w = random() % 4 == 0 ? random() & random() : random();
  return out;
}

/// Maps of many characters: wild ones, shifts, reversals, exchanges of ranges, and words that stay.
std::vector<std::uint32_t> random_map(std::size_t bits, std::size_t length, std::mt19937_64& random) {
  std::vector<std::uint32_t> from(bits);
  std::iota(from.begin(), from.end(), 0U);
  const auto at = static_cast<std::ptrdiff_t>(random() % bits);
  switch (random() % 5) {
    case 0:
      std::shuffle(from.begin(), from.end(), random);
      break;
    case 1:
      std::rotate(from.begin(), from.begin() + at, from.end());
      break;
    case 2:
      std::reverse(from.begin() + at, from.end());
      break;
    case 3:
      std::shuffle(from.begin() + at, std::min(from.end(), from.begin() + at + 200), random);
      break;
    default:
      std::stable_partition(from.begin(), from.end(), [&](auto) { return random() % 2 == 0; });
  }
  from.resize(64 * length, bit_moves::none);
  if (random() % 3 == 0) {
    for (auto& f : from) {
      if (random() % 4 == 0) f = bit_moves::none;
    }
  }
  return from;
}

TEST_CASE("bit moves: each variant moves bits as a plain loop does") {
  const auto s = cosetta::tests::seed(20261201);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int i = 0; i < 300; ++i) {
    const std::size_t n = 1 + random() % (i % 10 == 0 ? 300 : 40), bits = 64 * n - random() % 64;
    const auto from = random_map(bits, n, random);
    const auto source = random_words(n, random), target = random_words(n, random);
    auto expected = target;
    for (std::size_t b = 0; b < from.size(); ++b) {
      if (from[b] != bit_moves::none) expected[b / 64] |= (source[from[b] / 64] >> (from[b] % 64) & 1U) << (b % 64);
    }
    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      const auto& kernels = bit_move_kernels_for(set);
      INFO("case " << i << ", " << to_string(set));
      CHECK(kernels.set == set);
      // Every kernel does what the simpler ones can do.
      for (const bit_move_forms forms : {bit_move_forms{}, {kernels.forms.pulled, false}, kernels.forms}) {
        const bit_moves moves(from, forms);
        CHECK((forms.pulled || moves.pulled().empty()));
        CHECK((forms.gathered || moves.gathered().empty()));
        double cost = 0;
        for (std::size_t w = 0; w < n; ++w) cost += bit_moves::cost_of(std::span(from).subspan(64 * w, 64), n, forms);
        CHECK(cost == Approx(moves.cost()));
        auto out = target;
        kernels.take(moves, source.data(), out.data());
        REQUIRE(out == expected);
      }
    }
  }
}

TEST_CASE("bit moves: a job takes in its plain and its moved sources and counts what is new") {
  const auto s = cosetta::tests::seed(20261202);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int i = 0; i < 200; ++i) {
    const std::size_t n = 1 + random() % 50;
    std::vector<words> blocks;
    for (int b = 0; b < 7; ++b) blocks.push_back(random_words(n, random));
    const auto a = random_map(64 * n, n, random), b = random_map(64 * n, n, random);
    std::vector<const std::uint64_t*> plain, next{blocks[5].data(), blocks[6].data()};
    for (std::size_t k = 0; k < random() % 3; ++k) plain.push_back(blocks[1 + k].data());
    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      const auto& kernels = bit_move_kernels_for(set);
      const bit_moves first(a, kernels.forms), second(b, kernels.forms);
      std::vector<moved_block> moved;
      if (i % 3 > 0) moved.push_back({blocks[3].data(), &first});
      if (i % 3 > 1) moved.push_back({blocks[4].data(), &second});
      auto expected = blocks[0];
      for (const auto* p : plain) {
        for (std::size_t w = 0; w < n; ++w) expected[w] |= p[w];
      }
      for (const auto& m : moved) bit_move_kernels_for(instruction_set::scalar).take(bit_moves(m.moves == &first ? a : b, {}), m.words, expected.data());
      std::uint64_t fresh = 0;
      for (std::size_t w = 0; w < n; ++w) fresh += static_cast<std::uint64_t>(__builtin_popcountll(expected[w] & ~blocks[0][w]));
      words out(n);
      const colour_job job{blocks[0].data(), out.data(), n, plain.data(), plain.size(), moved.data(), moved.size(), next.data(), next.size()};
      INFO("case " << i << ", " << to_string(set));
      CHECK(kernels.sweep(job) == fresh);
      REQUIRE(out == expected);
    }
  }
}

}  // namespace

}  // namespace bit_moves_test
