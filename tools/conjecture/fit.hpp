// The front of the fits: all kinds of formulas through one table of exact values, with what was refused and why, and the sequences
// that have a number in the OEIS. Rows that are not exact are never fitted.
#pragma once

#include <tools/conjecture/formula.hpp>
#include <tools/conjecture/known_sequences.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cosetta::conjecture {

struct fit_report {
  std::size_t rows_given = 0, rows_used = 0;  // used: those that are exact
  long first_n = 0, last_n = 0;
  std::vector<formula> formulas;  // the one that the fewest points fix first; empty: all were refused
  /// Why there is no formula of a kind, in the order of formula_kind.
  std::vector<std::pair<formula_kind, std::string>> refused;
  std::optional<formula> nearly;  // of those that more rows could accept the first one, in the same order; where there is no formula
  std::vector<known_sequence> sequences;  // bundled ones first

  std::string text() const;
};

/// `sequences_file` is the user's own stripped.gz, or empty. Where a quasi-polynomial is found, the recurrence that it satisfies is not
/// looked for, and no product. Throws domain_error where an n occurs twice, and what sequences_in_file throws.
fit_report find_formulas(const std::vector<fit_row>& rows, const fit_options& options = {}, const std::string& sequences_file = {});

/// Rows from text with a line "n,value" or "n value" for each, as CSV files and the OEIS's b-files have them: blank lines, lines that
/// begin with #, and one line of column names are passed over. A value written >=12 or <=12 is a bound: its row is not exact. Throws
/// parse_error (NAME:LINE: reason).
std::vector<fit_row> parse_fit_rows(std::string_view text, const std::string& name);

}  // namespace cosetta::conjecture
