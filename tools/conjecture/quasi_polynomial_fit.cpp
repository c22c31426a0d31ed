#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/formula_text.hpp>
#include <tools/conjecture/quasi_polynomial_fit.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

__extension__ using wide = unsigned __int128;

// Most models are refuted modulo this prime, a hundred times faster than over the rationals; what passes is solved exactly.
constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;

std::uint64_t times(std::uint64_t a, std::uint64_t b) noexcept { return static_cast<std::uint64_t>(static_cast<wide>(a) * b % prime); }
std::uint64_t minus(std::uint64_t a, std::uint64_t b) noexcept { return a >= b ? a - b : a + prime - b; }

std::uint64_t inverse(std::uint64_t a) noexcept {
  std::uint64_t out = 1;
  for (std::uint64_t e = prime - 2; e != 0; e >>= 1, a = times(a, a)) {
    if (e & 1) out = times(out, a);
  }
  return out;
}

std::uint64_t residue_of(const mpz_class& value) {
  static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));
  return mpz_fdiv_ui(value.get_mpz_t(), prime);
}

long class_of(long n, std::size_t period) noexcept {
  const long p = static_cast<long>(period);
  return ((n % p) + p) % p;
}

struct model {
  std::size_t period = 1, degree = 0, shared = 0;  // `shared` top coefficients are the same in all classes
  std::vector<std::size_t> class_index;            // of each row, among the classes that occur
  std::size_t classes = 1;
  std::size_t skipped = 0;  // rows at the beginning that are left out in any case: their residue does not occur again

  std::size_t coefficients() const noexcept { return shared + classes * (degree + 1 - shared); }
  /// A period is believed when it was seen to repeat: each class needs two points held out.
  std::size_t tests_of_class() const noexcept { return classes == 1 ? 1 : 2; }
  /// The column of the coefficient of n^power in a class.
  std::size_t column(std::size_t cls, std::size_t power) const noexcept {
    const std::size_t own = degree + 1 - shared;
    return power < own ? cls * own + power : classes * own + (power - own);
  }
};

/// Echelon form modulo the prime, a row at a time.
class echelon {
 public:
  explicit echelon(std::size_t columns) : columns_(columns) {}

  enum class verdict { pivot, agrees, refutes };
  verdict add(std::vector<std::uint64_t> row) {
    for (const auto& [at, basis] : rows_) {
      if (const std::uint64_t factor = row[at]; factor != 0) {
        for (std::size_t j = at; j <= columns_; ++j) row[j] = minus(row[j], times(factor, basis[j]));
      }
    }
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(columns_);
    const auto first = std::find_if(row.begin(), end, [](std::uint64_t x) { return x != 0; });
    if (first == end) return row[columns_] == 0 ? verdict::agrees : verdict::refutes;
    const auto at = static_cast<std::size_t>(first - row.begin());
    const std::uint64_t scale = inverse(*first);
    for (std::size_t j = at; j <= columns_; ++j) row[j] = times(row[j], scale);
    const auto place = std::find_if(rows_.begin(), rows_.end(), [&](const auto& r) { return r.first > at; });
    rows_.insert(place, {at, std::move(row)});
    return verdict::pivot;
  }
  std::size_t rank() const noexcept { return rows_.size(); }

 private:
  std::size_t columns_;
  std::vector<std::pair<std::size_t, std::vector<std::uint64_t>>> rows_;  // by their first column
};

/// How far down from the last row a model reaches.
struct reach {
  std::size_t exceptions = 0;         // rows before the first that it meets
  std::vector<std::size_t> pivots;    // rows that fix it
  bool tested = false;                // all coefficients fixed, every class with a point held out
  bool whole = false;                 // and with as many as it needs
};

reach reach_of(const model& m, const std::vector<fit_row>& rows, std::size_t allowed, const std::function<void()>& checkpoint) {
  const std::size_t columns = m.coefficients();
  echelon form(columns);
  reach out;
  std::vector<std::size_t> held(m.classes, 0);
  std::size_t i = rows.size();
  while (i > m.skipped) {
    if (checkpoint) checkpoint();
    const auto& row = rows[i - 1];
    std::vector<std::uint64_t> entries(columns + 1, 0);
    const std::uint64_t n = residue_of(mpz_class(row.n));
    std::uint64_t power = 1;
    for (std::size_t k = 0; k <= m.degree; ++k, power = times(power, n)) entries[m.column(m.class_index[i - 1], k)] = power;
    entries[columns] = residue_of(row.value);
    const auto verdict = form.add(std::move(entries));
    if (verdict == echelon::verdict::refutes) break;
    if (verdict == echelon::verdict::pivot) {
      out.pivots.push_back(i - 1);
    } else {
      ++held[m.class_index[i - 1]];
    }
    --i;
  }
  out.exceptions = i;
  out.tested = i <= allowed && form.rank() == columns && std::ranges::find(held, std::size_t{0}) == held.end();
  out.whole = out.tested && std::ranges::all_of(held, [&](std::size_t h) { return h >= m.tests_of_class(); });
  return out;
}

/// Solves the square system of the pivots over the rationals, by Gauss and Jordan; empty where it is singular.
std::vector<mpq_class> solve(const model& m, const std::vector<fit_row>& rows, const std::vector<std::size_t>& pivots, const std::function<void()>& checkpoint) {
  const std::size_t size = m.coefficients();
  std::vector<std::vector<mpq_class>> a(size, std::vector<mpq_class>(size + 1));
  for (std::size_t i = 0; i < size; ++i) {
    const auto& row = rows[pivots[i]];
    mpz_class power = 1;
    for (std::size_t k = 0; k <= m.degree; ++k, power *= row.n) a[i][m.column(m.class_index[pivots[i]], k)] = power;
    a[i][size] = row.value;
  }
  for (std::size_t c = 0; c < size; ++c) {
    if (checkpoint) checkpoint();
    std::size_t r = c;
    while (r < size && a[r][c] == 0) ++r;
    if (r == size) return {};
    std::swap(a[r], a[c]);
    for (std::size_t j = size + 1; j-- > c;) a[c][j] /= a[c][c];
    for (std::size_t i = 0; i < size; ++i) {
      if (i == c || a[i][c] == 0) continue;
      const mpq_class factor = a[i][c];
      for (std::size_t j = c; j <= size; ++j) a[i][j] -= factor * a[c][j];
    }
  }
  std::vector<mpq_class> out;
  for (auto& row : a) out.push_back(row[size]);
  return out;
}

std::vector<formula_class> classes_of(const model& m, const std::vector<fit_row>& rows, std::size_t from, const std::vector<mpq_class>& solution) {
  std::vector<formula_class> out(m.classes);
  for (std::size_t i = from; i < rows.size(); ++i) {
    auto& c = out[m.class_index[i]];
    c.residue = class_of(rows[i].n, m.period);
    if (!c.coefficients.empty()) continue;
    for (std::size_t k = 0; k <= m.degree; ++k) c.coefficients.push_back(solution[m.column(m.class_index[i], k)]);
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.residue < b.residue; });
  return out;
}

mpq_class value_of(const std::vector<mpq_class>& coefficients, long n) {
  mpq_class out = 0;
  for (std::size_t k = coefficients.size(); k-- > 0;) out = out * n + coefficients[k];
  return out;
}

/// The class of each row from `skipped` on, in the order in which classes occur, and their number.
std::pair<std::vector<std::size_t>, std::size_t> class_indices(const std::vector<fit_row>& rows, std::size_t period, std::size_t skipped) {
  std::vector<long> residues;
  std::vector<std::size_t> index(skipped, 0);
  for (std::size_t i = skipped; i < rows.size(); ++i) {
    const long residue = class_of(rows[i].n, period);
    const auto at = std::find(residues.begin(), residues.end(), residue);
    index.push_back(static_cast<std::size_t>(at - residues.begin()));
    if (at == residues.end()) residues.push_back(residue);
  }
  return {std::move(index), residues.size()};
}

/// All models with at most `most` coefficients. A period whose classes are those of a smaller one among these rows is left out. A residue that occurs
/// at the beginning only, as that of 2 among the primes, would hide the period of the others: there is a model without those rows as well.
std::vector<model> models_for(const std::vector<fit_row>& rows, const fit_options& options, std::size_t most) {
  std::vector<model> out;
  const std::size_t allowed = std::min(exceptions_allowed(options, rows.size()), rows.size() - 1);
  std::vector<std::vector<std::vector<std::size_t>>> seen(allowed + 1);  // by the rows that are left out
  for (std::size_t period = 1; period <= options.max_period; ++period) {
    std::size_t classes_before = 0;
    for (std::size_t skipped = 0; skipped <= allowed; ++skipped) {
      auto [index, classes] = class_indices(rows, period, skipped);
      const bool known = std::find(seen[skipped].begin(), seen[skipped].end(), index) != seen[skipped].end();
      if (!known) seen[skipped].push_back(index);
      const bool stray = skipped == 0 || classes < classes_before;
      classes_before = classes;
      if (known || !stray) continue;
      for (std::size_t degree = 0; degree <= options.max_degree; ++degree) {
        for (std::size_t shared = 0; shared <= (classes == 1 ? 0 : degree); ++shared) {
          model m{period, degree, shared, index, classes, skipped};
          if (m.coefficients() <= most) out.push_back(std::move(m));
        }
      }
    }
  }
  return out;
}

/// The second null hypothesis, for periods in the constant alone: numbers that grow as evenly as can be, floor(a n + b) for a real a without a law. What
/// counts is the formula and not the model: a larger model finds again what was refused to a smaller one.
double even_chance(const formula& f, std::size_t fitted) {
  std::size_t degree = 0;
  for (const auto& c : f.classes) {
    if (!std::equal(c.coefficients.begin() + 1, c.coefficients.end(), f.classes.front().coefficients.begin() + 1)) return 0;
    for (std::size_t k = 1; k < c.coefficients.size(); ++k) {
      if (c.coefficients[k] != 0) degree = std::max(degree, k);
    }
  }
  return f.classes.size() == 1 || degree == 0 ? 0 : chance_of_even(fitted, f.period, degree);
}

struct candidate {
  const model* shape;
  reach fit;
  std::size_t cost() const noexcept { return shape->coefficients() + 2 * fit.exceptions; }
};

/// The sum of the chances of all models that are tried before cost `cost` is passed, with any number of rows left out; of those with
/// the same cost, as far as `last`.
double chance_of_search(const std::vector<model>& models, const candidate& last, std::size_t rows, std::size_t allowed, const fit_options& options,
                        const chance_model& chances, std::size_t& tried) {
  double sum = 0;
  tried = 0;
  for (const auto& m : models) {
    for (std::size_t e = m.skipped; e <= allowed; ++e) {
      const std::size_t size = m.coefficients(), cost = size + 2 * e;
      if (cost > last.cost() || (cost == last.cost() && (size > last.shape->coefficients() || (size == last.shape->coefficients() && &m > last.shape)))) break;
      if (size + e > rows) break;
      const std::size_t held = rows - e - size;
      if (held < held_out_needed(options, rows - e, e) || held < m.classes * m.tests_of_class()) break;
      ++tried;
      sum += chances.chance(held);
    }
  }
  return sum;
}

/// Exact, over the rationals; nothing when the prime was deceived.
std::optional<formula> exact_formula(const candidate& c, const std::vector<fit_row>& rows, const std::function<void()>& checkpoint) {
  const auto solution = solve(*c.shape, rows, c.fit.pivots, checkpoint);
  if (solution.empty()) return std::nullopt;
  formula out;
  out.classes = classes_of(*c.shape, rows, c.fit.exceptions, solution);
  for (std::size_t i = c.fit.exceptions; i < rows.size(); ++i) {
    const long residue = class_of(rows[i].n, c.shape->period);
    const auto cls = std::find_if(out.classes.begin(), out.classes.end(), [&](const auto& x) { return x.residue == residue; });
    if (value_of(cls->coefficients, rows[i].n) != rows[i].value) return std::nullopt;
  }
  out.kind = formula_kind::quasi_polynomial;
  out.period = c.shape->period;
  out.degree = c.shape->degree;
  out.from = rows[c.fit.exceptions].n;
  out.to = rows.back().n;
  out.exceptions.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(c.fit.exceptions));
  out.fixed_by = c.shape->coefficients();
  out.held_out = rows.size() - c.fit.exceptions - out.fixed_by;
  long step = 0;
  for (std::size_t i = c.fit.exceptions + 1; i < rows.size(); ++i) step = std::gcd(step, rows[i].n - out.from);
  step = std::max(step, 1L);
  out.description = out.period == 1 ? fmt::format("polynomial, degree {}", out.degree) : fmt::format("quasi-polynomial, period {}, degree {}", out.period, out.degree);
  out.text = quasi_polynomial_text(out.classes, out.period);
  // Only of residues that have rows something is said.
  if (out.classes.size() < out.period) {
    std::string residues;
    for (const auto& x : out.classes) residues += fmt::format("{}{}", residues.empty() ? "" : ", ", x.residue);
    out.description += fmt::format(", for n = {} mod {} (no rows have other residues)", residues, out.period);
  } else if (step > 1) {
    out.description += fmt::format(", for n = {} mod {} (no rows have other residues)", class_of(out.from, static_cast<std::size_t>(step)), step);
  }
  for (long n = out.to + step; n <= out.to + step * static_cast<long>(2 * out.period); n += step) {
    if (const auto value = quasi_polynomial_value(out.classes, out.period, n)) {
      out.next = fit_row{n, *value, false};
      break;
    }
  }
  return out;
}

}  // namespace

std::optional<mpz_class> quasi_polynomial_value(const std::vector<formula_class>& classes, std::size_t period, long n) {
  for (const auto& c : classes) {
    if (c.residue != class_of(n, period)) continue;
    const mpq_class value = value_of(c.coefficients, n);
    if (value.get_den() == 1) return value.get_num();
  }
  return std::nullopt;
}

fit_outcome find_quasi_polynomial(const std::vector<fit_row>& rows, const fit_options& options) {
  fit_outcome out;
  const std::size_t size = rows.size(), allowed = exceptions_allowed(options, size);
  if (size < 3) {
    out.refusal = fmt::format("{} exact rows are too few: one coefficient and two points held out take three", size);
    return out;
  }
  auto models = models_for(rows, options, size - std::min(size, held_out_needed(options, size, 0)));
  std::stable_sort(models.begin(), models.end(), [](const model& a, const model& b) { return a.coefficients() < b.coefficients(); });
  std::vector<candidate> candidates, short_ones;  // the latter with too few points held out
  for (const auto& m : models) {
    candidate c{&m, reach_of(m, rows, allowed, options.checkpoint)};
    if (!c.fit.tested) continue;
    const std::size_t fitted = size - c.fit.exceptions;
    if (c.fit.whole && fitted - m.coefficients() >= held_out_needed(options, fitted, c.fit.exceptions)) candidates.push_back(std::move(c));
    else if (fitted >= m.coefficients() + 2) short_ones.push_back(std::move(c));
  }
  out.tried = models.size();
  std::stable_sort(candidates.begin(), candidates.end(), [](const candidate& a, const candidate& b) { return a.cost() < b.cost(); });
  const chance_model chances(rows);
  for (const auto& c : candidates) {
    auto found = exact_formula(c, rows, options.checkpoint);
    if (!found) continue;
    std::size_t tried = 0;
    found->chance = std::min(1.0, std::max(chance_of_search(models, c, size, allowed, options, chances, tried), even_chance(*found, size - c.fit.exceptions)));
    found->random_bits = std::max(0.0, chances.random_bits(found->held_out) - std::log2(static_cast<double>(std::max<std::size_t>(tried, 1))));
    if (found->chance <= options.max_chance) {
      out.found = std::move(found);
      return out;
    }
    if (out.refusal.empty()) {
      out.refusal = fmt::format("{} meets the rows from n = {}, but with {} held out so would data without a formula ({}): compute more rows", found->text, found->from,
                                found->held_out == 1 ? std::string("one point") : fmt::format("{} points", found->held_out), chance_text(found->chance));
      out.nearly = std::move(found);
    }
  }
  std::stable_sort(short_ones.begin(), short_ones.end(), [](const candidate& a, const candidate& b) { return a.cost() < b.cost(); });
  for (const auto& c : short_ones) {
    if (!out.refusal.empty()) break;
    auto found = exact_formula(c, rows, options.checkpoint);
    if (!found) continue;
    const auto needed = std::max(held_out_needed(options, size - c.fit.exceptions, c.fit.exceptions), c.shape->classes * c.shape->tests_of_class());
    out.refusal = fmt::format("{} meets the rows from n = {}, but {} points are held out, and {} are asked for: compute more rows", found->text, found->from, found->held_out,
                              std::max(needed, found->held_out + 1));
    out.nearly = std::move(found);
  }
  if (out.refusal.empty()) {
    out.refusal = fmt::format("no quasi-polynomial of period <= {} and degree <= {} meets the rows with enough of them held out ({} models tried)", options.max_period,
                              options.max_degree, models.size());
  }
  return out;
}

}  // namespace cosetta::conjecture
