// Products c a^n n^k (n!)^e ((2n)!)^f (1! 2! ... n!)^g with rational c and a and small integers k, e, f, g: the value divided by the
// factors has to be geometric, exactly. Two points fix c and a, and each exponent that is not 0 is counted as one more.
#pragma once

#include <tools/conjecture/formula.hpp>

namespace cosetta::conjecture {

/// The rows are those of exact_rows().
fit_outcome find_product(const std::vector<fit_row>& rows, const fit_options& options);

}  // namespace cosetta::conjecture
