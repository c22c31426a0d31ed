#include <groups/generator_symmetry.hpp>
#include <kernels/error.hpp>
#include <search/tower_choice.hpp>

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using groups::permutation;
using groups::permutation_group;
using groups::point;
using base_order = std::vector<point>;

constexpr std::size_t most_symmetries = 8;
constexpr std::uint64_t least_fibre = 64;
constexpr std::size_t sample_blocks = 240;
constexpr double one_try = 5e7;                    // nanoseconds that it takes to choose all subgroups again
constexpr unsigned long most_centralizing = 1024;  // elements among which eight for the lanes of vectors are looked for

/// The moved points, block by block of the symmetries' orbits, so that the base prefixes that matter are invariant.
base_order close_order(const base_order& order, const std::vector<permutation>& symmetries) {
  base_order out;
  std::vector<bool> taken(symmetries.front().degree());
  for (const auto p : order) {
    for (const auto& w : symmetries) {
      if (!taken[w[p]]) taken[w[p]] = true, out.push_back(w[p]);
    }
  }
  return out;
}

bool is_closed(std::span<const point> prefix, const std::vector<permutation>& symmetries) {
  return std::ranges::all_of(symmetries, [&](const permutation& w) {
    return std::ranges::all_of(prefix, [&](point p) { return std::ranges::find(prefix, w[p]) != prefix.end(); });
  });
}

class chooser {
 public:
  chooser(const permutation_group& group, const tower_wishes& wishes, const run_context& context)
      : group_(group), wishes_(wishes), context_(context) {
    for (const auto& g : group.generators()) {
      if (!g.is_identity() && std::ranges::find(generators_, g) == generators_.end()) generators_.push_back(g);
    }
    for (point p = 0; p < group.degree(); ++p) {
      if (std::ranges::any_of(generators_, [&](const auto& g) { return g[p] != p; })) moved_.push_back(p);
    }
  }

  tower_choice run() {
    if (group_.degree() > 4096) return {std::nullopt, "the degree is above 4096"};
    if (group_.order() < least_fibre) return {std::nullopt, "the group has fewer than 64 elements"};
    if (mpz_sizeinbase(group_.order().get_mpz_t(), 2) > 47)
      return {std::nullopt, "the group has more than 2^47 elements"};
    character_.emplace(group_, generators_, wishes_.grading ? 16 : 1);

    std::vector<permutation> symmetries{permutation(group_.degree())};
    auto best = best_for(symmetries);
    if (!best)
      return {std::nullopt, "no stabilizer in its chain has between 64 and 65536 elements in at most 1024 words"};
    if (wishes_.symmetry) extend(symmetries, best);
    best->fibre->number();
    if (best->lanes) best->lanes->number();
    return {std::move(best), {}};
  }

 private:
  /// Adds symmetries of 2-power order one by one while the estimate falls, as long as looking for them pays.
  void extend(std::vector<permutation>& symmetries, std::optional<tower_design>& best) {
    const auto all = groups::symmetries_of(generators_, 512, 4096);
    int tries = 0;
    for (bool grew = true; grew && symmetries.size() < most_symmetries;) {
      grew = false;
      for (const auto& w : all.elements) {
        if (tries >= 12 || tries * one_try > best->cost) return;
        auto larger = doubled(symmetries, w);
        if (larger.empty()) continue;
        ++tries;
        auto design = best_for(larger);
        if (!design || design->cost > 0.8 * best->cost ||
            (best->lanes && !design->lanes && wishes_.layout == tower_layout::vectors))
          continue;
        best = std::move(design);
        symmetries = std::move(larger);
        grew = true;
        break;
      }
    }
  }

  /// The group extended by w to twice its order; empty unless w normalises it and w^2 is in it.
  static std::vector<permutation> doubled(const std::vector<permutation>& group, const permutation& w) {
    const auto has = [&](const permutation& x) { return std::ranges::find(group, x) != group.end(); };
    if (has(w) || !has(w * w)) return {};
    const auto back = w.inverse();
    for (const auto& x : group) {
      if (!has(back * x * w)) return {};
    }
    auto out = group;
    for (const auto& x : group) out.push_back(x * w);
    return out;
  }

  std::vector<base_order> orders(const std::vector<permutation>& symmetries) const {
    std::vector<base_order> out;
    const auto add = [&](base_order order) {
      order = close_order(order, symmetries);
      if (std::ranges::find(out, order) == out.end()) out.push_back(std::move(order));
    };
    add(moved_);
    auto fixed_first = moved_;
    std::ranges::stable_partition(fixed_first, [&](point p) {
      return std::ranges::all_of(symmetries, [p](const auto& w) { return w[p] == p; });
    });
    add(fixed_first);
    if (group_.giant()) return out;  // all points are alike
    auto reversed = moved_;
    std::ranges::reverse(reversed);
    add(reversed);
    // Each orbit last.
    std::vector<int> orbit(group_.degree(), -1);
    int orbits = 0;
    for (const auto p : moved_) {
      if (orbit[p] >= 0) continue;
      std::vector<point> queue{p};
      orbit[p] = orbits;
      for (std::size_t i = 0; i < queue.size(); ++i) {
        for (const auto& g : generators_) {
          if (orbit[g[queue[i]]] < 0) orbit[g[queue[i]]] = orbits, queue.push_back(g[queue[i]]);
        }
      }
      ++orbits;
    }
    for (int last = 0; last < std::min(orbits, 4) && orbits > 1; ++last) {
      auto order = moved_;
      std::ranges::stable_partition(order, [&](point p) { return orbit[p] != last; });
      add(order);
    }
    return out;
  }

  /// The same group with a chain along this order of the points.
  permutation_group with_base(const base_order& order) const {
    groups::chain_options options = group_.options();
    options.base_prefix = order;
    options.known_order = group_.order();
    options.control = {context_.stop, context_.deadline, {}};
    return {generators_, group_.degree(), options};
  }

  std::optional<tower_design> best_for(const std::vector<permutation>& symmetries) {
    std::optional<tower_design> best;
    for (const auto& order : orders(symmetries)) {
      groups::group_control{context_.stop, context_.deadline, {}}.check();
      const auto cut = with_base(order);
      const auto& chain = cut.chain();
      mpz_class order_below = chain.order();
      for (std::size_t level = 0; level <= chain.length() && order_below >= least_fibre; ++level) {
        const bool differs = level == 0 || chain.orbit(level - 1).size() > 1;  // from the level before
        if (differs && order_below <= groups::listed_group::max_size &&
            is_closed(chain.base().first(level), symmetries)) {
          consider(cut, level, symmetries, best);
        }
        if (level < chain.length()) order_below /= static_cast<unsigned long>(chain.orbit(level).size());
      }
    }
    return best;
  }

  void consider(const permutation_group& cut, std::size_t level, const std::vector<permutation>& symmetries,
                std::optional<tower_design>& best) {
    const auto& chain = cut.chain();
    const auto listed = std::make_shared<const groups::listed_group>(chain, level);
    const auto& h = *listed;
    // A small fibre is worth a look only where nothing larger was found.
    const bool all = wishes_.layout == tower_layout::vectors && best && !best->lanes;
    if (best && !all && h.size() < best->fibre->group().size() / 4) return;
    const std::uint64_t cosets = mpz_class(chain.order() / static_cast<unsigned long>(h.size())).get_ui();
    if (cosets >= std::uint64_t{1} << 31) return;
    auto fibre = std::make_shared<tower_fibre>(listed, classes_of(chain, level, h.size()), character_->modulus(),
                                               symmetries, 64, 1);
    if (!fibre->keeps_symmetries() || 64 * fibre->words() > tower_fibre::max_places) return;
    tower_design design{generators_, cut, level, fibre, nullptr, {}, symmetries, 0, character_->modulus(), 0};
    const coset_numbering numbering(chain, level, fibre->group());
    std::vector<layout> layouts{{fibre, nullptr, {}}};
    if (wishes_.layout != tower_layout::words) {
      if (auto vectors = vectors_for(fibre, symmetries)) layouts.push_back(std::move(*vectors));
      if (layouts.size() > 1 && wishes_.layout == tower_layout::vectors) layouts.erase(layouts.begin());
    }
    double least = 0;
    for (const auto gauge : gauges()) {
      const auto edges = sample(design, numbering, gauge, cosets);
      for (const auto& l : layouts) {
        const double cost = estimate(design, l.lanes != nullptr, edges, cosets);
        if (least != 0 && cost >= least) continue;
        least = cost;
        design.gauge = gauge, design.fibre = l.fibre, design.lanes = l.lanes, design.twists = l.twists;
      }
    }
    design.cost = least;
    const bool wanted = wishes_.layout == tower_layout::vectors && design.lanes;
    const bool has = wishes_.layout == tower_layout::vectors && best && best->lanes;
    if (!best || (wanted == has ? design.cost < best->cost : wanted)) best = std::move(design);
  }

  struct layout {
    std::shared_ptr<tower_fibre> fibre, lanes;
    std::vector<std::uint32_t> twists;
  };

  /// Lanes for vectors (coset_tower.hpp): eight elements that fix supp(H), of class 0 or twisted; nothing where there
  /// are none, where words of H are not filled, or are not moved byte by byte.
  std::optional<layout> vectors_for(const std::shared_ptr<tower_fibre>& fibre,
                                    const std::vector<permutation>& symmetries) const {
    if (fibre->used_bits() != 64 || !fibre->is_two_group()) return std::nullopt;
    const auto& h = fibre->group();
    base_order order(h.support().begin(), h.support().end());
    order.insert(order.end(), moved_.begin(), moved_.end());
    order = close_order(order, symmetries);  // supp(H) is closed already
    const auto cut = with_base(order);
    const auto& chain = cut.chain();
    mpz_class below = chain.order();
    for (std::size_t level = 0; level <= chain.length() && below >= 8; ++level) {
      if (level >= h.support().size() && below <= most_centralizing &&
          is_closed(chain.base().first(level), symmetries)) {
        const auto centralizing = std::make_shared<const groups::listed_group>(chain, level);
        const auto classes = classes_of(chain, level, centralizing->size());
        auto lanes = std::make_shared<tower_fibre>(centralizing, classes, character_->modulus(), symmetries, 8, 1);
        if (is_filled(*lanes)) return layout{fibre, std::move(lanes), {}};
        return character_->modulus() == 2 ? twisted(fibre, centralizing, classes, symmetries) : std::nullopt;
      }
      if (level < chain.length()) below /= static_cast<unsigned long>(chain.orbit(level).size());
    }
    return std::nullopt;
  }

  /// Lanes of both classes, those of class 1 twisted by an involution of H that the symmetries keep.
  std::optional<layout> twisted(const std::shared_ptr<tower_fibre>& fibre,
                                const std::shared_ptr<const groups::listed_group>& centralizing,
                                const std::vector<std::uint8_t>& lane_classes,
                                const std::vector<permutation>& symmetries) const {
    const std::vector<std::uint8_t> no_classes(centralizing->size(), 0);
    auto lanes = std::make_shared<tower_fibre>(centralizing, no_classes, 1, symmetries, 8, 1);
    if (!is_filled(*lanes)) return std::nullopt;
    const auto& h = fibre->group();
    for (std::uint32_t tau = 1; tau < h.size(); ++tau) {
      if (fibre->class_of(tau) != 1 || h.product(tau, tau) != 0) continue;
      bool kept = true;
      for (std::size_t v = 0; v < symmetries.size(); ++v) kept = kept && fibre->conjugate(v, tau) == tau;
      if (!kept) continue;
      auto conjugations = symmetries;
      for (const auto& w : symmetries) conjugations.push_back(w * h.element(tau, group_.degree()));
      std::vector<std::uint8_t> classes(h.size());
      for (std::uint32_t e = 0; e < h.size(); ++e) classes[e] = fibre->class_of(e);
      auto again = std::make_shared<tower_fibre>(fibre->shared_group(), classes, 2, conjugations, 64, 1);
      if (again->used_bits() != 64 || !again->is_two_group() || !again->keeps_symmetries()) return std::nullopt;
      layout out{std::move(again), lanes, {}};
      for (std::uint32_t l = 0; l < 8; ++l) out.twists.push_back(lane_classes[lanes->subgroup_element(l)] == 1 ? tau : 0);
      return out;
    }
    return std::nullopt;
  }

  static bool is_filled(const tower_fibre& lanes) {
    return lanes.used_bits() == 8 && lanes.is_two_group() && lanes.keeps_symmetries();
  }

  /// Classes of all elements of H_level: those of the transversals add up.
  std::vector<std::uint8_t> classes_of(const groups::stabilizer_chain& chain, std::size_t level,
                                       std::size_t size) const {
    const auto m = character_->modulus();
    if (m == 1) return std::vector<std::uint8_t>(size, 0);
    std::vector<std::uint8_t> classes{0};
    for (std::size_t l = chain.length(); l-- > level;) {
      if (chain.orbit(l).size() == 1) continue;
      std::vector<std::uint8_t> more;
      for (std::size_t d = 0; d < chain.orbit(l).size(); ++d) {
        const auto c = (*character_)(chain.transversal(l, d));
        for (const auto below : classes) more.push_back(static_cast<std::uint8_t>((below + c) % m));
      }
      classes = std::move(more);
    }
    return classes;
  }

  /// Up to four generators of the greatest orders, no two of which are inverse to one another.
  std::vector<std::size_t> gauges() const {
    std::vector<std::size_t> out;
    for (std::size_t g = 0; g < generators_.size(); ++g) {
      const auto back = generators_[g].inverse();
      if (std::ranges::none_of(out, [&](auto other) { return generators_[other] == back; })) out.push_back(g);
    }
    std::ranges::stable_sort(out, std::ranges::greater{}, [&](auto g) { return groups::order(generators_[g]); });
    if (out.size() > 4) out.resize(4);
    return out;
  }

  struct edge_sample {
    double plain = 0;     // part of the edges whose pattern is the identity
    double patterns = 0;  // how many there will be
  };

  /// From a sample of blocks, gauged as the tower will be.
  edge_sample sample(const tower_design& design, const coset_numbering& numbering, std::size_t gauge,
                     std::uint64_t cosets) const {
    const std::size_t tracked = numbering.tracked();
    const auto& g0 = generators_[gauge];
    using row = std::vector<coset_numbering::point>;
    // The representative that the gauge gives to the coset of y: from the orbit's least coset on.
    const auto gauged = [&](const row& y) {
      row at(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(design.level));  // the coset is known by these
      std::uint64_t least = numbering.number(at.data());
      const auto own = least;
      std::size_t steps = 0, least_at = 0;
      for (;;) {
        for (auto& image : at) image = static_cast<coset_numbering::point>(g0[image]);
        ++steps;
        const auto c = numbering.number(at.data());
        if (c == own || steps > 4096) break;
        if (c < least) least = c, least_at = steps;
      }
      row q(tracked);
      numbering.representative(least, q.data());
      const auto rest = g0.pow(mpz_class(static_cast<unsigned long>(least_at == 0 ? 0 : steps - least_at)));
      for (auto& image : q) image = static_cast<coset_numbering::point>(rest[image]);
      return q;
    };
    std::mt19937_64 random(7);
    std::set<std::uint32_t> patterns;
    std::size_t edges = 0, plain = 0;
    row x(tracked);
    std::vector<coset_numbering::point> scratch;
    const auto samples = std::min<std::uint64_t>(cosets, sample_blocks);
    for (std::size_t i = 0; i < samples; ++i) {
      numbering.representative(cosets == samples ? i : random() % cosets, x.data());
      const auto q = gauged(x);
      for (const auto& p : generators_) {
        row y(tracked);
        for (std::size_t j = 0; j < tracked; ++j) y[j] = static_cast<coset_numbering::point>(p[q[j]]);
        const auto s = numbering.quotient(y.data(), gauged(y).data(), scratch);
        ++edges;
        plain += s == 0;
        patterns.insert(s);
      }
    }
    const double tau = static_cast<double>(plain) / static_cast<double>(edges);
    // All patterns, where nearly every edge of the sample brought a new one.
    const double seen = static_cast<double>(patterns.size());
    const double all = seen > 0.5 * static_cast<double>(edges - plain)
                           ? std::min(static_cast<double>(cosets * generators_.size()) * (1 - tau),
                                      static_cast<double>(design.fibre->group().size()))
                           : seen;
    return {tau, all};
  }

  /// Nanoseconds for all words once, and the tables.
  double estimate(const tower_design& design, bool lanes, const edge_sample& edges, std::uint64_t cosets) const {
    const double words = static_cast<double>(design.fibre->words());
    const double table = edges.patterns * words * 2;
    const double penalty = table < 0.6e6 ? 1 : table < 4e6 ? 1.05 : table < 16e6 ? 1.15 : 1.4;
    const double stored = static_cast<double>(cosets) / static_cast<double>(design.symmetries.size());
    const double d = static_cast<double>(generators_.size());
    const double passes = 12;
    // A moved word: eight at once where there are lanes.
    const double moved = lanes ? 0.4 : penalty;
    const double sweep =
        passes * stored * words * (d * ((1 - edges.plain) * moved + 0.3 * edges.plain) + 0.5 + (6 + 6 * d) / words);
    const double build = stored * d * (lanes ? 20 : 150) + edges.patterns * words * 15;
    // Where K is no 2-group the translation is dearer without the newest instructions.
    return (sweep + build) * (design.fibre->is_two_group() ? 1 : 1.05);
  }

  permutation_group group_;
  tower_wishes wishes_;
  const run_context& context_;
  std::vector<permutation> generators_;
  std::vector<point> moved_;
  std::optional<groups::cyclic_quotient> character_;
};

}  // namespace

tower_choice choose_tower(const permutation_group& group, const tower_wishes& wishes, const run_context& context) {
  return chooser(group, wishes, context).run();
}

}  // namespace cosetta::search
