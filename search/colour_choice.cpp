#include <groups/backtrack.hpp>
#include <groups/blocks.hpp>
#include <kernels/bit_moves.hpp>
#include <kernels/error.hpp>
#include <search/colour_choice.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace cosetta::search {

using groups::permutation;
using groups::permutation_group;
using images = colour_fibre::images;

namespace {

constexpr std::size_t least_block = 192;        // colourings in a block: below, sources and patterns take longer than words
constexpr double good_fibre = 6000;             // candidates nearest to it are looked at
constexpr std::size_t most_partitions = 20000;  // of the colours that are tried
constexpr std::size_t most_bits = 47;

// Measured on Zen 4.
constexpr double plain_word_ns = 0.45;     // of a far source
constexpr double block_ns = 60;            // to look at a block and to count it
constexpr double edge_ns = 25;             // to look at a source
constexpr double build_edge_ns = 250;      // to find a source and its pattern
constexpr double build_colouring_ns = 90;  // of each pattern
constexpr double frontier_ns = 10;         // what `bucket` takes for an edge, at least
constexpr double directed_frontier_ns = 20;  // where it looks through all layers

double multinomial(const std::vector<unsigned>& parts) {
  double sum = 0, log = 0;
  for (const auto k : parts) {
    sum += k;
    log -= std::lgamma(k + 1.0);
  }
  return std::exp(log + std::lgamma(sum + 1));
}

mpz_class factorial(std::size_t n) {
  mpz_class out;
  mpz_fac_ui(out.get_mpz_t(), n);
  return out;
}

/// Colours, how often each occurs, and those of each orbit.
struct colour_counts {
  std::vector<unsigned> count;
  std::vector<images> by_orbit;

  explicit colour_counts(const coloured_points& points) : count(points.labels.size()) {
    for (const auto c : points.colours) ++count[c];
    for (std::size_t c = 0; c < count.size(); ++c) {
      if (c == 0 || points.orbits[c] != points.orbits[c - 1]) by_orbit.emplace_back();
      by_orbit.back().push_back(static_cast<std::uint8_t>(c));
    }
  }
  /// The product of the symmetric groups on the classes of `merged` over that on the colours, for the first `colours` of them.
  double fibre(const images& merged, std::size_t colours) const {
    std::vector<std::vector<unsigned>> classes(colours);
    for (std::size_t c = 0; c < colours; ++c) classes[merged[c]].push_back(count[c]);
    double out = 1;
    for (const auto& c : classes) out *= multinomial(c);
    return out;
  }
};

/// Ways to merge colours of one orbit: all set partitions where there are few, else one class of colours that follow on one another,
/// and pairs.
std::vector<images> partitions_of(const images& colours) {
  std::vector<images> out;
  const std::size_t q = colours.size();
  if (q <= 6) {
    images part(q, 0);  // restricted growth strings
    const auto extend = [&](const auto& self, std::size_t at, std::uint8_t classes) -> void {
      if (at == q) {
        out.push_back(part);
        return;
      }
      for (std::uint8_t c = 0; c <= classes; ++c) {
        part[at] = c;
        self(self, at + 1, std::max<std::uint8_t>(classes, static_cast<std::uint8_t>(c + 1)));
      }
    };
    extend(extend, 0, 0);
    return out;
  }
  images apart(q);
  std::iota(apart.begin(), apart.end(), std::uint8_t{0});
  out.push_back(apart);
  for (std::size_t first = 0; first < q; ++first) {
    auto part = apart;
    for (std::size_t last = first + 1; last < q; ++last) {
      part[last] = part[first];
      out.push_back(part);
    }
    for (std::size_t other = first + 2; other < q; ++other) {
      part = apart;
      part[other] = part[first];
      out.push_back(part);
    }
  }
  return out;
}

/// Coarse colourings with a fibre in range, by how near it is to what is good. `alike`: of those that differ only by colours of one orbit
/// that are equally frequent, one is enough, for all arrangements are reached.
std::vector<images> candidates(const coloured_points& points, const colour_counts& counts, double least, double most, std::size_t how_many,
                               bool alike) {
  std::vector<images> all{images(points.labels.size(), 0)};
  std::vector<std::uint8_t> classes{0};  // used by each
  for (const auto& colours : counts.by_orbit) {
    std::vector<images> next;
    std::vector<std::uint8_t> next_classes;
    const auto parts = partitions_of(colours);
    for (std::size_t i = 0; i < all.size() && next.size() < most_partitions; ++i) {
      for (const auto& part : parts) {
        auto merged = all[i];
        for (std::size_t k = 0; k < colours.size(); ++k) merged[colours[k]] = static_cast<std::uint8_t>(classes[i] + part[k]);
        if (counts.fibre(merged, colours.back() + std::size_t{1}) > most) continue;
        next.push_back(std::move(merged));
        next_classes.push_back(static_cast<std::uint8_t>(classes[i] + *std::ranges::max_element(part) + 1));
      }
    }
    all = std::move(next), classes = std::move(next_classes);
  }
  std::vector<std::pair<double, images>> ranked;
  for (auto& merged : all) {
    bool coarsest = true;  // one colour in each orbit: H = G
    for (const auto& colours : counts.by_orbit) {
      for (const auto c : colours) coarsest = coarsest && merged[c] == merged[colours.front()];
    }
    if (coarsest) continue;
    const double f = counts.fibre(merged, merged.size());
    if (f < least || f > most) continue;
    ranked.emplace_back(std::abs(std::log(f / good_fibre)), std::move(merged));
  }
  std::ranges::stable_sort(ranked, {}, [](const auto& r) { return r.first; });
  std::vector<images> out;
  std::set<std::vector<std::pair<std::uint8_t, std::vector<unsigned>>>> seen;
  for (auto& r : ranked) {
    if (out.size() == how_many) break;
    std::vector<std::pair<std::uint8_t, std::vector<unsigned>>> classes_of(counts.count.size());
    for (std::size_t c = 0; c < counts.count.size(); ++c) {
      classes_of[r.second[c]].first = points.orbits[c];
      classes_of[r.second[c]].second.push_back(counts.count[c]);
    }
    for (auto& c : classes_of) std::ranges::sort(c.second);
    std::ranges::sort(classes_of);
    if (seen.insert(std::move(classes_of)).second || !alike) out.push_back(std::move(r.second));
  }
  return out;
}

/// What one choice of merged colours costs, with each gauge.
class estimate {
 public:
  estimate(const colour_design& design, const permutation_group& group, kernels::bit_move_forms forms) : design_(design), forms_(forms), n_(group.degree()) {
    const auto d = design_.cosets->points().generators.size();
    std::mt19937_64 random(7);
    const std::size_t samples = std::clamp<std::size_t>(1024 / d, 32, 128);
    for (std::size_t i = 0; i < samples; ++i) {
      const auto x = group.random(random);
      auto& y = sample_.emplace_back(n_);
      for (std::size_t k = 0; k < n_; ++k) y[k] = static_cast<std::uint8_t>(x[k]);
    }
    for (const auto& g : design_.cosets->points().generators) {
      images inverse(n_);
      for (std::size_t k = 0; k < n_; ++k) inverse[g[k]] = static_cast<std::uint8_t>(k);
      inverses_.push_back(std::move(inverse));
    }
  }

  /// Fills in cost, patterns and table_bytes.
  void evaluate(std::size_t gauge) {
    const auto& cosets = *design_.cosets;
    const auto& fibre = *design_.fibre;
    std::unordered_map<std::string, std::size_t> seen;
    double sum = 0, once = 0, twice = 0;
    std::size_t moved = 0;
    images source(n_), s(n_);
    std::string name(fibre.active().size(), '\0');
    for (auto r : sample_) {
      cosets.reduce(r, gauge);
      for (const auto& p : inverses_) {
        images y(n_);
        for (std::size_t i = 0; i < n_; ++i) y[i] = r[p[i]];
        source = y;
        cosets.reduce(source, gauge);
        bool trivial = true;
        for (std::size_t i = 0; i < n_; ++i) s[source[i]] = y[i];
        for (std::size_t i = 0; i < name.size(); ++i) {
          name[i] = static_cast<char>(s[fibre.active()[i]]);
          trivial = trivial && s[fibre.active()[i]] == fibre.active()[i];
        }
        if (trivial) continue;
        ++moved;
        const auto times = ++seen[name];
        if (times == 1) ++once;
        if (times == 2) --once, ++twice;
        if (times == 3) --twice;
        sum += costs_.try_emplace(name, -1).first->second;
        auto& cost = costs_[name];
        if (cost >= 0) continue;
        cost = words_cost(s);
        sum += cost + 1;
      }
    }
    const auto samples = static_cast<double>(sample_.size()), d = static_cast<double>(inverses_.size()), words = static_cast<double>(fibre.words());
    const double mean = moved == 0 ? 0 : sum / static_cast<double>(moved);
    // What has not been seen: Chao's estimate is from below, that of Good and Turing, for all edges, from above.
    const double edges = static_cast<double>(design_.blocks) * static_cast<double>(moved) / samples;
    const double below = static_cast<double>(seen.size()) + once * (once - 1) / (2 * (twice + 1));
    const double above = static_cast<double>(seen.size()) + (moved == 0 ? 0 : once / static_cast<double>(moved) * edges);
    const double patterns = std::min(std::sqrt(below * std::max(below, above)), edges + 1);
    const double pattern_bytes = mean * 34;
    const double tables = patterns * pattern_bytes;
    const double stream = tables < 1e6 ? 0 : tables < 2.4e7 ? pattern_bytes / 30 : pattern_bytes / 8;  // from the third cache, from memory
    const double block = block_ns + edge_ns * d + plain_word_ns * words * (1 + d) + sum / samples + stream * static_cast<double>(moved) / samples;
    design_.gauge = gauge;
    design_.cost = block / static_cast<double>(fibre.size());
    design_.patterns = static_cast<std::size_t>(patterns) + 1;
    design_.table_bytes = static_cast<std::size_t>(tables);
  }
  const colour_design& design() const noexcept { return design_; }

 private:
  double words_cost(const images& s) const {
    constexpr std::size_t looked_at = 16;
    const std::size_t words = design_.fibre->words();
    std::uint32_t from[64];
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(words, looked_at); ++i, ++count) {
      const std::size_t w = words <= looked_at ? i : (2 * i + 1) * words / (2 * looked_at);
      design_.fibre->sources(s.data(), 64 * w, 64, from);
      sum += kernels::bit_moves::cost_of(from, words, forms_);
    }
    return sum * static_cast<double>(words) / static_cast<double>(count);
  }

  colour_design design_;
  kernels::bit_move_forms forms_;
  std::size_t n_;
  std::vector<images> sample_, inverses_;
  std::unordered_map<std::string, double> costs_;
};

/// How often a state is looked at: a part of the number of layers, which is guessed from the eccentricity of the coarse colouring, and
/// that from a ball around it. An estimate from above for polynomial growth, where many layers are to be feared.
double guess_layers(const colour_design& design) {
  const auto& cosets = *design.cosets;
  const std::size_t n = cosets.points().size();
  constexpr std::size_t most_seen = 20000;
  std::unordered_set<std::string> seen;
  std::vector<std::string> layer(1, std::string(n, '\0')), next;
  for (std::size_t i = 0; i < n; ++i) layer[0][i] = static_cast<char>(cosets.coarse()[i]);
  seen.insert(layer[0]);
  double depth = 0;
  while (!layer.empty() && seen.size() < most_seen) {
    next.clear();
    for (const auto& s : layer) {
      for (const auto& g : cosets.points().generators) {
        std::string image(n, '\0');
        for (std::size_t i = 0; i < n; ++i) image[i] = s[g[i]];
        if (seen.insert(image).second) next.push_back(std::move(image));
      }
    }
    if (!next.empty()) ++depth;
    std::swap(layer, next);
  }
  const double ratio = std::log(static_cast<double>(design.states)) / std::log(static_cast<double>(std::max<std::size_t>(seen.size(), 3)));
  return std::max(2.0, 0.5 * depth * ratio * std::sqrt(ratio));
}

/// Everything that is known before a design is chosen.
struct setting {
  std::shared_ptr<const coloured_points> points;
  permutation_group group;  // on the points
  std::vector<permutation_group> stabilizers;  // of the colours so far; the last is St. Empty where all arrangements are reached
  bool all_arrangements = false;
  std::uint64_t states = 0;
  std::string reason;
};

permutation_group restricted(const permutation_group& group, const coloured_points& points) {
  std::vector<permutation> generators;
  for (const auto& g : points.generators) {
    std::vector<groups::point> p(g.begin(), g.end());
    generators.emplace_back(p);
  }
  auto options = group.options();
  options.known_order = group.order();
  return permutation_group(std::move(generators), points.size(), options);
}

permutation_group stabilizer_of(permutation_group group, const images& colours) {
  const std::size_t count = std::size_t{1} + *std::ranges::max_element(colours);
  for (std::size_t c = 0; c < count; ++c) {
    std::vector<groups::point> members;
    for (std::size_t i = 0; i < colours.size(); ++i) {
      if (colours[i] == c) members.push_back(static_cast<groups::point>(i));
    }
    if (!members.empty()) group = groups::set_stabilizer(group, members);
  }
  return group;
}

setting make_setting(const permutation_group& group, const graphs::graph_definition& graph) {
  setting out;
  auto points = coloured_points::of(graph);
  if (!points) {
    out.reason = fmt::format("its generators move more than {} points", coloured_points::most_points);
    return out;
  }
  out.points = std::make_shared<const coloured_points>(std::move(*points));
  out.group = restricted(group, *out.points);
  // All arrangements of the colours in each orbit.
  const colour_counts counts(*out.points);
  mpz_class symmetric = 1;
  for (const auto& colours : counts.by_orbit) {
    std::size_t sum = 0;
    for (const auto c : colours) sum += counts.count[c];
    symmetric *= factorial(sum);
  }
  mpz_class arrangements = symmetric;
  for (const auto k : counts.count) arrangements /= factorial(k);
  mpz_class states = arrangements;
  if (out.group.order() != symmetric && !(out.group.giant() && arrangements != symmetric)) {
    states = out.group.order() / stabilizer_of(out.group, out.points->colours).order();
  }
  out.all_arrangements = states == arrangements;
  if (mpz_sizeinbase(states.get_mpz_t(), 2) > most_bits) {
    out.reason = fmt::format("it has more than 2^{} states ({})", most_bits, states.get_str());
    return out;
  }
  out.states = states.get_ui();
  return out;
}

/// A design for a coarser colouring, or nothing where its fibre is out of range.
std::optional<colour_design> design_for(const setting& s, const coarsening& coarser, std::size_t least) {
  colour_design design;
  design.states = s.states;
  std::shared_ptr<const permutation_group> subgroup;
  if (!s.all_arrangements) {
    const auto coarse = *colour_cosets::coarse(coarser, s.points->colours, s.points->colours);
    auto h = stabilizer_of(s.group, coarse);
    const mpz_class blocks = s.group.order() / h.order();
    if (blocks == 1 || blocks > s.states / least) return std::nullopt;
    // A base in ascending order.
    auto options = s.group.options();
    options.known_order = h.order();
    for (std::size_t i = 0; i < coarse.size(); ++i) options.base_prefix.push_back(static_cast<std::uint32_t>(i));
    subgroup = std::make_shared<const permutation_group>(h.generators(), h.degree(), options);
  }
  const auto cosets = std::make_shared<const colour_cosets>(s.points, coarser, subgroup);
  design.cosets = cosets;
  design.fibre = colour_fibre::make(s.points->colours, cosets->subgroup_generators());
  if (!design.fibre || design.fibre->size() < least) return std::nullopt;
  if (s.states % design.fibre->size() != 0) throw error("the fibre does not divide the states: this is a defect, please report it");
  design.blocks = s.states / design.fibre->size();
  return design;
}

/// Pieces that the group moves as wholes, on one orbit; the points of the others are pieces by themselves. No symmetric group on all
/// arrangements has any.
std::vector<images> piece_systems(const setting& s) {
  constexpr std::size_t most_systems = 6;
  std::vector<images> out;
  if (s.all_arrangements) return out;
  const std::size_t n = s.points->size();
  std::set<std::uint8_t> orbits(s.points->orbits.begin(), s.points->orbits.end());
  for (const auto orbit : orbits) {
    std::vector<groups::point> members, place(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (s.points->orbits[s.points->colours[i]] != orbit) continue;
      place[i] = static_cast<groups::point>(members.size());
      members.push_back(static_cast<groups::point>(i));
    }
    std::vector<permutation> generators;
    for (const auto& g : s.points->generators) {
      std::vector<groups::point> p;
      for (const auto i : members) p.push_back(place[g[i]]);
      generators.emplace_back(p);
    }
    for (const auto& system : groups::minimal_block_systems(generators)) {
      if (out.size() == most_systems) return out;
      auto& pieces = out.emplace_back(n);
      std::iota(pieces.begin(), pieces.end(), std::uint8_t{0});
      for (std::size_t k = 0; k < members.size(); ++k) {
        for (std::size_t first = 0; first < members.size(); ++first) {
          if (system.labels[first] != system.labels[k]) continue;
          pieces[members[k]] = static_cast<std::uint8_t>(members[first]);
          break;
        }
      }
    }
  }
  return out;
}

/// No gauge, and the generators of the greatest orders, one of each inverse pair.
std::vector<std::size_t> gauges(const coloured_points& points) {
  constexpr std::size_t most = 3;
  std::vector<std::pair<std::size_t, std::size_t>> orders;
  for (std::size_t g = 0; g < points.generators.size(); ++g) {
    const auto& p = points.generators[g];
    images inverse(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) inverse[p[i]] = static_cast<std::uint8_t>(i);
    const auto at = std::ranges::find(points.generators, inverse);
    if (at - points.generators.begin() < static_cast<std::ptrdiff_t>(g)) continue;
    std::size_t order = 1;
    std::vector<bool> seen(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      std::size_t length = 0;
      for (auto k = i; !seen[k]; k = p[k]) seen[k] = true, ++length;
      if (length > 0 && order < 10000) order = std::lcm(order, length);
    }
    if (order > 2 && order <= 1000) orders.emplace_back(order, g);
  }
  std::ranges::stable_sort(orders, std::ranges::greater{}, [](const auto& o) { return o.first; });
  std::vector<std::size_t> out{colour_cosets::no_gauge};
  for (const auto& [order, g] : orders) {
    if (out.size() <= most) out.push_back(g);
  }
  return out;
}

std::vector<colour_design> designs(const setting& s, kernels::instruction_set instructions, std::size_t least, std::size_t how_many, const run_context& context) {
  std::vector<colour_design> out;
  const colour_counts counts(*s.points);
  const auto forms = kernels::bit_move_kernels_for(instructions).forms;
  // Where not all arrangements are reached, a fibre may be much smaller than the arrangements of its colours.
  const double most = s.all_arrangements ? static_cast<double>(colour_fibre::most_states) : 1e12;
  std::vector<coarsening> coarser;
  for (auto& merged : candidates(*s.points, counts, static_cast<double>(least), most, how_many, s.all_arrangements)) coarser.push_back({std::move(merged), {}});
  for (auto& pieces : piece_systems(s)) {
    images apart(s.points->labels.size());
    std::iota(apart.begin(), apart.end(), std::uint8_t{0});
    coarser.push_back({std::move(apart), std::move(pieces)});
  }
  for (const auto& c : coarser) {
    context.check();
    const auto design = design_for(s, c, least);
    if (!design || design->blocks == 1) continue;
    estimate e(*design, s.group, forms);
    for (const auto gauge : gauges(*s.points)) {
      e.evaluate(gauge);
      out.push_back(e.design());
    }
  }
  std::ranges::stable_sort(out, {}, [](const auto& d) { return d.cost; });
  return out;
}

}  // namespace

std::optional<colour_design> colour_design_for(const permutation_group& group, const graphs::graph_definition& graph, const coarsening& coarser,
                                               std::size_t gauge) {
  const auto s = make_setting(group, graph);
  if (!s.reason.empty()) return std::nullopt;
  const auto& points = *s.points;
  const auto below = [](std::size_t bound) { return [bound](std::size_t x) { return x < bound; }; };
  if (coarser.merged.size() != points.labels.size() || !std::ranges::all_of(coarser.merged, below(points.labels.size()))) return std::nullopt;
  if (!coarser.pieces.empty() && (coarser.pieces.size() != points.size() || !std::ranges::all_of(coarser.pieces, below(points.size())))) return std::nullopt;
  if (gauge != colour_cosets::no_gauge && gauge >= points.generators.size()) return std::nullopt;
  auto design = design_for(s, coarser, 2);
  if (design) design->gauge = gauge;
  return design;
}

std::vector<colour_design> all_colour_designs(const permutation_group& group, const graphs::graph_definition& graph,
                                              kernels::instruction_set instructions, std::size_t least, std::size_t most, const run_context& context) {
  const auto s = make_setting(group, graph);
  if (!s.reason.empty()) return {};
  return designs(s, instructions, least, most, context);
}

colour_choice choose_colours(const permutation_group& group, const graphs::graph_definition& graph, kernels::instruction_set instructions,
                             bool at_any_cost, const run_context& context) {
  colour_choice out;
  const auto s = make_setting(group, graph);
  out.states = s.states;
  out.reason = s.reason;
  if (!out.reason.empty()) return out;
  const auto all = designs(s, instructions, least_block, s.states < 200'000 ? 1 : s.states < 5'000'000 ? 3 : 8, context);
  if (all.empty()) {
    out.reason = fmt::format("no way to merge labels gives blocks of {} to {} states", least_block, colour_fibre::most_states);
    return out;
  }
  const double layers = guess_layers(all.front());
  const auto d = static_cast<double>(s.points->generators.size()), states = static_cast<double>(s.states);
  double best = 0;
  const colour_design* chosen = nullptr;
  for (const auto& design : all) {
    const double build = (build_edge_ns * d * static_cast<double>(design.blocks) +
                          build_colouring_ns * static_cast<double>(design.patterns * design.fibre->size())) / states;
    const double cost = (layers * design.cost + build * context.threads) / d;  // tables are built by one thread
    if (chosen != nullptr && cost >= best) continue;
    best = cost, chosen = &design;
  }
  if (!at_any_cost && best > (graph.is_inverse_closed() ? frontier_ns : directed_frontier_ns)) {
    out.reason = fmt::format("about {:.0f} ns an edge ({} patterns or so in blocks of {} states), a hash table takes no longer", best,
                             chosen->patterns, chosen->fibre->size());
    return out;
  }
  out.design = *chosen;
  out.design->layers = layers;
  return out;
}

}  // namespace cosetta::search
