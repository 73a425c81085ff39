// One module's lexemes made ready for rules, in one walk: names hashed, parentheses paired, and for
// one method at a time its statements with their blocks and its variables with all their places.
// Everything is kept in vectors that are used again for the next module; the work is linear in the
// number of lexemes however deeply they nest.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/analysis/bsl/tokens.hpp"
#include "actors/analysis/model.hpp"
#include "actors/analysis/rules/words.hpp"

namespace artel::analysis {

inline constexpr std::uint32_t none = ~0U;

enum class statement_kind : std::uint8_t {
  call,  ///< a call, or anything else that begins with an expression
  assignment,
  if_,
  elsif,
  else_,
  end_if,
  for_each,
  for_to,
  while_,
  end_do,
  try_,
  except,
  end_try,
  return_,
  raise,
  break_,
  continue_,
  goto_,
  label,
  execute,
  handler,
  variables,
  empty
};

struct statement {
  statement_kind kind = statement_kind::call;
  bool semicolon = false;
  std::uint32_t first = 0;     ///< its first lexeme
  std::uint32_t last = 0;      ///< one behind its last, the semicolon not counted
  std::uint32_t assign = 0;    ///< the equal sign of an assignment
  std::uint32_t next = none;   ///< of openers and branches: the next branch or the end
  std::uint32_t close = none;  ///< of openers: the end
  std::uint32_t open = none;   ///< the opener of the block around it
  std::uint32_t loops = 0;     ///< loops around it
  std::uint32_t depth = 0;     ///< blocks around it
};

/// A variable, parameter or property that a method names without a dot before it.
struct symbol {
  std::uint32_t first = 0;  ///< lexemes
  std::uint32_t last = 0;
  std::uint32_t count = 0;
  std::uint32_t writes = 0;  ///< plain assignments to it
  bool declared = false;     ///< by Var inside the method
  bool loop = false;         ///< a loop's variable
  bool query = false;        ///< a query is assigned to it
};

class outline {
public:
  /// The lexemes of a module; they must outlive the outline.
  void read(std::string_view text, const std::vector<bsl::token>& tokens);
  /// Statements and symbols of the lexemes [from, to).
  void read_method(std::uint32_t from, std::uint32_t to);

  bsl::lexeme what(std::uint32_t at) const {
    return at < count_ ? kinds_[at] : bsl::lexeme::end_of_text;
  }
  const bsl::token& token(std::uint32_t at) const { return (*tokens_)[at]; }
  std::string_view word_text(std::uint32_t at) const { return (*tokens_)[at].text().in(text_); }
  std::string_view text() const { return text_; }
  std::uint32_t size() const { return count_; }
  std::uint32_t hash(std::uint32_t at) const { return hashes_[at]; }
  word known(std::uint32_t at) const { return at < count_ ? words_[at] : word::none; }
  /// The other one of a pair of parentheses or brackets; itself when there is none.
  std::uint32_t match(std::uint32_t at) const { return match_[at]; }
  /// The lexeme is a member's name, whatever keyword it looks like.
  bool after_dot(std::uint32_t at) const { return at > 0 && what(at - 1) == bsl::lexeme::dot; }
  bool is_name(std::uint32_t at) const {
    const auto which = what(at);
    return which == bsl::lexeme::name ||
           (which >= bsl::lexeme::procedure && which <= bsl::lexeme::await && after_dot(at));
  }
  bool is_call(std::uint32_t at) const { return what(at + 1) == bsl::lexeme::left_paren; }
  bool same(std::uint32_t a, std::uint32_t b) const;
  /// The lexemes [a, a + length) and [b, b + length) say the same.
  bool same_run(std::uint32_t a, std::uint32_t b, std::uint32_t length) const;
  std::uint64_t run_hash(std::uint32_t from, std::uint32_t to) const;
  /// A preprocessor's line other than a region's stands between two lexemes.
  bool preprocessor_between(std::uint32_t before, std::uint32_t after) const;
  bool comment_between(std::uint32_t before, std::uint32_t after) const;
  /// Arguments between the parentheses that open at `paren`; left out ones count.
  std::uint32_t arguments(std::uint32_t paren) const;
  /// First lexeme of an argument (from 0) and one behind its last; empty when there is none.
  std::pair<std::uint32_t, std::uint32_t> argument(std::uint32_t paren, std::uint32_t which) const;

  // Of the method read last.
  const std::vector<statement>& statements() const { return statements_; }
  const std::vector<symbol>& symbols() const { return symbols_; }
  std::vector<symbol>& symbols() { return symbols_; }
  /// The method's names were made to collide; its symbols are unknown.
  bool names_given_up() const { return given_up_; }
  /// Blocks open and close as they should.
  bool balanced() const { return balanced_; }
  std::uint32_t from() const { return from_; }
  std::uint32_t to() const { return to_; }
  /// Number of the symbol at a lexeme, or `none`.
  std::uint32_t symbol_at(std::uint32_t at) const { return symbol_of_[at]; }
  /// The symbol's next place in the method, or `none`.
  std::uint32_t next_place(std::uint32_t at) const { return next_[at]; }
  /// The symbol of a name, or `none`.
  std::uint32_t find_symbol(std::string_view name, std::uint32_t hash) const;

private:
  std::uint32_t header_end(std::uint32_t at, bsl::lexeme stop, std::uint32_t to) const;
  std::uint32_t simple_end(statement& made, std::uint32_t to) const;
  std::uint32_t read_statement(statement& made, std::uint32_t to) const;
  void link_blocks();
  void read_symbols();
  void add_place(std::uint32_t at);
  void mark_symbols();
  std::uint32_t slot_of(std::string_view name, std::uint32_t hash, std::size_t& steps) const;
  void grow_slots();

  std::string_view text_;
  const std::vector<bsl::token>* tokens_ = nullptr;
  std::uint32_t count_ = 0;
  std::vector<bsl::lexeme> kinds_;  ///< one byte each: most walks look at nothing else
  std::vector<std::uint32_t> hashes_;
  std::vector<word> words_;
  std::vector<std::uint32_t> match_;
  std::vector<std::uint32_t> open_;  ///< while reading: parentheses not closed yet
  std::uint32_t from_ = 0;
  std::uint32_t to_ = 0;
  bool balanced_ = true;
  std::vector<statement> statements_;
  std::vector<std::uint32_t> blocks_;
  std::vector<std::uint32_t> branch_;
  std::vector<symbol> symbols_;
  std::vector<std::uint32_t> symbol_of_;
  std::vector<std::uint32_t> next_;
  struct name_slot {
    std::uint32_t generation = 0;
    std::uint32_t symbol = 0;
  };
  std::vector<name_slot> slots_ = std::vector<name_slot>(256);
  std::uint32_t generation_ = 0;
  std::size_t steps_ = 0;
  bool given_up_ = false;
};

}  // namespace artel::analysis
