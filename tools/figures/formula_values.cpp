#include <tools/figures/figures.hpp>
#include <tools/conjecture/quasi_polynomial_fit.hpp>

#include <algorithm>

namespace cosetta::figures {

namespace {

using conjecture::fit_row;

/// From the rows that the recurrence meets on to `last`, in the common step of the rows.
std::vector<fit_row> recurrence_values(const conjecture::formula& f, const std::vector<fit_row>& met, long last) {
  std::vector<fit_row> out = met;
  const auto step = conjecture::progression_step(met);
  if (!step || met.size() < f.coefficients.size()) return out;
  while (out.back().n + *step <= last) {
    mpq_class next = 0;
    for (std::size_t i = 0; i < f.coefficients.size(); ++i) next += f.coefficients[i] * out[out.size() - 1 - i].value;
    if (next.get_den() != 1) break;
    out.push_back({out.back().n + *step, next.get_num(), true});
  }
  return out;
}

}  // namespace

std::vector<fit_row> formula_values(const conjecture::formula& f, const std::vector<fit_row>& rows) {
  if (rows.empty()) return {};
  const long last = std::ranges::max(rows, {}, &fit_row::n).n, first = std::ranges::min(rows, {}, &fit_row::n).n;
  std::vector<fit_row> met;  // the formula meets the exact rows of its range: they are its values
  for (const auto& row : rows) {
    if (row.exact && row.n >= f.from && row.n <= f.to) met.push_back(row);
  }
  std::ranges::sort(met, {}, &fit_row::n);
  switch (f.kind) {
    case conjecture::formula_kind::quasi_polynomial: {
      std::vector<fit_row> out;
      for (long n = std::max(f.from, first); n <= last; ++n) {
        if (const auto value = conjecture::quasi_polynomial_value(f.classes, f.period, n)) out.push_back({n, *value, true});
      }
      return out;
    }
    case conjecture::formula_kind::recurrence:
      return recurrence_values(f, met, last);
    case conjecture::formula_kind::product:
      break;
  }
  if (f.next && f.next->n <= last) met.push_back(*f.next);
  return met;
}

}  // namespace cosetta::figures
