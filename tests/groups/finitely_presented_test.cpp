// Presentations: the grammar, its conventions (GAP's), limits, errors with their columns, and round trips.
#include <groups/finitely_presented.hpp>
#include <kernels/error.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace finitely_presented_test {
namespace {

using namespace cosetta::groups;
using cosetta::parse_error;
using cosetta::resource_error;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

/// One word over a, b, c.
word read(const std::string& text) {
  const auto p = parse_presentation("a,b,c|" + text);
  REQUIRE(p.relators.size() == 1);
  return p.relators[0];
}

std::string refusal(const std::string& text) {
  try {
    parse_presentation(text);
  } catch (const parse_error& e) {
    return e.what();
  }
  return "it was read";
}

word times(const word& a, const word& b) {
  word out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

/// A random text over a, b, c and the word that it means, computed along the way.
std::pair<std::string, word> random_text(std::mt19937_64& random, int depth) {
  const auto blank = [&] { return std::string(random() % 8 == 0 ? 1 : 0, ' '); };
  if (depth == 0 || random() % 4 == 0) {
    if (random() % 8 == 0) return {"1", {}};
    const auto letter = static_cast<std::int32_t>(random() % 3);
    return {blank() + std::string(1, static_cast<char>('a' + letter)) + blank(), {letter + 1}};
  }
  auto [u, x] = random_text(random, depth - 1);
  auto [v, y] = random_text(random, depth - 1);
  switch (random() % 5) {
    case 0:
      return {"(" + u + ")" + (random() % 2 == 0 ? "*" : ".") + "(" + v + ")", times(x, y)};
    case 1: {
      const auto n = static_cast<int>(random() % 7) - 3;
      word w;
      for (int i = 0; i < std::abs(n); ++i) w = times(w, n > 0 ? x : inverse(x));
      return {"(" + u + ")^" + (random() % 2 == 0 ? std::to_string(n) : "(" + std::to_string(n) + ")"), w};
    }
    case 2:
      return {"(" + u + ")^(" + v + "*1)", times(times(inverse(y), x), y)};
    case 3:
      return {"[" + u + "," + v + "]", times(times(inverse(x), inverse(y)), times(x, y))};
    default:
      return {"(" + u + ")'", inverse(x)};
  }
}

}  // namespace

TEST_CASE("a presentation has three parts", "[groups][presentation]") {
  const auto p = parse_presentation("a,b|a^2,b^3,(a*b)^7");
  CHECK(p.generators == std::vector<std::string>{"a", "b"});
  CHECK(p.relators == std::vector<word>{{1, 1}, {2, 2, 2}, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}});
  CHECK(p.subgroup.empty());
  CHECK(parse_presentation("a,b|a^2,b^3,(a*b)^7|a*b,b").subgroup == std::vector<word>{{1, 2}, {2}});
  CHECK(parse_presentation(" a , b\t| a ^ 2 ,\n b^3,( a.b ) ^ 7 ") == p);
  CHECK(parse_presentation("a,b|a^2,b^3,(a*b)^7|") == p);
  CHECK(parse_presentation("a|").relators.empty());
  CHECK(parse_presentation("a||a^2").subgroup == std::vector<word>{{1, 1}});
  const auto longer = parse_presentation("s0,s_1,Tau|s0*s_1*Tau'");
  CHECK(longer.generators == std::vector<std::string>{"s0", "s_1", "Tau"});
  CHECK(longer.relators == std::vector<word>{{1, 2, -3}});
}

TEST_CASE("words follow GAP's conventions", "[groups][presentation]") {
  CHECK(read("a*b.c") == word{1, 2, 3});
  CHECK(read("a^-2") == word{-1, -1});
  CHECK(read("a^(-2)") == word{-1, -1});
  CHECK(read("(a*b)^-1") == word{-2, -1});
  CHECK(read("a'") == word{-1});
  CHECK(read("(a*b)''") == word{1, 2});
  CHECK(read("a^b") == word{-2, 1, 2});
  CHECK(read("a^b'") == word{2, 1, -2});  // a^(b'), for a prime binds to what it follows
  CHECK(read("a^b^2") == word{-2, 1, 2, -2, 1, 2});
  CHECK(read("a^(b^2)") == word{-2, -2, 1, 2, 2});
  CHECK(read("a^2^b") == word{-2, 1, 1, 2});
  CHECK(read("a^2'") == word{-1, -1});
  CHECK(read("[a,b]") == word{-1, -2, 1, 2});
  CHECK(read("[a,b,c]") == read("[[a,b],c]"));
  CHECK(read("c^[a,b]") == word{-2, -1, 2, 1, 3, -1, -2, 1, 2});
  CHECK(read("1").empty());
  CHECK(read("1*a*1") == word{1});
  CHECK(read("a^1") == word{1});
  CHECK(read("a^(1)") == word{1});
  CHECK(read("a^(1*b)") == word{-2, 1, 2});
  CHECK(read("a^0").empty());
  CHECK(read("1^999999999999999999999").empty());
  CHECK(read("a*a'") == word{1, -1});  // as written: nothing is cancelled
}

TEST_CASE("equations become relators", "[groups][presentation]") {
  CHECK(read("a*b=c") == word{1, 2, -3});
  CHECK(read("a=b") == word{1, -2});
  CHECK(read("a^2=1") == word{1, 1});
  CHECK(read("c=a*b") == word{1, 2, -3});  // the shorter side is divided by
  const auto chain = parse_presentation("a,b|a^2=b^3=(a*b)^2=1").relators;
  CHECK(chain == std::vector<word>{{1, 1}, {2, 2, 2}, {1, 2, 1, 2}});
  CHECK(parse_presentation("a,b|a^3=b^2=a*b*a").relators == std::vector<word>{{1, 1, 1, -2, -2}, {1, 2, 1, -2, -2}});
}

TEST_CASE("presentations are refused with the column and what was expected", "[groups][presentation]") {
  const auto says = [](const std::string& text, std::size_t column, const std::string& fragment) {
    const auto message = refusal(text);
    INFO("text " << text << ": " << message);
    CHECK(message.find("column " + std::to_string(column) + ",") != std::string::npos);
    CHECK(message.find(fragment) != std::string::npos);
  };
  says("", 1, "name of a generator");
  says("a,b", 4, "'|' and the relators");
  says("a,,b|", 3, "name of a generator");
  says("2|", 1, "name of a generator");
  says("a,b,a|", 5, "named twice");
  says("a b|", 3, "',' and another generator");
  says("a|b", 3, "b is no generator; there are a");
  says("a,b|ab", 5, "write products with *");
  says("a,b|a b", 7, "expected an operator");
  says("a|a^", 5, "expected a generator, 1");
  says("a|a^-", 6, "digits after '-'");
  says("a|a^(-b)", 7, "digits after '-'");
  says("a|a^(-2*a)", 8, "')'");
  says("a|(a", 5, "')'");
  says("a|a)", 4, "expected an operator");
  says("a|[a]", 5, "second word of the commutator");
  says("a|[a,a", 7, "']'");
  says("a|2", 3, "expected a generator, 1");
  says("a|12", 4, "after 1");
  says("a|1a", 4, "after 1");
  says("a|a,", 5, "expected a generator, 1");
  says("a|,a", 3, "expected a generator, 1");
  says("a|a=", 5, "expected a generator, 1");
  says("a|a*", 5, "expected a generator, 1");
  says("a|a|a=1", 6, "expected an operator, ',' or the end");  // a subgroup has words, no equations
  says("a|a|a|a", 6, "expected an operator, ',' or the end");
  says("a|a\x01", 4, "byte 0x01");
  says(std::string("a|a\0", 4), 4, "byte 0x00");
  says("a|\xc3\xa9", 3, "byte 0xc3");
  says("a|" + std::string(100000, '('), 203, "nest deeper");
}

TEST_CASE("short text may not expand to what memory cannot hold", "[groups][presentation]") {
  CHECK(parse_presentation("a|a^1000000").relators[0].size() == 1000000);
  for (const auto* text : {"a|a^100000000", "a|a^99999999999999999999", "a|((a^1000)^1000)^1000",
                           "a|a^1000000,(a*a)^1000000,a^1000000*a^1000000", "a|(a^4000000)^0,(a^4000000)^0",
                           "a|a^4000000''", "a|[a^2200000,a]", "a|a|a^-100000000"}) {
    INFO(text);
    CHECK_THROWS_MATCHES(parse_presentation(text), resource_error, message_with("letters"));
  }
  std::string names = "a0";
  for (std::size_t i = 1; i <= max_presentation_generators; ++i) names += ",a" + std::to_string(i);
  CHECK_THROWS_MATCHES(parse_presentation(names + "|"), resource_error, message_with("generators"));
}

TEST_CASE("presentations are written so that they are read again", "[groups][presentation]") {
  CHECK(to_string(parse_presentation("a , b | a*a, b*b*b, a*b*a*b | a.b'")) == "a,b|a^2,b^3,(a*b)^2|a*b^-1");
  CHECK(to_string(parse_presentation("a,b|[a,b]^3,1,a'")) == "a,b|(a^-1*b^-1*a*b)^3,1,a^-1");
  CHECK(to_string(parse_presentation("a|")) == "a|");
  CHECK(to_string(parse_presentation("a||a")) == "a||a");
  CHECK(to_product(word{1, 1, -2, 1, 1, -2}, std::vector<std::string>{"x", "y"}) == "(x^2*y^-1)^2");
  CHECK(to_product(word{}, std::vector<std::string>{}) == "1");
}

TEST_CASE("random words are read as computed, and round trip", "[groups][presentation]") {
  const auto s = cosetta::tests::seed(0xf9);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 300; ++round) {
    const auto [text, value] = random_text(random, 1 + static_cast<int>(random() % 4));
    const auto [other, other_value] = random_text(random, 2);
    INFO("text " << text << "  and " << other);
    const auto p = parse_presentation("a,b,c|" + text + "," + other + "|" + other);
    REQUIRE(p.relators == std::vector<word>{value, other_value});
    REQUIRE(p.subgroup == std::vector<word>{other_value});
    REQUIRE(parse_presentation(to_string(p)) == p);
  }
}

TEST_CASE("garbage is refused with an error of the house", "[groups][presentation]") {
  const auto s = cosetta::tests::seed(0x6a7b);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const std::string alphabet = "ab,|^*.()[]'=-1 27\n";
  std::size_t read_well = 0;
  for (int round = 0; round < 30000; ++round) {
    std::string text = random() % 2 == 0 ? "a,b|" : "";
    for (std::size_t i = random() % 24; i > 0; --i) {
      text += random() % 50 == 0 ? static_cast<char>(random() % 256) : alphabet[random() % alphabet.size()];
    }
    try {
      const auto p = parse_presentation(text);
      ++read_well;
      if (parse_presentation(to_string(p)) != p) FAIL("no round trip: " << text);
    } catch (const cosetta::error&) {
    }
  }
  CHECK(read_well > 100);
}

}  // namespace finitely_presented_test
