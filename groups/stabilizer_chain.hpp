// A base and strong generating set of a permutation group, with transversals: G = H_0 >= H_1 >= ... >= H_m = 1, where
// H_(i+1) is the stabilizer of base()[i] in H_i, and the orbit of base()[i] under H_i has orbit(i).size() points.
//
// Built by the random Schreier-Sims method (Leon 1980; Seress, Permutation Group Algorithms, 2003, chapters 4 and 8) and
// then proven: see chain_proof.hpp. Transversal elements are rows of images, computed on first use, or, beyond the
// budget, walks in a Schreier tree.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/permutation.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

class stabilizer_chain {
 public:
  /// A theorem on the order, asked for when a proof by sifting would be long: a chain that meets the bound needs none.
  using upper_bound_function = std::function<std::optional<mpz_class>()>;

  /// The chain of the group that the generators (all of the given degree) generate. Throws domain_error on a wrong
  /// known order, stopped_error.
  stabilizer_chain(std::span<const permutation> generators, std::size_t degree, const chain_options& options = {},
                   const upper_bound_function& upper_bound = {});
  /// A chain from a strong generating set relative to `base` and the order, all trusted.
  stabilizer_chain(std::span<const permutation> strong, std::size_t degree, std::span<const point> base, const mpz_class& order);
  stabilizer_chain(stabilizer_chain&&) noexcept;
  stabilizer_chain& operator=(stabilizer_chain&&) noexcept;
  ~stabilizer_chain();

  std::size_t degree() const noexcept;
  std::size_t length() const noexcept;
  std::span<const point> base() const noexcept;
  const mpz_class& order() const noexcept;
  certainty proof() const noexcept;

  /// The orbit of base()[level] under H_level; the base point comes first. Precondition: level < length().
  std::span<const point> orbit(std::size_t level) const noexcept;
  /// Where `p` stands in orbit(level), if it does.
  std::optional<std::size_t> position(std::size_t level, point p) const noexcept;
  /// The transversal element of H_level that takes base()[level] to orbit(level)[position].
  permutation transversal(std::size_t level, std::size_t position) const;
  /// Generators of H_level, the pointwise stabilizer of the first `level` base points; none at level = length().
  std::vector<permutation> strong_generators(std::size_t level) const;

  struct sift_result {
    permutation residue;
    std::size_t level;  // where it left the chain: length() when it went through
  };
  /// Divides g by transversal elements as far as it goes; g is a member iff the residue is the identity.
  sift_result sift(const permutation& g) const;
  bool contains(const permutation& g) const;

  /// The positions of g's transversal elements, level by level, when g is a member: g = u_(m-1) ... u_1 u_0.
  std::optional<std::vector<std::uint32_t>> digits(const permutation& g) const;
  permutation element(std::span<const std::uint32_t> digits) const;
  /// A uniformly random element of H_level.
  permutation random(std::mt19937_64& rng, std::size_t level = 0) const;

 private:
  void make_rows() const;

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::groups
