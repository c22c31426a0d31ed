// Shortest words read off a table of distances from the central state. Internal to search/.
#pragma once

#include <search/path.hpp>

namespace cosetta::search {

/// Fills in everything but the seconds. Throws domain_error when distances from the central state do not answer the
/// question.
path_result read_off_table(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to,
                           const distance_table& table, const run_context& context);

}  // namespace cosetta::search
