#include <groups/chain_construction.hpp>
#include <groups/chain_proof.hpp>
#include <groups/giant.hpp>
#include <groups/integers.hpp>
#include <groups/matrix_group.hpp>
#include <groups/once.hpp>
#include <groups/vector_domain.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

// How each kind of matrix maps to a ring and back.
residue_ring ring_of(const matrix& m) {
  return residue_ring(m.modulus());
}
field_ring ring_of(const field_matrix& m) {
  return field_ring(m.shared_field());
}
std::uint64_t order_of(const residue_ring& ring) {
  return ring.modulus();
}
std::uint64_t order_of(const field_ring& ring) {
  return ring.field().order();
}
template <class Matrix>
bool same_ring(const Matrix& a, const Matrix& b);
template <>
bool same_ring(const matrix& a, const matrix& b) {
  return a.modulus() == b.modulus();
}
template <>
bool same_ring(const field_matrix& a, const field_matrix& b) {
  return a.rows() != 0 && b.rows() != 0 && a.field() == b.field();
}
field_matrix to_matrix(const matrix_group<field_matrix>& like, std::size_t n, const field_element* entries) {
  return {like.generators()[0].shared_field(), n, n, {entries, entries + n * n}};
}
matrix to_matrix(const matrix_group<matrix>& like, std::size_t n, const std::uint32_t* entries) {
  return {n, n, like.generators()[0].modulus(), {entries, entries + n * n}};
}

/// |SL(n, q)|, q a prime power.
mpz_class special_linear_order(std::size_t n, std::uint64_t q) {
  mpz_class order = power(q, n * (n - 1) / 2);
  for (std::size_t i = 2; i <= n; ++i) order *= power(q, i) - 1;
  return order;
}

/// The order of the group that units generate in Z/m; nothing past 2^16 elements.
std::optional<mpz_class> unit_group_order(const std::vector<std::uint64_t>& units, std::uint64_t m) {
  std::set<std::uint64_t> seen{1};
  std::vector<std::uint64_t> queue{1};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const auto u : units) {
      const auto product = multiply_mod(queue[next], u, m);
      if (!seen.insert(product).second) continue;
      if (seen.size() > (std::size_t{1} << 16)) return std::nullopt;
      queue.push_back(product);
    }
  }
  return mpz_class(static_cast<unsigned long>(seen.size()));
}

/// By Euclid's algorithm on rows, as in matrix::inverse.
std::uint64_t determinant(const matrix& a) {
  const std::size_t n = a.rows();
  const std::uint64_t m = a.modulus();
  std::vector<std::uint64_t> e(a.entries().begin(), a.entries().end());
  std::uint64_t det = 1 % m;
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t r = c + 1; r < n; ++r) {
      while (e[r * n + c] != 0) {
        const auto q = e[c * n + c] / e[r * n + c];
        for (std::size_t j = 0; j < n; ++j) {
          e[c * n + j] = add_mod(e[c * n + j], m - multiply_mod(q, e[r * n + j], m), m);
          std::swap(e[c * n + j], e[r * n + j]);
        }
        det = det == 0 ? 0 : m - det;
      }
    }
    det = multiply_mod(det, e[c * n + c], m);
  }
  return det;
}

/// A group lies in the matrices whose determinants its generators' determinants generate: |G| <= |SL| |<det>|.
std::optional<mpz_class> linear_bound(const std::vector<matrix>& generators) {
  const std::uint64_t m = generators[0].modulus();
  const std::size_t n = generators[0].rows();
  std::vector<std::uint64_t> units;
  for (const auto& g : generators) units.push_back(determinant(g));
  const auto determinants = unit_group_order(units, m);
  if (!determinants) return std::nullopt;
  mpz_class order = *determinants;
  std::uint64_t rest = m;
  for (std::uint64_t p = 2; rest > 1; ++p) {
    if (p * p > rest) p = rest;
    if (rest % p != 0) continue;
    order *= special_linear_order(n, p);
    for (rest /= p; rest % p == 0; rest /= p) order *= power(p, n * n - 1);  // a lift from p^e to p^(e+1)
  }
  return order;
}
std::optional<mpz_class> linear_bound(const std::vector<field_matrix>& generators) {
  const auto& field = generators[0].field();
  std::uint64_t determinants = 1;
  for (const auto& g : generators) determinants = std::lcm<std::uint64_t>(determinants, field.multiplicative_order(g.determinant()));
  return special_linear_order(generators[0].rows(), field.order()) * static_cast<unsigned long>(determinants);
}

/// Proofs by Schreier generators up to this many sifts; beyond, by suborbits.
constexpr std::size_t few_sifts = 4000;

}  // namespace

template <class Matrix>
struct matrix_group<Matrix>::state {
  using ring_type = decltype(ring_of(std::declval<Matrix>()));
  using domain_type = vector_domain<ring_type>;
  using scalar = typename domain_type::scalar;

  std::vector<Matrix> generators;
  chain_options options;
  domain_type domain;
  row_pool<scalar> rows;
  std::vector<const scalar*> given;  // generators as rows

  once numbered;
  once chained;
  std::optional<schreier_sims<domain_type>> chain;
  mpz_class order;
  certainty proof = certainty::proven;

  state(std::vector<Matrix> g, chain_options o)
      : generators(std::move(g)), options(std::move(o)), domain(ring_of(generators[0]), generators[0].rows()), rows(domain.row_size()) {
    for (const auto& m : generators) given.push_back(to_row(m, rows.allocate()));
  }

  const scalar* to_row(const Matrix& m, scalar* row) const {
    std::transform(m.entries().begin(), m.entries().end(), row, [](auto entry) { return static_cast<scalar>(entry); });
    return row;
  }

  const schreier_sims<domain_type>& build() {
    chained.call([this] {
      schreier_sims<domain_type> c(domain, options.row_bytes);
      std::vector<const scalar*> moving;
      for (const auto* g : given) {
        if (!domain.is_identity(g)) moving.push_back(g);
      }
      const auto certain = construct_chain(c, moving, options, linear_bound(generators), [&](auto&, chain_progress& progress) {
        std::size_t sifts = 0;
        for (std::size_t i = 0; i < c.length(); ++i) sifts += 6 * c[i].tree.size();
        chain_proof<domain_type> proof_of(c, options.seed, options.control, progress);
        if (sifts <= few_sifts) {
          proof_of.prove_by_schreier_generators(moving);
        } else {
          proof_of.prove_by_suborbits();
        }
      });
      order = c.order();
      proof = certain;
      chain.emplace(std::move(c));
    });
    return *chain;
  }

  std::optional<std::vector<std::uint32_t>> digits(const Matrix& g) {
    if (g.rows() != domain.dimension() || g.columns() != domain.dimension() || !same_ring(g, generators[0])) return std::nullopt;
    const auto& c = build();
    row_pool<scalar> own(domain.row_size());
    auto* x = own.allocate();
    to_row(g, x);
    std::vector<std::uint32_t> out(c.length());
    for (std::size_t i = 0; i < c.length(); ++i) {
      out[i] = c[i].tree.find(domain.image(c[i].base, x));
      if (out[i] == absent) return std::nullopt;
      c[i].tree.divide(x, out[i]);
    }
    if (!domain.is_identity(x)) return std::nullopt;
    return out;
  }

  /// Vectors as points: their numbers, in the order in which a search from the seeds met them.
  struct numbering {
    typename domain_type::orbit_index index;
    std::vector<typename domain_type::point> points;
    std::vector<permutation> images;  // of the generators
  };

  std::optional<numbering> vector_numbering;

  /// The orbits of the unit vectors, numbered once.
  const numbering& vectors() {
    numbered.call([this] {
      std::vector<typename domain_type::point> seeds;
      for (std::size_t i = 0; i < domain.dimension(); ++i) seeds.push_back(unit_vector(i));
      vector_numbering.emplace(action(seeds, false));
    });
    return *vector_numbering;
  }

  /// Numbers the vectors of the orbits of the seeds, or of points of projective space, as BFS meets them.
  numbering action(const std::vector<typename domain_type::point>& seeds, bool projective) {
    typename domain_type::orbit_index index(domain);
    std::vector<typename domain_type::point> points;
    const auto number = [&](const typename domain_type::point& p) {
      auto at = index.find(p);
      if (at == absent) {
        if (points.size() == max_degree) {
          throw resource_error(fmt::format("the action on vectors has more than {} points: ask for orders and membership, which need no such action",
                                           max_degree));
        }
        at = static_cast<std::uint32_t>(points.size());
        index.insert(p, at);
        points.push_back(p);
      }
      return at;
    };
    std::vector<std::vector<point>> images(given.size());
    std::size_t next = 0;
    for (const auto& seed : seeds) {
      number(seed);
      for (; next < points.size(); ++next) {
        if (next % 4096 == 0) options.control.check();
        for (std::size_t g = 0; g < given.size(); ++g) {
          const auto image = domain.image(points[next], given[g]);
          images[g].push_back(number(projective ? normalised(image) : image));
        }
      }
    }
    numbering out{std::move(index), std::move(points), {}};
    for (const auto& i : images) out.images.emplace_back(i);
    return out;
  }

  typename domain_type::point unit_vector(std::size_t i) const {
    std::vector<scalar> v(domain.dimension(), 0);
    v[i] = 1;
    return domain.pack(v.data());
  }

  /// The multiple whose first nonzero entry is 1. Precondition: the ring is a field, p is not zero.
  typename domain_type::point normalised(const typename domain_type::point& p) const {
    const std::size_t n = domain.dimension();
    std::vector<scalar> v(n), out(n, 0);
    domain.unpack(p, v.data());
    const auto first = *std::find_if(v.begin(), v.end(), [](scalar e) { return e != 0; });
    if (first == 1) return p;
    const scalar inverse = inverse_of(first);
    std::vector<typename ring_type::accumulator> sum(n, 0);
    domain.ring().add_multiple(sum.data(), inverse, v.data(), n);
    domain.ring().reduce(sum.data(), out.data(), n);
    return domain.pack(out.data());
  }
  scalar inverse_of(scalar a) const {
    scalar out;
    domain.ring().invert(&a, 1, &out);
    return out;
  }

  void need_field() const {
    if constexpr (std::is_same_v<Matrix, matrix>) {
      if (!is_prime(domain.ring().modulus())) {
        throw domain_error(fmt::format("projective points need a field: {} is not prime", domain.ring().modulus()));
      }
    }
  }

  /// The points of projective space, one vector each.
  std::vector<typename domain_type::point> projective_points() const {
    need_field();
    const std::uint64_t q = order_of(domain.ring());
    const std::size_t n = domain.dimension();
    const mpz_class count = (power(q, n) - 1) / static_cast<unsigned long>(q - 1);
    if (count > max_degree) {
      throw resource_error(fmt::format("projective space has {} points, more than {}: ask for orders and membership, which need no such action",
                                       count.get_str(), max_degree));
    }
    std::vector<typename domain_type::point> points;
    std::vector<scalar> v(n, 0);
    for (std::size_t lead = n; lead-- > 0;) {
      std::fill(v.begin(), v.end(), scalar{0});
      v[lead] = 1;
      for (;;) {
        points.push_back(domain.pack(v.data()));
        std::size_t i = n;
        while (i > lead + 1 && v[i - 1] == q - 1) v[--i] = 0;
        if (i == lead + 1) break;
        ++v[i - 1];
      }
    }
    return points;
  }
};

template <class Matrix>
matrix_group<Matrix>::matrix_group(std::vector<Matrix> generators, chain_options options)
    : state_(std::make_shared<state>(std::move(generators), std::move(options))) {}

template <class Matrix>
std::size_t matrix_group<Matrix>::dimension() const noexcept {
  return state_->domain.dimension();
}
template <class Matrix>
const std::vector<Matrix>& matrix_group<Matrix>::generators() const noexcept {
  return state_->generators;
}
template <class Matrix>
const chain_options& matrix_group<Matrix>::options() const noexcept {
  return state_->options;
}
template <class Matrix>
std::uint64_t matrix_group<Matrix>::ring_order() const noexcept {
  return order_of(state_->domain.ring());
}
template <class Matrix>
const mpz_class& matrix_group<Matrix>::order() const {
  state_->build();
  return state_->order;
}
template <class Matrix>
certainty matrix_group<Matrix>::proof() const {
  state_->build();
  return state_->proof;
}

template <class Matrix>
bool matrix_group<Matrix>::contains(const Matrix& g) const {
  return state_->digits(g).has_value();
}

template <class Matrix>
Matrix matrix_group<Matrix>::random(std::mt19937_64& rng) const {
  const auto& c = state_->build();
  row_pool<typename state::scalar> own(state_->domain.row_size());
  auto* x = own.allocate();
  c.random_element(x, rng);
  return to_matrix(*this, dimension(), x);
}

template <class Matrix>
mpz_class matrix_group<Matrix>::rank(const Matrix& g) const {
  const auto digits = state_->digits(g);
  if (!digits) throw domain_error("the matrix is not an element of the group: it has no rank");
  mpz_class rank = 0;
  for (std::size_t i = 0; i < digits->size(); ++i) rank = rank * static_cast<unsigned long>((*state_->chain)[i].tree.size()) + (*digits)[i];
  return rank;
}

template <class Matrix>
Matrix matrix_group<Matrix>::unrank(const mpz_class& rank) const {
  if (rank < 0 || rank >= order()) {
    throw domain_error(fmt::format("rank {} is outside 0..{}", rank.get_str(), mpz_class(order() - 1).get_str()));
  }
  const auto& c = *state_->chain;
  std::vector<std::uint32_t> digits(c.length());
  mpz_class rest = rank;
  for (std::size_t i = digits.size(); i-- > 0;) {
    digits[i] = static_cast<std::uint32_t>(mpz_fdiv_q_ui(rest.get_mpz_t(), rest.get_mpz_t(), c[i].tree.size()));
  }
  row_pool<typename state::scalar> own(state_->domain.row_size());
  auto* x = own.allocate();
  auto* inverse = own.allocate();
  state_->domain.set_identity(x);
  for (std::size_t i = 0; i < digits.size(); ++i) c[i].tree.divide(x, digits[i]);
  state_->domain.invert(x, inverse);
  return to_matrix(*this, dimension(), inverse);
}

template <class Matrix>
std::vector<std::uint64_t> matrix_group<Matrix>::vector_orbit_lengths() const {
  const auto& domain = state_->domain;
  const std::size_t n = dimension();
  const std::uint64_t q = ring_order();
  constexpr std::uint64_t most = std::uint64_t{1} << 26;
  if (power(q, n) > static_cast<unsigned long>(most)) {
    throw resource_error(fmt::format("there are {} vectors, more than {}: take a smaller dimension or ring", power(q, n).get_str(), most));
  }
  const std::uint64_t count = power(q, n).get_ui();
  std::vector<bool> seen(count, false);
  std::vector<typename state::scalar> v(n);
  const auto vector_of = [&](std::uint64_t number) {
    for (auto& entry : v) entry = static_cast<typename state::scalar>(number % q), number /= q;
    return domain.pack(v.data());
  };
  const auto number_of = [&](const packed_vector& p) {
    domain.unpack(p, v.data());
    std::uint64_t number = 0;
    for (std::size_t i = n; i-- > 0;) number = number * q + v[i];
    return number;
  };
  std::vector<std::uint64_t> lengths;
  std::vector<packed_vector> queue;
  for (std::uint64_t start = 0; start < count; ++start) {
    if (seen[start]) continue;
    seen[start] = true;
    queue.assign(1, vector_of(start));
    for (std::size_t next = 0; next < queue.size(); ++next) {
      if (next % 4096 == 4095) state_->options.control.check();
      for (const auto* g : state_->given) {
        const auto image = domain.image(queue[next], g);
        const auto number = number_of(image);
        if (!seen[number]) seen[number] = true, queue.push_back(image);
      }
    }
    state_->options.control.check();
    lengths.push_back(queue.size());
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

template <class Matrix>
std::vector<std::uint64_t> matrix_group<Matrix>::projective_orbit_lengths() const {
  const auto images = projective_action();
  std::vector<std::uint64_t> lengths;
  std::vector<bool> seen(images[0].degree(), false);
  std::vector<point> queue;
  for (point start = 0; start < seen.size(); ++start) {
    if (seen[start]) continue;
    seen[start] = true;
    queue.assign(1, start);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const auto& g : images) {
        const auto image = g[queue[next]];
        if (!seen[image]) seen[image] = true, queue.push_back(image);
      }
    }
    lengths.push_back(queue.size());
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

template <class Matrix>
std::vector<permutation> matrix_group<Matrix>::vector_action() const {
  return state_->vectors().images;
}

template <class Matrix>
permutation matrix_group<Matrix>::action_of(const Matrix& g) const {
  const auto& domain = state_->domain;
  if (g.rows() != dimension() || g.columns() != dimension() || !same_ring(g, generators()[0])) {
    throw domain_error("the matrix has another size or ring than the group: it does not act on its vectors");
  }
  const auto& table = state_->vectors();
  row_pool<typename state::scalar> own(domain.row_size());
  const auto* row = state_->to_row(g, own.allocate());
  std::vector<point> images;
  for (const auto& p : table.points) {
    images.push_back(table.index.find(domain.image(p, row)));
    if (images.back() == absent) throw domain_error("the matrix leads out of the orbits of the group: it is not an element");
  }
  return permutation(images);
}

template <class Matrix>
Matrix matrix_group<Matrix>::matrix_of(const permutation& action) const {
  const auto& table = state_->vectors();
  const std::size_t n = dimension();
  std::vector<typename state::scalar> entries(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    state_->domain.unpack(table.points[action[table.index.find(state_->unit_vector(i))]], &entries[i * n]);
  }
  return to_matrix(*this, n, entries.data());
}

template <class Matrix>
std::vector<permutation> matrix_group<Matrix>::projective_action() const {
  return state_->action(state_->projective_points(), true).images;
}

template class matrix_group<matrix>;
template class matrix_group<field_matrix>;

namespace {

template <class Matrix>
matrix_group<Matrix> checked(std::vector<Matrix> generators, chain_options options) {
  if (generators.empty()) throw domain_error("a matrix group needs a generator, if only the identity, to have a size and a ring");
  const auto& first = generators[0];
  for (std::size_t i = 0; i < generators.size(); ++i) {
    const auto& g = generators[i];
    if (g.rows() == 0 || g.rows() != g.columns()) {
      throw domain_error(fmt::format("generator {} is {} x {}: a group element is square", i, g.rows(), g.columns()));
    }
    if (g.rows() != first.rows() || !same_ring(g, first)) {
      throw domain_error(fmt::format("generator {} has another size or ring than the first one: give all the same", i));
    }
    static_cast<void>(g.inverse());  // throws when singular
  }
  return matrix_group<Matrix>(std::move(generators), std::move(options));
}

}  // namespace

matrix_group<matrix> make_matrix_group(std::vector<matrix> generators, chain_options options) {
  for (const auto& g : generators) {
    if (g.modulus() < 2 || g.modulus() >= residue_ring::max_modulus) {
      throw domain_error(g.modulus() == 0 ? "a matrix group over Z is infinite or not known to be finite: give a modulus"
                                          : fmt::format("modulus {} is outside 2..{}", g.modulus(), residue_ring::max_modulus - 1));
    }
  }
  return checked(std::move(generators), std::move(options));
}
matrix_group<field_matrix> make_matrix_group(std::vector<field_matrix> generators, chain_options options) {
  return checked(std::move(generators), std::move(options));
}

}  // namespace cosetta::groups
