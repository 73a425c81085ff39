// Starts a command in a session and process group of its own. Its stdout and stderr are those of
// the step host, which the worker reads; its stdin is empty; it inherits no other descriptor.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "actors/work/descriptors.hpp"
#include "messages/outcome.hpp"

namespace artel::work {

struct command_spec {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;  ///< added to the node's own
  std::string cwd;                         ///< empty: that of the node
};

struct running_command {
  pid_t pid = -1;     ///< also its process group
  descriptor exited;  ///< a pidfd, readable when it has ended
};

/// Trouble: program not found, folder missing …, with the name and what to do.
outcome<running_command> start_command(const command_spec& what);

/// "" when the wait status says success, else "exit code 3" or "killed by signal 9 (Killed)".
std::string describe_status(int status);

}  // namespace artel::work
