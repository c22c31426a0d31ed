// A graph definition as a Boost.Graph IncidenceGraph that is never stored: vertices are states, out-edges are computed
// when asked for, one for each generator in order (loops and parallel edges included). Algorithms that start from a
// vertex and keep their own maps run on it as they are: breadth_first_visit, astar_search_no_init, and so on.
#pragma once

#include <graphs/graph_definition.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

#include <boost/graph/graph_traits.hpp>
#include <boost/iterator/iterator_facade.hpp>

namespace cosetta::graphs {

class implicit_graph {
 public:
  using vertex_descriptor = state;

  struct edge_descriptor {
    state source;
    state target;
    std::size_t generator = 0;
    bool operator==(const edge_descriptor&) const = default;
  };

  class out_edge_iterator : public boost::iterator_facade<out_edge_iterator, edge_descriptor,
                                                          boost::forward_traversal_tag, edge_descriptor> {
   public:
    out_edge_iterator() = default;
    out_edge_iterator(const graph_definition* graph, const state& from, std::size_t generator)
        : graph_(graph), from_(from), generator_(generator) {}

   private:
    friend class boost::iterator_core_access;
    edge_descriptor dereference() const { return {from_, graph_->apply(generator_, from_), generator_}; }
    bool equal(const out_edge_iterator& other) const { return generator_ == other.generator_; }
    void increment() { ++generator_; }

    const graph_definition* graph_ = nullptr;
    state from_;
    std::size_t generator_ = 0;
  };

  using directed_category = boost::directed_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  using traversal_category = boost::incidence_graph_tag;
  using degree_size_type = std::size_t;

  explicit implicit_graph(const graph_definition& graph) : graph_(&graph) {}

  const graph_definition& definition() const noexcept { return *graph_; }

  static state null_vertex() { return {}; }

 private:
  const graph_definition* graph_;
};

inline std::pair<implicit_graph::out_edge_iterator, implicit_graph::out_edge_iterator> out_edges(
    const state& v, const implicit_graph& g) {
  return {{&g.definition(), v, 0}, {&g.definition(), v, g.definition().generator_count()}};
}
inline std::size_t out_degree(const state&, const implicit_graph& g) {
  return g.definition().generator_count();
}
inline state source(const implicit_graph::edge_descriptor& e, const implicit_graph&) {
  return e.source;
}
inline state target(const implicit_graph::edge_descriptor& e, const implicit_graph&) {
  return e.target;
}

/// For maps keyed by states.
struct state_hash {
  std::size_t operator()(const state& s) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(s.data()), s.size() * sizeof(s[0])});
  }
};

}  // namespace cosetta::graphs
