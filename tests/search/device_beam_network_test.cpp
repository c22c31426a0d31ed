// Beams that a network on a device steers: the levels of the CPU's beam with the same scores, row by row, in any order of threads; the words of
// the CPU's float32 where bf16 says the same; and words that lead home, about as long, where it does not.
#include <graphs/catalogue.hpp>
#include <groups/permutation.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/device_network.hpp>

#include <algorithm>
#include <memory>
#include <random>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/beam_samples.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/search/network_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace device_beam_network_test {
namespace {

using tests::counting_network;
using tests::walked_row;

/// The CPU's levels with what a network says in bf16, asked in batches of its own on a backend of its own; and the device's.
void compare(const graphs::graph_definition& definition, const network& net, std::uint32_t bound, std::size_t width, std::size_t most, std::mt19937_64& random) {
  static const auto other = tests::next_backend();
  const byte_graph graph(definition);
  const byte_ball ball(graph, graph.backward, 200, {});
  const auto estimate = make_device_network_heuristic(definition, net, other);
  for (const auto& on : tests::all_backends()) {
    const auto device_estimate = make_device_network_heuristic(definition, net, on);
    tests::compare_beams(on, graph, *estimate, *device_estimate, ball, bound, width, most, walked_row(graph, random));
  }
}

TEST_CASE("device beams by networks: levels are the CPU's, narrow, wide and of several chunks, whatever the order of threads") {
  std::mt19937_64 random(tests::seed(75));
  struct sample {
    const char* spec;
    std::size_t hidden, width, most;
  };
  const std::vector<sample> samples{{"lrx:9", 24, 1, 40}, {"lrx:12", 16, 40, 40}, {"pancake:10", 8, 1000, 8}, {"coxeter:18", 8, 60, 12}, {"all_transpositions:34", 3, 2, 6}, {"lrx:140", 2, 9, 4}};
  for (const auto& s : tests::inputs(samples)) {
    const auto definition = graphs::make_catalogue_graph(s.spec);
    INFO(s.spec << " width " << s.width);
    compare(definition, counting_network(definition.degree(), s.hidden, 1, 0.3F, random()), random() % 2 == 0 ? ~0U : 30'000, s.width, s.most, random);
  }
  compare(graphs::make_catalogue_graph("lrx:8"), tests::rich_network(8, 40, 33, 5), ~0U, 300, 12, random);
}

TEST_CASE("device beams by networks: generators without inverses, alone, twice and without effect") {
  std::mt19937_64 random(tests::seed(76));
  for (std::size_t i = 0; i < tests::repeats(12); ++i) {
    const std::size_t n = 2 + random() % 19;
    graphs::permutation_set set;
    for (std::size_t g = 0, count = i % 4 == 0 ? 1 : 1 + random() % 5; g < count; ++g) set.add("g" + std::to_string(g), tests::random_permutation(n, random));
    if (i % 4 == 0 && i % 8 == 0) set = {}, set.add("t", groups::transposition(n, 0, 1));
    if (i % 3 == 0) set.add("none", groups::permutation(n));
    auto definition = graphs::make_graph("random", std::move(set), {});
    if (i % 2 == 0) definition = definition.with_inverses();
    INFO("n " << n << " generators " << definition.generator_count());
    compare(definition, counting_network(n, 5, 1, 0.4F, random()), ~0U, 1 + random() % 200, 10, random);
  }
}

struct beams {
  std::optional<beam_solver> cpu, device;
  beams(const graphs::graph_definition& graph, network net, std::size_t width, const std::shared_ptr<kernels::backend>& on, std::size_t restarts, const run_context& context) {
    beam_options options;
    options.restarts = restarts;
    options.width = width, options.ball_states = 500, options.attempts = 1, options.improve = false, options.estimate = beam_estimate::network;
    options.network = std::make_shared<const network>(std::move(net));
    cpu.emplace(graph, options, context);
    options.device = on;
    device.emplace(graph, options, context);
  }
};

graphs::state walked(const graphs::graph_definition& graph, std::mt19937_64& random) {
  auto out = graph.central();
  for (int k = 0; k < 300; ++k) out = graph.apply(random() % graph.generator_count(), out);
  return out;
}

TEST_CASE("device beams by networks: small whole numbers are the same in bf16, so words are those of float32") {
  std::mt19937_64 random(tests::seed(77));
  run_context context;
  context.threads = 1;
  for (const char* spec : {"lrx:9", "coxeter:8", "pancake:9"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    for (const auto& on : tests::all_backends()) {
      const beams both(graph, counting_network(graph.degree(), 4, 1, 0, 1), 150, on, 0, context);
      CHECK(both.device->heuristic() == "network " + std::to_string(graph.degree() * graph.degree()) + "-4-1, bf16 on " + std::string(on->name()));
      for (std::size_t i = 0; i < tests::repeats(3); ++i) {
        const auto from = walked(graph, random);
        const auto expected = both.cpu->solve(from, context), out = both.device->solve(from, context);
        REQUIRE(out.found == expected.found);
        CHECK(out.word == expected.word);
        CHECK(out.levels == expected.levels);
        CHECK(out.candidates == expected.candidates);
        CHECK(out.cut == expected.cut);
      }
    }
  }
}

TEST_CASE("device beams by networks: the same words in any order of threads; by bf16 they lead home as float32's do, about as long") {
  std::mt19937_64 random(tests::seed(78));
  run_context context;
  context.threads = 1;
  const auto graph = graphs::make_catalogue_graph("coxeter:9");
  const auto net = counting_network(9, 8, 0.9137F, 0.11F, 7);
  std::vector<std::unique_ptr<beams>> solvers;
  for (const auto& on : tests::all_backends()) solvers.push_back(std::make_unique<beams>(graph, net, 120, on, 2, context));
  std::size_t cpu_letters = 0, letters = 0;
  for (std::size_t i = 0; i < tests::repeats(12); ++i) {
    const auto from = walked(graph, random);
    const auto expected = solvers[0]->cpu->solve(from, context);
    REQUIRE(expected.found);
    std::optional<std::vector<std::size_t>> word;
    for (const auto& s : solvers) {
      const auto out = s->device->solve(from, context);
      REQUIRE(out.found);
      auto end = from;
      for (const auto g : out.word) end = graph.apply(g, end);
      CHECK(end == graph.central());
      if (!word) word = out.word;
      CHECK(out.word == *word);
    }
    cpu_letters += expected.word.size(), letters += word->size();
  }
  CHECK(10 * letters <= 12 * cpu_letters + 40);
  CHECK(10 * cpu_letters <= 12 * letters + 40);
}

TEST_CASE("device beams by networks: what does not go is said") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  beam_options options;
  options.estimate = beam_estimate::network;
  options.device = tests::next_backend();
  CHECK_THROWS_WITH(beam_solver(graph, options, {}), Catch::Contains("no network was given"));
  options.network = std::make_shared<const network>(counting_network(8, 4, 1, 0, 1));
  CHECK_THROWS_WITH(beam_solver(graph, options, {}), Catch::Contains("is for 8 points, the graph has 9"));
  const byte_graph rows(graph);
  const byte_ball ball(rows, rows.backward, 1, {});
  const auto net = counting_network(9, 4, 1, 0, 1);
  const auto cpu = make_network_heuristic(graph, net, network_precision::float32), elsewhere = make_device_network_heuristic(graph, net, kernels::make_host_backend());
  CHECK_THROWS_WITH(device_beam_graph(options.device, rows, *cpu, ball), Catch::Contains("float32 is none"));
  CHECK_THROWS_WITH(device_beam_graph(options.device, rows, *elsewhere, ball), Catch::Contains("on the same device"));
  // Room for the levels alone: the network is what is too much.
  options.width = 2000, options.improve = false;
  options.network = std::make_shared<const network>(counting_network(9, 4000, 1, 0, 1));
  options.device = kernels::make_host_backend(kernels::host_order::forward, device_beam_levels::device_bytes_for(rows, options.width) + 2'000'000);
  CHECK_THROWS_AS(beam_solver(graph, options, {}), resource_error);
}

}  // namespace
}  // namespace device_beam_network_test
}  // namespace cosetta::search
