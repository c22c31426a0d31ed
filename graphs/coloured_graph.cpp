#include <graphs/coloured_graph.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace cosetta::graphs {

void check(const coloured_graph& graph) {
  if (!graph.colours.empty() && graph.colours.size() != graph.vertices) {
    throw domain_error(fmt::format("a graph of {} vertices with {} vertex colours: give one for each vertex, or none",
                                   graph.vertices, graph.colours.size()));
  }
  for (std::size_t i = 0; i < graph.arcs.size(); ++i) {
    const auto& arc = graph.arcs[i];
    if (arc.source >= graph.vertices || arc.target >= graph.vertices) {
      throw domain_error(fmt::format("arc {} runs from {} to {}, but the vertices are 0 to {}", i, arc.source,
                                     arc.target, static_cast<std::int64_t>(graph.vertices) - 1));
    }
  }
}

coloured_graph relabelled(const coloured_graph& graph, const groups::permutation& p) {
  coloured_graph out{graph.vertices, graph.directed, graph.arcs, {}};
  for (auto& arc : out.arcs) {
    arc = {p[arc.source], p[arc.target], arc.colour};
    if (!graph.directed && arc.source > arc.target) std::swap(arc.source, arc.target);
  }
  std::sort(out.arcs.begin(), out.arcs.end());
  if (std::any_of(graph.colours.begin(), graph.colours.end(), [](std::uint32_t c) { return c != 0; })) {
    out.colours.resize(graph.vertices);
    for (std::size_t v = 0; v < graph.vertices; ++v) out.colours[p[v]] = graph.colours[v];
  }
  return out;
}

bool is_automorphism(const coloured_graph& graph, const groups::permutation& p) {
  return p.degree() == graph.vertices && relabelled(graph, p) == relabelled(graph, groups::permutation(p.degree()));
}

coloured_graph make_coloured_graph(const explicit_graph& graph, arc_colours colours) {
  const std::size_t generators = graph.definition.generator_count();
  coloured_graph out{graph.vertices.size(), true, {}, {}};
  out.arcs.reserve(graph.targets.size());
  for (std::size_t i = 0; i < graph.targets.size(); ++i) {
    out.arcs.push_back({static_cast<std::uint32_t>(i / generators), graph.targets[i],
                        colours == arc_colours::none ? 0 : static_cast<std::uint32_t>(i % generators)});
  }
  if (colours == arc_colours::generators || !graph.definition.is_inverse_closed()) return out;
  // A generator that stands twice beside one copy of its inverse leaves arcs without a reverse: count, do not believe.
  std::sort(out.arcs.begin(), out.arcs.end());
  auto reversed = out.arcs;
  for (auto& arc : reversed) std::swap(arc.source, arc.target);
  std::sort(reversed.begin(), reversed.end());
  if (reversed != out.arcs) return out;
  out.directed = false;
  std::erase_if(out.arcs, [](const coloured_arc& arc) { return arc.source > arc.target; });
  return out;
}

coloured_graph make_coloured_graph(const graph_definition& graph, arc_colours colours, std::size_t max_vertices) {
  return make_coloured_graph(make_explicit(graph, max_vertices), colours);
}

}  // namespace cosetta::graphs
