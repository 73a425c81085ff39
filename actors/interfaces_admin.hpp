// What actors of one process send each other about requests of people, logs, metrics and alerts:
// the second half of interfaces.hpp, which includes it.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "messages/access.hpp"
#include "messages/admin.hpp"
#include "messages/browse.hpp"
#include "messages/cluster.hpp"
#include "messages/log.hpp"
#include "messages/metric.hpp"
#include "messages/operation.hpp"

namespace artel {

// ---- admin ----

using admin_request =
    std::variant<submit_run, list_runs, show_run, read_log, cancel_run, list_nodes, show_tree,
                 explain_step, ping, drain_node, pause_work, mark_step, retry_run, list_schedules,
                 preview_schedule, start_planned, set_pool, list_pools, list_artifacts, list_audit,
                 read_lines, read_events, list_attempts, read_metrics, change_node, list_alerts,
                 silence_alerts, limit_step, list_limits, find_runs, list_pipelines, show_pipeline,
                 watch_changes, find_results, read_history, read_artifact, await_run>;
using admin_answer =
    std::variant<refused, run_accepted, runs_listed, run_shown, log_read, done_so, nodes_listed,
                 tree_shown, step_explained, pong, schedules_listed, schedule_previewed,
                 pools_listed, artifacts_listed, audit_listed, lines_read, events_read,
                 attempts_listed, metrics_read, alerts_listed, limits_listed, runs_found,
                 pipelines_listed, pipeline_shown, changes_seen, results_found, history_read,
                 artifact_read>;
/// bridge or gateway → admin: a client asks. `client` is the socket's routing id; the answer goes
/// back with the same two.
struct client_asked {
  std::string client;
  std::uint64_t sequence;
  admin_request what;
  asking_user who;
  bool over_http = false;  ///< the answer is for the gateway
};
/// admin → bridge, gateway.
struct answer_client {
  std::string client;
  std::uint64_t sequence;
  admin_answer what;
};
/// admin → journal keeper: a change and its answer; answered by audit_noted when durable.
struct note_change {
  std::string by, from, what;
  trouble_code code;
  std::string answer;
};
/// admin → coordinator: one of the requests that need the cluster's state; answered by
/// coordinator_answer.
struct ask_coordinator {
  admin_request what;
  /// For the audit log: a submission that becomes a run is noted in the run's own transaction.
  std::optional<note_change> note = {};
};
struct coordinator_answer {
  admin_answer what;
  bool noted = false;
};
/// admin → coordinator: which attempt is meant by read_log; answered by attempt_found.
struct find_attempt {
  read_log what;
};
struct attempt_found {
  refused problem;
  attempt_ref ref;
  bool ended;
};
struct audit_noted {};
/// admin → journal keeper; answered by coordinator_answer.
struct read_audit {
  list_audit what;
};
/// admin → output keeper; answered by coordinator_answer with log_read.
struct read_output {
  attempt_ref ref;
  std::uint64_t offset;
  bool ended;
};

/// coordinator → archive: runs that have ended, as find_runs wants them; answered by runs_found.
struct find_past {
  find_runs what;
};
/// coordinator → archive: the last runs of every pipeline; answered by runs_recalled.
struct recall_runs {
  std::uint32_t of_each;
};
struct runs_recalled {
  std::vector<run_summary> runs;
};

/// coordinator → archive; answered by results_found.
struct find_past_results {
  find_results what;
};
/// admin → artifact reader: which artifact it is, and who has it; answered by coordinator_answer
/// with artifact_read. It asks the bridge (ask_for_blob), and piece_came comes back.
struct fetch_artifact {
  read_artifact what;
  artifact_view which;
};

// ---- metrics ----
/// metrics → coordinator, journal keeper, admin; gateway → metrics; answered by metrics_taken.
struct take_metrics {};
struct metrics_taken {
  std::vector<metric_family> families;
};

// ---- logs, on both kinds of nodes ----

/// bridge → log keeper; answered by answer_lines, to the bridge.
struct node_lines {
  node_name name;
  session_no session;
  log_lines what;
};
struct answer_lines {
  node_name name;
  session_no session;
  lines_taken what;
};
/// log sender → bridge (worker node); lines_taken comes back.
struct send_lines {
  log_lines what;
};
/// admin → log keeper; answered by coordinator_answer with lines_read.
struct find_lines {
  read_lines what;
};
/// log keeper → monitor: what has just been kept, in order.
struct lines_kept {
  std::vector<numbered_line> lines;
};
/// monitor → log keeper: lines since then; answered by lines_recalled, in parts, until one is
/// empty.
struct recall_lines {
  std::uint64_t after;
  std::int64_t from_ms;
};
struct lines_recalled {
  std::vector<numbered_line> lines;
};

// ---- changes of nodes that run ----

/// admin → bridge (supervisor node) → worker node; node_answered comes back to the admin actor.
struct ask_node {
  node_name name;
  node_change what;
};
struct node_answered {
  node_name name;
  node_changed what;
};
/// bridge (worker node) → worker; it answers with send_changed, to the bridge.
struct change_received {
  node_change what;
};
struct send_changed {
  node_changed what;
};
/// worker → bridge: say hello anew, what it can do has changed; introduce_yourself comes back.
struct start_over {};
/// worker → bridge, bridge → metrics.
struct send_usage {
  node_usage what;
};
struct node_used {
  node_name name;
  node_usage what;
};

/// The node's main thread → the actor at its heart, which answers at once when it is well.
struct take_pulse {};
struct pulse {};

// ---- alerts ----

/// admin → monitor; answered by coordinator_answer.
struct ask_monitor {
  admin_request what;
};

}  // namespace artel

#define LOCAL(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::type)
// clang-format off
LOCAL(client_asked) LOCAL(answer_client) LOCAL(ask_coordinator) LOCAL(coordinator_answer)
LOCAL(take_metrics) LOCAL(metrics_taken) LOCAL(note_change) LOCAL(audit_noted) LOCAL(read_audit)
LOCAL(find_attempt) LOCAL(attempt_found) LOCAL(read_output) LOCAL(node_lines) LOCAL(answer_lines)
LOCAL(send_lines) LOCAL(find_lines) LOCAL(lines_kept) LOCAL(recall_lines) LOCAL(lines_recalled)
LOCAL(lines_taken) LOCAL(ask_node) LOCAL(node_answered) LOCAL(change_received) LOCAL(send_changed)
LOCAL(send_usage) LOCAL(node_used) LOCAL(ask_monitor) LOCAL(start_over) LOCAL(take_pulse)
LOCAL(pulse) LOCAL(runs_found) LOCAL(find_past) LOCAL(recall_runs) LOCAL(runs_recalled)
LOCAL(find_past_results) LOCAL(results_found) LOCAL(fetch_artifact)
// clang-format on
#undef LOCAL
