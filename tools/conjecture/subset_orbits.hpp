// All k-subsets of a class of permutations of n points, one of each orbit under relabelling of the points and, when wanted, under
// inversion of the elements one by one; and random subsets of a class.
//
// An orbit of k-subsets is reached from each orbit of (k-1)-subsets by the elements up to the symmetries of the smaller set; equal
// canonical keys then meet in a table (isomorph rejection by canonical forms, B. D. McKay, J. Algorithms 26 (1998), without the
// parent test, since all orbits of one size are held anyway).
#pragma once

#include <groups/permutation.hpp>
#include <tools/conjecture/canonical_set.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

/// Which permutations of n points; the identity is never among them.
struct permutation_class {
  enum class kind { all, involutions, even, odd, cycle_type } which = kind::all;
  std::vector<std::size_t> cycles;  // of `cycle_type`: the lengths above 1, in descending order

  bool operator==(const permutation_class&) const = default;
};

bool is_even(const groups::permutation& p);
/// The identity is in no class.
bool is_in(const groups::permutation& p, const permutation_class& c);

/// "all", "involutions", "transpositions", "even", "odd", or cycle lengths "3,2"; and back. Throws parse_error: the reason alone.
permutation_class parse_class(std::string_view text, std::size_t degree);
std::string to_string(const permutation_class& c);

/// A number of one stream, below the bound: a function of seed, stream and what was drawn before, on any machine.
class random_stream {
 public:
  random_stream(std::uint64_t seed, std::uint64_t stream);
  ~random_stream();
  random_stream(const random_stream&) = delete;
  random_stream& operator=(const random_stream&) = delete;

  /// Precondition: bound > 0.
  std::size_t below(std::size_t bound);
  /// Equally likely among the elements of the class, but the identity may come. Precondition: the class is not empty.
  groups::permutation element(const permutation_class& c, std::size_t degree);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// The number of elements; above 2^63 it is 2^63.
std::uint64_t class_size(const permutation_class& c, std::size_t degree);

inline constexpr std::size_t max_subset_degree = 12;
inline constexpr std::uint64_t max_class_size = 4'000'000;

/// In lexicographic order. `checkpoint` is called now and then; it may throw. Throws domain_error above max_subset_degree, resource_error above max_class_size.
std::vector<groups::permutation> class_elements(const permutation_class& c, std::size_t degree, const std::function<void()>& checkpoint = {});

/// With `closed`, subsets of the inverse pairs {g, g^-1}, as the generating sets that are closed under inversion; without, subsets of elements. In
/// ascending order of their keys. `checkpoint` is called now and then; it may throw. Throws as class_elements does, and resource_error where there
/// are more than `most` orbits.
std::vector<canonical_set> subset_orbits(const permutation_class& c, std::size_t degree, std::size_t size, inversion kind, std::size_t most = 20'000'000,
                                         const std::function<void()>& checkpoint = {});

/// `size` different elements of the class, each subset equally likely: a function of the seed and the number alone, on any machine. Throws
/// domain_error where the class has fewer.
std::vector<groups::permutation> random_subset(const permutation_class& c, std::size_t degree, std::size_t size, std::uint64_t seed, std::uint64_t number);

}  // namespace cosetta::conjecture
