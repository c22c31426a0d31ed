#include <kernels/error.hpp>
#include <tools/conjecture/sqlite.hpp>

#include <fmt/format.h>

namespace cosetta::conjecture {

database::database(std::string path, int flags) : path_(std::move(path)) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code, "cannot be opened");
  sqlite3_busy_timeout(handle, 20'000);  // a writer holds the file for milliseconds
}

void database::execute(const char* sql) const {
  if (const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code, "cannot be written");
}

std::int64_t database::integer(const char* sql) const {
  statement query(*this, sql);
  if (!query.step()) return 0;
  const auto value = query.integer();
  while (query.step()) {
  }
  return value;
}

void database::fail(int code, std::string_view what) const {
  const std::string reason = handle() != nullptr ? sqlite3_errmsg(handle()) : "out of memory";
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      throw parse_error(fmt::format("{}: no SQLite file, or a damaged one: give the name of a new file, or restore a copy", path_));
    case SQLITE_CORRUPT:
      throw parse_error(fmt::format("{}: the store is damaged ({}): restore a copy, or save what can be read by 'sqlite3 {} .recover'", path_, reason, path_));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw backend_error(fmt::format("{}: another process holds the store: try again when it is done", path_));
    case SQLITE_FULL:
      throw resource_error(fmt::format("{}: the disk is full; what was finished before is in the store", path_));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw domain_error(fmt::format("{}: {} ({}): see to the folder and its permissions", path_, what, reason));
    default:
      throw backend_error(fmt::format("{}: {} ({})", path_, what, reason));
  }
}

statement::statement(const database& db, std::string_view sql) : db_(&db) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(db.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
  handle_.reset(handle);
  check(code);
}

void statement::check(int code) const {
  if (code != SQLITE_OK) db_->fail(code, "cannot be read or written");
}

statement& statement::bind_integer(std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), ++parameter_, value));
  return *this;
}

statement& statement::bind(double value) {
  check(sqlite3_bind_double(handle_.get(), ++parameter_, value));
  return *this;
}

statement& statement::bind(std::string_view value) {
  check(sqlite3_bind_text64(handle_.get(), ++parameter_, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

statement& statement::bind_null() {
  check(sqlite3_bind_null(handle_.get(), ++parameter_));
  return *this;
}

bool statement::step() {
  column_ = 0;
  parameter_ = 0;
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE) db_->fail(code, "cannot be read or written");
  return false;
}

void statement::run() {
  while (step()) {
  }
}

std::string statement::text() {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column_++));
  return begin == nullptr ? std::string() : std::string(begin, size);
}

std::optional<std::int64_t> statement::optional_integer() {
  if (!is_null()) return integer();
  ++column_;
  return std::nullopt;
}

std::optional<double> statement::optional_real() {
  if (!is_null()) return real();
  ++column_;
  return std::nullopt;
}

std::optional<std::string> statement::optional_text() {
  if (!is_null()) return text();
  ++column_;
  return std::nullopt;
}

}  // namespace cosetta::conjecture
