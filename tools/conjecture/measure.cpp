#include <graphs/implicit_graph.hpp>
#include <groups/chain_options.hpp>
#include <groups/orbit.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/measure.hpp>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

using groups::permutation;
using groups::point;
using json = nlohmann::ordered_json;
using clock = std::chrono::steady_clock;

std::string images_text(std::span<const permutation> generators) {
  json out = json::array();
  for (const auto& g : generators) out.push_back(g.images());
  return out.dump();
}

/// Distinct, in the order of their entries: a set has no order.
std::string matrices_text(const graphs::matrix_set& generators) {
  std::vector<json> all;
  for (const auto& g : generators.elements()) {
    json rows = json::array();
    for (std::size_t i = 0; i < g.rows(); ++i) {
      json row = json::array();
      for (std::size_t j = 0; j < g.columns(); ++j) {
        const auto entry = g.entries()[i * g.columns() + j];
        row.push_back(g.modulus() == 0 ? json(static_cast<std::int64_t>(entry)) : json(entry));
      }
      rows.push_back(std::move(row));
    }
    all.push_back(std::move(rows));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return json(all).dump();
}

bool is_identity_state(const graphs::state& s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != i) return false;
  }
  return true;
}

/// The states that the canonical labelling makes of these: s has label s[i] at position i, and both are points.
std::vector<graphs::state> relabelled(const std::vector<graphs::state>& states, const std::vector<point>& relabelling) {
  if (relabelling.empty()) return states;
  std::vector<graphs::state> out;
  for (const auto& s : states) {
    graphs::state image(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) image[relabelling[i]] = relabelling[s[i]];
    out.push_back(std::move(image));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// The largest ball of at most `most` states.
void cut(std::vector<std::uint64_t>& layers, std::uint64_t most, bool& whole) {
  std::uint64_t ball = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ball += layers[i];
    if (ball <= most || i == 0) continue;
    layers.resize(i);
    whole = false;
    return;
  }
}

void fill_growth(graph_row& g, std::vector<std::uint64_t> layers, bool whole) {
  g.status = whole ? search::status::exact : search::status::lower_bound;
  g.diameter = layers.size() - 1;
  mpz_class states = 0;
  for (const auto n : layers) states += mpz_class(std::to_string(n), 10);
  g.states = states;
  g.last_sphere = layers.back();
  if (whole && g.asked.contains(measure::moments)) g.moments = search::moments(layers);
  if (g.asked.contains(measure::growth)) g.layers = std::move(layers);
}

/// Growth by the engines. Nothing where the work was stopped from outside.
std::optional<search::growth_result> grow(const graphs::graph_definition& graph, measure_set wanted, const graph_limits& limits, search::run_context context) {
  search::growth_options options;
  options.last_layer = wanted.contains(measure::last_layer) ? max_kept_last_layer : 0;
  options.last_layer_only_whole = true;
  std::stop_source enough;
  const std::stop_callback outside(context.stop, [&] { enough.request_stop(); });
  const auto from_outside = context.stop;
  context.stop = enough.get_token();
  if (limits.states > 0) {
    context.observer = [&](const search::progress& p) {
      if (p.seen > limits.states) enough.request_stop();
    };
  }
  search::growth_result result;
  const auto engine = search::make_auto_engine();
  try {
    static_cast<void>(engine->plan(graph, options, context));
    result = engine->run(graph, options, context);
  } catch (const resource_error&) {  // as a frontier, as far as it goes
    options.max_depth = 1'000'000;
    const auto frontier = search::make_bucket_engine();
    static_cast<void>(frontier->plan(graph, options, context));
    result = frontier->run(graph, options, context);
  } catch (const groups::stopped_error&) {
    if (from_outside.stop_requested()) return std::nullopt;
    throw;
  }
  if (from_outside.stop_requested() && result.status == search::status::interrupted) return std::nullopt;
  return result;
}

/// The girth of a Cayley graph by a breadth-first search from the identity that ends at the first cycle; see ranked_search.cpp. Nothing where
/// there is none, or where the limits end the search.
std::optional<std::uint64_t> girth_of(const graphs::graph_definition& graph, std::size_t memory, const search::run_context& context, bool& known) {
  known = true;
  struct vertex {
    std::uint64_t depth = 0;
    bool marked = false;
  };
  const std::size_t most = memory / (graph.central().size() * sizeof(graph.central()[0]) + 96);
  std::unordered_map<graphs::state, vertex, graphs::state_hash> seen{{graph.central(), {}}};
  std::vector<graphs::state> queue{graph.central()};
  std::optional<std::uint64_t> best;
  const bool closed = graph.is_inverse_closed();
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto depth = seen.at(queue[i]).depth;
    if (best && (!closed || 2 * depth + 1 >= *best)) break;
    if (seen.size() > most || (i % 256 == 0 && context.is_stopped())) {
      known = best && (!closed || *best <= 2 * depth + 1);  // a cycle of 2 depth + 1 may be there still
      if (!known) best.reset();
      break;
    }
    std::vector<graphs::state> images;  // of a simple graph: without loops and multiple edges
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto image = graph.apply(g, queue[i]);
      if (image != queue[i] && std::find(images.begin(), images.end(), image) == images.end()) images.push_back(std::move(image));
    }
    for (auto& image : images) {
      if (!closed && image == graph.central()) best = std::min(best.value_or(~std::uint64_t{0}), depth + 1);
      const auto [at, fresh] = seen.try_emplace(image, vertex{depth + 1, false});
      if (fresh) queue.push_back(std::move(image));
      if (!closed) continue;
      auto& v = at->second;
      if (v.depth == depth) best = std::min(best.value_or(~std::uint64_t{0}), 2 * depth + 1);
      if (v.depth == depth + 1 && std::exchange(v.marked, true)) best = std::min(best.value_or(~std::uint64_t{0}), 2 * depth + 2);
    }
  }
  return best;
}

/// The order of the group; nothing for an infinite or unknown one. Throws stopped_error.
std::optional<mpz_class> order_of(const graphs::graph_definition& graph, const search::run_context& context) {
  if (graph.permutations() == nullptr) return graph.is_cayley() ? graph.known().vertices : std::nullopt;
  groups::chain_options chain;
  chain.control = {context.stop, context.deadline, {}};
  return groups::permutation_group(*graph.permutations(), chain).order();
}

}  // namespace

graph_identity identify(const graphs::graph_definition& graph) {
  graph_identity out;
  auto& row = out.row;
  row.kind = graph.is_cayley() ? "cayley" : "schreier";
  row.degree = graph.degree();
  row.inverse_closed = graph.is_inverse_closed();
  const auto* set = graph.permutations();
  if (set != nullptr && is_identity_state(graph.central())) {
    out.canonical = canonical_form(set->elements(), graph.degree());
    row.inverse_closed = out.canonical->inverse_closed;  // the same but for the identity
    row.key = out.canonical->key;
    row.identified = out.canonical->identified;
    row.generators = images_text(out.canonical->generators);
    if (row.identified) out.relabelling = out.canonical->relabelling;
    return out;
  }
  row.identified = false;
  row.central = json(graph.central()).dump();
  if (set != nullptr) {
    auto elements = set->elements();
    std::sort(elements.begin(), elements.end());
    elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
    row.generators = images_text(elements);
    row.key = fmt::format("s{}:{}@{}", graph.is_cayley() ? "c" : "", row.generators, row.central);
  } else {
    row.generators = matrices_text(*graph.matrices());
    row.key = fmt::format("m{}:{}@{}", graph.modulus(), row.generators, row.central);
  }
  return out;
}

void measuring::run_ranked(const canonical_set& set, measure_set wanted, const graph_limits& limits, stored_graph& out) {
  if (!ranked_ || ranked_degree_ != set.degree) {
    ranked_.emplace(set.degree);
    ranked_degree_ = set.degree;
  }
  const auto generators = set.all_generators();
  ranked_options options;
  options.girth = wanted.contains(measure::girth);
  options.last_layer = wanted.contains(measure::last_layer) ? max_kept_last_layer : 0;
  if (limits.states > 0) options.max_states = limits.states;
  auto growth = ranked_->run(generators, options);
  auto& g = out.graph;
  out.provenance.engine = "ranked";
  out.provenance.peak_bytes = ranked_->bytes();
  if (!growth.complete) out.provenance.stopped_by = "states";
  if (wanted.contains(measure::order) && growth.complete) g.order = std::accumulate(growth.layers.begin(), growth.layers.end(), std::uint64_t{0});
  if (wanted.needs_growth()) fill_growth(g, std::move(growth.layers), growth.complete);
  if (wanted.contains(measure::last_layer) && growth.complete && !growth.last_layer.empty()) g.last_layer = std::move(growth.last_layer);
  g.girth = growth.girth;
}

bool measuring::run_engines(const graphs::graph_definition& graph, const graph_identity& identity, measure_set wanted, const graph_limits& limits,
                            const search::run_context& context, stored_graph& out) {
  auto& g = out.graph;
  if (wanted.needs_growth()) {
    auto grown = grow(graph, wanted, limits, context);
    if (!grown) return false;
    bool whole = grown->status == search::status::exact;
    const bool by_states = whole || grown->limit == search::limit::interrupt;
    out.provenance.engine = grown->engine;
    out.provenance.peak_bytes = grown->peak_bytes;
    if (limits.states > 0) cut(grown->layers, limits.states, whole);
    if (!whole) out.provenance.stopped_by = by_states ? "states" : std::string(search::to_string(grown->limit));
    fill_growth(g, grown->layers, whole);
    if (whole && wanted.contains(measure::last_layer) && !grown->last_layer.empty()) g.last_layer = relabelled(grown->last_layer, identity.relabelling);
    if (whole && graph.is_cayley() && wanted.contains(measure::order) && !g.order) g.order = g.states;
  }
  if (wanted.contains(measure::girth) && graph.is_cayley()) {
    bool known = false;
    g.girth = girth_of(graph, limits.memory, context, known);
    if (!known && g.status == search::status::exact) g.asked.erase(measure::girth);  // of a bound, the limits say that it is open
  }
  return true;
}

std::optional<stored_graph> measuring::run(const graphs::graph_definition& graph, const graph_identity& identity, measure_set wanted, const graph_limits& limits,
                                           const search::run_context& outer) {
  const auto start = clock::now();
  auto context = outer;
  context.memory_bytes = limits.memory;
  if (limits.seconds > 0) {
    const auto own = start + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(limits.seconds));
    if (!context.deadline || own < *context.deadline) context.deadline = own;
  }
  stored_graph out{identity.row, {}};
  auto& g = out.graph;
  g.asked = wanted;
  if (wanted.contains(measure::transitive) && graph.permutations() != nullptr) {
    g.transitive = groups::is_transitive(graph.permutations()->elements(), graph.degree());
  }
  const bool small = identity.canonical && identity.canonical->degree <= ranked_search::max_degree;
  const auto find_order = [&] {
    if (!wanted.contains(measure::order) || g.order) return true;
    try {
      g.order = order_of(graph, context);
    } catch (const groups::stopped_error&) {
      return false;
    }
    return true;
  };
  bool order_known = small || find_order();  // first, for growth may take all the time there is; small groups are counted
  if (small) {
    run_ranked(*identity.canonical, wanted, limits, out);
    order_known = find_order();
  } else if (!run_engines(graph, identity, wanted, limits, context, out)) {
    return std::nullopt;
  }
  if (!order_known && !g.order && g.status == search::status::exact) g.asked.erase(measure::order);
  if (outer.is_stopped()) return std::nullopt;
  out.provenance.seconds = std::chrono::duration<double>(clock::now() - start).count();
  out.provenance.threads = context.threads;
  out.provenance.memory_limit = limits.memory;
  out.provenance.state_limit = limits.states;
  out.provenance.time_limit = limits.seconds;
  return out;
}

}  // namespace cosetta::conjecture
