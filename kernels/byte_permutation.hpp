// Products of permutations of at most 64 points, held as 64 bytes that are padded with the identity. One `vpermb` on
// AVX-512 VBMI, four `vpshufb` a half on AVX2, a loop elsewhere; the variant is chosen once, at the first call.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace cosetta::kernels {

inline constexpr std::size_t small_degree = 64;

/// out[i] = b[a[i]] for i < 64: the product "first a, then b". `out` may be `a` or `b`.
using compose_bytes_function = void (*)(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out);

/// Precondition: is_supported(set).
compose_bytes_function compose_bytes_for(instruction_set set) noexcept;

/// The fastest variant that runs here.
void compose_bytes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept;

}  // namespace cosetta::kernels
