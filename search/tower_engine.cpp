// Growth by sweeps as an engine: when they apply, what they need, and the run.
#include <groups/backtrack.hpp>
#include <kernels/error.hpp>
#include <search/device_sweep.hpp>
#include <search/fibre_sweep.hpp>
#include <search/listed_sweep.hpp>
#include <search/recorded_run.hpp>
#include <search/split_sweep.hpp>
#include <search/state_numbering.hpp>
#include <search/tower_choice.hpp>
#include <search/tower_engine.hpp>
#include <search/tower_sweep.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace cosetta::search {

using groups::permutation_group;

std::string format_size(std::size_t bytes, double (*round)(double)) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit) size /= 1024;
  return fmt::format("{:.{}f} {}", round(10 * size) / 10, unit == 0 ? 0 : 1, units[unit]);
}

std::string too_large(const graphs::graph_definition& graph, std::uint64_t states, std::size_t bytes, const std::string& how, std::size_t budget) {
  return fmt::format("{}: {} states need {} ({}), the memory budget is {}: raise --memory, or compute a part with --engine bucket and "
                     "--max-depth or --time",
                     graph.spec(), states, format_size(bytes), how, format_size(budget, std::floor));
}

namespace {

groups::chain_options options_for(const run_context& context) {
  groups::chain_options options;
  options.control = {context.stop, context.deadline, {}};
  return options;
}

kernels::instruction_set instructions_of(const growth_options& options) {
  return options.instructions.value_or(kernels::best_instruction_set());
}

// ------------------------------------------------------------------------------------------------- permutation groups

/// Only the identity fixes the central state.
bool has_trivial_stabilizer(const permutation_group& group, const graphs::graph_definition& graph) {
  if (graph.is_cayley()) return true;
  std::map<std::uint64_t, std::vector<groups::point>> colours;  // of the points that move
  std::size_t moved = 0;
  for (std::size_t i = 0; i < graph.central().size(); ++i) {
    const auto p = static_cast<groups::point>(i);
    if (std::ranges::all_of(group.generators(), [p](const auto& g) { return g[p] == p; })) continue;
    colours[graph.central()[i]].push_back(p);
    ++moved;
  }
  if (colours.size() == moved) return true;
  // A symmetric group exchanges two equal labels; an alternating one needs two such pairs, or three labels.
  if (const auto& giant = group.giant()) return giant->alternating && colours.size() + 1 == moved;
  auto stabilizer = group;
  for (const auto& [label, points] : colours) stabilizer = groups::set_stabilizer(stabilizer, points);
  return stabilizer.order() == 1;
}

/// "vectors of 8 words, in place, graded, 2 symmetries"
std::string manner(const tower_design& d, tower_storage storage) {
  return fmt::format("{}{}, {} symmetr{}", d.lanes ? "vectors of 8 words, " : "", to_string(storage), d.symmetries.size(),
                     d.symmetries.size() == 1 ? "y" : "ies");
}

std::string describe(const tower_design& d, tower_storage storage, std::uint64_t states, const std::string& memory) {
  return fmt::format("tower: {} states in {} blocks of {} (words of {} of 64 bits), {}, {}", states, d.cosets(), d.fibre->group().size(),
                     d.fibre->used_bits(), manner(d, storage), memory);
}

/// From so many states on it pays to look for a device: fewer take seconds on the CPU.
constexpr std::uint64_t least_for_a_device = std::uint64_t{1} << 32;

double stored_cosets(const tower_design& d) { return static_cast<double>(d.cosets()) / static_cast<double>(d.symmetries.size()); }

/// The ball, and what is kept back at least.
double estimated_ball(const tower_design& d, tower_storage storage) {
  const double factor = storage == tower_storage::doubled ? 2 : storage == tower_storage::delayed ? 1.015 : 1;
  return stored_cosets(d) * static_cast<double>(d.fibre->words()) * 8 * factor;
}

double estimated_tables(const tower_design& d) {
  return static_cast<double>(d.cosets()) * 5 + stored_cosets(d) * (6.0 * static_cast<double>(d.generators.size()) + 40);
}

std::size_t estimated_bytes(const tower_design& d, tower_storage storage) {
  return static_cast<std::size_t>(estimated_ball(d, storage) + estimated_tables(d));
}

/// What is known only of the tower itself: blocks that a symmetry maps to themselves, and how many are kept back.
std::size_t needed_bytes(const coset_tower& tower, tower_storage storage, const graphs::graph_definition& graph, std::uint64_t states,
                         const growth_options& options, const run_context& context) {
  std::size_t need = tower.bytes() + schedule_for(tower, storage, context.threads).bytes(storage, context.threads);
  if (!options.save_distances.empty()) need += distance_store::bytes_for_index(graph, states, tower.index_size());
  return need;
}

growth_result run_tower(const graphs::graph_definition& graph, const tower_design& design, tower_storage storage, std::uint64_t states,
                        const growth_options& options, const run_context& context) {
  const auto start = std::chrono::steady_clock::now();
  const auto tower = std::make_shared<const coset_tower>(design, context);
  const std::size_t need = needed_bytes(*tower, storage, graph, states, options, context);
  if (need > context.memory_bytes) throw resource_error(too_large(graph, states, need, manner(design, storage), context.memory_bytes));
  if (options.planned) {
    growth_plan plan;
    plan.engine = "tower";
    plan.fixed_bytes = need;
    plan.text = describe(design, storage, states, fmt::format("{} stored blocks, {} patterns, {:.0f} % plain edges, {}", tower->blocks(),
                                                              tower->patterns(), 100 * tower->plain_fraction(), format_size(need)));
    options.planned(plan);
  }
  auto distances = make_store(graph, states, tower->index_size(), options);
  tower_sweep sweep(tower, graph.central(), storage, instructions_of(options), context.threads);
  auto result = run_recorded(sweep, graph, states, options, context, distances.get(), [&] { return layout_of(*tower, options); });
  result.symmetry = design.symmetries.size();
  result.swept_bytes = sweep.swept_bytes();
  result.bits_per_state = 8.0 * static_cast<double>(sweep.bytes() - tower->bytes()) / static_cast<double>(states);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// Of a device's free memory, which other programs and the driver need as well; and no more than of the host.
std::size_t room_on(const kernels::backend& on, const run_context& context) {
  return std::min(static_cast<std::size_t>(0.95 * static_cast<double>(on.free_bytes())), context.memory_bytes);
}

/// Where the ball would lie, by estimates.
enum class device_fit { near, far, not_at_all };
device_fit fit_on(const kernels::backend& on, const tower_design& d, tower_storage storage, const run_context& context) {
  const auto lease = on.lease();  // what another growth has taken is free again
  const double tables = estimated_tables(d), ball = estimated_ball(d, storage), room = static_cast<double>(room_on(on, context)), host = static_cast<double>(context.memory_bytes);
  if (tables > room || tables > host || ball + tables > room + (host - tables)) return device_fit::not_at_all;
  return ball + tables <= room ? device_fit::near : device_fit::far;
}

growth_result run_tower_on_device(const graphs::graph_definition& graph, const tower_design& design, tower_storage storage, std::uint64_t states,
                                  const growth_options& options, const run_context& context, const std::shared_ptr<kernels::backend>& device) {
  const auto start = std::chrono::steady_clock::now();
  auto& on = *device;
  const auto tower = std::make_shared<const coset_tower>(design, context);
  if (tower->bytes() > context.memory_bytes) throw resource_error(too_large(graph, states, tower->bytes(), "tables of the tower", context.memory_bytes));
  const auto lease = on.lease();
  const auto plan = plan_device(*tower, storage, on, {room_on(on, context), context.memory_bytes - tower->bytes(), {}});
  if (options.planned) {
    growth_plan told;
    told.engine = "tower";
    told.fixed_bytes = plan.device_bytes + plan.pinned_bytes;
    told.text = describe(design, storage, states, fmt::format("{} stored blocks, {} patterns, {:.0f} % plain edges; {}: {}", tower->blocks(), tower->patterns(),
                                                              100 * tower->plain_fraction(), on.device(), plan.text()));
    options.planned(told);
  }
  device_sweep sweep(tower, graph.central(), plan, device);
  auto result = sweep_run(sweep, graph.central(), states, options, context).run();
  result.engine = "tower";
  result.backend = on.name();
  result.kernel = on.device();
  result.symmetry = design.symmetries.size();
  result.swept_bytes = sweep.swept_bytes();
  result.bits_per_state = 8.0 * static_cast<double>((plan.near_slots + plan.far_slots) * 8 * tower->block_words()) / static_cast<double>(states);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// On the device that was asked for, or not at all.
sweep_offer offer_on_device(sweep_offer offer, const graphs::graph_definition& graph, const growth_options& options, const run_context& context,
                            const std::shared_ptr<const tower_design>& design, tower_storage storage) {
  if (options.doubled || !options.save_distances.empty()) {
    throw domain_error(fmt::format("{} not on a device: use --backend cpu", options.doubled ? "two buffers are" : "--save-distances is"));
  }
  if (fit_on(*options.device, *design, storage, context) == device_fit::not_at_all) {
    offer.reason = fmt::format("{}; {} has {} free", too_large(graph, offer.states, offer.bytes, manner(*design, storage), context.memory_bytes), options.device->device(),
                               format_size(options.device->free_bytes(), std::floor));
    offer.bytes = std::max(offer.bytes, context.memory_bytes + 1);
  } else {
    offer.bytes = 0;  // the exact figures are looked at when the tower is there
  }
  offer.run = [&graph, &options, &context, design, storage, states = offer.states] {
    return run_tower_on_device(graph, *design, storage, states, options, context, options.device);
  };
  return offer;
}

/// On a device if one is there and has room for the whole ball; what fails there is done by the CPU, if it can.
sweep_offer prefer_device(sweep_offer offer, const graphs::graph_definition& graph, const growth_options& options, const run_context& context,
                          const std::shared_ptr<const tower_design>& design, tower_storage storage) {
  const auto device = options.find_device();
  if (!device || fit_on(*device, *design, storage, context) != device_fit::near) return offer;
  const bool cpu_can = offer.bytes <= context.memory_bytes;
  offer.run = [&graph, &options, &context, design, storage, states = offer.states, device, cpu_can, on_cpu = std::move(offer.run)] {
    try {
      return run_tower_on_device(graph, *design, storage, states, options, context, device);
    } catch (const groups::stopped_error&) {
      throw;
    } catch (const error&) {  // more generators than its kernels take, memory that somebody else has taken, a device that fails
      if (!cpu_can) throw;
    }
    return on_cpu();
  };
  offer.bytes = 0, offer.reason.clear();
  return offer;
}

constexpr std::uint64_t most_cosets_for_a_figure = std::uint64_t{1} << 22;

sweep_offer offer_tower(const permutation_group& group, const graphs::graph_definition& graph, const growth_options& options,
                        const run_context& context) {
  sweep_offer offer;
  if (mpz_sizeinbase(group.order().get_mpz_t(), 2) > 47) {
    offer.reason = fmt::format("its group has more than 2^47 elements ({})", group.order().get_str());
    return offer;
  }
  offer.states = group.order().get_ui();
  auto choice = choose_tower(group, {options.symmetry, !options.doubled, options.layout}, context);
  offer.reason = std::move(choice.reason);
  if (!choice.design) return offer;
  const auto design = std::make_shared<const tower_design>(std::move(*choice.design));
  const auto storage = options.doubled ? tower_storage::doubled : design->modulus > 1 ? tower_storage::graded : tower_storage::delayed;
  offer.bytes = estimated_bytes(*design, storage);
  add_distances(offer, graph, 64 * design->cosets() * design->fibre->words() / design->symmetries.size(), options);  // about
  offer.plan.engine = "tower";
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = describe(*design, storage, offer.states,
                             fmt::format("about {}, budget {}", format_size(offer.bytes), format_size(context.memory_bytes, std::floor)));
  if (options.device) return offer_on_device(std::move(offer), graph, options, context, design, storage);
  if (offer.bytes > context.memory_bytes) {
    // The figure of a refusal is to suffice, so the tables are built where that is soon done.
    if (design->cosets() <= most_cosets_for_a_figure) {
      try {
        offer.bytes = needed_bytes(coset_tower(*design, context), storage, graph, offer.states, options, context);
      } catch (const domain_error&) {  // as the run will say
      }
    }
    if (offer.bytes > context.memory_bytes) {
      offer.reason = too_large(graph, offer.states, offer.bytes, manner(*design, storage), context.memory_bytes);
    }
  }
  offer.run = [&graph, &options, &context, design, storage, states = offer.states] {
    return run_tower(graph, *design, storage, states, options, context);
  };
  if (offer.states < least_for_a_device || !options.find_device || options.doubled || !options.save_distances.empty()) return offer;
  return prefer_device(std::move(offer), graph, options, context, design, storage);
}

// -------------------------------------------------------------------------------------------------- two-colour patterns

/// The arrangements that the group reaches: its order over that of the stabilizer.
std::uint64_t reached_arrangements(const graphs::graph_definition& graph, const split_plan& plan, const run_context& context) {
  const permutation_group group(*graph.permutations(), options_for(context));
  std::vector<groups::point> ones;
  for (const auto p : plan.positions) {
    if (graph.central()[p] == plan.labels.one) ones.push_back(p);
  }
  return mpz_class(group.order() / groups::set_stabilizer(group, ones).order()).get_ui();
}

sweep_offer offer_split(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  sweep_offer offer;
  auto found = plan_split(graph, {options.instructions, context.threads}, &offer.reason);
  if (!found) return offer;
  const auto plan = std::make_shared<const split_plan>(std::move(*found));
  offer.states = reached_arrangements(graph, *plan, context);
  offer.bytes = plan->bytes();
  add_distances(offer, graph, plan->index_size(), options);
  offer.plan.engine = "tower";
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = "tower: " + plan->text;
  if (offer.bytes > context.memory_bytes) offer.reason = too_large(graph, offer.states, offer.bytes, "split index, two buffers", context.memory_bytes);
  if (offer.states < plan->states / 16) {
    offer.reason = fmt::format("the group reaches {} of {} arrangements only", offer.states, plan->states);
    return offer;
  }
  offer.run = [&graph, &options, &context, plan, text = offer.plan, states = offer.states] {
    const auto start = std::chrono::steady_clock::now();
    if (options.planned) options.planned(text);
    auto distances = make_store(graph, states, plan->index_size(), options);
    split_sweep sweep(graph, *plan);
    auto result = run_recorded(sweep, graph, states, options, context, distances.get(), [&] { return layout_of(graph, sweep.numbering()); });
    result.bits_per_state = 8.0 * static_cast<double>(plan->buffer_bytes) / static_cast<double>(states);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  };
  return offer;
}

// ------------------------------------------------------------------------------------------------------ matrix groups

/// Shorter rows take more memory for tables than for states, and are no faster than the frontier.
constexpr std::uint32_t least_row = 24;

sweep_offer offer_fibres(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  sweep_offer offer;
  const auto found = plan_fibre(graph, context, options.doubled);
  if (!found) {
    offer.reason = "no group of transvections to sweep over was found";
    return offer;
  }
  offer.states = found->states;
  if (found->row_length < least_row && options.save_distances.empty()) {
    offer.reason = fmt::format("its rows would have {} states only", found->row_length);
    return offer;
  }
  offer.bytes = found->bytes;
  add_distances(offer, graph, found->index_size(), options);
  offer.plan.engine = "tower";
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = fmt::format("tower: {}, about {} or more, budget {}", found->text, format_size(offer.bytes), format_size(context.memory_bytes, std::floor));
  if (offer.bytes > context.memory_bytes) offer.reason = too_large(graph, offer.states, offer.bytes, "rows of transvections", context.memory_bytes);
  const auto plan = std::make_shared<const fibre_plan>(*found);
  offer.run = [&graph, &options, &context, plan, text = offer.plan] {
    const auto start = std::chrono::steady_clock::now();
    auto distances = make_store(graph, plan->states, plan->index_size(), options);
    auto sweep = fibre_sweep::make(graph, *plan, context, instructions_of(options));
    if (!sweep) throw groups::stopped_error("stopped");
    // What is known only now: how many rows are kept.
    const std::size_t need = sweep->bytes() + (distances ? distances->bytes() : 0);
    const double bits = 8.0 * static_cast<double>(sweep->bytes()) / static_cast<double>(plan->states);
    const auto storage = to_string(sweep->storage());
    if (need > context.memory_bytes) {
      throw resource_error(too_large(graph, plan->states, need, fmt::format("rows of transvections, {}", storage), context.memory_bytes));
    }
    if (options.planned) {
      auto exact = text;
      exact.fixed_bytes = need;
      exact.text = fmt::format("tower: {}, {}, {} rows kept at most, {:.2f} bits a state with tables, {}", plan->text, storage, sweep->spare_rows(), bits,
                               format_size(need));
      options.planned(exact);
    }
    auto result = run_recorded(*sweep, graph, plan->states, options, context, distances.get(), [&] { return layout_of(graph, sweep->numbering()); });
    result.bits_per_state = bits;
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  };
  return offer;
}

// ------------------------------------------------------------------------------------------- few states, whatever they are

/// Only where a table of distances is wanted and nothing else numbers the states.
sweep_offer offer_list(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  sweep_offer offer;
  auto found = listed_numbering::make(graph, context);
  if (!found) return offer;
  offer.states = found->states().size();
  offer.bytes = 2 * found->bytes() + found->size() / 8 + 64 * offer.states;  // while they are found there is a table of them
  add_distances(offer, graph, found->size(), options);
  offer.plan.engine = "tower";
  offer.plan.fixed_bytes = offer.bytes;
  offer.plan.text = fmt::format("tower: {} states, listed one by one", offer.states);
  if (offer.bytes > context.memory_bytes) offer.reason = too_large(graph, offer.states, offer.bytes, "listed", context.memory_bytes);
  offer.run = [&graph, &options, &context, numbering = std::move(*found), text = offer.plan] {
    if (options.planned) options.planned(text);
    auto distances = make_store(graph, numbering.states().size(), numbering.size(), options);
    listed_sweep sweep(graph, numbering);
    auto result = run_recorded(sweep, graph, numbering.states().size(), options, context, distances.get(), [&] { return layout_of(graph, numbering); });
    result.bits_per_state = 8.0 * static_cast<double>(sweep.bytes()) / static_cast<double>(result.states());
    return result;
  };
  return offer;
}

// ---------------------------------------------------------------------------------------------------------- the engine

/// What a run that was stopped while its index was built has to say.
growth_result nothing_but_the_centre(const growth_options& options, const run_context& context) {
  growth_result result;
  result.engine = "tower";
  result.layers = {1};
  result.threads = context.threads;
  result.kernel = kernels::to_string(instructions_of(options));
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
      return offer(graph, options, context).run();
    } catch (const groups::stopped_error&) {
      return nothing_but_the_centre(options, context);
    }
  }

 private:
  static sweep_offer offer(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
    if (!options.checkpoint.empty() || !options.resume.empty()) {
      throw domain_error("the tower engine keeps no checkpoints: use --engine bucket");
    }
    auto offer = offer_sweep(graph, options, context);
    if (!offer && !options.save_distances.empty()) {
      auto reason = std::move(offer.reason);
      offer = offer_list(graph, options, context);
      if (!offer) {
        throw domain_error(fmt::format("{}: --save-distances needs an index of the states, and there is none: {}. Permutations of distinct labels, "
                                       "patterns whose labels can be merged, matrices over Z/m and up to {} states of any kind can be numbered; without the "
                                       "table, growth has --engine bucket",
                                       graph.spec(), reason, listed_numbering::most_states));
      }
    }
    if (!offer) throw domain_error(fmt::format("{}: no tower: {}; use --engine auto", graph.spec(), offer.reason));
    if (offer.bytes > context.memory_bytes) throw resource_error(offer.reason);
    return offer;
  }
};

}  // namespace

sweep_offer offer_sweep(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  sweep_offer none;
  none.reason = "towers of matrix groups are swept by the CPU only";
  if (graph.permutations() == nullptr) return options.device ? none : offer_fibres(graph, options, context);
  none.reason = "it acts on more than 4096 points";
  if (graph.degree() > 4096) return none;
  const permutation_group group(*graph.permutations(), options_for(context));
  if (has_trivial_stabilizer(group, graph)) return offer_tower(group, graph, options, context);
  none.reason = "towers of patterns are swept by the CPU only";
  if (options.device) return none;
  auto colours = graph.central();
  std::ranges::sort(colours);
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  std::string split_refusal;
  if (colours.size() == 2) {
    auto offer = offer_split(graph, options, context);
    if (offer) return offer;
    split_refusal = offer.reason + "; ";
  }
  auto offer = offer_colours(group, graph, options, context);
  if (!offer) offer.reason = split_refusal + offer.reason;
  return offer;
}

std::shared_ptr<const coset_tower> build_tower(const graphs::graph_definition& graph, const growth_options& options, const run_context& context) {
  if (graph.permutations() == nullptr || graph.degree() > 4096) return nullptr;
  auto choice = choose_tower(permutation_group(*graph.permutations(), options_for(context)), {options.symmetry, !options.doubled, options.layout}, context);
  if (!choice.design) return nullptr;
  return std::make_shared<const coset_tower>(std::move(*choice.design), context);
}

double proven_states(const graphs::graph_definition& graph, const run_context& context) {
  if (graph.known().vertices) return graph.known().vertices->get_d();
  if (graph.permutations() == nullptr || graph.degree() > 4096) return 0;
  return permutation_group(*graph.permutations(), options_for(context)).order().get_d();
}

std::unique_ptr<growth_engine> make_tower_engine() {
  return std::make_unique<tower_engine>();
}

}  // namespace cosetta::search
