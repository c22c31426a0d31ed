#include <graphs/file_formats.hpp>
#include <graphs/file_place.hpp>
#include <graphs/graph_builder.hpp>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::graphs {

namespace {

using groups::point;
using json = nlohmann::ordered_json;  // the order of generators matters

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Calls visit(line, number) for every line.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// ---------------------------------------------------------------------------------------------------------------- GAP

struct gap_statement {
  std::string name;
  std::string value;
  std::size_t line;
};

/// Statements `name:=value;` without comments and line breaks.
std::vector<gap_statement> gap_statements(std::string_view text, const std::string& name) {
  std::vector<gap_statement> statements;
  std::string pending;
  std::size_t start = 0;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = line.substr(0, line.find('#'));
    for (const char c : line) {
      if (c == ';') {
        const auto assign = pending.find(":=");
        const auto left = trim(std::string_view(pending).substr(0, assign));
        if (assign == std::string::npos || left.empty()) {
          if (!trim(pending).empty())
            fail_at(name, start, fmt::format("expected NAME:=VALUE; but found '{}'", excerpt(trim(pending))));
        } else {
          statements.push_back(
              {std::string(left), std::string(trim(std::string_view(pending).substr(assign + 2))), start});
        }
        pending.clear();
        continue;
      }
      if (pending.empty()) {
        if (c == ' ' || c == '\t' || c == '\r') continue;
        start = number;
      }
      pending += c;
    }
    if (!pending.empty()) pending += ' ';  // a line break parts two numbers
  });
  if (!trim(pending).empty())
    fail_at(name, start, fmt::format("the file ends inside '{}': a ';' is missing", excerpt(pending)));
  return statements;
}

std::string without_gap_prefix(std::string name) {
  for (auto at = name.find("M_"); at != std::string::npos; at = name.find("M_")) name.erase(at, 2);
  return name;
}

/// The items of "Group( (1,2,3), (1,2) )" or "[ (1,2,3), (1,2) ]", when all of them are permutations.
std::vector<std::string> listed_permutations(std::string_view value) {
  const auto strip = [&](std::string_view open, char close) {
    if (!value.starts_with(open) || !value.ends_with(close)) return;
    value = trim(value.substr(open.size(), value.size() - open.size() - 1));
  };
  strip("Group(", ')');
  strip("[", ']');
  std::vector<std::string> items(1);
  int depth = 0;
  for (const char c : value) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  for (auto& item : items) {
    item = std::string(trim(item));
    if (!item.starts_with('(')) return {};
  }
  return items;
}

/// "[[1,2],[3]]" with points from 1: classes of positions, numbered by their order.
void read_identical_positions(const gap_statement& s, const std::string& name, state& colours) {
  const auto wrong = [&] { fail_at(name, s.line, fmt::format("ip: expected [[1,2],[3]], found '{}'", excerpt(s.value))); };
  const json classes = json::parse(s.value, nullptr, false);
  if (!classes.is_array()) wrong();
  std::uint64_t label = colours.size();  // above the labels of positions that are not listed
  for (const auto& positions : classes) {
    if (!positions.is_array()) wrong();
    for (const auto& position : positions) {
      if (!position.is_number_unsigned()) wrong();
      const auto p = position.get<std::uint64_t>();
      if (p < 1 || p > colours.size())
        fail_at(name, s.line, fmt::format("ip: position {} is outside 1..{}", p, colours.size()));
      if (colours[p - 1] >= colours.size()) fail_at(name, s.line, fmt::format("ip: position {} is listed twice", p));
      colours[p - 1] = label;
    }
    ++label;
  }
}

/// Labels 0, 1, ... in order of first occurrence.
void renumber(state& labels) {
  std::unordered_map<std::uint64_t, std::uint64_t> numbers;
  for (auto& label : labels) label = numbers.emplace(label, numbers.size()).first->second;
}

// ----------------------------------------------------------------------------------------------------------- twsearch

struct piece_set {
  std::string name;
  std::size_t pieces;
  std::size_t orientations;
  std::size_t offset;  // of its first point
};

/// A reader of one twsearch or ksolve file, line by line, token by token.
class twsearch_reader {
 public:
  twsearch_reader(std::string_view text, const std::string& name) : name_(name), moves_(name) {
    for_each_line(text, [&](std::string_view raw, std::size_t number) {
      const auto content = trim(raw.substr(0, raw.find('#')));
      if (!content.empty()) lines_.push_back({tokens(content), number});
    });
  }

  graph_definition read() {
    while (at_ < lines_.size()) {
      const auto& [words, number] = lines_[at_];
      const std::string& keyword = words[0];
      if (keyword == "Set") {
        read_set();
      } else if (keyword == "Solved" || keyword == "StartState") {
        read_solved();
      } else if (keyword == "Move" || keyword == "MoveTransformation") {
        read_move();
      } else if (keyword == "Name" || keyword == "Illegal" || keyword == "Alias" || keyword == "MoveAlias") {
        ++at_;
      } else if (keyword == "ForbiddenPairs" || keyword == "ForbiddenGroups" || keyword == "MoveLimits" ||
                 keyword == "Ignore" || keyword == "Block") {
        while (at_ < lines_.size() && lines_[at_].words[0] != "End") ++at_;
        ++at_;
      } else {
        fail_at(name_, number, fmt::format("unknown keyword '{}'", excerpt(keyword)));
      }
    }
    if (!any_move_) fail_at(name_, 1, "no Move section");
    renumber(solved_);
    moves_.central = std::move(solved_);
    return std::move(moves_).finish();
  }

 private:
  struct line {
    std::vector<std::string> words;
    std::size_t number;
  };

  static std::vector<std::string> tokens(std::string_view text) {
    std::vector<std::string> out;
    while (!(text = trim(text)).empty()) {
      const auto end = std::min(text.find_first_of(" \t"), text.size());
      out.emplace_back(text.substr(0, end));
      text.remove_prefix(end);
    }
    return out;
  }

  std::size_t number_at(const line& l, std::size_t i, std::size_t least, std::size_t most) const {
    std::size_t value = 0;
    const std::string& word = l.words[i];
    const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (status != std::errc{} || end != word.data() + word.size() || value < least || value > most) {
      fail_at(name_, l.number, fmt::format("'{}' is no number in {}..{}", excerpt(word), least, most));
    }
    return value;
  }

  void read_set() {
    const line& l = lines_[at_++];
    if (l.words.size() != 4) fail_at(name_, l.number, "expected: Set NAME PIECES ORIENTATIONS");
    const std::size_t pieces = number_at(l, 2, 1, groups::max_degree);
    const std::size_t orientations = number_at(l, 3, 1, groups::max_degree / pieces);
    sets_.push_back({l.words[1], pieces, orientations, degree_});
    degree_ += pieces * orientations;
    if (degree_ > groups::max_degree) fail_at(name_, l.number, fmt::format("more than {} points", groups::max_degree));
    for (std::size_t i = 0; i < pieces * orientations; ++i) solved_.push_back(label(sets_.back(), i));
  }

  /// Labels of different sets never meet, whatever numbers the file gives its pieces.
  static std::uint64_t label(const piece_set& set, std::size_t number) {
    return (std::uint64_t{set.offset} << 42) + number;
  }

  const piece_set& set_named(const line& l) const {
    for (const auto& set : sets_) {
      if (set.name == l.words[0]) return set;
    }
    fail_at(name_, l.number, fmt::format("expected the name of a Set or End, found '{}'", excerpt(l.words[0])));
  }

  bool at_numbers() const {
    if (at_ == lines_.size()) return false;
    const char c = lines_[at_].words[0][0];
    return (c >= '0' && c <= '9') || c == '?';
  }

  /// Visits every (set, line of pieces, line of orientations or nullptr) up to End.
  template <class Visit>
  void read_section(const Visit& visit) {
    const std::size_t opened = lines_[at_].number;
    ++at_;
    for (;;) {
      if (at_ == lines_.size()) fail_at(name_, opened, "this section has no End");
      if (lines_[at_].words[0] == "End") break;
      const piece_set& set = set_named(lines_[at_]);
      ++at_;
      if (!at_numbers()) fail_at(name_, lines_[at_ - 1].number, fmt::format("no numbers follow {}", set.name));
      const line& pieces = lines_[at_++];
      const line* orientations = at_numbers() ? &lines_[at_++] : nullptr;
      for (const line* l : {&pieces, orientations}) {
        if (l != nullptr && l->words.size() != set.pieces) {
          fail_at(name_, l->number, fmt::format("{} has {} pieces, this line {}", set.name, set.pieces, l->words.size()));
        }
      }
      visit(set, pieces, orientations);
    }
    ++at_;
  }

  void read_solved() {
    read_section([&](const piece_set& set, const line& pieces, const line* orientations) {
      for (std::size_t i = 0; i < set.pieces; ++i) {
        const std::size_t piece = number_at(pieces, i, 1, groups::max_degree) - 1;
        const bool oriented = orientations == nullptr || orientations->words[i] != "?";
        const std::size_t twist =
            oriented && orientations != nullptr ? number_at(*orientations, i, 0, set.orientations - 1) : 0;
        for (std::size_t t = 0; t < set.orientations; ++t) {
          const std::size_t face = oriented ? (t + set.orientations - twist) % set.orientations : 0;
          solved_[set.offset + i * set.orientations + t] = label(set, piece * set.orientations + face);
        }
      }
    });
  }

  void read_move() {
    const line& head = lines_[at_];
    if (head.words.size() != 2) fail_at(name_, head.number, "expected: Move NAME");
    std::vector<point> images(degree_);
    std::iota(images.begin(), images.end(), point{0});
    read_section([&](const piece_set& set, const line& pieces, const line* orientations) {
      for (std::size_t i = 0; i < set.pieces; ++i) {
        const std::size_t from = number_at(pieces, i, 1, set.pieces) - 1;
        const std::size_t twist = orientations == nullptr ? 0 : number_at(*orientations, i, 0, set.orientations - 1);
        // The piece now in slot i came from slot `from` and was turned by `twist`.
        for (std::size_t t = 0; t < set.orientations; ++t) {
          const std::size_t source = (t + set.orientations - twist) % set.orientations;
          images[set.offset + i * set.orientations + t] =
              static_cast<point>(set.offset + from * set.orientations + source);
        }
      }
    });
    any_move_ = true;
    moves_.add(head.words[1], at_line(name_, head.number, [&] { return groups::make_permutation(images); }));
  }

  const std::string& name_;
  std::vector<line> lines_;
  std::size_t at_ = 0;
  std::vector<piece_set> sets_;
  std::size_t degree_ = 0;
  state solved_;
  bool any_move_ = false;
  graph_builder moves_;
};

// -------------------------------------------------------------------------------------------------------------- Santa

}  // namespace

graph_definition read_gap(std::string_view text, const std::string& name) {
  const auto statements = gap_statements(text, name);
  std::vector<std::pair<std::string, groups::permutation>> moves;
  std::size_t degree = 0;
  std::size_t points = 0;
  const gap_statement* identical = nullptr;
  const auto add = [&](std::string label, const std::string& cycles, std::size_t line) {
    auto p = at_line(name, line, [&] { return groups::parse_permutation(cycles, std::nullopt, 1); });
    degree = std::max(degree, p.degree());
    if ((points += p.degree()) > graph_builder::max_points) {
      throw resource_error(
          fmt::format("{}:{}: more than {} points in all generators", name, line, graph_builder::max_points));
    }
    moves.emplace_back(std::move(label), std::move(p));
  };
  for (const auto& s : statements) {
    if (s.name == "ip") {
      identical = &s;
    } else if (s.value.starts_with('(')) {
      add(without_gap_prefix(s.name), s.value, s.line);
    } else if (const auto items = listed_permutations(s.value); !items.empty()) {
      for (std::size_t i = 0; i < items.size(); ++i) add(fmt::format("{}.{}", s.name, i + 1), items[i], s.line);
    } else if (!s.value.starts_with('[') && !s.value.starts_with("Group")) {
      fail_at(name, s.line,
           fmt::format("{}: expected cycles such as (1,2,3)(4,5), found '{}'", excerpt(s.name), excerpt(s.value)));
    }
  }
  if (moves.empty()) fail_at(name, 1, "no generators: expected lines such as NAME:=(1,2,3)(4,5);");
  graph_builder out(name);
  for (auto& [label, p] : moves) {
    out.add(std::move(label), groups::make_permutation_from_cycles(groups::cycles(p), degree));
  }
  if (identical != nullptr) {
    out.central.resize(degree);
    std::iota(out.central.begin(), out.central.end(), std::uint64_t{0});
    read_identical_positions(*identical, name, out.central);
    renumber(out.central);
  }
  return std::move(out).finish();
}

graph_definition read_twsearch(std::string_view text, const std::string& name) {
  return twsearch_reader(text, name).read();
}

}  // namespace cosetta::graphs
