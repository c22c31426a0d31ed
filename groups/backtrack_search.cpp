#include <groups/backtrack_search.hpp>
#include <groups/image_domain.hpp>
#include <groups/orbit.hpp>
#include <groups/schreier_sims.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace cosetta::groups {

namespace {

/// Calls f with the images of t as an array of their type.
template <class F>
decltype(auto) with_images(const permutation& t, F&& f) {
  if (t.image_width() == 1) return f(t.image_bytes());
  if (t.image_width() == 2) return f(reinterpret_cast<const std::uint16_t*>(t.image_bytes()));
  return f(reinterpret_cast<const std::uint32_t*>(t.image_bytes()));
}

std::vector<std::uint64_t> random_words(std::size_t count) {
  std::mt19937_64 rng(0x9e3779b97f4a7c15ULL);
  std::vector<std::uint64_t> out(count);
  for (auto& w : out) w = rng() | 1;
  return out;
}

/// Sifts random elements of the group into a new chain until it has the order of the old one, which is known.
template <class Image>
stabilizer_chain rebased(const permutation_group& g, std::span<const point> preferred) {
  const auto degree = g.degree();
  const image_domain<Image> domain(degree);
  schreier_sims<image_domain<Image>> chain(domain, std::size_t{64} << 20);
  row_pool<Image> rows(domain.row_size());
  auto* x = rows.allocate();
  std::mt19937_64 rng(g.options().seed);
  const auto& order = g.order();
  std::vector<permutation> strong;
  for (std::uint64_t round = 1; chain.order() < order; ++round) {
    if (round % 64 == 0) g.options().control.check();
    domain.set_identity(x);
    std::memcpy(x, g.chain().random(rng).image_bytes(), degree * sizeof(Image));
    const auto level = chain.sift(x);
    if (level == chain.length()) {
      if (domain.is_identity(x)) continue;
      const auto moved = std::find_if(preferred.begin(), preferred.end(), [x](point p) { return x[p] != p; });
      chain.append_level(moved == preferred.end() ? domain.moved_point(x) : *moved);
    }
    chain.add_strong_generator(level, x);
    strong.push_back(permutation::from_image_bytes(x, degree));
  }
  std::vector<point> base;
  for (std::size_t i = 0; i < chain.length(); ++i) base.push_back(chain[i].base);
  return stabilizer_chain(strong, degree, base, order);
}

stabilizer_chain rebased_chain(const permutation_group& g, std::span<const point> preferred) {
  if (g.degree() <= 256) return rebased<std::uint8_t>(g, preferred);
  if (g.degree() <= 65536) return rebased<std::uint16_t>(g, preferred);
  return rebased<std::uint32_t>(g, preferred);
}

/// Cycles of all points: for each point the length of its cycle.
std::vector<std::uint32_t> cycle_lengths(std::span<const point> x) {
  std::vector<std::uint32_t> out(x.size(), 0);
  for (point p = 0; p < x.size(); ++p) {
    if (out[p] != 0) continue;
    std::uint32_t length = 0;
    auto q = p;
    do {
      ++length;
      q = x[q];
    } while (q != p);
    do {
      out[q] = length;
      q = x[q];
    } while (q != p);
  }
  return out;
}

std::uint64_t colour_of(std::uint32_t length, point label) {
  return std::uint64_t{length} << 32 | label;
}

}  // namespace

point_partition::point_partition(std::size_t degree) : parent_(degree) {
  std::iota(parent_.begin(), parent_.end(), point{0});
}

void point_partition::join(const permutation& generator) {
  with_images(generator, [this](const auto* images) {
    for (point p = 0; p < parent_.size(); ++p) {
      if (images[p] == p) continue;
      const auto a = leader(p);
      const auto b = leader(images[p]);
      if (a != b) parent_[std::max(a, b)] = std::min(a, b);
    }
  });
}

search_chain::search_chain(const permutation_group& g, std::span<const point> preferred)
    : chain_(rebased_chain(g, preferred)), transversals_(chain_.length()) {
  // Each strong generator joins the orbits at the levels whose base points it fixes.
  const auto length = chain_.length();
  const auto base = chain_.base();
  std::vector<std::vector<permutation>> entering(length);
  for (auto& s : chain_.strong_generators(0)) {
    std::size_t level = 0;
    while (level < length && s[base[level]] == base[level]) ++level;
    if (level < length) entering[level].push_back(std::move(s));
  }
  labels_.resize(length + 1);
  fixed_first_at_.resize(length + 1);
  point_partition orbits(degree());
  for (std::size_t level = length + 1; level-- > 0;) {
    if (level < length) {
      for (const auto& s : entering[level]) orbits.join(s);
    }
    auto& labels = labels_[level];
    labels.resize(degree());
    for (point p = 0; p < degree(); ++p) labels[p] = orbits.leader(p);
  }
  std::vector<std::uint32_t> sizes(degree());
  std::vector<bool> fixed(degree(), false);
  for (std::size_t level = 0; level <= length; ++level) {
    sizes.assign(degree(), 0);
    for (const auto label : labels_[level]) ++sizes[label];
    for (point p = 0; p < degree(); ++p) {
      if (fixed[p] || sizes[labels_[level][p]] != 1) continue;
      fixed[p] = true;
      fixed_first_at_[level].push_back(p);
    }
  }
  for (std::size_t level = 0; level < length; ++level) transversals_[level].resize(chain_.orbit(level).size());
}

permutation search_chain::extended(std::size_t level, std::size_t position, const permutation& t) const {
  if (position == 0) return t;
  constexpr std::size_t budget = std::size_t{64} << 20;
  auto& kept = transversals_[level][position];
  if (kept) return *kept * t;
  auto u = chain_.transversal(level, position);
  if (bytes_ > budget) return u * t;
  bytes_ += sizeof(permutation) + degree() * u.image_width();
  kept = std::move(u);
  return *kept * t;
}

known_subgroup stabilizer_in(const known_subgroup& k, point p, std::size_t degree) {
  if (std::all_of(k.generators.begin(), k.generators.end(), [p](const permutation& g) { return g[p] == p; })) return k;
  chain_options options;
  options.known_order = k.order;
  options.base_prefix = {p};
  options.error_bits = 20;
  const stabilizer_chain chain(k.generators, degree, options);
  return {chain.strong_generators(1), k.order / static_cast<unsigned long>(chain.orbit(0).size())};
}

// ---- conjugation

std::vector<point> conjugation_property::preferred_base(const permutation_group& g, const permutation& x) {
  const auto images = x.images();
  const auto lengths = cycle_lengths(images);
  const auto labels = orbit_labels(g.generators(), g.degree());
  std::unordered_map<std::uint64_t, std::uint32_t> points_of_colour;
  std::vector<std::uint32_t> orbit_sizes(g.degree(), 0);
  for (point p = 0; p < images.size(); ++p) {
    ++points_of_colour[colour_of(lengths[p], labels[p])];
    ++orbit_sizes[labels[p]];
  }
  // An image for one point of a cycle fixes up to `base` others: the choices are to be few for each.
  const auto base = static_cast<std::uint32_t>(std::max<std::size_t>(1, g.chain().length()));
  struct ranked {
    double choices;
    point first;
  };
  std::vector<ranked> order;
  std::vector<double> fewest(g.degree(), 1e300);  // choices in an orbit, by its label
  std::vector<bool> seen(images.size(), false);
  for (point p = 0; p < images.size(); ++p) {
    if (seen[p]) continue;
    ranked r{1e300, p};
    auto q = p;
    do {
      seen[q] = true;
      const auto choices = std::log(points_of_colour[colour_of(lengths[q], labels[q])]) / std::min(lengths[q], base);
      if (orbit_sizes[labels[q]] > 1 && choices < r.choices) r = {choices, q};
      q = images[q];
    } while (q != p);
    order.push_back(r);
    fewest[labels[r.first]] = std::min(fewest[labels[r.first]], r.choices);
  }
  // Orbit by orbit: what the actions on several orbits have to do with each other shows when one of them is settled.
  std::stable_sort(order.begin(), order.end(), [&](const ranked& a, const ranked& b) {
    const auto key = [&](const ranked& r) { return std::tuple(fewest[labels[r.first]], labels[r.first], r.choices); };
    return key(a) < key(b);
  });
  std::vector<point> out;
  for (const auto& r : order) {
    auto q = r.first;
    do {
      out.push_back(q);
      q = images[q];
    } while (q != r.first);
  }
  return out;
}

std::vector<std::uint64_t> conjugation_property::colours(const cycle_table& cycles) const {
  const auto& labels = chain_->orbit_labels(0);
  std::vector<std::uint64_t> out(labels.size());
  for (std::size_t p = 0; p < out.size(); ++p) out[p] = colour_of(cycles.length[p], labels[p]);
  return out;
}

conjugation_property::conjugation_property(const search_chain& chain, const permutation& x)
    : chain_(&chain),
      x_(x),
      images_x_(x.images()),
      cycles_x_(std::make_unique<cycle_table>(make_cycle_table(x))),
      label_mixer_(random_words(2 * x.degree())),
      inverse_(x.degree()) {
  const auto n = x.degree();
  const auto& cycles_x = *cycles_x_;
  colours_x_ = colours(cycles_x);
  const auto length = chain.length();
  sources_.resize(length);
  determined_pairs_.resize(length + 1);
  pair_sums_.resize(length + 1);

  constexpr auto never = ~std::uint32_t{0};
  std::vector<std::uint32_t> determined_at(n, never);
  std::vector<sign_constraint::source> determined_in_cycle(n, {0, never});  // by where the cycle starts
  std::vector<point> before(n);
  for (point p = 0; p < n; ++p) before[images_x_[p]] = p;
  for (std::uint32_t level = 0; level <= length; ++level) {
    for (const auto p : chain.fixed_first_at(level)) {
      determined_at[p] = level;
      if (auto& s = determined_in_cycle[cycles_x.start[p]]; s.level == never) s = {p, level};
    }
    for (const auto p : chain.fixed_first_at(level)) {
      if (determined_at[images_x_[p]] <= level) determined_pairs_[level].push_back(p);
      if (determined_at[before[p]] < level) determined_pairs_[level].push_back(before[p]);
    }
    if (level < length) {
      const auto b = chain.chain().base()[level];
      if (const auto& s = determined_in_cycle[cycles_x.start[b]]; s.level != never) {
        const auto k = cycles_x.length[b];
        sources_[level] = source{s.determined, (cycles_x.position[b] + k - cycles_x.position[s.determined]) % k};
      }
    }
    const auto& labels = chain.orbit_labels(level);
    std::uint64_t sum = 0;
    for (point p = 0; p < n; ++p) sum += label_mixer_[labels[p]] * (label_mixer_[n + labels[images_x_[p]]] ^ cycles_x.length[p]);
    pair_sums_[level] = sum;
  }
  signs_ = sign_constraint::find(chain, cycles_x, std::move(determined_in_cycle));
  set_target(x);
}

void conjugation_property::set_target(const permutation& y) {
  y_ = y;
  images_y_ = y.images();
  cycles_y_ = make_cycle_table(y);
  colours_y_ = colours(cycles_y_);
}

std::optional<point> conjugation_property::forced(std::size_t level, const permutation& t) const noexcept {
  const auto& s = sources_[level];
  if (!s) return std::nullopt;
  const auto q = t[s->determined];
  const auto start = cycles_y_.start[q];
  const auto k = cycles_y_.length[q];
  return cycles_y_.points[start + (cycles_y_.position[q] - start + s->steps) % k];
}

/// h * t conjugates x into y iff h conjugates x into z = t y t^-1. Such an h moves points within the orbits of H_level,
/// so that x and z have equal numbers of points, of cycles of each length, that go from one orbit into another: compared
/// by a sum of random words. Where orbits are points that means p^x = p^z, tested first and exactly.
template <class Image>
bool conjugation_property::consistent_images(std::size_t level, const Image* t) const noexcept {
  for (const auto p : determined_pairs_[level]) {
    if (t[images_x_[p]] != images_y_[t[p]]) return false;
  }
  for (const auto p : chain_->fixed_first_at(level)) {
    if (colours_x_[p] != colours_y_[t[p]]) return false;
  }
  if (level == chain_->length()) return true;
  if (signs_ && !signs_->allows(level, t, cycles_y_)) return false;
  const auto n = static_cast<point>(images_x_.size());
  for (point p = 0; p < n; ++p) inverse_[t[p]] = p;
  const auto& labels = chain_->orbit_labels(level);
  std::uint64_t sum = 0;
  for (point p = 0; p < n; ++p) {
    const auto q = t[p];
    sum += label_mixer_[labels[p]] * (label_mixer_[n + labels[inverse_[images_y_[q]]]] ^ cycles_y_.length[q]);
  }
  return sum == pair_sums_[level];
}

bool conjugation_property::consistent(std::size_t level, const permutation& t) const noexcept {
  return with_images(t, [&](const auto* images) { return consistent_images(level, images); });
}

// ---- sets

set_property::set_property(const search_chain& chain, std::span<const point> from, std::span<const point> to)
    : chain_(&chain), in_from_(chain.degree(), 0), in_to_(chain.degree(), 0), mixer_(random_words(chain.degree())) {
  for (const auto p : from) in_from_[p] = 1;
  for (const auto p : to) in_to_[p] = 1;
  for (std::size_t level = 0; level <= chain.length(); ++level) {
    const auto& labels = chain.orbit_labels(level);
    std::uint64_t sum = 0;
    for (point p = 0; p < chain.degree(); ++p) sum += in_from_[p] != 0 ? mixer_[labels[p]] : 0;
    sums_.push_back(sum);
  }
  settled_ = 0;
  const auto moves_set = [&](std::size_t level) {
    const auto& labels = chain.orbit_labels(level);
    for (point p = 0; p < chain.degree(); ++p) {
      if (in_from_[p] != in_from_[labels[p]]) return true;
    }
    return false;
  };
  while (moves_set(settled_)) ++settled_;
}

bool set_property::consistent(std::size_t level, const permutation& t) const noexcept {
  // Each orbit of H_level holds as many points of the one set as t takes into the other.
  const auto& labels = chain_->orbit_labels(level);
  return with_images(t, [&](const auto* images) {
    std::uint64_t sum = 0;
    for (std::size_t p = 0; p < labels.size(); ++p) sum += in_to_[images[p]] != 0 ? mixer_[labels[p]] : 0;
    return sum == sums_[level];
  });
}

bool set_property::accepts(const permutation& g) const noexcept {
  return with_images(g, [&](const auto* images) {
    for (std::size_t p = 0; p < in_from_.size(); ++p) {
      if (in_from_[p] != in_to_[images[p]]) return false;
    }
    return true;
  });
}

}  // namespace cosetta::groups
