#include <groups/chain_construction.hpp>
#include <groups/chain_proof.hpp>
#include <groups/image_domain.hpp>
#include <groups/once.hpp>
#include <groups/regular_normal.hpp>
#include <groups/schreier_sims.hpp>
#include <groups/stabilizer_chain.hpp>

#include <unordered_set>
#include <variant>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

// Which proof pays, measured: docs/benchmarks.md. Costs are in images read.
constexpr std::size_t longest_short_base = 12;  // beyond it, an upper bound on the order is looked for first
constexpr std::size_t longest_suborbit_base = 64;
constexpr double cheap_schreier_proof = 2e5;   // below it nothing else pays
constexpr double cheap_short_base_proof = 1e6;
// Suborbits of a group with few elements to each suborbit cost the square of the degree.
constexpr std::size_t longest_regular_normal_base = 4;
constexpr double cheap_suborbits = 1e8;

template <class Image>
struct machine {
  using scalar = Image;
  image_domain<Image> domain;
  schreier_sims<image_domain<Image>> chain;
  row_pool<Image> generator_rows;
  std::vector<const Image*> generators;

  machine(std::span<const permutation> given, std::size_t degree, std::size_t row_bytes)
      : domain(degree), chain(domain, row_bytes), generator_rows(domain.row_size()) {
    for (const auto& g : given) {
      if (g.is_identity()) continue;
      auto* row = generator_rows.allocate();
      domain.set_identity(row);
      std::memcpy(row, g.image_bytes(), degree * sizeof(Image));
      generators.push_back(row);
    }
  }

  /// True when the permutation c with b^c = p that commutes with all generators exists; the generators are transitive
  /// on the `moved` points. Then every element that fixes b fixes p.
  bool fixed_together(std::uint32_t b, std::uint32_t p, std::vector<std::uint32_t>& c) const {
    c.assign(domain.degree(), absent);
    std::vector<std::uint32_t> queue{b};
    c[b] = p;
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const auto* g : generators) {
        const auto q = g[queue[next]], image = static_cast<std::uint32_t>(g[c[queue[next]]]);
        if (c[q] == absent) {
          c[q] = image;
          queue.push_back(q);
        } else if (c[q] != image) {
          return false;
        }
      }
    }
    return true;
  }

  /// Proves that only the identity fixes the base point of a one-level chain: the permutations that commute with the
  /// group form a transitive group, of which a few random ones are enough.
  bool is_regular(std::uint64_t seed) const {
    const auto& orbit = chain[0].tree;
    std::vector<std::uint32_t> leader(domain.degree()), c;
    for (std::uint32_t p = 0; p < leader.size(); ++p) {
      leader[p] = p;
      if (orbit.find(p) != absent) continue;
      for (const auto* g : generators) {
        if (g[p] != p) return false;
      }
    }
    const auto find = [&leader](std::uint32_t p) {
      while (leader[p] != p) p = leader[p] = leader[leader[p]];
      return p;
    };
    std::mt19937_64 rng(seed);
    for (std::size_t parts = orbit.size(); parts > 1;) {
      const auto p = orbit.points()[rng() % orbit.size()];
      if (find(p) == find(chain[0].base)) continue;
      if (!fixed_together(chain[0].base, p, c)) return false;
      for (const auto q : orbit.points()) {
        const auto x = find(q), y = find(c[q]);
        if (x != y) leader[x] = y, --parts;
      }
    }
    return true;
  }

  double schreier_proof_cost() const {
    double reads = 0;
    const auto length = static_cast<double>(chain.length());
    for (std::size_t i = 0; i < chain.length(); ++i) {
      reads += static_cast<double>(chain[i].tree.size()) * 6 * (length - static_cast<double>(i)) * static_cast<double>(domain.row_size());
    }
    return sizeof(Image) == 1 ? reads / 16 : reads;
  }
};

template <class Image>
void prove_chain(machine<Image>& m, std::span<const permutation> given, const chain_options& options, const stabilizer_chain::upper_bound_function& upper_bound,
                 product_replacement<image_domain<Image>>& source, chain_progress& progress) {
  auto& chain = m.chain;
  const double cost = m.schreier_proof_cost();
  if (chain.length() == 1 && m.is_regular(options.seed)) return;
  if (cost > cheap_schreier_proof && chain.length() > longest_short_base && upper_bound) {
    const auto bound = upper_bound();
    if (bound && grow_at_random(chain, source, options.error_bits, bound, options.control, progress)) return;
  }
  const auto degree = static_cast<double>(m.domain.degree());
  const auto point_stabilizer = mpz_class(chain.order() / static_cast<unsigned long>(chain[0].tree.size())).get_d();
  if (chain.length() <= longest_regular_normal_base && degree * degree / point_stabilizer * degree > cheap_suborbits) {
    const auto order = order_by_regular_normal_subgroup(given, m.domain.degree(), options.seed, options.control);
    if (order && grow_at_random(chain, source, options.error_bits, order, options.control, progress)) return;
  }
  chain_proof<image_domain<Image>> proof(chain, options.seed, options.control, progress);
  if (cost > cheap_short_base_proof && chain.length() <= longest_suborbit_base) {
    proof.prove_by_suborbits();
  } else {
    proof.prove_by_schreier_generators(m.generators);
  }
}

}  // namespace

void throw_orbit_too_long() {
  throw resource_error("an orbit has more than 2^24 points: its stabilizer chain would not fit; take a smaller field or modulus, or let the group act on something smaller");
}

void throw_proof_too_large() {
  throw resource_error("the proof of the order would take more than 4 GiB: give --known-order, or take --monte-carlo");
}

void refuse_known_order(const mpz_class& known, const mpz_class& order, bool proven) {
  throw domain_error(fmt::format("the known order {} is wrong: the group has {} {} elements; leave it out, or correct it", known.get_str(),
                                 proven ? "exactly" : "at least", order.get_str()));
}

struct stabilizer_chain::state {
  std::size_t degree;
  std::variant<std::monostate, machine<std::uint8_t>, machine<std::uint16_t>, machine<std::uint32_t>> machine_;
  std::vector<point> base;
  mpz_class order;
  certainty proof = certainty::proven;
  once rows_made;

  void make_machine(std::span<const permutation> generators, std::size_t row_bytes) {
    if (degree <= 256) {
      machine_.emplace<1>(generators, degree, row_bytes);
    } else if (degree <= 65536) {
      machine_.emplace<2>(generators, degree, row_bytes);
    } else {
      machine_.emplace<3>(generators, degree, row_bytes);
    }
  }

  template <class F>
  decltype(auto) visit(F&& f) {
    if (auto* m = std::get_if<1>(&machine_)) return f(*m);
    if (auto* m = std::get_if<2>(&machine_)) return f(*m);
    return f(std::get<3>(machine_));
  }
  template <class F>
  decltype(auto) visit(F&& f) const {
    if (const auto* m = std::get_if<1>(&machine_)) return f(*m);
    if (const auto* m = std::get_if<2>(&machine_)) return f(*m);
    return f(std::get<3>(machine_));
  }
};

stabilizer_chain::stabilizer_chain(std::span<const permutation> generators, std::size_t degree, const chain_options& options,
                                   const upper_bound_function& upper_bound)
    : state_(std::make_unique<state>()) {
  state_->degree = degree;
  for (const auto p : options.base_prefix) {
    if (p >= degree) throw domain_error(fmt::format("base point {} is outside 0..{}", p, degree == 0 ? 0 : degree - 1));
  }
  state_->make_machine(generators, options.row_bytes);
  state_->visit([&](auto& m) {
    for (const auto p : options.base_prefix) m.chain.append_level(p);
    state_->proof = construct_chain(m.chain, m.generators, options, std::nullopt, [&](auto& source, chain_progress& progress) {
      prove_chain(m, generators, options, upper_bound, source, progress);
    });
    state_->order = m.chain.order();
    for (std::size_t i = 0; i < m.chain.length(); ++i) state_->base.push_back(m.chain[i].base);
  });
}

stabilizer_chain::stabilizer_chain(std::span<const permutation> strong, std::size_t degree, std::span<const point> base,
                                   const mpz_class& order)
    : state_(std::make_unique<state>()) {
  state_->degree = degree;
  state_->base.assign(base.begin(), base.end());
  state_->order = order;
  state_->make_machine(strong, std::size_t{1} << 30);
  state_->visit([&](auto& m) {
    auto fixing = m.generators;  // those that fix the base points so far
    for (const auto b : base) {
      m.chain.append_level(b);
      m.chain.add_strong_generators(m.chain.length() - 1, fixing);
      std::erase_if(fixing, [b](const auto* g) { return g[b] != b; });
    }
  });
}

stabilizer_chain::stabilizer_chain(stabilizer_chain&&) noexcept = default;
stabilizer_chain& stabilizer_chain::operator=(stabilizer_chain&&) noexcept = default;
stabilizer_chain::~stabilizer_chain() = default;

std::size_t stabilizer_chain::degree() const noexcept {
  return state_->degree;
}
std::size_t stabilizer_chain::length() const noexcept {
  return state_->base.size();
}
std::span<const point> stabilizer_chain::base() const noexcept {
  return state_->base;
}
const mpz_class& stabilizer_chain::order() const noexcept {
  return state_->order;
}
certainty stabilizer_chain::proof() const noexcept {
  return state_->proof;
}

std::span<const point> stabilizer_chain::orbit(std::size_t level) const noexcept {
  return state_->visit([level](const auto& m) -> std::span<const point> { return m.chain[level].tree.points(); });
}

std::optional<std::size_t> stabilizer_chain::position(std::size_t level, point p) const noexcept {
  const auto node = state_->visit([=](const auto& m) { return m.chain[level].tree.find(p); });
  return node == absent ? std::nullopt : std::optional<std::size_t>(node);
}

namespace {

template <class Image>
struct aligned_row {
  explicit aligned_row(std::size_t size) : pool(size), data(pool.allocate()) {}
  row_pool<Image> pool;
  Image* data;
};

/// Work space of one thread, kept between calls: a sift takes less time than an allocation.
template <class Image>
Image* thread_row(std::size_t size) {
  thread_local std::optional<aligned_row<Image>> row;
  thread_local std::size_t capacity = 0;
  if (capacity < size) {
    row.emplace(size);
    capacity = size;
  }
  return row->data;
}

template <class Image>
Image* load(const machine<Image>& m, const permutation& g) {
  auto* x = thread_row<Image>(m.domain.row_size());
  m.domain.set_identity(x);
  std::memcpy(x, g.image_bytes(), g.degree() * sizeof(Image));
  return x;
}

template <class Image>
permutation inverse_of(const machine<Image>& m, const Image* x) {
  return permutation::from_image_bytes(x, m.domain.degree()).inverse();
}

}  // namespace

permutation stabilizer_chain::transversal(std::size_t level, std::size_t position) const {
  make_rows();  // not for speed: another thread may be writing them
  return std::as_const(*state_).visit([&]<class Image>(const machine<Image>& m) {
    auto* x = thread_row<Image>(m.domain.row_size());
    m.chain.inverse_transversal(level, static_cast<std::uint32_t>(position), x);
    return inverse_of(m, x);
  });
}

std::vector<permutation> stabilizer_chain::strong_generators(std::size_t level) const {
  std::vector<permutation> out;
  std::unordered_set<permutation> seen;  // levels may share generators
  state_->visit([&](const auto& m) {
    for (std::size_t i = level; i < m.chain.length(); ++i) {
      for (const auto* g : m.chain[i].tree.generators()) {
        auto p = permutation::from_image_bytes(g, m.domain.degree());
        if (seen.insert(p).second) out.push_back(std::move(p));
      }
    }
  });
  return out;
}

void stabilizer_chain::make_rows() const {
  state_->rows_made.call([this] { state_->visit([](auto& m) { m.chain.make_rows(); }); });
}

stabilizer_chain::sift_result stabilizer_chain::sift(const permutation& g) const {
  make_rows();
  return std::as_const(*state_).visit([&](const auto& m) {
    auto* x = load(m, g);
    const auto level = m.chain.sift(x);
    return sift_result{permutation::from_image_bytes(x, m.domain.degree()), level};
  });
}

bool stabilizer_chain::contains(const permutation& g) const {
  if (g.degree() != degree()) return false;
  make_rows();
  return std::as_const(*state_).visit([&](const auto& m) {
    auto* x = load(m, g);
    return m.chain.sift(x) == m.chain.length() && m.domain.is_identity(x);
  });
}

std::optional<std::vector<std::uint32_t>> stabilizer_chain::digits(const permutation& g) const {
  if (g.degree() != degree()) return std::nullopt;
  make_rows();
  return std::as_const(*state_).visit([&](const auto& m) -> std::optional<std::vector<std::uint32_t>> {
    auto* x = load(m, g);
    std::vector<std::uint32_t> out(m.chain.length());
    for (std::size_t i = 0; i < m.chain.length(); ++i) {
      out[i] = m.chain[i].tree.find(x[m.chain[i].base]);
      if (out[i] == absent) return std::nullopt;
      if (out[i] != 0) m.chain[i].tree.divide(x, out[i]);
    }
    if (!m.domain.is_identity(x)) return std::nullopt;
    return out;
  });
}

permutation stabilizer_chain::element(std::span<const std::uint32_t> digits) const {
  make_rows();
  return std::as_const(*state_).visit([&]<class Image>(const machine<Image>& m) {
    auto* x = thread_row<Image>(m.domain.row_size());
    m.domain.set_identity(x);
    // (u_(m-1) ... u_0)^-1 = u_0^-1 ... u_(m-1)^-1.
    for (std::size_t i = 0; i < digits.size(); ++i) m.chain[i].tree.divide(x, digits[i]);
    return inverse_of(m, x);
  });
}

permutation stabilizer_chain::random(std::mt19937_64& rng, std::size_t level) const {
  make_rows();
  return std::as_const(*state_).visit([&]<class Image>(const machine<Image>& m) {
    auto* x = thread_row<Image>(m.domain.row_size());
    m.chain.random_element(x, rng, level);
    return permutation::from_image_bytes(x, m.domain.degree());
  });
}

}  // namespace cosetta::groups
