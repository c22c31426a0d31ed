// The loop over layers of any bit sweep (bit_sweep.hpp). Internal to search/.
#pragma once

#include <kernels/error.hpp>
#include <search/bit_sweep.hpp>
#include <search/last_layer.hpp>

#include <chrono>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::search {

template <bit_sweep Sweep>
class sweep_run {
 public:
  /// `states`: the proven number of vertices. `record`: where distances are noted down; what it holds is of use when the run
  /// is complete.
  sweep_run(Sweep& sweep, const graphs::state& central, std::uint64_t states, const growth_options& options, const run_context& context,
            distance_record record = {})
      : sweep_(sweep),
        central_(central),
        states_(states),
        options_(options),
        context_(context),
        record_(record),
        tasks_(context.threads),
        sink_([this](std::span<const std::uint64_t> indices) { collect(indices); }) {}

  growth_result run() {
    result_.layers = {1};
    result_.threads = context_.threads;
    result_.kernel = kernels::to_string(options_.instructions.value_or(kernels::best_instruction_set()));
    found_ = {*sweep_.index_of(central_)};
    const auto centre = found_.front();
    if (record_.planes.low != nullptr) record_.planes.mark(centre / 64, std::uint64_t{1} << (centre % 64), 0);
    if (record_.depths != nullptr) record_.depths[centre] = 0;
    while (result_.limit == limit::none) {
      report(true);
      if (result_.states() == states_) break;  // certified: nothing lies beyond
      if (options_.max_depth && result_.diameter() >= *options_.max_depth) {
        result_.limit = limit::depth;
        break;
      }
      last_ = std::move(found_);
      last_complete_ = complete_;
      found_.clear();
      complete_ = options_.last_layer > 0;
      sink_.open(complete_);
      const auto count = sweep_.advance(tasks_, context_, hooks(result_.layers.size()));
      if (!count) {
        result_.limit = context_.stop.stop_requested() ? limit::interrupt : limit::time;
        found_ = std::move(last_);
        complete_ = last_complete_;
        break;
      }
      if (*count == 0) throw error("the layers do not add up to the order of the group: this is a defect, please report it");
      result_.layers.push_back(*count);
    }
    if (result_.states() > states_) throw error("the layers exceed the order of the group: this is a defect, please report it");
    result_.status = result_.limit == limit::none        ? status::exact
                     : result_.limit == limit::interrupt ? status::interrupted
                                                         : status::lower_bound;
    result_.certified = result_.status == status::exact;
    result_.peak_bytes = sweep_.bytes();
    take_last_layer();
    result_.seconds = seconds();
    return std::move(result_);
  }

 private:
  static constexpr std::size_t most_collected = std::size_t{1} << 18;

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  layer_hooks hooks(std::size_t depth) {
    if (record_.depths != nullptr && depth > distance_record::most_depth) {
      if (record_.planes.low == nullptr) {
        throw domain_error(fmt::format("--save-distances: a directed graph with a distance above {}, which is more than a byte holds: close "
                                       "the generators under inversion with --inverse-closed",
                                       distance_record::most_depth));
      }
      record_.depths = nullptr;
    }
    return {options_.last_layer > 0 ? &sink_ : nullptr, record_.planes.low != nullptr ? &record_.planes : nullptr,
            static_cast<unsigned>(depth % 3), record_.depths, static_cast<std::uint8_t>(depth)};
  }

  /// A large layer is not the last one, most likely: it is given up, and found again if it was.
  void collect(std::span<const std::uint64_t> indices) {
    const std::size_t most = options_.last_layer_only_whole ? std::min(options_.last_layer, most_collected) : most_collected;
    if (found_.size() + indices.size() > most) {
      found_.clear();
      complete_ = false;
      sink_.open(false);
      return;
    }
    found_.insert(found_.end(), indices.begin(), indices.end());
  }

  void take_last_layer() {
    if (options_.last_layer == 0) return;
    if (options_.last_layer_only_whole && result_.layers.back() > options_.last_layer) return;
    least_states least(options_.last_layer);
    if (complete_ || result_.layers.size() == 1) {
      for (const auto index : found_) add_states(index, least);
    } else {  // again, and this time every state of the last layer is looked at, within the same limits
      const auto stopped = [&] { return context_.stop.stop_requested() || context_.expired(); };
      result_.last_layer_left_out = true;
      std::uint64_t added = 0;
      index_sink all([&](std::span<const std::uint64_t> indices) {
        for (const auto index : indices) {
          if (++added % 1024 == 0 && stopped()) return;
          add_states(index, least);
        }
      });
      const run_context again{context_.stop, context_.deadline, context_.memory_bytes, context_.threads, {}};
      if (stopped()) return;
      sweep_.reset();
      for (std::size_t depth = 1; depth < result_.layers.size(); ++depth) {
        all.open(depth + 1 == result_.layers.size());
        if (!sweep_.advance(tasks_, again, {&all, nullptr, 0}) || stopped()) return;
      }
      result_.last_layer_left_out = false;
    }
    result_.last_layer = std::move(least).take();
    result_.last_layer.erase(std::unique(result_.last_layer.begin(), result_.last_layer.end()), result_.last_layer.end());
  }
  void add_states(std::uint64_t index, least_states& least) const {
    for (auto& s : sweep_.states_of(index)) least.add(std::move(s));
  }

  void report(bool complete) {
    if (!context_.observer) return;
    progress p;
    p.depth = result_.diameter();
    p.sphere = result_.layers.back();
    p.seen = result_.states();
    p.seconds = seconds();
    p.bytes = sweep_.bytes();
    p.layer_complete = complete;
    context_.observer(p);
  }

  Sweep& sweep_;
  const graphs::state& central_;
  std::uint64_t states_;
  const growth_options& options_;
  const run_context& context_;
  distance_record record_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  parallel_tasks tasks_;
  index_sink sink_;
  std::vector<std::uint64_t> found_, last_;  // indices of the layer that is being made, and of the one before
  bool complete_ = true, last_complete_ = true;
  growth_result result_;
};

}  // namespace cosetta::search
