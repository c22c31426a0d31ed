// Short words for states of permutation graphs, by the method that suits the graph: a chain of subgroups in small steps where one
// separates (subgroup_solver.hpp), else a beam (beam.hpp), else words along a stabilizer chain (groups/word_factorization.hpp), which are the
// longest and never fail.
//
// Patterns with equal labels are searched from both ends first, and then completed to an element of the group (pattern_element.hpp), whose word
// is a word for the pattern. A word is short, not shortest, unless the result says so; each is replayed before it is returned.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/beam.hpp>
#include <search/subgroup_solver.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::search {

enum class solve_method { automatic, two_phase, beam, chain };

std::string_view to_string(solve_method m) noexcept;  // "auto", "two-phase", "beam", "chain"
std::optional<solve_method> solve_method_from(std::string_view name) noexcept;

struct solve_options {
  solve_method method = solve_method::automatic;
  subgroup_options two_phase;
  beam_options beam;
  std::optional<std::chrono::duration<double>> seconds;  // for each state, of beams, which grow wider while they last
  int effort = 1;                                        // of words along a chain: groups::word_effort
  std::uint64_t seed = 1;
  std::uint64_t pattern_states = std::uint64_t{1} << 16;  // of the searches for patterns with equal labels
};

struct solve_result {
  bool found = false;
  bool impossible = false;  // proven: nothing takes the state to the central one
  bool geodesic = false;    // proven: no word is shorter
  search::limit limit = search::limit::none;
  std::vector<std::size_t> word;     // numbers of generators, left to right, from the state to the central one
  std::string_view method = "none";  // that found it: "two-phase", "beam", "chain", "pattern", or "none"
  std::string reason;                // why there is no word, where limits do not say it
  std::uint64_t levels = 0, candidates = 0;  // of beams
  std::size_t attempts = 0, improved = 0;    // beams that were begun, letters that windows saved
  std::size_t width = 0;                     // of the last beam
  std::uint64_t nodes = 0;                   // of the two-phase search
  double seconds = 0;
};

class state_solver {
 public:
  /// Chooses the method, a beam where the estimate is a network; makes its tables. Throws domain_error for what is no graph of permutations, or where the method that was asked for
  /// cannot be had; what beam_solver throws; groups::stopped_error.
  state_solver(const graphs::graph_definition& graph, const solve_options& options, const run_context& context);
  state_solver(state_solver&&) noexcept;
  ~state_solver();

  /// Safe to call from many threads. Precondition: the state has the labels of the central state, each as often; domain_error otherwise.
  solve_result solve(const graphs::state& from, const run_context& context) const;
  /// To another goal than the central state.
  solve_result solve(const graphs::state& from, const graphs::state& goal, const run_context& context) const;

  solve_method method() const noexcept;  // that was chosen
  /// What the method works with, in a line: the subgroups, the estimate of the beam.
  const std::string& plan() const noexcept;
  const beam_solver* beam() const noexcept;  // nothing unless it is the method

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::search
