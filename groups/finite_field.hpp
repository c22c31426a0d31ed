// The finite field GF(q), q = p^k <= 2^16.
//
// An element is an integer 0..q-1 whose base-p digits, lowest first, are the coefficients of a polynomial
// c_0 + c_1 z + ... + c_{k-1} z^{k-1}; z is a root of the Conway polynomial of GF(p^k), so an element means the same as
// in GAP, Magma and Sage. For k = 1 it is the residue itself. Products go through tables of discrete logarithms to the
// base of GAP's Z(q), which is z for k > 1 and the least primitive root for k = 1; sums outside the prime fields and
// characteristic 2 go through Zech's logarithms log(1 + Z^n) (Lidl, Niederreiter, Finite Fields, section 10.1).
// Fields are immutable and shared: one object serves all matrices over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// An element of a field; which field it belongs to is known from the context.
using field_element = std::uint16_t;

inline constexpr std::uint32_t max_field_order = std::uint32_t{1} << 16;

/// q = p^k: the prime p and the degree k >= 1.
struct field_order {
  std::uint32_t characteristic;
  std::uint32_t degree;
  bool operator==(const field_order&) const = default;
};

/// q taken apart. Throws domain_error when q is no prime power, or outside 2..2^16.
field_order make_field_order(std::uint64_t q);

class finite_field {
 public:
  /// Trusts that q is a prime power, at most max_field_order; `make_finite_field` checks, and shares what it made.
  explicit finite_field(field_order q);

  std::uint32_t order() const noexcept { return order_; }
  std::uint32_t characteristic() const noexcept { return characteristic_; }
  std::uint32_t degree() const noexcept { return degree_; }
  bool is_prime_field() const noexcept { return degree_ == 1; }

  // Preconditions of everything below: elements are < order().

  field_element add(field_element a, field_element b) const noexcept {
    if (characteristic_ == 2) return a ^ b;
    if (degree_ == 1) {
      const std::uint32_t sum = std::uint32_t{a} + b;
      return static_cast<field_element>(sum >= order_ ? sum - order_ : sum);
    }
    if (a == 0) return b;
    if (b == 0) return a;
    // a + b = a (1 + b/a)
    const std::uint32_t base = logarithms_[a];
    const std::uint32_t quotient = reduced(std::uint32_t{logarithms_[b]} + units() - base);
    const std::uint32_t shift = zech_[quotient];
    return shift == no_logarithm ? field_element{0} : powers_[reduced(base + shift)];
  }
  field_element negate(field_element a) const noexcept {
    if (a == 0 || characteristic_ == 2) return a;
    return powers_[reduced(logarithms_[a] + units() / 2)];  // -1 is the only element of order 2
  }
  field_element subtract(field_element a, field_element b) const noexcept { return add(a, negate(b)); }
  field_element multiply(field_element a, field_element b) const noexcept {
    if (a == 0 || b == 0) return 0;
    return powers_[reduced(std::uint32_t{logarithms_[a]} + logarithms_[b])];
  }
  /// Throws domain_error when a is 0.
  field_element inverse(field_element a) const;
  /// a to any power, 0^0 being 1. Throws domain_error for a negative power of 0.
  field_element power(field_element a, const mpz_class& exponent) const;
  /// The least m > 0 with a^m = 1. Throws domain_error when a is 0.
  std::uint32_t multiplicative_order(field_element a) const;

  /// GAP's Z(q): a generator of the multiplicative group.
  field_element primitive_element() const noexcept { return powers_[reduced(1)]; }
  /// The i-th power of the primitive element, any i >= 0.
  field_element exponential(std::uint64_t i) const noexcept { return powers_[i % units()]; }
  /// The least i >= 0 with exponential(i) == a. Throws domain_error when a is 0.
  std::uint32_t logarithm(field_element a) const;
  /// a^(p^times): the generator of the Galois group over GF(p), applied `times` times.
  field_element frobenius(field_element a, std::uint64_t times = 1) const noexcept;

  /// n * 1, n any integer.
  field_element from_integer(std::int64_t n) const noexcept;
  /// The coefficients of 1, z, ..., z^{k-1}, each in 0..p-1.
  std::vector<std::uint32_t> coefficients(field_element a) const;
  /// Throws domain_error unless there are k coefficients, each in 0..p-1.
  field_element from_coefficients(std::span<const std::uint32_t> coefficients) const;
  /// z has the minimal polynomial of this, low to high: k + 1 coefficients, the last one 1.
  const std::vector<std::uint32_t>& conway_polynomial() const noexcept { return conway_polynomial_; }

  bool operator==(const finite_field& other) const noexcept { return order_ == other.order_; }

 private:
  static constexpr std::uint16_t no_logarithm = 0xffff;  // q - 1 <= 2^16 - 1 logarithms end below it

  std::uint32_t units() const noexcept { return order_ - 1; }
  /// An exponent < 2 * units() in 0..units()-1.
  std::uint32_t reduced(std::uint32_t exponent) const noexcept {
    return exponent >= units() ? exponent - units() : exponent;
  }

  std::uint32_t order_;
  std::uint32_t characteristic_;
  std::uint32_t degree_;
  std::vector<std::uint32_t> conway_polynomial_;
  std::vector<field_element> powers_;      // of the primitive element: units() of them
  std::vector<std::uint16_t> logarithms_;  // by elements; that of 0 means nothing
  std::vector<std::uint16_t> zech_;        // log(1 + Z^n), no_logarithm where 1 + Z^n = 0; only where add() reads it
};

/// GF(q): the same object for the same q as long as somebody holds it. Safe to call from any thread. Throws
/// domain_error when q is no prime power, or above max_field_order. O(q), after the search for the Conway polynomial.
std::shared_ptr<const finite_field> make_finite_field(std::uint64_t q);

/// The Conway polynomial C_{p,k} of GF(p^k), low to high, computed from its definition. Throws domain_error unless p is
/// prime, k >= 1 and p^k <= max_field_order.
std::vector<std::uint32_t> conway_polynomial(std::uint64_t p, std::uint64_t k);

/// "GF(8)"
std::string to_string(const finite_field& field);

}  // namespace cosetta::groups
