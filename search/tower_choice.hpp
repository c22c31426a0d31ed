// Chooses the subgroups, the symmetries and the gauge of a coset tower, by estimates from a sample of its blocks.
// Internal to search/.
#pragma once

#include <search/coset_tower.hpp>
#include <search/growth.hpp>

#include <optional>
#include <string>

namespace cosetta::search {

struct tower_wishes {
  bool symmetry = true;
  bool grading = true;  // use a homomorphism onto Z/m for updating in place
  tower_layout layout = tower_layout::automatic;
};

/// The best design, or why there is none. Precondition: the order of the group is proven.
struct tower_choice {
  std::optional<tower_design> design;
  std::string reason;
};
tower_choice choose_tower(const groups::permutation_group& group, const tower_wishes& wishes,
                          const run_context& context);

}  // namespace cosetta::search
