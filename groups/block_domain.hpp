// The blocks of a block system on an orbit as points, each named by one of its points, for the chain templates:
// elements are those of the domain below. The interface is that of image_domain.hpp.
#pragma once

#include <groups/orbit_tree.hpp>

#include <cstdint>
#include <vector>

namespace cosetta::groups {

template <class Domain>
class block_domain {
 public:
  using scalar = typename Domain::scalar;
  using point = typename Domain::point;

  /// `representative[i]` is the place in the orbit of the point that names the block of the i-th one. The arguments
  /// must outlive this.
  block_domain(const Domain& domain, const orbit_tree<Domain>& orbit, const std::vector<std::uint32_t>& representative)
      : domain_(&domain), orbit_(&orbit), representative_(&representative) {}

  std::size_t row_size() const noexcept { return domain_->row_size(); }
  void compose(const scalar* a, const scalar* b, scalar* out) const { domain_->compose(a, b, out); }
  /// Precondition: the row preserves the block system.
  point image(const point& p, const scalar* row) const {
    return orbit_->points()[(*representative_)[orbit_->find(domain_->image(p, row))]];
  }

  class orbit_index : public Domain::orbit_index {
   public:
    explicit orbit_index(const block_domain& blocks) : Domain::orbit_index(*blocks.domain_) {}
  };

 private:
  const Domain* domain_;
  const orbit_tree<Domain>* orbit_;
  const std::vector<std::uint32_t>* representative_;
};

}  // namespace cosetta::groups
