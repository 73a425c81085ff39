// Numbers and timestamps as data files write them.
#include <charconv>
#include <chrono>
#include <cmath>

#include "actors/training/data/schema.hpp"

namespace artel::training {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes `count` digits.
bool digits(std::string_view& text, std::size_t count, int& into) {
  if (text.size() < count) return false;
  into = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    into = into * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool one(std::string_view& text, std::string_view of) {
  if (text.empty() || of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// "10:20", "10:20:30", "10:20:30.5" → seconds of the day.
bool read_clock(std::string_view& text, double& into) {
  int hour = 0, minute = 0, second = 0;
  if (!digits(text, 2, hour) || !one(text, ":") || !digits(text, 2, minute)) return false;
  double fraction = 0;
  if (one(text, ":")) {
    if (!digits(text, 2, second)) return false;
    if (one(text, ".,"))
      for (double scale = 0.1; !text.empty() && text[0] >= '0' && text[0] <= '9'; scale /= 10) {
        fraction += (text[0] - '0') * scale;
        text.remove_prefix(1);
      }
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  into = hour * 3600 + minute * 60 + second + fraction;
  return true;
}

}  // namespace

bool read_number(std::string_view text, double& into) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  if (text.empty()) return false;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), into);
  return code == std::errc{} && end == text.data() + text.size() && std::isfinite(into);
}

bool read_timestamp(std::string_view text, double& into) {
  text = trimmed(text);
  int year = 0, month = 0, day = 0;
  if (!digits(text, 4, year) || !one(text, "-/") || !digits(text, 2, month) || !one(text, "-/") ||
      !digits(text, 2, day))
    return false;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  into = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * 86'400;
  if (text.empty()) return true;
  double clock = 0;
  if (!one(text, "T ") || !read_clock(text, clock)) return false;
  into += clock;
  if (text.empty() || text == "Z") return true;
  const double sign = text[0] == '+' ? -1 : 1;
  if (!one(text, "+-") || !read_clock(text, clock) || !text.empty()) return false;
  into += sign * clock;
  return true;
}

}  // namespace artel::training
