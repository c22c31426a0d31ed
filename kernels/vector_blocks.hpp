// The hot loop of a coset tower whose words are vectors: one destination block takes in the vectors of its source
// blocks, 512 states at a time.
//
// A vector is 64 bytes: eight words ("lanes") of 64 states, stored byte by byte, byte b of lane l at 8 b + l. As in
// tower_blocks.hpp a moved source has one entry for each destination vector v, `64 * v2 + k`: vector v takes in vector
// v2 of the source, the 64 states of each lane under bit permutation k, and the lanes under one lane permutation for
// the whole source. Bit permutations take bytes to bytes, as translations of a 2-group do (tower_fibre.hpp); so lanes
// and bytes move by one shuffle of 64 bytes, and the bits within a byte by one product with an 8 x 8 matrix over GF(2)
// for each byte of the word. Without these instructions it is masked exchanges: three of lanes, three of bits.
#pragma once

#include <kernels/tower_blocks.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::kernels {

/// Bit permutations of 64 states that take bytes to bytes, and permutations of eight lanes, in the forms that the
/// kernels use.
class vector_permutations {
 public:
  /// `bits`: 64 bytes for each bit permutation, out bit i = in bit from[i]; `lanes`: 8 bytes for each lane permutation. Throws
  /// error where bytes do not go to bytes, or exchanges at distances 4, 2, 1 do not make what is to happen inside a byte or to
  /// the lanes; they do where bit j of from[i] ^ i depends on the higher bits of i only, as for translations of a 2-group.
  vector_permutations(std::span<const std::uint8_t> bits, std::span<const std::uint8_t> lanes);

  struct alignas(64) bit_form {
    std::array<std::uint8_t, 64> shuffle;   // 8 * (source byte of b) at 8 b + l
    std::array<std::uint64_t, 8> matrices;  // for gf2p8affineqb, of destination byte b
    std::array<std::uint64_t, 24>
        masks;  // exchanges at distances 4, 2, 1 in destination byte b, in all lanes: 3 b + stage
    std::array<std::uint8_t, 8> source;  // byte that destination byte b comes from
  };
  struct alignas(64) lane_form {
    std::array<std::uint8_t, 64> shuffle;  // source lane of l at 8 b + l
    std::array<std::uint64_t, 3> masks;    // exchanges at distances 32, 16, 8
  };
  const bit_form* bits() const noexcept { return bits_.data(); }
  const lane_form& lanes(std::size_t p) const noexcept { return lanes_[p]; }

 private:
  std::vector<bit_form> bits_;
  std::vector<lane_form> lanes_;
};

struct vector_kernels {
  instruction_set set;
  /// Does the job, whose `words` are a multiple of eight and whose moves count vectors; returns the number of new bits.
  /// All blocks are 64-byte aligned.
  std::uint64_t (*sweep)(const block_job& job, const vector_permutations& permutations);
};

/// Precondition: is_supported(set).
const vector_kernels& vector_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
