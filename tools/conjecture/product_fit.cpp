#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/formula_text.hpp>
#include <tools/conjecture/product_fit.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

mpq_class power_of(const mpq_class& base, long exponent) {
  mpz_class above, below;
  mpz_pow_ui(above.get_mpz_t(), base.get_num().get_mpz_t(), static_cast<unsigned long>(std::labs(exponent)));
  mpz_pow_ui(below.get_mpz_t(), base.get_den().get_mpz_t(), static_cast<unsigned long>(std::labs(exponent)));
  mpq_class out = exponent >= 0 ? mpq_class(above, below) : mpq_class(below, above);
  out.canonicalize();
  return out;
}

/// n-th root where it is rational: the negative one for odd n only.
std::optional<mpq_class> exact_root(const mpq_class& value, long n) {
  if (n == 1) return value;
  if (value < 0 && n % 2 == 0) return std::nullopt;
  mpz_class above, below;
  if (mpz_root(above.get_mpz_t(), value.get_num().get_mpz_t(), static_cast<unsigned long>(n)) == 0) return std::nullopt;
  if (mpz_root(below.get_mpz_t(), value.get_den().get_mpz_t(), static_cast<unsigned long>(n)) == 0) return std::nullopt;
  return mpq_class(above, below);
}

int exponents_in(const product_form& f) { return (f.power != 0) + (f.factorial != 0) + (f.double_factorial != 0) + (f.superfactorial != 0); }
int weight_of(const product_form& f) { return std::abs(f.power) + std::abs(f.factorial) + std::abs(f.double_factorial) + std::abs(f.superfactorial); }

/// The forms, c and a still open, the simplest first.
std::vector<product_form> forms_for(bool factorials, bool powers) {
  std::vector<product_form> out;
  const int most_power = powers ? 3 : 0, most_factorial = factorials ? 2 : 0, most_other = factorials ? 1 : 0;
  for (int k = -most_power; k <= most_power; ++k) {
    for (int e = -most_factorial; e <= most_factorial; ++e) {
      for (int f = 0; f <= most_other; ++f) {
        for (int g = 0; g <= most_other; ++g) out.push_back({1, 1, k, e, f, g});
      }
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const product_form& a, const product_form& b) {
    return std::pair(exponents_in(a), weight_of(a)) < std::pair(exponents_in(b), weight_of(b));
  });
  return out;
}

/// The factors of each row without c and a^n; the rows in the order of n.
class factors {
 public:
  factors(const std::vector<fit_row>& rows, bool factorials) {
    mpz_class one = 1, two = 1, super = 1;
    long at = 0;
    for (const auto& row : rows) {
      n_.push_back(row.n);
      if (factorials) {
        for (; at < row.n; super *= one) one *= ++at;
        mpz_fac_ui(two.get_mpz_t(), static_cast<unsigned long>(2 * row.n));
      }
      factorial_.push_back(one);
      double_.push_back(two);
      super_.push_back(super);
    }
  }
  mpq_class of(const product_form& f, std::size_t i) const {
    return power_of(n_[i], f.power) * power_of(factorial_[i], f.factorial) * power_of(double_[i], f.double_factorial) * power_of(super_[i], f.superfactorial);
  }

 private:
  std::vector<long> n_;
  std::vector<mpz_class> factorial_, double_, super_;
};

/// Fixes c and a by the last two rows; gives the number of rows at the beginning that the form does not meet, all where none fits.
std::size_t fix(product_form& form, const std::vector<fit_row>& rows, const factors& known) {
  const std::size_t last = rows.size() - 1;
  const auto quotient = [&](std::size_t i) -> mpq_class { return rows[i].value / known.of(form, i); };
  mpq_class after = quotient(last);
  const auto a = exact_root(after / quotient(last - 1), rows[last].n - rows[last - 1].n);
  if (!a) return rows.size();
  form.a = *a;
  constexpr std::size_t most_bits = 100'000;  // of a power: nobody reads it, and far n would take the memory of the machine
  const std::size_t bits = mpz_sizeinbase(a->get_num_mpz_t(), 2) + mpz_sizeinbase(a->get_den_mpz_t(), 2);
  if (*a != 1 && *a != -1 && static_cast<std::size_t>(std::labs(rows[last].n)) > most_bits / bits) return rows.size();
  form.c = after / power_of(form.a, rows[last].n);
  std::size_t i = last - 1;
  after = quotient(i);
  while (i > 0) {
    const mpq_class before = quotient(i - 1);
    if (before * power_of(form.a, rows[i].n - rows[i - 1].n) != after) break;
    after = before;
    --i;
  }
  return i;
}

}  // namespace

fit_outcome find_product(const std::vector<fit_row>& rows, const fit_options& options) {
  constexpr long greatest_n = 300;  // superfactorials beyond have a million digits
  fit_outcome out;
  if (rows.size() < 4) {
    out.refusal = fmt::format("{} exact rows are too few: a product takes two, and two held out", rows.size());
    return out;
  }
  if (std::any_of(rows.begin(), rows.end(), [](const fit_row& r) { return r.value == 0; })) {
    out.refusal = "a value is 0";
    return out;
  }
  const bool factorials = rows.front().n >= 0 && rows.back().n <= greatest_n;
  auto forms = forms_for(factorials, rows.front().n > 0);
  const factors known(rows, factorials);
  const chance_model chances(rows);
  const std::size_t allowed = exceptions_allowed(options, rows.size());
  double sum = 0;
  for (auto& form : forms) {
    if (options.checkpoint) options.checkpoint();
    ++out.tried;
    const auto coefficients = static_cast<std::size_t>(2 + exponents_in(form));
    if (coefficients + 2 > rows.size()) break;
    sum += chances.chance(rows.size() - coefficients);
    const std::size_t e = fix(form, rows, known);
    if (e > allowed || e + coefficients > rows.size()) continue;
    const std::size_t fitted = rows.size() - e, held = fitted - coefficients;
    if (held < held_out_needed(options, fitted, e)) continue;
    double chance = sum;  // and as often with one row less, ...
    for (std::size_t less = 1; less <= e; ++less) chance += static_cast<double>(out.tried) * chances.chance(rows.size() - coefficients - less);
    formula f;
    f.kind = formula_kind::product;
    f.text = product_text(form);
    f.description = "product of powers and factorials";
    f.from = rows[e].n;
    f.to = rows.back().n;
    f.exceptions.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(e));
    f.fixed_by = coefficients;
    f.held_out = held;
    f.chance = std::min(1.0, chance);
    f.random_bits = std::max(0.0, chances.random_bits(held) - std::log2(static_cast<double>(out.tried)));
    const long n = f.to + (rows[1].n - rows[0].n);
    const fit_row next{n, 0, false};
    const mpq_class value = form.c * power_of(form.a, n) * factors({next}, factorials).of(form, 0);
    if (value.get_den() == 1) f.next = fit_row{n, value.get_num(), false};
    if (f.chance <= options.max_chance) {
      out.found = std::move(f);
      return out;
    }
    if (out.refusal.empty()) {
      out.refusal = fmt::format("{} meets the rows from n = {}, but with {} points held out so would data without a formula ({}): compute more rows", f.text, f.from, held,
                                chance_text(f.chance));
      out.nearly = std::move(f);
    }
  }
  if (out.refusal.empty()) out.refusal = fmt::format("no product of powers and factorials meets the rows ({} forms tried)", out.tried);
  return out;
}

}  // namespace cosetta::conjecture
