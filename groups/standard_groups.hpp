// Well-known permutation groups by generators: symmetric, alternating, cyclic, dihedral, Mathieu and Coxeter groups,
// and direct and wreath products of what one has.
//
// Every constructor returns named generators, and NAME_order(...) the order that the literature gives: a stabilizer
// chain is proved against these numbers. A trivial group has one generator, the identity "e", so that its degree is
// known. Points from 0; products are GAP's (first the left factor), and so are the actions on pairs and on tuples.
// Constructors throw domain_error on parameters for which there is no such group, and resource_error when the degree
// would exceed max_degree. Matrix groups and their projective actions: classical_groups.hpp.
#pragma once

#include <groups/generating_set.hpp>
#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>

#include <gmpxx.h>

namespace cosetta::groups {

/// S_n on n >= 1 points: a = (0 1 ... n-1), b = (0 1).
generating_set<permutation> symmetric_group(std::uint64_t n);
mpz_class symmetric_group_order(std::uint64_t n);

/// A_n on n >= 1 points: a = (0 1 2), b = the cycle of all points (n odd) or of all but 0 (n even).
generating_set<permutation> alternating_group(std::uint64_t n);
mpz_class alternating_group_order(std::uint64_t n);

/// C_n on n >= 1 points: r maps i to i + 1.
generating_set<permutation> cyclic_group(std::uint64_t n);
mpz_class cyclic_group_order(std::uint64_t n);

/// The symmetries of the regular n-gon on its n >= 3 corners, of order 2n: r maps i to i + 1, s maps i to -i.
generating_set<permutation> dihedral_group(std::uint64_t n);
mpz_class dihedral_group_order(std::uint64_t n);

/// M_n on n points, n = 24, 23, 22, 12, 11 (the simple ones) and n = 21, 20, 10, 9: the stabilizers that follow in the
/// two chains, M_21 = PSL(3,4) and M_20 = 2^4:A_5, M_10 = A_6.2 and M_9 = 3^2:Q_8. All on the points 0..n-1, and each
/// group of a chain is the stabilizer of the last point in the one above (M_24 > M_23 > ... > M_20; M_12 > ... > M_9).
generating_set<permutation> mathieu_group(std::uint64_t n);
mpz_class mathieu_group_order(std::uint64_t n);

enum class coxeter_type { a, b, d };

/// The finite Coxeter groups of the three infinite families by their simple reflections s1, ..., sn, numbered as in
/// Bourbaki (Groupes et algebres de Lie, IV-VI, plates I, II, IV): s_i and s_{i+1} have a product of order 3, except
/// that the last two of B_n have one of order 4, and that s_n of D_n is joined to s_{n-2}.
/// A_n (n >= 1) permutes n + 1 points. B_n (n >= 1) is the group of signed permutations, on the 2n points 0..n-1
/// (positive) and n..2n-1 (their negatives); D_n (n >= 2) its subgroup with an even number of sign changes.
generating_set<permutation> coxeter_group(coxeter_type type, std::uint64_t n);
mpz_class coxeter_group_order(coxeter_type type, std::uint64_t n);

/// The product on disjoint points: `left` on 0..m-1 with names g@0, `right` on m..m+n-1 with names g@1.
/// Its order is the product of the orders. Throws domain_error on sets that are empty or of mixed degrees.
generating_set<permutation> direct_product(const generating_set<permutation>& left,
                                           const generating_set<permutation>& right);

/// base wr top, base on m and top on n points, in the imprimitive action on the m n points (block j, point i) =
/// j m + i. The generators of top, under their names, move blocks; those of base act in block j, as g@j, for one j of
/// each orbit of top. Throws domain_error on sets that are empty or of mixed degrees.
generating_set<permutation> wreath_product(const generating_set<permutation>& base,
                                           const generating_set<permutation>& top);

/// The same group in the product action on the m^n tuples (x_0, ..., x_{n-1}) = x_0 + x_1 m + ... + x_{n-1} m^{n-1}:
/// base acts on a coordinate, t in top puts x_j at the place t[j]. Faithful unless m = 1.
generating_set<permutation> product_action_wreath_product(const generating_set<permutation>& base,
                                                          const generating_set<permutation>& top);

/// |base|^n |top| for top on n points.
mpz_class wreath_product_order(const mpz_class& base_order, std::uint64_t top_degree, const mpz_class& top_order);

}  // namespace cosetta::groups
