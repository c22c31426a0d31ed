#include <graphs/parse_state.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::graphs {

namespace {

std::string quoted_state(std::string_view text) {
  return fmt::format("state '{}'", text.size() <= 60 ? std::string(text) : std::string(text.substr(0, 60)) + "...");
}

state state_of_word(const graph_definition& graph, std::string_view text) {
  state s = graph.central();
  std::optional<graph_definition> inverses;  // after the generators, each has its own
  for (const auto letter : groups::parse_word(text, graph.names())) {
    if (letter > 0) {
      s = graph.apply(static_cast<std::size_t>(letter - 1), s);
      continue;
    }
    if (!inverses) {
      inverses = std::visit(
          [&](const auto& set) {
            std::remove_cvref_t<decltype(set)> inverted;
            for (std::size_t i = 0; i < set.size(); ++i) inverted.add(set.names()[i], set[i].inverse());
            return graph_definition(graph.spec(), std::move(inverted), graph.central());
          },
          graph.generators());
    }
    s = inverses->apply(static_cast<std::size_t>(-letter - 1), s);
  }
  return s;
}

state state_of_row(const graph_definition& graph, std::string_view text, groups::point first_point) {
  state s;
  try {
    s = parse_pattern(text);
  } catch (const parse_error&) {
    throw parse_error(fmt::format("{} is no row of labels: write [1,0,2], 0011 or 0,0,1,1, cycles (0 1)(2 3), or a word @a.b", quoted_state(text)));
  }
  const auto& central = graph.central();
  if (s.size() != central.size()) {
    throw domain_error(fmt::format("{} has {} labels, the central state of {} has {}", quoted_state(text), s.size(), graph.spec(), central.size()));
  }
  bool points = true;
  for (std::size_t i = 0; i < central.size(); ++i) points = points && central[i] == i;
  const std::uint64_t shift = points ? first_point : 0;
  std::map<std::uint64_t, std::int64_t> surplus;
  for (auto& label : s) {
    if (label < shift) throw domain_error(fmt::format("{}: points count from {}", quoted_state(text), first_point));
    label -= shift;
    ++surplus[label];
  }
  for (const auto label : central) --surplus[label];
  for (const auto& [label, count] : surplus) {
    if (count > 0) {
      throw domain_error(fmt::format("{} does not have the labels of the central state of {}: {} occurs {} too often", quoted_state(text), graph.spec(), label + shift,
                                     count == 1 ? "once" : fmt::format("{} times", count)));
    }
  }
  return s;
}

state state_of_entries(const graph_definition& graph, std::string_view text) {
  const std::size_t rows = graph.degree(), columns = graph.columns();
  std::vector<std::int64_t> entries;
  const auto fail = [&] {
    return parse_error(fmt::format("{} is no {} x {} matrix of integers of 64 bits; write [[1,1],[0,1]], or a word @a.b", quoted_state(text), rows, columns));
  };
  const auto value = nlohmann::json::parse(text.find('[') == std::string_view::npos ? "[" + std::string(text) + "]" : std::string(text), nullptr, false);
  const auto add = [&](const nlohmann::json& list) {
    for (const auto& e : list) {
      if (!e.is_number_integer() || (e.is_number_unsigned() && e.get<std::uint64_t>() > INT64_MAX)) throw fail();
      entries.push_back(e.get<std::int64_t>());
    }
  };
  if (!value.is_array() || value.empty()) throw fail();
  if (value[0].is_array()) {
    if (value.size() != rows) throw fail();
    for (const auto& row : value) {
      if (!row.is_array() || row.size() != columns) throw fail();
      add(row);
    }
  } else {
    if (value.size() != rows * columns) throw fail();
    add(value);
  }
  const auto m = groups::make_matrix(rows, columns, graph.modulus(), entries);
  return {m.entries().begin(), m.entries().end()};
}

}  // namespace

state parse_state(const graph_definition& graph, std::string_view text, groups::point first_point) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.starts_with('@')) return state_of_word(graph, text.substr(1));
  if (graph.permutations() == nullptr) return state_of_entries(graph, text);
  if (!text.starts_with('(')) return state_of_row(graph, text, first_point);
  const auto p = groups::parse_permutation(text, graph.degree(), first_point);
  state s;
  for (std::size_t i = 0; i < p.degree(); ++i) s.push_back(graph.central()[p[i]]);
  return s;
}

}  // namespace cosetta::graphs
