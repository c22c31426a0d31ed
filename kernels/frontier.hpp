// The hot loops of a frontier search over packed states: apply a generator, hash, and keep sets of states.
//
// Equality is always decided on whole states; a hash only says where to look. States travel in blocks, word by word
// ("structure of arrays"): `block[w * lanes + i]` is word w of state i. `lanes` is a multiple of 8.
// The word ~0 never occurs as a one-word state (the packing sees to that), so it marks an empty slot.
#pragma once

#include <kernels/instruction_set.hpp>
#include <kernels/transition.hpp>

#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

inline constexpr std::uint64_t empty_slot = ~std::uint64_t{0};
inline constexpr std::size_t slots_per_line = 8;

/// A hash set of one-word states laid out in lines of 64 bytes; a state sits in the line that its hash names or, where
/// that is full, in the next one that was not. `skip_bits` top bits of the hash are those that chose the partition.
/// Striking a state out marks it and leaves it in place, so that a probe still finds what lies behind it.
struct line_set {
  std::uint64_t* slots;  // slots_per_line << line_bits, 64-byte aligned
  std::uint8_t* struck;  // 1 << line_bits; bit j: slot j of the line is struck out
  unsigned skip_bits;    // 0..32
  unsigned line_bits;    // 1..31
};

struct frontier_kernels {
  instruction_set set;

  /// out = the images of the block `in` under `t`; both hold `words` * `lanes` words and do not overlap.
  void (*apply)(const transition& t, const std::uint64_t* in, std::uint64_t* out, std::size_t words, std::size_t lanes);

  /// hashes[i] = hash of state i of the block.
  void (*hash)(const std::uint64_t* block, std::uint64_t* hashes, std::size_t words, std::size_t lanes);

  /// Inserts `count` one-word states; returns how many were not there. The set must have room: it never holds more
  /// than 3/4 of its slots.
  std::size_t (*insert)(line_set& set, const std::uint64_t* states, std::size_t count);

  /// Strikes out those of the states that are in the set.
  void (*strike)(line_set& set, const std::uint64_t* states, std::size_t count);

  /// Writes the states that are in the set and not struck out; returns their number. `out` has room for all of them
  /// and slots_per_line more.
  std::size_t (*emit)(const line_set& set, std::uint64_t* out);
};

/// The kernels in one variant. Precondition: is_supported(set).
const frontier_kernels& frontier_kernels_for(instruction_set set) noexcept;

/// The hash of one state of `words` words, as `frontier_kernels::hash` computes it.
inline std::uint64_t state_hash(const std::uint64_t* state, std::size_t words) noexcept {
  std::uint64_t h = 0;
  for (std::size_t w = 0; w < words; ++w) {
    h ^= state[w];
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
  }
  h ^= h >> 29;
  return h * 0xbf58476d1ce4e5b9u;
}

}  // namespace cosetta::kernels
