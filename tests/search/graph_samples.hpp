// Random graphs for tests that compare engines, and a search that shares no code with any of them.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/matrix.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace cosetta::tests {

inline groups::permutation random_permutation(std::size_t n, std::mt19937_64& random) {
  std::vector<groups::point> images(n);
  for (std::size_t i = 0; i < n; ++i) images[i] = static_cast<groups::point>(i);
  std::shuffle(images.begin(), images.end(), random);
  return groups::permutation(images);
}

/// Two to four permutations of n points, some of them with small support, around the identity or a pattern of 2..5
/// colours, with inverses or without.
inline graphs::graph_definition random_permutation_graph(std::size_t n, std::mt19937_64& random) {
  graphs::permutation_set set;
  const std::size_t count = 1 + random() % 3;
  for (std::size_t g = 0; g < count; ++g) {
    auto p = random_permutation(n, random);
    if (random() % 2 == 0) p = groups::transposition(n, 0, static_cast<groups::point>(1 + random() % (n - 1)));
    set.add("g" + std::to_string(g), p);
  }
  graphs::state central;
  if (random() % 2 == 0) {
    const std::uint64_t colours = 2 + random() % 4;
    for (std::size_t i = 0; i < n; ++i) central.push_back(random() % colours * 7);
  }
  auto graph = graphs::make_graph("random", std::move(set), std::move(central));
  return random() % 2 == 0 ? graph.with_inverses() : graph;
}

/// One or two random invertible matrices of dimension 2 or 3, around the identity or random columns.
inline graphs::graph_definition random_matrix_graph(std::uint64_t modulus, std::mt19937_64& random) {
  const std::size_t n = 2 + random() % 2;
  graphs::matrix_set set;
  while (set.size() < 1 + random() % 2) {
    std::vector<std::int64_t> entries(n * n);
    for (auto& entry : entries) entry = static_cast<std::int64_t>(random() % modulus);
    const auto a = groups::make_matrix(n, n, modulus, entries);
    try {
      static_cast<void>(a.inverse());
    } catch (const std::exception&) {
      continue;
    }
    set.add("g" + std::to_string(set.size()), a);
  }
  graphs::state central;
  if (random() % 2 == 0) {
    central.resize(n * (1 + random() % 2));
    for (auto& entry : central) entry = random() % modulus;
  }
  auto graph = graphs::make_graph("random", std::move(set), std::move(central));
  return random() % 2 == 0 ? graph.with_inverses() : graph;
}

/// Sphere sizes by sets of whole states, up to `depth`.
inline std::vector<std::uint64_t> plain_growth(const graphs::graph_definition& graph, std::uint64_t depth) {
  std::set<graphs::state> seen{graph.central()};
  std::vector<graphs::state> layer{graph.central()};
  std::vector<std::uint64_t> sizes{1};
  while (sizes.size() <= depth) {
    std::vector<graphs::state> next;
    for (const auto& s : layer) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        const auto image = graph.apply(g, s);
        if (seen.insert(image).second) next.push_back(image);
      }
    }
    if (next.empty()) break;
    sizes.push_back(next.size());
    layer = std::move(next);
  }
  return sizes;
}

}  // namespace cosetta::tests
