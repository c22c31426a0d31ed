#include <kernels/error.hpp>
#include <search/device_walks.hpp>
#include <search/parallel_tasks.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using near_walk = kernels::walk_steps_near;
using kernels::device_array;
using kernels::memory_kind;

constexpr std::uint32_t most_piece = 4096;                      // steps of a launch: some milliseconds of a device
constexpr std::uint64_t most_batch = 1 << 20, good_batch = 4096;  // walks of a launch
constexpr std::size_t near_bytes = 48 << 10;                    // of tables, so that two blocks of threads share a multiprocessor

}  // namespace

/// Steps from, ... of some walks; the walks at first + begin, ... of a call.
struct device_walks::job {
  std::uint64_t first, begin;
  std::uint32_t walks, from, steps;
  bool is_last;        // of these walks' pieces
  std::size_t number;  // of the job
  std::size_t batch;
};

/// What launches write: moves and trails of one piece, states of one batch, each twice; and where the host gets them.
struct device_walks::buffers {
  std::array<device_array<std::uint32_t>, 2> moves, trail, rows, last;
  std::array<device_array<std::uint64_t>, 2> wide_moves;
  device_array<std::uint32_t> landing;
};

device_walks::device_walks(std::shared_ptr<kernels::backend> on, const graphs::graph_definition& graph, const kernels::step_rules& rules, kernels::philox_key key, std::size_t buffer_bytes)
    : on_(std::move(on)), centre_(graph.central()), key_{key[0], key[1]}, buffer_bytes_(buffer_bytes), generators_(rules.generators()) {
  const auto* set = graph.permutations();
  if (set == nullptr || graph.degree() > near_walk::most_points || generators_ > 0x10000) {
    throw domain_error(fmt::format("{}: a device walks by permutations of at most {} points, and at most 65536 of them; take --backend cpu", graph.spec(), near_walk::most_points));
  }
  words_ = static_cast<std::uint32_t>((graph.degree() + 3) / 4);
  const std::size_t states = std::size_t{words_} << 10;
  is_near_ = near_walk::table_bytes(words_, generators_) <= std::min<std::size_t>(near_bytes, on_->shared_bytes() - std::min<std::size_t>(on_->shared_bytes(), states + 1024));
  std::vector<std::uint64_t> images(std::size_t{words_} * generators_);
  for (std::uint32_t g = 0; g < generators_; ++g) {
    const auto& p = set->elements()[g];
    for (std::uint32_t w = 0; w < words_; ++w) {
      std::uint8_t four[4];
      for (std::uint32_t k = 0; k < 4; ++k) four[k] = static_cast<std::uint8_t>(4 * w + k < graph.degree() ? p[4 * w + k] : 4 * w + k);
      images[std::size_t{w} * generators_ + g] = near_walk::image_word(four);
    }
  }
  images_ = device_array<std::uint64_t>(*on_, images);
  if (rules.is_uniform()) return;
  if (rules.is_skip()) {
    skipped_ = device_array<std::uint32_t>(*on_, std::span(rules.skipped(), generators_ + 1));
    return;
  }
  std::vector<std::uint32_t> begin{0}, numbers;
  for (std::uint32_t last = 0; last <= generators_; ++last) {
    numbers.insert(numbers.end(), rules.row(last).begin(), rules.row(last).end());
    begin.push_back(static_cast<std::uint32_t>(numbers.size()));
  }
  row_begin_ = device_array<std::uint32_t>(*on_, begin);
  row_numbers_ = device_array<std::uint32_t>(*on_, numbers);
}

template <bool Near>
void device_walks::launch(const job& now, const buffers& to) const {
  using kernel = kernels::walk_steps<Near>;
  const std::size_t which = now.number % 2, batch = now.batch % 2;
  const kernel walk{now.first + now.begin, now.walks, now.from, now.steps, key_, words_, generators_, images_.data(), skipped_.data(), row_begin_.data(), row_numbers_.data(),
                    to.rows[batch].data(), to.last[batch].data(), to.moves[which].data(), to.wide_moves[which].data(), to.trail[which].data()};
  constexpr std::uint32_t blocks_together = 16;  // on a multiprocessor, at most
  const std::uint32_t tiles = (now.walks + kernel::lanes - 1) / kernel::lanes;
  kernels::launch(*on_, walk, {std::min(tiles, blocks_together * on_->multiprocessors()), kernel::lanes, kernel::extra_bytes(words_, generators_)});
}

void device_walks::sample(std::uint64_t first, std::uint64_t count, std::uint32_t length, random_walks::keep kept, std::span<std::uint64_t> states, std::span<std::uint32_t> moves,
                          const run_context& context) const {
  const bool is_wide = generators_ > 256, is_all = kept == random_walks::keep::all;
  const std::size_t step_bytes = (moves.empty() ? 0 : is_wide ? 2 : 1) + (is_all ? 4 * words_ : 0);
  const auto piece = static_cast<std::uint32_t>(std::clamp<std::size_t>(buffer_bytes_ / std::max<std::size_t>(step_bytes * good_batch, 1) / 4 * 4, 4, most_piece));
  const auto longest = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece, (std::uint64_t{length} + 3) / 4 * 4));
  const auto batch = std::min<std::uint64_t>({count, most_batch, std::max<std::uint64_t>(near_walk::lanes, buffer_bytes_ / (longest * step_bytes + 4 * words_ + 4))});
  buffers all;
  for (std::size_t k = 0; k < 2; ++k) {
    if (!moves.empty()) is_wide ? void(all.wide_moves[k] = {*on_, batch * longest / 4}) : void(all.moves[k] = {*on_, batch * longest / 4});
    if (is_all) all.trail[k] = {*on_, batch * longest * words_};
    all.rows[k] = {*on_, batch * words_}, all.last[k] = {*on_, batch};
  }
  all.landing = {*on_, batch * std::max<std::size_t>({is_all ? longest * words_ : 0, words_, moves.empty() ? 0 : longest / (is_wide ? 2 : 4)}), memory_kind::pinned};

  std::optional<job> before;
  std::size_t number = 0, batches = 0;
  const auto finish = [&] {
    if (before) write_down(*before, all, length, states, moves, context);
  };
  for (std::uint64_t begin = 0; begin < count; begin += batch, ++batches) {
    for (std::uint64_t from = 0; from == 0 || from < length; from += piece) {
      context.check();
      const auto steps = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece, length - from));
      const job now{first, begin, static_cast<std::uint32_t>(std::min(batch, count - begin)), static_cast<std::uint32_t>(from), steps, from + steps == length, number++, batches};
      is_near_ ? launch<true>(now, all) : launch<false>(now, all);
      finish();
      on_->wait_for(1, 0);
      before = now;
    }
  }
  finish();
}

void device_walks::write_down(const job& done, buffers& from, std::uint32_t length, std::span<std::uint64_t> states, std::span<std::uint32_t> moves, const run_context& context) const {
  constexpr std::size_t chunk = 64;
  const std::size_t which = done.number % 2, width = centre_.size(), walks = done.walks;
  const bool is_all = from.trail[which].size() > 0;
  parallel_tasks tasks(context.threads);
  auto* const landed = from.landing.data();
  // each(i) for all walks, by chunks, whose words are next to each other.
  const auto each_chunk = [&](const auto& each) {
    tasks.run((walks + chunk - 1) / chunk, walks > chunk, [&](std::size_t task, std::size_t) { each(task * chunk, std::min(walks, (task + 1) * chunk)); });
  };
  const auto put_moves = [&](const auto& array) {
    if (array.size() == 0 || done.steps == 0) return;
    using word = std::remove_pointer_t<decltype(array.data())>;
    constexpr unsigned bits = 2 * sizeof(word);  // of each of its four moves
    auto* const words = reinterpret_cast<word*>(landed);
    on_->download(words, array.data(), (std::size_t{done.steps} + 3) / 4 * walks * sizeof(word), 1);
    each_chunk([&](std::size_t begin, std::size_t end) {
      for (std::uint32_t j = 0; j < done.steps; j += 4) {
        for (std::size_t i = begin; i < end; ++i) {
          auto four = words[j / 4 * walks + i];
          auto* const to = moves.data() + (done.begin + i) * length + done.from + j;
          for (std::uint32_t t = 0; t < std::min(done.steps - j, 4U); ++t, four >>= bits) to[t] = four & ((word{1} << bits) - 1);
        }
      }
    });
  };
  put_moves(from.moves[which]);
  put_moves(from.wide_moves[which]);
  if (is_all) {
    on_->download(landed, from.trail[which].data(), std::size_t{done.steps} * words_ * walks * 4, 1);
    each_chunk([&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        auto* to = states.data() + ((done.begin + i) * (std::size_t{length} + 1) + done.from) * width;
        if (done.from == 0) std::ranges::copy(centre_, to);
        for (std::size_t j = 0; j < done.steps; ++j) {
          to += width;
          for (std::size_t k = 0; k < width; ++k) to[k] = centre_[landed[(j * words_ + k / 4) * walks + i] >> 8 * (k % 4) & 0xff];
        }
      }
    });
  } else if (done.is_last) {
    on_->download(landed, from.rows[done.batch % 2].data(), walks * words_ * 4, 1);
    each_chunk([&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        auto* const to = states.data() + (done.begin + i) * width;
        for (std::size_t k = 0; k < width; ++k) to[k] = centre_[landed[i * words_ + k / 4] >> 8 * (k % 4) & 0xff];
      }
    });
  }
}

}  // namespace cosetta::search
