// A coordinate: the colourings into which a group of permutations moves one colouring of the labels, numbered from 0 (home).
//
// A state shows at each place the colour of the label that is there: a quotient of the Cayley graph by the stabilizer of the colouring (a
// Schreier graph), small enough to be listed. Coordinates are what pattern tables are indexed by, several together where one would not be
// enough: the tuple of the numbers of a state is a state of a larger quotient, and distances there are lower bounds (Culberson and
// Schaeffer, "Pattern databases", 1998).
//
// Generators are given by where they take the label at each place. A number is read off a few bits of colours at places, which
// together differ for every two of the colourings (checked when they are chosen), so that a vector of colours gives it by a few bit extracts.
// Internal to search/.
#pragma once

#include <kernels/pattern_search.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::search {

class coordinate {
 public:
  using images = std::vector<std::uint8_t>;  // of places, or colours of labels
  static constexpr std::size_t most_places = 250, most_tests = 64;

  using test = kernels::colour_test;  // one bit of the colour at a place

  /// Nothing when there are more than `limit` colourings, or when no 64 bits tell them apart. Preconditions: images of at most
  /// most_places places, a colour for each label (label v is at place v at home). Throws groups::stopped_error.
  static std::optional<coordinate> enumerate(std::span<const images> generators, const images& colours, std::size_t limit,
                                             const run_context& context = {});

  std::size_t size() const noexcept { return size_; }
  std::size_t generators() const noexcept { return generators_; }
  /// Generator g applied to colouring `id`.
  std::uint32_t next(std::uint32_t id, std::size_t g) const noexcept { return next_[id * generators_ + g]; }
  const std::uint32_t* row(std::uint32_t id) const noexcept { return next_.data() + id * generators_; }
  /// Of each label.
  const images& colours() const noexcept { return colours_; }

  /// The colour at each place in a colouring, found by going there from home. `generators`: those of enumerate.
  images arrangement(std::uint32_t id, std::span<const images> generators) const;

  /// The number of a colouring, by the colour at each place; any number, or number_table::none, for what is not one of them.
  std::uint32_t rank(const std::uint8_t* arrangement) const noexcept { return numbers().find(key(arrangement)); }
  /// The number of a state: `labels[i]` is at place i. Precondition: the group reaches it.
  std::uint32_t rank_of_labels(const std::uint8_t* labels) const noexcept;

  /// By bits, then by places; bit k of a key is test k.
  const std::vector<test>& tests() const noexcept { return tests_; }
  kernels::number_table numbers() const noexcept {
    return {direct_.empty() ? nullptr : direct_.data(), slots_.data(), slots_.size() - 1};
  }
  std::size_t bytes() const noexcept { return (next_.size() + direct_.size()) * sizeof(std::uint32_t) + slots_.size() * sizeof(kernels::number_table::slot); }

 private:
  static constexpr std::uint32_t none = kernels::number_table::none;

  std::uint64_t key(const std::uint8_t* arrangement) const noexcept {
    std::uint64_t out = 0;
    for (std::size_t k = 0; k < tests_.size(); ++k) out |= std::uint64_t{(arrangement[tests_[k].place] >> tests_[k].bit) & 1U} << k;
    return out;
  }
  bool choose_tests(const std::vector<std::uint8_t>& rows);
  void index(const std::vector<std::uint8_t>& rows);

  std::size_t size_ = 0, generators_ = 0;
  images colours_;
  std::vector<std::uint32_t> next_;
  std::vector<test> tests_;
  std::vector<std::uint32_t> direct_;  // by key, where keys are few
  std::vector<kernels::number_table::slot> slots_;           // otherwise
};

}  // namespace cosetta::search
