// The page pool: its budget, its reuse of pages, lists over pages, and threads that share one pool.
#include <kernels/error.hpp>
#include <kernels/page_pool.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace page_pool_test {
namespace {

using namespace cosetta::kernels;

constexpr std::size_t small_page = 4096;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

/// All states of a list, in order. Checks on the way that each page keeps within its capacity and that the counts
/// agree.
std::vector<std::uint64_t> contents(const page_list& list, const page_pool& pool, std::size_t words) {
  std::vector<std::uint64_t> out;
  std::uint64_t states = 0;
  const page* last = nullptr;
  for (page* p = list.head; p != nullptr; p = p->next) {
    REQUIRE(p->used <= pool.states_per_page(words));
    out.insert(out.end(), page_states(p), page_states(p) + p->used * words);
    states += p->used;
    last = p;
  }
  REQUIRE(last == list.tail);
  REQUIRE(states == list.count);
  REQUIRE(list.empty() == (states == 0));
  return out;
}

std::size_t pages_in(const page_list& list) {
  std::size_t n = 0;
  for (const page* p = list.head; p != nullptr; p = p->next) ++n;
  return n;
}

std::vector<std::uint64_t> counting_from(std::uint64_t first, std::size_t count) {
  std::vector<std::uint64_t> out(count);
  std::iota(out.begin(), out.end(), first);
  return out;
}

}  // namespace

TEST_CASE("a pool hands out exactly the pages of its budget", "[kernels][page_pool]") {
  for (const std::size_t page_bytes : {small_page, std::size_t{65536}, std::size_t{1} << 21}) {
    for (const std::size_t budget :
         {page_bytes, page_bytes + 1, 3 * page_bytes - 1, 3 * page_bytes, 7 * page_bytes + 5}) {
      INFO("page " << page_bytes << ", budget " << budget);
      page_pool pool(budget, page_bytes);
      const std::size_t pages = budget / page_bytes;
      REQUIRE(pool.page_bytes() == page_bytes);
      REQUIRE(pool.available() == pages);
      REQUIRE(pool.peak_bytes() == 0);
      std::set<page*> seen;
      for (std::size_t i = 0; i < pages; ++i) {
        page* p = pool.take();
        REQUIRE(p != nullptr);
        REQUIRE(p->next == nullptr);
        REQUIRE(p->used == 0);
        REQUIRE(reinterpret_cast<std::uintptr_t>(p) % page_bytes == 0);
        REQUIRE(seen.insert(p).second);
        REQUIRE(pool.available() == pages - i - 1);
        REQUIRE(pool.peak_bytes() == (i + 1) * page_bytes);
        REQUIRE(pool.peak_bytes() <= budget);
      }
      for (int again = 0; again < 3; ++again) REQUIRE(pool.take() == nullptr);
      REQUIRE(pool.available() == 0);
      REQUIRE(pool.peak_bytes() == pages * page_bytes);
    }
  }
}

TEST_CASE("the pages of a pool do not overlap and are writable to their end", "[kernels][page_pool]") {
  page_pool pool(5 * small_page, small_page);
  const std::size_t capacity = pool.states_per_page(1);
  REQUIRE(capacity == (small_page - page_header_bytes) / 8);
  std::vector<page*> held;
  while (page* p = pool.take()) held.push_back(p);
  REQUIRE(held.size() == 5);
  for (std::size_t i = 0; i < held.size(); ++i) {
    held[i]->used = 1000 + i;
    for (std::size_t j = 0; j < capacity; ++j) page_states(held[i])[j] = i * 1'000'000 + j;
  }
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < held.size(); ++i) {
    wrong += held[i]->used != 1000 + i;
    wrong += held[i]->next != nullptr;
    for (std::size_t j = 0; j < capacity; ++j) wrong += page_states(held[i])[j] != i * 1'000'000 + j;
  }
  CHECK(wrong == 0);
}

TEST_CASE("pages that were given back are reused before new ones are touched", "[kernels][page_pool]") {
  page_pool pool(8 * small_page, small_page);
  page* a = pool.take();
  page* b = pool.take();
  page* c = pool.take();
  REQUIRE(pool.peak_bytes() == 3 * small_page);

  b->used = 17;
  b->next = c;  // a chain of two
  c->used = 4;
  pool.give(b);
  CHECK(pool.available() == 7);
  CHECK(pool.peak_bytes() == 3 * small_page);

  std::set<page*> reused;
  for (int i = 0; i < 2; ++i) {
    page* p = pool.take();
    REQUIRE(p != nullptr);
    CHECK(p->used == 0);
    CHECK(p->next == nullptr);
    reused.insert(p);
  }
  CHECK(reused == std::set<page*>{b, c});
  CHECK(pool.peak_bytes() == 3 * small_page);
  CHECK(pool.available() == 5);

  page* d = pool.take();
  CHECK(reused.count(d) == 0);
  CHECK(d != a);
  CHECK(pool.peak_bytes() == 4 * small_page);

  pool.give(nullptr);  // an empty chain is no page
  CHECK(pool.available() == 4);
}

TEST_CASE("a dry pool serves again what it gets back", "[kernels][page_pool]") {
  page_pool pool(2 * small_page, small_page);
  page* a = pool.take();
  page* b = pool.take();
  REQUIRE(pool.take() == nullptr);
  pool.give(a);
  CHECK(pool.available() == 1);
  CHECK(pool.take() == a);
  REQUIRE(pool.take() == nullptr);
  b->next = a;
  pool.give(b);
  CHECK(pool.available() == 2);
  CHECK(pool.peak_bytes() == 2 * small_page);
}

TEST_CASE("take and give keep their accounts under random use", "[kernels][page_pool]") {
  const auto s = cosetta::tests::seed(0x9a6e);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  constexpr std::size_t pages = 13;
  page_pool pool(pages * small_page, small_page);
  std::vector<page*> held;
  std::size_t peak = 0;
  for (int step = 0; step < 3000; ++step) {
    if (random() % 2 == 0) {
      page* p = pool.take();
      if ((p == nullptr) != (held.size() == pages)) FAIL("take() at " << held.size() << " pages held");
      if (p != nullptr) {
        if (p->next != nullptr || p->used != 0) FAIL("a page with a stale header");
        p->used = random();
        held.push_back(p);
      }
    } else if (!held.empty()) {
      const std::size_t n = 1 + random() % held.size();
      page* chain = nullptr;
      for (std::size_t i = 0; i < n; ++i) {
        held.back()->next = chain;
        chain = held.back();
        held.pop_back();
      }
      pool.give(chain);
    }
    peak = std::max(peak, held.size());
    if (pool.available() != pages - held.size()) FAIL("available() is " << pool.available() << " in step " << step);
    if (pool.peak_bytes() != peak * small_page) FAIL("peak_bytes() is " << pool.peak_bytes() << " in step " << step);
  }
  REQUIRE(std::set<page*>(held.begin(), held.end()).size() == held.size());
}

TEST_CASE("what is set aside is no longer handed out", "[kernels][page_pool]") {
  page_pool pool(10 * small_page + 7, small_page);
  REQUIRE(pool.set_aside(0));
  CHECK(pool.available() == 10);
  REQUIRE(pool.set_aside(1));  // a page, for half of one cannot be handed out
  CHECK(pool.available() == 9);
  REQUIRE(pool.set_aside(2 * small_page));
  CHECK(pool.available() == 7);
  REQUIRE(pool.set_aside(small_page + 1));
  CHECK(pool.available() == 5);
  REQUIRE_FALSE(pool.set_aside(5 * small_page + 1));
  CHECK(pool.available() == 5);

  page* a = pool.take();
  page* b = pool.take();
  pool.give(a);
  CHECK(pool.available() == 4);
  // Only what no page has touched can be given up: three pages, not the one that came back.
  REQUIRE_FALSE(pool.set_aside(4 * small_page));
  REQUIRE(pool.set_aside(3 * small_page));
  CHECK(pool.available() == 1);
  CHECK(pool.take() == a);
  CHECK(pool.take() == nullptr);
  REQUIRE(pool.set_aside(0));
  REQUIRE_FALSE(pool.set_aside(1));
  pool.give(b);
  CHECK(pool.available() == 1);
  CHECK(pool.peak_bytes() == 2 * small_page);
}

TEST_CASE("more than every byte cannot be set aside", "[kernels][page_pool]") {
  page_pool pool(2 * small_page, small_page);
  CHECK_FALSE(pool.set_aside(std::numeric_limits<std::size_t>::max()));
  CHECK(pool.available() == 2);
}

TEST_CASE("append fills pages of states of any width", "[kernels][page_pool]") {
  const auto s = cosetta::tests::seed(0xa99e4d);
  INFO("seed " << s);
  for (const std::size_t words : {1, 2, 3, 5, 7, 64}) {
    INFO("words " << words);
    std::mt19937_64 random(s);
    page_pool pool(40 * small_page, small_page);
    const std::size_t capacity = pool.states_per_page(words);
    REQUIRE(capacity == (4096 - 64) / (8 * words));
    page_list list;
    std::vector<std::uint64_t> expected;
    while (expected.size() / words < 9 * capacity) {
      // Nothing, one state, a page exactly, more than two pages, or some.
      const std::size_t choices[] = {0, 1, capacity, 2 * capacity + 1, random() % capacity};
      const std::size_t count = choices[random() % 5];
      const auto states = counting_from(expected.size(), count * words);
      REQUIRE(append(list, pool, states.data(), count, words));
      expected.insert(expected.end(), states.begin(), states.end());
      REQUIRE(list.count * words == expected.size());
    }
    CHECK(contents(list, pool, words) == expected);
    // Only the last page may have room left.
    CHECK(pages_in(list) == (list.count + capacity - 1) / capacity);
    CHECK(pool.available() == 40 - pages_in(list));
    release(list, pool);
    CHECK(list.head == nullptr);
    CHECK(list.tail == nullptr);
    CHECK(list.count == 0);
    CHECK(pool.available() == 40);
  }
}

TEST_CASE("an append of nothing takes no page", "[kernels][page_pool]") {
  page_pool pool(small_page, small_page);
  page_list list;
  CHECK(append(list, pool, nullptr, 0, 1));
  CHECK(list.empty());
  CHECK(list.head == nullptr);
  CHECK(pool.available() == 1);
  release(list, pool);
  CHECK(pool.available() == 1);
}

TEST_CASE("an append that finds the pool dry keeps what fitted", "[kernels][page_pool]") {
  for (const std::size_t words : {1, 3, 4}) {
    INFO("words " << words);
    page_pool pool(3 * small_page, small_page);
    const std::size_t capacity = pool.states_per_page(words);
    page_list list;
    const auto states = counting_from(7, (3 * capacity + 5) * words);
    REQUIRE(append(list, pool, states.data(), 10, words));
    REQUIRE_FALSE(append(list, pool, states.data() + 10 * words, 3 * capacity - 5, words));  // five too many
    CHECK(list.count == 3 * capacity);
    const std::vector<std::uint64_t> expected(states.begin(),
                                              states.begin() + static_cast<std::ptrdiff_t>(3 * capacity * words));
    CHECK(contents(list, pool, words) == expected);
    CHECK(pool.available() == 0);
    CHECK(pool.peak_bytes() == 3 * small_page);

    // Nothing changes when it is tried again, and another list gets nothing either.
    REQUIRE_FALSE(append(list, pool, states.data(), 1, words));
    CHECK(contents(list, pool, words) == expected);
    page_list other;
    REQUIRE_FALSE(append(other, pool, states.data(), 1, words));
    CHECK(other.empty());
    CHECK(other.head == nullptr);

    release(list, pool);
    CHECK(pool.available() == 3);
    REQUIRE(append(other, pool, states.data(), 3 * capacity, words));  // an exact fit is no failure
    CHECK(contents(other, pool, words) == expected);
  }
}

TEST_CASE("splice moves pages behind those of a list", "[kernels][page_pool]") {
  page_pool pool(20 * small_page, small_page);
  const std::size_t capacity = pool.states_per_page(2);
  const auto fill = [&](page_list& list, std::uint64_t first, std::size_t count) {
    const auto states = counting_from(first, 2 * count);
    REQUIRE(append(list, pool, states.data(), count, 2));
    return states;
  };
  page_list a;
  page_list b;
  page_list nothing;
  auto expected = fill(a, 0, capacity + 3);
  const auto behind = fill(b, 1'000'000, 2 * capacity + 1);
  const std::size_t free_before = pool.available();

  a.splice(nothing);
  CHECK(contents(a, pool, 2) == expected);

  a.splice(b);
  expected.insert(expected.end(), behind.begin(), behind.end());
  CHECK(contents(a, pool, 2) == expected);
  CHECK(a.count == 3 * capacity + 4);
  CHECK(b.head == nullptr);
  CHECK(b.tail == nullptr);
  CHECK(b.empty());
  CHECK(pool.available() == free_before);

  // The list goes on growing at its new tail, and the emptied one is usable.
  const auto more = fill(a, 5'000'000, capacity);
  expected.insert(expected.end(), more.begin(), more.end());
  CHECK(contents(a, pool, 2) == expected);
  const auto fresh = fill(b, 9'000'000, 1);
  CHECK(contents(b, pool, 2) == fresh);

  nothing.splice(a);  // onto an empty list
  CHECK(contents(nothing, pool, 2) == expected);
  CHECK(contents(a, pool, 2).empty());
  CHECK(a.head == nullptr);

  release(nothing, pool);
  release(b, pool);
  CHECK(pool.available() == 20);
}

TEST_CASE("a budget that holds no page is refused", "[kernels][page_pool]") {
  for (const std::size_t budget : {std::size_t{0}, std::size_t{1}, small_page - 1}) {
    INFO("budget " << budget);
    CHECK_THROWS_MATCHES(page_pool(budget, small_page), cosetta::resource_error,
                         message_with(std::to_string(budget) + " bytes holds no page of 4096 bytes"));
  }
}

TEST_CASE("a budget beyond the address space is refused", "[kernels][page_pool]") {
  constexpr std::size_t half = std::size_t{1} << 63;
  CHECK_THROWS_MATCHES(page_pool(half, small_page), cosetta::resource_error, message_with("cannot reserve"));
  CHECK_THROWS_MATCHES(page_pool(std::numeric_limits<std::size_t>::max(), small_page), cosetta::resource_error,
                       message_with("cannot reserve"));
}

TEST_CASE("threads share a pool without sharing a page", "[kernels][page_pool]") {
  const auto s = cosetta::tests::seed(0x7472);
  INFO("seed " << s);
  constexpr std::size_t pages = 32;
  constexpr unsigned threads = 4;
  page_pool pool(pages * small_page, small_page);
  std::atomic<std::size_t> wrong{0};
  std::atomic<std::size_t> taken{0};
  std::atomic<std::size_t> held_at_end{0};

  const auto work = [&](unsigned id) {
    std::mt19937_64 random(s + id);
    std::vector<page*> held;
    for (int step = 0; step < 4000; ++step) {
      if (held.empty() || (random() % 2 == 0 && held.size() < pages)) {
        if (page* p = pool.take(); p != nullptr) {
          wrong += p->next != nullptr || p->used != 0;
          p->used = id + 1;
          page_states(p)[0] = id * std::uint64_t{1'000'000} + held.size();
          held.push_back(p);
          ++taken;
        }
      } else {
        const std::size_t n = 1 + random() % held.size();
        page* chain = nullptr;
        for (std::size_t i = 0; i < n; ++i) {
          page* p = held.back();
          held.pop_back();
          // A page that another thread holds too would carry its marks.
          wrong += p->used != id + 1 || page_states(p)[0] != id * std::uint64_t{1'000'000} + held.size();
          p->next = chain;
          chain = p;
        }
        pool.give(chain);
      }
      wrong += pool.available() > pages || pool.peak_bytes() > pages * small_page;
    }
    held_at_end += held.size();
  };
  std::vector<std::thread> running;
  for (unsigned id = 0; id < threads; ++id) running.emplace_back(work, id);
  for (auto& thread : running) thread.join();

  CHECK(wrong == 0);
  CHECK(taken > 1000);
  CHECK(pool.available() + held_at_end == pages);
  CHECK(pool.peak_bytes() <= pages * small_page);
  std::set<page*> rest;
  while (page* p = pool.take()) rest.insert(p);
  CHECK(rest.size() + held_at_end == pages);
}

TEST_CASE("threads append to their own lists until the pool is dry", "[kernels][page_pool]") {
  constexpr std::size_t pages = 24;
  constexpr unsigned threads = 3;
  constexpr std::size_t words = 3;
  page_pool pool(pages * small_page, small_page);
  const std::size_t capacity = pool.states_per_page(words);
  std::vector<page_list> lists(threads);
  std::vector<std::uint64_t> attempted(threads, 0);

  const auto work = [&](unsigned id) {
    for (;;) {
      const auto states = counting_from(id * std::uint64_t{1'000'000'000} + attempted[id] * words, 11 * words);
      attempted[id] += 11;
      if (!append(lists[id], pool, states.data(), 11, words)) return;
    }
  };
  std::vector<std::thread> running;
  for (unsigned id = 0; id < threads; ++id) running.emplace_back(work, id);
  for (auto& thread : running) thread.join();

  CHECK(pool.available() == 0);
  std::size_t held = 0;
  std::size_t room = 0;
  for (unsigned id = 0; id < threads; ++id) {
    INFO("thread " << id);
    const auto states = contents(lists[id], pool, words);
    CHECK(states == counting_from(id * std::uint64_t{1'000'000'000}, states.size()));
    CHECK(lists[id].count < attempted[id]);
    CHECK(lists[id].count + 11 >= attempted[id]);
    held += pages_in(lists[id]);
    room += pages_in(lists[id]) * capacity - lists[id].count;
  }
  CHECK(held == pages);
  CHECK(room == 0);  // each stopped at a full page
  for (auto& list : lists) release(list, pool);
  CHECK(pool.available() == pages);
}

}  // namespace page_pool_test
