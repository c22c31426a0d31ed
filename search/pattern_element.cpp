#include <groups/backtrack.hpp>
#include <search/pattern_element.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace cosetta::search {

namespace {

using places = std::vector<groups::point>;

/// The places of each label, the fewest first, the label with most places left out: it is where the others are not.
std::vector<std::pair<std::uint64_t, places>> classes(const graphs::state& s) {
  std::map<std::uint64_t, places> by_label;
  for (std::size_t i = 0; i < s.size(); ++i) by_label[s[i]].push_back(static_cast<groups::point>(i));
  std::vector<std::pair<std::uint64_t, places>> out(by_label.begin(), by_label.end());
  std::ranges::stable_sort(out, {}, [](const auto& c) { return c.second.size(); });
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

std::optional<groups::permutation> element_between(const groups::permutation_group& group, const graphs::state& from, const graphs::state& to) {
  auto left = group;  // fixes the places of the labels so far in `from`
  groups::permutation h(from.size());
  for (const auto& [label, at] : classes(to)) {
    places here, there;
    for (const auto i : at) here.push_back(h[i]);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] == label) there.push_back(static_cast<groups::point>(i));
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

bool is_fixed_by_identity_alone(const groups::permutation_group& group, const graphs::state& s) {
  auto left = group;
  for (const auto& c : classes(s)) {
    if (left.order() == 1) return true;
    left = groups::set_stabilizer(left, c.second);
  }
  return left.order() == 1;
}

}  // namespace cosetta::search
