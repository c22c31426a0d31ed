// Exact growth of Cayley graphs of matrix groups over Z/m, one bit for each element: a sweep over the cosets of a group
// of transvections (matrix_fibre.hpp). Models `bit_sweep`.
//
// A coset is a row of m bits (of m^k for m <= 64, see there). Generators multiply from the left and so permute the
// rows; the exponents of a row are shifted by one number for each generator and row: a generator is a map of rows and a
// rotation, both tabulated. The ball is held twice, as it was and as it becomes. A row is looked at again only while
// rows that lead to it change: where few do, they are listed, where many do, all rows that are not full are swept in
// order.
#pragma once

#include <kernels/bit_rows.hpp>
#include <kernels/instruction_set.hpp>
#include <kernels/word_array.hpp>
#include <search/bit_sweep.hpp>
#include <search/fibre_numbering.hpp>
#include <search/matrix_fibre.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

struct fibre_plan {
  std::uint64_t states = 0;  // elements of the group
  std::uint64_t rows = 0;
  std::uint32_t row_length = 0;  // elements of a row
  std::size_t bytes = 0;         // at the peak, tables and their making included
  double bits_per_state = 0;     // of `bytes`
  std::string text;              // one line for a person
  std::shared_ptr<const matrix_fibre> fibre;
  std::shared_ptr<const std::vector<std::uint64_t>> keys;  // of the rows, where counting them was the way to the order

  std::uint64_t index_size() const noexcept { return fibre_numbering::size_for(rows, row_length); }
};

/// Whether and how the sweep serves a graph. Nothing for permutations, over Z, for m > 2^16, dimensions above 8,
/// central states that are not square and invertible, groups in which no transvection of order m was found, and more
/// than 2^32 rows or keys of a row beyond 63 bits. The order is the known one; else that of a stabilizer chain, where
/// it is cheap; else the rows are counted, up to 2^24 and as far as `context.memory_bytes` could hold them. Does not
/// check `bytes` against the budget.
std::optional<fibre_plan> plan_fibre(const graphs::graph_definition& graph, const run_context& context);

class fibre_sweep {
 public:
  /// Enumerates and tabulates the rows; nothing when the context stopped that. Throws domain_error when the rows
  /// contradict the order in the plan (a wrong known order), resource_error when the system refuses the memory.
  static std::optional<fibre_sweep> make(const graphs::graph_definition& graph, const fibre_plan& plan,
                                         const run_context& context, kernels::instruction_set instructions);

  std::uint64_t index_size() const noexcept { return 64 * words_; }
  std::size_t bytes() const noexcept;
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& state) const;

  std::uint64_t rows() const noexcept { return numbering_->rows(); }
  const fibre_numbering& numbering() const noexcept { return *numbering_; }

 private:
  fibre_sweep() = default;
  bool run_rows(std::size_t first_word, std::size_t last_word, const layer_hooks& hooks, std::uint64_t& fresh,
                std::uint64_t& changed_rows);
  void list_active(parallel_tasks& tasks);
  void take_fresh(std::uint32_t row, const layer_hooks& hooks, std::uint64_t& last_word,
                  std::vector<std::uint64_t>& found) const;

  std::optional<fibre_numbering> numbering_;  // always there once it is made
  const matrix_fibre* fibre_ = nullptr;       // of the numbering
  const kernels::bit_row_kernels* kernels_ = nullptr;
  std::optional<kernels::row_turns> turns_;
  std::size_t stride_ = 0;  // bits of a row
  std::size_t words_ = 0;   // of a buffer
  std::uint64_t central_index_ = 0;
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint16_t> rotations_;
  std::vector<std::uint32_t> targets_;  // rows that a row leads to, where they are not its sources: directed graphs
  kernels::word_array ball_, next_;
  bool clean_ = true;  // nothing has been written to the buffers
  // One bit for each row.
  std::vector<std::uint64_t> changed_, next_changed_, full_, active_;
  // Of long rows, one word for each: the words that changed.
  std::vector<std::uint64_t> parts_, next_parts_;
  std::uint64_t changed_count_ = 0;
};

}  // namespace cosetta::search
