// An estimate of the distance of a permutation from the identity that needs no training: the sum, over all pairs of labels, of the
// exact distance of the two from home, all other labels taken away.
//
// A state is given by the positions of its labels: q[v] is where label v is; generator p moves it to p^-1 q. Two labels alone have at
// most n (n - 1) places, so their distances are a table of a breadth-first search backwards from home. Two goals are offered:
// `home`, the places of the identity, and `rotation`, those of the identity or of any power z of one generator that is a single cycle.
// The second leaves out what the last turn costs, which `home` counts n times; a table then serves all pairs (z v, z w), for by
// renaming labels their goals are the same. The sum is no lower bound: it orders the states of a beam.
// Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/pair_sums.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cosetta::search {

class pair_tables {
 public:
  enum class goal { home, rotation };
  static constexpr std::size_t most_points = 250;

  /// Nothing for `rotation` where no generator is a single cycle. Preconditions: permutations of at most most_points points.
  /// Throws groups::stopped_error.
  static std::optional<pair_tables> make(const graphs::graph_definition& graph, goal to, const run_context& context = {});
  /// Of the tables, at most.
  static std::size_t bytes_for(std::size_t n, goal to) noexcept { return (to == goal::home ? n / 2 : 1) * n * n * n + n * n * sizeof(labels); }

  /// `positions`: of the n labels. The plain reference of sums().
  std::uint32_t score(const std::uint8_t* positions) const noexcept {
    std::uint32_t sum = 0;
    for (const auto& pair : pairs_) sum += distances_[pair.table + positions[pair.first] * n_ + positions[pair.second]];
    return sum;
  }
  /// The same sums in batches: entries for places that no element of the group has are 0.
  kernels::pair_sums sums() const;
  std::size_t tables() const noexcept { return distances_.size() / (n_ * n_); }
  std::size_t bytes() const noexcept { return distances_.size() + pairs_.size() * sizeof(labels); }
  /// Of the labels v, w at these places; 255 where it is at least that, or they are not brought home.
  unsigned distance(std::size_t v, std::size_t w, std::size_t at_v, std::size_t at_w) const noexcept;

 private:
  struct labels {
    std::uint32_t table;  // its first entry
    std::uint8_t first, second;
  };

  std::size_t n_ = 0;
  std::vector<labels> pairs_;             // each unordered pair once, by tables
  std::vector<std::uint8_t> distances_;  // tables of n^2 bytes
};

}  // namespace cosetta::search
