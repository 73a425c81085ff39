// A line of a node's log as it travels: an event of the table in actors/logging/events.hpp with its
// fields as texts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "messages/fields.hpp"

namespace artel {

enum class log_level : std::uint8_t { debug, info, warn, error, critical, off };
constexpr std::string_view log_level_names[] = {"debug", "info",     "warn",
                                                "error", "critical", "off"};
constexpr log_level enum_max(log_level) { return log_level::off; }
constexpr std::string_view to_text(log_level how) {
  return log_level_names[static_cast<std::size_t>(how)];
}

struct log_line {
  std::int64_t at_ms = 0;  ///< since 1970, by the clock of the node that wrote it
  log_level level = log_level::info;
  std::string node;  ///< that wrote it
  std::string event;
  std::string room;
  std::map<std::string, std::string> values;  ///< of its fields
  ARTEL_FIELDS(log_line, at_ms, level, node, event, room, values);
};

/// What stands under `name` in a line: a field, or what every line has.
inline std::string field_of(const log_line& line, std::string_view name) {
  if (const auto found = line.values.find(std::string(name)); found != line.values.end())
    return found->second;
  if (name == "event") return line.event;
  if (name == "level") return std::string(to_text(line.level));
  if (name == "room") return line.room;
  return name == "node" || name == "writer" ? line.node : std::string();
}

constexpr std::size_t lines_per_frame_max = 500;

/// Worker → log keeper: lines of this node's log, the first of which is its `first`th. Sent again
/// until answered by lines_taken; one such frame at a time is under way, so a supervisor node that
/// is slow holds them up at the worker node, which keeps a bounded number of them.
struct log_lines {
  std::uint64_t first = 0;  ///< counted from 1 in the life of the process
  std::vector<log_line> lines;
  ARTEL_FIELDS(log_lines, first, lines);
};
/// Log keeper → worker: lines before `next` need not be sent any more.
struct lines_taken {
  std::uint64_t next = 0;
  ARTEL_FIELDS(lines_taken, next);
};

}  // namespace artel
