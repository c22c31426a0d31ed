// Random elements of a permutation group together with short paths back to chosen points: near-uniform elements of a
// point stabilizer without a stabilizer chain.
//
// A few random elements, taken as generators, give Schreier trees of logarithmic depth, whatever the depth under the
// given ones (Cooperman, Finkelstein, Sarawagi 1990). They may miss part of an orbit, and nobody may rely on more than
// this: every path that is returned is one, and every element is in the group.
#pragma once

#include <groups/image_domain.hpp>
#include <groups/permutation.hpp>
#include <groups/product_replacement.hpp>
#include <groups/row_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::groups {

class random_transversal {
 public:
  using row = const std::uint32_t*;  // images of all points

  /// Preconditions: at least one generator; all of the given degree, which is not 0.
  random_transversal(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed);
  random_transversal(const random_transversal&) = delete;
  random_transversal& operator=(const random_transversal&) = delete;

  /// Grows a tree from `root`. Precondition: no other root is in its orbit.
  void add_root(point root);

  /// A nearly uniform random element; valid until the next call.
  row next() { return source_.next(); }

  /// Elements that, one after the other, take x to the root of its orbit; nothing where no tree has reached x. Valid
  /// until the next call.
  std::optional<std::span<const row>> path_to_root(point x);

 private:
  static constexpr std::uint8_t unreached = 0xff;
  static constexpr std::uint8_t at_root = 0xfe;

  image_domain<std::uint32_t> domain_;
  product_replacement<image_domain<std::uint32_t>> source_;
  row_pool<std::uint32_t> pool_;
  std::vector<row> elements_, inverses_;
  std::vector<std::uint8_t> labels_;  // the element that led to each point
  std::vector<row> path_;
};

}  // namespace cosetta::groups
