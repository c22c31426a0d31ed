// The conventions of graph_definition, each on an example small enough to be checked by eye, and its refusals.
#include <graphs/graph_definition.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace graph_definition_test {
namespace {

using namespace cosetta::graphs;
using cosetta::groups::inverse_mark;
using cosetta::groups::make_matrix;
using cosetta::groups::matrix;
using cosetta::groups::permutation;
using cosetta::groups::point;

permutation images(const std::vector<point>& p) {
  return permutation(p);
}

permutation_set permutations(const std::vector<std::pair<std::string, std::vector<point>>>& named) {
  permutation_set set;
  for (const auto& [name, p] : named) set.add(name, images(p));
  return set;
}

matrix square(std::uint64_t modulus, const std::vector<std::int64_t>& entries) {
  std::size_t n = 1;
  while (n * n < entries.size()) ++n;
  return make_matrix(n, n, modulus, entries);
}

/// The message of the cosetta::error of type `Error` that `work` throws, or "" when it throws none.
template <class Error, class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

template <class Set>
void check_refusal(Set set, const state& central, const std::string& reason) {
  const auto message =
      refusal<cosetta::domain_error>([&] { static_cast<void>(make_graph("the-spec", std::move(set), central)); });
  INFO("message: " << message);
  CHECK(message.find("the-spec") != std::string::npos);
  CHECK(message.find(reason) != std::string::npos);
}

}  // namespace

TEST_CASE("a generator moves a permutation state to new[i] = old[p[i]]", "[graphs][graph_definition]") {
  const auto graph = make_graph("test", permutations({{"p", {1, 2, 0, 3}}, {"q", {0, 3, 2, 1}}}));
  CHECK(graph.central() == state{0, 1, 2, 3});
  CHECK(graph.apply(0, {10, 20, 30, 40}) == state{20, 30, 10, 40});
  CHECK(graph.apply(1, {10, 20, 30, 40}) == state{10, 40, 30, 20});
  CHECK(graph.apply(0, graph.central()) == state{1, 2, 0, 3});

  // p, then q: new[i] = old[p[i]] twice, which is the product q * p (first q, then p) of the conventions.
  const state reached = graph.apply(1, graph.apply(0, graph.central()));
  CHECK(reached == state{1, 3, 0, 2});
  const auto product = (images({0, 3, 2, 1}) * images({1, 2, 0, 3})).images();
  CHECK(reached == state(product.begin(), product.end()));
}

TEST_CASE("words reach the product of their letters from right to left", "[graphs][graph_definition]") {
  const auto seed = cosetta::tests::seed(20240607);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50; ++round) {
    const std::size_t n = 1 + random() % 300;  // images of one byte and of two
    permutation_set set;
    for (const char* name : {"a", "b", "c"}) {
      std::vector<point> p(n);
      for (std::size_t i = 0; i < n; ++i) p[i] = static_cast<point>(i);
      std::shuffle(p.begin(), p.end(), random);
      set.add(name, permutation(p));
    }
    const auto graph = make_graph("test", set);
    state at = graph.central();
    permutation product(n);
    for (int letter = 0; letter < 20; ++letter) {
      const std::size_t g = random() % 3;
      at = graph.apply(g, at);
      product = set[g] * product;
    }
    const auto expected = product.images();
    REQUIRE(at == state(expected.begin(), expected.end()));
  }
}

TEST_CASE("a generator moves a matrix state to G * S", "[graphs][graph_definition]") {
  matrix_set set;
  set.add("u", square(10, {1, 3, 0, 1}));
  set.add("v", square(10, {0, 1, -1, 0}));
  const auto graph = make_graph("test", set);
  CHECK(graph.central() == state{1, 0, 0, 1});
  CHECK(graph.degree() == 2);
  CHECK(graph.columns() == 2);
  CHECK(graph.modulus() == 10);
  CHECK(graph.permutations() == nullptr);
  CHECK(graph.apply(0, {1, 2, 3, 4}) == state{0, 4, 3, 4});  // row 0 + 3 row 1 = (10, 14)
  CHECK(graph.apply(1, {1, 2, 3, 4}) == state{3, 4, 9, 8});  // row 1, minus row 0
  // u then v is V * U: not U * V.
  CHECK(graph.apply(1, graph.apply(0, graph.central())) == state{0, 1, 9, 7});

  const auto column = graph.with_central({1, 2});
  CHECK(column.columns() == 1);
  CHECK(column.apply(0, {1, 2}) == state{7, 2});
  CHECK(graph.with_central({1, 2, 3, 4, 5, 6}).columns() == 3);
  CHECK(graph.with_central({1, 2, 3, 4, 5, 6}).apply(1, {1, 2, 3, 4, 5, 6}) == state{4, 5, 6, 9, 8, 7});
}

TEST_CASE("entries over Z are signed and may not leave 64 bits", "[graphs][graph_definition]") {
  matrix_set set;
  set.add("u", square(0, {1, 1, 0, 1}));
  set.add("t", square(0, {1, -1, 0, 1}));
  const auto graph = make_graph("over Z", set);
  CHECK(graph.modulus() == 0);
  CHECK(graph.is_inverse_closed());
  const state minus = graph.apply(1, graph.central());
  CHECK(minus == state{1, ~std::uint64_t{0}, 0, 1});
  CHECK(to_string(graph, minus) == "[[1,-1],[0,1]]");
  CHECK(graph.apply(0, minus) == graph.central());
  const state most{static_cast<std::uint64_t>(INT64_MAX), 0, 1, 1};
  CHECK_THROWS_AS(graph.apply(0, most), cosetta::domain_error);
  CHECK(graph.apply(1, most)[0] == static_cast<std::uint64_t>(INT64_MAX - 1));
}

TEST_CASE("make_graph refuses what is no graph and names it", "[graphs][graph_definition]") {
  check_refusal(permutation_set{}, {}, "no generators");
  check_refusal(matrix_set{}, {}, "no generators");
  check_refusal(permutations({{"none", {}}}), {}, "degree 0");
  check_refusal(permutations({{"first", {1, 0}}, {"second", {1, 2, 0}}}), {}, "second");
  check_refusal(permutations({{"first", {1, 0}}}), {0, 1, 2}, "3 labels");
  check_refusal(permutations({{"first", {1, 0}}}), {0}, "1 labels");

  const auto matrices = [](const std::vector<std::pair<std::string, matrix>>& named) {
    matrix_set set;
    for (const auto& [name, a] : named) set.add(name, a);
    return set;
  };
  const matrix one = square(6, {1, 0, 0, 1});
  check_refusal(matrices({{"wide", make_matrix(2, 3, 6, std::vector<std::int64_t>{1, 0, 0, 0, 1, 0})}}), {}, "wide");
  check_refusal(matrices({{"one", one}, {"big", square(6, {1, 0, 0, 0, 1, 0, 0, 0, 1})}}), {}, "big");
  check_refusal(matrices({{"one", one}, {"other", square(7, {1, 0, 0, 1})}}), {}, "other");
  check_refusal(matrices({{"one", one}, {"singular", square(6, {2, 0, 0, 1})}}), {}, "singular");  // 2 is no unit mod 6
  check_refusal(matrices({{"double", square(0, {2, 0, 0, 1})}}), {}, "double");                    // nor over Z
  check_refusal(matrices({{"one", one}}), {1, 2, 3}, "3 entries");
  check_refusal(matrices({{"one", one}}), {1, 6}, "not reduced modulo 6");
  CHECK(make_graph("fine", matrices({{"five", square(6, {5, 0, 0, 1})}})).generator_count() == 1);
}

TEST_CASE("a graph is a Cayley graph iff only the identity fixes the central state", "[graphs][graph_definition]") {
  const auto set = permutations({{"p", {1, 2, 0}}});
  CHECK(make_graph("t", set).is_cayley());
  CHECK(make_graph("t", set, {7, 3, 100}).is_cayley());
  CHECK_FALSE(make_graph("t", set, {0, 0, 1}).is_cayley());

  matrix_set matrices;
  matrices.add("u", square(6, {1, 1, 0, 1}));
  const auto graph = make_graph("t", matrices);
  CHECK(graph.is_cayley());
  CHECK(graph.with_central({5, 0, 3, 1}).is_cayley());
  CHECK_FALSE(graph.with_central({2, 0, 0, 1}).is_cayley());
  CHECK_FALSE(graph.with_central({1, 0}).is_cayley());
  CHECK_FALSE(graph.with_central({1, 0, 0, 0, 1, 0}).is_cayley());
}

TEST_CASE("with_central keeps the generators and forgets what was known", "[graphs][graph_definition]") {
  auto graph = make_graph("t", permutations({{"p", {1, 2, 0}}, {"q", {1, 0, 2}}}));
  graph.set_known({mpz_class(6), mpz_class(2)});
  const auto other = graph.with_central({4, 4, 9});
  CHECK(other.central() == state{4, 4, 9});
  CHECK(other.spec() == "t");
  CHECK(other.names() == graph.names());
  CHECK_FALSE(other.is_cayley());
  CHECK_FALSE(other.known().vertices);
  CHECK_FALSE(other.known().diameter);
  CHECK(graph.is_cayley());
  CHECK_THROWS_AS(graph.with_central({0, 1}), cosetta::domain_error);
  CHECK_THROWS_AS(graph.with_central({}), cosetta::domain_error);

  matrix_set matrices;
  matrices.add("u", square(6, {1, 1, 0, 1}));
  const auto over_z6 = make_graph("m", matrices);
  CHECK_THROWS_AS(over_z6.with_central({1, 2, 3}), cosetta::domain_error);
  CHECK_THROWS_AS(over_z6.with_central({6, 0}), cosetta::domain_error);
  CHECK_THROWS_AS(over_z6.with_central({}), cosetta::domain_error);
}

TEST_CASE("with_inverses appends what is missing, in order", "[graphs][graph_definition]") {
  auto graph = make_graph("t", permutations({{"a", {1, 2, 3, 0}}, {"x", {1, 0, 2, 3}}, {"b", {0, 2, 3, 1}}}));
  graph.set_known({mpz_class(24), mpz_class(5)});
  CHECK_FALSE(graph.is_inverse_closed());
  const auto closed = graph.with_inverses();
  CHECK(closed.is_inverse_closed());
  CHECK(closed.names() == std::vector<std::string>{"a", "x", "b", "a'", "b'"});
  CHECK((*closed.permutations())[3].images() == std::vector<point>{3, 0, 1, 2});
  CHECK((*closed.permutations())[4].images() == std::vector<point>{0, 3, 1, 2});
  CHECK(graph.with_inverses(inverse_mark::minus).names() == std::vector<std::string>{"a", "x", "b", "-a", "-b"});
  CHECK(closed.known().vertices == mpz_class(24));
  CHECK_FALSE(closed.known().diameter);
  CHECK(graph.generator_count() == 3);

  // Nothing is missing: nothing changes, the known diameter included.
  auto whole = make_graph("t", permutations({{"l", {1, 2, 0}}, {"r", {2, 0, 1}}}));
  whole.set_known({mpz_class(3), mpz_class(1)});
  CHECK(whole.is_inverse_closed());
  CHECK(whole.with_inverses().names() == std::vector<std::string>{"l", "r"});
  CHECK(whole.with_inverses().known().diameter == mpz_class(1));

  matrix_set matrices;
  matrices.add("u", square(5, {1, 1, 0, 1}));
  const auto closed_matrices = make_graph("m", matrices, {1, 2}).with_inverses();
  CHECK(closed_matrices.names() == std::vector<std::string>{"u", "u'"});
  CHECK((*closed_matrices.matrices())[1] == square(5, {1, 4, 0, 1}));
  CHECK(closed_matrices.central() == state{1, 2});
}

TEST_CASE("patterns are digits or numbers apart by commas", "[graphs][graph_definition]") {
  CHECK(parse_pattern("000111") == state{0, 0, 0, 1, 1, 1});
  CHECK(parse_pattern("0,0,0,1,1,1") == state{0, 0, 0, 1, 1, 1});
  CHECK(parse_pattern("10,2,0") == state{10, 2, 0});
  CHECK(parse_pattern(" 0 1 1\t0 ") == state{0, 1, 1, 0});
  CHECK(parse_pattern(" 12 , 3 ,\t0 ") == state{12, 3, 0});
  CHECK(parse_pattern("[1, 0, 2]") == state{1, 0, 2});
  CHECK(parse_pattern("[[1,2],[0,1]]") == state{1, 2, 0, 1});
  CHECK(parse_pattern("7") == state{7});
  CHECK(parse_pattern("007,1") == state{7, 1});
  CHECK(parse_pattern("9223372036854775807,1") == state{9223372036854775807ULL, 1});
  for (const char* bad : {"", " ", "[]", ",", "0,", ",0", "0,,1", "0,1,", "a", "01a", "1,a", "-1,0", "0;1", "1 2,3",
                          "0.5", "9223372036854775808,1", "0\n1"}) {
    INFO("pattern '" << bad << "'");
    CHECK_THROWS_AS(parse_pattern(bad), cosetta::parse_error);
  }
  const auto message = refusal<cosetta::parse_error>([] { static_cast<void>(parse_pattern("01x1")); });
  CHECK(message.find("position 3") != std::string::npos);
}

TEST_CASE("a label beyond 64 bits is refused, not wrapped", "[graphs][graph_definition]") {
  // Each of these is below 2^63 again once its multiples of 2^64 are dropped.
  for (const char* bad : {"18446744073709551616,1", "20000000000000000000,1", "36893488147419103233,1",
                          "184467440737095516160,1", "99999999999999999999999999999999999999990000000000,1"}) {
    INFO("pattern '" << bad << "'");
    CHECK_THROWS_AS(parse_pattern(bad), cosetta::parse_error);
  }
}

TEST_CASE("states are written as they are read", "[graphs][graph_definition]") {
  const auto graph = make_graph("t", permutations({{"p", {1, 2, 0}}}));
  CHECK(to_string(graph, {1, 0, 2}) == "[1,0,2]");
  CHECK(to_string(graph, {1, 0, 2}, 1) == "[2,1,3]");
  // Labels of a Schreier graph are colours, not points: they are not shifted.
  const auto coloured = graph.with_central({0, 0, 1});
  CHECK(to_string(coloured, {0, 1, 0}, 1) == "[0,1,0]");
  CHECK(parse_pattern(to_string(coloured, {0, 1, 0})) == state{0, 1, 0});

  matrix_set matrices;
  matrices.add("u", square(6, {1, 1, 0, 1}));
  const auto over_z6 = make_graph("m", matrices);
  CHECK(to_string(over_z6, {1, 5, 0, 1}, 1) == "[[1,5],[0,1]]");
  CHECK(to_string(over_z6.with_central({1, 2}), {3, 4}) == "[[3],[4]]");
}

}  // namespace graph_definition_test
