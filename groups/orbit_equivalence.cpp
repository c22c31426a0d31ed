#include <groups/integers.hpp>
#include <groups/orbit.hpp>
#include <groups/orbit_equivalence.hpp>
#include <groups/random_transversal.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

constexpr point unset = std::numeric_limits<point>::max();

/// Adds to each orbit's hash the cycle lengths of one more element on it: isomorphic orbits have equal ones. A sum over
/// the cycles, so that their order does not matter. `image(x)` is the element.
template <class Image>
void add_cycle_lengths(const Image& image, std::uint64_t element, const std::vector<std::uint32_t>& labels,
                       std::vector<std::uint64_t>& hashes) {
  std::vector<bool> seen(labels.size(), false);
  for (point x = 0; x < labels.size(); ++x) {
    if (seen[x]) continue;
    std::uint64_t length = 0;
    for (point y = x; !seen[y]; y = image(y)) {
      seen[y] = true;
      ++length;
    }
    hashes[labels[x]] += mixed(length + (element << 32) + 0x9e3779b97f4a7c15ULL);
  }
}

class orbit_matcher {
 public:
  orbit_matcher(std::span<const permutation> generators, std::size_t degree)
      : generators_(generators),
        labels_(orbit_labels(generators, degree)),
        orbits_(orbits(generators, degree)),
        hashes_(orbits_.size(), 0),
        images_(degree, unset) {
    for (std::size_t g = 0; g < generators.size(); ++g) {
      add_cycle_lengths([&](point x) { return generators[g][x]; }, g, labels_, hashes_);
    }
  }

  const std::vector<std::vector<point>>& all() const noexcept { return orbits_; }
  std::uint32_t orbit_of(point x) const noexcept { return labels_[x]; }
  /// Orbits with different signatures are not isomorphic.
  std::pair<std::size_t, std::uint64_t> signature(std::size_t orbit) const {
    return {orbits_[orbit].size(), hashes_[orbit]};
  }

  /// The bijection that takes the first point of `from` to the smallest possible point of `to`.
  std::optional<std::vector<point>> match(std::size_t from, std::size_t to) {
    if (signature(from) != signature(to) || random_hash(from) != random_hash(to)) return std::nullopt;
    std::vector<point> candidates = orbits_[to];
    if (auto found = extend(from, candidates[0])) return found;
    refute_by_random_elements();
    if (random_hash(from) != random_hash(to)) return std::nullopt;
    const point a = orbits_[from][0];
    if (!rooted_[from]) source_->add_root(a);
    rooted_[from] = true;
    candidates.erase(candidates.begin());
    while (!candidates.empty()) {
      keep_fixed(a, candidates);
      if (candidates.empty()) break;
      if (auto found = extend(from, candidates[0])) return found;
      candidates.erase(candidates.begin());
    }
    return std::nullopt;
  }

 private:
  /// Extends a -> b, for the first point a of `from`, along all generators; nothing at the first contradiction. What is
  /// consistent is onto, since it commutes with the generators of a transitive group, and so bijective by size.
  std::optional<std::vector<point>> extend(std::size_t from, point b) {
    const auto& source = orbits_[from];
    queue_.assign(1, source[0]);
    images_[source[0]] = b;
    bool consistent = true;
    for (std::size_t i = 0; i < queue_.size() && consistent; ++i) {
      const point x = queue_[i];
      const point y = images_[x];
      for (const auto& g : generators_) {
        const point next = g[x];
        if (images_[next] == unset) {
          images_[next] = g[y];
          queue_.push_back(next);
        } else if (images_[next] != g[y]) {
          consistent = false;
          break;
        }
      }
    }
    std::optional<std::vector<point>> out;
    if (consistent) {
      out.emplace(source.size());
      for (std::size_t i = 0; i < source.size(); ++i) (*out)[i] = images_[source[i]];
    }
    for (const auto x : queue_) images_[x] = unset;
    return out;
  }

  /// Drops candidates that a random element of the stabilizer of a moves; they have another stabilizer.
  void keep_fixed(point a, std::vector<point>& candidates) {
    constexpr int attempts = 8;  // the random trees need not reach all of the orbit
    for (int attempt = 0; attempt < attempts; ++attempt) {
      const auto* g = source_->next();
      const auto path = source_->path_to_root(g[a]);
      if (!path) continue;
      std::erase_if(candidates, [&](point b) {
        point image = g[b];
        for (const auto* step : *path) image = step[image];
        return image != b;
      });
      return;
    }
  }

  /// Random elements are costly to start, and in most groups no pair of orbits needs them.
  void refute_by_random_elements() {
    if (source_) return;
    constexpr std::uint64_t elements = 8;
    source_ = std::make_unique<random_transversal>(generators_, labels_.size(), 0x0eb175);
    random_hashes_.assign(orbits_.size(), 0);
    rooted_.assign(orbits_.size(), false);
    for (std::uint64_t i = 0; i < elements; ++i) {
      const auto* g = source_->next();
      add_cycle_lengths([g](point x) { return g[x]; }, i, labels_, random_hashes_);
    }
  }
  std::uint64_t random_hash(std::size_t orbit) const { return random_hashes_.empty() ? 0 : random_hashes_[orbit]; }

  std::span<const permutation> generators_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::vector<point>> orbits_;
  std::vector<std::uint64_t> hashes_, random_hashes_;
  std::vector<bool> rooted_;
  std::vector<point> images_, queue_;
  std::unique_ptr<random_transversal> source_;
};

std::uint32_t checked_orbit(const orbit_matcher& matcher, std::size_t degree, std::span<const point> points,
                            const char* name) {
  std::vector<point> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end());
  if (!sorted.empty() && sorted[0] < degree && matcher.all()[matcher.orbit_of(sorted[0])] == sorted) {
    return matcher.orbit_of(sorted[0]);
  }
  throw domain_error(fmt::format("'{}' with {} points is not an orbit of the group: take one of orbits(generators, {})",
                                 name, points.size(), degree));
}

}  // namespace

std::vector<orbit_class> equivalent_orbits(std::span<const permutation> generators, std::size_t degree) {
  orbit_matcher matcher(generators, degree);
  std::vector<orbit_class> out;
  std::vector<std::size_t> first;  // of each class
  std::map<std::pair<std::size_t, std::uint64_t>, std::vector<std::size_t>> classes;
  for (std::size_t orbit = 0; orbit < matcher.all().size(); ++orbit) {
    auto& alike = classes[matcher.signature(orbit)];
    bool placed = false;
    for (const auto c : alike) {
      if (auto images = matcher.match(first[c], orbit)) {
        out[c].orbits.push_back(std::move(*images));
        placed = true;
        break;
      }
    }
    if (placed) continue;
    alike.push_back(out.size());
    first.push_back(orbit);
    out.push_back({{matcher.all()[orbit]}});
  }
  return out;
}

std::optional<std::vector<point>> orbit_isomorphism(std::span<const permutation> generators, std::size_t degree,
                                                    std::span<const point> from, std::span<const point> to) {
  orbit_matcher matcher(generators, degree);
  const auto a = checked_orbit(matcher, degree, from, "from");
  const auto b = checked_orbit(matcher, degree, to, "to");
  return matcher.match(a, b);
}

}  // namespace cosetta::groups
