// Permutations of {0, ..., n-1} with the degree chosen at run time.
//
// A permutation is its image array: p[i] is the image of i. Products are GAP's, left to right: (a * b)[i] = b[a[i]],
// first a, then b. Points count from 0; text in GAP's counting goes through `first_point = 1`.
// Storage: one byte a point up to degree 256, two up to 65536, four beyond; up to degree 64 the images lie in the
// object itself, padded with the identity, so that a product is one or a few vector instructions.
#pragma once

#include <kernels/byte_permutation.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

using point = std::uint32_t;

/// The largest degree that parsers and the catalogue accept: a million points, 4 MiB a permutation.
inline constexpr std::size_t max_degree = std::size_t{1} << 20;

class permutation {
 public:
  /// The permutation of no points.
  permutation() : permutation(0) {}

  /// The identity of the given degree.
  explicit permutation(std::size_t degree);

  /// Trusts that `images` is a bijection of {0, ..., images.size() - 1}; `make_permutation` checks.
  explicit permutation(std::span<const point> images);

  std::size_t degree() const noexcept { return degree_; }

  /// The image of `i`. Precondition: i < degree().
  point operator[](std::size_t i) const noexcept {
    if (degree_ <= kernels::small_degree) return small_[i];
    if (width_ == 1) return large_[i];
    if (width_ == 2) return load<std::uint16_t>(i);
    return load<std::uint32_t>(i);
  }

  std::vector<point> images() const;
  /// Bytes an image: 1 up to degree 256, 2 up to 65536, 4 beyond.
  std::size_t image_width() const noexcept { return width_; }
  /// degree() images of image_width() bytes each.
  const std::uint8_t* image_bytes() const noexcept { return degree_ <= kernels::small_degree ? small_.data() : large_.data(); }
  /// The permutation with such images; trusts them.
  static permutation from_image_bytes(const void* images, std::size_t degree);

  /// First *this, then `then`. Precondition: equal degrees.
  permutation operator*(const permutation& then) const;
  permutation inverse() const;
  /// The power with any exponent, negative ones included; linear in the degree whatever the exponent.
  permutation pow(const mpz_class& exponent) const;
  bool is_identity() const noexcept;

  bool operator==(const permutation& other) const noexcept;
  /// By degree, then lexicographically by images.
  std::strong_ordering operator<=>(const permutation& other) const noexcept;

  std::size_t hash() const noexcept;

 private:
  template <class Image>
  Image load(std::size_t i) const noexcept {
    Image image;
    __builtin_memcpy(&image, large_.data() + i * sizeof(Image), sizeof(Image));
    return image;
  }
  void set(std::size_t i, point image) noexcept;

  std::uint32_t degree_ = 0;
  std::uint32_t width_ = 1;  // bytes an image
  std::array<std::uint8_t, kernels::small_degree> small_;
  std::vector<std::uint8_t> large_;
};

/// Checks that `images` is a bijection; throws domain_error naming the first bad position.
permutation make_permutation(std::span<const point> images);

/// The product of the given cycles, applied left to right. Throws domain_error on a point >= degree or a point that
/// occurs twice in one cycle.
permutation make_permutation_from_cycles(std::span<const std::vector<point>> cycles, std::size_t degree);

/// The transposition of i and j. Preconditions: i != j, both < degree.
permutation transposition(std::size_t degree, point i, point j);

/// Reads one-line "[1,0,2]" or "1 0 2", or cycles "(0 1)(2 3)", "()". Cycles take their degree from `degree`, or from
/// the largest point. Throws parse_error or domain_error.
permutation parse_permutation(std::string_view text, std::optional<std::size_t> degree = std::nullopt,
                              point first_point = 0);

/// "[1,0,2]"
std::string to_one_line(const permutation& p, point first_point = 0);
/// "(0 1)(3 5 4)"; the identity is "()". `separator` is ',' for GAP.
std::string to_cycles(const permutation& p, point first_point = 0, char separator = ' ');

/// The cycles of length at least two, each from its smallest point, by smallest points.
std::vector<std::vector<point>> cycles(const permutation& p);
/// Lengths of all cycles, fixed points included, in descending order: a partition of the degree.
std::vector<std::size_t> cycle_type(const permutation& p);
/// +1 or -1.
int sign(const permutation& p);
/// The least k > 0 with p^k = 1.
mpz_class order(const permutation& p);
/// a^-1 b^-1 a b.
permutation commutator(const permutation& a, const permutation& b);
/// a on the first points, b on as many points after them as it has.
permutation beside(const permutation& a, const permutation& b);

}  // namespace cosetta::groups

template <>
struct std::hash<cosetta::groups::permutation> {
  std::size_t operator()(const cosetta::groups::permutation& p) const noexcept { return p.hash(); }
};
