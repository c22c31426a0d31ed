#include <search/parallel_tasks.hpp>
#include <search/pattern_search.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

namespace cosetta::search {

namespace {

constexpr std::size_t samples = 400, sample_steps = 300, tasks_wanted = 2000;
constexpr double least_gain = 0.02;  // of the mean bound, for one more lookup

std::vector<std::uint8_t> padded(const coordinate::images& row) {
  std::vector<std::uint8_t> out(kernels::pattern_row_bytes);
  std::iota(out.begin(), out.end(), std::uint8_t{0});
  std::ranges::copy(row, out.begin());
  return out;
}

coordinate::images inverse_row(const coordinate::images& row) {
  coordinate::images out(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) out[row[i]] = static_cast<std::uint8_t>(i);
  return out;
}

}  // namespace

pattern_search::pattern_search(pattern_space space, std::vector<std::shared_ptr<const pattern_table>> tables, kernels::instruction_set instructions)
    : space_(std::move(space)), tables_(std::move(tables)), automaton_(space_.elements()), kernels_(&kernels::pattern_search_kernels_for(instructions)) {
  for (const auto& t : tables_) {
    auto& view = *views_.emplace_back(std::make_shared<kernels::pattern_view>());
    for (std::size_t j = 0; j < t->coordinates(); ++j) {
      auto& c = view.coordinates.emplace_back();
      c.tests = t->at(j).tests();
      c.numbers = t->at(j).numbers();
      c.size = t->at(j).size();
      for (std::size_t k = 0; j >= t->head() && k < t->symmetry_count(); ++k) c.images.push_back(t->images(j, k));
      if (space_.places() > kernels::small_pattern_row) continue;
      for (std::size_t k = 0; k < c.tests.size(); ++k) {
        const auto mask = static_cast<std::uint8_t>(1U << c.tests[k].bit);
        if (c.planes.empty() || c.planes.back().bit != mask) c.planes.push_back({0, mask, static_cast<std::uint8_t>(k)});
        c.planes.back().places |= std::uint64_t{1} << c.tests[k].place;
      }
    }
    view.reduced = t->reduced();
    view.words = t->words();
    view.head = t->head();
    view.bits = t->bits();
  }
  problem_.places = space_.places();
  problem_.generators = space_.generators();
  for (const auto& m : space_.moves()) {
    problem_.moves.push_back(padded(m));
    problem_.inverse_moves.push_back(padded(inverse_row(m)));
  }
  problem_.automaton = automaton_.table().data();
  problem_.home = padded(space_.home());
  problem_.distinct = space_.distinct();
  choose_lookups();
}

/// Through symmetries w with equal images of the colouring a table says the same.
std::vector<pattern_search::lookup_source> pattern_search::possible_lookups() const {
  std::vector<lookup_source> out;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    std::vector<std::vector<coordinate::images>> seen;
    for (std::size_t w = 0; w < space_.symmetries().size(); ++w) {
      // The partition of labels that w shows to each coordinate, by the first label of each part.
      std::vector<coordinate::images> shown;
      const auto& images = space_.symmetries()[w].images;
      for (std::size_t j = 0; j < tables_[t]->coordinates(); ++j) {
        const auto& colours = tables_[t]->at(j).colours();
        auto& first = shown.emplace_back(space_.places());
        for (std::size_t i = 0; i < space_.places(); ++i) {
          std::size_t k = 0;
          while (colours[images[k]] != colours[images[i]]) ++k;
          first[i] = static_cast<std::uint8_t>(k);
        }
      }
      if (std::ranges::find(seen, shown) != seen.end()) continue;
      seen.push_back(std::move(shown));
      out.push_back({t, w, false});
      if (space_.distinct()) out.push_back({t, w, true});
    }
  }
  return out;
}

kernels::pattern_lookup pattern_search::lookup_of(const lookup_source& source) const {
  kernels::pattern_lookup out;
  out.table = views_[source.table].get();
  out.inverse = source.inverse;
  const auto& w = space_.symmetries()[source.symmetry].images;
  out.places = padded(inverse_row(w));
  for (std::size_t j = 0; j < tables_[source.table]->coordinates(); ++j) {
    // Colours of classes of labels: a class is met first at some place of home, and w takes places and labels alike.
    const auto& colours = tables_[source.table]->at(j).colours();
    auto& row = out.colours.emplace_back(kernels::pattern_row_bytes, std::uint8_t{0});
    for (std::size_t i = 0; i < space_.places(); ++i) row[space_.home()[i]] = colours[w[i]];
  }
  return out;
}

void pattern_search::choose_lookups() {
  const auto possible = possible_lookups();
  std::mt19937_64 random(1);
  std::vector<kernels::pattern_node> states;
  for (std::size_t s = 0; s < samples; ++s) {
    auto node = node_of(space_.home()), next = node;
    for (std::size_t k = 0; k < sample_steps; ++k) {
      move(node, random() % space_.generators(), next);
      std::swap(node, next);
    }
    states.push_back(node);
  }
  std::vector<std::vector<unsigned>> values;
  for (const auto& source : possible) {
    const auto lookup = lookup_of(source);
    auto& row = values.emplace_back();
    for (const auto& s : states) row.push_back(kernels_->distance(problem_, lookup, s));
  }
  std::vector<unsigned> best(samples, 0);
  while (problem_.lookups.size() < std::min(possible.size(), kernels::most_pattern_lookups)) {
    std::size_t chosen = 0;
    double most = -1;
    for (std::size_t l = 0; l < possible.size(); ++l) {
      double sum = 0;
      for (std::size_t s = 0; s < samples; ++s) sum += std::max(best[s], values[l][s]);
      if (sum > most) most = sum, chosen = l;
    }
    most /= samples;
    if (!problem_.lookups.empty() && most < mean_bound_ + least_gain) break;
    mean_bound_ = most;
    for (std::size_t s = 0; s < samples; ++s) best[s] = std::max(best[s], values[chosen][s]);
    problem_.lookups.push_back(lookup_of(possible[chosen]));
  }
}

kernels::pattern_node pattern_search::node_of(const pattern_space::images& labels) const {
  kernels::pattern_node out{};
  std::ranges::copy(padded(labels), out.labels);
  if (space_.distinct()) std::ranges::copy(padded(inverse_row(labels)), out.places);
  return out;
}

void pattern_search::move(const kernels::pattern_node& from, std::size_t g, kernels::pattern_node& to) const {
  for (std::size_t i = 0; i < space_.places(); ++i) to.labels[problem_.moves[g][i]] = from.labels[i];
  if (!space_.distinct()) return;
  for (std::size_t v = 0; v < space_.places(); ++v) to.places[v] = problem_.moves[g][from.places[v]];
}

/// The child by g, unless it is ruled out.
bool pattern_search::advance(const kernels::pattern_node& from, std::size_t g, unsigned remaining, kernels::pattern_node& to) const {
  to.automaton = automaton_.next(from.automaton, g);
  if (to.automaton == word_automaton::forbidden) return false;
  move(from, g, to);
  return bound_of(to) <= remaining;
}

/// Also notes which lookup gives it.
unsigned pattern_search::bound_of(kernels::pattern_node& node) const {
  unsigned most = 0;
  for (std::size_t l = 0; l < problem_.lookups.size(); ++l) {
    const auto d = kernels_->distance(problem_, problem_.lookups[l], node);
    if (d > most) most = d, node.first = static_cast<std::uint8_t>(l);
  }
  return most;
}

bool pattern_search::may_reach(const pattern_space::images& labels) const {
  for (const auto& t : tables_) {
    std::vector<std::uint32_t> ids;
    for (std::size_t j = 0; j < t->coordinates(); ++j) {
      const auto& c = t->at(j);
      coordinate::images colour_of(space_.places()), shown;
      for (std::size_t i = 0; i < space_.places(); ++i) colour_of[space_.home()[i]] = c.colours()[i];
      for (const auto label : labels) shown.push_back(colour_of[label]);
      ids.push_back(c.rank(shown.data()));
      if (ids.back() == kernels::number_table::none || c.arrangement(ids.back(), space_.moves()) != shown) return false;
    }
    if (!t->is_reached(ids.data())) return false;
  }
  return true;
}

unsigned pattern_search::bound(const pattern_space::images& labels) const {
  auto node = node_of(labels);
  return bound_of(node);
}

unsigned pattern_search::bounds(const pattern_space::images& labels) const {
  const auto node = node_of(labels);
  unsigned sum = 0;
  for (const auto& lookup : problem_.lookups) sum += kernels_->distance(problem_, lookup, node);
  return sum;
}

/// Beginnings of the words of a length, in their order: enough to share out.
std::vector<pattern_search::prefix> pattern_search::beginnings(const kernels::pattern_node& root, unsigned length, std::uint64_t& nodes) const {
  std::vector<prefix> front{{root, {}}};
  for (unsigned begun = 0; begun + 4 < length && front.size() < tasks_wanted && !front.empty(); ++begun) {
    std::vector<prefix> next;
    for (const auto& p : front) {
      for (std::size_t g = 0; g < space_.generators(); ++g) {
        kernels::pattern_node child{};
        if (!advance(p.node, g, length - begun - 1, child)) continue;
        next.push_back({child, p.word});
        next.back().word.push_back(static_cast<std::uint16_t>(g));
      }
    }
    nodes += front.size() * space_.generators();
    front = std::move(next);
  }
  return front;
}

std::optional<std::vector<std::uint16_t>> pattern_search::look_at(const kernels::pattern_node& root, unsigned length, std::uint64_t& nodes, bool& stopped,
                                                                  const run_context& context) const {
  const auto front = beginnings(root, length, nodes);
  std::atomic<std::size_t> first{front.size()};  // of those in which a word was found
  std::atomic<std::uint64_t> made{0};
  std::atomic<bool> halted{false};
  std::vector<std::atomic<bool>> cancelled(front.size());
  const std::jthread watch([&](std::stop_token over) {
    for (; !over.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
      if (!context.is_stopped()) continue;
      halted = true;
      for (auto& c : cancelled) c.store(true, std::memory_order_relaxed);
      return;
    }
  });
  std::vector<std::vector<std::uint16_t>> words(front.size());
  std::mutex observing;
  parallel_tasks(context.threads).run(front.size(), true, [&](std::size_t i, std::size_t) {
    if (cancelled[i].load(std::memory_order_relaxed)) return;
    const auto begun = static_cast<unsigned>(front[i].word.size());
    kernels::pattern_scratch scratch(length - begun, space_.generators());
    std::vector<std::uint16_t> word(length - begun);
    const auto r = kernels_->search(problem_, front[i].node, length - begun, word.data(), scratch, cancelled[i]);
    const auto sum = made.fetch_add(r.nodes) + r.nodes;
    if (r.found) {
      words[i] = std::move(word);
      for (auto at = first.load(); i < at && !first.compare_exchange_weak(at, i);) {
      }
      // What is behind a word that was found need not run; what is before it has to.
      for (std::size_t k = i + 1; k < front.size(); ++k) cancelled[k].store(true, std::memory_order_relaxed);
    }
    if (context.observer && i % 16 == 0) {
      const std::lock_guard lock(observing);
      progress p;
      p.depth = length, p.seen = nodes + sum, p.sphere = front.size(), p.expanded = i;
      context.observer(p);
    }
  });
  nodes += made;
  if (first == front.size()) {
    stopped = halted;
    return std::nullopt;
  }
  auto out = front[first].word;
  out.insert(out.end(), words[first].begin(), words[first].end());
  return out;
}

pattern_search::result pattern_search::solve(const pattern_space::images& labels, std::uint64_t least, std::uint64_t most, std::uint64_t most_nodes,
                                             const run_context& context) const {
  result out;
  auto root = node_of(labels);
  out.lower_bound = std::max<std::uint64_t>(least, bound_of(root));
  std::uint64_t before = 0;  // nodes of the last depth
  double expected = 0;
  for (; out.lower_bound <= std::min(most, most_length); ++out.lower_bound) {
    if (expected > static_cast<double>(most_nodes)) {
      out.limit = limit::memory;
      return out;
    }
    std::uint64_t nodes = 0;
    bool stopped = false;
    const auto word = look_at(root, static_cast<unsigned>(out.lower_bound), nodes, stopped, context);
    out.nodes += nodes;
    if (word) {
      out.found = true;
      for (const auto g : *word) out.word.push_back(space_.generator(g));
      return out;
    }
    if (stopped) {
      out.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
      return out;
    }
    expected = before == 0 ? 0 : static_cast<double>(nodes) * static_cast<double>(nodes) / static_cast<double>(before);
    before = nodes;
  }
  out.limit = out.lower_bound > most ? limit::depth : limit::memory;
  return out;
}

}  // namespace cosetta::search
