#include <kernels/error.hpp>
#include <tools/conjecture/canonical_set.hpp>
#include <tools/conjecture/tuple_labelling.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

using groups::permutation;
using groups::point;
using images = tuple_labelling::images;

/// Beyond this many elements the invariants of pairs alone would cost too much.
constexpr std::size_t most_elements = 64;
/// So few are put in all orders: their invariants would cost more.
constexpr std::size_t few_elements = 3;

struct element {
  images forward, backward;
  bool involution = false;
};

/// The distinct elements other than the identity; of a closed set the lesser of each inverse pair.
struct reduced_set {
  bool closed = false;
  std::vector<permutation> elements;
};

reduced_set reduce(std::span<const permutation> generators, inversion kind) {
  reduced_set out;
  for (const auto& g : generators) {
    if (!g.is_identity()) out.elements.push_back(g);
  }
  const auto unique = [&] {
    std::sort(out.elements.begin(), out.elements.end());
    out.elements.erase(std::unique(out.elements.begin(), out.elements.end()), out.elements.end());
  };
  unique();
  out.closed = kind == inversion::closed || std::all_of(out.elements.begin(), out.elements.end(), [&](const permutation& g) {
                 return std::binary_search(out.elements.begin(), out.elements.end(), g.inverse());
               });
  if (!out.closed) return out;
  for (auto& g : out.elements) g = std::min(g, g.inverse());
  unique();
  return out;
}

/// Numbers 0, 1, ... for the distinct values in ascending order: they depend on the values alone.
template <class Value>
std::vector<std::uint32_t> ranks(const std::vector<Value>& values) {
  std::map<Value, std::uint32_t> rank;
  for (const auto& v : values) rank.emplace(v, 0);
  std::uint32_t next = 0;
  for (auto& [value, r] : rank) r = next++;
  std::vector<std::uint32_t> out;
  for (const auto& v : values) out.push_back(rank.at(v));
  return out;
}

/// Goes through the orders of the elements that agree with their invariants, and the choices of inverses.
class form_search {
 public:
  form_search(const reduced_set& set, std::size_t degree, std::uint64_t effort) : closed_(set.closed), degree_(degree) {
    for (const auto& g : set.elements) {
      const auto back = g.inverse();
      elements_.push_back({g.images(), back.images(), g == back});
    }
    const std::uint64_t n = std::max<std::uint64_t>(degree, 1), k = std::max<std::size_t>(elements_.size(), 1);
    if (n > (std::uint64_t{1} << 20) || k > most_elements || n * n * k > effort) return;
    runs_left_ = effort / (n * n * k);
    invariants(set);
    std::vector<std::uint32_t> colours = types_;
    complete_ = descend(std::move(colours));
  }

  /// False where the effort was not enough.
  bool is_complete() const noexcept { return complete_; }
  const std::vector<point>& order() const noexcept { return best_order_; }
  const std::vector<const images*>& tuple() const noexcept { return best_tuple_; }

  /// Relabellings that keep the set: those between tuples that look the same, and those that keep the best tuple.
  std::vector<permutation> symmetries() {
    std::vector<permutation> out;
    for (const auto& order : ties_) {
      images z(degree_);
      for (std::size_t i = 0; i < degree_; ++i) z[best_order_[i]] = order[i];
      out.emplace_back(std::span<const point>(z));
    }
    labelling_.run(best_tuple_, degree_);
    for (const auto& z : labelling_.centralizer(best_tuple_)) out.emplace_back(std::span<const point>(z));
    return out;
  }

 private:
  /// Cycle types of the elements and of the products of pairs; neither changes when an element of a closed set is inverted.
  void invariants(const reduced_set& set) {
    std::vector<std::vector<std::size_t>> types;
    for (const auto& g : set.elements) types.push_back(cycle_type(g));
    types_ = ranks(types);
    const std::size_t k = elements_.size();
    if (k <= few_elements) return;
    std::vector<std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> pairs;
    for (const auto& a : set.elements) {
      for (const auto& b : set.elements) {
        auto x = cycle_type(a * b), y = cycle_type(a * b.inverse());
        if (y < x) std::swap(x, y);
        pairs.emplace_back(std::move(x), std::move(y));
      }
    }
    pairs_ = ranks(pairs);
  }

  /// Splits classes of elements by what they see of the others, until nothing splits.
  void refine(std::vector<std::uint32_t>& colours) const {
    if (pairs_.empty()) return;
    const std::size_t k = elements_.size();
    for (std::size_t classes = 0;;) {
      using view = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
      std::vector<std::pair<std::uint32_t, view>> views(k);
      for (std::size_t i = 0; i < k; ++i) {
        views[i].first = colours[i];
        for (std::size_t j = 0; j < k; ++j) views[i].second.emplace_back(colours[j], pairs_[i * k + j]);
        std::sort(views[i].second.begin(), views[i].second.end());
      }
      colours = ranks(views);
      const std::size_t now = *std::max_element(colours.begin(), colours.end()) + std::size_t{1};
      if (now == classes) return;
      classes = now;
    }
  }

  /// False where the effort is spent.
  bool descend(std::vector<std::uint32_t> colours) {
    const std::size_t k = elements_.size();
    if (k > 0) refine(colours);
    std::vector<std::size_t> order(k);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return colours[a] < colours[b]; });
    for (std::size_t i = 1; i < k; ++i) {
      if (colours[order[i - 1]] != colours[order[i]]) continue;
      const auto shared = colours[order[i]];  // one of this class goes first, each in turn
      for (const std::size_t first : order) {
        if (colours[first] != shared) continue;
        std::vector<std::uint32_t> next(k);
        for (std::size_t j = 0; j < k; ++j) next[j] = 2 * colours[j] + (colours[j] == shared && j != first ? 1 : 0);
        if (!descend(std::move(next))) return false;
      }
      return true;
    }
    return leaf(order);
  }

  bool leaf(const std::vector<std::size_t>& order) {
    std::vector<std::size_t> choices;  // places whose element may be inverted
    std::vector<const images*> tuple;
    for (std::size_t i = 0; i < order.size(); ++i) {
      tuple.push_back(&elements_[order[i]].forward);
      if (closed_ && !elements_[order[i]].involution) choices.push_back(i);
    }
    if (choices.size() > 40 || (std::uint64_t{1} << choices.size()) > runs_left_) return false;
    runs_left_ -= std::uint64_t{1} << choices.size();
    for (std::uint64_t chosen = 0; chosen < std::uint64_t{1} << choices.size(); ++chosen) {
      for (std::size_t c = 0; c < choices.size(); ++c) {
        const auto& e = elements_[order[choices[c]]];
        tuple[choices[c]] = (chosen >> c & 1) != 0 ? &e.backward : &e.forward;
      }
      labelling_.run(tuple, degree_);
      if (has_best_) {
        if (labelling_.form() > best_form_) continue;
        if (labelling_.form() == best_form_) {
          ties_.push_back(labelling_.order());
          continue;
        }
      }
      has_best_ = true;
      ties_.clear();
      best_form_ = labelling_.form();
      best_order_ = labelling_.order();
      best_tuple_ = tuple;
    }
    return true;
  }

  bool closed_;
  std::size_t degree_;
  std::vector<element> elements_;
  std::vector<std::uint32_t> types_, pairs_;
  std::uint64_t runs_left_ = 0;
  bool complete_ = false;
  tuple_labelling labelling_;
  bool has_best_ = false;
  std::vector<point> best_form_, best_order_;
  std::vector<const images*> best_tuple_;
  std::vector<std::vector<point>> ties_;
};

std::string key_text(const canonical_set& set) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string out = fmt::format("{}{}{}:", set.identified ? "" : "=", set.inverse_closed ? 'u' : 'd', set.degree);
  for (std::size_t j = 0; j < set.generators.size(); ++j) {
    if (j > 0) out += ',';
    for (std::size_t i = 0; i < set.degree; ++i) {
      if (set.degree <= digits.size()) {
        out += digits[set.generators[j][i]];
      } else {
        out += fmt::format("{}{}", i == 0 ? "" : ".", set.generators[j][i]);
      }
    }
  }
  return out;
}

}  // namespace

std::vector<permutation> canonical_set::all_generators() const {
  auto out = generators;
  if (!inverse_closed) return out;
  for (const auto& g : generators) {
    if (auto back = g.inverse(); back != g) out.push_back(std::move(back));
  }
  return out;
}

canonical_set canonical_form(std::span<const permutation> generators, std::size_t degree, inversion kind, std::uint64_t effort) {
  auto set = reduce(generators, kind);
  canonical_set out;
  out.degree = degree;
  out.inverse_closed = set.closed;
  out.relabelling.resize(degree);
  const form_search search(set, degree, effort);
  out.identified = search.is_complete();
  if (out.identified) {
    for (std::size_t i = 0; i < degree; ++i) out.relabelling[search.order()[i]] = static_cast<point>(i);
    for (const auto* g : search.tuple()) {
      images canonical(degree);
      for (std::size_t i = 0; i < degree; ++i) canonical[i] = out.relabelling[(*g)[search.order()[i]]];
      out.generators.emplace_back(std::span<const point>(canonical));
    }
  } else {
    std::iota(out.relabelling.begin(), out.relabelling.end(), point{0});
    out.generators = std::move(set.elements);
  }
  out.key = key_text(out);
  return out;
}

std::vector<permutation> set_symmetries(std::span<const permutation> generators, std::size_t degree, inversion kind, std::uint64_t effort) {
  const auto set = reduce(generators, kind);
  form_search search(set, degree, effort);
  if (!search.is_complete()) {
    throw resource_error(fmt::format("{} generators of degree {}: their symmetries take too many orders to try; take fewer generators", set.elements.size(), degree));
  }
  return search.symmetries();
}

}  // namespace cosetta::conjecture
