#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/known_sets.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

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

std::vector<std::string> catalogue_instances(std::size_t degree, std::size_t most_generators) {
  std::vector<std::string> out;
  for (const auto& f : graphs::catalogue()) {
    if (f.part != graphs::section::permutations || f.parameters.empty() || f.parameters.front().type != graphs::parameter::kind::integer || f.name.find("rand") != std::string::npos) continue;
    // Families of many generators have many for small parameters already, and take long for larger ones.
    bool few = false;
    const auto probe = std::min<std::size_t>(degree, 6);
    const auto fits = [&](const std::string& spec, std::size_t points) {
      const auto graph = instance(spec);
      return graph && graph->permutations() != nullptr && graph->degree() == points && graph->is_cayley() && graph->generator_count() <= most_generators;
    };
    for_each_instance(f, probe, static_cast<std::int64_t>(probe), "", 0, [&](const std::string& spec) { few = few || fits(spec, probe); });
    if (!few) continue;
    for_each_instance(f, degree, static_cast<std::int64_t>(degree), "", 0, [&](const std::string& spec) {
      if (fits(spec, degree)) out.push_back(spec);
    });
  }
  return out;
}

std::unordered_map<std::string, std::vector<std::string>> known_sets(std::size_t degree, std::size_t size, inversion kind) {
  std::unordered_map<std::string, std::vector<std::string>> out;
  for (const auto& spec : catalogue_instances(degree, 2 * size)) {
    const auto graph = instance(spec);
    const auto set = canonical_form(graph->permutations()->elements(), degree, kind);
    if (set.identified && (kind == inversion::closed ? set.generators.size() : set.all_generators().size()) <= size) out[set.key].push_back(spec);
  }
  return out;
}

std::vector<std::size_t> square_with_whiskers(const std::vector<groups::permutation>& generators) {
  if (generators.empty() || generators.front().degree() < 4) return {};
  const std::size_t n = generators.front().degree();
  std::vector<std::set<std::size_t>> next(n);
  for (const auto& g : generators) {
    for (std::size_t i = 0; i < n; ++i) {
      if (g[i] != i) next[i].insert(g[i]), next[g[i]].insert(i);
    }
  }
  // Leaves are taken off until the cycles are left; a point that loses two of them has two paths.
  std::vector<std::size_t> length(n, 0), degree(n), leaves;
  std::vector<char> off(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    degree[i] = next[i].size();
    if (degree[i] == 1) leaves.push_back(i);
  }
  while (!leaves.empty()) {
    const auto i = leaves.back();
    leaves.pop_back();
    off[i] = 1;
    for (const auto j : next[i]) {
      if (off[j]) continue;
      if (length[j] != 0) return {};
      length[j] = length[i] + 1;
      if (--degree[j] == 1) leaves.push_back(j);
    }
  }
  std::vector<std::size_t> around;
  std::size_t at = 0;
  while (at < n && off[at]) ++at;
  for (std::size_t from = n; at < n && around.size() <= 4;) {
    if (degree[at] != 2) return {};
    around.push_back(at);
    const auto onwards = std::find_if(next[at].begin(), next[at].end(), [&](std::size_t j) { return !off[j] && j != from; });
    from = std::exchange(at, onwards == next[at].end() ? n : *onwards);
    if (at == around.front()) break;
  }
  if (around.size() != 4 || at != around.front() || std::count(off.begin(), off.end(), 1) != static_cast<std::ptrdiff_t>(n - 4)) return {};
  std::vector<std::size_t> best;
  for (int turn = 0; turn < 8; ++turn) {
    if (turn == 4) std::reverse(around.begin(), around.end());
    std::rotate(around.begin(), around.begin() + 1, around.end());
    std::vector<std::size_t> lengths;
    for (const auto i : around) lengths.push_back(length[i]);
    best = std::max(best, lengths);
  }
  return best;
}

}  // namespace cosetta::conjecture
