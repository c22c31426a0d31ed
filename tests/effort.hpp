// Tests that put one question to many inputs ask a part of them under the sanitizers, which slow programs down by a
// factor of three to twenty: each kind of input is there still, and all inputs are in the plain run.
#pragma once

#include <cstddef>
#include <vector>

namespace cosetta::tests {

#ifdef COSETTA_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// How often to repeat something random.
constexpr std::size_t repeats(std::size_t plain) { return sanitized ? (plain + 4) / 5 : plain; }

/// The inputs; under the sanitizers, every third.
template <typename T>
std::vector<T> inputs(std::vector<T> all) {
  if (!sanitized) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < all.size(); i += 3) some.push_back(std::move(all[i]));
  return some;
}

}  // namespace cosetta::tests
