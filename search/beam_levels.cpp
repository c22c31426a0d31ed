#include <search/beam_levels.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace cosetta::search {

namespace {

constexpr std::size_t batch = 64;  // rows that are written together, or inserted without telling the others
constexpr std::size_t look_up_batch = 1024;
constexpr std::size_t most_struck = std::size_t{1} << 15;  // candidates that a thread knows to be struck and has not told
constexpr std::uint16_t no_move = 0xffff;
constexpr double slots_of_an_entry = 1.5, most_of_width = 1.2;

std::size_t chunk_parents_for(std::size_t generators) noexcept { return 64 * std::max<std::size_t>(1, 2048 / (64 * generators)); }

std::size_t slots_for(std::size_t entries, unsigned threads) noexcept {
  return static_cast<std::size_t>(slots_of_an_entry * static_cast<double>(entries)) + batch * (threads + 2);
}

std::size_t words_for(std::size_t bytes) noexcept { return bytes / 8 + 1; }

}  // namespace

void score_counts::add(const score_counts& other) {
  for (auto s = other.least_; s <= other.greatest_; ++s) counts_[s] += other.counts_[s];
  least_ = std::min(least_, other.least_), greatest_ = std::max(greatest_, other.greatest_);
}

void score_counts::clear() {
  if (least_ <= greatest_) std::fill(counts_.begin() + least_, counts_.begin() + greatest_ + 1, 0U);
  least_ = score_scale::absent, greatest_ = 0;
}

std::uint64_t score_counts::total() const noexcept {
  std::uint64_t sum = 0;
  for (auto s = least_; s <= greatest_; ++s) sum += counts_[s];
  return sum;
}

beam_levels::beam_levels(const byte_graph& graph, const heuristic& estimate, const byte_ball& ball, std::uint32_t ball_bound, std::size_t width,
                         const run_context& context, const std::uint8_t* start)
    : graph_(graph),
      estimate_(estimate),
      ball_(ball),
      context_(context),
      width_(width),
      chunk_parents_(chunk_parents_for(graph.generators)),
      parent_of_(static_cast<std::uint32_t>(graph.generators)),
      scale_(estimate.most()),
      ball_bound_(scale_(std::min(ball_bound, estimate.most()))),
      tasks_(context.threads),
      workers_(context.threads, worker(scale_.scores())),
      fixed_bytes_(bytes_for(graph, width, context.threads) + estimate.bytes()),
      rows_(words_for(width * graph.stride)),
      rows_before_(words_for(width * graph.stride)),
      scores_(words_for(width * graph.generators * 2)),
      last_moves_(1, no_move),
      before_(1),
      current_(slots_for(static_cast<std::size_t>(most_of_width * static_cast<double>(width)), context.threads)),
      next_(slots_for(static_cast<std::size_t>(most_of_width * static_cast<double>(width)), context.threads)),
      filter_before_(width),
      filter_(width),
      counts_(scale_.scores()) {
  before_ = state_key_set(current_.most_slots());
  for (auto& w : workers_) {
    w.rows.resize(estimate.batch() * graph.stride), w.other.resize(graph.stride);
    w.keys.resize(look_up_batch), w.sums.resize(estimate.batch()), w.struck.reserve(most_struck);
  }
  std::copy_n(start, graph.stride, reinterpret_cast<std::uint8_t*>(rows_.data()));
  history_.emplace_back(std::vector<std::uint64_t>{1});  // the start, as the only candidate of the level
  const auto still = graph.home();
  const kernels::moved_row what{0, 0};
  std::uint64_t key;
  graph.kernels.move(start, still.data(), graph.stride, &what, 1, workers_[0].other.data(), &key);
  current_.resize(batch);
  current_.insert(key, 0, [](std::uint32_t) { return true; });
  filter_.add(key);
  if (const auto at = ball.find(start, key); at != byte_graph::absent) met_ = meeting{ball.distance(at), 0};
}

std::size_t beam_levels::bytes_for(const byte_graph& graph, std::size_t width, unsigned threads) noexcept {
  const auto slots = slots_for(static_cast<std::size_t>(most_of_width * static_cast<double>(width)), threads);
  return width * (2 * graph.stride + 2 * graph.generators + 2) + 3 * (width * graph.generators / 8) + 3 * 8 * slots + 2 * state_key_filter::bytes_for(width) +
         threads * (4 * (score_scale::absent + 1) + 4 * most_struck + look_up_batch * (graph.stride + 8) + 16 * chunk_parents_for(graph.generators) * graph.generators);
}

std::size_t beam_levels::history_bytes_for(const byte_graph& graph, std::size_t width) noexcept { return width * graph.generators * 17 / 128 + 100; }

bool beam_levels::stopped() {
  if (!stopped_.load(std::memory_order_relaxed) && context_.is_stopped()) stopped_.store(true, std::memory_order_relaxed);
  return stopped_.load(std::memory_order_relaxed);
}

void beam_levels::run(const std::function<void(std::size_t, worker&)>& task) {
  const auto count = chunks();
  tasks_.run(count, count > 1, [&](std::size_t chunk, std::size_t thread) { task(chunk, workers_[thread]); });
}

bool beam_levels::advance() {
  met_.reset();
  score_all();
  if (stopped_) return false;
  const auto kept = select_all();
  if (!kept) return false;
  if (*kept > width_) trim();
  write_all();
  history_bytes_ += history_.back().bytes();
  before_.swap(current_);
  current_.swap(next_);
  rows_.swap(rows_before_);
  filter_.swap(filter_before_);  // write_all() filled the latter
  return true;
}

// ------------------------------------------------------------------------------------------------------------- scores

void beam_levels::gather_counts() {
  counts_.clear();
  std::swap(counts_, workers_[0].counts);
  for (std::size_t t = 1; t < workers_.size(); ++t) {
    counts_.add(workers_[t].counts);
    workers_[t].counts.clear();
  }
}

void beam_levels::score_all() {
  run([&](std::size_t chunk, worker& w) {
    if (!stopped()) score_chunk(chunk, w);
  });
  gather_counts();
  for (auto& w : workers_) candidates_ += std::exchange(w.scored, 0);
}

void beam_levels::score_chunk(std::size_t chunk, worker& w) {
  auto* scores = reinterpret_cast<std::uint16_t*>(scores_.data());
  w.what.clear(), w.candidates.clear();
  const auto generators = static_cast<std::uint32_t>(graph_.generators);
  for (std::size_t i = chunk * chunk_parents_; i < std::min((chunk + 1) * chunk_parents_, size_); ++i) {
    const auto back = last_moves_[i] == no_move ? byte_graph::absent : graph_.inverses[last_moves_[i]];
    for (std::uint32_t g = 0; g < generators; ++g) {
      const auto candidate = static_cast<std::uint32_t>(i) * generators + g;
      if (g == back) {
        scores[candidate] = score_scale::absent;
        continue;
      }
      w.what.push_back({static_cast<std::uint32_t>(i), g});
      w.candidates.push_back(candidate);
    }
  }
  const auto at_once = estimate_.batch();
  for (std::size_t i = 0; i < w.what.size(); i += at_once) {
    const auto count = std::min(at_once, w.what.size() - i);
    graph_.kernels.move(row(0), graph_.forward.data(), graph_.stride, w.what.data() + i, count, w.rows.data(), nullptr);
    estimate_.score(w.rows.data(), count, w.sums.data());
    for (std::size_t k = 0; k < count; ++k) {
      const auto score = scale_(w.sums[k]);
      scores[w.candidates[i + k]] = score;
      w.counts.add(score);
    }
  }
  w.scored += w.what.size();
}

beam_levels::cut beam_levels::cut_for(std::uint64_t count) const {
  for (auto s = counts_.least(); s <= counts_.greatest(); ++s) {
    if (counts_.of(s) >= count) return {s, count};
    count -= counts_.of(s);
  }
  return {score_scale::absent, 0};
}

/// How many of the ties at the cut each chunk may take: the first ones go in.
void beam_levels::share_ties(const cut& c, const std::vector<std::uint64_t>* among) {
  chunk_counts_.assign(chunks(), 0);
  if (c.ties == 0) return;
  if (c.ties >= counts_.of(c.score)) {
    std::ranges::fill(chunk_counts_, c.ties);
    return;
  }
  run([&](std::size_t chunk, worker&) {
    std::uint64_t here = 0;
    for (auto i = chunk_begin(chunk); i < chunk_end(chunk); ++i) here += scores()[i] == c.score && (among == nullptr || ((*among)[i / 64] >> i % 64 & 1) != 0);
    chunk_counts_[chunk] = here;
  });
  auto left = c.ties;
  for (auto& count : chunk_counts_) {
    count = std::min(count, left);
    left -= count;
  }
}

// ---------------------------------------------------------------------------------------------------------- selection

void beam_levels::empty_next() {
  const auto most = std::min(size_ * graph_.generators, static_cast<std::size_t>(most_of_width * static_cast<double>(width_)));
  next_.resize(slots_for(most, context_.threads));
  most_inserted_ = std::max<std::uint64_t>(most, 1);
  inserted_ = 0;
  constexpr std::size_t piece = 1 << 18;
  const std::size_t pieces = (next_.slots() + piece - 1) / piece;
  tasks_.run(pieces, pieces > 1, [&](std::size_t i, std::size_t) { next_.clear(i * piece, std::min((i + 1) * piece, next_.slots())); });
  const std::size_t words = (size_ * graph_.generators + 63) / 64;
  tried_.assign(words, 0);
  kept_.assign(words, 0);
  struck_.assign(words, 0);
  for (auto& w : workers_) w.struck.clear();
}

/// How many new states were selected, or nothing when the context stopped it.
std::optional<std::size_t> beam_levels::select_all() {
  const auto scored = counts_.total();
  empty_next();
  auto target = std::min(scored, static_cast<std::uint64_t>(std::ceil(selected_of_kept_ * static_cast<double>(width_))));
  bool may_extend = true;
  for (std::size_t taken = 0; taken < target;) {
    take(cut_for(target));
    if (stopped_) return std::nullopt;
    taken = target;
    const std::uint64_t kept = inserted_;
    if (kept > most_inserted_) {  // far fewer were equal than in the last level: select what is sure to fit
      empty_next();
      target = std::min<std::uint64_t>(scored, width_), taken = 0, may_extend = false;
      continue;
    }
    if (kept + width_ / 16 >= width_ || !may_extend) break;
    const auto missing = static_cast<double>(width_ - kept) * static_cast<double>(taken) / static_cast<double>(std::max<std::uint64_t>(kept, 1));
    target = std::min(scored, taken + static_cast<std::uint64_t>(std::ceil(std::min(missing, 2.0 * static_cast<double>(width_)))));
  }
  std::uint64_t taken = 0;
  for (auto& w : workers_) strike_all(w);
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    taken += static_cast<unsigned>(std::popcount(tried_[i]));
    kept_[i] = tried_[i] & ~struck_[i];
  }
  const std::uint64_t kept = inserted_;
  was_cut_ = was_cut_ || taken < scored || kept > width_;
  if (kept > 0) selected_of_kept_ = std::clamp(static_cast<double>(taken) / static_cast<double>(kept), 1.0, 4.0);
  return kept;
}

void beam_levels::take(const cut& c) {
  share_ties(c, nullptr);
  run([&](std::size_t chunk, worker& w) {
    if (!stopped()) take_chunk(c, chunk, w);
  });
}

void beam_levels::take_chunk(const cut& c, std::size_t chunk, worker& w) {
  auto ties = chunk_counts_[chunk];
  w.what.clear(), w.candidates.clear();
  const auto generators = static_cast<std::uint32_t>(graph_.generators);
  const auto end = chunk_end(chunk);
  for (auto i = chunk_begin(chunk); i < end; i += 64) {
    std::uint64_t chosen = 0;
    const auto here = std::min<std::size_t>(64, end - i);
    for (std::size_t b = 0; b < here; ++b) {
      const auto s = scores()[i + b];
      if (s == c.score && ties > 0) --ties, chosen |= std::uint64_t{1} << b;
      chosen |= std::uint64_t{s < c.score} << b;
    }
    chosen &= ~tried_[i / 64];
    if (chosen == 0) continue;
    tried_[i / 64] |= chosen;
    for (; chosen != 0; chosen &= chosen - 1) {
      const auto candidate = static_cast<std::uint32_t>(i + static_cast<unsigned>(std::countr_zero(chosen)));
      w.candidates.push_back(candidate);
      const auto parent = parent_of_(candidate);
      w.what.push_back({parent, candidate - parent * generators});
    }
  }
  for (std::size_t i = 0; i < w.what.size(); i += look_up_batch) insert_batch(i, std::min(look_up_batch, w.what.size() - i), w);
}

/// Memory is asked for `far` rows ahead: for slots, then for the rows that they are likely to name.
void beam_levels::insert_batch(std::size_t first, std::size_t count, worker& w) {
  constexpr std::size_t near = 24, far = 64;
  w.rows.resize(std::max(w.rows.size(), count * graph_.stride)), w.keys.resize(std::max(w.keys.size(), count));
  graph_.kernels.move(row(0), graph_.forward.data(), graph_.stride, w.what.data() + first, count, w.rows.data(), w.keys.data());
  const auto* keys = w.keys.data();
  std::uint64_t fresh = 0;
  for (std::size_t k = 0; k < count + far; ++k) {
    if (k < count) {
      next_.prefetch_to_write(keys[k]);
      filter_before_.prefetch(keys[k]);
      if (!graph_.is_odd) filter_.prefetch(keys[k]);
    }
    if (k >= far - near && k - (far - near) < count) {
      const auto key = keys[k - (far - near)];
      if (const auto o = next_.likely(key); o != state_key_set::nobody) kernels::prefetch(row(parent_of_(o)));
      if (filter_before_.may_hold(key)) before_.prefetch(key);
      if (!graph_.is_odd && filter_.may_hold(key)) current_.prefetch(key);
    }
    if (k < far) continue;
    fresh += is_new(keys[k - far], w.candidates[first + k - far], w.rows.data() + (k - far) * graph_.stride, w);
    if (fresh == batch || k + 1 == count + far) {
      if (inserted_.fetch_add(std::exchange(fresh, 0), std::memory_order_relaxed) > most_inserted_) return;  // the table would fill up
    }
  }
}

bool beam_levels::is_new(std::uint64_t key, std::uint32_t candidate, const std::uint8_t* child, worker& w) {
  const auto is_entry = [&](const kept_candidates& of, std::uint32_t o, const kernels::word_array& rows) {
    return of.test(o) && equal_rows(reinterpret_cast<const std::uint8_t*>(rows.data()) + of.rank(o) * graph_.stride, child, graph_.stride);
  };
  const auto is_before = [&](std::uint32_t o) { return is_entry(history_[history_.size() - 2], o, rows_before_); };
  const auto is_current = [&](std::uint32_t o) { return is_entry(history_.back(), o, rows_); };
  const auto is_child = [&](std::uint32_t o) {
    const auto parent = parent_of_(o);
    graph_.move(row(parent), o - parent * graph_.generators, w.other.data());
    return equal_rows(w.other.data(), child, graph_.stride);
  };
  if ((filter_before_.may_hold(key) && before_.find(key, is_before) != state_key_set::nobody) || (!graph_.is_odd && filter_.may_hold(key) && current_.find(key, is_current) != state_key_set::nobody)) {
    strike(candidate, w);
    return false;
  }
  const auto loser = next_.insert(key, candidate, is_child);
  if (loser == state_key_set::nobody) return true;
  strike(loser, w);
  return false;
}

/// Bits on lines that another thread wrote last are waited for: a thread collects many before it touches them.
void beam_levels::strike(std::uint32_t candidate, worker& w) {
  w.struck.push_back(candidate);
  if (w.struck.size() == most_struck) strike_all(w);
}

void beam_levels::strike_all(worker& w) {
  const std::lock_guard lock(striking_);
  for (const auto candidate : w.struck) struck_[candidate / 64] |= std::uint64_t{1} << candidate % 64;
  w.struck.clear();
}

/// Strikes the worst, so that the width is kept.
void beam_levels::trim() {
  run([&](std::size_t chunk, worker& w) {
    for (auto i = chunk_begin(chunk); i < chunk_end(chunk); i += 64) {
      for (auto word = kept_[i / 64]; word != 0; word &= word - 1) w.counts.add(scores()[i + static_cast<unsigned>(std::countr_zero(word))]);
    }
  });
  gather_counts();
  const auto c = cut_for(width_);
  share_ties(c, &kept_);
  run([&](std::size_t chunk, worker&) {
    auto ties = chunk_counts_[chunk];
    for (auto i = chunk_begin(chunk); i < chunk_end(chunk); i += 64) {
      auto& kept = kept_[i / 64];
      for (auto word = kept; word != 0; word &= word - 1) {
        const auto s = scores()[i + static_cast<unsigned>(std::countr_zero(word))];
        if (s < c.score || (s == c.score && ties > 0 && ties-- > 0)) continue;
        kept &= ~(word & -word);
      }
    }
  });
}

// --------------------------------------------------------------------------------------------------------- the level

void beam_levels::write_all() {
  chunk_counts_.assign(chunks() + 1, 0);
  const auto words = [&](std::size_t chunk) { return std::pair(chunk_begin(chunk) / 64, (chunk_end(chunk) + 63) / 64); };
  std::uint64_t sum = 0;
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    chunk_counts_[chunk] = sum;
    for (auto [w, end] = words(chunk); w < end; ++w) sum += static_cast<unsigned>(std::popcount(kept_[w]));
  }
  last_moves_.resize(std::max<std::size_t>(sum, last_moves_.size()));
  filter_before_.clear();
  run([&](std::size_t chunk, worker& w) { write_chunk(chunk, w); });
  for (auto& w : workers_) {
    if (w.met && (!met_ || std::pair(w.met->distance, w.met->entry) < std::pair(met_->distance, met_->entry))) met_ = w.met;
    w.met.reset();
  }
  history_.emplace_back(std::move(kept_));
  kept_.clear();
  size_ = sum;
}

void beam_levels::write_chunk(std::size_t chunk, worker& w) {
  w.what.clear(), w.candidates.clear();
  const auto generators = static_cast<std::uint32_t>(graph_.generators);
  for (auto i = chunk_begin(chunk); i < chunk_end(chunk); i += 64) {
    for (auto word = kept_[i / 64]; word != 0; word &= word - 1) {
      const auto candidate = static_cast<std::uint32_t>(i + static_cast<unsigned>(std::countr_zero(word)));
      w.candidates.push_back(candidate);
      const auto parent = parent_of_(candidate);
      w.what.push_back({parent, candidate - parent * generators});
    }
  }
  const auto first = chunk_counts_[chunk];
  auto* out = reinterpret_cast<std::uint8_t*>(rows_before_.data()) + first * graph_.stride;
  for (std::size_t i = 0; i < w.what.size(); i += batch) {
    const auto count = std::min(batch, w.what.size() - i);
    graph_.kernels.move(row(0), graph_.forward.data(), graph_.stride, w.what.data() + i, count, out + i * graph_.stride, w.keys.data());
    for (std::size_t k = 0; k < count; ++k) filter_before_.prefetch_to_write(w.keys[k]);
    for (std::size_t k = 0; k < count; ++k) {
      const auto entry = static_cast<std::uint32_t>(first + i + k);
      filter_before_.add(w.keys[k]);
      last_moves_[entry] = static_cast<std::uint16_t>(w.what[i + k].move);
      if (scores()[w.candidates[i + k]] > ball_bound_) continue;
      const auto at = ball_.find(out + (i + k) * graph_.stride, w.keys[k]);
      if (at == byte_graph::absent) continue;
      const auto d = ball_.distance(at);
      if (!w.met || std::pair(d, entry) < std::pair(w.met->distance, w.met->entry)) w.met = meeting{d, entry};
    }
  }
}

std::vector<std::size_t> beam_levels::word_to(std::uint64_t level, std::uint32_t entry) const {
  return search::word_to(history_, graph_.generators, level, entry);
}

}  // namespace cosetta::search
