// Figures for papers and reports, each one whole <svg> element as text: a file as it stands, or a part of an HTML page. No scripts, no
// references to anything outside, fonts of 12 px and more where the picture is shown 800 px wide, and the colours of Okabe and Ito
// ("Color Universal Design", 2008), which never carry meaning alone. The command that makes a picture stands at its foot and in its
// <desc>, its title in <title>; marks have a <title> with their numbers. The same input gives the same bytes.
#pragma once

#include <graphs/explicit_graph.hpp>
#include <tools/conjecture/formula.hpp>
#include <tools/conjecture/shape_fit.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gmpxx.h>

namespace cosetta::figures {

struct caption {
  std::string title;    // empty: the figure says what it shows
  std::string command;  // may be empty
  std::string id;       // letters and digits that the ids in the picture begin with; empty: from its content. A page that has the same picture twice gives them
};

enum class axis_scale { linear, logarithmic };

/// layers[k] is the number of states at distance k. Not complete: there may be more layers.
struct growth_curve {
  std::string name;
  std::vector<mpz_class> layers;
  bool complete = true;
};

growth_curve make_curve(std::string name, const std::vector<std::uint64_t>& layers, bool complete = true);

struct growth_style {
  axis_scale scale = axis_scale::linear;
  std::vector<conjecture::shape_kind> shapes{conjecture::shape_kind::gaussian, conjecture::shape_kind::reflected_gumbel};
};

/// The sphere sizes of one graph, with the shapes fitted to them (least squares, shape_fit.hpp) where the growth is complete and has four
/// layers or more. Throws domain_error for a curve with no layers, or a negative one.
std::string growth_figure(const growth_curve& curve, const caption& text, const growth_style& style = {});

inline constexpr std::size_t max_shape_curves = 30;

/// The growths of a family, each moved and scaled to mean 0 and deviation 1 and area 1, over the same shapes with mean 0 and deviation 1
/// (not the skew-normal one, which is none without a skewness). Throws domain_error for no curves, too many, an incomplete one, or one
/// whose states are all at one distance.
std::string limit_shape_figure(std::span<const growth_curve> curves, const caption& text, const growth_style& style = {});

/// A measure along a parameter. Rows that are not exact are bounds, and have open triangles: upwards where the value is at least this, downwards where at most.
struct diameter_table {
  std::string parameter = "n";
  std::string measure = "diameter";
  std::vector<conjecture::fit_row> rows;
  std::optional<conjecture::formula> formula;
  std::size_t period = 0;  // classes of the parameter with marks of their own; 0: the formula's period, or 1
};

/// The table above, the differences from the formula below; without a formula, from the parabola of least squares through the exact rows,
/// which is called that. Throws domain_error for no rows, or two with the same parameter.
std::string diameters_figure(const diameter_table& table, const caption& text, axis_scale scale = axis_scale::linear);
/// Whether that figure has the panel of differences. Throws what it throws.
bool has_differences(const diameter_table& table, axis_scale scale);

/// What the formula says for the rows' parameters from formula.from on and for all up to the last row: a quasi-polynomial everywhere, a
/// recurrence from the rows that it meets onwards, a product where it met the rows and for the next one.
std::vector<conjecture::fit_row> formula_values(const conjecture::formula& formula, const std::vector<conjecture::fit_row>& rows);

constexpr std::size_t most_drawn_vertices = 1000;  // one can read no more

struct graph_style {
  std::size_t max_vertices = 200;
  bool labels = true;              // states in the vertices, where there is room
  groups::point first_point = 0;   // of the labels
};

/// A small Cayley or Schreier graph: the vertices on circles by their distance from the central state, in an order with few crossings; a
/// colour for each generator, arrows for those that are no involutions, one of each inverse pair; the farthest states marked. Throws
/// domain_error for more than style.max_vertices vertices.
std::string graph_figure(const graphs::explicit_graph& graph, const caption& text, const graph_style& style = {});
/// The same for a graph that is not written out yet; also throws what explicit_for_figure throws.
std::string graph_figure(const graphs::graph_definition& graph, const caption& text, const graph_style& style = {});

/// All vertices of a graph that is to be drawn. Throws domain_error for more than `max_vertices`.
graphs::explicit_graph explicit_for_figure(const graphs::graph_definition& graph, std::size_t max_vertices = graph_style{}.max_vertices);

}  // namespace cosetta::figures
