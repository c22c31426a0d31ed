// States as users write them.
#pragma once

#include <graphs/graph_definition.hpp>

#include <string_view>

namespace cosetta::graphs {

/// Reads a state of a graph. Of permutations: a row of labels, "[1,0,2]", "1,0,2" or "0011"; cycles "(0 1)(2 3)", the
/// central state rearranged, new[i] = central[p[i]]. Of matrices: rows "[[1,1],[0,1]]", or entries row by row, "1,1,0,1".
/// Of both: a word "@L.L.X", the state that it leads to from the central state; letters may be inverses, as L'.
/// `first_point` is subtracted from labels where the central state is the identity row, so that they are points, and from
/// the points of cycles.
///
/// A row has to have the labels of the central state, each as often. Whether the state can be reached is not asked.
/// Throws parse_error, domain_error.
state parse_state(const graph_definition& graph, std::string_view text, groups::point first_point = 0);

}  // namespace cosetta::graphs
