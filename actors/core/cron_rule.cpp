#include "actors/core/cron_rule.hpp"

#include <date/date.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <vector>

namespace artel::core {
namespace {

constexpr std::int64_t minutes_per_day = 1'440;
constexpr std::int64_t days_ahead_max = 41 * 366;  // 29 February on a given weekday, over 2100

struct field {
  const char* name;
  std::uint32_t low, high;
  std::vector<std::string_view> words;  ///< stand for low, low + 1 …
};

const field fields[] = {
    {"minute", 0, 59, {}},
    {"hour", 0, 23, {}},
    {"day of month", 1, 31, {}},
    {"month",
     1,
     12,
     {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
    {"day of week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
};

std::string lower(std::string_view text) {
  std::string made(text);
  for (auto& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return made;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = std::min(text.find(at, from), text.size());
    parts.emplace_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<std::uint32_t> value_of(const field& of, const std::string& text) {
  const auto word = std::find(of.words.begin(), of.words.end(), text);
  if (word != of.words.end()) return of.low + static_cast<std::uint32_t>(word - of.words.begin());
  const auto value = number(text);
  return value && *value >= of.low && *value <= of.high ? value : std::nullopt;
}

trouble wrong(const field& of, const std::string& part, const std::string& why) {
  return bad_input("the " + std::string(of.name) + " '" + part + "' " + why);
}

std::string bounds(const field& of) {
  return "expected " + std::to_string(of.low) + " to " + std::to_string(of.high) +
         (of.words.empty()
              ? ""
              : " or " + std::string(of.words.front()) + " to " + std::string(of.words.back()));
}

/// One part of a list: `*`, 5, 1-5, each with or without /step.
outcome<done> read_part(const field& of, const std::string& part,
                        const std::function<void(std::uint32_t)>& set) {
  const auto slash = part.find('/');
  const auto range = part.substr(0, slash);
  std::uint32_t step = 1;
  if (slash != std::string::npos) {
    const auto given = number(std::string_view(part).substr(slash + 1));
    if (!given || *given == 0) return wrong(of, part, "has no step of 1 or more behind its '/'");
    step = *given;
  }
  auto low = of.low, high = of.high == 7 ? 6 : of.high;  // 7 is Sunday, too
  if (range != "*") {
    const auto dash = range.find('-');
    const auto from = value_of(of, range.substr(0, dash));
    auto to = dash == std::string::npos ? from : value_of(of, range.substr(dash + 1));
    if (of.high == 7 && from && to && *from > 0 && *to == 0) to = 7;  // sat-sun
    if (!from || !to) return wrong(of, part, "is none: " + bounds(of));
    if (*from > *to)
      return wrong(of, part, "goes backwards; write two ranges with a comma between them");
    low = *from;
    if (dash != std::string::npos || slash == std::string::npos) high = *to;
  }
  for (auto i = low; i <= high; i += step) set(i);
  return done{};
}

template <std::size_t Size>
outcome<done> read_field(const field& of, const std::string& text, std::bitset<Size>& to) {
  for (const auto& part : split(text, ','))
    if (auto good = read_part(of, part, [&](std::uint32_t i) { to.set(i); }); !good) return good;
  return done{};
}

outcome<std::string> spelled_out(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> macros[] = {
      {"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
      {"@weekly", "0 0 * * 0"},   {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
      {"@annually", "0 0 1 1 *"},
  };
  for (const auto& [name, meaning] : macros)
    if (text == name) return std::string(meaning);
  if (text.starts_with('@'))
    return bad_input("'" + std::string(text) +
                     "' is not known: expected @hourly, @daily, @weekly, @monthly, @yearly or five "
                     "fields");
  return std::string(text);
}

}  // namespace

outcome<cron_rule> cron_rule::parse(std::string_view text) {
  const auto whole = spelled_out(lower(text));
  if (!whole) return whole.error();
  std::vector<std::string> given;
  for (auto& part : split(*whole, ' '))
    if (!part.empty()) given.push_back(std::move(part));
  if (given.size() != 5)
    return bad_input(
        "expected five fields (minute, hour, day of month, month, day of week), found " +
        std::to_string(given.size()));
  cron_rule made;
  auto good = read_field(fields[0], given[0], made.minutes_);
  if (good) good = read_field(fields[1], given[1], made.hours_);
  if (good) good = read_field(fields[3], given[3], made.months_);
  for (const auto& part : split(given[2], ','))
    if (part == "l")
      made.last_day_ = true;
    else if (good)
      good = read_part(fields[2], part, [&](std::uint32_t i) { made.days_.set(i); });
  for (const auto& part : split(given[4], ',')) {
    const auto hash = part.find('#');
    const auto day = value_of(fields[4], part.substr(0, hash));
    if (hash == std::string::npos) {
      if (good)
        good = read_part(fields[4], part, [&](std::uint32_t i) { made.weekdays_.set(i % 7); });
      continue;
    }
    const auto which = part.substr(hash + 1);
    const auto nth = which == "l" ? std::optional(6U) : number(which);
    if (good && (!day || !nth || *nth < 1 || *nth > 6 || which == "6"))
      good = wrong(fields[4], part, "is none: expected a day, '#' and 1 to 5, or L for the last");
    if (good) made.nth_[*day % 7].set(*nth - 1);
  }
  if (!good) return good.error();
  made.any_day_ = given[2].starts_with('*');
  made.any_weekday_ = given[4].starts_with('*');
  made.follows_clock_ = given[0].starts_with('*') || given[1].starts_with('*');
  return made;
}

bool cron_rule::names_day(std::int64_t day) const {
  const date::sys_days at{date::days{day}};
  const date::year_month_day civil{at};
  const auto month = static_cast<unsigned>(civil.month());
  if (!months_[month]) return false;
  const auto of_month = static_cast<unsigned>(civil.day());
  const auto last = static_cast<unsigned>((civil.year() / civil.month() / date::last).day());
  const auto weekday = date::weekday{at}.c_encoding();
  const bool fits_day = days_[of_month] || (last_day_ && of_month == last);
  const bool fits_weekday = weekdays_[weekday] || nth_[weekday][(of_month - 1) / 7] ||
                            (nth_[weekday][5] && of_month + 7 > last);
  // As cron has it: when both are given, either will do.
  return any_day_ || any_weekday_ ? fits_day && fits_weekday : fits_day || fits_weekday;
}

/// The first day from `day` on that lies in one of its months.
std::int64_t cron_rule::skip_months(std::int64_t day) const {
  const date::year_month_day civil{date::sys_days{date::days{day}}};
  if (months_[static_cast<unsigned>(civil.month())]) return day;
  auto month = civil.year() / civil.month();
  for (int i = 0; i < 12 && !months_[static_cast<unsigned>(month.month())]; ++i)
    month += date::months(1);
  return date::sys_days(month / 1).time_since_epoch().count();
}

std::optional<std::int64_t> cron_rule::next(std::int64_t local_s) const {
  const auto floor_div = [](std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  const auto from = floor_div(local_s, 60) + 1;
  const auto first_day = floor_div(from, minutes_per_day);
  for (auto day = first_day; day < first_day + days_ahead_max; ++day) {
    if (const auto later = skip_months(day); later != day) {
      day = later - 1;
      continue;
    }
    if (!names_day(day)) continue;
    const auto begin = day == first_day ? from - day * minutes_per_day : 0;
    for (auto hour = begin / 60; hour < 24; ++hour) {
      if (!hours_[static_cast<std::size_t>(hour)]) continue;
      for (auto minute = hour == begin / 60 ? begin % 60 : 0; minute < 60; ++minute)
        if (minutes_[static_cast<std::size_t>(minute)])
          return (day * minutes_per_day + hour * 60 + minute) * 60;
    }
  }
  return std::nullopt;
}

}  // namespace artel::core
