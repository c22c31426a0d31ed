// A pattern database: the distance to home of every tuple of numbers of some coordinates (coordinate.hpp), which is a lower bound for
// the distance of every state that shows them (Culberson and Schaeffer 1998).
//
// Four bits a tuple, or eight where distances are large; the largest value stands for all distances from it on, and for tuples that
// the group does not reach. Whole distances and not residues, for the tuples of inverse states do not change by steps of one along a path.
//
// A symmetry of the generating set that keeps the colouring of every coordinate, up to the names of the colours, permutes the numbers of
// each coordinate and keeps distances. The head, one or more coordinates whose common refinement is kept, is reduced: only tuples whose
// head represents its orbit are stored; the others are taken there by a symmetry, which is then applied to the other numbers. Where a
// representative is fixed by symmetries the same tuple has several places, which hold the same.
//
// The breadth-first search goes forward from the last layer while that is small; after that, where generators are closed under inversion,
// it looks at what is not reached yet. Internal to search/.
#pragma once

#include <kernels/word_array.hpp>
#include <search/coordinate.hpp>
#include <search/run_context.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cosetta::search {

/// A symmetry w of a generating set: it renames places and labels alike.
struct place_symmetry {
  coordinate::images images;               // w[i]
  std::vector<std::uint32_t> generators;  // w g w^-1, by number
};

/// Whether w takes each class of equal colours to a class of equal colours.
bool keeps_colouring(const place_symmetry& w, const coordinate::images& colours);

struct pattern_parts {
  std::vector<std::shared_ptr<const coordinate>> head, rest;
  unsigned bits = 4;  // or 8
};

class pattern_table {
 public:
  static constexpr std::size_t most_coordinates = 8;

  /// Coordinates are those of the inverse generators, where these are not closed under inversion: their paths lead from home.
  /// Preconditions: each symmetry keeps the common refinement of the head's colourings and each of the others; the identity is the first.
  pattern_table(pattern_parts parts, const std::vector<place_symmetry>& symmetries, bool inverse_closed);

  std::uint64_t entries() const noexcept { return entries_; }
  std::size_t bytes() const noexcept;
  unsigned bits() const noexcept { return bits_; }
  unsigned largest() const noexcept { return (1U << bits_) - 1; }

  /// Fills the table. Throws groups::stopped_error, resource_error where memory cannot be had.
  void build(const run_context& context);
  /// Tuples at each distance below largest().
  const std::vector<std::uint64_t>& layers() const noexcept { return layers_; }

  std::size_t coordinates() const noexcept { return coordinates_.size(); }
  std::size_t head() const noexcept { return head_; }  // the first so many
  const coordinate& at(std::size_t j) const noexcept { return *coordinates_[j]; }
  /// Where a tuple is kept. Precondition: the group reaches it.
  std::uint64_t index(const std::uint32_t* ids) const noexcept {
    const auto joint = joint_of(ids);
    std::uint64_t out = reduced_[joint] >> kernels::pattern_view::symmetry_bits;
    const auto k = reduced_[joint] & kernels::pattern_view::symmetry_mask;
    for (std::size_t j = head_; j < coordinates_.size(); ++j) out = out * coordinates_[j]->size() + images_[j - head_][k][ids[j]];
    return out;
  }
  /// Whether the group reaches the tuple's head. Precondition: numbers of colourings.
  bool is_reached(const std::uint32_t* ids) const noexcept { return reduced_[joint_of(ids)] != kernels::number_table::none; }
  /// Or largest(), where it is at least that.
  unsigned distance(const std::uint32_t* ids) const noexcept { return value(index(ids)); }

  // For kernels, which read plain arrays.
  const std::uint32_t* reduced() const noexcept { return reduced_.data(); }
  const std::uint32_t* images(std::size_t j, std::size_t k) const noexcept { return images_[j - head_][k].data(); }
  std::size_t symmetry_count() const noexcept { return symmetry_count_; }
  const std::uint64_t* words() const noexcept { return table_.data(); }

 private:
  template <unsigned Bits>
  struct sweep;

  std::uint32_t joint_of(const std::uint32_t* ids) const noexcept {
    std::uint32_t out = ids[0];
    for (std::size_t j = 1; j < head_; ++j) out = out * static_cast<std::uint32_t>(coordinates_[j]->size()) + ids[j];
    return out;
  }
  std::uint32_t joint_next(std::uint32_t joint, std::size_t g) const noexcept;
  unsigned value(std::uint64_t index) const noexcept {
    const unsigned per_word = 64 / bits_;
    return static_cast<unsigned>(table_.data()[index / per_word] >> bits_ * (index % per_word) & largest());
  }
  void reduce_head(const std::vector<place_symmetry>& symmetries);
  template <unsigned Bits>
  void build_layers(const run_context& context);

  std::vector<std::shared_ptr<const coordinate>> coordinates_;
  std::size_t head_, symmetry_count_;
  unsigned bits_;
  bool inverse_closed_;
  std::vector<std::vector<std::vector<std::uint32_t>>> images_;  // [coordinate behind the head][symmetry][number]
  std::vector<std::uint32_t> reduced_;                            // of joint numbers of the head: kernels::pattern_view
  std::vector<std::uint32_t> representatives_;
  std::vector<std::uint32_t> orbit_sizes_;             // of classes
  std::vector<std::vector<std::uint8_t>> stabilizers_;  // symmetries but the identity that fix a representative
  std::uint64_t rest_ = 1;                               // tuples of the other coordinates
  std::uint64_t entries_ = 0;
  kernels::word_array table_;
  std::vector<std::uint64_t> layers_;
};

}  // namespace cosetta::search
