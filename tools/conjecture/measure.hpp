// The measures of one graph, within limits.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/run_context.hpp>
#include <tools/conjecture/canonical_set.hpp>
#include <tools/conjecture/ranked_search.hpp>
#include <tools/conjecture/records.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cosetta::conjecture {

/// What a graph is called in the store, and in which labelling.
struct graph_identity {
  graph_row row;                            // without measures
  std::vector<groups::point> relabelling;   // empty: the same labelling
  std::optional<canonical_set> canonical;   // of a permutation set around the identity
};

/// Identifies Cayley graphs of permutations; everything else is named by its generators and central state as they are.
graph_identity identify(const graphs::graph_definition& graph);

struct graph_limits {
  std::size_t memory = 0;    // bytes
  double seconds = 0;        // 0: none
  std::uint64_t states = 0;  // the largest ball with no more is given; 0: none
};

/// For the graphs of one thread: what is set up once.
class measuring {
 public:
  /// Fills the measures in. Nothing where the work was stopped from outside. Throws resource_error where not even a part fits the memory.
  std::optional<stored_graph> run(const graphs::graph_definition& graph, const graph_identity& identity, measure_set wanted, const graph_limits& limits,
                                  const search::run_context& context);

 private:
  void run_ranked(const canonical_set& set, measure_set wanted, const graph_limits& limits, stored_graph& out);
  /// False where the work was stopped from outside.
  bool run_engines(const graphs::graph_definition& graph, const graph_identity& identity, measure_set wanted, const graph_limits& limits,
                   const search::run_context& context, stored_graph& out);

  std::optional<ranked_search> ranked_;
  std::size_t ranked_degree_ = 0;
};

}  // namespace cosetta::conjecture
