// Groups as text that GAP evaluates: "Group([(1,2,3),(1,2)])". Points count from 1, as GAP's do. Names are not written;
// GAP's G.1, G.2, ... are the generators in their order. Elements of GF(p^k) are powers of Z(q), which is the same
// element as our primitive element, since both sides take Conway polynomials.
#pragma once

#include <groups/field_matrix.hpp>
#include <groups/generating_set.hpp>
#include <groups/matrix.hpp>
#include <groups/permutation.hpp>

#include <string>

namespace cosetta::groups {

/// "(1,2,3)(4,5)"; the identity is "()". GAP's permutations have no degree: points that are fixed leave no trace.
std::string to_gap(const permutation& p);

/// "[[1,1],[0,1]]*Z(5)^0" modulo a prime below 2^16, where GAP has finite field elements;
/// "[[1,1],[0,1]]*ZmodnZObj(1,6)" modulo any other number; "[[1,1],[0,1]]" over Z.
std::string to_gap(const matrix& a);

/// "[[1,1],[0,1]]*Z(5)^0" over a prime field, "[[Z(4)^1,Z(4)^0],[0*Z(4),Z(4)^0]]" over any other.
std::string to_gap(const field_matrix& a);

/// "Group([(1,2,3),(1,2)])"; "Group(())" when all generators are the identity, or there are none. With "G:=" before and
/// ";" after it, graphs::read_gap reads it back.
std::string to_gap(const generating_set<permutation>& generators);

/// "Group([[[1,1],[0,1]]*Z(5)^0])". Throws domain_error on a set without generators, whose dimension is unknown.
std::string to_gap(const generating_set<matrix>& generators);
std::string to_gap(const generating_set<field_matrix>& generators);

}  // namespace cosetta::groups
