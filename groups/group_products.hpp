// Direct, wreath and semidirect products as permutation groups whose orders are known from the start. The first two
// are those of standard_groups.hpp, on groups instead of named generators.
#pragma once

#include <groups/permutation_group.hpp>

#include <span>
#include <vector>

namespace cosetta::groups {

/// g on the points 0..m-1, h on m..m+n-1. The generators are those of g, then those of h.
permutation_group direct_product(const permutation_group& g, const permutation_group& h);

/// base wr top on the points (block j, point i) = j m + i, as in standard_groups.hpp.
permutation_group wreath_product(const permutation_group& base, const permutation_group& top);

/// The product action on the m^n tuples. Not faithful only for m = 1. Throws resource_error past max_degree points.
permutation_group product_action_wreath_product(const permutation_group& base, const permutation_group& top);

/// n : h, where h acts on n by automorphisms: action[i][j] is the image of n.generators()[j] under h.generators()[i], and
/// in the product h_i^-1 n_j h_i = action[i][j]. It acts on the elements of n, in the order of their ranks (n by right
/// multiplication, h by automorphisms), and on the points of h behind them; its generators are those of n, then those
/// of h. Throws domain_error where a row of `action` is no automorphism or the rows do not define an action of h,
/// resource_error where n has too many elements for points.
permutation_group semidirect_product(const permutation_group& n, const permutation_group& h,
                                     std::span<const std::vector<permutation>> action);

}  // namespace cosetta::groups
