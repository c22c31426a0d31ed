#include <kernels/error.hpp>
#include <tools/report/exports.hpp>
#include <tools/report/markup.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::report {

namespace {

/// In one line, so that a name cannot end the comment.
std::string comment(std::string_view mark, std::string_view text) {
  std::string out = fmt::format("{} {}", mark, text);
  for (auto& c : out) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return out + "\n";
}

/// RFC 4180.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return out + "\n";
}

std::string latex_table(const report_table& t, const sweep_report& r) {
  const auto* f = t.formula();
  const auto words = latex_escaped(capitalized(measure_words(r.measure)));
  std::string out = comment("%", fmt::format("{} of {}: {}", capitalized(measure_words(r.measure)), t.table.name, finding_of(t, r.options).text()));
  if (f != nullptr) out += comment("%", fmt::format("formula: ${}$ for ${} \\ge {}$", formula_latex(formula_in(f->text, t.table.along)), latex_escaped(t.table.along), f->from));
  out += fmt::format("\\begin{{tabular}}{{rr{}}}\n\\hline\n", f != nullptr ? "r" : "");
  const auto parameter = t.table.along.size() == 1 ? "$" + latex_escaped(t.table.along) + "$" : latex_escaped(t.table.along);
  out += fmt::format("{} & {}{} \\\\\n\\hline\n", parameter, words, f != nullptr ? " & Formula" : "");
  for (std::size_t i = 0; i < t.table.rows.size(); ++i) {
    const auto& row = t.table.rows[i];
    out += fmt::format("${}$ & ${}{}$", row.n, row.exact ? "" : "\\ge ", row.value.get_str());
    if (f != nullptr) out += t.expected[i] ? fmt::format(" & ${}$", t.expected[i]->get_str()) : " &";
    out += " \\\\\n";
  }
  return out + "\\hline\n\\end{tabular}\n";
}

std::string latex_table(const distribution& d, const sweep_report& r) {
  std::string out = comment("%", capitalized(finding_of(d, r.measure)));
  out += fmt::format("\\begin{{tabular}}{{rr}}\n\\hline\n{} & Graphs \\\\\n\\hline\n", latex_escaped(capitalized(measure_words(r.measure))));
  for (const auto& [value, here] : d.values) {
    if (here.proven > 0) out += fmt::format("${}$ & ${}$ \\\\\n", value.get_str(), here.proven);
    if (here.bounds > 0) out += fmt::format("$\\ge {}$ & ${}$ \\\\\n", value.get_str(), here.bounds);
  }
  return out + "\\hline\n\\end{tabular}\n";
}

std::string difference_of(const report_table& t, std::size_t row) {
  return t.expected[row] && t.table.rows[row].exact ? mpz_class(t.table.rows[row].value - *t.expected[row]).get_str() : "";
}

/// Whether the report was cut to some of the sweep's tables.
bool is_of(const sweep_report& r, std::size_t graph) {
  if (r.is_whole) return true;
  return std::ranges::any_of(r.tables, [&](const auto& t) { return std::ranges::find(t.table.graphs, graph) != t.table.graphs.end(); });
}

}  // namespace

std::string latex_tables(const sweep_report& r, std::string_view remark) {
  std::string out = comment("%", remark);
  for (const auto& t : r.tables) out += latex_table(t, r);
  for (const auto& d : r.distributions) out += latex_table(d, r);
  return out;
}

std::string csv_rows(const sweep_report& r) {
  std::string out = csv_line({"table", "n", r.measure, "status", "formula", "difference", "graphs"});
  for (const auto& t : r.tables) {
    for (std::size_t i = 0; i < t.table.rows.size(); ++i) {
      const auto& row = t.table.rows[i];
      out += csv_line({t.table.name, std::to_string(row.n), row.value.get_str(), row.exact ? "exact" : "lower_bound", t.expected[i] ? t.expected[i]->get_str() : "", difference_of(t, i), "1"});
    }
  }
  for (const auto& d : r.distributions) {
    const auto name = fmt::format("graphs on {}", plural(d.degree, "point"));
    for (const auto& [value, here] : d.values) {
      if (here.proven > 0) out += csv_line({name, "", value.get_str(), "exact", "", "", std::to_string(here.proven)});
      if (here.bounds > 0) out += csv_line({name, "", value.get_str(), "lower_bound", "", "", std::to_string(here.bounds)});
    }
  }
  return out;
}

std::string cayleypy_growth(const sweep_report& r) {
  std::string out;
  std::set<std::string> names;
  for (std::size_t i = 0; i < r.graphs.size(); ++i) {
    const auto& g = r.graphs[i];
    if (g.graph.layers.empty() || g.graph.status != search::status::exact || !is_of(r, i)) continue;
    std::string name;
    for (const auto& [parameter, value] : g.member.parameters) name += fmt::format("{}{}", name.empty() ? "" : ",", value);
    if (name.empty()) name = g.member.label;
    if (!names.insert(name).second) throw domain_error(fmt::format("sweep '{}': two graphs are called '{}' in this form: name one of its tables (--table)", r.sweep, name));
    out += csv_line({name, fmt::format("[{}]", fmt::join(g.graph.layers, ", "))});
  }
  if (out.empty()) throw domain_error(fmt::format("sweep '{}' has no complete growth: put \"growth\" into the measures of its specification, and sweep again", r.sweep));
  return out;
}

std::string b_file(const sweep_report& r, std::string_view remark) {
  if (r.tables.size() != 1) {
    std::string names;
    for (const auto& t : r.tables) names += (names.empty() ? "" : "; ") + t.table.name;
    throw domain_error(r.tables.empty() ? fmt::format("sweep '{}' has no table along a parameter, and a b-file is one", r.sweep)
                                        : fmt::format("sweep '{}' has {} tables, and a b-file is one: name it (--table); there are: {}", r.sweep, r.tables.size(), names));
  }
  const auto& t = r.tables.front();
  const auto& rows = t.table.rows;
  const auto first = static_cast<std::size_t>(std::ranges::find_if(rows, &conjecture::fit_row::exact) - rows.begin());
  if (first == rows.size()) throw domain_error(fmt::format("{}: lower bounds only, and b-files hold proven values", t.table.name));
  std::size_t end = first + 1;
  while (end < rows.size() && rows[end].exact && rows[end].n == rows[end - 1].n + 1) ++end;
  if (end == first + 1 && rows.size() > 1 && end < rows.size() && rows[end].exact) {
    throw domain_error(fmt::format("{}: after {} = {} comes {}, and b-files have no gaps: sweep consecutive values", t.table.name, t.table.along, rows[first].n, rows[end].n));
  }
  std::string out = comment("#", fmt::format("{} of {}, {} = {}..{}", capitalized(measure_words(r.measure)), t.table.name, t.table.along, rows[first].n, rows[end - 1].n));
  out += comment("#", remark);
  if (const auto left = rows.size() - (end - first); left > 0) out += comment("#", fmt::format("{} left out: bounds, or beyond a gap", plural(left, "row")));
  for (std::size_t i = first; i < end; ++i) {
    const auto value = rows[i].value.get_str();
    constexpr std::size_t most_digits = 1000;
    if (value.size() > most_digits) throw domain_error(fmt::format("{}: the value at {} has {} digits, and b-files take {}", t.table.name, rows[i].n, value.size(), most_digits));
    out += fmt::format("{} {}\n", rows[i].n, value);
  }
  return out;
}

}  // namespace cosetta::report
