// Boost.Graph on a graph that is never stored: A* from one arrangement of LRX-8 to another.
//
//   example_astar             prints a shortest word for the full reversal
//
// The vertices are states, the edges are computed when asked for, and the maps hold only what the search has touched.
#include <graphs/implicit_graph.hpp>
#include <graphs/parse_graph.hpp>

#include <algorithm>
#include <iostream>
#include <unordered_map>

#include <boost/graph/astar_search.hpp>
#include <boost/property_map/property_map.hpp>

using cosetta::graphs::implicit_graph;
using cosetta::graphs::state;

namespace {

template <class Value>
using state_map = std::unordered_map<state, Value, cosetta::graphs::state_hash>;

struct found_goal {};

/// Remembers by which generator each state was reached best, and stops at the goal.
struct path_recorder : boost::default_astar_visitor {
  path_recorder(const state& goal_state, state_map<implicit_graph::edge_descriptor>& tree)
      : goal(&goal_state), edges(&tree) {}
  void edge_relaxed(const implicit_graph::edge_descriptor& e, const implicit_graph&) const { (*edges)[e.target] = e; }
  void examine_vertex(const state& v, const implicit_graph&) const {
    if (v == *goal) throw found_goal{};
  }
  const state* goal;
  state_map<implicit_graph::edge_descriptor>* edges;
};

}  // namespace

int main() {
  const auto definition = cosetta::graphs::parse_graph("lrx:8");
  const implicit_graph graph(definition);
  const state start = definition.central();
  const state goal(start.rbegin(), start.rend());

  // A rotation leaves all cyclic adjacencies as they are; X changes two at most.
  const auto heuristic = [&](const state& v) {
    int foreign = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
      const auto gap = v[(i + 1) % v.size()] + v.size() - v[i];
      foreign += gap % v.size() != v.size() - 1;
    }
    return foreign / 2;
  };

  state_map<int> distance{{start, 0}};
  state_map<int> rank{{start, heuristic(start)}};
  state_map<boost::default_color_type> colour;
  state_map<state> predecessor;
  state_map<implicit_graph::edge_descriptor> tree;
  static constexpr int far = 1 << 30;
  // Maps that say "far" for what they have not seen.
  const auto lazily = [](state_map<int>& map) {
    return boost::make_function_property_map<state, int&>(
        [&map](const state& v) -> int& { return map.try_emplace(v, far).first->second; });
  };
  // The heap of A* wants numbers for vertices: they are given out as states turn up.
  state_map<std::size_t> numbers;
  const auto number = boost::make_function_property_map<state, std::size_t>(
      [&numbers](const state& v) { return numbers.try_emplace(v, numbers.size()).first->second; });
  const auto weight =
      boost::make_function_property_map<implicit_graph::edge_descriptor, int>([](const auto&) { return 1; });
  try {
    boost::astar_search_no_init(graph, start, heuristic, path_recorder(goal, tree),
                                boost::make_assoc_property_map(predecessor), lazily(rank), lazily(distance), weight,
                                boost::make_assoc_property_map(colour), number, std::less<int>(),
                                boost::closed_plus<int>(far), far, 0);
  } catch (const found_goal&) {
    std::string word;
    for (state v = goal; v != start; v = tree.at(v).source) {
      word = definition.names()[tree.at(v).generator] + (word.empty() ? "" : ".") + word;
    }
    std::cout << "distance " << distance.at(goal) << " by " << word << "\n"
              << tree.size() << " of 40320 states touched\n";
    return 0;
  }
  return 1;
}
