// The inner loop of a search by depth with pattern tables (Korf 1997): all words of a length, from a state to home, but for
// those that a table or an automaton rules out.
//
// A state is two rows of bytes: the label at each place and, where labels are distinct, the place of each label, which is the inverse state.
// A table holds distances of tuples of numbers; a number is found from a few bits of the colours at places
// (search/coordinate.hpp), one byte shuffle and a bit extract for each bit of the colours on AVX-512.
// One table serves many lookups: of the state and of its inverse, renamed by symmetries. Children of a node are numbered together,
// so that reads of the table overlap. Plain views throughout; search/pattern_search.hpp owns what they show.
#pragma once

#include <kernels/instruction_set.hpp>
#include <kernels/number_table.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

inline constexpr std::size_t most_pattern_lookups = 32;
inline constexpr std::size_t pattern_row_bytes = 256;
inline constexpr std::size_t small_pattern_row = 64;  // rows of at most so many places are shuffled at once

struct colour_test {
  std::uint8_t place, bit;
};

/// Tests of one bit of the colours, at places below 64.
struct colour_plane {
  std::uint64_t places;
  std::uint8_t bit;    // a mask
  std::uint8_t shift;  // of these places in the key
};

struct pattern_numbers {
  std::vector<colour_test> tests;    // by bit, then place: bit k of the key is test k
  std::vector<colour_plane> planes;  // the same, where places are below 64
  number_table numbers;
  std::uint64_t size = 0;
  std::vector<const std::uint32_t*> images;  // by symmetry: of each number; not of the head
};

struct pattern_view {
  std::vector<pattern_numbers> coordinates;
  std::size_t head = 1;                      // the first so many have one joint number
  static constexpr unsigned symmetry_bits = 7, symmetry_mask = 127;
  const std::uint32_t* reduced = nullptr;  // of joint numbers: the class, and in the low bits the symmetry that takes it to what represents it
  const std::uint64_t* words = nullptr;
  unsigned bits = 4;  // a tuple: 4 or 8
};

/// Of the row x as seen through a symmetry w: places[i] is w^-1[i], colours[j][v] the colour, in coordinate j, of w[v].
struct pattern_lookup {
  const pattern_view* table = nullptr;
  bool inverse = false;   // of the places of labels instead of the labels at places
  std::vector<std::uint8_t> places;                // pattern_row_bytes
  std::vector<std::vector<std::uint8_t>> colours;  // pattern_row_bytes each
};

struct alignas(64) pattern_node {
  std::uint8_t labels[pattern_row_bytes];
  std::uint8_t places[pattern_row_bytes];
  std::uint8_t first = 0;  // the lookup that gave the largest distance
  std::uint16_t automaton = 0;
};

struct pattern_problem {
  std::size_t places = 0, generators = 0;
  std::vector<std::vector<std::uint8_t>> moves, inverse_moves;  // rows of pattern_row_bytes, the identity beyond `places`
  std::vector<pattern_lookup> lookups;
  const std::uint16_t* automaton = nullptr;  // [state][generator]; 0xffff: never
  std::vector<std::uint8_t> home;            // labels
  bool distinct = true;                      // labels; otherwise `places` of nodes are not kept
};

/// Room for searches of up to `length` letters.
struct pattern_scratch {
  pattern_scratch(std::size_t length, std::size_t generators) : children(length * generators), alive(length * generators), at(length * generators), most(length * generators) {}
  std::vector<pattern_node> children;
  std::vector<std::uint32_t> alive;
  std::vector<std::uint64_t> at;
  std::vector<std::uint8_t> most;
};

struct pattern_search_result {
  bool found = false;
  bool cancelled = false;
  std::uint64_t nodes = 0;  // children that were made
};

struct pattern_search_kernels {
  instruction_set set;

  /// The distance that a lookup gives.
  unsigned (*distance)(const pattern_problem& problem, const pattern_lookup& lookup, const pattern_node& node);

  /// The first word of exactly `length` letters from the node to home, in the order of generators, that the automaton does not
  /// forbid; it is written to `word`. Looks at `cancel` now and then.
  pattern_search_result (*search)(const pattern_problem& problem, const pattern_node& node, unsigned length, std::uint16_t* word, pattern_scratch& scratch,
                                  const std::atomic<bool>& cancel);
};

/// Precondition: is_supported(set).
const pattern_search_kernels& pattern_search_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
