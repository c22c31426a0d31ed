// Automorphism groups and canonical forms against groups that are known: of classical graphs, and of Cayley graphs,
// where the translations are always there. Every generator is checked to be an automorphism.
#include <graphs/automorphism.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <functional>
#include <numeric>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace automorphism_test {
namespace {

using namespace cosetta::graphs;
using cosetta::groups::permutation;
using cosetta::groups::point;

/// Catch2 2.13 cannot skip: a case that needs nauty says that it is left out, and ends.
bool without_nauty() {
  if (automorphisms_available()) return false;
  WARN("left out: built without nauty");
  return true;
}

coloured_graph graph_where(std::size_t n, bool directed,
                           const std::function<bool(std::uint32_t, std::uint32_t)>& adjacent) {
  coloured_graph out{n, directed, {}, {}};
  for (std::uint32_t v = 0; v < n; ++v) {
    for (std::uint32_t w = directed ? 0 : v; w < n; ++w) {
      if (adjacent(v, w)) out.arcs.push_back({v, w});
    }
  }
  return out;
}

coloured_graph cycle(std::uint32_t n, bool directed = false) {
  coloured_graph out{n, directed, {}, {}};
  for (std::uint32_t v = 0; v < n; ++v) out.arcs.push_back({v, (v + 1) % n});
  return out;
}

coloured_graph complete(std::size_t n) {
  return graph_where(n, false, [](auto v, auto w) { return v != w; });
}

coloured_graph cube(unsigned d) {
  return graph_where(std::size_t{1} << d, false, [](auto v, auto w) { return std::popcount(v ^ w) == 1; });
}

/// Subsets of size k of n points, adjacent when they share `common` points.
coloured_graph subsets(unsigned n, int k, int common) {
  std::vector<std::uint32_t> sets;
  for (std::uint32_t s = 0; s < (1U << n); ++s) {
    if (std::popcount(s) == k) sets.push_back(s);
  }
  return graph_where(sets.size(), false, [&](auto v, auto w) { return std::popcount(sets[v] & sets[w]) == common; });
}

/// x -> y when y - x is a square that is not 0, modulo a prime.
coloured_graph paley(std::uint32_t q) {
  std::vector<bool> square(q);
  for (std::uint32_t x = 1; x < q; ++x) square[x * x % q] = true;
  return graph_where(q, q % 4 == 3, [&](auto v, auto w) { return square[(w + q - v) % q]; });
}

coloured_graph rook4() {
  return graph_where(16, false, [](auto v, auto w) { return v != w && (v / 4 == w / 4 || v % 4 == w % 4); });
}

/// The Cayley graph of Z_4 x Z_4 by +-(0,1), +-(1,0), +-(1,1).
coloured_graph shrikhande() {
  return graph_where(16, false, [](auto v, auto w) {
    const auto a = (w / 4 + 4 - v / 4) % 4;
    const auto b = (w % 4 + 4 - v % 4) % 4;
    return (a == 0 && b % 2 == 1) || (b == 0 && a % 2 == 1) || (a == b && a % 2 == 1);
  });
}

mpz_class factorial(unsigned n) {
  mpz_class out;
  mpz_fac_ui(out.get_mpz_t(), n);
  return out;
}

/// The group, its generators checked.
automorphism_result group_of(const coloured_graph& graph) {
  auto out = automorphism_group(graph);
  CHECK_FALSE(out.interrupted);
  CHECK(out.labelling.degree() == graph.vertices);
  CHECK(out.orbits.size() == graph.vertices);
  for (const auto& p : out.generators) {
    REQUIRE(is_automorphism(graph, p));
    REQUIRE_FALSE(p.is_identity());
    for (std::size_t v = 0; v < graph.vertices; ++v) REQUIRE(out.orbits[v] == out.orbits[p[v]]);
  }
  return out;
}

mpz_class order_of(const coloured_graph& graph) {
  return group_of(graph).order;
}

permutation random_permutation(std::size_t n, std::mt19937_64& random) {
  std::vector<point> images(n);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), random);
  return permutation{std::span<const point>(images)};
}

/// The same graph with other names and in another order of arcs, undirected ones turned round at random.
coloured_graph shuffled(const coloured_graph& graph, std::mt19937_64& random) {
  auto out = relabelled(graph, random_permutation(graph.vertices, random));
  std::shuffle(out.arcs.begin(), out.arcs.end(), random);
  for (auto& arc : out.arcs) {
    if (!graph.directed && random() % 2 == 0) std::swap(arc.source, arc.target);
  }
  return out;
}

coloured_graph cayley(const char* spec, arc_colours colours) {
  return make_coloured_graph(parse_graph(spec), colours, 400'000);
}

/// By trying all permutations.
std::uint64_t brute_force_order(const coloured_graph& graph) {
  std::vector<point> images(graph.vertices);
  std::iota(images.begin(), images.end(), point{0});
  std::uint64_t count = 0;
  do {
    count += is_automorphism(graph, permutation{std::span<const point>(images)});
  } while (std::next_permutation(images.begin(), images.end()));
  return count;
}

coloured_graph random_graph(std::mt19937_64& random) {
  const std::size_t n = 1 + random() % 6;
  coloured_graph out{n, random() % 2 == 0, {}, {}};
  const std::size_t arc_colour_count = 1 + random() % 3;
  for (std::size_t arcs = random() % (3 * n); arcs > 0; --arcs) {
    out.arcs.push_back({static_cast<std::uint32_t>(random() % n), static_cast<std::uint32_t>(random() % n),
                        static_cast<std::uint32_t>(random() % arc_colour_count)});
  }
  if (random() % 3 == 0) {
    for (std::size_t v = 0; v < n; ++v) out.colours.push_back(static_cast<std::uint32_t>(random() % 2));
  }
  return out;
}

}  // namespace

TEST_CASE("a build without nauty says so") {
  if (automorphisms_available()) {
    CHECK_NOTHROW(automorphism_group(cycle(3)));
    return;
  }
  CHECK_THROWS_AS(automorphism_group(cycle(3)), cosetta::backend_error);
  CHECK_THROWS_AS(automorphism_group({}), cosetta::backend_error);
  CHECK_THROWS_AS(canonical_form(cycle(3)), cosetta::backend_error);
  CHECK_THROWS_WITH(find_isomorphism(cycle(3), cycle(3)), Catch::Contains("libnauty2-dev"));
  CHECK_FALSE(are_isomorphic(cycle(3), cycle(4)));
}

TEST_CASE("coloured graphs are checked and compared") {
  CHECK_THROWS_AS(automorphism_group({2, false, {{0, 2}}, {}}), cosetta::domain_error);
  CHECK_THROWS_AS(automorphism_group({2, false, {}, {1}}), cosetta::domain_error);
  const coloured_graph path{3, false, {{1, 0}, {1, 2}}, {0, 0, 0}};
  const auto rotation = permutation{std::vector<point>{1, 2, 0}};
  CHECK(relabelled(path, rotation) == coloured_graph{3, false, {{0, 2}, {1, 2}}, {}});
  CHECK_FALSE(is_automorphism(path, rotation));
  CHECK(is_automorphism(path, permutation{std::vector<point>{2, 1, 0}}));
  CHECK_FALSE(is_automorphism(path, permutation(4)));
}

TEST_CASE("automorphism groups of classical graphs") {
  if (without_nauty()) return;
  CHECK(order_of(subsets(5, 2, 0)) == 120);  // Petersen
  for (unsigned d = 1; d <= 8; ++d) CHECK(order_of(cube(d)) == (mpz_class(1) << d) * factorial(d));
  for (const unsigned n : {1U, 2U, 5U, 30U, 70U}) CHECK(order_of(complete(n)) == factorial(n));
  CHECK(order_of(complete(30)) == mpz_class("265252859812191058636308480000000"));
  CHECK(order_of(coloured_graph{25, false, {}, {}}) == factorial(25));
  for (const std::uint32_t n : {3U, 4U, 7U, 100U}) {
    CHECK(order_of(cycle(n)) == 2 * n);
    CHECK(order_of(cycle(n, true)) == n);
  }
  for (const std::uint32_t q : {13U, 17U, 29U, 101U}) CHECK(order_of(paley(q)) == q * (q - 1) / 2);
  for (const std::uint32_t q : {7U, 11U, 19U}) CHECK(order_of(paley(q)) == q * (q - 1) / 2);
  CHECK(order_of(subsets(7, 3, 2)) == factorial(7));      // Johnson J(7,3)
  CHECK(order_of(subsets(8, 4, 3)) == 2 * factorial(8));  // J(8,4): complements too
  CHECK(order_of(rook4()) == 2 * 24 * 24);
  CHECK(order_of(shrikhande()) == 192);
  CHECK(group_of({}).order == 1);
}

TEST_CASE("orbits") {
  if (without_nauty()) return;
  const auto star = group_of({5, false, {{2, 0}, {2, 1}, {2, 3}, {2, 4}}, {}});
  CHECK(star.order == 24);
  CHECK(star.orbit_count == 2);
  CHECK(star.orbits == std::vector<point>{0, 0, 2, 0, 0});
}

TEST_CASE("colours, directions, loops and parallel arcs are respected") {
  if (without_nauty()) return;
  auto square = cycle(4);
  CHECK(order_of(square) == 8);
  square.colours = {7, 0, 7, 0};
  CHECK(order_of(square) == 4);
  square.colours = {7, 0, 0, 0};
  CHECK(order_of(square) == 2);
  square.colours.clear();
  square.arcs[0].colour = 4'000'000'000;
  CHECK(order_of(square) == 2);
  square.arcs[2].colour = 4'000'000'000;
  CHECK(order_of(square) == 4);
  square.arcs[2].colour = 0;
  square.arcs[0].colour = 0;
  square.arcs.push_back({3, 3});
  CHECK(order_of(square) == 2);
  square.arcs.back() = {1, 0};  // the edge {0, 1} twice
  CHECK(order_of(square) == 2);
  CHECK(order_of({2, true, {{0, 1}}, {}}) == 1);
  CHECK(order_of({2, false, {{0, 1}}, {}}) == 2);
  CHECK(order_of({2, true, {{0, 1}, {1, 0}}, {}}) == 2);
  CHECK(order_of({2, true, {{0, 1, 5}, {1, 0, 6}}, {}}) == 1);
  CHECK(order_of({2, true, {{0, 0}, {1, 1}}, {}}) == 2);
  CHECK(order_of({2, true, {{0, 0, 1}, {1, 1, 2}}, {}}) == 1);
  CHECK(order_of({2, true, {{0, 0}, {1, 1}, {1, 1}}, {}}) == 1);
}

TEST_CASE("automorphism groups of Cayley graphs") {
  if (without_nauty()) return;
  for (const auto& [spec, elements] : {std::pair{"lrx:5", 120}, {"lrx:6", 720}, {"lrx:7", 5040}}) {
    INFO(spec);
    const auto plain = cayley(spec, arc_colours::none);
    CHECK_FALSE(plain.directed);
    const auto group = group_of(plain);
    CHECK(group.order == 2 * elements);
    CHECK(group.orbit_count == 1);
    const auto translations = group_of(cayley(spec, arc_colours::generators));
    CHECK(translations.order == elements);
    CHECK(translations.orbit_count == 1);
  }
  CHECK(cayley("lx:5", arc_colours::none).directed);
  CHECK(order_of(cayley("lx:5", arc_colours::generators)) == 120);
  // All transpositions: translations on both sides, and inversion.
  CHECK(order_of(cayley("all_transpositions:5", arc_colours::none)) == 2 * 120 * 120);
  CHECK(order_of(cayley("pancake:6", arc_colours::generators)) == 720);
}

TEST_CASE("coloured graphs of Schreier graphs keep loops and parallel arcs") {
  // Two letters a on three positions: X of "aab" is a loop.
  const auto words = parse_graph("lrx:3").with_central(parse_pattern("001"));
  const auto plain = make_coloured_graph(words, arc_colours::none, 10);
  CHECK(plain.vertices == 3);
  CHECK_FALSE(plain.directed);
  CHECK(std::count_if(plain.arcs.begin(), plain.arcs.end(), [](auto a) { return a.source == a.target; }) == 1);
  CHECK(make_coloured_graph(words, arc_colours::generators, 10).arcs.size() == 9);
  CHECK_THROWS_AS(make_coloured_graph(words, arc_colours::none, 2), cosetta::resource_error);
  if (without_nauty()) return;
  CHECK(order_of(plain) == 2);
}

TEST_CASE("large graphs, which Traces searches, have the same groups") {
  if (without_nauty()) return;
  CHECK(order_of(cayley("lrx:8", arc_colours::none)) == 2 * 40320);
  CHECK(order_of(cayley("lrx:8", arc_colours::generators)) == 40320);  // a digraph, by tails and heads
  CHECK(order_of(cycle(30'000, true)) == 30'000);
  // An order beyond 10^10 is made exact by searching stabilizers: 2^15 15! is 42849873690624000.
  coloured_graph q15{std::size_t{1} << 15, false, {}, {}};
  for (std::uint32_t v = 0; v < q15.vertices; ++v) {
    for (unsigned i = 0; i < 15; ++i) {
      if ((v >> i & 1) == 0) q15.arcs.push_back({v, v | 1U << i});
    }
  }
  CHECK(order_of(q15) == mpz_class("42849873690624000"));
}

TEST_CASE("small random graphs agree with trying all permutations") {
  if (without_nauty()) return;
  const auto start = cosetta::tests::seed(1);
  INFO("seed " << start);
  std::mt19937_64 random(start);
  for (int i = 0; i < 300; ++i) {
    const auto graph = random_graph(random);
    INFO("graph " << i);
    CHECK(order_of(graph) == brute_force_order(graph));
  }
}

TEST_CASE("small random graphs beside a long rigid path agree with trying all permutations") {
  if (without_nauty()) return;
  // The path makes the graph large, and so a search by Traces, mostly of a digraph by tails and heads.
  const auto start = cosetta::tests::seed(4);
  INFO("seed " << start);
  std::mt19937_64 random(start);
  for (int i = 0; i < 12; ++i) {
    const auto small = random_graph(random);
    auto graph = small;
    graph.vertices += 20'000;
    graph.colours.resize(graph.vertices, 9);
    for (auto v = static_cast<std::uint32_t>(small.vertices); v + 1 < graph.vertices; ++v) {
      graph.arcs.push_back({v, v + 1});
    }
    if (!graph.directed) graph.colours.back() = 8;  // one end
    if (small.colours.empty()) std::fill_n(graph.colours.begin(), small.vertices, 0);
    INFO("graph " << i);
    CHECK(order_of(graph) == brute_force_order(small));
  }
}

TEST_CASE("canonical forms of relabelled graphs are equal") {
  if (without_nauty()) return;
  const auto start = cosetta::tests::seed(2);
  INFO("seed " << start);
  std::mt19937_64 random(start);
  std::vector<coloured_graph> graphs{subsets(5, 2, 0),
                                     cube(5),
                                     rook4(),
                                     shrikhande(),
                                     paley(13),
                                     paley(11),
                                     cycle(9, true),
                                     cayley("lrx:5", arc_colours::none),
                                     cayley("lrx:5", arc_colours::generators)};
  for (int i = 0; i < 100; ++i) graphs.push_back(random_graph(random));
  for (const auto& graph : graphs) {
    const auto other = shuffled(graph, random);
    REQUIRE(canonical_form(graph) == canonical_form(other));
    const auto p = find_isomorphism(graph, other);
    REQUIRE(p);
    REQUIRE(relabelled(graph, *p) == relabelled(other, permutation(other.vertices)));
  }
}

TEST_CASE("canonical forms of large relabelled graphs are equal") {
  if (without_nauty()) return;
  std::mt19937_64 random(3);
  for (const auto colours : {arc_colours::none, arc_colours::generators}) {
    const auto graph = cayley("lrx:8", colours);
    CHECK(canonical_form(graph) == canonical_form(shuffled(graph, random)));
  }
}

TEST_CASE("graphs that are not isomorphic are told apart") {
  if (without_nauty()) return;
  // Strongly regular with the same parameters (16, 6, 2, 2), so of the same spectrum.
  CHECK(canonical_form(rook4()) != canonical_form(shrikhande()));
  CHECK_FALSE(are_isomorphic(rook4(), shrikhande()));
  CHECK_FALSE(are_isomorphic(cycle(4), cycle(4, true)));
  CHECK_FALSE(are_isomorphic({3, true, {{0, 1}, {1, 2}}, {}}, {3, true, {{0, 1}, {0, 2}}, {}}));
  CHECK_FALSE(are_isomorphic({3, true, {{0, 1}, {0, 2}}, {}}, {3, true, {{1, 0}, {2, 0}}, {}}));
  CHECK_FALSE(are_isomorphic({2, false, {{0, 1}}, {0, 1}}, {2, false, {{0, 1}}, {0, 2}}));
  CHECK_FALSE(are_isomorphic({2, false, {{0, 1, 3}}, {}}, {2, false, {{0, 1, 4}}, {}}));
  CHECK_FALSE(are_isomorphic({2, false, {{0, 0}, {0, 1}}, {}}, {2, false, {{0, 1}, {0, 1}}, {}}));
  CHECK(are_isomorphic({2, true, {{0, 0}, {0, 1}}, {}}, {2, true, {{1, 0}, {1, 1}}, {}}));
  // Two cubic Cayley graphs of S_5.
  CHECK_FALSE(are_isomorphic(cayley("lrx:5", arc_colours::none), cayley("cubic_pancake:5,1", arc_colours::none)));
}

TEST_CASE("searches stop when asked, and mind their memory") {
  if (without_nauty()) return;
  std::stop_source source;
  source.request_stop();
  const auto graph = cayley("lrx:6", arc_colours::none);
  const auto stopped = automorphism_group(graph, {source.get_token()});
  CHECK(stopped.interrupted);
  CHECK(stopped.order == 0);
  CHECK(stopped.orbits.size() == graph.vertices);
  CHECK_THROWS_AS(canonical_form(graph, {source.get_token()}), cosetta::resource_error);
  CHECK(automorphism_group(cayley("lrx:8", arc_colours::none), {source.get_token()}).interrupted);
  CHECK_THROWS_AS(automorphism_group(complete(100), {{}, 1000}), cosetta::resource_error);
  CHECK(order_of(graph) == 1440);  // the request is not left behind

  // In the middle of a search: without its edges, a graph of 3000 vertices has 2999 generators, and takes seconds.
  std::stop_source later;
  std::jthread asks([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    later.request_stop();
  });
  const auto cut = automorphism_group({3000, false, {}, {}}, {later.get_token()});
  CHECK(cut.interrupted);
  CHECK(cut.generators.size() < 2999);
  CHECK(cut.orbit_count == 3000 - cut.generators.size());
}

TEST_CASE("searches in several threads wait for each other") {
  if (without_nauty()) return;
  const auto graph = cayley("lrx:5", arc_colours::none);
  std::vector<mpz_class> orders(4);
  {
    std::vector<std::jthread> threads;
    for (auto& order : orders) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) order = automorphism_group(graph).order;
      });
    }
  }
  for (const auto& order : orders) CHECK(order == 240);
}

}  // namespace automorphism_test
