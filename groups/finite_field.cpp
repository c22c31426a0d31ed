#include <groups/finite_field.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

constexpr std::uint32_t max_degree_over_prime = 16;  // 2^16 is the largest order

/// The prime divisors of n, ascending.
std::vector<std::uint32_t> prime_divisors(std::uint32_t n) {
  std::vector<std::uint32_t> primes;
  for (std::uint32_t r = 2; r * r <= n; ++r) {
    if (n % r != 0) continue;
    primes.push_back(r);
    while (n % r == 0) n /= r;
  }
  if (n > 1) primes.push_back(n);
  return primes;
}

std::uint32_t integer_power(std::uint32_t base, std::uint32_t exponent) {
  std::uint32_t out = 1;
  while (exponent-- > 0) out *= base;
  return out;
}

/// F_p[x]/(f) for a monic f of degree k, whether irreducible or not. Elements are k coefficients, low to high.
class quotient_ring {
 public:
  using element = std::array<std::uint32_t, max_degree_over_prime>;

  /// `lower` holds the coefficients of f below x^k.
  quotient_ring(std::uint32_t p, std::uint32_t k, const element& lower) : p_(p), k_(k), lower_(lower) {}

  element constant(std::uint32_t c) const {
    element out{};
    out[0] = c;
    return out;
  }

  /// x, which is a constant when k = 1.
  element x() const {
    element out{};
    if (k_ == 1) {
      out[0] = (p_ - lower_[0]) % p_;
    } else {
      out[1] = 1;
    }
    return out;
  }

  element multiply(const element& a, const element& b) const {
    std::array<std::uint64_t, 2 * max_degree_over_prime> product{};  // entries below 16 * 2^32, then below p
    for (std::uint32_t i = 0; i < k_; ++i) {
      if (a[i] == 0) continue;
      for (std::uint32_t j = 0; j < k_; ++j) product[i + j] += std::uint64_t{a[i]} * b[j];
    }
    for (std::uint32_t top = 2 * k_ - 1; top-- > k_;) {
      const std::uint64_t leading = product[top] % p_;
      if (leading == 0) continue;
      for (std::uint32_t j = 0; j < k_; ++j) product[top - k_ + j] += (p_ - leading) * lower_[j];
    }
    element out{};
    for (std::uint32_t i = 0; i < k_; ++i) out[i] = static_cast<std::uint32_t>(product[i] % p_);
    return out;
  }

  element power(element base, std::uint32_t exponent) const {
    element out = constant(1);
    for (; exponent != 0; exponent >>= 1) {
      if (exponent & 1) out = multiply(out, base);
      if (exponent > 1) base = multiply(base, base);
    }
    return out;
  }

  /// The value of a polynomial over F_p, low to high, by Horner's rule.
  element evaluate(const std::vector<std::uint32_t>& polynomial, const element& at) const {
    element out{};
    for (auto c = polynomial.rbegin(); c != polynomial.rend(); ++c) {
      out = multiply(out, at);
      out[0] = (out[0] + *c) % p_;
    }
    return out;
  }

 private:
  std::uint32_t p_;
  std::uint32_t k_;
  element lower_;
};

/// x has order p^k - 1 modulo f, which for a monic f of degree k means that f is irreducible and primitive (Lidl,
/// Niederreiter, Finite Fields, theorem 3.16): no other f of that degree reaches that order.
bool is_primitive(const quotient_ring& ring, std::uint32_t units, const std::vector<std::uint32_t>& unit_primes) {
  const auto x = ring.x();
  const auto one = ring.constant(1);
  if (ring.power(x, units) != one) return false;
  return std::none_of(unit_primes.begin(), unit_primes.end(),
                      [&](std::uint32_t r) { return ring.power(x, units / r) == one; });
}

std::uint32_t least_primitive_root(std::uint32_t p) {
  const auto primes = prime_divisors(p - 1);
  for (std::uint32_t g = 1;; ++g) {
    const quotient_ring field(p, 1, {p - g});
    if (is_primitive(field, p - 1, primes)) return g;
  }
}

/// C_{p,k} by its definition (R. Parker; in print: Jansen, Lux, Parker, Wilson, An Atlas of Brauer Characters, 1995,
/// and A. Scheerhorn, Trace- and norm-compatible extensions of finite fields, AAECC 3, 1992; the tables that computer
/// algebra systems share are F. Luebeck's, "Conway polynomials for finite fields", whose entries for q <= 2^16 this
/// search gives again; it takes microseconds, 1.2 ms for the worst field, GF(3^10)). Write a monic polynomial of degree
/// k as
///   x^k - a_{k-1} x^{k-1} + a_{k-2} x^{k-2} - ... + (-1)^k a_0,   0 <= a_i < p,
/// and order such polynomials by the words (a_{k-1}, ..., a_0), lexicographically. C_{p,k} is the first that is
/// primitive and compatible with C_{p,d} for every proper divisor d of k: if z is its root, then z^((p^k-1)/(p^d-1)) is
/// a root of C_{p,d}. Compatibility with the maximal proper divisors implies the rest, for they are compatible
/// themselves; the one with d = 1 says that the norm a_0 of z is the least primitive root of p.
std::vector<std::uint32_t> search_conway_polynomial(std::uint32_t p, std::uint32_t k) {
  const std::uint32_t root = least_primitive_root(p);
  if (k == 1) return {p - root, 1};
  const std::uint32_t units = integer_power(p, k) - 1;
  const auto unit_primes = prime_divisors(units);
  struct condition {
    std::uint32_t exponent;
    std::vector<std::uint32_t> polynomial;
  };
  std::vector<condition> conditions;
  for (const std::uint32_t r : prime_divisors(k)) {
    if (r == k) continue;  // d = 1: a_0 is right from the start
    const std::uint32_t d = k / r;
    conditions.push_back({units / (integer_power(p, d) - 1), search_conway_polynomial(p, d)});
  }
  const std::uint32_t candidates = (units + 1) / p;
  for (std::uint32_t word = 0; word < candidates; ++word) {  // its digits are a_1, ..., a_{k-1}, the last the highest
    quotient_ring::element lower{};
    std::uint32_t digits = word;
    for (std::uint32_t i = 0; i < k; ++i) {
      std::uint32_t a = root;
      if (i > 0) {
        a = digits % p;
        digits /= p;
      }
      lower[i] = (k - i) % 2 == 0 ? a : (p - a) % p;
    }
    const quotient_ring ring(p, k, lower);
    const auto x = ring.x();
    const bool compatible = std::all_of(conditions.begin(), conditions.end(), [&](const condition& c) {
      return ring.evaluate(c.polynomial, ring.power(x, c.exponent)) == quotient_ring::element{};
    });
    if (!compatible || !is_primitive(ring, units, unit_primes)) continue;
    std::vector<std::uint32_t> out(lower.begin(), lower.begin() + k);
    out.push_back(1);
    return out;
  }
  throw domain_error(fmt::format("GF({}^{}) has no Conway polynomial: {} is no prime", p, k, p));
}

}  // namespace

field_order make_field_order(std::uint64_t q) {
  if (q < 2 || q > max_field_order) {
    throw domain_error(fmt::format("GF({}): fields of order 2..{} are supported", q, max_field_order));
  }
  const auto primes = prime_divisors(static_cast<std::uint32_t>(q));
  if (primes.size() > 1) {
    throw domain_error(
        fmt::format("GF({}): {} is no prime power ({} and {} divide it), so there is no such field; the ring "
                    "of integers modulo {} is Z/{}",
                    q, q, primes[0], primes[1], q, q));
  }
  field_order out{primes[0], 0};
  for (auto rest = static_cast<std::uint32_t>(q); rest > 1; rest /= out.characteristic) ++out.degree;
  return out;
}

finite_field::finite_field(field_order q)
    : order_(integer_power(q.characteristic, q.degree)),
      characteristic_(q.characteristic),
      degree_(q.degree),
      conway_polynomial_(search_conway_polynomial(q.characteristic, q.degree)),
      powers_(units()),
      logarithms_(order_, no_logarithm) {
  const std::uint32_t p = characteristic_;
  const std::uint32_t top = order_ / p;  // p^{k-1}
  std::uint32_t power = 1;
  for (std::uint32_t i = 0; i < units(); ++i) {
    powers_[i] = static_cast<field_element>(power);
    logarithms_[power] = static_cast<std::uint16_t>(i);
    // Times z: the digits move up, and z^k is replaced by what the Conway polynomial says.
    const std::uint32_t leading = power / top;
    std::uint32_t shifted = degree_ == 1 ? 0 : power % top * p;
    std::uint32_t next = 0;
    for (std::uint32_t j = 0, place = 1; j < degree_; ++j, place *= p, shifted /= p) {
      const std::uint64_t digit = (shifted % p + std::uint64_t{leading} * (p - conway_polynomial_[j])) % p;
      next += static_cast<std::uint32_t>(digit) * place;
    }
    power = next;
  }
  if (degree_ == 1 || p == 2) return;
  zech_.resize(units());
  for (std::uint32_t i = 0; i < units(); ++i) {
    const std::uint32_t a = powers_[i];
    zech_[i] = logarithms_[a % p == p - 1 ? a - (p - 1) : a + 1];  // that of 0 is no_logarithm
  }
}

field_element finite_field::inverse(field_element a) const {
  if (a == 0) throw domain_error(fmt::format("0 has no inverse in {}", to_string(*this)));
  return powers_[reduced(units() - logarithms_[a])];
}

field_element finite_field::power(field_element a, const mpz_class& exponent) const {
  if (a == 0) {
    if (exponent < 0) throw domain_error(fmt::format("0 has no inverse in {}", to_string(*this)));
    return exponent == 0 ? 1 : 0;
  }
  const std::uint64_t e = mpz_fdiv_ui(exponent.get_mpz_t(), units());
  return exponential(e * logarithms_[a]);
}

std::uint32_t finite_field::multiplicative_order(field_element a) const {
  return units() / std::gcd(logarithm(a), units());
}

std::uint32_t finite_field::logarithm(field_element a) const {
  if (a == 0) throw domain_error(fmt::format("0 is no power of the primitive element of {}", to_string(*this)));
  return logarithms_[a];
}

field_element finite_field::frobenius(field_element a, std::uint64_t times) const noexcept {
  if (a == 0) return 0;
  const auto steps = static_cast<std::uint32_t>(times % degree_);
  return exponential(std::uint64_t{integer_power(characteristic_, steps)} * logarithms_[a]);
}

field_element finite_field::from_integer(std::int64_t n) const noexcept {
  const std::int64_t p = characteristic_;
  return static_cast<field_element>((n % p + p) % p);
}

std::vector<std::uint32_t> finite_field::coefficients(field_element a) const {
  std::vector<std::uint32_t> out(degree_);
  std::uint32_t rest = a;
  for (auto& c : out) {
    c = rest % characteristic_;
    rest /= characteristic_;
  }
  return out;
}

field_element finite_field::from_coefficients(std::span<const std::uint32_t> coefficients) const {
  if (coefficients.size() != degree_) {
    throw domain_error(
        fmt::format("an element of {} has {} coefficients, not {}", to_string(*this), degree_, coefficients.size()));
  }
  std::uint32_t out = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) {
    if (coefficients[i] >= characteristic_) {
      throw domain_error(fmt::format("coefficient {} of z^{} is outside 0..{} in {}", coefficients[i], i,
                                     characteristic_ - 1, to_string(*this)));
    }
    out = out * characteristic_ + coefficients[i];
  }
  return static_cast<field_element>(out);
}

std::shared_ptr<const finite_field> make_finite_field(std::uint64_t q) {
  // Weak: the tables of a large field are 400 KiB, and a sweep over many q must not keep them all.
  static std::mutex guard;
  static std::unordered_map<std::uint64_t, std::weak_ptr<const finite_field>> made;
  const field_order checked = make_field_order(q);
  const std::scoped_lock lock(guard);
  auto& slot = made[q];
  if (auto field = slot.lock()) return field;
  auto field = std::make_shared<const finite_field>(checked);
  slot = field;
  return field;
}

std::vector<std::uint32_t> conway_polynomial(std::uint64_t p, std::uint64_t k) {
  if (p < 2 || p > max_field_order || make_field_order(p).degree != 1) {
    throw domain_error(
        fmt::format("Conway polynomial of GF({}^{}): {} is no prime up to {}", p, k, p, max_field_order));
  }
  std::uint64_t q = 1;
  for (std::uint64_t i = 0; i < k && q <= max_field_order; ++i) q *= p;
  if (k < 1 || q > max_field_order) {
    throw domain_error(
        fmt::format("Conway polynomial of GF({}^{}): fields of order 2..{} are supported", p, k, max_field_order));
  }
  return search_conway_polynomial(static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(k));
}

std::string to_string(const finite_field& field) {
  return fmt::format("GF({})", field.order());
}

}  // namespace cosetta::groups
