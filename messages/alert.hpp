// Rules over log lines that say when people are to be told, and whom: config/monitor.yaml, typed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/log.hpp"

namespace artel {

/// Which lines are meant; all that is given must hold.
struct line_match {
  std::vector<std::string> events;                         ///< one of these; empty: any
  std::map<std::string, std::vector<std::string>> fields;  ///< each has one of these texts
  log_level level = log_level::debug;                      ///< this one and above
  std::string text;                                        ///< somewhere in a field
  std::string sum;  ///< a line counts as often as this field says; empty: once
  friend bool operator==(const line_match&, const line_match&) = default;
};

inline bool fits(const line_match& what, const log_line& line) {
  if (line.level < what.level) return false;
  if (!what.events.empty() &&
      std::find(what.events.begin(), what.events.end(), line.event) == what.events.end())
    return false;
  for (const auto& [name, words] : what.fields)
    if (std::find(words.begin(), words.end(), field_of(line, name)) == words.end()) return false;
  return what.text.empty() ||
         std::any_of(line.values.begin(), line.values.end(), [&](const auto& each) {
           return each.second.find(what.text) != std::string::npos;
         });
}

enum class rule_kind : std::uint8_t { count, rate, ratio, absence, duration };
constexpr std::string_view rule_kind_names[] = {"count", "rate", "ratio", "absence", "duration"};

struct alert_rule {
  std::string name;
  rule_kind kind = rule_kind::count;
  line_match match;                 ///< of a ratio: the part
  line_match whole;                 ///< of a ratio
  std::optional<line_match> until;  ///< a line that takes back what was seen before
  std::vector<std::string> by;      ///< fields; an alert for each of their values
  std::string severity = "warning";
  std::string summary;  ///< with {field} of the last line, {value}, {rule}
  /// More than (or less than, when not `above`) this: lines of a count, lines a second of a rate,
  /// part by whole of a ratio; of a duration how many times the usual one.
  double limit = 0;
  bool above = true;
  std::int64_t within_ms = 0;       ///< the window; of an absence the time without a line
  std::uint64_t at_least = 0;       ///< of a ratio: of the whole; of a duration: earlier ones
  std::string field;                ///< of a duration: the one with the milliseconds
  double quantile = 0.95;           ///< of a duration: of the earlier ones
  std::uint32_t of_last = 20;       ///< of a duration: how many earlier ones
  std::int64_t for_ms = 0;          ///< it must hold for so long before it fires
  std::int64_t keep_ms = 0;         ///< and not hold for so long before it is resolved
  std::vector<std::string> notify;  ///< receivers; empty: all
  friend bool operator==(const alert_rule&, const alert_rule&) = default;
};

/// Who is told: exactly one of webhook and command is given.
struct alert_receiver {
  std::string name;
  std::string webhook;  ///< http:// or https://
  std::map<std::string, std::string> headers;
  std::vector<std::string> command;              ///< argv; gets the same JSON on stdin
  std::int64_t repeat_ms = 4LL * 3'600 * 1'000;  ///< told again while it fires; 0: once
  bool resolved = true;                          ///< told of the end as well
  friend bool operator==(const alert_receiver&, const alert_receiver&) = default;
};

struct monitor_rules {
  std::vector<alert_rule> rules;
  std::vector<alert_receiver> receivers;
};

}  // namespace artel
