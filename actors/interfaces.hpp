// Every message that actors of one process send each other, on one page, by who speaks. They never
// leave the process, so CAF's serializer never sees them. What travels between nodes is in
// messages/.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/core/fact.hpp"
#include "actors/interfaces_admin.hpp"
#include "messages/cluster.hpp"
#include "messages/dispatch.hpp"
#include "messages/report.hpp"

namespace artel::core {
struct graph;
}

namespace artel {

// Names under which actors find each other after a restart.
namespace names {
inline constexpr const char* bridge = "bridge";
inline constexpr const char* coordinator = "coordinator";
inline constexpr const char* journal = "journal_keeper";
inline constexpr const char* output = "output_keeper";
inline constexpr const char* archive = "archive";
inline constexpr const char* pipelines = "pipeline_keeper";
inline constexpr const char* admin = "admin";
inline constexpr const char* metrics = "metrics";
inline constexpr const char* gateway = "gateway";
inline constexpr const char* log = "log_keeper";
inline constexpr const char* monitor = "monitor";
inline constexpr const char* notifier = "notifier";
inline constexpr const char* worker = "worker";
inline constexpr const char* log_sender = "log_sender";
inline constexpr const char* publisher = "publisher";
inline constexpr const char* artifacts = "artifact_keeper";
inline constexpr const char* blobs = "blob_server";
inline constexpr const char* admission = "admission";  ///< the analyzer or trainer of a worker node
}  // namespace names

// ---- bridge (supervisor node) → coordinator ----

/// A node introduces itself. Answer with admit_node or refuse_node to the bridge.
struct node_hello {
  node_name name;
  session_no session;
  hello what;
  std::uint64_t hello_number;
  session_no bridge;  ///< of the bridge's life: another one knows nothing of what was sent before
};
/// Reports, in order, exactly once per session. Tell the bridge settle_frame when their facts are
/// durable.
struct node_reported {
  node_name name;
  session_no session;
  std::uint64_t sequence;
  steps_reported what;
};
struct node_progressed {
  node_name name;
  session_no session;
  steps_progressed what;
};
struct node_left {
  node_name name;
  session_no session;
  goodbye what;
};
struct node_tree_told {
  node_name name;
  node_tree what;
};
/// Every 100 ms: how long ago each admitted node was last heard.
struct nodes_heard {
  std::vector<std::pair<node_name, std::int64_t>> ms_ago;
};
/// There is no connection to an admitted node and its heartbeats are missing: it was killed, or its
/// host is gone. The coordinator need not wait for the end of its lease.
struct node_unreachable {
  node_name name;
  session_no session;
  std::int64_t silent_ms;
};
/// bridge → output keeper.
struct node_output {
  node_name name;
  session_no session;
  std::uint64_t sequence;
  step_output what;
};

// ---- coordinator, output keeper → bridge ----

struct admit_node {
  node_name name;
  session_no session;
  welcome what;
  std::uint64_t hello_number;
};
struct refuse_node {
  node_name name;
  session_no session;
  refused what;
};
/// The hello was answered before and the node was given up since: a link of that number has been,
/// the node must say another hello.
struct renew_hello {
  node_name name;
  session_no session;
  std::uint64_t hello_number;
};
/// The lease ran out: its next word is answered with who_are_you.
struct forget_node {
  node_name name;
  session_no session;
};
/// What followed from this frame is durable here.
struct settle_frame {
  node_name name;
  session_no session;
  std::uint64_t sequence;
};
using node_order = std::variant<run_steps, cancel_steps, publish_steps, discard_steps>;
struct send_order {
  node_name name;
  session_no session;
  node_order what;
};
using to_bridge =
    std::variant<admit_node, refuse_node, renew_hello, forget_node, settle_frame, send_order>;

// ---- coordinator ↔ journal keeper ----

/// Answered by facts_durable with this or a later batch number, in order. Nothing else follows from
/// the facts before.
struct append_facts {
  std::uint64_t epoch;  ///< of the coordinator's life; comes back in facts_durable
  std::uint64_t batch;
  std::vector<core::fact> facts;
};
struct facts_durable {
  std::uint64_t epoch;
  std::uint64_t batch;
};
/// Writing fails; the facts are kept and tried again until it works (then facts_durable comes).
struct journal_stalled {
  std::string why;
};
/// → recovered_facts: the facts of every run that has not ended, in order, and of the last ended
/// ones.
struct recover_facts {
  std::uint32_t ended_runs;
  std::size_t ended_instances;  ///< of these together, but the last
};
struct recovered_facts {
  std::vector<core::fact> facts;
  core::run_no last_run;
  run_id newest = {};  ///< no run of the journal has an id above it
};
/// → run_known: has the journal this run, or one with this key?
struct knows_run {
  run_id run;
  std::string key;
};
struct run_known {
  std::optional<run_id> as;
};
/// → found_facts: a run that left memory. `run`: id or unique beginning.
struct find_facts {
  std::string run;
};
struct found_facts {
  std::vector<core::fact> facts;
};
/// → facts_read: durable facts behind `after`, of one run (its id; empty: of all), those of the
/// audit log and of results that are kept left out.
struct read_facts {
  std::uint64_t after;
  std::uint32_t limit;
  std::string run;
};
struct facts_read {
  struct numbered {
    std::uint64_t number;
    core::fact what;
    std::string run;  ///< id; empty: of no run
  };
  std::vector<numbered> facts;
  std::uint64_t next_after;
};
/// → runs_listed, of ended runs older than `before` (0: the newest), newest first.
struct list_ended {
  std::uint32_t limit;
  std::string pipeline;
  core::run_no before;
};

// ---- pipeline keeper → coordinator ----

struct pipeline_file {
  std::string file;
  std::string text;
  std::shared_ptr<const core::graph> plan;
};
/// All pipeline files that the supervisor node was given: after each change, and to each new
/// coordinator.
struct pipelines_read {
  std::vector<pipeline_file> files;
  std::vector<std::string> problems;  ///< of files whose last good text is used, or none
};

// ---- bridge (worker node) ↔ worker ----

/// bridge → worker: say who you are; answered by introduce.
struct introduce_yourself {
  std::string reason;
};
/// worker → bridge.
struct introduce {
  hello what;
};
struct welcomed {
  welcome what;
};
struct order_received {
  node_order what;
};
/// worker → bridge; kept until acknowledged.
struct send_reports {
  steps_reported what;
};
/// worker → bridge; dropped while the link is full: the next word of the attempt replaces it.
struct send_progress {
  steps_progressed what;
};
struct send_output {
  step_output what;
};
struct send_tree {
  node_tree what;
};
/// bridge → worker: the link filled up or emptied; while full the worker reads no more output from
/// its steps.
struct link_pressure {
  bool full;
};

// ---- worker ↔ process pump, publisher, admission ----

/// pump → worker.
struct attempts_ended {
  std::vector<step_report> reports;
};
struct attempts_progressed {
  std::vector<step_progress> items;
};
struct attempt_wrote {
  step_output what;
};
/// worker → publisher; answered by outputs_published.
struct publish_output {
  attempt_ref ref;
  std::string step;
  std::string output;
};
struct outputs_published {
  std::vector<step_report> reports;
};
struct discard_output {
  attempt_ref ref;
  std::string step;
  std::string output;
};
/// worker → artifact keeper: make the attempt's folder and bring what it is to find; answered by
/// attempt_prepared.
struct prepare_attempt {
  attempt_ref ref;
  std::vector<input_blob> inputs;
};
struct attempt_prepared {
  attempt_ref ref;
  std::string problem;         ///< empty: it may begin
  std::vector<artifact> gone;  ///< by hash; the name is that of a node that has it not
};
/// worker → artifact keeper: put away what the attempt has made; answered by artifacts_put.
struct put_artifacts {
  attempt_ref ref;
  std::vector<artifact_place> places;
};
struct artifacts_put {
  attempt_ref ref;
  std::vector<artifact> artifacts;
  std::string problem;  ///< empty: all are in the store
};
/// worker → artifact keeper: the attempt has ended, or begins nowhere.
struct clear_attempt {
  attempt_ref ref;
};
/// bridge → blob server: another node wants bytes; answered to the bridge by pieces.
struct blob_asked {
  read_blob what;
};
/// bridge → artifact keeper.
struct piece_came {
  blob_piece what;
};
/// artifact keeper → bridge, blob server → bridge.
struct ask_for_blob {
  read_blob what;
};
struct send_piece {
  blob_piece what;
};
/// worker → admission actor (analyzer, trainer): may these orders run as they are? Answered by
/// orders_admitted, with a report for each order that can not succeed, so that bad input costs no
/// attempt of a step host.
struct admit_orders {
  run_steps what;
};
struct orders_admitted {
  run_steps accepted;
  std::vector<step_report> rejected;
};

// ---- everyone ----

struct tick {};

}  // namespace artel

#define LOCAL(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(artel::type)
// clang-format off
LOCAL(node_hello) LOCAL(node_reported) LOCAL(node_progressed) LOCAL(node_left) LOCAL(node_tree_told)
LOCAL(nodes_heard) LOCAL(node_output) LOCAL(node_unreachable) LOCAL(admit_node) LOCAL(refuse_node)
LOCAL(renew_hello) LOCAL(forget_node) LOCAL(settle_frame) LOCAL(send_order) LOCAL(append_facts)
LOCAL(facts_durable) LOCAL(journal_stalled) LOCAL(recover_facts) LOCAL(recovered_facts)
LOCAL(find_facts) LOCAL(knows_run) LOCAL(run_known) LOCAL(found_facts) LOCAL(list_ended)
LOCAL(runs_listed) LOCAL(read_facts) LOCAL(facts_read)
LOCAL(introduce_yourself) LOCAL(introduce) LOCAL(welcomed) LOCAL(order_received) LOCAL(send_reports)
LOCAL(send_progress) LOCAL(send_output) LOCAL(send_tree) LOCAL(link_pressure) LOCAL(attempts_ended)
LOCAL(attempts_progressed) LOCAL(attempt_wrote) LOCAL(publish_output) LOCAL(outputs_published)
LOCAL(discard_output) LOCAL(admit_orders) LOCAL(orders_admitted) LOCAL(goodbye) LOCAL(tick)
LOCAL(pipelines_read) LOCAL(prepare_attempt) LOCAL(attempt_prepared) LOCAL(put_artifacts)
LOCAL(artifacts_put) LOCAL(clear_attempt) LOCAL(blob_asked) LOCAL(piece_came) LOCAL(ask_for_blob)
LOCAL(send_piece)
// clang-format on
#undef LOCAL
