// Log lines are events of the table in events.hpp with their fields, so that people can read them
// and programs can count on them (docs/LOGS.md). The only room that knows spdlog.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "messages/log.hpp"
#include "messages/outcome.hpp"

namespace artel::logging {

using level = log_level;

struct event {
  std::string_view name;
  level how;
  std::string_view room;    ///< that it is about; levels can be set by room
  std::string_view fields;  ///< names, a blank between
  std::string_view meaning;
};

/// Looks at texts, does not keep them: a line is written before note() returns.
class value {
public:
  value(const std::string& text) : what_(std::string_view(text)) {}  // NOLINT
  value(std::string_view text) : what_(text) {}                      // NOLINT
  value(const char* text) : what_(std::string_view(text)) {}         // NOLINT
  value(bool flag) : what_(flag) {}                                  // NOLINT
  template <std::integral T>
  value(T number) : what_(static_cast<std::int64_t>(number)) {}  // NOLINT

  using any = std::variant<std::string_view, std::int64_t, bool>;
  const any& what() const { return what_; }

private:
  any what_;
};

struct field {
  std::string_view name;
  value what;
};

/// Any thread. Costs two comparisons when the event's level is not wanted.
void note(const event& what, std::initializer_list<field> fields = {});
/// True when such an event would be written.
bool wanted(const event& what);

struct options {
  std::string levels = "info";   ///< "info", or "info,transport=debug"
  std::string format = "auto";   ///< auto, text, json, ecs, otel
  std::string file;              ///< empty: stderr
  std::uint64_t file_bytes = 0;  ///< begin a new file then; 0: never
  std::uint32_t files_kept = 5;  ///< older ones, NAME.1 the newest
};

/// Before any thread is started. Trouble when a level, room or format is unknown or the file can
/// not be written.
outcome<done> start(const std::string& node, const options& how);
/// What start() would refuse of levels and format.
outcome<done> check(const options& how);
/// At run time; any thread.
outcome<done> set_levels(const std::string& levels);

/// As they were given last.
std::string levels_now();
/// Closes the log file and opens the one of that name, which another program may have moved away.
outcome<done> open_anew();

// The tap: what is noted goes there as well, from `info` on whatever the levels say, for whoever
// passes it on. Bounded: what finds no room is counted, and the next line that does says so.
constexpr std::size_t tapped_lines_max = 20'000;
void open_tap();
/// Called when there is a line to take and there was none; from any thread, which it must not hold
/// up. One watcher; {} takes it away.
void watch_tap(std::function<void()> wake);
/// The oldest ones, at most so many, and takes them out; any thread.
std::vector<log_line> take_tapped(std::size_t count);
std::uint64_t tapped_lines_dropped();  ///< since the process began

/// The line without what stands before it: `run_ended run=01J… state=failed reason="it said no"`.
std::string text_line(const event& what, std::initializer_list<field> fields);

}  // namespace artel::logging
