// Exact counts as what a picture can place: logarithms and shares, of numbers beyond what a double holds too.
#pragma once

#include <tools/figures/figures.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gmpxx.h>

namespace cosetta::figures {

/// Of a positive number.
double log10_of(const mpz_class& count);
/// value / 10^exponent
double scaled(const mpz_class& value, long exponent);
/// "1 234 567", with thin spaces from five digits on; 13 digits and more as "4.3252 · 10^19" without markup.
std::string count_text(const mpz_class& count);
/// The exponent of 10, a multiple of 3, that an axis with this greatest value takes as its unit; 0 below a million.
long unit_exponent(const mpz_class& greatest);
/// The same from the decimal logarithm.
long unit_exponent(double log10_greatest);

/// layers / greatest layer, and the moments of the distances.
struct curve_summary {
  std::vector<double> relative;
  mpz_class states;
  double mean = 0, deviation = 0, skewness = 0;
};
/// Throws domain_error for no layers, or a negative one, or none that is not empty.
curve_summary summarise(const growth_curve& curve);

/// log10 of the share that a shape gives to the interval from x - 1/2 to x + 1/2 (times a width), without loss in the upper tail; -infinity where it is too small.
double log10_share(conjecture::shape_kind kind, const conjecture::shape_parameters& p, double x, double width = 1);

}  // namespace cosetta::figures
