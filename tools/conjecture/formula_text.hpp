// Formulas as text that one can read aloud and type into Sage: "n (n - 1) / 2", "floor(3 n^2 / 4) - 2 n + 3".
#pragma once

#include <tools/conjecture/formula.hpp>

#include <string>
#include <vector>

namespace cosetta::conjecture {

/// "(3 n^2 - 8 n + 9) / 4"; as a product where all roots are small integers and there are two of them or more.
std::string polynomial_text(const std::vector<mpq_class>& coefficients);

/// One polynomial, g floor(polynomial) + polynomial where only the constants differ and that is possible, or a list of classes
/// ("n even: ...; n odd: ...").
std::string quasi_polynomial_text(const std::vector<formula_class>& classes, std::size_t period);

/// "a(n) = a(n-1) + 2 a(n-2)"
std::string recurrence_text(const std::vector<mpq_class>& coefficients, long step);

/// c a^n n^power (n!)^factorial ((2n)!)^double_factorial (1! 2! ... n!)^superfactorial
struct product_form {
  mpq_class c = 1, a = 1;
  int power = 0, factorial = 0, double_factorial = 0, superfactorial = 0;
};

/// "2^n n! / 3"
std::string product_text(const product_form& form);

}  // namespace cosetta::conjecture
