// The engine that picks the engine. A whole group whose bits fit the memory budget is swept as a coset tower; small graphs,
// small balls and everything else go to the hash-partitioned frontier, and the plan says why.
#include <groups/chain_options.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>
#include <search/tower_engine.hpp>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

/// Below this the frontier is done before a tower is chosen.
constexpr double least_tower = 2e5;
/// A tower touches all states, 64 at a time, where the frontier touches those that it finds, one at a time.
constexpr double tower_advantage = 40;

std::string_view what_stopped(const run_context& context) {
  return context.stop.stop_requested() ? "an interrupt" : "the time limit";
}

/// At least the states within the depth limit.
double ball_bound(const graphs::graph_definition& graph, std::uint64_t depth) {
  const auto d = static_cast<double>(graph.generator_count());
  const double branches = graph.is_inverse_closed() ? d - 1 : d;
  double sphere = d, ball = 1;
  for (std::uint64_t i = 0; i < depth && ball < 1e18; ++i, sphere *= branches) ball += sphere;
  return ball;
}

class auto_engine final : public growth_engine {
 public:
  std::string_view name() const noexcept override { return "auto"; }

  growth_plan plan(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) const override {
    if (!options.save_distances.empty()) return make_tower_engine()->plan(graph, options, context);
    const auto offer = choose(graph, options, context);
    return offer ? offer.plan : with_reason(make_bucket_engine()->plan(graph, options, context), offer.reason);
  }

  growth_result run(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) const override {
    if (!options.save_distances.empty()) return make_tower_engine()->run(graph, options, context);
    auto offer = choose(graph, options, context);
    if (offer) {
      try {
        return offer.run();
      } catch (const groups::stopped_error&) {
        offer.reason = fmt::format("{} came before its index was built", what_stopped(context));
      } catch (const domain_error& e) {  // more patterns than a tower can number
        offer.reason = e.what();
      } catch (const resource_error& e) {  // more than was estimated
        if (!options.max_depth && !context.deadline) throw;
        offer.reason = e.what();
      }
    }
    auto with_note = options;
    with_note.planned = [&](const growth_plan& plan) {  // and the plan is made: it refuses what is hopeless
      if (options.planned) options.planned(with_reason(plan, offer.reason));
    };
    return make_bucket_engine()->run(graph, with_note, context);
  }

 private:
  static growth_plan with_reason(growth_plan plan, const std::string& reason) {
    if (!reason.empty()) plan.text += fmt::format("; no tower: {}", reason);
    return plan;
  }

  /// An offer that is worth taking, or none and the reason.
  static sweep_offer choose(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
    sweep_offer none;
    if (!options.checkpoint.empty() || !options.resume.empty()) {
      none.reason = "towers keep no checkpoints";
      return none;
    }
    const double within = options.max_depth ? ball_bound(graph, *options.max_depth) : 1e18;
    if (within < least_tower) return none;
    try {
      const double states = proven_states(graph, context);
      if (states != 0 && states < least_tower) return none;
      if (graph.is_cayley() && within < states / tower_advantage) {
        none.reason = "the depth limit leaves a small part of the graph";
        return none;
      }
      auto offer = offer_sweep(graph, options, context);
      if (offer && static_cast<double>(offer.states) < least_tower) return none;
      if (offer && within < static_cast<double>(offer.states) / tower_advantage) {
        none.reason = "the depth limit leaves a small part of the graph";
        return none;
      }
      if (!offer || offer.bytes <= context.memory_bytes) return offer;
      // Nothing else holds a whole group in less: without a limit there is no point in starting.
      if (!options.max_depth && !context.deadline) throw resource_error(offer.reason);
      none.reason = std::move(offer.reason);
    } catch (const groups::stopped_error&) {
      none.reason = fmt::format("{} came before the order was known", what_stopped(context));
    }
    return none;
  }
};

}  // namespace

std::unique_ptr<growth_engine> make_auto_engine() {
  return std::make_unique<auto_engine>();
}

}  // namespace cosetta::search
