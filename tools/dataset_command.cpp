#include <graphs/csv.hpp>
#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/competition.hpp>
#include <tools/competition_export.hpp>
#include <tools/output_stream.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

// ------------------------------------------------------------------------------------------------------------- export

struct dataset_export_arguments {
  graph_arguments graph;
  limit_arguments limits;
  std::string format = "cayleypy";
  std::string folder, key, name, distances, kind;
  std::string encode = "labels";
  std::uint64_t count = 1000;
  std::uint64_t wildcards = 0;
  std::uint64_t train = 1000;
  std::optional<std::uint64_t> length, train_length;
  bool quiet = false;
};

/// "lrx:8,k=3" as a name that needs no quotes: lrx_8_k_3.
std::string plain_name(std::string name) {
  for (auto& c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/' || c == '-';
    if (!plain) c = '_';
  }
  return name;
}

std::string without_slashes(std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder;
}

int run_dataset_export(const dataset_export_arguments& a, const std::string& command_line) {
  constexpr std::uint64_t longest = 1U << 24;
  export_options o;
  o.format = competition_format_from(a.format);
  const auto kind = search::walk_kind_from(a.kind.empty() ? a.length ? "non_backtracking" : "group" : a.kind);
  if (!kind) throw parse_error(fmt::format("unknown --kind '{}'; there are classic, non_backtracking, group, sphere", a.kind));
  const bool uniform = *kind == search::walk_kind::group;
  if (uniform && a.length) throw parse_error("--kind group: a uniform element has no --length; leave it out");
  if (!uniform && !a.length) throw parse_error(fmt::format("--kind {} needs --length", to_string(*kind)));
  for (const auto& n : {a.length, a.train_length}) {
    if (n && *n > longest) throw parse_error(fmt::format("a length of {}: at most {}", *n, longest));
  }
  if (a.train_length && *a.train_length == 0) throw parse_error("--train-length 0: a walk has a step at least; for no training states, --train 0");
  if (a.wildcards > 0 && o.format != competition_format::santa2023) throw parse_error("--wildcards: only the format santa2023 has them");
  o.folder = without_slashes(a.folder);
  o.key = a.key.empty() ? o.folder + "-key" : without_slashes(a.key);
  if (std::filesystem::path(o.key).lexically_normal() == std::filesystem::path(o.folder).lexically_normal()) throw parse_error("--key: the key is kept apart: name another folder");
  o.count = a.count;
  o.wildcards = a.wildcards;
  o.train = a.train;
  o.train_encoding = graphs::state_encoding_from(a.encode);
  o.command_line = command_line;
  auto context = a.limits.context();
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  const interrupt_guard guard;  // not before stdin is read: Ctrl-C ends that at once
  context.stop = guard.token();
  o.name = a.name.empty() ? plain_name(graph.spec()) : a.name;
  std::optional<search::distance_table> table;
  if (!a.distances.empty()) table.emplace(search::distance_table::open(a.distances, graph, context));
  o.walks = {*kind, static_cast<std::uint32_t>(a.length.value_or(0)), a.graph.seed, table ? &*table : nullptr};
  const bool walks = *kind == search::walk_kind::classic || *kind == search::walk_kind::non_backtracking;
  o.train_length = static_cast<std::uint32_t>(a.train_length.value_or(std::max<std::uint64_t>(walks ? *a.length : 2 * graph.degree(), 1)));
  export_competition(graph, o, context);
  if (!a.quiet) write_to_stdout(fmt::format("{}  {} rows, {} states to train on; the key is {}\n", o.folder, o.count, o.train, o.key));
  return answered;
}

void add_dataset_export(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("export", "make the folder of a competition for a graph");
  const auto a = std::make_shared<dataset_export_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->get_option("--seed")->description("of the rows, and of random families; whoever guesses it can make the key");
  verb->add_option("--format", a->format, "santa2023, cayleypy, permutation")->capture_default_str();
  verb->add_option("-o,--output", a->folder, "the folder to make; it must not exist")->required();
  verb->add_option("--key", a->key, "the folder for the key; else FOLDER-key");
  verb->add_option("--count", a->count, "rows to solve")->check(check_natural)->capture_default_str();
  verb->add_option("--length", a->length, "rows are ends of walks of this many steps, or states at this distance")->check(check_natural);
  verb->add_option("--kind", a->kind, "classic, non_backtracking (where there is a --length), group (uniform states, where there is none), sphere");
  verb->add_option("--wildcards", a->wildcards, "of santa2023: labels that may be wrong in each row")->check(check_natural)->capture_default_str();
  verb->add_option("--train", a->train, "states to train on, ends of walks")->check(check_natural)->capture_default_str();
  verb->add_option("--train-length", a->train_length, "the longest of these walks; else --length, or twice the degree")->check(check_natural);
  verb->add_option("--encode", a->encode, "states in train_states.npy: labels; lehmer: for each position, smaller labels to its right; one_hot: rows of 0 and 1")->capture_default_str();
  verb->add_option("--distances", a->distances, "a table of true distances, of `growth --save-distances`: they go to the training states and to the key");
  verb->add_option("--name", a->name, "of the puzzle; else the graph's");
  add_limit_arguments(*verb, a->limits);
  verb->add_flag("-q,--quiet", a->quiet, "nothing on stdout");
  verb->footer(
      "Both folders appear when they are whole, or not at all. docs/datasets.md describes the files.\n\n"
      "Examples:\n"
      "  cosetta dataset export lrx:8 --count 20 --length 40 --seed 2026 -o lrx-8\n"
      "  cosetta dataset export rubik_cube:2 --format santa2023 --count 5 -o cube --key cube-solutions\n"
      "  cosetta dataset export pancake:9 --format permutation --count 10 --train 0 -o pancakes\n"
      "  cosetta growth lrx:7 --save-distances lrx7.distances && cosetta dataset export lrx:7 --distances lrx7.distances --kind sphere --length 19 --count 4 -o hard");
  verb->callback([a, &call] { call.action = [a, &call] { return run_dataset_export(*a, call.command_line); }; });
}

// -------------------------------------------------------------------------------------------------------------- score

struct dataset_score_arguments {
  std::string folder, submission;
  bool json = false;
  bool quiet = false;
};

int run_dataset_score(const dataset_score_arguments& a, const std::string& command_line) {
  const auto c = read_competition(a.folder);
  const auto report = score_submission(c, read_text(a.submission), a.submission);
  const bool valid = report.invalid.empty();
  for (const auto& bad : report.invalid) {
    print_error_line(fmt::format("{}{}: id {}: {}", a.submission, bad.line == 0 ? "" : fmt::format(":{}", bad.line), bad.id, bad.reason));
  }
  if (a.json) {
    auto invalid = ordered_json::array();
    for (const auto& bad : report.invalid) {
      invalid.push_back({{"line", bad.line == 0 ? ordered_json(nullptr) : ordered_json(bad.line)}, {"id", bad.id}, {"reason", bad.reason}});
    }
    const ordered_json document{{"schema", "cosetta.dataset_score/1"},
                                {"dataset", {{"folder", a.folder}, {"format", to_string(c.format)}, {"rows", report.rows}}},
                                {"result", {{"status", valid ? "valid" : "invalid"}, {"total", valid ? count_json(report.total) : ordered_json(nullptr)}, {"valid_rows", report.valid}, {"invalid", std::move(invalid)}}},
                                {"run", {{"version", version}, {"command", command_line}}}};
    write_to_stdout(json_text(document));
  } else if (valid) {
    write_to_stdout(fmt::format("{}  valid, {} rows\n", report.total, report.rows));
  } else {
    write_to_stdout(fmt::format("invalid: {} of {} rows are solved, by {} moves\n", report.valid, report.rows, report.total));
  }
  return valid ? answered : answered_no;
}

void add_dataset_score(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("score", "validate a submission and count its moves");
  const auto a = std::make_shared<dataset_score_arguments>();
  verb->add_option("FOLDER", a->folder, "the folder of a competition")->required();
  verb->add_option("SUBMISSION", a->submission, "a CSV file")->required();
  verb->add_flag("--json", a->json, "a JSON document");
  verb->footer(
      "What is wrong with a row goes to stderr: file, line, id and reason. Exit codes: 0 valid, 1 invalid, 2 unreadable.\n\n"
      "Examples:\n"
      "  cosetta dataset export lrx:6 --count 9 --length 20 -o lrx-6 && cosetta dataset baseline lrx-6 -o words.csv && cosetta dataset score lrx-6 words.csv\n"
      "  cosetta dataset export lx:5 --count 3 -o lx-5 && cosetta dataset baseline lx-5 -o w.csv && cosetta dataset score lx-5 w.csv --json");
  verb->callback([a, &call] { call.action = [a, &call] { return run_dataset_score(*a, call.command_line); }; });
}

// ----------------------------------------------------------------------------------------------------------- baseline

struct dataset_baseline_arguments {
  std::string folder, output;
  baseline_options options;
  limit_arguments limits;
  bool quiet = false;
};

int run_dataset_baseline(const dataset_baseline_arguments& a) {
  auto context = a.limits.context();
  const auto c = read_competition(a.folder);
  std::optional<output_stream> file;
  if (!a.output.empty()) file.emplace(a.output);
  const auto put = [&](const std::string& text) { file ? file->write(text) : write_to_stdout(text); };
  const interrupt_guard guard;
  context.stop = guard.token();
  put(fmt::format("{}\n", fmt::join(submission_columns(c.format), ",")));
  status_line line;
  std::uint64_t done = 0, impossible = 0, limited = 0, moves = 0;
  solve_rows(c, a.options, context, [&](const puzzle_row& row, const baseline_result& result) {
    line.show(fmt::format("{} of {} rows", ++done, c.rows.size()));
    std::string word;
    if (result.what == baseline_result::outcome::solved) {
      word = word_text(c.puzzle_of(row), result.word);
      moves += result.word.size();
    } else {
      word = unsolved;
      ++(result.what == baseline_result::outcome::impossible ? impossible : limited);
      line.clear();
      print_error_line(fmt::format("{}:{}: id {}: {}", c.test_file, row.line, row.id, result.reason));
    }
    put(submission_row(c.format, row, word));
  });
  line.clear();
  if (file) {
    file->commit();
    if (!a.quiet) write_to_stdout(fmt::format("{}  {} of {} rows solved, by {} moves\n", a.output, c.rows.size() - impossible - limited, c.rows.size(), moves));
  }
  if (context.stop.stop_requested() && limited > 0) return interrupted;
  return limited > 0 ? limit_reached : impossible > 0 ? answered_no : answered;
}

void add_dataset_baseline(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("baseline", "write a valid submission, with short words but not the shortest");
  const auto a = std::make_shared<dataset_baseline_arguments>();
  verb->add_option("FOLDER", a->folder, "the folder of a competition")->required();
  verb->add_option("-o,--output", a->output, "write the submission to this file instead of stdout");
  verb->add_option("--effort", a->options.effort, "0 quick, 1 default; each step takes about four times as long")->check(CLI::Range(0, 4))->capture_default_str();
  verb->add_option("--states", a->options.search_states, "what the searches for a pattern may take: states from each end, and partial arrangements")->check(check_natural)->capture_default_str();
  verb->add_option("--seed", a->options.seed, "of the tables of words")->check(check_natural)->capture_default_str();
  add_limit_arguments(*verb, a->limits);
  verb->add_flag("-q,--quiet", a->quiet, "nothing on stdout when a file is written");
  verb->footer(
      "Words come from a stabilizer chain, as those of `group factor`. Equal labels are told apart so that the group has the element;\n"
      "patterns near the solution are met by breadth-first search from both ends. A row that is not solved gets UNSOLVED, and its\n"
      "reason goes to stderr.\n"
      "Exit codes: 0 all solved, 1 some have no solution, 3 some were given up.\n\n"
      "Examples:\n"
      "  cosetta dataset export lrx:7 --count 5 --length 30 -o lrx-7 && cosetta dataset baseline lrx-7\n"
      "  cosetta dataset export rubik_cube:2 --format santa2023 --count 3 -o cube && cosetta dataset baseline cube -o words.csv --effort 2");
  verb->callback([a, &call] { call.action = [a, &call] { return run_dataset_baseline(*a); }; });
}

}  // namespace

void add_dataset_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("dataset", "competitions: make one from a graph, score a submission, write a baseline");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n  cosetta dataset export lrx:8 --count 20 --length 40 -o lrx-8\n"
      "  cosetta dataset export lrx:6 --format santa2023 --count 9 -o lrx-6 && cosetta dataset baseline lrx-6 -o words.csv && cosetta dataset score lrx-6 words.csv");
  add_dataset_export(*noun, call);
  add_dataset_score(*noun, call);
  add_dataset_baseline(*noun, call);
}

}  // namespace cosetta::tools
