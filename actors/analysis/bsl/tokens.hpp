// Lexemes with their places, and the log of all of them in one module. The parser leaves the log
// behind for whoever looks at the text again (rules, copies of code): one reading serves all.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/analysis/bsl/keywords.hpp"
#include "actors/analysis/bsl/module_syntax.hpp"

namespace artel::analysis::bsl {

struct token {
  lexeme what = lexeme::end_of_text;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t line = 1;
  std::uint32_t line_end = 1;  ///< differs for strings over several lines
  std::uint32_t hash = 0;      ///< of a word's folded text: the same for the same name in any case
  span text() const { return {offset, length}; }
  std::uint32_t end() const { return offset + length; }
};

/// One `//` comment, from its slashes to the end of its line.
struct source_comment {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t line = 0;
  bool own_line = false;  ///< nothing but blanks stands before it
};

inline constexpr std::size_t tokens_logged_max = 4U << 20U;  // per module: 80 MiB

/// What one reading of a module saw, in the order of the text. Of `#If … #Else` branches that do
/// not fit together only the first is kept; deleted blocks of extensions are not in it.
struct token_log {
  std::vector<token> tokens;  ///< without the end of the text
  std::vector<source_comment> comments;
  bool cut = false;  ///< the module has more lexemes than are kept

  void clear() {
    tokens.clear(), comments.clear();
    cut = false;
  }
  void add(const token& next) {
    if (tokens.size() < tokens_logged_max)
      tokens.push_back(next);
    else
      cut = true;
  }
  void add(const source_comment& next) {
    if (comments.size() < tokens_logged_max) comments.push_back(next);
  }
};

}  // namespace artel::analysis::bsl
