#include <kernels/error.hpp>
#include <tools/conjecture/measured_table.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::conjecture {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

/// "top_spin(n, k=3)" of "top_spin:{n},k={k}"; a name of another form keeps it.
std::string name_of(std::string text, const std::string& along, const std::vector<std::pair<std::string, std::int64_t>>& parameters) {
  for (const auto& [name, value] : parameters) replace_all(text, "{" + name + "}", name == along ? name : std::to_string(value));
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find('|') != std::string::npos) return text;
  const auto end = std::min(text.find(' '), text.size());
  std::string inside = text.substr(colon + 1, end - colon - 1);
  replace_all(inside, ",", ", ");
  return text.substr(0, colon) + "(" + inside + ")" + text.substr(end);
}

void sort_rows(measured_table& table) {
  std::vector<std::size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return table.rows[i].n; });
  measured_table sorted = table;
  for (std::size_t i = 0; i < order.size(); ++i) {
    table.rows[i] = sorted.rows[order[i]];
    table.graphs[i] = sorted.graphs[order[i]];
  }
}

}  // namespace

void check_number_measure(std::string_view measure) {
  if (std::ranges::find(number_measures, measure) == std::end(number_measures)) {
    throw parse_error(fmt::format("unknown measure '{}'; there are {}", measure, fmt::join(number_measures, ", ")));
  }
}

std::optional<mpz_class> number_of(const graph_row& graph, std::string_view measure) {
  const auto number = [](const auto& x) { return x ? std::optional(mpz_class(std::to_string(*x))) : std::nullopt; };
  if (measure == "diameter") return number(graph.diameter);
  if (measure == "last_sphere") return graph.status == search::status::exact ? number(graph.last_sphere) : std::nullopt;
  if (measure == "girth") return number(graph.girth);
  return graph.order;
}

bool is_proven(const graph_row& graph, std::string_view measure) noexcept { return graph.status == search::status::exact || measure == "order"; }

std::string template_of(const member_row& m) {
  std::string out = m.spec.substr(0, m.spec.find(':'));
  auto next = m.parameters.begin();  // they stand in the order of the text
  for (std::size_t at = out.size(); at < m.spec.size();) {
    const std::size_t end = std::min(m.spec.find(',', at + 1), m.spec.size());
    const std::size_t equals = m.spec.find('=', at + 1);
    const std::size_t value = (equals < end ? equals : at) + 1;
    out += m.spec.substr(at, value - at);
    if (next != m.parameters.end() && m.spec.substr(value, end - value) == std::to_string(next->second)) {
      out += "{" + next++->first + "}";
    } else {
      out += m.spec.substr(value, end - value);
    }
    at = end;
  }
  return out + (m.label.size() > m.spec.size() ? m.label.substr(m.spec.size()) : "");
}

std::vector<measured_table> measured_tables(std::span<const listed_graph> graphs, std::string_view measure) {
  std::map<std::string, std::map<std::string, std::set<std::int64_t>>> values;  // of each template and parameter
  for (const auto& g : graphs) {
    for (const auto& [name, value] : g.member.parameters) values[template_of(g.member)][name].insert(value);
  }
  std::map<std::string, measured_table> tables;
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    const auto& member = graphs[i].member;
    const auto value = number_of(graphs[i].graph, measure);
    const auto from = values.find(template_of(member));
    if (!value || from == values.end()) continue;
    const auto& along = std::ranges::max_element(from->second, {}, [](const auto& v) { return v.second.size(); })->first;
    std::string title = from->first;
    std::optional<std::int64_t> n;
    for (const auto& [name, number] : member.parameters) {
      if (name == along) n = number;
      else title += fmt::format(", {} = {}", name, number);
    }
    if (!n) continue;
    auto& table = tables[title];
    if (table.rows.empty()) {
      table.title = title;
      table.along = along;
      table.name = name_of(from->first, along, member.parameters);
    }
    table.rows.push_back({static_cast<long>(*n), *value, is_proven(graphs[i].graph, measure)});
    table.graphs.push_back(i);
  }
  std::vector<measured_table> out;
  for (auto& [title, table] : tables) {
    sort_rows(table);
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace cosetta::conjecture
