#include <kernels/error.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/figures/figures.hpp>
#include <tools/python/bindings.hpp>

#include <fmt/format.h>

namespace cosetta::python {

namespace {

figures::axis_scale scale_from(bool logarithmic) { return logarithmic ? figures::axis_scale::logarithmic : figures::axis_scale::linear; }

/// "reflected Gumbel" as the command line has it: "reflected_gumbel".
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == ' ' || c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::vector<conjecture::shape_kind> shapes_from(const std::vector<std::string>& names) {
  using enum conjecture::shape_kind;
  std::vector<conjecture::shape_kind> out;
  for (const auto& name : names) {
    bool known = false;
    for (const auto kind : {gaussian, gumbel, reflected_gumbel, skew_normal}) {
      if (plain(name) == plain(conjecture::to_string(kind))) out.push_back(kind), known = true;
    }
    if (!known) {
      throw parse_error(fmt::format("unknown shape '{}'; there are {}, {}, {}, {}", name, conjecture::to_string(gaussian), conjecture::to_string(gumbel),
                                    conjecture::to_string(reflected_gumbel), conjecture::to_string(skew_normal)));
    }
  }
  return out;
}

using curve = std::tuple<std::string, std::vector<py::int_>, bool>;  // name, layers, complete

std::string growth(const std::vector<curve>& given, bool logarithmic, const std::vector<std::string>& shapes, const std::string& title, const std::string& command) {
  const figures::growth_style style{scale_from(logarithmic), shapes_from(shapes)};
  std::vector<figures::growth_curve> curves;
  for (const auto& [name, layers, complete] : given) {
    auto& made = curves.emplace_back(figures::growth_curve{name, {}, complete});
    for (const auto& n : layers) made.layers.push_back(integer_from(n));
  }
  const figures::caption text{title, command, {}};
  return without_lock([&] { return curves.size() == 1 ? figures::growth_figure(curves.front(), text, style) : figures::limit_shape_figure(curves, text, style); });
}

std::string graph(const graphs::graph_definition& g, std::size_t max_vertices, bool labels, const std::string& title, const std::string& command) {
  const figures::caption text{title, command, {}};
  figures::graph_style style;
  style.max_vertices = max_vertices, style.labels = labels;
  if (max_vertices < 1 || max_vertices > figures::most_drawn_vertices) throw parse_error(fmt::format("max_vertices {}: expected 1 to {}", max_vertices, figures::most_drawn_vertices));
  return without_lock([&] { return figures::graph_figure(g, text, style); });
}

std::string diameters(const std::vector<std::tuple<long, py::int_, bool>>& rows, const std::string& parameter, const std::string& measure, bool fitted, std::size_t period, bool logarithmic,
                      const std::string& title, const std::string& command) {
  figures::diameter_table table;
  table.parameter = parameter, table.measure = measure, table.period = period;
  for (const auto& [n, value, exact] : rows) table.rows.push_back({n, integer_from(value), exact});
  const figures::caption text{title, command, {}};
  constexpr std::size_t most_period = 60;
  if (period > most_period) throw parse_error(fmt::format("period {}: at most {}", period, most_period));
  search::run_context context;
  long_work work(context);
  conjecture::fit_options options;
  options.checkpoint = [&] { context.check(); };
  return work.run([&] {
    if (fitted) {
      auto report = conjecture::find_formulas(table.rows, options);
      if (!report.formulas.empty()) table.formula = std::move(report.formulas.front());
    }
    return figures::diameters_figure(table, text, scale_from(logarithmic));
  });
}

}  // namespace

void add_figures(py::module_& m) {
  m.def("figure_of_growth", &growth);
  m.def("figure_of_graph", &graph);
  m.def("figure_of_diameters", &diameters);
}

}  // namespace cosetta::python
