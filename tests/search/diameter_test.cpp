// Bounds of diameters against what growth knows.
#include <graphs/catalogue.hpp>
#include <search/diameter.hpp>

#include <numeric>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace {

diameter_result bounds(const graphs::graph_definition& graph, std::optional<std::uint64_t> depth, run_context context = {}) {
  diameter_options options;
  options.growth.max_depth = depth;
  options.growth.last_layer = 1;
  options.words = 2000;
  return find_diameter(graph, *make_auto_engine(), options, context);
}

TEST_CASE("counting bounds: a tree, a torus, spheres that hold all") {
  // The free group's spheres 1, 4, 12, 36, ...: 53 vertices fill three of them, 54 need a fourth.
  CHECK(counting_bound({1, 4, 12}, 17, true, 3) == 2);
  CHECK(counting_bound({1, 4, 12}, 18, true, 3) == 3);
  CHECK(counting_bound({1, 4, 12}, 53, true, 3) == 3);
  CHECK(counting_bound({1, 4, 12}, 54, true, 3) == 4);
  // |S(4)| <= |S(2)|^2, which is less than |S(3)| times the degree.
  CHECK(counting_bound({1, 10, 10, 100}, 121 + 100, true, 10) == 4);
  CHECK(counting_bound({1, 10, 10, 100}, 121 + 101, true, 10) == 5);
  CHECK(counting_bound({1, 10, 10, 100}, 121 + 1000, false, 10) == 4);
  CHECK(counting_bound({1}, 1, true, 3) == 0);
  mpz_class large;
  mpz_ui_pow_ui(large.get_mpz_t(), 10, 100);
  CHECK(counting_bound({1, 10}, large, true, 10) == 100);
}

TEST_CASE("diameters: bounds hold at every depth, and meet when the graph is grown") {
  for (const char* spec : tests::inputs<const char*>({"lrx:7", "lx:7", "pancake:7", "coxeter:6", "top_spin:7", "burnt_pancake:4", "heisenberg:3,modulo=7",
                                                      "rubik_cube:2,metric=fixed_HTM", "stars:6"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto whole = bounds(graph, {});
    REQUIRE(whole.status == status::exact);
    CHECK(whole.upper == whole.lower);
    CHECK(whole.vertices == static_cast<unsigned long>(whole.growth.states()));
    for (std::uint64_t depth = 0; depth < std::min<std::uint64_t>(whole.lower, 8); ++depth) {
      INFO(spec << " to depth " << depth);
      const auto part = bounds(graph, depth);
      CHECK(part.lower <= whole.lower);
      CHECK(part.lower > depth);
      if (part.upper) CHECK(*part.upper >= whole.lower);
      CHECK(part.upper.has_value() == (graph.is_inverse_closed() && graph.permutations() != nullptr));
      CHECK((part.status == status::exact) == (part.upper == part.lower));
    }
  }
}

TEST_CASE("diameters: random permutation graphs, of cosets and of groups") {
  const auto s = tests::seed(20261128);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(80); ++i) {
    auto graph = tests::random_permutation_graph(3 + random() % 5, random);
    if (i % 2 == 0) {
      graphs::state central(graph.degree());
      for (auto& label : central) label = random() % 3;
      graph = graph.with_central(central);
    }
    INFO("case " << i);
    const auto whole = bounds(graph, {});
    REQUIRE(whole.status == status::exact);
    for (const std::uint64_t depth : {0, 1, 2, 4}) {
      const auto part = bounds(graph, depth);
      CHECK(part.vertices == whole.vertices);
      CHECK(part.lower <= whole.lower);
      if (part.upper) CHECK(*part.upper >= whole.lower);
      if (part.status == status::exact) CHECK(part.lower == whole.lower);
    }
  }
}

TEST_CASE("diameters: what does not fit is bounded, and so is what is stopped") {
  run_context small;
  small.memory_bytes = std::size_t{8} << 20;
  const auto graph = graphs::make_catalogue_graph("lrx:16");
  const auto part = bounds(graph, {}, small);
  CHECK(part.status == status::lower_bound);
  CHECK(part.growth.limit == limit::memory);
  CHECK(part.lower_by == "counting");
  CHECK(part.lower > part.growth.diameter());
  CHECK(part.lower <= 120);  // n (n - 1) / 2 is the diameter of every LRX graph that was ever grown
  REQUIRE(part.upper);
  CHECK(*part.upper >= 120);
  // A cube's pattern is left alone by the identity only: its vertices are elements of the group.
  const auto cube = bounds(graphs::make_catalogue_graph("rubik_cube:3,metric=HTM"), 3);
  CHECK(cube.vertices == mpz_class("43252003274489856000"));
  CHECK(cube.lower_by == "counting");
  CHECK((cube.lower >= 16 && cube.lower <= 20));
  for (const char* spec : {"lrx:40", "consecutive_k_cycles:12,k=3"}) {  // Sym(40), Alt(12)
    const auto strings = graphs::make_catalogue_graph(spec);
    graphs::state central(strings.degree());
    for (std::size_t j = strings.degree() / 2; j < strings.degree(); ++j) central[j] = 1;
    mpz_class arrangements;
    mpz_bin_uiui(arrangements.get_mpz_t(), strings.degree(), strings.degree() / 2);
    CHECK(bounds(strings.with_central(central), 3).vertices == arrangements);
  }
  std::stop_source source;
  source.request_stop();
  run_context stopped;
  stopped.stop = source.get_token();
  const auto none = bounds(graph, {}, stopped);
  CHECK(none.status == status::interrupted);
  CHECK_FALSE(none.upper);
}

}  // namespace
}  // namespace cosetta::search
