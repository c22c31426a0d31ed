// Recognition of the giants: the symmetric and alternating groups in their natural action, found before any chain is
// built.
//
// A transitive group of degree n >= 8 with an element that has a cycle of prime length p, n/2 < p < n - 2, contains
// Alt(n): such a group is primitive (a block would have to contain the cycle), a power of the element is the p-cycle
// alone, and a primitive group with a p-cycle that fixes three points is a giant (Jordan 1873). About one element in
// log n shows such a cycle, so that a giant hides from 10 log2 n random elements with small probability only; the
// answer "yes" is always proven.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/chain_options.hpp>
#include <groups/permutation.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// Sym(points) or Alt(points), all other points fixed.
struct giant_structure {
  std::vector<point> points;  // ascending, at least two (Sym) or three (Alt)
  bool alternating = false;

  mpz_class order() const;
  /// Precondition: the degrees agree.
  bool contains(const permutation& g) const;

  /// A bijection with digit vectors, digit i in [0, radices()[i]); the identity is all zeros. After Myrvold and Ruskey,
  /// Ranking and unranking permutations in linear time, 2001. Precondition: contains(g).
  std::vector<std::uint32_t> radices() const;
  std::vector<std::uint32_t> digits(const permutation& g) const;
  permutation element(std::span<const std::uint32_t> digits, std::size_t degree) const;
};

/// Nothing when the generators move fewer than eight points, more than one orbit of them, or when no witness was found.
/// Preconditions: equal degrees.
std::optional<giant_structure> find_giant(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed,
                                          const group_control& control = {});

/// True when a cycle of the permutation shows that a transitive group on `degree` points is a giant.
bool has_giant_cycle(std::span<const std::size_t> cycle_lengths, std::size_t degree);

/// The exponent of Sym(n) or Alt(n), n >= 8: p^k is the order of an element when p^k <= n, and 2^k of an even one when a
/// transposition has room beside the cycle.
mpz_class exponent(const giant_structure& giant);

}  // namespace cosetta::groups
