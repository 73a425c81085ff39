#include "actors/logging/tap.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>

#include "actors/logging/events.hpp"

namespace artel::logging {
namespace {

std::atomic<bool> is_open{false};

struct {
  std::mutex mutex;
  std::string node;
  std::deque<log_line> lines;
  std::uint64_t missing = 0;  ///< dropped since the last line that found room
  std::uint64_t dropped = 0;
  std::function<void()> wake;
} kept;

std::string text_of(const value& one) {
  if (const auto* text = std::get_if<std::string_view>(&one.what())) return std::string(*text);
  if (const auto* flag = std::get_if<bool>(&one.what())) return *flag ? "true" : "false";
  return std::to_string(std::get<std::int64_t>(one.what()));
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

log_line line_of(const event& what, std::initializer_list<field> fields) {
  log_line line{now_ms(), what.how, kept.node, std::string(what.name), std::string(what.room), {}};
  for (const auto& each : fields) line.values[std::string(each.name)] = text_of(each.what);
  return line;
}

}  // namespace

void name_tap(const std::string& node) { kept.node = node; }
void open_tap() { is_open = true; }
bool tap_is_open() { return is_open.load(std::memory_order_relaxed); }

void tap(const event& what, std::initializer_list<field> fields) {
  auto line = line_of(what, fields);
  std::function<void()> wake;
  {
    const std::lock_guard<std::mutex> locked(kept.mutex);
    if (kept.lines.size() + 1 >= tapped_lines_max) {
      ++kept.missing, ++kept.dropped;
      return;
    }
    if (kept.lines.empty()) wake = kept.wake;
    if (kept.missing != 0)
      kept.lines.push_back(line_of(events::lines_dropped, {{"lines", kept.missing}}));
    kept.missing = 0;
    kept.lines.push_back(std::move(line));
  }
  if (wake) wake();
}

void watch_tap(std::function<void()> wake) {
  const std::lock_guard<std::mutex> locked(kept.mutex);
  kept.wake = std::move(wake);
}

std::vector<log_line> take_tapped(std::size_t count) {
  const std::lock_guard<std::mutex> locked(kept.mutex);
  const auto end =
      kept.lines.begin() + static_cast<std::ptrdiff_t>(std::min(count, kept.lines.size()));
  std::vector<log_line> taken(std::make_move_iterator(kept.lines.begin()),
                              std::make_move_iterator(end));
  kept.lines.erase(kept.lines.begin(), end);
  return taken;
}

std::uint64_t tapped_lines_dropped() {
  const std::lock_guard<std::mutex> locked(kept.mutex);
  return kept.dropped;
}

}  // namespace artel::logging
