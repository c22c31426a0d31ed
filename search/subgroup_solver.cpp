#include <groups/generator_symmetry.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/subgroup_chain.hpp>
#include <search/subgroup_choice.hpp>
#include <search/subgroup_solver.hpp>

#include <algorithm>
#include <ctime>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using groups::permutation;

constexpr std::size_t most_images = 4;                        // of H under symmetries
constexpr std::uint64_t nodes_between_looks = 8192;           // at the clock
constexpr std::uint64_t first_try = 20'000;                   // nodes of the last steps after one first word, while there is no answer
constexpr unsigned longest = 250;

double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// A conjugation, as what a word for the image is for the state: letters[g] stands for g.
struct image {
  permutation by, back;
  std::vector<std::size_t> letters;
};

std::vector<std::uint32_t> numbered(const std::vector<std::uint32_t>& colours) {
  std::unordered_map<std::uint32_t, std::uint32_t> number;
  std::vector<std::uint32_t> out;
  for (const auto c : colours) out.push_back(number.emplace(c, static_cast<std::uint32_t>(number.size())).first->second);
  return out;
}

}  // namespace

struct subgroup_solver::state {
  graphs::graph_definition graph;
  subgroup_options options;
  groups::permutation_group group;
  std::vector<chain_stage> chain;
  std::vector<image> images;
  std::vector<std::size_t> inverses;  // of the generators; empty where some have none
  std::unordered_map<std::uint64_t, groups::point> place;  // of each label at home
  std::string plan;

  state(const graphs::graph_definition& g, const subgroup_options& o, groups::permutation_group whole, std::vector<chain_stage> c)
      : graph(g), options(o), group(std::move(whole)), chain(std::move(c)) {
    for (groups::point i = 0; i < g.degree(); ++i) place.emplace(g.central()[i], i);
    if (g.is_inverse_closed()) {
      for (const auto& at : g.permutations()->inverse_indices()) inverses.push_back(*at);
    }
    make_images();
    describe();
  }

  /// Symmetries that move the colours of the first step to different ones.
  void make_images() {
    const auto& generators = group.generators();
    std::vector<permutation> distinct;
    std::unordered_map<permutation, std::size_t> number;
    for (std::size_t g = 0; g < generators.size(); ++g) {
      if (number.emplace(generators[g], g).second) distinct.push_back(generators[g]);
    }
    std::set<std::vector<std::uint32_t>> seen;
    const auto& colours = chain.front().colours;
    for (const auto& w : groups::symmetries_of(distinct, most_generator_symmetries, generator_symmetry_budget).elements) {
      if (images.size() == most_images) break;
      std::vector<std::uint32_t> moved;
      for (std::size_t x = 0; x < colours.size(); ++x) moved.push_back(colours[w[x]]);
      if (!seen.insert(numbered(moved)).second) continue;
      const auto back = w.inverse();
      image i{w, back, {}};
      for (const auto& g : generators) i.letters.push_back(number.at(w * g * back));
      images.push_back(std::move(i));
    }
  }

  void describe() {
    const auto& names = graph.names();
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const auto& stage = chain[i];
      std::string sizes;
      for (const auto& c : stage.search.coordinates()) sizes += fmt::format("{}{}", sizes.empty() ? "" : " x ", c.size());
      if (i + 1 == chain.size()) {
        plan += fmt::format("{}{} elements by {}", i == 0 ? "" : ", then ", stage.index.get_str(), sizes);
        break;
      }
      std::string moves;
      for (const auto& m : chain[i + 1].search.moves()) {
        moves += moves.empty() ? "" : ", ";
        moves += names[m.word.front()] + (m.word.size() > 1 ? fmt::format("^{}", m.word.size()) : "");
      }
      plan += fmt::format("{}{} cosets of <{}> by {}", i == 0 ? "" : ", then ", stage.index.get_str(), moves, sizes);
    }
  }

  permutation element(const graphs::state& from) const {
    if (from.size() != graph.degree()) {
      throw domain_error(fmt::format("the state has {} labels, the central state of {} has {}", from.size(), graph.spec(), graph.degree()));
    }
    std::vector<groups::point> images_of(from.size());
    std::vector<bool> taken(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto at = place.find(from[i]);
      if (at == place.end() || taken[at->second]) {
        throw domain_error(fmt::format("label {} at position {}: a state holds the labels of the central state, each once", from[i], i));
      }
      images_of[i] = at->second;
      taken[at->second] = true;
    }
    return permutation(images_of);
  }

  class run;
};

/// One state, searched until a limit comes or nothing shorter can be found.
class subgroup_solver::state::run {
 public:
  run(const state& s, const run_context& context) : s_(s), context_(context) {
    more_ = [this] { return go_on(); };
    spent_ = {0, 0, &more_};
  }

  subgroup_result solve(const permutation& start) {
    start_ = thread_seconds();
    std::vector<variant> variants;
    for (const auto& i : s_.images) variants.push_back({&i, false, i.back * start * i.by});
    if (!s_.inverses.empty()) {
      for (const auto& i : s_.images) variants.push_back({&i, true, i.back * start.inverse() * i.by});
    }
    bool whole = true;
    unsigned length = longest;
    for (auto& v : variants) {
      v.ids = s_.chain.front().search.ids_of(v.state);
      length = std::min(length, s_.chain.front().search.bound(v.ids));
    }
    for (; length < best_ && length < longest && whole; ++length, try_ *= 2) {
      for (const auto& v : variants) {
        if (length >= best_) break;
        variant_ = &v;
        whole = first_step(v, length);
        if (!whole) break;
      }
    }
    subgroup_result out;
    out.found = best_ < longest;
    out.geodesic = out.found && whole && !cut_;
    out.word = std::move(word_);
    out.limit = halted_;
    out.nodes = spent_.nodes;
    out.seconds = thread_seconds() - start_;
    return out;
  }

 private:
  struct variant {
    const image* by;
    bool inverse;
    permutation state;
    step_search::ids ids{};
  };
  /// Where a search stands: the states after the letters of its last word, for the next word has most of them.
  struct trail {
    std::vector<std::uint16_t> word;
    std::vector<permutation> states;
  };

  bool go_on() {
    if (s_.options.nodes && spent_.nodes >= *s_.options.nodes) return false;
    if (s_.options.seconds && thread_seconds() - start_ >= s_.options.seconds->count()) return false;
    if (context_.is_stopped()) {
      halted_ = context_.stop.stop_requested() ? limit::interrupt : limit::time;
      return false;
    }
    spent_.stop_at = spent_.nodes + nodes_between_looks;
    if (s_.options.nodes) spent_.stop_at = std::min(spent_.stop_at, *s_.options.nodes);
    return true;
  }

  const permutation& follow(trail& t, const step_search& step, std::span<const std::uint16_t> word) const {
    const auto same = static_cast<std::size_t>(std::ranges::mismatch(t.word, word).in1 - t.word.begin());
    t.states.resize(same + 1);
    for (std::size_t i = same; i < word.size(); ++i) t.states.push_back(step.moves()[word[i]].element * t.states.back());
    t.word.assign(word.begin(), word.end());
    return t.states.back();
  }

  /// False: the effort is spent.
  bool first_step(const variant& v, unsigned length) {
    const auto& step = s_.chain.front().search;
    trail t{{}, {v.state}};
    bool whole = true;
    const bool searched = step.search(v.ids, length, spent_, [&](std::span<const std::uint16_t> word) {
      words_.assign(1, {word.begin(), word.end()});
      if (s_.chain.size() == 1) {
        record(length);
        return true;
      }
      whole = next_step(1, follow(t, step, word), length);
      return !whole || length >= best_;
    });
    return searched && whole;
  }

  /// The best way on from an element of the subgroup of this step, if it is better than the best so far. False: the effort is spent.
  bool next_step(std::size_t at, const permutation& state, unsigned used) {
    const auto& step = s_.chain[at].search;
    const auto ids = step.ids_of(state);
    const bool last = at + 1 == s_.chain.size();
    const bool open = best_ == longest;  // no answer yet: a long way on is given up, another first word may have a shorter one
    step_search::effort some{0, try_, nullptr};
    auto& effort = last && open ? some : spent_;
    bool whole = true, found_one = false;
    for (unsigned cost = step.bound(ids); used + cost < best_ && used + cost < longest; ++cost) {
      trail t{{}, {state}};
      const bool searched = step.search(ids, cost, effort, [&](std::span<const std::uint16_t> word) {
        found_one = true;
        words_.resize(at);
        words_.emplace_back(word.begin(), word.end());
        if (last) {
          record(used + cost);
          return true;
        }
        whole = next_step(at + 1, follow(t, step, word), used + cost);
        return !whole || used + cost >= best_;
      });
      if (!searched && &effort == &some) {
        cut_ = true;
        break;
      }
      whole = whole && searched;
      if (!whole) return false;
      if (found_one && !last) {  // longer ways of a middle step are not tried
        cut_ = true;
        break;
      }
      if (last && found_one) break;
    }
    if (&effort == &some) {
      spent_.nodes += some.nodes;
      if (spent_.nodes >= spent_.stop_at) return go_on();
    }
    return true;
  }

  void record(unsigned length) {
    best_ = length;
    word_.clear();
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (const auto m : words_[i]) {
        for (const auto g : s_.chain[i].search.moves()[m].word) word_.push_back(variant_->by->letters[g]);
      }
    }
    if (!variant_->inverse) return;
    std::ranges::reverse(word_);
    for (auto& g : word_) g = s_.inverses[g];
  }

  const state& s_;
  const run_context& context_;
  std::function<bool()> more_;
  step_search::effort spent_;
  double start_ = 0;
  std::uint64_t try_ = first_try;
  unsigned best_ = longest;
  bool cut_ = false;  // something was given up that might have led to a shorter word
  limit halted_ = limit::none;
  const variant* variant_ = nullptr;
  std::vector<std::vector<std::uint16_t>> words_;  // of each step
  std::vector<std::size_t> word_;
};

subgroup_solver::subgroup_solver(std::unique_ptr<state> s) : state_(std::move(s)) {}
subgroup_solver::subgroup_solver(subgroup_solver&&) noexcept = default;
subgroup_solver& subgroup_solver::operator=(subgroup_solver&&) noexcept = default;
subgroup_solver::~subgroup_solver() = default;

const std::string& subgroup_solver::plan() const noexcept { return state_->plan; }
std::size_t subgroup_solver::steps() const noexcept { return state_->chain.size(); }
std::size_t subgroup_solver::variants() const noexcept { return state_->images.size() * (state_->inverses.empty() ? 1 : 2); }

std::size_t subgroup_solver::bytes() const noexcept {
  std::size_t out = 0;
  for (const auto& stage : state_->chain) out += stage.search.bytes();
  return out;
}

std::optional<subgroup_solver> subgroup_solver::make(const graphs::graph_definition& graph, const subgroup_options& options, const run_context& context) {
  if (graph.permutations() == nullptr || graph.degree() > coordinate::most_places) return std::nullopt;
  groups::chain_options chain_options;
  chain_options.control = {context.stop, context.deadline, {}};
  groups::permutation_group group(*graph.permutations(), chain_options);
  chain_wishes wishes;
  wishes.steps = options.steps;
  wishes.coordinates.table = std::min<std::uint64_t>(wishes.coordinates.table, context.memory_bytes / 8);
  auto chain = choose_chain(group, wishes, context);
  if (!chain) return std::nullopt;
  subgroup_solver out(std::make_unique<state>(graph, options, std::move(group), std::move(*chain)));
  if (out.bytes() > context.memory_bytes) return std::nullopt;
  return out;
}

subgroup_result subgroup_solver::solve(const graphs::state& from, const run_context& context) const {
  const auto start = state_->element(from);
  subgroup_result out;
  if (!state_->group.contains(start)) {
    out.impossible = true;
    return out;
  }
  out = state::run(*state_, context).solve(start);
  if (!out.found) return out;
  auto s = from;
  for (const auto g : out.word) s = state_->graph.apply(g, s);
  if (s != state_->graph.central()) throw error("a word does not lead to the central state: this is a defect, please report it");
  return out;
}

}  // namespace cosetta::search
