// Rows of cells as CSV, Markdown or LaTeX, written as they come: a long answer that is stopped is whole up to there.
#pragma once

#include <tools/invocation.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cosetta::tools {

class table_format {
 public:
  /// Precondition: `format` is csv, markdown or latex.
  explicit table_format(output_format format) : format_(format) {}

  /// The line, or lines, before the rows. `remark` is a comment where the format has comments.
  std::string head(const std::vector<std::string>& columns, std::string_view remark) const;
  std::string row(const std::vector<std::string>& cells) const;
  std::string foot() const;

 private:
  output_format format_;
};

}  // namespace cosetta::tools
