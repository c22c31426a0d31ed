#include <kernels/split_rows.hpp>

namespace cosetta::kernels {

namespace scalar {
extern const split_kernels rows;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const split_kernels rows;
}
namespace avx512 {
extern const split_kernels rows;
}

namespace {

/// pext and pdep are microcode of some hundred cycles on AMD's processors before Zen 3.
bool has_fast_bit_extraction() noexcept {
  return __builtin_cpu_supports("bmi2") && !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2") &&
         !__builtin_cpu_is("bdver4");
}

split_kernels suited(split_kernels kernels) noexcept {
  if (has_fast_bit_extraction()) return kernels;
  kernels.wants_moves = true;
  kernels.compress = scalar::rows.compress;
  kernels.expand = scalar::rows.expand;
  return kernels;
}

}  // namespace
#endif

const split_kernels& split_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) {
    static const split_kernels kernels = suited(avx512::rows);
    return kernels;
  }
  if (set == instruction_set::avx2) {
    static const split_kernels kernels = suited(avx2::rows);
    return kernels;
  }
#endif
  static_cast<void>(set);
  return scalar::rows;
}

void make_moves(std::uint64_t mask, std::uint64_t* moves) noexcept {
  std::uint64_t zeros_below = ~mask << 1;  // bit i: parity of what is still to count below bit i
  for (unsigned step = 0; step < moves_per_word; ++step) {
    std::uint64_t parity = zeros_below;
    for (unsigned shift = 1; shift < 64; shift *= 2) parity ^= parity << shift;
    moves[step] = parity & mask;
    mask = (mask ^ moves[step]) | (moves[step] >> (1U << step));
    zeros_below &= ~parity;
  }
}

}  // namespace cosetta::kernels
