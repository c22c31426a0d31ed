// An estimate that the caller of the library gives, such as a function written in Python: states go out by their labels, numbers come back.
// Internal to search/.
#pragma once

#include <search/beam.hpp>
#include <search/heuristic.hpp>

#include <memory>

namespace cosetta::search {

/// Scores are steps of the range of the estimates of home and of ends of random walks (network_scores.hpp). Throws domain_error where an estimate
/// of those is no finite number, and what `estimate` throws. Precondition: distinct labels, `estimate` is not empty.
std::unique_ptr<heuristic> make_given_heuristic(const graphs::graph_definition& graph, state_estimate estimate);

}  // namespace cosetta::search
