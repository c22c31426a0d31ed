// A stabilizer chain that takes one element after the other, for towers of subgroups in which each is normal in the
// next with prime index.
//
// Law: when y normalizes the group M that the chain describes completely, y^p is in M for a prime p and y is not, then
// insert(y) makes the chain of <M, y> complete. Reason: let the residue r of y leave M at level i. Then M<y> = M<r>, so
// that the stabilizers of the first i base points are M_i and M_i<r>; the orbit of b_i, being the union of the images
// of M_i's orbit under powers of r, grows by the factor p, which is all there is. (Sims, Computing the order of a
// solvable permutation group, 1990, builds chains of solvable groups so.)
#pragma once

#include <groups/permutation.hpp>
#include <groups/stabilizer_chain.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

class growing_chain {
 public:
  /// The chain's group, with its base followed by `more_base`, on `degree` points: those past chain.degree() are fixed.
  /// Precondition: degree >= chain.degree().
  growing_chain(const stabilizer_chain& chain, std::size_t degree, std::span<const point> more_base = {});
  /// The trivial group's, with the given base.
  growing_chain(std::size_t degree, std::span<const point> base);
  growing_chain(growing_chain&&) noexcept;
  ~growing_chain();

  std::vector<point> base() const;
  mpz_class order() const;
  /// Of the base point of a level. Precondition: level < base().size().
  std::size_t orbit_size(std::size_t level) const;
  /// A uniformly random element.
  permutation random(std::mt19937_64& rng) const;
  /// Precondition here and below: x has at most the chain's degree.
  bool contains(const permutation& x);
  /// Sifts x and adds what is left as a strong generator; nothing when x was in the chain.
  std::optional<permutation> insert(const permutation& x);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cosetta::groups
