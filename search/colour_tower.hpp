// A colour tower: the states of a Schreier graph as bits, so that a generator maps whole blocks to whole blocks.
//
// The states are the left cosets x St of the stabilizer St of the central colouring: x stands for the state i -> central[x[i]],
// and a generator p takes x to p x. Some of the colours are merged, or the points of a piece (a block of imprimitivity) show their
// colours without order; H is the stabilizer of the coarser colouring, St < H < G. The
// blocks are the left cosets x H: coarse colourings that the group reaches. With a representative r of a block, its states are
// r h St, h in H: the colourings f = central∘h (colour_fibre.hpp) seen through r, i -> f[r[i]]. For a generator p
//     p^-1 r h = r' (s h),  s = r'^-1 p^-1 r in H:
// block r pulls from block r', bit f from bit f∘s. The pattern s acts on colourings by a fixed permutation, which is compiled once
// (kernels/bit_moves.hpp); patterns that agree on the active points are one.
//
// Representatives are free. The canonical one takes the base of H, point by point, to the least possible positions (as in
// coset_numbering.hpp): where H is the full product of symmetric groups, the points of each merged colour in increasing order; so
// patterns depend on few things and are few. Along the orbits of one generator g0 (the gauge), if that is cheaper, they are
// r, g0 r, g0^2 r, ..., from the block with the least coarse colouring on; g0 then has the trivial pattern but where orbits close.
//
// A state is numbered 64 * words() * block + number in the fibre. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/bit_moves.hpp>
#include <search/colour_fibre.hpp>
#include <search/run_context.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

/// What the generators of a graph move: points, and colours as small numbers. Colours in different orbits are different colours.
struct coloured_points {
  using images = colour_fibre::images;
  static constexpr std::size_t most_points = 250;

  /// Nothing when more than most_points points are moved.
  static std::optional<coloured_points> of(const graphs::graph_definition& graph);

  std::vector<std::uint32_t> positions;        // of the state, ascending
  images colours;                              // of each point in the central state
  std::vector<std::uint64_t> labels;           // of each colour: what the state has
  images orbits;                               // of each colour: which orbit of the group it is in
  std::vector<images> generators;              // distinct, none the identity
  std::size_t size() const noexcept { return positions.size(); }
};

/// A coarser colouring: colours are merged, and a point shows the colours of the whole piece that it is part of, without their order.
struct coarsening {
  colour_fibre::images merged;  // of each colour: its coarse colour
  colour_fibre::images pieces;  // of each point: its block in a system of blocks of the group; empty: points are pieces by themselves
};

/// The left cosets of H: canonical representatives and keys.
class colour_cosets {
 public:
  using images = colour_fibre::images;
  static constexpr std::size_t no_gauge = std::numeric_limits<std::size_t>::max();

  /// `subgroup`: H, or null where it is the whole product of the symmetric groups on the classes of the coarse colouring, which
  /// then has no pieces.
  colour_cosets(std::shared_ptr<const coloured_points> points, coarsening coarser, std::shared_ptr<const groups::permutation_group> subgroup);

  /// What each point shows in a state of which the colours of the points are given; nothing where it is something else than in the
  /// central state.
  static std::optional<images> coarse(const coarsening& coarser, const images& central, const images& colours);

  const coloured_points& points() const noexcept { return *points_; }
  /// Coarse colour of each point in the central state.
  const images& coarse() const noexcept { return coarse_; }
  const coarsening& coarser() const noexcept { return coarser_; }
  /// Merged colours that occur.
  std::size_t classes() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(classes_, [](const auto& points) { return !points.empty(); }));
  }
  std::vector<images> subgroup_generators() const;

  /// Replaces y by the canonical representative of y H.
  void reduce(images& y) const;
  /// Replaces y by the representative in the gauge of a generator.
  void reduce(images& y, std::size_t gauge) const;
  /// The first block of the gauge's orbit that y H is in: canonical. Returns how often the gauge is to be applied to it.
  std::size_t lead(images& y, std::size_t gauge) const;

  /// A key of y H, not injective.
  std::uint64_t key(const std::uint8_t* y) const noexcept;
  std::uint64_t key_of_coarse(const std::uint8_t* coarse) const noexcept;
  /// -1, 0, 1 as the coarse colouring of x H is below that of y H, equal, above.
  int compare(const std::uint8_t* x, const std::uint8_t* y) const noexcept;

 private:
  struct level {
    std::vector<std::uint8_t> orbit;
    std::vector<images> rows;  // transversal elements
  };

  std::shared_ptr<const coloured_points> points_;
  coarsening coarser_;
  images coarse_;
  std::vector<images> classes_;  // points of each coarse colour, ascending
  std::shared_ptr<const groups::permutation_group> subgroup_;
  std::vector<level> levels_;        // of the chain of H
  std::vector<std::uint64_t> keys_;  // position and coarse colour
};

/// What a tower is made of, chosen before anything large is allocated (colour_choice.hpp).
struct colour_design {
  std::shared_ptr<const colour_cosets> cosets;
  std::shared_ptr<const colour_fibre> fibre;
  std::size_t gauge = colour_cosets::no_gauge;
  std::uint64_t states = 0;      // |G : St|
  std::uint64_t blocks = 0;      // |G : H|
  double cost = 0;               // estimated ns of a state and layer
  double layers = 0;             // estimated: how often a state is looked at
  std::size_t table_bytes = 0;   // estimated, of the patterns
  std::size_t patterns = 0;      // estimated
};

class colour_tower {
 public:
  using images = colour_fibre::images;
  static constexpr std::uint16_t plain = 0;

  /// Throws domain_error where there are more than 65535 patterns or their tables exceed `table_limit`, groups::stopped_error.
  colour_tower(colour_design design, kernels::bit_move_forms forms, std::size_t table_limit, const run_context& context);

  /// Numbers states, and no more: patterns() is 0.
  colour_tower(colour_design design, const run_context& context);

  const colour_design& design() const noexcept { return design_; }
  std::size_t blocks() const noexcept { return blocks_; }
  std::size_t words() const noexcept { return design_.fibre->words(); }
  std::size_t generators() const noexcept { return generators_; }
  std::size_t patterns() const noexcept { return moves_.size(); }
  /// generators() entries: the block that `block` pulls from, and through which pattern.
  const std::uint32_t* sources(std::size_t block) const noexcept { return sources_.data() + block * generators_; }
  const std::uint16_t* source_patterns(std::size_t block) const noexcept { return patterns_.data() + block * generators_; }
  const kernels::bit_moves& moves(std::size_t pattern) const noexcept { return moves_[pattern]; }
  double plain_fraction() const noexcept { return plain_fraction_; }
  double block_cost() const noexcept;  // estimated ns of all moved sources of a block, on average
  std::size_t bytes() const noexcept;

  /// unit_store.hpp, for the blocks.
  std::vector<std::uint32_t> last_windows(std::size_t window) const;
  std::size_t kept_back(std::size_t window) const;

  /// A whole state, and its number; `central` is the graph's.
  std::optional<graphs::state> state(std::uint64_t index, const graphs::state& central) const;
  std::optional<std::uint64_t> index(const graphs::state& state, const graphs::state& central) const;
  std::uint64_t index_size() const noexcept { return 64 * static_cast<std::uint64_t>(blocks()) * words(); }

 private:
  static constexpr std::uint32_t no_block = std::numeric_limits<std::uint32_t>::max();

  void find_blocks(const run_context& context);
  void order_blocks();
  void connect(kernels::bit_move_forms forms, std::size_t table_limit, const run_context& context);
  void find_sources();
  std::uint32_t find(const std::uint8_t* y) const noexcept;
  void enter(std::uint32_t block);
  void renumber(const std::vector<std::uint32_t>& order);
  std::uint8_t* representative(std::size_t block) noexcept { return representatives_.data() + block * n_; }
  const std::uint8_t* representative(std::size_t block) const noexcept { return representatives_.data() + block * n_; }

  colour_design design_;
  std::size_t n_;
  std::size_t generators_;
  std::size_t blocks_ = 0;
  std::vector<images> inverses_;               // of the generators
  std::vector<std::uint8_t> representatives_;  // n_ images each
  std::vector<std::uint32_t> cells_;           // first blocks of the orbits of the gauge, or every block; until the end
  std::vector<std::uint32_t> table_;           // of blocks, by their keys
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint16_t> patterns_;
  std::vector<kernels::bit_moves> moves_;
  double plain_fraction_ = 0;
};

}  // namespace cosetta::search
