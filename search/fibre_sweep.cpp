#include <kernels/error.hpp>
#include <search/fibre_sweep.hpp>
#include <search/matrix_rows.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

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

constexpr std::size_t batch_rows = 4096;

/// Rows of a window, in words of the bitmaps: few, for they are made in a cache and then take their places; more for several
/// threads, which meet at its end; at most 2^16 windows.
std::size_t window_words_for(std::size_t rows, std::size_t stride, unsigned threads) {
  constexpr std::size_t bytes = std::size_t{1} << 16;
  const std::size_t words = (rows + 63) / 64;
  const std::size_t most = std::clamp<std::size_t>(bytes / (8 * stride), 1, batch_rows / 64);
  return std::max(words / 60000 + 1, threads == 1 ? std::min(most, words / 64 + 1) : words / 64 + 1);
}

/// What a run holds: rows of bits, `spare` more with what it takes to use them, and tables.
std::uint64_t sweep_bytes(std::uint64_t rows, std::uint64_t spare, bool delayed, std::uint32_t length, std::size_t generators, bool directed) {
  const std::uint64_t window = delayed ? 64 * window_words_for(rows, kernels::row_stride(length), 1) : 0;
  return 8 * (buffer_words(rows + spare, length) + buffer_words(window, length)) + rows * (8 + generators * (directed ? 10 : 6)) +
         32 * ((rows + 63) / 64) + (is_long(length) ? 16 * rows : 0) + (delayed ? 10 * rows : 0);
}
/// Before the order of rows is known: few of them are kept.
std::uint64_t estimated_bytes(std::uint64_t rows, std::uint32_t length, std::size_t generators, bool directed, bool doubled) {
  return sweep_bytes(rows, doubled ? rows : rows / 50, !doubled, length, generators, directed);
}

template <class T>
std::uint64_t bytes_of(const std::vector<T>& v) {
  return v.size() * sizeof(T);
}

}  // namespace

std::string_view to_string(row_storage s) noexcept {
  switch (s) {
    case row_storage::graded:
      return "in place, graded";
    case row_storage::delayed:
      return "in place, delayed";
    case row_storage::doubled:
      return "two buffers";
  }
  return "?";
}

std::optional<fibre_plan> plan_fibre(const graphs::graph_definition& graph, const run_context& context, bool doubled) {
  auto choice = find_fibre(graph);
  if (!choice) return std::nullopt;
  fibre_plan plan;
  plan.doubled = doubled;
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
        std::max<std::uint64_t>(estimated_bytes(1 << 20, plan.row_length, d, directed, doubled) >> 20, 64);
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
  plan.bytes = std::max(estimated_bytes(plan.rows, plan.row_length, d, directed, doubled), tables + numbering_bytes(plan.rows));
  plan.text = fmt::format("fibre sweep: {} rows of {} bits, {}", plan.rows, plan.row_length, source);
  plan.fibre = std::make_shared<const matrix_fibre>(std::move(choice->fibre));
  return plan;
}

std::optional<fibre_sweep> fibre_sweep::make(const graphs::graph_definition& graph, const fibre_plan& plan,
                                             const run_context& context, kernels::instruction_set instructions,
                                             std::optional<row_storage> forced) {
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
  if (!forced && plan.doubled) forced = row_storage::doubled;
  if (!forced && s.period() > 1) forced = row_storage::graded;
  if (!forced || forced == row_storage::delayed) {
    s.schedule(context.threads);
    // Rows that are kept are copied: where there are many, only for want of memory.
    const bool tight = estimated_bytes(rows, plan.row_length, d, is_directed(*s.fibre_), true) > context.memory_bytes;
    const bool few = s.spare_rows_ <= rows / (tight ? 2 : 4) && rows + s.spare_rows_ < nothing;
    if (!forced) forced = few ? row_storage::delayed : row_storage::doubled;
  }
  s.storage_ = *forced;
  if (s.storage_ != row_storage::delayed) s.spare_rows_ = 0, s.last_windows_ = {}, s.spare_ = {};
  s.ball_ = kernels::word_array(buffer_words(rows + s.spare_rows_, plan.row_length));
  if (s.storage_ == row_storage::delayed) s.made_ = kernels::word_array(buffer_words(64 * s.window_words_, plan.row_length));
  if (s.storage_ == row_storage::doubled) s.next_ = kernels::word_array(s.words_);
  for (auto* bits : {&s.changed_, &s.next_changed_, &s.full_, &s.active_}) bits->resize((rows + 63) / 64);
  if (is_long(plan.row_length)) s.parts_.resize(rows), s.next_parts_.resize(rows);
  s.central_index_ = s.index_of(graph.central()).value();
  s.reset();
  return s;
}

/// The greatest common divisor of the lengths of all cycles of the graph of rows, which is strongly connected: for any
/// numbers n that grow by 1 along the edges of a spanning tree, that of the n(q) + 1 - n(r) over all edges q -> r
/// (Denardo, "Periods of connected networks and powers of nonnegative matrices", 1977).
std::uint32_t fibre_sweep::period() const {
  const std::size_t d = fibre_->generators();
  const auto& targets = targets_.empty() ? sources_ : targets_;
  std::vector<std::uint32_t> number(rows(), nothing), queue{0};
  queue.reserve(rows());
  number[0] = 0;
  std::uint32_t divisor = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const std::uint32_t here = number[queue[i]];
    for (std::size_t g = 0; g < d; ++g) {
      auto& there = number[targets[queue[i] * d + g]];
      if (there == nothing) {
        there = here + 1;
        queue.push_back(targets[queue[i] * d + g]);
      } else {
        divisor = std::gcd(divisor, here + 1 > there ? here + 1 - there : there - here - 1);
        if (divisor == 1) return 1;
      }
    }
  }
  return divisor;
}

/// The window of each row's last reader, and a spare row for each row that has readers in a later window than its own, so that
/// rows which are kept at the same time have different ones: a colouring of intervals, with as few as are ever kept at once.
void fibre_sweep::schedule(unsigned threads) {
  const std::size_t d = fibre_->generators(), n = rows(), words = (n + 63) / 64;
  window_words_ = window_words_for(n, stride_, threads);
  const std::size_t window_rows = 64 * window_words_, windows = (words + window_words_ - 1) / window_words_;
  last_windows_.resize(n);
  for (std::size_t w = 0; w < windows; ++w) {
    const std::size_t end = std::min(n, (w + 1) * window_rows) * d;
    for (std::size_t i = w * window_rows * d; i < end; ++i) last_windows_[sources_[i]] = static_cast<std::uint16_t>(w);
  }
  // The rows that are kept, in the order in which they come to their end.
  std::vector<std::uint32_t> begins(windows + 1);
  const auto kept = [&](const auto& f) {
    for (std::size_t w = 0; w < windows; ++w) {
      for (std::size_t r = w * window_rows; r < std::min(n, (w + 1) * window_rows); ++r) {
        if (last_windows_[r] > w) f(static_cast<std::uint32_t>(r));
      }
    }
  };
  kept([&](std::uint32_t r) { ++begins[last_windows_[r] + 1]; });
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> ending(begins.back()), unused;
  auto at = begins;
  kept([&](std::uint32_t r) { ending[at[last_windows_[r]]++] = r; });
  spare_.assign(n, nothing);
  spare_rows_ = 0;
  std::size_t window = 0;
  kept([&](std::uint32_t r) {
    for (; window <= r / window_rows; ++window) {
      for (std::size_t i = begins[window]; i < begins[window + 1]; ++i) unused.push_back(spare_[ending[i]]);
    }
    if (unused.empty()) {
      spare_[r] = static_cast<std::uint32_t>(spare_rows_++);
    } else {
      spare_[r] = unused.back();
      unused.pop_back();
    }
  });
}

std::size_t fibre_sweep::bytes() const noexcept {
  return ball_.bytes() + next_.bytes() + bytes_of(numbering_->keys()) + bytes_of(sources_) + bytes_of(rotations_) +
         bytes_of(targets_) + 4 * bytes_of(changed_) + 2 * bytes_of(parts_) + bytes_of(last_windows_) +
         bytes_of(slots_) + bytes_of(spare_) + made_.bytes();
}

void fibre_sweep::reset() {
  if (!clean_) {
    for (auto* buffer : {&ball_, &next_}) std::fill_n(buffer->data(), buffer->size(), 0);
    for (auto* bits : {&changed_, &next_changed_, &full_}) std::fill(bits->begin(), bits->end(), 0);
  }
  clean_ = false;
  ball_.data()[central_index_ / 64] |= std::uint64_t{1} << central_index_ % 64;
  const std::uint64_t row = central_index_ / stride_;
  changed_[row / 64] |= std::uint64_t{1} << row % 64;
  if (!parts_.empty()) parts_[row] = std::uint64_t{1} << central_index_ % stride_ / 64;
  changed_count_ = 1;
  if (storage_ != row_storage::delayed) return;
  slots_.resize(rows());
  std::iota(slots_.begin(), slots_.end(), 0U);
}

/// active_ := the rows that those that changed lead to, and, of two buffers, these, whose copy in the other one is behind.
void fibre_sweep::list_active(parallel_tasks& tasks) {
  constexpr std::size_t chunk = 256;
  const std::size_t d = fibre_->generators();
  const std::uint32_t* targets = targets_.empty() ? sources_.data() : targets_.data();
  if (storage_ == row_storage::doubled) {
    std::copy(changed_.begin(), changed_.end(), active_.begin());
  } else {
    std::fill(active_.begin(), active_.end(), 0);
  }
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

/// The new states of a row to the hooks. Narrow rows are a part of a word.
void fibre_sweep::take_fresh(std::uint32_t row, const unsigned char* before, const unsigned char* after,
                             const layer_hooks& hooks, std::vector<std::uint64_t>& found) const {
  const std::size_t bytes = std::min<std::size_t>(stride_ / 8, 8);
  const std::uint64_t first = row * stride_;
  for (std::size_t at = 0; at < stride_ / 8; at += bytes) {
    std::uint64_t was = 0, is = 0;
    std::memcpy(&was, before + at, bytes);
    std::memcpy(&is, after + at, bytes);
    const std::uint64_t bit = first + 8 * at;
    if (is != was) hooks.take(bit / 64, (is & ~was) << bit % 64, found);
  }
}

struct fibre_sweep::part {
  std::size_t first_word, last_word;
  unsigned char* made = nullptr;  // delayed: where rows with new states go, one after the other
  std::vector<std::uint32_t> rows{};  // delayed: which they are
  std::uint64_t fresh = 0, changed_rows = 0;
};

kernels::bit_rows fibre_sweep::row_graph() noexcept {
  kernels::bit_rows graph{fibre_->row_length(), static_cast<unsigned>(fibre_->generators()), sources_.data(), rotations_.data()};
  graph.turns = turns_ ? &*turns_ : nullptr;
  if (!parts_.empty()) graph.parts = parts_.data(), graph.next_parts = next_parts_.data();
  if (storage_ == row_storage::delayed) graph.slots = slots_.data();
  return graph;
}

/// The rows of some words of the bitmaps: 64 rows each, so that every word of the buffers has one writer. False where
/// there was nothing to do.
bool fibre_sweep::run_rows(part& p, const layer_hooks& hooks) {
  constexpr std::size_t most_kept = std::size_t{1} << 18;  // bytes
  std::uint32_t rows[batch_rows];
  std::uint8_t marks[batch_rows];
  std::vector<std::uint64_t> found;
  std::vector<unsigned char> before;  // what rows were, where they are made in their place and that is asked for
  const auto graph = row_graph();
  const bool hooked = hooks.any(), two = storage_ == row_storage::doubled, delayed = storage_ == row_storage::delayed;
  const bool keeps = hooked && storage_ == row_storage::graded;
  const std::size_t row_bytes = stride_ / 8;
  auto* ball = reinterpret_cast<unsigned char*>(ball_.data());
  auto* next = two ? reinterpret_cast<unsigned char*>(next_.data()) : delayed ? p.made : ball;
  const std::size_t step = keeps ? std::clamp<std::size_t>(most_kept / (64 * row_bytes), 1, batch_rows / 64) : batch_rows / 64;
  bool any = false;
  for (std::size_t begin = p.first_word; begin < p.last_word; begin += step) {
    const std::size_t end = std::min(p.last_word, begin + step);
    std::size_t count = 0;
    for (std::size_t w = begin; w < end; ++w) {
      next_changed_[w] = 0;
      for (std::uint64_t rest = active_[w] & ~full_[w]; rest != 0; rest &= rest - 1) {
        rows[count++] = static_cast<std::uint32_t>(64 * w) + static_cast<unsigned>(std::countr_zero(rest));
      }
      if (!two) continue;
      // A row that has become full is copied once, then both buffers agree for ever.
      for (std::uint64_t rest = changed_[w] & full_[w]; rest != 0; rest &= rest - 1) {
        const std::size_t at = (64 * w + static_cast<unsigned>(std::countr_zero(rest))) * row_bytes;
        std::copy_n(ball + at, row_bytes, next + at);
      }
    }
    if (count == 0) continue;
    any = true;
    if (keeps) {
      before.resize(count * row_bytes);
      for (std::size_t i = 0; i < count; ++i) std::copy_n(ball + rows[i] * row_bytes, row_bytes, before.data() + i * row_bytes);
    }
    p.fresh += kernels_->advance(graph, ball_.data(), reinterpret_cast<std::uint64_t*>(next), changed_.data(), rows, count, marks);
    for (std::size_t i = 0; i < count; ++i) {
      if (marks[i] == 0) continue;
      const std::uint64_t bit = std::uint64_t{1} << rows[i] % 64;
      if ((marks[i] & kernels::row_full) != 0) full_[rows[i] / 64] |= bit;
      if ((marks[i] & kernels::row_changed) == 0) continue;
      next_changed_[rows[i] / 64] |= bit;
      ++p.changed_rows;
      const unsigned char* after = next + (delayed ? 0 : rows[i] * row_bytes);
      if (delayed) p.rows.push_back(rows[i]), next += row_bytes;
      if (!hooked) continue;
      take_fresh(rows[i], keeps ? before.data() + i * row_bytes : ball + rows[i] * row_bytes, after, hooks, found);
      if (found.size() >= found_at_a_time) hooks.sink->take(found), found.clear();
    }
  }
  if (!found.empty()) hooks.sink->take(found);
  return any;
}

std::optional<std::uint64_t> fibre_sweep::advance(parallel_tasks& tasks, const run_context& context,
                                                  const layer_hooks& hooks) {
  // Where layers are graded, a row may not be looked at while its sources are made: it is not of their next class.
  const bool dense = storage_ != row_storage::graded && changed_count_ * dense_part > rows();
  if (dense) {
    for (std::size_t w = 0; w < active_.size(); ++w) active_[w] = ~full_[w];
    if (rows() % 64 != 0) active_.back() &= (std::uint64_t{1} << rows() % 64) - 1;
  } else {
    list_active(tasks);
  }
  if (storage_ == row_storage::delayed) return advance_windows(tasks, context, hooks);
  const std::size_t chunk = chunk_words();
  std::atomic<std::uint64_t> fresh = 0, changed_rows = 0;
  std::atomic<bool> stopped = false;
  tasks.run(
      (active_.size() + chunk - 1) / chunk, dense || changed_count_ * stride_ > 1 << 16,
      [&](std::size_t task, std::size_t) {
        if (stopped.load(std::memory_order_relaxed)) return;
        part p{task * chunk, std::min(active_.size(), (task + 1) * chunk)};
        if (!run_rows(p, hooks)) return;
        fresh.fetch_add(p.fresh, std::memory_order_relaxed);
        changed_rows.fetch_add(p.changed_rows, std::memory_order_relaxed);
        if (context.is_stopped()) stopped.store(true, std::memory_order_relaxed);
      });
  if (stopped) return std::nullopt;
  if (storage_ == row_storage::doubled) ball_.swap(next_);
  changed_.swap(next_changed_);
  parts_.swap(next_parts_);
  changed_count_ = changed_rows;
  return fresh.load();
}

/// Words of the bitmaps that a thread takes at once: rows and sources of about 1 MiB.
std::size_t fibre_sweep::chunk_words() const noexcept {
  const std::size_t row_bytes = stride_ / 8 * (fibre_->generators() + 2);
  return std::clamp<std::size_t>((std::size_t{1} << 20) / (64 * row_bytes), 1, 64);
}

/// The rows of a part take their places. What they were is kept where it is read in window `end` or later; a row that did not
/// change in the last layer has no readers.
void fibre_sweep::place(part& p, std::size_t end) {
  constexpr std::size_t ahead = 8;
  const std::size_t row_bytes = stride_ / 8;
  auto* ball = reinterpret_cast<unsigned char*>(ball_.data());
  const unsigned char* from = p.made;
  for (std::size_t i = 0; i < p.rows.size(); ++i) {
    const std::uint32_t row = p.rows[i];
    if (i + ahead < p.rows.size() && spare_[p.rows[i + ahead]] != nothing) {
      const unsigned char* kept = ball + (rows() + spare_[p.rows[i + ahead]]) * row_bytes;
      for (std::size_t at = 0; at < std::min<std::size_t>(row_bytes, 512); at += 64) __builtin_prefetch(kept + at, 1);
    }
    unsigned char* here = ball + row * row_bytes;
    if (last_windows_[row] >= end && (changed_[row / 64] >> row % 64 & 1) != 0) {
      slots_[row] = static_cast<std::uint32_t>(rows() + spare_[row]);
      std::copy_n(here, row_bytes, ball + slots_[row] * row_bytes);
    }
    std::copy_n(from, row_bytes, here);
    from += row_bytes;
  }
}

std::optional<std::uint64_t> fibre_sweep::advance_windows(parallel_tasks& tasks, const run_context& context,
                                                          const layer_hooks& hooks) {
  const std::size_t chunk = std::min(chunk_words(), window_words_), words = active_.size(), windows = (words + window_words_ - 1) / window_words_;
  const auto to_make = [&](std::size_t first, std::size_t last) {
    std::size_t rows = 0;
    for (std::size_t w = first; w < last; ++w) {
      if (const std::uint64_t wanted = active_[w] & ~full_[w]; wanted != 0) rows += static_cast<std::size_t>(std::popcount(wanted));
    }
    return rows;
  };
  std::atomic<bool> stopped = false;
  std::vector<part> parts;
  std::uint64_t fresh = 0, changed_rows = 0;
  for (std::size_t window = 0; window < windows;) {
    // Windows with few rows are made together.
    std::size_t end = window, total = 0;
    parts.clear();
    for (; end < windows; ++end) {
      const std::size_t first = end * window_words_, last = std::min(words, first + window_words_);
      const std::size_t rows = to_make(first, last);
      if (end > window && total + rows > 64 * window_words_) break;
      if (rows == 0) {
        std::fill(next_changed_.begin() + static_cast<std::ptrdiff_t>(first), next_changed_.begin() + static_cast<std::ptrdiff_t>(last), 0);
        continue;
      }
      for (std::size_t w = first; w < last; w += chunk) {
        parts.push_back({w, std::min(last, w + chunk), reinterpret_cast<unsigned char*>(made_.data()) + total * (stride_ / 8)});
        total += to_make(w, std::min(last, w + chunk));
      }
    }
    const bool parallel = total * stride_ > 1 << 16;
    tasks.run(parts.size(), parallel, [&](std::size_t i, std::size_t) {
      if (stopped.load(std::memory_order_relaxed)) return;
      run_rows(parts[i], hooks);
      if (context.is_stopped()) stopped.store(true, std::memory_order_relaxed);
    });
    if (stopped) return std::nullopt;
    tasks.run(parts.size(), parallel, [&](std::size_t i, std::size_t) { place(parts[i], end); });
    for (const auto& p : parts) fresh += p.fresh, changed_rows += p.changed_rows;
    window = end;
  }
  if (changed_rows * dense_part > rows()) {
    std::iota(slots_.begin(), slots_.end(), 0U);
  } else {
    for (std::size_t w = 0; w < words; ++w) {
      for (std::uint64_t rest = next_changed_[w]; rest != 0; rest &= rest - 1) {
        const std::size_t row = 64 * w + static_cast<unsigned>(std::countr_zero(rest));
        slots_[row] = static_cast<std::uint32_t>(row);
      }
    }
  }
  changed_.swap(next_changed_);
  parts_.swap(next_parts_);
  changed_count_ = changed_rows;
  return fresh;
}

std::vector<graphs::state> fibre_sweep::states_of(std::uint64_t index) const {
  return {numbering_->state_of(index)};
}

std::optional<std::uint64_t> fibre_sweep::index_of(const graphs::state& state) const {
  return numbering_->index_of(state);
}

static_assert(bit_sweep<fibre_sweep>);

}  // namespace cosetta::search
