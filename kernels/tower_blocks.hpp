// The hot loop of a coset tower: one destination block takes in the words of its source blocks.
//
// A block is an array of words of 64 states. A plain source is or-ed word by word; a moved source has one entry for each
// destination word w, `64 * w2 + k`: word w takes in word w2 of the source under bit permutation k (out bit i = in bit
// from[i]). Bit permutations come in two forms: 64 control bytes for one bit shuffle of AVX-512, and masks for at most 11
// delta swaps, of which 6 are enough for the translations of a 2-group (tower_fibre.hpp). Source blocks are read only: each
// block has one writer, and nothing is atomic.
#pragma once

#include <kernels/instruction_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

/// Bit permutations in both forms.
class word_permutations {
 public:
  static constexpr std::size_t most_stages = 11;

  /// `from`: 64 bytes for each permutation, each row a bijection of 0..63.
  explicit word_permutations(std::vector<std::uint8_t> from);

  std::size_t size() const noexcept { return controls_.size() / 64; }
  /// 64-byte aligned rows of 64 bytes.
  const std::uint8_t* controls() const noexcept { return controls_.data() + offset_; }
  /// stages() masks for each permutation.
  const std::uint64_t* masks() const noexcept { return masks_.data(); }
  std::size_t stages() const noexcept { return stages_; }
  /// The distance of each stage, in order of application.
  const std::array<std::uint8_t, most_stages>& distances() const noexcept { return distances_; }

  /// The permuted word, by the masks.
  std::uint64_t apply(std::size_t permutation, std::uint64_t word) const noexcept {
    const auto* mask = masks_.data() + permutation * stages_;
    for (std::size_t s = 0; s < stages_; ++s) {
      const auto t = (word ^ (word >> distances_[s])) & mask[s];
      word ^= t ^ (t << distances_[s]);
    }
    return word;
  }

 private:
  std::vector<std::uint8_t> controls_;
  std::size_t offset_ = 0;
  std::vector<std::uint64_t> masks_;
  std::size_t stages_ = 6;
  std::array<std::uint8_t, most_stages> distances_{};
};

struct block_source {
  const std::uint64_t* words;   // the whole block for a moved source; from the first destination word on for a plain one
  const std::uint16_t* moves;   // of the destination words; unused for a plain source
  std::uint32_t permutation;    // what is added to the entry's k
  std::uint32_t lanes = 0;      // of vectors (vector_blocks.hpp): their lane permutation
};

struct block_job {
  const std::uint64_t* own;  // destination words before
  std::uint64_t* out;        // and after; may be `own`
  std::size_t words;
  const block_source* plain;
  std::size_t plain_count;
  const block_source* moved;
  std::size_t moved_count;
  const std::uint64_t* const* next;  // blocks of next_words words that will be read soon, by the next job
  std::size_t next_count;
  std::size_t next_words;
  const block_job* following;  // of vectors, instead of `next`: the job that comes next, or null
  bool stream;  // `out` is 64-byte aligned and not read soon: it need not stay in the cache
};

struct tower_kernels {
  instruction_set set;
  /// Does the job; returns the number of new bits. `scratch` has room for job.words + 8 words, 64-byte aligned.
  std::uint64_t (*sweep)(const block_job& job, const word_permutations& permutations, std::uint64_t* scratch);
};

/// Precondition: is_supported(set).
const tower_kernels& tower_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
