// The permutation families of the catalogue against their definitions, written here a second time: counts by formula, names and arrays by hand.
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
#include <tests/graphs/catalogue_samples.hpp>

namespace catalogue_permutations_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

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

}  // namespace catalogue_permutations_test
