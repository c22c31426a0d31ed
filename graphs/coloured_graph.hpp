// A finite graph or digraph with colours on its vertices and on its arcs, loops and parallel arcs included: what
// automorphism groups and isomorphisms are asked about. A relabelling is a permutation p that sends vertex v to p[v].
#pragma once

#include <graphs/explicit_graph.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::graphs {

struct coloured_arc {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  std::uint32_t colour = 0;
  auto operator<=>(const coloured_arc&) const = default;
};

struct coloured_graph {
  std::size_t vertices = 0;
  bool directed = false;
  /// An undirected edge stands here once, in either direction. Equal arcs are parallel arcs and count as often as
  /// given.
  std::vector<coloured_arc> arcs;
  /// One colour a vertex; empty stands for all 0.
  std::vector<std::uint32_t> colours;
  /// Compares what is written, not what is meant: see `relabelled`.
  bool operator==(const coloured_graph&) const = default;
};

/// Throws domain_error on an arc to a vertex that is none, or on a number of colours other than 0 and `vertices`.
void check(const coloured_graph& graph);

/// The graph with vertex v renamed to p[v], written in the one way that `==` can compare: arcs sorted, undirected edges
/// from the smaller end, no colours where all are 0. Precondition: p.degree() == graph.vertices. O(m log m).
coloured_graph relabelled(const coloured_graph& graph, const groups::permutation& p);

/// Whether p maps the vertices, arcs and colours of the graph onto themselves. O(m log m).
bool is_automorphism(const coloured_graph& graph, const groups::permutation& p);

enum class arc_colours {
  generators,  // arc v -> g(v) has the number of generator g as its colour: a digraph
  none,        // arcs are alike; undirected where every arc has its reverse. Parallel arcs and loops stay.
};

/// Vertex numbers are those of the explicit graph, 0 the central state. The automorphisms that preserve each generator
/// of a Cayley graph of G are the |G| translations, which make the graph vertex-transitive: Sabidussi, On a class of
/// fixed-point-free graphs, Proc. AMS 9 (1958).
coloured_graph make_coloured_graph(const explicit_graph& graph, arc_colours colours);

/// Enumerates first. Throws resource_error when the graph has more than `max_vertices` vertices.
coloured_graph make_coloured_graph(const graph_definition& graph, arc_colours colours, std::size_t max_vertices);

}  // namespace cosetta::graphs
