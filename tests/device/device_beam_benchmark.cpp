// The speed of a beam's levels on a CUDA device.
//
//   device_beam_benchmark [GRAPH WIDTH LEVELS]...    default: lrx:24 and pancake:24, narrow and wide; network/GRAPH: by a network of random weights
//   device_beam_benchmark --host ...                 the same on the host in the device's place, to see that it works
//
// The first half of the levels, which fill the beam, is not measured. A candidate is a state that was scored. With a narrow beam the CPU's
// levels are made, too, and compared. Exit code 1 when they differ, 77 when there is no device.
#include <graphs/parse_graph.hpp>
#include <search/device_beam.hpp>

#include <tests/device/device_program.hpp>
#include <tests/search/network_samples.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta;
using tests::now;

constexpr std::size_t compared_width = 1 << 14;

/// Tables, or a network on the device, which the CPU's levels then ask, too.
std::unique_ptr<search::heuristic> estimate_for(const graphs::graph_definition& graph, bool network, const std::shared_ptr<kernels::backend>& on) {
  if (network) return search::make_device_network_heuristic(graph, tests::plain_network(graph.degree(), {256, 256}), on);
  auto out = search::make_pair_heuristic(graph, true, std::size_t{1} << 30, {});
  return out != nullptr ? std::move(out) : search::make_gap_heuristic(graph, false);
}

/// False when the levels are not the CPU's.
bool measure(const std::string& spec, std::size_t width, std::size_t count, const std::shared_ptr<kernels::backend>& on) {
  constexpr std::string_view network = "network/";
  const bool learned = spec.starts_with(network);
  const auto definition = graphs::parse_graph(learned ? spec.substr(network.size()) : spec);
  const search::byte_graph graph(definition);
  const search::byte_ball ball(graph, graph.backward, 1 << 16, {});
  const auto estimate = estimate_for(definition, learned, on);
  std::vector<std::uint32_t> sums(ball.size());
  estimate->score(ball[0], ball.size(), sums.data());
  const auto bound = learned ? ~0U : *std::ranges::max_element(sums);
  std::mt19937_64 random(1);
  auto start = graph.home();
  for (std::size_t i = graph.n; i > 1; --i) std::swap(start[i - 1], start[random() % i]);
  const search::run_context context;
  const search::device_beam_graph shared(on, graph, *estimate, ball);
  search::device_beam_levels levels(shared, bound, width, context, start.data());
  std::uint64_t before = 0;
  double begin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == count / 2) before = levels.candidates(), begin = now();
    levels.advance();
  }
  on->synchronize();
  const double seconds = now() - begin, scored = static_cast<double>(levels.candidates() - before);
  bool right = true;
  if (width <= compared_width) {
    search::beam_levels plain(graph, *estimate, ball, bound, width, context, start.data());
    for (std::size_t i = 0; i < count; ++i) plain.advance();
    right = plain.size() == levels.size();
    for (std::uint32_t e = 0; right && e < plain.size(); e += 97) right = plain.word_to(count, e) == levels.word_to(count, e);
  }
  fmt::print("{:<16} {:<36} width {:>9}: {:>8.1f} M candidates/s, {:>8.0f} us a level, {:>6.0f} MB on the device{}\n", spec, estimate->name(), width, scored / seconds / 1e6,
             1e6 * seconds / static_cast<double>(count - count / 2), static_cast<double>(levels.device_bytes()) / 1e6,
             !right ? ", NOT THE CPU'S LEVELS" : width <= compared_width ? ", the CPU's levels" : "");
  return right;
}

int run(const std::shared_ptr<kernels::backend>& on, std::vector<std::string> arguments) {
  fmt::print("{}\n", on->device());
  if (arguments.empty()) {
    for (const char* spec : {"lrx:24", "pancake:24"}) {
      for (const char* width : {"4096", "65536", "1000000", "4000000"}) arguments.insert(arguments.end(), {spec, width, spec[0] == 'l' ? "120" : "24"});
    }
    arguments.insert(arguments.end(), {"network/lrx:24", "4096", "60", "network/lrx:24", "1000000", "40"});
  }
  bool right = true;
  for (std::size_t i = 0; i + 2 < arguments.size(); i += 3) {
    right = measure(arguments[i], std::strtoull(arguments[i + 1].c_str(), nullptr, 10), std::strtoull(arguments[i + 2].c_str(), nullptr, 10), on) && right;
  }
  return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return cosetta::tests::run_on_device("device_beam_benchmark", argc, argv, run); }
