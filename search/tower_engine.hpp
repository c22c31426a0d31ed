// What a coset tower of a graph would be, decided before anything large is allocated. Internal to search/.
#pragma once

#include <search/growth.hpp>
#include <search/tower_choice.hpp>
#include <search/tower_sweep.hpp>

#include <optional>
#include <string>

namespace cosetta::search {

struct tower_offer {
  std::optional<tower_design> design;
  std::string reason;        // why there is none
  std::uint64_t states = 0;  // proven
  tower_storage storage = tower_storage::delayed;
  std::size_t bytes = 0;  // estimated: the ball, what waits in the pool at least, the tables, the distances that are kept
  growth_plan plan;
};

/// Throws groups::stopped_error.
tower_offer offer_tower(const graphs::graph_definition& graph, const growth_options& options, const run_context& context);
/// Precondition: offer.design.
growth_result run_tower(const graphs::graph_definition& graph, tower_offer offer, const growth_options& options, const run_context& context);

/// "312 MiB"
std::string format_size(double bytes);

}  // namespace cosetta::search
