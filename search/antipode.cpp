#include <groups/permutation.hpp>
#include <kernels/error.hpp>
#include <search/antipode.hpp>
#include <search/beam.hpp>
#include <search/pair_tables.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace cosetta::search {

namespace {

using label_places = std::basic_string<std::uint8_t>;  // of the labels: an element of the group

class far_search {
 public:
  far_search(const graphs::graph_definition& graph, const antipode_options& options, const run_context& context)
      : graph_(graph), options_(options), context_(context), n_(graph.degree()), narrow_(graph, beam_of(options.width, false), context) {
    for (const auto& p : graph.permutations()->elements()) {
      auto& move = moves_.emplace_back(n_, std::uint8_t{0});
      const auto q = p.inverse();
      for (std::size_t i = 0; i < n_; ++i) move[i] = static_cast<std::uint8_t>(q[i]);
    }
  }

  std::vector<far_state> run() {
    try {
      while (scored_ < options_.words && anneal()) continue;
    } catch (const groups::stopped_error&) {
    }
    using measured = std::pair<std::size_t, label_places>;
    const auto longer = [](const measured& a, const measured& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; };
    std::vector<measured> best;
    for (const auto& [q, length] : lengths_) {
      if (length > 0) best.emplace_back(length, q);
    }
    std::sort(best.begin(), best.end(), longer);
    if (best.size() > 16 * options_.states) best.resize(16 * options_.states);
    std::vector<far_state> out;
    try {
      const beam_solver wide(graph_, beam_of(16 * options_.width, true), context_);
      for (const auto& [length, q] : best) {
        auto r = wide.solve(state_of(q), context_);
        if (r.found) out.push_back(from_centre(q, std::move(r.word)));
      }
    } catch (const groups::stopped_error&) {
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.word.size() > b.word.size(); });
    if (out.size() > options_.states) out.resize(options_.states);
    return out;
  }

 private:
  static constexpr std::size_t steps_of_a_round = 1000;

  static beam_options beam_of(std::size_t width, bool inverses) {
    beam_options out;
    out.width = width, out.inverses = inverses;
    out.ball_states = std::size_t{1} << 14;
    return out;
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }
  void move(label_places& q) {
    const auto& m = moves_[below(moves_.size())];
    for (auto& place : q) place = m[place];
  }
  graphs::state state_of(const label_places& q) const {
    graphs::state s(n_);
    for (std::size_t v = 0; v < n_; ++v) s[q[v]] = graph_.central()[v];
    return s;
  }

  /// Letters of the word that the narrow beam finds from here to the identity; 0 where it finds none.
  std::size_t length(const label_places& q) {
    const auto [at, fresh] = lengths_.emplace(q, 0);
    if (fresh) {
      context_.check();
      const auto r = narrow_.solve(state_of(q), context_);
      scored_ += r.candidates + 1;
      at->second = r.found ? r.word.size() : 0;
    }
    return at->second;
  }

  label_places neighbour(label_places q) {
    const auto kind = below(10);
    if (kind < 4) {
      move(q);
      if (kind < 2) move(q);
    } else if (const auto i = below(n_), j = below(n_); kind < 7) {
      std::swap(q[i], q[j]);
    } else {  // the label at place i goes to place j, those between make room
      for (auto& place : q) {
        if (place == i) {
          place = static_cast<std::uint8_t>(j);
        } else if (place > i && place <= j) {
          --place;
        } else if (place < i && place >= j) {
          ++place;
        }
      }
    }
    return q;
  }

  /// One round from a random element, cooling from one letter to none. False when nothing new was seen.
  bool anneal() {
    label_places q(n_, 0);
    for (std::size_t v = 0; v < n_; ++v) q[v] = static_cast<std::uint8_t>(v);
    for (std::size_t i = 0; i < 2 * n_ * n_ + 50; ++i) move(q);
    const auto seen = lengths_.size();
    auto here = length(q);
    for (std::size_t i = 0; i < steps_of_a_round && scored_ < options_.words; ++i) {
      auto next = neighbour(q);
      const auto there = length(next);
      if (there == 0) continue;
      const double temperature = 1.0 - static_cast<double>(i) / steps_of_a_round;
      const double loss = static_cast<double>(here) - static_cast<double>(there);
      if (loss > 0 && std::exp(-loss / temperature) < static_cast<double>(random_() >> 11) * 0x1p-53) continue;
      q = std::move(next), here = there;
    }
    return lengths_.size() > seen;
  }

  /// The word takes the element to the identity, so it is the inverse of the element, and takes the identity there.
  far_state from_centre(const label_places& q, std::vector<std::size_t> word) const {
    label_places inverse(n_, 0);
    for (std::size_t v = 0; v < n_; ++v) inverse[q[v]] = static_cast<std::uint8_t>(v);
    far_state out{state_of(inverse), std::move(word)};
    auto s = graph_.central();
    for (const auto g : out.word) s = graph_.apply(g, s);
    if (s != out.state) throw error("a word that does not lead to a far state: this is a defect, please report it");
    return out;
  }

  const graphs::graph_definition& graph_;
  const antipode_options& options_;
  const run_context& context_;
  std::size_t n_;
  beam_solver narrow_;
  std::vector<label_places> moves_;
  std::map<label_places, std::size_t> lengths_;
  std::uint64_t scored_ = 0;
  std::mt19937_64 random_{2026};
};

}  // namespace

std::vector<far_state> find_far_states(const graphs::graph_definition& graph, const antipode_options& options, const run_context& context) {
  auto labels = graph.central();
  std::ranges::sort(labels);
  if (graph.permutations() == nullptr || std::ranges::adjacent_find(labels) != labels.end() || graph.degree() < 2 || graph.degree() > pair_tables::most_points) return {};
  run_context quiet = context;
  quiet.observer = {};
  try {
    return far_search(graph, options, quiet).run();
  } catch (const groups::stopped_error&) {
  } catch (const resource_error&) {
  }
  return {};
}

}  // namespace cosetta::search
