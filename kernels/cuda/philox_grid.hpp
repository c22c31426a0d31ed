// Philox4x32-10 (philox.hpp) and the choice of a walk's step (random_steps.hpp) for kernels of grids: the same numbers from plain words,
// as std::array is not for device code. A test says that they agree.
#pragma once

#include <kernels/cuda/grid.hpp>
#include <kernels/philox.hpp>

namespace cosetta::kernels::grid {

inline constexpr std::uint32_t philox_multiplier_a = philox_multipliers[0], philox_multiplier_b = philox_multipliers[1];

struct philox_words {
  std::uint32_t word[4];
};

COSETTA_GRID inline philox_words philox(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3, std::uint32_t k0, std::uint32_t k1) {
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t a = std::uint64_t{philox_multiplier_a} * c0, b = std::uint64_t{philox_multiplier_b} * c2;
    const std::uint32_t next0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0, next2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
    c0 = next0, c1 = static_cast<std::uint32_t>(b), c2 = next2, c3 = static_cast<std::uint32_t>(a);
    k0 += 0x9E3779B9, k1 += 0xBB67AE85;
  }
  return {{c0, c1, c2, c3}};
}

struct walk_key {
  std::uint32_t low, high;  // of the seed
};

/// A number below `bound` from the word of a step, and from the words of the blocks (walk, step, 1), (walk, step, 2), ... should it be rejected.
COSETTA_GRID inline std::uint32_t step_below(const walk_key& key, std::uint64_t walk, std::uint32_t step, std::uint32_t word, std::uint32_t bound) {
  std::uint64_t product = std::uint64_t{word} * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t least = (0U - bound) % bound;
    philox_words more{};
    for (std::uint32_t n = 0; static_cast<std::uint32_t>(product) < least; ++n) {
      if (n % 4 == 0) more = philox(static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), step, 1 + n / 4, key.low, key.high);
      const std::uint32_t next = n % 4 < 2 ? (n % 4 == 0 ? more.word[0] : more.word[1]) : (n % 4 == 2 ? more.word[2] : more.word[3]);
      product = std::uint64_t{next} * bound;
    }
  }
  return static_cast<std::uint32_t>(product >> 32);
}

}  // namespace cosetta::kernels::grid
