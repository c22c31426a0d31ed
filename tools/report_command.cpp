#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/fit_json.hpp>
#include <tools/render.hpp>
#include <tools/report/exports.hpp>
#include <tools/report/page.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <iterator>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view report_formats[] = {"html", "latex", "csv", "cayleypy", "b-file", "json"};

struct report_arguments {
  std::string sweep, measure = "diameter", db, format = "html", file, table, oeis;
  bool json = false, quiet = false;
  std::size_t max_period = conjecture::fit_options{}.max_period;
  std::size_t max_degree = conjecture::fit_options{}.max_degree;
  std::size_t max_order = conjecture::fit_options{}.max_order;

  /// Throws parse_error.
  std::string chosen() const;
  report::report_options options() const;
};

std::string report_arguments::chosen() const {
  if (std::ranges::find(report_formats, format) == std::end(report_formats)) throw parse_error(fmt::format("unknown format '{}'; there are {}", format, fmt::join(report_formats, ", ")));
  if (json && format != "html" && format != "json") throw parse_error(fmt::format("--json and --format {} exclude each other", format));
  return json ? "json" : format;
}

report::report_options report_arguments::options() const {
  constexpr std::size_t most_period = 30, most_degree = 12, most_order = 200;
  const auto check = [](const char* option, std::size_t value, std::size_t most) {
    if (value > most) throw parse_error(fmt::format("{} {}: at most {}", option, value, most));
  };
  check("--max-period", max_period, most_period);
  check("--max-degree", max_degree, most_degree);
  check("--max-order", max_order, most_order);
  report::report_options out;
  out.fit.max_period = max_period;
  out.fit.max_degree = max_degree;
  out.fit.max_order = max_order;
  out.sequences_file = oeis;
  out.table = table;
  return out;
}

std::string_view to_string(report::agreement a) {
  constexpr std::string_view names[] = {"none", "agrees", "left_out", "differs", "within_bound", "beaten_by_bound"};
  return names[static_cast<std::size_t>(a)];
}

ordered_json table_json(const report::report_table& t) {
  ordered_json out = {{"name", t.table.name}, {"template", t.table.title}, {"along", t.table.along}, {"refuted", t.refuted}, {"rows", ordered_json::array()}};
  for (std::size_t i = 0; i < t.table.rows.size(); ++i) {
    const auto& row = t.table.rows[i];
    out["rows"].push_back({{"n", row.n}, {"value", row.value.get_str()}, {"status", row.exact ? "exact" : "lower_bound"}});
    if (t.expected[i]) out["rows"].back()["formula"] = t.expected[i]->get_str();
    out["rows"].back()["agreement"] = to_string(t.agreements[i]);
  }
  out["fit"] = fit_json(t.fit);
  return out;
}

ordered_json distribution_json(const report::distribution& d, const report::sweep_report& r) {
  ordered_json out = {{"degree", d.degree}, {"graphs", d.graphs}, {"unknown", d.unknown}, {"values", ordered_json::array()}};
  for (const auto& [value, here] : d.values) out["values"].push_back({{"value", value.get_str()}, {"exact", here.proven}, {"lower_bounds", here.bounds}});
  out["largest_count"] = d.largest_count;
  out["largest"] = ordered_json::array();
  for (const auto i : d.largest) out["largest"].push_back({{"label", r.graphs[i].member.label}, {"key", r.graphs[i].graph.key}, {"generators", ordered_json::parse(r.graphs[i].graph.generators)}});
  return out;
}

std::string report_json(const report::sweep_report& r, const report_arguments& a, const std::string& command_line) {
  ordered_json result = {{"finding", r.title().text()}, {"tables", ordered_json::array()}, {"distributions", ordered_json::array()}};
  for (const auto& t : r.tables) result["tables"].push_back(table_json(t));
  for (const auto& d : r.distributions) result["distributions"].push_back(distribution_json(d, r));
  result["specification"] = {{"text", r.specification.text}, {"checked", r.specification.checked}};
  return json_text({{"schema", "cosetta.report/1"},
                    {"sweep", {{"name", r.sweep}, {"measure", r.measure}, {"graphs", r.graphs.size()}}},
                    {"result", std::move(result)},
                    {"run", {{"db", a.db}, {"version", version}, {"command", command_line}}}});
}

int run_report(const report_arguments& a, const std::string& command_line) {
  const auto format = a.chosen();
  auto options = a.options();
  conjecture::check_number_measure(a.measure);
  output_arguments output;
  output.file = a.file;
  output.check_writable();
  const conjecture::store from(a.db, conjecture::store::access::read);
  const interrupt_guard guard;
  const auto token = guard.token();
  struct stopped {};
  options.checkpoint = [&] {
    if (token.stop_requested()) throw stopped{};
  };
  options.with_specification = format == "html" || format == "json";
  try {
    const auto r = report::make_report(from, a.sweep, a.measure, options);
    std::string text;
    if (format == "html") text = report::html_page(r, {command_line, version, a.db}, options.checkpoint);
    else if (format == "latex") text = report::latex_tables(r, command_line);
    else if (format == "csv") text = report::csv_rows(r);
    else if (format == "cayleypy") text = report::cayleypy_growth(r);
    else if (format == "b-file") text = report::b_file(r, command_line);
    else text = report_json(r, a, command_line);
    options.checkpoint();
    output.write(text);
  } catch (const stopped&) {
    print_error_line("cosetta: interrupted before the report was written");
    return interrupted;
  }
  return answered;
}

}  // namespace

void add_report_command(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("report", "a sweep and what it suggests as one HTML page, or in the forms that others read");
  const auto a = std::make_shared<report_arguments>();
  verb->add_option("SWEEP", a->sweep, "its name, as `conjecture list` shows it")->required();
  verb->add_option("MEASURE", a->measure, "diameter, last_sphere, girth, order")->capture_default_str();
  verb->add_option("--db", a->db, "the store")->required();
  verb->add_option("--format", a->format, fmt::format("{}", fmt::join(report_formats, ", ")))->capture_default_str();
  verb->add_flag("--json", a->json, "the same as --format json");
  verb->add_option("-o,--output", a->file, "write to a file (through a temporary one) instead of stdout");
  verb->add_option("--table", a->table, "only this table, where the sweep has several: \"top_spin(n, k=4)\"");
  verb->add_option("--max-period", a->max_period, "of quasi-polynomials")->check(check_positive)->capture_default_str();
  verb->add_option("--max-degree", a->max_degree, "of quasi-polynomials")->check(check_natural)->capture_default_str();
  verb->add_option("--max-order", a->max_order, "of linear recurrences")->check(check_positive)->capture_default_str();
  verb->add_option("--oeis", a->oeis, "your copy of the OEIS's stripped.gz: also look there for the values");
  verb->add_flag("-q,--quiet", a->quiet, "nothing on stderr but errors");
  verb->footer(
      "html      one file without scripts or anything from outside: the finding, tables, figures, all data, provenance, and how to reproduce it\n"
      "latex     a tabular for each table\n"
      "csv       a line for each row: table, n, value, status, formula, difference, graphs\n"
      "cayleypy  lines n,\"[1, 3, 2]\" as CayleyPy's data folder has them; the sweep needs the measure growth\n"
      "b-file    lines 'n a(n)' for the OEIS: proven values of consecutive n\n"
      "Families are tables along their parameter; sets of graphs are shown by the distribution of the measure and the graphs that attain the most.\n\n"
      "Exit codes: 0 written; 2 no such sweep, table or measure; 130 interrupted, and nothing written.\n\n"
      "Examples:\n"
      "  cosetta conjecture sweep lx12.json --db research.db --quiet && cosetta conjecture report lx diameter --db research.db -o lx.html\n"
      "  cosetta conjecture sweep pairs.json --db pairs.db --quiet && cosetta conjecture report pairs --db pairs.db --format csv\n"
      "  cosetta conjecture sweep lx12.json --db research.db --quiet && cosetta conjecture report lx --db research.db --format b-file -o b_lx.txt");
  verb->callback([a, &call] { call.action = [a, &call] { return run_report(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
