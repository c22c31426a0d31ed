#include <kernels/error.hpp>
#include <search/path_table.hpp>

#include <algorithm>
#include <unordered_map>

namespace cosetta::search {

namespace {

graphs::graph_definition with_inverted_generators(const graphs::graph_definition& graph) {
  const auto inverted = [&](const auto& set) {
    std::remove_cvref_t<decltype(set)> out;
    for (std::size_t i = 0; i < set.size(); ++i) out.add(set.names()[i], set[i].inverse());
    return graphs::graph_definition(graph.spec(), std::move(out), graph.central());
  };
  return std::visit(inverted, graph.generators());
}

/// The state t such that the words from the central state to t are those from `from` to `to`, in a Cayley graph: the group
/// acts on it from the other side, and some element takes `from` to the central state. Nothing where labels repeat, or a
/// matrix is not invertible.
std::optional<graphs::state> translated_to_central(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to) {
  if (graph.permutations() != nullptr) {
    // Moves rearrange positions: rename the labels, `from` to central.
    std::unordered_map<std::uint64_t, std::uint64_t> renamed;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!renamed.emplace(from[i], graph.central()[i]).second) return std::nullopt;
    }
    graphs::state out;
    for (const auto label : to) {
      const auto found = renamed.find(label);
      if (found == renamed.end()) return std::nullopt;
      out.push_back(found->second);
    }
    return out;
  }
  // Moves multiply from the left: multiply from the right.
  const std::size_t n = graph.degree();
  const auto matrix_of = [&](const graphs::state& s) { return groups::matrix(n, graph.columns(), graph.modulus(), s); };
  if (graph.columns() != n) return std::nullopt;
  try {
    const auto product = matrix_of(to) * matrix_of(from).inverse() * matrix_of(graph.central());
    return graphs::state(product.entries().begin(), product.entries().end());
  } catch (const domain_error&) {
    return std::nullopt;
  }
}

/// Whether a state one step away lies at `depth`. Residues suffice there: they are kept for undirected graphs only, where
/// distances of neighbours differ by at most 1.
bool lies_at(const distance_table& table, const graphs::state& s, std::uint64_t depth) {
  if (table.stored() == distance_table::kind::depths) return table.distance(s) == depth;
  const auto at = table.index(s);
  return at && table.residue(*at) == depth % 3;
}

}  // namespace

path_result read_off_table(const graphs::graph_definition& graph, const graphs::state& from, const graphs::state& to,
                           const distance_table& table, const run_context& context) {
  path_result result;
  result.method = "table";
  // Either the end moves to the central state against the generators, or, undirected, the beginning moves along them.
  bool against = true;
  graphs::state here = to;
  if (from != graph.central()) {
    if (auto t = graph.is_cayley() ? translated_to_central(graph, from, to) : std::nullopt) {
      here = std::move(*t);
    } else if (to == graph.central() && graph.is_inverse_closed()) {
      against = false;
      here = from;
    } else {
      throw domain_error(graph.spec() + (to == graph.central() ? ": the table holds distances from the central state, and in a directed Schreier graph they are not those to it: use --from-central, "
                                                                "--inverse-closed, or --method bidirectional"
                                                              : ": the table holds distances from the central state, and no end of this path is there: use --method bidirectional"));
    }
  }
  const auto distance = table.distance(here);
  if (!distance) {
    result.status = path_status::no_path;
    result.reason = "it is not in the table, which holds all states of the graph";
    return result;
  }
  const auto back = against ? with_inverted_generators(graph) : graph;
  for (auto left = *distance; left > 0; --left) {
    context.check();
    std::optional<graphs::state> next;
    for (std::size_t g = 0; g < back.generator_count(); ++g) {
      auto neighbour = back.apply(g, here);
      if (!lies_at(table, neighbour, left - 1)) continue;
      if (next) {
        result.several = true;
        break;
      }
      next = std::move(neighbour);
      result.word.push_back(g);
    }
    if (!next) throw error("a table of distances of " + graph.spec() + " with no way down: this is a defect, please report it");
    here = std::move(*next);
  }
  if (against) std::reverse(result.word.begin(), result.word.end());
  result.status = path_status::geodesic;
  result.lower_bound = *distance;
  return result;
}

}  // namespace cosetta::search
