// Rows of bytes, moved and given keys: every variant does what the definition says.
#include <kernels/byte_rows.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace byte_rows_test {
namespace {

using namespace cosetta::kernels;

TEST_CASE("byte rows: all variants move alike and agree on keys") {
  std::mt19937_64 random(cosetta::tests::seed(51));
  for (const std::size_t n : {2, 15, 16, 17, 31, 32, 33, 64, 65, 128, 200, 256}) {
    const auto stride = byte_row_stride(n);
    REQUIRE(stride >= n);
    const auto permutations = [&](std::size_t count) {
      std::vector<std::uint8_t> out(count * stride);
      for (std::size_t i = 0; i < count; ++i) {
        const auto at = out.begin() + static_cast<std::ptrdiff_t>(i * stride);
        std::iota(at, at + static_cast<std::ptrdiff_t>(stride), std::uint8_t{0});
        std::shuffle(at, at + static_cast<std::ptrdiff_t>(n), random);
      }
      return out;
    };
    const auto rows = permutations(100), tables = permutations(7);
    std::vector<moved_row> what(300);
    for (auto& w : what) w = {static_cast<std::uint32_t>(random() % 100), static_cast<std::uint32_t>(random() % 7)};
    std::vector<std::uint64_t> first_keys;
    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      INFO(to_string(set) << ", " << n << " bytes");
      std::vector<std::uint8_t> out(what.size() * stride);
      std::vector<std::uint64_t> keys(what.size());
      byte_row_kernels_for(set).move(rows.data(), tables.data(), stride, what.data(), what.size(), out.data(), keys.data());
      std::set<std::vector<std::uint8_t>> different;
      for (std::size_t i = 0; i < what.size(); ++i) {
        for (std::size_t v = 0; v < stride; ++v) REQUIRE(out[i * stride + v] == tables[what[i].move * stride + rows[what[i].row * stride + v]]);
        const auto at = out.begin() + static_cast<std::ptrdiff_t>(i * stride);
        different.emplace(at, at + static_cast<std::ptrdiff_t>(stride));
      }
      CHECK(std::set<std::uint64_t>(keys.begin(), keys.end()).size() == different.size());
      if (first_keys.empty()) first_keys = keys;
      CHECK(keys == first_keys);
      std::vector<std::uint8_t> again(out.size());
      byte_row_kernels_for(set).move(rows.data(), tables.data(), stride, what.data(), what.size(), again.data(), nullptr);
      CHECK(again == out);
    }
  }
}

}  // namespace

}  // namespace byte_rows_test
