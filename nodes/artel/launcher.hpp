// Starts the nodes of this host as child processes and stops them again. Each child holds the read
// end of a pipe as its stdin and ends when that closes, so that not even a kill -9 of the command
// line leaves a node behind.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "nodes/artel/context.hpp"

namespace artel::cli {

struct up_options {
  std::string cluster;  ///< empty: ipc://DATA/cluster.sock
  std::uint32_t trainers = 1;
  std::uint32_t analyzers = 1;
  std::uint32_t slots = 0;  ///< of each worker node; 0: its default
  std::string http;         ///< ADDRESS:PORT of the page; empty: none
  std::string pipelines;    ///< folder of pipeline files of the supervisor node; empty: none
  std::string log_level = "info";
  std::vector<std::string> pass_env;  ///< variables that steps get as well
};

class launcher {
public:
  launcher() = default;
  ~launcher() { stop(); }
  launcher(const launcher&) = delete;
  launcher& operator=(const launcher&) = delete;

  /// Starts the supervisor and worker nodes and waits until all have joined. Their logs go to
  /// DATA/logs/NODE.log.
  outcome<done> start(const context& cli, const up_options& what);
  /// SIGTERM to the worker nodes, then to the supervisor node; SIGKILL after 10 s. Waits for all.
  void stop();
  /// Name of a child that has ended by itself; "" when all run.
  std::string fallen();
  bool empty() const { return children_.empty(); }
  std::vector<std::string> describe() const;

private:
  struct child {
    std::string name;
    std::string log;
    pid_t pid;
    int status = 0;
    bool ended = false;
  };
  outcome<done> spawn(const std::string& program, const std::string& name, const std::string& log,
                      std::vector<std::string> arguments);
  trouble end_of(const child& one) const;
  void end(child& one, int signal_number);
  void reap(child& one, bool wait);

  std::vector<child> children_;  ///< the supervisor node first
  int life_line_ = -1;           ///< write end of the children's stdin
};

/// Is somebody answering on the admin socket?
bool cluster_answers(const context& cli);

}  // namespace artel::cli
