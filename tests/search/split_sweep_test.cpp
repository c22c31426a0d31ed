// The split-index sweep against the bucket engine, layer for layer, on every kind of generator that it serves.
#include <graphs/parse_graph.hpp>
#include <groups/permutation.hpp>
#include <search/split_sweep.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace split_sweep_test {
namespace {

static_assert(bit_sweep<split_sweep>);

using layers = std::vector<std::uint64_t>;

graphs::state pattern(std::size_t n, std::size_t ones) {
  graphs::state s(n, 0);
  std::fill(s.end() - static_cast<std::ptrdiff_t>(ones), s.end(), 1);
  return s;
}

layers bucket_layers(const graphs::graph_definition& graph) {
  run_context context;
  context.memory_bytes = std::size_t{1} << 30;
  const auto engine = make_bucket_engine();
  static_cast<void>(engine->plan(graph, {}, context));
  const auto result = engine->run(graph, {}, context);
  REQUIRE(result.status == status::exact);
  return result.layers;
}

layers sweep_layers(split_sweep& sweep, unsigned threads) {
  run_context context;
  context.threads = threads;
  parallel_tasks tasks(threads);
  layers out{1};
  sweep.reset();
  for (;;) {
    const auto n = sweep.advance(tasks, context, {});
    REQUIRE(n);
    if (*n == 0) return out;
    out.push_back(*n);
    REQUIRE(out.size() <= sweep.plan().states);
  }
}

/// False where the plan refuses.
bool agrees(const graphs::graph_definition& graph, unsigned threads = 1) {
  std::string refusal;
  INFO(graph.spec());
  layers expected;
  for (const auto set : kernels::all_instruction_sets()) {
    if (!kernels::is_supported(set)) continue;
    const auto plan = plan_split(graph, {.instructions = set, .threads = threads}, &refusal);
    if (!plan) {
      CHECK(!refusal.empty());
      return false;
    }
    INFO(plan->text);
    CHECK(plan->instructions == set);
    if (expected.empty()) expected = bucket_layers(graph);
    split_sweep sweep(graph, *plan);
    REQUIRE(sweep_layers(sweep, threads) == expected);
    CHECK(sweep.bytes() == plan->bytes());
  }
  return true;
}

/// Position i is moved to the next place of `cycle`: s'_cycle[j] = s_cycle[j + 1].
groups::permutation cycle_on(std::size_t n, const std::vector<std::size_t>& cycle) {
  std::vector<groups::point> images(n);
  std::iota(images.begin(), images.end(), groups::point{0});
  for (std::size_t j = 0; j < cycle.size(); ++j) {
    images[cycle[j]] = static_cast<groups::point>(cycle[(j + 1) % cycle.size()]);
  }
  return groups::permutation(images);
}

std::vector<std::string> families(std::size_t n) {
  const auto t = std::to_string(n);
  return {"lrx:" + t,
          "lx:" + t,
          "top_spin:" + t,
          "top_spin:" + t + ",k=5",
          "coxeter:" + t,
          "cyclic_coxeter:" + t,
          "stars:" + t,
          "all_transpositions:" + t,
          "larx:" + t,
          "consecutive_k_cycles:" + t + ",k=4",
          "wrapped_k_cycles:" + t + ",k=3",
          "wrapped_k_cycles:" + t + ",k=5"};
}

TEST_CASE("split sweep: families of two-colour patterns grow as in the bucket engine") {
  for (const std::size_t n : {6U, 9U, 13U, 16U}) {
    for (const auto& spec : tests::inputs(families(n))) {
      for (const std::size_t ones : {std::size_t{1}, n / 3, n / 2, n - 2}) {
        INFO(spec << " with " << ones << " ones");
        auto graph = graphs::parse_graph(spec);
        graph = graph.with_central(pattern(graph.degree(), ones));
        CHECK(agrees(graph, 1 + static_cast<unsigned>(ones % 3)));
        if (!graph.is_inverse_closed()) CHECK(agrees(graph.with_inverses()));
      }
    }
  }
}

TEST_CASE("split sweep: larger patterns, where rows are long and many") {
  for (const char* spec :
       tests::inputs<const char*>({"lrx:22", "top_spin:22", "lx:21", "coxeter:20", "stars:20", "consecutive_k_cycles:20,k=10"})) {
    for (const std::size_t ones : {std::size_t{3}, std::size_t{10}}) {
      INFO(spec << " with " << ones << " ones");
      const auto graph = graphs::parse_graph(spec);
      CHECK(agrees(graph.with_central(pattern(graph.degree(), ones)), 2));
    }
  }
}

TEST_CASE("split sweep: known diameters") {
  for (const auto& [n, diameter] : {std::pair{16, 46}, {24, 104}}) {
    auto graph = graphs::parse_graph("lrx:" + std::to_string(n));
    graph = graph.with_central(pattern(static_cast<std::size_t>(n), static_cast<std::size_t>(n) / 2));
    split_sweep sweep(graph, *plan_split(graph));
    CHECK(sweep_layers(sweep, 2).size() == static_cast<std::size_t>(diameter) + 1);
  }
}

/// Permutations that a split index can serve: delete-inserts, shifts, transpositions, small reversals, and conjugates
/// of all of them by one permutation.
graphs::graph_definition random_graph(std::size_t n, std::mt19937_64& random, bool conjugated) {
  const auto names = conjugated ? tests::random_permutation(n, random) : groups::permutation(n);
  graphs::permutation_set set;
  for (std::size_t g = 0; g < 1 + random() % 4; ++g) {
    const std::size_t length = 2 + random() % (n - 1);
    const std::size_t start = random() % n;
    std::vector<groups::point> images(n);
    std::iota(images.begin(), images.end(), groups::point{0});
    std::vector<std::size_t> cycle;
    for (std::size_t j = 0; j < length; ++j) cycle.push_back((start + j) % n);
    groups::permutation p(n);
    switch (random() % 4) {
      case 0:
        p = cycle_on(n, cycle);
        break;
      case 1:
        p = groups::transposition(n, static_cast<groups::point>(start),
                                  static_cast<groups::point>((start + 1 + random() % (n - 1)) % n));
        break;
      case 2:
        for (std::size_t j = 0; j < std::min<std::size_t>(length, 4); ++j) {
          images[cycle[j]] = static_cast<groups::point>(cycle[std::min<std::size_t>(length, 4) - 1 - j]);
        }
        p = groups::permutation(images);
        break;
      default: {  // rotation by two
        for (std::size_t j = 0; j < n; ++j) images[j] = static_cast<groups::point>((j + 2) % n);
        p = groups::permutation(images);
      }
    }
    set.add("g" + std::to_string(g), names.inverse() * p * names);
  }
  graphs::state central(n, 4);
  for (auto& label : central) label = random() % 2 == 0 ? 4 : 9;
  auto graph = graphs::make_graph("random", std::move(set), std::move(central));
  return random() % 2 == 0 ? graph.with_inverses() : graph;
}

TEST_CASE("split sweep: random generators, transitive or not, directed or not") {
  const auto s = tests::seed(20261128);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  int served = 0;
  for (std::size_t i = 0; i < tests::repeats(150); ++i) {
    const std::size_t n = 3 + random() % 15;
    const auto graph = random_graph(n, random, i % 3 == 0);
    INFO("case " << i << ", degree " << n);
    served += agrees(graph, 1 + static_cast<unsigned>(random() % 2)) ? 1 : 0;
  }
  CHECK(served > (tests::sanitized ? 10 : 75));
}

TEST_CASE("split sweep: wild generators agree where they are served") {
  const auto s = tests::seed(20261129);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(60); ++i) {
    const std::size_t n = 4 + random() % 8;
    const auto graph = tests::random_permutation_graph(n, random).with_central(pattern(n, 1 + random() % (n - 1)));
    static_cast<void>(agrees(graph));
  }
}

TEST_CASE("split sweep: states and indices are inverse to one another; hooks see each new state once") {
  for (const char* spec : {"lrx:13", "top_spin:12", "stars:11", "consecutive_k_cycles:12,k=5"}) {
    auto graph = graphs::parse_graph(spec);
    graph = graph.with_central(pattern(graph.degree(), 5));
    split_sweep sweep(graph, *plan_split(graph));
    std::uint64_t states = 0;
    for (std::uint64_t i = 0; i < sweep.index_size(); ++i) {
      const auto s = sweep.states_of(i);
      REQUIRE(s.size() <= 1);
      if (s.empty()) continue;
      ++states;
      REQUIRE(sweep.index_of(s[0]) == i);
    }
    CHECK(states == sweep.plan().states);
    CHECK(sweep.index_of(graph.central()));
    auto wrong = graph.central();
    wrong[0] = 2;
    CHECK(!sweep.index_of(wrong));
    wrong[0] = 1;
    CHECK(!sweep.index_of(wrong));
    CHECK(!sweep.index_of({}));

    // Layers by the sink, and by the planes of distances modulo 3, against a plain search.
    std::vector<std::uint64_t> low(sweep.index_size() / 64, ~std::uint64_t{0});
    std::vector<std::uint64_t> high = low;
    const distance_planes planes{low.data(), high.data()};
    std::vector<std::uint64_t> taken;
    index_sink sink(
        [&](std::span<const std::uint64_t> found) { taken.insert(taken.end(), found.begin(), found.end()); });
    sink.open(true);
    run_context context;
    context.threads = 2;
    parallel_tasks tasks(2);
    std::set<graphs::state> seen{graph.central()};
    std::set<graphs::state> layer = seen;
    planes.mark(*sweep.index_of(graph.central()) / 64, std::uint64_t{1} << (*sweep.index_of(graph.central()) % 64), 0);
    std::vector<std::pair<std::uint64_t, unsigned>> distances{{*sweep.index_of(graph.central()), 0}};
    for (unsigned depth = 1; !layer.empty(); ++depth) {
      std::set<graphs::state> next;
      for (const auto& from : layer) {
        for (std::size_t g = 0; g < graph.generator_count(); ++g) {
          const auto to = graph.apply(g, from);
          if (seen.insert(to).second) next.insert(to);
        }
      }
      taken.clear();
      REQUIRE(sweep.advance(tasks, context, {&sink, &planes, depth % 3}) == next.size());
      std::set<graphs::state> found;
      for (const auto i : taken) {
        found.insert(sweep.states_of(i).at(0));
        distances.emplace_back(i, depth);
      }
      REQUIRE(taken.size() == next.size());
      REQUIRE(found == next);
      layer = std::move(next);
    }
    std::size_t wrong_codes = 0;
    for (const auto& [i, depth] : distances) {
      const std::uint64_t code = (low[i / 64] >> (i % 64) & 1U) + 2 * (high[i / 64] >> (i % 64) & 1U);
      wrong_codes += code != depth % 3;
    }
    CHECK(wrong_codes == 0);
  }
}

TEST_CASE("split sweep: refusals give a reason") {
  const auto refusal = [](const graphs::graph_definition& graph) {
    std::string text;
    CHECK(!plan_split(graph, {}, &text));
    CHECK(text.starts_with("split: "));
    return text;
  };
  CHECK(refusal(graphs::parse_graph("heisenberg:3,modulo=4")) == "split: states are matrices");
  refusal(graphs::parse_graph("lrx:8"));
  refusal(graphs::parse_graph("lrx:8").with_central({0, 0, 1, 1, 2, 2, 1, 0}));
  refusal(graphs::parse_graph("lrx:8").with_central(graphs::state(8, 1)));
  refusal(graphs::parse_graph("lrx:70").with_central(pattern(70, 2)));
  refusal(graphs::parse_graph("lrx:60").with_central(pattern(60, 30)));
  // One that is planned and does not fit is refused with the figure, by the engine and by auto.
  run_context small;
  small.memory_bytes = std::size_t{1} << 20;
  for (const char* name : {"tower", "auto"}) {
    CHECK_THROWS_WITH(make_growth_engine(name)->run(graphs::parse_graph("lrx:32").with_central(pattern(32, 16)), {}, small),
                      Catch::Contains("601080390 states need") && Catch::Contains("MiB (split index, two buffers), the memory budget is 1.0 MiB"));
  }
  std::mt19937_64 random(1);
  graphs::permutation_set wild;
  wild.add("a", tests::random_permutation(28, random));
  wild.add("b", tests::random_permutation(28, random));
  refusal(graphs::make_graph("wild", std::move(wild), pattern(28, 14)));
}

TEST_CASE("split sweep: labels of positions that nobody moves do not count") {
  graphs::permutation_set set;
  set.add("c", cycle_on(12, {1, 2, 3, 5, 7, 8, 10}));
  set.add("t", cycle_on(12, {1, 2}));
  const auto graph = graphs::make_graph("fixed", std::move(set), {7, 3, 3, 3, 8, 5, 9, 5, 5, 1, 3, 2});
  const auto plan = plan_split(graph);
  REQUIRE(plan);
  CHECK(plan->states == 35);
  CHECK(agrees(graph));
}

TEST_CASE("split sweep: few ones on many positions") {
  for (const std::size_t ones : tests::inputs<std::size_t>({1, 2, 3, 59})) {
    CHECK(agrees(graphs::parse_graph("lrx:62").with_central(pattern(62, ones))));
  }
  // Rows of so many lines that a block is several of them.
  for (const char* spec : tests::inputs<const char*>({"lrx:40", "top_spin:40", "stars:40"})) {
    const auto graph = graphs::parse_graph(spec).with_central(pattern(40, 5));
    CHECK(plan_split(graph)->index->block_log() > 0);
    CHECK(agrees(graph, 2));
  }
  CHECK(agrees(graphs::parse_graph("coxeter:40").with_central(pattern(40, 4))));
}

TEST_CASE("split sweep: stops when asked to") {
  auto graph = graphs::parse_graph("lrx:20");
  graph = graph.with_central(pattern(20, 10));
  split_sweep sweep(graph, *plan_split(graph));
  std::stop_source source;
  run_context context;
  context.stop = source.get_token();
  parallel_tasks tasks(1);
  CHECK(sweep.advance(tasks, context, {}));
  source.request_stop();
  CHECK(!sweep.advance(tasks, context, {}));
  sweep.reset();
  context.stop = {};
  context.deadline = std::chrono::steady_clock::now();
  CHECK(!sweep.advance(tasks, context, {}));
  CHECK(sweep_layers(sweep, 1) == bucket_layers(graph));
}

}  // namespace
}  // namespace split_sweep_test
}  // namespace cosetta::search
