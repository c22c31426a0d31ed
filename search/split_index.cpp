#include <search/split_index.hpp>

namespace cosetta::search {

namespace {

constexpr int most_positions = 62;

constexpr auto pascal = [] {
  std::array<std::array<std::uint64_t, most_positions + 1>, most_positions + 1> c{};
  for (std::size_t n = 0; n <= most_positions; ++n) {
    c[n][0] = 1;
    for (std::size_t k = 1; k <= n; ++k) c[n][k] = c[n - 1][k - 1] + (k < n ? c[n - 1][k] : 0);
  }
  return c;
}();

}  // namespace

std::uint64_t binomial(int n, int k) noexcept {
  return k < 0 || k > n ? 0 : pascal[static_cast<std::size_t>(n)][static_cast<std::size_t>(k)];
}

split_index::split_index(unsigned columns, unsigned rows, unsigned ones)
    : columns_(columns), rows_(rows), ones_(ones), row_of_(std::size_t{1} << rows, no_row) {
  std::uint32_t line = 0;
  for (std::uint32_t pattern = 0; pattern < row_of_.size(); ++pattern) {
    const int weight = static_cast<int>(ones) - __builtin_popcount(pattern);
    if (!is_weight(weight)) continue;
    row_of_[pattern] = static_cast<std::uint32_t>(patterns_.size());
    patterns_.push_back(pattern);
    weights_.push_back(static_cast<std::uint8_t>(weight));
    first_line_.push_back(line);
    line += lines_of(static_cast<unsigned>(weight));
  }
  first_line_.push_back(line);
  for (unsigned w = least_weight(); w <= most_weight(); ++w) {
    while (blocks_of(w) > 64) ++block_log_;
  }
}

std::uint64_t split_index::rank(std::uint64_t pattern) noexcept {
  std::uint64_t sum = 0;
  for (int i = 1; pattern != 0; pattern &= pattern - 1, ++i) sum += binomial(__builtin_ctzll(pattern), i);
  return sum;
}

std::uint64_t split_index::unrank(std::uint64_t number, unsigned weight) const noexcept {
  std::uint64_t pattern = 0;
  int position = static_cast<int>(columns_);
  for (int left = static_cast<int>(weight); left > 0; --left) {
    do --position;
    while (binomial(position, left) > number);
    number -= binomial(position, left);
    pattern |= std::uint64_t{1} << position;
  }
  return pattern;
}

}  // namespace cosetta::search
