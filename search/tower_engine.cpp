// Growth over coset towers as an engine: when it applies, what it needs, and the run.
#include <groups/backtrack.hpp>
#include <kernels/error.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_engine.hpp>

#include <array>
#include <map>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using groups::permutation_group;

/// Only the identity fixes the central state.
bool has_trivial_stabilizer(const permutation_group& group, const graphs::graph_definition& graph) {
  if (graph.is_cayley()) return true;
  std::map<std::uint64_t, std::vector<groups::point>> colours;
  for (std::size_t i = 0; i < graph.central().size(); ++i) colours[graph.central()[i]].push_back(static_cast<groups::point>(i));
  auto stabilizer = group;
  for (const auto& [label, points] : colours) stabilizer = groups::set_stabilizer(stabilizer, points);
  return stabilizer.order() == 1;
}

std::string describe(const tower_offer& offer, const std::string& memory) {
  const auto& d = *offer.design;
  return fmt::format("tower: {} states in {} blocks of {} (words of {} of 64 bits), {}, {} symmetr{}, {}", offer.states, d.cosets(),
                     d.fibre->group().size(), d.fibre->used_bits(), to_string(offer.storage), d.symmetries.size(),
                     d.symmetries.size() == 1 ? "y" : "ies", memory);
}

/// What a run that was stopped while its tower was built has to say.
growth_result nothing_but_the_centre(const growth_options& options, const run_context& context) {
  growth_result result;
  result.layers = {1};
  result.threads = context.threads;
  result.kernel = kernels::to_string(options.instructions.value_or(kernels::best_instruction_set()));
  result.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
  result.status = result.limit == limit::interrupt ? status::interrupted : status::lower_bound;
  return result;
}

class tower_engine final : public growth_engine {
 public:
  std::string_view name() const noexcept override { return "tower"; }

  growth_plan plan(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) const override {
    return offer(graph, options, context).plan;
  }

  growth_result run(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) const override {
    try {
      return run_tower(graph, offer(graph, options, context), options, context);
    } catch (const groups::stopped_error&) {
      auto result = nothing_but_the_centre(options, context);
      result.engine = "tower";
      return result;
    }
  }

 private:
  static tower_offer offer(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
    if (!options.checkpoint.empty() || !options.resume.empty()) {
      throw domain_error("the tower engine keeps no checkpoints: use --engine bucket");
    }
    auto offer = offer_tower(graph, options, context);
    if (!offer.design) throw domain_error(fmt::format("{}: no coset tower: {}; use --engine auto", graph.spec(), offer.reason));
    if (offer.bytes > context.memory_bytes) throw resource_error(offer.reason);
    return offer;
  }
};

}  // namespace

std::string format_size(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

tower_offer offer_tower(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  tower_offer offer;
  offer.plan.engine = "tower";
  if (graph.permutations() == nullptr) {
    offer.reason = "its states are no permutations";
    return offer;
  }
  groups::chain_options chain;
  chain.control = {context.stop, context.deadline, {}};
  const permutation_group group(*graph.permutations(), chain);
  if (mpz_sizeinbase(group.order().get_mpz_t(), 2) > 47) {
    offer.reason = fmt::format("its group has more than 2^47 elements ({})", group.order().get_str());
    return offer;
  }
  if (!has_trivial_stabilizer(group, graph)) {
    offer.reason = "more than one element of the group fixes the central state";
    return offer;
  }
  offer.states = group.order().get_ui();
  auto choice = choose_tower(group, {options.symmetry, !options.doubled}, context);
  offer.design = std::move(choice.design);
  offer.reason = std::move(choice.reason);
  if (!offer.design) return offer;
  const auto& d = *offer.design;
  offer.storage = options.doubled ? tower_storage::doubled : d.modulus > 1 ? tower_storage::graded : tower_storage::delayed;
  const double stored = static_cast<double>(d.cosets()) / static_cast<double>(d.symmetries.size());
  const double ball = stored * static_cast<double>(d.fibre->words()) * 8;
  const double factor = offer.storage == tower_storage::doubled ? 2 : offer.storage == tower_storage::delayed ? 1.015 : 1;
  const double tables = static_cast<double>(d.cosets()) * 5 + stored * (6.0 * static_cast<double>(d.generators.size()) + 54);
  offer.bytes = static_cast<std::size_t>(ball * factor + tables);
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = describe(offer, fmt::format("about {}{}, budget {}", format_size(static_cast<double>(offer.bytes)),
                                                offer.storage == tower_storage::delayed ? " and what waits in the pool" : "",
                                                format_size(static_cast<double>(context.memory_bytes))));
  if (offer.bytes > context.memory_bytes) {
    offer.reason = fmt::format("{}: {} states need about {} ({}, {} symmetr{}), the memory budget is {}: raise --memory, or compute a part "
                               "with --engine bucket and --max-depth or --time",
                               graph.spec(), offer.states, format_size(static_cast<double>(offer.bytes)), to_string(offer.storage),
                               d.symmetries.size(), d.symmetries.size() == 1 ? "y" : "ies", format_size(static_cast<double>(context.memory_bytes)));
  }
  return offer;
}

growth_result run_tower(const graphs::graph_definition& graph, tower_offer offer, const growth_options& options, const run_context& context) {
  const auto start = std::chrono::steady_clock::now();
  const auto tower = std::make_shared<const coset_tower>(std::move(*offer.design), context);
  const auto& d = tower->design();
  // What is known only now: blocks that a symmetry maps to themselves, and the pool.
  const std::size_t need = tower_sweep::bytes_for(*tower, offer.storage, context.threads);
  if (need > context.memory_bytes) {
    throw resource_error(fmt::format("{}: {} states need {} as a coset tower ({}), the memory budget is {}: raise --memory, or compute a "
                                     "part with --engine bucket and --max-depth or --time",
                                     graph.spec(), offer.states, format_size(static_cast<double>(need)), to_string(offer.storage),
                                     format_size(static_cast<double>(context.memory_bytes))));
  }
  if (options.planned) {
    offer.plan.fixed_bytes = need;
    offer.design = d;
    offer.plan.text = describe(offer, fmt::format("{} stored blocks, {} patterns, {:.0f} % plain edges, {}", tower->blocks(), tower->patterns(),
                                                  100 * tower->plain_fraction(), format_size(static_cast<double>(need))));
    options.planned(offer.plan);
  }
  tower_sweep sweep(tower, graph.central(), offer.storage, options.instructions.value_or(kernels::best_instruction_set()), context.threads);
  auto result = sweep_run(sweep, graph.central(), offer.states, options, context).run();
  result.engine = "tower";
  result.symmetry = d.symmetries.size();
  result.bits_per_state = 8.0 * static_cast<double>(need - tower->bytes()) / static_cast<double>(offer.states);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::unique_ptr<growth_engine> make_tower_engine() {
  return std::make_unique<tower_engine>();
}

}  // namespace cosetta::search
