#include <search/coordinate.hpp>

#include <graphs/catalogue.hpp>
#include <tests/effort.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <string>

namespace coordinate_test {
namespace {

using namespace cosetta;
using images = search::coordinate::images;

/// Where each generator takes the label at each place.
std::vector<images> moves_of(const graphs::graph_definition& graph) {
  std::vector<images> out;
  for (const auto& p : graph.permutations()->elements()) {
    const auto q = p.inverse();
    auto& g = out.emplace_back();
    for (std::size_t i = 0; i < graph.degree(); ++i) g.push_back(static_cast<std::uint8_t>(q[i]));
  }
  return out;
}

/// Random colours, of which `most` occur at most.
images random_colours(std::size_t n, unsigned most, std::mt19937_64& random) {
  images out(n);
  for (auto& c : out) c = static_cast<std::uint8_t>(random() % most);
  return out;
}

}  // namespace

TEST_CASE("numbers of coordinates are those of the colourings that are shown", "[coordinate]") {
  std::mt19937_64 random(5);
  for (const auto& spec : tests::inputs<std::string>({"lrx:9", "lx:8", "pancake:10", "rubik_cube:3,metric=HTM", "puzzle:pyraminx", "stars:7"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto moves = moves_of(graph);
    for (const unsigned colours : {1U, 2U, 3U, 200U}) {
      const auto c = search::coordinate::enumerate(moves, random_colours(graph.degree(), colours, random), 20'000);
      if (!c) continue;
      images labels(graph.degree()), moved = labels;
      for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i);
      std::uint32_t id = 0;
      for (int step = 0; step < 500; ++step) {
        images shown;
        for (const auto label : labels) shown.push_back(c->colours()[label]);
        REQUIRE(c->rank(shown.data()) == id);
        REQUIRE(c->rank_of_labels(labels.data()) == id);
        const std::size_t g = random() % moves.size();
        for (std::size_t i = 0; i < labels.size(); ++i) moved[moves[g][i]] = labels[i];
        labels.swap(moved);
        id = c->next(id, g);
      }
    }
  }
}

TEST_CASE("coordinates have as many numbers as the group has images of the colouring", "[coordinate]") {
  const auto graph = graphs::make_catalogue_graph("lrx:8");
  const auto moves = moves_of(graph);
  CHECK(search::coordinate::enumerate(moves, images(8, 0), 10)->size() == 1);
  CHECK(search::coordinate::enumerate(moves, {1, 0, 0, 0, 0, 0, 0, 0}, 10)->size() == 8);
  CHECK(search::coordinate::enumerate(moves, {0, 0, 0, 0, 1, 1, 1, 1}, 100)->size() == 70);
  CHECK(search::coordinate::enumerate(moves, {0, 1, 2, 3, 4, 5, 6, 7}, 50'000)->size() == 40'320);
  CHECK_FALSE(search::coordinate::enumerate(moves, {0, 0, 0, 0, 1, 1, 1, 1}, 69));
}

}  // namespace coordinate_test
