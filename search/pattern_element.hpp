// States with equal labels and the elements of the group between them, by stabilizers and transporters of sets of places
// (groups/backtrack.hpp), label after label. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/permutation_group.hpp>

#include <optional>

namespace cosetta::search {

/// Some h in the group with to[i] == from[h[i]] for all places i; nothing where there is none, which is a proof. Precondition: the degree of the
/// group is the number of places. Searches obey the group's options; the time is exponential in the worst case.
std::optional<groups::permutation> element_between(const groups::permutation_group& group, const graphs::state& from, const graphs::state& to);

/// Whether the identity alone fixes all labels of a state: the states that the group reaches from it are then its elements.
bool is_fixed_by_identity_alone(const groups::permutation_group& group, const graphs::state& s);

}  // namespace cosetta::search
