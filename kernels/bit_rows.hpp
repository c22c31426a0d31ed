// The hot loop of a sweep over rows of bits that generators permute and rotate: a layer of a Cayley graph whose
// vertices are cut into cosets of a cyclic group of order m, one row of m bits for each coset; or of an abelian group
// (Z/m)^k, with m^k <= 64 or k = 2, bit t_0 + t_1 m + t_2 m^2 + ... for the exponents t.
//
// Generator g moves bit t of row `sources[r * generators + g]` to bit t + rotations[r * generators + g] of row r; the
// sum is that of the group. A row takes 8, 16 or 32 bits, or whole words; the bits beyond its length are always 0.
#pragma once

#include <kernels/instruction_set.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

inline constexpr std::uint32_t max_row_length = 1u << 16;

/// Bits that a row takes: the least of 8, 16, 32, 64, 128, 192, ... that is enough.
constexpr std::size_t row_stride(std::uint32_t length) noexcept {
  return length <= 8 ? 8 : length <= 16 ? 16 : length <= 32 ? 32 : (std::size_t{length} + 63) / 64 * 64;
}

/// How the elements of (Z/m)^k rotate a row.
class row_turns {
 public:
  /// Of one exponent, in a row that is one word.
  struct turn {
    std::uint64_t mask;  // of the bits that the shift to the left brings; the others come from the right
    std::uint8_t left, right;
  };

  /// Preconditions: m >= 2; m^k <= 64 and k >= 1, or k = 2 and m^2 <= max_row_length.
  row_turns(unsigned m, unsigned k);

  unsigned modulus() const noexcept { return m_; }
  unsigned exponents() const noexcept { return k_; }
  /// Rows of one word: the k turns of an element, one after the other.
  const turn* operator[](std::size_t element) const noexcept { return &turns_[element * k_]; }
  /// Longer rows, k = 2: the bits whose first exponent stays below m when s is added to it, and those that wrap. The
  /// element t rotates the former by t, as a cyclic row of m^2 bits, and the latter by t - m, where s = t mod m.
  const std::uint64_t* staying(unsigned s) const noexcept { return &masks_[2 * s * words_]; }
  const std::uint64_t* wrapping(unsigned s) const noexcept { return &masks_[(2 * s + 1) * words_]; }

 private:
  unsigned m_, k_;
  std::size_t words_ = 1;
  std::vector<turn> turns_;
  std::vector<std::uint64_t> masks_;
};

struct bit_rows {
  std::uint32_t length;              // bits of a row, 2..max_row_length
  unsigned generators;               // 1..255
  const std::uint32_t* sources;      // one row after the other, `generators` each
  const std::uint16_t* rotations;    // the same; below `length`
  const row_turns* turns = nullptr;  // null: cyclic
  // Where changes are followed word by word, rows of 9..64 words: bit w of parts[r], for a row r that changed, says
  // that its word w did. Of other words nothing need be looked at. next_parts receives the same of the rows that are
  // made.
  const std::uint64_t* parts = nullptr;
  std::uint64_t* next_parts = nullptr;
  // Where some sources have become others already: row r as it was, if it changed, is row slots[r] of `ball`; the rows that
  // are made are in their places. Of these the k-th one, from 0, that has new bits becomes row k of `next`, and of rows
  // without new bits nothing is kept. null: see below.
  const std::uint32_t* slots = nullptr;
};

inline constexpr std::uint8_t row_changed = 1;  // new bits
inline constexpr std::uint8_t row_full = 2;     // all bits

struct bit_row_kernels {
  instruction_set set;

  /// The rows `rows[0], ..., rows[count - 1]` of `next` (without slots) become those of `ball` and all that the generators bring there
  /// from `ball`. Bit r of `changed` says that row r has bits in `ball` that the layer before lacked; others need not
  /// be looked at. marks[i] receives the flags of row rows[i]; with slots, 0 may stand for any row without new bits.
  /// Returns the number of new bits. Preconditions: `marks` has room for `count` bytes, and `next`, with slots, for
  /// `count` rows. `next` does not overlap `ball`; or it is `ball`, there are no slots, and no row that is made brings
  /// bits to another one that is made or to itself.
  std::uint64_t (*advance)(const bit_rows& graph, const std::uint64_t* ball, std::uint64_t* next,
                           const std::uint64_t* changed, const std::uint32_t* rows, std::size_t count,
                           std::uint8_t* marks);
};

/// The kernels in one variant. Precondition: is_supported(set).
const bit_row_kernels& bit_row_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
