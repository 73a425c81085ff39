// artel-supervisor: the supervisor node. Holds the journal, decides, and speaks to worker nodes and
// people.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "actors/coordination/coordinator.hpp"
#include "actors/coordination/pipeline_keeper.hpp"
#include "actors/journal/archive.hpp"
#include "actors/journal/journal_keeper.hpp"
#include "actors/journal/log_keeper.hpp"
#include "actors/journal/output_keeper.hpp"
#include "actors/logging/events.hpp"
#include "actors/operation/admin.hpp"
#include "actors/operation/artifact_reader.hpp"
#include "actors/operation/gateway.hpp"
#include "actors/operation/metrics.hpp"
#include "actors/operation/monitor.hpp"
#include "actors/operation/notifier.hpp"
#include "actors/transport/bridges.hpp"
#include "actors/transport/endpoint.hpp"
#include "config/quantities.hpp"
#include "embedded/shipped.hpp"
#include "messages/plain_text.hpp"
#include "nodes/runtime/log_arguments.hpp"
#include "nodes/runtime/node_options.hpp"
#include "nodes/runtime/runtime.hpp"

namespace artel::nodes {
namespace {

struct supervisor_arguments {
  std::string name = "supervisor";
  std::string data = default_data_folder();
  std::string cluster = "tcp://127.0.0.1:7400";
  std::vector<std::string> admin;
  std::string pipelines;             ///< folder of pipeline files; empty: none
  std::string http;                  ///< ADDRESS:PORT; empty: nowhere
  std::string certificate, tls_key;  ///< of http
  bool celery_metrics = false;
  std::string key_file, access_file;
  transport::key_pair keys;  ///< read from key_file
  std::uint32_t heartbeat_ms = 500;
  std::uint32_t lease_ms = 3'000;
  std::string keep = "90d";
  std::uint64_t keep_runs = 1'000;
  std::optional<std::int64_t> keep_ms;  ///< of `keep`; none: forever
  std::string monitor;                  ///< file with rules of alerts; empty: those of Artel
  std::string keep_log = "14d";
  std::string keep_log_size = "1GB";
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

core::child_spec permanent(const char* id) { return core::child_spec{id}; }

/// Those who watch: last, so that nobody is restarted with them.
void add_watchers(const supervisor_arguments& given, const directory_ptr& names,
                  std::vector<supervision::child>& to) {
  const journal::log_options log{given.data + "/log.sqlite", names,
                                 static_cast<std::int64_t>(*config::duration_ms(given.keep_log)),
                                 *config::size_bytes(given.keep_log_size)};
  to.push_back({permanent(artel::names::archive),
                [file = given.data + "/journal.sqlite"](caf::local_actor& self) {
                  return self.spawn<journal::archive, caf::detached>(file);
                }});
  to.push_back({permanent(artel::names::artifacts), [names](caf::local_actor& self) {
                  return self.spawn<operation::artifact_reader>(names);
                }});
  to.push_back({permanent(artel::names::log), [=](caf::local_actor& self) {
                  return self.spawn<journal::log_keeper, caf::detached>(log);
                }});
  to.push_back({permanent(artel::names::notifier), [names](caf::local_actor& self) {
                  return self.spawn<operation::notifier>(names);
                }});
  const operation::monitor_options monitor{names, given.monitor,
                                           std::string(embedded::monitor_yaml),
                                           given.data + "/alerts.json", given.name};
  to.push_back({permanent(artel::names::monitor),
                [=](caf::local_actor& self) { return self.spawn<operation::monitor>(monitor); }});
}

std::vector<supervision::child> children_of(const supervisor_arguments& given,
                                            const directory_ptr& names) {
  const journal::keeper_options journal{given.data + "/journal.sqlite", names,
                                        given.data + "/output", given.keep_ms, given.keep_runs};
  const journal::output_options output{given.data + "/output", names};
  coordination::coordinator_options coordination{names};
  coordination.limits.lease_ms = given.lease_ms;
  coordination.heartbeat_ms = given.heartbeat_ms;
  coordination.seed = random_number();
  coordination.celery_metrics = given.celery_metrics;
  coordination.own_name = given.name;
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
       [=, name = given.name](caf::local_actor& self) {
         return self.spawn<operation::admin>(operation::admin_options{names, name});
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
  std::error_code none;
  std::filesystem::remove(given.data + "/page.address", none);  // of an earlier life
  if (!given.http.empty()) {
    const operation::gateway_options gateway{names,
                                             {given.http, given.certificate, given.tls_key},
                                             given.data,
                                             given.access_file,
                                             version()};
    all.push_back({permanent(artel::names::gateway), [=](caf::local_actor& self) {
                     return self.spawn<operation::gateway, caf::detached>(gateway);
                   }});
  }
  if (!given.pipelines.empty())
    all.push_back({permanent(artel::names::pipelines), [=](caf::local_actor& self) {
                     return self.spawn<coordination::pipeline_keeper, caf::detached>(pipelines);
                   }});
  add_watchers(given, names, all);
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

outcome<done> check_monitor(supervisor_arguments& given) {
  if (const auto keep = config::duration_ms(given.keep_log); !keep || *keep == 0)
    return bad_input("--keep-log '" + given.keep_log + "': expected a duration such as 14d");
  if (const auto size = config::size_bytes(given.keep_log_size); !size || *size < 1'000'000)
    return bad_input("--keep-log-size '" + given.keep_log_size +
                     "': expected a size such as 1GB, 1MB at least");
  if (given.monitor.empty()) return done{};
  given.monitor = std::filesystem::absolute(given.monitor).lexically_normal().string();
  std::ifstream in(given.monitor);
  if (!in) return bad_input("--monitor " + given.monitor + ": can not be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (const auto good = operation::read_rules(text, given.monitor); !good) return good.error();
  return done{};
}

/// Every node and client is a connection; the soft limit is for programs that use select().
void take_all_descriptors() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

outcome<done> check(supervisor_arguments& given) {
  if (!is_node_name(given.name))
    return bad_input("--name '" + one_line(given.name) + "': " + node_name_form);
  if (auto good = check_logging(given.log); !good) return good;
  if (given.admin.empty()) given.admin = {"ipc://" + given.data + "/admin.sock"};
  for (const auto& endpoint : given.admin)
    if (auto good = transport::check_endpoint(endpoint); !good) return good;
  if (auto good = transport::check_endpoint(given.cluster); !good) return good;
  if (auto good = check_access(given); !good) return good;
  if (auto good = given.http.empty() ? done{} : operation::check_http_endpoint(given.http); !good)
    return bad_input("--http " + good.error().text);
  if (given.certificate.empty() != given.tls_key.empty())
    return bad_input("--tls-certificate and --tls-key go together");
  if (!given.certificate.empty())
    if (auto good = operation::check_certificate({given.http, given.certificate, given.tls_key});
        !good)
      return good;
  if (auto good = check_monitor(given); !good) return good;
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

void declare(CLI::App& app, supervisor_arguments& given);

/// What can change while the node runs does: the log's levels and file. The files of access, of
/// pipelines and of rules are looked at all the time.
void read_again(int argc, char** argv, const node_options& before) {
  if (const auto good = logging::open_anew(); !good)
    logging::note(events::options_not_read, {{"reason", good.error().text}});
  supervisor_arguments given;
  node_options anew("artel-supervisor", "supervisor", "");
  declare(anew.app(), given);
  auto good = anew.parse_again(argc, argv);
  if (good) good = check(given);
  auto changed = good ? anew.changed_from(before) : std::vector<std::string>();
  std::erase(changed, "log-level");
  const bool levels = given.log.how.levels != logging::levels_now();
  if (good && levels) good = logging::set_levels(given.log.how.levels);
  if (!good) return logging::note(events::options_not_read, {{"reason", good.error().text}});
  logging::note(events::options_read,
                {{"changed", levels ? "log-level" : ""}, {"needs_restart", joined(changed)}});
}

int run(supervisor_arguments given, const node_options& options, int argc, char** argv) {
  const auto refuse = [](const trouble& why) {
    std::cerr << "artel-supervisor: " << why.text << '\n';
    return exit_code_of(why.code);
  };
  if (auto good = check(given); !good) return refuse(good.error());
  if (options.only_check()) return options.say_good();
  if (auto good = start_logging(given.name, given.log); !good) return refuse(good.error());
  logging::open_tap();
  const auto lock = lock_folder(given.data, "supervisor");
  if (!lock) return refuse(lock.error());
  block_signals();
  take_all_descriptors();
  stop_request stop;
  const auto names = std::make_shared<directory>();
  node_tree_options tree;
  tree.stop_with_stdin = given.stop_with_stdin;
  tree.heart = artel::names::coordinator;
  if (options.app().get_config_ptr()->count() != 0 || !given.log.how.file.empty())
    tree.read_again = [&](caf::actor_system&) { read_again(argc, argv, options); };
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

void declare(CLI::App& app, supervisor_arguments& given) {
  app.add_option("--name", given.name, "name of this node")->capture_default_str();
  app.add_option("--data", given.data, "folder for the journal, outputs and sockets")
      ->capture_default_str();
  app.add_option("--cluster", given.cluster,
                 "endpoint that worker nodes connect to (tcp://HOST:PORT or ipc:///PATH)")
      ->capture_default_str();
  app.add_option("--admin", given.admin,
                 "admin socket; may be given several times (default ipc://DATA/admin.sock)");
  app.add_option("--http", given.http,
                 "serve the page, /metrics (for Prometheus, no login) and /healthz there, e.g. "
                 "127.0.0.1:9808");
  app.add_option("--tls-certificate", given.certificate,
                 "certificate chain (PEM) of --http; the page wants TLS or a loopback address");
  app.add_option("--tls-key", given.tls_key, "its private key (PEM)");
  app.add_flag("--celery-metrics", given.celery_metrics,
               "/metrics also has the names of celery-exporter, for dashboards made for it");
  app.add_option("--key", given.key_file,
                 "this node's key file ('artel keys new supervisor'); with it sockets speak CURVE");
  app.add_option("--access", given.access_file,
                 "file with the keys of nodes and users that may connect, and their roles; read "
                 "again when it changes");
  app.add_option("--pipelines", given.pipelines,
                 "folder of pipeline files (*.yaml), whose schedules start runs; read again when "
                 "they change");
  app.add_option("--monitor", given.monitor,
                 "file with rules of alerts and who is told; read again when it changes (default: "
                 "the rules that come with Artel)");
  app.add_option("--keep-log", given.keep_log, "how long the lines of all nodes' logs are kept")
      ->capture_default_str();
  app.add_option("--keep-log-size", given.keep_log_size, "and how much of them at most")
      ->capture_default_str();
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
}

}  // namespace
}  // namespace artel::nodes

int main(int argc, char** argv) {
  artel::nodes::supervisor_arguments given;
  artel::nodes::node_options options("artel-supervisor", "supervisor",
                                     "the supervisor node of an Artel cluster");
  artel::nodes::declare(options.app(), given);
  if (const auto over = options.parse(argc, argv)) return *over;
  return artel::nodes::run(std::move(given), options, argc, argv);
}
