#include <groups/once.hpp>
#include <groups/order_bound.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace cosetta::groups {

/// Computed once, under locks of their own: the giant test, the chain.
struct permutation_group::state {
  std::vector<permutation> generators;
  std::size_t degree;
  chain_options options;

  once recognised;
  std::optional<giant_structure> giant;
  mpz_class giant_order;

  once chained;
  std::optional<stabilizer_chain> chain;

  void recognise() {
    recognised.call([this] {
      for (const auto p : options.base_prefix) {
        if (p >= degree) throw domain_error(fmt::format("base point {} is outside 0..{}", p, degree == 0 ? 0 : degree - 1));
      }
      giant = find_giant(generators, degree, options.seed, options.control);
      if (!giant) return;
      giant_order = giant->order();
      if (options.known_order && *options.known_order != giant_order) {
        throw domain_error(fmt::format("the known order {} is wrong: the group is {} on {} points, of order {}; leave it out, or correct it",
                                       options.known_order->get_str(), giant->alternating ? "Alt" : "Sym", giant->points.size(),
                                       giant_order.get_str()));
      }
    });
  }

  const stabilizer_chain& build_chain() {
    recognise();
    chained.call([this] {
      if (giant) {
        chain.emplace(giant_chain());
      } else {
        chain.emplace(generators, degree, options,
                      [this] { return order_bound(generators, degree, options.seed, options.control); });
      }
    });
    return *chain;
  }

  /// The points of a giant in the order in which its chain fixes them: those of the wished base first.
  std::vector<point> giant_points() const {
    std::vector<bool> open(degree, false);
    for (const auto p : giant->points) open[p] = true;
    std::vector<point> out;
    const auto take = [&](point p) {
      if (open[p]) out.push_back(p);
      open[p] = false;
    };
    for (const auto p : options.base_prefix) take(p);
    for (const auto p : giant->points) take(p);
    return out;
  }
  /// The wished points, then those of the giant that they leave; the last one, or two of Alt, are fixed with the others.
  std::vector<point> giant_base() const {
    auto points = giant_points();
    points.resize(points.size() - (giant->alternating ? 2 : 1));
    std::vector<bool> wished(degree, false);
    for (const auto p : options.base_prefix) wished[p] = true;
    std::vector<point> out = options.base_prefix;
    std::copy_if(points.begin(), points.end(), std::back_inserter(out), [&](point p) { return !wished[p]; });
    return out;
  }

  /// Neighbouring transpositions, or 3-cycles of neighbours, are a strong generating set for a base in the same order.
  stabilizer_chain giant_chain() const {
    const auto points = giant_points();
    const double bytes = 0.5 * static_cast<double>(points.size()) * static_cast<double>(points.size()) * static_cast<double>(degree) *
                         (degree <= 256 ? 1 : degree <= 65536 ? 2 : 4);
    if (bytes > double{1U << 30}) {
      throw resource_error(fmt::format("a stabilizer chain of {} on {} points would take {:.1f} GiB; ask for what needs none, or a subgroup",
                                       giant->alternating ? "Alt" : "Sym", points.size(), bytes / double{1U << 30}));
    }
    const std::size_t k = giant->alternating ? 3 : 2;
    std::vector<permutation> strong;
    for (std::size_t i = 0; i + k <= points.size(); ++i) {
      const std::vector<point> cycle(points.begin() + static_cast<std::ptrdiff_t>(i), points.begin() + static_cast<std::ptrdiff_t>(i + k));
      strong.push_back(make_permutation_from_cycles(std::span(&cycle, 1), degree));
    }
    return stabilizer_chain(strong, degree, giant_base(), giant_order);
  }

  /// Digits and their radices, the most significant first.
  std::vector<std::uint32_t> radices() {
    recognise();
    if (giant) return giant->radices();
    const auto& c = build_chain();
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < c.length(); ++i) out.push_back(static_cast<std::uint32_t>(c.orbit(i).size()));
    return out;
  }
  std::vector<std::uint32_t> digits(const permutation& g) {
    recognise();
    std::optional<std::vector<std::uint32_t>> out;
    if (g.degree() == degree) {
      if (!giant) {
        out = build_chain().digits(g);
      } else if (giant->contains(g)) {
        out = giant->digits(g);
      }
    }
    if (!out) throw domain_error(fmt::format("{} is not an element of the group: it has no rank", to_cycles(g)));
    return *out;
  }
  permutation element(std::span<const std::uint32_t> digits) {
    return giant ? giant->element(digits, degree) : build_chain().element(digits);
  }
};

permutation_group::permutation_group(std::vector<permutation> generators, std::size_t degree, chain_options options)
    : state_(std::make_shared<state>()) {
  state_->generators = std::move(generators);
  state_->degree = degree;
  state_->options = std::move(options);
}

permutation_group::permutation_group(const generating_set<permutation>& generators, chain_options options)
    : permutation_group(generators.elements(), generators.empty() ? 0 : generators[0].degree(), std::move(options)) {}

permutation_group make_permutation_group(std::vector<permutation> generators, chain_options options) {
  if (generators.empty()) throw domain_error("a permutation group needs a generator, if only the identity, to have a degree");
  const auto degree = generators[0].degree();
  for (std::size_t i = 1; i < generators.size(); ++i) {
    if (generators[i].degree() != degree) {
      throw domain_error(fmt::format("generator {} has degree {}, the first one {}: give all the same degree", i, generators[i].degree(), degree));
    }
  }
  return permutation_group(std::move(generators), degree, std::move(options));
}

std::size_t permutation_group::degree() const noexcept {
  return state_->degree;
}
const std::vector<permutation>& permutation_group::generators() const noexcept {
  return state_->generators;
}
const chain_options& permutation_group::options() const noexcept {
  return state_->options;
}

const std::optional<giant_structure>& permutation_group::giant() const {
  state_->recognise();
  return state_->giant;
}
const stabilizer_chain& permutation_group::chain() const {
  return state_->build_chain();
}
const mpz_class& permutation_group::order() const {
  return giant() ? state_->giant_order : chain().order();
}
certainty permutation_group::proof() const {
  return giant() ? certainty::proven : chain().proof();
}

std::vector<point> permutation_group::base() const {
  if (!giant()) return {chain().base().begin(), chain().base().end()};
  return state_->giant_base();
}

bool permutation_group::contains(const permutation& g) const {
  if (g.degree() != degree()) return false;
  return giant() ? state_->giant->contains(g) : chain().contains(g);
}

permutation permutation_group::random(std::mt19937_64& rng) const {
  if (!giant()) return chain().random(rng);
  auto digits = state_->giant->radices();
  for (auto& d : digits) d = std::uniform_int_distribution<std::uint32_t>(0, d - 1)(rng);
  return state_->giant->element(digits, degree());
}

mpz_class permutation_group::rank(const permutation& g) const {
  const auto digits = state_->digits(g);
  const auto radices = state_->radices();
  mpz_class rank = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) rank = rank * radices[i] + digits[i];
  return rank;
}

permutation permutation_group::unrank(const mpz_class& rank) const {
  if (rank < 0 || rank >= order()) {
    throw domain_error(fmt::format("rank {} is outside 0..{}", rank.get_str(), mpz_class(order() - 1).get_str()));
  }
  auto digits = state_->radices();
  mpz_class rest = rank;
  for (std::size_t i = digits.size(); i-- > 0;) {
    digits[i] = static_cast<std::uint32_t>(mpz_fdiv_q_ui(rest.get_mpz_t(), rest.get_mpz_t(), digits[i]));
  }
  return state_->element(digits);
}

std::uint64_t permutation_group::rank64(const permutation& g) const {
  const auto digits = state_->digits(g);
  const auto radices = state_->radices();
  std::uint64_t rank = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) rank = rank * radices[i] + digits[i];
  return rank;
}

permutation permutation_group::unrank64(std::uint64_t rank) const {
  auto digits = state_->radices();
  for (std::size_t i = digits.size(); i-- > 0;) {
    const auto radix = digits[i];
    digits[i] = static_cast<std::uint32_t>(rank % radix);
    rank /= radix;
  }
  return state_->element(digits);
}

}  // namespace cosetta::groups
