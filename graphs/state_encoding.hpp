// States of permutation graphs as arrays of numbers for machine learning: their labels as they are; Lehmer codes; one-hot rows.
//
// The Lehmer code of a state s has one digit for each position: c[i] counts the positions j > i with s[j] < s[i] (the right inversion
// table; D. H. Lehmer, "Teaching combinatorial tricks to a computer", 1960). So c[i] <= n - 1 - i, the last digit is 0 and is kept, the identity is
// all zeros, the sum of the digits is the number of inversions, and of distinct labels 0, ..., n - 1 the sum of c[i] (n - 1 - i)! is the
// rank in lexicographic order. Equal labels are no inversion; given the labels, the code tells the state. One-hot rows have a row for each position and a column for each
// number up to the largest label: entry (i, s[i]) is 1, the others 0.
#pragma once

#include <graphs/graph_definition.hpp>
#include <graphs/npy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::graphs {

enum class state_encoding { labels, lehmer, one_hot };

std::string_view to_string(state_encoding encoding) noexcept;
/// Throws parse_error.
state_encoding state_encoding_from(std::string_view name);

class state_encoder {
 public:
  /// Throws domain_error for matrices, but for their labels, and for one-hot rows of more than 2^31 entries a state.
  state_encoder(const graph_definition& graph, state_encoding encoding);

  state_encoding encoding() const noexcept { return encoding_; }
  npy_type type() const noexcept { return type_; }
  /// Of one state.
  std::vector<std::uint64_t> shape() const;
  /// Of one state.
  std::uint64_t bytes() const noexcept;
  /// Appends the numbers of whole states in a row, as npy.hpp writes them. Precondition: labels of the graph.
  void append(std::string& out, std::span<const std::uint64_t> states) const;

 private:
  state_encoding encoding_;
  npy_type type_;
  std::uint64_t width_;    // labels of a state
  std::uint64_t columns_;  // of one-hot rows
};

}  // namespace cosetta::graphs
