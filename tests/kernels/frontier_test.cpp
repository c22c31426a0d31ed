// The frontier kernels of every instruction set against plain references: images of states bit by bit or in 128-bit
// arithmetic, hashes one state at a time.
#include <kernels/frontier.hpp>
#include <kernels/wide_set.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/kernels/frontier_samples.hpp>
#include <tests/seeded.hpp>

namespace frontier_test {
namespace {

using namespace cosetta::kernels;
using namespace cosetta::tests;

__extension__ using wide_unsigned = unsigned __int128;

// ---------------------------------------------------------------------------------------------------- transitions

std::vector<std::uint64_t> to_block(const std::vector<state>& states, std::size_t words) {
  std::vector<std::uint64_t> block(words * states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t w = 0; w < words; ++w) block[w * states.size() + i] = states[i][w];
  }
  return block;
}

/// The images of `states` by the kernel; fails when it writes past the block.
std::vector<state> images_by(const frontier_kernels& kernels, const transition& t, const std::vector<state>& states,
                             std::size_t words) {
  const auto in = to_block(states, words);
  std::vector<std::uint64_t> out(in.size() + 8, canary);
  kernels.apply(t, in.data(), out.data(), words, states.size());
  REQUIRE(std::all_of(out.end() - 8, out.end(), [](std::uint64_t word) { return word == canary; }));
  std::vector<state> images(states.size(), state(words));
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t w = 0; w < words; ++w) images[i][w] = out[w * states.size() + i];
  }
  return images;
}

/// The moves of a transition, one bit after the other.
state move_bits(const std::vector<field_move>& moves, const state& from) {
  state to(from.size(), 0);
  for (const auto& m : moves) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      const unsigned origin = (bit + 64 - m.rotation) % 64;
      if ((m.mask >> bit & 1) != 0 && (from[m.source] >> origin & 1) != 0) to[m.target] |= std::uint64_t{1} << bit;
    }
  }
  return to;
}

std::uint64_t random_mask(std::mt19937_64& random) {
  switch (random() % 4) {
    case 0:
      return random();
    case 1:
      return random() & random() & random();
    case 2:
      return std::uint64_t{0x1f} << random() % 64;
    default:
      return ~std::uint64_t{0};
  }
}

/// How entries modulo m lie in words: as many of the given width in each as fit, from the low end.
struct entry_packing {
  std::size_t entries;
  unsigned bits;

  std::size_t per_word() const { return 64 / bits; }
  std::size_t words() const { return (entries + per_word() - 1) / per_word(); }
  std::uint32_t word_of(std::size_t entry) const { return static_cast<std::uint32_t>(entry / per_word()); }
  std::uint32_t shift_of(std::size_t entry) const { return static_cast<std::uint32_t>(entry % per_word() * bits); }
  std::uint64_t mask() const { return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; }

  state pack(const std::vector<std::uint64_t>& values) const {
    state out(words(), 0);
    for (std::size_t e = 0; e < entries; ++e) out[word_of(e)] |= values[e] << shift_of(e);
    return out;
  }
};

/// What one entry of the image is, in the language of the test: a copy of an entry, or a linear form.
struct entry_rule {
  bool copy = false;
  std::size_t source = 0;
  std::uint64_t constant = 0;
  std::vector<std::pair<std::size_t, std::uint64_t>> terms;  // entry, coefficient
};

std::uint64_t value_of(const entry_rule& rule, const std::vector<std::uint64_t>& from, std::uint64_t m) {
  if (rule.copy) return from[rule.source];
  wide_unsigned sum = rule.constant;
  for (const auto& [entry, coefficient] : rule.terms) sum = (sum + wide_unsigned{coefficient} * from[entry]) % m;
  return static_cast<std::uint64_t>(sum % m);
}

transition compile(const std::vector<entry_rule>& rules, const entry_packing& packing, std::uint64_t m) {
  transition t;
  t.modulus = m;
  t.field_mask = packing.mask();
  for (std::size_t e = 0; e < rules.size(); ++e) {
    const auto& rule = rules[e];
    const auto word = packing.word_of(e);
    const auto shift = packing.shift_of(e);
    if (rule.copy) {
      const unsigned rotation = (shift + 64 - packing.shift_of(rule.source)) % 64;
      t.moves.push_back({word, packing.word_of(rule.source), rotation, packing.mask() << shift});
      continue;
    }
    linear_field field{word, shift, rule.constant, {}};
    for (const auto& [entry, coefficient] : rule.terms) {
      field.terms.push_back({packing.word_of(entry), packing.shift_of(entry), coefficient});
    }
    t.fields.push_back(std::move(field));
  }
  return t;
}

std::uint64_t random_residue(std::mt19937_64& random, std::uint64_t m) {
  switch (random() % 4) {
    case 0:
      return 0;
    case 1:
      return m - 1;
    default:
      return random() % m;
  }
}

std::vector<entry_rule> random_rules(std::mt19937_64& random, std::size_t entries, std::uint64_t m) {
  std::vector<entry_rule> rules(entries);
  for (auto& rule : rules) {
    rule.copy = random() % 3 == 0;
    if (rule.copy) {
      rule.source = random() % entries;
      continue;
    }
    rule.constant = random_residue(random, m);
    rule.terms.resize(random() % 7);
    for (auto& [entry, coefficient] : rule.terms) {
      entry = random() % entries;
      // 1 and m - 1 have loops of their own; m - 2 is the largest that is multiplied.
      const std::uint64_t choices[] = {1, m - 1, std::max<std::uint64_t>(m - 2, 1), 1 + random() % (m - 1)};
      coefficient = choices[random() % 4];
    }
  }
  return rules;
}

}  // namespace

// ================================================================================================== apply and hash

TEST_CASE("apply moves fields as a loop over bits does", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0xf1e1d);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (const std::size_t words : {1, 2, 3, 5}) {
      for (int round = 0; round < 40; ++round) {
        transition t;
        t.moves.resize(random() % 24);
        for (auto& m : t.moves) {
          m = {static_cast<std::uint32_t>(random() % words), static_cast<std::uint32_t>(random() % words),
               static_cast<std::uint32_t>(random() % 64), random_mask(random)};
          if (random() % 8 == 0) m.rotation = 0;
        }
        const auto states = random_states(random, words, 8 * (1 + random() % 9));
        const auto images = images_by(kernels, t, states, words);
        for (std::size_t i = 0; i < states.size(); ++i) {
          if (images[i] != move_bits(t.moves, states[i])) {
            FAIL("state " << i << " of " << states.size() << ", words " << words << ", round " << round);
          }
        }
      }
    }
  });
}

TEST_CASE("apply rotates by every distance", "[kernels][frontier]") {
  const std::uint64_t x = 0x8000'0000'dead'beefu;
  for_each_variant([x](const frontier_kernels& kernels) {
    for (std::uint32_t rotation = 0; rotation < 64; ++rotation) {
      transition t;
      t.moves = {{0, 0, rotation, ~std::uint64_t{0}}};
      const auto images = images_by(kernels, t, std::vector<state>(8, state{x}), 1);
      REQUIRE(images == std::vector<state>(8, state{std::rotl(x, static_cast<int>(rotation))}));
    }
  });
}

TEST_CASE("a transition without moves and fields gives zero", "[kernels][frontier]") {
  for_each_variant([](const frontier_kernels& kernels) {
    for (const std::size_t words : {1, 2, 5}) {
      const auto images = images_by(kernels, {}, std::vector<state>(16, state(words, 0x1234)), words);
      CHECK(images == std::vector<state>(16, state(words, 0)));
    }
  });
}

TEST_CASE("apply computes linear fields modulo m as 128-bit arithmetic does", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x11a);
  INFO("seed " << s);
  const std::uint64_t moduli[] = {2,
                                  3,
                                  4,
                                  5,
                                  8,
                                  101,
                                  (std::uint64_t{1} << 31) - 1,
                                  (std::uint64_t{1} << 32) - 1,
                                  std::uint64_t{1} << 32,
                                  (std::uint64_t{1} << 32) + 1,
                                  (std::uint64_t{1} << 32) + 15,
                                  (std::uint64_t{1} << 33) - 9,
                                  (std::uint64_t{1} << 61) - 1,
                                  std::uint64_t{1} << 62,
                                  9223372036854775783u,           // the largest prime below 2^63
                                  (std::uint64_t{1} << 63) - 1};  // the largest modulus
  for_each_variant([&](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (const auto m : moduli) {
      INFO("modulus " << m);
      const auto least = static_cast<unsigned>(std::bit_width(m - 1));
      for (int round = 0; round < 30; ++round) {
        // One to five words, and now and then a bit more for an entry than it needs.
        const unsigned bits = std::min(63U, least + static_cast<unsigned>(random() % 2));
        const std::size_t words = std::array<std::size_t, 4>{1, 2, 3, 5}[random() % 4];
        const std::size_t full = words * (64 / bits);
        const entry_packing packing{full - random() % std::min<std::size_t>(64 / bits, 4), bits};
        REQUIRE(packing.words() == words);
        const auto rules = random_rules(random, packing.entries, m);
        const transition t = compile(rules, packing, m);

        const std::size_t lanes = 8 * (1 + random() % 3);
        std::vector<std::vector<std::uint64_t>> entries(lanes, std::vector<std::uint64_t>(packing.entries));
        for (auto& lane : entries) {
          for (auto& entry : lane) entry = random_residue(random, m);
        }
        std::fill(entries[0].begin(), entries[0].end(), 0);
        std::fill(entries[lanes - 1].begin(), entries[lanes - 1].end(), m - 1);

        std::vector<state> states;
        std::vector<state> expected;
        for (const auto& lane : entries) {
          states.push_back(packing.pack(lane));
          std::vector<std::uint64_t> image;
          for (const auto& rule : rules) image.push_back(value_of(rule, lane, m));
          expected.push_back(packing.pack(image));
        }
        if (images_by(kernels, t, states, words) != expected) {
          FAIL("words " << words << ", bits " << bits << ", round " << round);
        }
      }
    }
  });
}

TEST_CASE("apply gets small linear forms right that were worked out by hand", "[kernels][frontier]") {
  const auto m = (std::uint64_t{1} << 63) - 1;
  for_each_variant([m](const frontier_kernels& kernels) {
    // (a, b) -> (b - a, a + b + 1), both words of 63 bits.
    transition t;
    t.modulus = m;
    t.field_mask = m;
    t.fields = {{0, 0, 0, {{0, 0, m - 1}, {1, 0, 1}}}, {1, 0, 1, {{0, 0, 1}, {1, 0, 1}}}};
    const auto images = images_by(kernels, t, std::vector<state>(8, state{m - 1, m - 2}), 2);
    CHECK(images == std::vector<state>(8, state{m - 1, m - 2}));  // -2 + 1 and -1 - 2 + 1

    // The same over Z/10 with entries of four bits in one word: (7, 8) -> (8 - 7, 7 + 8 + 1).
    t.modulus = 10;
    t.field_mask = 15;
    t.fields = {{0, 0, 0, {{0, 0, 9}, {0, 4, 1}}}, {0, 4, 1, {{0, 0, 1}, {0, 4, 1}}}};
    CHECK(images_by(kernels, t, std::vector<state>(8, state{0x87}), 1) == std::vector<state>(8, state{0x61}));
  });
}

TEST_CASE("hash is state_hash of every lane", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x4a54);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (const std::size_t words : {1, 2, 3, 4, 5, 7}) {
      for (const std::size_t lanes : {8, 16, 72, 256}) {
        const auto states = random_states(random, words, lanes);
        const auto block = to_block(states, words);
        std::vector<std::uint64_t> hashes(lanes + 8, canary);
        kernels.hash(block.data(), hashes.data(), words, lanes);
        REQUIRE(std::all_of(hashes.end() - 8, hashes.end(), [](std::uint64_t h) { return h == canary; }));
        for (std::size_t i = 0; i < lanes; ++i) {
          if (hashes[i] != state_hash(states[i].data(), words))
            FAIL("lane " << i << " of " << lanes << ", words " << words);
        }
      }
    }
  });
}

TEST_CASE("state_hash depends on the order of the words and spreads its top bits", "[kernels][frontier]") {
  const std::uint64_t ab[] = {1, 2};
  const std::uint64_t ba[] = {2, 1};
  CHECK(state_hash(ab, 2) != state_hash(ba, 2));
  // Consecutive states: every one of 256 partitions gets its share of 65536, within a fifth.
  std::array<int, 256> count{};
  for (std::uint64_t x = 0; x < 65536; ++x) ++count[state_hash(&x, 1) >> 56];
  CHECK(*std::min_element(count.begin(), count.end()) > 204);
  CHECK(*std::max_element(count.begin(), count.end()) < 308);
}

}  // namespace frontier_test
