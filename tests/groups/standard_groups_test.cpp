// Well-known groups: enumerated where they are small, by published orders, transitivity and relations where they are
// not.
#include <groups/classical_groups.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <gmpxx.h>

namespace standard_groups_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

/// All elements, by breadth-first search; stops above `limit`.
template <group_element Element>
std::vector<Element> elements_of(const generating_set<Element>& generators, std::size_t limit = 25000) {
  const Element one = generators[0] * generators[0].inverse();
  std::unordered_set<Element> seen{one};
  std::vector<Element> out{one};
  for (std::size_t i = 0; i < out.size() && out.size() <= limit; ++i) {
    for (const auto& g : generators.elements()) {
      auto next = out[i] * g;
      if (seen.insert(next).second) out.push_back(std::move(next));
    }
  }
  return out;
}

template <group_element Element>
std::size_t size_of(const generating_set<Element>& generators) {
  return elements_of(generators).size();
}

/// By value: a loop over `.elements()` of a set that nobody holds would read freed memory.
template <group_element Element>
std::vector<Element> generators_of(const generating_set<Element>& generators) {
  return generators.elements();
}

std::size_t orbit_size(const generating_set<permutation>& generators, point start) {
  std::vector<point> open{start};
  std::set<point> seen{start};
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const auto& g : generators.elements()) {
      if (seen.insert(g[open[i]]).second) open.push_back(g[open[i]]);
    }
  }
  return seen.size();
}

/// The size of the orbit of an ordered tuple of points.
std::size_t orbit_of_tuple(const generating_set<permutation>& generators, const std::vector<point>& start) {
  std::vector<std::vector<point>> open{start};
  std::set<std::vector<point>> seen{start};
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const auto& g : generators.elements()) {
      auto next = open[i];
      for (auto& x : next) x = g[x];
      if (seen.insert(next).second) open.push_back(std::move(next));
    }
  }
  return seen.size();
}

/// order of an element -> how many elements have it
std::map<unsigned long, std::size_t> order_statistics(const generating_set<permutation>& generators) {
  std::map<unsigned long, std::size_t> out;
  for (const auto& g : elements_of(generators)) ++out[order(g).get_ui()];
  return out;
}

}  // namespace

TEST_CASE("symmetric, alternating, cyclic and dihedral groups have their orders", "[groups][standard_groups]") {
  for (std::uint64_t n = 1; n <= 7; ++n) {
    INFO("n = " << n);
    CHECK(size_of(symmetric_group(n)) == symmetric_group_order(n));
    CHECK(size_of(alternating_group(n)) == alternating_group_order(n));
    CHECK(size_of(cyclic_group(n)) == n);
    if (n >= 3) CHECK(size_of(dihedral_group(n)) == 2 * n);
    for (const auto& g : generators_of(alternating_group(n))) CHECK(sign(g) == 1);
    CHECK(symmetric_group(n)[0].degree() == n);
    CHECK(alternating_group(n)[0].degree() == n);
  }
  CHECK(size_of(alternating_group(8)) == 20160);
  CHECK(symmetric_group_order(30) == mpz_class("265252859812191058636308480000000"));
  CHECK(alternating_group_order(5) == 60);
  CHECK(symmetric_group(4).names() == std::vector<std::string>{"a", "b"});
  CHECK(to_cycles(symmetric_group(4)[0]) == "(0 1 2 3)");
  CHECK(symmetric_group(1)[0].is_identity());
  CHECK(symmetric_group(2).size() == 1);
  const auto d = dihedral_group(7);
  CHECK(d[1].inverse() == d[1]);
  CHECK(d[1] * d[0] * d[1] == d[0].inverse());
  CHECK(order_statistics(alternating_group(5)) ==
        std::map<unsigned long, std::size_t>{{1, 1}, {2, 15}, {3, 20}, {5, 24}});
  CHECK(symmetric_group(max_degree)[1].degree() == max_degree);
}

TEST_CASE("Mathieu groups are sharply or multiply transitive of the right order", "[groups][standard_groups]") {
  struct record {
    std::uint64_t n;
    unsigned long order;
    std::size_t transitivity;
  };
  // Conway et al., ATLAS of Finite Groups, 1985
  for (const auto& [n, group_order, transitivity] : std::vector<record>{{9, 72, 2},
                                                                        {10, 720, 3},
                                                                        {11, 7920, 4},
                                                                        {12, 95040, 5},
                                                                        {20, 960, 1},
                                                                        {21, 20160, 2},
                                                                        {22, 443520, 3},
                                                                        {23, 10200960, 4},
                                                                        {24, 244823040, 5}}) {
    INFO("M_" << n);
    const auto g = mathieu_group(n);
    CHECK(mathieu_group_order(n) == group_order);
    CHECK(g[0].degree() == n);
    const std::size_t k = std::min<std::size_t>(transitivity, 3);  // M_12 has a check of its own below
    std::size_t tuples = 1;
    for (std::size_t i = 0; i < k; ++i) tuples *= n - i;
    std::vector<point> start(k);
    std::iota(start.begin(), start.end(), point{0});
    CHECK(orbit_of_tuple(g, start) == tuples);
    if (group_order < 25000) CHECK(size_of(g) == group_order);
  }
  // Sharply 5-transitive: an element of M_12 is known by the images of 5 points.
  CHECK(orbit_of_tuple(mathieu_group(12), {0, 1, 2, 3, 4}) == 95040);
  CHECK(order_statistics(mathieu_group(11)) ==
        std::map<unsigned long, std::size_t>{
            {1, 1}, {2, 165}, {3, 440}, {4, 990}, {5, 1584}, {6, 1320}, {8, 1980}, {11, 1440}});
  // M_9 < M_10 < M_11 < M_12 and M_20 < M_21: the elements that fix the last points.
  const auto eleven = elements_of(mathieu_group(11));
  const std::unordered_set<permutation> in_eleven(eleven.begin(), eleven.end());
  const auto padded = [](const permutation& p, std::size_t degree) {
    auto images = p.images();
    while (images.size() < degree) images.push_back(static_cast<point>(images.size()));
    return permutation(images);
  };
  for (const std::uint64_t n : {9, 10}) {
    for (const auto& g : generators_of(mathieu_group(n))) CHECK(in_eleven.contains(padded(g, 11)));
  }
  const auto nine = elements_of(mathieu_group(9));
  const auto ten = elements_of(mathieu_group(10));
  const std::unordered_set<permutation> in_ten(ten.begin(), ten.end());
  for (const auto& g : nine) REQUIRE(in_ten.contains(padded(g, 10)));
  const auto twenty_one = elements_of(mathieu_group(21));
  const std::unordered_set<permutation> in_twenty_one(twenty_one.begin(), twenty_one.end());
  for (const auto& g : generators_of(mathieu_group(20))) CHECK(in_twenty_one.contains(padded(g, 21)));
}

TEST_CASE("Mathieu's large groups preserve a Steiner system S(5,8,24)", "[groups][standard_groups]") {
  // 759 octads, two of which never share more than 4 points, hold every set of 5 points once, for 759 * 56 = C(24,5).
  // M_24 is the group of that system, so these generators generate no more than it.
  const auto g = mathieu_group(24);
  using octad = std::uint32_t;  // a set of points
  const auto image = [](octad o, const permutation& p) {
    octad out = 0;
    for (point i = 0; i < 24; ++i) {
      if (o >> i & 1) out |= octad{1} << (i < p.degree() ? p[i] : i);
    }
    return out;
  };
  // The fixed points of an involution of cycle type 1^8 2^8 are an octad.
  octad first = 0;
  permutation x = g[0];
  for (std::uint64_t step = 1; std::popcount(first) != 8; ++step) {
    REQUIRE(step < 1000);
    x = x * g[step % 3] * g[(step / 3) % 3];
    const mpz_class n = order(x);
    if (n % 2 != 0) continue;
    const auto involution = x.pow(n / 2);
    first = 0;
    for (point i = 0; i < 24; ++i) first |= octad{involution[i] == i} << i;
  }
  std::vector<octad> octads{first};
  std::set<octad> seen{first};
  for (std::size_t i = 0; i < octads.size() && octads.size() < 1000; ++i) {
    for (const auto& h : g.elements()) {
      if (const octad next = image(octads[i], h); seen.insert(next).second) octads.push_back(next);
    }
  }
  REQUIRE(octads.size() == 759);
  int most_common = 0;
  for (const octad a : octads) {
    for (const octad b : octads) {
      if (a != b) most_common = std::max(most_common, std::popcount(a & b));
    }
  }
  CHECK(most_common == 4);
  for (const std::uint64_t n : {20, 21, 22, 23}) {
    INFO("M_" << n);
    for (const auto& h : generators_of(mathieu_group(n))) {
      CHECK(std::all_of(octads.begin(), octads.end(), [&](octad o) { return seen.contains(image(o, h)); }));
    }
  }
}

TEST_CASE("Coxeter groups satisfy their relations and have their orders", "[groups][standard_groups]") {
  const auto edge = [](coxeter_type type, std::size_t n, std::size_t i, std::size_t j) {  // i < j from 0
    if (type == coxeter_type::d && j == n - 1) return i + 2 == j ? 3 : 2;
    if (i + 1 != j) return 2;
    return type == coxeter_type::b && j == n - 1 ? 4 : 3;
  };
  for (const auto type : {coxeter_type::a, coxeter_type::b, coxeter_type::d}) {
    for (std::size_t n = type == coxeter_type::d ? 2 : 1; n <= 7; ++n) {
      INFO("type " << static_cast<int>(type) << ", rank " << n);
      const auto g = coxeter_group(type, n);
      REQUIRE(g.size() == n);
      CHECK(g.names()[n - 1] == "s" + std::to_string(n));
      for (std::size_t i = 0; i < n; ++i) {
        REQUIRE(order(g[i]) == 2);
        for (std::size_t j = i + 1; j < n; ++j) REQUIRE(order(g[i] * g[j]) == edge(type, n, i, j));
      }
      if (coxeter_group_order(type, n) < 25000) CHECK(size_of(g) == coxeter_group_order(type, n));
    }
  }
  CHECK(coxeter_group_order(coxeter_type::a, 4) == 120);
  CHECK(coxeter_group_order(coxeter_type::b, 3) == 48);
  CHECK(coxeter_group_order(coxeter_type::d, 4) == 192);
}

TEST_CASE("direct and wreath products have their degrees and orders", "[groups][standard_groups]") {
  const auto s3 = symmetric_group(3);
  const auto c4 = cyclic_group(4);
  const auto product = direct_product(s3, c4);
  CHECK(product.names() == std::vector<std::string>{"a@0", "b@0", "r@1"});
  CHECK(product[0].degree() == 7);
  CHECK(size_of(product) == 24);
  CHECK(orbit_size(product, 3) == 4);

  const auto w = wreath_product(s3, c4);
  CHECK(w.names() == std::vector<std::string>{"a@0", "b@0", "r"});
  CHECK(w[0].degree() == 12);
  CHECK(size_of(w) == 5184);
  CHECK(wreath_product_order(6, 4, 4) == 5184);
  CHECK(orbit_size(w, 0) == 12);
  const auto p = product_action_wreath_product(s3, c4);
  CHECK(p.names() == w.names());
  CHECK(p[0].degree() == 81);
  CHECK(size_of(p) == 5184);
  CHECK(orbit_size(p, 0) == 81);

  // A top group with two orbits needs the base twice, also where it has fixed points.
  const auto two_orbits = direct_product(cyclic_group(2), cyclic_group(1));
  const auto v = wreath_product(c4, two_orbits);
  CHECK(v.names() == std::vector<std::string>{"r@0", "r@2", "r@0'", "e@1"});
  CHECK(size_of(v) == wreath_product_order(4, 3, 2));
  CHECK(size_of(product_action_wreath_product(c4, two_orbits)) == wreath_product_order(4, 3, 2));

  // The convention: t moves block j to block t[j], and coordinate j to place t[j].
  const auto c3 = cyclic_group(3);
  const auto blocks = wreath_product(cyclic_group(2), c3);
  CHECK(to_one_line(blocks[1]) == "[2,3,4,5,0,1]");
  CHECK(blocks[1].inverse() * blocks[0] * blocks[1] == transposition(6, 2, 3));
  const auto cube = product_action_wreath_product(cyclic_group(2), c3);
  CHECK(cube[1][1] == 2);  // (1,0,0) -> (0,1,0)
  CHECK((cube[1].inverse() * cube[0] * cube[1])[0] == 2);
}

TEST_CASE("linear and symplectic groups over small fields have their orders", "[groups][standard_groups]") {
  for (const auto& [n, q] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2},
                                                                                 {1, 3},
                                                                                 {1, 4},
                                                                                 {1, 9},
                                                                                 {2, 2},
                                                                                 {2, 3},
                                                                                 {2, 4},
                                                                                 {2, 5},
                                                                                 {2, 7},
                                                                                 {2, 8},
                                                                                 {2, 9},
                                                                                 {2, 11},
                                                                                 {3, 2},
                                                                                 {3, 3}}) {
    INFO("n = " << n << ", q = " << q);
    const auto gl = general_linear_group(n, q);
    const auto sl = special_linear_group(n, q);
    CHECK(size_of(gl) == general_linear_group_order(n, q));
    CHECK(size_of(sl) == special_linear_group_order(n, q));
    for (const auto& g : sl.elements()) CHECK(g.determinant() == 1);
    CHECK(size_of(projective_special_linear_group(n, q)) == projective_special_linear_group_order(n, q));
    CHECK(size_of(projective_general_linear_group(n, q)) == projective_general_linear_group_order(n, q));
    if (affine_general_linear_group_order(n, q) < 25000) {
      CHECK(size_of(affine_general_linear_group(n, q)) == affine_general_linear_group_order(n, q));
    }
    CHECK(size_of(unitriangular_group(n, q)) == unitriangular_group_order(n, q));
  }
  CHECK(size_of(special_linear_group(4, 2)) == 20160);
  CHECK(size_of(projective_special_linear_group(3, 4)) == 20160);
  CHECK(size_of(symplectic_group(4, 2)) == 720);
  CHECK(size_of(symplectic_group(2, 9)) == 720);
  CHECK(size_of(unitriangular_group(4, 4)) == 4096);
  CHECK(size_of(unitriangular_group(3, 9)) == 729);
  CHECK(unitriangular_group(3, 9).names() == std::vector<std::string>{"x1_0", "x1_1", "x2_0", "x2_1"});
  CHECK(unitriangular_group(4, 3).names() == std::vector<std::string>{"x1", "x2", "x3"});
  CHECK(general_linear_group(3, 5).size() == 2);
  CHECK(symplectic_group(6, 4).size() == 2);

  // ATLAS of Finite Groups
  CHECK(general_linear_group_order(4, 3) == 24261120);
  CHECK(special_linear_group_order(2, 65536) == mpz_class("281474976645120"));
  CHECK(symplectic_group_order(4, 3) == 51840);
  CHECK(symplectic_group_order(6, 2) == 1451520);
  CHECK(projective_symplectic_group_order(4, 3) == 25920);
  CHECK(projective_symplectic_group_order(8, 2) == mpz_class("47377612800"));
  CHECK(projective_special_linear_group_order(5, 2) == 9999360);
  CHECK(special_unitary_group_order(3, 3) == 6048);
  CHECK(special_unitary_group_order(4, 2) == 25920);
  CHECK(special_unitary_group_order(6, 2) == mpz_class("27590492160"));
}

TEST_CASE("PSL(2,7) is PSL(3,2), and PSL(2,9) is A_6", "[groups][standard_groups]") {
  CHECK(order_statistics(projective_special_linear_group(2, 7)) ==
        order_statistics(projective_special_linear_group(3, 2)));
  CHECK(order_statistics(projective_special_linear_group(2, 9)) == order_statistics(alternating_group(6)));
  CHECK(order_statistics(projective_symplectic_group(4, 2)) == order_statistics(symmetric_group(6)));
  CHECK(projective_special_linear_group(2, 7)[0].degree() == 8);
  CHECK(projective_special_linear_group(3, 2)[0].degree() == 7);
}

TEST_CASE("symplectic and unitary generators preserve their forms", "[groups][standard_groups]") {
  for (const std::uint64_t q : {2, 3, 4, 5, 8, 9, 25, 49, 256}) {
    const auto field = make_finite_field(q);
    for (const std::size_t n : {2, 4, 6, 8}) {
      INFO("Sp(" << n << "," << q << ")");
      std::vector<field_element> entries(n * n, 0);
      for (std::size_t i = 0; i < n; ++i) entries[i * n + n - 1 - i] = i < n / 2 ? field_element{1} : field->negate(1);
      const field_matrix form(field, n, n, entries);
      for (const auto& g : generators_of(symplectic_group(n, q))) CHECK(g * form * g.transpose() == form);
    }
    const auto square = make_finite_field(q * q);
    const std::uint64_t half = field->degree();  // x -> x^q
    for (const std::size_t n : {1, 2, 3, 4, 5, 6, 7}) {
      INFO("SU(" << n << "," << q << ")");
      std::vector<field_element> entries(n * n, 0);
      for (std::size_t i = 0; i < n; ++i) entries[i * n + n - 1 - i] = 1;
      const field_matrix form(square, n, n, entries);
      for (const auto& g : generators_of(special_unitary_group(n, q))) {
        CHECK(g * form * g.frobenius(half).transpose() == form);
        CHECK(g.determinant() == 1);
      }
    }
  }
  for (const std::uint64_t q : {2, 3, 4, 5, 7}) CHECK(size_of(special_unitary_group(2, q)) == q * (q * q - 1));
  CHECK(size_of(special_unitary_group(3, 2)) == 216);
  CHECK(size_of(special_unitary_group(3, 3)) == 6048);
}

TEST_CASE("points of projective space and vectors are numbered lexicographically", "[groups][standard_groups]") {
  for (const std::uint64_t q : {2, 3, 4, 9}) {
    const auto field = make_finite_field(q);
    for (const std::size_t n : {1, 2, 3, 4}) {
      INFO("q = " << q << ", n = " << n);
      std::size_t vectors = 1;
      std::size_t points = 0;
      for (std::size_t i = 0; i < n; ++i) {
        points += vectors;
        vectors *= q;
      }
      bool right = true;
      for (std::size_t i = 0; i < vectors; ++i) {
        right = right && vector_number(*field, vector_of_number(*field, n, i)) == i;
      }
      std::vector<field_element> last(n, 0);
      for (std::size_t i = 0; i < points; ++i) {
        auto v = projective_point_of_number(*field, n, i);
        right = right && v.size() == n && last < v && projective_point(*field, v) == i;
        last = v;
        for (auto& x : v) x = field->multiply(x, field->primitive_element());
        right = right && projective_point(*field, v) == i;
      }
      CHECK(right);
      CHECK(last[0] == 1);
    }
  }
  // Names and the direction of the product are kept.
  const auto gl = general_linear_group(3, 4);
  const auto action = projective_action(gl);
  CHECK(action.names() == gl.names());
  generating_set<field_matrix> products;
  products.add("ab", gl[0] * gl[1]);
  CHECK(projective_action(products)[0] == action[0] * action[1]);
  CHECK(vector_action(products)[0] == vector_action(gl)[0] * vector_action(gl)[1]);
}

TEST_CASE("groups that do not exist are refused with the cure", "[groups][standard_groups]") {
  CHECK_THROWS_MATCHES(symmetric_group(0), domain_error, message_with("S_0: n must be at least 1"));
  CHECK_THROWS_MATCHES(symmetric_group(max_degree + 1), resource_error, message_with("1048577 points"));
  CHECK_THROWS_AS(symmetric_group_order(~std::uint64_t{0}), resource_error);
  CHECK_THROWS_AS(alternating_group(0), domain_error);
  CHECK_THROWS_AS(cyclic_group(0), domain_error);
  CHECK_THROWS_MATCHES(dihedral_group(2), domain_error, message_with("n must be at least 3"));
  CHECK_THROWS_MATCHES(mathieu_group(13), domain_error,
                       message_with("M_13: there are Mathieu groups on 9, 10, 11, 12"));
  CHECK_THROWS_AS(mathieu_group_order(8), domain_error);
  CHECK_THROWS_MATCHES(coxeter_group(coxeter_type::d, 1), domain_error, message_with("D_1"));
  CHECK_THROWS_AS(coxeter_group(coxeter_type::b, 0), domain_error);
  CHECK_THROWS_AS(coxeter_group(coxeter_type::a, ~std::uint64_t{0}), resource_error);
  CHECK_THROWS_MATCHES(coxeter_group(coxeter_type::a, 100000), resource_error, message_with("100000 generators"));
  CHECK_THROWS_MATCHES(general_linear_group(0, 5), domain_error, message_with("GL(0,5): the dimension"));
  CHECK_THROWS_MATCHES(special_linear_group(2, 6), domain_error, message_with("SL(2,6): GF(6): 6 is no prime power"));
  CHECK_THROWS_MATCHES(special_linear_group_order(2, 6), domain_error, message_with("SL(2,6)"));
  CHECK_THROWS_MATCHES(symplectic_group(5, 3), domain_error, message_with("take n = 4 or 6"));
  CHECK_THROWS_AS(projective_symplectic_group_order(3, 3), domain_error);
  CHECK_THROWS_MATCHES(special_unitary_group(3, 257), domain_error, message_with("take q <= 256"));
  CHECK_THROWS_AS(special_unitary_group(3, 6), domain_error);
  CHECK_THROWS_AS(general_linear_group(max_dimension + 1, 2), resource_error);
  CHECK_THROWS_AS(unitriangular_group(1024, 2), resource_error);
  CHECK_THROWS_MATCHES(projective_special_linear_group(21, 2), resource_error, message_with("2097151 points"));
  CHECK_THROWS_MATCHES(projective_general_linear_group(1000, 3), resource_error, message_with("10^30 or more"));
  CHECK_THROWS_AS(affine_general_linear_group(3, 128), resource_error);
  CHECK_THROWS_MATCHES(projective_special_linear_group(2, 12), domain_error, message_with("PSL(2,12)"));

  const generating_set<permutation> empty;
  CHECK_THROWS_MATCHES(direct_product(empty, cyclic_group(3)), domain_error, message_with("by its identity"));
  generating_set<permutation> mixed = cyclic_group(3);
  mixed.add("s", permutation(4));
  CHECK_THROWS_MATCHES(wreath_product(cyclic_group(3), mixed), domain_error, message_with("generator s has degree 4"));
  CHECK_THROWS_AS(wreath_product(cyclic_group(1 << 15), cyclic_group(1 << 15)), resource_error);
  CHECK_THROWS_AS(product_action_wreath_product(cyclic_group(10), cyclic_group(10)), resource_error);
  CHECK_THROWS_AS(product_action_wreath_product(cyclic_group(2), cyclic_group(1000)), resource_error);

  const auto field = make_finite_field(4);
  generating_set<field_matrix> matrices;
  CHECK_THROWS_AS(vector_action(matrices), domain_error);
  matrices.add("x", field_matrix(field, 2, 2, {1, 1, 1, 1}));
  CHECK_THROWS_MATCHES(projective_action(matrices), domain_error, message_with("generator x is singular"));
  matrices.add("y", field_matrix::identity(make_finite_field(5), 2));
  CHECK_THROWS_MATCHES(projective_action(matrices), domain_error, message_with("generator y"));
}

}  // namespace standard_groups_test
