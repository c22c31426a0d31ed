#include <tools/table.hpp>

namespace cosetta::tools {

namespace {

/// RFC 4180: quotes where they are needed, doubled inside.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string markdown_cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : c == '\n' ? std::string(" ") : std::string(1, c);
  return out;
}

std::string latex_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\textbackslash{}";
    } else if (c == '^' || c == '~') {
      out += std::string("\\") + c + "{}";
    } else if (c == '<' || c == '>' || c == '|') {
      out += std::string("$") + (c == '|' ? "\\vert" : std::string(1, c)) + "$";
    } else {
      if (std::string_view("_%&#${}").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string table_format::row(const std::vector<std::string>& cells) const {
  std::string out = format_ == output_format::markdown ? "|" : "";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    switch (format_) {
      case output_format::markdown:
        out += " " + markdown_cell(cells[i]) + " |";
        break;
      case output_format::latex:
        out += (i == 0 ? "" : " & ") + latex_cell(cells[i]);
        break;
      default:
        out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
  }
  return out + (format_ == output_format::latex ? " \\\\\n" : "\n");
}

std::string table_format::head(const std::vector<std::string>& columns, std::string_view remark) const {
  if (format_ == output_format::latex) {
    return "% " + std::string(remark) + "\n\\begin{tabular}{" + std::string(columns.size(), 'l') + "}\n\\hline\n" + row(columns) + "\\hline\n";
  }
  if (format_ != output_format::markdown) return row(columns);
  std::string rule = "|";
  for (std::size_t i = 0; i < columns.size(); ++i) rule += " --- |";
  return row(columns) + rule + "\n";
}

std::string table_format::foot() const {
  return format_ == output_format::latex ? "\\hline\n\\end{tabular}\n" : "";
}

}  // namespace cosetta::tools
