// Every variant of the product of byte permutations against the loop that the header states.
#include <kernels/byte_permutation.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace byte_permutation_test {
namespace {

using namespace cosetta::kernels;

using images = std::array<std::uint8_t, small_degree>;

images identity() {
  images p;
  std::iota(p.begin(), p.end(), std::uint8_t{0});
  return p;
}

/// A random permutation of the first `degree` points, the rest fixed.
images random_permutation(std::mt19937_64& random, std::size_t degree) {
  images p = identity();
  std::shuffle(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(degree), random);
  return p;
}

images first_then(const images& a, const images& b) {
  images product;
  for (std::size_t i = 0; i < small_degree; ++i) product[i] = b[a[i]];
  return product;
}

template <class Test>
void for_each_variant(const Test& test) {
  for (const auto set : all_instruction_sets()) {
    if (!is_supported(set)) continue;
    INFO("instruction set " << to_string(set));
    test(compose_bytes_for(set));
  }
}

}  // namespace

TEST_CASE("instruction sets have names and the scalar one always runs", "[kernels][byte_permutation]") {
  REQUIRE(all_instruction_sets().front() == instruction_set::scalar);
  REQUIRE(is_supported(instruction_set::scalar));
  REQUIRE(is_supported(best_instruction_set()));
  for (const auto set : all_instruction_sets()) {
    INFO("instruction set " << to_string(set));
    CHECK(instruction_set_from(to_string(set)) == set);
    // The best one is the last supported one, for they are listed from the simplest.
    if (is_supported(set)) CHECK(static_cast<int>(set) <= static_cast<int>(best_instruction_set()));
  }
  CHECK_FALSE(instruction_set_from("sse9").has_value());
  CHECK_FALSE(instruction_set_from("").has_value());
  CHECK_FALSE(instruction_set_from("avx").has_value());
}

TEST_CASE("each variant of compose_bytes is first a, then b", "[kernels][byte_permutation]") {
  const auto s = cosetta::tests::seed(0xb17e);
  INFO("seed " << s);
  for_each_variant([s](compose_bytes_function compose) {
    std::mt19937_64 random(s);
    for (int round = 0; round < 2000; ++round) {
      // Both full permutations and small ones, whose tail is the identity.
      const images a = random_permutation(random, 1 + random() % small_degree);
      const images b = random_permutation(random, round % 2 == 0 ? small_degree : 1 + random() % small_degree);
      images out;
      out.fill(0xee);
      compose(a.data(), b.data(), out.data());
      if (out != first_then(a, b)) FAIL("wrong product in round " << round);
    }
  });
}

TEST_CASE("compose_bytes finds every index in every quarter of the table", "[kernels][byte_permutation]") {
  for_each_variant([](compose_bytes_function compose) {
    for (std::size_t shift = 0; shift < small_degree; ++shift) {
      images rotation;
      for (std::size_t i = 0; i < small_degree; ++i)
        rotation[i] = static_cast<std::uint8_t>((i + shift) % small_degree);
      images table;  // not a permutation of small numbers: any byte may be looked up
      for (std::size_t i = 0; i < small_degree; ++i) table[i] = static_cast<std::uint8_t>(255 - 3 * i);
      images out;
      compose(rotation.data(), table.data(), out.data());
      REQUIRE(out == first_then(rotation, table));
    }
  });
}

TEST_CASE("compose_bytes does not commute and tells a from b", "[kernels][byte_permutation]") {
  images a = identity();  // (0 1)
  std::swap(a[0], a[1]);
  images b = identity();  // (1 2)
  std::swap(b[1], b[2]);
  for_each_variant([&](compose_bytes_function compose) {
    images out;
    compose(a.data(), b.data(), out.data());
    // First (0 1), then (1 2): 0 -> 1 -> 2, 1 -> 0, 2 -> 1.
    CHECK(out[0] == 2);
    CHECK(out[1] == 0);
    CHECK(out[2] == 1);
    CHECK(std::equal(out.begin() + 3, out.end(), identity().begin() + 3));
  });
}

TEST_CASE("compose_bytes may overwrite either factor", "[kernels][byte_permutation]") {
  const auto s = cosetta::tests::seed(0xa11a5);
  INFO("seed " << s);
  for_each_variant([s](compose_bytes_function compose) {
    std::mt19937_64 random(s);
    for (int round = 0; round < 300; ++round) {
      const images a = random_permutation(random, small_degree);
      const images b = random_permutation(random, small_degree);
      const images expected = first_then(a, b);

      images over_a = a;
      compose(over_a.data(), b.data(), over_a.data());
      if (over_a != expected) FAIL("out == a, round " << round);

      images over_b = b;
      compose(a.data(), over_b.data(), over_b.data());
      if (over_b != expected) FAIL("out == b, round " << round);

      images square = a;
      compose(square.data(), square.data(), square.data());
      if (square != first_then(a, a)) FAIL("out == a == b, round " << round);
    }
  });
}

TEST_CASE("compose_bytes needs no alignment and writes 64 bytes only", "[kernels][byte_permutation]") {
  const auto s = cosetta::tests::seed(0x0ff5e7);
  INFO("seed " << s);
  for_each_variant([s](compose_bytes_function compose) {
    std::mt19937_64 random(s);
    for (std::size_t offset = 0; offset < 64; ++offset) {
      const images a = random_permutation(random, small_degree);
      const images b = random_permutation(random, small_degree);
      std::vector<std::uint8_t> from(offset + 2 * small_degree);
      std::memcpy(from.data() + offset, a.data(), small_degree);
      std::memcpy(from.data() + offset + small_degree, b.data(), small_degree);
      std::vector<std::uint8_t> out(offset + 2 * small_degree, 0xee);
      compose(from.data() + offset, from.data() + offset + small_degree, out.data() + offset);
      const images expected = first_then(a, b);
      const auto begin = out.begin() + static_cast<std::ptrdiff_t>(offset);
      const auto end = begin + small_degree;
      REQUIRE(std::equal(expected.begin(), expected.end(), begin));
      REQUIRE(std::all_of(out.begin(), begin, [](std::uint8_t byte) { return byte == 0xee; }));
      REQUIRE(std::all_of(end, out.end(), [](std::uint8_t byte) { return byte == 0xee; }));
    }
  });
}

TEST_CASE("the chosen variant agrees with the scalar loop", "[kernels][byte_permutation]") {
  const auto s = cosetta::tests::seed(0xbe57);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 100; ++round) {
    const images a = random_permutation(random, small_degree);
    const images b = random_permutation(random, small_degree);
    images out;
    compose_bytes(a.data(), b.data(), out.data());
    REQUIRE(out == first_then(a, b));
  }
}

}  // namespace byte_permutation_test
