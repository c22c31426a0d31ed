// Readers of generator files. Each takes the text and the name that errors are reported under ("FILE:LINE: reason").
#pragma once

#include <graphs/graph_definition.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosetta::graphs {

/// GAP: `NAME:=(1,2,3)(4,5);` are the generators; every "M_" is removed from a name; a list of names such as
/// `Gen:=[...]` is ignored, one of permutations, `G:=Group((1,2,3),(1,2));`, gives the generators G.1, G.2, ...;
/// `ip:=[[1,2],[3]];` lists positions that look alike, which become colours of the central state (positions that are
/// not listed are unlike all others). Points count from 1.
graph_definition read_gap(std::string_view text, const std::string& name);

/// {"name", "central_state", "generators": {NAME: [images], ...} | [[images], ...], "generator_names", "modulus"}: our
/// form and CayleyPy's `puzzle_info.json`. Nested rows are matrices; `modulus` 0 or none means over Z. What
/// `graph info --json` prints is read back, and {"spec": "lrx:8"} stands for a catalogue name.
/// A file of several graphs, such as CayleyPy's `graphs_info.json`, has them as members of an object, {"4": {...}, "5": {...}}, or of an array,
/// with a "name", "id", "size" or "n"; either may lie under "graphs". `member` says which; an empty one takes the only graph.
graph_definition read_json(std::string_view text, const std::string& name, groups::point first_point, std::string_view member = {});

/// All graphs of such a file with their names; of a file of one graph, that one, with an empty name. Points count from 0.
std::vector<std::pair<std::string, graph_definition>> read_json_graphs(std::string_view text, const std::string& name);

/// twsearch and ksolve: Set, Solved (or StartState) and Move sections. A piece slot with k orientations becomes k
/// points.
graph_definition read_twsearch(std::string_view text, const std::string& name);

/// Santa 2023's `puzzle_info.csv`: one row a puzzle type, moves as a Python dictionary. An empty `type` takes the only
/// row. Inverses get the mark "-".
graph_definition read_santa(std::string_view text, const std::string& name, std::string_view type);

}  // namespace cosetta::graphs
