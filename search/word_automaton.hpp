// Which words a search by depth need not look at: words that hold a factor for which a shorter word, or one that comes first in the order
// of generators, gives the same element.
//
// All words of up to `length` letters are multiplied out; of those with one element the first in the order of length, then letters,
// stays, and the others are forbidden. Every element has a shortest word without a forbidden factor (its first one: another factor
// could be replaced, and the word would come earlier). So a path is as short over the words that are left. The minimal forbidden words
// are compiled to an automaton that follows the longest suffix that one of them begins with (Aho and Corasick 1975). Relations are found
// in the permutations: commuting moves, powers, braids. Right for directed graphs and for actions on patterns, too. Internal to search/.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::search {

class word_automaton {
 public:
  using state = std::uint16_t;
  static constexpr state start = 0, forbidden = 0xffff;

  /// The greatest length up to `most_length` for which at most `most_words` words are multiplied out.
  explicit word_automaton(std::span<const groups::permutation> generators, std::size_t most_length = 6, std::size_t most_words = 30'000);

  /// After a word, one more letter; `forbidden` when that makes a forbidden factor. Precondition: s is not forbidden.
  state next(state s, std::size_t g) const noexcept { return next_[s * generators_ + g]; }
  const state* row(state s) const noexcept { return next_.data() + s * generators_; }
  const std::vector<state>& table() const noexcept { return next_; }
  std::size_t states() const noexcept { return next_.size() / generators_; }
  /// Words of this length that are left.
  double words(std::size_t length) const;

 private:
  std::size_t generators_;
  std::vector<state> next_;
};

}  // namespace cosetta::search
