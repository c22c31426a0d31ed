#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <kernels/frontier.hpp>
#include <search/packed_graph.hpp>

#include <catch2/catch.hpp>
#include <tests/search/graph_samples.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace packed_graph_test {
namespace {

graphs::state random_walk(const graphs::graph_definition& graph, std::size_t length, std::mt19937_64& random) {
  graphs::state s = graph.central();
  for (std::size_t i = 0; i < length; ++i) s = graph.apply(random() % graph.generator_count(), s);
  return s;
}

/// Packing commutes with every generator, and unpacking undoes packing.
void check_packing(const graphs::graph_definition& graph, std::mt19937_64& random) {
  const packed_graph packed(graph, std::nullopt);
  std::vector<std::vector<std::uint64_t>> images_of_packed;
  const auto& apply = kernels::frontier_kernels_for(kernels::instruction_set::scalar).apply;
  for (int round = 0; round < 5; ++round) {
    const auto s = random_walk(graph, random() % 30, random);
    const auto words = packed.pack(s);
    REQUIRE(packed.unpack(words.data()) == s);
    std::set<std::vector<std::uint64_t>> by_definition{words};
    for (std::size_t g = 0; g < graph.generator_count(); ++g) by_definition.insert(packed.pack(graph.apply(g, s)));
    std::set<std::vector<std::uint64_t>> by_transition{words};
    std::vector<std::uint64_t> in(words.size() * 8);
    std::vector<std::uint64_t> out(in.size());
    for (std::size_t w = 0; w < words.size(); ++w)
      std::fill_n(in.begin() + static_cast<std::ptrdiff_t>(w * 8), 8, words[w]);
    for (const auto& t : packed.transitions()) {
      apply(t, in.data(), out.data(), words.size(), 8);
      std::vector<std::uint64_t> image(words.size());
      for (std::size_t w = 0; w < words.size(); ++w) image[w] = out[w * 8];
      by_transition.insert(image);
    }
    REQUIRE(by_transition == by_definition);
  }
}

TEST_CASE("packed permutation states follow the definition for every width") {
  const auto s = tests::seed(11);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t n = 2; n <= 140; n += 1 + n / 8) {
    INFO("degree " << n);
    for (int i = 0; i < 4; ++i) check_packing(tests::random_permutation_graph(n, random), random);
  }
}

TEST_CASE("packed matrix states follow the definition for small, composite and huge moduli") {
  const auto s = tests::seed(12);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::uint64_t m : {2ULL, 3ULL, 4ULL, 6ULL, 8ULL, 101ULL, 65536ULL, 2147483647ULL, 4294967296ULL,
                                1ULL << 62, (1ULL << 63) - 25, (1ULL << 63) - 1}) {
    INFO("modulus " << m);
    for (int i = 0; i < 6; ++i) check_packing(tests::random_matrix_graph(m, random), random);
  }
}

/// Blocks of positions that generators permute within; of each, 0, 1 or 2 positions are marked.
graphs::graph_definition marked_graph(const std::vector<std::pair<std::size_t, int>>& blocks, std::mt19937_64& random) {
  graphs::permutation_set set;
  graphs::state central;
  for (const auto& [size, marks] : blocks) {
    const std::uint64_t other = random() % 3;
    const std::size_t begin = central.size();
    central.resize(begin + size, other);
    for (int i = 0; i < marks; ++i) central[begin + (random() % (size / 2)) * 2 + static_cast<std::size_t>(i)] = 5;
  }
  for (int g = 0; g < 3; ++g) {
    std::vector<groups::point> images;
    for (const auto& block : blocks) {
      const auto begin = static_cast<groups::point>(images.size());
      auto cycle = tests::random_permutation(block.first, random).images();
      if (g == 0) {  // an n-cycle, so that the block is one orbit
        for (std::size_t i = 0; i < cycle.size(); ++i) cycle[i] = static_cast<groups::point>((i + 1) % cycle.size());
      }
      for (const auto image : cycle) images.push_back(begin + image);
    }
    set.add("g" + std::to_string(g), groups::permutation(images));
  }
  return graphs::make_graph("marked", std::move(set), std::move(central));
}

TEST_CASE("one mark in a large orbit is packed as its position") {
  const auto s = tests::seed(13);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  const auto bits = [&](const std::vector<std::pair<std::size_t, int>>& blocks) {
    const auto graph = marked_graph(blocks, random);
    check_packing(graph, random);
    check_packing(graph.with_inverses(), random);
    return packed_graph(graph, std::nullopt).bits();
  };
  CHECK(bits({{64, 1}}) == 64);  // a row that fits a word
  CHECK(bits({{65, 1}}) == 7);
  CHECK(bits({{128, 1}}) == 7);
  CHECK(bits({{129, 1}}) == 8);
  CHECK(bits({{3000, 1}}) == 12);
  CHECK(bits({{130, 2}}) == 130);
  CHECK(bits({{130, 0}}) == 0);
  CHECK(bits({{130, 1}, {20, 1}, {66, 2}, {200, 1}, {80, 0}}) == 8 + 20 + 66 + 8);
  CHECK(bits(std::vector<std::pair<std::size_t, int>>(7, {512, 1})) == 63);
  // Eight full bytes are the word that marks an empty slot, so they take a second word.
  const auto full = marked_graph(std::vector<std::pair<std::size_t, int>>(8, {256, 1}), random);
  CHECK(packed_graph(full, std::nullopt).bits() == 64);
  CHECK(packed_graph(full, std::nullopt).words() == 2);
  check_packing(full, random);
}

TEST_CASE("what never changes takes no bits") {
  const auto bits = [](const char* spec) {
    return packed_graph(graphs::make_catalogue_graph(spec), std::nullopt).bits();
  };
  CHECK(bits("lrx:16") == 64);
  CHECK(bits("rubik_cube:2,metric=fixed_QTM") == 63);  // 21 moving stickers of 6 colours
  CHECK(bits("heisenberg:3,modulo=101") == 21);        // three of nine entries, seven bits each
  CHECK(bits("heisenberg:6,modulo=2") == 9);
  CHECK(packed_graph(
            graphs::make_catalogue_graph("lrx:24").with_central(graphs::parse_pattern("000000000000111111111111")),
            std::nullopt)
            .bits() == 24);
  CHECK(packed_graph(graphs::make_catalogue_graph("lrx:6").with_central(graphs::state(6, 5)), std::nullopt).bits() ==
        0);
}

TEST_CASE("the word that marks an empty slot is never a state") {
  // 64 one-bit entries may all be 1, so they take a second word; labels of an orbit never are.
  graphs::matrix_set set;
  std::vector<std::int64_t> entries(64, 0);
  for (std::size_t i = 0; i < 8; ++i) entries[i * 8 + i] = 1;
  entries[1] = 1;  // I + E_{0,1}, and the cyclic shift of rows: together they move every entry
  set.add("a", groups::make_matrix(8, 8, 2, entries));
  std::vector<std::int64_t> shift(64, 0);
  for (std::size_t i = 0; i < 8; ++i) shift[i * 8 + (i + 1) % 8] = 1;
  set.add("s", groups::make_matrix(8, 8, 2, shift));
  const packed_graph packed(graphs::make_graph("m", set, graphs::state(64, 1)), std::nullopt);
  CHECK(packed.bits() == 64);
  CHECK(packed.words() == 2);
}

TEST_CASE("a group over Z is computed modulo a power of two that its depth cannot reach") {
  const auto graph = graphs::make_catalogue_graph("heisenberg:3");
  CHECK_THROWS_AS(packed_graph(graph, std::nullopt), domain_error);
  const packed_graph packed(graph, 12);
  std::mt19937_64 random(5);
  for (int i = 0; i < 50; ++i) {
    const auto s = random_walk(graph, 12, random);
    CHECK(packed.unpack(packed.pack(s).data()) == s);
  }
  const auto sl2 = graphs::make_catalogue_graph("special_linear_fundamental_roots:2");
  CHECK_NOTHROW(packed_graph(sl2, 40));
  CHECK_THROWS_AS(packed_graph(sl2, 4000), resource_error);
}

}  // namespace
}  // namespace packed_graph_test
}  // namespace cosetta::search
