// The matrix families and the puzzles of the catalogue against their definitions: arrays by hand, growth as published.
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

namespace catalogue_puzzles_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

}  // namespace

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

}  // namespace catalogue_puzzles_test
