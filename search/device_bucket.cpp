#include <kernels/error.hpp>
#include <search/device_bucket.hpp>
#include <search/device_frontier.hpp>
#include <search/last_layer.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

template <unsigned W>
class device_run {
 public:
  device_run(const graphs::graph_definition& definition, const packed_graph& graph, const growth_options& options, const run_context& context,
             kernels::backend& on, const device_bucket_tuning& tuning)
      : definition_(definition),
        graph_(graph),
        options_(options),
        context_(context),
        on_(on),
        frontier_(on, graph, budget(context, on, tuning), tuning) {}

  growth_result run() {
    if (options_.planned) options_.planned(plan());
    frontier_.start(graph_.pack(definition_.central()).data());
    result_.layers = {1};
    while (result_.limit == limit::none) {
      report(0, true);
      if (options_.max_depth && result_.diameter() >= *options_.max_depth) {
        result_.limit = limit::depth;
      } else if (!is_halted() && !expand()) {
        break;
      }
    }
    return finish();
  }

 private:
  using outcome = typename device_frontier<W>::outcome;

  static std::size_t budget(const run_context& context, const kernels::backend& on, const device_bucket_tuning& tuning) {
    return std::min(context.memory_bytes, static_cast<std::size_t>(tuning.memory_share * static_cast<double>(on.free_bytes())));
  }

  growth_plan plan() const {
    growth_plan out{"bucket", "", frontier_.fixed_bytes(), W * 8, !graph_.is_inverse_closed()};
    out.text = fmt::format("bucket on {}: {} of {} bits a state; keeps {}; {} bytes of fixed buffers, {} for layers and images", on_.name(), graph_.bits(), W * 64,
                           out.keeps_all_layers ? "all layers (directed)" : "three layers", out.fixed_bytes, frontier_.ring_bytes());
    return out;
  }

  bool is_halted() {
    if (context_.expired()) result_.limit = limit::time;
    if (context_.stop.stop_requested()) result_.limit = limit::interrupt;
    return result_.limit != limit::none;
  }

  /// The next layer; false when there is none.
  bool expand() {
    const auto how = frontier_.advance([&](std::uint64_t expanded) {
      report(expanded, false);
      return !is_halted();
    });
    if (how == outcome::complete) return false;
    if (how == outcome::full) result_.limit = limit::memory;
    if (how == outcome::grown) result_.layers.push_back(frontier_.current_count());
    return true;
  }

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  void report(std::uint64_t expanded, bool layer_complete) const {
    if (!context_.observer) return;
    context_.observer({result_.diameter(), result_.layers.back(), expanded, result_.states(), seconds(), frontier_.peak_bytes(), layer_complete});
  }

  growth_result finish() {
    result_.certified = definition_.known().vertices == mpz_class(result_.states());
    if (result_.limit == limit::depth && result_.certified) result_.limit = limit::none;
    result_.status = result_.limit == limit::none        ? status::exact
                     : result_.limit == limit::interrupt ? status::interrupted
                                                         : status::lower_bound;
    if (options_.last_layer > 0 && !(options_.last_layer_only_whole && result_.layers.back() > options_.last_layer)) {
      least_states least(options_.last_layer);
      frontier_.for_each_current([&](const std::uint64_t* state) {
        least.add(graph_.unpack(state));
        return true;
      });
      result_.last_layer = std::move(least).take();
    }
    result_.engine = "bucket";
    result_.backend = on_.name();
    result_.kernel = on_.device();
    result_.bits_per_state = 64.0 * W;
    result_.peak_bytes = frontier_.peak_bytes();
    result_.seconds = seconds();
    return std::move(result_);
  }

  const graphs::graph_definition& definition_;
  const packed_graph& graph_;
  const growth_options& options_;
  const run_context& context_;
  kernels::backend& on_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  device_frontier<W> frontier_;
  growth_result result_;
};

}  // namespace

growth_result grow_on_device(const graphs::graph_definition& graph, const growth_options& options, const run_context& context, kernels::backend& on,
                             const device_bucket_tuning& tuning) {
  const auto refuse = [&](const char* what) { return domain_error(fmt::format("{} is not for backend {}: use --backend cpu", what, on.name())); };
  if (!options.checkpoint.empty()) throw refuse("--checkpoint");
  if (!options.resume.empty()) throw refuse("--resume");
  if (!options.save_distances.empty()) throw refuse("--save-distances");
  const packed_graph packed(graph, options.max_depth);
  const auto lease = on.lease();
  switch (packed.words()) {
    case 1: return device_run<1>(graph, packed, options, context, on, tuning).run();
    case 2: return device_run<2>(graph, packed, options, context, on, tuning).run();
    case 3: return device_run<3>(graph, packed, options, context, on, tuning).run();
    case 4: return device_run<4>(graph, packed, options, context, on, tuning).run();
    default:
      throw domain_error(fmt::format("{}: a state takes {} words of 64 bits, backend {} has at most 4: use --backend cpu", graph.spec(), packed.words(), on.name()));
  }
}

}  // namespace cosetta::search
