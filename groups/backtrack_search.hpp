// The search behind backtrack.hpp: depth first through the images of base points, for elements with a property.
//
// At depth i an element t of the group is known modulo the stabilizer H_i of the first i base points: the elements
// below the node are h * t, h in H_i. What a property P must offer, with "level" meaning that i:
//   candidate(level, c)   may base()[level] go to c at all? Cheap; called before anything is multiplied.
//   forced(level, t)      the only image that base()[level] may have, where the choices so far decide it.
//   consistent(level, t)  false only where no h * t, h in H_level, has the property.
//   settled()             a level from which on consistent(level, t) and accepts(t) mean the same for all h * t.
//   accepts(g)            the property itself.
// The elements with the property are to be a subgroup, or a right coset of one that a subgroup acts on from the right.
// What is known of that subgroup, K, prunes: beside an image c that failed fail all images in its orbit under the
// elements of K that fix the images chosen before it. These stabilizers cost a chain each, so that they are computed
// only where a failed image cost more than that (Seress 2003, 9.1; the first criterion of Sims, 1971).
#pragma once

#include <groups/permutation_group.hpp>
#include <groups/sign_constraint.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// A chain of the group with a base of one's choice, and the orbits of its stabilizers.
class search_chain {
 public:
  /// The base is taken from `preferred`, points of which that are fixed already are left out; a point that is not
  /// among them comes in only where all of them are fixed. Rebuilt by sifting random elements of the given chain.
  search_chain(const permutation_group& g, std::span<const point> preferred);

  std::size_t degree() const noexcept { return chain_.degree(); }
  std::size_t length() const noexcept { return chain_.length(); }
  const stabilizer_chain& chain() const noexcept { return chain_; }
  /// For each point the smallest point of its orbit under H_level, level <= length().
  const std::vector<point>& orbit_labels(std::size_t level) const noexcept { return labels_[level]; }
  /// Points that H_level fixes and H_(level-1) moves; for level 0 those that the group fixes.
  const std::vector<point>& fixed_first_at(std::size_t level) const noexcept { return fixed_first_at_[level]; }
  /// (transversal element of a level) * t; kept for the next time while memory is cheap. Not for two threads at once.
  permutation extended(std::size_t level, std::size_t position, const permutation& t) const;

 private:
  stabilizer_chain chain_;
  std::vector<std::vector<point>> labels_, fixed_first_at_;
  mutable std::vector<std::vector<std::optional<permutation>>> transversals_;
  mutable std::size_t bytes_ = 0;
};

/// A group known by generators and its order: no more than a search needs.
struct known_subgroup {
  std::vector<permutation> generators;
  mpz_class order = 1;
};

/// The stabilizer of a point. Precondition: the order is right.
known_subgroup stabilizer_in(const known_subgroup& k, point p, std::size_t degree);

/// For each point the smallest point of its orbit, found by union-find; generators may be added later.
class point_partition {
 public:
  explicit point_partition(std::size_t degree);
  void join(const permutation& generator);
  point leader(point p) noexcept {
    while (parent_[p] != p) p = parent_[p] = parent_[parent_[p]];
    return p;
  }

 private:
  std::vector<point> parent_;
};

template <class Property>
class backtrack_search {
 public:
  backtrack_search(const search_chain& chain, const Property& property, const group_control& control)
      : chain_(chain), property_(property), control_(control), depths_(chain.length() + 1) {}

  /// The subgroup of all elements with the property.
  known_subgroup subgroup() {
    known_subgroup k;
    point_partition orbits(chain_.degree());  // of K_level
    const permutation one(chain_.degree());
    auto level = property_.settled();
    k.generators = chain_.chain().strong_generators(level);
    for (const auto& g : k.generators) orbits.join(g);
    mpz_class product = 1;  // of the orbits below
    for (std::size_t i = level; i < chain_.length(); ++i) product *= static_cast<unsigned long>(chain_.chain().orbit(i).size());
    k.order = product;
    while (level-- > 0) {
      const auto orbit = chain_.chain().orbit(level);
      std::vector<point> failed;
      for (std::size_t position = 1; position < orbit.size(); ++position) {
        const point c = orbit[position];
        if (orbits.leader(c) == orbits.leader(orbit[0]) || !property_.candidate(level, c)) continue;
        if (const auto only = property_.forced(level, one); only && *only != c) continue;
        if (among(failed, c, orbits)) continue;
        root_ = level, known_ = &k;
        if (step(level, position, c, one)) {
          orbits.join(*found_);
          k.generators.push_back(std::move(*found_));
          k.order = product * orbit_size(orbits, orbit);
        } else {
          failed.push_back(c);
        }
      }
      product = k.order;
    }
    return k;
  }

  /// Some element with the property. `right` acts from the right on the set of these elements.
  std::optional<permutation> element(const known_subgroup& right) {
    root_ = 0, known_ = &right;
    const permutation one(chain_.degree());
    if (property_.consistent(0, one)) descend(0, one);
    return std::exchange(found_, std::nullopt);
  }

  /// Partial elements that were multiplied out: what the search cost.
  std::uint64_t nodes() const noexcept { return nodes_; }

 private:
  struct depth {
    point image = 0;                         // of the base point at this depth
    std::optional<known_subgroup> stabilizer;  // in K, of the images above this depth; computed when asked for
  };

  /// Below this many nodes a failed subtree was cheaper than the stabilizers that would spare its like.
  static constexpr std::uint64_t cheap_subtree = 64;

  static bool among(const std::vector<point>& failed, point c, point_partition& orbits) {
    for (const auto f : failed) {
      if (orbits.leader(f) == orbits.leader(c)) return true;
    }
    return false;
  }

  static unsigned long orbit_size(point_partition& orbits, std::span<const point> points) {
    unsigned long size = 0;
    for (const auto p : points) size += orbits.leader(p) == orbits.leader(points[0]) ? 1 : 0;
    return size;
  }

  const known_subgroup& stabilizer_at(std::size_t level) {
    if (level == root_) return *known_;
    auto& here = depths_[level].stabilizer;
    if (!here) here = stabilizer_in(stabilizer_at(level - 1), depths_[level - 1].image, chain_.degree());
    return *here;
  }

  /// Goes on with base()[level] -> c; true when that led to an element.
  bool step(std::size_t level, std::size_t position, point c, const permutation& t) {
    if (++nodes_ % 256 == 0) control_.check();
    const auto next = chain_.extended(level, position, t);
    if (!property_.consistent(level + 1, next)) return false;
    depths_[level].image = c;
    depths_[level + 1].stabilizer.reset();
    return descend(level + 1, next);
  }

  bool descend(std::size_t level, const permutation& t) {
    if (level >= property_.settled()) {
      if (!property_.accepts(t)) return false;
      found_ = t;
      return true;
    }
    const auto orbit = chain_.chain().orbit(level);
    if (const auto only = property_.forced(level, t)) {
      for (std::size_t position = 0; position < orbit.size(); ++position) {
        if (t[orbit[position]] == *only) return step(level, position, *only, t);
      }
      return false;
    }
    std::optional<point_partition> orbits;
    std::vector<point> failed;
    for (std::size_t position = 0; position < orbit.size(); ++position) {
      const point c = t[orbit[position]];
      if (!property_.candidate(level, c)) continue;
      if (orbits && among(failed, c, *orbits)) continue;
      const auto before = nodes_;
      if (step(level, position, c, t)) return true;
      if (nodes_ - before < cheap_subtree || position + 1 == orbit.size()) continue;
      if (!orbits) {
        if (known_->generators.empty()) continue;
        orbits.emplace(chain_.degree());
        for (const auto& g : stabilizer_at(level).generators) orbits->join(g);
      }
      failed.push_back(c);
    }
    return false;
  }

  const search_chain& chain_;
  const Property& property_;
  const group_control& control_;
  std::vector<depth> depths_;
  std::size_t root_ = 0;
  const known_subgroup* known_ = nullptr;  // acts on the solutions from the root on
  std::optional<permutation> found_;
  std::uint64_t nodes_ = 0;
};

/// g^-1 x g == y: the elements that conjugate x into y; for y = x the centralizer.
class conjugation_property {
 public:
  /// Where the base should come from: whole cycles, those first that leave few choices for many points.
  static std::vector<point> preferred_base(const permutation_group& g, const permutation& x);

  /// `chain` is to outlive it.
  conjugation_property(const search_chain& chain, const permutation& x);
  /// The target, x itself at first.
  void set_target(const permutation& y);

  bool candidate(std::size_t level, point c) const noexcept {
    return colours_y_[c] == colours_x_[chain_->chain().base()[level]];
  }
  std::optional<point> forced(std::size_t level, const permutation& t) const noexcept;
  bool consistent(std::size_t level, const permutation& t) const noexcept;
  std::size_t settled() const noexcept { return chain_->length(); }
  bool accepts(const permutation& g) const { return x_ * g == g * y_; }

 private:
  /// For each point the length of its cycle and its orbit.
  std::vector<std::uint64_t> colours(const cycle_table& cycles) const;
  template <class Image>
  bool consistent_images(std::size_t level, const Image* t) const noexcept;

  const search_chain* chain_;
  permutation x_, y_;
  std::vector<point> images_x_, images_y_;
  std::vector<std::uint64_t> colours_x_, colours_y_;
  std::unique_ptr<const cycle_table> cycles_x_;  // where it is, signs_ looks for it
  cycle_table cycles_y_;
  struct source {
    point determined;     // a point of the cycle whose image is known when this level is reached
    std::uint32_t steps;  // from there along x
  };
  std::vector<std::optional<source>> sources_;          // by level
  std::vector<std::vector<point>> determined_pairs_;    // by level: p with p and p^x both determined, not before
  std::vector<std::uint64_t> label_mixer_, pair_sums_;  // see consistent_images
  std::optional<sign_constraint> signs_;
  mutable std::vector<std::uint32_t> inverse_;  // of t
};

/// A set of points goes onto a set.
class set_property {
 public:
  set_property(const search_chain& chain, std::span<const point> from, std::span<const point> to);

  bool candidate(std::size_t level, point c) const noexcept { return in_from_[chain_->chain().base()[level]] == in_to_[c]; }
  std::optional<point> forced(std::size_t, const permutation&) const noexcept { return std::nullopt; }
  bool consistent(std::size_t level, const permutation& t) const noexcept;
  std::size_t settled() const noexcept { return settled_; }
  bool accepts(const permutation& g) const noexcept;

 private:
  const search_chain* chain_;
  std::vector<std::uint8_t> in_from_, in_to_;  // not vector<bool>: read in the inner loop
  std::vector<std::uint64_t> mixer_, sums_;
  std::size_t settled_;  // from here on the stabilizers leave the first set in place
};

}  // namespace cosetta::groups
