#include <kernels/error.hpp>
#include <tools/figures/figures.hpp>
#include <tools/report/markup.hpp>
#include <tools/report/sweep_report.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::report {

namespace {

using conjecture::fit_row;
using conjecture::listed_graph;

void compare(report_table& t) {
  t.expected.assign(t.table.rows.size(), std::nullopt);
  t.agreements.assign(t.table.rows.size(), agreement::none);
  const auto* formula = t.formula();
  if (formula == nullptr) return;
  std::map<long, mpz_class> said;
  for (const auto& row : figures::formula_values(*formula, t.table.rows)) said.emplace(row.n, row.value);
  if (formula->next) said.emplace(formula->next->n, formula->next->value);
  for (std::size_t i = 0; i < t.table.rows.size(); ++i) {
    const auto& row = t.table.rows[i];
    auto& verdict = t.agreements[i];
    if (row.n < formula->from) {
      verdict = agreement::left_out;
      continue;
    }
    const auto at = said.find(row.n);
    if (at == said.end()) continue;
    t.expected[i] = at->second;
    if (row.exact) verdict = row.value == at->second ? agreement::agrees : agreement::differs;
    else verdict = row.value <= at->second ? agreement::within_bound : agreement::beaten_by_bound;
    t.refuted = t.refuted || verdict == agreement::differs || verdict == agreement::beaten_by_bound;
  }
}

void count(distribution& d, std::size_t place, const listed_graph& g, std::string_view measure) {
  ++d.graphs;
  d.orbits = d.orbits && g.member.label == g.graph.key;
  const auto value = conjecture::number_of(g.graph, measure);
  if (!value) {
    ++d.unknown;
    return;
  }
  auto& here = d.values[*value];
  if (!conjecture::is_proven(g.graph, measure)) {
    ++here.bounds;
    return;
  }
  ++here.proven;
  const auto* largest = d.largest_proven();
  if (*value < *largest) return;
  if (here.proven == 1) d.largest.clear();
  d.largest_count = here.proven;
  if (d.largest.size() < max_extremal) d.largest.push_back(place);
}

std::string names_of(const std::vector<conjecture::sweep_summary>& sweeps) {
  std::string out;
  for (const auto& s : sweeps) out += (out.empty() ? "" : ", ") + s.name;
  return out.empty() ? "none" : out;
}

/// Those that some graph has.
std::string measures_of(const std::vector<listed_graph>& graphs) {
  std::string out;
  for (const auto measure : conjecture::number_measures) {
    if (std::ranges::any_of(graphs, [&](const auto& g) { return conjecture::number_of(g.graph, measure).has_value(); })) {
      out += fmt::format("{}{}", out.empty() ? "" : ", ", measure);
    }
  }
  return out.empty() ? "none" : out;
}

std::string range_of(const std::vector<fit_row>& rows, const std::string& along) {
  return rows.size() == 1 ? fmt::format("{} = {}", along, rows.front().n) : fmt::format("{} = {} .. {}", along, rows.front().n, rows.back().n);
}

}  // namespace

bool distribution::has_bounds() const noexcept {
  return std::ranges::any_of(values, [](const auto& v) { return v.second.bounds > 0; });
}

const mpz_class* distribution::largest_proven() const noexcept {
  const mpz_class* out = nullptr;
  for (const auto& [value, here] : values) {
    if (here.proven > 0) out = &value;
  }
  return out;
}

std::string measure_words(std::string_view measure) { return measure == "last_sphere" ? "size of the last sphere" : std::string(measure); }

std::string capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

std::string plural(std::size_t count, std::string_view thing) { return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s"); }

std::size_t refutable_size(const report_table& t, const conjecture::fit_options& options) {
  const auto held = conjecture::held_out_needed(options, t.proven(), 0);
  return t.proven() > held ? t.proven() - held : 0;
}

finding finding_of(const report_table& t, const conjecture::fit_options& options) {
  const auto& rows = t.table.rows;
  if (t.proven() == 0) return {fmt::format("lower bounds only, {}", range_of(rows, t.table.along)), "", ""};
  const auto* f = t.formula();
  if (f != nullptr && t.refuted) return {"", formula_in(f->text, t.table.along), " through the proven values, but refuted by a bound"};
  if (f != nullptr) {
    return {"", formula_in(f->text, t.table.along),
            fmt::format(" for {} >= {} ({} {} it, {} more held out and agree)", t.table.along, f->from, plural(f->fixed_by, "point"), f->fixed_by == 1 ? "fixes" : "fix", f->held_out)};
  }
  if (const auto& nearly = t.fit.nearly) {
    const bool longish = nearly->kind == conjecture::formula_kind::recurrence;
    return {longish ? "too few values to accept a " + nearly->description : "too few values to accept ", longish ? "" : formula_in(nearly->text, t.table.along),
            fmt::format(" for {} >= {} ({}, {} of them held out)", t.table.along, nearly->from, plural(t.proven(), "proven value"), nearly->held_out)};
  }
  if (t.has_few()) return {fmt::format("too few values to accept a formula ({})", plural(t.proven(), "proven value")), "", ""};
  return {fmt::format("no formula of up to {} survives (period <= {}, degree <= {}; {}, {})", plural(refutable_size(t, options), "coefficient"), options.max_period, options.max_degree,
                      plural(t.proven(), "proven value"), range_of(rows, t.table.along)),
          "", ""};
}

std::string finding_of(const distribution& d, std::string_view measure) {
  const auto words = measure_words(measure);
  const std::string which = fmt::format("{} of {} on {}", words, plural(d.graphs, "graph"), plural(d.degree, "point"));
  const auto* largest = d.largest_proven();
  if (largest == nullptr) return d.values.empty() ? fmt::format("{}: not known", which) : fmt::format("{}: lower bounds only, up to {}", which, d.values.rbegin()->first.get_str());
  std::string out = fmt::format("{}: {} {}, which {} {}", which, d.has_bounds() ? "the largest that is proven is" : "at most", largest->get_str(), plural(d.largest_count, "graph"),
                                d.largest_count == 1 ? "attains" : "attain");
  if (d.unknown > 0) out += fmt::format(" ({} unknown)", d.unknown);
  return out;
}

finding sweep_report::title() const {
  const auto words = capitalized(measure_words(measure));
  if (tables.size() == 1 && distributions.empty()) {
    auto out = finding_of(tables.front(), options);
    out.before = fmt::format("{} of {}: {}", words, tables.front().table.name, out.before);
    return out;
  }
  if (tables.empty() && distributions.size() == 1) return {capitalized(finding_of(distributions.front(), measure)), "", ""};
  if (tables.empty()) return {fmt::format("{} of {} of sweep {}", words, plural(graphs.size(), "graph"), sweep), "", ""};
  const auto found = static_cast<std::size_t>(std::ranges::count_if(tables, [](const auto& t) { return t.formula() != nullptr && !t.refuted; }));
  const auto verdict = found == 0 ? std::string("no formula found") : fmt::format("{} found", plural(found, "formula"));
  return {fmt::format("{} in {} of sweep {}: {}", words, plural(tables.size(), "table"), sweep, verdict), "", ""};
}

namespace {

void add_tables(sweep_report& out, std::vector<bool>& placed, const report_options& options) {
  std::string names;
  for (auto& table : conjecture::measured_tables(out.graphs, out.measure)) {
    if (options.checkpoint) options.checkpoint();
    for (const auto i : table.graphs) placed[i] = true;
    names += (names.empty() ? "" : "; ") + table.name;
    if (!options.table.empty() && options.table != table.name && options.table != table.title) continue;
    report_table t;
    t.fit = conjecture::find_formulas(table.rows, options.fit, options.sequences_file);
    t.table = std::move(table);
    compare(t);
    out.tables.push_back(std::move(t));
  }
  if (!options.table.empty() && out.tables.empty()) {
    throw domain_error(fmt::format("sweep '{}' has no table '{}' of the measure {}; there are: {}", out.sweep, options.table, out.measure, names.empty() ? "none" : names));
  }
}

}  // namespace

sweep_report make_report(const conjecture::store& from, const std::string& sweep, const std::string& measure, const report_options& options) {
  conjecture::check_number_measure(measure);
  sweep_report out;
  out.sweep = sweep;
  out.measure = measure;
  out.options = options.fit;
  out.is_whole = options.table.empty();
  if (!sweep.empty()) out.graphs = from.listed(sweep);
  if (out.graphs.empty()) throw domain_error(fmt::format("{}: no sweep '{}'; there are: {}", from.path(), sweep, names_of(from.sweeps())));
  std::vector<bool> placed(out.graphs.size());
  add_tables(out, placed, options);
  std::map<std::size_t, distribution> by_degree;
  bool known = !out.tables.empty();
  for (std::size_t i = 0; i < out.graphs.size() && options.table.empty(); ++i) {
    if (placed[i]) continue;
    if (!out.graphs[i].member.parameters.empty()) {
      ++out.unmeasured;
      continue;
    }
    auto& d = by_degree[out.graphs[i].graph.degree];
    d.degree = out.graphs[i].graph.degree;
    count(d, i, out.graphs[i], measure);
    known = known || !d.values.empty();
  }
  if (!known) throw domain_error(fmt::format("{}: no graph of sweep '{}' has the measure {}; they have: {}", from.path(), sweep, measure, measures_of(out.graphs)));
  for (auto& [degree, d] : by_degree) out.distributions.push_back(std::move(d));
  if (options.with_specification) out.specification = rebuild_specification(out.graphs, options.checkpoint);
  return out;
}

}  // namespace cosetta::report
