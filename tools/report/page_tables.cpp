// Values, fits and distributions.
#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/formula_text.hpp>
#include <tools/report/markup.hpp>
#include <tools/report/page_parts.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::report {

namespace {

std::string number_html(const mpz_class& value) {
  const auto text = value.get_str();
  return text.front() == '-' ? "−" + text.substr(1) : text;
}

std::string status_text(const conjecture::listed_graph& g, bool proven) {
  if (proven) return "proven";
  const auto& by = g.provenance.stopped_by;
  return by.empty() ? "lower bound" : fmt::format("lower bound (stopped by {})", html_escaped(by));
}

std::string verdict_of(const report_table& t, std::size_t row) {
  switch (t.agreements[row]) {
    case agreement::agrees: return "0";
    case agreement::differs: return number_html(t.table.rows[row].value - *t.expected[row]);
    case agreement::within_bound: return "bound below it";
    case agreement::beaten_by_bound: return "bound above it";
    case agreement::left_out: return "left out";
    default: return "";
  }
}

std::string row_mark(const report_table& t, std::size_t row) {
  if (t.agreements[row] == agreement::differs || t.agreements[row] == agreement::beaten_by_bound) return "wrong";
  return t.table.rows[row].exact ? "" : "bound";
}

std::string residue_rows(const conjecture::formula& f, const std::string& along) {
  if (f.classes.size() < 2) return "";
  html_table table(fmt::format("The polynomial of each residue class of {} modulo {}", along, f.period), {{"residue", true}, {"polynomial"}});
  for (const auto& c : f.classes) table.add({std::to_string(c.residue), formula_html(formula_in(conjecture::polynomial_text(c.coefficients), along))});
  return table.text();
}

std::string left_out_text(const conjecture::formula& f, const std::string& along) {
  std::string out;
  for (const auto& row : f.exceptions) out += fmt::format("{}{} = {} ({})", out.empty() ? "" : ", ", html_escaped(along), row.n, number_html(row.value));
  return out;
}

std::string formula_block(const conjecture::formula& f, const report_table& t, bool first) {
  const auto& along = t.table.along;
  const auto text = formula_in(f.text, along);
  std::vector<std::pair<std::string, std::string>> pairs{
      {"Formula", fmt::format("<span class=\"formula\">{}</span>", formula_html(text))},
      {"As text", fmt::format("<code>{}</code>", html_escaped(text))},
      {"Kind", html_escaped(f.description)},
      {"Holds for", fmt::format("{} = {} … {}", html_escaped(along), f.from, f.to)},
      {"Points that fix it", std::to_string(f.fixed_by)},
      {"Could have refuted it", fmt::format("{} more, held out; all agree exactly", plural(f.held_out, "point"))},
      {"Chance without a law", fmt::format("for data as smooth as these about {}; for random numbers of this size 1 in 2<sup>{:.0f}</sup>", html_escaped(conjecture::chance_text(f.chance)), f.random_bits)}};
  if (!f.exceptions.empty()) pairs.emplace_back("Left out", left_out_text(f, along));
  if (f.next) pairs.emplace_back("Prediction", fmt::format("{} = {}: <strong>{}</strong>, not computed yet; the next chance to refute it", html_escaped(along), f.next->n, number_html(f.next->value)));
  if (first) {
    std::size_t inside = 0, above = 0;
    for (const auto a : t.agreements) inside += a == agreement::within_bound ? 1 : 0, above += a == agreement::beaten_by_bound ? 1 : 0;
    if (above > 0) pairs.emplace_back("Bounds", fmt::format("<span class=\"warn\">{} above it: the formula is refuted beyond the proven values</span>", plural(above, "lower bound")));
    else if (inside > 0) pairs.emplace_back("Bounds", fmt::format("{}, not above it", plural(inside, "lower bound")));
  }
  return definition_list(pairs) + residue_rows(f, along);
}

std::string sequences_html(const report_table& t) {
  if (t.fit.sequences.empty()) return "<p>Known sequences: none in the table that was searched.</p>\n";
  std::string out = "<p>Known sequences of the On-Line Encyclopedia of Integer Sequences with these values:</p>\n<ul>\n";
  for (const auto& s : t.fit.sequences) {
    out += fmt::format("<li>{}{}: {} agree{}</li>\n", html_escaped(s.number), s.name.empty() ? "" : " (" + formula_html(s.name) + ")", plural(s.terms, "term"),
                       s.skipped > 0 ? fmt::format(", without the first {}", s.skipped) : "");
  }
  return out + "</ul>\n";
}

}  // namespace

std::string fit_html(const report_table& t, const sweep_report& r) {
  if (t.proven() == 0) return "<p class=\"warn\">Lower bounds only: a formula is fitted to proven values, and there is none yet.</p>\n";
  std::string out;
  for (std::size_t i = 0; i < t.fit.formulas.size(); ++i) {
    if (i == 1) out += "<p>The same values also satisfy:</p>\n";
    out += formula_block(t.fit.formulas[i], t, i == 0);
  }
  if (t.fit.formulas.empty()) {
    const auto values = plural(t.proven(), "proven value");
    if (t.fit.nearly || t.has_few()) out += fmt::format("<p>{} {} too few to accept a formula:</p>\n<ul>\n", values, t.proven() == 1 ? "is" : "are");
    else out += fmt::format("<p>No formula of up to {} (period ≤ {}, degree ≤ {}) survives {}:</p>\n<ul>\n", plural(refutable_size(t, r.options), "coefficient"), r.options.max_period, r.options.max_degree, values);
    for (const auto& [kind, reason] : t.fit.refused) out += fmt::format("<li>{}: {}</li>\n", html_escaped(to_string(kind)), words_html(reason));
    out += "</ul>\n";
  }
  if (t.proven() < t.table.rows.size()) out += fmt::format("<p>{} not fitted: bounds are no values.</p>\n", t.table.rows.size() - t.proven() == 1 ? "1 row was" : fmt::format("{} rows were", t.table.rows.size() - t.proven()));
  return out + sequences_html(t);
}

std::string values_html(const report_table& t, const sweep_report& r) {
  const auto words = measure_words(r.measure);
  const bool fitted = t.formula() != nullptr;
  const auto bounds = t.table.rows.size() - t.proven();
  html_table table(fmt::format("{} of {}: {}{}", capitalized(words), t.table.name, plural(t.proven(), "proven value"), bounds > 0 ? fmt::format(", {} (marked ≥)", plural(bounds, "lower bound")) : ""),
                   fitted ? std::vector<html_table::column>{{t.table.along, true}, {words, true}, {"status"}, {"formula", true}, {"difference", true}}
                          : std::vector<html_table::column>{{t.table.along, true}, {words, true}, {"status"}, {"difference to the row before", true}});
  for (std::size_t i = 0; i < t.table.rows.size(); ++i) {
    const auto& row = t.table.rows[i];
    std::vector<std::string> cells{std::to_string(row.n), (row.exact ? "" : "≥ ") + number_html(row.value), status_text(r.graphs[t.table.graphs[i]], row.exact)};
    if (fitted) {
      cells.push_back(t.expected[i] ? number_html(*t.expected[i]) : "");
      cells.push_back(verdict_of(t, i));
    } else {
      const bool follows = i > 0 && row.exact && t.table.rows[i - 1].exact;
      cells.push_back(follows ? number_html(row.value - t.table.rows[i - 1].value) : "");
    }
    table.add(cells, row_mark(t, i));
  }
  return table.text();
}

std::string distribution_html(const distribution& d, const sweep_report& r, const page_source& source, const std::string& id) {
  const auto words = measure_words(r.measure);
  std::string out = fmt::format("<p>{}.</p>\n", html_escaped(capitalized(finding_of(d, r.measure))));
  if (d.unknown > 0) out += fmt::format("<p>{} without a value.</p>\n", plural(d.unknown, "graph"));
  if (d.values.empty()) return out;
  out += figure_html(distribution_figure(d, r, source, id), fmt::format("How many graphs have which {}.{}", html_escaped(words), d.orbits ? " One graph stands for all of its orbit under relabelling of the points." : ""));
  std::vector<html_table::column> columns{{words, true}, {"graphs", true}, {"share", true}};
  if (d.has_bounds()) columns.push_back({"of them lower bounds", true});
  html_table table(fmt::format("Graphs on {} by {}", plural(d.degree, "point"), words), columns);
  const auto all = static_cast<double>(d.graphs - d.unknown);
  for (const auto& [value, here] : d.values) {
    const auto count = here.proven + here.bounds;
    std::vector<std::string> cells{number_html(value), std::to_string(count), fmt::format("{:.2f} %", 100.0 * static_cast<double>(count) / all)};
    if (d.has_bounds()) cells.push_back(std::to_string(here.bounds));
    table.add(cells);
  }
  out += table.text();
  if (d.largest.empty()) return out;
  const auto shown = d.largest.size() < d.largest_count ? fmt::format(", the first {} of {}", d.largest.size(), d.largest_count) : std::string();
  html_table extremal(fmt::format("Graphs with the largest proven {}, {}{}", words, d.largest_proven()->get_str(), shown),
                      {{"graph"}, {"generators (points from 0)"}, {"inverse-closed"}, {"vertices", true}, {"key"}});
  for (const auto i : d.largest) {
    const auto& g = r.graphs[i];
    const bool named = g.member.label != g.graph.key;
    extremal.add({named ? html_escaped(g.member.label) : fmt::format("number {}", g.member.position + 1), fmt::format("<code>{}</code>", html_escaped(g.graph.generators)),
                  g.graph.inverse_closed ? "yes, with the inverses" : "no", g.graph.states ? number_html(*g.graph.states) : "", fmt::format("<code>{}</code>", html_escaped(g.graph.key))});
  }
  return out + extremal.text();
}

}  // namespace cosetta::report
