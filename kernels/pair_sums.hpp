// Sums of tables over pairs of bytes, for batches of rows: the sum over the pairs (v, w) of table_vw[row[v]][row[w]].
//
// Entries take 8 bits, sums 32, which is enough for all 31 125 pairs of 250 bytes: nothing overflows. A table of n <= 64 rows is padded to
// rows of 16, 32 or 64 entries, so that an index is 8, 10 or 12 bits. On AVX-512 VBMI 64 rows are transposed, and each table is looked up in
// registers for all of them at once, 128 entries by one `vpermi2b`; the instruction merges, so that the n / 4 parts of a table for n = 32
// chain. Lanes being rows, each pair may have its own table. Elsewhere, and for n > 64, entries are added one by one.
#pragma once

#include <kernels/instruction_set.hpp>
#include <kernels/word_array.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

class pair_sums {
 public:
  struct pair {
    std::uint8_t first, second;
    std::uint32_t table;  // its number
  };

  pair_sums() = default;
  /// `tables`: n^2 entries each, row by row. Preconditions: 1 <= n <= 256; the bytes of a pair are below n.
  pair_sums(std::size_t n, std::vector<pair> pairs, const std::vector<std::uint8_t>& tables);

  /// Bytes of the tables of n bytes as they are kept.
  static std::size_t bytes_for(std::size_t n, std::size_t tables) noexcept { return tables * ((n * row_entries(n) + 127) / 128 * 128); }
  static constexpr std::size_t row_entries(std::size_t n) noexcept { return n <= 16 ? 16 : n <= 32 ? 32 : n <= 64 ? 64 : n; }

  std::size_t size() const noexcept { return n_; }
  std::size_t table_count() const noexcept { return count_; }
  std::size_t bytes() const noexcept { return tables_.bytes() + pairs_.size() * sizeof(pair); }
  /// No sum is greater.
  std::uint32_t most() const noexcept { return most_; }
  const std::vector<pair>& pairs() const noexcept { return pairs_; }  // by their first bytes
  const std::uint8_t* table(std::size_t number) const noexcept { return reinterpret_cast<const std::uint8_t*>(tables_.data()) + number * table_bytes_; }
  /// How many entries, at least, can be added in a byte.
  unsigned entries_of_a_byte() const noexcept { return greatest_ == 0 ? 255 : 255 / greatest_; }

 private:
  std::size_t n_ = 0, count_ = 0, table_bytes_ = 0;
  unsigned greatest_ = 0;
  std::uint32_t most_ = 0;
  std::vector<pair> pairs_;
  word_array tables_;  // from multiples of 128 bytes on
};

struct pair_sum_kernels {
  instruction_set set;
  /// out[i]: the sum for row i. Preconditions: the bytes of a row that occur in pairs are below its n; stride = byte_row_stride(n).
  void (*sum)(const pair_sums& what, const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint32_t* out);
};

/// The kernels in one variant. Precondition: is_supported(set).
const pair_sum_kernels& pair_sum_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
