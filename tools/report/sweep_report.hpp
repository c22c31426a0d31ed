// What a sweep's graphs say of one measure, as a plain structure: tables along a parameter with their fits, distributions over sets of
// graphs, and the finding in one line. Pages and export forms are functions of it.
#pragma once

#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/measured_table.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/report/rebuilt_specification.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cosetta::report {

/// A sentence around a formula, in plain text.
struct finding {
  std::string before, formula, after;

  std::string text() const { return before + formula + after; }
};

/// What the formula says of a row.
enum class agreement { none, agrees, left_out, differs, within_bound, beaten_by_bound };

struct report_table {
  conjecture::measured_table table;
  conjecture::fit_report fit;
  std::vector<std::optional<mpz_class>> expected;  // of each row, by the first formula; nothing where it says nothing
  std::vector<agreement> agreements;               // of each row
  bool refuted = false;                            // a lower bound is above the formula, which was fitted to proven values only

  const conjecture::formula* formula() const noexcept { return fit.formulas.empty() ? nullptr : &fit.formulas.front(); }
  std::size_t proven() const noexcept { return fit.rows_used; }
  /// So few that they refute next to nothing.
  bool has_few() const noexcept {
    constexpr std::size_t few = 6;
    return proven() < few;
  }
};

struct value_count {
  std::size_t proven = 0, bounds = 0;
};

/// The graphs that stand in no table, those of one number of points together.
struct distribution {
  std::size_t degree = 0, graphs = 0, unknown = 0;  // unknown: graphs without the measure
  bool orbits = true;  // each graph stands for an orbit of subsets
  std::map<mpz_class, value_count> values;
  std::vector<std::size_t> largest;  // places of graphs that attain the largest proven value, in the order of the sweep
  std::size_t largest_count = 0;     // of all of them; only the first ones are kept

  bool has_bounds() const noexcept;
  const mpz_class* largest_proven() const noexcept;
};

inline constexpr std::size_t max_extremal = 20;

struct sweep_report {
  std::string sweep, measure;
  std::vector<conjecture::listed_graph> graphs;  // all of the sweep, by position
  std::vector<report_table> tables;
  std::vector<distribution> distributions;
  bool is_whole = true;        // not cut to one table
  std::size_t unmeasured = 0;  // graphs with parameters that lack the measure, and stand in no table
  conjecture::fit_options options;
  rebuilt_specification specification;

  /// One line of plain text: "Diameter of lx(n): floor(3 n^2 / 4) - 2 n + 3 for n >= 5 (4 points fix it, 4 more were held out and agree)".
  finding title() const;
};

/// Coefficients that a formula may have for the proven values to refute it, all of them in its range.
std::size_t refutable_size(const report_table& table, const conjecture::fit_options& options);
/// The finding of one table, without the measure and name in front.
finding finding_of(const report_table& table, const conjecture::fit_options& options);
std::string finding_of(const distribution& d, std::string_view measure);

/// "Last sphere of", "last sphere": the words for a measure.
std::string measure_words(std::string_view measure);
std::string capitalized(std::string text);

struct report_options {
  conjecture::fit_options fit;
  std::string sequences_file;        // the user's stripped.gz, or empty
  std::string table;                 // only the table of this name or title; empty: all
  bool with_specification = true;
  std::function<void()> checkpoint;  // called now and then; may throw
};

std::string plural(std::size_t count, std::string_view thing);

/// Throws domain_error where the store has no such sweep, or the sweep no such table, with the names that there are, or where none of its graphs
/// has the measure, with those that they have; parse_error for an unknown measure.
sweep_report make_report(const conjecture::store& from, const std::string& sweep, const std::string& measure, const report_options& options = {});

}  // namespace cosetta::report
