// Random tests print their seed when they fail and take it again from COSETTA_TEST_SEED.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace cosetta::tests {

/// `fallback` unless the environment asks for another seed. Put INFO("seed " << s) around what uses it.
inline std::uint64_t seed(std::uint64_t fallback) {
  const char* given = std::getenv("COSETTA_TEST_SEED");
  return given != nullptr ? std::stoull(given) : fallback;
}

}  // namespace cosetta::tests
