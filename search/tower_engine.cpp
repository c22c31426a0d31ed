// Growth over coset towers as an engine: when it applies, what it needs, and the run.
#include <groups/backtrack.hpp>
#include <kernels/error.hpp>
#include <search/distance_table.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
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

/// What is kept for a table of distances.
class distance_store {
 public:
  /// Residues where neighbours tell which way is down, a byte a state otherwise and where that is little.
  static bool keeps_residues(const graphs::graph_definition& graph) { return graph.is_inverse_closed(); }
  static bool keeps_depths(const graphs::graph_definition& graph, std::uint64_t states) {
    return !graph.is_inverse_closed() || states <= std::uint64_t{1} << 24;
  }
  static double bytes_for_index(const graphs::graph_definition& graph, std::uint64_t states, double index_size) {
    return (keeps_residues(graph) ? index_size / 4 : 0) + (keeps_depths(graph, states) ? index_size : 0);
  }

  distance_store(const graphs::graph_definition& graph, std::uint64_t states, std::uint64_t index_size, const growth_options& options)
      : writer_(options.save_distances), words_(index_size / 64) {
    if (keeps_residues(graph)) fill(planes_, 2 * words_);
    if (keeps_depths(graph, states)) fill(depths_, 8 * words_);
  }
  std::size_t bytes() const noexcept { return planes_.bytes() + depths_.bytes(); }
  distance_record record() const {
    distance_record r;
    if (planes_.size() > 0) r.planes = {planes_.data(), planes_.data() + words_};
    if (depths_.size() > 0) r.depths = reinterpret_cast<std::uint8_t*>(depths_.data());
    return r;
  }
  void finish(const graphs::graph_definition& graph, const coset_tower& tower, const growth_options& options, const growth_result& result) {
    const bool bytes = depths_.size() > 0 && result.diameter() <= distance_record::most_depth;
    writer_.finish(graph, {tower, options.symmetry, options.doubled, result.layers,
                           bytes ? distance_table::kind::depths : distance_table::kind::residues, bytes ? depths_.data() : planes_.data()});
  }

 private:
  static void fill(kernels::word_array& array, std::size_t words) {
    array = kernels::word_array(words);
    std::fill_n(array.data(), words, ~std::uint64_t{0});
  }

  distance_table_writer writer_;
  std::size_t words_;
  kernels::word_array planes_, depths_;
};

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
    if (!offer.design && !options.save_distances.empty()) {
      throw domain_error(fmt::format("{}: --save-distances needs a coset tower, and there is none: {}", graph.spec(), offer.reason));
    }
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
  double distances = 0;
  if (!options.save_distances.empty()) {
    if (!graph.is_inverse_closed() && offer.states > std::uint64_t{1} << 33) {
      throw domain_error(fmt::format("{}: --save-distances keeps a byte for each state of a directed graph, and {} states are more than 2^33: "
                                     "close the generators under inversion with --inverse-closed",
                                     graph.spec(), offer.states));
    }
    distances = distance_store::bytes_for_index(graph, offer.states, 8 * ball);
  }
  const double tables = static_cast<double>(d.cosets()) * 5 + stored * (6.0 * static_cast<double>(d.generators.size()) + 54);
  offer.bytes = static_cast<std::size_t>(ball * factor + tables + distances);
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
  const std::uint64_t index_size = 64 * static_cast<std::uint64_t>(tower->blocks()) * tower->words();
  std::size_t need = tower_sweep::bytes_for(*tower, offer.storage, context.threads);
  if (!options.save_distances.empty()) {
    need += static_cast<std::size_t>(distance_store::bytes_for_index(graph, offer.states, static_cast<double>(index_size)));
  }
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
  std::optional<distance_store> distances;
  if (!options.save_distances.empty()) distances.emplace(graph, offer.states, index_size, options);
  auto result = sweep_run(sweep, graph.central(), offer.states, options, context, distances ? distances->record() : distance_record{}).run();
  if (distances) {
    result.peak_bytes += distances->bytes();
    if (result.status == status::exact) {
      distances->finish(graph, *tower, options, result);
      result.distances = options.save_distances;
    }
  }
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
