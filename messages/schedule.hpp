// When a pipeline starts by itself, as its file says under `schedule` or `schedules`
// (docs/SCHEDULES.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace artel {

/// What becomes of planned times that passed while nobody could start them.
enum class misfire_policy : std::uint8_t {
  skip,  ///< nothing
  once,  ///< the latest of them starts one run
  all    ///< each starts one, one after the other
};
constexpr std::string_view misfire_names[] = {"skip", "once", "all"};

/// What becomes of a planned time when an earlier run of the schedule has not ended.
enum class overlap_policy : std::uint8_t {
  skip,   ///< it starts nothing
  allow,  ///< both run
  queue,  ///< its run waits, unless one waits already
  cancel  ///< the earlier one is cancelled, and this one starts when it has ended
};
constexpr std::string_view overlap_names[] = {"skip", "allow", "queue", "cancel"};

struct schedule_definition {
  std::string name;            ///< of the pipeline, or PIPELINE.NAME
  std::string cron;            ///< five fields or @daily and the like, or …
  std::uint64_t every_ms = 0;  ///< … an interval, counted from 1970-01-01T00:00Z
  std::string timezone = "UTC";
  std::uint64_t jitter_ms = 0;  ///< it starts later by up to this, always by the same
  misfire_policy misfire = misfire_policy::once;
  std::uint64_t within_ms = 0;  ///< older misfires are skipped; 0: however old
  overlap_policy overlap = overlap_policy::skip;
  std::map<std::string, std::string> params;  ///< of its runs
  std::uint32_t line = 0;                     ///< where it stands in the file
  std::uint32_t column = 0;

  /// What decides its planned times, for people and to see that it has changed.
  std::string rule() const {
    return (cron.empty() ? "every " + std::to_string(every_ms / 1'000) + "s" : cron) + " " +
           timezone;
  }
};

}  // namespace artel
