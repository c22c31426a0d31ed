// Centralizers, conjugating elements and set stabilizers in Sym(points) and Alt(points), read off cycles and sets: the
// answers of backtrack.hpp for groups that giant.hpp recognises.
#pragma once

#include <groups/backtrack_search.hpp>
#include <groups/giant.hpp>

#include <optional>
#include <span>

namespace cosetta::groups {

/// The product over lengths l of C_l wr S_m, m cycles of x having length l and staying inside the giant's points; its
/// even half in an alternating group.
known_subgroup giant_centralizer(const giant_structure& giant, const permutation& x);
std::optional<permutation> giant_conjugating_element(const giant_structure& giant, const permutation& x, const permutation& y);

/// `set`, `from` and `to` ascending.
known_subgroup giant_set_stabilizer(const giant_structure& giant, std::span<const point> set, std::size_t degree);
std::optional<permutation> giant_set_transporter(const giant_structure& giant, std::span<const point> from,
                                                 std::span<const point> to, std::size_t degree);

}  // namespace cosetta::groups
