// Reports: findings, pages that hold what strangers named, export forms that are read back, specifications that are rebuilt.
#include <kernels/error.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/sweep_specification.hpp>
#include <tools/report/exports.hpp>
#include <tools/report/markup.hpp>
#include <tools/report/page.hpp>

#include <algorithm>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::report {
namespace report_test {
namespace {

using conjecture::finished_graph;
using conjecture::listed_graph;
using conjecture::store;
using nlohmann::json;
using tests::scratch_folder;
using tests::shell;

/// A graph that nobody computed: what a report makes of rows does not depend on where they come from.
finished_graph row(const std::string& sweep, std::uint64_t position, const std::string& spec, std::vector<std::pair<std::string, std::int64_t>> parameters, std::uint64_t diameter,
                   bool exact = true) {
  finished_graph out;
  out.member = {sweep, spec, position, spec, std::move(parameters), fmt::format("key {} {}", sweep, position), {}};
  auto& g = out.graph.emplace();
  g.graph.key = out.member.key;
  g.graph.kind = "cayley";
  g.graph.degree = 5;
  g.graph.generators = "[[1,0,2,3,4]]";
  g.graph.asked.insert(conjecture::measure::diameter);
  g.graph.status = exact ? search::status::exact : search::status::lower_bound;
  g.graph.diameter = diameter;
  g.provenance = {"0", "cosetta conjecture sweep", "tower", 0.5, 1 << 20, 1, exact ? "" : "time", 0, 0, exact ? 0.0 : 60.0};
  return out;
}

/// Rows f(n) of a family along n.
template <class Function>
void put_family(store& into, const std::string& sweep, const std::string& family, long from, long to, const Function& f, long exact_to = 1000) {
  std::vector<finished_graph> rows;
  for (long n = from; n <= to; ++n) rows.push_back(row(sweep, static_cast<std::uint64_t>(n), fmt::format("{}:{}", family, n), {{"n", n}}, static_cast<std::uint64_t>(f(n)), n <= exact_to));
  into.put(rows);
}

long lx(long n) { return n == 4 ? 6 : 3 * n * n / 4 - 2 * n + 3; }

/// The names of elements that are open where they should not be, or closed where they are not open; "" where all is well.
std::string unbalanced(const std::string& page) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string::npos;) {
    const auto end = page.find('>', at);
    if (end == std::string::npos) return "a tag without end";
    const auto tag = page.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag.empty() || tag[0] == '!' || tag.back() == '/') continue;
    const auto name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" \n\t") - (tag[0] == '/' ? 1 : 0));
    if (name == "meta") continue;
    if (tag[0] != '/') open.push_back(name);
    else if (open.empty() || open.back() != name) return "</" + name + ">";
    else open.pop_back();
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

sweep_report report_of(const store& s, const std::string& sweep, const std::string& table = "") {
  report_options options;
  options.table = table;
  return make_report(s, sweep, "diameter", options);
}

TEST_CASE("text of strangers, and formulas as one reads them") {
  CHECK(html_escaped("<b a='x' c=\"y\">&amp;") == "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;amp;");
  CHECK(html_escaped("caf\xc3\xa9 \xf0\x9f\x98\x80\n\t") == "caf\xc3\xa9 \xf0\x9f\x98\x80\n\t");
  const std::string bad = "\xef\xbf\xbd";
  CHECK(html_escaped(std::string("a\0b", 3)) == "a" + bad + "b");
  CHECK(html_escaped("\x1b\xff\xc0\xaf\xed\xa0\x80") == bad + bad + bad + bad + bad + bad + bad);
  CHECK(latex_escaped("50%_a&b#c$d{e}f^g~h\\i<j>|\"\n") ==
        "50\\%\\_a\\&b\\#c\\$d\\{e\\}f\\textasciicircum{}g\\textasciitilde{}h\\textbackslash{}i\\textless{}j\\textgreater{}\\textbar{}\\textquotedbl{} ");
  CHECK(formula_html("floor(3 n^2 / 4) - 2 n + 3") == "⌊3 n<sup>2</sup> / 4⌋ − 2 n + 3");
  CHECK(formula_html("2 (floor((n - 1) / 2) + 1)^12") == "2 (⌊(n − 1) / 2⌋ + 1)<sup>12</sup>");
  CHECK(formula_html("2^n 3^(n-1) n!") == "2<sup>n</sup> 3<sup>n−1</sup> n!");
  CHECK(formula_html("^ <b>") == "^ &lt;b&gt;");
  CHECK(formula_latex("floor(3 n^2 / 4) - 2 n + 3") == "\\lfloor 3 n^{2} / 4 \\rfloor - 2 n + 3");
  CHECK(formula_latex("n even: n_0") == "n \\ \\mathrm{even}\\ : n\\_0");
  CHECK(formula_in("n even: floor(n^2 / 4); 2^(n-1)", "m") == "m even: floor(m^2 / 4); 2^(m-1)");
  CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("the finding: a formula, none, too few, a refutation, bounds only") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  put_family(s, "found", "lx", 4, 12, lx);
  put_family(s, "few", "lx", 4, 8, lx);
  put_family(s, "short", "lx", 4, 11, lx);
  put_family(s, "pairs", "lrx", 4, 8, [](long n) { return n * (n - 1) / 2; });
  put_family(s, "bounded", "lx", 4, 13, [](long n) { return lx(n) - (n == 13 ? 2 : 0); }, 12);
  put_family(s, "refuted", "lx", 4, 13, [](long n) { return lx(n) + (n == 13 ? 1 : 0); }, 12);
  put_family(s, "none", "lx", 4, 15, [](long n) { return (n * n * 7919 + n * 104729) % 1009; });
  put_family(s, "bounds", "lx", 4, 9, lx, 0);
  const auto title = [&](const std::string& sweep) { return report_of(s, sweep).title().text(); };
  CHECK(title("found") == "Diameter of lx(n): floor(3 n^2 / 4) - 2 n + 3 for n >= 5 (4 points fix it, 4 more held out and agree)");
  CHECK(title("few") == "Diameter of lx(n): too few values to accept a formula (5 proven values)");
  CHECK(title("refuted") == "Diameter of lx(n): floor(3 n^2 / 4) - 2 n + 3 through the proven values, but refuted by a bound");
  CHECK(title("none") == "Diameter of lx(n): no formula of up to 7 coefficients survives (period <= 6, degree <= 4; 12 proven values, n = 4 .. 15)");
  CHECK(title("short") == "Diameter of lx(n): too few values to accept floor(3 n^2 / 4) - 2 n + 3 for n >= 5 (8 proven values, 3 of them held out)");
  CHECK(title("pairs") == "Diameter of lrx(n): too few values to accept n (n - 1) / 2 for n >= 4 (5 proven values, 2 of them held out)");
  CHECK(title("bounds") == "Diameter of lx(n): lower bounds only, n = 4 .. 9");
  CHECK(title("bounded") == title("found"));

  const auto table = report_of(s, "bounded").tables.at(0);
  CHECK(table.agreements.front() == agreement::left_out);
  CHECK(table.agreements[1] == agreement::agrees);
  CHECK(table.agreements.back() == agreement::within_bound);
  CHECK(report_of(s, "refuted").tables.at(0).agreements.back() == agreement::beaten_by_bound);
  for (const std::string sweep : {"found", "few", "short", "pairs", "bounded", "refuted", "none", "bounds"}) {
    INFO(sweep);
    const auto page = html_page(report_of(s, sweep), {"command", "0", "a.db"});
    CHECK(unbalanced(page).empty());
    CHECK((page.find("refuted beyond the proven values") != std::string::npos) == (sweep == "refuted"));
    CHECK((page.find("No formula of up to 7 coefficients") != std::string::npos) == (sweep == "none"));
    CHECK((page.find("too few to accept a formula") != std::string::npos) == (sweep == "few" || sweep == "short" || sweep == "pairs"));
    CHECK((page.find("survives") != std::string::npos) == (sweep == "none"));
    CHECK((page.find("is taken away") != std::string::npos) == (sweep != "bounds"));
    CHECK((page.find("Lower bounds only") != std::string::npos) == (sweep == "bounds"));
    CHECK((page.find("n = 13: <strong>103</strong>, not computed yet") != std::string::npos) == (sweep == "found" || sweep == "bounded" || sweep == "refuted"));
  }
}

TEST_CASE("a page holds hostile names as text, and nothing that runs or is fetched") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  const std::string hostile = "<script>alert(\"1\")</script>&'</title></style>--><img src=x onerror=y>";
  auto one = row(hostile, 0, hostile, {}, 7), two = row(hostile, 1, "lx:\"><svg/onload=z>5", {{"n", 5}}, 11), three = row(hostile, 2, "lx:\"><svg/onload=z>6", {{"n", 6}}, 18);
  for (auto* g : {&one, &two, &three}) {
    g->graph->provenance.command = hostile;
    g->graph->provenance.engine = hostile;
    g->graph->provenance.version = hostile;
    g->graph->graph.layers = {1, 2, 3, 2, 1};
  }
  s.put(std::vector{one, two, three});
  const auto page = html_page(report_of(s, hostile), {hostile, hostile, hostile});
  CHECK(unbalanced(page).empty());
  for (const char* live : {"<script", "<img", "onerror=y>", "<svg/", "</style>-", "http-equiv=\"refresh\"", "href=\"http", "url(", "@import", "<link"}) {
    INFO(live);
    CHECK(page.find(live) == std::string::npos);
  }
  CHECK(page.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") != std::string::npos);
  CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
  CHECK(page.find("<h1>") == page.rfind("<h1>"));
  CHECK(page.find("<th>") == std::string::npos);  // each has its scope
  const auto latex = latex_tables(report_of(s, hostile), hostile + "\n\\input{x}");
  CHECK(latex.find("\n\\input") == std::string::npos);
  CHECK(csv_rows(report_of(s, hostile)).find("\"lx(\"\"><svg/onload=z>n)\"") != std::string::npos);
}

TEST_CASE("names that begin as options do, and bounds in the data", "[program]") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  put_family(s, "-x", "lx", 4, 12, lx, 11);
  auto last = row("-x", 99, "lx:20", {{"n", 20}}, 3, false);
  last.graph->graph.states = 17;
  s.put(std::vector{last});
  const auto page = html_page(report_of(s, "-x"), {"command", "0", "a.db"});
  CHECK(page.find("cosetta conjecture report --db x.db -o x.html -- -x diameter\n") != std::string::npos);
  CHECK(page.find("--sweep=-x --json") != std::string::npos);
  CHECK(page.find("≥ 17") != std::string::npos);
  CHECK(shell("cosetta conjecture report --db a.db -o x.html -- -x diameter", folder).code == 0);
  CHECK_THAT(shell("cosetta conjecture list --db a.db --sweep=-x", folder).out, Catch::Contains(">=3 "));
  CHECK_THAT(shell("cosetta conjecture list --db a.db --sweep=-x --format csv", folder).out, !Catch::Contains(">=") && Catch::Contains("lower_bound"));
  s.put(std::vector{row("a\x1b[2Jb\n", 0, "lx:5", {{"n", 5}}, 11)});
  CHECK_THAT(shell("cosetta conjecture list --db a.db", folder).out, Catch::Contains("a\\x1b[2Jb\\x0a") && !Catch::Contains("\x1b"));
  CHECK_THROWS_WITH(conjecture::parse_sweep(R"({"name": "a\u0000b", "graphs": [{"family": "lx:5"}]})", "f.json"), Catch::StartsWith("f.json: /name: control characters"));
  for (const std::string table : {"'lx(n)'", "lx:{n}"}) {
    INFO(table);
    CHECK(shell("cosetta plot diameters --db a.db --table " + table + " -o x.svg -- -x", folder).code == 0);
    CHECK(shell("cosetta conjecture report --db a.db --table " + table + " -o x.html -- -x", folder).code == 0);
  }
}

TEST_CASE("b-files: proven values of consecutive n, read back") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  put_family(s, "lx", "lx", 4, 12, lx, 10);
  const auto text = b_file(report_of(s, "lx"), "a remark\nof two lines");
  const auto rows = conjecture::parse_fit_rows(text, "b");
  REQUIRE(rows.size() == 7);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK((rows[i].n == static_cast<long>(i) + 4 && rows[i].value == lx(rows[i].n) && rows[i].exact));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK((line[0] == '#' || line == fmt::format("{} {}", std::stol(line), lx(std::stol(line)))));
  CHECK_THAT(text, Catch::Contains("# 2 rows left out"));

  std::vector<finished_graph> gap;
  for (const long n : {4, 5, 6, 9, 10}) gap.push_back(row("gap", static_cast<std::uint64_t>(n), fmt::format("lx:{}", n), {{"n", n}}, static_cast<std::uint64_t>(lx(n))));
  for (const long n : {4, 6, 8}) gap.push_back(row("even", static_cast<std::uint64_t>(n), fmt::format("lx:{}", n), {{"n", n}}, static_cast<std::uint64_t>(lx(n))));
  for (const long n : {4, 5}) gap.push_back(row("bounds", static_cast<std::uint64_t>(n), fmt::format("lx:{}", n), {{"n", n}}, 3, false));
  for (const long n : {4, 5, 6, 7}) gap.push_back(row("two", static_cast<std::uint64_t>(n), fmt::format("{}:{}", n < 6 ? "lx" : "lrx", n), {{"n", n}}, 3));
  gap.push_back(row("set", 0, "some graph", {}, 3));
  s.put(gap);
  CHECK(conjecture::parse_fit_rows(b_file(report_of(s, "gap"), ""), "b").size() == 3);
  CHECK_THROWS_WITH(b_file(report_of(s, "even"), ""), Catch::Contains("no gaps"));
  CHECK_THROWS_WITH(b_file(report_of(s, "bounds"), ""), Catch::Contains("lower bounds only"));
  CHECK_THROWS_WITH(b_file(report_of(s, "two"), ""), Catch::Contains("there are: lrx(n); lx(n)"));
  CHECK_THROWS_WITH(b_file(report_of(s, "set"), ""), Catch::Contains("no table along a parameter"));
  CHECK(conjecture::parse_fit_rows(b_file(report_of(s, "two", "lrx(n)"), ""), "b").front().n == 6);
  CHECK_THROWS_WITH(report_of(s, "two", "lrx"), Catch::Contains("no table 'lrx'") && Catch::Contains("there are: lrx(n); lx(n)"));
  CHECK_THROWS_WITH(cayleypy_growth(report_of(s, "gap")), Catch::Contains("no complete growth"));
  CHECK_THROWS_WITH(report_of(s, "absent"), Catch::Contains("no sweep 'absent'; there are: bounds, even, gap, lx, set, two"));
  CHECK_THROWS_WITH(make_report(s, "lx", "girth"), Catch::Contains("has the measure girth; they have: diameter"));
  CHECK_THROWS_WITH(make_report(s, "lx", "radius"), Catch::Contains("unknown measure 'radius'"));
}

TEST_CASE("LaTeX and CSV have bounds marked and formulas beside") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  put_family(s, "lx", "lx", 4, 13, [](long n) { return lx(n) - (n == 13 ? 2 : 0); }, 12);
  const auto r = report_of(s, "lx");
  const auto latex = latex_tables(r, "remark");
  CHECK_THAT(latex, Catch::StartsWith("% remark\n% Diameter of lx(n): floor") && Catch::Contains("% formula: $\\lfloor 3 n^{2} / 4 \\rfloor - 2 n + 3$ for $n \\ge 5$\n"));
  CHECK_THAT(latex, Catch::Contains("\\begin{tabular}{rrr}\n\\hline\n$n$ & Diameter & Formula \\\\\n\\hline\n$4$ & $6$ & \\\\\n$5$ & $11$ & $11$ \\\\\n"));
  CHECK_THAT(latex, Catch::EndsWith("$13$ & $\\ge 101$ & $103$ \\\\\n\\hline\n\\end{tabular}\n"));
  const auto csv = csv_rows(r);
  CHECK_THAT(csv, Catch::StartsWith("table,n,diameter,status,formula,difference,graphs\nlx(n),4,6,exact,,,1\nlx(n),5,11,exact,11,0,1\n"));
  CHECK_THAT(csv, Catch::EndsWith("lx(n),13,101,lower_bound,103,,1\n"));
}

TEST_CASE("which numbers of a name are parameters, the other graphs tell") {
  std::vector<listed_graph> graphs;
  const auto add = [&](const std::string& spec, std::vector<std::pair<std::string, std::int64_t>> parameters, const std::string& ending = "") {
    listed_graph g;
    g.member.spec = spec;
    g.member.label = spec + ending;
    g.member.parameters = std::move(parameters);
    g.graph.diameter = static_cast<std::uint64_t>(g.member.parameters.empty() ? 0 : g.member.parameters.front().second);
    graphs.push_back(g);
  };
  for (const std::int64_t m : {2, 3, 4}) add(fmt::format("heisenberg:3,modulo={}", m), {{"m", m}});
  for (const std::int64_t n : {3, 4}) add(fmt::format("lrx:{},k={}", n, n), {{"n", n}}, " inverse-closed");
  for (const std::int64_t n : {5, 12}) {
    for (const std::int64_t k : {5, 12}) add(fmt::format("top_spin:{},k={}", n, k), {{"n", n}, {"k", k}});
  }
  add("puzzle:megaminx", {});
  const auto templates = conjecture::templates_of(graphs);
  for (const std::size_t i : {0, 1, 2}) CHECK(templates[i] == "heisenberg:3,modulo={m}");
  for (const std::size_t i : {3, 4}) CHECK(templates[i] == "lrx:{n},k={n} inverse-closed");
  for (const std::size_t i : {5, 6, 7, 8}) CHECK(templates[i] == "top_spin:{n},k={k}");
  CHECK(templates[9].empty());
  const auto tables = conjecture::measured_tables(graphs, "diameter");
  REQUIRE(tables.size() == 4);
  CHECK(tables[0].name == "heisenberg(3, modulo=m)");
  CHECK(tables[0].rows.size() == 3);
  CHECK(tables[1].name == "lrx(n, k=n) inverse-closed");
  CHECK(tables[2].rows.size() == 2);
}

TEST_CASE("the page's specification names the graphs of the store", "[program]") {
  const scratch_folder folder;
  folder.write("all.json", R"({"name": "all of it's \"kinds\"", "measures": ["diameter", "growth"], "limits": {"max_states": 3000}, "graphs": [
    {"family": "lx:{n}", "n": [4, 8, 2]}, {"family": "top_spin:{n},k={k}", "n": [5, 7], "k": [3, 4]}, {"family": "lx:{n}", "n": [5, 7, 2], "inverse_closed": true}, {"family": "lrx:5"},
    {"generators": [[1,0,2],[1,2,0]], "label": "a & b"}, {"generators": [[1,2,3,4,0],[1,0,2,3,4]]},
    {"subsets": {"degree": 4, "size": 2, "class": "all"}, "up_to": "conjugacy"}, {"subsets": {"degree": 5, "size": 3, "class": "transpositions"}},
    {"random": {"degree": 6, "size": 2, "count": 3, "seed": 5, "class": [3, 2]}, "inverse_closed": true}]})");
  CHECK(shell("cosetta conjecture sweep all.json --db a.db -q", folder).code == 3);
  const store s((folder.path() / "a.db").string(), store::access::read);
  const auto graphs = s.listed("all of it's \"kinds\"");
  REQUIRE(graphs.size() > 30);
  const auto rebuilt = rebuild_specification(graphs);
  INFO(rebuilt.text);
  CHECK(rebuilt.checked);
  const auto document = json::parse(rebuilt.text);
  CHECK(document["limits"] == json({{"max_states", 3000}}));
  CHECK(document["graphs"].size() == 9);
  CHECK(document["graphs"][0] == json({{"family", "lx:{n}"}, {"n", {4, 8, 2}}}));
  CHECK(std::count(rebuilt.text.begin(), rebuilt.text.end(), '\n') == 12);

  // Of a part of the sweep, as a shard has it, exactly that part.
  std::vector<listed_graph> part;
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    if (i % 3 != 1) part.push_back(graphs[i]);
  }
  const auto of_part = rebuild_specification(part);
  INFO(of_part.text);
  CHECK(of_part.checked);
  CHECK(conjecture::expand(conjecture::parse_sweep(of_part.text, "part")).size() == part.size());
}

TEST_CASE("the verb: forms that other commands read, refusals, files that stay", "[program]") {
  const scratch_folder folder;
  folder.write("s.json", R"({"name": "s", "graphs": [{"family": "lrx:{n}", "n": [4, 10]}, {"subsets": {"degree": 4, "size": 2}}], "measures": ["diameter", "growth", "order"]})");
  REQUIRE(shell("cosetta conjecture sweep s.json --db s.db -q", folder).code == 0);
  const auto report = [&](const std::string& words) { return shell("cosetta conjecture report " + words, folder); };
  folder.write("tables/.keep", "");
  CHECK(report("s --db s.db --table 'lrx(n)' --format cayleypy -o tables/lrx_cayley_growth.csv").code == 0);
  const auto growth = tests::slurp(folder.path() / "tables/lrx_cayley_growth.csv");
  CHECK_THAT(growth, Catch::StartsWith("4,\"[1, 3, 5, 6, 5, 3, 1]\"\n"));
  CHECK_THAT(shell("cosetta verify growth tables", folder).out, Catch::Contains("7 agree"));
  CHECK(report("s --db s.db --format b-file -o b.txt").code == 0);
  const auto fitted = shell("cosetta fit b.txt", folder);
  CHECK(fitted.code == 0);
  CHECK_THAT(fitted.out, Catch::Contains("n (n - 1) / 2"));
  CHECK_THAT(report("s --db s.db --format csv").out, Catch::Contains("graphs on 4 points,,"));

  const auto document = json::parse(report("s --db s.db --json").out);
  CHECK(document["schema"] == "cosetta.report/1");
  REQUIRE(document["result"]["tables"][0]["fit"]["formulas"].size() == 1);
  CHECK(document["result"]["tables"][0]["fit"]["formulas"][0]["text"] == "n (n - 1) / 2");
  CHECK(document["result"]["specification"]["checked"] == true);
  std::size_t graphs = 0;
  for (const auto& v : document["result"]["distributions"][0]["values"]) graphs += v["exact"].get<std::size_t>();
  CHECK(graphs == document["result"]["distributions"][0]["graphs"]);

  const auto page = report("s order --db s.db -o s.html");
  CHECK((page.code == 0 && page.out.empty() && page.err.empty()));
  const auto before = tests::slurp(folder.path() / "s.html");
  CHECK_THAT(before, Catch::Contains("<title>Order in 1 table of sweep s: 1 formula found</title>"));
  const std::pair<std::string, const char*> refused[] = {{"t --db s.db", "no sweep 't'; there are: s"},   {"s girth --db s.db", "they have: diameter, last_sphere, order"},
                                                         {"s width --db s.db", "unknown measure 'width'"}, {"s --db absent.db", "absent.db"},
                                                         {"s --db s.db --format pdf", "there are html, latex, csv, cayleypy, b-file, json"}, {"s --db s.db --table x", "there are: lrx(n)"},
                                                         {"s --db s.db --json --format csv", "exclude each other"}, {"s --db s.db --max-period 99", "at most 30"}};
  for (const auto& [words, message] : refused) {
    INFO(words);
    const auto got = report(words + " -o s.html");
    CHECK(got.code == 2);
    CHECK_THAT(got.err, Catch::StartsWith("cosetta: ") && Catch::Contains(message));
    CHECK(std::count(got.err.begin(), got.err.end(), '\n') == 1);
    CHECK(tests::slurp(folder.path() / "s.html") == before);
  }
  CHECK(report("s --db s.db -o none/s.html").code == 2);
  for (const char* format : {"latex", "markdown", "csv"}) CHECK_THAT(shell(std::string("cosetta conjecture list --db s.db --format ") + format, folder).out, Catch::Contains("lrx:8"));
}

TEST_CASE("a report that is asked to stop stops") {
  const scratch_folder folder;
  store s((folder.path() / "a.db").string(), store::access::create);
  put_family(s, "lx", "lx", 4, 12, lx);
  struct stopped {};
  report_options options;
  options.checkpoint = [] { throw stopped{}; };
  CHECK_THROWS_AS(make_report(s, "lx", "diameter", options), stopped);
  CHECK_THROWS_AS(html_page(report_of(s, "lx"), {}, options.checkpoint), stopped);
}

}  // namespace
}  // namespace report_test
}  // namespace cosetta::report
