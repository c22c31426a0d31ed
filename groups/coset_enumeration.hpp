// Coset enumeration: the action of a finitely presented group on the cosets of a subgroup of finite index, by the
// method of Todd and Coxeter. The answer is exact: a table in which every relator closes at every coset has all cosets,
// and no two of them are equal. There is no bound on the work in terms of the index, so a limit ends the run.
//
// Cosets are right cosets H*g, counted from 0 (H itself), and generators act from the right: coset * generator. A
// table is standardised: its cosets are numbered as a breadth-first search from 0 meets them, letters in the order
// 1, -1, 2, -2, ..., so that equal subgroups give equal tables whatever strategy or presentation found them.
//
// J. A. Todd, H. S. M. Coxeter (1936); strategies: J. Neubueser, "An elementary introduction to coset table methods"
// (1982); G. Havas, C. Ramsay, "Coset enumeration: ACE" (1999); Holt, Eick, O'Brien, "Handbook" (2005), chapter 5.
#pragma once

#include <groups/finitely_presented.hpp>
#include <groups/permutation.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace cosetta::groups {

/// hlt (Haselgrove, Leech, Trotter): close all relators at one coset after the other by defining cosets, and look ahead
/// without defining any when the table is full. felsch: define one coset at a time and draw all consequences; slower,
/// with fewer cosets. automatic: hlt, and felsch from the start where hlt fills the table.
enum class coset_strategy { automatic, hlt, felsch };

struct coset_progress {
  coset_strategy strategy = coset_strategy::hlt;  // the one at work
  bool looking_ahead = false;
  std::size_t done = 0;       // cosets whose row is finished, as far as is known
  std::size_t live = 0;       // cosets that have not been found equal to another one
  std::uint64_t defined = 0;  // cosets ever defined
  double seconds = 0;
};

struct coset_options {
  coset_strategy strategy = coset_strategy::automatic;
  std::size_t max_cosets = std::size_t{1} << 24;    // rows of the table at any time
  std::size_t memory_bytes = std::size_t{1} << 30;  // of the table and what goes with it; bounds the rows as well
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::function<void(const coset_progress&)> observer;  // called about ten times a second; may be empty
};

/// What an enumeration took.
struct coset_cost {
  coset_strategy strategy = coset_strategy::hlt;  // the one that ended it
  std::uint64_t defined = 0;                      // cosets defined in all by that strategy
  std::size_t most_live = 0;                      // at one time
};

/// A complete table: generators and their inverses as permutations of the cosets 0, ..., index() - 1.
class coset_table {
 public:
  using coset = std::uint32_t;

  /// Trusts that `entries` holds index * columns cosets row by row and that `columns_of[2 * i]` is the column of
  /// generator i and `columns_of[2 * i + 1]` that of its inverse.
  coset_table(std::vector<std::uint32_t> columns_of, std::size_t columns, std::size_t index, std::vector<coset> entries,
              coset_cost cost)
      : columns_of_(std::move(columns_of)),
        columns_(columns),
        index_(index),
        entries_(std::move(entries)),
        cost_(cost) {}

  std::size_t index() const noexcept { return index_; }
  std::size_t generators() const noexcept { return columns_of_.size() / 2; }

  /// coset * letter, a letter as in a word. Preconditions: from < index(), letter within the generators.
  coset next(coset from, std::int32_t letter) const noexcept {
    const auto i = static_cast<std::size_t>(letter > 0 ? 2 * (letter - 1) : -2 * letter - 1);
    return entries_[from * columns_ + columns_of_[i]];
  }
  /// coset * w, letter by letter.
  coset trace(coset from, std::span<const std::int32_t> w) const noexcept {
    for (const auto letter : w) from = next(from, letter);
    return from;
  }

  const coset_cost& cost() const noexcept { return cost_; }

  /// Equal actions: tables are standardised, so this says equal subgroups. The cost does not count.
  bool operator==(const coset_table& other) const;

 private:
  std::vector<std::uint32_t> columns_of_;  // a generator that acts as an involution shares one with its inverse
  std::size_t columns_;
  std::size_t index_;
  std::vector<coset> entries_;
  coset_cost cost_;
};

/// The standardised table of the cosets of the subgroup that p.subgroup generates. Throws domain_error on a letter
/// outside the generators, and resource_error when the table is full, at the deadline and when stopped: the message
/// says how many cosets were live and what to raise. A full table proves nothing: the index may be infinite or not.
coset_table enumerate_cosets(const presentation& p, const coset_options& options = {});

/// For each generator i the permutation c -> c * generator i of the cosets.
std::vector<permutation> generator_permutations(const coset_table& table);

/// A word for each coset that leads to it from coset 0: the first one in the order by length, then by letters in the
/// order 1, -1, 2, -2, ... Kept as a tree, 8 bytes a coset.
class schreier_transversal {
 public:
  explicit schreier_transversal(const coset_table& table);

  std::size_t size() const noexcept { return parents_.size(); }
  std::size_t depth(std::size_t coset) const;  // the length of its word
  word operator[](std::size_t coset) const;

 private:
  std::vector<coset_table::coset> parents_;
  std::vector<std::int32_t> letters_;
};

/// The words of schreier_transversal, all of them. Throws resource_error where they have more than 2^28 letters.
std::vector<word> transversal_words(const coset_table& table);

/// True when `table` is a transitive action of the presented group in which the subgroup's generators fix coset 0, and
/// is standardised: so its index divides the index of the subgroup, and the enumeration proves that it is no less.
/// Linear in index * letters of the presentation.
bool is_valid(const coset_table& table, const presentation& p);

}  // namespace cosetta::groups
