// Orders by a regular normal subgroup: affine, dihedral and other Frobenius-like groups, of any degree.
//
// Let N be normal in the transitive group G and regular on the points. G is the semidirect product of N and the
// stabilizer G_b (Seress, Permutation Group Algorithms, 2003, 6.2), and the projection onto G_b takes a generator g to
// h_g = g n_g^-1, n_g being the element of N that moves b to b^g. So |G| is the degree times the order of <h_g>, a group
// whose base is one point shorter. That N is regular is proven by permutations that commute with it and form a transitive
// group C; N is then all that commutes with C, which is how elements of N are recognised and made.
// Time: some tens of passes over the generators, and the chain of <h_g>.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/permutation.hpp>

#include <cstdint>
#include <optional>
#include <span>

#include <gmpxx.h>

namespace cosetta::groups {

/// The order, proven; nothing where the group has a second orbit of more than one point, or where a few dozen tries, among generators, random
/// elements and their commutators, find no regular normal subgroup. Throws stopped_error, resource_error.
std::optional<mpz_class> order_by_regular_normal_subgroup(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed,
                                                          const group_control& control);

}  // namespace cosetta::groups
