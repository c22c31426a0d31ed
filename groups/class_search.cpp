#include <groups/blocks.hpp>
#include <groups/class_search.hpp>
#include <groups/integers.hpp>
#include <groups/orbit.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// Work is counted in products of permutations: a base for an element costs about so many.
constexpr std::uint64_t products_per_base = 2000;
constexpr std::uint64_t products_per_test = 100;
constexpr std::uint64_t products_per_node = 12;
/// Generators of cyclic groups beyond this order are found one by one, like any other element.
constexpr std::uint64_t longest_family = std::uint64_t{1} << 20;

/// The partitions of the points into orbits and into the blocks of minimal systems of each orbit: for each point the
/// smallest one of its part. The label of a part
/// is one of its points.
std::vector<std::vector<point>> invariant_partitions(const permutation_group& g) {
  constexpr std::size_t largest_degree_for_blocks = 1024;
  const auto all_orbits = orbits(g.generators(), g.degree());
  std::vector<std::vector<point>> out{std::vector<point>(g.degree())};
  for (const auto& o : all_orbits) {
    for (const auto p : o) out[0][p] = o.front();
  }
  if (g.degree() > largest_degree_for_blocks) return out;
  for (const auto& o : all_orbits) {
    if (o.size() < 4) continue;
    for (const auto& system : minimal_block_systems(restrict_to(g.generators(), o))) {
      auto labels = out[0];
      const auto blocks = system.blocks();
      for (std::size_t i = 0; i < o.size(); ++i) labels[o[i]] = o[blocks[system.labels[i]].front()];
      out.push_back(std::move(labels));
      if (out.size() == 8) return out;
    }
  }
  return out;
}

/// A random word for each pair of points, the same on each orbital; nothing where the orbits of the group say as much,
/// as they do in 2-transitive groups, or where there are too many pairs.
std::vector<std::uint64_t> orbital_words(const permutation_group& g, const std::vector<point>& orbit_of) {
  constexpr std::size_t largest_degree = 256;
  const auto n = g.degree();
  if (n > largest_degree) return {};
  std::vector<std::uint32_t> parent(n * n);
  std::iota(parent.begin(), parent.end(), std::uint32_t{0});
  const auto leader = [&parent](std::uint32_t p) {
    while (parent[p] != p) p = parent[p] = parent[parent[p]];
    return p;
  };
  for (const auto& s : g.generators()) {
    for (std::uint32_t p = 0; p < n; ++p) {
      for (std::uint32_t q = 0; q < n; ++q) {
        const auto a = leader(static_cast<std::uint32_t>(p * n + q));
        const auto b = leader(static_cast<std::uint32_t>(s[p] * n + s[q]));
        if (a != b) parent[std::max(a, b)] = std::min(a, b);
      }
    }
  }
  std::size_t orbitals = 0, known = 0;  // in all; as many as the orbits and equality of points tell apart
  std::vector<std::size_t> sizes(n, 0);
  for (const auto label : orbit_of) ++sizes[label];
  std::size_t orbit_count = 0;
  for (const auto size : sizes) {
    if (size == 0) continue;
    ++orbit_count;
    known += size > 1 ? 1 : 0;
  }
  known += orbit_count * orbit_count;
  for (std::uint32_t p = 0; p < parent.size(); ++p) orbitals += leader(p) == p ? 1 : 0;
  if (orbitals == known) return {};
  std::vector<std::uint64_t> out(parent.size());
  for (std::uint32_t p = 0; p < parent.size(); ++p) out[p] = mixed(leader(p) + 0x9e3779b97f4a7c15ULL) | 1;
  return out;
}

}  // namespace

void refuse_classes(std::size_t limit, const std::optional<mpz_class>& count) {
  throw resource_error(fmt::format("the group has {} conjugacy classes, the limit is {}; raise the limit, or ask for single "
                                   "centralizers and conjugating elements",
                                   count ? count->get_str() : fmt::format("more than {}", limit), limit));
}

void expect_classes_within(std::size_t limit, const permutation_group& g) {
  constexpr int samples = 24;
  constexpr double refused = 20.7;  // log 10^9
  std::mt19937_64 rng(g.options().seed);
  double evidence = 0;
  for (int i = 0; i < samples; ++i) {
    const auto x = g.random(rng);
    const search_chain chain(g, conjugation_property::preferred_base(g, x));
    const conjugation_property property(chain, x);
    const auto c = backtrack_search(chain, property, g.options().control).subgroup();
    evidence += std::log((1 + c.order.get_d() / static_cast<double>(limit)) / 2);
    if (evidence < refused) continue;
    throw resource_error(fmt::format("the group has far more than {} conjugacy classes, judged by the centralizers of random elements; "
                                     "ask for single centralizers and conjugating elements",
                                     limit));
  }
}

class_search::class_search(const permutation_group& g, std::size_t limit, std::optional<std::uint64_t> budget, std::uint64_t patience)
    : g_(g), limit_(limit), budget_(budget), patience_(patience), remaining_(g.order()), rng_(g.options().seed), systems_(invariant_partitions(g)) {
  std::mt19937_64 words(0x5eed);
  mixer_.resize(g.degree());
  for (auto& w : mixer_) w = words() | 1;
  orbitals_ = orbital_words(g, systems_[0]);
}

/// A sum over points of random words, chosen by the lengths of the cycles on which x moves the point and its blocks, and
/// by what the orbitals make of them.
std::uint64_t class_search::invariant(const permutation& x) {
  const auto n = x.degree();
  images_ = x.images();
  colours_.assign(n, 0);
  lengths_.resize(n);
  const auto add_lengths = [&](const std::vector<point>& images, const std::vector<point>& labels) {
    std::fill(lengths_.begin(), lengths_.end(), 0);
    for (point p = 0; p < n; ++p) {
      const auto label = labels[p];
      if (lengths_[label] == 0) {
        std::uint32_t length = 0;
        auto q = label;
        do {
          ++length;
          q = images[q];
        } while (q != label);
        do {
          lengths_[q] = length;
          q = images[q];
        } while (q != label);
      }
      colours_[p] = mixed(colours_[p] + lengths_[label]);
    }
  };
  block_images_.resize(n);
  std::iota(block_images_.begin(), block_images_.end(), point{0});
  add_lengths(images_, block_images_);
  for (std::size_t s = 1; s < systems_.size(); ++s) {
    const auto& labels = systems_[s];
    for (point p = 0; p < n; ++p) block_images_[labels[p]] = labels[images_[labels[p]]];
    add_lengths(block_images_, labels);
  }
  for (point p = 0; p < n; ++p) colours_[p] *= mixer_[systems_[0][p]];
  if (!orbitals_.empty()) refine_by_orbitals();
  std::uint64_t sum = 0;
  for (point p = 0; p < n; ++p) sum += mixed(colours_[p]);
  return sum;
}

/// Colours of points, refined: they depend on x and the orbitals alone, not on the names of the points.
void class_search::refine_by_orbitals() {
  constexpr int rounds = 2;
  constexpr int steps = 4;  // along x
  const auto n = images_.size();
  refined_.resize(n);
  for (std::size_t p = 0; p < n; ++p) {
    auto word = colours_[p];
    std::size_t q = p;
    for (int k = 0; k < steps; ++k) {
      q = images_[q];
      if (q == p) break;
      word = mixed(word + orbitals_[p * n + q]);
    }
    refined_[p] = mixed(word);
  }
  colours_.swap(refined_);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t p = 0; p < n; ++p) {
      const auto* pairs = orbitals_.data() + p * n;
      std::uint64_t sum = 0;
      for (std::size_t q = 0; q < n; ++q) sum += pairs[q] * colours_[q];
      refined_[p] = mixed(mixed(colours_[p] + sum) + colours_[images_[p]]);
    }
    colours_.swap(refined_);
  }
}

void class_search::add(permutation x, const mpz_class& element_order, std::uint32_t centralizer, bucket& home) {
  if (classes_.size() == limit_) refuse_classes(limit_, std::nullopt);
  const auto& c = centralizers_[centralizer].group.order;
  const mpz_class size = g_.order() / c;
  remaining_ -= size;
  last_found_ = work_;
  if (remaining_ < 0) throw error("internal error: the conjugacy classes have more elements than the group; please report it");
  home.elements += size;
  home.classes.push_back(static_cast<std::uint32_t>(classes_.size()));
  classes_.push_back({std::move(x), size, c, element_order});
  centralizer_of_.push_back(centralizer);
}

/// x is in none of the classes so far; then neither is any other generator of <x>. Those that are conjugate to x are a
/// subgroup of the units modulo its order.
void class_search::add_family(const permutation& x, const search_chain& chain, conjugation_property& property, bucket& home) {
  property.set_target(x);
  backtrack_search search(chain, property, g_.options().control);
  auto c = search.subgroup();
  work_ += products_per_node * search.nodes();
  const auto element_order = order(x);
  const auto id = static_cast<std::uint32_t>(centralizers_.size());
  if (c.order > element_order) rich_.push_back(id);
  centralizers_.push_back({std::move(c), std::nullopt});
  add(x, element_order, id, home);

  if (element_order <= 2 || element_order > longest_family) return;
  const auto o = element_order.get_ui();
  const auto& right = centralizers_[id].group;
  std::vector<std::uint64_t> conjugate{1};  // exponents k with x^k ~ x
  std::unordered_map<std::uint64_t, bool> decided{{1, true}};
  std::vector<std::uint64_t> exponents;
  for (std::uint64_t k = 2; k < o; ++k) {
    if (std::gcd(k, o) != 1 || decided.contains(k)) continue;
    g_.options().control.check();
    if (remaining_ == 0) return;
    // In the class of an x^r that is known already: k / r would have been decided. So x^k is new, or conjugate to x.
    property.set_target(x.pow(mpz_class(static_cast<unsigned long>(k))));
    backtrack_search test(chain, property, g_.options().control);
    const bool same = test.element(right).has_value();
    work_ += products_per_node * test.nodes() + products_per_test;
    if (!same) {
      // The coset of k is one class, and its generator's coset under every later conjugate exponent, too.
      exponents.push_back(k);
      for (const auto m : conjugate) decided.emplace(k * m % o, false);
      continue;
    }
    // The subgroup generated by what is known and k.
    std::vector<std::uint64_t> larger = conjugate;
    for (auto power = k; std::find(conjugate.begin(), conjugate.end(), power) == conjugate.end(); power = power * k % o) {
      for (const auto m : conjugate) larger.push_back(m * power % o);
    }
    conjugate = std::move(larger);
    for (const auto m : conjugate) decided.emplace(m, true);
    for (const auto e : exponents) {
      for (const auto m : conjugate) decided.emplace(e * m % o, false);
    }
  }
  // One exponent for each coset of the conjugate ones.
  std::unordered_map<std::uint64_t, bool> taken;
  for (const auto m : conjugate) taken[m] = true;
  for (const auto k : exponents) {
    if (taken.contains(k)) continue;
    for (const auto m : conjugate) taken[k * m % o] = true;
    auto power = x.pow(mpz_class(static_cast<unsigned long>(k)));
    auto& home_of_power = buckets_[invariant(power)];  // orbitals tell powers apart that have the same cycles
    home_of_power.restart();
    add(std::move(power), element_order, id, home_of_power);
  }
}

bool class_search::is_worth_a_search(bucket& home, origin from) const {
  if (home.classes.empty() || from == origin::power) return true;
  // A uniformly random element with this invariant is in a new class with probability remaining / (remaining + known).
  if (from == origin::uniform) return 4 * remaining_ >= home.elements;
  // Elements of random centralizers are spread evenly over classes, so that some four searches a class find most of
  // those that are missing here; the longer no new one came, the more rarely is searched.
  if (++home.visits < home.next_search) return false;
  ++home.searches;
  home.next_search = home.visits + 1;
  if (home.searches > 4 * home.classes.size()) home.next_search += home.visits / 4;
  return true;
}

void class_search::visit(const permutation& x, origin from) {
  auto& home = buckets_[invariant(x)];
  work_ += 8;
  if (!is_worth_a_search(home, from)) return;
  for (const auto id : home.classes) {
    if (classes_[id].representative == x) return;
  }
  const search_chain chain(g_, conjugation_property::preferred_base(g_, x));
  conjugation_property property(chain, x);
  work_ += products_per_base;
  for (const auto id : home.classes) {
    property.set_target(classes_[id].representative);
    backtrack_search search(chain, property, g_.options().control);
    const bool same = search.element(centralizers_[centralizer_of_[id]].group).has_value();
    work_ += products_per_node * search.nodes() + products_per_test;
    if (same) return;
  }
  add_family(x, chain, property, home);
  home.restart();
  for (mpz_class rest = order(x); rest > 1;) {
    unsigned long p = 2;
    while (mpz_divisible_ui_p(rest.get_mpz_t(), p) == 0) ++p;
    while (mpz_divisible_ui_p(rest.get_mpz_t(), p) != 0) rest /= p;
    pending_.push_back(x.pow(mpz_class(p)));
  }
}

permutation class_search::random_in_centralizer() {
  auto& c = centralizers_[rich_[rng_() % rich_.size()]];
  if (!c.chain) {
    chain_options options;
    options.known_order = c.group.order;
    options.control = g_.options().control;
    options.error_bits = 20;
    c.chain.emplace(c.group.generators, g_.degree(), options);
    work_ += products_per_base;
  }
  return c.chain->random(rng_);
}

std::optional<std::vector<conjugacy_class>> class_search::run() {
  visit(permutation(g_.degree()), origin::power);
  for (std::uint64_t round = 0; remaining_ > 0; ++round) {
    if (budget_ && work_ > *budget_) return std::nullopt;
    if (!budget_ && work_ - last_found_ > patience_) {
      throw resource_error(fmt::format("{} conjugacy classes were found, with all but {} of {} elements, and no more for long; ask for "
                                       "single centralizers and conjugating elements",
                                       classes_.size(), remaining_.get_str(), g_.order().get_str()));
    }
    if (round % 64 == 0) g_.options().control.check();
    if (!pending_.empty()) {
      const auto x = std::move(pending_.back());
      pending_.pop_back();
      visit(x, origin::power);
      continue;
    }
    const bool uniform = round % 2 == 0 || rich_.empty();
    visit(uniform ? g_.random(rng_) : random_in_centralizer(), uniform ? origin::uniform : origin::centralizer);
  }
  return std::move(classes_);
}

}  // namespace cosetta::groups
