// The choice of a method, patterns with equal labels, and that each method's words lead to the goal.
#include <graphs/catalogue.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/path.hpp>
#include <search/pattern_element.hpp>
#include <search/solve.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

#include <numeric>
#include <set>

namespace cosetta::search {
namespace solve_test {
namespace {

graphs::state replay(const graphs::graph_definition& graph, graphs::state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

solve_options with_method(solve_method m) {
  solve_options out;
  out.method = m;
  out.two_phase.seconds.reset();
  out.two_phase.nodes = 100'000;
  out.beam.width = 200;
  return out;
}

TEST_CASE("solve: the method by the graph, and one that cannot be had") {
  const auto method_of = [](const char* spec) { return state_solver(graphs::make_catalogue_graph(spec), with_method(solve_method::automatic), {}).method(); };
  CHECK(method_of("lrx:7") == solve_method::two_phase);  // one step, exact
  CHECK(method_of("rubik_cube:2") == solve_method::two_phase);
  CHECK(method_of("lrx:14") == solve_method::beam);
  if (!tests::sanitized) CHECK(method_of("puzzle:4x4x4") == solve_method::chain);  // half a minute
  CHECK_THROWS_AS(state_solver(graphs::make_catalogue_graph("lrx:14"), with_method(solve_method::two_phase), {}), domain_error);
  CHECK_THROWS_AS(state_solver(graphs::make_catalogue_graph("heisenberg:3,modulo=5"), {}, {}), domain_error);
  for (const auto m : {solve_method::automatic, solve_method::two_phase, solve_method::beam, solve_method::chain}) CHECK(solve_method_from(to_string(m)) == m);
  CHECK_FALSE(solve_method_from("best"));
}

TEST_CASE("solve: words of every method lead to the goal, whatever the goal, directed or not") {
  const auto seed = tests::seed(20261205);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < tests::repeats(40); ++i) {
    const auto graph = tests::random_permutation_graph(3 + random() % 4, random);
    std::set<graphs::state> reached{graph.central()};
    std::vector<graphs::state> all{graph.central()};
    for (std::size_t k = 0; k < all.size(); ++k) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        if (auto t = graph.apply(g, all[k]); reached.insert(t).second) all.push_back(std::move(t));
      }
    }
    for (const auto m : {solve_method::automatic, solve_method::beam, solve_method::chain}) {
      auto options = with_method(m);
      options.pattern_states = 1 + random() % 20;
      const state_solver solver(graph, options, {});
      for (int k = 0; k < 4; ++k) {
        const auto &from = all[random() % all.size()], &goal = all[random() % all.size()];
        const auto r = solver.solve(from, goal, {});
        REQUIRE_FALSE(r.impossible);
        REQUIRE(r.found);
        REQUIRE(replay(graph, from, r.word) == goal);
      }
      auto other = graph.central();
      std::shuffle(other.begin(), other.end(), random);
      const auto r = solver.solve(other, {});
      REQUIRE(r.found == reached.contains(other));
      REQUIRE((r.impossible || r.found || !r.reason.empty()));
      if (!r.found) REQUIRE_FALSE(reached.contains(other));
    }
  }
}

TEST_CASE("solve: colours of cubes are told apart, and then solved as permutations") {
  const auto seed = tests::seed(20261206);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const char* spec : tests::inputs<const char*>({"rubik_cube:2", "rubik_cube:3,metric=HTM"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    auto options = with_method(solve_method::automatic);
    options.two_phase.nodes = 200'000;
    options.pattern_states = 2000;
    const state_solver solver(graph, options, {});
    const groups::permutation_group group(*graph.permutations());
    for (int i = 0; i < 2; ++i) {
      graphs::state s;
      for (const auto x : group.random(random).images()) s.push_back(graph.central()[x]);
      const auto r = solver.solve(s, {});
      REQUIRE(r.found);
      REQUIRE(replay(graph, s, r.word) == graph.central());
      if (r.method == "two-phase") CHECK(r.word.size() <= 26);
    }
    CHECK(solver.solve(graph.central(), {}).word.empty());
    CHECK_THROWS_AS(solver.solve({0, 1}, {}), domain_error);
  }
}

TEST_CASE("near patterns: shortest from both ends, none where an end is exhausted, nothing beyond the limit") {
  const auto graph = graphs::make_catalogue_graph("lrx:8").with_central({0, 0, 0, 0, 1, 1, 1, 2});
  const graphs::state from{2, 1, 1, 1, 0, 0, 0, 0};
  const auto found = find_near_path(graph, from, graph.central(), 10000);
  REQUIRE(found.status == path_status::geodesic);
  CHECK(replay(graph, from, found.word) == graph.central());
  CHECK(found.word.size() == find_path(graph, from, graph.central()).word.size());
  CHECK(find_near_path(graph, from, graph.central(), 2).limit == limit::memory);
  CHECK(find_near_path(graph, {3, 1, 1, 1, 0, 0, 0, 0}, graph.central(), 10000).status == path_status::no_path);
  CHECK(find_near_path(graph, graph.central(), graph.central(), 0).word.empty());
}

TEST_CASE("rearrangements take equal labels in their order, or exchange two") {
  CHECK(rearrangement({1, 0}, {0, 1}, false)->images() == std::vector<groups::point>{1, 0});
  CHECK_FALSE(rearrangement({1, 0}, {0, 1}, true));
  CHECK_FALSE(rearrangement({1, 1}, {0, 1}, false));
}

}  // namespace
}  // namespace solve_test
}  // namespace cosetta::search
