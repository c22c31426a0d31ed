#include <groups/word_beam.hpp>
#include <groups/word_factorization.hpp>
#include <groups/word_shortening.hpp>
#include <groups/word_tables.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <variant>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t largest_table = std::size_t{1} << 22;
constexpr std::size_t most_elements = std::size_t{1} << 16;  // of the ball of short words
constexpr std::size_t most_alternatives = std::size_t{1} << 13;
constexpr std::size_t longest_base_choice = 512;  // degrees up to which several base orders are tried

word_alphabet make_alphabet(std::span<const permutation> generators, std::vector<permutation>& elements) {
  word_alphabet out;
  std::unordered_map<permutation, std::uint16_t> codes;
  const auto add = [&](const permutation& g, std::int32_t letter) {
    if (g.is_identity() || !codes.emplace(g, static_cast<std::uint16_t>(elements.size())).second) return;
    if (elements.size() == 0xffff) throw resource_error("words are made in at most 32767 generators: leave some out");
    elements.push_back(g);
    out.letters.push_back(letter);
  };
  for (std::size_t i = 0; i < generators.size(); ++i) add(generators[i], static_cast<std::int32_t>(i + 1));
  for (std::size_t i = 0; i < generators.size(); ++i) add(generators[i].inverse(), -static_cast<std::int32_t>(i + 1));
  for (const auto& g : elements) out.inverses.push_back(codes.at(g.inverse()));
  return out;
}

letter_relations make_relations(std::span<const permutation> letters) {
  letter_relations out;
  out.commute.assign(letters.size(), std::vector<bool>(letters.size(), false));
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto n = order(letters[i]);
    out.orders.push_back(mpz_sizeinbase(n.get_mpz_t(), 2) <= 62 ? n.get_ui() : 0);
    for (std::size_t j = 0; j < i; ++j) {
      out.commute[i][j] = out.commute[j][i] = letters[i] * letters[j] == letters[j] * letters[i];
    }
  }
  return out;
}

/// The chain of the group for a base that begins with the given points.
stabilizer_chain chain_for(const permutation_group& group, const std::vector<point>& prefix, const group_control& control) {
  if (const auto& giant = group.giant()) {
    // Neighbouring transpositions, or 3-cycles, in the order of the base.
    std::vector<point> base;
    for (const auto p : prefix) {
      if (std::binary_search(giant->points.begin(), giant->points.end(), p)) base.push_back(p);
    }
    for (const auto p : giant->points) {
      if (std::find(base.begin(), base.end(), p) == base.end()) base.push_back(p);
    }
    const std::size_t k = giant->alternating ? 3 : 2;
    std::vector<permutation> strong;
    for (std::size_t i = 0; i + k <= base.size(); ++i) {
      const std::vector<point> cycle(base.begin() + static_cast<std::ptrdiff_t>(i), base.begin() + static_cast<std::ptrdiff_t>(i + k));
      strong.push_back(make_permutation_from_cycles(std::span(&cycle, 1), group.degree()));
    }
    return stabilizer_chain(strong, group.degree(), base, group.order());
  }
  auto options = group.options();
  options.base_prefix = prefix;
  options.known_order = group.order();
  options.control = control;
  return stabilizer_chain(group.generators(), group.degree(), options);
}

/// Orders of points that may make good bases.
std::vector<std::vector<point>> base_orders(const permutation_group& group, std::span<const permutation> letters, int most) {
  std::vector<std::vector<point>> out{{}};
  const auto n = group.degree();
  if (most <= 1 || n > longest_base_choice) return out;
  std::vector<point> leader(n);
  std::iota(leader.begin(), leader.end(), point{0});
  const auto find = [&](point p) {
    while (leader[p] != p) p = leader[p] = leader[leader[p]];
    return p;
  };
  for (const auto& g : letters) {
    for (point p = 0; p < n; ++p) {
      const auto a = find(p), b = find(g[p]);
      if (a != b) leader[std::max(a, b)] = std::min(a, b);
    }
  }
  std::vector<std::size_t> orbit_size(n, 0);
  for (point p = 0; p < n; ++p) ++orbit_size[find(p)];
  const auto size_of = [&](point p) { return orbit_size[find(p)]; };

  // Greedily: the point that most of the short words that fix the points so far fix.
  std::vector<permutation> pool(letters.begin(), letters.end());
  const std::size_t first = pool.size();
  for (std::size_t i = 0; i < first && pool.size() < 600; ++i) {
    for (std::size_t j = 0; j < first && pool.size() < 600; ++j) pool.push_back(letters[i] * letters[j]);
  }
  const std::size_t second = std::min<std::size_t>(pool.size(), 160);
  for (std::size_t i = 0; i < second; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      auto c = pool[i].inverse() * pool[j].inverse() * pool[i] * pool[j];
      std::size_t moved = 0;
      for (point p = 0; p < n; ++p) moved += c[p] != p;
      if (moved != 0 && 4 * moved <= n) pool.push_back(std::move(c));
    }
  }
  const auto greedy = [&](auto&& before) {
    std::vector<const permutation*> fixing;
    for (const auto& g : pool) fixing.push_back(&g);
    std::vector<point> order;
    std::vector<bool> used(n, false);
    while (order.size() < n) {
      std::vector<std::size_t> count(n, 0);
      for (const auto* g : fixing) {
        for (point p = 0; p < n; ++p) count[p] += (*g)[p] == p;
      }
      point best = 0;
      bool any = false;
      for (point p = 0; p < n; ++p) {
        if (used[p]) continue;
        if (!any || before(p, best) || (!before(best, p) && count[p] > count[best])) best = p;
        any = true;
      }
      used[best] = true;
      order.push_back(best);
      std::erase_if(fixing, [best](const auto* g) { return (*g)[best] != best; });
    }
    return order;
  };
  const auto add = [&](std::vector<point> order) {
    if (static_cast<int>(out.size()) < most && std::find(out.begin(), out.end(), order) == out.end()) out.push_back(std::move(order));
  };
  const auto natural = [&](auto&& before) {
    std::vector<point> order(n);
    std::iota(order.begin(), order.end(), point{0});
    std::stable_sort(order.begin(), order.end(), before);
    return order;
  };
  const auto orbitwise = [&](bool ascending) {
    return [&, ascending](point a, point b) {
      if (size_of(a) != size_of(b)) return (size_of(a) < size_of(b)) == ascending;
      return find(a) < find(b);
    };
  };
  add(greedy([](point, point) { return false; }));
  add(greedy(orbitwise(false)));
  add(greedy(orbitwise(true)));
  add(natural(orbitwise(false)));
  add(natural(orbitwise(true)));
  return out;
}

/// Everything for one width of images.
template <class Image>
struct solver {
  image_domain<Image> domain;
  row_pool<Image> rows;
  std::vector<const Image*> letters;
  std::unique_ptr<word_tables<Image>> tables;

  solver(std::span<const permutation> elements, std::size_t degree) : domain(degree), rows(domain.row_size()) {
    for (const auto& g : elements) letters.push_back(load(g, rows));
  }
  Image* load(const permutation& g, row_pool<Image>& pool) const {
    auto* row = pool.allocate();
    domain.set_identity(row);
    std::memcpy(row, g.image_bytes(), g.degree() * sizeof(Image));
    return row;
  }

  std::unique_ptr<word_tables<Image>> make_tables(const stabilizer_chain& chain, const word_alphabet& alphabet, std::uint64_t words,
                                                  std::size_t entries, const word_budget& budget, const group_control& control,
                                                  std::optional<clock::time_point> until) const {
    // Beside its row an entry has a word, of some 40 letters, and three numbers.
    const double entry_bytes = static_cast<double>((domain.row_size() * sizeof(Image) + 63) / 64 * 64) + 80 + 16;
    const auto need = [&](std::size_t most) {
      double total = 0, step = 1;
      for (std::size_t i = 0; i < chain.length(); ++i) {
        const auto n = static_cast<double>(chain.orbit(i).size());
        if (step * n > static_cast<double>(most)) {
          total += step;
          step = 1;
        }
        step *= n;
      }
      return (total + step) * entry_bytes;
    };
    while (entries > 1 && need(entries) > static_cast<double>(budget.memory_bytes)) entries /= 2;
    if (need(entries) > static_cast<double>(budget.memory_bytes)) {
      throw resource_error(fmt::format("the tables would take {:.1f} GiB, more than the {:.1f} allowed; allow more, or take a subgroup",
                                       need(entries) / double{1U << 30}, static_cast<double>(budget.memory_bytes) / double{1U << 30}));
    }
    auto out = std::make_unique<word_tables<Image>>(chain, domain, alphabet, letters, entries, budget.seed, control);
    const auto elements = static_cast<std::size_t>(static_cast<double>(budget.memory_bytes) / 4 / entry_bytes);
    out->fill(words, std::clamp<std::size_t>(elements, 64, most_elements), until);
    out->list_alternatives(most_alternatives);
    return out;
  }

  double pilot_length(const word_tables<Image>& t, const std::vector<permutation>& sample, const group_control& control) const {
    double sum = 0;
    for (const auto& g : sample) {
      row_pool<Image> pool(domain.row_size());
      word_beam<Image> beam(t, 16, 16, control);
      sum += static_cast<double>(beam.factor(load(g, pool), 1).front().size());
    }
    return sum;
  }
};

}  // namespace

word_effort word_effort::level(int n) {
  if (n <= 0) return {1, 1, true};
  word_effort out;
  for (int i = 1; i < n && i < 12; ++i) {
    out.beam *= 2;
    out.alternatives *= 2;
  }
  return out;
}

struct word_solver::state {
  permutation_group group;
  std::vector<permutation> elements;  // of the letters
  word_alphabet alphabet;
  letter_relations relations;
  std::variant<std::monostate, solver<std::uint8_t>, solver<std::uint16_t>, solver<std::uint32_t>> solver_;
  word_report report;

  explicit state(const permutation_group& g) : group(g) {}

  template <class Image>
  void prepare(solver<Image>& s, const word_budget& budget, const group_control& control) {
    const auto start = clock::now();
    std::optional<clock::time_point> until;
    if (budget.seconds) until = start + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(*budget.seconds));
    const auto entries = std::clamp<std::size_t>(budget.table_entries, 1, largest_table);
    if (const auto& giant = group.giant()) {
      const auto n = static_cast<double>(giant->points.size());
      const double bytes = n * n / 2 * static_cast<double>(s.domain.row_size() * sizeof(Image));
      if (bytes > static_cast<double>(budget.memory_bytes)) {
        throw resource_error(fmt::format("tables of {} on {} points would take {:.1f} GiB, more than the {:.1f} allowed; allow more, or take a "
                                         "subgroup or fewer points",
                                         giant->alternating ? "Alt" : "Sym", giant->points.size(), bytes / double{1U << 30},
                                         static_cast<double>(budget.memory_bytes) / double{1U << 30}));
      }
    }
    const auto orders = base_orders(group, elements, budget.base_orders);
    std::size_t best = 0;
    std::uint64_t pilot_words = 0;
    std::vector<std::optional<stabilizer_chain>> chains(orders.size());
    chains[0].emplace(chain_for(group, orders[0], control));
    if (orders.size() > 1 && chains[0]->order() > static_cast<unsigned long>(entries)) {
      double least = 0;
      std::mt19937_64 rng(budget.seed);
      std::vector<permutation> sample;
      for (int i = 0; i < 8; ++i) sample.push_back(group.random(rng));
      for (std::size_t i = 0; i < orders.size(); ++i) {
        if (i > 0) chains[i].emplace(chain_for(group, orders[i], control));
        auto tables = s.make_tables(*chains[i], alphabet, budget.words / 32, std::max<std::size_t>(entries / 16, 64), budget, control, until);
        pilot_words += tables->tried();
        const auto length = s.pilot_length(*tables, sample, control);
        if (i == 0 || length < least) {
          least = length;
          best = i;
        }
      }
    }
    const auto words = budget.words > pilot_words ? budget.words - pilot_words : 0;
    s.tables = s.make_tables(*chains[best], alphabet, words, entries, budget, control, until);
    for (const auto p : s.tables->steps().base()) report.base.push_back(p);
    for (std::size_t i = 0; i < s.tables->steps().size(); ++i) {
      report.table_sizes.push_back(s.tables->steps().cosets(i));
      report.mean_lengths.push_back(s.tables->mean_length(i));
      report.longest.push_back(s.tables->longest(i));
    }
    report.words = pilot_words + s.tables->tried();
    report.seconds = std::chrono::duration<double>(clock::now() - start).count();
  }

  template <class Image>
  word factor(const solver<Image>& s, const permutation& g, const word_effort& effort, const group_control& control) const {
    row_pool<Image> pool(s.domain.row_size());
    const auto* row = s.load(g, pool);
    word_beam<Image> beam(*s.tables, effort.beam, std::min(effort.alternatives, most_alternatives), control);
    auto found = beam.factor(row, effort.shorten && effort.beam > 1 ? 8 : 1);
    if (effort.shorten) {
      for (auto& w : found) {
        merge_powers(w, alphabet, relations);
        shorten_windows(w, *s.tables);
      }
    }
    const auto& shortest = *std::min_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    word out;
    out.reserve(shortest.size());
    for (const auto code : shortest) out.push_back(alphabet.letters[code]);
    auto* product = pool.allocate();
    s.domain.set_identity(product);
    for (const auto code : shortest) s.domain.compose(product, s.letters[code], product);
    if (!s.domain.equal(product, row)) {
      throw error(fmt::format("internal error: a word of {} letters does not multiply to its element; please report this", out.size()));
    }
    return out;
  }

  template <class F>
  decltype(auto) visit(F&& f) {
    if (auto* s = std::get_if<1>(&solver_)) return f(*s);
    if (auto* s = std::get_if<2>(&solver_)) return f(*s);
    return f(std::get<3>(solver_));
  }
  template <class F>
  decltype(auto) visit(F&& f) const {
    if (const auto* s = std::get_if<1>(&solver_)) return f(*s);
    if (const auto* s = std::get_if<2>(&solver_)) return f(*s);
    return f(std::get<3>(solver_));
  }
};

word_solver::word_solver(const permutation_group& group, const word_budget& budget, const group_control& control) {
  auto s = std::make_unique<state>(group);
  s->alphabet = make_alphabet(group.generators(), s->elements);
  s->relations = make_relations(s->elements);
  if (group.degree() <= 256) {
    s->solver_.emplace<1>(s->elements, group.degree());
  } else if (group.degree() <= 65536) {
    s->solver_.emplace<2>(s->elements, group.degree());
  } else {
    s->solver_.emplace<3>(s->elements, group.degree());
  }
  if (!s->elements.empty()) s->visit([&](auto& m) { s->prepare(m, budget, control); });
  state_ = std::move(s);
}

word_solver::word_solver(word_solver&&) noexcept = default;
word_solver& word_solver::operator=(word_solver&&) noexcept = default;
word_solver::~word_solver() = default;

std::optional<word> word_solver::try_factor(const permutation& g, const word_effort& effort, const group_control& control) const {
  if (!state_->group.contains(g)) return std::nullopt;
  if (g.is_identity()) return word{};
  return state_->visit([&](const auto& m) { return state_->factor(m, g, effort, control); });
}

word word_solver::factor(const permutation& g, const word_effort& effort, const group_control& control) const {
  auto out = try_factor(g, effort, control);
  if (!out) {
    if (g.degree() != group().degree()) {
      throw domain_error(fmt::format("the permutation has degree {}, the group {}: give one of the same degree", g.degree(), group().degree()));
    }
    auto text = to_cycles(g);
    if (text.size() > 200) text = text.substr(0, 200) + "...";
    throw domain_error(fmt::format("{} is not an element of the group: no word gives it", text));
  }
  return *std::move(out);
}

const permutation_group& word_solver::group() const noexcept {
  return state_->group;
}
const word_report& word_solver::report() const noexcept {
  return state_->report;
}

}  // namespace cosetta::groups
