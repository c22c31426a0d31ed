// The concept of a group element with its laws on every model, and generating sets over both.
#include <groups/generating_set.hpp>
#include <groups/matrix.hpp>
#include <groups/permutation.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace generating_set_test {
namespace {

using namespace cosetta::groups;

static_assert(group_element<permutation>);
static_assert(group_element<matrix>);
static_assert(!group_element<int>);          // a product, but no inverse
static_assert(!group_element<std::string>);  // not even that
static_assert(!group_element<std::vector<permutation>>);

using names = std::vector<std::string>;
using indices = std::vector<std::optional<std::size_t>>;
using pairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// The laws that the concept promises. `elements` belong to one group whose identity is `one`.
template <group_element Element>
void check_laws(const std::vector<Element>& elements, const Element& one) {
  const std::hash<Element> hash;
  REQUIRE(one.is_identity());
  REQUIRE(one * one == one);
  REQUIRE(one.inverse() == one);
  std::size_t not_identity = 0;
  for (const auto& a : elements) {
    // Regular: a copy is equal and independent.
    Element copy = a;
    REQUIRE(copy == a);
    REQUIRE(hash(copy) == hash(a));
    copy = one;
    REQUIRE(copy == one);
    REQUIRE((a == one) == a.is_identity());
    not_identity += !a.is_identity();

    REQUIRE(a * one == a);
    REQUIRE(one * a == a);
    REQUIRE((a * a.inverse()).is_identity());
    REQUIRE((a.inverse() * a).is_identity());
    REQUIRE(a.inverse().inverse() == a);
    for (const auto& b : elements) {
      const Element ab = a * b;
      REQUIRE(ab * b.inverse() == a);
      REQUIRE(hash(ab * b.inverse()) == hash(a));
      REQUIRE(ab.inverse() == b.inverse() * a.inverse());
      // The square of a product is the product of squares only where the factors commute.
      REQUIRE((ab * ab == a * a * b * b) == (ab == b * a));
      for (const auto& c : elements) {
        if (ab * c != a * (b * c)) FAIL("the product is not associative");
      }
    }
  }
  REQUIRE(not_identity > 0);
}

permutation p(std::string_view text, std::size_t degree) {
  return parse_permutation(text, degree);
}

matrix m(std::uint64_t modulus, const std::vector<std::int64_t>& entries) {
  return make_matrix(2, 2, modulus, entries);
}

/// L, R and X of LRX on n points: a rotation, its inverse and the swap of the first two.
permutation rotation(std::size_t n, std::size_t by) {
  std::vector<point> images(n);
  for (std::size_t i = 0; i < n; ++i) images[i] = static_cast<point>((i + by) % n);
  return permutation(images);
}

template <group_element Element>
generating_set<Element> make_set(const std::vector<std::pair<std::string, Element>>& generators) {
  generating_set<Element> out;
  for (const auto& [name, element] : generators) out.add(name, element);
  return out;
}

/// What holds of every closure: the set itself comes first, each inverse is there once, and closing again adds nothing.
template <group_element Element>
void check_closure(const generating_set<Element>& set) {
  const auto closed = set.inverse_closure();
  REQUIRE(closed.is_inverse_closed());
  REQUIRE(closed.size() >= set.size());
  REQUIRE(closed.names().size() == closed.elements().size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    REQUIRE(closed[i] == set[i]);
    REQUIRE(closed.names()[i] == set.names()[i]);
  }
  REQUIRE(closed.duplicates() == set.duplicates());  // what was added is no duplicate
  REQUIRE((closed == set) == set.is_inverse_closed());
  REQUIRE(closed.inverse_closure() == closed);
  const auto inverses = closed.inverse_indices();
  REQUIRE(inverses.size() == closed.size());
  for (std::size_t i = 0; i < closed.size(); ++i) {
    REQUIRE(inverses[i].has_value());
    REQUIRE((closed[i] * closed[*inverses[i]]).is_identity());
    const auto& elements = closed.elements();
    const auto first = std::find(elements.begin(), elements.end(), closed[i].inverse()) - elements.begin();
    REQUIRE(*inverses[i] == static_cast<std::size_t>(first));
  }
  // The names alone depend on the mark.
  const auto other = set.inverse_closure(inverse_mark::minus);
  REQUIRE(other.elements() == closed.elements());
}

}  // namespace

TEST_CASE("permutations model group_element", "[groups][generating_set]") {
  const auto s = cosetta::tests::seed(0x9e7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::size_t degree : {1, 2, 3, 7, 64, 65, 300}) {
    INFO("degree " << degree);
    std::vector<permutation> elements{permutation(degree), rotation(degree, 1)};
    for (int i = 0; i < 4; ++i) {
      auto images = elements[1].images();
      std::shuffle(images.begin(), images.end(), random);
      elements.emplace_back(images);
    }
    if (degree == 1) {
      REQUIRE(elements[1].is_identity());  // the trivial group has nothing else
      continue;
    }
    check_laws(elements, permutation(degree));
  }
}

TEST_CASE("matrices model group_element", "[groups][generating_set]") {
  const auto s = cosetta::tests::seed(0x3a7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint64_t modulus :
       {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{6}, std::uint64_t{101}, max_modulus}) {
    INFO("modulus " << modulus);
    std::vector<matrix> elements{matrix::identity(2, modulus), m(modulus, {1, 1, 0, 1}), m(modulus, {0, 1, -1, 0})};
    for (int i = 0; i < 4; ++i) {
      auto product = elements[1];
      for (int step = 0; step < 4; ++step) product = product * elements[1 + random() % 2];
      elements.push_back(product);
    }
    check_laws(elements, matrix::identity(2, modulus));
  }
  check_laws<matrix>({m(7, {2, 0, 0, 3}), m(7, {1, 2, 3, 4}), m(7, {0, 3, 1, 0})}, matrix::identity(2, 7));
}

TEST_CASE("the name of an inverse", "[groups][generating_set]") {
  CHECK(inverse_name("f", inverse_mark::prime) == "f'");
  CHECK(inverse_name("f'", inverse_mark::prime) == "f");
  CHECK(inverse_name("-f", inverse_mark::prime) == "-f'");
  CHECK(inverse_name("f", inverse_mark::minus) == "-f");
  CHECK(inverse_name("-f", inverse_mark::minus) == "f");
  CHECK(inverse_name("f'", inverse_mark::minus) == "-f'");
  CHECK(inverse_name("f0", inverse_mark::minus) == "-f0");
  CHECK(inverse_name("a-b", inverse_mark::minus) == "-a-b");
  CHECK(inverse_name("a'b", inverse_mark::prime) == "a'b'");
}

TEST_CASE("a set keeps its generators in order, under their names", "[groups][generating_set]") {
  generating_set<permutation> set;
  CHECK(set.empty());
  CHECK(set.size() == 0);
  CHECK(set.is_inverse_closed());  // of nothing nothing is missing
  CHECK(set.inverse_closure().empty());
  CHECK(set.duplicates().empty());
  CHECK_FALSE(set.find("L").has_value());

  set.add("L", rotation(5, 4));
  set.add("R", rotation(5, 1));
  set.add("X", p("(0 1)", 5));
  CHECK_FALSE(set.empty());
  CHECK(set.size() == 3);
  CHECK(set.names() == names{"L", "R", "X"});
  CHECK(set[1] == rotation(5, 1));
  CHECK(set.elements()[2] == p("(0 1)", 5));
  CHECK(set.find("L") == 0);
  CHECK(set.find("X") == 2);
  CHECK_FALSE(set.find("x").has_value());
  CHECK_FALSE(set.find("").has_value());
  CHECK_FALSE(set.find("L'").has_value());

  auto renamed = make_set<permutation>({{"L", set[0]}, {"R", set[1]}, {"Y", set[2]}});
  CHECK(renamed != set);
  CHECK(make_set<permutation>({{"L", set[0]}, {"R", set[1]}, {"X", set[2]}}) == set);
}

TEST_CASE("of several generators with one name the first is found", "[groups][generating_set]") {
  const auto set = make_set<permutation>({{"a", p("(0 1)", 3)}, {"b", p("(1 2)", 3)}, {"b", p("(0 2)", 3)}});
  CHECK(set.find("b") == 1);
}

TEST_CASE("inverse indices name the first generator that is the inverse", "[groups][generating_set]") {
  const auto set = make_set<permutation>({{"R", rotation(5, 1)},
                                          {"X", p("(0 1)", 5)},
                                          {"L", rotation(5, 4)},
                                          {"L2", rotation(5, 4)},
                                          {"T", rotation(5, 2)},
                                          {"one", permutation(5)},
                                          {"R2", rotation(5, 1)}});
  CHECK(set.inverse_indices() == indices{2, 1, 0, 0, std::nullopt, 5, 2});
  CHECK_FALSE(set.is_inverse_closed());
  CHECK(set.duplicates() == pairs{{3, 2}, {6, 0}});
  check_closure(set);
}

TEST_CASE("the closure appends the missing inverses in the order of the generators", "[groups][generating_set]") {
  const auto set = make_set<permutation>({{"a", rotation(5, 1)},
                                          {"x", p("(0 1)", 5)},
                                          {"b", p("(0 1 2)", 5)},
                                          {"c'", p("(0 1 2 3)", 5)},
                                          {"-d", p("(1 3 4)", 5)}});
  const auto prime = set.inverse_closure();
  CHECK(prime.names() == names{"a", "x", "b", "c'", "-d", "a'", "b'", "c", "-d'"});
  CHECK(prime[5] == rotation(5, 4));
  CHECK(prime[6] == p("(0 2 1)", 5));
  CHECK(prime[7] == p("(0 3 2 1)", 5));
  CHECK(prime[8] == p("(1 4 3)", 5));
  CHECK(prime == set.inverse_closure(inverse_mark::prime));
  CHECK(prime.inverse_indices() == indices{5, 1, 6, 7, 8, 0, 2, 3, 4});
  const auto minus = set.inverse_closure(inverse_mark::minus);
  CHECK(minus.names() == names{"a", "x", "b", "c'", "-d", "-a", "-b", "-c'", "d"});
  CHECK(set.size() == 5);  // the set itself is untouched
  check_closure(set);
}

TEST_CASE("involutions and the identity are their own inverses", "[groups][generating_set]") {
  const auto set = make_set<permutation>({{"x", p("(0 1)", 4)}, {"y", p("(0 2)(1 3)", 4)}, {"one", permutation(4)}});
  CHECK(set.is_inverse_closed());
  CHECK(set.inverse_closure() == set);
  CHECK(set.inverse_indices() == indices{0, 1, 2});
  check_closure(set);
}

TEST_CASE("a set that is closed under other names is not added to", "[groups][generating_set]") {
  const auto lrx = make_set<permutation>({{"L", rotation(7, 6)}, {"R", rotation(7, 1)}, {"X", p("(0 1)", 7)}});
  CHECK(lrx.is_inverse_closed());
  CHECK(lrx.inverse_closure().names() == names{"L", "R", "X"});
  // a and b are inverse to each other; the square of a is not met.
  const auto powers = make_set<permutation>({{"a", rotation(7, 1)}, {"b", rotation(7, 6)}, {"c", rotation(7, 2)}});
  CHECK(powers.inverse_closure().names() == names{"a", "b", "c", "c'"});
  check_closure(lrx);
  check_closure(powers);
}

TEST_CASE("duplicates stay, and their inverse comes once", "[groups][generating_set]") {
  const auto set = make_set<permutation>({{"a", rotation(5, 1)},
                                          {"b", rotation(5, 1)},
                                          {"x", p("(0 1)", 5)},
                                          {"y", p("(0 1)", 5)},
                                          {"c", rotation(5, 1)}});
  CHECK(set.duplicates() == pairs{{1, 0}, {3, 2}, {4, 0}});
  const auto closed = set.inverse_closure();
  CHECK(closed.names() == names{"a", "b", "x", "y", "c", "a'"});
  CHECK(closed.duplicates() == set.duplicates());
  check_closure(set);
}

TEST_CASE("generating sets of matrices", "[groups][generating_set]") {
  // Over Z/3 the shear has order three, modulo 2 it is an involution.
  const auto three = make_set<matrix>({{"A", m(3, {1, 1, 0, 1})}, {"B", m(3, {0, 1, 1, 0})}});
  CHECK(three.inverse_closure().names() == names{"A", "B", "A'"});
  CHECK(three.inverse_closure()[2] == m(3, {1, -1, 0, 1}));
  const auto two = make_set<matrix>({{"A", m(2, {1, 1, 0, 1})}, {"B", m(2, {0, 1, 1, 0})}});
  CHECK(two.is_inverse_closed());
  const auto over_z =
      make_set<matrix>({{"A", m(0, {1, 1, 0, 1})}, {"S", m(0, {0, -1, 1, 0})}, {"J", m(0, {-1, 0, 0, -1})}});
  CHECK(over_z.inverse_indices() == indices{std::nullopt, std::nullopt, 2});
  CHECK(over_z.inverse_closure(inverse_mark::minus).names() == names{"A", "S", "J", "-A", "-S"});
  CHECK(over_z.inverse_closure()[4] == m(0, {0, 1, -1, 0}));
  for (const auto& set : {three, two, over_z}) check_closure(set);
}

TEST_CASE("the closure gives no two elements the same name", "[groups][generating_set]") {
  // Nothing says that a' is the inverse of a.
  const auto set = make_set<permutation>({{"a", p("(0 1 2)", 5)}, {"a'", rotation(5, 1)}});
  const auto closed = set.inverse_closure();
  REQUIRE(closed.size() == 4);
  for (std::size_t i = 0; i < closed.size(); ++i) CHECK(closed.find(closed.names()[i]) == i);
}

TEST_CASE("closures of random sets", "[groups][generating_set]") {
  const auto s = cosetta::tests::seed(0xc105e);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 100; ++round) {
    // Of few points, so that duplicates, involutions, mutual inverses and the identity all occur.
    generating_set<permutation> set;
    std::vector<point> images(2 + random() % 3);
    for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<point>(i);
    const std::size_t count = random() % 9;
    for (std::size_t i = 0; i < count; ++i) {
      std::shuffle(images.begin(), images.end(), random);
      set.add("g" + std::to_string(i), permutation(images));
    }
    check_closure(set);
    // Duplicates by comparing every pair.
    pairs expected;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (set[i] == set[j]) {
          expected.emplace_back(i, j);
          break;
        }
      }
    }
    REQUIRE(set.duplicates() == expected);
  }
}

}  // namespace generating_set_test
