#include "actors/analysis/bsl/keywords.hpp"

#include <array>

#include "messages/outcome.hpp"

namespace artel::analysis::bsl {
namespace {

struct word {
  std::string_view text;
  lexeme what = lexeme::name;
};

constexpr word words[] = {
    {"процедура", lexeme::procedure},
    {"procedure", lexeme::procedure},
    {"функция", lexeme::function},
    {"function", lexeme::function},
    {"конецпроцедуры", lexeme::end_procedure},
    {"endprocedure", lexeme::end_procedure},
    {"конецфункции", lexeme::end_function},
    {"endfunction", lexeme::end_function},
    {"экспорт", lexeme::export_},
    {"export", lexeme::export_},
    {"знач", lexeme::val},
    {"val", lexeme::val},
    {"перем", lexeme::var},
    {"var", lexeme::var},
    {"если", lexeme::if_},
    {"if", lexeme::if_},
    {"тогда", lexeme::then},
    {"then", lexeme::then},
    {"иначеесли", lexeme::elsif},
    {"elsif", lexeme::elsif},
    {"иначе", lexeme::else_},
    {"else", lexeme::else_},
    {"конецесли", lexeme::end_if},
    {"endif", lexeme::end_if},
    {"для", lexeme::for_},
    {"for", lexeme::for_},
    {"каждого", lexeme::each},
    {"each", lexeme::each},
    {"из", lexeme::in},
    {"in", lexeme::in},
    {"по", lexeme::to},
    {"to", lexeme::to},
    {"пока", lexeme::while_},
    {"while", lexeme::while_},
    {"цикл", lexeme::do_},
    {"do", lexeme::do_},
    {"конеццикла", lexeme::end_do},
    {"enddo", lexeme::end_do},
    {"попытка", lexeme::try_},
    {"try", lexeme::try_},
    {"исключение", lexeme::except},
    {"except", lexeme::except},
    {"конецпопытки", lexeme::end_try},
    {"endtry", lexeme::end_try},
    {"вызватьисключение", lexeme::raise},
    {"raise", lexeme::raise},
    {"возврат", lexeme::return_},
    {"return", lexeme::return_},
    {"продолжить", lexeme::continue_},
    {"continue", lexeme::continue_},
    {"прервать", lexeme::break_},
    {"break", lexeme::break_},
    {"перейти", lexeme::goto_},
    {"goto", lexeme::goto_},
    {"новый", lexeme::new_},
    {"new", lexeme::new_},
    {"выполнить", lexeme::execute},
    {"execute", lexeme::execute},
    {"добавитьобработчик", lexeme::add_handler},
    {"addhandler", lexeme::add_handler},
    {"удалитьобработчик", lexeme::remove_handler},
    {"removehandler", lexeme::remove_handler},
    {"и", lexeme::and_},
    {"and", lexeme::and_},
    {"или", lexeme::or_},
    {"or", lexeme::or_},
    {"не", lexeme::not_},
    {"not", lexeme::not_},
    {"истина", lexeme::true_},
    {"true", lexeme::true_},
    {"ложь", lexeme::false_},
    {"false", lexeme::false_},
    {"неопределено", lexeme::undefined},
    {"undefined", lexeme::undefined},
    {"null", lexeme::null},
    {"асинх", lexeme::async},
    {"async", lexeme::async},
    {"ждать", lexeme::await},
    {"await", lexeme::await},
};

constexpr std::size_t slots = 512;

std::uint64_t hash_of(std::string_view text) {
  auto hash = hash_seed;
  for (const char each : text) hash = hash_step(hash, static_cast<unsigned char>(each));
  return hash;
}

std::array<word, slots> build() {
  std::array<word, slots> table{};
  for (const auto& each : words) {
    ARTEL_ASSERT(each.text.size() <= keyword_bytes_max, "the lexer folds no longer words");
    auto slot = hash_of(each.text) % slots;
    while (!table[slot].text.empty()) slot = (slot + 1) % slots;
    table[slot] = each;
  }
  return table;
}

}  // namespace

lexeme find_keyword(std::string_view folded, std::uint64_t hash) {
  static const auto table = build();
  for (auto slot = hash % slots; !table[slot].text.empty(); slot = (slot + 1) % slots)
    if (table[slot].text == folded) return table[slot].what;
  return lexeme::name;
}

}  // namespace artel::analysis::bsl
