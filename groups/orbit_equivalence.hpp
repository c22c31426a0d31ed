// Which orbits of a permutation group are the same action: isomorphic as G-sets, by a bijection that commutes with
// every generator.
//
// Orbits A and B are isomorphic by a -> b exactly when a and b have the same stabilizer. Given a, a candidate b is
// proved or refuted by extending a -> b along the generators. To try few of them, random elements of the stabilizer of
// a are applied to all candidates at once: each leaves a wrong one with probability at most about 1/2, so that the
// expected time is (degree times generators) times log(degree); deterministic methods for this problem, simultaneous
// conjugacy of tuples of permutations, are about quadratic (Brodnik, Malnic, Pozar, Math. Comp. 90 (2021)). Chance
// decides only the time: results are proved and canonical. Facelets of a puzzle that always travel together, as the
// stickers of a piece do where each has its own orbit, are equivalent orbits, and one of them suffices for the group.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::groups {

/// Orbits that are pairwise isomorphic as G-sets, with the bijections: orbits[j][i] corresponds to orbits[0][i].
struct orbit_class {
  /// orbits[0] is ascending; orbits[j][0], the image of its first point, is the smallest that is possible. Ordered by
  /// smallest points. At least one orbit.
  std::vector<std::vector<point>> orbits;

  bool operator==(const orbit_class&) const = default;
};

/// All classes, ordered by smallest points; every orbit, fixed points included, is in exactly one.
/// Throws domain_error when a generator has another degree.
std::vector<orbit_class> equivalent_orbits(std::span<const permutation> generators, std::size_t degree);

/// The images of the ascending points of `from` under the bijection to `to` that commutes with the generators and takes
/// from[0] to the smallest possible point; nothing where the two orbits are not isomorphic. Throws domain_error where
/// one of them is not an orbit, or a generator has another degree.
std::optional<std::vector<point>> orbit_isomorphism(std::span<const permutation> generators, std::size_t degree,
                                                    std::span<const point> from, std::span<const point> to);

}  // namespace cosetta::groups
