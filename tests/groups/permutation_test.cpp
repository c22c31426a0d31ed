// Permutations: the laws at every width of storage, the convention of the product, orders, cycles, text, and refusals.
#include <groups/permutation.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace permutation_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::parse_error;

/// On both sides of each change of storage: inline up to 64, one byte up to 256, two up to 65536, four beyond.
const std::vector<std::size_t> degrees{0,  1,   2,   3,   5,   8,   31,   32,    33,    63,   64,
                                       65, 127, 128, 255, 256, 257, 1000, 65535, 65536, 65537};

int rounds_for(std::size_t degree) {
  return degree <= 300 ? 40 : degree <= 1000 ? 8 : 1;
}

std::vector<point> random_images(std::mt19937_64& random, std::size_t degree) {
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), random);
  return images;
}

permutation random_permutation(std::mt19937_64& random, std::size_t degree) {
  return permutation(random_images(random, degree));
}

template <class Test>
void for_each_degree(std::uint64_t fallback, const Test& test) {
  const auto s = cosetta::tests::seed(fallback);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto degree : degrees) {
    INFO("degree " << degree);
    for (int round = 0; round < rounds_for(degree); ++round) test(random, degree);
  }
}

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

std::vector<permutation> symmetric_group(std::size_t degree) {
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::vector<permutation> out;
  do {
    out.emplace_back(images);
  } while (std::next_permutation(images.begin(), images.end()));
  return out;
}

using cycle_list = std::vector<std::vector<point>>;

}  // namespace

TEST_CASE("a permutation is its image array", "[groups][permutation]") {
  for_each_degree(0x1a6e, [](auto& random, std::size_t degree) {
    const auto images = random_images(random, degree);
    const permutation p(images);
    REQUIRE(p.degree() == degree);
    REQUIRE(p.images() == images);
    bool same = true;
    for (std::size_t i = 0; i < degree; ++i) same = same && p[i] == images[i];
    REQUIRE(same);
    REQUIRE(make_permutation(images) == p);
  });
}

TEST_CASE("the product is first a, then b", "[groups][permutation]") {
  for_each_degree(0x9407, [](auto& random, std::size_t degree) {
    const auto a = random_images(random, degree);
    const auto b = random_images(random, degree);
    std::vector<point> expected(degree);
    for (std::size_t i = 0; i < degree; ++i) expected[i] = b[a[i]];
    const auto product = permutation(a) * permutation(b);
    REQUIRE(product.degree() == degree);
    REQUIRE(product.images() == expected);
  });
  // GAP: (1,2)*(2,3) = (1,3,2).
  CHECK(to_cycles(parse_permutation("(1,2)", 3, 1) * parse_permutation("(2,3)", 3, 1), 1, ',') == "(1,3,2)");
  CHECK(to_cycles(parse_permutation("(2,3)", 3, 1) * parse_permutation("(1,2)", 3, 1), 1, ',') == "(1,2,3)");
}

TEST_CASE("permutations satisfy the laws of a group", "[groups][permutation]") {
  for_each_degree(0x1a35, [](auto& random, std::size_t degree) {
    const auto a = random_permutation(random, degree);
    const auto b = random_permutation(random, degree);
    const auto c = random_permutation(random, degree);
    const permutation one(degree);
    REQUIRE((a * b) * c == a * (b * c));
    REQUIRE(a * one == a);
    REQUIRE(one * a == a);
    REQUIRE((a * a.inverse()).is_identity());
    REQUIRE(a.inverse() * a == one);
    REQUIRE(a.inverse().inverse() == a);
    REQUIRE((a * b).inverse() == b.inverse() * a.inverse());
    for (std::size_t i = 0; i < std::min<std::size_t>(degree, 100); ++i) REQUIRE(a.inverse()[a[i]] == i);
  });
}

TEST_CASE("a product may be assigned to its own factor", "[groups][permutation]") {
  for_each_degree(0x5e1f, [](auto& random, std::size_t degree) {
    const auto a = random_permutation(random, degree);
    const auto b = random_permutation(random, degree);
    auto left = a;
    left = left * b;
    auto right = b;
    right = a * right;
    REQUIRE(left == a * b);
    REQUIRE(right == a * b);
    auto square = a;
    square = square * square;
    REQUIRE(square == a.pow(2));
  });
}

TEST_CASE("only the identity is the identity", "[groups][permutation]") {
  CHECK(permutation().degree() == 0);
  CHECK(permutation().is_identity());
  CHECK(permutation() == permutation(0));
  for (const auto degree : degrees) {
    INFO("degree " << degree);
    const permutation one(degree);
    CHECK(one.degree() == degree);
    CHECK(one.is_identity());
    if (degree < 2) continue;
    // The last two points alone: a test that stops early would not see them.
    const auto last = static_cast<point>(degree - 1);
    const auto swap = transposition(degree, last - 1, last);
    CHECK_FALSE(swap.is_identity());
    CHECK(swap != one);
    CHECK(swap[last] == last - 1);
    CHECK(swap[last - 1] == last);
    CHECK(swap * swap == one);
    CHECK(transposition(degree, last, last - 1) == swap);
  }
}

TEST_CASE("powers", "[groups][permutation]") {
  const mpz_class huge("123456789012345678901234567890123456789");
  for_each_degree(0x909e, [&](auto& random, std::size_t degree) {
    const auto p = random_permutation(random, degree);
    const permutation one(degree);
    REQUIRE(p.pow(0) == one);
    REQUIRE(p.pow(1) == p);
    REQUIRE(p.pow(-1) == p.inverse());
    auto product = one;
    for (int k = 1; k <= 12; ++k) {
      product = product * p;
      if (p.pow(k) != product) FAIL("power " << k);
      if (p.pow(-k) != product.inverse()) FAIL("power " << -k);
    }
    const mpz_class n = order(p);
    REQUIRE(p.pow(n).is_identity());
    REQUIRE(p.pow(n * huge).is_identity());
    REQUIRE(p.pow(n * huge + 7) == p.pow(7));
    REQUIRE(p.pow(-n * huge - 5) == p.pow(-5));
    REQUIRE(p.pow(huge) * p.pow(-huge) == one);
    REQUIRE(p.pow(huge).pow(huge) == p.pow(huge * huge));
    REQUIRE(p.pow(huge) * p == p.pow(huge + 1));
  });
  const auto five = parse_permutation("(0 1 2 3 4)");
  CHECK(five.pow(huge) == five.pow(4));  // ...789 is 4 modulo 5
  CHECK(five.pow(-huge) == five);
  CHECK(permutation(0).pow(huge) == permutation(0));
}

TEST_CASE("the order is the least power that gives the identity", "[groups][permutation]") {
  for (std::size_t degree = 0; degree <= 5; ++degree) {
    for (const auto& p : symmetric_group(degree)) {
      int least = 1;
      for (auto power = p; !power.is_identity(); power = power * p) ++least;
      if (order(p) != least) FAIL(to_one_line(p));
    }
  }
  for_each_degree(0x04de, [](auto& random, std::size_t degree) {
    const auto p = random_permutation(random, degree);
    const mpz_class n = order(p);
    REQUIRE(n >= 1);
    REQUIRE(p.pow(n).is_identity());
    for (const int prime : {2, 3, 5, 7, 11, 13, 17, 19, 23}) {
      if (n % prime == 0) REQUIRE_FALSE(p.pow(n / prime).is_identity());
    }
  });
  CHECK(order(permutation(0)) == 1);
  CHECK(order(permutation(70)) == 1);
  CHECK(order(parse_permutation("(0 1)(2 3 4)(5 6 7 8 9)")) == 30);
  CHECK(order(parse_permutation("(0 1)(2 3 4 5)(6 7 8 9 10 11)")) == 12);
}

TEST_CASE("an order may be larger than any machine word", "[groups][permutation]") {
  // One cycle for each prime: the order is their product.
  cycle_list cycles_of_primes;
  mpz_class product = 1;
  point next = 0;
  for (const int prime : {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71}) {
    auto& cycle = cycles_of_primes.emplace_back(prime);
    std::iota(cycle.begin(), cycle.end(), next);
    next += static_cast<point>(prime);
    product *= prime;
  }
  REQUIRE(product == mpz_class("557940830126698960967415390"));  // the primorial of 71
  const auto p = make_permutation_from_cycles(cycles_of_primes, next);
  CHECK(order(p) == product);
  CHECK(p.pow(product).is_identity());
  CHECK_FALSE(p.pow(product / 71).is_identity());
  CHECK(p.pow(product / 71)[next - 1] != next - 1);
  CHECK(p.pow(product / 71)[0] == 0);
  CHECK(p.pow(product + 1) == p);
}

TEST_CASE("the sign counts inversions and is a homomorphism", "[groups][permutation]") {
  for (std::size_t degree = 0; degree <= 5; ++degree) {
    for (const auto& p : symmetric_group(degree)) {
      int inversions = 0;
      for (std::size_t i = 0; i < degree; ++i) {
        for (std::size_t j = i + 1; j < degree; ++j) inversions += p[i] > p[j];
      }
      if (sign(p) != (inversions % 2 == 0 ? 1 : -1)) FAIL(to_one_line(p));
    }
  }
  for_each_degree(0x5196, [](auto& random, std::size_t degree) {
    const auto a = random_permutation(random, degree);
    const auto b = random_permutation(random, degree);
    REQUIRE(sign(a * b) == sign(a) * sign(b));
    REQUIRE(sign(a.inverse()) == sign(a));
    if (degree >= 2) REQUIRE(sign(a * transposition(degree, 0, static_cast<point>(degree - 1))) == -sign(a));
  });
  for (const auto degree : degrees) CHECK(sign(permutation(degree)) == 1);
}

TEST_CASE("cycles partition the moved points", "[groups][permutation]") {
  for_each_degree(0xc1c1e, [](auto& random, std::size_t degree) {
    // Some random elements that fix many points, too.
    const auto p = random() % 2 == 0 ? random_permutation(random, degree) : random_permutation(random, degree).pow(12);
    const auto found = cycles(p);
    std::vector<bool> seen(degree, false);
    std::size_t moved = 0;
    bool good = true;
    point last_first = 0;
    for (const auto& cycle : found) {
      good = good && cycle.size() >= 2;
      good = good && *std::min_element(cycle.begin(), cycle.end()) == cycle.front();
      good = good && (&cycle == &found.front() || cycle.front() > last_first);
      last_first = cycle.front();
      for (std::size_t j = 0; j < cycle.size(); ++j) {
        good = good && !seen[cycle[j]] && p[cycle[j]] == cycle[(j + 1) % cycle.size()];
        seen[cycle[j]] = true;
      }
      moved += cycle.size();
    }
    REQUIRE(good);
    std::size_t fixed = 0;
    for (std::size_t i = 0; i < degree; ++i) fixed += p[i] == i;
    REQUIRE(moved + fixed == degree);
    REQUIRE(make_permutation_from_cycles(found, degree) == p);
  });
  CHECK(cycles(parse_permutation("[3,4,2,5,1,0]")) == cycle_list{{0, 3, 5}, {1, 4}});
  CHECK(cycles(permutation(9)).empty());
}

TEST_CASE("the cycle type is a partition of the degree and names the conjugacy class", "[groups][permutation]") {
  using partition = std::vector<std::size_t>;
  CHECK(cycle_type(permutation(0)).empty());
  CHECK(cycle_type(permutation(3)) == partition{1, 1, 1});
  CHECK(cycle_type(parse_permutation("(1 2)(3 4 5)", 8)) == partition{3, 2, 1, 1, 1});
  CHECK(cycle_type(parse_permutation("(0 1 2 3)(4 5)(6 7 8 9)")) == partition{4, 4, 2});
  for_each_degree(0x7197e, [](auto& random, std::size_t degree) {
    const auto p = random_permutation(random, degree);
    const auto q = random_permutation(random, degree);
    const auto type = cycle_type(p);
    REQUIRE(std::is_sorted(type.rbegin(), type.rend()));
    REQUIRE(std::accumulate(type.begin(), type.end(), std::size_t{0}) == degree);
    REQUIRE(cycle_type(q.inverse() * p * q) == type);
    REQUIRE(cycle_type(p.inverse()) == type);
  });
  // The sizes of the classes of S_5.
  std::map<partition, int> sizes;
  for (const auto& p : symmetric_group(5)) ++sizes[cycle_type(p)];
  CHECK(sizes == std::map<partition, int>{{{1, 1, 1, 1, 1}, 1},
                                          {{2, 1, 1, 1}, 10},
                                          {{2, 2, 1}, 15},
                                          {{3, 1, 1}, 20},
                                          {{3, 2}, 20},
                                          {{4, 1}, 30},
                                          {{5}, 24}});
}

TEST_CASE("cycles that overlap are multiplied left to right", "[groups][permutation]") {
  const auto product = [](const cycle_list& list, std::size_t degree) {
    permutation out(degree);
    for (const auto& cycle : list) out = out * make_permutation_from_cycles(std::span(&cycle, 1), degree);
    return out;
  };
  CHECK(make_permutation_from_cycles(cycle_list{{0, 1}, {0, 2}}, 3).images() == std::vector<point>{1, 2, 0});
  CHECK(make_permutation_from_cycles(cycle_list{{0, 2}, {0, 1}}, 3).images() == std::vector<point>{2, 0, 1});
  CHECK(make_permutation_from_cycles(cycle_list{{0, 1}, {0, 1}}, 2).is_identity());
  CHECK(make_permutation_from_cycles(cycle_list{{1}, {}, {0}}, 3).is_identity());

  const auto s = cosetta::tests::seed(0x0e41a9);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 200; ++round) {
    const std::size_t degree = 1 + random() % 80;
    cycle_list list(random() % 6);
    for (auto& cycle : list) {
      cycle = random_images(random, degree);
      cycle.resize(random() % std::min<std::size_t>(degree + 1, 9));
    }
    const auto p = make_permutation_from_cycles(list, degree);
    REQUIRE(p == product(list, degree));
    // And by following each point through the cycles.
    for (point i = 0; i < degree; ++i) {
      point at = i;
      for (const auto& cycle : list) {
        const auto found = std::find(cycle.begin(), cycle.end(), at);
        if (found != cycle.end()) at = found + 1 == cycle.end() ? cycle.front() : *(found + 1);
      }
      if (p[i] != at) FAIL("point " << i << " in round " << round);
    }
  }
}

TEST_CASE("equality, order and hash agree", "[groups][permutation]") {
  const std::hash<permutation> hash;
  for_each_degree(0xe9a1, [&](auto& random, std::size_t degree) {
    const auto a = random_permutation(random, degree);
    const auto b = random_permutation(random, degree);
    // The same element by many ways.
    for (const auto& same :
         {permutation(a.images()), a * permutation(degree), (a * b) * b.inverse(), a.inverse().inverse(),
          b.inverse() * (b * a), a.pow(order(a) + 1), make_permutation_from_cycles(cycles(a), degree)}) {
      REQUIRE(same == a);
      REQUIRE((same <=> a) == std::strong_ordering::equal);
      REQUIRE(hash(same) == hash(a));
      REQUIRE(same.hash() == a.hash());
    }
    REQUIRE((a <=> b) == (a.images() <=> b.images()));
    REQUIRE((b <=> a) == (b.images() <=> a.images()));
    REQUIRE((a == b) == (a.images() == b.images()));
    REQUIRE((permutation(degree) <=> permutation(degree + 1)) == std::strong_ordering::less);
    REQUIRE(permutation(degree) != permutation(degree + 1));
    if (degree > 0) REQUIRE(permutation(degree + 1) > a);  // the degree goes before the images
  });
}

TEST_CASE("the order of permutations is that of their image lists", "[groups][permutation]") {
  const auto all = symmetric_group(5);  // made in lexicographic order
  CHECK(std::is_sorted(all.begin(), all.end()));
  CHECK(std::set<permutation>(all.begin(), all.end()).size() == 120);
  CHECK(std::unordered_set<permutation>(all.begin(), all.end()).size() == 120);
  std::set<std::size_t> hashes;
  for (const auto& p : all) hashes.insert(p.hash());
  CHECK(hashes.size() == 120);  // 64 bits: anything less is a bad hash
  // Beyond one byte an image, comparing bytes of little-endian words would go wrong: 1 < 256.
  std::vector<point> images(300);
  std::iota(images.begin(), images.end(), point{0});
  const permutation one(images);
  std::swap(images[0], images[256]);
  const permutation far(images);
  std::swap(images[0], images[256]);
  std::swap(images[0], images[1]);
  const permutation near(images);
  CHECK(one < near);
  CHECK(near < far);
}

TEST_CASE("a change of one image pair changes the hash at every degree", "[groups][permutation]") {
  for (const auto degree : degrees) {
    if (degree < 2) continue;
    INFO("degree " << degree);
    std::set<std::size_t> hashes{permutation(degree).hash()};
    const auto last = static_cast<point>(degree - 1);
    hashes.insert(transposition(degree, 0, last).hash());
    hashes.insert(transposition(degree, last - 1, last).hash());
    hashes.insert(transposition(degree, 0, 1).hash());
    CHECK(hashes.size() == (degree == 2 ? 2 : 4));
  }
}

TEST_CASE("text round trips", "[groups][permutation]") {
  for_each_degree(0x7e87, [](auto& random, std::size_t degree) {
    const auto p = random_permutation(random, degree);
    for (const point first : {0U, 1U}) {
      REQUIRE(parse_permutation(to_one_line(p, first), std::nullopt, first) == p);
      REQUIRE(parse_permutation(to_one_line(p, first), degree, first) == p);
      REQUIRE(parse_permutation(to_cycles(p, first), degree, first) == p);
      REQUIRE(parse_permutation(to_cycles(p, first, ','), degree, first) == p);
    }
  });
}

TEST_CASE("permutations are written as the header says", "[groups][permutation]") {
  const auto p = make_permutation(std::vector<point>{1, 0, 2, 5, 3, 4});
  CHECK(to_one_line(p) == "[1,0,2,5,3,4]");
  CHECK(to_one_line(p, 1) == "[2,1,3,6,4,5]");
  CHECK(to_cycles(p) == "(0 1)(3 5 4)");
  CHECK(to_cycles(p, 1, ',') == "(1,2)(4,6,5)");
  CHECK(to_cycles(permutation(4)) == "()");
  CHECK(to_one_line(permutation(0)) == "[]");
  CHECK(to_cycles(permutation(0)) == "()");
  CHECK(to_one_line(permutation(1), 1) == "[1]");
}

TEST_CASE("one-line text is read with commas, blanks and either count", "[groups][permutation]") {
  const std::vector<point> expected{1, 0, 2};
  for (const auto* text : {"[1,0,2]", "1 0 2", "1,0,2", " [ 1 , 0 , 2 ] ", "[1 0 2]", "\t1\n0,  2 ", "[01,00,2]"}) {
    INFO("text '" << text << "'");
    CHECK(parse_permutation(text).images() == expected);
    CHECK(parse_permutation(text, 3).images() == expected);
  }
  CHECK(parse_permutation("[2,1,3]", std::nullopt, 1).images() == expected);
  CHECK(parse_permutation("2 1 3", 3, 1).images() == expected);
  CHECK(parse_permutation("0").degree() == 1);
  CHECK(parse_permutation("[]").degree() == 0);
  CHECK(parse_permutation("[]", 0).degree() == 0);
}

TEST_CASE("cycles are read with commas, blanks and either count", "[groups][permutation]") {
  const std::vector<point> expected{1, 0, 3, 2};
  for (const auto* text :
       {"(0 1)(2 3)", "(0,1)(2,3)", " ( 0 , 1 ) ( 3 2 ) ", "(2 3)(1 0)", "(0 1)()(2 3)", "(0\t1)\n(2 3)"}) {
    INFO("text '" << text << "'");
    CHECK(parse_permutation(text).images() == expected);
  }
  CHECK(parse_permutation("(1,2)(3,4)", std::nullopt, 1).images() == expected);
  // The degree comes from the argument, or from the largest point, which may be fixed.
  CHECK(parse_permutation("(0 1)").degree() == 2);
  CHECK(parse_permutation("(0 1)(6)").degree() == 7);
  CHECK(parse_permutation("(0 1)", 70).degree() == 70);
  CHECK(parse_permutation("(0 1)", 70) == transposition(70, 0, 1));
  CHECK(parse_permutation("()").degree() == 0);
  CHECK(parse_permutation("()", 5) == permutation(5));
  // Cycles that overlap are multiplied.
  CHECK(parse_permutation("(0 1)(0 2)").images() == std::vector<point>{1, 2, 0});
}

TEST_CASE("points up to the limit are read", "[groups][permutation]") {
  const auto last = static_cast<point>(max_degree - 1);
  const auto p = parse_permutation("(0 " + std::to_string(last) + ")");
  CHECK(p.degree() == max_degree);
  CHECK(p.images().back() == 0);
  CHECK(parse_permutation("(1 " + std::to_string(max_degree) + ")", std::nullopt, 1) == p);
}

TEST_CASE("lists that are no bijection are refused", "[groups][permutation]") {
  const auto make = [](const std::vector<point>& images) { return make_permutation(images); };
  CHECK_THROWS_MATCHES(make({0, 1, 1}), domain_error, message_with("1 and 2 both go to 1"));
  CHECK_THROWS_MATCHES(make({0, 0}), domain_error, message_with("0 and 1 both go to 0"));
  CHECK_THROWS_MATCHES(make({0, 3, 1}), domain_error, message_with("the image of 1 is 3"));
  CHECK_THROWS_MATCHES(make({1}), domain_error, message_with("not a permutation of 1 points: the image of 0 is 1"));
  CHECK_THROWS_MATCHES(make({0, 1, 0xffffffffu}), domain_error, message_with("the image of 2 is 4294967295"));
  CHECK_THROWS_MATCHES(make(std::vector<point>(max_degree + 1)), domain_error,
                       message_with("above the limit of 1048576"));
  CHECK_THROWS_MATCHES(parse_permutation("[1,1,0]"), domain_error, message_with("0 and 1 both go to 1"));
  CHECK_THROWS_MATCHES(parse_permutation("0 2"), domain_error, message_with("the image of 1 is 2"));
  for (const auto degree : degrees) {
    if (degree < 2) continue;
    std::vector<point> images(degree);
    std::iota(images.begin(), images.end(), point{0});
    images.back() = 0;
    CHECK_THROWS_MATCHES(make(images), domain_error, message_with("both go to 0"));
  }
}

TEST_CASE("cycles that do not fit are refused", "[groups][permutation]") {
  CHECK_THROWS_MATCHES(make_permutation_from_cycles(cycle_list{{0, 3}}, 3), domain_error,
                       message_with("cycle point 3 does not fit degree 3"));
  CHECK_THROWS_MATCHES(make_permutation_from_cycles(cycle_list{{0, 1, 0}}, 3), domain_error,
                       message_with("point 0 occurs twice in one cycle"));
  CHECK_THROWS_MATCHES(make_permutation_from_cycles(cycle_list{{0}}, 0), domain_error, message_with("degree 0"));
  CHECK_THROWS_MATCHES(parse_permutation("(0 5)", 3), domain_error, message_with("5 does not fit degree 3"));
  CHECK_THROWS_MATCHES(parse_permutation("(0 1)(2 4 2)"), domain_error, message_with("point 2 occurs twice"));
  CHECK_NOTHROW(parse_permutation("(0 1)(1 2)"));  // in two cycles it is a product
}

TEST_CASE("a text of another degree is refused", "[groups][permutation]") {
  CHECK_THROWS_MATCHES(parse_permutation("[1,0,2]", 4), domain_error, message_with("has 3 points, expected 4"));
  CHECK_THROWS_MATCHES(parse_permutation("[1,0,2]", 2), domain_error, message_with("has 3 points, expected 2"));
  CHECK_THROWS_MATCHES(parse_permutation("[]", 2), domain_error, message_with("has 0 points, expected 2"));
}

TEST_CASE("points outside the counting are refused", "[groups][permutation]") {
  const auto above = std::to_string(max_degree);
  CHECK_THROWS_MATCHES(parse_permutation("(0 " + above + ")"), domain_error,
                       message_with("point 1048576 is outside 0..1048575"));
  CHECK_THROWS_MATCHES(parse_permutation("(1 1048577)", std::nullopt, 1), domain_error,
                       message_with("point 1048577 is outside 1..1048576"));
  CHECK_THROWS_MATCHES(parse_permutation("[" + above + "]"), domain_error, message_with("is outside 0..1048575"));
  CHECK_THROWS_MATCHES(parse_permutation("(0 1)", std::nullopt, 1), domain_error,
                       message_with("point 0 is outside 1.."));
  CHECK_THROWS_MATCHES(parse_permutation("[1,0,2]", std::nullopt, 1), domain_error,
                       message_with("point 0 is outside 1.."));
  // 2^32 + 1 is not point 1.
  CHECK_THROWS_MATCHES(parse_permutation("(0 4294967297)"), domain_error, message_with("point 4294967297 is outside"));
  CHECK_THROWS_MATCHES(parse_permutation("(0 18446744073709551615)"), domain_error, message_with("is outside"));
  CHECK_THROWS_AS(parse_permutation("(0 18446744073709551617)"), cosetta::error);
}

TEST_CASE("a degree above the limit is refused in cycles as in lists", "[groups][permutation]") {
  CHECK_THROWS_AS(parse_permutation("(0 1)", max_degree + 1), domain_error);
  CHECK_THROWS_AS(parse_permutation("()", max_degree + 1), domain_error);
}

TEST_CASE("text that is no permutation is refused with the place", "[groups][permutation]") {
  const std::pair<const char*, const char*> refused[] = {
      {"", "empty permutation"},
      {"   ", "empty permutation"},
      {"[1,0", "']' is missing"},
      {"[", "']' is missing"},
      {"[1,0,", "expected a point"},
      {"(0 1", "')' is missing"},
      {"(", "')' is missing"},
      {"(0 1)(2 3", "')' is missing"},
      {"(0 1]", "expected a point at ']'"},
      {"[0 1)", "expected a point at ')'"},
      {"1 0]", "expected a point at ']'"},
      {"[1,0]2", "unexpected '2'"},
      {"[1,0][0,1]", "unexpected '[0,1]'"},
      {"(0 1)2", "expected '(' at '2'"},
      {"(0 1))", "expected '(' at ')'"},
      {"(0 (1))", "expected a point at '(1))'"},
      {"[1,,0]", "expected a point at ',0]'"},
      {"[,1,0]", "expected a point at ',1,0]'"},
      {"[1,0,]", "expected a point at ']'"},
      {"(0,1,)", "expected a point at ')'"},
      {"1 0,", "expected a point"},
      {"[-1,0]", "expected a point at '-1,0]'"},
      {"[+1,0]", "expected a point at '+1,0]'"},
      {"1 a", "expected a point at 'a'"},
      {"[1.5,0]", "expected a point at '.5,0]'"},
      {"hello", "expected a point at 'hello'"},
      {")", "expected a point at ')'"},
      {"(0;1)", "expected a point at ';1)'"},
  };
  for (const auto& [text, fragment] : refused) {
    INFO("text '" << text << "'");
    CHECK_THROWS_MATCHES(parse_permutation(text), parse_error, message_with(fragment));
  }
}

TEST_CASE("a message shows the front of a long text only", "[groups][permutation]") {
  const std::string text = "[" + std::string(5000, '7');
  try {
    parse_permutation(text);
    FAIL("nothing was thrown");
  } catch (const cosetta::error& e) {
    CHECK(std::string(e.what()).size() < 300);
    CHECK_THAT(e.what(), Catch::Contains("[7777") && Catch::Contains("..."));
  }
}

}  // namespace permutation_test
