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

unit_schedule schedule_for(const colour_tower& tower, unsigned threads) {
  unit_schedule s;
  s.units = tower.blocks(), s.unit_words = tower.words();
  s.chunk = chunk, s.warm = warm_slots;
  s.window = threads == 1 ? 2 * chunk : std::clamp<std::size_t>(s.units / 128, 2 * chunk * threads, 4096) / chunk * chunk;
  s.kept_back = tower.kept_back(s.window);
  return s;
}

unit_store store_for(const colour_tower& tower, unsigned threads) {
  const auto schedule = schedule_for(tower, threads);
  return {schedule, tower_storage::delayed, tower.last_windows(schedule.window), threads};
}

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
      ahead_(std::clamp<std::size_t>(ahead_words / words_, 1, most_ahead)),
      store_(store_for(*tower_, threads)),
      crew_(threads) {
  for (unsigned t = 0; t < threads; ++t) workers_.emplace_back(std::make_unique<worker>())->ring.resize(ahead_ + 1);
  reset();
}

colour_sweep::~colour_sweep() = default;

std::size_t colour_sweep::bytes_for(const colour_tower& tower, unsigned threads) {
  return tower.bytes() + schedule_for(tower, threads).bytes(tower_storage::delayed, threads);
}

void colour_sweep::reset() {
  store_.reset();
  for (auto& w : workers_) w->found.clear(), w->made = w->traffic = 0;
  const auto start = *index_of(central_);
  const auto k = start / (64 * words_);
  store_.words(k)[start / 64 % words_] = std::uint64_t{1} << (start % 64);
  store_.begin_with(k);
}

/// Fills one of the worker's jobs; false when block k has nothing to do.
bool colour_sweep::prepare(worker& w, std::size_t k, std::size_t which) const {
  if (store_.count(k) == fibre_) return false;
  auto& slot = w.ring[which];
  slot.plain.clear(), slot.moved.clear(), slot.wanted.clear();
  const auto* sources = tower_->sources(k);
  const auto* patterns = tower_->source_patterns(k);
  std::size_t far = 0;
  for (std::size_t g = 0; g < generators_; ++g) {
    if (!store_.changed(sources[g])) continue;
    const auto* from = store_.words(sources[g]);
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
  job.own = store_.words(k);
  w.want(slot, job.own);
  job.out = nullptr;  // a free slot, when it is done
  job.words = words_;
  job.plain = slot.plain.data(), job.plain_count = slot.plain.size();
  job.moved = slot.moved.data(), job.moved_count = slot.moved.size();
  return true;
}

void colour_sweep::execute(unsigned t, std::size_t which, const std::vector<const std::uint64_t*>& wanted, const layer_hooks& hooks) {
  auto& w = *workers_[t];
  auto& job = w.ring[which].job;
  const std::size_t k = w.ring[which].block;
  job.next = wanted.data(), job.next_count = wanted.size();
  job.out = store_.place(t, k);
  ++w.made;
  const auto fresh = kernels_->sweep(job);
  if (fresh == 0) return;
  store_.take(t, k, static_cast<std::uint32_t>(fresh));
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

void colour_sweep::sweep_blocks(unsigned t, std::size_t begin, std::size_t end, const layer_hooks& hooks) {
  // While a block is worked on, what a later one reads is fetched.
  static const std::vector<const std::uint64_t*> nothing;
  auto& w = *workers_[t];
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
    execute(t, first, w.ring[last].wanted, hooks);
    first = (first + 1) % size, --count;
  }
  for (; count > 0; --count, first = (first + 1) % size) execute(t, first, nothing, hooks);
}

std::optional<std::uint64_t> colour_sweep::advance(parallel_tasks&, const run_context& context, const layer_hooks& hooks) {
  for (auto& w : workers_) w->count = 0;
  const auto make = [&](unsigned t, std::size_t begin, std::size_t end) { sweep_blocks(t, begin, end, hooks); };
  if (!store_.make_layer(crew_, [&] { return context.is_stopped(); }, make, [](unsigned) {})) return std::nullopt;
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
