// Makes the folder of a competition: rows to solve, states to train on, the rules, and, in a folder of its own, the key.
#pragma once

#include <graphs/state_encoding.hpp>
#include <search/distance_table.hpp>
#include <search/run_context.hpp>
#include <search/walks.hpp>
#include <tools/competition.hpp>

#include <cstdint>
#include <string>

namespace cosetta::tools {

struct export_options {
  competition_format format = competition_format::cayleypy;
  std::string folder, key;  // neither exists yet; no slash at the end
  std::string name;         // of the puzzle
  std::uint64_t count = 0;
  search::walk_options walks;  // where the rows come from; its table gives distances, too
  std::uint64_t wildcards = 0;
  std::uint64_t train = 0;          // states to train on: ends of non-backtracking walks of 1, ..., train_length steps
  std::uint32_t train_length = 1;
  graphs::state_encoding train_encoding = graphs::state_encoding::labels;  // in train_states.npy
  std::string command_line;
};

/// Both folders are written under other names and renamed when they are whole. Throws domain_error: a graph, names of generators or
/// a folder that do not do; resource_error, backend_error, stopped_error.
void export_competition(const graphs::graph_definition& graph, const export_options& options, const search::run_context& context);

}  // namespace cosetta::tools
