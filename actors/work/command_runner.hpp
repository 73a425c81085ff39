// Starts a command in a session and process group of its own, within its limits and as its user.
// Its stdout and stderr are those of the step host, which the worker reads; its stdin is empty; it
// inherits no other descriptor, and it dies with the step host.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "actors/work/descriptors.hpp"
#include "messages/outcome.hpp"
#include "messages/pipeline.hpp"

namespace artel::work {

struct command_spec {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;  ///< added to that of the step host
  std::string cwd;                         ///< empty: that of the node
  attempt_limits limits;                   ///< those that the kernel keeps for a process
  int slot = -1;     ///< of its step host among those of the node: chooses the cores; -1: unbound
  std::string user;  ///< empty: that of the node
  std::vector<std::string> owned;  ///< folders that are given to the user
};

struct running_command {
  pid_t pid = -1;  ///< also its process group
};

/// Trouble: program not found, folder missing, unknown user …, with the name and what to do. Call
/// it on a thread that lives as long as the process: the command dies with it.
outcome<running_command> start_command(const command_spec& what);

/// "" when the wait status says success, else "exit code 3" or "killed by signal 9 (Killed)".
std::string describe_status(int status);

}  // namespace artel::work
