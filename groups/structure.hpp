// What kind of group it is: abelian, cyclic; its abelian quotient, its exponent. With centre.hpp and simplicity.hpp.
//
// None of these enumerates elements. Answers are as certain as the chains they come from: g.proof().
#pragma once

#include <groups/centre.hpp>
#include <groups/permutation_group.hpp>
#include <groups/simplicity.hpp>

#include <optional>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

bool is_abelian(const permutation_group& g);
bool is_cyclic(const permutation_group& g);

/// The orders of the cyclic factors of prime power order of G / G', ascending; none for a perfect group.
std::vector<mpz_class> abelian_invariants(const permutation_group& g);

/// The least e > 0 with x^e = 1 for all x, where a few random elements meet the bounds that orbit lengths and the order
/// set: of giants, abelian groups, puzzles, most groups of small degree. Nothing when they do not;
/// `exponent` in conjugacy_classes.hpp goes through the classes.
std::optional<mpz_class> exponent_from_bounds(const permutation_group& g);

}  // namespace cosetta::groups
