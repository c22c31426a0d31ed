// Towers of merged colours against the bucket engine, layer for layer: every merge of colours, gauge and kernel.
#include <graphs/parse_graph.hpp>
#include <groups/permutation_group.hpp>
#include <search/colour_choice.hpp>
#include <search/colour_sweep.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace colour_sweep_test {
namespace {

static_assert(bit_sweep<colour_sweep>);

using layers = std::vector<std::uint64_t>;

/// counts[c] points of colour c.
graphs::state pattern(const std::vector<std::size_t>& counts) {
  graphs::state s;
  for (std::size_t c = 0; c < counts.size(); ++c) s.insert(s.end(), counts[c], c);
  return s;
}

layers bucket_layers(const graphs::graph_definition& graph) {
  run_context context;
  const auto engine = make_bucket_engine();
  static_cast<void>(engine->plan(graph, {}, context));
  const auto result = engine->run(graph, {}, context);
  REQUIRE(result.status == status::exact);
  return result.layers;
}

layers sweep_layers(colour_sweep& sweep, unsigned threads) {
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
    REQUIRE(out.size() <= sweep.tower().design().states);
  }
}

std::vector<colour_design> designs_of(const graphs::graph_definition& graph, std::size_t least = 2, std::size_t most = 6) {
  const groups::permutation_group group(*graph.permutations());
  return all_colour_designs(group, graph, kernels::best_instruction_set(), least, most, {});
}

/// All designs with small blocks, too; returns how many there are.
std::size_t agrees(const graphs::graph_definition& graph, unsigned threads = 1, std::size_t most = 6) {
  INFO(graph.spec());
  const auto designs = designs_of(graph, 2, most);
  if (designs.empty()) return 0;
  const auto expected = bucket_layers(graph);
  const auto states = std::accumulate(expected.begin(), expected.end(), std::uint64_t{0});
  std::size_t turn = 0;
  for (const auto& design : designs) {
    INFO("blocks of " << design.fibre->size() << ", gauge " << static_cast<std::ptrdiff_t>(design.gauge));
    REQUIRE(design.states == states);
    CHECK(design.blocks * design.fibre->size() == states);
    for (const auto set : kernels::all_instruction_sets()) {
      if (!kernels::is_supported(set)) continue;
      if (++turn % 2 == 0 && designs.size() > 8) continue;  // each design in some kernel
      const auto forms = kernels::bit_move_kernels_for(set).forms;
      const auto tower = std::make_shared<const colour_tower>(design, forms, std::size_t{1} << 28, run_context{});
      CHECK(tower->blocks() == design.blocks);
      colour_sweep sweep(tower, graph.central(), set, threads);
      CHECK(sweep.bytes() == colour_sweep::bytes_for(*tower, threads));
      INFO(kernels::to_string(set));
      REQUIRE(sweep_layers(sweep, threads) == expected);
      if (turn == 1) REQUIRE(sweep_layers(sweep, threads) == expected);  // again, from the start
    }
  }
  return designs.size();
}

TEST_CASE("colour tower: families with three, four and five labels grow as in the bucket engine") {
  const std::vector<std::vector<std::size_t>> counts{{3, 3, 3}, {1, 2, 6}, {2, 2, 2, 3}, {1, 1, 3, 4}, {2, 2, 2, 2, 1}, {1, 1, 1, 1, 5}};
  for (const char* spec : tests::inputs<const char*>({"lrx:9", "lx:9", "top_spin:9", "pancake:9", "coxeter:9", "cyclic_coxeter:9", "stars:9", "all_transpositions:9",
                                                      "consecutive_k_cycles:9,k=4", "wrapped_k_cycles:9,k=5", "larx:9"})) {
    unsigned threads = 0;
    for (const auto& c : tests::inputs(counts)) {
      INFO(spec);
      const auto graph = graphs::parse_graph(spec).with_central(pattern(c));
      CHECK(agrees(graph, 1 + threads++ % 3, 3) > 0);
      if (!graph.is_inverse_closed() && threads % 2 == 0) CHECK(agrees(graph.with_inverses(), 1, 3) > 0);
    }
  }
}

TEST_CASE("colour tower: blocks of hundreds and thousands of states") {
  for (const auto& [spec, counts] : tests::inputs<std::pair<const char*, std::vector<std::size_t>>>({
           {"lx:12", {3, 3, 3, 3}}, {"lrx:14", {4, 5, 5}}, {"top_spin:13", {3, 4, 3, 3}}, {"pancake:13", {5, 4, 4}}, {"coxeter:12", {2, 2, 4, 4}}})) {
    const auto graph = graphs::parse_graph(spec).with_central(pattern(counts));
    const auto designs = designs_of(graph, 100, 3);
    REQUIRE(!designs.empty());
    CHECK(designs.front().fibre->words() >= 2);
    const auto expected = bucket_layers(graph);
    unsigned threads = 0;
    for (const auto& design : designs) {
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        INFO(spec << ", blocks of " << design.fibre->size() << ", gauge " << static_cast<std::ptrdiff_t>(design.gauge) << ", " << kernels::to_string(set));
        const auto tower = std::make_shared<const colour_tower>(design, kernels::bit_move_kernels_for(set).forms, std::size_t{1} << 28, run_context{});
        colour_sweep sweep(tower, graph.central(), set, 1 + threads % 3);
        REQUIRE(sweep_layers(sweep, 1 + threads++ % 3) == expected);
      }
    }
  }
}

graphs::graph_definition made(std::size_t n, const std::vector<std::vector<groups::point>>& generators, graphs::state central) {
  graphs::permutation_set set;
  for (std::size_t g = 0; g < generators.size(); ++g) {
    REQUIRE(generators[g].size() == n);
    set.add("g" + std::to_string(g), groups::permutation(generators[g]));
  }
  return graphs::make_graph("made", std::move(set), std::move(central));
}

TEST_CASE("colour tower: groups that are not symmetric") {
  // The alternating group on nine points: a 9-cycle and a 3-cycle.
  CHECK(agrees(made(9, {{1, 2, 3, 4, 5, 6, 7, 8, 0}, {1, 2, 0, 3, 4, 5, 6, 7, 8}}, {0, 0, 0, 1, 1, 1, 2, 2, 2}).with_inverses(), 2) > 0);
  // S_3 wr S_4, blocks {0, 1, 2}, ...: labels across the blocks.
  const auto wreath = made(12, {{1, 2, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                                {3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2}, {3, 4, 5, 0, 1, 2, 6, 7, 8, 9, 10, 11}}, {});
  for (const auto& central : std::vector<graphs::state>{{0, 0, 1, 0, 0, 1, 0, 1, 2, 2, 2, 2}, {0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2}, {0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 3, 4},
                                                        {0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0}}) {
    CHECK(agrees(wreath.with_central(central), 1) > 0);
  }
  // C_2 wr S_5 with equal pieces, and two orbits that move together (S_5 on points and on pairs of a product).
  CHECK(agrees(graphs::parse_graph("burnt_pancake:5").with_central({0, 0, 1, 1, 2, 3, 3, 4, 4, 5}), 1) > 0);
  const auto together = made(10, {{1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {1, 0, 2, 3, 4, 6, 5, 7, 8, 9}}, {0, 0, 1, 1, 2, 0, 1, 0, 1, 2});
  CHECK(agrees(together, 3) > 0);
  // Points that nobody moves, with labels of their own; repeated and identical generators.
  const auto fixed = made(11, {{0, 2, 3, 4, 5, 6, 7, 8, 9, 1, 10}, {0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
                          {7, 3, 3, 3, 8, 8, 8, 5, 5, 5, 7});
  CHECK(agrees(fixed, 1) > 0);
}

TEST_CASE("colour tower: puzzles with identical pieces") {
  for (const char* spec : tests::inputs<const char*>({"rubik_cube:2,metric=fixed_QTM", "puzzle:pyraminx", "puzzle:dino", "hungarian_rings:4,1,4,1", "hungarian_rings:6", "globe:1,3", "globe:2,3"})) {
    graphs::graph_definition graph = graphs::parse_graph("lrx:9");
    try {
      graph = graphs::parse_graph(spec);
    } catch (const std::exception& e) {
      WARN(spec << ": " << e.what());
      continue;
    }
    for (const std::uint64_t q : {std::uint64_t{3}, std::uint64_t{4}}) {
      graphs::state central(graph.degree());
      for (std::size_t i = 0; i < central.size(); ++i) central[i] = i * q / central.size();
      const auto coloured = graph.with_central(central);
      run_context context;
      context.memory_bytes = std::size_t{1} << 28;
      const auto designs = designs_of(coloured, 2, 3);
      if (designs.empty() || designs.front().states > (tests::sanitized ? 200'000 : 2'000'000)) continue;
      INFO(spec << " with " << q << " labels");
      CHECK(agrees(coloured, 2, 3) > 0);
    }
  }
}

TEST_CASE("colour tower: random graphs of at most ten points") {
  const auto s = tests::seed(20261203);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  std::size_t served = 0;
  for (std::size_t i = 0; i < tests::repeats(150); ++i) {
    const std::size_t n = 4 + random() % 7;
    graphs::state central(n);
    const std::uint64_t colours = 2 + random() % 4;
    for (auto& label : central) label = random() % colours * 5;
    const auto graph = tests::random_permutation_graph(n, random).with_central(central);
    INFO("case " << i << ", degree " << n);
    served += agrees(graph, 1 + static_cast<unsigned>(random() % 3), 2) > 0;
  }
  CHECK(served > tests::repeats(45));
}

TEST_CASE("colour tower: states and indices are inverse to one another; hooks see each new state once") {
  for (const auto& [spec, counts] : std::vector<std::pair<const char*, std::vector<std::size_t>>>{
           {"lrx:10", {3, 3, 4}}, {"top_spin:9", {2, 3, 2, 2}}, {"burnt_pancake:4", {2, 3, 3}}}) {
    const auto graph = graphs::parse_graph(spec).with_central(pattern(counts));
    for (const auto& design : designs_of(graph, 2, 2)) {
      const auto set = kernels::best_instruction_set();
      const auto tower = std::make_shared<const colour_tower>(design, kernels::bit_move_kernels_for(set).forms, std::size_t{1} << 28, run_context{});
      colour_sweep sweep(tower, graph.central(), set, 2);
      std::uint64_t states = 0;
      for (std::uint64_t i = 0; i < sweep.index_size(); ++i) {
        const auto s = sweep.states_of(i);
        REQUIRE(s.size() <= 1);
        if (s.empty()) continue;
        ++states;
        REQUIRE(sweep.index_of(s[0]) == i);
      }
      CHECK(states == design.states);
      CHECK(sweep.states_of(sweep.index_size()).empty());
      auto wrong = graph.central();
      wrong[0] = 99;
      CHECK(!sweep.index_of(wrong));
      wrong[0] = 1;  // one of these too many
      CHECK(!sweep.index_of(wrong));
      CHECK(!sweep.index_of({}));

      std::vector<std::uint64_t> low(sweep.index_size() / 64, ~std::uint64_t{0}), high = low, taken;
      const distance_planes planes{low.data(), high.data()};
      index_sink sink([&](std::span<const std::uint64_t> found) { taken.insert(taken.end(), found.begin(), found.end()); });
      sink.open(true);
      run_context context;
      context.threads = 2;
      parallel_tasks tasks(2);
      std::set<graphs::state> seen{graph.central()}, layer = seen;
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
          const std::uint64_t code = (low[i / 64] >> (i % 64) & 1U) + 2 * (high[i / 64] >> (i % 64) & 1U);
          REQUIRE(code == depth % 3);
        }
        REQUIRE(taken.size() == next.size());
        REQUIRE(found == next);
        layer = std::move(next);
      }
    }
  }
}

TEST_CASE("colour tower: stops when asked to") {
  const auto graph = graphs::parse_graph("lrx:12").with_central(pattern({4, 4, 4}));
  const auto designs = designs_of(graph, 40, 1);
  REQUIRE(!designs.empty());
  const auto set = kernels::best_instruction_set();
  const auto forms = kernels::bit_move_kernels_for(set).forms;
  colour_sweep sweep(std::make_shared<const colour_tower>(designs[0], forms, std::size_t{1} << 28, run_context{}), graph.central(), set, 1);
  std::stop_source source;
  run_context context;
  context.stop = source.get_token();
  parallel_tasks tasks(1);
  CHECK(sweep.advance(tasks, context, {}));
  source.request_stop();
  CHECK(!sweep.advance(tasks, context, {}));
  CHECK_THROWS_AS(colour_tower(designs[0], forms, std::size_t{1} << 28, context), groups::stopped_error);
  CHECK_THROWS_AS(colour_tower(designs[0], forms, 100, run_context{}), domain_error);
  context.stop = {};
  context.deadline = std::chrono::steady_clock::now();
  CHECK(!sweep.advance(tasks, context, {}));
  CHECK(sweep_layers(sweep, 1) == bucket_layers(graph));
}

TEST_CASE("tower engine: strings of three labels, as a whole and to a depth, with the last layer") {
  for (const char* spec : tests::inputs<const char*>({"lrx:14", "top_spin:14", "pancake:14"})) {
    const auto graph = graphs::parse_graph(spec).with_central(pattern({4, 5, 5}));
    INFO(spec);
    run_context context;
    context.memory_bytes = std::size_t{1} << 28;
    context.threads = 2;
    for (const std::optional<std::uint64_t> depth : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{9}}) {
      growth_options options;
      options.max_depth = depth;
      options.last_layer = 50;
      std::string text;
      options.planned = [&](const growth_plan& plan) { text = plan.text; };
      const auto swept = make_tower_engine()->run(graph, options, context);
      options.planned = {};
      const auto bucket = make_bucket_engine();
      static_cast<void>(bucket->plan(graph, options, context));
      const auto expected = bucket->run(graph, options, context);
      CHECK(swept.engine == "tower");
      CHECK(text.starts_with("tower of colours: 252252 states"));
      CHECK(swept.layers == expected.layers);
      CHECK(swept.last_layer == expected.last_layer);
      CHECK(swept.status == expected.status);
      CHECK(swept.certified == !depth);
      CHECK(swept.bits_per_state > 1);
    }
    // auto takes it, too.
    CHECK(make_auto_engine()->run(graph, {}, context).engine == "tower");
    // Refused with the figure where there is no room.
    context.memory_bytes = 20000;
    CHECK_THROWS_AS(make_tower_engine()->run(graph, {}, context), resource_error);
  }
}

TEST_CASE("tower engine: why there is no tower of colours") {
  run_context context;
  const auto reason = [&](const graphs::graph_definition& graph) {
    try {
      static_cast<void>(make_tower_engine()->plan(graph, {}, context));
    } catch (const domain_error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(reason(graphs::parse_graph("lrx:9").with_central({0, 0, 0, 0, 0, 0, 0, 1, 2})).find("no way to merge labels") != std::string::npos);
  CHECK(reason(graphs::parse_graph("lrx:40").with_central(pattern({10, 10, 10, 10}))).find("more than 2^47 states") != std::string::npos);
  CHECK(reason(graphs::parse_graph("lrx:300").with_central(pattern({298, 1, 1}))).find("more than 250 points") != std::string::npos);
}

}  // namespace
}  // namespace colour_sweep_test
}  // namespace cosetta::search
