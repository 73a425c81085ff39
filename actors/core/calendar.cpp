#include "actors/core/calendar.hpp"

#include <date/date.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "messages/utc_text.hpp"

namespace artel::core {
namespace {

constexpr std::int64_t horizon_s = 41LL * 366 * 86'400;

std::int64_t floor_to(std::int64_t value, std::int64_t unit) {
  const auto rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

}  // namespace

zone_period utc_period(std::int64_t) {
  return {std::numeric_limits<std::int64_t>::min() / 4,
          std::numeric_limits<std::int64_t>::max() / 4, 0};
}

std::optional<std::int64_t> calendar::next(std::int64_t after_ms) const {
  constexpr std::int64_t last_ms = 253'402'300'799'000;  // beyond it texts and dates end
  if (after_ms >= last_ms || after_ms < -last_ms) return std::nullopt;
  if (const auto* every = std::get_if<std::int64_t>(&when_))
    return floor_to(after_ms, *every) + *every;
  const auto found = next_by_cron(std::get<cron_rule>(when_), floor_to(after_ms, 1'000) / 1'000);
  return found ? std::optional(*found * 1'000) : std::nullopt;
}

/// Goes from period to period: within one the clock on the wall runs evenly. What lies in an hour
/// that it skips happens when it has been skipped, and what lies in one that it repeats happens the
/// first time only; unless the rule follows the clock.
std::optional<std::int64_t> calendar::next_by_cron(const cron_rule& rule,
                                                   std::int64_t after_s) const {
  auto at = after_s;
  auto period = zone_(at);
  while (at < after_s + horizon_s) {
    auto local = at + period.offset_s;
    if (!rule.follows_clock()) {
      const auto before = zone_(period.from_s - 1);
      if (before.offset_s > period.offset_s)  // it repeats what the clock has shown before
        local = std::max(local, period.from_s + before.offset_s - 1);
    }
    const auto found = rule.next(local);
    if (!found) return std::nullopt;
    if (*found < period.to_s + period.offset_s) return *found - period.offset_s;
    const auto after = zone_(period.to_s);
    if (!rule.follows_clock() && *found < period.to_s + after.offset_s) return period.to_s;
    at = period.to_s - 1;
    period = after;
    // The first moment of the new period counts as well.
    if (rule.next(period.from_s + period.offset_s - 1) == period.from_s + period.offset_s &&
        (rule.follows_clock() || zone_(period.from_s - 1).offset_s <= period.offset_s))
      return period.from_s;
    at = period.from_s;
  }
  return std::nullopt;
}

std::string calendar::text(std::int64_t ms) const {
  const auto offset = zone_(floor_to(ms, 1'000) / 1'000).offset_s;
  auto made = utc_text(ms + offset * 1'000);
  made.pop_back();
  if (offset == 0) return made + "Z";
  char sign[16];
  std::snprintf(sign, sizeof sign, "%c%02d:%02d", offset < 0 ? '-' : '+',
                static_cast<int>(std::abs(offset) / 3'600),
                static_cast<int>(std::abs(offset) / 60 % 60));
  return made + sign;
}

std::optional<std::int64_t> calendar::moment_of(const std::string& text) const {
  int year = 0, hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0, end = 0;
  unsigned month = 0, day = 0;
  char sign = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &end) != 3)
    return std::nullopt;
  const date::year_month_day civil{date::year(year), date::month(month), date::day(day)};
  if (!civil.ok()) return std::nullopt;
  auto rest = text.substr(static_cast<std::size_t>(end));
  if (!rest.empty()) {
    if ((rest[0] != 'T' && rest[0] != ' ') ||
        std::sscanf(rest.c_str() + 1, "%2d:%2d%n", &hour, &minute, &end) != 2)
      return std::nullopt;
    rest = rest.substr(static_cast<std::size_t>(end) + 1);
    if (std::sscanf(rest.c_str(), ":%2d%n", &second, &end) == 1)
      rest = rest.substr(static_cast<std::size_t>(end));
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  const auto local = std::int64_t{date::sys_days(civil).time_since_epoch().count()} * 86'400 +
                     hour * 3'600 + minute * 60 + second;
  if (rest == "Z" || rest == "z") return local * 1'000;
  if (std::sscanf(rest.c_str(), "%c%2d:%2d%n", &sign, &zone_hour, &zone_minute, &end) == 3 &&
      (sign == '+' || sign == '-') && static_cast<std::size_t>(end) == rest.size())
    return (local - (sign == '+' ? 1 : -1) * (zone_hour * 3'600 + zone_minute * 60)) * 1'000;
  if (!rest.empty()) return std::nullopt;
  for (auto period = zone_(local - 2 * 86'400);; period = zone_(period.to_s)) {
    if (local < period.from_s + period.offset_s) return period.from_s * 1'000;  // it was skipped
    if (local < period.to_s + period.offset_s) return (local - period.offset_s) * 1'000;
  }
}

}  // namespace artel::core
