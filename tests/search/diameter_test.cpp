// Bounds of diameters against what growth knows.
#include <graphs/catalogue.hpp>
#include <search/diameter.hpp>
#include <search/path.hpp>

#include <chrono>
#include <numeric>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace diameter_test {
namespace {

diameter_result bounds(const graphs::graph_definition& graph, std::optional<std::uint64_t> depth, run_context context = {}, std::size_t antipodes = 0) {
  diameter_options options;
  options.growth.max_depth = depth;
  options.growth.last_layer = 1;
  options.words = 2000;
  options.antipodes = antipodes, options.antipode_effort = tests::sanitized ? 200'000 : 4'000'000;
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
  if (!tests::sanitized) {  // half a minute
    const auto cube = bounds(graphs::make_catalogue_graph("rubik_cube:3,metric=HTM"), 3);
    CHECK(cube.vertices == mpz_class("43252003274489856000"));
    CHECK(cube.lower_by == "counting");
    CHECK((cube.lower >= 16 && cube.lower <= 20));
  }
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

TEST_CASE("diameters: antipodes are as far as they are said to be") {
  const struct {
    const char* spec;
    std::uint64_t depth, diameter;
    bool met;  // by the effort that is spent here
  } cases[] = {{"lrx:7", 3, 21, true}, {"lrx:8", 3, 28, true}, {"lrx:9", 6, 36, false}, {"lx:7", 4, 25, true}, {"coxeter:6", 3, 15, true}, {"pancake:8", 2, 9, true}, {"top_spin:7", 3, 17, true}};
  for (const auto& [spec, depth, diameter, met] : cases) {
    if (tests::sanitized && diameter > 25) continue;
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto part = bounds(graph, depth, {}, 2);
    if (tests::sanitized && !part.far) continue;  // little effort may find nothing
    REQUIRE(part.far);
    CHECK(part.far->at_least <= part.far->at_most);
    CHECK(part.lower <= diameter);
    CHECK((part.lower == diameter || !met || tests::sanitized));
    CHECK((part.lower_by != "antipode" || part.lower == part.far->at_least));
    const auto d = find_path(graph, graph.central(), part.far->state);
    CHECK(d.word.size() >= part.far->at_least);
    CHECK(d.word.size() <= part.far->at_most);
  }
  // Nothing to search among: patterns and matrices.
  CHECK_FALSE(bounds(graphs::make_catalogue_graph("lrx:8").with_central({0, 0, 0, 0, 1, 1, 1, 2}), 3, {}, 1).far);
  CHECK_FALSE(bounds(graphs::make_catalogue_graph("heisenberg:3,modulo=7"), 3, {}, 1).far);
}

TEST_CASE("diameters: the deadline holds for all that is done") {
  run_context context;
  context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(400);
  diameter_options options;
  options.words = 1'000'000'000, options.antipode_effort = ~std::uint64_t{0};
  const auto found = find_diameter(graphs::make_catalogue_graph("lrx:24"), *make_auto_engine(), options, context);
  CHECK(found.status == status::lower_bound);
  CHECK(found.lower > 10);
  // Without the deadline the words alone take many minutes.
}

}  // namespace
}  // namespace diameter_test
}  // namespace cosetta::search
