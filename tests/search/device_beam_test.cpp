// Levels of beams on a device against those of the CPU: sizes, rows in their order, words, meetings, counts; and whole solutions.
#include <graphs/catalogue.hpp>
#include <groups/permutation.hpp>
#include <search/beam.hpp>
#include <search/device_beam.hpp>

#include <memory>
#include <random>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/beam_samples.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace device_beam_test {
namespace {

using tests::walked_row;

constexpr int orders = 3;  // that the host goes through when it is the device

/// p: pairs; r: pairs up to rotation, or pairs where there are none; h: labels that are not home; g: gaps.
std::unique_ptr<heuristic> estimate_of(const graphs::graph_definition& graph, char kind) {
  if (kind == 'h') return make_hamming_heuristic(graph);
  if (kind == 'g') return make_gap_heuristic(graph, false);
  auto out = make_pair_heuristic(graph, kind == 'r', 1 << 30, {});
  return out != nullptr ? std::move(out) : make_pair_heuristic(graph, false, 1 << 30, {});
}

/// Both make levels side by side until one is empty.
void compare(const byte_graph& graph, const heuristic& estimate, const byte_ball& ball, std::uint32_t bound, std::size_t width, std::size_t most, const byte_row& start) {
  tests::compare_beams(tests::next_backend(), graph, estimate, estimate, ball, bound, width, most, start);
}

TEST_CASE("device beam: levels are the CPU's, narrow and wide, whatever the order of threads") {
  std::mt19937_64 random(tests::seed(71));
  for (const char* spec : {"lrx:12", "pancake:10", "coxeter:11", "top_spin:12"}) {
    const auto definition = graphs::make_catalogue_graph(spec);
    const byte_graph graph(definition);
    const byte_ball ball(graph, graph.backward, 500, {});
    const auto estimate = estimate_of(definition, 'r');
    for (const std::size_t width : tests::inputs<std::size_t>({1, 6, 50, 1500, 6000})) {
      for (int order = 0; order < orders; ++order) {
        INFO(spec << " width " << width << " order " << order);
        compare(graph, *estimate, ball, ~0U, width, width > 1000 ? 24 : 60, walked_row(graph, random));
      }
    }
  }
}

TEST_CASE("device beam: whole groups, level by level") {
  for (const char* spec : tests::inputs<const char*>({"lrx:7", "coxeter:6", "pancake:6", "top_spin:7"})) {
    const auto definition = graphs::make_catalogue_graph(spec);
    const byte_graph graph(definition);
    const byte_ball ball(graph, graph.backward, 30, {});
    const auto estimate = make_gap_heuristic(definition, true);
    for (int order = 0; order < orders; ++order) {
      INFO(spec << " order " << order);
      compare(graph, *estimate, ball, ~0U, 5040, 100, graph.home());
      compare(graph, *estimate, ball, 3, 400, 100, graph.home());
    }
  }
}

TEST_CASE("device beam: random generating sets, any estimate") {
  std::mt19937_64 random(tests::seed(72));
  for (std::size_t i = 0; i < tests::repeats(20); ++i) {
    const std::size_t n = 3 + random() % 30;
    graphs::permutation_set set;
    for (std::size_t g = 0, count = 1 + random() % 6; g < count; ++g) set.add("g" + std::to_string(g), tests::random_permutation(n, random));
    auto definition = graphs::make_graph("random", std::move(set), {});
    if (i % 2 == 0) definition = definition.with_inverses();
    const byte_graph graph(definition);
    const byte_ball ball(graph, graph.backward, 1 + random() % 200, {});
    const auto estimate = estimate_of(definition, "phg"[i % 3]);
    INFO("n " << n << " generators " << graph.generators);
    compare(graph, *estimate, ball, static_cast<std::uint32_t>(random() % 40), 1 + random() % 300, 15, walked_row(graph, random));
  }
}

TEST_CASE("device beam: tables near and far, of one and of four generators; rows of any length") {
  std::mt19937_64 random(tests::seed(73));
  struct sample {
    const char* spec;
    char estimate;
    std::size_t width;
  };
  const std::vector<sample> samples{{"pancake:40", 'p', 30}, {"lrx:40", 'r', 60}, {"all_transpositions:50", 'h', 2}, {"lrx:70", 'p', 20}, {"lrx:140", 'h', 20}, {"lrx:250", 'g', 20}};
  for (const auto& s : tests::inputs(samples)) {
    const auto definition = graphs::make_catalogue_graph(s.spec);
    const byte_graph graph(definition);
    const byte_ball ball(graph, graph.backward, 50, {});
    const auto estimate = estimate_of(definition, s.estimate);
    INFO(s.spec);
    compare(graph, *estimate, ball, ~0U, s.width, 6, walked_row(graph, random));
    compare(graph, *estimate, ball, ~0U, s.width, 6, graph.home());
  }
}

TEST_CASE("device beam: solutions are the CPU's, and lead home") {
  std::mt19937_64 random(tests::seed(74));
  for (const char* spec : {"lrx:12", "pancake:13", "coxeter:9"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    run_context context;
    context.threads = 1;
    beam_options options;
    options.width = 200, options.ball_states = 1000, options.attempts = 2;
    const beam_solver plain(graph, options, context);
    for (int order = 0; order < orders; ++order) {
      options.device = tests::next_backend();
      const beam_solver solver(graph, options, context);
      CHECK(solver.heuristic() == plain.heuristic());
      for (std::size_t i = 0; i < tests::repeats(5); ++i) {
        auto state = graph.central();
        for (int k = 0; k < 500; ++k) state = graph.apply(random() % graph.generator_count(), state);
        const auto out = solver.solve(state, context), expected = plain.solve(state, context);
        REQUIRE(out.found);
        CHECK(out.word == expected.word);
        CHECK(out.levels == expected.levels);
        CHECK(out.candidates == expected.candidates);
        CHECK(out.cut == expected.cut);
        for (const auto g : out.word) state = graph.apply(g, state);
        CHECK(state == graph.central());
      }
    }
  }
}

TEST_CASE("device beam: what does not go is said") {
  const auto graph = graphs::make_catalogue_graph("lrx:12");
  beam_options options;
  options.device = kernels::make_host_backend(kernels::host_order::forward, 1'000'000);
  options.width = 100'000;
  CHECK_THROWS_WITH(beam_solver(graph, options, {}), Catch::Contains("lower --beam"));
  options.device = kernels::make_host_backend();
  options.width = 100;
  options.estimate = beam_estimate::patterns;
  CHECK_THROWS_WITH(beam_solver(graph, options, {}), Catch::Contains("sum over pairs"));
}

}  // namespace
}  // namespace device_beam_test
}  // namespace cosetta::search
