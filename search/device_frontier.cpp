#include <kernels/error.hpp>
#include <search/device_frontier.hpp>

#include <algorithm>
#include <bit>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using kernels::frontier_counters;
using kernels::grid_shape;

constexpr std::size_t bucket_bytes = 12 + 4 * 12;  // counters, and four layers' arrays
constexpr std::size_t near_generator_bytes = 16 * 1024;
constexpr std::uint64_t most_slice = std::uint64_t{1} << 31;  // images: places are 32-bit numbers, and limits are looked at between slices
constexpr std::uint64_t most_slices = 128;                    // of a layer; with more of them, memory is spent
constexpr std::uint64_t most_merged = std::uint64_t{1} << 32;
constexpr std::size_t most_known_layers = 8;  // of a directed graph, before they are made one

std::uint32_t log2_floor(std::uint64_t x) { return x == 0 ? 0 : static_cast<std::uint32_t>(std::bit_width(x) - 1); }
std::uint32_t log2_ceil(std::uint64_t x) { return x <= 1 ? 0 : static_cast<std::uint32_t>(std::bit_width(x - 1)); }

}  // namespace

template <unsigned W>
device_frontier<W>::device_frontier(kernels::backend& on, const packed_graph& graph, std::size_t memory, const device_bucket_tuning& tuning)
    : on_(on), tuning_(tuning), keeps_all_(!graph.is_inverse_closed()), transitions_(on, graph.transitions(), W) {
  const std::size_t least = transitions_.bytes() + (std::size_t{64} << 10);
  if (memory < 2 * least) {
    throw resource_error(fmt::format("a memory budget of {} bytes is too small: on backend {} this graph needs at least {} bytes: raise --memory, or use --backend cpu",
                                     memory, on.name(), 2 * least));
  }
  const std::size_t rest = memory - transitions_.bytes() - 1024;
  window_ = std::min<std::uint32_t>(tuning.window, std::uint32_t{1} << log2_floor(rest / 16 / 8));
  most_bits_ = std::min({log2_floor(rest / 16 / bucket_bytes), 2 * log2_floor(window_), 24U});
  const std::size_t buckets = std::size_t{1} << most_bits_;
  coarse_counts_ = {on, window_}, coarse_cursors_ = {on, window_};
  fine_counts_ = {on, buckets}, fine_cursors_ = {on, buckets}, list_ = {on, buckets};
  tables_ = {on, std::min<std::size_t>(rest / 16, std::size_t{1} << 30) / 256 * 256};
  counters_ = {on, 1};
  arrays_budget_ = keeps_all_ ? rest / 16 : 4 * 12 * buckets;
  fixed_bytes_ = transitions_.bytes() + 1024 + 8 * window_ + 12 * buckets + tables_.bytes();
  // Entries of tables hold a place, and more than that is no memory of a device yet.
  capacity_ = std::min<std::uint64_t>((memory - fixed_bytes_ - arrays_budget_) / (8 * W), (std::uint64_t{1} << kernels::find_fresh<W, true>::place_bits) - 2);
  ring_ = {on, capacity_ * W};
}

template <unsigned W>
void device_frontier<W>::start(const std::uint64_t* packed) {
  ring_.upload({packed, W});
  layer first;
  first.count = 1;
  first.at = *take_arrays(0);
  const std::uint64_t begin = 0;
  const std::uint32_t count = 1;
  first.at.begin.upload({&begin, 1});
  first.at.count.upload({&count, 1});
  known_.push_back(std::move(first));
}

template <unsigned W>
std::uint64_t device_frontier<W>::known_states() const {
  return std::accumulate(known_.begin(), known_.end(), std::uint64_t{0}, [](auto sum, const auto& l) { return sum + l.count; });
}

/// So many buckets that a table is not half full, by what was new in the last layer; and all of the device has work.
template <unsigned W>
std::uint32_t device_frontier<W>::choose_bits(std::uint64_t images) const {
  const auto expected = known_states() + static_cast<std::uint64_t>(static_cast<double>(images) * std::min(1.0, 1.25 * fresh_ratio_));
  const std::uint64_t wanted = std::max<std::uint64_t>(2 * expected / tuning_.slots + 1, std::min<std::uint64_t>(expected / 512, 4 * on_.multiprocessors()));
  // A slice is made of whole buckets.
  const std::uint64_t slices = images * 3 > free_states() ? 16 * images / (free_states() + 1) : 0;
  const auto current = known_.back().bits;
  return std::min(std::max({log2_ceil(wanted), log2_ceil(slices), current > 3 ? current - 3 : 0}), most_bits_);
}

template <unsigned W>
auto device_frontier<W>::take_arrays(std::uint32_t bits) -> std::optional<arrays> {
  const std::size_t buckets = std::size_t{1} << bits;
  auto best = spares_.end();
  for (auto at = spares_.begin(); at != spares_.end(); ++at) {
    if (at->count.size() >= buckets && (best == spares_.end() || at->count.size() < best->count.size())) best = at;
  }
  if (best != spares_.end()) {
    auto out = std::move(*best);
    spares_.erase(best);
    return out;
  }
  const std::size_t wanted = buckets * 12;
  if (arrays_bytes_ + wanted > arrays_budget_) {
    for (const auto& s : spares_) arrays_bytes_ -= s.count.size() * 12;
    spares_.clear();
    if (arrays_bytes_ + wanted > arrays_budget_) return {};
  }
  arrays_bytes_ += wanted;
  peak_arrays_ = std::max(peak_arrays_, arrays_bytes_);
  return arrays{{on_, buckets}, {on_, buckets}};
}

template <unsigned W>
void device_frontier<W>::give_back(arrays at) {
  if (at.count.size() > 0) spares_.push_back(std::move(at));
}

/// The next layer, empty, of 2^bits buckets; or of fewer where there is no room for so many.
template <unsigned W>
bool device_frontier<W>::take_next(std::uint32_t bits) {
  for (;; --bits) {
    if (auto at = take_arrays(bits)) {
      next_ = {head(), 0, bits, std::move(*at)};
      return true;
    }
    if (bits == 0) return false;
  }
}

template <unsigned W>
void device_frontier<W>::copy_states(std::uint64_t to, std::uint64_t from, std::uint64_t count) {
  while (count > 0) {
    to = wrapped(to), from = wrapped(from);
    const auto n = std::min({count, capacity_ - to, capacity_ - from});
    on_.copy(ring_.data() + to * W, ring_.data() + from * W, n * W * 8);
    to += n, from += n, count -= n;
  }
}

/// Layers whose buckets are much coarser are read over and over: their states are sent to finer ones.
template <unsigned W>
void device_frontier<W>::refine_known(std::uint32_t bits, std::uint64_t images) {
  if (known_.size() > most_known_layers) repartition(0, known_.size() - 1, std::max(bits, known_.front().bits));
  const auto work = known_states() + images;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto& l = known_[i];
    if (l.bits + 1 < bits && l.count > (work / 64 >> (bits - l.bits))) repartition(i, i + 1, bits);
  }
}

/// Makes one layer of some that lie one behind the other; false where memory does not suffice, and then they are as they were.
template <unsigned W>
bool device_frontier<W>::repartition(std::size_t begin, std::size_t end, std::uint32_t bits) {
  std::uint64_t count = 0;
  for (auto i = begin; i < end; ++i) count += known_[i].count;
  if (count >= most_merged || count > free_states()) return false;
  auto at = take_arrays(bits);
  if (!at) return false;
  const auto first = known_[begin].first;
  const auto buckets = std::uint32_t{1} << bits;
  const bucket_counts fine{fine_counts_.data(), fine_cursors_.data()};
  auto kernel = partition(first, count, bits, fine, false);
  kernel.source_bits = end == begin + 1 && known_[begin].bits < bits ? known_[begin].bits : 0;
  on_.fill(fine.counts, 0, std::size_t{buckets} * 4);
  launch_partition(kernel);
  on_.fill(counters_.data(), 0, sizeof(frontier_counters));
  launch_place(fine, at->begin.data(), 0, buckets);
  on_.copy(at->count.data(), fine.counts, std::size_t{buckets} * 4);
  kernel.writes = true;
  kernel.out = head();
  launch_partition(kernel);
  copy_states(first, kernel.out, count);
  peak_states_ = std::max(peak_states_, known_states() + count);
  layer merged{first, count, bits, std::move(*at)};
  for (auto i = begin; i < end; ++i) give_back(std::move(known_[i].at));
  known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(begin) + 1, known_.begin() + static_cast<std::ptrdiff_t>(end));
  known_[begin] = std::move(merged);
  return true;
}

template <unsigned W>
void device_frontier<W>::upload_known() {
  known_views_.clear();
  for (const auto& l : known_) known_views_.push_back({l.first, l.at.begin.data(), l.at.count.data(), l.bits, 0});
  known_views_.resize(std::max<std::size_t>(known_views_.size(), 2));
  const auto more = std::span(known_views_).subspan(2);
  if (known_table_.size() < more.size()) known_table_ = {on_, 2 * more.size() + 6};
  known_table_.upload(more);
}

template <unsigned W>
kernels::partition_states<W> device_frontier<W>::partition(std::uint64_t first, std::uint64_t count, std::uint32_t bits, bucket_counts at, bool images) const {
  kernels::partition_states<W> k{};
  if (images) k.generators = transitions_.view();
  k.near_generators = images && k.generators.near_bytes(W) <= near_generator_bytes;
  k.ring = {ring_.data(), capacity_};
  k.first = first, k.count = count;
  k.bits = bits;
  k.first_bucket = 0, k.end_bucket = std::uint32_t{1} << bits;
  k.counts = at.counts, k.cursors = at.cursors;
  return k;
}

template <unsigned W>
void device_frontier<W>::launch_partition(kernels::partition_states<W> k) {
  k.window = std::max(4U, std::min(window_, std::bit_ceil(k.end_bucket - k.first_bucket)));
  const std::uint64_t most_blocks = k.least_blocks * on_.multiprocessors();
  const std::uint64_t each = std::max(k.generators.count, 1U);
  // Some 128 bytes to a bucket, so that its images are written together; but no block goes without work.
  const std::uint64_t tile = std::min<std::uint64_t>((W == 1 ? 16U : 8U) * std::uint64_t{k.window} / each, k.count / most_blocks);
  const std::uint32_t threads = k.most_threads;
  k.tile = static_cast<std::uint32_t>(std::max<std::uint64_t>(tile + threads - 1, threads) / threads * threads);
  const auto tiles = (k.count + k.tile - 1) / k.tile;
  const std::uint32_t extra = k.window * 4 + (k.near_generators ? k.generators.near_bytes(W) : 0);
  kernels::launch(on_, k, grid_shape{static_cast<std::uint32_t>(std::min(tiles, most_blocks)), threads, extra});
}

template <unsigned W>
void device_frontier<W>::launch_place(bucket_counts at, std::uint64_t* begins, std::uint32_t first, std::uint32_t end) {
  // Coarse buckets are to lie in order, about: then a tile that begins in one of them and ends in the next has both in its window.
  const std::uint32_t run = end - first <= window_ ? std::clamp((end - first) / 64, 1U, 64U) : 16;
  kernels::place_buckets k{at.counts, at.cursors, begins, first, end, run, counters_.data()};
  const std::uint32_t blocks = std::min((end - first + 256 * run - 1) / (256 * run), 4 * on_.multiprocessors());
  kernels::launch(on_, k, grid_shape{blocks, 256});
}

/// The coarse buckets from `first` on whose images fit; `images` is their number, all images where there are no counts.
template <unsigned W>
std::uint32_t device_frontier<W>::end_of_slice(const partition_plan& plan, std::uint32_t first, const std::vector<std::uint32_t>& counts, std::uint64_t& images) const {
  const auto buckets = std::uint32_t{1} << plan.coarse;
  if (counts.empty()) return buckets;
  const auto most = std::min((free_states() - next_.count) / (plan.copies() + 1), most_slice);
  images = 0;
  auto end = first;
  while (end < buckets && images + counts[end] <= most) images += counts[end++];
  return end;
}

template <unsigned W>
auto device_frontier<W>::advance(const std::function<bool(std::uint64_t)>& go_on) -> outcome {
  const auto& current = known_.back();
  const std::uint64_t images = current.count * transitions_.view().count;
  if (images == 0) return outcome::complete;
  if (!take_next(choose_bits(images))) return outcome::full;
  refine_known(next_.bits, images);
  upload_known();
  const auto window_bits = log2_floor(window_);
  partition_plan plan{next_.bits, next_.bits};
  if (plan.bits > window_bits) plan.coarse = std::max(plan.bits - window_bits, (plan.bits + 1) / 2);
  const bucket_counts coarse{coarse_counts_.data(), coarse_cursors_.data()};
  const auto buckets = std::uint32_t{1} << plan.coarse;
  on_.fill(coarse.counts, 0, std::size_t{buckets} * 4);
  launch_partition(partition(known_.back().first, known_.back().count, plan.coarse, coarse, true));
  std::vector<std::uint32_t> counts;
  if (images * (plan.copies() + 1) > free_states() || images > most_slice) {
    if (images >> 31 > buckets) return drop_next(outcome::full);  // a count may not fit 32 bits
    counts = coarse_counts_.download(0, buckets);
  }
  std::uint64_t done = 0;
  for (std::uint32_t first = 0; first < buckets;) {
    std::uint64_t n = images;
    const auto end = end_of_slice(plan, first, counts, n);
    if (end == first || (end < buckets && n < images / most_slices)) return drop_next(outcome::full);
    if (!run_slice(plan, first, end, n)) return drop_next(outcome::full);
    done += n;
    first = end;
    if (!go_on(std::min<std::uint64_t>(known_.back().count, done / transitions_.view().count))) return drop_next(outcome::halted);
  }
  fresh_ratio_ = static_cast<double>(next_.count) / static_cast<double>(images);
  if (next_.count == 0) return drop_next(outcome::complete);
  commit_next();
  return outcome::grown;
}

/// The images in the coarse buckets first, ..., end - 1, in their buckets at the end of the ring's room.
template <unsigned W>
auto device_frontier<W>::make_images(const partition_plan& plan, std::uint32_t first, std::uint32_t end, std::uint64_t images) -> image_slice {
  const auto tail = known_.front().first + capacity_;
  const auto target = wrapped(tail - images), stage = plan.two_levels() ? wrapped(tail - 2 * images) : target;
  auto* counters = counters_.data();
  const bucket_counts coarse{coarse_counts_.data(), coarse_cursors_.data()}, fine{fine_counts_.data(), fine_cursors_.data()};
  on_.fill(&counters->placed, 0, sizeof counters->placed);
  launch_place(coarse, nullptr, first, end);
  auto kernel = partition(known_.back().first, known_.back().count, plan.coarse, coarse, true);
  kernel.writes = true;
  kernel.out = stage;
  kernel.first_bucket = first, kernel.end_bucket = end;
  launch_partition(kernel);
  if (!plan.two_levels()) return {target, coarse, first, end};
  const auto more = plan.bits - plan.coarse;
  first <<= more, end <<= more;
  on_.fill(fine.counts + first, 0, std::size_t{end - first} * 4);
  on_.fill(&counters->placed, 0, sizeof counters->placed);
  kernel = partition(stage, images, plan.bits, fine, false);
  kernel.source_bits = plan.coarse;
  kernel.first_bucket = first, kernel.end_bucket = end;
  if (images > 0) launch_partition(kernel);
  launch_place(fine, nullptr, first, end);
  kernel.writes = true;
  kernel.out = target;
  if (images > 0) launch_partition(kernel);
  return {target, fine, first, end};
}

/// But for the tables, and which buckets are meant.
template <unsigned W>
template <bool Near>
kernels::find_fresh<W, Near> device_frontier<W>::find_kernel(std::uint32_t bits, const image_slice& in) const {
  kernels::find_fresh<W, Near> k{};
  k.ring = {ring_.data(), capacity_};
  k.known_count = static_cast<std::uint32_t>(known_.size());
  k.first_known = known_views_[0], k.second_known = known_views_[1], k.more_known = known_table_.data();
  k.bits = bits;
  k.images = in.begin, k.ends = in.at.cursors, k.counts = in.at.counts;
  k.next = {next_.first, next_.at.begin.data(), next_.at.count.data(), next_.bits, 0};
  k.list = list_.data();
  k.counters = counters_.data();
  return k;
}

/// Makes the images in the coarse buckets first, ..., end - 1 and adds to the next layer what is new; false where memory does not suffice.
template <unsigned W>
bool device_frontier<W>::run_slice(const partition_plan& plan, std::uint32_t first, std::uint32_t end, std::uint64_t images) {
  if (images == 0 && !plan.two_levels()) {  // their counts are read later
    on_.fill(next_.at.count.data() + first, 0, std::size_t{end - first} * 4);
    on_.fill(next_.at.begin.data() + first, 0, std::size_t{end - first} * 8);
    return true;
  }
  peak_states_ = std::max(peak_states_, known_states() + next_.count + plan.copies() * images);
  auto* counters = counters_.data();
  if (next_.count == 0) on_.fill(&counters->fresh, 0, sizeof counters->fresh);
  on_.fill(&counters->overflowed, 0, sizeof counters->overflowed);
  on_.fill(&counters->room, 0xff, sizeof counters->room);
  const auto in = make_images(plan, first, end, images);
  auto find = find_kernel<true>(plan.bits, in);
  find.slots = tuning_.slots;
  find.first = in.first, find.end = in.end;
  const auto extra = static_cast<std::uint32_t>((find.table_bytes(find.slots) + 15) / 16 * 16);
  kernels::launch(on_, find, grid_shape{std::min(in.end - in.first, find.least_blocks * on_.multiprocessors()), find.most_threads, extra});
  auto seen = counters_.download(0, 1).front();
  if (seen.overflowed > 0) {
    if (!run_far(find_kernel<false>(plan.bits, in), seen)) return false;
    seen = counters_.download(0, 1).front();
  }
  next_.count = seen.fresh;
  return true;
}

/// Buckets that were too large for their blocks, with tables in main memory.
template <unsigned W>
bool device_frontier<W>::run_far(kernels::find_fresh<W, false> kernel, const frontier_counters& seen) {
  const std::uint64_t slots = std::bit_ceil(2 * std::uint64_t{~seen.room});
  const auto tables = tables_.size() / kernel.table_bytes(slots);
  if (tables == 0 || slots > std::uint64_t{1} << 31) return false;
  kernel.slots = std::max<std::uint32_t>(64, static_cast<std::uint32_t>(slots));
  kernel.tables = tables_.data();
  kernel.first = 0, kernel.end = seen.overflowed;
  const auto blocks = std::min<std::uint64_t>({tables, seen.overflowed, kernel.least_blocks * on_.multiprocessors()});
  kernels::launch(on_, kernel, grid_shape{static_cast<std::uint32_t>(blocks), kernel.most_threads});
  return true;
}

template <unsigned W>
auto device_frontier<W>::drop_next(outcome why) -> outcome {
  give_back(std::move(next_.at));
  next_ = {};
  return why;
}

template <unsigned W>
void device_frontier<W>::commit_next() {
  peak_states_ = std::max(peak_states_, known_states() + next_.count);
  if (!keeps_all_ && known_.size() == 2) {
    give_back(std::move(known_.front().at));
    known_.erase(known_.begin());
  }
  known_.push_back(std::move(next_));
  next_ = {};
}

template <unsigned W>
void device_frontier<W>::for_each_current(const std::function<bool(const std::uint64_t*)>& each) const {
  const auto& l = known_.back();
  for (std::uint64_t i = 0; i < l.count;) {
    const auto from = wrapped(l.first + i);
    const auto n = std::min({l.count - i, capacity_ - from, std::uint64_t{1} << 18});
    const auto states = ring_.download(from * W, n * W);
    for (std::uint64_t j = 0; j < n; ++j) {
      if (!each(states.data() + j * W)) return;
    }
    i += n;
  }
}

template class device_frontier<1>;
template class device_frontier<2>;
template class device_frontier<3>;
template class device_frontier<4>;

}  // namespace cosetta::search
