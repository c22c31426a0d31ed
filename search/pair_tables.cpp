#include <search/pair_tables.hpp>

#include <algorithm>

namespace cosetta::search {

namespace {

using places = std::vector<std::uint8_t>;

/// The powers of the first generator that is one cycle on all points, the identity first; the identity alone where there is none.
std::vector<places> rotations(const std::vector<places>& generators, std::size_t n) {
  std::vector<places> out(1, places(n));
  for (std::size_t i = 0; i < n; ++i) out[0][i] = static_cast<std::uint8_t>(i);
  for (const auto& g : generators) {
    std::size_t length = 1;
    for (std::size_t i = g[0]; i != 0; i = g[i]) ++length;
    if (length != n || n == 1) continue;
    for (std::size_t k = 1; k < n; ++k) {
      auto next = out.back();
      for (auto& i : next) i = g[i];
      out.push_back(std::move(next));
    }
    return out;
  }
  return out;
}

/// The number of moves that bring two labels to one of the goals, by their places a n + b. `images[g][i]`: where g takes place i.
void fill(const std::vector<std::size_t>& goals, const std::vector<places>& backward, std::size_t n, std::uint8_t* table) {
  std::fill_n(table, n * n, std::uint8_t{255});
  std::vector<std::size_t> queue;
  for (const auto g : goals) {
    if (table[g] == 0) continue;
    table[g] = 0;
    queue.push_back(g);
  }
  for (std::size_t k = 0; k < queue.size(); ++k) {
    const std::size_t a = queue[k] / n, b = queue[k] % n;
    const auto next = static_cast<std::uint8_t>(std::min(254, table[queue[k]] + 1));
    for (const auto& g : backward) {
      const std::size_t before = g[a] * n + g[b];
      if (table[before] != 255) continue;
      table[before] = next;
      queue.push_back(before);
    }
  }
}

}  // namespace

std::optional<pair_tables> pair_tables::make(const graphs::graph_definition& graph, goal to, const run_context& context) {
  pair_tables out;
  const std::size_t n = out.n_ = graph.degree();
  // Generator p takes a label from place p[i] to place i: backwards in time, from place i to place p[i].
  std::vector<places> backward;
  for (const auto& p : graph.permutations()->elements()) {
    auto& g = backward.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i) g[i] = static_cast<std::uint8_t>(p[i]);
  }
  auto turns = rotations(backward, n);
  if (to == goal::rotation && turns.size() == 1) return std::nullopt;
  if (to == goal::home) turns.resize(1);
  // Pairs (v, w) and (z v, z w) have one table; of (v, w) and (w, v) the one whose table came first is taken.
  constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<std::uint32_t> table_of(n * n, none);
  for (std::size_t v = 0; v < n; ++v) {
    for (std::size_t w = v + 1; w < n; ++w) {
      if (table_of[v * n + w] == none && table_of[w * n + v] == none) {
        context.check();
        std::vector<std::size_t> goals;
        for (const auto& z : turns) goals.push_back(z[v] * n + z[w]);
        const auto table = static_cast<std::uint32_t>(out.distances_.size());
        out.distances_.resize(out.distances_.size() + n * n);
        fill(goals, backward, n, out.distances_.data() + table);
        for (const auto pair : goals) table_of[pair] = table;
      }
      const bool forward = table_of[v * n + w] <= table_of[w * n + v];
      const auto first = static_cast<std::uint8_t>(forward ? v : w), second = static_cast<std::uint8_t>(forward ? w : v);
      out.pairs_.push_back({table_of[first * n + second], first, second});
    }
  }
  std::ranges::stable_sort(out.pairs_, {}, &labels::table);
  return out;
}

kernels::pair_sums pair_tables::sums() const {
  std::vector<kernels::pair_sums::pair> pairs;
  for (const auto& p : pairs_) pairs.push_back({p.first, p.second, static_cast<std::uint32_t>(p.table / (n_ * n_))});
  auto entries = distances_;
  std::ranges::replace(entries, std::uint8_t{255}, std::uint8_t{0});
  return {n_, std::move(pairs), entries};
}

unsigned pair_tables::distance(std::size_t v, std::size_t w, std::size_t at_v, std::size_t at_w) const noexcept {
  for (const auto& p : pairs_) {
    if (p.first == v && p.second == w) return distances_[p.table + at_v * n_ + at_w];
    if (p.first == w && p.second == v) return distances_[p.table + at_w * n_ + at_v];
  }
  return 255;
}

}  // namespace cosetta::search
