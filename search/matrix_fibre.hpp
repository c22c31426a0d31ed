// The vertices of a Cayley graph of matrices over Z/m as rows of m bits: cosets of a group of transvections, numbered.
//
// Generators multiply states from the left, so they permute the cosets S<z> of a cyclic group <z> that multiplies from the
// right, and commute with z. Here z = I + u w^T is a transvection of order m: w u = 0, and u and w are unimodular (their
// entries generate the ring). It moves S to S + (S u) w^T. With a row vector L(v), chosen for each column v so that
// L(v) v = 1, and a column y with w y = 1, the number
//
//     exponent(S) = L(S u) S y   satisfies   exponent(S z^t) = exponent(S) + t   (mod m),
//
// because S z^t y = S y + t S u while S z^t u = S u. So every coset has exactly one member of exponent 0, its
// representative: a perfect index (row, exponent) by a few multiplications, whatever the group. L(v) reads the first unit
// among the entries of v; over a ring that is no field there may be none, then the extended Euclidean algorithm makes one.
//
// Where z = I + E_ij, S u is column i and S y is column j: for SL(2, p) a row is a first column, for unipotent groups and
// the corner transvection it is the matrix without its corner.
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

  /// I + u w^T multiplies from the left, before the central state.
  struct transvection {
    std::vector<std::uint64_t> u, w, y;
  };

  /// Preconditions: the central state is square, of dimension <= max_dimension, and invertible; 2 <= modulus <= 2^16.
  matrix_fibre(const graphs::graph_definition& graph, const transvection& z);
  /// The same graph cut along another transvection.
  matrix_fibre with(const graphs::graph_definition& graph, const transvection& z) const;

  std::uint32_t modulus() const noexcept { return modulus_; }
  std::size_t generators() const noexcept { return inverses_.size(); }
  /// The generator that is the inverse of g, where there is one.
  std::optional<std::size_t> inverse_of(std::size_t g) const noexcept { return partner_[g]; }
  const entries& central() const noexcept { return central_; }

  /// Whether it has as many entries, all below m.
  bool accepts(const graphs::state& s) const noexcept;
  entries from_state(const graphs::state& s) const;
  graphs::state to_state(const entries& s) const;

  /// Replaces a state by the representative of its row and returns its exponent.
  std::uint32_t reduce(entries& s) const;
  /// s z^t for a representative s.
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
  void set_transvection(const graphs::graph_definition& graph, const transvection& z);

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
  std::uint32_t exponent(const std::uint32_t* v, const std::uint32_t* x) const;

  std::size_t n_;
  std::uint32_t modulus_;
  std::uint64_t reciprocal_;
  entries central_{};
  std::vector<term> u_, w_, y_;
  std::shared_ptr<const std::vector<std::uint32_t>> unit_inverses_;  // of each residue; 0: no unit
  std::vector<std::vector<std::pair<std::size_t, std::vector<term>>>> inverses_;  // of generators: the rows that differ from 1
  std::vector<std::optional<std::size_t>> partner_;
  std::size_t entry_bits_;
  std::vector<std::uint32_t> varying_, constant_;  // positions
  entries frame_{};                                // values at the constant ones
};

/// How many elements the generated group has, and a transvection in it; absent where none was found.
struct fibre_choice {
  matrix_fibre fibre;
  std::optional<std::uint64_t> group_order;  // absent: too costly to find out beforehand
};

/// Looks for a transvection of order m in the group: generators, their powers and commutators; and, where the vectors are
/// few, by a chain, the elementary ones. Prefers a central one, then one that most generators do not rotate.
std::optional<fibre_choice> find_fibre(const graphs::graph_definition& graph);

}  // namespace cosetta::search
