#include "actors/journal/care.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <set>

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
  if (to.size() < problems_max && (to.empty() || to.back() != what)) to.push_back(std::move(what));
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

/// Columns as fact_at reads them, also of a journal that has no checksums yet.
std::string select_facts(std::int64_t version, const char* rest) {
  std::string columns = fact_columns;
  if (version == 1) columns.replace(columns.rfind("sum"), 3, "NULL");
  return "SELECT " + columns + " FROM facts " + rest;
}

/// Calls visit(fact, row) for each fact that can be read, in the order of `sql`, which binds where
/// to begin; and lost(text) where one can not.
template <class Visit, class Lost>
void each_fact(database& on, const std::string& sql, std::int64_t from, Visit&& visit,
               Lost&& lost) {
  for (bool more = true; more;) {
    more = false;
    statement rows(on, sql.c_str());
    rows.bind(1, from);
    try {
      while (rows.step()) {
        from = rows.number(7);
        more = true;
        visit(fact_at(rows), rows);
      }
      return;
    } catch (const sqlite_error& e) {
      const std::string said = e.what();
      lost(said.starts_with("fact ")
               ? said
               : (from == INT64_MAX ? "the last facts" : "beside fact " + std::to_string(from)) +
                     " SQLite can not read on (" + said + ")");
    }
  }
}

/// Runs by their rows; nothing where the table can not be read.
std::map<core::run_no, int> states_of(database& on) {
  std::map<core::run_no, int> states;
  try {
    statement rows(on, "SELECT no, state FROM runs");
    while (rows.step())
      states[static_cast<core::run_no>(rows.number(0))] = static_cast<int>(rows.number(1));
  } catch (const sqlite_error&) {
    // What is left of it is used.
  }
  return states;
}

void check_facts(database& on, std::int64_t version, const submission_reader& read,
                 check_report& report) {
  core::history_check history;
  history.allow_gaps();
  std::set<core::run_no> active;
  const auto states = states_of(on);
  each_fact(
      on, select_facts(version, "WHERE seq > ? ORDER BY seq"), 0,
      [&](const core::fact& what, const statement& row) {
        ++report.facts;
        report.without_sum += row.is_null(8) ? 1 : 0;
        // What is left of a run that is being taken out does not stand by itself.
        if (const auto of = states.find(what.run);
            of != states.end() && of->second == run_state_pruned)
          return;
        if (const auto broken = follow(history, what, read); !broken.empty())
          add(report.problems, place_of(what, row.number(7)) + ": " + broken);
        if (what.kind == core::fact_kind::run_submitted) ++report.runs, active.insert(what.run);
        if (what.kind == core::fact_kind::run_ended)
          active.erase(what.run), history.forget(what.run);
      },
      [&](std::string what) { add(report.problems, std::move(what)); });
  report.active_runs = active.size();
}

void check_runs(database& on, check_report& report) {
  statement rows(on,
                 "SELECT no, id, (SELECT count(*) FROM facts f WHERE f.seq = r.first_seq AND f.run "
                 "= r.no), (SELECT count(*) FROM facts f WHERE f.seq = r.last_seq AND f.run = r.no "
                 "AND (r.state = 0 OR f.kind = 11)) FROM runs r WHERE r.state <> 9");
  while (rows.step()) {
    if (rows.number(2) == 1 && rows.number(3) == 1) continue;
    add(report.problems, "run " + std::to_string(rows.number(0)) + " (" + rows.text(1) +
                             "): its row does not fit its facts");
  }
}

/// A new file beside `to`, which takes its place when it is whole: a backup or a salvaged journal
/// that is cut off must not be mistaken for one that is whole.
class part_file {
public:
  explicit part_file(fs::path to)
      : to_(std::move(to)), part_(to_.string() + ".part" + std::to_string(::getpid())) {
    remove();
  }
  part_file(const part_file&) = delete;
  part_file& operator=(const part_file&) = delete;
  ~part_file() { remove(); }
  const fs::path& path() const { return part_; }

  outcome<done> finish() {
    std::error_code problem;
    fs::rename(part_, to_, problem);
    if (problem) return trouble{trouble_code::io_error, to_.string() + ": " + problem.message()};
    const auto folder = fs::absolute(to_).parent_path();
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0) ::fsync(opened), ::close(opened);
    return done{};
  }
  trouble unwritable(const char* why) const {
    return {trouble_code::io_error,
            to_.string() + ": can not be written (" + why +
                "); check that its folder exists, may be written and has room"};
  }

private:
  void remove() const {
    std::error_code ignored;
    for (const auto* rest : {"", "-wal", "-shm", "-journal"})
      fs::remove(part_.string() + rest, ignored);
  }
  fs::path to_, part_;
};

/// What can be read of a damaged journal, and what of it to keep.
class rescue {
public:
  rescue(database& on, const submission_reader& read) : on_(on), read_(read) {}

  salvage_report report;

  void scan() {
    const auto version = version_of(on_);
    const auto keep = [this](core::fact&& what, const statement& row) {
      saved_[row.number(7)] = std::move(what);
    };
    std::set<std::string> told;
    const auto lost = [&](const std::string& what) {
      if (told.insert(what).second) add(report.lost, what);
    };
    // From both ends, so that a hole in the middle costs no more than itself.
    each_fact(on_, select_facts(version, "WHERE seq > ? ORDER BY seq"), 0, keep, lost);
    each_fact(on_, select_facts(version, "WHERE seq < ? ORDER BY seq DESC"), INT64_MAX, keep, lost);
    judge();
  }

  template <class Write>
  void write(Write&& write_batch) {
    std::vector<core::fact> batch;
    for (auto& [sequence, what] : saved_) {
      const auto cut = cut_.find(what.run);
      if (cut != cut_.end() && sequence >= cut->second) continue;
      report.runs += what.kind == core::fact_kind::run_submitted ? 1 : 0;
      ++report.facts;
      batch.push_back(std::move(what));
      if (batch.size() < 10'000) continue;
      write_batch(batch);
      batch.clear();
    }
    write_batch(batch);
  }

private:
  /// Each run is kept up to the first fact that may not follow; one that had ended is left out when
  /// it is not whole, or it would begin to run again.
  void judge() {
    core::history_check history;
    history.allow_gaps();
    auto states = states_of(on_);
    for (const auto& [sequence, what] : saved_) {
      if (what.kind == core::fact_kind::run_ended) states[what.run] = static_cast<int>(what.number);
      if (states.contains(what.run) && states.at(what.run) == run_state_pruned) {
        cut_.try_emplace(what.run, 0);
        continue;
      }
      if (what.run != 0 && cut_.contains(what.run)) continue;
      if (const auto why = follow(history, what, read_); !why.empty()) {
        cut_[what.run] = what.run == 0 ? INT64_MAX : sequence;
        add(report.lost, place_of(what, sequence) + " and what follows in its run: " + why);
      }
    }
    for (const auto& [number, state] : states) {
      const auto found = history.runs().find(number);
      if (state < 1 || state > 8 || found == history.runs().end() ||
          found->second->state() != run_state::running)
        continue;
      cut_[number] = 0;
      add(report.lost, "run " + std::to_string(number) + " (" +
                           to_text(found->second->submitted().run) +
                           ") had ended and is not whole: left out");
    }
  }

  database& on_;
  const submission_reader& read_;
  std::map<std::int64_t, core::fact> saved_;
  std::map<core::run_no, std::int64_t> cut_;  ///< from this fact on nothing of the run is kept
};

}  // namespace

outcome<check_report> check(const fs::path& file, const submission_reader& read) {
  if (auto there = must_exist(file); !there) return there.error();
  check_report report;
  try {
    database on(file.string(), SQLITE_OPEN_READONLY);
    on.execute("PRAGMA busy_timeout=5000; BEGIN");
    const auto version = version_of(on);
    statement structure(on, "PRAGMA integrity_check(20)");
    while (structure.step())
      if (structure.text(0) != "ok") add(report.problems, "SQLite: " + structure.text(0));
    check_facts(on, version, read, report);
    check_runs(on, report);
  } catch (const sqlite_error& e) {
    if (report.facts == 0 && report.problems.empty()) return unreadable(file, e);
    add(report.problems, e.what());
  } catch (const std::runtime_error& e) {
    return trouble{trouble_code::bad_input, file.string() + ": " + e.what()};
  }
  return report;
}

outcome<std::uint64_t> backup(const fs::path& file, const fs::path& to) {
  if (auto there = must_exist(file); !there) return there.error();
  if (auto fresh = must_not_exist(to); !fresh) return fresh.error();
  try {
    database from(file.string(), SQLITE_OPEN_READONLY);
    from.execute("PRAGMA busy_timeout=5000");
    static_cast<void>(version_of(from));
    part_file part(to);
    std::uint64_t facts = 0;
    try {
      database into(part.path().string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
      copy(from, into);
      into.execute("PRAGMA journal_mode=DELETE");
      statement count(into, "SELECT count(*) FROM facts");
      count.step();
      facts = static_cast<std::uint64_t>(count.number(0));
    } catch (const sqlite_error& e) {
      return part.unwritable(e.what());
    }
    if (auto good = part.finish(); !good) return good.error();
    return facts;
  } catch (const sqlite_error& e) {
    return unreadable(file, e);
  } catch (const std::runtime_error& e) {
    return trouble{trouble_code::bad_input, file.string() + ": " + e.what()};
  }
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
    while ((*opened)->prune_audit(keep.before_ms)) {
    }
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
  try {
    database on(file.string(), SQLITE_OPEN_READONLY);
    rescue all(on, read);
    all.scan();
    part_file part(to);
    auto opened = journal_file::open(part.path());
    if (!opened) return part.unwritable(opened.error().text.c_str());
    try {
      all.write([&](const std::vector<core::fact>& batch) { (*opened)->append(batch); });
      (*opened)->close_whole();
    } catch (const sqlite_error& e) {
      return part.unwritable(e.what());
    }
    opened->reset();
    if (auto good = part.finish(); !good) return good.error();
    return all.report;
  } catch (const sqlite_error& e) {
    return unreadable(file, e);
  } catch (const std::runtime_error& e) {
    return trouble{trouble_code::bad_input, file.string() + ": " + e.what()};
  }
}

}  // namespace artel::journal
