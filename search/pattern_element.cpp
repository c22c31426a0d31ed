#include <groups/backtrack.hpp>
#include <search/pattern_element.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cosetta::search {

using groups::permutation;
using groups::permutation_group;
using groups::point;

namespace {

using places = std::vector<point>;

/// The places of each label, the fewest first, the label with most places left out: it is where the others are not.
std::vector<std::pair<std::uint64_t, places>> classes(const graphs::state& s) {
  std::map<std::uint64_t, places> by_label;
  for (std::size_t i = 0; i < s.size(); ++i) by_label[s[i]].push_back(static_cast<point>(i));
  std::vector<std::pair<std::uint64_t, places>> out(by_label.begin(), by_label.end());
  std::ranges::stable_sort(out, {}, [](const auto& c) { return c.second.size(); });
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

std::optional<permutation> element_between(const permutation_group& group, const graphs::state& from, const graphs::state& to) {
  auto left = group;  // fixes the places of the labels so far in `from`
  permutation h(from.size());
  for (const auto& [label, at] : classes(to)) {
    places here, there;
    for (const auto i : at) here.push_back(h[i]);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] == label) there.push_back(static_cast<point>(i));
    }
    if (here.size() != there.size()) return std::nullopt;
    const auto k = groups::set_transporter(left, here, there);
    if (!k) return std::nullopt;
    h = h * *k;
    left = groups::set_stabilizer(left, there);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (to[i] != from[h[i]]) return std::nullopt;  // another label among the most frequent ones
  }
  return h;
}

bool is_fixed_by_identity_alone(const permutation_group& group, const graphs::state& s) {
  auto left = group;
  for (const auto& c : classes(s)) {
    if (left.order() == 1) return true;
    left = groups::set_stabilizer(left, c.second);
  }
  return left.order() == 1;
}

std::optional<permutation> rearrangement(const graphs::state& from, const graphs::state& to, bool exchanged) {
  if (from.size() != to.size()) return std::nullopt;
  std::unordered_map<std::uint64_t, std::vector<point>> places;
  for (std::size_t i = from.size(); i-- > 0;) places[from[i]].push_back(static_cast<point>(i));
  std::vector<point> images(to.size());
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < to.size(); ++i) {
    auto& open = places[to[i]];
    if (open.empty()) return std::nullopt;
    if (exchanged && !first && open.size() > 1) {
      std::swap(open.back(), open[open.size() - 2]);
      first = i;
    }
    images[i] = open.back();
    open.pop_back();
  }
  if (exchanged && !first) return std::nullopt;
  return permutation(images);
}

const std::vector<std::vector<point>>& arrangement_search::fixed() const {
  const std::lock_guard lock(making_);
  if (!fixed_.empty()) return fixed_;
  const auto& chain = group_.chain();
  std::vector<bool> known(chain.degree(), false);
  for (std::size_t level = 0; level <= chain.length(); ++level) {
    const auto generators = chain.strong_generators(level);
    auto& fresh = fixed_.emplace_back();
    for (point x = 0; x < chain.degree(); ++x) {
      if (known[x] || std::any_of(generators.begin(), generators.end(), [x](const auto& g) { return g[x] != x; })) continue;
      known[x] = true;
      fresh.push_back(x);
    }
  }
  return fixed_;
}

arrangement_search::answer arrangement_search::find(const graphs::state& from, const graphs::state& to, std::uint64_t limit,
                                                    const groups::group_control& control) const {
  const auto& levels = fixed();
  const auto& chain = group_.chain();
  std::uint64_t tried = 0;
  answer out;
  const auto fits = [&](std::size_t level, const permutation& r) {
    return std::all_of(levels[level].begin(), levels[level].end(), [&](point x) { return from[r[x]] == to[x]; });
  };
  const auto descend = [&](const auto& self, std::size_t level, const permutation& r) -> bool {
    if (level == chain.length()) {
      out.element = r;
      return true;
    }
    const auto orbit = chain.orbit(level);
    for (std::size_t i = 0; i < orbit.size(); ++i) {
      if (from[r[orbit[i]]] != to[chain.base()[level]]) continue;
      if (++tried > limit) {
        out.complete = false;
        return true;
      }
      if (tried % 1024 == 0) control.check();
      const auto next = chain.transversal(level, i) * r;
      if (fits(level + 1, next) && self(self, level + 1, next)) return true;
    }
    return false;
  };
  const permutation one(chain.degree());
  if (fits(0, one)) descend(descend, 0, one);
  return out;
}

}  // namespace cosetta::search
