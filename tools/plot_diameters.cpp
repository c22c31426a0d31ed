#include <kernels/error.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/measured_table.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/figures/figures.hpp>
#include <tools/fit_json.hpp>
#include <tools/plot_output.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

struct plot_diameters_arguments {
  std::string table, measure, db, only;
  std::size_t period = 0;
  bool logarithmic = false, without_fit = false;
  plot_arguments plot;
};

/// The two names in the first line of a CSV file, where it has no numbers.
void take_column_names(const std::string& text, figures::diameter_table& table) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == '#' || text[at] == '\n' || text[at] == '\r')) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  const auto line = text.substr(at, text.find_first_of("\r\n", at) - at);
  const auto comma = line.find(',');
  if (comma == std::string::npos || line.find_first_of("0123456789") == 0) return;
  const auto trimmed = [](std::string word) {
    while (word.ends_with(' ')) word.pop_back();
    while (word.starts_with(' ')) word.erase(0, 1);
    return word.size() >= 2 && word.starts_with('"') && word.ends_with('"') ? word.substr(1, word.size() - 2) : word;
  };
  const auto along = trimmed(line.substr(0, comma)), measure = trimmed(line.substr(comma + 1));
  if (along.empty() || measure.empty() || line[0] == '-') return;
  table.parameter = along, table.measure = measure;
}

struct drawn_table {
  std::string title;
  figures::diameter_table table;
};

drawn_table table_of_store(const plot_diameters_arguments& a) {
  const auto measure = a.measure.empty() ? std::string("diameter") : a.measure;
  conjecture::check_number_measure(measure);
  const conjecture::store store(a.db, conjecture::store::access::read);
  const auto graphs = store.listed(a.table);
  if (graphs.empty()) {
    std::string names;
    for (const auto& s : store.sweeps()) names += (names.empty() ? "" : ", ") + s.name;
    throw parse_error(fmt::format("{}: no sweep '{}'; there are {}", a.db, a.table, names.empty() ? "none" : names));
  }
  auto tables = conjecture::measured_tables(graphs, measure);
  if (tables.empty()) throw parse_error(fmt::format("{}: the graphs of '{}' have no {} along a parameter: sweep a family with a range", a.db, a.table, measure));
  std::string titles;
  for (const auto& t : tables) titles += (titles.empty() ? "'" : ", '") + t.title + "'";
  if (!a.only.empty()) {
    const bool whole = std::ranges::any_of(tables, [&](const auto& t) { return t.title == a.only || t.name == a.only; });
    std::erase_if(tables, [&](const auto& t) { return whole ? t.title != a.only && t.name != a.only : t.title.find(a.only) == std::string::npos && t.name.find(a.only) == std::string::npos; });
  }
  if (tables.size() != 1) {
    throw parse_error(a.only.empty() ? fmt::format("{}: '{}' has {} tables; choose one by --table TEXT: {}", a.db, a.table, tables.size(), titles)
                                     : fmt::format("--table {}: {} tables have it in their titles; there are {}", a.only, tables.size(), titles));
  }
  return {fmt::format("{} of {}", measure, tables[0].title), {tables[0].along, measure, tables[0].rows, std::nullopt, a.period}};
}

drawn_table table_of_file(const plot_diameters_arguments& a) {
  const std::string name = a.table == "-" ? "stdin" : a.table;
  const std::string text = a.table == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()) : read_text(a.table);
  drawn_table out{"", {"n", "value", conjecture::parse_fit_rows(text, name), std::nullopt, a.period}};
  take_column_names(text, out.table);
  if (!a.measure.empty()) out.table.measure = a.measure;
  if (out.table.rows.empty()) throw parse_error(fmt::format("{}: no lines n,value", name));
  out.title = fmt::format("{} along {} ({})", out.table.measure, out.table.parameter, name);
  return out;
}

ordered_json rows_json(const std::vector<conjecture::fit_row>& rows) {
  auto out = ordered_json::array();
  for (const auto& r : rows) {
    out.push_back({{"n", r.n}, {"value", r.value.get_str()}, {"exact", r.exact}});
    if (!r.exact) out.back()["bound"] = r.upper ? "upper" : "lower";
  }
  return out;
}

int draw_diameters(const plot_diameters_arguments& a, const std::string& command_line) {
  constexpr std::size_t most_period = 60;
  const bool data = a.plot.wants_data();
  if (a.period > most_period) throw parse_error(fmt::format("--period {}: at most {}", a.period, most_period));
  if (a.db.empty() && !a.only.empty()) throw parse_error("--table chooses from a sweep: give --db FILE too");
  auto drawn = a.db.empty() ? table_of_file(a) : table_of_store(a);
  std::optional<conjecture::fit_report> report;
  if (!a.without_fit) {
    report = conjecture::find_formulas(drawn.table.rows);
    if (!report->formulas.empty()) drawn.table.formula = report->formulas.front();
  }
  if (data) {
    ordered_json out = {{"table", drawn.title}, {"along", drawn.table.parameter}, {"measure", drawn.table.measure}, {"rows", rows_json(drawn.table.rows)}};
    if (report) out["fit"] = fit_json(*report);
    if (drawn.table.formula) out["formula_values"] = rows_json(figures::formula_values(*drawn.table.formula, drawn.table.rows));
    a.plot.output.write(plot_document("diameters", std::move(out), command_line));
  } else {
    const figures::caption caption{a.plot.title.empty() ? drawn.title : a.plot.title, command_line, ""};
    a.plot.output.write(figures::diameters_figure(drawn.table, caption, a.logarithmic ? figures::axis_scale::logarithmic : figures::axis_scale::linear));
  }
  return answered;
}

}  // namespace

void add_plot_diameters(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("diameters", "a measure along a parameter, with the formula that `conjecture fit` finds");
  const auto a = std::make_shared<plot_diameters_arguments>();
  verb->add_option("TABLE", a->table, "a sweep of --db; without it a file with lines n,value (>=V or <=V is a bound), or - for stdin")->required();
  verb->add_option("MEASURE", a->measure, "diameter (of sweeps, when nothing is said), last_sphere, girth, order; of files the name of the values");
  verb->add_option("--db", a->db, "the store");
  verb->add_option("--table", a->only, "of a sweep with several tables the one with this in its title or name: \"top_spin(n, k=4)\"");
  verb->add_option("--period", a->period, "marks for the classes of the parameter by this number; 0: the formula's")->check(check_natural)->capture_default_str();
  verb->add_flag("--log", a->logarithmic, "a logarithmic axis for the values");
  verb->add_flag("--no-fit", a->without_fit, "look for no formula");
  add_plot_arguments(*verb, a->plot);
  verb->footer(
      "Open marks are bounds, which are not fitted: triangles upwards where the value is at least this, downwards where at most. Below are the differences from the formula; where none is found, from a parabola of least squares.\n\n"
      "Examples:\n"
      "  cosetta plot diameters lx.csv -o lx.svg && ls lx.svg\n"
      "  cosetta plot diameters lx.csv --json\n"
      "  cosetta conjecture sweep lx12.json --db research.db --quiet && cosetta plot diameters lx diameter --db research.db");
  verb->callback([a, &call] { call.action = [a, &call] { return draw_diameters(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
