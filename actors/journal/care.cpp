#include "actors/journal/care.hpp"

#include "actors/journal/journal_file.hpp"

namespace artel::journal {
namespace fs = std::filesystem;
namespace {

trouble unreadable(const fs::path& file, const sqlite_error& why) {
  const bool damaged = why.code == SQLITE_NOTADB || (why.code & 0xff) == SQLITE_CORRUPT;
  return {damaged ? trouble_code::corrupt : trouble_code::io_error,
          file.string() + ": can not be read (" + why.what() + ")"};
}

outcome<done> must_exist(const fs::path& file) {
  std::error_code problem;
  if (fs::is_regular_file(file, problem)) return done{};
  return trouble{trouble_code::not_found, file.string() + ": there is no such file"};
}

outcome<done> must_not_exist(const fs::path& file) {
  std::error_code problem;
  if (!fs::exists(file, problem)) return done{};
  return trouble{trouble_code::conflict, file.string() + ": exists already; name a new file"};
}

void add(std::vector<std::string>& to, std::string what) {
  if (to.size() < problems_max) to.push_back(std::move(what));
}

std::string place_of(const core::fact& what, std::int64_t sequence) {
  return "fact " + std::to_string(sequence) +
         (what.run == 0 ? std::string() : " of run " + std::to_string(what.run));
}

std::string follow(core::history_check& history, const core::fact& what,
                   const submission_reader& read) {
  return what.kind == core::fact_kind::run_submitted ? history.next_submitted(what, read(what.text))
                                                     : history.next(what);
}

/// Checks the facts from `sequence` on, one after the other; false where reading has to stop.
void check_facts(database& on, const submission_reader& read, check_report& report) {
  core::history_check history;
  std::int64_t last = 0;
  for (bool more = true; more;) {
    more = false;
    statement rows(on, facts_after_sql);
    rows.bind(1, last);
    try {
      while (rows.step()) {
        last = rows.number(7);
        more = true;
        report.without_sum += rows.is_null(8) ? 1 : 0;
        const auto what = fact_at(rows);
        ++report.facts;
        if (const auto broken = follow(history, what, read); !broken.empty())
          add(report.problems, place_of(what, last) + ": " + broken);
        if (what.kind == core::fact_kind::run_submitted) ++report.runs, ++report.active_runs;
        if (what.kind == core::fact_kind::run_ended) --report.active_runs, history.forget(what.run);
      }
      return;
    } catch (const sqlite_error& e) {
      add(report.problems,
          std::string(e.what()) +
              (more ? "" : "; what follows fact " + std::to_string(last) + " can not be read"));
    }
  }
}

void check_runs(database& on, check_report& report) {
  statement rows(on,
                 "SELECT no, id, state, first_seq, last_seq, (SELECT count(*) FROM facts f WHERE "
                 "f.seq = r.first_seq AND f.run = r.no), (SELECT count(*) FROM facts f WHERE f.seq "
                 "= r.last_seq AND f.run = r.no AND (r.state = 0 OR f.kind = 11)) FROM runs r");
  while (rows.step()) {
    if (rows.number(5) == 1 && rows.number(6) == 1) continue;
    add(report.problems, "run " + std::to_string(rows.number(0)) + " (" + rows.text(1) +
                             "): its row does not fit its facts");
  }
}

}  // namespace

outcome<check_report> check(const fs::path& file, const submission_reader& read) {
  if (auto there = must_exist(file); !there) return there.error();
  check_report report;
  try {
    database on(file.string(), SQLITE_OPEN_READONLY);
    on.execute("PRAGMA busy_timeout=5000; BEGIN");
    statement structure(on, "PRAGMA integrity_check(20)");
    while (structure.step())
      if (structure.text(0) != "ok") add(report.problems, "SQLite: " + structure.text(0));
    check_facts(on, read, report);
    check_runs(on, report);
  } catch (const sqlite_error& e) {
    if (report.facts == 0 && report.problems.empty()) return unreadable(file, e);
    add(report.problems, e.what());
  }
  return report;
}

outcome<std::uint64_t> backup(const fs::path& file, const fs::path& to) {
  if (auto there = must_exist(file); !there) return there.error();
  if (auto fresh = must_not_exist(to); !fresh) return fresh.error();
  const auto part = to.string() + ".part";
  std::error_code problem;
  fs::remove(part, problem);
  std::uint64_t facts = 0;
  try {
    database from(file.string(), SQLITE_OPEN_READONLY);
    from.execute("PRAGMA busy_timeout=5000");
    statement count(from, "SELECT count(*) FROM facts");
    count.step();
  } catch (const sqlite_error& e) {
    return unreadable(file, e);
  }
  try {
    database from(file.string(), SQLITE_OPEN_READONLY);
    database into(part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    copy(from, into);
    into.execute("PRAGMA journal_mode=DELETE");
    statement count(into, "SELECT count(*) FROM facts");
    count.step();
    facts = static_cast<std::uint64_t>(count.number(0));
  } catch (const sqlite_error& e) {
    fs::remove(part, problem);
    return trouble{trouble_code::io_error,
                   to.string() + ": can not be written (" + e.what() +
                       "); check that its folder exists, may be written and has room"};
  }
  fs::rename(part, to, problem);
  if (problem) return trouble{trouble_code::io_error, to.string() + ": " + problem.message()};
  return facts;
}

outcome<compact_report> compact(const fs::path& file, const retention& keep,
                                const std::function<void(const run_id&)>& gone) {
  if (auto there = must_exist(file); !there) return there.error();
  std::error_code problem;
  compact_report report;
  report.bytes_before = fs::file_size(file, problem);
  auto opened = journal_file::open(file);
  if (!opened) return opened.error();
  try {
    for (pruned one; (one = (*opened)->prune(keep.before_ms, keep.runs_at_least)).any;) {
      report.facts += one.facts;
      if (!one.whole) continue;
      ++report.runs;
      gone(one.run);
    }
    (*opened)->give_room_back();
  } catch (const sqlite_error& e) {
    return trouble{trouble_code::io_error,
                   file.string() + ": can not be compacted (" + e.what() +
                       "); nothing that was to be kept is lost, free some space there"};
  }
  opened->reset();
  report.bytes_after = fs::file_size(file, problem);
  return report;
}

outcome<salvage_report> salvage(const fs::path& file, const fs::path& to,
                                const submission_reader& read) {
  if (auto there = must_exist(file); !there) return there.error();
  if (auto fresh = must_not_exist(to); !fresh) return fresh.error();
  salvage_report report;
  std::map<std::int64_t, core::fact> saved;
  const auto scan = [&](database& on, const char* sql, std::int64_t from) {
    for (bool more = true; more;) {
      more = false;
      statement rows(on, sql);
      rows.bind(1, from);
      try {
        while (rows.step()) {
          from = rows.number(7);
          more = true;
          saved[from] = fact_at(rows);
        }
        return;
      } catch (const sqlite_error& e) {
        add(report.lost, e.what());
      }
    }
  };
  try {
    database on(file.string(), SQLITE_OPEN_READONLY);
    // From both ends, so that a hole in the middle costs no more than itself.
    scan(on, facts_after_sql, 0);
    scan(on, facts_before_sql, INT64_MAX);
  } catch (const sqlite_error& e) {
    return unreadable(file, e);
  }
  auto opened = journal_file::open(to);
  if (!opened) return opened.error();
  core::history_check history;
  std::map<core::run_no, bool> broken;
  std::vector<core::fact> batch;
  for (auto& [sequence, what] : saved) {
    if (what.run != 0 && broken[what.run]) continue;
    if (const auto why = follow(history, what, read); !why.empty()) {
      broken[what.run] = true;
      add(report.lost, place_of(what, sequence) + " and what follows in its run: " + why);
      continue;
    }
    report.runs += what.kind == core::fact_kind::run_submitted ? 1 : 0;
    ++report.facts;
    batch.push_back(std::move(what));
    if (batch.size() < 10'000) continue;
    (*opened)->append(batch);
    batch.clear();
  }
  (*opened)->append(batch);
  return report;
}

}  // namespace artel::journal
