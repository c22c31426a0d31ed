#include <groups/blocks.hpp>
#include <groups/orbit_equivalence.hpp>
#include <search/step_coordinates.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <tuple>

namespace cosetta::search {

namespace {

using colouring = coordinate::images;

constexpr std::size_t all_partitions = 5;  // of so many colours all coarsenings are tried: 52
constexpr unsigned long largest_factor = 64;
constexpr std::uint64_t handy = std::uint64_t{1} << 23;  // entries that caches still hold in part
constexpr std::size_t most_sets = 6;  // that are counted

/// The coarsenings of colours on an orbit, as colourings of all labels; those with the most colours first.
std::vector<colouring> coarsenings(std::span<const groups::permutation> moves, const std::vector<groups::point>& orbit, std::span<const std::uint32_t> colours) {
  std::vector<std::uint32_t> kinds;
  for (const auto x : orbit) kinds.push_back(colours[x]);
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  const std::size_t k = kinds.size();
  std::vector<colouring> out;
  const auto add = [&](const auto& merged) {
    colouring c(colours.size(), 0);
    for (const auto x : orbit) c[x] = static_cast<std::uint8_t>(merged[std::ranges::lower_bound(kinds, colours[x]) - kinds.begin()]);
    out.push_back(std::move(c));
  };
  if (k < 2) return out;
  if (k <= all_partitions) {
    std::vector<std::uint8_t> merged(k, 0);  // a restricted growth string
    const auto fill = [&](const auto& self, std::size_t at, std::uint8_t blocks) -> void {
      if (at == k) return blocks > 1 ? add(merged) : void();
      for (std::uint8_t b = 0; b <= blocks; ++b) merged[at] = b, self(self, at + 1, std::max<std::uint8_t>(blocks, b + 1));
    };
    fill(fill, 0, 0);
    std::ranges::stable_sort(out, std::greater{}, [](const colouring& c) { return *std::ranges::max_element(c); });
    return out;
  }
  std::vector<std::uint8_t> finest(k);
  std::iota(finest.begin(), finest.end(), std::uint8_t{0});
  add(finest);
  if (k < orbit.size()) return out;
  // Labels that are all different may be merged by blocks.
  std::vector<groups::permutation> action;
  for (const auto& g : moves) {
    std::vector<groups::point> images;
    for (const auto x : orbit) images.push_back(static_cast<groups::point>(std::ranges::lower_bound(orbit, g[x]) - orbit.begin()));
    action.emplace_back(images);
  }
  for (const auto& system : groups::minimal_block_systems(action)) {
    colouring c(colours.size(), 0);
    for (std::size_t i = 0; i < orbit.size(); ++i) c[orbit[i]] = static_cast<std::uint8_t>(system.labels[i]);
    out.push_back(std::move(c));
  }
  return out;
}

/// Each of them determines the other.
bool tell_the_same(const coordinate& a, const coordinate& b) {
  if (a.size() != b.size()) return false;
  std::vector<std::uint32_t> image(a.size(), ~0U);
  image[0] = 0;
  std::vector<std::uint32_t> open{0};
  while (!open.empty()) {
    const auto x = open.back();
    open.pop_back();
    for (std::size_t g = 0; g < a.generators(); ++g) {
      const auto y = a.next(x, g), to = b.next(image[x], g);
      if (image[y] == ~0U) {
        image[y] = to;
        open.push_back(y);
      } else if (image[y] != to) {
        return false;
      }
    }
  }
  return true;
}

/// The sets of coordinates whose product is the index but for a small factor; few coordinates first, and the largest tables
/// that are still handy.
struct coordinate_set {
  std::vector<std::size_t> members;
  unsigned long factor;
  std::uint64_t entries;
};

std::vector<coordinate_set> sets_of(const std::vector<coordinate>& all, const mpz_class& index, std::uint64_t table) {
  std::vector<coordinate_set> out;
  std::vector<std::size_t> members;
  const mpz_class most = index * largest_factor;
  const auto extend = [&](const auto& self, std::size_t from, const mpz_class& product) -> void {
    if (product >= index && product % index == 0) {
      std::vector<std::uint64_t> sizes;
      for (const auto m : members) sizes.push_back(all[m].size());
      if (const auto entries = table_entries(sizes, table); entries > 0) {
        out.push_back({members, mpz_class(product / index).get_ui(), entries});
      }
    }
    if (members.size() == most_coordinates) return;
    for (std::size_t i = from; i < all.size(); ++i) {
      const mpz_class next = product * all[i].size();
      if (next > most) continue;
      members.push_back(i);
      self(self, i + 1, next);
      members.pop_back();
    }
  };
  extend(extend, 0, 1);
  std::ranges::stable_sort(out, {}, [](const coordinate_set& s) { return std::tuple(s.members.size(), s.entries > handy, s.entries > handy ? s.entries : ~s.entries, s.factor); });
  if (out.size() > most_sets) out.resize(most_sets);
  return out;
}

/// A generator of a stabilizer, on the coordinates from some level on.
struct action {
  std::vector<std::vector<std::uint32_t>> images, preimages;
};

/// The orbit of home at one coordinate, and how it was reached.
struct orbit_tree {
  std::vector<std::uint32_t> order;              // ids as they were found
  std::vector<std::uint32_t> parent, generator;  // of each id
};

orbit_tree orbit_of_home(const std::vector<action>& generators, std::size_t at, std::size_t size) {
  orbit_tree out{{0}, std::vector<std::uint32_t>(size, ~0U), std::vector<std::uint32_t>(size, ~0U)};
  out.parent[0] = 0;
  for (std::size_t i = 0; i < out.order.size(); ++i) {
    const auto x = out.order[i];
    for (std::uint32_t g = 0; g < generators.size(); ++g) {
      const auto y = generators[g].images[at][x];
      if (out.parent[y] == ~0U) out.parent[y] = x, out.generator[y] = g, out.order.push_back(y);
    }
  }
  return out;
}

/// A random element that fixes home at coordinate `at`: random letters, then back along the tree.
action random_fixing(const std::vector<action>& generators, std::size_t at, const orbit_tree& tree, std::mt19937_64& random) {
  constexpr std::size_t letters = 30;
  action out;
  const std::size_t levels = generators.front().images.size();
  out.images.resize(levels), out.preimages.resize(levels);
  for (std::size_t k = at + 1; k < levels; ++k) {
    out.images[k].resize(generators.front().images[k].size());
    std::iota(out.images[k].begin(), out.images[k].end(), 0U);
  }
  const auto then = [&](const std::vector<std::vector<std::uint32_t>>& maps) {
    for (std::size_t k = at + 1; k < levels; ++k) {
      for (auto& x : out.images[k]) x = maps[k][x];
    }
  };
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < letters; ++i) {
    const auto& g = generators[random() % generators.size()];
    then(g.images);
    id = g.images[at][id];
  }
  for (; id != 0; id = tree.parent[id]) then(generators[tree.generator[id]].preimages);
  for (std::size_t k = at + 1; k < levels; ++k) {
    out.preimages[k].resize(out.images[k].size());
    for (std::uint32_t x = 0; x < out.images[k].size(); ++x) out.preimages[k][out.images[k][x]] = x;
  }
  return out;
}

}  // namespace

std::uint64_t table_entries(std::span<const std::uint64_t> sizes, std::uint64_t limit) {
  if (sizes.size() == 1) return sizes[0] <= limit ? sizes[0] : 0;
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    bool covered = false;
    for (std::size_t j = 0; j < sizes.size(); ++j) {
      if (i == j || sizes[i] * sizes[j] > limit) continue;
      covered = true;
      if (i < j) out += sizes[i] * sizes[j];
    }
    if (!covered) return 0;
  }
  return out;
}

mpz_class joint_orbit(std::span<const coordinate* const> coordinates, std::uint64_t seed, std::size_t elements) {
  std::mt19937_64 random(seed);
  mpz_class out = 1;
  std::vector<action> generators;
  for (std::size_t g = 0; g < coordinates.front()->generators(); ++g) {
    auto& a = generators.emplace_back();
    for (const auto* c : coordinates) {
      auto &to = a.images.emplace_back(c->size()), &back = a.preimages.emplace_back(c->size());
      for (std::uint32_t x = 0; x < c->size(); ++x) to[x] = c->next(x, g), back[to[x]] = x;
    }
  }
  for (std::size_t at = 0; at < coordinates.size(); ++at) {
    const auto tree = orbit_of_home(generators, at, coordinates[at]->size());
    out *= tree.order.size();
    if (at + 1 == coordinates.size()) break;
    std::vector<action> fixing;
    while (fixing.size() < elements) fixing.push_back(random_fixing(generators, at, tree, random));
    generators = std::move(fixing);
  }
  return out;
}

namespace {

/// Moves that are no powers of earlier ones: enough to find orbits.
std::vector<std::size_t> essential(std::span<const groups::permutation> moves) {
  std::vector<std::size_t> out;
  for (std::size_t m = 0; m < moves.size(); ++m) {
    const bool is_power = std::ranges::any_of(out, [&](std::size_t of) {
      auto p = moves[of];
      for (int k = 0; k < 16 && !p.is_identity(); ++k, p = p * moves[of]) {
        if (p == moves[m]) return true;
      }
      return false;
    });
    if (!is_power) out.push_back(m);
  }
  return out;
}

std::vector<colouring> images_of(std::span<const groups::permutation> moves) {
  std::vector<colouring> out;
  for (const auto& g : moves) {
    auto& to = out.emplace_back();
    for (const auto y : g.inverse().images()) to.push_back(static_cast<std::uint8_t>(y));
  }
  return out;
}

std::vector<colouring> all_coarsenings(std::span<const groups::permutation> moves, std::span<const std::uint32_t> colours) {
  std::vector<colouring> out;
  const bool all_differ = std::ranges::max(colours) + 1 == colours.size();
  for (const auto& same : groups::equivalent_orbits(moves, colours.size())) {
    for (const auto& orbit : same.orbits) {
      auto sorted = orbit;
      std::ranges::sort(sorted);
      for (auto& c : coarsenings(moves, sorted, colours)) out.push_back(std::move(c));
      if (all_differ) break;  // an orbit on which the group acts alike tells nothing more
    }
  }
  std::ranges::stable_sort(out, {}, [](const colouring& c) { return *std::ranges::max_element(c); });
  return out;
}

}  // namespace

mpz_class most_cosets(std::span<const groups::permutation> moves, std::span<const std::uint32_t> colours) {
  mpz_class out = 1, factor;
  for (const auto& same : groups::equivalent_orbits(moves, colours.size())) {
    for (const auto& orbit : same.orbits) {
      std::map<std::uint32_t, unsigned long> counts;
      for (const auto x : orbit) ++counts[colours[x]];
      unsigned long placed = 0;
      for (const auto& [colour, count] : counts) {
        placed += count;
        mpz_bin_uiui(factor.get_mpz_t(), placed, count);
        out *= factor;
      }
    }
  }
  return out;
}

std::optional<std::vector<coordinate>> separating_coordinates(std::span<const groups::permutation> moves, std::span<const std::uint32_t> colours,
                                                              const mpz_class& index, const coordinate_limits& limits,
                                                              const run_context& context) {
  if (most_cosets(moves, colours) < index) return std::nullopt;
  std::vector<groups::permutation> few;
  for (const auto m : essential(moves)) few.push_back(moves[m]);
  const auto few_images = images_of(few);
  auto open = all_coarsenings(moves, colours);
  std::vector<coordinate> known;
  for (const auto limit : {limits.small, limits.large}) {
    std::vector<colouring> larger;
    std::size_t listed = 0;
    for (auto& c : open) {
      if (listed > limits.listed) break;
      auto made = coordinate::enumerate(few_images, c, limit, context);
      listed += made ? made->size() : limit;
      if (!made) {
        larger.push_back(std::move(c));
      } else if (std::ranges::none_of(known, [&](const coordinate& k) { return tell_the_same(k, *made); })) {
        known.push_back(std::move(*made));
      }
    }
    std::ranges::stable_sort(known, std::greater{}, &coordinate::size);
    for (const auto& set : sets_of(known, index, limits.table)) {
      context.check();
      std::vector<const coordinate*> chosen;
      for (const auto m : set.members) chosen.push_back(&known[m]);
      if (joint_orbit(chosen, 1, 6) != index) continue;
      const auto images = images_of(moves);
      std::vector<coordinate> out;
      for (auto m = set.members.rbegin(); m != set.members.rend(); ++m) {
        out.push_back(std::move(*coordinate::enumerate(images, known[*m].colours(), known[*m].size(), context)));
      }
      return out;
    }
    open = std::move(larger);
  }
  return std::nullopt;
}

}  // namespace cosetta::search
