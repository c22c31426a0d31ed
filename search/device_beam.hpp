// The levels of one beam as search/beam_levels.hpp makes them, with rows, scores and tables on a device (kernels/cuda/beam_grid.hpp).
//
// Sizes, rows, their order, histories and meetings are the same as the CPU's. Histograms of scores come to the host, which makes the cuts; the
// bits of a level's kept candidates come, too, and are its history. All else stays on the device. The estimate has to be a sum over
// pairs, whose scores are had without the children's rows, or a network on the same device (device_network.hpp), which is asked about chunks of children
// (kernels/cuda/beam_network_grid.hpp). Internal to search/.
#pragma once

#include <kernels/cuda/beam_network_grid.hpp>
#include <search/beam_levels.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

/// What the beams of one graph, estimate and ball share on a device. All of these must outlive it.
class device_beam_graph {
 public:
  /// Throws domain_error where the estimate is neither a sum over pairs nor a network on this device, resource_error where that has no room.
  device_beam_graph(std::shared_ptr<kernels::backend> on, const byte_graph& graph, const heuristic& estimate, const byte_ball& ball);

  kernels::backend& on() const noexcept { return *on_; }

 private:
  friend class device_beam_levels;

  void place_network();
  void place_tables(const kernels::pair_sums& sums);
  void place_pairs(const kernels::pair_sums& sums);

  std::shared_ptr<kernels::backend> on_;
  const byte_graph& graph_;
  const heuristic& estimate_;
  const byte_ball& ball_;
  kernels::device_array<std::uint8_t> moves_;
  kernels::device_array<std::uint32_t> inverses_;
  bool packed_ = false, near_ = false;   // as the kernel of scores has it
  std::uint32_t words_ = 0, threads_ = 0;  // of its entries; of its blocks
  std::uint32_t table_bytes_ = 0;          // where they are near
  kernels::device_array<std::uint8_t> tables_;
  kernels::device_array<kernels::placed_pair> pairs_;
  network_on_device* network_ = nullptr;  // in place of the tables, with a chunk of children and what it says of them
  kernels::device_array<std::uint8_t> asked_rows_;
  kernels::device_array<float> said_;
  bool all_undone_ = false;  // each generator has an inverse among them
  kernels::device_array<std::uint32_t> ball_slots_;
  kernels::device_array<std::uint8_t> ball_rows_, ball_distances_;
};

class device_beam_levels {
 public:
  using meeting = beam_levels::meeting;

  /// `on` and `context` must outlive it. `ball_bound`: rows with greater scores are not looked for in the ball.
  /// Throws resource_error where the device has no room.
  device_beam_levels(const device_beam_graph& on, std::uint32_t ball_bound, std::size_t width, const run_context& context, const std::uint8_t* start);

  /// Of a device, for a beam of this width.
  static std::size_t device_bytes_for(const byte_graph& graph, std::size_t width) noexcept;

  /// As beam_levels has them; bytes() are those of the host.
  bool advance();
  std::size_t size() const noexcept { return size_; }
  std::uint64_t level() const noexcept { return level_; }
  const std::optional<meeting>& met() const noexcept { return met_; }
  std::uint64_t candidates() const noexcept { return candidates_; }
  bool was_cut() const noexcept { return was_cut_; }
  std::uint32_t least_score() const noexcept { return least_; }
  std::size_t bytes() const noexcept { return history_bytes_ + 4 * counts_.size() + host_bits_.bytes(); }
  std::size_t device_bytes() const noexcept;
  std::vector<std::size_t> word_to(std::uint64_t level, std::uint32_t entry) const;
  /// The row of an entry of the last level.
  byte_row row(std::uint32_t entry) const { return rows_.download(entry * graph_.stride, graph_.stride); }

 private:
  struct cut {
    std::uint32_t score;
    std::uint64_t ties;
  };
  struct level_table {
    kernels::device_array<std::uint64_t> slots;
    std::uint32_t size = 0;
    kernels::beam_slots view() const noexcept { return {slots.data(), size}; }
    void swap(level_table& other) noexcept { slots.swap(other.slots), std::swap(size, other.size); }
  };

  std::uint32_t level_candidates() const noexcept { return static_cast<std::uint32_t>(size_ * graph_.generators); }
  std::size_t kept_bytes() const noexcept;  // of the level's candidates, in whole chunks
  kernels::beam_counters* counters() const noexcept;
  std::uint8_t* tried() const noexcept;
  kernels::grid_shape chunked(std::uint32_t extra) const noexcept;
  kernels::score_histogram histogram() const noexcept;
  kernels::beam_moves moves() const noexcept;
  template <class Launch>
  void with_words(const Launch& launch) const;

  void place_start(const std::uint8_t* start);
  void score_all();
  void ask_network();
  kernels::asked_children asked() const noexcept;
  template <bool Packed, bool Near>
  void launch_scores();
  void read_counts();
  void keep_history() const;
  std::uint64_t total() const noexcept;
  cut cut_for(std::uint64_t count) const;
  kernels::beam_cut limited(const cut& c, const std::uint8_t* among);
  void empty_next();
  std::optional<std::size_t> select_all();
  std::uint64_t take(const cut& c);
  std::optional<kernels::beam_cut> trim();
  void write_all(const std::optional<kernels::beam_cut>& trimmed);

  const device_beam_graph& shared_;
  const byte_graph& graph_;
  const run_context& context_;
  kernels::backend& on_;
  const std::size_t width_;
  const score_scale scale_;
  const std::uint32_t ball_bound_;  // scaled

  std::size_t size_ = 1;  // of the last level
  std::uint64_t candidates_ = 0;
  bool was_cut_ = false;
  double selected_of_kept_ = 1;
  std::optional<meeting> met_;
  std::uint64_t level_ = 0;
  mutable std::vector<kept_candidates> history_;  // but perhaps for the last level, whose bits lie in host_bits_ until the device is at work again
  std::size_t history_bytes_ = 0, waiting_words_ = 0;
  std::vector<std::uint32_t> counts_;  // of scores
  std::size_t counted_from_ = 0, counted_to_ = 0;  // where they are not 0
  std::uint32_t least_ = score_scale::absent;
  std::uint32_t window_ = 0;           // where the histogram's window begins
  std::uint32_t most_inserted_ = 0;

  kernels::device_array<std::uint8_t> rows_, rows_before_;
  kernels::device_array<std::uint16_t> scores_, last_moves_;
  level_table before_, current_, next_;
  kernels::device_array<std::uint8_t> bits_;  // of candidates: kept ones; counters; those that were tried
  kernels::device_array<std::uint64_t> host_bits_;  // pinned
  kernels::device_array<std::uint32_t> word_before_, chunk_counts_;
  kernels::device_array<std::uint32_t> histogram_;  // window, whether there are strays, strays
};

}  // namespace cosetta::search
