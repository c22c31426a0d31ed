#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/measured_table.hpp>
#include <tools/conjecture/shape_fit.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/fit_json.hpp>
#include <tools/render.hpp>
#include <tools/table.hpp>
#include <tools/version.hpp>

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

struct fit_arguments {
  std::string file;
  std::size_t max_period = conjecture::fit_options{}.max_period;
  std::size_t max_degree = conjecture::fit_options{}.max_degree;
  std::size_t max_order = conjecture::fit_options{}.max_order;
  std::optional<std::size_t> max_exceptions;
  double held_share = conjecture::fit_options{}.held_share;
  double max_chance = conjecture::fit_options{}.max_chance;
  std::string oeis;
  bool shape = false;
  output_arguments output;

  conjecture::fit_options options() const;
};

conjecture::fit_options fit_arguments::options() const {
  conjecture::fit_options out;
  out.max_period = max_period;
  out.max_degree = max_degree;
  out.max_order = max_order;
  out.max_exceptions = max_exceptions;
  out.held_share = held_share;
  out.max_chance = max_chance;
  conjecture::check_fit_options(out);
  return out;
}

std::string document_text(ordered_json result, const std::string& file, const std::string& command_line) {
  return json_text({{"schema", "cosetta.fit/1"}, {"input", file == "-" ? "stdin" : file}, {"result", std::move(result)}, {"run", {{"version", version}, {"command", command_line}}}});
}

std::vector<std::string> cells_of(const conjecture::formula& f) {
  return {std::string(to_string(f.kind)), f.text, std::to_string(f.from), std::to_string(f.to), std::to_string(f.fixed_by), std::to_string(f.held_out), fmt::format("{:.3g}", f.chance)};
}

std::string table_of(const conjecture::fit_report& report, output_format format, const std::string& command_line) {
  const table_format table(format);
  std::string out = table.head({"kind", "formula", "from", "to", "fixed_by", "held_out", "chance"}, command_line);
  for (const auto& f : report.formulas) {
    out += table.row(cells_of(f));
  }
  return out + table.foot();
}

std::string table_of(const conjecture::shape_report& report, output_format format, const std::string& command_line) {
  const table_format table(format);
  std::string out = table.head({"shape", "kolmogorov", "chi_square", "rms", "location", "scale", "slant"}, command_line);
  for (const auto& f : report.fits) {
    const auto number = [](double x) { return fmt::format("{:.6g}", x); };
    out += table.row({std::string(to_string(f.kind)), number(f.kolmogorov), number(f.chi_square), number(f.rms), number(f.fitted.location), number(f.fitted.scale), number(f.fitted.slant)});
  }
  return out + table.foot();
}

/// Layers from rows (distance, states): distances that are left out have none.
std::vector<double> layers_of(const std::vector<conjecture::fit_row>& rows, const std::string& name) {
  constexpr long greatest = 1000000;
  std::vector<double> out;
  for (const auto& row : rows) {
    if (!row.exact) throw parse_error(fmt::format("{}: the number of states at distance {} is a bound: a shape needs exact layers", name, row.n));
    if (row.n < 0 || row.n > greatest) throw parse_error(fmt::format("{}: distance {}: expected 0 to {}", name, row.n, greatest));
    if (row.value < 0) throw parse_error(fmt::format("{}: {} states at distance {}: a number of states is not negative", name, row.value.get_str(), row.n));
    const auto at = static_cast<std::size_t>(row.n);
    if (at >= out.size()) out.resize(at + 1);
    out[at] = row.value.get_d();
  }
  return out;
}

int run_fit(const fit_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  const auto options = a.options();
  a.output.check_writable();
  const std::string name = a.file == "-" ? "stdin" : a.file;
  const std::string text = a.file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()) : read_text(a.file);
  const auto rows = conjecture::parse_fit_rows(text, name);
  if (a.shape) {
    const auto report = conjecture::fit_shapes(layers_of(rows, name));
    a.output.write(format == output_format::text ? report.text : format == output_format::json ? document_text({{"shape", shape_json(report)}}, a.file, command_line)
                                                                                                : table_of(report, format, command_line));
    return answered;
  }
  const auto report = conjecture::find_formulas(rows, options, a.oeis);
  a.output.write(format == output_format::text ? report.text() : format == output_format::json ? document_text(fit_json(report), a.file, command_line)
                                                                                               : table_of(report, format, command_line));
  return report.formulas.empty() ? answered_no : answered;
}

// ------------------------------------------------------------------------------------------------------- from the store

struct store_fit_arguments : fit_arguments {
  std::string sweep, measure = "diameter", db;
};

int run_store_fit(const store_fit_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  const auto options = a.options();
  conjecture::check_number_measure(a.measure);
  a.output.check_writable();
  const conjecture::store store(a.db, conjecture::store::access::read);
  const auto graphs = store.listed(a.sweep);
  if (graphs.empty()) {
    std::string names;
    for (const auto& s : store.sweeps()) names += (names.empty() ? "" : ", ") + s.name;
    throw parse_error(fmt::format("{}: no sweep '{}'; there are {}", a.db, a.sweep, names.empty() ? "none" : names));
  }
  const auto blocks = conjecture::measured_tables(graphs, a.measure);
  if (blocks.empty()) throw parse_error(fmt::format("{}: the graphs of '{}' have no {} along a parameter: sweep a family with a range", a.db, a.sweep, a.measure));
  const bool tabular = format != output_format::json && format != output_format::text;
  const table_format table(tabular ? format : output_format::csv);
  std::string out;
  if (tabular) out = table.head({"rows", "along", "measure", "kind", "formula", "from", "to", "fixed_by", "held_out", "chance"}, command_line);
  auto results = ordered_json::array();
  bool found = false;
  for (const auto& block : blocks) {
    const auto report = conjecture::find_formulas(block.rows, options, a.oeis);
    found = found || !report.formulas.empty();
    if (format == output_format::json) {
      auto result = fit_json(report);
      results.push_back({{"rows", block.title}, {"along", block.along}, {"measure", a.measure}, {"fit", std::move(result)}});
    } else if (format == output_format::text) {
      out += fmt::format("{}{} of {}, along {}\n{}", out.empty() ? "" : "\n", a.measure, block.title, block.along, report.text());
    } else {
      const std::vector<std::string> block_cells{block.title, block.along, a.measure};
      const auto add = [&](const std::vector<std::string>& cells) {
        auto row = block_cells;
        row.insert(row.end(), cells.begin(), cells.end());
        out += table.row(row);
      };
      for (const auto& f : report.formulas) add(cells_of(f));
      if (report.formulas.empty()) add({"refused", "", "", "", "", "", ""});
    }
  }
  if (tabular) out += table.foot();
  if (format == output_format::json) out = document_text(std::move(results), a.db, command_line);
  a.output.write(out);
  return found ? answered : answered_no;
}

void add_fit_options(CLI::App& verb, fit_arguments& a) {
  verb.add_option("--max-period", a.max_period, "of quasi-polynomials")->check(check_positive)->capture_default_str();
  verb.add_option("--max-degree", a.max_degree, "of quasi-polynomials")->check(check_natural)->capture_default_str();
  verb.add_option("--max-order", a.max_order, "of linear recurrences")->check(check_positive)->capture_default_str();
  verb.add_option("--max-exceptions", a.max_exceptions, "rows at the beginning that may be left out; without it a quarter, at least 3")->check(check_natural);
  verb.add_option("--held-out", a.held_share, "share of the rows that has to be held out; always at least 2, and 2 for each exception")->capture_default_str();
  verb.add_option("--max-chance", a.max_chance, "refuse what data without a formula would pass more often")->capture_default_str();
  verb.add_option("--oeis", a.oeis, "your copy of the OEIS's stripped.gz: also look there for the values");
  add_output_arguments(verb, a.output);
}

}  // namespace

void add_fit_command(CLI::App& parent, invocation& call) {
  auto* verb = parent.add_subcommand("fit", "formulas through a table of exact values, that could have been refuted");
  const auto a = std::make_shared<fit_arguments>();
  verb->add_option("FILE", a->file, "lines n,value or 'n value' (CSV, b-file), or - for stdin; a value >=V or <=V is a bound, and not fitted")->required();
  add_fit_options(*verb, *a);
  verb->add_flag("--shape", a->shape, "the rows are distance,states: which distribution the growth is like");
  verb->footer(
      "Quasi-polynomials, linear recurrences, products of powers and factorials. A formula is given with the number of points that fix it\n"
      "and of those that could have refuted it.\n\n"
      "Exit codes: 0 a formula was found; 1 all were refused.\n\n"
      "Examples:\n"
      "  cosetta fit lx.csv\n"
      "  cosetta fit lx.csv --max-period 2 --max-degree 2 --json\n"
      "  for n in 4 5 6 7 8 9 10; do echo $n $(cosetta diameter lrx:$n); done | cut -d' ' -f1,2 | cosetta fit -\n"
      "  cosetta growth lrx:9 --format csv | cosetta fit - --shape");
  verb->callback([a, &call] { call.action = [a, &call] { return run_fit(*a, call.command_line); }; });
}

void add_store_fit_command(CLI::App& parent, invocation& call) {
  auto* verb = parent.add_subcommand("fit", "formulas through a measure of a sweep's graphs, that could have been refuted");
  const auto a = std::make_shared<store_fit_arguments>();
  verb->add_option("SWEEP", a->sweep, "its name, as `conjecture list` shows it")->required();
  verb->add_option("MEASURE", a->measure, "diameter, last_sphere, girth, order")->capture_default_str();
  verb->add_option("--db", a->db, "the store")->required();
  add_fit_options(*verb, *a);
  verb->footer(
      "Only proven values are fitted, along the parameter that takes most values, for each choice of the others.\n\n"
      "Exit codes: 0 a formula was found; 1 all were refused.\n\n"
      "Examples:\n"
      "  cosetta conjecture sweep lx12.json --db research.db --quiet && cosetta conjecture fit lx diameter --db research.db");
  verb->callback([a, &call] { call.action = [a, &call] { return run_store_fit(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
