#include <groups/blocks.hpp>
#include <groups/integers.hpp>
#include <groups/orbit.hpp>
#include <groups/random_transversal.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// Labels of all systems together: 1 GiB.
constexpr std::size_t max_labels = std::size_t{1} << 28;

class disjoint_sets {
 public:
  explicit disjoint_sets(std::size_t n) : parents_(n), sizes_(n, 1) {
    std::iota(parents_.begin(), parents_.end(), point{0});
  }
  std::size_t size() const noexcept { return parents_.size(); }

  point find(point x) noexcept {
    while (parents_[x] != x) {
      parents_[x] = parents_[parents_[x]];
      x = parents_[x];
    }
    return x;
  }
  /// The size of the united set; 0 where a and b were in one set already.
  std::size_t unite(point a, point b) noexcept {
    a = find(a);
    b = find(b);
    if (a == b) return 0;
    if (sizes_[a] < sizes_[b]) std::swap(a, b);
    parents_[b] = a;
    return sizes_[a] += sizes_[b];
  }
  /// Makes x a set by itself; whoever asks for it does so for every member of a set.
  void isolate(point x) noexcept {
    parents_[x] = x;
    sizes_[x] = 1;
  }

 private:
  std::vector<point> parents_;
  std::vector<std::uint32_t> sizes_;
};

/// `representative` gives any name, below n, of the class of a point.
template <class Representative>
block_system number_blocks(std::size_t n, const Representative& representative) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  block_system out{std::vector<std::uint32_t>(n), 0};
  std::vector<std::uint32_t> numbers(n, none);
  for (point x = 0; x < n; ++x) {
    auto& number = numbers[representative(x)];
    if (number == none) number = static_cast<std::uint32_t>(out.count++);
    out.labels[x] = number;
  }
  return out;
}

std::size_t largest_proper_divisor(std::size_t n) {
  for (std::size_t p = 2; p * p <= n; ++p) {
    if (n % p == 0) return n / p;
  }
  return 1;
}

std::size_t degree_of(std::span<const permutation> generators) {
  if (generators.empty()) {
    throw domain_error("block systems of no generators: their degree is unknown; pass the identity of that degree");
  }
  check_degrees(generators, generators.front().degree());
  return generators.front().degree();
}

void check_transitive(std::span<const permutation> generators, std::size_t degree) {
  if (degree <= 1) return;
  const auto reached = point_orbit(generators, degree, 0).size();
  if (reached == degree) return;
  throw domain_error(fmt::format(
      "block systems need a transitive group, but the orbit of 0 has {} of {} points: use restrict_to on one orbit",
      reached, degree));
}

/// Atkinson's closure, prepared for many runs on one group.
class block_closure {
 public:
  block_closure(std::span<const permutation> generators, std::size_t degree)
      : bound_(largest_proper_divisor(degree)), sets_(degree) {
    std::vector<const permutation*> useful;
    std::unordered_set<permutation> seen;
    for (const auto& g : generators) {
      if (!g.is_identity() && seen.insert(g).second) useful.push_back(&g);
    }
    width_ = useful.size();
    images_.resize(degree * width_);
    for (std::size_t i = 0; i < degree; ++i) {
      for (std::size_t g = 0; g < width_; ++g) images_[i * width_ + g] = (*useful[g])[i];
    }
  }

  std::size_t degree() const noexcept { return sets_.size(); }

  /// Unites the given points and everything that follows. False when that is all of them, which is known as soon as a
  /// class is larger than every proper divisor of the degree.
  bool close(std::span<const point> points) {
    // The edges taken so far span the classes; the relation is invariant once both ends of the image of every edge are
    // in one class.
    for (const auto& [a, b] : edges_) {
      sets_.isolate(a);
      sets_.isolate(b);
    }
    edges_.clear();
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (!take(points[0], points[i])) return false;
    }
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const point* a = &images_[edges_[i].first * width_];
      const point* b = &images_[edges_[i].second * width_];
      for (std::size_t g = 0; g < width_; ++g) {
        if (!take(a[g], b[g])) return false;
      }
    }
    return true;
  }
  bool close(point x, point y) {
    const point pair[] = {x, y};
    return close(pair);
  }

  /// After `close`.
  block_system system() {
    return number_blocks(degree(), [this](point x) { return sets_.find(x); });
  }

 private:
  bool take(point a, point b) {
    const auto size = sets_.unite(a, b);
    if (size != 0) edges_.emplace_back(a, b);
    return size <= bound_;
  }

  std::size_t bound_;
  std::size_t width_ = 0;
  std::vector<point> images_;  // by points: both images of an edge under all generators are two short rows
  disjoint_sets sets_;
  std::vector<std::pair<point, point>> edges_;
};

/// Unites points x and y such that an element which fixes 0 takes x to y. Returns the number of classes besides {0}.
std::size_t unite_suborbits(random_transversal& source, disjoint_sets& classes) {
  constexpr int patience = 4;  // draws without effect before the classes are taken as they are
  constexpr int most_draws = 40;
  const auto degree = classes.size();
  std::size_t count = degree - 1;
  std::vector<point> images(degree);
  for (int draw = 0, idle = 0; draw < most_draws && idle < patience && count > 1; ++draw) {
    const auto* g = source.next();
    const auto path = source.path_to_root(g[0]);
    ++idle;
    if (!path) continue;
    images.assign(g, g + degree);
    for (const auto* step : *path) {
      for (auto& x : images) x = step[x];
    }
    for (point x = 1; x < degree; ++x) {
      if (classes.unite(x, images[x]) == 0) continue;
      --count;
      idle = 0;
    }
  }
  return count;
}

/// Where h takes x to 0, unites x with 0^(h^k) for all k prime to the length of the cycle of 0 under h: a block with 0
/// and one of these is invariant under h and so holds them all. (k = 1 joins a suborbit with its paired one; powers
/// leave one pair a subgroup to try in regular groups, which have no suborbits to share.)
void unite_powers(random_transversal& source, disjoint_sets& classes, point x) {
  const auto path = source.path_to_root(x);
  if (!path) return;
  std::vector<point> cycle{0};
  while (true) {
    point y = cycle.back();
    for (const auto* step : *path) y = step[y];
    if (y == 0) break;
    cycle.push_back(y);
  }
  for (std::size_t k = 1; k < cycle.size(); ++k) {
    if (std::gcd(k, cycle.size()) == 1) classes.unite(x, cycle[k]);
  }
}

/// Points such that every finest system with 0 and some x in a block is that of one of them: one a class, where x and y
/// are in one class if they are known to give the same system.
std::vector<point> pair_representatives(std::span<const permutation> generators, std::size_t degree) {
  random_transversal source(generators, degree, 0xa7c1450);
  source.add_root(0);
  disjoint_sets classes(degree);
  if (unite_suborbits(source, classes) > 1) {
    for (point x = 1; x < degree; ++x) {
      if (classes.find(x) == x) unite_powers(source, classes, x);
    }
  }
  std::vector<point> out;
  for (point x = 1; x < degree; ++x) {
    if (classes.find(x) == x) out.push_back(x);
  }
  return out;
}

std::vector<point> candidates(std::span<const permutation> generators, std::size_t degree,
                              std::span<const point> suborbit_representatives) {
  if (suborbit_representatives.empty()) return pair_representatives(generators, degree);
  std::vector<point> out;
  for (const auto x : suborbit_representatives) {
    if (x >= degree) {
      throw domain_error(
          fmt::format("suborbit representative {} is outside 0..{}: give points of the group", x, degree - 1));
    }
    if (x != 0) out.push_back(x);
  }
  return out;
}

bool may_be_imprimitive(std::size_t degree) {
  return largest_proper_divisor(degree) > 1;
}

/// A system with a point besides 0 that its block of 0 was made from.
struct principal_system {
  block_system system;
  point generator;
};

void check_room(std::size_t systems, std::size_t degree, std::size_t limit) {
  if (systems <= limit && systems * degree <= max_labels) return;
  throw resource_error(fmt::format(
      "a group of degree {} has more than the {} block systems that fit: raise the limit (their labels may take 2^28 "
      "entries), or ask for the minimal ones or for those with given points in a block",
      degree, std::min(limit, max_labels / degree)));
}

/// The different nontrivial systems that are finest with 0 and some x in a block: every system is a join of these.
std::vector<principal_system> principal_systems(std::span<const permutation> generators,
                                                std::span<const point> suborbit_representatives, std::size_t limit) {
  const auto degree = degree_of(generators);
  check_transitive(generators, degree);
  std::vector<principal_system> out;
  if (!may_be_imprimitive(degree)) return out;
  block_closure closure(generators, degree);
  std::unordered_set<std::vector<point>, orbit_hash<std::vector<point>>> seen;
  for (const auto x : candidates(generators, degree, suborbit_representatives)) {
    if (!closure.close(0, x)) continue;
    auto system = closure.system();
    if (!seen.insert(system.block_of(0)).second) continue;
    check_room(out.size() + 1, degree, limit);
    out.push_back({std::move(system), x});
  }
  return out;
}

void sort_systems(std::vector<block_system>& systems) {
  // The block of 0 decides: labels 0 come where it has its points, and an earlier point makes a smaller label.
  std::sort(systems.begin(), systems.end(), [](const auto& a, const auto& b) {
    if (a.count != b.count) return a.count > b.count;
    for (std::size_t x = 0; x < a.degree(); ++x) {
      if ((a.labels[x] == 0) != (b.labels[x] == 0)) return a.labels[x] == 0;
    }
    return false;
  });
}

}  // namespace

std::vector<std::vector<point>> block_system::blocks() const {
  std::vector<std::vector<point>> out(count);
  for (auto& block : out) block.reserve(block_size());
  for (point x = 0; x < labels.size(); ++x) out[labels[x]].push_back(x);
  return out;
}

std::vector<point> block_system::block_of(point x) const {
  std::vector<point> out;
  for (point y = 0; y < labels.size(); ++y) {
    if (labels[y] == labels[x]) out.push_back(y);
  }
  return out;
}

block_system minimal_block_system(std::span<const permutation> generators, std::span<const point> points) {
  const auto degree = degree_of(generators);
  for (const auto x : points) {
    if (x < degree) continue;
    throw domain_error(
        fmt::format("point {} cannot be in a block: the group acts on {} points, counted from 0", x, degree));
  }
  check_transitive(generators, degree);
  block_closure closure(generators, degree);
  if (closure.close(points)) return closure.system();
  return {std::vector<std::uint32_t>(degree, 0), 1};
}

std::vector<block_system> minimal_block_systems(std::span<const permutation> generators,
                                                std::span<const point> suborbit_representatives) {
  const auto principal = principal_systems(generators, suborbit_representatives, max_labels);
  std::vector<block_system> out;
  for (const auto& [system, x] : principal) {
    // A finer nontrivial system is no finer than one made from a point of its block of 0, which is in this block, too.
    const bool minimal = std::none_of(principal.begin(), principal.end(), [&](const auto& other) {
      return other.system.count > system.count && system.labels[other.generator] == 0;
    });
    if (minimal) out.push_back(system);
  }
  sort_systems(out);
  return out;
}

std::vector<block_system> all_block_systems(std::span<const permutation> generators,
                                            std::span<const point> suborbit_representatives, std::size_t limit) {
  const auto principal = principal_systems(generators, suborbit_representatives, limit);
  std::vector<block_system> out;
  std::unordered_set<std::vector<point>, orbit_hash<std::vector<point>>> seen;
  for (const auto& [system, x] : principal) {
    out.push_back(system);
    seen.insert(system.block_of(0));
  }
  std::vector<bool> done;  // points whose join with out[i] is known
  for (std::size_t i = 0; i < out.size(); ++i) {
    done.assign(out[i].degree(), false);
    for (const auto& [system, x] : principal) {
      if (out[i].labels[x] == 0 || done[x]) continue;
      auto joined = join(out[i], system);
      auto block = joined.block_of(0);
      // Nothing lies between systems of prime index: all new points of this block join to the same system.
      if (is_prime(out[i].count / joined.count)) {
        for (const auto y : block) done[y] = true;
      }
      if (joined.count == 1 || !seen.insert(std::move(block)).second) continue;
      check_room(out.size() + 1, joined.degree(), limit);
      out.push_back(std::move(joined));
    }
  }
  sort_systems(out);
  return out;
}

bool is_primitive(std::span<const permutation> generators, std::span<const point> suborbit_representatives) {
  const auto degree = degree_of(generators);
  if (!is_transitive(generators, degree)) return false;
  if (!may_be_imprimitive(degree)) return true;
  block_closure closure(generators, degree);
  for (const auto x : candidates(generators, degree, suborbit_representatives)) {
    if (closure.close(0, x)) return false;
  }
  return true;
}

block_system join(const block_system& a, const block_system& b) {
  disjoint_sets classes(a.count);
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> met(b.count, none);  // a block of a that the block of b meets
  for (std::size_t x = 0; x < a.degree(); ++x) {
    auto& first = met[b.labels[x]];
    if (first == none) first = a.labels[x];
    classes.unite(first, a.labels[x]);
  }
  return number_blocks(a.degree(), [&](point x) { return classes.find(a.labels[x]); });
}

block_system meet(const block_system& a, const block_system& b) {
  std::vector<point> order(a.degree());
  std::iota(order.begin(), order.end(), point{0});
  const auto key = [&](point x) { return std::tuple(a.labels[x], b.labels[x], x); };
  std::sort(order.begin(), order.end(), [&](point x, point y) { return key(x) < key(y); });
  std::vector<point> first(a.degree());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool same =
        i > 0 && a.labels[order[i]] == a.labels[order[i - 1]] && b.labels[order[i]] == b.labels[order[i - 1]];
    first[order[i]] = same ? first[order[i - 1]] : order[i];
  }
  return number_blocks(a.degree(), [&](point x) { return first[x]; });
}

bool refines(const block_system& fine, const block_system& coarse) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> above(fine.count, none);
  for (std::size_t x = 0; x < fine.degree(); ++x) {
    auto& block = above[fine.labels[x]];
    if (block == none) block = coarse.labels[x];
    if (block != coarse.labels[x]) return false;
  }
  return true;
}

block_system make_block_system(std::span<const std::vector<point>> blocks) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::size_t degree = 0;
  for (const auto& block : blocks) degree += block.size();
  std::vector<std::uint32_t> label(degree, none);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    if (blocks[b].size() != blocks[0].size() || blocks[b].empty()) {
      throw domain_error(fmt::format("block {} has {} points, block 0 has {}: blocks have one size, which is not 0", b,
                                     blocks[b].size(), blocks[0].size()));
    }
    for (const auto x : blocks[b]) {
      if (x >= degree) {
        throw domain_error(
            fmt::format("point {} in block {} is outside 0..{}: blocks partition all points", x, b, degree - 1));
      }
      if (label[x] != none) {
        throw domain_error(
            fmt::format("point {} is in block {} and again in block {}: blocks are disjoint", x, label[x], b));
      }
      label[x] = static_cast<std::uint32_t>(b);
    }
  }
  return number_blocks(degree, [&](point x) { return label[x]; });
}

std::vector<permutation> block_action(std::span<const permutation> generators, const block_system& system) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  check_degrees(generators, system.degree());
  std::vector<permutation> out;
  std::vector<point> images(system.count);
  for (std::size_t g = 0; g < generators.size(); ++g) {
    std::fill(images.begin(), images.end(), none);
    for (std::size_t x = 0; x < system.degree(); ++x) {
      const auto target = system.labels[generators[g][x]];
      auto& image = images[system.labels[x]];
      if (image == none) image = target;
      if (image != target) {
        throw domain_error(
            fmt::format("generator {} takes points of block {} to blocks {} and {}: not a block system of this group",
                        g, system.labels[x], image, target));
      }
    }
    out.emplace_back(images);
  }
  return out;
}

}  // namespace cosetta::groups
