// The ball of a sweep in units of equal numbers of words, each of which has one writer, as the blocks of a coset tower
// (tower_sweep.hpp). It knows how units are held and in which order they are made, not what is in them. Three ways of
// holding the ball: graded   The generators have class 1 in Z/m, m >= 2 (cyclic_quotient.hpp): layer t + 1 writes words
// of class t + 1 and reads
//          words of class t only, so it is made in place, exactly, in any order.
// delayed  Units lie in slots, of which there are a few more than units. They are made window by window, each new unit
// into
//          a free slot; it becomes the unit, and the old slot free, when the window of its last reader is over: all
//          readers see layer t, and nothing is copied. The order is static, so the slots that are ever needed are known
//          beforehand. Threads meet once a window: units of window w are committed while window w + 1, which does not
//          read them, is made, and their old slots are taken from window w + 2 on.
// doubled  Two arrays: the plain reference, and the faster way where half of the units would have to be kept back
// anyway. Internal to search/.
#pragma once

#include <kernels/word_array.hpp>
#include <search/thread_crew.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace cosetta::search {

enum class tower_storage { graded, delayed, doubled };
std::string_view to_string(tower_storage s) noexcept;

/// For each unit the window after which its old words are not read any more, when units are made `window` at a time: unit k reads
/// the `per_unit` units of row k of `sources`. `numbers`: other numbers for the units; empty: their own.
std::vector<std::uint32_t> last_windows(const std::vector<std::uint32_t>& sources, std::size_t per_unit, std::size_t window,
                                        const std::vector<std::uint32_t>& numbers = {});
/// How many units wait at once, at most, when each is replaced in the window after that of its last reader.
std::size_t kept_back(const std::vector<std::uint32_t>& last_windows, std::size_t window);

/// How units are taken by threads. A window is a multiple of a chunk.
struct unit_schedule {
  std::size_t units = 0;
  std::size_t unit_words = 0;
  std::size_t chunk = 0;      // units that a thread takes at once
  std::size_t window = 0;     // delayed: units that are made before those that nobody reads any more are replaced
  std::size_t warm = 0;       // free slots that a thread keeps to itself, for they are still in its cache
  std::size_t kept_back = 0;  // delayed: units that wait at once, at most

  /// Chunks of about `chunk_words` words; kept_back is not set.
  static unit_schedule make(std::size_t units, std::size_t unit_words, unsigned threads);
  std::size_t pool(unsigned threads) const noexcept { return kept_back + (warm + 1) * threads; }
  /// Of a store with this schedule.
  std::size_t bytes(tower_storage storage, unsigned threads) const noexcept;
};

class unit_store {
 public:
  /// `last_windows`, for `delayed`: the window after which the old words of each unit are not read any more.
  unit_store(const unit_schedule& schedule, tower_storage storage, const std::vector<std::uint32_t>& last_windows,
             unsigned threads);

  tower_storage storage() const noexcept { return storage_; }
  const unit_schedule& schedule() const noexcept { return schedule_; }
  std::size_t bytes() const noexcept { return schedule_.bytes(storage_, static_cast<unsigned>(makers_.size())); }
  void reset();

  std::uint64_t* words(std::size_t k) const noexcept {
    return ball_.data() + std::size_t{slots_.empty() ? k : slots_[k]} * schedule_.unit_words;
  }
  /// The unit gained something in the last layer.
  bool changed(std::size_t k) const noexcept { return changed_[k] != 0; }
  /// States of the unit that have been reached.
  std::uint32_t count(std::size_t k) const noexcept { return counts_[k]; }
  /// Before the first layer: a state of unit k.
  void begin_with(std::size_t k) noexcept { changed_[k] = 1, counts_[k] = 1; }

  /// Where thread t writes the new words of unit k. They are the old ones' place where the ball is graded.
  std::uint64_t* place(unsigned t, std::size_t k) noexcept;
  /// They are there, and hold `fresh` > 0 states more than before.
  void take(unsigned t, std::size_t k, std::uint32_t fresh) noexcept;
  /// Unit k stays as it is, and place() was not called or all that was written there is what was there before.
  void leave(std::size_t k) noexcept {
    if (storage_ == tower_storage::doubled && changed_[k]) copy(k);
  }

  /// Makes a layer: make(t, begin, end) for chunks of units on all threads, finish(t) when a window is over for this
  /// thread, at the latest then its units must have been taken or left. False when it was stopped, after which only
  /// reset() may be called.
  bool make_layer(thread_crew& crew, const std::function<bool()>& stopped,
                  const std::function<void(unsigned, std::size_t, std::size_t)>& make,
                  const std::function<void(unsigned)>& finish);

 private:
  static constexpr std::uint32_t no_slot = ~std::uint32_t{0};

  struct alignas(64) maker {
    std::uint32_t slot = no_slot;  // a free one at hand
    std::vector<std::uint32_t> warm;
  };

  void copy(std::size_t k) noexcept;
  void commit(maker& m, std::size_t begin, std::size_t end);

  unit_schedule schedule_;
  tower_storage storage_;
  std::vector<maker> makers_;
  kernels::word_array ball_, other_;
  std::vector<std::uint8_t> changed_, next_changed_;  // in the last layer; in this one
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> slots_, next_slots_;  // delayed: where each unit lies, and where its new words wait
  std::vector<std::uint32_t> free_slots_;          // a ring
  std::atomic<std::size_t> first_free_ = 0, end_free_ = 0;
  std::vector<std::uint32_t> commit_begin_;  // window -> first of its entries in commits_
  std::vector<std::uint32_t> commits_;
  std::atomic<std::size_t> cursor_ = 0;
  std::atomic<bool> halted_ = false;
};

}  // namespace cosetta::search
