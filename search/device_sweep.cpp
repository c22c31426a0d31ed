#include <kernels/error.hpp>
#include <kernels/vector_blocks.hpp>
#include <search/device_sweep.hpp>
#include <search/tower_engine.hpp>
#include <search/tower_states.hpp>
#include <search/tower_sweep.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::search {

using kernels::tower_ball;
using kernels::tower_counters;

namespace {

constexpr std::size_t most_emitted = std::size_t{1} << 22;   // states that are written down at once

std::uint32_t threads_for(std::size_t words) { return static_cast<std::uint32_t>(std::clamp<std::size_t>(std::bit_ceil(words), 32, 256)); }

/// All states of a unit at least.
std::size_t emitted_capacity(const coset_tower& tower) {
  const std::size_t unit = tower.design().block_states();
  return std::max(unit, std::min(most_emitted, tower.blocks() * unit));
}

std::size_t masks_bytes(const coset_tower& tower) {
  const auto variants = tower.design().fibre->variants();
  return variants * 64 * (tower.has_lanes() ? 32 : 11 * 8) + 4096;
}

/// Of the permutations, for each block of threads of a sweep: a multiple of 16.
std::uint32_t shared_table_bytes(const coset_tower& tower) {
  const auto& fibre = *tower.design().fibre;
  const auto permutations = static_cast<std::uint32_t>(fibre.variants() * 64);
  const auto bytes = tower.has_lanes() ? kernels::sweep_vectors::table_bytes(permutations, 0)
                                       : kernels::sweep_words::table_bytes(permutations, static_cast<std::uint32_t>(kernels::word_permutations(bit_permutations(fibre)).stages()));
  return (bytes + 15) / 16 * 16;
}

/// Of a sweep, that a multiprocessor runs at once.
std::uint32_t resident_blocks(const coset_tower& tower, std::uint32_t threads, const kernels::backend& on) {
  const auto table = shared_table_bytes(tower);
  const auto wanted = tower.has_lanes() ? kernels::shared_bytes_of<kernels::sweep_vectors>(table) : kernels::shared_bytes_of<kernels::sweep_words>(table);
  if (wanted > on.shared_bytes()) {
    throw domain_error(fmt::format("the sweep's tables need {} of shared memory, {} has {}: use --backend cpu", format_size(wanted, std::ceil), on.device(),
                                   format_size(on.shared_bytes(), std::floor)));
  }
  return std::max(1U, tower.has_lanes() ? kernels::blocks_together<kernels::sweep_vectors>(on, threads, table) : kernels::blocks_together<kernels::sweep_words>(on, threads, table));
}

/// Of the arrays that have nothing to do with how the ball is held.
std::size_t fixed_bytes(const coset_tower& tower) {
  const std::size_t edges = tower.blocks() * tower.generators();
  const std::size_t of_edges = edges * (4 + 2 + (tower.has_lanes() ? 1 : 0));
  const std::size_t of_units = tower.blocks() * (4 + 1 + 1 + 1 + 4);  // weights, classes, changed twice, counts
  return of_edges + of_units + tower.patterns() * (tower.words() * 2 + 1) + masks_bytes(tower) + 8 * emitted_capacity(tower) + (std::size_t{1} << 16);
}

/// Of all lists: two where there is more than one window.
std::size_t listed_units(std::size_t units, std::size_t window) { return window < units ? 2 * window : units; }

}  // namespace

std::string device_plan::text() const {
  const auto held = storage == tower_storage::graded ? std::string(to_string(storage)) : fmt::format("{}, windows of {} blocks", to_string(storage), window);
  return fmt::format("{}, {} on the device{}", held, format_size(device_bytes), pinned_bytes == 0 ? std::string() : fmt::format(" and {} of pinned memory", format_size(pinned_bytes)));
}

device_plan plan_device(const coset_tower& tower, tower_storage storage, const kernels::backend& on, const device_limits& limits) {
  if (tower.generators() > tower_ball::most_sources) {
    throw domain_error(fmt::format("{} generators are more than the {} that the kernels of a device take: use --backend cpu", tower.generators(), tower_ball::most_sources));
  }
  const std::size_t units = tower.blocks(), unit_bytes = 8 * tower.block_words();
  device_plan plan;
  plan.storage = storage;
  plan.threads = threads_for(tower.block_words());
  const auto resident = resident_blocks(tower, plan.threads, on);
  const auto with_window = [&](std::size_t window) {
    device_plan p = plan;
    std::size_t slots = units;
    p.window = static_cast<std::uint32_t>(std::min(window, units));
    // With several windows one place of a multiprocessor is left to the lists and commits of the other stream.
    const auto blocks = p.window < units ? std::max(resident - 1, 1U) : resident;
    p.grid_blocks = static_cast<std::uint32_t>(std::min<std::size_t>(units, std::size_t{blocks} * on.multiprocessors()));
    p.table_bytes = fixed_bytes(tower) + 4 * listed_units(units, p.window);
    if (storage == tower_storage::delayed) {
      slots += tower.kept_back(p.window) + p.grid_blocks;
      p.table_bytes += units * 12 + slots * 4 + 4 * p.grid_blocks;
    }
    const std::size_t room = limits.device_bytes > p.table_bytes ? (limits.device_bytes - p.table_bytes) / unit_bytes : 0;
    p.near_slots = std::min(slots, room);
    p.far_slots = slots - p.near_slots;
    p.device_bytes = p.table_bytes + p.near_slots * unit_bytes;
    p.pinned_bytes = p.far_slots * unit_bytes;
    return p;
  };
  if (limits.window) return with_window(*limits.window);
  if (storage == tower_storage::graded) {
    plan = with_window(units);
  } else {
    for (const std::size_t window : {units, std::size_t{1} << 17, std::size_t{1} << 14, std::size_t{1} << 12}) {
      plan = with_window(window);
      if (plan.far_slots == 0) return plan;
    }
  }
  if (plan.table_bytes > limits.device_bytes || plan.pinned_bytes > limits.pinned_bytes) {
    throw resource_error(fmt::format("the ball and its tables need {}, of which {} on the device; it has {} free and {} of the host may be taken: raise --memory, or use --backend cpu",
                                     format_size(plan.device_bytes + plan.pinned_bytes, std::ceil), format_size(plan.table_bytes, std::ceil),
                                     format_size(limits.device_bytes, std::floor), format_size(limits.pinned_bytes, std::floor)));
  }
  return plan;
}

device_sweep::device_sweep(std::shared_ptr<const coset_tower> tower, graphs::state central, const device_plan& plan, std::shared_ptr<kernels::backend> on)
    : tower_(std::move(tower)), central_(std::move(central)), plan_(plan), on_(std::move(on)) {
  upload_tables();
  make_store();
  reset();
}

device_sweep::~device_sweep() = default;

void device_sweep::upload_tables() {
  const auto& t = *tower_;
  const auto& fibre = *t.design().fibre;
  const std::size_t units = t.blocks(), edges = units * t.generators();
  auto& b = *on_;
  sources_ = array<std::uint32_t>(b, std::span(t.sources(0), edges));
  patterns_ = array<std::uint16_t>(b, std::span(t.source_patterns(0), edges));
  if (t.has_lanes()) lane_patterns_ = array<std::uint8_t>(b, std::span(t.source_lanes(0), edges));
  moves_ = array<std::uint16_t>(b, std::span(t.moves(0), t.patterns() * t.words()));
  std::vector<std::uint32_t> weights(units);
  std::vector<std::uint8_t> classes(units), variants(t.patterns());
  for (std::size_t k = 0; k < units; ++k) weights[k] = t.weight(k);
  for (std::size_t p = 0; p < variants.size(); ++p) variants[p] = t.variant(p);
  weights_ = array<std::uint32_t>(b, weights);
  variants_ = array<std::uint8_t>(b, variants);
  if (plan_.storage == tower_storage::graded) {
    for (std::size_t k = 0; k < units; ++k) classes[k] = t.block_class(k);
    classes_ = array<std::uint8_t>(b, classes);
    for (unsigned c = 0; c <= t.design().modulus; ++c) class_begin_.push_back(static_cast<std::uint32_t>(t.lanes() * fibre.class_begin(c)));
  }
  permutations_ = static_cast<std::uint32_t>(fibre.variants() * 64);
  if (t.has_lanes()) {
    const kernels::vector_permutations p(bit_permutations(fibre), bit_permutations(*t.design().lanes));
    std::vector<std::uint32_t> forms;
    for (std::size_t i = 0; i < permutations_; ++i) {
      const auto& form = p.bits()[i];
      for (std::size_t byte = 0; byte < 8; ++byte) {
        std::uint32_t f = form.source[byte];
        for (std::size_t s = 0; s < 3; ++s) f |= static_cast<std::uint32_t>(form.masks[3 * byte + s] & 0xff) << 8 * (s + 1);
        forms.push_back(f);
      }
    }
    forms_ = array<std::uint32_t>(b, forms);
    std::vector<std::uint32_t> selectors(8 * t.design().lanes->variants());
    for (std::size_t i = 0; i < selectors.size(); ++i) {
      for (unsigned l = 0; l < 8; ++l) selectors[i] |= std::uint32_t{p.lanes(i).shuffle[l]} << 4 * l;
    }
    lane_selectors_ = array<std::uint32_t>(b, selectors);
  } else {
    const kernels::word_permutations p(bit_permutations(fibre));
    stages_ = static_cast<std::uint32_t>(p.stages());
    distances_ = p.distances();
    masks_ = array<std::uint64_t>(b, std::span(p.masks(), permutations_ * p.stages()));
  }
}

void device_sweep::make_store() {
  auto& b = *on_;
  const std::size_t units = tower_->blocks(), words = tower_->block_words(), slots = plan_.near_slots + plan_.far_slots;
  near_ = array<std::uint64_t>(b, plan_.near_slots * words);
  far_ = array<std::uint64_t>(b, plan_.far_slots * words, kernels::memory_kind::pinned);
  changed_ = array<std::uint8_t>(b, units);
  next_changed_ = array<std::uint8_t>(b, units);
  counts_ = array<std::uint32_t>(b, units);
  list_ = array<std::uint32_t>(b, listed_units(units, plan_.window));
  counters_ = array<tower_counters>(b, 1);
  if (plan_.storage == tower_storage::delayed) {
    slots_ = array<std::uint32_t>(b, units);
    next_slots_ = array<std::uint32_t>(b, units);
    ring_ = array<std::uint32_t>(b, slots);
    spares_ = array<std::uint32_t>(b, plan_.grid_blocks);
    // Units by the window after which they are not read any more.
    const auto last = tower_->last_windows(plan_.window);
    const std::size_t windows = (units + plan_.window - 1) / plan_.window;
    commit_begin_.assign(windows + 1, 0);
    for (const auto w : last) ++commit_begin_[w + 1];
    std::partial_sum(commit_begin_.begin(), commit_begin_.end(), commit_begin_.begin());
    std::vector<std::uint32_t> commits(units);
    auto next = commit_begin_;
    for (std::size_t k = 0; k < units; ++k) commits[next[last[k]]++] = static_cast<std::uint32_t>(k);
    commits_ = array<std::uint32_t>(b, commits);
  }
  ball_.units = static_cast<std::uint32_t>(units);
  ball_.unit_words = static_cast<std::uint32_t>(words);
  ball_.generators = static_cast<std::uint32_t>(tower_->generators());
  ball_.unit_states = static_cast<std::uint32_t>(tower_->design().block_states());
  ball_.sources = sources_.data(), ball_.patterns = patterns_.data(), ball_.lane_patterns = lane_patterns_.data();
  ball_.weights = weights_.data(), ball_.moves = moves_.data(), ball_.variants = variants_.data();
  ball_.near_words = near_.data(), ball_.far_words = far_.data(), ball_.near_slots = static_cast<std::uint32_t>(plan_.near_slots);
  ball_.slots = slots_.data(), ball_.next_slots = next_slots_.data();
  ball_.ring = ring_.data(), ball_.ring_size = static_cast<std::uint32_t>(ring_.size()), ball_.spares = spares_.data();
  ball_.changed = changed_.data(), ball_.next_changed = next_changed_.data();
  ball_.counts = counts_.data(), ball_.counters = counters_.data();
}

void device_sweep::reset() {
  depth_ = 0;
  swept_words_ = moved_words_ = 0;
  near_.fill(0), far_.fill(0), changed_.fill(0), next_changed_.fill(0), counts_.fill(0);
  tower_counters start{};
  if (plan_.storage == tower_storage::delayed) {
    std::vector<std::uint32_t> slots(ring_.size());
    std::iota(slots.begin(), slots.end(), 0U);
    const auto units = std::size_t{ball_.units};
    slots_.upload(std::span(slots).first(units));
    std::rotate(slots.begin(), slots.begin() + static_cast<std::ptrdiff_t>(units), slots.end());  // the free ones first
    ring_.upload(slots);
    start.end_free = slots.size() - units;
    next_slots_.fill(0xff), spares_.fill(0xff);  // none
  }
  counters_.upload(std::span(&start, 1));
  const auto at = tower_->locate(groups::permutation(tower_->design().group.degree()));
  const auto index = tower_->index_of(at);
  const std::size_t k = at.block, word = index / 64 % ball_.unit_words;
  const std::uint64_t bit = std::uint64_t{1} << index % 64;
  const std::uint8_t yes = 1;
  const std::uint32_t one = 1;
  k < plan_.near_slots ? near_.upload(std::span(&bit, 1), k * ball_.unit_words + word) : far_.upload(std::span(&bit, 1), (k - plan_.near_slots) * ball_.unit_words + word);
  changed_.upload(std::span(&yes, 1), k);
  counts_.upload(std::span(&one, 1), k);
}

template <bool Vectors>
kernels::sweep_units<Vectors> device_sweep::sweep_kernel(std::uint32_t window) const {
  kernels::sweep_units<Vectors> kernel{};
  kernel.ball = ball_;
  kernel.list = list(window), kernel.listed = listed(window);
  kernel.masks = masks_.data(), kernel.forms = forms_.data();
  kernel.permutations = permutations_, kernel.stages = stages_;
  std::copy(distances_.begin(), distances_.end(), kernel.distances);
  kernel.lane_selectors = lane_selectors_.data();
  kernel.classes = classes_.data();
  kernel.modulus = tower_->design().modulus;
  kernel.residue = static_cast<std::uint32_t>((depth_ + 1) % kernel.modulus);
  std::copy(class_begin_.begin(), class_begin_.end(), kernel.class_begin);
  return kernel;
}

/// Units first, ..., end - 1 of the window's list.
void device_sweep::sweep(std::uint32_t window, std::uint32_t first, std::uint32_t end, bool emit) {
  const auto start = [&](auto kernel) {
    kernel.first = first, kernel.end = end;
    if (emit) kernel.emitted = emitted_.data(), kernel.emit_capacity = emitted_.size();
    const auto table = kernel.table_bytes(permutations_, stages_);
    kernels::launch(*on_, kernel, {plan_.grid_blocks, plan_.threads, (table + 15) / 16 * 16});
  };
  tower_->has_lanes() ? start(sweep_kernel<true>(window)) : start(sweep_kernel<false>(window));
}

tower_counters device_sweep::counters() const { return counters_.download(0, 1).front(); }

/// On stream 1. It reads what changed in the last layer and the counts of its own units, which the windows before leave alone.
void device_sweep::list_window(std::uint32_t window) {
  const std::uint32_t begin = window * plan_.window, end = std::min(ball_.units, begin + plan_.window);
  on_->fill(listed(window), 0, sizeof(std::uint32_t), 1);
  constexpr std::uint32_t threads = kernels::list_units::most_threads;
  const std::uint32_t blocks = std::min((end - begin + threads - 1) / threads, 8 * on_->multiprocessors());
  kernels::launch(*on_, kernels::list_units{ball_, begin, end, list(window), listed(window)}, {blocks, threads}, 1);
}

/// On stream 1. No unit of the window after reads what is committed, and there are free slots for it without those that come back here.
void device_sweep::commit_window(std::uint32_t window) {
  const kernels::commit_units commit{ball_, commits_.data(), commit_begin_[window], commit_begin_[window + 1]};
  const std::uint32_t count = commit.end - commit.first;
  kernels::launch(*on_, commit, {std::min((count + 255) / 256, 8 * on_->multiprocessors()), 256}, 1);
}

/// False when it was stopped.
bool device_sweep::sweep_window(std::uint32_t window, const run_context& context, const layer_hooks& hooks) {
  // While states are wanted, so few units at a time that all of theirs can be written down.
  std::uint32_t done = 0;
  if (hooks.wants_states()) {
    if (emitted_.size() == 0) emitted_ = array<std::uint64_t>(*on_, emitted_capacity(*tower_));
    const auto step = static_cast<std::uint32_t>(emitted_.size() / ball_.unit_states);
    const std::uint32_t there = counters().listed[window % 2];
    while (done < there && hooks.wants_states()) {
      if (context.is_stopped()) return false;
      on_->fill(reinterpret_cast<unsigned char*>(counters_.data()) + offsetof(tower_counters, emitted), 0, sizeof(std::uint64_t));
      const std::uint32_t next = std::min(there, done + step);
      sweep(window, done, next, true);
      hooks.sink->take(emitted_.download(0, counters().emitted));
      done = next;
    }
  }
  sweep(window, done, tower_ball::none, false);
  return true;
}

/// Stream 0 sweeps window after window. It begins with one when its list is made and what was last read two windows before is committed: stream 1 gets
/// there while the window before is swept. Then stream 1 waits for that sweep and commits what it was the last to read.
std::optional<std::uint64_t> device_sweep::advance(parallel_tasks&, const run_context& context, const layer_hooks& hooks) {
  if (hooks.planes != nullptr || hooks.depths != nullptr) throw domain_error("tables of distances are not kept on a device: use --backend cpu");
  const bool commits = plan_.storage == tower_storage::delayed;
  const std::uint32_t windows = commits ? static_cast<std::uint32_t>(commit_begin_.size() - 1) : 1;
  on_->fill(counters_.data(), 0, offsetof(tower_counters, first_free));  // the sums of a layer
  on_->wait_for(1, 0);
  for (std::uint32_t w = 0; w < windows; ++w) {
    list_window(w);
    on_->wait_for(0, 1);
    if (commits && w > 0) {
      on_->wait_for(1, 0);
      commit_window(w - 1);
    }
    if (context.is_stopped() || !sweep_window(w, context, hooks)) {
      on_->synchronize();
      return std::nullopt;
    }
    if (w % 64 == 63) on_->synchronize();  // so that a stop is soon seen
  }
  if (commits) {
    on_->wait_for(1, 0);
    commit_window(windows - 1);
    on_->wait_for(0, 1);
  }
  changed_.swap(next_changed_);
  ball_.changed = changed_.data(), ball_.next_changed = next_changed_.data();
  next_changed_.fill(0);
  ++depth_;
  const auto made = counters();
  swept_words_ += made.words;
  moved_words_ += made.moved;
  return made.fresh;
}

std::uint64_t device_sweep::operations() const noexcept {
  return moved_words_ * (tower_->has_lanes() ? kernels::sweep_vectors::operations(stages_) : kernels::sweep_words::operations(stages_));
}

std::vector<graphs::state> device_sweep::states_of(std::uint64_t index) const { return states_at(*tower_, central_, index); }

std::optional<std::uint64_t> device_sweep::index_of(const graphs::state& s) const { return index_of_state(*tower_, central_, s); }

std::vector<std::uint64_t> device_sweep::unit(std::size_t k) const {
  const std::size_t slot = slots_.size() == 0 ? k : slots_.download(k, 1).front();
  return slot < plan_.near_slots ? near_.download(slot * ball_.unit_words, ball_.unit_words)
                                 : far_.download((slot - plan_.near_slots) * ball_.unit_words, ball_.unit_words);
}

}  // namespace cosetta::search
