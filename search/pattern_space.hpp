// A graph of permutations as pattern tables see it: the places that move, the class of labels at each place at home, the generators
// by where they take what is at a place, and the symmetries of all that. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/pattern_table.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::search {

class pattern_space {
 public:
  using images = coordinate::images;
  static constexpr std::size_t most_symmetries = 120;  // below kernels::pattern_view::symmetry_mask

  /// Around the state `home`. Nothing, with the reason, for matrices, generators that are not closed under inversion, or more than
  /// coordinate::most_places moving places. Throws groups::stopped_error.
  static std::optional<pattern_space> of(const graphs::graph_definition& graph, const graphs::state& home, std::string& reason,
                                         const run_context& context = {});

  std::size_t places() const noexcept { return positions_.size(); }
  std::size_t generators() const noexcept { return moves_.size(); }
  /// The number of a generator in the graph.
  std::size_t generator(std::size_t g) const noexcept { return numbers_[g]; }
  const std::vector<groups::permutation>& elements() const noexcept { return elements_; }  // on the moving places
  const std::vector<images>& moves() const noexcept { return moves_; }
  /// Classes of labels, numbered from 0 in the order of places; equal labels in different orbits of places are different.
  const images& home() const noexcept { return home_; }
  bool distinct() const noexcept { return distinct_; }
  /// Orbit of each place.
  const images& orbits() const noexcept { return orbits_; }
  std::size_t orbit_count() const noexcept { return orbit_count_; }
  /// That keep the classes of labels; no two act alike on the generators; the identity first.
  const std::vector<place_symmetry>& symmetries() const noexcept { return symmetries_; }

  /// The classes of the labels of a state; nothing where its labels are not those of home, orbit by orbit.
  std::optional<images> labels(const graphs::state& s) const;

 private:
  void find_symmetries();

  std::vector<std::size_t> positions_, numbers_;
  std::vector<groups::permutation> elements_;
  std::vector<images> moves_;
  images home_, orbits_, class_orbits_;
  std::vector<std::uint64_t> home_labels_;  // by class
  std::size_t orbit_count_ = 0;
  bool distinct_ = false;
  std::vector<place_symmetry> symmetries_;
};

}  // namespace cosetta::search
