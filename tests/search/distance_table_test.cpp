// Tables of distances against breadth-first search over whole states, and files that are not what they should be.
#include <graphs/catalogue.hpp>
#include <groups/matrix.hpp>
#include <kernels/error.hpp>
#include <search/distance_table.hpp>
#include <search/growth.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>
#include <tests/tools/program.hpp>

#include <filesystem>
#include <fstream>
#include <map>

namespace cosetta::search {
namespace distance_table_test {
namespace {

std::map<graphs::state, std::uint64_t> all_distances(const graphs::graph_definition& graph) {
  std::map<graphs::state, std::uint64_t> distance{{graph.central(), 0}};
  std::vector<graphs::state> queue{graph.central()};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto d = distance[queue[i]];
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto next = graph.apply(g, queue[i]);
      if (distance.emplace(next, d + 1).second) queue.push_back(std::move(next));
    }
  }
  return distance;
}

growth_result save(const graphs::graph_definition& graph, const std::string& path, growth_options options = {}, unsigned threads = 1) {
  run_context context;
  context.threads = threads;
  options.save_distances = path;
  return make_growth_engine("auto")->run(graph, options, context);
}

void check_all(const graphs::graph_definition& graph, const distance_table& table) {
  const auto expected = all_distances(graph);
  std::vector<std::uint64_t> layers;
  for (const auto& [s, d] : expected) {
    layers.resize(std::max<std::size_t>(layers.size(), d + 1));
    ++layers[d];
    REQUIRE(table.distance(s) == d);
    REQUIRE(table.residue(*table.index(s)) == d % 3);
    REQUIRE(*table.index(s) < table.index_size());
  }
  CHECK(table.layers() == layers);
}

/// Permutations that turn one of several cycles by one step, together with an exchange of two points beside them.
graphs::graph_definition torus(std::size_t a, std::size_t b, bool inverses) {
  std::vector<groups::point> x(a + b), y(a + b);
  for (std::size_t i = 0; i < a + b; ++i) {
    x[i] = static_cast<groups::point>(i < a ? (i + 1) % a : i);
    y[i] = static_cast<groups::point>(i < a ? i : a + (i - a + 1) % b);
  }
  graphs::permutation_set set;
  set.add("x", groups::permutation(x));
  set.add("y", groups::permutation(y));
  const auto graph = graphs::make_graph("torus", std::move(set));
  return inverses ? graph.with_inverses() : graph;
}

TEST_CASE("tables of distances: every state of small graphs") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  for (const char* spec : {"lrx:7", "lrx:8", "pancake:7", "lx:6", "lx:7", "coxeter:7", "burnt_pancake:5"}) {
    const auto graph = graphs::make_catalogue_graph(spec);
    for (const bool symmetry : {true, false}) {
      for (const bool doubled : {false, true}) {
        if (doubled && graph.degree() > 7) continue;
        INFO(spec << " " << symmetry << doubled);
        growth_options options;
        options.symmetry = symmetry, options.doubled = doubled;
        const auto result = save(graph, path, options, symmetry ? 2 : 1);
        REQUIRE(result.status == status::exact);
        CHECK(result.distances == path);
        const auto table = distance_table::open(path, graph);
        CHECK(table.stored() == distance_table::kind::depths);
        check_all(graph, table);
        CHECK_FALSE(table.distance(graphs::state(graph.degree(), 0)).has_value());
        CHECK_FALSE(table.distance({}).has_value());
        CHECK_FALSE(table.distance(graphs::state(graph.degree() + 1, 0)).has_value());
      }
    }
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
  }
}

TEST_CASE("tables of distances by residues: a diameter above 254, and more than 2^24 states") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  // Distances up to 128 + 128, which a byte does not hold.
  const auto graph = torus(256, 257, true);
  const auto result = save(graph, path);
  REQUIRE(result.diameter() == 256);
  const auto table = distance_table::open(path, graph);
  CHECK(table.stored() == distance_table::kind::residues);
  const std::size_t shifts[] = {0, 1, 2, 100, 127, 128, 129, 200, 255, 256};
  for (const auto i : shifts) {
    for (const auto j : shifts) {
      auto s = graph.central();
      for (std::size_t k = 0; k < i; ++k) s = graph.apply(0, s);
      for (std::size_t k = 0; k < j; ++k) s = graph.apply(1, s);
      const std::size_t a = i % 256;
      CHECK(table.distance(s) == std::min(a, 256 - a) + std::min(j, 257 - j));
    }
  }
  // Directed, with as many steps: refused, and nothing is left behind.
  std::filesystem::remove(path);
  CHECK_THROWS_WITH(save(torus(256, 257, false), path), Catch::Contains("above 254"));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_FALSE(std::filesystem::exists(path + ".part"));

  const auto large = graphs::make_catalogue_graph("lrx:11");
  REQUIRE(save(large, path, {}, 2).status == status::exact);
  const auto residues = distance_table::open(path, large);
  CHECK(residues.stored() == distance_table::kind::residues);
  // Along random walks distances change by at most one step, and short ones are what a search finds.
  std::map<graphs::state, std::uint64_t> near{{large.central(), 0}};
  std::vector<graphs::state> queue{large.central()};
  for (std::size_t i = 0; i < queue.size() && queue.size() < 3000; ++i) {
    for (std::size_t g = 0; g < large.generator_count(); ++g) {
      auto next = large.apply(g, queue[i]);
      if (near.emplace(next, near[queue[i]] + 1).second) queue.push_back(std::move(next));
    }
  }
  for (const auto& [s, d] : near) REQUIRE(residues.distance(s) == d);
  std::mt19937_64 random(tests::seed(20261208));
  auto s = large.central();
  std::uint64_t last = 0, farthest = 0;
  for (int i = 0; i < 400; ++i) {
    s = large.apply(random() % 3, s);
    const auto d = *residues.distance(s);
    REQUIRE((d <= last + 1 && last <= d + 1 && d <= residues.layers().size() - 1));
    last = d;
    farthest = std::max(farthest, d);
  }
  CHECK(farthest > 20);
}

TEST_CASE("tables of distances: towers of every layout are built again as they were") {
  const tests::scratch_folder folder;
  const auto graph = graphs::make_catalogue_graph("lrx:10");
  std::vector<distance_table> tables;
  for (const auto layout : {tower_layout::automatic, tower_layout::words, tower_layout::vectors}) {
    const auto path = (folder.path() / std::to_string(tables.size())).string();
    growth_options options;
    options.layout = layout;
    REQUIRE(save(graph, path, options, 2).distances == path);
    tables.push_back(distance_table::open(path, graph));
  }
  std::mt19937_64 random(tests::seed(20261212));
  auto s = graph.central();
  for (int i = 0; i < 2000; ++i) {
    s = graph.apply(random() % 3, s);
    const auto d = tables[0].distance(s);
    REQUIRE(d.has_value());
    for (const auto& t : tables) REQUIRE(t.distance(s) == d);
  }
}

TEST_CASE("tables of distances: the 2x2x2 cube with a fixed corner") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  const auto graph = graphs::make_catalogue_graph("rubik_cube:2,metric=fixed_HTM");
  growth_options options;
  options.last_layer = 50;
  const auto result = save(graph, path, options, 2);
  REQUIRE(result.status == status::exact);
  const auto table = distance_table::open(path, graph);
  for (const auto& s : result.last_layer) REQUIRE(table.distance(s) == 11);
  std::map<graphs::state, std::uint64_t> near{{graph.central(), 0}};
  std::vector<graphs::state> queue{graph.central()};
  for (std::size_t i = 0; i < queue.size() && near[queue[i]] < 4; ++i) {
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto next = graph.apply(g, queue[i]);
      if (near.emplace(next, near[queue[i]] + 1).second) queue.push_back(std::move(next));
    }
  }
  for (const auto& [s, d] : near) REQUIRE(table.distance(s) == d);
  // The distance is one more than the least of the neighbours'.
  std::mt19937_64 random(tests::seed(20261209));
  auto s = graph.central();
  for (int i = 0; i < 500; ++i) {
    s = graph.apply(random() % graph.generator_count(), s);
    std::uint64_t least = 99;
    for (std::size_t g = 0; g < graph.generator_count(); ++g) least = std::min(least, *table.distance(graph.apply(g, s)));
    REQUIRE(table.distance(s) == (s == graph.central() ? 0 : least + 1));
  }
}

/// `ones` ones behind zeros.
graphs::graph_definition two_colours(const char* spec, std::size_t ones, bool inverses = false) {
  auto graph = graphs::make_catalogue_graph(spec);
  if (inverses) graph = graph.with_inverses();
  graphs::state s(graph.degree(), 0);
  std::fill(s.end() - static_cast<std::ptrdiff_t>(ones), s.end(), 1);
  return graph.with_central(std::move(s));
}

TEST_CASE("tables of distances: every two-colour pattern, by a split index") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  for (const auto& [spec, ones] : {std::pair{"lrx:13", 6}, {"lrx:16", 3}, {"lx:12", 5}, {"top_spin:14", 7}, {"top_spin:12,k=5", 3},
                                   {"coxeter:12", 6}, {"cyclic_coxeter:11", 4}, {"larx:11", 5}, {"lrx:6", 2}, {"stars:9", 1}}) {
    const auto graph = two_colours(spec, static_cast<std::size_t>(ones));
    for (const unsigned threads : {1U, 2U, 3U}) {
      INFO(spec << " with " << ones << " ones, " << threads << " threads");
      REQUIRE(save(graph, path, {}, threads).distances == path);
      const auto table = distance_table::open(path, graph);
      CHECK(table.stored() == distance_table::kind::depths);
      check_all(graph, table);
      CHECK_FALSE(table.distance(graphs::state(graph.degree(), 0)).has_value());
      CHECK_FALSE(table.distance(graphs::state(graph.degree(), 7)).has_value());
      CHECK_FALSE(table.distance({}).has_value());
    }
  }
  // More than 2^24 states: two bits each. The farthest ones of lrx with half ones are what the sweep says.
  const auto large = two_colours("lrx:28", 14);
  growth_options options;
  options.last_layer = 3;
  options.last_layer_only_whole = false;
  const auto result = save(large, path, options, 2);
  const auto table = distance_table::open(path, large);
  CHECK(table.stored() == distance_table::kind::residues);
  for (const auto& s : result.last_layer) CHECK(table.distance(s) == result.diameter());
  CHECK(table.distance(large.central()) == 0);
}

TEST_CASE("tables of distances: patterns of more labels, by towers of merged colours") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  std::vector<graphs::graph_definition> all;
  const auto strings = [&](const char* spec, const graphs::state& central) { all.push_back(graphs::make_catalogue_graph(spec).with_central(central)); };
  strings("lx:12", {0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2});
  strings("pancake:12", {0, 0, 1, 1, 1, 1, 1, 7, 7, 7, 7, 7});
  strings("top_spin:10", {0, 0, 1, 1, 2, 2, 3, 3, 3, 3});
  // Places of pieces, and pieces whose points have labels of their own.
  strings("rubik_cube:2,metric=fixed_QTM", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  strings("burnt_pancake:7", {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3});
  for (const auto& graph : tests::inputs(all)) {
    for (const auto set : {kernels::instruction_set::scalar, kernels::best_instruction_set()}) {
      if (graph.generator_count() > 2 && set == kernels::instruction_set::scalar) continue;  // once will do
      INFO(graph.spec() << ", " << kernels::to_string(set));
      growth_options options;
      options.instructions = set;
      REQUIRE(save(graph, path, options, 2).distances == path);
      CHECK(tests::slurp(path).find(R"("kind":"colours")") < 4096);
      const auto table = distance_table::open(path, graph);
      CHECK(table.stored() == distance_table::kind::depths);
      check_all(graph, table);
      CHECK_FALSE(table.distance(graphs::state(graph.degree(), 0)).has_value());
      CHECK_FALSE(table.distance({}).has_value());
    }
  }
}

TEST_CASE("tables of distances: patterns that the group does not reach have none") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  graphs::permutation_set set;  // dihedral, on a pattern with C(10, 2) arrangements in 5 orbits
  std::vector<groups::point> turn, flip;
  for (std::size_t i = 0; i < 10; ++i) turn.push_back(static_cast<groups::point>((i + 1) % 10)), flip.push_back(static_cast<groups::point>(9 - i));
  set.add("r", groups::permutation(turn));
  set.add("s", groups::permutation(flip));
  const auto graph = graphs::make_graph("dihedral", std::move(set), {0, 0, 0, 0, 0, 0, 0, 0, 1, 1}).with_inverses();
  REQUIRE(save(graph, path).distances == path);
  const auto table = distance_table::open(path, graph);
  check_all(graph, table);
  CHECK_FALSE(table.distance({1, 0, 1, 0, 0, 0, 0, 0, 0, 0}).has_value());
}

TEST_CASE("tables of distances: every element of small matrix groups") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  for (const char* spec : tests::inputs<const char*>({"heisenberg:3,modulo=2", "heisenberg:3,modulo=5", "heisenberg:3,modulo=12", "heisenberg:3,modulo=31", "heisenberg:4,modulo=7",
                           "heisenberg:5,modulo=3", "heisenberg:3,modulo=26,add_inverses=false", "heisenberg:4,modulo=6,add_inverses=false",
                           "special_linear_fundamental_roots:2,modulo=3", "special_linear_fundamental_roots:2,modulo=29",
                           "special_linear_fundamental_roots:2,modulo=24", "special_linear_fundamental_roots:3,modulo=3",
                           "special_linear_root_weyl:2,modulo=27"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    for (const unsigned threads : {1U, 2U, 3U}) {
      INFO(spec << ", " << threads << " threads");
      REQUIRE(save(graph, path, {}, threads).distances == path);
      const auto table = distance_table::open(path, graph);
      CHECK(table.stored() == distance_table::kind::depths);
      check_all(graph, table);
      CHECK_FALSE(table.distance(graphs::state(graph.central().size(), 0)).has_value());
      CHECK_FALSE(table.distance(graphs::state(graph.central().size(), 1u << 20)).has_value());
      CHECK_FALSE(table.distance({1, 0}).has_value());
    }
  }
  // Unitriangular, directed and not; the general linear group, by transvections and a diagonal matrix.
  const auto matrices = [](std::size_t n, std::uint64_t m, const std::vector<std::vector<std::int64_t>>& all) {
    graphs::matrix_set set;
    for (std::size_t i = 0; i < all.size(); ++i) set.add("g" + std::to_string(i), groups::make_matrix(n, n, m, all[i]));
    return graphs::make_graph("matrices", std::move(set));
  };
  const auto unitriangular = matrices(4, 5, {{1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, {1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                                             {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1}});
  const auto general = matrices(2, 11, {{1, 1, 0, 1}, {1, 0, 1, 1}, {2, 0, 0, 1}});
  for (const auto& graph : {unitriangular, unitriangular.with_inverses(), general, general.with_inverses(), general.with_inverses().with_central({3, 1, 4, 1})}) {
    INFO(graph.spec());
    REQUIRE(save(graph, path, {}, 2).distances == path);
    check_all(graph, distance_table::open(path, graph));
  }
  if (tests::sanitized) return;
  // More than 2^24 elements, and distances that bytes do not hold.
  const auto large = graphs::make_catalogue_graph("heisenberg:3,modulo=301");
  REQUIRE(save(large, path, {}, 2).diameter() == 300);
  const auto table = distance_table::open(path, large);
  CHECK(table.stored() == distance_table::kind::residues);
  auto s = large.central();
  for (std::uint64_t d = 0; d <= 150; ++d, s = large.apply(0, s)) REQUIRE(table.distance(s) == d);
}

TEST_CASE("tables of distances: few states of any kind are listed") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  for (const auto& graph : {graphs::make_catalogue_graph("lrx:4"), graphs::make_catalogue_graph("lx:3"), graphs::make_catalogue_graph("lrx:9").with_central({0, 0, 0, 1, 1, 1, 2, 2, 2}),
                            graphs::make_catalogue_graph("pancake:8").with_central({0, 0, 0, 1, 1, 1, 1, 2}),
                            graphs::make_catalogue_graph("heisenberg:3,modulo=7").with_central({1, 2, 3})}) {
    INFO(graph.spec());
    growth_options options;
    options.last_layer = 10;
    const auto result = save(graph, path, options, 2);
    REQUIRE(result.distances == path);
    CHECK(result.certified);
    const auto table = distance_table::open(path, graph);
    check_all(graph, table);
    for (const auto& s : result.last_layer) CHECK(table.distance(s) == result.diameter());
    run_context stopped;
    stopped.deadline = std::chrono::steady_clock::now();
    std::filesystem::remove(path);
    options.save_distances = path;
    CHECK(make_growth_engine("auto")->run(graph, options, stopped).distances.empty());
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
  }
}

TEST_CASE("tables of distances of patterns and matrix groups: damage, foreign files, limits") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  const auto refused = [&](const std::string& content, const graphs::graph_definition& of) {
    folder.write("other", content);
    try {
      static_cast<void>(distance_table::open((folder.path() / "other").string(), of));
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  std::mt19937_64 random(tests::seed(20261211));
  const std::vector<graphs::graph_definition> all{two_colours("lrx:12", 5), graphs::make_catalogue_graph("heisenberg:3,modulo=9"),
                                                 graphs::make_catalogue_graph("special_linear_fundamental_roots:2,modulo=13"),
                                                 graphs::make_catalogue_graph("lrx:4"), graphs::make_catalogue_graph("lrx:6"),
                                                 graphs::make_catalogue_graph("lrx:10").with_central({0, 0, 0, 1, 1, 1, 2, 2, 2, 2})};
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto& graph = all[k];
    INFO(graph.spec());
    const auto result = save(graph, path);
    REQUIRE(result.distances == path);
    const auto whole = tests::slurp(path);
    for (std::size_t other = 0; other < all.size(); ++other) CHECK((refused(whole, all[other]) == "") == (other == k));
    CHECK_THAT(refused(whole, two_colours("lrx:12", 6)), Catch::Contains("another graph"));
    CHECK_THAT(refused(whole.substr(0, whole.size() - 1), graph), Catch::Contains("cut off"));
    const auto description = whole.find_last_of('}', 4095) + 1;
    for (int i = 0; i < 200; ++i) {
      const auto at = i % 2 == 0 ? random() % description : 4096 + random() % (whole.size() - 4096);
      auto damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1U << random() % 8));
      INFO("byte " << at);
      CHECK(refused(damaged, graph) != "");
    }
    // The table counts towards the memory, and no part of a run leaves a file.
    growth_options options;
    options.save_distances = path;
    const auto engine = make_growth_engine("auto");
    const auto with = engine->plan(graph, options, {}).fixed_bytes;
    CHECK(with >= result.states() * 10 / 8 / 2);  // a tower keeps one of two
    run_context small;
    small.memory_bytes = with - 1;
    CHECK_THROWS_AS(engine->run(graph, options, small), resource_error);
    std::filesystem::remove(path);
    options.max_depth = 1;
    CHECK(engine->run(graph, options, {}).distances.empty());
    options.max_depth.reset();
    run_context stopped;
    stopped.deadline = std::chrono::steady_clock::now();
    CHECK(engine->run(graph, options, stopped).distances.empty());
    std::stop_source source;
    run_context interrupted;
    interrupted.stop = source.get_token();
    interrupted.observer = [&](const progress& p) {
      if (p.depth == 2) source.request_stop();
    };
    const auto part = engine->run(graph, options, interrupted);
    CHECK(part.status == status::interrupted);
    CHECK(part.distances.empty());
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
    options.save_distances = (folder.path() / "none" / "table").string();
    CHECK_THROWS_WITH(engine->run(graph, options, {}), Catch::Contains("cannot be written"));
  }
}

TEST_CASE("tables of distances: every single damage is refused, and so are other graphs") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  const auto graph = graphs::make_catalogue_graph("lrx:6");
  REQUIRE(save(graph, path).status == status::exact);
  REQUIRE(distance_table::open(path, graph).distance(graph.central()) == 0);
  const auto whole = tests::slurp(path);
  const auto refusal = [&](const std::string& content, const graphs::graph_definition& of) {
    folder.write("other", content);
    try {
      static_cast<void>(distance_table::open((folder.path() / "other").string(), of));
    } catch (const error& e) {
      CHECK_THAT(e.what(), Catch::Contains((folder.path() / "other").string()));
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(refusal("", graph), Catch::Contains("is no table of distances"));
  CHECK_THAT(refusal("something else, which is long enough to be one", graph), Catch::Contains("is no table of distances"));
  auto newer = whole;
  newer[16] = 2;
  CHECK_THAT(refusal(newer, graph), Catch::Contains("format 2, this program reads format 1"));
  CHECK_THAT(refusal(whole.substr(0, 100), graph), Catch::Contains("is cut off"));
  CHECK_THAT(refusal(whole.substr(0, whole.size() - 1), graph), Catch::Contains("cut off"));
  CHECK_THAT(refusal(whole + '\0', graph), Catch::Contains("something was added"));
  CHECK_THAT(refusal(whole, graphs::make_catalogue_graph("lrx:7")), Catch::Contains("another graph, lrx:6"));
  CHECK_THAT(refusal(whole, graph.with_central({1, 0, 2, 3, 4, 5})), Catch::Contains("another graph"));
  CHECK_THAT(refusal(whole, graphs::make_catalogue_graph("heisenberg:3,modulo=5")), Catch::Contains("another graph"));
  std::mt19937_64 random(tests::seed(20261210));
  const auto table_begin = whole.size() - 768;  // 720 states and some room
  for (int i = 0; i < 300; ++i) {
    // In the beginning, the description or the table; what lies between is padding.
    const auto at = i < 40 ? static_cast<std::size_t>(i) : i % 2 == 0 ? 40 + random() % 300 : table_begin + random() % 700;
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1U << random() % 8));
    INFO("byte " << at);
    CHECK(refusal(damaged, graph) != "");
  }
  CHECK_THROWS_WITH(distance_table::open((folder.path() / "nowhere").string(), graph), Catch::Contains("cannot be opened"));
  CHECK_THROWS_WITH(distance_table::open(folder.path().string(), graph), Catch::Contains("is no ordinary file"));
}

TEST_CASE("tables of distances: what cannot be saved is said before the run") {
  const tests::scratch_folder folder;
  const auto path = (folder.path() / "table").string();
  const auto graph = graphs::make_catalogue_graph("lrx:8");
  CHECK_THROWS_WITH(save(graph, (folder.path() / "none" / "table").string()), Catch::Contains("--save-distances") && Catch::Contains("cannot be written"));
  CHECK_THROWS_WITH(save(graph, folder.path().string()), Catch::Contains("is no ordinary file"));
  // What has no index, and what can be done about it.
  if (!tests::sanitized) {  // as many states are listed as a list may have
    CHECK_THROWS_WITH(save(graphs::make_catalogue_graph("heisenberg:3"), path), Catch::Contains("needs an index of the states") && Catch::Contains("labels can be merged"));
    CHECK_THROWS_WITH(save(graphs::make_catalogue_graph("heisenberg:3,modulo=300,add_inverses=false"), path), Catch::Contains("above 254"));
  }
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  CHECK_THROWS_WITH(save(graphs::make_catalogue_graph("lx:14"), path), Catch::Contains("2^33"));
  growth_options options;
  options.save_distances = path;
  for (const char* engine : {"bucket", "oracle"}) CHECK_THROWS_WITH(make_growth_engine(engine)->run(graph, options, {}), Catch::Contains("keeps no table"));
  // What is kept counts: two bits and a byte for each of 40320 states.
  const auto plain = make_tower_engine()->run(graph, {}, {});
  const auto with = make_tower_engine()->run(graph, options, {});
  CHECK(with.peak_bytes >= plain.peak_bytes + 10 * 40320 / 8 / 2);
  run_context small;
  small.memory_bytes = with.peak_bytes;
  CHECK(make_tower_engine()->run(graph, options, small).status == status::exact);
  --small.memory_bytes;
  CHECK_THROWS_AS(make_tower_engine()->run(graph, options, small), resource_error);
  // A part of the graph leaves no file, and an older one alone.
  const auto before = tests::slurp(path);
  const auto part = save(graph, path, {.max_depth = 5});
  CHECK(part.distances.empty());
  CHECK(tests::slurp(path) == before);
  std::filesystem::remove(path);
  static_cast<void>(save(graph, path, {.max_depth = 5}));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
}

}  // namespace
}  // namespace distance_table_test
}  // namespace cosetta::search
