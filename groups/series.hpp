// Derived, lower central and upper central series, and what they decide: solvable, nilpotent, perfect.
//
// A series holds every term, from the group itself (or from the trivial group, the upper central one) to the last that
// differs from the one before. Terms are proven as far as chains are, see subgroups.hpp.
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
