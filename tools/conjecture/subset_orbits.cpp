#include <kernels/error.hpp>
#include <kernels/philox.hpp>
#include <tools/conjecture/subset_orbits.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmpxx.h>

namespace cosetta::conjecture {

namespace {

using groups::permutation;
using groups::point;

/// Four bits a point.
std::uint64_t packed(const permutation& p) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < p.degree(); ++i) out |= std::uint64_t{p[i]} << (4 * i);
  return out;
}

/// g under the relabelling z: point z[i] goes to z[g[i]].
std::uint64_t packed_relabelled(const permutation& g, const permutation& z) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < g.degree(); ++i) out |= std::uint64_t{z[g[i]]} << (4 * z[i]);
  return out;
}

/// Long work asks now and then whether it is to end: clocks cost more than most steps.
class now_and_then {
 public:
  now_and_then(const std::function<void()>& checkpoint, std::size_t every) : checkpoint_(checkpoint), every_(every) {}

  void operator()() {
    if (++count_ % every_ == 0 && checkpoint_) checkpoint_();
  }

 private:
  const std::function<void()>& checkpoint_;
  std::size_t every_, count_ = 0;
};

constexpr std::size_t elements_between_checks = 4096, forms_between_checks = 64;

mpz_class factorial(std::size_t n) {
  mpz_class out;
  mpz_fac_ui(out.get_mpz_t(), n);
  return out;
}

/// a(m) = a(m-1) + (m-1) a(m-2), the identity counted: the last point is fixed or goes with another.
std::vector<mpz_class> involution_counts(std::size_t n) {
  std::vector<mpz_class> a{1, 1};
  for (std::size_t m = 2; m <= n; ++m) a.push_back(a[m - 1] + static_cast<unsigned long>(m - 1) * a[m - 2]);
  return a;
}

/// Extends the images of the points below `next` in all ways, in lexicographic order.
void extend(const permutation_class& c, std::vector<point>& images, std::vector<char>& used, std::size_t next, std::vector<permutation>& out,
            now_and_then& check) {
  const std::size_t n = images.size();
  if (next == n) {
    check();
    permutation p{std::span<const point>(images)};
    if (is_in(p, c)) out.push_back(std::move(p));
    return;
  }
  const bool involutions = c.which == permutation_class::kind::involutions || (c.which == permutation_class::kind::cycle_type && c.cycles.front() == 2);
  for (point image = 0; image < n; ++image) {
    if (used[image]) continue;
    // Whoever goes to `next` is its image; otherwise it goes to itself or onwards.
    if (involutions && (used[next] ? image >= next || images[image] != next : image < next)) continue;
    images[next] = image;
    used[image] = 1;
    extend(c, images, used, next + 1, out, check);
    used[image] = 0;
  }
}

/// The elements, one of each inverse pair where the sets are closed, and where to find them.
class candidates {
 public:
  candidates(const permutation_class& c, std::size_t degree, inversion kind, const std::function<void()>& checkpoint)
      : checkpoint_(checkpoint), elements_(class_elements(c, degree, checkpoint)) {
    now_and_then check(checkpoint_, elements_between_checks);
    if (kind == inversion::closed) {
      std::erase_if(elements_, [](const permutation& g) { return g.inverse() < g; });
    }
    for (std::uint32_t i = 0; i < elements_.size(); ++i) {
      check();
      index_.emplace(packed(elements_[i]), i);
      if (kind == inversion::closed) index_.emplace(packed(elements_[i].inverse()), i);
    }
  }

  const std::vector<permutation>& elements() const noexcept { return elements_; }

  /// The first element of each orbit under relabelling by the group that the symmetries generate.
  std::vector<std::uint32_t> representatives(const std::vector<permutation>& symmetries) const {
    std::vector<std::uint32_t> out, queue;
    std::vector<char> seen(elements_.size(), 0);
    now_and_then check(checkpoint_, elements_between_checks);
    for (std::uint32_t i = 0; i < elements_.size(); ++i) {
      if (seen[i]) continue;
      seen[i] = 1;
      out.push_back(i);
      queue.assign(1, i);
      while (!queue.empty()) {
        check();
        const auto at = queue.back();
        queue.pop_back();
        for (const auto& z : symmetries) {
          const auto image = index_.at(packed_relabelled(elements_[at], z));
          if (!std::exchange(seen[image], 1)) queue.push_back(image);
        }
      }
    }
    return out;
  }

 private:
  const std::function<void()>& checkpoint_;
  std::vector<permutation> elements_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;
};

/// Numbers of one stream of Philox.
class random_numbers {
 public:
  random_numbers(std::uint64_t seed, std::uint64_t number) : key_(kernels::philox_key_of(seed)), number_(number) {}

  std::uint32_t below(std::size_t bound) {
    return kernels::uniform_below(static_cast<std::uint32_t>(bound), [this] { return next(); });
  }
  /// Below a bound of any size.
  mpz_class below(const mpz_class& bound) {
    const std::size_t bits = mpz_sizeinbase(bound.get_mpz_t(), 2);
    for (;;) {
      mpz_class value = 0;
      for (std::size_t i = 0; i < bits; i += 32) value = (value << 32) + next();
      value >>= (bits + 31) / 32 * 32 - bits;
      if (value < bound) return value;
    }
  }

 private:
  std::uint32_t next() {
    if (left_ == 0) {
      block_ = kernels::philox4x32({counter_++, 0, static_cast<std::uint32_t>(number_), static_cast<std::uint32_t>(number_ >> 32)}, key_);
      left_ = 4;
    }
    return block_[--left_];
  }

  kernels::philox_key key_;
  std::uint64_t number_;
  std::uint32_t counter_ = 0;
  kernels::philox_block block_{};
  std::size_t left_ = 0;
};

std::vector<point> shuffled(std::size_t n, random_numbers& random) {
  std::vector<point> out(n);
  std::iota(out.begin(), out.end(), point{0});
  for (std::size_t i = n; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

permutation random_element(const permutation_class& c, std::size_t degree, random_numbers& random) {
  std::vector<point> points = shuffled(degree, random);
  if (c.which == permutation_class::kind::all) return permutation(std::span<const point>(points));
  if (c.which == permutation_class::kind::even || c.which == permutation_class::kind::odd) {
    const permutation p{std::span<const point>(points)};
    if (is_even(p) == (c.which == permutation_class::kind::even)) return p;
    return p * groups::transposition(degree, 0, 1);
  }
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  if (c.which == permutation_class::kind::cycle_type) {
    std::size_t at = 0;
    for (const auto length : c.cycles) {
      for (std::size_t i = 0; i < length; ++i) images[points[at + i]] = points[at + (i + 1) % length];
      at += length;
    }
    return permutation(std::span<const point>(images));
  }
  const auto counts = involution_counts(degree);
  for (std::size_t left = degree; left > 1;) {  // in a random order of points, the next is fixed or goes with the one after it
    if (random.below(counts[left]) < counts[left - 1]) {
      --left;
    } else {
      std::swap(images[points[left - 1]], images[points[left - 2]]);
      left -= 2;
    }
  }
  return permutation(std::span<const point>(images));
}

}  // namespace

bool is_even(const permutation& p) { return (p.degree() - cycle_type(p).size()) % 2 == 0; }

bool is_in(const permutation& p, const permutation_class& c) {
  if (p.is_identity()) return false;
  switch (c.which) {
    case permutation_class::kind::all:
      return true;
    case permutation_class::kind::involutions:
      return (p * p).is_identity();
    case permutation_class::kind::even:
      return is_even(p);
    case permutation_class::kind::odd:
      return !is_even(p);
    case permutation_class::kind::cycle_type: {
      auto type = cycle_type(p);
      while (!type.empty() && type.back() == 1) type.pop_back();
      return type == c.cycles;
    }
  }
  return false;
}

permutation_class parse_class(std::string_view text, std::size_t degree) {
  using kind = permutation_class::kind;
  if (text == "all") return {};
  if (text == "involutions") return {kind::involutions, {}};
  if (text == "transpositions") return {kind::cycle_type, {2}};
  if (text == "even") return {kind::even, {}};
  if (text == "odd") return {kind::odd, {}};
  permutation_class out{kind::cycle_type, {}};
  std::size_t moved = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    std::size_t length = 0;
    const auto [stop, status] = std::from_chars(text.data() + at, text.data() + end, length);
    if (status != std::errc{} || stop != text.data() + end || length < 1 || length > degree) {
      throw parse_error(fmt::format("'{}': expected all, involutions, transpositions, even, odd, or cycle lengths up to {} such as 3,2", text, degree));
    }
    if (length > 1) out.cycles.push_back(length);
    moved += length;
    at = end + 1;
  }
  if (moved > degree) throw parse_error(fmt::format("cycles of {} points in all; there are {}", moved, degree));
  if (out.cycles.empty()) throw parse_error("the identity alone: give a cycle length above 1");
  std::sort(out.cycles.rbegin(), out.cycles.rend());
  return out;
}

std::string to_string(const permutation_class& c) {
  switch (c.which) {
    case permutation_class::kind::all:
      return "all";
    case permutation_class::kind::involutions:
      return "involutions";
    case permutation_class::kind::even:
      return "even";
    case permutation_class::kind::odd:
      return "odd";
    case permutation_class::kind::cycle_type:
      break;
  }
  if (c.cycles == std::vector<std::size_t>{2}) return "transpositions";
  return fmt::format("{}", fmt::join(c.cycles, ","));
}

struct random_stream::state {
  random_numbers numbers;
};
random_stream::random_stream(std::uint64_t seed, std::uint64_t stream) : state_(new state{random_numbers(seed, stream)}) {}
random_stream::~random_stream() = default;
std::size_t random_stream::below(std::size_t bound) { return state_->numbers.below(bound); }
permutation random_stream::element(const permutation_class& c, std::size_t degree) { return random_element(c, degree, state_->numbers); }

std::uint64_t class_size(const permutation_class& c, std::size_t degree) {
  mpz_class size;
  if (c.which == permutation_class::kind::all) {
    size = factorial(degree) - 1;
  } else if (c.which == permutation_class::kind::involutions) {
    size = involution_counts(degree).at(degree) - 1;
  } else if (c.which == permutation_class::kind::even || c.which == permutation_class::kind::odd) {
    size = degree < 2 ? mpz_class(0) : mpz_class(factorial(degree) / 2 - (c.which == permutation_class::kind::even ? 1 : 0));
  } else {
    const std::size_t moved = std::accumulate(c.cycles.begin(), c.cycles.end(), std::size_t{0});
    if (moved > degree) return 0;
    mpz_class centralizer = factorial(degree - moved);
    for (std::size_t i = 0, same = 0; i < c.cycles.size(); ++i) {
      same = i > 0 && c.cycles[i] == c.cycles[i - 1] ? same + 1 : 1;
      centralizer *= static_cast<unsigned long>(c.cycles[i] * same);
    }
    size = factorial(degree) / centralizer;
  }
  const mpz_class most = mpz_class(1) << 63;
  return size > most ? std::uint64_t{1} << 63 : size.get_ui();
}

std::vector<permutation> class_elements(const permutation_class& c, std::size_t degree, const std::function<void()>& checkpoint) {
  if (degree > max_subset_degree) throw domain_error(fmt::format("degree {}: subsets are enumerated up to degree {}; random ones have any degree", degree, max_subset_degree));
  const auto size = class_size(c, degree);
  if (size > max_class_size) {
    throw resource_error(fmt::format("a class of {} permutations of {} points: at most {} are enumerated; take a cycle type, or random subsets", size, degree, max_class_size));
  }
  std::vector<permutation> out;
  if (size == 0) return out;
  out.reserve(size);
  now_and_then check(checkpoint, elements_between_checks);
  if (c.which == permutation_class::kind::cycle_type && c.cycles.front() > 2) {  // by conjugation: all arrangements would be too many
    random_numbers fixed(0, 0);
    const auto first = random_element(c, degree, fixed);
    std::unordered_set<permutation> seen{first};
    out.push_back(first);
    for (std::size_t i = 0; i < out.size(); ++i) {
      check();
      for (std::size_t j = 1; j < degree; ++j) {
        const auto swap = groups::transposition(degree, static_cast<point>(j - 1), static_cast<point>(j));
        auto image = swap * out[i] * swap;
        if (seen.insert(image).second) out.push_back(std::move(image));
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<point> images(degree);
  std::vector<char> used(degree, 0);
  extend(c, images, used, 0, out, check);
  return out;
}

std::vector<canonical_set> subset_orbits(const permutation_class& c, std::size_t degree, std::size_t size, inversion kind, std::size_t most,
                                         const std::function<void()>& checkpoint) {
  const candidates all(c, degree, kind, checkpoint);
  now_and_then check(checkpoint, forms_between_checks);
  std::vector<canonical_set> level{canonical_form({}, degree, kind)};
  for (std::size_t k = 1; k <= size; ++k) {
    std::unordered_map<std::string, canonical_set> next;
    for (const auto& smaller : level) {
      if (checkpoint) checkpoint();
      // Of elements without their inverses: a set may be closed by chance, and then holds both of a pair.
      auto chosen = kind == inversion::closed ? smaller.generators : smaller.all_generators();
      const std::unordered_set<permutation> taken(chosen.begin(), chosen.end());
      const auto symmetries = k == 1 ? std::vector<permutation>{} : set_symmetries(chosen, degree, kind);
      std::vector<permutation> whole;  // of the empty set: S_n, by adjacent transpositions
      for (std::size_t j = 1; k == 1 && j < degree; ++j) whole.push_back(groups::transposition(degree, static_cast<point>(j - 1), static_cast<point>(j)));
      for (const auto i : all.representatives(k == 1 ? whole : symmetries)) {
        check();
        const auto& g = all.elements()[i];
        if (taken.contains(g) || (kind == inversion::closed && taken.contains(g.inverse()))) continue;
        chosen.push_back(g);
        auto set = canonical_form(chosen, degree, kind);
        chosen.pop_back();
        auto key = set.key;
        next.try_emplace(std::move(key), std::move(set));
        if (next.size() > most) throw resource_error(fmt::format("more than {} subsets up to relabelling: take a smaller degree, size or class, or allow more memory", most));
      }
    }
    level.clear();
    for (auto& [key, set] : next) level.push_back(std::move(set));
    std::sort(level.begin(), level.end(), [](const canonical_set& a, const canonical_set& b) { return a.key < b.key; });
  }
  return level;
}

std::vector<permutation> random_subset(const permutation_class& c, std::size_t degree, std::size_t size, std::uint64_t seed, std::uint64_t number) {
  if (class_size(c, degree) < size) throw domain_error(fmt::format("the class has {} permutations of {} points, fewer than {}", class_size(c, degree), degree, size));
  random_numbers random(seed, number);
  std::vector<permutation> out;
  while (out.size() < size) {
    auto g = random_element(c, degree, random);
    if (!g.is_identity() && std::find(out.begin(), out.end(), g) == out.end()) out.push_back(std::move(g));
  }
  return out;
}

}  // namespace cosetta::conjecture
