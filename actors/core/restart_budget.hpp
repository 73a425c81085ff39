// Restart intensity: at most `max_restarts` within a sliding window. Strictly more is over budget.
// Time is an argument.
#pragma once

#include <cstdint>
#include <deque>

#include "messages/pipeline.hpp"

namespace artel::core {

class restart_budget {
public:
  explicit restart_budget(restart_intensity intensity) : intensity_(intensity) {}

  /// Notes a restart at `now_ms`; false when this one is over budget. An entry exactly `within_ms`
  /// old still counts.
  bool note(std::int64_t now_ms) {
    times_.push_back(now_ms);
    while (!times_.empty() &&
           now_ms - times_.front() > static_cast<std::int64_t>(intensity_.within_ms))
      times_.pop_front();
    // Bounded by max_restarts + 1: older entries can not change the answer.
    while (times_.size() > intensity_.max_restarts + 1UL) times_.pop_front();
    return times_.size() <= intensity_.max_restarts;
  }

private:
  restart_intensity intensity_;
  std::deque<std::int64_t> times_;
};

}  // namespace artel::core
