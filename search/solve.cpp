#include <groups/permutation_group.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>
#include <search/path.hpp>
#include <search/pattern_element.hpp>
#include <search/solve.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using groups::permutation;

constexpr std::size_t longest_word = std::size_t{1} << 22;

/// The same generators around labels that are all different.
graphs::graph_definition cayley_graph(const graphs::graph_definition& graph) {
  graphs::state labels(graph.degree());
  std::iota(labels.begin(), labels.end(), std::uint64_t{0});
  return graph.with_central(std::move(labels));
}

bool has_distinct_labels(const graphs::state& s) {
  auto sorted = s;
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) == sorted.end();
}

run_context within(const run_context& context, const std::optional<std::chrono::duration<double>>& seconds) {
  auto out = context;
  if (!seconds) return out;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(*seconds);
  if (!out.deadline || end < *out.deadline) out.deadline = end;
  return out;
}

}  // namespace

std::string_view to_string(solve_method m) noexcept {
  switch (m) {
    case solve_method::automatic: return "auto";
    case solve_method::two_phase: return "two-phase";
    case solve_method::beam: return "beam";
    case solve_method::chain: break;
  }
  return "chain";
}

std::optional<solve_method> solve_method_from(std::string_view name) noexcept {
  using enum solve_method;
  for (const auto m : {automatic, two_phase, beam, chain}) {
    if (name == to_string(m)) return m;
  }
  return std::nullopt;
}

struct state_solver::state {
  graphs::graph_definition graph, cayley;
  solve_options options;
  groups::permutation_group group;
  std::vector<std::optional<std::size_t>> inverses;
  arrangement_search arrangements;
  solve_method method = solve_method::chain;
  std::string plan;
  std::optional<subgroup_solver> two_phase;
  std::optional<beam_solver> beam;
  mutable std::mutex making;
  mutable std::optional<groups::word_solver> words;  // made when it is needed

  state(const graphs::graph_definition& g, const solve_options& o, const run_context& context)
      : graph(g),
        cayley(cayley_graph(g)),
        options(o),
        group(*g.permutations(), chain_options(context)),
        inverses(g.permutations()->inverse_indices()),
        arrangements(group) {
    choose(context);
  }

  static groups::chain_options chain_options(const run_context& context) {
    groups::chain_options out;
    out.control = control(context);
    return out;
  }
  static groups::group_control control(const run_context& context) { return {context.stop, context.deadline, {}}; }

  void choose(const run_context& context) {
    using enum solve_method;
    const bool trivial = options.method == automatic && graph.degree() < 2;
    const bool by_estimate = options.beam.estimate != beam_estimate::automatic;  // which only beams have
    if (!trivial && ((options.method == automatic && !by_estimate) || options.method == two_phase)) {
      auto steps = options.two_phase;
      // Beams find shorter words in symmetric groups than steps do, unless one step is all.
      if (options.method == automatic && group.giant()) steps.steps = 1;
      this->two_phase = subgroup_solver::make(cayley, steps, context);
      if (this->two_phase) {
        method = solve_method::two_phase;
        plan = this->two_phase->plan();
        return;
      }
      if (options.method == two_phase) {
        throw domain_error(fmt::format("{}: no chain of subgroups was found whose steps are small and whose tables fit the memory budget of {}; --method auto takes another way", graph.spec(),
                                       format_size(context.memory_bytes, std::floor)));
      }
    }
    if (options.method == solve_method::beam || (options.method == automatic && !trivial && (by_estimate || beam_solves(context)))) {
      auto beams = options.beam;
      beams.until_deadline = options.seconds.has_value();
      this->beam.emplace(cayley, beams, context);
      method = solve_method::beam;
      plan = fmt::format("beam of {} states, {}, ball of radius {}", options.beam.width, this->beam->heuristic(), this->beam->ball_radius());
      return;
    }
    method = chain;
    plan = "words along a stabilizer chain";
  }

  /// Symmetric and alternating groups are what sums over pairs are good for. For others a narrow beam tries to find its way home from random
  /// elements, by some 10^8 additions: pieces of several stickers, as puzzles have them, make such sums say little.
  bool beam_solves(const run_context& context) const {
    const std::size_t n = graph.degree();
    if (n > 250) return false;
    if (group.giant()) return true;
    beam_options narrow = options.beam;
    narrow.width = std::min<std::size_t>(narrow.width, 256);
    narrow.ball_states = std::min<std::size_t>(narrow.ball_states, 1U << 12);
    narrow.inverses = false;
    narrow.restarts = 0;
    narrow.max_length = 200'000'000 / (narrow.width * graph.generator_count() * n * n / 2 + 1) + 1;
    std::optional<beam_solver> pilot;
    try {
      pilot.emplace(cayley, narrow, context);
    } catch (const resource_error&) {
      return false;
    }
    std::mt19937_64 random(options.seed);
    std::size_t solved = 0;
    for (int i = 0; i < 2; ++i) {
      auto s = cayley.central();
      for (std::size_t k = 0; k < std::min<std::size_t>(n * n + 50, 4000); ++k) s = cayley.apply(random() % graph.generator_count(), s);
      const auto r = pilot->solve(s, context);
      context.check();
      if (r.found) ++solved;
    }
    return solved > 0;
  }

  /// Some h in the group with goal[i] = from[h[i]], or a result that says why there is none; or one with a word, found on the way.
  std::optional<permutation> element(const graphs::state& from, const graphs::state& goal, const run_context& context, solve_result& out) const {
    auto h = rearrangement(from, goal, false);
    if (!h || from.size() != graph.degree()) throw domain_error("a state holds the labels of the goal, each as often");
    if (has_distinct_labels(goal)) {
      if (group.contains(*h)) return h;
      out.impossible = true;
      return std::nullopt;
    }
    // A near goal; far ones have no need of a long search where steps are short.
    const auto states = two_phase ? std::min<std::uint64_t>(options.pattern_states, 2048) : options.pattern_states;
    auto near = find_near_path(graph, from, goal, states, context);
    context.check();
    if (near.status == path_status::geodesic) {
      out.found = out.geodesic = true;
      out.word = std::move(near.word);
      out.method = "pattern";
      return std::nullopt;
    }
    if (near.status == path_status::no_path) {
      out.impossible = true;
      return std::nullopt;
    }
    if (group.contains(*h)) return h;
    if (const auto other = rearrangement(from, goal, true); other && group.contains(*other)) return other;
    if (!group.giant()) {  // one that fixes points aside, a giant has one of the two
      auto found = arrangements.find(from, goal, options.pattern_states, control(context));
      if (found.element) return found.element;
      out.impossible = found.complete;
    }
    if (!out.impossible) out.reason = fmt::format("no word found within {} states", options.pattern_states);
    return std::nullopt;
  }

  void by_two_phase(const graphs::state& labels, const run_context& context, solve_result& out) const {
    auto r = two_phase->solve(labels, context);
    out.found = r.found, out.geodesic = r.geodesic, out.limit = r.limit;
    out.word = std::move(r.word);
    out.nodes = r.nodes;
    out.method = "two-phase";
  }

  void by_beam(const graphs::state& labels, const run_context& context, solve_result& out) const {
    auto r = beam->solve(labels, within(context, options.seconds));
    out.found = r.found, out.limit = r.limit;
    out.word = std::move(r.word);
    out.levels = r.levels, out.candidates = r.candidates, out.attempts = r.attempts, out.width = r.width, out.improved = r.improved;
    out.method = "beam";
    if (out.limit == limit::time && !context.is_stopped()) out.limit = limit::none;  // the limit of one state
  }

  /// A move that undoes move m, or, where there is none, its power.
  bool append_inverse(std::vector<std::size_t>& word, std::size_t m) const {
    if (inverses[m]) {
      word.push_back(*inverses[m]);
      return true;
    }
    const auto order = groups::order(graph.permutations()->elements()[m]);
    if (order > longest_word - std::min(longest_word, word.size())) return false;
    word.insert(word.end(), order.get_ui() - 1, m);
    return true;
  }

  /// The product l_1 * ... * l_k = h moves points; states are moved by l_k first (docs/conventions.md).
  void by_chain(const permutation& h, const run_context& context, solve_result& out) const {
    {
      const std::lock_guard lock(making);
      if (!words) {
        groups::word_budget budget;
        budget.seed = options.seed;
        budget.memory_bytes = context.memory_bytes / 2;
        words.emplace(group, budget, control(context));
      }
    }
    const auto letters = words->factor(h, groups::word_effort::level(options.effort), control(context));
    out.word.clear();
    for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) {
      const auto m = static_cast<std::size_t>(std::abs(*letter) - 1);
      if (*letter > 0) {
        out.word.push_back(m);
      } else if (!append_inverse(out.word, m)) {
        out.reason = fmt::format("the word would pass {} moves, since no move undoes {}", longest_word, graph.names()[m]);
        return;
      }
    }
    out.found = true;
    out.method = "chain";
  }

  void solve(const graphs::state& from, const graphs::state& goal, const run_context& context, solve_result& out) const {
    const auto h = element(from, goal, context, out);
    if (!h) return;
    graphs::state labels;  // of the Cayley graph
    for (const auto x : h->inverse().images()) labels.push_back(x);
    if (method == solve_method::two_phase) by_two_phase(labels, context, out);
    if (method == solve_method::beam) by_beam(labels, context, out);
    const bool needed = method == solve_method::chain || (options.method == solve_method::automatic && !out.found);
    if (needed && !context.is_stopped()) by_chain(*h, context, out);
    out.geodesic = out.geodesic && has_distinct_labels(goal);  // another arrangement of equal labels may be nearer
  }
};

state_solver::state_solver(const graphs::graph_definition& graph, const solve_options& options, const run_context& context) {
  if (graph.permutations() == nullptr) {
    throw domain_error(fmt::format("{}: words are found for graphs of permutations; cosetta path searches others", graph.spec()));
  }
  state_ = std::make_unique<state>(graph, options, context);
}
state_solver::state_solver(state_solver&&) noexcept = default;
state_solver::~state_solver() = default;

solve_method state_solver::method() const noexcept { return state_->method; }
const std::string& state_solver::plan() const noexcept { return state_->plan; }
const beam_solver* state_solver::beam() const noexcept { return state_->beam ? &*state_->beam : nullptr; }

solve_result state_solver::solve(const graphs::state& from, const run_context& context) const {
  return solve(from, state_->graph.central(), context);
}

solve_result state_solver::solve(const graphs::state& from, const graphs::state& goal, const run_context& context) const {
  const auto start = std::chrono::steady_clock::now();
  solve_result out;
  state_->solve(from, goal, context, out);
  if (const auto most = state_->options.beam.max_length; out.found && most && out.word.size() > *most) {
    out.found = out.geodesic = false;
    out.word.clear();
    out.limit = limit::depth;
  }
  auto s = from;
  for (const auto g : out.word) s = state_->graph.apply(g, s);
  if (out.found && s != goal) throw error("a word does not lead to the goal: this is a defect, please report it");
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace cosetta::search
