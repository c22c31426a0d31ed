#include <groups/backtrack.hpp>
#include <groups/permutation_group.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>
#include <search/antipode.hpp>
#include <search/diameter.hpp>
#include <search/path.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>

namespace cosetta::search {

std::uint64_t counting_bound(const std::vector<std::uint64_t>& spheres, const mpz_class& order, bool vertex_transitive,
                             std::uint64_t degree) {
  std::vector<mpz_class> most;  // of each sphere
  mpz_class sum = 0;
  for (const auto s : spheres) {
    most.emplace_back(static_cast<unsigned long>(s));
    sum += most.back();
  }
  while (sum < order) {
    const std::size_t k = most.size();
    mpz_class next = most.back() * static_cast<unsigned long>(degree);
    if (vertex_transitive) {
      for (std::size_t j = 1; j < spheres.size(); ++j) next = std::min<mpz_class>(next, most[j] * most[k - j]);
    }
    if (next == 0) break;  // the spheres end: the order was no orbit's
    sum += next;
    most.push_back(std::move(next));
  }
  return most.size() - 1;
}

namespace {

/// The order of the subgroup that leaves the central state as it is.
mpz_class stabilizer_order(const graphs::graph_definition& graph, const groups::permutation_group& group) {
  std::map<std::uint64_t, std::vector<groups::point>> places;  // of each label
  for (std::size_t i = 0; i < graph.central().size(); ++i) {
    const auto p = static_cast<groups::point>(i);
    if (std::ranges::any_of(group.generators(), [p](const auto& g) { return g[p] != p; })) places[graph.central()[i]].push_back(p);
  }
  if (const auto& giant = group.giant(); giant && !places.empty()) {
    // Sym(n), or Alt(n): with two equal labels, half of the permutations that keep all of them are even.
    mpz_class order = 1, factor;
    std::size_t moved = 0;
    for (const auto& [label, points] : places) {
      mpz_fac_ui(factor.get_mpz_t(), points.size());
      order *= factor;
      moved += points.size();
    }
    if (moved == giant->points.size()) return giant->alternating && order > 1 ? mpz_class(order / 2) : order;
  }
  auto stabilizer = group;
  for (const auto& [label, points] : places) stabilizer = groups::set_stabilizer(stabilizer, points);
  return stabilizer.order();
}

/// Each element is a product of one representative from each table of a stabilizer chain, so no element is farther than their
/// longest words together.
std::optional<std::uint64_t> longest_product(const groups::permutation_group& group, std::uint64_t words, const run_context& context) {
  groups::word_budget budget;
  budget.words = words;
  budget.seconds = 1 + static_cast<double>(words) / 1e6;
  if (context.deadline) {  // the tables have to be completed after the search
    budget.seconds = std::min(*budget.seconds, std::chrono::duration<double>(*context.deadline - std::chrono::steady_clock::now()).count() / 2);
  }
  budget.memory_bytes = std::min(budget.memory_bytes, context.memory_bytes / 2);
  try {
    const groups::word_solver solver(group, budget, {context.stop, context.deadline, {}});
    const auto& longest = solver.report().longest;
    return std::accumulate(longest.begin(), longest.end(), std::uint64_t{0});
  } catch (const groups::stopped_error&) {
    return std::nullopt;
  } catch (const resource_error&) {
    return std::nullopt;
  }
}

/// Growth, or as much of it as fits: a plan that is refused for its memory goes on as a frontier.
growth_result grown(const graphs::graph_definition& graph, const growth_engine& engine, const growth_options& options, const run_context& context) {
  try {
    static_cast<void>(engine.plan(graph, options, context));
    return engine.run(graph, options, context);
  } catch (const resource_error&) {
    if (options.max_depth) throw;
    const auto frontier = make_bucket_engine();
    auto part = options;
    part.max_depth = 1'000'000;  // no run comes so far: it ends by its budget
    static_cast<void>(frontier->plan(graph, part, context));
    return frontier->run(graph, part, context);
  }
}

/// The state among those that look far whose distance has the largest lower bound.
std::optional<antipode> farthest(const graphs::graph_definition& graph, const diameter_options& options, const diameter_result& known, const run_context& context) {
  constexpr std::size_t small_proof = std::size_t{64} << 20;
  antipode_options search;
  search.states = options.antipodes;
  search.words = options.antipode_effort;
  run_context proof = context;
  proof.observer = {};
  if (!options.antipode_memory) proof.memory_bytes = std::min(context.memory_bytes, std::max(known.growth.peak_bytes, small_proof));
  std::optional<antipode> best;
  for (auto& far : find_far_states(graph, search, context)) {
    if (far.word.size() <= std::max(known.lower, best ? best->at_least : 0) || context.is_stopped()) break;  // the others have no longer words
    try {
      const auto found = find_path(graph, graph.central(), far.state, {}, proof);
      if (!best || found.lower_bound > best->at_least) {
        const bool exact = found.status == path_status::geodesic;
        best = antipode{std::move(far.state), found.lower_bound, exact ? found.lower_bound : far.word.size()};
      }
    } catch (const resource_error&) {
    }
  }
  return best;
}

}  // namespace

diameter_result find_diameter(const graphs::graph_definition& graph, const growth_engine& engine, const diameter_options& options,
                              const run_context& context) {
  diameter_result out;
  run_context part = context;
  if (context.deadline) {
    const auto now = std::chrono::steady_clock::now();
    part.deadline = now + (*context.deadline - now) * 3 / 4;
  }
  out.growth = grown(graph, engine, options.growth, part);
  out.lower = out.growth.diameter();
  out.lower_by = "spheres";
  if (out.growth.status == status::exact) {
    out.upper = out.lower;
    out.lower_by = out.upper_by = "growth";
    out.vertices = static_cast<unsigned long>(out.growth.states());
    return out;
  }
  out.status = out.growth.status;
  std::optional<groups::permutation_group> group;
  try {
    if (graph.permutations() != nullptr && graph.degree() <= 4096) {
      groups::chain_options chain;
      chain.control = {context.stop, context.deadline, {}};
      group.emplace(*graph.permutations(), chain);
    }
  } catch (const groups::stopped_error&) {
  }
  bool regular = graph.is_cayley();  // then vertices are as good as elements
  if (graph.known().vertices) out.vertices = *graph.known().vertices;
  try {
    if (group && (!regular || out.vertices == 0)) {
      const auto fixing = regular ? mpz_class(1) : stabilizer_order(graph, *group);
      regular = fixing == 1;
      out.vertices = group->order() / fixing;
    }
  } catch (const groups::stopped_error&) {
  }
  if (out.vertices == static_cast<unsigned long>(out.growth.states())) {  // nothing lies beyond
    out.status = status::exact;
    out.upper = out.lower;
    out.lower_by = out.upper_by = "growth";
    return out;
  }
  if (out.vertices > static_cast<unsigned long>(out.growth.states())) {
    out.lower = out.growth.diameter() + 1;  // some vertex was not reached
    const std::uint64_t degree = graph.generator_count();
    const auto counted = counting_bound(out.growth.layers, out.vertices, regular,
                                        graph.is_inverse_closed() && out.growth.layers.size() > 1 ? std::max<std::uint64_t>(1, degree - 1) : degree);
    if (counted >= out.lower) out.lower = counted, out.lower_by = "counting";
  }
  if (options.tables && group && graph.is_inverse_closed() && !context.is_stopped()) {
    // A vertex of a Schreier graph is the image of the centre under an element, so the bound for the group serves it, too.
    out.upper = longest_product(*group, options.words, context);
    if (out.upper) out.upper_by = "words";
  }
  if (options.antipodes > 0 && graph.is_cayley() && out.upper != out.lower && !context.is_stopped()) {
    out.far = farthest(graph, options, out, context);
    if (out.far && out.far->at_least > out.lower) out.lower = out.far->at_least, out.lower_by = "antipode";
  }
  if (out.upper == out.lower) {
    out.status = status::exact;
  } else if (context.stop.stop_requested()) {
    out.status = status::interrupted;
  }
  return out;
}

}  // namespace cosetta::search
