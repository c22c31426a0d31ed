// The levels of one beam over byte rows, without the question of where to begin and when to end.
//
// A candidate is parent * generators + generator. A level is made in passes, each over chunks of parents side by side: all children are
// scored, their scores counted; a cut through the scores selects the best; the selected ones are made again (moving a row is cheaper than
// keeping it), compared with the two levels before and with each other, and struck out where they are known; what is left is
// written. Rows are compared whole. Of equal candidates the least is kept and ties at the cut go by number, so that the levels do not
// depend on threads. The share of equal ones in the last level says how many to select for the next; where too few are left,
// more are selected, and where too many, a second cut is made. Internal to search/.
#pragma once

#include <search/beam_history.hpp>
#include <search/byte_graph.hpp>
#include <search/heuristic.hpp>
#include <search/parallel_tasks.hpp>
#include <search/state_key_set.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace cosetta::search {

/// Quotients by one divisor, by a multiplication.
class quotient {
 public:
  explicit quotient(std::uint32_t divisor) : reciprocal_(divisor == 1 ? 0 : ~std::uint64_t{0} / divisor + 1) {}
  std::uint32_t operator()(std::uint32_t x) const noexcept {
    __extension__ using wide = unsigned __int128;
    return reciprocal_ == 0 ? x : static_cast<std::uint32_t>(static_cast<wide>(reciprocal_) * x >> 64);
  }

 private:
  std::uint64_t reciprocal_;
};

/// Scores as a beam keeps them: 16 bits, of sums that may need more the leading ones.
class score_scale {
 public:
  static constexpr std::uint32_t absent = 0xffff;
  explicit score_scale(std::uint32_t most) {
    while (most >> shift_ >= absent) ++shift_;
    scores_ = (most >> shift_) + 1;
  }
  std::uint16_t operator()(std::uint32_t sum) const noexcept { return static_cast<std::uint16_t>(sum >> shift_); }
  /// Scores are below.
  std::uint32_t scores() const noexcept { return scores_; }
  unsigned shift() const noexcept { return shift_; }

 private:
  unsigned shift_ = 0;
  std::uint32_t scores_ = 0;
};

/// How often each score occurs; emptied as fast as it was filled.
class score_counts {
 public:
  explicit score_counts(std::uint32_t scores) : counts_(scores) {}
  void add(std::uint32_t score) {
    ++counts_[score];
    least_ = score < least_ ? score : least_;
    greatest_ = score > greatest_ ? score : greatest_;
  }
  void add(const score_counts& other);
  void clear();
  std::uint32_t of(std::uint32_t score) const noexcept { return counts_[score]; }
  std::uint64_t total() const noexcept;
  std::uint32_t least() const noexcept { return least_; }
  std::uint32_t greatest() const noexcept { return greatest_; }

 private:
  std::vector<std::uint32_t> counts_;
  std::uint32_t least_ = score_scale::absent, greatest_ = 0;
};

class beam_levels {
 public:
  /// A state of the ball among the entries of the last level.
  struct meeting {
    unsigned distance;  // from home
    std::uint32_t entry;
  };

  /// All but `start`, which is level 0, must outlive it. `ball_bound`: rows with greater scores are not looked for in the ball.
  beam_levels(const byte_graph& graph, const heuristic& estimate, const byte_ball& ball, std::uint32_t ball_bound, std::size_t width, const run_context& context,
              const std::uint8_t* start);

  /// Bytes of a beam of this width, the history of its levels and tables apart; and of one level of its history.
  static std::size_t bytes_for(const byte_graph& graph, std::size_t width, unsigned threads) noexcept;  // with the greatest counts
  static std::size_t history_bytes_for(const byte_graph& graph, std::size_t width) noexcept;

  /// Makes the next level; false when the context ended it before it was there: the last one then stands.
  bool advance();
  std::size_t size() const noexcept { return size_; }
  std::uint64_t level() const noexcept { return history_.size() - 1; }
  const std::optional<meeting>& met() const noexcept { return met_; }
  std::uint64_t candidates() const noexcept { return candidates_; }
  /// Whether some level had more states than the width.
  bool was_cut() const noexcept { return was_cut_; }
  /// The least score of the candidates of the last level.
  std::uint32_t least_score() const noexcept { return counts_.least(); }
  std::size_t bytes() const noexcept { return fixed_bytes_ + history_bytes_; }
  /// The generators that lead from the start to an entry of a level.
  std::vector<std::size_t> word_to(std::uint64_t level, std::uint32_t entry) const;

 private:
  /// The candidates below `score`, and the first `ties` with that score.
  struct cut {
    std::uint32_t score;
    std::uint64_t ties;
  };
  struct alignas(128) worker {  // what a thread needs, on lines of its own
    explicit worker(std::uint32_t scores) : counts(scores) {}
    score_counts counts;
    std::vector<kernels::moved_row> what;
    std::vector<std::uint32_t> candidates, struck;
    std::vector<std::uint8_t> rows, other;
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> sums;
    std::uint64_t scored = 0;
    std::optional<meeting> met;
  };

  std::size_t chunks() const noexcept { return (size_ + chunk_parents_ - 1) / chunk_parents_; }
  std::size_t chunk_end(std::size_t chunk) const noexcept { return std::min((chunk + 1) * chunk_parents_, size_) * graph_.generators; }
  std::size_t chunk_begin(std::size_t chunk) const noexcept { return chunk * chunk_parents_ * graph_.generators; }
  const std::uint8_t* row(std::size_t entry) const noexcept { return reinterpret_cast<const std::uint8_t*>(rows_.data()) + entry * graph_.stride; }
  const std::uint8_t* row_before(std::size_t entry) const noexcept { return reinterpret_cast<const std::uint8_t*>(rows_before_.data()) + entry * graph_.stride; }
  const std::uint16_t* scores() const noexcept { return reinterpret_cast<const std::uint16_t*>(scores_.data()); }

  bool stopped();
  void run(const std::function<void(std::size_t, worker&)>& task);
  void gather_counts();
  void score_all();
  void score_chunk(std::size_t chunk, worker& w);
  cut cut_for(std::uint64_t count) const;
  void share_ties(const cut& c, const std::vector<std::uint64_t>* among);
  void empty_next();
  std::optional<std::size_t> select_all();
  void take(const cut& c);
  void take_chunk(const cut& c, std::size_t chunk, worker& w);
  void insert_batch(std::size_t first, std::size_t count, worker& w);
  bool is_new(std::uint64_t key, std::uint32_t candidate, const std::uint8_t* child, worker& w);
  void strike(std::uint32_t candidate, worker& w);
  void strike_all(worker& w);
  void trim();
  void write_all();
  void write_chunk(std::size_t chunk, worker& w);

  const byte_graph& graph_;
  const heuristic& estimate_;
  const byte_ball& ball_;
  const run_context& context_;
  const std::size_t width_, chunk_parents_;
  const quotient parent_of_;  // of a candidate
  const score_scale scale_;
  const std::uint32_t ball_bound_;  // scaled
  parallel_tasks tasks_;
  std::vector<worker> workers_;
  std::atomic<bool> stopped_ = false;

  std::size_t size_ = 1;  // of the last level
  std::uint64_t candidates_ = 0;
  bool was_cut_ = false;
  double selected_of_kept_ = 1;
  std::optional<meeting> met_;
  std::vector<kept_candidates> history_;
  std::size_t fixed_bytes_, history_bytes_ = 0;

  kernels::word_array rows_, rows_before_, scores_;
  std::vector<std::uint16_t> last_moves_;      // of the entries
  state_key_set before_, current_, next_;      // levels: owners are candidates of history_[level]
  state_key_filter filter_before_, filter_;    // of the keys in before_ and current_
  score_counts counts_;
  std::vector<std::uint64_t> tried_, kept_, struck_;  // bits of candidates; kept: tried and not struck
  std::mutex striking_;
  std::vector<std::uint64_t> chunk_counts_;    // ties that go to each chunk; then entries before each
  std::atomic<std::uint64_t> inserted_ = 0;
  std::uint64_t most_inserted_ = 0;
};

}  // namespace cosetta::search
