// Permutation groups, matrix groups and coset enumeration against GAP, in one run.
//
//   bench_groups [--only TEXT] [--gap-limit SECONDS] [--all] [--no-gap]
//
// Both sides start from the same generators, build the group anew for every repetition and prove its order, on one
// thread. Times are CPU times, since machines are shared: ours the median, and the worst, of runs with different seeds,
// GAP's (user + system) the median of three batches of 50 ms and more, one batch where it takes over a second. GAP's
// start-up does not count. What it has not answered after the limit (30 CPU-seconds) is a lower bound of its time;
// where that is known to happen it is asked under --all only. An answer that differs from GAP's or from the literature,
// or an order that is not proven, ends in exit status 1; a missed target does not. Sporadic groups of larger degree
// come from GAP's library of primitive groups.
#include <graphs/parse_graph.hpp>
#include <groups/centre.hpp>
#include <groups/classical_groups.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/coset_enumeration.hpp>
#include <groups/gap_text.hpp>
#include <groups/matrix_group.hpp>
#include <groups/permutation_group.hpp>
#include <groups/series.hpp>
#include <groups/standard_groups.hpp>
#include <groups/subgroups.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tests/benchmarks/gap_program.hpp>
#include <time.h>

namespace {

using namespace cosetta;
using namespace cosetta::benchmarks;
using groups::permutation;

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

timing measure(const job& j) {
  std::vector<double> seconds;
  double total = 0;
  std::string answer;
  for (std::uint64_t seed = 1; seconds.size() < 3 || (total < 0.1 && seconds.size() < 1000); ++seed) {
    const double start = thread_cpu_seconds();
    auto found = j.run(seed);
    seconds.push_back(thread_cpu_seconds() - start);
    total += seconds.back();
    if (seed > 1 && found != answer)
      throw std::runtime_error(fmt::format("{}: answers {} and {}", j.name, answer, found));
    answer = std::move(found);
    if (total > 20) break;
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  const double median = *middle;
  return {median / j.operations, std::move(answer), *std::max_element(seconds.begin(), seconds.end()) / j.operations};
}

// What is measured.

std::string proven_order(const groups::permutation_group& g) {
  const auto text = g.order().get_str();
  if (g.proof() != groups::certainty::proven) throw std::runtime_error("the order " + text + " is not proven");
  return text;
}

groups::permutation_group group_of(const permutations& generators, std::uint64_t seed = 1) {
  groups::chain_options options;
  options.seed = seed;
  return groups::permutation_group(generators, generators.front().degree(), options);
}

std::function<std::string()> base_length(const permutations& generators) {
  return [generators] {
    const auto g = group_of(generators);
    const auto& giant = g.giant();  // its chain would be long, and is not needed
    return std::to_string(giant ? giant->points.size() - (giant->alternating ? 2 : 1) : g.base().size());
  };
}

template <class Element>
std::string gap_list(const std::vector<Element>& elements) {
  std::string out = "[";
  for (const auto& e : elements) out += (out.size() == 1 ? "" : ",\n") + groups::to_gap(e);
  return out + "]";
}

template <class Element>
std::string gap_generators(const std::vector<Element>& generators) {
  return "gens:=" + gap_list(generators) + ";;\n";
}

job order_of(std::string name, permutations generators, target wanted, const mpz_class& expected,
             gap_turn turn = gap_turn::shared) {
  job j{
      .name = std::move(name), .degree = std::to_string(generators.front().degree()), .base = base_length(generators)};
  j.gap_setup = gap_generators(generators);
  j.gap_work = "Size(Group(gens))";
  j.run = [generators = std::move(generators)](std::uint64_t seed) { return proven_order(group_of(generators, seed)); };
  j.wanted = wanted;
  if (expected != 0) j.expected = expected.get_str();
  j.turn = turn;
  return j;
}

job order_of(std::string name, const groups::generating_set<groups::field_matrix>& set, target wanted,
             const mpz_class& expected) {
  const auto& generators = set.elements();
  job j{.name = std::move(name), .degree = fmt::format("dim {}", generators.front().rows())};
  j.gap_setup = gap_generators(generators);
  j.gap_work = "Size(Group(gens))";
  j.run = [generators](std::uint64_t seed) {
    groups::chain_options options;
    options.seed = seed;
    const groups::matrix_group<groups::field_matrix> g(generators, options);
    const auto text = g.order().get_str();
    if (g.proof() != groups::certainty::proven) throw std::runtime_error("the order " + text + " is not proven");
    return text;
  };
  j.wanted = wanted;
  j.expected = expected.get_str();
  return j;
}

/// The generators of a graph of the catalogue, without those that are inverses of earlier ones.
permutations catalogue(const std::string& name) {
  const auto graph = graphs::parse_graph(name);
  permutations out;
  for (const auto& g : graph.permutations()->elements()) {
    if (std::find(out.begin(), out.end(), g.inverse()) == out.end()) out.push_back(g);
  }
  return out;
}

/// Two random permutations that generate S_n or A_n, as it turns out.
permutations random_pair(std::size_t n, bool even, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  permutations out;
  while (out.size() < 2) {
    std::vector<groups::point> images(n);
    std::iota(images.begin(), images.end(), groups::point{0});
    for (std::size_t i = n; i > 1; --i) std::swap(images[i - 1], images[rng() % i]);
    permutation p{images};
    if ((groups::sign(p) > 0) == (even || out.size() == 1)) out.push_back(std::move(p));
  }
  return out;
}

/// Members, or members times one transposition within an orbit: parity alone or a first orbit does not tell.
job membership(std::string name, const permutations& generators, bool members, target wanted) {
  constexpr std::size_t count = 500;
  const auto g = group_of(generators);
  std::mt19937_64 rng(7);
  permutations elements;
  const auto moved = groups::cycles(generators.front()).front();
  const auto swap = groups::transposition(g.degree(), moved[0], moved[1]);
  for (std::size_t i = 0; i < count; ++i) elements.push_back(members ? g.random(rng) : g.random(rng) * swap);
  job j{.name = std::move(name), .degree = std::to_string(g.degree()), .base = base_length(generators)};
  j.gap_setup = gap_generators(generators) + "G:=Group(gens);; Size(G);; elements:=" + gap_list(elements) + ";;\n";
  j.gap_work = "Number(elements, x -> x in G)";
  j.run = [g, elements = std::move(elements)](std::uint64_t) {
    std::size_t found = 0;
    for (const auto& x : elements) found += g.contains(x);
    return std::to_string(found);
  };
  j.wanted = wanted;
  j.expected = members ? std::to_string(count) : "0";
  j.operations = count;
  return j;
}

std::vector<job> elements_of(const std::string& name, const permutations& generators) {
  constexpr std::size_t count = 200;
  const auto g = group_of(generators);
  std::mt19937_64 rng(7);
  permutations elements;
  std::vector<mpz_class> ranks;
  for (std::size_t i = 0; i < count; ++i) {
    elements.push_back(g.random(rng));
    ranks.push_back(g.rank(elements.back()));
  }
  job blank{.name = name, .degree = std::to_string(g.degree()), .base = base_length(generators)};
  blank.gap_setup = gap_generators(generators) +
                    "G:=Group(gens);; Size(G);; numbering:=Enumerator(G);; elements:=" + gap_list(elements) +
                    ";; ranks:=List(elements, x -> Position(numbering, x));;\n";
  blank.operations = count;
  blank.expected = std::to_string(count);
  std::vector<job> out(4, blank);
  out[0].name += ": random element";
  out[0].gap_work = "Number([1..Length(elements)], i -> Random(G) <> fail)";
  out[0].run = [g](std::uint64_t seed) {
    std::mt19937_64 source(seed);
    std::size_t made = 0;
    for (std::size_t i = 0; i < count; ++i) made += g.random(source).degree() == g.degree();
    return std::to_string(made);
  };
  out[1].name += ": rank";
  out[1].gap_work = "Number([1..Length(elements)], i -> Position(numbering, elements[i]) = ranks[i])";
  out[1].run = [g, elements, ranks](std::uint64_t) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < count; ++i) right += g.rank(elements[i]) == ranks[i];
    return std::to_string(right);
  };
  out[2].name += ": unrank";
  out[2].gap_work = "Number([1..Length(elements)], i -> numbering[ranks[i]] = elements[i])";
  out[2].run = [g, elements, ranks](std::uint64_t) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < count; ++i) right += g.unrank(ranks[i]) == elements[i];
    return std::to_string(right);
  };
  out[3].name += ": product";
  out[3].gap_work = "Number([2..Length(elements)], i -> elements[i-1] * elements[i] <> 0) + 1";
  out[3].run = [elements](std::uint64_t) {
    std::size_t made = 1;
    for (std::size_t i = 1; i < count; ++i) made += (elements[i - 1] * elements[i]).degree() == elements[0].degree();
    return std::to_string(made);
  };
  return out;
}

/// From generators to the order of a subgroup, or the number of classes: the chain of the group is part of the work.
job structure(std::string name, const permutations& generators, std::string gap_work, std::string expected,
              std::function<std::string(const groups::permutation_group&)> answer) {
  job j{
      .name = std::move(name), .degree = std::to_string(generators.front().degree()), .base = base_length(generators)};
  j.gap_setup = gap_generators(generators);
  j.gap_work = std::move(gap_work);
  j.run = [generators, answer = std::move(answer)](std::uint64_t seed) { return answer(group_of(generators, seed)); };
  j.expected = std::move(expected);
  return j;
}

/// All cosets of the trivial subgroup.
job coset_enumeration(std::string name, const std::string& text, target wanted, std::string expected) {
  const auto p = groups::parse_presentation(text);
  job j{.name = std::move(name), .degree = expected};
  j.gap_setup = "f:=FreeGroup(";
  for (std::size_t i = 0; i < p.generators.size(); ++i)
    j.gap_setup += fmt::format("{}\"{}\"", i == 0 ? "" : ",", p.generators[i]);
  j.gap_setup += ");;\n";
  for (std::size_t i = 0; i < p.generators.size(); ++i)
    j.gap_setup += fmt::format("{}:=f.{};; ", p.generators[i], i + 1);
  j.gap_setup += "\nrelators:=[";
  for (std::size_t i = 0; i < p.relators.size(); ++i)
    j.gap_setup += (i == 0 ? "" : ",\n") + groups::to_product(p.relators[i], p.generators);
  j.gap_setup += "];;\n";
  j.gap_work = "Length(CosetTableFromGensAndRels(GeneratorsOfGroup(f), relators, [])[1])";
  j.run = [p](std::uint64_t) { return std::to_string(groups::enumerate_cosets(p).index()); };
  j.wanted = wanted;
  j.expected = std::move(expected);
  return j;
}

std::string coxeter_presentation(int n) {
  std::string names;
  std::string relators;
  for (int i = 1; i < n; ++i) {
    names += fmt::format("{}s{}", i == 1 ? "" : ",", i);
    relators += fmt::format("{}s{}^2", i == 1 ? "" : ",", i);
    for (int k = 1; k < i; ++k) relators += fmt::format(",(s{}*s{})^{}", k, i, k + 1 == i ? 3 : 2);
  }
  return names + "|" + relators;
}

// The table.

std::string three_digits(double x) {
  if (x >= 100 || x == 0) return fmt::format("{:.0f}", x);
  return fmt::format("{:.{}f}", x, x >= 10 ? 1 : x >= 1 ? 2 : x >= 0.1 ? 3 : 4);
}

std::string time_text(double seconds) {
  if (seconds < 1e-4) return three_digits(seconds * 1e6) + " us";
  if (seconds < 1) return three_digits(seconds * 1e3) + " ms";
  return three_digits(seconds) + " s";
}

struct options {
  std::string only;
  bool all = false;
  bool use_gap = true;
  double limit = 30;
};

std::vector<job> make_jobs(const gap_program& gap) {
  using namespace groups;
  std::vector<job> out;
  const auto name_of = [](const char* text, std::size_t n) { return fmt::format(fmt::runtime(text), n); };
  const auto rubik = catalogue("rubik_cube:3,metric=QTM");
  const auto cube5 = catalogue("rubik_cube:5,metric=QTM");

  // Large bases.
  out.push_back(order_of("5x5x5 cube", cube5, faster(30), 0));
  out.push_back(order_of("6x6x6 cube", catalogue("rubik_cube:6,metric=QTM"), faster(30), 0, gap_turn::alone));
  out.push_back(order_of("7x7x7 cube", catalogue("rubik_cube:7,metric=QTM"), faster(30), 0, gap_turn::alone));
  out.push_back(order_of("10x10x10 cube", catalogue("rubik_cube:10,metric=QTM"), within(10), 0, gap_turn::hopeless));
  out.push_back(order_of("Megaminx", catalogue("puzzle:megaminx"), faster(30), 0));
  out.push_back(order_of("S_5 wr S_40", wreath_product(symmetric_group(5), symmetric_group(40)).elements(), faster(30),
                         wreath_product_order(symmetric_group_order(5), 40, symmetric_group_order(40)),
                         gap_turn::alone));
  out.push_back(order_of("C_2 wr S_100", wreath_product(cyclic_group(2), symmetric_group(100)).elements(), faster(30),
                         wreath_product_order(2, 100, symmetric_group_order(100)), gap_turn::alone));

  // What GAP does well by its deterministic method or on short bases.
  out.push_back(order_of("Rubik's cube", rubik, faster(4), mpz_class("43252003274489856000")));
  out.push_back(order_of("4x4x4 cube", catalogue("rubik_cube:4,metric=QTM"), faster(4), 0));
  out.push_back(
      order_of("S_50, two random generators", random_pair(50, false, 50), faster(4), symmetric_group_order(50)));
  out.push_back(order_of("M_24", mathieu_group(24).elements(), faster(4), mathieu_group_order(24)));
  std::map<std::string, permutations> library;
  if (gap.present) {
    library = gap.primitive_groups({{100, "44352000"},
                                    {276, "495766656000"},
                                    {1782, "448345497600"},
                                    {2300, "42305421312000"},
                                    {2058, "4030387200"}});
  }
  const auto from_library = [&](const char* name, const char* order, target wanted) {
    if (const auto found = library.find(order); found != library.end())
      out.push_back(order_of(name, found->second, wanted, mpz_class(order)));
    else
      fmt::print("{} is left out: its generators come from GAP's library of primitive groups\n", name);
  };
  from_library("HS", "44352000", faster(4));
  from_library("Co_3", "495766656000", faster(4));
  from_library("Suz", "448345497600", faster(0.67));
  from_library("Co_2", "42305421312000", faster(0.67));
  from_library("He", "4030387200", faster(0.67));
  out.push_back(order_of("PSp(8,3)", projective_symplectic_group(8, 3).elements(), faster(0.67),
                         projective_symplectic_group_order(8, 3)));
  out.push_back(order_of("PSL(10,2)", projective_special_linear_group(10, 2).elements(), faster(0.67),
                         projective_special_linear_group_order(10, 2)));
  out.push_back(order_of("PSL(12,2)", projective_special_linear_group(12, 2).elements(), faster(0.67),
                         projective_special_linear_group_order(12, 2)));
  out.push_back(order_of("PSL(2,1009)", projective_special_linear_group(2, 1009).elements(), faster(0.67),
                         projective_special_linear_group_order(2, 1009)));

  // Giants.
  for (const std::size_t n : {100, 500, 1000, 2000}) {
    const auto turn = n <= 100 ? gap_turn::shared : gap_turn::hopeless;
    const auto symmetric = symmetric_group_order(n);
    const auto alternating = alternating_group_order(n);
    out.push_back(
        order_of(name_of("S_{}, two random generators", n), random_pair(n, false, n), within(5e-3), symmetric, turn));
    out.push_back(
        order_of(name_of("S_{}, L, R, X", n), catalogue(name_of("lrx:{}", n)), within(5e-3), symmetric, turn));
    out.push_back(
        order_of(name_of("A_{}, two random generators", n), random_pair(n, true, n), within(5e-3), alternating, turn));
    out.push_back(order_of(name_of("A_{}, (0 1 2) and a long cycle", n), alternating_group(n).elements(), within(5e-3),
                           alternating, turn));
  }

  // Matrices.
  out.push_back(order_of("SL(2,257)", special_linear_group(2, 257), within(20e-3), special_linear_group_order(2, 257)));
  out.push_back(order_of("GL(10,2)", general_linear_group(10, 2), {}, general_linear_group_order(10, 2)));
  out.push_back(order_of("SL(4,9)", special_linear_group(4, 9), {}, special_linear_group_order(4, 9)));
  out.push_back(order_of("Sp(6,3)", symplectic_group(6, 3), {}, symplectic_group_order(6, 3)));
  out.push_back(order_of("Heisenberg mod 101", unitriangular_group(3, 101), {}, unitriangular_group_order(3, 101)));

  // What a chain is for.
  out.push_back(membership("Rubik: a member", rubik, true, within(0.3e-6)));
  out.push_back(membership("Rubik: no member", rubik, false, within(0.3e-6)));
  out.push_back(membership("5x5x5: a member", cube5, true, within(3e-6)));
  out.push_back(membership("5x5x5: no member", cube5, false, within(3e-6)));
  for (auto& j : elements_of("Rubik", rubik)) out.push_back(std::move(j));

  // Structure.
  out.push_back(structure("Rubik: centre", rubik, "Size(Centre(Group(gens)))", "2",
                          [](const permutation_group& g) { return proven_order(centre(g)); }));
  out.push_back(structure("Rubik: derived subgroup", rubik, "Size(DerivedSubgroup(Group(gens)))",
                          "21626001637244928000",
                          [](const permutation_group& g) { return proven_order(derived_subgroup(g)); }));
  out.push_back(structure("Rubik: normal closure of a half turn", rubik,
                          "Size(NormalClosure(Group(gens), Subgroup(Group(gens), [gens[1]^2])))", "",
                          [](const permutation_group& g) {
                            const permutations half_turn{g.generators()[0].pow(2)};
                            return proven_order(normal_closure(g, half_turn));
                          }));
  out.push_back(structure("M_12: conjugacy classes", mathieu_group(12).elements(),
                          "Length(ConjugacyClasses(Group(gens)))", "15",
                          [](const permutation_group& g) { return std::to_string(conjugacy_classes(g).size()); }));

  // Coset enumeration.
  out.push_back(coset_enumeration("cosets of 1 in S_7 (Coxeter)", coxeter_presentation(7), within(5e-3), "5040"));
  out.push_back(coset_enumeration("cosets of 1 in (2,3,7;4)", "a,b|a^2,b^3,(a*b)^7,[a,b]^4", {}, "168"));
  out.push_back(coset_enumeration("cosets of 1 in (2,3,7;8)", "a,b|a^2,b^3,(a*b)^7,[a,b]^8", {}, "10752"));
  return out;
}

int run(const options& o) {
  gap_program gap;
  gap.limit = o.limit;
  gap.present = o.use_gap && std::system("command -v gap >/dev/null 2>&1") == 0;
  fmt::print("CPU times of one thread: medians, and our slowest run. Every order is proven. GAP: {}\n",
             gap.present ? "verified too, its start-up not counted" : "not here, or not wanted");

  auto jobs = make_jobs(gap);
  std::erase_if(jobs, [&](const job& j) { return j.name.find(o.only) == std::string::npos; });
  std::map<std::size_t, timing> theirs;
  if (gap.present) {
    std::vector<std::size_t> shared;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (jobs[i].turn == gap_turn::shared) shared.push_back(i);
    }
    theirs = gap.measure(jobs, shared, 5 * gap.limit);
  }

  bool wrong = false;
  std::size_t asked = 0;
  std::size_t met = 0;
  const auto line = [](const auto&... column) {
    fmt::print("{:<38}{:>8}{:>6}{:>11}{:>11}{:>11}{:>9}{:>10}{:>5}\n", column...);
    std::fflush(stdout);
  };
  line("", "degree", "base", "Cosetta", "worst", "GAP", "ratio", "asked", "met");
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto& j = jobs[i];
    timing ours;
    try {
      ours = measure(j);
    } catch (const std::exception& e) {
      fmt::print("{:<38}{}\n", j.name, e.what());
      wrong = true;
      continue;
    }
    const bool asked_alone = j.turn == gap_turn::alone || (j.turn == gap_turn::hopeless && o.all);
    if (gap.present && asked_alone) theirs.merge(gap.measure(jobs, {i}, gap.limit));
    const auto found = theirs.find(i);
    const bool answered = found != theirs.end();
    const bool too_slow = gap.present && asked_alone && !answered;
    const double ratio = (answered ? found->second.seconds : too_slow ? gap.limit : 0) / ours.seconds;
    if ((answered && found->second.answer != ours.answer) || (!j.expected.empty() && j.expected != ours.answer)) {
      fmt::print("{}: we say {}, GAP {}, the literature {}\n", j.name, ours.answer,
                 answered ? found->second.answer : "nothing", j.expected.empty() ? "nothing" : j.expected);
      wrong = true;
    }
    std::string wanted = "-";
    std::string verdict = "-";
    if (j.wanted.least_ratio > 0) wanted = three_digits(j.wanted.least_ratio) + " x";
    if (j.wanted.most_seconds > 0) wanted = time_text(j.wanted.most_seconds);
    if (j.wanted.most_seconds > 0 || (j.wanted.least_ratio > 0 && (answered || too_slow))) {
      const bool is_met =
          j.wanted.most_seconds > 0 ? ours.seconds <= j.wanted.most_seconds : ratio >= j.wanted.least_ratio;
      verdict = is_met ? "yes" : "NO";
      ++asked;
      met += is_met;
    }
    std::string gap_time = "-";
    if (gap.present) gap_time = "not asked";
    if (gap.present && j.turn == gap_turn::shared) gap_time = "no answer";
    if (too_slow) gap_time = fmt::format("> {:.0f} s", gap.limit);
    if (answered) gap_time = time_text(found->second.seconds);
    line(j.name, j.degree, j.base ? j.base() : "-", time_text(ours.seconds), time_text(ours.worst), gap_time,
         answered   ? three_digits(ratio)
         : too_slow ? "> " + three_digits(ratio)
                    : "-",
         wanted, verdict);
  }
  fmt::print("{} of {} targets met{}\n", met, asked, wrong ? "; THERE ARE WRONG ANSWERS" : "");
  return wrong ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--all") {
      o.all = true;
    } else if (a == "--no-gap") {
      o.use_gap = false;
    } else if (a == "--only" && i + 1 < argc) {
      o.only = argv[++i];
    } else if (a == "--gap-limit" && i + 1 < argc) {
      o.limit = std::strtod(argv[++i], nullptr);
    } else {
      fmt::print(stderr, "bench_groups [--only TEXT] [--gap-limit SECONDS] [--all] [--no-gap]\n");
      return 2;
    }
  }
  try {
    return run(o);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_groups: {}\n", e.what());
    return 1;
  }
}
