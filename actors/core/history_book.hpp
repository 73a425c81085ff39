// What the cluster has done of late, in equal spans of time, for who looks at the page: the
// counters' differences and what was out at the end of each span. In memory only, and bounded.
#pragma once

#include <deque>

#include "actors/core/metrics_book.hpp"
#include "messages/browse.hpp"

namespace artel::core {

class history_book {
public:
  static constexpr std::int64_t span_ms = 15'000;

  /// Call it often; it looks at the state once a span. Both times in ms, the first since 1970.
  void look(std::int64_t wall_ms, std::int64_t steady_ms, const metrics_book& counts,
            const cluster& state) {
    if (begun_ms_ != 0 && steady_ms - begun_ms_ < span_ms) return;
    history_point now = state_of(state);
    std::uint64_t succeeded = 0, failed = 0;
    for (const auto& [name, each] : counts.pipelines())
      for (std::size_t how = 0; how < each.attempts.size(); ++how)
        (how == static_cast<std::size_t>(attempt_end::succeeded) ? succeeded : failed) +=
            each.attempts[how];
    now.at_ms = wall_ms;
    now.span_ms = static_cast<std::uint32_t>(steady_ms - begun_ms_);
    now.succeeded = static_cast<std::uint32_t>(succeeded - succeeded_);
    now.failed = static_cast<std::uint32_t>(failed - failed_);
    const bool first = begun_ms_ == 0;
    begun_ms_ = steady_ms, succeeded_ = succeeded, failed_ = failed;
    if (first) return;  // nobody knows what was before
    points_.push_back(now);
    if (points_.size() > history_points_max) points_.pop_front();
  }

  history_read after(std::int64_t after_ms) const {
    history_read made;
    for (const auto& each : points_)
      if (each.at_ms > after_ms) made.points.push_back(each);
    return made;
  }

private:
  static history_point state_of(const cluster& state) {
    history_point made;
    for (const auto& [number, one] : state.runs()) {
      if (one->state() != run_state::running) continue;
      for (std::uint32_t step = 0; step < one->plan().nodes.size(); ++step) {
        const auto& by_state = one->tally(step).by_state;
        made.running += by_state[static_cast<std::size_t>(step_state::running)] +
                        by_state[static_cast<std::size_t>(step_state::publishing)];
        made.ready += by_state[static_cast<std::size_t>(step_state::ready)];
      }
    }
    return made;
  }

  std::deque<history_point> points_;
  std::int64_t begun_ms_ = 0;
  std::uint64_t succeeded_ = 0, failed_ = 0;
};

}  // namespace artel::core
