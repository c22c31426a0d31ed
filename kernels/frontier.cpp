#include <kernels/frontier.hpp>

namespace cosetta::kernels {

namespace scalar {
extern const frontier_kernels kernels;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const frontier_kernels kernels;
}
namespace avx512 {
extern const frontier_kernels kernels;
}
#endif

const frontier_kernels& frontier_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::kernels;
  if (set == instruction_set::avx2) return avx2::kernels;
#endif
  static_cast<void>(set);
  return scalar::kernels;
}

}  // namespace cosetta::kernels
