// The words of a presentation as a coset table reads them: letters are columns. Internal to coset enumeration.
//
// A generator whose square is a relator shares one column with its inverse, so that the relator holds by construction.
// Relators are freely and cyclically reduced, kept once up to rotation and inversion, and sorted by length.
#pragma once

#include <groups/finitely_presented.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::groups {

using column = std::uint32_t;
using columns = std::vector<column>;

/// letters = u^k for the primitive word u of length `root`.
struct column_relator {
  columns letters;
  std::size_t root;
  std::size_t reversal;  // less than `root`: the rotation of u by so much is its inverse; otherwise equal to `root`

  /// The positions from which the relator or its inverse is read again: at so many cosets one closed loop closes it.
  std::size_t visits() const noexcept { return letters.size() / root * (reversal == root ? 1 : 2); }
};

struct coset_words {
  std::vector<column> columns_of;  // 2i: generator i, 2i + 1: its inverse
  columns inverse_of;              // a column for each column
  std::vector<column_relator> relators;
  std::vector<columns> subgroup;  // freely reduced
};

/// Throws domain_error on a letter outside the generators.
coset_words make_coset_words(const presentation& p);

}  // namespace cosetta::groups
