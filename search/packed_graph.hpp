// A graph definition compiled to packed states: where each label or entry lies in W words, and each generator as a
// kernels::transition.
//
// Permutation states: positions that no generator moves are dropped; labels are renumbered within each orbit of
// positions, since a label never leaves its orbit, and take ceil(log2 k) bits where the orbit shows k labels; an orbit
// of one label is dropped. A large orbit that shows one label at one position and another label everywhere else, as the
// Schreier graph of points or cosets does, is packed as the number of that position. Matrix states: entries that are
// the same in every state reachable (found as the greatest set of entries that the generators keep constant) are
// dropped; the others take the bits of m - 1. A matrix over Z is computed modulo a power of two that exceeds twice the
// largest entry that `max_depth` steps can produce. The packing is injective on the states of the graph, so equality of
// packed states is equality of states.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/transition.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cosetta::search {

class packed_graph {
 public:
  /// Throws domain_error for a group over Z without `max_depth`, and resource_error when its entries may leave 62 bits
  /// within that depth. Generators that act trivially or as an earlier one are dropped.
  packed_graph(const graphs::graph_definition& graph, std::optional<std::uint64_t> max_depth);

  std::size_t words() const noexcept { return words_; }
  /// Bits in use of a state, at most 64 * words().
  std::size_t bits() const noexcept { return bits_; }
  const std::vector<kernels::transition>& transitions() const noexcept { return transitions_; }
  bool is_inverse_closed() const noexcept { return inverse_closed_; }

  std::vector<std::uint64_t> pack(const graphs::state& s) const;
  graphs::state unpack(const std::uint64_t* packed) const;

 private:
  struct field {
    std::uint32_t position;  // in the state
    std::uint32_t word;
    std::uint32_t shift;
    std::uint32_t bits;
    std::uint32_t alphabet;  // index of its labels; unused for matrices
    std::uint64_t mask() const noexcept { return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; }
  };

  /// An orbit that is packed as the number, within it, of the one position that bears `label`.
  struct mark {
    field at;                              // `position` and `alphabet` are unused
    std::vector<std::uint32_t> positions;  // ascending
    std::uint64_t label;
    std::uint64_t other;  // label of all other positions
  };

  void compile_permutations(const graphs::permutation_set& set);
  void compile_matrices(const graphs::graph_definition& graph, std::optional<std::uint64_t> max_depth);
  void place(std::uint32_t position, std::uint32_t bits, std::uint32_t alphabet);
  bool place_mark(const std::vector<std::uint32_t>& orbit);

  graphs::state central_;
  bool inverse_closed_;
  bool integers_ = false;      // matrices over Z
  std::uint64_t modulus_ = 0;  // of packed matrix entries
  std::size_t words_ = 1;
  std::size_t bits_ = 0;
  std::size_t used_ = 0;  // bits of the last word
  std::vector<field> fields_;
  std::vector<mark> marks_;
  std::vector<std::vector<std::uint64_t>> alphabets_;  // code -> label, ascending
  std::vector<kernels::transition> transitions_;
};

}  // namespace cosetta::search
