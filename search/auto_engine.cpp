// The engine that picks the engine. A whole group whose bits fit the memory budget is swept as a coset tower; small graphs,
// small balls and everything else go to the hash-partitioned frontier, and the plan says why.
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
    std::string reason;
    if (const auto offer = tower(graph, options, context, reason)) return offer->plan;
    return with_reason(make_bucket_engine()->plan(graph, options, context), reason);
  }

  growth_result run(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) const override {
    if (!options.save_distances.empty()) return make_tower_engine()->run(graph, options, context);
    std::string reason;
    if (auto offer = tower(graph, options, context, reason)) {
      try {
        return run_tower(graph, std::move(*offer), options, context);
      } catch (const groups::stopped_error&) {
        reason = "the time limit came before a tower was built";
      } catch (const domain_error& e) {
        reason = e.what();
      } catch (const resource_error& e) {  // more than was estimated
        if (!options.max_depth && !context.deadline) throw;
        reason = e.what();
      }
    }
    auto with_note = options;
    if (options.planned) with_note.planned = [&](const growth_plan& plan) { options.planned(with_reason(plan, reason)); };
    return make_bucket_engine()->run(graph, with_note, context);
  }

 private:
  static growth_plan with_reason(growth_plan plan, const std::string& reason) {
    if (!reason.empty()) plan.text += fmt::format("; not a tower: {}", reason);
    return plan;
  }

  static std::optional<tower_offer> tower(const graphs::graph_definition& graph, const growth_options& options,
                                          const run_context& context, std::string& reason) {
    if (!options.checkpoint.empty() || !options.resume.empty()) {
      reason = "towers keep no checkpoints";
      return std::nullopt;
    }
    const auto* set = graph.permutations();
    if (set == nullptr || graph.degree() > 4096) return std::nullopt;
    const double within = options.max_depth ? ball_bound(graph, *options.max_depth) : 1e18;
    if (within < least_tower) return std::nullopt;
    try {
      groups::chain_options chain;
      chain.control = {context.stop, context.deadline, {}};
      const groups::permutation_group group(*set, chain);
      const double order = group.order().get_d();
      if (order < least_tower) return std::nullopt;
      if (within < order / tower_advantage) {
        reason = "the depth limit leaves a small part of the group";
        return std::nullopt;
      }
      auto offer = offer_tower(graph, options, context);
      if (!offer.design) {
        reason = offer.reason;
        return std::nullopt;
      }
      if (offer.bytes <= context.memory_bytes) return offer;
      reason = offer.reason;
      // Nothing else holds a whole group in less: without a limit there is no point in starting.
      if (!options.max_depth && !context.deadline) throw resource_error(offer.reason);
    } catch (const groups::stopped_error&) {
      reason = "the time limit came before its order was known";
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<growth_engine> make_auto_engine() {
  return std::make_unique<auto_engine>();
}

}  // namespace cosetta::search
