// Which candidates of a level of a beam went on: one bit each, and the number of bits before each block of 512. The kept ones are
// numbered in their order, so that ranks lead from candidates to entries of the next level, and selection leads back: a history of a
// beam takes one bit for each entry and generator, and 1/16 more (Jacobson, 1989). Internal to search/.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::search {

class kept_candidates {
 public:
  kept_candidates() = default;
  /// bits: candidate 64 w + b is bit b of word w.
  explicit kept_candidates(std::vector<std::uint64_t> bits) : bits_(std::move(bits)) {
    std::uint32_t sum = 0;
    for (std::size_t w = 0; w < bits_.size(); ++w) {
      if (w % block == 0) before_.push_back(sum);
      sum += static_cast<std::uint32_t>(std::popcount(bits_[w]));
    }
  }
  bool test(std::uint32_t candidate) const noexcept { return (bits_[candidate / 64] >> candidate % 64 & 1) != 0; }
  /// Kept ones before this candidate.
  std::uint32_t rank(std::uint32_t candidate) const noexcept {
    const std::size_t w = candidate / 64;
    std::uint32_t sum = before_[w / block];
    for (std::size_t i = w / block * block; i < w; ++i) sum += static_cast<std::uint32_t>(std::popcount(bits_[i]));
    return sum + static_cast<std::uint32_t>(std::popcount(bits_[w] & ((std::uint64_t{1} << candidate % 64) - 1)));
  }
  /// The kept one with `entry` kept ones before it. Precondition: there is one.
  std::uint32_t select(std::uint32_t entry) const noexcept {
    auto w = static_cast<std::size_t>(std::ranges::upper_bound(before_, entry) - before_.begin() - 1) * block;
    auto left = entry - before_[w / block];
    for (unsigned here; left >= (here = static_cast<unsigned>(std::popcount(bits_[w]))); ++w) left -= here;
    auto word = bits_[w];
    for (; left > 0; --left) word &= word - 1;
    return static_cast<std::uint32_t>(64 * w + static_cast<unsigned>(std::countr_zero(word)));
  }
  std::size_t bytes() const noexcept { return 8 * bits_.capacity() + 4 * before_.capacity(); }

 private:
  static constexpr std::size_t block = 8;  // words
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> before_;
};

/// The generators that lead from the start of a beam to an entry of its level `level`: candidate parent * generators + generator is that child of
/// entry `parent` of the level before. `history`: of each level, from the start on.
inline std::vector<std::size_t> word_to(const std::vector<kept_candidates>& history, std::size_t generators, std::uint64_t level, std::uint32_t entry) {
  std::vector<std::size_t> out(level);
  for (; level > 0; --level) {
    const auto candidate = history[level].select(entry);
    out[level - 1] = candidate % generators;
    entry = static_cast<std::uint32_t>(candidate / generators);
  }
  return out;
}

}  // namespace cosetta::search
