#include <kernels/error.hpp>
#include <search/pattern_element.hpp>
#include <search/solve.hpp>
#include <tools/competition.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::tools {

namespace {

std::string impossible_reason(const graphs::state& solution) {
  auto labels = solution;
  std::ranges::sort(labels);
  if (std::ranges::adjacent_find(labels) == labels.end()) return "no word solves it: the state is not in the group of the moves";
  return "no word solves it: no element of the group arranges the labels so";
}

baseline_result solve_row(const search::state_solver& solver, const puzzle& p, const puzzle_row& row, bool may_be_empty, const search::run_context& context) {
  using outcome = baseline_result::outcome;
  if (row.initial.size() == row.solution.size() && wrong_labels(row, row.initial) <= row.wildcards) {
    return {outcome::solved, may_be_empty ? std::vector<std::size_t>{} : idle_word(p), ""};
  }
  const graphs::state from(row.initial.begin(), row.initial.end()), goal(row.solution.begin(), row.solution.end());
  baseline_result out;
  if (!search::rearrangement(from, goal, false)) {
    out = {outcome::impossible, {}, "the labels are not those of the solution"};
  } else if (auto r = solver.solve(from, goal, context); r.found) {
    return {outcome::solved, std::move(r.word), ""};
  } else if (r.impossible) {
    out = {outcome::impossible, {}, impossible_reason(goal)};
  } else {
    out.reason = r.reason.empty() ? "stopped" : r.reason;
    if (r.reason.starts_with("no word found")) out.reason += "; raise --states";
  }
  if (out.what == outcome::impossible && row.wildcards > 0) return {outcome::limit, {}, "it has no exact solution, and wildcards are not searched"};
  return out;
}

}  // namespace

void solve_rows(const competition& c, const baseline_options& options, const search::run_context& context,
                const std::function<void(const puzzle_row&, const baseline_result&)>& visit) {
  search::solve_options choice;
  choice.method = search::solve_method::chain;
  choice.effort = options.effort;
  choice.seed = options.seed;
  choice.pattern_states = options.search_states;
  std::map<std::string, search::state_solver> solvers;
  for (const auto& row : c.rows) {
    baseline_result result{baseline_result::outcome::limit, {}, "stopped"};
    try {  // rows that were solved stay, whatever stops the others
      context.check();
      auto solver = solvers.find(row.type);
      if (solver == solvers.end()) {
        const auto graph = graphs::make_graph(row.type.empty() ? c.folder : row.type, c.puzzle_of(row).moves);
        solver = solvers.emplace(row.type, search::state_solver(graph, choice, context)).first;
      }
      result = solve_row(solver->second, c.puzzle_of(row), row, c.format != competition_format::santa2023, context);
    } catch (const groups::stopped_error&) {
    }
    if (result.what == baseline_result::outcome::solved && wrong_labels(row, moved(c.puzzle_of(row), result.word, row.initial)) > row.wildcards) {
      throw error(fmt::format("{}:{}: the word does not solve the row: this is a defect, please report it", c.test_file, row.line));
    }
    visit(row, result);
  }
}

}  // namespace cosetta::tools
