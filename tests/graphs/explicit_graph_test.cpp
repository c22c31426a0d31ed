// Written-out graphs: what make_explicit enumerates, and what each export format says of it when it is read back.
#include <graphs/explicit_graph.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace explicit_graph_test {
namespace {

using namespace cosetta::graphs;
using edge_set = std::set<std::pair<std::size_t, std::size_t>>;

explicit_graph written(const std::string& spec) {
  return make_explicit(parse_graph(spec), 10'000);
}

permutation_set generators(const std::vector<std::pair<std::string, std::vector<cosetta::groups::point>>>& named) {
  permutation_set set;
  for (const auto& [name, p] : named) set.add(name, cosetta::groups::make_permutation(p));
  return set;
}

std::string exported(const explicit_graph& g, export_format format, cosetta::groups::point first_point = 0) {
  std::ostringstream out;
  write_graph(out, g, format, first_point);
  return out.str();
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The fields of one line of CSV by RFC 4180.
std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  REQUIRE_FALSE(quoted);
  return fields;
}

/// Edges (low, high) of a line of graph6, written from its definition: N(n), then the columns of the upper triangle.
std::pair<std::size_t, edge_set> decode_graph6(const std::string& line) {
  for (const char c : line) REQUIRE((c >= 63 && c <= 126));
  std::size_t at = 0;
  std::size_t n = 0;
  if (line.at(0) == 126) {
    REQUIRE(line.at(1) != 126);
    for (at = 1; at < 4; ++at) n = n * 64 + static_cast<std::size_t>(line.at(at) - 63);
  } else {
    n = static_cast<std::size_t>(line.at(at++) - 63);
  }
  const std::size_t bits = n * (n - 1) / 2;
  REQUIRE(line.size() == at + (bits + 5) / 6);
  edge_set edges;
  std::size_t bit = 0;
  for (std::size_t high = 1; high < n; ++high) {
    for (std::size_t low = 0; low < high; ++low, ++bit) {
      const int six = line[at + bit / 6] - 63;
      if ((six >> (5 - bit % 6) & 1) != 0) edges.emplace(low, high);
    }
  }
  return {n, edges};
}

/// The simple undirected graph under the arcs, loops dropped.
edge_set simple_edges(const explicit_graph& g) {
  const std::size_t d = g.definition.generator_count();
  edge_set edges;
  for (std::size_t i = 0; i < g.targets.size(); ++i) {
    const std::size_t v = i / d;
    const std::size_t w = g.targets[i];
    if (v != w) edges.insert(std::minmax(v, w));
  }
  return edges;
}

}  // namespace

TEST_CASE("vertices come breadth first with their distances and targets", "[graphs][explicit_graph]") {
  const explicit_graph g = written("lrx:3");
  // L, R, X from 012 give 120, 201, 102; the other two are at distance 2.
  CHECK(g.vertices == std::vector<state>{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1}});
  CHECK(g.distance == std::vector<std::uint32_t>{0, 1, 1, 1, 2, 2});
  CHECK(g.targets == std::vector<std::uint32_t>{1, 2, 3, 2, 0, 4, 0, 1, 5, 5, 4, 0, 3, 5, 1, 4, 3, 2});
}

TEST_CASE("an explicit graph keeps the laws of its definition", "[graphs][explicit_graph]") {
  for (const char* spec :
       {"lrx:5", "lx:5", "heisenberg:3,modulo=3", "wrapped_k_cycles:5,3", "sl_root_weyl:2,5", "globe:1,1"}) {
    INFO(spec);
    const explicit_graph g = written(spec);
    const std::size_t d = g.definition.generator_count();
    REQUIRE(g.distance.size() == g.vertices.size());
    REQUIRE(g.targets.size() == g.vertices.size() * d);
    CHECK(g.vertices[0] == g.definition.central());
    CHECK(g.distance[0] == 0);
    CHECK(std::set(g.vertices.begin(), g.vertices.end()).size() == g.vertices.size());
    CHECK(std::is_sorted(g.distance.begin(), g.distance.end()));
    bool targets_right = true;
    bool distances_right = true;
    std::vector<std::uint32_t> least(g.vertices.size(), ~std::uint32_t{0});
    for (std::size_t v = 0; v < g.vertices.size(); ++v) {
      for (std::size_t i = 0; i < d; ++i) {
        const auto w = g.targets[v * d + i];
        targets_right = targets_right && g.vertices[w] == g.definition.apply(i, g.vertices[v]);
        least[w] = std::min(least[w], g.distance[v] + 1);
      }
    }
    for (std::size_t v = 1; v < g.vertices.size(); ++v) distances_right = distances_right && least[v] == g.distance[v];
    CHECK(targets_right);
    CHECK(distances_right);
  }
  CHECK(written("lx:5").distance.back() == 11);
  CHECK(written("lrx:5").vertices.size() == 120);
}

TEST_CASE("a graph beyond the limit is refused", "[graphs][explicit_graph]") {
  const auto graph = parse_graph("lrx:4");
  CHECK(make_explicit(graph, 24).vertices.size() == 24);
  CHECK_THROWS_AS(make_explicit(graph, 23), cosetta::resource_error);
  CHECK_THROWS_AS(make_explicit(graph, 1), cosetta::resource_error);
  CHECK_THROWS_AS(make_explicit(parse_graph("heisenberg"), 1000), cosetta::resource_error);  // infinite
  try {
    static_cast<void>(make_explicit(graph, 23));
  } catch (const cosetta::resource_error& e) {
    CHECK(std::string(e.what()).find("lrx:4") != std::string::npos);
    CHECK(std::string(e.what()).find("23") != std::string::npos);
  }
}

TEST_CASE("export formats have names", "[graphs][explicit_graph]") {
  CHECK(export_format_from("dot") == export_format::dot);
  CHECK(export_format_from("graphml") == export_format::graphml);
  CHECK(export_format_from("csv") == export_format::csv);
  CHECK(export_format_from("json") == export_format::json);
  CHECK(export_format_from("graph6") == export_format::graph6);
  CHECK_FALSE(export_format_from("DOT"));
  CHECK_FALSE(export_format_from(""));
}

TEST_CASE("DOT draws a generator and its inverse as one edge", "[graphs][explicit_graph]") {
  // LRX-4: 24 edges of L and R together, 12 of the involution X.
  const std::string undirected = exported(written("lrx:4"), export_format::dot);
  CHECK(undirected.rfind("graph \"lrx:4\" {\n", 0) == 0);
  CHECK(count_of(undirected, " -- ") == 36);
  CHECK(count_of(undirected, " -> ") == 0);
  CHECK(count_of(undirected, "generator=\"L\"") == 24);
  CHECK(count_of(undirected, "generator=\"R\"") == 0);
  CHECK(count_of(undirected, "generator=\"X\"") == 12);
  CHECK(count_of(undirected, "label=") == 24);
  CHECK(undirected.find("  0 [label=\"[0,1,2,3]\", distance=0];\n") != std::string::npos);
  CHECK(undirected.substr(undirected.size() - 2) == "}\n");
  CHECK(exported(written("lrx:4"), export_format::dot, 1).find("  0 [label=\"[1,2,3,4]\"") != std::string::npos);

  const std::string directed = exported(written("lx:4"), export_format::dot);
  CHECK(directed.rfind("digraph \"lx:4\" {\n", 0) == 0);
  CHECK(count_of(directed, " -> ") == 48);
  CHECK(count_of(directed, " -- ") == 0);
}

TEST_CASE("DOT escapes quotes and backslashes", "[graphs][explicit_graph]") {
  const auto graph = make_graph("a\"b", generators({{"q\"\\", {1, 0}}}));
  const std::string dot = exported(make_explicit(graph, 10), export_format::dot);
  CHECK(dot.find("graph \"a\\\"b\" {") == 0);
  CHECK(dot.find("generator=\"q\\\"\\\\\"") != std::string::npos);
}

TEST_CASE("an involution that occurs twice is drawn twice, not four times", "[graphs][explicit_graph]") {
  // cyclic_coxeter:2 has (0,1) and (0,1) on two vertices: two undirected edges.
  CHECK(count_of(exported(written("cyclic_coxeter:2"), export_format::dot), " -- ") == 2);
  // lsl_cycles:3: L with L_inv is 6 edges, S and S_inv are one involution: 3 edges each.
  CHECK(count_of(exported(written("lsl_cycles:3"), export_format::dot), " -- ") == 12);
  CHECK(count_of(exported(written("lsl_cycles:3"), export_format::graphml), "<edge ") == 12);
  // The identity as a generator: one loop at each vertex.
  const auto graph = make_graph("t", generators({{"e", {0, 1}}, {"x", {1, 0}}}));
  CHECK(count_of(exported(make_explicit(graph, 10), export_format::dot), " -- ") == 3);
}

TEST_CASE("a Schreier graph keeps its loops in DOT and drops them in graph6", "[graphs][explicit_graph]") {
  // 001: L moves 001 -> 010 -> 100; X = (0 1) fixes 001 and swaps the other two.
  const explicit_graph g = make_explicit(parse_graph("lrx:3").with_central({0, 0, 1}), 10);
  REQUIRE(g.vertices.size() == 3);
  CHECK(count_of(exported(g, export_format::dot), " -- ") == 3 + 2);
  CHECK(exported(g, export_format::graph6) == "Bw\n");  // the triangle
}

TEST_CASE("GraphML holds nodes, edges and escaped names", "[graphs][explicit_graph]") {
  const std::string undirected = exported(written("lrx:4"), export_format::graphml);
  CHECK(count_of(undirected, "<node ") == 24);
  CHECK(count_of(undirected, "<edge ") == 36);
  CHECK(undirected.find("edgedefault=\"undirected\"") != std::string::npos);
  CHECK(undirected.find("[0,1,2,3]") != std::string::npos);
  const std::string directed = exported(written("lx:4"), export_format::graphml);
  CHECK(count_of(directed, "<edge ") == 48);
  CHECK(directed.find("edgedefault=\"directed\"") != std::string::npos);

  const auto graph = make_graph("t", generators({{"a<b&c", {1, 0}}}));
  const std::string text = exported(make_explicit(graph, 10), export_format::graphml);
  CHECK(text.find("a&lt;b&amp;c") != std::string::npos);
  CHECK(text.find("a<b") == std::string::npos);
}

TEST_CASE("CSV lists every arc and quotes names that hold commas", "[graphs][explicit_graph]") {
  for (const char* spec : {"lrx:4", "lx:4", "coxeter:4", "top_spin:5"}) {
    INFO(spec);
    const explicit_graph g = written(spec);
    const auto lines = lines_of(exported(g, export_format::csv));
    const std::size_t d = g.definition.generator_count();
    REQUIRE(lines.size() == 1 + g.targets.size());
    CHECK(lines[0] == "source,target,generator");
    bool right = true;
    for (std::size_t i = 0; i < g.targets.size(); ++i) {
      right = right &&
              csv_fields(lines[i + 1]) == std::vector<std::string>{std::to_string(i / d), std::to_string(g.targets[i]),
                                                                   g.definition.names()[i % d]};
    }
    CHECK(right);
  }
  CHECK(lines_of(exported(written("coxeter:3"), export_format::csv))[1] == "0,1,\"(0,1)\"");
  CHECK(lines_of(exported(written("lx:3"), export_format::csv))[1] == "0,1,L");
}

TEST_CASE("CSV doubles the quotes within a name", "[graphs][explicit_graph]") {
  const auto graph = make_graph("t", generators({{"a\"b,c", {1, 0}}}));
  const auto lines = lines_of(exported(make_explicit(graph, 10), export_format::csv));
  CHECK(lines.at(1) == "0,1,\"a\"\"b,c\"");
}

TEST_CASE("JSON holds the graph whole", "[graphs][explicit_graph]") {
  const explicit_graph g = written("lx:4");
  const auto document = nlohmann::json::parse(exported(g, export_format::json));
  CHECK(document.at("schema") == "cosetta.graph_export/1");
  CHECK(document.at("spec") == "lx:4");
  CHECK(document.at("directed") == true);
  CHECK(document.at("generators") == std::vector<std::string>{"L", "X"});
  CHECK(document.at("vertices").get<std::vector<state>>() == g.vertices);
  CHECK(document.at("distance").get<std::vector<std::uint32_t>>() == g.distance);
  const auto edges = document.at("edges").get<std::vector<std::vector<std::size_t>>>();
  REQUIRE(edges.size() == g.targets.size());
  bool right = true;
  for (std::size_t i = 0; i < edges.size(); ++i)
    right = right && edges[i] == std::vector<std::size_t>{i / 2, g.targets[i], i % 2};
  CHECK(right);
  CHECK_FALSE(document.contains("modulus"));

  const auto matrices = nlohmann::json::parse(exported(written("heisenberg:3,modulo=2"), export_format::json));
  CHECK(matrices.at("directed") == false);
  CHECK(matrices.at("modulus") == 2);
  CHECK(matrices.at("columns") == 3);
  CHECK(matrices.at("vertices").size() == 8);
}

TEST_CASE("JSON writes entries over Z with their sign", "[graphs][explicit_graph]") {
  matrix_set set;
  set.add("w", cosetta::groups::make_matrix(2, 2, 0, std::vector<std::int64_t>{0, 1, -1, 0}));
  const explicit_graph g = make_explicit(make_graph("t", set), 10);
  REQUIRE(g.vertices.size() == 4);
  const auto document = nlohmann::json::parse(exported(g, export_format::json));
  CHECK(document.at("vertices").at(1).dump() == "[0,1,-1,0]");
}

TEST_CASE("graph6 decodes to the simple graph", "[graphs][explicit_graph]") {
  // 6, 24, 120 (two sizes of header), 27, 60, 1 vertices.
  for (const char* spec :
       {"lrx:3", "lrx:4", "lrx:5", "heisenberg:3,modulo=3", "three_cycles:5", "cyclic_coxeter:2", "lsl_cycles:3"}) {
    INFO(spec);
    const explicit_graph g = written(spec);
    const std::string text = exported(g, export_format::graph6);
    REQUIRE(text.back() == '\n');
    const auto [n, edges] = decode_graph6(text.substr(0, text.size() - 1));
    CHECK(n == g.vertices.size());
    CHECK(edges == simple_edges(g));
  }
  const auto point = make_explicit(make_graph("t", generators({{"e", {0, 1}}})), 10);
  CHECK(exported(point, export_format::graph6) == "@\n");
  CHECK(exported(written("coxeter:2"), export_format::graph6) == "A_\n");
  // 62 and 63 vertices: the last header of one character and the first of four.
  for (const cosetta::groups::point n : {62U, 63U}) {
    std::vector<cosetta::groups::point> left(n);
    for (cosetta::groups::point i = 0; i < n; ++i) left[i] = (i + 1) % n;
    const auto ring = make_explicit(make_graph("ring", generators({{"l", left}})).with_inverses(), 100);
    const std::string text = exported(ring, export_format::graph6);
    CHECK((text[0] == '~') == (n == 63));
    const auto [vertices, edges] = decode_graph6(text.substr(0, text.size() - 1));
    CHECK(vertices == n);
    CHECK(edges == simple_edges(ring));
    CHECK(edges.size() == n);
  }
  CHECK_THROWS_AS(exported(written("lx:4"), export_format::graph6), cosetta::domain_error);
}

}  // namespace explicit_graph_test
