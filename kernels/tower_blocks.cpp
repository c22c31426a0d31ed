#include <kernels/tower_blocks.hpp>

#include <algorithm>
#include <cstring>

namespace cosetta::kernels {

namespace scalar {
extern const tower_kernels tower;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const tower_kernels tower;
}
namespace avx512 {
extern const tower_kernels tower;
}
#endif

const tower_kernels& tower_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::tower;
  if (set == instruction_set::avx2) return avx2::tower;
#endif
  static_cast<void>(set);
  return scalar::tower;
}

namespace {

using bytes64 = std::array<std::uint8_t, 64>;

/// Masks of exchanges at distances 32, 16, ..., 1; false when the permutation is not of that form.
bool triangular_masks(const bytes64& from, std::uint64_t* masks) {
  // Undo it from the last stage on: at distance 2^j the pair (i, i + 2^j) is exchanged when bit j of from[i] is not bit j
  // of i; the higher bits are changed by stages that come earlier, the lower ones later.
  bytes64 left = from;
  for (int j = 0; j < 6; ++j) {
    const unsigned distance = 1U << j;
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 64; ++i) {
      if ((i & distance) != 0) continue;
      const bool exchanged = ((left[i] ^ i) & distance) != 0;
      if (exchanged != (((left[i + distance] ^ i ^ distance) & distance) != 0)) return false;
      if (exchanged) {
        mask |= std::uint64_t{1} << i;
        std::swap(left[i], left[i + distance]);
      }
    }
    masks[5 - j] = mask;
  }
  for (unsigned i = 0; i < 64; ++i) {
    if (left[i] != i) return false;
  }
  return true;
}

/// Routes a permutation through a Benes network: distances 32, 16, 8, 4, 2, 1, 2, ..., 32 (Waksman's looping algorithm).
void benes_masks(const bytes64& from, std::uint64_t* masks) {
  std::fill_n(masks, 11, 0);
  // At depth s, with distance h = 32 >> s, positions that agree below h and above 2h form sub-networks of 2h wires. `need`
  // gives, for each wire at the output side of the remaining network, the wire at its input side.
  bytes64 need = from;
  for (int s = 0; s < 5; ++s) {
    const unsigned h = 32U >> s;
    // Wires i and i ^ h share an input switch and an output switch, and must go through different halves (bit h).
    bytes64 where{};  // inverse of need
    for (unsigned i = 0; i < 64; ++i) where[need[i]] = static_cast<std::uint8_t>(i);
    std::array<int, 64> half_out;  // of output wire i: which half it comes from, 0 or 1
    half_out.fill(-1);
    for (unsigned start = 0; start < 64; ++start) {
      unsigned i = start;
      while (half_out[i] < 0) {
        half_out[i] = 0;
        half_out[i ^ h] = 1;
        i = where[need[i ^ h] ^ h];  // its input's partner must take half 0
      }
    }
    std::uint64_t in = 0, out = 0;
    bytes64 inner{};
    for (unsigned i = 0; i < 64; ++i) {
      // Output i is fed by the inner wire of its half; that is position i with bit h replaced by the half.
      const unsigned inner_out = (i & ~h) | (half_out[i] != 0 ? h : 0);
      const unsigned inner_in = (need[i] & ~h) | (half_out[i] != 0 ? h : 0);
      inner[inner_out] = static_cast<std::uint8_t>(inner_in);
      if ((i & h) == 0 && inner_out != i) out |= std::uint64_t{1} << i;
      if ((need[i] & h) == 0 && inner_in != need[i]) in |= std::uint64_t{1} << need[i];
    }
    masks[s] = in;
    masks[10 - s] = out;
    need = inner;
  }
  for (unsigned i = 0; i < 64; i += 2) {
    if (need[i] != i) masks[5] |= std::uint64_t{1} << i;
  }
}

}  // namespace

word_permutations::word_permutations(std::vector<std::uint8_t> from) {
  const std::size_t count = from.size() / 64;
  controls_.resize(from.size() + 63);
  offset_ = static_cast<std::size_t>(-reinterpret_cast<std::uintptr_t>(controls_.data()) & 63U);
  std::copy(from.begin(), from.end(), controls_.begin() + static_cast<std::ptrdiff_t>(offset_));
  distances_ = {32, 16, 8, 4, 2, 1};
  masks_.resize(count * 6);
  const auto row = [&](std::size_t p) {
    bytes64 r;
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(p * 64), 64, r.begin());
    return r;
  };
  for (std::size_t p = 0; p < count; ++p) {
    if (triangular_masks(row(p), masks_.data() + p * 6)) continue;
    stages_ = 11;
    distances_ = {32, 16, 8, 4, 2, 1, 2, 4, 8, 16, 32};
    masks_.resize(count * 11);
    for (std::size_t q = 0; q < count; ++q) benes_masks(row(q), masks_.data() + q * 11);
    return;
  }
}

}  // namespace cosetta::kernels
