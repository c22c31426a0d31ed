#include <graphs/automorphism.hpp>
#include <graphs/catalogue.hpp>
#include <graphs/coloured_graph.hpp>
#include <graphs/explicit_graph.hpp>
#include <graphs/puzzle_geometry.hpp>
#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <sstream>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

// --------------------------------------------------------------------------------------------------------------- list

std::string_view section_name(graphs::section part) {
  switch (part) {
    case graphs::section::permutations:
      return "permutation groups";
    case graphs::section::matrices:
      return "matrix groups";
    case graphs::section::puzzles:
      return "puzzles";
  }
  return "";
}

std::string parameters_text(const graphs::family& f) {
  std::string out;
  for (const auto& p : f.parameters) out += (out.empty() ? ":" : ",") + p.name + (p.fallback.index() == 1 ? "=" : "");
  return out;
}

bool mentions(const graphs::family& f, std::string_view pattern) {
  return f.name.find(pattern) != std::string::npos || f.definition.find(pattern) != std::string::npos ||
         std::any_of(f.aliases.begin(), f.aliases.end(),
                     [&](const auto& a) { return a.find(pattern) != std::string::npos; });
}

std::string list_text(const std::string& pattern) {
  std::string out;
  std::optional<graphs::section> current;
  for (const auto& f : graphs::catalogue()) {
    if (!mentions(f, pattern)) continue;
    if (current != f.part) out += fmt::format("{}{}\n", current ? "\n" : "", section_name(f.part));
    current = f.part;
    out += fmt::format("  {}{}\n      {}\n", f.name, parameters_text(f), f.definition);
    const auto line = [&](std::string_view title, const std::string& text) {
      if (!text.empty()) out += fmt::format("      {}: {}\n", title, text);
    };
    line("group", f.group);
    line("generators", f.generators);
    line("known", f.formulas);
    line("also", fmt::format("{}", fmt::join(f.aliases, " ")));
    line("example", f.example);
  }
  std::vector<std::string_view> puzzles;
  for (const auto& p : graphs::known_puzzles()) {
    if (("puzzle:" + std::string(p.name)).find(pattern) != std::string::npos) puzzles.push_back(p.name);
  }
  if (!puzzles.empty())
    out += fmt::format("\npuzzles cut by planes\n  puzzle:NAME with NAME one of {}\n", fmt::join(puzzles, " "));
  return out;
}

std::string list_json(const std::string& pattern) {
  ordered_json document = {
      {"schema", "cosetta.catalogue/1"}, {"version", version}, {"families", ordered_json::array()}};
  for (const auto& f : graphs::catalogue()) {
    if (!mentions(f, pattern)) continue;
    auto parameters = ordered_json::array();
    for (const auto& p : f.parameters) {
      ordered_json entry = {{"name", p.name}, {"meaning", p.meaning}, {"required", p.fallback.index() == 0}};
      if (p.fallback.index() == 1)
        std::visit([&](const auto& value) { entry["default"] = value; }, std::get<graphs::argument>(p.fallback));
      if (p.type == graphs::parameter::kind::integer) entry["least"] = p.least;
      parameters.push_back(std::move(entry));
    }
    document["families"].push_back({{"name", f.name},
                                    {"section", section_name(f.part)},
                                    {"parameters", parameters},
                                    {"definition", f.definition},
                                    {"group", f.group},
                                    {"generators", f.generators},
                                    {"known", f.formulas},
                                    {"aliases", f.aliases},
                                    {"example", f.example}});
  }
  auto& puzzles = document["puzzles"] = ordered_json::array();
  for (const auto& p : graphs::known_puzzles()) {
    const std::string spec = "puzzle:" + std::string(p.name);
    if (spec.find(pattern) != std::string::npos) puzzles.push_back({{"spec", spec}, {"geometry", p.shape_and_cuts}});
  }
  return document.dump() + "\n";
}

std::string list_csv(const std::string& pattern) {
  const auto quoted = [](std::string text) {
    for (auto at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2)) text.insert(at, 1, '"');
    return "\"" + text + "\"";
  };
  std::string out = "name,parameters,definition,group,generators,known,example\n";
  for (const auto& f : graphs::catalogue()) {
    if (!mentions(f, pattern)) continue;
    const std::string parameters = parameters_text(f);
    out +=
        fmt::format("{},{},{},{},{},{},{}\n", f.name, quoted(parameters.empty() ? "" : parameters.substr(1)),
                    quoted(f.definition), quoted(f.group), quoted(f.generators), quoted(f.formulas), quoted(f.example));
  }
  return out;
}

int run_list(const std::string& pattern, const output_arguments& output) {
  switch (output.chosen()) {
    case output_format::json:
      output.write(list_json(pattern));
      break;
    case output_format::csv:
      output.write(list_csv(pattern));
      break;
    case output_format::markdown:
      output.write(graphs::catalogue_markdown());
      break;
    case output_format::latex:
      throw parse_error("graph list has no latex form; there are text, json, csv, markdown");
    case output_format::text:
      output.write(list_text(pattern));
      break;
  }
  return answered;
}

// --------------------------------------------------------------------------------------------------------------- info

std::string element_text(const graphs::graph_definition& graph, std::size_t i, groups::point first_point) {
  if (const auto* set = graph.permutations()) {
    const auto& p = (*set)[i];
    const auto text = groups::to_cycles(p, first_point);
    return fmt::format("{}  order {}, {}", text.size() <= 100 ? text : text.substr(0, 100) + "...",
                       groups::order(p).get_str(), groups::sign(p) > 0 ? "even" : "odd");
  }
  const auto text = groups::to_string((*graph.matrices())[i]);
  return text.size() <= 100 ? text : text.substr(0, 100) + "...";
}

std::string info_text(const graphs::graph_definition& graph, groups::point first_point) {
  constexpr std::size_t most = 40;
  std::string out = fmt::format(
      "{}  {} graph, degree {}{}, {} generators, {}\n", graph.spec(), graph.is_cayley() ? "Cayley" : "Schreier",
      graph.degree(), graph.matrices() == nullptr ? "" : fmt::format(" modulo {}", graph.modulus()),
      graph.generator_count(), graph.is_inverse_closed() ? "inverse-closed" : "not inverse-closed (directed)");
  for (std::size_t i = 0; i < std::min(graph.generator_count(), most); ++i) {
    out += fmt::format("  {}  {}\n", graph.names()[i], element_text(graph, i, first_point));
  }
  if (graph.generator_count() > most)
    out += fmt::format("  ... {} more (--json shows all)\n", graph.generator_count() - most);
  const auto central = to_string(graph, graph.central(), 0);
  out += fmt::format("central state {}\n", central.size() <= 200 ? central : central.substr(0, 200) + "...");
  const auto duplicates = std::visit([](const auto& set) { return set.duplicates(); }, graph.generators());
  for (std::size_t i = 0; i < std::min<std::size_t>(duplicates.size(), 5); ++i) {
    out += fmt::format("note: generator {} equals {}\n", graph.names()[duplicates[i].first],
                       graph.names()[duplicates[i].second]);
  }
  if (duplicates.size() > 5) out += fmt::format("note: {} duplicate generators in all\n", duplicates.size());
  if (graph.known().vertices) out += fmt::format("vertices {} (known)\n", graph.known().vertices->get_str());
  if (graph.known().diameter) out += fmt::format("diameter {} (known)\n", graph.known().diameter->get_str());
  return out;
}

/// Of an enumeration of cosets that the graph asks for; nothing else here takes long.
groups::group_control control_of(const std::optional<std::string>& time) {
  groups::group_control control;
  if (time) control.deadline = std::chrono::steady_clock::now() + parse_duration(*time);
  return control;
}

void add_time_argument(CLI::App& verb, std::optional<std::string>& time) {
  verb.add_option("--time", time, "give up after this long, in a coset enumeration: 2h, 90s, 500ms");
}

struct info_arguments {
  graph_arguments graph;
  std::optional<std::string> time;
  output_arguments output;
  bool automorphisms = false;
  std::size_t limit = 100'000;
};

/// Of the whole graph as it is seen without names: arcs are alike.
graphs::automorphism_result automorphisms_of(const graphs::graph_definition& graph, std::size_t limit, std::stop_token stop) {
  if (!graphs::automorphisms_available()) throw backend_error("--automorphisms: this build has no nauty (libnauty2-dev)");
  graphs::automorphism_limits limits;
  limits.stop = std::move(stop);
  return graphs::automorphism_group(graphs::make_coloured_graph(graph, graphs::arc_colours::none, limit), limits);
}

std::string automorphisms_text(const graphs::automorphism_result& a) {
  if (a.interrupted) return "automorphisms: interrupted\n";
  return fmt::format("automorphisms {}, {}\n", a.order.get_str(), a.orbit_count == 1 ? "vertex-transitive" : fmt::format("{} orbits of vertices", a.orbit_count));
}

ordered_json automorphisms_json(const graphs::automorphism_result& a) {
  if (a.interrupted) return {{"status", "interrupted"}};
  return {{"status", "exact"}, {"order", a.order.get_str()}, {"vertex_orbits", a.orbit_count}, {"vertex_transitive", a.orbit_count == 1}};
}

int show_info(const info_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("graph info has the formats text and json");
  a.output.check_writable();
  const auto graph = a.graph.read(control_of(a.time));
  std::optional<graphs::automorphism_result> found;
  if (a.automorphisms) {
    const interrupt_guard guard;
    found = automorphisms_of(graph, a.limit, guard.token());
  }
  const int code = found && found->interrupted ? int{interrupted} : int{answered};
  if (format == output_format::text) {
    a.output.write(info_text(graph, a.graph.first_point()) + (found ? automorphisms_text(*found) : ""));
    return code;
  }
  ordered_json document = {{"schema", "cosetta.graph/1"}, {"graph", graph_json(graph, a.graph.first_point(), true)}};
  if (graph.known().vertices) document["known"]["vertices"] = graph.known().vertices->get_str();
  if (graph.known().diameter) document["known"]["diameter"] = graph.known().diameter->get_str();
  if (found) document["automorphisms"] = automorphisms_json(*found);
  document["run"] = {{"version", version}, {"command", command_line}};
  a.output.write(json_text(document));
  return code;
}

// ------------------------------------------------------------------------------------------------------------- export

struct export_arguments {
  graph_arguments graph;
  std::string format = "dot";
  std::size_t limit = 100'000;
  std::optional<std::string> time;
  output_arguments output;
};

int run_export(const export_arguments& a) {
  const auto format = graphs::export_format_from(a.format);
  if (!format)
    throw parse_error(fmt::format("unknown export format '{}'; there are dot, graphml, csv, json, graph6", a.format));
  const auto graph = graphs::make_explicit(a.graph.read(control_of(a.time)), a.limit);
  std::ostringstream text;
  graphs::write_graph(text, graph, *format, a.graph.first_point());
  a.output.write(text.str());
  return answered;
}

void add_list(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("list", "the catalogue: definitions, groups, generators, known formulas");
  const auto pattern = std::make_shared<std::string>();
  const auto output = std::make_shared<output_arguments>();
  verb->add_option("PATTERN", *pattern, "only families whose name or definition holds this text");
  add_output_arguments(*verb, *output, "text, json, csv, markdown");
  verb->footer("Examples:\n  cosetta graph list\n  cosetta graph list pancake\n  cosetta graph list --json");
  verb->callback([=, &call] { call.action = [=] { return run_list(*pattern, *output); }; });
}

void add_info(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("info", "what a graph is: generators, central state, known facts");
  const auto a = std::make_shared<info_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_flag("--automorphisms", a->automorphisms, "also the number of automorphisms of the graph, names of generators left out (needs nauty)");
  verb->add_option("--limit", a->limit, "of vertices, for --automorphisms: refuse more")->check(check_natural)->capture_default_str();
  add_time_argument(*verb, a->time);
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "The JSON form holds the generators in full and can be read back as a graph.\n\n"
      "Examples:\n  cosetta graph info lrx:8\n  cosetta graph info heisenberg:3,modulo=5 --json\n"
      "  cosetta graph info pancake:5 --json | cosetta growth -");
  verb->callback([=, &call] { call.action = [=, &call] { return show_info(*a, call.command_line); }; });
}

void add_export(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("export", "write a small graph out with all vertices and edges");
  const auto a = std::make_shared<export_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_option("--format", a->format, "dot, graphml, csv (edges), json, graph6")->capture_default_str();
  verb->add_option("--limit", a->limit, "refuse more vertices than this")->check(check_natural)->capture_default_str();
  add_time_argument(*verb, a->time);
  verb->add_option("-o,--output", a->output.file, "write to a file instead of stdout");
  verb->footer(
      "Examples:\n  cosetta graph export coxeter:3\n  cosetta graph export lrx:4 --format graph6\n"
      "  cosetta graph export lx:4 --format csv\n  cosetta graph export heisenberg:3,modulo=2 --format graphml");
  verb->callback([=, &call] { call.action = [=] { return run_export(*a); }; });
}

}  // namespace

void add_graph_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("graph", "the catalogue, and graphs as definitions: list, info, export");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n  cosetta graph list star\n  cosetta graph info stars:6\n  cosetta graph export stars:4 --format "
      "csv");
  add_list(*noun, call);
  add_info(*noun, call);
  add_export(*noun, call);
}

}  // namespace cosetta::tools
