#include <search/tower_states.hpp>
#include <search/tower_sweep.hpp>

#include <algorithm>
#include <numeric>

namespace cosetta::search {

using groups::permutation;

namespace {

constexpr std::size_t near_words = 20480;                   // a source this near was in the cache already
constexpr std::size_t cached_bytes = std::size_t{1} << 24;  // a ball up to this size may stay in the last cache

}  // namespace

std::vector<std::uint8_t> bit_permutations(const tower_fibre& fibre) {
  const auto size = fibre.word_size();
  std::vector<std::uint8_t> out(fibre.variants() * size * size);
  for (std::size_t v = 0; v < fibre.variants(); ++v) {
    for (unsigned k = 0; k < size; ++k) fibre.bit_permutation(v, k, out.data() + (v * size + k) * size);
  }
  return out;
}

unit_schedule schedule_for(const coset_tower& tower, tower_storage storage, unsigned threads) {
  auto schedule = unit_schedule::make(tower.blocks(), tower.block_words(), threads);
  if (storage == tower_storage::delayed) schedule.kept_back = tower.kept_back(schedule.window);
  return schedule;
}

unit_store store_for(const coset_tower& tower, tower_storage storage, unsigned threads) {
  const auto schedule = schedule_for(tower, storage, threads);
  const auto last =
      storage == tower_storage::delayed ? tower.last_windows(schedule.window) : std::vector<std::uint32_t>();
  return {schedule, storage, last, threads};
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
      kernels_(&kernels::tower_kernels_for(instructions)),
      permutations_(bit_permutations(*tower_->design().fibre)),
      vector_kernels_(&kernels::vector_kernels_for(instructions)),
      words_(tower_->block_words()),
      lanes_(tower_->lanes()),
      store_(store_for(*tower_, storage, threads)),
      crew_(threads),
      block_states_(tower_->design().block_states()),
      // Written past the cache, where they would not stay in it: a line that is only written need not be read first.
      stream_(storage != tower_storage::graded && words_ % 8 == 0 && words_ >= 64 &&
              8 * words_ * tower_->blocks() > cached_bytes) {
  if (tower_->has_lanes())
    vector_permutations_.emplace(bit_permutations(*tower_->design().fibre), bit_permutations(*tower_->design().lanes));
  for (unsigned t = 0; t < threads; ++t) workers_.push_back(std::make_unique<worker>(words_, tower_->generators()));
  reset();
}

tower_sweep::~tower_sweep() = default;

void tower_sweep::reset() {
  store_.reset();
  depth_ = 0;
  for (auto& w : workers_) w->traffic = 0;
  const auto start = tower_->locate(permutation(tower_->design().group.degree()));
  const auto index = tower_->index_of(start);
  store_.words(start.block)[index / 64 % words_] |= std::uint64_t{1} << (index % 64);
  store_.begin_with(start.block);
}

/// Fills one of the worker's jobs; false when block k has nothing to do.
bool tower_sweep::prepare(worker& w, std::size_t k, unsigned which) {
  auto& slot = w.slots[which];
  slot.plain.clear(), slot.moved.clear();
  const bool graded = store_.storage() == tower_storage::graded;
  const auto& fibre = *tower_->design().fibre;
  const std::uint32_t m = tower_->design().modulus;
  std::size_t first = 0, end = words_;
  if (graded) {
    const auto c = static_cast<unsigned>((depth_ + 1 + m - tower_->block_class(k)) % m);
    first = lanes_ * fibre.class_begin(c), end = lanes_ * fibre.class_begin(c + 1);
  }
  const auto* sources = tower_->sources(k);
  const auto* patterns = tower_->source_patterns(k);
  const auto* lane_patterns = lanes_ == 1 ? nullptr : tower_->source_lanes(k);
  const std::size_t near = near_words / words_ + 1;
  std::size_t far = 0;
  for (std::size_t g = 0; g < tower_->generators() && store_.count(k) != block_states_; ++g) {
    if (!store_.changed(sources[g])) continue;
    far += sources[g] > k + near || sources[g] + near < k;
    const auto* from = store_.words(sources[g]);
    const unsigned lane = lane_patterns == nullptr ? 0 : lane_patterns[g];
    if (patterns[g] == coset_tower::plain && lane == 0) {
      slot.plain.push_back({from + first, nullptr, 0});
    } else {
      slot.moved.push_back(
          {from, tower_->moves(patterns[g]) + first / lanes_, tower_->variant(patterns[g]) * 64U, lane});
    }
  }
  if (slot.plain.empty() && slot.moved.empty()) {
    store_.leave(k);
    return false;
  }
  w.traffic += (2 + far) * (end - first);
  auto& job = slot.job;
  job.own = store_.words(k) + first;
  job.words = end - first;
  job.plain = slot.plain.data(), job.plain_count = slot.plain.size();
  job.moved = slot.moved.data(), job.moved_count = slot.moved.size();
  job.next = nullptr, job.next_count = 0, job.following = nullptr;
  job.stream = stream_;
  return true;
}

void tower_sweep::execute(unsigned t, std::size_t k, unsigned which, const layer_hooks& hooks) {
  auto& w = *workers_[t];
  auto& job = w.slots[which].job;
  const auto first = static_cast<std::size_t>(job.own - store_.words(k));
  job.out = store_.place(t, k) + first;
  const bool tell = hooks.any();
  if (tell) std::copy_n(job.own, job.words, w.before.data());
  const auto fresh =
      lanes_ == 1 ? kernels_->sweep(job, permutations_, w.scratch) : vector_kernels_->sweep(job, *vector_permutations_);
  if (fresh == 0) return;
  store_.take(t, k, static_cast<std::uint32_t>(fresh));
  w.count += fresh * tower_->weight(k);
  if (!tell) return;
  for (std::size_t i = 0; i < job.words; ++i) {
    if (const auto bits = job.out[i] & ~w.before[i]; bits != 0) hooks.take(k * words_ + first + i, bits, w.found);
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

void tower_sweep::sweep_blocks(unsigned t, std::size_t begin, std::size_t end, const layer_hooks& hooks) {
  // One block behind: while a block is worked on, what the next one reads is fetched.
  auto& w = *workers_[t];
  std::size_t ready = end;
  unsigned which = 0;
  for (std::size_t k = begin; k < end; ++k) {
    if (!prepare(w, k, which)) continue;
    if (ready != end) {
      if (lanes_ == 1) look_ahead(w, which);
      w.slots[which ^ 1].job.following = &w.slots[which].job;
      execute(t, ready, which ^ 1, hooks);
    }
    ready = k;
    which ^= 1;
  }
  if (ready != end) execute(t, ready, which ^ 1, hooks);
}

std::optional<std::uint64_t> tower_sweep::advance(parallel_tasks&, const run_context& context,
                                                  const layer_hooks& hooks) {
  for (auto& w : workers_) w->count = 0;
  const auto stopped = [&] { return context.is_stopped(); };
  const auto make = [&](unsigned t, std::size_t begin, std::size_t end) { sweep_blocks(t, begin, end, hooks); };
  if (!store_.make_layer(crew_, stopped, make, [](unsigned) {})) return std::nullopt;
  ++depth_;
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0},
                         [](auto sum, const auto& w) { return sum + w->count; });
}

std::uint64_t tower_sweep::swept_bytes() const noexcept {
  return std::accumulate(workers_.begin(), workers_.end(), std::uint64_t{0},
                         [](auto sum, const auto& w) { return sum + 8 * w->traffic; });
}

std::vector<graphs::state> tower_sweep::states_of(std::uint64_t index) const {
  return states_at(*tower_, central_, index);
}

std::optional<std::uint64_t> tower_sweep::index_of(const graphs::state& s) const {
  return index_of_state(*tower_, central_, s);
}

}  // namespace cosetta::search
