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
  if (inside.ends_with("," + along + "=" + along)) inside.resize(inside.size() - along.size() - 1);  // "top_spin(5, k)"
  replace_all(inside, "," + along + "=" + along + ",", "," + along + ",");
  replace_all(inside, ",", ", ");
  return text.substr(0, colon) + "(" + inside + ")" + text.substr(end);
}

/// All texts with {n} from which the parameters make this spec, each parameter used, in their order: at most some hundred.
std::vector<std::string> possible_templates(const member_row& m) {
  if (m.parameters.empty()) return {};
  struct piece {
    std::string text;
    std::vector<std::size_t> parameters;  // that have this value
  };
  std::vector<piece> pieces;
  for (std::size_t at = 0; at < m.spec.size();) {
    const auto is_part = [&](std::size_t i) { return m.spec[i] >= '0' && m.spec[i] <= '9'; };
    std::size_t end = at + 1;
    if (is_part(at)) {
      while (end < m.spec.size() && is_part(end)) ++end;
    }
    const bool negative = is_part(at) && !pieces.empty() && pieces.back().text == "-";
    if (negative) pieces.pop_back();
    piece p{m.spec.substr(at - (negative ? 1 : 0), end - at + (negative ? 1 : 0)), {}};
    for (std::size_t i = 0; i < m.parameters.size(); ++i) {
      if (p.text == std::to_string(m.parameters[i].second)) p.parameters.push_back(i);
    }
    pieces.push_back(std::move(p));
    at = end;
  }
  constexpr std::size_t most = 256;
  struct partial {
    std::string text;
    std::size_t used = 0;  // parameters that have occurred: the first ones
  };
  std::vector<partial> open{{}};
  for (const auto& p : pieces) {
    std::vector<partial> next;
    for (const auto& o : open) {
      next.push_back({o.text + p.text, o.used});
      for (const auto i : p.parameters) {
        if (i <= o.used && next.size() < most) next.push_back({o.text + "{" + m.parameters[i].first + "}", std::max(o.used, i + 1)});
      }
    }
    open = std::move(next);
  }
  const std::string ending = m.label.size() > m.spec.size() ? m.label.substr(m.spec.size()) : "";
  std::vector<std::string> out;
  for (const auto& o : open) {
    if (o.used == m.parameters.size()) out.push_back(o.text + ending);
  }
  return out;
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

std::vector<std::string> templates_of(std::span<const listed_graph> graphs) {
  std::map<std::string, std::size_t> votes;
  for (const auto& g : graphs) {
    for (auto& text : possible_templates(g.member)) ++votes[std::move(text)];
  }
  std::vector<std::string> out;
  for (const auto& g : graphs) {
    const auto possible = possible_templates(g.member);
    // Of equals the last one, which has the fewest numbers of its own.
    const auto most = std::max_element(possible.begin(), possible.end(), [&](const auto& a, const auto& b) { return votes[a] <= votes[b]; });
    out.push_back(most == possible.end() ? std::string() : *most);
  }
  return out;
}

std::vector<measured_table> measured_tables(std::span<const listed_graph> graphs, std::string_view measure) {
  const auto templates = templates_of(graphs);
  std::map<std::string, std::map<std::string, std::set<std::int64_t>>> values;  // of each template and parameter
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    for (const auto& [name, value] : graphs[i].member.parameters) values[templates[i]][name].insert(value);
  }
  std::map<std::string, measured_table> tables;
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    const auto& member = graphs[i].member;
    const auto value = number_of(graphs[i].graph, measure);
    const auto from = values.find(templates[i]);
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
