#include <search/colour_sweep.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace cosetta::search {

namespace {

constexpr std::size_t chunk = 32;        // blocks that a thread takes at once
constexpr std::size_t near_blocks = 32;  // a source this near was in the cache already
constexpr std::size_t warm_slots = 32;   // free slots that a thread keeps to itself, for they are still in its cache
constexpr std::size_t ahead_words = 256, most_ahead = 8;  // blocks are asked for so much before they are read
constexpr std::uint32_t no_slot = ~std::uint32_t{0};

}  // namespace

/// What one thread owns: a ring of jobs, so that what a job reads is asked for `ahead_` jobs before.
struct colour_sweep::worker {
  struct job_slot {
    std::size_t block = 0;
    kernels::colour_job job{};
    std::vector<const std::uint64_t*> plain;
    std::vector<kernels::moved_block> moved;
    std::vector<const std::uint64_t*> wanted;  // what it reads, as far as no job just before asked for it
  };
  std::vector<job_slot> ring;
  std::array<const std::uint64_t*, 8> asked{};  // for by the last jobs
  std::size_t ask = 0;
  std::uint32_t slot = no_slot;  // a free one at hand
  std::vector<std::uint32_t> warm;
  std::vector<std::uint64_t> found;
  std::uint64_t count = 0;
  std::uint64_t made = 0;     // blocks
  std::uint64_t traffic = 0;  // blocks, see colour_sweep::swept_bytes

  void want(job_slot& slot_of, const std::uint64_t* words) {
    for (const auto* a : asked) {
      if (a == words) return;
    }
    asked[ask++ % asked.size()] = words;
    slot_of.wanted.push_back(words);
  }
};

colour_sweep::colour_sweep(std::shared_ptr<const colour_tower> tower, graphs::state central, kernels::instruction_set instructions,
                           unsigned threads)
    : tower_(std::move(tower)),
      central_(std::move(central)),
      kernels_(&kernels::bit_move_kernels_for(instructions)),
      words_(tower_->words()),
      fibre_(tower_->design().fibre->size()),
      generators_(tower_->generators()),
      crew_(threads),
      window_(window_for(tower_->blocks(), threads)) {
  ahead_ = std::clamp<std::size_t>(ahead_words / words_, 1, most_ahead);
  for (unsigned t = 0; t < threads; ++t) {
    auto& w = *workers_.emplace_back(std::make_unique<worker>());
    w.ring.resize(ahead_ + 1);
  }
  schedule();
  ball_ = kernels::word_array((tower_->blocks() + spare_) * words_);
  reset();
}

colour_sweep::~colour_sweep() = default;

std::size_t colour_sweep::window_for(std::size_t blocks, unsigned threads) {
  return threads == 1 ? 2 * chunk : std::clamp<std::size_t>(blocks / 128, 2 * chunk * threads, 4096);
}

std::size_t colour_sweep::bytes_for(const colour_tower& tower, unsigned threads) {
  const std::size_t blocks = tower.blocks(), block_bytes = 8 * tower.words();
  const auto window = window_for(blocks, threads);
  const auto spare = tower.kept_back(window) + (warm_slots + 1) * threads;
  return tower.bytes() + (blocks + spare) * block_bytes + blocks * (2 + 4) + (3 * blocks + spare + (blocks + window - 1) / window + 1) * 4;
}

std::size_t colour_sweep::bytes() const noexcept {
  return tower_->bytes() + ball_.bytes() + tower_->blocks() * (2 + 4) +
         (slots_.size() + next_slots_.size() + free_slots_.size() + commits_.size() + commit_begin_.size()) * 4;
}

void colour_sweep::schedule() {
  const std::size_t blocks = tower_->blocks(), windows = (blocks + window_ - 1) / window_;
  const auto last = tower_->last_windows(window_);
  commit_begin_.assign(windows + 1, 0);
  for (const auto l : last) ++commit_begin_[l + 1];
  std::partial_sum(commit_begin_.begin(), commit_begin_.end(), commit_begin_.begin());
  commits_.resize(blocks);
  auto at = commit_begin_;
  for (std::size_t k = 0; k < blocks; ++k) commits_[at[last[k]]++] = static_cast<std::uint32_t>(k);
  spare_ = tower_->kept_back(window_) + (warm_slots + 1) * crew_.size();  // each thread may have some at hand
}

void colour_sweep::reset() {
  ball_.clear();
  const std::size_t blocks = tower_->blocks();
  changed_.assign(blocks, 0), next_changed_.assign(blocks, 0), counts_.assign(blocks, 0);
  halted_ = false;
  slots_.resize(blocks);
  std::iota(slots_.begin(), slots_.end(), std::uint32_t{0});
  free_slots_.resize(spare_);
  std::iota(free_slots_.begin(), free_slots_.end(), static_cast<std::uint32_t>(blocks));
  first_free_ = 0, end_free_ = spare_;
  next_slots_.assign(blocks, no_slot);
  for (auto& w : workers_) w->slot = no_slot, w->warm.clear(), w->found.clear(), w->made = w->traffic = 0;
  const auto start = *index_of(central_);
  const auto k = start / (64 * words_);
  block(k)[start / 64 % words_] = std::uint64_t{1} << (start % 64);
  changed_[k] = 1;
  counts_[k] = 1;
}

/// Fills one of the worker's jobs; false when block k has nothing to do.
bool colour_sweep::prepare(worker& w, std::size_t k, std::size_t which) const {
  if (counts_[k] == fibre_) return false;
  auto& slot = w.ring[which];
  slot.plain.clear(), slot.moved.clear(), slot.wanted.clear();
  const auto* sources = tower_->sources(k);
  const auto* patterns = tower_->source_patterns(k);
  std::size_t far = 0;
  for (std::size_t g = 0; g < generators_; ++g) {
    if (!changed_[sources[g]]) continue;
    const auto* from = block(sources[g]);
    if (patterns[g] == colour_tower::plain) {
      if (sources[g] == k) continue;
      slot.plain.push_back(from);
    } else {
      slot.moved.push_back({from, &tower_->moves(patterns[g])});
    }
    w.want(slot, from);
    far += sources[g] > k + near_blocks || sources[g] + near_blocks < k;
  }
  if (slot.plain.empty() && slot.moved.empty()) return false;
  w.traffic += 2 + far;
  slot.block = k;
  auto& job = slot.job;
  job.own = block(k);
  w.want(slot, job.own);
  job.out = nullptr;  // a free slot, when it is done
  job.words = words_;
  job.plain = slot.plain.data(), job.plain_count = slot.plain.size();
  job.moved = slot.moved.data(), job.moved_count = slot.moved.size();
  return true;
}

void colour_sweep::execute(worker& w, std::size_t which, const std::vector<const std::uint64_t*>& wanted, const layer_hooks& hooks) {
  auto& job = w.ring[which].job;
  const std::size_t k = w.ring[which].block;
  job.next = wanted.data(), job.next_count = wanted.size();
  if (w.slot == no_slot && !w.warm.empty()) {
    w.slot = w.warm.back();
    w.warm.pop_back();
  }
  if (w.slot == no_slot) w.slot = free_slots_[first_free_.fetch_add(1, std::memory_order_relaxed) % spare_];
  job.out = ball_.data() + std::size_t{w.slot} * words_;
  ++w.made;
  const auto fresh = kernels_->sweep(job);
  if (fresh == 0) return;
  next_slots_[k] = std::exchange(w.slot, no_slot);
  next_changed_[k] = 1;
  counts_[k] += static_cast<std::uint32_t>(fresh);
  w.count += fresh;
  if (!hooks.any()) return;
  for (std::size_t i = 0; i < words_; ++i) {
    if (const auto bits = job.out[i] & ~job.own[i]; bits != 0) hooks.take(k * words_ + i, bits, w.found);
  }
  if (!w.found.empty()) {
    hooks.sink->take(w.found);
    w.found.clear();
  }
}

void colour_sweep::sweep_blocks(worker& w, std::size_t begin, std::size_t end, const layer_hooks& hooks) {
  // While a block is worked on, what a later one reads is fetched.
  static const std::vector<const std::uint64_t*> nothing;
  std::size_t first = 0, count = 0;  // of the jobs that wait
  const std::size_t size = w.ring.size();
  for (std::size_t k = begin; k < end; ++k) {
    const std::size_t last = (first + count) % size;
    if (!prepare(w, k, last)) continue;
    if (++count < size) {
      for (const auto* words : w.ring[last].wanted) {
        for (std::size_t i = 0; i < words_; i += 8) __builtin_prefetch(words + i, 0, 2);
        __builtin_prefetch(words + words_ - 1, 0, 2);
      }
      continue;
    }
    execute(w, first, w.ring[last].wanted, hooks);
    first = (first + 1) % size, --count;
  }
  for (; count > 0; --count, first = (first + 1) % size) execute(w, first, nothing, hooks);
}

void colour_sweep::commit(worker& w, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto k = commits_[i];
    if (next_slots_[k] == no_slot) continue;
    const auto old = std::exchange(slots_[k], next_slots_[k]);
    if (w.warm.size() < warm_slots) {
      w.warm.push_back(old);
    } else {
      free_slots_[end_free_.fetch_add(1, std::memory_order_relaxed) % spare_] = old;
    }
    next_slots_[k] = no_slot;
  }
}

std::optional<std::uint64_t> colour_sweep::advance(parallel_tasks&, const run_context& context, const layer_hooks& hooks) {
  const std::size_t blocks = tower_->blocks();
  for (auto& w : workers_) w->count = 0;
  cursor_ = 0;
  const auto stopped = [&] { return context.is_stopped(); };
  const auto task = [&](unsigned t) {
    auto& w = *workers_[t];
    for (std::size_t window = 0; window * window_ < blocks; ++window) {
      const std::size_t end = std::min(blocks, (window + 1) * window_);
      for (;;) {
        auto begin = cursor_.load(std::memory_order_relaxed);
        while (begin < end && !cursor_.compare_exchange_weak(begin, std::min(begin + chunk, end), std::memory_order_relaxed)) {}
        if (begin >= end) break;
        if (t == 0 && begin % 1024 < chunk && stopped()) halted_ = true;
        if (halted_.load(std::memory_order_relaxed)) continue;
        sweep_blocks(w, begin, std::min(begin + chunk, end), hooks);
      }
      crew_.meet();
      const std::size_t first = commit_begin_[window], count = commit_begin_[window + 1] - first;
      commit(w, first + count * t / crew_.size(), first + count * (t + 1) / crew_.size());
    }
  };
  crew_.run(task);
  if (halted_ || stopped()) return std::nullopt;
  std::swap(changed_, next_changed_);
  std::fill(next_changed_.begin(), next_changed_.end(), std::uint8_t{0});
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0}, [](auto sum, const auto& w) { return sum + w->count; });
}

double colour_sweep::mean_sweeps() const noexcept {
  double made = 0;
  for (const auto& w : workers_) made += static_cast<double>(w->made);
  return made / static_cast<double>(tower_->blocks());
}

std::uint64_t colour_sweep::swept_bytes() const noexcept {
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0},
                         [&](auto sum, const auto& w) { return sum + 8 * words_ * w->traffic; });
}

std::vector<graphs::state> colour_sweep::states_of(std::uint64_t index) const {
  auto s = tower_->state(index, central_);
  if (!s) return {};
  return {std::move(*s)};
}

}  // namespace cosetta::search
