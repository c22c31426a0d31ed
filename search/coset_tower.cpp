#include <kernels/error.hpp>
#include <search/coset_tower.hpp>
#include <search/unit_store.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace cosetta::search {

using groups::listed_group;
using groups::permutation;

namespace {

constexpr std::uint32_t unassigned = ~std::uint32_t{0};

/// What U moves and the numbering of the cosets of H would not track.
std::vector<groups::point> more_points(const tower_design& design) {
  std::vector<groups::point> out;
  if (!design.lanes) return out;
  const auto base = design.group.chain().base().first(design.level);
  const auto support = design.fibre->group().support();
  for (const auto p : design.lanes->group().support()) {
    if (std::ranges::find(base, p) == base.end() && std::ranges::find(support, p) == support.end()) out.push_back(p);
  }
  return out;
}

}  // namespace

std::uint64_t tower_design::cosets() const {
  std::uint64_t c = 1;
  for (std::size_t l = 0; l < level; ++l) c *= group.chain().orbit(l).size();
  return c;
}

permutation tower_design::lane(std::size_t l) const {
  const auto degree = group.degree();
  const auto q = lanes->group().element(lanes->element(static_cast<std::uint32_t>(l)), degree);
  return twists.empty() ? q : fibre->group().element(twists[l], degree) * q;
}

coset_tower::coset_tower(tower_design design, const run_context& context)
    : design_(std::move(design)),
      numbering_(design_.group.chain(), design_.level, design_.fibre->group(), more_points(design_)) {
  if (numbering_.count() >= std::uint64_t{1} << 31) throw domain_error("a coset tower of more than 2^31 blocks");
  const auto tracked = numbering_.tracked_points();
  const auto places_under = [&](const permutation& inverse, std::size_t count) {
    std::vector<std::uint16_t> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(static_cast<std::uint16_t>(std::ranges::find(tracked, static_cast<point>(inverse[tracked[i]])) -
                                               tracked.begin()));
    }
    return out;
  };
  for (const auto& w : design_.symmetries) {
    inverse_symmetries_.push_back(w.inverse());
    tracked_preimage_.push_back(places_under(inverse_symmetries_.back(), tracked.size()));
  }
  for (std::size_t l = 0; has_lanes() && l < lanes(); ++l) {
    lane_preimage_.push_back(places_under(design_.lane(l).inverse(), numbering_.levels()));
  }
  number_blocks(context);
  connect(context);
  if (design_.modulus == 1) order_cells();
  cell_begins_ = {};
  colour();
}

/// (w^-1 y w)[i] = w[y[w^-1[i]]], for tracked i: a symmetry permutes the tracked points.
std::vector<coset_numbering::point> coset_tower::conjugate_images(const point* y, std::size_t variant) const {
  const auto& w = design_.symmetries[variant];
  std::vector<point> out(numbering_.tracked());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<point>(w[y[tracked_preimage_[variant][i]]]);
  return out;
}

/// Gives the coset of y, with lanes all cosets of its block, to a stored block; false where they are given already.
bool coset_tower::claim(const std::vector<point>& y, std::uint32_t block, std::uint8_t variant) {
  std::vector<point> base(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(numbering_.levels()));
  for (std::size_t l = 0; l < lanes(); ++l) {
    if (has_lanes()) {  // (r u)^-1 = u^-1 y
      for (std::size_t i = 0; i < base.size(); ++i) base[i] = y[lane_preimage_[l][i]];
    }
    const auto x = numbering_.number(base.data());
    if (block_of_[x] != unassigned) return false;  // and then all are
    block_of_[x] = block;
    variant_of_[x] = variant;
    if (has_lanes() && variant == 0) lane_of_[x] = static_cast<std::uint8_t>(l);
  }
  return true;
}

void coset_tower::number_blocks(const run_context& context) {
  const std::uint64_t cosets = numbering_.count();
  const auto& g0 = design_.generators[design_.gauge];
  // The inverse of each symmetry is one of them: what takes an image back to what is stored.
  std::vector<std::uint8_t> inverse_of;
  for (const auto& w : inverse_symmetries_) {
    inverse_of.push_back(
        static_cast<std::uint8_t>(std::ranges::find(design_.symmetries, w) - design_.symmetries.begin()));
  }
  block_of_.assign(cosets, unassigned);
  variant_of_.assign(cosets, 0);
  if (has_lanes()) lane_of_.assign(cosets, 0);
  std::vector<point> y(numbering_.tracked());
  for (std::uint64_t c = 0; c < cosets; ++c) {
    if (block_of_[c] != unassigned) continue;
    numbering_.representative(c, y.data());
    cell_begins_.push_back(static_cast<std::uint32_t>(blocks()));
    do {
      if (blocks() % 4096 == 0) context.check();
      const auto k = static_cast<std::uint32_t>(blocks());
      representatives_.insert(representatives_.end(), y.begin(), y.end());
      claim(y, k, 0);
      std::uint32_t stands_for = 1;
      for (std::size_t v = 1; v < design_.symmetries.size(); ++v)
        stands_for += claim(conjugate_images(y.data(), v), k, inverse_of[v]);
      weights_.push_back(stands_for);
      for (auto& image : y) image = static_cast<point>(g0[image]);
    } while (block_of_[numbering_.number(y.data())] == unassigned);
  }
  cell_begins_.push_back(static_cast<std::uint32_t>(blocks()));
}

void coset_tower::connect(const run_context& context) {
  const std::size_t tracked = numbering_.tracked(), d = generators();
  const auto& fibre = *design_.fibre;
  std::vector<std::uint16_t> pattern_ids(fibre.variants() * fibre.group().size(), 0);
  std::vector<std::uint32_t> known{0};  // pattern -> variant * |H| + s
  pattern_variants_.push_back(0);
  sources_.resize(blocks() * d), patterns_.resize(blocks() * d);
  std::vector<point> y(tracked), scratch;
  std::vector<point> conjugate;
  if (has_lanes()) lane_patterns_.resize(blocks() * d);
  std::uint64_t plain_edges = 0;
  std::vector<std::vector<point>> images(d);
  for (std::size_t g = 0; g < d; ++g) {
    for (std::size_t i = 0; i < design_.group.degree(); ++i)
      images[g].push_back(static_cast<point>(design_.generators[g][i]));
  }
  for (std::size_t k = 0; k < blocks(); ++k) {
    if (k % 4096 == 0) context.check();
    const auto* q = representatives_.data() + k * tracked;
    for (std::size_t g = 0; g < d; ++g) {
      // y = r_k^-1 p: the inverse of p^-1 r_k = r' s, with lanes r' u' s
      for (std::size_t i = 0; i < tracked; ++i) y[i] = images[g][q[i]];
      const auto coset = numbering_.number(y.data());
      const auto source = block_of_[coset];
      const auto variant = variant_of_[coset];
      const auto* from = y.data();
      if (variant != 0) {
        conjugate = conjugate_images(y.data(), variant);
        from = conjugate.data();
      }
      auto back = numbering_.quotient(from, representatives_.data() + source * tracked, scratch);
      std::size_t conjugation = variant;
      unsigned lane = 0;
      if (has_lanes()) {
        const auto u = lane_of_[variant == 0 ? coset : numbering_.number(from)];
        lane = 8U * variant + u;
        lane_patterns_[k * d + g] = static_cast<std::uint8_t>(lane);
        if (!design_.twists.empty() && design_.twists[u] != 0) {
          back = fibre.group().product(design_.twists[u], back);  // (s f^-1)^-1
          conjugation += design_.symmetries.size();
        }
      }
      const auto key = static_cast<std::uint32_t>(conjugation * fibre.group().size() + back);
      auto& id = pattern_ids[key];
      if (key != 0 && id == 0) {
        if (known.size() > std::numeric_limits<std::uint16_t>::max())
          throw domain_error("a coset tower of more than 65535 patterns");
        id = static_cast<std::uint16_t>(known.size());
        known.push_back(key);
        pattern_variants_.push_back(static_cast<std::uint8_t>(conjugation));
      }
      sources_[k * d + g] = source;
      patterns_[k * d + g] = id;
      plain_edges += id == plain && lane == 0;
    }
  }
  plain_fraction_ = static_cast<double>(plain_edges) / static_cast<double>(blocks() * d);
  moves_.resize(known.size() * words());
  for (std::size_t p = 0; p < known.size(); ++p) {
    if (p % 256 == 0) context.check();
    const auto back = static_cast<std::uint32_t>(known[p] % fibre.group().size());
    fibre.pattern(pattern_variants_[p], fibre.group().inverse(back), moves_.data() + p * words());
  }
}

std::vector<std::uint32_t> coset_tower::last_windows(std::size_t window) const {
  return search::last_windows(sources_, generators(), window);
}

std::size_t coset_tower::kept_back(std::size_t window) const { return search::kept_back(last_windows(window), window); }

/// The order of the blocks decides how many must be kept back at once. Tried: cells sorted by the image of one base
/// point first, for each base point; a generator that moves few points then leads to a cell that is near. Where nearly
/// half of all wait there is no such order.
void coset_tower::order_cells() {
  const std::size_t cells = cell_begins_.size() - 1;
  const auto window = unit_schedule::make(blocks(), block_words(), 1).window;
  auto least = kept_back(window);
  for (std::size_t level = 1; level < numbering_.levels() && 5 * least < 2 * blocks(); ++level) {
    std::vector<std::uint32_t> keys(cells), order(cells);
    for (std::size_t i = 0; i < cells; ++i) keys[i] = representatives_[cell_begins_[i] * numbering_.tracked() + level];
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::ranges::stable_sort(order, {}, [&](auto i) { return keys[i]; });
    std::vector<std::uint32_t> moved(blocks());  // old number -> new one
    std::vector<std::uint32_t> begins;
    std::uint32_t next = 0;
    for (const auto i : order) {
      begins.push_back(next);
      for (auto k = cell_begins_[i]; k < cell_begins_[i + 1]; ++k) moved[k] = next++;
    }
    begins.push_back(next);
    const auto kept = search::kept_back(search::last_windows(sources_, generators(), window, moved), window);
    if (kept >= least) continue;
    least = kept;
    renumber(moved);
    cell_begins_ = std::move(begins);
  }
}

void coset_tower::renumber(const std::vector<std::uint32_t>& numbers) {
  const auto permute = [&](auto& rows, std::size_t width) {
    auto out = rows;
    for (std::size_t k = 0; k < blocks(); ++k) {
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(k * width), width,
                  out.begin() + static_cast<std::ptrdiff_t>(numbers[k] * width));
    }
    rows = std::move(out);
  };
  for (auto& block : block_of_) block = numbers[block];
  for (auto& source : sources_) source = numbers[source];
  permute(representatives_, numbering_.tracked());
  permute(sources_, generators());
  permute(patterns_, generators());
  if (has_lanes()) permute(lane_patterns_, generators());
  permute(weights_, 1);
}

/// Classes of the r_k modulo `modulus`, from block to block: r' = p^-1 r_k s^-1.
void coset_tower::colour() {
  classes_.assign(blocks(), 0);
  const std::uint32_t m = design_.modulus;
  if (m == 1) return;
  const auto& fibre = *design_.fibre;
  std::vector<bool> known(blocks());
  const auto start = locate(permutation(design_.group.degree()));
  // 1 = r h u, and u has class 0
  classes_[start.block] = static_cast<std::uint8_t>((m - fibre.class_of(fibre.element(start.place))) % m);
  known[start.block] = true;
  std::vector<std::uint32_t> queue{start.block};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto k = queue[i];
    for (std::size_t g = 0; g < generators(); ++g) {
      const auto source = sources(k)[g];
      if (known[source]) continue;
      // The first word t = 1 of block k pulls the word of s: class(r') + class(s) = class(r_k) - 1.
      const auto s = fibre.element(moves(source_patterns(k)[g])[0]);
      classes_[source] = static_cast<std::uint8_t>((classes_[k] + 2 * m - 1 - fibre.class_of(s)) % m);
      known[source] = true;
      queue.push_back(source);
    }
  }
}

std::size_t coset_tower::bytes() const noexcept {
  return block_of_.size() * 5 + lane_of_.size() + representatives_.size() * sizeof(point) +
         blocks() * (generators() * 6 + 5) + lane_patterns_.size() + moves_.size() * 2;
}

std::uint64_t coset_tower::index_of(address at) const {
  const std::uint64_t first = 64 * static_cast<std::uint64_t>(at.block) * block_words();
  if (!has_lanes()) return first + at.place;
  const std::uint32_t k = at.place % 64;
  return first + std::uint64_t{at.place / 64} * 512 + k / 8 * 64 + at.lane * 8 + k % 8;
}

coset_tower::address coset_tower::address_of(std::uint64_t index) const {
  const auto block = static_cast<std::uint32_t>(index / (64 * block_words()));
  const auto rest = static_cast<std::uint32_t>(index % (64 * block_words()));
  if (!has_lanes()) return {block, rest};
  return {block, rest / 512 * 64 + rest % 512 / 64 * 8 + rest % 8, rest % 64 / 8};
}

std::vector<coset_numbering::point> coset_tower::tracked_images(const permutation& x) const {
  std::vector<point> out;
  for (const auto p : numbering_.tracked_points()) out.push_back(static_cast<point>(x[p]));
  return out;
}

coset_tower::address coset_tower::locate(const permutation& x) const {
  auto y = tracked_images(x.inverse());
  auto coset = numbering_.number(y.data());
  if (variant_of_[coset] != 0) {
    y = conjugate_images(y.data(), variant_of_[coset]);
    coset = numbering_.number(y.data());
  }
  std::vector<point> scratch;
  const auto block = block_of_[coset];
  // x^-1 = h^-1 (r q)^-1, and q does not move supp(H); r q h = r (h f^-1) (f q)
  auto back = numbering_.quotient(y.data(), representatives_.data() + block * numbering_.tracked(), scratch);
  const auto& fibre = *design_.fibre;
  if (!design_.twists.empty()) back = fibre.group().product(design_.twists[lane_of_[coset]], back);
  return {block, fibre.place(fibre.group().inverse(back)), has_lanes() ? lane_of_[coset] : 0U};
}

permutation coset_tower::element(address at) const {
  const auto& fibre = *design_.fibre;
  const auto& chain = design_.group.chain();
  const std::size_t degree = design_.group.degree();
  const auto h = fibre.group().element(fibre.element(at.place), degree);
  // The representative's inverse from its images of the base.
  const auto* q = representatives_.data() + at.block * numbering_.tracked();
  const auto tracked = numbering_.tracked_points();
  std::vector<groups::point> images;
  for (const auto b : chain.base()) {
    const auto i = std::ranges::find(tracked, static_cast<point>(b)) - tracked.begin();
    // A base point that H does not move is fixed by all that fixes the points before it.
    images.push_back(static_cast<std::size_t>(i) < tracked.size() ? q[i] : b);
  }
  auto product = permutation(degree);  // u_(l-1) ... u_0
  for (std::size_t l = 0; l < chain.length(); ++l) {
    if (chain.orbit(l).size() == 1) continue;  // there may be very many of these
    const auto back = product.inverse();
    product = chain.transversal(l, *chain.position(l, back[images[l]])) * product;
  }
  const auto r = product.inverse();
  return has_lanes() ? r * h * design_.lane(at.lane) : r * h;
}

std::uint64_t coset_tower::fingerprint() const {
  std::uint64_t sum = 0x9e3779b97f4a7c15;
  const auto fold = [&sum](std::uint64_t word) {
    sum = (std::rotl(sum, 29) ^ word) * 0xd6e8feb86659fd93;
    sum ^= sum >> 32;
  };
  const auto fold_all = [&](const auto& array) {
    fold(array.size());
    for (const auto entry : array) fold(entry);
  };
  fold(words()), fold(design_.fibre->used_bits()), fold(design_.modulus), fold(design_.level),
      fold(design_.symmetries.size());
  fold_all(design_.group.chain().base());
  fold_all(block_of_), fold_all(variant_of_), fold_all(representatives_), fold_all(weights_), fold_all(classes_);
  fold_all(sources_), fold_all(patterns_), fold_all(moves_), fold_all(pattern_variants_);
  fold_all(lane_of_), fold_all(lane_patterns_);
  // Products of generators in a fixed disorder.
  auto x = permutation(design_.group.degree());
  for (std::uint64_t i = 0, step = 1; i < 256; ++i, step = step * 6364136223846793005 + 1442695040888963407) {
    x = x * design_.generators[(step >> 33) % design_.generators.size()];
    const auto at = locate(x);
    fold(index_of(at));
  }
  return sum;
}

}  // namespace cosetta::search
