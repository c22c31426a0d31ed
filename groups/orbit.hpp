// Orbits of a seed under generators, for any action on any hashable type; and the flat case of points.
//
// Actions are from the right, as GAP's: act(act(x, a), b) == act(x, a * b), so a word is read left to right. An orbit
// is found by breadth-first search with a Schreier tree: element i > 0 is act(element parent(i), generator(i)), from
// which transversal words and elements follow (Holt, Eick, O'Brien, Handbook of Computational Group Theory, 4.1). Only
// the generators are applied, not their inverses: that closes a finite orbit. Words are then geodesic among words
// without inverse letters; whoever wants shorter ones passes inverses among the generators.
// Memory: the elements once, and about 24 bytes an element for the tree and the hash table.
#pragma once

#include <groups/generating_set.hpp>
#include <groups/matrix.hpp>
#include <groups/permutation.hpp>
#include <groups/word.hpp>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

namespace cosetta::groups {

/// A right action of elements on a type. Laws (checked by tests on every model): act(x, 1) == x and
/// act(act(x, a), b) == act(x, a * b).
template <class Action, class Element, class X>
concept group_action = std::equality_comparable<X> && requires(const Action& act, const X& x, const Element& g) {
  { act(x, g) } -> std::same_as<X>;
};

/// p -> g[p].
struct on_points {
  point operator()(point x, const permutation& g) const noexcept { return g[x]; }
};

/// Entry by entry: a tuple of what `Inner` acts on, in any container that can be copied.
template <class Inner>
struct on_tuples_by {
  template <std::ranges::forward_range Tuple, class Element>
  Tuple operator()(Tuple x, const Element& g) const {
    for (auto& entry : x) entry = Inner{}(entry, g);
    return x;
  }
};

/// Sets as ascending sequences without repetition: entry by entry, then sorted.
template <class Inner>
struct on_sets_by {
  template <std::ranges::random_access_range Set, class Element>
  Set operator()(Set x, const Element& g) const {
    for (auto& entry : x) entry = Inner{}(entry, g);
    std::ranges::sort(x);
    return x;
  }
};

using on_tuples = on_tuples_by<on_points>;
using on_sets = on_sets_by<on_points>;
using on_sets_of_sets = on_sets_by<on_sets>;  ///< set partitions, too

/// Entries change places: the entry at i goes to g[i], GAP's `Permuted`. Puzzle states, which move as
/// new[i] = old[p[i]], are moved so by the inverse of p.
struct on_positions {
  template <std::ranges::random_access_range List>
  List operator()(const List& x, const permutation& g) const {
    List out = x;
    for (std::size_t i = 0; i < x.size(); ++i) out[g[i]] = x[i];
    return out;
  }
};

/// Row vector times matrix over Z/m, entries in [0, m); over Z as two's complement. Precondition: x.size() == g.rows()
/// == g.columns(). Throws domain_error when an entry over Z leaves 64 bits.
struct on_vectors {
  std::vector<std::uint64_t> operator()(const std::vector<std::uint64_t>& x, const matrix& g) const;
};

/// Points of projective space over GF(p): nonzero row vectors whose first nonzero entry is 1. Precondition: the
/// modulus is prime; the seed is normalised (`on_lines::normalised`).
struct on_lines {
  std::vector<std::uint64_t> operator()(const std::vector<std::uint64_t>& x, const matrix& g) const;
  /// x divided by its first nonzero entry; zero stays zero. Throws domain_error when that entry is no unit.
  static std::vector<std::uint64_t> normalised(std::vector<std::uint64_t> x, std::uint64_t modulus);
};

/// x -> x * g, on elements (right cosets as sets: on_sets_by<on_right>) and on matrices of fitting shape.
struct on_right {
  template <class Element>
  Element operator()(const Element& x, const Element& g) const {
    return x * g;
  }
};

/// x -> g^-1 * x: the right action by left multiplication.
struct on_left_inverse {
  template <class Element>
  Element operator()(const Element& x, const Element& g) const {
    return g.inverse() * x;
  }
};

/// x -> g^-1 * x * g.
struct by_conjugation {
  template <class Element>
  Element operator()(const Element& x, const Element& g) const {
    return g.inverse() * x * g;
  }
};

/// Hashes what std::hash does, and sequences of what it hashes itself. Specialise it for other types.
template <class X>
struct orbit_hash {
  std::size_t operator()(const X& x) const noexcept {
    if constexpr (requires { std::hash<X>{}(x); }) {
      return std::hash<X>{}(x);
    } else {
      static_assert(std::ranges::input_range<X>, "specialise cosetta::groups::orbit_hash or std::hash for this type");
      std::uint64_t h = std::ranges::size(x);
      for (const auto& entry : x) {
        h = (h ^ orbit_hash<std::ranges::range_value_t<X>>{}(entry)) * 0x9e3779b97f4a7c15ULL;
        h ^= h >> 29;
      }
      return h;
    }
  }
};

/// Default size at which an orbit is given up. The table of indices allows no limit above `max_orbit_size`.
inline constexpr std::size_t default_orbit_limit = std::size_t{1} << 26;
inline constexpr std::size_t max_orbit_size = std::size_t{1} << 30;

/// The Schreier tree of a breadth-first search: element 0 is the root, parents come before children.
class schreier_tree {
 public:
  std::size_t size() const noexcept { return parents_.size(); }
  /// The element that i was found from, and the generator that led to it. Precondition: 0 < i < size().
  std::uint32_t parent(std::size_t i) const noexcept { return parents_[i]; }
  std::uint32_t generator(std::size_t i) const noexcept { return generators_[i]; }

  /// The generators on the path from the root to i, in order of application.
  std::vector<std::uint32_t> path(std::size_t i) const;
  /// The same as a word: letters +1, +2, ... for generators 0, 1, ...
  word path_word(std::size_t i) const;
  /// The product along the path; `identity` for the root.
  template <class Element>
  Element path_product(std::size_t i, std::span<const Element> generators, Element identity) const {
    const auto letters = path(i);
    if (letters.empty()) return identity;
    Element product = generators[letters.front()];
    for (std::size_t j = 1; j < letters.size(); ++j) product = product * generators[letters[j]];
    return product;
  }

  void add(std::uint32_t parent, std::uint32_t generator) {
    parents_.push_back(parent);
    generators_.push_back(generator);
  }

 private:
  std::vector<std::uint32_t> parents_;
  std::vector<std::uint32_t> generators_;
};

/// Throws resource_error: an orbit has more than `limit` elements.
[[noreturn]] void throw_orbit_limit(std::size_t limit, std::size_t generators);
/// Throws domain_error where `limit` is above max_orbit_size.
void check_orbit_limit(std::size_t limit);

/// An orbit in breadth-first order, the seed first; it keeps a copy of the generators for the transversal.
template <class X, class Element, class Hash = orbit_hash<X>>
class orbit_result {
 public:
  /// Runs the search; `orbit` is the door.
  template <group_action<Element, X> Action>
  orbit_result(std::vector<Element> generators, X seed, const Action& act, std::size_t limit)
      : generators_(std::move(generators)) {
    check_orbit_limit(limit);
    slots_.assign(16, 0);
    if (limit == 0) throw_orbit_limit(limit, generators_.size());
    insert(std::move(seed), 0, 0, limit);
    for (std::uint32_t i = 0; i < elements_.size(); ++i) {
      for (std::uint32_t g = 0; g < generators_.size(); ++g) insert(act(elements_[i], generators_[g]), i, g, limit);
    }
  }

  std::size_t size() const noexcept { return elements_.size(); }
  const std::vector<X>& elements() const noexcept { return elements_; }
  const X& operator[](std::size_t i) const noexcept { return elements_[i]; }
  const std::vector<Element>& generators() const noexcept { return generators_; }
  const schreier_tree& tree() const noexcept { return tree_; }

  /// The index of x; nothing where x is outside the orbit.
  std::optional<std::size_t> find(const X& x) const {
    const auto slot = slots_[slot_of(x, mixed_hash(x))];
    return slot == 0 ? std::nullopt : std::optional<std::size_t>((slot & 0xffffffffU) - 1);
  }
  bool contains(const X& x) const { return find(x).has_value(); }

  /// A word, shortest among those in the generators alone, that takes the seed to element i.
  word transversal_word(std::size_t i) const { return tree_.path_word(i); }

  /// The element that this word stands for; depth(i) - 1 products. Without generators Element{} stands for 1.
  Element transversal(std::size_t i) const {
    return tree_.path_product(i, std::span<const Element>(generators_),
                              i == 0 && !generators_.empty() ? generators_[0] * generators_[0].inverse() : Element{});
  }

 private:
  /// A finaliser of splitmix64: std::hash of an integer is the integer, and the low bits of points are no hash.
  std::uint64_t mixed_hash(const X& x) const {
    std::uint64_t h = Hash{}(x);
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
    return h ^ (h >> 31);
  }

  /// Linear probing. A slot holds the upper half of the hash, by which it is placed, and the index plus one.
  std::size_t slot_of(const X& x, std::uint64_t hash) const {
    const std::uint64_t tag = hash >> 32;
    for (std::size_t at = tag & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const auto slot = slots_[at];
      if (slot == 0 || (slot >> 32 == tag && elements_[(slot & 0xffffffffU) - 1] == x)) return at;
    }
  }

  void insert(X&& x, std::uint32_t parent, std::uint32_t generator, std::size_t limit) {
    const auto hash = mixed_hash(x);
    const auto at = slot_of(x, hash);
    if (slots_[at] != 0) return;
    if (elements_.size() == limit) throw_orbit_limit(limit, generators_.size());
    elements_.push_back(std::move(x));
    tree_.add(parent, generator);
    slots_[at] = (hash >> 32 << 32) | elements_.size();
    if (2 * elements_.size() > slots_.size()) grow();
  }

  void grow() {
    std::vector<std::uint64_t> larger(2 * slots_.size(), 0);
    for (const auto slot : slots_) {
      if (slot == 0) continue;
      std::size_t at = (slot >> 32) & (larger.size() - 1);
      while (larger[at] != 0) at = (at + 1) & (larger.size() - 1);
      larger[at] = slot;
    }
    slots_ = std::move(larger);
  }

  std::vector<Element> generators_;
  std::vector<X> elements_;
  schreier_tree tree_;
  std::vector<std::uint64_t> slots_;
};

/// The orbit of `seed` under the group that the generators span. Throws resource_error when it has more than `limit`
/// elements, domain_error when `limit` is above max_orbit_size. Expected time: orbit size times number of generators.
template <std::ranges::forward_range Generators, class X,
          group_action<std::ranges::range_value_t<Generators>, X> Action>
orbit_result<X, std::ranges::range_value_t<Generators>> orbit(const Generators& generators, X seed, const Action& act,
                                                              std::size_t limit = default_orbit_limit) {
  using element = std::ranges::range_value_t<Generators>;
  return {std::vector<element>(std::ranges::begin(generators), std::ranges::end(generators)), std::move(seed), act,
          limit};
}

/// How g permutes the elements of an orbit, by their indices: the image of g under the action homomorphism. Throws
/// domain_error naming the element that g takes out of the orbit.
[[noreturn]] void throw_leaves_orbit(std::size_t index, std::size_t size);
template <class X, class Element, class Hash, group_action<Element, X> Action>
permutation action_on(const orbit_result<X, Element, Hash>& orbit, const Element& g, const Action& act) {
  std::vector<point> images(orbit.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto image = orbit.find(act(orbit[i], g));
    if (!image) throw_leaves_orbit(i, orbit.size());
    images[i] = static_cast<point>(*image);
  }
  return permutation(images);
}

/// The orbit of a point, flat. It keeps a copy of the generators for the transversal.
class point_orbit {
 public:
  /// Throws domain_error when the seed or a generator does not fit the degree.
  point_orbit(std::span<const permutation> generators, std::size_t degree, point seed);

  std::size_t size() const noexcept { return points_.size(); }
  std::size_t degree() const noexcept { return positions_.size(); }
  /// In breadth-first order, the seed first.
  const std::vector<point>& points() const noexcept { return points_; }
  point operator[](std::size_t i) const noexcept { return points_[i]; }
  const schreier_tree& tree() const noexcept { return tree_; }
  const std::vector<permutation>& generators() const noexcept { return generators_; }

  std::optional<std::size_t> find(point x) const noexcept {
    if (!contains(x)) return std::nullopt;
    return positions_[x];
  }
  bool contains(point x) const noexcept { return x < positions_.size() && positions_[x] != absent; }

  word transversal_word(std::size_t i) const { return tree_.path_word(i); }
  permutation transversal(std::size_t i) const {
    return tree_.path_product(i, std::span<const permutation>(generators_), permutation(degree()));
  }

 private:
  static constexpr std::uint32_t absent = 0xffffffff;
  std::vector<permutation> generators_;
  std::vector<point> points_;
  std::vector<std::uint32_t> positions_;
  schreier_tree tree_;
};

/// All orbits on {0, ..., degree - 1}, fixed points included; each ascending, ordered by first points.
/// Linear in degree times generators. Throws domain_error when a generator has another degree.
std::vector<std::vector<point>> orbits(std::span<const permutation> generators, std::size_t degree);

/// The smallest point of each orbit, ascending.
std::vector<point> orbit_representatives(std::span<const permutation> generators, std::size_t degree);

/// For each point the number of its orbit; orbits are numbered by their smallest points.
std::vector<std::uint32_t> orbit_labels(std::span<const permutation> generators, std::size_t degree);

/// At most one orbit: on no points and on one point every group is transitive, as in GAP.
bool is_transitive(std::span<const permutation> generators, std::size_t degree);

/// The action on an invariant set of points, renumbered in ascending order: point i of the result is the i-th smallest
/// of `points`. Throws domain_error on a repeated point or when a generator leads out of the set.
std::vector<permutation> restrict_to(std::span<const permutation> generators, std::span<const point> points);

/// Throws domain_error naming the first generator whose degree is not `degree`.
void check_degrees(std::span<const permutation> generators, std::size_t degree);

}  // namespace cosetta::groups
