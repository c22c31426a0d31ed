// Walks on a backend of grids, run by the host in any order: the numbers, the steps and the states are the CPU's.
#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <search/device_walks.hpp>
#include <search/walks.hpp>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

#include <numeric>
#include <random>
#include <set>

namespace cosetta::search {
namespace device_walks_test {
namespace {

using kernels::host_order;
using keep = random_walks::keep;

struct sampled {
  std::vector<std::uint64_t> states;
  std::vector<std::uint32_t> moves;
  bool operator==(const sampled&) const = default;
};

sampled sample(const graphs::graph_definition& graph, const walk_options& options, std::uint64_t first, std::uint64_t count, keep kept, bool with_moves = true) {
  run_context context;
  context.threads = 2;
  const random_walks walks(graph, options, context);
  sampled out;
  out.states.resize(count * (kept == keep::all ? options.length + 1 : 1) * walks.width());
  if (with_moves) out.moves.resize(count * options.length);
  walks.sample(first, count, kept, out.states, out.moves, context);
  return out;
}

TEST_CASE("device walks: Philox and the rejection of words are those of the CPU", "[search][walks]") {
  if (tests::on_device) return;  // the host alone
  std::mt19937_64 random(tests::seed(81));
  for (std::size_t round = 0; round < 300; ++round) {
    const auto walk = random(), seed = random();
    const auto step = static_cast<std::uint32_t>(random()), purpose = static_cast<std::uint32_t>(random());
    const auto key = kernels::philox_key_of(seed);
    const auto block_of = [&](std::uint32_t place, std::uint32_t what) {
      return kernels::philox4x32({static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), place, what}, key);
    };
    const auto words = kernels::grid::philox(static_cast<std::uint32_t>(walk), static_cast<std::uint32_t>(walk >> 32), step, purpose, key[0], key[1]);
    const auto block = block_of(step, purpose);
    CHECK(std::equal(block.begin(), block.end(), words.word));
    // Bounds of which up to every second word is rejected, many times.
    for (const std::uint32_t bound : {1U, 3U, 12U, 0x80000001U, 0xc0000000U, 0x80000003U, 0xffffffffU}) {
      std::uint32_t tries = 0;
      const auto word = static_cast<std::uint32_t>(random());
      const auto expected = kernels::uniform_below(bound, [&] {
        const auto n = tries++;
        return n == 0 ? word : block_of(step, 1 + (n - 1) / 4)[(n - 1) % 4];
      });
      CHECK(kernels::grid::step_below({key[0], key[1]}, walk, step, word, bound) == expected);
    }
  }
}

/// A graph with a generator that is there twice: rules lack two numbers.
graphs::graph_definition doubled_graph() {
  graphs::permutation_set set;
  for (const char* name : {"a", "b", "c"}) set.add(name, groups::transposition(9, 0, name[0] == 'b' ? 2 : 1));
  std::vector<groups::point> cycle(9);
  for (groups::point i = 0; i < 9; ++i) cycle[i] = (i + 1) % 9;
  set.add("r", groups::permutation(cycle));
  return graphs::make_graph("doubled", std::move(set), {});
}

/// Of all transpositions of n points.
graphs::graph_definition transposition_graph(std::size_t n) {
  graphs::permutation_set set;
  for (groups::point i = 0; i < n; ++i) {
    for (groups::point j = 0; j < i; ++j) set.add(std::to_string(i) + "_" + std::to_string(j), groups::transposition(n, i, j));
  }
  return graphs::make_graph("transpositions", std::move(set), {});
}

TEST_CASE("device walks: moves and states of any walk are those of the CPU, in any order of blocks and threads", "[search][walks]") {
  std::mt19937_64 random(tests::seed(82));
  std::vector<graphs::graph_definition> graphs;
  for (const char* spec : {"lrx:12", "rubik_cube:3,metric=HTM"}) graphs.push_back(graphs::make_catalogue_graph(spec, 1));
  graphs.push_back(doubled_graph());
  graphs.push_back(transposition_graph(24));  // 276 generators: moves of 16 bits, tables that are not near
  for (const std::size_t n : {2U, 5U, 64U, 255U, 256U}) graphs.push_back(tests::random_permutation_graph(n, random));
  std::size_t compared = 0;
  for (const auto& graph : graphs) {
    for (const auto kind : {walk_kind::classic, walk_kind::non_backtracking}) {
      for (const std::uint32_t length : {0U, 1U, static_cast<std::uint32_t>(2 + random() % 40)}) {
        walk_options options{kind, length, random(), nullptr};
        const std::uint64_t first = length == 1 ? (std::uint64_t{1} << 32) - 70 : random() % 1000, count = 1 + random() % (length > 1 ? 300 : 150);
        INFO(graph.spec() << ", " << graph.generator_count() << " generators, " << to_string(kind) << ", length " << length << ", seed " << options.seed << ", " << count << " walks");
        try {
          sample(graph, options, 0, 1, keep::end);
        } catch (const domain_error&) {
          continue;  // non-backtracking by an involution alone
        }
        const auto all = sample(graph, options, first, count, keep::all), ends = sample(graph, options, first, count, keep::end);
        for (const auto& on : tests::all_backends()) {
          options.device = on;
          CHECK(sample(graph, options, first, count, keep::end) == ends);
          if (length > 1) CHECK(sample(graph, options, first, count, keep::all) == all);
          CHECK(sample(graph, options, first, count, keep::end, false).states == ends.states);
          ++compared;
          if (tests::sanitized) break;
        }
      }
    }
  }
  CHECK(compared > 40 / (tests::sanitized ? 3 : 1));
}

TEST_CASE("device walks: launches that are cut into batches and pieces change nothing", "[search][walks]") {
  const auto graph = graphs::make_catalogue_graph("lrx:10", 1);
  kernels::step_rules rules(std::vector<std::vector<std::uint32_t>>(4, {0, 1, 2}));
  const walk_options options{walk_kind::classic, 4999, 17, nullptr};
  const std::uint64_t count = 140;
  for (const auto kept : {keep::end, keep::all}) {
    const std::uint32_t length = kept == keep::end ? options.length : 43;
    auto now = options;
    now.length = length;
    const auto expected = sample(graph, now, 3, count, kept);
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{1} << 17, std::size_t{64} << 20}) {
      if (tests::sanitized && bytes == 1) continue;
      sampled got{std::vector<std::uint64_t>(expected.states.size()), std::vector<std::uint32_t>(expected.moves.size())};
      const device_walks walks(tests::next_backend(), graph, rules, kernels::philox_key_of(17), bytes);
      walks.sample(3, count, length, kept, got.states, got.moves, {});
      CHECK(got == expected);
    }
  }
}

TEST_CASE("device walks: what a device does not walk is refused, and walks without an end can be stopped", "[search][walks]") {
  walk_options options{walk_kind::classic, 5, 1, nullptr};
  options.device = tests::next_backend();
  std::mt19937_64 random(tests::seed(83));
  CHECK_THROWS_AS(random_walks(tests::random_permutation_graph(257, random), options), domain_error);
  CHECK_THROWS_AS(random_walks(graphs::make_catalogue_graph("heisenberg:3,modulo=5", 1), options), domain_error);
  options.kind = walk_kind::group;
  CHECK_THROWS_AS(random_walks(graphs::make_catalogue_graph("lrx:6", 1), options), domain_error);
  options.kind = walk_kind::classic, options.length = 0xfffffffe;
  const random_walks endless(graphs::make_catalogue_graph("lrx:6", 1), options);
  run_context context;
  context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  std::vector<std::uint64_t> states(6);
  CHECK_THROWS_AS(endless.sample(0, 1, keep::end, states, {}, context), groups::stopped_error);
  options.device = kernels::make_host_backend(host_order::forward, 100);
  CHECK_THROWS_AS(random_walks(graphs::make_catalogue_graph("lrx:60", 1), options), resource_error);
}

}  // namespace
}  // namespace device_walks_test
}  // namespace cosetta::search
