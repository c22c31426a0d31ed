#include <tools/report/markup.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace cosetta::report {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// Bytes of the UTF-8 character at the beginning; 0 where there is none. Overlong forms, surrogates and what is beyond U+10FFFF are none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0 && follows(1)) return 2;
  if (first >= 0xe0 && first < 0xf0 && follows(1) && follows(2) && !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0)) return 3;
  if (first >= 0xf0 && first < 0xf5 && follows(1) && follows(2) && follows(3) && !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second >= 0x90)) return 4;
  return 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What stands after ^: a number, a letter, or something in brackets, which stay off.
std::string_view exponent_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  if (text[at] == '(') {
    const auto end = text.find(')', at);
    return end == std::string_view::npos ? std::string_view() : text.substr(at, end + 1 - at);
  }
  std::size_t end = at;
  if (end < text.size() && text[end] == '-') ++end;
  if (end < text.size() && is_letter(text[end])) return text.substr(at, end + 1 - at);
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

struct setting {
  std::string_view floor_open, floor_close, power_open, power_close, minus, word_open, word_close;
};

std::string set_formula(std::string_view text, const setting& how, std::string (*plain)(std::string_view)) {
  std::string out;
  std::vector<bool> open;  // of each bracket: it is that of a floor
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("floor(")) {
      out += how.floor_open;
      open.push_back(true);
      i += 5;
    } else if (text[i] == '(') {
      out += '(';
      open.push_back(false);
    } else if (text[i] == ')' && !open.empty()) {
      if (open.back()) out += how.floor_close;
      else out += ')';
      open.pop_back();
    } else if (text[i] == '^' && !exponent_at(text, i + 1).empty()) {
      auto power = exponent_at(text, i + 1);
      i += power.size();
      if (power.front() == '(') power = power.substr(1, power.size() - 2);
      out += how.power_open;
      out += set_formula(power, how, plain);
      out += how.power_close;
    } else if (text[i] == '-') {
      out += how.minus;
    } else if (is_letter(text[i]) && i + 1 < text.size() && is_letter(text[i + 1])) {  // "even", "mod": no products of letters
      std::size_t end = i;
      while (end < text.size() && is_letter(text[end])) ++end;
      out += how.word_open;
      out += text.substr(i, end - i);
      out += how.word_close;
      i = end - 1;
    } else {
      std::size_t size = character_size(text.substr(i));
      if (size == 0) size = 1;
      out += plain(text.substr(i, size));
      i += size - 1;
    }
  }
  return out;
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto size = character_size(text);
    const auto c = static_cast<unsigned char>(text.front());
    if (size == 0 || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) out += replacement;
    else if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else out += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

std::string latex_escaped(std::string_view text) {
  static constexpr std::pair<char, std::string_view> special[] = {
      {'\\', "\\textbackslash{}"}, {'^', "\\textasciicircum{}"}, {'~', "\\textasciitilde{}"}, {'<', "\\textless{}"}, {'>', "\\textgreater{}"}, {'|', "\\textbar{}"},
      {'"', "\\textquotedbl{}"},   {'_', "\\_"},                 {'%', "\\%"},                {'&', "\\&"},          {'#', "\\#"},             {'$', "\\$"},
      {'{', "\\{"},                {'}', "\\}"}};
  std::string out;
  for (const char c : text) {
    const auto* found = static_cast<const std::pair<char, std::string_view>*>(nullptr);
    for (const auto& s : special) {
      if (s.first == c) found = &s;
    }
    if (found != nullptr) out += found->second;
    else out += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
  }
  return out;
}

std::string formula_html(std::string_view formula) { return set_formula(formula, {"⌊", "⌋", "<sup>", "</sup>", "−", "", ""}, html_escaped); }

std::string formula_latex(std::string_view formula) {
  return set_formula(formula, {"\\lfloor ", " \\rfloor", "^{", "}", "-", "\\ \\mathrm{", "}\\ "}, [](std::string_view c) { return c == ";" ? std::string(";\\quad ") : latex_escaped(c); });
}

std::string formula_in(std::string_view formula, std::string_view parameter) {
  std::string out;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    const bool alone = (i == 0 || !is_letter(formula[i - 1])) && (i + 1 == formula.size() || !is_letter(formula[i + 1]));
    if (formula[i] == 'n' && alone) out += parameter;
    else out += formula[i];
  }
  return out;
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./%@";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace cosetta::report
