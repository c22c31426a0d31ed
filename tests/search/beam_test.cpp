// Beams against distances that growth knows.
#include <graphs/catalogue.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/pair_tables.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <span>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace beam_test {
namespace {

/// Moves that take each state to the central one: distances from it against the arrows.
std::map<graphs::state, std::size_t> distances_to_central(const graphs::graph_definition& graph) {
  std::vector<std::vector<std::size_t>> inverse;
  for (const auto& p : graph.permutations()->elements()) {
    auto& q = inverse.emplace_back(p.degree());
    for (std::size_t i = 0; i < q.size(); ++i) q[p[static_cast<groups::point>(i)]] = i;
  }
  std::map<graphs::state, std::size_t> out{{graph.central(), 0}};
  std::vector<graphs::state> queue{graph.central()};
  for (std::size_t k = 0; k < queue.size(); ++k) {
    const auto d = out[queue[k]];
    for (const auto& q : inverse) {
      graphs::state before(q.size());
      for (std::size_t i = 0; i < q.size(); ++i) before[i] = queue[k][q[i]];
      if (out.emplace(before, d + 1).second) queue.push_back(std::move(before));
    }
  }
  return out;
}

graphs::state replay(const graphs::graph_definition& graph, graphs::state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

TEST_CASE("pair tables: what two labels need alone, and no more than all need together") {
  for (const char* spec : {"lrx:6", "lx:6", "pancake:6", "top_spin:6", "coxeter:6"}) {
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto all = distances_to_central(graph);
    const std::size_t n = graph.degree();
    for (const auto to : {pair_tables::goal::home, pair_tables::goal::rotation}) {
      const auto tables = pair_tables::make(graph, to);
      CHECK(tables.has_value() == (to == pair_tables::goal::home || std::string(spec).find("lrx") == 0 || std::string(spec).find("lx") == 0 || std::string(spec).find("top") == 0));
      if (!tables) continue;
      std::map<std::array<std::size_t, 4>, std::size_t> least;  // over all states with these two labels at these places
      for (const auto& [s, d] : all) {
        std::vector<std::uint8_t> q(8);
        for (std::size_t i = 0; i < n; ++i) q[s[i]] = static_cast<std::uint8_t>(i);
        std::uint32_t sum = 0;
        for (std::size_t v = 0; v < n; ++v) {
          for (std::size_t w = v + 1; w < n; ++w) {
            const auto t = tables->distance(v, w, q[v], q[w]);
            REQUIRE(t <= d);
            sum += t;
            const auto at = least.try_emplace({v, w, q[v], q[w]}, d).first;
            at->second = std::min(at->second, d);
          }
        }
        REQUIRE(tables->score(q.data()) == sum);
      }
      if (to == pair_tables::goal::rotation) continue;
      for (const auto& [key, d] : least) REQUIRE(tables->distance(key[0], key[1], key[2], key[3]) == d);
    }
  }
}

TEST_CASE("beams: words lead to the central state, and are geodesics where the ball is the group or the beam is wide") {
  for (const char* spec : tests::inputs<const char*>({"lrx:6", "lx:6", "pancake:6", "coxeter:6", "top_spin:6", "lx:5", "burnt_pancake:3"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto all = distances_to_central(graph);
    for (const auto& [width, ball, exact] : {std::tuple{std::size_t{1}, std::size_t{100000}, true}, {std::size_t{2000}, std::size_t{1}, true}, {std::size_t{6}, std::size_t{20}, false}}) {
      INFO(spec << ", width " << width << ", ball " << ball);
      beam_options options;
      options.width = width, options.ball_states = ball, options.inverses = !exact;
      const beam_solver solver(graph, options, {});
      std::size_t solved = 0, turn = 0;
      for (const auto& [s, d] : all) {
        if (!exact && turn++ % 7 != 0) continue;
        const auto r = solver.solve(s, {});
        REQUIRE_FALSE(r.impossible);
        if (exact) {
          REQUIRE(r.found);
          REQUIRE(r.word.size() == d);
        }
        if (!r.found) continue;
        ++solved;
        REQUIRE(r.word.size() >= d);
        REQUIRE(replay(graph, s, r.word) == graph.central());
      }
      CHECK(solved > 5);
    }
  }
}

TEST_CASE("beams: one answer for any number of threads, and none that is not there") {
  const auto graph = graphs::make_catalogue_graph("lrx:12");
  beam_options options;
  options.width = 600, options.ball_states = 500;
  const beam_solver solver(graph, options, {});
  CHECK(solver.heuristic() == "pairs up to rotation");
  std::mt19937_64 random(tests::seed(20261129));
  for (int i = 0; i < 3; ++i) {
    graphs::state s(12);
    std::iota(s.begin(), s.end(), std::uint64_t{0});
    std::shuffle(s.begin(), s.end(), random);
    std::optional<std::vector<std::size_t>> word;
    for (const unsigned threads : {1U, 2U, 7U}) {
      run_context context;
      context.threads = threads;
      const auto r = solver.solve(s, context);
      REQUIRE(r.found);
      CHECK(r.word.size() <= 66);
      CHECK(replay(graph, s, r.word) == graph.central());
      if (!word) word = r.word;
      CHECK(r.word == *word);
    }
  }
  run_context stopped;
  stopped.deadline = std::chrono::steady_clock::now();
  CHECK(solver.solve({11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, stopped).limit == limit::time);
  CHECK_THROWS_AS(solver.solve({0, 1, 2}, {}), domain_error);
  CHECK_THROWS_AS(solver.solve({0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {}), domain_error);
  options.max_length = 3;
  const auto none = beam_solver(graph, options, {}).solve({11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, {});
  CHECK_FALSE(none.found);
  CHECK(none.limit == limit::depth);
  // An odd permutation is no element of an alternating group.
  const beam_solver even(graphs::make_catalogue_graph("consecutive_k_cycles:7,k=3"), {}, {});
  CHECK(even.solve({1, 0, 2, 3, 4, 5, 6}, {}).impossible);
  CHECK(even.solve({1, 2, 0, 3, 4, 5, 6}, {}).word.size() > 0);
  CHECK_THROWS_AS(beam_solver(graphs::make_catalogue_graph("lrx:6").with_central({0, 0, 0, 1, 1, 1}), {}, {}), domain_error);
  CHECK_THROWS_AS(beam_solver(graphs::make_catalogue_graph("heisenberg:3,modulo=5"), {}, {}), domain_error);
  run_context small;
  small.memory_bytes = 100000;
  CHECK_THROWS_AS(beam_solver(graph, {}, small), resource_error);
}

TEST_CASE("beams: each estimate and each attempt leads home, and more attempts are no worse") {
  std::mt19937_64 random(tests::seed(20261201));
  for (const char* spec : {"lrx:10", "pancake:9", "coxeter:7", "lx:7"}) {
    const auto graph = graphs::make_catalogue_graph(spec);
    for (const auto estimate : {beam_estimate::pairs, beam_estimate::rotation, beam_estimate::gap, beam_estimate::hamming, beam_estimate::automatic}) {
      beam_options options;
      options.width = 60, options.ball_states = 200, options.estimate = estimate;
      if (estimate == beam_estimate::rotation && std::string(spec).find('l') != 0) {
        CHECK_THROWS_AS(beam_solver(graph, options, {}), domain_error);
        continue;
      }
      for (std::size_t i = 0; i < tests::repeats(3); ++i) {
        graphs::state s = graph.central();
        std::shuffle(s.begin(), s.end(), random);
        std::optional<std::size_t> length;
        bool solved = false;
        for (const std::size_t attempts : {1, 2, 4, 50}) {
          options.attempts = attempts, options.improve = false;
          const auto r = beam_solver(graph, options, {}).solve(s, {});
          CHECK(r.attempts <= attempts * (1 + options.restarts));
          if (!r.found) continue;
          solved = true;
          CHECK(replay(graph, s, r.word) == graph.central());
          // Of the beams without kicks, which come after all of them have failed, more are no worse.
          if (r.attempts <= attempts) {
            CHECK(r.word.size() <= length.value_or(r.word.size()));
            length = r.word.size();
          }
          options.improve = true;
          const auto improved = beam_solver(graph, options, {}).solve(s, {});
          CHECK(improved.word.size() + improved.improved == r.word.size());
        }
        if (estimate == beam_estimate::automatic && graph.is_inverse_closed()) CHECK(solved);
      }
    }
  }
  beam_options by_patterns;
  by_patterns.width = 60, by_patterns.ball_states = 200, by_patterns.estimate = beam_estimate::patterns;
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  const beam_solver solver(graph, by_patterns, {});
  CHECK(solver.heuristic() == "pattern tables");
  auto far = graph.central();
  std::ranges::reverse(far);
  const auto r = solver.solve(far, {});
  REQUIRE(r.found);
  CHECK(replay(graph, far, r.word) == graph.central());
  CHECK_THROWS_AS(beam_solver(graphs::make_catalogue_graph("lx:7"), by_patterns, {}), domain_error);  // directed
  CHECK(beam_solver(graphs::make_catalogue_graph("pancake:12"), {}, {}).heuristic() == "gaps");
  CHECK(beam_solver(graphs::make_catalogue_graph("lrx:12"), {}, {}).heuristic() == "pairs up to rotation");
}

TEST_CASE("beams: what a narrow one does not solve a wider one does; until a deadline they grow for shorter words") {
  const auto graph = graphs::make_catalogue_graph("lrx:12");
  beam_options options;
  options.width = 1, options.ball_states = 1, options.attempts = 1, options.improve = false;
  graphs::state s = graph.central();
  std::ranges::reverse(s);
  options.restarts = 0;
  CHECK_FALSE(beam_solver(graph, options, {}).solve(s, {}).found);
  options.restarts = 12;
  const auto found = beam_solver(graph, options, {}).solve(s, {});
  REQUIRE(found.found);
  CHECK(found.attempts > 1);
  CHECK(replay(graph, s, found.word) == graph.central());

  // A beam that holds all states of its levels is not given up, however far the goal: one generator of order 1155.
  std::vector<groups::point> images(3 + 5 + 7 + 11);
  for (groups::point begin = 0; const groups::point length : {3U, 5U, 7U, 11U}) {
    for (groups::point i = 0; i < length; ++i) images[begin + i] = begin + (i + 1) % length;
    begin += length;
  }
  graphs::permutation_set one;
  one.add("a", groups::permutation(images));
  graphs::state home(images.size());
  std::iota(home.begin(), home.end(), std::uint64_t{0});
  const auto circle = graphs::make_graph("circle", one, home);
  beam_options narrow;
  narrow.width = 4, narrow.ball_states = 4, narrow.estimate = beam_estimate::hamming, narrow.max_length = 1200;
  const auto round = beam_solver(circle, narrow, {}).solve(circle.apply(0, home), {});
  REQUIRE(round.found);
  CHECK(round.word.size() == 1154);

  options.until_deadline = true;
  const beam_solver solver(graph, options, {});
  run_context context;
  context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  const auto better = solver.solve(s, context);
  REQUIRE(better.found);
  CHECK(better.word.size() <= found.word.size());
  CHECK(replay(graph, s, better.word) == graph.central());
}

TEST_CASE("beams: an estimate that the caller gives sees the states as they are, and exact distances lead straight home") {
  const auto graph = graphs::make_catalogue_graph("lrx:6").with_central({10, 20, 30, 40, 50, 60});
  const auto all = distances_to_central(graph);
  beam_options options;
  options.estimate = beam_estimate::given;
  CHECK_THROWS_AS(beam_solver(graph, options, {}), domain_error);
  std::atomic<bool> known = true;
  options.given = [&](std::span<const std::uint64_t> states, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto at = all.find(graphs::state(states.begin() + 6 * i, states.begin() + 6 * (i + 1)));
      known = known && at != all.end();
      out[i] = at == all.end() ? 0 : 1000 - 3.5F * static_cast<float>(16 - at->second);
    }
  };
  options.width = 4, options.ball_states = 1, options.attempts = 1, options.improve = false;
  for (unsigned threads : {1U, 3U}) {
    run_context context;
    context.threads = threads;
    const beam_solver solver(graph, options, context);
    CHECK(solver.heuristic() == "given");
    for (const auto& [state, d] : all) {
      const auto found = solver.solve(state, context);
      REQUIRE(found.word.size() == d);
      REQUIRE(replay(graph, state, found.word) == graph.central());
    }
  }
  CHECK(known);
  options.given = [](std::span<const std::uint64_t>, std::span<float> out) { std::ranges::fill(out, std::numeric_limits<float>::quiet_NaN()); };
  CHECK_THROWS_AS(beam_solver(graph, options, {}), domain_error);
}

TEST_CASE("beams: other labels than points, and random generators, directed or not") {
  const auto named = graphs::make_catalogue_graph("lrx:7").with_central({10, 20, 30, 40, 50, 60, 70});
  const auto r = beam_solver(named, {}, {}).solve({70, 60, 50, 40, 30, 20, 10}, {});
  CHECK(replay(named, {70, 60, 50, 40, 30, 20, 10}, r.word) == named.central());
  const auto s = tests::seed(20261130);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(40); ++i) {
    const auto graph = tests::random_permutation_graph(3 + random() % 4, random);
    if (!graph.is_cayley()) continue;
    const auto all = distances_to_central(graph);
    beam_options options;
    options.ball_states = 30, options.width = 800;
    const beam_solver solver(graph, options, {});
    for (const auto& [state, d] : all) {
      const auto found = solver.solve(state, {});
      REQUIRE(found.found);
      REQUIRE(found.word.size() == d);
    }
  }
}

}  // namespace
}  // namespace beam_test
}  // namespace cosetta::search
