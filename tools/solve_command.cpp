#include <graphs/csv.hpp>
#include <graphs/parse_state.hpp>
#include <kernels/error.hpp>
#include <search/network.hpp>
#include <search/parallel_tasks.hpp>
#include <search/path.hpp>
#include <search/solve.hpp>
#include <tools/commands.hpp>
#include <tools/competition.hpp>
#include <tools/output_stream.hpp>
#include <tools/render.hpp>
#include <tools/state_rows.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

struct solve_arguments {
  graph_arguments graph;
  run_arguments run;
  output_arguments output;
  std::string state, from;
  search::beam_options beam;
  std::string estimate = "auto", network;
  std::optional<std::string> precision;
  bool no_inverses = false, no_improve = false;
  std::string method = "auto";
  std::optional<std::string> time_per_state;
  std::optional<std::uint64_t> nodes;

  /// Throws parse_error.
  void read_network();
  search::solve_options options() const;
};

const std::map<std::string, search::beam_estimate> estimates{{"auto", search::beam_estimate::automatic}, {"pairs", search::beam_estimate::pairs},
                                                              {"rotation", search::beam_estimate::rotation}, {"gap", search::beam_estimate::gap},
                                                              {"hamming", search::beam_estimate::hamming}, {"patterns", search::beam_estimate::patterns}};

void solve_arguments::read_network() {
  if (network.empty()) {
    if (precision) throw parse_error("--precision is that of a network: give --network FILE");
    return;
  }
  if (estimate != "auto") throw parse_error("--network and --heuristic exclude each other");
  if (method != "auto" && method != "beam") throw parse_error(fmt::format("--network is for beams: leave --method {} out", method));
  beam.network = std::make_shared<const search::network>(search::read_network(network));
  if (precision && run.backend == "cuda") throw parse_error("--precision is that of a network on the CPU; a device runs it in bf16: leave --precision out");
  beam.precision = precision == "int8" ? search::network_precision::int8 : search::network_precision::float32;
}

search::solve_options solve_arguments::options() const {
  if ((method == "two-phase" || method == "chain") && estimate != "auto") throw parse_error(fmt::format("--heuristic is for beams: leave --method {} out", method));
  search::solve_options out;
  const auto chosen = search::solve_method_from(method);
  if (!chosen) throw parse_error(fmt::format("unknown method '{}'; there are auto, two-phase, beam, chain", method));
  out.method = *chosen;
  out.beam = beam;
  if (run.backend == "cuda" && method != "beam") throw parse_error("--backend cuda is for beams: give --method beam, or leave --backend out");
  out.beam.device = device_named(run.backend);
  out.beam.inverses = !no_inverses, out.beam.improve = !no_improve;
  out.beam.estimate = beam.network == nullptr ? estimates.at(estimate) : search::beam_estimate::network;
  out.seed = graph.seed;
  if (nodes) {
    out.two_phase.nodes = nodes;
    out.two_phase.seconds.reset();
  }
  if (time_per_state) out.two_phase.seconds = out.seconds = parse_duration(*time_per_state);
  return out;
}

/// What became of one state, in words; empty: solved.
std::string unsolved_reason(const search::solve_result& r, bool directed) {
  if (r.found) return "";
  if (r.impossible) return "no element of the group takes it to the solution";
  if (!r.reason.empty()) return r.reason;
  const bool ran_out = r.limit == search::limit::none;
  if (ran_out && r.method == "two-phase") return "no word within the limit of one state: raise --time-per-state or --nodes";
  if (!ran_out && r.limit != search::limit::depth) return std::string(limit_text(r.limit));
  const std::string reason = ran_out ? "the beams came no nearer: raise --beam or --restarts" : "no word within --max-length was found";
  return directed ? reason + "; on directed graphs beams seldom find words, --method chain always does" : reason;
}

int solve_exit_code(const search::solve_result& r) {
  return r.found && r.limit != search::limit::interrupt ? answered : r.impossible ? answered_no : r.limit == search::limit::interrupt ? interrupted : limit_reached;
}

// ---------------------------------------------------------------------------------------------------------- one state

std::string solve_text(const graphs::graph_definition& graph, const search::solve_result& r) {
  if (r.found) return fmt::format("{}   {}  found, {}\n", search::word_text(graph, r.word), r.word.size(), r.geodesic ? "geodesic" : "not proven shortest");
  return fmt::format("{}          ({})\n", r.impossible ? "no path" : "not found", unsolved_reason(r, !graph.is_inverse_closed()));
}

/// `solver`: null where the search was stopped before there was one.
std::string solve_json(const graphs::graph_definition& graph, const search::state_solver* solver, const graphs::state& from, const search::solve_result& r,
                       const solve_arguments& a, unsigned threads, const std::string& command_line) {
  using nlohmann::ordered_json;
  ordered_json result{{"status", r.found ? "found" : r.impossible ? "no_path" : r.limit == search::limit::interrupt ? "interrupted" : "not_found"}};
  if (r.limit != search::limit::none) result["limit"] = search::to_string(r.limit);
  result["from"] = state_json(graph, from, a.graph.first_point());
  result["word"] = r.found ? ordered_json(search::word_text(graph, r.word)) : ordered_json(nullptr);
  result["length"] = r.found ? ordered_json(r.word.size()) : ordered_json(nullptr);
  result["optimal"] = r.geodesic;
  ordered_json run{{"method", r.method}, {"plan", solver == nullptr ? ordered_json(nullptr) : ordered_json(solver->plan())}};
  if (const auto* beam = solver == nullptr ? nullptr : solver->beam()) {
    run.update({{"heuristic", beam->heuristic()}, {"beam", a.beam.width}, {"ball_radius", beam->ball_radius()}, {"levels", r.levels},
                {"candidates", count_json(r.candidates)}, {"attempts", r.attempts}, {"last_beam", r.width}, {"improved", r.improved}});
  }
  if (r.method == "two-phase") run["nodes"] = count_json(r.nodes);
  run.update({{"threads", threads}, {"seconds", r.seconds}, {"version", version}, {"command", command_line}});
  const ordered_json document{{"schema", "cosetta.solve/1"}, {"graph", graph_json(graph, a.graph.first_point(), false)}, {"result", result}, {"run", run}};
  return json_text(document);
}

// -------------------------------------------------------------------------------------------------------- many states

struct solve_row_input {
  std::string where, id;  // where: FILE:LINE
  std::string type;       // which solver
  graphs::state from, goal;
  bool may_be_wrong = false;  // by wildcards, which are not searched
  bool solved = false;        // as it stands
  bool directed = false;      // generators are not closed under inversion
};

/// What became of a row.
struct solved_row {
  search::solve_result result;
  std::string reason;    // unless it was solved
  bool refused = false;  // bad input
};

/// `solver` may be null for a row that is solved as it stands.
solved_row solve_row(const solve_row_input& row, const search::state_solver* solver, const search::run_context& context) {
  solved_row out;
  auto& r = out.result;
  if (row.solved) {
    r.found = true;
    return out;
  }
  try {
    if (context.is_stopped()) {
      r.limit = context.stop.stop_requested() ? search::limit::interrupt : search::limit::time;
    } else {
      r = solver->solve(row.from, row.goal, context);
    }
    out.reason = unsolved_reason(r, row.directed);
    if (r.impossible && row.may_be_wrong) {
      r.impossible = false;
      out.reason = "it has no exact solution, and wildcards are not searched";
    }
  } catch (const domain_error& e) {
    out.reason = e.what(), out.refused = true;
  } catch (const resource_error& e) {
    out.reason = e.what();
  } catch (const groups::stopped_error&) {
    out.reason = "stopped";
  }
  return out;
}

using solver_of_row = std::function<const search::state_solver&(const solve_row_input&)>;

/// Rows of one block side by side, one thread and a share of the memory each. Wide beams follow, with all threads, and rows that a share of the
/// memory did not solve.
std::vector<solved_row> solve_block(std::span<const solve_row_input> rows, const solver_of_row& solver_of, std::size_t beam_width, const search::run_context& context) {
  constexpr std::size_t narrow = 20'000;
  std::vector<solved_row> out(rows.size());
  std::vector<const search::state_solver*> solvers(rows.size(), nullptr);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].solved || context.is_stopped()) continue;
    try {
      solvers[i] = &solver_of(rows[i]);
    } catch (const groups::stopped_error&) {
      out[i].reason = "stopped";
    } catch (const domain_error& e) {
      out[i].reason = e.what(), out[i].refused = true;
    } catch (const error& e) {
      out[i].reason = e.what();
    }
  }
  const auto is_wide = [&](std::size_t i) { return solvers[i] != nullptr && solvers[i]->method() == search::solve_method::beam && beam_width > narrow; };
  search::run_context share = context;
  share.threads = 1, share.memory_bytes /= context.threads;
  search::parallel_tasks(context.threads).run(rows.size(), true, [&](std::size_t i, std::size_t) {
    if (out[i].reason.empty() && !is_wide(i)) out[i] = solve_row(rows[i], solvers[i], share);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool again = context.threads > 1 && out[i].result.limit == search::limit::memory && !out[i].result.found;
    if (is_wide(i) || again) out[i] = solve_row(rows[i], solvers[i], context);
  }
  return out;
}

/// Solves the rows; `put(i, result)` gets each in their order. The exit code.
int solve_all(const std::vector<solve_row_input>& rows, const solver_of_row& solver_of, std::size_t beam_width, const search::run_context& context,
              const std::function<void(std::size_t, const search::solve_result&)>& put) {
  constexpr std::size_t rows_of_a_thread = 16;
  status_line line;
  std::size_t unsolved_rows = 0, impossible = 0, refused = 0;
  const std::size_t block = context.threads > 1 ? rows_of_a_thread * context.threads : 1;
  for (std::size_t from = 0; from < rows.size(); from += block) {
    line.show(fmt::format("{} of {} rows", from, rows.size()));
    const auto some = std::span(rows).subspan(from, std::min(block, rows.size() - from));
    const auto done = solve_block(some, solver_of, beam_width, context);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto& r = done[i].result;
      if (!r.found) {
        ++(done[i].refused ? refused : r.impossible ? impossible : unsolved_rows);
        line.clear();
        print_error_line(fmt::format("{}: id {}: {}", some[i].where, some[i].id, done[i].reason));
      }
      put(from + i, r);
    }
  }
  line.clear();
  if (context.stop.stop_requested()) return interrupted;
  return refused > 0 ? wrong_usage : unsolved_rows > 0 ? limit_reached : impossible > 0 ? answered_no : answered;
}

int solve_competition(const solve_arguments& a, search::run_context context) {
  const auto c = read_competition(a.graph.graph);
  std::vector<solve_row_input> rows;
  for (const auto& row : c.rows) {
    rows.push_back({fmt::format("{}:{}", c.test_file, row.line), row.id, row.type, {row.initial.begin(), row.initial.end()}, {row.solution.begin(), row.solution.end()}, row.wildcards > 0,
                    row.initial.size() == row.solution.size() && wrong_labels(row, row.initial) <= row.wildcards, idle_word(c.puzzle_of(row)).empty()});
  }
  std::optional<output_stream> file;
  if (!a.output.file.empty()) file.emplace(a.output.file);
  std::string text;
  const auto put = [&](const std::string& piece) { file ? file->write(piece) : static_cast<void>(text += piece); };
  put(fmt::format("{}\n", fmt::join(submission_columns(c.format), ",")));
  std::map<std::string, search::state_solver> solvers;  // by puzzle
  const auto solver_of = [&](const solve_row_input& row) -> const search::state_solver& {
    const auto found = solvers.find(row.type);
    if (found != solvers.end()) return found->second;
    const auto graph = graphs::make_graph(row.type.empty() ? a.graph.graph : row.type, c.puzzles.at(row.type).moves);
    const auto& made = solvers.emplace(row.type, search::state_solver(graph, a.options(), context)).first->second;
    if (a.output.verbose && !a.output.quiet) print_error_line(fmt::format("{}: {}: {}", graph.spec(), search::to_string(made.method()), made.plan()));
    return made;
  };
  std::uint64_t solved = 0, moves = 0;
  const int code = solve_all(rows, solver_of, a.beam.width, context, [&](std::size_t i, const search::solve_result& r) {
    const bool idle = r.found && r.word.empty() && c.format == competition_format::santa2023;  // its empty word is not valid
    const auto letters = idle ? idle_word(c.puzzle_of(c.rows[i])) : r.word;
    const auto word = word_text(c.puzzle_of(c.rows[i]), letters);
    if (r.found) ++solved, moves += letters.size();
    put(submission_row(c.format, c.rows[i], r.found ? std::string_view(word) : unsolved));
  });
  if (file) {
    file->commit();
    if (!a.output.quiet) write_to_stdout(fmt::format("{}  {} of {} rows solved, by {} moves\n", a.output.file, solved, c.rows.size(), moves));
  } else {
    a.output.write(text);
  }
  return code;
}

/// A state so near that both ends meet within a few thousand states needs no tables.
bool solve_nearby(const graphs::graph_definition& graph, const solve_row_input& row, const search::beam_options& options, const search::run_context& context,
                  search::solve_result& out) {
  constexpr std::uint64_t states = 4096;
  if (graph.permutations() == nullptr) return false;
  auto near = search::find_near_path(graph, row.from, row.goal, states, context);
  if (near.status != search::path_status::geodesic || near.word.size() > options.max_length.value_or(near.word.size())) return false;
  out.found = out.geodesic = true;
  out.word = std::move(near.word);
  out.method = "both ends";
  return true;
}

int run_solve(solve_arguments a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("solve has the formats text and json; rows are written as CSV");
  if (!a.state.empty() && !a.from.empty()) throw parse_error("STATE and --from exclude each other");
  auto context = a.run.context();
  const bool competition_rows = a.state.empty() && a.from.empty();
  if (competition_rows && !std::filesystem::is_directory(a.graph.graph)) {
    throw parse_error("solve needs a STATE, --from FILE, or the folder of a competition as GRAPH");
  }
  if (competition_rows && (a.graph.central || a.graph.directed || a.graph.inverse_closed || a.graph.one_based)) {
    throw parse_error("the rows of a competition have their own solution and moves: leave --central, --directed, --inverse-closed and --one-based out");
  }
  if ((competition_rows || !a.from.empty()) && format == output_format::json) throw parse_error("solve writes many rows as CSV: leave --json out");
  a.output.check_writable();
  a.read_network();
  if (competition_rows) {
    const interrupt_guard guard;
    context.stop = guard.token();
    return solve_competition(a, context);
  }
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  std::vector<solve_row_input> rows;
  const bool directed = !graph.is_inverse_closed();
  if (a.from.empty()) {
    rows.push_back({"", "0", "", graphs::parse_state(graph, a.state, a.graph.first_point()), graph.central(), false, false, directed});
  } else {
    for (auto& row : read_state_rows(a.from, graph, a.graph.first_point())) {
      rows.push_back({std::move(row.where), std::move(row.id), "", std::move(row.state), graph.central(), false, false, directed});
    }
  }
  const interrupt_guard guard;
  context.stop = guard.token();
  std::optional<search::state_solver> solver;
  search::solve_result result;
  const auto start = std::chrono::steady_clock::now();
  const auto limit_now = [&] { return context.stop.stop_requested() ? search::limit::interrupt : search::limit::time; };
  const auto options = a.options();
  control.stop = context.stop;
  try {
    if (a.from.empty() && a.method == "auto" && a.estimate == "auto" && a.network.empty() && solve_nearby(graph, rows[0], a.beam, context, result)) {
      a.output.write(format == output_format::json ? solve_json(graph, nullptr, rows[0].from, result, a, context.threads, command_line) : solve_text(graph, result));
      return solve_exit_code(result);
    }
    solver.emplace(graph, options, context);
    if (a.output.verbose && !a.output.quiet) print_error_line(fmt::format("{}: {}", search::to_string(solver->method()), solver->plan()));
  } catch (const groups::stopped_error&) {
    result.limit = limit_now();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  if (!a.from.empty()) {
    std::string text = "initial_state_id,path\n";
    const auto solver_of = [&](const solve_row_input&) -> const search::state_solver& { return *solver; };  // without one nothing is solved any more
    const int code = solve_all(rows, solver_of, a.beam.width, context, [&](std::size_t i, const search::solve_result& r) {
      text += fmt::format("{},{}\n", graphs::csv_field(rows[i].id), r.found ? graphs::csv_field(search::word_text(graph, r.word)) : std::string(unsolved));
    });
    a.output.write(text);
    return code;
  }
  if (solver) {
    progress_display display(a.output.quiet, a.output.verbose);
    context.observer = [&](const search::progress& p) { display.show(p); };
    try {
      result = solver->solve(rows[0].from, context);
    } catch (const groups::stopped_error&) {
      result.limit = limit_now();
    }
  }
  a.output.write(format == output_format::json ? solve_json(graph, solver ? &*solver : nullptr, rows[0].from, result, a, context.threads, command_line)
                                               : solve_text(graph, result));
  return solve_exit_code(result);
}

}  // namespace

void add_solve_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("solve", "short words for permutations, by subgroups or beams: not proven shortest");
  const auto a = std::make_shared<solve_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_option("STATE", a->state, "a row of labels [1,0,2], cycles \"(0 1)(2 3)\", or a word @L.L.X from the central state");
  verb->add_option("--from", a->from, "solve the rows of this file: CSV with a column initial_state, permutation or state, or a state a line");
  verb->add_option("--method", a->method, "auto, two-phase (down a chain of subgroups), beam, chain (of stabilizers)")->capture_default_str();
  verb->add_option("--time-per-state", a->time_per_state, "the best word of each state by then, after the set-up; two-phase: time of one thread, 100ms if not given; beams grow wider until then");
  verb->add_option("--nodes", a->nodes, "two-phase: as many nodes for each state instead, so that results do not depend on the machine")->check(check_positive);
  verb->add_option("--beam", a->beam.width, "states that go on from level to level")->check(check_positive)->capture_default_str();
  verb->add_option("--ball", a->beam.ball_states, "states of the exact ball around the goal, at most")->check(check_positive)->capture_default_str();
  verb->add_option("--heuristic", a->estimate, "what orders the states of a beam: auto tries them on random elements")->check(CLI::IsMember({"auto", "pairs", "rotation", "gap", "hamming", "patterns"}))->capture_default_str();
  verb->add_option("--network", a->network, "order the states of the beam by the trained network in this file instead (docs/networks.md)");
  verb->add_option("--precision", a->precision, "of the network on the CPU: float32, or int8, which is faster; a device runs it in bf16")->check(CLI::IsMember({"float32", "int8"}))->default_str("float32");
  verb->add_option("--attempts", a->beam.attempts, "beams for each state: of itself, its inverse, and conjugates by symmetries of the generators")->check(check_positive)->capture_default_str();
  verb->add_option("--restarts", a->beam.restarts, "where no word was found: again with beams twice as wide, so many times, as far as memory goes")->check(check_natural)->capture_default_str();
  verb->add_option("--max-length", a->beam.max_length, "no longer words; 10 n^2 + 1000 if not given")->check(check_natural);
  verb->add_flag("--no-inverses", a->no_inverses, "do not solve the inverse of each state, too, for the shorter of the two words");
  verb->add_flag("--no-improve", a->no_improve, "leave the words as the beams find them; otherwise windows are replaced by shortest words");
  add_run_arguments(*verb, a->run);
  for (const char* option : {"--engine", "--kernel", "--max-depth"}) verb->remove_option(verb->get_option(option));
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "auto goes down a chain of subgroups in small steps where the generators have one (3x3x3 and kin), else by beams on what each two\n"
      "labels need alone (pairs), the same up to a rotation of all (rotation), neighbours that are none (gap) or labels that are not home\n"
      "(hamming), else along a stabilizer chain; --heuristic patterns takes the tables of cosetta path instead; -v says which. Equal labels are told apart first. Each word is replayed; cosetta path\n"
      "proves shortest ones. Narrow beams and two-phase searches solve several rows at once. A folder of a competition as GRAPH, without STATE, gives a submission.\n"
      "Exit codes: 0 solved; 1 a state cannot be solved, which is proven; 3 not found within the limits; 130 interrupted.\n\n"
      "Examples:\n"
      "  cosetta solve lrx:16 \"[15,14,13,12,11,10,9,8,7,6,5,4,3,2,1,0]\" --beam 1000\n"
      "  cosetta solve rubik_cube:3,metric=HTM @f0.r0.d0.f2.r2.d2.f0.r0.d0 --nodes 200000\n"
      "  cosetta solve pancake:20 \"(0 7 3)(11 19)\" --json\n"
      "  cosetta dataset export lrx:9 --count 5 --length 40 -o lrx-9 && cosetta solve lrx-9 -o words.csv && cosetta dataset score lrx-9 words.csv\n"
      "  cosetta solve lrx:9 --from lrx-9/test.csv --beam 100\n"
      "  cosetta solve lrx:12 \"(0 1)(4 5)\" --network lrx-12.net --precision int8 --beam 1000");
  verb->callback([a, &call] { call.action = [a, &call] { return run_solve(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
