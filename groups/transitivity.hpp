// How a permutation group moves its points: transitive, k-transitive, regular, primitive, suborbits.
//
// The domain is always {0, ..., degree - 1}, fixed points included, as in GAP's functions with an explicit domain; the
// same words with lists of generators, that need no stabilizer chain, are in orbit.hpp and blocks.hpp. Answers come
// from generators where they can, and otherwise from the order and the stabilizer chain.
#pragma once

#include <groups/blocks.hpp>
#include <groups/permutation_group.hpp>

#include <cstddef>
#include <vector>

namespace cosetta::groups {

/// Each ascending, by smallest points.
std::vector<std::vector<point>> orbits(const permutation_group& g);

/// At most one orbit.
bool is_transitive(const permutation_group& g);
/// The largest k such that `g` is transitive on the ordered k-tuples of distinct points; 0 when it is intransitive, and
/// on no points. n for Sym(n), n - 2 for Alt(n), n >= 3.
std::size_t transitivity(const permutation_group& g);
/// No element but the identity fixes a point. True on no points.
bool is_semiregular(const permutation_group& g);
/// Transitive and semiregular.
bool is_regular(const permutation_group& g);

/// Transitive without a nontrivial block system; true on no points and on one. Intransitive groups are not primitive.
bool is_primitive(const permutation_group& g);

/// The orbits of the stabilizer of `p`, by their smallest points, {p} among them. Throws domain_error on a point
/// outside the degree.
std::vector<std::vector<point>> suborbits(const permutation_group& g, point p = 0);
/// Number of suborbits of a transitive group, its rank as a permutation group. (Ranks of elements are members of
/// permutation_group.) Throws domain_error for an intransitive group.
std::size_t permutation_rank(const permutation_group& g);

}  // namespace cosetta::groups
