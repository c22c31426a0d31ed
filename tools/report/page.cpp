#include <tools/report/markup.hpp>
#include <tools/report/page_parts.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace cosetta::report {

namespace {

constexpr std::size_t most_pictured = 12;  // tables with figures

std::string heading_of(const distribution& d) { return fmt::format("{} on {}", plural(d.graphs, "graph"), plural(d.degree, "point")); }

/// The store keeps measures with the graphs, which sweeps share, and not what each of these asked for.
std::string measures_html(const sweep_report& r) {
  std::map<conjecture::measure, std::size_t> counts;
  for (const auto& g : r.graphs) {
    for (const auto m : conjecture::all_measures) counts[m] += g.graph.asked.contains(m) ? 1 : 0;
  }
  std::string out;
  for (const auto& [m, count] : counts) {
    if (count == 0) continue;
    out += fmt::format("{}{}", out.empty() ? "" : ", ", to_string(m));
    if (count < r.graphs.size()) out += fmt::format(" (of {})", plural(count, "graph"));
  }
  return html_escaped(out) + "; it does not say which of these this sweep asked for, since sweeps share their graphs";
}

std::string asked_html(const sweep_report& r, const page_source& source) {
  std::set<std::string> templates;
  for (const auto& t : conjecture::templates_of(r.graphs)) {
    if (!t.empty()) templates.insert(t);
  }
  std::size_t exact = 0;
  for (const auto& g : r.graphs) {
    if (!g.member.spec.empty() && g.member.parameters.empty()) templates.insert(g.member.label);
    exact += g.graph.status == search::status::exact ? 1 : 0;
  }
  std::string families;
  for (const auto& t : templates) families += fmt::format("{}<code>{}</code>", families.empty() ? "" : ", ", html_escaped(t));
  std::vector<std::pair<std::string, std::string>> pairs{{"Sweep", fmt::format("<code>{}</code>", html_escaped(r.sweep))}, {"Measure", html_escaped(measure_words(r.measure))}};
  if (!families.empty()) pairs.emplace_back("Families", families);
  pairs.emplace_back("Graphs", exact == r.graphs.size() ? fmt::format("{}, searched to the end", exact)
                                                        : fmt::format("{}, {} of them searched to the end; a limit stopped the others, and their values are lower bounds", r.graphs.size(), exact));
  if (r.unmeasured > 0) pairs.emplace_back("Without a value", fmt::format("{}, which are in no table below", plural(r.unmeasured, "graph")));
  pairs.emplace_back("In the store", measures_html(r));
  if (!r.tables.empty()) {
    pairs.emplace_back("Fitted", fmt::format("proven values only, by quasi-polynomials of period ≤ {} and degree ≤ {}, recurrences of order ≤ {}, products of powers and factorials",
                                             r.options.max_period, r.options.max_degree, r.options.max_order));
  }
  pairs.emplace_back("Store", fmt::format("<code>{}</code>", html_escaped(source.db)));
  return "<section aria-labelledby=\"asked\">\n<h2 id=\"asked\">What was asked</h2>\n" + definition_list(pairs) + "</section>\n";
}

std::string table_section(const report_table& t, const sweep_report& r, const page_source& source, std::size_t number, bool pictured) {
  const auto id = fmt::format("table{}", number);
  std::string out = fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1} of {2} along {3}</h2>\n", id, html_escaped(capitalized(measure_words(r.measure))),
                                html_escaped(t.table.name), html_escaped(t.table.along));
  out += "<h3>Fit</h3>\n" + fit_html(t, r) + "<h3>Values</h3>\n" + values_html(t, r);
  if (pictured) out += "<h3>Figures</h3>\n" + figures_html(t, r, source, id);
  return out + "</section>\n";
}

std::string contents_html(const sweep_report& r) {
  if (r.tables.size() + r.distributions.size() < 2) return "";
  std::string out = "<nav aria-label=\"Tables\">\n<ul>\n";
  for (std::size_t i = 0; i < r.tables.size(); ++i) out += fmt::format("<li><a href=\"#table{}\">{}</a></li>\n", i + 1, html_escaped(r.tables[i].table.name));
  for (std::size_t i = 0; i < r.distributions.size(); ++i) out += fmt::format("<li><a href=\"#set{}\">{}</a></li>\n", i + 1, heading_of(r.distributions[i]));
  return out + "</ul>\n</nav>\n";
}

}  // namespace

std::string html_page(const sweep_report& r, const page_source& source, const std::function<void()>& checkpoint) {
  const auto title = r.title();
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
  out += fmt::format("<meta name=\"generator\" content=\"cosetta {}\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n", html_escaped(source.version),
                     html_escaped(title.text()), page_style());
  out += fmt::format("<header>\n<p class=\"kind\">Report of the sweep {}</p>\n<h1>{}</h1>\n</header>\n<main>\n", html_escaped(r.sweep), finding_html(title));
  out += contents_html(r) + asked_html(r, source);
  for (std::size_t i = 0; i < r.tables.size(); ++i) {
    if (checkpoint) checkpoint();
    out += table_section(r.tables[i], r, source, i + 1, i < most_pictured);
  }
  for (std::size_t i = 0; i < r.distributions.size(); ++i) {
    const auto id = fmt::format("set{}", i + 1);
    out += fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n", id, heading_of(r.distributions[i])) + distribution_html(r.distributions[i], r, source, id) + "</section>\n";
  }
  if (checkpoint) checkpoint();
  out += data_html(r, source) + provenance_html(r) + reproduce_html(r, source);
  out += fmt::format("</main>\n<footer>\n<p>Made by cosetta {}: <code>{}</code></p>\n</footer>\n</body>\n</html>\n", html_escaped(source.version), html_escaped(source.command));
  return out;
}

std::string words_html(std::string_view text) {
  auto out = html_escaped(text);
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"&gt;=", "≥"}, {"&lt;=", "≤"}}) {
    for (std::size_t at = 0; (at = out.find(from, at)) != std::string::npos; at += to.size()) out.replace(at, from.size(), to);
  }
  return out;
}

std::string finding_html(const finding& f) { return words_html(f.before) + (f.formula.empty() ? "" : formula_html(f.formula)) + words_html(f.after); }

std::string definition_list(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out = "<dl>\n";
  for (const auto& [term, text] : pairs) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escaped(term), text);
  return out + "</dl>\n";
}

std::string figure_html(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure>\n<div class=\"picture\" tabindex=\"0\">\n{}\n</div>\n<figcaption>{}</figcaption>\n</figure>\n", svg.substr(std::min(svg.find("<svg"), svg.size())), caption);
}

html_table::html_table(std::string caption, std::vector<column> columns) : caption_(std::move(caption)), columns_(std::move(columns)) {
  for (const auto& c : columns_) head_ += fmt::format("<th scope=\"col\"{}>{}</th>", c.number ? " class=\"num\"" : "", html_escaped(c.head));
}

void html_table::add(const std::vector<std::string>& cells, std::string_view mark) {
  body_ += mark.empty() ? std::string("<tr>") : fmt::format("<tr class=\"{}\">", mark);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    constexpr std::size_t long_cell = 60;
    const std::string_view style = columns_[i].number ? " class=\"num\"" : cells[i].size() > long_cell ? " class=\"long\"" : "";
    body_ += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", style, cells[i]) : fmt::format("<td{}>{}</td>", style, cells[i]);
  }
  body_ += "</tr>\n";
  ++rows_;
}

std::string html_table::text() const {
  constexpr std::size_t many = 40;  // rows that scroll in a box of their own
  return fmt::format("<div class=\"scroll{}\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n<table>\n<caption>{}</caption>\n<thead>\n<tr>{}</tr>\n</thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n",
                     rows_ > many ? " tall" : "", html_escaped(caption_), html_escaped(caption_), head_, body_);
}

}  // namespace cosetta::report
