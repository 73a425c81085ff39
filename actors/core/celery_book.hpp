// The same happenings counted under the names that celery-exporter gives them, for dashboards and
// rules that were made for it: a task is a step, its queue the pipeline, its host the node.
#pragma once

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "actors/core/cluster.hpp"
#include "actors/core/duration_histogram.hpp"
#include "actors/core/metrics_book.hpp"
#include "messages/metric.hpp"

namespace artel::core {

constexpr std::size_t celery_tasks_counted_max = 2'000;  ///< steps × nodes; others are "other"

class celery_book {
public:
  /// What is out at the start of a process: its end is counted, though its start was not.
  void adopt(const cluster& state);
  /// After the fact was applied.
  void note(const fact& happened, const cluster& state);
  /// Counters and histograms of what has happened, gauges of what is so now.
  void tell(const cluster& state, std::vector<metric_family>& to) const;

private:
  struct task {
    std::string name, host, queue;
    auto operator<=>(const task&) const = default;
  };
  struct task_counts {
    std::uint64_t started = 0, succeeded = 0, rejected = 0, revoked = 0, retried = 0;
    std::array<std::uint64_t, std::size(attempt_end_names)> failed = {};  ///< for good, by how
    duration_histogram runtime, wait;
  };
  task_counts& of(const run& of_run, instance_no instance, const std::string& node);
  static void note_end(const fact& happened, const run& of_run, task_counts& to);
  void tell_counts(std::vector<metric_family>& to) const;
  void tell_failures(std::vector<metric_family>& to) const;
  static void tell_nodes(const cluster& state, std::vector<metric_family>& to);
  void tell_queues(const cluster& state, std::vector<metric_family>& to) const;

  std::map<task, task_counts> tasks_;
  std::map<std::pair<run_no, instance_no>, task_counts*> out_;  ///< attempts
};

}  // namespace artel::core
