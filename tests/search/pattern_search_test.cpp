#include <search/path_patterns.hpp>
#include <search/pattern_choice.hpp>
#include <search/pattern_search.hpp>

#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>
#include <tests/effort.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <queue>
#include <random>
#include <string>

namespace pattern_search_test {
namespace {

using namespace cosetta;
using search::find_path;
using search::path_method;
using search::path_status;

search::run_context with_threads(unsigned threads) {
  search::run_context out;
  out.threads = threads;
  return out;
}

graphs::graph_definition with_distinct_labels(const std::string& spec) {
  const auto graph = graphs::make_catalogue_graph(spec);
  graphs::state central;
  for (std::size_t i = 0; i < graph.degree(); ++i) central.push_back(i);
  return graphs::make_graph(spec, *graph.permutations(), central);
}

/// Distances of states to `to`, at most `most` of them, by generators that are closed under inversion.
std::map<graphs::state, std::uint64_t> distances(const graphs::graph_definition& graph, const graphs::state& to, std::size_t most) {
  std::map<graphs::state, std::uint64_t> out{{to, 0}};
  std::queue<graphs::state> queue;
  queue.push(to);
  while (!queue.empty() && out.size() < most) {
    const auto s = queue.front();
    queue.pop();
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      auto t = graph.apply(g, s);
      if (out.emplace(t, out.at(s) + 1).second) queue.push(std::move(t));
    }
  }
  return out;
}

graphs::state walked(const graphs::graph_definition& graph, std::size_t steps, std::mt19937_64& random) {
  auto s = graph.central();
  for (std::size_t k = 0; k < steps; ++k) s = graph.apply(random() % graph.generator_count(), s);
  return s;
}

}  // namespace

TEST_CASE("the search by depth finds the distances of breadth-first search", "[patterns]") {
  for (const auto& spec : tests::inputs<std::string>({"lrx:7", "pancake:7", "rubik_cube:2,metric=fixed_HTM", "stars:6", "top_spin:7,3"})) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const auto all = distances(graph, graph.central(), 20'000);
    for (const auto set : kernels::all_instruction_sets()) {
      if (!kernels::is_supported(set)) continue;
      const auto patterns = search::prepare_patterns(graph, graph.central(), 1 << 18, set, with_threads(2));
      REQUIRE(patterns.search);
      search::prepared_patterns kept;  // perhaps of renamed labels
      std::size_t k = 0;
      for (const auto& [s, d] : all) {
        if (k++ % 97 != 0) continue;
        CHECK(patterns.search->bound(*patterns.search->space().labels(s)) <= d);
        search::path_options options{.method = path_method::ida, .instructions = set};
        options.patterns = &kept;
        options.pattern_bytes = 1 << 18;
        const auto r = find_path(graph, s, graph.central(), options, with_threads(1 + k % 2));
        REQUIRE(r.status == path_status::geodesic);
        CHECK(r.word.size() == d);
      }
    }
  }
}

TEST_CASE("the search by depth finds shortest words for patterns, to any end", "[patterns]") {
  std::mt19937_64 random(3);
  for (const auto& [spec, central] : {std::pair{"lrx:12", "001122001122"}, {"top_spin:10,4", "0101010101"}, {"pancake:9", "000111222"}}) {
    INFO(spec);
    const auto base = graphs::make_catalogue_graph(spec);
    graphs::state start;
    for (const char c : std::string(central)) start.push_back(static_cast<std::uint64_t>(c - '0'));
    const auto graph = graphs::make_graph(spec, *base.permutations(), start);
    const auto to = walked(graph, 50, random);
    const auto all = distances(graph, to, 100'000);
    std::size_t k = 0;
    for (const auto& [s, d] : all) {
      if (k++ % (all.size() / tests::repeats(20)) != 0) continue;
      search::path_options options{.method = path_method::ida};
      options.pattern_bytes = 1 << 18;
      const auto r = find_path(graph, s, to, options, with_threads(2));
      REQUIRE(r.status == path_status::geodesic);
      CHECK(r.word.size() == d);
    }
  }
}

TEST_CASE("words do not depend on the number of threads or the kernel", "[patterns]") {
  const auto graph = with_distinct_labels("rubik_cube:3,metric=HTM");
  std::mt19937_64 random(11);
  auto first = search::prepare_patterns(graph, graph.central(), 1 << 20, kernels::instruction_set::scalar, with_threads(2));
  auto second = search::prepare_patterns(graph, graph.central(), 1 << 20, std::nullopt, with_threads(1));
  CHECK(first.text == second.text);
  for (int k = 0; k < 4; ++k) {
    const auto s = walked(graph, 8, random);
    search::path_options options{.method = path_method::ida};
    options.patterns = &first;
    const auto a = find_path(graph, s, graph.central(), options, with_threads(1));
    options.patterns = &second;
    const auto b = find_path(graph, s, graph.central(), options, with_threads(3));
    CHECK(a.status == path_status::geodesic);
    CHECK(a.word == b.word);
  }
}

TEST_CASE("tables that symmetries reduce have the layers of whole ones", "[patterns]") {
  const auto graph = with_distinct_labels("rubik_cube:3,metric=HTM");
  std::string reason;
  const auto space = search::pattern_space::of(graph, graph.central(), reason);
  REQUIRE(space);
  CHECK(space->places() == 48);
  CHECK(space->symmetries().size() == 48);
  auto choices = search::choose_patterns(*space, 1 << 18, {});
  REQUIRE_FALSE(choices.empty());
  for (auto& choice : choices) {
    INFO(choice.origin);
    search::pattern_table reduced(choice.parts, choice.symmetries, true), plain(choice.parts, {choice.symmetries.front()}, true);
    reduced.build(with_threads(2));
    plain.build(with_threads(1));
    CHECK(reduced.layers() == plain.layers());
    CHECK(reduced.entries() <= plain.entries());
  }
}

TEST_CASE("tables keep to their bytes, whatever these are", "[patterns]") {
  for (const auto& spec : tests::inputs<std::string>({"lrx:12", "coxeter:12", "top_spin:10,4"})) {
    const auto graph = graphs::make_catalogue_graph(spec);
    for (const std::size_t bytes : {1U << 12, 1U << 18, 1U << 20}) {
      INFO(spec << " " << bytes);
      const auto patterns = search::prepare_patterns(graph, graph.central(), bytes, std::nullopt, with_threads(2));
      CHECK(patterns.bytes <= bytes);
      if (bytes == 1 << 20) CHECK(patterns.search);
    }
  }
}

TEST_CASE("what the search by depth cannot do is said", "[patterns]") {
  const auto lx = graphs::make_catalogue_graph("lx:8");
  CHECK_THROWS_WITH(find_path(lx, lx.apply(0, lx.central()), lx.central(), {.method = path_method::ida}),
                    Catch::Contains("closed under inversion"));
  const auto matrices = graphs::make_catalogue_graph("heisenberg:3,modulo=5");
  CHECK_THROWS_AS(find_path(matrices, matrices.apply(0, matrices.central()), matrices.central(), {.method = path_method::ida}), domain_error);
  // An even permutation group on a pattern of distinct orbits: the two states have equal labels but no path.
  const auto base = graphs::make_catalogue_graph("rubik_cube:2,metric=fixed_HTM");
  auto twisted = base.central();
  bool found = false;
  for (std::size_t i = 0; i < twisted.size() && !found; ++i) {
    for (std::size_t j = i + 1; j < twisted.size() && !found; ++j) {
      if (twisted[i] == twisted[j]) continue;
      auto s = twisted;
      std::swap(s[i], s[j]);
      const auto r = find_path(base, s, base.central(), {.method = path_method::ida});
      if (r.status == path_status::no_path) found = true;
    }
  }
  CHECK(found);
}

TEST_CASE("the search by depth keeps to its limits and proves bounds", "[patterns]") {
  const auto graph = with_distinct_labels("rubik_cube:3,metric=HTM");
  std::mt19937_64 random(2);
  const auto s = walked(graph, 200, random);
  auto patterns = search::prepare_patterns(graph, graph.central(), 1 << 20, std::nullopt, with_threads(2));
  search::path_options options{.method = path_method::ida};
  options.patterns = &patterns;
  options.max_depth = 9;
  auto r = find_path(graph, s, graph.central(), options, with_threads(2));
  CHECK(r.status == path_status::lower_bound);
  CHECK(r.limit == search::limit::depth);
  CHECK(r.lower_bound == 10);
  options.max_depth.reset();
  auto context = with_threads(2);
  context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  r = find_path(graph, s, graph.central(), options, context);
  CHECK(r.limit == search::limit::time);
  CHECK(r.lower_bound >= 7);
}

TEST_CASE("forbidden words leave a shortest word for every element", "[patterns]") {
  for (const char* spec : {"lrx:6", "pancake:6", "lx:6", "stars:5", "top_spin:6,3"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const search::word_automaton automaton(graph.permutations()->elements());
    CHECK(automaton.words(0) == 1);
    // Layers by all words, and by the words that are left.
    std::map<graphs::state, std::size_t> plain{{graph.central(), 0}};
    std::vector<graphs::state> front{graph.central()};
    std::map<std::pair<graphs::state, unsigned>, int> kept{{{graph.central(), 0U}, 0}};
    std::vector<std::pair<graphs::state, unsigned>> words{{graph.central(), 0U}};
    std::map<graphs::state, std::size_t> left{{graph.central(), 0}};
    for (std::size_t d = 1; d <= 12 && (!front.empty() || !words.empty()); ++d) {
      std::vector<graphs::state> next;
      for (const auto& s : front) {
        for (std::size_t g = 0; g < graph.generator_count(); ++g) {
          if (auto t = graph.apply(g, s); plain.emplace(t, d).second) next.push_back(t);
        }
      }
      front = std::move(next);
      std::vector<std::pair<graphs::state, unsigned>> longer;
      for (const auto& [s, a] : words) {
        for (std::size_t g = 0; g < graph.generator_count(); ++g) {
          const auto b = automaton.next(static_cast<search::word_automaton::state>(a), g);
          if (b == search::word_automaton::forbidden) continue;
          std::pair<graphs::state, unsigned> t{graph.apply(g, s), b};
          left.emplace(t.first, d);
          if (kept.emplace(t, 0).second) longer.push_back(std::move(t));
        }
      }
      words = std::move(longer);
    }
    CHECK(plain == left);
  }
}

}  // namespace pattern_search_test
