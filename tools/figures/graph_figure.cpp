#include <kernels/error.hpp>
#include <tools/figures/graph_layout.hpp>
#include <tools/figures/svg.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::figures {

namespace {

constexpr double outer_radius = 330, graph_margin = 34, greatest_unit = 110;
constexpr std::string_view far_fill = "#F0E442";

struct drawn_generator {
  std::size_t index;
  std::string name;  // with what else is drawn by its edges
  bool arrows;
};

/// One of each pair of inverses; of equal involutions the first.
std::vector<drawn_generator> generators_of(const graphs::graph_definition& graph) {
  const auto& names = graph.names();
  const auto inverses = std::visit([](const auto& set) { return set.inverse_indices(); }, graph.generators());
  std::vector<drawn_generator> out;
  for (std::size_t g = 0; g < names.size(); ++g) {
    const auto h = inverses[g];
    if (h && *h < g) continue;
    std::string name = names[g];
    for (std::size_t other = g + 1; other < names.size(); ++other) {
      if (inverses[other] == g) name += fmt::format("{}{}", h == g ? " = " : ", inverse ", names[other]);
    }
    out.push_back({g, std::move(name), h != g});
  }
  return out;
}

struct edge {
  std::uint32_t from, to;
  std::size_t drawn;  // index of its generator among those drawn
  bool forward = false, backward = false;
  double bend = 0;  // of the middle, to the left, in px
};

std::vector<edge> edges_of(const graphs::explicit_graph& graph, const std::vector<drawn_generator>& drawn) {
  const std::size_t count = graph.definition.generator_count();
  std::vector<edge> out;
  for (std::size_t d = 0; d < drawn.size(); ++d) {
    for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
      const auto w = graph.targets[v * count + drawn[d].index];
      const bool both = graph.targets[w * count + drawn[d].index] == v;
      if (both && w < v) continue;  // drawn from the other end
      out.push_back({v, w, d, drawn[d].arrows, drawn[d].arrows && both && v != w});
    }
  }
  return out;
}

/// Parallel edges side by side; what would go over a vertex in between, around it.
void bend_edges(std::vector<edge>& edges, const circle_layout& layout, double clearance) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<edge*>> between;
  for (auto& e : edges) {
    if (e.from != e.to) between[std::minmax(e.from, e.to)].push_back(&e);
  }
  for (auto& [ends, parallel] : between) {
    const auto &a = layout.places[ends.first], &b = layout.places[ends.second];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const auto is_free = [&](double bend) {
      for (std::uint32_t v = 0; v < layout.places.size(); ++v) {
        if (v == ends.first || v == ends.second) continue;
        for (int i = 1; i < 16; ++i) {
          const double t = i / 16.0, off = 4 * t * (1 - t) * bend;
          const double x = a.x + t * (b.x - a.x) - off * (b.y - a.y) / length, y = a.y + t * (b.y - a.y) + off * (b.x - a.x) / length;
          if (std::hypot(layout.places[v].x - x, layout.places[v].y - y) < clearance) return false;
        }
      }
      return true;
    };
    double middle = 0;
    const double inwards = a.x * b.y - a.y * b.x > 0 ? 1 : -1;  // the centre is on this side
    for (const double share : {0.0, 0.08, -0.08, 0.16, -0.16, 0.25}) {
      if (is_free(inwards * share * length)) {
        middle = inwards * share * length;
        break;
      }
    }
    const double apart = std::min(16.0, length * 0.22);
    for (std::size_t i = 0; i < parallel.size(); ++i) {
      const double bend = middle + (static_cast<double>(i) - static_cast<double>(parallel.size() - 1) / 2) * apart;
      parallel[i]->bend = parallel[i]->from == ends.first ? bend : -bend;
    }
  }
}

stroke generator_look(std::size_t drawn, double width) { return {palette[drawn % palette.size()], width, dash_patterns[drawn / palette.size() % dash_patterns.size()]}; }

std::string arrow_head(double x, double y, double dx, double dy, double size, std::string_view colour) {
  const double length = std::hypot(dx, dy);
  dx /= length, dy /= length;
  const auto corner = [&](double along, double across) { return number(x + size * (along * dx - across * dy)) + "," + number(y + size * (along * dy + across * dx)); };
  return fmt::format("<polygon class=\"arrow\" points=\"{} {} {}\" fill=\"{}\"/>\n", corner(1, 0), corner(-0.8, 0.75), corner(-0.8, -0.75), colour);
}

struct canvas {
  const graphs::explicit_graph& graph;
  const circle_layout& layout;
  double cx, cy;
  double dot;                        // radius of a vertex
  std::vector<std::string> labels;   // empty: dots

  point at(std::uint32_t v) const { return {cx + layout.places[v].x, cy + layout.places[v].y}; }
};

std::string edge_markup(const canvas& c, const edge& e) {
  const auto a = c.at(e.from), b = c.at(e.to);
  const double width = c.layout.unit > 24 ? 1.8 : 1.1, head = std::clamp(c.layout.unit * 0.14, 3.0, 6.0);
  const auto s = generator_look(e.drawn, width);
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  const double nx = -(b.y - a.y) / length, ny = (b.x - a.x) / length;
  const point control{(a.x + b.x) / 2 + 2 * e.bend * nx, (a.y + b.y) / 2 + 2 * e.bend * ny};
  std::string out;
  const auto dashes = s.dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", s.dashes);
  if (e.bend == 0) {
    out = fmt::format("<path class=\"edge\" d=\"M{} {}L{} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", number(a.x), number(a.y), number(b.x), number(b.y), s.colour, number(width), dashes);
  } else {
    out = fmt::format("<path class=\"edge\" d=\"M{} {}Q{} {} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", number(a.x), number(a.y), number(control.x), number(control.y), number(b.x), number(b.y),
                      s.colour, number(width), dashes);
  }
  const auto head_at = [&](double t, double sign) {
    const double u = 1 - t;
    const double x = u * u * a.x + 2 * u * t * control.x + t * t * b.x, y = u * u * a.y + 2 * u * t * control.y + t * t * b.y;
    const double dx = 2 * u * (control.x - a.x) + 2 * t * (b.x - control.x), dy = 2 * u * (control.y - a.y) + 2 * t * (b.y - control.y);
    out += arrow_head(x, y, sign * dx, sign * dy, head, s.colour);
  };
  if (e.forward) head_at(e.backward ? 0.66 : 0.6, 1);
  if (e.backward) head_at(0.34, -1);
  return out;
}

/// Where loops have most room among the edges at their vertex; away from the centre where that is equal.
double loop_direction(const canvas& c, const std::vector<edge>& edges, std::uint32_t v) {
  constexpr int steps = 24;
  const auto p = c.at(v);
  const double outwards = v == 0 ? -std::numbers::pi / 2 : std::atan2(p.y - c.cy, p.x - c.cx);
  double best = -1, out = outwards;
  for (int i = 0; i < steps; ++i) {
    const double angle = outwards + 2 * std::numbers::pi * i / steps;
    double room = std::numbers::pi;
    for (const auto& e : edges) {
      if (e.from == e.to || (e.from != v && e.to != v)) continue;
      const auto q = c.at(e.from == v ? e.to : e.from);
      room = std::min(room, std::abs(std::remainder(std::atan2(q.y - p.y, q.x - p.x) - angle, 2 * std::numbers::pi)));
    }
    room += 0.2 * std::cos(angle - outwards);
    if (room > best + 1e-9) best = room, out = angle;
  }
  return out;
}

/// A drop in the direction `middle`, the i-th of `count` at its vertex.
std::string loop_markup(const canvas& c, const edge& e, double middle, std::size_t i, std::size_t count) {
  const auto p = c.at(e.from);
  const auto s = generator_look(e.drawn, c.layout.unit > 24 ? 1.8 : 1.1);
  const double fan = std::min(0.7, 2.4 / static_cast<double>(count));
  const double angle = middle + (static_cast<double>(i) - static_cast<double>(count - 1) / 2) * fan, open = std::min(0.55, fan * 0.48);
  const double size = std::clamp(c.layout.unit * 0.75, 9.0, 42.0) + (c.labels.empty() ? c.dot : 18);  // seen beyond the vertex
  const point u{p.x + size * std::cos(angle - open), p.y + size * std::sin(angle - open)}, v{p.x + size * std::cos(angle + open), p.y + size * std::sin(angle + open)};
  auto out = fmt::format("<path class=\"loop\" d=\"M{} {}C{} {} {} {} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", number(p.x), number(p.y), number(u.x), number(u.y), number(v.x),
                         number(v.y), number(p.x), number(p.y), s.colour, number(s.width), s.dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", s.dashes));
  if (e.forward) {  // where the drop is farthest out: three quarters of the way to its control points
    out += arrow_head(p.x + 0.75 * size * std::cos(angle) * std::cos(open), p.y + 0.75 * size * std::sin(angle) * std::cos(open), -std::sin(angle), std::cos(angle), std::clamp(c.layout.unit * 0.12, 3.0, 5.0), s.colour);
  }
  return out;
}

/// The distances beside their circles, where nothing else is: nearest to the upper right.
std::string sphere_labels(const canvas& c, const std::vector<edge>& edges) {
  constexpr int steps = 72;
  constexpr double clear = 13;
  std::string out;
  for (std::size_t circle = 1; circle < c.layout.radii.size(); ++circle) {
    const double r = c.layout.radii[circle];
    double best = -1, x = 0, y = 0;
    for (int i = 0; i < steps && best < clear; ++i) {
      const double angle = -std::numbers::pi / 4 + (i % 2 == 0 ? 1 : -1) * ((i + 1) / 2) * 2 * std::numbers::pi / steps;
      const point p{r * std::cos(angle), r * std::sin(angle)};
      double room = 1e9;
      for (const auto& v : c.layout.places) room = std::min(room, std::hypot(v.x - p.x, v.y - p.y) - (c.labels.empty() ? c.dot : 16));
      for (const auto& e : edges) {
        if (e.from != e.to) room = std::min(room, segment_distance(p, c.layout.places[e.from], c.layout.places[e.to]) - std::abs(e.bend) / 2);
      }
      if (room > best) best = room, x = p.x, y = p.y;
    }
    if (best >= clear / 2) out += words(c.cx + x, c.cy + y + 4.5, std::to_string(circle), {.size = small_size, .anchor = "middle", .fill = faint_ink, .klass = "distance", .halo = true});
  }
  return out;
}

std::string vertex_markup(const canvas& c, std::uint32_t v, bool far, groups::point first_point) {
  const auto p = c.at(v);
  const auto says = fmt::format("{}, distance {}", to_string(c.graph.definition, c.graph.vertices[v], first_point), c.graph.distance[v]);
  const auto fill = v == 0 ? ink : far ? far_fill : "#ffffff";
  const double rim = far ? 2.4 : 1.2;
  if (c.labels.empty()) {
    return fmt::format("<circle class=\"vertex\" cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"><title>{}</title></circle>\n", number(p.x), number(p.y), number(far ? c.dot * 1.25 : c.dot), fill, ink,
                       number(rim), escape(says));
  }
  const double w = text_width(c.labels[v], small_size) + 4;
  return fmt::format("<rect class=\"vertex\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"20\" rx=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"><title>{}</title></rect>\n", number(p.x - w / 2), number(p.y - 10), number(w),
                     far ? 3 : 10, fill, ink, number(rim), escape(says)) +
         words(p.x, p.y + 4.5, escape(c.labels[v]), {.size = small_size, .anchor = "middle", .fill = v == 0 ? std::string_view("#ffffff") : ink});
}

/// "1023", or "10 2 3" where a label has two digits.
std::vector<std::string> labels_of(const graphs::explicit_graph& graph, groups::point first_point) {
  if (graph.definition.permutations() == nullptr) {
    std::vector<std::string> out;
    for (const auto& s : graph.vertices) out.push_back(to_string(graph.definition, s, first_point));
    return out;
  }
  std::vector<std::string> out;
  for (const auto& s : graph.vertices) {
    const auto text = to_string(graph.definition, s, first_point);  // [1,0,2,3]
    std::string label, number_text;
    bool wide = false;
    for (std::size_t i = 0, digits = 0; i < text.size(); ++i) {
      digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
      wide = wide || digits > 1;
    }
    for (const char c : text) {
      if (c >= '0' && c <= '9') label += c;
      else if (c == ',' && wide) label += ' ';
    }
    out.push_back(std::move(label));
  }
  return out;
}

/// Whether none of them, in boxes 20 px high, comes near another one. Neighbours are `unit` apart, but hardly all of them side by side.
bool have_room(const std::vector<std::string>& labels, const circle_layout& layout) {
  constexpr double widest = 1.5, gap = 1, height = 20;  // the first: of a unit, so that edges are seen between them
  std::vector<double> widths;
  for (const auto& l : labels) widths.push_back(text_width(l, small_size) + 4);
  if (widths.empty() || std::ranges::max(widths) + gap > widest * layout.unit) return false;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto &p = layout.places[i], &q = layout.places[j];
      if (std::abs(p.x - q.x) < (widths[i] + widths[j]) / 2 + gap && std::abs(p.y - q.y) < height + gap) return false;
    }
  }
  return true;
}

std::vector<legend_entry> graph_legend(const graphs::explicit_graph& graph, const std::vector<drawn_generator>& drawn, std::size_t far) {
  std::vector<legend_entry> out;
  for (std::size_t d = 0; d < drawn.size(); ++d) {
    const auto s = generator_look(d, 2);
    out.push_back({line(-18, 0, 18, 0, s) + (drawn[d].arrows ? arrow_head(4, 0, 1, 0, 6, s.colour) : ""), drawn[d].name});
  }
  out.push_back({fmt::format("<circle r=\"7\" fill=\"{}\"/>", ink), "central state"});
  if (graph.vertices.size() > 1) {
    out.push_back({fmt::format("<circle r=\"7\" fill=\"{}\" stroke=\"{}\" stroke-width=\"2.4\"/>", far_fill, ink), fmt::format("farthest: {} at distance {}", far, graph.distance.back())});
  }
  return out;
}

}  // namespace

std::string graph_figure(const graphs::explicit_graph& graph, const caption& text, const graph_style& style) {
  if (graph.vertices.size() > style.max_vertices) {
    throw domain_error(fmt::format("{}: {} vertices are too many for a picture that one can read (at most {}): take a smaller graph, or a coset graph (--central)", graph.definition.spec(),
                                   graph.vertices.size(), style.max_vertices));
  }
  const auto drawn = generators_of(graph.definition);
  auto edges = edges_of(graph, drawn);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& e : edges) {
    if (e.from != e.to) pairs.emplace_back(e.from, e.to);
  }
  const auto layout = lay_out(graph.distance, pairs, outer_radius, greatest_unit);
  const double extent = std::max(layout.radii.back(), greatest_unit / 2);
  const auto last = graph.distance.back();
  std::vector<std::size_t> spheres(last + 1);
  for (const auto d : graph.distance) ++spheres[d];

  picture out(text, fmt::format("{}: {} on spheres around the {}", graph.definition.spec(), graph.vertices.size() == 1 ? "1 vertex" : fmt::format("{} vertices", graph.vertices.size()), graph.definition.is_cayley() ? "identity" : "central state"));
  out.description = fmt::format("{} graph with {} vertices; spheres {}.", graph.definition.is_cayley() ? "Cayley" : "Schreier", graph.vertices.size(), fmt::join(spheres, " "));
  out.body += legend(graph_legend(graph, drawn, spheres.back()), out.y);
  canvas c{graph, layout, figure_width / 2, out.y + graph_margin + extent, std::clamp(layout.unit * 0.2, 2.5, 9.0), {}};
  if (style.labels) {
    auto labels = labels_of(graph, style.first_point);
    if (have_room(labels, layout)) c.labels = std::move(labels);
  }
  bend_edges(edges, layout, c.labels.empty() ? c.dot + 3 : 16);
  for (std::size_t i = 1; i < layout.radii.size(); ++i) {
    out.body += fmt::format("<circle class=\"sphere\" cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"none\" stroke=\"#e4e4e4\"/>\n", number(c.cx), number(c.cy), number(layout.radii[i]));
  }
  std::vector<std::size_t> loops(graph.vertices.size()), loops_drawn(graph.vertices.size());
  for (const auto& e : edges) loops[e.from] += e.from == e.to;
  for (const auto& e : edges) out.body += e.from == e.to ? loop_markup(c, e, loop_direction(c, edges, e.from), loops_drawn[e.from]++, loops[e.from]) : edge_markup(c, e);
  out.body += sphere_labels(c, edges);
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) out.body += vertex_markup(c, v, last > 0 && graph.distance[v] == last, style.first_point);
  out.y = c.cy + extent + graph_margin;
  return out.finish();
}

std::string graph_figure(const graphs::graph_definition& graph, const caption& text, const graph_style& style) {
  return graph_figure(explicit_for_figure(graph, style.max_vertices), text, style);
}

graphs::explicit_graph explicit_for_figure(const graphs::graph_definition& graph, std::size_t max_vertices) {
  try {
    return graphs::make_explicit(graph, max_vertices);
  } catch (const resource_error&) {
    throw domain_error(fmt::format("{}: more than {} vertices are too many for a picture that one can read: take a smaller graph, or a coset graph (--central)", graph.spec(), max_vertices));
  }
}

}  // namespace cosetta::figures
