#include <groups/classical_groups.hpp>
#include <groups/matrix_group.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>
#include <unordered_set>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace matrix_group_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;

/// All elements, by multiplication.
template <class Matrix>
std::unordered_set<Matrix> closure(const std::vector<Matrix>& generators) {
  std::unordered_set<Matrix> seen{generators[0] * generators[0].inverse()};
  std::vector<Matrix> queue(seen.begin(), seen.end());
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const auto& g : generators) {
      auto product = queue[next] * g;
      if (seen.insert(product).second) queue.push_back(std::move(product));
    }
  }
  return seen;
}

template <class Matrix>
void check_laws(const matrix_group<Matrix>& g, std::mt19937_64& rng) {
  CHECK(g.proof() == certainty::proven);
  for (int i = 0; i < 20; ++i) {
    const auto x = g.random(rng), y = g.random(rng);
    CHECK(g.contains(x * y));
    CHECK(g.contains(x.inverse()));
    const auto rank = g.rank(x);
    CHECK((rank >= 0 && rank < g.order()));
    CHECK(g.unrank(rank) == x);
    CHECK(g.action_of(x) * g.action_of(y) == g.action_of(x * y));
    CHECK(g.matrix_of(g.action_of(x)) == x);
  }
  for (std::size_t i = 0; i < g.generators().size(); ++i) CHECK(g.action_of(g.generators()[i]) == g.vector_action()[i]);
  CHECK(g.unrank(0).is_identity());
  CHECK_THROWS_AS(g.unrank(g.order()), domain_error);
}

TEST_CASE("orders of the classical groups", "[groups][matrix_group]") {
  std::mt19937_64 rng(1);
  for (const std::uint64_t q : {2, 3, 4, 5, 7, 8, 9, 11, 16}) {
    for (std::size_t n = 1; n <= 4; ++n) {
      if (n == 4 && q > 5) continue;
      INFO("n " << n << " q " << q);
      const auto check = [&](const generating_set<field_matrix>& set, const mpz_class& order) {
        const matrix_group<field_matrix> g(set.elements());
        CHECK(g.order() == order);
        check_laws(g, rng);
        const auto images = g.vector_action();
        CHECK(permutation_group(images, images[0].degree()).order() == order);
      };
      check(general_linear_group(n, q), general_linear_group_order(n, q));
      check(special_linear_group(n, q), special_linear_group_order(n, q));
      check(unitriangular_group(n, q), unitriangular_group_order(n, q));
      if (n % 2 == 0) check(symplectic_group(n, q), symplectic_group_order(n, q));
    }
  }
}

TEST_CASE("random groups over Z/m agree with their closure", "[groups][matrix_group]") {
  const auto s = cosetta::tests::seed(31);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  int compared = 0;
  for (int trial = 0; trial < 400 && compared < 60; ++trial) {
    const std::size_t n = 1 + rng() % 3;
    const std::int64_t m = 2 + static_cast<std::int64_t>(rng() % (n == 3 ? 3 : 14));
    std::vector<matrix> generators;
    for (std::size_t k = 0; k < 1 + rng() % 3;) {
      std::vector<std::int64_t> entries(n * n);
      for (auto& e : entries) e = static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(m));
      const auto a = make_matrix(n, n, static_cast<std::uint64_t>(m), entries);
      try {
        static_cast<void>(a.inverse());
      } catch (const domain_error&) {
        continue;
      }
      generators.push_back(a);
      ++k;
    }
    const auto all = closure(generators);
    if (all.size() > 20000) continue;
    ++compared;
    INFO("n " << n << " m " << m << " order " << all.size());
    chain_options options;
    options.seed = rng();
    const auto g = make_matrix_group(generators, options);
    CHECK(g.order() == static_cast<unsigned long>(all.size()));
    check_laws(g, rng);
    for (int i = 0; i < 10; ++i) {
      std::vector<std::int64_t> entries(n * n);
      for (auto& e : entries) e = static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(m));
      const auto a = make_matrix(n, n, static_cast<std::uint64_t>(m), entries);
      CHECK(g.contains(a) == all.contains(a));
    }
    std::uint64_t vectors = 0;
    for (const auto length : g.vector_orbit_lengths()) vectors += length;
    CHECK(vectors == static_cast<std::uint64_t>(std::pow(static_cast<double>(m), static_cast<double>(n)) + 0.5));
  }
  CHECK(compared >= 30);
}

TEST_CASE("one long orbit ends at the deadline", "[groups][matrix_group]") {
  // 16 million vectors in one orbit.
  chain_options options;
  options.control.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  const auto g = make_matrix_group(special_linear_group(2, 4001).elements(), options);
  CHECK_THROWS_AS(g.order(), stopped_error);
  CHECK_THROWS_AS(g.vector_orbit_lengths(), stopped_error);
}

TEST_CASE("projective points", "[groups][matrix_group]") {
  const matrix_group<field_matrix> g(special_linear_group(3, 4).elements());
  CHECK(g.projective_orbit_lengths() == std::vector<std::uint64_t>{21});
  const auto images = g.projective_action();
  CHECK(permutation_group(images, 21).order() == 20160);  // PSL(3,4)
  CHECK(g.vector_orbit_lengths() == std::vector<std::uint64_t>{1, 63});
  const auto composite = make_matrix_group(std::vector<matrix>{make_matrix(2, 2, 6, std::vector<std::int64_t>{1, 1, 0, 1})});
  CHECK_THROWS_AS(composite.projective_orbit_lengths(), domain_error);
}

TEST_CASE("a wrong known order of a matrix group is refused", "[groups][matrix_group]") {
  const auto generators = special_linear_group(2, 31).elements();
  for (const char* wrong : {"14880", "59520", "1", "29761"}) {
    chain_options options;
    options.known_order = mpz_class(wrong);
    const matrix_group<field_matrix> g(generators, options);
    CHECK_THROWS_WITH(g.order(), Catch::Contains("29760") && Catch::Contains(wrong));
  }
  chain_options options;
  options.known_order = 29760;
  CHECK(matrix_group<field_matrix>(generators, options).order() == 29760);
}

TEST_CASE("what is no matrix group is refused", "[groups][matrix_group]") {
  const auto make = [](std::size_t rows, std::size_t columns, std::uint64_t modulus, std::vector<std::int64_t> entries) {
    return make_matrix(rows, columns, modulus, entries);
  };
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{}), domain_error);
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{make(2, 2, 4, {2, 0, 0, 1})}), domain_error);
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{make(2, 2, 0, {1, 1, 0, 1})}), domain_error);
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{make(1, 2, 5, {1, 1})}), domain_error);
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{make(1, 1, 5, {2}), make(1, 1, 7, {2})}), domain_error);
  const auto g = make_matrix_group(std::vector<matrix>{make(1, 1, 5, {2})});
  CHECK(g.order() == 4);
  CHECK_FALSE(g.contains(make(1, 1, 7, {1})));
  CHECK_FALSE(g.contains(make(2, 2, 5, {1, 0, 0, 1})));
  CHECK_THROWS_AS(g.rank(make(1, 1, 5, {0})), domain_error);
  // 130 bits a vector.
  CHECK_THROWS_AS(make_matrix_group(std::vector<matrix>{matrix::identity(130, 2)}), resource_error);
}

TEST_CASE("one matrix group in many threads", "[groups][matrix_group]") {
  const matrix_group<field_matrix> g(symplectic_group(4, 3).elements());
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 rng(t);
      for (int i = 0; i < 50; ++i) {
        if (g.order() != 51840 || !g.contains(g.random(rng))) ++wrong;
      }
    });
  }
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
}

}  // namespace

}  // namespace matrix_group_test
