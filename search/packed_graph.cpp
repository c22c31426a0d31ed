#include <kernels/error.hpp>
#include <search/packed_graph.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <gmpxx.h>

namespace cosetta::search {

namespace {

constexpr std::uint32_t no_field = ~std::uint32_t{0};
constexpr std::size_t least_marked_orbit = 65;  // below, a row of bits fits a word and is moved without a table

/// Indices of the generators that are not trivial and not equal to an earlier one.
template <class Set>
std::vector<std::size_t> distinct_generators(const Set& set) {
  std::set<std::size_t> repeated;
  for (const auto& [later, first] : set.duplicates()) repeated.insert(later);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (!repeated.contains(i) && !set[i].is_identity()) out.push_back(i);
  }
  return out;
}

/// Fields that go from one word to one word by the same rotation become one move.
void merge_moves(std::vector<kernels::field_move>& moves) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint64_t> masks;
  for (const auto& m : moves) masks[{m.target, m.source, m.rotation}] |= m.mask;
  moves.clear();
  for (const auto& [key, mask] : masks) moves.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), mask});
}

/// Orbits of positions under all generators, each ascending, ordered by their least positions.
std::vector<std::vector<std::uint32_t>> position_orbits(const graphs::permutation_set& set) {
  const std::size_t n = set[0].degree();
  std::vector<std::uint32_t> parent(n);
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t x) {
    while (parent[x] != x) x = parent[x] = parent[parent[x]];
    return x;
  };
  for (const auto& p : set.elements()) {
    for (std::uint32_t i = 0; i < n; ++i) {
      const auto a = root(i);
      const auto b = root(p[i]);
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> orbits;
  for (std::uint32_t i = 0; i < n; ++i) orbits[root(i)].push_back(i);
  std::vector<std::vector<std::uint32_t>> out;
  for (auto& [least, orbit] : orbits) out.push_back(std::move(orbit));
  return out;
}

/// A row of a generator that is not a row of the identity: new entries of row `index` are sums of coefficient * entry.
struct moved_row {
  std::size_t index;
  std::vector<std::pair<std::size_t, mpz_class>> terms;  // (row, coefficient), signed over Z
};

mpz_class to_mpz(std::uint64_t entry, std::uint64_t modulus) {
  return modulus == 0 ? mpz_class(static_cast<long>(entry)) : mpz_class(static_cast<unsigned long>(entry));
}

std::vector<moved_row> moved_rows(const graphs::matrix_set& set) {
  std::vector<moved_row> out;
  for (const auto& g : set.elements()) {
    for (std::size_t i = 0; i < g.rows(); ++i) {
      moved_row row{i, {}};
      for (std::size_t k = 0; k < g.rows(); ++k) {
        if (g(i, k) != 0) row.terms.emplace_back(k, to_mpz(g(i, k), g.modulus()));
      }
      if (row.terms.size() != 1 || row.terms[0].first != i || row.terms[0].second != 1) out.push_back(std::move(row));
    }
  }
  return out;
}

/// The entries (row by row) of states of `columns` columns that no generator ever changes: the greatest set that is
/// closed under "all its new values follow from entries of the set and are the old ones".
std::vector<bool> constant_entries(const graphs::matrix_set& set, const graphs::state& central, std::size_t columns) {
  const std::uint64_t m = set[0].modulus();
  const auto rows = moved_rows(set);
  std::vector<bool> constant(central.size(), true);
  const auto stays = [&](const moved_row& row, std::size_t j) {
    mpz_class difference = -to_mpz(central[row.index * columns + j], m);
    for (const auto& [k, coefficient] : row.terms) {
      if (!constant[k * columns + j]) return false;
      difference += coefficient * to_mpz(central[k * columns + j], m);
    }
    return m == 0 ? difference == 0 : mpz_divisible_ui_p(difference.get_mpz_t(), m) != 0;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& row : rows) {
      for (std::size_t j = 0; j < columns; ++j) {
        if (!constant[row.index * columns + j] || stays(row, j)) continue;
        constant[row.index * columns + j] = false;
        changed = true;
      }
    }
  }
  return constant;
}

/// The least power of two above twice any absolute value that an entry over Z can take within `depth` steps: bounds
/// are propagated entry by entry, so that a nilpotent group gets a polynomial one.
std::uint64_t integer_modulus(const graphs::graph_definition& graph, std::uint64_t depth) {
  const auto rows = moved_rows(*graph.matrices());
  const std::size_t columns = graph.columns();
  std::vector<mpz_class> bound;
  for (const auto entry : graph.central()) bound.push_back(abs(to_mpz(entry, 0)));
  const mpz_class most = mpz_class(1) << 61;
  const auto check = [&](std::uint64_t step) {
    if (*std::max_element(bound.begin(), bound.end()) < most) return;
    throw resource_error(fmt::format(
        "{}: entries over Z may leave 62 bits at depth {}: lower --max-depth or give a modulus", graph.spec(), step));
  };
  check(0);
  for (std::uint64_t step = 1; step <= depth; ++step) {
    std::vector<mpz_class> next = bound;
    for (const auto& row : rows) {
      for (std::size_t j = 0; j < columns; ++j) {
        mpz_class sum = 0;
        for (const auto& [k, coefficient] : row.terms) sum += abs(coefficient) * bound[k * columns + j];
        if (sum > next[row.index * columns + j]) next[row.index * columns + j] = sum;
      }
    }
    if (next == bound) break;
    bound = std::move(next);
    check(step);
  }
  const mpz_class largest = *std::max_element(bound.begin(), bound.end());
  return std::uint64_t{1} << (mpz_sizeinbase(largest.get_mpz_t(), 2) + 1);
}

}  // namespace

packed_graph::packed_graph(const graphs::graph_definition& graph, std::optional<std::uint64_t> max_depth)
    : central_(graph.central()), inverse_closed_(graph.is_inverse_closed()) {
  if (const auto* set = graph.permutations()) {
    compile_permutations(*set);
  } else {
    compile_matrices(graph, max_depth);
  }
}

void packed_graph::place(std::uint32_t position, std::uint32_t bits, std::uint32_t alphabet) {
  if (used_ + bits > 64) {
    ++words_;
    used_ = 0;
  }
  fields_.push_back(
      {position, static_cast<std::uint32_t>(words_ - 1), static_cast<std::uint32_t>(used_), bits, alphabet});
  used_ += bits;
  bits_ += bits;
}

/// Packs the orbit as the position of its mark, if it is large and has just one: then so it is in every state.
bool packed_graph::place_mark(const std::vector<std::uint32_t>& orbit) {
  if (orbit.size() < least_marked_orbit) return false;
  const auto label = [&](std::size_t i) { return central_[orbit[i]]; };
  const std::uint64_t other = label(0) == label(1) ? label(0) : label(2);
  std::size_t marked = orbit.size();
  for (std::size_t i = 0; i < orbit.size(); ++i) {
    if (label(i) == other) continue;
    if (marked != orbit.size()) return false;
    marked = i;
  }
  if (marked == orbit.size()) return false;
  place(0, static_cast<std::uint32_t>(std::bit_width(orbit.size() - 1)), 0);
  marks_.push_back({fields_.back(), orbit, label(marked), other});
  fields_.pop_back();
  return true;
}

void packed_graph::compile_permutations(const graphs::permutation_set& set) {
  std::vector<std::uint32_t> field_at(set[0].degree(), no_field);
  for (const auto& orbit : position_orbits(set)) {
    if (place_mark(orbit)) continue;
    std::vector<std::uint64_t> labels;
    for (const auto position : orbit) labels.push_back(central_[position]);
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    if (labels.size() == 1) continue;
    const auto bits = static_cast<std::uint32_t>(std::bit_width(labels.size() - 1));
    for (const auto position : orbit) {
      field_at[position] = static_cast<std::uint32_t>(fields_.size());
      place(position, bits, static_cast<std::uint32_t>(alphabets_.size()));
    }
    alphabets_.push_back(std::move(labels));
  }
  // The word ~0 is not a state: it marks empty slots. Labels of a row are never all of the largest code, marks may be.
  if (!marks_.empty() && words_ == 1 && used_ == 64) ++words_;
  std::vector<std::uint32_t> number(set[0].degree());  // of a position within its orbit
  for (const auto& m : marks_) {
    for (std::uint32_t i = 0; i < m.positions.size(); ++i) number[m.positions[i]] = i;
  }
  for (const auto index : distinct_generators(set)) {
    const auto& p = set[index];
    kernels::transition t;
    for (const auto& m : marks_) {  // new[i] = old[p[i]] takes a mark from p[i] to i
      kernels::point_field f{m.at.word, m.at.shift, m.at.mask(), std::vector<std::uint32_t>(m.positions.size())};
      for (std::uint32_t i = 0; i < m.positions.size(); ++i) f.images[number[p[m.positions[i]]]] = i;
      t.points.push_back(std::move(f));
    }
    for (const auto& to : fields_) {
      const auto& from = fields_[field_at[p[to.position]]];
      t.moves.push_back({to.word, from.word, (to.shift - from.shift) & 63U, to.mask() << to.shift});
    }
    merge_moves(t.moves);
    transitions_.push_back(std::move(t));
  }
}

void packed_graph::compile_matrices(const graphs::graph_definition& graph, std::optional<std::uint64_t> max_depth) {
  const auto& set = *graph.matrices();
  const std::size_t n = graph.degree();
  const std::size_t columns = graph.columns();
  modulus_ = graph.modulus();
  if (modulus_ == 0) {
    if (!max_depth)
      throw domain_error(graph.spec() + ": a group over Z may be infinite: give --max-depth or a modulus");
    integers_ = true;
    modulus_ = integer_modulus(graph, *max_depth);
  }
  const auto bits = static_cast<std::uint32_t>(std::bit_width(modulus_ - 1));
  const auto constant = constant_entries(set, central_, columns);
  std::vector<std::uint32_t> field_at(central_.size(), no_field);
  for (std::uint32_t e = 0; e < central_.size(); ++e) {
    if (constant[e]) continue;
    field_at[e] = static_cast<std::uint32_t>(fields_.size());
    place(e, bits, 0);
  }
  // The word ~0 is not a state: it marks empty slots. Labels of an orbit are never all of the largest code, entries may
  // be.
  if (words_ == 1 && used_ == 64) ++words_;

  const auto reduced = [&](std::uint64_t x) { return integers_ ? x & (modulus_ - 1) : x; };
  const bool power_of_two = std::has_single_bit(modulus_);
  for (const auto index : distinct_generators(set)) {
    const auto& g = set[index];
    kernels::transition t;
    t.modulus = modulus_;
    t.field_mask = modulus_ == 0 ? 0 : (bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1);
    for (const auto& to : fields_) {
      const std::size_t i = to.position / columns;
      const std::size_t j = to.position % columns;
      kernels::linear_field sum{to.word, to.shift, 0, {}};
      for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t coefficient = reduced(g(i, k));
        if (coefficient == 0) continue;
        const std::size_t e = k * columns + j;
        if (!constant[e]) {
          const auto& from = fields_[field_at[e]];
          sum.terms.push_back({from.word, from.shift, coefficient});
        } else if (power_of_two) {
          sum.constant = (sum.constant + coefficient * reduced(central_[e])) & (modulus_ - 1);
        } else {
          sum.constant =
              groups::add_mod(sum.constant, groups::multiply_mod(coefficient, central_[e], modulus_), modulus_);
        }
      }
      if (sum.constant == 0 && sum.terms.size() == 1 && sum.terms[0].coefficient == 1) {
        const auto& from = sum.terms[0];
        t.moves.push_back({to.word, from.word, (to.shift - from.shift) & 63U, to.mask() << to.shift});
      } else {
        t.fields.push_back(std::move(sum));
      }
    }
    merge_moves(t.moves);
    transitions_.push_back(std::move(t));
  }
}

std::vector<std::uint64_t> packed_graph::pack(const graphs::state& s) const {
  std::vector<std::uint64_t> out(words_, 0);
  for (const auto& f : fields_) {
    std::uint64_t code = s[f.position];
    if (modulus_ == 0) {
      const auto& labels = alphabets_[f.alphabet];
      code = static_cast<std::uint64_t>(std::lower_bound(labels.begin(), labels.end(), code) - labels.begin());
    } else if (integers_) {
      code &= modulus_ - 1;
    }
    out[f.word] |= code << f.shift;
  }
  for (const auto& m : marks_) {
    std::uint64_t code = 0;
    while (code + 1 < m.positions.size() && s[m.positions[code]] != m.label) ++code;
    out[m.at.word] |= code << m.at.shift;
  }
  return out;
}

graphs::state packed_graph::unpack(const std::uint64_t* packed) const {
  graphs::state out = central_;
  for (const auto& f : fields_) {
    std::uint64_t code = packed[f.word] >> f.shift & f.mask();
    if (modulus_ == 0) {
      code = alphabets_[f.alphabet][code];
    } else if (integers_ && code >= modulus_ / 2) {
      code -= modulus_;  // two's complement
    }
    out[f.position] = code;
  }
  for (const auto& m : marks_) {
    for (const auto position : m.positions) out[position] = m.other;
    out[m.positions[packed[m.at.word] >> m.at.shift & m.at.mask()]] = m.label;
  }
  return out;
}

}  // namespace cosetta::search
