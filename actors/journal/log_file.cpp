#include "actors/journal/log_file.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

#include "messages/wire/packing.hpp"

namespace artel::journal {
namespace {

constexpr int version = 1;
constexpr const char* schema = R"(
  BEGIN IMMEDIATE;
  CREATE TABLE lines(seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, level INTEGER NOT NULL,
                     node TEXT NOT NULL, about TEXT NOT NULL, event TEXT NOT NULL, room TEXT NOT NULL,
                     run TEXT NOT NULL, step TEXT NOT NULL, fields BLOB NOT NULL);
  CREATE INDEX lines_by_run ON lines(run) WHERE run <> '';
  PRAGMA user_version = 1;
  COMMIT;
)";
constexpr std::int64_t pruned_per_turn_max = 5'000;
constexpr std::int64_t looked_at_max = 200'000;  ///< lines for one answer

/// A condition and the values for its question marks, in order.
struct filter {
  std::string where = "seq > ?";
  std::vector<std::string> texts;  ///< bound after the numbers that come first
  std::vector<std::int64_t> numbers;

  void number(const char* condition, std::int64_t value) {
    where += std::string(" AND ") + condition;
    order.push_back(true);
    numbers.push_back(value);
  }
  void text(const std::string& condition, std::vector<std::string> values) {
    where += " AND " + condition;
    for (auto& each : values) {
      order.push_back(false);
      texts.push_back(std::move(each));
    }
  }
  void bind(statement& to, int place) const {
    std::size_t number_at = 0, text_at = 0;
    for (const bool is_number : order)
      if (is_number)
        to.bind(place++, numbers[number_at++]);
      else
        to.bind_text(place++, texts[text_at++]);
  }
  std::vector<bool> order;  ///< true: a number
};

filter filter_of(const read_lines& what) {
  filter made;
  if (!what.run.empty()) {
    auto upper = what.run;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    made.text("run >= ? AND run < ?", {upper, upper + "~"});
  }
  if (!what.step.empty())
    made.text("(step = ? OR substr(step, 1, length(?) + 1) = ? || '[')",
              {what.step, what.step, what.step});
  if (!what.node.empty()) made.text("(node = ? OR about = ?)", {what.node, what.node});
  if (!what.event.empty()) made.text("event = ?", {what.event});
  if (!what.text.empty())
    made.text("(instr(fields, CAST(? AS BLOB)) > 0 OR instr(event, ?) > 0)",
              {what.text, what.text});
  const auto level = std::find(std::begin(log_level_names), std::end(log_level_names), what.level);
  if (!what.level.empty()) made.number("level >= ?", level - std::begin(log_level_names));
  if (what.from_ms != 0) made.number("at >= ?", what.from_ms);
  if (what.to_ms != 0) made.number("at < ?", what.to_ms);
  return made;
}

numbered_line line_at(const statement& row) {
  numbered_line made;
  made.number = static_cast<std::uint64_t>(row.number(0));
  made.line.at_ms = row.number(1);
  made.line.level = static_cast<log_level>(std::clamp<std::int64_t>(row.number(2), 0, 5));
  made.line.node = row.text(3);
  made.line.event = row.text(4);
  made.line.room = row.text(5);
  if (auto values = wire::unpack<log_line>(row.text(6)))
    made.line.values = std::move(values->values);
  return made;
}

/// Of a line only its fields are packed; what has a column of its own is not said twice.
std::string packed_fields(const log_line& line) {
  log_line alone;
  alone.values = line.values;
  return wire::pack(alone);
}

bool is_damage(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

}  // namespace

log_file::log_file(const std::filesystem::path& path)
    : database_(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX) {
  database_.execute("PRAGMA busy_timeout=2000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
  std::int64_t found = 0;
  {
    statement which(database_, "PRAGMA user_version");
    which.step();
    found = which.number(0);
  }
  if (found == 0)
    database_.execute(schema);
  else if (found != version)
    throw sqlite_error(SQLITE_NOTADB, "is a store of version " + std::to_string(found));
  insert_.emplace(database_,
                  "INSERT INTO lines(at,level,node,about,event,room,run,step,fields) "
                  "VALUES(?,?,?,?,?,?,?,?,?)");
  statement last(database_, "SELECT coalesce(max(seq),0) FROM lines");
  last.step();
  last_ = last.number(0);
}

outcome<std::unique_ptr<log_file>> log_file::open(const std::filesystem::path& path,
                                                  std::string& damaged) {
  for (const bool again : {false, true}) try {
      return std::unique_ptr<log_file>(new log_file(path));
    } catch (const sqlite_error& e) {
      if (again || !is_damage(e.code))
        return trouble{trouble_code::io_error, path.string() + ": " + e.what()};
      damaged = path.string() + ".damaged-" + std::to_string(std::time(nullptr));
      std::error_code none;
      std::filesystem::rename(path, damaged, none);
      for (const char* end : {"-wal", "-shm"}) std::filesystem::remove(path.string() + end, none);
    }
  return trouble{trouble_code::internal, path.string()};
}

std::vector<numbered_line> log_file::append(std::vector<log_line> lines) {
  std::vector<numbered_line> made;
  made.reserve(lines.size());
  transaction all(database_);
  for (auto& line : lines) {
    const auto value = [&line](const char* name) {
      const auto found = line.values.find(name);
      return found == line.values.end() ? std::string() : found->second;
    };
    const auto about = value("node"), run = value("run"), step = value("step");
    const auto packed = packed_fields(line);
    insert_->bind(1, line.at_ms);
    insert_->bind(2, static_cast<std::int64_t>(line.level));
    insert_->bind_text(3, line.node);
    insert_->bind_text(4, about);
    insert_->bind_text(5, line.event);
    insert_->bind_text(6, line.room);
    insert_->bind_text(7, run);
    insert_->bind_text(8, step);
    insert_->bind_blob(9, packed);
    insert_->run();
    made.push_back(
        {static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_.get())), std::move(line)});
  }
  all.commit();
  if (!made.empty()) last_ = static_cast<std::int64_t>(made.back().number);
  return made;
}

lines_read log_file::read(const read_lines& what) {
  const auto conditions = filter_of(what);
  const auto limit = std::clamp<std::uint32_t>(what.limit, 1, entries_read_max);
  lines_read made;
  statement first(database_, "SELECT coalesce(min(seq),0) FROM lines");
  first.step();
  made.first_kept = static_cast<std::uint64_t>(first.number(0));
  // Of a long store some is looked at, and the answer says how far that was.
  const auto from = static_cast<std::int64_t>(
      std::min(what.after, std::uint64_t{std::numeric_limits<std::int64_t>::max()}));
  const auto upto =
      what.newest ? last_ : std::min(last_, std::max(from, first.number(0)) + looked_at_max);
  statement rows(database_, ("SELECT seq,at,level,node,event,room,fields FROM lines WHERE " +
                             conditions.where + " AND seq <= ? ORDER BY seq" +
                             (what.newest ? " DESC" : "") + " LIMIT ?")
                                .c_str());
  rows.bind(1, from);
  conditions.bind(rows, 2);
  const auto bound = static_cast<int>(2 + conditions.order.size());
  rows.bind(bound, upto);
  rows.bind(bound + 1, limit);
  while (rows.step()) made.lines.push_back(line_at(rows));
  if (what.newest) std::reverse(made.lines.begin(), made.lines.end());
  made.next_after = !what.newest && made.lines.size() == limit
                        ? made.lines.back().number
                        : std::max(what.after, static_cast<std::uint64_t>(upto));
  return made;
}

std::uint64_t log_file::bytes() {
  statement pages(database_,
                  "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), "
                  "pragma_freelist_count(), pragma_page_size()");
  pages.step();
  return static_cast<std::uint64_t>(pages.number(0));
}

bool log_file::prune(std::int64_t before_ms, std::uint64_t bytes_max) {
  const bool too_much = bytes() > bytes_max;
  statement out(database_,
                too_much ? "DELETE FROM lines WHERE seq IN (SELECT seq FROM lines WHERE ?1 = ?1 "
                           "ORDER BY seq LIMIT ?2)"
                         : "DELETE FROM lines WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM "
                           "lines ORDER BY seq LIMIT ?2) WHERE at < ?1)");
  out.bind(1, before_ms);
  out.bind(2, pruned_per_turn_max);
  out.run();
  return sqlite3_changes(database_.get()) != 0;
}

}  // namespace artel::journal
