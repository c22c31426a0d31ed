// The vertices of a Cayley graph of matrices over Z/m as rows of bits: cosets of a group of transvections, numbered.
//
// Generators multiply states from the left, so they permute the cosets SA of a group A that multiplies from the right,
// and commute with A. Here A consists of the transvections I + u w^T, w in the span of w_0, ..., w_{k-1}, with w_i u =
// 0: an abelian group (Z/m)^k. The element of exponents t moves S to S + (S u)(t_0 w_0 + ...)^T. With columns y_i such
// that w_i y_j = [i = j], and a row vector L(v), chosen for each column v so that L(v) v = 1, the numbers
//
//     exponent_i(S) = L(S u) S y_i
//
// grow by t_i, because S y_i becomes S y_i + t_i S u while S u stays. So every coset has exactly one member of
// exponents 0, its representative: a perfect index (row, exponents) by a few multiplications, whatever the group. L(v)
// reads the first unit among the entries of v; over a ring that is no field there may be none, then the Euclidean
// algorithm makes one.
//
// k = 1 where m is large. Where A = {I + t E_ij}, S u is column i and S y is column j: for SL(2, p) a row is a first
// column, for unipotent groups and the corner transvection it is the matrix without its corner. Moduli up to 64 take k
// = 2, or more where m^k <= 64 bits still fit a word: a row has tables, so short rows are dear.
#pragma once

#include <graphs/graph_definition.hpp>
#include <groups/matrix.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace cosetta::search {

class matrix_fibre {
 public:
  static constexpr std::size_t max_dimension = 8;
  using entries = std::array<std::uint32_t, max_dimension * max_dimension>;

  /// Elements of the group that the generators make: A above for the central state I.
  struct transvections {
    std::vector<std::uint64_t> u;
    std::vector<std::vector<std::uint64_t>> w, y;
  };

  /// Preconditions: m^k <= kernels::max_row_length; the central state is square, of dimension <= max_dimension, and
  /// invertible; 2 <= modulus <= 2^16.
  matrix_fibre(const graphs::graph_definition& graph, const transvections& a);
  /// The same graph cut along others.
  matrix_fibre with(const graphs::graph_definition& graph, const transvections& a) const;

  std::uint32_t modulus() const noexcept { return modulus_; }
  /// k above.
  unsigned exponents() const noexcept { return static_cast<unsigned>(w_.size()); }
  /// m^k: elements of a row. Exponents t are written as t_0 + t_1 m + t_2 m^2 + ...
  std::uint32_t row_length() const noexcept { return length_; }
  std::uint32_t negative(std::uint32_t t) const noexcept;
  /// Those of the graph, in its order, without repetitions.
  std::size_t generators() const noexcept { return inverses_.size(); }
  /// The generator that is the inverse of g, where there is one.
  std::optional<std::size_t> inverse_of(std::size_t g) const noexcept { return partner_[g]; }
  const entries& central() const noexcept { return central_; }

  /// Whether it has as many entries, all below m.
  bool accepts(const graphs::state& s) const noexcept;
  entries from_state(const graphs::state& s) const;
  graphs::state to_state(const entries& s) const;

  /// Replaces a state by the representative of its row and returns its exponents.
  std::uint32_t reduce(entries& s) const;
  /// The element of exponents t takes a representative with it.
  void raise(entries& s, std::uint32_t t) const;
  /// to = g^-1 * from; not in place.
  void step_back(std::size_t g, const entries& from, entries& to) const;

  /// Representatives as numbers of up to 63 bits: the entries that vary, the first one on top. Entries are taken for
  /// constant until `widen` shows one that is not.
  std::size_t key_bits() const noexcept { return varying_.size() * entry_bits_; }
  bool fits(const entries& s) const noexcept;
  void widen(const entries& s);
  std::uint64_t key(const entries& s) const noexcept;
  entries from_key(std::uint64_t key) const noexcept;

 private:
  void set_transvections(const graphs::graph_definition& graph, const transvections& a);

  struct term {
    std::uint32_t index, coefficient;
  };

  std::uint32_t remainder(std::uint64_t x) const noexcept {
    const auto q = static_cast<std::uint64_t>(static_cast<groups::wide_unsigned>(x) * reciprocal_ >> 64);
    const std::uint64_t r = x - q * modulus_;
    return static_cast<std::uint32_t>(r >= modulus_ ? r - modulus_ : r);
  }
  std::uint32_t dot(const std::vector<term>& form, const std::uint32_t* row) const noexcept {
    std::uint64_t sum = 0;
    for (const auto& t : form) sum += std::uint64_t{t.coefficient} * row[t.index];
    return remainder(sum);
  }
  std::uint32_t unimodular_exponent(const std::uint32_t* v, const std::uint32_t* x) const;
  void add(entries& s, const std::uint32_t* v, const std::uint32_t* t) const;

  std::size_t n_;
  std::uint32_t modulus_, length_ = 0;
  std::uint64_t reciprocal_;
  entries central_{};
  std::vector<term> u_;
  std::vector<std::vector<term>> w_, y_;
  std::shared_ptr<const std::vector<std::uint32_t>> unit_inverses_;  // of each residue; 0: no unit
  std::vector<std::vector<std::pair<std::size_t, std::vector<term>>>>
      inverses_;  // of generators: the rows that differ from 1
  std::vector<std::optional<std::size_t>> partner_;
  std::size_t entry_bits_;
  std::vector<std::uint32_t> varying_, constant_;  // positions
  entries frame_{};                                // values at the constant ones
};

/// Transvections in the generated group, and how many elements it has.
struct fibre_choice {
  matrix_fibre fibre;
  std::optional<std::uint64_t> group_order;  // absent: too costly to find out beforehand
};

/// Looks for transvections of order m in the group: generators, their powers and commutators, conjugates of those; and,
/// where vectors are few, the elementary ones by a chain. Prefers longer rows, up to a word; then central
/// transvections; then those that most generators do not rotate. Nothing where none was found, or the graph is none of
/// matrices over Z/m around a square invertible one.
std::optional<fibre_choice> find_fibre(const graphs::graph_definition& graph);

}  // namespace cosetta::search
