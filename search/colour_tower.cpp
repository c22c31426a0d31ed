#include <kernels/error.hpp>
#include <search/colour_tower.hpp>
#include <search/unit_store.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::search {

using images = colour_fibre::images;

namespace {

images inverse_of(const images& p) {
  images out(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) out[p[i]] = static_cast<std::uint8_t>(i);
  return out;
}

/// (p x)[i] = x[p[i]]
void multiply(const images& p, const std::uint8_t* x, std::uint8_t* out) {
  for (std::size_t i = 0; i < p.size(); ++i) out[i] = x[p[i]];
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- points

std::optional<coloured_points> coloured_points::of(const graphs::graph_definition& graph) {
  const auto* set = graph.permutations();
  if (set == nullptr) return std::nullopt;
  const std::size_t degree = graph.degree();
  std::vector<bool> moved(degree);
  for (const auto& p : set->elements()) {
    for (std::size_t i = 0; i < degree; ++i) moved[i] = moved[i] || p[i] != i;
  }
  coloured_points out;
  std::vector<std::uint32_t> point(degree);
  for (std::size_t i = 0; i < degree; ++i) {
    if (!moved[i]) continue;
    point[i] = static_cast<std::uint32_t>(out.positions.size());
    out.positions.push_back(static_cast<std::uint32_t>(i));
  }
  const std::size_t n = out.size();
  if (n == 0 || n > most_points) return std::nullopt;
  for (const auto& p : set->elements()) {
    images g(n);
    for (std::size_t i = 0; i < n; ++i) g[i] = static_cast<std::uint8_t>(point[p[out.positions[i]]]);
    if (!p.is_identity() && std::ranges::find(out.generators, g) == out.generators.end()) out.generators.push_back(std::move(g));
  }
  images orbit(n);
  std::iota(orbit.begin(), orbit.end(), std::uint8_t{0});
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& g : out.generators) {
      for (std::size_t i = 0; i < n; ++i) {
        if (orbit[i] == orbit[g[i]]) continue;
        orbit[i] = orbit[g[i]] = std::min(orbit[i], orbit[g[i]]);
        changed = true;
      }
    }
  }
  std::map<std::pair<std::uint8_t, std::uint64_t>, std::uint8_t> numbers;
  for (std::size_t i = 0; i < n; ++i) numbers.try_emplace({orbit[i], graph.central()[out.positions[i]]});
  for (auto& [key, number] : numbers) {
    number = static_cast<std::uint8_t>(out.labels.size());
    out.orbits.push_back(key.first);
    out.labels.push_back(key.second);
  }
  for (std::size_t i = 0; i < n; ++i) out.colours.push_back(numbers.at({orbit[i], graph.central()[out.positions[i]]}));
  return out;
}

// ---------------------------------------------------------------------------------------------------------------- cosets

std::optional<images> colour_cosets::coarse(const coarsening& coarser, const images& central, const images& colours) {
  const std::size_t n = colours.size();
  images out(n);
  if (coarser.pieces.empty()) {
    for (std::size_t i = 0; i < n; ++i) out[i] = coarser.merged[colours[i]];
    return out;
  }
  const auto shown = [&](const images& all) {
    std::vector<std::string> pieces(std::size_t{1} + *std::ranges::max_element(coarser.pieces));
    for (std::size_t i = 0; i < n; ++i) pieces[coarser.pieces[i]].push_back(static_cast<char>(coarser.merged[all[i]]));
    for (auto& p : pieces) std::ranges::sort(p);
    return pieces;
  };
  auto known = shown(central);
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const auto pieces = shown(colours);
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = std::ranges::lower_bound(known, pieces[coarser.pieces[i]]);
    if (at == known.end() || *at != pieces[coarser.pieces[i]]) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(at - known.begin());
  }
  return out;
}

colour_cosets::colour_cosets(std::shared_ptr<const coloured_points> points, coarsening coarser, std::shared_ptr<const groups::permutation_group> subgroup)
    : points_(std::move(points)), coarser_(std::move(coarser)), subgroup_(std::move(subgroup)) {
  const std::size_t n = points_->size();
  coarse_ = *coarse(coarser_, points_->colours, points_->colours);
  classes_.resize(std::size_t{1} + *std::ranges::max_element(coarse_));
  for (std::size_t a = 0; a < n; ++a) classes_[coarse_[a]].push_back(static_cast<std::uint8_t>(a));
  std::mt19937_64 random(20260830);
  keys_.resize(n * 256);
  for (auto& key : keys_) key = random();
  if (!subgroup_) return;
  const auto& chain = subgroup_->chain();
  for (std::size_t l = 0; l < chain.length(); ++l) {
    const auto orbit = chain.orbit(l);
    if (orbit.size() == 1) continue;
    auto& upper = levels_.emplace_back();
    for (std::size_t k = 0; k < orbit.size(); ++k) {
      upper.orbit.push_back(static_cast<std::uint8_t>(orbit[k]));
      const auto t = chain.transversal(l, k);
      auto& row = upper.rows.emplace_back(n);
      for (std::size_t i = 0; i < n; ++i) row[i] = static_cast<std::uint8_t>(t[i]);
    }
  }
}

std::vector<images> colour_cosets::subgroup_generators() const {
  const std::size_t n = points_->size();
  std::vector<images> out;
  images identity(n);
  std::iota(identity.begin(), identity.end(), std::uint8_t{0});
  if (subgroup_) {
    for (const auto& g : subgroup_->generators()) {
      auto& h = out.emplace_back(n);
      for (std::size_t i = 0; i < n; ++i) h[i] = static_cast<std::uint8_t>(g[i]);
    }
    return out;
  }
  for (const auto& c : classes_) {
    for (std::size_t i = 0; i + 1 < c.size(); ++i) {
      out.push_back(identity);
      std::swap(out.back()[c[i]], out.back()[c[i + 1]]);
    }
  }
  return out;
}

void colour_cosets::reduce(images& y) const {
  if (!subgroup_) {
    std::array<std::uint8_t, 256> next{};
    for (auto& a : y) {
      const auto c = coarse_[a];
      a = classes_[c][next[c]++];
    }
    return;
  }
  // (y h)^-1 = h^-1 y^-1: the base of H goes to the least positions, one point after the other.
  images q = inverse_of(y), product(q.size());
  for (const auto& l : levels_) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < l.orbit.size(); ++k) {
      if (q[l.orbit[k]] < q[l.orbit[best]]) best = k;
    }
    multiply(l.rows[best], q.data(), product.data());
    std::swap(q, product);
  }
  y = inverse_of(q);
}

std::size_t colour_cosets::lead(images& y, std::size_t gauge) const {
  const auto& g = points_->generators[gauge];
  images x = y, least = y, next(y.size());
  std::size_t length = 0, at = 0;  // least = g^at y
  do {
    multiply(g, x.data(), next.data());
    std::swap(x, next);
    ++length;
    if (compare(x.data(), least.data()) < 0) least = x, at = length;
  } while (compare(x.data(), y.data()) != 0);
  y = std::move(least);
  reduce(y);
  return (length - at) % length;
}

void colour_cosets::reduce(images& y, std::size_t gauge) const {
  if (gauge == no_gauge) return reduce(y);
  images next(y.size());
  for (auto times = lead(y, gauge); times > 0; --times) {
    multiply(points_->generators[gauge], y.data(), next.data());
    std::swap(y, next);
  }
}

std::uint64_t colour_cosets::key(const std::uint8_t* y) const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < coarse_.size(); ++i) sum += keys_[i * 256 + coarse_[y[i]]];
  return sum;
}

std::uint64_t colour_cosets::key_of_coarse(const std::uint8_t* coarse) const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < coarse_.size(); ++i) sum += keys_[i * 256 + coarse[i]];
  return sum;
}

int colour_cosets::compare(const std::uint8_t* x, const std::uint8_t* y) const noexcept {
  for (std::size_t i = 0; i < coarse_.size(); ++i) {
    const auto a = coarse_[x[i]], b = coarse_[y[i]];
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

// ----------------------------------------------------------------------------------------------------------------- tower

colour_tower::colour_tower(colour_design design, const run_context& context)
    : design_(std::move(design)), n_(design_.cosets->points().size()), generators_(design_.cosets->points().generators.size()) {
  if (design_.blocks > std::uint64_t{1} << 31) throw domain_error("more than 2^31 blocks");
  for (const auto& g : design_.cosets->points().generators) inverses_.push_back(inverse_of(g));
  find_blocks(context);
  find_sources();
  order_blocks();
  cells_ = {};
}

colour_tower::colour_tower(colour_design design, kernels::bit_move_forms forms, std::size_t table_limit, const run_context& context)
    : colour_tower(std::move(design), context) {
  connect(forms, table_limit, context);
}

std::uint32_t colour_tower::find(const std::uint8_t* y) const noexcept {
  const auto& cosets = *design_.cosets;
  for (auto at = cosets.key(y) & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
    if (table_[at] == no_block || cosets.compare(representative(table_[at]), y) == 0) return table_[at];
  }
}

void colour_tower::enter(std::uint32_t block) {
  auto at = design_.cosets->key(representative(block)) & (table_.size() - 1);
  while (table_[at] != no_block) at = (at + 1) & (table_.size() - 1);
  table_[at] = block;
}

/// All coarse colourings that are reached, orbit by orbit of the gauge.
void colour_tower::find_blocks(const run_context& context) {
  const auto& cosets = *design_.cosets;
  const auto& generators = cosets.points().generators;
  table_.assign(std::bit_ceil(2 * design_.blocks + 2), no_block);
  representatives_.reserve(design_.blocks * n_);
  const auto add = [&](images y) {
    cells_.push_back(static_cast<std::uint32_t>(blocks_));
    if (design_.gauge == colour_cosets::no_gauge) {
      cosets.reduce(y);
    } else {
      static_cast<void>(cosets.lead(y, design_.gauge));
    }
    images next(n_);
    do {
      if (blocks_ == design_.blocks) throw error("more cosets than the index of the subgroup: this is a defect, please report it");
      representatives_.insert(representatives_.end(), y.begin(), y.end());
      enter(static_cast<std::uint32_t>(blocks_++));
      if (design_.gauge == colour_cosets::no_gauge) return;
      multiply(generators[design_.gauge], y.data(), next.data());
      std::swap(y, next);
    } while (find(y.data()) == no_block);
  };
  images y(n_);
  std::iota(y.begin(), y.end(), std::uint8_t{0});
  add(y);
  for (std::size_t k = 0; k < blocks_; ++k) {
    if (k % 1024 == 0) context.check();
    for (const auto& p : generators) {
      multiply(p, representative(k), y.data());
      if (find(y.data()) == no_block) add(y);
    }
  }
  if (blocks_ != design_.blocks) throw error("fewer cosets than the index of the subgroup: this is a defect, please report it");
}

void colour_tower::find_sources() {
  sources_.resize(blocks_ * generators_);
  images y(n_);
  for (std::size_t k = 0; k < blocks_; ++k) {
    for (std::size_t g = 0; g < generators_; ++g) {
      multiply(inverses_[g], representative(k), y.data());
      sources_[k * generators_ + g] = find(y.data());
    }
  }
}

/// The order of the blocks decides how many must be kept back at once. Tried: cells in the order in which they were found, and in
/// the lexicographic order of their coarse colourings read from the first position on, and from the last.
void colour_tower::order_blocks() {
  const auto& coarse = design_.cosets->coarse();
  constexpr std::size_t window = 64;
  auto least = kept_back(window);
  cells_.push_back(static_cast<std::uint32_t>(blocks_));
  std::vector<std::uint32_t> best;
  for (const bool backward : {false, true}) {
    std::vector<std::uint32_t> order(cells_.size() - 1);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::ranges::sort(order, [&](auto a, auto b) {
      const auto *x = representative(cells_[a]), *y = representative(cells_[b]);
      for (std::size_t i = 0; i < n_; ++i) {
        const std::size_t at = backward ? n_ - 1 - i : i;
        if (coarse[x[at]] != coarse[y[at]]) return coarse[x[at]] < coarse[y[at]];
      }
      return false;
    });
    std::vector<std::uint32_t> numbers(blocks_);
    std::uint32_t next = 0;
    for (const auto cell : order) {
      for (auto k = cells_[cell]; k < cells_[cell + 1]; ++k) numbers[k] = next++;
    }
    const auto kept = search::kept_back(search::last_windows(sources_, generators_, window, numbers), window);
    if (kept >= least) continue;
    least = kept;
    best = std::move(numbers);
  }
  if (!best.empty()) renumber(best);
}

void colour_tower::renumber(const std::vector<std::uint32_t>& numbers) {
  auto rows = representatives_;
  for (std::size_t k = 0; k < blocks_; ++k) std::copy_n(representative(k), n_, rows.begin() + static_cast<std::ptrdiff_t>(numbers[k] * n_));
  representatives_ = std::move(rows);
  std::vector<std::uint32_t> sources(sources_.size());
  for (std::size_t k = 0; k < blocks_; ++k) {
    for (std::size_t g = 0; g < generators_; ++g) sources[numbers[k] * generators_ + g] = numbers[sources_[k * generators_ + g]];
  }
  sources_ = std::move(sources);
  for (auto& block : table_) {
    if (block != no_block) block = numbers[block];
  }
}

void colour_tower::connect(kernels::bit_move_forms forms, std::size_t table_limit, const run_context& context) {
  const auto& fibre = *design_.fibre;
  patterns_.resize(blocks_ * generators_);
  moves_.emplace_back(std::span<const std::uint32_t>{}, forms);  // the plain one: nothing to do
  std::unordered_map<std::string, std::uint16_t> numbers;
  std::vector<std::uint32_t> from(64 * words());
  std::size_t table_bytes = 0, plain_edges = 0;
  std::string name(fibre.active().size(), '\0');
  images s(n_), y(n_);
  const auto number_of = [&]() -> std::uint16_t {
    bool trivial = true;
    for (std::size_t i = 0; i < fibre.active().size(); ++i) {
      name[i] = static_cast<char>(s[fibre.active()[i]]);
      trivial = trivial && s[fibre.active()[i]] == fibre.active()[i];
    }
    if (trivial) return plain;
    const auto [at, fresh] = numbers.try_emplace(name, static_cast<std::uint16_t>(moves_.size()));
    if (!fresh) return at->second;
    context.check();
    fibre.sources(s.data(), 0, from.size(), from.data());
    bool identity = true;
    for (std::uint32_t f = 0; f < fibre.size(); ++f) identity = identity && from[f] == f;
    if (identity) return at->second = plain;
    if (moves_.size() > 65535) throw domain_error("more than 65535 patterns");
    moves_.emplace_back(from, forms);
    table_bytes += moves_.back().bytes();
    if (table_bytes > table_limit) throw domain_error(fmt::format("the tables of its patterns take more than {} MiB", table_limit >> 20));
    return at->second;
  };
  for (std::size_t k = 0; k < blocks_; ++k) {
    if (k % 1024 == 0) context.check();
    const auto* r = representative(k);
    for (std::size_t g = 0; g < generators_; ++g) {
      const auto* source = representative(sources_[k * generators_ + g]);
      multiply(inverses_[g], r, y.data());
      for (std::size_t i = 0; i < n_; ++i) s[source[i]] = y[i];
      const auto pattern = number_of();
      patterns_[k * generators_ + g] = pattern;
      plain_edges += pattern == plain;
    }
  }
  plain_fraction_ = static_cast<double>(plain_edges) / static_cast<double>(patterns_.size());
}

double colour_tower::block_cost() const noexcept {
  double sum = 0;
  for (const auto p : patterns_) sum += moves_[p].cost();
  return sum / static_cast<double>(blocks_);
}

std::size_t colour_tower::bytes() const noexcept {
  std::size_t out = representatives_.size() + 4 * (table_.size() + sources_.size()) + 2 * patterns_.size() + design_.fibre->bytes();
  for (const auto& m : moves_) out += m.bytes();
  return out;
}

std::vector<std::uint32_t> colour_tower::last_windows(std::size_t window) const {
  return search::last_windows(sources_, generators_, window);
}

std::size_t colour_tower::kept_back(std::size_t window) const { return search::kept_back(last_windows(window), window); }

std::optional<graphs::state> colour_tower::state(std::uint64_t index, const graphs::state& central) const {
  const auto& points = design_.cosets->points();
  const auto& fibre = *design_.fibre;
  const std::uint64_t block = index / (64 * words()), f = index % (64 * words());
  if (block >= blocks_ || f >= fibre.size()) return std::nullopt;
  auto colours = points.colours;
  for (std::size_t i = 0; i < fibre.active().size(); ++i) colours[fibre.active()[i]] = fibre.colouring(f)[i];
  auto out = central;
  for (std::size_t i = 0; i < n_; ++i) out[points.positions[i]] = points.labels[colours[representative(block)[i]]];
  return out;
}

std::optional<std::uint64_t> colour_tower::index(const graphs::state& state, const graphs::state& central) const {
  const auto& points = design_.cosets->points();
  const auto& cosets = *design_.cosets;
  if (state.size() != central.size()) return std::nullopt;
  auto rest = state;  // with the moved positions as in the central state
  images colours(n_);
  for (std::size_t i = 0; i < n_; ++i) {
    const auto label = state[points.positions[i]];
    std::size_t c = 0;
    while (c < points.labels.size() && (points.labels[c] != label || points.orbits[c] != points.orbits[points.colours[i]])) ++c;
    if (c == points.labels.size()) return std::nullopt;
    colours[i] = static_cast<std::uint8_t>(c);
    rest[points.positions[i]] = central[points.positions[i]];
  }
  if (rest != central) return std::nullopt;
  const auto shown = colour_cosets::coarse(cosets.coarser(), points.colours, colours);
  if (!shown) return std::nullopt;
  for (auto at = cosets.key_of_coarse(shown->data()) & (table_.size() - 1); table_[at] != no_block; at = (at + 1) & (table_.size() - 1)) {
    const auto* r = representative(table_[at]);
    bool equal = true;
    for (std::size_t i = 0; i < n_ && equal; ++i) equal = cosets.coarse()[r[i]] == (*shown)[i];
    if (!equal) continue;
    images f(n_);
    for (std::size_t i = 0; i < n_; ++i) f[r[i]] = colours[i];
    const auto number = design_.fibre->number(f.data());
    if (number == colour_fibre::none) return std::nullopt;
    for (std::size_t i = 0; i < design_.fibre->active().size(); ++i) f[design_.fibre->active()[i]] = points.colours[design_.fibre->active()[i]];
    if (f != points.colours) return std::nullopt;
    return 64 * static_cast<std::uint64_t>(words()) * table_[at] + number;
  }
  return std::nullopt;
}

}  // namespace cosetta::search
