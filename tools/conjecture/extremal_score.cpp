#include <groups/chain_options.hpp>
#include <groups/orbit.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>
#include <tools/conjecture/extremal_score.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

/// Up to here ranked permutations are quicker than the engines, which have tables to set up.
constexpr std::size_t most_ranked = 8;

/// The largest possible diameter, from the balls: see the header. `order` where nothing is proved.
std::uint64_t diameter_bound(std::span<const std::uint64_t> layers, std::uint64_t order) {
  const std::uint64_t ball = std::accumulate(layers.begin(), layers.end(), std::uint64_t{0});
  std::uint64_t smaller = 0;
  for (std::size_t a = 0; a < layers.size(); ++a) {
    smaller += layers[a];
    if (smaller + ball > order) return a + layers.size() - 1;
  }
  return order;
}

}  // namespace

bool extremal_scoring::is_admissible(std::span<const groups::permutation> generators, std::uint64_t& order, const search::run_context& context) const {
  using kind = group_wish::kind;
  const auto& wish = question_.wish;
  const bool transitive = wish.which == kind::full || wish.which == kind::alternating || wish.which == kind::transitive;
  if (transitive && !groups::is_transitive(generators, question_.degree)) return false;
  const bool even = std::all_of(generators.begin(), generators.end(), is_even);
  if ((wish.which == kind::full && even && question_.degree > 1) || (wish.which == kind::alternating && !even)) return false;
  groups::chain_options chain;
  chain.control = {context.stop, context.deadline, {}};
  groups::generating_set<groups::permutation> set;
  for (std::size_t i = 0; i < generators.size(); ++i) set.add(fmt::format("g{}", i), generators[i]);
  const mpz_class found = groups::permutation_group(set, chain).order();
  if (found > mpz_class(1) << 62) throw resource_error(fmt::format("a group of order {}: too large for a search of its diameter", found.get_str()));
  order = found.get_ui();
  mpz_class wanted;
  mpz_fac_ui(wanted.get_mpz_t(), question_.degree);
  if (wish.which == kind::alternating) wanted /= 2;
  if (wish.which == kind::order) wanted = wish.order;
  return wish.which == kind::any || wish.which == kind::transitive || found == wanted;
}

extremal_score extremal_scoring::run(const canonical_set& set, std::optional<std::uint64_t> needed, const search::run_context& context) {
  extremal_score out;
  if (!set.identified) throw resource_error(fmt::format("the set {}: it has too many symmetries to be told from others; take a smaller size or another class", set.key));
  const auto generators = set.all_generators();
  if (generators.empty() || !is_admissible(set.generators, out.states, context)) return out;
  out.admissible = true;
  const std::uint64_t order = out.states;
  const auto hopeless = [&](std::span<const std::uint64_t> layers) {
    if (!needed || question_.value != search_value::diameter) return false;
    const std::uint64_t depth = layers.size() - 1;
    if (!question_.smallest) return diameter_bound(layers, order) < *needed;
    return depth >= *needed && std::accumulate(layers.begin(), layers.end(), std::uint64_t{0}) < order;
  };
  std::vector<std::uint64_t> layers;
  bool whole = true;
  if (question_.degree <= most_ranked) {
    if (!ranked_) ranked_.emplace(question_.degree);
    ranked_options options;
    options.is_enough = hopeless;
    auto growth = ranked_->run(generators, options);
    layers = std::move(growth.layers);
    whole = growth.complete;
  } else {
    graphs::permutation_set named;
    for (std::size_t i = 0; i < generators.size(); ++i) named.add(fmt::format("g{}", i), generators[i]);
    const auto graph = graphs::make_graph(set.key, std::move(named));
    std::stop_source enough;
    const std::stop_callback outside(context.stop, [&] { enough.request_stop(); });
    auto inner = context;
    inner.stop = enough.get_token();
    bool hopeless_now = false;
    layers = {1};
    inner.observer = [&](const search::progress& p) {
      if (p.depth == layers.size()) layers.push_back(p.sphere);
      if (!hopeless_now && hopeless(layers)) hopeless_now = true, enough.request_stop();
    };
    const auto engine = search::make_auto_engine();
    static_cast<void>(engine->plan(graph, {}, inner));
    try {
      auto growth = engine->run(graph, {}, inner);
      if (growth.limit == search::limit::memory && !hopeless_now) throw resource_error(fmt::format("the set {}: its group of order {} does not fit the memory; raise --memory", set.key, order));
      if (growth.status == search::status::exact) layers = std::move(growth.layers);
      else if (!hopeless_now) throw groups::stopped_error("the search was stopped");
      whole = growth.status == search::status::exact;
    } catch (const groups::stopped_error&) {
      if (!hopeless_now) throw;
      whole = false;
    }
  }
  if (!whole) return out;
  if (std::accumulate(layers.begin(), layers.end(), std::uint64_t{0}) != order) throw error("the spheres do not add up to the order of the group: this is a defect, please report it");
  out.whole = true;
  out.diameter = layers.size() - 1;
  out.last_sphere = layers.back();
  out.mean = search::moments(layers).mean;
  out.value = question_.value == search_value::diameter ? out.diameter : out.last_sphere;
  return out;
}

}  // namespace cosetta::conjecture
