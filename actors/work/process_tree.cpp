#include "actors/work/process_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace artel::work {
namespace fs = std::filesystem;
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string of(pid_t pid, const char* file) { return "/proc/" + std::to_string(pid) + "/" + file; }

void add_children(pid_t pid, std::vector<pid_t>& to) {
  std::error_code problem;
  for (fs::directory_iterator task(of(pid, "task"), problem), end; !problem && task != end;
       task.increment(problem)) {
    std::ifstream list(task->path() / "children");
    for (pid_t child = 0; list >> child;) to.push_back(child);
  }
}

/// The fields of /proc/PID/stat behind the name, which may hold anything: state is the first.
std::vector<std::string> stat_of(pid_t pid) {
  const auto text = read_file(of(pid, "stat"));
  const auto behind = text.rfind(')');
  if (behind == std::string::npos) return {};
  std::istringstream rest(text.substr(behind + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

std::uint64_t memory_of(pid_t pid) {
  // Pages that several processes share count in part for each, so a forked child costs only its
  // own.
  std::istringstream lines(read_file(of(pid, "smaps_rollup")));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("Pss:")) return std::strtoull(line.c_str() + 4, nullptr, 10) << 10;
  std::istringstream pages(read_file(of(pid, "statm")));
  std::uint64_t size = 0, resident = 0;
  pages >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void add(pid_t pid, tree_usage& to) {
  const auto stat = stat_of(pid);
  if (stat.size() < 16 || stat[0] == "Z") return;
  static const auto tick_ms = 1'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  for (std::size_t i = 11; i < 15; ++i)  // utime stime cutime cstime
    to.cpu_ms += std::strtoull(stat[i].c_str(), nullptr, 10) * tick_ms;
  to.memory_bytes += memory_of(pid);
  ++to.processes;
}

}  // namespace

tree_usage usage_of(pid_t root, bool with_root) {
  tree_usage sum;
  std::vector<pid_t> all{root};
  for (std::size_t i = 0; i < all.size() && i < 100'000; ++i) {
    add_children(all[i], all);
    if (i != 0 || with_root) add(all[i], sum);
  }
  return sum;
}

std::vector<std::string> node_mark::environment() const {
  return {"ARTEL_NODE=" + node, "ARTEL_CLUSTER=" + cluster, "ARTEL_NODE_PROCESS=" + process};
}

namespace {

constexpr std::size_t start_field = 19;  // of stat_of(): field 22 of proc(5)

std::string pid_namespace() {
  std::error_code problem;
  const auto link = fs::read_symlink("/proc/self/ns/pid", problem).string();  // pid:[4026531836]
  return link.substr(link.find('[') + 1, 10);
}

std::string identity(pid_t pid, const std::vector<std::string>& stat) {
  return std::to_string(pid) + "." + stat[start_field] + "." + pid_namespace();
}

/// The value of NAME in /proc/PID/environ, with a zero in front and one behind.
std::string value_in(const std::string& environment, const std::string& name) {
  const auto key = '\0' + name + '=';
  const auto at = environment.find(key);
  if (at == std::string::npos) return {};
  const auto from = at + key.size();
  return environment.substr(from, environment.find('\0', from) - from);
}

/// Surely: in our pid namespace, and no living process is it.
bool is_dead(const std::string& process) {
  if (!process.ends_with("." + pid_namespace())) return false;
  const auto pid = static_cast<pid_t>(std::atoi(process.c_str()));
  const auto stat = stat_of(pid);
  return pid > 1 &&
         (stat.size() <= start_field || stat[0] == "Z" || identity(pid, stat) != process);
}

}  // namespace

std::string identity_of_this_process() {
  const auto pid = ::getpid();
  const auto stat = stat_of(pid);
  return stat.size() > start_field ? identity(pid, stat) : std::to_string(pid) + ".0.0";
}

std::uint32_t end_leftovers(const node_mark& mine) {
  std::uint32_t ended = 0;
  std::error_code problem;
  for (fs::directory_iterator entry("/proc", problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const auto pid = static_cast<pid_t>(std::atoi(entry->path().filename().c_str()));
    if (pid <= 1 || pid == ::getpid()) continue;
    const auto environment = '\0' + read_file(of(pid, "environ")) + '\0';
    if (value_in(environment, "ARTEL_NODE") == mine.node &&
        value_in(environment, "ARTEL_CLUSTER") == mine.cluster &&
        is_dead(value_in(environment, "ARTEL_NODE_PROCESS")) && ::kill(pid, SIGKILL) == 0)
      ++ended;
  }
  return ended;
}

}  // namespace artel::work
