#include <graphs/catalogue.hpp>
#include <graphs/csv.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/file_place.hpp>
#include <graphs/graph_builder.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::graphs {

namespace {

using groups::point;
using json = nlohmann::ordered_json;  // the order of generators matters

std::int64_t json_integer(const json& value, const std::string& what) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > groups::max_modulus) {
    throw domain_error(fmt::format("{}: {} does not fit 63 bits", what, value.dump()));
  }
  if (!value.is_number_integer())
    throw parse_error(fmt::format("{}: expected an integer, found {}", what, excerpt(value.dump())));
  return value.get<std::int64_t>();
}

std::vector<std::int64_t> json_integers(const json& value, const std::string& what) {
  if (!value.is_array()) throw parse_error(fmt::format("{}: expected an array, found {}", what, excerpt(value.dump())));
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

/// The definitions of a file that holds several, by name: members of an object, or of an array by their "name", "id", "size" or "n", or else
/// by number; either may lie under "graphs". Empty for a file of one graph.
std::vector<std::pair<std::string, const json*>> several_graphs(const json& file) {
  const json* all = find_key(file, {"graphs"});
  if (all == nullptr) {
    if (find_key(file, {"generators", "moves", "spec", "graph"}) != nullptr) return {};
    all = &file;
  }
  std::vector<std::pair<std::string, const json*>> out;
  for (const auto& [key, value] : all->items()) {
    if (!value.is_object() || find_key(value, {"generators", "moves"}) == nullptr) return {};
    const json* title = all->is_array() ? find_key(value, {"name", "id", "size", "n"}) : nullptr;
    out.emplace_back(title == nullptr ? key : title->is_string() ? title->get<std::string>() : title->dump(), &value);
  }
  return out;
}

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

graph_definition santa_graph(std::string moves, const std::string& name, std::size_t number) {
  std::replace(moves.begin(), moves.end(), '\'', '"');
  const json parsed = json::parse(moves, nullptr, false);
  if (!parsed.is_object()) fail_at(name, number, "allowed_moves is not a dictionary {'f0': [0, 1, ...], ...}");
  return at_line(name, number, [&] {
    graph_builder out(name);
    for (const auto& [label, value] : parsed.items()) out.add(label, json_permutation(value, "move " + label, 0));
    return std::move(out).finish();
  });
}

}  // namespace

namespace {

json parse_named_json(std::string_view text, const std::string& name) {
  try {
    return parse_json(text);
  } catch (const parse_error& e) {
    throw parse_error(fmt::format("{}: {}", name, e.what()));
  } catch (const json::exception& e) {
    std::string reason = e.what();
    if (const auto at = reason.find("parse error"); at != std::string::npos) reason.erase(0, at);
    throw parse_error(fmt::format("{}: {}", name, reason));
  }
}

graph_definition read_named_object(const json& object, const std::string& name, point first_point) {
  try {
    return read_json_object(object, name, first_point);
  } catch (const domain_error& e) {
    throw domain_error(std::string(e.what()).starts_with(name) ? e.what() : fmt::format("{}: {}", name, e.what()));
  } catch (const parse_error& e) {
    throw parse_error(fmt::format("{}: {}", name, e.what()));
  }
}

}  // namespace

graph_definition read_json(std::string_view text, const std::string& name, point first_point, std::string_view member) {
  const json object = parse_named_json(text, name);
  const auto several = several_graphs(object);
  if (several.empty()) {
    if (!member.empty()) throw parse_error(fmt::format("{}: the file holds one graph: leave #{} out", name, member));
    return read_named_object(object, name, first_point);
  }
  std::vector<std::string> names;
  for (const auto& [key, value] : several) {
    if (member == key || (member.empty() && several.size() == 1)) return read_named_object(*value, name, first_point);
    names.push_back(key);
  }
  if (!member.empty()) throw parse_error(fmt::format("{}: no graph '{}'; nearest: {}", name, member, fmt::join(nearest_names(member, names), ", ")));
  throw parse_error(fmt::format("{}: name one graph of the file, as in FILE.json#NAME: {}", name, fmt::join(std::span(names).first(std::min<std::size_t>(names.size(), 12)), ", ")));
}

std::vector<std::pair<std::string, graph_definition>> read_json_graphs(std::string_view text, const std::string& name) {
  const json object = parse_named_json(text, name);
  std::vector<std::pair<std::string, graph_definition>> out;
  for (const auto& [key, value] : several_graphs(object)) out.emplace_back(key, read_named_object(*value, fmt::format("{}#{}", name, key), 0));
  if (out.empty()) out.emplace_back("", read_named_object(object, name, 0));
  return out;
}

graph_definition read_santa(std::string_view text, const std::string& name, std::string_view type) {
  std::optional<graph_definition> found;
  std::vector<std::string> types;
  csv_reader rows(text, name);
  for (std::vector<std::string> fields; rows.next(fields);) {
    if (rows.line() == 1 && fields[0] == "puzzle_type") continue;
    if (fields.size() < 2) fail_at(name, rows.line(), "expected puzzle_type,allowed_moves");
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
