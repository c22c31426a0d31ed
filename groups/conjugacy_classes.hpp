// The conjugacy classes of a permutation group. That a list is complete is proven, not assumed: the sizes of its
// classes, each the index of a centralizer found by exhaustive search, add up to the order of the group.
//
// Classes are looked for among random elements, their powers, and random elements of the centralizers found so far.
// The last is the Burnside process, whose limit is the uniform distribution on classes however small they are: Jerrum,
// Uniform sampling modulo a group of symmetries using Markov chain simulation, 1993. Small groups are listed instead,
// their classes being the orbits of conjugation; natural symmetric and alternating groups are read off partitions.
//
// Proven when the group's order is. All functions obey options().control and throw stopped_error.
#pragma once

#include <groups/permutation_group.hpp>

#include <cstddef>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

struct conjugacy_class {
  permutation representative;
  mpz_class size;
  mpz_class centralizer_order;  // size * centralizer_order is the order of the group
  mpz_class element_order;

  bool operator==(const conjugacy_class&) const = default;
};

inline constexpr std::size_t default_class_limit = std::size_t{1} << 16;

/// By element order, then size, then representative; the class of the identity comes first. The same group and seed
/// give the same representatives. Throws resource_error when there are more than `limit` classes, or when the search for
/// them comes to a standstill.
std::vector<conjugacy_class> conjugacy_classes(const permutation_group& g, std::size_t limit = default_class_limit);

/// Counted without listing for natural symmetric and alternating groups and for abelian groups, whatever `limit` is.
mpz_class number_of_classes(const permutation_group& g, std::size_t limit = default_class_limit);

/// The least k > 0 with x^k = 1 for all x.
mpz_class exponent(const permutation_group& g, std::size_t limit = default_class_limit);

}  // namespace cosetta::groups
