// Matrices over Z/m and over Z against arithmetic in GMP: laws, moduli near 2^63, inverses where division would fail.
#include <groups/matrix.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <catch2/catch.hpp>
#include <gmpxx.h>
#include <tests/seeded.hpp>

namespace matrix_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;

using integers = std::vector<std::int64_t>;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

const std::vector<std::uint64_t> moduli{2,
                                        3,
                                        4,
                                        6,
                                        8,
                                        12,
                                        101,
                                        30030,
                                        (std::uint64_t{1} << 31) - 1,
                                        std::uint64_t{1} << 32,
                                        (std::uint64_t{1} << 32) + 15,
                                        (std::uint64_t{1} << 61) - 1,
                                        std::uint64_t{1} << 62,
                                        9223372036854775783u,  // the largest prime below 2^63
                                        max_modulus};          // 7^2 * 73 * 127 * 337 * 92737 * 649657

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

matrix random_matrix(std::mt19937_64& random, std::size_t rows, std::size_t columns, std::uint64_t m) {
  std::vector<std::uint64_t> entries(rows * columns);
  for (auto& entry : entries) entry = random() % 5 == 0 ? m - 1 : random() % m;
  return {rows, columns, m, std::move(entries)};
}

std::uint64_t random_unit(std::mt19937_64& random, std::uint64_t m) {
  for (;;) {
    const std::uint64_t u = random() % m;
    if (std::gcd(u, m) == 1) return u;
  }
}

/// Row operations on a diagonal of units: invertible by construction, with any unit as its determinant.
matrix random_invertible(std::mt19937_64& random, std::size_t n, std::uint64_t m) {
  std::vector<std::uint64_t> entries(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) entries[i * n + i] = random_unit(random, m);
  for (std::size_t step = 0; n > 1 && step < 4 * n; ++step) {
    const std::size_t to = random() % n;
    const std::size_t from = (to + 1 + random() % (n - 1)) % n;
    const std::uint64_t factor = random() % m;
    for (std::size_t j = 0; j < n; ++j) {
      auto& entry = entries[to * n + j];
      entry = add_mod(entry, multiply_mod(factor, entries[from * n + j], m), m);
    }
  }
  return {n, n, m, std::move(entries)};
}

mpz_class big(std::uint64_t value) {
  return {static_cast<unsigned long>(value)};
}

/// The product in unlimited arithmetic, reduced at the very end.
std::vector<std::uint64_t> product_in_gmp(const matrix& a, const matrix& b) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < b.columns(); ++j) {
      mpz_class sum = 0;
      for (std::size_t k = 0; k < a.columns(); ++k) sum += big(a(i, k)) * big(b(k, j));
      out.push_back(mpz_class(sum % big(a.modulus())).get_ui());
    }
  }
  return out;
}

/// Laplace's expansion: slow, and free of division.
mpz_class determinant(const std::vector<std::vector<mpz_class>>& rows) {
  if (rows.empty()) return 1;
  mpz_class sum = 0;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    std::vector<std::vector<mpz_class>> minor;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      minor.emplace_back(rows[i]);
      minor.back().erase(minor.back().begin() + static_cast<std::ptrdiff_t>(j));
    }
    const mpz_class term = rows[0][j] * determinant(minor);
    sum += j % 2 == 0 ? term : -term;
  }
  return sum;
}

mpz_class determinant(const matrix& a) {
  std::vector<std::vector<mpz_class>> rows(a.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.columns(); ++j) rows[i].push_back(big(a(i, j)));
  }
  return determinant(rows);
}

bool is_unit(const mpz_class& a, std::uint64_t m) {
  return gcd(a, big(m)) == 1;
}

matrix square(std::uint64_t m, const integers& entries) {
  std::size_t n = 1;
  while (n * n < entries.size()) ++n;
  return make_matrix(n, n, m, entries);
}

}  // namespace

TEST_CASE("add_mod and multiply_mod do not overflow", "[groups][matrix]") {
  const std::uint64_t m = max_modulus;
  CHECK(add_mod(m - 1, m - 1, m) == m - 2);
  CHECK(add_mod(m - 1, 1, m) == 0);
  CHECK(add_mod(0, 0, m) == 0);
  CHECK(multiply_mod(m - 1, m - 1, m) == 1);
  CHECK(multiply_mod(m - 1, 2, m) == m - 2);
  CHECK(multiply_mod(0, m - 1, m) == 0);
  const auto s = cosetta::tests::seed(0xadd);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto modulus : moduli) {
    for (int round = 0; round < 50; ++round) {
      const std::uint64_t a = random() % modulus;
      const std::uint64_t b = random() % modulus;
      REQUIRE(big(add_mod(a, b, modulus)) == (big(a) + big(b)) % big(modulus));
      REQUIRE(big(multiply_mod(a, b, modulus)) == big(a) * big(b) % big(modulus));
    }
  }
}

TEST_CASE("products modulo m agree with unlimited arithmetic", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0x9406);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto m : moduli) {
    INFO("modulus " << m);
    for (int round = 0; round < 30; ++round) {
      const std::size_t rows = 1 + random() % 6;
      const std::size_t inner = 1 + random() % 9;
      const std::size_t columns = 1 + random() % 6;
      const auto a = random_matrix(random, rows, inner, m);
      const auto b = random_matrix(random, inner, columns, m);
      const auto product = a * b;
      REQUIRE(product.rows() == rows);
      REQUIRE(product.columns() == columns);
      REQUIRE(product.modulus() == m);
      const auto expected = product_in_gmp(a, b);
      REQUIRE(std::equal(product.entries().begin(), product.entries().end(), expected.begin(), expected.end()));
    }
  }
}

TEST_CASE("a product of largest entries is exact", "[groups][matrix]") {
  // Nine terms of nearly 2^126 each: their sum leaves 128 bits. Each is 1 modulo m.
  const std::uint64_t m = max_modulus;
  const matrix row(1, 9, m, std::vector<std::uint64_t>(9, m - 1));
  const matrix column(9, 1, m, std::vector<std::uint64_t>(9, m - 1));
  CHECK((row * column)(0, 0) == 9);
  const auto outer = column * row;
  CHECK(outer.rows() == 9);
  CHECK(std::all_of(outer.entries().begin(), outer.entries().end(), [](std::uint64_t entry) { return entry == 1; }));
}

TEST_CASE("matrices modulo m satisfy the laws of a group", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0x1a35);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto m : moduli) {
    for (const std::size_t n : {1, 2, 3, 5}) {
      INFO("modulus " << m << ", dimension " << n);
      const auto one = matrix::identity(n, m);
      REQUIRE(one.is_identity());
      for (int round = 0; round < 8; ++round) {
        const auto a = random_invertible(random, n, m);
        const auto b = random_invertible(random, n, m);
        const auto c = random_matrix(random, n, n, m);  // for associativity no inverse is needed
        REQUIRE((a * b) * c == a * (b * c));
        REQUIRE(a * one == a);
        REQUIRE(one * a == a);
        REQUIRE((a * a.inverse()).is_identity());
        REQUIRE(a.inverse() * a == one);
        REQUIRE(a.inverse().inverse() == a);
        REQUIRE((a * b).inverse() == b.inverse() * a.inverse());
        const auto inverse = a.inverse();
        const auto entries = inverse.entries();
        REQUIRE(std::all_of(entries.begin(), entries.end(), [m](std::uint64_t entry) { return entry < m; }));
      }
    }
  }
}

TEST_CASE("the product of a group element and a state that is not square", "[groups][matrix]") {
  const auto g = square(7, {1, 2, 3, 4});
  const auto state = make_matrix(2, 3, 7, integers{1, 0, 5, 0, 1, 6});
  CHECK(g * state == make_matrix(2, 3, 7, integers{1, 2, 17, 3, 4, 39}));
  // Rows times columns: not the other way round.
  CHECK(square(0, {1, 1, 0, 1}) * square(0, {1, 0, 1, 1}) == square(0, {2, 1, 1, 1}));
  CHECK(square(0, {1, 0, 1, 1}) * square(0, {1, 1, 0, 1}) == square(0, {1, 1, 1, 2}));
}

TEST_CASE("inverses of determinants that are not +-1", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0xde7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto m : moduli) {
    INFO("modulus " << m);
    int unusual = 0;
    for (int round = 0; round < 20; ++round) {
      const auto a = random_invertible(random, 1 + static_cast<std::size_t>(round) % 4, m);
      const mpz_class d = determinant(a) % big(m);
      REQUIRE(is_unit(d, m));
      unusual += d != 1 && d != big(m - 1);
      REQUIRE((a * a.inverse()).is_identity());
    }
    // Only 2, 3, 4 and 6 have no other units.
    if (m > 6) CHECK(unusual > 0);
  }
  CHECK(square(7, {2, 0, 0, 3}).inverse() == square(7, {4, 0, 0, 5}));
  CHECK(square(101, {1, 2, 3, 4}).inverse() == square(101, {-2, 1, 52, 50}));  // 3/2 = 52, -1/2 = 50
}

TEST_CASE("inverses where every pivot is a zero divisor", "[groups][matrix]") {
  // Modulo 6: the determinant is 4 - 9 = 1; each matrix here is its own inverse.
  CHECK(square(6, {2, 3, 3, 2}).inverse() == square(6, {2, 3, 3, 2}));
  CHECK(square(12, {3, 4, 4, 3}).inverse() == square(12, {3, 4, 4, 3}));          // 9 + 16 = 25, 24
  CHECK(square(30, {6, 5, 5, 6}).inverse() == square(30, {6, 5, 5, 6}));          // 36 + 25 = 61, 60
  CHECK(square(30, {10, 21, 21, 10}).inverse() == square(30, {10, 21, 21, 10}));  // 100 + 441 = 541, 420
  // No entry is a unit, yet modulo 2, 3 and 5 these are three permutation matrices.
  const auto a = square(30, {6, 10, 15, 15, 6, 10, 10, 15, 6});
  for (const auto entry : a.entries()) CHECK(std::gcd(entry, std::uint64_t{30}) != 1);
  REQUIRE(is_unit(determinant(a), 30));
  CHECK((a * a.inverse()).is_identity());
  CHECK((a.inverse() * a).is_identity());
  // The same with the two large prime factors of 2^63 - 1 against the rest.
  const std::int64_t p = std::int64_t{92737} * 649657;
  const std::int64_t q = greatest / p;
  REQUIRE(p * q == greatest);
  const auto b = square(max_modulus, {p, q, q, p});
  REQUIRE(is_unit(determinant(b), max_modulus));
  CHECK((b * b.inverse()).is_identity());
  // Zeros in the way of the first pivots.
  const auto c = square(6, {0, 2, 3, 3, 0, 2, 2, 3, 0});
  REQUIRE(is_unit(determinant(c), 6));
  CHECK((c * c.inverse()).is_identity());
}

TEST_CASE("all 2 x 2 matrices modulo small m: inverted, or refused, as the determinant says", "[groups][matrix]") {
  // The orders of GL_2(Z/m).
  for (const auto& [m, units] :
       std::vector<std::pair<std::uint64_t, int>>{{2, 6}, {3, 48}, {4, 96}, {5, 480}, {6, 288}, {8, 1536}}) {
    INFO("modulus " << m);
    int invertible = 0;
    int wrong = 0;
    for (std::uint64_t code = 0; code < m * m * m * m; ++code) {
      const matrix a(2, 2, m, {code % m, code / m % m, code / m / m % m, code / m / m / m});
      try {
        const auto inverse = a.inverse();
        ++invertible;
        wrong += !is_unit(determinant(a), m) || !(a * inverse).is_identity();
      } catch (const domain_error&) {
        wrong += is_unit(determinant(a), m);
      }
    }
    CHECK(invertible == units);
    CHECK(wrong == 0);
  }
}

TEST_CASE("random matrices modulo m are inverted exactly when the determinant is a unit", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0x4a4d);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint64_t m : {2, 4, 6, 9, 12, 30, 36, 210, 30030}) {
    INFO("modulus " << m);
    int invertible = 0;
    int refused = 0;
    for (int round = 0; round < 60; ++round) {
      const std::size_t n = 1 + random() % 5;
      const auto a = random_matrix(random, n, n, m);
      const bool unit = is_unit(determinant(a), m);
      try {
        const auto inverse = a.inverse();
        ++invertible;
        if (!unit || !(a * inverse).is_identity() || !(inverse * a).is_identity())
          FAIL("wrong inverse of " << to_string(a));
      } catch (const domain_error&) {
        ++refused;
        if (unit) FAIL("refused " << to_string(a));
      }
    }
    CHECK(invertible > 0);
    CHECK(refused > 0);
  }
}

TEST_CASE("singular matrices are refused", "[groups][matrix]") {
  CHECK_THROWS_MATCHES(square(6, {2, 0, 0, 1}).inverse(), domain_error,
                       message_with("singular matrix [[2,0],[0,1]]: its determinant has no inverse modulo 6"));
  CHECK_THROWS_MATCHES(square(6, {3, 1, 0, 3}).inverse(), domain_error, message_with("modulo 6"));
  CHECK_THROWS_MATCHES(square(5, {1, 2, 2, 4}).inverse(), domain_error, message_with("modulo 5"));
  CHECK_THROWS_MATCHES(square(5, {0, 0, 0, 0}).inverse(), domain_error, message_with("singular"));
  CHECK_THROWS_MATCHES(square(4, {2}).inverse(), domain_error, message_with("modulo 4"));
  CHECK_THROWS_MATCHES(square(max_modulus, {7, 0, 0, 1}).inverse(), domain_error, message_with("singular"));
  CHECK_THROWS_MATCHES(square(0, {2, 0, 0, 1}).inverse(), domain_error, message_with("no inverse over Z"));
  CHECK_THROWS_MATCHES(square(0, {1, 2, 2, 4}).inverse(), domain_error, message_with("no inverse over Z"));
  CHECK_THROWS_MATCHES(square(0, {0}).inverse(), domain_error, message_with("over Z"));
  CHECK_THROWS_AS(make_matrix(1, 2, 5, integers{1, 0}).inverse(), domain_error);
  CHECK_THROWS_AS(make_matrix(2, 1, 0, integers{1, 0}).inverse(), domain_error);
}

TEST_CASE("matrices over Z", "[groups][matrix]") {
  const auto fibonacci = square(0, {2, 1, 1, 1});
  CHECK(fibonacci.modulus() == 0);
  CHECK(fibonacci.inverse() == square(0, {1, -1, -1, 2}));
  CHECK(fibonacci * fibonacci == square(0, {5, 3, 3, 2}));
  CHECK(square(0, {1, -2, 3, -4}) * square(0, {-1, 0, 5, 7}) == square(0, {-11, -14, -23, -28}));
  // Determinant -1.
  CHECK(square(0, {0, 1, 1, 0}).inverse() == square(0, {0, 1, 1, 0}));
  CHECK(square(0, {1, 2, 1, 1}).inverse() == square(0, {-1, 2, 1, -1}));
  CHECK(square(0, {-1}).inverse() == square(0, {-1}));
  CHECK(square(0, {1, 0, 0, 0, 0, 1, 0, 1, 5}).inverse() == square(0, {1, 0, 0, 0, -5, 1, 0, 1, 0}));
}

TEST_CASE("unimodular matrices over Z are inverted", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0x2);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 1 + random() % 5;
    auto a = matrix::identity(n, 0);
    auto b = matrix::identity(n, 0);
    for (int step = 0; step < 12; ++step) {
      integers entries(n * n, 0);
      for (std::size_t i = 0; i < n; ++i) entries[i * n + i] = random() % 4 == 0 ? -1 : 1;
      const std::size_t to = random() % n;
      const std::size_t from = random() % n;
      if (to != from) entries[to * n + from] = static_cast<std::int64_t>(random() % 7) - 3;
      (step % 2 == 0 ? a : b) = (step % 2 == 0 ? a : b) * make_matrix(n, n, 0, entries);
    }
    REQUIRE((a * a.inverse()).is_identity());
    REQUIRE((a.inverse() * a).is_identity());
    REQUIRE((a * b).inverse() == b.inverse() * a.inverse());
    // An element of order two among others: the reflection in front.
    auto reflected = a;
    integers mirror(n * n, 0);
    for (std::size_t i = 0; i < n; ++i) mirror[i * n + i] = i == 0 ? -1 : 1;
    reflected = make_matrix(n, n, 0, mirror) * reflected;
    REQUIRE((reflected * reflected.inverse()).is_identity());
  }
}

TEST_CASE("a result over Z that leaves 64 bits is refused, one that just fits is not", "[groups][matrix]") {
  const std::int64_t half = std::int64_t{1} << 62;
  CHECK_THROWS_MATCHES(square(0, {half}) * square(0, {2}), domain_error, message_with("left 64 bits"));
  CHECK(square(0, {half}) * square(0, {-2}) == square(0, {least}));
  CHECK(square(0, {least}) * square(0, {1}) == square(0, {least}));
  CHECK_THROWS_MATCHES(square(0, {least}) * square(0, {-1}), domain_error, message_with("left 64 bits"));
  CHECK(square(0, {greatest}) * square(0, {-1}) == square(0, {-greatest}));
  CHECK_THROWS_MATCHES(square(0, {1, 1, 0, 1}) * square(0, {greatest, 0, 1, 1}), domain_error, message_with("64 bits"));
  CHECK_THROWS_MATCHES(square(0, {1, -1, 0, 1}) * square(0, {least, 0, 1, 1}), domain_error, message_with("64 bits"));
  // What fits at the end may pass through larger numbers on the way.
  const auto row = make_matrix(1, 3, 0, integers{half, half, half});
  const auto column = make_matrix(3, 1, 0, integers{1, 2, -2});
  CHECK(row * column == square(0, {half}));
  CHECK(square(0, {greatest, greatest, 0, 1}) * square(0, {greatest, 0, -greatest, 1}) ==
        square(0, {0, greatest, -greatest, 1}));
  // The inverse of a unimodular matrix may be too large, too: here 2^80 in its corner.
  const std::int64_t large = std::int64_t{1} << 40;
  const auto tall = square(0, {1, large, 0, 0, 1, large, 0, 0, 1});
  CHECK_THROWS_MATCHES(tall.inverse(), domain_error, message_with("beyond 64 bits"));
  CHECK(square(0, {1, large, 0, 0, 1, 1, 0, 0, 1}).inverse() == square(0, {1, -large, large, 0, 1, -1, 0, 0, 1}));
  CHECK_THROWS_AS(square(0, {1, least, 0, 1}).inverse(), domain_error);  // -least is 2^63
  CHECK(square(0, {1, greatest, 0, 1}).inverse() == square(0, {1, -greatest, 0, 1}));
}

TEST_CASE("powers of a shear over Z reach the end of 64 bits", "[groups][matrix]") {
  auto power = square(0, {1, 1, 0, 1});
  for (int doubling = 0; doubling < 62; ++doubling) power = power * power;
  CHECK(power == square(0, {1, std::int64_t{1} << 62, 0, 1}));
  CHECK_THROWS_AS(power * power, domain_error);
}

TEST_CASE("make_matrix reduces its entries", "[groups][matrix]") {
  CHECK(to_string(square(5, {-1, 5, 6, -13})) == "[[4,0],[1,2]]");
  CHECK(to_string(square(2, {-1, -2, 3, 4})) == "[[1,0],[1,0]]");
  const auto largest = square(max_modulus, {least, greatest, -1, -greatest});
  CHECK(largest(0, 0) == max_modulus - 1);  // -2^63 is -1 modulo 2^63 - 1
  CHECK(largest(0, 1) == 0);
  CHECK(largest(1, 0) == max_modulus - 1);
  CHECK(largest(1, 1) == 0);
  const auto over_z = square(0, {least, greatest, -1, 0});
  CHECK(over_z(0, 0) == std::uint64_t{1} << 63);
  CHECK(over_z(1, 0) == ~std::uint64_t{0});

  const auto s = cosetta::tests::seed(0x4ed);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto m : moduli) {
    for (int round = 0; round < 50; ++round) {
      const auto entry = static_cast<std::int64_t>(random());
      const auto reduced = make_matrix(1, 1, m, integers{entry})(0, 0);
      REQUIRE(reduced < m);
      REQUIRE((mpz_class(static_cast<long>(entry)) - big(reduced)) % big(m) == 0);
    }
  }
}

TEST_CASE("make_matrix lays entries out row by row", "[groups][matrix]") {
  const auto a = make_matrix(2, 3, 0, integers{1, 2, 3, 4, 5, 6});
  CHECK(a.rows() == 2);
  CHECK(a.columns() == 3);
  CHECK(a(0, 2) == 3);
  CHECK(a(1, 0) == 4);
  CHECK(a.entries().size() == 6);
  CHECK(to_string(a) == "[[1,2,3],[4,5,6]]");
}

TEST_CASE("make_matrix refuses bad moduli and shapes", "[groups][matrix]") {
  CHECK_THROWS_MATCHES(square(1, {0}), domain_error, message_with("modulus 1 is outside 2..2^63-1"));
  CHECK_THROWS_MATCHES(square(max_modulus + 1, {0}), domain_error, message_with("modulus 9223372036854775808"));
  CHECK_THROWS_MATCHES(square(~std::uint64_t{0}, {0}), domain_error, message_with("outside"));
  CHECK_NOTHROW(square(max_modulus, {1}));
  CHECK_NOTHROW(square(2, {1}));
  CHECK_THROWS_MATCHES(make_matrix(2, 2, 5, integers{1, 2, 3}), domain_error,
                       message_with("a 2 x 2 matrix cannot have 3 entries"));
  CHECK_THROWS_MATCHES(make_matrix(2, 2, 5, integers{1, 2, 3, 4, 5}), domain_error, message_with("cannot have 5"));
  CHECK_THROWS_MATCHES(make_matrix(0, 0, 5, integers{}), domain_error, message_with("0 x 0"));
  CHECK_THROWS_MATCHES(make_matrix(0, 3, 5, integers{}), domain_error, message_with("0 x 3"));
  CHECK_THROWS_MATCHES(make_matrix(3, 0, 0, integers{}), domain_error, message_with("3 x 0"));
}

TEST_CASE("make_matrix refuses a shape whose product of sides wraps around", "[groups][matrix]") {
  const std::size_t side = std::size_t{1} << 32;
  CHECK_THROWS_AS(make_matrix(side, side, 0, integers{}), domain_error);
}

TEST_CASE("matrices are written with their signs over Z", "[groups][matrix]") {
  CHECK(to_string(square(3, {1, 1, 0, 1})) == "[[1,1],[0,1]]");
  CHECK(to_string(square(0, {1, -1, 0, -20})) == "[[1,-1],[0,-20]]");
  CHECK(to_string(square(0, {least})) == "[[-9223372036854775808]]");
  CHECK(to_string(square(max_modulus, {-1})) == "[[9223372036854775806]]");
  CHECK(to_string(make_matrix(1, 2, 7, integers{3, 4})) == "[[3,4]]");
  CHECK(to_string(make_matrix(2, 1, 7, integers{3, 4})) == "[[3],[4]]");
}

TEST_CASE("only the identity matrix is the identity", "[groups][matrix]") {
  for (const std::uint64_t m : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{9}, max_modulus}) {
    for (const std::size_t n : {1, 2, 5}) {
      const auto one = matrix::identity(n, m);
      CHECK(one.is_identity());
      for (std::size_t i = 0; i < n * n; ++i) {  // one entry off
        std::vector<std::uint64_t> entries(one.entries().begin(), one.entries().end());
        entries[i] ^= 1;
        if (matrix(n, n, m, entries).is_identity()) FAIL("entry " << i << " of " << n << " x " << n);
      }
    }
  }
  CHECK_FALSE(make_matrix(2, 3, 5, integers{1, 0, 0, 0, 1, 0}).is_identity());
  CHECK_FALSE(make_matrix(3, 2, 5, integers{1, 0, 0, 1, 0, 0}).is_identity());
  CHECK_FALSE(square(0, {-1, 0, 0, -1}).is_identity());
}

TEST_CASE("equality and hash of matrices agree", "[groups][matrix]") {
  const auto s = cosetta::tests::seed(0xe9);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto m : moduli) {
    for (int round = 0; round < 10; ++round) {
      const auto a = random_invertible(random, 3, m);
      const auto b = random_invertible(random, 3, m);
      for (const auto& same : {a * matrix::identity(3, m), (a * b) * b.inverse(), a.inverse().inverse(),
                               matrix(3, 3, m, {a.entries().begin(), a.entries().end()})}) {
        REQUIRE(same == a);
        REQUIRE(std::hash<matrix>{}(same) == std::hash<matrix>{}(a));
        REQUIRE(same.hash() == a.hash());
      }
    }
  }
  CHECK(square(5, {1, 2, 3, 4}) != square(7, {1, 2, 3, 4}));
  CHECK(square(5, {1, 2, 3, 4}) != square(5, {1, 3, 2, 4}));
  CHECK(make_matrix(1, 4, 5, integers{1, 2, 3, 4}) != make_matrix(4, 1, 5, integers{1, 2, 3, 4}));
  CHECK(matrix() == matrix());
  std::set<std::size_t> hashes;  // GL_2(Z/3) and its singular neighbours
  std::unordered_set<matrix> all;
  for (std::uint64_t code = 0; code < 81; ++code) {
    all.insert(matrix(2, 2, 3, {code % 3, code / 3 % 3, code / 9 % 3, code / 27}));
  }
  for (const auto& a : all) hashes.insert(a.hash());
  CHECK(all.size() == 81);
  CHECK(hashes.size() == 81);
}

}  // namespace matrix_test
