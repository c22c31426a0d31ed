#include <kernels/byte_rows.hpp>

namespace cosetta::kernels {

namespace scalar {
extern const byte_row_kernels byte_kernels;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const byte_row_kernels byte_kernels;
}
namespace avx512 {
extern const byte_row_kernels byte_kernels;
}
#endif

const byte_row_kernels& byte_row_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::byte_kernels;
  if (set == instruction_set::avx2) return avx2::byte_kernels;
#endif
  static_cast<void>(set);
  return scalar::byte_kernels;
}

}  // namespace cosetta::kernels
