// Time zones, from the system's own files (package tzdata), for the core's calendar.
#pragma once

#include <string>

#include "actors/core/calendar.hpp"
#include "messages/schedule.hpp"

namespace artel::coordination {

/// "Europe/Berlin", "UTC". Trouble for names that the system does not know, with what may have been
/// meant.
outcome<core::zone_reader> find_zone(const std::string& name);

/// Trouble says what is wrong with its cron expression or zone, or that it names no time at all.
outcome<core::calendar> make_calendar(const schedule_definition& what);

}  // namespace artel::coordination
