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

row_turns::row_turns(unsigned m, unsigned k) : m_(m), k_(k) {
  unsigned length = 1;
  for (unsigned j = 0; j < k; ++j) length *= m;
  if (length > 64) {
    words_ = (length + 63) / 64;
    masks_.resize(2 * m * words_);
    for (unsigned s = 0; s < m; ++s) {
      for (unsigned bit = 0; bit < length; ++bit) {
        const bool wraps = bit % m + s >= m;
        masks_[(2 * s + wraps) * words_ + bit / 64] |= std::uint64_t{1} << bit % 64;
      }
    }
    return;
  }
  for (unsigned element = 0; element < length; ++element) {
    for (unsigned j = 0, unit = 1; j < k; ++j, unit *= m) {
      const unsigned s = element / unit % m;
      turn t{0, static_cast<std::uint8_t>(s * unit), static_cast<std::uint8_t>(s == 0 ? 0 : (m - s) * unit)};
      for (unsigned bit = 0; bit < length; ++bit) {
        if (bit / unit % m >= s) t.mask |= std::uint64_t{1} << bit;
      }
      turns_.push_back(t);
    }
  }
}

const bit_row_kernels& bit_row_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::row_kernels;
  if (set == instruction_set::avx2) return avx2::row_kernels;
#endif
  static_cast<void>(set);
  return scalar::row_kernels;
}

}  // namespace cosetta::kernels
