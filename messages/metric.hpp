// A measurement as it is told to whoever watches: Prometheus' model, without its library.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace artel {

enum class metric_kind : std::uint8_t { counter, gauge, histogram };

/// `labels` come from closed sets: names of pipelines, nodes, pools, schedules that there are, and
/// words of ours.
struct metric_sample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;  ///< of a counter or gauge; a histogram's sum
  /// Upper bounds and how many were at or below each; the last bound is infinite. Histograms only.
  std::vector<std::pair<double, std::uint64_t>> buckets = {};
};

struct metric_family {
  std::string name;
  std::string help;
  metric_kind kind = metric_kind::gauge;
  std::vector<metric_sample> samples;

  void add(double value, std::vector<std::pair<std::string, std::string>> labels = {}) {
    samples.push_back({std::move(labels), value});
  }
};

}  // namespace artel
