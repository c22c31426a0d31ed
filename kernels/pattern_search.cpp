#include <kernels/pattern_search.hpp>

namespace cosetta::kernels {

namespace scalar {
extern const pattern_search_kernels pattern_search;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const pattern_search_kernels pattern_search;
}
namespace avx512 {
extern const pattern_search_kernels pattern_search;
}
#endif

const pattern_search_kernels& pattern_search_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::pattern_search;
  if (set == instruction_set::avx2) return avx2::pattern_search;
#endif
  static_cast<void>(set);
  return scalar::pattern_search;
}

}  // namespace cosetta::kernels
