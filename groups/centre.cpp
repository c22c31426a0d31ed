#include <groups/centre.hpp>
#include <groups/growing_chain.hpp>
#include <groups/orbit.hpp>
#include <groups/prime_factors.hpp>
#include <groups/random_elements.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <utility>

namespace cosetta::groups {

namespace {

/// For each orbit, the positions of points other than the first that may be its images under the centralizer: those
/// whose cycles have the same lengths in random elements.
std::vector<std::vector<std::uint32_t>> centralizer_candidates(const permutation_group& g,
                                                               const std::vector<std::vector<point>>& orbits) {
  const std::size_t n = g.degree();
  random_elements source(g.generators(), n, g.options().seed);
  std::vector<std::vector<std::uint32_t>> out;
  for (const auto& o : orbits) {
    auto& candidates = out.emplace_back(o.size() - 1);
    std::iota(candidates.begin(), candidates.end(), 1U);
  }
  const auto done = [](const auto& candidates) { return candidates.empty(); };
  std::vector<std::uint32_t> lengths(n);
  const auto rounds = 8 + 2 * std::bit_width(n);
  for (std::size_t round = 0; round < rounds && !std::all_of(out.begin(), out.end(), done); ++round) {
    const auto& x = source.next();
    lengths.assign(n, 0);
    for (point start = 0; start < n; ++start) {
      if (lengths[start] != 0) continue;
      std::uint32_t length = 1;
      for (point p = x[start]; p != start; p = x[p]) ++length;
      lengths[start] = length;
      for (point p = x[start]; p != start; p = x[p]) lengths[p] = length;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::erase_if(out[i], [&](std::uint32_t c) { return lengths[orbits[i][c]] != lengths[orbits[i][0]]; });
    }
  }
  return out;
}

/// A transitive action on {0, ..., size - 1}, and the permutations that commute with it.
class constituent {
 public:
  using images = std::vector<std::uint32_t>;

  constituent(std::span<const permutation> generators, const std::vector<point>& points) : size_(points.size()) {
    std::vector<std::uint32_t> number(generators.front().degree());
    for (std::uint32_t i = 0; i < size_; ++i) number[points[i]] = i;
    for (const auto& g : generators) {
      images on(size_);
      for (std::uint32_t i = 0; i < size_; ++i) on[i] = number[g[points[i]]];
      generators_.push_back(std::move(on));
    }
    parents_.assign(size_, unreached);
    labels_.assign(size_, 0);
    parents_[0] = 0;
    order_.push_back(0);
    for (std::size_t next = 0; next < order_.size(); ++next) {
      for (std::uint32_t g = 0; g < generators_.size(); ++g) {
        const auto q = generators_[g][order_[next]];
        if (parents_[q] != unreached) continue;
        parents_[q] = order_[next];
        labels_[q] = g;
        order_.push_back(q);
      }
    }
  }

  /// Generators of the centre of the centralizer; `candidates`: a set that holds the images of 0 under the centralizer.
  std::vector<images> central_generators(std::span<const std::uint32_t> candidates,
                                         const group_control& control) const {
    semiregular centralizer(size_);
    for (const auto to : candidates) {
      if (centralizer.reaches(to)) continue;
      control.check();
      if (auto c = commuting(to)) centralizer.add(std::move(*c));
    }
    const auto& c = centralizer.generators();
    // Two elements of a semiregular group agree when they agree at 0.
    const auto commute_at_0 = [](const images& a, const images& b) { return a[b[0]] == b[a[0]]; };
    const auto commutes_with_all = [&](const images& a) {
      return std::all_of(c.begin(), c.end(), [&](const images& b) { return commute_at_0(a, b); });
    };
    if (std::all_of(c.begin(), c.end(), commutes_with_all)) return c;
    semiregular centre(size_);
    for (const auto to : centralizer.orbit()) {
      if (centre.reaches(to)) continue;
      control.check();
      // The element that takes 0 to `to` takes c[0] to where the path from 0 to c[0] leads from there.
      const bool central =
          std::all_of(c.begin(), c.end(), [&](const images& b) { return along_path(b[0], to) == b[to]; });
      if (central) centre.add(std::move(*commuting(to)));
    }
    return centre.generators();
  }

 private:
  static constexpr std::uint32_t unreached = 0xffffffff;

  class semiregular {
   public:
    explicit semiregular(std::size_t size) : reached_(size, false), orbit_{0} { reached_[0] = true; }
    bool reaches(std::uint32_t p) const { return reached_[p]; }
    const std::vector<std::uint32_t>& orbit() const { return orbit_; }
    const std::vector<images>& generators() const { return generators_; }
    void add(images g) {
      generators_.push_back(std::move(g));
      for (std::size_t next = 0; next < orbit_.size(); ++next) {
        for (const auto& x : generators_) {
          const auto q = x[orbit_[next]];
          if (reached_[q]) continue;
          reached_[q] = true;
          orbit_.push_back(q);
        }
      }
    }

   private:
    std::vector<bool> reached_;
    std::vector<std::uint32_t> orbit_;
    std::vector<images> generators_;
  };

  /// The permutation that commutes with the generators and takes 0 to `to`, if there is one.
  std::optional<images> commuting(std::uint32_t to) const {
    images c(size_);
    c[0] = to;
    for (std::size_t i = 1; i < size_; ++i) {
      const auto q = order_[i];
      c[q] = generators_[labels_[q]][c[parents_[q]]];
    }
    for (const auto& g : generators_) {
      for (std::uint32_t p = 0; p < size_; ++p) {
        if (c[g[p]] != g[c[p]]) return std::nullopt;
      }
    }
    return c;
  }

  std::uint32_t along_path(std::uint32_t end, std::uint32_t start) const {
    std::vector<std::uint32_t> path;
    for (; end != 0; end = parents_[end]) path.push_back(labels_[end]);
    for (std::size_t i = path.size(); i-- > 0;) start = generators_[path[i]][start];
    return start;
  }

  std::size_t size_;
  std::vector<images> generators_;
  std::vector<std::uint32_t> order_, parents_, labels_;
};

/// Generators of P, each of which moves one orbit.
std::vector<permutation> product_of_centres(const permutation_group& g) {
  std::vector<permutation> out;
  const auto all = orbits(g.generators(), g.degree());
  const auto candidates = centralizer_candidates(g, all);
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (candidates[k].empty()) continue;
    const auto& points = all[k];
    for (const auto& c : constituent(g.generators(), points).central_generators(candidates[k], g.options().control)) {
      std::vector<point> images(g.degree());
      std::iota(images.begin(), images.end(), point{0});
      for (std::uint32_t i = 0; i < points.size(); ++i) images[points[i]] = points[c[i]];
      out.emplace_back(images);
    }
  }
  return out;
}

/// Powers of x, the last of them x itself, each the p-th power of the next for a prime p; the first is of prime order.
std::vector<permutation> prime_steps(const permutation& x) {
  std::vector<permutation> out{x};
  mpz_class divisor = 1;
  for (const auto& [p, exponent] : prime_factors(order(x))) {
    for (unsigned long i = 0; i < exponent; ++i) out.push_back(x.pow(divisor *= p));
  }
  out.pop_back();  // the identity
  std::reverse(out.begin(), out.end());
  return out;
}

/// A generator of the intersection of <x> with g.
permutation power_inside(const permutation_group& g, const permutation& x) {
  mpz_class least = 1;
  const mpz_class whole = order(x);
  for (const auto& [p, exponent] : prime_factors(whole)) {
    mpz_class part, prime = p;
    mpz_remove(part.get_mpz_t(), whole.get_mpz_t(), prime.get_mpz_t());
    for (; !g.contains(x.pow(part)); part *= p) least *= p;
  }
  return x.pow(least);
}

permutation doubled(const permutation& x) {
  auto images = x.images();
  const auto n = images.size();
  for (std::size_t i = 0; i < n; ++i) images.push_back(static_cast<point>(images[i] + n));
  return permutation(images);
}

/// Generators of the intersection of g with the abelian group that the commuting elements span, which g normalizes.
std::vector<permutation> intersection(const permutation_group& g, const std::vector<permutation>& elements) {
  if (elements.size() == 1) return {power_inside(g, elements[0])};
  const std::size_t n = g.degree();
  std::vector<permutation> steps;
  for (const auto& x : elements) {
    for (auto& y : prime_steps(x)) steps.push_back(std::move(y));
  }
  // First the base that the product of the two groups needs: in the second chain it must stand before all points of the
  // second copy.
  growing_chain product(g.chain(), n);
  std::size_t relations = 0;
  for (const auto& y : steps) {
    g.options().control.check();
    if (!product.insert(y)) ++relations;
  }
  std::vector<permutation> out;
  if (relations == 0) return out;
  const auto base = product.base();
  growing_chain pairs(g.chain(), 2 * n, std::span(base).subspan(g.chain().length()));
  for (const auto& y : steps) {
    g.options().control.check();
    const auto rest = pairs.insert(doubled(y));
    if (!rest) continue;
    auto images = rest->images();
    bool first_is_trivial = true;
    for (std::size_t i = 0; i < n && first_is_trivial; ++i) first_is_trivial = images[i] == i;
    if (!first_is_trivial) continue;
    images.erase(images.begin(), images.begin() + static_cast<std::ptrdiff_t>(n));
    for (auto& p : images) p -= static_cast<point>(n);
    out.emplace_back(images);
  }
  return out;
}

}  // namespace

permutation_group centre(const permutation_group& g) {
  if (is_abelian(g)) return g;
  if (g.giant()) return trivial_subgroup(g);
  std::vector<permutation> inside, outside;
  for (auto& x : product_of_centres(g)) (g.contains(x) ? inside : outside).push_back(std::move(x));
  if (!outside.empty()) {
    for (auto& x : intersection(g, outside)) inside.push_back(std::move(x));
  }
  std::erase_if(inside, [](const permutation& x) { return x.is_identity(); });
  return inside.empty() ? trivial_subgroup(g) : subgroup(g, std::move(inside));
}

}  // namespace cosetta::groups
