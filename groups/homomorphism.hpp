// Homomorphisms between permutation groups, given by images of generators, and those that actions define.
//
// The pairs (g, image of g) form a group D on the disjoint union of both sets of points. The images define a
// homomorphism iff the projection of D to the source is injective, that is iff |D| is the order of the source; and a
// chain of D with its base among the source's points turns an element into its image by one sift, one with its base
// among the target's points turns images into preimages and ends in the kernel (Holt, Eick, O'Brien, Handbook of
// Computational Group Theory, 4.5; Seress 2003, 5.1).
#pragma once

#include <groups/blocks.hpp>
#include <groups/orbit.hpp>
#include <groups/permutation_group.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// Immutable, cheap to copy; what is costly is computed on first use and shared by copies.
class homomorphism {
 public:
  /// Takes source.generators()[i] to images[i]. Trusts that there is such a homomorphism; `make_homomorphism` checks.
  homomorphism(permutation_group source, std::vector<permutation> images, std::size_t target_degree);

  const permutation_group& source() const noexcept;
  /// Of the source's generators, in their order.
  const std::vector<permutation>& generator_images() const noexcept;
  std::size_t target_degree() const noexcept;

  /// The group of all images.
  const permutation_group& image() const;
  /// The image of g. Throws domain_error where g is not in the source.
  permutation image(const permutation& g) const;
  permutation operator()(const permutation& g) const { return image(g); }
  /// The image of a subgroup of the source. Throws domain_error where a generator is not in the source.
  permutation_group image(const permutation_group& subgroup) const;

  const permutation_group& kernel() const;

  /// Some element with the image h; nothing where h is not in the image.
  std::optional<permutation> preimage(const permutation& h) const;
  /// All elements with images in the subgroup. Throws domain_error where that does not lie in the image.
  permutation_group preimage(const permutation_group& subgroup) const;

  bool is_injective() const;
  /// Onto `target`, which contains the image or is compared with it by its generators.
  bool is_surjective(const permutation_group& target) const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Throws domain_error when the number or the degrees of the images are wrong, or when there is no such homomorphism;
/// the message then says which element of the source would have two images.
homomorphism make_homomorphism(const permutation_group& source, std::vector<permutation> images, std::size_t target_degree);

/// First `first`, then `second`. Throws domain_error where an image of the first is not in the second's source.
homomorphism compose(const homomorphism& first, const homomorphism& second);

/// The action on an invariant set of points, renumbered in ascending order. Throws domain_error where it is not invariant.
homomorphism action_on_points(const permutation_group& g, std::span<const point> points);
/// The action on the orbit of a point, renumbered in ascending order.
homomorphism action_on_orbit(const permutation_group& g, point seed);
/// The action on the blocks of a system. Throws domain_error where a generator tears a block apart.
homomorphism action_on_blocks(const permutation_group& g, const block_system& system);

/// The action on an orbit of anything, by the indices of its elements. Throws domain_error where a generator leads out
/// of the orbit.
template <class X, class Hash, group_action<permutation, X> Action>
homomorphism action_homomorphism(const permutation_group& g, const orbit_result<X, permutation, Hash>& orbit, const Action& act) {
  std::vector<permutation> images;
  for (const auto& s : g.generators()) images.push_back(action_on(orbit, s, act));
  return homomorphism(g, std::move(images), orbit.size());
}

}  // namespace cosetta::groups
