// The inside of one block of a coset tower: a subgroup H of at most 2^16 elements, cut into words, the left cosets tK
// of a subgroup K of order at most the word size. Element t k has the place (word size) * (number of tK) + (number of
// k).
//
// Left translation by s in H takes whole words to whole words: s t = t2 k2, so the word t pulls the word t2 through the
// bit permutation k -> k2 k. Conjugation by a symmetry of the generating set that normalises H and K acts likewise.
// Where K is a 2-group its elements are numbered along a series 1 = K_0 < K_1 < ... of subgroups of index 2, each of
// which the symmetries keep: bit j of a number tells the cosets of K_j in K_(j+1). A left translation permutes the left
// cosets of each K_j, so it changes bit j by a function of the higher bits: at most one exchange at each distance 2^j,
// the highest first. Internal to search/.
#pragma once

#include <groups/listed_group.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <vector>

namespace cosetta::search {

class tower_fibre {
 public:
  static constexpr std::size_t max_places = std::size_t{1}
                                            << 16;  // a move is `word size * word + translation` in 16 bits

  /// `classes`: for each element its class in Z/modulus (cyclic_quotient.hpp); all of K lies in class 0, and words are
  /// numbered by classes. `symmetries`: permutations that normalise H, the first of them the identity, a 2-group.
  /// `word_size`: a power of two up to 64, the places in a word. Chooses K; places are numbered by number().
  tower_fibre(std::shared_ptr<const groups::listed_group> h, std::vector<std::uint8_t> classes, unsigned modulus,
              std::span<const groups::permutation> symmetries, unsigned word_size, std::uint64_t seed);
  /// Numbers words and places, before which only the size of K, classes and conjugates may be asked for.
  void number();

  const groups::listed_group& group() const noexcept { return *h_; }
  std::shared_ptr<const groups::listed_group> shared_group() const noexcept { return h_; }
  unsigned word_size() const noexcept { return word_size_; }
  /// |H| / |K|; once they are numbered, with those that fill classes up.
  std::size_t words() const noexcept { return words_; }
  /// |K|
  unsigned used_bits() const noexcept { return used_bits_; }
  /// Number k of K.
  std::uint32_t subgroup_element(unsigned k) const noexcept { return k_[k]; }
  bool is_two_group() const noexcept { return two_group_; }
  /// K is invariant under all symmetries that were given.
  bool keeps_symmetries() const noexcept { return keeps_symmetries_; }
  /// The words of class c are among [class_begin(c), class_begin(c + 1)); some at the end of a class may be empty.
  std::uint32_t class_begin(unsigned c) const noexcept { return class_begin_[c]; }
  unsigned modulus() const noexcept { return modulus_; }
  std::uint8_t class_of(std::uint32_t element) const noexcept { return classes_[element]; }

  std::uint32_t place(std::uint32_t element) const noexcept { return places_[element]; }
  /// listed_group::absent where the place stands for no element.
  std::uint32_t element(std::uint32_t place) const noexcept { return elements_[place]; }

  std::size_t variants() const noexcept { return conjugates_.size(); }
  /// w^-1 h w for the given symmetry w.
  std::uint32_t conjugate(std::size_t variant, std::uint32_t h) const noexcept { return conjugates_[variant][h]; }

  /// out[w] = word_size() * w2 + k2 where s * (w^-1 t_w w) = t_(w2) k2, for all words.
  void pattern(std::size_t variant, std::uint32_t s, std::uint16_t* out) const;
  /// out[k] = number of k2 * (w^-1 k w); places that stand for nothing stay where they are.
  void bit_permutation(std::size_t variant, unsigned k2, std::uint8_t* out) const;

 private:
  bool allows(const std::vector<std::uint32_t>& subgroup) const;
  std::vector<std::uint32_t> grow_two_group(std::mt19937_64& random) const;
  std::vector<std::uint32_t> grow_any(std::mt19937_64& random) const;
  std::vector<std::uint32_t> closure(std::vector<std::uint32_t> generators) const;

  std::shared_ptr<const groups::listed_group> h_;
  std::vector<std::uint8_t> classes_;
  unsigned modulus_;
  unsigned word_size_;
  std::vector<std::vector<std::uint32_t>> conjugates_;
  unsigned used_bits_ = 1;
  bool two_group_ = true;
  bool keeps_symmetries_ = true;
  std::vector<std::uint32_t> k_;         // number of k -> element
  std::vector<std::uint32_t> places_;    // element -> place
  std::vector<std::uint32_t> elements_;  // place -> element
  std::vector<std::uint32_t> class_begin_;
  std::size_t words_ = 0;
};

}  // namespace cosetta::search
