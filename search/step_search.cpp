#include <search/step_search.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <utility>

namespace cosetta::search {

std::vector<std::vector<std::uint16_t>> canonical_successors(std::span<const step_move> moves) {
  std::vector<std::vector<std::uint16_t>> out(moves.size() + 1);
  for (std::size_t b = 0; b < moves.size(); ++b) out.back().push_back(static_cast<std::uint16_t>(b));
  for (std::size_t a = 0; a < moves.size(); ++a) {
    for (std::size_t b = 0; b < moves.size(); ++b) {
      // new[i] = old[p[i]]: a, then b, is the move b * a.
      const auto both = moves[b].element * moves[a].element;
      const auto cost = moves[a].word.size() + moves[b].word.size();
      if (both.is_identity()) continue;
      if (std::ranges::any_of(moves, [&](const step_move& m) { return m.word.size() <= cost && m.element == both; })) continue;
      if (b < a && both == moves[a].element * moves[b].element) continue;
      out[a].push_back(static_cast<std::uint16_t>(b));
    }
  }
  return out;
}

double branching(std::span<const step_move> moves) {
  const auto successors = canonical_successors(moves);
  // The root x of: the matrix of successors, weighted by x^-cost, has spectral radius 1.
  const auto radius = [&](double x) {
    std::vector<double> v(moves.size(), 1.0), next(moves.size());
    double out = 0;
    for (int i = 0; i < 60; ++i) {
      for (std::size_t a = 0; a < moves.size(); ++a) {
        next[a] = 0;
        for (const auto b : successors[a]) next[a] += v[b] * std::pow(x, -static_cast<double>(moves[b].word.size()));
      }
      out = *std::ranges::max_element(next);
      if (out == 0) return 0.0;
      for (std::size_t a = 0; a < moves.size(); ++a) v[a] = (next[a] / out + v[a]) / 2;  // damped: the matrix may be periodic
    }
    return out;
  };
  double low = 1, high = static_cast<double>(moves.size()) + 1;
  for (int i = 0; i < 30; ++i) {
    const double x = (low + high) / 2;
    (radius(x) > 1 ? low : high) = x;
  }
  return low;
}

step_search::step_search(std::vector<step_move> moves, std::vector<coordinate> coordinates, std::uint64_t table_limit, const run_context& context)
    : moves_(std::move(moves)), coordinates_(std::move(coordinates)) {
  for (const auto& m : moves_) costs_.push_back(static_cast<std::uint8_t>(m.word.size()));
  unit_costs_ = std::ranges::all_of(costs_, [](auto c) { return c == 1; });
  const std::size_t batches = (moves_.size() + 63) / 64;
  allowed_.resize((moves_.size() + 1) * batches);
  const auto successors = canonical_successors(moves_);
  for (std::size_t a = 0; a < successors.size(); ++a) {
    for (const auto b : successors[a]) allowed_[a * batches + b / 64] |= std::uint64_t{1} << b % 64;
  }
  const bool narrow = std::ranges::all_of(coordinates_, [](const coordinate& c) { return c.size() <= 65536; });
  for (std::size_t k = 0; k < coordinates_.size(); ++k) {
    narrow ? narrow_.push_back(packed_moves<std::uint16_t>(k)) : wide_.push_back(packed_moves<std::uint32_t>(k));
  }
  const auto size = [&](std::size_t k) { return coordinates_[k].size(); };
  if (coordinates_.size() == 1) {
    tables_.push_back({0, 0, 1, 0, std::vector<std::uint8_t>(size(0), unreachable)});
  }
  for (std::size_t a = 0; a < coordinates_.size(); ++a) {
    for (std::size_t b = a + 1; b < coordinates_.size(); ++b) {
      if (size(a) * size(b) > table_limit) {
        tables_.push_back({a, b, 0, 0, {0}});
      } else {
        tables_.push_back({a, b, static_cast<std::uint32_t>(size(b)), 1, std::vector<std::uint8_t>(size(a) * size(b), unreachable)});
      }
    }
  }
  for (auto& t : tables_) {
    if (t.stride_a != 0) fill(t, context);
  }
}

template <class Id>
std::vector<Id> step_search::packed_moves(std::size_t k) const {
  const auto& c = coordinates_[k];
  std::vector<Id> out;
  out.reserve(c.size() * moves_.size());
  for (std::uint32_t x = 0; x < c.size(); ++x) {
    for (std::size_t m = 0; m < moves_.size(); ++m) out.push_back(static_cast<Id>(c.next(x, m)));
  }
  return out;
}

/// By rising cost, from home by inverse moves.
void step_search::fill(pair_table& t, const run_context& context) const {
  const std::size_t generators = moves_.size();
  const auto inverted = [&](std::size_t k) {
    const auto& c = coordinates_[k];
    std::vector<std::uint32_t> out(c.size() * generators);
    for (std::uint32_t x = 0; x < c.size(); ++x) {
      for (std::size_t m = 0; m < generators; ++m) out[c.next(x, m) * generators + m] = x;
    }
    return out;
  };
  const auto back_a = inverted(t.a), back_b = t.b == t.a ? std::vector<std::uint32_t>(back_a.size(), 0) : inverted(t.b);
  const std::uint32_t size_b = t.b == t.a ? 1 : static_cast<std::uint32_t>(coordinates_[t.b].size());
  const unsigned dearest = *std::ranges::max_element(costs_);
  auto* const costs = t.costs.data();
  costs[0] = 0;
  unsigned last = 0;  // cost that was given
  for (unsigned cost = 0; cost <= last && cost + dearest < unreachable; ++cost) {
    context.check();
    for (std::uint32_t a = 0, at = 0; at < t.costs.size(); ++a) {
      const auto* const rows_a = back_a.data() + std::size_t{a} * generators;
      for (std::uint32_t b = 0; b < size_b; ++b, ++at) {
        if (costs[at] != cost) continue;
        const auto* const rows_b = back_b.data() + std::size_t{b} * generators;
        for (std::size_t m = 0; m < generators; ++m) {
          auto& to = costs[std::size_t{rows_a[m]} * size_b + rows_b[m]];
          const auto value = static_cast<std::uint8_t>(cost + costs_[m]);
          if (value < to) to = value, last = std::max<unsigned>(last, value);
        }
      }
    }
  }
}

std::size_t step_search::bytes() const noexcept {
  std::size_t out = 0;
  for (const auto& c : coordinates_) out += c.bytes();
  for (const auto& t : tables_) out += t.costs.size();
  for (const auto& n : narrow_) out += n.size() * sizeof(std::uint16_t);
  for (const auto& w : wide_) out += w.size() * sizeof(std::uint32_t);
  return out;
}

step_search::ids step_search::ids_of(const groups::permutation& state) const noexcept {
  ids out{};
  for (std::size_t k = 0; k < coordinates_.size(); ++k) out[k] = coordinates_[k].rank_of_labels(state.image_bytes());
  return out;
}

unsigned step_search::bound(const ids& at) const noexcept {
  unsigned out = 0;
  for (const auto& t : tables_) out = std::max<unsigned>(out, t.costs[std::size_t{at[t.a]} * t.stride_a + std::size_t{at[t.b]} * t.stride_b]);
  return out;
}

/// Whole batches of children are looked up without a branch, which nothing could foretell; only what the first table leaves is looked up
/// in the others, which are larger.
template <std::size_t K, class Id, bool Unit>
struct step_search::descent {
  static constexpr std::size_t tables = K == 1 ? 1 : K * (K - 1) / 2;

  const step_search& step;
  effort& spent;
  const std::function<bool(std::span<const std::uint16_t>)>& found;
  std::array<const Id*, K> next{};
  std::array<const std::uint8_t*, tables> costs{};
  std::array<std::size_t, tables> stride_a{}, stride_b{};
  const std::size_t generators, batches;
  std::array<std::uint16_t, 256> word{};
  bool done = false;

  descent(const step_search& s, const std::vector<std::vector<Id>>& moves, effort& e, const std::function<bool(std::span<const std::uint16_t>)>& f)
      : step(s), spent(e), found(f), generators(s.moves_.size()), batches((generators + 63) / 64) {
    for (std::size_t k = 0; k < K; ++k) next[k] = moves[k].data();
    for (std::size_t t = 0; t < tables; ++t) {
      costs[t] = s.tables_[t].costs.data(), stride_a[t] = s.tables_[t].stride_a, stride_b[t] = s.tables_[t].stride_b;
    }
  }

  /// The coordinates of table t.
  static constexpr std::pair<std::size_t, std::size_t> pair_of(std::size_t t) {
    if (K == 1) return {0, 0};
    std::size_t a = 0;
    while (t >= K - 1 - a) t -= K - 1 - a, ++a;
    return {a, a + 1 + t};
  }
  template <std::size_t T>
  std::uint8_t cost_in(const std::array<const Id*, K>& rows, std::size_t m) const noexcept {
    constexpr auto at = pair_of(T);
    return costs[T][rows[at.first][m] * stride_a[T] + rows[at.second][m] * stride_b[T]];
  }
  template <std::size_t... T>
  bool within_rest(const std::array<const Id*, K>& rows, std::size_t m, unsigned left, std::index_sequence<T...>) const noexcept {
    return (static_cast<unsigned>(cost_in<T + 1>(rows, m) <= left) & ... & 1U) != 0;
  }

  /// The children in batch b that may be on the way home.
  std::uint64_t promising(const std::array<const Id*, K>& rows, std::uint64_t allowed, std::size_t b, unsigned left) const noexcept {
    const std::size_t base = 64 * b, count = std::min<std::size_t>(64, generators - base);
    const auto left_after = [&](std::size_t m) { return Unit ? static_cast<int>(left) - 1 : static_cast<int>(left) - step.costs_[m]; };
    std::uint64_t some = 0;
    for (std::size_t i = 0; i < count; ++i) {
      some |= static_cast<std::uint64_t>(static_cast<int>(cost_in<0>(rows, base + i)) <= left_after(base + i)) << i;
    }
    some &= allowed;
    if constexpr (tables > 1) {
      std::uint64_t rest = 0;
      for (auto open = some; open != 0; open &= open - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(open));
        const auto within = within_rest(rows, base + i, static_cast<unsigned>(left_after(base + i)), std::make_index_sequence<tables - 1>());
        rest |= std::uint64_t{within} << i;
      }
      some = rest;
    }
    return some;
  }

  /// False: the effort is spent. Precondition: left > 0.
  bool run(const std::array<std::uint32_t, K>& from, unsigned left, std::size_t last, std::size_t depth) {
    std::array<const Id*, K> rows;
    for (std::size_t k = 0; k < K; ++k) rows[k] = next[k] + from[k] * generators;
    for (std::size_t b = 0; b < batches; ++b) {
      const auto allowed = step.allowed_[last * batches + b];
      spent.nodes += static_cast<std::uint64_t>(std::popcount(allowed));
      if (spent.nodes >= spent.stop_at && (spent.more == nullptr || !(*spent.more)())) return false;
      for (auto open = promising(rows, allowed, b, left); open != 0; open &= open - 1) {
        const auto m = 64 * b + static_cast<std::size_t>(std::countr_zero(open));
        const unsigned then = left - (Unit ? 1U : step.costs_[m]);
        word[depth] = static_cast<std::uint16_t>(m);
        if (then > 0) {
          std::array<std::uint32_t, K> to;
          for (std::size_t k = 0; k < K; ++k) to[k] = rows[k][m];
          if (!run(to, then, m, depth + 1)) return false;
        } else if (!step.moves_[m].inside) {
          done = found({word.data(), depth + 1});
        }
        if (done) return true;
      }
    }
    return true;
  }

  static bool start(const step_search& s, const std::vector<std::vector<Id>>& moves, const ids& from, unsigned cost, effort& e,
                    const std::function<bool(std::span<const std::uint16_t>)>& f) {
    if (s.bound(from) > cost) return true;
    std::array<std::uint32_t, K> at;
    std::copy_n(from.begin(), K, at.begin());
    if (cost > 0) return descent(s, moves, e, f).run(at, cost, s.moves_.size(), 0);
    f({});  // home, for so the tables say
    return true;
  }
};

bool step_search::search(const ids& from, unsigned cost, effort& spent, const std::function<bool(std::span<const std::uint16_t>)>& found) const {
  const auto with = [&]<class Id, bool Unit>(const std::vector<std::vector<Id>>& moves, std::bool_constant<Unit>) {
    switch (coordinates_.size()) {
      case 1: return descent<1, Id, Unit>::start(*this, moves, from, cost, spent, found);
      case 2: return descent<2, Id, Unit>::start(*this, moves, from, cost, spent, found);
      case 3: return descent<3, Id, Unit>::start(*this, moves, from, cost, spent, found);
      default: return descent<4, Id, Unit>::start(*this, moves, from, cost, spent, found);
    }
  };
  if (narrow_.empty()) return unit_costs_ ? with(wide_, std::true_type{}) : with(wide_, std::false_type{});
  return unit_costs_ ? with(narrow_, std::true_type{}) : with(narrow_, std::false_type{});
}

}  // namespace cosetta::search
