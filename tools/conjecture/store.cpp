#include <kernels/error.hpp>
#include <tools/conjecture/combine.hpp>
#include <tools/conjecture/search_store.hpp>
#include <tools/conjecture/sqlite.hpp>
#include <tools/conjecture/store.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

using nlohmann::ordered_json;

constexpr std::int64_t our_application = 0x436f7365;  // "Cose"
constexpr std::uintmax_t checked_size = std::uintmax_t{64} << 20;  // larger files are not read through when they are opened

constexpr const char* schema = R"(
CREATE TABLE graph (
  key TEXT PRIMARY KEY, identified INTEGER NOT NULL CHECK (identified IN (0, 1)), kind TEXT NOT NULL CHECK (kind IN ('cayley', 'schreier')),
  degree INTEGER NOT NULL, inverse_closed INTEGER NOT NULL CHECK (inverse_closed IN (0, 1)), generators TEXT NOT NULL, central TEXT NOT NULL,
  asked TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('exact', 'lower_bound')), diameter INTEGER, states TEXT, layers TEXT, last_sphere TEXT, last_layer TEXT,
  mean REAL, deviation REAL, skewness REAL, group_order TEXT, transitive INTEGER, girth INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE provenance (
  key TEXT PRIMARY KEY REFERENCES graph (key), version TEXT NOT NULL, command TEXT NOT NULL, engine TEXT NOT NULL, seconds REAL NOT NULL, peak_bytes INTEGER NOT NULL,
  threads INTEGER NOT NULL, stopped_by TEXT NOT NULL, memory_limit INTEGER NOT NULL, state_limit INTEGER NOT NULL, time_limit REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
  sweep TEXT NOT NULL, label TEXT NOT NULL, position INTEGER NOT NULL, spec TEXT NOT NULL, parameters TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES graph (key), relabelling TEXT NOT NULL, PRIMARY KEY (sweep, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_position ON member (sweep, position);
)";

// Since schema 2; a store of schema 1 gets them when it is written to.
constexpr const char* search_schema = R"(
CREATE TABLE search (
  name TEXT PRIMARY KEY, question TEXT NOT NULL, method TEXT NOT NULL CHECK (method IN ('exhaustive', 'annealing')), parts INTEGER NOT NULL, sets INTEGER NOT NULL,
  version TEXT NOT NULL, command TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE search_part (
  search TEXT NOT NULL REFERENCES search (name), part INTEGER NOT NULL, sets INTEGER NOT NULL, admissible INTEGER NOT NULL, cut_short INTEGER NOT NULL, best INTEGER,
  best_sets INTEGER NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (search, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_record (
  search TEXT NOT NULL REFERENCES search (name), key TEXT NOT NULL, value INTEGER NOT NULL, generators TEXT NOT NULL, diameter INTEGER NOT NULL, states TEXT NOT NULL,
  last_sphere TEXT NOT NULL, PRIMARY KEY (search, key)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* graph_columns =
    "graph.key, identified, kind, degree, inverse_closed, generators, central, asked, status, diameter, states, layers, last_sphere, last_layer, mean, deviation, "
    "skewness, group_order, transitive, girth, version, command, engine, seconds, peak_bytes, threads, stopped_by, memory_limit, state_limit, time_limit";
constexpr const char* member_columns = "sweep, label, position, spec, parameters, member.key, relabelling";

template <class List>
std::string json_of(const List& list) {
  return ordered_json(list).dump();
}

mpz_class integer_of(const std::string& text) {
  return mpz_class(text, 10);
}

graph_row read_graph(statement& row) {
  graph_row g;
  g.key = row.text();
  g.identified = row.integer() != 0;
  g.kind = row.text();
  g.degree = static_cast<std::size_t>(row.integer());
  g.inverse_closed = row.integer() != 0;
  g.generators = row.text();
  g.central = row.text();
  g.asked = parse_measures(row.text());
  g.status = row.text() == "exact" ? search::status::exact : search::status::lower_bound;
  if (const auto v = row.optional_integer()) g.diameter = static_cast<std::uint64_t>(*v);
  if (const auto v = row.optional_text()) g.states = integer_of(*v);
  if (const auto v = row.optional_text()) g.layers = ordered_json::parse(*v).get<std::vector<std::uint64_t>>();
  if (const auto v = row.optional_text()) g.last_sphere = std::stoull(*v);
  if (const auto v = row.optional_text()) g.last_layer = ordered_json::parse(*v).get<std::vector<graphs::state>>();
  const auto mean = row.optional_real(), deviation = row.optional_real(), skewness = row.optional_real();
  if (mean) g.moments = search::distance_moments{*mean, deviation.value_or(0), skewness.value_or(0)};
  if (const auto v = row.optional_text()) g.order = integer_of(*v);
  if (const auto v = row.optional_integer()) g.transitive = *v != 0;
  if (const auto v = row.optional_integer()) g.girth = static_cast<std::uint64_t>(*v);
  return g;
}

provenance_row read_provenance(statement& row) {
  provenance_row p;
  p.version = row.text();
  p.command = row.text();
  p.engine = row.text();
  p.seconds = row.real();
  p.peak_bytes = static_cast<std::size_t>(row.integer());
  p.threads = static_cast<unsigned>(row.integer());
  p.stopped_by = row.text();
  p.memory_limit = static_cast<std::uint64_t>(row.integer());
  p.state_limit = static_cast<std::uint64_t>(row.integer());
  p.time_limit = row.real();
  return p;
}

member_row read_member(statement& row) {
  member_row m;
  m.sweep = row.text();
  m.label = row.text();
  m.position = static_cast<std::uint64_t>(row.integer());
  m.spec = row.text();
  const auto parameters = ordered_json::parse(row.text());
  for (const auto& [name, value] : parameters.items()) m.parameters.emplace_back(name, value.get<std::int64_t>());
  m.key = row.text();
  if (const auto text = row.text(); !text.empty()) m.relabelling = ordered_json::parse(text).get<std::vector<groups::point>>();
  return m;
}

void write_graph(statement& to, const graph_row& g) {
  using text = std::optional<std::string>;
  to.bind(g.key).bind(g.identified).bind(g.kind).bind(g.degree).bind(g.inverse_closed).bind(g.generators).bind(g.central);
  to.bind(to_string(g.asked)).bind(search::to_string(g.status)).bind_optional(g.diameter);
  to.bind_optional(g.states ? text(g.states->get_str()) : text()).bind_optional(g.layers.empty() ? text() : text(json_of(g.layers)));
  to.bind_optional(g.last_sphere ? text(std::to_string(*g.last_sphere)) : text());
  to.bind_optional(g.last_layer ? text(json_of(*g.last_layer)) : text());
  const auto moment = [&](double search::distance_moments::* which) { return g.moments ? std::optional((*g.moments).*which) : std::nullopt; };
  to.bind_optional(moment(&search::distance_moments::mean)).bind_optional(moment(&search::distance_moments::deviation));
  to.bind_optional(moment(&search::distance_moments::skewness)).bind_optional(g.order ? text(g.order->get_str()) : text());
  to.bind_optional(g.transitive).bind_optional(g.girth).run();
}

std::string parameters_text(const member_row& m) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, value] : m.parameters) out[name] = value;
  return out.dump();
}

void write_member(statement& to, const member_row& m) {
  to.bind(m.sweep).bind(m.label).bind(m.position).bind(m.spec).bind(parameters_text(m)).bind(m.key);
  to.bind(m.relabelling.empty() ? std::string() : json_of(m.relabelling)).run();
}

/// Refuses what is not ours, before anything is written to it.
void check_file(const database& db) {
  const auto application = db.integer("PRAGMA application_id");
  const auto version = db.integer("PRAGMA user_version");
  const auto tables = db.integer("SELECT count(*) FROM sqlite_schema");
  if (application != our_application && (application != 0 || version != 0 || tables != 0)) {
    throw parse_error(fmt::format("{}: an SQLite file of another program (application_id {}): give the name of a store or of a new file", db.path(), application));
  }
  if (application == our_application && (version < 1 || version > store_version)) {
    throw parse_error(fmt::format("{}: a store of schema {}, and this program knows schemas up to {}: use the newer program that wrote it, or another --db file", db.path(),
                                  version, store_version));
  }
  if (application == our_application &&
      db.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('graph', 'provenance', 'member', 'search', 'search_part', 'search_record')") != (version < 2 ? 3 : 6)) {
    throw parse_error(fmt::format("{}: the store is damaged (a table is missing): restore a copy", db.path()));
  }
  std::error_code ignored;
  if (std::filesystem::file_size(db.path(), ignored) > checked_size) return;
  statement check(db, "PRAGMA quick_check(1)");
  std::string said = check.step() ? check.text() : "no answer";
  while (check.step()) {
  }
  std::replace(said.begin(), said.end(), '\n', ' ');
  if (said != "ok") {
    throw parse_error(fmt::format("{}: the store is damaged ({}): restore a copy, or save what can be read by 'sqlite3 {} .recover'", db.path(), said, db.path()));
  }
}

void create_tables(const database& db) {
  db.execute("PRAGMA journal_mode = WAL");
  transaction t(db);
  const bool ours = db.integer("PRAGMA application_id") == our_application;
  if (ours && db.integer("PRAGMA user_version") == store_version) return;  // another process was first, perhaps
  if (!ours) db.execute(schema);
  db.execute(search_schema);
  db.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", our_application, store_version).c_str());
  t.commit();
}

database open_file(const std::string& path, store::access how) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) throw domain_error(fmt::format("{}: a folder; --db takes the name of a file", path));
  // SQLite itself takes a file of a few bytes for an empty one, and would write over it.
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  std::string head(magic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.gcount() > 0 && head != magic) throw parse_error(fmt::format("{}: no SQLite file, or a damaged one: give the name of a new file, or restore a copy", path));
  if (how == store::access::create) return database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (std::error_code ignored; !std::filesystem::exists(path, ignored)) throw parse_error(fmt::format("{}: no such store; 'cosetta conjecture sweep' makes one", path));
  try {
    return database(path, SQLITE_OPEN_READWRITE);  // a log that was left behind is taken in
  } catch (const domain_error&) {
    return database(path, SQLITE_OPEN_READONLY);
  }
}

}  // namespace

struct store::state {
  explicit state(const std::string& path, access how) : db(open_file(path, how)) {
    check_file(db);
    if (how == access::create) create_tables(db);
    if (db.integer("SELECT count(*) FROM sqlite_schema") == 0) throw parse_error(fmt::format("{}: an empty file, no store; 'cosetta conjecture sweep' makes one", path));
    db.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");  // with WAL, a killed process loses nothing that was committed
    find_graph.emplace(db, fmt::format("SELECT {} FROM graph JOIN provenance USING (key) WHERE graph.key = ?", graph_columns));
    find_member.emplace(db, fmt::format("SELECT {} FROM member WHERE sweep = ? AND label = ?", member_columns));
    insert_graph.emplace(db, "INSERT INTO graph VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO UPDATE SET asked = excluded.asked, status = excluded.status, "
                             "diameter = excluded.diameter, states = excluded.states, layers = excluded.layers, last_sphere = excluded.last_sphere, last_layer = excluded.last_layer, "
                             "mean = excluded.mean, deviation = excluded.deviation, skewness = excluded.skewness, group_order = excluded.group_order, "
                             "transitive = excluded.transitive, girth = excluded.girth");
    insert_provenance.emplace(db, "INSERT OR REPLACE INTO provenance VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    insert_member.emplace(db, "INSERT OR REPLACE INTO member VALUES (?,?,?,?,?,?,?)");
  }

  std::optional<stored_graph> find(std::string_view key) {
    find_graph->bind(key);
    if (!find_graph->step()) return std::nullopt;
    auto out = readable(db, [&] {
      stored_graph g;
      g.graph = read_graph(*find_graph);
      g.provenance = read_provenance(*find_graph);
      return g;
    });
    while (find_graph->step()) {
    }
    return out;
  }

  std::optional<member_row> find_place(std::string_view sweep, std::string_view label) {
    find_member->bind(sweep).bind(label);
    if (!find_member->step()) return std::nullopt;
    auto out = readable(db, [&] { return read_member(*find_member); });
    while (find_member->step()) {
    }
    return out;
  }

  void put_graph(const stored_graph& given) {
    const auto old = find(given.graph.key);
    const auto row = old ? combined(*old, given, db.path()) : given;
    write_graph(*insert_graph, row.graph);
    const auto& p = row.provenance;
    insert_provenance->bind(row.graph.key).bind(p.version).bind(p.command).bind(p.engine).bind(p.seconds).bind(p.peak_bytes).bind(p.threads);
    insert_provenance->bind(p.stopped_by).bind(p.memory_limit).bind(p.state_limit).bind(p.time_limit).run();
  }

  database db;
  std::optional<statement> find_graph, find_member, insert_graph, insert_provenance, insert_member;
};

store::store(const std::string& path, access how) : state_(std::make_unique<state>(path, how)) {}
store::~store() = default;
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;

const std::string& store::path() const noexcept {
  return state_->db.path();
}

void store::put(std::span<const finished_graph> graphs) {
  if (graphs.empty()) return;
  transaction t(state_->db);
  for (const auto& g : graphs) {
    if (g.graph) state_->put_graph(*g.graph);
    if (const auto here = state_->find_place(g.member.sweep, g.member.label); here && *here == g.member) continue;
    write_member(*state_->insert_member, g.member);
  }
  t.commit();
}

std::optional<stored_graph> store::find(std::string_view key) const {
  return state_->find(key);
}

void store::for_each_graph(const std::function<void(const stored_graph&)>& visit) const {
  statement rows(state_->db, fmt::format("SELECT {} FROM graph JOIN provenance USING (key)", graph_columns));
  while (rows.step()) {
    visit(readable(state_->db, [&] {
      stored_graph g;
      g.graph = read_graph(rows);
      g.provenance = read_provenance(rows);
      return g;
    }));
  }
}

std::optional<member_row> store::find_member(std::string_view sweep, std::string_view label) const {
  return state_->find_place(sweep, label);
}

std::vector<sweep_summary> store::sweeps() const {
  statement rows(state_->db, "SELECT sweep, count(*), sum(status = 'exact') FROM member JOIN graph USING (key) GROUP BY sweep ORDER BY sweep");
  std::vector<sweep_summary> out;
  while (rows.step()) {
    sweep_summary s;
    s.name = rows.text();
    s.graphs = static_cast<std::uint64_t>(rows.integer());
    s.exact = static_cast<std::uint64_t>(rows.integer());
    out.push_back(std::move(s));
  }
  return out;
}

void store::for_each_listed(std::string_view sweep, const std::function<void(const listed_graph&)>& visit) const {
  statement rows(state_->db, fmt::format("SELECT {}, {} FROM member JOIN graph USING (key) JOIN provenance USING (key) {} ORDER BY sweep, position, label", member_columns,
                                         graph_columns, sweep.empty() ? "" : "WHERE sweep = ?"));
  if (!sweep.empty()) rows.bind(sweep);
  while (rows.step()) {
    visit(readable(state_->db, [&] {
      listed_graph g;
      g.member = read_member(rows);
      g.graph = read_graph(rows);
      g.provenance = read_provenance(rows);
      return g;
    }));
  }
}

std::vector<listed_graph> store::listed(std::string_view sweep) const {
  std::vector<listed_graph> out;
  for_each_listed(sweep, [&](const listed_graph& g) { out.push_back(g); });
  return out;
}

void store::retain(std::string_view sweep, const std::vector<std::string>& labels) {
  const std::unordered_set<std::string_view> named(labels.begin(), labels.end());
  std::vector<std::string> left;
  {
    statement rows(state_->db, "SELECT label FROM member WHERE sweep = ?");
    rows.bind(sweep);
    while (rows.step()) {
      if (auto label = rows.text(); !named.contains(label)) left.push_back(std::move(label));
    }
  }
  if (left.empty()) return;
  transaction t(state_->db);
  statement erase(state_->db, "DELETE FROM member WHERE sweep = ? AND label = ?");
  for (const auto& label : left) erase.bind(sweep).bind(label).run();
  t.commit();
}

const database& store::connection() const noexcept { return state_->db; }

void store::merge(const store& other) {
  transaction t(state_->db);
  other.for_each_graph([&](const stored_graph& g) { state_->put_graph(g); });
  other.for_each_listed("", [&](const listed_graph& g) {
    const auto here = state_->find_place(g.member.sweep, g.member.label);
    if (here && here->key != g.member.key) {
      throw domain_error(fmt::format("{}: '{}' of sweep '{}' is another graph than in {}: merge sweeps of one specification, or rename one of them", other.path(), g.member.label,
                                     g.member.sweep, path()));
    }
    write_member(*state_->insert_member, g.member);
  });
  merge_searches(*this, other);
  t.commit();
}

std::string store::content() const {
  std::string out;
  statement graphs(state_->db, "SELECT key, identified, kind, degree, inverse_closed, generators, central, asked, status, diameter, states, layers, last_sphere, last_layer, mean, "
                               "deviation, skewness, group_order, transitive, girth FROM graph ORDER BY key");
  const auto dump = [&](statement& rows, int columns) {
    while (rows.step()) {
      for (int i = 0; i < columns; ++i) out += (i == 0 ? "" : "|") + rows.optional_text().value_or("-");
      out += '\n';
    }
  };
  dump(graphs, 20);
  statement members(state_->db, fmt::format("SELECT {} FROM member ORDER BY sweep, label", member_columns));
  dump(members, 7);
  return out + searches_content(*this);
}

}  // namespace cosetta::conjecture
