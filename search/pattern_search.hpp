// Shortest words by depth-first search with growing depth limits (IDA*: Korf, "Depth-first iterative-deepening", 1985, and "Finding optimal
// solutions to Rubik's cube using pattern databases", 1997), for permutations whose generators are closed under inversion.
//
// Lower bounds come from one or more pattern tables, each read several times: for the state, renamed by symmetries of the generating
// set that change the table's colouring, and, where labels are distinct, for the inverse state, whose distance is the same. Words that an
// automaton of relations rules out are left out. A depth that ends without a word proves that there is none of that length. The
// first word in the order of generators is found, on any number of threads.
#pragma once

#include <kernels/pattern_search.hpp>
#include <search/growth.hpp>
#include <search/pattern_space.hpp>
#include <search/pattern_table.hpp>
#include <search/word_automaton.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

class pattern_search {
 public:
  static constexpr std::uint64_t most_length = 2000;  // of words; beyond it a search ends as one whose nodes are spent

  struct result {
    bool found = false;
    search::limit limit = search::limit::none;
    std::vector<std::size_t> word;  // numbers of the graph's generators
    std::uint64_t lower_bound = 0;  // no word is shorter
    std::uint64_t nodes = 0;
  };

  /// Chooses lookups among those of the tables (built): greedily by what they add to the mean bound of random states.
  pattern_search(pattern_space space, std::vector<std::shared_ptr<const pattern_table>> tables, kernels::instruction_set instructions);

  /// Words of at least `least` letters, which is a proven bound, and at most `most`. No depth is begun that is expected, by the growth from
  /// depth to depth, to take more than `most_nodes`: limit memory says that. Precondition: may_reach(labels).
  result solve(const pattern_space::images& labels, std::uint64_t least, std::uint64_t most, std::uint64_t most_nodes, const run_context& context) const;

  /// False when some coordinate does not list what the state shows: then no element of the group takes it home.
  bool may_reach(const pattern_space::images& labels) const;

  /// The greatest bound of the lookups.
  unsigned bound(const pattern_space::images& labels) const;
  /// The sum of their bounds.
  unsigned bounds(const pattern_space::images& labels) const;
  std::size_t lookups() const noexcept { return problem_.lookups.size(); }
  double mean_bound() const noexcept { return mean_bound_; }
  const pattern_space& space() const noexcept { return space_; }

 private:
  struct lookup_source {
    std::size_t table, symmetry;
    bool inverse;
  };

  std::vector<lookup_source> possible_lookups() const;
  kernels::pattern_lookup lookup_of(const lookup_source& source) const;
  void choose_lookups();
  struct prefix {
    kernels::pattern_node node;
    std::vector<std::uint16_t> word;
  };
  std::vector<prefix> beginnings(const kernels::pattern_node& root, unsigned length, std::uint64_t& nodes) const;
  /// A word of exactly `length` letters; nothing also when it was stopped.
  std::optional<std::vector<std::uint16_t>> look_at(const kernels::pattern_node& root, unsigned length, std::uint64_t& nodes, bool& stopped,
                                                    const run_context& context) const;
  kernels::pattern_node node_of(const pattern_space::images& labels) const;
  void move(const kernels::pattern_node& from, std::size_t g, kernels::pattern_node& to) const;
  unsigned bound_of(kernels::pattern_node& node) const;
  bool advance(const kernels::pattern_node& from, std::size_t g, unsigned remaining, kernels::pattern_node& to) const;

  pattern_space space_;
  std::vector<std::shared_ptr<const pattern_table>> tables_;
  word_automaton automaton_;
  std::vector<std::shared_ptr<kernels::pattern_view>> views_;
  kernels::pattern_problem problem_;
  const kernels::pattern_search_kernels* kernels_;
  double mean_bound_ = 0;
};

}  // namespace cosetta::search
