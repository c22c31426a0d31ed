#include <graphs/catalogue.hpp>
#include <graphs/csv.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/graph_builder.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>
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

std::string shown(std::string_view text) {
  return std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : "");
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

/// Runs `work` and puts "FILE:LINE: " before the message of any error.
template <class Work>
auto at_line(const std::string& name, std::size_t line, const Work& work) {
  const auto place = [&](const std::exception& e) { return fmt::format("{}:{}: {}", name, line, e.what()); };
  try {
    return work();
  } catch (const domain_error& e) {
    throw domain_error(place(e));
  } catch (const parse_error& e) {
    throw parse_error(place(e));
  }
}

[[noreturn]] void fail(const std::string& name, std::size_t line, const std::string& reason) {
  throw parse_error(fmt::format("{}:{}: {}", name, line, reason));
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
            fail(name, start, fmt::format("expected NAME:=VALUE; but found '{}'", shown(trim(pending))));
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
    fail(name, start, fmt::format("the file ends inside '{}': a ';' is missing", shown(pending)));
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
  const auto wrong = [&] { fail(name, s.line, fmt::format("ip: expected [[1,2],[3]], found '{}'", shown(s.value))); };
  const json classes = json::parse(s.value, nullptr, false);
  if (!classes.is_array()) wrong();
  std::uint64_t label = colours.size();  // above the labels of positions that are not listed
  for (const auto& positions : classes) {
    if (!positions.is_array()) wrong();
    for (const auto& position : positions) {
      if (!position.is_number_unsigned()) wrong();
      const auto p = position.get<std::uint64_t>();
      if (p < 1 || p > colours.size())
        fail(name, s.line, fmt::format("ip: position {} is outside 1..{}", p, colours.size()));
      if (colours[p - 1] >= colours.size()) fail(name, s.line, fmt::format("ip: position {} is listed twice", p));
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

// --------------------------------------------------------------------------------------------------------------- JSON

std::int64_t json_integer(const json& value, const std::string& what) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > groups::max_modulus) {
    throw domain_error(fmt::format("{}: {} does not fit 63 bits", what, value.dump()));
  }
  if (!value.is_number_integer())
    throw parse_error(fmt::format("{}: expected an integer, found {}", what, shown(value.dump())));
  return value.get<std::int64_t>();
}

std::vector<std::int64_t> json_integers(const json& value, const std::string& what) {
  if (!value.is_array()) throw parse_error(fmt::format("{}: expected an array, found {}", what, shown(value.dump())));
  std::vector<std::int64_t> out;
  for (const auto& entry : value) out.push_back(json_integer(entry, what));
  return out;
}

bool is_nested(const json& value) {
  return value.is_array() && !value.empty() && value[0].is_array();
}

groups::permutation json_permutation(const json& value, const std::string& what, point first_point) {
  std::vector<point> images;
  const auto entries = json_integers(value, what);
  if (entries.size() > groups::max_degree) {
    throw domain_error(fmt::format("{}: degree {} is above the limit of {}", what, entries.size(), groups::max_degree));
  }
  for (const auto entry : entries) {
    if (entry < static_cast<std::int64_t>(first_point) ||
        entry - first_point >= static_cast<std::int64_t>(entries.size())) {
      throw domain_error(
          fmt::format("{}: not a permutation of {} points: {} is no point", what, entries.size(), entry));
    }
    images.push_back(static_cast<point>(entry - first_point));
  }
  try {
    return groups::make_permutation(images);
  } catch (const domain_error& e) {
    throw domain_error(fmt::format("{}: {}", what, e.what()));
  }
}

groups::matrix json_matrix(const json& value, const std::string& what, std::uint64_t modulus) {
  std::vector<std::int64_t> entries;
  std::size_t columns = 0;
  for (const auto& row : value) {
    const auto cells = json_integers(row, what);
    if (columns == 0) columns = cells.size();
    if (cells.empty() || cells.size() != columns)
      throw domain_error(fmt::format("{}: the rows differ in length", what));
    entries.insert(entries.end(), cells.begin(), cells.end());
  }
  if (entries.size() > groups::max_degree)
    throw domain_error(fmt::format("{}: a matrix of {} entries is too large", what, entries.size()));
  return groups::make_matrix(value.size(), columns, modulus, entries);
}

const json* find_key(const json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const auto found = object.find(key); found != object.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

/// Pairs (name, value) of the generators, from an object or from an array with or without a list of names.
std::vector<std::pair<std::string, const json*>> json_generators(const json& object) {
  const json* generators = find_key(object, {"generators", "moves"});
  if (generators == nullptr) throw parse_error("no \"generators\"");
  std::vector<std::pair<std::string, const json*>> out;
  if (generators->is_object()) {
    for (const auto& [name, value] : generators->items()) out.emplace_back(name, &value);
    return out;
  }
  if (!generators->is_array()) throw parse_error("\"generators\" is neither an object nor an array");
  const json* names = find_key(object, {"generator_names", "names"});
  if (names != nullptr && (!names->is_array() || names->size() != generators->size())) {
    throw parse_error(fmt::format("\"generator_names\" has to list {} names", generators->size()));
  }
  for (std::size_t i = 0; i < generators->size(); ++i) {
    if (names != nullptr && !(*names)[i].is_string())
      throw parse_error("\"generator_names\" holds something that is no text");
    out.emplace_back(names != nullptr ? (*names)[i].get<std::string>() : fmt::format("g{}", i), &(*generators)[i]);
  }
  return out;
}

graph_definition json_permutation_graph(const json& object, const std::string& name, point first_point) {
  graph_builder out(name);
  for (const auto& [label, value] : json_generators(object))
    out.add(label, json_permutation(*value, "generator " + label, first_point));
  if (const json* given = find_key(object, {"central_state", "central"})) {
    for (const auto entry : json_integers(*given, "central_state")) {
      if (entry < 0) throw domain_error(fmt::format("central_state: label {} is negative", entry));
      out.central.push_back(static_cast<std::uint64_t>(entry));
    }
    if (out.central.empty()) throw domain_error("central_state: is empty");
  }
  return std::move(out).finish();
}

graph_definition json_matrix_graph(const json& object, const std::string& name) {
  std::int64_t modulus = 0;
  if (const json* given = find_key(object, {"modulus", "modulo"})) modulus = json_integer(*given, "modulus");
  if (modulus < 0 || modulus == 1)
    throw domain_error(fmt::format("modulus {} is outside 2..2^63-1 (0: no modulus)", modulus));
  graph_builder out(name);
  std::size_t dimension = 0;
  for (const auto& [label, value] : json_generators(object)) {
    if (!is_nested(*value)) throw parse_error(fmt::format("generator {}: expected rows of a matrix", label));
    auto matrix = json_matrix(*value, "generator " + label, static_cast<std::uint64_t>(modulus));
    dimension = matrix.rows();
    out.add(label, std::move(matrix));
  }
  if (const json* given = find_key(object, {"central_state", "central"})) {
    json rows = *given;
    if (!is_nested(rows)) {  // a single column
      if (!rows.is_array()) throw parse_error("central_state: expected an array");
      for (auto& cell : rows) cell = json::array({cell});
    }
    const auto matrix = json_matrix(rows, "central_state", static_cast<std::uint64_t>(modulus));
    if (matrix.rows() != dimension) {
      throw domain_error(fmt::format("central_state has {} rows, the generators have {}", matrix.rows(), dimension));
    }
    out.central.assign(matrix.entries().begin(), matrix.entries().end());
  }
  return std::move(out).finish();
}

graph_definition read_json_object(const json& object, const std::string& name, point first_point,
                                  bool outermost = true) {
  if (!object.is_object()) throw parse_error("expected a JSON object with \"generators\"");
  if (const json* graph = find_key(object, {"graph"});
      outermost && graph != nullptr && graph->is_object() && !object.contains("generators")) {
    return read_json_object(*graph, name, first_point, false);
  }
  const json* generators = find_key(object, {"generators", "moves"});
  if (const json* spec = find_key(object, {"spec"}); generators == nullptr && spec != nullptr && spec->is_string()) {
    return make_catalogue_graph(spec->get<std::string>());
  }
  const auto listed = json_generators(object);
  if (listed.empty()) throw domain_error("no generators");
  return is_nested(*listed[0].second) ? json_matrix_graph(object, name)
                                      : json_permutation_graph(object, name, first_point);
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
        fail(name_, number, fmt::format("unknown keyword '{}'", shown(keyword)));
      }
    }
    if (!any_move_) fail(name_, 1, "no Move section");
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
      fail(name_, l.number, fmt::format("'{}' is no number in {}..{}", shown(word), least, most));
    }
    return value;
  }

  void read_set() {
    const line& l = lines_[at_++];
    if (l.words.size() != 4) fail(name_, l.number, "expected: Set NAME PIECES ORIENTATIONS");
    const std::size_t pieces = number_at(l, 2, 1, groups::max_degree);
    const std::size_t orientations = number_at(l, 3, 1, groups::max_degree / pieces);
    sets_.push_back({l.words[1], pieces, orientations, degree_});
    degree_ += pieces * orientations;
    if (degree_ > groups::max_degree) fail(name_, l.number, fmt::format("more than {} points", groups::max_degree));
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
    fail(name_, l.number, fmt::format("expected the name of a Set or End, found '{}'", shown(l.words[0])));
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
      if (at_ == lines_.size()) fail(name_, opened, "this section has no End");
      if (lines_[at_].words[0] == "End") break;
      const piece_set& set = set_named(lines_[at_]);
      ++at_;
      if (!at_numbers()) fail(name_, lines_[at_ - 1].number, fmt::format("no numbers follow {}", set.name));
      const line& pieces = lines_[at_++];
      const line* orientations = at_numbers() ? &lines_[at_++] : nullptr;
      for (const line* l : {&pieces, orientations}) {
        if (l != nullptr && l->words.size() != set.pieces) {
          fail(name_, l->number, fmt::format("{} has {} pieces, this line {}", set.name, set.pieces, l->words.size()));
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
    if (head.words.size() != 2) fail(name_, head.number, "expected: Move NAME");
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

graph_definition santa_graph(std::string moves, const std::string& name, std::size_t number) {
  std::replace(moves.begin(), moves.end(), '\'', '"');
  const json parsed = json::parse(moves, nullptr, false);
  if (!parsed.is_object()) fail(name, number, "allowed_moves is not a dictionary {'f0': [0, 1, ...], ...}");
  return at_line(name, number, [&] {
    graph_builder out(name);
    for (const auto& [label, value] : parsed.items()) out.add(label, json_permutation(value, "move " + label, 0));
    return std::move(out).finish();
  });
}

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
      fail(name, s.line,
           fmt::format("{}: expected cycles such as (1,2,3)(4,5), found '{}'", shown(s.name), shown(s.value)));
    }
  }
  if (moves.empty()) fail(name, 1, "no generators: expected lines such as NAME:=(1,2,3)(4,5);");
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

namespace {

/// Parses JSON and refuses an object that has a key twice: one of two generators would be lost without a word.
json parse_json(std::string_view text) {
  std::vector<std::unordered_set<std::string>> open;
  return json::parse(text, [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      throw parse_error(fmt::format("the key \"{}\" occurs twice", parsed.get<std::string>()));
    }
    return true;
  });
}

}  // namespace

graph_definition read_json(std::string_view text, const std::string& name, point first_point) {
  json object;
  try {
    object = parse_json(text);
  } catch (const parse_error& e) {
    throw parse_error(fmt::format("{}: {}", name, e.what()));
  } catch (const json::exception& e) {
    std::string reason = e.what();
    if (const auto at = reason.find("parse error"); at != std::string::npos) reason.erase(0, at);
    throw parse_error(fmt::format("{}: {}", name, reason));
  }
  try {
    return read_json_object(object, name, first_point);
  } catch (const domain_error& e) {
    throw domain_error(std::string(e.what()).starts_with(name) ? e.what() : fmt::format("{}: {}", name, e.what()));
  } catch (const parse_error& e) {
    throw parse_error(fmt::format("{}: {}", name, e.what()));
  }
}

graph_definition read_twsearch(std::string_view text, const std::string& name) {
  return twsearch_reader(text, name).read();
}

graph_definition read_santa(std::string_view text, const std::string& name, std::string_view type) {
  std::optional<graph_definition> found;
  std::vector<std::string> types;
  csv_reader rows(text, name);
  for (std::vector<std::string> fields; rows.next(fields);) {
    if (rows.line() == 1 && fields[0] == "puzzle_type") continue;
    if (fields.size() < 2) fail(name, rows.line(), "expected puzzle_type,allowed_moves");
    types.push_back(fields[0]);
    if (found || !(type.empty() || fields[0] == type)) continue;
    std::string moves = std::move(fields[1]);  // commas outside quotes part them, too
    for (std::size_t i = 2; i < fields.size(); ++i) moves += "," + fields[i];
    found = santa_graph(std::move(moves), name, rows.line());
  }
  if (type.empty() && types.size() == 1 && found) return std::move(*found);
  if (type.empty()) {
    throw parse_error(fmt::format("{}: name one puzzle type of the file, as in FILE.csv#TYPE", name));
  }
  if (!found) {
    throw parse_error(
        fmt::format("{}: no puzzle type '{}'; nearest: {}", name, type, fmt::join(nearest_names(type, types), ", ")));
  }
  return std::move(*found);
}

}  // namespace cosetta::graphs
