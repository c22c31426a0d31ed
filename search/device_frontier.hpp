// The layers of a growth on a device, and the step from one to the next. Internal to search/; see device_bucket.hpp.
#pragma once

#include <kernels/cuda/frontier_grid.hpp>
#include <search/device_bucket.hpp>
#include <search/packed_graph.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace cosetta::search {

template <unsigned W>
class device_frontier {
 public:
  enum class outcome { grown, complete, full, halted };

  /// Takes at most `memory` bytes of the device.
  device_frontier(kernels::backend& on, const packed_graph& graph, std::size_t memory, const device_bucket_tuning& tuning);

  /// The ball of radius 0. `packed`: W words.
  void start(const std::uint64_t* packed);

  /// Makes the next layer, which is the current one from then on; complete: there is none. Full, halted: the layers are as they were.
  /// `go_on` is told how many states of the layer have been expanded, and may halt the work.
  outcome advance(const std::function<bool(std::uint64_t)>& go_on);

  std::uint64_t current_count() const noexcept { return known_.back().count; }
  /// Calls each(words) for every state of the current layer until it gives false.
  void for_each_current(const std::function<bool(const std::uint64_t*)>& each) const;

  std::size_t fixed_bytes() const noexcept { return fixed_bytes_; }
  std::size_t peak_bytes() const noexcept { return fixed_bytes_ + peak_arrays_ + peak_states_ * W * 8; }
  std::size_t ring_bytes() const noexcept { return ring_.bytes(); }

 private:
  struct arrays {  // of the buckets of a layer
    kernels::device_array<std::uint64_t> begin;
    kernels::device_array<std::uint32_t> count;
  };
  struct layer {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint32_t bits = 0;
    arrays at;
  };
  struct bucket_counts {
    std::uint32_t* counts;
    std::uint32_t* cursors;
  };
  /// Images in the buckets first, ..., end - 1.
  struct image_slice {
    std::uint64_t begin;  // of the first one, in the ring
    bucket_counts at;
    std::uint32_t first, end;
  };
  /// How the images of the layer are to be sent to their buckets.
  struct partition_plan {
    std::uint32_t bits;    // of the buckets
    std::uint32_t coarse;  // of those that they are sent to first
    bool two_levels() const { return bits != coarse; }
    std::uint64_t copies() const { return two_levels() ? 2 : 1; }  // of the images
  };

  std::uint64_t known_states() const;
  std::uint64_t wrapped(std::uint64_t i) const { return i % capacity_; }
  std::uint64_t head() const { return wrapped(known_.back().first + known_.back().count); }
  std::uint64_t free_states() const { return capacity_ - known_states(); }

  std::uint32_t choose_bits(std::uint64_t images) const;
  std::optional<arrays> take_arrays(std::uint32_t bits);
  void give_back(arrays at);
  bool take_next(std::uint32_t bits);
  void refine_known(std::uint32_t bits, std::uint64_t images);
  bool repartition(std::size_t begin, std::size_t end, std::uint32_t bits);
  void copy_states(std::uint64_t to, std::uint64_t from, std::uint64_t count);
  void upload_known();

  kernels::partition_states<W> partition(std::uint64_t first, std::uint64_t count, std::uint32_t bits, bucket_counts at, bool images) const;
  void launch_partition(kernels::partition_states<W> kernel);
  void launch_place(bucket_counts at, std::uint64_t* begins, std::uint32_t first, std::uint32_t end);
  std::uint32_t end_of_slice(const partition_plan& plan, std::uint32_t first, const std::vector<std::uint32_t>& counts, std::uint64_t& images) const;
  image_slice make_images(const partition_plan& plan, std::uint32_t first, std::uint32_t end, std::uint64_t images);
  template <bool Near>
  kernels::find_fresh<W, Near> find_kernel(std::uint32_t bits, const image_slice& in) const;
  bool run_slice(const partition_plan& plan, std::uint32_t first, std::uint32_t end, std::uint64_t images);
  bool run_far(kernels::find_fresh<W, false> kernel, const kernels::frontier_counters& seen);
  outcome drop_next(outcome why);
  void commit_next();

  kernels::backend& on_;
  device_bucket_tuning tuning_;
  bool keeps_all_;
  kernels::device_transitions transitions_;
  std::uint32_t window_ = 0, most_bits_ = 0;
  std::uint64_t capacity_ = 0;  // of the ring, states
  kernels::device_array<std::uint64_t> ring_;
  kernels::device_array<std::uint32_t> coarse_counts_, coarse_cursors_, fine_counts_, fine_cursors_, list_;
  kernels::device_array<unsigned char> tables_;
  kernels::device_array<kernels::frontier_counters> counters_;
  kernels::device_array<kernels::frontier_layer> known_table_;
  std::vector<kernels::frontier_layer> known_views_;  // those behind the second lie in known_table_
  std::vector<layer> known_;  // the oldest in front; the last one is current
  layer next_;
  std::vector<arrays> spares_;
  std::size_t arrays_budget_ = 0, arrays_bytes_ = 0, peak_arrays_ = 0;
  std::size_t fixed_bytes_ = 0;
  std::uint64_t peak_states_ = 0;
  double fresh_ratio_ = 1;  // new states / images, in the latest layer
};

extern template class device_frontier<1>;
extern template class device_frontier<2>;
extern template class device_frontier<3>;
extern template class device_frontier<4>;

}  // namespace cosetta::search
