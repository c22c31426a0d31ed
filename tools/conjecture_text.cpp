#include <tools/conjecture_text.hpp>
#include <tools/render.hpp>
#include <tools/table.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using conjecture::listed_graph;
using nlohmann::ordered_json;

bool is_exact(const listed_graph& row) {
  return row.graph.status == search::status::exact;
}

/// What a table shows of a graph: its diameter, or else its order.
std::string value_text(const listed_graph& row) {
  if (row.graph.diameter) return fmt::format("{}{}", is_exact(row) ? "" : ">=", *row.graph.diameter);
  if (row.graph.order) return row.graph.order->get_str();
  return "?";
}

/// " n    4  5  6" over " d    6 11 18".
std::string two_rows(const std::string& parameter, const std::string& value, const std::vector<std::pair<std::string, std::string>>& cells) {
  std::size_t width = 2;
  for (const auto& [x, y] : cells) width = std::max({width, x.size(), y.size()});
  const std::size_t head = std::max(parameter.size(), value.size()) + 1;
  std::string above = fmt::format(" {:<{}} ", parameter, head), below = fmt::format(" {:<{}} ", value, head);
  for (const auto& [x, y] : cells) {
    above += fmt::format(" {:>{}}", x, width);
    below += fmt::format(" {:>{}}", y, width);
  }
  return above + "\n" + below + "\n";
}

/// A block for each choice of all parameters but the one that takes most values; that one runs along the rows.
std::string family_text(const conjecture::family_graphs& family, const std::vector<const listed_graph*>& rows) {
  if (family.ranges.empty() || rows.empty()) return rows.empty() ? "" : fmt::format("{}  {}\n", family.text, value_text(*rows.front()));
  std::size_t along = 0;
  const auto values = [](const conjecture::value_range& r) { return (r.to - r.from) / r.step; };
  for (std::size_t i = 1; i < family.ranges.size(); ++i) {
    if (values(family.ranges[i]) > values(family.ranges[along])) along = i;
  }
  std::map<std::vector<std::int64_t>, std::vector<std::pair<std::string, std::string>>> blocks;
  for (const auto* row : rows) {
    std::vector<std::int64_t> others;
    for (std::size_t i = 0; i < family.ranges.size(); ++i) {
      if (i != along) others.push_back(row->member.parameters[i].second);
    }
    blocks[others].emplace_back(std::to_string(row->member.parameters[along].second), value_text(*row));
  }
  std::string out;
  for (const auto& [others, cells] : blocks) {
    std::string title;
    for (std::size_t i = 0, o = 0; i < family.ranges.size(); ++i) {
      if (i != along) title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", family.ranges[i].name, others[o++]);
    }
    if (!title.empty()) out += fmt::format("{}\n", title);
    out += two_rows(family.ranges[along].name, rows.front()->graph.diameter ? "d" : "order", cells);
  }
  return out;
}

/// How many graphs have which diameter, and one of the largest.
std::string many_text(const std::string& title, const std::vector<const listed_graph*>& rows) {
  std::map<std::pair<std::uint64_t, bool>, std::size_t> counts;  // of each value, and whether it is a bound
  const listed_graph* largest = nullptr;
  for (const auto* row : rows) {
    if (!row->graph.diameter) continue;
    ++counts[{*row->graph.diameter, !is_exact(*row)}];
    if (largest == nullptr || *row->graph.diameter > *largest->graph.diameter) largest = row;
  }
  std::string out = fmt::format("{}: {} graphs\n", title, rows.size());
  if (largest == nullptr) return out;
  std::vector<std::pair<std::string, std::string>> cells;
  for (const auto& [d, n] : counts) cells.emplace_back((d.second ? ">=" : "") + std::to_string(d.first), std::to_string(n));
  constexpr std::size_t shown = 16;
  for (std::size_t i = 0; i < cells.size(); i += shown) {
    out += two_rows("d", "graphs", {cells.begin() + static_cast<std::ptrdiff_t>(i), cells.begin() + static_cast<std::ptrdiff_t>(std::min(i + shown, cells.size()))});
  }
  return out + fmt::format(" largest {}: {}\n", value_text(*largest), largest->graph.generators.size() > 200 ? largest->member.label : largest->graph.generators);
}

}  // namespace

std::string sweep_text(const conjecture::sweep_specification& specification, const conjecture::sweep_result& result, const std::vector<listed_graph>& rows) {
  std::unordered_map<std::string, std::size_t> entry_of;
  for (const auto& item : result.items) entry_of.emplace(item.label, item.entry);
  std::vector<std::vector<const listed_graph*>> by_entry(specification.entries.size());
  for (const auto& row : rows) {
    if (const auto at = entry_of.find(row.member.label); at != entry_of.end()) by_entry[at->second].push_back(&row);
  }
  std::string out;
  for (std::size_t i = 0; i < by_entry.size(); ++i) {
    const auto& entry = specification.entries[i];
    if (const auto* family = std::get_if<conjecture::family_graphs>(&entry)) {
      if (by_entry.size() > 1 && !family->ranges.empty()) out += family->text + "\n";
      out += family_text(*family, by_entry[i]);
    } else if (std::holds_alternative<conjecture::listed_generators>(entry)) {
      for (const auto* row : by_entry[i]) out += fmt::format("{}  {}\n", row->member.label, value_text(*row));
    } else {
      out += many_text(describe(entry), by_entry[i]);
    }
  }
  std::string counts = fmt::format("{} done, {} failed, {} reused", result.done, result.failures.size(), result.reused);
  if (result.bounds > 0) counts += fmt::format(", {} of them bounds", result.bounds);
  if (result.left() > 0) counts += fmt::format(", {} left", result.left());
  if (by_entry.size() == 1 && std::count(out.begin(), out.end(), '\n') == 2 && result.left() == 0) {  // a short table has room beside it
    out.pop_back();
    return out + "          " + counts + "\n";
  }
  return out + counts + "\n";
}

ordered_json listed_json(const listed_graph& row, bool whole) {
  const auto& g = row.graph;
  ordered_json out = {{"sweep", row.member.sweep}, {"label", row.member.label}};
  if (!row.member.parameters.empty()) {
    for (const auto& [name, value] : row.member.parameters) out["parameters"][name] = value;
  }
  out["key"] = g.key;
  out["degree"] = g.degree;
  out["inverse_closed"] = g.inverse_closed;
  out["status"] = search::to_string(g.status);
  if (g.diameter) out["diameter"] = *g.diameter;
  if (g.states) out["states"] = g.states->get_str();
  if (g.last_sphere) out["last_sphere"] = count_json(*g.last_sphere);
  if (!g.layers.empty()) {
    auto& layers = out["layers"] = ordered_json::array();
    for (const auto n : g.layers) layers.push_back(count_json(n));
  }
  if (g.moments) out["mean"] = g.moments->mean, out["sd"] = g.moments->deviation, out["skewness"] = g.moments->skewness;
  if (g.order) out["order"] = g.order->get_str();
  if (g.transitive) out["transitive"] = *g.transitive;
  if (g.girth) out["girth"] = *g.girth;
  if (!whole) return out;
  out["generators"] = ordered_json::parse(g.generators);
  if (!g.central.empty()) out["central_state"] = ordered_json::parse(g.central);
  if (g.last_layer) out["last_layer"] = *g.last_layer;
  if (!row.member.relabelling.empty()) out["relabelling"] = row.member.relabelling;
  const auto& p = row.provenance;
  out["provenance"] = {{"version", p.version}, {"command", p.command},     {"engine", p.engine},        {"seconds", p.seconds},
                       {"threads", p.threads}, {"peak_bytes", p.peak_bytes}, {"stopped_by", p.stopped_by}};
  return out;
}

namespace {

const std::vector<std::string> columns{"sweep", "label", "order", "diameter", "status", "last sphere", "girth", "transitive", "engine", "seconds"};

/// What a terminal would obey becomes \x1b: older stores have names of all kinds.
std::string without_controls(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) out += fmt::format("\\x{:02x}", byte);
    else out += c;
  }
  return out;
}

std::vector<std::string> cells_of(const listed_graph& row) {
  const auto& g = row.graph;
  const auto number = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string(); };
  return {row.member.sweep,
          row.member.label,
          g.order ? g.order->get_str() : g.states && is_exact(row) && g.kind == "cayley" ? g.states->get_str() : "",
          number(g.diameter),
          std::string(search::to_string(g.status)),
          number(g.last_sphere),
          number(g.girth),
          g.transitive ? (*g.transitive ? "yes" : "no") : "",
          row.provenance.engine,
          fmt::format("{:.4f}", row.provenance.seconds)};
}

}  // namespace

std::string listed_text(const std::vector<listed_graph>& rows) {
  std::vector<std::vector<std::string>> table{columns};
  for (const auto& row : rows) {
    table.push_back(cells_of(row));
    auto& cells = table.back();
    if (row.graph.diameter) cells[3] = value_text(row);  // other forms have the column for the status
    for (auto& cell : cells) cell = without_controls(cell);
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::string out;
  for (const auto& cells : table) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += fmt::format("{}{:<{}}", i == 0 ? "" : "  ", cells[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string listed_table(const std::vector<listed_graph>& rows, output_format format, std::string_view remark) {
  const table_format table(format);
  auto names = columns;
  std::replace(names.begin(), names.end(), std::string("last sphere"), std::string("last_sphere"));
  std::string out = table.head(names, remark);
  for (const auto& row : rows) out += table.row(cells_of(row));
  return out + table.foot();
}

}  // namespace cosetta::tools
