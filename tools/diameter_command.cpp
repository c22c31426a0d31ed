#include <kernels/error.hpp>
#include <search/diameter.hpp>
#include <tools/commands.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

struct diameter_arguments {
  graph_arguments graph;
  run_arguments run;
  output_arguments output;
  bool witness = false;
  std::uint64_t words = 3'000'000;
  std::optional<std::uint64_t> antipodes;
};

constexpr std::string_view how(std::string_view name) {
  if (name == "counting") return "by counting: products of the complete spheres hold no more";
  if (name == "spheres") return "by complete spheres";
  if (name == "antipode") return "by a state that is so far, proven by search from both ends";
  return "by words along a stabilizer chain";
}

std::string text_of(const graphs::graph_definition& graph, const search::diameter_result& d, const diameter_arguments& a) {
  std::string out;
  if (d.status == search::status::exact) {
    out = fmt::format("{}  exact{}\n", d.lower, d.lower_by == "growth" ? "" : ": the bounds meet");
  } else if (d.upper) {
    out = fmt::format("{} to {}  bounds\n", d.lower, *d.upper);
  } else {
    out = fmt::format("at least {}\n", d.lower);
  }
  if (d.lower_by != "growth") {
    out += fmt::format("at least {} {}\n", d.lower, how(d.lower_by));
    if (d.upper) out += fmt::format("at most {} {}\n", *d.upper, how(d.upper_by));
  }
  if (d.far) {
    out += fmt::format("far {}, at distance {}\n", to_string(graph, d.far->state, a.graph.first_point()),
                       d.far->at_least == d.far->at_most ? fmt::format("{}", d.far->at_least) : fmt::format("{} to {}", d.far->at_least, d.far->at_most));
  }
  if (!a.witness) return out;
  const auto& g = d.growth;
  if (g.last_layer.empty()) return out + "no witness: the run was stopped before its states were found again\n";
  const auto state = to_string(graph, g.last_layer.front(), a.graph.first_point());
  const auto count = g.layers.back();
  return out + fmt::format("witness {}, {}{}\n", state, count == 1 ? std::string("unique") : fmt::format("one of {}", count),
                           d.lower_by == "growth" ? " at this distance" : fmt::format(" at distance {}", g.diameter()));
}

std::string json_of(const graphs::graph_definition& graph, const search::diameter_result& d, const diameter_arguments& a, const std::string& command_line) {
  const auto& g = d.growth;
  ordered_json result{{"status", d.status == search::status::lower_bound ? "bounds" : search::to_string(d.status)}};
  if (d.status == search::status::exact) result["diameter"] = d.lower;
  result["lower"] = d.lower, result["lower_by"] = d.lower_by;
  if (d.upper) result["upper"] = *d.upper, result["upper_by"] = d.upper_by;
  if (g.limit != search::limit::none) result["limit"] = search::to_string(g.limit);
  if (d.vertices > 0) result["vertices"] = d.vertices.get_str();
  if (d.far) {
    result["far"] = {{"state", state_json(graph, d.far->state, a.graph.first_point())}, {"at_least", d.far->at_least}, {"at_most", d.far->at_most}};
  }
  if (!g.last_layer.empty()) {
    result["witness"] = state_json(graph, g.last_layer.front(), a.graph.first_point());
    result["witness_distance"] = g.diameter();
    result["at_this_distance"] = count_json(g.layers.back());
  }
  const ordered_json document{{"schema", "cosetta.diameter/1"},
                              {"graph", graph_json(graph, a.graph.first_point(), false)},
                              {"result", result},
                              {"run", {{"engine", g.engine}, {"backend", g.backend}, {"threads", g.threads}, {"seconds", g.seconds},
                                       {"peak_bytes", g.peak_bytes}, {"version", version}, {"command", command_line}}}};
  return json_text(document);
}

int run_diameter(const diameter_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("diameter has the formats text and json");
  const auto engine = search::make_growth_engine(a.run.engine);
  if (!engine) throw parse_error(fmt::format("unknown engine '{}'; there are auto, tower, bucket, oracle", a.run.engine));
  auto context = a.run.context();
  search::diameter_options options;
  options.growth = a.run.options();
  options.growth.last_layer = a.witness ? 1 : 0;
  options.words = a.words, options.tables = a.words > 0;
  if (a.antipodes) {
    options.antipodes = *a.antipodes, options.antipode_memory = true;
    options.antipode_effort = 40'000'000 * std::clamp<std::uint64_t>(*a.antipodes, 1, 1000);
  }
  a.output.check_writable();
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  if (a.antipodes.value_or(0) > 0 && !graph.is_cayley()) throw domain_error(fmt::format("{}: --antipodes looks for far elements of a group; this graph has equal labels or vectors: leave it out", graph.spec()));
  const interrupt_guard guard;
  context.stop = guard.token();
  options.growth.planned = [&](const search::growth_plan& plan) {
    if (a.output.verbose && !a.output.quiet) print_error_line(plan.text);
  };
  search::diameter_result found;
  {
    progress_display display(a.output.quiet, a.output.verbose);
    context.observer = [&](const search::progress& p) { display.show(p); };
    found = search::find_diameter(graph, *engine, options, context);
  }
  a.output.write(format == output_format::json ? json_of(graph, found, a, command_line) : text_of(graph, found, a));
  return found.status == search::status::exact ? answered : found.status == search::status::interrupted ? interrupted : limit_reached;
}

}  // namespace

void add_diameter_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("diameter", "the greatest distance from the central state: exact, or proven bounds");
  const auto a = std::make_shared<diameter_arguments>();
  add_graph_arguments(*verb, a->graph);
  add_run_arguments(*verb, a->run);
  verb->add_flag("--witness", a->witness, "also a state at the greatest distance that was reached, the lexicographically least");
  verb->add_option("--words", a->words, "tried for the upper bound where growth does not end: a few million a second; 0: none")
      ->check(check_natural)
      ->capture_default_str();
  verb->add_option("--antipodes", a->antipodes, "states that look far, for the lower bound: the more, the longer they are looked for, some seconds each, and all of --memory may go into the proof; if not given, one, quickly; 0: none")
      ->check(check_natural);
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "Exact where the whole graph can be grown (cosetta growth). Otherwise at least what complete spheres, counting, and states that are\n"
      "far by proof show, and at most what words along a stabilizer chain show, for permutations whose generators are closed under inversion.\n"
      "Growth has three quarters of --time, the bounds have the rest.\n"
      "Exit codes: 0 exact; 3 bounds; 130 interrupted, with the bounds so far.\n\n"
      "Examples:\n"
      "  cosetta diameter lrx:8 --witness\n"
      "  cosetta diameter lrx:20 --central 00000000001111111111 --json\n"
      "  cosetta diameter rubik_cube:3,metric=HTM --max-depth 4\n"
      "  cosetta diameter lrx:10 --max-depth 12 --antipodes 3");
  verb->callback([a, &call] { call.action = [a, &call] { return run_diameter(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
