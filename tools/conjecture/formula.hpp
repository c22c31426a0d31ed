// What the fits of the conjecture laboratory take and give: rows (n, value) of exact values, the limits of a search, and a formula
// that can be refuted. A formula always says how many points fix its coefficients, how many more were held out and agree exactly,
// and how likely it is that data without a formula would have passed the same search (chance.hpp).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmpxx.h>

namespace cosetta::conjecture {

struct fit_row {
  long n = 0;
  mpz_class value;
  bool exact = true;   // proved, not a bound: others are never fitted
  bool upper = false;  // of a bound: the value is at most this, and not at least this
};

struct fit_options {
  std::size_t max_period = 6;
  std::size_t max_degree = 4;
  std::size_t max_order = 16;  // of recurrences
  /// Rows at the beginning that a formula may leave out; without a value a quarter of the rows, at least 3. Each one that is left out
  /// asks for two more points held out.
  std::optional<std::size_t> max_exceptions;
  /// At least max(2, this share of the rows that are fitted) have to be held out.
  double held_share = 0.4;
  /// A formula is refused when data as smooth as these, but without a formula, would pass more often than this.
  double max_chance = 0.05;
  std::function<void()> checkpoint = {};  // called now and then; what it throws ends the search; may be empty
};

/// How an option is called in messages: --max-period, or max_period.
enum class option_names { dashed, underlined };

/// What find_formulas may be asked for by those who do not wait for hours: throws parse_error for a greater period, degree or order, and shares
/// and chances that are none.
void check_fit_options(const fit_options& options, option_names names = option_names::dashed);

enum class formula_kind { quasi_polynomial, recurrence, product };

std::string_view to_string(formula_kind kind) noexcept;

/// The polynomial that holds for n = residue mod period; coefficients from the constant one up.
struct formula_class {
  long residue = 0;
  std::vector<mpq_class> coefficients;
};

struct formula {
  formula_kind kind = formula_kind::quasi_polynomial;
  std::string text;         // "floor(3 n^2 / 4) - 2 n + 3"
  std::string description;  // "quasi-polynomial, period 2, degree 2"
  long from = 0;            // holds for the rows with n >= from
  long to = 0;              // the last row
  std::size_t period = 0, degree = 0;       // of quasi-polynomials
  std::size_t order = 0;                    // of recurrences
  std::vector<formula_class> classes;       // of quasi-polynomials: one for each residue that occurs
  std::vector<mpq_class> coefficients;      // of recurrences: a(n) = coefficients[0] a(n - step) + ...
  std::size_t fixed_by = 0;                 // points that fix the coefficients
  std::size_t held_out = 0;                 // points that could have refuted it, and agree
  std::vector<fit_row> exceptions;          // the rows before `from`
  double chance = 1;                        // at most: that data as smooth as these, but without a formula, would have passed
  double random_bits = 0;                   // 2^-this: the same for random numbers as large as these
  std::optional<fit_row> next;              // what it says of the next n, computed and not known: the next test
};

/// What one kind of search said: a formula, or why there is none.
struct fit_outcome {
  std::optional<formula> found;
  std::size_t tried = 0;  // models
  std::string refusal;    // empty where there is a formula
  std::optional<formula> nearly;  // no formula: this one meets the rows, but too few of them are held out to accept it
};

/// Rows in the order of n that are exact. Throws domain_error where two of them have the same n.
std::vector<fit_row> exact_rows(const std::vector<fit_row>& rows);

/// How many rows at the beginning may be left out.
std::size_t exceptions_allowed(const fit_options& options, std::size_t rows) noexcept;

/// The least number of points to be held out where `fitted` rows are fitted and `exceptions` left out.
std::size_t held_out_needed(const fit_options& options, std::size_t fitted, std::size_t exceptions) noexcept;

/// The common difference of n where the rows are an arithmetic progression.
std::optional<long> progression_step(const std::vector<fit_row>& rows) noexcept;

}  // namespace cosetta::conjecture
