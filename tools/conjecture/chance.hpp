// How surprised one may be that a formula fits. Null hypothesis: the values go on as smoothly as they do, but without a law. Each
// value is then one of r that are equally likely, where r is the least number of values that the errors of extrapolating from the k
// values before (k = 0, 1, 2, 3: for consecutive n the k-th differences) range over, and at least 3: one less, as expected, one
// more. A formula that is fixed by its first points meets h others by chance with probability 1/r^h, and a search that tries many
// meets one with at most the sum: that sum, over all models that are no larger than the one found, is the chance that is stated.
// It is a bound for independent values. Numbers that change slowly and evenly are another null hypothesis (chance_of_even): a period in
// the constant alone is refused by the larger of the two chances (tests/tools/fit_test.cpp).
#pragma once

#include <tools/conjecture/formula.hpp>

#include <cstddef>
#include <vector>

namespace cosetta::conjecture {

class chance_model {
 public:
  /// The rows in the order of n.
  explicit chance_model(const std::vector<fit_row>& rows);

  /// Bits that `held_out` points can say against a formula, the poorest of them taken.
  double smooth_bits(std::size_t held_out) const noexcept { return at(smooth_, held_out); }
  /// The same for random numbers of the size of these.
  double random_bits(std::size_t held_out) const noexcept { return at(random_, held_out); }
  /// 2^-smooth_bits
  double chance(std::size_t held_out) const noexcept;

 private:
  static double at(const std::vector<double>& sums, std::size_t count) noexcept { return sums[count < sums.size() ? count : sums.size() - 1]; }

  std::vector<double> smooth_, random_;  // sums of the bits of rows, the poorest first; [0] is 0
};

/// The chance that numbers which grow as evenly as can be, floor(a n + b) without a law, have steps of a period of at most `period` over so many rows. For a and b
/// drawn at random, a slope p / q is met by phi(q) / (q (rows - 1)) of them: around it lies, for each of q phases, a triangle of the area 1 / (q^2 (rows - 1)).
/// Of a period of 2 alone, which true formulas have so often, the count is taken, of words instead of their measure: 3 of about rows^3 / pi^2 (balanced words:
/// M. Lothaire, Algebraic Combinatorics on Words, 2002, 2.2.3). Of degree d, for floors of polynomials, the d-th power, which is an estimate.
double chance_of_even(std::size_t rows, std::size_t period, std::size_t degree) noexcept;

/// "1 in 250", "3.1 %"
std::string chance_text(double chance);

}  // namespace cosetta::conjecture
