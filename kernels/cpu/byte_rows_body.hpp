// The kernels of byte rows written once; included by one translation unit for each instruction set, which defines
// COSETTA_VARIANT (a namespace) and is compiled with the flags of that set. Everything here has internal linkage.
#include <array>
#include <cstring>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <kernels/byte_rows.hpp>
#include <kernels/prefetch.hpp>

namespace cosetta::kernels {
namespace {

__extension__ using wide = unsigned __int128;

template <std::size_t Stride>
inline std::uint64_t key_of(const std::uint8_t* row, std::size_t stride) {
  if (Stride != 0) stride = Stride;
  wide sum = 0;
  for (std::size_t i = 0; i < stride / 8; i += 2) {
    std::uint64_t word[2];
    std::memcpy(word, row + 8 * i, 16);
    sum += static_cast<wide>(word[0] + byte_row_constants[i]) * (word[1] + byte_row_constants[i + 1]);
  }
  std::uint64_t key = static_cast<std::uint64_t>(sum) ^ static_cast<std::uint64_t>(sum >> 64);
  key = (key ^ key >> 31) * 0x9e3779b97f4a7c15;
  return key ^ key >> 32;
}

/// Stride 0: any.
template <std::size_t Stride>
inline void move_row(const std::uint8_t* row, const std::uint8_t* table, std::size_t stride, std::uint8_t* out) {
#if defined(__AVX512VBMI__)
  if constexpr (Stride == 16) {
    const auto from = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row)), by = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(by, from));
  }
  if constexpr (Stride == 32) {
    const auto from = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row)), by = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table));
    return _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_permutexvar_epi8(from, by));
  }
  if constexpr (Stride == 64) return _mm512_storeu_si512(out, _mm512_permutexvar_epi8(_mm512_loadu_si512(row), _mm512_loadu_si512(table)));
#endif
  if (Stride != 0) stride = Stride;
  for (std::size_t i = 0; i < stride; ++i) out[i] = table[row[i]];
}

template <std::size_t Stride>
void move_all(const std::uint8_t* rows, const std::uint8_t* tables, std::size_t stride, const moved_row* what, std::size_t count, std::uint8_t* out,
              std::uint64_t* keys) {
  if (Stride != 0) stride = Stride;
  constexpr std::size_t ahead = 32;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + ahead < count) prefetch(rows + what[i + ahead].row * stride);
    move_row<Stride>(rows + what[i].row * stride, tables + what[i].move * stride, stride, out + i * stride);
  }
  if (keys == nullptr) return;
  for (std::size_t i = 0; i < count; ++i) keys[i] = key_of<Stride>(out + i * stride, stride);
}

void move(const std::uint8_t* rows, const std::uint8_t* tables, std::size_t stride, const moved_row* what, std::size_t count, std::uint8_t* out,
          std::uint64_t* keys) {
  switch (stride) {
    case 16:
      return move_all<16>(rows, tables, stride, what, count, out, keys);
    case 32:
      return move_all<32>(rows, tables, stride, what, count, out, keys);
    case 64:
      return move_all<64>(rows, tables, stride, what, count, out, keys);
    default:
      return move_all<0>(rows, tables, stride, what, count, out, keys);
  }
}

}  // namespace

namespace COSETTA_VARIANT {
extern const byte_row_kernels byte_kernels;
const byte_row_kernels byte_kernels{COSETTA_SET, move};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
