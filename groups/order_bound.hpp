// An upper bound on the order of an intransitive or imprimitive permutation group, from what it does on its orbits and
// block systems. Where it meets the lower bound that a stabilizer chain gives, the order is proven without further work:
// so it is for twisty puzzles and wreath products, whose long chains would cost most.
//
// A group lies in the product of its actions on orbits that are not isomorphic, each of which lies in an overgroup O of
// known order: a symmetric or alternating group, or a wreath product of such along a block system, or the action itself.
// With homomorphisms O -> A onto abelian groups (the sign; for B wr T the product of the components in B, and T's own)
// the bound is the product of the |O|, divided by the index of the image of the group in the product of the A.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/permutation.hpp>

#include <cstdint>
#include <optional>
#include <span>

#include <gmpxx.h>

namespace cosetta::groups {

/// Nothing for primitive groups. Precondition: equal degrees, at least one generator.
std::optional<mpz_class> order_bound(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed,
                                     const group_control& control);

}  // namespace cosetta::groups
