#include <kernels/pair_sums.hpp>

#include <algorithm>

namespace cosetta::kernels {

namespace scalar {
extern const pair_sum_kernels sum_kernels;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const pair_sum_kernels sum_kernels;
}
namespace avx512 {
extern const pair_sum_kernels sum_kernels;
}
#endif

pair_sums::pair_sums(std::size_t n, std::vector<pair> pairs, const std::vector<std::uint8_t>& tables)
    : n_(n), count_(tables.size() / (n * n)), table_bytes_(bytes_for(n, 1)), pairs_(std::move(pairs)), tables_(count_ * table_bytes_ / 8 + 1) {
  std::vector<std::uint8_t> greatest(count_);
  auto* out = reinterpret_cast<std::uint8_t*>(tables_.data());
  for (std::size_t t = 0; t < count_; ++t, out += table_bytes_) {
    const auto* in = tables.data() + t * n * n;
    greatest[t] = *std::max_element(in, in + n * n);
    for (std::size_t a = 0; a < n; ++a) std::copy_n(in + a * n, n, out + a * row_entries(n));
  }
  for (const auto& p : pairs_) {
    most_ += greatest[p.table];
    greatest_ = std::max<unsigned>(greatest_, greatest[p.table]);
  }
  std::ranges::stable_sort(pairs_, {}, &pair::first);
}

const pair_sum_kernels& pair_sum_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::sum_kernels;
  if (set == instruction_set::avx2) return avx2::sum_kernels;
#endif
  static_cast<void>(set);
  return scalar::sum_kernels;
}

}  // namespace cosetta::kernels
