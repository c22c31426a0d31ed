// Permutations as rows of images, for the chain templates: how elements multiply and how they move points.
//
// A domain gives: `scalar`, the unit of a row; `point`; row_size(); compose (first a, then b; out may be a), invert,
// set_identity, is_identity; image(point, row); moved_point(row), a point that a non-identity row moves; and
// `orbit_index`, which finds where in an orbit a point stands. vector_domain.hpp is the other model.
#pragma once

#include <kernels/image_rows.hpp>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace cosetta::groups {

inline constexpr std::uint32_t absent = ~std::uint32_t{0};

template <class Image>
class image_domain {
 public:
  using scalar = Image;
  using point = std::uint32_t;

  explicit image_domain(std::size_t degree)
      : degree_(degree),
        padded_(kernels::padded_images<Image>(degree)),
        compose_(kernels::compose_images_for<Image>(kernels::best_instruction_set(), padded_)),
        identity_(padded_) {
    for (std::size_t i = 0; i < padded_; ++i) identity_[i] = static_cast<Image>(i);
  }

  std::size_t degree() const noexcept { return degree_; }
  std::size_t row_size() const noexcept { return padded_; }
  void compose(const Image* a, const Image* b, Image* out) const noexcept { compose_(a, b, out, padded_); }
  void invert(const Image* a, Image* out) const noexcept { kernels::invert_images(a, out, padded_); }
  void copy(const Image* from, Image* to) const noexcept { std::memcpy(to, from, padded_ * sizeof(Image)); }
  void set_identity(Image* row) const noexcept { copy(identity_.data(), row); }
  bool is_identity(const Image* row) const noexcept {
    return std::memcmp(row, identity_.data(), degree_ * sizeof(Image)) == 0;
  }
  bool equal(const Image* a, const Image* b) const noexcept { return std::memcmp(a, b, degree_ * sizeof(Image)) == 0; }
  point image(point p, const Image* row) const noexcept { return row[p]; }
  /// Precondition: the row is not the identity.
  point moved_point(const Image* row) const noexcept {
    point p = 0;
    while (row[p] == p) ++p;
    return p;
  }

  class orbit_index {
   public:
    explicit orbit_index(const image_domain& domain) : position_(domain.degree(), absent) {}
    std::uint32_t find(point p) const noexcept { return position_[p]; }
    void insert(point p, std::uint32_t position) noexcept { position_[p] = position; }

   private:
    std::vector<std::uint32_t> position_;
  };

 private:
  std::size_t degree_;
  std::size_t padded_;
  kernels::compose_images_function<Image> compose_;
  std::vector<Image> identity_;
};

}  // namespace cosetta::groups
