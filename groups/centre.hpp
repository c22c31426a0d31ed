// The centre of a permutation group, without listing elements.
//
// A central element z commutes with the action on each orbit D, and is determined on D by the image of one point: it is
// there an element of the centre P_D of the centralizer of that action in Sym(D), a semiregular abelian group that is
// found by extending point images along the generators. With P the direct product of all P_D, the centre is the kernel
// of P -> GP/G. It is read off a stabilizer chain of {(g p, p)} on two copies of the points: an element that is trivial
// on the first copy is, on the second, in P and in G. (The same device as Zassenhaus' for sums of vector spaces.) GP is
// built from G's chain by normal extensions of prime index, so that no step is random: see growing_chain.hpp.
#pragma once

#include <groups/permutation_group.hpp>

namespace cosetta::groups {

/// The elements that commute with all. Time: about (degree times generators) times the order of the P_D, and as many
/// sifts as P has prime factors in its order.
permutation_group centre(const permutation_group& g);

}  // namespace cosetta::groups
