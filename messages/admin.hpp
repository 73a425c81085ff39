// What people and programs ask of a running cluster, through the admin socket; the command line
// speaks nothing else. A request is answered by exactly one message that carries its sequence
// number (docs/PROTOCOL.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/bytes.hpp"
#include "messages/cluster.hpp"
#include "messages/outcome.hpp"
#include "messages/states.hpp"

namespace artel {

constexpr trouble_code enum_max(trouble_code) { return trouble_code::denied; }
constexpr std::size_t log_read_bytes_max = 256U << 10;

/// Anything refused, in both conversations: what, where, what to do.
struct refused {
  trouble_code code = trouble_code::internal;
  std::string text;
  ARTEL_FIELDS(refused, code, text);
};

/// Client → admin: run this pipeline. The client makes the id, so sending it twice starts one run.
/// → run_accepted
struct submit_run {
  run_id run;
  std::string pipeline;  ///< text of the YAML file
  std::string file;      ///< its name, for messages
  std::map<std::string, std::string> params;
  std::string by;   ///< who, for the record
  std::string key;  ///< the first run submitted with it is the only one; empty: no key
  std::optional<std::int32_t> priority;  ///< instead of the pipeline's
  bool no_cache = false;                 ///< takes no results of earlier runs
  ARTEL_FIELDS(submit_run, run, pipeline, file, params, by, key, priority, no_cache);
};
/// The run is durable.
struct run_accepted {
  run_id run;
  bool existed = false;  ///< it had been accepted before
  ARTEL_FIELDS(run_accepted, run, existed);
};

/// → runs_listed, newest first.
struct list_runs {
  std::uint32_t limit = 20;
  std::string pipeline;  ///< only this one; empty: all
  ARTEL_FIELDS(list_runs, limit, pipeline);
};
struct run_summary {
  run_id run;
  std::string pipeline;
  run_state state = run_state::running;
  std::int64_t submitted_ms = 0;  ///< since 1970
  std::int64_t ended_ms = 0;      ///< 0: not yet
  std::uint32_t instances = 0;
  std::uint32_t ended_instances = 0;
  std::uint32_t restarts = 0;
  ARTEL_FIELDS(run_summary, run, pipeline, state, submitted_ms, ended_ms, instances,
               ended_instances, restarts);
};
struct runs_listed {
  std::vector<run_summary> runs;
  ARTEL_FIELDS(runs_listed, runs);
};

/// `run` is an id, a unique beginning of one, or "last". → run_shown
struct show_run {
  std::string run;
  ARTEL_FIELDS(show_run, run);
};
/// Answers when the run has ended and that is durable, or after so long as it then is. → run_shown
struct await_run {
  std::string run;            ///< as in show_run
  std::uint32_t wait_ms = 0;  ///< at most wait_ms_max
  ARTEL_FIELDS(await_run, run, wait_ms);
};
/// A step of a run; of several instances the counts, and details of the first that is not plain.
struct step_view {
  std::string name;
  std::string use;  ///< native step name, or the command's text
  std::vector<std::string> needs;
  step_state state = step_state::waiting;
  std::uint32_t instances = 1;
  std::vector<std::uint32_t> by_state;  ///< instances per step_state
  std::uint32_t attempts = 0;
  std::uint32_t failures = 0;
  std::uint32_t crashes = 0;
  std::string node;
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string progress;
  std::string result;
  std::string error;
  bool allow_failure = false;
  std::string output;
  std::uint64_t busy_ms =
      0;             ///< of the last attempts of all its instances that have ended, together
  std::string note;  ///< how it ended without an attempt: cached from a run, marked by a person
  ARTEL_FIELDS(step_view, name, use, needs, state, instances, by_state, attempts, failures, crashes,
               node, started_ms, ended_ms, done, total, progress, result, error, allow_failure,
               output, busy_ms, note);
};
struct run_shown {
  run_summary summary;
  std::map<std::string, std::string> params;
  std::string by;
  std::string reason;
  std::vector<step_view> steps;
  std::string paused;    ///< who did, and why; empty: it is not
  std::string retry_of;  ///< id of the run whose outcome it has taken over in part
  std::string schedule;  ///< that started it; empty: none did
  std::string planned;   ///< for when, as "2026-03-29T03:00:00+02:00"
  ARTEL_FIELDS(run_shown, summary, params, by, reason, steps, paused, retry_of, schedule, planned);
};

/// What an attempt wrote. `step` is "name" or "name[instance]"; attempt 0 is the latest. → log_read
struct read_log {
  std::string run;
  std::string step;
  std::uint32_t attempt = 0;
  std::uint64_t offset = 0;
  ARTEL_FIELDS(read_log, run, step, attempt, offset);
};
struct log_read {
  std::uint32_t attempt = 0;
  std::uint64_t next_offset = 0;
  bool ended = false;  ///< nothing will follow
  bytes data;
  ARTEL_FIELDS(log_read, attempt, next_offset, ended, data);
};

/// → done_so
struct cancel_run {
  std::string run;
  std::string reason;
  std::string by;
  ARTEL_FIELDS(cancel_run, run, reason, by);
};
/// Nothing more of a run, or of all runs of a pipeline, is started; what runs goes on; or a
/// schedule starts no runs. Exactly one of the three is named. → done_so
struct pause_work {
  std::string run;
  std::string pipeline;
  std::string schedule;
  bool undo = false;
  std::string reason;
  std::string by;
  ARTEL_FIELDS(pause_work, run, pipeline, schedule, undo, reason, by);
};

/// A person decides how a step, or one instance of it, has ended; an attempt that runs is stopped.
/// → done_so
struct mark_step {
  std::string run;
  std::string step;  ///< "name" (all instances that have not ended) or "name[3]"
  step_state as = step_state::succeeded;  ///< or failed, or skipped
  std::string reason;
  std::string by;
  ARTEL_FIELDS(mark_step, run, step, as, reason, by);
};

/// A new run of the same pipeline and parameters that takes over what has succeeded in an ended
/// one. → run_accepted
struct retry_run {
  run_id run;                          ///< of the new run; sending it twice starts one
  std::string of;                      ///< the ended one
  std::vector<std::string> from;       ///< these steps run again, and all that comes after them
  bool only_failed = false;            ///< of those in `from` only the instances that failed
  bool with_downstream = false;        ///< what comes after a step that runs again runs again, too
  std::vector<std::string> succeeded;  ///< these count as if they had succeeded
  std::string pipeline;                ///< text to use instead; empty: that of the ended run
  std::string file;                    ///< its name, for messages
  std::string reason;
  std::string by;
  ARTEL_FIELDS(retry_run, run, of, from, only_failed, with_downstream, succeeded, pipeline, file,
               reason, by);
};

struct done_so {
  std::string text;
  ARTEL_FIELDS(done_so, text);
};

/// → nodes_listed
struct list_nodes {
  bool lost = true;  ///< also those that are gone
  ARTEL_FIELDS(list_nodes, lost);
};
struct node_view {
  std::string name;
  std::string kind;
  std::string state;  ///< alive, awaited (after the supervisor's restart), lost, left
  std::string host;
  std::uint32_t pid = 0;
  std::string version;
  node_capacity capacity;
  node_capacity free;
  std::uint32_t running = 0;
  std::uint32_t crashes = 0;  ///< step hosts that died under an attempt
  std::int64_t heard_ms_ago = 0;
  std::vector<std::string> labels;
  std::vector<std::string> offers;
  bool drained = false;  ///< it gets no more attempts
  ARTEL_FIELDS(node_view, name, kind, state, host, pid, version, capacity, free, running, crashes,
               heard_ms_ago, labels, offers, drained);
};
struct nodes_listed {
  std::vector<node_view> nodes;
  ARTEL_FIELDS(nodes_listed, nodes);
};

/// Place nothing more on a node; what runs there ends there. Durable, through restarts of the node,
/// too, until undone. → done_so
struct drain_node {
  std::string node;
  bool undo = false;
  std::string reason;
  std::string by;
  ARTEL_FIELDS(drain_node, node, undo, reason, by);
};

/// The supervision trees of all nodes. → tree_shown
struct show_tree {
  std::string node;  ///< empty: all
  ARTEL_FIELDS(show_tree, node);
};
struct tree_shown {
  std::vector<tree_row> rows;
  ARTEL_FIELDS(tree_shown, rows);
};

/// Why does this step wait? → step_explained
struct explain_step {
  std::string run;
  std::string step;
  ARTEL_FIELDS(explain_step, run, step);
};
struct step_explained {
  step_state state = step_state::waiting;
  std::vector<std::string> reasons;
  ARTEL_FIELDS(step_explained, state, reasons);
};

/// → schedules_listed
struct list_schedules {
  std::string pipeline;  ///< only of this one; empty: all
  ARTEL_FIELDS(list_schedules, pipeline);
};
struct schedule_view {
  std::string name;
  std::string pipeline;
  std::string file;
  std::string rule;          ///< "0 2 * * * Europe/Berlin"
  std::int64_t next_ms = 0;  ///< planned, since 1970; 0: none, or paused
  std::string next;          ///< the same by the clock of its zone
  std::int64_t last_ms = 0;  ///< the last planned time that was dealt with; 0: none yet
  std::string last;          ///< what became of it: "run 01J…", or why there was none
  std::string misfire;
  std::string overlap;
  std::string paused;  ///< who did, and why; empty: it is not
  ARTEL_FIELDS(schedule_view, name, pipeline, file, rule, next_ms, next, last_ms, last, misfire,
               overlap, paused);
};
struct schedules_listed {
  std::vector<schedule_view> schedules;
  std::vector<std::string> problems;  ///< pipeline files that could not be taken, and why
  ARTEL_FIELDS(schedules_listed, schedules, problems);
};

/// The planned times of a schedule. `from` and `to` are moments such as "2026-03-29" or
/// "2026-03-29T03:00+02:00", by the clock of its zone when they have no offset; empty: from now,
/// and without an end. → schedule_previewed
struct preview_schedule {
  std::string schedule;
  std::string from;  ///< included
  std::string to;    ///< not included
  std::uint32_t limit = 10;
  ARTEL_FIELDS(preview_schedule, schedule, from, to, limit);
};
struct planned_time {
  std::int64_t planned_ms = 0;  ///< since 1970
  std::string text;             ///< by the clock of its zone
  run_id run;                   ///< the one that is, or will be, of that time
  ARTEL_FIELDS(planned_time, planned_ms, text, run);
};
struct schedule_previewed {
  std::vector<planned_time> times;
  bool more = false;  ///< there are more than `limit`
  ARTEL_FIELDS(schedule_previewed, times, more);
};

/// Starts the run of a planned time that has passed, unless it had one: each planned time has one
/// run, with the same id. → run_accepted
struct start_planned {
  std::string schedule;
  std::int64_t planned_ms = 0;
  std::uint32_t parallel = 1;                 ///< so many of these run at once
  std::map<std::string, std::string> params;  ///< beside those of the schedule
  std::string by;
  ARTEL_FIELDS(start_planned, schedule, planned_ms, parallel, params, by);
};

/// Makes a pool, or gives it another limit. → done_so
struct set_pool {
  std::string name;
  std::optional<std::uint32_t> limit;  ///< none: the pool is no more
  std::string reason;
  std::string by;
  ARTEL_FIELDS(set_pool, name, limit, reason, by);
};
/// → pools_listed
struct list_pools {
  std::string name;  ///< only this one; empty: all
  ARTEL_FIELDS(list_pools, name);
};
struct pool_view {
  std::string name;
  std::uint32_t limit = 0;
  std::uint32_t used = 0;  ///< by attempts that are out
  ARTEL_FIELDS(pool_view, name, limit, used);
};
struct pools_listed {
  std::vector<pool_view> pools;
  ARTEL_FIELDS(pools_listed, pools);
};

/// What the steps of a run have made. → artifacts_listed
struct list_artifacts {
  std::string run;
  std::string step;  ///< name, or name[instance]; empty: all
  ARTEL_FIELDS(list_artifacts, run, step);
};
struct artifact_view {
  std::string step;  ///< name, or name[instance]
  artifact what;
  std::vector<std::string> nodes;  ///< that are there and have it, some of them
  ARTEL_FIELDS(artifact_view, step, what, nodes);
};
struct artifacts_listed {
  std::vector<artifact_view> artifacts;  ///< the first artifacts_listed_max
  std::uint64_t in_all = 0;
  ARTEL_FIELDS(artifacts_listed, artifacts, in_all);
};
constexpr std::size_t artifacts_listed_max = 10'000;

/// Who has asked for which change, newest first; admins only. → audit_listed
struct list_audit {
  std::uint32_t limit = 100;
  std::string by;            ///< only of this user; empty: of all
  std::uint64_t before = 0;  ///< only entries with a smaller number; 0: from the newest
  ARTEL_FIELDS(list_audit, limit, by, before);
};
struct audit_entry {
  std::uint64_t number = 0;
  std::int64_t at_ms = 0;  ///< since 1970
  std::string by;
  std::string from;  ///< address, or "local"
  std::string what;  ///< the request, as "cancel_run run=01J… reason=\"…\""
  trouble_code code = trouble_code::none;
  std::string answer;  ///< in a sentence
  ARTEL_FIELDS(audit_entry, number, at_ms, by, from, what, code, answer);
};
struct audit_listed {
  std::vector<audit_entry> entries;
  ARTEL_FIELDS(audit_listed, entries);
};
constexpr std::uint32_t audit_listed_max = 1'000;

/// → pong
struct ping {
  std::string text;
  ARTEL_FIELDS(ping, text);
};
struct pong {
  std::string text;
  std::string version;
  std::uint32_t pid = 0;
  std::uint32_t nodes = 0;  ///< alive worker nodes
  ARTEL_FIELDS(pong, text, version, pid, nodes);
};

}  // namespace artel
