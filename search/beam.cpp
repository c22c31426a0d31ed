#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/pair_tables.hpp>
#include <search/parallel_tasks.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <limits>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using row = std::vector<std::uint8_t>;

constexpr std::uint32_t absent = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t parents_of_a_task = 256;
constexpr std::size_t trials = 4, trial_width = 48;  // of each estimate

/// States of equal length, each once, found by their bytes.
class row_set {
 public:
  row_set(std::size_t row_bytes, std::size_t capacity) : bytes_(row_bytes), table_(std::bit_ceil(2 * capacity + 2), absent) {
    rows_.reserve(capacity * bytes_);
  }
  std::size_t size() const noexcept { return rows_.size() / bytes_; }
  const std::uint8_t* operator[](std::size_t i) const noexcept { return rows_.data() + i * bytes_; }
  std::uint32_t find(const std::uint8_t* r) const noexcept { return table_[slot(r)]; }
  /// False when it was there. Precondition: fewer rows than the capacity.
  bool insert(const std::uint8_t* r) {
    auto& at = table_[slot(r)];
    if (at != absent) return false;
    at = static_cast<std::uint32_t>(size());
    rows_.insert(rows_.end(), r, r + bytes_);
    return true;
  }
  void clear() {
    rows_.clear();
    std::ranges::fill(table_, absent);
  }
  /// The first `n` rows stay.
  void truncate(std::size_t n) {
    rows_.resize(n * bytes_);
    std::ranges::fill(table_, absent);
    for (std::size_t i = 0; i < n; ++i) table_[slot((*this)[i])] = static_cast<std::uint32_t>(i);
  }

 private:
  std::size_t slot(const std::uint8_t* r) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes_; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, r + i, 8);
      sum = (sum ^ word) * 0x9e3779b97f4a7c15;
      sum ^= sum >> 29;
    }
    auto at = (sum * 0xbf58476d1ce4e5b9 >> 20) & (table_.size() - 1);
    while (table_[at] != absent && std::memcmp((*this)[table_[at]], r, bytes_) != 0) at = (at + 1) & (table_.size() - 1);
    return at;
  }

  std::size_t bytes_;
  row rows_;
  std::vector<std::uint32_t> table_;
};

struct step {
  std::uint32_t parent;
  std::uint16_t generator;
};

}  // namespace

struct beam_solver::state {
  static constexpr std::size_t no_generator = std::numeric_limits<std::size_t>::max();

  const graphs::graph_definition graph;
  const beam_options options;
  const std::size_t n, row_bytes, generators;
  std::vector<row> forward;   // where each generator takes the label at each place
  std::vector<row> backward;
  std::vector<std::size_t> inverses;  // of generators, or no_generator
  groups::permutation_group group;
  pair_tables tables;
  std::string heuristic;
  row_set ball;
  std::vector<std::uint8_t> ball_distances;  // of its rows: moves to the goal

  state(const graphs::graph_definition& g, const beam_options& o, const run_context& context)
      : graph(g),
        options(o),
        n(g.degree()),
        row_bytes((n + 7) / 8 * 8),
        generators(g.generator_count()),
        group(*g.permutations(), chain_options_for(context)),
        tables(first_tables(g, context)),
        ball(row_bytes, std::max<std::size_t>(o.ball_states, 1)) {
    for (const auto& p : g.permutations()->elements()) {
      const auto q = p.inverse();
      auto &f = forward.emplace_back(n), &b = backward.emplace_back(n);
      for (std::size_t i = 0; i < n; ++i) f[i] = static_cast<std::uint8_t>(q[i]), b[i] = static_cast<std::uint8_t>(p[i]);
    }
    for (const auto& b : backward) {
      const auto at = std::ranges::find(forward, b);
      inverses.push_back(at == forward.end() ? no_generator : static_cast<std::size_t>(at - forward.begin()));
    }
    make_ball(context);
    choose_heuristic(context);
  }

  static groups::chain_options chain_options_for(const run_context& context) {
    groups::chain_options out;
    out.control = {context.stop, context.deadline, {}};
    return out;
  }

  /// Those up to rotation, which are small, where the others have no room.
  static pair_tables first_tables(const graphs::graph_definition& g, const run_context& context) {
    using goal = pair_tables::goal;
    if (pair_tables::bytes_for(g.degree(), goal::home) > context.memory_bytes / 4) {
      if (auto out = pair_tables::make(g, goal::rotation, context)) return std::move(*out);
      throw resource_error(fmt::format("{}: the tables of its pairs need {}, a quarter of the memory budget is {}: raise --memory", g.spec(),
                                       format_size(pair_tables::bytes_for(g.degree(), goal::home)), format_size(context.memory_bytes / 4, std::floor)));
    }
    return *pair_tables::make(g, goal::home, context);
  }

  void move(const row& g, const std::uint8_t* from, std::uint8_t* to) const noexcept {
    for (std::size_t v = 0; v < n; ++v) to[v] = g[from[v]];
  }

  row home() const {
    row out(row_bytes);
    for (std::size_t v = 0; v < n; ++v) out[v] = static_cast<std::uint8_t>(v);
    return out;
  }

  /// All states that a word of at most r letters takes home, for the greatest r that there is room for.
  void make_ball(const run_context& context) {
    ball.insert(home().data());
    ball_distances = {0};
    const std::size_t most = std::max<std::size_t>(options.ball_states, 1);
    row next(row_bytes);
    for (std::size_t begin = 0, end = 1; begin < end && ball_distances[begin] < 254; begin = end, end = ball.size()) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i % 1024 == 0) context.check();
        const row from(ball[i], ball[i] + row_bytes);  // the rows may move
        for (const auto& g : backward) {
          move(g, from.data(), next.data());
          if (ball.find(next.data()) != absent) continue;
          if (ball.size() == most) {  // the layer would not be whole
            ball.truncate(end);
            ball_distances.resize(end);
            return;
          }
          ball.insert(next.data());
          ball_distances.push_back(static_cast<std::uint8_t>(ball_distances[i] + 1));
        }
      }
    }
  }

  /// Of one trial: so that a table entry is added a hundred million times at most.
  std::uint64_t trial_levels() const noexcept { return 100'000'000 / (trial_width * generators * n * n / 2 + 1); }

  void choose_heuristic(const run_context& context) {
    heuristic = "pairs";
    auto other = pair_tables::make(graph, pair_tables::goal::rotation, context);
    if (!other) return;
    if (tables.tables() == other->tables() || trial_levels() < n) {  // there is nothing to choose, or it would take too long
      std::swap(tables, *other);
      heuristic = "pairs up to rotation";
      return;
    }
    std::mt19937_64 random(1);
    std::vector<row> states;
    for (std::size_t i = 0; i < trials; ++i) {
      auto q = home(), next = q;
      for (std::size_t k = 0; k < std::min<std::size_t>(n * n + 50, 4000); ++k) {
        move(forward[random() % generators], q.data(), next.data());
        std::swap(q, next);
      }
      states.push_back(std::move(q));
    }
    run_context one = context;
    one.threads = 1, one.observer = {};
    const auto worth = [&] {  // solved ones, then moves that they take: the more the better
      std::pair<std::size_t, std::int64_t> out{0, 0};
      for (const auto& q : states) {
        const auto r = search(q, trial_width, std::min<std::uint64_t>(2 * n * n + 100, trial_levels()), one);
        if (r.found) ++out.first, out.second -= static_cast<std::int64_t>(r.word.size());
      }
      context.check();
      return out;
    };
    const auto plain = worth();
    std::swap(tables, *other);
    if (worth() < plain) {
      std::swap(tables, *other);
    } else {
      heuristic = "pairs up to rotation";
    }
  }

  /// Bytes of a beam of this width, with a history of `levels`.
  std::size_t bytes(std::size_t width, std::size_t levels) const noexcept {
    return width * (3 * (row_bytes + 16) + 8 * generators + levels * sizeof(step)) + tables.bytes();
  }

  /// Down the ball from a state in it.
  void descend(row q, std::vector<std::size_t>& word) const {
    row next(row_bytes);
    for (auto d = ball_distances[ball.find(q.data())]; d > 0; --d) {
      for (std::size_t g = 0; g < generators; ++g) {
        move(forward[g], q.data(), next.data());
        const auto at = ball.find(next.data());
        if (at == absent || ball_distances[at] + 1 != d) continue;
        word.push_back(g);
        std::swap(q, next);
        break;
      }
    }
  }

  beam_result search(const row& from, std::size_t width, std::uint64_t longest, const run_context& context) const;
};

/// One beam. Words longer than `longest` are not looked for.
beam_result beam_solver::state::search(const row& from, std::size_t width, std::uint64_t longest, const run_context& context) const {
  beam_result out;
  parallel_tasks tasks(context.threads);
  row_set previous(row_bytes, width), current(row_bytes, width), next(row_bytes, width);
  std::vector<std::vector<step>> history;
  std::vector<std::uint64_t> keys;
  std::size_t history_bytes = 0;
  std::uint64_t best = std::min(longest, std::numeric_limits<std::uint64_t>::max() - 1) + 1, best_level = 0;
  std::uint32_t best_entry = absent;
  const auto look = [&](const std::uint8_t* q, std::uint64_t level, std::uint32_t entry) {
    const auto at = ball.find(q);
    if (at == absent || level + ball_distances[at] >= best) return;
    best = level + ball_distances[at], best_level = level, best_entry = entry;
  };
  current.insert(from.data());
  look(from.data(), 0, 0);
  // A word that is found later, at level t, has at least t letters.
  while (out.levels + 1 < best && current.size() > 0) {
    if (context.is_stopped()) {
      out.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
      break;
    }
    if (bytes(width, 0) + history_bytes > context.memory_bytes) {
      out.limit = limit::memory;
      break;
    }
    const auto* steps = history.empty() ? nullptr : history.back().data();
    const std::size_t parents = current.size();
    keys.assign(parents * generators, std::numeric_limits<std::uint64_t>::max());
    const std::size_t chunks = (parents + parents_of_a_task - 1) / parents_of_a_task;
    tasks.run(chunks, chunks > 1, [&](std::size_t chunk, std::size_t) {
      row child(row_bytes);
      const std::size_t end = std::min(parents, (chunk + 1) * parents_of_a_task);
      for (std::size_t i = chunk * parents_of_a_task; i < end; ++i) {
        for (std::size_t g = 0; g < generators; ++g) {
          if (steps != nullptr && inverses[steps[i].generator] == g) continue;
          move(forward[g], current[i], child.data());
          keys[i * generators + g] = std::uint64_t{tables.score(child.data())} << 32 | (i * generators + g);
        }
      }
    });
    out.candidates += keys.size();
    next.clear();
    auto& taken = history.emplace_back();
    row child(row_bytes);
    auto begin = keys.begin();
    while (begin != keys.end() && next.size() < width) {
      const auto end = keys.end() - begin > static_cast<std::ptrdiff_t>(2 * width) ? begin + static_cast<std::ptrdiff_t>(2 * width) : keys.end();
      if (end != keys.end()) std::nth_element(begin, end, keys.end());
      std::sort(begin, end);
      for (; begin != end && next.size() < width; ++begin) {
        if (*begin == std::numeric_limits<std::uint64_t>::max()) break;
        const auto candidate = static_cast<std::uint32_t>(*begin);
        const std::size_t parent = candidate / generators, g = candidate % generators;
        move(forward[g], current[parent], child.data());
        if (current.find(child.data()) != absent || previous.find(child.data()) != absent || !next.insert(child.data())) continue;
        taken.push_back({static_cast<std::uint32_t>(parent), static_cast<std::uint16_t>(g)});
        look(child.data(), out.levels + 1, static_cast<std::uint32_t>(taken.size() - 1));
      }
      if (begin != end) break;
    }
    history_bytes += taken.capacity() * sizeof(step);
    std::swap(previous, current);
    std::swap(current, next);
    ++out.levels;
    if (context.observer) {
      progress p;
      p.depth = out.levels, p.sphere = current.size(), p.seen = out.candidates, p.bytes = bytes(width, 0) + history_bytes, p.layer_complete = true;
      context.observer(p);
    }
  }
  if (best_entry == absent) {
    if (out.limit == limit::none && current.size() > 0) out.limit = limit::depth;
    return out;
  }
  out.found = true;
  auto entry = best_entry;
  for (auto level = best_level; level > 0; --level) {
    out.word.push_back(history[level - 1][entry].generator);
    entry = history[level - 1][entry].parent;
  }
  std::ranges::reverse(out.word);
  row q = from, moved(row_bytes);
  for (const auto g : out.word) {
    move(forward[g], q.data(), moved.data());
    std::swap(q, moved);
  }
  descend(std::move(q), out.word);
  return out;
}

beam_solver::beam_solver(const graphs::graph_definition& graph, const beam_options& options, const run_context& context) {
  auto labels = graph.central();
  std::ranges::sort(labels);
  if (graph.permutations() == nullptr || std::ranges::adjacent_find(labels) != labels.end()) {
    throw domain_error(fmt::format("{}: a beam needs permutations of distinct labels; cosetta path searches from both ends", graph.spec()));
  }
  if (graph.degree() < 2 || graph.degree() > pair_tables::most_points) {
    throw domain_error(fmt::format("{}: a beam needs 2 to {} points", graph.spec(), pair_tables::most_points));
  }
  if (options.width == 0 || options.width * graph.generator_count() >= absent) {
    throw domain_error(fmt::format("a beam of {} states: 1 to {} go with {} generators", options.width, absent / graph.generator_count() - 1, graph.generator_count()));
  }
  const std::size_t row_bytes = (graph.degree() + 7) / 8 * 8;
  if (options.ball_states > context.memory_bytes / (row_bytes + 17) || options.ball_states >= absent) {
    throw resource_error(fmt::format("{}: a ball of {} states does not fit the memory budget of {}: raise --memory or lower --ball", graph.spec(), options.ball_states,
                                     format_size(context.memory_bytes, std::floor)));
  }
  const std::size_t need = options.width * (3 * (row_bytes + 16) + 8 * graph.generator_count() + 100 * sizeof(step)) + options.ball_states * (row_bytes + 17);
  if (need > context.memory_bytes) {
    throw resource_error(fmt::format("{}: a beam of {} states needs {} and more for its history, the memory budget is {}: raise --memory or lower --beam",
                                     graph.spec(), options.width, format_size(need), format_size(context.memory_bytes, std::floor)));
  }
  state_ = std::make_unique<state>(graph, options, context);
}

beam_solver::beam_solver(beam_solver&&) noexcept = default;
beam_solver::~beam_solver() = default;

const std::string& beam_solver::heuristic() const noexcept { return state_->heuristic; }
std::uint64_t beam_solver::ball_radius() const noexcept { return state_->ball_distances.back(); }

beam_result beam_solver::solve(const graphs::state& from, const run_context& context) const {
  const auto start = std::chrono::steady_clock::now();
  const auto& s = *state_;
  const auto& central = s.graph.central();
  row q(s.row_bytes), inverse(s.row_bytes);
  std::vector<groups::point> element(s.n, absent);
  if (from.size() != s.n) throw domain_error(fmt::format("{} labels, but the graph has {}", from.size(), s.n));
  for (std::size_t i = 0; i < s.n; ++i) {
    const auto v = static_cast<std::size_t>(std::ranges::find(central, from[i]) - central.begin());
    if (v == s.n || element[v] != absent) throw domain_error(fmt::format("label {} at position {}: a state holds the labels of the central state, each once", from[i], i));
    element[v] = static_cast<groups::point>(i);
    q[v] = static_cast<std::uint8_t>(i);
    inverse[i] = static_cast<std::uint8_t>(v);
  }
  beam_result out;
  if (!s.group.contains(groups::permutation(element))) {
    out.impossible = true;
    return out;
  }
  const auto longest = s.options.max_length.value_or(10 * s.n * s.n + 1000);
  out = s.search(q, s.options.width, longest, context);
  if (s.options.inverses && s.graph.is_inverse_closed() && out.limit == limit::none) {
    // q = p_1 p_2 ... p_k for the word of q; so q^-1 = p_k^-1 ... p_1^-1.
    auto other = s.search(inverse, s.options.width, out.found ? out.word.size() - (out.word.empty() ? 0 : 1) : longest, context);
    other.levels += out.levels, other.candidates += out.candidates;
    if (other.found && (!out.found || other.word.size() < out.word.size())) {
      std::ranges::reverse(other.word);
      for (auto& g : other.word) g = s.inverses[g];
      out = std::move(other);
    } else {
      out.levels = other.levels, out.candidates = other.candidates;
    }
  }
  auto check = from;
  for (const auto g : out.word) check = s.graph.apply(g, check);
  if (out.found && check != central) throw error("a word does not lead to the central state: this is a defect, please report it");
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace cosetta::search
