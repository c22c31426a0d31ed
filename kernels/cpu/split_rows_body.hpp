// The kernels of the split index written once; included by one translation unit for each instruction set, which defines
// COSETTA_VARIANT (a namespace) and is compiled with the flags of that set. Everything here has internal linkage.
#include <cstring>
#if defined(__BMI2__)
#include <immintrin.h>
#endif

#include <kernels/split_rows.hpp>

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

#if defined(__BMI2__)
constexpr bool uses_moves = false;

inline std::uint64_t extract(std::uint64_t x, row_mask mask, std::size_t w) {
  return _pext_u64(x, mask.words[w]);
}
inline std::uint64_t deposit(std::uint64_t x, row_mask mask, std::size_t w) {
  return _pdep_u64(x, mask.words[w]);
}
#else
constexpr bool uses_moves = true;

inline std::uint64_t extract(std::uint64_t x, row_mask mask, std::size_t w) {
  const std::uint64_t* moves = mask.moves + moves_per_word * w;
  x &= mask.words[w];
  for (unsigned step = 0; step < moves_per_word; ++step) {
    const std::uint64_t moved = x & moves[step];
    x = (x ^ moved) | (moved >> (1U << step));
  }
  return x;
}
inline std::uint64_t deposit(std::uint64_t x, row_mask mask, std::size_t w) {
  const std::uint64_t* moves = mask.moves + moves_per_word * w;
  for (unsigned step = moves_per_word; step-- > 0;) {
    x = (x & ~moves[step]) | ((x << (1U << step)) & moves[step]);
  }
  return x & mask.words[w];
}
#endif

/// 64 bits from bit `bit` of a string on.
inline std::uint64_t word_at(const std::uint64_t* string, std::uint64_t bit) {
  const std::uint64_t* p = string + (bit >> 6);
  const unsigned shift = bit & 63U;
  return (p[0] >> shift) | (p[1] << 1 << (63 - shift));
}

void compress(const std::uint64_t* row, row_mask mask, std::size_t words, std::uint64_t* out, unsigned to) {
  unsigned fill = to;
  std::uint64_t pending = *out & ((std::uint64_t{1} << to) - 1);
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t bits = extract(row[w], mask, w);
    const unsigned end = fill + static_cast<unsigned>(__builtin_popcountll(mask.words[w]));
    pending |= bits << fill;
    if (end >= 64) {  // masks do not change, so the branch is learned: faster than selecting
      *out++ = pending;
      pending = bits >> 1 >> (63 - fill);
    }
    fill = end & 63U;
  }
  *out = pending;
}

void expand(std::uint64_t* target, row_mask mask, std::size_t words, const std::uint64_t* stream, std::uint64_t from) {
  for (std::size_t w = 0; w < words; ++w) {
    target[w] |= deposit(word_at(stream, from), mask, w);
    from += static_cast<unsigned>(__builtin_popcountll(mask.words[w]));
  }
}

void or_segment(std::uint64_t* target, std::uint64_t to, const std::uint64_t* source, std::uint64_t from,
                std::uint64_t count) {
  if (count == 0) return;
  std::uint64_t* first = target + (to >> 6);
  std::uint64_t* last = target + ((to + count - 1) >> 6);
  // Bit 0 of *first comes from bit `from - to % 64`, which may lie in the word before.
  const std::int64_t begin = static_cast<std::int64_t>(from) - static_cast<std::int64_t>(to & 63U);
  const std::uint64_t* p = source + (begin >> 6);
  const unsigned shift = static_cast<unsigned>(begin & 63);
  const auto word = [&](std::ptrdiff_t i) { return (p[i] >> shift) | (p[i + 1] << 1 << (63 - shift)); };
  const std::uint64_t head = ~std::uint64_t{0} << (to & 63U);
  const std::uint64_t tail = ~std::uint64_t{0} >> (63 - ((to + count - 1) & 63U));
  const std::ptrdiff_t n = last - first;
  if (n == 0) {
    *first |= word(0) & head & tail;
    return;
  }
  *first |= word(0) & head;
  std::ptrdiff_t i = 1;
  for (; i + 8 <= n; i += 8) {
    store(first + i, load(first + i) | (load(p + i) >> shift) | (load(p + i + 1) << 1 << (63 - shift)));
  }
  for (; i < n; ++i) first[i] |= word(i);
  *last |= word(n) & tail;
}

std::uint64_t or_shifted(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks, unsigned lines_log,
                         const shifted_line* lines, std::size_t count, const line_shift* shifts,
                         const std::uint64_t* masks) {
  std::uint64_t written = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t n = lines[i].count;
    if ((lines[i].blocks & blocks) != 0) {
      const std::size_t base = words_per_line * lines[i].line;
      eight_words bits = load(target + base);
      for (std::uint32_t k = 0; k < n; ++k) {
        const std::uint64_t* p = source + static_cast<std::ptrdiff_t>(base) + shifts[k].words;
        const unsigned shift = shifts[k].bits;
        bits |= ((load(p) >> shift) | (load(p + 1) << 1 << (63 - shift))) & load(masks + words_per_line * k);
      }
      store(target + base, bits);
      written |= std::uint64_t{1} << (lines[i].line >> lines_log);
    }
    shifts += n;
    masks += words_per_line * n;
  }
  return written;
}

/// Calls f(first word, end) for each block.
template <class Function>
inline void for_blocks(std::uint64_t blocks, std::size_t block_words, std::size_t words, const Function& f) {
  for (; blocks != 0; blocks &= blocks - 1) {
    const std::size_t first = block_words * static_cast<std::size_t>(__builtin_ctzll(blocks));
    f(first, first + block_words < words ? first + block_words : words);
  }
}

void or_blocks(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks, std::size_t block_words,
               std::size_t words) {
  for_blocks(blocks, block_words, words, [&](std::size_t first, std::size_t end) {
    for (std::size_t w = first; w < end; w += words_per_line) store(target + w, load(target + w) | load(source + w));
  });
}

void copy_blocks(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks, std::size_t block_words,
                 std::size_t words) {
  for_blocks(blocks, block_words, words, [&](std::size_t first, std::size_t end) {
    for (std::size_t w = first; w < end; w += words_per_line) store(target + w, load(source + w));
  });
}

std::uint64_t fresh_blocks(const std::uint64_t* before, const std::uint64_t* after, std::uint64_t blocks,
                           std::size_t block_words, std::size_t words, std::uint64_t& fresh) {
  std::uint64_t changed = 0;
  for_blocks(blocks, block_words, words, [&](std::size_t first, std::size_t end) {
    std::uint64_t sum = 0;
    for (std::size_t w = first; w < end; ++w) {
      sum += static_cast<std::uint64_t>(__builtin_popcountll(after[w] & ~before[w]));
    }
    fresh += sum;
    changed |= std::uint64_t{sum != 0} << (first / block_words);
  });
  return changed;
}

}  // namespace

namespace COSETTA_VARIANT {
extern const split_kernels rows;
const split_kernels rows = {COSETTA_SET, uses_moves, compress,    expand,      or_segment,
                            or_shifted,  or_blocks,  copy_blocks, fresh_blocks};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
