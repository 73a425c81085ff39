#include "nodes/artel/text.hpp"

#include <chrono>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace artel::cli {

std::string print(const json& what) {
  return what.dump(2, ' ', false, json::error_handler_t::replace);
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width(row[i]));
    }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string clock_time(std::int64_t ms) {
  if (ms == 0) return {};
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

std::string span(std::int64_t ms) {
  char text[48];
  if (ms < 1'000)
    std::snprintf(text, sizeof text, "%lld ms", static_cast<long long>(ms));
  else if (ms < 60'000)
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(ms) / 1000);
  else
    std::snprintf(text, sizeof text, "%lld min %02lld s", static_cast<long long>(ms / 60'000),
                  static_cast<long long>(ms / 1'000 % 60));
  return text;
}

namespace {
std::string painted(std::string_view word, const char* colour, bool paint) {
  return paint ? std::string(colour) + std::string(word) + "\x1b[0m" : std::string(word);
}
}  // namespace

std::string shown(step_state state, bool colour) {
  const char* paint = "\x1b[2m";
  if (state == step_state::succeeded)
    paint = "\x1b[32m";
  else if (state == step_state::failed || state == step_state::poisoned)
    paint = "\x1b[31m";
  else if (state == step_state::running || state == step_state::publishing)
    paint = "\x1b[36m";
  else if (state == step_state::backing_off || state == step_state::cancelled)
    paint = "\x1b[33m";
  return painted(to_text(state), paint, colour);
}

std::string shown(run_state state, bool colour) {
  const char* paint = "\x1b[36m";
  if (state == run_state::succeeded)
    paint = "\x1b[32m";
  else if (state == run_state::failed)
    paint = "\x1b[31m";
  else if (state == run_state::cancelled)
    paint = "\x1b[33m";
  return painted(to_text(state), paint, colour);
}

}  // namespace artel::cli
