// Published growth tables: CayleyPy's two-column CSV files (key, JSON list of sphere sizes) and rows of JSON objects
// with generators and spheres. A row is paired with the graph it describes.
#pragma once

#include <graphs/graph_definition.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gmpxx.h>

namespace cosetta::tools {

struct growth_row {
  std::string table;                              // file name without folder and ending
  std::string key;                                // as in the file
  std::string spec;                               // the graph, as text, where the catalogue has it
  std::optional<std::string> central;             // of a coset
  std::optional<graphs::graph_definition> graph;  // rows that bring their own generators
  std::vector<mpz_class> layers;
  bool partial = false;  // known to be a prefix

  mpz_class states() const;
  /// The graph of this row; throws what parse_graph throws.
  graphs::graph_definition make() const;
};

/// All rows of a file (.csv, .jsonl) or of every such file in a folder, in order of names. Files of another form are
/// passed over in a folder and refused when named. Throws parse_error with file and line.
std::vector<growth_row> read_growth_tables(const std::string& path);

}  // namespace cosetta::tools
