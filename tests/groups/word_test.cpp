// Words: text, free reduction, formal inverses, and evaluation as a homomorphism from the free group.
#include <groups/matrix.hpp>
#include <groups/permutation.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace word_test {
namespace {

using namespace cosetta::groups;
using cosetta::parse_error;

using names = std::vector<std::string>;

const names lrx{"L", "R", "X"};

word joined(const word& a, const word& b) {
  word out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

word random_word(std::mt19937_64& random, std::size_t letters, std::size_t length) {
  word out(length);
  for (auto& letter : out) {
    letter = static_cast<std::int32_t>(1 + random() % letters);
    if (random() % 2 == 0) letter = -letter;
  }
  return out;
}

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

bool is_reduced(const word& w) {
  return std::adjacent_find(w.begin(), w.end(), [](auto a, auto b) { return a == -b; }) == w.end();
}

/// Cancels one pair at a time, from a random place: the result must not depend on the order.
word reduce_somehow(word w, std::mt19937_64& random) {
  for (;;) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i + 1 < w.size(); ++i) {
      if (w[i] == -w[i + 1]) places.push_back(i);
    }
    if (places.empty()) return w;
    const auto at = w.begin() + static_cast<std::ptrdiff_t>(places[random() % places.size()]);
    w.erase(at, at + 2);
  }
}

/// Evaluation is a homomorphism from the free group.
template <group_element Element>
void check_homomorphism(const generating_set<Element>& set, const Element& one, std::mt19937_64& random) {
  const auto value = [&](const word& w) { return evaluate(w, set, one); };
  REQUIRE(value({}) == one);
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto letter = static_cast<std::int32_t>(i + 1);
    REQUIRE(value({letter}) == set[i]);
    REQUIRE(value({-letter}) == set[i].inverse());
  }
  for (int round = 0; round < 60; ++round) {
    const word u = random_word(random, set.size(), random() % 25);
    const word v = random_word(random, set.size(), random() % 25);
    REQUIRE(value(joined(u, v)) == value(u) * value(v));
    REQUIRE(value(inverse(u)) == value(u).inverse());
    REQUIRE(value(free_reduce(u)) == value(u));
    REQUIRE(value(joined(u, inverse(u))).is_identity());
    REQUIRE(evaluate(u, set, set[0]) == set[0] * value(u));  // from any element on
  }
}

}  // namespace

TEST_CASE("words are read letter by letter", "[groups][word]") {
  CHECK(parse_word("L", lrx) == word{1});
  CHECK(parse_word("L.L.X", lrx) == word{1, 1, 3});
  CHECK(parse_word("X.R.L.R", lrx) == word{3, 2, 1, 2});
  CHECK(parse_word("", lrx).empty());
  CHECK(parse_word("", names{}).empty());
  CHECK(parse_word("L.L'.L", lrx) == word{1, -1, 1});  // as written: nothing is cancelled
  // Names are compared whole.
  const names faces{"f", "f0", "f00", "0"};
  CHECK(parse_word("f0.f.f00.0", faces) == word{2, 1, 3, 4});
}

TEST_CASE("words of single characters may do without dots", "[groups][word]") {
  CHECK(parse_word("LLXR", lrx) == word{1, 1, 3, 2});
  CHECK(parse_word("L'", lrx) == word{-1});
  CHECK(parse_run("XLR", lrx) == std::vector<std::size_t>{2, 0, 1});
  CHECK(parse_run("", lrx)->empty());
  CHECK_FALSE(parse_run("L.R", lrx));
  CHECK_FALSE(parse_run("LL", names{"L", "LR"}));
  CHECK_THROWS_AS(parse_word("LLY", lrx), parse_error);
  CHECK_THROWS_AS(parse_word("LL'", lrx), parse_error);
  CHECK_THROWS_AS(parse_word("LL.X", lrx), parse_error);  // a dot that was forgotten
  CHECK_THROWS_AS(parse_word("LL.", lrx), parse_error);
  CHECK_THROWS_AS(parse_word("LL", names{"L", "f0"}), parse_error);
}

TEST_CASE("the marks of an inverse", "[groups][word]") {
  CHECK(parse_word("L'.-R.X_inv", lrx) == word{-1, -2, -3});
  CHECK(parse_word("-L.L'", lrx) == word{-1, -1});
  const names long_names{"f0", "turn-left", "a_b"};
  CHECK(parse_word("-turn-left.turn-left'.turn-left_inv", long_names) == word{-2, -2, -2});
  CHECK(parse_word("a_b_inv.-f0", long_names) == word{-3, -1});
}

TEST_CASE("a name of the list goes before the mark of an inverse", "[groups][word]") {
  const names marked{"f", "f'", "-f", "f_inv", "g'"};
  CHECK(parse_word("f.f'.-f.f_inv.g'", marked) == word{1, 2, 3, 4, 5});
  CHECK(parse_word("f''", marked) == word{-2});
  CHECK(parse_word("--f", marked) == word{-3});
  CHECK(parse_word("f_inv_inv", marked) == word{-4});
  CHECK(parse_word("g''", marked) == word{-5});
  CHECK(parse_word("-f_inv", names{"f_inv"}) == word{-1});
  CHECK(parse_word("-f'", names{"-f"}) == word{-1});
}

TEST_CASE("words are written with dots and primes", "[groups][word]") {
  CHECK(to_string(word{1, 1, 3}, lrx) == "L.L.X");
  CHECK(to_string(word{-1, 2, -3}, lrx) == "L'.R.X'");
  CHECK(to_string(word{}, lrx).empty());
  CHECK(to_string(word{-1}, names{"-f"}) == "-f'");
}

TEST_CASE("words round trip through text", "[groups][word]") {
  const auto s = cosetta::tests::seed(0x7e87);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto& list : {names{"a"}, lrx, names{"f0", "r1", "-f", "turn-left", "a_inv", "1"}}) {
    for (int round = 0; round < 100; ++round) {
      const word w = random_word(random, list.size(), random() % 40);
      const auto text = to_string(w, list);
      INFO("text " << text);
      REQUIRE(parse_word(text, list) == w);
    }
  }
}

TEST_CASE("the inverse of a letter whose name ends with a prime round trips", "[groups][word]") {
  const names marked{"g'", "h"};  // there is no generator g
  for (const auto& w : {word{-1}, word{2, -1, 1}}) CHECK(parse_word(to_string(w, marked), marked) == w);
}

TEST_CASE("each mark of an inverse is tried on a marked name", "[groups][word]") {
  CHECK(parse_word("-f'", names{"f'"}) == word{-1});
  CHECK(parse_word("-f_inv", names{"-f"}) == word{-1});
}

TEST_CASE("names that are no generators are refused with their position", "[groups][word]") {
  CHECK_THROWS_MATCHES(parse_word("L.Q.X", lrx), parse_error, message_with("letter 2 is 'Q'"));
  CHECK_THROWS_MATCHES(parse_word("L.Q.X", lrx), parse_error, message_with("L R X"));
  CHECK_THROWS_MATCHES(parse_word("l", lrx), parse_error, message_with("letter 1 is 'l'"));
  CHECK_THROWS_MATCHES(parse_word("L.R.X.LX", lrx), parse_error, message_with("letter 4 is 'LX'"));
  CHECK_THROWS_MATCHES(parse_word("L. R", lrx), parse_error, message_with("letter 2 is ' R'"));
  CHECK_THROWS_MATCHES(parse_word("L R", lrx), parse_error, message_with("letter 1 is 'L R'"));
  CHECK_THROWS_MATCHES(parse_word("L,R", lrx), parse_error, message_with("letter 1 is 'L,R'"));
  // Empty letters.
  CHECK_THROWS_MATCHES(parse_word("L..X", lrx), parse_error, message_with("letter 2 is ''"));
  CHECK_THROWS_MATCHES(parse_word("L.X.", lrx), parse_error, message_with("letter 3 is ''"));
  CHECK_THROWS_MATCHES(parse_word(".", lrx), parse_error, message_with("letter 1 is ''"));
  CHECK_THROWS_MATCHES(parse_word(" ", lrx), parse_error, message_with("letter 1 is ' '"));
  // Marks of nothing, of a stranger, and marks that are none.
  for (const auto* text : {"'", "-", "_inv", "Q'", "-Q", "Q_inv", "L''", "--L", "'L", "L-", "L_INV", "+L"}) {
    INFO("text " << text);
    CHECK_THROWS_MATCHES(parse_word(text, lrx), parse_error, message_with("letter 1 is '" + std::string(text) + "'"));
  }
  CHECK_THROWS_AS(parse_word("L", names{}), parse_error);
}

TEST_CASE("a message lists the first names of a long list only", "[groups][word]") {
  names many;
  for (int i = 0; i < 1000; ++i) many.push_back("g" + std::to_string(i));
  CHECK_THROWS_MATCHES(parse_word("h", many), parse_error, message_with("g0 g1"));
  CHECK_THROWS_MATCHES(parse_word("h", many), parse_error, !message_with("g500"));
  CHECK(parse_word("g999.g500'", many) == word{1000, -501});
}

TEST_CASE("free reduction cancels until nothing is left to cancel", "[groups][word]") {
  CHECK(free_reduce(word{}).empty());
  CHECK(free_reduce(word{1}) == word{1});
  CHECK(free_reduce(word{1, -1}).empty());
  CHECK(free_reduce(word{-1, 1}).empty());
  CHECK(free_reduce(word{1, 1}) == word{1, 1});
  CHECK(free_reduce(word{1, 2, -2, -1, 3}) == word{3});
  CHECK(free_reduce(word{1, 2, -1, -2}) == word{1, 2, -1, -2});
  CHECK(free_reduce(word{1, -2, 2, 1, -1, -1, -3}) == word{-3});
  CHECK(free_reduce(word{-3, 3, -3}) == word{-3});

  const auto s = cosetta::tests::seed(0xf4ee);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 400; ++round) {
    const word u = random_word(random, 1 + random() % 3, random() % 60);
    const word v = random_word(random, 2, random() % 30);
    const word reduced = free_reduce(u);
    REQUIRE(is_reduced(reduced));
    REQUIRE(reduced == reduce_somehow(u, random));
    REQUIRE(free_reduce(reduced) == reduced);
    REQUIRE(free_reduce(joined(u, inverse(u))).empty());
    REQUIRE(free_reduce(joined(joined(u, v), inverse(v))) == reduced);
    REQUIRE(free_reduce(joined(u, v)) == free_reduce(joined(reduced, free_reduce(v))));
  }
}

TEST_CASE("the formal inverse is reversed and inverted", "[groups][word]") {
  CHECK(inverse(word{}).empty());
  CHECK(inverse(word{1}) == word{-1});
  CHECK(inverse(word{1, 2, -3}) == word{3, -2, -1});
  const auto s = cosetta::tests::seed(0x1f);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 100; ++round) {
    const word u = random_word(random, 4, random() % 30);
    const word v = random_word(random, 4, random() % 30);
    REQUIRE(inverse(inverse(u)) == u);
    REQUIRE(inverse(joined(u, v)) == joined(inverse(v), inverse(u)));
    REQUIRE(inverse(free_reduce(u)) == free_reduce(inverse(u)));
  }
}

TEST_CASE("words are evaluated from left to right", "[groups][word]") {
  generating_set<permutation> set;
  set.add("a", parse_permutation("(0 1)", 3));
  set.add("b", parse_permutation("(1 2)", 3));
  set.add("c", parse_permutation("(0 1 2)", 3));
  const permutation one(3);
  CHECK(evaluate(word{1, 2}, set, one) == parse_permutation("(0 2 1)"));  // first (0 1), then (1 2)
  CHECK(evaluate(word{2, 1}, set, one) == parse_permutation("(0 1 2)"));
  CHECK(evaluate(word{-3}, set, one) == parse_permutation("(0 2 1)"));
  CHECK(evaluate(word{1, -3, 2}, set, one) == set[0] * set[2].inverse() * set[1]);
  CHECK(evaluate(parse_word("c.c.c", set.names()), set, one).is_identity());
  CHECK(evaluate(parse_word("c.-c.c'.c", set.names()), set, one).is_identity());
}

TEST_CASE("evaluation is a homomorphism", "[groups][word]") {
  const auto s = cosetta::tests::seed(0x403);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::size_t degree : {5, 64, 65, 300}) {
    INFO("degree " << degree);
    generating_set<permutation> set;
    auto images = permutation(degree).images();
    std::rotate(images.begin(), images.begin() + 1, images.end());
    set.add("L", permutation(images));
    set.add("X", transposition(degree, 0, 1));
    std::shuffle(images.begin(), images.end(), random);
    set.add("S", permutation(images));
    check_homomorphism(set, permutation(degree), random);
  }
  for (const std::uint64_t modulus : {std::uint64_t{6}, std::uint64_t{101}, max_modulus}) {
    INFO("modulus " << modulus);
    generating_set<matrix> set;
    set.add("A", make_matrix(2, 2, modulus, std::vector<std::int64_t>{1, 1, 0, 1}));
    set.add("B", make_matrix(2, 2, modulus, std::vector<std::int64_t>{1, 0, -3, 1}));
    set.add("C", make_matrix(2, 2, modulus, std::vector<std::int64_t>{2, 3, 3, 5}));
    check_homomorphism(set, matrix::identity(2, modulus), random);
  }
}

TEST_CASE("a word in the generators of a free group is trivial only when it reduces to nothing", "[groups][word]") {
  // [[1,2],[0,1]] and [[1,0],[2,1]] generate a free group (Sanov).
  generating_set<matrix> set;
  set.add("A", make_matrix(2, 2, 0, std::vector<std::int64_t>{1, 2, 0, 1}));
  set.add("B", make_matrix(2, 2, 0, std::vector<std::int64_t>{1, 0, 2, 1}));
  const auto one = matrix::identity(2, 0);
  const auto s = cosetta::tests::seed(0x5a);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  int trivial = 0;
  for (int round = 0; round < 400; ++round) {
    const word w = random_word(random, 2, 2 * (random() % 7));
    const bool nothing = free_reduce(w).empty();
    trivial += nothing;
    REQUIRE(evaluate(w, set, one).is_identity() == nothing);
  }
  CHECK(trivial > 20);
  CHECK(trivial < 380);
}

}  // namespace word_test
