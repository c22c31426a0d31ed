// A pattern database: the distance from home, modulo 3, of every tuple of numbers of some coordinates (coordinate.hpp), which is a
// lower bound for the distance of every state that shows them.
//
// Generators are closed under inversion, so that neighbours differ by at most 1: along a word a distance is followed from its residue
// (Cooperman and Finkelstein 1992), and that of one tuple is found by walking down. Two bits a tuple; 3 stands for a tuple that was not reached.
//
// A symmetry of the generating set that keeps the colouring of every coordinate, up to the names of the colours, permutes the numbers of
// each coordinate and keeps distances. The first coordinate is reduced: only tuples whose first number represents its orbit are
// stored; the others are taken there by a symmetry, which is then applied to the other numbers. Where a representative is fixed by
// symmetries the same tuple has several places, which hold the same.
//
// The breadth-first search goes forward from the last layer while that is small, and looks at what is not reached yet when that is less
// work. Internal to search/.
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

class pattern_table {
 public:
  static constexpr unsigned not_reached = 3;
  static constexpr std::size_t most_coordinates = 8;

  /// Precondition: each symmetry keeps the colouring of each coordinate; the identity is one of them.
  pattern_table(std::vector<std::shared_ptr<const coordinate>> coordinates, const std::vector<place_symmetry>& symmetries);
  /// Of the distances, without building them.
  std::uint64_t entries() const noexcept { return entries_; }
  std::size_t bytes() const noexcept;
  /// That a table of these coordinates would take with so many symmetries, about.
  static double bytes_estimate(std::span<const std::shared_ptr<const coordinate>> coordinates, std::size_t symmetries);

  /// Fills the table. Throws groups::stopped_error, resource_error where memory cannot be had.
  void build(const run_context& context);
  /// Tuples at each distance from home.
  const std::vector<std::uint64_t>& layers() const noexcept { return layers_; }

  std::size_t coordinates() const noexcept { return coordinates_.size(); }
  const coordinate& at(std::size_t j) const noexcept { return *coordinates_[j]; }
  /// Where a tuple is kept.
  std::uint64_t index(const std::uint32_t* ids) const noexcept {
    const auto first = ids[0];
    std::uint64_t out = class_of_[first];
    const auto k = symmetry_of_[first];
    for (std::size_t j = 1; j < coordinates_.size(); ++j) out = out * coordinates_[j]->size() + images_[j][k][ids[j]];
    return out;
  }
  unsigned residue(std::uint64_t index) const noexcept { return table_.data()[index / 32] >> 2 * (index % 32) & 3; }
  /// By walking down. Precondition: built, and the group reaches it.
  unsigned distance(const std::uint32_t* ids) const;

  // For kernels, which read plain arrays.
  const std::uint32_t* classes() const noexcept { return class_of_.data(); }
  const std::uint8_t* symmetries() const noexcept { return symmetry_of_.data(); }
  const std::uint32_t* images(std::size_t j, std::size_t k) const noexcept { return images_[j][k].data(); }
  std::size_t symmetry_count() const noexcept { return images_[0].size(); }
  const std::uint64_t* words() const noexcept { return table_.data(); }

 private:
  struct sweep;

  std::vector<std::shared_ptr<const coordinate>> coordinates_;
  std::vector<std::vector<std::vector<std::uint32_t>>> images_;  // [coordinate][symmetry][number]
  std::vector<std::uint32_t> class_of_;                           // of numbers of the first coordinate
  std::vector<std::uint8_t> symmetry_of_;                         // that takes it to its representative
  std::vector<std::uint32_t> representatives_;
  std::vector<std::uint32_t> orbit_sizes_;                   // of classes
  std::vector<std::vector<std::uint8_t>> stabilizers_;        // symmetries but the identity that fix a representative
  std::uint64_t rest_ = 1;                                     // tuples of the other coordinates
  std::uint64_t entries_ = 0;
  kernels::word_array table_;
  std::vector<std::uint64_t> layers_;
};

}  // namespace cosetta::search
