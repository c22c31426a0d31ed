// The moves of a path search: packed states, and each generator with its inverse as transitions of them.
//
// Everything that can be reached from a state, or can reach it, has one packing (packed_graph around that state and under
// the generators and their inverses), which is injective: equal keys are equal states. Matrices over Z, whose entries have
// no bound, are kept as they are, one word an entry. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/frontier.hpp>
#include <search/packed_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cosetta::search {

enum class direction { forward, backward };

class path_moves {
 public:
  path_moves(const graphs::graph_definition& graph, const graphs::state& around,
             std::optional<kernels::instruction_set> instructions);

  std::size_t words() const noexcept { return words_; }
  /// Generators that act, each once; generator(i) is the first number of move i.
  std::size_t size() const noexcept { return moves_.size(); }
  std::size_t generator(std::size_t i) const noexcept { return moves_[i].generator; }

  /// Precondition: in each orbit of positions the labels of `around`.
  std::vector<std::uint64_t> pack(const graphs::state& s) const;
  graphs::state unpack(const std::uint64_t* packed) const;

  /// out = the images of a block (frontier.hpp) under generator(i) or its inverse.
  void apply(direction d, std::size_t i, const std::uint64_t* in, std::uint64_t* out, std::size_t lanes) const;
  std::vector<std::uint64_t> image(direction d, std::size_t i, const std::vector<std::uint64_t>& packed) const;
  void hash(const std::uint64_t* block, std::uint64_t* hashes, std::size_t lanes) const {
    kernels_.hash(block, hashes, words_, lanes);
  }

 private:
  struct move {
    std::size_t generator;
    std::size_t transition;  // in packed_->transitions()
    std::size_t inverse;
  };

  template <class Set>
  void compile(const Set& generators, const graphs::state& around, bool packed);

  const kernels::frontier_kernels& kernels_;
  std::size_t words_ = 0;
  std::vector<move> moves_;
  std::optional<packed_graph> packed_;                // not over Z
  std::optional<graphs::graph_definition> definition_;  // the generators, then their inverses
};

}  // namespace cosetta::search
