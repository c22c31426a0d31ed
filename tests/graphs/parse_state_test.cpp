#include <graphs/catalogue.hpp>
#include <graphs/parse_state.hpp>
#include <kernels/error.hpp>

#include <catch2/catch.hpp>

namespace cosetta::graphs {
namespace parse_state_test {
namespace {

TEST_CASE("states of permutations: rows, cycles, words") {
  const auto graph = make_catalogue_graph("lrx:5");
  CHECK(parse_state(graph, "[1,0,2,3,4]") == state{1, 0, 2, 3, 4});
  CHECK(parse_state(graph, " [1, 0, 2, 3, 4]") == state{1, 0, 2, 3, 4});
  CHECK(parse_state(graph, "10234") == state{1, 0, 2, 3, 4});
  CHECK(parse_state(graph, "(0 1 2)") == state{1, 2, 0, 3, 4});
  CHECK(parse_state(graph, "()") == graph.central());
  CHECK(parse_state(graph, "@") == graph.central());
  CHECK(parse_state(graph, "@L.X") == graph.apply(2, graph.apply(0, graph.central())));
  CHECK(parse_state(graph, "@L'") == graph.apply(1, graph.central()));
  CHECK(parse_state(graph, "[2,1,3,4,5]", 1) == state{1, 0, 2, 3, 4});
  CHECK(parse_state(graph, "(1 2 3)", 1) == state{1, 2, 0, 3, 4});
  CHECK_THROWS_WITH(parse_state(graph, "[1,0,2,3]"), Catch::Contains("has 4 labels"));
  CHECK_THROWS_WITH(parse_state(graph, "[1,0,2,3,3]"), Catch::Contains("3 occurs once too often"));
  CHECK_THROWS_WITH(parse_state(graph, "[2,1,3,4,6]", 1), Catch::Contains("6 occurs once too often"));
  CHECK_THROWS_WITH(parse_state(graph, "[0,1,2,3,4]", 1), Catch::Contains("points count from 1"));
  CHECK_THROWS_AS(parse_state(graph, "(0 5)"), domain_error);
  CHECK_THROWS_AS(parse_state(graph, "@L.Y"), parse_error);
  CHECK_THROWS_WITH(parse_state(graph, "a"), Catch::Contains("no row of labels"));
  CHECK_THROWS_AS(parse_state(graph, ""), parse_error);
}

TEST_CASE("states of patterns: labels are names and are not shifted") {
  const auto graph = make_catalogue_graph("lrx:4").with_central({0, 0, 1, 2});
  CHECK(parse_state(graph, "0102", 1) == state{0, 1, 0, 2});
  CHECK(parse_state(graph, "(1 3)", 1) == state{1, 0, 0, 2});
  CHECK_THROWS_WITH(parse_state(graph, "1102"), Catch::Contains("1 occurs once too often"));
}

TEST_CASE("states of matrices: rows, entries, words") {
  const auto graph = make_catalogue_graph("heisenberg:3,modulo=5");
  CHECK(parse_state(graph, "[[1,-2,3],[0,1,4],[0,0,6]]") == state{1, 3, 3, 0, 1, 4, 0, 0, 1});
  CHECK(parse_state(graph, "1,0,3,0,1,0,0,0,1") == state{1, 0, 3, 0, 1, 0, 0, 0, 1});
  CHECK(parse_state(graph, "@" + graph.names()[0]) == graph.apply(0, graph.central()));
  for (const char* bad : {"", "[[1,2],[3,4]]", "[[1,0,3],[0,1,4],[0,0,0.5]]", "1,2,3", "x", "[[1,2,3],4,5]"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_state(graph, bad), parse_error);
  }
  const auto columns = graph.with_central({1, 0, 0});
  CHECK(parse_state(columns, "[[2],[0],[1]]") == state{2, 0, 1});
}

}  // namespace
}  // namespace parse_state_test
}  // namespace cosetta::graphs
