#include <graphs/parse_graph.hpp>
#include <search/growth.hpp>

int main() {
  const auto graph = cosetta::graphs::parse_graph("lrx:6");
  const auto result = cosetta::search::make_growth_engine("auto")->run(graph, {}, {});
  return result.states() == 720 ? 0 : 1;
}
