// What has happened since this process began, counted as facts are decided: what a counter is for
// Prometheus, which takes a restart as one. What is so now is computed from state when it is asked
// for.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "actors/core/cluster.hpp"
#include "messages/metric.hpp"

namespace artel::core {

/// Durations in buckets from half a millisecond to a day.
class duration_histogram {
public:
  static constexpr std::array<double, 18> bounds_s = {0.0005, 0.002, 0.005, 0.02,   0.1,    0.5,
                                                      1,      5,     15,    60,     300,    900,
                                                      1800,   3'600, 7'200, 14'400, 43'200, 86'400};
  void add_ms(std::int64_t ms) { add(static_cast<double>(std::max<std::int64_t>(0, ms)) / 1'000); }
  void add(double seconds);
  metric_sample sample(std::vector<std::pair<std::string, std::string>> labels = {}) const;

private:
  std::array<std::uint64_t, bounds_s.size() + 1> counts_ = {};
  double sum_s_ = 0;
};

/// How attempts end.
enum class attempt_end : std::uint8_t {
  succeeded,
  failed,
  crashed,
  out_of_memory,
  cancelled,
  returned
};
constexpr std::string_view attempt_end_names[] = {"succeeded",     "failed",    "crashed",
                                                  "out_of_memory", "cancelled", "returned"};

struct pipeline_counts {
  std::uint64_t submitted = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(run_state::cancelled) + 1> ended =
      {};                     ///< runs, by state
  std::uint64_t started = 0;  ///< attempts
  std::array<std::uint64_t, std::size(attempt_end_names)> attempts = {};
  std::uint64_t restarts = 0;  ///< after a failure or crash
  std::uint64_t poisoned = 0;
  std::uint64_t skipped = 0;
  std::uint64_t from_cache = 0;
  std::uint64_t marked = 0;  ///< by people
  std::uint64_t group_restarts = 0;
  duration_histogram runs, attempt_times, waits;
};

constexpr std::size_t pipelines_counted_max = 200;  ///< all others together are "other"

class metrics_book {
public:
  /// After the fact was applied.
  void note(const fact& happened, const cluster& state);
  const std::map<std::string, pipeline_counts>& pipelines() const { return pipelines_; }
  std::uint64_t facts() const { return facts_; }
  std::uint64_t changes_of_nodes() const { return nodes_; }

private:
  pipeline_counts& of(const std::string& pipeline);
  void note_step(const fact& happened, const run& of_run, pipeline_counts& to);

  std::map<std::string, pipeline_counts> pipelines_;
  std::uint64_t facts_ = 0, nodes_ = 0;
};

}  // namespace artel::core
