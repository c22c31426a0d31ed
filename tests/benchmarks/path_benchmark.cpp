// Shortest words by depth with pattern tables: seconds and nodes by distance.
//
//   bench_paths [GRAPH] [MEGABYTES of tables] [THREADS] [STATES for each length] [FROM] [TO]
//
// States are ends of random words that the automaton of relations allows, FROM to TO letters long (words of a hundred: random states).
// Lines: distance, states, mean and greatest CPU seconds, wall seconds, nodes, nodes a CPU-second.
#include <graphs/parse_graph.hpp>
#include <search/path_patterns.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cosetta;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
double wall_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int k, std::size_t otherwise) { return argc > k ? static_cast<std::size_t>(std::strtoull(argv[k], nullptr, 10)) : otherwise; };
  const std::string spec = argc > 1 ? argv[1] : "rubik_cube:3,metric=HTM";
  const auto parsed = graphs::parse_graph(spec);
  if (parsed.permutations() == nullptr) return 2;
  graphs::state home;
  for (std::size_t i = 0; i < parsed.degree(); ++i) home.push_back(i);
  const auto graph = graphs::make_graph(spec, *parsed.permutations(), home);
  search::run_context context;
  context.memory_bytes = std::size_t{16} << 30;
  context.threads = static_cast<unsigned>(argument(3, 1));
  auto cpu = cpu_seconds(), wall = wall_seconds();
  auto patterns = search::prepare_patterns(graph, home, argument(2, 128) << 20, std::nullopt, context);
  fmt::print("{}\nset-up {:.2f} CPU-s, {:.2f} s\n", patterns.text, cpu_seconds() - cpu, wall_seconds() - wall);
  if (patterns.search == nullptr) return 1;
  const search::word_automaton automaton(patterns.search->space().elements());
  std::mt19937_64 random(1);
  struct figures {
    std::size_t states = 0;
    double cpu = 0, greatest = 0, wall = 0;
    std::uint64_t nodes = 0;
  };
  std::map<std::size_t, figures> by_distance;
  for (std::size_t length = argument(5, 10); length <= argument(6, 14); ++length) {
    for (std::size_t i = 0; i < argument(4, 5); ++i) {
      auto s = home;
      search::word_automaton::state at = search::word_automaton::start;
      for (std::size_t k = 0; k < length;) {
        const std::size_t g = random() % patterns.search->space().generators();
        const auto next = automaton.next(at, g);
        if (next == search::word_automaton::forbidden) continue;
        at = next, ++k;
        s = graph.apply(patterns.search->space().generator(g), s);
      }
      search::path_options options{.method = search::path_method::ida};
      options.patterns = &patterns;
      cpu = cpu_seconds(), wall = wall_seconds();
      const auto r = search::find_path(graph, s, home, options, context);
      if (r.status != search::path_status::geodesic) continue;
      cpu = cpu_seconds() - cpu, wall = wall_seconds() - wall;
      auto& f = by_distance[r.word.size()];
      ++f.states, f.cpu += cpu, f.greatest = std::max(f.greatest, cpu), f.wall += wall, f.nodes += r.nodes;
      fmt::print(stderr, "word of {} letters: distance {}, {:.3f} CPU-s, {:.3f} s, {} nodes\n", length, r.word.size(), cpu, wall, r.nodes);
    }
  }
  for (const auto& [distance, f] : by_distance) {
    const auto count = static_cast<double>(f.states);
    fmt::print("distance {:2}  {} states  mean {:.3f} CPU-s, at most {:.3f}, wall {:.3f} s  {:.3g} nodes  {:.2f} M nodes a CPU-second\n", distance, f.states, f.cpu / count, f.greatest,
               f.wall / count, static_cast<double>(f.nodes) / count, static_cast<double>(f.nodes) / f.cpu / 1e6);
  }
}
