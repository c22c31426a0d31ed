// A report in the forms that others read: LaTeX, CSV, the growth tables of CayleyPy, and b-files of the OEIS.
#pragma once

#include <tools/report/sweep_report.hpp>

#include <string>
#include <string_view>

namespace cosetta::report {

/// A tabular with \hline for each table and distribution, the formula as a comment above it; needs no package. `remark` is a comment at the beginning.
std::string latex_tables(const sweep_report& report, std::string_view remark);

/// table,n,MEASURE,status,formula,difference,graphs: a line for each row of the tables, and for each value of the distributions.
std::string csv_rows(const sweep_report& report);

/// The lines n,"[1, 3, 2]" of CayleyPy's data/*_growth.csv, "n,k" where there are several parameters, of the graphs whose growth is complete, in the
/// order of the sweep. Throws domain_error where there is none, or where two have the same name in it.
std::string cayleypy_growth(const sweep_report& report);

/// "n a(n)" for consecutive n from the first proven row on, as far as they are proven; remarks begin with #. Throws domain_error for several
/// tables or none, a parameter with gaps from the start, and numbers of more than a thousand digits, which b-files do not take.
std::string b_file(const sweep_report& report, std::string_view remark);

}  // namespace cosetta::report
