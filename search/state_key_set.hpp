// The states of one level of a beam, by the candidates that they are: a table with linear probing of 32 bits of a state's key and the least
// candidate that is the state. Threads insert side by side. Keys only say where to look: the caller compares states, so that none are
// merged that differ, and the set that results is the same whoever comes first. Internal to search/.
#pragma once

#include <kernels/prefetch.hpp>
#include <kernels/word_array.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cosetta::search {

class state_key_set {
 public:
  static constexpr std::uint32_t nobody = 0xffffffff;

  state_key_set() = default;
  explicit state_key_set(std::size_t most_slots) : slots_(most_slots) {}

  /// Room for this many states, fewer than slots; the caller empties it by clear().
  void resize(std::size_t slots) noexcept { size_ = slots; }
  std::size_t slots() const noexcept { return size_; }
  std::size_t most_slots() const noexcept { return slots_.size(); }
  void clear(std::size_t begin, std::size_t end) noexcept { std::memset(slots_.data() + begin, 0, (end - begin) * 8); }

  void prefetch(std::uint64_t key) const noexcept {
    if (size_ > 0) kernels::prefetch(slots_.data() + home(key));
  }
  void prefetch_to_write(std::uint64_t key) const noexcept {
    if (size_ > 0) kernels::prefetch_to_write(slots_.data() + home(key));
  }
  /// Who is likely to be the state: the owner of the first slot where it may be, if its key agrees.
  std::uint32_t likely(std::uint64_t key) const noexcept {
    if (size_ == 0) return nobody;
    const auto slot = load(home(key));
    return slot >> 32 == static_cast<std::uint32_t>(key) ? static_cast<std::uint32_t>(slot) - 1 : nobody;
  }
  /// Its owner. equal(o): whether candidate o is the state.
  template <class Equal>
  std::uint32_t find(std::uint64_t key, const Equal& equal) const {
    if (size_ == 0) return nobody;
    for (auto at = home(key);; at = at + 1 == size_ ? 0 : at + 1) {
      const auto slot = load(at);
      if (slot == 0) return nobody;
      if (slot >> 32 == static_cast<std::uint32_t>(key) && equal(static_cast<std::uint32_t>(slot) - 1)) return static_cast<std::uint32_t>(slot) - 1;
    }
  }
  /// `nobody` if the state is new; otherwise the greater of `owner` and the one that was there, which the set forgets. Precondition: a slot is
  /// free, and owner < nobody.
  template <class Equal>
  std::uint32_t insert(std::uint64_t key, std::uint32_t owner, const Equal& equal) {
    const auto own = std::uint64_t{static_cast<std::uint32_t>(key)} << 32 | (owner + 1);
    for (auto at = home(key);;) {
      const std::atomic_ref<std::uint64_t> place(slots_.data()[at]);
      auto slot = place.load(std::memory_order_relaxed);
      if (slot == 0) {
        if (place.compare_exchange_strong(slot, own, std::memory_order_relaxed)) return nobody;
      }
      if (slot >> 32 == own >> 32 && equal(static_cast<std::uint32_t>(slot) - 1)) {
        // Whoever owns the slot from now on is this state, too.
        while (slot > own) {
          if (place.compare_exchange_weak(slot, own, std::memory_order_relaxed)) return static_cast<std::uint32_t>(slot) - 1;
        }
        return owner;
      }
      at = at + 1 == size_ ? 0 : at + 1;
    }
  }
  void swap(state_key_set& other) noexcept {
    slots_.swap(other.slots_);
    std::swap(size_, other.size_);
  }

 private:
  std::size_t home(std::uint64_t key) const noexcept { return (key >> 32) * size_ >> 32; }
  std::uint64_t load(std::size_t at) const noexcept { return std::atomic_ref<std::uint64_t>(slots_.data()[at]).load(std::memory_order_relaxed); }

  kernels::word_array slots_;
  std::size_t size_ = 0;
};

/// Bits of keys, some eight for each state of a level: most states that are not there are told without a look at the large table. Threads add
/// side by side.
class state_key_filter {
 public:
  explicit state_key_filter(std::size_t most_states)
      : shift_(64 - static_cast<int>(std::countr_zero(8 * bytes_for(most_states)))), words_(bytes_for(most_states) / 8) {}

  static std::size_t bytes_for(std::size_t most_states) noexcept { return std::bit_ceil(std::max<std::size_t>(most_states, 64)); }
  void clear() noexcept { std::memset(words_.data(), 0, words_.bytes()); }
  void prefetch(std::uint64_t key) const noexcept { kernels::prefetch(words_.data() + (key >> shift_) / 64); }
  void prefetch_to_write(std::uint64_t key) const noexcept { kernels::prefetch_to_write(words_.data() + (key >> shift_) / 64); }
  bool may_hold(std::uint64_t key) const noexcept { return (words_.data()[(key >> shift_) / 64] >> (key >> shift_) % 64 & 1) != 0; }
  void add(std::uint64_t key) noexcept {
    const std::atomic_ref<std::uint64_t> word(words_.data()[(key >> shift_) / 64]);
    const auto bit = std::uint64_t{1} << (key >> shift_) % 64;
    if ((word.load(std::memory_order_relaxed) & bit) == 0) word.fetch_or(bit, std::memory_order_relaxed);
  }
  void swap(state_key_filter& other) noexcept { words_.swap(other.words_); }

 private:
  int shift_;
  kernels::word_array words_;
};

}  // namespace cosetta::search
