// The two-phase solver and its parts: coordinates that separate, bounds that no distance falls below, words that are replayed and never
// shorter than exact distances, limits.
#include <graphs/catalogue.hpp>
#include <groups/permutation_group.hpp>
#include <search/step_search.hpp>
#include <search/subgroup_chain.hpp>
#include <search/subgroup_solver.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

#include <map>
#include <numeric>

namespace cosetta::search {
namespace subgroup_solver_test {
namespace {

using groups::permutation;

/// With labels that are all different.
graphs::graph_definition graph_of(const std::string& spec) {
  const auto graph = graphs::make_catalogue_graph(spec);
  graphs::state labels(graph.degree());
  std::iota(labels.begin(), labels.end(), std::uint64_t{0});
  return graph.with_central(labels);
}

graphs::state replay(const graphs::graph_definition& graph, graphs::state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

/// Each state of the graph with its distance to the central state, by inverse moves.
std::map<graphs::state, std::size_t> distances(const graphs::graph_definition& graph) {
  graphs::permutation_set back;
  for (std::size_t g = 0; g < graph.generator_count(); ++g) back.add("g" + std::to_string(g), graph.permutations()->elements()[g].inverse());
  const auto inverse = graphs::make_graph("inverse", back, graph.central());
  std::map<graphs::state, std::size_t> out{{graph.central(), 0}};
  std::vector<graphs::state> layer{graph.central()};
  for (std::size_t d = 1; !layer.empty(); ++d) {
    std::vector<graphs::state> next;
    for (const auto& s : layer) {
      for (std::size_t g = 0; g < inverse.generator_count(); ++g) {
        auto t = inverse.apply(g, s);
        if (out.emplace(t, d).second) next.push_back(std::move(t));
      }
    }
    layer = std::move(next);
  }
  return out;
}

graphs::state random_state(const groups::permutation_group& group, std::mt19937_64& random) {
  const auto images = group.random(random).images();
  return {images.begin(), images.end()};
}

subgroup_options nodes(std::uint64_t n, std::size_t steps = 3) {
  subgroup_options out;
  out.seconds.reset();
  out.nodes = n;
  out.steps = steps;
  return out;
}

chain_wishes small_steps(double largest) {
  chain_wishes out;
  out.largest_step = largest;
  return out;
}

TEST_CASE("canonical words: every element keeps a cheapest word") {
  const auto s = tests::seed(20261202);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(60); ++i) {
    const auto graph = tests::random_permutation_graph(3 + random() % 3, random);
    std::vector<step_move> moves;
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      const auto& p = graph.permutations()->elements()[g];
      if (!p.is_identity() && std::ranges::find(moves, p, &step_move::element) == moves.end()) moves.push_back({p, std::vector<std::size_t>(1 + random() % 2, g), false});
    }
    if (moves.empty()) continue;
    const auto successors = canonical_successors(moves);
    // Cheapest words of all elements, among all words and among canonical ones, by costs up to 14.
    std::map<permutation, std::size_t> plain;
    std::map<std::pair<permutation, std::size_t>, std::size_t> canonical;  // by last move
    const permutation one(graph.degree());
    plain[one] = 0, canonical[{one, moves.size()}] = 0;
    for (std::size_t cost = 0; cost < 14; ++cost) {
      const auto plain_now = plain;
      for (const auto& [p, c] : plain_now) {
        if (c != cost) continue;
        for (const auto& m : moves) {
          auto& to = plain.try_emplace(m.element * p, c + m.word.size()).first->second;
          to = std::min(to, c + m.word.size());
        }
      }
      const auto canonical_now = canonical;
      for (const auto& [at, c] : canonical_now) {
        if (c != cost) continue;
        for (const auto m : successors[at.second]) {
          const std::pair key(moves[m].element * at.first, std::size_t{m});
          auto& to = canonical.try_emplace(key, c + moves[m].word.size()).first->second;
          to = std::min(to, c + moves[m].word.size());
        }
      }
    }
    std::map<permutation, std::size_t> best;
    for (const auto& [at, c] : canonical) {
      auto& to = best.try_emplace(at.first, c).first->second;
      to = std::min(to, c);
    }
    for (const auto& [p, c] : plain) {
      if (c <= 14) REQUIRE(best.at(p) == c);
    }
  }
}

TEST_CASE("branching: free words, and half turns of cubes") {
  std::vector<step_move> moves;
  const auto cube = graph_of("rubik_cube:3,metric=HTM");
  for (std::size_t g = 0; g < cube.generator_count(); ++g) moves.push_back({cube.permutations()->elements()[g], {g}, false});
  CHECK(branching(moves) == Approx(13.348).epsilon(0.001));
  for (auto& m : moves) m.word.push_back(0);  // twice the cost
  CHECK(branching(moves) == Approx(std::sqrt(13.348)).epsilon(0.001));
}

TEST_CASE("coordinates of a step: their joint orbit is the cosets, of the cube as in the literature") {
  const auto cube = graph_of("rubik_cube:3,metric=HTM");
  const groups::permutation_group group(*cube.permutations());
  const auto chain = choose_chain(group, {}, {});
  REQUIRE(chain);
  REQUIRE(chain->size() == 2);
  CHECK(chain->front().index == 2217093120);
  CHECK(chain->back().index == mpz_class("19508428800"));
  std::vector<std::size_t> sizes;
  for (const auto& c : chain->front().search.coordinates()) sizes.push_back(c.size());
  CHECK(sizes == std::vector<std::size_t>{495, 2048, 2187});
  CHECK(chain->back().search.coordinates().size() == 3);
  CHECK(table_entries(std::vector<std::uint64_t>{10, 20, 30}, 600) == 200 + 300 + 600);
  CHECK(table_entries(std::vector<std::uint64_t>{10, 20, 30}, 599) == 200 + 300);
  CHECK(table_entries(std::vector<std::uint64_t>{10, 20, 30}, 200) == 0);
  CHECK(table_entries(std::vector<std::uint64_t>{10}, 10) == 10);
}

TEST_CASE("steps: bounds are at most the distance to the subgroup, and all words of a cost are found") {
  for (const auto& [spec, largest] : {std::pair{"puzzle:pyramorphix", 30.0}, {"lrx:7", 3e3}, {"pancake:6", 300.0}, {"lx:6", 500.0}}) {
    INFO(spec);
    graphs::graph_definition graph = graph_of(spec);
    const groups::permutation_group group(*graph.permutations());
    REQUIRE(group.order() <= 10000);
    const auto chain = choose_chain(group, small_steps(largest), {});
    REQUIRE(chain);
    REQUIRE(chain->size() > 1);
    const auto& stage = chain->front();
    const auto all = distances(graph);
    std::map<std::vector<std::uint32_t>, std::size_t> cosets;  // arrangement of the colours: distance to home
    const auto coset = [&](const graphs::state& s) {
      std::vector<std::uint32_t> out;
      for (const auto label : s) out.push_back(stage.colours[label]);
      return out;
    };
    for (const auto& [s, d] : all) {
      auto& to = cosets.try_emplace(coset(s), d).first->second;
      to = std::min(to, d);
    }
    CHECK(cosets.size() == stage.index);
    std::map<step_search::ids, std::vector<std::uint32_t>> of_ids;
    for (const auto& [s, d] : all) {
      const auto ids = stage.search.ids_of(permutation(std::vector<groups::point>(s.begin(), s.end())));
      REQUIRE(of_ids.emplace(ids, coset(s)).first->second == coset(s));  // cosets are told apart
      REQUIRE(stage.search.bound(ids) <= cosets.at(coset(s)));
    }
    for (const auto& [ids, c] : of_ids) {
      const auto d = cosets.at(c);
      for (unsigned cost = 0; cost <= d; ++cost) {
        step_search::effort effort{0, ~std::uint64_t{0}, nullptr};
        bool found = false;
        REQUIRE(stage.search.search(ids, cost, effort, [&](std::span<const std::uint16_t>) { return found = true; }));
        REQUIRE(found == (cost == d));
      }
    }
  }
}

TEST_CASE("two-phase: replayed, never shorter than the distance, and equal to it where it says so") {
  for (const auto& [spec, steps] : {std::pair{"lrx:7", 1U}, {"pancake:6", 3U}, {"lx:6", 2U}, {"coxeter:6", 3U}, {"burnt_pancake:3", 3U}, {"top_spin:6", 3U}}) {
    INFO(spec);
    const auto graph = graph_of(spec);
    const auto solver = subgroup_solver::make(graph, nodes(~std::uint64_t{0}, steps), {});
    REQUIRE(solver);
    std::size_t turn = 0;
    for (const auto& [s, d] : distances(graph)) {
      if (turn++ % 11 != 0) continue;
      const auto r = solver->solve(s, {});
      REQUIRE(r.found);
      REQUIRE(replay(graph, s, r.word) == graph.central());
      REQUIRE(r.word.size() >= d);
      if (r.geodesic) REQUIRE(r.word.size() == d);
      if (solver->steps() < 3) REQUIRE(r.geodesic);
    }
  }
}

TEST_CASE("two-phase: puzzles, each step by its own moves, with quarter turns that cost two letters a half turn") {
  const auto s = tests::seed(20261203);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const char* spec : tests::inputs<const char*>({"rubik_cube:2,metric=fixed_QTM", "rubik_cube:2,metric=fixed_HTM", "puzzle:2x2x2", "puzzle:dino", "puzzle:skewb"})) {
    INFO(spec);
    const auto graph = graph_of(spec);
    const groups::permutation_group group(*graph.permutations());
    const auto solver = subgroup_solver::make(graph, nodes(200'000), {});
    REQUIRE(solver);
    INFO(solver->plan());
    std::map<graphs::state, std::size_t> ball{{graph.central(), 0}};
    std::vector<graphs::state> layer{graph.central()};
    for (std::size_t d = 1; d <= 3; ++d) {
      std::vector<graphs::state> next;
      for (const auto& from : layer) {
        for (std::size_t g = 0; g < graph.generator_count(); ++g) {
          if (auto t = graph.apply(g, from); ball.emplace(t, d).second) next.push_back(std::move(t));
        }
      }
      layer = std::move(next);
    }
    for (std::size_t i = 0; i < tests::repeats(10); ++i) {
      const auto far = random_state(group, random);
      const auto r = solver->solve(far, {});
      REQUIRE(r.found);
      REQUIRE(replay(graph, far, r.word) == graph.central());
      const auto& near = layer[random() % layer.size()];  // their generators are closed under inversion
      const auto n = solver->solve(near, {});
      REQUIRE(n.word.size() == ball.at(near));
    }
  }
}

TEST_CASE("two-phase: the cube within a limit of nodes, the same for any run; proofs and limits") {
  const auto cube = graph_of("rubik_cube:3,metric=HTM");
  const groups::permutation_group group(*cube.permutations());
  const auto solver = subgroup_solver::make(cube, nodes(tests::sanitized ? 100'000 : 400'000), {});
  REQUIRE(solver);
  CHECK(solver->steps() == 2);
  CHECK(solver->variants() == 6);
  std::mt19937_64 random(tests::seed(20261204));
  for (std::size_t i = 0; i < tests::repeats(10); ++i) {
    const auto s = random_state(group, random);
    const auto r = solver->solve(s, {});
    CHECK(r.nodes <= 1'100'000);
    if (!r.found) continue;
    CHECK(r.word.size() <= 26);
    CHECK(replay(cube, s, r.word) == cube.central());
    const auto again = solver->solve(s, {});
    CHECK(again.word == r.word);
    CHECK(again.nodes == r.nodes);
  }
  const auto home = solver->solve(cube.central(), {});
  CHECK(home.found);
  CHECK(home.word.empty());
  auto twisted = cube.central();
  std::swap(twisted[0], twisted[1]);
  CHECK(solver->solve(twisted, {}).impossible);
  CHECK_THROWS_AS(solver->solve({0, 1, 2}, {}), domain_error);
  CHECK_THROWS_AS(solver->solve(graphs::state(48, 0), {}), domain_error);
  run_context stopped;
  stopped.deadline = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(subgroup_solver::make(cube, nodes(1000), stopped), groups::stopped_error);
  const auto late = solver->solve(random_state(group, random), stopped);
  CHECK(late.limit == limit::time);
}

TEST_CASE("two-phase: no chain where nothing separates, or steps are too large") {
  CHECK_FALSE(subgroup_solver::make(graph_of("lrx:20"), {}, {}));
  CHECK_FALSE(subgroup_solver::make(graph_of("rubik_cube:4"), {}, {}));
  CHECK_FALSE(subgroup_solver::make(graphs::make_catalogue_graph("heisenberg:3,modulo=5"), {}, {}));
  run_context small;
  small.memory_bytes = 1 << 20;
  CHECK_FALSE(subgroup_solver::make(graph_of("rubik_cube:3,metric=HTM"), {}, small));
}

}  // namespace
}  // namespace subgroup_solver_test
}  // namespace cosetta::search
