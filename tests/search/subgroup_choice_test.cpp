// Candidates against all choices of powers, whose subgroups are listed or ordered one by one; the cube's against the literature.
#include <graphs/catalogue.hpp>
#include <groups/permutation_group.hpp>
#include <search/subgroup_choice.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

#include <set>

namespace cosetta::search {
namespace subgroup_choice_test {
namespace {

using groups::permutation;

mpz_class order_of(const std::vector<permutation>& generators, std::size_t n) { return groups::permutation_group(generators, n).order(); }

/// Same colours: in one orbit.
std::vector<std::uint32_t> orbits(const std::vector<permutation>& generators, std::size_t n) {
  std::vector<std::uint32_t> out(n, ~0U);
  std::uint32_t count = 0;
  for (std::uint32_t x = 0; x < n; ++x) {
    if (out[x] != ~0U) continue;
    std::vector<std::uint32_t> open{x};
    out[x] = count;
    while (!open.empty()) {
      const auto y = open.back();
      open.pop_back();
      for (const auto& g : generators) {
        for (const auto& h : {g, g.inverse()}) {
          if (out[h[y]] == ~0U) out[h[y]] = count, open.push_back(h[y]);
        }
      }
    }
    ++count;
  }
  return out;
}

bool keeps(const permutation& g, const std::vector<std::uint32_t>& colours) {
  for (std::uint32_t x = 0; x < colours.size(); ++x) {
    if (colours[g[x]] != colours[x]) return false;
  }
  return true;
}

TEST_CASE("subgroup candidates: generators, orbits, orders and moves are what they say") {
  for (const char* spec : {"rubik_cube:3,metric=HTM", "rubik_cube:3,metric=QTM", "rubik_cube:2", "lrx:9", "pancake:6", "top_spin:8"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto& all = graph.permutations()->elements();
    const std::size_t n = graph.degree();
    for (const auto& c : subgroup_candidates(all)) {
      REQUIRE(c.parts.size() == c.generators.size());
      for (std::size_t i = 0; i < c.parts.size(); ++i) REQUIRE(all[c.parts[i].generator].pow(c.parts[i].exponent) == c.generators[i]);
      REQUIRE(c.colours == orbits(c.generators, n));
      REQUIRE(c.colours != orbits(all, n));
      REQUIRE(c.order == order_of(c.generators, n));
      std::vector<std::size_t> moves;
      for (std::size_t g = 0; g < all.size(); ++g) {
        if (keeps(all[g], c.colours)) moves.push_back(g);
      }
      REQUIRE(c.moves == moves);
    }
  }
}

TEST_CASE("subgroup candidates: the steps that Thistlethwaite and Kociemba took on the cube are among them") {
  for (const char* spec : {"rubik_cube:3,metric=HTM", "rubik_cube:3,metric=QTM"}) {
    std::set<mpz_class> orders;
    for (const auto& c : subgroup_candidates(graphs::make_catalogue_graph(spec).permutations()->elements())) orders.insert(c.order);
    CHECK(orders.contains(mpz_class("21119142223872000")));  // 2048 cosets
    CHECK(orders.contains(mpz_class("19508428800")));        // of that 1082565, and of the whole 2217093120
    CHECK(orders.contains(mpz_class("663552")));             // half turns
    CHECK(orders.contains(mpz_class(1)));
  }
}

TEST_CASE("subgroup candidates: every choice of powers has its colours among them, up to symmetry") {
  const auto s = tests::seed(20261201);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t i = 0; i < tests::repeats(60); ++i) {
    const std::size_t n = 4 + random() % 5;
    std::vector<permutation> generators;
    for (std::size_t g = 0; g < 1 + random() % 3; ++g) generators.push_back(tests::random_permutation(n, random));
    std::set<mpz_class> found{order_of(generators, n)};
    for (const auto& c : subgroup_candidates(generators)) found.insert(c.order);
    const auto try_all = [&](const auto& self, std::size_t g, std::vector<permutation> taken) -> void {
      if (g < generators.size()) {
        const auto order = groups::order(generators[g]).get_ui();
        for (unsigned long e = 1; e <= order; ++e) {
          auto more = taken;
          more.push_back(generators[g].pow(e));
          self(self, g + 1, more);
        }
        return;
      }
      // The largest subgroup of powers with these orbits.
      const auto colours = orbits(taken, n);
      if (colours == orbits(generators, n)) return;
      for (const auto& a : generators) {
        for (auto p = a; !p.is_identity(); p = p * a) {
          if (keeps(p, colours)) taken.push_back(p);
        }
      }
      REQUIRE(found.contains(order_of(taken, n)));
    };
    try_all(try_all, 0, {});
  }
  CHECK(subgroup_candidates({}).empty());
  CHECK(subgroup_candidates(std::vector{permutation(3)}).empty());
  subgroup_limits few;
  few.most = 3;
  CHECK(subgroup_candidates(graphs::make_catalogue_graph("rubik_cube:3").permutations()->elements(), few).size() == 3);
  groups::group_control stopped;
  stopped.deadline = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(subgroup_candidates(graphs::make_catalogue_graph("lrx:5").permutations()->elements(), {}, stopped), groups::stopped_error);
}

}  // namespace
}  // namespace subgroup_choice_test
}  // namespace cosetta::search
