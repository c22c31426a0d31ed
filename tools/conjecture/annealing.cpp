#include <kernels/error.hpp>
#include <tools/conjecture/annealing.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <unordered_map>

#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

constexpr double first_temperature = 3, last_temperature = 0.15;
constexpr std::size_t tabu_length = 24;

class annealing_restart {
 public:
  annealing_restart(const extremal_question& q, std::uint64_t restart, extremal_scoring& scoring, const search::run_context& context)
      : q_(q), scoring_(scoring), context_(context), random_(q.seed, restart) {
    out_.part.part = restart;
  }

  part_result run() {
    std::uint64_t step = 0;
    auto now = start(step);
    if (!now.score.admissible) return std::move(out_);
    for (; step < q_.steps; ++step) {
      const double share = static_cast<double>(step) / static_cast<double>(q_.steps);
      const double temperature = first_temperature * std::pow(last_temperature / first_temperature, share);
      auto next = looked_at(moved(now.generators));
      if (!next.score.admissible || next.key == now.key) continue;
      const double gain = energy(next.score) - energy(now.score);
      const bool tabu = std::find(tabu_.begin(), tabu_.end(), next.key) != tabu_.end();
      if (tabu || (gain < 0 && uniform() >= std::exp(gain / temperature))) continue;
      tabu_.push_back(now.key);
      if (tabu_.size() > tabu_length) tabu_.pop_front();
      now = std::move(next);
    }
    return std::move(out_);
  }

 private:
  using generator_list = std::vector<groups::permutation>;
  struct place {
    generator_list generators;
    std::string key;
    extremal_score score;
  };

  double uniform() { return static_cast<double>(random_.below(1U << 30)) / (1U << 30); }

  /// To be as large as possible.
  double energy(const extremal_score& s) const {
    const double value = static_cast<double>(s.value), diameter = static_cast<double>(std::max<std::uint64_t>(s.diameter, 1));
    if (q_.value == search_value::last_sphere) return (q_.smallest ? -4 : 4) * std::log2(value + 1);
    return (q_.smallest ? -1 : 1) * (value + 2 * s.mean / diameter);
  }

  groups::permutation transposition() {
    const auto a = random_.below(q_.degree), b = random_.below(q_.degree - 1);
    return groups::transposition(q_.degree, static_cast<groups::point>(a), static_cast<groups::point>(b + (b >= a)));
  }

  groups::permutation fresh() {
    for (;;) {
      auto p = random_.element(q_.of, q_.degree);
      if (!p.is_identity()) return p;
    }
  }

  generator_list moved(generator_list g) {
    auto& p = g[random_.below(g.size())];
    const auto kind = random_.below(8);
    if (kind == 0) {
      p = fresh();
      return g;
    }
    if (kind < 5) {
      for (std::size_t i = 0; i < (kind == 4 ? 2 : 1); ++i) {
        const auto t = transposition();
        p = t * p * t;
      }
      return g;
    }
    for (int tries = 0; tries < 20; ++tries) {
      auto next = p * transposition();
      if (q_.of.which == permutation_class::kind::even || q_.of.which == permutation_class::kind::odd || random_.below(3) == 0) next = next * transposition();
      if (!is_in(next, q_.of)) continue;
      p = std::move(next);
      break;
    }
    return g;
  }

  place looked_at(generator_list g) {
    place out{std::move(g), {}, {}};
    const auto set = canonical_form(out.generators, q_.degree, q_.kind);
    out.key = set.key;
    ++out_.part.sets;
    const auto size = q_.kind == inversion::closed ? set.generators.size() : set.all_generators().size();
    if (size != q_.size) return out;  // two have met
    if (const auto at = seen_.find(out.key); at != seen_.end()) {
      out.score = at->second;
      return out;
    }
    try {
      out.score = scoring_.run(set, std::nullopt, context_);
    } catch (const resource_error&) {  // a larger group than wished is nobody's fault where any is welcome
      if (q_.wish.which != group_wish::kind::any && q_.wish.which != group_wish::kind::transitive) throw;
      ++out_.part.cut_short;
      out.score = {};
    }
    seen_.emplace(out.key, out.score);
    if (!out.score.admissible) return out;
    ++out_.part.admissible;
    if (!out_.part.best || extremal_scoring::is_better(q_, out.score.value, *out_.part.best)) out_.part.best = out.score.value, out_.part.best_sets = 0;
    out_.part.best_sets += out.score.value == *out_.part.best;
    out_.records.push_back(record_of(set, out.score, q_.kind));
    keep_best(out_.records, q_.keep, q_.smallest);
    return out;
  }

  place start(std::uint64_t& step) {
    place out;
    for (; step < q_.steps && !out.score.admissible; ++step) {
      generator_list g;
      for (std::size_t i = 0; i < q_.size; ++i) g.push_back(fresh());
      out = looked_at(std::move(g));
    }
    return out;
  }

  const extremal_question& q_;
  extremal_scoring& scoring_;
  const search::run_context& context_;
  random_stream random_;
  std::unordered_map<std::string, extremal_score> seen_;
  std::deque<std::string> tabu_;
  part_result out_;
};

}  // namespace

search_record record_of(const canonical_set& set, const extremal_score& score, inversion kind) {
  auto images = nlohmann::ordered_json::array();
  for (const auto& g : kind == inversion::as_given ? set.all_generators() : set.generators) images.push_back(g.images());
  return {set.key, images.dump(), score.value, score.diameter, score.states, score.last_sphere};
}

part_result anneal(const extremal_question& question, std::uint64_t restart, extremal_scoring& scoring, const search::run_context& context) {
  return annealing_restart(question, restart, scoring, context).run();
}

}  // namespace cosetta::conjecture
