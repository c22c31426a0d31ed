// States with equal labels as permutations: elements h of a group with to[i] == from[h[i]] for all places i. Where such an element is a word of
// moves, the word takes `from` to `to` (docs/conventions.md); equal labels leave a choice, of which one is found.
//
// Two searches answer, for two questions. Whether there is one at all: stabilizers and transporters of the sets of places, label after
// label (groups/backtrack.hpp), which rule most out by orbits, but take a chain for each label. Any one, soon, over and over in one group:
// backtracking over images of the base points (Seress, Permutation Group Algorithms, 2003, chapter 9). Along the chain h = g * r, with g
// in the stabilizer of the base points so far, and where that fixes x, r[x] is the image. The last points of a piece, and of a puzzle,
// are so fixed by the others: colours rule a choice out at once, and of pieces that look alike the first that fit are taken.
// Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/permutation_group.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace cosetta::search {

/// A permutation h with to[i] == from[h[i]], in the group or not: equal labels in their order; with `exchanged`, two of them the other way
/// round, which changes the sign. Nothing where the labels differ, or no two are equal.
std::optional<groups::permutation> rearrangement(const graphs::state& from, const graphs::state& to, bool exchanged);

/// Some such h in the group; nothing where there is none, which is a proof. By transporters. Precondition: the degree of the group is the number
/// of places. Searches obey the group's options; the time is exponential in the worst case.
std::optional<groups::permutation> element_between(const groups::permutation_group& group, const graphs::state& from, const graphs::state& to);

/// Whether the identity alone fixes all labels of a state: the states that the group reaches from it are then its elements.
bool is_fixed_by_identity_alone(const groups::permutation_group& group, const graphs::state& s);

class arrangement_search {
 public:
  explicit arrangement_search(groups::permutation_group group) : group_(std::move(group)) {}

  struct answer {
    std::optional<groups::permutation> element;
    bool complete = true;  // without an element: there is none
  };
  /// By images of base points. Gives up after so many choices. Safe to call from many threads. Throws groups::stopped_error; resource_error where a symmetric group
  /// is too large for a chain.
  answer find(const graphs::state& from, const graphs::state& to, std::uint64_t limit, const groups::group_control& control) const;

 private:
  const std::vector<std::vector<groups::point>>& fixed() const;

  groups::permutation_group group_;
  mutable std::vector<std::vector<groups::point>> fixed_;  // by each stabilizer of the chain, and not by the one before
  mutable std::mutex making_;
};

}  // namespace cosetta::search
