// The kernels of pair sums written once; included by one translation unit for each instruction set, which defines
// COSETTA_VARIANT (a namespace) and is compiled with the flags of that set. Everything here has internal linkage.
#include <algorithm>
#include <cstring>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <kernels/pair_sums.hpp>

namespace cosetta::kernels {
namespace {

template <std::size_t Entries>  // of a table's row; 0: any
void sum_singly(const pair_sums& what, const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint32_t* out) {
  const std::size_t entries = Entries != 0 ? Entries : pair_sums::row_entries(what.size());
  const auto& pairs = what.pairs();
  for (std::size_t i = 0; i < count; ++i, rows += stride) {
    std::uint32_t sum = 0;
    for (const auto& p : pairs) sum += what.table(p.table)[rows[p.first] * entries + rows[p.second]];
    out[i] = sum;
  }
}

[[maybe_unused]] void sum_scalar(const pair_sums& what, const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint32_t* out) {
  switch (pair_sums::row_entries(what.size())) {
    case 16:
      return sum_singly<16>(what, rows, stride, count, out);
    case 32:
      return sum_singly<32>(what, rows, stride, count, out);
    case 64:
      return sum_singly<64>(what, rows, stride, count, out);
    default:
      return sum_singly<0>(what, rows, stride, count, out);
  }
}

#if defined(__AVX512VBMI__)

constexpr std::size_t lanes = 64;  // rows at a time

/// 64 rows of Stride bytes become Stride rows of 64 bytes, in `a`. One step sends the even bytes of all to the front and the odd ones to the
/// back: it rotates the number of a byte by one bit, so that after log2 Stride steps byte v of row r lies at 64 v + r.
template <std::size_t Stride>
void transpose(std::uint8_t* a, std::uint8_t* b) {
  alignas(64) std::uint8_t numbers[128];
  for (int i = 0; i < 64; ++i) numbers[i] = static_cast<std::uint8_t>(2 * i), numbers[64 + i] = static_cast<std::uint8_t>(2 * i + 1);
  const __m512i even = _mm512_load_si512(numbers), odd = _mm512_load_si512(numbers + 64);
  for (std::size_t step = 1; step < Stride; step *= 2) {
    for (std::size_t i = 0; i < Stride / 2; ++i) {
      const __m512i low = _mm512_load_si512(a + 128 * i), high = _mm512_load_si512(a + 128 * i + 64);
      _mm512_store_si512(b + 64 * i, _mm512_permutex2var_epi8(low, even, high));
      _mm512_store_si512(b + 64 * (i + Stride / 2), _mm512_permutex2var_epi8(low, odd, high));
    }
    std::swap(a, b);
  }
}

/// Sums of 64 lanes: bytes that are widened before they overflow, into 16 bits, and those into 32.
class lane_sums {
 public:
  explicit lane_sums(unsigned entries_of_a_byte) : limit_(entries_of_a_byte) {}
  void add(__m512i entries) {
    bytes_ = _mm512_add_epi8(bytes_, entries);
    if (++in_bytes_ == limit_) widen();
  }
  void store(std::uint32_t* out) {
    widen();
    spill();
    alignas(64) std::uint32_t sums[4][16];
    for (int i = 0; i < 4; ++i) _mm512_store_si512(sums[i], quarters_[i]);
    for (std::size_t i = 0; i < lanes; ++i) out[i] = sums[i % 4][i / 4];
  }

 private:
  void widen() {
    even_ = _mm512_add_epi16(even_, _mm512_and_si512(bytes_, _mm512_set1_epi16(255)));
    odd_ = _mm512_add_epi16(odd_, _mm512_srli_epi16(bytes_, 8));
    bytes_ = _mm512_setzero_si512();
    in_bytes_ = 0;
    if (++in_words_ == 257) spill();  // 257 * 255 = 2^16 - 1
  }
  void spill() {
    const __m512i low = _mm512_set1_epi32(0xffff);
    quarters_[0] = _mm512_add_epi32(quarters_[0], _mm512_and_si512(even_, low));
    quarters_[1] = _mm512_add_epi32(quarters_[1], _mm512_and_si512(odd_, low));
    quarters_[2] = _mm512_add_epi32(quarters_[2], _mm512_srli_epi32(even_, 16));
    quarters_[3] = _mm512_add_epi32(quarters_[3], _mm512_srli_epi32(odd_, 16));
    even_ = odd_ = _mm512_setzero_si512();
    in_words_ = 0;
  }

  unsigned limit_, in_bytes_ = 0, in_words_ = 0;
  __m512i bytes_ = _mm512_setzero_si512(), even_ = _mm512_setzero_si512(), odd_ = _mm512_setzero_si512();
  __m512i quarters_[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
};

/// Of 64 transposed rows. An index a << Shift | b has its low 7 bits in `part` of the table, and a >> (7 - Shift) is the part's number. Parts: 0: many.
template <unsigned Shift, unsigned Parts>
void sum_columns(const pair_sums& what, const std::uint8_t* columns, std::uint32_t* out) {
  constexpr std::size_t most_parts = Parts != 0 ? Parts : 32;
  const std::size_t parts = Parts != 0 ? Parts : (what.size() + (128 >> Shift) - 1) >> (7 - Shift);
  lane_sums sums(what.entries_of_a_byte());
  const auto* pair = what.pairs().data();
  const auto* const end = pair + what.pairs().size();
  while (pair != end) {
    const std::size_t first = pair->first;
    const __m512i a = _mm512_load_si512(columns + 64 * first);
    const __m512i row = _mm512_and_si512(_mm512_slli_epi16(a, Shift), _mm512_set1_epi8(static_cast<char>(128 - (1 << Shift))));
    const __m512i number = _mm512_and_si512(_mm512_srli_epi16(a, 7 - Shift), _mm512_set1_epi8((1 << (Shift + 1)) - 1));
    __mmask64 masks[most_parts];
    for (std::size_t k = 0; k < parts; ++k) masks[k] = _mm512_cmpeq_epi8_mask(number, _mm512_set1_epi8(static_cast<char>(k)));
    for (; pair != end && pair->first == first; ++pair) {
      const std::uint8_t* table = what.table(pair->table);
      __m512i x = _mm512_or_si512(row, _mm512_load_si512(columns + 64 * pair->second));
      for (std::size_t k = 0; k < parts; ++k, table += 128) {
        x = _mm512_mask2_permutex2var_epi8(_mm512_load_si512(table), x, masks[k], _mm512_load_si512(table + 64));
      }
      sums.add(x);
    }
  }
  sums.store(out);
}

template <std::size_t Stride, unsigned Shift>
void sum_vectors(const pair_sums& what, const std::uint8_t* rows, std::size_t count, std::uint32_t* out) {
  constexpr bool swapped = Shift % 2 == 1;  // where an odd number of steps ends
  static_assert(Stride == 1 << Shift);
  alignas(64) std::uint8_t a[lanes * Stride], b[lanes * Stride];
  alignas(64) std::uint32_t last[lanes];
  for (std::size_t i = 0; i < count; i += lanes) {
    const std::size_t now = std::min(lanes, count - i);
    std::memcpy(a, rows + i * Stride, now * Stride);
    if (now < lanes) std::memset(a + now * Stride, 0, (lanes - now) * Stride);
    transpose<Stride>(a, b);
    const std::uint8_t* columns = swapped ? b : a;
    std::uint32_t* to = now < lanes ? last : out + i;
    const std::size_t parts = (what.size() + (128 >> Shift) - 1) >> (7 - Shift);
    switch (Shift < 6 ? parts : 0) {
      case 1:
        sum_columns<Shift, 1>(what, columns, to);
        break;
      case 2:
        sum_columns<Shift, 2>(what, columns, to);
        break;
      case 5:
        sum_columns<Shift, 5>(what, columns, to);
        break;
      case 6:
        sum_columns<Shift, 6>(what, columns, to);
        break;
      case 7:
        sum_columns<Shift, 7>(what, columns, to);
        break;
      case 8:
        sum_columns<Shift, 8>(what, columns, to);
        break;
      default:
        sum_columns<Shift, 0>(what, columns, to);
    }
    if (now < lanes) std::copy_n(last, now, out + i);
  }
}

void sum(const pair_sums& what, const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint32_t* out) {
  switch (what.size() > 64 ? 0 : stride) {
    case 16:
      return sum_vectors<16, 4>(what, rows, count, out);
    case 32:
      return sum_vectors<32, 5>(what, rows, count, out);
    case 64:
      return sum_vectors<64, 6>(what, rows, count, out);
    default:
      return sum_scalar(what, rows, stride, count, out);
  }
}

#else
void sum(const pair_sums& what, const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint32_t* out) {
  sum_scalar(what, rows, stride, count, out);
}
#endif

}  // namespace

namespace COSETTA_VARIANT {
extern const pair_sum_kernels sum_kernels;
const pair_sum_kernels sum_kernels{COSETTA_SET, sum};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
