// Words that are made shorter act as before, and no window of them is longer than it must be.
#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <search/improve.hpp>

#include <map>
#include <random>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace improve_test {
namespace {

graphs::state replay(const graphs::graph_definition& graph, graphs::state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

/// Of all states, from the central one.
std::map<graphs::state, std::size_t> distances(const graphs::graph_definition& graph) {
  std::map<graphs::state, std::size_t> out{{graph.central(), 0}};
  std::vector<graphs::state> queue{graph.central()};
  for (std::size_t k = 0; k < queue.size(); ++k) {
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto next = graph.apply(g, queue[k]);
      if (out.emplace(next, out[queue[k]] + 1).second) queue.push_back(std::move(next));
    }
  }
  return out;
}

TEST_CASE("improve: every window is a geodesic as far as the balls reach, and the element stays") {
  std::mt19937_64 random(tests::seed(71));
  for (const char* spec : tests::inputs<const char*>({"lrx:6", "lx:5", "pancake:6", "coxeter:6", "burnt_pancake:3", "consecutive_k_cycles:5,k=3"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto all = distances(graph);
    for (const auto& [tried, table] : {std::pair<std::size_t, std::size_t>{1, 1}, {4, 30}, {60, 100}, {1, 100'000}, {100'000, 100'000}}) {
      const word_improver improver(graph, {tried, table}, {});
      INFO(spec << ", reach " << improver.reach());
      for (int i = 0; i < 10; ++i) {
        std::vector<std::size_t> word(random() % 60);
        for (auto& g : word) g = random() % graph.generator_count();
        const auto shorter = improver.improve(word, {});
        const auto end = replay(graph, graph.central(), word);
        CHECK(shorter.size() <= word.size());
        CHECK(replay(graph, graph.central(), shorter) == end);
        if (table == 100'000) CHECK(shorter.size() == all.at(end));
        for (std::size_t begin = 0; begin < shorter.size(); ++begin) {
          const auto length = std::min(improver.reach() + 1, shorter.size() - begin);
          const std::vector<std::size_t> window(shorter.begin() + static_cast<std::ptrdiff_t>(begin), shorter.begin() + static_cast<std::ptrdiff_t>(begin + length));
          CHECK(all.at(replay(graph, graph.central(), window)) == length);
        }
      }
    }
  }
}

TEST_CASE("improve: patterns, words that are short already, and limits") {
  const auto pattern = graphs::make_catalogue_graph("lrx:40").with_central(graphs::state(40, 1));
  const std::vector<std::size_t> word{0, 1, 0, 2, 2, 1, 0, 0};
  const auto shorter = improve_word(pattern, word, {});
  CHECK(shorter == std::vector<std::size_t>{0, 0});
  CHECK(improve_word(pattern, {}, {}).empty());
  run_context late;
  late.deadline = std::chrono::steady_clock::now();
  CHECK(word_improver(pattern, {}, {}).improve(word, late) == word);
  run_context small;
  small.memory_bytes = 10'000;
  CHECK_THROWS_AS(word_improver(pattern, {}, small), resource_error);
  CHECK_THROWS_AS(word_improver(graphs::make_catalogue_graph("heisenberg:3,modulo=5"), {}, {}), domain_error);
  CHECK_THROWS_AS(word_improver(graphs::make_catalogue_graph("lrx:300"), {}, {}), domain_error);
}

}  // namespace
}  // namespace improve_test
}  // namespace cosetta::search
