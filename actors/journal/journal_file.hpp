// The journal: an SQLite file in WAL mode with synchronous=FULL. A fact is durable when append()
// has returned. Beside the facts stands one row per run, written in the same transaction, so that
// lists need not fold facts. One thread only.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "actors/core/fact.hpp"
#include "actors/journal/sqlite.hpp"
#include "messages/admin.hpp"
#include "messages/outcome.hpp"

namespace artel::journal {

/// The columns that fact_at reads.
inline constexpr const char* fact_columns = "at,run,kind,instance,attempt,number,text,seq,sum";
/// The columns of a run's row that summary_at reads.
inline constexpr const char* summary_columns =
    "id,pipeline,state,submitted_at,ended_at,instances,ended_instances,restarts";
/// Of a run that has ended.
run_summary summary_at(const statement& row);
/// A run's state in its row while it is being taken out, in turns: nobody is shown it any more.
inline constexpr int run_state_pruned = 9;

/// Of a journal; 0: the file is empty. Throws std::runtime_error for one of a later version and for
/// a database that is no journal.
std::int64_t version_of(database& on);
/// Throws sqlite_error with SQLITE_CORRUPT, naming the fact, when its checksum does not fit.
core::fact fact_at(const statement& row);

/// What one turn of pruning took out.
struct pruned {
  bool any = false;  ///< false: there is nothing to prune
  run_id run;
  std::uint64_t facts = 0;
  bool whole = false;  ///< the run is gone; else there is more of it
};

class journal_file {
public:
  /// Opens or creates `path`. Trouble: not a journal, one of another version, not writable; each
  /// says what to do.
  static outcome<std::unique_ptr<journal_file>> open(const std::filesystem::path& path);

  /// All facts in one transaction, or none: throws sqlite_error (SQLITE_FULL …) and may be called
  /// again with the same.
  void append(const std::vector<core::fact>& facts);

  /// Facts, in order, of all runs that have not ended and of the last `ended_runs` ended ones, as
  /// far as these have no more than `ended_instances` step instances together; the last in any
  /// case.
  std::vector<core::fact> recover(std::uint32_t ended_runs,
                                  std::size_t ended_instances = ~std::size_t{0});
  core::run_no last_run();
  /// The greatest id of a run; zeros when there is none.
  run_id newest_id();
  bool knows(const run_id& run);
  /// The first run that was submitted with the key.
  std::optional<run_id> find_key(const std::string& key);
  /// Facts of the run whose id begins with `id` (Crockford text); trouble when none or several do.
  outcome<std::vector<core::fact>> find(std::string_view id);
  /// Ended runs with a number below `before` (0: any), newest first.
  std::vector<run_summary> list_ended(std::uint32_t limit, const std::string& pipeline,
                                      core::run_no before);
  std::uint64_t fact_count();
  /// Changes that were asked for, newest first, of one user (empty: of all), with a number below
  /// `before` (0: any).
  std::vector<audit_entry> list_audit(std::uint32_t limit, const std::string& by,
                                      std::uint64_t before);
  /// Some of those asked for before that; false: there are none left.
  bool prune_audit(std::int64_t before_ms);
  /// Takes out some facts of the oldest run that ended before `before_ms` and is not one of the
  /// newest `runs_at_least` (at least 1: numbers are never given twice). Short, so that commits
  /// need not wait long.
  /// Takes facts out that a later one of the same schedule has made needless; gives how many.
  std::uint64_t prune_superseded();
  /// Facts since that was done last which may have made others needless.
  std::uint64_t superseding() const { return superseding_; }
  pruned prune(std::int64_t before_ms, std::uint64_t runs_at_least);
  /// Rewrites the file without the room of what was taken out.
  /// The log goes into the file, which then is all of it.
  void close_whole() { database_.execute("PRAGMA wal_checkpoint(TRUNCATE)"); }
  void give_room_back() { database_.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"); }
  /// Facts with a number above `after` that are for everyone's eyes, in order, with the ids of
  /// their runs; of one run (its id) when one is named. At most `limit`; 0: only the last number.
  struct numbered_fact {
    std::uint64_t number;
    core::fact what;
    std::string run;
  };
  std::vector<numbered_fact> public_facts(std::uint64_t after, std::uint32_t limit,
                                          const std::string& run);
  std::uint64_t last_number() const { return static_cast<std::uint64_t>(last_sequence_); }
  /// All facts after the first `sequence` ones, in order.
  std::vector<core::fact> facts_after(std::uint64_t sequence);

private:
  explicit journal_file(const std::filesystem::path& path);
  void migrate(std::int64_t from);
  std::vector<core::fact> facts_of_no_run();
  void note_run(const core::fact& what, std::int64_t sequence);
  std::vector<core::fact> facts_of(const std::vector<core::run_no>& runs, std::int64_t from,
                                   std::int64_t to);

  /// What the run's row will say when it ends; kept here so that its end need not count facts.
  struct tally {
    std::uint32_t ended = 0;
    std::uint32_t restarts = 0;
  };
  static void count(tally& into, const core::fact& what);

  database database_;
  std::optional<transaction_words> words_;
  std::optional<statement> insert_, run_insert_, run_end_;
  std::map<core::run_no, tally> active_;
  std::int64_t last_sequence_ = 0;
  std::uint64_t superseding_ = 0;
};

}  // namespace artel::journal
