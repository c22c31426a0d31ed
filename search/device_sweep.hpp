// Growth over a coset tower on a device: the layers of tower_sweep.hpp, made by the kernels of kernels/cuda/tower_grid.hpp.
//
// The tower's arrays are copied to the device once. The ball lies there in slots, one bit for each stored element: graded, it is made in
// place; otherwise units are made window by window, and what is kept back needs slots of its own. A window is as long as memory allows:
// one window takes two launches and a commit, and with one window for the whole ball that is a layer. Sweeps follow each other on stream 0; the list of
// the next window is made, and the units of the last one are committed, beside them on stream 1. What does not fit the device lies
// in pinned memory of the host. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/cuda/tower_grid.hpp>
#include <search/bit_sweep.hpp>
#include <search/coset_tower.hpp>
#include <search/unit_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

/// How a ball is held on a device.
struct device_plan {
  tower_storage storage = tower_storage::graded;
  std::uint32_t window = 0;       // units that are made before what nobody reads any more becomes free
  std::uint32_t grid_blocks = 0;  // blocks of threads of a sweep
  std::uint32_t threads = 0;      // of each
  std::size_t near_slots = 0;     // on the device
  std::size_t far_slots = 0;      // in pinned memory
  std::size_t table_bytes = 0;    // everything on the device but the slots
  std::size_t device_bytes = 0;
  std::size_t pinned_bytes = 0;

  std::string text() const;
};

struct device_limits {
  std::size_t device_bytes = 0;  // that may be taken on the device
  std::size_t pinned_bytes = 0;  // and of the host
  std::optional<std::uint32_t> window;  // forced; for tests
};

/// Throws resource_error, with what is needed and what is there, where the ball fits neither memory; domain_error where there are more
/// generators than the kernels take, or more tables than shared memory. `storage`: graded or delayed.
device_plan plan_device(const coset_tower& tower, tower_storage storage, const kernels::backend& on, const device_limits& limits);

class device_sweep {
 public:
  /// As tower_sweep. The backend is used by one sweep at a time.
  device_sweep(std::shared_ptr<const coset_tower> tower, graphs::state central, const device_plan& plan, std::shared_ptr<kernels::backend> on);
  ~device_sweep();

  std::uint64_t index_size() const noexcept { return tower_->index_size(); }
  std::size_t bytes() const noexcept { return plan_.device_bytes + plan_.pinned_bytes; }
  void reset();
  /// hooks: states only; tables of distances are not kept.
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const;
  std::optional<std::uint64_t> index_of(const graphs::state& s) const;

  /// As tower_sweep::swept_bytes, each source of a unit that changed counted once.
  std::uint64_t swept_bytes() const noexcept { return 8 * swept_words_; }
  /// 32-bit integer operations that moved words took.
  std::uint64_t operations() const noexcept;
  /// The words of unit k; for tests.
  std::vector<std::uint64_t> unit(std::size_t k) const;

 private:
  template <class T>
  using array = kernels::device_array<T>;

  void upload_tables();
  void make_store();
  template <bool Vectors>
  kernels::sweep_units<Vectors> sweep_kernel(std::uint32_t window) const;
  void list_window(std::uint32_t window);
  void sweep(std::uint32_t window, std::uint32_t first, std::uint32_t end, bool emit);
  bool sweep_window(std::uint32_t window, const run_context& context, const layer_hooks& hooks);
  void commit_window(std::uint32_t window);
  std::uint32_t* list(std::uint32_t window) const noexcept { return list_.data() + std::size_t{window % 2} * plan_.window; }
  std::uint32_t* listed(std::uint32_t window) const noexcept { return counters_.data()->listed + window % 2; }
  kernels::tower_counters counters() const;

  std::shared_ptr<const coset_tower> tower_;
  graphs::state central_;
  device_plan plan_;
  std::shared_ptr<kernels::backend> on_;
  kernels::tower_ball ball_{};
  std::uint32_t permutations_ = 0, stages_ = 0;
  std::array<std::uint8_t, 11> distances_{};
  std::vector<std::uint32_t> class_begin_;
  std::vector<std::uint32_t> commit_begin_;  // window -> first of its entries in commits_
  std::uint64_t depth_ = 0;
  std::uint64_t swept_words_ = 0, moved_words_ = 0;

  array<std::uint32_t> sources_, weights_;
  array<std::uint16_t> patterns_, moves_;
  array<std::uint8_t> lane_patterns_, variants_, classes_;
  array<std::uint64_t> masks_;
  array<std::uint32_t> forms_, lane_selectors_;
  array<std::uint64_t> near_, far_;
  array<std::uint32_t> slots_, next_slots_, ring_, spares_, commits_, counts_, list_;
  array<std::uint8_t> changed_, next_changed_;
  array<std::uint64_t> emitted_;  // when states are wanted
  array<kernels::tower_counters> counters_;
};

}  // namespace cosetta::search
