// A chain of subgroups G > H > ... > 1 down which a state is solved step by step, each step a search of its own.
//
// Chosen by rule from the generators alone: of the candidates (subgroup_choice.hpp) whose steps are small enough and whose cosets are told
// apart by coordinates (step_coordinates.hpp), the one with the shortest words to be expected, ln |G : H| / ln b + ln |H| / ln b', b and b'
// being the branching of the moves of the two steps. Fewer steps are better: one, two (Kociemba 1992), or three of them. Internal to search/.
#pragma once

#include <groups/permutation_group.hpp>
#include <search/run_context.hpp>
#include <search/step_search.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::search {

struct chain_stage {
  std::vector<std::uint32_t> colours;  // of the labels; the stage leads into their stabilizer
  mpz_class index;
  step_search search;
};

struct chain_wishes {
  std::size_t steps = 3;                     // at most
  double largest_step = 1e11;                // cosets of one step
  std::size_t tries = 16;                    // candidates of one step whose coordinates are looked for,
  std::size_t all_tries = 24;                // and of all
  coordinate_limits coordinates;
};

/// Nothing where no chain was found. Precondition: a degree of at most coordinate::most_places. Throws groups::stopped_error.
std::optional<std::vector<chain_stage>> choose_chain(const groups::permutation_group& group, const chain_wishes& wishes, const run_context& context);

}  // namespace cosetta::search
