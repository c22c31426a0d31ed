// The frontier kernels written once over vectors of eight words; included by one translation unit for each instruction
// set, which defines COSETTA_VARIANT (a namespace) and is compiled with the flags of that set. Everything here has
// internal linkage: a function compiled for AVX-512 must never be merged with its namesake compiled for less.
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <kernels/frontier.hpp>

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

inline void apply_moves(const transition& t, const std::uint64_t* in, std::uint64_t* out, std::size_t words,
                        std::size_t lanes) {
  if (words == 1) {  // the accumulator stays in a register
    for (std::size_t i = 0; i < lanes; i += 8) {
      const eight_words x = load(in + i);
      eight_words y{};
      for (const auto& m : t.moves) y |= ((x << m.rotation) | (x >> (-m.rotation & 63U))) & m.mask;
      store(out + i, y);
    }
    return;
  }
  std::memset(out, 0, words * lanes * sizeof *out);
  for (const auto& m : t.moves) {
    const std::uint64_t* source = in + m.source * lanes;
    std::uint64_t* target = out + m.target * lanes;
    for (std::size_t i = 0; i < lanes; i += 8) {
      const eight_words x = load(source + i);
      store(target + i, load(target + i) | (((x << m.rotation) | (x >> (-m.rotation & 63U))) & m.mask));
    }
  }
}

__extension__ using wide_unsigned = unsigned __int128;

/// c * x mod m for one lane; c, x < m < 2^63.
inline std::uint64_t multiply_mod(std::uint64_t c, std::uint64_t x, std::uint64_t m) {
  if (m <= (std::uint64_t{1} << 32)) return c * x % m;
  return static_cast<std::uint64_t>(static_cast<wide_unsigned>(c) * x % m);
}

inline eight_words reduce_once(eight_words v, std::uint64_t m) {  // v < 2m
  return v - ((v >= m) & m);
}

inline void apply_field(const transition& t, const linear_field& f, const std::uint64_t* in, std::uint64_t* out,
                        std::size_t lanes) {
  const std::uint64_t m = t.modulus;
  const bool power_of_two = (m & (m - 1)) == 0;
  std::uint64_t* target = out + f.target * lanes;
  for (std::size_t i = 0; i < lanes; i += 8) {
    eight_words sum = eight_words{} + f.constant;
    for (const auto& term : f.terms) {
      const eight_words x = (load(in + term.word * lanes + i) >> term.shift) & t.field_mask;
      if (power_of_two) {
        sum += x * term.coefficient;  // modulo 2^64, and m divides 2^64
      } else if (term.coefficient == 1) {
        sum = reduce_once(sum + x, m);
      } else if (term.coefficient == m - 1) {
        sum = reduce_once(sum + (m - x), m);
      } else {
        eight_words product;
        for (int lane = 0; lane < 8; ++lane) product[lane] = multiply_mod(term.coefficient, x[lane], m);
        sum = reduce_once(sum + product, m);
      }
    }
    if (power_of_two) sum &= m - 1;
    store(target + i, load(target + i) | (sum << f.shift));
  }
}

inline void apply_point(const point_field& f, const std::uint64_t* in, std::uint64_t* out, std::size_t lanes) {
  const std::uint64_t* source = in + f.word * lanes;
  std::uint64_t* target = out + f.word * lanes;
  for (std::size_t i = 0; i < lanes; ++i) {
    target[i] |= std::uint64_t{f.images[(source[i] >> f.shift) & f.mask]} << f.shift;
  }
}

void apply(const transition& t, const std::uint64_t* in, std::uint64_t* out, std::size_t words, std::size_t lanes) {
  apply_moves(t, in, out, words, lanes);
  for (const auto& f : t.fields) apply_field(t, f, in, out, lanes);
  for (const auto& f : t.points) apply_point(f, in, out, lanes);
}

inline eight_words final_mix(eight_words h) {
  return (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9u;
}

inline eight_words mix_word(eight_words h, eight_words x) {
  h ^= x;
  return (h ^ (h >> 32)) * 0x9e3779b97f4a7c15u;
}

void hash(const std::uint64_t* block, std::uint64_t* hashes, std::size_t words, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; i += 8) {
    eight_words h{};
    for (std::size_t w = 0; w < words; ++w) h = mix_word(h, load(block + w * lanes + i));
    store(hashes + i, final_mix(h));
  }
}

/// Bit j: slot j of the line equals `value`.
inline unsigned matches(const std::uint64_t* line, std::uint64_t value) {
#if defined(__AVX512F__)
  return _mm512_cmpeq_epi64_mask(_mm512_load_si512(line), _mm512_set1_epi64(static_cast<long long>(value)));
#elif defined(__AVX2__)
  const __m256i v = _mm256_set1_epi64x(static_cast<long long>(value));
  const auto* p = reinterpret_cast<const __m256i*>(line);
  const auto half = [&](const __m256i* q) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_load_si256(q), v))));
  };
  return half(p) | half(p + 1) << 4;
#else
  unsigned bits = 0;
  for (unsigned j = 0; j < slots_per_line; ++j) bits |= static_cast<unsigned>(line[j] == value) << j;
  return bits;
#endif
}

/// The line numbers of a run of at most `chunk` states.
inline constexpr std::size_t chunk = 64;
inline void line_numbers(const line_set& set, const std::uint64_t* states, std::size_t count, std::uint64_t* lines) {
  const unsigned down = 64 - set.line_bits;
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    store(lines + i, (final_mix(mix_word(eight_words{}, load(states + i))) << set.skip_bits) >> down);
  }
  for (; i < count; ++i) lines[i] = (state_hash(states + i, 1) << set.skip_bits) >> down;
}

std::size_t insert(line_set& set, const std::uint64_t* states, std::size_t count) {
  const std::uint64_t last = (std::uint64_t{1} << set.line_bits) - 1;
  std::uint64_t lines[chunk];
  std::uint64_t discarded = 0;
  std::size_t added = 0;
  for (std::size_t begin = 0; begin < count; begin += chunk) {
    const std::size_t length = count - begin < chunk ? count - begin : chunk;
    line_numbers(set, states + begin, length, lines);
    for (std::size_t i = 0; i < length; ++i) {
      const std::uint64_t x = states[begin + i];
      std::uint64_t number = lines[i];
      for (;;) {
        std::uint64_t* line = set.slots + number * slots_per_line;
        const unsigned found = matches(line, x);
        const unsigned empty = matches(line, empty_slot);
        if ((found | empty) != 0) [[likely]] {
          // Known or new is a coin toss: choose the address by arithmetic, for a branch would be mispredicted.
          const auto known = -static_cast<std::uintptr_t>(found != 0);
          const auto fresh_slot = reinterpret_cast<std::uintptr_t>(line + __builtin_ctz(empty | 0x100U));
          *reinterpret_cast<std::uint64_t*>((fresh_slot & ~known) |
                                            (reinterpret_cast<std::uintptr_t>(&discarded) & known)) = x;
          added += found == 0;
          break;
        }
        number = (number + 1) & last;
      }
    }
  }
  return added;
}

void strike(line_set& set, const std::uint64_t* states, std::size_t count) {
  const std::uint64_t last = (std::uint64_t{1} << set.line_bits) - 1;
  std::uint64_t lines[chunk];
  for (std::size_t begin = 0; begin < count; begin += chunk) {
    const std::size_t length = count - begin < chunk ? count - begin : chunk;
    line_numbers(set, states + begin, length, lines);
    for (std::size_t i = 0; i < length; ++i) {
      const std::uint64_t x = states[begin + i];
      std::uint64_t number = lines[i];
      for (;;) {
        const std::uint64_t* line = set.slots + number * slots_per_line;
        const unsigned found = matches(line, x);
        set.struck[number] = static_cast<std::uint8_t>(set.struck[number] | found);
        // A probe goes on only past a line that is full and does not hold the state.
        if (found != 0 || line[slots_per_line - 1] == empty_slot) [[likely]]
          break;
        number = (number + 1) & last;
      }
    }
  }
}

std::size_t emit(const line_set& set, std::uint64_t* out) {
  const std::size_t lines = std::size_t{1} << set.line_bits;
  std::size_t n = 0;
  for (std::size_t number = 0; number < lines; ++number) {
    const std::uint64_t* line = set.slots + number * slots_per_line;
#if defined(__AVX512F__)
    const __m512i v = _mm512_load_si512(line);
    const auto occupied = _mm512_cmpneq_epi64_mask(v, _mm512_set1_epi64(-1));
    const auto kept = static_cast<__mmask8>(occupied & ~set.struck[number]);
    _mm512_storeu_si512(out + n, _mm512_maskz_compress_epi64(kept, v));
    n += static_cast<unsigned>(__builtin_popcount(kept));
#else
    for (unsigned j = 0; j < slots_per_line; ++j) {
      out[n] = line[j];
      n += line[j] != empty_slot && (set.struck[number] >> j & 1U) == 0;
    }
#endif
  }
  return n;
}

}  // namespace

namespace COSETTA_VARIANT {
extern const frontier_kernels kernels;
const frontier_kernels kernels{COSETTA_SET, apply, hash, insert, strike, emit};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
