// A Cayley or Schreier graph as a definition: a generating set and a central state. Nothing is enumerated here.
//
// A permutation state is a row of labels; generator p moves it to new[i] = old[p[i]], the convention of CayleyPy and
// Kaggle. A matrix state is an array of entries; generator G moves it to G * S. Words are applied left to right. The
// vertices are the states reachable from the central state: with distinct labels, or an invertible central matrix, the
// graph is the Cayley graph of the generated group (its right or left version; growth is the same), otherwise the
// Schreier graph of the stabilizer of the central state. Distances are out-distances from the central state.
#pragma once

#include <groups/generating_set.hpp>
#include <groups/matrix.hpp>
#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gmpxx.h>

namespace cosetta::graphs {

using permutation_set = groups::generating_set<groups::permutation>;
using matrix_set = groups::generating_set<groups::matrix>;

/// Labels of positions 0, 1, ..., or matrix entries row by row (over Z: two's complement of 64 bits).
using state = std::vector<std::uint64_t>;

/// What the literature knows of the whole graph; absent where nothing is known.
struct known_facts {
  std::optional<mpz_class> vertices;
  std::optional<mpz_class> diameter;
  bool trivial_stabilizer = false;  // only the identity fixes the central state, though its labels do not show it
};

class graph_definition {
 public:
  /// Trusts its arguments; `make_graph` checks them.
  graph_definition(std::string spec, std::variant<permutation_set, matrix_set> generators, state central);

  /// The text that names this graph: a catalogue name or a file.
  const std::string& spec() const noexcept { return spec_; }
  const std::variant<permutation_set, matrix_set>& generators() const noexcept { return generators_; }
  const permutation_set* permutations() const noexcept { return std::get_if<permutation_set>(&generators_); }
  const matrix_set* matrices() const noexcept { return std::get_if<matrix_set>(&generators_); }
  const std::vector<std::string>& names() const;
  std::size_t generator_count() const { return names().size(); }

  const state& central() const noexcept { return central_; }
  /// Points of a permutation, rows of a matrix.
  std::size_t degree() const;
  /// Columns of a matrix state; 1 for permutations.
  std::size_t columns() const { return central_.size() / degree(); }
  /// 0 over Z and for permutations.
  std::uint64_t modulus() const;

  bool is_cayley() const noexcept { return cayley_ || known_.trivial_stabilizer; }
  bool is_inverse_closed() const noexcept { return inverse_closed_; }

  /// The image of `from` under a generator. Preconditions: generator < generator_count(), from.size() ==
  /// central().size(). Throws domain_error when an entry over Z leaves 64 bits.
  state apply(std::size_t generator, const state& from) const;

  const known_facts& known() const noexcept { return known_; }
  void set_known(known_facts facts) { known_ = std::move(facts); }

  /// The same generators around another central state. Throws domain_error on a wrong length or entry.
  graph_definition with_central(state central) const;
  /// The same graph with missing inverses appended.
  graph_definition with_inverses(groups::inverse_mark mark = groups::inverse_mark::prime) const;

 private:
  std::string spec_;
  std::variant<permutation_set, matrix_set> generators_;
  state central_;
  bool cayley_;
  bool inverse_closed_;
  known_facts known_;
};

/// Checks: at least one generator; equal degrees (or square matrices of one size and modulus, all invertible); a
/// central state that fits. An empty `central` stands for the identity. Throws domain_error naming `spec`.
graph_definition make_graph(std::string spec, permutation_set generators, state central = {});
graph_definition make_graph(std::string spec, matrix_set generators, state central = {});

/// Reads "000111" (one digit a position) or "0,0,0,1,1,1"; blanks are allowed. Throws parse_error.
state parse_pattern(std::string_view text);

/// "[1,0,2]", or "[[1,2],[0,1]]" for a matrix state of `columns` columns. `first_point` is added to labels
/// where the central state is the identity, so that they are points.
std::string to_string(const graph_definition& graph, const state& s, groups::point first_point = 0);

}  // namespace cosetta::graphs
