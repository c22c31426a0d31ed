#include <kernels/byte_permutation.hpp>

#include <cstring>
#if defined(COSETTA_X86)
#include <immintrin.h>
#endif

namespace cosetta::kernels {

namespace {

void compose_scalar(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) {
  std::uint8_t product[small_degree];
  for (std::size_t i = 0; i < small_degree; ++i) product[i] = b[a[i]];
  std::memcpy(out, product, small_degree);
}

#if defined(COSETTA_X86)
__attribute__((target("avx2"))) void compose_avx2(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) {
  const auto* from = reinterpret_cast<const __m128i*>(b);
  __m256i product[2];
  for (int half = 0; half < 2; ++half) {
    const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a) + half);
    product[half] = _mm256_setzero_si256();
    for (int quarter = 0; quarter < 4; ++quarter) {
      // Adding 0x70 leaves the top bit clear, and so the byte alive, only where the index lies in this quarter of b.
      const __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128(from + quarter));
      const __m256i local = _mm256_xor_si256(index, _mm256_set1_epi8(static_cast<char>(quarter << 4)));
      const __m256i select = _mm256_add_epi8(local, _mm256_set1_epi8(0x70));
      product[half] = _mm256_or_si256(product[half], _mm256_shuffle_epi8(table, select));
    }
  }
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), product[0]);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + 1, product[1]);
}

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void compose_avx512(const std::uint8_t* a, const std::uint8_t* b,
                                                                           std::uint8_t* out) {
  _mm512_storeu_si512(out, _mm512_permutexvar_epi8(_mm512_loadu_si512(a), _mm512_loadu_si512(b)));
}
#endif

}  // namespace

compose_bytes_function compose_bytes_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return compose_avx512;
  if (set == instruction_set::avx2) return compose_avx2;
#endif
  static_cast<void>(set);
  return compose_scalar;
}

void compose_bytes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept {
  static const compose_bytes_function compose = compose_bytes_for(best_instruction_set());
  compose(a, b, out);
}

}  // namespace cosetta::kernels
