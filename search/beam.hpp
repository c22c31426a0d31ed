// Short words for permutations by beam search: from level to level, the best states by an estimate (heuristic.hpp) go on, until
// they meet an exact ball around the goal.
//
// A word that is found is short, not shortest, and is replayed before it is returned. States are compared by their bytes: a beam
// never merges two states. The result does not depend on the number of threads: candidates are taken by estimate, ties by the
// number of the candidate. After the first meeting the beam goes on as long as a shorter word could come of it. The inverse of a state
// and its conjugates by symmetries of the generators have words of the same lengths, and other beams: each is one more attempt. A beam that comes no nearer for 4 n + 64
// levels is given up; where all attempts fail, they are made again, and those that are caught go on from some random moves behind, then twice as wide. At the end, windows of the word are replaced by shortest words (improve.hpp).
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>
#include <search/network.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cosetta::kernels {
class backend;
}

namespace cosetta::search {

/// What orders the states. gap: the better of gaps between labels in a row and in a ring. automatic: whichever of pairs, rotation, gap and
/// hamming solves random elements best. network, given: those of the options.
enum class beam_estimate { automatic, pairs, rotation, gap, hamming, patterns, network, given };

/// Estimates of the distances to the central state, of which only the order counts: out[i] of the i-th state; a state is a row of labels, one row after
/// the other. Equal states get equal numbers. Called from several threads at a time.
using state_estimate = std::function<void(std::span<const std::uint64_t> states, std::span<float> out)>;

struct beam_options {
  std::size_t width = 4096;                      // states that go on to the next level
  std::optional<std::uint64_t> max_length;       // of a word; nothing: 10 n^2 + 1000
  std::size_t ball_states = std::size_t{1} << 16;  // of the exact ball around the goal, at most
  std::size_t attempts = 2;                      // beams: the state, its inverse, and conjugates of the two, as far as there are any
  std::size_t restarts = 2;                      // where no word was found: again with kicks, then with twice the width, so many times, as far as memory goes
  bool until_deadline = false;                   // with a word, too: twice the width until the deadline, for shorter words
  bool inverses = true;                          // among the attempts; for inverse-closed graphs only
  bool improve = true;                           // replace windows of the word by shortest words
  beam_estimate estimate = beam_estimate::automatic;
  state_estimate given;                          // for the estimate of that name
  std::shared_ptr<const search::network> network;  // for the estimate of that name
  network_precision precision = network_precision::float32;  // on the CPU; on a device networks run in bf16
  std::shared_ptr<kernels::backend> device;        // where the levels are made, with the same words by the same scores; null: the CPU. For sums over pairs and networks
};

struct beam_result {
  bool found = false;
  bool impossible = false;  // proven: no element of the group takes the state to the central one
  search::limit limit = search::limit::none;  // what stopped the search, with or without a word; depth: max_length
  std::vector<std::size_t> word;              // numbers of generators, left to right, from the state to the central one
  std::uint64_t levels = 0;
  std::uint64_t candidates = 0;  // that were scored
  std::size_t attempts = 0;      // that were begun
  std::size_t width = 0;         // of the last ones
  bool cut = false;              // some level of those held more states than that
  std::size_t improved = 0;      // letters that windows saved
  std::size_t peak_bytes = 0;    // of a beam with its history, at most; the ball and tables apart
  double seconds = 0;
};

class beam_solver {
 public:
  /// Makes the tables and the ball, and chooses the estimate: by how well narrow beams solve a few random elements of the group.
  /// Throws domain_error for what is no Cayley graph of permutations of 2 to 250 points, or has not the estimate that is asked for, or another number of points than the network,
  /// or whose estimate is neither a sum over pairs nor a network with a device; resource_error where the beam does not fit the memory budget, or the device; groups::stopped_error.
  beam_solver(const graphs::graph_definition& graph, const beam_options& options, const run_context& context);
  beam_solver(beam_solver&&) noexcept;
  ~beam_solver();

  /// Thread-safe; beams on a device go one after the other. Throws domain_error where the state's labels are not those of the central state.
  beam_result solve(const graphs::state& from, const run_context& context) const;

  /// "pairs up to rotation", "pairs", "gaps", "cyclic gaps", "hamming", "pattern tables", "network 144-256-1, int8" or, on a device, "network 144-256-1, bf16 on cuda".
  std::string_view heuristic() const noexcept;
  std::uint64_t ball_radius() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::search
