// Speed of the growth engines in one run, against the plain engine and against the limits of the machine.
//
//   bench_growth [--benchmark_filter=...]      medians of three; a table of ratios at the end
//
// An edge is one (state, generator) pair. "cpu" is the time of all threads, so that it can be compared on a busy
// machine.
#include <graphs/parse_graph.hpp>
#include <search/growth.hpp>

#include <cstring>
#include <map>
#include <memory>
#include <random>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using namespace cosetta;

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct workload {
  const char* name;
  const char* graph;
  const char* central;  // or nullptr
  const char* engine;
  unsigned threads;
};

graphs::graph_definition graph_of(const workload& w) {
  graphs::parse_options options;
  if (w.central != nullptr) options.central = w.central;
  return graphs::parse_graph(w.graph, options);
}

void growth(benchmark::State& state, const workload& w) {
  const auto graph = graph_of(w);
  const auto engine = search::make_growth_engine(w.engine);
  search::run_context context;
  context.threads = w.threads;
  context.memory_bytes = std::size_t{12} << 30;
  double edges = 0;
  double cpu = 0;
  std::size_t peak = 0;
  double largest_three = 0;
  for (auto _ : state) {
    const double before = process_cpu_seconds();
    const auto result = engine->run(graph, {}, context);
    cpu += process_cpu_seconds() - before;
    edges += static_cast<double>(result.states()) * static_cast<double>(graph.generator_count());
    peak = result.peak_bytes;
    for (std::size_t i = 2; i < result.layers.size(); ++i) {
      largest_three =
          std::max(largest_three, static_cast<double>(result.layers[i - 2] + result.layers[i - 1] + result.layers[i]));
    }
  }
  state.counters["edges"] = edges / static_cast<double>(state.iterations());
  state.counters["cpu_s"] = cpu / static_cast<double>(state.iterations());
  state.counters["cpu_ns_edge"] = cpu * 1e9 / edges;
  state.counters["peak_MB"] = static_cast<double>(peak) / 1e6;
  state.counters["peak_B_state"] = static_cast<double>(peak) / largest_three;
}

/// Reads and writes of one core, far beyond its caches.
void copy_memory(benchmark::State& state) {
  const std::size_t bytes = std::size_t{256} << 20;
  const std::unique_ptr<char[]> from(new char[bytes]());
  const std::unique_ptr<char[]> to(new char[bytes]());
  for (auto _ : state) {
    std::memcpy(to.get(), from.get(), bytes);
    benchmark::ClobberMemory();
  }
  state.counters["GB_s"] = benchmark::Counter(
      2e-9 * static_cast<double>(bytes) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Independent reads of single words in random order: what a hash table of all states would cost at best.
void random_reads(benchmark::State& state) {
  const std::size_t words = std::size_t{1} << 26;  // 512 MiB
  std::vector<std::uint64_t> table(words, 1);
  constexpr std::size_t reads = std::size_t{1} << 22;
  std::mt19937_64 random(1);
  std::vector<std::uint32_t> index(reads);
  for (auto& i : index) i = static_cast<std::uint32_t>(random() % words);
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const auto i : index) sum += table[i];
    benchmark::DoNotOptimize(sum);
  }
  state.counters["ns_read"] =
      benchmark::Counter(1e-9 * static_cast<double>(reads) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Keeps the medians and prints the ratios that the project promises.
class ratio_reporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs) {
      if (run.aggregate_name != "median") continue;
      auto& kept = medians_[run.run_name.function_name];
      kept["wall_s"] = run.GetAdjustedRealTime() / 1e3;
      for (const auto& [name, counter] : run.counters) kept[name] = counter.value;
    }
    ConsoleReporter::ReportRuns(runs);
  }

  void print_ratios() const {
    fmt::print("\n{:<58} {:>10}  target\n", "medians of this run", "value");
    const auto line = [&](const char* text, double value, const char* target) {
      fmt::print("{:<58} {:>10.3f}  {}\n", text, value, target);
    };
    if (has("lrx11/1")) line("LRX-11, one core: CPU ns an edge", at("lrx11/1", "cpu_ns_edge"), "<= 20");
    if (has("lrx11/1") && has("lrx11/2"))
      line("LRX-11: two threads over one, wall", at("lrx11/1", "wall_s") / at("lrx11/2", "wall_s"), ">= 1.7");
    if (has("lrx11/1"))
      line("LRX-11: peak bytes / states of the three largest layers", at("lrx11/1", "peak_B_state"),
           "8 + image buffer");
    if (has("lrx9_oracle") && has("lrx9"))
      line("LRX-9: oracle over bucket, CPU", at("lrx9_oracle", "cpu_s") / at("lrx9", "cpu_s"), "");
    if (has("heisenberg101")) line("Heisenberg mod 101: CPU s", at("heisenberg101", "cpu_s"), "< 0.2");
    if (has("sl2_61")) line("SL(2) mod 61: CPU s", at("sl2_61", "cpu_s"), "< 0.04");
    if (has("lrx24_coset")) line("LRX-24 around 0^12 1^12: CPU s", at("lrx24_coset", "cpu_s"), "< 0.3");
    if (has("lrx11/1") && has("random_reads")) {
      line("LRX-11: CPU of an edge / one random read of memory",
           at("lrx11/1", "cpu_ns_edge") / at("random_reads", "ns_read"), "");
    }
    if (has("lrx11/1") && has("copy_memory")) {
      // Each image is written and read once, each state read twice as known and once as source, and written once.
      const double bytes = at("lrx11/1", "edges") * 8 * (2 + 4.0 / 3);
      line("LRX-11: least traffic / time, over copy bandwidth",
           bytes / at("lrx11/1", "wall_s") / (at("copy_memory", "GB_s") * 1e9), "");
    }
  }

 private:
  bool has(const std::string& name) const { return medians_.contains(name); }
  double at(const std::string& name, const std::string& key) const { return medians_.at(name).at(key); }
  std::map<std::string, std::map<std::string, double>> medians_;
};

}  // namespace

int main(int argc, char** argv) {
  static const workload workloads[] = {
      {"lrx11/1", "lrx:11", nullptr, "bucket", 1},
      {"lrx11/2", "lrx:11", nullptr, "bucket", 2},
      {"pancake10", "pancake:10", nullptr, "bucket", 1},
      {"lx10_directed", "lx:10", nullptr, "bucket", 1},
      {"burnt_pancake7_two_words", "burnt_pancake:7", nullptr, "bucket", 1},
      {"heisenberg101", "heisenberg:3,modulo=101", nullptr, "bucket", 1},
      {"sl2_61", "special_linear_fundamental_roots:2,modulo=61", nullptr, "bucket", 1},
      {"lrx24_coset", "lrx:24", "000000000000111111111111", "bucket", 1},
      {"lrx9", "lrx:9", nullptr, "bucket", 1},
      {"lrx9_oracle", "lrx:9", nullptr, "oracle", 1},
  };
  for (const auto& w : workloads) {
    benchmark::RegisterBenchmark(w.name, [&w](benchmark::State& state) { growth(state, w); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->Repetitions(3);
  }
  benchmark::RegisterBenchmark("copy_memory", copy_memory)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Repetitions(3);
  benchmark::RegisterBenchmark("random_reads", random_reads)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Repetitions(3);
  benchmark::Initialize(&argc, argv);
  ratio_reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}
