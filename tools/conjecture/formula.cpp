#include <kernels/error.hpp>
#include <tools/conjecture/formula.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cosetta::conjecture {

std::string_view to_string(formula_kind kind) noexcept {
  switch (kind) {
    case formula_kind::quasi_polynomial:
      return "quasi-polynomial";
    case formula_kind::recurrence:
      return "recurrence";
    case formula_kind::product:
      return "product";
  }
  return "?";
}

std::vector<fit_row> exact_rows(const std::vector<fit_row>& rows) {
  std::vector<fit_row> out;
  for (const auto& row : rows) {
    if (row.exact) out.push_back(row);
  }
  std::stable_sort(out.begin(), out.end(), [](const fit_row& a, const fit_row& b) { return a.n < b.n; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].n == out[i - 1].n) throw domain_error(fmt::format("n = {} has two rows, {} and {}: leave one of them out", out[i].n, out[i - 1].value.get_str(), out[i].value.get_str()));
  }
  return out;
}

std::size_t exceptions_allowed(const fit_options& options, std::size_t rows) noexcept {
  return options.max_exceptions.value_or(std::max<std::size_t>(3, rows / 4));
}

std::size_t held_out_needed(const fit_options& options, std::size_t fitted, std::size_t exceptions) noexcept {
  const auto share = static_cast<std::size_t>(std::ceil(std::clamp(options.held_share, 0.0, 1.0) * static_cast<double>(fitted)));
  return std::max(2 + 2 * exceptions, share);
}

std::optional<long> progression_step(const std::vector<fit_row>& rows) noexcept {
  if (rows.size() < 2) return std::nullopt;
  const long step = rows[1].n - rows[0].n;
  for (std::size_t i = 2; i < rows.size(); ++i) {
    if (rows[i].n - rows[i - 1].n != step) return std::nullopt;
  }
  return step;
}

}  // namespace cosetta::conjecture
