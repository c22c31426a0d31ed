// Linear recurrences with constant rational coefficients, a(n) = c_1 a(n-1) + ... + c_L a(n-L): the shortest one by Berlekamp and
// Massey (Massey, Shift-register synthesis and BCH decoding, 1969), which 2 L points fix; all others are held out.
#pragma once

#include <tools/conjecture/formula.hpp>

namespace cosetta::conjecture {

/// The rows are those of exact_rows(); their n have to be an arithmetic progression.
fit_outcome find_recurrence(const std::vector<fit_row>& rows, const fit_options& options);

}  // namespace cosetta::conjecture
