// Modules, variables, methods, annotations: everything outside of statements.
#include <algorithm>

#include "actors/analysis/bsl/parser_state.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis::bsl {

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

bool is_protected_image(std::string_view bytes) { return bytes.starts_with("\xFF\xFF\xFF\x7F"); }

module_syntax parse_module(std::string_view text, token_log* log) {
  if (log != nullptr) log->clear();
  return parser(text, log).run();
}

void parser::advance() {
  previous_ = token_;
  token_ = lexer_.next();
  comment_ = lexer_.comment_before();
  if (lexer_.take_unclosed())
    error(token_, token_.what == lexeme::date
                      ? "the date literal is not closed by '"
                      : "the string is not closed by \" and the next line does not begin with |");
}

bool parser::accept(lexeme what) {
  if (!at(what)) return false;
  advance();
  return true;
}

void parser::expect(lexeme what, const char* description) {
  if (!accept(what)) unexpected(description);
}

void parser::unexpected(const char* expected) {
  error(token_, std::string("expected ") + expected + ", found " + shown(token_));
}

std::string parser::shown(const token& which) const {
  if (which.what == lexeme::end_of_text) return "the end of the module";
  const auto text = which.text().in(text_);
  const auto cut =
      text.substr(0, std::min({text.find_first_of("\r\n"), text.size(), std::size_t{60}}));
  return "'" + std::string(cut) + (cut.size() < text.size() ? "…'" : "'");
}

void parser::error(const token& where, std::string message) {
  if (panic_) return;
  panic_ = true;
  if (facts_.errors.size() >= syntax_errors_max) {
    ++facts_.errors_left_out;
    return;
  }
  std::size_t line_start = where.offset;
  while (line_start > 0 && where.offset - line_start < column_bytes_max &&
         text_[line_start - 1] != '\n' && text_[line_start - 1] != '\r')
    --line_start;
  const auto column = code_points(text_.substr(line_start, where.offset - line_start)) + 1;
  facts_.errors.push_back({where.line, static_cast<std::uint32_t>(column), std::move(message)});
}

module_syntax parser::run() {
  facts_.body.kind = method_kind::module_body;
  current_ = &facts_.body;
  advance();
  while (!at(lexeme::end_of_text)) {
    panic_ = false;
    if (at(lexeme::ampersand)) {
      declaration_annotations();
    } else if (at(lexeme::procedure) || at(lexeme::function)) {
      declared_method(false);
    } else if (at(lexeme::var)) {
      module_variables();
    } else if (at(lexeme::async)) {
      const auto word = token_;
      const auto comment = comment_;
      advance();
      if (at(lexeme::procedure) || at(lexeme::function)) {
        if (annotations_.empty()) annotations_start_ = word, annotations_comment_ = comment;
        declared_method(true);
      } else {
        chain(true, word);
        if (panic_)
          skip_to_statement();
        else
          simple_statement(true);
        if (panic_) skip_to_statement();
      }
    } else {
      annotations_.clear();
      statements(false);
    }
  }
  facts_.body.line_end = token_.line;
  close_body();
  return std::move(facts_);
}

void parser::begin_ranges() {
  const auto from = [](const auto& all) {
    return range{static_cast<std::uint32_t>(all.size()), 0};
  };
  work_.parameters = from(facts_.parameters);
  work_.annotations = from(facts_.annotations);
  work_.calls = from(facts_.calls);
  work_.queries = from(facts_.queries);
  work_.references = from(facts_.references);
}

void parser::end_ranges() {
  const auto close = [](range& of, const auto& all) {
    of.count = static_cast<std::uint32_t>(all.size()) - of.first;
  };
  close(work_.parameters, facts_.parameters);
  close(work_.annotations, facts_.annotations);
  close(work_.calls, facts_.calls);
  close(work_.queries, facts_.queries);
  close(work_.references, facts_.references);
}

// What the module's own statements call and name lies behind that of all methods.
void parser::close_body() {
  const auto append = [](range& of, auto& to, const auto& more) {
    of = {static_cast<std::uint32_t>(to.size()), static_cast<std::uint32_t>(more.size())};
    to.insert(to.end(), more.begin(), more.end());
  };
  append(facts_.body.calls, facts_.calls, body_code_.calls);
  append(facts_.body.queries, facts_.queries, body_code_.queries);
  append(facts_.body.references, facts_.references, body_code_.references);
}

void parser::module_variables() {
  span directive;
  if (!annotations_.empty()) directive = annotations_.front().name;
  annotations_.clear();
  advance();
  do {
    if (!is_name_here()) return unexpected("the name of a variable"), skip_to_statement();
    variable found{token_.text(), token_.line, directive};
    advance();
    found.exported = accept(lexeme::export_);
    facts_.variables.push_back(found);
  } while (accept(lexeme::comma));
  end_of_statement();
}

// &Name, &Name("Argument"), several in a row; they belong to the next declaration.
void parser::declaration_annotations() {
  if (annotations_.empty()) annotations_start_ = token_, annotations_comment_ = comment_;
  advance();
  if (!is_word_here()) return unexpected("the name of a directive after &");
  annotation found{token_.text(), {}};
  advance();
  if (at(lexeme::left_paren)) annotation_argument(found);
  annotations_.push_back(found);
}

void parser::annotation_argument(annotation& to) {
  advance();
  const auto from = token_.offset;
  for (std::size_t open = 1; !at(lexeme::end_of_text);) {
    if (at(lexeme::left_paren)) ++open;
    if (at(lexeme::right_paren) && --open == 0) break;
    if (at(lexeme::procedure) || at(lexeme::function)) break;
    advance();
  }
  to.argument = {from, token_.offset - from};
  expect(lexeme::right_paren, ") after the directive's argument");
}

// When the branches of #If … #Else inside a method do not fit together, the method is read again
// with the first branch only: conditional compilation works on text, and both halves of a statement
// may stand in different branches.
void parser::declared_method(bool async) {
  const auto start = annotations_start_;
  const auto comment = annotations_comment_;
  const auto place = lexer_.here();
  const auto token = token_;
  const auto errors = facts_.errors.size();
  const auto left_out = facts_.errors_left_out;
  const auto notes = annotations_;
  const auto own_comment = comment_;
  method_once(async, start);
  const auto& now = facts_.counts;
  const bool branches = now.preprocessor_else + now.preprocessor_elsif >
                        place.counts.preprocessor_else + place.counts.preprocessor_elsif;
  if (facts_.errors.size() != errors && branches) {
    const auto counts = facts_.counts;
    facts_.errors.erase(facts_.errors.begin() + static_cast<std::ptrdiff_t>(errors),
                        facts_.errors.end());
    facts_.errors_left_out = left_out;
    facts_.parameters.resize(work_.parameters.first);
    facts_.annotations.resize(work_.annotations.first);
    facts_.calls.resize(work_.calls.first);
    facts_.queries.resize(work_.queries.first);
    facts_.references.resize(work_.references.first);
    lexer_.rewind(place);
    lexer_.first_branches_only(true);
    token_ = token, comment_ = own_comment, annotations_ = notes;
    annotations_start_ = start, annotations_comment_ = comment;
    method_once(async, start);
    lexer_.first_branches_only(false);
    // the branches left out still count
    facts_.counts.preprocessor_else = counts.preprocessor_else;
    facts_.counts.preprocessor_elsif = counts.preprocessor_elsif;
  }
  facts_.methods.push_back(work_);
}

span parser::doc_before(const token& start) const {
  const auto fits = [](const comment_block& comment, std::uint32_t line) {
    return comment.line_end != 0 && comment.line_end + 1 == line;
  };
  if (start.line != token_.line || start.offset != token_.offset)
    if (fits(annotations_comment_, start.line))
      return {annotations_comment_.offset, annotations_comment_.length};
  if (fits(comment_, token_.line)) return {comment_.offset, comment_.length};
  return {};
}

void parser::method_once(bool async, const token& annotated) {
  work_ = {};
  begin_ranges();
  held_modules_.clear();
  panic_ = false;
  const bool prefixed = async || !annotations_.empty();
  const auto start = prefixed ? annotated : token_;
  work_.doc = doc_before(start);
  work_.kind = at(lexeme::function) ? method_kind::function : method_kind::procedure;
  work_.async = async;
  work_.line_start = token_.line;
  work_.region = lexer_.region();
  facts_.annotations.insert(facts_.annotations.end(), annotations_.begin(), annotations_.end());
  annotations_.clear();
  const auto keyword = token_;
  advance();
  if (is_name_here()) {
    work_.name = token_.text();
    advance();
  } else {
    unexpected("the name of a method");
  }
  current_ = &work_;
  in_body_ = false;
  parameters();
  work_.exported = accept(lexeme::export_);
  work_.signature = {keyword.offset, previous_.offset + previous_.length - keyword.offset};
  work_.signature_line_end = previous_.line_end;
  const auto body_from = previous_.offset + previous_.length;
  async_ = async;
  if (panic_) skip_to_statement();
  statements(true);
  const auto end =
      work_.kind == method_kind::function ? lexeme::end_function : lexeme::end_procedure;
  work_.body = {body_from, token_.offset - body_from};
  work_.line_end = token_.line;
  if (at(lexeme::end_function) || at(lexeme::end_procedure)) {
    if (!at(end))
      panic_ = false, unexpected(end == lexeme::end_function ? "EndFunction" : "EndProcedure");
    work_.whole = {start.offset, token_.offset + token_.length - start.offset};
    advance();
  } else {
    panic_ = false;
    unexpected(end == lexeme::end_function ? "EndFunction" : "EndProcedure");
    work_.whole = {start.offset, token_.offset - start.offset};
  }
  current_ = &facts_.body;
  in_body_ = true;
  async_ = false;
  end_ranges();
}

void parser::parameters() {
  if (panic_) return;
  expect(lexeme::left_paren, "( after the method's name");
  while (!panic_ && !at(lexeme::right_paren)) {
    parameter found;
    while (at(lexeme::ampersand)) {  // free annotations on parameters
      advance();
      advance();
      annotation ignored;
      if (at(lexeme::left_paren)) annotation_argument(ignored);
    }
    found.by_value = accept(lexeme::val);
    if (!is_name_here()) return unexpected("the name of a parameter");
    found.name = token_.text();
    advance();
    if (accept(lexeme::equal)) parameter_default(found);
    facts_.parameters.push_back(found);
    if (!accept(lexeme::comma)) break;
  }
  expect(lexeme::right_paren, ") after the parameters");
}

void parser::parameter_default(parameter& to) {
  const auto from = token_.offset;
  if (at(lexeme::minus) || at(lexeme::plus)) advance();
  const bool literal = at(lexeme::number) || at(lexeme::string) || at(lexeme::date) ||
                       at(lexeme::true_) || at(lexeme::false_) || at(lexeme::undefined) ||
                       at(lexeme::null);
  if (!literal) return unexpected("a literal as the parameter's default");
  while (at(lexeme::string)) strings();
  if (previous_.what != lexeme::string || previous_.offset < from) advance();
  to.default_value = {from, previous_.offset + previous_.length - from};
}

}  // namespace artel::analysis::bsl
