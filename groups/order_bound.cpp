#include <groups/blocks.hpp>
#include <groups/giant.hpp>
#include <groups/orbit.hpp>
#include <groups/orbit_equivalence.hpp>
#include <groups/order_bound.hpp>
#include <groups/stabilizer_chain.hpp>

#include <algorithm>
#include <map>
#include <numeric>

namespace cosetta::groups {

namespace {

/// An overgroup O of a transitive action and a homomorphism of O onto an abelian group.
struct overgroup {
  mpz_class order;
  mpz_class abelian_order = 1;
  std::vector<permutation> abelian_images;  // of each generator; regular on the points of each factor
};

std::vector<permutation> trivial_images(std::size_t count) {
  return std::vector<permutation>(count, permutation(std::size_t{0}));
}

std::vector<permutation> signs(std::span<const permutation> generators) {
  std::vector<permutation> out;
  for (const auto& g : generators) out.push_back(sign(g) == 1 ? permutation(std::size_t{2}) : transposition(2, 0, 1));
  return out;
}

/// The components in the action on block 0: r_j g r_k^-1 for each generator g and block j with j^g = k.
struct block_components {
  std::vector<permutation> elements;            // distinct
  std::vector<std::vector<std::size_t>> which;  // generator, block: index into `elements`
};

block_components components(std::span<const permutation> generators, const block_system& system) {
  const auto blocks = system.blocks();
  const std::size_t size = system.block_size();
  // lift[j][i]: where r_j takes the i-th point of block 0; from[p]: which i that is.
  std::vector<std::vector<point>> lift(blocks.size());
  std::vector<std::uint32_t> from(system.degree());
  std::vector<std::size_t> queue{0};
  const auto settle = [&](std::size_t j, std::vector<point> points) {
    for (std::uint32_t i = 0; i < size; ++i) from[points[i]] = i;
    lift[j] = std::move(points);
  };
  settle(0, blocks[0]);
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const auto& g : generators) {
      std::vector<point> points = lift[queue[next]];
      for (auto& p : points) p = g[p];
      const std::size_t k = system.labels[points[0]];
      if (!lift[k].empty()) continue;
      settle(k, std::move(points));
      queue.push_back(k);
    }
  }
  block_components out;
  std::map<std::vector<point>, std::size_t> index;
  for (const auto& g : generators) {
    auto& row = out.which.emplace_back();
    for (const auto& points : lift) {
      std::vector<point> images(size);
      for (std::size_t i = 0; i < size; ++i) images[i] = from[g[points[i]]];
      const auto [at, fresh] = index.emplace(images, out.elements.size());
      if (fresh) out.elements.emplace_back(images);
      row.push_back(at->second);
    }
  }
  return out;
}

class bounding {
 public:
  bounding(std::uint64_t seed, const group_control& control) : seed_(seed), control_(control) {}

  /// Precondition: transitive. Nothing for a primitive group when `whole`: its own chain would be asked for again.
  std::optional<overgroup> of_transitive(std::span<const permutation> generators, bool whole) const {
    control_.check();
    const std::size_t n = generators[0].degree();
    if (n == 1) return overgroup{1, 1, trivial_images(generators.size())};
    if (const auto giant = find_giant(generators, n, seed_, control_)) {
      if (giant->alternating) return overgroup{giant->order(), 1, trivial_images(generators.size())};
      return overgroup{giant->order(), 2, signs(generators)};
    }
    if (n > largest_small) {
      const auto systems = minimal_block_systems(generators);
      std::optional<overgroup> best;
      for (std::size_t s = 0; s < std::min<std::size_t>(systems.size(), 4); ++s) {
        auto wreath = of_wreath_product(generators, systems[s]);
        if (wreath && (!best || wreath->order < best->order)) best = std::move(wreath);
      }
      if (best && !whole) return cut_down(std::move(*best), generators);
      if (best || whole) return best;
    }
    return of_action_itself(generators, n);
  }

  mpz_class subdirect(std::span<const overgroup> factors, std::size_t generator_count) const {
    mpz_class bound = 1;
    std::vector<permutation> images = trivial_images(generator_count);
    for (const auto& f : factors) {
      bound *= f.order;
      bound /= f.abelian_order;
      for (std::size_t g = 0; g < generator_count; ++g) images[g] = beside(images[g], f.abelian_images[g]);
    }
    return bound * stabilizer_chain(images, images[0].degree(), silent_options()).order();
  }

 private:
  static constexpr std::size_t largest_small = 7;

  /// The action itself in place of its overgroup O, with what the homomorphism makes of it: C_n lies in wreath products
  /// that are much larger.
  overgroup cut_down(overgroup o, std::span<const permutation> generators) const {
    const mpz_class bound = subdirect(std::span(&o, 1), generators.size());
    o.abelian_order = bound / (o.order / o.abelian_order);
    o.order = stabilizer_chain(generators, generators[0].degree(), silent_options(), [&bound] { return std::optional(bound); }).order();
    return o;
  }

  chain_options silent_options() const {
    chain_options options;
    options.seed = seed_;
    options.control = control_;
    options.control.observer = nullptr;
    return options;
  }

  overgroup of_action_itself(std::span<const permutation> generators, std::size_t n) const {
    const stabilizer_chain chain(generators, n, silent_options());
    if (chain.order() == static_cast<unsigned long>(n)) {
      const bool abelian = std::all_of(generators.begin(), generators.end(), [&](const permutation& a) {
        return std::all_of(generators.begin(), generators.end(), [&](const permutation& b) { return a * b == b * a; });
      });
      if (abelian) return {chain.order(), chain.order(), {generators.begin(), generators.end()}};
    }
    if (n > 1 && std::any_of(generators.begin(), generators.end(), [](const permutation& g) { return sign(g) == -1; })) {
      return {chain.order(), 2, signs(generators)};
    }
    return {chain.order(), 1, trivial_images(generators.size())};
  }

  std::optional<overgroup> of_wreath_product(std::span<const permutation> generators, const block_system& system) const {
    const auto top = of_transitive(block_action(generators, system), false);
    const auto parts = components(generators, system);
    const auto bottom = of_transitive(parts.elements, false);
    if (!top || !bottom) return std::nullopt;
    overgroup out;
    mpz_pow_ui(out.order.get_mpz_t(), bottom->order.get_mpz_t(), system.count);
    out.order *= top->order;
    out.abelian_order = top->abelian_order * bottom->abelian_order;
    for (std::size_t g = 0; g < generators.size(); ++g) {
      permutation product = bottom->abelian_images[parts.which[g][0]];
      for (std::size_t j = 1; j < system.count; ++j) product = product * bottom->abelian_images[parts.which[g][j]];
      out.abelian_images.push_back(beside(product, top->abelian_images[g]));
    }
    return out;
  }

  std::uint64_t seed_;
  const group_control& control_;
};

}  // namespace

std::optional<mpz_class> order_bound(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed,
                                     const group_control& control) {
  const bounding bound(seed, control);
  std::vector<overgroup> factors;
  const auto classes = equivalent_orbits(generators, degree);
  const auto moved = std::count_if(classes.begin(), classes.end(), [](const orbit_class& c) { return c.orbits[0].size() > 1; });
  for (const auto& c : classes) {
    if (c.orbits[0].size() == 1) continue;
    auto factor = bound.of_transitive(restrict_to(generators, c.orbits[0]), moved == 1);
    if (!factor) return std::nullopt;
    factors.push_back(std::move(*factor));
  }
  return bound.subdirect(factors, generators.size());
}

}  // namespace cosetta::groups
