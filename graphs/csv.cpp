#include <graphs/csv.hpp>
#include <kernels/error.hpp>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) + 1 - from);
}

}  // namespace

csv_reader::csv_reader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
}

/// What stands between quotes, the first of them behind us.
std::string csv_reader::quoted() {
  std::string out;
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '"') {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != '"') return out;
    } else if (text_[at_] == '\n') {
      ++here_;
    }
    out += text_[at_];
  }
  throw parse_error(fmt::format("{}:{}: a quoted field that is never closed: a '\"' is missing", name_, line_));
}

bool csv_reader::next(std::vector<std::string>& fields) {
  constexpr auto none = std::string_view::npos;
  for (;;) {  // past blank lines
    const auto end = std::min(text_.find('\n', at_), text_.size());
    if (at_ >= text_.size()) return false;
    if (!without_blanks(text_.substr(at_, end - at_)).empty()) break;
    at_ = end + 1;
    ++here_;
  }
  fields.clear();
  line_ = here_;
  for (;;) {
    at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
    const bool in_quotes = at_ < text_.size() && text_[at_] == '"';
    std::string field;
    if (in_quotes) ++at_, field = quoted();
    const auto stop = text_.find_first_of(",\n", at_);
    const auto end = stop == none ? text_.size() : stop;
    const auto rest = without_blanks(text_.substr(at_, end - at_));
    if (in_quotes && !rest.empty()) throw parse_error(fmt::format("{}:{}: '{}' after a quoted field: expected a comma", name_, line_, rest.substr(0, 40)));
    fields.push_back(in_quotes ? std::move(field) : std::string(rest));
    at_ = end + 1;
    if (stop != none && text_[stop] == ',') continue;
    if (stop != none) ++here_;
    return true;
  }
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && text == without_blanks(text)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace cosetta::graphs
