// artel-supervisor: the supervisor node. Holds the journal, decides, and speaks to worker nodes and
// people.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "actors/coordination/coordinator.hpp"
#include "actors/coordination/pipeline_keeper.hpp"
#include "actors/journal/journal_keeper.hpp"
#include "actors/journal/output_keeper.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/admin.hpp"
#include "actors/operation/gateway.hpp"
#include "actors/operation/metrics.hpp"
#include "actors/transport/bridges.hpp"
#include "actors/transport/endpoint.hpp"
#include "config/quantities.hpp"
#include "nodes/runtime/log_arguments.hpp"
#include "nodes/runtime/runtime.hpp"

namespace artel::nodes {
namespace {

struct supervisor_arguments {
  std::string name = "supervisor";
  std::string data = default_data_folder();
  std::string cluster = "tcp://127.0.0.1:7400";
  std::vector<std::string> admin;
  std::string pipelines;  ///< folder of pipeline files; empty: none
  std::string http;       ///< ADDRESS:PORT; empty: nowhere
  std::string key_file, access_file;
  transport::key_pair keys;  ///< read from key_file
  std::uint32_t heartbeat_ms = 500;
  std::uint32_t lease_ms = 3'000;
  std::string keep = "90d";
  std::uint64_t keep_runs = 1'000;
  std::optional<std::int64_t> keep_ms;  ///< of `keep`; none: forever
  log_arguments log;
  bool stop_with_stdin = false;
};

core::moment now() {
  const auto ms = [](auto since) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  };
  return {ms(std::chrono::system_clock::now().time_since_epoch()),
          ms(std::chrono::steady_clock::now().time_since_epoch())};
}

std::vector<supervision::child> children_of(const supervisor_arguments& given,
                                            const directory_ptr& names) {
  const auto permanent = [](const char* id) { return core::child_spec{id}; };
  const journal::keeper_options journal{given.data + "/journal.sqlite", names,
                                        given.data + "/output", given.keep_ms, given.keep_runs};
  const journal::output_options output{given.data + "/output", names};
  coordination::coordinator_options coordination{names};
  coordination.limits.lease_ms = given.lease_ms;
  coordination.heartbeat_ms = given.heartbeat_ms;
  coordination.seed = random_number();
  coordination.now = now;
  coordination.version = version();
  const transport::supervisor_bridge_options bridge{
      given.name, 0, given.cluster, given.admin, names, given.keys, given.access_file};
  // In the order of who needs whom; rest_for_one restarts what came after the one that died, since
  // it was built upon it.
  std::vector<supervision::child> all{
      {permanent(artel::names::journal),
       [=](caf::local_actor& self) {
         return self.spawn<journal::journal_keeper, caf::detached>(journal);
       }},
      {permanent(artel::names::output),
       [=](caf::local_actor& self) {
         return self.spawn<journal::output_keeper, caf::detached>(output);
       }},
      {permanent(artel::names::coordinator),
       [=](caf::local_actor& self) { return self.spawn<coordination::coordinator>(coordination); }},
      {permanent(artel::names::admin),
       [=](caf::local_actor& self) {
         return self.spawn<operation::admin>(operation::admin_options{names});
       }},
      {permanent(artel::names::bridge),
       [=](caf::local_actor& self) {
         // Each life of the bridge has links of its own: nodes must see that it is another one.
         auto anew = bridge;
         anew.session = random_number() | 1;
         return self.spawn<transport::supervisor_bridge>(anew);
       }},
  };
  const coordination::pipeline_options pipelines{given.pipelines, given.data + "/good_pipelines",
                                                 names};
  all.push_back(
      {permanent(artel::names::metrics), [=, name = given.name](caf::local_actor& self) {
         return self.spawn<operation::metrics>(operation::metrics_options{names, name, version()});
       }});
  if (!given.http.empty())
    all.push_back({permanent(artel::names::gateway), [=, at = given.http](caf::local_actor& self) {
                     return self.spawn<operation::gateway>(operation::gateway_options{names, at});
                   }});
  if (!given.pipelines.empty())
    all.push_back({permanent(artel::names::pipelines), [=](caf::local_actor& self) {
                     return self.spawn<coordination::pipeline_keeper, caf::detached>(pipelines);
                   }});
  return all;
}

/// Nothing listens beyond this host for who has not shown a key; nor does an admin socket over tcp.
outcome<done> check_access(supervisor_arguments& given) {
  if (given.key_file.empty() != given.access_file.empty())
    return bad_input(given.key_file.empty()
                         ? "--access is given without --key; 'artel keys new supervisor' makes one"
                         : "--key is given without --access, the file that says who may connect "
                           "(docs/SECURITY.md)");
  const char* advice = "; give --key and --access (docs/SECURITY.md: three commands), or use ";
  if (given.key_file.empty()) {
    if (!transport::is_of_this_host(given.cluster))
      return bad_input("--cluster " + given.cluster +
                       ": whoever reaches it could run steps here without a key" + advice +
                       "127.0.0.1 or ipc://");
    for (const auto& each : given.admin)
      if (!each.starts_with("ipc://"))
        return bad_input("--admin " + each + ": an admin socket over tcp needs keys" + advice +
                         "ipc://");
    return done{};
  }
  auto keys = transport::read_key_file(given.key_file);
  if (!keys) return keys.error();
  given.keys = *std::move(keys);
  const auto readable = transport::check_access_file(given.access_file);
  return readable;
}

/// Every node and client is a connection; the soft limit is for programs that use select().
void take_all_descriptors() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

outcome<done> check(supervisor_arguments& given) {
  if (given.admin.empty()) given.admin = {"ipc://" + given.data + "/admin.sock"};
  for (const auto& endpoint : given.admin)
    if (auto good = transport::check_endpoint(endpoint); !good) return good;
  if (auto good = transport::check_endpoint(given.cluster); !good) return good;
  if (auto good = check_access(given); !good) return good;
  if (auto good = given.http.empty() ? done{} : operation::check_http_endpoint(given.http); !good)
    return bad_input("--http " + good.error().text);
  if (given.lease_ms < 3 * given.heartbeat_ms)
    return bad_input(
        "--lease-ms " + std::to_string(given.lease_ms) + ": expected at least three heartbeats (" +
        std::to_string(3 * given.heartbeat_ms) + "), or a single lost one ends every attempt");
  if (std::error_code none; !given.pipelines.empty()) {
    given.pipelines = std::filesystem::absolute(given.pipelines).lexically_normal().string();
    if (!std::filesystem::is_directory(given.pipelines, none))
      return bad_input("--pipelines " + given.pipelines +
                       ": is no folder; expected one that holds pipeline files (*.yaml)");
  }
  if (given.keep != "forever") {
    const auto keep = config::duration_ms(given.keep);
    if (!keep)
      return bad_input("--keep '" + given.keep +
                       "': expected a duration such as 30d, or the word forever");
    given.keep_ms = static_cast<std::int64_t>(*keep);
  }
  return done{};
}

int run(supervisor_arguments given) {
  const auto refuse = [](const trouble& why) {
    std::cerr << "artel-supervisor: " << why.text << '\n';
    return exit_code_of(why.code);
  };
  if (auto good = check(given); !good) return refuse(good.error());
  if (auto good = start_logging(given.name, given.log); !good) return refuse(good.error());
  const auto lock = lock_folder(given.data, "supervisor");
  if (!lock) return refuse(lock.error());
  block_signals();
  take_all_descriptors();
  stop_request stop;
  const auto names = std::make_shared<directory>();
  node_tree_options tree;
  tree.stop_with_stdin = given.stop_with_stdin;
  tree.root.node = given.name;
  tree.root.names = names;
  tree.root.seed = random_number();
  tree.root.spec.how = core::strategy::rest_for_one;
  tree.root.spec.intensity = {5, 60'000};
  tree.root.children = children_of(given, names);
  std::string admin_list;
  for (const auto& endpoint : given.admin) admin_list += (admin_list.empty() ? "" : " ") + endpoint;
  logging::note(events::node_starts, {{"kind", "supervisor"},
                                      {"version", version()},
                                      {"pid", ::getpid()},
                                      {"data", given.data},
                                      {"cluster", given.cluster},
                                      {"admin", admin_list}});
  return run_node(std::move(tree), stop);
}

}  // namespace
}  // namespace artel::nodes

int main(int argc, char** argv) {
  artel::nodes::supervisor_arguments given;
  CLI::App app{"artel-supervisor: the supervisor node of an Artel cluster"};
  app.set_version_flag("--version", artel::nodes::version());
  app.add_option("--name", given.name, "name of this node")->capture_default_str();
  app.add_option("--data", given.data, "folder for the journal, outputs and sockets")
      ->capture_default_str();
  app.add_option("--cluster", given.cluster,
                 "endpoint that worker nodes connect to (tcp://HOST:PORT or ipc:///PATH)")
      ->capture_default_str();
  app.add_option("--admin", given.admin,
                 "admin socket; may be given several times (default ipc://DATA/admin.sock)");
  app.add_option(
      "--http", given.http,
      "serve /metrics (for Prometheus) and /healthz there, e.g. 127.0.0.1:9808; no keys: "
      "whoever reaches it may look");
  app.add_option("--key", given.key_file,
                 "this node's key file ('artel keys new supervisor'); with it sockets speak CURVE");
  app.add_option("--access", given.access_file,
                 "file with the keys of nodes and users that may connect, and their roles; read "
                 "again when it changes");
  app.add_option("--pipelines", given.pipelines,
                 "folder of pipeline files (*.yaml), whose schedules start runs; read again when "
                 "they change");
  app.add_option("--heartbeat-ms", given.heartbeat_ms, "how often worker nodes say that they live")
      ->capture_default_str()
      ->check(CLI::Range(20, 60'000));
  app.add_option("--lease-ms", given.lease_ms,
                 "silence after which a node's attempts are given to others")
      ->capture_default_str()
      ->check(CLI::Range(100, 3'600'000));
  app.add_option("--keep", given.keep,
                 "how long ended runs stay in the journal, with their logs: 30d, forever …")
      ->capture_default_str();
  app.add_option("--keep-runs", given.keep_runs, "the newest runs stay in any case")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  add_log_options(app, given.log);
  app.add_flag("--stop-with-stdin", given.stop_with_stdin, "end when stdin closes");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? artel::nodes::exit_ok : artel::nodes::exit_bad_input;
  }
  return artel::nodes::run(std::move(given));
}
