// A coset tower: all elements of a permutation group as bits, so that a generator maps whole blocks to whole blocks.
//
// The graph's generators act by left multiplication, x -> p x (a state moves as new[i] = old[p[i]]). Left
// multiplication permutes the left cosets x H of a subgroup H, which are the blocks, and inside them the left cosets of
// K < H, which are the words (tower_fibre.hpp). With a representative r_c of each block, element r_c h is the bit
// `place(h)` of block c, and
//     p^-1 r_c h = r_c' (s h),  s = r_c'^-1 p^-1 r_c in H:
// block c pulls from block c' through the pattern s. Representatives are free: along the orbits of one generator g0
// they are chosen as r, g0 r, g0^2 r, ... (the gauge), which makes its pattern the identity except where an orbit
// closes. The first of an orbit is the lexicographically least of its coset (coset_numbering.hpp), which keeps the
// patterns few.
//
// Vectors. Let U be a group of eight elements that fix supp(H) point by point, so that U and H commute and meet in 1. A
// block may be a left coset of H x U instead: p^-1 r_c (u h) = r_c' (u' u)(s h), so that the eight words that belong to
// one word of H, the "lanes" of a vector, are moved by one and the same (word, translation), and all vectors of a block
// permute their lanes by u -> u' u (kernels/vector_blocks.hpp). For S_n with H = S_8 that takes n >= 12. Where layers
// are graded modulo 2, U must lie in class 0, and the centralizer may have no such U but an involution too many in
// class 1. Then U is twisted: its elements are u = f(q) q, with q in a group of order eight that fixes supp(H), and
// f(q) = tau where q has class 1, 1 elsewhere, for an involution tau of class 1 in H that normalises K. With u' = f'
// q',
//     p^-1 r_c (t k) u = r_c' (s q') (t k) u = r_c' (s (t k) f'^-1) (u' u),
// so the twist is one more conjugation: s t k f'^-1 = (s f'^-1) (f' t k f'^-1).
//
// A symmetry w of the generating set that normalises H takes blocks to blocks: of each orbit of blocks under the
// symmetries one is stored, and what is read from another comes from its stored image through the conjugated pattern.
// Layers are unions of orbits, so a stored block counts as often as its orbit is long. Blocks are stored along the
// orbits of g0 as far as no symmetry has provided for the next one: a "cell", within which the gauge holds.
//
// The arrays are plain data, the same for every backend.
#pragma once

#include <groups/cyclic_quotient.hpp>
#include <groups/permutation_group.hpp>
#include <search/coset_numbering.hpp>
#include <search/run_context.hpp>
#include <search/tower_fibre.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

/// What a tower is made of, chosen before anything large is allocated.
struct tower_design {
  std::vector<groups::permutation> generators;  // distinct, none the identity
  groups::permutation_group group;              // with the chain that is cut
  std::size_t level = 0;                        // H is the stabilizer of this many base points
  std::shared_ptr<tower_fibre> fibre;
  std::shared_ptr<tower_fibre> lanes;                          // of vectors: U is the first word of this group, in words of eight; or null
  std::vector<std::uint32_t> twists;  // f(q) of the eight lanes, as elements of H; empty where all are 1
  std::vector<groups::permutation> symmetries;  // a group, the identity first
  std::size_t gauge = 0;                        // the generator g0
  std::uint32_t modulus = 1;                    // every generator has class 1 in Z/modulus
  double cost = 0;                              // estimated, of all passes; comparable between designs only

  /// Of H.
  std::uint64_t cosets() const;
  /// Number l of U.
  groups::permutation lane(std::size_t l) const;
  /// Of a block.
  std::size_t block_words() const { return fibre->words() * (lanes ? 8 : 1); }
  std::uint64_t block_states() const { return fibre->group().size() * (lanes ? 8 : 1); }
};

class coset_tower {
 public:
  static constexpr std::uint16_t plain = 0;  // the pattern of the identity

  /// Preconditions: at most tower_fibre::max_places places; where there are lanes, words of H and U that are filled, U
  /// in class 0. Throws domain_error where there are more than 2^31 blocks or 65535 patterns, groups::stopped_error.
  coset_tower(tower_design design, const run_context& context);

  const tower_design& design() const noexcept { return design_; }
  std::size_t blocks() const noexcept { return weights_.size(); }
  std::size_t words() const noexcept { return design_.fibre->words(); }  // of H
  bool has_lanes() const noexcept { return design_.lanes != nullptr; }
  std::size_t lanes() const noexcept { return has_lanes() ? 8 : 1; }
  std::size_t block_words() const noexcept { return words() * lanes(); }
  std::size_t generators() const noexcept { return design_.generators.size(); }
  std::size_t patterns() const noexcept { return pattern_variants_.size(); }
  /// Blocks that a stored one stands for.
  std::uint32_t weight(std::size_t block) const noexcept { return weights_[block]; }
  std::uint8_t block_class(std::size_t block) const noexcept { return classes_[block]; }
  /// generators() entries: the block that `block` pulls from, and through which pattern.
  const std::uint32_t* sources(std::size_t block) const noexcept { return sources_.data() + block * generators(); }
  const std::uint16_t* source_patterns(std::size_t block) const noexcept {
    return patterns_.data() + block * generators();
  }
  /// words() moves, 64 * word + translation; bit permutations of variant v begin at 64 * v. Variants are those of the
  /// fibre: first the symmetries, then the symmetries followed by the twist.
  const std::uint16_t* moves(std::size_t pattern) const noexcept { return moves_.data() + pattern * words(); }
  std::uint8_t variant(std::size_t pattern) const noexcept { return pattern_variants_[pattern]; }
  /// With lanes, generators() entries: how the lanes of the source are permuted, 8 * symmetry + number of u'.
  const std::uint8_t* source_lanes(std::size_t block) const noexcept {
    return lane_patterns_.data() + block * generators();
  }
  double plain_fraction() const noexcept { return plain_fraction_; }
  std::size_t bytes() const noexcept;

  struct address {
    std::uint32_t block;
    std::uint32_t place;     // in H
    std::uint32_t lane = 0;  // in U
    bool operator==(const address&) const = default;
  };
  /// Bits of storage, and which of them an address is.
  std::uint64_t index_size() const noexcept { return 64 * static_cast<std::uint64_t>(blocks()) * block_words(); }
  std::uint64_t index_of(address at) const;
  address address_of(std::uint64_t index) const;

  /// unit_store.hpp, for the blocks.
  std::vector<std::uint32_t> last_windows(std::size_t window) const;
  std::size_t kept_back(std::size_t window) const;

  /// Where the element, or its image under a symmetry, is stored. Precondition: a member of the group.
  address locate(const groups::permutation& x) const;
  groups::permutation element(address at) const;
  /// A number that two towers share only if they number the same elements in the same way (up to an accident of 2^-64):
  /// of all arrays, and of the addresses of some elements.
  std::uint64_t fingerprint() const;

 private:
  using point = coset_numbering::point;

  std::vector<point> conjugate_images(const point* y, std::size_t variant) const;
  std::vector<point> tracked_images(const groups::permutation& x) const;
  bool claim(const std::vector<point>& y, std::uint32_t block, std::uint8_t variant);
  void number_blocks(const run_context& context);
  void connect(const run_context& context);
  void colour();
  void order_cells();
  void renumber(const std::vector<std::uint32_t>& numbers);

  tower_design design_;
  coset_numbering numbering_;
  std::vector<groups::permutation> inverse_symmetries_;       // of design().symmetries
  std::vector<std::vector<std::uint16_t>> tracked_preimage_;  // of a symmetry: tracked place i -> place of w^-1 of it
  std::vector<std::uint32_t> block_of_;                       // coset -> stored block
  std::vector<std::uint8_t> variant_of_;                      // coset -> symmetry that takes it to the stored block
  std::vector<std::uint8_t> lane_of_;                         // coset of a stored block -> number in U
  std::vector<std::vector<std::uint16_t>> lane_preimage_;     // of u: base point i -> tracked place of u^-1 of it
  std::vector<point> representatives_;                        // tracked images of the inverses of the r_c
  std::vector<std::uint32_t> weights_;
  std::vector<std::uint32_t>
      cell_begins_;  // blocks along an orbit of g0, and their number at the end; until all is built
  std::vector<std::uint8_t> classes_;
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint16_t> patterns_;
  std::vector<std::uint16_t> moves_;
  std::vector<std::uint8_t> pattern_variants_;
  std::vector<std::uint8_t> lane_patterns_;
  double plain_fraction_ = 0;
};

}  // namespace cosetta::search
