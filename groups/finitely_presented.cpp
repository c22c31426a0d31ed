#include <groups/finitely_presented.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

constexpr std::size_t deepest_nesting = 200;  // of brackets: the parser recurses

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class presentation_parser {
 public:
  explicit presentation_parser(std::string_view text) : text_(text) {}

  presentation parse() {
    parse_generators();
    expect('|', "',' and another generator, or '|' and the relators");
    out_.relators = parse_list(true);
    const bool third = take('|');
    if (third) out_.subgroup = parse_list(false);
    if (at_ != text_.size()) fail(third ? "an operator, ',' or the end" : "an operator, ',', '=', '|' or the end");
    return std::move(out_);
  }

 private:
  // -- characters

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  /// The next character that is no blank; 0 at the end.
  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  void expect(char c, std::string_view what) {
    if (!take(c)) fail(what);
  }

  [[noreturn]] void fail(std::string_view expected) { fail(at_, fmt::format("expected {}", expected)); }

  [[noreturn]] void fail(std::size_t at, const std::string& why) const {
    std::string found = "the end";
    if (at < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at]);
      found = c >= 0x20 && c < 0x7f ? fmt::format("'{}'", text_[at]) : fmt::format("byte 0x{:02x}", c);
    }
    throw parse_error(fmt::format("presentation: column {}, at {}: {}", at + 1, found, why));
  }

  void charge(std::size_t letters) {
    if (letters > max_presentation_letters - letters_) {
      throw resource_error(
          fmt::format("presentation: column {}: its words expand to more than {} letters: use lower powers, or name "
                      "parts of long words as generators",
                      at_ + 1, max_presentation_letters));
    }
    letters_ += letters;
  }

  // -- grammar

  std::string_view parse_name() {
    skip_blanks();
    const std::size_t start = at_;
    if (at_ < text_.size() && is_name_start(text_[at_])) {
      while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  void parse_generators() {
    do {
      skip_blanks();
      const std::size_t start = at_;
      const std::string name(parse_name());
      if (name.empty()) fail("the name of a generator, a letter followed by letters, digits or _");
      if (!letters_by_name_.emplace(name, static_cast<std::int32_t>(out_.generators.size() + 1)).second) {
        fail(start, fmt::format("the generator {} is named twice", name));
      }
      out_.generators.push_back(name);
      if (out_.generators.size() > max_presentation_generators) {
        throw resource_error(
            fmt::format("presentation: more than {} generators: take fewer", max_presentation_generators));
      }
    } while (take(','));
  }

  std::vector<word> parse_list(bool relations) {
    std::vector<word> words;
    if (const char c = peek(); at_ == text_.size() || (relations && c == '|')) return words;
    do {
      if (relations) {
        parse_relation(words);
      } else {
        words.push_back(parse_product());
      }
    } while (take(','));
    return words;
  }

  /// A chain becomes one relator for each member but the shortest: with u=v=1 those are u and v, as one would write.
  void parse_relation(std::vector<word>& relators) {
    std::vector<word> members{parse_product()};
    while (take('=')) members.push_back(parse_product());
    if (members.size() == 1) {
      relators.push_back(std::move(members[0]));
      return;
    }
    // The last of the shortest: u=v is u*v^-1 where both are as long.
    std::size_t shortest = 0;
    for (std::size_t i = 1; i < members.size(); ++i) {
      if (members[i].size() <= members[shortest].size()) shortest = i;
    }
    const word back = inverse(members[shortest]);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i == shortest) continue;
      append(members[i], back);
      relators.push_back(std::move(members[i]));
    }
  }

  word parse_product() {
    word out = parse_factor();
    for (;;) {
      const char c = peek();
      if (at_ == text_.size() || (c != '*' && c != '.')) return out;
      ++at_;
      append(out, parse_factor());
    }
  }

  word parse_factor() {
    word out = parse_atom();
    for (;;) {
      if (take('\'')) {
        out = inverted(out);
      } else if (take('^')) {
        if (const auto exponent = parse_exponent()) {
          out = power(std::move(out), *exponent);
        } else {
          word by = parse_atom();
          while (take('\'')) by = inverted(by);  // a^b' is a^(b')
          word conjugate = inverse(by);
          append(conjugate, out);
          append(conjugate, by);
          out = std::move(conjugate);
        }
      } else {
        return out;
      }
    }
  }

  word parse_atom() {
    const char c = peek();
    if (at_ == text_.size()) fail("a generator, 1, '(' or '['");
    if (is_name_start(c)) {
      const std::size_t start = at_;
      const std::string name(parse_name());
      const auto found = letters_by_name_.find(name);
      if (found == letters_by_name_.end()) fail(start, unknown(name));
      charge(1);
      return {found->second};
    }
    if (c == '1') {
      if (++at_; at_ < text_.size() && (is_digit(text_[at_]) || is_name_start(text_[at_]))) {
        fail("an operator after 1, the empty word");
      }
      return {};
    }
    if (c != '(' && c != '[') fail("a generator, 1, '(' or '['");
    if (++depth_ > deepest_nesting) {
      fail(at_, fmt::format("brackets nest deeper than {}: write the word with fewer", deepest_nesting));
    }
    ++at_;
    word out = parse_product();
    if (c == '(') {
      expect(')', "an operator or ')'");
    } else {
      expect(',', "an operator, or ',' and the second word of the commutator");
      do {
        const word right = parse_product();
        word commutator = inverse(out);
        append(commutator, inverse(right));
        append(commutator, out);
        append(commutator, right);
        out = std::move(commutator);
      } while (take(','));
      expect(']', "an operator, ',' or ']'");
    }
    --depth_;
    return out;
  }

  std::string unknown(const std::string& name) const {
    constexpr std::size_t shown = 12;
    // A run of one-letter names is the likeliest slip.
    const bool juxtaposed = name.size() > 1 && std::all_of(name.begin(), name.end(), [&](char c) {
                              return letters_by_name_.contains(std::string(1, c));
                            });
    return fmt::format("{} is no generator; there are {}{}{}", name.size() <= 40 ? name : name.substr(0, 40) + "...",
                       fmt::join(std::span(out_.generators).first(std::min(out_.generators.size(), shown)), " "),
                       out_.generators.size() > shown ? " ..." : "", juxtaposed ? "; write products with *" : "");
  }

  /// An integer after ^, also in parentheses; nothing where a word stands there.
  std::optional<std::int64_t> parse_exponent() {
    skip_blanks();
    const std::size_t start = at_;
    const bool bracket = take('(');
    const bool minus = take('-');
    if (!is_digit(peek())) {
      if (minus) fail("digits after '-': the inverse of a word u is u^-1 or u'");
      at_ = start;
      return std::nullopt;
    }
    std::int64_t value = 0;
    constexpr std::int64_t largest = std::int64_t{1} << 40;  // beyond all limits; more digits change nothing
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
      value = std::min(value * 10 + (text_[at_] - '0'), largest);
    if (bracket && !take(')')) {
      if (minus) fail("')'");
      at_ = start;  // a conjugate such as a^(1*b)
      return std::nullopt;
    }
    return minus ? -value : value;
  }

  // -- words

  void append(word& to, const word& tail) {
    charge(tail.size());
    to.insert(to.end(), tail.begin(), tail.end());
  }

  word inverted(const word& w) {
    charge(w.size());
    return inverse(w);
  }

  word power(word base, std::int64_t exponent) {
    if (exponent < 0) base = inverted(base);
    const auto times = static_cast<std::size_t>(exponent < 0 ? -exponent : exponent);
    if (times == 0 || base.empty()) return {};
    if (times == 1) return base;
    if (times > max_presentation_letters) charge(max_presentation_letters + 1);
    charge(base.size() * (times - 1));
    word out;
    out.reserve(base.size() * times);
    for (std::size_t i = 0; i < times; ++i) out.insert(out.end(), base.begin(), base.end());
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t letters_ = 0;  // written so far
  presentation out_;
  std::unordered_map<std::string, std::int32_t> letters_by_name_;
};

/// The length of the shortest u with w = u^k: the prefix function of Knuth, Morris and Pratt.
std::size_t root_length(std::span<const std::int32_t> w) {
  std::vector<std::size_t> border(w.size(), 0);
  for (std::size_t i = 1, k = 0; i < w.size(); ++i) {
    while (k > 0 && w[i] != w[k]) k = border[k - 1];
    border[i] = k += static_cast<std::size_t>(w[i] == w[k]);
  }
  const std::size_t period = w.size() - border.back();
  return w.size() % period == 0 ? period : w.size();
}

/// Runs of one letter become powers.
std::string runs(std::span<const std::int32_t> w, std::span<const std::string> names) {
  std::string out;
  for (std::size_t i = 0; i < w.size();) {
    std::size_t end = i + 1;
    while (end < w.size() && w[end] == w[i]) ++end;
    if (i > 0) out += '*';
    out += names[static_cast<std::size_t>((w[i] > 0 ? w[i] : -w[i]) - 1)];
    if (w[i] < 0 || end - i > 1) fmt::format_to(std::back_inserter(out), "^{}{}", w[i] < 0 ? "-" : "", end - i);
    i = end;
  }
  return out;
}

std::string joined(const std::vector<word>& words, std::span<const std::string> names) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += ',';
    out += to_product(words[i], names);
  }
  return out;
}

}  // namespace

presentation parse_presentation(std::string_view text) {
  return presentation_parser(text).parse();
}

std::string to_product(std::span<const std::int32_t> w, std::span<const std::string> names) {
  if (w.empty()) return "1";
  const std::size_t root = root_length(w);
  if (root == 1 || root == w.size()) return runs(w, names);
  return fmt::format("({})^{}", runs(w.first(root), names), w.size() / root);
}

std::string to_string(const presentation& p) {
  std::string out = fmt::format("{}|{}", fmt::join(p.generators, ","), joined(p.relators, p.generators));
  if (!p.subgroup.empty()) out += "|" + joined(p.subgroup, p.generators);
  return out;
}

}  // namespace cosetta::groups
