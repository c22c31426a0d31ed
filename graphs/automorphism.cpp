#include <graphs/automorphism.hpp>
#include <graphs/automorphism_backend.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

using colour_multiset = std::vector<std::uint32_t>;

/// From this many vertices on, nauty's sets of n bits cost more than Traces' lists: on lrx:9 eight times as much.
constexpr std::size_t traces_vertices = 20'000;

/// Numbers multisets by their order, which isomorphic graphs share.
class multiset_numbers {
 public:
  std::uint32_t add(const colour_multiset& key) {
    return numbers_.emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  /// rank[add(key)] is the place of the key among all.
  std::vector<std::uint32_t> ranks() const {
    std::vector<std::uint32_t> rank(numbers_.size());
    std::uint32_t next = 0;
    for (const auto& [key, number] : numbers_) rank[number] = next++;
    return rank;
  }
  std::size_t size() const noexcept { return numbers_.size(); }

 private:
  std::map<colour_multiset, std::uint32_t> numbers_;
};

/// One colour a vertex, holding its loops too.
std::vector<std::uint32_t> vertex_classes(const coloured_graph& graph, const std::vector<coloured_arc>& loops) {
  std::vector<std::uint32_t> out = graph.colours;
  out.resize(graph.vertices);
  if (loops.empty()) return out;
  multiset_numbers numbers;
  colour_multiset key;
  auto loop = loops.begin();
  for (std::uint32_t v = 0; v < graph.vertices; ++v) {
    key = {out[v]};
    for (; loop != loops.end() && loop->source == v; ++loop) key.push_back(loop->colour);
    out[v] = numbers.add(key);
  }
  const auto rank = numbers.ranks();
  for (auto& c : out) c = rank[c];
  return out;
}

struct numbered_arcs {
  std::vector<coloured_arc> arcs;  // simple; the colours are 1, ..., colour_count
  std::size_t colour_count = 0;
};

/// Merges parallel arcs: the new colour stands for the multiset of the old ones. Precondition: sorted.
numbered_arcs merge_parallel(const std::vector<coloured_arc>& arcs) {
  numbered_arcs out;
  multiset_numbers numbers;
  colour_multiset key;
  for (std::size_t i = 0; i < arcs.size();) {
    const auto [source, target, first] = arcs[i];
    key.clear();
    for (; i < arcs.size() && arcs[i].source == source && arcs[i].target == target; ++i) key.push_back(arcs[i].colour);
    out.arcs.push_back({source, target, numbers.add(key)});
  }
  out.colour_count = numbers.size();
  const auto rank = numbers.ranks();
  for (auto& arc : out.arcs) arc.colour = rank[arc.colour] + 1;
  return out;
}

bool is_symmetric(const std::vector<coloured_arc>& sorted) {
  auto reversed = sorted;
  for (auto& arc : reversed) std::swap(arc.source, arc.target);
  std::sort(reversed.begin(), reversed.end());
  return reversed == sorted;
}

void set_arcs(search_graph& graph, std::size_t vertices, const std::vector<std::pair<int, int>>& arcs) {
  graph.at.assign(vertices, 0);
  graph.degree.assign(vertices, 0);
  graph.neighbours.resize(arcs.size());
  for (const auto& [source, target] : arcs) ++graph.degree[source];
  for (std::size_t v = 1; v < vertices; ++v) graph.at[v] = graph.at[v - 1] + graph.degree[v - 1];
  auto next = graph.at;
  for (const auto& [source, target] : arcs) graph.neighbours[next[source]++] = target;
}

/// Vertices by layer, then by class, then by number.
void set_partition(search_graph& graph, std::size_t layers, const std::vector<std::uint32_t>& classes) {
  const std::size_t n = classes.size();
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int v, int w) { return classes[v] < classes[w]; });
  for (std::size_t layer = 0; layer < layers; ++layer) {
    for (std::size_t i = 0; i < n; ++i) {
      graph.order.push_back(static_cast<int>(layer * n + order[i]));
      graph.partial.push_back(i + 1 < n && classes[order[i]] == classes[order[i + 1]]);
    }
  }
}

search_graph make_search_graph(const coloured_graph& graph) {
  const std::size_t n = graph.vertices;
  std::vector<coloured_arc> arcs;
  std::vector<coloured_arc> loops;
  arcs.reserve(graph.directed ? graph.arcs.size() : 2 * graph.arcs.size());
  for (const auto& arc : graph.arcs) {
    if (arc.source == arc.target) {
      loops.push_back(arc);
      continue;
    }
    arcs.push_back(arc);
    if (!graph.directed) arcs.push_back({arc.target, arc.source, arc.colour});
  }
  std::sort(arcs.begin(), arcs.end());
  std::sort(loops.begin(), loops.end());
  const numbered_arcs simple = merge_parallel(arcs);

  // Every choice here is the same for isomorphic graphs: it depends on counts and on colours only.
  const std::size_t digits = std::max<std::size_t>(1, std::bit_width(simple.colour_count));
  const bool symmetric = !graph.directed || is_symmetric(simple.arcs);
  const bool large = n * digits >= traces_vertices;
  const bool ends = large && !symmetric;  // layer 0 holds no arcs, layers 2i + 1 and 2i + 2 tails and heads
  const std::size_t layers = ends ? 2 * digits + 1 : digits;
  const std::size_t vertices = layers * n;
  if (vertices > static_cast<std::size_t>(std::numeric_limits<int>::max() / 2)) {
    throw resource_error(fmt::format("{} vertices in {} layers are more than nauty can number", n, layers));
  }

  std::vector<std::pair<int, int>> out;
  const auto vertex = [n](std::size_t layer, std::size_t v) { return static_cast<int>(layer * n + v); };
  const auto join = [&out](int v, int w) {
    out.emplace_back(v, w);
    out.emplace_back(w, v);
  };
  for (std::size_t layer = 1; layer < layers; ++layer) {
    // Tails and heads hang on the vertex itself: a path through them would be taken for arcs.
    for (std::size_t v = 0; v < n; ++v) join(vertex(ends ? 0 : layer - 1, v), vertex(layer, v));
  }
  for (const auto& arc : simple.arcs) {
    for (std::size_t digit = 0; digit < digits; ++digit) {
      if ((arc.colour >> digit & 1) == 0) continue;
      if (ends) {
        join(vertex(2 * digit + 1, arc.source), vertex(2 * digit + 2, arc.target));
      } else {
        out.emplace_back(vertex(digit, arc.source), vertex(digit, arc.target));
      }
    }
  }
  search_graph result{.points = n, .directed = !symmetric && !ends, .large = large};
  set_arcs(result, vertices, out);
  set_partition(result, layers, vertex_classes(graph, loops));
  return result;
}

/// What no relabelling changes and no search is needed for.
auto invariants(const coloured_graph& graph) {
  auto vertex_colours = graph.colours;
  vertex_colours.resize(graph.vertices);
  std::sort(vertex_colours.begin(), vertex_colours.end());
  std::vector<std::uint32_t> arc_colours;
  for (const auto& arc : graph.arcs) arc_colours.push_back(arc.colour);
  std::sort(arc_colours.begin(), arc_colours.end());
  return std::tuple(graph.directed, std::move(vertex_colours), std::move(arc_colours));
}

groups::permutation canonical_labelling(const coloured_graph& graph, const automorphism_limits& limits) {
  auto result = automorphism_group(graph, limits);
  if (result.interrupted) throw resource_error("stopped before the canonical form was found: allow more time");
  return std::move(result.labelling);
}

}  // namespace

automorphism_result automorphism_group(const coloured_graph& graph, const automorphism_limits& limits) {
  check(graph);
  search_graph search = make_search_graph(graph);
  // nauty takes no graph without vertices; a build without nauty has its say all the same.
  if (graph.vertices == 0 && automorphisms_available()) return {.order = 1};
  return search_automorphisms(search, limits);
}

coloured_graph canonical_form(const coloured_graph& graph, const automorphism_limits& limits) {
  return relabelled(graph, canonical_labelling(graph, limits));
}

std::optional<groups::permutation> find_isomorphism(const coloured_graph& a, const coloured_graph& b,
                                                    const automorphism_limits& limits) {
  check(a);
  check(b);
  if (invariants(a) != invariants(b)) return std::nullopt;
  const auto from_a = canonical_labelling(a, limits);
  const auto from_b = canonical_labelling(b, limits);
  if (relabelled(a, from_a) != relabelled(b, from_b)) return std::nullopt;
  return from_a * from_b.inverse();
}

}  // namespace cosetta::graphs
