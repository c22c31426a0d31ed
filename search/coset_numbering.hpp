// The right cosets H q of H = H_level, a pointwise stabilizer in a chain, by number, and the lexicographically least
// representative of each.
//
// H q is determined by the images under q of the first `level` base points, and numbered by the chain's mixed radix of
// them, the identity's coset 0. Only the images of these points and of the support of H are ever kept ("tracked"): a few
// bytes, whatever the degree. The representative takes, base point by base point of H, the least image that any element of
// the coset left has. Let Q be the pointwise stabilizer of supp(H): q Q-translates then have the representatives of q
// translated, for the choice reads images of supp(H) only; so for the symmetric group the patterns of a coset tower depend
// on a set of points only, without any special case. Internal to search/.
#pragma once

#include <groups/listed_group.hpp>
#include <groups/stabilizer_chain.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::search {

class coset_numbering {
 public:
  using point = std::uint16_t;

  /// `extra`: more points to track, which H does not move. Precondition: degree at most 65535.
  coset_numbering(const groups::stabilizer_chain& chain, std::size_t level, const groups::listed_group& h,
                  std::span<const groups::point> extra = {});

  std::uint64_t count() const noexcept { return count_; }
  /// Tracked points: the first base points, then the support of H in ascending order, then the extra ones.
  std::size_t tracked() const noexcept { return tracked_.size(); }
  std::span<const point> tracked_points() const noexcept { return tracked_; }

  /// The coset of an element that takes the tracked points (at least the base points) to `images`.
  std::uint64_t number(const point* images) const noexcept;

  std::size_t levels() const noexcept { return level_; }

  /// Writes the images of the tracked points under the representative of coset c.
  void representative(std::uint64_t c, point* images) const noexcept;

  /// The element h of H with y = h q, for images y and q of the same coset: by the images of H's base.
  std::uint32_t quotient(const point* y, const point* q, std::vector<point>& scratch) const;

 private:
  struct upper_level {
    std::uint32_t size;
    std::vector<std::uint32_t> position;  // of a point in the orbit
    std::vector<point> rows, inverse_rows;  // of the transversal, `degree` images each
  };
  struct lower_level {  // in places of the support
    std::vector<groups::listed_group::local> orbit;
    std::vector<groups::listed_group::local> rows;  // one for each point of the orbit
  };

  std::size_t level_;
  std::size_t degree_;
  std::uint64_t count_ = 1;
  const groups::listed_group* h_;
  std::vector<upper_level> upper_;
  std::vector<lower_level> lower_;
  std::vector<groups::point> support_;
  std::vector<point> tracked_;
};

}  // namespace cosetta::search
