// The rows of a matrix fibre, enumerated and tabulated: which row and which rotation a generator brings where.
// Internal to search/.
#pragma once

#include <search/matrix_fibre.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace cosetta::search {

/// The rows that can be reached, as keys in ascending order: row r is keys[r].
struct row_keys {
  std::vector<std::uint64_t> keys;
  bool stopped = false;   // by the context
  bool too_many = false;  // more than the limit, or keys of more than 63 bits
};

/// Complete and exact: the set contains the central row and is closed under the generators. Widens the fibre's keys as
/// needed. `expected`: how many there will be, 0 where it is not known.
row_keys enumerate_rows(matrix_fibre& fibre, std::uint64_t expected, std::uint64_t limit, const run_context& context);

/// Bytes that enumerate_rows and tabulate_rows take for a while beside their results.
std::uint64_t numbering_bytes(std::uint64_t rows) noexcept;

/// As in kernels::bit_rows.
struct row_tables {
  std::vector<std::uint32_t> sources;
  std::vector<std::uint16_t> rotations;
};

/// Nothing when the context stopped it.
std::optional<row_tables> tabulate_rows(const matrix_fibre& fibre, const std::vector<std::uint64_t>& keys,
                                        const run_context& context);

}  // namespace cosetta::search
