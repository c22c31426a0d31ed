#include <kernels/byte_permutation.hpp>
#include <kernels/image_rows.hpp>

#if defined(COSETTA_X86)
#include <immintrin.h>
#endif

namespace cosetta::kernels {

namespace {

template <class Image>
void compose_scalar(const Image* a, const Image* b, Image* out, std::size_t padded) {
  for (std::size_t i = 0; i < padded; i += 8) {
    const Image p0 = b[a[i]], p1 = b[a[i + 1]], p2 = b[a[i + 2]], p3 = b[a[i + 3]];
    const Image p4 = b[a[i + 4]], p5 = b[a[i + 5]], p6 = b[a[i + 6]], p7 = b[a[i + 7]];
    out[i] = p0, out[i + 1] = p1, out[i + 2] = p2, out[i + 3] = p3;
    out[i + 4] = p4, out[i + 5] = p5, out[i + 6] = p6, out[i + 7] = p7;
  }
}

#if defined(COSETTA_X86)
void compose_64_avx2(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t) {
  static const auto compose = compose_bytes_for(instruction_set::avx2);
  compose(a, b, out);
}

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void compose_64_avx512(const std::uint8_t* a, const std::uint8_t* b,
                                                                              std::uint8_t* out, std::size_t) {
  _mm512_store_si512(out, _mm512_permutexvar_epi8(_mm512_load_si512(a), _mm512_load_si512(b)));
}

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void compose_128_avx512(const std::uint8_t* a, const std::uint8_t* b,
                                                                               std::uint8_t* out, std::size_t) {
  const __m512i low = _mm512_load_si512(b), high = _mm512_load_si512(b + 64);
  const __m512i first = _mm512_permutex2var_epi8(low, _mm512_load_si512(a), high);
  const __m512i second = _mm512_permutex2var_epi8(low, _mm512_load_si512(a + 64), high);
  _mm512_store_si512(out, first);
  _mm512_store_si512(out + 64, second);
}

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void compose_256_avx512(const std::uint8_t* a, const std::uint8_t* b,
                                                                               std::uint8_t* out, std::size_t padded) {
  const __m512i b0 = _mm512_load_si512(b), b1 = _mm512_load_si512(b + 64);
  const __m512i b2 = _mm512_load_si512(b + 128), b3 = _mm512_load_si512(b + 192);
  for (std::size_t i = 0; i < padded; i += 64) {
    const __m512i index = _mm512_load_si512(a + i);
    const __m512i below = _mm512_permutex2var_epi8(b0, index, b1), above = _mm512_permutex2var_epi8(b2, index, b3);
    _mm512_store_si512(out + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), below, above));
  }
}
#endif

}  // namespace

template <>
std::size_t padded_images<std::uint8_t>(std::size_t degree) noexcept {
  return degree <= 64 ? 64 : degree <= 128 ? 128 : 256;
}
template <>
std::size_t padded_images<std::uint16_t>(std::size_t degree) noexcept {
  return (degree + 31) / 32 * 32;
}
template <>
std::size_t padded_images<std::uint32_t>(std::size_t degree) noexcept {
  return (degree + 15) / 16 * 16;
}

template <>
compose_images_function<std::uint8_t> compose_images_for(instruction_set set, std::size_t padded) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return padded == 64 ? compose_64_avx512 : padded == 128 ? compose_128_avx512 : compose_256_avx512;
  if (set == instruction_set::avx2 && padded == 64) return compose_64_avx2;
#endif
  static_cast<void>(set), static_cast<void>(padded);
  return compose_scalar<std::uint8_t>;
}
template <>
compose_images_function<std::uint16_t> compose_images_for(instruction_set, std::size_t) noexcept {
  return compose_scalar<std::uint16_t>;
}
template <>
compose_images_function<std::uint32_t> compose_images_for(instruction_set, std::size_t) noexcept {
  return compose_scalar<std::uint32_t>;
}

}  // namespace cosetta::kernels
