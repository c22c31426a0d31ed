// implicit_graph under algorithms of Boost.Graph that know nothing of it: distances must be those of a plain search.
#include <graphs/implicit_graph.hpp>
#include <graphs/parse_graph.hpp>

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <unordered_set>
#include <vector>

#include <boost/concept/assert.hpp>
#include <boost/graph/astar_search.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/visitors.hpp>
#include <boost/pending/queue.hpp>
#include <boost/property_map/property_map.hpp>
#include <catch2/catch.hpp>

namespace implicit_graph_test {
namespace {

using namespace cosetta::graphs;

BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<implicit_graph>));

using distances = std::map<state, std::size_t>;

/// Breadth-first search over graph.apply, with none of Boost.
distances plain_distances(const graph_definition& graph) {
  distances found{{graph.central(), 0}};
  std::vector<state> order{graph.central()};
  for (std::size_t v = 0; v < order.size(); ++v) {
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      const state next = graph.apply(g, order[v]);
      if (found.emplace(next, found.at(order[v]) + 1).second) order.push_back(next);
    }
  }
  return found;
}

/// A property map over states that answers `missing` until it is told better. Copies share their values.
template <class Value>
class sparse_map {
 public:
  using key_type = state;
  using value_type = Value;
  using reference = Value;
  using category = boost::read_write_property_map_tag;

  explicit sparse_map(Value missing) : missing_(missing) {}

  friend Value get(const sparse_map& map, const state& key) {
    const auto found = map.values_->find(key);
    return found == map.values_->end() ? map.missing_ : found->second;
  }
  friend void put(const sparse_map& map, const state& key, Value value) { (*map.values_)[key] = value; }
  const std::map<state, Value>& values() const { return *values_; }

 private:
  Value missing_;
  std::shared_ptr<std::map<state, Value>> values_ = std::make_shared<std::map<state, Value>>();
};

/// Numbers states in the order in which they are asked for.
class numbering {
 public:
  using key_type = state;
  using value_type = std::size_t;
  using reference = std::size_t;
  using category = boost::readable_property_map_tag;

  friend std::size_t get(const numbering& map, const state& key) {
    return map.numbers_->emplace(key, map.numbers_->size()).first->second;
  }

 private:
  std::shared_ptr<std::map<state, std::size_t>> numbers_ = std::make_shared<std::map<state, std::size_t>>();
};

struct unit_weight {
  using key_type = implicit_graph::edge_descriptor;
  using value_type = std::size_t;
  using reference = std::size_t;
  using category = boost::readable_property_map_tag;
  friend std::size_t get(const unit_weight&, const key_type&) { return 1; }
};

struct record_distances : boost::default_bfs_visitor {
  explicit record_distances(distances& found) : found_(&found) {}
  void tree_edge(const implicit_graph::edge_descriptor& e, const implicit_graph& g) const {
    (*found_)[target(e, g)] = found_->at(source(e, g)) + 1;
  }
  distances* found_;
};

distances by_breadth_first_visit(const graph_definition& graph) {
  const implicit_graph g(graph);
  distances found{{graph.central(), 0}};
  boost::queue<state> waiting;
  breadth_first_visit(g, graph.central(), waiting, record_distances(found),
                      sparse_map<boost::default_color_type>(boost::white_color));
  return found;
}

distances by_astar(const graph_definition& graph) {
  const implicit_graph g(graph);
  constexpr std::size_t far = std::numeric_limits<std::size_t>::max();
  const sparse_map<std::size_t> distance(far);
  const sparse_map<std::size_t> cost(far);
  const sparse_map<boost::default_color_type> colour(boost::white_color);
  put(distance, graph.central(), 0);
  put(cost, graph.central(), 0);
  const auto no_heuristic = [](const state&) { return std::size_t{0}; };  // Dijkstra
  astar_search_no_init(g, graph.central(), no_heuristic, boost::default_astar_visitor(), boost::dummy_property_map(),
                       cost, distance, unit_weight(), colour, numbering(), std::less<std::size_t>(),
                       boost::closed_plus<std::size_t>(far), far, std::size_t{0});
  return {distance.values().begin(), distance.values().end()};
}

}  // namespace

TEST_CASE("Boost's searches run on a graph that is never stored", "[graphs][implicit_graph]") {
  for (const char* spec : {"lrx:5", "lx:5", "heisenberg:3,modulo=3", "three_cycles:5"}) {
    INFO(spec);
    const auto graph = parse_graph(spec);
    const distances expected = plain_distances(graph);
    CHECK(by_breadth_first_visit(graph) == expected);
    CHECK(by_astar(graph) == expected);
  }
}

TEST_CASE("LRX-5 has 120 vertices and diameter 10", "[graphs][implicit_graph]") {
  const distances found = by_breadth_first_visit(parse_graph("lrx:5"));
  CHECK(found.size() == 120);
  std::size_t farthest = 0;
  for (const auto& [vertex, distance] : found) farthest = std::max(farthest, distance);
  CHECK(farthest == 10);
}

TEST_CASE("a Schreier graph is searched from its central state", "[graphs][implicit_graph]") {
  const auto graph = parse_graph("lrx:6").with_central({0, 0, 0, 1, 1, 1});
  const distances found = by_breadth_first_visit(graph);
  CHECK(found.size() == 20);  // 6 over 3
  CHECK(found == plain_distances(graph));
  CHECK(by_astar(graph) == found);
}

TEST_CASE("out-edges are the generators in order, loops included", "[graphs][implicit_graph]") {
  const auto graph = parse_graph("lrx:4").with_central({0, 0, 0, 1});
  const implicit_graph g(graph);
  CHECK(out_degree(graph.central(), g) == 3);
  const auto [first, last] = out_edges(graph.central(), g);
  std::size_t number = 0;
  for (auto at = first; at != last; ++at, ++number) {
    const implicit_graph::edge_descriptor edge = *at;
    CHECK(edge.generator == number);
    CHECK(source(edge, g) == graph.central());
    CHECK(target(edge, g) == graph.apply(number, graph.central()));
  }
  CHECK(number == 3);
  auto at = first;
  ++at;
  ++at;
  CHECK(target(*at, g) == graph.central());  // X swaps two equal labels
  CHECK_FALSE(*first == *at);
  CHECK(*first == *out_edges(graph.central(), g).first);
}

TEST_CASE("equal states have equal hashes", "[graphs][implicit_graph]") {
  std::unordered_set<state, state_hash> seen;
  for (const auto& [vertex, distance] : plain_distances(parse_graph("lrx:5"))) seen.insert(vertex);
  CHECK(seen.size() == 120);
  CHECK(seen.count(parse_graph("lrx:5").central()) == 1);
  CHECK(state_hash{}({1, 2, 3}) == state_hash{}({1, 2, 3}));
}

}  // namespace implicit_graph_test
