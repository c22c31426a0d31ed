// Proven shortest words between two states of a Cayley or Schreier graph, or the proof that there is none.
//
// A word takes `from` to `to` when its generators, applied from left to right by graph.apply, do. Generators are used as
// they are, never their inverses, so that a directed graph is directed. In a finite group every inverse is a power: a path
// exists in one direction exactly when it exists in the other, and exactly when some element of the group leads from one
// state to the other.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/instruction_set.hpp>
#include <search/distance_table.hpp>
#include <search/growth.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::search {

/// `automatic` is the table of distances where one is given; otherwise the search from both ends with little memory, then the search by
/// depth with pattern tables as far as that is quick, then both ends with all the memory, and last the search by depth while a depth
/// may end within the hour.
enum class path_method { automatic, bidirectional, ida, table };

/// "auto", "bidirectional", "ida" or "table"; nothing for another name.
std::optional<path_method> path_method_from(std::string_view name);

enum class path_status { geodesic, no_path, lower_bound, interrupted };

std::string_view to_string(path_status s) noexcept;

struct prepared_patterns;

struct path_options {
  path_method method = path_method::automatic;
  std::optional<std::uint64_t> max_depth;  // words longer than this are not looked for
  std::optional<std::uint64_t> most_states;  // of a search from both ends, stored, about; beyond, limit::memory
  const distance_table* table = nullptr;   // of this graph
  std::size_t pattern_bytes = std::size_t{1} << 27;  // of pattern tables, at most; and half of the memory
  prepared_patterns* patterns = nullptr;             // pattern tables of this graph, kept from call to call (path_patterns.hpp)
  std::optional<kernels::instruction_set> instructions;  // forced kernel variant
};

struct path_result {
  path_status status = path_status::lower_bound;
  search::limit limit = search::limit::none;  // what stopped the search
  std::vector<std::size_t> word;              // numbers of generators; of a geodesic
  bool several = false;                       // another shortest word was seen; false says nothing
  std::uint64_t lower_bound = 0;              // no word is shorter; the length of a geodesic, 0 where there is no path
  std::string reason;                         // why there is no path
  std::string method;
  unsigned threads = 1;
  double seconds = 0;
  std::uint64_t states = 0;  // stored by the search
  std::uint64_t nodes = 0;   // looked at by the search by depth
  std::string tables;        // pattern tables, in words
  std::uint64_t forward_radius = 0;   // of the complete balls of a search from both ends
  std::uint64_t backward_radius = 0;
  std::size_t peak_bytes = 0;
};

/// A shortest word from one state to the other. The result does not depend on the number of threads. A word is replayed
/// with graph.apply before it is returned.
///
/// "No path" is proven: by other labels on an orbit of positions, by membership in the group (stabilizer chain; for patterns a backtrack
/// search of a second) where the states are permutations or invertible matrices, or by an orbit that was listed whole without meeting the
/// other state. Over Z only the last is there.
///
/// Throws domain_error when a state does not fit the graph, when the table does not answer this question or is missing,
/// and resource_error when the memory budget is too small to begin, or when entries over Z leave 64 bits.
path_result find_path(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to,
                      const path_options& options = {}, const run_context& context = {});

/// The same where both ends meet within about so many states, on one thread. Where they do not, limit::memory: the group is not looked at.
/// Precondition: permutations.
path_result find_near_path(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to, std::uint64_t states,
                           const run_context& context = {});

/// Names joined by dots: "L.L.X".
std::string word_text(const graphs::graph_definition& graph, const std::vector<std::size_t>& word);

}  // namespace cosetta::search
