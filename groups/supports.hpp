// The points that permutations move, as bits: two that move no common point commute, which in direct products settles
// most pairs of generators without a look at their images.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::groups {

class supports {
 public:
  /// Precondition: equal degrees.
  explicit supports(std::span<const permutation> elements) {
    for (const auto& x : elements) {
      auto& words = words_.emplace_back((x.degree() + 63) / 64, 0);
      for (std::size_t p = 0; p < x.degree(); ++p) words[p / 64] |= std::uint64_t{x[p] != p} << p % 64;
    }
  }

  /// Whether element i of this list and element j of the other one move a common point.
  bool meet(std::size_t i, const supports& other, std::size_t j) const {
    for (std::size_t w = 0; w < words_[i].size(); ++w) {
      if ((words_[i][w] & other.words_[j][w]) != 0) return true;
    }
    return false;
  }

 private:
  std::vector<std::vector<std::uint64_t>> words_;
};

}  // namespace cosetta::groups
