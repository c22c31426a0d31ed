#include <groups/chain_options.hpp>
#include <search/listed_sweep.hpp>

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace cosetta::search {

namespace {

struct state_hash {
  std::size_t operator()(const graphs::state& s) const noexcept {
    std::uint64_t sum = s.size();
    for (const auto x : s) sum = (std::rotl(sum, 29) ^ x) * 0xd6e8feb86659fd93;
    return sum ^ sum >> 32;
  }
};

}  // namespace

std::optional<listed_numbering> listed_numbering::make(const graphs::graph_definition& graph, const run_context& context) {
  const std::size_t most = std::min(most_states, most_entries / graph.central().size());
  if (graph.known().vertices && *graph.known().vertices > most) return std::nullopt;
  std::unordered_set<graphs::state, state_hash> seen{graph.central()};
  std::vector<const graphs::state*> queue{&*seen.begin()};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (i % 1024 == 0 && context.is_stopped()) throw groups::stopped_error("stopped while the states were listed");
    for (std::size_t g = 0; g < graph.generator_count(); ++g) {
      const auto [at, is_new] = seen.insert(graph.apply(g, *queue[i]));
      if (!is_new) continue;
      if (seen.size() > most) return std::nullopt;
      queue.push_back(&*at);
    }
  }
  std::vector<graphs::state> states;
  states.reserve(seen.size());
  while (!seen.empty()) states.push_back(std::move(seen.extract(seen.begin()).value()));
  std::ranges::sort(states);
  return listed_numbering(std::make_shared<const std::vector<graphs::state>>(std::move(states)));
}

std::optional<std::uint64_t> listed_numbering::index_of(const graphs::state& s) const {
  const auto at = std::ranges::lower_bound(*states_, s);
  if (at == states_->end() || *at != s) return std::nullopt;
  return static_cast<std::uint64_t>(at - states_->begin());
}

std::size_t listed_numbering::bytes() const noexcept {
  return states_->size() * (sizeof(graphs::state) + 16 + 8 * states_->front().size());
}

listed_sweep::listed_sweep(const graphs::graph_definition& graph, listed_numbering numbering)
    : graph_(graph), numbering_(std::move(numbering)) {
  reset();
}

void listed_sweep::reset() {
  ball_.assign(index_size() / 64, 0);
  layer_ = {*index_of(graph_.central())};
  ball_[layer_[0] / 64] = std::uint64_t{1} << layer_[0] % 64;
}

std::optional<std::uint64_t> listed_sweep::advance(parallel_tasks&, const run_context& context, const layer_hooks& hooks) {
  std::vector<std::uint64_t> next, found;
  for (std::size_t i = 0; i < layer_.size(); ++i) {
    if (i % 1024 == 0 && context.is_stopped()) return std::nullopt;
    for (std::size_t g = 0; g < graph_.generator_count(); ++g) {
      const auto at = *index_of(graph_.apply(g, numbering_.states()[layer_[i]]));
      const std::uint64_t bit = std::uint64_t{1} << at % 64;
      if ((ball_[at / 64] & bit) != 0) continue;
      ball_[at / 64] |= bit;
      next.push_back(at);
      hooks.take(at / 64, bit, found);
    }
  }
  if (!found.empty()) hooks.sink->take(found);
  layer_ = std::move(next);
  return layer_.size();
}

static_assert(bit_sweep<listed_sweep>);

}  // namespace cosetta::search
