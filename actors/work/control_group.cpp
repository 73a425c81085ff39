#include "actors/work/control_group.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace artel::work {
namespace fs = std::filesystem;
namespace {

constexpr const char* prefix = "artel.";
constexpr std::uint32_t processes_beyond_limit = 1'024;  ///< threads count, too, for the kernel

bool put(const fs::path& file, const std::string& text) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool good = ::write(opened, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int problem = errno;
  ::close(opened);
  errno = problem;
  return good;
}

std::string get(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_there(const fs::path& file) {
  std::error_code problem;
  return fs::exists(file, problem);
}

void kill_all(const fs::path& folder) {
  if (put(folder / "cgroup.kill", "1")) return;
  std::istringstream members(get(folder / "cgroup.procs"));  // kernels before 5.14
  for (pid_t pid = 0; members >> pid;) ::kill(pid, SIGKILL);
}

/// Kills what is in the group and below it, and takes the folders away.
void remove_group(const fs::path& folder) {
  std::error_code problem;
  for (fs::directory_iterator each(folder, problem), end; !problem && each != end;
       each.increment(problem))
    if (std::error_code other; each->is_directory(other)) remove_group(each->path());
  // The killed take a moment to go; a group with members can not be removed.
  for (int turn = 0; turn < 100; ++turn) {
    kill_all(folder);
    if (::rmdir(folder.c_str()) == 0 || errno != EBUSY) return;
    ::poll(nullptr, 0, 5);
  }
}

/// Groups of nodes that are dead: killed with -9, they could not tidy up.
void remove_leftovers(const fs::path& base) {
  std::error_code problem;
  for (fs::directory_iterator each(base, problem), end; !problem && each != end;
       each.increment(problem)) {
    const auto name = each->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto node = static_cast<pid_t>(std::atoi(name.c_str() + std::strlen(prefix)));
    if (node > 0 && ::kill(node, 0) != 0 && errno == ESRCH) remove_group(each->path());
  }
}

}  // namespace

control_group::~control_group() { remove_group(folder_); }

bool control_group::add(pid_t process) const {
  return put(folder_ / "cgroup.procs", std::to_string(process));
}

bool control_group::keeps_memory() const { return is_there(folder_ / "memory.max"); }

bool control_group::keeps_cpu() const { return is_there(folder_ / "cpu.max"); }

void control_group::limit(const attempt_limits& what) const {
  const auto or_max = [](std::uint64_t value) {
    return value == 0 ? std::string("max") : std::to_string(value);
  };
  put(folder_ / "memory.max", or_max(what.memory_bytes));
  put(folder_ / "memory.swap.max", what.memory_bytes == 0 ? "max" : "0");
  put(folder_ / "memory.oom.group", what.memory_bytes == 0 ? "0" : "1");
  put(folder_ / "pids.max",
      or_max(what.processes == 0 ? 0 : what.processes + processes_beyond_limit));
  put(folder_ / "cpu.max",
      (what.cpu_milli == 0 ? "max" : std::to_string(std::uint64_t{what.cpu_milli} * 100)) +
          " 100000");
}

void control_group::kill() const { kill_all(folder_); }

std::uint64_t control_group::killed_for_memory() const {
  std::istringstream events(get(folder_ / "memory.events"));
  std::string word;
  for (std::uint64_t count = 0; events >> word >> count;)
    if (word == "oom_kill") return count;
  return 0;
}

control_groups control_groups::below(const fs::path& base, pid_t node) {
  control_groups made;
  remove_leftovers(base);
  const auto path = base / (prefix + std::to_string(node));
  std::error_code problem;
  fs::create_directory(path, problem);
  if (problem || !is_there(path / "cgroup.procs")) {
    fs::remove(path, problem);
    made.describe_ = "no control groups: none may be made below " + base.string();
    return made;
  }
  made.path_ = path;
  std::string controllers;
  for (const auto* each : {"memory", "pids", "cpu"}) {
    const auto wish = std::string("+") + each;
    // A group with processes of its own hands no controller down: this one moves into a leaf.
    bool good = put(base / "cgroup.subtree_control", wish);
    if (!good && errno == EBUSY) {
      fs::create_directory(path / "node", problem);
      good = put(path / "node" / "cgroup.procs", std::to_string(node)) &&
             put(base / "cgroup.subtree_control", wish);
    }
    if (good && put(path / "cgroup.subtree_control", wish)) controllers += std::string(" ") + each;
  }
  made.describe_ = "control groups in " + path.string() +
                   ", controllers:" + (controllers.empty() ? " none" : controllers);
  return made;
}

control_groups control_groups::of_this_process() {
  control_groups none;
  std::string mounted, group;
  std::istringstream mounts(get("/proc/self/mounts"));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device, folder, kind;
    words >> device >> folder >> kind;
    if (kind == "cgroup2") mounted = folder;
  }
  std::istringstream groups(get("/proc/self/cgroup"));
  for (std::string line; std::getline(groups, line);)
    if (line.starts_with("0::")) group = line.substr(3);
  if (mounted.empty() || group.empty()) {
    none.describe_ = "no control groups: cgroup v2 is not mounted";
    return none;
  }
  return below(mounted + (group == "/" ? "" : group), ::getpid());
}

std::unique_ptr<control_group> control_groups::make(const std::string& name) const {
  if (!available()) return nullptr;
  std::error_code problem;
  fs::create_directory(path_ / name, problem);
  if (problem) return nullptr;
  return std::make_unique<control_group>(path_ / name);
}

void control_groups::tidy_up() const {
  if (!available()) return;
  ::rmdir((path_ / "node").c_str());
  ::rmdir(path_.c_str());
}

}  // namespace artel::work
