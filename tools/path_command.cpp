#include <graphs/parse_state.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>
#include <graphs/csv.hpp>
#include <search/path.hpp>
#include <search/path_patterns.hpp>
#include <tools/commands.hpp>
#include <tools/competition.hpp>
#include <tools/render.hpp>
#include <tools/state_rows.hpp>
#include <tools/table.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using search::path_result;
using search::path_status;
using search::word_text;

struct path_arguments {
  graph_arguments graph;
  run_arguments run;
  output_arguments output;
  std::string state, from;
  std::optional<std::string> to;
  bool from_central = false;
  std::string method = "auto";
  std::string distances;
  std::string tables = "128M";
};

struct path_view {
  const graphs::graph_definition& graph;
  const graphs::state& from;
  const graphs::state& to;
  const path_result& result;
  const std::string& command_line;
  groups::point first_point;
};

int path_exit_code(path_status status) {
  switch (status) {
    case path_status::geodesic:
      return answered;
    case path_status::no_path:
      return answered_no;
    case path_status::lower_bound:
      return limit_reached;
    case path_status::interrupted:
      return interrupted;
  }
  return failed;
}

/// A word is of use only if it is read back as the same one: names may hold dots, or marks of inverses. Throws domain_error.
void check_names_of_words(const graphs::graph_definition& graph) {
  const auto& names = graph.names();
  for (const auto& name : names) {
    bool same = false;
    try {
      const auto word = groups::parse_word(name, names);
      same = word.size() == 1 && word[0] > 0 && names[static_cast<std::size_t>(word[0] - 1)] == name;
    } catch (const parse_error&) {
      same = false;
    }
    if (!same) throw domain_error(fmt::format("{}: words with the generator '{}' would be read back as others, since its name holds dots or marks: rename it", graph.spec(), name));
  }
}

std::string path_text(const path_view& v) {
  const auto& r = v.result;
  switch (r.status) {
    case path_status::geodesic:
      return fmt::format("{}   {}  geodesic{}\n", word_text(v.graph, r.word), r.word.size(), r.several ? "          (one of several)" : "");
    case path_status::no_path:
      return fmt::format("no path          ({})\n", r.reason);
    default:
      return fmt::format("no path shorter than {}          ({})\n", r.lower_bound, limit_text(r.limit));
  }
}

std::string path_json(const path_view& v) {
  using nlohmann::ordered_json;
  const auto& r = v.result;
  ordered_json result = {{"status", search::to_string(r.status)}};
  if (r.limit != search::limit::none) result["limit"] = search::to_string(r.limit);
  result["from"] = state_json(v.graph, v.from, v.first_point);
  result["to"] = state_json(v.graph, v.to, v.first_point);
  const bool found = r.status == path_status::geodesic;
  result["word"] = found ? ordered_json(word_text(v.graph, r.word)) : ordered_json(nullptr);
  result["length"] = found ? ordered_json(r.word.size()) : ordered_json(nullptr);
  result["optimal"] = found;
  result["lower_bound"] = r.status == path_status::no_path ? ordered_json(nullptr) : ordered_json(r.lower_bound);
  if (r.several) result["several"] = true;
  if (!r.reason.empty()) result["reason"] = r.reason;
  ordered_json document = {{"schema", "cosetta.path/1"},
                           {"graph", graph_json(v.graph, v.first_point, false)},
                           {"result", std::move(result)},
                           {"run",
                            {{"method", r.method},
                             {"threads", r.threads},
                             {"seconds", r.seconds},
                             {"states", count_json(r.states)},
                             {"nodes", count_json(r.nodes)},
                             {"tables", r.tables.empty() ? ordered_json(nullptr) : ordered_json(r.tables)},
                             {"forward_radius", r.forward_radius},
                             {"backward_radius", r.backward_radius},
                             {"peak_bytes", r.peak_bytes},
                             {"version", version},
                             {"command", v.command_line}}}};
  return json_text(document);
}

std::string render_path(const path_view& v, output_format format) {
  if (format == output_format::text) return path_text(v);
  if (format == output_format::json) return path_json(v);
  const auto& r = v.result;
  const bool found = r.status == path_status::geodesic;
  const table_format table(format);
  return table.head({"status", "word", "length", "lower_bound"}, v.command_line) +
         table.row({std::string(search::to_string(r.status)), found ? word_text(v.graph, r.word) : "", found ? fmt::format("{}", r.word.size()) : "",
                    r.status == path_status::no_path ? "" : fmt::format("{}", r.lower_bound)}) +
         table.foot();
}

/// One line for each row of a file, in their order. The exit code.
int path_rows(const path_arguments& a, const graphs::graph_definition& graph, const graphs::state& to, const search::path_options& options,
              const search::run_context& context) {
  std::string text = "initial_state_id,path,length,lower_bound,status\n";
  status_line line;
  std::size_t limited = 0, without = 0;
  const auto rows = read_state_rows(a.from, graph, a.graph.first_point());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    line.show(fmt::format("{} of {} rows", i, rows.size()));
    path_result r;
    r.limit = search::limit::time;
    if (!context.is_stopped()) {
      r = search::find_path(graph, rows[i].state, to, options, context);
    } else if (context.stop.stop_requested()) {
      r.status = path_status::interrupted;
    }
    const bool found = r.status == path_status::geodesic;
    limited += !found && r.status != path_status::no_path;
    without += r.status == path_status::no_path;
    text += fmt::format("{},{},{},{},{}\n", graphs::csv_field(rows[i].id), found ? graphs::csv_field(word_text(graph, r.word)) : std::string(unsolved),
                        found ? fmt::format("{}", r.word.size()) : "", r.status == path_status::no_path ? "" : fmt::format("{}", r.lower_bound), search::to_string(r.status));
  }
  line.clear();
  a.output.write(text);
  if (context.stop.stop_requested()) return interrupted;
  return limited > 0 ? limit_reached : without > 0 ? answered_no : answered;
}

int run_path(const path_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  search::path_options options;
  const auto method = search::path_method_from(a.method);
  if (!method) throw parse_error(fmt::format("unknown method '{}'; there are auto, bidirectional, ida, table", a.method));
  options.method = *method;
  options.max_depth = a.run.max_depth;
  options.pattern_bytes = parse_bytes(a.tables);
  a.run.check_cpu("path");
  options.instructions = a.run.options().instructions;
  if (a.state.empty() == a.from.empty()) throw parse_error("path needs a STATE, or --from FILE, and not both");
  if (!a.from.empty() && (a.from_central || (format != output_format::text && format != output_format::csv))) {
    throw parse_error("path writes many rows as CSV, all to one end: leave --from-central, --json and --format out");
  }
  if (a.from_central && a.to) throw parse_error("--from-central and --to exclude each other");
  auto context = a.run.context();
  a.output.check_writable();
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  check_names_of_words(graph);
  auto from = a.from.empty() ? graphs::parse_state(graph, a.state, a.graph.first_point()) : graph.central();
  auto to = a.to ? graphs::parse_state(graph, *a.to, a.graph.first_point()) : graph.central();
  if (a.from_central) std::swap(from, to);
  const interrupt_guard guard;  // not before stdin is read: Ctrl-C ends that at once
  context.stop = guard.token();

  std::optional<search::distance_table> table;
  if (!a.distances.empty()) options.table = &table.emplace(search::distance_table::open(a.distances, graph, context));
  search::prepared_patterns patterns;
  options.patterns = &patterns;
  if (!a.from.empty()) return path_rows(a, graph, to, options, context);
  path_result result;
  {
    progress_display display(a.output.quiet, a.output.verbose);
    context.observer = [&](const search::progress& p) { display.show(p); };
    result = search::find_path(graph, from, to, options, context);
  }
  if (a.output.verbose && !a.output.quiet && !result.tables.empty()) print_error_line(result.tables);
  a.output.write(render_path({graph, from, to, result, command_line, a.graph.first_point()}, format));
  return path_exit_code(result.status);
}

}  // namespace

void add_path_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("path", "a proven shortest word between two states, or the proof that there is none");
  const auto a = std::make_shared<path_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_option("STATE", a->state, "a row of labels ([1,0,2], 0011, 0,0,1,1), cycles \"(0 1)(2 3)\", a matrix [[1,1],[0,1]], or a word @L.L.X from the central state");
  verb->add_option("--from", a->from, "the rows of this file to one end: CSV with a column initial_state, permutation or state, or a state a line; the table is made once");
  verb->add_flag("--from-central", a->from_central, "the word from the central state to STATE, not the one from STATE to it");
  verb->add_option("--to", a->to, "end at this state instead of the central one");
  verb->add_option("--method", a->method, "auto, bidirectional (search from both ends), ida (by depth, with pattern tables), table (of --distances)")->capture_default_str();
  verb->add_option("--distances", a->distances, "read the word off this table, written by growth --save-distances");
  verb->add_option("--tables", a->tables, "pattern tables take so much, and at most half of --memory: 128M, 4G")->capture_default_str();
  add_run_arguments(*verb, a->run);
  verb->remove_option(verb->get_option("--engine"));
  add_output_arguments(*verb, a->output);
  verb->footer(
      "The generators of the word, applied from left to right, take STATE to the central state. A directed graph is directed:\n"
      "inverses that are not generators are not used.\n"
      "Exit codes: 0 a shortest word; 1 there is no path, which is proven; 3 a limit was reached, and a bound is given; 130\n"
      "interrupted, likewise.\n\n"
      "Examples:\n"
      "  cosetta path lrx:8 \"[7,6,5,4,3,2,1,0]\"\n"
      "  cosetta path lx:8 \"(0 1)\" --from-central\n"
      "  cosetta path lrx:20 01010101010101010101 --central 00000000001111111111 --json\n"
      "  cosetta path heisenberg:3,modulo=5 \"[[1,2,3],[0,1,4],[0,0,1]]\"\n"
      "  cosetta path rubik_cube:2,metric=fixed_HTM @f0.r1.d0.f0 --to @r1.r1.d0\n"
      "  cosetta path lrx:60 \"(0 30)\" --max-depth 12\n"
      "  cosetta path rubik_cube:3,metric=HTM @f0.r0.d0.f2.r2.d2.f0.r0 --method ida --tables 16M\n"
      "  cosetta growth lrx:8 --save-distances lrx8.distances && cosetta path lrx:8 \"(0 7)\" --distances lrx8.distances");
  verb->callback([a, &call] { call.action = [a, &call] { return run_path(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
