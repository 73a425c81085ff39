// The parser's insides, shared by its three parts: declarations, statements, expressions. Not for
// other rooms: use parser.hpp. After an error the parser is in panic: every expectation passes
// silently until the statement loop has found the next statement, so one mistake gives one message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/analysis/bsl/lexer.hpp"
#include "actors/analysis/bsl/parser.hpp"

namespace artel::analysis::bsl {

/// The sequence of logical operators of an expression, as far as cognitive complexity needs it.
/// Joining two sequences costs nothing, so deep parentheses stay linear.
class logic_run {
public:
  enum class sign : std::uint8_t { nothing, both, either, splitter };
  void add(sign what);
  void join(const logic_run& after);
  bool empty() const { return first_ == sign::nothing; }
  std::uint32_t operators() const { return operators_; }
  std::uint32_t changes() const { return changes_; }

private:
  std::uint32_t operators_ = 0;
  std::uint32_t changes_ = 0;  ///< operators whose predecessor is another one or none
  sign first_ = sign::nothing;
  sign last_ = sign::nothing;
};

class parser {
public:
  parser(std::string_view text, token_log* log) : text_(text), lexer_(text, facts_, log) {}
  module_syntax run();

private:
  // declarations.cpp
  void begin_ranges();
  void end_ranges();
  void close_body();
  void module_variables();
  void declaration_annotations();
  void annotation_argument(annotation& to);
  void declared_method(bool async);
  void method_once(bool async, const token& start);
  void parameters();
  void parameter_default(parameter& to);
  span doc_before(const token& start) const;

  // statements.cpp
  enum class block : std::uint8_t { if_, else_, loop, try_, except };
  struct open_block {
    block what;
    std::uint32_t line;
    std::uint32_t statements;  ///< of the method when the block was opened
  };
  void statements(bool in_method);
  bool statement(bool in_method);
  void if_statement();
  void other_branch(bool has_condition);
  void loop_statement();
  void try_statement();
  void except_branch();
  void close_block(lexeme end, const char* word);
  void raise_statement();
  void jump_statement();
  void handler_statement();
  void local_variables();
  void label();
  void simple_statement(bool head_taken = false);
  void end_of_statement();
  void skip_to_statement();
  void skip_condition(lexeme word);
  void open(block what, std::uint32_t line);
  void leave(const open_block& closed);

  // expressions.cpp
  logic_run expression(bool in_parentheses = false);
  logic_run operand();
  void ternary();
  void construction();
  void strings();
  void chain(bool head_taken, const token& head);
  void plain_links();
  void arguments();
  void rest_of_arguments();
  struct name_path;
  void record_call(const name_path& names);
  void record_reference(const name_path& names);
  void arguments_of_common_module();
  bool is_word_here() const;
  void string_references(const token& literal);
  bool is_name_here() const;

  // common
  void advance();
  bool at(lexeme what) const { return token_.what == what; }
  bool accept(lexeme what);
  void expect(lexeme what, const char* description);
  void error(const token& where, std::string message);
  void unexpected(const char* expected);
  std::string shown(const token& which) const;

  std::string_view text_;
  module_syntax facts_;
  lexer lexer_;
  token token_;            ///< the current lexeme
  token previous_;         ///< the one before
  comment_block comment_;  ///< right before the current lexeme
  bool panic_ = false;
  bool async_ = false;  ///< inside an asynchronous method
  unsigned depth_ = 0;  ///< of expressions
  std::uint32_t nesting_ = 0;
  std::uint8_t loops_ = 0;
  std::vector<open_block> blocks_;
  std::vector<annotation> annotations_;
  token annotations_start_;
  comment_block annotations_comment_;
  method* current_ = nullptr;  ///< whose measures are taken
  method work_;
  /// A variable that holds a common module: `Module = CommonModule("Name");`
  struct held_module {
    std::uint32_t variable = 0;  ///< hash of its name
    span module;                 ///< the module's name, in the text literal
  };
  std::vector<held_module> held_modules_;  ///< of the method that is read, a few
  span asked_module_;                      ///< of the last CommonModule("Name") …
  std::uint32_t asked_module_end_ = 0;     ///< … and where its parenthesis closes
  span held_module_of(const token& variable) const;
  void assigned(const token& variable);
  /// Where what the current method or the module's body calls and names goes.
  struct found_code {
    std::vector<call> calls;
    std::vector<query_text> queries;
    std::vector<reference> references;
  };
  found_code body_code_;  ///< of statements outside of methods, wherever they stand
  bool in_body_ = true;
  std::vector<call>& calls() { return in_body_ ? body_code_.calls : facts_.calls; }
  std::vector<query_text>& queries() { return in_body_ ? body_code_.queries : facts_.queries; }
  std::vector<reference>& references() {
    return in_body_ ? body_code_.references : facts_.references;
  }
};

}  // namespace artel::analysis::bsl
