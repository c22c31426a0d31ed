// Exact growth of Cayley graphs of matrix groups over Z/m, one bit for each element: a sweep over the cosets of a group
// of transvections (matrix_fibre.hpp). Models `bit_sweep`.
//
// A coset is a row of m bits (of m^k for m <= 64, see there). Generators multiply from the left and so permute the
// rows; the exponents of a row are shifted by one number for each generator and row: a generator is a map of rows and a
// rotation, both tabulated. A row is looked at again only while rows that lead to it change: where few do, they are
// listed, where many do, all rows that are not full are swept in order.
//
// Three ways of holding the ball, as in tower_sweep.hpp, but decided by the rows, whatever the group is:
// graded   Let p > 1 be the period of the graph of rows, the greatest common divisor of the lengths of its cycles. Rows then
//          have classes modulo p, layer t + 1 lies in rows of class t + 1 and reads rows of class t: one array is enough.
// delayed  Rows are made in their order, window by window. When a window is made its rows take their places, and what they
//          were goes to one of a few spare rows until the window of its last reader is over: all readers see layer t. The
//          order of the rows is that of their first entries, and readers are near where generators change these by
//          little: for Heisenberg groups two in m rows are kept at most, 40 % for SL(2, p), whose rows have their readers
//          everywhere.
// doubled  Two arrays, where more than a quarter of the rows would have to be kept (half, where memory is tight); and the plain
//          reference.
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
#include <string_view>
#include <vector>

namespace cosetta::search {

enum class row_storage { graded, delayed, doubled };
std::string_view to_string(row_storage s) noexcept;

struct fibre_plan {
  std::uint64_t states = 0;  // elements of the group
  std::uint64_t rows = 0;
  std::uint32_t row_length = 0;  // elements of a row
  std::size_t bytes = 0;         // estimated, at the peak, tables and their making included; rows that are kept are known later
  bool doubled = false;          // two arrays, whatever the rows would allow
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
std::optional<fibre_plan> plan_fibre(const graphs::graph_definition& graph, const run_context& context, bool doubled = false);

class fibre_sweep {
 public:
  /// Enumerates and tabulates the rows and chooses a storage for them, unless one is forced; nothing when the context
  /// stopped that. The arrays of bits get their memory when they are first written. Throws domain_error when the rows
  /// contradict the order in the plan (a wrong known order), resource_error when the system refuses the memory.
  /// Precondition: `graded` is forced only where it would be chosen.
  static std::optional<fibre_sweep> make(const graphs::graph_definition& graph, const fibre_plan& plan,
                                         const run_context& context, kernels::instruction_set instructions,
                                         std::optional<row_storage> forced = {});

  std::uint64_t index_size() const noexcept { return 64 * words_; }
  std::size_t bytes() const noexcept;
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& state) const;

  std::uint64_t rows() const noexcept { return numbering_->rows(); }
  const fibre_numbering& numbering() const noexcept { return *numbering_; }
  row_storage storage() const noexcept { return storage_; }
  /// How many rows can be kept as they were.
  std::size_t spare_rows() const noexcept { return spare_rows_; }

 private:
  struct part;  // some words of the bitmaps, on one thread
  fibre_sweep() = default;
  std::uint32_t period() const;
  void schedule(unsigned threads);
  kernels::bit_rows row_graph() noexcept;
  bool run_rows(part& p, const layer_hooks& hooks);
  void list_active(parallel_tasks& tasks);
  std::optional<std::uint64_t> advance_windows(parallel_tasks& tasks, const run_context& context,
                                               const layer_hooks& hooks);
  void place(part& p, std::size_t end);
  std::size_t chunk_words() const noexcept;
  void take_fresh(std::uint32_t row, const unsigned char* before, const unsigned char* after, const layer_hooks& hooks,
                  std::vector<std::uint64_t>& found) const;

  std::optional<fibre_numbering> numbering_;  // always there once it is made
  const matrix_fibre* fibre_ = nullptr;       // of the numbering
  row_storage storage_ = row_storage::doubled;
  const kernels::bit_row_kernels* kernels_ = nullptr;
  std::optional<kernels::row_turns> turns_;
  std::size_t stride_ = 0;  // bits of a row
  std::size_t words_ = 0;   // of a buffer, without spare rows
  std::uint64_t central_index_ = 0;
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint16_t> rotations_;
  std::vector<std::uint32_t> targets_;  // rows that a row leads to, where they are not its sources: directed graphs
  kernels::word_array ball_, next_;     // `next_` is for two buffers only
  bool clean_ = true;                   // nothing has been written to the buffers
  // One bit for each row.
  std::vector<std::uint64_t> changed_, next_changed_, full_, active_;
  // Of long rows, one word for each: the words that changed.
  std::vector<std::uint64_t> parts_, next_parts_;
  std::uint64_t changed_count_ = 0;

  // Delayed.
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};
  std::size_t spare_rows_ = 0;
  std::size_t window_words_ = 0;             // of the bitmaps
  std::vector<std::uint16_t> last_windows_;  // of a row: the last one with a reader
  kernels::word_array made_;                 // rows of the window that is made
  std::vector<std::uint32_t> spare_;         // of a row: the spare row that is its own until its last reader has been made
  std::vector<std::uint32_t> slots_;         // where a row is as it was: in its place, or in a spare one
};

}  // namespace cosetta::search
