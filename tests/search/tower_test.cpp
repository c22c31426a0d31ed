// Coset towers against permutations multiplied one by one, and growth over them against the other engines.
#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_choice.hpp>
#include <search/tower_sweep.hpp>

#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <tests/effort.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/search/tower_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace tower_test {
namespace {

using groups::permutation;
using layers = std::vector<std::uint64_t>;
using tests::catalogue_samples;
using tests::disjoint_cycles;
using tests::graph_of;
using tests::other_samples;

std::shared_ptr<const coset_tower> tower_of(const graphs::graph_definition& graph, const tower_wishes& wishes) {
  const groups::permutation_group group(*graph.permutations());
  auto choice = choose_tower(group, wishes, {});
  if (!choice.design) return nullptr;
  return std::make_shared<const coset_tower>(std::move(*choice.design), run_context{});
}

int vectors_seen = 0, twists_seen = 0;

/// What the arrays say, edge by edge, for random elements.
void check_arrays(const graphs::graph_definition& graph, const tower_wishes& wishes, std::mt19937_64& random,
                  std::size_t samples) {
  const auto tower = tower_of(graph, wishes);
  if (tower == nullptr) return;
  const auto& d = tower->design();
  const auto& fibre = *d.fibre;
  const std::size_t per_block = 64 * tower->words();
  REQUIRE(tower->words() <= 1024);
  REQUIRE((wishes.layout != tower_layout::words || !tower->has_lanes()));
  vectors_seen += tower->has_lanes(), twists_seen += !d.twists.empty();
  // The blocks speak for all cosets.
  std::uint64_t cosets = 0;
  for (std::size_t k = 0; k < tower->blocks(); ++k) cosets += tower->weight(k);
  REQUIRE(cosets * tower->lanes() == d.cosets());
  REQUIRE(mpz_class(static_cast<unsigned long>(cosets)) * static_cast<unsigned long>(d.block_states()) ==
          d.group.order());

  std::vector<std::uint8_t> bits(64);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto x = i == 0 ? permutation(d.group.degree()) : d.group.random(random);
    const auto at = tower->locate(x);
    REQUIRE(at.block < tower->blocks());
    REQUIRE(at.place < per_block);
    // What is stored there is x or its image under a symmetry, and is found there again.
    const auto stored = tower->element(at);
    REQUIRE(d.group.contains(stored));
    REQUIRE(std::ranges::any_of(d.symmetries, [&](const permutation& w) { return w.inverse() * x * w == stored; }));
    const auto again = tower->locate(stored);
    REQUIRE(again == at);
    REQUIRE(at.lane < tower->lanes());
    REQUIRE(tower->index_of(at) < tower->index_size());
    REQUIRE(tower->address_of(tower->index_of(at)) == at);
    // Every image of x under a symmetry is stored in the same place, or in another that stands for x just as well.
    for (const auto& w : d.symmetries) {
      const auto image = tower->element(tower->locate(w.inverse() * x * w));
      REQUIRE(std::ranges::any_of(d.symmetries, [&](const permutation& v) { return v.inverse() * x * v == image; }));
    }
    // Each edge: the bit of `stored` takes in the bit of p^-1 stored.
    for (std::size_t g = 0; g < tower->generators(); ++g) {
      // new[i] = old[p[i]]: x is the product "p, then" in GAP's order.
      const auto from = d.generators[g] * stored;
      const auto back = d.generators[g].inverse() * stored;
      const auto source = tower->sources(at.block)[g];
      const auto pattern = tower->source_patterns(at.block)[g];
      const unsigned entry = tower->moves(pattern)[at.place / 64];
      fibre.bit_permutation(tower->variant(pattern), entry % 64, bits.data());
      coset_tower::address pulled{source, (entry / 64) * 64 + bits[at.place % 64]};
      unsigned lanes = 0;
      if (tower->has_lanes()) {
        lanes = tower->source_lanes(at.block)[g];
        d.lanes->bit_permutation(lanes / 8, lanes % 8, bits.data());
        pulled.lane = bits[at.lane];
      }
      const auto neighbour = tower->element(pulled);
      const auto is_image_of = [&](const permutation& y) {
        return std::ranges::any_of(d.symmetries,
                                   [&](const permutation& w) { return w.inverse() * y * w == neighbour; });
      };
      REQUIRE((is_image_of(from) || is_image_of(back)));
      // As states: a generator takes the neighbour's orbit to this element's.
      const auto state_of = [&](const permutation& y) {
        graphs::state s(graph.central().size());
        for (std::size_t j = 0; j < s.size(); ++j) s[j] = graph.central()[y[j]];
        return s;
      };
      const auto target = state_of(stored);
      bool edge = false;
      for (const auto& w : d.symmetries) {
        for (std::size_t h = 0; h < graph.generator_count(); ++h) {
          edge = edge || graph.apply(h, state_of(w.inverse() * neighbour * w)) == target;
        }
      }
      REQUIRE(edge);
      if (pattern == coset_tower::plain) REQUIRE(pulled.place == at.place);
      if (lanes == 0) REQUIRE(pulled.lane == at.lane);
      if (d.modulus > 1) {
        const auto class_at = [&](const coset_tower::address& a) {
          return (tower->block_class(a.block) + fibre.class_of(fibre.element(a.place))) % d.modulus;
        };
        REQUIRE(class_at(at) == (class_at(pulled) + 1) % d.modulus);
      }
    }
  }
  // Where words of a class lie.
  for (std::size_t w = 0; w < tower->words(); ++w) {
    const auto e = fibre.element(static_cast<std::uint32_t>(64 * w));
    if (e == groups::listed_group::absent) continue;  // words that fill a cache line up
    const auto c = fibre.class_of(e);
    REQUIRE((fibre.class_begin(c) <= w && w < fibre.class_begin(c + 1)));
  }
}

growth_result grow(const graphs::graph_definition& graph, std::string_view engine, const growth_options& options = {},
                   unsigned threads = 1) {
  run_context context;
  context.threads = threads;
  return make_growth_engine(engine)->run(graph, options, context);
}

/// Every way of holding the ball, with symmetry and without, on one thread and on two, with every instruction set.
int compare(const graphs::graph_definition& graph, growth_options options = {}, bool all_sets = true) {
  INFO(graph.spec() << ", " << graph.generator_count() << " generators, "
                    << (graph.is_inverse_closed() ? "undirected" : "directed"));
  options.last_layer = 6;
  const auto expected = grow(graph, "bucket", options, 1);
  int towers = 0;
  const groups::permutation_group group(*graph.permutations());
  for (const bool symmetry : {true, false}) {
    for (const bool grading : {true, false}) {
      for (const auto layout : {tower_layout::words, tower_layout::vectors}) {
        auto choice = choose_tower(group, {symmetry, grading, layout}, {});
        if (!choice.design || (layout == tower_layout::vectors && !choice.design->lanes)) continue;
        const auto tower = std::make_shared<const coset_tower>(std::move(*choice.design), run_context{});
        std::vector<tower_storage> storages{tower_storage::delayed, tower_storage::doubled};
        if (tower->design().modulus > 1) storages.push_back(tower_storage::graded);
        for (const auto storage : storages) {
          for (const unsigned threads : {1U, 2U}) {
            for (const auto set : kernels::all_instruction_sets()) {
              if (!kernels::is_supported(set) || (!all_sets && set != kernels::best_instruction_set())) continue;
              INFO(to_string(storage) << ", " << tower->design().symmetries.size() << " symmetries, " << threads
                                      << " threads, " << kernels::to_string(set) << ", modulus "
                                      << tower->design().modulus << ", " << tower->blocks() << " blocks of "
                                      << tower->block_words() << " words" << (tower->has_lanes() ? ", vectors" : "")
                                      << (tower->design().twists.empty() ? "" : ", twisted"));
              tower_sweep sweep(tower, graph.central(), storage, set, threads);
              run_context context;
              context.threads = threads;
              const auto result = sweep_run(sweep, graph.central(), group.order().get_ui(), options, context).run();
              REQUIRE(result.layers == expected.layers);
              REQUIRE(result.last_layer == expected.last_layer);
              REQUIRE(result.status == expected.status);
              REQUIRE(result.certified == (result.status == status::exact));
              ++towers;
            }
          }
        }
      }
    }
  }
  return towers;
}

TEST_CASE("coset towers: places and elements, and every edge of random elements") {
  const auto s = tests::seed(20261206);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  vectors_seen = twists_seen = 0;
  for (const bool symmetry : {true, false}) {
    for (const bool grading : {true, false}) {
      for (const auto layout : {tower_layout::words, tower_layout::vectors}) {
        const auto text = fmt::format("{}{}{}", symmetry ? ", symmetry" : "", grading ? ", grading" : "",
                                      layout == tower_layout::words ? ", words" : ", vectors");
        for (const auto& spec : tests::inputs(catalogue_samples())) {
          INFO(spec << text);
          check_arrays(graphs::make_catalogue_graph(spec), {symmetry, grading, layout}, random, 60);
        }
        for (const auto& graph : tests::inputs(other_samples())) {
          INFO(graph.spec() << text);
          check_arrays(graph, {symmetry, grading, layout}, random, 60);
        }
      }
    }
  }
  // S_12 and S_13: lanes that fix 8 points; twisted ones where layers are graded by the sign.
  for (const char* spec : tests::inputs<const char*>({"lrx:12", "coxeter:12", "lrx:13", "pancake:12", "lrx:14"})) {
    for (const bool symmetry : {true, false}) {
      INFO(spec << symmetry);
      check_arrays(graphs::make_catalogue_graph(spec), {symmetry, true, tower_layout::vectors}, random, 60);
    }
  }
  CHECK(vectors_seen > (tests::sanitized ? 5 : 20));
  CHECK(twists_seen >= (tests::sanitized ? 1 : 4));
}

TEST_CASE("coset towers: all elements of small groups have places of their own") {
  for (const char* spec : {"lrx:6", "pancake:6", "coxeter:6", "burnt_pancake:4", "lx:6", "burnt_pancake:6"}) {
    for (const bool symmetry : {true, false}) {
      INFO(spec << symmetry);
      const auto graph = graphs::make_catalogue_graph(spec);
      const auto tower = tower_of(graph, {symmetry, true});
      REQUIRE(tower != nullptr);
      const auto& group = tower->design().group;
      std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> taken;
      for (mpz_class r = 0; r < group.order(); ++r) {
        const auto at = tower->locate(group.unrank(r));
        ++taken[{at.block, tower->index_of(at)}];
      }
      // Elements that share a place are one orbit; a place stands for weight(block) elements on the average of the
      // block.
      std::map<std::uint32_t, std::uint64_t> of_block;
      for (const auto& [at, count] : taken) {
        CHECK(count <= tower->design().symmetries.size());
        of_block[at.first] += count;
      }
      for (const auto& [block, count] : of_block) {
        CHECK(count <= tower->weight(block) * tower->design().block_states());
      }
      if (!symmetry) CHECK(mpz_class(static_cast<unsigned long>(taken.size())) == group.order());
    }
  }
}

TEST_CASE("growth over towers: the catalogue") {
  for (const auto& spec : tests::inputs(catalogue_samples())) {
    INFO(spec);
    CHECK(compare(graphs::make_catalogue_graph(spec)) > 0);
  }
}

TEST_CASE("growth over towers: wreath products, intransitive groups, Mathieu groups") {
  for (const auto& graph : tests::inputs(other_samples())) {
    INFO(graph.spec());
    CHECK(compare(graph) > 0);
  }
}

TEST_CASE("growth over towers: larger graphs and the engine itself") {
  for (const char* spec : {"lrx:9", "pancake:9", "rubik_cube:2,metric=fixed_HTM"}) {
    INFO(spec);
    const auto graph = graphs::make_catalogue_graph(spec);
    const growth_options options{.last_layer = 5};
    const auto expected = grow(graph, "bucket", options, 2);
    for (const bool symmetry : {true, false}) {
      for (const bool doubled : {true, false}) {
        auto with = options;
        with.symmetry = symmetry, with.doubled = doubled;
        const auto result = grow(graph, "tower", with, 2);
        CHECK(result.layers == expected.layers);
        CHECK(result.last_layer == expected.last_layer);
        CHECK(result.status == status::exact);
        CHECK(result.certified);
        CHECK(result.engine == "tower");
        CHECK((symmetry || result.symmetry == 1));
      }
    }
  }
}

TEST_CASE("growth over towers: random permutation graphs") {
  const auto s = tests::seed(20261207);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  int towers = 0;
  for (std::size_t i = 0; i < tests::repeats(60); ++i) {
    const auto graph = tests::random_permutation_graph(5 + random() % 3, random);
    const groups::permutation_group group(*graph.permutations());
    if (!graph.is_cayley() || group.order() > 50000) continue;
    INFO("case " << i << ", degree " << graph.degree());
    towers += compare(graph, {}, i % 4 == 0);
  }
  CHECK(towers > (tests::sanitized ? 20 : 100));
}

TEST_CASE("the last layer of a tower: beyond what is collected on the way, and under a depth limit") {
  // Layers of more than 2^18 stored states are given up on the way and found again.
  const auto graph = graphs::make_catalogue_graph("pancake:10");
  for (const bool doubled : {true, false}) {
    if (doubled && tests::sanitized) continue;
    growth_options options;
    options.max_depth = tests::sanitized ? 7 : 8;
    options.last_layer = 4;
    options.doubled = doubled;
    const auto tower = grow(graph, "tower", options, 2);
    REQUIRE(tower.layers.back() > 1 << 18);
    if (tests::sanitized) continue;
    const auto bucket = grow(graph, "bucket", options, 2);
    CHECK(tower.layers == bucket.layers);
    CHECK(tower.last_layer == bucket.last_layer);
    CHECK(tower.limit == limit::depth);
    CHECK(tower.status == status::lower_bound);
    CHECK_FALSE(tower.certified);
  }
  for (const char* spec : {"lrx:8", "coxeter:7", "lx:7", "all_transpositions:6"}) {
    const auto small = graphs::make_catalogue_graph(spec);
    for (std::uint64_t depth = 0; depth < 8; ++depth) {
      INFO(spec << " to depth " << depth);
      for (const std::size_t most : {1U, 3U, 1000000U}) {
        const growth_options options{.max_depth = depth, .last_layer = most};
        const auto tower = grow(small, "tower", options), oracle = grow(small, "oracle", options);
        CHECK(tower.layers == oracle.layers);
        CHECK(tower.last_layer == oracle.last_layer);
      }
    }
  }
}

TEST_CASE("towers: words that 16-bit moves cannot number are not used") {
  // Subgroups of order at most 64 are small in these: 11 of 64 bits, so that 11^4 elements are 1331 words.
  const auto graph = graph_of("cycles 11 times 5", disjoint_cycles({11, 11, 11, 11, 11}));
  std::mt19937_64 random(1);
  check_arrays(graph, {true, true}, random, 40);
  check_arrays(graph, {false, false}, random, 40);
  const auto result = grow(graph, "tower", {.last_layer = 2}, 2);
  const auto bucket = grow(graph, "bucket", {.last_layer = 2}, 2);
  CHECK(result.layers == bucket.layers);
  CHECK(result.last_layer == bucket.last_layer);
}

TEST_CASE("towers: a deadline, a stop request in the middle of a layer, and too little memory") {
  const auto graph = graphs::make_catalogue_graph("lrx:10");
  const auto whole = grow(graph, "tower", {}, 2).layers;
  const auto is_prefix = [&](const layers& some) {
    return some.size() <= whole.size() && std::equal(some.begin(), some.end(), whole.begin());
  };
  const auto engine = make_tower_engine();
  for (const unsigned threads : {1U, 2U}) {
    for (const bool doubled : {false, true}) {
      INFO(threads << " threads, " << doubled);
      run_context late;
      late.threads = threads;
      late.deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(1);
      const auto timed = engine->run(graph, {.last_layer = 2, .doubled = doubled}, late);
      CHECK(timed.limit == limit::time);
      CHECK(timed.status == status::lower_bound);
      CHECK(is_prefix(timed.layers));

      std::stop_source source;
      run_context stopped;
      stopped.threads = threads;
      stopped.stop = source.get_token();
      stopped.observer = [&](const progress& p) {
        if (p.depth == 12) source.request_stop();  // before layer 13 is made: every block sees it
      };
      const auto halted = engine->run(graph, {.last_layer = 4, .doubled = doubled}, stopped);
      CHECK(halted.status == status::interrupted);
      CHECK(halted.limit == limit::interrupt);
      CHECK(halted.layers == layers(whole.begin(), whole.begin() + 13));
      CHECK(halted.last_layer == grow(graph, "bucket", {.max_depth = 12, .last_layer = 4}).last_layer);
      CHECK_FALSE(halted.certified);
    }
  }
  // Stop requests that come at any time of any layer, from another thread.
  for (int i = 0; i < 12; ++i) {
    std::stop_source source;
    run_context stopped;
    stopped.threads = 2;
    stopped.stop = source.get_token();
    const std::jthread later([&, i] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1 + 5 * i));
      source.request_stop();
    });
    const auto halted = engine->run(graph, {.last_layer = 2, .doubled = i % 2 == 0}, stopped);
    CHECK(is_prefix(halted.layers));
    CHECK((halted.status == status::exact) == (halted.layers == whole));
  }
  run_context small;
  small.memory_bytes = 100'000;
  CHECK_THROWS_AS(engine->plan(graph, {}, small), resource_error);
  CHECK_THROWS_WITH(engine->run(graph, {}, small), Catch::Contains("lrx:10") && Catch::Contains("3628800 states") &&
                                                       Catch::Contains("97.6 KiB") && Catch::Contains("--memory"));
  // What a run needs is what it is refused below, to the byte, and what it says that it took.
  for (const char* spec : {"lrx:9", "lrx:10", "burnt_pancake:6"}) {
    for (const bool doubled : {false, true}) {
      INFO(spec << doubled);
      const auto other = graphs::make_catalogue_graph(spec);
      const auto free = engine->run(other, {.doubled = doubled}, {});
      small.memory_bytes = free.peak_bytes;
      CHECK(engine->run(other, {.doubled = doubled}, small).peak_bytes == free.peak_bytes);
      --small.memory_bytes;
      CHECK_THROWS_AS(engine->run(other, {.doubled = doubled}, small), resource_error);
    }
  }
}

TEST_CASE("the frontier takes over where a part is wanted and the tower does not fit") {
  const auto graph = graphs::make_catalogue_graph("lrx:11");
  run_context small;
  small.memory_bytes = make_tower_engine()->run(graph, {.max_depth = 1}, {}).peak_bytes - 1;
  std::string said;
  growth_options options{.max_depth = 20};
  options.planned = [&](const growth_plan& plan) { said = plan.text; };
  const auto part = make_auto_engine()->run(graph, options, small);
  CHECK(part.engine == "bucket");
  CHECK_THAT(said, Catch::Contains("no tower: lrx:11: 39916800 states need"));
  CHECK_THROWS_AS(make_auto_engine()->run(graph, {}, small), resource_error);
}

TEST_CASE("towers: what has none says why") {
  const auto engine = make_tower_engine();
  const auto refusal = [&](const graphs::graph_definition& graph, const growth_options& options = {}) {
    try {
      static_cast<void>(engine->run(graph, options, {}));
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(refusal(graphs::make_catalogue_graph("lrx:8").with_central({0, 0, 0, 1, 1, 1, 2, 2})),
             Catch::Contains("no way to merge labels"));
  CHECK_THAT(refusal(graphs::make_catalogue_graph("lrx:4")), Catch::Contains("fewer than 64"));
  CHECK_THAT(refusal(graphs::make_catalogue_graph("lrx:20")), Catch::Contains("2^47"));
  growth_options checkpoint;
  checkpoint.checkpoint = "folder";
  CHECK_THAT(refusal(graphs::make_catalogue_graph("lrx:8"), checkpoint), Catch::Contains("keeps no checkpoints"));
}

TEST_CASE("auto takes towers for whole groups and the frontier for the rest, with one answer") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  const auto whole = grow(graph, "auto", {.last_layer = 3}, 2);
  CHECK(whole.engine == "tower");
  CHECK(whole.layers == grow(graph, "bucket").layers);
  CHECK(whole.last_layer == grow(graph, "oracle", {.last_layer = 3}).last_layer);
  CHECK(grow(graph, "auto", {.max_depth = 5}).engine == "bucket");
  CHECK(grow(graphs::make_catalogue_graph("lrx:6"), "auto").engine == "bucket");
}

}  // namespace
}  // namespace tower_test
}  // namespace cosetta::search
