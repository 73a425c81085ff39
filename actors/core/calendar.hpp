// The planned times of a schedule: a cron expression or an interval, in a time zone. Zones come in
// as an argument: what their files say is not the core's business.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "actors/core/cron_rule.hpp"

namespace artel::core {

/// A stretch of time in which the clocks of a zone have one offset from UTC: [from, to), in seconds
/// since 1970.
struct zone_period {
  std::int64_t from_s = 0;
  std::int64_t to_s = 0;
  std::int64_t offset_s = 0;
};
/// The period that holds a moment, in seconds since 1970. Periods have no gaps.
using zone_reader = std::function<zone_period(std::int64_t utc_s)>;

zone_period utc_period(std::int64_t utc_s);

class calendar {
public:
  calendar(cron_rule rule, zone_reader zone) : when_(std::move(rule)), zone_(std::move(zone)) {}
  /// Every so many milliseconds since 1970-01-01T00:00Z.
  calendar(std::uint64_t every_ms, zone_reader zone)
      : when_(static_cast<std::int64_t>(every_ms)), zone_(std::move(zone)) {}

  /// The first planned time after `after_ms`, both in milliseconds since 1970; none when there is
  /// none within 41 years or before the year 10000.
  std::optional<std::int64_t> next(std::int64_t after_ms) const;

  /// "2026-03-29T03:00:00+02:00"
  std::string text(std::int64_t ms) const;
  /// Reads that, "…Z", "2026-03-29" and "2026-03-29T03:00"; without an offset by the clock of the
  /// zone: the end of an hour that it skips, the first of one that it repeats.
  std::optional<std::int64_t> moment_of(const std::string& text) const;

private:
  std::optional<std::int64_t> next_by_cron(const cron_rule& rule, std::int64_t after_s) const;

  std::variant<cron_rule, std::int64_t> when_;
  zone_reader zone_;
};

}  // namespace artel::core
