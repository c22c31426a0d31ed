// Philox against the published vectors; walks replayed step by step, the same for any number of threads and any cut into
// blocks; states of groups and spheres counted against the whole graph.
#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <kernels/philox.hpp>
#include <search/growth.hpp>
#include <search/walks.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>
#include <tests/tools/program.hpp>

#include <map>
#include <set>

namespace cosetta::search {
namespace walks_test {
namespace {

using kernels::philox4x32;
using kernels::philox_block;
using kernels::philox_key_of;
using kernels::uniform_below;
using tests::repeats;

graphs::graph_definition graph_of(const std::string& spec) {
  return graphs::make_catalogue_graph(spec, 1);
}

struct sampled {
  std::vector<std::uint64_t> states;
  std::vector<std::uint32_t> moves;
  bool operator==(const sampled&) const = default;
};

sampled sample(const graphs::graph_definition& graph, const walk_options& options, std::uint64_t first, std::uint64_t count, random_walks::keep kept = random_walks::keep::end,
               unsigned threads = 1) {
  run_context context;
  context.threads = threads;
  const random_walks walks(graph, options, context);
  const std::uint64_t rows = kept == random_walks::keep::all ? options.length + 1 : 1;
  sampled out;
  out.states.resize(count * rows * walks.width());
  if (walks.has_steps()) out.moves.resize(count * options.length);
  walks.sample(first, count, kept, out.states, out.moves, context);
  return out;
}

graphs::state row_of(const sampled& s, std::size_t width, std::size_t row) {
  const auto from = s.states.begin() + static_cast<std::ptrdiff_t>(row * width);
  return {from, from + static_cast<std::ptrdiff_t>(width)};
}

/// A table of the distances of a graph, in a folder of its own.
struct table_file {
  tests::scratch_folder folder;
  distance_table table;
  explicit table_file(const graphs::graph_definition& graph)
      : table([&] {
          growth_options options;
          options.save_distances = folder.path() / "t";
          make_growth_engine("auto")->run(graph, options, {});
          return distance_table::open(folder.path() / "t", graph);
        }()) {}
};

/// Pearson's statistic of counts that should all be `expected` exceeds this with a probability below 1e-12.
double far_above(std::size_t cells) {
  const auto f = static_cast<double>(cells - 1);
  return f + 10 * std::sqrt(2 * f) + 60;
}

double pearson(const std::map<graphs::state, std::uint64_t>& counts, std::uint64_t samples, std::uint64_t cells) {
  const double expected = static_cast<double>(samples) / static_cast<double>(cells);
  double sum = expected * static_cast<double>(cells - counts.size());
  for (const auto& [s, n] : counts) sum += (static_cast<double>(n) - expected) * (static_cast<double>(n) - expected) / expected;
  return sum;
}

TEST_CASE("Philox4x32-10: the known answers of Random123", "[search][walks]") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == philox_block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox4x32({ones, ones, ones, ones}, {ones, ones}) == philox_block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) == philox_block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("uniform_below takes as many words for each value", "[search][walks]") {
  // Of 2^32 words, those whose products have the low words 0, ..., 2^32 mod bound - 1 are rejected: here the edges are asked.
  for (const std::uint32_t bound : {1U, 2U, 3U, 6U, 1000U, 0x80000001U, 0xffffffffU}) {
    INFO(bound);
    const auto rejected = (0U - bound) % bound;
    const std::uint64_t each = ((std::uint64_t{1} << 32) - rejected) / bound;
    CHECK(each * bound + rejected == std::uint64_t{1} << 32);
    for (const std::uint32_t value : {0U, bound / 2, bound - 1}) {
      // The words w with w * bound in [value 2^32, (value + 1) 2^32), less the rejected ones.
      const std::uint64_t low = ((std::uint64_t{value} << 32) + bound - 1) / bound, high = ((std::uint64_t{value + 1ULL} << 32) + bound - 1) / bound;
      std::uint64_t lost = 0;
      for (std::uint64_t w = low; w < high && static_cast<std::uint32_t>(w * bound) < rejected; ++w) ++lost;
      CHECK(high - low - lost == each);
      int asked = 0;
      CHECK(uniform_below(bound, [&] { return ++asked == 1 ? static_cast<std::uint32_t>(low + lost) : 0xdeadbeefU; }) == value);
    }
  }
}

TEST_CASE("walks: step j of walk i is a function of seed, i and j", "[search][walks]") {
  const auto graph = graph_of("lrx:8");  // three generators: word * 3 >> 32
  const std::uint64_t seed = tests::seed(0x123456789abcdef);
  INFO("seed " << seed);
  const std::uint64_t first = (std::uint64_t{1} << 32) - 3;  // walks on both sides of 2^32
  const auto got = sample(graph, {walk_kind::classic, 11, seed, nullptr}, first, 6);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const std::uint64_t walk = first + i;
    for (std::uint32_t j = 0; j < 11; ++j) {
      const auto block = philox4x32({static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), j / 4, 0}, philox_key_of(seed));
      CHECK(got.moves[i * 11 + j] == (std::uint64_t{block[j % 4]} * 3 >> 32));
    }
  }
  // A longer walk begins as the shorter one; another seed is another walk.
  const auto longer = sample(graph, {walk_kind::classic, 12, seed, nullptr}, first, 1);
  CHECK(std::equal(longer.moves.begin(), longer.moves.end() - 1, got.moves.begin()));
  CHECK(sample(graph, {walk_kind::classic, 40, seed + 1, nullptr}, 0, 1) != sample(graph, {walk_kind::classic, 40, seed, nullptr}, 0, 1));
}

TEST_CASE("walks: states are replayed, and threads and blocks change nothing", "[search][walks]") {
  std::mt19937_64 random(tests::seed(5));
  for (std::size_t round = 0; round < repeats(24); ++round) {
    const auto graph = round == 0   ? graph_of("heisenberg:3,modulo=5")
                       : round == 1 ? graph_of("heisenberg:3")
                       : round == 2 ? tests::random_permutation_graph(63 + random() % 3, random)  // words of 64 points, and more
                       : round == 3 ? tests::random_permutation_graph(300, random)
                                    : tests::random_permutation_graph(4 + random() % 9, random);
    for (const auto kind : {walk_kind::classic, walk_kind::non_backtracking}) {
      const walk_options options{kind, static_cast<std::uint32_t>(random() % 9), random(), nullptr};
      INFO(graph.spec() << " " << to_string(kind) << " length " << options.length << " seed " << options.seed);
      constexpr std::uint64_t count = 300;
      sampled all;
      try {
        all = sample(graph, options, 0, count, random_walks::keep::all);
      } catch (const domain_error&) {
        CHECK(kind == walk_kind::non_backtracking);  // one involution alone
        continue;
      }
      const auto width = graph.central().size();
      const auto ends = sample(graph, options, 0, count);
      CHECK(ends.moves == all.moves);
      for (std::size_t i = 0; i < count; ++i) {
        auto here = graph.central();
        REQUIRE(row_of(all, width, i * (options.length + 1)) == here);
        for (std::size_t j = 0; j < options.length; ++j) {
          const auto g = all.moves[i * options.length + j];
          here = graph.apply(g, here);
          REQUIRE(row_of(all, width, i * (options.length + 1) + j + 1) == here);
          if (kind == walk_kind::classic || j == 0) continue;
          std::visit([&](const auto& set) { REQUIRE_FALSE((set[g] * set[all.moves[i * options.length + j - 1]]).is_identity()); }, graph.generators());
        }
        REQUIRE(row_of(ends, width, i) == here);
      }
      for (const unsigned threads : {2U, 7U}) CHECK(sample(graph, options, 0, count, random_walks::keep::all, threads) == all);
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        auto forced = options;
        forced.instructions = set;
        CHECK(sample(graph, forced, 0, count) == ends);
      }
      const auto tail = sample(graph, options, 211, count - 211);
      CHECK(std::equal(tail.states.begin(), tail.states.end(), ends.states.begin() + static_cast<std::ptrdiff_t>(211 * width)));
    }
  }
}

TEST_CASE("walks: the numbers of a seed stay", "[search][walks]") {
  const auto moves = [](const char* spec, walk_kind kind) { return sample(graph_of(spec), {kind, 10, 2026, nullptr}, 5, 1).moves; };
  CHECK(moves("lrx:24", walk_kind::classic) == std::vector<std::uint32_t>{0, 0, 1, 0, 0, 0, 1, 0, 2, 0});
  CHECK(moves("lrx:24", walk_kind::non_backtracking) == std::vector<std::uint32_t>{0, 0, 0, 0, 0, 0, 2, 0, 2, 0});
  CHECK(moves("rubik_cube:3,metric=HTM", walk_kind::non_backtracking) == std::vector<std::uint32_t>{5, 1, 8, 0, 2, 5, 11, 1, 14, 1});
  CHECK(moves("heisenberg:3", walk_kind::non_backtracking) == std::vector<std::uint32_t>{1, 0, 1, 0, 0, 0, 1, 0, 3, 0});
}

TEST_CASE("walks: pieces of long walks fit together, and the clock is looked at within them", "[search][walks]") {
  for (const char* spec : {"lrx:6", "lrx:70", "heisenberg:3,modulo=5"}) {
    const auto graph = graph_of(spec);
    const walk_options options{walk_kind::non_backtracking, 1500, 4, nullptr};
    const auto all = sample(graph, options, 7, 3, random_walks::keep::all), ends = sample(graph, options, 7, 3);
    CHECK(ends.moves == all.moves);
    const auto width = graph.central().size();
    for (std::size_t i = 0; i < 3; ++i) {
      auto here = graph.central();
      for (std::size_t j = 0; j < options.length; ++j) {
        here = graph.apply(all.moves[i * options.length + j], here);
        REQUIRE(row_of(all, width, i * (options.length + 1) + j + 1) == here);
      }
      CHECK(row_of(ends, width, i) == here);
    }
    const random_walks endless(graph, {walk_kind::classic, 0xfffffffe, 1, nullptr});
    run_context context;
    context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    std::vector<std::uint64_t> states(width);
    CHECK_THROWS_AS(endless.sample(0, 1, random_walks::keep::end, states, {}, context), groups::stopped_error);
  }
}

TEST_CASE("walks: generators are chosen uniformly among those allowed", "[search][walks]") {
  const std::uint64_t seed = tests::seed(3), count = 6000;
  INFO("seed " << seed);
  const auto graph = graph_of("lrx:5");  // L R X: after L not R, after R not L, after X not X
  for (const auto kind : {walk_kind::classic, walk_kind::non_backtracking}) {
    const auto got = sample(graph, {kind, 6, seed, nullptr}, 0, count);
    std::map<graphs::state, std::uint64_t> pairs;
    for (std::size_t i = 0; i < count; ++i) ++pairs[{got.moves[6 * i + 4], got.moves[6 * i + 5]}];
    CHECK(pairs.size() == (kind == walk_kind::classic ? 9 : 6));
    CHECK(pairs.contains({0, 1}) == (kind == walk_kind::classic));
    CHECK(pairs.contains({2, 2}) == (kind == walk_kind::classic));
    CHECK(pearson(pairs, count, pairs.size()) < far_above(pairs.size()));
  }
  // L has no inverse among the generators of LX: only X after X is excluded.
  const auto directed = sample(graph_of("lx:5"), {walk_kind::non_backtracking, 2, seed, nullptr}, 0, 200);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::size_t i = 0; i < 200; ++i) seen.emplace(directed.moves[2 * i], directed.moves[2 * i + 1]);
  CHECK(seen == std::set<std::pair<std::uint32_t, std::uint32_t>>{{0, 0}, {0, 1}, {1, 0}});
}

TEST_CASE("walks: states of kind group are uniform on the vertices", "[search][walks]") {
  const std::uint64_t seed = tests::seed(8);
  INFO("seed " << seed);
  const std::pair<graphs::graph_definition, std::uint64_t> cases[] = {
      {graph_of("lrx:5"), 120},                                          // a chain
      {graph_of("lrx:6").with_central({0, 0, 0, 1, 1, 1}), 20},          // a pattern
      {graph_of("heisenberg:3,modulo=5"), 125},                          // matrices
      {graph_of("coxeter:9").with_central({0, 0, 0, 0, 0, 0, 0, 1, 1}), 36},  // a giant, which has no chain
  };
  for (const auto& [graph, vertices] : cases) {
    INFO(graph.spec());
    const std::uint64_t count = vertices * repeats(100);
    const walk_options options{walk_kind::group, 0, seed, nullptr};
    const auto got = sample(graph, options, 0, count);
    std::map<graphs::state, std::uint64_t> counts;
    for (std::size_t i = 0; i < count; ++i) ++counts[row_of(got, graph.central().size(), i)];
    CHECK(counts.size() == vertices);
    CHECK(pearson(counts, count, vertices) < far_above(vertices));
    for (const unsigned threads : {2U, 7U}) CHECK(sample(graph, options, 0, count, random_walks::keep::end, threads) == got);
    const auto tail = sample(graph, options, 77, 5);
    CHECK(std::equal(tail.states.begin(), tail.states.end(), got.states.begin() + static_cast<std::ptrdiff_t>(77 * graph.central().size())));
  }
  CHECK_THROWS_AS(random_walks(graph_of("heisenberg:3"), walk_options{walk_kind::group, 0, 1, nullptr}), domain_error);
}

TEST_CASE("walks: states of kind sphere are uniform on it", "[search][walks]") {
  const std::uint64_t seed = tests::seed(9);
  INFO("seed " << seed);
  for (const auto& graph : {graph_of("lrx:5"), graph_of("lx:5"), graph_of("lrx:6").with_central({0, 0, 0, 1, 1, 1}), graph_of("heisenberg:3,modulo=5")}) {
    INFO(graph.spec());
    const table_file file(graph);
    const auto width = graph.central().size();
    const auto& layers = file.table.layers();
    for (std::uint32_t r = 0; r < layers.size(); ++r) {
      const std::uint64_t count = layers[r] * repeats(60);
      const walk_options options{walk_kind::sphere, r, seed, &file.table};
      const auto got = sample(graph, options, 0, count);
      std::map<graphs::state, std::uint64_t> counts;
      for (std::size_t i = 0; i < count; ++i) {
        const auto s = row_of(got, width, i);
        REQUIRE(file.table.distance(s) == r);
        ++counts[s];
      }
      CHECK(counts.size() == layers[r]);
      CHECK(pearson(counts, count, layers[r]) < far_above(layers[r]));
      CHECK(sample(graph, options, 0, count, random_walks::keep::end, 7) == got);
    }
    CHECK_THROWS_AS(random_walks(graph, walk_options{walk_kind::sphere, static_cast<std::uint32_t>(layers.size()), 1, &file.table}), domain_error);
    CHECK_THROWS_AS(random_walks(graph, walk_options{walk_kind::sphere, 2, 1, nullptr}), domain_error);
  }
}

TEST_CASE("walks: a sphere too large to list is met by rejection", "[search][walks]") {
  if (tests::sanitized) return;  // 39 million states
  const auto graph = graph_of("lrx:11");
  const table_file file(graph);
  const auto widest = static_cast<std::uint32_t>(std::max_element(file.table.layers().begin(), file.table.layers().end()) - file.table.layers().begin());
  CHECK(file.table.layers()[widest] * 11 * 8 > (std::uint64_t{64} << 20));
  for (const auto r : {widest, widest + 3}) {
    const walk_options options{walk_kind::sphere, r, 4, &file.table};
    const auto got = sample(graph, options, 0, 200);
    std::set<graphs::state> seen;
    for (std::size_t i = 0; i < 200; ++i) {
      seen.insert(row_of(got, 11, i));
      CHECK(file.table.distance(row_of(got, 11, i)) == r);
    }
    CHECK(seen.size() > 190);
    CHECK(sample(graph, options, 0, 200, random_walks::keep::end, 2) == got);
    CHECK(sample(graph, options, 150, 1).states == std::vector<std::uint64_t>(got.states.begin() + 150 * 11, got.states.begin() + 151 * 11));
  }
}

TEST_CASE("walks: what cannot go on is refused", "[search][walks]") {
  graphs::permutation_set one;
  one.add("X", groups::transposition(3, 0, 1));
  const auto graph = graphs::make_graph("edge", one);
  CHECK_NOTHROW(random_walks(graph, walk_options{walk_kind::non_backtracking, 1, 1, nullptr}));
  CHECK_THROWS_AS(random_walks(graph, walk_options{walk_kind::non_backtracking, 2, 1, nullptr}), domain_error);
  CHECK_NOTHROW(random_walks(graph, walk_options{walk_kind::classic, 2, 1, nullptr}));
  std::stop_source stop;
  stop.request_stop();
  run_context context;
  context.stop = stop.get_token();
  const random_walks walks(graph, walk_options{walk_kind::classic, 2, 1, nullptr});
  std::vector<std::uint64_t> states(3);
  CHECK_THROWS_AS(walks.sample(0, 1, random_walks::keep::end, states, {}, context), groups::stopped_error);
}

}  // namespace
}  // namespace walks_test
}  // namespace cosetta::search
