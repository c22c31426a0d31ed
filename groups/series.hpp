// Derived and lower central series, and what they decide: solvable, nilpotent, perfect.
//
// A series holds every term, from the group itself to the last that differs from the one before. Terms are proven as
// far as chains are, see subgroups.hpp. In a group of prime power order they are built by central extensions, which
// makes long lower central series (class 128 in Sym(256)) affordable.
#pragma once

#include <groups/permutation_group.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace cosetta::groups {

/// G' = [G, G].
permutation_group derived_subgroup(const permutation_group& g);
/// G, G', G'', ... to the trivial group or to a perfect one.
std::vector<permutation_group> derived_series(const permutation_group& g);
/// G, [G, G], [[G, G], G], ... to the first term that is [itself, G].
std::vector<permutation_group> lower_central_series(const permutation_group& g);

bool is_perfect(const permutation_group& g);
bool is_solvable(const permutation_group& g);
bool is_nilpotent(const permutation_group& g);

/// Steps of the derived series down to 1; nothing for a group that is not solvable. 0 for the trivial group.
std::optional<std::size_t> derived_length(const permutation_group& g);
/// Steps of the lower central series down to 1; nothing for a group that is not nilpotent. 0 for the trivial group.
std::optional<std::size_t> nilpotency_class(const permutation_group& g);

}  // namespace cosetta::groups
