// A generator, compiled to act on packed states.
//
// A packed state is W words of 64 bits that hold fields: the labels of a permutation state or the entries of a matrix.
// A permutation generator only moves fields; all fields of one source word that travel the same distance move together
// as `rotl(word, r) & mask`, so L of LRX costs two such terms and a face turn of a cube about twenty, for eight states
// at once. A matrix generator also replaces some fields by linear combinations modulo m of fields of the same state.
// This form is exact for every width and needs no shuffle instruction. A field that holds a point goes through a table.
#pragma once

#include <cstdint>
#include <vector>

namespace cosetta::kernels {

/// new[target] |= rotl(old[source], rotation) & mask
struct field_move {
  std::uint32_t target;
  std::uint32_t source;
  std::uint32_t rotation;  // 0..63, to the left
  std::uint64_t mask;      // in the target word
};

/// coefficient * ((old[word] >> shift) & field_mask), coefficient in [1, m)
struct linear_term {
  std::uint32_t word;
  std::uint32_t shift;
  std::uint64_t coefficient;
};

/// new[target] |= ((constant + sum of terms) mod m) << shift
struct linear_field {
  std::uint32_t target;
  std::uint32_t shift;
  std::uint64_t constant;  // in [0, m)
  std::vector<linear_term> terms;
};

/// new[word] |= images[(old[word] >> shift) & mask] << shift
struct point_field {
  std::uint32_t word;
  std::uint32_t shift;
  std::uint64_t mask;                 // below 2^32
  std::vector<std::uint32_t> images;  // of every value that the field takes in a state
};

struct transition {
  std::vector<field_move> moves;
  std::vector<linear_field> fields;
  std::vector<point_field> points;
  std::uint64_t modulus = 0;     // of `fields`; 0 where there are none; otherwise 2 <= modulus < 2^63
  std::uint64_t field_mask = 0;  // the low bits that hold one entry
};

}  // namespace cosetta::kernels
