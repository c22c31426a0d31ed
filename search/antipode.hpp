// States that are likely to be far from the central one: where the search for a lower bound of a diameter begins.
//
// Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 1983) on the length of the word that a narrow beam search finds (beam.hpp): a step is one
// or two generators, an exchange of two labels, or a label moved to another place, whatever lies in the group. The best are measured again by a wider beam. The
// length of a word is an upper bound of the distance, no lower one: who says that a state is far has to prove it (path.hpp). On vertices of a
// Cayley graph, whose eccentricities are all the diameter.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::search {

struct antipode_options {
  std::size_t states = 1;            // wanted, at most
  std::size_t width = 32;            // of the beams; 16 times that for the best
  std::uint64_t words = 40'000'000;  // candidates that the narrow beams may score in all
};

struct far_state {
  graphs::state state;
  std::vector<std::size_t> word;  // from the central state to this one, replayed
};

/// Different states, the longest word first. Depends on the options only, unless the context ends it: then what there is, perhaps nothing. Also
/// nothing where there is no beam for the graph: other than Cayley graphs of permutations of 2 to 250 points with distinct labels.
std::vector<far_state> find_far_states(const graphs::graph_definition& graph, const antipode_options& options, const run_context& context);

}  // namespace cosetta::search
