// The catalogue against its definitions, written here a second time: counts by formula, names and arrays by hand,
// growth by a plain breadth-first search, and what the literature has published. Nothing is compared with itself.
#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <gmpxx.h>
#include <nlohmann/json.hpp>

namespace {

using namespace cosetta::graphs;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;
using cosetta::groups::point;
using image_array = std::vector<point>;
using names = std::vector<std::string>;
using counts = std::vector<std::size_t>;

std::vector<image_array> arrays(const graph_definition& graph) {
  REQUIRE(graph.permutations() != nullptr);
  std::vector<image_array> out;
  for (const auto& p : graph.permutations()->elements()) out.push_back(p.images());
  return out;
}

image_array array_of(const graph_definition& graph, const std::string& name) {
  const auto index = graph.permutations()->find(name);
  INFO(graph.spec() << " generator " << name);
  REQUIRE(index);
  return (*graph.permutations())[*index].images();
}

image_array inverse_of(const image_array& p) {
  image_array out(p.size());
  for (point i = 0; i < p.size(); ++i) out[p[i]] = i;
  return out;
}

/// p[c0] = c1, p[c1] = c2, ...
image_array cycles(std::size_t n, const std::vector<image_array>& disjoint) {
  image_array p(n);
  std::iota(p.begin(), p.end(), point{0});
  for (const auto& c : disjoint) {
    for (std::size_t j = 0; j < c.size(); ++j) p[c[j]] = c[(j + 1) % c.size()];
  }
  return p;
}

bool closed_under_inverses(const graph_definition& graph) {
  const auto all = arrays(graph);
  const std::set<image_array> set(all.begin(), all.end());
  return std::all_of(all.begin(), all.end(), [&](const auto& p) { return set.count(inverse_of(p)) == 1; });
}

std::size_t binomial(std::size_t n, std::size_t k) {
  if (k > n) return 0;
  std::size_t value = 1;
  for (std::size_t i = 0; i < k; ++i) value = value * (n - i) / (i + 1);
  return value;
}

std::size_t factorial(std::size_t n) {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/// Sizes of the spheres, by the plainest search there is; stops after the sphere that passes `most` vertices.
counts spheres(const graph_definition& graph, std::size_t most = 1'000'000) {
  std::set<state> seen{graph.central()};
  std::vector<state> current{graph.central()};
  counts sizes;
  while (!current.empty()) {
    sizes.push_back(current.size());
    if (seen.size() > most) break;
    std::vector<state> next;
    for (const auto& s : current) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        state image = graph.apply(g, s);
        if (seen.insert(image).second) next.push_back(std::move(image));
      }
    }
    current = std::move(next);
  }
  return sizes;
}

counts first_spheres(const std::string& spec, std::size_t count, std::size_t most) {
  counts sizes = spheres(parse_graph(spec), most);
  REQUIRE(sizes.size() >= count);
  sizes.resize(count);
  return sizes;
}

std::string with(const std::string& family, std::size_t n) {
  return family + ":" + std::to_string(n);
}
std::string with(const std::string& family, std::size_t n, std::size_t k) {
  return with(family, n) + "," + std::to_string(k);
}

void check_has(const std::string& message, const std::string& part) {
  INFO("message: " << message << "\nexpected part: " << part);
  CHECK(message.find(part) != std::string::npos);
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

// ---------------------------------------------------------------------------------------------- permutations: numbers

TEST_CASE("families have as many generators as their formulas say", "[graphs][catalogue]") {
  const std::map<std::string, std::function<std::size_t(std::size_t)>> of_n = {
      {"all_transpositions", [](std::size_t n) { return n * (n - 1) / 2; }},
      {"transposons", [](std::size_t n) { return binomial(n + 1, 3); }},
      {"block_interchange", [](std::size_t n) { return binomial(n + 1, 4) + binomial(n + 1, 3); }},
      {"full_reversals", [](std::size_t n) { return n * (n - 1) / 2; }},
      {"signed_reversals", [](std::size_t n) { return n * (n + 1) / 2; }},
      {"lrx", [](std::size_t) { return 3; }},
      {"lx", [](std::size_t) { return 2; }},
      {"top_spin", [](std::size_t) { return 3; }},
      {"coxeter", [](std::size_t n) { return n - 1; }},
      {"cyclic_coxeter", [](std::size_t n) { return n; }},
      {"pancake", [](std::size_t n) { return n - 1; }},
      {"burnt_pancake", [](std::size_t n) { return n; }},
      {"three_cycles", [](std::size_t n) { return n * (n - 1) * (n - 2) / 3; }},
      {"three_cycles_0ij", [](std::size_t n) { return (n - 1) * (n - 2); }},
      {"three_cycles_01i", [](std::size_t n) { return 2 * (n - 2); }},
      {"stars", [](std::size_t n) { return n - 1; }},
      {"generalized_stars", [](std::size_t n) { return n - 1; }},
      {"rapaport_m1", [](std::size_t n) { return n - 1; }},
      {"rapaport_m2", [](std::size_t) { return 3; }},
      {"lsl_cycles", [](std::size_t) { return 4; }},
      {"larx", [](std::size_t) { return 2; }},
      {"koltsov3", [](std::size_t) { return 3; }},
      {"down_cycles", [](std::size_t n) { return n * (n - 1) / 2; }},
      {"prefix_cycles", [](std::size_t n) { return n - 1; }},
      {"derangements",  // nearest integer to n! / e, by the recurrence
       [](std::size_t n) {
         std::size_t before = 1;
         std::size_t now = 0;
         for (std::size_t i = 2; i <= n; ++i) before = std::exchange(now, (i - 1) * (before + now));
         return now;
       }},
      {"all_cycles",
       [](std::size_t n) {
         std::size_t sum = 0;
         for (std::size_t k = 2; k <= n; ++k) sum += binomial(n, k) * factorial(k - 1);
         return sum;
       }},
  };
  for (const auto& [family, formula] : of_n) {
    for (const std::size_t n : {5, 6, 7, 8}) {
      if ((family == "all_cycles" || family == "derangements") && n > 7) continue;
      INFO(with(family, n));
      const auto graph = parse_graph(with(family, n));
      CHECK(graph.generator_count() == formula(n));
      CHECK(graph.degree() == (family == "signed_reversals" || family == "burnt_pancake" ? 2 * n : n));
      CHECK(graph.is_cayley());
      // Names are names: all different where the generators are.
      const std::set<std::string> different(graph.names().begin(), graph.names().end());
      CHECK(different.size() == graph.generator_count());
    }
  }
  for (const std::size_t n : {4, 6, 8}) {
    std::size_t matchings = 1;
    for (std::size_t i = 1; i < n; i += 2) matchings *= i;
    CHECK(parse_graph(with("involutive_derangements", n)).generator_count() == matchings);
  }
  for (const std::size_t n : {5, 7, 8}) {
    for (std::size_t k = 2; k <= n; ++k) {
      INFO("n = " << n << ", k = " << k);
      CHECK(parse_graph(with("wrapped_k_cycles", n, k)).generator_count() == n);
      CHECK(parse_graph(with("increasing_k_cycles", n, k)).generator_count() == binomial(n, k));
      CHECK(parse_graph(with("consecutive_k_cycles", n, k)).generator_count() == n - k + 1);
      if (k < n) CHECK(parse_graph(with("generalized_stars", n, k)).generator_count() == k * (n - k));
      if (k + 3 <= n) CHECK(parse_graph(with("square_with_whiskers", n, k)).generator_count() == 2);
    }
    for (std::size_t subset = 1; subset <= 7; ++subset) {
      CHECK(parse_graph(with("cubic_pancake", n, subset)).generator_count() == 3);
    }
  }
  CHECK(parse_graph("three_cycles_01i:7,add_inverses=false").generator_count() == 5);
  CHECK(parse_graph("lsl_cycles:7,add_inverses=false").generator_count() == 2);
  CHECK(parse_graph("cyclic_coxeter:2").generator_count() == 2);  // the same one twice
  CHECK(parse_graph("rapaport_m1:2").generator_count() == 1);
}

TEST_CASE("families are inverse-closed where the table says so", "[graphs][catalogue]") {
  const names closed = {"all_transpositions:5",
                        "transposons:5",
                        "block_interchange:5",
                        "full_reversals:5",
                        "signed_reversals:3",
                        "lrx:5",
                        "lrx:6,k=3",
                        "top_spin:6",
                        "top_spin:7,k=3",
                        "coxeter:5",
                        "cyclic_coxeter:5",
                        "pancake:5",
                        "cubic_pancake:6,1",
                        "cubic_pancake:6,7",
                        "burnt_pancake:3",
                        "three_cycles:5",
                        "three_cycles_0ij:5",
                        "three_cycles_01i:5",
                        "derangements:5",
                        "involutive_derangements:6",
                        "stars:5",
                        "generalized_stars:5,k=2",
                        "rapaport_m1:6",
                        "rapaport_m2:6",
                        "all_cycles:5",
                        "lsl_cycles:5",
                        "wrapped_k_cycles:5,2",
                        "increasing_k_cycles:5,2",
                        "consecutive_k_cycles:5,2",
                        "koltsov3:6",
                        "koltsov3:6,1,2,2",
                        "conjugacy_classes:5,3.2",
                        "larx:3",
                        "down_cycles:2",
                        "prefix_cycles:2",
                        "globe:2,2",
                        "hungarian_rings:4,1,4,1",
                        "rubik_cube:2",
                        "rubik_cube:3,metric=HTM",
                        "rubik_cube:2,metric=ATM",
                        "mini_pyramorphix"};
  for (const auto& spec : closed) {
    INFO(spec);
    const auto graph = parse_graph(spec);
    CHECK(closed_under_inverses(graph));
    CHECK(graph.is_inverse_closed());
  }
  const names directed = {"lx:3",
                          "lx:6",
                          "larx:4",
                          "larx:6",
                          "three_cycles_01i:5,add_inverses=false",
                          "lsl_cycles:5,add_inverses=false",
                          "wrapped_k_cycles:6,3",
                          "wrapped_k_cycles:5,5",
                          "increasing_k_cycles:5,3",
                          "consecutive_k_cycles:5,4",
                          "down_cycles:3",
                          "prefix_cycles:4",
                          "square_with_whiskers:7,1",
                          "square_with_whiskers:4,1"};
  for (const auto& spec : directed) {
    INFO(spec);
    const auto graph = parse_graph(spec);
    CHECK_FALSE(closed_under_inverses(graph));
    CHECK_FALSE(graph.is_inverse_closed());
    CHECK(graph.with_inverses().is_inverse_closed());
  }
}

// ------------------------------------------------------------------------------------- permutations: names and arrays

TEST_CASE("transpositions, blocks and reversals by hand", "[graphs][catalogue]") {
  const auto transpositions = parse_graph("all_transpositions:4");
  CHECK(transpositions.names() == names{"(0,1)", "(0,2)", "(0,3)", "(1,2)", "(1,3)", "(2,3)"});
  CHECK(arrays(transpositions)[0] == image_array{1, 0, 2, 3});
  CHECK(arrays(transpositions)[4] == image_array{0, 3, 2, 1});

  const auto transposons = parse_graph("transposons:4");
  CHECK(transposons.names() == names{"T[0..0,1]", "T[0..0,2]", "T[0..0,3]", "T[0..1,2]", "T[0..1,3]", "T[0..2,3]",
                                     "T[1..1,2]", "T[1..1,3]", "T[1..2,3]", "T[2..2,3]"});
  CHECK(array_of(transposons, "T[0..0,1]") == image_array{1, 0, 2, 3});
  CHECK(array_of(transposons, "T[0..0,2]") == image_array{1, 2, 0, 3});
  CHECK(array_of(transposons, "T[0..1,3]") == image_array{2, 3, 0, 1});
  CHECK(array_of(transposons, "T[1..2,3]") == image_array{0, 3, 1, 2});

  const auto blocks = parse_graph("block_interchange:3");
  CHECK(blocks.names() == names{"I[0..0,1..1]", "I[0..0,1..2]", "I[0..0,2..2]", "I[0..1,2..2]", "I[1..1,2..2]"});
  CHECK(arrays(blocks) == std::vector<image_array>{{1, 0, 2}, {1, 2, 0}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}});
  CHECK(array_of(parse_graph("block_interchange:5"), "I[0..0,3..4]") == image_array{3, 4, 1, 2, 0});
  CHECK(array_of(parse_graph("block_interchange:6"), "I[1..2,4..4]") == image_array{0, 4, 3, 1, 2, 5});

  const auto reversals = parse_graph("full_reversals:4");
  CHECK(reversals.names() == names{"R[0..1]", "R[0..2]", "R[0..3]", "R[1..2]", "R[1..3]", "R[2..3]"});
  CHECK(array_of(reversals, "R[0..2]") == image_array{2, 1, 0, 3});
  CHECK(array_of(reversals, "R[1..3]") == image_array{0, 3, 2, 1});

  const auto both_sides = parse_graph("signed_reversals:2");
  CHECK(both_sides.names() == names{"R[0..0]", "R[0..1]", "R[1..1]"});
  CHECK(arrays(both_sides) == std::vector<image_array>{{2, 1, 0, 3}, {3, 2, 1, 0}, {0, 3, 2, 1}});
  CHECK(array_of(parse_graph("signed_reversals:3"), "R[0..1]") == image_array{4, 3, 2, 1, 0, 5});
  CHECK(parse_graph("signed_reversals:1").names() == names{"R[0..0]"});
}

TEST_CASE("shifts by hand", "[graphs][catalogue]") {
  const auto lrx = parse_graph("lrx:5");
  CHECK(lrx.names() == names{"L", "R", "X"});
  CHECK(arrays(lrx) == std::vector<image_array>{{1, 2, 3, 4, 0}, {4, 0, 1, 2, 3}, {1, 0, 2, 3, 4}});
  CHECK(array_of(parse_graph("lrx:5,k=3"), "X") == image_array{3, 1, 2, 0, 4});
  const auto lx = parse_graph("lx:5");
  CHECK(lx.names() == names{"L", "X"});
  CHECK(arrays(lx) == std::vector<image_array>{{1, 2, 3, 4, 0}, {1, 0, 2, 3, 4}});

  const auto spin = parse_graph("top_spin:6");
  CHECK(spin.names() == names{"1,2,3,4,5,0", "5,0,1,2,3,4", "3,2,1,0,4,5"});
  CHECK(arrays(spin) == std::vector<image_array>{{1, 2, 3, 4, 5, 0}, {5, 0, 1, 2, 3, 4}, {3, 2, 1, 0, 4, 5}});
  CHECK(arrays(parse_graph("top_spin:5,k=3"))[2] == image_array{2, 1, 0, 3, 4});
  CHECK(arrays(parse_graph("top_spin:2,k=2")) == std::vector<image_array>{{1, 0}, {1, 0}, {1, 0}});

  const auto larx = parse_graph("larx:5");
  CHECK(larx.names() == names{"(1, 0, 2, 3, 4)", "(0, 2, 3, 4, 1)"});
  CHECK(arrays(larx) == std::vector<image_array>{{1, 0, 2, 3, 4}, {0, 2, 3, 4, 1}});

  const auto lsl = parse_graph("lsl_cycles:5");
  CHECK(lsl.names() == names{"L", "S", "L_inv", "S_inv"});
  CHECK(arrays(lsl) == std::vector<image_array>{{1, 2, 3, 4, 0}, {0, 2, 3, 4, 1}, {4, 0, 1, 2, 3}, {0, 4, 1, 2, 3}});
  CHECK(parse_graph("lsl_cycles:5,false").names() == names{"L", "S"});
}

TEST_CASE("adjacent transpositions and pancakes by hand", "[graphs][catalogue]") {
  CHECK(parse_graph("coxeter:4").names() == names{"(0,1)", "(1,2)", "(2,3)"});
  CHECK(arrays(parse_graph("coxeter:4"))[1] == image_array{0, 2, 1, 3});
  CHECK(parse_graph("cyclic_coxeter:4").names() == names{"(0,1)", "(1,2)", "(2,3)", "(0,3)"});
  CHECK(arrays(parse_graph("cyclic_coxeter:4"))[3] == image_array{3, 1, 2, 0});
  CHECK(arrays(parse_graph("cyclic_coxeter:2")) == std::vector<image_array>{{1, 0}, {1, 0}});

  CHECK(parse_graph("pancake:4").names() == names{"R1", "R2", "R3"});
  CHECK(arrays(parse_graph("pancake:4")) == std::vector<image_array>{{1, 0, 2, 3}, {2, 1, 0, 3}, {3, 2, 1, 0}});

  // All seven subsets on 7 pancakes, each reversal by its length.
  const std::map<std::size_t, counts> lengths = {{1, {7, 6, 2}}, {2, {7, 6, 3}}, {3, {7, 6, 5}}, {4, {7, 6, 4}},
                                                 {5, {7, 5, 2}}, {6, {7, 5, 3}}, {7, {7, 5, 4}}};
  const std::map<std::size_t, image_array> prefix = {{2, {1, 0, 2, 3, 4, 5, 6}}, {3, {2, 1, 0, 3, 4, 5, 6}},
                                                     {4, {3, 2, 1, 0, 4, 5, 6}}, {5, {4, 3, 2, 1, 0, 5, 6}},
                                                     {6, {5, 4, 3, 2, 1, 0, 6}}, {7, {6, 5, 4, 3, 2, 1, 0}}};
  for (const auto& [subset, three] : lengths) {
    INFO("subset " << subset);
    const auto graph = parse_graph(with("cubic_pancake", 7, subset));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(graph.names()[i] == "R" + std::to_string(three[i]));
      CHECK(arrays(graph)[i] == prefix.at(three[i]));
    }
  }

  CHECK(parse_graph("burnt_pancake:3").names() == names{"R1", "R2", "R3"});
  CHECK(arrays(parse_graph("burnt_pancake:3")) ==
        std::vector<image_array>{{3, 1, 2, 0, 4, 5}, {4, 3, 2, 1, 0, 5}, {5, 4, 3, 2, 1, 0}});
  CHECK(arrays(parse_graph("burnt_pancake:1")) == std::vector<image_array>{{1, 0}});

  CHECK(parse_graph("stars:4").names() == names{"S1", "S2", "S3"});
  CHECK(arrays(parse_graph("stars:4"))[1] == image_array{2, 1, 0, 3});
  CHECK(parse_graph("generalized_stars:5,k=2").names() == names{"S0-2", "S0-3", "S0-4", "S1-2", "S1-3", "S1-4"});
  CHECK(array_of(parse_graph("generalized_stars:5,k=2"), "S1-3") == image_array{0, 3, 2, 1, 4});
}

TEST_CASE("disjoint transpositions by hand", "[graphs][catalogue]") {
  const auto m1 = parse_graph("rapaport_m1:6");
  CHECK(m1.names() == names{"M1_0_1", "M1_0_2", "M1_0_3", "M1_1_1", "M1_1_2"});
  CHECK(arrays(m1) ==
        std::vector<image_array>{
            {1, 0, 2, 3, 4, 5}, {1, 0, 3, 2, 4, 5}, {1, 0, 3, 2, 5, 4}, {0, 2, 1, 3, 4, 5}, {0, 2, 1, 4, 3, 5}});
  CHECK(parse_graph("rapaport_m1:5").names() == names{"M1_0_1", "M1_0_2", "M1_1_1", "M1_1_2"});

  const auto m2 = parse_graph("rapaport_m2:5");
  CHECK(m2.names() == names{"(0,1)", "EvenDisjTrans", "OddDisjTrans"});
  CHECK(arrays(m2) == std::vector<image_array>{{1, 0, 2, 3, 4}, {1, 0, 3, 2, 4}, {0, 2, 1, 4, 3}});

  CHECK(parse_graph("derangements:3").names() == names{"D3", "D4"});
  CHECK(arrays(parse_graph("derangements:3")) == std::vector<image_array>{{1, 2, 0}, {2, 0, 1}});
  const auto derangements = parse_graph("derangements:4");
  CHECK(derangements.names() == names{"D7", "D9", "D10", "D13", "D16", "D17", "D18", "D22", "D23"});
  CHECK(arrays(derangements).front() == image_array{1, 0, 3, 2});
  CHECK(arrays(derangements)[3] == image_array{2, 0, 3, 1});
  CHECK(arrays(derangements).back() == image_array{3, 2, 1, 0});

  const auto matchings = parse_graph("involutive_derangements:4");
  CHECK(matchings.names() == names{"ID1", "ID2", "ID3"});
  CHECK(arrays(matchings) == std::vector<image_array>{{1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}});

  // E = (0 1)(2 3)(4 5), O = (1 2)(3 4)(5 6).
  const auto k1 = parse_graph("square_with_whiskers:7,1");
  CHECK(k1.names() == names{"A", "S"});
  CHECK(arrays(k1)[0] == cycles(7, {{2, 4}, {5, 6}}));        // O, 1 and 3 fixed, with (2 4)
  CHECK(arrays(k1)[1] == cycles(7, {{0, 1, 2, 3}, {4, 5}}));  // E
  const auto k2 = parse_graph("square_with_whiskers:7,2");
  CHECK(arrays(k2)[0] == cycles(7, {{0, 1}, {3, 5}}));
  CHECK(arrays(k2)[1] == cycles(7, {{1, 2, 3, 4}, {5, 6}}));
  const auto k4 = parse_graph("square_with_whiskers:7,4");  // nothing to the right of the square
  CHECK(arrays(k4)[0] == cycles(7, {{0, 1}, {2, 3}}));
  CHECK(arrays(k4)[1] == cycles(7, {{1, 2}, {3, 4, 5, 6}}));
  const auto k3 = parse_graph("square_with_whiskers:7,3");  // just room for the whisker
  CHECK(arrays(k3)[0] == cycles(7, {{1, 2}, {4, 6}}));
  CHECK(arrays(k3)[1] == cycles(7, {{0, 1}, {2, 3, 4, 5}}));
  CHECK(arrays(parse_graph("square_with_whiskers:8,3"))[0] == cycles(8, {{1, 2}, {4, 6}}));
  CHECK(arrays(parse_graph("square_with_whiskers:8,3"))[1] == cycles(8, {{0, 1}, {2, 3, 4, 5}, {6, 7}}));

  const auto koltsov = parse_graph("koltsov3:7");
  CHECK(koltsov.names() == names{"I", "K", "S"});
  CHECK(arrays(koltsov) ==
        std::vector<image_array>{{1, 0, 3, 2, 5, 4, 6}, {0, 2, 1, 4, 3, 6, 5}, {0, 4, 3, 2, 1, 5, 6}});
  CHECK(array_of(parse_graph("koltsov3:7,perm_type=1,k=2,d=3"), "S") == cycles(7, {{2, 5}}));
  CHECK(array_of(parse_graph("koltsov3:7,perm_type=1"), "S") == cycles(7, {{1, 2}}));
  CHECK(array_of(parse_graph("koltsov3:7,k=0"), "S") == cycles(7, {{0, 3}, {1, 2}}));
  CHECK(array_of(parse_graph("koltsov3:7,k=3"), "S") == cycles(7, {{3, 6}, {4, 5}}));
}

TEST_CASE("cycles by hand", "[graphs][catalogue]") {
  const auto three = parse_graph("three_cycles:4");
  CHECK(three.names() == names{"(0 1 2)", "(0 1 3)", "(0 2 1)", "(0 2 3)", "(0 3 1)", "(0 3 2)", "(1 2 3)", "(1 3 2)"});
  CHECK(arrays(three)[0] == image_array{1, 2, 0, 3});
  CHECK(arrays(three)[4] == image_array{3, 0, 2, 1});
  const auto from_zero = parse_graph("three_cycles_0ij:4");
  CHECK(from_zero.names() == names{"(0 1 2)", "(0 1 3)", "(0 2 1)", "(0 2 3)", "(0 3 1)", "(0 3 2)"});
  CHECK(arrays(from_zero)[5] == cycles(4, {{0, 3, 2}}));
  const auto from_pair = parse_graph("three_cycles_01i:5");
  CHECK(from_pair.names() == names{"(0 1 2)", "(1 0 2)", "(0 1 3)", "(1 0 3)", "(0 1 4)", "(1 0 4)"});
  CHECK(arrays(from_pair)[2] == image_array{1, 3, 2, 0, 4});
  CHECK(arrays(from_pair)[3] == image_array{3, 0, 2, 1, 4});
  CHECK(parse_graph("three_cycles_01i:5,false").names() == names{"(0 1 2)", "(0 1 3)", "(0 1 4)"});

  const auto all = parse_graph("all_cycles:4");
  REQUIRE(all.generator_count() == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK(all.names()[i] == "cycle_" + std::to_string(i + 1));
  CHECK(array_of(all, "cycle_3") == cycles(4, {{0, 3}}));
  CHECK(array_of(all, "cycle_7") == cycles(4, {{0, 1, 2}}));
  CHECK(array_of(all, "cycle_8") == cycles(4, {{0, 2, 1}}));
  CHECK(array_of(all, "cycle_9") == cycles(4, {{0, 1, 3}}));
  CHECK(array_of(all, "cycle_15") == image_array{1, 2, 3, 0});
  CHECK(array_of(all, "cycle_16") == image_array{1, 3, 0, 2});
  CHECK(array_of(all, "cycle_20") == image_array{3, 0, 1, 2});

  const auto wrapped = parse_graph("wrapped_k_cycles:5,3");
  CHECK(wrapped.names() == names{"(0 1 2)", "(1 2 3)", "(2 3 4)", "(3 4 0)", "(4 0 1)"});
  CHECK(arrays(wrapped)[3] == image_array{3, 1, 2, 4, 0});
  const auto copies = arrays(parse_graph("wrapped_k_cycles:4,4"));
  CHECK(std::set(copies.begin(), copies.end()) == std::set<image_array>{{1, 2, 3, 0}});

  const auto increasing = parse_graph("increasing_k_cycles:4,3");
  CHECK(increasing.names() == names{"(0,1,2)", "(0,1,3)", "(0,2,3)", "(1,2,3)"});
  CHECK(arrays(increasing)[2] == cycles(4, {{0, 2, 3}}));
  const auto consecutive = parse_graph("consecutive_k_cycles:5,3");
  CHECK(consecutive.names() == names{"(0,1,2)", "(1,2,3)", "(2,3,4)"});
  CHECK(arrays(consecutive)[1] == image_array{0, 2, 3, 1, 4});
  const auto down = parse_graph("down_cycles:4");
  CHECK(down.names() == names{"(0,1)", "(0,1,2)", "(0,1,2,3)", "(1,2)", "(1,2,3)", "(2,3)"});
  CHECK(arrays(down)[4] == image_array{0, 2, 3, 1});
  const auto prefix = parse_graph("prefix_cycles:4");
  CHECK(prefix.names() == names{"(0,1)", "(0,1,2)", "(0,1,2,3)"});
  CHECK(arrays(prefix) == std::vector<image_array>{{1, 0, 2, 3}, {1, 2, 0, 3}, {1, 2, 3, 0}});
}

TEST_CASE("conjugacy classes are whole", "[graphs][catalogue]") {
  // n! over the product of k^m_k m_k!.
  const std::vector<std::pair<std::string, std::size_t>> sizes = {
      {"5,2", 10},    {"5,2.2", 15},    {"5,3", 20},   {"5,3.2", 20},  {"5,2.3", 20},   {"5,4", 30},
      {"5,5", 24},    {"5,1", 1},       {"6,2.2", 45}, {"6,3.3", 40},  {"6,2.2.2", 15}, {"6,4.2", 90},
      {"6,3.2", 120}, {"7,2.2.3", 210}, {"5,2,3", 30}, {"5,2.2,3", 35}};
  for (const auto& [arguments, size] : sizes) {
    INFO(arguments);
    const auto all = arrays(parse_graph("conjugacy_classes:" + arguments));
    CHECK(all.size() == size);
    CHECK(std::set(all.begin(), all.end()).size() == size);
  }
  const auto graph = parse_graph("conjugacy_classes:5,2.2,3");
  CHECK(graph.names()[0] == "(2,2)_1");
  CHECK(graph.names()[14] == "(2,2)_15");
  CHECK(graph.names()[15] == "(3)_1");
  CHECK(graph.names()[34] == "(3)_20");
  for (std::size_t i = 0; i < 35; ++i) {
    const counts expected = i < 15 ? counts{2, 2, 1} : counts{3, 1, 1};
    CHECK(cosetta::groups::cycle_type((*graph.permutations())[i]) == expected);
  }
}

TEST_CASE("random elements of a class have its type and follow the seed", "[graphs][catalogue]") {
  const auto graph = parse_graph("conjugacy_classes:9,3.2*6,seed=5");
  REQUIRE(graph.generator_count() == 6);
  CHECK(graph.names().front() == "(3,2)_1");
  CHECK(graph.names().back() == "(3,2)_6");
  for (const auto& p : graph.permutations()->elements())
    CHECK(cosetta::groups::cycle_type(p) == counts{3, 2, 1, 1, 1, 1});
  CHECK(arrays(parse_graph("conjugacy_classes:9,3.2*6,seed=5")) == arrays(graph));
  CHECK(arrays(parse_graph("conjugacy_classes:9,3.2*6,seed=6")) != arrays(graph));
  CHECK(parse_graph("conjugacy_classes:3,2*50").generator_count() == 50);  // with repetition
  CHECK(graph.spec() == "conjugacy_classes:9,3.2*6,seed=5");
}

TEST_CASE("random generators are distinct and follow the seed", "[graphs][catalogue]") {
  const auto graph = parse_graph("rand_generators:8,4,seed=7");
  const auto all = arrays(graph);
  CHECK(all.size() == 4);
  CHECK(std::set(all.begin(), all.end()).size() == 4);
  CHECK(arrays(parse_graph("rand_generators:8,4,seed=7")) == all);
  CHECK(arrays(parse_graph("rand_generators:8,4,seed=8")) != all);
  for (const auto& p : all) CHECK(std::set(p.begin(), p.end()).size() == 8);
  std::string name = "(";
  for (const auto image : all[0]) name += (name.size() == 1 ? "" : ", ") + std::to_string(image);
  CHECK(graph.names()[0] == name + ")");
  // All of S_3: the six are distinct, the identity among them.
  const auto whole = arrays(parse_graph("rand_generators:3,6"));
  CHECK(std::set(whole.begin(), whole.end()).size() == 6);

  // The seed of the options counts where the arguments name none, and is written down.
  parse_options options;
  options.seed = 7;
  CHECK(arrays(parse_graph("rand_generators:8,4", options)) == all);
  CHECK(parse_graph("rand_generators:8,4", options).spec() == "rand_generators:8,4,seed=7");
  CHECK(arrays(parse_graph("rand_generators:8,4,seed=8", options)) != all);
}

TEST_CASE("a seed given by position is a seed", "[graphs][catalogue]") {
  CHECK(parse_graph("rand_generators:8,4,7").spec() == "rand_generators:8,4,seed=7");
  CHECK(arrays(parse_graph("rand_generators:8,4,7")) == arrays(parse_graph("rand_generators:8,4,seed=7")));
  parse_options options;
  options.seed = 3;
  CHECK(arrays(parse_graph("rand_generators:8,4,7", options)) == arrays(parse_graph("rand_generators:8,4,seed=7")));
}

TEST_CASE("the spec of a random graph can be read again whatever the seed", "[graphs][catalogue]") {
  parse_options options;
  options.seed = 0xffff'ffff'ffff'fffeU;
  const auto graph = parse_graph("rand_generators:8,2", options);
  INFO(graph.spec());
  CHECK(arrays(parse_graph(graph.spec())) == arrays(graph));
}

// ----------------------------------------------------------------------------------------------------------- matrices

namespace {

std::string matrix_named(const graph_definition& graph, const std::string& name) {
  REQUIRE(graph.matrices() != nullptr);
  const auto index = graph.matrices()->find(name);
  INFO(graph.spec() << " generator " << name);
  REQUIRE(index);
  return cosetta::groups::to_string((*graph.matrices())[*index]);
}

}  // namespace

TEST_CASE("Heisenberg groups by hand", "[graphs][catalogue]") {
  const auto five = parse_graph("heisenberg:3,modulo=5");
  CHECK(five.names() == names{"x", "y", "x'", "y'"});
  CHECK(five.modulus() == 5);
  CHECK(matrix_named(five, "x") == "[[1,1,0],[0,1,0],[0,0,1]]");
  CHECK(matrix_named(five, "y") == "[[1,0,0],[0,1,1],[0,0,1]]");
  CHECK(matrix_named(five, "x'") == "[[1,4,0],[0,1,0],[0,0,1]]");
  CHECK(matrix_named(five, "y'") == "[[1,0,0],[0,1,4],[0,0,1]]");
  CHECK(five.is_inverse_closed());

  const auto four = parse_graph("heisenberg:4,modulo=3");
  CHECK(four.names() == names{"x1", "x2", "y1", "y2", "x1'", "x2'", "y1'", "y2'"});
  CHECK(matrix_named(four, "x2") == "[[1,0,1,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]");
  CHECK(matrix_named(four, "y1'") == "[[1,0,0,0],[0,1,0,2],[0,0,1,0],[0,0,0,1]]");

  const auto two = parse_graph("heisenberg:3,modulo=2");  // involutions: no inverses to append
  CHECK(two.names() == names{"x", "y"});
  CHECK(two.is_inverse_closed());
  CHECK(parse_graph("heisenberg:5,modulo=2").generator_count() == 6);
  CHECK(parse_graph("heisenberg:5,modulo=3").generator_count() == 12);

  CHECK(parse_graph("heisenberg:3,modulo=5,add_inverses=false").names() == names{"x", "y"});
  CHECK_FALSE(parse_graph("heisenberg:3,modulo=5,add_inverses=false").is_inverse_closed());
  const auto integers = parse_graph("heisenberg");
  CHECK(integers.modulus() == 0);
  CHECK(matrix_named(integers, "x'") == "[[1,-1,0],[0,1,0],[0,0,1]]");
  CHECK_FALSE(integers.known().vertices);
}

TEST_CASE("special linear groups by hand", "[graphs][catalogue]") {
  const auto roots = parse_graph("special_linear_fundamental_roots:3,modulo=5");
  CHECK(roots.names() == names{"e1", "e1'", "f1", "f1'", "e2", "e2'", "f2", "f2'"});
  CHECK(matrix_named(roots, "e1") == "[[1,1,0],[0,1,0],[0,0,1]]");
  CHECK(matrix_named(roots, "f1'") == "[[1,0,0],[4,1,0],[0,0,1]]");
  CHECK(matrix_named(roots, "e2'") == "[[1,0,0],[0,1,4],[0,0,1]]");
  CHECK(matrix_named(roots, "f2") == "[[1,0,0],[0,1,0],[0,1,1]]");
  CHECK(parse_graph("special_linear_fundamental_roots:4,modulo=7").generator_count() == 12);

  const auto even = parse_graph("special_linear_root_weyl:2,modulo=5");
  CHECK(even.names() == names{"e", "e'", "w", "w'"});
  CHECK(matrix_named(even, "e") == "[[1,1],[0,1]]");
  CHECK(matrix_named(even, "w") == "[[0,1],[4,0]]");
  CHECK(matrix_named(even, "w'") == "[[0,4],[1,0]]");
  const auto odd = parse_graph("special_linear_root_weyl:3,modulo=5");
  CHECK(matrix_named(odd, "w") == "[[0,1,0],[0,0,1],[1,0,0]]");
  CHECK(matrix_named(odd, "w'") == "[[0,0,1],[1,0,0],[0,1,0]]");
  CHECK(matrix_named(parse_graph("special_linear_root_weyl:2"), "w") == "[[0,1],[-1,0]]");
  for (const char* spec : {"special_linear_fundamental_roots:3,modulo=4", "special_linear_root_weyl:4,modulo=6",
                           "special_linear_root_weyl:2,modulo=2", "special_linear_root_weyl:3"}) {
    INFO(spec);
    CHECK(parse_graph(spec).is_inverse_closed());
  }
}

// ------------------------------------------------------------------------------------------------------------ puzzles

TEST_CASE("the cube's stickers follow Santa 2023", "[graphs][catalogue][puzzles]") {
  const auto two = parse_graph("rubik_cube:2");
  CHECK(two.names() ==
        names{"f0", "f0_inv", "f1", "f1_inv", "r0", "r0_inv", "r1", "r1_inv", "d0", "d0_inv", "d1", "d1_inv"});
  CHECK(array_of(two, "f0") ==
        image_array{0, 1, 19, 17, 6, 4, 7, 5, 2, 9, 3, 11, 12, 13, 14, 15, 16, 20, 18, 21, 10, 8, 22, 23});
  CHECK(array_of(two, "f1") ==
        image_array{18, 16, 2, 3, 4, 5, 6, 7, 8, 0, 10, 1, 13, 15, 12, 14, 22, 17, 23, 19, 20, 21, 11, 9});
  CHECK(array_of(two, "r0") ==
        image_array{0, 5, 2, 7, 4, 21, 6, 23, 10, 8, 11, 9, 3, 13, 1, 15, 16, 17, 18, 19, 20, 14, 22, 12});
  CHECK(array_of(two, "r1") ==
        image_array{4, 1, 6, 3, 20, 5, 22, 7, 8, 9, 10, 11, 12, 2, 14, 0, 17, 19, 16, 18, 15, 21, 13, 23});
  CHECK(array_of(two, "d0") ==
        image_array{0, 1, 2, 3, 4, 5, 18, 19, 8, 9, 6, 7, 12, 13, 10, 11, 16, 17, 14, 15, 22, 20, 23, 21});
  CHECK(array_of(two, "d1") ==
        image_array{1, 3, 0, 2, 16, 17, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 18, 19, 20, 21, 22, 23});
  CHECK(array_of(two, "r1_inv") == inverse_of(array_of(two, "r1")));

  const auto three = parse_graph("rubik_cube:3");
  CHECK(array_of(three, "f0") == image_array{0,  1,  2,  3,  4,  5,  44, 41, 38, 15, 12, 9,  16, 13, 10, 17, 14, 11,
                                             6,  19, 20, 7,  22, 23, 8,  25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
                                             36, 37, 45, 39, 40, 46, 42, 43, 47, 24, 21, 18, 48, 49, 50, 51, 52, 53});
  CHECK(array_of(three, "r2") == image_array{9,  1,  2,  12, 4,  5,  15, 7,  8,  45, 10, 11, 48, 13, 14, 51, 16, 17,
                                             18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 6,  30, 31, 3,  33, 34, 0,
                                             38, 41, 44, 37, 40, 43, 36, 39, 42, 35, 46, 47, 32, 49, 50, 29, 52, 53});
  CHECK(array_of(three, "d1") == image_array{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 39, 40, 41, 15, 16, 17,
                                             18, 19, 20, 12, 13, 14, 24, 25, 26, 27, 28, 29, 21, 22, 23, 33, 34, 35,
                                             36, 37, 38, 30, 31, 32, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53});
  // The central state is the colour of each sticker.
  for (const std::size_t n : {2, 3, 4}) {
    const auto graph = parse_graph(with("rubik_cube", n));
    CHECK(graph.degree() == 6 * n * n);
    CHECK_FALSE(graph.is_cayley());
    for (std::size_t i = 0; i < 6 * n * n; ++i) REQUIRE(graph.central()[i] == i / (n * n));
  }
}

TEST_CASE("the cube's metrics", "[graphs][catalogue][puzzles]") {
  const std::map<std::string, counts> expected = {
      {"QSTM", {12, 18, 24, 30}}, {"QTM", {12, 12, 24, 24}}, {"HTM", {18, 18, 36, 36}}, {"ATM", {24, 78, 240, 726}}};
  for (const auto& [metric, generators] : expected) {
    for (std::size_t n = 2; n <= 5; ++n) {
      const auto spec = with("rubik_cube", n) + ",metric=" + metric;
      INFO(spec);
      const auto graph = parse_graph(spec);
      CHECK(graph.generator_count() == generators[n - 2]);
      CHECK(graph.is_inverse_closed());
      const auto all = arrays(graph);
      CHECK(std::set(all.begin(), all.end()).size() == all.size());
    }
  }
  CHECK(parse_graph("rubik_cube:3,metric=QTM").names() ==
        names{"f0", "f0'", "f2", "f2'", "r0", "r0'", "r2", "r2'", "d0", "d0'", "d2", "d2'"});
  const auto half = parse_graph("rubik_cube:2,metric=HTM");
  CHECK(names(half.names().begin(), half.names().begin() + 6) == names{"f0", "f0'", "f0^2", "f1", "f1'", "f1^2"});
  const auto square = array_of(half, "r1^2");
  const auto quarter = array_of(half, "r1");
  for (point i = 0; i < 24; ++i) REQUIRE(square[i] == quarter[quarter[i]]);
  CHECK(parse_graph("rubik_cube:5,metric=QTM").permutations()->find("f2") == std::nullopt);
  CHECK(parse_graph("rubik_cube:4,metric=QTM").permutations()->find("f2") != std::nullopt);

  // An axial move turns each layer of one axis its own way; layers of one axis commute.
  const auto axial = parse_graph("rubik_cube:3,metric=ATM");
  const auto slices = parse_graph("rubik_cube:3");
  for (const auto& [axis, letter] : {std::pair{"X", "r"}, {"Y", "d"}, {"Z", "f"}}) {
    const std::string prefix = std::string("axis_") + axis;
    const std::string layer = letter;
    CHECK(array_of(axial, prefix + "_s1_cw") == array_of(slices, layer + "1"));
    CHECK(array_of(axial, prefix + "_s2_ccw") == array_of(slices, layer + "2_inv"));
    const auto mixed = array_of(axial, prefix + "_s0_cw_s1_ccw");
    const auto first = array_of(slices, layer + "0");
    const auto second = array_of(slices, layer + "1_inv");
    for (point i = 0; i < 54; ++i) REQUIRE(mixed[i] == second[first[i]]);
  }
}

TEST_CASE("axial moves come axis by axis: X, Y, Z", "[graphs][catalogue][puzzles]") {
  const auto graph = parse_graph("rubik_cube:2,metric=ATM");
  std::string order;
  for (const auto& name : graph.names()) {
    REQUIRE(name.size() > 5);
    if (order.empty() || order.back() != name[5]) order += name[5];
  }
  CHECK(order == "XYZ");
}

TEST_CASE("the 2x2x2 with a fixed corner", "[graphs][catalogue][puzzles]") {
  const auto quarter = parse_graph("rubik_cube:2,metric=fixed_QTM");
  CHECK(quarter.names() == names{"f0", "f0'", "r1", "r1'", "d0", "d0'"});
  CHECK(array_of(quarter, "f0") == cycles(24, {{2, 19, 21, 8}, {3, 17, 20, 10}, {4, 6, 7, 5}}));
  CHECK(array_of(quarter, "r1") == cycles(24, {{1, 5, 21, 14}, {3, 7, 23, 12}, {8, 10, 11, 9}}));
  CHECK(array_of(quarter, "d0") == cycles(24, {{6, 18, 14, 10}, {7, 19, 15, 11}, {20, 22, 23, 21}}));
  CHECK(quarter.known().vertices == mpz_class(3674160));
  CHECK(quarter.known().diameter == mpz_class(14));
  const auto half = parse_graph("rubik_cube:2,metric=fixed_HTM");
  CHECK(half.names() == names{"f0", "f0'", "f0^2", "r1", "r1'", "r1^2", "d0", "d0'", "d0^2"});
  CHECK(half.known().diameter == mpz_class(11));
}

TEST_CASE("cubes grow as published", "[graphs][catalogue][puzzles]") {
  CHECK(first_spheres("rubik_cube:2,metric=fixed_QTM", 6, 900) == counts{1, 6, 27, 120, 534, 2256});
  CHECK(first_spheres("rubik_cube:2,metric=fixed_HTM", 5, 700) == counts{1, 9, 54, 321, 1847});
  CHECK(first_spheres("rubik_cube:2", 5, 1100) == counts{1, 12, 114, 924, 6539});
  CHECK(first_spheres("rubik_cube:2,metric=QTM", 4, 200) == counts{1, 12, 114, 924});
  CHECK(first_spheres("rubik_cube:2,metric=HTM", 4, 300) == counts{1, 18, 243, 2874});
  CHECK(first_spheres("rubik_cube:2,metric=ATM", 4, 400) == counts{1, 24, 317, 3240});
  CHECK(first_spheres("rubik_cube:3,metric=QTM", 4, 200) == counts{1, 12, 114, 1068});
  CHECK(first_spheres("rubik_cube:3,metric=HTM", 4, 300) == counts{1, 18, 243, 3240});
}

TEST_CASE("globes by hand", "[graphs][catalogue][puzzles]") {
  const auto graph = parse_graph("globe:1,2");  // two rows of four
  CHECK(graph.names() == names{"r0", "r0_inv", "r1", "r1_inv", "f0", "f1", "f2", "f3"});
  CHECK(array_of(graph, "r0") == image_array{1, 2, 3, 0, 4, 5, 6, 7});
  CHECK(array_of(graph, "r0_inv") == image_array{3, 0, 1, 2, 4, 5, 6, 7});
  CHECK(array_of(graph, "r1") == image_array{0, 1, 2, 3, 5, 6, 7, 4});
  CHECK(array_of(graph, "f0") == image_array{5, 4, 2, 3, 1, 0, 6, 7});  // (0,0)-(1,1), (0,1)-(1,0)
  CHECK(array_of(graph, "f3") == image_array{7, 1, 2, 4, 3, 5, 6, 0});  // (0,3)-(1,0), (0,0)-(1,3)

  const auto odd = parse_graph("globe:2,1");  // three rows of two: the equator stays
  CHECK(odd.degree() == 6);
  CHECK(array_of(odd, "r1") == image_array{0, 1, 3, 2, 4, 5});
  CHECK(array_of(odd, "f0") == image_array{4, 1, 2, 3, 0, 5});
  CHECK(array_of(odd, "f1") == image_array{0, 5, 2, 3, 4, 1});
  for (const auto& [a, b] : {std::pair<std::size_t, std::size_t>{1, 8}, {3, 3}, {6, 4}}) {
    const auto globe = parse_graph(with("globe", a, b));
    CHECK(globe.degree() == 2 * b * (a + 1));
    CHECK(globe.generator_count() == 2 * (a + 1) + 2 * b);
  }
}

TEST_CASE("Hungarian rings by hand", "[graphs][catalogue][puzzles]") {
  const auto rings = parse_graph("hungarian_rings:6,2,6,3");
  CHECK(rings.names() == names{"L", "R", "-L", "-R"});
  CHECK(array_of(rings, "L") == image_array{1, 2, 3, 4, 5, 0, 6, 7, 8, 9});
  CHECK(array_of(rings, "R") == cycles(10, {{0, 6, 7, 2, 8, 9}}));
  CHECK(array_of(rings, "-L") == inverse_of(array_of(rings, "L")));
  CHECK(array_of(rings, "-R") == inverse_of(array_of(rings, "R")));
  CHECK(array_of(parse_graph("hungarian_rings:6,2,5,1"), "R") == cycles(9, {{0, 6, 7, 8, 2}}));  // nothing after li
  CHECK(array_of(parse_graph("hungarian_rings:4,0,4,0"), "R") == cycles(7, {{0, 4, 5, 6}}));     // one crossing
  CHECK(array_of(parse_graph("hungarian_rings:6,3,6,3"), "R") == cycles(10, {{0, 6, 7, 3, 8, 9}}));
  // A ring of two points is its own inverse.
  CHECK(parse_graph("hungarian_rings:2,1,6,1").names() == names{"L", "R", "-R"});
  CHECK(parse_graph("hungarian_rings:6,1,2,1").names() == names{"L", "R", "-L"});
  CHECK(parse_graph("hungarian_rings:2,0,2,0").names() == names{"L", "R"});
  CHECK(parse_graph("hungarian_rings:6,1,2,1").degree() == 6);

  // n alone: R = floor((n+2)/2), L = n+2-R, li = floor(R/3), ri = li+1.
  for (const auto& [n, given] :
       {std::pair{"10", "6,2,6,3"}, {"11", "7,2,6,3"}, {"12", "7,2,7,3"}, {"13", "8,2,7,3"}, {"22", "12,4,12,5"}}) {
    INFO(n);
    const auto graph = parse_graph(std::string("hungarian_rings:") + n);
    CHECK(graph.degree() == static_cast<std::size_t>(std::stoi(n)));
    CHECK(arrays(graph) == arrays(parse_graph(std::string("hungarian_rings:") + given)));
  }
}

TEST_CASE("the mini pyramorphix", "[graphs][catalogue][puzzles]") {
  const auto graph = parse_graph("mini_pyramorphix");
  CHECK(graph.names() == names{"M_DF", "M_RL", "M_LF", "M_RD", "M_DL", "M_FR", "M_DFv", "M_LFv", "M_DLv", "M_Fv",
                               "M_Fvi", "M_Dv", "M_Dvi", "M_Lv", "M_Lvi", "M_Rv", "M_Rvi"});
  CHECK(graph.degree() == 24);
  for (const char* half : {"M_DF", "M_RL", "M_LF", "M_RD", "M_DL", "M_FR", "M_DFv", "M_LFv", "M_DLv"}) {
    INFO(half);
    CHECK(array_of(graph, half) == inverse_of(array_of(graph, half)));
  }
  for (const char* third : {"M_Fv", "M_Dv", "M_Lv", "M_Rv"}) {
    INFO(third);
    CHECK(array_of(graph, std::string(third) + "i") == inverse_of(array_of(graph, third)));
    CHECK(cosetta::groups::order((*graph.permutations())[*graph.permutations()->find(third)]) == 3);
  }
  CHECK(spheres(graph) == counts{1, 17, 54, 84, 92, 40});
}

TEST_CASE("puzzles cut from solids have inverses and colours", "[graphs][catalogue][puzzles]") {
  const auto megaminx = parse_graph("puzzle:megaminx");
  CHECK(megaminx.spec() == "puzzle:megaminx");
  CHECK(megaminx.generator_count() == 24);
  CHECK(megaminx.degree() == 120);
  CHECK(megaminx.is_inverse_closed());
  CHECK(spheres(parse_graph("puzzle:pyramorphix")) == counts{1, 6, 27, 42, 20});
  CHECK(parse_graph("puzzle:dino_+_little_chop").generator_count() == 28);
}

// -------------------------------------------------------------------------------------------------------- known facts

TEST_CASE("what is known of a graph is what a search finds", "[graphs][catalogue][known]") {
  names specs = {"lrx:6,k=2",
                 "three_cycles_01i:6,add_inverses=false",
                 "generalized_stars:5,k=2",
                 "top_spin:7",
                 "top_spin:6",
                 "heisenberg:4,modulo=2",
                 "heisenberg:4,modulo=3",
                 "heisenberg:5,modulo=2",
                 "heisenberg:3,modulo=4,add_inverses=false",
                 "special_linear_fundamental_roots:3,modulo=2",
                 "special_linear_root_weyl:3,modulo=2",
                 "special_linear_root_weyl:2,modulo=12",
                 "special_linear_fundamental_roots:2,modulo=9",
                 "mini_pyramorphix",
                 "top_spin:8,k=3",
                 "square_with_whiskers:5,1",
                 "koltsov3:6",
                 "top_spin:4,k=2"};
  for (std::size_t n = 2; n <= 6; ++n) {
    for (const char* family :
         {"all_transpositions", "transposons", "block_interchange", "full_reversals", "coxeter", "cyclic_coxeter",
          "pancake", "rapaport_m1", "rapaport_m2", "larx", "down_cycles", "prefix_cycles"}) {
      specs.push_back(with(family, n));
    }
    if (n <= 5) specs.push_back(with("all_cycles", n));
    if (n <= 4) specs.push_back(with("signed_reversals", n - 1));
    if (n <= 5) specs.push_back(with("burnt_pancake", n - 1));
    if (n == 2) continue;
    for (const char* family :
         {"lrx", "lx", "lsl_cycles", "stars", "three_cycles", "three_cycles_0ij", "three_cycles_01i"}) {
      specs.push_back(with(family, n));
    }
  }
  specs.push_back("lx:7");
  for (const char* spec : {"symmetric:1", "symmetric:2", "symmetric:6", "alternating:1", "alternating:3", "alternating:6", "alternating:7", "cyclic:1", "cyclic:9",
                           "dihedral:3", "dihedral:8", "mathieu:9", "mathieu:10", "mathieu:11", "projective_special_linear:2,7", "projective_special_linear:2,8",
                           "projective_special_linear:3,2", "projective_general_linear:2,9", "projective_symplectic:4,2", "projective_symplectic:2,5",
                           "affine_general_linear:1,9", "affine_general_linear:3,2"}) {
    specs.push_back(spec);
  }
  for (std::size_t m = 2; m <= 8; ++m) {
    specs.push_back("heisenberg:3,modulo=" + std::to_string(m));
    specs.push_back("special_linear_fundamental_roots:2,modulo=" + std::to_string(m));
    specs.push_back("special_linear_root_weyl:2,modulo=" + std::to_string(m));
  }
  std::set<std::string> with_facts;
  for (const auto& spec : specs) {
    INFO(spec);
    const auto graph = parse_graph(spec);
    if (!graph.known().vertices && !graph.known().diameter) continue;
    const counts sizes = spheres(graph);
    with_facts.insert(spec.substr(0, spec.find(':')));
    if (graph.known().vertices) {
      CHECK(*graph.known().vertices ==
            mpz_class(static_cast<unsigned long>(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}))));
    }
    if (graph.known().diameter)
      CHECK(*graph.known().diameter == mpz_class(static_cast<unsigned long>(sizes.size() - 1)));
  }
  // Every family that claims to know something was put to the test (the cube's millions are in the growth tests).
  for (const auto& f : catalogue()) {
    INFO(f.name);
    if (f.known && f.name != "rubik_cube") CHECK(with_facts.count(f.name) == 1);
  }
}

TEST_CASE("known diameters are those of the literature", "[graphs][catalogue][known]") {
  const std::map<std::string, std::map<std::size_t, long>> published = {
      {"lrx", {{4, 6}, {10, 45}, {15, 105}}},
      {"lx", {{5, 11}, {8, 35}, {12, 87}, {15, 141}}},
      {"full_reversals", {{14, 13}}},
      {"all_transpositions", {{30, 29}}},
      {"coxeter", {{30, 435}}},
      {"cyclic_coxeter", {{13, 42}}},
      {"block_interchange", {{9, 4}}},
      {"stars", {{11, 15}}},
  };
  for (const auto& [family, diameters] : published) {
    for (const auto& [n, diameter] : diameters) {
      INFO(with(family, n));
      const auto graph = parse_graph(with(family, n));
      CHECK(graph.known().diameter == mpz_class(diameter));
      CHECK(graph.known().vertices.has_value());
    }
  }
  CHECK(parse_graph("lrx:15").known().vertices == mpz_class("1307674368000"));
  CHECK(parse_graph("burnt_pancake:9").known().vertices == mpz_class("185794560"));
  CHECK(parse_graph("special_linear_fundamental_roots:3,modulo=5").known().vertices == mpz_class(372000));
  // Conjectured beyond: nothing is claimed.
  CHECK_FALSE(parse_graph("lrx:16").known().diameter);
  CHECK_FALSE(parse_graph("lx:16").known().diameter);
  CHECK_FALSE(parse_graph("lrx:5,k=2").known().vertices);
}

TEST_CASE("nothing false is known of graphs on very many points", "[graphs][catalogue][known]") {
  const auto known = parse_graph("top_spin:10001").known();  // A_10001, if anything
  mpz_class half;
  mpz_fac_ui(half.get_mpz_t(), 10001);
  half /= 2;
  CHECK((!known.vertices || *known.vertices == half));
}

TEST_CASE("small members of the published growth tables", "[graphs][catalogue][known][data]") {
#ifdef COSETTA_SOURCE_DIR
  std::filesystem::path folder = std::filesystem::path(COSETTA_SOURCE_DIR) / ".." / "shared" / "data";
#else
  std::filesystem::path folder = "/nonexistent";
#endif
  if (const char* given = std::getenv("COSETTA_SHARED_DATA")) folder = given;
  folder /= "growth";
  if (!std::filesystem::is_directory(folder)) {
    WARN("no folder " << folder << ": skipped");
    return;
  }
  const std::map<std::string, std::string> families = {{"all_transpositions_cayley_growth", "all_transpositions"},
                                                       {"burnt_pancake_cayley_growth", "burnt_pancake"},
                                                       {"consecutive_k_cycles_cayley_growth", "consecutive_k_cycles"},
                                                       {"coxeter_cayley_growth", "coxeter"},
                                                       {"cyclic_coxeter_cayley_growth", "cyclic_coxeter"},
                                                       {"full_reversals_cayley_growth", "full_reversals"},
                                                       {"heisenberg_growth", "heisenberg"},
                                                       {"larx_cayley_growth", "larx"},
                                                       {"lrx_cayley_growth", "lrx"},
                                                       {"lx_cayley_growth", "lx"},
                                                       {"pancake_cayley_growth", "pancake"},
                                                       {"prefix_cycles_cayley_growth", "prefix_cycles"},
                                                       {"rapaport_m2_cayley_growth", "rapaport_m2"},
                                                       {"stars_cayley_growth", "stars"},
                                                       {"top_spin_cayley_growth", "top_spin"}};
  std::size_t compared = 0;
  for (const auto& [file, family] : families) {
    std::ifstream in(folder / (file + ".csv"));
    for (std::string line; std::getline(in, line);) {
      // key,"[1, 2, 3]" or "n,k","[1, 2, 3]"
      const auto bracket = line.find('[');
      const auto end = line.find(']');
      REQUIRE(bracket != std::string::npos);
      REQUIRE(end != std::string::npos);
      std::string key = line.substr(0, bracket);
      while (!key.empty() && (key.back() == '"' || key.back() == ',')) key.pop_back();
      if (key.front() == '"') key.erase(0, 1);
      const auto list = nlohmann::json::parse(line.substr(bracket, end - bracket + 1));
      double sum = 0;
      for (const auto& entry : list) sum += entry.get<double>();
      if (sum > 3000) continue;
      INFO(family << ":" << key);
      CHECK(spheres(parse_graph(family + ":" + key)) == list.get<counts>());
      ++compared;
    }
  }
  CHECK(compared > 60);
}

// ------------------------------------------------------------------------------------------------- names and arguments

TEST_CASE("arguments are written back in one form", "[graphs][catalogue][arguments]") {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"lrx:12", "lrx:12"},
      {"lrx:n=12", "lrx:12"},
      {"lrx:12,1", "lrx:12"},
      {"lrx:12,k=1", "lrx:12"},
      {"lrx:k=1,n=12", "lrx:12"},
      {"lrx:12,2", "lrx:12,k=2"},
      {"lrx:k=2,n=12", "lrx:12,k=2"},
      {"lrx:012", "lrx:12"},
      {"top_spin:8,4", "top_spin:8"},
      {"top_spin:8,5", "top_spin:8,k=5"},
      {"lsl_cycles:6,true", "lsl_cycles:6"},
      {"lsl_cycles:6,1", "lsl_cycles:6"},
      {"lsl_cycles:6,no", "lsl_cycles:6,add_inverses=false"},
      {"lsl_cycles:6,add_inverses=0", "lsl_cycles:6,add_inverses=false"},
      {"cubic_pancake:subset=3,n=7", "cubic_pancake:7,3"},
      {"heisenberg", "heisenberg:3"},
      {"heisenberg:", "heisenberg:3"},
      {"heisenberg:3,0,yes", "heisenberg:3"},
      {"heisenberg:3,5", "heisenberg:3,modulo=5"},
      {"heisenberg:modulo=5,n=4", "heisenberg:4,modulo=5"},
      {"rubik_cube:2,QTM", "rubik_cube:2,metric=QTM"},
      {"rubik_cube:2,metric=QSTM", "rubik_cube:2"},
      {"hungarian_rings:4,1,4,1", "hungarian_rings:4,li=1,R=4,ri=1"},
      {"hungarian_rings:10", "hungarian_rings:10"},
      {"koltsov3:7,2,1,1", "koltsov3:7"},
      {"koltsov3:7,1,2,3", "koltsov3:7,perm_type=1,k=2,d=3"},
      {"conjugacy_classes:5,2.2,3", "conjugacy_classes:5,2.2,3"},
      {"conjugacy_classes:5,classes=2.2,classes=3", "conjugacy_classes:5,2.2,3"},
      {"conjugacy_classes:5,3,seed=1", "conjugacy_classes:5,3"},
      {"globe:b=2,a=1", "globe:1,2"}};
  for (const auto& [given, canonical] : forms) {
    INFO(given);
    const auto graph = parse_graph(given);
    CHECK(graph.spec() == canonical);
    const auto again = parse_graph(canonical);
    CHECK(again.spec() == canonical);
    CHECK(again.names() == graph.names());
    CHECK(again.generators() == graph.generators());
    CHECK(again.central() == graph.central());
  }
}

TEST_CASE("old names lead to the same graphs", "[graphs][catalogue][arguments]") {
  const std::vector<std::pair<std::string, std::string>> old = {
      {"cube_2/2/2_6gensQTM", "rubik_cube:2,metric=fixed_QTM"},
      {"cube_2/2/2_9gensHTM", "rubik_cube:2,metric=fixed_HTM"},
      {"cube_3/3/3_12gensQTM", "rubik_cube:3,metric=QTM"},
      {"cube_3/3/3_18gensHTM", "rubik_cube:3,metric=HTM"},
      {"cube_222_fixed_qtm", "rubik_cube:2,metric=fixed_QTM"},
      {"cube_222_fixed_htm", "rubik_cube:2,metric=fixed_HTM"},
      {"cube_222_qtm", "rubik_cube:2,metric=QTM"},
      {"cube_222_htm", "rubik_cube:2,metric=HTM"},
      {"cube_222_qstm", "rubik_cube:2"},
      {"cube_222_atm", "rubik_cube:2,metric=ATM"},
      {"cube_333_qtm", "rubik_cube:3,metric=QTM"},
      {"cube_333_htm", "rubik_cube:3,metric=HTM"},
      {"lrx-12", "lrx:12"},
      {"lx-9", "lx:9"},
      {"top_spin-9-4", "top_spin:9"},
      {"top_spin-9-5", "top_spin:9,k=5"},
      {"cubic_pancake-7-3", "cubic_pancake:7,3"},
      {"01i:6", "three_cycles_01i:6"},
      {"sheveleva2:7,2", "square_with_whiskers:7,2"},
      {"globe_puzzle:1,2", "globe:1,2"},
      {"sl_fund_roots:2,7", "special_linear_fundamental_roots:2,modulo=7"},
      {"sl_root_weyl:2,7", "special_linear_root_weyl:2,modulo=7"},
      {"involutive-derangements:6", "involutive_derangements:6"},
      {"conjugacy_class:5,3", "conjugacy_classes:5,3"},
      {"megaminx", "puzzle:megaminx"},
      {"pyraminx", "puzzle:pyraminx"},
      {"starminx", "puzzle:starminx"},
      {"starminx_2", "puzzle:starminx_2"}};
  for (const auto& [alias, spec] : old) {
    INFO(alias);
    const auto graph = parse_graph(alias);
    CHECK(graph.spec() == spec);
    CHECK(graph.generators() == parse_graph(spec).generators());
  }
}

TEST_CASE("a dashed graph name may hold a dash of its own", "[graphs][catalogue][arguments]") {
  CHECK(parse_graph("involutive-derangements-6").spec() == "involutive_derangements:6");
}

TEST_CASE("words in the names of any family can be read back", "[graphs][catalogue]") {
  for (const auto& f : catalogue()) {
    INFO(f.name);
    const auto graph = parse_graph(f.example);
    cosetta::groups::word letters(graph.generator_count());
    std::iota(letters.begin(), letters.end(), 1);
    if (letters.size() > 40) letters.resize(40);
    const std::string text = cosetta::groups::to_string(letters, graph.names());
    INFO(text);
    CHECK_NOTHROW(cosetta::groups::parse_word(text, graph.names()));
    cosetta::groups::word read;
    try {
      read = cosetta::groups::parse_word(text, graph.names());
    } catch (const parse_error&) {
      continue;  // reported above
    }
    CHECK(read == letters);
  }
}

TEST_CASE("the catalogue is in order", "[graphs][catalogue]") {
  std::set<std::string> seen;
  for (const auto& f : catalogue()) {
    INFO(f.name);
    CHECK(seen.insert(f.name).second);
    for (const auto& alias : f.aliases) CHECK(seen.insert(alias).second);
    CHECK(find_family(f.name) == &f);
    CHECK_FALSE(f.definition.empty());
    CHECK_FALSE(f.generators.empty());
    REQUIRE_FALSE(f.example.empty());
    const auto graph = parse_graph(f.example);
    CHECK(graph.generator_count() > 0);
    CHECK(graph.spec().substr(0, graph.spec().find(':')) == f.name);
    CHECK(parse_graph(graph.spec()).generators() == graph.generators());
  }
  CHECK(find_family("nonsense") == nullptr);
  CHECK(find_family("") == nullptr);
  const names all = catalogue_names();
  for (const char* name : {"lrx", "globe_puzzle", "cube_222_htm", "puzzle:megaminx"}) {
    CHECK(std::count(all.begin(), all.end(), name) == 1);
  }
  for (const char* name : {"sym:5", "alt:5", "psl:2,7", "pgl:2,7", "psp:4,3", "agl:2,3"}) {
    INFO(name);
    CHECK(parse_graph(name).known().vertices.has_value());
  }
  CHECK(parse_graph("psl:3,4").known().vertices == mpz_class(20160));
  CHECK(parse_graph("mathieu:24").known().vertices == mpz_class(244823040));
  CHECK_THROWS_AS(parse_graph("psl:2,6"), domain_error);
  CHECK_THROWS_AS(parse_graph("mathieu:13"), domain_error);
  CHECK_THROWS_AS(parse_graph("sym:1000000000"), domain_error);
  CHECK_THROWS_AS(parse_graph("psl:9,31"), resource_error);
  const std::string page = catalogue_markdown();
  for (const auto& f : catalogue()) check_has(page, "### `" + f.name);
  check_has(page, "| `megaminx` |");
}

TEST_CASE("every family of the specification is there", "[graphs][catalogue]") {
  for (const char* name : {"all_transpositions",
                           "transposons",
                           "block_interchange",
                           "full_reversals",
                           "signed_reversals",
                           "lrx",
                           "lx",
                           "top_spin",
                           "coxeter",
                           "cyclic_coxeter",
                           "pancake",
                           "cubic_pancake",
                           "burnt_pancake",
                           "three_cycles",
                           "three_cycles_0ij",
                           "three_cycles_01i",
                           "derangements",
                           "involutive_derangements",
                           "stars",
                           "generalized_stars",
                           "rapaport_m1",
                           "rapaport_m2",
                           "all_cycles",
                           "lsl_cycles",
                           "wrapped_k_cycles",
                           "larx",
                           "increasing_k_cycles",
                           "consecutive_k_cycles",
                           "down_cycles",
                           "prefix_cycles",
                           "sheveleva2",
                           "koltsov3",
                           "conjugacy_classes",
                           "rand_generators",
                           "heisenberg",
                           "special_linear_fundamental_roots",
                           "special_linear_root_weyl",
                           "rubik_cube",
                           "globe_puzzle",
                           "hungarian_rings",
                           "mini_pyramorphix"}) {
    INFO(name);
    CHECK(find_family(name) != nullptr);
  }
}

TEST_CASE("unknown names give the nearest three", "[graphs][catalogue][arguments]") {
  const auto message = [](const std::string& spec) -> std::string {
    try {
      static_cast<void>(parse_graph(spec));
    } catch (const parse_error& e) {
      return e.what();
    }
    FAIL_CHECK("no parse_error for " << spec);
    return "";
  };
  check_has(message("pancakes:5"), "unknown graph 'pancakes:5'; nearest: pancake, ");
  check_has(message("lrxx"), "nearest: lrx, ");
  check_has(message("top-spin:5"), "nearest: top_spin, ");
  check_has(message("puzzle:megamin"), "unknown puzzle 'megamin'; nearest: megaminx, ");
  check_has(message("puzzle"), "unknown puzzle");
  check_has(message("LRX:5"), "unknown graph");
  for (const char* spec : {"pancakes:5", "puzzle:megamin", "?"}) {
    const std::string text = message(spec);
    const std::string list = text.substr(text.find("nearest: "));
    INFO(text);
    CHECK(std::count(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(list.find('('), list.size())),
                     ',') == 2);
  }
  const std::string long_name(5000, 'x');
  CHECK(message(long_name).size() < 500);

  const names known = {"abc", "abd", "xyz", "abc"};
  CHECK(nearest_names("abc", known) == names{"abc", "abd", "xyz"});
  CHECK(nearest_names("xy", known, 1) == names{"xyz"});
  CHECK(nearest_names("a", std::vector<std::string>{}).empty());
}

TEST_CASE("wrong arguments are refused with the place and the reason", "[graphs][catalogue][arguments]") {
  enum kind { parse, domain };
  struct row {
    const char* spec;
    kind type;
    const char* reason;
  };
  const row rows[] = {{"lrx", parse, "n is missing"},
                      {"lrx:", parse, "n is missing"},
                      {"lrx:k=2", parse, "n is missing"},
                      {"lrx:5,1,2", parse, "too many"},
                      {"mini_pyramorphix:1", parse, "too many"},
                      {"lrx:five", parse, "an integer"},
                      {"lrx:5.5", parse, "an integer"},
                      {"lrx:+5", parse, "an integer"},
                      {"lrx: 5", parse, "an integer"},
                      {"lrx:5 ", parse, "an integer"},
                      {"lrx:0x5", parse, "an integer"},
                      {"lrx:5,", parse, "an integer"},
                      {"lrx:,5", parse, "an integer"},
                      {"lrx:5,k=", parse, "an integer"},
                      {"lrx:99999999999999999999", parse, "an integer"},
                      {"lrx:-99999999999999999999", parse, "an integer"},
                      {"lrx:9223372036854775808", parse, "an integer"},
                      {"lrx:5,q=1", parse, "no parameter 'q'"},
                      {"lrx:5,K=1", parse, "no parameter 'K'"},
                      {"lrx:5,=1", parse, "no parameter ''"},
                      {"lrx:k=2,5", parse, "after a named"},
                      {"lrx:5,n=6", parse, "given twice"},
                      {"lrx:n=5,n=5", parse, "given twice"},
                      {"lsl_cycles:5,maybe", parse, "true or false"},
                      {"lsl_cycles:5,True", parse, "true or false"},
                      {"rubik_cube:2,metric=", parse, "a value"},
                      {"conjugacy_classes:5", parse, "classes is missing"},
                      {"cubic_pancake:7", parse, "subset is missing"},
                      {"globe:1", parse, "b is missing"},
                      {"lrx-12-1-1", parse, "too many"},
                      {"lrx:2", domain, "at least 3"},
                      {"lrx:0", domain, "at least 3"},
                      {"lrx:-5", domain, "at least 3"},
                      {"lrx:5,k=0", domain, "at least 1"},
                      {"lrx:5,k=5", domain, "less than n"},
                      {"lrx:5,k=9223372036854775807", domain, "above the limit"},
                      {"lx:2", domain, "at least 3"},
                      {"top_spin:5,k=6", domain, "at most n"},
                      {"top_spin:5,k=1", domain, "at least 2"},
                      {"top_spin:3", domain, "at most n"},
                      {"all_transpositions:1", domain, "at least 2"},
                      {"signed_reversals:0", domain, "at least 1"},
                      {"coxeter:1", domain, "at least 2"},
                      {"three_cycles:2", domain, "at least 3"},
                      {"cubic_pancake:7,8", domain, "1..7"},
                      {"cubic_pancake:7,0", domain, "at least 1"},
                      {"generalized_stars:5,5", domain, "less than n"},
                      {"generalized_stars:5,0", domain, "at least 1"},
                      {"involutive_derangements:5", domain, "even"},
                      {"square_with_whiskers:7,5", domain, "n - 3"},
                      {"square_with_whiskers:7,0", domain, "at least 1"},
                      {"square_with_whiskers:3,1", domain, "n"},
                      {"koltsov3:7,3", domain, "perm_type"},
                      {"koltsov3:7,0", domain, "perm_type"},
                      {"koltsov3:5,2,2", domain, "too large"},
                      {"koltsov3:7,1,5,2", domain, "too large"},
                      {"koltsov3:7,1,1,9223372036854775807", domain, "above the limit"},
                      {"wrapped_k_cycles:5,6", domain, "at most n"},
                      {"wrapped_k_cycles:5,1", domain, "at least 2"},
                      {"increasing_k_cycles:5,6", domain, "at most n"},
                      {"consecutive_k_cycles:5,6", domain, "at most n"},
                      {"conjugacy_classes:5,6", domain, "cycle type"},
                      {"conjugacy_classes:5,3.3", domain, "does not fit"},
                      {"conjugacy_classes:5,x", domain, "cycle type"},
                      {"conjugacy_classes:5,0", domain, "cycle type"},
                      {"conjugacy_classes:5,2.", domain, "cycle type"},
                      {"conjugacy_classes:5,2*0", domain, "positive number"},
                      {"conjugacy_classes:5,2*x", domain, "positive number"},
                      {"conjugacy_classes:5,2*", domain, "positive number"},
                      {"conjugacy_classes:5,99999999999999999999", domain, "cycle type"},
                      {"rand_generators:3,7", domain, "fewer"},
                      {"rand_generators:3,0", domain, "at least 1"},
                      {"rand_generators:8,2,seed=-1", domain, "at least 0"},
                      {"heisenberg:2", domain, "at least 3"},
                      {"heisenberg:65", domain, "limit of 64"},
                      {"heisenberg:3,modulo=1", domain, "modulo 1"},
                      {"heisenberg:3,modulo=-1", domain, "at least 0"},
                      {"sl_fund_roots:1,5", domain, "at least 2"},
                      {"sl_root_weyl:2,1", domain, "modulo 1"},
                      {"rubik_cube:1", domain, "at least 2"},
                      {"rubik_cube:3,metric=XYZ", domain, "'XYZ' is unknown"},
                      {"rubik_cube:3,metric=fixed_QTM", domain, "N = 2"},
                      {"rubik_cube:9,metric=ATM", domain, "limit of 8"},
                      {"rubik_cube:9223372036854775807", domain, "limit"},
                      {"globe:0,1", domain, "at least 1"},
                      {"globe:1,0", domain, "at least 1"},
                      {"hungarian_rings:10,2", domain, "all of L"},
                      {"hungarian_rings:6,0,6,1", domain, "both 0"},
                      {"hungarian_rings:6,6,6,1", domain, "less than L"},
                      {"hungarian_rings:6,1,6,6", domain, "less than R"},
                      {"hungarian_rings:1,0,6,0", domain, "at least 2"},
                      {"hungarian_rings:6,0,1,0", domain, "two points"},
                      {"hungarian_rings:3", domain, ""}};
  for (const auto& r : rows) {
    INFO(r.spec);
    try {
      static_cast<void>(parse_graph(r.spec));
      FAIL_CHECK("no error");
    } catch (const parse_error& e) {
      CHECK(r.type == parse);
      check_has(e.what(), r.reason);
      check_has(e.what(), r.spec);
    } catch (const domain_error& e) {
      CHECK(r.type == domain);
      check_has(e.what(), r.reason);
      check_has(e.what(), std::string(r.spec).substr(0, std::string(r.spec).find(':')));
    }
  }
}

TEST_CASE("absurd sizes are refused at once", "[graphs][catalogue][arguments]") {
  const names absurd = {"all_transpositions:N",
                        "transposons:N",
                        "block_interchange:N",
                        "full_reversals:N",
                        "signed_reversals:N",
                        "lrx:N",
                        "lx:N",
                        "top_spin:N",
                        "coxeter:N",
                        "cyclic_coxeter:N",
                        "pancake:N",
                        "cubic_pancake:N,1",
                        "burnt_pancake:N",
                        "three_cycles:N",
                        "three_cycles_0ij:N",
                        "three_cycles_01i:N",
                        "derangements:N",
                        "involutive_derangements:N",
                        "stars:N",
                        "generalized_stars:N",
                        "rapaport_m1:N",
                        "rapaport_m2:N",
                        "all_cycles:N",
                        "lsl_cycles:N",
                        "wrapped_k_cycles:N,3",
                        "larx:N",
                        "increasing_k_cycles:N,3",
                        "consecutive_k_cycles:N,3",
                        "down_cycles:N",
                        "prefix_cycles:N",
                        "square_with_whiskers:N,1",
                        "koltsov3:N",
                        "conjugacy_classes:N,2",
                        "rand_generators:N,2",
                        "heisenberg:N,5",
                        "sl_fund_roots:N,5",
                        "sl_root_weyl:N,5",
                        "rubik_cube:N",
                        "globe:N,1",
                        "globe:1,N",
                        "globe:N,N",
                        "hungarian_rings:N",
                        "hungarian_rings:N,0,N,0",
                        "wrapped_k_cycles:N,N",
                        "increasing_k_cycles:N,N"};
  const double seconds = seconds_of([&] {
    for (const auto& pattern : absurd) {
      std::string spec = pattern;
      for (auto at = spec.find('N'); at != std::string::npos; at = spec.find('N', at))
        spec.replace(at, 1, "1000000000");
      INFO(spec);
      CHECK_THROWS_AS(parse_graph(spec), domain_error);
    }
  });
  CHECK(seconds < 5);
}

TEST_CASE("too many generators are refused soon", "[graphs][catalogue][arguments]") {
  for (const char* spec :
       {"all_transpositions:100000", "derangements:10", "involutive_derangements:20", "conjugacy_classes:12,12"}) {
    INFO(spec);
    CHECK(seconds_of([&] { CHECK_THROWS_AS(parse_graph(spec), resource_error); }) < 5);
  }
}

TEST_CASE("sizes beyond 64 bits do not wrap around", "[graphs][catalogue][arguments]") {
  // Twice these, or their sums, leave 63 bits.
  for (const char* spec :
       {"signed_reversals:9223372036854775807", "signed_reversals:4611686018427387905",
        "burnt_pancake:9223372036854775807", "burnt_pancake:4611686018427387904", "globe:9223372036854775807,1",
        "globe:1,9223372036854775807", "hungarian_rings:9223372036854775807", "hungarian_rings:9223372036854775806",
        "hungarian_rings:4,4611686018427387905,4,1", "hungarian_rings:4,4611686018427397905,4,1",
        "hungarian_rings:4,1,4,4611686018427387905", "hungarian_rings:9223372036854775807,0,9223372036854775807,0"}) {
    INFO(spec);
    CHECK_THROWS_AS(parse_graph(spec), domain_error);
  }
}

// Sizes at which a recursion or a search without a bound would overflow the stack or never end.
TEST_CASE("enumerations do not recurse or search without bound", "[graphs][catalogue][arguments]") {
  for (const char* spec : {"involutive_derangements:100000", "conjugacy_classes:100000,2", "derangements:20",
                           "derangements:1000", "conjugacy_classes:1000,2", "conjugacy_classes:60,2.2.2"}) {
    INFO(spec);
    CHECK(seconds_of([&] { CHECK_THROWS_AS(parse_graph(spec), resource_error); }) < 10);
  }
  CHECK(parse_graph("conjugacy_classes:100000,1").generator_count() == 1);
  CHECK(parse_graph("conjugacy_classes:200,2").generator_count() == 200 * 199 / 2);
}
