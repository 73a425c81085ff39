#include "actors/coordination/time_zones.hpp"

#include <date/tz.h>

#include <vector>

#include "messages/spelling.hpp"

namespace artel::coordination {

outcome<core::zone_reader> find_zone(const std::string& name) {
  if (name == "UTC") return core::zone_reader(core::utc_period);  // also without tzdata
  try {
    const auto* zone = date::locate_zone(name);
    return core::zone_reader([zone](std::int64_t utc_s) {
      const auto info = zone->get_info(date::sys_seconds(std::chrono::seconds(utc_s)));
      return core::zone_period{info.begin.time_since_epoch().count(),
                               info.end.time_since_epoch().count(), info.offset.count()};
    });
  } catch (const std::exception&) {
    std::vector<std::string> known;
    try {
      for (const auto& zone : date::get_tzdb().zones) known.push_back(zone.name());
    } catch (const std::exception&) {
      return trouble{trouble_code::unavailable,
                     "this host has no time zones; install the package tzdata"};
    }
    return bad_input("there is no time zone '" + name +
                     "' (they have names such as Europe/Berlin, or UTC)" +
                     did_you_mean(name, known));
  }
}

outcome<core::calendar> make_calendar(const schedule_definition& what) {
  auto zone = find_zone(what.timezone);
  if (!zone) return trouble{zone.error().code, "timezone: " + zone.error().text};
  if (what.cron.empty()) return core::calendar(what.every_ms, *std::move(zone));
  auto rule = core::cron_rule::parse(what.cron);
  if (!rule) return bad_input("cron '" + what.cron + "': " + rule.error().text);
  core::calendar made(*std::move(rule), *std::move(zone));
  constexpr std::int64_t some_moment_ms = 1'700'000'000'000;
  if (!made.next(some_moment_ms))
    return bad_input("cron '" + what.cron + "': names a day that never comes");
  return made;
}

}  // namespace artel::coordination
