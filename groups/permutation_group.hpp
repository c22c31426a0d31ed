// A permutation group given by generators: immutable, cheap to copy, safe to read from many threads. What is costly (the
// order, the stabilizer chain) is computed once, on first use, and shared by all copies.
//
// Symmetric and alternating groups in their natural action are recognised before any chain is built (giant.hpp): they
// need none, whatever the degree.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/generating_set.hpp>
#include <groups/giant.hpp>
#include <groups/permutation.hpp>
#include <groups/stabilizer_chain.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

class permutation_group {
 public:
  /// The trivial group on no points.
  permutation_group() : permutation_group(std::vector<permutation>{}, 0) {}
  /// Trusts that all generators have the given degree; none generate the trivial group.
  permutation_group(std::vector<permutation> generators, std::size_t degree, chain_options options = {});
  explicit permutation_group(const generating_set<permutation>& generators, chain_options options = {});

  std::size_t degree() const noexcept;
  /// As given, the identity and duplicates included.
  const std::vector<permutation>& generators() const noexcept;
  const chain_options& options() const noexcept;

  const mpz_class& order() const;
  certainty proof() const;
  /// Set when the group was recognised as the symmetric or alternating group on the points that it moves (eight or more).
  const std::optional<giant_structure>& giant() const;
  /// A giant's chain is written out in full: throws resource_error where it would pass 2^30 bytes.
  const stabilizer_chain& chain() const;
  std::vector<point> base() const;

  /// False for another degree.
  bool contains(const permutation& g) const;
  /// A uniformly random element.
  permutation random(std::mt19937_64& rng) const;

  /// A bijection of the group with {0, ..., order - 1}; the identity is 0. Throws domain_error for a non-member.
  mpz_class rank(const permutation& g) const;
  /// Throws domain_error unless 0 <= rank < order.
  permutation unrank(const mpz_class& rank) const;
  /// The same numbers by machine arithmetic. Precondition: order() <= 2^64.
  std::uint64_t rank64(const permutation& g) const;
  permutation unrank64(std::uint64_t rank) const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Checks the degrees; throws domain_error naming the first generator that differs.
permutation_group make_permutation_group(std::vector<permutation> generators, chain_options options = {});

}  // namespace cosetta::groups
