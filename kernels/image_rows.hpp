// Products of permutations held as rows of images of one, two or four bytes: the inner loop of stabilizer chains.
//
// A row is padded with the identity to `padded_images` entries, so that a product is a whole number of vectors: one
// `vpermb` up to 64 points, `vpermi2b` pairs up to 256 (AVX-512 VBMI). Two- and four-byte rows are read by scalar loads:
// gathers gain nothing on the processors measured.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

template <class Image>
using compose_images_function = void (*)(const Image* a, const Image* b, Image* out, std::size_t padded);

/// Entries of a padded row of `degree` images. Precondition: every image fits an Image.
template <class Image>
std::size_t padded_images(std::size_t degree) noexcept;

/// out[i] = b[a[i]] for i < padded: first a, then b. `out` may be `a`, not `b`. Rows are 64-byte aligned.
/// Precondition: is_supported(set); `padded` is a value of padded_images<Image>.
template <class Image>
compose_images_function<Image> compose_images_for(instruction_set set, std::size_t padded) noexcept;

/// out[a[i]] = i. `out` is not `a`.
template <class Image>
void invert_images(const Image* a, Image* out, std::size_t padded) noexcept {
  for (std::size_t i = 0; i < padded; ++i) out[a[i]] = static_cast<Image>(i);
}

}  // namespace cosetta::kernels
