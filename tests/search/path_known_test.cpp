// Shortest words against distances known otherwise: every state of graphs of 8! vertices, all states at the diameter, antipodes of LRX.
#include <graphs/catalogue.hpp>
#include <search/beam.hpp>
#include <search/path.hpp>
#include <tests/effort.hpp>
#include <tests/seeded.hpp>
#include <tests/tools/program.hpp>

#include <algorithm>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>

namespace cosetta::search {
namespace path_known_test {
namespace {

using graphs::graph_definition;
using graphs::state;

void check_geodesic(const graph_definition& graph, const state& from, const path_result& r, std::uint64_t distance) {
  REQUIRE(r.status == path_status::geodesic);
  REQUIRE(r.word.size() == distance);
  auto at = from;
  for (const auto g : r.word) at = graph.apply(g, at);
  REQUIRE(at == graph.central());
}

/// The rank of a permutation among those of its length in lexicographic order.
std::size_t rank(const state& s) {
  std::size_t r = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    std::size_t less = 0;
    for (std::size_t j = i + 1; j < s.size(); ++j) less += s[j] < s[i];
    r = r * (s.size() - i) + less;
  }
  return r;
}

/// Growth of the graph with a table of distances, and the states at the diameter.
struct measured {
  measured(const graph_definition& graph, std::size_t most) : graph(graph) {
    const auto path = (folder.path() / "table").string();
    run_context context;
    context.threads = 2;
    growth = make_tower_engine()->run(graph, {.last_layer = most, .save_distances = path}, context);
    table.emplace(distance_table::open(path, graph));
  }
  tests::scratch_folder folder;
  const graph_definition& graph;
  growth_result growth;
  std::optional<distance_table> table;
};

TEST_CASE("paths of all states of LRX-8 and pancake-8 are as long as breadth-first search says") {
  for (const char* spec : {"lrx:8", "pancake:8"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    constexpr std::uint8_t unseen = 255;
    std::vector<std::uint8_t> distance(40320, unseen);
    std::vector<state> queue{graph.central()};
    distance[rank(queue[0])] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        auto next = graph.apply(g, queue[i]);
        auto& d = distance[rank(next)];
        if (d != unseen) continue;
        d = static_cast<std::uint8_t>(distance[rank(queue[i])] + 1);
        queue.push_back(std::move(next));
      }
    }
    REQUIRE(queue.size() == 40320);
    // Both generating sets are inverse-closed: out-distances from the central state are distances to it.
    for (std::size_t i = 0; i < queue.size(); i += tests::sanitized ? 401 : 1) check_geodesic(graph, queue[i], find_path(graph, queue[i], graph.central()), distance[rank(queue[i])]);
  }
}

TEST_CASE("paths of all pancake stacks at the diameter for n = 9") {
  const auto graph = graphs::make_catalogue_graph("pancake:9");
  const measured m(graph, 10000);
  REQUIRE(m.growth.layers.size() == 11);
  REQUIRE(m.growth.last_layer.size() == 5804);  // OEIS A067607
  for (std::size_t i = 0; i < m.growth.last_layer.size(); i += tests::sanitized ? 500 : 1) {
    const auto& s = m.growth.last_layer[i];
    check_geodesic(graph, s, find_path(graph, s, graph.central(), {.table = &*m.table}), 10);
    if (i % 10 == 0) check_geodesic(graph, s, find_path(graph, s, graph.central()), 10);
  }
}

TEST_CASE("paths of all states of the 2x2x2 cube at the diameter") {
  for (const auto& [spec, diameter, count] : {std::tuple{"rubik_cube:2,metric=fixed_QTM", 14, 276}, {"rubik_cube:2,metric=fixed_HTM", 11, 2644}}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const measured m(graph, 10000);
    REQUIRE(m.growth.last_layer.size() == static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < m.growth.last_layer.size(); i += tests::sanitized ? 200 : 1) {
      const auto& s = m.growth.last_layer[i];
      check_geodesic(graph, s, find_path(graph, s, graph.central(), {.table = &*m.table}), static_cast<std::uint64_t>(diameter));
      if (i % 100 == 0) check_geodesic(graph, s, find_path(graph, s, graph.central()), static_cast<std::uint64_t>(diameter));
    }
  }
}

TEST_CASE("the antipodes of LRX are n(n-1)/2 away") {
  for (std::size_t n = 4; n <= (tests::sanitized ? 7U : 12U); ++n) {
    const auto graph = graphs::make_catalogue_graph("lrx:" + std::to_string(n));
    state far{1, 0};
    for (std::size_t i = n - 1; i >= 2; --i) far.push_back(i);
    if (n <= 10) check_geodesic(graph, far, find_path(graph, far, graph.central()), n * (n - 1) / 2);
    if (n >= 11) {
      const measured m(graph, 10);
      CHECK(m.growth.last_layer == std::vector<state>{far});
      check_geodesic(graph, far, find_path(graph, far, graph.central(), {.table = &*m.table}), n * (n - 1) / 2);
    }
  }
}

TEST_CASE("beams find shortest words of random states of LRX-12 with the settings as they are") {
  if (tests::sanitized) return;
  const auto graph = graphs::make_catalogue_graph("lrx:12");
  const measured m(graph, 0);
  const beam_solver solver(graph, {}, {});
  std::mt19937_64 random(tests::seed(20261130));
  std::size_t optimal = 0;
  for (int i = 0; i < 40; ++i) {
    auto s = graph.central();
    std::shuffle(s.begin(), s.end(), random);
    const auto r = solver.solve(s, {});
    REQUIRE(r.found);
    optimal += r.word.size() == m.table->distance(s);
  }
  CHECK(optimal >= 39);  // a beam proves nothing
}

}  // namespace
}  // namespace path_known_test
}  // namespace cosetta::search
