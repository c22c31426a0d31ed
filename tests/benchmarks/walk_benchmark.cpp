// Steps of random walks a CPU-second, by each variant of the kernels: bench_walks [--seconds S]
#include <graphs/parse_graph.hpp>
#include <search/walks.hpp>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Median of three.
double steps_a_second(const graphs::graph_definition& graph, const search::walk_options& options, double seconds) {
  constexpr std::uint64_t block = 1024;
  const search::random_walks walks(graph, options);
  std::vector<std::uint64_t> states(block * walks.width());
  std::vector<double> rates;
  std::uint64_t first = 0;
  for (int run = 0; run < 3; ++run) {
    const double start = cpu_seconds();
    double now = start;
    std::uint64_t done = 0;
    for (; now < start + seconds / 3; now = cpu_seconds()) {
      walks.sample(first, block, search::random_walks::keep::end, states, {}, {});
      first += block, done += block;
    }
    rates.push_back(static_cast<double>(done * options.length) / (now - start));
  }
  std::sort(rates.begin(), rates.end());
  return rates[1];
}

graphs::graph_definition arbitrary(std::size_t degree, std::size_t generators) {
  std::mt19937_64 random(2026);
  graphs::permutation_set set;
  for (std::size_t i = 0; i < generators; i += 2) {
    std::vector<groups::point> images(degree);
    for (std::size_t k = 0; k < degree; ++k) images[k] = static_cast<groups::point>(k);
    std::shuffle(images.begin(), images.end(), random);
    const groups::permutation p(images);
    set.add(fmt::format("a{}", i), p);
    set.add(fmt::format("b{}", i), p.inverse());
  }
  return graphs::make_graph("arbitrary", set);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 2 && std::string(argv[1]) == "--seconds" ? std::atof(argv[2]) : 1;
  struct task {
    std::string name;
    graphs::graph_definition graph;
    std::uint32_t length;
  };
  const task tasks[] = {{"lrx:24, length 200", graphs::parse_graph("lrx:24"), 200}, {"48 points, 18 generators, length 30", arbitrary(48, 18), 30}};
  fmt::print("{:<38}{:<18}{:<9}{:>20}\n", "walks", "kind", "variant", "M steps / CPU-s");
  for (const auto& t : tasks) {
    for (const auto kind : {search::walk_kind::classic, search::walk_kind::non_backtracking}) {
      for (const auto set : kernels::all_instruction_sets()) {
        if (!kernels::is_supported(set)) continue;
        const auto rate = steps_a_second(t.graph, {kind, t.length, 1, nullptr, set}, seconds);
        fmt::print("{:<38}{:<18}{:<9}{:>20.0f}\n", t.name, to_string(kind), kernels::to_string(set), rate / 1e6);
      }
    }
  }
}
