// A cron expression: which minutes of the clock on the wall it names. Five fields, names of months
// and days, lists, ranges, steps, L (the last day of the month), 5#2 (the second Friday), 5#L (the
// last), and @hourly @daily @weekly @monthly @yearly. docs/SCHEDULES.md says it for users.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::core {

class cron_rule {
public:
  /// Trouble says which field is wrong and why.
  static outcome<cron_rule> parse(std::string_view text);

  /// The first minute after `local_s` that it names, in seconds since 1970 by the clock on the
  /// wall; none when there is none within 41 years.
  std::optional<std::int64_t> next(std::int64_t local_s) const;

  /// Its minutes or hours begin with `*`: it goes by the clock as it passes, also through hours
  /// that the clock skips or repeats. Else it names times of a day, each of which happens once.
  bool follows_clock() const { return follows_clock_; }

private:
  bool names_day(std::int64_t day) const;
  std::int64_t skip_months(std::int64_t day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool last_day_ = false;
  /// Of each weekday: the first to fifth of a month, and as sixth the last.
  std::array<std::bitset<6>, 7> nth_{};
  bool any_day_ = false;
  bool any_weekday_ = false;
  bool follows_clock_ = false;
};

}  // namespace artel::core
