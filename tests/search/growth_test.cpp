#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <search/growth.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace growth_test {
namespace {

using layers = std::vector<std::uint64_t>;

growth_result grow(const graphs::graph_definition& graph, std::string_view engine, const growth_options& options = {},
                   unsigned threads = 1, std::size_t memory = std::size_t{256} << 20) {
  run_context context;
  context.threads = threads;
  context.memory_bytes = memory;
  const auto e = make_growth_engine(engine);
  static_cast<void>(e->plan(graph, options, context));
  return e->run(graph, options, context);
}

layers grow(const char* spec) {
  const auto result = grow(graphs::make_catalogue_graph(spec), "bucket", {}, 2);
  REQUIRE(result.status == status::exact);
  return result.layers;
}

TEST_CASE("published growth") {
  // CayleyPy's tables (MIT licence, CayleyPy Foundation 2025)
  CHECK(grow("lrx:5") == layers{1, 3, 6, 10, 16, 24, 29, 21, 6, 3, 1});
  CHECK(grow("lx:5") == layers{1, 2, 3, 5, 8, 12, 15, 20, 22, 19, 11, 2});
  CHECK(grow("top_spin:6") == layers{1, 3, 6, 11, 20, 37, 63, 103, 165, 152, 106, 46, 7});
  CHECK(grow("cyclic_coxeter:4") == layers{1, 4, 10, 8, 1});
  CHECK(grow("burnt_pancake:3") == layers{1, 3, 6, 12, 18, 6, 2});
  CHECK(grow("prefix_cycles:5") == layers{1, 4, 15, 40, 60});
  CHECK(grow("heisenberg:3,modulo=4") == layers{1, 4, 10, 24, 20, 4, 1});
  CHECK(grow("mini_pyramorphix") == layers{1, 17, 54, 84, 92, 40});
  CHECK(grow("rubik_cube:2,metric=fixed_HTM") ==
        layers{1, 9, 54, 321, 1847, 9992, 50136, 227536, 870072, 1887748, 623800, 2644});
  CHECK(grow("puzzle:pyramorphix") == layers{1, 6, 27, 42, 20});
}

TEST_CASE("closed forms") {
  // Stirling numbers of the first kind c(7, 7 - d); Mahonian numbers of S_5 (OEIS A132393, A008302).
  CHECK(grow("all_transpositions:7") == layers{1, 21, 175, 735, 1624, 1764, 720});
  CHECK(grow("coxeter:5") == layers{1, 4, 9, 15, 20, 22, 20, 15, 9, 4, 1});
  // Growth of the discrete Heisenberg group (OEIS A063810).
  const auto z = grow(graphs::make_catalogue_graph("heisenberg:3"), "bucket", {.max_depth = 10});
  CHECK(z.layers == layers{1, 4, 12, 36, 82, 164, 294, 476, 724, 1052, 1464});
  CHECK(z.status == status::lower_bound);
}

TEST_CASE("graphs of cosets, packed as numbers, grow as the oracle says") {
  for (const char* spec :
       {"fp:a,b|a^2,b^3,(a*b)^7,[a,b]^4", "fp:a,b|a^5,b^3,(a*b)^2", "fp:a,b|a^2,b^3,(a*b)^7,[a,b]^6|a*b",
        "fp:a,b|a^2,b^4,(a*b)^11,(a*b^2)^6,a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1|a*b"}) {
    for (const auto inverses : {graphs::closure::directed, graphs::closure::inverse_closed}) {
      INFO(spec);
      graphs::parse_options parse;
      parse.inverses = inverses;
      const auto graph = graphs::parse_graph(spec, parse);
      growth_options options;
      options.last_layer = 3;
      const auto oracle = grow(graph, "oracle", options);
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        options.instructions = set;
        const auto bucket = grow(graph, "bucket", options, 2);
        CHECK(bucket.layers == oracle.layers);
        CHECK(bucket.last_layer == oracle.last_layer);
        CHECK(bucket.states() == graph.known().vertices);
        CHECK(bucket.status == status::exact);
      }
    }
  }
}

TEST_CASE("bucket and oracle agree on random permutation graphs of degrees 2 to 70") {
  const auto s = tests::seed(20261123);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(250); ++i) {
    const std::size_t n = i < 70 ? 2 + i % 69 : 2 + random() % 69;
    const auto graph = tests::random_permutation_graph(n, random);
    growth_options options;
    options.max_depth = n <= 6 ? 100 : 2 + random() % 6;
    options.last_layer = 5;
    INFO("case " << i << ", degree " << n << ", " << graph.generator_count() << " generators, "
                 << (graph.is_inverse_closed() ? "undirected" : "directed"));
    const auto oracle = grow(graph, "oracle", options);
    for (const auto set : kernels::all_instruction_sets()) {
      if (!kernels::is_supported(set)) continue;
      options.instructions = set;
      const auto bucket = grow(graph, "bucket", options, 1 + static_cast<unsigned>(random() % 3));
      REQUIRE(bucket.layers == oracle.layers);
      REQUIRE(bucket.status == oracle.status);
      REQUIRE(bucket.last_layer == oracle.last_layer);
    }
    REQUIRE(oracle.layers == tests::plain_growth(graph, *options.max_depth));
  }
}

TEST_CASE("bucket and oracle agree on random matrix graphs") {
  const auto s = tests::seed(20261124);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint64_t m :
       {2ULL, 3ULL, 4ULL, 5ULL, 6ULL, 9ULL, 30ULL, 4294967291ULL, 1ULL << 61, (1ULL << 63) - 1}) {
    for (int i = 0; i < 12; ++i) {
      const auto graph = tests::random_matrix_graph(m, random);
      growth_options options;
      options.max_depth = m <= 4 ? 60 : 7;
      options.last_layer = 3;
      INFO("modulus " << m << ", case " << i);
      const auto oracle = grow(graph, "oracle", options);
      const auto bucket = grow(graph, "bucket", options, 2);
      REQUIRE(bucket.layers == oracle.layers);
      REQUIRE(bucket.last_layer == oracle.last_layer);
    }
  }
}

TEST_CASE("large layers: partitions, rounds and threads do not change the answer") {
  const char* specs[] = {"lrx:9", "lx:9", "pancake:8", "rubik_cube:2,metric=fixed_QTM"};
  for (const char* spec : specs) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const growth_options options{.max_depth =
                                     graph.generator_count() > 5 ? std::optional<std::uint64_t>(9) : std::nullopt};
    const auto reference = grow(graph, "bucket", options, 1);
    CHECK(grow(graph, "bucket", options, 2).layers == reference.layers);
    CHECK(grow(graph, "bucket", options, 7).layers == reference.layers);
    // A budget that forces many rounds, on wide layers.
    const auto tight = grow(graph, "bucket", options, 2, std::size_t{12} << 20);
    REQUIRE(tight.layers.size() <= reference.layers.size());
    CHECK(tight.layers == layers(reference.layers.begin(),
                                 reference.layers.begin() + static_cast<std::ptrdiff_t>(tight.layers.size())));
    CHECK(tight.peak_bytes <= std::size_t{12} << 20);
  }
  CHECK(grow(graphs::make_catalogue_graph("lrx:9"), "oracle").layers == grow("lrx:9"));
}

TEST_CASE("wide states in many partitions") {
  const auto graph = graphs::make_catalogue_graph("puzzle:megaminx");
  const growth_options options{.max_depth = 4, .last_layer = 2};
  const auto bucket = grow(graph, "bucket", options, 2);
  CHECK(bucket.layers == layers{1, 24, 408, 6208, 90144});
  CHECK(bucket.last_layer == grow(graph, "oracle", options).last_layer);
}

TEST_CASE("degenerate graphs") {
  graphs::permutation_set identity;
  identity.add("e", groups::permutation(5));
  CHECK(grow(graphs::make_graph("trivial", identity), "bucket").layers == layers{1});
  CHECK(grow(graphs::make_graph("trivial", identity), "oracle").layers == layers{1});
  const auto constant = graphs::make_catalogue_graph("lrx:6").with_central(graphs::state(6, 3));
  CHECK(grow(constant, "bucket").layers == layers{1});
  // 64 positions of two colours fill the word.
  const auto full = graphs::make_catalogue_graph("lx:64").with_central([] {
    graphs::state s(64, 1);
    s[0] = 0;
    return s;
  }());
  CHECK(grow(full, "bucket").layers == grow(full, "oracle").layers);
}

TEST_CASE("moments of the distance distribution") {
  const auto m = moments({1, 2, 1});
  CHECK(m.mean == Approx(1));
  CHECK(m.deviation == Approx(std::sqrt(0.5)));
  CHECK(m.skewness == Approx(0).margin(1e-12));
  CHECK(moments({1}).deviation == 0);
}

}  // namespace
}  // namespace growth_test
}  // namespace cosetta::search
