// A fixed map of the bits of one block to the bits of another, compiled to operations on words.
//
// Bit i of the target takes in bit from[i] of the source. For each pair of a target and a source word there is a set of bits
// that goes from one to the other, and three ways to carry it over:
// turned    bits that all move by the same distance: one rotation, and a mask;
// pulled    bits whose order stays: compressed and expanded again (pext, pdep);
// gathered  any bits from 16 source words at once: for each target bit the byte that it is in, then the bit of the byte (a shuffle
//           of 128 bytes and a test of 64, AVX-512).
// The compiler takes for each target word what is cheapest of what the kernels of an instruction set have; turned words
// alone can do everything. The rows of operations are ordered so that neighbours write different words.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace cosetta::kernels {

/// What the kernels of an instruction set can do; everybody can turn words.
struct bit_move_forms {
  bool pulled = false;
  bool gathered = false;
};

class bit_moves {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();  // this target bit takes nothing
  static constexpr std::size_t gather_words = 16;
  static constexpr std::size_t most_words = 1024;

  struct turned_word {
    std::uint64_t put;
    std::uint16_t from, to;
    std::uint32_t turn;  // to the left
  };
  struct pulled_word {
    std::uint64_t take, put;
    std::uint16_t from, to;
  };
  struct gathered_word {
    std::uint16_t from, to;  // source words from, ..., from + 15
  };

  /// `from`: 64 entries for each target word, at most most_words of them; the source has as many words.
  bit_moves(std::span<const std::uint32_t> from, bit_move_forms forms);

  std::span<const turned_word> turned() const noexcept { return turned_; }
  std::span<const pulled_word> pulled() const noexcept { return pulled_; }
  std::span<const gathered_word> gathered() const noexcept { return gathered_; }
  /// For each gathered word 64 numbers of bytes, then 64 bytes with one bit each, or none.
  const std::uint8_t* controls() const noexcept { return controls_.data(); }

  std::size_t bytes() const noexcept;
  double cost() const noexcept;  // estimated, ns

  /// Estimated ns of one target word with these 64 sources, in a block of `words` words; without building anything.
  static double cost_of(std::span<const std::uint32_t> from, std::size_t words, bit_move_forms forms);

 private:
  std::vector<turned_word> turned_;
  std::vector<pulled_word> pulled_;
  std::vector<gathered_word> gathered_;
  std::vector<std::uint8_t> controls_;
};

struct moved_block {
  const std::uint64_t* words;
  const bit_moves* moves;
};

/// One target block takes in its sources.
struct colour_job {
  const std::uint64_t* own;  // the block before
  std::uint64_t* out;        // and after: another place
  std::size_t words;
  const std::uint64_t* const* plain;  // or-ed word by word
  std::size_t plain_count;
  const moved_block* moved;
  std::size_t moved_count;
  const std::uint64_t* const* next;  // blocks that the next job will read
  std::size_t next_count;
};

struct bit_move_kernels {
  instruction_set set;
  bit_move_forms forms;
  /// ORs the moved source to the target. Precondition: the moves have no forms that `forms` has not.
  void (*take)(const bit_moves& moves, const std::uint64_t* source, std::uint64_t* target);
  /// Does the job; returns the number of new bits.
  std::uint64_t (*sweep)(const colour_job& job);
};

/// Precondition: is_supported(set).
const bit_move_kernels& bit_move_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
