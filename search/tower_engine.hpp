// Offers to sweep a graph: an index of its states, decided before anything large is allocated, and the run over it.
//
// A permutation group is swept as a coset tower (coset_tower.hpp), patterns over a split index or a colour tower
// (split_index.hpp, colour_tower.hpp), a matrix group over cosets of transvections
// (matrix_fibre.hpp). Internal to search/.
#pragma once

#include <search/coset_tower.hpp>
#include <search/growth.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cosetta::search {

struct sweep_offer {
  std::string reason;        // why there is none, or why it should not be taken
  std::uint64_t states = 0;  // proven
  std::size_t bytes = 0;     // estimated, of everything
  growth_plan plan;
  std::function<growth_result()> run;  // empty: there is no offer. Refers to what the offer was made for

  explicit operator bool() const noexcept { return static_cast<bool>(run); }
};

/// Whether and how the states of the graph can be swept. An offer may exceed the memory budget: `reason` then says so, with
/// the figures. Throws groups::stopped_error. The arguments must outlive the offer.
sweep_offer offer_sweep(const graphs::graph_definition& graph, const growth_options& options, const run_context& context);

/// The part of it for graphs whose central state is fixed by more than the identity, over a colour tower. `group`: of the graph.
sweep_offer offer_colours(const groups::permutation_group& group, const graphs::graph_definition& graph, const growth_options& options,
                          const run_context& context);

/// The coset tower that a sweep of the graph is offered over, whatever its size; null where there is none. The same for the
/// same graph, options.symmetry and options.doubled. Throws groups::stopped_error.
std::shared_ptr<const coset_tower> build_tower(const graphs::graph_definition& graph, const growth_options& options, const run_context& context);

/// The number of vertices as far as it is cheap to prove: the order of the group of a Cayley graph. 0: not known.
/// Throws groups::stopped_error.
double proven_states(const graphs::graph_definition& graph, const run_context& context);

/// "312.0 MiB", rounded up, so that a figure that is needed suffices when it is given back; budgets are rounded down.
std::string format_size(std::size_t bytes, double (*round)(double) = std::ceil);
/// That a sweep needs more memory than there is, and what to do.
std::string too_large(const graphs::graph_definition& graph, std::uint64_t states, std::size_t bytes, const std::string& how, std::size_t budget);

}  // namespace cosetta::search
