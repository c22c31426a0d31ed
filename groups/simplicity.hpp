// Whether a permutation group is simple.
//
// Unless it acts faithfully on one orbit, and there on the blocks of every block system, the kernel is a proper normal
// subgroup; that leads to a primitive group G of degree n, not abelian, with minimal normal subgroup N. Simple groups
// are perfect. Let G be perfect and N < G; N is transitive, and by the O'Nan-Scott theorem one of these holds:
//   N is abelian: n = r^d, the stabilizer is isomorphic to G/N, a perfect subgroup of GL(d,r), and an element fixes no
//     point or a power of r of them (an affine subspace).
//   N = T^k, T simple: k = 1 leads to |G| = n^2, since G / (N C(N)) embeds in Out(T), which is solvable (Schreier's
//     conjecture, a consequence of the classification) and perfect, thus trivial, so that the centralizer C(N) is not,
//     and both are regular. Otherwise G permutes the k factors transitively as a perfect group: k >= 5, the top group
//     has at least 60 elements, and every prime that divides n divides |T|, hence |G| at least five times.
// A group that none of these fits is simple. Liebeck, Praeger, Saxl, On the O'Nan-Scott theorem for finite primitive
// permutation groups, 1988. For the rest, a normal subgroup is looked for.
#pragma once

#include <groups/permutation_group.hpp>

#include <optional>

namespace cosetta::groups {

/// No normal subgroups but 1 and itself, and not trivial. Nothing when no proof was found either way; no group is known
/// here for which that happens. Proven as far as orders are: g.proof().
std::optional<bool> is_simple(const permutation_group& g);

}  // namespace cosetta::groups
