// Graphs of presentations: vertices are cosets, edges go from H*g to H*g*s, and directions count.
#include <graphs/fp_graph.hpp>
#include <graphs/implicit_graph.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/coset_enumeration.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace fp_graph_test {
namespace {

using namespace cosetta;
using graphs::parse_graph;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

graphs::graph_definition read(const std::string& text,
                              graphs::closure inverses = graphs::closure::as_the_format_means) {
  graphs::parse_options options;
  options.inverses = inverses;
  return parse_graph("fp:" + text, options);
}

/// Sphere sizes of the graph as it is defined: by its states.
std::vector<std::size_t> growth(const graphs::graph_definition& graph) {
  std::unordered_map<graphs::state, std::size_t, graphs::state_hash> distance{{graph.central(), 0}};
  std::vector<graphs::state> queue{graph.central()};
  std::vector<std::size_t> layers{1};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const auto from = queue[head];
    const std::size_t next = distance[from] + 1;
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto to = graph.apply(g, from);
      if (!distance.emplace(to, next).second) continue;
      if (layers.size() == next) layers.push_back(0);
      ++layers[next];
      queue.push_back(std::move(to));
    }
  }
  return layers;
}

/// Sphere sizes around coset 0 of the edges c -> c * letter.
std::vector<std::size_t> growth(const groups::coset_table& table, const std::vector<std::int32_t>& letters) {
  std::vector<std::size_t> distance(table.index(), table.index());
  std::vector<groups::coset_table::coset> queue{0};
  std::vector<std::size_t> layers{1};
  distance[0] = 0;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::size_t next = distance[queue[head]] + 1;
    for (const auto letter : letters) {
      const auto to = table.next(queue[head], letter);
      if (distance[to] != table.index()) continue;
      distance[to] = next;
      if (layers.size() == next) layers.push_back(0);
      ++layers[next];
      queue.push_back(to);
    }
  }
  return layers;
}

std::size_t marked(const graphs::state& s) {
  const auto at = std::find(s.begin(), s.end(), 1);
  REQUIRE(std::count(s.begin(), s.end(), 1) == 1);
  return static_cast<std::size_t>(at - s.begin());
}

}  // namespace

TEST_CASE("a presentation is its Cayley graph", "[graphs][fp]") {
  const auto graph = read("a,b|a^2,b^3,(a*b)^7,[a,b]^4");
  CHECK(graph.names() == std::vector<std::string>{"a", "b", "b'"});  // a is its own inverse
  CHECK(graph.is_inverse_closed());
  CHECK(graph.known().vertices == mpz_class(168));
  CHECK(graph.degree() == 168);
  CHECK(graph.is_cayley());
  CHECK_FALSE(graph.with_central(graphs::state(168, 0)).is_cayley());
  CHECK_FALSE(read("a,b|a^2,b^3,(a*b)^7,[a,b]^4|a*b").is_cayley());
  CHECK(graph.spec() == "fp:a,b|a^2,b^3,(a*b)^7,(a^-1*b^-1*a*b)^4");
  CHECK(growth(graph) == std::vector<std::size_t>{1, 3, 4, 6, 8, 12, 16, 22, 22, 25, 26, 21, 2});
  CHECK(growth(read("s,t,u|s^2,t^2,u^2,(s*t)^5,(t*u)^3,(s*u)^2")) ==
        std::vector<std::size_t>{1, 3, 5, 7, 9, 11, 12, 12, 12, 12, 11, 9, 7, 5, 3, 1});  // [2][6][10]
}

TEST_CASE("the text of the graph is the graph again", "[graphs][fp]") {
  for (const auto* text : {"a|a^5", "a,b|a^2,b^3,(a*b)^4|a", "x,y|x^3=1,y^3=1,[x,y]=1|x*y", "a|a"}) {
    const auto graph = read(text);
    const auto again = parse_graph(graph.spec());
    CHECK(again.spec() == graph.spec());
    CHECK(again.generators() == graph.generators());
    CHECK(again.central() == graph.central());
  }
}

TEST_CASE("edges go from a coset to its right neighbours", "[graphs][fp]") {
  // Directed, and of non-commuting generators; over subgroups, where no automorphism of the graph hides a mistake.
  for (const auto* text :
       {"a,b|a^5,b^3,(a*b)^2", "a,b|a^2,b^3,(a*b)^7,[a,b]^4", "a,b|a^5,b^3,(a*b)^2|a", "a,b|a^5,b^3,(a*b)^2|b*a",
        "a,b|a^4,b^2,(a*b)^3|b", "a,b|a^7,b^3,a^b=a^2", "a,b|a^7,b^3,a^b=a^2|b", "a,b|a^7,b^6,a^b=a^3|b^2",
        "a,b|a^2,b^4,(a*b)^11,(a*b^2)^6,a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1|a*b"}) {
    INFO(text);
    const auto p = groups::parse_presentation(text);
    const auto table = groups::enumerate_cosets(p);
    const auto directed = read(text, graphs::closure::directed);
    REQUIRE(directed.names() == p.generators);
    REQUIRE(growth(directed) == growth(table, {1, 2}));
    REQUIRE(growth(read(text)) == growth(table, {1, -1, 2, -2}));
    REQUIRE(growth(read(text, graphs::closure::inverse_closed)) == growth(table, {1, -1, 2, -2}));
  }
}

TEST_CASE("out-growth is told from in-growth", "[graphs][fp]") {
  // Found by searching: subgroups whose Schreier graphs grow differently along and against their edges.
  std::size_t different = 0;
  for (const auto* text : {"a,b|a^5,b^3,(a*b)^2|a^2*b*a", "a,b|a^4,b^3,(a*b)^2|a*b", "a,b|a^5,b^3,(a*b)^2|a*b",
                           "a,b|a^7,b^3,a^b=a^2|b*a", "a,b|a^2,b^3,(a*b)^7,[a,b]^4|a*b*a*b^-1",
                           "a,b|a^5,b^4,(a*b)^2,(a^-1*b)^4|b", "a,b|a^4,b^3,(a*b)^7,(a^2*b)^4,(a*b^-1*a^2*b)^3|a"}) {
    INFO(text);
    const auto p = groups::parse_presentation(text);
    groups::coset_options options;
    options.max_cosets = 100'000;
    try {
      const auto table = groups::enumerate_cosets(p, options);
      const auto out = growth(table, {1, 2});
      different += out != growth(table, {-1, -2});
      REQUIRE(growth(read(text, graphs::closure::directed)) == out);
    } catch (const resource_error&) {
    }
  }
  CHECK(different > 0);
}

TEST_CASE("words mean the same in the graph and in the group", "[graphs][fp]") {
  const auto s = tests::seed(0xf9a);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const std::string text = "a,b|a^5,b^3,(a*b)^2|a*b";
  const auto graph = read(text);
  const auto table = groups::enumerate_cosets(groups::parse_presentation(text));
  for (int round = 0; round < 200; ++round) {
    groups::word w;
    auto state = graph.central();
    for (std::size_t length = random() % 20; length > 0; --length) {
      const auto g = random() % graph.generator_count();
      state = graph.apply(g, state);
      w.push_back(groups::parse_word(graph.names()[g], std::vector<std::string>{"a", "b"})[0]);
    }
    REQUIRE(marked(state) == table.trace(0, w));
  }
}

TEST_CASE("small and collapsed groups are graphs too", "[graphs][fp]") {
  CHECK(growth(read("a|a")) == std::vector<std::size_t>{1});
  CHECK(growth(read("a,b|a^-1*b*a=b^2,b^-1*a*b=a^2")) == std::vector<std::size_t>{1});
  CHECK(growth(read("a|a^2")) == std::vector<std::size_t>{1, 1});
  CHECK(growth(read("a|a^6")) == std::vector<std::size_t>{1, 2, 2, 1});
  CHECK(growth(read("a|a^6", graphs::closure::directed)) == std::vector<std::size_t>(6, 1));
  CHECK(growth(read("a,b|a^6,b=a^2")) == std::vector<std::size_t>{1, 4, 1});
}

TEST_CASE("a graph's cosets are enumerated until the deadline, and within one relator", "[graphs][fp]") {
  for (const auto* text : {"fp:a,b|a^2,b^3,(a*b)^7,[a,b]^11", "fp:a,b|a^4000001,b^3"}) {
    graphs::parse_options options;
    options.control.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    CHECK_THROWS_MATCHES(parse_graph(text, options), groups::stopped_error, message_with("out of time") && message_with("--time"));
    std::stop_source source;
    source.request_stop();
    options.control.deadline.reset();
    options.control.stop = source.get_token();
    CHECK_THROWS_AS(parse_graph(text, options), groups::stopped_error);
  }
}

TEST_CASE("what cannot be enumerated says so and names the cure", "[graphs][fp]") {
  CHECK_THROWS_MATCHES(parse_graph("fp:"), parse_error, message_with("name of a generator"));
  CHECK_THROWS_MATCHES(parse_graph("fp:a,b|a^2.g"), parse_error, message_with("g is no generator"));  // no file
  CHECK_THROWS_MATCHES(parse_graph("fp:a,b|ab"), parse_error, message_with("write products with *"));
  CHECK(growth(parse_graph("fp:a,g|a^2,g^2,a*g*a.g")) == std::vector<std::size_t>{1, 2, 1});
  const auto p = groups::parse_presentation("a,b|a^2,b^3");
  groups::coset_options options;
  options.max_cosets = 10'000;
  CHECK_THROWS_MATCHES(graphs::make_fp_graph(p, options), resource_error,
                       message_with("fp:a,b|a^2,b^3: ") && message_with("third part"));
  CHECK_THROWS_AS(graphs::make_fp_graph(groups::presentation{}), domain_error);
  CHECK_THROWS_MATCHES(parse_graph("fp:a|"), resource_error, message_with("the limit is 4194304"));
}

}  // namespace fp_graph_test
