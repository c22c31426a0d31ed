#include <kernels/error.hpp>
#include <kernels/vector_blocks.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::kernels {

namespace scalar {
extern const vector_kernels vector;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const vector_kernels vector;
}
namespace avx512 {
extern const vector_kernels vector;
}
#endif

const vector_kernels& vector_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::vector;
  if (set == instruction_set::avx2) return avx2::vector;
#endif
  static_cast<void>(set);
  return scalar::vector;
}

namespace {

/// Masks of the exchanges at distances 4, 2, 1 that make out[i] = in[from[i]] of eight things: bit i of masks[s] is set
/// where things i and i + distance change places. False when the permutation is not of that form.
bool exchanges(std::array<std::uint8_t, 8> from, std::array<std::uint8_t, 3>& masks) {
  // Undone from the last stage on, as for whole words (tower_blocks.cpp).
  for (int j = 0; j < 3; ++j) {
    const unsigned distance = 1U << j;
    unsigned mask = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if ((i & distance) != 0) continue;
      const bool exchanged = ((from[i] ^ i) & distance) != 0;
      if (exchanged != (((from[i + distance] ^ i ^ distance) & distance) != 0)) return false;
      if (!exchanged) continue;
      mask |= 1U << i;
      std::swap(from[i], from[i + distance]);
    }
    masks[static_cast<std::size_t>(2 - j)] = static_cast<std::uint8_t>(mask);
  }
  for (unsigned i = 0; i < 8; ++i) {
    if (from[i] != i) return false;
  }
  return true;
}

[[noreturn]] void refuse() {
  throw error("a permutation of lanes or bits that is no translation of a 2-group");
}

vector_permutations::bit_form bit_form_of(const std::uint8_t* from) {
  vector_permutations::bit_form out{};
  for (std::size_t b = 0; b < 8; ++b) {
    std::array<std::uint8_t, 8> inner{};
    const auto byte = static_cast<std::uint8_t>(from[8 * b] / 8);
    for (std::size_t i = 0; i < 8; ++i) {
      const auto at = from[8 * b + i];
      if (at / 8 != byte || byte > 7) refuse();
      inner[i] = at % 8;
      // Bit i of the product is the parity of the byte under row 7 - i of the matrix.
      out.matrices[b] |= std::uint64_t{1} << (8 * (7 - i) + inner[i]);
    }
    out.source[b] = byte;
    for (std::size_t l = 0; l < 8; ++l) out.shuffle[8 * b + l] = static_cast<std::uint8_t>(8 * byte);
    std::array<std::uint8_t, 3> masks{};
    if (!exchanges(inner, masks)) refuse();
    for (std::size_t s = 0; s < 3; ++s) out.masks[3 * b + s] = masks[s] * std::uint64_t{0x0101010101010101};
  }
  return out;
}

vector_permutations::lane_form lane_form_of(const std::uint8_t* from) {
  vector_permutations::lane_form out{};
  std::array<std::uint8_t, 8> row{};
  std::copy_n(from, 8, row.begin());
  std::array<std::uint8_t, 3> masks{};
  if (!exchanges(row, masks)) refuse();
  for (std::size_t s = 0; s < 3; ++s) {
    for (std::size_t l = 0; l < 8; ++l) out.masks[s] |= (masks[s] >> l & 1U) * (std::uint64_t{0xff} << (8 * l));
  }
  for (std::size_t b = 0; b < 8; ++b) {
    for (std::size_t l = 0; l < 8; ++l) out.shuffle[8 * b + l] = row[l];
  }
  return out;
}

}  // namespace

vector_permutations::vector_permutations(std::span<const std::uint8_t> bits, std::span<const std::uint8_t> lanes) {
  for (std::size_t p = 0; p < bits.size(); p += 64) bits_.push_back(bit_form_of(bits.data() + p));
  for (std::size_t p = 0; p < lanes.size(); p += 8) lanes_.push_back(lane_form_of(lanes.data() + p));
}

}  // namespace cosetta::kernels
