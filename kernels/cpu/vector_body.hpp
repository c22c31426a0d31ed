// The kernel of blocks of vectors, written once; included by one translation unit for each instruction set (see
// frontier_body.hpp).
#include <algorithm>
#include <bit>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <kernels/prefetch.hpp>
#include <kernels/vector_blocks.hpp>

namespace cosetta::kernels {
namespace {

/// Words that are taken through all sources at once: they and what is gathered for them stay in the first cache.
constexpr std::size_t tile = 512;

/// What is asked for while a tile is made: what the next tile reads, of this job or of the one that follows. A tile
/// ahead is long enough for main memory and leaves room in the second cache, where whole blocks of many sources would
/// not.
struct look_ahead {
  const block_job* job;  // null: nothing
  std::size_t from;

  look_ahead(const block_job& now, std::size_t next_tile)
      : job(next_tile < now.words ? &now : now.following), from(next_tile < now.words ? next_tile : 0) {}

  /// The vectors that a moved source gives to the next tile, one for each call in turn.
  struct moved_source {
    const std::uint64_t* words = nullptr;
    const std::uint16_t* moves = nullptr;
    const std::uint16_t* end = nullptr;

    void prefetch() {
      if (moves != end) kernels::prefetch(words + std::size_t{8} * (*moves++ >> 6));
    }
  };
  moved_source moved(std::size_t s) const {
    if (job == nullptr || s >= job->moved_count) return {};
    const auto& source = job->moved[s];
    return {source.words, source.moves + from / 8, source.moves + std::min(from + tile, job->words) / 8};
  }
  /// Its own words and those of plain sources, `w` words behind its begin.
  void prefetch_plain(std::size_t w) const {
    if (job == nullptr || from + w >= job->words) return;
    kernels::prefetch(job->own + from + w);
    for (std::size_t s = 0; s < job->plain_count; ++s) kernels::prefetch(job->plain[s].words + from + w);
  }
};

/// acc[w - from] = (First ? 0 : itself) | what vectors from / 8 ... of a moved source give
template <bool First>
inline void take_moved(const block_source& source, const vector_permutations& permutations, std::size_t from,
                       std::size_t end, std::uint64_t* acc, look_ahead::moved_source next) {
  const auto* forms = permutations.bits() + source.permutation;
  const auto& lane = permutations.lanes(source.lanes);
  const auto* moves = source.moves + from / 8;
#if defined(__AVX512VBMI__) && defined(__GFNI__)
  const auto lanes = _mm512_load_si512(lane.shuffle.data());
  for (std::size_t w = from; w < end; w += 8, acc += 8) {
    const unsigned entry = *moves++;
    const auto& form = forms[entry & 63];
    const auto index = _mm512_or_si512(lanes, _mm512_load_si512(form.shuffle.data()));
    auto x = _mm512_permutexvar_epi8(index, _mm512_load_si512(source.words + std::size_t{8} * (entry >> 6)));
    x = _mm512_gf2p8affine_epi64_epi8(x, _mm512_load_si512(form.matrices.data()), 0);
    if constexpr (!First) x = _mm512_or_si512(x, _mm512_load_si512(acc));
    _mm512_store_si512(acc, x);
    next.prefetch();
  }
#elif defined(__AVX2__)
  // The same eight lanes in each word; a shuffle works in halves of two words.
  const auto lanes = _mm256_add_epi8(_mm256_load_si256(reinterpret_cast<const __m256i*>(lane.shuffle.data())),
                                     _mm256_set_epi64x(0x0808080808080808, 0, 0x0808080808080808, 0));
  for (std::size_t w = from; w < end; w += 8, acc += 8) {
    const unsigned entry = *moves++;
    const auto& form = forms[entry & 63];
    const auto* in = source.words + std::size_t{8} * (entry >> 6);
    for (std::size_t b = 0; b < 8; b += 4) {
      auto x = _mm256_set_epi64x(
          static_cast<long long>(in[form.source[b + 3]]), static_cast<long long>(in[form.source[b + 2]]),
          static_cast<long long>(in[form.source[b + 1]]), static_cast<long long>(in[form.source[b]]));
      x = _mm256_shuffle_epi8(x, lanes);
      for (std::size_t s = 0; s < 3; ++s) {
        const auto mask = _mm256_set_epi64x(
            static_cast<long long>(form.masks[3 * (b + 3) + s]), static_cast<long long>(form.masks[3 * (b + 2) + s]),
            static_cast<long long>(form.masks[3 * (b + 1) + s]), static_cast<long long>(form.masks[3 * b + s]));
        const auto distance = _mm_cvtsi32_si128(4 >> s);
        const auto t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srl_epi64(x, distance)), mask);
        x = _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_sll_epi64(t, distance)));
      }
      auto* to = reinterpret_cast<__m256i*>(acc + b);
      _mm256_store_si256(to, First ? x : _mm256_or_si256(_mm256_load_si256(to), x));
    }
    next.prefetch();
  }
#else
  const auto exchange = [](std::uint64_t x, std::uint64_t mask, unsigned distance) {
    const auto t = (x ^ (x >> distance)) & mask;
    return x ^ t ^ (t << distance);
  };
  for (std::size_t w = from; w < end; w += 8, acc += 8) {
    const unsigned entry = *moves++;
    const auto& form = forms[entry & 63];
    const auto* in = source.words + std::size_t{8} * (entry >> 6);
    for (std::size_t b = 0; b < 8; ++b) {
      auto x = in[form.source[b]];
      for (std::size_t s = 0; s < 3; ++s) x = exchange(x, lane.masks[s], 32U >> s);
      for (std::size_t s = 0; s < 3; ++s) x = exchange(x, form.masks[3 * b + s], 4U >> s);
      First ? acc[b] = x : acc[b] |= x;
    }
    next.prefetch();
  }
#endif
}

/// out = own | plain sources | acc (if Moved); counts the new bits.
template <bool Moved>
inline std::uint64_t take_plain(const block_job& job, std::size_t from, std::size_t end, const std::uint64_t* acc,
                                const look_ahead& next) {
#if defined(__AVX512VPOPCNTDQ__)
  auto sum = _mm512_setzero_si512();
  for (std::size_t w = from; w < end; w += 8, acc += 8) {
    const auto own = _mm512_load_si512(job.own + w);
    auto after = own;
    if constexpr (Moved) after = _mm512_or_si512(after, _mm512_load_si512(acc));
    for (std::size_t s = 0; s < job.plain_count; ++s)
      after = _mm512_or_si512(after, _mm512_load_si512(job.plain[s].words + w));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(own, after)));
    if (job.stream) {
      _mm512_stream_si512(reinterpret_cast<__m512i*>(job.out + w), after);
    } else {
      _mm512_store_si512(job.out + w, after);
    }
    next.prefetch_plain(w - from);
  }
  return static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
#else
  std::uint64_t count = 0;
  for (std::size_t v = from; v < end; v += 8, acc += 8) {
    for (std::size_t i = 0; i < 8; ++i) {
      const auto own = job.own[v + i];
      auto after = own;
      if constexpr (Moved) after |= acc[i];
      for (std::size_t s = 0; s < job.plain_count; ++s) after |= job.plain[s].words[v + i];
      count += static_cast<std::uint64_t>(std::popcount(own ^ after));
      job.out[v + i] = after;
    }
    next.prefetch_plain(v - from);
  }
  return count;
#endif
}

std::uint64_t sweep(const block_job& job, const vector_permutations& permutations) {
  alignas(64) std::uint64_t acc[tile];
  const std::size_t moved = job.moved_count;
  std::uint64_t count = 0;
  for (std::size_t from = 0; from < job.words; from += tile) {
    const auto end = std::min(from + tile, job.words);
    const look_ahead next(job, end);
    if (moved == 0) {
      count += take_plain<false>(job, from, end, acc, next);
      continue;
    }
    take_moved<true>(job.moved[0], permutations, from, end, acc, next.moved(0));
    for (std::size_t s = 1; s < moved; ++s)
      take_moved<false>(job.moved[s], permutations, from, end, acc, next.moved(s));
    count += take_plain<true>(job, from, end, acc, next);
  }
#if defined(__AVX512F__)
  if (job.stream) _mm_sfence();
#endif
  return count;
}

}  // namespace

namespace COSETTA_VARIANT {
extern const vector_kernels vector;
const vector_kernels vector{COSETTA_SET, sweep};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
