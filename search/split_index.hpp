// The split index of the arrangements of k ones on n positions. Internal to search/.
//
// The positions are divided into A, which is ordered, and B. A row is a pattern on B; its columns are the patterns on A
// of the weight that is left, w = k - (ones on B), numbered in colexicographic order, which is the order of the
// patterns as binary numbers: the pattern with ones at p_1 < ... < p_w has the number C(p_1, 1) + ... + C(p_w, w)
// (Knuth, TAOCP 4A, 7.2.1.3). So a row has C(|A|, w) bits and nothing is lost but the end of its last line. What makes
// it useful: fixing some positions of A and shifting the others together keeps the order (search/split_moves.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::search {

/// Binomial coefficients C(n, k) for n <= 62; 0 for k < 0 or k > n.
std::uint64_t binomial(int n, int k) noexcept;

/// The next greater number with as many ones; precondition: pattern != 0. It may leave the positions in use.
inline std::uint64_t next_pattern(std::uint64_t pattern) noexcept {
  const std::uint64_t low = pattern & (~pattern + 1);
  const std::uint64_t ripple = pattern + low;
  return ripple | (((pattern ^ ripple) >> 2) >> __builtin_ctzll(low));
}

class split_index {
 public:
  static constexpr std::uint32_t no_row = ~std::uint32_t{0};

  /// `columns` positions in A, `rows` <= 24 in B, `ones` <= columns + rows. Trusts its arguments.
  split_index(unsigned columns, unsigned rows, unsigned ones);

  unsigned columns() const noexcept { return columns_; }  // |A|
  unsigned rows() const noexcept { return rows_; }        // |B|
  unsigned ones() const noexcept { return ones_; }
  std::uint64_t states() const noexcept {
    return binomial(static_cast<int>(columns_ + rows_), static_cast<int>(ones_));
  }

  /// Weights of columns that occur: least_weight() .. most_weight().
  unsigned least_weight() const noexcept { return ones_ > rows_ ? ones_ - rows_ : 0; }
  unsigned most_weight() const noexcept { return ones_ < columns_ ? ones_ : columns_; }
  bool is_weight(int w) const noexcept {
    return w >= static_cast<int>(least_weight()) && w <= static_cast<int>(most_weight());
  }

  std::uint64_t bits_of(unsigned weight) const noexcept {
    return binomial(static_cast<int>(columns_), static_cast<int>(weight));
  }
  std::uint32_t lines_of(unsigned weight) const noexcept {
    return static_cast<std::uint32_t>((bits_of(weight) + 511) / 512);
  }

  /// A row is divided into at most 64 blocks of block_lines() lines, a power of two.
  unsigned block_log() const noexcept { return block_log_; }
  std::uint32_t block_lines() const noexcept { return std::uint32_t{1} << block_log_; }
  std::uint32_t blocks_of(unsigned weight) const noexcept {
    return (lines_of(weight) + block_lines() - 1) >> block_log_;
  }

  /// Rows that exist, in ascending order of their patterns.
  std::span<const std::uint32_t> patterns() const noexcept { return patterns_; }
  std::uint32_t row_of(std::uint32_t pattern) const noexcept { return row_of_[pattern]; }
  unsigned weight_of(std::uint32_t row) const noexcept { return weights_[row]; }
  /// First line of a row; one entry more than there are rows.
  std::uint32_t first_line(std::uint32_t row) const noexcept { return first_line_[row]; }
  std::uint64_t lines() const noexcept { return first_line_.back(); }

  static std::uint64_t rank(std::uint64_t pattern) noexcept;
  /// The pattern of `weight` ones with this number.
  std::uint64_t unrank(std::uint64_t number, unsigned weight) const noexcept;

  std::size_t bytes() const noexcept {
    return sizeof(std::uint32_t) * (patterns_.size() + row_of_.size() + first_line_.size()) + weights_.size();
  }

 private:
  unsigned columns_;
  unsigned rows_;
  unsigned ones_;
  unsigned block_log_ = 0;
  std::vector<std::uint32_t> patterns_;
  std::vector<std::uint8_t> weights_;  // of columns, by row
  std::vector<std::uint32_t> row_of_;  // by pattern
  std::vector<std::uint32_t> first_line_;
};

}  // namespace cosetta::search
