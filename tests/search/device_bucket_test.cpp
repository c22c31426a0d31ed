// The frontier engine of devices, on the host in a device's place, against the engines of the CPU.
#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/cuda/device.hpp>
#include <kernels/cuda/device_transitions.hpp>
#include <kernels/cuda/frontier_grid.hpp>
#include <kernels/error.hpp>
#include <kernels/frontier.hpp>
#include <search/device_bucket.hpp>
#include <search/packed_graph.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace device_bucket_test {
namespace {

using kernels::host_order;

constexpr std::size_t kib = 1024, mib = 1024 * kib;
constexpr host_order all_orders[] = {host_order::forward, host_order::backward, host_order::shuffled};

growth_result on_host(const graphs::graph_definition& graph, const growth_options& options = {}, std::size_t memory = 16 * mib,
                      const device_bucket_tuning& tuning = {}, host_order order = host_order::forward) {
  const auto host = kernels::make_host_backend(order);
  run_context context;
  context.memory_bytes = memory;
  auto result = grow_on_device(graph, options, context, *host, tuning);
  CHECK(host->free_bytes() == std::size_t{1} << 40);
  CHECK(result.peak_bytes <= memory);
  return result;
}

growth_result on_cpu(const graphs::graph_definition& graph, const growth_options& options = {}, const char* engine = "bucket") {
  run_context context;
  context.memory_bytes = 256 * mib;
  return make_growth_engine(engine)->run(graph, options, context);
}

void check_same(const growth_result& device, const growth_result& cpu) {
  CHECK(device.layers == cpu.layers);
  CHECK(device.last_layer == cpu.last_layer);
  CHECK(device.status == cpu.status);
  CHECK(device.limit == cpu.limit);
  CHECK(device.certified == cpu.certified);
  CHECK(device.engine == "bucket");
}

std::vector<std::uint64_t> prefix(const std::vector<std::uint64_t>& layers, std::size_t n) {
  return {layers.begin(), layers.begin() + static_cast<std::ptrdiff_t>(std::min(n, layers.size()))};
}

TEST_CASE("a device's growth is the CPU's, in every order of threads") {
  if (tests::on_device) return;  // the host alone
  struct example {
    const char* spec;
    std::optional<std::uint64_t> depth;
  };
  for (const auto& [spec, depth] : tests::inputs<example>({{"lrx:8", {}}, {"pancake:8", {}}, {"coxeter:7", {}}, {"lx:7", {}}, {"all_transpositions:6", {}},
                                                           {"rubik_cube:2,metric=fixed_HTM", 6}, {"rubik_cube:3,metric=HTM", 4},
                                                           {"lrx:20", 12}, {"lrx:40", 6}, {"lrx:32", 6}, {"lx:40", 8}, {"burnt_pancake:4", {}}})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const growth_options options{.max_depth = depth, .last_layer = 5};
    const auto cpu = on_cpu(graph, options);
    for (const auto order : all_orders) check_same(on_host(graph, options, 16 * mib, {}, order), cpu);
  }
}

TEST_CASE("a device's growth from patterns, of cosets and of matrices") {
  if (tests::on_device) return;  // the host alone
  const growth_options options{.last_layer = 1000};
  graphs::state pattern(10, 0);
  pattern[1] = pattern[4] = pattern[5] = 3, pattern[9] = 8;
  for (const auto& graph : {graphs::make_catalogue_graph("lrx:10").with_central(pattern), graphs::make_catalogue_graph("lrx:10").with_central(graphs::state(10, 1)), graphs::parse_graph("fp:a,b|a^2,b^3,(a*b)^7,[a,b]^6|a*b"),
                            graphs::parse_graph("fp:a,b|a^5,b^3,(a*b)^2"), graphs::make_catalogue_graph("heisenberg:3,modulo=12"),
                            graphs::make_catalogue_graph("heisenberg:3,modulo=13"), graphs::make_catalogue_graph("heisenberg:4,modulo=3")}) {
    INFO(graph.spec());
    check_same(on_host(graph, options), on_cpu(graph, options));
  }
  const auto integers = graphs::make_catalogue_graph("heisenberg:3");
  check_same(on_host(integers, {.max_depth = 8}), on_cpu(integers, {.max_depth = 8}));
  CHECK_THROWS_AS(on_host(integers), domain_error);
  // Coloured cubes, as people have them: Schreier graphs of their groups.
  for (const char* spec : {"rubik_cube:2,metric=HTM", "rubik_cube:3,metric=HTM"}) {
    const auto cube = graphs::make_catalogue_graph(spec);
    CHECK_FALSE(cube.is_cayley());
    check_same(on_host(cube, {.max_depth = 4, .last_layer = 3}), on_cpu(cube, {.max_depth = 4, .last_layer = 3}));
  }
}

TEST_CASE("random graphs grow on a device as by plain sets, with small tables too") {
  if (tests::on_device) return;  // the host alone
  const auto seed = tests::seed(20);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < tests::repeats(40); ++i) {
    const auto graph = i % 4 == 3 ? tests::random_matrix_graph(2 + random() % 30, random) : tests::random_permutation_graph(4 + random() % 4, random);
    const device_bucket_tuning tuning{.slots = std::uint32_t{32} << random() % 5, .window = std::uint32_t{4} << random() % 4};
    INFO(i << ": slots " << tuning.slots << ", window " << tuning.window);
    const auto result = on_host(graph, {.max_depth = 12}, 2 * mib, tuning, all_orders[random() % 3]);
    CHECK(result.layers == tests::plain_growth(graph, 12));
  }
  // Coefficients and entries near the largest modulus: products take all of 128 bits.
  for (std::size_t i = 0; i < tests::repeats(10); ++i) {
    const auto graph = tests::random_matrix_graph((std::uint64_t{1} << 62) - 57 - random() % 1000, random);
    if (packed_graph(graph, {}).words() > 4) continue;
    CHECK(on_host(graph, {.max_depth = 4}, 2 * mib).layers == tests::plain_growth(graph, 4));
  }
}

TEST_CASE("buckets that overflow their tables are dealt with in main memory") {
  if (tests::on_device) return;  // the host alone
  for (const char* spec : tests::inputs<const char*>({"lrx:8", "pancake:7", "lx:7", "lrx:20"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const growth_options options{.max_depth = 14, .last_layer = 3};
    const auto cpu = on_cpu(graph, options);
    for (const auto order : all_orders) {
      // So few buckets that none of the larger layers fits the tables; and two levels of buckets.
      check_same(on_host(graph, options, 2 * mib, {.slots = 32, .window = 4}, order), cpu);
      check_same(on_host(graph, options, 4 * mib, {.slots = 64, .window = 32}, order), cpu);
    }
  }
}

TEST_CASE("a device with little memory takes a layer in slices, and says when that does not help") {
  if (tests::on_device) return;  // the host alone
  for (const char* spec : tests::inputs<const char*>({"lrx:8", "coxeter:7", "lx:8", "rubik_cube:2,metric=fixed_QTM"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const std::uint64_t depth = graph.known().vertices == 3674160 ? 7 : 30;
    const auto cpu = on_cpu(graph, {.max_depth = depth});
    std::size_t before = 0;
    for (const std::size_t memory : {160 * kib, 320 * kib, 640 * kib, 1280 * kib, 5120 * kib}) {
      INFO(memory);
      const auto result = on_host(graph, {.max_depth = depth, .last_layer = 2}, memory, {.slots = 256, .window = 16}, host_order::shuffled);
      CHECK(result.layers == prefix(cpu.layers, result.layers.size()));
      CHECK(result.layers.size() >= before);
      CHECK((result.limit == limit::memory) == (result.layers.size() < cpu.layers.size()));
      CHECK(result.last_layer.size() == std::min<std::uint64_t>(2, result.layers.back()));
      before = result.layers.size();
    }
    CHECK(before == cpu.layers.size());
  }
  CHECK_THROWS_AS(on_host(graphs::make_catalogue_graph("lrx:6"), {}, 10 * kib), resource_error);
}

TEST_CASE("a device's growth keeps a depth limit, a deadline and a stop request") {
  if (tests::on_device) return;  // the host alone
  const auto graph = graphs::make_catalogue_graph("lrx:8");
  const auto whole = on_cpu(graph).layers;
  const auto cut = on_host(graph, {.max_depth = 7});
  CHECK(cut.layers == prefix(whole, 8));
  CHECK(cut.status == status::lower_bound);
  CHECK(cut.limit == limit::depth);
  CHECK(on_host(graph, {.max_depth = 0}).layers == std::vector<std::uint64_t>{1});
  CHECK(on_host(graph, {.max_depth = 28}).status == status::exact);
  CHECK(on_host(graph, {.last_layer = 3, .last_layer_only_whole = true}).last_layer.size() == 1);
  CHECK(on_host(graph, {.max_depth = 7, .last_layer = 3, .last_layer_only_whole = true}).last_layer.empty());

  const auto host = kernels::make_host_backend();
  run_context late;
  late.memory_bytes = 4 * mib;
  late.deadline = std::chrono::steady_clock::now();
  const auto timed = grow_on_device(graph, {}, late, *host);
  CHECK(timed.limit == limit::time);
  CHECK(timed.status == status::lower_bound);
  CHECK(timed.layers == prefix(whole, 1));

  std::stop_source source;
  run_context stopped;
  stopped.memory_bytes = 4 * mib;
  stopped.stop = source.get_token();
  std::vector<std::uint64_t> spheres;
  stopped.observer = [&](const progress& p) {
    CHECK(p.expanded <= p.sphere);
    if (p.layer_complete) spheres.push_back(p.sphere);
    if (p.depth == 12) source.request_stop();
  };
  const auto halted = grow_on_device(graph, {.last_layer = 4}, stopped, *host);
  CHECK(halted.status == status::interrupted);
  CHECK(halted.layers == prefix(whole, 13));
  CHECK(spheres == halted.layers);
  CHECK(halted.last_layer == on_cpu(graph, {.max_depth = 12, .last_layer = 4}).last_layer);
}

TEST_CASE("a CUDA device, where there is one, grows what the CPU does") {
  if (kernels::probe_cuda().devices.empty()) return;
  const auto device = kernels::make_cuda_backend();
  run_context context;
  context.memory_bytes = 256 * mib;
  for (const char* spec : {"lrx:9", "pancake:9", "lx:8", "rubik_cube:2,metric=fixed_HTM", "lrx:20", "lrx:32", "lrx:40", "heisenberg:4,modulo=3"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const growth_options options{.max_depth = graph.known().vertices == 3674160 ? 8 : 14, .last_layer = 5};
    const auto cpu = on_cpu(graph, options);
    for (const auto& tuning : {device_bucket_tuning{}, device_bucket_tuning{.slots = 32, .window = 4}, device_bucket_tuning{.slots = 256, .window = 64}}) {
      const auto result = grow_on_device(graph, options, context, *device, tuning);
      check_same(result, cpu);
      CHECK(result.backend == "cuda");
    }
  }
}

TEST_CASE("what a device does not do is refused") {
  if (tests::on_device) return;  // the host alone
  const auto graph = graphs::make_catalogue_graph("lrx:5");
  for (const auto& options : {growth_options{.checkpoint = "x"}, growth_options{.resume = "x"}, growth_options{.save_distances = "x"}}) {
    CHECK_THROWS_WITH(on_host(graph, options), Catch::Contains("--backend cpu"));
    CHECK_THROWS_AS(on_host(graph, options), domain_error);
  }
  CHECK_THROWS_WITH(on_host(graphs::make_catalogue_graph("lrx:60"), {.max_depth = 2}), Catch::Contains("--backend cpu"));
  growth_options planned;
  std::string text;
  planned.planned = [&](const growth_plan& p) { text = p.text; };
  CHECK(on_host(graph, planned).backend == "host");
  CHECK_THAT(text, Catch::Contains("bucket on host"));
}

template <unsigned W>
void check_image(const kernels::device_transitions& all, std::size_t g, const std::vector<std::uint64_t>& packed, const std::vector<std::uint64_t>& image) {
  std::uint64_t x[W], y[W];
  std::copy(packed.begin(), packed.end(), x);
  all.view().apply<W>(all.view().far_list(), static_cast<std::uint32_t>(g), x, y);
  CHECK(std::vector<std::uint64_t>(y, y + W) == image);
  CHECK(kernels::frontier_hash<W>(y) == kernels::state_hash(image.data(), W));
}

TEST_CASE("generators on a device, and the hash, are those of the CPU") {
  if (tests::on_device) return;  // the host alone
  const auto host = kernels::make_host_backend();
  for (const char* spec : {"lrx:12", "lrx:30", "lrx:35", "lrx:40", "rubik_cube:3,metric=HTM", "heisenberg:4,modulo=1000003"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const packed_graph packed(graph, {});
    const kernels::device_transitions all(*host, packed.transitions(), packed.words());
    auto state = graph.central();
    for (std::size_t i = 0; i < 50; ++i) {
      const auto g = i * i % graph.generator_count();
      const auto next = graph.apply(g, state);
      const auto from = packed.pack(state), to = packed.pack(next);
      if (packed.words() == 1) check_image<1>(all, g, from, to);
      if (packed.words() == 2) check_image<2>(all, g, from, to);
      if (packed.words() == 3) check_image<3>(all, g, from, to);
      if (packed.words() == 4) check_image<4>(all, g, from, to);
      state = next;
    }
  }
}

}  // namespace
}  // namespace device_bucket_test
}  // namespace cosetta::search
