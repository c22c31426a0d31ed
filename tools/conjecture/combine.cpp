#include <kernels/error.hpp>
#include <tools/conjecture/combine.hpp>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

template <class Value>
bool differ(const std::optional<Value>& a, const std::optional<Value>& b) {
  return a && b && *a != *b;
}

void check_agreement(const graph_row& a, const graph_row& b, const std::string& file) {
  std::string where;
  if (differ(a.order, b.order)) where = "order";
  if (differ(a.transitive, b.transitive)) where = "transitivity";
  if (a.status == search::status::exact && b.status == search::status::exact) {
    if (differ(a.diameter, b.diameter)) where = "diameter";
    if (differ(a.states, b.states)) where = "number of states";
    if (!a.layers.empty() && !b.layers.empty() && a.layers != b.layers) where = "layers";
    if (differ(a.last_layer, b.last_layer)) where = "last layer";
    if (differ(a.girth, b.girth)) where = "girth";
  }
  if (where.empty()) return;
  throw domain_error(fmt::format("{}: two proven rows of the graph {} have another {}: one of them is wrong, compute it again with 'cosetta growth' and leave the wrong store out", file,
                                 a.key.substr(0, 60), where));
}

template <class Value>
void fill(std::optional<Value>& into, const std::optional<Value>& from) {
  if (!into) into = from;
}

std::uint64_t unlimited(std::uint64_t limit) {
  return limit == 0 ? ~std::uint64_t{0} : limit;
}

bool exact(const graph_row& g) {
  return g.status == search::status::exact;
}

}  // namespace

stored_graph combined(const stored_graph& earlier, const stored_graph& later, const std::string& file) {
  const auto &a = earlier.graph, &b = later.graph;
  check_agreement(a, b, file);
  // A proof beats a bound; but a row without growth proves nothing of the growth.
  const auto rank = [](const graph_row& g) { return !g.asked.needs_growth() ? 0 : exact(g) ? 2 : 1; };
  const bool later_leads = rank(a) != rank(b) ? rank(b) > rank(a) : b.states.value_or(0) >= a.states.value_or(0);
  stored_graph out = later_leads ? later : earlier;
  auto& g = out.graph;
  const auto& other = later_leads ? a : b;
  fill(g.order, other.order);
  fill(g.transitive, other.transitive);
  if (exact(other)) {
    fill(g.girth, other.girth);
    if (exact(g)) {
      fill(g.diameter, other.diameter);
      fill(g.states, other.states);
      if (g.layers.empty()) g.layers = other.layers;
      fill(g.last_sphere, other.last_sphere);
      fill(g.last_layer, other.last_layer);
      if (!g.moments) g.moments = other.moments;
    }
  }
  for (const auto m : all_measures) {  // what only the bound was asked for is open
    const bool of_group = (m == measure::order && other.order) || (m == measure::transitive && other.transitive);
    if (other.asked.contains(m) && (of_group || exact(g) == exact(other) || exact(other))) g.asked.insert(m);
  }
  return out;
}

bool answers(const stored_graph& row, measure_set wanted, const provenance_row& limits) {
  if (!row.graph.asked.contains_all(wanted)) return false;
  if (exact(row.graph)) return true;
  const auto& had = row.provenance;
  if (had.stopped_by == "states") return unlimited(limits.state_limit) <= unlimited(had.state_limit);
  if (had.stopped_by == "time") return limits.time_limit > 0 && limits.time_limit <= had.time_limit;
  // "auto" finds a little more or less memory free each time
  return static_cast<double>(limits.memory_limit) <= 1.25 * static_cast<double>(had.memory_limit);
}

}  // namespace cosetta::conjecture
