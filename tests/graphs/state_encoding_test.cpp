// Encodings of states against their definitions, and read back by other ways than those that wrote them.
#include <graphs/catalogue.hpp>
#include <graphs/state_encoding.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace cosetta::graphs {
namespace state_encoding_test {
namespace {

std::vector<std::uint64_t> bytes_of(const state_encoder& encoder, const std::vector<std::uint64_t>& states) {
  std::string out = "x";  // what is there stays
  encoder.append(out, states);
  std::vector<std::uint64_t> numbers;
  for (const char c : out.substr(1)) numbers.push_back(static_cast<unsigned char>(c));
  return numbers;
}

/// The state with these labels, in increasing order, and this Lehmer code: digit c takes the label of which c are smaller.
std::vector<std::uint64_t> decoded(std::vector<std::uint64_t> labels, std::span<const std::uint64_t> code) {
  std::vector<std::uint64_t> out;
  for (const auto c : code) {
    const auto at = labels.begin() + static_cast<std::ptrdiff_t>(c);
    out.push_back(*at);
    labels.erase(at);
  }
  return out;
}

TEST_CASE("Lehmer codes count smaller labels to the right", "[graphs][state_encoding]") {
  const auto graph = make_catalogue_graph("lrx:5");
  const state_encoder encoder(graph, state_encoding::lehmer);
  CHECK(encoder.type() == npy_type::uint8);
  CHECK(encoder.shape() == std::vector<std::uint64_t>{5});
  CHECK(encoder.bytes() == 5);
  CHECK(bytes_of(encoder, {2, 0, 4, 1, 3, 4, 3, 2, 1, 0}) == std::vector<std::uint64_t>{2, 0, 2, 0, 0, 4, 3, 2, 1, 0});
  // In lexicographic order the codes count up in the factorial number system.
  std::vector<std::uint64_t> s(5);
  std::iota(s.begin(), s.end(), std::uint64_t{0});
  std::uint64_t rank = 0;
  do {
    const auto code = bytes_of(encoder, s);
    std::uint64_t value = 0, factorial = 1;
    for (std::size_t i = 5; i-- > 0; factorial *= 5 - i) value += code[i] * factorial;
    REQUIRE(value == rank++);
  } while (std::next_permutation(s.begin(), s.end()));
}

TEST_CASE("states come back from their codes, with equal labels, too", "[graphs][state_encoding]") {
  std::mt19937_64 random(tests::seed(31));
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 2 + random() % 12;
    state labels(n);
    for (auto& label : labels) label = random() % (1 + random() % 7);
    std::sort(labels.begin(), labels.end());
    const auto graph = make_catalogue_graph("lrx:" + std::to_string(std::max<std::size_t>(n, 3)));
    if (graph.degree() != n) continue;
    const auto coloured = graph.with_central(labels);
    auto s = labels;
    std::shuffle(s.begin(), s.end(), random);
    const auto code = bytes_of(state_encoder(coloured, state_encoding::lehmer), s);
    CHECK(decoded(labels, code) == s);
    const state_encoder one_hot(coloured, state_encoding::one_hot);
    const auto columns = labels.back() + 1;
    CHECK(one_hot.shape() == std::vector<std::uint64_t>{n, columns});
    const auto rows = bytes_of(one_hot, s);
    REQUIRE(rows.size() == n * columns);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t v = 0; v < columns; ++v) REQUIRE(rows[i * columns + v] == (s[i] == v ? 1U : 0U));
    }
    CHECK(bytes_of(state_encoder(coloured, state_encoding::labels), s) == s);
  }
}

TEST_CASE("encodings have names, and types that hold them", "[graphs][state_encoding]") {
  for (const auto e : {state_encoding::labels, state_encoding::lehmer, state_encoding::one_hot}) CHECK(state_encoding_from(to_string(e)) == e);
  CHECK_THROWS_AS(state_encoding_from("onehot"), parse_error);
  CHECK(state_encoder(make_catalogue_graph("lrx:256"), state_encoding::lehmer).type() == npy_type::uint8);
  CHECK(state_encoder(make_catalogue_graph("lrx:257"), state_encoding::lehmer).type() == npy_type::uint16);
  CHECK(state_encoder(make_catalogue_graph("lrx:257"), state_encoding::labels).type() == npy_type::uint16);
  CHECK(state_encoder(make_catalogue_graph("lrx:257"), state_encoding::one_hot).bytes() == 257 * 257);
  const auto matrices = make_catalogue_graph("heisenberg:3,modulo=5");
  CHECK(state_encoder(matrices, state_encoding::labels).type() == npy_type::uint8);
  CHECK(state_encoder(make_catalogue_graph("heisenberg:3"), state_encoding::labels).type() == npy_type::int64);
  CHECK_THROWS_AS(state_encoder(matrices, state_encoding::lehmer), domain_error);
  CHECK_THROWS_AS(state_encoder(make_catalogue_graph("lrx:3").with_central({0, 1, std::uint64_t{1} << 40}), state_encoding::one_hot), domain_error);
}

}  // namespace
}  // namespace state_encoding_test
}  // namespace cosetta::graphs
