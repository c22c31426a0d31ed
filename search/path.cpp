#include <groups/matrix_group.hpp>
#include <groups/orbit.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/bidirectional.hpp>
#include <search/path.hpp>
#include <search/path_patterns.hpp>
#include <search/path_table.hpp>
#include <search/pattern_element.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

/// What the search by depth is asked.
struct depth_question {
  graphs::graph_definition graph;
  graphs::state from, to;
};

/// Why no element of the group leads from one state to the other, as far as labels and membership tell.
struct reachability {
  std::string obstacle;  // empty: none found
  std::string method;
  std::optional<depth_question> renamed;  // the same paths with distinct labels, where no two elements lead there
};

void check_path_state(const graphs::graph_definition& graph, const graphs::state& s) {
  if (s.size() != graph.central().size()) {
    throw domain_error(fmt::format("{}: a state of {} entries, the central state has {}", graph.spec(), s.size(), graph.central().size()));
  }
  const auto m = graph.modulus();
  if (m != 0 && std::any_of(s.begin(), s.end(), [m](std::uint64_t entry) { return entry >= m; })) {
    throw domain_error(fmt::format("{}: an entry of a state is not reduced modulo {}", graph.spec(), m));
  }
}

groups::chain_options chain_options_of(const run_context& context) {
  groups::chain_options options;
  options.control.stop = context.stop;
  options.control.deadline = context.deadline;
  options.row_bytes = std::min(options.row_bytes, context.memory_bytes / 4);
  return options;
}

/// The labels of each orbit of positions stay in it.
std::string differing_orbit(const graphs::permutation_set& set, const graphs::state& from, const graphs::state& to) {
  for (const auto& orbit : groups::orbits(std::span(set.elements()), set[0].degree())) {
    graphs::state a, b;
    for (const auto p : orbit) a.push_back(from[p]), b.push_back(to[p]);
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    if (a == b) continue;
    return orbit.size() == 1 ? fmt::format("no generator moves position {}, which has different labels", orbit[0])
                             : fmt::format("the {} positions in the orbit of position {} have different labels", orbit.size(), orbit[0]);
  }
  return {};
}

/// Equal labels: several elements may lead there. A backtrack search, which is given a second: where it does not end, nothing is known.
reachability examine_pattern(const graphs::permutation_set& set, const graphs::state& from, const graphs::state& to, const run_context& context) {
  auto options = chain_options_of(context);
  const auto second = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  options.control.deadline = std::min(context.deadline.value_or(second), second);
  try {
    const groups::permutation_group group(set.elements(), from.size(), options);
    const auto h = element_between(group, from, to);
    if (!h) return {fmt::format("no rearrangement that leads there is in the group, of order {}", group.order().get_str()), "membership", {}};
    if (!is_fixed_by_identity_alone(group, to)) return {};
    // The only element that leads there does so for distinct labels, too.
    graphs::state labels(from.size()), home(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) home[i] = i, labels[(*h)[i]] = i;
    return {{}, {}, depth_question{graphs::make_graph("renamed", set, home), labels, home}};
  } catch (const groups::stopped_error&) {
    context.check();
  } catch (const resource_error&) {
  }
  return {};
}

reachability examine(const graphs::permutation_set& set, const graphs::state& from, const graphs::state& to, const run_context& context) {
  if (auto text = differing_orbit(set, from, to); !text.empty()) return {std::move(text), "labels", {}};
  std::unordered_map<std::uint64_t, groups::point> position;
  for (std::size_t i = 0; i < from.size(); ++i) position.emplace(from[i], static_cast<groups::point>(i));
  if (position.size() < from.size()) return examine_pattern(set, from, to, context);
  // Moves rearrange: to[i] == from[h[i]] for exactly one permutation h, and h has to be in the group.
  std::vector<groups::point> images;
  for (const auto label : to) images.push_back(position.at(label));
  const groups::permutation_group group(set.elements(), from.size(), chain_options_of(context));
  if (group.contains(groups::permutation(images))) return {};
  return {fmt::format("the rearrangement that leads there is not in the group, of order {}", group.order().get_str()), "membership", {}};
}

reachability examine(const graphs::graph_definition& graph, const path_moves& moves, const graphs::state& from, const graphs::state& to, const run_context& context) {
  if (moves.unpack(moves.pack(from).data()) != from) return {"no generator changes an entry in which they differ", "labels", {}};
  const std::size_t n = graph.degree();
  if (graph.columns() != n) return {};
  const groups::matrix last(n, n, graph.modulus(), to);
  std::optional<groups::matrix> h;  // h * from == to
  try {
    h = last * groups::matrix(n, n, graph.modulus(), from).inverse();
  } catch (const domain_error&) {
    return {};  // singular: many elements may lead there
  }
  try {
    const auto group = groups::make_matrix_group(graph.matrices()->elements(), chain_options_of(context));
    if (group.contains(*h)) return {};
    return {fmt::format("the matrix that leads there is not in the group, of order {}", group.order().get_str()), "membership", {}};
  } catch (const groups::stopped_error&) {
    throw;
  } catch (const domain_error&) {
    return {};  // a ring too large for chains: the search has to tell
  } catch (const resource_error&) {
    return {};
  }
}

/// A word that does not lead there is never returned.
void replay(const graphs::graph_definition& graph, graphs::state s, const graphs::state& to, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  if (s != to) throw error("a word that does not lead to its end: this is a defect, please report it");
}

constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max(), quick_nodes = 300'000'000, patient_nodes = 10'000'000'000;  // of one depth
constexpr std::size_t quick_memory = std::size_t{256} << 20;

/// Into options.patterns, if that is given and does not hold them already, or into `own`.
const prepared_patterns& prepare(const depth_question& q, const path_options& options, const run_context& context, prepared_patterns& own) {
  auto& out = options.patterns != nullptr ? *options.patterns : own;
  if (out.home != q.to) out = prepare_patterns(q.graph, q.to, std::min(options.pattern_bytes, context.memory_bytes / 2), options.instructions, context);
  return out;
}

path_result search_by_depth(const graphs::graph_definition& graph, const depth_question& q, const path_options& options, const run_context& context) {
  prepared_patterns own;
  const auto& patterns = prepare(q, options, context, own);
  if (patterns.search == nullptr) throw domain_error(fmt::format("{}: no search by depth: {}: raise --tables or take --method bidirectional", graph.spec(), patterns.text));
  return search_by_patterns(patterns, q.from, 1, everything, options, context);
}

/// See path_method::automatic. What one has proven the next one starts from.
path_result search_by_turns(const path_moves& moves, const graphs::state& from, const graphs::state& to, const depth_question& question,
                            const path_options& options, const run_context& context) {
  const auto is_last = [](const path_result& r) { return r.limit != limit::memory; };
  auto quick = context;
  quick.memory_bytes = std::min(context.memory_bytes, quick_memory);
  auto best = search_from_both_ends(moves, from, to, options, quick);
  if (is_last(best)) return best;
  const auto join = [&](path_result next) {
    next.states = std::max(next.states, best.states), next.nodes += best.nodes;
    next.peak_bytes = std::max(next.peak_bytes, best.peak_bytes);
    if (next.tables.empty()) next.tables = best.tables;
    if (next.status != path_status::geodesic && next.status != path_status::no_path) next.lower_bound = std::max(next.lower_bound, best.lower_bound);
    best = std::move(next);
  };
  prepared_patterns own;
  const prepared_patterns* patterns = nullptr;
  try {
    patterns = &prepare(question, options, context, own);
  } catch (const groups::stopped_error&) {
    best.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
    if (best.limit == limit::interrupt) best.status = path_status::interrupted;
    return best;
  }
  const bool by_depth = patterns->search != nullptr;
  if (by_depth) {
    join(search_by_patterns(*patterns, question.from, best.lower_bound, quick_nodes, options, context));
    if (is_last(best)) return best;
  }
  auto all = context;
  all.memory_bytes = context.memory_bytes - std::min(context.memory_bytes, patterns->bytes);
  if (all.memory_bytes > quick.memory_bytes) {
    join(search_from_both_ends(moves, from, to, options, all));
    if (is_last(best)) return best;
  }
  if (by_depth) join(search_by_patterns(*patterns, question.from, best.lower_bound, patient_nodes, options, context));
  return best;
}

path_result search_path(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to, const path_options& options,
                        const run_context& context) {
  path_result result;
  result.method = "membership";
  if (from == to) {
    result.status = path_status::geodesic;
    return result;
  }
  result.lower_bound = 1;
  const auto no_path = [&](reachability&& r) {
    result.status = path_status::no_path;
    result.lower_bound = 0;
    result.reason = std::move(r.obstacle);
    result.method = std::move(r.method);
    return result;
  };
  try {
    context.check();
    depth_question question{graph, from, to};
    if (const auto* set = graph.permutations()) {
      auto r = examine(*set, from, to, context);
      if (!r.obstacle.empty()) return no_path(std::move(r));
      if (r.renamed) question = std::move(*r.renamed);
    }
    const path_moves moves(graph, to, options.instructions);
    if (graph.modulus() != 0) {
      if (auto r = examine(graph, moves, from, to, context); !r.obstacle.empty()) return no_path(std::move(r));
    }
    if (options.table != nullptr && (options.method == path_method::automatic || options.method == path_method::table)) {
      auto found = read_off_table(graph, from, to, *options.table, context);
      if (found.status != path_status::geodesic || !options.max_depth || found.lower_bound <= *options.max_depth) return found;
      found.word.clear();
      found.several = false;
      found.status = path_status::lower_bound;
      found.limit = limit::depth;
      return found;
    }
    if (options.method == path_method::bidirectional) return search_from_both_ends(moves, from, to, options, context);
    if (options.method == path_method::automatic) return search_by_turns(moves, from, to, question, options, context);
    return search_by_depth(graph, question, options, context);
  } catch (const groups::stopped_error&) {
    result.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
    result.status = result.limit == limit::interrupt ? path_status::interrupted : path_status::lower_bound;
    return result;
  } catch (const domain_error& e) {
    if (graph.matrices() == nullptr || graph.modulus() != 0) throw;
    throw resource_error(fmt::format("{}: {}", graph.spec(), e.what()));  // entries over Z left 64 bits
  }
}

}  // namespace

std::string_view to_string(path_status s) noexcept {
  switch (s) {
    case path_status::geodesic:
      return "geodesic";
    case path_status::no_path:
      return "no_path";
    case path_status::lower_bound:
      return "lower_bound";
    case path_status::interrupted:
      return "interrupted";
  }
  return "?";
}

std::optional<path_method> path_method_from(std::string_view name) {
  if (name == "auto") return path_method::automatic;
  if (name == "bidirectional") return path_method::bidirectional;
  if (name == "ida") return path_method::ida;
  if (name == "table") return path_method::table;
  return std::nullopt;
}

path_result find_path(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to, const path_options& options,
                      const run_context& context) {
  const auto start = std::chrono::steady_clock::now();
  check_path_state(graph, from);
  check_path_state(graph, to);
  if (options.method == path_method::table && options.table == nullptr) {
    throw domain_error(graph.spec() + ": the method table needs a table of distances: --distances FILE, written by growth --save-distances FILE");
  }
  if (options.method == path_method::ida && graph.permutations() == nullptr) {
    throw domain_error(graph.spec() + ": the search by depth needs permutations: take --method bidirectional");
  }
  auto result = search_path(graph, from, to, options, context);
  if (result.status == path_status::geodesic) replay(graph, from, to, result.word);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

path_result find_near_path(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to, std::uint64_t states,
                           const run_context& context) {
  check_path_state(graph, from);
  check_path_state(graph, to);
  path_result out;
  if (from == to) {
    out.status = path_status::geodesic;
    return out;
  }
  if (auto obstacle = differing_orbit(*graph.permutations(), from, to); !obstacle.empty()) {
    out.status = path_status::no_path, out.method = "labels";
    out.reason = std::move(obstacle);
    return out;
  }
  auto narrow = context;
  narrow.threads = 1, narrow.observer = {};
  const path_options options{.method = path_method::bidirectional, .most_states = states};
  out = search_from_both_ends(path_moves(graph, to, {}), from, to, options, narrow);
  if (out.status == path_status::geodesic) replay(graph, from, to, out.word);
  return out;
}

std::string word_text(const graphs::graph_definition& graph, const std::vector<std::size_t>& word) {
  std::string out;
  for (const auto g : word) out += (out.empty() ? "" : ".") + graph.names()[g];
  return out;
}

}  // namespace cosetta::search
