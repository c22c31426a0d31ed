// The seam between coloured graphs and nauty: a graph as nauty takes it, and what one search gives. Internal to
// graphs/; automorphism_nauty.cpp or automorphism_absent.cpp stands behind it.
#pragma once

#include <graphs/automorphism.hpp>

#include <cstddef>
#include <vector>

namespace cosetta::graphs {

/// No loops, no parallel arcs; every arc both ways unless `directed`. The first `points` vertices are the graph that
/// was asked about, the others their copies: every automorphism is determined by what it does on the points.
struct search_graph {
  std::size_t points = 0;
  bool directed = false;
  bool large = false;           // by Traces; not together with `directed`
  std::vector<std::size_t> at;  // arcs of v: neighbours[at[v]], ..., degree[v] of them
  std::vector<int> degree;
  std::vector<int> neighbours;
  std::vector<int> order;    // vertices by colour, the points first
  std::vector<int> partial;  // partial[i] is 1 when order[i] and order[i + 1] have one colour
};

/// Precondition: at least one point. Changes nothing that a caller can see, but needs the graph writable.
automorphism_result search_automorphisms(search_graph& graph, const automorphism_limits& limits);

}  // namespace cosetta::graphs
