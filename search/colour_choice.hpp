// Which colours a colour tower merges, and which gauge it takes: the cheapest by an estimate on a sample of blocks. Internal to
// search/.
#pragma once

#include <kernels/instruction_set.hpp>
#include <search/colour_tower.hpp>

#include <optional>
#include <string>

namespace cosetta::search {

struct colour_choice {
  std::optional<colour_design> design;
  std::uint64_t states = 0;  // |G : St|, proven; 0 where it was not computed or is above 2^47
  std::string reason;        // why there is none
};

/// `group`: of the graph. `at_any_cost`: also where a hash table is as fast. Throws groups::stopped_error.
colour_choice choose_colours(const groups::permutation_group& group, const graphs::graph_definition& graph,
                             kernels::instruction_set instructions, bool at_any_cost, const run_context& context);

/// The design with this coarsening and gauge: no estimates. Nothing where it is none for this graph.
std::optional<colour_design> colour_design_for(const groups::permutation_group& group, const graphs::graph_definition& graph, const coarsening& coarser,
                                               std::size_t gauge);

/// The designs that were looked at, the cheapest first, whatever they cost: for tests.
std::vector<colour_design> all_colour_designs(const groups::permutation_group& group, const graphs::graph_definition& graph,
                                              kernels::instruction_set instructions, std::size_t least_fibre, std::size_t most, const run_context& context);

}  // namespace cosetta::search
