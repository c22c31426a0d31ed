// The kernels of the split index in every variant against bit-by-bit references.
#include <kernels/split_rows.hpp>

#include <cstdint>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace split_rows_test {
namespace {

using namespace cosetta::kernels;
using words = std::vector<std::uint64_t>;

bool bit_of(const words& w, std::size_t i) {
  return (w[i / 64] >> (i % 64) & 1U) != 0;
}
void set_bit(words& w, std::size_t i) {
  w[i / 64] |= std::uint64_t{1} << (i % 64);
}

words random_words(std::size_t n, std::mt19937_64& random) {
  words out(n);
  const auto density = random() % 4;  // sparse, half, dense; all or nothing now and then
  for (auto& w : out) {
    w = density == 0 ? random() & random() & random() : density == 1 ? random() : random() | random();
    if (random() % 8 == 0) w = random() % 2 == 0 ? 0 : ~std::uint64_t{0};
  }
  return out;
}

struct mask {
  words bits;
  words moves;
  explicit mask(words b) : bits(std::move(b)), moves(moves_per_word * bits.size()) {
    for (std::size_t i = 0; i < bits.size(); ++i) make_moves(bits[i], moves.data() + moves_per_word * i);
  }
  row_mask view(bool with_moves) const { return {bits.data(), with_moves ? moves.data() : nullptr}; }
  std::vector<std::size_t> places() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < 64 * bits.size(); ++i) {
      if (bit_of(bits, i)) out.push_back(i);
    }
    return out;
  }
};

template <class Test>
void for_each_variant(const Test& test) {
  for (const auto set : all_instruction_sets()) {
    if (!is_supported(set)) continue;
    INFO("instruction set " << to_string(set));
    REQUIRE(split_kernels_for(set).set == set);
    test(split_kernels_for(set));
  }
}

TEST_CASE("rows are compressed and expanded under masks") {
  const auto s = cosetta::tests::seed(20261125);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 8 * (1 + random() % 5);
    const mask m(random_words(n, random));
    const words row = random_words(n, random);
    const auto places = m.places();
    const std::size_t from = random() % 150;
    const words stream = random_words((from + places.size()) / 64 + 2, random);
    const words target = random_words(n, random);
    for_each_variant([&](const split_kernels& kernels) {
      words out(n + 3, 0xabcdefabcdef);
      const unsigned to = from % 64;
      kernels.compress(row.data(), m.view(kernels.wants_moves), n, out.data(), to);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < places.size(); ++i) wrong += bit_of(out, to + i) != bit_of(row, places[i]);
      for (std::size_t i = 0; i < to; ++i) wrong += bit_of(out, i) != (0xabcdefabcdefU >> i & 1U);
      for (std::size_t i = to + places.size(); i % 64 != 0; ++i) wrong += bit_of(out, i);
      REQUIRE(wrong == 0);
      REQUIRE(out[n + 2] == 0xabcdefabcdef);
      words expected = target;
      for (std::size_t i = 0; i < places.size(); ++i) {
        if (bit_of(stream, from + i)) set_bit(expected, places[i]);
      }
      words got = target;
      kernels.expand(got.data(), m.view(kernels.wants_moves), n, stream.data(), from);
      REQUIRE(got == expected);
    });
  }
}

TEST_CASE("segments of bits are ORed at any offset") {
  const auto s = cosetta::tests::seed(20261126);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 1000; ++round) {
    const std::size_t n = 1 + random() % 40;
    const std::uint64_t count = random() % (64 * n);
    const std::uint64_t from = random() % (64 * n - count);
    const std::uint64_t to = random() % (64 * n - count);
    const words source = random_words(n + 2, random);  // a word before and one behind
    const words target = random_words(n, random);
    words expected = target;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (bit_of(source, 64 + from + i)) set_bit(expected, to + i);
    }
    for_each_variant([&](const split_kernels& kernels) {
      words got = target;
      kernels.or_segment(got.data(), to, source.data() + 1, from, count);
      REQUIRE(got == expected);
    });
  }
}

TEST_CASE("lines are read at distances under masks") {
  const auto s = cosetta::tests::seed(20261127);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 200; ++round) {
    const std::size_t lines = 1 + random() % 5;
    const std::size_t n = words_per_line * lines;
    const words source = random_words(n + 4 * words_per_line, random);  // two lines before and behind
    const words target = random_words(n, random);
    std::vector<shifted_line> steps;
    std::vector<line_shift> shifts;
    words masks;
    words expected = target;
    const std::uint64_t changed = random();
    const unsigned lines_log = random() % 2;
    std::uint64_t written = 0;
    for (std::uint32_t line = 0; line < lines; ++line) {
      if (random() % 3 == 0) continue;
      steps.push_back({std::uint64_t{1} << random() % 64, line, static_cast<std::uint32_t>(1 + random() % 4)});
      const bool read = (steps.back().blocks & changed) != 0;
      if (read) written |= std::uint64_t{1} << (line >> lines_log);
      for (std::uint32_t k = 0; k < steps.back().count; ++k) {
        const int distance = static_cast<int>(random() % 1024) - 512;
        shifts.push_back({distance >> 6, static_cast<std::uint32_t>(distance & 63)});
        const words m = random_words(words_per_line, random);
        masks.insert(masks.end(), m.begin(), m.end());
        for (std::size_t i = 0; i < 512; ++i) {
          const auto at = static_cast<std::size_t>(static_cast<int>(1024 + 512 * line + i) + distance);
          if (read && bit_of(m, i) && bit_of(source, at)) set_bit(expected, 512 * line + i);
        }
      }
    }
    for_each_variant([&](const split_kernels& kernels) {
      words got = target;
      REQUIRE(kernels.or_shifted(got.data(), source.data() + 2 * words_per_line, changed, lines_log, steps.data(),
                                 steps.size(), shifts.data(), masks.data()) == written);
      REQUIRE(got == expected);
    });
  }
}

TEST_CASE("blocks of rows are copied, ORed and counted") {
  const auto s = cosetta::tests::seed(20261130);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (int round = 0; round < 200; ++round) {
    const std::size_t block_words = words_per_line << random() % 3;
    const std::size_t n = words_per_line * (1 + random() % 12);
    const std::size_t count = (n + block_words - 1) / block_words;
    const std::uint64_t blocks = random() & ((std::uint64_t{1} << count) - 1);
    const words source = random_words(n, random);
    const words target = random_words(n, random);
    words copied = target;
    words joined = target;
    std::uint64_t fresh = 0;
    std::uint64_t changed = 0;
    for (std::size_t w = 0; w < n; ++w) {
      if ((blocks >> (w / block_words) & 1U) == 0) continue;
      copied[w] = source[w];
      joined[w] |= source[w];
      const auto bits = static_cast<std::uint64_t>(__builtin_popcountll(source[w] & ~target[w]));
      fresh += bits;
      if (bits != 0) changed |= std::uint64_t{1} << (w / block_words);
    }
    for_each_variant([&](const split_kernels& kernels) {
      words got = target;
      kernels.copy_blocks(got.data(), source.data(), blocks, block_words, n);
      CHECK(got == copied);
      got = target;
      kernels.or_blocks(got.data(), source.data(), blocks, block_words, n);
      CHECK(got == joined);
      std::uint64_t sum = 5;
      CHECK(kernels.fresh_blocks(target.data(), joined.data(), blocks, block_words, n, sum) == changed);
      CHECK(sum == 5 + fresh);
    });
  }
}

}  // namespace

}  // namespace split_rows_test
