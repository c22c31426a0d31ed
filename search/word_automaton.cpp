#include <search/word_automaton.hpp>

#include <limits>
#include <queue>
#include <unordered_set>

namespace cosetta::search {

namespace {

struct permutation_hash {
  std::size_t operator()(const groups::permutation& p) const noexcept {
    std::size_t h = 0;
    for (std::size_t i = 0; i < p.degree(); ++i) h = (h ^ p[i]) * 0x9e3779b97f4a7c15 ^ h >> 29;
    return h;
  }
};

/// A tree of words; node 0 is the empty word.
struct word_tree {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::size_t letters;
  std::vector<std::uint32_t> child;
  std::vector<bool> ends;  // a forbidden word ends here

  explicit word_tree(std::size_t n) : letters(n), child(n, none), ends(1, false) {}
  void add(const std::vector<std::uint32_t>& word) {
    std::uint32_t at = 0;
    for (const auto g : word) {
      if (child[at * letters + g] == none) {
        child[at * letters + g] = static_cast<std::uint32_t>(ends.size());
        child.resize(child.size() + letters, none);
        ends.push_back(false);
      }
      at = child[at * letters + g];
    }
    ends[at] = true;
  }
};

}  // namespace

word_automaton::word_automaton(std::span<const groups::permutation> generators, std::size_t most_length, std::size_t most_words)
    : generators_(generators.size()) {
  struct entry {
    groups::permutation element;
    std::vector<std::uint32_t> word;
  };
  // `front`: the words that stay, in their order; every proper factor of a new word must be one of them, or its suffix is forbidden.
  std::unordered_set<groups::permutation, permutation_hash> known{groups::permutation(generators.front().degree())};
  std::vector<entry> front{{*known.begin(), {}}};
  word_tree tree(generators_);
  struct word_hash {
    std::size_t operator()(const std::vector<std::uint32_t>& w) const noexcept {
      std::size_t h = 0;
      for (const auto g : w) h = (h ^ (g + 1)) * 0x9e3779b97f4a7c15 ^ h >> 29;
      return h;
    }
  };
  std::unordered_set<std::vector<std::uint32_t>, word_hash> stay{{}};
  std::size_t multiplied = 0;
  const auto has_room = [&](std::size_t length) { return tree.ends.size() + length < forbidden; };
  for (std::size_t length = 1; length <= most_length && !front.empty() && has_room(length); ++length) {
    if (multiplied + front.size() * generators_ > most_words) break;
    std::vector<entry> next;
    for (const auto& e : front) {
      for (std::uint32_t g = 0; g < generators_; ++g) {
        auto word = e.word;
        word.push_back(g);
        if (!stay.contains({word.begin() + 1, word.end()})) continue;  // its suffix is forbidden already
        ++multiplied;
        // The state after p, then q is q * p (docs/conventions.md); any fixed order tells equal elements.
        auto element = generators[g] * e.element;
        if (!known.insert(element).second) {
          if (has_room(length)) tree.add(word);  // a word that is not forbidden costs time only
          continue;
        }
        stay.insert(word);
        next.push_back({std::move(element), std::move(word)});
      }
    }
    front = std::move(next);
  }
  // Aho-Corasick: nodes that end a word are dropped; none of them is a proper prefix of another word, for those would not be minimal.
  std::vector<std::uint32_t> fail(tree.ends.size(), 0), number(tree.ends.size(), 0);
  std::vector<std::uint32_t> order;
  std::queue<std::uint32_t> queue;
  queue.push(0);
  while (!queue.empty()) {
    const auto at = queue.front();
    queue.pop();
    order.push_back(at);
    for (std::size_t g = 0; g < generators_; ++g) {
      auto& to = tree.child[at * generators_ + g];
      const auto back = at == 0 ? 0 : tree.child[fail[at] * generators_ + g];
      if (to == word_tree::none) {
        to = at == 0 ? 0 : back;
        continue;
      }
      fail[to] = at == 0 ? 0 : back;
      if (tree.ends[fail[to]]) tree.ends[to] = true;
      queue.push(to);
    }
  }
  state count = 0;
  for (const auto at : order) {
    if (!tree.ends[at]) number[at] = count++;
  }
  next_.resize(std::size_t{count} * generators_);
  for (const auto at : order) {
    if (tree.ends[at]) continue;
    for (std::size_t g = 0; g < generators_; ++g) {
      const auto to = tree.child[at * generators_ + g];
      next_[number[at] * generators_ + g] = tree.ends[to] ? forbidden : static_cast<state>(number[to]);
    }
  }
}

double word_automaton::words(std::size_t length) const {
  std::vector<double> here(states(), 0);
  here[start] = 1;
  for (; length > 0; --length) {
    std::vector<double> next(states(), 0);
    for (std::size_t s = 0; s < here.size(); ++s) {
      for (std::size_t g = 0; g < generators_; ++g) {
        if (next_[s * generators_ + g] != forbidden) next[next_[s * generators_ + g]] += here[s];
      }
    }
    here = std::move(next);
  }
  double sum = 0;
  for (const auto x : here) sum += x;
  return sum;
}

}  // namespace cosetta::search
