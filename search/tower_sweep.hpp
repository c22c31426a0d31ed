// Growth over a coset tower: one bit for each stored element.
//
// V_(t+1) = V_t or the images of V_t, block by block; a block whose sources did not change in the last layer has nothing to
// take in, for their images are in it already. Three ways of holding the ball:
// graded   The generators have class 1 in Z/m, m >= 2 (cyclic_quotient.hpp): layer t + 1 writes words of class t + 1 and reads
//          words of class t only, so it is made in place, exactly, in any order.
// delayed  Blocks lie in slots, of which there are a few more than blocks. They are made window by window, each new block into
//          a free slot; it becomes the block, and the old slot free, when the window of its last reader is over: all readers
//          see layer t, and nothing is copied. The order is static, so the slots that are ever needed are known beforehand.
//          Threads meet once a window: blocks of window w are committed while window w + 1, which does not read them, is made,
//          and their old slots are taken from window w + 2 on.
// doubled  Two arrays: the plain reference.
// Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/tower_blocks.hpp>
#include <kernels/word_array.hpp>
#include <search/bit_sweep.hpp>
#include <search/coset_tower.hpp>
#include <search/thread_crew.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cosetta::search {

/// The bit of a coset tower that stands for a state; nothing for a state that no element of the group gives. `central` fixed
/// by the identity only.
std::optional<std::uint64_t> index_of_state(const coset_tower& tower, const graphs::state& central, const graphs::state& s);

enum class tower_storage { graded, delayed, doubled };
std::string_view to_string(tower_storage s) noexcept;

class tower_sweep {
 public:
  /// `central` fixed by the identity only. Precondition for `graded`: tower.design().modulus > 1.
  tower_sweep(std::shared_ptr<const coset_tower> tower, graphs::state central, tower_storage storage,
              kernels::instruction_set instructions, unsigned threads);
  ~tower_sweep();

  std::uint64_t index_size() const noexcept { return 64 * static_cast<std::uint64_t>(tower_->blocks()) * words_; }
  std::size_t bytes() const noexcept;
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& s) const;

  const graphs::state& central() const noexcept { return central_; }
  const coset_tower& tower() const noexcept { return *tower_; }
  tower_storage storage() const noexcept { return storage_; }
  std::size_t pool_blocks() const noexcept { return pool_blocks_; }


  /// The least traffic with main memory that the sweeps since reset() had: each destination word read and written, each
  /// word of a far source read.
  std::uint64_t swept_bytes() const noexcept;

  /// How many blocks are made before those that nobody reads any more are replaced.
  static std::size_t window_for(const coset_tower& tower, unsigned threads);
  /// bytes() of a sweep over this tower.
  static std::size_t bytes_for(const coset_tower& tower, tower_storage storage, unsigned threads);

 private:
  struct worker;

  void schedule();
  std::uint64_t* block(std::size_t k) const noexcept { return ball_.data() + std::size_t{slots_[k]} * words_; }
  void sweep_blocks(worker& w, std::size_t begin, std::size_t end, const layer_hooks& hooks);
  bool prepare(worker& w, std::size_t k, unsigned slot);
  void look_ahead(worker& w, unsigned coming);
  void execute(worker& w, std::size_t k, unsigned slot, const layer_hooks& hooks);
  void commit(worker& w, std::size_t begin, std::size_t end);

  std::shared_ptr<const coset_tower> tower_;
  graphs::state central_;
  tower_storage storage_;
  const kernels::tower_kernels* kernels_;
  kernels::word_permutations permutations_;
  std::size_t words_;
  thread_crew crew_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::uint64_t depth_ = 0;
  std::uint64_t block_states_;

  kernels::word_array ball_, other_;
  std::vector<std::uint8_t> changed_, next_changed_;  // in the last layer; in this one
  std::vector<std::uint32_t> counts_;                 // states of each block that have been reached
  std::size_t window_ = 0;
  std::size_t pool_blocks_ = 0;
  std::vector<std::uint32_t> slots_, next_slots_;  // where each block lies, and where its new words wait
  std::vector<std::uint32_t> free_slots_;                // a ring
  std::atomic<std::size_t> first_free_ = 0, end_free_ = 0;
  std::vector<std::uint32_t> commit_begin_;  // window -> first of its entries in commits_
  std::vector<std::uint32_t> commits_;
  std::atomic<std::size_t> cursor_ = 0;
  std::atomic<bool> halted_ = false;
};

}  // namespace cosetta::search
