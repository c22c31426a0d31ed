// The offer to sweep a Schreier graph over a colour tower.
#include <kernels/error.hpp>
#include <search/colour_choice.hpp>
#include <search/colour_sweep.hpp>
#include <search/recorded_run.hpp>
#include <search/tower_engine.hpp>

#include <chrono>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

std::string describe(const colour_design& d, const std::string& memory) {
  return fmt::format("tower of colours: {} states in {} blocks of {} ({}), in place, delayed, {}", d.states, d.blocks,
                     d.fibre->size(), d.cosets->coarser().pieces.empty() ? fmt::format("{} colours merged to {}", d.cosets->points().labels.size(), d.cosets->classes())
                                                                         : std::string("places of pieces"), memory);
}

/// The ball, what is kept back at least, and the tables.
std::size_t estimated_bytes(const colour_design& d) {
  const auto& points = d.cosets->points();
  const double ball = static_cast<double>(d.blocks * d.fibre->words() * 8);
  const double tables = static_cast<double>(d.blocks) * (static_cast<double>(points.size()) + 6.0 * static_cast<double>(points.generators.size()) + 30);
  return static_cast<std::size_t>(1.03 * ball + tables) + d.table_bytes;
}

std::size_t needed_bytes(const colour_tower& tower, const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  std::size_t need = colour_sweep::bytes_for(tower, context.threads);
  if (!options.save_distances.empty()) need += distance_store::bytes_for_index(graph, tower.design().states, tower.index_size());
  return need;
}

growth_result run_colours(const graphs::graph_definition& graph, const colour_design& design, const growth_options& options,
                          const run_context& context) {
  const auto start = std::chrono::steady_clock::now();
  const auto instructions = options.instructions.value_or(kernels::best_instruction_set());
  const auto tower = std::make_shared<const colour_tower>(design, kernels::bit_move_kernels_for(instructions).forms, context.memory_bytes / 2, context);
  const std::size_t need = needed_bytes(*tower, graph, options, context);
  if (need > context.memory_bytes) throw resource_error(too_large(graph, design.states, need, "tower of colours", context.memory_bytes));
  if (options.planned) {
    growth_plan plan;
    plan.engine = "tower";
    plan.fixed_bytes = need;
    plan.text = describe(design, fmt::format("{} patterns, {:.0f} % plain edges, {}", tower->patterns(), 100 * tower->plain_fraction(), format_size(need)));
    options.planned(plan);
  }
  auto distances = make_store(graph, design.states, tower->index_size(), options);
  colour_sweep sweep(tower, graph.central(), instructions, context.threads);
  auto result = run_recorded(sweep, graph, design.states, options, context, distances.get(), [&] { return layout_of(graph, *tower); });
  result.swept_bytes = sweep.swept_bytes();
  result.bits_per_state = 8.0 * static_cast<double>(sweep.bytes() - tower->bytes()) / static_cast<double>(design.states);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

constexpr std::uint64_t most_blocks_for_a_figure = std::uint64_t{1} << 19;

sweep_offer offer_colours(const groups::permutation_group& group, const graphs::graph_definition& graph, const growth_options& options,
                          const run_context& context) {
  sweep_offer offer;
  auto choice = choose_colours(group, graph, options.instructions.value_or(kernels::best_instruction_set()), !options.save_distances.empty(), context);
  offer.states = choice.states;
  offer.reason = std::move(choice.reason);
  if (!choice.design) return offer;
  const auto design = std::make_shared<const colour_design>(std::move(*choice.design));
  offer.bytes = estimated_bytes(*design);
  add_distances(offer, graph, 64 * design->blocks * design->fibre->words(), options);
  offer.plan.engine = "tower";
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = describe(*design, fmt::format("about {}, budget {}", format_size(offer.bytes), format_size(context.memory_bytes, std::floor)));
  if (offer.bytes > context.memory_bytes && design->blocks <= most_blocks_for_a_figure) {  // its figure is to suffice
    const auto instructions = options.instructions.value_or(kernels::best_instruction_set());
    const colour_tower tower(*design, kernels::bit_move_kernels_for(instructions).forms, std::size_t{1} << 34, context);
    offer.bytes = needed_bytes(tower, graph, options, context);
  }
  if (offer.bytes > context.memory_bytes) offer.reason = too_large(graph, offer.states, offer.bytes, "tower of colours", context.memory_bytes);
  offer.run = [&graph, &options, &context, design] { return run_colours(graph, *design, options, context); };
  return offer;
}

}  // namespace cosetta::search
