// Comma-separated values as RFC 4180 has them: a field in double quotes may hold commas, line breaks and, doubled, quotes. Read
// tolerantly (a byte order mark, carriage returns and blank lines do no harm), written exactly.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::graphs {

class csv_reader {
 public:
  /// `name` is what errors are reported under ("FILE:LINE: reason"). The text has to outlive the reader.
  csv_reader(std::string_view text, std::string name);

  /// The fields of the next row that is not blank; false at the end. Unquoted fields lose blanks at both ends. Throws parse_error: a quote that is
  /// never closed, or text after one.
  bool next(std::vector<std::string>& fields);
  /// Of the row that next() gave last: where it begins, from 1.
  std::size_t line() const noexcept { return line_; }

 private:
  std::string quoted();

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
  std::size_t here_ = 1;
  std::size_t line_ = 0;
};

/// Quoted where it has to be: with a comma, a quote, a line break, or blanks at an end.
std::string csv_field(std::string_view text);

}  // namespace cosetta::graphs
