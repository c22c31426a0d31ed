// Matrices over GF(q): laws, determinants against Laplace's expansion, prime fields against matrices modulo p.
#include <groups/field_matrix.hpp>
#include <groups/generating_set.hpp>
#include <groups/matrix.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace field_matrix_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;

static_assert(group_element<field_matrix>);

using integers = std::vector<std::uint32_t>;
using field_pointer = std::shared_ptr<const finite_field>;

const std::vector<std::uint32_t> orders{2, 3, 4, 5, 8, 9, 16, 25, 27, 31, 49, 64, 81, 243, 256, 6561, 65521, 65536};

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

field_matrix random_matrix(std::mt19937_64& random, const field_pointer& field, std::size_t rows, std::size_t columns) {
  std::vector<field_element> entries(rows * columns);
  for (auto& entry : entries) entry = static_cast<field_element>(random() % 4 == 0 ? 0 : random() % field->order());
  return {field, rows, columns, std::move(entries)};
}

field_matrix random_invertible(std::mt19937_64& random, const field_pointer& field, std::size_t n) {
  for (;;) {
    auto a = random_matrix(random, field, n, n);
    if (rank(a) == n) return a;
  }
}

field_element laplace(const field_matrix& a) {
  const auto& f = a.field();
  const std::size_t n = a.rows();
  if (n == 1) return a(0, 0);
  field_element sum = 0;
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<field_element> minor;
    for (std::size_t i = 1; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        if (k != j) minor.push_back(a(i, k));
      }
    }
    const auto term = f.multiply(a(0, j), laplace({a.shared_field(), n - 1, n - 1, minor}));
    sum = j % 2 == 0 ? f.add(sum, term) : f.subtract(sum, term);
  }
  return sum;
}

}  // namespace

TEST_CASE("matrices over GF(q) satisfy the laws of a group", "[groups][field_matrix]") {
  const auto s = cosetta::tests::seed(0x6f);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto q : orders) {
    const auto field = make_finite_field(q);
    for (const std::size_t n : {1, 2, 3, 5}) {
      INFO("GF(" << q << "), dimension " << n);
      const auto one = field_matrix::identity(field, n);
      REQUIRE(one.is_identity());
      REQUIRE(one.determinant() == 1);
      for (int round = 0; round < 5; ++round) {
        const auto a = random_invertible(random, field, n);
        const auto b = random_invertible(random, field, n);
        const auto c = random_matrix(random, field, n, n);
        REQUIRE((a * b) * c == a * (b * c));
        REQUIRE(a * one == a);
        REQUIRE(one * a == a);
        REQUIRE((a * a.inverse()).is_identity());
        REQUIRE(a.inverse() * a == one);
        REQUIRE((a * b).inverse() == b.inverse() * a.inverse());
        REQUIRE((a * b).hash() == ((a * b * a) * a.inverse()).hash());
        REQUIRE((a * c).transpose() == c.transpose() * a.transpose());
        REQUIRE((a * c).frobenius() == a.frobenius() * c.frobenius());
        REQUIRE(a.frobenius(field->degree()) == a);
        REQUIRE((a * c).determinant() == field->multiply(a.determinant(), c.determinant()));
        REQUIRE(c.determinant() == laplace(c));
        REQUIRE(c.transpose().determinant() == c.determinant());
        REQUIRE((rank(c) == n) == (c.determinant() != 0));
      }
    }
  }
}

TEST_CASE("prime fields agree with matrices modulo p", "[groups][field_matrix]") {
  const auto s = cosetta::tests::seed(0x9e1d);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint32_t p : {2u, 3u, 5u, 31u, 257u, 65521u}) {
    const auto field = make_finite_field(p);
    const auto modular = [&](const field_matrix& a) {
      return matrix(a.rows(), a.columns(), p, {a.entries().begin(), a.entries().end()});
    };
    for (int round = 0; round < 20; ++round) {
      const auto a = random_invertible(random, field, 4);
      const auto b = random_matrix(random, field, 4, 1 + random() % 6);
      REQUIRE(modular(a * b) == modular(a) * modular(b));
      REQUIRE(modular(a.inverse()) == modular(a).inverse());
    }
  }
}

TEST_CASE("a row vector acts from the left of its matrix", "[groups][field_matrix]") {
  const auto s = cosetta::tests::seed(0x40b);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto q : orders) {
    const auto field = make_finite_field(q);
    const auto a = random_matrix(random, field, 3, 4);
    const auto b = random_matrix(random, field, 4, 2);
    const auto row = random_matrix(random, field, 1, 3);
    const std::vector<field_element> v(row.entries().begin(), row.entries().end());
    const auto va = v * a;
    const auto product = row * a;
    REQUIRE(std::equal(va.begin(), va.end(), product.entries().begin(), product.entries().end()));
    REQUIRE(va * b == v * (a * b));
    const auto unit = std::vector<field_element>{0, 1, 0} * a;
    REQUIRE(std::equal(unit.begin(), unit.end(), a.row(1).begin(), a.row(1).end()));
  }
}

TEST_CASE("known matrices over GF(4)", "[groups][field_matrix]") {
  // z is 2, z + 1 = z^2 is 3.
  const auto field = make_finite_field(4);
  const auto a = make_field_matrix(field, 2, 2, integers{2, 1, 0, 3});
  CHECK((a * a) == make_field_matrix(field, 2, 2, integers{3, 1, 0, 2}));
  CHECK(a.determinant() == 1);
  CHECK(a.inverse() == make_field_matrix(field, 2, 2, integers{3, 1, 0, 2}));
  CHECK((a * a * a).is_identity());
  CHECK(a.frobenius() == make_field_matrix(field, 2, 2, integers{3, 1, 0, 2}));
  CHECK(to_string(a) == "[[2,1],[0,3]]");
  std::unordered_set<field_matrix> all;
  std::set<std::size_t> hashes;
  std::size_t invertible = 0;
  for (std::uint32_t code = 0; code < 256; ++code) {
    const auto m = make_field_matrix(field, 2, 2, integers{code % 4, code / 4 % 4, code / 16 % 4, code / 64});
    all.insert(m);
    hashes.insert(m.hash());
    invertible += m.determinant() != 0;
  }
  CHECK(all.size() == 256);
  CHECK(hashes.size() == 256);
  CHECK(invertible == 180);
}

TEST_CASE("singular and rectangular matrices have no inverse", "[groups][field_matrix]") {
  const auto field = make_finite_field(9);
  CHECK_THROWS_MATCHES(make_field_matrix(field, 2, 2, integers{1, 3, 3, 4}).inverse(), domain_error,
                       message_with("singular matrix [[1,3],[3,4]]: its determinant is 0 in GF(9)"));
  CHECK_THROWS_MATCHES(make_field_matrix(field, 2, 3, integers{1, 0, 0, 0, 1, 0}).inverse(), domain_error,
                       message_with("2 x 3 matrix has no inverse"));
  CHECK_THROWS_AS(make_field_matrix(field, 2, 3, integers{1, 0, 0, 0, 1, 0}).determinant(), domain_error);
  CHECK_THROWS_AS(make_field_matrix(field, 1, 1, integers{0}).inverse(), domain_error);
  CHECK(make_field_matrix(field, 1, 1, integers{0}).determinant() == 0);
}

TEST_CASE("ranks of matrices", "[groups][field_matrix]") {
  const auto field = make_finite_field(8);
  CHECK(rank(make_field_matrix(field, 2, 3, integers{0, 0, 0, 0, 0, 0})) == 0);
  CHECK(rank(make_field_matrix(field, 2, 3, integers{0, 0, 5, 0, 0, 3})) == 1);
  CHECK(rank(make_field_matrix(field, 3, 2, integers{0, 1, 1, 0, 1, 1})) == 2);
  const auto s = cosetta::tests::seed(0x4a9c);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 50; ++round) {  // a product of invertible matrices around a known rank
    const std::size_t r = random() % 5;
    std::vector<field_element> entries(16, 0);
    for (std::size_t i = 0; i < r; ++i) entries[i * 5] = 1;
    const field_matrix diagonal(field, 4, 4, entries);
    REQUIRE(rank(random_invertible(random, field, 4) * diagonal * random_invertible(random, field, 4)) == r);
  }
}

TEST_CASE("make_field_matrix checks the shape and the entries", "[groups][field_matrix]") {
  const auto field = make_finite_field(4);
  CHECK_THROWS_MATCHES(make_field_matrix(field, 2, 2, integers{1, 2, 3}), domain_error,
                       message_with("a 2 x 2 matrix cannot have 3 entries"));
  CHECK_THROWS_AS(make_field_matrix(field, 0, 0, integers{}), domain_error);
  CHECK_THROWS_MATCHES(make_field_matrix(field, 2, 2, integers{1, 2, 3, 4}), domain_error,
                       message_with("row 1, column 1: entry 4 is no element of GF(4)"));
  CHECK_THROWS_AS(make_field_matrix(field, 1, 1, integers{65536}), domain_error);
  CHECK_THROWS_MATCHES(make_field_matrix(nullptr, 1, 1, integers{0}), domain_error, message_with("make_finite_field"));
  const std::size_t side = std::size_t{1} << 32;
  CHECK_THROWS_AS(make_field_matrix(field, side, side, integers{}), domain_error);
}

TEST_CASE("equality sees the field and the shape", "[groups][field_matrix]") {
  const auto four = make_finite_field(4);
  const auto five = make_finite_field(5);
  CHECK(make_field_matrix(four, 1, 1, integers{1}) != make_field_matrix(five, 1, 1, integers{1}));
  CHECK(make_field_matrix(four, 1, 2, integers{1, 1}) != make_field_matrix(four, 2, 1, integers{1, 1}));
  CHECK(make_field_matrix(four, 1, 2, integers{1, 1}).transpose() == make_field_matrix(four, 2, 1, integers{1, 1}));
  CHECK_FALSE(make_field_matrix(four, 2, 3, integers{1, 0, 0, 0, 1, 0}).is_identity());
  const field_matrix none;
  CHECK(none == field_matrix());
  CHECK(none != field_matrix::identity(four, 1));
  CHECK(none * none == none);
  CHECK(none.inverse() == none);
  CHECK(none.is_identity());
  CHECK(none.hash() == field_matrix().hash());
  CHECK(to_string(none) == "[]");
}

}  // namespace field_matrix_test
