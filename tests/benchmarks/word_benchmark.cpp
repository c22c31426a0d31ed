// Lengths of words and times: bench_words [graph ...] [-v] [--words N] [--entries N] [--effort N] [--sample N] [--orders N]
#include <graphs/parse_graph.hpp>
#include <groups/word_factorization.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct settings {
  groups::word_budget budget;
  int effort = 1;
  int sample = 100;
  bool verbose = false;
};

void measure(const std::string& name, const settings& s) {
  const auto graph = graphs::parse_graph(name);
  const auto* set = graph.permutations();
  if (set == nullptr) {
    fmt::print("{}: not a permutation group\n", name);
    return;
  }
  const groups::permutation_group group(*set);
  static_cast<void>(group.order());
  const groups::word_solver solver(group, s.budget);
  std::mt19937_64 rng(2026);
  std::size_t least = ~std::size_t{0}, most = 0, sum = 0;
  double factoring = 0;
  for (int i = 0; i < s.sample; ++i) {
    const auto g = group.random(rng);
    const auto start = std::chrono::steady_clock::now();
    const auto w = solver.factor(g, groups::word_effort::level(s.effort));
    factoring += seconds_since(start);
    if (groups::evaluate(w, *set, groups::permutation(group.degree())) != g) throw std::runtime_error("a wrong word for " + name);
    least = std::min(least, w.size());
    most = std::max(most, w.size());
    sum += w.size();
  }
  const auto& report = solver.report();
  fmt::print("{:<34}{:>8.2f}{:>8}{:>9.1f}{:>8}{:>10.2f}\n", name, report.seconds, least, static_cast<double>(sum) / s.sample, most,
             1000 * factoring / s.sample);
  if (s.verbose) {
    fmt::print("  words tried {}, tables:", report.words);
    for (std::size_t i = 0; i < report.table_sizes.size(); ++i) fmt::print(" {}:{:.1f}", report.table_sizes[i], report.mean_lengths[i]);
    fmt::print("\n  base:");
    for (const auto p : report.base) fmt::print(" {}", p);
    fmt::print("\n");
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  settings s;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    const auto number = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
    if (a == "--words") {
      s.budget.words = number();
    } else if (a == "--entries") {
      s.budget.table_entries = number();
    } else if (a == "--orders") {
      s.budget.base_orders = static_cast<int>(number());
    } else if (a == "--effort") {
      s.effort = static_cast<int>(number());
    } else if (a == "--sample") {
      s.sample = static_cast<int>(number());
    } else if (a == "-v") {
      s.verbose = true;
    } else {
      names.push_back(a);
    }
  }
  if (names.empty()) {
    names = {"rubik_cube:2,metric=fixed_QTM", "rubik_cube:3,metric=QTM", "rubik_cube:4", "puzzle:megaminx", "puzzle:pyraminx",
             "puzzle:skewb", "lrx:12", "lrx:20", "pancake:16"};
  }
  fmt::print("{:<34}{:>8}{:>8}{:>9}{:>8}{:>10}\n", "group", "set-up s", "min", "mean", "max", "ms a word");
  for (const auto& name : names) {
    try {
      measure(name, s);
    } catch (const std::exception& e) {
      fmt::print("{:<34}{}\n", name, e.what());
    }
  }
}
