// UTF-8 as the analysis needs it: decode one code point without ever reading past the end, tell
// letters from blanks, and fold case for names (BSL is case-insensitive in both alphabets, and ё is
// not е). Invalid bytes decode to U+FFFD, one byte at a time, so damaged text is still walked to
// its end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace artel::analysis {

struct code_point {
  char32_t value = 0;
  std::size_t size = 1;  ///< bytes in the text; 1 for an invalid byte
};

inline constexpr char32_t replacement = 0xFFFD;

namespace detail {
code_point decode_long(std::string_view text, std::size_t at);
}

/// The code point at `at` (which must be inside the text).
inline code_point decode(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  // Two bytes: Cyrillic, the most of what comes here.
  if (first >= 0xC2 && first <= 0xDF && at + 1 < text.size()) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if ((second & 0xC0U) == 0x80U) return {((first & 0x1FU) << 6U) | (second & 0x3FU), 2};
  }
  return detail::decode_long(text, at);
}

/// Blanks of all kinds except line ends: tab, form feed, NBSP, U+200B, U+FEFF and the like.
bool is_blank(char32_t value);
namespace detail {
bool is_rare_letter(char32_t value);
char32_t lower_rare(char32_t value);
}  // namespace detail

/// May begin a name: any letter or underscore.
inline bool is_letter(char32_t value) {
  if (value >= 0x410 && value <= 0x44F) return true;  // А-я
  if (value < 0x80) return ((value | 0x20U) >= U'a' && (value | 0x20U) <= U'z') || value == U'_';
  return detail::is_rare_letter(value);
}

/// A letter's small form, in the alphabets that names of configurations are written in.
inline char32_t lower(char32_t value) {
  if (value >= 0x410 && value <= 0x42F) return value + 32;  // А-Я
  if (value < 0x80) return value >= U'A' && value <= U'Z' ? value + 32 : value;
  return value >= 0x430 && value <= 0x44F ? value : detail::lower_rare(value);
}

/// Case folded for comparison. Bytes that are not UTF-8 stay as they are.
std::string fold(std::string_view text);
bool same_name(std::string_view left, std::string_view right);

/// Text between blanks at both ends, line ends included.
std::string_view trimmed(std::string_view text);

/// Place of the first byte that is not UTF-8; npos when all are.
std::size_t invalid_utf8_at(std::string_view text);
/// With U+FFFD in the place of every byte that is not UTF-8.
std::string valid_utf8(std::string_view text);

/// Place of the next CR or LF at or behind `from`, or the text's size.
inline std::size_t line_end_at(std::string_view text, std::size_t from) {
  while (from < text.size() && text[from] != '\n' && text[from] != '\r') ++from;
  return from;
}

/// Number of code points.
std::size_t code_points(std::string_view text);

}  // namespace artel::analysis
