// Files of states, one a row: what solve and path read with --from.
#pragma once

#include <graphs/graph_definition.hpp>

#include <string>
#include <vector>

namespace cosetta::tools {

struct state_row {
  std::string where, id;  // where: FILE:LINE
  graphs::state state;
};

/// Rows of a CSV file with a column initial_state, permutation or state, and perhaps one of ids (initial_state_id, id; else numbers from 0);
/// or a state a line. Throws parse_error with file and line, domain_error where the file cannot be read.
std::vector<state_row> read_state_rows(const std::string& file, const graphs::graph_definition& graph, groups::point first_point);

}  // namespace cosetta::tools
