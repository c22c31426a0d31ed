// Breadth-first search from both ends at once (Pohl, "Bi-directional search", 1971): forwards from one state by the
// generators, backwards from the other by their inverses, always a whole sphere of the side whose sphere is smaller.
// Internal to search/.
#pragma once

#include <search/path.hpp>
#include <search/path_moves.hpp>

namespace cosetta::search {

/// Fills in everything but the seconds. Precondition: from != to, and both lie in the packing of `moves`. Throws
/// resource_error when the budget does not hold the buffers.
path_result search_from_both_ends(const path_moves& moves, const graphs::state& from, const graphs::state& to,
                                  const path_options& options, const run_context& context);

}  // namespace cosetta::search
