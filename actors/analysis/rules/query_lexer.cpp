#include "actors/analysis/rules/query_lexer.hpp"

#include <array>

#include "actors/analysis/rules/words.hpp"
#include "actors/analysis/text/unicode.hpp"

namespace artel::analysis {
namespace {

struct known {
  std::string_view name;
  query_word what = query_word::none;
};

constexpr known all[] = {
    {"ВЫБРАТЬ", query_word::select},
    {"SELECT", query_word::select},
    {"РАЗРЕШЕННЫЕ", query_word::allowed},
    {"ALLOWED", query_word::allowed},
    {"РАЗЛИЧНЫЕ", query_word::distinct},
    {"DISTINCT", query_word::distinct},
    {"ПЕРВЫЕ", query_word::top},
    {"TOP", query_word::top},
    {"КАК", query_word::as},
    {"AS", query_word::as},
    {"ИЗ", query_word::from},
    {"FROM", query_word::from},
    {"ГДЕ", query_word::where},
    {"WHERE", query_word::where},
    {"СГРУППИРОВАТЬ", query_word::group},
    {"GROUP", query_word::group},
    {"УПОРЯДОЧИТЬ", query_word::order},
    {"ORDER", query_word::order},
    {"АВТОУПОРЯДОЧИВАНИЕ", query_word::auto_order},
    {"AUTOORDER", query_word::auto_order},
    {"ИТОГИ", query_word::totals},
    {"TOTALS", query_word::totals},
    {"ИМЕЮЩИЕ", query_word::having},
    {"HAVING", query_word::having},
    {"ОБЪЕДИНИТЬ", query_word::union_},
    {"UNION", query_word::union_},
    {"ВСЕ", query_word::all},
    {"ALL", query_word::all},
    {"СОЕДИНЕНИЕ", query_word::join},
    {"JOIN", query_word::join},
    {"ЛЕВОЕ", query_word::left},
    {"LEFT", query_word::left},
    {"ПРАВОЕ", query_word::right},
    {"RIGHT", query_word::right},
    {"ВНУТРЕННЕЕ", query_word::inner},
    {"INNER", query_word::inner},
    {"ПОЛНОЕ", query_word::full},
    {"FULL", query_word::full},
    {"ВНЕШНЕЕ", query_word::outer},
    {"OUTER", query_word::outer},
    {"ПО", query_word::on},
    {"ON", query_word::on},
    {"BY", query_word::on},
    {"И", query_word::and_},
    {"AND", query_word::and_},
    {"ИЛИ", query_word::or_},
    {"OR", query_word::or_},
    {"НЕ", query_word::not_},
    {"NOT", query_word::not_},
    {"ПОДОБНО", query_word::like},
    {"LIKE", query_word::like},
    {"СПЕЦСИМВОЛ", query_word::escape},
    {"ESCAPE", query_word::escape},
    {"ПОМЕСТИТЬ", query_word::into},
    {"INTO", query_word::into},
    {"ИНДЕКСИРОВАТЬ", query_word::index},
    {"INDEX", query_word::index},
    {"УНИЧТОЖИТЬ", query_word::drop},
    {"DROP", query_word::drop},
    {"ВЫБОР", query_word::case_},
    {"CASE", query_word::case_},
    {"КОГДА", query_word::when},
    {"WHEN", query_word::when},
    {"ТОГДА", query_word::then},
    {"THEN", query_word::then},
    {"ИНАЧЕ", query_word::else_},
    {"ELSE", query_word::else_},
    {"КОНЕЦ", query_word::end},
    {"END", query_word::end},
    {"В", query_word::in},
    {"IN", query_word::in},
    {"МЕЖДУ", query_word::between},
    {"BETWEEN", query_word::between},
    {"ЕСТЬ", query_word::is},
    {"IS", query_word::is},
    {"ССЫЛКА", query_word::refs},
    {"REFS", query_word::refs},
    {"ДЛЯ", query_word::for_},
    {"FOR", query_word::for_},
};

constexpr std::size_t slots = 256;

struct slot {
  std::uint32_t hash = 0;
  const known* entry = nullptr;
};

query_word find_query_word(std::string_view name) {
  static const auto table = [] {
    std::array<slot, slots> made{};
    for (const auto& each : all) {
      auto at = name_hash(each.name) % slots;
      while (made[at].entry != nullptr) at = (at + 1) % slots;
      made[at] = {name_hash(each.name), &each};
    }
    return made;
  }();
  const auto hash = name_hash(name);
  for (auto at = hash % slots; table[at].entry != nullptr; at = (at + 1) % slots)
    if (table[at].hash == hash && same_name(table[at].entry->name, name))
      return table[at].entry->what;
  return query_word::none;
}

class reader {
public:
  reader(std::string_view text, std::uint32_t from, std::uint32_t end, std::uint32_t line,
         std::vector<query_token>& to)
      : text_(text), at_(from), end_(end), line_(line), to_(to) {}

  void read() {
    while (at_ < end_)
      if (!trivia()) lexeme();
  }

private:
  char here(std::uint32_t ahead = 0) const {
    return at_ + ahead < end_ ? text_[at_ + ahead] : '\0';
  }

  bool trivia() {
    if (here() == '\r' || here() == '\n') {
      at_ += here() == '\r' && here(1) == '\n' ? 2 : 1;
      ++line_;
      new_line();
      return true;
    }
    if (here() == '/' && here(1) == '/') return skip_line(), true;
    const auto point = decode(text_, at_);
    if (!is_blank(point.value)) return false;
    at_ += static_cast<std::uint32_t>(point.size);
    return true;
  }

  void skip_line() {
    while (at_ < end_ && here() != '\r' && here() != '\n') ++at_;
  }

  // A line of the literal begins with `|`; comments of the module may stand between its lines.
  void new_line() {
    while (at_ < end_ && here() != '\r' && here() != '\n') {
      const auto point = decode(text_, at_);
      if (!is_blank(point.value)) break;
      at_ += static_cast<std::uint32_t>(point.size);
    }
    if (here() == '|')
      ++at_;
    else if (here() == '#')
      skip_line();
  }

  void put(query_token::sort what, std::uint32_t from, char sign = '\0') {
    query_token made{what, query_word::none, sign, from, at_ - from, line_};
    if (what == query_token::sort::word)
      made.word = find_query_word(text_.substr(from, at_ - from));
    to_.push_back(made);
  }

  static bool digit(char value) { return value >= '0' && value <= '9'; }

  void name() {
    while (at_ < end_) {
      const auto point = decode(text_, at_);
      if (!is_letter(point.value) && !digit(here())) return;
      at_ += static_cast<std::uint32_t>(point.size);
    }
  }

  void lexeme() {
    const auto from = at_;
    if (digit(here())) {
      while (digit(here()) || here() == '.') ++at_;
      return put(query_token::sort::number, from);
    }
    if (here() == '&') {
      ++at_;
      name();
      return put(query_token::sort::parameter, from);
    }
    if (here() == '"' && here(1) == '"') {
      at_ += 2;
      const auto close = text_.substr(0, end_).find("\"\"", at_);
      const auto stop =
          close == std::string_view::npos ? end_ : std::min<std::size_t>(close + 2, end_);
      for (; at_ < stop; ++at_) line_ += text_[at_] == '\n';
      return put(query_token::sort::text, from);
    }
    if (is_letter(decode(text_, at_).value)) {
      name();
      return put(query_token::sort::word, from);
    }
    const char sign = here();
    at_ += static_cast<std::uint32_t>(decode(text_, at_).size);
    put(query_token::sort::sign, from, sign);
  }

  std::string_view text_;
  std::uint32_t at_;
  std::uint32_t end_;
  std::uint32_t line_;
  std::vector<query_token>& to_;
};

}  // namespace

void read_query(std::string_view text, std::uint32_t offset, std::uint32_t length,
                std::uint32_t line, std::vector<query_token>& to) {
  to.clear();
  if (length < 2) return;
  const bool closed = text[offset + length - 1] == '"';
  reader(text, offset + 1, offset + length - (closed ? 1 : 0), line, to).read();
}

}  // namespace artel::analysis
