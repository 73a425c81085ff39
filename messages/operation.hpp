// What operators ask of a running cluster through the admin socket, beside the requests about runs
// (admin.hpp): logs, events, alerts, what nodes do, and changes of nodes while they run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/log.hpp"
#include "messages/states.hpp"

namespace artel {

constexpr std::uint32_t entries_read_max = 1'000;          ///< lines or events in one answer
constexpr std::uint64_t starts_per_hour_max = 36'000'000;  ///< ten thousand a second
constexpr std::uint64_t attempt_timeout_max_ms = 31'536'000'000ULL;  ///< a year
constexpr std::uint32_t wait_ms_max = 20'000;  ///< that a request may wait for something new

/// Lines of all nodes' logs, as the supervisor node keeps them. Filters that are empty do not
/// filter. → lines_read
struct read_lines {
  std::uint64_t after = 0;  ///< only lines with a greater number, in their order
  bool newest = false;      ///< the newest `limit` ones of them
  std::uint32_t limit = 100;
  std::uint32_t wait_ms = 0;  ///< when there is none: answer with the next one, or after so long
  std::string run;            ///< id or beginning of one
  std::string step;           ///< "name" (with all its instances) or "name[3]"
  std::string node;           ///< that wrote the line, or that it is about
  std::string event;
  std::string level;  ///< this one and above
  std::string text;   ///< somewhere in a field
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;  ///< not included
  ARTEL_FIELDS(read_lines, after, newest, limit, wait_ms, run, step, node, event, level, text,
               from_ms, to_ms);
};
struct numbered_line {
  std::uint64_t number = 0;  ///< in the supervisor node's store; never given twice
  log_line line;
  ARTEL_FIELDS(numbered_line, number, line);
};
struct lines_read {
  std::vector<numbered_line> lines;
  std::uint64_t next_after = 0;  ///< to read on: the number of the last line that was looked at
  std::uint64_t first_kept = 0;  ///< lines before it are not kept any more
  ARTEL_FIELDS(lines_read, lines, next_after, first_kept);
};

/// What happened to runs and steps, from the journal: durable, in order, each once. → events_read
struct read_events {
  std::uint64_t after = 0;
  bool newest = false;  ///< no events, but the number to go on from: those that come from now on
  std::uint32_t limit = 100;
  std::uint32_t wait_ms = 0;
  std::string run;       ///< only of this run: its id
  std::string pipeline;  ///< only of its runs
  ARTEL_FIELDS(read_events, after, newest, limit, wait_ms, run, pipeline);
};
struct cluster_event {
  std::uint64_t number = 0;
  std::int64_t at_ms = 0;
  std::string kind;  ///< of the fact, as in docs/LIFECYCLES.md
  std::string run;   ///< id; empty: of no run
  std::string pipeline;
  std::string step;  ///< "name" or "name[3]"; empty: of no step
  std::uint32_t attempt = 0;
  std::int64_t value = 0;  ///< what it means depends on the kind
  std::string text;
  ARTEL_FIELDS(cluster_event, number, at_ms, kind, run, pipeline, step, attempt, value, text);
};
struct events_read {
  std::vector<cluster_event> events;
  std::uint64_t next_after = 0;
  ARTEL_FIELDS(events_read, events, next_after);
};

/// Attempts that are out now, the longest first. → attempts_listed
struct list_attempts {
  std::string node;      ///< empty: all
  std::string pipeline;  ///< empty: all
  std::uint32_t limit = 1'000;
  ARTEL_FIELDS(list_attempts, node, pipeline, limit);
};
struct attempt_view {
  std::string run;
  std::string pipeline;
  std::string step;
  std::uint32_t attempt = 0;
  std::string node;
  step_state state = step_state::running;
  std::int64_t started_ms = 0;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string progress;
  ARTEL_FIELDS(attempt_view, run, pipeline, step, attempt, node, state, started_ms, done, total,
               progress);
};
struct attempts_listed {
  std::vector<attempt_view> attempts;
  std::uint64_t in_all = 0;
  ARTEL_FIELDS(attempts_listed, attempts, in_all);
};

/// How fast attempts of a step may start, over all nodes and runs of its pipeline, and how long one
/// may take; until it is set again. What runs is left alone. → done_so
struct limit_step {
  std::string pipeline;
  std::string step;
  std::optional<std::uint64_t> per_hour;    ///< attempts that may start, evenly; 0: any number
  std::optional<std::uint64_t> timeout_ms;  ///< of an attempt; 0: as the pipeline says
  std::string reason;
  std::string by;
  ARTEL_FIELDS(limit_step, pipeline, step, per_hour, timeout_ms, reason, by);
};
/// "10/s", "90/m", "7/h": as people set it.
inline std::string rate_text(std::uint64_t per_hour) {
  return per_hour % 3'600 == 0 ? std::to_string(per_hour / 3'600) + "/s"
         : per_hour % 60 == 0  ? std::to_string(per_hour / 60) + "/m"
                               : std::to_string(per_hour) + "/h";
}
/// → limits_listed
struct list_limits {
  std::string pipeline;  ///< empty: all
  ARTEL_FIELDS(list_limits, pipeline);
};
struct limit_view {
  std::string pipeline;
  std::string step;
  std::uint64_t per_hour = 0;    ///< 0: any number
  std::uint64_t timeout_ms = 0;  ///< 0: as the pipeline says
  std::string rate_reason;       ///< who and why
  std::string timeout_reason;
  ARTEL_FIELDS(limit_view, pipeline, step, per_hour, timeout_ms, rate_reason, timeout_reason);
};
struct limits_listed {
  std::vector<limit_view> limits;
  ARTEL_FIELDS(limits_listed, limits);
};

/// Every metric, as /metrics has them. → metrics_read
struct read_metrics {
  std::string name;  ///< only those that begin with it
  ARTEL_FIELDS(read_metrics, name);
};
struct metric_value {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;  ///< of a histogram: the sum; NAME_count has how many
  ARTEL_FIELDS(metric_value, name, labels, value);
};
struct metrics_read {
  std::vector<metric_value> values;
  ARTEL_FIELDS(metrics_read, values);
};

enum class shutdown_kind : std::uint8_t {
  none,
  warm,  ///< takes nothing more; ends when what runs has ended
  soft,  ///< gives back what runs, with SIGTERM and its grace, and ends
  hard,  ///< ends at once, and what runs with it
};
constexpr std::string_view shutdown_kind_names[] = {"none", "warm", "soft", "hard"};
constexpr shutdown_kind enum_max(shutdown_kind) { return shutdown_kind::hard; }
constexpr std::string_view to_text(shutdown_kind how) {
  return shutdown_kind_names[static_cast<std::size_t>(how)];
}

/// Changes a node while it runs; a restart of that node takes its options again. → done_so
struct change_node {
  std::string node;                    ///< a worker node, or the supervisor node
  std::optional<std::uint32_t> slots;  ///< attempts at once; of a worker node
  std::string log_levels;              ///< as --log-level; empty: as they are
  shutdown_kind shutdown = shutdown_kind::none;
  std::string reason;
  std::string by;
  ARTEL_FIELDS(change_node, node, slots, log_levels, shutdown, reason, by);
};
/// Bridge → worker: the same, by number. Answered by node_changed.
struct node_change {
  std::uint64_t number = 0;
  change_node what;
  ARTEL_FIELDS(node_change, number, what);
};
struct node_changed {
  std::uint64_t number = 0;
  std::string text;
  std::string problem;  ///< empty: it is so now
  ARTEL_FIELDS(node_changed, number, text, problem);
};

/// Worker → supervisor, every few seconds: what the node and its steps use. Answered by nothing.
struct node_usage {
  std::uint64_t memory_bytes = 0;  ///< of the node's own process
  std::uint64_t cpu_ms = 0;        ///< of the node's own process, since it began
  std::uint64_t steps_memory_bytes = 0;
  std::uint64_t steps_cpu_ms = 0;   ///< of all that has run below the node
  std::uint64_t frames_kept = 0;    ///< not acknowledged yet
  std::uint64_t lines_dropped = 0;  ///< of its log, since it began: there was no room
  ARTEL_FIELDS(node_usage, memory_bytes, cpu_ms, steps_memory_bytes, steps_cpu_ms, frames_kept,
               lines_dropped);
};

enum class alert_state : std::uint8_t { pending, firing, resolved };
constexpr std::string_view alert_state_names[] = {"pending", "firing", "resolved"};
constexpr alert_state enum_max(alert_state) { return alert_state::resolved; }
constexpr std::string_view to_text(alert_state how) {
  return alert_state_names[static_cast<std::size_t>(how)];
}

struct alert_view {
  std::string rule;
  std::map<std::string, std::string> labels;  ///< what the rule tells apart
  alert_state state = alert_state::pending;
  std::string severity;
  std::string summary;
  std::string value;          ///< what was measured
  std::int64_t since_ms = 0;  ///< of the state
  std::string silenced;       ///< until when, by whom and why; empty: it is not
  ARTEL_FIELDS(alert_view, rule, labels, state, severity, summary, value, since_ms, silenced);
};
struct silence_view {
  std::string rule;  ///< "*": all
  std::map<std::string, std::string> labels;
  std::int64_t until_ms = 0;
  std::string by;
  std::string reason;
  ARTEL_FIELDS(silence_view, rule, labels, until_ms, by, reason);
};
/// → alerts_listed: pending and firing ones, and those that were resolved in the last day.
struct list_alerts {
  bool resolved = true;
  ARTEL_FIELDS(list_alerts, resolved);
};
struct alerts_listed {
  std::vector<alert_view> alerts;
  std::vector<silence_view> silences;
  std::vector<std::string> rules;
  std::string problem;  ///< of the rules' file, whose last good text counts
  ARTEL_FIELDS(alerts_listed, alerts, silences, rules, problem);
};
/// Alerts of a rule are not notified until then. → done_so
struct silence_alerts {
  std::string rule;                           ///< "*": all
  std::map<std::string, std::string> labels;  ///< only alerts that have these
  std::int64_t for_ms = 0;                    ///< 0: a silence is taken back
  std::string reason;
  std::string by;
  ARTEL_FIELDS(silence_alerts, rule, labels, for_ms, reason, by);
};

}  // namespace artel
