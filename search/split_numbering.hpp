// The arrangements of two labels on the moved positions of a graph by their bits in a split index (split_index.hpp).
// Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/split_index.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

/// The two labels of a state on some positions: the one that counts as a one is the rarer, of two as frequent the greater.
struct label_pair {
  std::uint64_t one = 0;
  std::uint64_t zero = 0;
  unsigned ones = 0;
};
/// Nothing where the positions show another number of labels.
std::optional<label_pair> two_labels(const graphs::state& central, const std::vector<std::uint32_t>& positions);

class split_numbering {
 public:
  /// `positions`: those of A from its lowest on, then those of B; all others keep the labels of `central`. Trusts its
  /// arguments.
  split_numbering(graphs::state central, std::vector<std::uint32_t> positions, const label_pair& labels,
                  std::shared_ptr<const split_index> index);

  /// Bits, of which not all stand for states.
  std::uint64_t size() const noexcept { return 512 * index_->lines(); }
  const std::vector<std::uint32_t>& positions() const noexcept { return positions_; }
  unsigned columns() const noexcept { return index_->columns(); }

  std::optional<std::uint64_t> index_of(const graphs::state& state) const;
  /// Nothing for a bit that stands for no state.
  std::optional<graphs::state> state_of(std::uint64_t index) const;

 private:
  graphs::state central_;
  std::vector<std::uint32_t> positions_;
  label_pair labels_;
  std::shared_ptr<const split_index> index_;
};

}  // namespace cosetta::search
