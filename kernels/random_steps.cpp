#include <kernels/random_steps.hpp>

#include <algorithm>
#if defined(COSETTA_X86)
#include <immintrin.h>
#endif

namespace cosetta::kernels {

step_rules::step_rules(std::vector<std::vector<std::uint32_t>> rows) : rows_(std::move(rows)), skipped_(std::max<std::size_t>(rows_.size(), 32)) {
  for (std::size_t last = 0; last < rows_.size(); ++last) {
    const auto& row = rows_[last];
    lacking_ = std::max<std::size_t>(lacking_, generators() - row.size());
    std::uint32_t gap = 0;
    while (gap < row.size() && row[gap] == gap) ++gap;
    skipped_[last] = gap;
  }
}

namespace {

philox_block step_words(philox_key key, std::uint64_t walk, std::uint32_t place, std::uint32_t purpose) {
  return philox4x32({static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), place, purpose}, key);
}

/// A number below `bound` from the word of a step, and from others should that one be rejected.
std::uint32_t step_below(philox_key key, std::uint64_t walk, std::uint32_t step, std::uint32_t word, std::uint32_t bound) {
  philox_block more{};
  std::uint32_t tries = 0;
  return uniform_below(bound, [&] {
    const auto n = tries++;
    if (n == 0) return word;
    if (n % 4 == 1) more = step_words(key, walk, step, 1 + n / 4);
    return more[(n - 1) % 4];
  });
}

void choose_steps_scalar(const step_rules& rules, philox_key key, std::uint64_t first, std::size_t lanes, std::uint32_t from, std::uint32_t steps, std::uint32_t* last,
                         std::uint32_t* moves) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    philox_block block{};
    for (std::uint32_t j = 0; j < steps; ++j) {
      if (j % 4 == 0) block = step_words(key, first + lane, (from + j) / 4, 0);
      const auto row = rules.row(last[lane]);
      const auto r = step_below(key, first + lane, from + j, block[j % 4], static_cast<std::uint32_t>(row.size()));
      last[lane] = moves[j * walk_lanes + lane] = row[r];
    }
  }
}

void take_steps_scalar(const byte_images* images, const std::uint32_t* moves, std::size_t lanes, std::uint32_t steps, byte_images* states) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::uint32_t j = 0; j < steps; ++j) {
      const auto before = states[lane];
      const auto& image = images[moves[j * walk_lanes + lane]];
      for (std::size_t k = 0; k < small_degree; ++k) states[lane][k] = before[image[k]];
    }
  }
}

#if defined(COSETTA_X86)

/// The lanes in `rejected` once more, one by one: row.size() words in 2^32 come here at most, most of them only to be accepted.
void choose_again(const step_rules& rules, philox_key key, std::uint64_t first, std::uint32_t rejected, std::uint32_t step, const std::uint32_t* words,
                  const std::uint32_t* last, std::uint32_t* chosen) {
  for (; rejected != 0; rejected &= rejected - 1) {
    const auto lane = static_cast<std::size_t>(__builtin_ctz(rejected));
    const auto row = rules.row(last[lane]);
    chosen[lane] = row[step_below(key, first + lane, step, words[lane], static_cast<std::uint32_t>(row.size()))];
  }
}

// ------------------------------------------------------------------------------------------------------------ AVX-512

#define COSETTA_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512vbmi")))

/// High and low words of the products, lane by lane.
struct product_of_sixteen {
  __m512i high, low;
};
COSETTA_AVX512 inline product_of_sixteen multiply(__m512i a, __m512i b) {
  const __m512i even = _mm512_mul_epu32(a, b);
  const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32));
  return {_mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB), _mm512_mask_shuffle_epi32(even, 0xaaaa, odd, _MM_PERM_CCAA)};
}
COSETTA_AVX512 inline __m512i exclusive_or(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

COSETTA_AVX512 void choose_steps_avx512(const step_rules& rules, philox_key key, std::uint64_t first, std::size_t lanes, std::uint32_t from, std::uint32_t steps,
                                        std::uint32_t* last, std::uint32_t* moves) {
  if (!rules.is_skip()) return choose_steps_scalar(rules, key, first, lanes, from, steps, last, moves);
  alignas(64) std::uint32_t low[walk_lanes], high[walk_lanes];
  for (std::size_t i = 0; i < walk_lanes; ++i) low[i] = static_cast<std::uint32_t>(first + i), high[i] = static_cast<std::uint32_t>((first + i) >> 32);
  const __m512i walk_low = _mm512_load_si512(low), walk_high = _mm512_load_si512(high);
  const __m512i generators = _mm512_set1_epi32(static_cast<int>(rules.generators())), one = _mm512_set1_epi32(1);
  const __m512i multipliers[2] = {_mm512_set1_epi32(static_cast<int>(philox_multipliers[0])), _mm512_set1_epi32(static_cast<int>(philox_multipliers[1]))};
  const bool uniform = rules.is_uniform(), short_table = rules.generators() < 32;
  const __m512i skipped[2] = {_mm512_loadu_si512(rules.skipped()), _mm512_loadu_si512(rules.skipped() + 16)};
  const std::uint32_t live = (1U << lanes) - 1;
  __m512i row = _mm512_loadu_si512(last);
  for (std::uint32_t j = 0; j < steps; j += 4) {
    __m512i c[4] = {walk_low, walk_high, _mm512_set1_epi32(static_cast<int>((from + j) / 4)), _mm512_setzero_si512()};
    auto k = key;
    for (int round = 0; round < philox_rounds; ++round) {
      const auto a = multiply(c[0], multipliers[0]), b = multiply(c[2], multipliers[1]);
      c[0] = exclusive_or(b.high, c[1], _mm512_set1_epi32(static_cast<int>(k[0])));
      c[1] = b.low;
      c[2] = exclusive_or(a.high, c[3], _mm512_set1_epi32(static_cast<int>(k[1])));
      c[3] = a.low;
      k = next_round(k);
    }
    for (std::uint32_t t = 0; t < std::min(steps - j, 4U); ++t) {
      __m512i skip = generators, bound = generators;
      if (!uniform) {
        skip = short_table ? _mm512_permutex2var_epi32(skipped[0], row, skipped[1]) : _mm512_i32gather_epi32(row, rules.skipped(), 4);
        bound = _mm512_mask_sub_epi32(generators, _mm512_cmplt_epu32_mask(skip, generators), generators, one);
      }
      const auto product = multiply(c[t], bound);
      const __m512i r = product.high;
      __m512i chosen = _mm512_mask_add_epi32(r, _mm512_cmpge_epu32_mask(r, skip), r, one);
      const std::uint32_t rejected = _mm512_cmplt_epu32_mask(product.low, bound) & live;
      auto* const out = moves + (j + t) * walk_lanes;
      _mm512_storeu_si512(out, chosen);
      if (__builtin_expect(rejected != 0, 0)) {
        alignas(64) std::uint32_t words[walk_lanes], rows[walk_lanes];
        _mm512_store_si512(words, c[t]), _mm512_store_si512(rows, row);
        choose_again(rules, key, first, rejected, from + j + t, words, rows, out);
        chosen = _mm512_loadu_si512(out);
      }
      row = chosen;
    }
  }
  _mm512_storeu_si512(last, row);
}

COSETTA_AVX512 void take_steps_avx512(const byte_images* images, const std::uint32_t* moves, std::size_t lanes, std::uint32_t steps, byte_images* states) {
  constexpr std::size_t together = 8;  // walks whose products wait for each other's latency
  std::size_t lane = 0;
  for (; lane + together <= lanes; lane += together) {
    __m512i here[together];
    for (std::size_t i = 0; i < together; ++i) here[i] = _mm512_loadu_si512(states[lane + i].data());
    for (std::uint32_t j = 0; j < steps; ++j) {
      const auto* const g = moves + j * walk_lanes + lane;
      for (std::size_t i = 0; i < together; ++i) here[i] = _mm512_permutexvar_epi8(_mm512_loadu_si512(images[g[i]].data()), here[i]);
    }
    for (std::size_t i = 0; i < together; ++i) _mm512_storeu_si512(states[lane + i].data(), here[i]);
  }
  for (; lane < lanes; ++lane) {
    __m512i here = _mm512_loadu_si512(states[lane].data());
    for (std::uint32_t j = 0; j < steps; ++j) here = _mm512_permutexvar_epi8(_mm512_loadu_si512(images[moves[j * walk_lanes + lane]].data()), here);
    _mm512_storeu_si512(states[lane].data(), here);
  }
}

// --------------------------------------------------------------------------------------------------------------- AVX2

#define COSETTA_AVX2 __attribute__((target("avx2")))

struct product_of_eight {
  __m256i high, low;
};
COSETTA_AVX2 inline product_of_eight multiply(__m256i a, __m256i b) {
  const __m256i even = _mm256_mul_epu32(a, b);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32));
  return {_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa), _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa)};
}
/// Lanes where a < b, as numbers without sign.
COSETTA_AVX2 inline __m256i is_less(__m256i a, __m256i b) {
  const __m256i top = _mm256_set1_epi32(static_cast<int>(0x80000000));
  return _mm256_cmpgt_epi32(_mm256_xor_si256(b, top), _mm256_xor_si256(a, top));
}

COSETTA_AVX2 void choose_steps_avx2(const step_rules& rules, philox_key key, std::uint64_t first, std::size_t lanes, std::uint32_t from, std::uint32_t steps,
                                    std::uint32_t* last, std::uint32_t* moves) {
  if (!rules.is_skip()) return choose_steps_scalar(rules, key, first, lanes, from, steps, last, moves);
  constexpr std::size_t eight = 8;
  const __m256i generators = _mm256_set1_epi32(static_cast<int>(rules.generators()));
  const __m256i multipliers[2] = {_mm256_set1_epi32(static_cast<int>(philox_multipliers[0])), _mm256_set1_epi32(static_cast<int>(philox_multipliers[1]))};
  const bool uniform = rules.is_uniform();
  for (std::size_t begin = 0; begin < lanes; begin += eight) {
    alignas(32) std::uint32_t low[eight], high[eight];
    const auto walk = first + begin;
    for (std::size_t i = 0; i < eight; ++i) low[i] = static_cast<std::uint32_t>(walk + i), high[i] = static_cast<std::uint32_t>((walk + i) >> 32);
    const std::uint32_t live = (1U << std::min(lanes - begin, eight)) - 1;
    __m256i row = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(last + begin));
    for (std::uint32_t j = 0; j < steps; j += 4) {
      __m256i c[4] = {_mm256_load_si256(reinterpret_cast<const __m256i*>(low)), _mm256_load_si256(reinterpret_cast<const __m256i*>(high)),
                      _mm256_set1_epi32(static_cast<int>((from + j) / 4)), _mm256_setzero_si256()};
      auto k = key;
      for (int round = 0; round < philox_rounds; ++round) {
        const auto a = multiply(c[0], multipliers[0]), b = multiply(c[2], multipliers[1]);
        c[0] = _mm256_xor_si256(_mm256_xor_si256(b.high, c[1]), _mm256_set1_epi32(static_cast<int>(k[0])));
        c[1] = b.low;
        c[2] = _mm256_xor_si256(_mm256_xor_si256(a.high, c[3]), _mm256_set1_epi32(static_cast<int>(k[1])));
        c[3] = a.low;
        k = next_round(k);
      }
      for (std::uint32_t t = 0; t < std::min(steps - j, 4U); ++t) {
        __m256i skip = generators, bound = generators;
        if (!uniform) {
          skip = _mm256_i32gather_epi32(reinterpret_cast<const int*>(rules.skipped()), row, 4);
          bound = _mm256_add_epi32(generators, is_less(skip, generators));  // -1 where one is lacking
        }
        const auto product = multiply(c[t], bound);
        const __m256i below = is_less(product.high, skip);
        __m256i chosen = _mm256_add_epi32(product.high, _mm256_add_epi32(below, _mm256_set1_epi32(1)));
        const auto rejected = static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(is_less(product.low, bound)))) & live;
        auto* const out = moves + (j + t) * walk_lanes + begin;
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), chosen);
        if (__builtin_expect(rejected != 0, 0)) {
          alignas(32) std::uint32_t words[eight], rows[eight];
          _mm256_store_si256(reinterpret_cast<__m256i*>(words), c[t]), _mm256_store_si256(reinterpret_cast<__m256i*>(rows), row);
          choose_again(rules, key, walk, rejected, from + j + t, words, rows, out);
          chosen = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(out));
        }
        row = chosen;
      }
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(last + begin), row);
  }
}

void take_steps_avx2(const byte_images* images, const std::uint32_t* moves, std::size_t lanes, std::uint32_t steps, byte_images* states) {
  const auto compose = compose_bytes_for(instruction_set::avx2);
  for (std::uint32_t j = 0; j < steps; ++j) {
    for (std::size_t lane = 0; lane < lanes; ++lane) compose(images[moves[j * walk_lanes + lane]].data(), states[lane].data(), states[lane].data());
  }
}

#endif

}  // namespace

choose_steps_function choose_steps_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return choose_steps_avx512;
  if (set == instruction_set::avx2) return choose_steps_avx2;
#endif
  static_cast<void>(set);
  return choose_steps_scalar;
}

take_steps_function take_steps_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return take_steps_avx512;
  if (set == instruction_set::avx2) return take_steps_avx2;
#endif
  static_cast<void>(set);
  return take_steps_scalar;
}

}  // namespace cosetta::kernels
