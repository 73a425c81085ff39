// A supervisor node and a worker node for a benchmark: real programs on this machine, gone at the
// end.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "actors/transport/admin_client.hpp"
#include "bench/figures.hpp"

extern char** environ;  // NOLINT

namespace artel::bench {

inline int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

inline pid_t start(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  arguments.insert(arguments.end(), {"--log-level", "warn"});
  std::vector<char*> argv;
  for (auto& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (::posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv.data(), environ) != 0) {
    std::perror(program.c_str());
    std::exit(1);
  }
  return pid;
}

/// A field of /proc/PID/status, in MB.
inline double resident_mb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return double(std::atol(line.c_str() + 6)) / 1024;
  return 0;
}

inline pid_t child_of(pid_t parent) {
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
    std::ifstream children(task.path() / "children");
    pid_t pid = 0;
    if (children >> pid) return pid;
  }
  return 0;
}

class cluster {
public:
  /// Over TCP loopback; `worker`: arguments of the worker node.
  explicit cluster(std::vector<std::string> worker) {
    std::string name = (std::filesystem::temp_directory_path() / "artel-bench.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    folder_ = name;
    const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    const auto endpoint = "tcp://127.0.0.1:" + std::to_string(free_port());
    supervisor_ = start(programs + "/artel-supervisor", {"--data", folder_, "--cluster", endpoint});
    std::vector<std::string> all{"--cluster", endpoint,  "--name",
                                 "bench",     "--store", folder_ + "/store"};
    all.insert(all.end(), worker.begin(), worker.end());
    worker_ = start(programs + "/artel-trainer", all);
    client_.emplace("ipc://" + folder_ + "/admin.sock", std::chrono::seconds(60));
    for (;;) {
      const auto said = client_->ask<pong>(ping{""});
      if (said && said->nodes == 1) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;
  ~cluster() { end(); }

  /// Seconds from the submission to the run's durable end, as a client hears of it.
  double run(const std::string& pipeline) {
    submit_run request;
    request.run = make_run_id(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count()),
        chance_(), chance_());
    request.pipeline = pipeline;
    request.file = "bench.yaml";
    request.by = "bench";
    const auto begin = clock_type::now();
    if (const auto accepted = client_->ask<run_accepted>(request); !accepted)
      fail(accepted.error().text);
    for (;;) {
      const auto shown = client_->ask<run_shown>(await_run{to_text(request.run), wait_ms_max});
      if (!shown) fail(shown.error().text);
      if (shown->summary.state == run_state::succeeded) return seconds_since(begin);
      if (shown->summary.state != run_state::running)
        fail("a run did not succeed: " + shown->reason);
    }
  }

  [[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    end();
    std::_Exit(1);
  }
  pid_t supervisor() const { return supervisor_; }
  pid_t worker() const { return worker_; }
  const std::string& folder() const { return folder_; }

private:
  void end() {
    for (const auto pid : {worker_, supervisor_}) ::kill(pid, SIGTERM), ::waitpid(pid, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
  pid_t supervisor_ = -1;
  pid_t worker_ = -1;
  std::optional<transport::admin_client> client_;
  std::mt19937_64 chance_{std::random_device{}()};
};

}  // namespace artel::bench
