#include <graphs/explicit_graph.hpp>
#include <graphs/implicit_graph.hpp>
#include <kernels/error.hpp>

#include <array>
#include <ostream>
#include <unordered_map>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphml.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::graphs {

namespace {

constexpr std::array<std::pair<std::string_view, export_format>, 5> format_names{{{"dot", export_format::dot},
                                                                                  {"graphml", export_format::graphml},
                                                                                  {"csv", export_format::csv},
                                                                                  {"json", export_format::json},
                                                                                  {"graph6", export_format::graph6}}};

struct edge {
  std::uint32_t source;
  std::uint32_t target;
  std::size_t generator;
};

/// For each generator the one whose arcs are the reverses of its own, itself for an involution: the k-th copy of an
/// element goes with the k-th copy of its inverse. Nothing for a copy too many.
std::vector<std::optional<std::size_t>> reverse_generators(const graph_definition& definition) {
  return std::visit(
      [](const auto& set) {
        using element = std::decay_t<decltype(set[0])>;
        std::unordered_map<element, std::vector<std::size_t>> copies;
        for (std::size_t i = 0; i < set.size(); ++i) copies[set[i]].push_back(i);
        std::vector<std::optional<std::size_t>> out(set.size());
        for (const auto& [e, same] : copies) {
          const auto reverse = copies.find(e.inverse());
          for (std::size_t k = 0; reverse != copies.end() && k < std::min(same.size(), reverse->second.size()); ++k) {
            out[same[k]] = reverse->second[k];
          }
        }
        return out;
      },
      definition.generators());
}

/// One edge for each arc, or, in an inverse-closed graph, for each pair of an arc and its reverse.
std::vector<edge> drawn_edges(const explicit_graph& g) {
  const auto reverse = reverse_generators(g.definition);
  const std::size_t d = g.definition.generator_count();
  const bool undirected = g.definition.is_inverse_closed();
  std::vector<edge> out;
  for (std::uint32_t v = 0; v < g.vertices.size(); ++v) {
    for (std::size_t i = 0; i < d; ++i) {
      const std::uint32_t w = g.targets[v * d + i];
      if (!undirected || !reverse[i] || i < *reverse[i] || (i == *reverse[i] && v <= w)) out.push_back({v, w, i});
    }
  }
  return out;
}

std::string dot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

void write_dot(std::ostream& out, const explicit_graph& g, groups::point first_point) {
  const bool undirected = g.definition.is_inverse_closed();
  constexpr std::array colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933"};
  out << (undirected ? "graph" : "digraph") << ' ' << dot_string(g.definition.spec()) << " {\n";
  for (std::size_t v = 0; v < g.vertices.size(); ++v) {
    out << "  " << v << " [label=\"" << to_string(g.definition, g.vertices[v], first_point)
        << "\", distance=" << g.distance[v] << "];\n";
  }
  for (const auto& e : drawn_edges(g)) {
    out << "  " << e.source << (undirected ? " -- " : " -> ") << e.target
        << " [generator=" << dot_string(g.definition.names()[e.generator]) << ", color=\""
        << colours[e.generator % colours.size()] << "\"];\n";
  }
  out << "}\n";
}

template <class Directed>
void write_graphml_as(std::ostream& out, const explicit_graph& g, groups::point first_point) {
  struct vertex_data {
    std::string state;
    std::uint32_t distance = 0;
  };
  struct edge_data {
    std::string generator;
  };
  using stored = boost::adjacency_list<boost::vecS, boost::vecS, Directed, vertex_data, edge_data>;
  stored graph(g.vertices.size());
  for (std::size_t v = 0; v < g.vertices.size(); ++v) {
    graph[v] = {to_string(g.definition, g.vertices[v], first_point), g.distance[v]};
  }
  for (const auto& e : drawn_edges(g))
    add_edge(e.source, e.target, edge_data{g.definition.names()[e.generator]}, graph);
  boost::dynamic_properties properties;
  properties.property("state", get(&vertex_data::state, graph));
  properties.property("distance", get(&vertex_data::distance, graph));
  properties.property("generator", get(&edge_data::generator, graph));
  boost::write_graphml(out, graph, properties, true);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

void write_csv(std::ostream& out, const explicit_graph& g) {
  const std::size_t d = g.definition.generator_count();
  out << "source,target,generator\n";
  for (std::size_t v = 0; v < g.vertices.size(); ++v) {
    for (std::size_t i = 0; i < d; ++i) {
      const auto& name = g.definition.names()[i];
      out << v << ',' << g.targets[v * d + i] << ',' << csv_field(name) << '\n';
    }
  }
}

void write_json(std::ostream& out, const explicit_graph& g) {
  const std::size_t d = g.definition.generator_count();
  nlohmann::ordered_json document = {{"schema", "cosetta.graph_export/1"},
                                     {"spec", g.definition.spec()},
                                     {"directed", !g.definition.is_inverse_closed()},
                                     {"generators", g.definition.names()}};
  if (g.definition.matrices() != nullptr) {
    document["modulus"] = g.definition.modulus();
    document["columns"] = g.definition.columns();
  }
  auto& vertices = document["vertices"] = nlohmann::ordered_json::array();
  const bool integers = g.definition.matrices() != nullptr && g.definition.modulus() == 0;
  for (const auto& v : g.vertices) {
    integers ? vertices.push_back(std::vector<std::int64_t>(v.begin(), v.end())) : vertices.push_back(v);
  }
  document["distance"] = g.distance;
  auto& edges = document["edges"] = nlohmann::ordered_json::array();
  for (std::size_t v = 0; v < g.vertices.size(); ++v) {
    for (std::size_t i = 0; i < d; ++i) edges.push_back({v, g.targets[v * d + i], i});
  }
  out << document.dump() << '\n';
}

/// B. D. McKay's graph6: the upper triangle of the adjacency matrix by columns, six bits a printable character.
void write_graph6(std::ostream& out, const explicit_graph& g) {
  const std::size_t n = g.vertices.size();
  if (!g.definition.is_inverse_closed()) {
    throw domain_error(g.definition.spec() + ": graph6 holds undirected graphs only: add --inverse-closed or use csv");
  }
  constexpr std::size_t most = 20'000;
  if (n > most)
    throw domain_error(
        fmt::format("{}: {} vertices are too many for graph6, at most {}", g.definition.spec(), n, most));
  std::string text;
  if (n <= 62) {
    text += static_cast<char>(n + 63);
  } else {
    text += '~';
    for (const int shift : {12, 6, 0}) text += static_cast<char>((n >> shift & 63) + 63);
  }
  std::vector<bool> bits(n * (n - 1) / 2);
  for (const auto& e : drawn_edges(g)) {
    const std::size_t low = std::min(e.source, e.target);
    const std::size_t high = std::max(e.source, e.target);
    if (low != high) bits[high * (high - 1) / 2 + low] = true;
  }
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    unsigned six = 0;
    for (std::size_t j = 0; j < 6; ++j) six = six << 1 | static_cast<unsigned>(i + j < bits.size() && bits[i + j]);
    text += static_cast<char>(six + 63);
  }
  out << text << '\n';
}

}  // namespace

explicit_graph make_explicit(const graph_definition& graph, std::size_t max_vertices, const std::function<void()>& checkpoint) {
  explicit_graph out{graph, {graph.central()}, {0}, {}};
  std::unordered_map<state, std::uint32_t, state_hash> index{{graph.central(), 0}};
  for (std::size_t v = 0; v < out.vertices.size(); ++v) {
    if (checkpoint && v % 1024 == 0) checkpoint();
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      state image = graph.apply(g, out.vertices[v]);
      const auto [found, fresh] = index.emplace(std::move(image), static_cast<std::uint32_t>(out.vertices.size()));
      if (fresh) {
        if (out.vertices.size() == max_vertices) {
          throw resource_error(fmt::format("{}: more than {} vertices; raise --limit, or use growth, which stores none",
                                           graph.spec(), max_vertices));
        }
        out.vertices.push_back(found->first);
        out.distance.push_back(out.distance[v] + 1);
      }
      out.targets.push_back(found->second);
    }
  }
  return out;
}

std::optional<export_format> export_format_from(std::string_view name) noexcept {
  for (const auto& [known, format] : format_names) {
    if (known == name) return format;
  }
  return std::nullopt;
}

void write_graph(std::ostream& out, const explicit_graph& graph, export_format format, groups::point first_point) {
  switch (format) {
    case export_format::dot:
      return write_dot(out, graph, first_point);
    case export_format::graphml:
      return graph.definition.is_inverse_closed() ? write_graphml_as<boost::undirectedS>(out, graph, first_point)
                                                  : write_graphml_as<boost::directedS>(out, graph, first_point);
    case export_format::csv:
      return write_csv(out, graph);
    case export_format::json:
      return write_json(out, graph);
    case export_format::graph6:
      return write_graph6(out, graph);
  }
}

}  // namespace cosetta::graphs
