#include <groups/generator_symmetry.hpp>

#include <algorithm>
#include <cstdint>

namespace cosetta::groups {

namespace {

constexpr std::uint32_t unassigned = ~std::uint32_t{0};

class symmetry_search {
 public:
  symmetry_search(std::span<const permutation> generators, std::size_t most, std::size_t budget)
      : generators_(generators), degree_(generators.front().degree()), most_(most), budget_(budget) {
    for (const auto& g : generators_) {
      types_.push_back(cycle_type(g));
      std::vector<std::uint32_t> lengths(degree_, 1);
      for (const auto& cycle : cycles(g)) {
        for (const auto p : cycle) lengths[p] = static_cast<std::uint32_t>(cycle.size());
      }
      lengths_.push_back(std::move(lengths));
    }
    image_.assign(degree_, unassigned), preimage_.assign(degree_, unassigned);
    map_.assign(generators_.size(), unassigned), taken_.assign(generators_.size(), unassigned);
    for (point p = 0; p < degree_; ++p) {
      const bool moved = std::ranges::any_of(lengths_, [&](const auto& l) { return l[p] > 1; });
      moved ? moved_.push_back(p) : static_cast<void>(image_[p] = preimage_[p] = p);
    }
  }

  generator_symmetries run() {
    descend();
    // The identity is found, for every point and generator may go to itself, but not always first.
    auto& all = result_.elements;
    const auto one = std::ranges::find_if(all, [](const permutation& w) { return w.is_identity(); });
    if (one == all.end()) {
      all.insert(all.begin(), permutation(degree_));
    } else {
      std::iter_swap(all.begin(), one);
    }
    return std::move(result_);
  }

 private:
  /// Assignments made since a mark, so that they can be taken back.
  struct step {
    bool is_point;
    std::uint32_t from;
  };

  bool assign_point(std::uint32_t x, std::uint32_t y) {
    if (image_[x] == y) return true;
    if (image_[x] != unassigned || preimage_[y] != unassigned) return false;
    for (std::size_t g = 0; g < generators_.size(); ++g) {
      if (map_[g] != unassigned && lengths_[g][x] != lengths_[map_[g]][y]) return false;
    }
    image_[x] = y, preimage_[y] = x;
    trail_.push_back({true, x});
    return true;
  }
  bool assign_generator(std::uint32_t g, std::uint32_t h) {
    if (map_[g] == h) return true;
    if (map_[g] != unassigned || taken_[h] != unassigned || types_[g] != types_[h]) return false;
    map_[g] = h, taken_[h] = g;
    trail_.push_back({false, g});
    return true;
  }
  /// Follows all consequences of the assignments from trail position `from` on.
  bool propagate(std::size_t from) {
    for (; from < trail_.size(); ++from) {
      const auto [is_point, at] = trail_[from];
      if (is_point) {
        for (std::uint32_t g = 0; g < generators_.size(); ++g) {
          if (map_[g] != unassigned && !assign_point(generators_[g][at], generators_[map_[g]][image_[at]])) return false;
        }
      } else {
        for (const auto x : moved_) {
          if (image_[x] == unassigned) continue;
          if (lengths_[at][x] != lengths_[map_[at]][image_[x]]) return false;
          if (!assign_point(generators_[at][x], generators_[map_[at]][image_[x]])) return false;
        }
      }
    }
    return true;
  }
  void take_back(std::size_t mark) {
    while (trail_.size() > mark) {
      const auto [is_point, from] = trail_.back();
      trail_.pop_back();
      auto& image = is_point ? image_[from] : map_[from];
      (is_point ? preimage_ : taken_)[image] = unassigned;
      image = unassigned;
    }
  }

  bool spent() {
    if (result_.elements.size() < most_ && budget_ > 0) return false;
    result_.complete = false;
    return true;
  }

  template <class Assign>
  void branch(std::uint32_t from, std::size_t images, const Assign& assign) {
    // Its own image first, so that symmetries with many fixed points come early.
    for (std::size_t i = 0; i < images && !spent(); ++i) {
      const auto to = static_cast<std::uint32_t>(i == 0 ? from : i <= from ? i - 1 : i);
      --budget_;
      const auto mark = trail_.size();
      if (assign(from, to) && propagate(mark)) descend();
      take_back(mark);
    }
  }

  void descend() {
    // A generator that moves a point whose image is known leaves the fewest choices.
    for (std::uint32_t g = 0; g < generators_.size(); ++g) {
      if (map_[g] != unassigned) continue;
      if (std::ranges::none_of(moved_, [&](auto x) { return image_[x] != unassigned && lengths_[g][x] > 1; })) continue;
      branch(g, generators_.size(), [this](auto from, auto to) { return assign_generator(from, to); });
      return;
    }
    for (const auto x : moved_) {
      if (image_[x] != unassigned) continue;
      branch(x, degree_, [this](auto from, auto to) { return assign_point(from, to); });
      return;
    }
    result_.elements.emplace_back(image_);
  }

  std::span<const permutation> generators_;
  std::size_t degree_;
  std::size_t most_, budget_;
  std::vector<std::vector<std::size_t>> types_;
  std::vector<std::vector<std::uint32_t>> lengths_;  // of the cycle that holds a point
  std::vector<std::uint32_t> moved_;
  std::vector<std::uint32_t> image_, preimage_, map_, taken_;
  std::vector<step> trail_;
  generator_symmetries result_;
};

}  // namespace

generator_symmetries symmetries_of(std::span<const permutation> generators, std::size_t most, std::size_t budget) {
  return symmetry_search(generators, most, budget).run();
}

}  // namespace cosetta::groups
