#include "actors/work/orphans.hpp"

#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

namespace artel::work {
namespace {

constexpr int rounds_max = 100;  ///< a fork bomb may outrun us; it does not keep us for ever

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  std::error_code problem;
  // Each thread has a list of its own; an orphan may be handed to any of them.
  for (std::filesystem::directory_iterator task("/proc/self/task", problem), end;
       !problem && task != end; task.increment(problem)) {
    std::ifstream list(task->path() / "children");
    for (pid_t pid = 0; list >> pid;) all.push_back(pid);
  }
  return all;
}

}  // namespace

void kill_orphans(const std::set<pid_t>& known) {
  for (int round = 0; round < rounds_max; ++round) {
    bool found = false;
    for (const auto pid : children()) {
      if (known.contains(pid)) continue;
      found = true;
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    if (!found) return;
  }
}

}  // namespace artel::work
