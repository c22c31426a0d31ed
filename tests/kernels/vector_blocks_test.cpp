#include <kernels/error.hpp>
#include <kernels/vector_blocks.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace cosetta::kernels {
namespace vector_blocks_test {
namespace {

using words = std::vector<std::uint64_t>;

/// A random permutation of 2^bits things that changes bit j of a number by a function of the higher bits.
std::vector<std::uint8_t> random_triangular(unsigned bits, std::mt19937_64& random) {
  std::vector<std::uint8_t> from(std::size_t{1} << bits);
  std::iota(from.begin(), from.end(), std::uint8_t{0});
  for (unsigned j = 0; j < bits; ++j) {
    std::vector<std::uint8_t> flips(from.size() >> (j + 1));
    for (auto& f : flips) f = random() % 2;
    for (auto& x : from) x = static_cast<std::uint8_t>(x ^ flips[x >> (j + 1)] << j);
  }
  return from;
}

/// Bit `state` of lane `lane` of a vector.
unsigned bit_at(const std::uint64_t* vector, unsigned lane, unsigned state) {
  return vector[state / 8] >> (8 * lane + state % 8) & 1U;
}

/// A block of words that begins at a cache line.
class aligned_words {
 public:
  explicit aligned_words(std::size_t size, std::uint64_t value = 0) : room_(size + 8, value), size_(size) {
    data_ = room_.data() + (-reinterpret_cast<std::uintptr_t>(room_.data()) & 63U) / 8;
  }
  aligned_words(aligned_words&&) = default;  // the buffer stays where it is
  std::uint64_t* data() const { return data_; }
  std::uint64_t* begin() const { return data_; }
  std::uint64_t* end() const { return data_ + size_; }

 private:
  words room_;
  std::size_t size_;
  std::uint64_t* data_;
};

TEST_CASE("vector sweeps of all instruction sets do what the definition says") {
  const auto s = tests::seed(20261128);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int i = 0; i < 120; ++i) {
    const std::size_t first = 8 * (random() % 3), count = 8 * (1 + random() % (i % 10 == 0 ? 200 : 20));
    const std::size_t block = first + count + 8 * (random() % 3);
    const std::size_t variants = 1 + random() % 3;
    std::vector<std::uint8_t> bits, lanes;
    for (std::size_t p = 0; p < 64 * variants; ++p) {
      const auto row = random_triangular(6, random);
      bits.insert(bits.end(), row.begin(), row.end());
    }
    for (std::size_t p = 0; p < 8 * variants; ++p) {
      const auto row = random_triangular(3, random);
      lanes.insert(lanes.end(), row.begin(), row.end());
    }
    const vector_permutations permutations(bits, lanes);
    const auto sparse = [&] {
      aligned_words w(block);
      const auto density = random() % 4;
      for (auto& x : w)
        x = density == 0   ? 0
            : density == 1 ? random()
            : density == 2 ? random() & random() & random() & random()
                           : ~(random() & random() & random());
      return w;
    };
    std::vector<aligned_words> plain, moved;
    for (auto n = random() % 4; n > 0; --n) plain.push_back(sparse());
    for (auto n = random() % 4; n > 0; --n) moved.push_back(sparse());
    std::vector<std::vector<std::uint16_t>> moves(moved.size());
    for (auto& m : moves) {
      for (std::size_t v = 0; v < count / 8; ++v)
        m.push_back(static_cast<std::uint16_t>(random() % (64 * (block / 8))));
    }
    const auto own = sparse();
    std::vector<block_source> plain_sources, moved_sources;
    for (const auto& w : plain) plain_sources.push_back({w.data() + first, nullptr, 0});
    for (std::size_t m = 0; m < moved.size(); ++m) {
      moved_sources.push_back({moved[m].data(), moves[m].data(), static_cast<std::uint32_t>(64 * (random() % variants)),
                               static_cast<std::uint32_t>(random() % (8 * variants))});
    }

    words expected(own.begin() + first, own.begin() + first + count);
    std::uint64_t fresh = 0;
    for (std::size_t w = 0; w < count; ++w) {
      for (const auto& from : plain) expected[w] |= from.data()[first + w];
    }
    for (std::size_t m = 0; m < moved.size(); ++m) {
      const auto& source = moved_sources[m];
      for (std::size_t v = 0; v < count / 8; ++v) {
        const auto* in = source.words + 8 * (source.moves[v] / 64U);
        const auto* bit_from = bits.data() + 64 * (source.permutation + source.moves[v] % 64U);
        const auto* lane_from = lanes.data() + std::size_t{8} * source.lanes;
        for (unsigned l = 0; l < 8; ++l) {
          for (unsigned k = 0; k < 64; ++k) {
            expected[8 * v + k / 8] |= std::uint64_t{bit_at(in, lane_from[l], bit_from[k])} << (8 * l + k % 8);
          }
        }
      }
    }
    for (std::size_t w = 0; w < count; ++w)
      fresh += static_cast<std::uint64_t>(std::popcount(expected[w] & ~own.data()[first + w]));

    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      for (const std::string where : {"elsewhere", "in place", "streamed"}) {
        const bool in_place = where == "in place";
        INFO("case " << i << ", " << to_string(set) << ", " << count << " words, " << where);
        const auto& kernels = vector_kernels_for(set);
        REQUIRE(kernels.set == set);
        constexpr std::uint64_t guard = 0x5a5a5a5a5a5a5a5a;
        aligned_words before(block);
        std::copy(own.begin(), own.end(), before.begin());
        aligned_words elsewhere(count + 16, guard);
        block_job job{};
        job.own = before.data() + first;
        job.out = in_place ? before.data() + first : elsewhere.data() + 8;
        job.words = count;
        job.plain = plain_sources.data(), job.plain_count = plain_sources.size();
        job.moved = moved_sources.data(), job.moved_count = moved_sources.size();
        job.stream = where == "streamed";
        const auto other = job;
        if (i % 2 == 0) job.following = &other;
        REQUIRE(kernels.sweep(job, permutations) == fresh);
        REQUIRE(std::equal(expected.begin(), expected.end(), job.out));
        for (std::size_t w = 0; w < block; ++w) {  // and nothing around it
          if (!in_place || w < first || w >= first + count) REQUIRE(before.data()[w] == own.data()[w]);
        }
        for (std::size_t w = 0; w < count + 16; ++w) {
          if (in_place || w < 8 || w >= 8 + count) REQUIRE(elsewhere.data()[w] == guard);
        }
      }
    }
  }
}

TEST_CASE("permutations of vectors that the exchanges cannot make are refused") {
  std::vector<std::uint8_t> bits(64), lanes(8);
  std::iota(bits.begin(), bits.end(), std::uint8_t{0});
  std::iota(lanes.begin(), lanes.end(), std::uint8_t{0});
  CHECK_NOTHROW(vector_permutations(bits, lanes));
  auto wrong = bits;
  std::swap(wrong[3], wrong[17]);
  CHECK_THROWS_AS(vector_permutations(wrong, lanes), error);
  wrong = bits;
  std::swap(wrong[3], wrong[4]);
  CHECK_THROWS_AS(vector_permutations(wrong, lanes), error);
  auto turned = lanes;
  std::swap(turned[3], turned[4]);
  CHECK_THROWS_AS(vector_permutations(bits, turned), error);
}

}  // namespace
}  // namespace vector_blocks_test
}  // namespace cosetta::kernels
