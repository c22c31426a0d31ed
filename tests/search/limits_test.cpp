#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>

#include <catch2/catch.hpp>

namespace cosetta::search {
namespace limits_test {
namespace {

std::vector<std::uint64_t> prefix(const std::vector<std::uint64_t>& layers, std::size_t n) {
  return {layers.begin(), layers.begin() + static_cast<std::ptrdiff_t>(std::min(n, layers.size()))};
}

const std::vector<std::uint64_t>& growth_of_lrx_9() {
  static const auto layers = make_bucket_engine()->run(graphs::make_catalogue_graph("lrx:9"), {}, {}).layers;
  return layers;
}

TEST_CASE("every engine keeps a depth limit and says so") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  for (const char* name : {"bucket", "oracle"}) {
    INFO(name);
    const auto engine = make_growth_engine(name);
    const auto result = engine->run(graph, {.max_depth = 7}, {});
    CHECK(result.layers == prefix(growth_of_lrx_9(), 8));
    CHECK(result.status == status::lower_bound);
    CHECK(result.limit == limit::depth);
    CHECK(engine->run(graph, {.max_depth = 0}, {}).layers == std::vector<std::uint64_t>{1});
    // The known order certifies that nothing lies beyond the limit.
    const auto whole = engine->run(graph, {.max_depth = 36}, {});
    CHECK(whole.status == status::exact);
    CHECK(whole.layers == growth_of_lrx_9());
  }
}

TEST_CASE("a deadline, a stop request and a memory budget leave exact layers") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  for (const char* name : {"bucket", "oracle"}) {
    INFO(name);
    const auto engine = make_growth_engine(name);
    run_context late;
    late.deadline = std::chrono::steady_clock::now();
    const auto timed = engine->run(graph, {}, late);
    CHECK(timed.limit == limit::time);
    CHECK(timed.status == status::lower_bound);
    CHECK(timed.layers == prefix(growth_of_lrx_9(), timed.layers.size()));

    std::stop_source source;
    run_context stopped;
    stopped.stop = source.get_token();
    stopped.observer = [&](const progress& p) {
      if (p.depth == 12) source.request_stop();
    };
    const auto halted = engine->run(graph, {.last_layer = 4}, stopped);
    CHECK(halted.status == status::interrupted);
    CHECK(halted.layers == prefix(growth_of_lrx_9(), halted.layers.size()));
    CHECK(halted.layers.size() >= 12);
    CHECK(halted.last_layer.size() == 4);
  }
}

TEST_CASE("a run stops in good order when its budget is spent") {
  for (const char* spec : {"lrx:10", "lx:10", "puzzle:megaminx"}) {
    INFO(spec);
    run_context small;
    small.memory_bytes = std::size_t{8} << 20;
    small.threads = 2;
    const auto engine = make_bucket_engine();
    const auto result = engine->run(graphs::make_catalogue_graph(spec), {}, small);
    CHECK(result.limit == limit::memory);
    CHECK(result.status == status::lower_bound);
    CHECK(result.peak_bytes <= small.memory_bytes);
    const auto roomy = engine->run(graphs::make_catalogue_graph(spec), {.max_depth = result.diameter()}, {});
    CHECK(result.layers == roomy.layers);
  }
}

TEST_CASE("a hopeless plan is refused with the figure") {
  const auto engine = make_bucket_engine();
  run_context small;
  small.memory_bytes = std::size_t{64} << 20;
  const auto lx = graphs::make_catalogue_graph("lx:12");
  CHECK_THROWS_WITH(engine->plan(lx, {}, small), Catch::Contains("3832012800 bytes") && Catch::Contains("--max-depth"));
  CHECK_NOTHROW(engine->plan(lx, {.max_depth = 10}, small));
  CHECK_THROWS_AS(engine->plan(graphs::make_catalogue_graph("lrx:14"), {}, small), resource_error);
  small.memory_bytes = 1000;
  CHECK_THROWS_WITH(engine->plan(graphs::make_catalogue_graph("lrx:4"), {}, small), Catch::Contains("needs at least"));
}

TEST_CASE("many threads do not use up the memory") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  for (const unsigned threads : {64U, 200U}) {
    run_context context;
    context.threads = threads;
    CHECK(make_bucket_engine()->run(graph, {}, context).layers == growth_of_lrx_9());
  }
}

TEST_CASE("the figure in a refusal is enough") {
  const auto engine = make_bucket_engine();
  const auto graph = graphs::make_catalogue_graph("lrx:5");
  run_context small;
  small.threads = 2;
  small.memory_bytes = 0;
  std::string message;
  try {
    static_cast<void>(engine->plan(graph, {}, small));
  } catch (const resource_error& e) {
    message = e.what();
  }
  const auto at = message.find("at least ");
  REQUIRE(at != std::string::npos);
  small.memory_bytes = std::stoull(message.substr(at + 9));
  CHECK_NOTHROW(engine->plan(graph, {}, small));
  CHECK(engine->run(graph, {}, small).status == status::exact);
  CHECK_THROWS_AS(engine->plan(graph, {.last_layer = 100'000'000}, small), resource_error);
}

TEST_CASE("progress counts up to the result") {
  run_context context;
  std::vector<std::uint64_t> spheres;
  context.observer = [&](const progress& p) {
    if (p.layer_complete) spheres.push_back(p.sphere);
    CHECK(p.expanded <= p.sphere);
  };
  const auto result = make_bucket_engine()->run(graphs::make_catalogue_graph("lrx:7"), {}, context);
  CHECK(spheres == result.layers);
}

}  // namespace
}  // namespace limits_test
}  // namespace cosetta::search
