#include <kernels/error.hpp>
#include <kernels/pair_sums.hpp>
#include <search/device_beam.hpp>
#include <search/device_network.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace cosetta::search {

namespace {

using kernels::beam_counters;
using kernels::count_ties;

constexpr std::size_t tie_chunk = count_ties::chunk;
constexpr std::size_t most_packed_bytes = std::size_t{40} << 20;  // what the cache of a device holds
constexpr std::size_t most_near_bytes = std::size_t{80} << 10, most_near_moves = std::size_t{4} << 10;
constexpr std::size_t strays_begin = kernels::score_histogram::window + 4;
constexpr unsigned blocks_of_a_multiprocessor = 8;  // of a multiprocessor
constexpr double most_kept_of_width = 1.2;  // as beam_levels has it
constexpr std::size_t device_slots_of_an_entry = 2;

std::size_t most_kept_for(std::size_t width) noexcept { return static_cast<std::size_t>(most_kept_of_width * static_cast<double>(width)); }

std::size_t device_slots_for(std::size_t entries) noexcept { return device_slots_of_an_entry * entries + 16; }

std::size_t in_tie_chunks(std::size_t candidates) noexcept { return (candidates + tie_chunk - 1) / tie_chunk * tie_chunk; }

std::size_t bytes_of_bits(std::size_t candidates) noexcept { return 2 * (in_tie_chunks(candidates) / 8) + sizeof(beam_counters); }

std::uint64_t device_reciprocal(std::uint32_t divisor) noexcept { return divisor == 1 ? 0 : ~std::uint64_t{0} / divisor + 1; }

template <class T>
std::vector<T> padded_to(std::vector<T> values, std::size_t multiple) {
  values.resize((values.size() + multiple - 1) / multiple * multiple);
  return values;
}

}  // namespace

// -------------------------------------------------------------------------------------------------------- device_beam_graph

device_beam_graph::device_beam_graph(std::shared_ptr<kernels::backend> on, const byte_graph& graph, const heuristic& estimate, const byte_ball& ball)
    : on_(std::move(on)), graph_(graph), estimate_(estimate), ball_(ball) {
  const auto* sums = estimate.sums();
  network_ = estimate.on_device();
  if (sums == nullptr && (network_ == nullptr || network_->on != on_)) {
    throw domain_error("a beam on a device needs an estimate that is a sum over pairs of labels or a network on the same device, and " + std::string(estimate.name()) +
                       " is none: use another one, or --backend cpu");
  }
  moves_ = {*on_, graph.forward};
  inverses_ = {*on_, graph.inverses};
  if (sums != nullptr) {
    place_tables(*sums);
    place_pairs(*sums);
  } else {
    place_network();
  }
  ball_slots_ = {*on_, ball.slots()};
  ball_rows_ = {*on_, ball.rows()};
  ball_distances_ = {*on_, ball.distances()};
}

void device_beam_graph::place_tables(const kernels::pair_sums& sums) {
  const std::size_t n = graph_.n, entries = kernels::pair_sums::row_entries(n), generators = graph_.generators;
  const std::size_t fours = (generators + 3) / 4;
  packed_ = (sums.table_count() + 1) * n * n * fours * 4 <= most_packed_bytes;
  words_ = static_cast<std::uint32_t>(packed_ ? fours : generators);
  std::vector<std::uint8_t> out((sums.table_count() + 1) * n * n * (packed_ ? 4 * fours : 1));  // the last one: zeros
  auto* to = out.data();
  for (std::size_t t = 0; t < sums.table_count(); ++t) {
    const auto* table = sums.table(t);
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) {
        if (!packed_) {
          *to++ = table[a * entries + b];
          continue;
        }
        const auto* move = graph_.forward.data();
        for (std::size_t g = 0; g < generators; ++g, move += graph_.stride) to[g] = table[move[a] * entries + move[b]];
        to += 4 * fours;
      }
    }
  }
  out = padded_to(std::move(out), 16);
  const std::size_t beside = kernels::score_children<true, true>::extra_bytes(static_cast<std::uint32_t>(graph_.n), graph_.n <= 64 ? 512 : 128, 0) + (std::size_t{9} << 10);
  near_ = out.size() + beside <= std::min<std::size_t>(on_->shared_bytes(), most_near_bytes + beside);
  if (near_) table_bytes_ = static_cast<std::uint32_t>(out.size());
  tables_ = {*on_, out};
}

void device_beam_graph::place_pairs(const kernels::pair_sums& sums) {
  const std::size_t n = graph_.n;
  threads_ = n <= 64 ? 512 : 128;  // a column for each of them
  std::vector<kernels::placed_pair> pairs;
  for (const auto& p : sums.pairs()) {
    pairs.push_back({static_cast<std::uint32_t>(p.table * n * n), static_cast<std::uint16_t>(p.first * threads_), static_cast<std::uint16_t>(p.second * threads_)});
  }
  if (pairs.size() % 2 != 0) pairs.push_back({static_cast<std::uint32_t>(sums.table_count() * n * n), 0, 0});  // a table of zeros
  pairs_ = {*on_, pairs};
}

void device_beam_graph::place_network() {
  const auto chunk = network_->network.chunk();
  asked_rows_ = {*on_, chunk * graph_.stride};
  said_ = {*on_, chunk};
  all_undone_ = std::ranges::find(graph_.inverses, byte_graph::absent) == graph_.inverses.end();
}

// ------------------------------------------------------------------------------------------------------ device_beam_levels

device_beam_levels::device_beam_levels(const device_beam_graph& on, std::uint32_t ball_bound, std::size_t width, const run_context& context, const std::uint8_t* start)
    : shared_(on),
      graph_(on.graph_),
      context_(context),
      on_(on.on()),
      width_(width),
      scale_(on.estimate_.most()),
      ball_bound_(scale_(std::min(ball_bound, on.estimate_.most()))),
      counts_(scale_.scores()),
      rows_(on_, width * graph_.stride),
      rows_before_(on_, width * graph_.stride),
      scores_(on_, in_tie_chunks(width * graph_.generators)),
      last_moves_(on_, width),
      bits_(on_, bytes_of_bits(width * graph_.generators)),
      host_bits_(on_, in_tie_chunks(width * graph_.generators) / 64, kernels::memory_kind::pinned),
      word_before_(on_, in_tie_chunks(width * graph_.generators) / 32),
      chunk_counts_(on_, in_tie_chunks(width * graph_.generators) / 8 / 32 + 1),
      histogram_(on_, strays_begin + scale_.scores()) {
  const auto slots = device_slots_for(most_kept_for(width));
  if (slots >= 0xffffffff || width * graph_.generators > 0xffff0000) {
    throw resource_error("a beam of " + std::to_string(width) + " states is too wide for a device: lower --beam");
  }
  for (auto* table : {&before_, &current_, &next_}) table->slots = {on_, slots};
  history_.emplace_back(std::vector<std::uint64_t>{1});  // the start, as the only candidate of the level
  histogram_.fill(0);
  scores_.fill(0xff);  // eight are read at once, and those behind the last one left out
  place_start(start);
}

void device_beam_levels::place_start(const std::uint8_t* start) {
  const auto still = graph_.home();
  const kernels::moved_row what{0, 0};
  byte_row copy(graph_.stride);
  std::uint64_t key;
  graph_.kernels.move(start, still.data(), graph_.stride, &what, 1, copy.data(), &key);
  rows_.upload(copy);
  const std::uint16_t no_move = score_scale::absent;
  last_moves_.upload({&no_move, 1});
  std::vector<std::uint64_t> slots(16);
  current_.size = static_cast<std::uint32_t>(slots.size());
  slots[current_.view().home(key)] = key << 32 | 1;  // entry 0
  current_.slots.upload(slots);
  std::uint32_t sum;
  shared_.estimate_.score(copy.data(), 1, &sum);
  least_ = scale_(sum);
  window_ = least_;
  least_ = score_scale::absent;
  const auto& ball = shared_.ball_;
  if (const auto at = ball.find(start, key); at != byte_graph::absent) met_ = meeting{ball.distance(at), 0};
}

std::size_t device_beam_levels::device_bytes_for(const byte_graph& graph, std::size_t width) noexcept {
  const auto candidates = in_tie_chunks(width * graph.generators);
  return 2 * width * graph.stride + 2 * candidates + 2 * width + 3 * 8 * device_slots_for(most_kept_for(width)) + bytes_of_bits(candidates) +
         candidates / 8 + candidates / 64 + 4 +
         4 * (strays_begin + score_scale::absent);
}

std::size_t device_beam_levels::device_bytes() const noexcept {
  return rows_.bytes() + rows_before_.bytes() + scores_.bytes() + last_moves_.bytes() + before_.slots.bytes() + current_.slots.bytes() +
         next_.slots.bytes() + bits_.bytes() + word_before_.bytes() + chunk_counts_.bytes() + histogram_.bytes();
}

std::size_t device_beam_levels::kept_bytes() const noexcept { return in_tie_chunks(level_candidates()) / 8; }
beam_counters* device_beam_levels::counters() const noexcept { return reinterpret_cast<beam_counters*>(bits_.data() + kept_bytes()); }
std::uint8_t* device_beam_levels::tried() const noexcept { return bits_.data() + kept_bytes() + sizeof(beam_counters); }
kernels::score_histogram device_beam_levels::histogram() const noexcept { return {histogram_.data(), histogram_.data() + strays_begin, window_}; }

/// Eight candidates for each thread, and blocks as they come: they take unlike times. Narrow ones where there are few.
kernels::grid_shape device_beam_levels::chunked(std::uint32_t extra) const noexcept {
  std::uint32_t threads = 128;
  while (threads > 32 && level_candidates() / (8 * threads) < 4 * on_.multiprocessors()) threads /= 2;
  return {(level_candidates() + 8 * threads - 1) / (8 * threads), threads, extra};
}

kernels::beam_moves device_beam_levels::moves() const noexcept {
  const auto generators = static_cast<std::uint32_t>(graph_.generators);
  const auto bytes = generators * graph_.stride;
  kernels::beam_moves out{generators, static_cast<std::uint32_t>(graph_.stride), device_reciprocal(generators), shared_.moves_.data(),
                          static_cast<std::uint32_t>(bytes <= most_near_moves ? bytes : 0), {}};
  std::ranges::copy(kernels::byte_row_constants, out.constants);
  return out;
}

template <class Launch>
void device_beam_levels::with_words(const Launch& launch) const {
  switch (graph_.stride) {
    case 16:
      return launch.template operator()<2>();
    case 32:
      return launch.template operator()<4>();
    case 64:
      return launch.template operator()<8>();
    default:
      return launch.template operator()<0>();
  }
}

bool device_beam_levels::advance() {
  met_.reset();
  if (context_.is_stopped()) return false;
  empty_next();
  score_all();
  if (context_.is_stopped()) return false;
  const auto kept = select_all();
  if (!kept) return false;
  std::optional<kernels::beam_cut> trimmed;
  if (*kept > width_) trimmed = trim();
  write_all(trimmed);
  size_ = std::min(*kept, width_);
  before_.swap(current_);
  current_.swap(next_);
  rows_.swap(rows_before_);
  ++level_;
  return true;
}

// -------------------------------------------------------------------------------------------------------------- scores

template <bool Packed, bool Near>
void device_beam_levels::launch_scores() {
  using kernel = kernels::score_children<Packed, Near>;
  const auto n = static_cast<std::uint32_t>(graph_.n), threads = shared_.threads_;
  const auto extra = kernel::extra_bytes(n, threads, shared_.table_bytes_);
  const std::size_t most = std::max<std::size_t>(1, std::min<std::size_t>(2048 / threads, (std::size_t{200} << 10) / (extra + sizeof(typename kernel::shared_data))));
  const std::size_t blocks = (size_ * shared_.words_ + threads - 1) / threads;
  kernels::launch(on_,
                  kernel{rows_.data(), static_cast<std::uint32_t>(size_), n, static_cast<std::uint32_t>(graph_.stride), static_cast<std::uint32_t>(graph_.generators),
                         shared_.words_, device_reciprocal(shared_.words_), shared_.moves_.data(), shared_.tables_.data(), shared_.table_bytes_, shared_.pairs_.data(),
                         static_cast<std::uint32_t>(shared_.pairs_.size()), scale_.shift(), last_moves_.data(), shared_.inverses_.data(), scores_.data(), histogram()},
                  {static_cast<std::uint32_t>(std::min(blocks, most * on_.multiprocessors())), threads, extra});
}

void device_beam_levels::score_all() {
  constexpr std::uint32_t below = 512;  // no more than that, mostly, a level's least score is below the one before
  window_ = window_ > below ? window_ - below : 0;
  on_.fill(histogram_.data(), 0, 4 * strays_begin);
  if (shared_.network_ != nullptr) {
    ask_network();
  } else if (shared_.packed_) {
    shared_.near_ ? launch_scores<true, true>() : launch_scores<true, false>();
  } else {
    shared_.near_ ? launch_scores<false, true>() : launch_scores<false, false>();
  }
  keep_history();
  read_counts();
  candidates_ += total();
  if (least_ != score_scale::absent) window_ = least_;
}

/// All children of the level.
kernels::asked_children device_beam_levels::asked() const noexcept {
  const auto generators = static_cast<std::uint32_t>(graph_.generators);
  const bool leaves_out = shared_.all_undone_ && level_ > 0 && generators > 1;
  const auto each = leaves_out ? generators - 1 : generators;
  return {generators, each, device_reciprocal(each), last_moves_.data(), shared_.inverses_.data(), 0, static_cast<std::uint32_t>(size_ * each)};
}

void device_beam_levels::ask_network() {
  constexpr std::uint32_t threads = 256;
  const auto how = moves();
  const std::uint32_t pieces = how.stride / 16, most_blocks = blocks_of_a_multiprocessor * on_.multiprocessors();
  const auto blocks_for = [&](std::uint64_t items) { return static_cast<std::uint32_t>(std::min<std::uint64_t>((items + threads - 1) / threads, most_blocks)); };
  auto some = asked();
  const auto all = some.count, chunk = static_cast<std::uint32_t>(shared_.said_.size());
  for (; some.first < all && !context_.is_stopped(); some.first += some.count) {
    some.count = std::min(chunk, all - some.first);
    kernels::launch(on_, kernels::write_asked{some, how, device_reciprocal(pieces), rows_.data(), shared_.asked_rows_.data()},
                    {blocks_for(std::uint64_t{some.count} * pieces), threads, how.near_bytes});
    {
      const std::lock_guard lock(shared_.network_->in_use);
      shared_.network_->network.predict_on_device(shared_.asked_rows_.data(), how.stride, some.count, shared_.said_.data());
    }
    kernels::launch(on_, kernels::tell_asked{some, shared_.said_.data(), shared_.network_->score_of.steps(), scale_.shift(), scores_.data(), histogram()},
                    {blocks_for(some.count), threads});
  }
}

/// The window's counts, and all where there are strays.
void device_beam_levels::read_counts() {
  std::fill(counts_.begin() + static_cast<std::ptrdiff_t>(counted_from_), counts_.begin() + static_cast<std::ptrdiff_t>(counted_to_), 0U);
  std::uint32_t near[kernels::score_histogram::window + 1];
  on_.download(near, histogram_.data(), sizeof near);
  counted_from_ = window_, counted_to_ = std::min<std::size_t>(window_ + kernels::score_histogram::window, counts_.size());
  if (near[kernels::score_histogram::window] != 0) {
    auto* strays = histogram_.data() + strays_begin;
    on_.download(counts_.data(), strays, 4 * counts_.size());
    on_.fill(strays, 0, 4 * counts_.size());
    counted_from_ = 0, counted_to_ = counts_.size();
  }
  for (std::size_t i = 0; i < kernels::score_histogram::window && window_ + i < counts_.size(); ++i) counts_[window_ + i] += near[i];
  while (counted_from_ < counted_to_ && counts_[counted_from_] == 0) ++counted_from_;
  least_ = counted_from_ == counted_to_ ? score_scale::absent : static_cast<std::uint32_t>(counted_from_);
}

std::uint64_t device_beam_levels::total() const noexcept {
  std::uint64_t sum = 0;
  for (auto s = counted_from_; s < counted_to_; ++s) sum += counts_[s];
  return sum;
}

device_beam_levels::cut device_beam_levels::cut_for(std::uint64_t count) const {
  for (auto s = least_; s < counts_.size(); ++s) {
    if (counts_[s] >= count) return {s, count};
    count -= counts_[s];
  }
  return {score_scale::absent, 0};
}

/// A cut with the candidate where its ties end, which the device finds among those that have the score, and these bits.
kernels::beam_cut device_beam_levels::limited(const cut& c, const std::uint8_t* among) {
  if (c.ties == 0) return {c.score, 0, nullptr};
  if (c.ties >= counts_[c.score]) return {c.score, ~0U, nullptr};
  const count_ties ties{scores_.data(), among, level_candidates(), c.score, chunk_counts_.data()};
  kernels::launch(on_, ties, {std::min<std::uint32_t>(ties.chunks(), blocks_of_a_multiprocessor * on_.multiprocessors()), count_ties::most_threads});
  kernels::launch(on_, kernels::find_limit{ties, static_cast<std::uint32_t>(c.ties), counters()}, {1, kernels::find_limit::most_threads});
  return {c.score, 0, counters()};
}

// ----------------------------------------------------------------------------------------------------------- selection

/// On the other stream, beside the scores.
void device_beam_levels::empty_next() {
  on_.wait_for(1, 0);
  const auto most = std::min<std::size_t>(level_candidates(), most_kept_for(width_));
  next_.size = static_cast<std::uint32_t>(device_slots_for(most));
  most_inserted_ = static_cast<std::uint32_t>(std::max<std::size_t>(most, 1));
  on_.fill(next_.slots.data(), 0, 8 * std::size_t{next_.size}, 1);
  on_.fill(bits_.data(), 0, 2 * kept_bytes() + sizeof(beam_counters), 1);
}

/// How many new states were selected, or nothing when the context stopped it. The steps are those of beam_levels.
std::optional<std::size_t> device_beam_levels::select_all() {
  const auto scored = total();
  on_.wait_for(0, 1);
  auto target = std::min(scored, static_cast<std::uint64_t>(std::ceil(selected_of_kept_ * static_cast<double>(width_))));
  bool may_extend = true;
  std::uint64_t kept = 0, taken = 0;
  while (taken < target) {
    kept = take(cut_for(target));
    if (context_.is_stopped()) return std::nullopt;
    taken = target;
    if (kept > most_inserted_) {
      empty_next();
      on_.wait_for(0, 1);
      target = std::min<std::uint64_t>(scored, width_), taken = 0, may_extend = false;
      continue;
    }
    if (kept + width_ / 16 >= width_ || !may_extend) break;
    const auto missing = static_cast<double>(width_ - kept) * static_cast<double>(taken) / static_cast<double>(std::max<std::uint64_t>(kept, 1));
    target = std::min(scored, taken + static_cast<std::uint64_t>(std::ceil(std::min(missing, 2.0 * static_cast<double>(width_)))));
  }
  was_cut_ = was_cut_ || taken < scored || kept > width_;
  if (kept > 0) selected_of_kept_ = std::clamp(static_cast<double>(taken) / static_cast<double>(kept), 1.0, 4.0);
  return kept;
}

/// How many are in the table of the next level, then.
std::uint64_t device_beam_levels::take(const cut& c) {
  const auto by = limited(c, nullptr);
  const auto how = moves();
  with_words([&]<unsigned Words>() {
    kernels::launch(on_,
                    kernels::insert_children<Words>{how, rows_.data(), rows_before_.data(), scores_.data(), level_candidates(), by, tried(),
                                                    reinterpret_cast<std::uint32_t*>(bits_.data()), before_.view(),
                                                    graph_.is_odd ? kernels::beam_slots{nullptr, 0} : current_.view(), next_.view(), most_inserted_, counters()},
                    chunked(how.near_bytes));
  });
  beam_counters now;
  on_.download(&now, counters(), sizeof now);
  return now.full != 0 ? most_inserted_ + std::uint64_t{1} : now.inserted;
}

/// The cut that keeps the width.
std::optional<kernels::beam_cut> device_beam_levels::trim() {
  on_.fill(histogram_.data(), 0, 4 * strays_begin);
  kernels::launch(on_, kernels::count_scores{scores_.data(), bits_.data(), level_candidates(), histogram()},
                  {static_cast<std::uint32_t>(std::min<std::size_t>(kept_bytes() / 256, blocks_of_a_multiprocessor * on_.multiprocessors())), 256});
  read_counts();
  return limited(cut_for(width_), bits_.data());
}

// ----------------------------------------------------------------------------------------------------------- the level

void device_beam_levels::write_all(const std::optional<kernels::beam_cut>& trimmed) {
  const auto how = moves();
  const auto shape = chunked(how.near_bytes);
  const auto* kept = reinterpret_cast<const std::uint32_t*>(bits_.data());
  const auto candidates = level_candidates();
  if (candidates > 0) {
    kernels::launch(on_, kernels::count_kept{scores_.data(), bits_.data(), candidates, trimmed.value_or(kernels::beam_cut{}), trimmed.has_value(), chunk_counts_.data()},
                    {shape.blocks, shape.threads});
    kernels::launch(on_, kernels::sum_before{chunk_counts_.data(), (candidates + 8 * shape.threads - 1) / (8 * shape.threads)}, {1, kernels::sum_before::most_threads});
    const auto& ball = shared_;
    with_words([&]<unsigned Words>() {
      kernels::launch(on_,
                      kernels::write_children<Words>{how, rows_.data(), scores_.data(), kept, chunk_counts_.data(), candidates, word_before_.data(), rows_before_.data(),
                                                     last_moves_.data(),
                                                     {ball.ball_slots_.data(), ball.ball_slots_.size() - 1, ball.ball_rows_.data(), ball.ball_distances_.data()},
                                                     ball_bound_, counters()},
                      shape);
    });
  }
  on_.copy(host_bits_.data(), bits_.data(), kept_bytes());
  beam_counters now;
  on_.download(&now, counters(), sizeof now);  // and the bits are there
  kernels::launch(on_, kernels::number_entries{next_.view(), kept, word_before_.data()}, {blocks_of_a_multiprocessor * on_.multiprocessors(), 256});
  if (now.met != 0) met_ = meeting{static_cast<unsigned>(~now.met >> 32), static_cast<std::uint32_t>(~now.met)};
  waiting_words_ = (candidates + 63UL) / 64;
  history_bytes_ += 8 * waiting_words_ + waiting_words_ / 2;
}

/// What waits becomes history.
void device_beam_levels::keep_history() const {
  if (history_.size() > level_) return;
  history_.emplace_back(std::vector<std::uint64_t>(host_bits_.data(), host_bits_.data() + waiting_words_));
}

std::vector<std::size_t> device_beam_levels::word_to(std::uint64_t level, std::uint32_t entry) const {
  keep_history();
  return search::word_to(history_, graph_.generators, level, entry);
}

}  // namespace cosetta::search
