#include <graphs/csv.hpp>
#include <graphs/parse_state.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/path.hpp>
#include <tools/commands.hpp>
#include <tools/competition.hpp>
#include <tools/output_stream.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

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
  std::string estimate = "auto";
  bool no_inverses = false, no_improve = false;
};

const std::map<std::string, search::beam_estimate> estimates{{"auto", search::beam_estimate::automatic}, {"pairs", search::beam_estimate::pairs},
                                                              {"rotation", search::beam_estimate::rotation}, {"gap", search::beam_estimate::gap},
                                                              {"hamming", search::beam_estimate::hamming}};

/// What became of one state, in words; empty: solved.
std::string unsolved_reason(const search::beam_result& r, bool directed) {
  if (r.found) return "";
  if (r.impossible) return "no element of the group takes it to the solution";
  const bool ran_out = r.limit == search::limit::none;
  if (!ran_out && r.limit != search::limit::depth) return std::string(limit_text(r.limit));
  const std::string reason = ran_out ? "the beam ran out of states: raise --beam" : "no word within --max-length: raise --beam";
  return directed ? reason + "; on directed graphs beams seldom find words, cosetta dataset baseline and cosetta group factor always do" : reason;
}

int solve_exit_code(const search::beam_result& r) {
  return r.found && r.limit != search::limit::interrupt ? answered : r.impossible ? answered_no : r.limit == search::limit::interrupt ? interrupted : limit_reached;
}

// ---------------------------------------------------------------------------------------------------------- one state

std::string solve_text(const graphs::graph_definition& graph, const search::beam_result& r) {
  if (r.found) return fmt::format("{}   {}  found, not proven shortest\n", search::word_text(graph, r.word), r.word.size());
  return fmt::format("{}          ({})\n", r.impossible ? "no path" : "not found", unsolved_reason(r, !graph.is_inverse_closed()));
}

/// `solver`: null where the search was stopped before there was one.
std::string solve_json(const graphs::graph_definition& graph, const search::beam_solver* solver, const graphs::state& from, const search::beam_result& r,
                       const solve_arguments& a, unsigned threads, const std::string& command_line) {
  using nlohmann::ordered_json;
  ordered_json result{{"status", r.found ? "found" : r.impossible ? "no_path" : r.limit == search::limit::interrupt ? "interrupted" : "not_found"}};
  if (r.limit != search::limit::none) result["limit"] = search::to_string(r.limit);
  result["from"] = state_json(graph, from, a.graph.first_point());
  result["word"] = r.found ? ordered_json(search::word_text(graph, r.word)) : ordered_json(nullptr);
  result["length"] = r.found ? ordered_json(r.word.size()) : ordered_json(nullptr);
  result["optimal"] = false;  // a shortest word may be found, but nothing says so
  const ordered_json document{{"schema", "cosetta.solve/1"},
                              {"graph", graph_json(graph, a.graph.first_point(), false)},
                              {"result", result},
                              {"run", {{"heuristic", solver == nullptr ? ordered_json(nullptr) : ordered_json(solver->heuristic())}, {"beam", a.beam.width},
                                       {"ball_radius", solver == nullptr ? ordered_json(nullptr) : ordered_json(solver->ball_radius())}, {"levels", r.levels},
                                       {"candidates", count_json(r.candidates)}, {"attempts", r.attempts}, {"improved", r.improved}, {"threads", threads}, {"seconds", r.seconds}, {"version", version},
                                       {"command", command_line}}}};
  return json_text(document);
}

// -------------------------------------------------------------------------------------------------------- many states

struct solve_row {
  std::string where, id, given;  // where: FILE:LINE
  std::string type;              // which solver
  graphs::state from;
  bool may_be_wrong = false;  // by wildcards, which are not searched
  bool solved = false;        // as it stands
};

/// Rows of a CSV file with a column initial_state, permutation or state, and perhaps one of ids; or a state a line.
std::vector<solve_row> read_rows(const std::string& file, const graphs::graph_definition& graph, groups::point first_point) {
  const auto text = read_text(file);
  graphs::csv_reader reader(text, file);
  std::vector<solve_row> out;
  std::vector<std::string> fields;
  std::optional<std::size_t> state_column, id_column;
  for (bool first = true; reader.next(fields); first = false) {
    if (first) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& f = fields[i];
        if (f == "initial_state" || f == "permutation" || f == "state") state_column = i;
        if (f == "initial_state_id" || f == "id") id_column = i;
      }
      if (state_column) continue;
    }
    const auto where = fmt::format("{}:{}", file, reader.line());
    std::string given = state_column ? (*state_column < fields.size() ? fields[*state_column] : "") : fmt::format("{}", fmt::join(fields, ","));
    try {
      auto state = graphs::parse_state(graph, given, first_point);
      out.push_back({where, id_column && *id_column < fields.size() ? fields[*id_column] : std::to_string(out.size()), given, "", std::move(state), false, false});
    } catch (const error& e) {
      throw parse_error(fmt::format("{}: {}", where, e.what()));
    }
  }
  return out;
}

/// What became of a row.
struct row_outcome {
  search::beam_result result;
  std::string reason;    // why it is not solved
  bool refused = false;  // bad input
  bool stopped = false;
};

row_outcome solve_row_by(const std::function<const search::beam_solver&()>& solver, const solve_row& row, bool directed, const search::run_context& context) {
  row_outcome out;
  auto& r = out.result;
  try {
    if (context.is_stopped()) {
      r.limit = context.stop.stop_requested() ? search::limit::interrupt : search::limit::time;
    } else if (row.solved) {
      r.found = true;
    } else {
      r = solver().solve(row.from, context);
    }
    out.reason = unsolved_reason(r, directed);
    if (r.impossible && row.may_be_wrong) {
      r.impossible = false;
      out.reason = "it has no exact solution, and wildcards are not searched";
    }
  } catch (const domain_error& e) {
    out.reason = e.what(), out.refused = true;
  } catch (const resource_error& e) {
    out.reason = e.what();
  } catch (const groups::stopped_error&) {
    out.reason = "stopped", out.stopped = true;
  }
  return out;
}

/// The rows side by side, one thread each. One that a share of the memory does not solve has it all to itself afterwards.
std::vector<row_outcome> solve_side_by_side(std::size_t count, unsigned threads, const std::function<row_outcome(std::size_t, const search::run_context&)>& solve,
                                            const search::run_context& context) {
  std::vector<row_outcome> out(count);
  search::run_context share = context;
  share.threads = 1, share.memory_bytes /= threads;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < count;) out[i] = solve(i, share);
  };
  {
    std::vector<std::jthread> others;
    try {
      while (others.size() + 1 < std::min<std::size_t>(threads, count)) others.emplace_back(work);
    } catch (const std::system_error&) {  // fewer do it, too
    }
    work();
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (out[i].result.limit == search::limit::memory && !out[i].result.found) out[i] = solve(i, context);
  }
  return out;
}

/// Solves the rows; `put(i, word)` gets each in their order, UNSOLVED where there is none. Narrow beams go side by side. The exit code.
int solve_all(const std::vector<solve_row>& rows, const std::function<const search::beam_solver&(std::size_t)>& solver_of, const std::function<bool(std::size_t)>& directed,
              std::size_t width, const search::run_context& context, const std::function<void(std::size_t, const search::beam_result&)>& put) {
  constexpr std::size_t narrow = 20'000, rows_of_a_thread = 16;
  status_line line;
  std::size_t unsolved_rows = 0, impossible = 0, refused = 0;
  bool halted = false;
  const bool together = context.threads > 1 && width <= narrow;
  const std::size_t window = together ? rows_of_a_thread * context.threads : 1;
  for (std::size_t first = 0; first < rows.size(); first += window) {
    line.show(fmt::format("{} of {} rows", first, rows.size()));
    const auto count = std::min(window, rows.size() - first);
    std::mutex one_at_a_time;  // solvers are made when they are first asked for
    const auto solve = [&](std::size_t k, const search::run_context& by) {
      const auto i = first + k;
      if (halted) {
        row_outcome out;
        out.result.limit = context.stop.stop_requested() ? search::limit::interrupt : search::limit::time;
        out.reason = unsolved_reason(out.result, false);
        return out;
      }
      const auto solver = [&]() -> const search::beam_solver& {
        const std::lock_guard lock(one_at_a_time);
        return solver_of(i);
      };
      return solve_row_by(solver, rows[i], directed(i), by);
    };
    std::vector<row_outcome> outcomes;
    if (together) {
      outcomes = solve_side_by_side(count, context.threads, solve, context);
    } else {
      outcomes.push_back(solve(0, context));
    }
    for (std::size_t k = 0; k < count; ++k) {
      const auto& o = outcomes[k];
      halted = halted || o.stopped || context.is_stopped();
      if (!o.result.found) {
        ++(o.refused ? refused : o.result.impossible ? impossible : unsolved_rows);
        line.clear();
        print_error_line(fmt::format("{}: id {}: {}", rows[first + k].where, rows[first + k].id, o.reason));
      }
      put(first + k, o.result);
    }
  }
  line.clear();
  if (context.stop.stop_requested()) return interrupted;
  return refused > 0 ? wrong_usage : unsolved_rows > 0 ? limit_reached : impossible > 0 ? answered_no : answered;
}

/// A move and its inverse.
std::vector<std::size_t> idle_word(const puzzle& p) {
  const auto& moves = p.moves.elements();
  for (std::size_t a = 0; a < moves.size(); ++a) {
    const auto at = std::ranges::find(moves, moves[a].inverse());
    if (at != moves.end()) return {a, static_cast<std::size_t>(at - moves.begin())};
  }
  return {};
}

int solve_competition(const solve_arguments& a, search::run_context context) {
  const auto c = read_competition(a.graph.graph);
  std::vector<solve_row> rows;
  for (const auto& row : c.rows) {
    rows.push_back({fmt::format("{}:{}", c.test_file, row.line), row.id, row.given, row.type, {row.initial.begin(), row.initial.end()}, row.wildcards > 0,
                    row.initial.size() == row.solution.size() && wrong_labels(row, row.initial) <= row.wildcards});
  }
  std::optional<output_stream> file;
  if (!a.output.file.empty()) file.emplace(a.output.file);
  std::string text;
  const auto put = [&](const std::string& piece) { file ? file->write(piece) : static_cast<void>(text += piece); };
  put(fmt::format("{}\n", fmt::join(submission_columns(c.format), ",")));
  std::map<std::pair<std::string, std::vector<std::uint32_t>>, search::beam_solver> solvers;  // by puzzle and solution
  const auto solver_of = [&](std::size_t i) -> const search::beam_solver& {
    const auto& solution = c.rows[i].solution;
    const auto found = solvers.find({rows[i].type, solution});
    if (found != solvers.end()) return found->second;
    const auto graph = graphs::make_graph(rows[i].type.empty() ? a.graph.graph : rows[i].type, c.puzzle_of(c.rows[i]).moves, {solution.begin(), solution.end()});
    return solvers.emplace(std::pair{rows[i].type, solution}, search::beam_solver(graph, a.beam, context)).first->second;
  };
  const auto directed = [&](std::size_t i) { return idle_word(c.puzzle_of(c.rows[i])).empty(); };
  std::uint64_t solved = 0, moves = 0;
  const int code = solve_all(rows, solver_of, directed, a.beam.width, context, [&](std::size_t i, const search::beam_result& r) {
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

int run_solve(solve_arguments a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("solve has the formats text and json; rows are written as CSV");
  if (!a.state.empty() && !a.from.empty()) throw parse_error("STATE and --from exclude each other");
  if (a.beam.attempts == 0) throw parse_error("--attempts 0: a state takes at least one beam");
  a.beam.inverses = !a.no_inverses, a.beam.improve = !a.no_improve;
  a.beam.estimate = estimates.at(a.estimate);
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
  if (competition_rows) {
    const interrupt_guard guard;
    context.stop = guard.token();
    return solve_competition(a, context);
  }
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  std::vector<solve_row> rows;
  if (a.from.empty()) {
    rows.push_back({"", "0", a.state, "", graphs::parse_state(graph, a.state, a.graph.first_point()), false, false});
  } else {
    rows = read_rows(a.from, graph, a.graph.first_point());
  }
  const interrupt_guard guard;
  context.stop = guard.token();
  std::optional<search::beam_solver> solver;
  search::beam_result result;
  try {
    solver.emplace(graph, a.beam, context);
  } catch (const groups::stopped_error&) {
    result.limit = context.stop.stop_requested() ? search::limit::interrupt : search::limit::time;
  }
  if (solver && a.output.verbose && !a.output.quiet) {
    print_error_line(fmt::format("beam of {} states, {}, ball of radius {}", a.beam.width, solver->heuristic(), solver->ball_radius()));
  }
  if (!a.from.empty()) {
    std::string text = "initial_state_id,path\n";
    const auto solver_of = [&](std::size_t) -> const search::beam_solver& { return *solver; };  // without one nothing is solved any more
    const int code = solve_all(rows, solver_of, [&](std::size_t) { return !graph.is_inverse_closed(); }, a.beam.width, context,
                               [&](std::size_t i, const search::beam_result& r) {
                                 text += fmt::format("{},{}\n", graphs::csv_field(rows[i].id), r.found ? graphs::csv_field(search::word_text(graph, r.word)) : std::string(unsolved));
                               });
    a.output.write(text);
    return code;
  }
  if (solver) {
    progress_display display(a.output.quiet, a.output.verbose);
    context.observer = [&](const search::progress& p) { display.show(p); };
    result = solver->solve(rows[0].from, context);
  }
  a.output.write(format == output_format::json ? solve_json(graph, solver ? &*solver : nullptr, rows[0].from, result, a, context.threads, command_line)
                                               : solve_text(graph, result));
  return solve_exit_code(result);
}

}  // namespace

void add_solve_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("solve", "short words for permutations, by beam search: not proven shortest");
  const auto a = std::make_shared<solve_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->add_option("STATE", a->state, "a row of labels [1,0,2], cycles \"(0 1)(2 3)\", or a word @L.L.X from the central state");
  verb->add_option("--from", a->from, "solve the rows of this file: CSV with a column initial_state, permutation or state, or a state a line");
  verb->add_option("--beam", a->beam.width, "states that go on from level to level")->check(check_natural)->capture_default_str();
  verb->add_option("--ball", a->beam.ball_states, "states of the exact ball around the goal, at most")->check(check_natural)->capture_default_str();
  verb->add_option("--heuristic", a->estimate, "what orders the states: auto tries them on random elements")->check(CLI::IsMember({"auto", "pairs", "rotation", "gap", "hamming"}))->capture_default_str();
  verb->add_option("--attempts", a->beam.attempts, "beams for each state: of itself, its inverse, and conjugates by symmetries of the generators")->check(check_natural)->capture_default_str();
  verb->add_option("--max-length", a->beam.max_length, "no longer words; 10 n^2 + 1000 if not given")->check(check_natural);
  verb->add_flag("--no-inverses", a->no_inverses, "do not solve the inverse of each state, too, for the shorter of the two words");
  verb->add_flag("--no-improve", a->no_improve, "leave the words as the beams find them; otherwise windows are replaced by shortest words");
  add_run_arguments(*verb, a->run);
  for (const char* option : {"--engine", "--kernel", "--max-depth"}) verb->remove_option(verb->get_option(option));
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "States go on by an estimate: what each two labels need alone (pairs), the same up to a rotation of all (rotation), neighbours that\n"
      "are none (gap), labels that are not home (hamming). Each word is replayed; cosetta path proves shortest ones. Narrow beams solve\n"
      "several rows at once. A folder of a competition as GRAPH, without STATE, gives a submission.\n"
      "Exit codes: 0 solved; 1 a state cannot be solved, which is proven; 3 not found within the limits; 130 interrupted.\n\n"
      "Examples:\n"
      "  cosetta solve lrx:16 \"[15,14,13,12,11,10,9,8,7,6,5,4,3,2,1,0]\" --beam 1000\n"
      "  cosetta solve pancake:20 \"(0 7 3)(11 19)\" --json\n"
      "  cosetta dataset export lrx:9 --count 5 --length 40 -o lrx-9 && cosetta solve lrx-9 -o words.csv && cosetta dataset score lrx-9 words.csv\n"
      "  cosetta solve lrx:9 --from lrx-9/test.csv --beam 100");
  verb->callback([a, &call] { call.action = [a, &call] { return run_solve(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
