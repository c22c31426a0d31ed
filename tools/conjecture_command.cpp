#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/conjecture/sweep.hpp>
#include <tools/conjecture_text.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using conjecture::store;
using nlohmann::ordered_json;

struct sweep_arguments {
  std::string file, db, shard;
  limit_arguments limits;
  output_arguments output;
};

void show(status_line& line, const conjecture::sweep_progress& p) {
  const auto past = p.done + p.reused + p.failed;
  std::string text = fmt::format("{} of {}  {} done  {} reused", past, p.total, p.done, p.reused);
  if (p.failed > 0) text += fmt::format("  {} failed", p.failed);
  text += fmt::format("  {:.0f} s", p.seconds);
  if (p.done > 0) text += fmt::format(", some {:.0f} s left", p.seconds / static_cast<double>(p.done) * static_cast<double>(p.total - past));
  line.show(text);
}

std::string sweep_json(const sweep_arguments& a, const conjecture::sweep_specification& specification, const conjecture::sweep_result& r,
                       const std::vector<conjecture::listed_graph>& rows, const search::run_context& context, const std::string& command_line) {
  std::vector<std::string> labels;
  for (const auto& item : r.items) labels.push_back(item.label);
  std::sort(labels.begin(), labels.end());
  ordered_json result = {{"status", search::to_string(r.status)}, {"graphs", r.total}, {"done", r.done},           {"failed", r.failures.size()},
                         {"reused", r.reused},                    {"left", r.left()},  {"lower_bounds", r.bounds}, {"rows", ordered_json::array()}};
  for (const auto& row : rows) {
    if (std::binary_search(labels.begin(), labels.end(), row.member.label)) result["rows"].push_back(listed_json(row, false));
  }
  auto& failures = result["failures"] = ordered_json::array();
  for (const auto& f : r.failures) failures.push_back({{"label", f.label}, {"reason", f.reason}});
  return json_text({{"schema", "cosetta.sweep/1"},
                    {"sweep", {{"name", specification.name}, {"file", a.file}, {"shard", a.shard.empty() ? "1/1" : a.shard}, {"measures", to_string(specification.measures)}}},
                    {"result", result},
                    {"run", {{"db", a.db}, {"threads", context.threads}, {"seconds", r.seconds}, {"version", version}, {"command", command_line}}}});
}

int run_sweep_verb(const sweep_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("conjecture sweep has the formats text and json");
  conjecture::sweep_options options;
  options.context = a.limits.context();
  if (!a.shard.empty()) options.shard = conjecture::parse_shard(a.shard);
  options.version = version;
  options.command = command_line;
  a.output.check_writable();
  const auto specification = conjecture::parse_sweep(read_text(a.file), a.file);
  store into(a.db, store::access::create);
  const interrupt_guard guard;
  options.context.stop = guard.token();
  conjecture::sweep_result result;
  {
    status_line line;
    if (!a.output.quiet) options.observer = [&](const conjecture::sweep_progress& p) { show(line, p); };
    result = conjecture::run_sweep(specification, into, options);
  }
  const auto rows = into.listed(specification.name);
  a.output.write(format == output_format::json ? sweep_json(a, specification, result, rows, options.context, command_line) : sweep_text(specification, result, rows));
  for (const auto& f : result.failures) print_error_line(fmt::format("cosetta: failed: {}{}", f.reason.starts_with(f.label) ? "" : f.label + ": ", f.reason));
  if (result.status == search::status::interrupted) return interrupted;
  const bool wrong = std::any_of(result.failures.begin(), result.failures.end(), [](const auto& f) { return !f.by_limit; });
  if (wrong) return wrong_usage;
  return result.status == search::status::exact && result.failures.empty() ? answered : limit_reached;
}

struct merge_arguments {
  std::string out;
  std::vector<std::string> in;
};

int run_merge(const merge_arguments& a) {
  std::vector<store> inputs;
  for (const auto& path : a.in) {
    std::error_code ignored;
    if (std::filesystem::equivalent(path, a.out, ignored)) throw domain_error(fmt::format("{}: a store cannot be merged into itself", path));
    inputs.emplace_back(path, store::access::read);  // all of them, before anything is written
  }
  store out(a.out, store::access::create);
  for (const auto& input : inputs) out.merge(input);
  std::string text;
  for (const auto& s : out.sweeps()) text += fmt::format("{}  {} graphs, {} exact\n", s.name, s.graphs, s.exact);
  write_to_stdout(text.empty() ? fmt::format("{}  no graphs\n", a.out) : text);
  return answered;
}

struct list_arguments {
  std::string db, sweep;
  output_arguments output;
};

int run_list(const list_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  a.output.check_writable();
  const store from(a.db, store::access::read);
  const auto rows = from.listed(a.sweep);
  if (rows.empty() && !a.sweep.empty()) {
    std::string names;
    for (const auto& s : from.sweeps()) names += (names.empty() ? "" : ", ") + s.name;
    throw domain_error(fmt::format("{}: no sweep '{}'; there are: {}", a.db, a.sweep, names.empty() ? "none" : names));
  }
  if (format == output_format::json) {
    ordered_json list = ordered_json::array();
    for (const auto& row : rows) list.push_back(listed_json(row, true));
    a.output.write(json_text({{"schema", "cosetta.list/1"}, {"rows", list}, {"run", {{"db", a.db}, {"version", version}, {"command", command_line}}}}));
  } else {
    a.output.write(format == output_format::text ? listed_text(rows) : listed_table(rows, format, command_line));
  }
  return answered;
}

void add_sweep(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("sweep", "compute the graphs that a specification names and the store does not have yet");
  const auto a = std::make_shared<sweep_arguments>();
  verb->add_option("SPEC", a->file, "a JSON file: name, graphs, measures, limits")->required();
  verb->add_option("--db", a->db, "the store, one SQLite file; it is made where there is none")->required();
  verb->add_option("--shard", a->shard, "only a part of the list: 1/4 is the first of four; 'merge' puts the stores together");
  add_limit_arguments(*verb, a->limits);
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "SPEC: {\"name\": \"lx\", \"graphs\": [...], \"measures\": [...], \"limits\": {\"memory\": \"2G\", \"time\": \"60s\", \"max_states\": 1e9}}. A graph is one of\n"
      "  {\"family\": \"top_spin:{n},k={k}\", \"n\": [5, 9], \"k\": 4}            ranges with both ends\n"
      "  {\"generators\": [[1,0,2],[1,2,0]], \"label\": \"s3\"}\n"
      "  {\"subsets\": {\"degree\": 7, \"size\": 2, \"class\": \"all\"}, \"up_to\": \"conjugacy_and_inversion\"}\n"
      "  {\"random\": {\"degree\": 8, \"size\": 2, \"count\": 20, \"seed\": 1}}\n"
      "Classes: all, involutions, transpositions, or cycle lengths [3, 2]. Measures: diameter, growth, last_layer, moments, order, transitive, girth.\n"
      "Graphs that SPEC no longer names leave the sweep, and stay in the store. --time is for the whole sweep, the limits of SPEC for each graph. What is finished is in the store at once: run the command again to go on.\n"
      "Exit codes: 0 all exact; 2 some graph was refused; 3 some are bounds, or are left; 130 interrupted.\n\n"
      "Examples:\n"
      "  cosetta conjecture sweep lx.json --db research.db\n"
      "  cosetta conjecture sweep pairs.json --db part1.db --shard 1/2 --json");
  verb->callback([a, &call] { call.action = [a, &call] { return run_sweep_verb(*a, call.command_line); }; });
}

void add_merge(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("merge", "put stores together, such as those of shards");
  const auto a = std::make_shared<merge_arguments>();
  verb->add_option("OUT", a->out, "the store that takes them in; it is made where there is none")->required();
  verb->add_option("IN", a->in, "the others; they stay as they are")->required();
  verb->footer(
      "Proofs take the place of bounds, and of two bounds the better one stays; proofs that contradict each other are refused.\n"
      "Each IN is taken in whole or not at all; one after the other: after a kill, run the command again.\n\n"
      "Examples:\n"
      "  cosetta conjecture sweep lx.json --db half1.db --shard 1/2 && cosetta conjecture sweep lx.json --db half2.db --shard 2/2 && cosetta conjecture merge all.db half1.db "
      "half2.db");
  verb->callback([a, &call] { call.action = [a] { return run_merge(*a); }; });
}

void add_list(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("list", "the graphs of a store");
  const auto a = std::make_shared<list_arguments>();
  verb->add_option("--db", a->db, "the store")->required();
  verb->add_option("--sweep", a->sweep, "only this sweep");
  add_output_arguments(*verb, a->output);
  verb->footer(
      "Examples:\n"
      "  cosetta conjecture sweep lx.json --db research.db && cosetta conjecture list --db research.db\n"
      "  cosetta conjecture list --db research.db --sweep lx --format csv\n"
      "  cosetta conjecture list --db research.db --format markdown");
  verb->callback([a, &call] { call.action = [a, &call] { return run_list(*a, call.command_line); }; });
}

}  // namespace

void add_conjecture_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("conjecture", "tables of many graphs in one store, and what they suggest");
  noun->require_subcommand(1);
  noun->footer("Examples:\n  cosetta conjecture sweep --help\n  cosetta conjecture list --help\n  cosetta conjecture merge --help\n  cosetta conjecture fit --help\n  cosetta conjecture report --help\n  cosetta conjecture search --help\n  cosetta conjecture reproduce --help");
  add_sweep(*noun, call);
  add_merge(*noun, call);
  add_list(*noun, call);
  add_store_fit_command(*noun, call);
  add_search_command(*noun, call);
  add_reproduce_command(*noun, call);
  add_report_command(*noun, call);
}

}  // namespace cosetta::tools
