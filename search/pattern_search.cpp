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

coordinate::images inverse_of(const coordinate::images& row) {
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
    view.classes = t->classes();
    view.symmetries = t->symmetries();
    view.words = t->words();
    view.head = t->head();
    view.bits = t->bits();
  }
  problem_.places = space_.places();
  problem_.generators = space_.generators();
  for (const auto& m : space_.moves()) {
    problem_.moves.push_back(padded(m));
    problem_.inverse_moves.push_back(padded(inverse_of(m)));
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
  out.places = padded(inverse_of(w));
  for (std::size_t j = 0; j < tables_[source.table]->coordinates(); ++j) {
    // Colours of classes of labels: a class is met first at some place of home, and w takes places and labels alike.
    const auto& colours = tables_[source.table]->at(j).colours();
    auto& row = out.colours.emplace_back(kernels::pattern_row_bytes, std::uint8_t{0});
    for (std::size_t i = 0; i < space_.places(); ++i) row[space_.home()[i]] = colours[w[i]];
  }
  return out;
}

std::vector<std::uint32_t> pattern_search::numbers(const kernels::pattern_lookup& lookup, std::size_t table, const kernels::pattern_node& node) const {
  const auto* row = lookup.inverse ? node.places : node.labels;
  std::vector<std::uint32_t> out;
  for (std::size_t j = 0; j < tables_[table]->coordinates(); ++j) {
    coordinate::images shown;
    for (std::size_t i = 0; i < space_.places(); ++i) shown.push_back(lookup.colours[j][row[lookup.places[i]]]);
    out.push_back(tables_[table]->at(j).rank(shown.data()));
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
    for (const auto& s : states) row.push_back(tables_[source.table]->distance(numbers(lookup, source.table, s).data()));
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
    lookup_tables_.push_back(possible[chosen].table);
  }
}

kernels::pattern_node pattern_search::node_of(const pattern_space::images& labels) const {
  kernels::pattern_node out{};
  std::ranges::copy(padded(labels), out.labels);
  if (space_.distinct()) std::ranges::copy(padded(inverse_of(labels)), out.places);
  return out;
}

void pattern_search::move(const kernels::pattern_node& from, std::size_t g, kernels::pattern_node& to) const {
  for (std::size_t i = 0; i < space_.places(); ++i) to.labels[problem_.moves[g][i]] = from.labels[i];
  if (!space_.distinct()) return;
  for (std::size_t v = 0; v < space_.places(); ++v) to.places[v] = problem_.moves[g][from.places[v]];
}

/// The child by g, unless it is ruled out. The plain counterpart of the kernel.
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
    const auto d = tables_[lookup_tables_[l]]->distance(numbers(problem_.lookups[l], lookup_tables_[l], node).data());
    if (d > most) most = d, node.first = static_cast<std::uint8_t>(l);
  }
  return most;
}

unsigned pattern_search::bound(const pattern_space::images& labels) const {
  auto node = node_of(labels);
  return bound_of(node);
}

pattern_search::result pattern_search::solve(const pattern_space::images& labels, std::uint64_t least, std::uint64_t most, const run_context& context) const {
  struct prefix {
    kernels::pattern_node node;
    std::vector<std::uint16_t> word;
  };
  result out;
  auto root = node_of(labels);
  out.lower_bound = std::max<std::uint64_t>(least, bound_of(root));
  parallel_tasks tasks(context.threads);
  for (; out.lower_bound <= std::min(most, most_length); ++out.lower_bound) {
    const auto length = static_cast<unsigned>(out.lower_bound);
    // Beginnings of all words, in their order, enough of them to share out.
    std::vector<prefix> front{{root, {}}};
    unsigned begun = 0;
    for (; begun + 4 < length && front.size() < tasks_wanted && !front.empty(); ++begun) {
      std::vector<prefix> next;
      for (const auto& p : front) {
        for (std::size_t g = 0; g < space_.generators(); ++g) {
          kernels::pattern_node child{};
          if (!advance(p.node, g, length - begun - 1, child)) continue;
          next.push_back({child, p.word});
          next.back().word.push_back(static_cast<std::uint16_t>(g));
        }
      }
      out.nodes += front.size() * space_.generators();
      front = std::move(next);
    }
    std::atomic<std::size_t> first{front.size()};  // of those in which a word was found
    std::atomic<std::uint64_t> nodes{0};
    std::atomic<bool> stopped{false};
    std::vector<std::atomic<bool>> cancelled(front.size());
    const std::jthread watch([&](std::stop_token over) {
      for (; !over.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
        if (!context.is_stopped()) continue;
        stopped = true;
        for (auto& c : cancelled) c.store(true, std::memory_order_relaxed);
        return;
      }
    });
    std::vector<std::vector<std::uint16_t>> words(front.size());
    std::mutex observing;
    tasks.run(front.size(), context.threads > 1, [&](std::size_t i, std::size_t) {
      if (cancelled[i].load(std::memory_order_relaxed)) return;
      kernels::pattern_scratch scratch(length - begun + 1, space_.generators());
      std::vector<std::uint16_t> word(length - begun);
      const auto r = kernels_->search(problem_, front[i].node, length - begun, word.data(), scratch, cancelled[i]);
      const auto sum = nodes.fetch_add(r.nodes) + r.nodes;
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
        p.depth = length, p.seen = out.nodes + sum, p.sphere = front.size(), p.expanded = i;
        context.observer(p);
      }
    });
    out.nodes += nodes;
    if (first < front.size()) {
      out.found = true;
      for (const auto g : front[first].word) out.word.push_back(space_.generator(g));
      for (const auto g : words[first]) out.word.push_back(space_.generator(g));
      return out;
    }
    if (stopped) {
      out.limit = context.stop.stop_requested() ? limit::interrupt : limit::time;
      return out;
    }
  }
  out.limit = limit::depth;
  return out;
}

}  // namespace cosetta::search
