#include <groups/growing_chain.hpp>
#include <groups/image_domain.hpp>
#include <groups/row_pool.hpp>
#include <groups/schreier_sims.hpp>

#include <cstring>
#include <utility>
#include <variant>

namespace cosetta::groups {

namespace {

constexpr std::size_t row_bytes = std::size_t{1} << 28;

template <class Image>
struct growing_machine {
  image_domain<Image> domain;
  row_pool<Image> rows;  // of the first strong generators, which the chain refers to
  schreier_sims<image_domain<Image>> chain;
  Image* x;

  explicit growing_machine(std::size_t degree)
      : domain(degree), rows(domain.row_size()), chain(domain, row_bytes), x(rows.allocate()) {}

  void begin(const stabilizer_chain& given) {
    std::vector<const Image*> fixing;  // the base points so far
    for (const auto& g : given.strong_generators(0)) {
      auto* row = rows.allocate();
      load(g, row);
      fixing.push_back(row);
    }
    for (const auto b : given.base()) {
      chain.append_level(b);
      chain.add_strong_generators(chain.length() - 1, fixing);
      std::erase_if(fixing, [b](const Image* g) { return g[b] != b; });
    }
  }

  /// Of any degree up to the chain's, whose images may be wider.
  void load(const permutation& g, Image* row) const {
    domain.set_identity(row);
    if (g.image_width() == sizeof(Image)) {
      std::memcpy(row, g.image_bytes(), g.degree() * sizeof(Image));
    } else {
      for (std::size_t i = 0; i < g.degree(); ++i) row[i] = static_cast<Image>(g[i]);
    }
  }
};

}  // namespace

struct growing_chain::state {
  std::variant<std::monostate, growing_machine<std::uint8_t>, growing_machine<std::uint16_t>,
               growing_machine<std::uint32_t>>
      machine;

  explicit state(std::size_t degree) {
    if (degree <= 256) {
      machine.emplace<1>(degree);
    } else if (degree <= 65536) {
      machine.emplace<2>(degree);
    } else {
      machine.emplace<3>(degree);
    }
  }

  template <class F>
  decltype(auto) visit(F&& f) {
    if (auto* m = std::get_if<1>(&machine)) return f(*m);
    if (auto* m = std::get_if<2>(&machine)) return f(*m);
    return f(std::get<3>(machine));
  }
};

growing_chain::growing_chain(const stabilizer_chain& chain, std::size_t degree, std::span<const point> more_base)
    : state_(std::make_unique<state>(degree)) {
  state_->visit([&](auto& m) {
    m.begin(chain);
    for (const auto b : more_base) m.chain.append_level(b);
  });
}
growing_chain::growing_chain(std::size_t degree, std::span<const point> base)
    : state_(std::make_unique<state>(degree)) {
  state_->visit([&](auto& m) {
    for (const auto b : base) m.chain.append_level(b);
  });
}
growing_chain::growing_chain(growing_chain&&) noexcept = default;
growing_chain::~growing_chain() = default;

std::vector<point> growing_chain::base() const {
  return state_->visit([](const auto& m) {
    std::vector<point> out;
    for (std::size_t i = 0; i < m.chain.length(); ++i) out.push_back(m.chain[i].base);
    return out;
  });
}

mpz_class growing_chain::order() const {
  return state_->visit([](const auto& m) { return m.chain.order(); });
}

std::size_t growing_chain::orbit_size(std::size_t level) const {
  return state_->visit([level](const auto& m) { return m.chain[level].tree.size(); });
}

permutation growing_chain::random(std::mt19937_64& rng) const {
  return state_->visit([&rng](auto& m) {
    m.chain.random_element(m.x, rng);
    return permutation::from_image_bytes(m.x, m.domain.degree());
  });
}

bool growing_chain::contains(const permutation& x) {
  return state_->visit([&](auto& m) {
    m.load(x, m.x);
    return m.chain.absorbs(m.x);
  });
}

std::optional<permutation> growing_chain::insert(const permutation& x) {
  return state_->visit([&](auto& m) -> std::optional<permutation> {
    m.load(x, m.x);
    const auto level = m.chain.sift(m.x);
    if (level == m.chain.length()) {
      if (m.domain.is_identity(m.x)) return std::nullopt;
      m.chain.append_level(m.domain.moved_point(m.x));
    }
    m.chain.add_strong_generator(level, m.x);
    return permutation::from_image_bytes(m.x, m.domain.degree());
  });
}

}  // namespace cosetta::groups
