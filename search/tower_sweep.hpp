// Growth over a coset tower, block by block: one bit for each stored element.
//
// V_(t+1) = V_t or the images of V_t, block by block; a block whose sources did not change in the last layer has
// nothing to take in, for their images are in it already. How the ball is held: unit_store.hpp. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/tower_blocks.hpp>
#include <kernels/vector_blocks.hpp>
#include <search/bit_sweep.hpp>
#include <search/coset_tower.hpp>
#include <search/thread_crew.hpp>
#include <search/unit_store.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

/// Row word_size * variant + k: the permutation of the bits of a word.
std::vector<std::uint8_t> bit_permutations(const tower_fibre& fibre);

/// How the units of a tower are made; what is kept back is counted for `delayed` only.
unit_schedule schedule_for(const coset_tower& tower, tower_storage storage, unsigned threads);
unit_store store_for(const coset_tower& tower, tower_storage storage, unsigned threads);

class tower_sweep {
 public:
  /// `central` fixed by the identity only. Precondition for `graded`: tower.design().modulus > 1.
  tower_sweep(std::shared_ptr<const coset_tower> tower, graphs::state central, tower_storage storage,
              kernels::instruction_set instructions, unsigned threads);
  ~tower_sweep();

  std::uint64_t index_size() const noexcept { return tower_->index_size(); }
  std::size_t bytes() const noexcept { return tower_->bytes() + store_.bytes(); }
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& s) const;

  /// The least traffic with main memory that the sweeps since reset() had: each destination word read and written, each
  /// word of a far source read.
  std::uint64_t swept_bytes() const noexcept;

 private:
  struct worker;

  bool prepare(worker& w, std::size_t k, unsigned slot);
  void look_ahead(worker& w, unsigned coming);
  void execute(unsigned t, std::size_t k, unsigned slot, const layer_hooks& hooks);
  void sweep_blocks(unsigned t, std::size_t begin, std::size_t end, const layer_hooks& hooks);

  std::shared_ptr<const coset_tower> tower_;
  graphs::state central_;
  const kernels::tower_kernels* kernels_;
  kernels::word_permutations permutations_;
  const kernels::vector_kernels* vector_kernels_;  // with lanes, and what follows
  std::optional<kernels::vector_permutations> vector_permutations_;
  std::size_t words_;
  std::size_t lanes_;
  unit_store store_;
  thread_crew crew_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::uint64_t depth_ = 0;
  std::uint64_t block_states_;
  bool stream_;
};

}  // namespace cosetta::search
