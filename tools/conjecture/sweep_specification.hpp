// What a sweep computes: a JSON file that names graphs, measures and limits.
//
//   { "name": "lx", "graphs": [
//       {"family": "top_spin:{n},k={k}", "n": [5, 9], "k": [3, 4]},              all values of a range, both ends included; a number is one value
//       {"generators": [[1,0,2],[1,2,0]], "label": "s3"},
//       {"subsets": {"degree": 7, "size": 2, "class": "all"}, "up_to": "conjugacy_and_inversion"},
//       {"random": {"degree": 8, "size": 2, "count": 20, "seed": 1, "class": [2, 2]}} ],
//     "measures": ["diameter", "order"], "limits": {"memory": "2G", "time": "60s", "max_states": 1e9} }
//
// Classes: all (but the identity), involutions, transpositions, or the lengths of the cycles. up_to: conjugacy_and_inversion (undirected graphs; the
// default) or conjugacy (directed ones). family, generators and random take "inverse_closed": true, which adds the missing inverses. Limits are
// for each graph. Unknown keys, wrong types and absurd ranges are refused with the file and the JSON pointer.
#pragma once

#include <graphs/graph_definition.hpp>
#include <tools/conjecture/canonical_set.hpp>
#include <tools/conjecture/records.hpp>
#include <tools/conjecture/subset_orbits.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cosetta::conjecture {

struct value_range {
  std::string name;
  std::int64_t from = 0, to = 0, step = 1;
};

struct family_graphs {
  std::string text;                 // with {n}
  std::vector<value_range> ranges;  // in the order of the text
  bool inverse_closed = false;
};

struct listed_generators {
  std::vector<groups::permutation> generators;
  std::string label;
  bool inverse_closed = false;
};

struct subset_graphs {
  std::size_t degree = 0, size = 0;
  permutation_class of;
  std::string class_text;
  inversion kind = inversion::closed;
};

struct random_graphs {
  std::size_t degree = 0, size = 0, count = 0;
  std::uint64_t seed = 1;
  permutation_class of;
  std::string class_text;
  bool inverse_closed = false;
};

using graph_entry = std::variant<family_graphs, listed_generators, subset_graphs, random_graphs>;

struct sweep_specification {
  std::string file, name;
  std::vector<graph_entry> entries;
  measure_set measures;
  std::optional<std::size_t> memory;
  double seconds = 0;            // 0: none
  std::uint64_t max_states = 0;  // 0: none
};

inline constexpr std::size_t max_sweep_graphs = 20'000'000;

/// Throws parse_error and domain_error, "FILE: /graphs/0/n: ...".
sweep_specification parse_sweep(std::string_view text, const std::string& file);

/// One graph to be made.
struct sweep_item {
  std::size_t entry = 0;
  std::uint64_t position = 0;
  std::string label, spec;
  std::vector<std::pair<std::string, std::int64_t>> parameters;
  std::vector<groups::permutation> generators;  // where there is no spec
  bool inverse_closed = false;

  /// Throws what parse_graph throws.
  graphs::graph_definition make() const;
};

/// All graphs, in the order of the file. Subsets are enumerated here; `checkpoint` is called now and then and may throw.
std::vector<sweep_item> expand(const sweep_specification& specification, const std::function<void()>& checkpoint = {});

/// "subsets of S_7: 2 of all, up to conjugacy and inversion"
std::string describe(const graph_entry& entry);

}  // namespace cosetta::conjecture
