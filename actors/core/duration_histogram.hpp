// How long things take, counted in buckets, as Prometheus wants it.
#pragma once

#include <algorithm>
#include <array>

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

}  // namespace artel::core
