// Expressions: flat sequences of operands and operators (precedence changes neither calls nor
// complexity), and chains of names with calls and indexes. Depth is limited; beyond the limit the
// expression is a syntax error.
#include <algorithm>

#include "actors/analysis/bsl/metadata_words.hpp"
#include "actors/analysis/bsl/parser_state.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis::bsl {

void logic_run::add(sign what) {
  if (what != sign::splitter) {
    ++operators_;
    changes_ += what != last_;
  }
  if (empty()) first_ = what;
  last_ = what;
}

void logic_run::join(const logic_run& after) {
  if (after.empty()) return;
  operators_ += after.operators_;
  changes_ += after.changes_;
  if (last_ == after.first_ && last_ != sign::splitter && !empty()) --changes_;
  if (empty()) first_ = after.first_;
  last_ = after.last_;
}

/// The plain names at the head of a chain: `a.b.c` without calls or indexes in between.
struct parser::name_path {
  static constexpr std::size_t kept_max = 3;  // what metadata names need: Metadata.Catalogs.Goods
  token names[kept_max + 1];
  std::size_t count = 0;
  token last;
  std::uint32_t last_but_one_end = 0;
  void add(const token& name) {
    if (count > 0) last_but_one_end = last.offset + last.length;
    if (count < kept_max + 1) names[count] = name;
    last = name;
    ++count;
  }
};

bool parser::is_name_here() const {
  return at(lexeme::name) || at(lexeme::async) || at(lexeme::each) ||
         (at(lexeme::await) && !async_);
}

// Behind a dot, and after New, a keyword is a plain name.
bool parser::is_word_here() const {
  return at(lexeme::name) || (token_.what >= lexeme::procedure && token_.what <= lexeme::await);
}

logic_run parser::expression(bool in_parentheses) {
  logic_run run;
  if (panic_) return run;
  if (depth_ >= expression_nesting_max) {
    error(token_, "the expression is nested deeper than " + std::to_string(expression_nesting_max));
    return run;
  }
  ++depth_;
  for (bool more = true; more && !panic_;) {
    bool negated = false;
    while (at(lexeme::not_) || at(lexeme::minus) || at(lexeme::plus) ||
           (at(lexeme::await) && async_))
      negated |= at(lexeme::not_), advance();
    const auto nested = operand();
    const bool apart = negated && !nested.empty();
    if (apart) run.add(logic_run::sign::splitter);
    run.join(nested);
    if (apart) run.add(logic_run::sign::splitter);
    if (at(lexeme::and_)) run.add(logic_run::sign::both);
    if (at(lexeme::or_)) run.add(logic_run::sign::either);
    more = at(lexeme::and_) || at(lexeme::or_) ||
           (token_.what >= lexeme::plus && token_.what <= lexeme::not_equal);
    if (more) advance();
  }
  --depth_;
  // As the field's tools count: for cyclomatic complexity the operators in parentheses count in
  // their own expression and again in the one around it; for cognitive complexity the flattened
  // whole counts once.
  current_->metrics.cyclomatic += run.operators();
  if (!in_parentheses) current_->metrics.cognitive += run.changes();
  return run;
}

logic_run parser::operand() {
  logic_run nested;
  switch (token_.what) {
    case lexeme::number:
    case lexeme::date:
    case lexeme::true_:
    case lexeme::false_:
    case lexeme::undefined:
    case lexeme::null:
      advance();
      break;
    case lexeme::string:
      while (at(lexeme::string) && !panic_) strings();
      break;
    case lexeme::left_paren:
      advance();
      nested = expression(true);
      expect(lexeme::right_paren, ")");
      break;
    case lexeme::question:
      ternary();
      break;
    case lexeme::new_:
      construction();
      break;
    default:
      if (!is_name_here()) {
        unexpected("an expression");
        return nested;
      }
      chain(false, token_);
      return nested;
  }
  plain_links();
  return nested;
}

void parser::ternary() {
  auto& measure = current_->metrics;
  ++measure.cyclomatic;
  measure.cognitive += 1 + nesting_++;
  advance();
  expect(lexeme::left_paren, "( after ?");
  expression();
  expect(lexeme::comma, ", and the value when true");
  expression();
  expect(lexeme::comma, ", and the value when false");
  expression();
  expect(lexeme::right_paren, ") at the end of ?( )");
  --nesting_;
}

// New Type, New Type(arguments), New("Type", arguments)
void parser::construction() {
  advance();
  if (!at(lexeme::left_paren)) {
    if (!is_word_here()) return unexpected("the name of a type after New");
    advance();
    while (at(lexeme::dot)) advance(), advance();
  }
  if (at(lexeme::left_paren)) arguments();
}

void parser::strings() {
  const auto literal = token_;
  const auto text = literal.text().in(text_);
  bool query = false;
  for_each_piece(text,
                 [&](std::size_t, std::string_view piece) { query = query || holds_query(piece); });
  if (query) {
    ++facts_.counts.query_strings;
    queries().push_back({literal.text(), literal.line, loops_});
  }
  string_references(literal);
  advance();
}

void parser::string_references(const token& literal) {
  const auto text = literal.text().in(text_);
  const bool query = !queries().empty() && queries().back().literal.offset == literal.offset;
  std::uint32_t line = literal.line;
  std::size_t counted = 0;
  for_each_piece(text, [&](std::size_t from, std::string_view piece) {
    for (; counted < from; ++counted)
      line += text[counted] == '\n' || (text[counted] == '\r' && text[counted + 1] != '\n');
    const auto base = literal.offset + static_cast<std::uint32_t>(from);
    for_each_metadata_name(piece, [&](std::size_t collection, std::size_t collection_size,
                                      std::size_t name, std::size_t name_size) {
      references().push_back(
          {{base + static_cast<std::uint32_t>(collection),
            static_cast<std::uint32_t>(collection_size)},
           {base + static_cast<std::uint32_t>(name), static_cast<std::uint32_t>(name_size)},
           line,
           query ? reference_via::query : reference_via::text});
    });
  });
}

// A name and everything that hangs on it.
void parser::chain(bool head_taken, const token& head) {
  name_path names;
  names.add(head);
  if (!head_taken) advance();
  while (at(lexeme::dot) && !panic_) {
    advance();
    if (!is_word_here()) return unexpected("a name after .");
    names.add(token_);
    advance();
  }
  if (names.count > 1) record_reference(names);
  if (at(lexeme::left_paren)) record_call(names);
  plain_links();
}

/// Calls, indexes and names behind an operand; nothing more is recorded of them.
void parser::plain_links() {
  while (!panic_) {
    if (at(lexeme::left_paren)) {
      arguments();
    } else if (at(lexeme::left_bracket)) {
      advance();
      expression();
      expect(lexeme::right_bracket, "]");
    } else if (at(lexeme::dot)) {
      advance();
      if (!is_word_here()) return unexpected("a name after .");
      advance();
    } else {
      return;
    }
  }
}

void parser::arguments() {
  advance();
  rest_of_arguments();
}

void parser::rest_of_arguments() {
  while (!panic_ && !at(lexeme::right_paren)) {
    if (at(lexeme::comma)) {  // an argument left out
      advance();
      continue;
    }
    expression();
    if (!accept(lexeme::comma)) break;
  }
  expect(lexeme::right_paren, ") after the arguments");
}

// Stands on the left parenthesis.
void parser::record_call(const name_path& names) {
  call found;
  found.name = names.last.text();
  found.line = names.last.line;
  found.loops = loops_;
  if (names.count > 1)
    found.qualifier = {names.names[0].offset, names.last_but_one_end - names.names[0].offset};
  if (names.count == 2)
    if (const auto held = held_module_of(names.names[0]); !held.empty())
      found.qualifier = held, found.dynamic = true;
  const auto called = found.name.in(text_);
  if (names.count == 1 && current_->kind != method_kind::module_body &&
      same_name(called, current_->name.in(text_))) {
    ++current_->metrics.cyclomatic;  // recursion
    ++current_->metrics.cognitive;
  }
  calls().push_back(found);
  if (!same_name(called, "ОбщийМодуль") && !same_name(called, "CommonModule")) return;
  // CommonModule("Name") gives the module itself: a dependency, and the qualifier of a call right
  // behind it.
  arguments_of_common_module();
}

// Collections of the metadata tree: `Catalogs.Goods`, `Metadata.Catalogs.Goods`.
void parser::record_reference(const name_path& names) {
  const auto first = names.names[0].text().in(text_);
  std::size_t collection = 0;
  if (same_name(first, "Метаданные") || same_name(first, "Metadata")) collection = 1;
  if (names.count < collection + 2) return;
  const auto& word = names.names[collection];
  const auto& name = names.names[collection + 1];
  if (!is_collection_word(word.text().in(text_))) return;
  references().push_back({word.text(), name.text(), name.line, reference_via::code});
}

// Stands on the left parenthesis of CommonModule(…): notes the module's name when it is a literal,
// reads the arguments, and notes the call right behind them.
void parser::arguments_of_common_module() {
  advance();
  const auto literal = token_;
  const bool named = at(lexeme::string) && literal.length > 2;
  const span name{literal.offset + 1, named ? literal.length - 2 : 0};
  if (named) references().push_back({{}, name, literal.line, reference_via::dynamic});
  rest_of_arguments();
  if (panic_ || !named) return;
  asked_module_ = name, asked_module_end_ = previous_.offset;
  if (!at(lexeme::dot)) return;
  advance();
  if (!is_word_here()) return unexpected("a name after .");
  const auto method = token_;
  advance();
  if (at(lexeme::left_paren)) calls().push_back({name, method.text(), method.line, loops_, true});
}

}  // namespace artel::analysis::bsl
