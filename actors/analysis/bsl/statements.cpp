// Statements. Blocks are kept in a list of our own instead of the call stack: a hundred thousand
// nested Ifs are as good as one.
#include <algorithm>

#include "actors/analysis/bsl/parser_state.hpp"

namespace artel::analysis::bsl {
namespace {

bool ends_block(lexeme what) {
  switch (what) {
    case lexeme::end_of_text:
    case lexeme::elsif:
    case lexeme::else_:
    case lexeme::end_if:
    case lexeme::end_do:
    case lexeme::except:
    case lexeme::end_try:
    case lexeme::end_procedure:
    case lexeme::end_function:
      return true;
    default:
      return false;
  }
}

bool begins_statement(lexeme what) {
  switch (what) {
    case lexeme::if_:
    case lexeme::for_:
    case lexeme::while_:
    case lexeme::try_:
    case lexeme::raise:
    case lexeme::return_:
    case lexeme::continue_:
    case lexeme::break_:
    case lexeme::goto_:
    case lexeme::var:
    case lexeme::procedure:
    case lexeme::function:
    case lexeme::tilde:
      return true;
    default:
      return ends_block(what);
  }
}

}  // namespace

void parser::statements(bool in_method) {
  blocks_.clear();
  nesting_ = 0;
  loops_ = 0;
  while (statement(in_method)) {
    if (panic_) skip_to_statement();
    panic_ = false;
  }
  panic_ = false;
  if (!blocks_.empty()) {
    const auto line = std::to_string(blocks_.back().line);
    error(token_, "the block opened in line " + line + " is not closed before " + shown(token_));
    panic_ = false;
  }
  blocks_.clear();
  nesting_ = 0;
  loops_ = 0;
}

// One statement or one part of a block statement; false at the end of the method or the module's
// statements.
bool parser::statement(bool in_method) {
  switch (token_.what) {
    case lexeme::end_of_text:
      return false;
    case lexeme::procedure:
    case lexeme::function:
      return false;
    case lexeme::end_procedure:
    case lexeme::end_function:
      if (in_method) return false;
      unexpected("a statement");
      advance();
      return true;
    case lexeme::ampersand:
      return false;  // a directive: the next declaration begins
    case lexeme::async:
      if (!in_method && blocks_.empty()) return false;
      return simple_statement(), true;
    case lexeme::semicolon:
      return advance(), true;
    case lexeme::if_:
      return if_statement(), true;
    case lexeme::elsif:
      return other_branch(true), true;
    case lexeme::else_:
      return other_branch(false), true;
    case lexeme::end_if:
      return close_block(lexeme::end_if, "If"), true;
    case lexeme::for_:
    case lexeme::while_:
      return loop_statement(), true;
    case lexeme::end_do:
      return close_block(lexeme::end_do, "Do"), true;
    case lexeme::try_:
      return try_statement(), true;
    case lexeme::except:
      return except_branch(), true;
    case lexeme::end_try:
      return close_block(lexeme::end_try, "Try"), true;
    case lexeme::raise:
      return raise_statement(), true;
    case lexeme::return_:
    case lexeme::continue_:
    case lexeme::break_:
    case lexeme::goto_:
      return jump_statement(), true;
    case lexeme::add_handler:
    case lexeme::remove_handler:
      return handler_statement(), true;
    case lexeme::var:
      if (!in_method) return false;
      return local_variables(), true;
    case lexeme::tilde:
      return label(), true;
    default:
      return simple_statement(), true;
  }
}

void parser::label() {
  advance();
  if (token_.length == 0) return unexpected("a label's name");
  advance();
  expect(lexeme::colon, ": after the label");
}

void parser::open(block what, std::uint32_t line) {
  blocks_.push_back({what, line, current_->metrics.statements});
  auto& deepest = current_->metrics.max_nesting;
  deepest = std::max(deepest, static_cast<std::uint32_t>(blocks_.size()));
  if (what == block::loop && loops_ < 255) ++loops_;
}

void parser::leave(const open_block& closed) {
  if (closed.what == block::loop && loops_ > 0) --loops_;
  if (closed.what == block::except && closed.statements == current_->metrics.statements)
    ++current_->metrics.empty_excepts;
  if (closed.what != block::try_ && nesting_ > 0) --nesting_;
}

void parser::skip_condition(lexeme word) {
  while (!at(word) && !at(lexeme::semicolon) && !begins_statement(token_.what)) advance();
  panic_ = false;
  accept(word);
}

void parser::if_statement() {
  auto& measure = current_->metrics;
  ++measure.statements;
  ++measure.cyclomatic;
  measure.cognitive += 1 + nesting_++;
  const auto line = token_.line;
  advance();
  open(block::if_, line);
  expression();
  expect(lexeme::then, "Then");
  if (panic_) skip_condition(lexeme::then);
}

void parser::other_branch(bool has_condition) {
  if (blocks_.empty() || blocks_.back().what != block::if_) {
    unexpected("a statement: no If is open here");
    advance();
    return;
  }
  auto& measure = current_->metrics;
  ++measure.cyclomatic;
  ++measure.cognitive;
  advance();
  if (!has_condition) {
    blocks_.back().what = block::else_;
    return;
  }
  expression();
  expect(lexeme::then, "Then");
  if (panic_) skip_condition(lexeme::then);
}

void parser::loop_statement() {
  auto& measure = current_->metrics;
  ++measure.statements;
  ++measure.cyclomatic;
  measure.cognitive += 1 + nesting_++;
  const auto line = token_.line;
  const bool over = at(lexeme::for_);
  advance();
  if (!over) {
    open(block::loop, line);  // the condition runs at every turn
    expression();
  } else if (accept(lexeme::each)) {
    if (is_name_here())
      advance();
    else
      unexpected("the loop's variable");
    expect(lexeme::in, "In");
    expression();
  } else {
    if (is_name_here())
      advance(), plain_links();
    else
      unexpected("the loop's variable");
    expect(lexeme::equal, "=");
    expression();
    expect(lexeme::to, "To");
    expression();
  }
  if (over) open(block::loop, line);
  expect(lexeme::do_, "Do");
  if (panic_) skip_condition(lexeme::do_);
}

void parser::try_statement() {
  ++current_->metrics.statements;
  ++current_->metrics.tries;
  open(block::try_, token_.line);
  advance();
}

void parser::except_branch() {
  if (blocks_.empty() || blocks_.back().what != block::try_) {
    unexpected("a statement: no Try is open here");
    advance();
    return;
  }
  auto& measure = current_->metrics;
  ++measure.cyclomatic;
  measure.cognitive += 1 + nesting_++;
  blocks_.back().what = block::except;
  blocks_.back().statements = measure.statements;
  advance();
}

// Closes the nearest block of this kind; blocks left open inside it are an error that is said once.
void parser::close_block(lexeme end, const char* word) {
  const auto closes = [end](const open_block& each) {
    if (end == lexeme::end_if) return each.what == block::if_ || each.what == block::else_;
    if (end == lexeme::end_do) return each.what == block::loop;
    return each.what == block::except || each.what == block::try_;
  };
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), closes);
  if (found == blocks_.rend()) {
    error(token_, shown(token_) + " closes nothing: no " + word + " is open here");
    advance();
    return;
  }
  if (found != blocks_.rbegin())
    error(token_, shown(token_) + " found while the block opened in line " +
                      std::to_string(blocks_.back().line) + " is not closed");
  if (found->what == block::try_) unexpected("Except");
  for (auto left = found - blocks_.rbegin(); left >= 0; --left) {
    leave(blocks_.back());
    blocks_.pop_back();
  }
  panic_ = false;
  advance();
  end_of_statement();
}

void parser::raise_statement() {
  ++current_->metrics.statements;
  advance();
  if (!at(lexeme::semicolon) && !ends_block(token_.what)) {
    if (at(lexeme::left_paren)) {
      arguments();  // Raise(text, category, …)
      // `Raise (a) + b;` is an expression that begins with a parenthesis
      if (!at(lexeme::semicolon) && !ends_block(token_.what)) {
        plain_links();
        if (!at(lexeme::semicolon) && !ends_block(token_.what)) advance(), expression();
      }
    } else {
      expression();
    }
  }
  end_of_statement();
}

void parser::jump_statement() {
  auto& measure = current_->metrics;
  ++measure.statements;
  const auto what = token_.what;
  advance();
  if (what == lexeme::return_) {
    if (!at(lexeme::semicolon) && !ends_block(token_.what)) expression();
  } else if (what == lexeme::goto_) {
    ++measure.cyclomatic;
    ++measure.cognitive;
    expect(lexeme::tilde, "~ and a label");
    if (!panic_) advance();
  }
  end_of_statement();
}

void parser::handler_statement() {
  ++current_->metrics.statements;
  advance();
  expression();
  expect(lexeme::comma, ", and the handler");
  if (!panic_) expression();
  end_of_statement();
}

void parser::local_variables() {
  ++current_->metrics.statements;
  advance();
  do {
    if (!is_name_here()) return unexpected("the name of a variable");
    advance();
    accept(lexeme::export_);
  } while (accept(lexeme::comma));
  end_of_statement();
}

// An assignment, a call, or Execute(text).
void parser::simple_statement(bool head_taken) {
  ++current_->metrics.statements;
  if (at(lexeme::execute) || (at(lexeme::await) && async_)) {
    advance();
    expression();
  } else {
    const auto head = head_taken ? previous_ : token_;
    if (!head_taken) operand();
    const bool variable = head.what == lexeme::name && previous_.offset == head.offset;
    if (accept(lexeme::equal)) {
      asked_module_ = {};
      expression();
      if (variable && !panic_) assigned(head);
    }
  }
  end_of_statement();
}

// Behind `variable = expression`: remembers a common module that it holds now, forgets one that it
// held before.
void parser::assigned(const token& variable) {
  std::erase_if(held_modules_,
                [&](const held_module& each) { return each.variable == variable.hash; });
  if (!asked_module_.empty() && previous_.offset == asked_module_end_)
    held_modules_.push_back({variable.hash, asked_module_});
}

span parser::held_module_of(const token& variable) const {
  for (const auto& each : held_modules_)
    if (each.variable == variable.hash) return each.module;
  return {};
}

void parser::end_of_statement() {
  if (panic_ || accept(lexeme::semicolon) || ends_block(token_.what)) return;
  unexpected("; after the statement");
}

void parser::skip_to_statement() {
  while (!at(lexeme::semicolon) && !begins_statement(token_.what)) advance();
  accept(lexeme::semicolon);
  panic_ = false;
}

}  // namespace artel::analysis::bsl
