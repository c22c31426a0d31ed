// The group behind a GRAPH of the command line: what its generators generate, and the elements that users write.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/matrix_group.hpp>
#include <groups/permutation_group.hpp>
#include <groups/word.hpp>
#include <tools/invocation.hpp>

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

struct group_arguments {
  graph_arguments graph;
  output_arguments output;
  bool monte_carlo = false;
  std::optional<std::string> known_order;
  std::optional<std::string> time;
  std::string memory = "auto";
  std::string threads = "auto";

  /// What --memory gives to the stabilizer chain, and to tables of words: half of it each. Nothing for auto.
  std::optional<std::size_t> half_of_memory() const;
};

/// GRAPH, --monte-carlo, --known-order, --time, --memory, --threads and the output options.
void add_group_arguments(CLI::App& verb, group_arguments& arguments, std::string_view formats = "text, json, csv, latex, markdown");

class group_source {
 public:
  using element = std::variant<groups::permutation, groups::matrix>;

  /// Parses the graph; nothing is computed yet. Throws parse_error, domain_error, resource_error.
  group_source(const group_arguments& arguments, std::stop_token stop, std::function<void(const groups::chain_progress&)> observer);

  const graphs::graph_definition& graph() const noexcept { return graph_; }
  const groups::matrix_group<groups::matrix>* matrices() const noexcept { return std::get_if<1>(&group_); }
  const groups::group_control& control() const noexcept { return options_.control; }
  bool wants_monte_carlo() const noexcept { return options_.wanted == groups::certainty::monte_carlo; }

  const mpz_class& order() const;
  groups::certainty proof() const;
  bool contains(const element& g) const;
  element random(std::mt19937_64& rng) const;

  /// The group itself, or, of matrices, its faithful action on row vectors.
  const groups::permutation_group& as_permutations() const;
  /// The element of as_permutations() that acts as g does. Precondition: contains(g).
  groups::permutation action_of(const element& g) const;
  /// And back. Precondition: an element of as_permutations().
  element element_of(const groups::permutation& action) const;

  /// One-line "[1,0,2]", cycles "(0 1)(2 3)", a word "@L.R.X" (the product of its letters, left to right), or a matrix
  /// "[[1,1],[0,1]]". Throws parse_error, domain_error.
  element parse(std::string_view text) const;
  std::string text(const element& g) const;
  nlohmann::ordered_json json(const element& g) const;

 private:
  groups::chain_options options_;
  graphs::graph_definition graph_;
  groups::point first_point_;
  std::variant<groups::permutation_group, groups::matrix_group<groups::matrix>> group_;
  mutable std::optional<groups::permutation_group> action_;
};

}  // namespace cosetta::tools
