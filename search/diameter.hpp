// The diameter of a Cayley or Schreier graph: exact by complete growth, or proven bounds where that is out of reach.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gmpxx.h>

namespace cosetta::search {

/// The least D for which the spheres 0..D of a graph on `order` vertices can hold them all.
///
/// `spheres`: the first ones, complete, spheres[0] = 1. In a vertex-transitive graph a vertex at distance i + j lies at distance
/// j from one at distance i, and all spheres of one radius have one size, so |S(i + j)| <= |S(i)| |S(j)|, for out-distances of a
/// directed graph as well. Elsewhere (`vertex_transitive` false) a vertex has at most `degree` neighbours, and one of them is
/// nearer to the centre where the graph is undirected: pass its degree less one.
/// Preconditions: spheres is not empty, its sum is at most order, degree > 0.
std::uint64_t counting_bound(const std::vector<std::uint64_t>& spheres, const mpz_class& order, bool vertex_transitive,
                             std::uint64_t degree);

/// A state that is far from the centre, by a word that was found and a search from both ends.
struct antipode {
  graphs::state state;
  std::uint64_t at_least = 0;  // proven: no word is shorter (path.hpp)
  std::uint64_t at_most = 0;   // a word of this length was replayed; the distance is exact where the two meet
};

struct diameter_result {
  search::status status = search::status::exact;  // exact, or only bounds
  std::uint64_t lower = 0;
  std::optional<std::uint64_t> upper;
  std::string lower_by;  // "growth", "spheres" (complete ones), "counting" or "antipode"
  std::string upper_by;  // "growth" or "words" (a product of coset representatives for each element)
  mpz_class vertices;    // 0: not known
  growth_result growth;  // its last layer: witnesses, when it is exact
  std::optional<antipode> far;  // the farthest that was proven
};

struct diameter_options {
  growth_options growth;
  bool tables = true;              // look for an upper bound by words along a stabilizer chain
  std::uint64_t words = 3'000'000;  // tried for that
  std::size_t antipodes = 1;                    // states that look far (antipode.hpp), for a lower bound
  std::uint64_t antipode_effort = 5'000'000;    // antipode_options::words
  bool antipode_memory = false;  // the proof of their distance may take the whole memory budget, not only as much as growth took, or 64 MiB
};

/// Grows the graph within the limits of the context, and three quarters of its time; what is left open is bounded. A graph that does not
/// fit the memory budget is grown as far as it goes. Throws domain_error for what cannot be grown, resource_error where nothing can.
diameter_result find_diameter(const graphs::graph_definition& graph, const growth_engine& engine, const diameter_options& options,
                              const run_context& context);

}  // namespace cosetta::search
