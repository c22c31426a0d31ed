// Growth over a colour tower: one bit for each state of a Schreier graph, a block at a time.
//
// V_(t+1) = V_t or the images of V_t. A block whose sources gained nothing in the last layer gains nothing, a full block takes
// nothing. The ball is held in place, delayed (unit_store.hpp). No homomorphism can save the blocks that are kept back: two points of
// one colour in one orbit give an element of St that is a transposition where the group is the symmetric one.
// Internal to search/.
#pragma once

#include <kernels/bit_moves.hpp>
#include <search/bit_sweep.hpp>
#include <search/colour_tower.hpp>
#include <search/thread_crew.hpp>
#include <search/unit_store.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

class colour_sweep {
 public:
  colour_sweep(std::shared_ptr<const colour_tower> tower, graphs::state central, kernels::instruction_set instructions, unsigned threads);
  ~colour_sweep();

  std::uint64_t index_size() const noexcept { return tower_->index_size(); }
  std::size_t bytes() const noexcept { return tower_->bytes() + store_.bytes(); }
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& s) const { return tower_->index(s, central_); }

  const colour_tower& tower() const noexcept { return *tower_; }
  /// How often a block was made, on average, since reset().
  double mean_sweeps() const noexcept;
  /// The least traffic with main memory that the sweeps since reset() had: each word of a block and of its sources that lie apart.
  std::uint64_t swept_bytes() const noexcept;

  /// bytes() of a sweep over this tower.
  static std::size_t bytes_for(const colour_tower& tower, unsigned threads);

 private:
  struct worker;

  bool prepare(worker& w, std::size_t k, std::size_t which) const;
  void execute(unsigned t, std::size_t which, const std::vector<const std::uint64_t*>& wanted, const layer_hooks& hooks);
  void sweep_blocks(unsigned t, std::size_t begin, std::size_t end, const layer_hooks& hooks);

  std::shared_ptr<const colour_tower> tower_;
  graphs::state central_;
  const kernels::bit_move_kernels* kernels_;
  std::size_t words_;       // of a block
  std::size_t fibre_;       // states of a block
  std::size_t generators_;
  std::size_t ahead_ = 1;   // jobs
  unit_store store_;
  thread_crew crew_;
  std::vector<std::unique_ptr<worker>> workers_;
};

}  // namespace cosetta::search
