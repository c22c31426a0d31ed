// Section 1 of the catalogue, first part: transpositions, reversals, shifts, Coxeter and pancake generators.
// Definitions and orders of generators are those of CayleyPy's `PermutationGroups`; users hold paths as indices into
// them.
#include <graphs/image_arrays.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::graphs {

namespace {

using groups::permutation;
using groups::point;

permutation left_shift(std::int64_t n) {
  return cycle(n, range(0, n - 1));
}

/// Reverses positions i..j.
permutation reversal(std::int64_t n, std::int64_t i, std::int64_t j) {
  images p = identity_images(n);
  std::reverse(p.begin() + i, p.begin() + j + 1);
  return permutation(p);
}

/// Items 0..n-1 have a top t and a bottom n + t; reverses items i..j and turns each over.
permutation signed_reversal(std::int64_t n, std::int64_t i, std::int64_t j) {
  images p = identity_images(2 * n);
  for (std::int64_t t = i; t <= j; ++t) {
    p[static_cast<std::size_t>(t)] = static_cast<point>(n + i + j - t);
    p[static_cast<std::size_t>(n + t)] = static_cast<point>(i + j - t);
  }
  return permutation(p);
}
mpz_class factorial(std::int64_t n) {
  mpz_class value;
  mpz_fac_ui(value.get_mpz_t(), static_cast<unsigned long>(n));
  return value;
}

}  // namespace

std::function<known_facts(const arguments&)> symmetric(std::function<std::int64_t(std::int64_t)> diameter) {
  return [diameter](const arguments& a) {
    known_facts facts;
    const auto n = a.integer(0);
    if (n <= 10000) facts.vertices = factorial(n);
    if (diameter) facts.diameter = mpz_class(static_cast<long>(diameter(n)));
    return facts;
  };
}

known_facts alternating(const arguments& a) {
  known_facts facts = symmetric()(a);
  if (facts.vertices) facts.vertices = mpz_class(*facts.vertices / 2);
  return facts;
}

known_facts hyperoctahedral(const arguments& a) {
  known_facts facts = symmetric()(a);
  if (facts.vertices) facts.vertices = mpz_class(*facts.vertices << static_cast<mp_bitcnt_t>(a.integer(0)));
  return facts;
}

std::string array_name(const permutation& p) {
  return fmt::format("({})", fmt::join(p.images(), ", "));
}

namespace {

std::vector<family> transposition_and_reversal_families() {
  std::vector<family> f;
  f.push_back({"all_transpositions",
               section::permutations,
               {degree_parameter(2)},
               "All transpositions (i j), i < j, lexicographic.",
               "S_n",
               "n(n-1)/2, `(i,j)`",
               "distance = n - number of cycles; diameter n - 1; spheres are Stirling numbers of the first kind",
               {},
               "all_transpositions:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) out.add(fmt::format("({},{})", i, j), swap(n, i, j));
                 }
               },
               symmetric([](std::int64_t n) { return n - 1; })});
  f.push_back({"transposons",
               section::permutations,
               {degree_parameter(2)},
               "Swap of the adjacent blocks [i..j-1] and [j..k], for i < j <= k < n.",
               "S_n",
               "C(n+1,3), `T[i..j-1,k]`",
               "the sorting-by-transpositions problem of genome rearrangement",
               {"block_transpositions"},
               "transposons:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) {
                     for (std::int64_t k = j; k < n; ++k) {
                       images p = identity_images(n);
                       std::rotate(p.begin() + i, p.begin() + j, p.begin() + k + 1);
                       out.add(fmt::format("T[{}..{},{}]", i, j - 1, k), permutation(p));
                     }
                   }
                 }
               },
               symmetric()});
  f.push_back({"block_interchange",
               section::permutations,
               {degree_parameter(2)},
               "Exchange of the blocks [i..j-1] and [k..l-1], for i < j <= k < l <= n.",
               "S_n",
               "C(n+1,4) + C(n+1,3), `I[i..j-1,k..l-1]`",
               "diameter floor(n/2)",
               {},
               "block_interchange:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j <= n; ++j) {
                     for (std::int64_t k = j; k < n; ++k) {
                       for (std::int64_t l = k + 1; l <= n; ++l) {
                         const images id = identity_images(n);
                         images p(id.begin(), id.begin() + i);
                         p.insert(p.end(), id.begin() + k, id.begin() + l);
                         p.insert(p.end(), id.begin() + j, id.begin() + k);
                         p.insert(p.end(), id.begin() + i, id.begin() + j);
                         p.insert(p.end(), id.begin() + l, id.end());
                         out.add(fmt::format("I[{}..{},{}..{}]", i, j - 1, k, l - 1), permutation(p));
                       }
                     }
                   }
                 }
               },
               symmetric([](std::int64_t n) { return n / 2; })});
  f.push_back({"full_reversals",
               section::permutations,
               {degree_parameter(2)},
               "Reversal of positions i..j, i < j, lexicographic.",
               "S_n",
               "n(n-1)/2, `R[i..j]`",
               "diameter n - 1 (Bafna and Pevzner 1996)",
               {},
               "full_reversals:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) out.add(fmt::format("R[{}..{}]", i, j), reversal(n, i, j));
                 }
               },
               symmetric([](std::int64_t n) { return n - 1; })});
  f.push_back({"signed_reversals",
               section::permutations,
               {required_integer("n", 1, "number of signed items")},
               "On 2n points (t the top, n + t the bottom of item t): reverse items i..j and turn each over, i <= j.",
               "hyperoctahedral group of order 2^n n!",
               "n(n+1)/2, `R[i..j]`",
               "",
               {},
               "signed_reversals:4",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(2 * n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i; j < n; ++j)
                     out.add(fmt::format("R[{}..{}]", i, j), signed_reversal(n, i, j));
                 }
               },
               hyperoctahedral});
  return f;
}

std::vector<family> shift_families() {
  std::vector<family> f;
  f.push_back({"lrx",
               section::permutations,
               {degree_parameter(3), optional_integer("k", 1, 1, "X swaps positions 0 and k")},
               "L, R and the transposition X = (0 k).",
               "S_n for k = 1",
               "3, `L`, `R`, `X`",
               "k = 1: diameter n(n-1)/2 for n >= 4 (OEIS A186783, conjectured; computed to n = 15)",
               {},
               "lrx:8",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(a.integer(1) < n, "k must be less than n");
                 out.check_degree(n);
                 out.add("L", left_shift(n));
                 out.add("R", left_shift(n).inverse());
                 out.add("X", swap(n, 0, a.integer(1)));
               },
               [](const arguments& a) {
                 const auto n = a.integer(0);
                 if (a.integer(1) != 1) return known_facts{};
                 return symmetric(n < 4 || n > 15 ? std::function<std::int64_t(std::int64_t)>{}
                                                  : [](std::int64_t m) { return m * (m - 1) / 2; })(a);
               }});
  f.push_back({"lx",
               section::permutations,
               {degree_parameter(3)},
               "L and X = (0 1), as a directed graph.",
               "S_n",
               "2, `L`, `X`; not inverse-closed",
               "diameter floor(3n^2/4) - 2n + 3 for n = 5..15 (Glushkov 1968; OEIS A039745)",
               {},
               "lx:8",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 out.add("L", left_shift(n));
                 out.add("X", swap(n, 0, 1));
               },
               [](const arguments& a) {
                 const auto n = a.integer(0);
                 return symmetric(n < 5 || n > 15 ? std::function<std::int64_t(std::int64_t)>{}
                                                  : [](std::int64_t m) { return 3 * m * m / 4 - 2 * m + 3; })(a);
               }});
  f.push_back({"top_spin",
               section::permutations,
               {degree_parameter(2), optional_integer("k", 4, 2, "length of the turntable")},
               "L, R and rho_k.",
               "for k = 4 and n >= 6: S_n for even n, A_n for odd n",
               "3, named by their arrays",
               "",
               {},
               "top_spin:8",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(a.integer(1) <= n, "k must be at most n");
                 out.check_degree(n);
                 const auto left = left_shift(n);
                 for (const auto& p : {left, left.inverse(), reversal(n, 0, a.integer(1) - 1)}) {
                   out.add(fmt::format("{}", fmt::join(p.images(), ",")), p);
                 }
               },
               [](const arguments& a) {
                 if (a.integer(1) != 4 || a.integer(0) < 6) return known_facts{};
                 return a.integer(0) % 2 == 0 ? symmetric()(a) : alternating(a);
               }});
  f.push_back({"larx",
               section::permutations,
               {degree_parameter(2)},
               "(0 1) and the cycle (1 2 ... n-1), as a directed graph.",
               "S_n",
               "2, named by their arrays",
               "",
               {},
               "larx:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (const auto& p : {swap(n, 0, 1), cycle(n, range(1, n - 1))}) out.add(array_name(p), p);
               },
               symmetric()});
  f.push_back({"lsl_cycles",
               section::permutations,
               {degree_parameter(3), optional_flag("add_inverses", true, "append the inverses of both cycles")},
               "The cycles (0 1 ... n-1) and (1 2 ... n-1).",
               "S_n",
               "4 or 2, `L`, `S`, `L_inv`, `S_inv`",
               "",
               {},
               "lsl_cycles:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 const auto left = left_shift(n);
                 const auto inner = cycle(n, range(1, n - 1));
                 out.add("L", left);
                 out.add("S", inner);
                 if (!a.flag(1)) return;
                 out.add("L_inv", left.inverse());
                 out.add("S_inv", inner.inverse());
               },
               symmetric()});
  return f;
}

std::vector<family> coxeter_and_pancake_families() {
  std::vector<family> f;
  const auto adjacent = [](const arguments& a, graph_builder& out) {
    const auto n = a.integer(0);
    out.check_degree(n);
    for (std::int64_t i = 0; i + 1 < n; ++i) out.add(fmt::format("({},{})", i, i + 1), swap(n, i, i + 1));
  };
  f.push_back({"coxeter",
               section::permutations,
               {degree_parameter(2)},
               "The adjacent transpositions (i i+1).",
               "S_n",
               "n-1, `(i,i+1)`",
               "distance = inversions; diameter n(n-1)/2; spheres are Mahonian numbers",
               {},
               "coxeter:7",
               adjacent,
               symmetric([](std::int64_t n) { return n * (n - 1) / 2; })});
  f.push_back({"cyclic_coxeter",
               section::permutations,
               {degree_parameter(2)},
               "The adjacent transpositions and (0 n-1).",
               "S_n",
               "n, the last one `(0,n-1)`",
               "diameter floor(n^2/4)",
               {},
               "cyclic_coxeter:7",
               [adjacent](const arguments& a, graph_builder& out) {
                 adjacent(a, out);
                 out.add(fmt::format("(0,{})", a.integer(0) - 1), swap(a.integer(0), 0, a.integer(0) - 1));
               },
               symmetric([](std::int64_t n) { return n * n / 4; })});
  f.push_back({"pancake",
               section::permutations,
               {degree_parameter(2)},
               "The prefix reversals rho_2, ..., rho_n.",
               "S_n",
               "n-1, `R{m-1}` for rho_m",
               "diameters 1 3 4 5 7 8 9 10 11 13 14 15 16 for n = 2..14 (OEIS A058986)",
               {},
               "pancake:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t m = 2; m <= n; ++m) out.add(fmt::format("R{}", m - 1), reversal(n, 0, m - 1));
               },
               symmetric()});
  f.push_back({"cubic_pancake",
               section::permutations,
               {degree_parameter(4), required_integer("subset", 1, "which of the seven triples, 1..7")},
               "Three prefix reversals, of lengths 1: n, n-1, 2; 2: n, n-1, 3; 3: n, n-1, n-2; 4: n, n-1, n-3; "
               "5: n, n-2, 2; 6: n, n-2, 3; 7: n, n-2, n-3.",
               "",
               "3, `R{m}` for rho_m",
               "",
               {},
               "cubic_pancake:7,1",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const std::int64_t triples[7][3] = {{n, n - 1, 2}, {n, n - 1, 3}, {n, n - 1, n - 2}, {n, n - 1, n - 3},
                                                     {n, n - 2, 2}, {n, n - 2, 3}, {n, n - 2, n - 3}};
                 a.require(a.integer(1) <= 7, "subset must be 1..7");
                 out.check_degree(n);
                 for (const auto m : triples[a.integer(1) - 1]) out.add(fmt::format("R{}", m), reversal(n, 0, m - 1));
               },
               {}});
  f.push_back({"burnt_pancake",
               section::permutations,
               {required_integer("n", 1, "number of pancakes")},
               "On 2n points: reverse the first m + 1 items and turn each over, m = 0..n-1.",
               "hyperoctahedral group of order 2^n n!",
               "n, `R{m+1}`",
               "diameters 1 4 6 8 10 12 14 15 17 for n = 1..9 (OEIS A078942)",
               {},
               "burnt_pancake:5",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(2 * n);
                 for (std::int64_t m = 0; m < n; ++m) out.add(fmt::format("R{}", m + 1), signed_reversal(n, 0, m));
               },
               hyperoctahedral});
  f.push_back({"stars",
               section::permutations,
               {degree_parameter(3)},
               "The transpositions (0 i), i = 1..n-1.",
               "S_n",
               "n-1, `S{i}`",
               "diameter floor(3(n-1)/2) (Akers and Krishnamurthy 1989)",
               {"star"},
               "stars:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 1; i < n; ++i) out.add(fmt::format("S{}", i), swap(n, 0, i));
               },
               symmetric([](std::int64_t n) { return 3 * (n - 1) / 2; })});
  f.push_back({"generalized_stars",
               section::permutations,
               {degree_parameter(2), optional_integer("k", 1, 1, "number of centres")},
               "The transpositions (i j), i < k <= j, i outer.",
               "S_n",
               "k(n-k), `S{i}-{j}`",
               "",
               {},
               "generalized_stars:6,k=2",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const auto k = a.integer(1);
                 a.require(k < n, "k must be less than n");
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < k; ++i) {
                   for (std::int64_t j = k; j < n; ++j) out.add(fmt::format("S{}-{}", i, j), swap(n, i, j));
                 }
               },
               symmetric()});
  return f;
}
}  // namespace

std::vector<family> permutation_families() {
  std::vector<family> all;
  for (auto&& part : {transposition_and_reversal_families(), shift_families(), coxeter_and_pancake_families(),
                      involution_and_cycle_families()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace cosetta::graphs
