#include <graphs/puzzle_cuts.hpp>
#include <graphs/puzzle_geometry.hpp>

#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace cosetta::graphs {
namespace {

constexpr cut_rule at(char family, double distance) {
  return {family, distance, 0, 1};
}

constexpr cut_rule spaced(char family, double first, double step, int count) {
  return {family, first, step, count};
}

// n layers of equal thickness between opposite faces; the mirror planes come with the opposite normals.
constexpr cut_rule cube_layers(int n) {
  return {'f', static_cast<double>(n % 2) / n, 2.0 / n, n / 2};
}

// The lowest `count` of the n - 1 planes that cut a tetrahedron, 4 high, into n layers below each vertex.
constexpr cut_rule pyramid_layers(int n, int count) {
  return {'v', -1 + 4.0 / n, 4.0 / n, count};
}

constexpr double third = 1.0 / 3;
constexpr double dino_depth = 0.57735026918962576;       // 1 / sqrt(3): through the diagonals of the cube's faces
constexpr double pentagram_depth = 0.23606797749978969;  // sqrt(5) - 2: cuts draw pentagrams through the midpoints
constexpr double starminx_depth = 0.93796237042539932;   // the same lines, drawn by the vertex cuts
constexpr double golden_depth = 0.61803398874989485;     // (sqrt(5) - 1) / 2
constexpr std::string_view halves = "cuts through the centre: either half turns";
constexpr std::string_view no_tips = "without the trivial tips";

constexpr puzzle_cuts table[] = {
    {"10x10x10", 'c', {cube_layers(10)}},
    {"11x11x11", 'c', {cube_layers(11)}},
    {"12x12x12", 'c', {cube_layers(12)}},
    {"13x13x13", 'c', {cube_layers(13)}},
    {"20x20x20", 'c', {cube_layers(20)}},
    {"2x2x2", 'c', {cube_layers(2)}, halves},
    {"2x2x2_+_dino", 'c', {cube_layers(2), at('v', dino_depth)}, halves},
    {"2x2x2_+_dino_+_little_chop", 'c', {cube_layers(2), at('v', dino_depth), at('e', 0)}, halves},
    {"2x2x2_+_little_chop", 'c', {cube_layers(2), at('e', 0)}, halves},
    {"30x30x30", 'c', {cube_layers(30)}},
    {"3x3x3", 'c', {cube_layers(3)}},
    {"4x4x4", 'c', {cube_layers(4)}},
    {"5x5x5", 'c', {cube_layers(5)}},
    {"6x6x6", 'c', {cube_layers(6)}},
    {"7x7x7", 'c', {cube_layers(7)}},
    {"8x8x8", 'c', {cube_layers(8)}},
    {"9x9x9", 'c', {cube_layers(9)}},
    {"Christopher's_jewel", 'o', {at('v', dino_depth)}},
    {"Eitan's_star", 'i', {at('f', golden_depth)}},
    {"FTO", 'o', {at('f', third)}, "face-turning octahedron"},
    {"Icosaminx", 'i', {at('v', 0.73)}},
    {"Jing_pyraminx", 't', {at('f', 0)}, halves},
    {"Redicosahedron", 'i', {at('v', redicosa_depth)}},
    {"Redicosahedron_with_centers", 'i', {at('v', 0.84)}, "same moves as Redicosahedron: its centres stay in place"},
    {"Regular_Astrominx", 'i', {at('v', astrominx_depth)}},
    {"Regular_Astrominx_+_Big_Chop", 'i', {at('v', astrominx_depth), at('e', 0)}, halves},
    {"Trajber's_octahedron", 'o', {at('v', 0.43301270189221932)}, "cuts at sqrt(3) / 4"},
    {"big_chop", 'd', {at('e', 0)}, halves},
    {"chopasaurus", 'd', {at('v', 0)}, halves},
    {"compy_cube", 'c', {at('v', 0.70710678118654752)}},
    {"curvy_copter", 'c', {at('e', 0.83)}, "only the turns by 180 degrees, no jumbling"},
    {"dino", 'c', {at('v', dino_depth)}},
    {"dino_+_little_chop", 'c', {at('v', dino_depth), at('e', 0)}, halves},
    {"elite_pentultimate", 'd', {spaced('f', 0, 0.15, 2)}},
    {"emperor_pyraminx", 't', {pyramid_layers(7, 6)}},
    {"emperor_tetraminx", 't', {pyramid_layers(7, 5)}, no_tips},
    {"examinx", 'd', {spaced('f', 0.64, 0.072, 5)}},
    {"gigaminx", 'd', {spaced('f', 0.64, 0.18, 2)}},
    {"helicopter", 'c', {at('e', 0.70710678118654752)}, "only the turns by 180 degrees, no jumbling"},
    {"icosamate", 'i', {at('v', 0)}, halves},
    {"little_chop", 'c', {at('e', 0)}, halves},
    {"master_FTO", 'o', {spaced('f', 0, 0.5, 2)}},
    {"master_pentultimate", 'd', {at('f', 0.1)}},
    {"master_pyraminx", 't', {pyramid_layers(4, 3)}},
    {"master_pyramorphix", 't', {at('e', 0.86602540378443865)}, "cuts at sqrt(3) / 2"},
    {"master_skewb", 'c', {at('v', 0.275)}},
    {"master_tetraminx", 't', {pyramid_layers(4, 2)}, no_tips},
    {"mastermorphix", 't', {at('e', 0.40824829046386307)}},
    {"megaminx", 'd', {at('f', 0.7)}},
    {"megaminx_+_chopasaurus", 'd', {at('f', golden_depth), at('v', 0)}},
    {"octastar", 'o', {at('e', 0)}, halves},
    {"pentultimate", 'd', {at('f', 0)}, halves},
    {"petaminx", 'd', {spaced('f', 0.64, 0.09, 4)}},
    {"professor_pyraminx", 't', {pyramid_layers(5, 4)}},
    {"professor_skewb", 'c', {spaced('v', 0, 0.38, 2)}},
    {"professor_tetraminx", 't', {pyramid_layers(5, 3)}, no_tips},
    {"pyraminx", 't', {pyramid_layers(3, 2)}},
    {"pyraminx_crystal", 'd', {at('f', 0.44721359549995793)}},
    {"pyramorphix", 't', {at('e', 0)}, halves},
    {"radio_chop", 'i', {at('f', 0)}, halves},
    {"royal_pyraminx", 't', {pyramid_layers(6, 5)}},
    {"royal_tetraminx", 't', {pyramid_layers(6, 4)}, no_tips},
    {"skewb", 'c', {at('v', 0)}, halves},
    {"skewb_diamond", 'o', {at('f', 0)}, halves},
    {"starminx", 'd', {at('v', starminx_depth)}},
    {"starminx_2", 'd', {at('f', pentagram_depth)}},
    {"starminx_combo", 'd', {at('f', pentagram_depth), at('v', starminx_depth)}},
    {"teraminx", 'd', {spaced('f', 0.64, 0.12, 3)}},
    {"tetraminx", 't', {pyramid_layers(3, 1)}, no_tips},
    {"yottaminx", 'd', {spaced('f', 0.64, 0.0514, 7)}},
    {"zetaminx", 'd', {spaced('f', 0.64, 0.06, 6)}},
};

std::string_view shape_name(char shape) {
  for (const std::string_view name : {"tetrahedron", "cube", "octahedron", "dodecahedron"})
    if (name.front() == shape) return name;
  return "icosahedron";
}

std::string describe_cuts(const puzzle_cuts& row) {
  std::ostringstream text;
  text << shape_name(row.shape);
  for (const cut_rule& rule : row.cuts) {
    if (rule.count == 0) continue;
    text << (rule.family == 'f' ? ", faces at" : rule.family == 'v' ? ", vertices at" : ", edges at");
    for (int i = 0; i < rule.count; ++i) text << ' ' << rule.first + i * rule.step;
  }
  return text.str();
}

}  // namespace

std::span<const puzzle_cuts> puzzle_table() noexcept {
  return table;
}

std::span<const puzzle_description> known_puzzles() {
  static std::array<std::string, std::size(table)> cuts;  // owns what the descriptions view
  static const std::vector<puzzle_description> descriptions = [] {
    std::vector<puzzle_description> result;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      cuts[i] = describe_cuts(table[i]);
      result.push_back({table[i].name, cuts[i], table[i].remark});
    }
    return result;
  }();
  return descriptions;
}

}  // namespace cosetta::graphs
