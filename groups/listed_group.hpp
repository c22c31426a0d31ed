// All elements of a small permutation group, written out: the subgroup H_level of a stabilizer chain as rows of images of
// the points that it moves.
//
// Elements are numbered by the chain's mixed radix, the identity is 0. An element is found again by its images of the base
// points, which determine it: a trie of one node for each partial tuple of images, so that a look-up costs one load a level
// and no product. For the fibres of coset towers, where every element of H is looked up many times.
#pragma once

#include <groups/stabilizer_chain.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::groups {

class listed_group {
 public:
  using local = std::uint16_t;  // a moved point, by its place in support()
  static constexpr std::uint32_t absent = ~std::uint32_t{0};
  static constexpr std::size_t max_size = std::size_t{1} << 16;

  /// Writes out H_level, 0 <= level <= chain.length(). Throws resource_error where it has more than max_size elements or
  /// moves more than 4096 points.
  listed_group(const stabilizer_chain& chain, std::size_t level);

  std::size_t size() const noexcept { return size_; }
  /// The points that some element moves, ascending.
  std::span<const point> support() const noexcept { return support_; }
  /// The base points of the levels below, as places in support().
  std::span<const local> base() const noexcept { return base_; }

  /// Images of support(): row(e)[i] is the place in support() of the image of support()[i].
  const local* row(std::size_t element) const noexcept { return rows_.data() + element * support_.size(); }
  permutation element(std::size_t index, std::size_t degree) const;

  /// The element with these images of base(), all below support().size(); absent if there is none.
  std::uint32_t find(const local* base_images) const noexcept {
    std::uint32_t node = 0;
    for (std::size_t level = 0; level < base_.size(); ++level) {
      node = trie_[node + base_images[level]];
      if (node == absent) return absent;
    }
    return node;
  }
  /// First a, then b.
  std::uint32_t product(std::size_t a, std::size_t b) const noexcept {
    local images[max_base];
    const auto *first = row(a), *then = row(b);
    for (std::size_t j = 0; j < base_.size(); ++j) images[j] = then[first[base_[j]]];
    return find(images);
  }
  std::uint32_t inverse(std::size_t a) const;

  static constexpr std::size_t max_base = 24;  // 2^16 elements and no trivial level leave at most 16

 private:
  std::size_t size_ = 1;
  std::vector<point> support_;
  std::vector<local> base_;
  std::vector<local> rows_;
  std::vector<std::uint32_t> trie_;  // inner nodes: offset of the child's row; last level: element
};

}  // namespace cosetta::groups
