// The row kernels written once; included by one translation unit for each instruction set, which defines
// COSETTA_VARIANT (a namespace) and is compiled with the flags of that set. Everything here has internal linkage.
//
// A rotation of an m-bit number by s is (x << s) | (x >> (m - s)), cut to m bits. Over a row of words each half is a
// funnel shift: a word of the result takes its bits from two neighbouring words of the source.
#include <algorithm>
#include <cstring>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <kernels/bit_rows.hpp>

namespace cosetta::kernels {
namespace {

inline bool test_bit(const std::uint64_t* bits, std::uint32_t i) {
  return (bits[i / 64] >> (i % 64) & 1) != 0;
}

// ------------------------------------------------------------------------------------------ rows within one word

/// A cyclic row by one number, a row of several exponents by one after the other.
template <class Row, bool Cyclic, bool Slotted>
std::uint64_t advance_narrow(const bit_rows& graph, const std::uint64_t* ball_words, std::uint64_t* next_words,
                             const std::uint64_t* changed, const std::uint32_t* rows, std::size_t count,
                             std::uint8_t* marks) {
  const auto at = [](const std::uint64_t* words, std::size_t i) {
    Row row;
    std::memcpy(&row, reinterpret_cast<const unsigned char*>(words) + i * sizeof(Row), sizeof row);
    return std::uint64_t{row};
  };
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - graph.length);
  const unsigned m = graph.length, d = graph.generators;
  const auto slot = [&graph](std::uint32_t row) { return Slotted ? graph.slots[row] : row; };
  std::uint64_t fresh_bits = 0;
  std::size_t moved = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t r = rows[i];
    const std::uint32_t* sources = graph.sources + std::size_t{r} * d;
    const std::uint16_t* rotations = graph.rotations + std::size_t{r} * d;
    const std::uint64_t own = at(ball_words, r);
    std::uint64_t all = own;
    for (unsigned g = 0; g < d; ++g) {
      if (Slotted && !test_bit(changed, sources[g])) continue;  // it may have become another already
      std::uint64_t x = at(ball_words, slot(sources[g]));
      const unsigned s = rotations[g];
      if constexpr (Cyclic) {
        all |= x << s | x >> 1 >> (m - s - 1);
      } else {
        const row_turns::turn* turn = (*graph.turns)[s];
        for (unsigned j = 0; j < graph.turns->exponents(); ++j, ++turn) {
          x = (x << turn->left & turn->mask) | (x >> turn->right & ~turn->mask);
        }
        all |= x;
      }
    }
    if constexpr (Cyclic) all &= mask;
    const auto row = static_cast<Row>(all);
    const std::size_t to = Slotted ? moved : r;
    moved += all != own;
    std::memcpy(reinterpret_cast<unsigned char*>(next_words) + to * sizeof(Row), &row, sizeof row);
    fresh_bits += static_cast<unsigned>(__builtin_popcountll(all ^ own));
    marks[i] = static_cast<std::uint8_t>((all != own ? row_changed : 0) | (all == mask ? row_full : 0));
  }
  return fresh_bits;
}

// ----------------------------------------------------------------------------------------------- rows of many words

/// What a row brings: those of its bits that are in `mask`, where there are masks, rotated.
struct arrival {
  const std::uint64_t* words;
  const std::uint64_t* mask;
  std::uint32_t rotation;
  std::uint64_t parts;  // words that changed, of rows of at most 64
};

struct row_shape {
  std::size_t words;
  std::uint32_t length;
  std::uint64_t last_mask;  // of the last word
};

#if defined(__AVX512F__)

inline __mmask8 lanes_from(std::ptrdiff_t n) {  // the lanes n, n + 1, ..., 7
  return static_cast<__mmask8>(n <= 0 ? 0xffu : n >= 8 ? 0u : 0xffu << n);
}
inline __mmask8 lanes_below(std::ptrdiff_t n) {  // the lanes 0, ..., n - 1
  return static_cast<__mmask8>(~lanes_from(n));
}

inline __m512i popcounts(__m512i x) {
  const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i low = _mm512_set1_epi8(15);
  const __m512i a = _mm512_shuffle_epi8(table, _mm512_and_si512(x, low));
  const __m512i b = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), low));
  return _mm512_sad_epu8(_mm512_add_epi8(a, b), _mm512_setzero_si512());
}

/// A row of up to eight words x, rotated by s > 0, before it is cut.
inline __m512i rotated(const row_shape& shape, __m512i x, std::uint32_t s) {
  const __m512i lane = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
  const std::uint32_t back = shape.length - s;
  const int q = static_cast<int>(s / 64), p = static_cast<int>(back / 64);
  const __m512i from = _mm512_sub_epi64(lane, _mm512_set1_epi64(q)), to = _mm512_add_epi64(lane, _mm512_set1_epi64(p));
  const __m512i one = _mm512_set1_epi64(1);
  const __m512i left_high = _mm512_maskz_permutexvar_epi64(lanes_from(q), from, x);
  const __m512i left_low = _mm512_maskz_permutexvar_epi64(lanes_from(q + 1), _mm512_sub_epi64(from, one), x);
  const __m512i right_low = _mm512_maskz_permutexvar_epi64(lanes_below(8 - p), to, x);
  const __m512i right_high = _mm512_maskz_permutexvar_epi64(lanes_below(7 - p), _mm512_add_epi64(to, one), x);
  const auto shift = [](std::uint32_t by) { return _mm_cvtsi32_si128(static_cast<int>(by)); };
  const __m512i left =
      _mm512_or_si512(_mm512_sll_epi64(left_high, shift(s % 64)), _mm512_srl_epi64(left_low, shift(64 - s % 64)));
  return _mm512_ternarylogic_epi64(left, _mm512_srl_epi64(right_low, shift(back % 64)),
                                   _mm512_sll_epi64(right_high, shift(64 - back % 64)), 0xfe);
}

/// Whether one of nine words from `first` on is among the parts of a row of at most 64 words.
inline bool touches(std::uint64_t parts, std::ptrdiff_t first) {
  return ((first >= 0 ? parts >> first : parts << -first) & 0x1ff) != 0;
}

/// advance_row where a row is one vector.
template <bool Masked>
[[gnu::always_inline]] inline std::uint8_t advance_short_row(const row_shape& shape, const std::uint64_t* own, std::uint64_t* out,
                                      const arrival* arrivals, std::size_t count, __m512i& fresh_bits) {
  const auto words = static_cast<std::ptrdiff_t>(shape.words);
  const __mmask8 inside = lanes_below(words);
  const __m512i before = _mm512_maskz_loadu_epi64(inside, own);
  const __m512i mask = _mm512_mask_mov_epi64(_mm512_maskz_set1_epi64(inside, -1), lanes_from(words - 1) & inside,
                                             _mm512_set1_epi64(static_cast<long long>(shape.last_mask)));
  __m512i all = before;
  for (std::size_t a = 0; a < count; ++a) {
    __m512i x = _mm512_maskz_loadu_epi64(inside, arrivals[a].words);
    if constexpr (Masked) x = _mm512_and_si512(x, _mm512_maskz_loadu_epi64(inside, arrivals[a].mask));
    all = _mm512_or_si512(all, arrivals[a].rotation == 0 ? x : rotated(shape, x, arrivals[a].rotation));
  }
  all = _mm512_and_si512(all, mask);
  _mm512_mask_storeu_epi64(out, inside, all);
  const __m512i fresh = _mm512_xor_si512(all, before);
  const bool changed = _mm512_test_epi64_mask(fresh, fresh) != 0;
  if (changed) fresh_bits = _mm512_add_epi64(fresh_bits, popcounts(fresh));
  return static_cast<std::uint8_t>((changed ? row_changed : 0) |
                                   (_mm512_cmpneq_epi64_mask(all, mask) == 0 ? row_full : 0));
}

/// One row; adds its new bits to `fresh_bits` and tells its new words to `parts`.
template <bool Masked, bool Parts>
[[gnu::always_inline]] inline std::uint8_t advance_row(const row_shape& shape, const std::uint64_t* own, std::uint64_t* out,
                                const arrival* arrivals, std::size_t count, __m512i& fresh_bits, std::uint64_t& parts) {
  if (shape.words <= 8) return advance_short_row<Masked>(shape, own, out, arrivals, count, fresh_bits);
  const auto words = static_cast<std::ptrdiff_t>(shape.words);
  __mmask8 changed = 0, missing = 0;
  for (std::ptrdiff_t k = 0; k < words; k += 8) {
    const __mmask8 inside = lanes_below(words - k);
    const __m512i before = _mm512_maskz_loadu_epi64(inside, own + k);
    const __m512i mask = _mm512_mask_mov_epi64(_mm512_set1_epi64(-1), lanes_from(words - 1 - k),
                                               _mm512_set1_epi64(static_cast<long long>(shape.last_mask)));
    if (_mm512_mask_cmpneq_epi64_mask(inside, before, mask) == 0) {  // full already
      _mm512_mask_storeu_epi64(out + k, inside, before);
      continue;
    }
    __m512i all = before;
    for (std::size_t a = 0; a < count; ++a) {
      const std::uint32_t s = arrivals[a].rotation;
      const auto load = [&arrival = arrivals[a]](__mmask8 lanes, std::ptrdiff_t at) {
        const __m512i x = _mm512_maskz_loadu_epi64(lanes, arrival.words + at);
        if constexpr (!Masked) return x;
        return _mm512_maskz_and_epi64(lanes, x, _mm512_maskz_loadu_epi64(lanes, arrival.mask + at));
      };
      if (s == 0) {
        if (Parts && !touches(arrivals[a].parts, k)) continue;
        all = _mm512_or_si512(all, load(inside, k));
        continue;
      }
      const auto q = static_cast<std::ptrdiff_t>(s / 64);
      if (q < k + 8 && (!Parts || touches(arrivals[a].parts, k - q - 1))) {  // x << s
        const __m128i up = _mm_cvtsi32_si128(static_cast<int>(s % 64)),
                      down = _mm_cvtsi32_si128(static_cast<int>(64 - s % 64));
        const __m512i high = load(inside & lanes_from(q - k), k - q);
        const __m512i low = load(inside & lanes_from(q + 1 - k), k - q - 1);
        all = _mm512_ternarylogic_epi64(all, _mm512_sll_epi64(high, up), _mm512_srl_epi64(low, down), 0xfe);
      }
      const std::uint32_t back = shape.length - s;
      const auto p = static_cast<std::ptrdiff_t>(back / 64);
      if (k + p < words && (!Parts || touches(arrivals[a].parts, k + p))) {  // x >> (m - s)
        const __m128i up = _mm_cvtsi32_si128(static_cast<int>(64 - back % 64)),
                      down = _mm_cvtsi32_si128(static_cast<int>(back % 64));
        const __m512i low = load(lanes_below(words - k - p), k + p);
        const __m512i high = load(lanes_below(words - k - p - 1), k + p + 1);
        all = _mm512_ternarylogic_epi64(all, _mm512_srl_epi64(low, down), _mm512_sll_epi64(high, up), 0xfe);
      }
    }
    all = _mm512_and_si512(all, mask);
    _mm512_mask_storeu_epi64(out + k, inside, all);
    const __m512i fresh = _mm512_xor_si512(all, before);
    const __mmask8 here = _mm512_test_epi64_mask(fresh, fresh);
    if (here != 0) fresh_bits = _mm512_add_epi64(fresh_bits, popcounts(fresh));
    changed |= here;
    if constexpr (Parts) parts |= std::uint64_t{here} << k;
    missing |= _mm512_mask_cmpneq_epi64_mask(inside, all, mask);
  }
  return static_cast<std::uint8_t>((changed != 0 ? row_changed : 0) | (missing == 0 ? row_full : 0));
}

using bit_counter = __m512i;
inline bit_counter no_bits() {
  return _mm512_setzero_si512();
}
inline std::uint64_t total(bit_counter c) {
  return static_cast<std::uint64_t>(_mm512_reduce_add_epi64(c));
}

#else

using bit_counter = std::uint64_t;
inline bit_counter no_bits() {
  return 0;
}
inline std::uint64_t total(bit_counter c) {
  return c;
}

template <bool Masked, bool Parts>
[[gnu::always_inline]] inline std::uint8_t advance_row(const row_shape& shape, const std::uint64_t* own, std::uint64_t* out,
                                const arrival* arrivals, std::size_t count, bit_counter& fresh_bits,
                                std::uint64_t& parts) {
  const std::size_t words = shape.words;
  std::uint64_t aside[max_row_length / 64];
  std::uint64_t* const place = out;
  if (own == place) out = aside;  // what the row was is needed once more
  std::copy(own, own + words, out);
  for (std::size_t a = 0; a < count; ++a) {
    const auto x = [&arrival = arrivals[a]](std::size_t i) {
      return Masked ? arrival.words[i] & arrival.mask[i] : arrival.words[i];
    };
    const std::uint32_t s = arrivals[a].rotation;
    if (s == 0) {
      for (std::size_t i = 0; i < words; ++i) out[i] |= x(i);
      continue;
    }
    const std::size_t q = s / 64;  // x << s
    const unsigned up = s % 64;
    out[q] |= x(0) << up;
    for (std::size_t i = 1; i < words - q; ++i) out[q + i] |= x(i) << up | x(i - 1) >> 1 >> (63 - up);
    const std::uint32_t back = shape.length - s;  // x >> (m - s)
    const std::size_t p = back / 64;
    if (p >= words) continue;
    const unsigned down = back % 64;
    for (std::size_t i = 0; i + 1 < words - p; ++i) out[i] |= x(p + i) >> down | x(p + i + 1) << 1 << (63 - down);
    out[words - p - 1] |= x(words - 1) >> down;
  }
  out[words - 1] &= shape.last_mask;
  std::uint64_t fresh = 0, missing = ~out[words - 1] & shape.last_mask;
  for (std::size_t i = 0; i < words; ++i) {
    fresh += static_cast<unsigned>(__builtin_popcountll(out[i] ^ own[i]));
    if (i + 1 < words) missing |= ~out[i];
    if constexpr (Parts) parts |= std::uint64_t{out[i] != own[i]} << i;
  }
  if (out != place && fresh != 0) std::copy(out, out + words, place);
  fresh_bits += fresh;
  return static_cast<std::uint8_t>((fresh != 0 ? row_changed : 0) | (missing == 0 ? row_full : 0));
}

#endif

template <bool Masked, bool Parts, bool Slotted>
std::uint64_t advance_wide(const bit_rows& graph, const std::uint64_t* ball, std::uint64_t* next,
                           const std::uint64_t* changed, const std::uint32_t* rows, std::size_t count,
                           std::uint8_t* marks) {
  constexpr std::size_t ahead = 4;  // rows between asking for a line and reading it; slots are asked for before
  const unsigned d = graph.generators;
  const std::uint32_t m = graph.length;
  const row_shape shape{(m + 63) / 64, m, ~std::uint64_t{0} >> (-m & 63U)};
  const std::size_t fetched = std::min<std::size_t>(shape.words, 16);
  const auto row_at = [&](std::uint32_t row) { return ball + (Slotted ? graph.slots[row] : row) * shape.words; };
  const bool in_place = Slotted || ball == next;
  bit_counter fresh_bits = no_bits();
  arrival arrivals[2 * 255];
  std::size_t moved = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (Slotted && i + 3 * ahead < count) {
      const std::uint32_t* sources = graph.sources + std::size_t{rows[i + 3 * ahead]} * d;
      for (unsigned g = 0; g < d; ++g) __builtin_prefetch(graph.slots + sources[g]);
    }
    if (i + ahead < count) {
      const std::uint32_t* sources = graph.sources + std::size_t{rows[i + ahead]} * d;
      for (unsigned g = 0; g < d; ++g) {
        if (!test_bit(changed, sources[g])) continue;
        const std::uint64_t* x = row_at(sources[g]);
        for (std::size_t w = 0; w < fetched; w += 8) __builtin_prefetch(x + w);
      }
      const std::uint64_t* own = ball + rows[i + ahead] * shape.words;  // it is in its place until it is made
      for (std::size_t w = 0; w < fetched; w += 8) __builtin_prefetch(own + w);
    }
    const std::uint32_t r = rows[i];
    const std::uint32_t* sources = graph.sources + std::size_t{r} * d;
    const std::uint16_t* rotations = graph.rotations + std::size_t{r} * d;
    std::size_t arriving = 0;
    for (unsigned g = 0; g < d; ++g) {
      const bool is_changed = test_bit(changed, sources[g]);
      const std::uint64_t parts = Parts ? graph.parts[sources[g]] : 0;
      const std::uint64_t* x = row_at(sources[g]);
      if constexpr (Masked) {
        const unsigned base = graph.turns->modulus(), s = rotations[g] % base;
        if (!is_changed) continue;
        arrivals[arriving++] = {x, graph.turns->staying(s), rotations[g], parts};
        if (s != 0) arrivals[arriving++] = {x, graph.turns->wrapping(s), (rotations[g] + m - base) % m, parts};
      } else {
        arrivals[arriving] = {x, nullptr, rotations[g], parts};
        arriving += is_changed;
      }
    }
    if (in_place && arriving == 0) {
      marks[i] = 0;
      continue;
    }
    std::uint64_t next_parts = 0;
    std::uint64_t* out = next + (Slotted ? moved : r) * shape.words;
    marks[i] = advance_row<Masked, Parts>(shape, ball + r * shape.words, out, arrivals, arriving, fresh_bits, next_parts);
    moved += (marks[i] & row_changed) != 0;
    if constexpr (Parts) graph.next_parts[r] = next_parts;
  }
  return total(fresh_bits);
}

/// The variant that a graph needs.
template <bool Slotted>
auto variant_for(const bit_rows& graph) {
  const auto narrow = [&graph]<class Row>(Row) {
    return graph.turns == nullptr ? advance_narrow<Row, true, Slotted> : advance_narrow<Row, false, Slotted>;
  };
  switch (row_stride(graph.length)) {
    case 8:
      return narrow(std::uint8_t{});
    case 16:
      return narrow(std::uint16_t{});
    case 32:
      return narrow(std::uint32_t{});
    case 64:
      return narrow(std::uint64_t{});
    default:
      if (graph.parts != nullptr) {
        return graph.turns == nullptr ? advance_wide<false, true, Slotted> : advance_wide<true, true, Slotted>;
      }
      return graph.turns == nullptr ? advance_wide<false, false, Slotted> : advance_wide<true, false, Slotted>;
  }
}

std::uint64_t advance_rows(const bit_rows& graph, const std::uint64_t* ball, std::uint64_t* next,
                           const std::uint64_t* changed, const std::uint32_t* rows, std::size_t count,
                           std::uint8_t* marks) {
  const auto variant = graph.slots == nullptr ? variant_for<false>(graph) : variant_for<true>(graph);
  return variant(graph, ball, next, changed, rows, count, marks);
}

}  // namespace

namespace COSETTA_VARIANT {
extern const bit_row_kernels row_kernels;
const bit_row_kernels row_kernels{COSETTA_SET, advance_rows};
}  // namespace COSETTA_VARIANT
}  // namespace cosetta::kernels
