#include <groups/generator_symmetry.hpp>
#include <groups/permutation_group.hpp>
#include <search/subgroup_choice.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>

namespace cosetta::search {

namespace {

using groups::permutation;

constexpr std::uint32_t largest_order = 512;  // of a generator whose powers are looked at

/// What a candidate takes of each class: the number of an exponent in its list.
using choice = std::vector<std::uint16_t>;

struct cyclic_class {
  std::size_t generator;                 // of the greatest order
  std::vector<permutation> powers;       // powers[i] = g^exponents[i]
  std::vector<std::uint32_t> exponents;  // divisors of the order, ascending: from all of the class to nothing
  std::vector<std::pair<std::size_t, std::uint16_t>> members;  // the given generators in it, and the largest choice that has them
};

class candidate_search {
 public:
  candidate_search(std::span<const permutation> generators, const groups::group_control& control) : generators_(generators), control_(control) {
    make_classes();
    make_symmetries();
    whole_ = colours_of(choice(classes_.size(), 0));
  }

  std::vector<subgroup_candidate> run(const subgroup_limits& limits) {
    std::vector<subgroup_candidate> out;
    std::vector<choice> level{choice(classes_.size(), 0)};
    for (std::size_t seen = 1; !level.empty();) {
      std::set<choice> lower;
      for (const auto& c : level) {
        control_.check();
        if (auto candidate = examine(c)) out.push_back(std::move(*candidate));
        if (out.size() >= limits.most) return out;
        for (std::size_t k = 0; k < c.size(); ++k) {
          for (auto to = static_cast<std::uint16_t>(c[k] + 1); to < classes_[k].exponents.size(); ++to) {
            if (!is_step(classes_[k], c[k], to)) continue;
            auto next = c;
            next[k] = to;
            next = canonical(next);
            if (seen < limits.choices && lower.insert(next).second) ++seen;
          }
        }
      }
      level.assign(lower.begin(), lower.end());
    }
    return out;
  }

 private:
  void make_classes() {
    std::vector<std::pair<std::uint32_t, std::size_t>> by_order;
    for (std::size_t g = 0; g < generators_.size(); ++g) {
      const auto order = groups::order(generators_[g]);
      if (order == 1) continue;
      by_order.emplace_back(order <= largest_order ? static_cast<std::uint32_t>(order.get_ui()) : 0, g);
    }
    std::ranges::stable_sort(by_order, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [order, g] : by_order) {
      if (!join_class(g)) open_class(order, g);
    }
  }
  bool join_class(std::size_t g) {
    for (auto& c : classes_) {
      for (std::size_t i = c.powers.size(); i-- > 0;) {  // the smallest subgroup of the class that has it
        if (!is_power(generators_[g], c.powers[i])) continue;
        c.members.emplace_back(g, static_cast<std::uint16_t>(i));
        return true;
      }
    }
    return false;
  }
  static bool is_power(const permutation& g, const permutation& of) {
    auto p = of;
    for (std::uint32_t k = 0; k < largest_order; ++k, p = p * of) {
      if (p == g) return true;
      if (p.is_identity()) return false;
    }
    return false;
  }
  void open_class(std::uint32_t order, std::size_t g) {
    cyclic_class c{g, {}, {}, {{g, std::uint16_t{0}}}};
    for (std::uint32_t e = 1; e < order; ++e) {
      if (order % e == 0) c.exponents.push_back(e);
    }
    if (c.exponents.empty()) c.exponents.push_back(1);  // of large order: all or nothing
    c.exponents.push_back(order);
    for (const auto e : c.exponents) c.powers.push_back(e == order ? permutation(generators_[g].degree()) : generators_[g].pow(e));
    classes_.push_back(std::move(c));
  }
  /// From one subgroup of a cyclic group to a maximal one of it.
  static bool is_step(const cyclic_class& c, std::size_t from, std::size_t to) {
    if (c.exponents.back() == 0) return to == from + 1;
    const auto divides = [](std::uint32_t d, std::uint32_t n) { return n % d == 0; };
    if (!divides(c.exponents[from], c.exponents[to])) return false;
    const auto index = c.exponents[to] / c.exponents[from];
    for (std::uint32_t d = 2; d < index; ++d) {
      if (divides(d, index)) return false;
    }
    return true;
  }

  /// Where each symmetry takes each class.
  void make_symmetries() {
    std::vector<permutation> distinct;
    for (const auto& g : generators_) {
      if (std::ranges::find(distinct, g) == distinct.end()) distinct.push_back(g);
    }
    if (distinct.empty()) return;
    std::map<permutation, std::size_t> class_of;
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      for (const auto& [g, least] : classes_[k].members) class_of[generators_[g]] = k;
    }
    std::set<std::vector<std::size_t>> maps;
    for (const auto& w : groups::symmetries_of(distinct, most_generator_symmetries, generator_symmetry_budget).elements) {
      const auto back = w.inverse();
      std::vector<std::size_t> map;
      for (const auto& c : classes_) map.push_back(class_of.at(back * generators_[c.generator] * w));
      const bool fits = std::ranges::all_of(std::views::iota(std::size_t{0}, map.size()),
                                            [&](std::size_t k) { return classes_[map[k]].exponents == classes_[k].exponents; });
      if (fits) maps.insert(std::move(map));
    }
    symmetries_.assign(maps.begin(), maps.end());
  }
  choice canonical(const choice& c) const {
    auto out = c;
    choice image(c.size());
    for (const auto& map : symmetries_) {
      for (std::size_t k = 0; k < c.size(); ++k) image[map[k]] = c[k];
      if (image < out) out = image;
    }
    return out;
  }

  /// Orbits, numbered by their smallest points.
  std::vector<std::uint32_t> colours_of(const choice& c) const {
    const std::size_t n = generators_.empty() ? 0 : generators_.front().degree();
    std::vector<std::uint32_t> root(n);
    std::iota(root.begin(), root.end(), 0U);
    const auto find = [&](std::uint32_t x) {
      while (root[x] != x) x = root[x] = root[root[x]];
      return x;
    };
    for (std::size_t k = 0; k < c.size(); ++k) {
      const auto& g = classes_[k].powers[c[k]];
      for (std::uint32_t x = 0; x < n; ++x) {
        const auto a = find(x), b = find(g[x]);
        root[std::max(a, b)] = std::min(a, b);
      }
    }
    std::vector<std::uint32_t> colours(n);
    std::uint32_t count = 0;
    for (std::uint32_t x = 0; x < n; ++x) colours[x] = find(x) == x ? count++ : colours[root[x]];
    return colours;
  }

  /// Nothing unless it is closed, and its colours tell more than the orbits of the whole group.
  std::optional<subgroup_candidate> examine(const choice& c) const {
    const auto colours = colours_of(c);
    if (colours == whole_) return std::nullopt;
    const auto keeps = [&](const permutation& g) {
      for (std::uint32_t x = 0; x < colours.size(); ++x) {
        if (colours[g[x]] != colours[x]) return false;
      }
      return true;
    };
    subgroup_candidate out;
    for (std::size_t k = 0; k < c.size(); ++k) {
      const auto& of = classes_[k];
      for (std::size_t i = 0; i < of.powers.size(); ++i) {
        const bool has = of.exponents.back() == 0 ? i >= c[k] : of.exponents[i] % of.exponents[c[k]] == 0;
        if (!has && keeps(of.powers[i])) return std::nullopt;
      }
      if (of.powers[c[k]].is_identity()) continue;
      out.parts.push_back({of.generator, of.exponents[c[k]]});
      out.generators.push_back(of.powers[c[k]]);
    }
    for (std::size_t g = 0; g < generators_.size(); ++g) {
      if (keeps(generators_[g])) out.moves.push_back(g);
    }
    out.colours = colours;
    groups::chain_options options;
    options.control = control_;
    out.order = groups::permutation_group(out.generators, colours.size(), options).order();
    return out;
  }

  std::span<const permutation> generators_;
  const groups::group_control& control_;
  std::vector<cyclic_class> classes_;
  std::vector<std::vector<std::size_t>> symmetries_;
  std::vector<std::uint32_t> whole_;
};

}  // namespace

std::vector<subgroup_candidate> subgroup_candidates(std::span<const permutation> generators, const subgroup_limits& limits,
                                                    const groups::group_control& control) {
  return candidate_search(generators, control).run(limits);
}

}  // namespace cosetta::search
