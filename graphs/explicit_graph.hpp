// A graph written out: all vertices in breadth-first order from the central state, all edges by generator.
// For graphs small enough to be looked at or handed to other programs.
#pragma once

#include <graphs/graph_definition.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

namespace cosetta::graphs {

struct explicit_graph {
  graph_definition definition;
  std::vector<state> vertices;          // vertices[0] is the central state
  std::vector<std::uint32_t> distance;  // out-distance from it
  std::vector<std::uint32_t> targets;   // targets[v * generators + g]
};

/// Throws resource_error when the graph has more than `max_vertices` vertices. `checkpoint` is called now and then; what it throws
/// ends the work.
explicit_graph make_explicit(const graph_definition& graph, std::size_t max_vertices, const std::function<void()>& checkpoint = {});

enum class export_format { dot, graphml, csv, json, graph6 };
std::optional<export_format> export_format_from(std::string_view name) noexcept;

/// Writes one edge for each arc v -> g(v); where a generator and its inverse are both there, and for involutions, the
/// two arcs are one undirected edge (DOT and GraphML of inverse-closed graphs). graph6 is the simple undirected graph.
/// CSV: source,target,generator for all arcs. Throws domain_error when the format cannot hold the graph.
void write_graph(std::ostream& out, const explicit_graph& graph, export_format format, groups::point first_point = 0);

}  // namespace cosetta::graphs
