// Every message's number on the wire: by hand, never reused, never renumbered (tests/golden keeps
// the bytes of each). messages/README.md says of each who sends it to whom; tests/tidy compares the
// two.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "messages/admin.hpp"
#include "messages/artifact.hpp"
#include "messages/browse.hpp"
#include "messages/cluster.hpp"
#include "messages/dispatch.hpp"
#include "messages/log.hpp"
#include "messages/operation.hpp"
#include "messages/report.hpp"

namespace artel {

using message_no = std::uint16_t;

template <message_no Number, class Message>
struct catalog_entry {
  static constexpr message_no number = Number;
  using message = Message;
  std::string_view name;
};

#define ARTEL_MESSAGE(number, type) \
  catalog_entry<number, type> { #type }

inline constexpr auto catalog = std::make_tuple(
    // cluster
    ARTEL_MESSAGE(0x01, hello), ARTEL_MESSAGE(0x02, welcome), ARTEL_MESSAGE(0x03, refused),
    ARTEL_MESSAGE(0x04, who_are_you), ARTEL_MESSAGE(0x05, heartbeat), ARTEL_MESSAGE(0x06, resume),
    ARTEL_MESSAGE(0x07, goodbye), ARTEL_MESSAGE(0x08, node_tree), ARTEL_MESSAGE(0x09, log_lines),
    ARTEL_MESSAGE(0x0a, lines_taken), ARTEL_MESSAGE(0x0b, node_usage),
    ARTEL_MESSAGE(0x0c, node_change), ARTEL_MESSAGE(0x0d, node_changed),
    // dispatch
    ARTEL_MESSAGE(0x10, run_steps), ARTEL_MESSAGE(0x11, cancel_steps),
    ARTEL_MESSAGE(0x12, publish_steps), ARTEL_MESSAGE(0x13, discard_steps),
    ARTEL_MESSAGE(0x14, cores_allotted),
    // report
    ARTEL_MESSAGE(0x20, steps_reported), ARTEL_MESSAGE(0x21, steps_progressed),
    ARTEL_MESSAGE(0x22, step_output), ARTEL_MESSAGE(0x23, host_ready),
    ARTEL_MESSAGE(0x24, attempt_began),
    // artifact
    ARTEL_MESSAGE(0x30, read_blob), ARTEL_MESSAGE(0x31, blob_piece),
    // admin
    ARTEL_MESSAGE(0x40, submit_run), ARTEL_MESSAGE(0x41, run_accepted),
    ARTEL_MESSAGE(0x42, list_runs), ARTEL_MESSAGE(0x43, runs_listed), ARTEL_MESSAGE(0x44, show_run),
    ARTEL_MESSAGE(0x45, run_shown), ARTEL_MESSAGE(0x46, read_log), ARTEL_MESSAGE(0x47, log_read),
    ARTEL_MESSAGE(0x48, cancel_run), ARTEL_MESSAGE(0x49, done_so), ARTEL_MESSAGE(0x4a, list_nodes),
    ARTEL_MESSAGE(0x4b, nodes_listed), ARTEL_MESSAGE(0x4c, show_tree),
    ARTEL_MESSAGE(0x4d, tree_shown), ARTEL_MESSAGE(0x4e, explain_step),
    ARTEL_MESSAGE(0x4f, step_explained), ARTEL_MESSAGE(0x50, ping), ARTEL_MESSAGE(0x51, pong),
    ARTEL_MESSAGE(0x52, drain_node), ARTEL_MESSAGE(0x53, pause_work),
    ARTEL_MESSAGE(0x54, mark_step), ARTEL_MESSAGE(0x55, retry_run),
    ARTEL_MESSAGE(0x56, list_schedules), ARTEL_MESSAGE(0x57, schedules_listed),
    ARTEL_MESSAGE(0x58, preview_schedule), ARTEL_MESSAGE(0x59, schedule_previewed),
    ARTEL_MESSAGE(0x5a, start_planned), ARTEL_MESSAGE(0x5b, set_pool),
    ARTEL_MESSAGE(0x5c, list_pools), ARTEL_MESSAGE(0x5d, pools_listed),
    ARTEL_MESSAGE(0x5e, list_artifacts), ARTEL_MESSAGE(0x5f, artifacts_listed),
    ARTEL_MESSAGE(0x60, list_audit), ARTEL_MESSAGE(0x61, audit_listed),
    ARTEL_MESSAGE(0x62, read_lines), ARTEL_MESSAGE(0x63, lines_read),
    ARTEL_MESSAGE(0x64, read_events), ARTEL_MESSAGE(0x65, events_read),
    ARTEL_MESSAGE(0x66, list_attempts), ARTEL_MESSAGE(0x67, attempts_listed),
    ARTEL_MESSAGE(0x68, read_metrics), ARTEL_MESSAGE(0x69, metrics_read),
    ARTEL_MESSAGE(0x6a, change_node), ARTEL_MESSAGE(0x6b, list_alerts),
    ARTEL_MESSAGE(0x6c, alerts_listed), ARTEL_MESSAGE(0x6d, silence_alerts),
    ARTEL_MESSAGE(0x6e, limit_step), ARTEL_MESSAGE(0x6f, list_limits),
    ARTEL_MESSAGE(0x70, limits_listed), ARTEL_MESSAGE(0x71, find_runs),
    ARTEL_MESSAGE(0x72, runs_found), ARTEL_MESSAGE(0x73, list_pipelines),
    ARTEL_MESSAGE(0x74, pipelines_listed), ARTEL_MESSAGE(0x75, show_pipeline),
    ARTEL_MESSAGE(0x76, pipeline_shown), ARTEL_MESSAGE(0x77, watch_changes),
    ARTEL_MESSAGE(0x78, changes_seen), ARTEL_MESSAGE(0x79, find_results),
    ARTEL_MESSAGE(0x7a, results_found), ARTEL_MESSAGE(0x7b, read_history),
    ARTEL_MESSAGE(0x7c, history_read), ARTEL_MESSAGE(0x7d, read_artifact),
    ARTEL_MESSAGE(0x7e, artifact_read), ARTEL_MESSAGE(0x7f, await_run));

#undef ARTEL_MESSAGE

/// The number of message type T; does not compile for a type that is not in the catalog.
template <class T>
constexpr message_no number_of() {
  return std::apply(
      [](auto... entry) {
        message_no found = 0;
        ((found = std::is_same_v<typename decltype(entry)::message, T> ? decltype(entry)::number
                                                                       : found),
         ...);
        return found;
      },
      catalog);
}

/// "hello" for 0x01; empty for a number that is not in the catalog.
constexpr std::string_view name_of(message_no number) {
  return std::apply(
      [number](auto... entry) {
        std::string_view found;
        ((found = decltype(entry)::number == number ? entry.name : found), ...);
        return found;
      },
      catalog);
}

}  // namespace artel
