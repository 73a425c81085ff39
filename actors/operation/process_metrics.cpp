#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "actors/operation/metrics.hpp"

namespace artel::operation {
namespace {

std::size_t entries_in(const char* folder) {
  auto* open = ::opendir(folder);
  if (open == nullptr) return 0;
  std::size_t count = 0;
  while (const auto* each = ::readdir(open)) count += each->d_name[0] != '.';
  ::closedir(open);
  return count;
}

/// Seconds since 1970 when the process began: the system's start and the ticks since then.
double start_time() {
  std::ifstream stat("/proc/self/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 2, text.size())));
  std::string word;
  for (int field = 3; field <= 22 && rest >> word; ++field) {
  }
  const double ticks = std::strtod(word.c_str(), nullptr);
  std::ifstream all("/proc/stat");
  for (std::string line; std::getline(all, line);)
    if (line.starts_with("btime "))
      return std::strtod(line.c_str() + 6, nullptr) +
             ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return 0;
}

}  // namespace

std::vector<metric_family> process_metrics() {
  std::vector<metric_family> out;
  const auto put = [&](const char* name, metric_kind kind, const char* help, double value) {
    metric_family one{name, help, kind, {}};
    one.add(value);
    out.push_back(std::move(one));
  };
  static const double began = start_time();
  std::uint64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& of) {
    return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) / 1e6;
  };
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  put("process_resident_memory_bytes", metric_kind::gauge, "Resident memory.",
      static_cast<double>(resident) * page);
  put("process_virtual_memory_bytes", metric_kind::gauge, "Virtual memory.",
      static_cast<double>(size) * page);
  put("process_cpu_seconds_total", metric_kind::counter, "CPU time.",
      seconds(used.ru_utime) + seconds(used.ru_stime));
  put("process_open_fds", metric_kind::gauge, "Open descriptors.",
      static_cast<double>(entries_in("/proc/self/fd")));
  put("process_max_fds", metric_kind::gauge, "Descriptors that may be open.",
      static_cast<double>(files.rlim_cur));
  put("process_threads", metric_kind::gauge, "Threads.",
      static_cast<double>(entries_in("/proc/self/task")));
  put("process_start_time_seconds", metric_kind::gauge, "Since 1970.", began);
  return out;
}

}  // namespace artel::operation
