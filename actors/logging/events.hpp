// Every event that the log can have, once. docs/LOGS.md is this table for people; tests/tidy
// compares the two, and both with what the code notes. Names and fields are an interface: rules and
// dashboards hang on them.
#pragma once

#include "actors/logging/log.hpp"

namespace artel::logging {

inline constexpr std::string_view room_names[] = {
    "node", "supervision", "journal", "coordination", "transport", "operation", "work"};

}  // namespace artel::logging

namespace artel::events {

using logging::event;
using logging::level;

inline constexpr event node_stops{"node_stops", level::info, "node", "reason",
                                  "the process ends in good order"};
inline constexpr event node_fails{"node_fails", level::critical, "node", "reason",
                                  "the process ends since it can not go on"};
inline constexpr event node_not_started{"node_not_started", level::critical, "node", "reason",
                                        "the process can not begin"};
inline constexpr event node_starts{"node_starts", level::info, "node",
                                   "kind version pid data cluster admin slots hosts limits",
                                   "the process begins"};
inline constexpr event leftovers_ended{"leftovers_ended", level::warn, "node", "processes reason",
                                       "processes that a killed node had left were ended"};
inline constexpr event actor_start_failed{
    "actor_start_failed", level::error, "supervision", "node actor reason",
    "an actor can not be started; its supervisor tries again"};
inline constexpr event actor_died{"actor_died", level::error, "supervision", "node actor reason",
                                  "an actor died; its supervisor restarts it"};
inline constexpr event output_not_kept{"output_not_kept", level::error, "journal", "node reason",
                                       "what an attempt has written can not be kept"};
inline constexpr event audit_not_written{
    "audit_not_written", level::error, "journal", "facts reason",
    "changes that people asked for are missing in the audit log"};
inline constexpr event journal_stalled{
    "journal_stalled", level::error, "journal", "facts reason",
    "facts can not be written; nothing is acknowledged until they can"};
inline constexpr event journal_resumed{"journal_resumed", level::warn, "journal", "facts",
                                       "facts are written again"};
inline constexpr event journal_not_pruned{"journal_not_pruned", level::error, "journal", "reason",
                                          "old runs stay until the next start"};
inline constexpr event run_pruned{"run_pruned", level::info, "journal", "run facts",
                                  "an old run was taken out of the journal"};
inline constexpr event node_drained{"node_drained", level::info, "coordination",
                                    "node drained reason",
                                    "nothing more is placed on a node, or something is again"};
inline constexpr event pipeline_paused{"pipeline_paused", level::info, "coordination",
                                       "pipeline paused reason",
                                       "runs of a pipeline start nothing more, or go on"};
inline constexpr event pool_set{"pool_set", level::info, "coordination", "pool limit reason",
                                "a pool has another limit; -1: it is no more"};
inline constexpr event step_rate_set{
    "step_rate_set", level::info, "coordination", "pipeline step per_hour reason",
    "so many attempts of a step may start in an hour; 0: any number"};
inline constexpr event step_timeout_set{
    "step_timeout_set", level::info, "coordination", "pipeline step ms reason",
    "an attempt of a step may take so long; 0: as its pipeline says"};
inline constexpr event schedule_paused{"schedule_paused", level::info, "coordination",
                                       "schedule paused reason",
                                       "a schedule starts no runs, or starts them again"};
inline constexpr event schedule_begins{"schedule_begins", level::info, "coordination",
                                       "schedule rule", "a schedule is known from now on"};
inline constexpr event schedule_passed{"schedule_passed", level::info, "coordination",
                                       "schedule planned what",
                                       "a planned time has been dealt with"};
inline constexpr event run_submitted{"run_submitted", level::info, "coordination",
                                     "run pipeline instances by", "a run is accepted and durable"};
inline constexpr event run_ended{"run_ended", level::info, "coordination",
                                 "run pipeline state ms restarts steps failed_steps reason",
                                 "a run has ended"};
inline constexpr event run_cancel_requested{"run_cancel_requested", level::info, "coordination",
                                            "run reason",
                                            "somebody has cancelled a run, or its time is over"};
inline constexpr event run_paused{"run_paused", level::info, "coordination", "run paused reason",
                                  "a run starts nothing more, or goes on"};
inline constexpr event step_marked{"step_marked", level::info, "coordination",
                                   "run step state reason",
                                   "a person has decided how a step ended"};
inline constexpr event step_failed{"step_failed", level::warn, "coordination",
                                   "run pipeline step attempt restart reason",
                                   "the step said no; restart tells whether it is tried again"};
inline constexpr event step_crashed{
    "step_crashed", level::warn, "coordination", "run pipeline step attempt restart reason",
    "its process or node died; restart tells whether it is tried again"};
inline constexpr event group_restarted{"group_restarted", level::info, "coordination",
                                       "run group step ends_taken_back",
                                       "a group of steps begins anew"};
inline constexpr event step_started{"step_started", level::debug, "coordination",
                                    "run step attempt node", "an attempt was placed on a node"};
inline constexpr event step_finished{"step_finished", level::debug, "coordination",
                                     "run step attempt published", "an attempt has ended well"};
inline constexpr event step_changed{"step_changed", level::debug, "coordination", "run step kind",
                                    "another fact about a step (kind as in docs/LIFECYCLES.md)"};
inline constexpr event pipeline_not_copied{"pipeline_not_copied", level::warn, "coordination",
                                           "file reason",
                                           "the last good text of a pipeline file can not be kept"};
inline constexpr event pipeline_refused{"pipeline_refused", level::warn, "coordination", "reason",
                                        "a pipeline file has a mistake; its last good text counts"};
inline constexpr event pipelines_read{"pipelines_read", level::info, "coordination",
                                      "files schedules", "pipeline files were read"};
inline constexpr event schedule_held{"schedule_held", level::warn, "coordination",
                                     "schedule reason", "a planned run can not be started now"};
inline constexpr event journal_recovered{"journal_recovered", level::info, "coordination",
                                         "facts runs", "the state was built from the journal"};
inline constexpr event node_lost{
    "node_lost", level::warn, "coordination", "node reason",
    "a worker node was not heard of; its attempts are given to others"};
inline constexpr event node_joined{"node_joined", level::info, "coordination",
                                   "node kind host pid slots attempts",
                                   "a worker node was taken in"};
inline constexpr event node_left{"node_left", level::info, "coordination", "node reason",
                                 "a worker node said goodbye"};
inline constexpr event journal_writable_again{"journal_writable_again", level::info, "coordination",
                                              "", "submissions are accepted again"};
inline constexpr event supervisor_heard_again{"supervisor_heard_again", level::info, "transport",
                                              "endpoint", "the supervisor node is there again"};
inline constexpr event frame_refused{"frame_refused", level::warn, "transport",
                                     "from reason refused_in_all",
                                     "bytes that are no message of ours"};
inline constexpr event hello_refused{"hello_refused", level::warn, "transport", "reason",
                                     "the supervisor node does not take this node yet"};
inline constexpr event supervisor_silent{
    "supervisor_silent", level::warn, "transport", "endpoint reason",
    "the supervisor node is not heard; steps go on, results wait"};
inline constexpr event socket_listens{"socket_listens", level::info, "transport", "socket endpoint",
                                      "a socket takes connections from now on"};
inline constexpr event access_read{"access_read", level::info, "transport", "file nodes users",
                                   "the access file was read"};
inline constexpr event access_not_read{
    "access_not_read", level::error, "transport", "reason kept",
    "the access file has a mistake; what was allowed before counts"};
inline constexpr event peer_refused{"peer_refused", level::warn, "transport",
                                    "address socket reason count",
                                    "a connection showed no key that is allowed"};
inline constexpr event cluster_refuses_us{"cluster_refuses_us", level::error, "transport",
                                          "cluster reason", "the supervisor node refuses our key"};
inline constexpr event node_not_itself{"node_not_itself", level::warn, "transport",
                                       "claims key_of address",
                                       "a node spoke in the name of another"};
inline constexpr event change_not_in_audit{
    "change_not_in_audit", level::error, "operation", "by from what code",
    "a change that was answered is missing in the audit log"};
inline constexpr event login{"login", level::info, "operation", "by from",
                             "somebody has logged in to the page"};
inline constexpr event login_refused{"login_refused", level::warn, "operation", "by from reason",
                                     "somebody has tried to log in to the page"};
inline constexpr event artifact_spoilt{
    "artifact_spoilt", level::error, "operation", "run step artifact hash",
    "what a node sent of an artifact is not what its step had made; who wanted it did not get it"};
inline constexpr event http_listens{"http_listens", level::info, "operation", "address",
                                    "metrics and health are served from now on"};
inline constexpr event request_denied{"request_denied", level::warn, "operation",
                                      "by from role what",
                                      "somebody asked for what the role does not allow"};
inline constexpr event secret_readable{"secret_readable", level::warn, "work", "secret reason",
                                       "the file of a secret can be read by everyone"};
inline constexpr event joined_cluster{"joined_cluster", level::info, "work",
                                      "lease_ms heartbeat_ms",
                                      "the supervisor node has taken this worker node in"};
inline constexpr event step_host_died{
    "step_host_died", level::warn, "work", "pid attempts reason",
    "a child process died; the attempt that ran in it has crashed"};
inline constexpr event step_host_not_started{"step_host_not_started", level::error, "work",
                                             "reason",
                                             "a child process can not be started; attempts wait"};
inline constexpr event artifacts_collected{"artifacts_collected", level::info, "work",
                                           "bytes unused_for_s",
                                           "blobs that were long unused are gone"};

inline constexpr event lines_dropped{"lines_dropped", level::warn, "node", "lines",
                                     "so many lines before this one found no room on their way to "
                                     "the supervisor node; the node's own log has them"};
inline constexpr event lines_not_kept{"lines_not_kept", level::error, "journal", "reason lines",
                                      "lines of the log can not be kept; so many are lost so far"};
inline constexpr event log_store_begun_anew{"log_store_begun_anew", level::warn, "journal",
                                            "file reason",
                                            "the store of lines was damaged and is kept aside"};
inline constexpr event journal_slow{"journal_slow", level::warn, "journal", "ms facts",
                                    "a transaction took longer than a second"};
inline constexpr event schedule_missed{"schedule_missed", level::warn, "coordination",
                                       "schedule planned late_s what",
                                       "a planned time was dealt with late, or skipped for that"};
inline constexpr event step_notice{"step_notice", level::warn, "coordination",
                                   "run pipeline step attempt kind text",
                                   "a step that succeeded has something to say to people"};
inline constexpr event node_told{"node_told", level::info, "operation", "node what by reason",
                                 "somebody has changed a node while it runs"};
inline constexpr event options_read{"options_read", level::info, "node", "changed needs_restart",
                                    "the node was told to read its options again"};
inline constexpr event options_not_read{"options_not_read", level::error, "node", "reason",
                                        "the options have a mistake; those before count"};
inline constexpr event rules_read{"rules_read", level::info, "operation", "file rules",
                                  "the rules of alerts were read"};
inline constexpr event rules_not_read{"rules_not_read", level::error, "operation", "reason",
                                      "the rules of alerts have a mistake; those before count"};
inline constexpr event alert_pending{"alert_pending", level::info, "operation",
                                     "rule labels value summary",
                                     "the rule holds, not yet for as long as it says"};
inline constexpr event alert_firing{"alert_firing", level::warn, "operation",
                                    "rule severity labels value summary silenced",
                                    "an alert began; those who are to know are told"};
inline constexpr event alert_resolved{"alert_resolved", level::info, "operation",
                                      "rule severity labels summary", "an alert is over"};
inline constexpr event alert_silenced{"alert_silenced", level::info, "operation",
                                      "rule labels until by reason",
                                      "nobody is told of these alerts for a while, or is again"};
inline constexpr event notification_failed{"notification_failed", level::error, "operation",
                                           "rule to reason tries",
                                           "an alert could not be told; nobody tries again"};

/// All of them, for those who name events in a file.
inline constexpr const event* all[] = {&node_stops,
                                       &node_fails,
                                       &node_not_started,
                                       &node_starts,
                                       &leftovers_ended,
                                       &actor_start_failed,
                                       &actor_died,
                                       &output_not_kept,
                                       &audit_not_written,
                                       &journal_stalled,
                                       &journal_resumed,
                                       &journal_not_pruned,
                                       &run_pruned,
                                       &node_drained,
                                       &pipeline_paused,
                                       &pool_set,
                                       &step_rate_set,
                                       &step_timeout_set,
                                       &schedule_paused,
                                       &schedule_begins,
                                       &schedule_passed,
                                       &run_submitted,
                                       &run_ended,
                                       &run_cancel_requested,
                                       &run_paused,
                                       &step_marked,
                                       &step_failed,
                                       &step_crashed,
                                       &group_restarted,
                                       &step_started,
                                       &step_finished,
                                       &step_changed,
                                       &pipeline_not_copied,
                                       &pipeline_refused,
                                       &pipelines_read,
                                       &schedule_held,
                                       &journal_recovered,
                                       &node_lost,
                                       &node_joined,
                                       &node_left,
                                       &journal_writable_again,
                                       &supervisor_heard_again,
                                       &frame_refused,
                                       &hello_refused,
                                       &supervisor_silent,
                                       &socket_listens,
                                       &access_read,
                                       &access_not_read,
                                       &peer_refused,
                                       &cluster_refuses_us,
                                       &node_not_itself,
                                       &change_not_in_audit,
                                       &login,
                                       &login_refused,
                                       &artifact_spoilt,
                                       &http_listens,
                                       &request_denied,
                                       &secret_readable,
                                       &joined_cluster,
                                       &step_host_died,
                                       &step_host_not_started,
                                       &artifacts_collected,
                                       &lines_dropped,
                                       &lines_not_kept,
                                       &log_store_begun_anew,
                                       &journal_slow,
                                       &schedule_missed,
                                       &step_notice,
                                       &node_told,
                                       &options_read,
                                       &options_not_read,
                                       &rules_read,
                                       &rules_not_read,
                                       &alert_pending,
                                       &alert_firing,
                                       &alert_resolved,
                                       &alert_silenced,
                                       &notification_failed};

}  // namespace artel::events
