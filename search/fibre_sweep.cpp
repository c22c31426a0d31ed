#include <kernels/error.hpp>
#include <search/fibre_sweep.hpp>
#include <search/matrix_rows.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::uint64_t dense_part = 10;  // above one row in so many all are swept
/// Rows so long that their words change at different times.
bool is_long(std::uint32_t length) {
  return length > 16 * 64 && length <= 64 * 64;
}

constexpr std::size_t found_at_a_time = 4096;

std::uint64_t buffer_words(std::uint64_t rows, std::uint32_t length) {
  return (rows * kernels::row_stride(length) + 63) / 64;
}

bool is_directed(const matrix_fibre& fibre) {
  for (std::size_t g = 0; g < fibre.generators(); ++g) {
    if (!fibre.inverse_of(g)) return true;
  }
  return false;
}

/// What a run holds.
std::uint64_t sweep_bytes(std::uint64_t rows, std::uint32_t length, std::size_t generators, bool directed) {
  return 16 * buffer_words(rows, length) + rows * (8 + generators * (directed ? 10 : 6)) + 32 * ((rows + 63) / 64) +
         (is_long(length) ? 16 * rows : 0);
}

template <class T>
std::uint64_t bytes_of(const std::vector<T>& v) {
  return v.size() * sizeof(T);
}

}  // namespace

std::optional<fibre_plan> plan_fibre(const graphs::graph_definition& graph, const run_context& context) {
  auto choice = find_fibre(graph);
  if (!choice) return std::nullopt;
  fibre_plan plan;
  plan.row_length = choice->fibre.row_length();
  const std::size_t d = choice->fibre.generators();
  const bool directed = is_directed(choice->fibre);
  const char* source;
  if (choice->group_order) {
    plan.states = *choice->group_order;
    if (plan.states % plan.row_length != 0) return std::nullopt;
    plan.rows = plan.states / plan.row_length;
    source = graph.known().vertices ? "known order" : "order by a chain";
  } else {
    constexpr std::uint64_t most = 1 << 24;  // seconds
    const std::uint64_t row_bytes =
        std::max<std::uint64_t>(sweep_bytes(1 << 20, plan.row_length, d, directed) >> 20, 64);
    auto rows =
        enumerate_rows(choice->fibre, 0, std::min<std::uint64_t>(context.memory_bytes / row_bytes, most), context);
    if (rows.stopped || rows.too_many) return std::nullopt;
    plan.rows = rows.keys.size();
    plan.states = plan.rows * plan.row_length;
    plan.keys = std::make_shared<const std::vector<std::uint64_t>>(std::move(rows.keys));
    source = "order by counting rows";
  }
  if (plan.rows >= std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  const std::uint64_t tables = plan.rows * (8 + d * 6);
  plan.bytes = std::max(sweep_bytes(plan.rows, plan.row_length, d, directed), tables + numbering_bytes(plan.rows));
  plan.bits_per_state = 8 * static_cast<double>(plan.bytes) / static_cast<double>(plan.states);
  plan.text = fmt::format("fibre sweep: {} rows of {} bits, two buffers, {:.2f} bits a state with tables, {}",
                          plan.rows, plan.row_length, plan.bits_per_state, source);
  plan.fibre = std::make_shared<const matrix_fibre>(std::move(choice->fibre));
  return plan;
}

std::optional<fibre_sweep> fibre_sweep::make(const graphs::graph_definition& graph, const fibre_plan& plan,
                                             const run_context& context, kernels::instruction_set instructions) {
  fibre_sweep s;
  auto cut = plan.fibre;
  auto keys = plan.keys;
  if (!keys) {
    auto fibre = std::make_shared<matrix_fibre>(*plan.fibre);
    auto rows = enumerate_rows(*fibre, plan.rows, plan.rows, context);
    if (rows.stopped) return std::nullopt;
    if (rows.too_many || rows.keys.size() != plan.rows) {
      throw domain_error(
          fmt::format("{}: the group has not the order {} that is said to be known", graph.spec(), plan.states));
    }
    cut = std::move(fibre);
    keys = std::make_shared<const std::vector<std::uint64_t>>(std::move(rows.keys));
  }
  s.fibre_ = cut.get();
  s.numbering_.emplace(std::move(cut), std::move(keys));
  auto tables = tabulate_rows(*s.fibre_, s.numbering_->keys(), context);
  if (!tables) return std::nullopt;
  s.sources_ = std::move(tables->sources);
  s.rotations_ = std::move(tables->rotations);
  const std::size_t d = s.fibre_->generators(), rows = s.rows();
  if (is_directed(*s.fibre_)) {
    s.targets_.resize(s.sources_.size());
    for (std::size_t i = 0; i < s.sources_.size(); ++i)
      s.targets_[s.sources_[i] * d + i % d] = static_cast<std::uint32_t>(i / d);
  }
  s.kernels_ = &kernels::bit_row_kernels_for(instructions);
  if (s.fibre_->exponents() > 1) s.turns_.emplace(s.fibre_->modulus(), s.fibre_->exponents());
  s.stride_ = kernels::row_stride(plan.row_length);
  s.words_ = buffer_words(rows, plan.row_length);
  s.ball_ = kernels::word_array(s.words_);
  s.next_ = kernels::word_array(s.words_);
  for (auto* bits : {&s.changed_, &s.next_changed_, &s.full_, &s.active_}) bits->resize((rows + 63) / 64);
  if (is_long(plan.row_length)) s.parts_.resize(rows), s.next_parts_.resize(rows);
  s.central_index_ = s.index_of(graph.central()).value();
  s.reset();
  return s;
}

std::size_t fibre_sweep::bytes() const noexcept {
  return 16 * words_ + bytes_of(numbering_->keys()) + bytes_of(sources_) + bytes_of(rotations_) + bytes_of(targets_) +
         4 * bytes_of(changed_) + 2 * bytes_of(parts_);
}

void fibre_sweep::reset() {
  if (!clean_) {
    for (auto* buffer : {&ball_, &next_}) std::fill_n(buffer->data(), words_, 0);
    for (auto* bits : {&changed_, &next_changed_, &full_}) std::fill(bits->begin(), bits->end(), 0);
  }
  clean_ = false;
  ball_.data()[central_index_ / 64] |= std::uint64_t{1} << central_index_ % 64;
  const std::uint64_t row = central_index_ / stride_;
  changed_[row / 64] |= std::uint64_t{1} << row % 64;
  if (!parts_.empty()) parts_[row] = std::uint64_t{1} << central_index_ % stride_ / 64;
  changed_count_ = 1;
}

/// active_ := the rows that changed, whose copy in the other buffer is behind, and those that they lead to.
void fibre_sweep::list_active(parallel_tasks& tasks) {
  constexpr std::size_t chunk = 256;
  const std::size_t d = fibre_->generators();
  const std::uint32_t* targets = targets_.empty() ? sources_.data() : targets_.data();
  std::copy(changed_.begin(), changed_.end(), active_.begin());
  const bool parallel = changed_count_ * d > 4096;
  tasks.run((changed_.size() + chunk - 1) / chunk, parallel, [&](std::size_t task, std::size_t) {
    for (std::size_t w = task * chunk; w < std::min(changed_.size(), (task + 1) * chunk); ++w) {
      for (std::uint64_t rest = changed_[w]; rest != 0; rest &= rest - 1) {
        const std::size_t row = 64 * w + static_cast<unsigned>(std::countr_zero(rest));
        for (std::size_t g = 0; g < d; ++g) {
          const std::uint32_t target = targets[row * d + g];
          const std::uint64_t bit = std::uint64_t{1} << target % 64;
          if ((full_[target / 64] & bit) != 0) continue;
          if (!parallel) {
            active_[target / 64] |= bit;
            continue;
          }
          const std::atomic_ref word(active_[target / 64]);
          if ((word.load(std::memory_order_relaxed) & bit) == 0) word.fetch_or(bit, std::memory_order_relaxed);
        }
      }
    }
  });
}

/// The new states of a row to the hooks. Narrow rows share words: `last_word` was taken already.
void fibre_sweep::take_fresh(std::uint32_t row, const layer_hooks& hooks, std::uint64_t& last_word,
                             std::vector<std::uint64_t>& found) const {
  const std::uint64_t first = row * stride_ / 64, last = (row * stride_ + stride_ - 1) / 64;
  for (std::uint64_t word = first; word <= last; ++word) {
    if (word == last_word) continue;
    last_word = word;
    const std::uint64_t fresh = next_.data()[word] & ~ball_.data()[word];
    if (fresh != 0) hooks.take(word, fresh, found);
  }
}

/// The rows of some words of the bitmaps: 64 rows each, so that every word of the buffers has one writer.
bool fibre_sweep::run_rows(std::size_t first_word, std::size_t last_word, const layer_hooks& hooks,
                           std::uint64_t& fresh, std::uint64_t& changed_rows) {
  constexpr std::size_t most = 4096;
  std::uint32_t rows[most];
  std::uint8_t marks[most];
  std::vector<std::uint64_t> found;
  const kernels::bit_rows graph{fibre_->row_length(),
                                static_cast<unsigned>(fibre_->generators()),
                                sources_.data(),
                                rotations_.data(),
                                turns_ ? &*turns_ : nullptr,
                                parts_.empty() ? nullptr : parts_.data(),
                                parts_.empty() ? nullptr : next_parts_.data()};
  bool any = false;
  for (std::size_t begin = first_word; begin < last_word; begin += most / 64) {
    const std::size_t end = std::min(last_word, begin + most / 64);
    std::size_t count = 0;
    for (std::size_t w = begin; w < end; ++w) {
      next_changed_[w] = 0;
      for (std::uint64_t rest = active_[w] & ~full_[w]; rest != 0; rest &= rest - 1) {
        rows[count++] = static_cast<std::uint32_t>(64 * w) + static_cast<unsigned>(std::countr_zero(rest));
      }
      // A row that has become full is copied once, then both buffers agree for ever.
      for (std::uint64_t rest = changed_[w] & full_[w]; rest != 0; rest &= rest - 1) {
        const std::size_t bit = (64 * w + static_cast<unsigned>(std::countr_zero(rest))) * stride_;
        const auto* from = reinterpret_cast<const unsigned char*>(ball_.data()) + bit / 8;
        std::copy_n(from, stride_ / 8, reinterpret_cast<unsigned char*>(next_.data()) + bit / 8);
      }
    }
    if (count == 0) continue;
    any = true;
    fresh += kernels_->advance(graph, ball_.data(), next_.data(), changed_.data(), rows, count, marks);
    const bool hooked = hooks.any();
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = 0; i < count; ++i) {
      if (marks[i] == 0) continue;
      const std::uint64_t bit = std::uint64_t{1} << rows[i] % 64;
      if ((marks[i] & kernels::row_full) != 0) full_[rows[i] / 64] |= bit;
      if ((marks[i] & kernels::row_changed) == 0) continue;
      next_changed_[rows[i] / 64] |= bit;
      ++changed_rows;
      if (hooked) take_fresh(rows[i], hooks, last, found);
      if (found.size() >= found_at_a_time) hooks.sink->take(found), found.clear();
    }
  }
  if (!found.empty()) hooks.sink->take(found);
  return any;
}

std::optional<std::uint64_t> fibre_sweep::advance(parallel_tasks& tasks, const run_context& context,
                                                  const layer_hooks& hooks) {
  const bool dense = changed_count_ * dense_part > rows();
  if (dense) {
    for (std::size_t w = 0; w < active_.size(); ++w) active_[w] = ~full_[w];
    if (rows() % 64 != 0) active_.back() &= (std::uint64_t{1} << rows() % 64) - 1;
  } else {
    list_active(tasks);
  }
  const std::size_t row_bytes = stride_ / 8 * (fibre_->generators() + 2);
  const std::size_t chunk = std::clamp<std::size_t>((std::size_t{1} << 20) / (64 * row_bytes), 1, 64);
  std::atomic<std::uint64_t> fresh = 0, changed_rows = 0;
  std::atomic<bool> stopped = false;
  tasks.run(
      (active_.size() + chunk - 1) / chunk, dense || changed_count_ * stride_ > 1 << 16,
      [&](std::size_t task, std::size_t) {
        if (stopped.load(std::memory_order_relaxed)) return;
        std::uint64_t fresh_here = 0, changed_here = 0;
        if (!run_rows(task * chunk, std::min(active_.size(), (task + 1) * chunk), hooks, fresh_here, changed_here))
          return;
        fresh.fetch_add(fresh_here, std::memory_order_relaxed);
        changed_rows.fetch_add(changed_here, std::memory_order_relaxed);
        if (context.stop.stop_requested() || context.expired()) stopped.store(true, std::memory_order_relaxed);
      });
  if (stopped) return std::nullopt;
  ball_.swap(next_);
  changed_.swap(next_changed_);
  parts_.swap(next_parts_);
  changed_count_ = changed_rows;
  return fresh.load();
}

std::vector<graphs::state> fibre_sweep::states_of(std::uint64_t index) const {
  return {numbering_->state_of(index)};
}

std::optional<std::uint64_t> fibre_sweep::index_of(const graphs::state& state) const {
  return numbering_->index_of(state);
}

static_assert(bit_sweep<fibre_sweep>);

}  // namespace cosetta::search
