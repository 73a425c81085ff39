#include "actors/work/orphans.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

namespace artel::work {
namespace {

using clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(1);
constexpr std::size_t descendants_max = 100'000;

void add_children(pid_t of, std::vector<pid_t>& to) {
  std::error_code problem;
  // Each thread has a list of its own; an orphan may be handed to any of them.
  for (std::filesystem::directory_iterator task("/proc/" + std::to_string(of) + "/task", problem),
       end;
       !problem && task != end; task.increment(problem)) {
    std::ifstream list(task->path() / "children");
    for (pid_t pid = 0; list >> pid;) to.push_back(pid);
  }
}

std::vector<pid_t> strangers(const std::set<pid_t>& known) {
  std::vector<pid_t> children, all;
  add_children(::getpid(), children);
  for (const auto pid : children)
    if (!known.contains(pid)) all.push_back(pid);
  for (std::size_t i = 0; i < all.size() && i < descendants_max; ++i) add_children(all[i], all);
  return all;
}

}  // namespace

std::size_t kill_orphans(const std::set<pid_t>& known) {
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) return 0;
  const auto deadline = clock::now() + patience;
  for (;;) {
    std::size_t left = 0;
    // All of them in one go, from the top: a killed parent starts no more children.
    for (const auto pid : strangers(known)) {
      const bool may = ::kill(pid, SIGKILL) == 0 || errno != EPERM;
      const bool gone = ::waitpid(pid, nullptr, WNOHANG) == pid;
      if (may && !gone) ++left;
    }
    if (left == 0) break;
    if (clock::now() > deadline) return left;
    ::poll(nullptr, 0, 1);
  }
  return 0;
}

void reap_orphans(const std::set<pid_t>& known) {
  siginfo_t info{};
  // Looked at first, taken then: the end of a known child is somebody else's news.
  while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
    if (known.contains(info.si_pid)) return;
    ::waitpid(info.si_pid, nullptr, WNOHANG);
    info = {};
  }
}

}  // namespace artel::work
