#pragma once

// Plane-cut twisty puzzles: a Platonic solid whose face planes are at distance 1 from the centre is cut by planes
// perpendicular to its face, edge-midpoint or vertex normals; a sticker is a cell of the cut surface, a move turns one
// slab between two neighbouring parallel cuts by the smallest rotation that keeps the solid.
// Convention: a move is the image array of the stickers' journey, p[a] = b when the sticker at a goes to b; the turn is
// clockwise as seen from outside at the nearer end of the axis ("U", then "2U" below it). Of each axis all slabs turn,
// both halves of a central cut included, except the middle one when their number is odd; so rotations of the whole
// puzzle are no moves, and what no move displaces is no sticker.
// Source: the construction is T. Rokicki's, "PuzzleGeometry" (2018), written here from the mathematics alone.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::graphs {

struct puzzle_geometry_result {
  // One for each move: the grip, preceded by the depth of the slab when it is not the outermost ("F", "UFR", "2U").
  // Grips on edges and vertices are named by their faces; those of solids with names of several letters as "U_F_R".
  std::vector<std::string> names;
  // Image arrays, all of one degree; not inverse closed (one direction for each slab).
  std::vector<std::vector<std::uint32_t>> moves;
  // The central state: equal labels are stickers that cannot be told apart (same colour, same colours of the whole
  // piece, same orbit of the turns of all slabs, the middle ones included), numbered from 0 by first occurrence.
  std::vector<std::uint32_t> colours;
};

struct puzzle_description {
  std::string_view name;            // "megaminx"
  std::string_view shape_and_cuts;  // "dodecahedron, faces at 0.7"
  std::string_view remark;          // empty when there is nothing to say
};

// Every puzzle that make_puzzle knows, sorted by name (as bytes). The views live as long as the program.
std::span<const puzzle_description> known_puzzles();

// The puzzle of that name. Precondition: it is one of known_puzzles(); throws std::invalid_argument otherwise.
// Throws std::logic_error if a turn fails to permute the stickers (an error in the table, never in the input).
// Time O(planes * stickers + axes * stickers * log(stickers)).
puzzle_geometry_result make_puzzle(std::string_view name);

}  // namespace cosetta::graphs
