// What the tests of stabilizer chains are checked against: the simplest deterministic Schreier-Sims that there is, on
// vectors of images, with every Schreier generator sifted; and a supply of small groups of many kinds.
#pragma once

#include <groups/permutation.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmpxx.h>

namespace cosetta::tests {

using image_list = std::vector<std::uint32_t>;

inline image_list identity_list(std::size_t n) {
  image_list out(n);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}
/// First a, then b.
inline image_list times(const image_list& a, const image_list& b) {
  image_list out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = b[a[i]];
  return out;
}
inline image_list inverse_list(const image_list& a) {
  image_list out(a.size());
  for (std::uint32_t i = 0; i < a.size(); ++i) out[a[i]] = i;
  return out;
}
inline image_list power_list(const image_list& a, std::uint64_t k) {
  image_list out = identity_list(a.size());
  for (std::uint64_t i = 0; i < k; ++i) out = times(out, a);
  return out;
}
inline image_list cycle_list_of(std::size_t n, const std::vector<std::vector<std::uint32_t>>& cycles) {
  image_list out = identity_list(n);
  for (const auto& c : cycles) {
    for (std::size_t i = 0; i < c.size(); ++i) out[c[i]] = c[(i + 1) % c.size()];
  }
  return out;
}

class plain_group {
 public:
  plain_group(const std::vector<image_list>& generators, std::size_t degree) : degree_(degree) {
    for (const auto& g : generators) add(0, g);
  }
  mpz_class order() const {
    mpz_class product = 1;
    for (const auto& l : levels_) product *= static_cast<unsigned long>(l.orbit.size());
    return product;
  }
  bool contains(const image_list& g) const { return contains(0, g); }

 private:
  struct level {
    std::uint32_t base;
    std::vector<image_list> generators;
    std::vector<std::uint32_t> orbit;
    std::vector<image_list> transversal, inverses;  // by point; empty outside the orbit
  };

  bool contains(std::size_t i, image_list g) const {
    for (; i < levels_.size(); ++i) {
      const auto& inverse = levels_[i].inverses[g[levels_[i].base]];
      if (inverse.empty()) return false;
      g = times(g, inverse);
    }
    return g == identity_list(degree_);
  }

  void add(std::size_t i, const image_list& g) {
    if (contains(i, g)) return;
    if (i == levels_.size()) {
      std::uint32_t b = 0;
      while (g[b] == b) ++b;
      levels_.push_back({b, {}, {b}, std::vector<image_list>(degree_), std::vector<image_list>(degree_)});
      levels_[i].transversal[b] = levels_[i].inverses[b] = identity_list(degree_);
    }
    levels_[i].generators.push_back(g);
    const std::size_t before = levels_[i].orbit.size(), newest = levels_[i].generators.size() - 1;
    for (std::size_t p = 0; p < levels_[i].orbit.size(); ++p) {
      for (std::size_t s = p < before ? newest : 0; s <= newest; ++s) {
        auto& l = levels_[i];
        const auto x = l.orbit[p], y = l.generators[s][x];
        const auto product = times(l.transversal[x], l.generators[s]);
        if (l.transversal[y].empty()) {
          l.orbit.push_back(y);
          l.transversal[y] = product;
          l.inverses[y] = inverse_list(product);
        } else {
          const auto schreier_generator = times(product, l.inverses[y]);
          add(i + 1, schreier_generator);
        }
      }
    }
  }

  std::size_t degree_;
  std::vector<level> levels_;
};

struct sample_group {
  std::string kind;
  std::size_t degree = 0;
  std::vector<image_list> generators;

  std::vector<groups::permutation> permutations() const {
    std::vector<groups::permutation> out;
    for (const auto& g : generators) out.emplace_back(g);
    return out;
  }
  std::string text() const {
    std::string out = kind + ", degree " + std::to_string(degree) + ":";
    for (const auto& g : generators) out += " " + groups::to_cycles(groups::permutation(g));
    return out;
  }
};

/// Random groups of degree at most 40, of a kind that is drawn too. Those with long chains are kept small.
class group_supply {
 public:
  explicit group_supply(std::uint64_t seed) : rng_(seed) {}

  std::mt19937_64& rng() { return rng_; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng_() % n); }
  std::size_t between(std::size_t a, std::size_t b) { return a + below(b - a + 1); }

  image_list shuffled(std::size_t n) {
    auto out = identity_list(n);
    std::shuffle(out.begin(), out.end(), rng_);
    return out;
  }

  static constexpr std::size_t kinds = 17;

  sample_group next() { return decorated(of_kind(below(kinds))); }

  sample_group of_kind(std::size_t kind) {
    switch (kind) {
      case 0:
        return few_points_moved();
      case 1:
        return random_elements();
      case 2:
        return in_wreath_product();
      case 3:
        return in_direct_product();
      case 4:
        return linked_by_parity();
      case 5:
        return p_group();
      case 6:
        return regular();
      case 7:
        return affine_line();
      case 8:
        return projective_line();
      case 9:
        return sporadic();
      case 10:
        return abelian();
      case 11:
        return diagonal();
      case 12:
        return on_pairs();
      case 13:
        return beside(of_kind(below(13)), of_kind(below(13)));
      case 14:
        return dihedral();
      case 15:
        return tiny();
      default:
        return mixed_orbits();
    }
  }

  /// The same group in other clothes: points renamed, fixed points between them, generators repeated, multiplied, trivial.
  sample_group decorated(sample_group g) {
    if (g.degree < 36 && below(3) == 0) {
      const std::size_t more = below(5);
      for (auto& x : g.generators) {
        for (std::size_t i = 0; i < more; ++i) x.push_back(static_cast<std::uint32_t>(g.degree + i));
      }
      g.degree += more;
    }
    if (below(2) == 0) {
      const auto name = shuffled(g.degree);
      for (auto& x : g.generators) x = times(times(inverse_list(name), x), name);
    }
    if (below(4) == 0) g.generators.push_back(identity_list(g.degree));
    if (below(4) == 0 && !g.generators.empty()) g.generators.push_back(g.generators[below(g.generators.size())]);
    if (below(4) == 0 && !g.generators.empty()) {
      const auto a = g.generators[below(g.generators.size())], b = g.generators[below(g.generators.size())];
      g.generators.push_back(times(inverse_list(a), b));
    }
    std::shuffle(g.generators.begin(), g.generators.end(), rng_);
    return g;
  }

  sample_group few_points_moved() {
    const std::size_t n = between(4, 24), k = between(1, 5);
    sample_group out{"few points moved", n, {}};
    for (std::size_t i = 0; i < k; ++i) {
      auto points = shuffled(n);
      points.resize(between(2, 4));
      out.generators.push_back(cycle_list_of(n, {points}));
    }
    return out;
  }
  sample_group random_elements() {
    const std::size_t n = between(1, 12), k = below(4);
    sample_group out{"random", n, {}};
    for (std::size_t i = 0; i < k; ++i) out.generators.push_back(shuffled(n));
    return out;
  }
  sample_group in_wreath_product() {
    const std::size_t a = between(2, 5), b = between(2, 20 / a), k = between(1, 3);
    sample_group out{"in a wreath product", a * b, {}};
    const bool cyclic_bottom = below(2) == 0, cyclic_top = below(2) == 0;
    for (std::size_t i = 0; i < k; ++i) {
      image_list x(a * b);
      auto top = cyclic_top ? shifted(b) : below(4) == 0 ? identity_list(b) : shuffled(b);
      for (std::size_t j = 0; j < b; ++j) {
        const auto bottom = below(3) == 0 ? identity_list(a) : cyclic_bottom ? shifted(a) : shuffled(a);
        for (std::size_t p = 0; p < a; ++p) x[j * a + p] = static_cast<std::uint32_t>(top[j] * a + bottom[p]);
      }
      out.generators.push_back(power_list(x, between(1, 3)));
    }
    return out;
  }
  sample_group in_direct_product() {
    sample_group out{"in a direct product", 0, std::vector<image_list>(between(1, 3))};
    for (std::size_t part = between(2, 4); part-- > 0;) {
      const std::size_t n = between(2, 6);
      for (auto& x : out.generators) append(x, below(3) == 0 ? identity_list(n) : shuffled(n));
      out.degree += n;
    }
    return out;
  }
  sample_group linked_by_parity() {
    const std::size_t m = between(2, 7), n = between(2, 7);
    sample_group out{"linked by parity", m + n, {}};
    for (std::size_t i = between(2, 4); i-- > 0;) {
      auto x = shuffled(m), y = shuffled(n);
      if (odd(x) != odd(y)) std::swap(y[0], y[1]);
      append(x, y);
      out.generators.push_back(x);
    }
    return out;
  }
  /// Random automorphisms of a rooted tree of arity p, by cyclic rotations.
  sample_group p_group() {
    const std::size_t p = below(3) == 0 ? 3 : 2, depth = p == 2 ? between(2, 5) : between(1, 3);
    std::size_t n = 1;
    for (std::size_t i = 0; i < depth; ++i) n *= p;
    sample_group out{"p-group", n, {}};
    for (std::size_t i = between(1, 4); i-- > 0;) {
      auto x = identity_list(n);
      const std::size_t sparse = between(1, 4);
      for (std::size_t size = p; size <= n; size *= p) {
        for (std::size_t start = 0; start < n; start += size) {
          if (below(sparse) != 0) continue;
          image_list turn = identity_list(n);
          const std::size_t shift = size / p * below(p);
          for (std::size_t q = 0; q < size; ++q) turn[start + q] = static_cast<std::uint32_t>(start + (q + shift) % size);
          x = times(x, turn);
        }
      }
      out.generators.push_back(x);
    }
    return out;
  }
  /// All elements of the group, at most `limit` of them; nothing where there are more.
  static std::vector<image_list> closure(const std::vector<image_list>& generators, std::size_t degree, std::size_t limit) {
    std::vector<image_list> out{identity_list(degree)};
    std::set<image_list> seen{out[0]};
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (const auto& g : generators) {
        auto x = times(out[i], g);
        if (!seen.insert(x).second) continue;
        out.push_back(std::move(x));
        if (out.size() > limit) return {};
      }
    }
    return out;
  }
  sample_group regular() {
    for (;;) {
      const auto base = of_kind(std::vector<std::size_t>{0, 1, 2, 5, 7, 14}[below(6)]);
      const auto elements = closure(base.generators, base.degree, 40);
      if (elements.empty()) continue;
      sample_group out{"regular", elements.size(), {}};
      std::map<image_list, std::uint32_t> number;
      for (const auto& x : elements) number.emplace(x, static_cast<std::uint32_t>(number.size()));
      std::map<image_list, std::uint32_t> place;
      for (std::uint32_t i = 0; i < elements.size(); ++i) place[elements[i]] = i;
      for (const auto& g : base.generators) {
        image_list x;
        for (const auto& e : elements) x.push_back(place[times(e, g)]);
        out.generators.push_back(x);
      }
      const std::size_t copies = between(1, 3);
      if (copies * out.degree > 40 || below(2) == 0) return out;
      return repeated(out, copies, "semiregular");
    }
  }
  sample_group affine_line() {
    const std::size_t p = std::vector<std::size_t>{3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}[below(11)];
    sample_group out{"affine line", p, {}};
    for (std::size_t i = between(1, 3); i-- > 0;) {
      const std::size_t a = between(1, p - 1), b = below(p);
      image_list x(p);
      for (std::size_t t = 0; t < p; ++t) x[t] = static_cast<std::uint32_t>((a * t + b) % p);
      out.generators.push_back(x);
    }
    return out;
  }
  sample_group projective_line() {
    const std::size_t p = std::vector<std::size_t>{5, 7, 11, 13, 17, 19, 23, 29, 31}[below(9)];
    const std::size_t a = between(1, p - 1);
    std::vector<std::size_t> reciprocal(p);
    for (std::size_t t = 1; t < p; ++t) {
      for (std::size_t u = 1; u < p; ++u) {
        if (t * u % p == 1) reciprocal[t] = u;
      }
    }
    const auto infinity = static_cast<std::uint32_t>(p);
    image_list shift(p + 1), scale(p + 1), flip(p + 1);
    for (std::size_t t = 0; t < p; ++t) {
      shift[t] = static_cast<std::uint32_t>((t + 1) % p);
      scale[t] = static_cast<std::uint32_t>(a * a * t % p);
      flip[t] = t == 0 ? infinity : static_cast<std::uint32_t>((p - reciprocal[t]) % p);
    }
    shift[p] = scale[p] = infinity;
    flip[p] = 0;
    if (below(2) == 0) {  // perhaps PGL
      for (std::size_t t = 0; t < p; ++t) scale[t] = static_cast<std::uint32_t>(a * t % p);
    }
    return {"projective line", p + 1, {shift, scale, flip}};
  }
  sample_group sporadic() {
    switch (below(6)) {
      case 0:
        return {"M11", 11, {cycle_list_of(11, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}), cycle_list_of(11, {{2, 6, 10, 7}, {3, 9, 4, 5}})}};
      case 1:
        return {"M12",
                12,
                {cycle_list_of(12, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}), cycle_list_of(12, {{2, 6, 10, 7}, {3, 9, 4, 5}}),
                 cycle_list_of(12, {{0, 11}, {1, 10}, {2, 5}, {3, 7}, {4, 8}, {6, 9}})}};
      case 2:
        return {"M24",
                24,
                {cycle_list_of(24, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22}}),
                 cycle_list_of(24, {{2, 16, 9, 6, 8}, {3, 12, 1, 18, 10}, {4, 17, 14, 22, 20}, {7, 13, 21, 11, 15}}),  // checked by its order
                 cycle_list_of(24, {{0, 23}, {1, 22}, {2, 11}, {3, 15}, {4, 17}, {5, 9}, {6, 19}, {7, 13}, {8, 20}, {10, 16}, {12, 21}, {14, 18}})}};
      case 3:
        return affine_space(2, 3);
      case 4:
        return affine_space(3, 2);
      default:
        return affine_space(2, 5);
    }
  }
  /// x -> x M + v over GF(p) with random M, v: mostly all of AGL(d, p).
  sample_group affine_space(std::size_t d, std::size_t p) {
    std::size_t n = 1;
    for (std::size_t i = 0; i < d; ++i) n *= p;
    sample_group out{"affine space", n, {}};
    while (out.generators.size() < 3) {
      std::vector<std::size_t> m(d * d), v(d);
      for (auto& x : m) x = below(p);
      for (auto& x : v) x = below(p);
      image_list images(n);
      for (std::size_t i = 0; i < n; ++i) {
        std::vector<std::size_t> y = v;
        for (std::size_t r = 0, rest = i; r < d; ++r, rest /= p) {
          for (std::size_t c = 0; c < d; ++c) y[c] += rest % p * m[r * d + c];
        }
        std::size_t to = 0;
        for (std::size_t c = d; c-- > 0;) to = to * p + y[c] % p;
        images[i] = static_cast<std::uint32_t>(to);
      }
      if (std::set<std::uint32_t>(images.begin(), images.end()).size() == n) out.generators.push_back(images);
    }
    return out;
  }
  sample_group abelian() {
    sample_group out{"abelian", 0, {}};
    std::vector<std::size_t> lengths;
    for (std::size_t i = between(1, 5); i-- > 0;) out.degree += lengths.emplace_back(between(2, 8));
    for (std::size_t i = between(1, 5); i-- > 0;) {
      auto& x = out.generators.emplace_back();
      for (const auto l : lengths) append(x, shifted(l));
    }
    return out;
  }
  /// One group on several equivalent orbits, each renamed.
  sample_group diagonal() {
    for (;;) {
      const auto base = of_kind(std::vector<std::size_t>{1, 2, 7, 8, 9, 14}[below(6)]);
      if (base.degree == 0 || base.degree > 13) continue;
      return repeated(base, between(2, 3), "diagonal");
    }
  }
  sample_group on_pairs() {
    const std::size_t n = between(3, 8);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> number;
    for (std::uint32_t i = 0; i < n; ++i) {
      for (std::uint32_t j = i + 1; j < n; ++j) number.emplace(std::pair{i, j}, static_cast<std::uint32_t>(number.size()));
    }
    sample_group out{"on pairs", number.size(), {}};
    for (std::size_t k = between(1, 3); k-- > 0;) {
      const auto g = shuffled(n);
      image_list x(number.size());
      for (const auto& [pair, i] : number) x[i] = number[std::minmax(g[pair.first], g[pair.second])];
      out.generators.push_back(x);
    }
    return out;
  }
  sample_group dihedral() {
    const std::size_t n = between(3, 40);
    image_list turn(n), flip(n);
    for (std::uint32_t i = 0; i < n; ++i) turn[i] = static_cast<std::uint32_t>((i + 1) % n), flip[i] = static_cast<std::uint32_t>((n - i) % n);
    return {"dihedral", n, {turn, flip}};
  }
  sample_group tiny() {
    const std::size_t n = below(4);
    sample_group out{"tiny", n, {}};
    for (std::size_t i = below(3); i-- > 0;) out.generators.push_back(shuffled(n));
    return out;
  }
  /// A random group together with its action on pairs, or with one of its factors by the sign.
  sample_group mixed_orbits() {
    const std::size_t n = between(3, 6);
    sample_group out{"mixed orbits", 0, {}};
    for (std::size_t k = between(1, 3); k-- > 0;) {
      const auto g = shuffled(n);
      image_list x = g;
      append(x, odd(g) ? image_list{1, 0} : image_list{0, 1});
      image_list tuples;
      for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t j = 0; j < n; ++j) {
          if (i != j) tuples.push_back(g[i] * static_cast<std::uint32_t>(n - 1) + g[j] - (g[j] > g[i] ? 1 : 0));
        }
      }
      if (tuples.size() <= 30) append(x, tuples);
      out.degree = x.size();
      out.generators.push_back(x);
    }
    return out;
  }

  static bool odd(const image_list& x) { return groups::sign(groups::permutation(x)) == -1; }
  static void append(image_list& x, const image_list& y) {
    const auto n = static_cast<std::uint32_t>(x.size());
    for (const auto p : y) x.push_back(n + p);
  }

 private:
  image_list shifted(std::size_t n) {
    const std::size_t by = below(n);
    image_list out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint32_t>((i + by) % n);
    return out;
  }
  sample_group beside(const sample_group& a, const sample_group& b) {
    if (a.degree + b.degree > 30) return a;
    sample_group out{a.kind + " x " + b.kind, a.degree + b.degree, {}};
    for (auto x : a.generators) {
      append(x, identity_list(b.degree));
      out.generators.push_back(x);
    }
    for (const auto& y : b.generators) {
      auto x = identity_list(a.degree);
      append(x, y);
      out.generators.push_back(x);
    }
    return out;
  }
  sample_group repeated(const sample_group& g, std::size_t copies, const std::string& kind) {
    sample_group out{kind + " " + g.kind, 0, std::vector<image_list>(g.generators.size())};
    for (std::size_t c = 0; c < copies; ++c) {
      const auto name = shuffled(g.degree);
      for (std::size_t i = 0; i < g.generators.size(); ++i) append(out.generators[i], times(times(inverse_list(name), g.generators[i]), name));
      out.degree += g.degree;
    }
    return out;
  }

  std::mt19937_64 rng_;
};

}  // namespace cosetta::tests
