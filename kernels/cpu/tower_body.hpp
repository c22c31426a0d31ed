// The tower kernel, written once; included by one translation unit for each instruction set (see frontier_body.hpp).
#include <bit>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <kernels/prefetch.hpp>
#include <kernels/tower_blocks.hpp>

namespace cosetta::kernels {
namespace {

using eight_words = std::uint64_t __attribute__((vector_size(64)));

inline eight_words load(const std::uint64_t* p) {
  eight_words v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(std::uint64_t* p, const eight_words& v) {
  std::memcpy(p, &v, sizeof v);
}

/// Asks for a part of what the next job will read, one cache line of each block for every eight words done here: a burst
/// would fill the queue of outstanding misses and stall.
struct next_blocks {
  const std::uint64_t* const* begin;
  const std::uint64_t* const* end;
  std::size_t words;

  /// The share of pass `pass` out of `passes`.
  next_blocks(const block_job& job, std::size_t pass, std::size_t passes)
      : begin(job.next + job.next_count * pass / passes), end(job.next + job.next_count * (pass + 1) / passes), words(job.next_words) {}

  void prefetch(std::size_t w) const {
    if (w >= words) return;
    for (const auto* const* at = begin; at != end; ++at) kernels::prefetch(*at + w);
  }
};

#if defined(__AVX512BITALG__)

/// acc[w] = (First ? 0 : acc[w]) | permuted word
template <bool First>
inline void take_moved(const block_job& job, const block_source& source, const word_permutations& permutations, std::uint64_t* acc,
                       const next_blocks& next) {
  const auto* controls = permutations.controls() + std::size_t{64} * source.permutation;
  const auto one = [&](std::size_t w) {
    const unsigned entry = source.moves[w];
    const auto word = _mm512_set1_epi64(static_cast<long long>(source.words[entry >> 6]));
    const auto control = _mm512_load_si512(controls + 64 * (entry & 63));
    const auto bits = static_cast<std::uint64_t>(_mm512_bitshuffle_epi64_mask(word, control));
    First ? acc[w] = bits : acc[w] |= bits;
  };
  std::size_t w = 0;
  for (; w + 8 <= job.words; w += 8) {
    for (std::size_t i = 0; i < 8; ++i) one(w + i);
    next.prefetch(w);
  }
  for (; w < job.words; ++w) one(w);
}

#else

template <bool First>
inline void take_moved(const block_job& job, const block_source& source, const word_permutations& permutations, std::uint64_t* acc,
                       const next_blocks& next) {
  const std::size_t stages = permutations.stages();
  const auto& distances = permutations.distances();
  const auto* masks = permutations.masks() + stages * source.permutation;
  std::size_t w = 0;
#if defined(__AVX2__)
  const auto four = [&](std::size_t at, auto count) {
    const unsigned e0 = source.moves[at], e1 = source.moves[at + 1], e2 = source.moves[at + 2], e3 = source.moves[at + 3];
    auto x = _mm256_set_epi64x(static_cast<long long>(source.words[e3 >> 6]), static_cast<long long>(source.words[e2 >> 6]),
                               static_cast<long long>(source.words[e1 >> 6]), static_cast<long long>(source.words[e0 >> 6]));
    const auto *m0 = masks + count * (e0 & 63), *m1 = masks + count * (e1 & 63), *m2 = masks + count * (e2 & 63), *m3 = masks + count * (e3 & 63);
    for (std::size_t s = 0; s < count; ++s) {
      const auto mask = _mm256_set_epi64x(static_cast<long long>(m3[s]), static_cast<long long>(m2[s]), static_cast<long long>(m1[s]),
                                          static_cast<long long>(m0[s]));
      const auto distance = _mm_cvtsi32_si128(distances[s]);
      const auto t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srl_epi64(x, distance)), mask);
      x = _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_sll_epi64(t, distance)));
    }
    auto* to = reinterpret_cast<__m256i*>(acc + at);
    _mm256_storeu_si256(to, First ? x : _mm256_or_si256(_mm256_loadu_si256(to), x));
  };
  for (; w + 8 <= job.words; w += 8) {
    if (stages == 6) {
      four(w, std::integral_constant<std::size_t, 6>{});
      four(w + 4, std::integral_constant<std::size_t, 6>{});
    } else {
      four(w, stages);
      four(w + 4, stages);
    }
    next.prefetch(w);
  }
#endif
  for (; w < job.words; ++w) {
    const unsigned entry = source.moves[w];
    auto x = source.words[entry >> 6];
    const auto* mask = masks + stages * (entry & 63);
    for (std::size_t s = 0; s < stages; ++s) {
      const auto t = (x ^ (x >> distances[s])) & mask[s];
      x ^= t ^ (t << distances[s]);
    }
    First ? acc[w] = x : acc[w] |= x;
    if (w % 8 == 0) next.prefetch(w);
  }
}

#endif

/// out = own | plain sources | acc (if Moved); counts the new bits.
template <bool Moved>
inline std::uint64_t take_plain(const block_job& job, const std::uint64_t* acc, const next_blocks& next) {
  std::uint64_t count = 0;
  std::size_t w = 0;
#if defined(__AVX512VPOPCNTDQ__)
  auto sum = _mm512_setzero_si512();
  for (; w + 8 <= job.words; w += 8) {
    const auto own = _mm512_loadu_si512(job.own + w);
    auto after = own;
    if constexpr (Moved) after = _mm512_or_si512(after, _mm512_load_si512(acc + w));
    for (std::size_t s = 0; s < job.plain_count; ++s) after = _mm512_or_si512(after, _mm512_loadu_si512(job.plain[s].words + w));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(own, after)));
    if (job.stream) {
      _mm512_stream_si512(reinterpret_cast<__m512i*>(job.out + w), after);
    } else {
      _mm512_storeu_si512(job.out + w, after);
    }
    next.prefetch(w);
  }
  if (job.stream) _mm_sfence();
  count = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
#else
  for (; w + 8 <= job.words; w += 8) {
    const auto own = load(job.own + w);
    auto after = own;
    if constexpr (Moved) after |= load(acc + w);
    for (std::size_t s = 0; s < job.plain_count; ++s) after |= load(job.plain[s].words + w);
    store(job.out + w, after);
    const eight_words fresh = own ^ after;
    for (int i = 0; i < 8; ++i) count += static_cast<std::uint64_t>(std::popcount(fresh[i]));
    next.prefetch(w);
  }
#endif
  for (; w < job.words; ++w) {
    const auto own = job.own[w];
    auto after = own;
    if constexpr (Moved) after |= acc[w];
    for (std::size_t s = 0; s < job.plain_count; ++s) after |= job.plain[s].words[w];
    count += static_cast<std::uint64_t>(std::popcount(own ^ after));
    job.out[w] = after;
  }
  return count;
}

std::uint64_t sweep(const block_job& job, const word_permutations& permutations, std::uint64_t* scratch) {
  const std::size_t moved = job.moved_count;
  if (moved == 0) return take_plain<false>(job, scratch, {job, 0, 1});
  take_moved<true>(job, job.moved[0], permutations, scratch, {job, 0, moved + 1});
  for (std::size_t s = 1; s < moved; ++s) take_moved<false>(job, job.moved[s], permutations, scratch, {job, s, moved + 1});
  return take_plain<true>(job, scratch, {job, moved, moved + 1});
}

}  // namespace

namespace COSETTA_VARIANT {
extern const tower_kernels tower;
const tower_kernels tower{COSETTA_SET, sweep};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
