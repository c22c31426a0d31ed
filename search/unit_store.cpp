#include <search/unit_store.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace cosetta::search {

namespace {

constexpr std::size_t chunk_words = 20480;  // about 160 KB: they are in a thread's cache together

}  // namespace

std::string_view to_string(tower_storage s) noexcept {
  switch (s) {
    case tower_storage::graded:
      return "in place, graded";
    case tower_storage::delayed:
      return "in place, delayed";
    case tower_storage::doubled:
      return "two buffers";
  }
  return "?";
}

std::vector<std::uint32_t> last_windows(const std::vector<std::uint32_t>& sources, std::size_t per_unit, std::size_t window,
                                        const std::vector<std::uint32_t>& numbers) {
  const std::size_t units = sources.size() / per_unit;
  const auto number = [&](std::size_t k) { return numbers.empty() ? static_cast<std::uint32_t>(k) : numbers[k]; };
  std::vector<std::uint32_t> last(units);
  for (std::size_t k = 0; k < units; ++k) last[k] = static_cast<std::uint32_t>(k / window);
  for (std::size_t k = 0; k < units; ++k) {
    const auto reads = static_cast<std::uint32_t>(number(k) / window);
    for (std::size_t g = 0; g < per_unit; ++g) {
      auto& l = last[number(sources[k * per_unit + g])];
      l = std::max(l, reads);
    }
  }
  return last;
}

std::size_t kept_back(const std::vector<std::uint32_t>& last_windows, std::size_t window) {
  const std::size_t units = last_windows.size(), windows = (units + window - 1) / window;
  std::vector<std::uint32_t> ending(windows);
  for (const auto l : last_windows) ++ending[l];
  std::size_t waiting = 0, most = 0;
  for (std::size_t w = 0; w < windows; ++w) {
    waiting += std::min(window, units - w * window);
    most = std::max(most, waiting);
    if (w > 0) waiting -= ending[w - 1];  // slots come back one window late
  }
  return most;
}

unit_schedule unit_schedule::make(std::size_t units, std::size_t unit_words, unsigned threads) {
  unit_schedule s;
  s.units = units, s.unit_words = unit_words;
  s.chunk = std::clamp<std::size_t>(chunk_words / unit_words, 1, 1024);
  s.warm = s.chunk;
  s.window = 2 * s.chunk;
  if (threads > 1)
    s.window = std::max<std::size_t>(std::min(units / 128, 128 * s.chunk) / s.chunk, 2 * threads) * s.chunk;
  return s;
}

std::size_t unit_schedule::bytes(tower_storage storage, unsigned threads) const noexcept {
  const std::size_t unit_bytes = unit_words * sizeof(std::uint64_t);
  std::size_t bytes = units * (unit_bytes + 2 + 4);
  if (storage == tower_storage::doubled) bytes += units * unit_bytes;
  if (storage == tower_storage::delayed) {
    bytes += pool(threads) * (unit_bytes + 4) + (3 * units + (units + window - 1) / window + 1) * 4;
  }
  return bytes;
}

unit_store::unit_store(const unit_schedule& schedule, tower_storage storage,
                       const std::vector<std::uint32_t>& last_windows, unsigned threads)
    : schedule_(schedule), storage_(storage), makers_(threads) {
  const auto& s = schedule_;
  std::size_t slots = s.units;
  if (storage == tower_storage::delayed) {
    slots += s.pool(threads);
    commit_begin_.assign((s.units + s.window - 1) / s.window + 1, 0);
    for (const auto l : last_windows) ++commit_begin_[l + 1];
    std::partial_sum(commit_begin_.begin(), commit_begin_.end(), commit_begin_.begin());
    commits_.resize(s.units);
    auto at = commit_begin_;
    for (std::size_t k = 0; k < s.units; ++k) commits_[at[last_windows[k]]++] = static_cast<std::uint32_t>(k);
  }
  ball_ = kernels::word_array(slots * s.unit_words);
  if (storage == tower_storage::doubled) other_ = kernels::word_array(ball_.size());
  reset();
}

void unit_store::reset() {
  ball_.clear(), other_.clear();
  const auto units = schedule_.units;
  changed_.assign(units, 0), next_changed_.assign(units, 0), counts_.assign(units, 0);
  halted_ = false;
  for (auto& m : makers_) m.slot = no_slot, m.warm.clear();
  if (storage_ != tower_storage::delayed) return;
  slots_.resize(units);
  std::iota(slots_.begin(), slots_.end(), std::uint32_t{0});
  next_slots_.assign(units, no_slot);
  free_slots_.resize(schedule_.pool(static_cast<unsigned>(makers_.size())));
  std::iota(free_slots_.begin(), free_slots_.end(), static_cast<std::uint32_t>(units));
  first_free_ = 0, end_free_ = free_slots_.size();
}

std::uint64_t* unit_store::place(unsigned t, std::size_t k) noexcept {
  if (storage_ == tower_storage::graded) return words(k);
  if (storage_ == tower_storage::doubled) return other_.data() + k * schedule_.unit_words;
  auto& m = makers_[t];
  if (m.slot == no_slot && !m.warm.empty()) {
    m.slot = m.warm.back();
    m.warm.pop_back();
  }
  if (m.slot == no_slot) m.slot = free_slots_[first_free_.fetch_add(1, std::memory_order_relaxed) % free_slots_.size()];
  return ball_.data() + std::size_t{m.slot} * schedule_.unit_words;
}

void unit_store::take(unsigned t, std::size_t k, std::uint32_t fresh) noexcept {
  if (storage_ == tower_storage::delayed) next_slots_[k] = std::exchange(makers_[t].slot, no_slot);
  next_changed_[k] = 1;
  counts_[k] += fresh;
}

void unit_store::copy(std::size_t k) noexcept {
  std::copy_n(words(k), schedule_.unit_words, other_.data() + k * schedule_.unit_words);
}

void unit_store::commit(maker& m, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto k = commits_[i];
    if (next_slots_[k] == no_slot) continue;
    const auto old = std::exchange(slots_[k], next_slots_[k]);
    if (m.warm.size() < schedule_.warm) {
      m.warm.push_back(old);
    } else {
      free_slots_[end_free_.fetch_add(1, std::memory_order_relaxed) % free_slots_.size()] = old;
    }
    next_slots_[k] = no_slot;
  }
}

bool unit_store::make_layer(thread_crew& crew, const std::function<bool()>& stopped,
                            const std::function<void(unsigned, std::size_t, std::size_t)>& make,
                            const std::function<void(unsigned)>& finish) {
  const std::size_t units = schedule_.units, chunk = schedule_.chunk;
  const std::size_t window = storage_ == tower_storage::delayed ? schedule_.window : units;
  const std::size_t look = std::max<std::size_t>(
      chunk, (std::size_t{1} << 20) / schedule_.unit_words / chunk * chunk);  // between looks at the clock
  cursor_ = 0;
  crew.run([&](unsigned t) {
    for (std::size_t w = 0; w * window < units; ++w) {
      const std::size_t end = std::min(units, (w + 1) * window);
      for (;;) {
        // A window's units may have been taken up to its end by all: the cursor then stands at or beyond it.
        auto begin = cursor_.load(std::memory_order_relaxed);
        while (begin < end &&
               !cursor_.compare_exchange_weak(begin, std::min(begin + chunk, end), std::memory_order_relaxed)) {
        }
        if (begin >= end) break;
        if (t == 0 && begin % look < chunk && stopped()) halted_ = true;
        if (halted_.load(std::memory_order_relaxed)) continue;
        make(t, begin, std::min(begin + chunk, end));
      }
      finish(t);
      if (storage_ != tower_storage::delayed) continue;
      crew.meet();
      const std::size_t first = commit_begin_[w], count = commit_begin_[w + 1] - first;
      commit(makers_[t], first + count * t / crew.size(), first + count * (t + 1) / crew.size());
    }
  });
  if (halted_ || stopped()) return false;
  std::swap(changed_, next_changed_);
  std::fill(next_changed_.begin(), next_changed_.end(), std::uint8_t{0});
  if (storage_ == tower_storage::doubled) std::swap(ball_, other_);
  return true;
}

}  // namespace cosetta::search
