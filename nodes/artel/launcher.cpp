#include "nodes/artel/launcher.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "actors/transport/endpoint.hpp"

extern char** environ;  // NOLINT

namespace artel::cli {
namespace {

constexpr auto look_again = std::chrono::milliseconds(20);
constexpr auto start_patience = std::chrono::seconds(15);
constexpr auto stop_patience = std::chrono::seconds(10);
using clock = std::chrono::steady_clock;

/// The last lines of a log, for an error message.
std::string last_lines(const std::string& path, std::size_t count) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.erase(lines.begin());
  }
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace

bool cluster_answers(const context& cli) {
  if (transport::surely_nobody_listens(cli.admin_endpoint())) return false;
  transport::admin_client client(cli.admin_endpoint(), std::chrono::milliseconds(500), cli.keys);
  return static_cast<bool>(client.ask<pong>(ping{"are you there?"}));
}

outcome<done> launcher::spawn(const std::string& program, const std::string& name,
                              const std::string& log, std::vector<std::string> arguments) {
  const auto path = nodes::binary_folder() + "/" + program;
  if (::access(path.c_str(), X_OK) != 0)
    return trouble{trouble_code::unavailable, path + " is missing; it belongs beside this program"};
  if (life_line_ < 0) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      return trouble{trouble_code::io_error, std::string("pipe: ") + std::strerror(errno)};
    ::dup3(ends[0], 200, O_CLOEXEC);  // a number that the file actions below do not touch
    ::close(ends[0]);
    life_line_ = ends[1];
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, 200, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  // A process group of its own: Ctrl-C reaches us, and we stop the nodes in order.
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  arguments.insert(arguments.begin(), program);
  arguments.insert(arguments.end(), {"--name", name, "--stop-with-stdin"});
  std::vector<char*> argv;
  for (auto& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  child one{name, log, -1};
  const int result =
      ::posix_spawn(&one.pid, path.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (result != 0) return trouble{trouble_code::io_error, path + ": " + std::strerror(result)};
  children_.push_back(std::move(one));
  return done{};
}

trouble launcher::end_of(const child& one) const {
  const bool unavailable =
      WIFEXITED(one.status) && WEXITSTATUS(one.status) == nodes::exit_unavailable;
  return {unavailable ? trouble_code::unavailable : trouble_code::internal,
          "node '" + one.name + "' ended while starting; the end of " + one.log + ":" +
              last_lines(one.log, 4)};
}

outcome<done> launcher::start(const context& cli, const up_options& what) {
  const auto logs = cli.data + "/logs";
  std::error_code problem;
  std::filesystem::create_directories(logs, problem);
  if (problem)
    return trouble{trouble_code::io_error, "data folder '" + cli.data + "' can not be written: " +
                                               problem.message() + "; choose another with --data"};
  const auto cluster = what.cluster.empty() ? "ipc://" + cli.data + "/cluster.sock" : what.cluster;
  std::vector<std::string> of_supervisor{"--data",      cli.data,      "--cluster",
                                         cluster,       "--admin",     cli.admin_endpoint(),
                                         "--log-level", what.log_level};
  if (!what.http.empty()) of_supervisor.insert(of_supervisor.end(), {"--http", what.http});
  if (!what.pipelines.empty())
    of_supervisor.insert(of_supervisor.end(), {"--pipelines", what.pipelines});
  auto good =
      spawn("artel-supervisor", "supervisor", logs + "/supervisor.log", std::move(of_supervisor));
  const auto start_workers = [&](const std::string& kind, std::uint32_t count) {
    for (std::uint32_t i = 1; i <= count && good; ++i) {
      const auto name = kind + "-" + std::to_string(i);
      std::vector<std::string> arguments{"--cluster", cluster, "--log-level", what.log_level};
      arguments.insert(arguments.end(), {"--store", cli.data + "/store"});
      for (const auto& each : what.pass_env)
        arguments.insert(arguments.end(), {"--pass-env", each});
      if (what.slots != 0)
        arguments.insert(arguments.end(), {"--slots", std::to_string(what.slots)});
      good = spawn("artel-" + kind, name, logs + "/" + name + ".log", std::move(arguments));
    }
  };
  start_workers("trainer", what.trainers);
  start_workers("analyzer", what.analyzers);
  if (!good) return good;

  const auto deadline = clock::now() + start_patience;
  while (clock::now() < deadline) {
    for (auto& one : children_) {
      reap(one, false);
      if (one.ended) return end_of(one);
    }
    if (!transport::surely_nobody_listens(cli.admin_endpoint())) {
      transport::admin_client client(cli.admin_endpoint(), std::chrono::milliseconds(200),
                                     cli.keys);
      const auto said = client.ask<pong>(ping{""});
      if (said && said->nodes >= what.trainers + what.analyzers) return done{};
    }
    std::this_thread::sleep_for(look_again);
  }
  return trouble{trouble_code::unavailable,
                 "the nodes did not come up within 15 s; their logs are in " + logs};
}

void launcher::reap(child& one, bool wait) {
  if (!one.ended && ::waitpid(one.pid, &one.status, wait ? 0 : WNOHANG) == one.pid)
    one.ended = true;
}

void launcher::end(child& one, int signal_number) {
  reap(one, false);
  if (!one.ended) ::kill(one.pid, signal_number);
}

void launcher::stop() {
  // Worker nodes first: they give back what they run while the supervisor node can still write it
  // down.
  const auto stop_some = [&](std::size_t first, std::size_t last) {
    for (auto i = first; i < last; ++i) end(children_[i], SIGTERM);
    const auto deadline = clock::now() + stop_patience;
    for (auto i = first; i < last; ++i) {
      while (!children_[i].ended && clock::now() < deadline) {
        reap(children_[i], false);
        if (!children_[i].ended) std::this_thread::sleep_for(look_again);
      }
      end(children_[i], SIGKILL);
      reap(children_[i], true);
    }
  };
  if (!children_.empty()) {
    stop_some(1, children_.size());
    stop_some(0, 1);
  }
  children_.clear();
  if (life_line_ >= 0) ::close(life_line_), ::close(200);
  life_line_ = -1;
}

std::string launcher::fallen() {
  for (auto& one : children_) {
    reap(one, false);
    if (one.ended) return one.name;
  }
  return {};
}

std::vector<std::string> launcher::describe() const {
  std::vector<std::string> lines;
  for (const auto& one : children_)
    lines.push_back(one.name + " (pid " + std::to_string(one.pid) + ", log " + one.log + ")");
  return lines;
}

}  // namespace artel::cli
