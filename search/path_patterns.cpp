#include <search/path_patterns.hpp>
#include <search/pattern_choice.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace cosetta::search {

prepared_patterns prepare_patterns(const graphs::graph_definition& graph, const graphs::state& to, std::size_t bytes,
                                   std::optional<kernels::instruction_set> instructions, const run_context& context) {
  prepared_patterns out;
  out.home = to;
  auto space = pattern_space::of(graph, to, out.text, context);
  if (!space) return out;
  auto choices = choose_patterns(*space, bytes, context);
  std::shared_ptr<pattern_table> table;
  auto best = choices.begin();
  for (; best != choices.end(); ++best) {  // sizes were estimated
    table = std::make_shared<pattern_table>(std::move(best->parts), best->symmetries, true);
    if (table->bytes() <= bytes) break;
  }
  if (best == choices.end()) {
    out.text = fmt::format("no pattern table fits {}", format_size(bytes));
    return out;
  }
  table->build(context);
  out.bytes = table->bytes();
  out.search = std::make_shared<const pattern_search>(std::move(*space), std::vector<std::shared_ptr<const pattern_table>>{table},
                                                      instructions.value_or(kernels::best_instruction_set()));
  const auto several = [](std::size_t n, std::string_view one, std::string_view more) { return fmt::format("{} {}", n, n == 1 ? one : more); };
  out.text = fmt::format("{}: {}, up to {}, {}, {} with a mean bound of {:.2f}", best->origin, several(table->entries(), "entry", "entries"),
                         several(best->symmetries.size(), "symmetry", "symmetries"), format_size(out.bytes),
                         several(out.search->lookups(), "lookup", "lookups"), out.search->mean_bound());
  return out;
}

path_result search_by_patterns(const prepared_patterns& patterns, const graphs::state& from, std::uint64_t least, std::uint64_t most_nodes,
                               const path_options& options, const run_context& context) {
  path_result out;
  out.method = "ida";
  out.threads = context.threads;
  out.peak_bytes = patterns.bytes;
  out.tables = patterns.text;
  const auto labels = patterns.search->space().labels(from);
  if (!labels || !patterns.search->may_reach(*labels)) {
    out.status = path_status::no_path;
    out.reason = "the colours that it shows are not among those that the group moves the end to, which were listed";
    return out;
  }
  const auto r = patterns.search->solve(*labels, least, options.max_depth.value_or(std::numeric_limits<std::uint64_t>::max()), most_nodes, context);
  out.nodes = r.nodes;
  out.lower_bound = r.lower_bound;
  out.limit = r.limit;
  if (r.found) {
    out.status = path_status::geodesic;
    out.word = r.word;
  } else {
    out.status = r.limit == limit::interrupt ? path_status::interrupted : path_status::lower_bound;
  }
  return out;
}

}  // namespace cosetta::search
