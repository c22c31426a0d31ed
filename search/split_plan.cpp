// Where a split index serves, and which positions it takes for A.
#include <search/split_sweep.hpp>

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::size_t most_moved = 62;
constexpr unsigned most_row_bits = 22;
constexpr std::uint64_t most_states = std::uint64_t{1} << 40;
constexpr std::uint64_t most_mask_bits = std::uint64_t{1} << 26;     // of one mask in all weights
constexpr std::uint64_t most_program_bits = std::uint64_t{1} << 28;  // of masks for all generators: seconds to build
constexpr std::uint64_t row_bits_wanted = 2048;                      // on average: shorter rows waste their last lines
constexpr double most_cost = 9;  // ns a word and generator: above, a hash table of states is as fast
constexpr std::size_t most_evaluations = 4000;

/// Generators on the positions that any of them moves, renumbered; repetitions and the identity dropped.
struct moved_part {
  std::vector<std::uint32_t> positions;  // of the state, ascending
  std::vector<split_generator> generators;

  explicit moved_part(const graphs::permutation_set& set) {
    const auto& all = set.elements();
    for (std::uint32_t i = 0; i < set[0].degree(); ++i) {
      if (std::any_of(all.begin(), all.end(), [&](const auto& p) { return p[i] != i; })) positions.push_back(i);
    }
  }

  void read_generators(const graphs::permutation_set& set) {
    std::vector<std::uint32_t> number(set[0].degree());
    for (std::uint32_t i = 0; i < positions.size(); ++i) number[positions[i]] = i;
    std::set<split_generator> seen;
    for (const auto& p : set.elements()) {
      if (p.is_identity()) continue;
      split_generator g;
      for (const auto i : positions) g.push_back(number[p[i]]);
      if (seen.insert(g).second) generators.push_back(std::move(g));
    }
  }
};

using ordering = std::vector<std::uint32_t>;

/// The generators where position order[i] has the number i.
std::vector<split_generator> renumbered(const std::vector<split_generator>& generators, const ordering& order) {
  std::vector<std::uint32_t> number(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i]] = i;
  std::vector<split_generator> out;
  for (const auto& g : generators) {
    split_generator h;
    for (const auto position : order) h.push_back(number[g[position]]);
    out.push_back(std::move(h));
  }
  return out;
}

/// Round orders: that of the positions, and those along the cycles of generators with a long cycle.
std::vector<ordering> round_orders(const moved_part& part) {
  const std::size_t n = part.positions.size();
  ordering natural(n);
  std::iota(natural.begin(), natural.end(), 0U);
  std::vector<ordering> out{natural};
  for (const auto& g : part.generators) {
    std::vector<ordering> cycles;
    std::vector<bool> seen(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      ordering cycle;
      for (std::uint32_t j = i; !seen[j]; j = g[j]) {
        seen[j] = true;
        cycle.push_back(j);
      }
      if (!cycle.empty()) cycles.push_back(std::move(cycle));
    }
    std::stable_sort(cycles.begin(), cycles.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    if (2 * cycles.front().size() < n) continue;
    ordering order;
    for (const auto& c : cycles) order.insert(order.end(), c.begin(), c.end());
    if (std::find(out.begin(), out.end(), order) == out.end()) out.push_back(std::move(order));
    if (out.size() == 6) break;
  }
  return out;
}

/// About half of the positions, or more where rows would be short.
unsigned columns_for(unsigned n, unsigned ones) {
  unsigned columns = std::max((n + 1) / 2, n > most_row_bits ? n - most_row_bits : 0);
  for (; columns < n; ++columns) {
    std::uint64_t rows = 0;
    for (unsigned i = 0; i <= n - columns; ++i) {
      if (i <= ones && ones - i <= columns) rows += binomial(static_cast<int>(n - columns), static_cast<int>(i));
    }
    if (binomial(static_cast<int>(n), static_cast<int>(ones)) >= row_bits_wanted * rows) break;
  }
  return columns;
}

struct index_choice {
  ordering order;
  double cost = not_served;  // a word and generator
};

index_choice best_choice(const moved_part& part, unsigned columns, unsigned ones) {
  const std::size_t n = part.positions.size();
  const auto orders = round_orders(part);
  const std::size_t evaluations = orders.size() * n * 2 * part.generators.size();
  const std::size_t stride = std::clamp(evaluations / most_evaluations, std::size_t{1}, n);
  index_choice best;
  for (const auto& round : orders) {
    for (std::size_t start = 0; start < n; start += stride) {
      for (const bool reversed : {false, true}) {
        ordering order = round;
        std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(start), order.end());
        if (reversed) std::reverse(order.begin(), order.begin() + columns);
        double sum = 0;
        const double limit = best.cost * static_cast<double>(part.generators.size());
        for (const auto& g : renumbered(part.generators, order)) {
          if (sum < limit) sum += std::min(not_served, split_moves::cost_of(g, columns, ones).least());
        }
        if (sum < limit) best = {std::move(order), sum / static_cast<double>(part.generators.size())};
      }
    }
  }
  return best;
}

std::optional<split_plan> refuse(std::string* refusal, std::string text) {
  if (refusal != nullptr) *refusal = std::move(text);
  return std::nullopt;
}

}  // namespace

std::optional<split_plan> plan_split(const graphs::graph_definition& graph, const split_options& options,
                                     std::string* refusal) {
  const auto* set = graph.permutations();
  if (set == nullptr) return refuse(refusal, "split: states are matrices");
  const auto& central = graph.central();
  moved_part part(*set);
  const std::size_t n = part.positions.size();
  if (n > most_moved)
    return refuse(refusal, fmt::format("split: {} positions are moved, at most {} are served", n, most_moved));
  const auto labels = two_labels(central, part.positions);
  if (!labels) {
    std::set<std::uint64_t> shown;
    for (const auto position : part.positions) shown.insert(central[position]);
    return refuse(refusal, fmt::format("split: the moved positions show {} labels, not two", shown.size()));
  }
  part.read_generators(*set);
  split_plan plan;
  plan.labels = *labels;
  plan.states = binomial(static_cast<int>(n), static_cast<int>(plan.labels.ones));
  if (plan.states > most_states) return refuse(refusal, fmt::format("split: C({}, {}) states", n, plan.labels.ones));
  const unsigned columns = columns_for(static_cast<unsigned>(n), plan.labels.ones);
  std::uint64_t mask_bits = 0;
  for (unsigned w = 0; w <= std::min(columns, plan.labels.ones); ++w)
    mask_bits += binomial(static_cast<int>(columns), static_cast<int>(w));
  if (mask_bits > most_mask_bits || mask_bits * part.generators.size() > most_program_bits)
    return refuse(refusal, fmt::format("split: rows of {} positions are too long for {} generators", columns,
                                       part.generators.size()));

  plan.index = std::make_shared<const split_index>(columns, static_cast<unsigned>(n) - columns, plan.labels.ones);
  auto best = best_choice(part, columns, plan.labels.ones);
  if (best.cost >= not_served / static_cast<double>(2 * part.generators.size())) {
    return refuse(refusal, "split: a generator permutes the positions too wildly for any order of them that was tried");
  }
  if (best.cost > most_cost) {
    return refuse(refusal,
                  fmt::format("split: {:.1f} ns a word and generator, a hash table takes no longer", best.cost));
  }
  plan.cost = best.cost;
  plan.generators = part.generators.size();
  plan.instructions = options.instructions.value_or(kernels::best_instruction_set());
  plan.threads = options.threads;
  for (const auto i : best.order) plan.positions.push_back(part.positions[i]);
  plan.moves = std::make_shared<const split_moves>(*plan.index, renumbered(part.generators, best.order));
  plan.count_bytes();
  plan.text =
      fmt::format("split index: {} ones on {} positions, {} of them in a row, about {:.1f} ns a word and generator",
                  plan.labels.ones, n, columns, plan.cost);
  return plan;
}

}  // namespace cosetta::search
