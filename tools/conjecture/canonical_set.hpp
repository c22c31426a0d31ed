// The canonical form of a set of permutations: two sets have one key exactly when one is the other under a relabelling of
// the points (simultaneous conjugation in S_n), so that their Cayley graphs are the same graph under other names.
//
// A tuple of permutations has a canonical labelling in polynomial time: from a root in each orbit, the points are numbered as
// the generators find them, and the least image table over all roots names the orbit (the standard form of a transitive
// permutation representation, C. C. Sims, "Computation with Finitely Presented Groups", 1994, section 4.3). A set is the least
// form over the orders of its elements that agree with their invariants, and, where it is closed under inversion, over
// the choices of one element of each inverse pair. The identity and repetitions are left out: they change no distance.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cosetta::conjecture {

/// Whether the set stands for itself, or for itself and all inverses.
enum class inversion { as_given, closed };

struct canonical_set {
  std::size_t degree = 0;
  bool inverse_closed = false;  // then `generators` holds one element of each inverse pair
  bool identified = true;       // false: there were too many orders to try; the key names these very permutations, and conjugate sets have others
  std::vector<groups::permutation> generators;  // in the canonical labelling
  std::vector<groups::point> relabelling;       // point i of the given set is point relabelling[i] of this one
  std::string key;                              // "u7:1023456,..." closed under inversion, "d7:..." not; "=u7:..." not identified

  /// The inverses that a closed set implies after the others.
  std::vector<groups::permutation> all_generators() const;
};

/// What identification may cost, in steps of about a nanosecond.
inline constexpr std::uint64_t default_identification_effort = 200'000'000;

/// Precondition: all generators have the given degree. `as_given` finds out by itself whether the set is closed. Whether the
/// effort suffices does not depend on the labelling.
canonical_set canonical_form(std::span<const groups::permutation> generators, std::size_t degree, inversion kind = inversion::as_given,
                             std::uint64_t effort = default_identification_effort);

/// Generators of the group of all z in S_n with z S z^-1 = S, where S is the set, closed under inversion when `kind` says so.
/// Throws resource_error where the set is not identified within the effort.
std::vector<groups::permutation> set_symmetries(std::span<const groups::permutation> generators, std::size_t degree, inversion kind = inversion::as_given,
                                                std::uint64_t effort = default_identification_effort);

}  // namespace cosetta::conjecture
