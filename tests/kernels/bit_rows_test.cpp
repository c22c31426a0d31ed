// The row kernels of every instruction set against a reference that moves one bit after the other.
#include <kernels/bit_rows.hpp>

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace bit_rows_test {
namespace {

using namespace cosetta::kernels;
using bits = std::vector<std::uint64_t>;

bool get(const bits& b, std::size_t i) {
  return (b[i / 64] >> (i % 64) & 1) != 0;
}
void put(bits& b, std::size_t i) {
  b[i / 64] |= std::uint64_t{1} << i % 64;
}

TEST_CASE("rows of bits are rotated and joined as the definition says", "[kernels][bit_rows]") {
  const auto seed = cosetta::tests::seed(0xb17);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  struct shape {
    std::uint32_t modulus, exponents;
  };
  std::vector<shape> shapes{{2, 2}, {2, 3}, {2, 5}, {2, 6},  {3, 2},  {3, 3},  {4, 2},  {4, 3},  {5, 2}, {6, 2},
                            {7, 2}, {8, 2}, {9, 2}, {13, 2}, {16, 2}, {23, 2}, {24, 2}, {37, 2}, {64, 2}};
  for (const std::uint32_t m :
       {2u,   3u,   7u,   8u,   9u,   13u,  16u,  17u,  31u,  32u,   33u,   63u,   64u,   65u,    100u,
        127u, 128u, 129u, 449u, 511u, 512u, 513u, 575u, 576u, 1009u, 1024u, 1025u, 2053u, 65535u, 65536u}) {
    shapes.push_back({m, 1});
  }
  for (const auto& [base, exponents] : shapes) {
    std::uint32_t m = 1;
    for (std::uint32_t k = 0; k < exponents; ++k) m *= base;
    const auto sum = [base = base, m](std::size_t t, std::size_t by) {
      std::size_t out = 0;
      for (std::size_t unit = 1; unit < m; unit *= base) out += (t / unit + by / unit) % base * unit;
      return out;
    };
    const auto turns = exponents == 1 ? std::nullopt : std::optional<row_turns>(std::in_place, base, exponents);
    for (int round = 0; round < (m > 5000 ? 2 : 8); ++round) {
      INFO("modulus " << base << ", " << exponents << " exponents, round " << round);
      const std::size_t rows = 1 + random() % 70, stride = row_stride(m);
      const auto d = static_cast<unsigned>(1 + random() % 5);
      std::vector<std::uint32_t> sources(rows * d);
      std::vector<std::uint16_t> rotations(rows * d);
      for (auto& s : sources) s = static_cast<std::uint32_t>(random() % rows);
      for (auto& s : rotations) {
        const auto kind = random() % 6;
        s = static_cast<std::uint16_t>(kind == 0   ? 0
                                       : kind == 1 ? m - 1
                                       : kind == 2 ? random() % m / 64 * 64
                                                   : random() % m);
      }
      // Empty, thin, dense and full rows; those that did not change are left out by every source.
      bits ball((rows * stride + 63) / 64), changed((rows + 63) / 64);
      for (std::size_t r = 0; r < rows; ++r) {
        const auto kind = random() % 4;
        if (kind != 0) put(changed, r);
        for (std::size_t t = 0; t < m && kind != 0; ++t) {
          if (kind == 3 || random() % (kind == 1 ? 20 : 2) == 0) put(ball, r * stride + t);
        }
      }
      std::vector<std::uint32_t> wanted;
      for (std::size_t r = 0; r < rows; ++r) {
        if (random() % 4 != 0) wanted.push_back(static_cast<std::uint32_t>(r));
      }
      bits expected(ball.size());
      std::uint64_t fresh = 0;
      std::vector<std::uint8_t> flags;
      for (const auto r : wanted) {
        std::size_t before = 0, after = 0;
        for (std::size_t t = 0; t < m; ++t) {
          if (get(ball, r * stride + t)) put(expected, r * stride + t), ++before;
        }
        for (unsigned g = 0; g < d; ++g) {
          for (std::size_t t = 0; t < m; ++t) {
            if (get(ball, sources[r * d + g] * stride + t)) put(expected, r * stride + sum(t, rotations[r * d + g]));
          }
        }
        for (std::size_t t = 0; t < m; ++t) after += get(expected, r * stride + t);
        fresh += after - before;
        flags.push_back(static_cast<std::uint8_t>((after != before ? row_changed : 0) | (after == m ? row_full : 0)));
      }
      bit_rows graph{m, d, sources.data(), rotations.data(), turns ? &*turns : nullptr};
      bits parts(rows), next_parts(rows), expected_parts(rows);
      const std::size_t words = stride / 64;
      if (words > 8 && words <= 64 && round % 2 == 0) {
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t w = 0; w < words; ++w) parts[r] |= std::uint64_t{ball[r * words + w] != 0} << w;
        }
        for (const auto r : wanted) {
          for (std::size_t w = 0; w < words; ++w) {
            expected_parts[r] |= std::uint64_t{ball[r * words + w] != expected[r * words + w]} << w;
          }
        }
        graph.parts = parts.data();
        graph.next_parts = next_parts.data();
      }
      for (const auto set : all_instruction_sets()) {
        if (!is_supported(set)) continue;
        INFO("instruction set " << to_string(set));
        const auto& kernels = bit_row_kernels_for(set);
        REQUIRE(kernels.set == set);
        bits next(ball.size());
        next_parts.assign(rows, 0);
        std::vector<std::uint8_t> marks(wanted.size() + 1, 77);
        CHECK(kernels.advance(graph, ball.data(), next.data(), changed.data(), wanted.data(), wanted.size(),
                              marks.data()) == fresh);
        CHECK(marks.back() == 77);
        marks.pop_back();
        CHECK(marks == flags);
        CHECK(next == expected);
        CHECK(next_parts == expected_parts);

        // The same with some sources elsewhere, others having taken their places; rows without new bits go nowhere.
        std::vector<std::uint32_t> places(rows);
        bits slotted((2 * rows * stride + 63) / 64), gathered((wanted.size() * stride + 63) / 64 + 1);
        for (std::size_t r = 0; r < rows; ++r) {
          const bool moved = random() % 2 == 0, is_wanted = std::binary_search(wanted.begin(), wanted.end(), r);
          places[r] = static_cast<std::uint32_t>(moved ? rows + r : r);
          for (std::size_t t = 0; t < m; ++t) {
            const bool bit = get(ball, r * stride + t);
            if (moved && bit) put(slotted, (rows + r) * stride + t);
            if (moved && !is_wanted ? random() % 2 == 0 : bit) put(slotted, r * stride + t);
          }
          if ((changed[r / 64] >> r % 64 & 1) == 0) places[r] = 0;  // not looked at
        }
        bit_rows in_slots = graph;
        in_slots.slots = places.data();
        next_parts.assign(rows, 0);
        std::vector<std::uint8_t> slot_marks(wanted.size());
        CHECK(kernels.advance(in_slots, slotted.data(), gathered.data(), changed.data(), wanted.data(), wanted.size(), slot_marks.data()) == fresh);
        CHECK(next_parts == expected_parts);
        std::size_t moved = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          REQUIRE((slot_marks[i] == flags[i] || (slot_marks[i] == 0 && flags[i] == row_full)));
          if ((flags[i] & row_changed) == 0) continue;
          bool same = true;
          for (std::size_t t = 0; t < m; ++t) same = same && get(gathered, moved * stride + t) == get(expected, wanted[i] * stride + t);
          REQUIRE(same);
          ++moved;
        }
      }
    }
  }
}

}  // namespace

}  // namespace bit_rows_test
