// Sums over pairs of bytes in every variant against the definition; entries as great as they may be, so that nothing overflows unseen.
#include <kernels/byte_rows.hpp>
#include <kernels/pair_sums.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/seeded.hpp>

namespace pair_sums_test {
namespace {

using namespace cosetta::kernels;

TEST_CASE("pair sums: all variants give the sums of the definition") {
  std::mt19937_64 random(cosetta::tests::seed(52));
  for (const std::size_t n : {2, 3, 8, 9, 16, 17, 20, 21, 24, 25, 28, 29, 32, 33, 47, 64, 65, 120}) {
    for (const unsigned greatest : {1U, 40U, 254U, 255U}) {
      const std::size_t stride = byte_row_stride(n), tables = 1 + random() % 9, count = 1 + random() % 150;
      std::vector<std::uint8_t> entries(tables * n * n);
      for (auto& e : entries) e = static_cast<std::uint8_t>(greatest == 255 ? 255 : random() % (greatest + 1));
      std::vector<pair_sums::pair> pairs;
      for (std::size_t v = 0; v < n; ++v) {
        for (std::size_t w = v + 1; w < n; ++w) {
          if (random() % 8 == 0) continue;
          const bool forward = random() % 2 == 0;
          pairs.push_back({static_cast<std::uint8_t>(forward ? v : w), static_cast<std::uint8_t>(forward ? w : v), static_cast<std::uint32_t>(random() % tables)});
        }
      }
      std::vector<std::uint8_t> rows(count * stride);
      for (std::size_t i = 0; i < count; ++i) {
        const auto at = rows.begin() + static_cast<std::ptrdiff_t>(i * stride);
        std::iota(at, at + static_cast<std::ptrdiff_t>(stride), std::uint8_t{0});
        std::shuffle(at, at + static_cast<std::ptrdiff_t>(n), random);
      }
      std::vector<std::uint32_t> expected(count);
      for (std::size_t i = 0; i < count; ++i) {
        for (const auto& p : pairs) expected[i] += entries[p.table * n * n + rows[i * stride + p.first] * n + rows[i * stride + p.second]];
      }
      const pair_sums sums(n, pairs, entries);
      CHECK(*std::max_element(expected.begin(), expected.end()) <= sums.most());
      for (const auto set : all_instruction_sets()) {
        if (!is_supported(set)) continue;
        INFO(to_string(set) << ", " << n << " bytes, " << count << " rows, entries up to " << greatest);
        std::vector<std::uint32_t> out(count);
        pair_sum_kernels_for(set).sum(sums, rows.data(), stride, count, out.data());
        CHECK(out == expected);
      }
    }
  }
}

}  // namespace

}  // namespace pair_sums_test
