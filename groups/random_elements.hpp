// Nearly uniform random elements without a stabilizer chain: of a group, and of a normal closure in it.
//
// Product replacement with an accumulator, as in product_replacement.hpp, on permutations; for normal closures every
// factor is conjugated by a random element of the group (Leedham-Green, The computational matrix group project, 2001;
// Holt, Eick, O'Brien, Handbook of Computational Group Theory, 3.3).
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace cosetta::groups {

class random_elements {
 public:
  /// Preconditions: equal degrees. No generators give identities.
  random_elements(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed);
  /// Valid until the next call.
  const permutation& next();

 private:
  std::vector<permutation> slots_;
  permutation accumulator_;
  std::mt19937_64 rng_;
};

class random_normal_elements {
 public:
  /// Of the closure of `elements`, at least one, under conjugation by the group that the generators span.
  random_normal_elements(std::span<const permutation> generators, std::span<const permutation> elements,
                         std::uint64_t seed);
  const permutation& next();
  /// A further element that the closure is to hold.
  void add(const permutation& element) { slots_.push_back(element); }

 private:
  random_elements conjugators_;
  std::vector<permutation> slots_;
  permutation accumulator_;
  std::mt19937_64 rng_;
};

}  // namespace cosetta::groups
