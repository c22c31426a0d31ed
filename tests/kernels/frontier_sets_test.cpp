// Both hash sets of the frontier, in every instruction set, against std::set, with keys made to collide.
#include <kernels/frontier.hpp>
#include <kernels/wide_set.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/kernels/frontier_samples.hpp>
#include <tests/seeded.hpp>

namespace frontier_sets_test {
namespace {

using namespace cosetta::kernels;
using namespace cosetta::tests;

// --------------------------------------------------------------------------------------------- keys that collide

/// The x with (x ^ x >> shift) == y.
constexpr std::uint64_t undo_shift(std::uint64_t y, unsigned shift) {
  std::uint64_t x = y;
  for (unsigned known = shift; known < 64; known += shift) x = y ^ x >> shift;
  return x;
}

/// The inverse of an odd number modulo 2^64: Newton's iteration doubles the number of right bits.
constexpr std::uint64_t inverse_of_odd(std::uint64_t a) {
  std::uint64_t x = a;
  for (int i = 0; i < 6; ++i) x *= 2 - a * x;
  return x;
}

/// The last word that gives the state `head`, word the full 64-bit hash `hash`: state_hash is a bijection of each word.
std::uint64_t word_hashing_to(std::uint64_t hash, const state& head = {}) {
  std::uint64_t before = 0;
  for (const auto word : head) {
    before ^= word;
    before ^= before >> 32;
    before *= 0x9e3779b97f4a7c15u;
  }
  std::uint64_t h = undo_shift(hash * inverse_of_odd(0xbf58476d1ce4e5b9u), 29);
  h = undo_shift(h * inverse_of_odd(0x9e3779b97f4a7c15u), 32);
  return h ^ before;
}

// ------------------------------------------------------------------------------------------------------- line_set

struct alignas(64) line {
  std::array<std::uint64_t, slots_per_line> slots;
};

/// A line_set with its memory beside a std::set that says what it should hold.
class checked_line_set {
 public:
  checked_line_set(const frontier_kernels& kernels, unsigned skip_bits, unsigned line_bits)
      : kernels_(kernels), lines_(std::size_t{1} << line_bits), struck_marks_(std::size_t{1} << line_bits, 0) {
    for (auto& l : lines_) l.slots.fill(empty_slot);
    set_ = {lines_.data()->slots.data(), struck_marks_.data(), skip_bits, line_bits};
  }

  std::size_t room() const { return slots_per_line * lines_.size() * 3 / 4; }
  std::size_t size() const { return members_.size(); }

  void insert(const std::vector<std::uint64_t>& keys) {
    const std::size_t before = members_.size();
    members_.insert(keys.begin(), keys.end());
    REQUIRE(members_.size() <= room());  // the precondition
    const std::size_t added = kernels_.insert(set_, keys.data(), keys.size());
    CHECK(added == members_.size() - before);
  }

  void strike(const std::vector<std::uint64_t>& keys) {
    kernels_.strike(set_, keys.data(), keys.size());
    for (const auto key : keys) {
      if (members_.count(key) != 0) struck_.insert(key);
    }
  }

  void check() const {
    std::vector<std::uint64_t> expected;
    std::set_difference(members_.begin(), members_.end(), struck_.begin(), struck_.end(), std::back_inserter(expected));
    // Whole lines are written: room for one line beyond the states.
    std::vector<std::uint64_t> out(expected.size() + slots_per_line + 1, canary);
    const std::size_t emitted = kernels_.emit(set_, out.data());
    REQUIRE(out.back() == canary);
    REQUIRE(emitted == expected.size());
    out.resize(emitted);
    std::sort(out.begin(), out.end());
    CHECK(out == expected);
  }

 private:
  const frontier_kernels& kernels_;
  std::vector<line> lines_;
  std::vector<std::uint8_t> struck_marks_;
  line_set set_{};
  std::set<std::uint64_t> members_;
  std::set<std::uint64_t> struck_;
};

/// `count` different keys whose hash names the given line.
std::vector<std::uint64_t> keys_in_line(std::mt19937_64& random, std::uint64_t number, unsigned skip_bits,
                                        unsigned line_bits, std::size_t count) {
  std::set<std::uint64_t> keys;
  while (keys.size() < count) {
    const unsigned below = 64 - skip_bits - line_bits;
    const std::uint64_t top = skip_bits == 0 ? 0 : random() >> (64 - skip_bits) << (64 - skip_bits);
    const std::uint64_t low = random() & ((std::uint64_t{1} << below) - 1);
    const std::uint64_t hash = top | number << below | low;
    const std::uint64_t key = word_hashing_to(hash);
    if (key == empty_slot) continue;
    if (state_hash(&key, 1) != hash) FAIL("the test cannot invert state_hash any more");
    keys.insert(key);
  }
  std::vector<std::uint64_t> out(keys.begin(), keys.end());
  std::shuffle(out.begin(), out.end(), random);
  return out;
}

std::vector<std::uint64_t> one_of_each(const std::vector<std::uint64_t>& keys, std::size_t step) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < keys.size(); i += step) out.push_back(keys[i]);
  return out;
}

// ------------------------------------------------------------------------------------------------------- wide_set

std::vector<std::uint64_t> flat(const std::vector<state>& states) {
  std::vector<std::uint64_t> out;
  for (const auto& s : states) out.insert(out.end(), s.begin(), s.end());
  return out;
}

/// A wide_set beside the std::set that says what it should hold.
class checked_wide_set {
 public:
  explicit checked_wide_set(std::size_t words) : words_(words), set_(words) {}

  void reset(std::size_t expected, unsigned skip_bits) {
    set_.reset(expected, skip_bits);
    members_.clear();
    struck_.clear();
    CHECK(set_.size() == 0);
  }

  void insert(const std::vector<state>& states) {
    set_.insert(flat(states).data(), states.size());
    members_.insert(states.begin(), states.end());
    CHECK(set_.size() == members_.size());
  }

  void strike(const std::vector<state>& states) {
    set_.strike(flat(states).data(), states.size());
    for (const auto& s : states) {
      if (members_.count(s) != 0) struck_.insert(s);
    }
    CHECK(set_.size() == members_.size());  // struck out, not taken out
  }

  void check_and_empty() {
    CHECK(set_.bytes() >= members_.size() * words_ * sizeof(std::uint64_t));
    std::size_t count = 0;
    const std::uint64_t* out = set_.emit(count);
    std::set<state> expected;
    std::set_difference(members_.begin(), members_.end(), struck_.begin(), struck_.end(),
                        std::inserter(expected, expected.end()));
    REQUIRE(count == expected.size());
    std::set<state> emitted;
    for (std::size_t i = 0; i < count; ++i) emitted.emplace(out + i * words_, out + (i + 1) * words_);
    CHECK(emitted == expected);
  }

 private:
  std::size_t words_;
  wide_set set_;
  std::set<state> members_;
  std::set<state> struck_;
};

/// States of few different values, so that many are equal and others differ in a single word.
std::vector<state> crowded_states(std::mt19937_64& random, std::size_t words, std::size_t count, std::uint64_t values) {
  std::vector<state> states(count, state(words, 0));
  const std::uint64_t fill = random() % 2 == 0 ? 0 : ~std::uint64_t{0};
  for (auto& s : states) {
    std::fill(s.begin(), s.end(), fill);
    s[random() % words] = random() % values;
    s[words - 1] ^= random() % values << 60;
  }
  return states;
}

std::vector<state> sample(std::mt19937_64& random, const std::vector<state>& from, std::size_t count) {
  std::vector<state> out(count);
  for (auto& s : out) s = from[random() % from.size()];
  return out;
}

}  // namespace

// ======================================================================================================= line_set

TEST_CASE("line_set agrees with std::set on random keys", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x11e5);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (unsigned line_bits = 1; line_bits <= 9; ++line_bits) {
      for (const unsigned skip_bits : {0U, 1U, 7U, 32U}) {
        INFO("line_bits " << line_bits << ", skip_bits " << skip_bits);
        checked_line_set set(kernels, skip_bits, line_bits);
        set.check();  // nothing to emit
        // Few different keys, so that about half of what is inserted is known; batches of any length, also of none.
        std::vector<std::uint64_t> pool(set.room());
        for (auto& key : pool) key = random() % 4 == 0 ? random() % 1000 : random() & ~std::uint64_t{1};
        const auto batch = [&](std::size_t length) {
          std::vector<std::uint64_t> keys(length);
          for (auto& key : keys) key = pool[random() % pool.size()];
          return keys;
        };
        for (int round = 0; round < 6; ++round) set.insert(batch(random() % 200));
        set.check();
        for (int round = 0; round < 3; ++round) {
          set.strike(batch(random() % 70));
          std::vector<std::uint64_t> absent(random() % 70);
          for (auto& key : absent) key = random() | 1;  // odd: as good as never in the set
          set.strike(absent);
          set.check();
          // What was struck out is still there: it is not new, and stays struck out.
          set.insert(batch(random() % 70));
          set.check();
        }
        set.insert(pool);
        set.check();
        set.strike(pool);
        set.check();
      }
    }
  });
}

TEST_CASE("line_set fills to three quarters", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x34);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (const unsigned line_bits : {1U, 2U, 5U, 12U}) {
      INFO("line_bits " << line_bits);
      checked_line_set set(kernels, 3, line_bits);
      std::set<std::uint64_t> keys;
      while (keys.size() < set.room()) keys.insert(random() >> 1);
      const std::vector<std::uint64_t> all(keys.begin(), keys.end());
      set.insert(all);
      REQUIRE(set.size() == set.room());
      set.insert(all);  // none of them is new
      set.check();
      set.strike(one_of_each(all, 3));
      set.check();
    }
  });
}

TEST_CASE("line_set survives keys that all belong to one line", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x0e11);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (const unsigned line_bits : {1U, 2U, 4U, 6U}) {
      const std::uint64_t lines = std::uint64_t{1} << line_bits;
      for (const unsigned skip_bits : {0U, 5U, 32U}) {
        for (const std::uint64_t number :
             {std::uint64_t{0}, lines / 2, lines - 1}) {  // from the last one on to the first
          INFO("line " << number << " of " << lines << ", skip_bits " << skip_bits);
          checked_line_set set(kernels, skip_bits, line_bits);
          const std::size_t room = set.room();
          // Twice as many as fit: the second half is never inserted, but struck out, which must change nothing.
          auto keys = keys_in_line(random, number, skip_bits, line_bits, 2 * room);
          const std::vector<std::uint64_t> absent(keys.begin() + static_cast<std::ptrdiff_t>(room), keys.end());
          keys.resize(room);
          std::vector<std::uint64_t> first(keys.begin(), keys.begin() + 5);
          set.insert(first);
          set.strike(absent);
          set.check();
          set.insert(keys);
          set.check();
          set.strike(absent);
          set.check();
          set.insert(one_of_each(keys, 2));
          set.strike(one_of_each(keys, 3));
          set.check();
          set.insert(keys);
          set.strike(keys);
          set.check();
        }
      }
    }
  });
}

TEST_CASE("line_set keeps apart keys that overflow into their neighbours' line", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0x0f10);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    constexpr unsigned line_bits = 3;
    for (int round = 0; round < 20; ++round) {
      checked_line_set set(kernels, 4, line_bits);
      // Lines 6 and 7 overflow into 0 and 1, which have keys of their own; all mixed.
      std::vector<std::uint64_t> keys;
      for (const auto& [number, count] :
           std::array<std::pair<std::uint64_t, std::size_t>, 5>{{{6, 14}, {7, 11}, {0, 9}, {1, 8}, {4, 6}}}) {
        const auto more = keys_in_line(random, number, 4, line_bits, count);
        keys.insert(keys.end(), more.begin(), more.end());
      }
      REQUIRE(keys.size() == set.room());
      std::shuffle(keys.begin(), keys.end(), random);
      set.insert({keys.begin(), keys.begin() + 20});
      set.strike(one_of_each(keys, 2));  // some of them are not there yet
      set.check();
      set.insert(keys);
      set.check();
      set.strike(one_of_each(keys, 5));
      set.check();
    }
  });
}

TEST_CASE("line_set takes many copies of a key for one", "[kernels][frontier]") {
  for_each_variant([](const frontier_kernels& kernels) {
    checked_line_set set(kernels, 0, 1);
    set.insert(std::vector<std::uint64_t>(1000, 42));
    set.check();
    std::vector<std::uint64_t> alternating;
    for (std::uint64_t i = 0; i < 1000; ++i) alternating.push_back(i % 12);
    set.strike(alternating);
    set.check();
    set.insert({alternating.begin(), alternating.begin() + 11});
    REQUIRE(set.size() == 12);
    set.insert({42});
    set.check();
    set.strike(std::vector<std::uint64_t>(100, 42));
    set.check();
  });
}

TEST_CASE("line_set holds zero and the keys next to the empty mark", "[kernels][frontier]") {
  for_each_variant([](const frontier_kernels& kernels) {
    std::vector<std::uint64_t> keys{0, 1, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1};
    for (unsigned bit = 0; bit < 64; ++bit) keys.push_back(empty_slot ^ std::uint64_t{1} << bit);
    for (std::uint64_t i = 1; i <= 16; ++i) keys.push_back(empty_slot - i);
    // Halves of ones: equal to the empty mark for a comparison of 32-bit words.
    keys.push_back(0xffff'ffffu);
    keys.push_back(0xffff'ffff'0000'0000u);
    checked_line_set set(kernels, 0, 4);
    set.insert(keys);
    set.check();
    set.strike({0, empty_slot - 1, 0xffff'ffffu});
    set.check();
    set.insert(keys);
    set.strike(keys);
    set.check();
  });
}

TEST_CASE("line_set takes batches of every length around a chunk", "[kernels][frontier]") {
  const auto s = cosetta::tests::seed(0xc4);
  INFO("seed " << s);
  for_each_variant([s](const frontier_kernels& kernels) {
    std::mt19937_64 random(s);
    for (std::size_t length = 0; length <= 140; ++length) {
      INFO("length " << length);
      checked_line_set set(kernels, 1, 6);
      std::vector<std::uint64_t> keys(length);
      for (auto& key : keys) key = random() >> 1;
      set.insert(keys);
      set.strike({keys.begin() + static_cast<std::ptrdiff_t>(length / 2), keys.end()});
      set.check();
    }
  });
}

// ======================================================================================================= wide_set

TEST_CASE("wide_set agrees with std::set", "[kernels][wide_set]") {
  const auto s = cosetta::tests::seed(0x71de);
  INFO("seed " << s);
  for (const std::size_t words : {2, 3, 4, 7}) {
    std::mt19937_64 random(s);
    checked_wide_set set(words);
    for (int round = 0; round < 12; ++round) {  // the same set again and again
      const std::size_t expected = std::array<std::size_t, 4>{0, 1, 100, 5000}[random() % 4];
      const auto skip_bits = static_cast<unsigned>(random() % 33);
      INFO("words " << words << ", round " << round << ", expected " << expected << ", skip_bits " << skip_bits);
      set.reset(expected, skip_bits);
      const auto crowd = crowded_states(random, words, 1 + random() % 1500, 1 + random() % 300);
      set.insert({});
      set.insert(sample(random, crowd, random() % 800));
      set.insert(sample(random, crowd, random() % 800));
      if (round % 3 != 0) {
        set.strike(sample(random, crowd, random() % 300));  // some of them are not there
        set.strike(random_states(random, words, random() % 50));
        set.insert(sample(random, crowd, random() % 200));  // new ones behind struck ones, and struck ones again
        set.strike({});
        set.strike(sample(random, crowd, random() % 100));
        set.insert(random_states(random, words, random() % 50));
      }
      set.check_and_empty();
    }
  }
}

TEST_CASE("wide_set grows from a tiny expectation", "[kernels][wide_set]") {
  const auto s = cosetta::tests::seed(0x9409);
  INFO("seed " << s);
  for (const std::size_t words : {2, 3, 4, 7}) {
    for (const unsigned skip_bits : {0U, 32U}) {
      INFO("words " << words << ", skip_bits " << skip_bits);
      std::mt19937_64 random(s);
      checked_wide_set set(words);
      set.reset(1, skip_bits);
      const auto first = random_states(random, words, 9000);
      set.insert({first.begin(), first.begin() + 3});
      set.strike({first.begin() + 1, first.begin() + 6});
      set.insert(first);  // grows many times, with a mark already made
      set.insert(first);
      set.strike(sample(random, first, 2000));
      set.check_and_empty();

      set.reset(0, skip_bits);  // small again
      const auto second = random_states(random, words, 20);
      set.insert(second);
      set.strike(first);  // strangers of an earlier life, which must not be found
      set.check_and_empty();
    }
  }
}

TEST_CASE("wide_set compares whole states when all hashes agree", "[kernels][wide_set]") {
  const auto s = cosetta::tests::seed(0xc011);
  INFO("seed " << s);
  for (const std::size_t words : {2, 3, 4, 7}) {
    // Every slot wanted by all: the first, one in the middle, and the last one, from where probing wraps around.
    for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{0x8000'0000'1234'5678u}, ~std::uint64_t{0}}) {
      INFO("words " << words << ", hash " << hash);
      std::mt19937_64 random(s);
      std::vector<state> colliding(300);
      for (auto& member : colliding) {
        member.resize(words - 1);
        for (auto& word : member) word = random();
        member.push_back(word_hashing_to(hash, member));
        REQUIRE(state_hash(member.data(), words) == hash);
      }
      checked_wide_set set(words);
      set.reset(16, 0);
      const std::vector<state> half(colliding.begin(), colliding.begin() + 150);
      set.insert(half);
      set.strike(colliding);  // the second half is not there
      set.insert(colliding);
      set.insert(half);
      set.check_and_empty();
      set.reset(16, 0);
      set.insert(colliding);
      set.strike(half);
      set.check_and_empty();
    }
  }
}

TEST_CASE("wide_set compares the last word when slot and tag agree", "[kernels][wide_set]") {
  const auto s = cosetta::tests::seed(0x7a6);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const std::size_t words : {2, 3, 4, 7}) {
    INFO("words " << words);
    // One head; the hashes agree in the low 32 bits, kept as the tag, and in the top bits, which choose the slot.
    state head(words - 1);
    for (auto& word : head) word = random();
    std::vector<state> similar;
    for (std::uint64_t middle = 0; middle < 200; ++middle) {
      similar.push_back(head);
      similar.back().push_back(word_hashing_to(0xabcd'0000'5678'9abcu | middle << 32, head));
    }
    checked_wide_set set(words);
    set.reset(10, 0);
    set.insert({similar.begin(), similar.begin() + 100});
    set.strike({similar.begin() + 90, similar.end()});
    set.insert(similar);
    set.check_and_empty();
  }
}

TEST_CASE("wide_set tells states apart that differ in one bit", "[kernels][wide_set]") {
  for (const std::size_t words : {2, 3, 4, 7}) {
    INFO("words " << words);
    for (const std::uint64_t fill : {std::uint64_t{0}, ~std::uint64_t{0}}) {
      std::vector<state> states{state(words, fill)};
      for (std::size_t bit = 0; bit < 64 * words; ++bit) {
        states.emplace_back(words, fill);
        states.back()[bit / 64] ^= std::uint64_t{1} << bit % 64;
      }
      checked_wide_set set(words);
      set.reset(10, 6);
      set.insert(states);
      set.strike({states[0], states[64], states.back()});
      set.check_and_empty();
    }
  }
}

}  // namespace frontier_sets_test
