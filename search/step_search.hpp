// One step of a subgroup chain: pair tables over its coordinates, and the words of a given cost that lead home.
//
// A table holds for each pair of colourings the least cost of a word that takes both home, a lower bound for the whole tuple (perfect
// for the pair), found breadth-first from home by the inverse moves, so that directed graphs are right. The search goes depth-first and
// turns back where a bound exceeds what is left (Korf, iterative deepening, 1985). Of two moves that commute the smaller number comes first,
// and none follows where the two together are the identity or another move of no greater cost: each element keeps a cheapest word.
// Internal to search/.
#pragma once

#include <groups/permutation.hpp>
#include <search/coordinate.hpp>
#include <search/run_context.hpp>
#include <search/step_coordinates.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace cosetta::search {

struct step_move {
  groups::permutation element;
  std::vector<std::size_t> word;  // in the generators; its length is the cost
  bool inside = false;            // in the subgroup that the step leads into: no word ends with it
};

/// For each move those that may follow it.
std::vector<std::vector<std::uint16_t>> canonical_successors(std::span<const step_move> moves);
/// By how much the words of such sequences multiply with each unit of cost.
double branching(std::span<const step_move> moves);

class step_search {
 public:
  using ids = std::array<std::uint32_t, most_coordinates>;
  static constexpr std::uint8_t unreachable = 255;

  /// Precondition: the coordinates' generators are the moves. Throws groups::stopped_error.
  step_search(std::vector<step_move> moves, std::vector<coordinate> coordinates, std::uint64_t table_limit, const run_context& context);

  const std::vector<step_move>& moves() const noexcept { return moves_; }
  const std::vector<coordinate>& coordinates() const noexcept { return coordinates_; }
  std::size_t bytes() const noexcept;

  /// Precondition: the group of the moves holds it.
  ids ids_of(const groups::permutation& state) const noexcept;
  /// No word of less cost takes them home.
  unsigned bound(const ids& at) const noexcept;

  /// What a search may use, and what it has used.
  struct effort {
    std::uint64_t nodes = 0;
    std::uint64_t stop_at = 0;                       // nodes at which `more` is asked
    const std::function<bool()>* more = nullptr;  // moves stop_at on, or says that this is the end; nothing: it is
  };
  /// Calls found(moves) for each canonical word of exactly this cost that leads home, until it returns true. False when the effort was
  /// spent; true when all words were seen or found said so.
  bool search(const ids& from, unsigned cost, effort& spent, const std::function<bool(std::span<const std::uint16_t>)>& found) const;

 private:
  struct pair_table {
    std::size_t a = 0, b = 0;
    std::uint32_t stride_a = 0, stride_b = 0;  // both 0: no table
    std::vector<std::uint8_t> costs;
  };
  template <std::size_t K, class Id, bool Unit>
  struct descent;

  void fill(pair_table& t, const run_context& context) const;
  template <class Id>
  std::vector<Id> packed_moves(std::size_t k) const;

  std::vector<step_move> moves_;
  std::vector<coordinate> coordinates_;
  std::vector<pair_table> tables_;
  std::vector<std::uint64_t> allowed_;  // bits of the moves that may follow each move, at last the empty word
  std::vector<std::uint8_t> costs_;
  bool unit_costs_ = true;
  std::vector<std::vector<std::uint16_t>> narrow_;  // where each colouring goes by each move, as 16 bits where all coordinates allow it
  std::vector<std::vector<std::uint32_t>> wide_;
};

}  // namespace cosetta::search
