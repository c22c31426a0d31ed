#include <search/arrangement.hpp>

#include <algorithm>
#include <unordered_map>

namespace cosetta::search {

using groups::permutation;
using groups::point;

std::optional<permutation> rearrangement(const graphs::state& from, const graphs::state& goal, bool exchanged) {
  if (from.size() != goal.size()) return std::nullopt;
  std::unordered_map<std::uint64_t, std::vector<point>> places;
  for (std::size_t i = from.size(); i-- > 0;) places[from[i]].push_back(static_cast<point>(i));
  std::vector<point> images(goal.size());
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < goal.size(); ++i) {
    auto& open = places[goal[i]];
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

arrangement_search::answer arrangement_search::find(const graphs::state& from, const graphs::state& goal, std::uint64_t limit,
                                                    const groups::group_control& control) const {
  const auto& levels = fixed();
  const auto& chain = group_.chain();
  std::uint64_t tried = 0;
  answer out;
  const auto fits = [&](std::size_t level, const permutation& r) {
    return std::all_of(levels[level].begin(), levels[level].end(), [&](point x) { return from[r[x]] == goal[x]; });
  };
  const auto descend = [&](const auto& self, std::size_t level, const permutation& r) -> bool {
    if (level == chain.length()) {
      out.element = r;
      return true;
    }
    const auto orbit = chain.orbit(level);
    for (std::size_t i = 0; i < orbit.size(); ++i) {
      if (from[r[orbit[i]]] != goal[chain.base()[level]]) continue;
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

namespace {

struct arrival {
  graphs::state from;
  std::size_t move;
};

struct state_hash {
  std::size_t operator()(const graphs::state& s) const noexcept {
    std::size_t h = s.size();
    for (const auto x : s) h = (h ^ x) * 0x9e3779b97f4a7c15ULL, h ^= h >> 29;
    return h;
  }
};

struct search_end {
  std::unordered_map<graphs::state, arrival, state_hash> seen;
  std::vector<graphs::state> layer;
};

std::vector<std::size_t> joined(const search_end& begin, const search_end& end, const graphs::state& from, const graphs::state& middle,
                                const graphs::state& goal) {
  std::vector<std::size_t> out;
  for (graphs::state s = middle; s != from;) {
    const auto& a = begin.seen.at(s);
    out.push_back(a.move);
    s = a.from;
  }
  std::reverse(out.begin(), out.end());
  for (graphs::state s = middle; s != goal;) {
    const auto& a = end.seen.at(s);
    out.push_back(a.move);
    s = a.from;
  }
  return out;
}

}  // namespace

pattern_word search_pattern(const graphs::permutation_set& moves, const graphs::state& from, const graphs::state& goal, std::uint64_t limit,
                            const groups::group_control& control) {
  if (from == goal) return {pattern_word::outcome::found, {}};
  search_end ends[2];
  const graphs::state* starts[2] = {&from, &goal};
  for (int e = 0; e < 2; ++e) ends[e].seen.emplace(*starts[e], arrival{}), ends[e].layer = {*starts[e]};
  for (;;) {
    const int e = ends[0].layer.size() <= ends[1].layer.size() ? 0 : 1;
    auto& here = ends[e];
    std::vector<graphs::state> next;
    for (const auto& s : here.layer) {
      control.check();
      for (std::size_t m = 0; m < moves.size(); ++m) {
        graphs::state t(s.size());
        const auto& p = moves[m];
        for (std::size_t i = 0; i < s.size(); ++i) (e == 0 ? t[i] : t[p[i]]) = e == 0 ? s[p[i]] : s[i];
        if (!here.seen.emplace(t, arrival{s, m}).second) continue;
        if (ends[1 - e].seen.contains(t)) return {pattern_word::outcome::found, joined(ends[0], ends[1], from, t, goal)};
        next.push_back(std::move(t));
      }
      if (here.seen.size() > limit) return {};
    }
    if (next.empty()) return {pattern_word::outcome::none, {}};
    here.layer = std::move(next);
  }
}

}  // namespace cosetta::search
