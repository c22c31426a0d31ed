#include <search/subgroup_chain.hpp>
#include <search/subgroup_choice.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cosetta::search {

namespace {

using groups::permutation;

constexpr std::size_t dearest_move = 60;  // letters of a power that stands for a move

std::vector<permutation> elements_of(const std::vector<step_move>& moves) {
  std::vector<permutation> out;
  for (const auto& m : moves) out.push_back(m.element);
  return out;
}

/// One candidate for the next subgroup, with its moves.
struct next_group {
  const subgroup_candidate* candidate;
  std::vector<step_move> moves;
  double length;  // to be expected of the words of both steps
};

class chooser {
 public:
  chooser(const chain_wishes& wishes, const run_context& context) : wishes_(wishes), context_(context) {}

  /// Exactly so many steps.
  std::optional<std::vector<chain_stage>> choose(std::vector<step_move> moves, const mpz_class& order, std::size_t steps) {
    if (order.get_d() > std::pow(wishes_.largest_step, static_cast<double>(steps))) return std::nullopt;
    if (steps == 1) return last(std::move(moves), order);
    std::vector<chain_stage> out;
    groups::group_control control{context_.stop, context_.deadline, {}};
    const auto candidates = subgroup_candidates(elements_of(moves), {}, control);
    std::size_t tries = 0;
    for (auto& next : ranked(candidates, moves, order, steps)) {
      if (++tries > wishes_.tries || ++all_tries_ > wishes_.all_tries) break;
      const mpz_class index = order / next.candidate->order;
      auto coordinates = separating_coordinates(elements_of(moves), next.candidate->colours, index, wishes_.coordinates, context_);
      if (!coordinates) continue;
      auto rest = choose(std::move(next.moves), next.candidate->order, steps - 1);
      if (!rest) continue;
      for (const auto m : next.candidate->moves) moves[m].inside = true;
      out.push_back({next.candidate->colours, index, step_search(std::move(moves), std::move(*coordinates), wishes_.coordinates.table, context_)});
      for (auto& stage : *rest) out.push_back(std::move(stage));
      return out;
    }
    return std::nullopt;
  }

 private:
  /// Into the trivial group.
  std::optional<std::vector<chain_stage>> last(std::vector<step_move> moves, const mpz_class& order) {
    if (order == 1) return std::nullopt;
    std::vector<std::uint32_t> labels(moves.front().element.degree());
    std::iota(labels.begin(), labels.end(), 0U);
    auto coordinates = separating_coordinates(elements_of(moves), labels, order, wishes_.coordinates, context_);
    if (!coordinates) return std::nullopt;
    std::vector<chain_stage> out;
    out.push_back({std::move(labels), order, step_search(std::move(moves), std::move(*coordinates), wishes_.coordinates.table, context_)});
    return out;
  }

  std::vector<next_group> ranked(const std::vector<subgroup_candidate>& candidates, const std::vector<step_move>& moves, const mpz_class& order, std::size_t steps) const {
    std::vector<next_group> out;
    const auto elements = elements_of(moves);
    const double growth = std::log(std::max(branching(moves), 1.05));
    for (const auto& c : candidates) {
      if (c.order == 1 || mpz_class(order / c.order).get_d() > wishes_.largest_step) continue;
      if (c.order.get_d() > std::pow(wishes_.largest_step, static_cast<double>(steps - 1))) continue;
      if (most_cosets(elements, c.colours) < order / c.order) continue;
      auto inner = moves_of(c, moves);
      if (!inner) continue;
      const double slower = std::log(std::max(branching(*inner), 1.05));
      const double length = std::log(mpz_class(order / c.order).get_d()) / growth + std::log(c.order.get_d()) / slower;
      out.push_back({&c, std::move(*inner), length});
    }
    std::ranges::stable_sort(out, {}, &next_group::length);
    return out;
  }

  /// The moves in the subgroup, and the powers that generate it where these are no moves.
  static std::optional<std::vector<step_move>> moves_of(const subgroup_candidate& c, const std::vector<step_move>& moves) {
    std::vector<step_move> out;
    for (const auto m : c.moves) out.push_back({moves[m].element, moves[m].word, false});
    const auto add = [&](const permutation& element, const std::vector<std::size_t>& letter, std::uint32_t times) {
      if (std::ranges::any_of(out, [&](const step_move& m) { return m.element == element; })) return true;
      if (times * letter.size() > dearest_move) return false;
      std::vector<std::size_t> word;
      for (std::uint32_t i = 0; i < times; ++i) word.insert(word.end(), letter.begin(), letter.end());
      out.push_back({element, std::move(word), false});
      return true;
    };
    for (std::size_t i = 0; i < c.parts.size(); ++i) {
      const auto [generator, exponent] = c.parts[i];
      if (!add(c.generators[i], moves[generator].word, exponent)) return std::nullopt;
      const auto inverse = moves[generator].element.inverse();
      const auto at = std::ranges::find(moves, inverse, &step_move::element);
      if (at != moves.end() && !add(c.generators[i].inverse(), at->word, exponent)) return std::nullopt;
    }
    return out;
  }

  const chain_wishes& wishes_;
  const run_context& context_;
  std::size_t all_tries_ = 0;
};

}  // namespace

std::optional<std::vector<chain_stage>> choose_chain(const groups::permutation_group& group, const chain_wishes& wishes, const run_context& context) {
  std::vector<step_move> moves;
  for (std::size_t g = 0; g < group.generators().size(); ++g) {
    const auto& p = group.generators()[g];
    if (p.is_identity() || std::ranges::find(moves, p, &step_move::element) != moves.end()) continue;
    moves.push_back({p, {g}, false});
  }
  if (moves.empty()) return std::nullopt;
  chooser c(wishes, context);
  for (std::size_t steps = 1; steps <= wishes.steps; ++steps) {
    if (auto out = c.choose(moves, group.order(), steps)) return out;
  }
  return std::nullopt;
}

}  // namespace cosetta::search
