#include "nodes/worker_node.hpp"

#include <sys/prctl.h>
#include <unistd.h>
#include <caf/scoped_actor.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <thread>

#include "actors/logging/events.hpp"
#include "actors/transport/bridges.hpp"
#include "actors/transport/endpoint.hpp"
#include "actors/work/artifact_keeper.hpp"
#include "actors/work/environment.hpp"
#include "actors/work/log_sender.hpp"
#include "actors/work/process_tree.hpp"
#include "actors/work/publisher.hpp"
#include "actors/work/worker.hpp"
#include "config/quantities.hpp"
#include "messages/plain_text.hpp"
#include "nodes/runtime/log_arguments.hpp"
#include "nodes/runtime/node_options.hpp"
#include "nodes/runtime/runtime.hpp"

extern char** environ;  // NOLINT

namespace artel::nodes {
namespace {

struct worker_arguments {
  std::string name;
  std::string cluster = "tcp://127.0.0.1:7400";
  std::uint32_t slots = std::max(1U, std::thread::hardware_concurrency());
  std::uint32_t hosts = 0;  ///< 0: as many as slots
  double cpu = std::max(1U, std::thread::hardware_concurrency());
  std::string memory;
  std::uint32_t gpu = 0;
  std::vector<std::string> counters;  ///< NAME=COUNT
  std::vector<std::string> labels;
  std::string step_host = binary_folder() + "/artel-step-host";
  std::string output_max = "4MB";
  std::vector<std::string> pass_env;
  std::string secrets;  ///< folder
  std::string store = default_data_folder() + "/store";
  std::string keep_artifacts = "14d";
  bool control_groups = true;
  std::string key_file, server_key;
  transport::client_keys keys;  ///< read from these
  log_arguments log;
  bool stop_with_stdin = false;
};

std::uint64_t memory_of_host() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0
             ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size)
             : 0;
}

work::node_mark mark_of(const worker_arguments& given) {
  return {given.name, given.cluster, work::identity_of_this_process()};
}

outcome<std::map<std::string, std::uint32_t>> counters_of(const worker_arguments& given) {
  std::map<std::string, std::uint32_t> counters;
  for (const auto& each : given.counters) {
    const auto equals = std::min(each.find('='), each.size());
    const auto count =
        config::whole_number(std::string_view(each).substr(std::min(equals + 1, each.size())));
    if (equals == 0 || !count || *count > 1'000'000)
      return bad_input("--counter '" + each + "': expected NAME=COUNT such as licences=4");
    counters[each.substr(0, equals)] = static_cast<std::uint32_t>(*count);
  }
  return counters;
}

/// Everything that can be known of options without having begun with them.
outcome<done> check(worker_arguments& given) {
  if (auto good = transport::check_endpoint(given.cluster); !good) return good;
  auto keys = transport::read_client_keys(given.key_file, given.server_key);
  if (!keys) return keys.error();
  given.keys = *std::move(keys);
  if (!given.keys.any() && !transport::is_of_this_host(given.cluster))
    return bad_input("--cluster " + given.cluster +
                     ": a supervisor node on another host answers only who shows a key; give --key "
                     "and --server-key (docs/SECURITY.md)");
  if (!is_node_name(given.name))
    return bad_input("--name '" + one_line(given.name) + "': " + node_name_form);
  if (auto good = check_logging(given.log); !good) return good;
  if (::access(given.step_host.c_str(), X_OK) != 0)
    return trouble{trouble_code::unavailable,
                   "the step host program '" + given.step_host +
                       "' can not be executed; name it with --step-host"};
  if (!given.memory.empty() && !config::size_bytes(given.memory))
    return bad_input("--memory '" + given.memory + "': expected a size such as 512MB or 4GB");
  if (const auto counters = counters_of(given); !counters) return counters.error();
  if (!config::size_bytes(given.output_max))
    return bad_input("--output-max '" + given.output_max + "': expected a size such as 4MB");
  if (config::duration_ms(given.keep_artifacts).value_or(0) == 0)
    return bad_input("--keep-artifacts '" + given.keep_artifacts +
                     "': expected a duration such as 14d");
  if (std::error_code none;
      !given.secrets.empty() && !std::filesystem::is_directory(given.secrets, none))
    return bad_input("--secrets " + given.secrets +
                     ": is no folder; expected one with a file for each secret");
  return done{};
}

outcome<work::worker_options> options_of(worker_arguments& given, const worker_kind& what,
                                         const directory_ptr& names) {
  if (auto good = check(given); !good) return good.error();
  const auto memory = given.memory.empty() ? memory_of_host() : *config::size_bytes(given.memory);
  auto lane = work::store_lane::take(given.store, given.name);
  if (!lane) return trouble{lane.error().code, "--store: " + lane.error().text};
  const auto store = work::disk_store::open(*lane);
  if (!store) return trouble{store.error().code, "--store: " + store.error().text};
  work::worker_options options;
  options.names = names;
  options.admitted_prefix = what.admitted_prefix;
  const auto hosts = given.hosts == 0 ? given.slots : given.hosts;
  options.pump = {given.step_host,
                  given.slots,
                  static_cast<std::uint32_t>(given.cpu * 1000),
                  hosts,
                  *config::size_bytes(given.output_max),
                  {},
                  {}};
  options.pump.environment = work::limited_environment(environ, given.pass_env);
  // Threads of OpenMP that wait would else spin on cores that other steps need; some turns, of a
  // few microseconds, cost nobody anything and spare most of the sleeps.
  for (const std::string each : {"OMP_WAIT_POLICY=passive", "GOMP_SPINCOUNT=2000"})
    if (std::none_of(options.pump.environment.begin(), options.pump.environment.end(),
                     [name = each.substr(0, each.find('=') + 1)](const auto& given_one) {
                       return given_one.starts_with(name);
                     }))
      options.pump.environment.push_back(each);
  options.pump.secrets = work::secret_store(given.secrets);
  for (auto& each : mark_of(given).environment())
    options.pump.environment.push_back(std::move(each));
  options.introduction = {what.kind,
                          version(),
                          host_name(),
                          static_cast<std::uint32_t>(::getpid()),
                          {given.slots, static_cast<std::uint32_t>(given.cpu * 1000), memory,
                           given.gpu, *counters_of(given)},
                          given.labels,
                          what.offers,
                          {},
                          (*store)->id()};
  options.pump.attempts = lane->attempts();
  options.lane = std::make_shared<const work::store_lane>(*std::move(lane));
  return options;
}

std::vector<supervision::child> children_of(const worker_arguments& given, const worker_kind& what,
                                            const work::worker_options& worker,
                                            const directory_ptr& names, stop_request& stop) {
  const auto permanent = [](const char* id) { return core::child_spec{id}; };
  const transport::worker_bridge_options bridge{
      given.name,
      random_number() | 1,
      given.cluster,
      names,
      [&stop](const std::string& why) { stop.ask(exit_bad_input, why); },
      given.keys};
  std::vector<supervision::child> children;
  children.push_back(
      {permanent(artel::names::publisher), [stop = worker.stop_publishing](caf::local_actor& self) {
         return self.spawn<work::publisher, caf::detached>(stop);
       }});
  const work::store_options store{
      worker.lane, given.name, names,
      std::chrono::seconds(*config::duration_ms(given.keep_artifacts) / 1'000)};
  children.push_back({permanent(artel::names::artifacts), [store](caf::local_actor& self) {
                        return self.spawn<work::artifact_keeper, caf::detached>(store);
                      }});
  children.push_back({permanent(artel::names::blobs), [store](caf::local_actor& self) {
                        return self.spawn<work::blob_server, caf::detached>(store);
                      }});
  if (what.admission) children.push_back({permanent(artel::names::admission), what.admission});
  // A restarted worker knows of no attempt: the bridge after it is restarted too, and the hello
  // that follows says so.
  children.push_back({permanent(artel::names::bridge), [=](caf::local_actor& self) {
                        return self.spawn<transport::worker_bridge>(bridge);
                      }});
  children.push_back({permanent(artel::names::worker),
                      [=](caf::local_actor& self) { return self.spawn<work::worker>(worker); }});
  const work::log_sender_options log{names};
  children.push_back({permanent(artel::names::log_sender),
                      [=](caf::local_actor& self) { return self.spawn<work::log_sender>(log); }});
  return children;
}

/// Attempts go back to the cluster at once instead of after a lease.
void leave_cluster(caf::actor_system& system, const directory_ptr& names, const std::string& why) {
  const auto worker = names->find(artel::names::worker);
  if (!worker) return;
  caf::scoped_actor self(system);
  self->request(worker, std::chrono::seconds(5), work::leave_cluster{why})
      .receive([](work::has_left) {}, [](caf::error&) {});
}

void declare(CLI::App& app, worker_arguments& given);

/// What can change while the node runs does: the log's levels and file, and the slots.
void read_again(int argc, char** argv, const node_options& before, const worker_kind& what,
                const directory_ptr& names, std::uint32_t& slots_before) {
  if (const auto good = logging::open_anew(); !good)
    logging::note(events::options_not_read, {{"reason", good.error().text}});
  worker_arguments given;
  node_options anew(what.program, what.kind, "");
  declare(anew.app(), given);
  auto good = anew.parse_again(argc, argv);
  if (given.name.empty()) given.name = what.kind + "@" + host_name();
  if (good) good = check(given);
  if (!good) return logging::note(events::options_not_read, {{"reason", good.error().text}});
  auto changed = anew.changed_from(before);
  std::vector<std::string> done_now;
  std::erase(changed, "log-level"), std::erase(changed, "slots");
  if (given.log.how.levels != logging::levels_now()) {
    static_cast<void>(logging::set_levels(given.log.how.levels));
    done_now.push_back("log-level");
  }
  {  // also when somebody has changed them since
    change_node slots;
    slots.node = given.name;
    slots.slots = given.slots;
    slots.by = "the options";
    if (const auto worker = names->find(artel::names::worker))
      caf::anon_send(worker, change_received{{0, slots}});
    if (std::exchange(slots_before, given.slots) != given.slots) done_now.push_back("slots");
  }
  logging::note(events::options_read,
                {{"changed", joined(done_now)}, {"needs_restart", joined(changed)}});
}

int run(worker_arguments given, const worker_kind& what, const node_options& parsed, int argc,
        char** argv) {
  const auto refuse = [&](const trouble& why) {
    std::cerr << what.program << ": " << why.text << '\n';
    return exit_code_of(why.code);
  };
  const auto names = std::make_shared<directory>();
  auto options = options_of(given, what, names);
  if (!options) return refuse(options.error());
  if (parsed.only_check()) return parsed.say_good();
  if (auto good = start_logging(given.name, given.log); !good) return refuse(good.error());
  logging::open_tap();
  block_signals();
  ::prctl(PR_SET_CHILD_SUBREAPER,
          1);  // what a dead step host leaves behind comes to us, not to init
  options->pump.groups = std::make_shared<const work::control_groups>(
      given.control_groups ? work::control_groups::of_this_process() : work::control_groups());
  if (const auto ended = work::end_leftovers(mark_of(given)); ended != 0)
    logging::note(events::leftovers_ended,
                  {{"processes", ended}, {"reason", "an earlier life of this node was killed"}});
  stop_request stop;
  node_tree_options tree;
  tree.stop_with_stdin = given.stop_with_stdin;
  tree.heart = artel::names::worker;
  if (parsed.app().get_config_ptr()->count() != 0 || !given.log.how.file.empty())
    tree.read_again = [&, slots = given.slots](caf::actor_system&) mutable {
      read_again(argc, argv, parsed, what, names, slots);
    };
  tree.root.node = given.name;
  tree.root.names = names;
  tree.root.seed = random_number();
  tree.root.spec.how = core::strategy::one_for_all;
  tree.root.spec.intensity = {5, 60'000};
  tree.root.children = children_of(given, what, *options, names, stop);
  tree.before_stop = [&](caf::actor_system& system, const std::string& why) {
    leave_cluster(system, names, why);
  };
  logging::note(events::node_starts, {{"kind", what.kind},
                                      {"version", version()},
                                      {"pid", ::getpid()},
                                      {"cluster", given.cluster},
                                      {"slots", given.slots},
                                      {"hosts", options->pump.hosts},
                                      {"limits", options->pump.groups->describe()}});
  const auto code = run_node(std::move(tree), stop);
  options->pump.groups->tidy_up();
  return code;
}

void declare(CLI::App& app, worker_arguments& given) {
  app.add_option("--name", given.name, "name of this node, unique in the cluster")
      ->capture_default_str();
  app.add_option("--cluster", given.cluster,
                 "endpoint of the supervisor node (tcp://HOST:PORT or ipc:///PATH)")
      ->capture_default_str();
  app.add_option("--key", given.key_file, "this node's key file ('artel keys new NAME')");
  app.add_option("--server-key", given.server_key,
                 "public key of the supervisor node, or a file with it");
  app.add_option("--slots", given.slots, "attempts at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--hosts", given.hosts,
                 "step host processes (default: one per slot; fewer make small native steps queue "
                 "up in them)")
      ->check(CLI::Range(1, 1'024));
  app.add_option("--cpu", given.cpu, "cores that steps may ask for")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 4'096.0));
  app.add_option("--memory", given.memory,
                 "memory that steps may ask for, e.g. 8GB (default: all)");
  app.add_option("--gpu", given.gpu, "gpus that steps may ask for")->capture_default_str();
  app.add_option("--counter", given.counters,
                 "NAME=COUNT: what else it has that steps may ask for, e.g. licences=4; may be "
                 "given several times");
  app.add_option("--label", given.labels,
                 "a label that steps may ask for; may be given several times");
  app.add_option("--step-host", given.step_host, "the step host program")->capture_default_str();
  app.add_option("--output-max", given.output_max, "stdout and stderr kept of one attempt")
      ->capture_default_str();
  app.add_option("--secrets", given.secrets,
                 "folder with a file for each secret that steps may ask for; beside it variables "
                 "ARTEL_SECRET_NAME");
  app.add_option("--store", given.store,
                 "folder for artifacts; worker nodes of a host may share one")
      ->capture_default_str();
  app.add_option("--keep-artifacts", given.keep_artifacts,
                 "how long after its last use an artifact is collected")
      ->capture_default_str();
  app.add_option("--pass-env", given.pass_env,
                 "a variable of this node's environment that steps get as well; NAME* is a "
                 "beginning; may be given several times");
  app.add_flag("!--no-control-groups", given.control_groups,
               "watch what steps use instead of having the kernel do it");
  add_log_options(app, given.log);
  app.add_flag("--stop-with-stdin", given.stop_with_stdin, "end when stdin closes");
}

}  // namespace

int worker_main(int argc, char** argv, const worker_kind& what) {
  worker_arguments given;
  given.name = what.kind + "@" + host_name();
  node_options options(what.program, what.kind, "a worker node of an Artel cluster");
  declare(options.app(), given);
  if (const auto over = options.parse(argc, argv)) return *over;
  return run(given, what, options, argc, argv);
}

}  // namespace artel::nodes
