#include <kernels/tower_blocks.hpp>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <string>

namespace cosetta::kernels {
namespace tower_blocks_test {
namespace {

using row = std::array<std::uint8_t, 64>;
using words = std::vector<std::uint64_t>;

row identity_row() {
  row r{};
  std::iota(r.begin(), r.end(), std::uint8_t{0});
  return r;
}

std::uint64_t bit_by_bit(const row& from, std::uint64_t word) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 64; ++i) out |= (word >> from[i] & 1U) << i;
  return out;
}

std::vector<std::uint8_t> flat(const std::vector<row>& rows) {
  std::vector<std::uint8_t> out;
  for (const auto& r : rows) out.insert(out.end(), r.begin(), r.end());
  return out;
}

void check(const std::vector<row>& rows, std::mt19937_64& random) {
  const word_permutations permutations(flat(rows));
  REQUIRE(permutations.size() == rows.size());
  REQUIRE(reinterpret_cast<std::uintptr_t>(permutations.controls()) % 64 == 0);
  for (std::size_t p = 0; p < rows.size(); ++p) {
    REQUIRE(std::equal(rows[p].begin(), rows[p].end(), permutations.controls() + 64 * p));
    for (unsigned i = 0; i < 64; ++i) {
      const std::uint64_t word = std::uint64_t{1} << i;
      REQUIRE(permutations.apply(p, word) == bit_by_bit(rows[p], word));
    }
    for (int i = 0; i < 4; ++i) {
      const auto word = random();
      REQUIRE(permutations.apply(p, word) == bit_by_bit(rows[p], word));
    }
  }
}

std::vector<row> random_rows(std::size_t count, std::mt19937_64& random) {
  std::vector<row> rows(count, identity_row());
  for (auto& r : rows) std::shuffle(r.begin(), r.end(), random);
  return rows;
}

/// Left translations of a group of order 64 by its product, element e being bit e: out bit i = in bit s * i.
std::vector<row> translations(const std::function<unsigned(unsigned, unsigned)>& product) {
  std::vector<row> rows(64);
  for (unsigned s = 0; s < 64; ++s) {
    for (unsigned i = 0; i < 64; ++i) rows[s][i] = static_cast<std::uint8_t>(product(s, i));
  }
  return rows;
}

/// A 2-group by the rule that bit j of a product is a_j + b_j + carry_j(a above j, b above j): bit j tells the cosets of a
/// normal subgroup, the higher ones the quotient.
unsigned cyclic(unsigned a, unsigned b) {  // Z/64, its bits turned round: the lowest digit is the highest bit
  const auto turned = [](unsigned x) {
    unsigned out = 0;
    for (unsigned j = 0; j < 6; ++j) out |= (x >> j & 1U) << (5 - j);
    return out;
  };
  return turned((turned(a) + turned(b)) & 63U);
}
unsigned elementary(unsigned a, unsigned b) {
  return a ^ b;
}
unsigned heisenberg(unsigned a, unsigned b) {  // over F_2, extra-special times elementary: bit 0 central
  const unsigned x = a >> 1 & 3U, y = b >> 3 & 3U;
  return a ^ b ^ static_cast<unsigned>(std::popcount(x & y) & 1);
}
unsigned dihedral(unsigned a, unsigned b) {  // bit 5: a flip; the rest: a turn of Z/32, turned round
  const auto turned = [](unsigned x) {
    unsigned out = 0;
    for (unsigned j = 0; j < 5; ++j) out |= (x >> j & 1U) << (4 - j);
    return out;
  };
  const unsigned r = turned(a & 31U), s = turned(b & 31U);
  return ((a ^ b) & 32U) | turned(((b & 32U ? 32 - r : r) + s) & 31U);
}

TEST_CASE("bit permutations by delta swaps do what a loop over bits does") {
  const auto s = tests::seed(20261204);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int i = 0; i < 20; ++i) {
    const auto rows = random_rows(1 + random() % 40, random);
    check(rows, random);
    CHECK(word_permutations(flat(rows)).stages() == 11);
  }
  check({identity_row()}, random);
  CHECK(word_permutations(flat({identity_row()})).stages() == 6);
  auto swap = identity_row();  // one that is no function of the higher bits
  std::swap(swap[3], swap[17]);
  check({identity_row(), swap}, random);
  auto reversed = identity_row();
  std::ranges::reverse(reversed);
  check({reversed}, random);
  CHECK(word_permutations(flat({reversed})).stages() == 6);
}

TEST_CASE("translations of groups of order 64 need six delta swaps") {
  std::mt19937_64 random(1);
  for (const auto& product : {cyclic, elementary, heisenberg, dihedral}) {
    const auto rows = translations(product);
    for (unsigned a = 0; a < 64; ++a) {  // it is a group
      for (unsigned b = 0; b < 64; ++b) REQUIRE(product(product(a, b), 37) == product(a, product(b, 37)));
    }
    check(rows, random);
    CHECK(word_permutations(flat(rows)).stages() == 6);
  }
  // With one row that is none of them, all take the long way.
  auto rows = translations(dihedral);
  rows.push_back(random_rows(1, random)[0]);
  check(rows, random);
  CHECK(word_permutations(flat(rows)).stages() == 11);
}

TEST_CASE("tower sweeps of all instruction sets do what the definition says") {
  const auto s = tests::seed(20261205);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int i = 0; i < 300; ++i) {
    const std::size_t count = 1 + random() % (i % 10 == 0 ? 700 : 40);  // words of the job
    const std::size_t first = random() % 9, block = count + first + random() % 9;
    const std::size_t variants = 1 + random() % 3;
    const auto rows = random() % 2 == 0 ? random_rows(64 * variants, random) : [&] {
      std::vector<row> out;
      for (std::size_t v = 0; v < variants; ++v) {
        const auto more = translations(v == 1 ? cyclic : dihedral);
        out.insert(out.end(), more.begin(), more.end());
      }
      return out;
    }();
    const word_permutations permutations(flat(rows));
    const auto sparse = [&] {
      words w(block);
      const auto density = random() % 4;
      for (auto& x : w) x = density == 0 ? 0 : density == 1 ? random() : density == 2 ? random() & random() & random() & random() : ~(random() & random() & random());
      return w;
    };
    std::vector<words> plain(random() % 4), moved(random() % 4);
    std::vector<std::vector<std::uint16_t>> moves(moved.size());
    for (auto& w : plain) w = sparse();
    for (auto& w : moved) w = sparse();
    for (auto& m : moves) {
      for (std::size_t w = 0; w < count; ++w) m.push_back(static_cast<std::uint16_t>(random() % (64 * block)));
    }
    const auto own = sparse();
    std::vector<block_source> plain_sources, moved_sources;
    for (const auto& w : plain) plain_sources.push_back({w.data() + first, nullptr, 0});
    for (std::size_t m = 0; m < moved.size(); ++m) {
      moved_sources.push_back({moved[m].data(), moves[m].data(), static_cast<std::uint32_t>(64 * (random() % variants))});
    }

    words expected(own.begin() + static_cast<std::ptrdiff_t>(first), own.begin() + static_cast<std::ptrdiff_t>(first + count));
    std::uint64_t fresh = 0;
    for (std::size_t w = 0; w < count; ++w) {
      for (const auto& from : plain) expected[w] |= from[first + w];
      for (std::size_t m = 0; m < moved.size(); ++m) {
        expected[w] |= bit_by_bit(rows[moved_sources[m].permutation + moves[m][w] % 64U], moved[m][moves[m][w] / 64U]);
      }
      fresh += static_cast<std::uint64_t>(std::popcount(expected[w] & ~own[first + w]));
    }

    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      for (const std::string where : {"elsewhere", "in place", "streamed"}) {
        const bool in_place = where == "in place";
        INFO("case " << i << ", " << to_string(set) << ", " << count << " words, " << where);
        const auto& kernels = tower_kernels_for(set);
        REQUIRE(kernels.set == set);
        constexpr std::uint64_t guard = 0x5a5a5a5a5a5a5a5a;
        auto before = own;
        words elsewhere(count + 17, guard);
        const std::size_t aligned = 8 + (-reinterpret_cast<std::uintptr_t>(elsewhere.data()) & 63U) / 8;
        const std::size_t begin = where == "streamed" ? aligned : 1;
        std::vector<std::uint64_t> room(count + 8 + 8);
        auto* scratch = room.data() + (-reinterpret_cast<std::uintptr_t>(room.data()) & 63U) / 8;
        block_job job{};
        job.own = before.data() + first;
        job.out = in_place ? before.data() + first : elsewhere.data() + begin;
        job.words = count;
        job.plain = plain_sources.data(), job.plain_count = plain_sources.size();
        job.moved = moved_sources.data(), job.moved_count = moved_sources.size();
        job.stream = where == "streamed";
        const std::uint64_t* soon[] = {own.data(), own.data(), own.data()};
        job.next = soon, job.next_count = static_cast<std::size_t>(i % 4), job.next_words = block;
        REQUIRE(kernels.sweep(job, permutations, scratch) == fresh);
        REQUIRE(std::equal(expected.begin(), expected.end(), job.out));
        if (in_place) {  // and nothing around it
          REQUIRE(std::equal(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(first), before.begin()));
          REQUIRE(std::equal(own.begin() + static_cast<std::ptrdiff_t>(first + count), own.end(), before.begin() + static_cast<std::ptrdiff_t>(first + count)));
        } else {
          REQUIRE(before == own);
          for (std::size_t w = 0; w < elsewhere.size(); ++w) {
            if (w < begin || w >= begin + count) REQUIRE(elsewhere[w] == guard);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace tower_blocks_test
}  // namespace cosetta::kernels
