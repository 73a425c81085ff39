// Limits of steps that people set while pipelines run, by the names of pipeline and step: how many
// attempts may start in an hour, over all nodes and runs, and how long one may take.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "messages/operation.hpp"

namespace artel::core {

class limit_table {
public:
  struct limit {
    std::uint64_t per_hour = 0;    ///< attempts that may start; 0: any number
    std::uint64_t timeout_ms = 0;  ///< of attempts that start from now on; 0: as the pipeline says
    std::string rate_why, timeout_why;  ///< who and why
    double next_ms = 0;                 ///< when the next one may start, by the monotonic clock
    double interval_ms() const { return 3'600'000.0 / static_cast<double>(per_hour); }
  };
  /// Starts are spread evenly; what a coarse clock made late is made good, for so long.
  static constexpr double credit_ms = 100;

  static std::string name_for(const std::string& pipeline, const std::string& step) {
    return pipeline + "/" + step;
  }

  void set_rate(const std::string& name, std::uint64_t per_hour, std::string why,
                std::int64_t steady_ms) {
    auto& one = limits_[name];
    one.per_hour = per_hour, one.rate_why = std::move(why);
    if (per_hour != 0)
      one.next_ms = std::min(one.next_ms, static_cast<double>(steady_ms) + one.interval_ms());
    forget_if_none(name, steady_ms);
  }
  void set_timeout(const std::string& name, std::uint64_t ms, std::string why,
                   std::int64_t steady_ms) {
    auto& one = limits_[name];
    one.timeout_ms = ms, one.timeout_why = std::move(why);
    forget_if_none(name, steady_ms);
  }

  /// Null when nobody has set one.
  limit* find(const std::string& pipeline, const std::string& step) {
    if (limits_.empty()) return nullptr;
    const auto found = limits_.find(name_for(pipeline, step));
    return found == limits_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, limit>& all() const { return limits_; }

  static bool lets_start(const limit& one, std::int64_t steady_ms) {
    return one.per_hour == 0 || one.next_ms <= static_cast<double>(steady_ms);
  }
  static void started(limit& one, std::int64_t steady_ms) {
    if (one.per_hour != 0)
      one.next_ms =
          std::max(one.next_ms, static_cast<double>(steady_ms) - credit_ms) + one.interval_ms();
  }
  /// A new process does not know when the last one started: it waits, so that no rate is exceeded.
  void recovered(std::int64_t steady_ms) {
    for (auto& [name, one] : limits_)
      if (one.per_hour != 0) one.next_ms = static_cast<double>(steady_ms) + one.interval_ms();
  }

  /// Why no attempt of the step starts now; "" when one may.
  std::string why_not(const std::string& pipeline, const std::string& step,
                      std::int64_t steady_ms) const {
    const auto found = limits_.find(name_for(pipeline, step));
    if (found == limits_.end() || lets_start(found->second, steady_ms)) return {};
    const auto& one = found->second;
    return "its rate is limited to " + rate_text(one.per_hour) + "; the next one is due in " +
           std::to_string(static_cast<std::int64_t>(one.next_ms) - steady_ms) + " ms (" +
           one.rate_why + ")";
  }
  /// The first time after it at which a rate lets something start; 0: none.
  std::int64_t next_after(std::int64_t steady_ms) const {
    std::int64_t first = 0;
    for (const auto& [name, one] : limits_)
      if (!lets_start(one, steady_ms) && (first == 0 || one.next_ms < static_cast<double>(first)))
        first = static_cast<std::int64_t>(one.next_ms) + 1;
    return first;
  }

private:
  /// A rate that is taken back and set again goes on where it was.
  void forget_if_none(const std::string& name, std::int64_t steady_ms) {
    auto& one = limits_[name];
    if (one.per_hour == 0) one.rate_why.clear();
    if (one.timeout_ms == 0) one.timeout_why.clear();
    if (one.per_hour == 0 && one.timeout_ms == 0 && one.next_ms <= static_cast<double>(steady_ms))
      limits_.erase(name);
  }
  std::map<std::string, limit> limits_;
};

}  // namespace artel::core
