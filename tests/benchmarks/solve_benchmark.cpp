// Lengths of words and times of the two-phase solver over uniform states: bench_solve [STATES [GRAPH]].
//
// One thread; seconds are the thread's own. Words are replayed by the solver; the states depend on the seed only.
#include <graphs/parse_graph.hpp>
#include <groups/permutation_group.hpp>
#include <search/subgroup_solver.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <random>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cosetta;

double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void measure(const graphs::graph_definition& graph, const search::subgroup_options& options, const std::string& name, std::size_t count) {
  const double begin = thread_seconds();
  const auto solver = search::subgroup_solver::make(graph, options, {});
  const double made = thread_seconds() - begin;
  if (!solver) {
    fmt::print("no chain of subgroups with small steps, after {:.2f} s\n", made);
    return;
  }
  const groups::permutation_group group(*graph.permutations());
  std::mt19937_64 random(5);
  double sum = 0, squares = 0, seconds = 0;
  std::size_t solved = 0, longest = 0;
  std::uint64_t nodes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto images = group.random(random).images();
    const auto r = solver->solve({images.begin(), images.end()}, {});
    nodes += r.nodes, seconds += r.seconds;
    if (!r.found) continue;
    const auto length = static_cast<double>(r.word.size());
    ++solved, sum += length, squares += length * length, longest = std::max(longest, r.word.size());
  }
  const double mean = sum / static_cast<double>(solved), deviation = std::sqrt(squares / static_cast<double>(solved) - mean * mean);
  fmt::print("{:>12}  set-up {:.2f} s  {} of {}  mean {:.2f}  sd {:.2f}  longest {}  {:.1f} M nodes/s  {:.3f} s each\n", name, made, solved, count, mean, deviation, longest,
             static_cast<double>(nodes) / seconds / 1e6, seconds / static_cast<double>(count));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 100;
  const auto given = graphs::parse_graph(argc > 2 ? argv[2] : "rubik_cube:3,metric=HTM");
  graphs::state labels(given.degree());
  std::iota(labels.begin(), labels.end(), std::uint64_t{0});
  const auto graph = given.with_central(labels);
  if (const auto solver = search::subgroup_solver::make(graph, {}, {})) {
    fmt::print("{}\n{} variants, {} KiB\n", solver->plan(), solver->variants(), solver->bytes() / 1024);
  }
  search::subgroup_options options;
  for (const int milliseconds : {10, 30, 100, 300}) {
    options.seconds = std::chrono::duration<double>(milliseconds / 1000.0);
    measure(graph, options, fmt::format("{} ms", milliseconds), count);
  }
  options.seconds.reset();
  for (const std::uint64_t nodes : {300'000, 1'000'000, 3'000'000, 10'000'000}) {
    options.nodes = nodes;
    measure(graph, options, fmt::format("{} nodes", nodes), count);
  }
}
