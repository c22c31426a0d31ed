// Small facts about integers that several algorithms of this room use.
#pragma once

#include <cstdint>

#include <gmpxx.h>

namespace cosetta::groups {

/// By trial division.
constexpr bool is_prime(std::uint64_t n) noexcept {
  if (n < 2) return false;
  for (std::uint64_t d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return true;
}

inline mpz_class power(std::uint64_t base, std::uint64_t exponent) {
  mpz_class out;
  mpz_ui_pow_ui(out.get_mpz_t(), base, exponent);
  return out;
}

/// A bijection of 64-bit words that spreads their bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
constexpr std::uint64_t mixed(std::uint64_t h) noexcept {
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
  return h ^ (h >> 31);
}

}  // namespace cosetta::groups
