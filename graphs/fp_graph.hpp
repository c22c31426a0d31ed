// The Schreier graph of a finitely presented group on the cosets of a subgroup: "fp:a,b|a^2,b^3,(a*b)^7|a*b". Without
// a subgroup it is the Cayley graph of the group. Vertices are the cosets H*g, edges go from H*g to H*g*s.
//
// Its states are rows with one marked position, the coset. The convention new[i] = old[p[i]] moves the mark from c to
// the i with p[i] = c, so the generator for s is the inverse of the permutation c -> c*s. Words read left to right mean
// the same in the graph and in the group.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/chain_options.hpp>
#include <groups/coset_enumeration.hpp>

#include <cstddef>
#include <string_view>

namespace cosetta::graphs {

/// Rows of the coset table that parse_graph allows; graph_builder bounds cosets times generators besides.
inline constexpr std::size_t max_fp_cosets = std::size_t{1} << 22;

/// The directed graph with the generators of the presentation. known().vertices is the index, which the enumeration
/// proves. `options.max_cosets` is lowered to what a graph can hold. Throws domain_error, or resource_error where the
/// enumeration ends without an answer: an infinite index among them. Throws stopped_error at its deadline and stop.
graph_definition make_fp_graph(const groups::presentation& p, groups::coset_options options = {});

/// Reads what follows "fp:". Throws parse_error besides.
graph_definition read_fp(std::string_view text, const groups::group_control& control = {});

}  // namespace cosetta::graphs
