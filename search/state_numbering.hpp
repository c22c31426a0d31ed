// The numbers that a sweep gives to the states of a graph, without the sweep: for what is kept on disk by number.
//
// A layout says how the states were numbered, and is small: towers and rows of matrix groups are chosen and built again
// from the graph, towers of colours from what they merge, a split index from the order of its positions, few states are listed. The fingerprint tells whether the outcome is the same.
// Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/colour_tower.hpp>
#include <search/coset_tower.hpp>
#include <search/fibre_numbering.hpp>
#include <search/growth.hpp>
#include <search/listed_sweep.hpp>
#include <search/run_context.hpp>
#include <search/split_numbering.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::search {

struct numbering_layout {
  std::string kind;               // "tower", "colours", "split", "fibres" or "list"
  std::uint64_t size = 0;         // bits, a multiple of 64; not all need stand for states
  std::uint64_t fingerprint = 0;  // two layouts of one graph share it only if they are the same (up to 2^-64)
  bool symmetry = true;           // towers: what they were chosen with
  bool doubled = false;
  tower_layout moves = tower_layout::automatic;
  std::vector<std::uint32_t> positions;  // split: those of A from its lowest on, then those of B
  std::uint32_t columns = 0;             // split: |A|
  std::vector<std::uint32_t> merged;     // colours: of each colour, its coarse one
  std::vector<std::uint32_t> pieces;     // of each moved point; empty: points are pieces by themselves
  std::int64_t gauge = -1;               // a generator; -1: none
};

/// `options`: those that the tower was chosen with.
numbering_layout layout_of(const coset_tower& tower, const growth_options& options);
numbering_layout layout_of(const graphs::graph_definition& graph, const colour_tower& tower);
numbering_layout layout_of(const graphs::graph_definition& graph, const split_numbering& numbering);
numbering_layout layout_of(const graphs::graph_definition& graph, const fibre_numbering& numbering);
numbering_layout layout_of(const graphs::graph_definition& graph, const listed_numbering& numbering);

bool is_known_kind(std::string_view kind) noexcept;

/// The number of a state; nothing for what is no state of the graph.
using state_numbers = std::function<std::optional<std::uint64_t>(const graphs::state&)>;

/// Empty where the states cannot be numbered in this way, or the fingerprint is another one. Precondition: a known kind.
/// Throws groups::stopped_error.
state_numbers number_states(const graphs::graph_definition& graph, const numbering_layout& layout, const run_context& context);

}  // namespace cosetta::search
