#include <groups/backtrack_search.hpp>
#include <groups/blocks.hpp>
#include <groups/class_search.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/giant_search.hpp>
#include <groups/orbit.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

constexpr std::uint64_t always_listed = 4096;
constexpr std::uint64_t ever_listed = std::uint64_t{1} << 23;
constexpr std::uint64_t large_order = std::uint64_t{1} << 40;
constexpr std::size_t largest_listing = std::size_t{1} << 26;  // points

bool is_commutative(const std::vector<permutation>& generators) {
  for (std::size_t i = 0; i < generators.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (generators[i] * generators[j] != generators[j] * generators[i]) return false;
    }
  }
  return true;
}

void sort_classes(std::vector<conjugacy_class>& classes) {
  std::sort(classes.begin(), classes.end(), [](const conjugacy_class& a, const conjugacy_class& b) {
    if (const int c = cmp(a.element_order, b.element_order); c != 0) return c < 0;
    if (const int c = cmp(a.size, b.size); c != 0) return c < 0;
    return a.representative < b.representative;
  });
}

// ---- natural symmetric and alternating groups

/// The number of partitions of n, and of those into distinct odd parts.
struct partition_counts {
  mpz_class all, distinct_odd;
};

partition_counts count_partitions(std::size_t n) {
  std::vector<mpz_class> all(n + 1, 0), odd(n + 1, 0);
  all[0] = odd[0] = 1;
  for (std::size_t k = 1; k <= n; ++k) {
    for (std::size_t i = k; i <= n; ++i) all[i] += all[i - k];
    if (k % 2 == 0) continue;
    for (std::size_t i = n; i >= k; --i) odd[i] += odd[i - k];
  }
  return {all[n], odd[n]};
}

mpz_class count_giant_classes(const giant_structure& giant) {
  const auto [all, distinct_odd] = count_partitions(giant.points.size());
  // Even less odd partitions are those that equal their conjugate, as many as those into distinct odd parts; these are
  // the classes that split in two (James, Kerber, The representation theory of the symmetric group, 1.2.10).
  return giant.alternating ? mpz_class((all + 3 * distinct_odd) / 2) : all;
}

/// Calls f with each partition of n, parts descending.
template <class F>
void for_each_partition(std::size_t n, std::vector<std::size_t>& parts, const F& f) {
  if (n == 0) return f(parts);
  for (auto part = parts.empty() ? n : std::min(n, parts.back()); part > 0; --part) {
    parts.push_back(part);
    for_each_partition(n - part, parts, f);
    parts.pop_back();
  }
}

permutation with_cycles(const std::vector<point>& points, const std::vector<std::size_t>& parts, std::size_t degree) {
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::size_t start = points.size();
  for (const auto part : parts) {
    start -= part;
    for (std::size_t i = 0; i < part; ++i) images[points[start + i]] = points[start + (i + 1) % part];
  }
  return permutation(images);
}

std::vector<conjugacy_class> giant_classes(const permutation_group& g) {
  const auto& giant = *g.giant();
  const auto& control = g.options().control;
  std::vector<conjugacy_class> out;
  std::vector<std::size_t> parts;
  for_each_partition(giant.points.size(), parts, [&](const std::vector<std::size_t>& partition) {
    if (out.size() % 256 == 0) control.check();
    const auto n = giant.points.size();
    if (giant.alternating && (n - partition.size()) % 2 != 0) return;
    mpz_class centralizer = 1, order = 1;
    bool distinct_odd = true;
    for (std::size_t i = 0, repeated = 1; i < partition.size(); ++i, ++repeated) {
      if (i > 0 && partition[i] != partition[i - 1]) repeated = 1;
      distinct_odd = distinct_odd && repeated == 1 && partition[i] % 2 == 1;
      centralizer *= static_cast<unsigned long>(partition[i] * repeated);
      order = lcm(order, mpz_class(static_cast<unsigned long>(partition[i])));
    }
    if (giant.alternating && !distinct_odd) centralizer /= 2;
    auto x = with_cycles(giant.points, partition, g.degree());
    out.push_back({x, g.order() / centralizer, centralizer, order});
    if (giant.alternating && distinct_odd) {
      const auto odd = transposition(g.degree(), giant.points[n - 2], giant.points[n - 1]);
      out.push_back({odd * x * odd, g.order() / centralizer, centralizer, order});
    }
  });
  return out;
}

// ---- listing

/// As few random elements that generate the group as a few attempts find: conjugation is then cheaper.
std::vector<permutation> few_generators(const permutation_group& g) {
  std::vector<permutation> given;
  for (const auto& s : g.generators()) {
    if (!s.is_identity() && std::find(given.begin(), given.end(), s) == given.end()) given.push_back(s);
  }
  std::mt19937_64 rng(g.options().seed);
  for (std::size_t count = 2; count < given.size(); ++count) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      std::vector<permutation> some;
      for (std::size_t i = 0; i < count; ++i) some.push_back(g.random(rng));
      if (permutation_group(some, g.degree()).order() == g.order()) return some;
    }
  }
  return given;
}

/// Numbers the elements by their images of the base points alone. The numbers are ranks, though not those of the group.
class element_table {
 public:
  static std::size_t entries(const permutation_group& g) {
    std::size_t points = 0;
    for (std::size_t i = 0; i < g.chain().length(); ++i) points += g.chain().orbit(i).size();
    return points * g.degree();
  }

  explicit element_table(const permutation_group& g) : degree_(g.degree()), one_(g.degree()) {
    const auto& chain = g.chain();
    for (std::size_t i = 0; i < chain.length(); ++i) {
      level l{chain.base()[i], static_cast<std::uint32_t>(chain.orbit(i).size()), {}, {}, std::vector<std::uint32_t>(degree_)};
      for (std::uint32_t k = 0; k < l.size; ++k) {
        l.transversal.push_back(chain.transversal(i, k));
        const auto inverse = l.transversal.back().inverse().images();
        l.inverses.insert(l.inverses.end(), inverse.begin(), inverse.end());
        l.position[chain.orbit(i)[k]] = k;
      }
      levels_.push_back(std::move(l));
    }
    images_.resize(levels_.size());
  }

  permutation element(std::uint64_t number) const {
    permutation x = one_;
    for (std::size_t i = levels_.size(); i-- > 0;) {
      const auto& l = levels_[i];
      if (const auto k = number % l.size; k != 0) x = x.is_identity() ? l.transversal[k] : x * l.transversal[k];
      number /= l.size;
    }
    return x;
  }

  /// The number of s^-1 x s.
  std::uint64_t conjugate(const permutation& x, const permutation& s, const permutation& inverse) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < levels_.size(); ++i) images_[i] = s[x[inverse[levels_[i].base]]];
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const auto k = levels_[i].position[images_[i]];
      number = number * levels_[i].size + k;
      const auto* u = levels_[i].inverses.data() + k * degree_;
      for (std::size_t j = i + 1; j < levels_.size(); ++j) images_[j] = u[images_[j]];
    }
    return number;
  }

 private:
  struct level {
    point base;
    std::uint32_t size;
    std::vector<permutation> transversal;
    std::vector<point> inverses;          // of the transversal: images, row by row
    std::vector<std::uint32_t> position;  // of points in the orbit
  };
  std::size_t degree_;
  permutation one_;
  std::vector<level> levels_;
  std::vector<point> images_;
};

/// Orbits of conjugation, numbers being a perfect hash. Preconditions: the order is at most ever_listed, the table fits.
std::vector<conjugacy_class> listed_classes(const permutation_group& g, std::size_t limit) {
  const auto count = g.order().get_ui();
  const auto generators = few_generators(g);
  std::vector<permutation> inverses;
  for (const auto& s : generators) inverses.push_back(s.inverse());
  element_table table(g);
  std::vector<bool> seen(count, false);
  std::vector<std::uint32_t> queue;
  std::vector<conjugacy_class> out;
  for (std::uint64_t first = 0; first < count; ++first) {
    if (seen[first]) continue;
    if (out.size() == limit) refuse_classes(limit, std::nullopt);
    seen[first] = true;
    queue.assign(1, static_cast<std::uint32_t>(first));
    for (std::size_t next = 0; next < queue.size(); ++next) {
      if (next % 1024 == 0) g.options().control.check();
      const auto x = table.element(queue[next]);
      for (std::size_t s = 0; s < generators.size(); ++s) {
        const auto number = table.conjugate(x, generators[s], inverses[s]);
        if (seen[number]) continue;
        seen[number] = true;
        queue.push_back(static_cast<std::uint32_t>(number));
      }
    }
    auto x = table.element(first);
    mpz_class size = static_cast<unsigned long>(queue.size());
    auto element_order = order(x);
    out.push_back({std::move(x), size, g.order() / size, std::move(element_order)});
  }
  return out;
}

std::vector<conjugacy_class> commutative_classes(const permutation_group& g, std::size_t limit) {
  if (g.order() > limit) refuse_classes(limit, g.order());
  std::vector<conjugacy_class> out;
  for (std::uint64_t i = 0; i < g.order().get_ui(); ++i) {
    if (i % 1024 == 0) g.options().control.check();
    auto x = g.unrank64(i);
    auto element_order = order(x);
    out.push_back({std::move(x), 1, g.order(), std::move(element_order)});
  }
  return out;
}

std::vector<conjugacy_class> unsorted_classes(const permutation_group& g, std::size_t limit);

/// The actions on the orbits, where the group is their direct product; nothing where it is not.
struct direct_factor {
  std::vector<point> points;
  permutation_group group;  // on the points, renumbered
};

std::vector<direct_factor> direct_factors(const permutation_group& g) {
  std::vector<direct_factor> out;
  mpz_class product = 1;
  for (auto& o : orbits(g.generators(), g.degree())) {
    if (o.size() == 1) continue;
    chain_options options;
    options.control = g.options().control;
    options.seed = g.options().seed;
    permutation_group factor(restrict_to(g.generators(), o), o.size(), options);
    product *= factor.order();
    if (product > g.order()) return {};
    out.push_back({std::move(o), std::move(factor)});
  }
  if (out.size() < 2) return {};
  return out;
}

/// The classes of a direct product are the products of classes.
std::vector<conjugacy_class> product_classes(const permutation_group& g, const std::vector<direct_factor>& factors, std::size_t limit) {
  std::vector<conjugacy_class> out{{permutation(g.degree()), 1, 1, 1}};
  mpz_class count = 1;
  for (const auto& f : factors) {
    const auto classes = unsorted_classes(f.group, limit);
    count *= static_cast<unsigned long>(classes.size());
    if (count > limit) refuse_classes(limit, std::nullopt);
    std::vector<conjugacy_class> next;
    for (const auto& a : out) {
      g.options().control.check();
      for (const auto& b : classes) {
        auto images = a.representative.images();
        for (std::size_t i = 0; i < f.points.size(); ++i) images[f.points[i]] = f.points[b.representative[i]];
        next.push_back({permutation(images), a.size * b.size, a.centralizer_order * b.centralizer_order, lcm(a.element_order, b.element_order)});
      }
    }
    out = std::move(next);
  }
  return out;
}

std::vector<conjugacy_class> unsorted_classes(const permutation_group& g, std::size_t limit) {
  if (g.giant()) {
    if (const auto count = count_giant_classes(*g.giant()); count > limit) refuse_classes(limit, count);
    return giant_classes(g);
  }
  if (is_commutative(g.generators())) return commutative_classes(g, limit);
  const bool listable = g.order() <= ever_listed && element_table::entries(g) <= largest_listing;
  if (listable && g.order() <= always_listed) return listed_classes(g, limit);
  if (g.order() > large_order) expect_classes_within(limit, g);
  if (const auto factors = direct_factors(g); !factors.empty()) return product_classes(g, factors, limit);
  // Half of what a listing would cost, in products of permutations, bounds the search.
  std::optional<std::uint64_t> budget;
  if (listable) budget = g.order().get_ui() * 12;
  class_search search(g, limit, budget);
  if (auto found = search.run()) return std::move(*found);
  return listed_classes(g, limit);
}

}  // namespace

std::vector<conjugacy_class> conjugacy_classes(const permutation_group& g, std::size_t limit) {
  auto out = unsorted_classes(g, limit);
  sort_classes(out);
  return out;
}

mpz_class number_of_classes(const permutation_group& g, std::size_t limit) {
  if (g.giant()) return count_giant_classes(*g.giant());
  if (is_commutative(g.generators())) return g.order();
  return static_cast<unsigned long>(unsorted_classes(g, limit).size());
}

namespace {

/// The order of an element is a product of powers of primes that divide the group's order, each at most the length of an
/// orbit.
mpz_class exponent_bound(const permutation_group& g) {
  std::size_t longest = 1;
  for (const auto& o : orbits(g.generators(), g.degree())) longest = std::max(longest, o.size());
  mpz_class out = 1, rest = g.order();
  for (unsigned long p = 2; p <= longest; ++p) {
    for (auto power = p; mpz_divisible_ui_p(rest.get_mpz_t(), p) != 0; power *= p) {
      rest /= p;
      if (power <= longest) out *= p;
    }
  }
  return out;
}

}  // namespace

mpz_class exponent(const permutation_group& g, std::size_t limit) {
  if (g.giant()) return exponent(*g.giant());
  mpz_class found = 1;
  for (const auto& s : g.generators()) found = lcm(found, order(s));
  if (is_commutative(g.generators())) return found;
  // Random elements often reach what a theorem allows: then no class is needed.
  const auto bound = exponent_bound(g);
  std::mt19937_64 rng(g.options().seed);
  for (int i = 0; i < 256 && found != bound; ++i) found = lcm(found, order(g.random(rng)));
  if (found == bound) return found;
  for (const auto& c : unsorted_classes(g, limit)) found = lcm(found, c.element_order);
  return found;
}

}  // namespace cosetta::groups
