#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/formula_text.hpp>
#include <tools/conjecture/recurrence_fit.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

/// The shortest recurrence of the terms, as the coefficients of a(n-1), a(n-2), ...; nothing as soon as it would be longer than `most`.
std::optional<std::vector<mpq_class>> shortest_recurrence(const std::vector<mpq_class>& terms, std::size_t most, const std::function<void()>& checkpoint) {
  std::vector<mpq_class> now{1}, before{1};  // connection polynomials
  std::size_t length = 0, since = 1;
  mpq_class last = 1;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (checkpoint) checkpoint();
    mpq_class off = 0;
    for (std::size_t k = 0; k <= std::min(length, now.size() - 1); ++k) off += now[k] * terms[i - k];
    if (off == 0) {
      ++since;
      continue;
    }
    const auto kept = now;
    const mpq_class factor = off / last;
    now.resize(std::max(now.size(), before.size() + since));
    for (std::size_t k = 0; k < before.size(); ++k) now[k + since] -= factor * before[k];
    if (2 * length <= i) {
      length = i + 1 - length;
      before = kept;
      last = off;
      since = 1;
      if (length > most) return std::nullopt;
    } else {
      ++since;
    }
  }
  std::vector<mpq_class> out(length);
  for (std::size_t k = 1; k <= length && k < now.size(); ++k) out[k - 1] = -now[k];
  return out;
}

/// What the recurrence says comes after the terms.
mpq_class next_of(const std::vector<mpq_class>& coefficients, const std::vector<mpq_class>& terms, std::size_t at) {
  mpq_class out = 0;
  for (std::size_t k = 0; k < coefficients.size(); ++k) out += coefficients[k] * terms[at - 1 - k];
  return out;
}

/// The first index from which on the recurrence holds, its starting values included.
std::size_t holds_from(const std::vector<mpq_class>& coefficients, const std::vector<mpq_class>& terms) {
  std::size_t i = terms.size();
  while (i > coefficients.size() && next_of(coefficients, terms, i - 1) == terms[i - 1]) --i;
  return i - coefficients.size();
}

/// "a(1) = 1, a(2) = 3"
std::string starting_values(const std::vector<fit_row>& rows, std::size_t from, std::size_t count) {
  std::string out;
  for (std::size_t i = from; i < from + count; ++i) out += fmt::format("{}a({}) = {}", out.empty() ? "" : ", ", rows[i].n, rows[i].value.get_str());
  return out;
}

/// All orders up to the one found, with as many rows left out or fewer.
double chance_of_search(const chance_model& chances, const fit_options& options, std::size_t rows, std::size_t order, std::size_t exceptions, std::size_t& tried) {
  double sum = 0;
  tried = 0;
  for (std::size_t e = 0; e <= exceptions; ++e) {
    for (std::size_t k = 1; 2 * k + e < rows && 2 * k + 2 * e <= 2 * order + 2 * exceptions; ++k) {
      const std::size_t held = rows - e - 2 * k;
      if (held < held_out_needed(options, rows - e, e)) break;
      ++tried;
      sum += chances.chance(held);
    }
  }
  return std::min(1.0, sum);
}

formula formula_of(const std::vector<mpq_class>& coefficients, const std::vector<fit_row>& rows, std::size_t exceptions, long step, const std::vector<mpq_class>& terms) {
  formula out;
  out.kind = formula_kind::recurrence;
  out.order = coefficients.size();
  out.coefficients = coefficients;
  out.from = rows[exceptions].n;
  out.to = rows.back().n;
  out.exceptions.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(exceptions));
  out.fixed_by = 2 * out.order;
  out.held_out = rows.size() - exceptions - out.fixed_by;
  out.description = fmt::format("linear recurrence of order {}", out.order);
  out.text = recurrence_text(coefficients, step) + ", " + starting_values(rows, exceptions, out.order);
  const mpq_class next = next_of(coefficients, terms, terms.size());
  if (next.get_den() == 1) out.next = fit_row{out.to + step, next.get_num(), false};
  return out;
}

}  // namespace

fit_outcome find_recurrence(const std::vector<fit_row>& rows, const fit_options& options) {
  fit_outcome out;
  const auto step = progression_step(rows);
  if (rows.size() < 4 || !step) {
    out.refusal = rows.size() < 4 ? fmt::format("{} exact rows are too few: order 1 takes two, and two held out", rows.size()) : std::string("the n are no arithmetic progression");
    return out;
  }
  const chance_model chances(rows);
  const std::size_t size = rows.size(), needed = held_out_needed(options, size, 0);
  const std::size_t most = std::min(size > needed ? (size - needed) / 2 : 0, options.max_order);
  // What holds after the exceptions holds for the end, which fixes it; then it is followed back as far as it goes.
  const std::size_t allowed = std::min(exceptions_allowed(options, size), size - 2 * most - 1);
  std::vector<mpq_class> terms;
  for (const auto& row : rows) terms.emplace_back(row.value);
  out.tried = most;
  std::optional<formula> best;
  auto found = shortest_recurrence({terms.begin() + static_cast<std::ptrdiff_t>(allowed), terms.end()}, most, options.checkpoint);
  while (found && !found->empty() && found->back() == 0) found->pop_back();
  if (found && !found->empty()) {
    const std::size_t e = holds_from(*found, terms), order = found->size();
    if (e <= allowed && e + 2 * order + held_out_needed(options, size - e, e) <= size) best = formula_of(*found, rows, e, *step, terms);
  }
  if (!best) {
    out.refusal = fmt::format("no linear recurrence of order <= {} meets the rows with enough of them held out", most);
    return out;
  }
  std::size_t tried = 0;
  best->chance = chance_of_search(chances, options, rows.size(), best->order, best->exceptions.size(), tried);
  best->random_bits = std::max(0.0, chances.random_bits(best->held_out) - std::log2(static_cast<double>(std::max<std::size_t>(tried, 1))));
  if (best->chance > options.max_chance) {
    out.refusal = fmt::format("a recurrence of order {} meets the rows from n = {}, but with {} points held out so would data without one ({}): compute more rows", best->order, best->from,
                              best->held_out, chance_text(best->chance));
    out.nearly = std::move(best);
    return out;
  }
  out.found = std::move(best);
  return out;
}

}  // namespace cosetta::conjecture
