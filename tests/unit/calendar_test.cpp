// Cron expressions, and what the clocks of two zones make of them when they change.
#include <catch2/catch.hpp>

#include "actors/coordination/time_zones.hpp"

using namespace artel;
using namespace artel::core;

namespace {

calendar made(const std::string& cron, const std::string& zone = "UTC") {
  schedule_definition what;
  what.cron = cron;
  what.timezone = zone;
  const auto good = coordination::make_calendar(what);
  INFO((good ? "" : good.error().text));
  REQUIRE(good);
  return *good;
}

/// The planned times in [from, to), as texts, with one space between.
std::string times(const std::string& cron, const std::string& zone, const std::string& from,
                  const std::string& to) {
  const auto when = made(cron, zone);
  std::string all;
  const auto end = *when.moment_of(to);
  for (auto next = when.next(*when.moment_of(from) - 1); next && *next < end;
       next = when.next(*next))
    all += (all.empty() ? "" : " ") + when.text(*next).substr(5);
  return all;
}

std::string error_of(const std::string& cron, const std::string& zone = "UTC") {
  schedule_definition what;
  what.cron = cron;
  what.timezone = zone;
  const auto good = coordination::make_calendar(what);
  return good ? "" : good.error().text;
}

const std::string berlin = "Europe/Berlin", new_york = "America/New_York";

}  // namespace

TEST_CASE("a time of the day in the hour that the clock skips happens when it has been skipped") {
  CHECK(times("0 2 * * *", berlin, "2026-03-28", "2026-03-31") ==
        "03-28T02:00:00+01:00 03-29T03:00:00+02:00 03-30T02:00:00+02:00");
  CHECK(times("0 2 * * *", new_york, "2026-03-07", "2026-03-10") ==
        "03-07T02:00:00-05:00 03-08T03:00:00-04:00 03-09T02:00:00-04:00");
  // Several of them, and the hour after: once.
  CHECK(times("15,45 2-3 * * *", berlin, "2026-03-29", "2026-03-30") ==
        "03-29T03:00:00+02:00 03-29T03:15:00+02:00 03-29T03:45:00+02:00");
}

TEST_CASE("a time of the day in the hour that the clock repeats happens once, the first time") {
  CHECK(times("0 2 * * *", berlin, "2026-10-24", "2026-10-27") ==
        "10-24T02:00:00+02:00 10-25T02:00:00+02:00 10-26T02:00:00+01:00");
  CHECK(times("0 2 * * *", new_york, "2026-10-31", "2026-11-03") ==
        "10-31T02:00:00-04:00 11-01T02:00:00-05:00 11-02T02:00:00-05:00");
  CHECK(times("30 1 * * *", new_york, "2026-11-01", "2026-11-02") == "11-01T01:30:00-04:00");
  CHECK(times("59 2 * * *", berlin, "2026-10-25", "2026-10-26") == "10-25T02:59:00+02:00");
}

TEST_CASE(
    "a minute of every hour follows the clock: none in a skipped hour, two in a repeated one") {
  CHECK(times("30 * * * *", berlin, "2026-03-29T01:00", "2026-03-29T05:00") ==
        "03-29T01:30:00+01:00 03-29T03:30:00+02:00 03-29T04:30:00+02:00");
  CHECK(times("30 * * * *", new_york, "2026-03-08T01:00", "2026-03-08T04:00") ==
        "03-08T01:30:00-05:00 03-08T03:30:00-04:00");
  CHECK(times("30 * * * *", berlin, "2026-10-25T01:00", "2026-10-25T04:00") ==
        "10-25T01:30:00+02:00 10-25T02:30:00+02:00 10-25T02:30:00+01:00 10-25T03:30:00+01:00");
  CHECK(times("30 * * * *", new_york, "2026-11-01T00:00", "2026-11-01T03:00") ==
        "11-01T00:30:00-04:00 11-01T01:30:00-04:00 11-01T01:30:00-05:00 11-01T02:30:00-05:00");
}

TEST_CASE("every quarter of some hours follows the clock, too") {
  CHECK(times("*/15 1-3 * * *", berlin, "2026-03-29", "2026-03-30") ==
        "03-29T01:00:00+01:00 03-29T01:15:00+01:00 03-29T01:30:00+01:00 03-29T01:45:00+01:00 "
        "03-29T03:00:00+02:00 03-29T03:15:00+02:00 03-29T03:30:00+02:00 03-29T03:45:00+02:00");
  CHECK(times("*/15 1-3 * * *", new_york, "2026-03-08", "2026-03-09") ==
        "03-08T01:00:00-05:00 03-08T01:15:00-05:00 03-08T01:30:00-05:00 03-08T01:45:00-05:00 "
        "03-08T03:00:00-04:00 03-08T03:15:00-04:00 03-08T03:30:00-04:00 03-08T03:45:00-04:00");
  const auto count = [](const std::string& all) { return std::count(all.begin(), all.end(), 'T'); };
  CHECK(count(times("*/15 1-3 * * *", berlin, "2026-10-25", "2026-10-26")) == 16);
  CHECK(count(times("*/15 1-3 * * *", new_york, "2026-11-01", "2026-11-02")) == 16);
  CHECK(times("*/15 1-3 * * *", new_york, "2026-11-01T01:40", "2026-11-01T02:10") ==
        "11-01T01:45:00-04:00 11-01T01:00:00-05:00 11-01T01:15:00-05:00 11-01T01:30:00-05:00 "
        "11-01T01:45:00-05:00 11-01T02:00:00-05:00");
}

TEST_CASE("zones with halves of hours, and days that a zone left out, are no trouble") {
  CHECK(times("0 2 * * *", "Australia/Lord_Howe", "2026-10-04", "2026-10-05") ==
        "10-04T02:30:00+11:00");  // its clock skips half an hour
  CHECK(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-04", "2026-10-05") ==
        "10-04T02:30:00+11:00");
  // Samoa had no 30 December 2011.
  CHECK(times("0 12 * * *", "Pacific/Apia", "2011-12-29T13:00", "2012-01-01") ==
        "12-31T00:00:00+14:00 12-31T12:00:00+14:00");
}

TEST_CASE("names, lists, ranges, steps, last days and days of a week of the month are understood") {
  CHECK(times("0 0 l * *", "UTC", "2026-02-01", "2026-05-01") ==
        "02-28T00:00:00Z 03-31T00:00:00Z 04-30T00:00:00Z");
  CHECK(times("0 9 * jan-feb fri#1,MON#L", "UTC", "2026-01-01", "2026-12-31") ==
        "01-02T09:00:00Z 01-26T09:00:00Z 02-06T09:00:00Z 02-23T09:00:00Z");
  CHECK(times("5/20 8-10/2 1,15 6 *", "UTC", "2026-01-01", "2026-06-14") ==
        "06-01T08:05:00Z 06-01T08:25:00Z 06-01T08:45:00Z 06-01T10:05:00Z 06-01T10:25:00Z "
        "06-01T10:45:00Z");
  CHECK(times("0 0 * * sat-sun", "UTC", "2026-11-23", "2026-12-01") ==
        times("0 0 * * 6,7", "UTC", "2026-11-23", "2026-12-01"));
  CHECK(times("0 0 13 * 5", "UTC", "2026-11-01", "2026-11-21") ==  // either, as cron has it
        "11-06T00:00:00Z 11-13T00:00:00Z 11-20T00:00:00Z");
  CHECK(times("0 0 29 2 *", "UTC", "2026-01-01", "2033-01-01") ==
        "02-29T00:00:00Z 02-29T00:00:00Z");
  CHECK(times("@monthly", "UTC", "2026-01-15", "2026-02-15") == "02-01T00:00:00Z");
}

TEST_CASE("an interval is counted from one moment, whenever it is looked at") {
  const calendar when(90 * 60'000, utc_period);
  CHECK(when.text(*when.next(*when.moment_of("2026-11-25T10:00"))) == "2026-11-25T10:30:00Z");
  CHECK(when.next(*when.moment_of("2026-11-25T10:29:59")) ==
        when.next(*when.moment_of("2026-11-25T09:00")));
}

TEST_CASE("planned times end with the year 9999") {
  const auto last = *made("@daily").moment_of("9999-12-31");
  CHECK(made("@daily").next(last - 1) == last);
  CHECK_FALSE(calendar(1'000, utc_period).next(std::numeric_limits<std::int64_t>::max()));
  CHECK_FALSE(calendar(1'000, utc_period).next(std::numeric_limits<std::int64_t>::min()));
  CHECK(times("0 0 29 2 */7", "UTC", "2000-01-01", "2060-01-01") ==
        "02-29T00:00:00Z 02-29T00:00:00Z");  // a Sunday in 2004 and 2032
}

TEST_CASE("moments are read with an offset, or by the clock of the zone") {
  const auto when = made("@daily", berlin);
  const auto text = [&](const std::string& from) { return when.text(*when.moment_of(from)); };
  CHECK(text("2026-03-29") == "2026-03-29T00:00:00+01:00");
  CHECK(text("2026-03-29T02:30") == "2026-03-29T03:00:00+02:00");
  CHECK(text("2026-10-25 02:30") == "2026-10-25T02:30:00+02:00");
  CHECK(text("2026-10-25T02:30:00+01:00") == "2026-10-25T02:30:00+01:00");
  CHECK(text("2026-10-25T02:30:00Z") == "2026-10-25T03:30:00+01:00");
  for (const auto* wrong : {"", "tomorrow", "2026-13-01", "2026-02-30", "2026-03-29T25:00",
                            "2026-03-29T02", "2026-03-29T02:30+", "2026-03-29T02:30:00+02:00x"})
    CHECK_FALSE(when.moment_of(wrong));
}

TEST_CASE("mistakes in cron expressions and zones name the field and what was expected") {
  CHECK(error_of("60 * * * *") == "cron '60 * * * *': the minute '60' is none: expected 0 to 59");
  CHECK(error_of("* * * *").find("expected five fields") != std::string::npos);
  CHECK(error_of("* * * foo *").find("expected 1 to 12 or jan to dec") != std::string::npos);
  CHECK(error_of("* 5-3 * * *").find("goes backwards") != std::string::npos);
  CHECK(error_of("*/0 * * * *").find("no step") != std::string::npos);
  CHECK(error_of("0 0 * * mon#6").find("1 to 5, or L") != std::string::npos);
  CHECK(error_of("@reboot").find("'@reboot' is not known") != std::string::npos);
  CHECK(error_of("0 0 30 2 *").find("a day that never comes") != std::string::npos);
  CHECK(
      error_of("@daily", "Europe/Berlni") ==
      "timezone: there is no time zone 'Europe/Berlni' (they have names such as Europe/Berlin, or "
      "UTC); did you mean 'Europe/Berlin'?");
}
