#include <search/tower_sweep.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace cosetta::search {

using groups::permutation;

namespace {

constexpr std::size_t chunk = 32; // blocks that a thread takes at once
constexpr std::size_t near_blocks = 32;  // a source this near was in the cache already
constexpr std::size_t warm_slots = 32;   // free slots that a thread keeps to itself, for they are still in its cache
constexpr std::uint32_t no_slot = ~std::uint32_t{0};

std::vector<std::uint8_t> bit_permutations(const tower_fibre& fibre) {
  std::vector<std::uint8_t> out(fibre.variants() * 64 * 64);
  for (std::size_t v = 0; v < fibre.variants(); ++v) {
    for (unsigned k = 0; k < 64; ++k) fibre.bit_permutation(v, k, out.data() + (v * 64 + k) * 64);
  }
  return out;
}

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

/// What one thread owns: two jobs, one that is being done and the next one, whose blocks are on their way.
struct tower_sweep::worker {
  struct job_slot {
    kernels::block_job job;
    std::vector<kernels::block_source> plain, moved;
  };
  job_slot slots[2];
  std::vector<std::uint64_t> buffer, before;
  std::uint64_t* scratch = nullptr;
  std::vector<const std::uint64_t*> next;
  std::uint32_t slot = no_slot;  // a free one at hand
  std::vector<std::uint32_t> warm;
  std::vector<std::uint64_t> found;
  std::uint64_t count = 0;
  std::uint64_t traffic = 0;  // words, see tower_sweep::swept_bytes

  worker(std::size_t words, std::size_t generators) : buffer(words + 16), before(words + 8) {
    auto at = reinterpret_cast<std::uintptr_t>(buffer.data());
    scratch = buffer.data() + (-at & 63U) / 8;
    for (auto& s : slots) s.plain.reserve(generators), s.moved.reserve(generators);
  }
};

tower_sweep::tower_sweep(std::shared_ptr<const coset_tower> tower, graphs::state central, tower_storage storage,
                         kernels::instruction_set instructions, unsigned threads)
    : tower_(std::move(tower)),
      central_(std::move(central)),
      storage_(storage),
      kernels_(&kernels::tower_kernels_for(instructions)),
      permutations_(bit_permutations(*tower_->design().fibre)),
      words_(tower_->words()),
      crew_(threads),
      block_states_(tower_->design().fibre->group().size()) {
  for (unsigned t = 0; t < threads; ++t) workers_.push_back(std::make_unique<worker>(words_, tower_->generators()));
  window_ = storage_ == tower_storage::delayed ? window_for(*tower_, threads) : tower_->blocks();
  schedule();
  ball_ = kernels::word_array((tower_->blocks() + pool_blocks_) * words_);
  if (storage_ == tower_storage::doubled) other_ = kernels::word_array(ball_.size());
  reset();
}

tower_sweep::~tower_sweep() = default;

std::size_t tower_sweep::bytes() const noexcept {
  return tower_->bytes() + ball_.bytes() + other_.bytes() + tower_->blocks() * (2 + 4) +
         (slots_.size() + next_slots_.size() + free_slots_.size() + commits_.size() + commit_begin_.size()) * 4;
}

void tower_sweep::reset() {
  ball_.clear(), other_.clear();
  const std::size_t blocks = tower_->blocks();
  changed_.assign(blocks, 0), next_changed_.assign(blocks, 0), counts_.assign(blocks, 0);
  depth_ = 0;
  halted_ = false;
  slots_.resize(blocks);
  std::iota(slots_.begin(), slots_.end(), std::uint32_t{0});
  free_slots_.resize(pool_blocks_);
  std::iota(free_slots_.begin(), free_slots_.end(), static_cast<std::uint32_t>(blocks));
  first_free_ = 0, end_free_ = pool_blocks_;
  if (storage_ == tower_storage::delayed) next_slots_.assign(blocks, no_slot);
  for (auto& w : workers_) w->slot = no_slot, w->warm.clear(), w->traffic = 0;
  const auto start = tower_->locate(permutation(tower_->design().group.degree()));
  block(start.block)[start.place / 64] |= std::uint64_t{1} << (start.place % 64);
  changed_[start.block] = 1;
  counts_[start.block] = 1;
}

std::size_t tower_sweep::window_for(const coset_tower& tower, unsigned threads) {
  return threads == 1 ? 2 * chunk : std::clamp<std::size_t>(tower.blocks() / 128, 2 * chunk * threads, 4096);
}

std::size_t tower_sweep::bytes_for(const coset_tower& tower, tower_storage storage, unsigned threads) {
  const std::size_t blocks = tower.blocks(), block_bytes = tower.words() * sizeof(std::uint64_t);
  std::size_t bytes = tower.bytes() + blocks * (block_bytes + 2 + 4 + 4);
  if (storage == tower_storage::doubled) bytes += blocks * block_bytes;
  if (storage == tower_storage::delayed) {
    const auto window = window_for(tower, threads);
    const auto pool = tower.kept_back(window) + (warm_slots + 1) * threads;
    bytes += pool * (block_bytes + 4) + (2 * blocks + (blocks + window - 1) / window + 1) * 4;
  }
  return bytes;
}

void tower_sweep::schedule() {
  if (storage_ != tower_storage::delayed) return;
  const std::size_t blocks = tower_->blocks(), windows = (blocks + window_ - 1) / window_;
  const auto last = tower_->last_windows(window_);
  commit_begin_.assign(windows + 1, 0);
  for (const auto l : last) ++commit_begin_[l + 1];
  std::partial_sum(commit_begin_.begin(), commit_begin_.end(), commit_begin_.begin());
  commits_.resize(blocks);
  auto at = commit_begin_;
  for (std::size_t k = 0; k < blocks; ++k) commits_[at[last[k]]++] = static_cast<std::uint32_t>(k);
  pool_blocks_ = tower_->kept_back(window_) + (warm_slots + 1) * crew_.size();  // each thread may have some at hand
}

/// Fills one of the worker's jobs; false when block k has nothing to do.
bool tower_sweep::prepare(worker& w, std::size_t k, unsigned which) {
  auto& slot = w.slots[which];
  if (counts_[k] == block_states_) {
    // Complete: nothing to take in, but the other buffer may not have the last of it.
    if (storage_ == tower_storage::doubled && changed_[k]) std::copy_n(block(k), words_, other_.data() + k * words_);
    return false;
  }
  slot.plain.clear(), slot.moved.clear();
  const auto& fibre = *tower_->design().fibre;
  const std::uint32_t m = tower_->design().modulus;
  std::size_t first = 0, end = words_;
  if (storage_ == tower_storage::graded) {
    const auto c = static_cast<unsigned>((depth_ + 1 + m - tower_->block_class(k)) % m);
    first = fibre.class_begin(c), end = fibre.class_begin(c + 1);
  }
  const auto* sources = tower_->sources(k);
  const auto* patterns = tower_->source_patterns(k);
  std::size_t far = 0;
  for (std::size_t g = 0; g < tower_->generators(); ++g) {
    if (!changed_[sources[g]]) continue;
    far += sources[g] > k + near_blocks || sources[g] + near_blocks < k;
    const auto* from = block(sources[g]);
    if (patterns[g] == coset_tower::plain) {
      slot.plain.push_back({from + first, nullptr, 0});
    } else {
      slot.moved.push_back({from, tower_->moves(patterns[g]) + first, tower_->variant(patterns[g]) * 64U});
    }
  }
  if (slot.plain.empty() && slot.moved.empty()) {
    if (storage_ == tower_storage::doubled && changed_[k]) std::copy_n(block(k), words_, other_.data() + k * words_);
    return false;
  }
  w.traffic += (2 + far) * (end - first);
  auto& job = slot.job;
  job.own = block(k) + first;
  job.words = end - first;
  switch (storage_) {
    case tower_storage::graded:
      job.out = block(k) + first;
      break;
    case tower_storage::delayed:
      job.out = nullptr;  // a free slot, when it is done
      break;
    case tower_storage::doubled:
      job.out = other_.data() + k * words_;
      break;
  }
  job.plain = slot.plain.data(), job.plain_count = slot.plain.size();
  job.moved = slot.moved.data(), job.moved_count = slot.moved.size();
  job.next = nullptr, job.next_count = 0;
  job.stream = storage_ == tower_storage::doubled && words_ % 8 == 0 && words_ >= 64;
  return true;
}

void tower_sweep::execute(worker& w, std::size_t k, unsigned which, const layer_hooks& hooks) {
  auto& job = w.slots[which].job;
  if (storage_ == tower_storage::delayed) {
    if (w.slot == no_slot && !w.warm.empty()) {
      w.slot = w.warm.back();
      w.warm.pop_back();
    }
    if (w.slot == no_slot) w.slot = free_slots_[first_free_.fetch_add(1, std::memory_order_relaxed) % pool_blocks_];
    job.out = ball_.data() + std::size_t{w.slot} * words_;
  }
  const bool tell = hooks.any();
  if (tell) std::copy_n(job.own, job.words, w.before.data());
  const auto fresh = kernels_->sweep(job, permutations_, w.scratch);
  if (fresh == 0) return;
  if (storage_ == tower_storage::delayed) next_slots_[k] = std::exchange(w.slot, no_slot);
  next_changed_[k] = 1;
  counts_[k] += static_cast<std::uint32_t>(fresh);
  w.count += fresh * tower_->weight(k);
  if (!tell) return;
  const std::size_t word = k * words_ + static_cast<std::size_t>(job.own - block(k));
  for (std::size_t i = 0; i < job.words; ++i) {
    if (const auto bits = job.out[i] & ~w.before[i]; bits != 0) hooks.take(word + i, bits, w.found);
  }
  if (!w.found.empty()) {
    hooks.sink->take(w.found);
    w.found.clear();
  }
}

/// What the job `coming` reads and the other one, which is done first, does not.
void tower_sweep::look_ahead(worker& w, unsigned coming) {
  const auto& next = w.slots[coming];
  auto& job = w.slots[coming ^ 1].job;
  w.next.clear();
  const auto want = [&](const std::uint64_t* words) {
    if (words == job.own) return;
    for (std::size_t s = 0; s < job.plain_count; ++s) {
      if (words == job.plain[s].words) return;
    }
    w.next.push_back(words);
  };
  for (const auto& s : next.moved) want(s.words);
  for (const auto& s : next.plain) want(s.words);
  want(next.job.own);
  job.next = w.next.data(), job.next_count = w.next.size();
  job.next_words = next.moved.empty() ? next.job.words : words_;
}

void tower_sweep::sweep_blocks(worker& w, std::size_t begin, std::size_t end, const layer_hooks& hooks) {
  // One block behind: while a block is worked on, what the next one reads is fetched.
  std::size_t ready = end;
  unsigned which = 0;
  for (std::size_t k = begin; k < end; ++k) {
    if (!prepare(w, k, which)) continue;
    if (ready != end) {
      look_ahead(w, which);
      execute(w, ready, which ^ 1, hooks);
    }
    ready = k;
    which ^= 1;
  }
  if (ready != end) execute(w, ready, which ^ 1, hooks);
}

void tower_sweep::commit(worker& w, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto k = commits_[i];
    if (next_slots_[k] == no_slot) continue;
    const auto old = std::exchange(slots_[k], next_slots_[k]);
    if (w.warm.size() < warm_slots) {
      w.warm.push_back(old);
    } else {
      free_slots_[end_free_.fetch_add(1, std::memory_order_relaxed) % pool_blocks_] = old;
    }
    next_slots_[k] = no_slot;
  }
}

std::optional<std::uint64_t> tower_sweep::advance(parallel_tasks&, const run_context& context, const layer_hooks& hooks) {
  const std::size_t blocks = tower_->blocks();
  for (auto& w : workers_) w->count = 0;
  cursor_ = 0;
  const auto stopped = [&] { return context.stop.stop_requested() || context.expired(); };
  const auto task = [&](unsigned t) {
    auto& w = *workers_[t];
    for (std::size_t window = 0; window * window_ < blocks; ++window) {
      const std::size_t end = std::min(blocks, (window + 1) * window_);
      for (;;) {
        // A window's blocks may have been taken up to its end by all: the cursor then stands at or beyond it.
        auto begin = cursor_.load(std::memory_order_relaxed);
        while (begin < end && !cursor_.compare_exchange_weak(begin, std::min(begin + chunk, end), std::memory_order_relaxed)) {}
        if (begin >= end) break;
        if (t == 0 && begin % 1024 < chunk && stopped()) halted_ = true;
        if (halted_.load(std::memory_order_relaxed)) continue;
        sweep_blocks(w, begin, std::min(begin + chunk, end), hooks);
      }
      if (storage_ != tower_storage::delayed) continue;
      crew_.meet();
      const std::size_t first = commit_begin_[window], count = commit_begin_[window + 1] - first;
      commit(w, first + count * t / crew_.size(), first + count * (t + 1) / crew_.size());
    }
  };
  crew_.run(task);
  if (halted_ || stopped()) return std::nullopt;
  std::swap(changed_, next_changed_);
  std::fill(next_changed_.begin(), next_changed_.end(), std::uint8_t{0});
  if (storage_ == tower_storage::doubled) std::swap(ball_, other_);
  ++depth_;
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0}, [](auto sum, const auto& w) { return sum + w->count; });
}

std::uint64_t tower_sweep::swept_bytes() const noexcept {
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0}, [](auto sum, const auto& w) { return sum + 8 * w->traffic; });
}

std::vector<graphs::state> tower_sweep::states_of(std::uint64_t index) const {
  const std::uint64_t per_block = 64 * words_;
  const coset_tower::address at{static_cast<std::uint32_t>(index / per_block), static_cast<std::uint32_t>(index % per_block)};
  const auto x = tower_->element(at);
  std::vector<permutation> elements;
  for (const auto& w : tower_->design().symmetries) {
    auto y = w.inverse() * x * w;
    const auto where = tower_->locate(y);
    if (where.block != at.block || where.place != at.place) continue;
    if (std::ranges::find(elements, y) == elements.end()) elements.push_back(std::move(y));
  }
  std::vector<graphs::state> out;
  for (const auto& y : elements) {
    graphs::state s(central_.size());
    for (std::size_t i = 0; i < s.size(); ++i) s[i] = central_[y[i]];
    out.push_back(std::move(s));
  }
  return out;
}

std::optional<std::uint64_t> index_of_state(const coset_tower& tower, const graphs::state& central, const graphs::state& s) {
  const auto& group = tower.design().group;
  const auto& chain = group.chain();
  if (s.size() != central.size()) return std::nullopt;
  // The element g with s[i] = central[g[i]], image by image of the base.
  std::optional<permutation> found;
  const auto descend = [&](const auto& self, std::size_t level, const permutation& product) -> bool {
    if (level == chain.length()) {
      for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] != central[product[i]]) return false;
      }
      found = product;
      return true;
    }
    while (level < chain.length() && chain.orbit(level).size() == 1) ++level;  // there may be very many of these
    if (level == chain.length()) return self(self, level, product);
    for (std::size_t d = 0; d < chain.orbit(level).size(); ++d) {
      if (central[product[chain.orbit(level)[d]]] != s[chain.base()[level]]) continue;
      if (self(self, level + 1, chain.transversal(level, d) * product)) return true;
    }
    return false;
  };
  if (!descend(descend, 0, permutation(group.degree()))) return std::nullopt;
  const auto at = tower.locate(*found);
  return std::uint64_t{at.block} * 64 * tower.words() + at.place;
}

std::optional<std::uint64_t> tower_sweep::index_of(const graphs::state& s) const {
  return index_of_state(*tower_, central_, s);
}

}  // namespace cosetta::search
