#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <search/path.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

#include <filesystem>
#include <map>
#include <numeric>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace cosetta::search {
namespace path_test {
namespace {

using graphs::graph_definition;
using graphs::state;
using distances = std::map<state, std::uint64_t>;

/// Distances from `centre` to all states that it reaches, by sets of whole states.
distances plain_distances(const graph_definition& graph, const state& centre) {
  distances seen{{centre, 0}};
  std::vector<state> layer{centre};
  for (std::uint64_t depth = 1; !layer.empty(); ++depth) {
    std::vector<state> next;
    for (const auto& s : layer) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        auto image = graph.apply(g, s);
        if (seen.emplace(image, depth).second) next.push_back(std::move(image));
      }
    }
    layer = std::move(next);
  }
  return seen;
}

/// The graph with all its edges turned round.
graph_definition reversed(const graph_definition& graph) {
  return std::visit(
      [&](const auto& set) {
        std::remove_cvref_t<decltype(set)> inverted;
        for (std::size_t i = 0; i < set.size(); ++i) inverted.add(set.names()[i], set[i].inverse());
        return graph_definition(graph.spec(), std::move(inverted), graph.central());
      },
      graph.generators());
}

state image(const graph_definition& graph, state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

void check_geodesic(const graph_definition& graph, const state& from, const state& to, const path_result& r, std::uint64_t distance) {
  REQUIRE(r.status == path_status::geodesic);
  CHECK(r.word.size() == distance);
  CHECK(r.lower_bound == distance);
  CHECK(image(graph, from, r.word) == to);
}

graph_definition coset_graph(const char* spec, const char* pattern) {
  return graphs::make_catalogue_graph(spec).with_central(graphs::parse_pattern(pattern));
}

std::vector<graph_definition> small_graphs() {
  return {graphs::make_catalogue_graph("lrx:6"),
          graphs::make_catalogue_graph("lx:6"),
          graphs::make_catalogue_graph("pancake:6"),
          coset_graph("lrx:8", "00001111"),
          coset_graph("lx:7", "0011122"),
          coset_graph("pancake:7", "0001234"),
          graphs::make_catalogue_graph("heisenberg:3,modulo=5"),
          graphs::parse_graph("heisenberg:3,modulo=5", {.inverses = graphs::closure::directed}),
          graphs::parse_graph("fp:a,b|a^2,b^3,(a*b)^5", {}),
          graphs::parse_graph("cyclic:40", {.inverses = graphs::closure::directed})};
}

/// Writes the table that a growth run makes, and opens it.
class scratch_table {
 public:
  explicit scratch_table(const graph_definition& graph) {
    static int count = 0;
    path_ = (std::filesystem::temp_directory_path() / ("cosetta-path-" + std::to_string(getpid()) + "-" + std::to_string(++count))).string();
    make_tower_engine()->run(graph, {.save_distances = path_}, {});
    table_.emplace(distance_table::open(path_, graph));
  }
  ~scratch_table() {
    table_.reset();
    std::filesystem::remove(path_);
  }
  const distance_table* operator&() const { return &*table_; }
  const distance_table* operator->() const { return &*table_; }

 private:
  std::string path_;
  std::optional<distance_table> table_;
};

TEST_CASE("paths of all states of small graphs are as long as breadth-first search says") {
  for (const auto& graph : tests::inputs(small_graphs())) {
    INFO(graph.spec());
    const auto to_central = plain_distances(reversed(graph), graph.central());
    const auto from_central = plain_distances(graph, graph.central());
    CHECK(to_central.size() == from_central.size());
    std::size_t number = 0;
    for (const auto& [s, distance] : to_central) {
      if (tests::sanitized && ++number % 7 != 0) continue;
      check_geodesic(graph, s, graph.central(), find_path(graph, s, graph.central()), distance);
      check_geodesic(graph, graph.central(), s, find_path(graph, graph.central(), s), from_central.at(s));
    }
  }
}

TEST_CASE("paths between random states of random graphs, directed and not, and proofs that there are none") {
  const auto seed = tests::seed(5);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::size_t found = 0, none = 0;
  for (std::size_t round = 0; round < tests::repeats(90); ++round) {
    const bool matrices = round % 3 == 2;
    const auto graph = matrices ? tests::random_matrix_graph(2 + random() % 2, random) : tests::random_permutation_graph(3 + random() % 4, random);
    const auto some = [&] {
      state s = graph.central();
      if (matrices && random() % 2 == 0) {
        for (auto& entry : s) entry = random() % graph.modulus();
      } else if (random() % 2 == 0) {
        std::shuffle(s.begin(), s.end(), random);
      }
      return image(graph, s, {random() % graph.generator_count(), random() % graph.generator_count(), random() % graph.generator_count()});
    };
    const auto from = some();
    const auto all = plain_distances(graph, from);
    for (int i = 0; i < 6; ++i) {
      const auto to = some();
      const auto r = find_path(graph, from, to, {}, {.threads = 1 + static_cast<unsigned>(random() % 2)});
      const auto at = all.find(to);
      if (at != all.end()) {
        check_geodesic(graph, from, to, r, at->second);
        ++found;
      } else {
        CHECK(r.status == path_status::no_path);
        CHECK(r.word.empty());
        CHECK(!r.reason.empty());
        ++none;
      }
    }
  }
  CHECK(found > 20);
  CHECK(none > 20);
}

TEST_CASE("no path is proven by the group where it can be") {
  // Alternating: a transposition is in no word of 3-cycles; nothing is searched.
  const auto alternating = graphs::parse_graph("alt:12", {});
  auto odd = alternating.central();
  std::swap(odd[3], odd[8]);
  const auto r = find_path(alternating, odd, alternating.central());
  CHECK(r.status == path_status::no_path);
  CHECK(r.method == "membership");
  CHECK_THAT(r.reason, Catch::Contains("239500800"));
  CHECK(r.states == 0);
  // Two stickers of the 3x3x3 exchanged: a vertex of no graph of 4.3 10^19 states.
  const auto colours = graphs::make_catalogue_graph("rubik_cube:3,metric=HTM");
  state stickers(colours.degree());
  std::iota(stickers.begin(), stickers.end(), std::uint64_t{0});
  const auto cube = colours.with_central(stickers);
  for (std::size_t i = 0; i + 1 < cube.degree(); i += 5) {
    auto s = cube.central();
    std::swap(s[i], s[i + 1]);
    const auto none = find_path(cube, s, cube.central());
    CHECK(none.status == path_status::no_path);
    CHECK(none.states == 0);
  }
  // Other labels than the central ones.
  const auto fixed = graphs::parse_graph("lrx:5", {}).with_central({0, 0, 0, 1, 1});
  CHECK(find_path(fixed, {0, 0, 1, 1, 1}, fixed.central()).method == "labels");
  // A matrix of another determinant; a singular one.
  const auto sl = graphs::parse_graph("heisenberg:3,modulo=7", {});
  const auto other = find_path(sl, {2, 0, 0, 0, 1, 0, 0, 0, 1}, sl.central());
  CHECK(other.status == path_status::no_path);
  CHECK(other.states == 0);
  CHECK(find_path(sl, {1, 1, 0, 0, 1, 1, 1, 0, 1}, sl.central()).status == path_status::no_path);
  CHECK(find_path(sl, state(9, 0), sl.central()).status == path_status::no_path);
  // Patterns of an imprimitive group: no element has this rearrangement.
  graphs::permutation_set wreath;
  wreath.add("a", groups::parse_permutation("(0 1)", 6));
  wreath.add("b", groups::parse_permutation("(0 2 4)(1 3 5)", 6));
  const auto blocks = graphs::make_graph("blocks", wreath, {0, 0, 1, 1, 2, 2});
  const auto apart = find_path(blocks, {0, 1, 0, 1, 2, 2}, blocks.central());
  CHECK(apart.status == path_status::no_path);
  CHECK(apart.method == "membership");
  CHECK_THAT(apart.reason, Catch::Contains("of order 24"));
}

TEST_CASE("2x2x2: words from both ends and words off a table are as long as the table says") {
  const auto seed = tests::seed(7);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto graph = graphs::make_catalogue_graph("rubik_cube:2,metric=fixed_QTM");
  const scratch_table table(graph);
  for (std::size_t round = 0; round < tests::repeats(40); ++round) {
    state s = graph.central();
    for (int i = 0; i < 60; ++i) s = graph.apply(random() % graph.generator_count(), s);
    const auto distance = table->distance(s).value();
    check_geodesic(graph, s, graph.central(), find_path(graph, s, graph.central(), {}, {.threads = 2}), distance);
    check_geodesic(graph, s, graph.central(), find_path(graph, s, graph.central(), {.table = &table}), distance);
    check_geodesic(graph, graph.central(), s, find_path(graph, graph.central(), s, {.table = &table}), distance);
  }
}

TEST_CASE("words over Z") {
  const auto graph = graphs::make_catalogue_graph("heisenberg:3");
  const auto directed = graphs::parse_graph("heisenberg:3", {.inverses = graphs::closure::directed});
  for (const auto* g : {&graph, &directed}) {
    distances seen{{g->central(), 0}};
    std::vector<state> layer{g->central()};
    for (std::uint64_t depth = 1; depth <= 6; ++depth) {
      std::vector<state> next;
      for (const auto& s : layer) {
        for (std::size_t i = 0; i < g->generator_count(); ++i) {
          auto t = g->apply(i, s);
          if (seen.emplace(t, depth).second) next.push_back(t);
        }
      }
      layer = next;
    }
    std::size_t number = 0;
    for (const auto& [s, distance] : seen) {
      if (++number % (tests::sanitized ? 25 : 5) != 0) continue;
      check_geodesic(*g, g->central(), s, find_path(*g, g->central(), s), distance);
    }
  }
  // Growth without end: the depth is the limit, or entries leave 64 bits.
  const auto far = find_path(graph, graph.central(), {1, 0, 1000, 0, 1, 0, 0, 0, 1}, {.max_depth = 20});
  CHECK(far.status == path_status::lower_bound);
  CHECK(far.lower_bound == 21);
  graphs::matrix_set doubling;
  const std::vector<std::int64_t> entries{2, 1, 1, 1};
  doubling.add("a", groups::make_matrix(2, 2, 0, entries));
  const auto cat = graphs::make_graph("cat", doubling);
  CHECK_THROWS_AS(find_path(cat, cat.central(), {1, 1, 0, 1}), resource_error);
}

TEST_CASE("limits leave a bound that holds") {
  const auto graph = graphs::make_catalogue_graph("lrx:11");
  state far{1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2};  // at distance 55
  for (std::uint64_t depth : {1U, 2U, 9U, 20U}) {
    const auto r = find_path(graph, far, graph.central(), {.max_depth = depth});
    CHECK(r.status == path_status::lower_bound);
    CHECK(r.limit == limit::depth);
    CHECK(r.lower_bound == depth + 1);
    CHECK(r.word.empty());
  }
  CHECK(find_path(graph, far, graph.central(), {.max_depth = 0}).lower_bound == 1);
  const auto small = find_path(graph, far, graph.central(), {.method = path_method::bidirectional}, {.memory_bytes = std::size_t{4} << 20});
  CHECK(small.limit == limit::memory);
  CHECK(small.lower_bound > 10);
  CHECK(small.lower_bound <= 55);
  CHECK(small.peak_bytes <= std::size_t{4} << 20);
  CHECK_THROWS_AS(find_path(graph, far, graph.central(), {}, {.memory_bytes = 1000}), resource_error);

  const auto late = find_path(graph, far, graph.central(), {}, {.deadline = std::chrono::steady_clock::now()});
  CHECK(late.limit == limit::time);
  CHECK(late.status == path_status::lower_bound);
  CHECK(late.lower_bound == 1);
  std::stop_source source;
  run_context stopped{.stop = source.get_token()};
  stopped.observer = [&](const progress& p) {
    if (p.depth == 20) source.request_stop();
  };
  const auto halted = find_path(graph, far, graph.central(), {}, stopped);
  CHECK(halted.status == path_status::interrupted);
  CHECK(halted.lower_bound == 21);
  // A path of exactly the greatest length is found.
  const auto near = image(graph, graph.central(), {0, 2, 0, 2, 0});
  CHECK(find_path(graph, near, graph.central(), {.max_depth = 5}).word.size() == 5);
  CHECK(find_path(graph, near, graph.central(), {.max_depth = 4}).lower_bound == 5);
}

TEST_CASE("the word does not depend on the number of threads") {
  const auto seed = tests::seed(3);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto graph = graphs::make_catalogue_graph("pancake:11");  // spheres of 65 610 states
  for (std::size_t round = 0; round < tests::repeats(10); ++round) {
    auto s = graph.central();
    std::shuffle(s.begin(), s.end(), random);
    const auto one = find_path(graph, s, graph.central(), {}, {.threads = 1});
    for (const unsigned threads : {2U, 5U}) {
      const auto many = find_path(graph, s, graph.central(), {}, {.threads = threads});
      CHECK(many.word == one.word);
      CHECK(many.states == one.states);
    }
  }
}

TEST_CASE("several shortest words, and one") {
  const auto graph = graphs::make_catalogue_graph("lrx:6");
  CHECK_FALSE(find_path(graph, image(graph, graph.central(), {0}), graph.central()).several);
  const auto half = image(graph, graph.central(), {0, 0, 0});  // L^3 = R^3
  CHECK(find_path(graph, half, graph.central()).several);
  const auto same = find_path(graph, half, half);
  CHECK(same.status == path_status::geodesic);
  CHECK(same.word.empty());
}

TEST_CASE("tables answer what distances from the central state tell, and refuse the rest") {
  for (const auto& graph : tests::inputs(small_graphs())) {
    INFO(graph.spec());
    const scratch_table table(graph);
    const auto to_central = plain_distances(reversed(graph), graph.central());
    const auto from_central = plain_distances(graph, graph.central());
    const bool both_ways = graph.is_inverse_closed() || graph.permutations() == nullptr || graph.spec() == "lx:6" || graph.spec() == "pancake:6";
    std::size_t number = 0;
    for (const auto& [s, distance] : from_central) {
      if (++number % 11 != 1) continue;
      check_geodesic(graph, graph.central(), s, find_path(graph, graph.central(), s, {.table = &table}), distance);
      const path_options options{.method = path_method::table, .table = &table};
      if (both_ways) {
        check_geodesic(graph, s, graph.central(), find_path(graph, s, graph.central(), options), to_central.at(s));
        if (!graph.is_cayley() || graph.spec().starts_with("fp:")) continue;  // else states name the element that takes them to the centre
        const auto other = image(graph, graph.central(), {0, 1, 1, 0, 1});
        check_geodesic(graph, s, other, find_path(graph, s, other, options), find_path(graph, s, other).word.size());
      }
    }
  }
  const auto directed = coset_graph("lx:7", "0011122");
  const scratch_table table(directed);
  CHECK_THROWS_WITH(find_path(directed, {0, 1, 0, 1, 1, 2, 2}, directed.central(), {.table = &table}), Catch::Contains("directed Schreier graph"));
  const auto pattern = coset_graph("lrx:8", "00001111");
  const scratch_table undirected(pattern);
  CHECK_THROWS_WITH(find_path(pattern, {0, 1, 0, 1, 0, 1, 0, 1}, {0, 0, 1, 1, 0, 0, 1, 1}, {.table = &undirected}), Catch::Contains("no end of this path"));
  CHECK_THROWS_AS(find_path(pattern, {0, 1, 0, 1, 0, 1, 0, 1}, pattern.central(), {.method = path_method::table}), domain_error);
  const auto limited = find_path(pattern, {0, 1, 0, 1, 0, 1, 0, 1}, pattern.central(), {.max_depth = 3, .table = &undirected});
  CHECK(limited.status == path_status::lower_bound);
  CHECK(limited.lower_bound > 3);
}

TEST_CASE("states that do not fit are refused") {
  const auto graph = graphs::make_catalogue_graph("lrx:5");
  CHECK_THROWS_AS(find_path(graph, {0, 1, 2}, graph.central()), domain_error);
  const auto matrices = graphs::make_catalogue_graph("heisenberg:3,modulo=5");
  CHECK_THROWS_AS(find_path(matrices, {1, 0, 7, 0, 1, 0, 0, 0, 1}, matrices.central()), domain_error);
  CHECK(find_path(graph, {0, 1, 2, 3, 3}, graph.central()).status == path_status::no_path);
}

}  // namespace
}  // namespace path_test
}  // namespace cosetta::search
