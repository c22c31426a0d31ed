// Growth by sweeping over one bit for each state of an index, and what all such sweeps share: the loop over layers, limits,
// progress, the states of the last layer, the table of distances. Internal to search/.
//
// A sweep numbers the states by a bijection with part of {0, ..., index_size() - 1}; state i is bit i % 64 of word i / 64. It
// holds the ball that has been reached as a bit array and makes the next ball from it. There are several such indices
// (tower_sweep.hpp, split_sweep.hpp, fibre_sweep.hpp, listed_sweep.hpp); `run_sweep` does not know which one it drives.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>
#include <search/parallel_tasks.hpp>
#include <search/run_context.hpp>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

namespace cosetta::search {

/// Takes the indices of the states of a new layer, in any order. Sweeps look at `open` first: while it is false, they need
/// not look for single states at all.
class index_sink {
 public:
  explicit index_sink(std::function<void(std::span<const std::uint64_t>)> take) : take_(std::move(take)) {}
  bool is_open() const noexcept { return open_.load(std::memory_order_relaxed); }
  void open(bool wanted) noexcept { open_.store(wanted, std::memory_order_relaxed); }
  /// May be called by many threads.
  void take(std::span<const std::uint64_t> indices) {
    if (indices.empty()) return;
    const std::lock_guard lock(mutex_);
    if (is_open()) take_(indices);
  }

 private:
  std::atomic<bool> open_ = false;
  std::mutex mutex_;
  std::function<void(std::span<const std::uint64_t>)> take_;
};

/// Distances modulo 3: a state has the code `low + 2 * high`, 3 while it has not been reached. Both planes have one word for
/// each word of the sweep and begin as all ones.
struct distance_planes {
  std::uint64_t* low = nullptr;
  std::uint64_t* high = nullptr;

  /// The states `fresh` of one word were reached at a depth with this residue.
  void mark(std::size_t word, std::uint64_t fresh, unsigned residue) const noexcept {
    if (residue != 1) low[word] &= ~fresh;
    if (residue != 2) high[word] &= ~fresh;
  }
};

/// Where a run notes down the distances of all states; null what is not wanted.
struct distance_record {
  static constexpr std::uint64_t most_depth = 254;
  distance_planes planes;
  std::uint8_t* depths = nullptr;  // one byte for each bit of the sweep, 255 while it has not been reached
};

/// What one layer tells while it is made.
struct layer_hooks {
  index_sink* sink = nullptr;               // may be null
  const distance_planes* planes = nullptr;  // may be null
  unsigned residue = 0;                     // depth of the new layer modulo 3
  std::uint8_t* depths = nullptr;           // one byte for each bit of the sweep; may be null
  std::uint8_t depth = 0;                   // what is written there for the new layer

  bool wants_states() const noexcept { return sink != nullptr && sink->is_open(); }
  bool any() const noexcept { return planes != nullptr || depths != nullptr || wants_states(); }

  /// New states of word `word`; indices go to `found`, which the caller hands to the sink from time to time.
  void take(std::size_t word, std::uint64_t fresh, std::vector<std::uint64_t>& found) const {
    if (planes != nullptr) planes->mark(word, fresh, residue);
    if (depths != nullptr) {
      for (auto bits = fresh; bits != 0; bits &= bits - 1) depths[64 * word + static_cast<unsigned>(__builtin_ctzll(bits))] = depth;
    }
    if (!wants_states()) return;
    for (; fresh != 0; fresh &= fresh - 1) {
      found.push_back(64 * static_cast<std::uint64_t>(word) + static_cast<unsigned>(__builtin_ctzll(fresh)));
    }
  }
};

template <class Sweep>
concept bit_sweep =
    requires(Sweep& s, const Sweep& c, parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks,
             std::uint64_t index, const graphs::state& state) {
      /// Bits of the array, a multiple of 64; not all need stand for states.
      { c.index_size() } -> std::convertible_to<std::uint64_t>;
      /// Bits for which a stored state stands: the number of states that its bit speaks for (symmetry) is counted by advance.
      { c.bytes() } -> std::convertible_to<std::size_t>;
      /// Only the central state has been reached.
      { s.reset() };
      /// Makes the next layer and returns its number of states; nothing when it was stopped midway, after which only
      /// reset() may be called.
      { s.advance(tasks, context, hooks) } -> std::same_as<std::optional<std::uint64_t>>;
      /// All states that the bit stands for (one, or an orbit of symmetries, in any order).
      { c.states_of(index) } -> std::same_as<std::vector<graphs::state>>;
      /// The bit that stands for a state; nothing for a state outside the index.
      { c.index_of(state) } -> std::same_as<std::optional<std::uint64_t>>;
    };

}  // namespace cosetta::search
