// Shorter words by replacing what lies within them: each window of a word whose element has a shorter word gets a shortest one, found
// where two exact balls meet.
//
// Let U and V be balls of radii u and v around the identity. Every element of length at most u + v is a product of one of each; all of U is
// tried, and V is a table. So after improve() no window of u + v + 1 letters, or fewer, has a shorter word. Elements of the group are
// replaced, so that the word acts as before on every state, whatever its labels; only generators are used, no inverses.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace cosetta::search {

struct improve_options {
  std::size_t tried_states = 2048;     // of U, at most
  std::size_t table_states = 1 << 16;  // of V, at most
};

class word_improver {
 public:
  static constexpr std::size_t most_points = 256;

  /// Lists the balls. Throws domain_error for what is no graph of permutations of at most most_points points, resource_error where the balls take
  /// more than a quarter of the memory budget, groups::stopped_error.
  word_improver(const graphs::graph_definition& graph, const improve_options& options, const run_context& context);
  word_improver(word_improver&&) noexcept;
  ~word_improver();

  /// u + v.
  std::size_t reach() const noexcept;
  /// A word for the same element, no longer than `word`; when the context stops it, what was reached. Thread-safe. |word| |U| look-ups and more.
  std::vector<std::size_t> improve(std::vector<std::size_t> word, const run_context& context) const;

 private:
  struct state;
  std::unique_ptr<const state> state_;
};

/// The same for one word.
std::vector<std::size_t> improve_word(const graphs::graph_definition& graph, std::vector<std::size_t> word, const run_context& context,
                                      const improve_options& options = {});

}  // namespace cosetta::search
