// bench-analysis PATH [OUT]: the analysis steps on one configuration, in this process, one
// after the other; prints seconds and peak memory of each. OUT is kept when it is given, else a
// temporary folder is used and removed.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "actors/analysis/steps.hpp"

namespace {

namespace fs = std::filesystem;

class quiet_monitor : public artel::step_monitor {
public:
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  void log(std::string_view line) override {
    std::fprintf(stderr, "  %.*s\n", static_cast<int>(line.size()), line.data());
  }
  bool cancelled() const override { return false; }
};

// Linux: writing 5 resets the high-water mark, so every step shows its own peak.
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// Of all threads of this process, user and system.
double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& each) {
    return static_cast<double>(each.tv_sec) + static_cast<double>(each.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// VmHWM in MiB, of which the pages of mapped files are a part that the kernel may drop.
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

int run(const fs::path& path, const fs::path& out) {
  artel::native_step_registry registry;
  artel::offer_analysis_steps(registry);
  artel::step_input input;
  input.with["config_path"] = path.string();
  input.output = input.staging = out;
  quiet_monitor monitor;
  for (const auto* name : {"edt.parse", "edt.listing", "edt.architecture", "edt.ml_dataset",
                           "edt.dependencies", "edt.best_practices", "edt.documentation"}) {
    const auto step = registry.find(name);
    if (step == registry.end()) continue;
    reset_peak();
    const auto start = std::chrono::steady_clock::now();
    const auto cpu = cpu_seconds();
    const auto result = step->second(input, monitor);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%-20s %8.2f s %8.2f s CPU %8.0f MiB  %s\n", name, seconds.count(),
                cpu_seconds() - cpu, peak_mib(),
                result ? result->c_str() : result.error().text.c_str());
    if (!result) return 1;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2 || count > 3) {
    std::fprintf(stderr, "usage: bench-analysis PATH [OUT]\n");
    return 2;
  }
  if (count == 3) return run(words[1], words[2]);
  const auto out = fs::temp_directory_path() /
                   ("bench-analysis-" +
                    std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
  const auto result = run(words[1], out);
  std::error_code ignored;
  fs::remove_all(out, ignored);
  return result;
}
