// The canonical labelling of an ordered tuple of permutations under simultaneous conjugation. Internal to tools/conjecture/.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace cosetta::conjecture {

/// Buffers that are used again from tuple to tuple.
class tuple_labelling {
 public:
  using images = std::vector<groups::point>;

  /// The labelling of `tuple`, whose image arrays have `degree` entries each. O(degree^2 * tuple size).
  void run(std::span<const images* const> tuple, std::size_t degree);

  /// Equal for two tuples of one size and degree exactly when they are conjugate.
  const std::vector<groups::point>& form() const noexcept { return form_; }
  /// order()[i] is the point that gets the label i.
  const std::vector<groups::point>& order() const noexcept { return order_; }

  /// Generators of the centralizer of the tuple of the last run in S_n, as image arrays: roots of one orbit that look the same, and orbits
  /// that look the same change places.
  std::vector<images> centralizer(std::span<const images* const> tuple) const;

 private:
  struct orbit {
    std::size_t begin = 0, size = 0;  // in found_ and, times the size of the tuple, in tables_
  };

  /// Numbers the orbit from `root`; gives up and returns false once the table is above the best one. `number` is as before afterwards.
  bool number_from(std::span<const images* const> tuple, groups::point root, const groups::point* best, std::vector<groups::point>& order,
                   std::vector<groups::point>& table, std::vector<groups::point>& number) const;
  int compare(const orbit& a, const orbit& b) const;

  std::size_t degree_ = 0, tuple_size_ = 0;
  std::vector<groups::point> form_, order_;
  std::vector<orbit> orbits_;                   // in the order of the form
  std::vector<groups::point> found_, tables_;   // of the best root of each orbit
  std::vector<groups::point> trial_order_, trial_table_, number_;
  std::vector<char> seen_;
};

}  // namespace cosetta::conjecture
