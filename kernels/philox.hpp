// Philox4x32-10, a counter-based random number generator: a keyed bijection of 128-bit counters, ten rounds of multiplication and
// exchange. J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
// the library Random123. There is no state to carry along: number k of any stream is computed by itself, so that work can be cut
// among threads, and repeated in part, without changing a number. The same numbers come from any machine and compiler.
#pragma once

#include <array>
#include <cstdint>

namespace cosetta::kernels {

using philox_block = std::array<std::uint32_t, 4>;
using philox_key = std::array<std::uint32_t, 2>;

inline constexpr int philox_rounds = 10;
inline constexpr std::array<std::uint32_t, 2> philox_multipliers{0xD2511F53, 0xCD9E8D57};

/// The key of the next round: steps of the golden ratio and of sqrt(3) - 1.
constexpr philox_key next_round(philox_key key) noexcept {
  return {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
}

constexpr philox_block philox4x32(philox_block counter, philox_key key) noexcept {
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t a = std::uint64_t{philox_multipliers[0]} * counter[0];
    const std::uint64_t b = std::uint64_t{philox_multipliers[1]} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = next_round(key);
  }
  return counter;
}

constexpr philox_key philox_key_of(std::uint64_t seed) noexcept {
  return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

/// A number below `bound` from 32 random bits that `next` gives, each equally likely: the high word of the product, unless the
/// low word is among the 2^32 mod bound that would be one too many (D. Lemire, "Fast random integer generation in an
/// interval", ACM TOMACS 29, 2019). Precondition: bound > 0.
template <class Next>
std::uint32_t uniform_below(std::uint32_t bound, const Next& next) {
  for (;;) {
    const std::uint64_t product = std::uint64_t{next()} * bound;
    const auto low = static_cast<std::uint32_t>(product);
    if (low >= bound || low >= (0U - bound) % bound) return static_cast<std::uint32_t>(product >> 32);
  }
}

}  // namespace cosetta::kernels
