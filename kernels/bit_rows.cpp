#include <kernels/bit_rows.hpp>

namespace cosetta::kernels {

namespace scalar {
extern const bit_row_kernels row_kernels;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const bit_row_kernels row_kernels;
}
namespace avx512 {
extern const bit_row_kernels row_kernels;
}
#endif

const bit_row_kernels& bit_row_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::row_kernels;
  if (set == instruction_set::avx2) return avx2::row_kernels;
#endif
  static_cast<void>(set);
  return scalar::row_kernels;
}

}  // namespace cosetta::kernels
