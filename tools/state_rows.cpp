#include <graphs/csv.hpp>
#include <graphs/parse_state.hpp>
#include <kernels/error.hpp>
#include <tools/invocation.hpp>
#include <tools/state_rows.hpp>

#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::tools {

std::vector<state_row> read_state_rows(const std::string& file, const graphs::graph_definition& graph, groups::point first_point) {
  const auto text = read_text(file);
  graphs::csv_reader reader(text, file);
  std::vector<state_row> out;
  std::vector<std::string> fields;
  std::optional<std::size_t> state_column, id_column;
  for (bool first = true; reader.next(fields); first = false) {
    if (first) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& f = fields[i];
        if (f == "initial_state" || f == "permutation" || f == "state") state_column = i;
        if (f == "initial_state_id" || f == "id") id_column = i;
      }
      if (state_column) continue;
    }
    const auto where = fmt::format("{}:{}", file, reader.line());
    const std::string given = state_column ? (*state_column < fields.size() ? fields[*state_column] : "") : fmt::format("{}", fmt::join(fields, ","));
    try {
      auto state = graphs::parse_state(graph, given, first_point);
      out.push_back({where, id_column && *id_column < fields.size() ? fields[*id_column] : std::to_string(out.size()), std::move(state)});
    } catch (const error& e) {
      throw parse_error(fmt::format("{}: {}", where, e.what()));
    }
  }
  if (out.empty()) throw parse_error(fmt::format("{}: no states", file));
  return out;
}

}  // namespace cosetta::tools
