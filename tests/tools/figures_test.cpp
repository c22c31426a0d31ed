// Figures: whole XML, marks where the data are, and the same bytes for the same input.
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/figures/figures.hpp>
#include <tools/figures/graph_layout.hpp>
#include <tools/figures/svg.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

namespace cosetta::figures {
namespace figures_test {
namespace {

// ------------------------------------------------------------------------------------------------------------ a strict reader of XML

struct element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;                   // of its own and of all in it
  std::vector<std::string> ancestors; // "name.class", from the root
  double at(const std::string& key) const { return std::stod(attributes.at(key)); }
  bool has_class(const std::string& k) const { const auto c = attributes.find("class"); return c != attributes.end() && c->second == k; }
  bool is_in(const std::string& ancestor) const { return std::ranges::find(ancestors, ancestor) != ancestors.end(); }
};

/// What of XML 1.0 the figures use; everything else is an error.
class xml_reader {
 public:
  explicit xml_reader(const std::string& text) : text_(text) {}

  std::vector<element> read() {
    std::vector<std::size_t> open;
    while (at_ < text_.size()) {
      if (text_[at_] != '<') {
        const auto end = std::min(text_.find('<', at_), text_.size());
        const auto words = unescaped(text_.substr(at_, end - at_));
        if (open.empty() && words.find_first_not_of(" \n") != std::string::npos) fail("text outside of the root");
        for (const auto i : open) out_[i].text += words;
        at_ = end;
      } else if (text_.compare(at_, 2, "</") == 0) {
        at_ += 2;
        if (open.empty() || name() != out_[open.back()].name) fail("an end without its beginning");
        expect(">");
        open.pop_back();
      } else {
        if (open.empty() && !out_.empty()) fail("two roots");
        if (open_element(open)) open.push_back(out_.size() - 1);
      }
    }
    if (!open.empty()) fail("an element is not closed");
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(what + " at " + std::to_string(at_) + ": " + text_.substr(at_, 60)); }
  void expect(const std::string& s) {
    if (text_.compare(at_, s.size(), s) != 0) fail("expected " + s);
    at_ += s.size();
  }
  std::string name() {
    const auto from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '-' || text_[at_] == ':')) ++at_;
    if (at_ == from) fail("expected a name");
    return text_.substr(from, at_ - from);
  }
  /// Whether it stays open.
  bool open_element(const std::vector<std::size_t>& open) {
    expect("<");
    element e{name(), {}, {}, {}};
    for (const auto i : open) e.ancestors.push_back(out_[i].name + (out_[i].attributes.contains("class") ? "." + out_[i].attributes.at("class") : ""));
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
      const auto key = name();
      expect("=\"");
      const auto end = text_.find('"', at_);
      if (end == std::string::npos) fail("no end of an attribute");
      const auto value = text_.substr(at_, end - at_);
      if (value.find('<') != std::string::npos) fail("< in an attribute");
      if (!e.attributes.emplace(key, unescaped(value)).second) fail("an attribute occurs twice");
      at_ = end + 1;
    }
    const bool closed = text_.compare(at_, 2, "/>") == 0;
    expect(closed ? "/>" : ">");
    out_.push_back(std::move(e));
    return !closed;
  }
  std::string unescaped(const std::string& s) const {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (static_cast<unsigned char>(s[i]) < 0x20 && s[i] != '\n' && s[i] != '\t' && s[i] != '\r') fail("a control character");
      if (s[i] != '&') {
        out += s[i];
        continue;
      }
      const std::map<std::string, char> known{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}};
      const auto end = s.find(';', i);
      if (end == std::string::npos || !known.contains(s.substr(i + 1, end - i - 1))) fail("a broken entity");
      out += known.at(s.substr(i + 1, end - i - 1));
      i = end;
    }
    return out;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::vector<element> out_;
};

std::vector<element> read_xml(const std::string& text) { return xml_reader(text).read(); }

std::vector<element> with_class(const std::vector<element>& all, const std::string& k) {
  std::vector<element> out;
  for (const auto& e : all) {
    if (e.has_class(k)) out.push_back(e);
  }
  return out;
}

point centre_of(const element& e) {
  if (e.name == "circle") return {e.at("cx"), e.at("cy")};
  if (e.name == "rect") return {e.at("x") + e.at("width") / 2, e.at("y") + e.at("height") / 2};
  if (e.name == "polygon") {  // a triangle, whose first corner is 1.25 radii from its centre and the others 0.8
    std::istringstream in(e.attributes.at("points"));
    double x = 0, y = 0, x2 = 0, y2 = 0;
    char c = 0;
    in >> x >> c >> y >> x2 >> c >> y2;
    return {x, y + (y2 - y) * 1.25 / 2.05};
  }
  throw std::runtime_error("no centre: " + e.name);
}

double plain_number(std::string text) {
  if (text.starts_with("\xE2\x88\x92")) text.replace(0, 3, "-");
  return std::stod(text);
}

/// From pixels to values by two labels of an axis; labels stand 5 px below the ticks of y, and are powers of ten where `logarithmic`.
struct scale_reader {
  double slope = 0, shift = 0;
  double value(double pixel) const { return slope * pixel + shift; }

  scale_reader(const std::vector<element>& ticks, const std::string& coordinate, double offset, bool logarithmic = false) {
    REQUIRE(ticks.size() >= 2);
    const auto label = [&](const element& e) {
      if (!logarithmic) return plain_number(e.text);
      REQUIRE(e.text.starts_with("10"));
      return plain_number(e.text.substr(2));
    };
    const auto &a = ticks.front(), &b = ticks.back();
    slope = (label(b) - label(a)) / (b.at(coordinate) - a.at(coordinate));
    shift = label(a) - slope * (a.at(coordinate) - offset);
  }
};

/// What holds for every figure.
std::vector<element> check_figure(const std::string& svg, const std::string& command) {
  const auto all = read_xml(svg);
  REQUIRE(!all.empty());
  CHECK(all[0].name == "svg");
  CHECK(all[0].attributes.at("xmlns") == "http://www.w3.org/2000/svg");
  CHECK(all[0].at("width") == 800);
  const double height = all[0].at("height");
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf\"") == std::string::npos);
  CHECK(svg.find("href") == std::string::npos);
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("url(") == std::string::npos);
  std::set<std::string> ids;
  std::string foot;
  bool described = false;
  for (const auto& e : all) {
    if (const auto id = e.attributes.find("id"); id != e.attributes.end()) CHECK(ids.insert(id->second).second);
    if (e.name == "desc") described = e.text.find(command) != std::string::npos;
    if (e.has_class("command")) foot += e.text;
    if (e.name == "text" || e.name == "tspan") {
      if (e.attributes.contains("font-size")) CHECK(e.at("font-size") >= 12);
    }
    if (e.name == "text" && !e.attributes.contains("transform")) {
      INFO(e.text);
      const double width = text_width(e.text, e.at("font-size")), x = e.at("x");
      const auto anchor = e.attributes.contains("text-anchor") ? e.attributes.at("text-anchor") : "start";
      const double left = anchor == "start" ? x : anchor == "end" ? x - width : x - width / 2;
      CHECK(left >= 0);
      CHECK(left + width <= 800);
      CHECK(e.at("y") <= height);
      CHECK(e.at("y") >= 12);
    }
  }
  CHECK(described);
  CHECK(!foot.empty());
  CHECK(all[0].attributes.at("aria-labelledby").find(*ids.begin()) != std::string::npos);
  CHECK(ids.size() == 2);
  return all;
}

std::vector<mpz_class> counts(const std::vector<unsigned long>& values) { return {values.begin(), values.end()}; }

const growth_curve lrx_8{"lrx:8", counts({1, 3, 6, 12, 23, 44, 80, 142, 247, 411, 662, 1019, 1481, 2059, 2745, 3465, 4126, 4633, 4913, 4777, 4163, 3079, 1612, 488, 94, 25, 6, 3, 1}), true};
const growth_curve lrx_5{"lrx:5", counts({1, 3, 6, 10, 16, 24, 29, 21, 6, 3, 1}), true};

TEST_CASE("a growth: marks are where the counts are") {
  for (const bool logarithmic : {false, true}) {
    const auto svg = growth_figure(lrx_8, {"", "cosetta plot growth lrx:8", ""}, {.scale = logarithmic ? axis_scale::logarithmic : axis_scale::linear});
    const auto all = check_figure(svg, "cosetta plot growth lrx:8");
    const scale_reader y(with_class(all, "tick-y"), "y", 5, logarithmic), x(with_class(all, "tick-x"), "x", 0);
    const auto marks = with_class(all, "mark");
    REQUIRE(marks.size() == lrx_8.layers.size());
    for (std::size_t k = 0; k < marks.size(); ++k) {
      const auto p = centre_of(marks[k]);
      const double count = lrx_8.layers[k].get_d();
      CHECK(x.value(p.x) == Approx(k).margin(0.02));
      CHECK(y.value(p.y) == (logarithmic ? Approx(std::log10(count)).margin(0.01) : Approx(count).margin(8)));
      CHECK(marks[k].text == "distance " + std::to_string(k) + ": " + lrx_8.layers[k].get_str() + " states");
    }
    CHECK(with_class(all, "fit").size() == 2);
    CHECK(svg.find("reflected Gumbel") != std::string::npos);
    CHECK(svg.find("Kolmogorov distance 0.0278") != std::string::npos);  // as `fit --shape` says of these numbers
  }
}

TEST_CASE("the drawn shapes are the fitted ones") {
  const auto all = read_xml(growth_figure(lrx_8, {"", "c", ""}, {.shapes = {conjecture::shape_kind::reflected_gumbel}}));
  const scale_reader y(with_class(all, "tick-y"), "y", 5), x(with_class(all, "tick-x"), "x", 0);
  std::vector<double> layers;
  for (const auto& n : lrx_8.layers) layers.push_back(n.get_d());
  const auto report = conjecture::fit_shapes(layers);
  const auto fit = std::ranges::find(report.fits, conjecture::shape_kind::reflected_gumbel, &conjecture::shape_fit::kind);
  REQUIRE(fit != report.fits.end());
  const auto lines = with_class(all, "fit");
  REQUIRE(lines.size() == 1);
  std::istringstream points(lines[0].attributes.at("points"));
  std::size_t seen = 0;
  char comma = 0;
  for (double px = 0, py = 0; points >> px >> comma >> py; ++seen) {
    const double k = x.value(px);
    const double expected = 40320 * (shape_cdf(fit->kind, fit->fitted, k + 0.5) - shape_cdf(fit->kind, fit->fitted, k - 0.5));
    CHECK(y.value(py) == Approx(expected).margin(15));
  }
  CHECK(seen > 300);
}

TEST_CASE("counts beyond 2^53, and beyond what a double holds") {
  growth_curve curve{"huge", {}, true};
  for (unsigned long k = 0; k <= 40; ++k) {
    mpz_class n;
    mpz_ui_pow_ui(n.get_mpz_t(), 10, k <= 30 ? 12 * k : 360 - 30 * (k - 30));
    curve.layers.push_back(n);
  }
  const auto all = check_figure(growth_figure(curve, {"", "c", ""}, {.scale = axis_scale::logarithmic}), "c");
  const scale_reader y(with_class(all, "tick-y"), "y", 5, true);
  const auto marks = with_class(all, "mark");
  REQUIRE(marks.size() == 41);
  for (unsigned long k = 0; k <= 40; ++k) CHECK(y.value(centre_of(marks[k]).y) == Approx(k <= 30 ? 12 * k : 360 - 30 * (k - 30)).margin(1));
  check_figure(growth_figure(curve, {"", "c", ""}), "c");
  CHECK(marks[30].text == "distance 30: 1" + std::string(360, '0') + " states");
}

TEST_CASE("growths that have no shape: one layer, three, a part") {
  for (const auto& curve : {growth_curve{"one", counts({1}), true}, growth_curve{"S_3", counts({1, 3, 2}), true}, growth_curve{"a part", counts({1, 3, 6, 12, 24}), false}}) {
    for (const auto scale : {axis_scale::linear, axis_scale::logarithmic}) {
      const auto all = check_figure(growth_figure(curve, {"", "c", ""}, {.scale = scale}), "c");
      const auto marks = with_class(all, "mark");
      CHECK(marks.size() == curve.layers.size());
      CHECK(with_class(all, "fit").empty());
      CHECK((marks.back().attributes.at("fill") == "#ffffff") == !curve.complete);
    }
  }
  CHECK_THROWS_AS(growth_figure({"none", {}, true}, {}), domain_error);
  CHECK_THROWS_AS(growth_figure({"none", counts({0, 0}), true}, {}), domain_error);
  CHECK_THROWS_AS(growth_figure({"negative", {mpz_class(1), mpz_class(-1)}, true}, {}), domain_error);
}

TEST_CASE("text is escaped, and the same input gives the same bytes") {
  const std::string name = "a<b>&\"c'\x01\xFF\xC3\xA9";
  growth_curve curve = lrx_5;
  curve.name = name;
  const caption text{name + " " + std::string(200, 'w') + " " + std::string(500, 'W'), "cosetta plot growth '<&\">' " + std::string(300, 'x'), ""};
  const auto svg = growth_figure(curve, text);
  const auto all = check_figure(svg, "cosetta plot growth '<&\">'");
  CHECK(all[1].name == "title");
  CHECK(all[1].text.starts_with("a<b>&\"c'\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9 www"));
  CHECK(svg == growth_figure(curve, text));
  CHECK(growth_figure(lrx_5, {"", "c", ""}).find("id=\"fig") != std::string::npos);
  const auto id = [](const std::string& s) { return s.substr(s.find("id=\"fig"), 27); };
  CHECK(id(growth_figure(lrx_5, {"", "c", ""})) != id(growth_figure(lrx_8, {"", "c", ""})));
  CHECK(growth_figure(lrx_5, {"", "c", "mine"}).find("id=\"mine-title\"") != std::string::npos);
  CHECK(escape("\xED\xA0\x80\xF4\x90\x80\x80\xC0\xAF") == [] { std::string s; for (int i = 0; i < 9; ++i) s += "\xEF\xBF\xBD"; return s; }());
}

TEST_CASE("limit shapes have mean 0, deviation 1 and area 1") {
  const std::vector<growth_curve> curves{lrx_5, lrx_8};
  const auto all = check_figure(limit_shape_figure(curves, {"", "c", ""}), "c");
  const scale_reader y(with_class(all, "tick-y"), "y", 5), x(with_class(all, "tick-x"), "x", 0);
  double area = 0, mean = 0, square = 0, last = 0;
  std::size_t seen = 0;
  for (const auto& e : with_class(all, "mark")) {
    if (!e.text.starts_with("lrx:5")) continue;  // its marks are circles
    const auto p = centre_of(e);
    const double at = x.value(p.x), share = y.value(p.y);
    area += share, mean += at * share, square += at * at * share;
    if (seen++ > 0) CHECK(at - last == Approx(1 / 1.855).margin(0.02));
    last = at;
  }
  CHECK(seen == lrx_5.layers.size());
  CHECK(area / 1.855 == Approx(1).margin(0.01));
  CHECK(mean / area == Approx(0).margin(0.01));
  CHECK(square / area == Approx(1).margin(0.02));
  check_figure(limit_shape_figure(curves, {"", "c", ""}, {.scale = axis_scale::logarithmic}), "c");
  const std::vector<growth_curve> many(max_shape_curves, lrx_8);
  check_figure(limit_shape_figure(many, {"", "c", ""}), "c");
  const std::vector<growth_curve> too_many(max_shape_curves + 1, lrx_8), single{{"one", counts({1}), true}}, part{{"part", counts({1, 2, 3}), false}};
  CHECK_THROWS_AS(limit_shape_figure(too_many, {}), domain_error);
  CHECK_THROWS_AS(limit_shape_figure({}, {}), domain_error);
  CHECK_THROWS_AS(limit_shape_figure(single, {}), domain_error);
  CHECK_THROWS_AS(limit_shape_figure(part, {}), domain_error);
}

diameter_table lx_table() {
  diameter_table out;
  const long values[] = {6, 11, 18, 25, 35, 45, 58, 71, 87};
  for (long n = 4; n <= 12; ++n) out.rows.push_back({n, mpz_class(values[n - 4]), true});
  out.formula = conjecture::find_formulas(out.rows).formulas.at(0);
  out.rows.push_back({13, mpz_class(101), false});
  out.rows.push_back({14, mpz_class(110), false});
  return out;
}

TEST_CASE("a table along a parameter: marks, bounds, the formula and the differences from it") {
  const auto table = lx_table();
  const auto all = check_figure(diameters_figure(table, {"", "c", ""}), "c");
  std::vector<element> above, below;  // labels of the two panels
  const auto labels = with_class(all, "tick-y");
  const auto frame = std::ranges::find_if(all, [](const element& e) { return e.name == "rect" && e.is_in("g.axes"); });
  REQUIRE(frame != all.end());
  for (const auto& t : labels) (t.at("y") < frame->at("y") + frame->at("height") + 10 ? above : below).push_back(t);
  const scale_reader y(above, "y", 5), difference(below, "y", 5), x(with_class(all, "tick-x"), "x", 0);
  const auto marks = with_class(all, "mark");
  REQUIRE(marks.size() == table.rows.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto p = centre_of(marks[i]);
    CHECK(x.value(p.x) == Approx(static_cast<double>(table.rows[i].n)).margin(0.02));
    CHECK(y.value(p.y) == Approx(table.rows[i].value.get_d()).margin(0.4));
    CHECK((marks[i].attributes.at("fill") == "#ffffff") == !table.rows[i].exact);
    CHECK(marks[i].name == (!table.rows[i].exact ? "polygon" : table.rows[i].n % 2 == 0 ? "circle" : "rect"));  // the classes of the formula's period
  }
  const auto differences = with_class(all, "residual");
  REQUIRE(differences.size() == 10);  // n = 4 is before the formula
  for (const auto& e : differences) {
    const auto p = centre_of(e);
    const auto n = std::lround(x.value(p.x));
    CHECK(difference.value(p.y) == Approx(n == 13 ? 101 - 103 : n == 14 ? 110 - 122 : 0).margin(0.1));  // floor(3 n^2 / 4) - 2 n + 3
  }
  REQUIRE(with_class(all, "fit").size() == 1);
  std::istringstream points(with_class(all, "fit")[0].attributes.at("points"));
  long n = 5;
  char comma = 0;
  for (double px = 0, py = 0; points >> px >> comma >> py; ++n) {
    CHECK(x.value(px) == Approx(static_cast<double>(n)).margin(0.02));
    CHECK(y.value(py) == Approx(static_cast<double>(3 * n * n / 4 - 2 * n + 3)).margin(0.4));
  }
  CHECK(n == 15);
}

TEST_CASE("tables without a formula, of one row, of huge values") {
  diameter_table table = lx_table();
  table.formula.reset();
  table.period = 3;
  const auto all = check_figure(diameters_figure(table, {"", "c", ""}), "c");
  CHECK(with_class(all, "residual").size() == table.rows.size());
  double sum = 0;  // of least squares with a constant: the differences of the exact rows cancel
  for (const auto& e : with_class(all, "residual")) {
    const auto at = e.text.find("difference ");
    if (e.attributes.at("fill") != "#ffffff") sum += std::stod(e.text.substr(at + 11));
  }
  CHECK(sum == Approx(0).margin(1e-3));
  CHECK(diameters_figure(table, {"", "c", ""}).find("parabola of least squares") != std::string::npos);

  diameter_table one{"p", "order", {{5, mpz_class(7), true}}, std::nullopt, 0};
  CHECK(with_class(check_figure(diameters_figure(one, {"", "c", ""}), "c"), "mark").size() == 1);
  check_figure(diameters_figure(one, {"", "c", ""}, axis_scale::logarithmic), "c");
  diameter_table factorials{"n", "order", {}, std::nullopt, 0};
  mpz_class value = 1;
  for (long n = 1; n <= 200; ++n) {
    value *= n;
    if (n <= 14 || n == 200) factorials.rows.push_back({n, value, true});
  }
  const auto big = check_figure(diameters_figure(factorials, {"", "c", ""}, axis_scale::logarithmic), "c");
  const scale_reader y(with_class(big, "tick-y"), "y", 5, true);
  CHECK(y.value(centre_of(with_class(big, "mark").back()).y) == Approx(374.9).margin(1.5));  // 200! = 7.89 10^374
  CHECK_THROWS_AS(diameters_figure({"n", "d", {}, std::nullopt, 0}, {}), domain_error);
  CHECK_THROWS_AS(diameters_figure({"n", "d", {{1, mpz_class(1), true}, {1, mpz_class(2), true}}, std::nullopt, 0}, {}), domain_error);
  CHECK_THROWS_AS(diameters_figure({"n", "d", {{1, mpz_class(0), true}}, std::nullopt, 0}, {}, axis_scale::logarithmic), domain_error);
}

TEST_CASE("lower bounds and upper bounds are told apart") {
  const auto rows = conjecture::parse_fit_rows("38,370\n39,375\n40,>=380\n41,<=500\n", "f");
  const auto all = check_figure(diameters_figure({"n", "d", rows, std::nullopt, 0}, {"", "c", ""}), "c");
  const auto marks = with_class(all, "mark");
  REQUIRE(marks.size() == 4);
  const auto upwards = [](const element& e) {  // its first corner is the single one
    std::istringstream in(e.attributes.at("points"));
    double x = 0, y = 0, x2 = 0, y2 = 0;
    char c = 0;
    in >> x >> c >> y >> x2 >> c >> y2;
    return y2 > y;
  };
  CHECK(upwards(marks[2]));
  CHECK(!upwards(marks[3]));
  CHECK(marks[2].text == "n = 40: >= 380");
  CHECK(marks[3].text == "n = 41: <= 500");
  std::string legend;
  for (const auto& e : all) {
    if (e.is_in("g.legend")) legend += e.text;
  }
  CHECK(legend.find("lower bound") != std::string::npos);
  CHECK(legend.find("upper bound") != std::string::npos);
  CHECK(!has_differences({"n", "d", rows, std::nullopt, 0}, axis_scale::linear));
}

TEST_CASE("values of formulas go on beyond the rows that they were found in") {
  const auto values_of = [](const std::vector<long>& exact, const std::vector<long>& more) {
    std::vector<conjecture::fit_row> rows;
    for (std::size_t i = 0; i < exact.size(); ++i) rows.push_back({static_cast<long>(i) + 1, mpz_class(exact[i]), true});
    const auto report = conjecture::find_formulas(rows);
    REQUIRE(!report.formulas.empty());
    for (const long n : more) rows.push_back({n, mpz_class(1), false});
    std::map<long, mpz_class> out;
    for (const auto& v : formula_values(report.formulas[0], rows)) out[v.n] = v.value;
    return out;
  };
  const auto fibonacci = values_of({1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144}, {15, 16});
  CHECK(fibonacci.at(15) == 610);
  CHECK(fibonacci.at(16) == 987);
  const auto factorials = values_of({1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800}, {11, 13});
  CHECK(factorials.at(10) == 3628800);
  CHECK(factorials.at(11) == 39916800);
  CHECK_FALSE(factorials.contains(13));
}

// ------------------------------------------------------------------------------------------------------------------------- graphs

TEST_CASE("graphs: vertices on their spheres, each edge once, the farthest marked") {
  struct expectation {
    const char* spec;
    std::size_t edges, arrows;
  };
  // lrx:4: 24 arcs of L (R is its inverse), 12 edges of X. lx:4 the same, directed. Transpositions of S_4: 6 * 12 edges without arrows.
  for (const auto& [spec, edges, arrows] : {expectation{"lrx:4", 36, 24}, expectation{"lx:4", 36, 24}, expectation{"all_transpositions:4", 72, 0}}) {
    INFO(spec);
    const auto graph = explicit_for_figure(graphs::parse_graph(spec));
    const auto svg = graph_figure(graph, {"", "c", ""});
    CHECK(svg == graph_figure(graph, {"", "c", ""}));
    const auto all = check_figure(svg, "c");
    const auto vertices = with_class(all, "vertex");
    REQUIRE(vertices.size() == graph.vertices.size());
    CHECK(with_class(all, "edge").size() == edges);
    std::size_t heads = 0;
    for (const auto& e : with_class(all, "arrow")) heads += !e.is_in("g.legend");
    CHECK(heads == arrows);
    const auto centre = centre_of(vertices[0]);
    const auto circles = with_class(all, "sphere");
    REQUIRE(circles.size() == graph.distance.back());
    for (std::size_t v = 0; v < vertices.size(); ++v) {
      const auto p = centre_of(vertices[v]);
      const double r = graph.distance[v] == 0 ? 0 : circles[graph.distance[v] - 1].at("r");
      CHECK(std::hypot(p.x - centre.x, p.y - centre.y) == Approx(r).margin(0.05));
      const bool yellow = vertices[v].attributes.at("fill") == "#F0E442";
      CHECK(yellow == (graph.distance[v] == graph.distance.back()));
      CHECK(vertices[v].text == to_string(graph.definition, graph.vertices[v]) + ", distance " + std::to_string(graph.distance[v]));
      for (std::size_t w = 0; w < v; ++w) {
        const auto q = centre_of(vertices[w]);
        CHECK(std::hypot(p.x - q.x, p.y - q.y) > 25);  // pills of 20 px do not cover each other
      }
    }
  }
}

TEST_CASE("edges lead where the generators do") {
  const auto graph = explicit_for_figure(graphs::parse_graph("lrx:4"));
  const auto all = read_xml(graph_figure(graph, {"", "c", ""}));
  const auto vertices = with_class(all, "vertex");
  std::map<std::pair<long, long>, std::uint32_t> place;
  for (std::uint32_t v = 0; v < vertices.size(); ++v) place[{std::lround(centre_of(vertices[v]).x * 10), std::lround(centre_of(vertices[v]).y * 10)}] = v;
  const auto vertex_at = [&](double x, double y) {
    for (long dx = -1; dx <= 1; ++dx) {
      for (long dy = -1; dy <= 1; ++dy) {
        if (const auto at = place.find({std::lround(x * 10) + dx, std::lround(y * 10) + dy}); at != place.end()) return at->second;
      }
    }
    throw std::runtime_error("an edge that ends at no vertex");
  };
  for (const auto& e : with_class(all, "edge")) {
    std::string path = e.attributes.at("d");
    for (auto& c : path) c = c == 'M' || c == 'L' || c == 'Q' ? ' ' : c;
    std::istringstream numbers(path);
    std::vector<double> n(std::istream_iterator<double>(numbers), {});
    REQUIRE(n.size() >= 4);
    const auto v = vertex_at(n[0], n[1]), w = vertex_at(n[n.size() - 2], n.back());
    const std::size_t generator = e.attributes.at("stroke") == palette[0] ? 0 : 2;  // L, and X; R is drawn by L
    CHECK(graph.targets[v * 3 + generator] == w);
  }
}

TEST_CASE("a Schreier graph with loops and edges side by side") {
  // 0 1 2 3 as positions of one marked point: a moves it 0 -> 1 -> 0, b likewise and 2 <-> 3, c 1 -> 2.
  const auto definition = graphs::make_graph("marked", [] {
    graphs::permutation_set set;
    set.add("a", groups::parse_permutation("[1,0,2,3]"));
    set.add("b", groups::parse_permutation("[1,0,3,2]"));
    set.add("c", groups::parse_permutation("[0,2,1,3]"));
    set.add("d", groups::parse_permutation("[1,2,0,3]"));
    return set;
  }(), {1, 0, 0, 0});
  const auto all = check_figure(graph_figure(definition, {"", "c", ""}), "c");
  CHECK(with_class(all, "vertex").size() == 4);
  // a: 1 edge, 2 loops; b: 2 edges; c: 1 edge, 2 loops; d, of order 3: 3 arcs, 1 loop.
  CHECK(with_class(all, "loop").size() == 5);
  const auto edges = with_class(all, "edge");
  CHECK(edges.size() == 7);
  std::set<std::string> paths;
  for (const auto& e : edges) CHECK(paths.insert(e.attributes.at("d")).second);  // none hides another one
}

TEST_CASE("graphs that are too large are refused, and a single vertex is drawn") {
  CHECK_THROWS_AS(graph_figure(graphs::parse_graph("lrx:6"), {}), domain_error);
  CHECK_THROWS_AS(graph_figure(explicit_for_figure(graphs::parse_graph("lrx:4")), {}, {.max_vertices = 23}), domain_error);
  graphs::permutation_set set;
  set.add("e", groups::parse_permutation("[0]"));
  const auto all = check_figure(graph_figure(graphs::make_graph("trivial", set), {"", "c", ""}), "c");
  CHECK(with_class(all, "vertex").size() == 1);
  CHECK(with_class(all, "loop").size() == 1);
}

TEST_CASE("layouts keep neighbours on a circle apart, and count crossings right") {
  const auto graph = explicit_for_figure(graphs::parse_graph("lrx:4"));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
    for (std::size_t g = 0; g < 3; ++g) edges.emplace_back(v, graph.targets[v * 3 + g]);
  }
  const auto layout = lay_out(graph.distance, edges, 300, 100);
  CHECK(layout.radii.back() == Approx(300));
  // The truncated octahedron: squares L^4, hexagons (L X)^3. It is planar, and is found with no crossings or few.
  CHECK(layout.crossings <= 4);
  std::set<std::pair<std::uint32_t, std::uint32_t>> once;
  for (const auto& [a, b] : edges) once.insert(std::minmax(a, b));
  std::size_t crossings = 0;
  const auto turn = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const auto &p = layout.places[a], &q = layout.places[b], &r = layout.places[c];
    return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x) > 0;
  };
  for (const auto& [a, b] : once) {
    for (const auto& [c, d] : once) {
      if (std::pair(a, b) < std::pair(c, d) && a != c && a != d && b != c && b != d) crossings += turn(a, b, c) != turn(a, b, d) && turn(c, d, a) != turn(c, d, b);
    }
  }
  CHECK(crossings == layout.crossings);
  for (std::size_t v = 0; v < layout.places.size(); ++v) {
    for (std::size_t w = 0; w < v; ++w) CHECK(std::hypot(layout.places[v].x - layout.places[w].x, layout.places[v].y - layout.places[w].y) > 0.9 * layout.unit);
  }
}

}  // namespace
}  // namespace figures_test
}  // namespace cosetta::figures
