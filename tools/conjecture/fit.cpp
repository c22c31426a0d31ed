#include <kernels/error.hpp>
#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/product_fit.hpp>
#include <tools/conjecture/quasi_polynomial_fit.hpp>
#include <tools/conjecture/recurrence_fit.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

void take(fit_report& report, formula_kind kind, fit_outcome outcome) {
  if (outcome.found) {
    report.formulas.push_back(std::move(*outcome.found));
  } else {
    report.refused.emplace_back(kind, std::move(outcome.refusal));
    if (!report.nearly) report.nearly = std::move(outcome.nearly);
  }
}

std::string points(std::size_t count) { return count == 1 ? "1 point" : fmt::format("{} points", count); }

std::string formula_lines(const formula& f) {
  std::string out = fmt::format("{}, for n >= {}: {}\n", f.description, f.from, f.text);
  out += fmt::format("{} fix{} it, {} more were held out and agree\n", points(f.fixed_by), f.fixed_by == 1 ? "es" : "", f.held_out);
  out += fmt::format("chance to pass without a formula: for data as smooth as these about {}, for random numbers of this size 1 in 2^{:.0f}\n", chance_text(f.chance), f.random_bits);
  if (!f.exceptions.empty()) {
    out += "left out:";
    for (std::size_t i = 0; i < f.exceptions.size(); ++i) out += fmt::format("{} n = {} ({})", i == 0 ? "" : ",", f.exceptions[i].n, f.exceptions[i].value.get_str());
    out += "\n";
  }
  if (f.next) out += fmt::format("to refute it: n = {}, where it says {}\n", f.next->n, f.next->value.get_str());
  return out;
}

std::string sequence_line(const known_sequence& s) {
  return fmt::format("{}{}: {} terms agree{}\n", s.number, s.name.empty() ? "" : " (" + s.name + ")", s.terms,
                     s.skipped == 0 ? "" : fmt::format(", without the first {}", s.skipped));
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// "n,value" or "n value" as two words; a CSV field may be quoted.
std::pair<std::string, std::string> two_fields(std::string_view line) {
  const auto at = line.find_first_of(", \t;");
  if (at == std::string_view::npos) return {std::string(line), ""};
  auto value = trimmed(line.substr(at));
  if (!value.empty() && (value.front() == ',' || value.front() == ';')) value = trimmed(value.substr(1));
  if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return {std::string(line.substr(0, at)), std::string(value)};
}

bool parse_long(const std::string& text, long& out) {
  const char* end = text.data() + text.size();
  const auto [at, status] = std::from_chars(text.data(), end, out);
  return status == std::errc() && at == end;
}

bool is_integer(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void check_fit_options(const fit_options& options, option_names names) {
  constexpr std::size_t most_period = 30, most_degree = 12, most_order = 200;
  const bool dashed = names == option_names::dashed;
  const auto check = [](const char* option, std::size_t value, std::size_t most) {
    if (value > most) throw parse_error(fmt::format("{} {}: at most {}", option, value, most));
  };
  check(dashed ? "--max-period" : "max_period", options.max_period, most_period);
  check(dashed ? "--max-degree" : "max_degree", options.max_degree, most_degree);
  check(dashed ? "--max-order" : "max_order", options.max_order, most_order);
  const double share = options.held_share, chance = options.max_chance;
  if (!(share >= 0 && share < 1)) throw parse_error(fmt::format("{} {}: a share from 0 to less than 1", dashed ? "--held-out" : "held_share", share));
  if (!(chance > 0 && chance < 1)) throw parse_error(fmt::format("{} {}: a chance between 0 and 1", dashed ? "--max-chance" : "max_chance", chance));
}

fit_report find_formulas(const std::vector<fit_row>& rows, const fit_options& options, const std::string& sequences_file) {
  fit_report report;
  const auto exact = exact_rows(rows);
  report.rows_given = rows.size();
  report.rows_used = exact.size();
  if (!exact.empty()) {
    report.first_n = exact.front().n;
    report.last_n = exact.back().n;
  }
  take(report, formula_kind::quasi_polynomial, find_quasi_polynomial(exact, options));
  if (report.formulas.empty()) {
    take(report, formula_kind::recurrence, find_recurrence(exact, options));
    take(report, formula_kind::product, find_product(exact, options));
  }
  if (!report.formulas.empty()) report.nearly.reset();
  std::stable_sort(report.formulas.begin(), report.formulas.end(), [](const formula& a, const formula& b) { return a.fixed_by < b.fixed_by; });
  if (progression_step(exact) == 1 && exact.size() >= least_run) {
    std::vector<mpz_class> run;
    for (const auto& row : exact) run.push_back(row.value);
    report.sequences = bundled_sequences(run);
    if (!sequences_file.empty()) {
      for (auto& s : sequences_in_file(sequences_file, run)) {
        const bool there = std::any_of(report.sequences.begin(), report.sequences.end(), [&](const known_sequence& k) { return k.number == s.number; });
        if (!there) report.sequences.push_back(std::move(s));
      }
    }
  }
  return report;
}

std::string fit_report::text() const {
  std::string out = rows_used == 0 ? std::string("no exact rows") : fmt::format("{} exact {}, n = {} .. {}", rows_used, rows_used == 1 ? "row" : "rows", first_n, last_n);
  if (rows_used < rows_given) out += fmt::format("; {} not exact, not fitted", rows_given - rows_used);
  out += "\n";
  for (const auto& f : formulas) out += formula_lines(f);
  if (formulas.empty()) {
    out += "no formula found that could have been refuted\n";
    for (const auto& [kind, reason] : refused) out += fmt::format("  {}: {}\n", to_string(kind), reason);
  }
  for (const auto& s : sequences) out += sequence_line(s);
  return out;
}

std::vector<fit_row> parse_fit_rows(std::string_view text, const std::string& name) {
  constexpr long greatest_n = 1000000000000;
  std::vector<fit_row> out;
  std::size_t number = 0;
  bool names_passed = false;
  std::set<long> seen;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    auto [first, second] = two_fields(line);
    fit_row row;
    if (!parse_long(first, row.n)) {
      if (out.empty() && !names_passed && !second.empty() && !is_integer(second)) {
        names_passed = true;
        continue;
      }
      throw parse_error(fmt::format("{}:{}: '{}' is no integer n: expected a line 'n,value' or 'n value'", name, number, first));
    }
    if (row.n > greatest_n || row.n < -greatest_n) throw parse_error(fmt::format("{}:{}: n = {}: its size is at most {}", name, number, row.n, greatest_n));
    if (second.starts_with(">=") || second.starts_with("<=")) {
      row.exact = false;
      row.upper = second.front() == '<';
      second = std::string(trimmed(std::string_view(second).substr(2)));
    }
    if (!is_integer(second)) {
      throw parse_error(second.empty() ? fmt::format("{}:{}: there is no value after n = {}", name, number, row.n) : fmt::format("{}:{}: '{}' is no integer value", name, number, second));
    }
    row.value.set_str(second, 10);
    if (row.exact && !seen.insert(row.n).second) throw parse_error(fmt::format("{}:{}: n = {} occurs a second time", name, number, row.n));
    out.push_back(std::move(row));
  }
  if (out.empty()) throw parse_error(name + ": there are no rows: expected lines 'n,value' or 'n value'");
  return out;
}

}  // namespace cosetta::conjecture
