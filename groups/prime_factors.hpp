// Group orders as products of primes. The primes that divide the order of a permutation group are at most its degree,
// so that trial division is all that is needed.
#pragma once

#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

struct prime_power {
  unsigned long prime;
  unsigned long exponent;
};

/// Ascending. Precondition: n >= 1. Time: the largest prime divisor but the last, or the root of the last.
inline std::vector<prime_power> prime_factors(mpz_class n) {
  std::vector<prime_power> out;
  mpz_class power;
  for (unsigned long p = 2; n != 1; p += p == 2 ? 1 : 2) {
    if (mpz_fits_ulong_p(n.get_mpz_t()) && p > n.get_ui() / p) p = n.get_ui();  // what is left is prime
    if (!mpz_divisible_ui_p(n.get_mpz_t(), p)) continue;
    power = p;
    out.push_back({p, mpz_remove(n.get_mpz_t(), n.get_mpz_t(), power.get_mpz_t())});
  }
  return out;
}

}  // namespace cosetta::groups
