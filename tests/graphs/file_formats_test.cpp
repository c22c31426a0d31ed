// Readers of GAP, twsearch and Santa files: what each format means, in examples small enough to be checked by hand, and every refusal
// with its place. The published GAP files are compared with the puzzles that puzzle_geometry cuts by itself.
#include <graphs/file_formats.hpp>
#include <graphs/graph_builder.hpp>
#include <graphs/parse_graph.hpp>
#include <graphs/puzzle_geometry.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/graphs/file_samples.hpp>

namespace file_formats_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- GAP

TEST_CASE("GAP: cycles count from 1 and act by p[a] = b", "[graphs][file_formats][gap]") {
  const auto graph = read_gap("a:=(1,2,3)(4,5);\nb:=(1,6);\n", "f.gap");
  CHECK(graph.spec() == "f.gap");
  CHECK(graph.names() == names{"a", "b"});
  CHECK(graph.degree() == 6);
  CHECK(array_of(graph, "a") == image_array{1, 2, 0, 4, 3, 5});
  CHECK(array_of(graph, "b") == image_array{5, 1, 2, 3, 4, 0});
  CHECK(graph.central() == state{0, 1, 2, 3, 4, 5});
  CHECK_FALSE(graph.is_inverse_closed());
}

TEST_CASE("GAP: comments, blank lines and statements over and on lines", "[graphs][file_formats][gap]") {
  const auto graph = read_gap(
      "# a comment; with a:=(1,9);\n"
      "\n"
      "a:=(1,2); b:=(2,3);   # another\r\n"
      "  c :=\n"
      "   (1, 2,\n"
      "    3)\t(4,5)\n"
      ";\n"
      ";;\n"
      "id:=();",
      "f.gap");
  CHECK(graph.names() == names{"a", "b", "c", "id"});
  CHECK(graph.degree() == 5);
  CHECK(array_of(graph, "c") == image_array{1, 2, 0, 4, 3});
  CHECK(array_of(graph, "id") == image_array{0, 1, 2, 3, 4});
}

TEST_CASE("GAP: every M_ goes from a name, Gen is ignored", "[graphs][file_formats][gap]") {
  const auto graph =
      read_gap("M_F:=(1,2);M_M_R:=(2,3);M_2U:=(3,4);B:=(4,5);\nGen:=[\nM_F,M_M_R\n];G:=Group(Gen);", "f.gap");
  CHECK(graph.names() == names{"F", "R", "2U", "B"});
}

TEST_CASE("GAP: a list of permutations gives numbered generators", "[graphs][file_formats][gap]") {
  for (const char* text : {"G:=Group((1,2,3)(4,5),(1,2));", "G := Group( (1,2,3)(4,5), (1,2) );",
                           "G:=[(1,2,3)(4,5),\n  (1,2)];", "G:=Group([(1,2,3)(4,5),(1,2)]);"}) {
    INFO(text);
    const auto graph = read_gap(text, "f.gap");
    CHECK(graph.names() == names{"G.1", "G.2"});
    CHECK(array_of(graph, "G.1") == image_array{1, 2, 0, 4, 3});
    CHECK(array_of(graph, "G.2") == image_array{1, 0, 2, 3, 4});
  }
  CHECK(read_gap("a:=(1,2);\nG:=Group((2,3));\n", "f.gap").names() == names{"a", "G.1"});
  check_has(refusal<parse_error>([] { return read_gap("\nG:=Group((1,2),(2,3);", "f.gap"); }), "f.gap:2: ");
  check_has(refusal<domain_error>([] { return read_gap("\nG:=[(1,2),(2,2)];", "f.gap"); }), "f.gap:2: ");
}

TEST_CASE("GAP: blanks separate points in a list as they do elsewhere, or are refused", "[graphs][file_formats][gap]") {
  for (const char* text : {"a:=(1 2 3);", "G:=Group((1 2 3));"}) {
    INFO(text);
    try {
      CHECK(read_gap(text, "f.gap").degree() == 3);
    } catch (const parse_error&) {
      SUCCEED();
    }
  }
}

TEST_CASE("GAP: ip lists positions that look alike", "[graphs][file_formats][gap]") {
  // Positions 2 and 4 alike, 1 and 6 alike; 3 and 5 are like no other. Colours are numbered by first occurrence.
  const auto graph = read_gap("ip:=[[2,4],[1,6]];\na:=(1,2,3,4,5,6);\n", "f.gap");
  CHECK(graph.central() == state{0, 1, 2, 1, 3, 0});
  CHECK_FALSE(graph.is_cayley());
  CHECK(read_gap("a:=(1,2,3);\nip:=[[1],[2],[3]];", "f.gap").is_cayley());
  CHECK(read_gap("a:=(1,2,3);\nip:=[];", "f.gap").is_cayley());
  CHECK(read_gap("a:=(1,2,3);\nip:=[[1,2,3]];", "f.gap").central() == state{0, 0, 0});
}

TEST_CASE("GAP: errors name file, line and reason", "[graphs][file_formats][gap]") {
  const auto parse = [](const std::string& text) {
    INFO(text);
    return refusal<parse_error>([&] { return read_gap(text, "f.gap"); });
  };
  const auto domain = [](const std::string& text) {
    INFO(text);
    return refusal<domain_error>([&] { return read_gap(text, "f.gap"); });
  };
  check_has(parse(""), "f.gap:1: no generators");
  check_has(parse("# nothing\n"), "no generators");
  check_has(parse("ip:=[[1]];"), "no generators");
  check_has(parse("a:=(1,2);\nb:=(2,3)"), "f.gap:2: ");  // truncated
  check_has(parse("a:=(1,2);\n\nb:=(2,"), "f.gap:3: ");
  check_has(parse("a:=(1,2);\nb:=(2,3;\n"), "f.gap:2: ");
  check_has(parse("a:=(1,2);\n\nnonsense;\n"), "f.gap:3: ");
  check_has(parse("a:=(1,2);\n:=(1,2);\n"), "f.gap:2: ");
  check_has(parse("a:=(1,2);\nb:=7;\n"), "f.gap:2: b");
  check_has(parse("a:=(1,2);\nb:=;\n"), "f.gap:2: ");
  check_has(parse("a:=(1,x);\n"), "f.gap:1: ");
  check_has(parse("a:=(1,2)(3,4;\n"), "f.gap:1: ");
  check_has(parse("a:=(1,2)3;\n"), "f.gap:1: ");
  check_has(parse("a:=(1,-2);\n"), "f.gap:1: ");
  check_has(parse("a:=(1,99999999999999999999);\n"), "f.gap:1: ");
  check_has(domain("a:=(1,2);\nb:=(0,1);\n"), "f.gap:2: ");    // points count from 1
  check_has(domain("a:=(1,2);\nb:=(1,2,1);\n"), "f.gap:2: ");  // a point twice in one cycle
  check_has(domain("a:=(1,2);\nb:=(1,1000000000);\n"), "f.gap:2: ");
  check_has(domain("a:=();\n"), "degree 0");
  check_has(parse("a:=(1,2);\nip:=[[1,2],[2]];\n"), "f.gap:2: ip: position 2 is listed twice");
  check_has(parse("a:=(1,2);\nip:=[[1,1]];\n"), "listed twice");
  check_has(parse("a:=(1,2);\nip:=[[3]];\n"), "position 3 is outside 1..2");
  check_has(parse("a:=(1,2);\nip:=[[0]];\n"), "position 0 is outside 1..2");
  for (const char* ip : {"1", "[1]", "[[-1]]", "[[1.5]]", "[[1,2]", "[[\"1\"]]", "{}", "[[1],2]"}) {
    INFO("ip:=" << ip);
    const std::string text = std::string("a:=(1,2);\nip:=") + ip + ";\n";
    check_has(parse(text), "f.gap:2: ");
  }
}

TEST_CASE("GAP: a line break does not join two numbers", "[graphs][file_formats][gap]") {
  // GAP itself refuses "(1,2 <newline> 3)". Read as (1,23) it would be a puzzle that nobody wrote.
  try {
    CHECK(read_gap("a:=(1,2\n3);", "f.gap").degree() == 3);
  } catch (const parse_error&) {
    SUCCEED();
  }
}

TEST_CASE("GAP: too many points are refused before they are held", "[graphs][file_formats][gap]") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "a" + std::to_string(i) + ":=(1,1000000);\n";
  check_has(refusal<resource_error>([&] { return read_gap(text, "f.gap"); }), "f.gap");
}

TEST_CASE("published GAP files agree with the puzzles cut from solids", "[graphs][file_formats][gap][data]") {
  const auto folder = shared_data() / "puzzles";
  if (!std::filesystem::is_directory(folder)) {
    WARN("no folder " << folder << ": skipped");
    return;
  }
  using cycle_types = std::map<std::vector<std::size_t>, std::size_t>;
  std::map<std::string, std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".gap") files[entry.path().stem().string()] = entry.path();
  }
  REQUIRE_FALSE(files.empty());
  for (const auto& [name, path] : files) {
    INFO(path);
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto graph = read_gap(text, path.string());
    const auto puzzle = make_puzzle(name);
    CHECK(graph.degree() == puzzle.colours.size());
    REQUIRE(graph.generator_count() == puzzle.moves.size());
    CHECK(std::set(graph.central().begin(), graph.central().end()).size() ==
          std::set(puzzle.colours.begin(), puzzle.colours.end()).size());
    cycle_types from_file;
    for (const auto& p : graph.permutations()->elements()) ++from_file[cycle_type(p)];
    cycle_types from_solid;
    for (const auto& move : puzzle.moves) ++from_solid[cycle_type(cosetta::groups::make_permutation(move))];
    CHECK(from_file == from_solid);
    for (const auto& move : graph.names()) CHECK(move.find("M_") == std::string::npos);
  }
}

// ----------------------------------------------------------------------------------------------------------- twsearch

namespace {

/// Pieces and orientations of one set, moved as the format says: the piece now in slot i came from slot from[i] and was
/// turned by twist[i].
struct piece_state {
  std::vector<std::size_t> piece;
  std::vector<std::size_t> turned;
  auto operator<=>(const piece_state&) const = default;
};

struct piece_move {
  std::vector<std::size_t> from;
  std::vector<std::size_t> twist;
};

piece_state moved(const piece_state& s, const piece_move& m, std::size_t orientations) {
  piece_state out = s;
  for (std::size_t i = 0; i < m.from.size(); ++i) {
    out.piece[i] = s.piece[m.from[i]];
    out.turned[i] = (s.turned[m.from[i]] + m.twist[i]) % orientations;
  }
  return out;
}

/// A puzzle of two sets: states are pairs, a move acts on both.
std::vector<std::size_t> piece_layers(const std::pair<piece_state, piece_state>& solved,
                                      const std::vector<std::pair<piece_move, piece_move>>& moves,
                                      std::pair<std::size_t, std::size_t> orientations) {
  std::set seen{solved};
  std::vector current{solved};
  std::vector<std::size_t> sizes;
  while (!current.empty()) {
    sizes.push_back(current.size());
    decltype(current) next;
    for (const auto& s : current) {
      for (const auto& [first, second] : moves) {
        std::pair image{moved(s.first, first, orientations.first), moved(s.second, second, orientations.second)};
        if (seen.insert(image).second) next.push_back(std::move(image));
      }
    }
    current = std::move(next);
  }
  return sizes;
}

constexpr const char* made_up = R"(# a made-up puzzle
Name made-up
Set CORNERS 4 3
Set EDGES 3 2

Solved
CORNERS
1 2 3 4
0 0 0 0
EDGES
1 2 3
End

Move F
CORNERS
2 3 1 4
1 0 2 0
EDGES
2 1 3
0 1 0
End

Move R
CORNERS
1 2 4 3
0 1 1 1
End
)";

/// The 2x2x2 with one corner held, slots URF UFL ULB UBR DFR DLF DRB.
std::string pocket_cube(const std::string& solved_orientations) {
  return "Set C 7 3\nSolved\nC\n1 2 3 4 5 6 7\n" + solved_orientations +
         "\nEnd\n"
         "Move U\nC\n4 1 2 3 5 6 7\nEnd\n"
         "Move R\nC\n5 2 3 1 7 6 4\n2 0 0 1 1 0 2\nEnd\n"
         "Move F\nC\n2 6 3 4 1 5 7\n1 2 0 0 2 1 0\nEnd\n";
}

}  // namespace

TEST_CASE("twsearch: a made-up puzzle moves as its pieces do", "[graphs][file_formats][twsearch]") {
  const auto graph = read_twsearch(made_up, "f.tws");
  CHECK(graph.spec() == "f.tws");
  CHECK(graph.names() == names{"F", "R"});
  CHECK(graph.degree() == 4 * 3 + 3 * 2);
  CHECK(graph.is_cayley());

  const piece_state corners{{0, 1, 2, 3}, {0, 0, 0, 0}};
  const piece_state edges{{0, 1, 2}, {0, 0, 0}};
  const std::vector<std::pair<piece_move, piece_move>> moves = {
      {{{1, 2, 0, 3}, {1, 0, 2, 0}}, {{1, 0, 2}, {0, 1, 0}}},
      {{{0, 1, 3, 2}, {0, 1, 1, 1}}, {{0, 1, 2}, {0, 0, 0}}},
  };
  const auto expected = piece_layers({corners, edges}, moves, {3, 2});
  REQUIRE(expected.size() > 8);
  CHECK(layers(graph) == expected);
}

TEST_CASE("twsearch: the 2x2x2 with a corner held", "[graphs][file_formats][twsearch]") {
  const auto graph = read_twsearch(pocket_cube("0 0 0 0 0 0 0"), "f.tws").with_inverses();
  const auto sizes = layers(graph, 1000);
  // Quarter turns: published growth of the fixed 2x2x2.
  CHECK(std::vector(sizes.begin(), sizes.begin() + 6) == std::vector<std::size_t>{1, 6, 27, 120, 534, 2256});
  // Without the line of orientations nothing changes.
  CHECK(read_twsearch(pocket_cube(""), "f.tws").central() ==
        read_twsearch(pocket_cube("0 0 0 0 0 0 0"), "f.tws").central());
}

TEST_CASE("twsearch: '?' ignores an orientation", "[graphs][file_formats][twsearch]") {
  const auto graph = read_twsearch(pocket_cube("? ? ? ? ? ? ?"), "f.tws");
  CHECK_FALSE(graph.is_cayley());
  const auto sizes = layers(graph);
  std::size_t sum = 0;
  for (const auto size : sizes) sum += size;
  CHECK(sum == 5040);
  const std::vector<std::pair<piece_move, piece_move>> moves = {
      {{{3, 0, 1, 2, 4, 5, 6}, std::vector<std::size_t>(7)}, {{0}, {0}}},
      {{{4, 1, 2, 0, 6, 5, 3}, std::vector<std::size_t>(7)}, {{0}, {0}}},
      {{{1, 5, 2, 3, 0, 4, 6}, std::vector<std::size_t>(7)}, {{0}, {0}}},
  };
  const piece_state one{{0}, {0}};
  CHECK(sizes == piece_layers({{{0, 1, 2, 3, 4, 5, 6}, std::vector<std::size_t>(7)}, one}, moves, {1, 1}));

  // One piece whose orientation is ignored, the others keep theirs.
  const auto mixed =
      read_twsearch("Set C 2 3\nSolved\nC\n1 2\n0 ?\nEnd\nMove t\nC\n1 2\n1 1\nEnd\nMove s\nC\n2 1\nEnd\n", "f.tws");
  CHECK(layers(mixed) == std::vector<std::size_t>{1, 2, 2, 1});  // 2 places, 3 turns of piece 1
}

TEST_CASE("twsearch: identical pieces and twisted solved states", "[graphs][file_formats][twsearch]") {
  const std::string moves = "Move s\nC\n2 3 4 1\nEnd\n";
  CHECK(layers(read_twsearch("Set C 4 1\nSolved\nC\n1 1 2 2\nEnd\n" + moves, "f")) ==
        std::vector<std::size_t>{1, 1, 1, 1});
  CHECK(layers(read_twsearch("Set C 4 1\nSolved\nC\n1 2 1 2\nEnd\n" + moves, "f")) == std::vector<std::size_t>{1, 1});
  CHECK(layers(read_twsearch("Set C 4 1\nSolved\nC\n7 7 7 7\nEnd\n" + moves, "f")) == std::vector<std::size_t>{1});
  // Identical pieces, one of them turned: four places for it.
  CHECK(layers(read_twsearch("Set C 4 2\nSolved\nC\n1 1 1 1\n1 0 0 0\nEnd\n" + moves, "f")) ==
        std::vector<std::size_t>{1, 1, 1, 1});
  // Equal numbers in different sets are different pieces; without Solved all are.
  const auto two =
      read_twsearch("Set A 2 1\nSet B 2 1\nSolved\nA\n1 2\nB\n1 2\nEnd\nMove s\nA\n2 1\nB\n2 1\nEnd\n", "f");
  CHECK(two.is_cayley());
  CHECK(read_twsearch("Set A 2 1\nSet B 2 1\nMove s\nA\n2 1\nEnd\n", "f").central() == state{0, 1, 2, 3});
}

TEST_CASE("twsearch: a piece number beyond its set is like no piece of another set",
          "[graphs][file_formats][twsearch]") {
  // B is not listed under Solved: its two pieces differ from each other and from A's pieces 1 and 3.
  CHECK(read_twsearch("Set A 2 1\nSet B 2 1\nSolved\nA\n1 3\nEnd\nMove s\nA\n2 1\nEnd\n", "f").is_cayley());
}

TEST_CASE("ksolve: its keywords, blanks and skipped sections", "[graphs][file_formats][twsearch]") {
  const auto graph = read_twsearch(
      "Name x\r\nSet C 2 1\r\n\r\nForbiddenPairs\nA B\nEnd\nMoveLimits\nA 3\nEnd\nStartState\nC\n1\t2\nEnd\n"
      "MoveTransformation A # comment\n C \n 2 1 \nEnd\n",
      "f.ksolve");
  CHECK(graph.names() == names{"A"});
  CHECK(array_of(graph, "A") == image_array{1, 0});
}

TEST_CASE("twsearch: errors name file, line and reason", "[graphs][file_formats][twsearch]") {
  const auto parse = [](const std::string& text) {
    INFO(text);
    return refusal<parse_error>([&] { return read_twsearch(text, "f.tws"); });
  };
  const auto domain = [](const std::string& text) {
    INFO(text);
    return refusal<domain_error>([&] { return read_twsearch(text, "f.tws"); });
  };
  check_has(parse(""), "no Move");
  check_has(parse("Set C 2 1\n"), "no Move");
  check_has(parse("\nFoo\n"), "f.tws:2: unknown keyword 'Foo'");
  check_has(parse("Set C 2\n"), "f.tws:1: ");
  check_has(parse("Set C 2 1 1\n"), "f.tws:1: ");
  check_has(parse("\nSet C x 1\n"), "f.tws:2: 'x'");
  check_has(parse("Set C 0 1\n"), "f.tws:1: '0'");
  check_has(parse("Set C -1 1\n"), "f.tws:1: ");
  check_has(parse("Set C 1000000000 1\n"), "f.tws:1: ");
  check_has(parse("Set C 1000000 2\n"), "f.tws:1: ");
  check_has(parse("Set C 99999999999999999999 1\n"), "f.tws:1: ");
  check_has(parse("Set A 1000000 1\nSet B 1000000 1\n"), "f.tws:2: ");
  const std::string set = "Set C 2 3\n";
  check_has(parse(set + "Move\nC\n1 2\nEnd\n"), "f.tws:2: ");
  check_has(parse(set + "Move a b\nC\n1 2\nEnd\n"), "f.tws:2: ");
  check_has(parse(set + "Move a\nD\n1 2\nEnd\n"), "f.tws:3: ");
  check_has(parse(set + "Move a\nC\n1 2\n"), "f.tws:2: this section has no End");
  check_has(parse(set + "Move a\nC\n"), "f.tws:3: no numbers follow C");
  check_has(parse(set + "Move a\nC\nEnd\n"), "f.tws:3: no numbers follow C");
  check_has(parse(set + "Move a\nC\n1 2 3\nEnd\n"), "f.tws:4: ");
  check_has(parse(set + "Move a\nC\n1\nEnd\n"), "f.tws:4: ");
  check_has(parse(set + "Move a\nC\n1 3\nEnd\n"), "f.tws:4: '3'");
  check_has(parse(set + "Move a\nC\n0 1\nEnd\n"), "f.tws:4: '0'");
  check_has(parse(set + "Move a\nC\n1 2\n0 3\nEnd\n"), "f.tws:5: '3'");
  check_has(parse(set + "Move a\nC\n1 2\n0 ?\nEnd\n"), "f.tws:5: '?'");  // a move turns by a number
  check_has(parse(set + "Move a\nC\n1 2\n0\nEnd\n"), "f.tws:5: ");
  check_has(parse(set + "Move a\nC\n1 2\n0 0\n0 0\nEnd\n"), "f.tws:6: ");
  check_has(parse(set + "Solved\nC\n1 2\n0 5\nEnd\n"), "f.tws:5: '5'");
  check_has(domain(set + "\nMove a\nC\n1 1\nEnd\n"), "f.tws:3: ");
  check_has(domain("Move a\nEnd\n"), "degree 0");
  CHECK_THROWS_AS(read_twsearch("Set A 2 1\nMove a\nA\n2 1\nEnd\nSet B 2 1\nMove b\nB\n2 1\nEnd\n", "f.tws"),
                  cosetta::error);
}

// -------------------------------------------------------------------------------------------------------------- Santa

namespace {

constexpr const char* two_types =
    "puzzle_type,allowed_moves\n"
    "small,\"{'r': [1, 2, 0], 'a': [1, 0, 2]}\"\n"
    "cube_2/2/2,\"{'f0': [0, 2, 3, 1]}\"\n";

}  // namespace

TEST_CASE("Santa: one row a type, moves in their order", "[graphs][file_formats][santa]") {
  const auto small = read_santa(two_types, "f.csv", "small");
  CHECK(small.names() == names{"r", "a"});
  CHECK(array_of(small, "r") == image_array{1, 2, 0});
  CHECK(small.spec() == "f.csv");
  CHECK(read_santa(two_types, "f.csv", "cube_2/2/2").degree() == 4);
  // A single row needs no name; carriage returns, blank lines and a missing header do no harm.
  CHECK(read_santa("puzzle_type,allowed_moves\r\n\r\nx,\"{'r': [1, 0]}\"\r\n", "f.csv", "").names() == names{"r"});
  CHECK(read_santa("x,\"{'r': [1, 0]}\"", "f.csv", "x").names() == names{"r"});
}

TEST_CASE("Santa: an unknown type names the nearest", "[graphs][file_formats][santa]") {
  const auto message = refusal<parse_error>([] { return read_santa(two_types, "f.csv", "cube_2/2/3"); });
  check_has(message, "f.csv: no puzzle type 'cube_2/2/3'; nearest: cube_2/2/2");
}

TEST_CASE("Santa: a file of several types needs a name", "[graphs][file_formats][santa]") {
  check_has(refusal<parse_error>([] { return read_santa(two_types, "f.csv", ""); }), "name one puzzle type");
}

TEST_CASE("Santa: errors name file, line and reason", "[graphs][file_formats][santa]") {
  const auto parse = [](const std::string& text) {
    INFO(text);
    return refusal<parse_error>([&] { return read_santa(text, "f.csv", "x"); });
  };
  check_has(parse(""), "f.csv: no puzzle type 'x'");
  check_has(parse("puzzle_type,allowed_moves\n"), "no puzzle type 'x'");
  check_has(parse("puzzle_type,allowed_moves\nx\n"), "f.csv:2: ");
  check_has(parse("puzzle_type,allowed_moves\nx,\"[1, 0]\"\n"), "f.csv:2: ");
  check_has(parse("puzzle_type,allowed_moves\nx,\"{'r': [1, 0]\"\n"), "f.csv:2: ");
  check_has(parse("puzzle_type,allowed_moves\nx,\n"), "f.csv:2: ");
  check_has(parse("puzzle_type,allowed_moves\nx,\"{'r': 7}\"\n"), "f.csv:2: move r");
  const auto domain = [](const std::string& text) {
    INFO(text);
    return refusal<domain_error>([&] { return read_santa(text, "f.csv", "x"); });
  };
  check_has(domain("h,i\nx,\"{'r': [1, 1]}\"\n"), "f.csv:2: move r");
  check_has(domain("h,i\nx,\"{'r': [1, 0], 's': [1, 2, 0]}\"\n"), "f.csv:2: ");
  check_has(domain("h,i\nx,\"{}\"\n"), "f.csv:2: ");
  check_has(refusal<parse_error>([] { return read_santa("puzzle_type,allowed_moves\n", "f.csv", ""); }), "f.csv");
}

}  // namespace file_formats_test
