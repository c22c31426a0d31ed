// Growth of Cayley graphs of small permutation groups, without set-up: the elements of S_n are their lexicographic ranks, and a generator is
// a table of n! ranks.
//
// A table holds the rank of "first x, then p", that is of p[x[0]] p[x[1]] ...; the k-th sphere is the set of products of k generators and no
// fewer in either order of factors, so that the spheres, and their states, are those of the engines.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::conjecture {

struct ranked_growth {
  bool complete = true;
  std::vector<std::uint64_t> layers;
  std::optional<std::uint64_t> girth;                  // of a complete search; nothing where there is no cycle, or where it was not asked for
  std::vector<std::vector<std::uint64_t>> last_layer;  // ascending; all of it, or nothing where it has too many
};

struct ranked_options {
  bool girth = false;
  std::size_t last_layer = 0;                // keep the last layer where it has at most so many states
  std::uint64_t max_states = std::uint64_t{1} << 62;  // the largest ball with no more is all that is given
  std::function<bool(std::span<const std::uint64_t>)> is_enough = {};  // asked after each layer, given all so far: true ends the search there, not complete
};

class ranked_search {
 public:
  static constexpr std::size_t max_degree = 9;

  /// Precondition: degree <= max_degree. Takes some 7 n! bytes, and 4 n! for each generator of a run.
  explicit ranked_search(std::size_t degree);

  /// Distances in the group that the generators span. The set counts as closed under inversion when it is: then the girth is that of the
  /// simple undirected graph, and otherwise the length of the shortest directed cycle. Precondition: distinct generators of this degree, none
  /// the identity.
  ranked_growth run(std::span<const groups::permutation> generators, const ranked_options& options = {});

  std::size_t bytes() const noexcept;

 private:
  using table = std::vector<std::uint32_t>;
  struct known_table {
    groups::permutation generator;
    std::uint64_t run = 0;  // the last one that used it
    table ranks;
  };

  const table& table_of(const groups::permutation& p, std::size_t keep);
  std::optional<std::uint64_t> girth(std::span<const table* const> tables, bool closed);
  std::vector<std::uint64_t> unrank(std::uint32_t rank) const;

  std::size_t degree_;
  std::vector<std::uint32_t> factorials_;
  std::vector<std::uint32_t> queue_;
  std::vector<std::uint16_t> distance_;
  std::vector<std::uint8_t> marked_;
  std::vector<known_table> tables_;
  std::uint64_t run_ = 0;
};

}  // namespace cosetta::conjecture
