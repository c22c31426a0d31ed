// Signs on orbits as a test for partial elements: what a search for conjugating elements cannot see otherwise until its
// last base points, in groups that are large on each of their orbits and tied together by signs, as puzzles are.
//
// Let g conjugate x into y, and let t be what is known of it, g = h t with h in H_level. The signs of g on the orbits are
// those of t times a vector in the span of the signs of H_level. On an orbit they are decided, too, by the images of the
// cycles of x chosen so far, where the others leave no choice of sign: they are of odd length, no two of equal length.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::groups {

class search_chain;

/// The cycles of a permutation, fixed points included, one after the other.
struct cycle_table {
  std::vector<point> points;            // cycle by cycle
  std::vector<std::uint32_t> position;  // of each point in `points`
  std::vector<std::uint32_t> start;     // of each point's cycle
  std::vector<std::uint32_t> length;    // of each point's cycle
};
cycle_table make_cycle_table(const permutation& x);

class sign_constraint {
 public:
  /// Nothing where signs say nothing: the group has all sign vectors, fewer than two orbits, or more than 64, or x does
  /// not leave them in place. `chain` and `x` are to outlive it; sources: a point of each cycle, by its start, and the
  /// level at which the chain's stabilizers begin to fix it.
  struct source {
    point determined;
    std::uint32_t level;
  };
  static std::optional<sign_constraint> find(const search_chain& chain, const cycle_table& x, std::vector<source> sources);

  /// False only where no h * t conjugates x into y. t: images. Preconditions: y has as many cycles of each length in each
  /// orbit as x; where points and their images under x are fixed by H_level, t agrees with y. Not for two threads at once.
  template <class Image>
  bool allows(std::size_t level, const Image* t, const cycle_table& y) const;

 private:
  struct level_test {
    std::uint64_t decided = 0;         // orbits whose sign the chosen images decide
    std::vector<std::uint64_t> basis;  // of the signs of H_level there, each with a leading bit of its own
  };
  struct cycle {
    std::uint32_t start, length, level;
    point determined;
  };

  const cycle_table* x_;
  std::vector<std::vector<point>> orbits_;
  std::vector<std::vector<cycle>> cycles_;  // by orbit
  std::vector<level_test> levels_;
  mutable std::vector<point> images_;
  mutable std::vector<std::uint8_t> matched_, seen_;
};

}  // namespace cosetta::groups
