#include "actors/journal/journal_file.hpp"

#include <xxhash.h>

#include <algorithm>

#include "actors/core/run.hpp"
#include "actors/submission_text.hpp"
#include "messages/wire/packing.hpp"

namespace artel::journal {
namespace {

constexpr int schema_version = 4;
constexpr const char* schema = R"(
  CREATE TABLE facts(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, run INTEGER NOT NULL, kind INTEGER NOT NULL,
                     instance INTEGER NOT NULL, attempt INTEGER NOT NULL, number INTEGER NOT NULL, text BLOB,
                     sum INTEGER);
  CREATE TABLE runs(no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, state INTEGER NOT NULL,
                    submitted_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, instances INTEGER NOT NULL,
                    ended_instances INTEGER NOT NULL, restarts INTEGER NOT NULL,
                    first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, key TEXT NOT NULL DEFAULT '');
  CREATE INDEX runs_active ON runs(state) WHERE state = 0;
  CREATE INDEX facts_of_no_run ON facts(seq) WHERE run = 0;
  CREATE INDEX runs_by_key ON runs(key) WHERE key <> '';
  CREATE INDEX runs_by_pipeline ON runs(pipeline);
  CREATE INDEX facts_with_result ON facts(run) WHERE kind = 3 AND length(text) > 2;
  PRAGMA user_version = 4;
)";
// Each takes a journal of its version to the next one, in one transaction.
constexpr const char* migrations[] = {
    // 1 → 2: checksums of facts, and facts of no run. Facts from before have no checksum.
    R"(ALTER TABLE facts ADD COLUMN sum INTEGER;
       CREATE INDEX facts_of_no_run ON facts(seq) WHERE run = 0;
       PRAGMA user_version = 2;)",
    // 2 → 3: idempotency keys of runs.
    R"(ALTER TABLE runs ADD COLUMN key TEXT NOT NULL DEFAULT '';
       CREATE INDEX runs_by_key ON runs(key) WHERE key <> '';
       PRAGMA user_version = 3;)",
    // 3 → 4: runs by pipeline; results of steps, by run: "{}" is none.
    R"(CREATE INDEX runs_by_pipeline ON runs(pipeline);
       CREATE INDEX facts_with_result ON facts(run) WHERE kind = 3 AND length(text) > 2;
       PRAGMA user_version = 4;)",
};

/// SQLite keeps no checksums: a bit that has flipped on the disk would become a fact.
std::int64_t sum_of(const core::fact& what, std::int64_t sequence) {
  const std::int64_t numbers[] = {sequence,
                                  what.at_ms,
                                  static_cast<std::int64_t>(what.run),
                                  static_cast<std::int64_t>(what.kind),
                                  what.instance,
                                  what.attempt,
                                  what.number};
  return static_cast<std::int64_t>(XXH3_64bits_withSeed(what.text.data(), what.text.size(),
                                                        XXH3_64bits(numbers, sizeof numbers)));
}

}  // namespace

core::fact fact_at(const statement& row) {
  core::fact what;
  what.at_ms = row.number(0);
  what.run = static_cast<core::run_no>(row.number(1));
  what.kind = static_cast<core::fact_kind>(row.number(2));
  what.instance = static_cast<instance_no>(row.number(3));
  what.attempt = static_cast<attempt_no>(row.number(4));
  what.number = row.number(5);
  what.text = row.text(6);
  if (!row.is_null(8) && row.number(8) != sum_of(what, row.number(7)))
    throw sqlite_error(SQLITE_CORRUPT, "fact " + std::to_string(row.number(7)) + " (of run " +
                                           std::to_string(row.number(1)) +
                                           ") does not fit its checksum");
  return what;
}

namespace {

bool ends_instance(const core::fact& what) {
  switch (what.kind) {
    case core::fact_kind::step_finished:
      return what.number == 0;
    case core::fact_kind::step_failed:
    case core::fact_kind::step_crashed:
    case core::fact_kind::step_ran_out_of_memory:
      return what.number == 0;
    case core::fact_kind::step_published:
    case core::fact_kind::step_skipped:
    case core::fact_kind::step_cancelled:
    case core::fact_kind::step_marked:
    case core::fact_kind::step_taken_over:
    case core::fact_kind::step_from_cache:
      return true;
    default:
      return false;
  }
}

}  // namespace

outcome<std::unique_ptr<journal_file>> journal_file::open(const std::filesystem::path& path) {
  try {
    return std::unique_ptr<journal_file>(new journal_file(path));
  } catch (const sqlite_error& e) {
    const auto name = path.string();
    if (e.code == SQLITE_NOTADB || e.code == SQLITE_CORRUPT)
      return trouble{trouble_code::corrupt,
                     name + ": is damaged or not a journal (" + e.what() +
                         "); 'artel journal check' says more, 'artel journal salvage' saves what "
                         "can be read, or restore a backup"};
    if (e.code == SQLITE_FULL)
      return trouble{trouble_code::unavailable,
                     name + ": no space left to open the journal; free some space there"};
    return trouble{trouble_code::io_error,
                   name + ": can not open the journal (" + e.what() +
                       "); check that the folder exists and may be written"};
  } catch (const std::exception& e) {
    return trouble{trouble_code::corrupt, path.string() + ": " + e.what()};
  }
}

journal_file::journal_file(const std::filesystem::path& path)
    : database_(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX) {
  database_.execute("PRAGMA busy_timeout=2000");
  const auto found = version_of(database_);  // before anything is written to what may be no journal
  database_.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  if (found != 0)
    migrate(found);
  else
    database_.execute((std::string("BEGIN IMMEDIATE;") + schema + "COMMIT").c_str());
  insert_.emplace(database_,
                  "INSERT INTO facts(seq,at,run,kind,instance,attempt,number,text,sum) "
                  "VALUES(?,?,?,?,?,?,?,?,?)");
  words_.emplace(database_);
  run_insert_.emplace(database_, "INSERT INTO runs VALUES(?,?,?,0,?,0,?,0,0,?,?,?)");
  run_end_.emplace(
      database_,
      "UPDATE runs SET state=?, ended_at=?, ended_instances=?, restarts=?, last_seq=? WHERE no=?");
  statement last(database_, "SELECT coalesce(max(seq),0) FROM facts");
  last.step();
  last_sequence_ = last.number(0);
  last.reset();
  database_.sync_log();
}

std::int64_t version_of(database& on) {
  statement version(on, "PRAGMA user_version");
  version.step();
  const auto found = version.number(0);
  if (found < 0 || found > schema_version)
    throw std::runtime_error(
        "is a journal of version " + std::to_string(found) + ", this release knows versions 1 to " +
        std::to_string(schema_version) + "; use the release that wrote it, or another data folder");
  statement tables(on, found == 0 ? "SELECT count(*) = 0 FROM sqlite_master"
                                  : "SELECT count(*) = 2 FROM sqlite_master WHERE type = 'table' "
                                    "AND name IN ('facts', 'runs')");
  tables.step();
  if (tables.number(0) == 0)
    throw std::runtime_error("is an SQLite database, but no journal; name the right file");
  return found;
}

void journal_file::migrate(std::int64_t from) {
  for (auto version = from; version < schema_version; ++version)
    database_.execute(
        (std::string("BEGIN IMMEDIATE;") + migrations[version - 1] + "COMMIT").c_str());
}

void journal_file::count(tally& into, const core::fact& what) {
  if (ends_instance(what)) ++into.ended;
  if (what.kind == core::fact_kind::group_restarted)
    into.ended -= static_cast<decltype(into.ended)>(what.number);
  if ((what.kind == core::fact_kind::step_failed || core::is_crash(what.kind)) && what.number != 0)
    ++into.restarts;
}

void journal_file::append(const std::vector<core::fact>& facts) {
  const auto sequence_before = last_sequence_;
  std::map<core::run_no, std::optional<tally>> before;  // of the runs of these facts
  try {
    transaction all(database_, *words_);
    for (const auto& what : facts) {
      const auto sequence = ++last_sequence_;
      insert_->bind(1, sequence);
      insert_->bind(2, what.at_ms);
      insert_->bind(3, static_cast<std::int64_t>(what.run));
      insert_->bind(4, static_cast<std::int64_t>(what.kind));
      insert_->bind(5, what.instance);
      insert_->bind(6, what.attempt);
      insert_->bind(7, what.number);
      insert_->bind_blob(8, what.text);
      insert_->bind(9, sum_of(what, sequence));
      insert_->run();
      if (!before.contains(what.run)) {
        const auto known = active_.find(what.run);
        before[what.run] = known == active_.end() ? std::nullopt : std::optional(known->second);
      }
      note_run(what, sequence);
    }
    all.commit();
  } catch (...) {
    last_sequence_ = sequence_before;
    for (const auto& [run, sum] : before)
      if (sum)
        active_[run] = *sum;
      else
        active_.erase(run);
    throw;
  }
}

void journal_file::note_run(const core::fact& what, std::int64_t sequence) {
  if (what.kind == core::fact_kind::run_submitted) {
    const auto said = read_submission(what.text);
    ARTEL_ASSERT(said, "a submission that we packed unpacks");
    const auto id = to_text(said->run);
    run_insert_->bind(1, static_cast<std::int64_t>(what.run));
    run_insert_->bind_text(2, id);
    run_insert_->bind_text(3, said->name);
    run_insert_->bind(4, what.at_ms);
    run_insert_->bind(5, said->instances);
    run_insert_->bind(6, sequence);
    run_insert_->bind(7, sequence);
    const auto key = said->origin.find("key");
    const std::string none;
    run_insert_->bind_text(8, key == said->origin.end() ? none : key->second);
    run_insert_->run();
    active_[what.run] = {};
    return;
  }
  superseding_ +=
      what.kind == core::fact_kind::schedule_passed || what.kind == core::fact_kind::result_kept;
  if (what.run == 0) return;
  if (core::is_refusal(what)) {
    statement free_key(database_, "UPDATE runs SET key='' WHERE no=?");
    free_key.bind(1, static_cast<std::int64_t>(what.run));
    free_key.run();
  }
  auto& sum = active_[what.run];
  count(sum, what);
  if (what.kind != core::fact_kind::run_ended) return;
  run_end_->bind(1, what.number);
  run_end_->bind(2, what.at_ms);
  run_end_->bind(3, sum.ended);
  run_end_->bind(4, sum.restarts);
  run_end_->bind(5, sequence);
  run_end_->bind(6, static_cast<std::int64_t>(what.run));
  run_end_->run();
  active_.erase(what.run);
}

std::vector<core::fact> journal_file::facts_of(const std::vector<core::run_no>& runs,
                                               std::int64_t from, std::int64_t to) {
  std::vector<core::fact> facts;
  statement rows(database_, (std::string("SELECT ") + fact_columns +
                             " FROM facts WHERE seq BETWEEN ? AND ? ORDER BY seq")
                                .c_str());
  rows.bind(1, from);
  rows.bind(2, to);
  while (rows.step())
    if (std::binary_search(runs.begin(), runs.end(), static_cast<core::run_no>(rows.number(1))))
      facts.push_back(fact_at(rows));
  return facts;
}

std::vector<core::fact> journal_file::facts_of_no_run() {
  std::vector<core::fact> facts;
  statement rows(database_, (std::string("SELECT ") + fact_columns +
                             " FROM facts WHERE run = 0 AND kind <> 25 ORDER BY seq")
                                .c_str());
  while (rows.step()) facts.push_back(fact_at(rows));
  return facts;
}

std::vector<core::fact> journal_file::recover(std::uint32_t ended_runs,
                                              std::size_t ended_instances) {
  std::vector<core::run_no> runs;
  std::int64_t from = last_sequence_ + 1;
  statement active(database_, "SELECT no, first_seq, 0 FROM runs WHERE state = 0");
  statement ended(
      database_,
      "SELECT no, first_seq, ended_instances FROM runs WHERE state BETWEEN 1 AND 8 ORDER BY "
      "last_seq DESC LIMIT ?");
  ended.bind(1, ended_runs);
  std::size_t instances = 0, last = 0;
  for (auto* rows : {&active, &ended})
    while (rows->step()) {
      // What ended last comes first: those behind one that is too much ended before it.
      instances += std::exchange(last, static_cast<std::size_t>(rows->number(2)));
      if (instances + last > ended_instances && instances != 0) break;
      runs.push_back(static_cast<core::run_no>(rows->number(0)));
      from = std::min(from, rows->number(1));
    }
  std::sort(runs.begin(), runs.end());
  auto facts = facts_of_no_run();
  auto of_runs = facts_of(runs, from, last_sequence_);
  facts.insert(facts.end(), std::make_move_iterator(of_runs.begin()),
               std::make_move_iterator(of_runs.end()));
  active_.clear();
  for (const auto& what : facts) {
    if (what.run == 0) continue;
    if (what.kind == core::fact_kind::run_ended)
      active_.erase(what.run);
    else
      count(active_[what.run], what);
  }
  return facts;
}

core::run_no journal_file::last_run() {
  statement last(database_, "SELECT coalesce(max(no),0) FROM runs");
  last.step();
  return static_cast<core::run_no>(last.number(0));
}

run_id journal_file::newest_id() {
  statement newest(database_, "SELECT coalesce(max(id),'') FROM runs");
  newest.step();
  return run_id_from(newest.text(0)).value_or(run_id{});
}

bool journal_file::knows(const run_id& run) {
  const auto id = to_text(run);
  statement rows(database_, "SELECT 1 FROM runs WHERE id = ?");
  rows.bind_text(1, id);
  return rows.step();
}

std::optional<run_id> journal_file::find_key(const std::string& key) {
  statement rows(database_, "SELECT id FROM runs WHERE key = ?1 AND key <> '' ORDER BY no LIMIT 1");
  rows.bind_text(1, key);
  if (!rows.step()) return std::nullopt;
  return run_id_from(rows.text(0));
}

outcome<std::vector<core::fact>> journal_file::find(std::string_view id) {
  std::string upper(id);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  const std::string above = upper + "~";
  statement rows(database_,
                 "SELECT no, first_seq, last_seq, state FROM runs WHERE id >= ? AND id < ? AND "
                 "state < 9 LIMIT 2");
  rows.bind_text(1, upper);
  rows.bind_text(2, above);
  if (!rows.step())
    return trouble{trouble_code::not_found, "no run has an id that begins with '" +
                                                std::string(id) + "'; artel runs lists them"};
  const auto number = static_cast<core::run_no>(rows.number(0));
  const auto from = rows.number(1);
  const auto to = rows.number(3) == 0 ? last_sequence_ : rows.number(2);  // it goes on
  if (rows.step())
    return trouble{trouble_code::bad_input, "several runs have ids that begin with '" +
                                                std::string(id) + "'; give more of it"};
  return facts_of({number}, from, to);
}

std::vector<run_summary> journal_file::list_ended(std::uint32_t limit, const std::string& pipeline,
                                                  core::run_no before) {
  std::vector<run_summary> list;
  const std::string sql = std::string("SELECT ") + summary_columns +
                          " FROM runs WHERE state BETWEEN 1 AND 8 AND (?1 = 0 OR no < ?1) AND (?2 "
                          "= '' OR pipeline = ?2) ORDER BY no DESC LIMIT ?3";
  statement rows(database_, sql.c_str());
  rows.bind(1, static_cast<std::int64_t>(before));
  rows.bind_text(2, pipeline);
  rows.bind(3, limit);
  while (rows.step()) list.push_back(summary_at(rows));
  return list;
}

std::vector<core::fact> journal_file::facts_after(std::uint64_t sequence) {
  std::vector<core::fact> facts;
  statement rows(
      database_,
      (std::string("SELECT ") + fact_columns + " FROM facts WHERE seq > ? ORDER BY seq").c_str());
  rows.bind(1, static_cast<std::int64_t>(sequence));
  while (rows.step()) facts.push_back(fact_at(rows));
  return facts;
}

std::uint64_t journal_file::fact_count() {
  statement count(database_, "SELECT count(*) FROM facts");
  count.step();
  return static_cast<std::uint64_t>(count.number(0));
}

}  // namespace artel::journal
