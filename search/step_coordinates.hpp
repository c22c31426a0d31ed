// Coordinates that tell the cosets of a subgroup apart: what one step of a subgroup chain is searched in.
//
// A step takes the elements of a group K into a subgroup L, the stabilizer of a colouring of the labels. On each orbit of K the colours
// may be merged; each coarsening has an orbit of its own, a coordinate (coordinate.hpp). Taken are up to four of them that together
// determine the coset: their joint stabilizer is L, which is proven by counting the joint orbit from below, level by level with random
// elements of the stabilizers so far (Schreier's lemma). The product of their sizes is |K : L| up to a small factor, as parity gives.
// Internal to search/.
#pragma once

#include <groups/permutation.hpp>
#include <search/coordinate.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <gmpxx.h>

namespace cosetta::search {

inline constexpr std::size_t most_coordinates = 4;

struct coordinate_limits {
  std::size_t small = 20'000, large = 150'000;     // colourings of a coordinate: large ones only where small ones do not suffice
  std::size_t listed = 300'000;                    // colourings of each kind altogether
  std::uint64_t table = std::uint64_t{1} << 24;   // entries of the table of a pair
};

/// The entries of the pair tables, of those that fit, by the sizes of coordinates; 0 where a coordinate would be in none, or one alone
/// would not fit.
std::uint64_t table_entries(std::span<const std::uint64_t> sizes, std::uint64_t limit);

/// At least |K : Stab(colours)|: the ways to arrange the colours on each orbit.
mpz_class most_cosets(std::span<const groups::permutation> moves, std::span<const std::uint32_t> colours);

/// `colours`: of the labels; their stabilizer in <moves> has this index, or a smaller one. The smallest coordinate comes first. Nothing
/// where no set was found. Precondition: at most coordinate::most_places points. Throws groups::stopped_error.
std::optional<std::vector<coordinate>> separating_coordinates(std::span<const groups::permutation> moves, std::span<const std::uint32_t> colours,
                                                              const mpz_class& index, const coordinate_limits& limits,
                                                              const run_context& context);

/// At least so many tuples of colourings are reached from home by the generators; all of them but for bad luck with the random
/// elements, so many of each stabilizer.
mpz_class joint_orbit(std::span<const coordinate* const> coordinates, std::uint64_t seed, std::size_t elements);

}  // namespace cosetta::search
