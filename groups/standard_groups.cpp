#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

using images = std::vector<point>;

images identity_images(std::size_t degree) {
  images p(degree);
  std::iota(p.begin(), p.end(), point{0});
  return p;
}

/// The cycle (first first+1 ... last).
permutation cycle(std::size_t degree, std::size_t first, std::size_t last) {
  images p = identity_images(degree);
  std::rotate(p.begin() + static_cast<std::ptrdiff_t>(first), p.begin() + static_cast<std::ptrdiff_t>(first) + 1,
              p.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  return permutation(p);
}

void check_degree(const std::string& group, std::uint64_t degree, std::uint64_t least, const char* cure = "") {
  if (degree < least) throw domain_error(fmt::format("{}: n must be at least {}{}", group, least, cure));
  if (degree > max_degree) {
    throw resource_error(fmt::format("{}: {} points are more than the {} that a permutation may have; take a smaller n",
                                     group, degree, max_degree));
  }
}

/// All generators together stay below 256 MiB of images.
void check_total(const std::string& group, std::uint64_t generators, std::uint64_t degree) {
  constexpr std::uint64_t max_points = std::uint64_t{64} * max_degree;
  if (generators * degree > max_points) {
    throw resource_error(
        fmt::format("{}: {} generators on {} points are more than {} points in all; take a smaller group", group,
                    generators, degree, max_points));
  }
}

generating_set<permutation> trivial_group(std::size_t degree) {
  generating_set<permutation> out;
  out.add("e", permutation(degree));
  return out;
}

mpz_class factorial(std::uint64_t n) {
  mpz_class out;
  mpz_fac_ui(out.get_mpz_t(), n);
  return out;
}

struct mathieu_record {
  std::uint64_t degree;
  unsigned long order;
  std::vector<const char*> generators;  // points from 1
};

/// For M_24 the points 1..24 are 0, 1, ..., 22, infinity on the projective line modulo 23: a is x -> x + 1, c is
/// x -> -1/x, and b lies in M_23 (Conway, Sloane, Sphere Packings, Lattices and Groups, chapter 10, has the
/// construction; for M_12 and M_11: Huppert, Blackburn, Finite Groups III, chapter XII). Each smaller group is the
/// whole stabilizer of the last point of the one before it: random elements of it, chosen when their group had its
/// order.
const std::vector<mathieu_record>& mathieu_records() {
  static const std::vector<mathieu_record> records{
      {24,
       244823040,
       {"(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23)",
        "(3,17,10,7,9)(4,13,14,19,5)(8,18,11,12,23)(15,20,22,21,16)",
        "(1,24)(2,23)(3,12)(4,16)(5,18)(6,10)(7,20)(8,14)(9,21)(11,17)(13,22)(15,19)"}},
      {23,
       10200960,
       {"(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23)",
        "(3,17,10,7,9)(4,13,14,19,5)(8,18,11,12,23)(15,20,22,21,16)"}},
      {22,
       443520,
       {"(1,18,4,5,21,12,22,14,3,17,6)(2,11,9,20,10,13,19,8,15,16,7)",
        "(1,7,19,4)(2,13,20,15)(3,5,6,10)(8,21,9,11)(12,22)(14,16)"}},
      {21,
       20160,
       {"(1,18,11,20,9,14,17)(2,13,8,16,7,5,15)(3,19,12,10,6,4,21)",
        "(1,16,11,6)(2,8,19,20)(3,12,18,4)(5,13)(7,21,17,9)(14,15)"}},
      {20,
       960,
       {"(1,18,10,4,14)(2,12,7,9,5)(3,8,6,19,20)(11,15,13,16,17)",
        "(1,13,3,18)(2,20)(4,9,19,6)(5,16,17,10)(7,15,8,12)(11,14)"}},
      {12, 95040, {"(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)", "(1,12)(2,11)(3,6)(4,8)(5,9)(7,10)"}},
      {11, 7920, {"(1,2,3,4,5,6,7,8,9,10,11)", "(3,7,11,8)(4,10,5,6)"}},
      {10, 720, {"(1,8,5,10,2,7,6,4)(3,9)", "(1,2,10,3)(6,9,8,7)"}},
      {9, 72, {"(1,4,2,7)(3,9,5,6)", "(1,6,9,5)(2,4,3,8)"}},
  };
  return records;
}

const mathieu_record& mathieu(std::uint64_t n) {
  const auto& records = mathieu_records();
  const auto found =
      std::find_if(records.begin(), records.end(), [&](const mathieu_record& r) { return r.degree == n; });
  if (found == records.end()) {
    throw domain_error(
        fmt::format("M_{}: there are Mathieu groups on 9, 10, 11, 12, 20, 21, 22, 23 and 24 points only", n));
  }
  return *found;
}

std::string coxeter_name(coxeter_type type, std::uint64_t n) {
  return fmt::format("{}_{}", type == coxeter_type::a ? 'A' : type == coxeter_type::b ? 'B' : 'D', n);
}

void check_rank(coxeter_type type, std::uint64_t n) {
  const std::string name = "Coxeter group " + coxeter_name(type, n);
  if (n > max_degree) check_degree(name, n, 1);  // before 2n could overflow
  if (type == coxeter_type::a) {
    if (n < 1) throw domain_error(name + ": n must be at least 1");
    return check_degree(name, n + 1, 2);
  }
  if (type == coxeter_type::d && n < 2) throw domain_error(name + ": n must be at least 2");
  if (n < 1) throw domain_error(name + ": n must be at least 1");
  check_degree(name, 2 * n, 2);
}

/// The common degree of the generators.
std::size_t degree_of(const generating_set<permutation>& generators, const char* construction) {
  if (generators.empty()) {
    throw domain_error(fmt::format("{}: a set without generators has no degree; give the trivial group by its identity",
                                   construction));
  }
  const std::size_t degree = generators[0].degree();
  for (std::size_t i = 0; i < generators.size(); ++i) {
    if (generators[i].degree() != degree) {
      throw domain_error(fmt::format("{}: generator {} has degree {}, the first one {}", construction,
                                     generators.names()[i], generators[i].degree(), degree));
    }
  }
  if (degree == 0) throw domain_error(fmt::format("{}: a factor has no points", construction));
  return degree;
}

/// The least point of every orbit, ascending.
std::vector<point> orbit_representatives(const generating_set<permutation>& generators, std::size_t degree) {
  std::vector<bool> seen(degree, false);
  std::vector<point> out;
  std::vector<point> open;
  for (std::size_t start = 0; start < degree; ++start) {
    if (seen[start]) continue;
    out.push_back(static_cast<point>(start));
    open.assign(1, static_cast<point>(start));
    seen[start] = true;
    while (!open.empty()) {
      const point x = open.back();
      open.pop_back();
      for (const auto& g : generators.elements()) {
        if (!seen[g[x]]) {
          seen[g[x]] = true;
          open.push_back(g[x]);
        }
      }
    }
  }
  return out;
}

/// base wr top, whatever the action: `move_block(t)` and `act(g, j)` are the images of top and of base at j.
template <class MoveBlocks, class Act>
generating_set<permutation> wreath_generators(const generating_set<permutation>& base,
                                              const generating_set<permutation>& top, std::size_t top_degree,
                                              std::size_t degree, const MoveBlocks& move_blocks, const Act& act) {
  const auto representatives = orbit_representatives(top, top_degree);
  check_total("wreath product", representatives.size() * base.size() + top.size(), degree);
  generating_set<permutation> out;
  for (const point j : representatives) {
    for (std::size_t i = 0; i < base.size(); ++i) {
      out.add(fmt::format("{}@{}", base.names()[i], j), act(base[i], std::size_t{j}));
    }
  }
  for (std::size_t i = 0; i < top.size(); ++i) {
    std::string name = top.names()[i];
    while (out.find(name)) name += '\'';
    out.add(std::move(name), move_blocks(top[i]));
  }
  return out;
}

}  // namespace

generating_set<permutation> symmetric_group(std::uint64_t n) {
  check_degree(fmt::format("symmetric group S_{}", n), n, 1);
  if (n == 1) return trivial_group(1);
  generating_set<permutation> out;
  out.add("a", cycle(n, 0, n - 1));
  if (n > 2) out.add("b", transposition(n, 0, 1));
  return out;
}

mpz_class symmetric_group_order(std::uint64_t n) {
  check_degree(fmt::format("symmetric group S_{}", n), n, 1);
  return factorial(n);
}

generating_set<permutation> alternating_group(std::uint64_t n) {
  check_degree(fmt::format("alternating group A_{}", n), n, 1);
  if (n <= 2) return trivial_group(n);
  generating_set<permutation> out;
  out.add("a", cycle(n, 0, 2));
  if (n > 3) out.add("b", cycle(n, n % 2 == 0 ? 1 : 0, n - 1));
  return out;
}

mpz_class alternating_group_order(std::uint64_t n) {
  check_degree(fmt::format("alternating group A_{}", n), n, 1);
  return n == 1 ? mpz_class(1) : mpz_class(factorial(n) / 2);
}

generating_set<permutation> cyclic_group(std::uint64_t n) {
  check_degree(fmt::format("cyclic group C_{}", n), n, 1);
  if (n == 1) return trivial_group(1);
  generating_set<permutation> out;
  out.add("r", cycle(n, 0, n - 1));
  return out;
}

mpz_class cyclic_group_order(std::uint64_t n) {
  check_degree(fmt::format("cyclic group C_{}", n), n, 1);
  return {static_cast<unsigned long>(n)};
}

namespace {
constexpr const char* small_dihedral =
    " for a faithful action on n points; cyclic_group(2) has order 2, direct_product of two of them order 4";
}

generating_set<permutation> dihedral_group(std::uint64_t n) {
  check_degree(fmt::format("dihedral group D_{}", n), n, 3, small_dihedral);
  images reflection(n);
  for (std::size_t i = 0; i < n; ++i) reflection[i] = static_cast<point>((n - i) % n);
  generating_set<permutation> out;
  out.add("r", cycle(n, 0, n - 1));
  out.add("s", permutation(reflection));
  return out;
}

mpz_class dihedral_group_order(std::uint64_t n) {
  check_degree(fmt::format("dihedral group D_{}", n), n, 3, small_dihedral);
  return {static_cast<unsigned long>(2 * n)};
}

generating_set<permutation> mathieu_group(std::uint64_t n) {
  const auto& record = mathieu(n);
  generating_set<permutation> out;
  for (std::size_t i = 0; i < record.generators.size(); ++i) {
    out.add(std::string(1, static_cast<char>('a' + i)),
            parse_permutation(record.generators[i], static_cast<std::size_t>(record.degree), 1));
  }
  return out;
}

mpz_class mathieu_group_order(std::uint64_t n) {
  return {mathieu(n).order};
}

generating_set<permutation> coxeter_group(coxeter_type type, std::uint64_t n) {
  check_rank(type, n);
  const std::size_t degree = type == coxeter_type::a ? n + 1 : 2 * n;
  check_total("Coxeter group " + coxeter_name(type, n), n, degree);
  generating_set<permutation> out;
  const std::size_t chain = type == coxeter_type::a ? n : n - 1;  // the reflections that swap neighbours
  for (std::size_t i = 0; i < chain; ++i) {
    images p = identity_images(degree);
    std::swap(p[i], p[i + 1]);
    if (type != coxeter_type::a) std::swap(p[n + i], p[n + i + 1]);
    out.add(fmt::format("s{}", i + 1), permutation(p));
  }
  if (type == coxeter_type::a) return out;
  images last = identity_images(degree);
  if (type == coxeter_type::b) {
    std::swap(last[n - 1], last[2 * n - 1]);
  } else {  // the last two coordinates change places and signs
    std::swap(last[n - 2], last[2 * n - 1]);
    std::swap(last[n - 1], last[2 * n - 2]);
  }
  out.add(fmt::format("s{}", n), permutation(last));
  return out;
}

mpz_class coxeter_group_order(coxeter_type type, std::uint64_t n) {
  check_rank(type, n);
  if (type == coxeter_type::a) return factorial(n + 1);
  return factorial(n) << (type == coxeter_type::b ? n : n - 1);
}

generating_set<permutation> direct_product(const generating_set<permutation>& left,
                                           const generating_set<permutation>& right) {
  const std::size_t m = degree_of(left, "direct product");
  const std::size_t n = degree_of(right, "direct product");
  check_degree("direct product", m + n, 1);
  check_total("direct product", left.size() + right.size(), m + n);
  generating_set<permutation> out;
  const auto add = [&](const generating_set<permutation>& factor, std::size_t offset, int place) {
    for (std::size_t i = 0; i < factor.size(); ++i) {
      images p = identity_images(m + n);
      for (std::size_t x = 0; x < factor[i].degree(); ++x) p[offset + x] = static_cast<point>(offset + factor[i][x]);
      out.add(fmt::format("{}@{}", factor.names()[i], place), permutation(p));
    }
  };
  add(left, 0, 0);
  add(right, m, 1);
  return out;
}

generating_set<permutation> wreath_product(const generating_set<permutation>& base,
                                           const generating_set<permutation>& top) {
  const std::size_t m = degree_of(base, "wreath product");
  const std::size_t n = degree_of(top, "wreath product");
  check_degree(fmt::format("wreath product of degree {} * {}", m, n), std::uint64_t{m} * n, 1);
  return wreath_generators(
      base, top, n, m * n,
      [&](const permutation& t) {
        images p(m * n);
        for (std::size_t j = 0; j < n; ++j) {
          for (std::size_t i = 0; i < m; ++i) p[j * m + i] = static_cast<point>(t[j] * m + i);
        }
        return permutation(p);
      },
      [&](const permutation& g, std::size_t j) {
        images p = identity_images(m * n);
        for (std::size_t i = 0; i < m; ++i) p[j * m + i] = static_cast<point>(j * m + g[i]);
        return permutation(p);
      });
}

generating_set<permutation> product_action_wreath_product(const generating_set<permutation>& base,
                                                          const generating_set<permutation>& top) {
  const std::size_t m = degree_of(base, "wreath product in the product action");
  const std::size_t n = degree_of(top, "wreath product in the product action");
  std::vector<std::size_t> place{1};  // m^j, up to m^n
  for (std::size_t j = 0; j < n; ++j) {
    place.push_back(place.back() * m);
    check_degree(fmt::format("wreath product in the product action of degree {}^{}", m, n), place.back(), 1);
  }
  const std::size_t degree = place[n];
  return wreath_generators(
      base, top, n, degree,
      [&](const permutation& t) {
        images p(degree);
        for (std::size_t x = 0; x < degree; ++x) {
          std::size_t image = 0;
          for (std::size_t j = 0; j < n; ++j) image += x / place[j] % m * place[t[j]];
          p[x] = static_cast<point>(image);
        }
        return permutation(p);
      },
      [&](const permutation& g, std::size_t j) {
        images p(degree);
        for (std::size_t x = 0; x < degree; ++x) {
          const std::size_t digit = x / place[j] % m;
          p[x] = static_cast<point>(x - digit * place[j] + g[digit] * place[j]);
        }
        return permutation(p);
      });
}

mpz_class wreath_product_order(const mpz_class& base_order, std::uint64_t top_degree, const mpz_class& top_order) {
  mpz_class out;
  mpz_pow_ui(out.get_mpz_t(), base_order.get_mpz_t(), top_degree);
  return out * top_order;
}

}  // namespace cosetta::groups
