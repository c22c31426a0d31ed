// The states in one block of a colour tower (colour_tower.hpp): the colourings into which a subgroup H moves the central one.
//
// A colouring is a row of colours of points; s in H moves f to f∘s, (f∘s)[a] = f[s[a]]. Points whose colour no element of H
// changes are left out. The colourings are numbered in colexicographic order, H-orbit by H-orbit, so that where H is a product the
// first factor has the low numbers. They are recognised by a sum of random numbers, one for each point and colour (Zobrist 1970),
// which is checked to be injective on them. Internal to search/.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace cosetta::search {

class colour_fibre {
 public:
  using images = std::vector<std::uint8_t>;  // of points, or colours of points
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t most_states = 65536;

  /// `colours` of all points; generators of H as images of points. Null when there are more than `most` colourings.
  static std::shared_ptr<const colour_fibre> make(const images& colours, const std::vector<images>& generators, std::size_t most = most_states);

  std::size_t size() const noexcept { return size_; }
  std::size_t words() const noexcept { return (size_ + 63) / 64; }
  /// Points whose colour changes.
  const images& active() const noexcept { return active_; }
  /// Of the active points, in the order of active().
  const std::uint8_t* colouring(std::size_t f) const noexcept { return colourings_.data() + f * active_.size(); }
  /// The number of the colouring with `colours` of all points, as far as they are active; none if there is none.
  std::uint32_t number(const std::uint8_t* colours) const noexcept;

  /// The numbers of f∘s for f = first, ..., first + count - 1; none beyond size(). `s`: images of points, an element of H.
  void sources(const std::uint8_t* s, std::size_t first, std::size_t count, std::uint32_t* out) const;

  std::size_t bytes() const noexcept;

 private:
  colour_fibre() = default;
  bool enumerate(const images& colours, const std::vector<images>& generators, std::size_t most);
  void index();
  std::uint64_t key_of(std::size_t active, std::uint8_t colour) const noexcept { return keys_[active * 256 + colour]; }
  std::uint32_t find(std::uint64_t key) const noexcept;

  std::size_t size_ = 0;
  images active_;
  std::vector<std::uint8_t> place_;  // point -> its place in active_
  std::vector<std::uint8_t> colourings_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint64_t> sums_;  // of each colouring
  std::vector<std::uint32_t> table_;
};

}  // namespace cosetta::search
