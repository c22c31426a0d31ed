// A thin layer over SQLite's C interface: statements that are finalized, errors that are thrown with advice. Internal to tools/conjecture/.
#pragma once

#include <kernels/error.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace cosetta::conjecture {

class database {
 public:
  /// Throws backend_error where the file cannot be opened.
  database(std::string path, int flags);

  const std::string& path() const noexcept { return path_; }
  sqlite3* handle() const noexcept { return handle_.get(); }
  /// Runs statements without results.
  void execute(const char* sql) const;
  std::int64_t integer(const char* sql) const;

  /// parse_error for a damaged or foreign file, resource_error for a full disk, backend_error otherwise.
  [[noreturn]] void fail(int code, std::string_view what) const;

 private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement. Parameters and columns are given one after the other.
class statement {
 public:
  statement(const database& db, std::string_view sql);

  template <std::integral Integer>
  statement& bind(Integer value) {
    return bind_integer(static_cast<std::int64_t>(value));
  }
  statement& bind(double value);
  statement& bind(std::string_view value);
  /// NULL where there is nothing.
  template <class Value>
  statement& bind_optional(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// True while there are rows; afterwards the statement can be bound anew.
  bool step();
  /// For statements without rows.
  void run();

  bool is_null() const { return sqlite3_column_type(handle_.get(), column_) == SQLITE_NULL; }
  std::int64_t integer() { return sqlite3_column_int64(handle_.get(), column_++); }
  double real() { return sqlite3_column_double(handle_.get(), column_++); }
  std::string text();
  std::optional<std::int64_t> optional_integer();
  std::optional<double> optional_real();
  std::optional<std::string> optional_text();

 private:
  void check(int code) const;
  statement& bind_integer(std::int64_t value);
  statement& bind_null();

  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  const database* db_;
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
  int parameter_ = 0, column_ = 0;
};

/// Rolled back unless committed.
class transaction {
 public:
  explicit transaction(const database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }
  ~transaction() {
    if (!done_) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit() {
    db_.execute("COMMIT");
    done_ = true;
  }

 private:
  const database& db_;
  bool done_ = false;
};

/// What SQLite finds sound may still be no row of ours: somebody wrote into the file.
template <class Read>
auto readable(const database& db, const Read& read) {
  try {
    return read();
  } catch (const backend_error&) {
    throw;
  } catch (const std::exception& e) {
    throw parse_error(db.path() + ": the store is damaged (a row cannot be read: " + e.what() + "): restore a copy");
  }
}

}  // namespace cosetta::conjecture
