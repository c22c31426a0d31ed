// The plain index, for graphs of few states that no other one serves: all states, listed in lexicographic order. A model of
// `bit_sweep` that looks at states one by one. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/bit_sweep.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

class listed_numbering {
 public:
  static constexpr std::size_t most_states = std::size_t{1} << 18;

  static constexpr std::size_t most_entries = std::size_t{1} << 24;  // of all states together

  /// Finds all states; nothing where there are more than most_states, or larger ones. Throws groups::stopped_error, domain_error where
  /// an entry over Z leaves 64 bits.
  static std::optional<listed_numbering> make(const graphs::graph_definition& graph, const run_context& context);

  std::uint64_t size() const noexcept { return (states_->size() + 63) / 64 * 64; }
  const std::vector<graphs::state>& states() const noexcept { return *states_; }
  std::optional<std::uint64_t> index_of(const graphs::state& s) const;
  std::size_t bytes() const noexcept;

 private:
  explicit listed_numbering(std::shared_ptr<const std::vector<graphs::state>> states) : states_(std::move(states)) {}
  std::shared_ptr<const std::vector<graphs::state>> states_;
};

class listed_sweep {
 public:
  listed_sweep(const graphs::graph_definition& graph, listed_numbering numbering);

  std::uint64_t index_size() const noexcept { return numbering_.size(); }
  std::size_t bytes() const noexcept { return numbering_.bytes() + 8 * ball_.size() + 8 * layer_.capacity(); }
  void reset();
  std::optional<std::uint64_t> advance(parallel_tasks& tasks, const run_context& context, const layer_hooks& hooks);
  std::vector<graphs::state> states_of(std::uint64_t index) const { return {numbering_.states()[index]}; }
  std::optional<std::uint64_t> index_of(const graphs::state& s) const { return numbering_.index_of(s); }
  const listed_numbering& numbering() const noexcept { return numbering_; }

 private:
  graphs::graph_definition graph_;
  listed_numbering numbering_;
  std::vector<std::uint64_t> ball_;
  std::vector<std::uint64_t> layer_;  // the indices of the last one
};

}  // namespace cosetta::search
