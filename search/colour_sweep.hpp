// Growth over a colour tower: one bit for each state of a Schreier graph, a block at a time.
//
// V_(t+1) = V_t or the images of V_t. A block whose sources gained nothing in the last layer gains nothing, a full block takes
// nothing. Blocks lie in slots, of which there are more than blocks by as many as must be kept back, as in tower_sweep.hpp,
// `delayed`: they are made window by window, each new block into a free slot, which becomes the block when the window of its last
// reader is over; so all readers see V_t, exactly, for directed graphs too. No homomorphism can save the second copy of a block: two
// points of one colour in one orbit give an element of St that is a transposition where the group is the symmetric one.
// Threads meet once a window: blocks of window w are committed while window w + 1, which does not read them, is made.
// Internal to search/.
#pragma once

#include <kernels/bit_moves.hpp>
#include <kernels/word_array.hpp>
#include <search/bit_sweep.hpp>
#include <search/colour_tower.hpp>
#include <search/thread_crew.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

class colour_sweep {
 public:
  colour_sweep(std::shared_ptr<const colour_tower> tower, graphs::state central, kernels::instruction_set instructions, unsigned threads);
  ~colour_sweep();

  std::uint64_t index_size() const noexcept { return 64 * static_cast<std::uint64_t>(tower_->blocks()) * words_; }
  std::size_t bytes() const noexcept;
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& s) const { return tower_->index(s, central_); }

  const colour_tower& tower() const noexcept { return *tower_; }
  /// How often a block was made, on average, since reset().
  double mean_sweeps() const noexcept;
  /// The least traffic with main memory that the sweeps since reset() had: each word of a block and of its sources that lie apart.
  std::uint64_t swept_bytes() const noexcept;

  static std::size_t window_for(std::size_t blocks, unsigned threads);
  /// bytes() of a sweep over this tower.
  static std::size_t bytes_for(const colour_tower& tower, unsigned threads);

 private:
  struct worker;

  void schedule();
  std::uint64_t* block(std::size_t k) const noexcept { return ball_.data() + std::size_t{slots_[k]} * words_; }
  bool prepare(worker& w, std::size_t k, std::size_t which) const;
  void execute(worker& w, std::size_t which, const std::vector<const std::uint64_t*>& wanted, const layer_hooks& hooks);
  void sweep_blocks(worker& w, std::size_t begin, std::size_t end, const layer_hooks& hooks);
  void commit(worker& w, std::size_t begin, std::size_t end);

  std::shared_ptr<const colour_tower> tower_;
  graphs::state central_;
  const kernels::bit_move_kernels* kernels_;
  std::size_t words_;       // of a block
  std::size_t fibre_;       // states of a block
  std::size_t generators_;
  std::size_t ahead_ = 1;   // jobs
  thread_crew crew_;
  std::vector<std::unique_ptr<worker>> workers_;
  kernels::word_array ball_;
  std::vector<std::uint8_t> changed_, next_changed_;  // in the last layer; in this one
  std::vector<std::uint32_t> counts_;                 // states of each block that have been reached
  std::size_t window_ = 0;
  std::size_t spare_ = 0;
  std::vector<std::uint32_t> slots_, next_slots_;  // where each block lies, and where its new words wait
  std::vector<std::uint32_t> free_slots_;          // a ring
  std::atomic<std::size_t> first_free_ = 0, end_free_ = 0;
  std::vector<std::uint32_t> commit_begin_;  // window -> first of its entries in commits_
  std::vector<std::uint32_t> commits_;
  std::atomic<std::size_t> cursor_ = 0;
  std::atomic<bool> halted_ = false;
};

}  // namespace cosetta::search
