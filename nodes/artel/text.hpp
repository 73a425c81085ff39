// How the command line shows things: JSON from the field lists, tables, times, states with colour
// on a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "messages/admin.hpp"
#include "messages/fields.hpp"
#include "messages/operation.hpp"

namespace artel::cli {

using json = nlohmann::ordered_json;

inline json to_json(const std::string& value) { return value; }
inline json to_json(const run_id& value) { return to_text(value); }
inline json to_json(run_state value) { return to_text(value); }
inline json to_json(step_state value) { return to_text(value); }
inline json to_json(log_level value) { return to_text(value); }
inline json to_json(alert_state value) { return to_text(value); }
inline json to_json(trouble_code value) { return static_cast<unsigned>(value); }
inline json to_json(const bytes& value) { return value.data; }
template <class T>
requires std::is_arithmetic_v<T> json to_json(T value) { return value; }
template <class T>
json to_json(const std::vector<T>& all);
template <class T>
json to_json(const std::map<std::string, T>& all);
/// Every field of a message under its own name.
template <has_fields T>
json to_json(const T& value) {
  json object = json::object();
  for_each_field(value, [&](std::string_view name, const auto& member) {
    object[std::string(name)] = to_json(member);
  });
  return object;
}
template <class T>
json to_json(const std::vector<T>& all) {
  json array = json::array();
  for (const auto& each : all) array.push_back(to_json(each));
  return array;
}
template <class T>
json to_json(const std::map<std::string, T>& all) {
  json object = json::object();
  for (const auto& [key, each] : all) object[key] = to_json(each);
  return object;
}
/// Invalid UTF-8 (a log may hold anything) is replaced, never thrown at.
std::string print(const json& what);

/// Columns as wide as their widest cell; the last one is not padded. Widths count characters, not
/// bytes.
std::string table(const std::vector<std::vector<std::string>>& rows);
std::size_t width(std::string_view text);

std::int64_t now_ms();                    ///< wall clock, since 1970
std::string clock_time(std::int64_t ms);  ///< "2026-11-23 15:42:01" local time, "" for 0
std::string span(std::int64_t ms);        ///< "340 ms", "12.3 s", "4 min 05 s"
/// The state's word, coloured when `colour`.
std::string shown(step_state state, bool colour);
std::string shown(run_state state, bool colour);

}  // namespace artel::cli
