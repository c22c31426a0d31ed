// The levels of a beam against spheres and against themselves; the estimates against their definitions; ranks and selection.
#include <graphs/catalogue.hpp>
#include <search/beam_levels.hpp>
#include <search/pair_tables.hpp>

#include <numeric>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/beam_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace beam_levels_test {
namespace {

using tests::end_of;

byte_row random_row(const byte_graph& graph, std::mt19937_64& random) {
  auto q = graph.home();
  std::shuffle(q.begin(), q.begin() + static_cast<std::ptrdiff_t>(graph.n), random);
  return q;
}

TEST_CASE("kept candidates: rank and selection are inverse to each other") {
  std::mt19937_64 random(tests::seed(61));
  for (const std::size_t words : {1, 7, 8, 9, 100}) {
    for (const int density : {0, 1, 6}) {
      std::vector<std::uint64_t> bits(words);
      for (auto& b : bits) {
        b = density == 0 ? 0 : random();
        for (int i = 1; i < density; ++i) b &= random();
      }
      bits[words / 2] |= 1;
      const kept_candidates kept(bits);
      std::uint32_t before = 0;
      for (std::uint32_t c = 0; c < 64 * words; ++c) {
        REQUIRE(kept.rank(c) == before);
        const bool there = (bits[c / 64] >> c % 64 & 1) != 0;
        REQUIRE(kept.test(c) == there);
        if (there) REQUIRE(kept.select(before++) == c);
      }
    }
  }
}

TEST_CASE("beam levels: wide ones are spheres, whatever the threads; narrow ones hold the width, each state once") {
  for (const char* spec : tests::inputs<const char*>({"lrx:7", "coxeter:6", "pancake:6", "top_spin:7"})) {
    INFO(spec);
    const auto definition = graphs::make_catalogue_graph(spec);
    const byte_graph graph(definition);
    const byte_ball ball(graph, graph.backward, 1, {});
    const auto estimate = make_pair_heuristic(definition, false, 1 << 30, {});
    for (const unsigned threads : {1U, 3U}) {
      run_context context;
      context.threads = threads;
      beam_levels levels(graph, *estimate, ball, ~0U, 5040, context, graph.home().data());
      std::set<byte_row> seen{graph.home()}, sphere = seen;
      while (!sphere.empty()) {
        REQUIRE(levels.size() == sphere.size());
        std::set<byte_row> entries;
        for (std::uint32_t e = 0; e < levels.size(); ++e) entries.insert(end_of(graph, graph.home(), levels.word_to(levels.level(), e)));
        REQUIRE(entries == sphere);
        std::set<byte_row> next;
        for (const auto& q : sphere) {
          for (std::size_t g = 0; g < graph.generators; ++g) {
            if (auto to = end_of(graph, q, {g}); seen.insert(to).second) next.insert(std::move(to));
          }
        }
        sphere = std::move(next);
        REQUIRE(levels.advance());
      }
      CHECK(levels.size() == 0);
    }
  }
}

TEST_CASE("beam levels: narrow ones keep the width, the same for any number of threads") {
  const auto definition = graphs::make_catalogue_graph("lrx:14");
  const byte_graph graph(definition);
  const byte_ball ball(graph, graph.backward, 100, {});
  const auto estimate = make_pair_heuristic(definition, true, 1 << 30, {});
  std::mt19937_64 random(tests::seed(62));
  const auto start = random_row(graph, random);
  for (const std::size_t width : {1, 5, 100, 3000}) {
    std::vector<std::vector<std::size_t>> words;
    for (const unsigned threads : {1U, 2U, 7U}) {
      run_context context;
      context.threads = threads;
      beam_levels levels(graph, *estimate, ball, ~0U, width, context, start.data());
      for (int t = 0; t < 30; ++t) {
        REQUIRE(levels.advance());
        REQUIRE(levels.size() <= width);
        if (t > 20) CHECK(levels.size() + width / 8 >= width);
      }
      std::vector<std::vector<std::size_t>> here;
      std::set<byte_row> ends;
      for (std::uint32_t e = 0; e < levels.size(); ++e) {
        here.push_back(levels.word_to(30, e));
        REQUIRE(here.back().size() == 30);
        ends.insert(end_of(graph, start, here.back()));
      }
      CHECK(ends.size() == here.size());
      if (words.empty()) words = here;
      CHECK(words == here);
      CHECK(levels.bytes() < width * 200 + 1'000'000 * threads);
    }
  }
}

TEST_CASE("estimates: sums of pair tables, gaps and labels that are not home") {
  std::mt19937_64 random(tests::seed(63));
  for (const char* spec : {"lrx:11", "pancake:9", "full_reversals:8", "coxeter:20", "lrx:40", "lrx:70"}) {
    INFO(spec);
    const auto definition = graphs::make_catalogue_graph(spec);
    const byte_graph graph(definition);
    const std::size_t n = graph.n;
    std::vector<std::uint8_t> rows;
    for (int i = 0; i < 70; ++i) {
      const auto q = random_row(graph, random);
      rows.insert(rows.end(), q.begin(), q.end());
    }
    const auto scores = [&](const heuristic& h) {
      std::vector<std::uint32_t> out(70);
      h.score(rows.data(), 70, out.data());
      return out;
    };
    const auto pairs = scores(*make_pair_heuristic(definition, false, 1 << 30, {})), gaps = scores(*make_gap_heuristic(definition, false)),
               ring = scores(*make_gap_heuristic(definition, true)), hamming = scores(*make_hamming_heuristic(definition));
    const auto tables = pair_tables::make(definition, pair_tables::goal::home);
    for (std::size_t i = 0; i < 70; ++i) {
      const auto* q = rows.data() + i * graph.stride;
      CHECK(pairs[i] == tables->score(q));
      std::uint32_t apart = 0, away = 0;
      for (std::size_t v = 0; v < n; ++v) away += q[v] != v;
      for (std::size_t v = 0; v + 1 < n; ++v) apart += std::abs(q[v] - q[v + 1]) != 1;
      CHECK(hamming[i] == away);
      const auto turn = std::abs(q[n - 1] - q[0]);
      std::uint32_t in_ring = turn != 1 && turn != static_cast<int>(n) - 1;
      for (std::size_t v = 0; v + 1 < n; ++v) in_ring += std::abs(q[v] - q[v + 1]) != 1 && std::abs(q[v] - q[v + 1]) != static_cast<int>(n) - 1;
      CHECK(ring[i] == in_ring);
      const std::string name = spec;
      if (name.starts_with("pancake")) CHECK(gaps[i] == apart + (q[n - 1] != n - 1));
      if (name.starts_with("full_reversals")) CHECK(gaps[i] == apart + (q[0] != 0) + (q[n - 1] != n - 1));
    }
  }
  CHECK(make_pair_heuristic(graphs::make_catalogue_graph("coxeter:7"), true, 1 << 30, {}) == nullptr);
  CHECK(make_pair_heuristic(graphs::make_catalogue_graph("coxeter:60"), false, 1000, {}) == nullptr);
}

}  // namespace
}  // namespace beam_levels_test
}  // namespace cosetta::search
