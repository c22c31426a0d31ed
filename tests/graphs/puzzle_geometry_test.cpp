// Fingerprints of the puzzles of at most 200 stickers, from CayleyPy's table of PuzzleGeometry files, and the laws that
// every puzzle keeps. The breadth-first search is the simplest there is: it knows nothing of the library.

#include <graphs/puzzle_geometry.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace puzzle_geometry_test {
namespace {

using cosetta::graphs::known_puzzles;
using cosetta::graphs::make_puzzle;
using cosetta::graphs::puzzle_description;
using cosetta::graphs::puzzle_geometry_result;
using image_array = std::vector<std::uint32_t>;

struct cycle_type {
  std::size_t moves;   // that many moves have
  std::size_t length;  // cycles of this length only,
  std::size_t cycles;  // this many, and fixed points
};

struct fingerprint {
  std::string_view name;
  std::size_t stickers;
  std::size_t moves;
  std::size_t closed_moves;
  std::size_t labels;
  std::vector<cycle_type> cycle_types;
  std::map<std::size_t, std::size_t> orbits;  // size -> how many
  std::vector<std::size_t> layers;            // from the central state, inverse-closed
};

// clang-format off
const std::vector<fingerprint>& fingerprints() {
  static const std::vector<fingerprint> rows = {
    {"2x2x2", 24, 6, 12, 24,
     {{6, 4, 3}}, {{24, 1}}, {1, 12, 114, 924, 6539}},
    {"2x2x2_+_dino", 48, 14, 28, 48,
     {{6, 4, 6}, {8, 3, 4}}, {{24, 2}}, {1, 28, 658, 14908}},
    {"2x2x2_+_dino_+_little_chop", 48, 26, 40, 12,
     {{6, 4, 6}, {8, 3, 4}, {12, 2, 12}}, {{24, 2}}, {1, 40, 1360, 44593}},
    {"2x2x2_+_little_chop", 48, 18, 24, 12,
     {{6, 4, 6}, {12, 2, 12}}, {{24, 2}}, {1, 24, 528, 10833}},
    {"3x3x3", 48, 6, 12, 48,
     {{6, 4, 5}}, {{24, 2}}, {1, 12, 114, 1068, 10011}},
    {"4x4x4", 96, 12, 24, 78,
     {{6, 4, 8}, {6, 4, 4}}, {{24, 4}}, {1, 24, 468, 9000}},
    {"5x5x5", 144, 12, 24, 108,
     {{6, 4, 11}, {6, 4, 5}}, {{24, 6}}, {1, 24, 468}},
    {"Christopher's_jewel", 48, 6, 12, 48,
     {{6, 4, 3}}, {{4, 6}, {24, 1}}, {1, 12, 114, 1068, 9819}},
    {"FTO", 72, 8, 16, 56,
     {{8, 3, 9}}, {{12, 6}}, {1, 16, 208, 2688, 34752}},
    {"Icosaminx", 140, 12, 24, 140,
     {{12, 5, 4}}, {{5, 12}, {20, 1}, {60, 1}}, {1, 24, 408}},
    {"Jing_pyraminx", 28, 8, 16, 28,
     {{4, 3, 5}, {4, 3, 4}}, {{4, 1}, {12, 2}}, {1, 16, 208, 2280, 19683}},
    {"Redicosahedron", 120, 12, 24, 120,
     {{12, 5, 3}}, {{5, 12}, {60, 1}}, {1, 24, 408, 6208}},
    {"Redicosahedron_with_centers", 120, 12, 24, 120,
     {{12, 5, 3}}, {{5, 12}, {60, 1}}, {1, 24, 408, 6208}},
    {"Regular_Astrominx", 180, 12, 24, 140,
     {{12, 5, 15}}, {{60, 3}}, {1, 24, 528}},
    {"Trajber's_octahedron", 56, 6, 12, 56,
     {{6, 4, 4}}, {{4, 6}, {8, 1}, {24, 1}}, {1, 12, 114, 1068, 10011}},
    {"big_chop", 120, 30, 30, 24,
     {{30, 2, 30}}, {{60, 2}}, {1, 30, 855, 22890}},
    {"chopasaurus", 132, 20, 40, 84,
     {{20, 3, 22}}, {{12, 1}, {60, 2}}, {1, 40, 1480}},
    {"compy_cube", 48, 8, 16, 48,
     {{8, 3, 3}}, {{3, 8}, {12, 2}}, {1, 16, 160, 1408, 11808}},
    {"curvy_copter", 72, 12, 12, 54,
     {{12, 2, 6}}, {{2, 12}, {6, 4}, {24, 1}}, {1, 12, 90, 572, 3405}},
    {"dino", 24, 8, 16, 24,
     {{8, 3, 2}}, {{12, 2}}, {1, 16, 160, 1408, 11712}},
    {"dino_+_little_chop", 24, 20, 28, 6,
     {{8, 3, 2}, {12, 2, 6}}, {{24, 1}}, {1, 28, 574, 10789}},
    {"emperor_pyraminx", 196, 24, 48, 156,
     {{4, 3, 1}, {4, 3, 3}, {4, 3, 5}, {4, 3, 9}, {4, 3, 11}, {4, 3, 29}}, {{4, 1}, {12, 16}}, {1, 48, 1560}},
    {"emperor_tetraminx", 184, 24, 48, 144,
     {{4, 3, 3}, {4, 3, 5}, {4, 3, 7}, {4, 3, 9}, {4, 3, 11}, {4, 3, 26}}, {{4, 1}, {12, 15}}, {1, 48, 1728}},
    {"helicopter", 48, 12, 12, 30,
     {{12, 2, 5}}, {{6, 4}, {24, 1}}, {1, 12, 90, 572, 3405}},
    {"icosamate", 80, 12, 24, 80,
     {{12, 5, 8}}, {{20, 1}, {60, 1}}, {1, 24, 528, 10548}},
    {"little_chop", 24, 12, 12, 6,
     {{12, 2, 6}}, {{24, 1}}, {1, 12, 126, 1125, 8663}},
    {"master_FTO", 128, 16, 32, 96,
     {{8, 3, 13}, {8, 3, 8}}, {{4, 2}, {12, 10}}, {1, 32, 864, 23168}},
    {"master_pentultimate", 192, 12, 24, 144,
     {{12, 5, 16}}, {{12, 1}, {60, 3}}, {1, 24, 528}},
    {"master_pyraminx", 64, 16, 32, 64,
     {{4, 3, 1}, {4, 3, 3}, {4, 3, 5}, {4, 3, 12}}, {{4, 1}, {12, 5}}, {1, 32, 672, 12624}},
    {"master_pyramorphix", 36, 6, 6, 36,
     {{6, 2, 6}}, {{2, 6}, {4, 6}}, {1, 6, 27, 120, 519}},
    {"master_skewb", 78, 8, 16, 66,
     {{8, 3, 10}}, {{6, 1}, {12, 6}}, {1, 16, 208, 2688, 34752}},
    {"master_tetraminx", 48, 8, 16, 48,
     {{4, 3, 3}, {4, 3, 9}}, {{12, 4}}, {1, 16, 184, 2048, 22704}},
    {"mastermorphix", 40, 6, 6, 40,
     {{6, 2, 7}}, {{2, 6}, {4, 7}}, {1, 6, 27, 120, 519}},
    {"megaminx", 120, 12, 24, 120,
     {{12, 5, 5}}, {{60, 2}}, {1, 24, 408, 6208}},
    {"megaminx_+_chopasaurus", 132, 32, 64, 84,
     {{12, 5, 5}, {20, 3, 22}}, {{12, 1}, {60, 2}}, {1, 64, 3328}},
    {"octastar", 48, 12, 12, 48,
     {{12, 2, 12}}, {{24, 2}}, {1, 12, 126, 1128, 8747}},
    {"pentultimate", 72, 12, 24, 72,
     {{12, 5, 7}}, {{12, 1}, {60, 1}}, {1, 24, 528, 10548}},
    {"professor_pyraminx", 100, 16, 32, 92,
     {{4, 3, 1}, {4, 3, 3}, {4, 3, 7}, {4, 3, 17}}, {{4, 1}, {12, 8}}, {1, 32, 672, 12624}},
    {"professor_skewb", 150, 16, 32, 114,
     {{8, 3, 17}, {8, 3, 8}}, {{6, 1}, {12, 12}}, {1, 32, 864}},
    {"professor_tetraminx", 88, 16, 32, 80,
     {{4, 3, 3}, {4, 3, 5}, {4, 3, 7}, {4, 3, 14}}, {{4, 1}, {12, 7}}, {1, 32, 792, 18928}},
    {"pyraminx", 36, 8, 16, 36,
     {{4, 3, 1}, {4, 3, 8}}, {{12, 3}}, {1, 16, 136, 896, 5456}},
    {"pyraminx_crystal", 120, 12, 24, 120,
     {{12, 5, 7}}, {{60, 2}}, {1, 24, 528, 11568}},
    {"pyramorphix", 16, 6, 6, 16,
     {{6, 2, 4}}, {{4, 4}}, {1, 6, 27, 42, 20}},
    {"radio_chop", 200, 20, 40, 200,
     {{20, 3, 33}}, {{20, 1}, {60, 3}}, {1, 40, 1480}},
    {"royal_pyraminx", 144, 24, 48, 120,
     {{4, 3, 1}, {4, 3, 3}, {4, 3, 5}, {4, 3, 7}, {4, 3, 9}, {4, 3, 23}}, {{12, 12}}, {1, 48, 1560}},
    {"royal_tetraminx", 132, 16, 32, 108,
     {{4, 3, 3}, {4, 3, 5}, {4, 3, 9}, {4, 3, 20}}, {{12, 11}}, {1, 32, 768}},
    {"skewb", 30, 8, 16, 30,
     {{8, 3, 5}}, {{6, 1}, {12, 2}}, {1, 16, 208, 2280, 19683}},
    {"skewb_diamond", 32, 8, 16, 32,
     {{8, 3, 5}}, {{4, 2}, {12, 2}}, {1, 16, 208, 2280, 18795}},
    {"starminx", 120, 20, 40, 120,
     {{20, 3, 3}}, {{3, 20}, {60, 1}}, {1, 40, 880, 14400}},
    {"starminx_2", 132, 12, 24, 84,
     {{12, 5, 10}}, {{12, 1}, {60, 2}}, {1, 24, 528}},
    {"starminx_combo", 132, 32, 64, 84,
     {{12, 5, 10}, {20, 3, 3}}, {{12, 1}, {60, 2}}, {1, 64, 2608}},
    {"tetraminx", 24, 8, 16, 24,
     {{4, 3, 3}, {4, 3, 5}}, {{12, 2}}, {1, 16, 208, 2280, 19683}},
  };
  return rows;
}
// clang-format on

using cycle_lengths = std::map<std::size_t, std::size_t>;  // length -> how many, fixed points left out

cycle_lengths cycles_of(const image_array& move) {
  cycle_lengths result;
  std::vector<bool> seen(move.size(), false);
  for (std::size_t start = 0; start < move.size(); ++start) {
    std::size_t length = 0;
    for (std::size_t i = start; !seen[i]; i = move[i], ++length) seen[i] = true;
    if (length > 1) ++result[length];
  }
  return result;
}

std::map<std::size_t, std::size_t> orbit_sizes(const std::vector<image_array>& moves) {
  std::map<std::size_t, std::size_t> result;
  std::vector<bool> seen(moves.front().size(), false);
  for (std::uint32_t start = 0; start < seen.size(); ++start) {
    if (seen[start]) continue;
    std::vector<std::uint32_t> orbit = {start};
    seen[start] = true;
    for (std::size_t i = 0; i < orbit.size(); ++i) {
      for (const image_array& move : moves) {
        const std::uint32_t image = move[orbit[i]];
        if (!seen[image]) orbit.push_back(image);
        seen[image] = true;
      }
    }
    ++result[orbit.size()];
  }
  return result;
}

std::set<image_array> inverse_closure(const std::vector<image_array>& moves) {
  std::set<image_array> result(moves.begin(), moves.end());
  for (const image_array& move : moves) {
    image_array inverse(move.size());
    for (std::uint32_t i = 0; i < move.size(); ++i) inverse[move[i]] = i;
    result.insert(inverse);
  }
  return result;
}

using layer = std::vector<image_array>;

layer next_layer(const layer& current, const std::set<image_array>& moves, std::set<image_array>& seen) {
  layer result;
  for (const image_array& state : current) {
    for (const image_array& move : moves) {
      image_array next(state.size());
      for (std::size_t i = 0; i < next.size(); ++i) next[i] = state[move[i]];
      if (seen.insert(next).second) result.push_back(std::move(next));
    }
  }
  return result;
}

// The expected layers that fit into 30000 states are compared, the later ones are left alone.
void check_layers(const puzzle_geometry_result& puzzle, const std::vector<std::size_t>& expected) {
  const std::set<image_array> moves = inverse_closure(puzzle.moves);
  std::set<image_array> seen = {puzzle.colours};
  layer current = {puzzle.colours};
  std::size_t total = 1;
  for (std::size_t depth = 1; depth < expected.size(); ++depth) {
    total += expected[depth];
    if (total > 30000) return;
    current = next_layer(current, moves, seen);
    REQUIRE(current.size() == expected[depth]);
  }
}

std::map<cycle_lengths, std::size_t> expected_cycle_types(const fingerprint& row) {
  std::map<cycle_lengths, std::size_t> result;
  for (const cycle_type& type : row.cycle_types) result[{{type.length, type.cycles}}] += type.moves;
  return result;
}

}  // namespace

TEST_CASE("puzzle geometry matches the published fingerprints", "[graphs][puzzle_geometry]") {
  for (const fingerprint& row : fingerprints()) {
    INFO(row.name);
    const puzzle_geometry_result puzzle = make_puzzle(row.name);
    REQUIRE(puzzle.colours.size() == row.stickers);
    REQUIRE(puzzle.moves.size() == row.moves);
    CHECK(inverse_closure(puzzle.moves).size() == row.closed_moves);
    CHECK(std::set(puzzle.colours.begin(), puzzle.colours.end()).size() == row.labels);
    std::map<cycle_lengths, std::size_t> cycle_types;
    for (const image_array& move : puzzle.moves) ++cycle_types[cycles_of(move)];
    CHECK(cycle_types == expected_cycle_types(row));
    CHECK(orbit_sizes(puzzle.moves) == row.orbits);
    check_layers(puzzle, row.layers);
  }
}

TEST_CASE("every small known puzzle has a fingerprint", "[graphs][puzzle_geometry]") {
  for (const puzzle_description& known : known_puzzles()) {
    INFO(known.name);
    const auto named = [&known](const fingerprint& row) { return row.name == known.name; };
    const bool listed = std::any_of(fingerprints().begin(), fingerprints().end(), named);
    CHECK(listed == (make_puzzle(known.name).colours.size() <= 200));
  }
}

TEST_CASE("every known puzzle is a puzzle", "[graphs][puzzle_geometry]") {
  for (const puzzle_description& known : known_puzzles()) {
    INFO(known.name);
    CHECK_FALSE(known.shape_and_cuts.empty());
    const puzzle_geometry_result puzzle = make_puzzle(known.name);
    const std::size_t degree = puzzle.colours.size();
    REQUIRE(puzzle.names.size() == puzzle.moves.size());
    CHECK(std::set(puzzle.names.begin(), puzzle.names.end()).size() == puzzle.names.size());
    std::vector<bool> moved(degree, false);
    for (const image_array& move : puzzle.moves) {
      REQUIRE(move.size() == degree);
      CHECK(std::set(move.begin(), move.end()).size() == degree);
      CHECK(*std::max_element(move.begin(), move.end()) == degree - 1);
      for (std::size_t i = 0; i < degree; ++i) moved[i] = moved[i] || move[i] != i;
    }
    CHECK(std::count(moved.begin(), moved.end(), false) == 0);
    std::uint32_t next_label = 0;
    bool by_first_occurrence = true;
    for (const std::uint32_t label : puzzle.colours) {
      by_first_occurrence = by_first_occurrence && label <= next_label;
      if (label == next_label) ++next_label;
    }
    CHECK(by_first_occurrence);
  }
}

TEST_CASE("turns are clockwise and slabs are named from the nearer end", "[graphs][puzzle_geometry]") {
  // Clockwise about the axis seen from the grip: U and D are inverse rotations, so U after the inverse of D leaves the
  // 2x2x2 as a rotation of the whole puzzle, which commutes with both.
  const puzzle_geometry_result cube = make_puzzle("2x2x2");
  const auto move = [&cube](std::string_view name) {
    const auto found = std::find(cube.names.begin(), cube.names.end(), name);
    REQUIRE(found != cube.names.end());
    return cube.moves[static_cast<std::size_t>(found - cube.names.begin())];
  };
  // a * b: first a, then b
  const auto product = [](const image_array& a, const image_array& b) {
    image_array result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) result[i] = b[a[i]];
    return result;
  };
  const image_array up = move("U");
  const image_array down = move("D");
  const image_array rotation = product(up, product(down, product(down, down)));
  // x -> rotation^-1 * x * rotation carries each side face to the next one clockwise from above: F to L to B to R.
  for (const auto& [from, to] : {std::pair{"F", "L"}, {"L", "B"}, {"B", "R"}, {"R", "F"}, {"U", "U"}, {"D", "D"}})
    CHECK(product(move(from), rotation) == product(rotation, move(to)));

  const std::vector<std::string> names = make_puzzle("4x4x4").names;
  CHECK(names == std::vector<std::string>{"U", "2U", "2D", "D", "F", "2F", "2B", "B", "L", "2L", "2R", "R"});
}

TEST_CASE("known puzzles are sorted and strangers are refused", "[graphs][puzzle_geometry]") {
  const auto by_name = [](const puzzle_description& a, const puzzle_description& b) { return a.name < b.name; };
  CHECK(std::is_sorted(known_puzzles().begin(), known_puzzles().end(), by_name));
  CHECK_THROWS_AS(make_puzzle("rubik"), std::invalid_argument);
  CHECK_THROWS_AS(make_puzzle(""), std::invalid_argument);
}

}  // namespace puzzle_geometry_test
