// How the command line shows things: JSON from the field lists, tables, times, states with colour
// on a terminal.
#pragma once

#include <string>
#include <vector>

#include "messages/admin.hpp"
#include "messages/json.hpp"
#include "messages/operation.hpp"

namespace artel::cli {

using artel::json;
using artel::to_json;

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
