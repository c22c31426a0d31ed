// Graphs of permutation groups whose towers have all kinds of fibres: for tests of towers and of what sweeps over them.
#pragma once

#include <graphs/catalogue.hpp>
#include <graphs/graph_definition.hpp>
#include <groups/standard_groups.hpp>

#include <string>
#include <vector>

namespace cosetta::tests {

inline graphs::graph_definition graph_of(const std::string& name, const std::vector<groups::permutation>& generators,
                                  bool inverses = true) {
  graphs::permutation_set set;
  for (std::size_t i = 0; i < generators.size(); ++i) set.add("g" + std::to_string(i), generators[i]);
  const auto graph = graphs::make_graph(name, std::move(set));
  return inverses ? graph.with_inverses() : graph;
}
inline graphs::graph_definition graph_of(const std::string& name, const groups::generating_set<groups::permutation>& generators,
                                  bool inverses = true) {
  std::vector<groups::permutation> list;
  for (std::size_t i = 0; i < generators.size(); ++i) list.push_back(generators[i]);
  return graph_of(name, list, inverses);
}

/// One cycle of each length, on points of their own.
inline std::vector<groups::permutation> disjoint_cycles(const std::vector<groups::point>& lengths) {
  std::size_t degree = 0;
  for (const auto l : lengths) degree += l;
  std::vector<groups::permutation> out;
  groups::point first = 0;
  for (const auto l : lengths) {
    std::vector<groups::point> images(degree);
    for (groups::point p = 0; p < degree; ++p)
      images[p] = p < first || p >= first + l ? p : first + (p - first + 1) % l;
    out.emplace_back(images);
    first += l;
  }
  return out;
}

inline const std::vector<std::string>& catalogue_samples() {
  static const std::vector<std::string> specs{"lrx:6",
                                              "lrx:7",
                                              "lrx:8",
                                              "lx:6",
                                              "lx:7",
                                              "lx:8",
                                              "pancake:6",
                                              "pancake:7",
                                              "pancake:8",
                                              "coxeter:6",
                                              "coxeter:7",
                                              "coxeter:8",
                                              "top_spin:7",
                                              "top_spin:8",
                                              "stars:7",
                                              "stars:8",
                                              "all_transpositions:6",
                                              "all_transpositions:7",
                                              "burnt_pancake:4",
                                              "burnt_pancake:5",
                                              "burnt_pancake:6",
                                              "cyclic_coxeter:6",
                                              "cyclic_coxeter:7",
                                              "cyclic_coxeter:8",
                                              "prefix_cycles:7"};
  return specs;
}

inline std::vector<graphs::graph_definition> other_samples() {
  std::vector<graphs::graph_definition> out;
  out.push_back(graph_of("M11", groups::mathieu_group(11)));
  out.push_back(graph_of("M11, directed", groups::mathieu_group(11), false));
  out.push_back(graph_of("M12", groups::mathieu_group(12)));
  out.push_back(graph_of("PSL(3,4)", groups::mathieu_group(21)));
  out.push_back(graph_of("S_5 wr C_2", groups::wreath_product(groups::symmetric_group(5), groups::cyclic_group(2))));
  out.push_back(graph_of("S_4 wr S_3", groups::wreath_product(groups::symmetric_group(4), groups::symmetric_group(3))));
  out.push_back(graph_of("C_3 wr A_4, directed",
                         groups::wreath_product(groups::cyclic_group(3), groups::alternating_group(4)), false));
  out.push_back(graph_of("C_2 wr S_6", groups::wreath_product(groups::cyclic_group(2), groups::symmetric_group(6))));
  out.push_back(graph_of("S_5 x S_4", groups::direct_product(groups::symmetric_group(5), groups::symmetric_group(4))));
  out.push_back(graph_of("S_5 x S_5 x C_7", groups::direct_product(groups::direct_product(groups::symmetric_group(5),
                                                                                          groups::symmetric_group(5)),
                                                                   groups::cyclic_group(7))));
  out.push_back(
      graph_of("S_4 x D_4 x D_4, directed",
               groups::direct_product(groups::direct_product(groups::symmetric_group(4), groups::dihedral_group(4)),
                                      groups::dihedral_group(4)),
               false));
  out.push_back(graph_of("cycles 5, 7, 9, 4", disjoint_cycles({5, 7, 9, 4})));
  out.push_back(graph_of("cycles 5, 7, 9, 4, directed", disjoint_cycles({5, 7, 9, 4}), false));
  out.push_back(graph_of("cycles 11, 11, 11", disjoint_cycles({11, 11, 11})));
  out.push_back(graph_of("cycles 16, 16, directed", disjoint_cycles({16, 16}), false));
  out.push_back(graph_of("cycles 8, 8, 8", disjoint_cycles({8, 8, 8})));
  return out;
}

}  // namespace cosetta::tests
