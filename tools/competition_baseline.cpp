#include <groups/permutation_group.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>
#include <tools/competition.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::tools {

namespace {

using labels = std::vector<std::uint32_t>;

/// The permutations h with goal[i] = from[h[i]], of which there is one where labels are distinct: equal labels in their order;
/// with `exchanged`, two of them the other way round, which changes the sign. Nothing where the labels differ.
std::optional<groups::permutation> rearrangement(const labels& from, const labels& goal, bool exchanged) {
  std::unordered_map<std::uint32_t, std::vector<groups::point>> places;
  for (std::size_t i = from.size(); i-- > 0;) places[from[i]].push_back(static_cast<groups::point>(i));
  std::vector<groups::point> images(goal.size());
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
  return groups::permutation(images);
}

/// Elements g of a group with from[g[i]] = goal[i] for all i, by their images of the base points: along the chain g = h * r, with h in
/// the stabilizer of the base points so far, and where that fixes x, r[x] is the image. The last points of a piece, and of a puzzle, are so
/// fixed by the others: colours rule a choice out at once, and of pieces that look alike the first that fit are taken. (Backtrack search as
/// in groups/backtrack.hpp, for partitions into colours.)
class arrangement_search {
 public:
  explicit arrangement_search(const groups::stabilizer_chain& chain) : chain_(chain) {
    std::vector<bool> known(chain.degree(), false);
    for (std::size_t level = 0; level <= chain.length(); ++level) {
      const auto generators = chain.strong_generators(level);
      auto& fresh = fixed_.emplace_back();
      for (groups::point x = 0; x < chain.degree(); ++x) {
        if (known[x] || std::any_of(generators.begin(), generators.end(), [x](const auto& g) { return g[x] != x; })) continue;
        known[x] = true;
        fresh.push_back(x);
      }
    }
  }

  struct answer {
    std::optional<groups::permutation> element;
    bool complete = true;  // without an element: there is none
  };
  answer find(const labels& from, const labels& goal, std::uint64_t limit, const groups::group_control& control) const {
    std::uint64_t tried = 0;
    answer out;
    const auto fits = [&](std::size_t level, const groups::permutation& r) {
      return std::all_of(fixed_[level].begin(), fixed_[level].end(), [&](groups::point x) { return from[r[x]] == goal[x]; });
    };
    const auto descend = [&](const auto& self, std::size_t level, const groups::permutation& r) -> bool {
      if (level == chain_.length()) {
        out.element = r;
        return true;
      }
      const auto orbit = chain_.orbit(level);
      for (std::size_t i = 0; i < orbit.size(); ++i) {
        if (from[r[orbit[i]]] != goal[chain_.base()[level]]) continue;
        if (++tried > limit) {
          out.complete = false;
          return true;
        }
        if (tried % 1024 == 0) control.check();
        const auto next = chain_.transversal(level, i) * r;
        if (fits(level + 1, next) && self(self, level + 1, next)) return true;
      }
      return false;
    };
    const groups::permutation one(chain_.degree());
    if (fits(0, one)) descend(descend, 0, one);
    return out;
  }

 private:
  const groups::stabilizer_chain& chain_;
  std::vector<std::vector<groups::point>> fixed_;  // by each stabilizer, and not by the one before
};

/// What one puzzle needs for all of its rows; the tables are made when the first row asks.
class row_solver {
 public:
  row_solver(const puzzle& p, const baseline_options& options, const search::run_context& context)
      : puzzle_(p), options_(options), context_(context), group_(p.moves, chain_options()), inverses_(p.moves.inverse_indices()) {}

  baseline_result solve(const puzzle_row& row, bool may_be_empty) {
    if (row.initial.size() == row.solution.size() && wrong_labels(row, row.initial) <= row.wildcards) return trivial(may_be_empty);
    auto out = solve_exactly(row);
    if (out.what == baseline_result::outcome::impossible && row.wildcards > 0) {
      out = {baseline_result::outcome::limit, {}, "it has no exact solution, and wildcards are not searched"};
    }
    return out;
  }

 private:
  baseline_result solve_exactly(const puzzle_row& row) {
    auto h = rearrangement(row.initial, row.solution, false);
    if (!h) return {baseline_result::outcome::impossible, {}, "the labels are not those of the solution"};
    const auto other = rearrangement(row.initial, row.solution, true);
    if (!other) {  // distinct labels
      if (group_.contains(*h)) return by_group(*h);
      return {baseline_result::outcome::impossible, {}, "no word solves it: the state is not in the group of the moves"};
    }
    auto near = by_search(row);
    if (near.what != baseline_result::outcome::limit) return near;
    for (const auto& p : {*h, *other}) {
      if (group_.contains(p)) return by_group(p);
    }
    if (group_.giant()) return near;  // it has one of the two, unless it fixes points
    if (!arrangements_) arrangements_.emplace(group_.chain());
    const auto found = arrangements_->find(row.initial, row.solution, options_.search_states, control());
    if (found.element) return by_group(*found.element);
    if (found.complete) return {baseline_result::outcome::impossible, {}, "no word solves it: no element of the group arranges the labels so"};
    return near;
  }

  groups::chain_options chain_options() const {
    groups::chain_options out;
    out.control = control();
    return out;
  }
  groups::group_control control() const { return {context_.stop, context_.deadline, {}}; }

  /// A solved row, where the empty word is not valid: a move and its inverse.
  baseline_result trivial(bool may_be_empty) const {
    if (may_be_empty) return {baseline_result::outcome::solved, {}, ""};
    std::vector<std::size_t> word{0};
    append_inverse(word, 0);
    return {baseline_result::outcome::solved, word, ""};
  }

  /// A move that undoes move m, or, where there is none, its power.
  bool append_inverse(std::vector<std::size_t>& word, std::size_t m) const {
    constexpr std::size_t longest = std::size_t{1} << 22;
    if (inverses_[m]) {
      word.push_back(*inverses_[m]);
      return true;
    }
    const auto order = groups::order(puzzle_.moves[m]);
    if (order > longest - std::min(longest, word.size())) return false;
    word.insert(word.end(), order.get_ui() - 1, m);
    return true;
  }

  /// The product l_1 * ... * l_k = h moves points; states are moved by l_k first (docs/conventions.md).
  baseline_result by_group(const groups::permutation& h) {
    if (!words_) {
      groups::word_budget budget;
      budget.seed = options_.seed;
      budget.memory_bytes = context_.memory_bytes / 2;
      words_.emplace(group_, budget, control());
    }
    const auto letters = words_->factor(h, groups::word_effort::level(options_.effort), control());
    baseline_result out{baseline_result::outcome::solved, {}, ""};
    for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) {
      const auto m = static_cast<std::size_t>(std::abs(*letter) - 1);
      if (*letter > 0) {
        out.word.push_back(m);
      } else if (!append_inverse(out.word, m)) {
        return {baseline_result::outcome::limit, {}, fmt::format("the word would pass 4194304 moves, since no move undoes {}", puzzle_.moves.names()[m])};
      }
    }
    return out;
  }

  /// Breadth-first from both ends, the smaller layer first. A side that ends without meeting the other proves that nothing does.
  baseline_result by_search(const puzzle_row& row) const {
    struct arrival {
      labels from;
      std::size_t move;
    };
    struct hash {
      std::size_t operator()(const labels& s) const noexcept {
        std::size_t h = s.size();
        for (const auto x : s) h = (h ^ x) * 0x9e3779b97f4a7c15ULL, h ^= h >> 29;
        return h;
      }
    };
    struct side {
      std::unordered_map<labels, arrival, hash> seen;
      std::vector<labels> layer;
    };
    side ends[2];
    const labels* starts[2] = {&row.initial, &row.solution};
    for (int e = 0; e < 2; ++e) ends[e].seen.emplace(*starts[e], arrival{}), ends[e].layer = {*starts[e]};
    const auto joined = [&](const labels& middle) {
      baseline_result out{baseline_result::outcome::solved, {}, ""};
      for (labels s = middle; s != row.initial;) {
        const auto& a = ends[0].seen.at(s);
        out.word.push_back(a.move);
        s = a.from;
      }
      std::reverse(out.word.begin(), out.word.end());
      for (labels s = middle; s != row.solution;) {
        const auto& a = ends[1].seen.at(s);
        out.word.push_back(a.move);
        s = a.from;
      }
      return out;
    };
    for (;;) {
      context_.check();
      const int e = ends[0].layer.size() <= ends[1].layer.size() ? 0 : 1;
      auto& here = ends[e];
      std::vector<labels> next;
      for (const auto& s : here.layer) {
        for (std::size_t m = 0; m < puzzle_.moves.size(); ++m) {
          labels t(s.size());
          const auto& p = puzzle_.moves[m];
          for (std::size_t i = 0; i < s.size(); ++i) (e == 0 ? t[i] : t[p[i]]) = e == 0 ? s[p[i]] : s[i];
          if (!here.seen.emplace(t, arrival{s, m}).second) continue;
          if (ends[1 - e].seen.contains(t)) return joined(t);
          next.push_back(std::move(t));
        }
        if (here.seen.size() > options_.search_states) {
          return {baseline_result::outcome::limit, {}, fmt::format("no word found within {} states; raise --states", options_.search_states)};
        }
      }
      if (next.empty()) return {baseline_result::outcome::impossible, {}, "no word solves it: the search is exhausted"};
      here.layer = std::move(next);
    }
  }

  const puzzle& puzzle_;
  const baseline_options& options_;
  const search::run_context& context_;
  groups::permutation_group group_;
  std::vector<std::optional<std::size_t>> inverses_;
  std::optional<groups::word_solver> words_;
  std::optional<arrangement_search> arrangements_;
};

}  // namespace

void solve_rows(const competition& c, const baseline_options& options, const search::run_context& context,
                const std::function<void(const puzzle_row&, const baseline_result&)>& visit) {
  std::map<std::string, row_solver> solvers;
  for (const auto& row : c.rows) {
    baseline_result result{baseline_result::outcome::limit, {}, "stopped"};
    try {  // rows that were solved stay, whatever stops the others
      context.check();
      const auto solver = solvers.try_emplace(row.type, c.puzzle_of(row), options, context).first;
      result = solver->second.solve(row, c.format != competition_format::santa2023);
    } catch (const groups::stopped_error&) {
    }
    if (result.what == baseline_result::outcome::solved && wrong_labels(row, moved(c.puzzle_of(row), result.word, row.initial)) > row.wildcards) {
      throw error(fmt::format("{}:{}: the word does not solve the row: this is a defect, please report it", c.test_file, row.line));
    }
    visit(row, result);
  }
}

}  // namespace cosetta::tools
