// Texts that people give and that are shown to others: nothing in them may act on a terminal or
// break a line.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace artel {

/// Control characters become blanks.
inline std::string one_line(std::string text) {
  for (auto& each : text)
    if (static_cast<unsigned char>(each) < 0x20 || each == 0x7f) each = ' ';
  return text;
}

/// 1 to 64 of a-z A-Z 0-9 _ - . @ : and what is no ASCII; not "all", which commands take for all of
/// them.
inline bool is_node_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name != "all" &&
         std::all_of(name.begin(), name.end(), [](char each) {
           const auto c = static_cast<unsigned char>(each);
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c >= 0x80 || std::string_view("_-.@:").find(each) != std::string_view::npos;
         });
}
inline constexpr const char* node_name_form =
    "expected 1 to 64 of a-z A-Z 0-9 _ - . @ : and not the word all";

/// As pipelines and steps are named: 1 to 64 of a-z A-Z 0-9 _ - . beginning with a letter.
inline bool is_plain_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= 64 && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
         });
}

}  // namespace artel
