#include <tools/conjecture/formula_text.hpp>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

using polynomial = std::vector<mpz_class>;  // from the constant up

mpz_class denominator_of(const std::vector<mpq_class>& coefficients) {
  mpz_class out = 1;
  for (const auto& c : coefficients) out = lcm(out, c.get_den());
  return out;
}

polynomial scaled(const std::vector<mpq_class>& coefficients, const mpz_class& by) {
  polynomial out;
  for (const auto& c : coefficients) out.push_back(mpz_class(c.get_num() * (by / c.get_den())));
  while (out.size() > 1 && out.back() == 0) out.pop_back();
  return out;
}

std::string power_text(const std::string& base, std::size_t power) { return power == 1 ? base : fmt::format("{}^{}", base, power); }

/// "3 n^2 - 2 n + 3", "0"
std::string sum_text(const polynomial& p) {
  std::string out;
  for (std::size_t k = p.size(); k-- > 0;) {
    if (p[k] == 0) continue;
    const mpz_class size = abs(p[k]);
    out += out.empty() ? (p[k] < 0 ? "-" : "") : p[k] < 0 ? " - " : " + ";
    if (k == 0) {
      out += size.get_str();
    } else {
      out += (size == 1 ? std::string() : size.get_str() + " ") + power_text("n", k);
    }
  }
  return out.empty() ? "0" : out;
}

bool is_single(const polynomial& p) { return std::count_if(p.begin(), p.end(), [](const mpz_class& c) { return c != 0; }) <= 1; }

std::string over(const polynomial& p, const mpz_class& denominator) {
  if (denominator == 1) return sum_text(p);
  return fmt::format("{} / {}", is_single(p) ? sum_text(p) : "(" + sum_text(p) + ")", denominator.get_str());
}

/// Divides by (n - root) where that goes.
bool divide(polynomial& p, long root) {
  polynomial quotient(p.size() - 1);
  mpz_class carry = 0;
  for (std::size_t k = p.size(); k-- > 1;) {
    carry = carry * root + p[k];
    quotient[k - 1] = carry;
  }
  if (carry * root + p[0] != 0) return false;
  p = quotient;
  return true;
}

/// "n (n - 1) / 2"; empty where the polynomial is no product of that kind.
std::string factored_text(polynomial p, const mpz_class& denominator) {
  constexpr long greatest = 1000;
  if (p.size() < 3) return "";
  std::string factors;
  for (long size = 0; size <= greatest && p.size() > 1; ++size) {
    for (const long root : {size, -size}) {
      std::size_t multiplicity = 0;
      while (p.size() > 1 && divide(p, root)) ++multiplicity;
      if (multiplicity == 0) continue;
      const std::string base = root == 0 ? std::string("n") : fmt::format("(n {} {})", root > 0 ? '-' : '+', std::labs(root));
      factors += (factors.empty() ? "" : " ") + power_text(base, multiplicity);
    }
  }
  if (p.size() > 1) return "";
  const std::string leading = p[0] == 1 ? "" : p[0] == -1 ? "-" : p[0].get_str() + " ";
  return leading + factors + (denominator == 1 ? "" : " / " + denominator.get_str());
}

/// Value at n of the class of n.
mpq_class value_of(const std::vector<formula_class>& classes, std::size_t period, long n) {
  for (const auto& c : classes) {
    if (c.residue != n % static_cast<long>(period)) continue;
    mpq_class out = 0;
    for (std::size_t k = c.coefficients.size(); k-- > 0;) out = out * n + c.coefficients[k];
    return out;
  }
  return 0;
}

/// floor(polynomial) + polynomial, where the classes differ in their constants only, by less than one; empty otherwise. With D the
/// common denominator of the other coefficients and P their polynomial, f = floor(P + C / D) is to hold for an integer C, that is
/// 0 <= C - D c < D for the constant c of each class.
std::string floor_text(const std::vector<formula_class>& classes) {
  auto rest = classes.front().coefficients;
  rest[0] = 0;
  const mpz_class d = denominator_of(rest);
  mpq_class low, high;  // of D c
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const mpq_class c = classes[i].coefficients[0] * d;
    if (c.get_den() != 1) return "";
    if (i == 0 || c < low) low = c;
    if (i == 0 || c > high) high = c;
  }
  if (high - low >= d) return "";
  const mpz_class least = high.get_num(), most = low.get_num() + d - 1;
  polynomial inside = scaled(rest, d), outside(rest.size());
  inside.resize(rest.size());
  for (std::size_t k = 1; k < rest.size(); ++k) {
    if (inside[k] % d != 0) continue;
    outside[k] = inside[k] / d;
    inside[k] = 0;
  }
  mpz_class constant = least > 0 ? least : most < 0 ? most : mpz_class(0);  // the one next to 0
  if (sum_text(outside) != "0") {  // a multiple of D, where there is one, leaves the floor
    mpz_class whole;
    mpz_cdiv_q(whole.get_mpz_t(), least.get_mpz_t(), d.get_mpz_t());
    if (whole * d > most) mpz_fdiv_q(whole.get_mpz_t(), least.get_mpz_t(), d.get_mpz_t());
    outside[0] = whole;
    if (whole * d >= least) constant = whole * d;
    constant -= whole * d;
  }
  inside[0] = constant;
  while (inside.size() > 1 && inside.back() == 0) inside.pop_back();
  const std::string floor = fmt::format("floor({})", over(inside, d));
  const std::string sum = sum_text(outside);
  if (sum == "0") return floor;
  return sum.front() == '-' ? fmt::format("{} - {}", floor, sum.substr(1)) : fmt::format("{} + {}", floor, sum);
}

/// The same for g times a floor plus a constant: 2 floor(n / 2) + 1 has the constants 1 and 0.
std::string multiple_of_floor_text(const std::vector<formula_class>& classes, std::size_t period) {
  if (classes.size() != period) return "";
  const auto degree = static_cast<long>(classes.front().coefficients.size());
  mpz_class g = 0;
  const mpq_class base = value_of(classes, period, 0);
  if (base.get_den() != 1) return "";
  for (long n = 1; n < static_cast<long>(period) * (degree + 1); ++n) {
    const mpq_class off = value_of(classes, period, n) - base;
    if (off.get_den() != 1) return "";
    g = gcd(g, off.get_num());
  }
  if (g < 2) return "";
  mpz_class constant;
  mpz_fdiv_r(constant.get_mpz_t(), base.get_num().get_mpz_t(), g.get_mpz_t());
  auto quotient = classes;
  for (auto& c : quotient) {
    c.coefficients[0] -= constant;
    for (auto& x : c.coefficients) x /= g;
  }
  const std::string floor = floor_text(quotient);
  if (floor.empty()) return "";
  const std::string tail = constant == 0 ? "" : " + " + constant.get_str();
  const bool alone = floor.find(") ") == std::string::npos || floor.find(" - ") == std::string::npos;
  const bool sum = floor.back() != ')';
  return fmt::format("{} {}{}", g.get_str(), sum || !alone ? "(" + floor + ")" : floor, tail);
}

bool same_but_constant(const std::vector<formula_class>& classes) {
  return std::all_of(classes.begin(), classes.end(), [&](const formula_class& c) {
    return std::equal(c.coefficients.begin() + 1, c.coefficients.end(), classes.front().coefficients.begin() + 1);
  });
}

/// "^n", "^(n+2)"
std::string exponent_text(long shift) { return shift == 0 ? "^n" : fmt::format("^(n{:+})", shift); }

std::string rational_text(const mpq_class& q) { return q.get_den() == 1 ? q.get_str() : "(" + q.get_str() + ")"; }

/// j with c = a^j, |j| <= 64; 0 where there is none.
long exponent_of(const mpq_class& c, const mpq_class& a) {
  if (abs(a) == 1) return 0;
  mpq_class up = 1, down = 1;
  for (long j = 1; j <= 64; ++j) {
    up *= a;
    down /= a;
    if (c == up) return j;
    if (c == down) return -j;
  }
  return 0;
}

}  // namespace

std::string polynomial_text(const std::vector<mpq_class>& coefficients) {
  const mpz_class d = denominator_of(coefficients);
  const auto p = scaled(coefficients, d);
  const auto factored = factored_text(p, d);
  return factored.empty() ? over(p, d) : factored;
}

std::string quasi_polynomial_text(const std::vector<formula_class>& classes, std::size_t period) {
  if (classes.size() == 1) return polynomial_text(classes.front().coefficients);
  if (same_but_constant(classes) && classes.front().coefficients.size() > 1) {
    if (auto text = floor_text(classes); !text.empty()) {
      if (classes.size() == period) return text;
      for (std::size_t i = 0; i < classes.size(); ++i) text += (i == 0 ? " for n = " : ", ") + std::to_string(classes[i].residue);  // of the others nothing is known
      return fmt::format("{} mod {}", text, period);
    }
    if (const auto text = multiple_of_floor_text(classes, period); !text.empty()) return text;
  }
  std::string out;
  for (const auto& c : classes) {
    const std::string which = period != 2 ? fmt::format("n = {} mod {}", c.residue, period) : c.residue == 0 ? "n even" : "n odd";
    out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", which, polynomial_text(c.coefficients));
  }
  return out;
}

std::string recurrence_text(const std::vector<mpq_class>& coefficients, long step) {
  std::string out;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    const auto& c = coefficients[k];
    if (c == 0) continue;
    const mpq_class size = abs(c);
    out += out.empty() ? (c < 0 ? "-" : "") : c < 0 ? " - " : " + ";
    out += fmt::format("{}a(n-{})", size == 1 ? std::string() : rational_text(size) + " ", static_cast<long>(k + 1) * step);
  }
  return "a(n) = " + (out.empty() ? std::string("0") : out);
}

std::string product_text(const product_form& form) {
  std::string above, below;
  const auto put = [&](const std::string& base, int power) {
    auto& side = power > 0 ? above : below;
    if (power != 0) side += (side.empty() ? "" : " ") + (std::abs(power) == 1 ? base : base.back() == '!' ? fmt::format("({})^{}", base, std::abs(power)) : fmt::format("{}^{}", base, std::abs(power)));
  };
  mpq_class c = form.c;
  long shift = 0;
  if (form.a != 1) {
    shift = exponent_of(c, form.a);
    if (shift != 0) c = 1;
    above = (form.a < 0 ? "(" + form.a.get_str() + ")" : rational_text(form.a)) + exponent_text(shift);
  }
  put("n", form.power);
  put("n!", form.factorial);
  put("(2 n)!", form.double_factorial);
  put("(1! 2! ... n!)", form.superfactorial);
  if (abs(c.get_num()) != 1 || above.empty()) {
    above = c.get_num().get_str() + (above.empty() ? "" : (above.front() >= '0' && above.front() <= '9' ? " * " : " ") + above);
  } else if (c < 0) {
    above = "-" + above;
  }
  if (c.get_den() != 1) below = c.get_den().get_str() + (below.empty() ? "" : " " + below);
  const bool several = below.find(' ') != std::string::npos && below != "(2 n)!";
  return below.empty() ? above : above + " / " + (several ? "(" + below + ")" : below);
}

}  // namespace cosetta::conjecture
