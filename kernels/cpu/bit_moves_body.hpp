// The kernels of compiled bit moves, written once; included by one translation unit for each instruction set (see
// frontier_body.hpp).
#include <bit>
#include <cstring>
#if defined(__BMI2__)
#include <immintrin.h>
#endif

#include <kernels/bit_moves.hpp>

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

#if defined(__AVX512VBMI__)
constexpr bit_move_forms forms{true, true};
#elif defined(__BMI2__)
constexpr bit_move_forms forms{true, false};
#else
constexpr bit_move_forms forms{false, false};
#endif

void take(const bit_moves& moves, const std::uint64_t* source, std::uint64_t* target) {
  for (const auto& t : moves.turned()) target[t.to] |= std::rotl(source[t.from], static_cast<int>(t.turn)) & t.put;
#if defined(__BMI2__)
  for (const auto& p : moves.pulled()) target[p.to] |= _pdep_u64(_pext_u64(source[p.from], p.take), p.put);
#endif
#if defined(__AVX512VBMI__)
  const auto* controls = moves.controls();
  for (const auto& g : moves.gathered()) {
    const auto low = _mm512_loadu_si512(source + g.from), high = _mm512_loadu_si512(source + g.from + 8);
    const auto bytes = _mm512_permutex2var_epi8(low, _mm512_loadu_si512(controls), high);
    target[g.to] |= _mm512_test_epi8_mask(bytes, _mm512_loadu_si512(controls + 64));
    controls += 128;
  }
#endif
}

/// out = own | plain sources; counts the new bits if there is nothing more to come. For each line done here one of each block that
/// a later job reads is asked for: a burst would fill the queue of outstanding misses and stall.
template <bool Count>
inline std::uint64_t take_plain(const colour_job& job) {
  std::uint64_t count = 0;
  std::size_t w = 0;
  for (std::size_t i = 0; i < job.next_count; ++i) __builtin_prefetch(job.next[i] + job.words - 1, 0, 2);  // blocks are not aligned to lines
#if defined(__AVX512VPOPCNTDQ__)
  auto sum = _mm512_setzero_si512();
  for (; w + 8 <= job.words; w += 8) {
    const auto own = _mm512_loadu_si512(job.own + w);
    auto after = own;
    for (std::size_t s = 0; s < job.plain_count; ++s) after = _mm512_or_si512(after, _mm512_loadu_si512(job.plain[s] + w));
    if constexpr (Count) sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(own, after)));
    _mm512_storeu_si512(job.out + w, after);
    for (std::size_t i = 0; i < job.next_count; ++i) __builtin_prefetch(job.next[i] + w, 0, 2);
  }
  count = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
#else
  for (; w + 8 <= job.words; w += 8) {
    const auto own = load(job.own + w);
    auto after = own;
    for (std::size_t s = 0; s < job.plain_count; ++s) after |= load(job.plain[s] + w);
    store(job.out + w, after);
    for (std::size_t i = 0; i < job.next_count; ++i) __builtin_prefetch(job.next[i] + w, 0, 2);
    if constexpr (Count) {
      const eight_words fresh = own ^ after;
      for (int i = 0; i < 8; ++i) count += static_cast<std::uint64_t>(std::popcount(fresh[i]));
    }
  }
#endif
  for (; w < job.words; ++w) {
    auto after = job.own[w];
    for (std::size_t s = 0; s < job.plain_count; ++s) after |= job.plain[s][w];
    if constexpr (Count) count += static_cast<std::uint64_t>(std::popcount(job.own[w] ^ after));
    job.out[w] = after;
  }
  return count;
}

inline std::uint64_t count_new(const colour_job& job) {
  std::uint64_t count = 0;
  std::size_t w = 0;
#if defined(__AVX512VPOPCNTDQ__)
  auto sum = _mm512_setzero_si512();
  for (; w + 8 <= job.words; w += 8) {
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(job.own + w), _mm512_loadu_si512(job.out + w))));
  }
  count = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
#endif
  for (; w < job.words; ++w) count += static_cast<std::uint64_t>(std::popcount(job.own[w] ^ job.out[w]));
  return count;
}

std::uint64_t sweep(const colour_job& job) {
  if (job.moved_count == 0) return take_plain<true>(job);
  take_plain<false>(job);
  for (std::size_t s = 0; s < job.moved_count; ++s) {
    take(*job.moved[s].moves, job.moved[s].words, job.out);
  }
  return count_new(job);
}

}  // namespace

namespace COSETTA_VARIANT {
extern const bit_move_kernels moves;
const bit_move_kernels moves{COSETTA_SET, forms, take, sweep};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
