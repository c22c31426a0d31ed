// Patterns with equal labels as permutations: elements g of a group with from[g[i]] = goal[i] for all positions i. Where such an element is
// a word of moves, the word takes the pattern to the goal (docs/conventions.md); equal labels leave a choice, of which one is found.
//
// By backtracking over images of the base points (Seress, Permutation Group Algorithms, 2003, chapter 9): along the chain g = h * r, with h
// in the stabilizer of the base points so far, and where that fixes x, r[x] is the image. The last points of a piece, and of a puzzle, are
// so fixed by the others: colours rule a choice out at once, and of pieces that look alike the first that fit are taken.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/permutation_group.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cosetta::search {

class arrangement_search {
 public:
  explicit arrangement_search(groups::permutation_group group) : group_(std::move(group)) {}

  struct answer {
    std::optional<groups::permutation> element;
    bool complete = true;  // without an element: there is none
  };
  /// Gives up after so many choices. Safe to call from many threads. Throws groups::stopped_error; resource_error where a symmetric group
  /// is too large for a chain.
  answer find(const graphs::state& from, const graphs::state& goal, std::uint64_t limit, const groups::group_control& control) const;

 private:
  const std::vector<std::vector<groups::point>>& fixed() const;

  groups::permutation_group group_;
  mutable std::vector<std::vector<groups::point>> fixed_;  // by each stabilizer of the chain, and not by the one before
  mutable std::mutex making_;
};

/// A permutation h with goal[i] = from[h[i]], in the group or not: equal labels in their order; with `exchanged`, two of them the other way
/// round, which changes the sign. Nothing where the labels differ, or no two are equal.
std::optional<groups::permutation> rearrangement(const graphs::state& from, const graphs::state& goal, bool exchanged);

struct pattern_word {
  enum class outcome { found, none, limit } what = outcome::limit;
  std::vector<std::size_t> word;  // geodesic
};

/// Breadth-first from both ends, the smaller layer first, until one has `limit` states; none: a side ended without meeting the other.
/// Precondition: permutations. Throws groups::stopped_error.
pattern_word search_pattern(const graphs::permutation_set& moves, const graphs::state& from, const graphs::state& goal, std::uint64_t limit,
                            const groups::group_control& control);

}  // namespace cosetta::search
