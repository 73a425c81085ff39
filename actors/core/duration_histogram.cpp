#include "actors/core/duration_histogram.hpp"

#include <limits>

namespace artel::core {

void duration_histogram::add(double seconds) {
  const auto at = std::lower_bound(bounds_s.begin(), bounds_s.end(), seconds) - bounds_s.begin();
  ++counts_[static_cast<std::size_t>(at)];
  sum_s_ += seconds;
}

metric_sample duration_histogram::sample(
    std::vector<std::pair<std::string, std::string>> labels) const {
  metric_sample made{std::move(labels), sum_s_};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    made.buckets.emplace_back(
        i < bounds_s.size() ? bounds_s[i] : std::numeric_limits<double>::infinity(),
        sum += counts_[i]);
  return made;
}

}  // namespace artel::core
