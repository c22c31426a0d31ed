// Shortest words by pattern tables, for find_path. Internal to search/.
#pragma once

#include <search/path.hpp>
#include <search/pattern_search.hpp>

#include <memory>
#include <string>

namespace cosetta::search {

struct prepared_patterns {
  std::shared_ptr<const pattern_search> search;  // null where there is none
  std::string text;                              // what its table holds, or why there is none
  std::size_t bytes = 0;                         // of the table
  graphs::state home;                            // where paths end
};

/// Chooses and builds a table for paths to `to`, of at most `bytes`. Throws groups::stopped_error, resource_error.
prepared_patterns prepare_patterns(const graphs::graph_definition& graph, const graphs::state& to, std::size_t bytes,
                                   std::optional<kernels::instruction_set> instructions, const run_context& context);

/// Fills in everything but the seconds. `least`: no word is shorter, which is proven.
path_result search_by_patterns(const prepared_patterns& patterns, const graphs::state& from, std::uint64_t least, std::uint64_t most_nodes,
                               const path_options& options, const run_context& context);

}  // namespace cosetta::search
