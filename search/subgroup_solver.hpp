// Short words for elements of permutation groups that a chain of subgroups splits into small steps: the two-phase algorithm (H. Kociemba
// 1992), with the subgroup, the coordinates and the tables all derived from the generators (subgroup_chain.hpp).
//
// The words into H are tried by rising length, and from each the rest is searched up to the best word so far less one: the answer improves
// until a limit comes, or until no shorter word can exist. Tried in turn are the images of the state under symmetries of the generating
// set that move H, and the inverses of these. Every word is replayed before it is returned. Results under a limit of time depend on the
// machine; those under a limit of nodes do not.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>
#include <search/run_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

struct subgroup_options {
  std::optional<std::chrono::duration<double>> seconds = std::chrono::duration<double>(0.1);  // of one thread, for each state
  std::optional<std::uint64_t> nodes;  // for each state
  std::size_t steps = 3;               // of the chain, at most
};

struct subgroup_result {
  bool found = false;
  bool impossible = false;  // proven: the state is not in the group
  bool geodesic = false;    // proven: no word is shorter
  search::limit limit = search::limit::none;  // time or interrupt of the context; the limits of one state are none
  std::vector<std::size_t> word;              // numbers of generators, left to right, from the state to the central one
  std::uint64_t nodes = 0;
  double seconds = 0;  // of the thread
};

class subgroup_solver {
 public:
  /// Nothing where no chain was found: the tables would be too large, or no subgroup separates. Precondition: a Cayley graph of
  /// permutations with distinct labels. Throws groups::stopped_error.
  static std::optional<subgroup_solver> make(const graphs::graph_definition& graph, const subgroup_options& options, const run_context& context);
  subgroup_solver(subgroup_solver&&) noexcept;
  subgroup_solver& operator=(subgroup_solver&&) noexcept;
  ~subgroup_solver();

  /// Safe to call from many threads. Throws domain_error where the labels are not those of the central state.
  subgroup_result solve(const graphs::state& from, const run_context& context) const;

  /// "2217093120 cosets of <f0, f2, r0^2> by 2187 x 2048 x 495, then 19508428800 elements by 40320 x 40320 x 24"
  const std::string& plan() const noexcept;
  std::size_t steps() const noexcept;
  /// Images of a state that are tried in turn.
  std::size_t variants() const noexcept;
  std::size_t bytes() const noexcept;

 private:
  struct state;
  explicit subgroup_solver(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::search
