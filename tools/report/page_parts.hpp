// The parts of the page of page.hpp, each a piece of HTML. Internal to tools/report/.
#pragma once

#include <tools/report/page.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cosetta::report {

/// A table in a box of its own in which it scrolls; cells are HTML.
class html_table {
 public:
  struct column {
    std::string head;
    bool number = false;
  };

  html_table(std::string caption, std::vector<column> columns);
  /// The first cell is the head of the row. `mark` is a class of the row, or empty.
  void add(const std::vector<std::string>& cells, std::string_view mark = "");
  std::size_t size() const noexcept { return rows_; }
  std::string text() const;

 private:
  std::string caption_, head_, body_;
  std::vector<column> columns_;
  std::size_t rows_ = 0;
};

std::string page_style();
/// Escaped, with ≥ and ≤ for >= and <=.
std::string words_html(std::string_view text);
/// "⌊3 n² / 4⌋ − 2 n + 3 for n ≥ 5 ..."
std::string finding_html(const finding& f);
/// <dl> of pairs; the second is HTML.
std::string definition_list(const std::vector<std::pair<std::string, std::string>>& pairs);
std::string figure_html(const std::string& svg, const std::string& caption);

std::string values_html(const report_table& t, const sweep_report& report);
std::string fit_html(const report_table& t, const sweep_report& report);
/// Figures of one table. The id begins the ids in the pictures.
std::string figures_html(const report_table& t, const sweep_report& report, const page_source& source, const std::string& id);
std::string distribution_figure(const distribution& d, const sweep_report& report, const page_source& source, const std::string& id);
std::string distribution_html(const distribution& d, const sweep_report& report, const page_source& source, const std::string& id);
std::string data_html(const sweep_report& report, const page_source& source);
std::string provenance_html(const sweep_report& report);
std::string reproduce_html(const sweep_report& report, const page_source& source);

}  // namespace cosetta::report
