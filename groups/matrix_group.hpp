// A group of invertible matrices over Z/m (Matrix = matrix) or GF(q) (Matrix = field_matrix), given by generators:
// immutable, cheap to copy, safe to read from many threads. Row vectors are moved from the right, v -> v * M.
//
// The stabilizer chain lives on orbits of row vectors (vector_domain.hpp). For what needs more structure there is the
// faithful action on such orbits as a permutation group, made only when asked for.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/field_matrix.hpp>
#include <groups/matrix.hpp>
#include <groups/permutation_group.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

template <class Matrix>
class matrix_group {
 public:
  /// Trusts that there is a generator and that all are invertible, of one size over one ring; `make_matrix_group` checks.
  explicit matrix_group(std::vector<Matrix> generators, chain_options options = {});

  std::size_t dimension() const noexcept;
  const std::vector<Matrix>& generators() const noexcept;
  const chain_options& options() const noexcept;
  /// The number of elements of the ring of entries.
  std::uint64_t ring_order() const noexcept;

  const mpz_class& order() const;
  certainty proof() const;
  /// False for another size or ring.
  bool contains(const Matrix& g) const;
  Matrix random(std::mt19937_64& rng) const;

  /// A bijection with {0, ..., order - 1}; the identity is 0. Throws domain_error for a non-member, or a rank outside.
  mpz_class rank(const Matrix& g) const;
  Matrix unrank(const mpz_class& rank) const;

  /// Lengths of the orbits on all row vectors, ascending. Throws resource_error beyond 2^26 vectors.
  std::vector<std::uint64_t> vector_orbit_lengths() const;
  /// Lengths of the orbits on points of projective space, ascending. Throws domain_error over a ring that is no field.
  std::vector<std::uint64_t> projective_orbit_lengths() const;

  /// The images of the generators in the action on the orbits of the base vectors, which is faithful.
  std::vector<permutation> vector_action() const;
  /// How g acts in vector_action(). Throws domain_error when g leads out of its vectors; then it is not in the group.
  permutation action_of(const Matrix& g) const;
  /// The matrix that acts so. Precondition: `action` is in the group of vector_action().
  Matrix matrix_of(const permutation& action) const;
  /// The images of the generators in the action on all points of projective space; its kernel are the scalars.
  std::vector<permutation> projective_action() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

extern template class matrix_group<matrix>;
extern template class matrix_group<field_matrix>;

/// Checks: at least one generator; square, of one size, over one finite ring (2 <= m < 2^31), invertible. Throws
/// domain_error naming the generator.
matrix_group<matrix> make_matrix_group(std::vector<matrix> generators, chain_options options = {});
matrix_group<field_matrix> make_matrix_group(std::vector<field_matrix> generators, chain_options options = {});

}  // namespace cosetta::groups
