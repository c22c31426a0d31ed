// Stabilizer chains: against a plain Schreier-Sims, by each proof alone and from incomplete chains; their laws level by
// level; refusals, limits, error rates.
#include <groups/chain_proof.hpp>
#include <groups/giant.hpp>
#include <groups/image_domain.hpp>
#include <groups/schreier_sims.hpp>
#include <groups/stabilizer_chain.hpp>
#include <groups/standard_groups.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/plain_group.hpp>
#include <tests/seeded.hpp>

namespace stabilizer_chain_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::tests::group_supply;
using cosetta::tests::identity_list;
using cosetta::tests::image_list;
using cosetta::tests::plain_group;
using cosetta::tests::sample_group;

auto message_with(const std::string& a, const std::string& b) {
  return Catch::Predicate<std::exception>(
      [=](const std::exception& e) {
        const std::string what = e.what();
        return what.find(a) != std::string::npos && what.find(b) != std::string::npos;
      },
      "message contains: " + a + " and " + b);
}

stabilizer_chain chain_of(const sample_group& g, const chain_options& options = {}) {
  return stabilizer_chain(g.permutations(), g.degree, options);
}

enum class method { suborbits, schreier_generators, none };

/// The chain templates with what stabilizer_chain decides decided by the test.
struct forced {
  method proof = method::none;
  int elements = 0;  // that are sifted before the proof
  std::size_t row_bytes = std::size_t{1} << 22;
  std::vector<point> base;
  std::optional<int> error_bits{};

  template <class Image>
  mpz_class order(const sample_group& g, std::uint64_t seed) const {
    if (g.degree == 0) return 1;
    const image_domain<Image> domain(g.degree);
    row_pool<Image> rows(domain.row_size());
    std::vector<const Image*> generators;
    for (const auto& x : g.generators) {
      if (x == identity_list(g.degree)) continue;
      auto* r = rows.allocate();
      domain.set_identity(r);
      std::copy(x.begin(), x.end(), r);
      generators.push_back(r);
    }
    if (generators.empty()) return 1;
    schreier_sims<image_domain<Image>> chain(domain, row_bytes);
    for (const auto b : base) chain.append_level(b);
    if (chain.length() == 0) chain.append_level(domain.moved_point(generators[0]));
    for (const auto* x : generators) chain.add_strong_generator(0, x);
    product_replacement<image_domain<Image>> source(domain, generators, seed);
    for (int i = 0; i < elements; ++i) chain.insert(source.next());
    chain_progress progress;
    const group_control control;
    if (error_bits) grow_at_random(chain, source, *error_bits, std::nullopt, control, progress);
    chain_proof<image_domain<Image>> prover(chain, seed, control, progress);
    if (proof == method::suborbits) prover.prove_by_suborbits();
    if (proof == method::schreier_generators) prover.prove_by_schreier_generators(generators);
    return chain.order();
  }
};

/// base^level -> orbit, transversal, strong generators: what the header says, at each level.
void check_levels(const stabilizer_chain& c, const std::vector<permutation>& generators) {
  mpz_class below = 1;
  for (std::size_t i = c.length(); i-- > 0;) {
    INFO("level " << i);
    const auto orbit = c.orbit(i);
    REQUIRE(orbit[0] == c.base()[i]);
    below *= static_cast<unsigned long>(orbit.size());
    const auto strong = c.strong_generators(i);
    for (const auto& g : strong) {
      for (std::size_t j = 0; j < i; ++j) REQUIRE(g[c.base()[j]] == c.base()[j]);
      REQUIRE(c.contains(g));
    }
    std::vector<image_list> lists;
    for (const auto& g : strong) lists.push_back(g.images());
    if (i % 5 == 0) REQUIRE(plain_group(lists, c.degree()).order() == below);
    std::set<point> points(orbit.begin(), orbit.end());
    REQUIRE(points.size() == orbit.size());
    for (std::size_t k = 0; k < orbit.size(); ++k) {
      const auto u = c.transversal(i, k);
      REQUIRE(u[c.base()[i]] == orbit[k]);
      for (std::size_t j = 0; j < i; ++j) REQUIRE(u[c.base()[j]] == c.base()[j]);
      REQUIRE(c.position(i, orbit[k]) == k);
      for (const auto& g : strong) REQUIRE(points.count(g[orbit[k]]) == 1);
    }
    for (point p = 0; p < c.degree(); ++p) REQUIRE(c.position(i, p).has_value() == (points.count(p) == 1));
  }
  REQUIRE(below == c.order());
  REQUIRE(c.strong_generators(c.length()).empty());
  for (const auto& g : generators) REQUIRE(c.contains(g));
}

void check_elements(const stabilizer_chain& c, group_supply& supply, const sample_group& g, const plain_group& plain) {
  for (int round = 0; round < 3; ++round) {
    image_list x = identity_list(g.degree);
    if (round == 0) {
      x = supply.shuffled(g.degree);
    } else {
      for (int i = 0; i < 12 && !g.generators.empty(); ++i) x = cosetta::tests::times(x, g.generators[supply.below(g.generators.size())]);
    }
    const permutation p(x);
    const bool inside = plain.contains(x);
    REQUIRE(c.contains(p) == inside);
    const auto sifted = c.sift(p);
    REQUIRE((sifted.level == c.length() && sifted.residue.is_identity()) == inside);
    REQUIRE(c.contains(sifted.residue.inverse() * p));
    for (std::size_t i = 0; i < sifted.level; ++i) REQUIRE(sifted.residue[c.base()[i]] == c.base()[i]);
    if (sifted.level < c.length()) REQUIRE_FALSE(c.position(sifted.level, sifted.residue[c.base()[sifted.level]]));
    const auto digits = c.digits(p);
    REQUIRE(digits.has_value() == inside);
    if (!digits) continue;
    REQUIRE(c.element(*digits) == p);
    permutation product(g.degree);  // u_(m-1) ... u_0
    for (std::size_t i = c.length(); i-- > 0;) product = product * c.transversal(i, (*digits)[i]);
    REQUIRE(product == p);
    const std::size_t level = c.length() == 0 ? 0 : supply.below(c.length());
    const auto deep = c.random(supply.rng(), level);
    REQUIRE(c.contains(deep));
    for (std::size_t i = 0; i < level; ++i) REQUIRE(deep[c.base()[i]] == c.base()[i]);
  }
}

double chi_square(const std::vector<int>& counts, int draws) {
  const double mean = static_cast<double>(draws) / static_cast<double>(counts.size());
  double sum = 0;
  for (const auto n : counts) sum += (n - mean) * (n - mean) / mean;
  return sum;
}

/// D_4 on each of k blocks of four points: it needs 2k generators.
sample_group dihedral_power(std::size_t k) {
  sample_group out{"D_4^" + std::to_string(k), 4 * k, {}};
  for (std::uint32_t i = 0; i < 4 * k; i += 4) {
    out.generators.push_back(cosetta::tests::cycle_list_of(4 * k, {{i, i + 1, i + 2, i + 3}}));
    out.generators.push_back(cosetta::tests::cycle_list_of(4 * k, {{i + 1, i + 3}}));
  }
  return out;
}

}  // namespace

TEST_CASE("the plain Schreier-Sims of these tests agrees with closure", "[groups][stabilizer_chain]") {
  const auto s = cosetta::tests::seed(0x91a1);
  INFO("seed " << s);
  group_supply supply(s);
  int compared = 0;
  for (int i = 0; i < 100; ++i) {
    const auto g = supply.next();
    INFO(g.text());
    const auto elements = group_supply::closure(g.generators, g.degree, 300);
    const auto order = plain_group(g.generators, g.degree).order();
    REQUIRE((elements.empty() ? order > 300 : order == static_cast<unsigned long>(elements.size())));
    compared += !elements.empty();
  }
  CHECK(compared > 30);
  CHECK(plain_group({{1, 2, 3, 4, 5, 6, 7, 0}, {1, 0, 2, 3, 4, 5, 6, 7}}, 8).order() == 40320);
}

TEST_CASE("a stabilizer chain has the order of a plain one, and its laws hold", "[groups][stabilizer_chain]") {
  const auto s = cosetta::tests::seed(0xc4a1);
  INFO("seed " << s);
  group_supply supply(s);
  for (int i = 0; i < 250; ++i) {
    const auto g = i < 34 ? supply.decorated(supply.of_kind(static_cast<std::size_t>(i) % group_supply::kinds)) : supply.next();
    INFO(g.text());
    const plain_group plain(g.generators, g.degree);
    chain_options options;
    options.seed = supply.rng()();
    if (i % 2 == 0) options.row_bytes = 0;  // Schreier trees alone
    for (std::size_t k = supply.below(4); k > 0 && g.degree > 0; --k) options.base_prefix.push_back(static_cast<point>(supply.below(g.degree)));
    const auto c = chain_of(g, options);
    REQUIRE(c.order() == plain.order());
    REQUIRE(c.proof() == certainty::proven);
    REQUIRE(c.length() >= options.base_prefix.size());
    REQUIRE(std::equal(options.base_prefix.begin(), options.base_prefix.end(), c.base().begin()));
    check_elements(c, supply, g, plain);
    if (i % 4 == 0) check_levels(c, g.permutations());
  }
}

TEST_CASE("each proof completes what random elements left open", "[groups][stabilizer_chain]") {
  const auto s = cosetta::tests::seed(0x9f0f);
  INFO("seed " << s);
  group_supply supply(s);
  int incomplete = 0;
  for (int i = 0; i < 350; ++i) {
    const auto g = supply.next();
    INFO(g.text());
    const auto order = plain_group(g.generators, g.degree).order();
    const auto seed = supply.rng()();
    forced f;
    f.elements = i % 3 == 0 ? 0 : static_cast<int>(supply.below(6));
    if (i % 4 == 1) f.error_bits = static_cast<int>(supply.between(1, 3));
    if (i % 2 == 0) f.row_bytes = 0;
    if (i % 5 == 0 && g.degree > 0) f.base = {static_cast<point>(supply.below(g.degree)), static_cast<point>(supply.below(g.degree))};
    INFO("seed " << seed << ", elements " << f.elements << ", bits " << f.error_bits.value_or(0));
    const auto before = f.order<std::uint8_t>(g, seed);
    REQUIRE(before <= order);
    incomplete += before != order;
    for (const auto proof : {method::suborbits, method::schreier_generators}) {
      f.proof = proof;
      const auto after = i % 3 == 0 ? f.order<std::uint16_t>(g, seed) : i % 3 == 1 ? f.order<std::uint32_t>(g, seed) : f.order<std::uint8_t>(g, seed);
      REQUIRE(after == order);
    }
  }
  CHECK(incomplete > 80);
}

TEST_CASE("both proofs agree on larger groups", "[groups][stabilizer_chain]") {
  const auto as_lists = [](const generating_set<permutation>& g) {
    sample_group out{"", g[0].degree(), {}};
    for (const auto& x : g.elements()) out.generators.push_back(x.images());
    return out;
  };
  struct known {
    sample_group group;
    mpz_class order;
  };
  const std::vector<known> groups{
      {as_lists(mathieu_group(24)), mathieu_group_order(24)},
      {as_lists(mathieu_group(22)), mathieu_group_order(22)},
      {as_lists(symmetric_group(20)), symmetric_group_order(20)},
      {as_lists(coxeter_group(coxeter_type::d, 8)), coxeter_group_order(coxeter_type::d, 8)},
      {as_lists(wreath_product(symmetric_group(3), cyclic_group(8))), wreath_product_order(6, 8, 8)},
      {as_lists(product_action_wreath_product(symmetric_group(5), symmetric_group(3))), wreath_product_order(120, 3, 6)},
      {as_lists(dihedral_group(101)), 202},
      {dihedral_power(6), 262144},
  };
  for (const auto& [group, order] : groups) {
    INFO(group.text());
    for (const auto proof : {method::suborbits, method::schreier_generators}) {
      for (const int elements : {0, 3, 60}) {
        forced f{.proof = proof, .elements = elements};
        REQUIRE(f.order<std::uint16_t>(group, 7) == order);
      }
    }
  }
}

TEST_CASE("deep orbits have shallow trees", "[groups][stabilizer_chain]") {
  // Cycles of thousands of points: trees that deep are grown again with powers of the cycle.
  const auto c = cyclic_group(30000);
  const stabilizer_chain cyclic(c.elements(), 30000);
  CHECK(cyclic.order() == 30000);
  CHECK(cyclic.contains(c[0].pow(12345)));
  CHECK(cyclic.transversal(0, 29999)[cyclic.base()[0]] == cyclic.orbit(0)[29999]);
  const auto d = dihedral_group(3000);
  const stabilizer_chain dihedral(d.elements(), 3000);
  CHECK(dihedral.order() == 6000);
  CHECK(dihedral.contains(d[0].pow(1717) * d[1]));
  CHECK_FALSE(dihedral.contains(transposition(3000, 0, 1)));
}

TEST_CASE("chains without generators, of few points, with trivial generators", "[groups][stabilizer_chain]") {
  for (const std::size_t n : {0, 1, 2, 5, 300, 70000}) {
    INFO("degree " << n);
    const stabilizer_chain none(std::vector<permutation>{}, n);
    CHECK(none.order() == 1);
    CHECK(none.length() == 0);
    CHECK(none.contains(permutation(n)));
    CHECK(none.digits(permutation(n))->empty());
    CHECK(none.element(std::vector<std::uint32_t>{}) == permutation(n));
    CHECK_FALSE(none.contains(permutation(n + 1)));
    const stabilizer_chain trivial(std::vector<permutation>(3, permutation(n)), n);
    CHECK(trivial.order() == 1);
    CHECK(trivial.proof() == certainty::proven);
    if (n < 2) continue;
    const auto swap = transposition(n, 0, static_cast<point>(n - 1));
    const stabilizer_chain two(std::vector<permutation>{swap, permutation(n), swap}, n);
    CHECK(two.order() == 2);
    CHECK(two.contains(swap));
    CHECK(two.sift(swap).residue.is_identity());
  }
}

TEST_CASE("a wished base comes first, fixed and repeated points included", "[groups][stabilizer_chain]") {
  const auto m = mathieu_group(11);
  chain_options options;
  options.base_prefix = {5, 5, 2, 10, 2};
  const stabilizer_chain c(m.elements(), 11, options);
  CHECK(c.order() == 7920);
  CHECK(std::vector<point>(c.base().begin(), c.base().begin() + 5) == options.base_prefix);
  CHECK(c.orbit(0).size() == 11);
  CHECK(c.orbit(1).size() == 1);
  CHECK(c.orbit(2).size() == 10);
  CHECK(c.orbit(3).size() == 9);
  CHECK(c.orbit(4).size() == 1);
  check_levels(c, m.elements());
  options.base_prefix = {11};
  CHECK_THROWS_MATCHES(stabilizer_chain(m.elements(), 11, options), domain_error, message_with("base point 11", "0..10"));
}

TEST_CASE("a known order is accepted when right and refused when wrong", "[groups][stabilizer_chain]") {
  const auto s = cosetta::tests::seed(0x0dde);
  INFO("seed " << s);
  group_supply supply(s);
  for (int i = 0; i < 80; ++i) {
    const auto g = supply.next();
    INFO(g.text());
    const auto order = plain_group(g.generators, g.degree).order();
    chain_options options;
    options.seed = supply.rng()();
    options.known_order = order;
    REQUIRE(chain_of(g, options).order() == order);
    REQUIRE(chain_of(g, options).proof() == certainty::proven);
    for (const mpz_class& wrong : {mpz_class(order / 2), mpz_class(order * 2), mpz_class(order * 3), mpz_class(0), mpz_class(-order), mpz_class(1)}) {
      if (wrong == order) continue;
      options.known_order = wrong;
      INFO("known order " << wrong.get_str());
      for (const auto wanted : {certainty::proven, certainty::monte_carlo}) {
        options.wanted = wanted;
        REQUIRE_THROWS_MATCHES(chain_of(g, options), domain_error, message_with(wrong.get_str(), order.get_str()));
      }
    }
  }
}

TEST_CASE("Monte Carlo orders say so and are as good as promised", "[groups][stabilizer_chain]") {
  chain_options options;
  options.wanted = certainty::monte_carlo;
  const auto m = mathieu_group(12);
  CHECK(stabilizer_chain(m.elements(), 12, options).proof() == certainty::monte_carlo);
  CHECK(stabilizer_chain(m.elements(), 12, options).order() == 95040);
  CHECK(stabilizer_chain(cyclic_group(12).elements(), 12, options).proof() == certainty::proven);

  // Error rates stay below 2^(1 - bits), also where as many generators are needed as product replacement has slots.
  const auto s = cosetta::tests::seed(0x3c);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  struct trial {
    sample_group group;
    mpz_class order;
    int rounds;
  };
  group_supply supply(s);
  const std::vector<trial> trials{{dihedral_power(2), 64, 600}, {dihedral_power(5), 32768, 300}, {dihedral_power(10), mpz_class(1) << 30, 150},
                                  {{"S_4", 4, {{1, 2, 3, 0}, {1, 0, 2, 3}}}, 24, 600}};
  for (const auto& t : trials) {
    for (const int bits : {3, 5, 10}) {
      INFO(t.group.kind << ", error bits " << bits);
      int wrong = 0;
      for (int i = 0; i < t.rounds; ++i) {
        options.error_bits = bits;
        options.seed = rng();
        const auto order = chain_of(t.group, options).order();
        REQUIRE(order <= t.order);
        wrong += order != t.order;
      }
      const double expected = t.rounds * std::pow(2.0, 1 - bits);
      CHECK(wrong <= expected + 4 * std::sqrt(expected) + 1);
    }
  }
  options.error_bits = 40;
  for (const std::size_t k : {20, 40}) {
    for (options.seed = 1; options.seed <= 3; ++options.seed) {
      CHECK(chain_of(dihedral_power(k), options).order() == mpz_class(1) << (3 * k));
    }
  }
}

TEST_CASE("random elements are uniform", "[groups][stabilizer_chain]") {
  const auto s = cosetta::tests::seed(0x4a11);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& g : {symmetric_group(4), wreath_product(cyclic_group(3), cyclic_group(2)), dihedral_group(5), cyclic_group(7),
                        direct_product(symmetric_group(3), cyclic_group(4))}) {
    const stabilizer_chain c(g.elements(), g[0].degree());
    const auto order = c.order().get_ui();
    const int draws = static_cast<int>(200 * order);
    std::vector<int> counts(order, 0);
    for (int i = 0; i < draws; ++i) {
      std::size_t number = 0;
      const auto digits = c.digits(c.random(rng)).value();
      for (std::size_t k = 0; k < digits.size(); ++k) number = number * c.orbit(k).size() + digits[k];
      ++counts[number];
    }
    const double freedom = static_cast<double>(order - 1);
    CHECK(chi_square(counts, draws) < freedom + 5 * std::sqrt(2 * freedom));
  }
}

TEST_CASE("a trusted strong generating set gives the same chain", "[groups][stabilizer_chain]") {
  const auto m = mathieu_group(12);
  const stabilizer_chain made(m.elements(), 12);
  const auto strong = made.strong_generators(0);
  const stabilizer_chain trusted(strong, 12, made.base(), made.order());
  check_levels(trusted, m.elements());
  std::mt19937_64 rng(3);
  for (int i = 0; i < 20; ++i) {
    CHECK(trusted.contains(made.random(rng)));
    CHECK(made.contains(trusted.random(rng)));
  }
}

TEST_CASE("a chain that is moved keeps working", "[groups][stabilizer_chain]") {
  const auto m = mathieu_group(11);
  stabilizer_chain a(m.elements(), 11);
  const stabilizer_chain b(std::move(a));
  CHECK(b.order() == 7920);
  CHECK(b.contains(m[0] * m[1]));
  stabilizer_chain c(symmetric_group(5).elements(), 5);
  c = stabilizer_chain(m.elements(), 11);
  CHECK(c.contains(m[1]));
}

TEST_CASE("a stop token, a deadline and an observer end the construction", "[groups][stabilizer_chain]") {
  const auto g = wreath_product(symmetric_group(5), symmetric_group(30));
  chain_options options;
  std::stop_source source;
  options.control.stop = source.get_token();
  CHECK(stabilizer_chain(mathieu_group(11).elements(), 11, options).order() == 7920);
  source.request_stop();
  CHECK_THROWS_AS(stabilizer_chain(g.elements(), 150, options), stopped_error);
  CHECK_THROWS_AS(find_giant(symmetric_group(50).elements(), 50, 1, options.control), stopped_error);
  CHECK(find_giant(symmetric_group(50).elements(), 50, 1));
  options.control.stop = {};
  options.control.deadline = std::chrono::steady_clock::now();
  CHECK_THROWS_MATCHES(stabilizer_chain(g.elements(), 150, options), stopped_error, message_with("time", "--time"));
  options.control.deadline.reset();
  double last = 0;
  bool grows = true;
  options.control.observer = [&](const chain_progress& p) {
    grows = grows && p.log2_order >= last && p.levels > 0;
    last = p.log2_order;
  };
  const auto order = stabilizer_chain(wreath_product(symmetric_group(4), symmetric_group(12)).elements(), 48, options).order();
  CHECK(order == wreath_product_order(24, 12, symmetric_group_order(12)));
  CHECK(grows);
  CHECK(last > 0);
}

}  // namespace stabilizer_chain_test
