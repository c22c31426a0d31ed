// Collects the generators of a graph and refuses to grow past fixed limits, however absurd the arguments or the file.
#pragma once

#include <graphs/graph_definition.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace cosetta::graphs {

class graph_builder {
 public:
  static constexpr std::size_t max_generators = std::size_t{1} << 20;
  static constexpr std::size_t max_points = std::size_t{1} << 26;  // or matrix entries, summed over all generators

  explicit graph_builder(std::string spec) : spec_(std::move(spec)) {}

  /// Throws resource_error past the limits.
  void add(std::string name, groups::permutation p);
  void add(std::string name, groups::matrix a);

  /// Throws domain_error when no permutation of this degree is allowed. Call before allocating anything of that size.
  void check_degree(std::int64_t degree) const;

  state central;  // empty: the identity

  /// Throws the resource_error of `add`: for enumerations that would take ages to get there by themselves.
  [[noreturn]] void refuse_size() const;

  /// The checked graph of everything added. Throws domain_error.
  graph_definition finish() &&;

 private:
  void charge(std::size_t points);

  std::string spec_;
  std::size_t points_ = 0;
  permutation_set permutations_;
  matrix_set matrices_;
};

}  // namespace cosetta::graphs
