// The plain engine: breadth-first search with one hash table that holds every state seen, as whole states. It knows
// nothing of packing, partitions or layers that may be forgotten, and is meant to be read, not to be fast.
#include <graphs/implicit_graph.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>
#include <search/last_layer.hpp>

#include <unordered_set>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

/// About what one entry of the hash table takes: the node, the bucket and the state in its own allocation.
std::size_t bytes_per_state(const graphs::graph_definition& graph) {
  return sizeof(graphs::state) + graph.central().size() * sizeof(graph.central()[0]) + 64;
}

class oracle_engine final : public growth_engine {
 public:
  std::string_view name() const noexcept override { return "oracle"; }

  growth_plan plan(const graphs::graph_definition& graph, const growth_options& options,
                   const run_context&) const override {
    if (options.device) throw domain_error("the oracle engine runs on the CPU: use --backend cpu, or another engine");
    if (!options.checkpoint.empty() || !options.resume.empty())
      throw domain_error("the oracle engine keeps no checkpoints: use bucket");
    const std::size_t each = bytes_per_state(graph);
    return {"oracle", fmt::format("oracle: a hash table of all states, about {} bytes each, one thread", each), 0, each,
            true};
  }

  growth_result run(const graphs::graph_definition& graph, const growth_options& options,
                    const run_context& context) const override {
    if (!options.save_distances.empty()) throw domain_error("the oracle engine keeps no table of distances: use --engine tower");
    const auto planned = plan(graph, options, context);
    if (options.planned) options.planned(planned);
    const auto start = std::chrono::steady_clock::now();
    const std::size_t most = context.memory_bytes / bytes_per_state(graph);
    growth_result result;
    result.engine = "oracle";
    result.layers = {1};
    result.bits_per_state = 8.0 * static_cast<double>(bytes_per_state(graph));

    std::unordered_set<graphs::state, graphs::state_hash> seen{graph.central()};
    std::vector<const graphs::state*> current{&*seen.begin()};
    progress report{0, 1, 0, 1, 0, 0, true};
    if (most == 0) result.limit = limit::memory;
    while (result.limit == limit::none && !current.empty()) {
      if (options.max_depth && result.diameter() >= *options.max_depth) {
        result.limit = limit::depth;
        break;
      }
      std::vector<const graphs::state*> next;
      for (std::size_t i = 0; i < current.size() && result.limit == limit::none; ++i) {
        for (std::size_t g = 0; g < graph.generator_count(); ++g) {
          const auto [state, fresh] = seen.insert(graph.apply(g, *current[i]));
          if (fresh) next.push_back(&*state);
        }
        if (context.stop.stop_requested()) result.limit = limit::interrupt;
        if (seen.size() > most) result.limit = limit::memory;
        if (i % 256 == 0 && context.expired()) result.limit = limit::time;
        if (i % 256 == 0 && context.observer) {
          report.expanded = i;
          report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
          report.bytes = seen.size() * bytes_per_state(graph);
          context.observer(report);
          report.layer_complete = false;
        }
      }
      if (result.limit != limit::none || next.empty()) break;
      current = std::move(next);
      result.layers.push_back(current.size());
      report = {result.diameter(), current.size(), 0, result.states(), 0, 0, true};
    }
    finish(result, graph, current, options);
    result.peak_bytes = seen.size() * bytes_per_state(graph);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

 private:
  static void finish(growth_result& result, const graphs::graph_definition& graph,
                     const std::vector<const graphs::state*>& last, const growth_options& options) {
    result.certified = graph.known().vertices == mpz_class(result.states());
    if (result.limit == limit::depth && result.certified) result.limit = limit::none;
    result.status = result.limit == limit::none        ? status::exact
                    : result.limit == limit::interrupt ? status::interrupted
                                                       : status::lower_bound;
    least_states least(options.last_layer);
    if (!options.last_layer_only_whole || last.size() <= options.last_layer) {
      for (const auto* s : last) least.add(*s);
    }
    result.last_layer = std::move(least).take();
  }
};

}  // namespace

std::unique_ptr<growth_engine> make_oracle_engine() {
  return std::make_unique<oracle_engine>();
}

}  // namespace cosetta::search
