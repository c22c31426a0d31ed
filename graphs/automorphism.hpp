// Automorphism groups, canonical forms and isomorphisms of coloured graphs, by nauty and Traces: B. D. McKay and
// A. Piperno, Practical graph isomorphism II, J. Symbolic Comput. 60 (2014). nauty is optional: in a build without it
// every search throws backend_error, and `automorphisms_available` says so beforehand.
//
// nauty knows simple graphs with coloured vertices. Loops become vertex colours. The arcs from u to v, as a multiset of
// colours, become one number c >= 1; c is written in binary, and each digit has a layer, a copy of the vertices, whose
// arcs are those with that digit 1; the copies of a vertex are joined in a path, and layers differ by vertex colour
// (nauty and Traces User's Guide 2.8, section 14). A digraph whose arcs all have their reverses is treated as a graph.
// Large graphs go to Traces, which knows no direction: there each layer is two, one with the tails of the arcs and one
// with the heads. Searches can take exponential time; on vertex-transitive graphs of small degree they hardly do.
#pragma once

#include <graphs/coloured_graph.hpp>
#include <groups/permutation.hpp>

#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

#include <gmpxx.h>

namespace cosetta::graphs {

/// Whether this build has nauty.
bool automorphisms_available() noexcept;

struct automorphism_limits {
  /// nauty obeys at once; Traces, which searches large graphs, between its phases, and so sometimes only at the end.
  std::stop_token stop;
  std::size_t memory_bytes = std::size_t{1} << 30;  // for the generators
};

struct automorphism_result {
  std::vector<groups::permutation> generators;  // none is the identity
  mpz_class order;                              // exact; 0 when interrupted
  std::vector<groups::point> orbits;            // orbits[v] is the least vertex of the orbit of v
  std::size_t orbit_count = 0;
  groups::permutation labelling;  // vertex v is labelling[v] in the canonical form; of degree 0 when interrupted
  /// The search was stopped: the generators found so far, and their orbits, are a subgroup's.
  bool interrupted = false;
};

/// The permutations of the vertices that preserve arcs (with their multiplicities) and all colours. One search at a
/// time runs in a process, others wait: nauty's request to stop is one for all threads. Throws what `check` throws,
/// backend_error without nauty, and resource_error when the generators or the layers take too much memory.
automorphism_result automorphism_group(const coloured_graph& graph, const automorphism_limits& limits = {});

/// The graph relabelled so that isomorphic graphs give equal ones. Comparable between graphs of one build only: other
/// versions of nauty choose other labels. Throws as automorphism_group, and resource_error when stopped.
coloured_graph canonical_form(const coloured_graph& graph, const automorphism_limits& limits = {});

/// Some p with relabelled(a, p) == relabelled(b, identity), from the canonical labellings of both. Throws as
/// canonical_form; what differs in vertices, arcs or colours is told apart without a search, and without nauty.
std::optional<groups::permutation> find_isomorphism(const coloured_graph& a, const coloured_graph& b,
                                                    const automorphism_limits& limits = {});

inline bool are_isomorphic(const coloured_graph& a, const coloured_graph& b, const automorphism_limits& limits = {}) {
  return find_isomorphism(a, b, limits).has_value();
}

}  // namespace cosetta::graphs
