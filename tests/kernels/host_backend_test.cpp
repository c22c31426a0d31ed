// The host in a device's place: streams that run ahead of each other, and see it where somebody forgets to wait.
#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>

#include <array>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace cosetta::kernels {
namespace host_backend_test {
namespace {

constexpr std::array all_ways{host_streams::at_once, host_streams::first_ahead, host_streams::second_ahead, host_streams::shuffled};

std::shared_ptr<backend> host(host_streams when) { return make_host_backend(host_order::forward, 1'000'000, 1000, when); }

/// What stream 1 copies of a number that stream 0 changes from 1 to 2, and what stream 0 copies before stream 1 changes it.
std::array<int, 2> copied(host_streams when, bool waits) {
  const auto on = host(when);
  std::array<int, 2> out{};
  for (const unsigned writer : {0U, 1U}) {
    const unsigned reader = 1 - writer;
    device_array<std::uint8_t> number(*on, 1), copy(*on, 1);
    number.fill(1);
    on->synchronize();
    if (writer == 0) {
      number.fill(2, writer);
      if (waits) on->wait_for(reader, writer);
      on->copy(copy.data(), number.data(), 1, reader);
    } else {
      on->copy(copy.data(), number.data(), 1, reader);
      if (waits) on->wait_for(writer, reader);
      number.fill(2, writer);
    }
    out[writer] = copy.download(0, 1, reader).front();
  }
  return out;
}

TEST_CASE("host backend: streams that wait see each other's work, in every way of running them") {
  for (const auto when : all_ways) CHECK(copied(when, true) == std::array{2, 1});
  std::mt19937_64 random(tests::seed(81));
  for (int program = 0; program < 50; ++program) {
    const auto seed = random();
    std::vector<std::uint8_t> expected;
    for (const auto when : all_ways) {
      const auto on = host(when);
      std::mt19937_64 choose(seed);
      device_array<std::uint8_t> numbers(*on, 8);
      numbers.fill(0);
      for (int step = 0; step < 60; ++step) {
        const auto stream = static_cast<unsigned>(choose() % 2);
        on->wait_for(stream, 1 - stream);
        auto* const to = numbers.data() + choose() % 8;
        if (choose() % 3 == 0) {
          on->fill(to, static_cast<std::uint8_t>(step), 1, stream);
        } else if (const auto* const from = numbers.data() + choose() % 8; from != to) {
          on->copy(to, from, 1, stream);
        }
      }
      on->synchronize();
      const auto out = numbers.download();
      if (expected.empty()) expected = out;
      CHECK(out == expected);
    }
  }
}

TEST_CASE("host backend: what does not wait sees what is too old, or too new") {
  CHECK(copied(host_streams::at_once, false) == std::array{2, 1});
  CHECK(copied(host_streams::first_ahead, false) == std::array{2, 1});
  CHECK(copied(host_streams::second_ahead, false) == std::array{1, 2});
}

TEST_CASE("host backend: what is released, uploaded or downloaded is done first") {
  for (const auto when : all_ways) {
    const auto on = host(when);
    device_array<std::uint8_t> kept(*on, 4);
    {
      device_array<std::uint8_t> some(*on, 4);
      some.fill(7, 1);
      on->copy(kept.data(), some.data(), 4, 1);
    }
    CHECK(kept.download() == std::vector<std::uint8_t>(4, 7));
    std::vector<std::uint8_t> values{1, 2, 3, 4};
    kept.upload(values, 0, 1);
    values.assign(4, 0);
    CHECK(kept.download() == std::vector<std::uint8_t>{1, 2, 3, 4});
    CHECK_THROWS_AS(device_array<std::uint8_t>(*on, 2'000'000), resource_error);
  }
}

}  // namespace
}  // namespace host_backend_test
}  // namespace cosetta::kernels
