// Coset enumeration: orders and indices from the literature, tables checked by definition, and the strategies against
// each other.
#include <groups/coset_enumeration.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace coset_enumeration_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

struct bond {
  int i, j, order;
};

/// The Coxeter group of rank n whose diagram has these bonds; all other pairs commute.
presentation coxeter(int n, const std::vector<bond>& bonds) {
  presentation p;
  for (int i = 1; i <= n; ++i) p.generators.push_back("s" + std::to_string(i));
  for (int i = 1; i <= n; ++i) p.relators.push_back({i, i});
  for (int i = 1; i <= n; ++i) {
    for (int j = i + 1; j <= n; ++j) {
      int order = 2;
      for (const auto& b : bonds) {
        if (b.i == i && b.j == j) order = b.order;
      }
      word r;
      for (int k = 0; k < order; ++k) r.insert(r.end(), {i, j});
      p.relators.push_back(r);
    }
  }
  return p;
}

/// A straight diagram: orders of consecutive products.
presentation coxeter_line(const std::vector<int>& orders) {
  std::vector<bond> bonds;
  for (int i = 0; i < static_cast<int>(orders.size()); ++i)
    bonds.push_back({i + 1, i + 2, orders[static_cast<std::size_t>(i)]});
  return coxeter(static_cast<int>(orders.size()) + 1, bonds);
}

presentation over(presentation p, std::vector<word> subgroup) {
  p.subgroup = std::move(subgroup);
  return p;
}

/// F(2,n): x_i x_{i+1} = x_{i+2}, indices modulo n.
presentation fibonacci(int n) {
  presentation p;
  for (int i = 0; i < n; ++i) {
    p.generators.push_back("x" + std::to_string(i));
    p.relators.push_back({i + 1, (i + 1) % n + 1, -((i + 2) % n + 1)});
  }
  return p;
}

struct sample {
  std::string name;
  presentation group;
  std::size_t index;
};

const std::vector<sample>& samples() {
  const auto read = [](const char* text) { return parse_presentation(text); };
  static const std::vector<sample> all = {
      {"trivial", read("a|a"), 1},
      {"C12", read("a|a^12"), 12},
      {"C12 over C4", read("a|a^12|a^3"), 3},
      {"C4 x C6", read("a,b|a^4,b^6,[a,b]"), 24},
      {"Q8", read("i,j|i^2=j^2,j^-1*i*j=i^-1"), 8},
      {"dicyclic 20", read("a,b|a^10,a^5=b^2,a^b=a^-1"), 20},
      {"dihedral 14", read("a,b|a^7,b^2,(a*b)^2"), 14},
      {"A5", read("a,b|a^2,b^3,(a*b)^5"), 60},
      {"A5 over C5", read("a,b|a^2,b^3,(a*b)^5|a*b"), 12},
      {"SL(2,5)", read("a,b|a^5=b^3=(a*b)^2,a^10"), 120},
      {"S4 on two generators", read("a,b|a^4,b^2,(a*b)^3"), 24},
      {"PSL(2,7)", read("a,b|a^2,b^3,(a*b)^7,[a,b]^4"), 168},
      {"PSL(2,7) over C7", read("a,b|a^2,b^3,(a*b)^7,[a,b]^4|a*b"), 24},
      {"PSL(2,13) = (2,3,7;6)", read("a,b|a^2,b^3,(a*b)^7,[a,b]^6"), 1092},
      {"PSL(2,13) = (2,3,7;7)", read("a,b|a^2,b^3,(a*b)^7,[a,b]^7"), 1092},
      {"(2,3,7;8)", read("a,b|a^2,b^3,(a*b)^7,[a,b]^8"), 10752},
      {"(2,3,7;8) over C7", read("a,b|a^2,b^3,(a*b)^7,[a,b]^8|a*b"), 1536},
      {"M11", read("a,b|a^2,b^4,(a*b)^11,(a*b^2)^6,a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1"), 7920},
      {"M11 over C11", read("a,b|a^2,b^4,(a*b)^11,(a*b^2)^6,a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1|a*b"),
       720},
      {"M12 over C11", read("a,b|a^2,b^3,(a*b)^11,[a,b]^6,(a*b*a*b*a*b^-1)^6,[a,b*a*b]^5|a*b"), 8640},
      {"Burnside B(2,3)", read("a,b|a^3,b^3,(a*b)^3,(a*b^-1)^3"), 27},
      {"Heisenberg mod 5", read("x,y,z|x^5,y^5,z^5,[x,y]=z,[x,z],[y,z]"), 125},
      {"Heisenberg mod 11 over <x,z>", read("x,y,z|x^11,y^11,z^11,[x,y]=z,[x,z],[y,z]|x,z"), 11},
      {"Fibonacci F(2,3)", fibonacci(3), 8},
      {"Fibonacci F(2,4)", fibonacci(4), 5},
      {"Fibonacci F(2,5)", fibonacci(5), 11},
      {"Fibonacci F(2,7)", fibonacci(7), 29},
      {"S5, Coxeter", coxeter_line({3, 3, 3}), 120},
      {"S7, Coxeter", coxeter_line({3, 3, 3, 3, 3}), 5040},
      {"S7 over S6", over(coxeter_line({3, 3, 3, 3, 3}), {{1}, {2}, {3}, {4}, {5}}), 7},
      {"B4", coxeter_line({3, 3, 4}), 384},
      {"D5", coxeter(5, {{1, 2, 3}, {2, 3, 3}, {3, 4, 3}, {3, 5, 3}}), 1920},
      {"H3", coxeter_line({5, 3}), 120},
      {"F4", coxeter_line({3, 4, 3}), 1152},
      {"H4", coxeter_line({5, 3, 3}), 14400},
      {"E6", coxeter(6, {{1, 2, 3}, {2, 3, 3}, {3, 4, 3}, {4, 5, 3}, {3, 6, 3}}), 51840},
      {"E7 over E6",
       over(coxeter(7, {{1, 2, 3}, {2, 3, 3}, {3, 4, 3}, {4, 5, 3}, {3, 6, 3}, {5, 7, 3}}),
            {{1}, {2}, {3}, {4}, {5}, {6}}),
       56},
      {"E8 over E7",
       over(coxeter(8, {{1, 2, 3}, {2, 3, 3}, {3, 4, 3}, {4, 5, 3}, {3, 6, 3}, {5, 7, 3}, {7, 8, 3}}),
            {{1}, {2}, {3}, {4}, {5}, {6}, {7}}),
       240},
      // Trivial groups that say so late.
      {"Higman on two letters", read("a,b|a^-1*b*a=b^2,b^-1*a*b=a^2"), 1},
      {"Higman on three letters", read("a,b,c|b^-1*a*b=a^2,c^-1*b*c=b^2,a^-1*c*a=c^2"), 1},
      {"a power of each", read("a,b|a^3=b^4,a^4=b^5,[a,b]"), 1},
      // Infinite groups over subgroups of finite index.
      {"free over the squares", read("a,b||a^2,b,a*b*a^-1"), 2},
      {"Z over 1000 Z", read("a||a^1000"), 1000},
      {"the whole group", read("a,b|a^2,b^3|a,b"), 1},
  };
  return all;
}

coset_table enumerate_by(const presentation& p, coset_strategy strategy,
                         std::size_t max_cosets = std::size_t{1} << 21) {
  coset_options options;
  options.strategy = strategy;
  options.max_cosets = max_cosets;
  return enumerate_cosets(p, options);
}

word random_word(std::mt19937_64& random, std::size_t letters, std::size_t length) {
  word out(length);
  for (auto& letter : out) {
    letter = static_cast<std::int32_t>(1 + random() % letters);
    if (random() % 2 == 0) letter = -letter;
  }
  return out;
}

}  // namespace

TEST_CASE("indices are those of the literature, whatever the strategy", "[groups][coset]") {
  for (const auto& s : samples()) {
    INFO(s.name << ": " << to_string(s.group));
    const auto table = enumerate_cosets(s.group);
    REQUIRE(table.index() == s.index);
    REQUIRE(is_valid(table, s.group));
    REQUIRE(enumerate_by(s.group, coset_strategy::hlt) == table);
    REQUIRE(enumerate_by(s.group, coset_strategy::felsch) == table);
  }
}

TEST_CASE("an enumeration defines few cosets, and powers take one scan", "[groups][coset]") {
  const auto p = coxeter_line({3, 3, 3, 3, 3});
  const auto table = enumerate_cosets(p);
  CHECK(table.cost().most_live < 2 * 5040);
  // One scan closes a power at all cosets of its loop: this would take 10^12 steps otherwise.
  CHECK(enumerate_by(parse_presentation("a|a^1000000"), coset_strategy::hlt).index() == 1000000);
}

TEST_CASE("words are equal when they lead to the same coset of the trivial subgroup", "[groups][coset]") {
  // S6 and H3 know their elements otherwise: as permutations of points and of the 12 vertices of the icosahedron.
  const auto s = cosetta::tests::seed(0xc05e7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const auto p = coxeter_line({3, 3, 3, 3});
  generating_set<permutation> set;
  for (point i = 0; i < 5; ++i) set.add(p.generators[i], transposition(6, i, i + 1));
  const auto table = enumerate_cosets(p);
  std::size_t equal = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto u = random_word(random, 5, random() % 12);
    const auto v = random_word(random, 5, random() % 12);
    const bool same = evaluate(u, set, permutation(6)) == evaluate(v, set, permutation(6));
    equal += same;
    REQUIRE((table.trace(0, u) == table.trace(0, v)) == same);
  }
  CHECK(equal > 5);
  const auto h3 = enumerate_cosets(coxeter_line({5, 3}));
  const auto small = generator_permutations(enumerate_cosets(over(coxeter_line({5, 3}), {{1}, {2}})));
  REQUIRE(small[0].degree() == 12);
  generating_set<permutation> rotations;
  for (std::size_t i = 0; i < 3; ++i) rotations.add("s" + std::to_string(i), small[i]);
  for (int round = 0; round < 500; ++round) {
    const auto u = random_word(random, 3, random() % 30);
    REQUIRE((h3.trace(0, u) == 0) == evaluate(u, rotations, permutation(12)).is_identity());
  }
}

TEST_CASE("generators act from the right by bijections", "[groups][coset]") {
  const auto p = parse_presentation("a,b|a^5,b^3,(a*b)^2|b");
  const auto table = enumerate_cosets(p);
  const auto action = generator_permutations(table);
  REQUIRE(action.size() == 2);
  REQUIRE(table.index() == 20);
  for (coset_table::coset c = 0; c < 20; ++c) {
    for (std::int32_t i = 1; i <= 2; ++i) {
      REQUIRE(action[static_cast<std::size_t>(i - 1)][c] == table.next(c, i));
      REQUIRE(table.next(table.next(c, i), -i) == c);
    }
    REQUIRE((action[0] * action[1])[c] == table.trace(c, word{1, 2}));  // first a, then b
  }
  for (const auto& r : p.relators) {
    generating_set<permutation> set;
    for (std::size_t i = 0; i < 2; ++i) set.add(p.generators[i], action[i]);
    CHECK(evaluate(r, set, permutation(20)).is_identity());
  }
  for (std::size_t i = 0; i < 2; ++i) CHECK_NOTHROW(make_permutation(action[i].images()));
}

TEST_CASE("larger subgroups have smaller indices that divide", "[groups][coset]") {
  const auto s = cosetta::tests::seed(0xd17);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto& [name, group, order] : samples()) {
    if (!group.subgroup.empty() || order > 8000) continue;
    std::size_t previous = order;
    presentation p = group;
    for (int round = 0; round < 3; ++round) {
      p.subgroup.push_back(random_word(random, p.generators.size(), 1 + random() % 6));
      const auto table = enumerate_cosets(p);
      INFO(name << " over " << to_string(p));
      REQUIRE(is_valid(table, p));
      REQUIRE(previous % table.index() == 0);
      previous = table.index();
      // A conjugate subgroup has the same index.
      presentation conjugate = p;
      const auto g = random_word(random, p.generators.size(), 5);
      for (auto& w : conjugate.subgroup) {
        word moved = inverse(g);
        moved.insert(moved.end(), w.begin(), w.end());
        moved.insert(moved.end(), g.begin(), g.end());
        w = moved;
      }
      REQUIRE(enumerate_cosets(conjugate).index() == previous);
    }
  }
}

TEST_CASE("redundant and rewritten relators do not change the table", "[groups][coset]") {
  const auto s = cosetta::tests::seed(0x4ed);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto& [name, group, index] : samples()) {
    if (index > 2000 || group.relators.empty()) continue;
    const auto table = enumerate_cosets(group);
    for (int round = 0; round < 3; ++round) {
      presentation p = group;
      for (auto& r : p.relators) {  // a rotation, perhaps of the inverse, perhaps with letters that cancel
        if (r.empty()) continue;
        std::rotate(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(random() % r.size()), r.end());
        if (random() % 2 == 0) r = inverse(r);
        if (random() % 4 == 0) r.insert(r.begin() + static_cast<std::ptrdiff_t>(random() % r.size()), {1, -1});
      }
      for (std::size_t more = random() % 4; more > 0; --more) {  // a product of conjugates
        word product;
        for (int factor = 0; factor < 2; ++factor) {
          const auto g = random_word(random, p.generators.size(), random() % 4);
          const auto& r = p.relators[random() % p.relators.size()];
          for (const auto& part : {inverse(g), r, g}) product.insert(product.end(), part.begin(), part.end());
        }
        p.relators.push_back(std::move(product));
      }
      std::shuffle(p.relators.begin(), p.relators.end(), random);
      INFO(name << ": " << to_string(p));
      REQUIRE(enumerate_cosets(p) == table);
      REQUIRE(enumerate_by(p, coset_strategy::felsch) == table);
    }
  }
}

TEST_CASE("the generators of the subgroup may be replaced", "[groups][coset]") {
  const auto p = parse_presentation("a,b|a^2,b^3,(a*b)^11,[a,b]^6,(a*b*a*b*a*b^-1)^6,[a,b*a*b]^5|a*b");
  const auto table = enumerate_cosets(p);
  CHECK(enumerate_cosets(over(p, {{-2, -1}, {}, {1, 2, 1, 2}})) == table);
  CHECK(enumerate_cosets(over(p, {{1, 2, 1, 2, 1, 2}})) == table);  // 3 is prime to 11
}

TEST_CASE("a full table is searched for room, and then the other strategy is tried", "[groups][coset]") {
  const auto s7 = coxeter_line({3, 3, 3, 3, 3});
  const auto table = enumerate_cosets(s7);
  for (const std::size_t limit : {5500, 5700, 6000, 6092}) {  // 6093 cosets are defined when there is room
    INFO("limit " << limit);
    const auto tight = enumerate_by(s7, coset_strategy::hlt, limit);
    CHECK(tight == table);
    CHECK(tight.cost().most_live <= limit);
  }
  const auto m11 =
      parse_presentation("a,b|a^2,b^4,(a*b)^11,(a*b^2)^6,a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1");
  const auto known = enumerate_cosets(m11);
  for (const std::size_t limit : {20'000, 40'000, 60'000, 100'000}) {
    try {
      const auto tight = enumerate_by(m11, coset_strategy::hlt, limit);
      CHECK(tight == known);
    } catch (const resource_error&) {
    }
  }
  const auto f27 = enumerate_by(fibonacci(7), coset_strategy::automatic, 50'000);
  CHECK(f27.cost().strategy == coset_strategy::felsch);
  CHECK(f27.index() == 29);
  CHECK_THROWS_AS(enumerate_by(fibonacci(7), coset_strategy::hlt, 50'000), resource_error);
  const auto exactly = enumerate_by(s7, coset_strategy::felsch, 5040);
  CHECK(exactly == table);
  CHECK_THROWS_AS(enumerate_by(s7, coset_strategy::automatic, 5039), resource_error);
}

TEST_CASE("infinite groups end at the limit", "[groups][coset]") {
  for (const auto* text : {"a|", "a,b|", "a,b|a^2,b^3", "a,b|[a,b]", "a,b|a^2,b^3,(a*b)^7", "a,b|a^2,b^3,(a*b)^6",
                           "a,b|a*b*a^-1=b^2", "a,b|a^2,b^3|a"}) {
    for (const auto strategy : {coset_strategy::automatic, coset_strategy::hlt, coset_strategy::felsch}) {
      INFO(text);
      CHECK_THROWS_MATCHES(enumerate_by(parse_presentation(text), strategy, 20'000), resource_error,
                           message_with("the limit is 20000") && message_with("raise the limit on cosets"));
    }
  }
  coset_options options;
  options.memory_bytes = 1'000'000;
  CHECK_THROWS_MATCHES(enumerate_cosets(parse_presentation("a,b|"), options), resource_error,
                       message_with("1000000 bytes hold") && message_with("raise the memory"));
  CHECK_THROWS_AS(enumerate_by(parse_presentation("a|a^2"), coset_strategy::automatic, 0), resource_error);
}

TEST_CASE("an enumeration stops when told to, and says how far it is", "[groups][coset]") {
  const auto endless = parse_presentation("a,b|a^2,b^3,(a*b)^7,[a,b]^11");
  coset_options options;
  std::stop_source source;
  options.stop = source.get_token();
  source.request_stop();
  CHECK_THROWS_MATCHES(enumerate_cosets(endless, options), resource_error, message_with("stopped with"));
  options.stop = {};
  options.deadline = std::chrono::steady_clock::now();
  CHECK_THROWS_MATCHES(enumerate_cosets(endless, options), resource_error,
                       message_with("out of time with") && message_with("cosets live"));
  // Within one long relator, too.
  std::vector<coset_progress> looks;
  coset_options watched;
  watched.observer = [&](const coset_progress& report) { looks.push_back(report); };
  CHECK(enumerate_cosets(parse_presentation("a|a^1000000"), watched).index() == 1'000'000);
  REQUIRE(!looks.empty());
  CHECK(looks[0].live < 1'000'000);
  std::stop_source from_observer;
  options.deadline.reset();
  options.stop = from_observer.get_token();
  std::vector<coset_progress> reports;
  options.observer = [&](const coset_progress& report) {
    reports.push_back(report);
    if (reports.size() == 2) from_observer.request_stop();
  };
  CHECK_THROWS_AS(enumerate_cosets(endless, options), resource_error);
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].live > 0);
  CHECK(reports[0].defined >= reports[0].live);
  CHECK(reports[1].defined >= reports[0].defined);
  CHECK(reports[1].seconds >= reports[0].seconds);
}

TEST_CASE("letters have to be generators", "[groups][coset]") {
  CHECK_THROWS_MATCHES(enumerate_cosets({{"a"}, {{1, 2}}, {}}), domain_error, message_with("relator 1"));
  CHECK_THROWS_MATCHES(enumerate_cosets({{"a"}, {{1}}, {{}, {0}}}), domain_error, message_with("subgroup generator 2"));
  CHECK_THROWS_AS(enumerate_cosets({{"a"}, {{std::numeric_limits<std::int32_t>::min()}}, {}}), domain_error);
  CHECK(enumerate_cosets(presentation{}).index() == 1);  // no generators: the trivial group
  CHECK(generator_permutations(enumerate_cosets(presentation{})).empty());
  CHECK(enumerate_by(presentation{}, coset_strategy::felsch).index() == 1);
}

TEST_CASE("a transversal leads to each coset by its first word", "[groups][coset]") {
  for (const auto& [name, group, index] : samples()) {
    if (index > 400) continue;
    INFO(name);
    const auto table = enumerate_cosets(group);
    const auto words = transversal_words(table);
    const schreier_transversal tree(table);
    REQUIRE(words.size() == index);
    REQUIRE(tree.size() == index);
    const auto rank = [](std::int32_t letter) { return letter > 0 ? 2 * letter : -2 * letter + 1; };
    for (coset_table::coset c = 0; c < index; ++c) {
      REQUIRE(table.trace(0, words[c]) == c);
      REQUIRE(tree[c] == words[c]);
      REQUIRE(tree.depth(c) == words[c].size());
      if (c == 0) continue;
      // Standardised: cosets are in the order of their words, by length and then by letters.
      const auto& u = words[c - 1];
      const auto& v = words[c];
      REQUIRE(
          (u.size() < v.size() ||
           (u.size() == v.size() && std::lexicographical_compare(u.begin(), u.end(), v.begin(), v.end(),
                                                                 [&](auto x, auto y) { return rank(x) < rank(y); }))));
    }
  }
  CHECK_THROWS_MATCHES(transversal_words(enumerate_cosets(parse_presentation("a|a^100000"))), resource_error,
                       message_with("letters"));
}

TEST_CASE("wrong tables are told from right ones", "[groups][coset]") {
  const auto p = parse_presentation("a|a^3");
  const auto table = [](std::vector<coset_table::coset> entries) {
    const std::size_t index = entries.size() / 2;
    return coset_table({0, 1}, 2, index, std::move(entries), {});
  };
  CHECK(is_valid(table({1, 2, 2, 0, 0, 1}), p));
  CHECK(is_valid(table({0, 0}), p));                                                // of a larger subgroup
  CHECK_FALSE(is_valid(table({0, 0}), parse_presentation("a,b|")));                 // other generators
  CHECK_FALSE(is_valid(table({1, 1, 0, 0}), p));                                    // a^3 does not close
  CHECK_FALSE(is_valid(table({2, 1, 0, 2, 1, 0}), p));                              // not standardised
  CHECK_FALSE(is_valid(table({1, 2, 2, 0, 1, 1}), p));                              // no bijection
  CHECK_FALSE(is_valid(table({0, 0, 1, 1}), p));                                    // not transitive
  CHECK_FALSE(is_valid(table({1, 2, 2, 0, 0, 9}), p));                              // no coset
  CHECK_FALSE(is_valid(table({1, 2, 2, 0, 0, 1}), parse_presentation("a|a^3|a")));  // a moves coset 0
}

}  // namespace coset_enumeration_test
