// Quasi-polynomials through exact rows: q(n) = c_0(n mod p) + c_1(n mod p) n + ... + c_d(n mod p) n^d with rational coefficients
// (Stanley, Enumerative Combinatorics 1, 4.4), where the s top coefficients may be the same in all classes: floor(3 n^2 / 4) has
// period 2 in its constant only, so 4 points fix it and not 6. Models are taken in the order of the number of coefficients, plus two
// for each row at the beginning that is left out; the least that meets all other rows exactly is found, or refused.
#pragma once

#include <tools/conjecture/formula.hpp>

namespace cosetta::conjecture {

/// The rows are those of exact_rows(). Every class of a period needs two rows that are held out. Takes (models) x (coefficients^2) x (rows) steps at most.
fit_outcome find_quasi_polynomial(const std::vector<fit_row>& rows, const fit_options& options);

/// The value of the class of n; none where the class did not occur, or where it is no integer.
std::optional<mpz_class> quasi_polynomial_value(const std::vector<formula_class>& classes, std::size_t period, long n);

}  // namespace cosetta::conjecture
