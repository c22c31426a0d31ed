#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/shape_fit.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/fit_json.hpp>
#include <tools/render.hpp>
#include <tools/table.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

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
  constexpr std::size_t most_period = 30, most_degree = 12, most_order = 200;
  const auto check = [](const char* option, std::size_t value, std::size_t most) {
    if (value > most) throw parse_error(fmt::format("{} {}: at most {}", option, value, most));
  };
  check("--max-period", max_period, most_period);
  check("--max-degree", max_degree, most_degree);
  check("--max-order", max_order, most_order);
  if (!(held_share >= 0 && held_share < 1)) throw parse_error(fmt::format("--held-out {}: a share from 0 to less than 1", held_share));
  if (!(max_chance > 0 && max_chance < 1)) throw parse_error(fmt::format("--max-chance {}: a chance between 0 and 1", max_chance));
  conjecture::fit_options out;
  out.max_period = max_period;
  out.max_degree = max_degree;
  out.max_order = max_order;
  out.max_exceptions = max_exceptions;
  out.held_share = held_share;
  out.max_chance = max_chance;
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

/// Rows along one parameter, for a choice of the others: "top_spin:{n},k={k}, k = 3".
struct fit_block {
  std::string along, others;
  std::vector<conjecture::fit_row> rows;
};

std::optional<mpz_class> value_of(const conjecture::graph_row& graph, const std::string& measure) {
  const auto number = [](const auto& x) { return x ? std::optional(mpz_class(std::to_string(*x))) : std::nullopt; };
  if (measure == "diameter") return number(graph.diameter);
  if (measure == "last_sphere") return graph.status == search::status::exact ? number(graph.last_sphere) : std::nullopt;
  if (measure == "girth") return number(graph.girth);
  return graph.order;
}

/// The ways to read "unitriangular:4,modulo=4" with n = 4 as the specification wrote it, "unitriangular:4,modulo={n}" among them: the parameters stand in
/// the order of the text. What the label has more says whether the graph was closed under inversion.
std::vector<std::string> templates_of(const conjecture::member_row& m) {
  struct reading {
    std::string text;
    std::size_t named = 0;  // parameters
  };
  std::vector<reading> readings{{m.spec.substr(0, m.spec.find(':')), 0}};
  for (std::size_t at = readings[0].text.size(); at < m.spec.size();) {
    const std::size_t end = std::min(m.spec.find(',', at + 1), m.spec.size());
    const std::size_t equals = m.spec.find('=', at + 1);
    const std::size_t value = (equals < end ? equals : at) + 1;
    const auto head = m.spec.substr(at, value - at), number = m.spec.substr(value, end - value);
    std::vector<reading> next;
    for (const auto& r : readings) {
      if (r.named < m.parameters.size() && number == std::to_string(m.parameters[r.named].second)) {
        next.push_back({r.text + head + "{" + m.parameters[r.named].first + "}", r.named + 1});
      }
      next.push_back({r.text + head + number, r.named});
    }
    if (next.size() > 64) next.resize(64);
    readings = std::move(next);
    at = end;
  }
  std::vector<std::string> out;
  for (const auto& r : readings) {
    if (r.named == m.parameters.size()) out.push_back(r.text + (m.label.size() > m.spec.size() ? m.label.substr(m.spec.size()) : ""));
  }
  return out;
}

/// Of its readings, the one that most graphs share.
class template_choice {
 public:
  explicit template_choice(const std::vector<conjecture::listed_graph>& graphs) {
    for (const auto& g : graphs) {
      for (const auto& text : templates_of(g.member)) ++shared_[text];
    }
  }
  std::string operator()(const conjecture::member_row& m) const {
    std::string best;
    std::size_t most = 0;
    for (const auto& text : templates_of(m)) {
      if (const auto count = shared_.at(text); count > most) most = count, best = text;
    }
    return best.empty() ? m.spec : best;
  }

 private:
  std::map<std::string, std::size_t> shared_;
};

/// Of each template the parameter that takes most values runs along the rows; graphs without parameters have no place in them.
std::vector<fit_block> blocks_of(const std::vector<conjecture::listed_graph>& graphs, const std::string& measure) {
  const template_choice template_of(graphs);
  std::map<std::string, std::map<std::string, std::set<std::int64_t>>> values;  // of each template and parameter
  for (const auto& g : graphs) {
    for (const auto& [name, value] : g.member.parameters) values[template_of(g.member)][name].insert(value);
  }
  std::map<std::string, fit_block> blocks;
  for (const auto& g : graphs) {
    const auto value = value_of(g.graph, measure);
    const auto from = values.find(template_of(g.member));
    if (!value || from == values.end()) continue;
    const auto& along = std::ranges::max_element(from->second, {}, [](const auto& v) { return v.second.size(); })->first;
    std::string title = from->first;
    std::optional<std::int64_t> n;
    for (const auto& [name, number] : g.member.parameters) {
      if (name == along) n = number;
      else title += fmt::format(", {} = {}", name, number);
    }
    if (!n) continue;
    auto& block = blocks[title];
    block.along = along, block.others = title;
    block.rows.push_back({static_cast<long>(*n), *value, g.graph.status == search::status::exact || measure == "order"});
  }
  std::vector<fit_block> out;
  for (auto& [key, block] : blocks) {
    std::ranges::sort(block.rows, {}, &conjecture::fit_row::n);
    out.push_back(std::move(block));
  }
  return out;
}

int run_store_fit(const store_fit_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  const auto options = a.options();
  if (a.measure != "diameter" && a.measure != "last_sphere" && a.measure != "girth" && a.measure != "order") {
    throw parse_error(fmt::format("unknown measure '{}'; there are diameter, last_sphere, girth, order", a.measure));
  }
  a.output.check_writable();
  const conjecture::store store(a.db, conjecture::store::access::read);
  const auto graphs = store.listed(a.sweep);
  if (graphs.empty()) {
    std::string names;
    for (const auto& s : store.sweeps()) names += (names.empty() ? "" : ", ") + s.name;
    throw parse_error(fmt::format("{}: no sweep '{}'; there are {}", a.db, a.sweep, names.empty() ? "none" : names));
  }
  const auto blocks = blocks_of(graphs, a.measure);
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
      results.push_back({{"rows", block.others}, {"along", block.along}, {"measure", a.measure}, {"fit", std::move(result)}});
    } else if (format == output_format::text) {
      out += fmt::format("{}{} of {}, along {}\n{}", out.empty() ? "" : "\n", a.measure, block.others, block.along, report.text());
    } else {
      const std::vector<std::string> block_cells{block.others, block.along, a.measure};
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
