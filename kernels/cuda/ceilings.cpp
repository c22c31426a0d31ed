#include <kernels/cuda/ceiling_grid.hpp>

#include <algorithm>
#include <chrono>

namespace cosetta::kernels {

namespace {

/// The least of some runs, the first of which warms up.
template <class Run>
double least_seconds(backend& on, const Run& run) {
  double least = 1e9;
  for (int i = 0; i < 5; ++i) {
    on.synchronize();
    const auto start = std::chrono::steady_clock::now();
    run();
    on.synchronize();
    if (i > 0) least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return least;
}

}  // namespace

device_ceilings measure_ceilings(backend& on) {
  device_ceilings out;
  const bool real = on.host() == nullptr;
  const std::size_t count = std::min<std::size_t>(on.free_bytes() / 4, std::size_t{real ? 256U : 1U} << 20) / sizeof(two_words);
  device_array<two_words> from(on, count / 2), to(on, count / 2);
  from.fill(1), to.fill(2);
  const copy_words copy{from.data(), to.data(), count / 2};
  out.bytes_per_second = 2.0 * static_cast<double>(from.bytes()) / least_seconds(on, [&] { launch(on, copy, {8 * on.multiprocessors(), copy_words::most_threads}); });

  const grid_shape shape{8 * on.multiprocessors(), exchange_words::most_threads};
  device_array<std::uint32_t> sums(on, std::size_t{shape.blocks} * shape.threads);
  const exchange_words work{real ? 4096U : 4U, 0x55555555U, sums.data()};
  const double operations = static_cast<double>(work.repeats) * exchange_words::exchanges_a_round * exchange_words::words * exchange_words::operations_of_an_exchange *
                            static_cast<double>(sums.size());
  out.operations_per_second = operations / least_seconds(on, [&] { launch(on, work, shape); });
  return out;
}

}  // namespace cosetta::kernels
