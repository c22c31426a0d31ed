// Subgroups and elements that no orbit gives, by backtrack search along a stabilizer chain: centralizers, conjugating
// elements, stabilizers and transporters of sets, and the subgroup of all elements with a property that one can test.
//
// Elements are found by their images of the base points. The base is chosen for the question: along the cycles of an
// element, so that the image of one point of a cycle gives those of all others; from the points of the set. A partial
// choice of images fixes an element up to the next stabilizer of the chain; its orbits decide which choices are given
// up (backtrack_search.hpp). Butler, Computing in permutation and matrix groups II, Math. Comp. 39 (1982); Leon,
// Permutation group algorithms based on partitions I, J. Symb. Comp. 12 (1991); Seress 2003, chapter 9.
// Natural symmetric and alternating groups are answered from cycle structure, without a search.
//
// Conventions: x^c = c^-1 x c. Searches obey options().control; the time is exponential in the worst case. Results are
// proven when the group's order is. Throws domain_error where degrees differ or a point is outside.
#pragma once

#include <groups/permutation_group.hpp>

#include <functional>
#include <optional>
#include <span>

namespace cosetta::groups {

/// All elements of g that commute with x, which need not lie in g.
permutation_group centralizer(const permutation_group& g, const permutation& x);
/// All elements of g that commute with every element of h.
permutation_group centralizer(const permutation_group& g, const permutation_group& h);

/// Some c in g with c^-1 x c == y; nothing where there is none. x and y need not lie in g.
std::optional<permutation> conjugating_element(const permutation_group& g, const permutation& x, const permutation& y);
bool is_conjugate(const permutation_group& g, const permutation& x, const permutation& y);

/// All elements of g that map the set of points to itself. Repeated points count once.
permutation_group set_stabilizer(const permutation_group& g, std::span<const point> points);
/// Some c in g that maps the set `from` onto the set `to`; nothing where there is none.
std::optional<permutation> set_transporter(const permutation_group& g, std::span<const point> from, std::span<const point> to);

/// The elements of g with a property. Precondition, which is not checked: they form a subgroup.
/// It tests about |g| / |result| elements: for questions that have no function of their own.
permutation_group subgroup_with(const permutation_group& g, const std::function<bool(const permutation&)>& property);

/// How many elements `elements` lists unless told otherwise.
inline constexpr std::size_t default_element_limit = std::size_t{1} << 22;

/// All elements in the order of their ranks, the identity first. Throws resource_error when there are more than `limit`.
std::vector<permutation> elements(const permutation_group& g, std::size_t limit = default_element_limit);

}  // namespace cosetta::groups
