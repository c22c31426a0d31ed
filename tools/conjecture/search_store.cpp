#include <kernels/error.hpp>
#include <tools/conjecture/search_store.hpp>
#include <tools/conjecture/sqlite.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

/// A store of schema 1 that is only read has none.
bool has_searches(const store& s) { return s.connection().integer("PRAGMA user_version") >= 2; }

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
  while (rows.step()) {
    search_row r;
    r.name = rows.text();
    r.question = rows.text();
    r.method = rows.text();
    r.parts = static_cast<std::uint64_t>(rows.integer());
    r.sets = static_cast<std::uint64_t>(rows.integer());
    r.version = rows.text();
    r.command = rows.text();
    out.push_back(std::move(r));
  }
  return out;
}

std::vector<search_part> search_parts_of(const store& from, std::string_view name) {
  std::vector<search_part> out;
  if (!has_searches(from)) return out;
  statement rows(from.connection(), "SELECT part, sets, admissible, cut_short, best, best_sets, seconds FROM search_part WHERE search = ? ORDER BY part");
  rows.bind(name);
  while (rows.step()) {
    search_part p;
    p.part = static_cast<std::uint64_t>(rows.integer());
    p.sets = static_cast<std::uint64_t>(rows.integer());
    p.admissible = static_cast<std::uint64_t>(rows.integer());
    p.cut_short = static_cast<std::uint64_t>(rows.integer());
    if (const auto best = rows.optional_integer()) p.best = static_cast<std::uint64_t>(*best);
    p.best_sets = static_cast<std::uint64_t>(rows.integer());
    p.seconds = rows.real();
    out.push_back(p);
  }
  return out;
}

std::vector<search_record> search_records_of(const store& from, std::string_view name, bool smallest) {
  std::vector<search_record> out;
  if (!has_searches(from)) return out;
  statement rows(from.connection(), "SELECT key, value, generators, diameter, states, last_sphere FROM search_record WHERE search = ?");
  rows.bind(name);
  while (rows.step()) {
    search_record r;
    r.key = rows.text();
    r.value = static_cast<std::uint64_t>(rows.integer());
    r.generators = rows.text();
    r.diameter = static_cast<std::uint64_t>(rows.integer());
    const auto number = [&] {
      const auto text = rows.text();
      if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string::npos) {
        throw parse_error(fmt::format("{}: the store is damaged (a record of '{}' has the number '{}'): restore a copy", from.path(), name, text));
      }
      return std::stoull(text);
    };
    r.states = number();
    r.last_sphere = number();
    out.push_back(std::move(r));
  }
  keep_best(out, out.size(), smallest);
  return out;
}

void merge_searches(store& into, const store& other) {
  for (const auto& row : searches_of(other)) {
    write_search(into, row);
    for (const auto& part : search_parts_of(other, row.name)) write_part(into, row.name, part);
    const auto question = nlohmann::ordered_json::parse(row.question);
    const bool smallest = question.at("goal") == "smallest";
    auto all = search_records_of(into, row.name, smallest);
    for (auto& record : search_records_of(other, row.name, smallest)) all.push_back(std::move(record));
    write_records(into, row.name, std::move(all), question.at("keep").get<std::size_t>(), smallest);
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
