// Section 1 of the catalogue: generating sets of permutation groups. Definitions and orders of generators are those of
// CayleyPy's `PermutationGroups`; users hold paths as indices into them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <random>
#include <set>

#include <graphs/catalogue_sections.hpp>
#include <kernels/error.hpp>

namespace cosetta::graphs {

namespace {

using groups::permutation;
using groups::point;
using images = std::vector<point>;

images identity_images(std::int64_t n) {
  images p(static_cast<std::size_t>(n));
  std::iota(p.begin(), p.end(), point{0});
  return p;
}

permutation cycle(std::int64_t n, const images& points) {
  images p = identity_images(n);
  for (std::size_t j = 0; j < points.size(); ++j) p[points[j]] = points[(j + 1) % points.size()];
  return permutation(p);
}

permutation swap(std::int64_t n, std::int64_t i, std::int64_t j) {
  return cycle(n, {static_cast<point>(i), static_cast<point>(j)});
}

/// first, first + 1, ..., last
images range(std::int64_t first, std::int64_t last) {
  images points(static_cast<std::size_t>(last - first + 1));
  std::iota(points.begin(), points.end(), static_cast<point>(first));
  return points;
}

permutation left_shift(std::int64_t n) { return cycle(n, range(0, n - 1)); }

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

/// The disjoint transpositions (first first+1)(first+2 first+3)..., at most `count` of those that fit.
images disjoint_swaps(std::int64_t n, std::int64_t first, std::int64_t count) {
  images p = identity_images(n);
  for (std::int64_t t = 0; t < count && first + 2 * t + 1 < n; ++t) {
    std::swap(p[static_cast<std::size_t>(first + 2 * t)], p[static_cast<std::size_t>(first + 2 * t + 1)]);
  }
  return p;
}

std::string one_line(const permutation& p, char open, char close) {
  return fmt::format("{}{}{}", open, fmt::join(p.images(), open == '(' ? ", " : ","), close);
}

/// Calls visit(subset) for every k-subset of {first, ..., n-1} in lexicographic order.
template <class Visit>
void for_each_subset(std::int64_t first, std::int64_t n, std::int64_t k, const Visit& visit) {
  if (n - first < k) return;
  images subset = range(first, first + k - 1);
  for (;;) {
    visit(std::as_const(subset));
    std::int64_t i = k - 1;
    while (i >= 0 && subset[static_cast<std::size_t>(i)] == static_cast<point>(n - k + i)) --i;
    if (i < 0) return;
    ++subset[static_cast<std::size_t>(i)];
    for (auto j = static_cast<std::size_t>(i) + 1; j < static_cast<std::size_t>(k); ++j) subset[j] = subset[j - 1] + 1;
  }
}

/// All permutations of one cycle type, by backtracking over the cycle of the smallest free point.
class class_enumeration {
 public:
  class_enumeration(std::vector<std::int64_t> lengths, std::int64_t n, std::function<void(const permutation&)> visit)
      : lengths_(std::move(lengths)), images_(identity_images(n)), used_(static_cast<std::size_t>(n)), visit_(std::move(visit)) {}

  void run() {
    const auto free = std::find(used_.begin(), used_.end(), false);
    if (free == used_.end()) return visit_(permutation(images_));
    const auto least = static_cast<point>(free - used_.begin());
    used_[least] = true;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      if (i > 0 && std::find(lengths_.begin(), lengths_.begin() + static_cast<std::ptrdiff_t>(i), lengths_[i]) !=
                       lengths_.begin() + static_cast<std::ptrdiff_t>(i)) {
        continue;
      }
      const std::int64_t length = lengths_[i];
      lengths_.erase(lengths_.begin() + static_cast<std::ptrdiff_t>(i));
      images chosen{least};
      extend(chosen, length);
      lengths_.insert(lengths_.begin() + static_cast<std::ptrdiff_t>(i), length);
    }
    used_[least] = false;
  }

 private:
  void extend(images& chosen, std::int64_t length) {
    if (static_cast<std::int64_t>(chosen.size()) == length) {
      for (std::size_t j = 0; j < chosen.size(); ++j) images_[chosen[j]] = chosen[(j + 1) % chosen.size()];
      return run();
    }
    for (point p = 0; p < used_.size(); ++p) {
      if (used_[p]) continue;
      used_[p] = true;
      chosen.push_back(p);
      extend(chosen, length);
      chosen.pop_back();
      used_[p] = false;
    }
  }

  std::vector<std::int64_t> lengths_;
  images images_;
  std::vector<bool> used_;
  std::function<void(const permutation&)> visit_;
};

/// "3.2" padded with fixed points to n, descending.
std::vector<std::int64_t> read_cycle_type(const arguments& a, std::string_view text, std::int64_t n) {
  std::vector<std::int64_t> lengths;
  std::int64_t sum = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto dot = std::min(text.find('.', begin), text.size());
    std::int64_t length = 0;
    const auto [end, status] = std::from_chars(text.data() + begin, text.data() + dot, length);
    a.require(status == std::errc{} && end == text.data() + dot && length >= 1 && length <= n,
              fmt::format("'{}' is no cycle type of {} points; write 3.2 or 2*4 (four random ones of type 2)", text, n));
    lengths.push_back(length);
    sum += length;
    begin = dot + 1;
  }
  a.require(sum <= n, fmt::format("the cycle type {} does not fit {} points", text, n));
  lengths.insert(lengths.end(), static_cast<std::size_t>(n - sum), 1);
  std::sort(lengths.begin(), lengths.end(), std::greater{});
  return lengths;
}

/// Uniformly random up to the bias of 64-bit remainders (below 2^-43 for any degree here).
images shuffled(std::int64_t n, std::mt19937_64& random) {
  images order = identity_images(n);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

permutation random_of_type(const std::vector<std::int64_t>& lengths, std::int64_t n, std::mt19937_64& random) {
  const images order = shuffled(n, random);
  images p(order.size());
  std::size_t at = 0;
  for (const auto length : lengths) {
    const auto size = static_cast<std::size_t>(length);
    for (std::size_t j = 0; j < size; ++j) p[order[at + j]] = order[at + (j + 1) % size];
    at += size;
  }
  return permutation(p);
}

void build_conjugacy_classes(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  out.check_degree(n);
  std::mt19937_64 random(static_cast<std::uint64_t>(a.integer(2)));
  std::string_view rest = a.text(1);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto star = item.find('*');
    const auto type = read_cycle_type(a, item.substr(0, star), n);
    // The dots of the argument become commas: in a word, dots part the letters.
    std::string label(item.substr(0, star));
    std::replace(label.begin(), label.end(), '.', ',');
    std::int64_t index = 0;
    const auto add = [&](const permutation& p) { out.add(fmt::format("({})_{}", label, ++index), p); };
    if (star == std::string_view::npos) {
      class_enumeration(type, n, add).run();
      continue;
    }
    std::int64_t count = 0;
    const auto digits = item.substr(star + 1);
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    a.require(status == std::errc{} && end == digits.data() + digits.size() && count >= 1,
              fmt::format("'{}' asks for no positive number of elements", item));
    for (std::int64_t i = 0; i < count; ++i) add(random_of_type(type, n, random));
  }
}

void build_all_cycles(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  out.check_degree(n);
  std::size_t index = 0;
  for (std::int64_t k = 2; k <= n; ++k) {
    for_each_subset(0, n, k, [&](const images& subset) {
      images points = subset;
      do {
        out.add(fmt::format("cycle_{}", ++index), cycle(n, points));
      } while (std::next_permutation(points.begin() + 1, points.end()));
    });
  }
}

void build_derangements(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  out.check_degree(n);
  images p = identity_images(n);
  std::uint64_t rank = 0;
  do {
    bool fixed = false;
    for (std::size_t i = 0; i < p.size() && !fixed; ++i) fixed = p[i] == i;
    if (!fixed) out.add(fmt::format("D{}", rank), permutation(p));
    ++rank;
  } while (std::next_permutation(p.begin(), p.end()));
}

void add_matchings(images& p, std::vector<bool>& used, std::size_t& index, graph_builder& out) {
  const auto free = std::find(used.begin(), used.end(), false);
  if (free == used.end()) return out.add(fmt::format("ID{}", ++index), permutation(p));
  const auto i = static_cast<std::size_t>(free - used.begin());
  used[i] = true;
  for (std::size_t j = i + 1; j < p.size(); ++j) {
    if (used[j]) continue;
    used[j] = true;
    p[i] = static_cast<point>(j);
    p[j] = static_cast<point>(i);
    add_matchings(p, used, index, out);
    used[j] = false;
  }
  used[i] = false;
}

/// The square with whiskers: two permutations made of the disjoint transpositions E and O, of which one gets a 4-cycle
/// and the other makes room for it.
void build_square_with_whiskers(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const auto k = a.integer(1);
  a.require(k <= n - 3, "k must be at most n - 3");
  out.check_degree(n);
  images square = disjoint_swaps(n, k % 2 == 1 ? 0 : 1, n);  // holds the pair (k-1 k)
  images whiskers = disjoint_swaps(n, k % 2 == 1 ? 1 : 0, n);
  const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
  for (std::int64_t i = 0; i < 4; ++i) square[at(k - 1 + i)] = static_cast<point>(k - 1 + (i + 1) % 4);
  for (auto i = k; i <= std::min(k + 3, n - 1); ++i) whiskers[at(i)] = static_cast<point>(i);  // was (k k+1)(k+2 k+3)
  if (k + 3 <= n - 1) std::swap(whiskers[at(k + 1)], whiskers[at(k + 3)]);
  out.add("A", permutation(whiskers));
  out.add("S", permutation(square));
}

mpz_class factorial(std::int64_t n) {
  mpz_class value;
  mpz_fac_ui(value.get_mpz_t(), static_cast<unsigned long>(n));
  return value;
}

/// S_n with a diameter given by a formula.
std::function<known_facts(const arguments&)> symmetric(std::function<std::int64_t(std::int64_t)> diameter = {}) {
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

parameter degree_parameter(std::int64_t least) { return required_integer("n", least, "number of points"); }

std::vector<family> transposition_and_reversal_families() {
  std::vector<family> f;
  f.push_back({"all_transpositions", section::permutations, {degree_parameter(2)},
               "All transpositions (i j), i < j, lexicographic.", "S_n", "n(n-1)/2, `(i,j)`",
               "distance = n - number of cycles; diameter n - 1; spheres are Stirling numbers of the first kind", {},
               "all_transpositions:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) out.add(fmt::format("({},{})", i, j), swap(n, i, j));
                 }
               },
               symmetric([](std::int64_t n) { return n - 1; })});
  f.push_back({"transposons", section::permutations, {degree_parameter(2)},
               "Swap of the adjacent blocks [i..j-1] and [j..k], for i < j <= k < n.", "S_n",
               "C(n+1,3), `T[i..j-1,k]`", "the sorting-by-transpositions problem of genome rearrangement",
               {"block_transpositions"}, "transposons:6",
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
  f.push_back({"block_interchange", section::permutations, {degree_parameter(2)},
               "Exchange of the blocks [i..j-1] and [k..l-1], for i < j <= k < l <= n.", "S_n",
               "C(n+1,4) + C(n+1,3), `I[i..j-1,k..l-1]`", "diameter floor(n/2)", {}, "block_interchange:6",
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
  f.push_back({"full_reversals", section::permutations, {degree_parameter(2)},
               "Reversal of positions i..j, i < j, lexicographic.", "S_n", "n(n-1)/2, `R[i..j]`",
               "diameter n - 1 (Bafna and Pevzner 1996)", {}, "full_reversals:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) out.add(fmt::format("R[{}..{}]", i, j), reversal(n, i, j));
                 }
               },
               symmetric([](std::int64_t n) { return n - 1; })});
  f.push_back({"signed_reversals", section::permutations, {required_integer("n", 1, "number of signed items")},
               "On 2n points (t the top, n + t the bottom of item t): reverse items i..j and turn each over, i <= j.",
               "hyperoctahedral group of order 2^n n!", "n(n+1)/2, `R[i..j]`", "", {}, "signed_reversals:4",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(2 * n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i; j < n; ++j) out.add(fmt::format("R[{}..{}]", i, j), signed_reversal(n, i, j));
                 }
               },
               hyperoctahedral});
  return f;
}

std::vector<family> shift_families() {
  std::vector<family> f;
  f.push_back({"lrx", section::permutations,
               {degree_parameter(3), optional_integer("k", 1, 1, "X swaps positions 0 and k")},
               "L, R and the transposition X = (0 k).", "S_n for k = 1", "3, `L`, `R`, `X`",
               "k = 1: diameter n(n-1)/2 for n >= 4 (OEIS A186783, conjectured; computed to n = 15)", {}, "lrx:8",
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
  f.push_back({"lx", section::permutations, {degree_parameter(3)}, "L and X = (0 1), as a directed graph.", "S_n",
               "2, `L`, `X`; not inverse-closed",
               "diameter floor(3n^2/4) - 2n + 3 for n = 5..15 (Glushkov 1968; OEIS A039745)", {}, "lx:8",
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
  f.push_back({"top_spin", section::permutations,
               {degree_parameter(2), optional_integer("k", 4, 2, "length of the turntable")},
               "L, R and rho_k.", "for k = 4 and n >= 6: S_n for even n, A_n for odd n",
               "3, named by their arrays", "", {}, "top_spin:8",
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
  f.push_back({"larx", section::permutations, {degree_parameter(2)},
               "(0 1) and the cycle (1 2 ... n-1), as a directed graph.", "S_n", "2, named by their arrays", "", {},
               "larx:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (const auto& p : {swap(n, 0, 1), cycle(n, range(1, n - 1))}) out.add(one_line(p, '(', ')'), p);
               },
               symmetric()});
  f.push_back({"lsl_cycles", section::permutations,
               {degree_parameter(3), optional_flag("add_inverses", true, "append the inverses of both cycles")},
               "The cycles (0 1 ... n-1) and (1 2 ... n-1).", "S_n", "4 or 2, `L`, `S`, `L_inv`, `S_inv`", "", {},
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
  f.push_back({"coxeter", section::permutations, {degree_parameter(2)}, "The adjacent transpositions (i i+1).", "S_n",
               "n-1, `(i,i+1)`", "distance = inversions; diameter n(n-1)/2; spheres are Mahonian numbers", {}, "coxeter:7",
               adjacent, symmetric([](std::int64_t n) { return n * (n - 1) / 2; })});
  f.push_back({"cyclic_coxeter", section::permutations, {degree_parameter(2)},
               "The adjacent transpositions and (0 n-1).", "S_n", "n, the last one `(0,n-1)`", "diameter floor(n^2/4)", {},
               "cyclic_coxeter:7",
               [adjacent](const arguments& a, graph_builder& out) {
                 adjacent(a, out);
                 out.add(fmt::format("(0,{})", a.integer(0) - 1), swap(a.integer(0), 0, a.integer(0) - 1));
               },
               symmetric([](std::int64_t n) { return n * n / 4; })});
  f.push_back({"pancake", section::permutations, {degree_parameter(2)}, "The prefix reversals rho_2, ..., rho_n.", "S_n",
               "n-1, `R{m-1}` for rho_m", "diameters 1 3 4 5 7 8 9 10 11 13 14 15 16 for n = 2..14 (OEIS A058986)", {},
               "pancake:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t m = 2; m <= n; ++m) out.add(fmt::format("R{}", m - 1), reversal(n, 0, m - 1));
               },
               symmetric()});
  f.push_back({"cubic_pancake", section::permutations,
               {degree_parameter(4), required_integer("subset", 1, "which of the seven triples, 1..7")},
               "Three prefix reversals, of lengths 1: n, n-1, 2; 2: n, n-1, 3; 3: n, n-1, n-2; 4: n, n-1, n-3; "
               "5: n, n-2, 2; 6: n, n-2, 3; 7: n, n-2, n-3.",
               "", "3, `R{m}` for rho_m", "", {}, "cubic_pancake:7,1",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const std::int64_t triples[7][3] = {{n, n - 1, 2}, {n, n - 1, 3}, {n, n - 1, n - 2}, {n, n - 1, n - 3},
                                                     {n, n - 2, 2}, {n, n - 2, 3}, {n, n - 2, n - 3}};
                 a.require(a.integer(1) <= 7, "subset must be 1..7");
                 out.check_degree(n);
                 for (const auto m : triples[a.integer(1) - 1]) out.add(fmt::format("R{}", m), reversal(n, 0, m - 1));
               },
               {}});
  f.push_back({"burnt_pancake", section::permutations, {required_integer("n", 1, "number of pancakes")},
               "On 2n points: reverse the first m + 1 items and turn each over, m = 0..n-1.",
               "hyperoctahedral group of order 2^n n!", "n, `R{m+1}`",
               "diameters 1 4 6 8 10 12 14 15 17 for n = 1..9 (OEIS A078942)", {}, "burnt_pancake:5",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(2 * n);
                 for (std::int64_t m = 0; m < n; ++m) out.add(fmt::format("R{}", m + 1), signed_reversal(n, 0, m));
               },
               hyperoctahedral});
  f.push_back({"stars", section::permutations, {degree_parameter(3)}, "The transpositions (0 i), i = 1..n-1.", "S_n",
               "n-1, `S{i}`", "diameter floor(3(n-1)/2) (Akers and Krishnamurthy 1989)", {"star"}, "stars:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 1; i < n; ++i) out.add(fmt::format("S{}", i), swap(n, 0, i));
               },
               symmetric([](std::int64_t n) { return 3 * (n - 1) / 2; })});
  f.push_back({"generalized_stars", section::permutations,
               {degree_parameter(2), optional_integer("k", 1, 1, "number of centres")},
               "The transpositions (i j), i < k <= j, i outer.", "S_n", "k(n-k), `S{i}-{j}`", "", {},
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

std::vector<family> involution_families() {
  std::vector<family> f;
  f.push_back({"rapaport_m1", section::permutations, {degree_parameter(2)},
               "With E = (0 1)(2 3)... and O = (1 2)(3 4)...: the products of the first m pairs of E, m = 1..floor(n/2), "
               "then of O, m = 1..floor((n-1)/2).",
               "S_n", "n-1, `M1_0_m`, `M1_1_m`", "", {}, "rapaport_m1:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t first = 0; first < 2; ++first) {
                   for (std::int64_t m = 1; m <= (n - first) / 2; ++m) {
                     out.add(fmt::format("M1_{}_{}", first, m), permutation(disjoint_swaps(n, first, m)));
                   }
                 }
               },
               symmetric()});
  f.push_back({"rapaport_m2", section::permutations, {degree_parameter(2)},
               "(0 1), E = (0 1)(2 3)... and O = (1 2)(3 4)....", "S_n", "3, `(0,1)`, `EvenDisjTrans`, `OddDisjTrans`",
               "diameters 1 3 4 8 16 22 30 40 49 62 74 87 for n = 2..13", {}, "rapaport_m2:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 out.add("(0,1)", swap(n, 0, 1));
                 out.add("EvenDisjTrans", permutation(disjoint_swaps(n, 0, n)));
                 out.add("OddDisjTrans", permutation(disjoint_swaps(n, 1, n)));
               },
               symmetric()});
  f.push_back({"derangements", section::permutations, {degree_parameter(2)},
               "All permutations without fixed points, lexicographic.", "S_n for n >= 4 (A_3 for n = 3)",
               "!n, `D{rank among n!}`", "", {}, "derangements:5", build_derangements, {}});
  f.push_back({"involutive_derangements", section::permutations, {degree_parameter(2)},
               "All perfect matchings: products of n/2 disjoint transpositions; n even.", "", "(n-1)!!, `ID1`, ...", "",
               {"involutive-derangements"}, "involutive_derangements:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(n % 2 == 0, "n must be even");
                 out.check_degree(n);
                 images p = identity_images(n);
                 std::vector<bool> used(p.size());
                 std::size_t index = 0;
                 add_matchings(p, used, index, out);
               },
               {}});
  f.push_back({"square_with_whiskers", section::permutations,
               {degree_parameter(4), required_integer("k", 1, "where the square sits, 1..n-3")},
               "S: E or O with the pairs (k-1 k), (k+1 k+2) replaced by the 4-cycle (k-1 k k+1 k+2). A: the other one of "
               "E and O, with k and k+2 fixed and the pair (k+1 k+3) where it fits.",
               "", "2, `A` (an involution), `S`; not inverse-closed",
               "conjectured to maximise the diameter over pairs of generators of S_n", {"sheveleva2"},
               "square_with_whiskers:7,1", build_square_with_whiskers, {}});
  f.push_back({"koltsov3", section::permutations,
               {degree_parameter(4), optional_integer("perm_type", 2, 1, "1: K = (k k+d); 2: K = (k k+3)(k+1 k+2)"),
                optional_integer("k", 1, 0, "position"), optional_integer("d", 1, 1, "distance, for perm_type 1")},
               "E, O and one involution K.", "", "3, `I`, `K`, `S`", "", {}, "koltsov3:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const auto k = a.integer(2);
                 a.require(a.integer(1) <= 2, "perm_type must be 1 or 2");
                 a.require(k < n && (a.integer(1) == 1 ? a.integer(3) < n - k : 3 < n - k), "k is too large for n");
                 out.check_degree(n);
                 out.add("I", permutation(disjoint_swaps(n, 0, n)));
                 out.add("K", permutation(disjoint_swaps(n, 1, n)));
                 out.add("S", a.integer(1) == 1 ? swap(n, k, k + a.integer(3)) : swap(n, k, k + 3) * swap(n, k + 1, k + 2));
               },
               {}});
  return f;
}

std::vector<family> cycle_families() {
  std::vector<family> f;
  f.push_back({"three_cycles", section::permutations, {degree_parameter(3)},
               "All 3-cycles (a b c) with a < b, a < c, lexicographic.", "A_n", "n(n-1)(n-2)/3, `(a b c)`", "", {},
               "three_cycles:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = static_cast<point>(a.integer(0));
                 out.check_degree(a.integer(0));
                 for (point i = 0; i < n; ++i) {
                   for (point j = i + 1; j < n; ++j) {
                     for (point k = i + 1; k < n; ++k) {
                       if (j != k) out.add(fmt::format("({} {} {})", i, j, k), cycle(n, {i, j, k}));
                     }
                   }
                 }
               },
               alternating});
  f.push_back({"three_cycles_0ij", section::permutations, {degree_parameter(3)},
               "The 3-cycles (0 i j), ordered pairs i != j.", "A_n", "(n-1)(n-2), `(0 i j)`", "", {}, "three_cycles_0ij:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = static_cast<point>(a.integer(0));
                 out.check_degree(a.integer(0));
                 for (point i = 1; i < n; ++i) {
                   for (point j = 1; j < n; ++j) {
                     if (i != j) out.add(fmt::format("(0 {} {})", i, j), cycle(n, {0, i, j}));
                   }
                 }
               },
               alternating});
  f.push_back({"three_cycles_01i", section::permutations,
               {degree_parameter(3), optional_flag("add_inverses", true, "each cycle is followed by its inverse")},
               "The 3-cycles (0 1 i), i = 2..n-1.", "A_n", "2(n-2) or n-2, `(0 1 i)`, `(1 0 i)`", "", {"01i"},
               "three_cycles_01i:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = static_cast<point>(a.integer(0));
                 out.check_degree(a.integer(0));
                 for (point i = 2; i < n; ++i) {
                   out.add(fmt::format("(0 1 {})", i), cycle(n, {0, 1, i}));
                   if (a.flag(1)) out.add(fmt::format("(1 0 {})", i), cycle(n, {1, 0, i}));
                 }
               },
               alternating});
  f.push_back({"all_cycles", section::permutations, {degree_parameter(2)},
               "All cycles of lengths 2..n; by length, then subset, then arrangement.", "S_n",
               "sum of C(n,k)(k-1)!, `cycle_1`, ...", "", {}, "all_cycles:5", build_all_cycles, symmetric()});
  f.push_back({"wrapped_k_cycles", section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(s s+1 ... s+k-1) modulo n, s = 0..n-1; directed.", "S_n for even k < n, A_n for odd k < n",
               "n, `(s s+1 ...)`; for k = n all are the same", "", {}, "wrapped_k_cycles:6,3",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const auto k = a.integer(1);
                 a.require(k <= n, "k must be at most n");
                 out.check_degree(n);
                 for (std::int64_t s = 0; s < n; ++s) {
                   images points = range(s, s + k - 1);
                   for (auto& p : points) p = static_cast<point>(p % n);
                   out.add(fmt::format("({})", fmt::join(points, " ")), cycle(n, points));
                 }
               },
               {}});
  f.push_back({"increasing_k_cycles", section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(c1 ... ck) with c1 < ... < ck, lexicographic; directed for k > 2.", "S_n for even k, A_n for odd k",
               "C(n,k), `(c1,...,ck)`", "", {}, "increasing_k_cycles:6,3",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(a.integer(1) <= n, "k must be at most n");
                 out.check_degree(n);
                 for_each_subset(0, n, a.integer(1), [&](const images& s) {
                   out.add(fmt::format("({})", fmt::join(s, ",")), cycle(n, s));
                 });
               },
               {}});
  f.push_back({"consecutive_k_cycles", section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(i i+1 ... i+k-1), i = 0..n-k; directed for k > 2.", "S_n for even k, A_n for odd k",
               "n-k+1, `(i,...)`", "", {}, "consecutive_k_cycles:6,3",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const auto k = a.integer(1);
                 a.require(k <= n, "k must be at most n");
                 out.check_degree(n);
                 for (std::int64_t i = 0; i + k <= n; ++i) {
                   const auto points = range(i, i + k - 1);
                   out.add(fmt::format("({})", fmt::join(points, ",")), cycle(n, points));
                 }
               },
               {}});
  f.push_back({"down_cycles", section::permutations, {degree_parameter(2)},
               "(i i+1 ... j), i < j, lexicographic; directed for n > 2.", "S_n", "n(n-1)/2, `(i,...,j)`", "", {},
               "down_cycles:5",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t i = 0; i < n; ++i) {
                   for (std::int64_t j = i + 1; j < n; ++j) {
                     const auto points = range(i, j);
                     out.add(fmt::format("({})", fmt::join(points, ",")), cycle(n, points));
                   }
                 }
               },
               symmetric()});
  f.push_back({"prefix_cycles", section::permutations, {degree_parameter(2)},
               "(0 1 ... j-1), j = 2..n; directed for n > 2.", "S_n", "n-1, `(0,...,j-1)`", "", {}, "prefix_cycles:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t j = 2; j <= n; ++j) {
                   const auto points = range(0, j - 1);
                   out.add(fmt::format("({})", fmt::join(points, ",")), cycle(n, points));
                 }
               },
               symmetric()});
  f.push_back({"conjugacy_classes", section::permutations,
               {degree_parameter(2), argument_list("classes", "cycle types such as 3.2; 3.2*5 takes five random elements"),
                unlimited(optional_integer("seed", 1, 0, "for random elements"))},
               "Whole conjugacy classes of S_n, or random elements of them, with repetition.", "", "`(type)_i`", "",
               {"conjugacy_class"}, "conjugacy_classes:5,2.2,3", build_conjugacy_classes, {}});
  f.push_back({"rand_generators", section::permutations,
               {degree_parameter(1), required_integer("k", 1, "number of generators"),
                unlimited(optional_integer("seed", 1, 0, "the same seed gives the same generators"))},
               "k distinct uniformly random permutations; the identity may be among them.", "",
               "k, named by their arrays", "", {"random_generators"}, "rand_generators:8,2,seed=7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 a.require(n > 12 || factorial(n) >= a.integer(1), "there are fewer than k permutations");
                 std::mt19937_64 random(static_cast<std::uint64_t>(a.integer(2)));
                 std::set<permutation> seen;
                 while (static_cast<std::int64_t>(seen.size()) < a.integer(1)) {
                   const permutation p(shuffled(n, random));
                   if (seen.insert(p).second) out.add(one_line(p, '(', ')'), p);
                 }
               },
               {}});
  return f;
}

}  // namespace

std::vector<family> permutation_families() {
  std::vector<family> all;
  for (auto&& part : {transposition_and_reversal_families(), shift_families(), coxeter_and_pancake_families(),
                      involution_families(), cycle_families()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace cosetta::graphs
