// What has happened since this process began, counted as facts are decided: what a counter is for
// Prometheus, which takes a restart as one. What is so now is computed from state when it is asked
// for.
#pragma once

#include <array>
#include <map>
#include <string>

#include "actors/core/cluster.hpp"
#include "actors/core/duration_histogram.hpp"

namespace artel::core {

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
  metrics_book() = default;
  metrics_book(const metrics_book&) = delete;
  metrics_book& operator=(const metrics_book&) = delete;

  /// Its counters begin at 0 before anything has happened: a rate can not tell a counter that
  /// appears from one that was there.
  void know(const std::string& pipeline) {
    if (pipelines_.size() < pipelines_counted_max) pipelines_[pipeline];
  }
  /// After the fact was applied.
  void note(const fact& happened, const cluster& state);
  const std::map<std::string, pipeline_counts>& pipelines() const { return pipelines_; }
  std::uint64_t facts() const { return facts_; }

private:
  pipeline_counts& of(run_no number, const std::string& pipeline);
  void note_step(const fact& happened, const run& of_run, pipeline_counts& to);

  std::map<std::string, pipeline_counts> pipelines_;
  std::uint64_t facts_ = 0;
  run_no last_ = 0;  ///< facts of one run mostly come together
  pipeline_counts* counts_of_last_ = nullptr;
};

}  // namespace artel::core
