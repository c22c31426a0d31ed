#include <groups/matrix_group.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <kernels/philox.hpp>
#include <kernels/random_steps.hpp>
#include <search/device_walks.hpp>
#include <search/parallel_tasks.hpp>
#include <search/walks.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::array walk_kind_names{std::pair{walk_kind::classic, std::string_view("classic")}, std::pair{walk_kind::non_backtracking, std::string_view("non_backtracking")},
                                     std::pair{walk_kind::group, std::string_view("group")}, std::pair{walk_kind::sphere, std::string_view("sphere")}};

using kernels::philox_key;

constexpr std::uint32_t purpose_elements = 0x80000000;  // of blocks that are no steps: the last word of their counters

/// Random words without an end, for one random element.
class element_stream {
 public:
  element_stream(philox_key key, std::uint64_t walk) : key_(key), walk_(walk) {}

  std::uint32_t word() {
    if (used_ == 4) {
      block_ = kernels::philox4x32({static_cast<std::uint32_t>(walk_), static_cast<std::uint32_t>(walk_ >> 32), static_cast<std::uint32_t>(at_),
                                    purpose_elements | static_cast<std::uint32_t>(at_ >> 32)}, key_);
      ++at_;
      used_ = 0;
    }
    return block_[used_++];
  }
  /// As many bits as bound - 1 has, again until they are below. Precondition: bound > 0.
  mpz_class below(const mpz_class& bound) {
    const mpz_class most = bound - 1;
    const std::size_t bits = most == 0 ? 0 : mpz_sizeinbase(most.get_mpz_t(), 2);
    std::vector<std::uint32_t> words((bits + 31) / 32);
    mpz_class value = 0;
    do {
      for (auto& w : words) w = word();
      if (bits % 32 != 0) words.back() &= (1U << bits % 32) - 1;
      mpz_import(value.get_mpz_t(), words.size(), -1, sizeof words[0], 0, 0, words.data());
    } while (value > most);
    return value;
  }
  std::uint64_t below(std::uint64_t bound) {
    return bound <= 0xffffffff ? kernels::uniform_below(static_cast<std::uint32_t>(bound), [this] { return word(); }) : mpz_get_ui(below(mpz_class(bound)).get_mpz_t());
  }

 private:
  philox_key key_;
  std::uint64_t walk_;
  std::uint64_t at_ = 0;
  std::size_t used_ = 4;
  kernels::philox_block block_{};
};
static_assert(sizeof(unsigned long) == 8, "GMP's machine numbers hold 64 bits");

/// Uniformly random vertices, by ranks of group elements.
class vertex_sampler {
 public:
  vertex_sampler(const graphs::graph_definition& graph, const run_context& context) : graph_(graph) {
    groups::chain_options options;
    options.control = {context.stop, context.deadline, {}};
    if (const auto* set = graph.permutations()) {
      group_ = groups::permutation_group(*set, options);
    } else {
      if (graph.modulus() == 0) throw domain_error(fmt::format("{}: there is no uniform element of an infinite group; take walks (--kind classic), or a modulus", graph.spec()));
      group_ = groups::make_matrix_group(graph.matrices()->elements(), options);
    }
    order_ = std::visit([](const auto& g) { return g.order(); }, group_);
  }

  graphs::state draw(element_stream& random) const {
    const auto rank = random.below(order_);
    const auto& centre = graph_.central();
    if (const auto* g = std::get_if<groups::permutation_group>(&group_)) {
      const auto p = g->unrank(rank);
      graphs::state out(centre.size());
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = centre[p[i]];
      return out;
    }
    const auto product = std::get<groups::matrix_group<groups::matrix>>(group_).unrank(rank) * groups::matrix(graph_.degree(), graph_.columns(), graph_.modulus(), centre);
    return {product.entries().begin(), product.entries().end()};
  }

 private:
  const graphs::graph_definition& graph_;
  std::variant<groups::permutation_group, groups::matrix_group<groups::matrix>> group_;
  mpz_class order_;
};

/// Is s, a neighbour of a state at distance d - 1, at distance d? In inverse-closed graphs the residue says it.
bool is_next_layer(const distance_table& table, const graphs::state& s, std::uint64_t index, std::uint64_t d) {
  return table.stored() == distance_table::kind::residues ? table.residue(index) == d % 3 : table.distance(s) == d;
}

/// All states at distance r, in the order of their labels, which no way of numbering them can change.
std::vector<graphs::state> list_sphere(const graphs::graph_definition& graph, const distance_table& table, std::uint32_t r, const run_context& context) {
  std::vector<graphs::state> layer{graph.central()};
  for (std::uint64_t d = 1; d <= r; ++d) {
    std::vector<std::pair<std::uint64_t, graphs::state>> next;
    const auto thin = [&] {  // duplicates go before they pile up
      std::sort(next.begin(), next.end());
      next.erase(std::unique(next.begin(), next.end()), next.end());
    };
    std::size_t limit = 1024;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (i % 1024 == 0) context.check();
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        auto s = graph.apply(g, layer[i]);
        const auto index = *table.index(s);
        if (is_next_layer(table, s, index, d)) next.emplace_back(index, std::move(s));
      }
      if (next.size() > limit) thin(), limit = 2 * next.size() + 1024;
    }
    thin();
    layer.clear();
    for (auto& [index, s] : next) layer.push_back(std::move(s));
  }
  std::sort(layer.begin(), layer.end());
  return layer;
}

bool can_list_sphere(const graphs::graph_definition& graph, const distance_table& table, std::uint32_t r) {
  constexpr std::uint64_t most = std::uint64_t{64} << 20;
  const auto bytes = graph.central().size() * sizeof(std::uint64_t);
  return std::all_of(table.layers().begin(), table.layers().begin() + r + 1, [&](std::uint64_t n) { return n <= most / bytes; });
}

}  // namespace

std::string_view to_string(walk_kind kind) noexcept {
  return std::ranges::find(walk_kind_names, kind, [](const auto& k) { return k.first; })->second;
}

std::optional<walk_kind> walk_kind_from(std::string_view name) noexcept {
  for (const auto& [kind, text] : walk_kind_names) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

struct random_walks::plan {
  graphs::graph_definition graph;
  walk_options options;
  philox_key key;
  kernels::choose_steps_function choose_steps;
  kernels::take_steps_function take_steps;
  std::optional<kernels::step_rules> rules;
  std::optional<device_walks> device;
  std::vector<kernels::byte_images> small_images;  // of the generators, where they are permutations of at most 64 points
  std::vector<std::vector<std::uint32_t>> images;  // of more points
  kernels::byte_images small_identity{};
  std::optional<vertex_sampler> vertices;
  std::vector<graphs::state> sphere;  // when listed

  plan(const graphs::graph_definition& g, const walk_options& o, const run_context& context) : graph(g), options(o), key(kernels::philox_key_of(o.seed)) {
    const auto instructions = o.instructions.value_or(kernels::best_instruction_set());
    choose_steps = kernels::choose_steps_for(instructions);
    take_steps = kernels::take_steps_for(instructions);
    if (o.device != nullptr && o.kind != walk_kind::classic && o.kind != walk_kind::non_backtracking) {
      throw domain_error(fmt::format("{}: states of the kind {} are drawn on the CPU alone; take --backend cpu", graph.spec(), to_string(o.kind)));
    }
    switch (o.kind) {
      case walk_kind::classic:
      case walk_kind::non_backtracking:
        prepare_steps();
        break;
      case walk_kind::group:
        vertices.emplace(graph, context);
        break;
      case walk_kind::sphere:
        prepare_sphere(context);
        break;
    }
  }

  void prepare_steps() {
    const auto n = static_cast<std::uint32_t>(graph.generator_count());
    if (const auto* set = graph.permutations()) {
      std::iota(small_identity.begin(), small_identity.end(), std::uint8_t{0});
      for (const auto& p : set->elements()) {
        if (graph.degree() > kernels::small_degree) {
          images.push_back(p.images());
          continue;
        }
        auto& bytes = small_images.emplace_back(small_identity);
        for (std::size_t k = 0; k < graph.degree(); ++k) bytes[k] = static_cast<std::uint8_t>(p[k]);
      }
    }
    std::vector<std::vector<std::uint32_t>> allowed(n + 1);
    for (std::uint32_t i = 0; i < n; ++i) allowed[n].push_back(i);
    std::visit([&](const auto& set) {
      for (std::uint32_t last = 0; last < n; ++last) {
        if (options.kind == walk_kind::classic) {
          allowed[last] = allowed[n];
          continue;
        }
        const auto inverse = set[last].inverse();
        for (std::uint32_t i = 0; i < n; ++i) {
          if (!(set[i] == inverse)) allowed[last].push_back(i);
        }
        if (allowed[last].empty() && options.length > 1) {
          throw domain_error(fmt::format("{}: a non-backtracking walk ends after {}, the inverse of all generators; take --kind classic, or length 1", graph.spec(), set.names()[last]));
        }
      }
    }, graph.generators());
    rules.emplace(std::move(allowed));
    if (options.device != nullptr) device.emplace(options.device, graph, *rules, key);
  }

  void prepare_sphere(const run_context& context) {
    if (options.distances == nullptr) {
      throw domain_error(fmt::format("{}: uniform states of a sphere need the distances of all states: make a table by `cosetta growth GRAPH --save-distances FILE` and give it by --distances FILE",
                                     graph.spec()));
    }
    const auto& layers = options.distances->layers();
    if (options.length >= layers.size()) {
      throw domain_error(fmt::format("{}: there is no state at distance {}: the largest is {}", graph.spec(), options.length, layers.size() - 1));
    }
    if (can_list_sphere(graph, *options.distances, options.length)) {
      sphere = list_sphere(graph, *options.distances, options.length, context);
      if (sphere.size() != layers[options.length]) {
        throw error(fmt::format("{}: {} states at distance {} instead of {}: this is a defect, please report it", graph.spec(), sphere.size(), options.length, layers[options.length]));
      }
    } else {
      vertices.emplace(graph, context);
    }
  }

  /// One step of one walk after the other.
  template <class Step>
  static auto each_step(std::size_t count, const Step& step) {
    return [count, step](const std::uint32_t* g, std::uint32_t steps) {
      for (std::uint32_t j = 0; j < steps; ++j) {
        for (std::size_t lane = 0; lane < count; ++lane) step(lane, g[j * kernels::walk_lanes + lane]);
      }
    };
  }

  /// Walks first, ..., first + count - 1, at most walk_lanes of them, into rows of states and of moves as sample() describes them. Of
  /// permutations the walks move positions, and labels are put in where a state is kept: new[i] = old[p[i]].
  void walk(std::uint64_t first, std::size_t count, keep kept, std::span<std::uint64_t> states, std::span<std::uint32_t> moves, const run_context& context) const {
    const auto& centre = graph.central();
    const std::uint64_t rows = kept == keep::all ? std::uint64_t{options.length} + 1 : 1;
    const auto place = [&](std::size_t lane, std::uint64_t row) { return states.subspan((lane * rows + row) * centre.size(), centre.size()); };
    const auto put_labels = [&](std::size_t lane, std::uint64_t row, const auto& positions) {
      const auto out = place(lane, row);
      for (std::size_t k = 0; k < out.size(); ++k) out[k] = centre[positions[k]];
    };
    if (!small_images.empty()) {
      std::vector<kernels::byte_images> here(kernels::walk_lanes, small_identity);
      const auto take = [&](const std::uint32_t* g, std::uint32_t steps) { take_steps(small_images.data(), g, count, steps, here.data()); };
      walk(first, count, kept, moves, context, take, [&](std::size_t lane, std::uint64_t row) { put_labels(lane, row, here[lane]); });
    } else if (!images.empty()) {
      std::vector<std::uint32_t> identity(centre.size()), next(centre.size());
      std::iota(identity.begin(), identity.end(), 0U);
      std::vector<std::vector<std::uint32_t>> here(count, identity);
      const auto take = each_step(count, [&](std::size_t lane, std::uint32_t g) {
        for (std::size_t k = 0; k < next.size(); ++k) next[k] = here[lane][images[g][k]];
        here[lane].swap(next);
      });
      walk(first, count, kept, moves, context, take, [&](std::size_t lane, std::uint64_t row) { put_labels(lane, row, here[lane]); });
    } else {
      std::vector<graphs::state> here(count, centre);
      const auto take = each_step(count, [&](std::size_t lane, std::uint32_t g) { here[lane] = graph.apply(g, here[lane]); });
      walk(first, count, kept, moves, context, take, [&](std::size_t lane, std::uint64_t row) { std::ranges::copy(here[lane], place(lane, row).begin()); });
    }
  }

  /// Calls take(generators, steps) for some steps of all lanes, and store(lane, row) for each state that is kept.
  template <class Take, class Store>
  void walk(std::uint64_t first, std::size_t count, keep kept, std::span<std::uint32_t> moves, const run_context& context, const Take& take, const Store& store) const {
    constexpr std::uint32_t piece = 128;               // steps that are chosen, then taken
    constexpr std::uint32_t pieces_between_looks = 8;  // at the clock
    std::array<std::uint32_t, piece * kernels::walk_lanes> chosen;
    std::array<std::uint32_t, kernels::walk_lanes> last;
    last.fill(rules->generators());
    const auto store_all = [&](std::uint64_t row) {
      for (std::size_t lane = 0; lane < count; ++lane) store(lane, row);
    };
    if (kept == keep::all) store_all(0);
    for (std::uint64_t from = 0; from < options.length; from += piece) {
      if (from / piece % pieces_between_looks == pieces_between_looks - 1) context.check();
      const auto steps = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece, options.length - from));
      choose_steps(*rules, key, first, count, static_cast<std::uint32_t>(from), steps, last.data(), chosen.data());
      if (!moves.empty()) {
        for (std::size_t lane = 0; lane < count; ++lane) {
          for (std::uint32_t j = 0; j < steps; ++j) moves[lane * options.length + from + j] = chosen[j * kernels::walk_lanes + lane];
        }
      }
      if (kept == keep::end) {
        take(chosen.data(), steps);
        continue;
      }
      for (std::uint32_t j = 0; j < steps; ++j) {
        take(chosen.data() + j * kernels::walk_lanes, 1);
        store_all(from + j + 1);
      }
    }
    if (kept == keep::end) store_all(0);
  }

  graphs::state vertex(std::uint64_t i, const run_context& context) const {
    element_stream random(key, i);
    if (options.kind == walk_kind::group) return vertices->draw(random);
    if (!sphere.empty()) return sphere[random.below(std::uint64_t{sphere.size()})];
    const auto& table = *options.distances;
    for (std::uint64_t tries = 1;; ++tries) {
      if (tries % 1024 == 0) context.check();
      auto s = vertices->draw(random);
      if (table.residue(*table.index(s)) == options.length % 3 && table.distance(s) == options.length) return s;
    }
  }
};

random_walks::random_walks(const graphs::graph_definition& graph, const walk_options& options, const run_context& context)
    : plan_(std::make_unique<const plan>(graph, options, context)) {}
random_walks::random_walks(random_walks&&) noexcept = default;
random_walks& random_walks::operator=(random_walks&&) noexcept = default;
random_walks::~random_walks() = default;

const walk_options& random_walks::options() const noexcept {
  return plan_->options;
}
bool random_walks::has_steps() const noexcept {
  return plan_->options.kind == walk_kind::classic || plan_->options.kind == walk_kind::non_backtracking;
}
std::size_t random_walks::width() const noexcept {
  return plan_->graph.central().size();
}

void random_walks::sample(std::uint64_t first, std::uint64_t count, keep kept, std::span<std::uint64_t> states, std::span<std::uint32_t> moves,
                          const run_context& context) const {
  if (plan_->device) return plan_->device->sample(first, count, plan_->options.length, kept, states, moves, context);
  constexpr std::uint64_t chunk = 64;
  const std::uint64_t length = plan_->options.length;
  const std::uint64_t labels = width() * (kept == keep::all ? length + 1 : 1);
  parallel_tasks tasks(context.threads);
  tasks.run((count + chunk - 1) / chunk, count > chunk, [&](std::size_t task, std::size_t) {
    context.check();
    const auto end = std::min(count, (task + 1) * chunk);
    for (std::uint64_t i = task * chunk; i < end;) {
      if (has_steps()) {
        const auto together = std::min<std::uint64_t>(kernels::walk_lanes, end - i);
        plan_->walk(first + i, together, kept, states.subspan(i * labels, together * labels), moves.empty() ? moves : moves.subspan(i * length, together * length), context);
        i += together;
      } else {
        std::ranges::copy(plan_->vertex(first + i, context), states.begin() + static_cast<std::ptrdiff_t>(i * labels));
        ++i;
      }
    }
  });
}

}  // namespace cosetta::search
