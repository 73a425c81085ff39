// What every verb of the command line shares: where the cluster is and how to print.
#pragma once

#include <iostream>
#include <optional>
#include <string>

#include "actors/transport/admin_client.hpp"
#include "nodes/artel/text.hpp"
#include "nodes/runtime/runtime.hpp"

namespace artel::cli {

struct context {
  std::string data = nodes::default_data_folder();
  std::string admin;  ///< empty: ipc://DATA/admin.sock
  bool as_json = false;
  bool colour = false;
  unsigned timeout_s = 10;
  transport::client_keys keys;  ///< for an admin socket over tcp

  std::string admin_endpoint() const {
    return admin.empty() ? "ipc://" + data + "/admin.sock" : admin;
  }
  transport::admin_client client() const {
    return transport::admin_client(admin_endpoint(), std::chrono::seconds(timeout_s), keys);
  }
};

/// Prints the trouble and gives the exit code that goes with it.
inline int fail(const trouble& why) {
  std::cerr << "artel: " << why.text << '\n';
  return nodes::exit_code_of(why.code);
}

/// Who asks: user@host.
std::string user_name();
/// The id as given, or a new one.
outcome<run_id> new_run_id(const std::string& given);
int print_accepted(const context& cli, const outcome<run_accepted>& accepted);

// One function per verb; each returns the exit code.
int validate(const context& cli, const std::string& file);
/// `format` is text, dot or mermaid.
int graph(const context& cli, const std::string& file, const std::string& format);
struct submit_options {
  std::string file;
  std::vector<std::string> params;
  std::string id;
  std::string key;
  std::optional<std::int32_t> priority;
  bool no_cache = false;
};
int submit(const context& cli, const submit_options& what);
/// Of a run, of all runs of a pipeline or of a node: exactly one is named.
struct pause_options {
  std::string run, pipeline, node, schedule, reason;
};
int pause(const context& cli, const pause_options& what, bool undo);
int mark(const context& cli, const std::string& run, const std::string& step, const std::string& as,
         const std::string& reason);
struct retry_options {
  std::string run = "last";
  std::vector<std::string> from, succeeded;
  bool only_failed = false;
  bool with_downstream = false;
  std::string file, id, reason;
};
int retry(const context& cli, const retry_options& what);
int runs(const context& cli, std::uint32_t limit, const std::string& pipeline);
int show(const context& cli, const std::string& run);
int logs(const context& cli, const std::string& run, const std::string& step, std::uint32_t attempt,
         bool follow);
int cancel(const context& cli, const std::string& run, const std::string& reason);
int list_cluster(const context& cli, bool all);
int drain(const context& cli, const std::string& node, bool undo, const std::string& reason,
          bool wait);
int tree(const context& cli, const std::string& node);
int artifacts(const context& cli, const std::string& run, const std::string& step);
/// Saves an artifact, a file or a folder, at `to`; empty: under its name, here.
int get_artifact(const context& cli, const std::string& run, const std::string& step,
                 const std::string& name, const std::string& to);
int explain(const context& cli, const std::string& run, const std::string& step);

/// Draws the cluster again and again until Ctrl-C, on a terminal; else once.
int top(const context& cli, bool once);
/// What would run where, when and for how long: decided by the core itself, on the nodes as they
/// are.
int dry_run(const context& cli, const submit_options& what);
int set_a_pool(const context& cli, const std::string& name, std::optional<std::uint32_t> limit,
               const std::string& reason);
int list_of_pools(const context& cli);
/// `which` has pipeline, step and reason; "10/m" or "none".
int limit_rate(const context& cli, const limit_step& which, const std::string& rate);
/// "2h" or "none".
int limit_time(const context& cli, const limit_step& which, const std::string& length);
int list_of_limits(const context& cli, const std::string& pipeline);

// ---- security.cpp ----
int new_key(const context& cli, const std::string& name, const std::string& folder);
int show_key(const std::string& file);
int hash_a_password();
int show_page(const context& cli);
int audit(const context& cli, std::uint32_t limit, const std::string& by);

// ---- schedules.cpp ----
struct schedule_options {
  std::string name;
  std::string from, to;  ///< moments, by the clock of the schedule's zone
  std::uint32_t count = 10;
  std::uint32_t runs_max = 1'000;
  std::uint32_t parallel = 1;
  bool dry_run = false;
  std::vector<std::string> params;
};
int list_of_schedules(const context& cli, const std::string& pipeline);
int preview(const context& cli, const schedule_options& what);
int backfill(const context& cli, const schedule_options& what);

/// -p NAME=VALUE, each name once.
outcome<std::map<std::string, std::string>> parse_params(const std::vector<std::string>& params,
                                                         const char* option = "-p");

/// A pipeline file and -p arguments, checked here with the file's places, made a request. Paths
/// become absolute.
outcome<submit_run> make_submission(const submit_options& what);

}  // namespace artel::cli
