// The hot loops of a sweep over a split index (search/split_sweep.hpp): rows of bits are moved under masks.
//
// A row is a bit string in whole lines of 64 bytes, bit i being bit i % 64 of word i / 64. Three motions suffice: bits
// under a mask are compressed into a stream of bits without gaps; a stream is expanded to the places of a mask; and a
// row is read at a few fixed distances, each under its own mask. Compressing and expanding are the sheep-and-goats
// steps of Warren, Hacker's Delight, 7-4 and 7-5: `pext` and `pdep` where the processor has them and they are fast,
// else six shifts under move masks that are computed beforehand.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

inline constexpr std::size_t words_per_line = 8;
inline constexpr std::size_t moves_per_word = 6;

/// A mask over the words of a row. `moves` holds the six move masks of each word, and may be null unless the kernels
/// want it.
struct row_mask {
  const std::uint64_t* words = nullptr;
  const std::uint64_t* moves = nullptr;
};

/// Part of a line of the target: bit i of word w comes from bit i of the source words at 8 * line + `words` + w, read
/// `bits` bits further on.
struct line_shift {
  std::int32_t words;
  std::uint32_t bits;  // below 64
};

/// A line of the target, how many shifts it takes, and the blocks of the source that they read.
struct shifted_line {
  std::uint64_t blocks;
  std::uint32_t line;
  std::uint32_t count;
};

struct split_kernels {
  instruction_set set;
  bool wants_moves;

  /// The bits of `row` under the mask, in order, to the stream `out` from bit `to` < 64 on; bits before stay as they
  /// are. Writes at most one word more than the stream fills, and zeros behind its end.
  void (*compress)(const std::uint64_t* row, row_mask mask, std::size_t words, std::uint64_t* out, unsigned to);

  /// ORs the stream that begins at bit `from` of `stream` to the places of the mask, in order. Reads at most one word
  /// behind the end of the stream.
  void (*expand)(std::uint64_t* target, row_mask mask, std::size_t words, const std::uint64_t* stream,
                 std::uint64_t from);

  /// ORs bits [from, from + count) of `source` to [to, to + count) of `target`. One word before and behind the source
  /// bits must be readable.
  void (*or_segment)(std::uint64_t* target, std::uint64_t to, const std::uint64_t* source, std::uint64_t from,
                     std::uint64_t count);

  /// ORs to each of the lines the source at its shifts, unless it reads nothing of `blocks`; `shifts` holds their
  /// shifts one line after another and `masks` eight words for each shift. Two lines before and behind the source must
  /// be readable. Returns the lines that were written, line i as bit i >> `lines_log`.
  std::uint64_t (*or_shifted)(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks,
                              unsigned lines_log, const shifted_line* lines, std::size_t count,
                              const line_shift* shifts, const std::uint64_t* masks);

  /// ORs, or copies, the given blocks of `block_words` words of a row of `words` words.
  void (*or_blocks)(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks, std::size_t block_words,
                    std::size_t words);
  void (*copy_blocks)(std::uint64_t* target, const std::uint64_t* source, std::uint64_t blocks, std::size_t block_words,
                      std::size_t words);

  /// Adds to `fresh` the number of bits of the given blocks that are set in `after` and not in `before`; returns the
  /// blocks that have some.
  std::uint64_t (*fresh_blocks)(const std::uint64_t* before, const std::uint64_t* after, std::uint64_t blocks,
                                std::size_t block_words, std::size_t words, std::uint64_t& fresh);
};

/// The kernels in one variant; a variant whose processor has no fast bit extraction compresses as the scalar one does.
/// Precondition: is_supported(set).
const split_kernels& split_kernels_for(instruction_set set) noexcept;

/// The move masks with which a word is compressed to, or expanded from, the places of `mask`.
void make_moves(std::uint64_t mask, std::uint64_t* moves) noexcept;

}  // namespace cosetta::kernels
