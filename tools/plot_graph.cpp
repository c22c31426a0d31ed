#include <kernels/error.hpp>
#include <tools/figures/figures.hpp>
#include <tools/plot_output.hpp>
#include <tools/render.hpp>

#include <chrono>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

struct plot_graph_arguments {
  graph_arguments graph;
  std::size_t limit = figures::graph_style{}.max_vertices;
  bool plain = false;
  std::optional<std::string> time;
  plot_arguments plot;
};

/// The vertices, and where each generator takes them.
ordered_json drawn_graph_data(const graphs::explicit_graph& graph, groups::point first_point) {
  ordered_json out = {{"graph", graph_json(graph.definition, first_point, false)}, {"vertices", ordered_json::array()}, {"distances", graph.distance}, {"targets", ordered_json::object()}};
  for (const auto& s : graph.vertices) out["vertices"].push_back(state_json(graph.definition, s, first_point));
  const auto& names = graph.definition.names();
  for (std::size_t g = 0; g < names.size(); ++g) {
    auto& targets = out["targets"][names[g]] = ordered_json::array();
    for (std::size_t v = 0; v < graph.vertices.size(); ++v) targets.push_back(graph.targets[v * names.size() + g]);
  }
  return out;
}

int draw_graph(const plot_graph_arguments& a, const std::string& command_line) {
  const bool data = a.plot.wants_data();
  if (a.limit < 1 || a.limit > figures::most_drawn_vertices) throw parse_error(fmt::format("--limit {}: expected 1 to {}", a.limit, figures::most_drawn_vertices));
  groups::group_control control;
  if (a.time) control.deadline = std::chrono::steady_clock::now() + parse_duration(*a.time);
  const auto graph = figures::explicit_for_figure(a.graph.read(control), a.limit);
  const figures::graph_style style{a.limit, !a.plain, a.graph.first_point()};
  a.plot.output.write(data ? plot_document("graph", drawn_graph_data(graph, a.graph.first_point()), command_line) : figures::graph_figure(graph, {a.plot.title, command_line, ""}, style));
  return answered;
}

}  // namespace

void add_plot_graph(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("graph", "a small graph on the spheres around its central state");
  const auto a = std::make_shared<plot_graph_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_option("--limit", a->limit, "refuse more vertices than this")->check(check_natural)->capture_default_str();
  verb->add_flag("--no-labels", a->plain, "dots for the vertices, where there would be room for states too");
  verb->add_option("--time", a->time, "stop after this long: 90s, 500ms (of graphs whose cosets have to be found)");
  add_plot_arguments(*verb, a->plot);
  verb->footer(
      "One colour a generator, arrows for those that are no involutions; a generator and its inverse are one arrow. The farthest states are yellow.\n\n"
      "Examples:\n"
      "  cosetta plot graph lrx:4 -o lrx4.svg && ls lrx4.svg\n"
      "  cosetta plot graph lrx:6 --central 000111\n"
      "  cosetta plot graph lx:4 --json");
  verb->callback([a, &call] { call.action = [a, &call] { return draw_graph(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
