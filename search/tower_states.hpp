// The states of a graph and the bits of a coset tower that stand for them. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/coset_tower.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace cosetta::search {

/// All states that a bit stands for: one, or an orbit of symmetries. `central`: fixed by the identity only.
std::vector<graphs::state> states_at(const coset_tower& tower, const graphs::state& central, std::uint64_t index);

/// The bit that stands for a state; nothing for a state that no element of the group gives.
std::optional<std::uint64_t> index_of_state(const coset_tower& tower, const graphs::state& central, const graphs::state& s);

}  // namespace cosetta::search
