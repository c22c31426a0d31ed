// Growth over coset towers by the kernels of a device, run on the host: against the CPU's sweeps and the frontier.
#include <graphs/catalogue.hpp>
#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>
#include <search/device_sweep.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_choice.hpp>
#include <search/tower_sweep.hpp>

#include <algorithm>
#include <set>
#include <thread>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/search/tower_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace device_sweep_test {
namespace {

growth_result grow(const graphs::graph_definition& graph, std::string_view engine, const growth_options& options = {}) {
  run_context context;
  context.threads = 2;
  return make_growth_engine(engine)->run(graph, options, context);
}

/// Every way of holding the ball, in every order of threads, words and vectors, with symmetry and without. Returns their number.
int compare(const graphs::graph_definition& graph, std::uint64_t salt) {
  salt *= 7;  // the ways in another order
  INFO(graph.spec() << ", " << graph.generator_count() << " generators, " << (graph.is_inverse_closed() ? "undirected" : "directed"));
  const growth_options options{.last_layer = 6};
  const auto expected = grow(graph, "bucket", options);
  const groups::permutation_group group(*graph.permutations());
  int sweeps = 0;
  for (const bool symmetry : {true, false}) {
    for (const bool grading : {true, false}) {
      for (const auto layout : {tower_layout::words, tower_layout::vectors}) {
        auto choice = choose_tower(group, {symmetry, grading, layout}, {});
        if (!choice.design || (layout == tower_layout::vectors && !choice.design->lanes)) continue;
        const auto tower = std::make_shared<const coset_tower>(std::move(*choice.design), run_context{});
        std::vector<tower_storage> storages{tower_storage::delayed};
        if (tower->design().modulus > 1) storages.push_back(tower_storage::graded);
        const auto units = static_cast<std::uint32_t>(tower->blocks());
        for (const auto storage : storages) {
          for (std::uint32_t window : {units, units / 3 + 1, std::uint32_t{1}}) {
            if (storage == tower_storage::graded) window = units;
            if (++salt % 3 != 0 || (window == 1 && units > 2000)) continue;  // not all of them
            const auto on = tests::next_backend();
            device_limits limits{std::size_t{1} << 40, 0, window};
            auto plan = plan_device(*tower, storage, *on, limits);
            if (salt % 2 == 0) {  // half of the slots in pinned memory
              plan.far_slots = plan.near_slots / 2;
              plan.near_slots -= plan.far_slots;
            }
            if (salt % 5 == 0) plan.threads = 32;
            INFO(to_string(storage) << ", windows of " << window << " of " << units << " units of " << tower->block_words() << " words, modulus " << tower->design().modulus
                                    << (tower->has_lanes() ? ", vectors" : ""));
            device_sweep sweep(tower, graph.central(), plan, on);
            const auto result = sweep_run(sweep, graph.central(), group.order().get_ui(), options, run_context{}).run();
            REQUIRE(result.layers == expected.layers);
            REQUIRE(result.last_layer == expected.last_layer);
            REQUIRE(result.certified);
            REQUIRE(sweep.swept_bytes() > 0);
            ++sweeps;
          }
        }
      }
    }
  }
  return sweeps;
}

TEST_CASE("growth over towers on a device: the catalogue") {
  std::uint64_t salt = 0;
  for (const auto& spec : tests::inputs(tests::catalogue_samples())) CHECK(compare(graphs::make_catalogue_graph(spec), ++salt) > 0);
}

TEST_CASE("growth over towers on a device: wreath products, intransitive groups, Mathieu groups") {
  std::uint64_t salt = 0;
  for (const auto& graph : tests::inputs(tests::other_samples())) CHECK(compare(graph, ++salt) > 0);
}

TEST_CASE("growth over towers on a device: random permutation graphs") {
  const auto seed = tests::seed(20261128);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  int sweeps = 0;
  for (std::size_t graphs = 0; graphs < tests::repeats(30);) {
    const auto graph = tests::random_permutation_graph(5 + random() % 4, random);
    if (!graph.is_cayley()) continue;
    ++graphs;
    sweeps += compare(graph, random());
  }
  CHECK(sweeps >= static_cast<int>(tests::repeats(30)));
}

// What issue and literature ask for, layer for layer. Constants: OEIS A007972 and what the tower and bucket engines of the CPU agree on.
TEST_CASE("growth over towers on a device: LRX-11, pancake-10, M24 and the 2x2x2 cube as the CPU has them") {
  struct asked {
    graphs::graph_definition graph;
    std::uint64_t order, diameter;
  };
  std::vector<asked> all;
  if (tests::sanitized) {
    all.push_back({graphs::make_catalogue_graph("lrx:9"), 362880, 36});
    all.push_back({graphs::make_catalogue_graph("pancake:9"), 362880, 10});
  } else {
    all.push_back({graphs::make_catalogue_graph("lrx:11"), 39916800, 55});
    all.push_back({graphs::make_catalogue_graph("pancake:10"), 3628800, 11});
    all.push_back({graphs::make_catalogue_graph("rubik_cube:2,metric=fixed_HTM"), 3674160, 11});
    all.push_back({tests::graph_of("M24", groups::mathieu_group(24)), 244823040, 0});
  }
  for (const auto& [graph, order, diameter] : all) {
    INFO(graph.spec());
    growth_options options;
    const auto expected = grow(graph, "tower", options);
    options.device = tests::next_backend();
    std::string told;
    options.planned = [&](const growth_plan& plan) { told = plan.text; };
    const auto result = grow(graph, "auto", options);
    CHECK(result.layers == expected.layers);
    CHECK(result.states() == order);
    CHECK((diameter == 0 || result.diameter() == diameter));
    CHECK(result.certified);
    CHECK(result.engine == "tower");
    CHECK(result.backend == options.device->name());
    CHECK(told.find("on the device") != std::string::npos);
  }
}

TEST_CASE("growth over towers on a device: lists and commits beside the sweeps, whichever stream is ahead") {
  using kernels::host_streams;
  for (const char* spec : tests::inputs<const char*>({"lrx:9", "star:9", "coxeter:9"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    const groups::permutation_group group(*graph.permutations());
    const auto expected = grow(graph, "bucket");
    const auto tower = std::make_shared<const coset_tower>(std::move(*choose_tower(group, {true, false, tower_layout::vectors}, {}).design), run_context{});
    const auto units = static_cast<std::uint32_t>(tower->blocks());
    const auto last = tower->last_windows(std::max(units / 10, 1U));
    REQUIRE(std::set<std::uint32_t>(last.begin(), last.end()).size() > 6);  // commits all along
    std::vector<std::shared_ptr<kernels::backend>> backends{tests::next_backend()};
    for (const auto when : {host_streams::at_once, host_streams::first_ahead, host_streams::second_ahead, host_streams::shuffled}) {
      if (!tests::on_device) backends.push_back(kernels::make_host_backend(kernels::host_order::forward, std::size_t{1} << 40, 227 << 10, when));
    }
    for (std::size_t b = 0; b < backends.size(); ++b) {
      for (const std::uint32_t windows : {1U, 2U, 3U, 10U, units}) {
        const auto& on = backends[b];
        const auto plan = plan_device(*tower, tower_storage::delayed, *on, {std::size_t{1} << 40, 0, std::max(units / windows, 1U)});
        device_sweep sweep(tower, graph.central(), plan, on);
        const auto result = sweep_run(sweep, graph.central(), group.order().get_ui(), {}, run_context{}).run();
        INFO(spec << ", " << windows << " windows of " << units << " units, backend " << b);
        CHECK(result.layers == expected.layers);
        CHECK(result.certified);
      }
    }
  }
}

TEST_CASE("growth over towers on a device: memory, limits, what is refused") {
  const auto graph = graphs::make_catalogue_graph("pancake:9");
  const groups::permutation_group group(*graph.permutations());
  const auto tower = std::make_shared<const coset_tower>(std::move(*choose_tower(group, {}, {}).design), run_context{});
  const auto on = tests::next_backend();
  const auto whole = plan_device(*tower, tower_storage::delayed, *on, {std::size_t{1} << 40, 0, {}});
  CHECK(whole.window == tower->blocks());
  CHECK(whole.far_slots == 0);
  // A little less: the rest is pinned, if the host gives it.
  const auto less = whole.device_bytes - 10 * 8 * tower->block_words();
  const auto split = plan_device(*tower, tower_storage::delayed, *on, {less, std::size_t{1} << 30, {}});
  CHECK(split.far_slots > 0);
  CHECK(split.device_bytes <= less);
  CHECK_THROWS_MATCHES(plan_device(*tower, tower_storage::delayed, *on, {less, 0, {}}), resource_error, Catch::Matchers::Predicate<resource_error>([](const auto& e) {
                         return std::string(e.what()).find("--backend cpu") != std::string::npos;
                       }));
  CHECK_THROWS_AS(plan_device(*tower, tower_storage::delayed, *on, {1000, std::size_t{1} << 40, {}}), resource_error);

  growth_options options;
  options.device = kernels::make_host_backend(kernels::host_order::forward, std::size_t{1} << 20);
  CHECK_THROWS_AS(make_tower_engine()->run(graph, options, {.memory_bytes = 1 << 20}), resource_error);
  // Tables of permutations have to fit shared memory; one block of threads less with several windows, where there are more.
  const auto small = kernels::make_host_backend(kernels::host_order::forward, std::size_t{1} << 40, 4 << 10);
  CHECK_THROWS_WITH(plan_device(*tower, tower_storage::delayed, *small, {std::size_t{1} << 40, 0, {}}), Catch::Contains("shared memory") && Catch::Contains("--backend cpu"));
  options.device = small;
  CHECK_THROWS_AS(make_tower_engine()->run(graph, options, {}), domain_error);
  const auto windows = plan_device(*tower, tower_storage::delayed, *on, {std::size_t{1} << 40, 0, std::max(whole.window / 4, 1U)});
  CHECK(windows.grid_blocks > 0);
  CHECK(windows.grid_blocks <= whole.grid_blocks);
  options.device = on;
  options.max_depth = 4;
  CHECK(make_tower_engine()->run(graph, options, {}).layers == grow(graph, "tower", {.max_depth = 4}).layers);
  options.max_depth.reset();
  CHECK(make_tower_engine()->run(graph, options, {.deadline = std::chrono::steady_clock::now()}).limit == limit::time);
  std::stop_source source;
  source.request_stop();
  CHECK(make_tower_engine()->run(graph, options, {.stop = source.get_token()}).status == status::interrupted);
  options.save_distances = "/nowhere/at/all";
  CHECK_THROWS_AS(make_tower_engine()->run(graph, options, {}), domain_error);
  options.save_distances.clear();
  options.doubled = true;
  CHECK_THROWS_AS(make_tower_engine()->run(graph, options, {}), domain_error);
  options.doubled = false;
  CHECK_THROWS_AS(make_tower_engine()->run(graphs::make_catalogue_graph("heisenberg:3,modulo=53"), options, {}), domain_error);
  CHECK_THROWS_AS(make_tower_engine()->run(graph.with_central({0, 0, 0, 0, 1, 1, 1, 1, 1}), options, {}), domain_error);
}

TEST_CASE("growth on a device: threads that share a backend take turns") {
  const auto on = tests::next_backend();
  const auto graph = graphs::make_catalogue_graph("pancake:8");
  const auto expected = grow(graph, "bucket").layers;
  std::vector<growth_result> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < results.size(); ++i) {
      threads.emplace_back([&, i] {
        growth_options options;
        options.device = on;
        results[i] = make_growth_engine(i % 2 == 0 ? "tower" : "bucket")->run(graph, options, {.memory_bytes = std::size_t{16} << 20});
      });
    }
  }
  for (const auto& result : results) {
    CHECK(result.layers == expected);
    CHECK(result.backend == on->name());
  }
}

TEST_CASE("growth over towers: a device is taken where it has room for the ball, and the CPU where not") {
  if (tests::sanitized || tests::on_device) return;  // the host alone
  const auto graph = graphs::make_catalogue_graph("lrx:13");
  run_context context;
  context.memory_bytes = std::size_t{2} << 30;
  growth_options options{.max_depth = 2};
  std::size_t free = std::size_t{1} << 30;
  options.find_device = [&] { return kernels::make_host_backend(kernels::host_order::forward, free); };
  CHECK(make_tower_engine()->run(graph, options, context).backend == "host");
  free = std::size_t{8} << 20;
  CHECK(make_tower_engine()->run(graph, options, context).backend == "cpu");
  options.find_device = [] { return std::shared_ptr<kernels::backend>(); };
  CHECK(make_tower_engine()->run(graph, options, context).backend == "cpu");
  // What fits neither is refused before its tables are built, which are 10 GB.
  const auto large = graphs::make_catalogue_graph("lrx:16");
  free = std::size_t{80} << 30;
  options.find_device = [&] { return kernels::make_host_backend(kernels::host_order::forward, free); };
  CHECK_THROWS_AS(make_tower_engine()->run(large, {}, context), resource_error);
  CHECK_THROWS_AS(make_tower_engine()->run(large, options, context), resource_error);
  options.device = options.find_device();
  CHECK_THROWS_AS(make_tower_engine()->run(large, options, context), resource_error);
  CHECK_THROWS_AS(make_oracle_engine()->run(graphs::make_catalogue_graph("lrx:5"), options, {}), domain_error);
}

}  // namespace
}  // namespace device_sweep_test
}  // namespace cosetta::search
