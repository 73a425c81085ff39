// What the benchmarks in C++ share: medians with their spread, a table, and the same as JSON lines.
// As support.py for those in Python.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace artel::bench {

using clock_type = std::chrono::steady_clock;

inline double seconds_since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

/// The value that a part of all others lies below: 0.5 is the median.
inline double quantile(std::vector<double> all, double part) {
  std::sort(all.begin(), all.end());
  return all[std::min(all.size() - 1, static_cast<std::size_t>(part * double(all.size())))];
}

struct bound {
  std::optional<double> at_most, at_least;
};

class figures {
public:
  explicit figures(std::string bench) : bench_(std::move(bench)) {
    double load[3] = {};
    static_cast<void>(::getloadavg(load, 3));
    std::printf("%s: cores %u, load %.2f\n%-58s %12s %12s %12s\n", bench_.c_str(),
                std::thread::hardware_concurrency(), load[0], "", "least", "median", "most");
  }
  /// A row, as soon as it is known; gives the median.
  double add(const std::string& name, std::vector<double> rounds, const char* unit,
             bound asked = {}) {
    std::sort(rounds.begin(), rounds.end());
    const auto median = quantile(rounds, 0.5);
    const bool holds = (!asked.at_most || median <= *asked.at_most) &&
                       (!asked.at_least || median >= *asked.at_least);
    all_hold_ = all_hold_ && holds;
    std::printf("%-58s %12.3f %12.3f %12.3f %s", name.c_str(), rounds.front(), median,
                rounds.back(), unit);
    char line[400];
    int size = std::snprintf(line, sizeof line,
                             "{\"bench\":\"%s\",\"figure\":\"%s\",\"unit\":\"%s\",\"least\":%g,"
                             "\"median\":%g,\"most\":%g,\"rounds\":%zu",
                             bench_.c_str(), name.c_str(), unit, rounds.front(), median,
                             rounds.back(), rounds.size());
    std::string row(line, static_cast<std::size_t>(size));
    for (const auto& [what, value] :
         {std::pair{"at_most", asked.at_most}, std::pair{"at_least", asked.at_least}})
      if (value) {
        std::printf("   %s %g%s", what[3] == 'm' ? "at most" : "at least", *value,
                    holds ? "" : "   MISSED");
        size = std::snprintf(line, sizeof line, ",\"%s\":%g,\"holds\":%s", what, *value,
                             holds ? "true" : "false");
        row.append(line, static_cast<std::size_t>(size));
      }
    std::printf("\n");
    std::fflush(stdout);
    lines_ += row + "}\n";
    return median;
  }
  /// Prints the JSON lines; 1 when a bound was missed.
  int finish() const {
    std::printf("%s", lines_.c_str());
    return all_hold_ ? 0 : 1;
  }

private:
  std::string bench_;
  std::string lines_;
  bool all_hold_ = true;
};

}  // namespace artel::bench
