// Permutation groups: known orders, giants and others by one interface, ranks, refusals, threads, second attempts.
#include <groups/permutation_group.hpp>
#include <groups/standard_groups.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/groups/plain_group.hpp>
#include <tests/seeded.hpp>

namespace permutation_group_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;
using cosetta::tests::group_supply;
using cosetta::tests::image_list;
using cosetta::tests::plain_group;

auto message_with(const std::string& a, const std::string& b = "") {
  return Catch::Predicate<std::exception>(
      [=](const std::exception& e) {
        const std::string what = e.what();
        return what.find(a) != std::string::npos && what.find(b) != std::string::npos;
      },
      "message contains: " + a + " and " + b);
}

mpz_class factorial(std::uint64_t n) {
  return symmetric_group_order(n);
}

permutation product_of(const std::vector<permutation>& generators, std::mt19937_64& rng, int length = 30) {
  permutation out(generators[0].degree());
  for (int i = 0; i < length; ++i) out = out * generators[rng() % generators.size()];
  return out;
}

/// The action on subsets of k points of those on which g acts.
std::vector<permutation> on_subsets(const generating_set<permutation>& g, std::size_t k) {
  const auto n = g[0].degree();
  std::vector<std::vector<point>> sets;
  std::vector<point> chosen;
  const auto choose = [&](auto&& self, point from) -> void {
    if (chosen.size() == k) {
      sets.push_back(chosen);
      return;
    }
    for (point p = from; p < n; ++p) {
      chosen.push_back(p);
      self(self, p + 1);
      chosen.pop_back();
    }
  };
  choose(choose, 0);
  std::vector<permutation> out;
  for (const auto& x : g.elements()) {
    std::vector<point> images;
    for (auto set : sets) {
      for (auto& p : set) p = x[p];
      std::sort(set.begin(), set.end());
      images.push_back(static_cast<point>(std::lower_bound(sets.begin(), sets.end(), set) - sets.begin()));
    }
    out.emplace_back(images);
  }
  return out;
}

/// SL(4,3) by elementary matrices on the 40 points of projective space: PSL(4,3).
std::vector<permutation> psl_4_3() {
  std::vector<std::vector<int>> points;
  for (int code = 1; code < 81; ++code) {
    std::vector<int> v{code / 27, code / 9 % 3, code / 3 % 3, code % 3};
    if (*std::find_if(v.begin(), v.end(), [](int x) { return x != 0; }) == 1) points.push_back(v);
  }
  std::vector<permutation> out;
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<point> images;
    for (auto v : points) {
      v[(i + 1) % 4] = (v[(i + 1) % 4] + v[i]) % 3;
      const int lead = *std::find_if(v.begin(), v.end(), [](int x) { return x != 0; });
      for (auto& x : v) x = x * lead % 3;
      images.push_back(static_cast<point>(std::lower_bound(points.begin(), points.end(), v) - points.begin()));
    }
    out.emplace_back(images);
  }
  return out;
}

/// `images` on the points in `where`, everything else fixed.
std::vector<permutation> spread(const generating_set<permutation>& g, const std::vector<point>& where, std::size_t degree) {
  std::vector<permutation> out;
  for (const auto& x : g.elements()) {
    image_list images = cosetta::tests::identity_list(degree);
    for (std::size_t i = 0; i < where.size(); ++i) images[where[i]] = where[x[i]];
    out.emplace_back(images);
  }
  return out;
}

void check_laws(const permutation_group& g, std::mt19937_64& rng) {
  REQUIRE(g.proof() == certainty::proven);
  const permutation one(g.degree());
  REQUIRE(g.rank(one) == 0);
  REQUIRE(g.unrank(0) == one);
  for (const auto& x : g.generators()) REQUIRE(g.contains(x));
  for (int i = 0; i < 4; ++i) {
    const auto x = g.random(rng);
    REQUIRE(g.contains(x));
    const auto rank = g.rank(x);
    REQUIRE(rank >= 0);
    REQUIRE(rank < g.order());
    REQUIRE(g.unrank(rank) == x);
    if (!g.generators().empty()) REQUIRE(g.contains(product_of(g.generators(), rng) * x.inverse()));
  }
  REQUIRE(g.rank(g.unrank(g.order() - 1)) == mpz_class(g.order() - 1));
  REQUIRE_THROWS_MATCHES(g.unrank(g.order()), domain_error, message_with("rank " + g.order().get_str()));
  REQUIRE_THROWS_AS(g.unrank(-1), domain_error);
  for (const auto b : g.base()) REQUIRE(b < g.degree());
  REQUIRE_FALSE(g.contains(permutation(g.degree() + 1)));
}

}  // namespace

TEST_CASE("orders of well-known groups", "[groups][permutation_group]") {
  const auto s = cosetta::tests::seed(0x0de5);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  struct known {
    std::string name;
    std::vector<permutation> generators;
    mpz_class order;
  };
  const auto s20 = symmetric_group(20);
  std::vector<known> groups{
      {"C_2 wr S_20", wreath_product(cyclic_group(2), s20).elements(), factorial(20) << 20},
      {"S_5 wr S_6", wreath_product(symmetric_group(5), symmetric_group(6)).elements(), wreath_product_order(120, 6, 720)},
      {"S_3 wr C_40", wreath_product(symmetric_group(3), cyclic_group(40)).elements(), wreath_product_order(6, 40, 40)},
      {"S_20 x S_20", direct_product(s20, s20).elements(), factorial(20) * factorial(20)},
      {"PSL(4,3)", psl_4_3(), 6065280},
      {"S_8 on pairs", on_subsets(symmetric_group(8), 2), factorial(8)},
      {"S_8 on triples", on_subsets(symmetric_group(8), 3), factorial(8)},
      {"S_16 on pairs", on_subsets(symmetric_group(16), 2), factorial(16)},
      {"M_24", mathieu_group(24).elements(), mathieu_group_order(24)},
      {"D_24 of type D", coxeter_group(coxeter_type::d, 24).elements(), coxeter_group_order(coxeter_type::d, 24)},
      {"S_5 wr S_3 in product action", product_action_wreath_product(symmetric_group(5), symmetric_group(3)).elements(), wreath_product_order(120, 3, 6)},
  };
  {
    auto twice = direct_product(s20, s20).elements();  // equal signs: index 2
    std::vector<permutation> linked;
    for (std::size_t i = 0; i < twice.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (sign(twice[i]) == sign(twice[j])) linked.push_back(twice[i] * twice[j]);
      }
      if (sign(twice[i]) == 1) linked.push_back(twice[i]);
    }
    const auto a20 = alternating_group(20);
    for (const auto& a : a20.elements()) {
      auto images = a.images();
      for (point p = 20; p < 40; ++p) images.push_back(p);
      linked.emplace_back(images);
    }
    for (const auto& a : spread(alternating_group(20), [] {
           std::vector<point> w;
           for (point p = 20; p < 40; ++p) w.push_back(p);
           return w;
         }(), 40)) {
      linked.push_back(a);
    }
    groups.push_back({"S_20 and S_20 with equal signs", linked, factorial(20) * factorial(20) / 2});
  }
  for (const auto& k : groups) {
    INFO(k.name);
    const auto g = make_permutation_group(k.generators);
    REQUIRE(g.order() == k.order);
    check_laws(g, rng);
    REQUIRE(g.base() == std::vector<point>(g.chain().base().begin(), g.chain().base().end()));
  }
}

TEST_CASE("the regular representation of S_7 has a base of one point", "[groups][permutation_group]") {
  const permutation_group s7(symmetric_group(7));
  std::vector<permutation> regular;
  for (const auto& g : s7.generators()) {
    std::vector<point> images;
    for (std::uint64_t r = 0; r < 5040; ++r) images.push_back(static_cast<point>(s7.rank64(s7.unrank64(r) * g)));
    regular.emplace_back(images);
  }
  const auto g = make_permutation_group(regular);
  CHECK(g.order() == 5040);
  CHECK(g.base().size() == 1);
  CHECK(g.proof() == certainty::proven);
  CHECK_FALSE(g.contains(transposition(5040, 0, 1)));
}

TEST_CASE("giants are recognised and need no chain", "[groups][permutation_group][giant]") {
  const auto s = cosetta::tests::seed(0x91a7);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const std::uint64_t n : {8, 9, 10, 15, 24, 64, 65, 257, 2000}) {
    INFO("degree " << n);
    const permutation_group sym(symmetric_group(n)), alt(alternating_group(n));
    REQUIRE(sym.order() == factorial(n));
    REQUIRE(alt.order() == factorial(n) / 2);
    REQUIRE(sym.giant());
    REQUIRE(alt.giant());
    REQUIRE_FALSE(sym.giant()->alternating);
    REQUIRE(alt.giant()->alternating);
    check_laws(sym, rng);
    check_laws(alt, rng);
    REQUIRE(sym.contains(transposition(n, 0, 1)));
    REQUIRE_FALSE(alt.contains(transposition(n, 0, 1)));
    REQUIRE(sym.base().size() == n - 1);
    REQUIRE(alt.base().size() == n - 2);
    REQUIRE_THROWS_MATCHES(alt.rank(transposition(n, 2, 5)), domain_error, message_with("(2 5)"));
  }
  // The points apart, others fixed between them.
  std::vector<point> where;
  for (point p = 3; p < 60; p += 4) where.push_back(p);
  for (const auto& g : {symmetric_group(15), alternating_group(15)}) {
    const permutation_group thin(spread(g, where, 64), 64);
    const bool alternating = sign(g[0]) == 1 && sign(g[1]) == 1;
    REQUIRE(thin.order() == factorial(15) / (alternating ? 2 : 1));
    REQUIRE(thin.giant()->points == where);
    REQUIRE_FALSE(thin.contains(transposition(64, 0, 3)));
    REQUIRE_FALSE(thin.contains(transposition(64, 0, 1)));
    REQUIRE(thin.contains(transposition(64, 3, 7)) == !alternating);
    check_laws(thin, rng);
    REQUIRE(thin.chain().order() == thin.order());
  }
  for (const auto n : {9, 10, 11, 12, 20, 21, 22, 23, 24}) CHECK_FALSE(permutation_group(mathieu_group(static_cast<std::uint64_t>(n))).giant());
  CHECK_FALSE(permutation_group(symmetric_group(7)).giant());
  CHECK(permutation_group(symmetric_group(7)).order() == 5040);
}

TEST_CASE("the chain of a giant agrees with its recognition, under a wished base too", "[groups][permutation_group][giant]") {
  const auto s = cosetta::tests::seed(0x91a8);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  std::vector<point> where{1, 2, 4, 5, 7, 8, 9, 11, 13, 14};
  for (const bool alternating : {false, true}) {
    const auto generators = spread(alternating ? alternating_group(10) : symmetric_group(10), where, 16);
    for (const auto& prefix : std::vector<std::vector<point>>{
             {}, {5}, {14, 1}, {0, 13, 0, 3}, {9, 9, 2}, {14, 13, 11, 9, 8, 7, 5, 4, 2, 1}, {7, 3, 4, 14, 9, 1, 2, 5, 8}}) {
      INFO("prefix of " << prefix.size() << ", alternating " << alternating);
      chain_options options;
      options.base_prefix = prefix;
      const permutation_group g(generators, 16, options);
      REQUIRE(g.giant());
      const auto& c = g.chain();
      REQUIRE(g.base() == std::vector<point>(c.base().begin(), c.base().end()));
      REQUIRE(std::equal(prefix.begin(), prefix.end(), c.base().begin()));
      mpz_class product = 1;
      for (std::size_t i = 0; i < c.length(); ++i) {
        product *= static_cast<unsigned long>(c.orbit(i).size());
        for (const auto& x : c.strong_generators(i)) {
          for (std::size_t j = 0; j < i; ++j) REQUIRE(x[c.base()[j]] == c.base()[j]);
        }
      }
      REQUIRE(product == g.order());
      for (int i = 0; i < 10; ++i) {
        REQUIRE(c.contains(g.random(rng)));
        REQUIRE(g.contains(c.random(rng)));
      }
      REQUIRE(c.contains(transposition(16, 1, 14)) == !alternating);
      REQUIRE_FALSE(c.contains(transposition(16, 0, 1)));
    }
    chain_options outside;
    outside.base_prefix = {16};
    CHECK_THROWS_MATCHES(permutation_group(generators, 16, outside).order(), domain_error, message_with("base point 16", "0..15"));
    CHECK_THROWS_AS(permutation_group(generators, 16, outside).chain(), domain_error);
  }
  CHECK_THROWS_MATCHES(permutation_group(symmetric_group(2000)).chain(), resource_error, message_with("Sym on 2000 points"));
}

TEST_CASE("small random groups: orders, members, ranks", "[groups][permutation_group]") {
  const auto s = cosetta::tests::seed(0x5a11);
  INFO("seed " << s);
  group_supply supply(s);
  for (int i = 0; i < 200; ++i) {
    const auto small = supply.next();
    INFO(small.text());
    const plain_group plain(small.generators, small.degree);
    chain_options options;
    options.seed = supply.rng()();
    const permutation_group g(small.permutations(), small.degree, options);
    REQUIRE(g.order() == plain.order());
    check_laws(g, supply.rng());
    const auto stranger = supply.shuffled(small.degree);
    REQUIRE(g.contains(permutation(stranger)) == plain.contains(stranger));
    if (!plain.contains(stranger)) {
      REQUIRE_THROWS_MATCHES(g.rank(permutation(stranger)), domain_error, message_with("not an element"));
      REQUIRE_THROWS_AS(g.rank64(permutation(stranger)), domain_error);
    }
  }
}

TEST_CASE("ranks are a bijection", "[groups][permutation_group]") {
  const auto s = cosetta::tests::seed(0x4a4b);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  for (const auto& set : {symmetric_group(5), alternating_group(8), wreath_product(cyclic_group(3), symmetric_group(3)), mathieu_group(9),
                          direct_product(dihedral_group(6), cyclic_group(5)), cyclic_group(30), symmetric_group(1)}) {
    const permutation_group g(set);
    const auto order = g.order().get_ui();
    std::set<std::vector<point>> seen;
    for (std::uint64_t r = 0; r < order; ++r) {
      const auto x = g.unrank64(r);
      if (order < 2000) seen.insert(x.images());
      REQUIRE(g.rank64(x) == r);
      if (r % 64 == 0) {
        REQUIRE(g.unrank(mpz_class(static_cast<unsigned long>(r))) == x);
        REQUIRE(g.rank(x) == static_cast<unsigned long>(r));
      }
    }
    if (order < 2000) REQUIRE(seen.size() == order);
  }
  for (const auto& set : {symmetric_group(20), alternating_group(20), mathieu_group(24), wreath_product(cyclic_group(2), symmetric_group(14))}) {
    const permutation_group g(set);  // all below 2^64
    for (int i = 0; i < 50; ++i) {
      const auto x = g.random(rng);
      const auto rank = g.rank64(x);
      REQUIRE(g.rank(x) == static_cast<unsigned long>(rank));
      REQUIRE(g.unrank64(rank) == x);
    }
  }
}

TEST_CASE("random elements of groups and of giants are uniform", "[groups][permutation_group]") {
  const auto s = cosetta::tests::seed(0x4a12);
  INFO("seed " << s);
  std::mt19937_64 rng(s);
  const auto spread_of = [&](const permutation_group& g, std::size_t classes, int draws) {
    std::vector<int> counts(classes, 0);
    for (int i = 0; i < draws; ++i) ++counts[mpz_class(g.rank(g.random(rng)) * static_cast<unsigned long>(classes) / g.order()).get_ui()];
    const double mean = static_cast<double>(draws) / static_cast<double>(classes);
    double chi = 0;
    for (const auto n : counts) chi += (n - mean) * (n - mean) / mean;
    const double freedom = static_cast<double>(classes - 1);
    return chi < freedom + 5 * std::sqrt(2 * freedom);
  };
  CHECK(spread_of(permutation_group(symmetric_group(4)), 24, 4800));
  CHECK(spread_of(permutation_group(wreath_product(cyclic_group(3), cyclic_group(2))), 18, 3600));
  CHECK(spread_of(permutation_group(symmetric_group(9)), 81, 8100));
  CHECK(spread_of(permutation_group(alternating_group(8)), 64, 6400));
  CHECK(spread_of(permutation_group(mathieu_group(11)), 66, 6600));
}

TEST_CASE("known orders of groups and of giants", "[groups][permutation_group]") {
  for (const auto& set : {symmetric_group(12), alternating_group(12), mathieu_group(12), wreath_product(symmetric_group(4), symmetric_group(8))}) {
    const auto order = permutation_group(set).order();
    chain_options options;
    options.known_order = order;
    CHECK(permutation_group(set, options).order() == order);
    for (const mpz_class& wrong : {mpz_class(order / 2), mpz_class(2 * order), mpz_class(3 * order), mpz_class(0), mpz_class(-order), mpz_class(1)}) {
      options.known_order = wrong;
      const permutation_group g(set, options);
      for (int attempt = 0; attempt < 2; ++attempt) {
        CHECK_THROWS_MATCHES(g.order(), domain_error, message_with("known order " + wrong.get_str() + " is wrong", order.get_str()));
        CHECK_THROWS_AS(g.contains(permutation(g.degree())), domain_error);
      }
    }
  }
}

TEST_CASE("a group is told what it is given", "[groups][permutation_group]") {
  const permutation_group nothing;
  CHECK(nothing.degree() == 0);
  CHECK(nothing.order() == 1);
  CHECK(nothing.contains(permutation(std::size_t{0})));
  CHECK(nothing.base().empty());
  const permutation_group none(std::vector<permutation>{}, 7);
  CHECK(none.order() == 1);
  CHECK(none.rank(permutation(std::size_t{7})) == 0);
  const auto repeated = make_permutation_group({permutation(std::size_t{3}), transposition(3, 0, 1), transposition(3, 0, 1)});
  CHECK(repeated.generators().size() == 3);
  CHECK(repeated.order() == 2);
  CHECK_THROWS_MATCHES(make_permutation_group({}), domain_error, message_with("needs a generator"));
  CHECK_THROWS_MATCHES(make_permutation_group({permutation(std::size_t{3}), permutation(std::size_t{4})}), domain_error,
                       message_with("generator 1 has degree 4", "3"));
}

TEST_CASE("copies share what is computed", "[groups][permutation_group]") {
  const permutation_group g(mathieu_group(12));
  const permutation_group copy = g;
  CHECK(&g.chain() == &copy.chain());
  CHECK(&g.order() == &copy.order());
}

TEST_CASE("eight threads share a fresh group", "[groups][permutation_group]") {
  for (const auto& set : {mathieu_group(24), symmetric_group(30), wreath_product(symmetric_group(4), symmetric_group(7)), cyclic_group(300)}) {
    for (int round = 0; round < 3; ++round) {
      const permutation_group g(set);
      std::atomic<int> wrong{0};
      std::vector<std::thread> threads;
      for (std::uint64_t t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
          std::mt19937_64 rng(t);
          if (t % 4 == 1 && g.chain().transversal(0, 1)[g.chain().base()[0]] != g.chain().orbit(0)[1]) ++wrong;
          if (t % 4 == 2 && g.order() < 2) ++wrong;
          for (int i = 0; i < 10; ++i) {
            const auto x = g.random(rng);
            if (!g.contains(x) || g.unrank(g.rank(x)) != x || !g.chain().contains(x)) ++wrong;
          }
        });
      }
      for (auto& t : threads) t.join();
      REQUIRE(wrong == 0);
    }
  }
}

TEST_CASE("a group that was stopped answers when it is asked again", "[groups][permutation_group]") {
  const auto set = wreath_product(symmetric_group(5), symmetric_group(30));
  chain_options options;
  int calls = 0;
  options.control.observer = [&calls](const chain_progress&) {
    if (++calls < 3) throw stopped_error("not yet");
  };
  const permutation_group g(set, options);
  CHECK_THROWS_AS(g.order(), stopped_error);
  CHECK_THROWS_AS(g.contains(permutation(std::size_t{150})), stopped_error);
  CHECK(g.order() == wreath_product_order(120, 30, factorial(30)));

  std::stop_source source;
  source.request_stop();
  options.control = {};
  options.control.stop = source.get_token();
  const permutation_group stopped(set, options);
  CHECK_THROWS_AS(stopped.order(), stopped_error);
  CHECK_THROWS_AS(stopped.order(), stopped_error);
}

}  // namespace permutation_group_test
