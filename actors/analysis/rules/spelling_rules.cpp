// Rules about single lexemes and characters: keywords as the documentation spells them, characters
// that only look like code.
#include <algorithm>
#include <array>
#include <cstring>

#include "actors/analysis/rules/rule_context.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {

using bsl::lexeme;

namespace {

using spellings = std::array<std::string_view, 4>;

constexpr std::size_t keywords = static_cast<std::size_t>(lexeme::await) + 1;

std::array<spellings, keywords> build() {
  std::array<spellings, keywords> all{};
  const auto set = [&](lexeme what, spellings how) { all[static_cast<std::size_t>(what)] = how; };
  set(lexeme::procedure, {"Процедура", "Procedure"});
  set(lexeme::function, {"Функция", "Function"});
  set(lexeme::end_procedure, {"КонецПроцедуры", "EndProcedure"});
  set(lexeme::end_function, {"КонецФункции", "EndFunction"});
  set(lexeme::export_, {"Экспорт", "Export"});
  set(lexeme::val, {"Знач", "Val"});
  set(lexeme::var, {"Перем", "Var"});
  set(lexeme::if_, {"Если", "If"});
  set(lexeme::then, {"Тогда", "Then"});
  set(lexeme::elsif, {"ИначеЕсли", "ElsIf", "ElseIf"});
  set(lexeme::else_, {"Иначе", "Else"});
  set(lexeme::end_if, {"КонецЕсли", "EndIf"});
  set(lexeme::for_, {"Для", "For"});
  set(lexeme::each, {"Каждого", "Each", "каждого", "each"});
  set(lexeme::in, {"Из", "In", "из", "in"});
  set(lexeme::to, {"По", "To", "по", "to"});
  set(lexeme::while_, {"Пока", "While"});
  set(lexeme::do_, {"Цикл", "Do"});
  set(lexeme::end_do, {"КонецЦикла", "EndDo"});
  set(lexeme::try_, {"Попытка", "Try"});
  set(lexeme::except, {"Исключение", "Except"});
  set(lexeme::end_try, {"КонецПопытки", "EndTry"});
  set(lexeme::raise, {"ВызватьИсключение", "Raise"});
  set(lexeme::return_, {"Возврат", "Return"});
  set(lexeme::continue_, {"Продолжить", "Continue"});
  set(lexeme::break_, {"Прервать", "Break"});
  set(lexeme::goto_, {"Перейти", "Goto", "GoTo"});
  set(lexeme::new_, {"Новый", "New"});
  set(lexeme::execute, {"Выполнить", "Execute"});
  set(lexeme::add_handler, {"ДобавитьОбработчик", "AddHandler"});
  set(lexeme::remove_handler, {"УдалитьОбработчик", "RemoveHandler"});
  set(lexeme::and_, {"И", "And", "AND"});
  set(lexeme::or_, {"ИЛИ", "Или", "Or", "OR"});
  set(lexeme::not_, {"НЕ", "Не", "Not", "NOT"});
  set(lexeme::true_, {"Истина", "True"});
  set(lexeme::false_, {"Ложь", "False"});
  set(lexeme::undefined, {"Неопределено", "Undefined"});
  set(lexeme::null, {"Null", "NULL"});
  set(lexeme::async, {"Асинх", "Async"});
  set(lexeme::await, {"Ждать", "Await"});
  return all;
}

void keyword_spelling(const rule_context& in) {
  static const auto canonical = build();
  for (std::uint32_t i = 0; i < in.code.size(); ++i) {
    const auto what = in.code.what(i);
    if (what < lexeme::procedure || what > lexeme::await || in.code.after_dot(i)) continue;
    const auto text = in.code.word_text(i);
    const auto& known = canonical[static_cast<std::size_t>(what)];
    if (known[0] == text || known[1] == text || known[2] == text || known[3] == text) continue;
    // Execute and the jump are also names of methods and labels.
    if (i > 0 && in.code.what(i - 1) == lexeme::tilde) continue;
    in.add(rule_id::keyword_spelling, i, i, text);
  }
}

/// What the character at a place is called when code must not have it; empty otherwise.
std::string_view forbidden(std::string_view text, std::size_t at) {
  struct sign {
    std::string_view bytes, name;
  };
  constexpr std::array<sign, 10> signs = {{{"\xC2\xA0", "U+00A0"},
                                           {"\xC2\xAD", "U+00AD"},
                                           {"\xE2\x80\x8B", "U+200B"},
                                           {"\xE2\x80\x90", "U+2010"},
                                           {"\xE2\x80\x91", "U+2011"},
                                           {"\xE2\x80\x92", "U+2012"},
                                           {"\xE2\x80\x93", "U+2013"},
                                           {"\xE2\x80\x94", "U+2014"},
                                           {"\xE2\x80\x95", "U+2015"},
                                           {"\xE2\x88\x92", "U+2212"}}};
  for (const auto& each : signs)
    if (text.substr(at, each.bytes.size()) == each.bytes) return each.name;
  return {};
}

// In comments and in texts for people these characters are at home.
class character_rules {
public:
  explicit character_rules(const rule_context& in) : in_(in), text_(in.module.text) {}

  void look() {
    look_for('\xC2');
    look_for('\xE2');
  }

private:
  void look_for(char lead) {
    token_ = comment_ = 0;
    std::uint32_t last_line = 0;
    for (auto at = text_.find(lead); at != std::string_view::npos; at = text_.find(lead, at + 1)) {
      const auto name = forbidden(text_, at);
      if (name.empty() || in_comment(at)) continue;
      const auto line = line_of_code(at);
      if (line == 0 || line == last_line) continue;
      last_line = line;
      in_.add(rule_id::invalid_character,
              {static_cast<std::uint32_t>(at), lead == '\xC2' ? 2U : 3U}, line, line, name);
    }
  }

  bool in_comment(std::size_t at) {
    const auto& all = in_.module.log.comments;
    while (comment_ < all.size() && all[comment_].offset + all[comment_].length <= at) ++comment_;
    return comment_ < all.size() && all[comment_].offset <= at;
  }

  /// The line of a place between lexemes, or in a word; 0 in a literal and before the first.
  std::uint32_t line_of_code(std::size_t at) {
    const auto& all = in_.module.log.tokens;
    while (token_ < all.size() && all[token_].end() <= at) ++token_;
    if (token_ < all.size() && all[token_].offset <= at)
      return all[token_].what == lexeme::string || all[token_].what == lexeme::date
                 ? 0
                 : all[token_].line;
    if (token_ == 0) return 0;
    // A gap: only what follows a lexeme in its own line is surely code, not a region's title.
    const auto& before = all[token_ - 1];
    const auto gap = text_.substr(before.end(), at - before.end());
    if (gap.find('#') != std::string_view::npos) return 0;
    return before.line_end + static_cast<std::uint32_t>(std::count(gap.begin(), gap.end(), '\n'));
  }

  const rule_context& in_;
  std::string_view text_;
  std::size_t token_ = 0;
  std::size_t comment_ = 0;
};

}  // namespace

void spelling_rules(const rule_context& in) {
  keyword_spelling(in);
  character_rules(in).look();
}

}  // namespace artel::analysis
