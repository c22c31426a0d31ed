#include <search/tower_states.hpp>

#include <algorithm>

namespace cosetta::search {

using groups::permutation;

std::vector<graphs::state> states_at(const coset_tower& tower, const graphs::state& central, std::uint64_t index) {
  const auto at = tower.address_of(index);
  const auto x = tower.element(at);
  std::vector<permutation> elements;
  for (const auto& w : tower.design().symmetries) {
    auto y = w.inverse() * x * w;
    if (tower.locate(y) != at) continue;
    if (std::ranges::find(elements, y) == elements.end()) elements.push_back(std::move(y));
  }
  std::vector<graphs::state> out;
  for (const auto& y : elements) {
    graphs::state s(central.size());
    for (std::size_t i = 0; i < s.size(); ++i) s[i] = central[y[i]];
    out.push_back(std::move(s));
  }
  return out;
}

std::optional<std::uint64_t> index_of_state(const coset_tower& tower, const graphs::state& central, const graphs::state& s) {
  const auto& group = tower.design().group;
  const auto& chain = group.chain();
  if (s.size() != central.size()) return std::nullopt;
  // The element g with s[i] = central[g[i]], image by image of the base.
  std::optional<permutation> found;
  const auto descend = [&](const auto& self, std::size_t level, const permutation& product) -> bool {
    if (level == chain.length()) {
      for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] != central[product[i]]) return false;
      }
      found = product;
      return true;
    }
    while (level < chain.length() && chain.orbit(level).size() == 1) ++level;  // there may be very many of these
    if (level == chain.length()) return self(self, level, product);
    for (std::size_t d = 0; d < chain.orbit(level).size(); ++d) {
      if (central[product[chain.orbit(level)[d]]] != s[chain.base()[level]]) continue;
      if (self(self, level + 1, chain.transversal(level, d) * product)) return true;
    }
    return false;
  };
  if (!descend(descend, 0, permutation(group.degree()))) return std::nullopt;
  return tower.index_of(tower.locate(*found));
}

}  // namespace cosetta::search
