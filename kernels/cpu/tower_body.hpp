// The tower kernel, written once; included by one translation unit for each instruction set (see frontier_body.hpp).
#include <bit>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

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

/// Asks for what the next jobs will read, one cache line for every eight words done here: a burst would fill the queue of
/// outstanding misses and stall.
inline void prefetch_line(const block_job& job, std::size_t w) {
  if (w >= job.next_words) return;
  for (const auto* next : job.next) {
    if (next != nullptr) __builtin_prefetch(next + w);
  }
}

inline void take_plain(const block_job& job, std::uint64_t* acc, bool prefetch) {
  std::size_t w = 0;
  for (; w + 8 <= job.words; w += 8) {
    auto v = load(job.own + w);
    for (std::size_t s = 0; s < job.plain_count; ++s) v |= load(job.plain[s].words + w);
    store(acc + w, v);
    if (prefetch) prefetch_line(job, w);
  }
  for (; w < job.words; ++w) {
    auto v = job.own[w];
    for (std::size_t s = 0; s < job.plain_count; ++s) v |= job.plain[s].words[w];
    acc[w] = v;
  }
}

#if defined(__AVX512BITALG__)

inline void take_moved(const block_job& job, const block_source& source, const word_permutations& permutations, std::uint64_t* acc,
                       bool prefetch) {
  const auto* controls = permutations.controls() + std::size_t{64} * source.permutation;
  const auto one = [&](std::size_t w) {
    const unsigned entry = source.moves[w];
    const auto word = _mm512_set1_epi64(static_cast<long long>(source.words[entry >> 6]));
    const auto control = _mm512_load_si512(controls + 64 * (entry & 63));
    acc[w] |= static_cast<std::uint64_t>(_mm512_bitshuffle_epi64_mask(word, control));
  };
  std::size_t w = 0;
  for (; w + 8 <= job.words; w += 8) {
    for (std::size_t i = 0; i < 8; ++i) one(w + i);
    if (prefetch) prefetch_line(job, w);
  }
  for (; w < job.words; ++w) one(w);
}

#else

inline void take_moved(const block_job& job, const block_source& source, const word_permutations& permutations, std::uint64_t* acc,
                       bool prefetch) {
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
    _mm256_storeu_si256(to, _mm256_or_si256(_mm256_loadu_si256(to), x));
  };
  for (; w + 8 <= job.words; w += 8) {
    if (stages == 6) {
      four(w, std::integral_constant<std::size_t, 6>{});
      four(w + 4, std::integral_constant<std::size_t, 6>{});
    } else {
      four(w, stages);
      four(w + 4, stages);
    }
    if (prefetch) prefetch_line(job, w);
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
    acc[w] |= x;
    if (prefetch && w % 8 == 0) prefetch_line(job, w);
  }
}

#endif

inline std::uint64_t count_new(const block_job& job, const std::uint64_t* acc) {
  std::uint64_t count = 0;
  std::size_t w = 0;
#if defined(__AVX512VPOPCNTDQ__)
  auto sum = _mm512_setzero_si512();
  for (; w + 8 <= job.words; w += 8) {
    const auto after = _mm512_loadu_si512(acc + w);
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_andnot_si512(_mm512_loadu_si512(job.own + w), after)));
    _mm512_storeu_si512(job.out + w, after);
  }
  count = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
#endif
  for (; w < job.words; ++w) {
    count += static_cast<std::uint64_t>(std::popcount(acc[w] & ~job.own[w]));
    job.out[w] = acc[w];
  }
  return count;
}

std::uint64_t sweep(const block_job& job, const word_permutations& permutations, std::uint64_t* scratch) {
  const bool only_plain = job.moved_count == 0;
  take_plain(job, scratch, only_plain);
  for (std::size_t s = 0; s < job.moved_count; ++s) take_moved(job, job.moved[s], permutations, scratch, s == 0);
  return count_new(job, scratch);
}

}  // namespace

namespace COSETTA_VARIANT {
extern const tower_kernels tower;
const tower_kernels tower{COSETTA_SET, sweep};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
