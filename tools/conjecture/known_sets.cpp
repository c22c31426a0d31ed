#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/known_sets.hpp>

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

std::optional<graphs::graph_definition> instance(const std::string& spec) {
  try {
    return graphs::make_catalogue_graph(spec);
  } catch (const error&) {  // these parameters do not go together
    return std::nullopt;
  }
}

/// Calls `visit` for all choices of the integer parameters after the first, from their least values to `most`; others stay as they are.
void for_each_instance(const graphs::family& f, std::size_t degree, std::int64_t most, std::string spec, std::size_t next, const std::function<void(const std::string&)>& visit) {
  if (next == 0) spec = fmt::format("{}:{}", f.name, degree);
  next = std::max<std::size_t>(next, 1);
  if (next == f.parameters.size()) return visit(spec);
  const auto& p = f.parameters[next];
  if (p.type != graphs::parameter::kind::integer) {
    if (!std::holds_alternative<std::monostate>(p.fallback)) visit(spec);
    return;
  }
  for (std::int64_t value = p.least; value <= std::min(p.most, most); ++value) for_each_instance(f, degree, most, fmt::format("{},{}", spec, value), next + 1, visit);
}

}  // namespace

std::unordered_map<std::string, std::vector<std::string>> known_sets(std::size_t degree, std::size_t size, inversion kind) {
  std::unordered_map<std::string, std::vector<std::string>> out;
  const std::size_t most = 2 * size;
  for (const auto& f : graphs::catalogue()) {
    if (f.part != graphs::section::permutations || f.parameters.empty() || f.parameters.front().type != graphs::parameter::kind::integer || f.name.find("rand") != std::string::npos) continue;
    // Families of many generators have many for small parameters already, and take long for larger ones.
    bool few = false;
    const auto probe = std::min<std::size_t>(degree, 6);
    for_each_instance(f, probe, static_cast<std::int64_t>(probe), "", 0, [&](const std::string& spec) {
      if (few) return;
      const auto graph = instance(spec);
      few = graph && graph->permutations() != nullptr && graph->degree() == probe && graph->generator_count() <= most;
    });
    if (!few) continue;
    for_each_instance(f, degree, static_cast<std::int64_t>(degree), "", 0, [&](const std::string& spec) {
      const auto graph = instance(spec);
      if (!graph || graph->permutations() == nullptr || graph->degree() != degree || graph->generator_count() > most) return;
      const auto set = canonical_form(graph->permutations()->elements(), degree, kind);
      if (set.identified && set.generators.size() <= size) out[set.key].push_back(spec);
    });
  }
  return out;
}

}  // namespace cosetta::conjecture
