// The thinnest RAII over SQLite that the journal needs. Every failure is a sqlite_error with
// SQLite's own text; the journal keeper turns those into sentences for people.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace artel::journal {

struct sqlite_error : std::runtime_error {
  sqlite_error(int number, const std::string& text) : std::runtime_error(text), code(number) {}
  int code;  ///< SQLITE_FULL, SQLITE_IOERR …
};

class database {
public:
  database(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    handle_.reset(raw);
    if (result != SQLITE_OK)
      throw sqlite_error(result, raw ? sqlite3_errmsg(raw) : "out of memory");
  }
  void execute(const char* sql) {
    if (const int result = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
        result != SQLITE_OK)
      throw sqlite_error(result, sqlite3_errmsg(handle_.get()));
  }
  sqlite3* get() const { return handle_.get(); }
  /// Syncs the write-ahead log as it is. SQLite does not when it opens one that another process
  /// left: what that one had written may be read, acted upon, and then be lost with the power.
  void sync_log() {
    sqlite3_file* log = nullptr;
    int result = sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (result == SQLITE_OK && log != nullptr && log->pMethods != nullptr)
      result = log->pMethods->xSync(log, SQLITE_SYNC_FULL);
    if (result != SQLITE_OK) throw sqlite_error(result, sqlite3_errstr(result));
  }

private:
  struct closer {
    void operator()(sqlite3* one) const { sqlite3_close_v2(one); }
  };
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement; bind with 1-based numbers, `step` until it says false, `reset` to use it
/// again.
class statement {
public:
  statement(database& on, const char* sql) : on_(on) {
    sqlite3_stmt* raw = nullptr;
    const int result =
        sqlite3_prepare_v3(on.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (result != SQLITE_OK) throw sqlite_error(result, sqlite3_errmsg(on.get()));
    handle_.reset(raw);
  }
  void bind(int place, std::int64_t value) { sqlite3_bind_int64(handle_.get(), place, value); }
  /// The text must outlive the next step().
  void bind_text(int place, std::string_view value) {
    sqlite3_bind_text(handle_.get(), place, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void bind_blob(int place, std::string_view value) {
    sqlite3_bind_blob(handle_.get(), place, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  bool step() {
    const int result = sqlite3_step(handle_.get());
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    const std::string text = sqlite3_errmsg(on_.get());
    sqlite3_reset(handle_.get());
    throw sqlite_error(result, text);
  }
  void run() {
    step();
    reset();
  }
  void reset() { sqlite3_reset(handle_.get()); }
  bool is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  std::int64_t number(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string text(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    return data ? std::string(data,
                              static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
                : std::string();
  }

private:
  struct finalizer {
    void operator()(sqlite3_stmt* one) const { sqlite3_finalize(one); }
  };
  database& on_;
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// The words around a transaction, prepared once by who makes many.
struct transaction_words {
  explicit transaction_words(database& on) : begin(on, "BEGIN IMMEDIATE"), commit(on, "COMMIT") {}
  statement begin, commit;
};

/// From here to commit(), or nothing of it.
class transaction {
public:
  explicit transaction(database& on) : on_(on) { on_.execute("BEGIN IMMEDIATE"); }
  transaction(database& on, transaction_words& words) : on_(on), words_(&words) {
    words.begin.run();
  }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction() {
    // SQLite may have rolled back by itself (disk full); then this says so, which is no news.
    if (!done_) sqlite3_exec(on_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  void commit() {
    words_ == nullptr ? on_.execute("COMMIT") : words_->commit.run();
    done_ = true;
  }

private:
  database& on_;
  transaction_words* words_ = nullptr;
  bool done_ = false;
};

/// The whole of one database into another, as of one moment.
inline void copy(database& from, database& into) {
  auto* one = sqlite3_backup_init(into.get(), "main", from.get(), "main");
  if (one == nullptr) throw sqlite_error(sqlite3_errcode(into.get()), sqlite3_errmsg(into.get()));
  const int stepped = sqlite3_backup_step(one, -1);
  const int finished = sqlite3_backup_finish(one);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK)
    throw sqlite_error(finished != SQLITE_OK ? finished : stepped,
                       sqlite3_errstr(finished != SQLITE_OK ? finished : stepped));
}

}  // namespace artel::journal
