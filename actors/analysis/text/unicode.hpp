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

/// The code point at `at` (which must be inside the text).
code_point decode(std::string_view text, std::size_t at);

/// Blanks of all kinds except line ends: tab, form feed, NBSP, U+200B, U+FEFF and the like.
bool is_blank(char32_t value);
/// May begin a name: any letter or underscore.
bool is_letter(char32_t value);

/// Case folded for comparison. Bytes that are not UTF-8 stay as they are.
std::string fold(std::string_view text);
bool same_name(std::string_view left, std::string_view right);

/// Text between blanks at both ends, line ends included.
std::string_view trimmed(std::string_view text);

/// Number of code points.
std::size_t code_points(std::string_view text);

}  // namespace artel::analysis
