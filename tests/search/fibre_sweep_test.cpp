// The sweep over cosets of transvections against the plain engines, on named groups and on random matrices.
#include <graphs/catalogue.hpp>
#include <groups/matrix_group.hpp>
#include <kernels/error.hpp>
#include <search/fibre_sweep.hpp>
#include <search/growth.hpp>

#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace fibre_sweep_test {
namespace {

using layers = std::vector<std::uint64_t>;

layers bucket_layers(const graphs::graph_definition& graph) {
  const auto engine = make_bucket_engine();
  run_context context;
  static_cast<void>(engine->plan(graph, {}, context));
  return engine->run(graph, {}, context).layers;
}

fibre_sweep make(const graphs::graph_definition& graph,
                 kernels::instruction_set set = kernels::best_instruction_set(), std::optional<row_storage> storage = {},
                 unsigned threads = 1) {
  run_context context;
  context.threads = threads;
  const auto plan = plan_fibre(graph, context, storage == row_storage::doubled);
  REQUIRE(plan);
  auto sweep = fibre_sweep::make(graph, *plan, context, set, storage);
  REQUIRE(sweep);
  if (storage) CHECK(sweep->storage() == storage);
  if (sweep->storage() == row_storage::doubled) CHECK((!storage || sweep->bytes() <= plan->bytes));
  CHECK(sweep->rows() * plan->row_length == plan->states);
  CHECK(sweep->index_size() % 64 == 0);
  return std::move(*sweep);
}

layers sweep_layers(fibre_sweep& sweep, parallel_tasks& tasks, const layer_hooks& hooks = {}) {
  layers out{1};
  for (;;) {
    const auto layer = sweep.advance(tasks, {}, hooks);
    REQUIRE(layer);
    if (*layer == 0) return out;
    out.push_back(*layer);
  }
}

std::uint64_t sum(const layers& l) {
  std::uint64_t s = 0;
  for (const auto x : l) s += x;
  return s;
}

graphs::matrix_set elementary_set(std::size_t n, std::uint64_t m,
                                  const std::vector<std::pair<std::size_t, std::size_t>>& roots) {
  graphs::matrix_set set;
  for (const auto& [i, j] : roots) {
    std::vector<std::int64_t> entries(n * n);
    for (std::size_t k = 0; k < n; ++k) entries[k * n + k] = 1;
    entries[i * n + j] = 1;
    set.add("t" + std::to_string(i) + std::to_string(j), groups::make_matrix(n, n, m, entries));
  }
  return set;
}

graphs::graph_definition unitriangular(std::size_t n, std::uint64_t m, bool inverses) {
  std::vector<std::pair<std::size_t, std::size_t>> roots;
  for (std::size_t i = 0; i + 1 < n; ++i) roots.emplace_back(i, i + 1);
  auto graph = graphs::make_graph("unitriangular", elementary_set(n, m, roots));
  return inverses ? graph.with_inverses() : graph;
}

TEST_CASE("fibre sweep grows as the bucket engine on named matrix groups") {
  parallel_tasks tasks(2);
  for (const char* spec : tests::inputs<const char*>({"heisenberg:3,modulo=2",
                           "heisenberg:3,modulo=4",
                           "heisenberg:3,modulo=7",
                           "heisenberg:3,modulo=50",
                           "heisenberg:3,modulo=64",
                           "heisenberg:3,modulo=65",
                           "heisenberg:3,modulo=129",
                           "heisenberg:4,modulo=9",
                           "heisenberg:3,modulo=37",
                           "heisenberg:4,modulo=33",
                           "heisenberg:5,modulo=4",
                           "heisenberg:6,modulo=3",
                           "heisenberg:3,modulo=30,add_inverses=false",
                           "heisenberg:4,modulo=8,add_inverses=false",
                           "special_linear_fundamental_roots:2,modulo=2",
                           "special_linear_fundamental_roots:2,modulo=61",
                           "special_linear_fundamental_roots:2,modulo=101",
                           "special_linear_fundamental_roots:2,modulo=36",
                           "special_linear_fundamental_roots:2,modulo=30",
                           "special_linear_fundamental_roots:3,modulo=4",
                           "special_linear_fundamental_roots:3,modulo=5",
                           "special_linear_root_weyl:2,modulo=73",
                           "special_linear_root_weyl:3,modulo=3",
                           "special_linear_root_weyl:3,modulo=6",
                           "special_linear_fundamental_roots:4,modulo=2"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    auto sweep = make(graph);
    const auto expected = bucket_layers(graph);
    CHECK(sweep_layers(sweep, tasks) == expected);
    sweep.reset();
    CHECK(sweep_layers(sweep, tasks) == expected);
    CHECK(sum(expected) == graph.known().vertices);
  }
}

/// Storages that serve the graph, the chosen one first.
std::vector<row_storage> storages(const graphs::graph_definition& graph) {
  const auto chosen = make(graph).storage();
  std::vector<row_storage> out{chosen};
  for (const auto s : {row_storage::delayed, row_storage::doubled}) {
    if (s != chosen) out.push_back(s);
  }
  return out;
}

/// What a sweep tells its hooks, layer by layer: indices, planes, bytes.
struct told {
  layers counts{1};
  std::vector<std::uint64_t> low, high;
  std::vector<std::uint8_t> depths;
  std::vector<std::vector<std::uint64_t>> indices;
  bool operator==(const told&) const = default;
};

told listen(fibre_sweep& sweep, unsigned threads) {
  told out;
  run_context context;
  context.threads = threads;
  parallel_tasks tasks(threads);
  out.low.assign(sweep.index_size() / 64, ~0ull), out.high = out.low;
  out.depths.assign(sweep.index_size(), 255);
  const distance_planes planes{out.low.data(), out.high.data()};
  for (unsigned depth = 1;; ++depth) {
    auto& taken = out.indices.emplace_back();
    index_sink sink([&](std::span<const std::uint64_t> found) { taken.insert(taken.end(), found.begin(), found.end()); });
    sink.open(depth % 3 != 1);
    const auto count = sweep.advance(tasks, context, {&sink, &planes, depth % 3, out.depths.data(), static_cast<std::uint8_t>(depth)});
    REQUIRE(count);
    std::sort(taken.begin(), taken.end());
    if (*count == 0) return out;
    out.counts.push_back(*count);
  }
}

TEST_CASE("fibre sweep: all storages, threads and kernels tell the same") {
  std::map<row_storage, int> chosen;
  std::vector<graphs::graph_definition> all;
  for (const char* spec : {"heisenberg:3,modulo=25", "heisenberg:3,modulo=30", "heisenberg:3,modulo=64", "heisenberg:3,modulo=67", "heisenberg:3,modulo=66",
                           "heisenberg:4,modulo=7", "heisenberg:4,modulo=8", "heisenberg:5,modulo=4", "heisenberg:5,modulo=5",
                           "heisenberg:3,modulo=35,add_inverses=false", "heisenberg:4,modulo=9,add_inverses=false", "heisenberg:3,modulo=65,add_inverses=false",
                           "special_linear_fundamental_roots:2,modulo=67", "special_linear_fundamental_roots:2,modulo=36", "special_linear_root_weyl:2,modulo=43",
                           "special_linear_fundamental_roots:3,modulo=5", "special_linear_fundamental_roots:4,modulo=2", "special_linear_root_weyl:3,modulo=4"}) {
    all.push_back(graphs::make_catalogue_graph(spec));
  }
  for (const bool inverses : {false, true}) {
    for (const auto& [n, m] : {std::pair{3, 81}, {3, 80}, {4, 8}, {4, 9}, {4, 6}, {5, 3}}) all.push_back(unitriangular(static_cast<std::size_t>(n), static_cast<std::uint64_t>(m), inverses));
  }
  for (const auto& graph : tests::inputs(all)) {
    INFO(graph.spec() << " over " << graph.modulus());
    std::optional<told> expected;
    for (const auto storage : storages(graph)) {
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        for (const unsigned threads : {1U, 2U, 3U}) {
          if (threads > 1 && (set != kernels::best_instruction_set() || (tests::sanitized && threads == 2))) continue;
          INFO(to_string(storage) << ", " << kernels::to_string(set) << ", threads " << threads);
          auto sweep = make(graph, set, storage, threads);
          const auto heard = listen(sweep, threads);
          if (!expected) {
            expected = heard;
            CHECK(heard.counts == bucket_layers(graph));
            ++chosen[storage];
            if (storage == row_storage::delayed) CHECK(sweep.spare_rows() <= sweep.rows() / 2);
          }
          REQUIRE((heard == *expected));
          if (set != kernels::best_instruction_set()) continue;
          sweep.reset();
          REQUIRE((listen(sweep, threads) == *expected));
        }
      }
    }
  }
  for (const auto s : {row_storage::graded, row_storage::delayed, row_storage::doubled}) {
    INFO(to_string(s));
    CHECK(chosen[s] > 0);
  }
}

TEST_CASE("fibre sweep: one bit a state where the rows allow") {
  // Classes modulo two exist for even moduli; otherwise two in m rows are kept.
  const auto even = make(graphs::make_catalogue_graph("heisenberg:3,modulo=256"));
  CHECK(even.storage() == row_storage::graded);
  const auto odd = make(graphs::make_catalogue_graph("heisenberg:3,modulo=255"));
  CHECK(odd.storage() == row_storage::delayed);
  CHECK(odd.spare_rows() <= odd.rows() / 30);
  const auto directed = make(graphs::make_catalogue_graph("heisenberg:3,modulo=255,add_inverses=false"));
  CHECK(directed.storage() == row_storage::graded);
  // An expander keeps two fifths of its rows: only where two buffers do not fit.
  const auto graph = graphs::make_catalogue_graph("special_linear_fundamental_roots:2,modulo=251");
  const auto expander = make(graph);
  CHECK(expander.storage() == row_storage::doubled);
  run_context tight;
  tight.memory_bytes = expander.bytes() - 1;
  const auto plan = plan_fibre(graph, tight);
  REQUIRE(plan);
  const auto kept = fibre_sweep::make(graph, *plan, tight, kernels::best_instruction_set());
  REQUIRE(kept);
  CHECK(kept->storage() == row_storage::delayed);
  CHECK(kept->spare_rows() <= kept->rows() / 2);
  CHECK(kept->bytes() < expander.bytes());
  const auto two = make(graphs::make_catalogue_graph("heisenberg:3,modulo=256"), kernels::best_instruction_set(), row_storage::doubled);
  CHECK(even.bytes() + even.index_size() / 8 == two.bytes());
}

TEST_CASE("fibre sweep without a known order: chains, counted rows, other central states") {
  parallel_tasks tasks(1);
  for (const bool inverses : {false, true}) {
    for (const auto& [n, m] : {std::pair{3, 12}, {4, 4}, {4, 5}, {5, 2}, {3, 70}}) {
      const auto graph = unitriangular(static_cast<std::size_t>(n), static_cast<std::uint64_t>(m), inverses);
      INFO("n " << n << ", m " << m);
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        auto sweep = make(graph, set);
        CHECK(sweep_layers(sweep, tasks) == bucket_layers(graph));
      }
    }
  }
  // Around another invertible matrix the graph is the same one, with other states.
  const auto graph = graphs::make_catalogue_graph("special_linear_fundamental_roots:3,modulo=3");
  const auto moved = graph.with_central({1, 2, 0, 2, 2, 1, 0, 1, 2});
  auto sweep = make(moved);
  CHECK(sweep_layers(sweep, tasks) == bucket_layers(graph));
  CHECK(sweep.index_of(moved.central()));
}

TEST_CASE("fibre sweep on random matrix graphs") {
  const auto s = tests::seed(20261125);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  parallel_tasks tasks(2);
  std::map<std::uint64_t, int> served;
  int total = 0;
  for (const std::uint64_t m : {2, 3, 4, 5, 6, 7, 9, 11, 12, 13}) {
    for (std::size_t i = 0; i < tests::repeats(60); ++i) {
      const auto graph = tests::random_matrix_graph(m, random);
      const auto plan = plan_fibre(graph, {});
      if (!plan || plan->states > 400'000) continue;
      auto delayed = make(graph, kernels::best_instruction_set(), row_storage::delayed, 2);
      ++served[m];
      INFO("modulus " << m << ", case " << i << ": " << plan->text);
      REQUIRE(graph.is_cayley());
      CHECK(plan->states == groups::make_matrix_group(graph.matrices()->elements()).order());
      auto sweep = make(graph);
      const auto expected = bucket_layers(graph);
      REQUIRE(sweep_layers(sweep, tasks) == expected);
      REQUIRE(sweep_layers(delayed, tasks) == expected);
    }
    total += served[m];
  }
  CHECK(total >= (tests::sanitized ? 8 : 40));
}

TEST_CASE("fibre sweep numbers the states, tells the sink and marks the planes") {
  for (const char* spec : tests::inputs<const char*>({"heisenberg:3,modulo=11", "heisenberg:3,modulo=5", "special_linear_fundamental_roots:2,modulo=67",
                                                      "special_linear_root_weyl:3,modulo=3", "heisenberg:3,modulo=20,add_inverses=false",
                                                      "special_linear_fundamental_roots:2,modulo=6"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    auto sweep = make(graph);
    parallel_tasks tasks(2);
    std::map<graphs::state, std::uint64_t> distance;
    std::vector<graphs::state> layer{graph.central()};
    for (std::uint64_t depth = 0; !layer.empty(); ++depth) {
      std::vector<graphs::state> next;
      for (const auto& state : layer) {
        if (!distance.emplace(state, depth).second) continue;
        for (std::size_t g = 0; g < graph.generator_count(); ++g) next.push_back(graph.apply(g, state));
      }
      layer = std::move(next);
    }
    std::set<std::uint64_t> indices;
    for (const auto& [state, d] : distance) {
      const auto index = sweep.index_of(state);
      REQUIRE(index);
      REQUIRE(*index < sweep.index_size());
      REQUIRE(sweep.states_of(*index) == std::vector<graphs::state>{state});
      indices.insert(*index);
    }
    REQUIRE(indices.size() == distance.size());
    CHECK_FALSE(sweep.index_of(graphs::state(graph.central().size(), 0)));
    CHECK_FALSE(sweep.index_of(graphs::state(graph.central().size(), 1)));
    CHECK_FALSE(sweep.index_of({1, 0}));
    CHECK_FALSE(sweep.index_of(graphs::state(graph.central().size(), 1'000'000)));

    std::vector<std::uint64_t> low(sweep.index_size() / 64, ~0ull), high(low);
    const distance_planes planes{low.data(), high.data()};
    std::vector<std::uint64_t> taken;
    index_sink sink(
        [&](std::span<const std::uint64_t> found) { taken.insert(taken.end(), found.begin(), found.end()); });
    const auto central = *sweep.index_of(graph.central());
    planes.mark(central / 64, std::uint64_t{1} << central % 64, 0);
    for (unsigned depth = 1;; ++depth) {
      taken.clear();
      sink.open(depth % 4 != 3);
      const auto count = sweep.advance(tasks, {}, {&sink, &planes, depth % 3});
      REQUIRE(count);
      if (*count == 0) break;
      if (depth % 4 == 3) {
        CHECK(taken.empty());
        continue;
      }
      REQUIRE(taken.size() == *count);
      for (const auto index : taken) REQUIRE(distance.at(sweep.states_of(index)[0]) == depth);
    }
    for (const auto& [state, d] : distance) {
      const auto i = *sweep.index_of(state);
      REQUIRE((low[i / 64] >> (i % 64) & 1) + 2 * (high[i / 64] >> (i % 64) & 1) == d % 3);
    }
  }
}

TEST_CASE("fibre sweep refuses what it cannot serve and stops when told") {
  const run_context context;
  CHECK_FALSE(plan_fibre(graphs::make_catalogue_graph("lrx:8"), context));
  CHECK_FALSE(plan_fibre(graphs::make_catalogue_graph("heisenberg:3"), context));
  const auto heisenberg = graphs::make_catalogue_graph("heisenberg:3,modulo=6");
  CHECK_FALSE(plan_fibre(heisenberg.with_central({1, 2, 3}), context));
  CHECK_FALSE(plan_fibre(heisenberg.with_central({2, 0, 0, 0, 1, 0, 0, 0, 1}), context));
  CHECK(plan_fibre(heisenberg.with_central({5, 0, 0, 0, 1, 0, 0, 0, 1}), context));
  graphs::matrix_set torus;  // no transvection
  torus.add("a", groups::make_matrix(2, 2, 7, std::vector<std::int64_t>{3, 0, 0, 1}));
  CHECK_FALSE(plan_fibre(graphs::make_graph("torus", torus), context));

  auto wrong = unitriangular(3, 6, true);
  wrong.set_known({mpz_class(432), {}});
  const auto plan = plan_fibre(wrong, context);
  REQUIRE(plan);
  CHECK_THROWS_AS(fibre_sweep::make(wrong, *plan, context, kernels::instruction_set::scalar), domain_error);

  const auto graph = graphs::make_catalogue_graph("special_linear_fundamental_roots:2,modulo=101");
  auto sweep = make(graph);
  parallel_tasks tasks(2);
  run_context stopped;
  stopped.deadline = std::chrono::steady_clock::now();
  CHECK_FALSE(fibre_sweep::make(graph, *plan_fibre(graph, context), stopped, kernels::instruction_set::scalar));
  CHECK_FALSE(sweep.advance(tasks, stopped, {}));
  sweep.reset();
  CHECK(sum(sweep_layers(sweep, tasks)) == graph.known().vertices);
}

}  // namespace
}  // namespace fibre_sweep_test
}  // namespace cosetta::search
