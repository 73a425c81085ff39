// A moment as people and other programs read it.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace artel {

/// ISO 8601 in whole seconds: "2026-11-24T02:00:00Z"
inline std::string utc_text(std::int64_t wall_ms) {
  using namespace std::chrono;
  const sys_seconds at{floor<seconds>(milliseconds(wall_ms))};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

}  // namespace artel
