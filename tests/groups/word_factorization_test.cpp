// Words for elements: every one multiplies out, none fails, small groups get geodesics, the same seed the same words.
#include <groups/permutation_group.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace word_factorization_test {
namespace {

using namespace cosetta::groups;

word_budget small_budget() {
  word_budget out;
  out.words = 20'000;
  out.table_entries = 2'000;
  return out;
}

generating_set<permutation> named(const permutation_group& group) {
  generating_set<permutation> out;
  for (std::size_t i = 0; i < group.generators().size(); ++i) out.add("g" + std::to_string(i), group.generators()[i]);
  return out;
}

void check_word(const permutation_group& group, const permutation& g, const word& w) {
  REQUIRE(free_reduce(w) == w);
  for (const auto letter : w) REQUIRE((letter != 0 && static_cast<std::size_t>(std::abs(letter)) <= group.generators().size()));
  REQUIRE(evaluate(w, named(group), permutation(group.degree())) == g);
}

void check_group(const permutation_group& group, const word_budget& budget, std::mt19937_64& random, int elements) {
  const word_solver solver(group, budget);
  check_word(group, permutation(group.degree()), solver.factor(permutation(group.degree())));
  for (const auto& g : group.generators()) check_word(group, g, solver.factor(g));
  for (int i = 0; i < elements; ++i) {
    const auto g = group.random(random);
    word_effort effort;
    effort.shorten = i % 3 != 0;
    if (i % 4 == 1) effort = word_effort::level(0);
    check_word(group, g, solver.factor(g, effort));
  }
}

permutation random_permutation(std::mt19937_64& random, std::size_t n) {
  auto images = permutation(n).images();
  std::shuffle(images.begin(), images.end(), random);
  return permutation(images);
}

permutation cycle(std::size_t n) {
  auto images = permutation(n).images();
  std::rotate(images.begin(), images.begin() + 1, images.end());
  return permutation(images);
}

permutation_group lrx(std::size_t n) {
  return make_permutation_group({cycle(n), cycle(n).inverse(), transposition(n, 0, 1)});
}

permutation_group from_gap(std::initializer_list<std::string_view> generators, std::size_t degree) {
  std::vector<permutation> out;
  for (const auto text : generators) out.push_back(parse_permutation(text, degree, 1));
  return make_permutation_group(out);
}

permutation_group rubik() {  // Schoenert's numbering
  return from_gap({"(1,3,8,6)(2,5,7,4)(9,33,25,17)(10,34,26,18)(11,35,27,19)", "(9,11,16,14)(10,13,15,12)(1,17,41,40)(4,20,44,37)(6,22,46,35)",
                   "(17,19,24,22)(18,21,23,20)(6,25,43,16)(7,28,42,13)(8,30,41,11)", "(25,27,32,30)(26,29,31,28)(3,38,43,19)(5,36,45,21)(8,33,48,24)",
                   "(33,35,40,38)(34,37,39,36)(3,9,46,32)(2,12,47,29)(1,14,48,27)", "(41,43,48,46)(42,45,47,44)(14,22,30,38)(15,23,31,39)(16,24,32,40)"},
                  48);
}

permutation_group mathieu_24() {
  return from_gap({"(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23)", "(3,17,10,7,9)(4,13,14,19,5)(8,18,11,12,23)(15,20,22,21,16)",
                   "(1,24)(2,23)(3,12)(4,16)(5,18)(6,10)(7,20)(8,14)(9,21)(11,17)(13,22)(15,19)"},
                  24);
}

}  // namespace

TEST_CASE("words of random small groups multiply out", "[groups][words]") {
  const auto s = cosetta::tests::seed(0x30d5);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 30; ++round) {
    const std::size_t n = 1 + random() % 30;
    std::vector<permutation> generators;
    for (std::size_t k = 1 + random() % 3; k > 0; --k) generators.push_back(random_permutation(random, n));
    INFO("round " << round << ", degree " << n);
    auto budget = small_budget();
    budget.base_orders = 1 + static_cast<int>(random() % 4);
    check_group(make_permutation_group(generators), budget, random, 12);
  }
}

TEST_CASE("words of random intransitive groups multiply out", "[groups][words]") {
  const auto s = cosetta::tests::seed(0x147);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 16; ++round) {
    const std::size_t n = 2 + random() % 8, m = 2 + random() % 8;
    std::vector<permutation> generators;
    const bool product = round % 2 == 0;  // else a subdirect product
    for (int k = 0; k < 2; ++k) {
      const auto a = random_permutation(random, n), b = random_permutation(random, m);
      if (product) {
        generators.push_back(beside(a, permutation(m)));
        generators.push_back(beside(permutation(n), b));
      } else {
        generators.push_back(beside(beside(a, b), a));
      }
    }
    INFO("round " << round);
    check_group(make_permutation_group(generators), small_budget(), random, 12);
  }
}

TEST_CASE("trivial groups, identities and duplicates among the generators", "[groups][words]") {
  std::mt19937_64 random(1);
  const word_solver nothing{permutation_group()};
  CHECK(nothing.factor(permutation(0)).empty());
  const word_solver trivial{make_permutation_group({permutation(5)})};
  CHECK(trivial.factor(permutation(5)).empty());
  CHECK_THROWS_AS(trivial.factor(transposition(5, 0, 1)), cosetta::domain_error);
  const auto x = transposition(6, 1, 2);
  check_group(make_permutation_group({permutation(6), x, x, permutation(6), cycle(6), cycle(6), cycle(6).inverse()}), small_budget(), random, 20);
  check_group(make_permutation_group({permutation(6), x}), small_budget(), random, 4);
}

TEST_CASE("a cyclic group gets the shorter way round", "[groups][words]") {
  const auto group = make_permutation_group({cycle(1000)});
  const word_solver solver(group);
  for (std::size_t k = 0; k < 1000; k += 37) {
    const auto g = cycle(1000).pow(static_cast<unsigned long>(k));
    const auto w = solver.factor(g);
    check_word(group, g, w);
    CHECK(w.size() == std::min(k, 1000 - k));
  }
}

TEST_CASE("powers of commuting generators are taken modulo their orders", "[groups][words]") {
  // C_211 x C_300 x C_307: too large for one table, diameter 105 + 150 + 153.
  const auto a = beside(beside(cycle(211), permutation(300)), permutation(307));
  const auto b = beside(beside(permutation(211), cycle(300)), permutation(307));
  const auto c = beside(beside(permutation(211), permutation(300)), cycle(307));
  const auto group = make_permutation_group({a, b, c});
  const word_solver solver(group, small_budget());
  std::mt19937_64 random(3);
  for (int i = 0; i < 8; ++i) {
    const auto g = group.random(random);
    const auto w = solver.factor(g);
    check_word(group, g, w);
    CHECK(w.size() <= 105 + 150 + 153);
  }
}

TEST_CASE("a group that fits one table gets geodesics", "[groups][words]") {
  for (const auto& group : {lrx(7), make_permutation_group({cycle(9), parse_permutation("(1 8)(2 7)(3 6)(4 5)", 9)})}) {
    std::map<permutation, std::size_t> distance{{permutation(group.degree()), 0}};
    std::vector<permutation> queue{permutation(group.degree())};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const auto& g : group.generators()) {
        for (const auto& step : {g, g.inverse()}) {
          const auto next = queue[i] * step;
          if (distance.emplace(next, distance.at(queue[i]) + 1).second) queue.push_back(next);
        }
      }
    }
    REQUIRE(distance.size() == group.order());
    const word_solver solver(group);
    std::mt19937_64 random(5);
    for (int i = 0; i < 200; ++i) {
      const auto& g = queue[random() % queue.size()];
      const auto w = solver.factor(g);
      check_word(group, g, w);
      CHECK(w.size() == distance.at(g));
    }
  }
}

TEST_CASE("symmetric groups by rotations and a transposition", "[groups][words]") {
  std::mt19937_64 random(8);
  for (std::size_t n = 8; n <= 20; n += 3) {
    INFO("n " << n);
    check_group(lrx(n), small_budget(), random, 12);
  }
  const auto group = lrx(12);
  const word_solver solver(group);
  std::size_t sum = 0;
  for (int i = 0; i < 20; ++i) sum += solver.factor(group.random(random)).size();
  CHECK(sum < 20 * 66);  // the diameter
}

TEST_CASE("giants by random generators", "[groups][words]") {
  const auto s = cosetta::tests::seed(0x91a);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  auto budget = small_budget();
  budget.base_orders = 1;
  for (const std::size_t n : {9, 20, 30}) {
    std::vector<permutation> generators{random_permutation(random, n), random_permutation(random, n)};
    INFO("degree " << n);
    check_group(make_permutation_group(generators), budget, random, 4);
    for (auto& g : generators) g = g * g;
    check_group(make_permutation_group(generators), budget, random, 4);
  }
  CHECK_THROWS_AS(word_solver(lrx(3000)), cosetta::resource_error);
}

TEST_CASE("the Mathieu group of degree 24", "[groups][words]") {
  std::mt19937_64 random(24);
  const auto group = mathieu_24();
  REQUIRE(group.order() == 244823040);
  check_group(group, {}, random, 30);
}

TEST_CASE("signed permutations: many small orbits", "[groups][words]") {
  std::mt19937_64 random(2);
  const auto turn = beside(cycle(20), cycle(20));
  auto flip = permutation(40).images();
  std::swap(flip[0], flip[20]);
  auto swap = permutation(40).images();
  std::swap(swap[0], swap[1]);
  std::swap(swap[20], swap[21]);
  check_group(make_permutation_group({turn, permutation(flip), permutation(swap)}), small_budget(), random, 10);
}

TEST_CASE("the cube: short words, within the budget", "[groups][words]") {
  const auto group = rubik();
  REQUIRE(group.order() == mpz_class("43252003274489856000"));
  const word_solver solver(group);
  CHECK(solver.report().words <= 2 * word_budget{}.words);
  std::mt19937_64 random(3);
  std::size_t sum = 0, plain = 0;
  constexpr std::size_t elements = 30;
  for (std::size_t i = 0; i < elements; ++i) {
    const auto g = group.random(random);
    const auto w = solver.factor(g);
    check_word(group, g, w);
    sum += w.size();
    plain += solver.factor(g, word_effort::level(0)).size();
  }
  CHECK(sum <= elements * 45);
  CHECK(sum < plain);
  // What is no element: a corner turned, an edge flipped, two edges swapped.
  for (const auto* text : {"(1,35,9)", "(2,34)", "(2,5)(34,26)"}) {
    const auto g = parse_permutation(text, 48, 1);
    CHECK_FALSE(solver.try_factor(g));
    CHECK_THROWS_AS(solver.factor(g), cosetta::domain_error);
  }
  CHECK_THROWS_WITH(solver.factor(permutation(47)), Catch::Contains("47") && Catch::Contains("48"));
}

TEST_CASE("the same seed gives the same words", "[groups][words]") {
  const auto group = rubik();
  auto budget = small_budget();
  budget.words = 200'000;
  const word_solver one(group, budget), two(rubik(), budget);
  CHECK(one.report().base == two.report().base);
  CHECK(one.report().words == two.report().words);
  std::mt19937_64 random(6);
  for (int i = 0; i < 10; ++i) {
    const auto g = group.random(random);
    CHECK(one.factor(g) == two.factor(g));
  }
}

TEST_CASE("budgets: nothing to spend, no time, little memory", "[groups][words]") {
  std::mt19937_64 random(7);
  const auto group = mathieu_24();
  word_budget none;
  none.words = 0;
  none.table_entries = 1;
  check_group(group, none, random, 10);
  word_budget late;
  late.seconds = 0.0;
  check_group(group, late, random, 10);
  check_group(rubik(), late, random, 5);
  word_budget tight;
  tight.memory_bytes = 100'000;
  check_group(group, tight, random, 5);
  tight.memory_bytes = 1'000;
  CHECK_THROWS_AS(word_solver(group, tight), cosetta::resource_error);
}

TEST_CASE("set-up and factorizations can be stopped", "[groups][words]") {
  const auto group = rubik();
  std::stop_source source;
  source.request_stop();
  group_control stopped;
  stopped.stop = source.get_token();
  CHECK_THROWS_AS(word_solver(group, {}, stopped), stopped_error);
  group_control late;
  late.deadline = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(word_solver(group, {}, late), stopped_error);
  const word_solver solver(group, small_budget());
  std::mt19937_64 random(9);
  CHECK_THROWS_AS(solver.factor(group.random(random), {}, stopped), stopped_error);
}

TEST_CASE("one solver serves many threads", "[groups][words]") {
  const auto group = mathieu_24();
  const word_solver solver(group, small_budget());
  std::mt19937_64 random(11);
  std::vector<permutation> elements;
  std::vector<word> expected;
  for (int i = 0; i < 24; ++i) elements.push_back(group.random(random));
  for (const auto& g : elements) expected.push_back(solver.factor(g));
  std::vector<std::vector<word>> found(4);
  std::vector<std::thread> threads;
  for (auto& out : found) {
    threads.emplace_back([&] {
      for (const auto& g : elements) out.push_back(solver.factor(g));
    });
  }
  for (auto& t : threads) t.join();
  for (const auto& out : found) CHECK(out == expected);
}

}  // namespace word_factorization_test
