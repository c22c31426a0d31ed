// The one way in: text becomes a graph here and nowhere else. The command line, sweeps, bindings and tests use it.
//
//   lrx:12  top_spin:12,k=4  puzzle:megaminx       the catalogue
//   fp:a,b|a^2,b^3,(a*b)^7,[a,b]^4  fp:a,b|...|a*b    a presentation, over a subgroup  (graphs/fp_graph.hpp)
//   moves.gap  graph.json  puzzle.tws  puzzle.ksolve  puzzle_info.csv#cube_2/2/2     files
//   FOLDER  FOLDER#cube_2/2/2                       a competition folder: its puzzle_info.json or puzzle_info.csv
//   -                                              JSON from the given stream
//
// Whether missing inverses are added when nothing is said depends on what the format means: a GAP, twsearch or Santa
// file lists one direction of each turn, and a presentation implies inverses, so they are added; the catalogue and JSON
// say exactly what they mean.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/chain_options.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace cosetta::graphs {

enum class closure { as_the_format_means, directed, inverse_closed };

struct parse_options {
  closure inverses = closure::as_the_format_means;
  std::optional<std::string> central;      // replaces the central state
  groups::point first_point = 0;           // of images in JSON
  std::uint64_t seed = 1;                  // of random families, where their arguments name none
  std::istream* standard_input = nullptr;  // read for "-"
  groups::group_control control;           // ends coset enumerations, the one thing here that may take long
};

/// Throws parse_error (text or file), domain_error (what it says), resource_error (its size), stopped_error.
graph_definition parse_graph(std::string_view text, const parse_options& options = {});

}  // namespace cosetta::graphs
