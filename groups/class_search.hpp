// The classes of a group that is too large to be listed: see conjugacy_classes.hpp, the public door.
//
// An element is known by its class invariant, then by conjugacy tests against the representatives that share it. With
// x are found the classes of all generators of <x>, whose centralizers are the same, and then those of its powers.
// Butler, Fundamental algorithms for permutation groups, 1991, has random search by class equation.
//
// The invariant looks at how x moves points, blocks and, to tell apart elements of wreath products whose cycles are the
// same but otherwise arranged, at the coloured graph of the orbitals (Weisfeiler, Leman 1968): the colour of a point is
// refined by the colours of the pairs that it makes with its images under x and with all other points.
#pragma once

#include <groups/backtrack_search.hpp>
#include <groups/conjugacy_classes.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// Throws resource_error: more classes than `limit`; so many, if that is known.
[[noreturn]] void refuse_classes(std::size_t limit, const std::optional<mpz_class>& count);

/// Throws resource_error where random elements show that there are far more than `limit` classes, long before so many
/// are found. The mean order of an element's centralizer is the number of classes (Burnside). Were that at most the
/// limit, the product of (1 + order / limit) / 2 over random elements would be a supermartingale, and reach 10^9, the
/// threshold here, with probability 10^-9 at most (Ville).
void expect_classes_within(std::size_t limit, const permutation_group& g);

class class_search {
 public:
  /// What the search spends on one more class before it is called hopeless: about a minute for some thirty points.
  static constexpr std::uint64_t default_patience = std::uint64_t{1} << 27;

  /// `budget`: products of permutations after which the search gives up; without one it goes on, but run() throws
  /// resource_error when `patience` products in a row brought no new class.
  class_search(const permutation_group& g, std::size_t limit, std::optional<std::uint64_t> budget,
               std::uint64_t patience = default_patience);

  /// All classes, in the order in which they were found; nothing when the budget was spent.
  std::optional<std::vector<conjugacy_class>> run();

 private:
  /// Classes of generators of conjugate cyclic subgroups have one centralizer.
  struct shared_centralizer {
    known_subgroup group;
    std::optional<stabilizer_chain> chain;  // for random elements, made when one is wanted
  };
  struct bucket {
    std::vector<std::uint32_t> classes;
    mpz_class elements = 0;    // of these classes
    // Elements of centralizers that fell here since the last new class, how many of them were compared with the known
    // classes, and the visit from which on the next is.
    std::uint64_t visits = 0, searches = 0, next_search = 0;
    void restart() { visits = searches = next_search = 0; }
  };

  std::uint64_t invariant(const permutation& x);
  void refine_by_orbitals();
  enum class origin { uniform, centralizer, power };
  bool is_worth_a_search(bucket& home, origin from) const;
  void visit(const permutation& x, origin from);
  void add_family(const permutation& x, const search_chain& chain, conjugation_property& property, bucket& home);
  void add(permutation x, const mpz_class& element_order, std::uint32_t centralizer, bucket& home);
  permutation random_in_centralizer();

  const permutation_group& g_;
  std::size_t limit_;
  std::optional<std::uint64_t> budget_;
  std::uint64_t patience_;
  std::uint64_t work_ = 0, last_found_ = 0;
  mpz_class remaining_;
  std::mt19937_64 rng_;

  std::vector<std::vector<point>> systems_;  // labels of invariant partitions of the points, orbits first
  std::vector<std::uint64_t> mixer_;
  std::vector<std::uint64_t> orbitals_;  // a word for each pair of points, row by row; empty where it tells nothing
  std::vector<std::uint64_t> colours_, refined_;
  std::vector<std::uint32_t> lengths_;
  std::vector<point> images_, block_images_;

  std::vector<conjugacy_class> classes_;
  std::vector<std::uint32_t> centralizer_of_;
  std::vector<shared_centralizer> centralizers_;
  std::vector<std::uint32_t> rich_;  // centralizers that hold more than the powers of their element
  std::unordered_map<std::uint64_t, bucket> buckets_;
  std::vector<permutation> pending_;
};

}  // namespace cosetta::groups
