// Which runs have changed lately, for pages that are open: in order, and told only when what
// changed is durable. Bounded: who is too far behind looks at everything anew.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "actors/core/fact.hpp"

namespace artel::core {

class change_book {
public:
  static constexpr std::size_t changes_max = 5'000;
  static constexpr run_no of_no_run = 0;  ///< nodes, schedules, pools

  /// `batch`: of the facts behind it.
  void note(run_no run, std::uint64_t batch) {
    if (!changes_.empty() && changes_.back().run == run && changes_.back().batch == batch) return;
    changes_.push_back({++last_, batch, run});
    if (changes_.size() > changes_max) changes_.pop_front();
  }

  /// Calls see(run) for what has changed after the change numbered `after` and is durable. Gives
  /// the number of the last such change; none: some of them are not known any more.
  template <class See>
  std::optional<std::uint64_t> since(std::uint64_t after, std::uint64_t durable, See&& see) const {
    std::uint64_t now = after;
    if (!changes_.empty() && after + 1 < changes_.front().number) return {};
    if (after > last_) return {};
    for (const auto& each : changes_) {
      if (each.batch > durable) break;
      if (each.number <= after) continue;
      see(each.run);
      now = each.number;
    }
    return now;
  }
  /// The last change that is durable.
  std::uint64_t last(std::uint64_t durable) const {
    for (auto each = changes_.rbegin(); each != changes_.rend(); ++each)
      if (each->batch <= durable) return each->number;
    return last_ - changes_.size();
  }

private:
  struct change {
    std::uint64_t number, batch;
    run_no run;
  };
  std::deque<change> changes_;
  std::uint64_t last_ = 0;
};

}  // namespace artel::core
