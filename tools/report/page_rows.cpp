// The rows in full, how each was found, and how to find them again.
#include <tools/report/markup.hpp>
#include <tools/report/page_parts.hpp>

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::report {

namespace {

using conjecture::listed_graph;

constexpr std::size_t most_rows = 20'000;  // a page of more is read by no browser

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("<code>{}</code>", html_escaped(text)); }

std::string bytes_text(double bytes) {
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) bytes /= 1024, ++unit;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 100 ? 0 : 1, units[unit]);
}

std::string seconds_text(double seconds) { return seconds < 0.0001 && seconds > 0 ? std::string("< 0.0001") : fmt::format("{:.4f}", seconds); }

std::string proof_text(const listed_graph& g) {
  const auto& p = g.provenance;
  if (g.graph.status == search::status::exact) return "exact: every sphere was counted";
  std::string limit;
  if (p.stopped_by == "time" && p.time_limit > 0) limit = fmt::format(" of {} s", p.time_limit);
  if (p.stopped_by == "memory" && p.memory_limit > 0) limit = fmt::format(" of {}", bytes_text(static_cast<double>(p.memory_limit)));
  if (p.stopped_by == "states" && p.state_limit > 0) limit = fmt::format(" of {}", p.state_limit);
  return fmt::format("lower bound: stopped by the limit{}{}", p.stopped_by.empty() ? "" : " (" + html_escaped(p.stopped_by) + ")", limit);
}

struct data_column {
  std::string head;
  bool number = false;
  std::function<std::string(const listed_graph&)> cell;
};

std::vector<data_column> data_columns() {
  const auto count = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string(); };
  const auto real = [](const listed_graph& g, double search::distance_moments::* which) { return g.graph.moments ? fmt::format("{:.6g}", (*g.graph.moments).*which) : std::string(); };
  return {{"graph", false, [](const auto& g) { return html_escaped(g.member.label); }},
          {"degree", true, [](const auto& g) { return std::to_string(g.graph.degree); }},
          {"kind", false, [](const auto& g) { return html_escaped(g.graph.kind); }},
          {"inverse-closed", false, [](const auto& g) { return std::string(g.graph.inverse_closed ? "yes" : "no"); }},
          {"status", false, [](const auto& g) { return html_escaped(search::to_string(g.graph.status)); }},
          {"order", true, [](const auto& g) { return g.graph.order ? g.graph.order->get_str() : std::string(); }},
          {"states", true, [](const auto& g) { return g.graph.states ? (g.graph.status == search::status::exact ? "" : "≥ ") + g.graph.states->get_str() : std::string(); }},
          {"diameter", true, [count](const auto& g) { return (g.graph.diameter && g.graph.status != search::status::exact ? "≥ " : "") + count(g.graph.diameter); }},
          {"last sphere", true, [count](const auto& g) { return count(g.graph.last_sphere); }},
          {"girth", true, [count](const auto& g) { return count(g.graph.girth); }},
          {"transitive", false, [](const auto& g) { return std::string(g.graph.transitive ? (*g.graph.transitive ? "yes" : "no") : ""); }},
          {"mean", true, [real](const auto& g) { return real(g, &search::distance_moments::mean); }},
          {"sd", true, [real](const auto& g) { return real(g, &search::distance_moments::deviation); }},
          {"skewness", true, [real](const auto& g) { return real(g, &search::distance_moments::skewness); }},
          {"sphere sizes", false, [](const auto& g) { return g.graph.layers.empty() ? std::string() : code(fmt::format("{}", fmt::join(g.graph.layers, " "))); }},
          {"generators, in the labelling of the key", false, [](const auto& g) { return code(g.graph.generators); }},
          {"central state", false, [](const auto& g) { return code(g.graph.central); }},
          {"key", false, [](const auto& g) { return code(g.graph.key); }}};
}

/// Numbers of the commands that computed rows, in the order in which they occur.
std::map<std::string, std::size_t> numbered_commands(const sweep_report& r, std::vector<std::string>& list) {
  std::map<std::string, std::size_t> out;
  for (const auto& g : r.graphs) {
    if (out.emplace(g.provenance.command, list.size() + 1).second) list.push_back(g.provenance.command);
  }
  return out;
}

std::string summary_table(const sweep_report& r) {
  struct totals {
    std::size_t graphs = 0, exact = 0, peak = 0;
    double seconds = 0;
  };
  std::map<std::tuple<std::string, std::string>, totals> by;
  for (const auto& g : r.graphs) {
    auto& t = by[{g.provenance.engine, g.provenance.version}];
    ++t.graphs;
    t.exact += g.graph.status == search::status::exact ? 1 : 0;
    t.peak = std::max(t.peak, g.provenance.peak_bytes);
    t.seconds += g.provenance.seconds;
  }
  html_table table("What computed the rows", {{"engine"}, {"version"}, {"graphs", true}, {"exact", true}, {"seconds, together", true}, {"largest memory", true}});
  for (const auto& [what, t] : by) {
    table.add({html_escaped(std::get<0>(what)), html_escaped(std::get<1>(what)), std::to_string(t.graphs), std::to_string(t.exact), seconds_text(t.seconds), bytes_text(static_cast<double>(t.peak))});
  }
  return table.text();
}

/// A name for files and shells.
std::string file_name(const std::string& sweep) {
  std::string out;
  for (const char c : sweep) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c == '-' && !out.empty());
    if (plain && out.size() < 60) out += c;
  }
  return out.empty() ? "sweep" : out;
}

/// A name that begins as options do stands after --, and all that is an option before.
std::string report_line(const sweep_report& r, const std::string& db, const std::string& options, const std::string& name) {
  if (r.sweep.starts_with('-')) return fmt::format("cosetta conjecture report --db {}{} -o {}.html -- {} {}\n", db, options, name, shell_word(r.sweep), r.measure);
  return fmt::format("cosetta conjecture report {} {} --db {}{} -o {}.html\n", shell_word(r.sweep), r.measure, db, options, name);
}

}  // namespace

std::string data_html(const sweep_report& r, const page_source& source) {
  std::vector<data_column> used;
  const auto shown = std::min(r.graphs.size(), most_rows);
  for (auto& column : data_columns()) {
    const bool any = std::any_of(r.graphs.begin(), r.graphs.begin() + static_cast<std::ptrdiff_t>(shown), [&](const auto& g) { return !column.cell(g).empty(); });
    if (any) used.push_back(std::move(column));
  }
  std::vector<html_table::column> heads;
  for (const auto& column : used) heads.push_back({column.head, column.number});
  html_table table(fmt::format("All that the store knows of {}{}", plural(shown, "graph"), shown < r.graphs.size() ? fmt::format(", the first of {}", r.graphs.size()) : ""), heads);
  for (std::size_t i = 0; i < shown; ++i) {
    std::vector<std::string> cells;
    for (const auto& column : used) cells.push_back(column.cell(r.graphs[i]));
    table.add(cells);
  }
  const auto list = fmt::format("cosetta conjecture list --db {} --sweep{}{} --json", shell_word(source.db), r.sweep.starts_with('-') ? "=" : " ", shell_word(r.sweep));
  return fmt::format("<section aria-labelledby=\"data\">\n<h2 id=\"data\">Data in full</h2>\n<details>\n<summary>{}, every column</summary>\n{}</details>\n<p>For programs, with the states of the last spheres: <code>{}</code></p>\n</section>\n",
                     plural(shown, "row"), table.text(), html_escaped(list));
}

std::string provenance_html(const sweep_report& r) {
  std::vector<std::string> commands;
  const auto numbers = numbered_commands(r, commands);
  const auto shown = std::min(r.graphs.size(), most_rows);
  html_table table("How each row was found", {{"graph"}, {"proof status"}, {"engine"}, {"seconds", true}, {"memory", true}, {"threads", true}, {"version"}, {"command", true}});
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& g = r.graphs[i];
    const auto& p = g.provenance;
    table.add({html_escaped(g.member.label), proof_text(g), html_escaped(p.engine), seconds_text(p.seconds), bytes_text(static_cast<double>(p.peak_bytes)), std::to_string(p.threads), html_escaped(p.version),
               fmt::format("[{}]", numbers.at(p.command))});
  }
  std::string out = "<section aria-labelledby=\"provenance\">\n<h2 id=\"provenance\">Provenance</h2>\n" + summary_table(r);
  out += "<p>Commands that computed them:</p>\n<ol>\n";
  for (const auto& command : commands) out += fmt::format("<li><code>{}</code></li>\n", html_escaped(command));
  out += "</ol>\n";
  constexpr std::size_t many = 60;
  if (shown > many) out += fmt::format("<details>\n<summary>{}</summary>\n{}</details>\n", plural(shown, "row"), table.text());
  else out += table.text();
  return out + "</section>\n";
}

std::string reproduce_html(const sweep_report& r, const page_source& source) {
  const auto name = file_name(r.sweep);
  const auto fit = [&] {
    std::string options;
    const conjecture::fit_options usual;
    if (r.options.max_period != usual.max_period) options += fmt::format(" --max-period {}", r.options.max_period);
    if (r.options.max_degree != usual.max_degree) options += fmt::format(" --max-degree {}", r.options.max_degree);
    if (r.options.max_order != usual.max_order) options += fmt::format(" --max-order {}", r.options.max_order);
    return options;
  }();
  std::string out = "<section aria-labelledby=\"reproduce\">\n<h2 id=\"reproduce\">Reproduce</h2>\n";
  const auto report = report_line(r, name + ".db", fit, name);
  const auto& s = r.specification;
  if (s.text.empty()) {
    out += "<p>The graphs are too many to be listed here one by one, and no class that names them was found: take the specification of the commands above.</p>\n";
    return out + fmt::format("<pre tabindex=\"0\" aria-label=\"Commands\">{}</pre>\n</section>\n",
                             html_escaped(report_line(r, shell_word(source.db), fit, name)));
  }
  out += s.checked ? "<p>The specification in full, rebuilt from the store; read again, it names these graphs and no others.</p>\n"
                   : "<p>The specification, rebuilt from the store. It was not checked that it names these graphs and no others.</p>\n";
  const auto commands = fmt::format("cat > {0}.json <<'END'\n{1}END\ncosetta conjecture sweep {0}.json --db {0}.db\n{2}", name, s.text, report);
  return out + fmt::format("<pre tabindex=\"0\" aria-label=\"Commands\">{}</pre>\n</section>\n", html_escaped(commands));
}

}  // namespace cosetta::report
