#include <kernels/error.hpp>
#include <search/bidirectional.hpp>
#include <search/parallel_tasks.hpp>
#include <search/state_ball.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <span>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::size_t most_unit_states = 256;                 // states that are expanded as one block
constexpr std::size_t round_candidates = std::size_t{1} << 18;  // images between two looks at the clock, about
constexpr std::size_t most_groups = 16;                         // of the units of a round, whatever the number of threads
constexpr std::uint64_t least_parallel_states = 4096;           // of a round; below, threads cost more than they bring

// Why the first meeting is a shortest path. Let F(a) be the states at distance at most a from `from`, B(b) those from which
// `to` is at distance at most b.
//   (1) If F(a) and B(b) are disjoint, then d(from, to) > a + b. For if d <= a + b, the state of a shortest path at distance
//       min(a, d) from its beginning lies in F(a), and it is d - min(a, d) <= b away from the end, so it lies in B(b).
//   (2) Let F(a) and B(b) be disjoint, and let a state m of the next sphere of F lie in B(b). Then there is a path through m
//       of length at most a + 1 + b, and by (1) none is shorter: the distance is a + 1 + b, m lies on a shortest path, and m
//       is at distance exactly b from `to`. Likewise for the next sphere of B.
// So a search may stop at the first meeting, even within a sphere, as long as both balls were complete and disjoint before
// that sphere; and (1) is the bound when it has to stop without one. Every shortest path crosses the sphere at distance
// a + 1, which is why two meetings are two shortest words.
// If a sphere is empty, the ball is all that can be reached from its centre (or reach it), and the other state is not there.
class two_sided_search {
 public:
  two_sided_search(const path_moves& moves, const path_options& options, const run_context& context)
      : moves_(moves), options_(options), context_(context), words_(moves.words()), tasks_(context.threads), workers_(context.threads),
        sides_{side(words_), side(words_)} {
    const std::size_t record = 2 * (words_ + 1) * sizeof(std::uint64_t);  // as it is made, and sorted by shards
    const std::size_t per_state = std::max<std::size_t>(moves.size(), 1) * record;
    const std::size_t blocks = context.threads * most_unit_states * (2 * words_ + 2) * sizeof(std::uint64_t);
    const std::size_t least = blocks + 8 * per_state + 2 * state_ball::shards * ball_shard(words_).bytes_to_grow();
    if (context.memory_bytes < least) {
      throw resource_error(fmt::format("a memory budget of {} bytes is too small: this search needs at least {} bytes with {} thread{}: raise --memory",
                                       context.memory_bytes, least, context.threads, context.threads == 1 ? "" : "s"));
    }
    const std::size_t room = std::min(round_candidates * record, (context.memory_bytes - blocks) / 4);
    const std::size_t states = std::max<std::size_t>(std::min<std::uint64_t>(room / per_state, options.most_states.value_or(room)), 8);
    unit_states_ = std::min(most_unit_states, states / 8 * 8);
    units_of_a_round_ = states / unit_states_;
    images_.resize(std::min(units_of_a_round_, most_groups));
    units_of_a_round_ -= units_of_a_round_ % images_.size();
    for (auto& group : images_) group.reserve(units_of_a_round_ / images_.size() * unit_states_ * moves.size(), words_ + 1);
    bytes_ = blocks + units_of_a_round_ * unit_states_ * per_state;
    for (auto& w : workers_) {
      w.states.reserve(most_unit_states);
      w.in.resize(words_ * most_unit_states);
      w.out.resize(words_ * most_unit_states);
      w.hashes.resize(most_unit_states);
    }
  }

  path_result run(const graphs::state& from, const graphs::state& to) {
    begin(sides_[0], moves_.pack(from));
    begin(sides_[1], moves_.pack(to));
    while (result_.limit == limit::none && !meeting_) {
      if (sides_[0].sphere == 0 || sides_[1].sphere == 0) return finish_without_path();
      if (options_.max_depth && sides_[0].radius + sides_[1].radius >= *options_.max_depth) {
        result_.limit = limit::depth;
        break;
      }
      expand(sides_[1].sphere < sides_[0].sphere ? 1 : 0);
    }
    if (meeting_) restore_word();
    return finish();
  }

 private:
  struct side {
    explicit side(std::size_t words) : ball(words) {}
    state_ball ball;
    std::uint64_t radius = 0;  // of the complete ball
    std::uint64_t sphere = 1;  // states at that distance
  };
  struct unit {
    std::uint32_t shard;
    std::uint32_t count;
    std::size_t begin;
  };
  struct worker {
    std::vector<const std::uint64_t*> states;  // to be expanded
    std::vector<std::uint64_t> in, out, hashes;
  };
  /// Images on their way to the shards, of a part of the units of a round: records of the hash, then the state. They are made in one
  /// array and sorted into another, both as large as can be needed, so that their memory is known.
  class images {
   public:
    void reserve(std::size_t records, std::size_t stride) {
      stride_ = stride;
      made_ = std::make_unique_for_overwrite<std::uint64_t[]>(records * stride);
      sorted_ = std::make_unique_for_overwrite<std::uint64_t[]>(records * stride);
    }
    void clear() noexcept { size_ = 0; }
    /// Where the next record goes.
    std::uint64_t* add() noexcept { return made_.get() + stride_ * size_++; }
    void sort() noexcept {
      begin_ = {};
      for (std::size_t i = 0; i < size_; ++i) ++begin_[state_ball::shard_of(made_[i * stride_]) + 1];
      for (std::size_t s = 0; s < state_ball::shards; ++s) begin_[s + 1] += begin_[s];
      auto at = begin_;
      for (std::size_t i = 0; i < size_; ++i) {
        const auto* record = made_.get() + i * stride_;
        std::copy_n(record, stride_, sorted_.get() + stride_ * at[state_ball::shard_of(record[0])]++);
      }
    }
    /// The records of a shard, in the order in which they were made.
    std::span<const std::uint64_t> of(std::size_t shard) const noexcept {
      return {sorted_.get() + stride_ * begin_[shard], stride_ * (begin_[shard + 1] - begin_[shard])};
    }

   private:
    std::size_t stride_ = 0, size_ = 0;
    std::unique_ptr<std::uint64_t[]> made_, sorted_;
    std::array<std::size_t, state_ball::shards + 1> begin_{};
  };

  void begin(side& s, const std::vector<std::uint64_t>& packed) {
    const auto hash = kernels::state_hash(packed.data(), words_);
    auto& shard = s.ball[state_ball::shard_of(hash)];
    bytes_ += shard.bytes_to_grow();
    shard.insert(packed.data(), hash, 0);
  }

  /// The next sphere of a side, or as much of it as came before a meeting or a limit.
  void expand(std::size_t which) {
    auto& here = sides_[which];
    const auto d = which == 0 ? direction::forward : direction::backward;
    std::vector<unit> units;
    std::array<std::size_t, state_ball::shards> old_size{};
    for (std::size_t s = 0; s < state_ball::shards; ++s) {
      const auto& shard = here.ball[s];
      old_size[s] = shard.size();
      for (std::size_t at = shard.begin_of(here.radius); at < shard.size(); at += unit_states_) {
        units.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(std::min(unit_states_, shard.size() - at)), at});
      }
    }
    report(here.sphere, 0, true);
    std::uint64_t expanded = 0;
    for (std::size_t first = 0; first < units.size(); first += units_of_a_round_) {
      if (context_.stop.stop_requested()) result_.limit = limit::interrupt;
      if (context_.expired()) result_.limit = limit::time;
      if (result_.limit != limit::none) return;
      const std::size_t count = std::min(units_of_a_round_, units.size() - first);
      std::uint64_t states = 0;
      for (std::size_t u = first; u < first + count; ++u) states += units[u].count;
      const bool parallel = states >= least_parallel_states;
      tasks_.run(images_.size(), parallel, [&](std::size_t g, std::size_t thread) {
        images_[g].clear();
        const std::size_t end = first + count * (g + 1) / images_.size();
        auto& block = workers_[thread].states;
        block.clear();
        for (std::size_t u = first + count * g / images_.size(); u < end; ++u) {  // shards of a small sphere share a block
          if (block.size() + units[u].count > unit_states_) apply_moves(d, workers_[thread], images_[g]);
          for (std::size_t i = 0; i < units[u].count; ++i) block.push_back(here.ball[units[u].shard].state(units[u].begin + i));
        }
        if (!block.empty()) apply_moves(d, workers_[thread], images_[g]);
        images_[g].sort();
      });
      std::atomic<bool> full = false;
      std::array<std::vector<std::uint64_t>, state_ball::shards> met;
      std::array<std::size_t, state_ball::shards> meetings{};
      tasks_.run(state_ball::shards, parallel, [&](std::size_t s, std::size_t) {
        if (!add_new(which, s, met[s], meetings[s])) full = true;
      });
      // Which images a round holds does not depend on the threads, so neither does the least meeting.
      for (std::size_t s = 0; s < state_ball::shards; ++s) {
        meetings_ += meetings[s];
        if (meetings[s] > 0 && (!meeting_ || met[s] < *meeting_)) meeting_ = met[s];
      }
      if (meeting_) {
        meeting_depths_ = {here.radius + 1, sides_[1 - which].radius};
        if (which == 1) std::swap(meeting_depths_[0], meeting_depths_[1]);
        return;
      }
      if (full || (options_.most_states && sides_[0].ball.size() + sides_[1].ball.size() > *options_.most_states)) {
        result_.limit = limit::memory;
        return;
      }
      expanded += states;
      report(here.sphere, expanded, false);
    }
    ++here.radius;
    here.sphere = 0;
    for (std::size_t s = 0; s < state_ball::shards; ++s) here.sphere += here.ball[s].size() - old_size[s];
  }

  /// The images of the states that wait in the worker's block, which is empty then.
  void apply_moves(direction d, worker& w, images& to) const {
    const std::size_t count = w.states.size();
    const std::size_t lanes = (count + 7) / 8 * 8;
    for (std::size_t i = 0; i < lanes; ++i) {
      const auto* s = w.states[std::min(i, count - 1)];
      for (std::size_t k = 0; k < words_; ++k) w.in[k * lanes + i] = s[k];
    }
    w.states.clear();
    for (std::size_t m = 0; m < moves_.size(); ++m) {
      moves_.apply(d, m, w.in.data(), w.out.data(), lanes);
      moves_.hash(w.out.data(), w.hashes.data(), lanes);
      for (std::size_t i = 0; i < count; ++i) {
        auto* const record = to.add();
        record[0] = w.hashes[i];
        for (std::size_t k = 0; k < words_; ++k) record[k + 1] = w.out[k * lanes + i];
      }
    }
  }

  /// Puts the new images into shard s, and keeps the least that the other ball has. False when memory ran out.
  bool add_new(std::size_t which, std::size_t s, std::vector<std::uint64_t>& least, std::size_t& meetings) {
    constexpr std::size_t ahead = 8;
    auto& shard = sides_[which].ball[s];
    const auto& other = sides_[1 - which].ball[s];
    const auto depth = sides_[which].radius + 1;
    const std::size_t stride = words_ + 1;
    for (const auto& group : images_) {
      const auto list = group.of(s);
      for (std::size_t at = 0; at < list.size(); at += stride) {
        if (at + ahead * stride < list.size()) {
          shard.prefetch(list[at + ahead * stride]);
          other.prefetch(list[at + ahead * stride]);
        }
        const auto* state = list.data() + at + 1;
        if (const std::size_t growth = shard.bytes_to_grow(); growth == 0) {
          if (!shard.insert(state, list[at], depth)) continue;
        } else {
          if (bytes_.fetch_add(growth) + growth > context_.memory_bytes || shard.size() >= ball_shard::most_states) {
            bytes_ -= growth;
            return false;
          }
          const std::size_t before = shard.bytes();
          const bool fresh = shard.insert(state, list[at], depth);
          bytes_ -= growth - (shard.bytes() - before);
          if (!fresh) continue;
        }
        if (!other.depth(state, list[at])) continue;
        ++meetings;
        if (least.empty() || std::lexicographical_compare(state, state + words_, least.begin(), least.end())) least.assign(state, state + words_);
      }
    }
    return true;
  }

  /// Back from the meeting to both ends, through states that lie in the stored spheres.
  void restore_word() {
    result_.several = meetings_ > 1;
    auto state = *meeting_;
    for (auto depth = meeting_depths_[0]; depth > 0; --depth) state = step(state, direction::backward, sides_[0].ball, depth - 1);
    std::reverse(result_.word.begin(), result_.word.end());
    state = *meeting_;
    for (auto depth = meeting_depths_[1]; depth > 0; --depth) state = step(state, direction::forward, sides_[1].ball, depth - 1);
    result_.status = path_status::geodesic;
    result_.lower_bound = result_.word.size();
  }

  /// The neighbour in that direction at the given distance from the centre; the generator between them joins the word.
  std::vector<std::uint64_t> step(const std::vector<std::uint64_t>& state, direction d, const state_ball& ball, std::uint64_t depth) {
    std::vector<std::uint64_t> found;
    for (std::size_t m = 0; m < moves_.size(); ++m) {
      auto next = moves_.image(d, m, state);
      if (ball.depth(next.data()) != depth) continue;
      if (!found.empty()) {
        result_.several = true;
        break;
      }
      result_.word.push_back(moves_.generator(m));
      found = std::move(next);
    }
    if (found.empty()) throw error("a stored sphere from which no step leads back: this is a defect, please report it");
    return found;
  }

  path_result finish_without_path() {
    result_.status = path_status::no_path;
    const bool forwards = sides_[0].sphere == 0;
    result_.reason = fmt::format("all {} states {} were listed", sides_[forwards ? 0 : 1].ball.size(),
                                 forwards ? "that the first one reaches" : "that reach the last one");
    return finish();
  }

  path_result finish() {
    result_.method = "bidirectional";
    result_.threads = context_.threads;
    result_.states = sides_[0].ball.size() + sides_[1].ball.size();
    result_.forward_radius = sides_[0].radius;
    result_.backward_radius = sides_[1].radius;
    result_.peak_bytes = bytes_;
    if (result_.limit != limit::none) {
      result_.status = result_.limit == limit::interrupt ? path_status::interrupted : path_status::lower_bound;
      result_.lower_bound = sides_[0].radius + sides_[1].radius + 1;
    }
    return std::move(result_);
  }

  void report(std::uint64_t sphere, std::uint64_t expanded, bool layer_complete) {
    if (!context_.observer) return;
    const auto now = std::chrono::steady_clock::now();
    if (!layer_complete && now - last_report_ < std::chrono::milliseconds(100)) return;
    last_report_ = now;
    context_.observer({sides_[0].radius + sides_[1].radius, sphere, expanded, sides_[0].ball.size() + sides_[1].ball.size(),
                       std::chrono::duration<double>(now - start_).count(), bytes_, layer_complete});
  }

  const path_moves& moves_;
  const path_options& options_;
  const run_context& context_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_report_{};
  std::size_t words_;
  parallel_tasks tasks_;
  std::vector<worker> workers_;
  std::array<side, 2> sides_;  // forwards, backwards
  std::vector<images> images_;  // of the groups of a round
  std::size_t unit_states_ = 0;
  std::size_t units_of_a_round_ = 0;
  std::atomic<std::size_t> bytes_ = 0;
  std::optional<std::vector<std::uint64_t>> meeting_;  // the least of the round in which the balls met
  std::size_t meetings_ = 0;
  std::array<std::uint64_t, 2> meeting_depths_{};  // from the first state, to the last
  path_result result_;
};

}  // namespace

path_result search_from_both_ends(const path_moves& moves, const graphs::state& from, const graphs::state& to,
                                  const path_options& options, const run_context& context) {
  return two_sided_search(moves, options, context).run(from, to);
}

}  // namespace cosetta::search
