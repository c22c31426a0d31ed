#include <kernels/error.hpp>
#include <search/split_sweep.hpp>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <sys/mman.h>

namespace cosetta::search {

namespace {

using kernels::words_per_line;

constexpr std::size_t margin_words = 4 * words_per_line;  // that shifted reads may touch before and behind the rows
constexpr std::size_t most_rows_per_task = 64;
constexpr std::size_t task_words = std::size_t{1} << 22;  // of rows, for each generator: some milliseconds
constexpr std::size_t long_row = 4096;                    // words: look at the clock before each pull
constexpr std::size_t found_at_once = 4096;

std::uint64_t block_range(std::uint64_t first, std::uint64_t last) {
  return (~std::uint64_t{0} >> (63 - last)) & (~std::uint64_t{0} << first);
}

/// Calls f(first, end) for each run of ones.
template <class Function>
void for_runs(std::uint64_t blocks, const Function& f) {
  while (blocks != 0) {
    const auto first = static_cast<std::size_t>(__builtin_ctzll(blocks));
    const std::uint64_t filled = blocks + (std::uint64_t{1} << first);  // 0 where the run goes to the end
    const std::size_t end = filled == 0 ? 64 : static_cast<std::size_t>(__builtin_ctzll(filled));
    f(first, end);
    blocks &= filled;
  }
}

}  // namespace

struct split_sweep::pull {
  const column_program* program;
  const std::uint64_t* source;
  std::uint64_t changed;  // blocks of the source
};

struct split_sweep::worker {
  std::vector<pull> pulls;            // of the row that is being made
  std::vector<pull> next_pulls;       // of the next one
  std::vector<std::uint64_t> stream;  // of compressed bits
  std::vector<std::uint64_t> found;
  bool stopped = false;  // in the middle of a row
};

split_sweep::split_sweep(const graphs::graph_definition& graph, split_plan plan)
    : plan_(std::move(plan)),
      numbering_(graph.central(), plan_.positions, plan_.labels, plan_.index),
      central_(graph.central()),
      kernels_(&kernels::split_kernels_for(plan_.instructions)) {
  const auto& index = *plan_.index;
  if (kernels_->wants_moves) {
    const auto& masks = plan_.moves->masks();
    mask_moves_.resize(kernels::moves_per_word * masks.size());
    for (std::size_t i = 0; i < masks.size(); ++i) {
      kernels::make_moves(masks[i], mask_moves_.data() + kernels::moves_per_word * i);
    }
  }
  for (auto& flags : changed_) flags.resize(index.patterns().size());
  missing_.resize(index.patterns().size());
  for (std::uint32_t i = 0; i < std::uint32_t{1} << index.rows(); ++i) {
    const std::uint32_t pattern = index.rows() == 0 ? 0 : i >> 1 | (i & 1U) << (index.rows() - 1);
    if (index.row_of(pattern) != split_index::no_row) order_.push_back(index.row_of(pattern));
  }
  workers_.resize(plan_.threads);
  for (auto& w : workers_) w.stream.resize(plan_.stream_words());
  buffer_words_ = plan_.buffer_bytes / (2 * sizeof(std::uint64_t));
  void* memory =
      mmap(nullptr, plan_.buffer_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw resource_error(fmt::format("{}: cannot allocate {} bytes for the bit arrays of the split index", graph.spec(),
                                     plan_.buffer_bytes));
  }
  madvise(memory, plan_.buffer_bytes, MADV_HUGEPAGE);  // a hint
  buffers_[0] = static_cast<std::uint64_t*>(memory) + margin_words;
  buffers_[1] = buffers_[0] + buffer_words_;
  reset();
}

split_sweep::~split_sweep() {
  munmap(buffers_[0] - margin_words, plan_.buffer_bytes);
}

std::size_t split_plan::stream_words() const noexcept {
  std::uint32_t lines = 0;
  for (unsigned w = index->least_weight(); w <= index->most_weight(); ++w) lines = std::max(lines, index->lines_of(w));
  return words_per_line * (lines + std::size_t{2});
}

void split_plan::count_bytes() {
  constexpr std::size_t page = 4096;
  const std::size_t one_buffer = (words_per_line * index->lines() + 2 * margin_words) * sizeof(std::uint64_t);
  buffer_bytes = 2 * ((one_buffer + page - 1) / page * page);
  const std::size_t rows = index->patterns().size();
  table_bytes = index->bytes() + moves->bytes() + rows * (2 * sizeof(std::uint64_t) + sizeof(std::uint32_t)) +
                threads * stream_words() * sizeof(std::uint64_t);
  if (kernels::split_kernels_for(instructions).wants_moves) {
    table_bytes += kernels::moves_per_word * moves->masks().size() * sizeof(std::uint64_t);
  }
}

void split_sweep::reset() {
  const auto& index = *plan_.index;
  std::memset(buffers_[0] - margin_words, 0, plan_.buffer_bytes);
  for (auto& flags : changed_) std::fill(flags.begin(), flags.end(), std::uint64_t{0});
  for (std::uint32_t row = 0; row < missing_.size(); ++row) {
    missing_[row] = static_cast<std::uint32_t>(index.bits_of(index.weight_of(row)));
  }
  current_ = 0;
  const std::uint64_t start = *index_of(central_);
  buffers_[0][start / 64] = std::uint64_t{1} << (start % 64);
  std::uint32_t row = 0;
  while (512 * std::uint64_t{index.first_line(row + 1)} <= start) ++row;
  const std::uint64_t line = start / 512 - index.first_line(row);
  changed_[0][row] = std::uint64_t{1} << (line >> index.block_log());
  --missing_[row];
}

kernels::row_mask split_sweep::mask_at(std::uint64_t word) const noexcept {
  return {plan_.moves->masks().data() + word,
          mask_moves_.empty() ? nullptr : mask_moves_.data() + kernels::moves_per_word * word};
}

/// ORs to `target` what the blocks `changed` of `source` hold; returns the blocks that were written.
std::uint64_t split_sweep::apply(const cylinder_step& step, const std::uint64_t* source, std::uint64_t changed,
                                 std::uint64_t* target, std::size_t target_words, std::uint64_t* stream) const {
  const auto& moves = *plan_.moves;
  const std::uint64_t active = changed & step.source_blocks;
  if (active == 0) return 0;
  const std::size_t block_words = words_per_line * std::size_t{plan_.index->block_lines()};
  const std::uint64_t block_bits = 64 * block_words;
  std::uint64_t written = 0;
  // Bits [begin, end) of the cylinder's stream, which begins at bit `from` of `bits`, to a target that is a segment.
  const auto put = [&](const std::uint64_t* bits, std::uint64_t from, std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) return;
    const std::uint64_t to = step.target_from + begin;
    kernels_->or_segment(target, to, bits, from + begin, end - begin);
    written |= block_range(to / block_bits, (to + end - begin - 1) / block_bits);
  };
  const std::uint64_t* bits = source;
  std::uint64_t from = step.source_from;
  if (step.source_mask.exists()) {
    const std::uint32_t* offsets = moves.block_offsets().data() + step.source_mask.offset;
    // What the unchanged blocks hold has been pulled before: zeros stand for it.
    if (step.target_mask.exists()) std::memset(stream, 0, (step.bits / 64 + 2) * sizeof *stream);
    for_runs(active, [&](std::size_t first, std::size_t end) {
      const std::size_t word = first * block_words;
      const std::size_t words = std::min<std::size_t>(end * block_words, step.source_words) - word;
      const std::uint32_t to = offsets[first];
      kernels_->compress(source + word, mask_at(step.source_mask.word + word), words, stream + to / 64, to % 64);
      if (!step.target_mask.exists()) put(stream, 0, to, offsets[end]);
    });
    bits = stream;
    from = 0;
  } else if (!step.target_mask.exists()) {
    for_runs(active, [&](std::size_t first, std::size_t end) {
      const std::uint64_t begin = std::max(first * block_bits, from) - from;
      put(source, from, begin, std::min(end * block_bits - from, step.bits));
    });
  }
  if (!step.target_mask.exists()) return written;
  const std::uint64_t* reads = moves.reads().data() + step.reads;
  for (std::uint32_t b = 0; b < step.target_blocks; ++b) written |= std::uint64_t{(reads[b] & changed) != 0} << b;
  const std::uint32_t* offsets = moves.block_offsets().data() + step.target_mask.offset;
  for_runs(written, [&](std::size_t first, std::size_t end) {
    const std::size_t word = first * block_words;
    kernels_->expand(target + word, mask_at(step.target_mask.word + word),
                     std::min(end * block_words, target_words) - word, bits, from + offsets[first]);
  });
  return written;
}

std::uint64_t split_sweep::apply(const pull& p, std::uint64_t* target, std::size_t target_words,
                                 std::uint64_t* stream) const {
  const auto& moves = *plan_.moves;
  const column_program& program = *p.program;
  std::uint64_t written = 0;
  switch (program.how) {
    case column_program::kind::nothing:
      break;
    case column_program::kind::whole_row:
      kernels_->or_blocks(target, p.source, p.changed, words_per_line * std::size_t{plan_.index->block_lines()},
                          target_words);
      return p.changed;
    case column_program::kind::shifts:
      return kernels_->or_shifted(
          target, p.source, p.changed, plan_.index->block_log(), moves.shifted_lines().data() + program.first,
          program.count, moves.shifts().data() + program.first_shift, moves.shift_masks()[program.first_shift].words);
    case column_program::kind::cylinders:
      for (std::uint32_t i = 0; i < program.count; ++i) {
        written |= apply(moves.steps()[program.first + i], p.source, p.changed, target, target_words, stream);
      }
      break;
  }
  return written;
}

/// The programs whose source row changed in the last layer.
void split_sweep::find_pulls(std::uint32_t row, std::vector<pull>& pulls) const {
  const auto& index = *plan_.index;
  const std::uint32_t pattern = index.patterns()[row];
  const unsigned weight = index.weight_of(row) - index.least_weight();
  const auto& changed = changed_[current_];
  for (const auto& g : plan_.moves->generators()) {
    const std::uint32_t source = g.source_of(pattern);
    const std::uint32_t q = source >> generator_moves::source_bits;
    const std::uint32_t base = source & ((std::uint32_t{1} << generator_moves::source_bits) - 1);
    const column_program* programs = g.programs.data() + (((std::size_t{weight} << g.incoming) + q) << g.incoming);
    for (std::size_t x = 0; x < g.incoming_bits.size(); ++x) {
      if (programs[x].how == column_program::kind::nothing) continue;
      const std::uint32_t from = index.row_of(base | g.incoming_bits[x]);
      if (changed[from] == 0 || (from == row && programs[x].identity)) continue;
      pulls.push_back({&programs[x], row_words(current_, from), changed[from]});
    }
  }
}

/// Finds what the next row pulls, and has it fetched while the present one is made.
void split_sweep::prepare(std::uint32_t row, worker& w) const {
  w.next_pulls.clear();
  if (missing_[row] == 0) return;
  find_pulls(row, w.next_pulls);
  if (w.next_pulls.empty()) return;
  const std::size_t block_words = words_per_line * std::size_t{plan_.index->block_lines()};
  const auto fetch = [&](const std::uint64_t* words, std::uint64_t blocks) {
    for (; blocks != 0; blocks &= blocks - 1) {
      const std::uint64_t* block = words + block_words * static_cast<std::size_t>(__builtin_ctzll(blocks));
      for (std::size_t i = 0; i < block_words; i += words_per_line) __builtin_prefetch(block + i, 0, 2);
    }
  };
  for (const auto& p : w.next_pulls) fetch(p.source, p.changed);
  std::uint64_t all = 0;
  for (const auto& p : w.next_pulls) all |= p.changed;
  all |= changed_[current_][row];
  fetch(row_words(current_, row), all);
  fetch(row_words(1 - current_, row), all);
}

/// Makes a row of the next ball; returns its new states.
std::uint64_t split_sweep::make_row(std::uint32_t row, worker& w, const run_context& context,
                                    const layer_hooks& hooks) {
  const std::size_t words =
      words_per_line * std::size_t{plan_.index->first_line(row + 1) - plan_.index->first_line(row)};
  const std::size_t block_words = words_per_line * std::size_t{plan_.index->block_lines()};
  const std::uint64_t* before = row_words(current_, row);
  std::uint64_t* after = row_words(1 - current_, row);
  // Where the last layer changed nothing, the other buffer holds the same bits.
  if (changed_[current_][row] != 0) kernels_->copy_blocks(after, before, changed_[current_][row], block_words, words);
  changed_[1 - current_][row] = 0;
  if (w.pulls.empty()) return 0;
  std::uint64_t written = 0;
  for (const auto& p : w.pulls) {
    if (words > long_row && context.is_stopped()) {
      w.stopped = true;
      return 0;
    }
    written |= apply(p, after, words, w.stream.data() + words_per_line);
  }
  std::uint64_t fresh = 0;
  const std::uint64_t changed = kernels_->fresh_blocks(before, after, written, block_words, words, fresh);
  if (fresh == 0) return 0;
  changed_[1 - current_][row] = changed;
  missing_[row] -= static_cast<std::uint32_t>(fresh);
  if (hooks.any()) {
    const std::size_t first = words_per_line * std::size_t{plan_.index->first_line(row)};
    for_runs(changed, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin * block_words; i < std::min(end * block_words, words); ++i) {
        if (const std::uint64_t bits = after[i] & ~before[i]; bits != 0) hooks.take(first + i, bits, w.found);
        if (w.found.size() < found_at_once) continue;
        hooks.sink->take(w.found);
        w.found.clear();
      }
    });
  }
  return fresh;
}

std::optional<std::uint64_t> split_sweep::advance(parallel_tasks& tasks, const run_context& context,
                                                  const layer_hooks& hooks) {
  const std::size_t rows = missing_.size();
  std::atomic<std::uint64_t> states = 0;
  std::atomic<bool> stopped = false;
  if (context.threads > workers_.size()) workers_.resize(context.threads, workers_.front());
  const std::size_t rows_per_task =
      std::clamp(task_words / (plan_.stream_words() * plan_.generators), std::size_t{1}, most_rows_per_task);
  const std::size_t count = (rows + rows_per_task - 1) / rows_per_task;
  tasks.run(count, count > 1, [&](std::size_t task, std::size_t thread) {
    if (stopped.load(std::memory_order_relaxed)) return;
    worker& w = workers_[thread];
    std::uint64_t fresh = 0;
    const auto end = static_cast<std::uint32_t>(std::min(rows, (task + 1) * rows_per_task));
    prepare(order_[task * rows_per_task], w);
    for (auto i = static_cast<std::uint32_t>(task * rows_per_task); i < end; ++i) {
      std::swap(w.pulls, w.next_pulls);
      w.next_pulls.clear();
      if (i + 1 < end) prepare(order_[i + 1], w);
      fresh += make_row(order_[i], w, context, hooks);
      if (w.stopped || context.stop.stop_requested()) {
        stopped.store(true, std::memory_order_relaxed);
        return;
      }
    }
    if (!w.found.empty()) {
      hooks.sink->take(w.found);
      w.found.clear();
    }
    if (fresh != 0) states.fetch_add(fresh, std::memory_order_relaxed);
    if (context.expired()) stopped.store(true, std::memory_order_relaxed);
  });
  if (stopped.load()) {
    for (auto& w : workers_) {
      w.found.clear();
      w.stopped = false;
    }
    return std::nullopt;
  }
  current_ = 1 - current_;
  return states.load();
}

std::vector<graphs::state> split_sweep::states_of(std::uint64_t index) const {
  if (auto state = numbering_.state_of(index)) return {std::move(*state)};
  return {};
}

std::optional<std::uint64_t> split_sweep::index_of(const graphs::state& state) const {
  return numbering_.index_of(state);
}

}  // namespace cosetta::search
