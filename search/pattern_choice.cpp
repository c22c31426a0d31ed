#include <groups/permutation_group.hpp>
#include <search/pattern_choice.hpp>
#include <search/step_coordinates.hpp>
#include <search/subgroup_choice.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <unordered_set>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using shared_coordinate = std::shared_ptr<const coordinate>;
using images = coordinate::images;

constexpr std::size_t tuple_limit = 20'000;              // colourings of a chunk of labels
constexpr std::size_t sampled_tuples = 10'000;           // of the growth that is extrapolated
constexpr double most_head = 1 << 21;                     // joint numbers
constexpr std::size_t most_subgroups = 3, most_pool = 40;
constexpr unsigned long much_smaller = 50;                 // a quotient, than the largest
constexpr std::size_t stabilizer_elements = 30, stabilizer_steps = 200;

struct candidate {
  std::vector<shared_coordinate> coordinates;
  std::string origin;
  double mean = 0;  // estimated; it decides on the bits of an entry, and so comes before the plan
};

double tuples_of(const std::vector<shared_coordinate>& coordinates) {
  double out = 1;
  for (const auto& c : coordinates) out *= static_cast<double>(c->size());
  return out;
}

/// The colours of labels in all of the coordinates together.
images refinement(const std::vector<shared_coordinate>& coordinates) {
  images out(coordinates.front()->colours().size(), 0);
  for (const auto& c : coordinates) {
    std::map<std::pair<unsigned, unsigned>, std::uint8_t> joint;
    for (std::size_t v = 0; v < out.size(); ++v) {
      out[v] = joint.emplace(std::pair{out[v], c->colours()[v]}, static_cast<std::uint8_t>(joint.size())).first->second;
    }
  }
  return out;
}

class chooser {
 public:
  chooser(const pattern_space& space, std::size_t bytes, const run_context& context) : space_(space), bytes_(static_cast<double>(bytes)), context_(context) {}

  std::vector<pattern_choice> run() {
    if (space_.places() == 0) return {};
    if (space_.distinct()) add_subgroups();
    add_tuples();
    std::ranges::stable_sort(bases_, std::greater<>{}, &candidate::mean);
    if (!bases_.empty()) extend(bases_);
    std::vector<pattern_choice> out;
    for (const auto& c : bases_) out.push_back(*plan(c));
    return out;
  }

 private:
  /// The moves of table coordinates: paths from home under them are paths to it.
  const std::vector<images>& moves() const { return space_.moves(); }

  shared_coordinate enumerate(const images& colours, std::size_t limit) const {
    auto c = coordinate::enumerate(moves(), colours, limit, context_);
    return c ? std::make_shared<const coordinate>(std::move(*c)) : nullptr;
  }

  void add_subgroups() {
    const groups::group_control control{context_.stop, context_.deadline, {}};
    groups::chain_options options;
    options.control = control;
    const groups::permutation_group group(space_.elements(), space_.places(), options);
    // The largest quotients that may fit when the symmetries that keep the subgroup's orbits merge tuples; much smaller ones say less.
    auto subgroups = subgroup_candidates(space_.elements(), {1 << 12, 64}, control);
    std::erase_if(subgroups, [&](const auto& h) {
      const images colours(h.colours.begin(), h.colours.end());
      const auto merged = std::ranges::count_if(space_.symmetries(), [&](const auto& w) { return keeps_colouring(w, colours); });
      return group.order() > h.order * mpz_class(2 * bytes_ * static_cast<double>(merged)) || group.order() < h.order * 100;
    });
    std::ranges::stable_sort(subgroups, [](const auto& a, const auto& b) { return a.order < b.order; });
    mpz_class least_order = 0;
    std::size_t fitting = 0;
    for (std::size_t i = 0; i < subgroups.size() && fitting < most_subgroups; ++i) {
      const auto& h = subgroups[i];
      if (fitting > 0 && h.order > least_order * much_smaller) break;
      auto found = separating_coordinates(space_.elements(), h.colours, group.order() / h.order, {}, context_);
      if (!found) continue;
      candidate c;
      for (const auto& x : *found) c.coordinates.push_back(offer(closed(x)));
      c.origin = fmt::format("cosets of a subgroup of order {}", h.order.get_str());
      c.mean = estimate(c.coordinates);
      if (!plan(c)) continue;
      if (fitting++ == 0) least_order = h.order;
      bases_.push_back(std::move(c));
    }
  }

  /// The finest colouring with the same stabilizer, whose symmetries are those of the stabilizer: its orbits, by random elements of it.
  shared_coordinate closed(const coordinate& c) const {
    const std::size_t n = space_.places();
    std::vector<std::uint32_t> parent(c.size(), 0), queue{0};
    std::vector<std::uint32_t> by(c.size(), ~std::uint32_t{0});  // the generator that leads from the parent
    for (std::size_t k = 0; k < queue.size(); ++k) {
      for (std::uint32_t g = 0; g < c.generators(); ++g) {
        const auto next = c.next(queue[k], g);
        if (next == 0 || by[next] != ~std::uint32_t{0}) continue;
        parent[next] = queue[k], by[next] = g;
        queue.push_back(next);
      }
    }
    std::vector<std::uint8_t> root(n);
    std::iota(root.begin(), root.end(), std::uint8_t{0});
    std::mt19937_64 random(1);
    images labels(n), moved(n);
    for (std::size_t e = 0; e < stabilizer_elements; ++e) {
      std::iota(labels.begin(), labels.end(), std::uint8_t{0});
      std::uint32_t id = 0;
      for (std::size_t k = 0; k < stabilizer_steps; ++k) {
        const std::size_t g = random() % c.generators();
        for (std::size_t i = 0; i < n; ++i) moved[moves()[g][i]] = labels[i];
        labels.swap(moved), id = c.next(id, g);
      }
      for (; id != 0; id = parent[id]) {
        for (std::size_t i = 0; i < n; ++i) moved[i] = labels[moves()[by[id]][i]];
        labels.swap(moved);
      }
      for (std::size_t i = 0; i < n; ++i) {
        const auto a = root[i], b = root[labels[i]];
        std::ranges::replace(root, std::max(a, b), std::min(a, b));
      }
    }
    // Too few elements would leave smaller orbits, and a larger coordinate.
    auto out = enumerate(root, c.size());
    return out && out->size() == c.size() ? out : std::make_shared<const coordinate>(c);
  }

  /// Labels of one orbit, in chunks: one label after another that the chunk does not determine yet.
  void add_tuples() {
    for (std::size_t orbit = 0; orbit < space_.orbit_count(); ++orbit) {
      std::vector<bool> used(space_.places(), false);
      candidate c;
      c.origin = "tuples of labels";
      while (c.coordinates.size() < pattern_table::most_coordinates) {
        auto chunk = next_chunk(orbit, used);
        if (!chunk) break;
        c.coordinates.push_back(offer(chunk));
        c.mean = estimate(c.coordinates);
        if (plan(c)) bases_.push_back(c);
        if (tuples_of(c.coordinates) > bytes_ * 1024) break;
      }
    }
  }
  shared_coordinate next_chunk(std::size_t orbit, std::vector<bool>& used) const {
    images colours(space_.places(), 0);
    shared_coordinate chunk;
    std::uint8_t next = 1;
    for (std::size_t v = 0; v < space_.places(); ++v) {
      if (space_.orbits()[v] != orbit || used[v]) continue;
      // Equal labels are one colour: all places of its class.
      auto more = colours;
      for (std::size_t i = 0; i < space_.places(); ++i) {
        if (space_.home()[i] == space_.home()[v]) more[i] = next;
      }
      auto larger = enumerate(more, tuple_limit);
      if (!larger) {
        if (chunk) break;
        used[v] = true;  // too many places even alone
        continue;
      }
      for (std::size_t i = 0; i < space_.places(); ++i) used[i] = used[i] || more[i] == next;
      if (chunk && larger->size() == chunk->size()) continue;  // determined by the others
      if (larger->size() == 1) continue;
      chunk = std::move(larger), colours = std::move(more), ++next;
    }
    return chunk;
  }

  /// The same coordinate, or the one with its colouring that is in the pool.
  shared_coordinate offer(const shared_coordinate& c) {
    const auto same = std::ranges::find_if(pool_, [&](const auto& p) { return p->colours() == c->colours(); });
    if (same != pool_.end()) return *same;
    if (pool_.size() < most_pool) pool_.push_back(c);
    return c;
  }

  /// The best candidate, with one more coordinate after another while that fits and helps.
  void extend(std::vector<candidate>& all) const {
    auto best = all.front();
    for (bool grown = true; grown && best.coordinates.size() < pattern_table::most_coordinates;) {
      grown = false;
      auto larger = best;
      for (const auto& c : pool_) {
        context_.check();
        if (std::ranges::find(best.coordinates, c) != best.coordinates.end()) continue;
        auto with = best;
        with.coordinates.push_back(c);
        if (refinement(with.coordinates) == refinement(best.coordinates)) continue;
        with.mean = estimate(with.coordinates);
        if (with.mean > larger.mean && plan(with)) larger = std::move(with), grown = true;
      }
      best = std::move(larger);
    }
    if (best.coordinates.size() == all.front().coordinates.size()) return;
    best.origin += fmt::format(", refined by {} more colourings", best.coordinates.size() - all.front().coordinates.size());
    all.insert(all.begin(), std::move(best));
  }

  /// The mean distance of tuples, by the growth of the first ones.
  double estimate(const std::vector<shared_coordinate>& coordinates) const {
    std::vector<std::uint64_t> layer{0};
    std::unordered_set<std::uint64_t> seen{0};
    std::vector<double> sizes{1};
    const auto step = [&](std::uint64_t tuple, std::size_t g) {
      std::uint64_t out = 0, weight = 1;
      for (std::size_t j = coordinates.size(); j-- > 0;) {
        const auto size = coordinates[j]->size();
        out += weight * coordinates[j]->next(static_cast<std::uint32_t>(tuple % size), g);
        weight *= size, tuple /= size;
      }
      return out;
    };
    while (!layer.empty() && seen.size() < sampled_tuples) {
      std::vector<std::uint64_t> next;
      for (const auto tuple : layer) {
        for (std::size_t g = 0; g < space_.generators(); ++g) {
          const auto to = step(tuple, g);
          if (seen.insert(to).second) next.push_back(to);
        }
      }
      if (!next.empty()) sizes.push_back(static_cast<double>(next.size()));
      layer = std::move(next);
    }
    double left = tuples_of(coordinates), sum = 0, weighted = 0, size = 1;
    const double ratio = sizes.size() > 2 ? sizes.back() / sizes[sizes.size() - 2] : 2;
    for (std::size_t d = 0; left > 0 && d < 1000; ++d) {
      size = d < sizes.size() ? sizes[d] : layer.empty() ? 0 : size * std::max(1.01, ratio);
      const double here = std::min(size, left);
      if (here == 0) break;
      sum += here, weighted += here * static_cast<double>(d), left -= here;
    }
    return weighted / sum;
  }

  /// The first orbit that shows more than one colour.
  std::size_t orbit_of(const coordinate& c) const {
    std::vector<int> colour(space_.orbit_count(), -1);
    for (std::size_t v = 0; v < space_.places(); ++v) {
      auto& first = colour[space_.orbits()[v]];
      if (first != -1 && first != c.colours()[v]) return space_.orbits()[v];
      first = c.colours()[v];
    }
    return 0;
  }

  /// The head that merges most; nothing where the table is too large.
  std::optional<pattern_choice> plan(const candidate& c) const {
    std::map<std::size_t, std::vector<shared_coordinate>> by_orbit;
    std::vector<std::vector<shared_coordinate>> heads;
    for (const auto& x : c.coordinates) {
      heads.push_back({x});
      by_orbit[orbit_of(*x)].push_back(x);
    }
    for (const auto& [orbit, group] : by_orbit) {
      if (group.size() > 1) heads.push_back(group);
    }
    std::optional<pattern_choice> best;
    for (const auto& head : heads) {
      const double joint = tuples_of(head);
      if (joint > most_head) continue;
      std::vector<shared_coordinate> rest;
      for (const auto& x : c.coordinates) {
        if (std::ranges::find(head, x) == head.end()) rest.push_back(x);
      }
      std::ranges::stable_sort(rest, {}, [](const auto& x) { return x->size(); });
      pattern_choice choice;
      const auto colours = refinement(head);
      for (const auto& w : space_.symmetries()) {
        if (keeps_colouring(w, colours) && std::ranges::all_of(rest, [&](const auto& x) { return keeps_colouring(w, x->colours()); })) choice.symmetries.push_back(w);
      }
      choice.estimated_mean = c.mean;
      const double merged = std::min(static_cast<double>(choice.symmetries.size()), std::max(1.0, joint / 4));
      const unsigned bits = c.mean > 12 ? 8 : 4;
      choice.estimated_bytes = tuples_of(c.coordinates) / merged * bits / 8 + joint * 4;
      for (const auto& x : rest) choice.estimated_bytes += 4.0 * static_cast<double>(x->size() * choice.symmetries.size());
      for (const auto& x : c.coordinates) choice.estimated_bytes += static_cast<double>(x->bytes());
      if (choice.estimated_bytes > bytes_ || (best && best->estimated_bytes <= choice.estimated_bytes)) continue;
      choice.parts = {head, rest, bits};
      choice.origin = c.origin;
      best = std::move(choice);
    }
    return best;
  }

  const pattern_space& space_;
  const double bytes_;
  const run_context& context_;
  std::vector<candidate> bases_;
  std::vector<shared_coordinate> pool_;
};

}  // namespace

std::vector<pattern_choice> choose_patterns(const pattern_space& space, std::size_t bytes, const run_context& context) {
  return chooser(space, bytes, context).run();
}

}  // namespace cosetta::search
