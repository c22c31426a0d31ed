// Block systems of a transitive permutation group given by generators: imprimitivity without a stabilizer chain.
//
// The finest system with given points in one block is found by union-find: M. D. Atkinson, An algorithm for finding
// the blocks of a permutation group, Math. Comp. 29 (1975). A system is determined by its block that holds 0, and the
// finest one with 0 and x in a block depends only on the orbit of x under the stabilizer of 0, the suborbit. Callers
// that know representatives of the suborbits pass them. Otherwise random elements, drawn with a fixed seed, show which
// pairs {0, x} give the same system: chance decides how much work is saved, never the result.
// The empty list of generators has no degree and is refused: pass the identity. Intransitive groups are refused, too.
#pragma once

#include <groups/permutation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cosetta::groups {

/// A partition of {0, ..., n-1} into blocks of equal size that a group permutes.
struct block_system {
  /// For each point the number of its block; blocks are numbered by their smallest points, so that equal systems have
  /// equal labels.
  std::vector<std::uint32_t> labels;
  std::size_t count = 0;  ///< number of blocks

  std::size_t degree() const noexcept { return labels.size(); }
  std::size_t block_size() const noexcept { return count == 0 ? 0 : labels.size() / count; }
  /// One block, or all blocks of one point.
  bool is_trivial() const noexcept { return count <= 1 || count == labels.size(); }
  /// Each ascending, by smallest points.
  std::vector<std::vector<point>> blocks() const;
  /// The block that holds x, ascending. Precondition: x < degree().
  std::vector<point> block_of(point x) const;

  bool operator==(const block_system&) const = default;
};

/// The finest block system that has all the given points in one block; the trivial ones are possible results.
/// Time: degree times generators times the inverse Ackermann function. Throws domain_error for an intransitive group.
block_system minimal_block_system(std::span<const permutation> generators, std::span<const point> points);

/// The nontrivial systems that refine no other nontrivial one's blocks further: minimal in the lattice, by block size,
/// then by the block of 0. `suborbit_representatives`: at least one point of every orbit of the stabilizer of 0 (0 may
/// be among them); trusted. Throws domain_error for an intransitive group.
std::vector<block_system> minimal_block_systems(std::span<const permutation> generators,
                                                std::span<const point> suborbit_representatives = {});

/// How many block systems `all_block_systems` makes before it gives up: elementary abelian groups have many.
inline constexpr std::size_t default_block_system_limit = std::size_t{1} << 16;

/// All nontrivial block systems, by block size, then by the block of 0. Throws domain_error for an intransitive group
/// and resource_error when there are more than `limit`.
std::vector<block_system> all_block_systems(std::span<const permutation> generators,
                                            std::span<const point> suborbit_representatives = {},
                                            std::size_t limit = default_block_system_limit);

/// Transitive without a nontrivial block system. Intransitive groups are not primitive; on no points and on one point
/// every group is, as in GAP 4.12.
bool is_primitive(std::span<const permutation> generators, std::span<const point> suborbit_representatives = {});

/// The finest common coarsening and the coarsest common refinement: join and meet of the block lattice. Precondition:
/// equal degrees.
block_system join(const block_system& a, const block_system& b);
block_system meet(const block_system& a, const block_system& b);
/// Every block of `fine` lies in a block of `coarse`. Precondition: equal degrees.
bool refines(const block_system& fine, const block_system& coarse);

/// The system of the given lists of points. Throws domain_error when they are no partition into lists of equal size.
block_system make_block_system(std::span<const std::vector<point>> blocks);

/// How each generator permutes the blocks, by their numbers. Throws domain_error naming a generator and a block that it
/// tears apart.
std::vector<permutation> block_action(std::span<const permutation> generators, const block_system& system);

}  // namespace cosetta::groups
