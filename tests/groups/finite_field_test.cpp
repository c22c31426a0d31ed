// Finite fields: the axioms exhaustively up to q = 32, against polynomial arithmetic beyond; Conway polynomials against
// published ones and against their definition.
#include <groups/finite_field.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <gmpxx.h>
#include <tests/seeded.hpp>

namespace finite_field_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;

using polynomial = std::vector<std::uint32_t>;  // low to high

const std::vector<std::uint32_t> small_orders{2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29, 31, 32};
const std::vector<std::uint32_t> large_orders{49,    64,    81,    121,   125,   128,   243,  251,  256,
                                              343,   512,   729,   961,   1024,  2187,  4096, 6561, 15625,
                                              16807, 28561, 29791, 59049, 63001, 65521, 65536};

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

/// From the definition of an element: polynomials in z, added by coefficients.
field_element sum_of_polynomials(const finite_field& field, field_element a, field_element b) {
  auto x = field.coefficients(a);
  const auto y = field.coefficients(b);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (x[i] + y[i]) % field.characteristic();
  return field.from_coefficients(x);
}

/// ... and multiplied modulo the Conway polynomial, one power of z at a time.
field_element product_of_polynomials(const finite_field& field, field_element a, field_element b) {
  const std::uint64_t p = field.characteristic();
  const auto& f = field.conway_polynomial();
  const auto x = field.coefficients(a);
  const auto y = field.coefficients(b);
  std::vector<std::uint64_t> product(x.size() + y.size() - 1, 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < y.size(); ++j) product[i + j] = (product[i + j] + std::uint64_t{x[i]} * y[j]) % p;
  }
  for (std::size_t top = product.size(); top-- > x.size();) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      auto& c = product[top - x.size() + j];
      c = (c + product[top] * (p - f[j])) % p;
    }
  }
  polynomial reduced;
  for (std::size_t i = 0; i < x.size(); ++i) reduced.push_back(static_cast<std::uint32_t>(product[i]));
  return field.from_coefficients(reduced);
}

field_element value(const finite_field& field, const polynomial& f, field_element at) {
  field_element out = 0;
  for (auto c = f.rbegin(); c != f.rend(); ++c)
    out = field.add(field.multiply(out, at), static_cast<field_element>(*c));
  return out;
}

std::uint32_t integer_power(std::uint32_t base, std::uint32_t exponent) {
  std::uint32_t out = 1;
  while (exponent-- > 0) out *= base;
  return out;
}

}  // namespace

TEST_CASE("Conway polynomials are the published ones", "[groups][finite_field]") {
  // F. Luebeck, Conway polynomials for finite fields, www.math.rwth-aachen.de/~Frank.Luebeck/data/ConwayPol
  struct record {
    std::uint64_t p;
    std::uint64_t k;
    polynomial coefficients;
  };
  const std::vector<record> published{
      {2, 1, {1, 1}},
      {2, 2, {1, 1, 1}},
      {2, 3, {1, 1, 0, 1}},
      {2, 4, {1, 1, 0, 0, 1}},
      {2, 5, {1, 0, 1, 0, 0, 1}},
      {2, 6, {1, 1, 0, 1, 1, 0, 1}},
      {2, 7, {1, 1, 0, 0, 0, 0, 0, 1}},
      {2, 8, {1, 0, 1, 1, 1, 0, 0, 0, 1}},
      {2, 12, {1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1}},
      {2, 16, {1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
      {3, 1, {1, 1}},
      {3, 2, {2, 2, 1}},
      {3, 3, {1, 2, 0, 1}},
      {3, 4, {2, 0, 0, 2, 1}},
      {3, 6, {2, 2, 1, 0, 2, 0, 1}},
      {3, 10, {2, 1, 0, 0, 2, 2, 2, 0, 0, 0, 1}},
      {5, 1, {3, 1}},
      {5, 2, {2, 4, 1}},
      {5, 3, {3, 3, 0, 1}},
      {5, 6, {2, 0, 1, 4, 1, 0, 1}},
      {7, 2, {3, 6, 1}},
      {7, 4, {3, 4, 5, 0, 1}},
      {7, 5, {4, 1, 0, 0, 0, 1}},
      {11, 2, {2, 7, 1}},
      {13, 2, {2, 12, 1}},
      {13, 4, {2, 12, 3, 0, 1}},
      {23, 1, {18, 1}},
      {31, 3, {28, 1, 0, 1}},
      {41, 1, {35, 1}},
      {251, 2, {6, 242, 1}},
      {65521, 1, {65504, 1}},
  };
  for (const auto& [p, k, coefficients] : published) {
    INFO("GF(" << p << "^" << k << ")");
    CHECK(conway_polynomial(p, k) == coefficients);
  }
}

TEST_CASE("Conway polynomials are compatible: the standard generators lie above each other", "[groups][finite_field]") {
  for (const std::uint32_t q : large_orders) {
    const auto field = make_finite_field(q);
    const std::uint32_t p = field->characteristic();
    INFO("GF(" << q << ")");
    for (std::uint32_t d = 1; d < field->degree(); ++d) {
      if (field->degree() % d != 0) continue;
      const std::uint32_t subfield_units = integer_power(p, d) - 1;
      const field_element below = field->exponential((q - 1) / subfield_units);
      REQUIRE(value(*field, conway_polynomial(p, d), below) == 0);
      REQUIRE(field->multiplicative_order(below) == subfield_units);
    }
    if (!field->is_prime_field()) {
      CHECK(value(*field, field->conway_polynomial(), field->primitive_element()) == 0);
    }
  }
}

TEST_CASE("small fields satisfy the axioms, exhaustively", "[groups][finite_field]") {
  for (const std::uint32_t q : small_orders) {
    INFO("GF(" << q << ")");
    const auto shared = make_finite_field(q);
    const auto& f = *shared;
    REQUIRE(f.order() == q);
    bool group_laws = true;
    bool commutative = true;
    bool definition = true;
    bool laws_of_three = true;
    for (std::uint32_t i = 0; i < q; ++i) {
      const auto a = static_cast<field_element>(i);
      group_laws = group_laws && f.add(a, 0) == a && f.multiply(a, 1) == a && f.multiply(a, 0) == 0 &&
                   f.add(a, f.negate(a)) == 0 && f.subtract(a, a) == 0 && (a == 0 || f.multiply(a, f.inverse(a)) == 1);
      for (std::uint32_t j = 0; j < q; ++j) {
        const auto b = static_cast<field_element>(j);
        const auto sum = f.add(a, b);
        const auto product = f.multiply(a, b);
        commutative = commutative && sum == f.add(b, a) && product == f.multiply(b, a);
        definition = definition && sum == sum_of_polynomials(f, a, b) && product == product_of_polynomials(f, a, b);
        for (std::uint32_t k = 0; k < q; ++k) {
          const auto c = static_cast<field_element>(k);
          laws_of_three = laws_of_three && f.add(sum, c) == f.add(a, f.add(b, c)) &&
                          f.multiply(product, c) == f.multiply(a, f.multiply(b, c)) &&
                          f.multiply(sum, c) == f.add(f.multiply(a, c), f.multiply(b, c));
        }
      }
    }
    CHECK(group_laws);
    CHECK(commutative);
    CHECK(definition);
    CHECK(laws_of_three);
  }
}

TEST_CASE("large fields agree with polynomial arithmetic", "[groups][finite_field]") {
  const auto s = cosetta::tests::seed(0xf1e1d);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint32_t q : large_orders) {
    INFO("GF(" << q << ")");
    const auto shared = make_finite_field(q);
    const auto& f = *shared;
    for (int round = 0; round < 200; ++round) {
      const auto a = static_cast<field_element>(random() % q);
      const auto b = static_cast<field_element>(random() % 7 == 0 ? 0 : random() % q);
      const auto c = static_cast<field_element>(random() % q);
      bool right = f.add(a, b) == sum_of_polynomials(f, a, b) && f.multiply(a, b) == product_of_polynomials(f, a, b);
      right = right && f.add(a, f.negate(a)) == 0 && f.subtract(f.add(a, b), b) == a;
      right = right && f.multiply(f.add(a, b), c) == f.add(f.multiply(a, c), f.multiply(b, c));
      right = right && (b == 0 || f.multiply(f.multiply(a, f.inverse(b)), b) == a);
      if (!right) FAIL("a = " << a << ", b = " << b << ", c = " << c);
    }
    REQUIRE(f.multiply(static_cast<field_element>(q - 1), static_cast<field_element>(q - 1)) ==
            product_of_polynomials(f, static_cast<field_element>(q - 1), static_cast<field_element>(q - 1)));
  }
}

TEST_CASE("the primitive element is z, or the least primitive root, and logarithms are to its base",
          "[groups][finite_field]") {
  CHECK(make_finite_field(2)->primitive_element() == 1);
  CHECK(make_finite_field(3)->primitive_element() == 2);
  CHECK(make_finite_field(7)->primitive_element() == 3);
  CHECK(make_finite_field(41)->primitive_element() == 6);
  CHECK(make_finite_field(65521)->primitive_element() == 17);
  CHECK(make_finite_field(4)->primitive_element() == 2);
  CHECK(make_finite_field(27)->primitive_element() == 3);
  CHECK(make_finite_field(63001)->primitive_element() == 251);
  for (const std::uint32_t q : small_orders) {
    INFO("GF(" << q << ")");
    const auto f = make_finite_field(q);
    std::set<field_element> powers;
    field_element power = 1;
    for (std::uint32_t i = 0; i < q - 1; ++i) {
      REQUIRE(f->exponential(i) == power);
      REQUIRE(f->logarithm(power) == i);
      powers.insert(power);
      power = f->multiply(power, f->primitive_element());
    }
    CHECK(power == 1);
    CHECK(powers.size() == q - 1);
    CHECK(f->exponential(std::uint64_t{q - 1} * 1000000007 + 1) == f->primitive_element());
  }
}

TEST_CASE("orders and powers in finite fields", "[groups][finite_field]") {
  for (const std::uint32_t q : small_orders) {
    INFO("GF(" << q << ")");
    const auto f = make_finite_field(q);
    for (std::uint32_t i = 1; i < q; ++i) {
      const auto a = static_cast<field_element>(i);
      std::uint32_t order = 1;
      for (field_element power = a; power != 1; power = f->multiply(power, a)) ++order;
      REQUIRE(f->multiplicative_order(a) == order);
      REQUIRE(f->power(a, 0) == 1);
      REQUIRE(f->power(a, 3) == f->multiply(a, f->multiply(a, a)));
      REQUIRE(f->power(a, -1) == f->inverse(a));
      REQUIRE(f->power(a, mpz_class("1000000000000000000000000000007") * (q - 1) + 1) == a);
      REQUIRE(f->power(a, mpz_class("-1000000000000000000000000000007") * (q - 1) - 1) == f->inverse(a));
    }
    CHECK(f->power(0, 0) == 1);
    CHECK(f->power(0, 5) == 0);
  }
}

TEST_CASE("the Frobenius map is an automorphism of order k", "[groups][finite_field]") {
  const auto s = cosetta::tests::seed(0xf0b);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  std::vector<std::uint32_t> orders = small_orders;
  orders.insert(orders.end(), large_orders.begin(), large_orders.end());
  for (const std::uint32_t q : orders) {
    INFO("GF(" << q << ")");
    const auto f = make_finite_field(q);
    std::uint32_t fixed = 0;
    for (std::uint32_t i = 0; i < q; ++i) fixed += f->frobenius(static_cast<field_element>(i)) == i;
    CHECK(fixed == f->characteristic());
    for (int round = 0; round < 50; ++round) {
      const auto a = static_cast<field_element>(random() % q);
      const auto b = static_cast<field_element>(random() % q);
      REQUIRE(f->frobenius(a) == f->power(a, f->characteristic()));
      REQUIRE(f->frobenius(f->add(a, b)) == f->add(f->frobenius(a), f->frobenius(b)));
      REQUIRE(f->frobenius(f->multiply(a, b)) == f->multiply(f->frobenius(a), f->frobenius(b)));
      REQUIRE(f->frobenius(f->frobenius(a), 2) == f->frobenius(a, 3));
      REQUIRE(f->frobenius(a, f->degree()) == a);
      REQUIRE(f->frobenius(a, 0) == a);
    }
  }
}

TEST_CASE("elements are the digits of integers", "[groups][finite_field]") {
  const auto f = make_finite_field(27);
  CHECK(f->coefficients(0) == polynomial{0, 0, 0});
  CHECK(f->coefficients(14) == polynomial{2, 1, 1});
  CHECK(f->from_coefficients(polynomial{2, 1, 1}) == 14);
  for (std::uint32_t i = 0; i < 27; ++i) {
    REQUIRE(f->from_coefficients(f->coefficients(static_cast<field_element>(i))) == i);
  }
  CHECK(f->from_integer(-1) == 2);
  CHECK(f->from_integer(3) == 0);
  CHECK(f->from_integer(INT64_MIN) == 1);  // 2^63 is 2 modulo 3
  CHECK(make_finite_field(65536)->from_integer(-7) == 1);
  CHECK_THROWS_MATCHES(f->from_coefficients(polynomial{1, 2}), domain_error, message_with("3 coefficients, not 2"));
  CHECK_THROWS_MATCHES(f->from_coefficients(polynomial{1, 3, 0}), domain_error,
                       message_with("coefficient 3 of z^1 is outside 0..2 in GF(27)"));
}

TEST_CASE("zero has no inverse, no logarithm and no order", "[groups][finite_field]") {
  for (const std::uint32_t q : {2u, 9u, 31u}) {
    const auto f = make_finite_field(q);
    CHECK_THROWS_MATCHES(f->inverse(0), domain_error, message_with("0 has no inverse in " + to_string(*f)));
    CHECK_THROWS_AS(f->power(0, -1), domain_error);
    CHECK_THROWS_AS(f->logarithm(0), domain_error);
    CHECK_THROWS_AS(f->multiplicative_order(0), domain_error);
  }
}

TEST_CASE("orders that are no prime powers are refused", "[groups][finite_field]") {
  CHECK(make_field_order(2) == field_order{2, 1});
  CHECK(make_field_order(65536) == field_order{2, 16});
  CHECK(make_field_order(65521) == field_order{65521, 1});
  CHECK(make_field_order(63001) == field_order{251, 2});
  CHECK_THROWS_MATCHES(make_finite_field(6), domain_error, message_with("6 is no prime power (2 and 3 divide it)"));
  CHECK_THROWS_MATCHES(make_finite_field(65535), domain_error, message_with("GF(65535)"));
  for (const std::uint64_t q : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{65537}, ~std::uint64_t{0}}) {
    CHECK_THROWS_MATCHES(make_finite_field(q), domain_error, message_with("order 2..65536 are supported"));
  }
  CHECK_THROWS_MATCHES(conway_polynomial(4, 2), domain_error, message_with("4 is no prime"));
  CHECK_THROWS_AS(conway_polynomial(0, 1), domain_error);
  CHECK_THROWS_AS(conway_polynomial(6, 1), domain_error);
  CHECK_THROWS_AS(conway_polynomial(65537, 1), domain_error);
  CHECK_THROWS_MATCHES(conway_polynomial(2, 17), domain_error, message_with("GF(2^17)"));
  CHECK_THROWS_AS(conway_polynomial(2, 0), domain_error);
  CHECK_THROWS_AS(conway_polynomial(3, ~std::uint64_t{0}), domain_error);
  std::uint32_t fields = 0;
  for (std::uint64_t q = 2; q <= 1000; ++q) {
    try {
      fields += make_field_order(q).degree > 0;
    } catch (const domain_error&) {
    }
  }
  CHECK(fields == 193);  // 168 primes and 25 higher powers: OEIS A025528
}

TEST_CASE("a field is made once, from any thread", "[groups][finite_field]") {
  const auto first = make_finite_field(729);
  CHECK(make_finite_field(729) == first);
  CHECK(*make_finite_field(9) == *make_finite_field(9));
  CHECK_FALSE(*make_finite_field(9) == *make_finite_field(27));
  CHECK(to_string(*first) == "GF(729)");
  std::vector<std::shared_ptr<const finite_field>> made(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < made.size(); ++i) {
    threads.emplace_back([&, i] { made[i] = make_finite_field(i % 2 == 0 ? 6561 : 4096); });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 2; i < made.size(); ++i) CHECK(made[i] == made[i - 2]);
}

}  // namespace finite_field_test
