// Text of a module to lexemes, one at a time. Comments, preprocessor lines and deleted blocks are
// trivia here: the lexer counts them, keeps the regions, and remembers the comment block right
// above a lexeme, which is all the parser wants of them. Never reads past the text, whatever the
// bytes are; never allocates per lexeme.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "actors/analysis/bsl/tokens.hpp"

namespace artel::analysis::bsl {

/// A run of `//` lines with nothing between them.
struct comment_block {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t line_end = 0;  ///< 0 when there is none
};

class lexer {
public:
  /// Facts may be shared by several passes over the same text; see `mark`.
  /// `log`, when given, gets every lexeme and comment.
  lexer(std::string_view text, module_syntax& facts, token_log* log = nullptr)
      : text_(text), facts_(&facts), log_(log) {}

  token next() {
    const auto made = read();
    if (log_ != nullptr && made.what != lexeme::end_of_text) log_->add(made);
    return made;
  }
  /// The comment block that ended last before the lexeme `next` returned.
  const comment_block& comment_before() const { return comment_; }
  /// 1-based index of the region the walk stands in; 0 for none.
  std::uint32_t region() const { return region_; }
  std::string_view text() const { return text_; }
  /// Set by a string that ran into the end of its line; cleared by the parser.
  bool take_unclosed() { return std::exchange(unclosed_, false); }

  /// A place to come back to, for a second reading of a method.
  struct mark {
    std::uint32_t at, line, last_code_line, last_comment_line, region;
    std::size_t regions, tokens, comments;
    text_counts counts;
    comment_block comment;
  };
  mark here() const;
  void rewind(const mark& to);
  /// Second reading: of `#If … #Else … #EndIf` only the first branch is seen.
  void first_branches_only(bool value) { first_branches_only_ = value; }

private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  token read();
  bool skip_trivia();
  void skip_blanks();
  bool skip_line_end();
  void skip_to_line_end();
  void comment();
  void preprocessor();
  void skip_deleted();
  void skip_branches();
  std::string preprocessor_word();
  void open_region();
  void close_region();
  void count_code_line();
  token make(lexeme what, std::size_t from);
  token word();
  token number();
  token string();
  token date();
  token sign();
  bool string_goes_on();

  std::string_view text_;
  module_syntax* facts_;
  token_log* log_;
  std::uint32_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t last_code_line_ = 0;
  std::uint32_t last_comment_line_ = 0;
  std::uint32_t region_ = 0;
  comment_block comment_;
  bool unclosed_ = false;
  bool first_branches_only_ = false;
};

}  // namespace artel::analysis::bsl
