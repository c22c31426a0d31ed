// Generators compiled to motions of rows of a split index. Internal to search/.
//
// A generator makes s'_i = s_p(i). Let c positions of A be fed from B. For a row r' and c incoming bits x, all states
// of row r' with the bits x at those places come from one row r of the index, and there from the columns whose c
// outgoing bits are known bits q of r'. The other m - c positions of A go over in some order. Fix also the values of
// those that are not in a longest increasing subsequence: then what is left keeps its order, and with it the
// colexicographic order of columns. So the columns of a cylinder of r (some positions have given values) go, in order,
// to those of a cylinder of r': the bits of the first are compressed and dealt to the places of the second. A cylinder
// of top positions is a segment, and needs no mask. Where only few low positions, or few neighbours, are permuted, all
// columns move by few distances, and the row is read at each of them under a mask instead.
#pragma once

#include <kernels/split_rows.hpp>
#include <search/split_index.hpp>

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace cosetta::search {

/// A generator on numbered positions: 0 .. m-1 are A from its lowest position on, the others B. s'_i = s_source[i].
using split_generator = std::vector<std::uint32_t>;

/// What a generator costs on a word of a row, in ns on the machine that the constants were measured on, the better way
/// of two; no value where neither is possible within reason.
struct column_cost {
  double cylinders = 0;
  double shifts = 0;
  double least() const noexcept { return cylinders < shifts ? cylinders : shifts; }
};
inline constexpr double not_served = 1e9;

/// A mask in one weight: its first word among the masks, and its first entry among the block offsets.
struct mask_place {
  static constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint64_t word = none;
  std::uint64_t offset = none;
  bool exists() const noexcept { return word != none; }
};

/// The columns of a cylinder of the source, in order, to those of a cylinder of the target. A cylinder without a mask
/// is a segment. Where the target has a mask, `reads` is the first of the words that say, for each block of the target,
/// from which blocks of the source its bits come.
struct cylinder_step {
  mask_place source_mask;
  mask_place target_mask;
  std::uint64_t source_from = 0;
  std::uint64_t target_from = 0;
  std::uint64_t bits = 0;
  std::uint64_t source_blocks = 0;  // that hold columns of the cylinder
  std::uint64_t reads = 0;
  std::uint32_t source_words = 0;
  std::uint32_t target_blocks = 0;  // in the row
};

struct column_program {
  enum class kind : std::uint8_t { nothing, whole_row, cylinders, shifts };
  kind how = kind::nothing;
  bool identity = false;    // each column goes to itself
  std::uint32_t first = 0;  // step or shifted line
  std::uint32_t count = 0;  // of steps or shifted lines
  std::uint64_t first_shift = 0;
};

/// One generator. Its programs are those of (weight of the target row - least weight, q, x), x running fastest.
struct generator_moves {
  static constexpr unsigned source_bits = 24;
  unsigned incoming = 0;                     // c
  std::vector<std::uint32_t> row_tables;     // 256 for each byte of a row's pattern: source bits | q << source_bits
  std::vector<std::uint32_t> incoming_bits;  // by x: bits of the source row
  std::vector<column_program> programs;

  /// The source row for x = 0, and q above it.
  std::uint32_t source_of(std::uint32_t pattern) const noexcept {
    std::uint32_t sum = 0;
    for (std::size_t table = 0; table < row_tables.size(); table += 256, pattern >>= 8) {
      sum |= row_tables[table + (pattern & 255U)];
    }
    return sum;
  }
};

struct alignas(64) line_mask {
  std::uint64_t words[kernels::words_per_line];
};

class split_moves {
 public:
  /// Precondition: cost_of(g).least() < not_served for every generator.
  split_moves(const split_index& index, const std::vector<split_generator>& generators);

  /// Of one generator, for `ones` ones on all positions.
  static column_cost cost_of(const split_generator& generator, unsigned columns, unsigned ones);

  const std::vector<generator_moves>& generators() const noexcept { return generators_; }
  const std::vector<cylinder_step>& steps() const noexcept { return steps_; }
  const std::vector<std::uint64_t>& masks() const noexcept { return masks_; }
  /// Bits of a mask before each block, and in all: one entry more than there are blocks.
  const std::vector<std::uint32_t>& block_offsets() const noexcept { return block_offsets_; }
  const std::vector<std::uint64_t>& reads() const noexcept { return reads_; }
  const std::vector<kernels::shifted_line>& shifted_lines() const noexcept { return shifted_lines_; }
  const std::vector<kernels::line_shift>& shifts() const noexcept { return shifts_; }
  const std::vector<line_mask>& shift_masks() const noexcept { return shift_masks_; }

  std::size_t bytes() const noexcept;

 private:
  struct shape;  // which positions go where
  /// Positions with given values.
  struct cylinder {
    std::uint64_t positions = 0;
    std::uint64_t values = 0;
  };

  void compile(const split_generator& generator);
  column_program compile_cylinders(const shape& s, unsigned target_weight, unsigned source_weight, std::uint32_t q,
                                   std::uint32_t x);
  column_program compile_shifts(const shape& s, unsigned target_weight, std::uint32_t q, std::uint32_t x);
  mask_place mask_of(const cylinder& c, unsigned weight);
  bool is_segment(const cylinder& c) const noexcept;
  void add_reads(cylinder_step& step, unsigned target_weight, unsigned source_weight);

  const split_index* index_;  // while it is built
  std::vector<generator_moves> generators_;
  std::vector<cylinder_step> steps_;
  std::vector<std::uint64_t> masks_;
  std::vector<std::uint32_t> block_offsets_;
  std::vector<std::uint64_t> reads_;
  std::vector<kernels::shifted_line> shifted_lines_;
  std::vector<kernels::line_shift> shifts_;
  std::vector<line_mask> shift_masks_;
  std::map<std::tuple<std::uint64_t, std::uint64_t, unsigned>, mask_place> mask_places_;  // while it is built
};

}  // namespace cosetta::search
