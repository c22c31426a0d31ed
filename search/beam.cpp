#include <groups/generator_symmetry.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/beam_levels.hpp>
#include <search/device_beam.hpp>
#include <search/given_heuristic.hpp>
#include <search/improve.hpp>
#include <search/pair_tables.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <random>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::size_t trials = 4, trial_width = 48;  // of each estimate

/// An estimate, and the greatest that it says of a state in the ball.
struct guide {
  std::unique_ptr<search::heuristic> estimate;
  std::uint32_t ball_bound = std::numeric_limits<std::uint32_t>::max();
};

/// Another state whose words are those of the first one, renamed and perhaps inverted.
struct attempt {
  bool inverted;
  groups::permutation symmetry;        // of places
  std::vector<std::uint32_t> renamed;  // generators; back to those of the state
};

/// On the host, where a device has the levels, too.
std::size_t bytes_of_a_beam(const byte_graph& rows, std::size_t width, unsigned threads, bool on_device) noexcept {
  return (on_device ? 0 : beam_levels::bytes_for(rows, width, threads)) + 100 * beam_levels::history_bytes_for(rows, width);
}

/// Throws resource_error where the device has no room for the levels.
void check_device(const graphs::graph_definition& graph, const byte_graph& rows, const beam_options& options) {
  const auto wanted = device_beam_levels::device_bytes_for(rows, options.width), there = options.device->free_bytes();
  if (wanted <= there) return;
  throw resource_error(fmt::format("{}: a beam of {} states needs {} of the device, which has {}: lower --beam", graph.spec(), options.width, format_size(wanted),
                                   format_size(there, std::floor)));
}

/// A candidate of a beam has a number of 32 bits.
std::size_t most_width_for(std::size_t generators) noexcept { return std::min<std::size_t>(0x7fffffff, byte_graph::absent / generators - 1); }

groups::chain_options chain_options_for(const run_context& context) {
  groups::chain_options out;
  out.control = {context.stop, context.deadline, {}};
  return out;
}

}  // namespace

struct beam_solver::state {
  const graphs::graph_definition graph;
  const beam_options options;
  const byte_graph rows;
  const groups::permutation_group group;
  const byte_ball ball;
  guide chosen;
  std::vector<attempt> attempts;
  std::optional<word_improver> improver;
  std::size_t table_bytes = 0;  // of the ball and those of the improver
  std::optional<device_beam_graph> on_device;
  mutable std::mutex device_in_use;

  state(const graphs::graph_definition& g, const beam_options& o, const run_context& context)
      : graph(g), options(o), rows(g), group(*g.permutations(), chain_options_for(context)), ball(rows, rows.backward, std::max<std::size_t>(o.ball_states, 1), context) {
    const auto row_bytes = byte_ball::bytes_of_a_row(rows.stride);
    table_bytes = ball.size() * row_bytes;
    choose_heuristic(context);
    list_attempts();
    if (options.improve) {
      improve_options sizes;
      sizes.table_states = std::min(sizes.table_states, context.memory_bytes / 8 / row_bytes);
      sizes.tried_states = std::min(sizes.tried_states, sizes.table_states);
      improver.emplace(graph, sizes, context);
      table_bytes += (sizes.table_states + 2 * sizes.tried_states) * row_bytes;
    }
    if (options.device == nullptr) return;
    on_device.emplace(options.device, rows, *chosen.estimate, ball);
    check_device(graph, rows, options);
  }

  // ---------------------------------------------------------------------------------------------------- the estimate

  guide guided(std::unique_ptr<search::heuristic> estimate) const {
    guide out{std::move(estimate)};
    if (out.estimate == nullptr || rows.n > 64) return out;  // sums that are slow would not pay
    std::vector<std::uint32_t> sums(ball.size());
    out.estimate->score(ball[0], ball.size(), sums.data());
    out.ball_bound = *std::ranges::max_element(sums);
    return out;
  }

  std::vector<std::unique_ptr<search::heuristic>> estimates_of(beam_estimate kind, const run_context& context) const {
    std::vector<std::unique_ptr<search::heuristic>> out;
    const auto add = [&](std::unique_ptr<search::heuristic> estimate) {
      if (estimate != nullptr) out.push_back(std::move(estimate));
    };
    if (kind == beam_estimate::rotation || kind == beam_estimate::pairs) add(make_pair_heuristic(graph, kind == beam_estimate::rotation, context.memory_bytes / 4, context));
    if (kind == beam_estimate::gap) add(make_gap_heuristic(graph, false)), add(make_gap_heuristic(graph, true));
    if (kind == beam_estimate::hamming) add(make_hamming_heuristic(graph));
    if (kind == beam_estimate::patterns) add(make_pattern_heuristic(graph, std::min(context.memory_bytes / 4, std::size_t{1} << 27), context));
    return out;
  }

  /// How well narrow beams by an estimate do on a few random states: solved ones, then letters that their words take, less is more.
  struct worth {
    std::size_t solved = 0;
    std::int64_t letters = 0;
    auto operator<=>(const worth&) const = default;
  };

  worth try_out(const guide& by, std::span<const byte_row> states, std::size_t width, std::uint64_t& longest, const run_context& context) const {
    worth out;
    std::uint64_t greatest = 0;
    run_context one = context;
    one.threads = 1, one.observer = {};
    for (const auto& q : states) {
      const auto r = search(q, width, longest, 0, one, by);
      context.check();
      if (r.found) ++out.solved, out.letters -= static_cast<std::int64_t>(r.word.size()), greatest = std::max<std::uint64_t>(greatest, r.word.size());
    }
    if (out.solved == states.size()) longest = std::min(longest, greatest);  // whatever takes more is no better
    return out;
  }

  void take_network(const run_context& context) {
    if (options.network == nullptr) throw domain_error(fmt::format("{}: no network was given", graph.spec()));
    std::size_t weights = 0;
    for (const auto& layer : options.network->layers) weights += layer.weight.size();
    const bool on_host = options.device == nullptr;
    const auto bytes = weights * (4 + (!on_host ? 0 : options.precision == network_precision::int8 ? 1 : 4));  // as it was read, and as it is used
    if (bytes > context.memory_bytes / 2) {
      throw resource_error(fmt::format("{}: the network takes {}, half the memory budget is {}: raise --memory", graph.spec(), format_size(bytes),
                                       format_size(context.memory_bytes / 2, std::floor)));
    }
    // Slower than lookups: the ball has no bound.
    chosen.estimate = on_host ? make_network_heuristic(graph, *options.network, options.precision) : make_device_network_heuristic(graph, *options.network, options.device);
  }

  /// The cheap estimates are tried first; sums over all pairs while trials of four hundred million additions reach as far as the best words
  /// so far: four states, or one and a narrower beam where that does not reach far. Of equal ones, and where none solved anything, what
  /// knows most comes first: rotation, pairs, gaps, home.
  void choose_heuristic(const run_context& context) {
    using kind = beam_estimate;
    if (options.estimate == kind::network) return take_network(context);
    if (options.estimate == kind::given) {
      if (!options.given) throw domain_error(fmt::format("{}: no estimate was given", graph.spec()));
      chosen.estimate = make_given_heuristic(graph, options.given);
      return;
    }
    if (options.estimate != kind::automatic && options.estimate != kind::gap) {
      auto only = estimates_of(options.estimate, context);
      if (only.empty() && options.estimate == kind::rotation) {
        throw domain_error(fmt::format("{}: no generator turns all points in one cycle, so nothing is up to rotation: use another --heuristic", graph.spec()));
      }
      if (only.empty()) {
        throw resource_error(fmt::format("{}: the tables of its pairs need {}, a quarter of the memory budget is {}: raise --memory", graph.spec(),
                                         format_size(pair_tables::bytes_for(rows.n, pair_tables::goal::home)), format_size(context.memory_bytes / 4, std::floor)));
      }
      chosen = guided(std::move(only.front()));
      return;
    }
    const auto states = random_states();
    std::uint64_t longest = 2 * rows.n * rows.n + 100;
    std::pair<worth, int> best;  // and its rank
    for (const auto& [k, rank] : {std::pair{kind::gap, 2}, {kind::hamming, 1}, {kind::pairs, 3}, {kind::rotation, 4}}) {
      if (options.estimate == kind::gap && k != kind::gap) continue;
      if (k == kind::hamming && best.first.solved > 0) continue;
      const std::uint64_t additions = rank < 3 ? rows.n : rows.n * rows.n / 2;  // of a score
      const auto needed = best.first.solved > 0 ? longest : rows.n;
      const auto reach_of = [&](std::size_t count, std::size_t width) { return 400'000'000 / (count * width * rows.generators * additions + 1); };
      std::size_t count = trials, width = trial_width;
      if (reach_of(count, width) < needed) count = 1, width = trial_width / 4;
      const auto reach = reach_of(count, width);
      const bool tried = reach >= needed;
      if (!tried && best.first.solved > 0) continue;
      for (auto& estimate : estimates_of(k, context)) {
        auto offered = guided(std::move(estimate));
        auto most = std::min<std::uint64_t>(longest, reach);
        const std::pair value{tried ? try_out(offered, std::span(states).first(count), width, most, context) : worth{}, rank};
        if (value.first.solved == count) longest = most;
        if (chosen.estimate != nullptr && value <= best) continue;
        best = value;
        chosen = std::move(offered);
      }
    }
  }

  std::vector<byte_row> random_states() const {
    std::mt19937_64 random(1);
    std::vector<byte_row> out;
    for (std::size_t i = 0; i < trials; ++i) {
      auto q = rows.home(), next = q;
      for (std::size_t k = 0; k < std::min<std::size_t>(rows.n * rows.n + 50, 4000); ++k) {
        rows.move(q.data(), random() % rows.generators, next.data());
        std::swap(q, next);
      }
      out.push_back(std::move(q));
    }
    return out;
  }

  // ---------------------------------------------------------------------------------------------------- the attempts

  /// q, q^-1, w q w^-1, w q^-1 w^-1, ... for the symmetries w of the generators: w f w^-1 is one of them for each generator f.
  void list_attempts() {
    const auto& elements = graph.permutations()->elements();
    const bool inverses = options.inverses && graph.is_inverse_closed();
    const auto most = std::max<std::size_t>(options.attempts, 1);
    std::vector<groups::permutation> symmetries{groups::permutation(rows.n)};
    auto once = elements;
    std::ranges::sort(once, [](const auto& a, const auto& b) { return std::ranges::lexicographical_compare(a.images(), b.images()); });
    const bool distinct = std::ranges::adjacent_find(once) == once.end();
    if (most > 1U + inverses && distinct) {
      auto found = groups::symmetries_of(elements, most, 1'000'000).elements;
      symmetries.insert(symmetries.end(), found.begin() + 1, found.end());
    }
    for (const auto& w : symmetries) {
      std::vector<std::uint32_t> renamed(rows.generators);
      bool whole = true;
      for (std::size_t g = 0; g < rows.generators; ++g) {
        // The table of p takes place p[i] to i; so w of p[i] goes to w of i.
        std::vector<groups::point> images(rows.n);
        for (groups::point i = 0; i < rows.n; ++i) images[w[i]] = w[elements[g][i]];
        const auto at = std::ranges::find(elements, groups::permutation(images));
        whole = whole && at != elements.end();
        if (whole) renamed[static_cast<std::size_t>(at - elements.begin())] = static_cast<std::uint32_t>(g);
      }
      if (!whole) continue;
      for (int inverted = 0; inverted <= inverses && attempts.size() < most; ++inverted) attempts.push_back({inverted == 1, w, renamed});
    }
  }

  byte_row begin_of(const attempt& a, const byte_row& q) const {
    auto out = rows.home();
    for (std::size_t v = 0; v < rows.n; ++v) {
      const auto at = a.symmetry[static_cast<groups::point>(v)], to = a.symmetry[q[v]];
      out[a.inverted ? to : at] = static_cast<std::uint8_t>(a.inverted ? at : to);
    }
    return out;
  }

  std::vector<std::size_t> word_of(const attempt& a, std::vector<std::size_t> word) const {
    for (auto& g : word) g = a.renamed[g];
    if (a.inverted) {  // q^-1 = p_k^-1 ... p_1^-1 where q = p_1 ... p_k
      std::ranges::reverse(word);
      for (auto& g : word) g = rows.inverses[g];
    }
    return word;
  }

  // -------------------------------------------------------------------------------------------------------- one beam

  /// Down the ball from a state in it.
  void descend(const byte_row& q, std::vector<std::size_t>& word) const {
    const auto still = rows.home();
    const kernels::moved_row what{0, 0};
    byte_row copy(rows.stride);
    std::uint64_t key;
    rows.kernels.move(q.data(), still.data(), rows.stride, &what, 1, copy.data(), &key);
    for (std::size_t i = ball.find(q.data(), key); ball.distance(i) > 0; i = ball.before(i)) word.push_back(ball.last_move(i));
  }

  struct leg : beam_result {      // with a word to the last level, where it was caught
    bool caught = false;
    std::uint32_t nearest = 0;  // by the estimate
  };
  leg run_leg(const byte_row& from, std::size_t width, std::uint64_t longest, const run_context& context, const guide& by) const;
  template <class Levels>
  leg run_levels(Levels& levels, const byte_row& from, std::size_t width, std::uint64_t longest, const run_context& context) const;
  byte_row moved_by(byte_row q, const std::vector<std::size_t>& word) const;
  beam_result search(const byte_row& from, std::size_t width, std::uint64_t longest, std::size_t kicks, const run_context& context, const guide& by) const;

  /// All attempts with one width, for shorter words than are in `out`.
  void try_all(const byte_row& q, std::size_t width, std::size_t kicks, beam_result& out, const run_context& context) const {
    out.cut = false;
    for (const auto& a : attempts) {
      const auto longest = out.found ? out.word.size() - (out.word.empty() ? 0 : 1) : options.max_length.value_or(10 * rows.n * rows.n + 1000);
      auto r = search(begin_of(a, q), width, longest, kicks, context, chosen);
      out.levels += r.levels, out.candidates += r.candidates, out.attempts += r.attempts, out.peak_bytes = std::max(r.peak_bytes, out.peak_bytes);
      out.limit = r.limit, out.cut = out.cut || r.cut;
      if (r.found) {
        out.found = true;
        out.word = word_of(a, std::move(r.word));
      } else if (out.found && r.limit == limit::depth) {
        out.limit = limit::none;  // nothing shorter was found
      }
      if (out.limit != limit::none && out.limit != limit::depth) return;
      if (out.found && out.word.size() <= ball.radius()) return;  // a geodesic
    }
  }
};

/// One beam from one state. Words longer than `longest` are not looked for.
beam_solver::state::leg beam_solver::state::run_leg(const byte_row& from, std::size_t width, std::uint64_t longest, const run_context& context, const guide& by) const {
  if (on_device && &by == &chosen) {
    const std::lock_guard lock(device_in_use);
    device_beam_levels levels(*on_device, by.ball_bound, width, context, from.data());
    return run_levels(levels, from, width, longest, context);
  }
  beam_levels levels(rows, *by.estimate, ball, by.ball_bound, width, context, from.data());
  return run_levels(levels, from, width, longest, context);
}

template <class Levels>
beam_solver::state::leg beam_solver::state::run_levels(Levels& levels, const byte_row& from, std::size_t width, std::uint64_t longest, const run_context& context) const {
  const auto start = std::chrono::steady_clock::now();
  leg out;
  std::uint64_t best = std::min(longest, std::numeric_limits<std::uint64_t>::max() - 1) + 1, best_level = 0;
  std::optional<std::uint32_t> best_entry;
  std::uint32_t nearest = std::numeric_limits<std::uint32_t>::max();  // by the estimate
  std::uint64_t nearest_level = 0;
  const auto look = [&] {
    const auto& met = levels.met();
    if (met && out.levels + met->distance < best) best = out.levels + met->distance, best_level = out.levels, best_entry = met->entry;
  };
  look();
  // A word that is found later, at level t, has at least t letters.
  while (out.levels + 1 < best && levels.size() > 0) {
    if (table_bytes + levels.bytes() + beam_levels::history_bytes_for(rows, std::min(width, levels.size())) > context.memory_bytes) {
      out.limit = limit::memory;
      break;
    }
    if (context.is_stopped() || !levels.advance()) {
      out.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
      break;
    }
    ++out.levels;
    look();
    if (levels.least_score() < nearest) nearest = levels.least_score(), nearest_level = out.levels;
    out.caught = !best_entry && levels.was_cut() && out.levels - nearest_level > 4 * rows.n + 64;  // where no neighbour is nearer
    if (out.caught) break;
    if (context.observer) {
      progress p;
      p.depth = out.levels, p.sphere = levels.size(), p.seen = levels.candidates(), p.bytes = levels.bytes(), p.layer_complete = true;
      p.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      context.observer(p);
    }
  }
  out.candidates = levels.candidates();
  out.peak_bytes = levels.bytes();
  out.cut = levels.was_cut();
  out.nearest = nearest;
  if (out.caught && levels.size() > 0) out.word = levels.word_to(out.levels, 0);
  if (!best_entry) {
    if (out.limit == limit::none && out.levels + 1 >= best) out.limit = limit::depth;
    return out;
  }
  out.found = true;
  out.word = levels.word_to(best_level, *best_entry);
  descend(moved_by(from, out.word), out.word);
  return out;
}

byte_row beam_solver::state::moved_by(byte_row q, const std::vector<std::size_t>& word) const {
  byte_row next(rows.stride);
  for (const auto g : word) {
    rows.move(q.data(), g, next.data());
    std::swap(q, next);
  }
  return q;
}

/// A beam; where it is caught, with `kicks` left, another one from a few random moves behind, twice as many each time it is caught no nearer.
beam_result beam_solver::state::search(const byte_row& from, std::size_t width, std::uint64_t longest, std::size_t kicks, const run_context& context, const guide& by) const {
  beam_result out;
  out.attempts = 1;
  std::vector<std::size_t> begun;  // the word so far
  std::mt19937_64 random(1);
  std::uint32_t nearest = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t moves = rows.n;; --kicks) {
    auto r = run_leg(moved_by(from, begun), width, longest - begun.size(), context, by);
    out.levels += r.levels, out.candidates += r.candidates, out.peak_bytes = std::max(out.peak_bytes, r.peak_bytes);
    out.cut = out.cut || r.cut, out.limit = r.limit, out.found = r.found;
    begun.insert(begun.end(), r.word.begin(), r.word.end());
    if (r.found) out.word = std::move(begun);
    if (r.found || !r.caught || kicks == 0) return out;
    moves = r.nearest < nearest ? rows.n : std::min<std::size_t>(2 * moves, 64 * rows.n);
    nearest = std::min(nearest, r.nearest);
    for (std::size_t k = 0; k < moves; ++k) begun.push_back(random() % rows.generators);
    if (begun.size() >= longest) {
      out.limit = limit::depth;
      return out;
    }
  }
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
  const auto generators = graph.generator_count();
  const std::size_t most_width = most_width_for(generators);
  if (options.width == 0 || options.width > most_width || generators >= 0xffff) {
    throw domain_error(fmt::format("a beam of {} states: 1 to {} go with {} generators", options.width, most_width, generators));
  }
  const byte_graph rows(graph);
  const auto row_bytes = byte_ball::bytes_of_a_row(rows.stride);
  if (options.ball_states > context.memory_bytes / row_bytes || options.ball_states > 0x7fffffff) {
    throw resource_error(fmt::format("{}: a ball of {} states does not fit the memory budget of {}: raise --memory or lower --ball", graph.spec(), options.ball_states,
                                     format_size(context.memory_bytes, std::floor)));
  }
  const auto need = bytes_of_a_beam(rows, options.width, context.threads, options.device != nullptr) + options.ball_states * row_bytes;
  if (need > context.memory_bytes) {
    throw resource_error(fmt::format("{}: a beam of {} states needs {} and more for its history, the memory budget is {}: raise --memory or lower --beam",
                                     graph.spec(), options.width, format_size(need), format_size(context.memory_bytes, std::floor)));
  }
  if (options.device != nullptr) check_device(graph, rows, options);
  state_ = std::make_unique<state>(graph, options, context);
}

beam_solver::beam_solver(beam_solver&&) noexcept = default;
beam_solver::~beam_solver() = default;

std::string_view beam_solver::heuristic() const noexcept { return state_->chosen.estimate->name(); }
std::uint64_t beam_solver::ball_radius() const noexcept { return state_->ball.radius(); }

beam_result beam_solver::solve(const graphs::state& from, const run_context& context) const {
  const auto start = std::chrono::steady_clock::now();
  const auto& s = *state_;
  const auto& central = s.graph.central();
  const auto n = s.rows.n;
  auto q = s.rows.home();
  std::vector<groups::point> element(n, byte_graph::absent);
  if (from.size() != n) throw domain_error(fmt::format("{} labels, but the graph has {}", from.size(), n));
  for (std::size_t i = 0; i < n; ++i) {
    const auto v = static_cast<std::size_t>(std::ranges::find(central, from[i]) - central.begin());
    if (v == n || element[v] != byte_graph::absent) throw domain_error(fmt::format("label {} at position {}: a state holds the labels of the central state, each once", from[i], i));
    element[v] = static_cast<groups::point>(i);
    q[v] = static_cast<std::uint8_t>(i);
  }
  beam_result out;
  if (!s.group.contains(groups::permutation(element))) {
    out.impossible = true;
    return out;
  }
  auto width = s.options.width;
  constexpr std::size_t most_kicks = 30;
  for (std::size_t round = 0;; ++round) {
    s.try_all(q, width, out.found || round == 0 ? 0 : most_kicks, out, context);
    out.width = width;
    const bool ended = out.limit != limit::none && out.limit != limit::depth;
    if (ended || (out.found && (out.word.size() <= s.ball.radius() || !s.options.until_deadline || !context.deadline))) break;
    if (!out.cut || (!out.found && round >= s.options.restarts)) break;
    if (round == 0 && !out.found) continue;  // the same width, with kicks
    if (2 * width > most_width_for(s.rows.generators)) break;
    if (s.table_bytes + bytes_of_a_beam(s.rows, 2 * width, context.threads, s.on_device.has_value()) > context.memory_bytes ||
        (s.on_device && device_beam_levels::device_bytes_for(s.rows, 2 * width) > s.on_device->on().free_bytes())) {
      if (!out.found) out.limit = limit::memory;
      break;
    }
    width *= 2;
  }
  if (out.found && s.improver) {
    const auto length = out.word.size();
    out.word = s.improver->improve(std::move(out.word), context);
    out.improved = length - out.word.size();
  }
  auto check = from;
  for (const auto g : out.word) check = s.graph.apply(g, check);
  if (out.found && check != central) throw error("a word does not lead to the central state: this is a defect, please report it");
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace cosetta::search
