// Elements of a permutation group as short words in its generators and their inverses.
//
// After T. Minkwitz, An algorithm for solving the factorization problem in permutation groups, J. Symbolic Computation
// 26 (1998): along a chain of stabilizers a table holds, for each coset of the next subgroup, the shortest word known;
// an element is divided by table entries from the top down. Here a step of the chain may fix several base points at
// once, so that a table has up to `table_entries` cosets and there are few steps; and a factorization follows a beam of
// the best partial results over alternative entries, instead of one.
//
// Words are short, not shortest: nothing is claimed of their lengths, except that a group that fits one table
// (order <= table_entries) gets geodesics. Every word is multiplied out before it is returned.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/permutation.hpp>
#include <groups/permutation_group.hpp>
#include <groups/word.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::groups {

/// What the tables may cost. Without `seconds` they depend on the numbers here only, never on the machine.
struct word_budget {
  std::uint64_t words = 3'000'000;      // elements sifted to find short words: a few million a second
  std::optional<double> seconds;         // the search for short words ends by the clock, too; completion does not
  std::size_t table_entries = 1U << 14;  // cosets of one table
  std::size_t memory_bytes = std::size_t{512} << 20;
  int base_orders = 6;  // orders of base points tried by small runs, the best is taken; 1: no choice
  std::uint64_t seed = 1;
};

/// How long one factorization may try. Work is about (levels * beam * alternatives) products.
struct word_effort {
  std::size_t beam = 64;          // partial results kept at each level; 1 is Minkwitz's plain division
  std::size_t alternatives = 48;  // ways to leave a level, for each partial result
  bool shorten = true;            // replace windows of the word by shorter words

  /// 0 is the plain division, 1 the default; from there each level takes about four times as long as the one before.
  static word_effort level(int n);
};

/// What the set-up did.
struct word_report {
  std::vector<point> base;                 // in the order of the chain, redundant points left out
  std::vector<std::size_t> table_sizes;    // cosets, from the top
  std::vector<double> mean_lengths;        // of the words of each table
  std::vector<std::size_t> longest;        // word of each table: no element is farther than these together
  std::uint64_t words = 0;                 // tried
  double seconds = 0;
};

class word_solver {
 public:
  /// Makes the tables; they are complete, so that no element fails. Throws resource_error for a symmetric or alternating
  /// group too large for a chain, stopped_error.
  explicit word_solver(const permutation_group& group, const word_budget& budget = {}, const group_control& control = {});
  word_solver(word_solver&&) noexcept;
  word_solver& operator=(word_solver&&) noexcept;
  ~word_solver();

  /// A word in group.generators() and their inverses, freely reduced, whose product is g; letters as in word.hpp. Safe to
  /// call from many threads. Throws domain_error when g is not an element of the group, stopped_error.
  word factor(const permutation& g, const word_effort& effort = {}, const group_control& control = {}) const;
  /// Nothing when g is not an element of the group.
  std::optional<word> try_factor(const permutation& g, const word_effort& effort = {}, const group_control& control = {}) const;

  const permutation_group& group() const noexcept;
  const word_report& report() const noexcept;

 private:
  struct state;
  std::unique_ptr<const state> state_;
};

}  // namespace cosetta::groups
