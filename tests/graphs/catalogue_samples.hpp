// What the tests of the catalogue share: arrays by hand, spheres by the plainest search.
#pragma once

#include <graphs/parse_graph.hpp>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace cosetta::tests {

using graphs::graph_definition;
using graphs::state;
using groups::point;
using image_array = std::vector<point>;
using names = std::vector<std::string>;
using counts = std::vector<std::size_t>;

inline std::vector<image_array> arrays(const graph_definition& graph) {
  REQUIRE(graph.permutations() != nullptr);
  std::vector<image_array> out;
  for (const auto& p : graph.permutations()->elements()) out.push_back(p.images());
  return out;
}

inline image_array array_of(const graph_definition& graph, const std::string& name) {
  const auto index = graph.permutations()->find(name);
  INFO(graph.spec() << " generator " << name);
  REQUIRE(index);
  return (*graph.permutations())[*index].images();
}

inline image_array inverse_of(const image_array& p) {
  image_array out(p.size());
  for (point i = 0; i < p.size(); ++i) out[p[i]] = i;
  return out;
}

/// p[c0] = c1, p[c1] = c2, ...
inline image_array cycles(std::size_t n, const std::vector<image_array>& disjoint) {
  image_array p(n);
  std::iota(p.begin(), p.end(), point{0});
  for (const auto& c : disjoint) {
    for (std::size_t j = 0; j < c.size(); ++j) p[c[j]] = c[(j + 1) % c.size()];
  }
  return p;
}

inline bool closed_under_inverses(const graph_definition& graph) {
  const auto all = arrays(graph);
  const std::set<image_array> set(all.begin(), all.end());
  return std::all_of(all.begin(), all.end(), [&](const auto& p) { return set.count(inverse_of(p)) == 1; });
}

inline std::size_t binomial(std::size_t n, std::size_t k) {
  if (k > n) return 0;
  std::size_t value = 1;
  for (std::size_t i = 0; i < k; ++i) value = value * (n - i) / (i + 1);
  return value;
}

inline std::size_t factorial(std::size_t n) {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/// Sizes of the spheres, by the plainest search there is; stops after the sphere that passes `most` vertices.
inline counts spheres(const graph_definition& graph, std::size_t most = 1'000'000) {
  std::set<state> seen{graph.central()};
  std::vector<state> current{graph.central()};
  counts sizes;
  while (!current.empty()) {
    sizes.push_back(current.size());
    if (seen.size() > most) break;
    std::vector<state> next;
    for (const auto& s : current) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        state image = graph.apply(g, s);
        if (seen.insert(image).second) next.push_back(std::move(image));
      }
    }
    current = std::move(next);
  }
  return sizes;
}

inline counts first_spheres(const std::string& spec, std::size_t count, std::size_t most) {
  counts sizes = spheres(graphs::parse_graph(spec), most);
  REQUIRE(sizes.size() >= count);
  sizes.resize(count);
  return sizes;
}

inline std::string with(const std::string& family, std::size_t n) {
  return family + ":" + std::to_string(n);
}
inline std::string with(const std::string& family, std::size_t n, std::size_t k) {
  return with(family, n) + "," + std::to_string(k);
}

inline void check_has(const std::string& message, const std::string& part) {
  INFO("message: " << message << "\nexpected part: " << part);
  CHECK(message.find(part) != std::string::npos);
}

}  // namespace cosetta::tests
