// bfloat16, the upper half of a float32: 8 significant bits, a rounding error of at most 2^-8 of a normal number. Defined once for the host
// and the device; the device's conversion is the same function in one instruction for two numbers.
#pragma once

#include <kernels/cuda/grid.hpp>

#include <bit>

namespace cosetta::kernels::grid {

using bf16 = std::uint16_t;

/// Moved at once.
struct alignas(16) eight_bf16 {
  std::uint32_t pair[4];
};

COSETTA_GRID inline float float_of_bits(std::uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __uint_as_float(bits);
#else
  return std::bit_cast<float>(bits);
#endif
}
COSETTA_GRID inline float low_float(std::uint32_t pair) { return float_of_bits(pair << 16); }
COSETTA_GRID inline float high_float(std::uint32_t pair) { return float_of_bits(pair & 0xffff0000U); }
COSETTA_GRID inline float float_of(bf16 x) { return float_of_bits(std::uint32_t{x} << 16); }

/// To the nearest, ties to even; beyond the greatest to infinity; what is no number to 0x7fff.
COSETTA_GRID inline std::uint32_t bf16_pair(float low, float high) {
#if defined(__CUDA_ARCH__)
  std::uint32_t out;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(out) : "f"(high), "f"(low));
  return out;
#else
  const auto round = [](float x) -> std::uint32_t {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return 0x7fff;
    return (bits + 0x7fffU + (bits >> 16 & 1)) >> 16;
  };
  return round(low) | round(high) << 16;
#endif
}
COSETTA_GRID inline bf16 to_bf16(float x) { return static_cast<bf16>(bf16_pair(x, 0)); }

COSETTA_GRID inline void unpack(const eight_bf16& from, float* to) {
  for (int i = 0; i < 4; ++i) to[2 * i] = low_float(from.pair[i]), to[2 * i + 1] = high_float(from.pair[i]);
}
COSETTA_GRID inline eight_bf16 packed(const float* from) {
  return {{bf16_pair(from[0], from[1]), bf16_pair(from[2], from[3]), bf16_pair(from[4], from[5]), bf16_pair(from[6], from[7])}};
}

}  // namespace cosetta::kernels::grid
