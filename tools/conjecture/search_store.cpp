#include <kernels/error.hpp>
#include <tools/conjecture/extremal_question.hpp>
#include <tools/conjecture/search_store.hpp>
#include <tools/conjecture/sqlite.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

/// A store of schema 1 that is only read has none.
bool has_searches(const store& s) { return s.connection().integer("PRAGMA user_version") >= 2; }

std::uint64_t natural(statement& row) {
  const auto value = row.integer();
  if (value < 0) throw domain_error(fmt::format("{} in place of a natural number", value));
  return static_cast<std::uint64_t>(value);
}

/// Of numbers that SQLite may hold as text: they have 64 bits.
std::uint64_t natural_text(statement& row) {
  const auto text = row.text();
  if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string::npos) throw domain_error(fmt::format("'{}' in place of a natural number", text));
  return std::stoull(text);
}

search_row read_search(statement& row) {
  search_row r;
  r.name = row.text();
  r.question = row.text();
  r.method = row.text();
  r.parts = natural(row);
  r.sets = natural(row);
  r.version = row.text();
  r.command = row.text();
  if (to_string(*parse_identity(r.question, "the search '" + r.name + "'").method) != r.method) throw domain_error(fmt::format("the search '{}' has the method '{}'", r.name, r.method));
  return r;
}

search_part read_part(statement& row) {
  search_part p;
  p.part = natural(row);
  p.sets = natural(row);
  p.admissible = natural(row);
  p.cut_short = natural(row);
  if (row.is_null()) static_cast<void>(row.optional_integer());
  else p.best = natural(row);
  p.best_sets = natural(row);
  p.seconds = row.real();
  return p;
}

search_record read_record(statement& row) {
  search_record r;
  r.key = row.text();
  r.value = natural(row);
  r.generators = row.text();
  r.diameter = natural(row);
  r.states = natural_text(row);
  r.last_sphere = natural_text(row);
  static_cast<void>(generators_of(r));
  return r;
}

void write_search(const store& into, const search_row& row) {
  statement find(into.connection(), "SELECT question FROM search WHERE name = ?");
  find.bind(row.name);
  if (find.step()) {
    const auto question = find.text();
    while (find.step()) {
    }
    if (question != row.question) {
      throw domain_error(fmt::format("{}: there is another search with the name '{}', which asks {}: give this one another --name", into.path(), row.name, question));
    }
  }
  statement insert(into.connection(), "INSERT INTO search VALUES (?,?,?,?,?,?,?) ON CONFLICT (name) DO UPDATE SET parts = max(parts, excluded.parts), sets = max(sets, excluded.sets)");
  insert.bind(row.name).bind(row.question).bind(row.method).bind(row.parts).bind(row.sets).bind(row.version).bind(row.command).run();
}

void write_part(const store& into, std::string_view name, const search_part& p) {
  statement insert(into.connection(), "INSERT OR IGNORE INTO search_part VALUES (?,?,?,?,?,?,?,?)");
  insert.bind(name).bind(p.part).bind(p.sets).bind(p.admissible).bind(p.cut_short).bind_optional(p.best).bind(p.best_sets).bind(p.seconds).run();
}

void write_records(const store& into, std::string_view name, std::vector<search_record> all, std::size_t keep, bool smallest) {
  keep_best(all, keep, smallest);
  statement erase(into.connection(), "DELETE FROM search_record WHERE search = ?");
  erase.bind(name).run();
  statement insert(into.connection(), "INSERT INTO search_record VALUES (?,?,?,?,?,?,?)");
  for (const auto& r : all) {
    insert.bind(name).bind(r.key).bind(r.value).bind(r.generators).bind(r.diameter).bind(std::to_string(r.states)).bind(std::to_string(r.last_sphere)).run();
  }
}

}  // namespace

std::vector<groups::permutation> generators_of(const search_record& record) {
  std::vector<groups::permutation> out;
  for (const auto& images : nlohmann::ordered_json::parse(record.generators)) {
    const auto points = images.get<std::vector<groups::point>>();
    out.push_back(groups::make_permutation(points));
    if (out.back().degree() != out.front().degree()) throw domain_error("generators of different degrees");
  }
  return out;
}

void keep_best(std::vector<search_record>& records, std::size_t keep, bool smallest) {
  std::sort(records.begin(), records.end(), [&](const search_record& a, const search_record& b) {
    if (a.value != b.value) return smallest ? a.value < b.value : a.value > b.value;
    return a.key < b.key;
  });
  records.erase(std::unique(records.begin(), records.end(), [](const search_record& a, const search_record& b) { return a.key == b.key; }), records.end());
  if (records.size() > keep) records.resize(keep);
}

void begin_search(store& into, const search_row& row) {
  transaction t(into.connection());
  write_search(into, row);
  t.commit();
}

void put_search_part(store& into, std::string_view name, const search_part& part, std::span<const search_record> records, std::size_t keep, bool smallest) {
  transaction t(into.connection());
  write_part(into, name, part);
  if (!records.empty()) {
    auto all = search_records_of(into, name, smallest);
    all.insert(all.end(), records.begin(), records.end());
    write_records(into, name, std::move(all), keep, smallest);
  }
  t.commit();
}

std::vector<search_row> searches_of(const store& from) {
  std::vector<search_row> out;
  if (!has_searches(from)) return out;
  statement rows(from.connection(), "SELECT name, question, method, parts, sets, version, command FROM search ORDER BY name");
  while (rows.step()) out.push_back(readable(from.connection(), [&] { return read_search(rows); }));
  return out;
}

std::vector<search_part> search_parts_of(const store& from, std::string_view name) {
  std::vector<search_part> out;
  if (!has_searches(from)) return out;
  statement rows(from.connection(), "SELECT part, sets, admissible, cut_short, best, best_sets, seconds FROM search_part WHERE search = ? ORDER BY part");
  rows.bind(name);
  while (rows.step()) out.push_back(readable(from.connection(), [&] { return read_part(rows); }));
  return out;
}

std::vector<search_record> search_records_of(const store& from, std::string_view name, bool smallest) {
  std::vector<search_record> out;
  if (!has_searches(from)) return out;
  statement rows(from.connection(), "SELECT key, value, generators, diameter, states, last_sphere FROM search_record WHERE search = ?");
  rows.bind(name);
  while (rows.step()) out.push_back(readable(from.connection(), [&] { return read_record(rows); }));
  keep_best(out, out.size(), smallest);
  return out;
}

void merge_searches(store& into, const store& other) {
  for (const auto& row : searches_of(other)) {
    write_search(into, row);
    for (const auto& part : search_parts_of(other, row.name)) write_part(into, row.name, part);
    const auto question = parse_identity(row.question, row.name);
    const bool smallest = question.smallest;
    auto all = search_records_of(into, row.name, smallest);
    for (auto& record : search_records_of(other, row.name, smallest)) all.push_back(std::move(record));
    write_records(into, row.name, std::move(all), question.keep, smallest);
  }
}

// Which sets were cut short depends on the order in which threads came to them: no mathematics.
std::string searches_content(const store& of) {
  std::string out;
  for (const auto& row : searches_of(of)) {
    std::uint64_t sets = 0, admissible = 0;
    const auto parts = search_parts_of(of, row.name);
    for (const auto& part : parts) sets += part.sets, admissible += part.admissible;
    out += fmt::format("search {}|{}|{} of {}|{}|{}\n", row.name, row.question, parts.size(), row.parts, sets, admissible);
    for (const auto& r : search_records_of(of, row.name, false)) out += fmt::format("{}|{}|{}|{}|{}|{}\n", r.key, r.value, r.generators, r.diameter, r.states, r.last_sphere);
  }
  return out;
}

}  // namespace cosetta::conjecture
