// Section 1 of the catalogue, second part: involutions, cycles, conjugacy classes and random generators.
#include <graphs/image_arrays.hpp>

#include <algorithm>
#include <charconv>
#include <random>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::graphs {

namespace {

using groups::permutation;
using groups::point;

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
      : lengths_(std::move(lengths)),
        images_(identity_images(n)),
        used_(static_cast<std::size_t>(n)),
        visit_(std::move(visit)) {}

  void run() {
    if (lengths_.empty() || lengths_.front() == 1) {  // the rest is fixed
      for (point p = 0; p < used_.size(); ++p) {
        if (!used_[p]) images_[p] = p;
      }
      return visit_(permutation(images_));
    }
    const auto free = std::find(used_.begin(), used_.end(), false);
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
    a.require(
        status == std::errc{} && end == text.data() + dot && length >= 1 && length <= n,
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

/// n! over the product of k^m m! for each length k that occurs m times; `lengths` is descending.
mpz_class class_size(const std::vector<std::int64_t>& lengths, std::int64_t n) {
  if (lengths.front() == 1) return 1;
  if (n > 4096) return mpz_class(graph_builder::max_points);  // there are n(n-1)/2 at least
  mpz_class size;
  mpz_fac_ui(size.get_mpz_t(), static_cast<unsigned long>(n));
  for (std::size_t i = 0, same = 0; i < lengths.size(); ++i) {
    same = i > 0 && lengths[i] == lengths[i - 1] ? same + 1 : 1;
    size /= lengths[i] * static_cast<std::int64_t>(same);
  }
  return size;
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
      const mpz_class size = class_size(type, n);
      if (size > graph_builder::max_generators || size * n > graph_builder::max_points) out.refuse_size();
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
  if (n > 9) out.refuse_size();  // !10 > max_generators, and soon even the first derangement is ages away
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
std::vector<family> involution_families() {
  std::vector<family> f;
  f.push_back(
      {"rapaport_m1",
       section::permutations,
       {degree_parameter(2)},
       "With E = (0 1)(2 3)... and O = (1 2)(3 4)...: the products of the first m pairs of E, m = 1..floor(n/2), "
       "then of O, m = 1..floor((n-1)/2).",
       "S_n",
       "n-1, `M1_0_m`, `M1_1_m`",
       "",
       {},
       "rapaport_m1:6",
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
  f.push_back({"rapaport_m2",
               section::permutations,
               {degree_parameter(2)},
               "(0 1), E = (0 1)(2 3)... and O = (1 2)(3 4)....",
               "S_n",
               "3, `(0,1)`, `EvenDisjTrans`, `OddDisjTrans`",
               "diameters 1 3 4 8 16 22 30 40 49 62 74 87 for n = 2..13",
               {},
               "rapaport_m2:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 out.add("(0,1)", swap(n, 0, 1));
                 out.add("EvenDisjTrans", permutation(disjoint_swaps(n, 0, n)));
                 out.add("OddDisjTrans", permutation(disjoint_swaps(n, 1, n)));
               },
               symmetric()});
  f.push_back({"derangements",
               section::permutations,
               {degree_parameter(2)},
               "All permutations without fixed points, lexicographic.",
               "S_n for n >= 4 (A_3 for n = 3)",
               "!n, `D{rank among n!}`",
               "",
               {},
               "derangements:5",
               build_derangements,
               {}});
  f.push_back({"involutive_derangements",
               section::permutations,
               {degree_parameter(2)},
               "All perfect matchings: products of n/2 disjoint transpositions; n even.",
               "",
               "(n-1)!!, `ID1`, ...",
               "",
               {"involutive-derangements"},
               "involutive_derangements:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(n % 2 == 0, "n must be even");
                 out.check_degree(n);
                 if (n > 14) out.refuse_size();  // 15!! > max_generators, and the recursion is n / 2 deep
                 images p = identity_images(n);
                 std::vector<bool> used(p.size());
                 std::size_t index = 0;
                 add_matchings(p, used, index, out);
               },
               {}});
  f.push_back(
      {"square_with_whiskers",
       section::permutations,
       {degree_parameter(4), required_integer("k", 1, "where the square sits, 1..n-3")},
       "S: E or O with the pairs (k-1 k), (k+1 k+2) replaced by the 4-cycle (k-1 k k+1 k+2). A: the other one of "
       "E and O, with k and k+2 fixed and the pair (k+1 k+3) where it fits.",
       "",
       "2, `A` (an involution), `S`; not inverse-closed",
       "conjectured to maximise the directed diameter over pairs of generators of S_n, n >= 8",
       {"sheveleva2"},
       "square_with_whiskers:7,1",
       build_square_with_whiskers,
       {}});
  f.push_back({"koltsov3",
               section::permutations,
               {degree_parameter(4), optional_integer("perm_type", 2, 1, "1: K = (k k+d); 2: K = (k k+3)(k+1 k+2)"),
                optional_integer("k", 1, 0, "position"), optional_integer("d", 1, 1, "distance, for perm_type 1")},
               "E, O and one involution K.",
               "",
               "3, `I`, `K`, `S`",
               "",
               {},
               "koltsov3:7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 const auto k = a.integer(2);
                 a.require(a.integer(1) <= 2, "perm_type must be 1 or 2");
                 a.require(k < n && (a.integer(1) == 1 ? a.integer(3) < n - k : 3 < n - k), "k is too large for n");
                 out.check_degree(n);
                 out.add("I", permutation(disjoint_swaps(n, 0, n)));
                 out.add("K", permutation(disjoint_swaps(n, 1, n)));
                 out.add("S",
                         a.integer(1) == 1 ? swap(n, k, k + a.integer(3)) : swap(n, k, k + 3) * swap(n, k + 1, k + 2));
               },
               {}});
  return f;
}

std::vector<family> cycle_families() {
  std::vector<family> f;
  f.push_back({"three_cycles",
               section::permutations,
               {degree_parameter(3)},
               "All 3-cycles (a b c) with a < b, a < c, lexicographic.",
               "A_n",
               "n(n-1)(n-2)/3, `(a b c)`",
               "",
               {},
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
  f.push_back({"three_cycles_0ij",
               section::permutations,
               {degree_parameter(3)},
               "The 3-cycles (0 i j), ordered pairs i != j.",
               "A_n",
               "(n-1)(n-2), `(0 i j)`",
               "",
               {},
               "three_cycles_0ij:6",
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
  f.push_back({"three_cycles_01i",
               section::permutations,
               {degree_parameter(3), optional_flag("add_inverses", true, "each cycle is followed by its inverse")},
               "The 3-cycles (0 1 i), i = 2..n-1.",
               "A_n",
               "2(n-2) or n-2, `(0 1 i)`, `(1 0 i)`",
               "",
               {"01i"},
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
  f.push_back({"all_cycles",
               section::permutations,
               {degree_parameter(2)},
               "All cycles of lengths 2..n; by length, then subset, then arrangement.",
               "S_n",
               "sum of C(n,k)(k-1)!, `cycle_1`, ...",
               "",
               {},
               "all_cycles:5",
               build_all_cycles,
               symmetric()});
  f.push_back({"wrapped_k_cycles",
               section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(s s+1 ... s+k-1) modulo n, s = 0..n-1; directed.",
               "S_n for even k < n, A_n for odd k < n",
               "n, `(s s+1 ...)`; for k = n all are the same",
               "",
               {},
               "wrapped_k_cycles:6,3",
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
  f.push_back({"increasing_k_cycles",
               section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(c1 ... ck) with c1 < ... < ck, lexicographic; directed for k > 2.",
               "S_n for even k, A_n for odd k",
               "C(n,k), `(c1,...,ck)`",
               "",
               {},
               "increasing_k_cycles:6,3",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 a.require(a.integer(1) <= n, "k must be at most n");
                 out.check_degree(n);
                 for_each_subset(0, n, a.integer(1), [&](const images& s) {
                   out.add(fmt::format("({})", fmt::join(s, ",")), cycle(n, s));
                 });
               },
               {}});
  f.push_back({"consecutive_k_cycles",
               section::permutations,
               {degree_parameter(2), required_integer("k", 2, "length of the cycles")},
               "(i i+1 ... i+k-1), i = 0..n-k; directed for k > 2.",
               "S_n for even k, A_n for odd k",
               "n-k+1, `(i,...)`",
               "",
               {},
               "consecutive_k_cycles:6,3",
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
  f.push_back({"down_cycles",
               section::permutations,
               {degree_parameter(2)},
               "(i i+1 ... j), i < j, lexicographic; directed for n > 2.",
               "S_n",
               "n(n-1)/2, `(i,...,j)`",
               "",
               {},
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
  f.push_back({"prefix_cycles",
               section::permutations,
               {degree_parameter(2)},
               "(0 1 ... j-1), j = 2..n; directed for n > 2.",
               "S_n",
               "n-1, `(0,...,j-1)`",
               "",
               {},
               "prefix_cycles:6",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 for (std::int64_t j = 2; j <= n; ++j) {
                   const auto points = range(0, j - 1);
                   out.add(fmt::format("({})", fmt::join(points, ",")), cycle(n, points));
                 }
               },
               symmetric()});
  f.push_back(
      {"conjugacy_classes",
       section::permutations,
       {degree_parameter(2), argument_list("classes", "cycle types such as 3.2; 3.2*5 takes five random elements"),
        unlimited(optional_integer("seed", 1, 0, "for random elements"))},
       "Whole conjugacy classes of S_n, or random elements of them, with repetition.",
       "",
       "`(type)_i`",
       "",
       {"conjugacy_class"},
       "conjugacy_classes:5,2.2,3",
       build_conjugacy_classes,
       {}});
  f.push_back({"rand_generators",
               section::permutations,
               {degree_parameter(1), required_integer("k", 1, "number of generators"),
                unlimited(optional_integer("seed", 1, 0, "the same seed gives the same generators"))},
               "k distinct uniformly random permutations; the identity may be among them.",
               "",
               "k, named by their arrays",
               "",
               {"random_generators"},
               "rand_generators:8,2,seed=7",
               [](const arguments& a, graph_builder& out) {
                 const auto n = a.integer(0);
                 out.check_degree(n);
                 a.require(n > 12 || *symmetric()(a).vertices >= a.integer(1), "there are fewer than k permutations");
                 std::mt19937_64 random(static_cast<std::uint64_t>(a.integer(2)));
                 std::set<permutation> seen;
                 while (static_cast<std::int64_t>(seen.size()) < a.integer(1)) {
                   const permutation p(shuffled(n, random));
                   if (seen.insert(p).second) out.add(array_name(p), p);
                 }
               },
               {}});
  return f;
}
}  // namespace

std::vector<family> involution_and_cycle_families() {
  auto all = involution_families();
  const auto cycles = cycle_families();
  all.insert(all.end(), cycles.begin(), cycles.end());
  return all;
}

}  // namespace cosetta::graphs
