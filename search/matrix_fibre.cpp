#include <groups/matrix_group.hpp>
#include <kernels/bit_rows.hpp>
#include <search/matrix_fibre.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <random>
#include <unordered_set>

namespace cosetta::search {

namespace {

using groups::matrix;

struct bezout {
  std::int64_t gcd, a, b;  // gcd = a x + b y
};

bezout extended_gcd(std::int64_t x, std::int64_t y) {
  bezout r{x, 1, 0}, s{y, 0, 1};
  while (s.gcd != 0) {
    const std::int64_t q = r.gcd / s.gcd;
    r = {r.gcd - q * s.gcd, r.a - q * s.a, r.b - q * s.b};
    std::swap(r, s);
  }
  return r;
}

std::uint32_t reduced(std::int64_t x, std::uint32_t m) {
  const std::int64_t r = x % static_cast<std::int64_t>(m);
  return static_cast<std::uint32_t>(r < 0 ? r + m : r);
}

bool is_unit(std::uint64_t x, std::uint64_t m) {
  return std::gcd(x, m) == 1;
}

std::uint64_t inverse_of_unit(std::uint64_t x, std::uint64_t m) {
  return reduced(extended_gcd(static_cast<std::int64_t>(x), static_cast<std::int64_t>(m)).a,
                 static_cast<std::uint32_t>(m));
}

}  // namespace

matrix_fibre::matrix_fibre(const graphs::graph_definition& graph, const transvections& a)
    : n_(graph.degree()),
      modulus_(static_cast<std::uint32_t>(graph.modulus())),
      reciprocal_(~std::uint64_t{0} / modulus_),
      entry_bits_(static_cast<std::size_t>(std::bit_width(modulus_ - 1))) {
  central_ = from_state(graph.central());
  std::vector<std::uint32_t> inverses(modulus_);
  for (std::uint32_t x = 1; x < modulus_; ++x) {
    if (is_unit(x, modulus_)) inverses[x] = static_cast<std::uint32_t>(inverse_of_unit(x, modulus_));
  }
  unit_inverses_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(inverses));
  // Equal generators do once what they do twice.
  graphs::matrix_set distinct;
  for (const auto& g : graph.matrices()->elements()) {
    if (std::find(distinct.elements().begin(), distinct.elements().end(), g) == distinct.elements().end())
      distinct.add("", g);
  }
  for (const auto& g : distinct.elements()) {
    const matrix inverse = g.inverse();
    auto& rows = inverses_.emplace_back();
    for (std::size_t i = 0; i < n_; ++i) {
      std::vector<term> form;
      for (std::size_t j = 0; j < n_; ++j) {
        if (inverse(i, j) != 0)
          form.push_back({static_cast<std::uint32_t>(j * n_), static_cast<std::uint32_t>(inverse(i, j))});
      }
      if (form.size() != 1 || form[0].index != i * n_ || form[0].coefficient != 1)
        rows.emplace_back(i * n_, std::move(form));
    }
  }
  partner_ = distinct.inverse_indices();
  set_transvections(graph, a);
}

matrix_fibre matrix_fibre::with(const graphs::graph_definition& graph, const transvections& a) const {
  matrix_fibre out = *this;
  out.set_transvections(graph, a);
  return out;
}

void matrix_fibre::set_transvections(const graphs::graph_definition& graph, const transvections& a) {
  // g a S0 = g S0 a' with a' = S0^-1 a S0.
  const matrix central(n_, n_, modulus_, graph.central()), inverse = central.inverse();
  const auto form = [&](const matrix& vector) {
    std::vector<term> out;
    for (std::size_t i = 0; i < n_; ++i) {
      const auto c = static_cast<std::uint32_t>(vector.entries()[i]);
      if (c != 0) out.push_back({static_cast<std::uint32_t>(i), c});
    }
    return out;
  };
  u_ = form(inverse * matrix(n_, 1, modulus_, a.u));
  w_.clear(), y_.clear();
  length_ = 1;
  for (std::size_t k = 0; k < a.w.size(); ++k) {
    w_.push_back(form(matrix(1, n_, modulus_, a.w[k]) * central));
    y_.push_back(form(inverse * matrix(n_, 1, modulus_, a.y[k])));
    length_ *= modulus_;
  }
  varying_.clear();
  constant_.clear();
  for (std::uint32_t i = 0; i < n_ * n_; ++i) constant_.push_back(i);
  frame_ = central_;
  reduce(frame_);
}

bool matrix_fibre::accepts(const graphs::state& s) const noexcept {
  return s.size() == n_ * n_ && std::all_of(s.begin(), s.end(), [&](std::uint64_t x) { return x < modulus_; });
}

matrix_fibre::entries matrix_fibre::from_state(const graphs::state& s) const {
  entries out{};
  for (std::size_t i = 0; i < n_ * n_; ++i) out[i] = static_cast<std::uint32_t>(s[i]);
  return out;
}

graphs::state matrix_fibre::to_state(const entries& s) const {
  return {s.begin(), s.begin() + static_cast<std::ptrdiff_t>(n_ * n_)};
}

std::uint32_t matrix_fibre::negative(std::uint32_t t) const noexcept {
  std::uint32_t out = 0;
  for (std::uint32_t unit = 1; t != 0; t /= modulus_, unit *= modulus_)
    out += (modulus_ - t % modulus_) % modulus_ * unit;
  return out;
}

/// L(v) x where v has no unit.
std::uint32_t matrix_fibre::unimodular_exponent(const std::uint32_t* v, const std::uint32_t* x) const {
  std::int64_t gcd = modulus_;
  std::uint64_t value = 0;  // of the combination of entries of v that is gcd, taken of x
  for (std::size_t i = 0; i < n_; ++i) {
    const bezout b = extended_gcd(gcd, v[i]);
    gcd = b.gcd;
    value = remainder(reduced(b.a, modulus_) * value + std::uint64_t{reduced(b.b, modulus_)} * x[i]);
  }
  return static_cast<std::uint32_t>(value);
}

/// s + v (t_0 w_0 + ...)^T
void matrix_fibre::add(entries& s, const std::uint32_t* v, const std::uint32_t* t) const {
  for (std::size_t i = 0; i < n_; ++i) {
    if (v[i] == 0) continue;
    for (std::size_t k = 0; k < w_.size(); ++k) {
      if (t[k] == 0) continue;
      const std::uint64_t c = remainder(std::uint64_t{t[k]} * v[i]);
      for (const auto& w : w_[k]) s[i * n_ + w.index] = remainder(s[i * n_ + w.index] + c * w.coefficient);
    }
  }
}

std::uint32_t matrix_fibre::reduce(entries& s) const {
  std::uint32_t v[max_dimension], back[max_dimension], any = 0, exponents = 0;
  std::size_t unit = n_;
  for (std::size_t i = n_; i-- > 0;) {
    v[i] = dot(u_, &s[i * n_]);
    if ((*unit_inverses_)[v[i]] != 0) unit = i;
  }
  for (std::size_t k = w_.size(); k-- > 0;) {
    std::uint32_t t;
    if (unit < n_) {
      t = remainder(std::uint64_t{dot(y_[k], &s[unit * n_])} * (*unit_inverses_)[v[unit]]);
    } else {
      std::uint32_t x[max_dimension];
      for (std::size_t i = 0; i < n_; ++i) x[i] = dot(y_[k], &s[i * n_]);
      t = unimodular_exponent(v, x);
    }
    back[k] = t == 0 ? 0 : modulus_ - t;
    any |= t;
    exponents = exponents * modulus_ + t;
  }
  if (any != 0) add(s, v, back);
  return exponents;
}

void matrix_fibre::raise(entries& s, std::uint32_t t) const {
  std::uint32_t v[max_dimension], exponents[max_dimension];
  for (std::size_t i = 0; i < n_; ++i) v[i] = dot(u_, &s[i * n_]);
  for (std::size_t k = 0; k < w_.size(); ++k, t /= modulus_) exponents[k] = t % modulus_;
  add(s, v, exponents);
}

void matrix_fibre::step_back(std::size_t g, const entries& from, entries& to) const {
  std::copy_n(from.begin(), n_ * n_, to.begin());
  for (const auto& [row, form] : inverses_[g]) {
    for (std::size_t c = 0; c < n_; ++c) {
      std::uint64_t sum = 0;
      for (const auto& t : form) sum += std::uint64_t{t.coefficient} * from[t.index + c];
      to[row + c] = remainder(sum);
    }
  }
}

bool matrix_fibre::fits(const entries& s) const noexcept {
  std::uint32_t difference = 0;
  for (const auto i : constant_) difference |= s[i] ^ frame_[i];
  return difference == 0;
}

void matrix_fibre::widen(const entries& s) {
  std::vector<std::uint32_t> still;
  for (const auto i : constant_) (s[i] == frame_[i] ? still : varying_).push_back(i);
  constant_ = std::move(still);
  std::sort(varying_.begin(), varying_.end());
}

std::uint64_t matrix_fibre::key(const entries& s) const noexcept {
  std::uint64_t out = 0;
  for (const auto i : varying_) out = out << entry_bits_ | s[i];
  return out;
}

matrix_fibre::entries matrix_fibre::from_key(std::uint64_t key) const noexcept {
  entries out = frame_;
  const std::uint64_t mask = (std::uint64_t{1} << entry_bits_) - 1;
  for (auto i = varying_.rbegin(); i != varying_.rend(); ++i, key >>= entry_bits_)
    out[*i] = static_cast<std::uint32_t>(key & mask);
  return out;
}

// ================================================================================================ the choice of z

namespace {

struct transvection {
  std::vector<std::uint64_t> u, w;
};

/// A power of z as I + u w^T, the first units of u and w being 1; absent where it is no transvection of order m, or
/// shows none by a unit among its entries.
std::optional<transvection> as_transvection(const matrix& z) {
  const std::size_t n = z.rows();
  const std::uint64_t m = z.modulus();
  std::vector<std::uint64_t> d(z.entries().begin(), z.entries().end());
  for (std::size_t i = 0; i < n; ++i) d[i * n + i] = (d[i * n + i] + m - 1) % m;
  // A row that has a unit is the first row in which u has one.
  const auto pivot = std::find_if(d.begin(), d.end(), [m](std::uint64_t x) { return is_unit(x, m); });
  if (pivot == d.end()) return std::nullopt;
  const auto a = static_cast<std::size_t>(pivot - d.begin()) / n, b = static_cast<std::size_t>(pivot - d.begin()) % n;
  const std::uint64_t inverse = inverse_of_unit(*pivot, m);
  transvection t{std::vector<std::uint64_t>(n), std::vector<std::uint64_t>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    t.u[i] = d[i * n + b] * inverse % m;
    t.w[i] = d[a * n + i];
  }
  std::uint64_t product = 0;
  for (std::size_t i = 0; i < n; ++i) {
    product = (product + t.w[i] * t.u[i]) % m;
    for (std::size_t j = 0; j < n; ++j) {
      if (d[i * n + j] != t.u[i] * t.w[j] % m) return std::nullopt;
    }
  }
  if (product != 0) return std::nullopt;
  const std::uint64_t scale =
      inverse_of_unit(*std::find_if(t.w.begin(), t.w.end(), [m](std::uint64_t x) { return is_unit(x, m); }), m);
  for (auto& x : t.w) x = x * scale % m;
  return t;
}

/// Brings vectors to a form in which each has a column where it is 1 and the others are 0; drops what depends on them,
/// and all beyond `most`. Column k of the result goes to y.
void echelon(matrix_fibre::transvections& a, std::uint64_t m, std::size_t most) {
  std::vector<std::vector<std::uint64_t>> basis;
  std::vector<std::size_t> pivots;
  const auto subtract = [m](std::vector<std::uint64_t>& from, const std::vector<std::uint64_t>& what,
                            std::uint64_t times) {
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = (from[i] + (m - times) * what[i]) % m;
  };
  for (auto w : a.w) {
    if (basis.size() == most) break;
    for (std::size_t k = 0; k < basis.size(); ++k) subtract(w, basis[k], w[pivots[k]]);
    const auto unit = std::find_if(w.begin(), w.end(), [m](std::uint64_t x) { return is_unit(x, m); });
    if (unit == w.end()) continue;
    const auto pivot = static_cast<std::size_t>(unit - w.begin());
    const std::uint64_t inverse = inverse_of_unit(*unit, m);
    for (auto& x : w) x = x * inverse % m;
    for (auto& other : basis) subtract(other, w, other[pivot]);
    basis.push_back(std::move(w));
    pivots.push_back(pivot);
  }
  a.w = std::move(basis);
  a.y.assign(a.w.size(), std::vector<std::uint64_t>(a.u.size()));
  for (std::size_t k = 0; k < pivots.size(); ++k) a.y[k][pivots[k]] = 1;
}

/// Elements of the group among which transvections are likely: generators, their powers, and commutators of one element
/// more at each step, as many as a unipotent group of this dimension has in its central series.
std::vector<matrix> likely_elements(const std::vector<matrix>& generators) {
  constexpr std::size_t enough = 400;
  constexpr int powers = 24;
  std::vector<matrix> all, level, inverses;
  std::unordered_set<matrix> seen;
  for (const auto& g : generators) {
    inverses.push_back(g.inverse());
    if (!g.is_identity() && seen.insert(g).second) level.push_back(g);
  }
  for (const auto& g : level) {
    matrix power = g;
    for (int k = 1; k < powers && all.size() < enough && !power.is_identity(); ++k, power = power * g)
      all.push_back(power);
  }
  for (std::size_t step = 1; step < generators[0].rows() && all.size() < 2 * enough; ++step) {
    std::vector<matrix> next;
    for (const auto& a : level) {
      const matrix inverse = a.inverse();
      for (std::size_t g = 0; g < generators.size() && next.size() < enough; ++g) {
        matrix commutator = inverse * inverses[g] * a * generators[g];
        if (!commutator.is_identity() && seen.insert(commutator).second) next.push_back(std::move(commutator));
      }
    }
    all.insert(all.end(), next.begin(), next.end());
    level = std::move(next);
  }
  return all;
}

/// I + u w_0^T
matrix as_matrix(const matrix_fibre::transvections& a, std::uint64_t m) {
  const std::size_t n = a.u.size();
  const matrix product = matrix(n, 1, m, a.u) * matrix(1, n, m, a.w[0]);
  std::vector<std::uint64_t> entries(product.entries().begin(), product.entries().end());
  for (std::size_t i = 0; i < n; ++i) entries[i * n + i] = (entries[i * n + i] + 1) % m;
  return matrix(n, n, m, std::move(entries));
}

/// Of 256 steps from random states, how many do not rotate.
int unrotated(const matrix_fibre& fibre) {
  std::mt19937 random(1);
  auto s = fibre.central();
  fibre.reduce(s);
  int count = 0;
  for (int i = 0; i < 256; ++i) {
    matrix_fibre::entries next;
    fibre.step_back(random() % fibre.generators(), s, next);
    count += fibre.reduce(next) == 0;
    s = next;
  }
  return count;
}

}  // namespace

std::optional<fibre_choice> find_fibre(const graphs::graph_definition& graph) {
  const auto* set = graph.matrices();
  const std::size_t n = graph.degree();
  const std::uint64_t m = graph.modulus();
  if (set == nullptr || n < 2 || n > matrix_fibre::max_dimension || graph.columns() != n || m < 2 ||
      m > kernels::max_row_length || set->size() > 255) {
    return std::nullopt;
  }
  try {
    static_cast<void>(matrix(n, n, m, graph.central()).inverse());
  } catch (const domain_error&) {
    return std::nullopt;
  }
  const auto& generators = set->elements();
  std::optional<std::uint64_t> order;
  const auto learn = [&](const mpz_class& value) { return value.fits_ulong_p() && ((order = value.get_ui()), true); };
  if (graph.known().vertices && !learn(*graph.known().vertices)) return std::nullopt;

  // A chain lives on orbits of vectors: cheap while there are few of them.
  constexpr double few_vectors = 1 << 16;
  double vectors = 1;
  for (std::size_t i = 0; i < n; ++i) vectors *= static_cast<double>(m);
  std::optional<groups::matrix_group<matrix>> group;
  const auto chain = [&]() -> const groups::matrix_group<matrix>& {
    if (!group) group = groups::make_matrix_group(generators);
    return *group;
  };
  if (!order && vectors <= few_vectors && !learn(chain().order())) return std::nullopt;

  // Transvections, by their columns u.
  constexpr std::size_t enough = 64;
  std::vector<matrix> found;
  std::map<std::vector<std::uint64_t>, std::vector<std::vector<std::uint64_t>>> by_column;
  const auto consider = [&](const matrix& z) {
    if (found.size() >= enough) return;
    const auto t = as_transvection(z);
    if (!t) return;
    auto& ws = by_column[t->u];
    if (std::find(ws.begin(), ws.end(), t->w) != ws.end()) return;
    ws.push_back(t->w);
    found.push_back(z);
  };
  for (const auto& z : likely_elements(generators)) consider(z);
  if (vectors <= few_vectors && (found.empty() || group)) {
    for (std::size_t i = 0; i < n * n; ++i) {
      if (i / n == i % n) continue;
      const matrix one = matrix::identity(n, m);
      std::vector<std::uint64_t> entries(one.entries().begin(), one.entries().end());
      entries[i] = 1;
      const matrix z(n, n, m, std::move(entries));
      if (chain().contains(z)) consider(z);
    }
  }
  for (std::size_t i = 0; i < found.size() && found.size() < enough; ++i) {
    for (std::size_t g = 0; g < generators.size(); ++g) consider(generators[g].inverse() * found[i] * generators[g]);
  }

  std::size_t most = 1;  // exponents of a row
  for (std::uint64_t length = m * m; (length <= 64 || (most == 1 && m <= 64)) && most < n - 1; length *= m) ++most;
  std::optional<matrix_fibre> first, best;
  std::size_t best_exponents = 0;
  int best_score = -1;
  const auto is_central = [&](const matrix_fibre::transvections& a) {
    const auto z = as_matrix(a, m);
    return std::all_of(generators.begin(), generators.end(), [&](const matrix& g) { return g * z == z * g; });
  };
  const auto compare = [&](const matrix_fibre::transvections& a) {
    if (!first) first.emplace(graph, a);
    matrix_fibre fibre = first->with(graph, a);
    const int score = unrotated(fibre) + (is_central(a) ? 1000 : 0);
    if (std::pair(a.w.size(), score) <= std::pair(best_exponents, best_score)) return;
    best_exponents = a.w.size();
    best_score = score;
    best = std::move(fibre);
  };
  for (auto& [column, ws] : by_column) {
    const auto& u = column;
    if (most > 1) {
      // The exponents that grow fast side by side: words of a row fill soon.
      std::stable_partition(ws.begin(), ws.end(), [&](const auto& w) { return is_central({u, {w}, {}}); });
      matrix_fibre::transvections a{u, ws, {}};
      echelon(a, m, most);
      compare(a);
      continue;
    }
    for (const auto& w : ws) {
      matrix_fibre::transvections a{u, {w}, {}};
      echelon(a, m, 1);
      compare(a);
    }
  }
  if (!best) return std::nullopt;
  return fibre_choice{std::move(*best), order};
}

}  // namespace cosetta::search
