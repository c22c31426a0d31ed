#include <groups/gap_text.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <gmpxx.h>

namespace cosetta::groups {

namespace {

template <group_element Element>
std::string listed(const generating_set<Element>& generators) {
  std::string out = "Group([";
  for (std::size_t i = 0; i < generators.size(); ++i) {
    if (i > 0) out += ',';
    out += to_gap(generators[i]);
  }
  return out + "])";
}

template <group_element Element>
std::string listed_matrices(const generating_set<Element>& generators) {
  if (generators.empty()) {
    throw domain_error(
        "GAP text: a matrix group without generators has no dimension; give the trivial group by its identity");
  }
  return listed(generators);
}

}  // namespace

std::string to_gap(const permutation& p) {
  return to_cycles(p, 1, ',');
}

std::string to_gap(const matrix& a) {
  if (a.modulus() == 0) return to_string(a);
  const mpz_class m = static_cast<unsigned long>(a.modulus());
  const bool field = a.modulus() < max_field_order && mpz_probab_prime_p(m.get_mpz_t(), 25) != 0;
  return fmt::format(fmt::runtime(field ? "{}*Z({})^0" : "{}*ZmodnZObj(1,{})"), to_string(a), a.modulus());
}

std::string to_gap(const field_matrix& a) {
  if (a.rows() == 0) throw domain_error("GAP text: GAP has no matrices without rows");
  const auto& field = a.field();
  const std::uint32_t q = field.order();
  if (field.is_prime_field()) return fmt::format("{}*Z({})^0", to_string(a), q);
  std::string out = "[";
  for (std::size_t i = 0; i < a.rows(); ++i) {
    out += i == 0 ? "[" : ",[";
    for (std::size_t j = 0; j < a.columns(); ++j) {
      if (j > 0) out += ',';
      out += a(i, j) == 0 ? fmt::format("0*Z({})", q) : fmt::format("Z({})^{}", q, field.logarithm(a(i, j)));
    }
    out += ']';
  }
  return out + "]";
}

std::string to_gap(const generating_set<permutation>& generators) {
  const auto& elements = generators.elements();
  const bool trivial =
      std::all_of(elements.begin(), elements.end(), [](const permutation& p) { return p.is_identity(); });
  return trivial ? "Group(())" : listed(generators);
}

std::string to_gap(const generating_set<matrix>& generators) {
  return listed_matrices(generators);
}

std::string to_gap(const generating_set<field_matrix>& generators) {
  return listed_matrices(generators);
}

}  // namespace cosetta::groups
