// Speed of beams, and the words that they find, in one run.
//
//   bench_beam speed [WIDTH] [LEVELS]       LRX-24, all pair tables, one and two threads; the kernels in each variant
//   bench_beam words [GRAPH WIDTH STATES [ATTEMPTS]]    uniform states; without arguments, the table of docs/paths.md
//
// A candidate is a state that was scored. CPU time is that of all threads, so that it can be compared on a busy machine.
#include <graphs/parse_graph.hpp>
#include <kernels/byte_rows.hpp>
#include <kernels/pair_sums.hpp>
#include <search/beam.hpp>
#include <search/pair_tables.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using namespace cosetta;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A state by a fair shuffle: uniform in the symmetric group, one in two of the alternating one.
graphs::state random_state(const graphs::graph_definition& graph, std::mt19937_64& random) {
  auto out = graph.central();
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random() % i]);
  return out;
}

void score_rates() {
  for (const char* spec : {"lrx:16", "lrx:24", "lrx:32", "lrx:64"}) {
    const auto graph = graphs::parse_graph(spec);
    const auto sums = search::pair_tables::make(graph, search::pair_tables::goal::rotation)->sums();
    const auto n = graph.degree(), stride = kernels::byte_row_stride(n), count = std::size_t{256};
    std::mt19937_64 random(1);
    std::vector<std::uint8_t> rows(count * stride);
    for (std::size_t i = 0; i < count; ++i) {
      std::iota(rows.begin() + static_cast<std::ptrdiff_t>(i * stride), rows.begin() + static_cast<std::ptrdiff_t>((i + 1) * stride), std::uint8_t{0});
      for (std::size_t k = n; k > 1; --k) std::swap(rows[i * stride + k - 1], rows[i * stride + random() % k]);
    }
    std::vector<std::uint32_t> out(count);
    for (const auto set : kernels::all_instruction_sets()) {
      if (!kernels::is_supported(set)) continue;
      const double before = cpu_seconds();
      std::size_t rounds = 0;
      do {
        for (int i = 0; i < 20; ++i) kernels::pair_sum_kernels_for(set).sum(sums, rows.data(), stride, count, out.data());
        rounds += 20;
      } while (cpu_seconds() < before + 0.2);
      fmt::print("{:8} {:8} {:8.2f} M sums of {} pairs a CPU second\n", spec, kernels::to_string(set), static_cast<double>(rounds * count) / (cpu_seconds() - before) / 1e6,
                 sums.pairs().size());
    }
  }
}

void speed(std::size_t width, std::uint64_t levels) {
  score_rates();
  const auto graph = graphs::parse_graph("lrx:24");
  for (const unsigned threads : {1U, 2U, 1U, 2U}) {
    search::run_context context;
    context.threads = threads, context.memory_bytes = std::size_t{6} << 30;
    search::beam_options options;
    options.width = width, options.max_length = levels, options.attempts = 1, options.restarts = 0, options.improve = false, options.estimate = search::beam_estimate::rotation;
    const search::beam_solver solver(graph, options, context);
    std::mt19937_64 random(7);
    const double before = cpu_seconds();
    const auto r = solver.solve(random_state(graph, random), context);
    const double cpu = cpu_seconds() - before;
    const auto candidates = static_cast<double>(r.candidates);
    fmt::print("lrx:24, width {}, {} levels, {} threads: {:.3g} candidates, {:.2f} M a CPU second, {:.2f} M a second, {:.0f} bytes an entry\n", width, r.levels, threads, candidates,
               candidates / cpu / 1e6, candidates / r.seconds / 1e6, static_cast<double>(r.peak_bytes) / static_cast<double>(width));
  }
}

void words(const std::string& spec, std::size_t width, std::size_t states, std::size_t attempts) {
  const auto graph = graphs::parse_graph(spec);
  search::run_context context;
  context.memory_bytes = std::size_t{6} << 30;
  search::beam_options options;
  options.width = width, options.attempts = attempts;
  const double start = cpu_seconds();
  const search::beam_solver solver(graph, options, context);
  const double ready = cpu_seconds();
  std::mt19937_64 random(7);
  std::size_t found = 0, improved = 0, begun = 0;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < states;) {
    const auto r = solver.solve(random_state(graph, random), context);
    if (r.impossible) continue;  // odd
    ++i;
    improved += r.improved, begun += r.attempts;
    if (!r.found) continue;
    ++found;
    const auto length = static_cast<double>(r.word.size());
    sum += length, squares += length * length;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(found, 1));
  const double mean = sum / count, error = found > 1 ? std::sqrt(std::max(0.0, squares / count - mean * mean) / (count - 1)) : 0;
  fmt::print("| {} | {} | {} | {:.1f} | {}/{} | {:.2f} ± {:.2f} | {} | {:.3f} | {:.2f} |\n", spec, solver.heuristic(), width, static_cast<double>(begun) / static_cast<double>(states), found, states, mean, error,
             improved, (cpu_seconds() - ready) / static_cast<double>(states), ready - start);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const auto number = [&](int i, std::size_t otherwise) { return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : otherwise; };
  if (what == "speed") {
    speed(number(2, 1'000'000), number(3, 60));
    return 0;
  }
  if (what != "words") {
    fmt::print("bench_beam speed [WIDTH] [LEVELS] | bench_beam words [GRAPH WIDTH STATES [ATTEMPTS]]\n");
    return 2;
  }
  fmt::print("| graph | estimate | width | beams a state | solved | mean length | letters saved by windows | CPU s a state | CPU s to set up |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
  if (argc > 4) {
    words(argv[2], number(3, 1000), number(4, 10), number(5, 2));
    return 0;
  }
  struct line {
    const char* spec;
    std::size_t width, states, attempts;
  };
  for (const auto& l : {line{"lrx:12", 1000, 100, 2}, {"lrx:16", 1000, 100, 2}, {"lrx:24", 1000, 20, 2}, {"lrx:24", 10'000, 20, 1}, {"lrx:32", 1000, 20, 1}, {"lrx:32", 3000, 20, 2},
                        {"lrx:32", 10'000, 20, 1}, {"lrx:32", 10'000, 20, 2}, {"lrx:64", 3000, 1, 1}, {"pancake:16", 1000, 30, 2}, {"pancake:32", 1000, 10, 2}, {"top_spin:16", 1000, 20, 2}, {"top_spin:16", 10'000, 20, 2},
                        {"coxeter:16", 1000, 20, 2}, {"lx:12", 1000, 20, 1}}) {
    words(l.spec, l.width, l.states, l.attempts);
  }
  return 0;
}
