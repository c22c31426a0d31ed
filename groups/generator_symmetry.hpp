// Symmetries of a generating set: permutations w of the points with w^-1 S w = S. Conjugation by w is then an automorphism
// of the Cayley graph of (<S>, S) that fixes the identity.
//
// Found by backtracking over the images of points and of generators at once: if w takes x to y and conjugates g to g', then
// it takes x^g to y^g', so that in a connected action one image and the generators' images decide everything.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace cosetta::groups {

struct generator_symmetries {
  std::vector<permutation> elements;  // the identity first; they fix the points that no generator moves
  bool complete = true;               // false: the search was cut off, and there may be more
};

/// Gives up at `most` elements or `budget` choices. Precondition: equal degrees, no generator twice.
generator_symmetries symmetries_of(std::span<const permutation> generators, std::size_t most, std::size_t budget);

}  // namespace cosetta::groups
