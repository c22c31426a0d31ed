#include <groups/classical_groups.hpp>
#include <groups/integers.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

using field_pointer = std::shared_ptr<const finite_field>;

/// The identity over a field, with entries that may still be written.
class draft {
 public:
  draft(field_pointer field, std::size_t n) : field_(std::move(field)), n_(n), entries_(n * n, 0) {
    for (std::size_t i = 0; i < n; ++i) entries_[i * n + i] = 1;
  }
  draft& set(std::size_t row, std::size_t column, field_element value) {
    entries_[row * n_ + column] = value;
    return *this;
  }
  draft& clear() {
    std::fill(entries_.begin(), entries_.end(), field_element{0});
    return *this;
  }
  operator field_matrix() const { return {field_, n_, n_, entries_}; }

 private:
  field_pointer field_;
  std::size_t n_;
  std::vector<field_element> entries_;
};

void check_dimension(const char* name, std::uint64_t n, std::uint64_t q) {
  if (n < 1) throw domain_error(fmt::format("{}({},{}): the dimension must be at least 1", name, n, q));
  if (n > max_dimension) {
    throw resource_error(
        fmt::format("{}({},{}): dimensions above {} are not made; take a smaller n", name, n, q, max_dimension));
  }
}

/// GF(q), after the dimension has been checked; a bad q is reported under the name of the group.
field_pointer checked_field(const char* name, std::uint64_t n, std::uint64_t q) {
  check_dimension(name, n, q);
  try {
    return make_finite_field(q);
  } catch (const domain_error& e) {
    throw domain_error(fmt::format("{}({},{}): {}", name, n, q, e.what()));
  }
}

void check_order(const char* name, std::uint64_t n, std::uint64_t q) {
  check_dimension(name, n, q);
  try {
    make_field_order(q);
  } catch (const domain_error& e) {
    throw domain_error(fmt::format("{}({},{}): {}", name, n, q, e.what()));
  }
}

void check_even(std::uint64_t n, std::uint64_t q) {
  if (n % 2 != 0) {
    throw domain_error(
        fmt::format("Sp({},{}): an alternating form that is not degenerate needs an even dimension; take "
                    "n = {} or {}",
                    n, q, n - 1, n + 1));
  }
}

void check_unitary(std::uint64_t n, std::uint64_t q) {
  check_order("SU", n, q);
  if (q > 256) {
    throw domain_error(
        fmt::format("SU({},{}): its matrices are over GF({}^2), above the largest field GF({}); take q <= "
                    "256",
                    n, q, q, max_field_order));
  }
}

generating_set<field_matrix> trivial_group(const field_pointer& field, std::size_t n) {
  generating_set<field_matrix> out;
  out.add("e", field_matrix::identity(field, n));
  return out;
}

generating_set<field_matrix> pair(field_matrix a, field_matrix b) {
  generating_set<field_matrix> out;
  out.add("a", std::move(a));
  out.add("b", std::move(b));
  return out;
}

/// The cycle e_0 -> e_1 -> ... -> e_{n-1} -> (-1)^{n-1} e_0: a Coxeter element of the Weyl group of SL_n.
field_matrix linear_cycle(const field_pointer& field, std::size_t n) {
  draft w(field, n);
  w.clear();
  for (std::size_t i = 0; i + 1 < n; ++i) w.set(i, i + 1, 1);
  w.set(n - 1, 0, n % 2 == 0 ? field->negate(1) : field_element{1});
  return w;
}

/// e_0 -> e_1 -> ... -> e_{m-1} -> t e_0', e_0' -> e_1' -> ... -> e_{m-1}' -> s e_0 with e_i' = e_{n-1-i}: a Coxeter
/// element of the Weyl group of type B_m = C_m. For odd n the vector in the middle is multiplied by c.
field_matrix hyperbolic_cycle(const field_pointer& field, std::size_t n, field_element t, field_element s,
                              field_element c) {
  const std::size_t m = n / 2;
  draft w(field, n);
  w.clear();
  for (std::size_t i = 0; i + 1 < m; ++i) w.set(i, i + 1, 1).set(n - 1 - i, n - 2 - i, 1);
  w.set(m - 1, n - 1, t).set(n - m, 0, s);
  if (n % 2 == 1) w.set(m, m, c);
  return w;
}

template <class Element>
void check_action(const generating_set<Element>& matrices) {
  if (matrices.empty()) {
    throw domain_error(
        "action of matrices: a set without generators has no dimension; give the trivial group by its "
        "identity");
  }
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    const auto& m = matrices[i];
    if (m.rows() == 0 || m.rows() != m.columns() || m.rows() != matrices[0].rows() ||
        m.field() != matrices[0].field()) {
      throw domain_error(
          fmt::format("action of matrices: generator {} is {} x {}; all must be square, of one size and "
                      "over one field",
                      matrices.names()[i], m.rows(), m.columns()));
    }
  }
}

std::string short_text(const mpz_class& count) {
  return count < power(10, 30) ? count.get_str() : "10^30 or more";
}

/// Images of all the points that `vector_at` lists and `number_of` numbers.
template <class VectorAt, class NumberOf>
generating_set<permutation> action(const generating_set<field_matrix>& matrices, const mpz_class& points,
                                   const VectorAt& vector_at, const NumberOf& number_of) {
  if (points > max_degree) {
    throw resource_error(fmt::format(
        "action of {} x {} matrices over {}: {} points are more than the {} that a "
        "permutation may have; take a smaller n or q",
        matrices[0].rows(), matrices[0].rows(), to_string(matrices[0].field()), short_text(points), max_degree));
  }
  const std::size_t degree = points.get_ui();
  generating_set<permutation> out;
  for (std::size_t g = 0; g < matrices.size(); ++g) {
    if (rank(matrices[g]) < matrices[g].rows()) {
      throw domain_error(fmt::format("action of matrices: generator {} is singular", matrices.names()[g]));
    }
    std::vector<point> images(degree);
    for (std::size_t i = 0; i < degree; ++i) images[i] = static_cast<point>(number_of(vector_at(i) * matrices[g]));
    out.add(matrices.names()[g], permutation(images));
  }
  return out;
}

mpz_class projective_points(std::uint64_t n, std::uint64_t q) {
  return (power(q, n) - 1) / static_cast<unsigned long>(q - 1);
}

/// Before matrices are made: n = 1000 would take a while to fail.
void check_points(const char* name, std::uint64_t n, std::uint64_t q, const mpz_class& points) {
  if (points > max_degree) {
    throw resource_error(
        fmt::format("{}({},{}): {} points are more than the {} that a permutation may have; take a "
                    "smaller n or q",
                    name, n, q, short_text(points), max_degree));
  }
}

}  // namespace

generating_set<field_matrix> general_linear_group(std::uint64_t n, std::uint64_t q) {
  const auto field = checked_field("GL", n, q);
  if (q == 2) return special_linear_group(n, q);
  const field_matrix a = draft(field, n).set(0, 0, field->primitive_element());
  if (n == 1) {
    generating_set<field_matrix> out;
    out.add("a", a);
    return out;
  }
  return pair(a, field_matrix(draft(field, n).set(0, 1, 1)) * linear_cycle(field, n));
}

mpz_class general_linear_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("GL", n, q);
  mpz_class out = power(q, n * (n - 1) / 2);
  for (std::uint64_t i = 1; i <= n; ++i) out *= power(q, i) - 1;
  return out;
}

generating_set<field_matrix> special_linear_group(std::uint64_t n, std::uint64_t q) {
  const auto field = checked_field("SL", n, q);
  if (n == 1) return trivial_group(field, 1);
  const field_matrix root = draft(field, n).set(0, 1, 1);
  if (q <= 3) return pair(root, linear_cycle(field, n));  // the torus is too small to move the root element
  const field_element z = field->primitive_element();
  return pair(draft(field, n).set(0, 0, z).set(1, 1, field->inverse(z)), root * linear_cycle(field, n));
}

mpz_class special_linear_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("SL", n, q);
  return general_linear_group_order(n, q) / static_cast<unsigned long>(q - 1);
}

generating_set<field_matrix> symplectic_group(std::uint64_t n, std::uint64_t q) {
  const auto field = checked_field("Sp", n, q);
  check_even(n, q);
  if (n == 2) return special_linear_group(n, q);
  const std::size_t m = n / 2;
  const field_element z = field->primitive_element();
  const field_element minus = field->negate(1);
  const field_matrix w = hyperbolic_cycle(field, n, 1, minus, 1);
  const field_matrix short_root = draft(field, n).set(0, 1, 1).set(n - 2, n - 1, minus);
  if (q % 2 == 1) {
    const field_matrix torus = draft(field, n).set(0, 0, z).set(n - 1, n - 1, field->inverse(z));
    return pair(torus, short_root * w);
  }
  // In characteristic 2 the short root elements and w preserve a quadratic form: a long root element must be there.
  const field_matrix long_root = draft(field, n).set(0, n - 1, 1);
  const field_matrix opposite = draft(field, n).set(0, m - 1, 1).set(m, n - 1, minus);
  if (q == 2) {  // there is no torus; in Sp(4,2) = S_6 the Coxeter element alone is not enough
    return pair(opposite * long_root, n == 4 ? short_root * w : w);
  }
  draft torus(field, n);
  for (const std::size_t i : {std::size_t{0}, m - 1}) torus.set(i, i, z).set(n - 1 - i, n - 1 - i, field->inverse(z));
  return pair(torus, opposite * long_root * w);
}

mpz_class symplectic_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("Sp", n, q);
  check_even(n, q);
  mpz_class out = power(q, n * n / 4);
  for (std::uint64_t i = 2; i <= n; i += 2) out *= power(q, i) - 1;
  return out;
}

/// The torus element and the Weyl element move the given root elements to all root elements (Carter, Simple Groups of
/// Lie Type, chapter 13; the roots of the relative system are of type C_m for n = 2m and BC_m for n = 2m + 1).
generating_set<field_matrix> special_unitary_group(std::uint64_t n, std::uint64_t q) {
  check_unitary(n, q);
  const auto field = make_finite_field(q * q);
  if (n == 1) return trivial_group(field, 1);
  const std::size_t m = n / 2;
  const field_element z = field->primitive_element();
  const field_element minus = field->negate(1);
  const auto conjugate = [&](field_element x) { return field->power(x, static_cast<unsigned long>(q)); };
  const field_element z_dual = field->inverse(conjugate(z));  // h: e_0 -> z e_0, e_0' -> z_dual e_0'
  generating_set<field_matrix> out;
  draft h(field, n);
  h.set(0, 0, z).set(n - 1, n - 1, z_dual);
  if (n % 2 == 1) {
    h.set(m, m, field->multiply(conjugate(z), field->inverse(z)));
    out.add("h", h);
    out.add("w", hyperbolic_cycle(field, n, 1, 1, minus));
    // e_0 -> e_0 + a e_m + b e_0', e_m -> e_m - a^q e_0', where b + b^q + a a^q = 0
    const auto root = [&](field_element a) {
      const field_element norm = field->multiply(a, conjugate(a));
      field_element b = 0;
      while (field->add(field->add(b, conjugate(b)), norm) != 0) ++b;
      return draft(field, n).set(0, m, a).set(0, n - 1, b).set(m, n - 1, field->negate(conjugate(a)));
    };
    out.add("u", root(1));
    if (n == 3 && q == 2) out.add("v", root(z));  // here h is a scalar and moves nothing
  } else {
    // t + t^q = 0
    const field_element t = q % 2 == 0 ? field_element{1} : field->exponential((q + 1) / 2);
    if (n == 2) {
      const field_element c = field->multiply(z, conjugate(z));
      h.set(0, 0, c).set(1, 1, field->inverse(c));
    } else {
      h.set(1, 1, field->inverse(z)).set(n - 2, n - 2, conjugate(z));
    }
    out.add("h", h);
    out.add("w", hyperbolic_cycle(field, n, t, field->inverse(conjugate(t)), 1));
    out.add("u", draft(field, n).set(0, n - 1, t));
  }
  if (m > 1) out.add("x", draft(field, n).set(0, 1, 1).set(n - 2, n - 1, minus));
  return out;
}

mpz_class special_unitary_group_order(std::uint64_t n, std::uint64_t q) {
  check_unitary(n, q);
  mpz_class out = power(q, n * (n - 1) / 2);
  for (std::uint64_t i = 2; i <= n; ++i) out *= i % 2 == 0 ? mpz_class(power(q, i) - 1) : mpz_class(power(q, i) + 1);
  return out;
}

generating_set<field_matrix> unitriangular_group(std::uint64_t n, std::uint64_t q) {
  const auto field = checked_field("UT", n, q);
  if (n == 1) return trivial_group(field, 1);
  if ((n - 1) * field->degree() * n * n > std::uint64_t{1} << 27) {
    throw resource_error(
        fmt::format("UT({},{}): {} generators of {} entries each are more than 2^27 entries in all; take "
                    "a smaller n",
                    n, q, (n - 1) * field->degree(), n * n));
  }
  generating_set<field_matrix> out;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    std::uint32_t power_of_z = 1;  // z^j is the number p^j
    for (std::uint32_t j = 0; j < field->degree(); ++j, power_of_z *= field->characteristic()) {
      out.add(field->is_prime_field() ? fmt::format("x{}", i + 1) : fmt::format("x{}_{}", i + 1, j),
              draft(field, n).set(i, i + 1, static_cast<field_element>(power_of_z)));
    }
  }
  return out;
}

mpz_class unitriangular_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("UT", n, q);
  return power(q, n * (n - 1) / 2);
}

generating_set<permutation> projective_general_linear_group(std::uint64_t n, std::uint64_t q) {
  check_order("PGL", n, q);
  check_points("PGL", n, q, projective_points(n, q));
  return projective_action(general_linear_group(n, q));
}

mpz_class projective_general_linear_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("PGL", n, q);
  return special_linear_group_order(n, q);
}

generating_set<permutation> projective_special_linear_group(std::uint64_t n, std::uint64_t q) {
  check_order("PSL", n, q);
  check_points("PSL", n, q, projective_points(n, q));
  return projective_action(special_linear_group(n, q));
}

mpz_class projective_special_linear_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("PSL", n, q);
  return special_linear_group_order(n, q) / static_cast<unsigned long>(std::gcd(n, q - 1));
}

generating_set<permutation> projective_symplectic_group(std::uint64_t n, std::uint64_t q) {
  check_order("PSp", n, q);
  check_even(n, q);
  check_points("PSp", n, q, projective_points(n, q));
  return projective_action(symplectic_group(n, q));
}

mpz_class projective_symplectic_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("PSp", n, q);
  return symplectic_group_order(n, q) / (q % 2 == 0 ? 1 : 2);
}

generating_set<permutation> affine_general_linear_group(std::uint64_t n, std::uint64_t q) {
  const auto field = checked_field("AGL", n, q);
  check_points("AGL", n, q, power(q, n));
  const auto linear = general_linear_group(n, q);
  auto out = vector_action(linear);
  if (n == 1 && q == 2) out = {};  // GL(1,2) is trivial
  const std::size_t degree = mpz_class(power(q, n)).get_ui();
  std::vector<point> images(degree);
  for (std::size_t v = 0; v < degree; ++v) {  // the last coordinate is the lowest digit
    images[v] = static_cast<point>(v - v % q + field->add(static_cast<field_element>(v % q), 1));
  }
  out.add("t", permutation(images));
  return out;
}

mpz_class affine_general_linear_group_order(std::uint64_t n, std::uint64_t q) {
  check_order("AGL", n, q);
  return power(q, n) * general_linear_group_order(n, q);
}

std::size_t vector_number(const finite_field& field, std::span<const field_element> v) noexcept {
  std::size_t number = 0;
  for (const field_element x : v) number = number * field.order() + x;
  return number;
}

std::vector<field_element> vector_of_number(const finite_field& field, std::size_t dimension, std::size_t number) {
  std::vector<field_element> v(dimension);
  for (std::size_t i = dimension; i-- > 0; number /= field.order()) {
    v[i] = static_cast<field_element>(number % field.order());
  }
  return v;
}

std::size_t projective_point(const finite_field& field, std::span<const field_element> v) noexcept {
  std::size_t pivot = 0;
  while (v[pivot] == 0) ++pivot;
  const std::size_t shift = field.order() - 1 - field.logarithm(v[pivot]);  // of the inverse of the first coordinate
  const field_element scale = field.exponential(shift);
  std::size_t before = 0;  // points whose first nonzero coordinate comes later: 1 + q + ... + q^{tail - 1}
  std::size_t number = 0;
  for (std::size_t i = pivot + 1; i < v.size(); ++i) {
    before = before * field.order() + 1;
    number = number * field.order() + field.multiply(scale, v[i]);
  }
  return before + number;
}

std::vector<field_element> projective_point_of_number(const finite_field& field, std::size_t dimension,
                                                      std::size_t number) {
  std::size_t tail = 0;  // coordinates after the first nonzero one
  std::size_t block = 1;
  for (; number >= block && tail + 1 < dimension; ++tail, block *= field.order()) number -= block;
  auto v = vector_of_number(field, dimension, number);
  v[dimension - 1 - tail] = 1;
  return v;
}

generating_set<permutation> vector_action(const generating_set<field_matrix>& matrices) {
  check_action(matrices);
  const auto& field = matrices[0].field();
  const std::size_t n = matrices[0].rows();
  return action(
      matrices, power(field.order(), n), [&](std::size_t i) { return vector_of_number(field, n, i); },
      [&](const std::vector<field_element>& v) { return vector_number(field, v); });
}

generating_set<permutation> projective_action(const generating_set<field_matrix>& matrices) {
  check_action(matrices);
  const auto& field = matrices[0].field();
  const std::size_t n = matrices[0].rows();
  return action(
      matrices, projective_points(n, field.order()),
      [&](std::size_t i) { return projective_point_of_number(field, n, i); },
      [&](const std::vector<field_element>& v) { return projective_point(field, v); });
}

}  // namespace cosetta::groups
