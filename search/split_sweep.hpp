// Exact growth of Schreier graphs of two-colour patterns at two bits a state: a sweep over a split index. Internal to
// search/.
//
// The states are the arrangements of k ones and n - k zeros on the positions that some generator moves, all C(n, k) of
// them: where the group does not reach them all, the others cost memory and no more. search/split_index.hpp says how
// they are numbered and search/split_moves.hpp how a generator moves whole rows of bits. Two bit arrays hold the ball
// at depths d and d - 1; the next ball is pulled, row by row, from the rows that changed in the last layer, so each row
// has one writer and there are no atomic operations on words. Directed graphs need no more than undirected ones: only
// the last ball is read.
#pragma once

#include <kernels/split_rows.hpp>
#include <search/bit_sweep.hpp>
#include <search/split_index.hpp>
#include <search/split_moves.hpp>
#include <search/split_numbering.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

struct split_options {
  std::optional<kernels::instruction_set> instructions;  // forced kernel variant
  unsigned threads = 1;
};

/// How a graph would be swept. The tables are built with the plan: a few megabytes.
struct split_plan {
  std::vector<std::uint32_t> positions;  // of the state: those of A from its lowest on, then those of B
  label_pair labels;
  std::uint64_t states = 0;      // C(n, k): the vertices, or more
  double cost = 0;               // estimated ns on a word of 64 states and a generator, while its row is active
  std::size_t generators = 0;    // that do something, without repetitions
  std::size_t buffer_bytes = 0;  // both bit arrays
  std::size_t table_bytes = 0;   // everything else
  kernels::instruction_set instructions = kernels::instruction_set::scalar;
  unsigned threads = 1;
  std::string text;  // one line for a person
  std::shared_ptr<const split_index> index;
  std::shared_ptr<const split_moves> moves;

  std::size_t bytes() const noexcept { return buffer_bytes + table_bytes; }
  std::uint64_t index_size() const noexcept { return 512 * index->lines(); }
  std::size_t stream_words() const noexcept;  // that one thread needs for compressed bits
  void count_bytes();                         // from the other members
};

/// Decides whether a split index serves and which positions it takes for A. Where it does not serve, or not better than
/// a hash table of states would, nothing is returned and `refusal` says why. The caller looks at bytes() too.
std::optional<split_plan> plan_split(const graphs::graph_definition& graph, const split_options& options = {},
                                     std::string* refusal = nullptr);

class split_sweep {
 public:
  /// Throws resource_error when the buffers cannot be allocated.
  split_sweep(const graphs::graph_definition& graph, split_plan plan);
  ~split_sweep();
  split_sweep(const split_sweep&) = delete;
  split_sweep& operator=(const split_sweep&) = delete;

  std::uint64_t index_size() const noexcept { return numbering_.size(); }
  std::size_t bytes() const noexcept { return plan_.bytes(); }
  const split_plan& plan() const noexcept { return plan_; }
  const split_numbering& numbering() const noexcept { return numbering_; }

  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& state) const;

 private:
  struct pull;  // a program and the row that it reads
  struct worker;

  std::uint64_t make_row(std::uint32_t row, worker& w, const run_context& context, const layer_hooks& hooks);
  void prepare(std::uint32_t row, worker& w) const;
  void find_pulls(std::uint32_t row, std::vector<pull>& pulls) const;
  std::uint64_t apply(const pull& p, std::uint64_t* target, std::size_t target_words, std::uint64_t* stream) const;
  std::uint64_t apply(const cylinder_step& step, const std::uint64_t* source, std::uint64_t changed,
                      std::uint64_t* target, std::size_t target_words, std::uint64_t* stream) const;
  kernels::row_mask mask_at(std::uint64_t word) const noexcept;

  std::uint64_t* row_words(unsigned buffer, std::uint32_t row) const noexcept {
    return buffers_[buffer] + kernels::words_per_line * plan_.index->first_line(row);
  }

  split_plan plan_;
  split_numbering numbering_;
  graphs::state central_;
  const kernels::split_kernels* kernels_;
  std::vector<std::uint64_t> mask_moves_;
  std::uint64_t* buffers_[2] = {nullptr, nullptr};
  std::size_t buffer_words_ = 0;           // of one, with its margins
  unsigned current_ = 0;                   // buffer of the ball that is complete
  std::vector<std::uint64_t> changed_[2];  // by row: blocks that the last step that wrote the buffer changed
  std::vector<std::uint32_t> missing_;     // by row: states that have not been reached
  std::vector<std::uint32_t> order_;       // rows, as they are visited
  std::vector<worker> workers_;
};

}  // namespace cosetta::search
