// Rates of the other kernels on a CUDA device: the frontier in edges a second, random walks in steps, networks in states.
//
//   device_rates [DEPTH]          LRX-16 to this depth, 36 if not given
//   device_rates --host [DEPTH]   the same, small, on the host in the device's place, to see that it works
//
// Exit code 77 when there is no device.
#include <graphs/parse_graph.hpp>
#include <kernels/byte_rows.hpp>
#include <search/device_bucket.hpp>
#include <search/device_network.hpp>
#include <search/walks.hpp>

#include <tests/device/device_program.hpp>
#include <tests/search/network_samples.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta;
using tests::now;

void frontier(const std::shared_ptr<kernels::backend>& on, std::uint64_t depth) {
  const auto graph = graphs::parse_graph("lrx:16");
  search::run_context context;
  context.memory_bytes = ~std::size_t{0};
  std::vector<double> at;  // when each layer was there
  context.observer = [&](const search::progress& p) {
    if (p.layer_complete) at.push_back(now());
  };
  search::growth_options options;
  options.max_depth = depth;
  const auto r = search::grow_on_device(graph, options, context, *on);
  const double edges = 3.0 * static_cast<double>(r.layers[r.layers.size() - 2]), last = at.back() - at[at.size() - 2];
  const double all = 3.0 * static_cast<double>(r.states() - r.layers.back());
  fmt::print("frontier    lrx:16 to depth {}: {} states in {:.3f} s, {:.3f} G edges/s; the last layer {:.3f} G edges/s{}\n", r.diameter(), r.states(), r.seconds, all / r.seconds / 1e9,
             edges / last / 1e9, r.limit == search::limit::memory ? " (memory ended it)" : "");
}

void walks(const std::shared_ptr<kernels::backend>& on, const char* spec, std::uint64_t count, std::uint32_t length) {
  const auto graph = graphs::parse_graph(spec);
  search::walk_options options{search::walk_kind::non_backtracking, length, 1, nullptr};
  options.device = on;
  const search::random_walks walks(graph, options);
  std::vector<std::uint64_t> states(count * graph.degree());
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = now();
    walks.sample(0, count, search::random_walks::keep::end, states, {}, {});
    least = std::min(least, now() - start);
  }
  fmt::print("walks       {:<28} {} of {} steps: {:.3f} G steps/s, states written down by the host\n", spec, count, length, static_cast<double>(count) * length / least / 1e9);
}

void networks(const std::shared_ptr<kernels::backend>& on, std::size_t n, const std::vector<std::size_t>& hidden, std::size_t count) {
  search::device_network net(on, tests::plain_network(n, hidden));
  const auto stride = static_cast<std::uint32_t>(kernels::byte_row_stride(n));
  std::vector<std::uint8_t> rows(count * stride);
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < count; ++i) {
    std::iota(rows.begin() + static_cast<std::ptrdiff_t>(i * stride), rows.begin() + static_cast<std::ptrdiff_t>(i * stride + n), std::uint8_t{0});
    std::shuffle(rows.begin() + static_cast<std::ptrdiff_t>(i * stride), rows.begin() + static_cast<std::ptrdiff_t>(i * stride + n), random);
  }
  const kernels::device_array<std::uint8_t> there(*on, rows);
  kernels::device_array<float> out(*on, count);
  double least = 1e9;
  for (int i = 0; i < 4; ++i) {
    on->synchronize();
    const double start = now();
    net.predict_on_device(there.data(), stride, count, out.data());
    on->synchronize();
    if (i > 0) least = std::min(least, now() - start);
  }
  double work = 0;  // of the layers behind the first
  for (std::size_t i = 1; i < hidden.size(); ++i) work += 2.0 * static_cast<double>(hidden[i - 1] * hidden[i]);
  fmt::print("network     {} labels, hidden {}: {:.1f} M states/s, {:.1f} T FLOP/s in its products\n", n, fmt::join(hidden, "-"), static_cast<double>(count) / least / 1e6,
             work * static_cast<double>(count) / least / 1e12);
}

int run(const std::shared_ptr<kernels::backend>& on, std::vector<std::string> arguments) {
  fmt::print("{}\n", on->device());
  frontier(on, arguments.empty() ? 36 : std::strtoull(arguments[0].c_str(), nullptr, 10));
  const std::size_t scale = on->host() != nullptr ? 1 : 1000;
  walks(on, "lrx:16", 1000 * scale, 100);
  walks(on, "rubik_cube:3,metric=HTM", 200 * scale, 100);
  networks(on, 12, {256, 256, 256}, 300 * scale);
  networks(on, 54, {512, 256}, 100 * scale);
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return cosetta::tests::run_on_device("device_rates", argc, argv, run); }
